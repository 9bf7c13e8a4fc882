/* SPDX-License-Identifier: MIT */
/*
 * checkpoint.c - the whole state of a training, as arrays and counters with names
 *
 * The arrays are blocks in canonical order, W and b of each layer: the parameters that updates
 * move, the parameters to fall back to, the blocks of the optimizer and, if the recipe uses them,
 * the accumulated gradient and the average. The counters are everything else that the next update
 * depends on. Random numbers have no state: they are functions of the seed and these counters.
 */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "core.h"

/* ---- Arrays ---------------------------------------------------------------------------------- */

enum role { PARAMETERS = 1, KEPT, AVERAGE, GRADIENT, M, S };

struct block {
	enum role role;
	int index; /* which of the blocks of a role */
};

static int has_gradient(const hebb_trainer *t)
{
	return t->recipe.accumulate > 1 || t->recipe.rule == HEBB_LBFGS;
}

static int blocks(const hebb_trainer *t)
{
	struct hb_blocks state = hb_rule_blocks(t->recipe.rule);

	return 2 + hb_has_average(t) + has_gradient(t) + state.m + state.s;
}

/* Block i = 0 .. blocks() - 1. */
static struct block block_of(const hebb_trainer *t, int i)
{
	struct hb_blocks state = hb_rule_blocks(t->recipe.rule);
	const int count[] = {1, 1, hb_has_average(t), has_gradient(t), state.m, state.s};
	struct block b = {PARAMETERS, i};

	for (int role = 0; b.index >= count[role]; role++) {
		b.index -= count[role];
		b.role++;
	}
	return b;
}

/* The block of the engine. */
static int number_of(const hebb_trainer *t, struct block b)
{
	switch (b.role) {
	case PARAMETERS: /* the parameters that updates move, in whichever block they are */
		return t->run.shown ? HB_AVERAGE : HB_W;
	case AVERAGE:
		return t->run.shown ? HB_W : HB_AVERAGE;
	case KEPT:
		return HB_KEPT;
	case GRADIENT:
		return HB_G;
	case M:
		return HB_M + b.index;
	case S:
		break;
	}
	return HB_M + hb_rule_blocks(t->recipe.rule).m + b.index;
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
		snprintf(prefix, 16, "m%d.", b.index % 1000);
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

static void get_values(const hebb_trainer *t, const struct place *p, float *values)
{
	if (t->busy == HB_IDLE) /* during a run the engine has the latest parameters */
		hb_trainer_load(t);
	t->engine->get(t->self, number_of(t, p->block), p->parameter, values);
}

static hebb_array about_place(const hebb_trainer *t, const struct place *p)
{
	hebb_array about = hebb_array_default();
	char prefix[16];

	prefix_of(t, p->block, prefix);
	snprintf(about.name, sizeof about.name, "%slayers.%d.%s", prefix, p->parameter->layer,
		 p->parameter->about.name);
	about.rows = p->parameter->m;
	about.columns = p->parameter->about.rank > 1 ? p->parameter->n : 0;
	return about;
}

hebb_status hebb_trainer_get_array(const hebb_trainer *t, int array, hebb_array *about,
				   float *values, hebb_error *error)
{
	struct place p;
	hebb_array known;
	hebb_status status = HEBB_OK;

	if (!t)
		return hb_missing("the trainer", error);
	if (check_array(t, array, error))
		return HEBB_BAD_ARGUMENT;
	if (about)
		status = hebb_sized_copy(&known, sizeof known, about, "about",
					 "hebb_array_default()", error);
	if (status)
		return status;
	p = place_of(t, array);
	if (about) {
		known = about_place(t, &p);
		hebb_sized_fill(about, about->size, &known);
	}
	if (values)
		get_values(t, &p, values);
	return HEBB_OK;
}

/* Numbers that may not be negative: means of squares, and the steps of rprop. */
static int is_of_squares(const hebb_trainer *t, const struct place *p)
{
	return p->parameter->positive || p->block.role == S ||
	       (p->block.role == M && t->recipe.rule == HEBB_RMSPROP);
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
	count = (size_t)p.parameter->about.count;
	if (!hb_all_finite(count, values))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "array %d holds a value that is not finite", array);
	for (size_t j = 0; j < count && is_of_squares(t, &p); j++)
		if (values[j] < 0)
			return hebb_fail(error, HEBB_BAD_ARGUMENT, "array %d holds a %s below 0",
					 array,
					 p.parameter->positive ? "variance" : "mean of squares");
	hb_trainer_load(t);
	t->engine->set(t->self, number_of(t, p.block), p.parameter, values);
	hb_trainer_store(t);
	return HEBB_OK;
}

