/* SPDX-License-Identifier: MIT */
/*
 * checkpoint.c - all that training remembers, as arrays and counters with names
 *
 * The arrays are blocks in canonical order, W and b of each layer: the parameters that move, what to fall back to, the blocks of the
 * optimizer, and where they exist the gradient that later batches add to and the average.  The counters are the rest of what
 * the next update depends on.  Random numbers need no state of their own: they are functions of the seed and these counters.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "core.h"

/* ---- Arrays ------------------------------------------------------------------------------------- */

enum role { PARAMETERS = 1, KEPT, AVERAGE, GRADIENT, M, S };

struct block {
	enum role role;
	int of; /* which of the blocks of a role */
};

static int has_gradient(const hebb_trainer *t)
{
	return t->recipe.accumulate > 1 || t->recipe.rule == HEBB_LBFGS;
}

static int blocks(const hebb_trainer *t)
{
	struct hb_blocks state = hb_rule_blocks(t->recipe.rule);

	return 2 + (t->average != NULL) + has_gradient(t) + state.m + state.s;
}

/* Block i = 0 .. blocks() - 1. */
static struct block block_of(const hebb_trainer *t, int i)
{
	struct hb_blocks state = hb_rule_blocks(t->recipe.rule);
	const int count[] = {1, 1, t->average != NULL, has_gradient(t), state.m, state.s};
	struct block b = {PARAMETERS, i};

	for (int role = 0; b.of >= count[role]; role++) {
		b.of -= count[role];
		b.role++;
	}
	return b;
}

static float *memory_of(const hebb_trainer *t, struct block b)
{
	size_t at = (size_t)b.of * t->plan->block;

	switch (b.role) {
	case PARAMETERS: /* those that move, wherever they are */
		return t->run.shown ? t->average : t->net->w;
	case AVERAGE:
		return t->run.shown ? t->net->w : t->average;
	case KEPT:
		return t->kept;
	case GRADIENT:
		return t->g;
	case M:
		return t->state.m + at;
	case S:
		break;
	}
	return t->state.s + at;
}

static void prefix_of(const hebb_trainer *t, struct block b, char prefix[16])
{
	static const char *const name[] = {[KEPT] = "kept",
					   [AVERAGE] = "average",
					   [GRADIENT] = "gradient",
					   [M] = "m",
					   [S] = "s"};

	prefix[0] = '\0';
	if (b.role == M && hb_rule_blocks(t->recipe.rule).m > 1)
		snprintf(prefix, 16, "m%d.", b.of % 1000);
	else if (b.role != PARAMETERS)
		snprintf(prefix, 16, "%s.", name[b.role]);
}

/* Array i: a parameter, in a block. */
struct place {
	const struct hb_parameter *parameter;
	struct block block;
};

static struct place place_of(const hebb_trainer *t, int i)
{
	const struct hb_plan *plan = t->plan;

	return (struct place){&plan->parameter[i % plan->arrays], block_of(t, i / plan->arrays)};
}

int hebb_trainer_arrays(const hebb_trainer *t)
{
	return t->plan->arrays * blocks(t);
}

static hebb_status check_array(const hebb_trainer *t, int array, hebb_error *error)
{
	if (array >= 0 && array < hebb_trainer_arrays(t))
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_ARGUMENT, "there is no array %d; the trainer has %d",
			 array, hebb_trainer_arrays(t));
}

hebb_status hebb_trainer_get_array(const hebb_trainer *t, int array, hebb_array *about,
				   float *values, hebb_error *error)
{
	struct place p;
	char prefix[16];

	if (!t)
		return hb_missing("the trainer", error);
	if (check_array(t, array, error))
		return HEBB_BAD_ARGUMENT;
	p = place_of(t, array);
	if (about) {
		prefix_of(t, p.block, prefix);
		snprintf(about->name, sizeof about->name, "%slayers.%d.%s", prefix,
			 p.parameter->layer, p.parameter->name);
		about->rows = p.parameter->m;
		about->columns = p.parameter->rank > 1 ? p.parameter->n : 0;
	}
	if (values)
		hb_layout_get(p.parameter, memory_of(t, p.block), values);
	return HEBB_OK;
}

hebb_status hebb_trainer_set_array(hebb_trainer *t, int array, const float *values,
				   hebb_error *error)
{
	struct place p;
	size_t count;

	if (hb_trainer_check(t, error))
		return HEBB_BAD_ARGUMENT;
	if (!values)
		return hb_missing("values", error);
	if (check_array(t, array, error))
		return HEBB_BAD_ARGUMENT;
	p = place_of(t, array);
	count = (size_t)hb_count(p.parameter);
	if (!hb_all_finite(count, values))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "array %d holds a value that is not finite", array);
	for (size_t j = 0; j < count && p.parameter->positive; j++)
		if (values[j] < 0)
			return hebb_fail(error, HEBB_BAD_ARGUMENT,
					 "array %d holds a variance below 0", array);
	hb_layout_set(p.parameter, memory_of(t, p.block), values);
	return HEBB_OK;
}

