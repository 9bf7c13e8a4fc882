/* SPDX-License-Identifier: MIT */
/*
 * reduce.c - gradients summed over machines, by the caller's functions (recipe.reduce)
 *
 * Each of K machines has its own rows. The mean of all rows is sum_k g_k / sum_k w_k, where g_k is
 * the sum of w dJ over the rows of machine k, and w_k the sum of their weights. So each machine
 * passes g_k to add(), layer by layer, in canonical order, while the engine computes the layers
 * below. Then it passes sum w J and w_k to wait(), as doubles. When all sums are complete, it
 * divides. Mean and variance of batch norm are means over rows without weights: a machine
 * multiplies them by its number of rows, and divides the sums by the number of rows of all
 * machines.
 *
 * Every batch makes the same calls on every machine, even after an error, so that no machine waits
 * for ever. If one cost is not finite, the sum is not finite either, and all machines stop.
 */
#include "core.h"

enum { COST, WEIGHT, ROWS, NUMBERS }; /* the numbers that wait() adds up */

struct reduction {
	struct hb_ready ready; /* the first member: the engine has its address */
	hebb_trainer *t;
	float rows; /* the rows of the running statistics */
	int lowest; /* the lowest layer passed to add() so far; those above it came first */
	hebb_status status;
	hebb_error error;
};

hebb_status hb_reduce_check(const hebb_recipe *recipe, hebb_error *error)
{
	const hebb_reduce *reduce = recipe->reduce;

	hebb_reduce known = {.size = 0};
	hebb_status status;

	if (!reduce)
		return HEBB_OK;
	status = hebb_sized_copy(&known, sizeof known, reduce, "recipe.reduce", "hebb_reduce_by()",
				 error);
	if (status)
		return status;
	if (!known.add || !known.wait)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "recipe.reduce: add or wait is not set; make it with "
				 "hebb_reduce_by()");
	if (recipe->rule == HEBB_LBFGS)
		return hebb_fail(
			error, HEBB_BAD_ARGUMENT,
			"lbfgs computes costs within an update, on each machine at other times; "
			"it does not work with recipe.reduce");
	if (recipe->seconds > 0)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "recipe.seconds ends training by the clock of one machine, but "
				 "with recipe.reduce all machines must make the same updates; "
				 "set it to 0");
	return HEBB_OK;
}

size_t hb_reduce_floats(const struct hb_plan *plan, int layers)
{
	size_t floats = 0;

	for (int l = 0; l < layers; l++)
		floats +=
			(size_t)(hb_count_all(&plan->step[l], 0) + hb_count_all(&plan->step[l], 1));
	return floats;
}

static void scale(long long count, float factor, float *values)
{
	for (long long i = 0; i < count; i++)
		values[i] *= factor;
}

static float *values_of(const hebb_trainer *t, int l)
{
	return t->sums + hb_reduce_floats(t->plan, l);
}

/* Stores the result of a caller's function, with a message if the function gave none. */
static void conclude(struct reduction *r, hebb_status status, const char *name)
{
	r->status = status;
	if (!status || r->error.message[0])
		r->error.status = status;
	else
		hebb_fail(&r->error, status, "%s of recipe.reduce failed: %s", name,
			  hebb_strerror(status));
}

static void hand_over(struct reduction *r, int l)
{
	hebb_trainer *t = r->t;
	const struct hb_step *s = &t->plan->step[l];
	const hebb_reduce *reduce = t->recipe.reduce;
	float *values = values_of(t, l), *next = values;

	r->lowest = l;
	if (r->status || !hb_learns(s))
		return;
	for (int i = 0; i < s->parameters; i++) {
		const struct hb_parameter *p = &s->parameter[i];

		t->engine->get(t->self, HB_G, p, next);
		if (p->about.running)
			scale(p->about.count, r->rows, next);
		next += p->about.count;
	}
	conclude(r, reduce->add(reduce->self, l, next - values, values, &r->error), "add");
}

static void complete(struct hb_ready *self, int l)
{
	hand_over((struct reduction *)self, l);
}

/* Copies the sums to the gradient. */
static void take(const struct reduction *r, double rows)
{
	hebb_trainer *t = r->t;

	for (int i = 0; i < t->plan->arrays; i++) {
		const struct hb_parameter *p = &t->plan->parameter[i];
		const struct hb_step *s = &t->plan->step[p->layer];
		float *values = values_of(t, p->layer);

		if (!hb_learns(s))
			continue;
		for (const struct hb_parameter *q = s->parameter; q < p; q++)
			values += q->about.count;
		if (p->about.running && rows > 0)
			scale(p->about.count, (float)(1 / rows), values);
		t->engine->set(t->self, HB_G, p, values);
	}
}

/* Computes the sums of this machine: the gradient in HB_G, and the result. */
static double add_up(struct reduction *r, const struct hb_batch *batch, enum hb_begin begin,
		     int last)
{
	hebb_trainer *t = r->t;
	struct hb_batch local = *batch;
	double sum;

	local.whole = 1;
	local.ready = last ? &r->ready : NULL;
	if (begin == HB_FROM_ZERO && batch->weights == 0)
		t->engine->clear(t->self, HB_G);
	sum = t->engine->gradient(t->self, &local, begin);
	if (!hb_is_finite(sum)) /* the gradient is not finite either */
		t->engine->clear(t->self, HB_G);
	while (last && r->lowest > 0)
		hand_over(r, r->lowest - 1);
	return sum;
}

hebb_status hb_reduce(hebb_trainer *t, const struct hb_batch *batch, enum hb_begin begin, int last,
		      double *sum, double *weights, hebb_error *error)
{
	const hebb_reduce *reduce = t->recipe.reduce;
	uint32_t rows = batch->first + (batch->weights != 0 ? (uint32_t)batch->rows : 0);
	struct reduction r = {
		.ready = {complete}, .t = t, .rows = (float)rows, .lowest = t->plan->L};
	double numbers[NUMBERS] = {[WEIGHT] = batch->weights, [ROWS] = last ? rows : 0};

	numbers[COST] = add_up(&r, batch, begin, last);
	if (!r.status)
		conclude(&r, reduce->wait(reduce->self, NUMBERS, numbers, &r.error), "wait");
	*sum = numbers[COST];
	*weights = numbers[WEIGHT];
	if (!r.status && last && hb_is_finite(*sum))
		take(&r, numbers[ROWS]);
	if (r.status && error)
		*error = r.error;
	return r.status;
}