/* ---- Counters -------------------------------------------------------------------------------- */

/* NONE: a real that may be NaN or infinity, which means "not yet". */
enum type { INT, LONG, UINT32, REAL, NONE };

static const struct counter {
	const char *name;
	size_t offset;
	enum type type;
	double least, most;
} counters[] = {
#define BETWEEN(name, field, type, least, most) \
	{ \
		name, offsetof(hebb_trainer, field), type, least, most \
	}
#define COUNTER(name, field, type, most) BETWEEN(name, field, type, 0, most)
#define SIGNED(name, field, type) BETWEEN(name, field, type, -LARGE, LARGE)
#define MOST 9007199254740991.0 /* the whole numbers that a double holds */
#define LARGE DBL_MAX           /* the limit of a cost, or of a sum of costs or weights */
	COUNTER("epochs", epochs, INT, INT32_MAX),
	COUNTER("best_epoch", best_epoch, INT, INT32_MAX),
	SIGNED("best_loss", best, NONE),
	COUNTER("updates", state.updates, LONG, MOST),
	COUNTER("beta1_power", state.power1, REAL, 1),
	COUNTER("beta2_power", state.power2, REAL, 1),
	COUNTER("rate", rate, REAL, LARGE),
	COUNTER("plateau.factor", plateau.factor, REAL, 1),
	SIGNED("plateau.least", plateau.least, NONE),
	COUNTER("plateau.waited", plateau.waited, INT, INT32_MAX),
	COUNTER("averaged", averaged, REAL, MOST),
	SIGNED("lbfgs.cost", cost, NONE),
	SIGNED("lbfgs.sum", sum, REAL),
	COUNTER("lbfgs.weights", weights, REAL, LARGE),
	COUNTER("converged", converged, INT, 1),
	COUNTER("run.open", run.open, INT, 1),
	COUNTER("run.epoch", run.epoch, INT, INT32_MAX),
	COUNTER("run.update", run.update, REAL, MOST),
	COUNTER("run.next", run.next, LONG, MOST),
	COUNTER("run.rows", run.rows, LONG, MOST),
	SIGNED("run.sum", run.sum, REAL),
	COUNTER("run.weights", run.weights, REAL, LARGE),
	COUNTER("run.collected", run.collected, INT, INT32_MAX),
	COUNTER("run.collected_weight", run.collected_weight, REAL, LARGE),
	COUNTER("run.ahead", run.ahead, UINT32, UINT32_MAX),
	SIGNED("run.loss", run.loss, NONE),
	SIGNED("run.validation_loss", run.validation_loss, NONE),
	COUNTER("run.seconds", run.seconds, REAL, 1e11), /* three thousand years */
};

enum { COUNTERS = sizeof counters / sizeof *counters };

static double value_of(const hebb_trainer *t, const struct counter *c)
{
	const void *field = (const char *)t + c->offset;

	switch (c->type) {
	case INT:
		return *(const int *)field;
	case LONG:
		return (double)*(const long long *)field;
	case UINT32:
		return *(const uint32_t *)field;
	case REAL:
	case NONE:
		break;
	}
	return *(const double *)field;
}

static void set_value(hebb_trainer *t, const struct counter *c, double value)
{
	void *field = (char *)t + c->offset;

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
	case NONE:
		*(double *)field = value;
	}
}

/* The stride of a list is the size of its first counter. */
static void *counter_at(const hebb_counter *list, size_t stride, int i)
{
	return (char *)(uintptr_t)list + (size_t)i * stride;
}