/* ---- Counters ----------------------------------------------------------------------------------- */

enum type { INT, LONG, UINT32, REAL, ANY }; /* ANY: a real that may be infinite or NaN */

static const struct counter {
	const char *name;
	size_t at;
	enum type type;
	double from, to;
} counters[] = {
#define COUNTER(name, field, type, to) \
	{ \
		name, offsetof(hebb_trainer, field), type, 0, to \
	}
#define MOST 9007199254740991.0 /* the whole numbers that a double holds */
	COUNTER("epochs", epochs, INT, INT32_MAX),
	COUNTER("best_epoch", best_epoch, INT, INT32_MAX),
	COUNTER("best_loss", best, ANY, 0),
	COUNTER("updates", state.updates, LONG, MOST),
	COUNTER("beta1_power", state.power1, REAL, 1),
	COUNTER("beta2_power", state.power2, REAL, 1),
	COUNTER("rate", rate, REAL, 1e300),
	COUNTER("plateau.factor", plateau.factor, REAL, 1),
	COUNTER("plateau.least", plateau.least, ANY, 0),
	COUNTER("plateau.waited", plateau.waited, INT, INT32_MAX),
	COUNTER("averaged", averaged, REAL, MOST),
	COUNTER("lbfgs.cost", cost, ANY, 0),
	COUNTER("lbfgs.sum", sum, ANY, 0),
	COUNTER("lbfgs.weights", weights, ANY, 0),
	COUNTER("converged", converged, INT, 1),
	COUNTER("run.open", run.open, INT, 1),
	COUNTER("run.epoch", run.epoch, INT, INT32_MAX),
	COUNTER("run.update", run.update, REAL, MOST),
	COUNTER("run.next", run.next, LONG, MOST),
	COUNTER("run.rows", run.rows, LONG, MOST),
	COUNTER("run.sum", run.sum, ANY, 0),
	COUNTER("run.weights", run.weights, ANY, 0),
	COUNTER("run.collected", run.collected, INT, INT32_MAX),
	COUNTER("run.collected_weight", run.collected_weight, ANY, 0),
	COUNTER("run.ahead", run.ahead, UINT32, UINT32_MAX),
	COUNTER("run.loss", run.loss, ANY, 0),
	COUNTER("run.validation_loss", run.validation_loss, ANY, 0),
	COUNTER("run.seconds", run.seconds, REAL, 1e300),
};

enum { COUNTERS = sizeof counters / sizeof *counters };

static double value_of(const hebb_trainer *t, const struct counter *c)
{
	const void *field = (const char *)t + c->at;

	switch (c->type) {
	case INT:
		return *(const int *)field;
	case LONG:
		return (double)*(const long long *)field;
	case UINT32:
		return *(const uint32_t *)field;
	case REAL:
	case ANY:
		break;
	}
	return *(const double *)field;
}

static void set_value(hebb_trainer *t, const struct counter *c, double value)
{
	void *field = (char *)t + c->at;

	switch (c->type) {
	case INT:
		*(int *)field = (int)value;
		break;
	case LONG:
		*(long long *)field = (long long)value;
		break;
	case UINT32:
		*(uint32_t *)field = (uint32_t)value;
		break;
	case REAL:
	case ANY:
		*(double *)field = value;
	}
}

int hebb_trainer_counters(const hebb_trainer *t, hebb_counter *list)
{
	for (int i = 0; i < COUNTERS && list; i++)
		list[i] = (hebb_counter){counters[i].name, value_of(t, &counters[i])};
	return COUNTERS;
}

static hebb_status check_counter(const struct counter *c, const hebb_counter *given,
				 hebb_error *error)
{
	double value = given->value;
	const char *name = given->name ? given->name : "";
	char shown[48];

	if (!given->name || strcmp(given->name, c->name) != 0)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "a counter '%s' where '%s' belongs: the checkpoint is of another "
				 "version",
				 hebb_show(name, strlen(name), shown, sizeof shown), c->name);
	if (c->type == ANY ||
	    (value >= c->from && value <= c->to && (c->type == REAL || value == floor(value))))
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_ARGUMENT, "the counter '%s' is %g", c->name, value);
}

hebb_status hebb_trainer_set_counters(hebb_trainer *t, int count, const hebb_counter *list,
				      hebb_error *error)
{
	if (hb_trainer_check(t, error))
		return HEBB_BAD_ARGUMENT;
	if (!list)
		return hb_missing("the list of counters", error);
	if (count != COUNTERS)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "%d counters, not %d: the checkpoint is of another version", count,
				 COUNTERS);
	for (int i = 0; i < COUNTERS; i++)
		if (check_counter(&counters[i], &list[i], error))
			return HEBB_BAD_ARGUMENT;
	for (int i = 0; i < COUNTERS; i++)
		set_value(t, &counters[i], list[i].value);
	return HEBB_OK;
}