int hebb_trainer_counters(const hebb_trainer *t, hebb_counter *list)
{
	hebb_counter known;
	size_t stride = list ? list->size : 0;

	if (list && hebb_sized_copy(&known, sizeof known, list, "the list of counters",
				    "hebb_counter_default()", NULL))
		return -1;
	for (int i = 0; i < COUNTERS && list; i++) {
		known = (hebb_counter){sizeof known, counters[i].name, value_of(t, &counters[i])};
		memset(counter_at(list, stride, i), 0, stride);
		hebb_sized_fill(counter_at(list, stride, i), stride, &known);
		memcpy(counter_at(list, stride, i), &stride, sizeof stride);
	}
	return COUNTERS;
}

/* A list of COUNTERS of the caller's, as this version knows it. */
static hebb_status take_counters(const hebb_counter *list, hebb_counter *known, hebb_error *error)
{
	hebb_status status = HEBB_OK;

	for (int i = 0; i < COUNTERS && !status; i++) {
		known[i] = hebb_counter_default();
		status =
			hebb_sized_copy(&known[i], sizeof known[i], counter_at(list, list->size, i),
					"a counter of the list", "hebb_counter_default()", error);
	}
	return status;
}

/* Whether a value is in the range of its counter. */
static int in_range(const struct counter *c, double value)
{
	if (c->type == NONE && (isnan(value) || value == (double)INFINITY))
		return 1;
	return value >= c->least && value <= c->most &&
	       (c->type == REAL || c->type == NONE || value == floor(value));
}

static hebb_status check_counter(const struct counter *c, const hebb_counter *counter,
				 hebb_error *error)
{
	const char *name = counter->name ? counter->name : "";
	char shown[48];

	if (!counter->name || strcmp(counter->name, c->name) != 0)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "a counter '%s' where '%s' belongs: the checkpoint is of another "
				 "version",
				 hebb_show(name, strlen(name), shown, sizeof shown), c->name);
	if (in_range(c, counter->value))
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_ARGUMENT,
			 "the counter '%s' is %g, which is out of its range", c->name,
			 counter->value);
}

/* What must hold between counters. */
struct rule {
	int holds;
	const char *counter;   /* the counter that the message names */
	const char *complaint; /* what is wrong with it */
};

static hebb_status check_rules(const struct rule *rules, int count, const hebb_counter *list,
			       hebb_error *error)
{
	for (int i = 0; i < count; i++)
		for (int k = 0; !rules[i].holds && k < COUNTERS; k++)
			if (strcmp(rules[i].counter, counters[k].name) == 0)
				return hebb_fail(error, HEBB_BAD_ARGUMENT,
						 "the counter '%s' is %.17g: %s", counters[k].name,
						 list[k].value, rules[i].complaint);
	return HEBB_OK;
}

#define CHECK(rules, list, error) \
	check_rules(rules, (int)(sizeof(rules) / sizeof *(rules)), list, error)

static int is_whole(double value)
{
	return value == floor(value);
}

/* Rules that hold with and without an open run. */
static hebb_status check_totals(const hebb_trainer *t, const hebb_counter *list, hebb_error *error)
{
	const hebb_recipe *r = &t->recipe;
	int lbfgs = r->rule == HEBB_LBFGS, patient = r->patience > 0,
	    falls = r->schedule == HEBB_PLATEAU;
	const struct rule rules[] = {
		{t->best_epoch <= t->epochs, "best_epoch", "it is beyond the epochs"},
		{patient || t->best_epoch == t->epochs, "best_epoch",
		 "without patience it is the last epoch"},
		{!patient || !isnan(t->best), "best_loss", "patience compares with it"},
		{!isnan(t->plateau.least), "plateau.least", "losses are compared with it"},
		{falls || t->plateau.factor == 1, "plateau.factor",
		 "the schedule does not wait for a plateau"},
		{t->plateau.waited <= t->epochs, "plateau.waited", "it is beyond the epochs"},
		{!falls || t->plateau.waited < r->plateau, "plateau.waited",
		 "the schedule would have lowered the rate"},
		{t->state.updates == 0 || lbfgs || t->state.power1 <= r->beta1, "beta1_power",
		 "it is a power of beta1"},
		{t->state.updates == 0 || lbfgs || t->state.power2 <= r->beta2, "beta2_power",
		 "it is a power of beta2"},
		{t->rate <= r->rate * (1 + 1e-9), "rate", "it is above the recipe's"},
		{is_whole(t->averaged), "averaged", "it is no whole number"},
		{hb_has_average(t) || t->averaged == 0, "averaged", "the recipe has no average"},
		{t->averaged <= (double)t->state.updates, "averaged", "it is beyond the updates"},
		{lbfgs || t->cost == 0, "lbfgs.cost", "the rule is not lbfgs"},
		{lbfgs || t->sum == 0, "lbfgs.sum", "the rule is not lbfgs"},
		{lbfgs || t->weights == 0, "lbfgs.weights", "the rule is not lbfgs"},
		{lbfgs || t->converged == 0, "converged", "the rule is not lbfgs"},
	};

	return CHECK(rules, list, error);
}

/* Rules for the open run. These do not depend on the number of rows, apart from run.next;
 * open_run() checks the rules that do. */
static hebb_status check_run(const hebb_trainer *t, const hebb_counter *list, hebb_error *error)
{
	const hebb_recipe *r = &t->recipe;
	const struct hb_run *run = &t->run;
	int has_begun = run->epoch > 0 || run->next > 0;
	long long batches = r->batch > 0 ? run->next / r->batch : 0;
	const struct rule rules[] = {
		{run->epoch <= t->epochs, "run.epoch", "it is beyond the epochs"},
		{t->best_epoch >= t->epochs - run->epoch, "best_epoch", "it is before the run"},
		{is_whole(run->update), "run.update", "it is no whole number"},
		{t->averaged <= run->update, "averaged", "it is beyond the updates of the run"},
		{run->next == 0 || (r->batch > 0 && run->next % r->batch == 0), "run.next",
		 "no batch ends there"},
		{run->rows >= run->next + run->epoch && (has_begun || run->rows == 0), "run.rows",
		 "it does not go with run.epoch and run.next"},
		{run->update <= (double)run->rows, "run.update", "it is beyond the rows"},
		{run->next > 0 || run->sum == 0, "run.sum", "no row of the epoch was seen"},
		{run->next > 0 || run->weights == 0, "run.weights", "no row of the epoch was seen"},
		{run->collected == batches % r->accumulate, "run.collected",
		 "an update takes other batches"},
		{run->collected > 0 || run->collected_weight == 0, "run.collected_weight",
		 "no batch was collected"},
		{run->ahead <= (double)run->collected * r->batch, "run.ahead",
		 "it does not go with run.collected"},
		{!has_begun || isfinite(run->loss), "run.loss", "rows have been seen"},
	};

	return CHECK(rules, list, error);
}

hebb_status hebb_trainer_set_counters(hebb_trainer *t, int count, const hebb_counter *list,
				      hebb_error *error)
{
	hebb_counter known[COUNTERS];
	hebb_trainer changed;
	hebb_status status;

	if (hb_trainer_check(t, error))
		return HEBB_BAD_ARGUMENT;
	if (!list)
		return hb_missing("the list of counters", error);
	changed = *t;
	if (count != COUNTERS)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "%d counters, not %d: the checkpoint is of another version", count,
				 COUNTERS);
	status = take_counters(list, known, error);
	if (status)
		return status;
	for (int i = 0; i < COUNTERS; i++) {
		if (check_counter(&counters[i], &known[i], error))
			return HEBB_BAD_ARGUMENT;
		set_value(&changed, &counters[i], known[i].value);
	}
	changed.run.validation_accuracy = (double)NAN;
	if (check_totals(&changed, known, error) ||
	    (changed.run.open && check_run(&changed, known, error)))
		return HEBB_BAD_ARGUMENT;
	*t = changed;
	return HEBB_OK;
}
