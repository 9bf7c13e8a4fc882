/* SPDX-License-Identifier: MIT */
/*
 * slice.c - J of a batch and its gradient, by the threads of a trainer
 *
 * A batch of more rows than a slice (HB_SLICE, or the batch of the recipe if that is smaller) is computed in as few slices
 * as will do, of equal size but for the last, which bounds the memory; the gradients of the slices are added in their
 * order.  Where slices begin depends on the recipe and the number of rows alone, so the bits do too.  Threads take part if
 * the work of a slice is worth waking them.
 */
#include <float.h>
#include <math.h>
#include "core.h"

enum {
	HB_SLICE = 1024,
	SMALLEST_SLICE = 64,
	WORTH_A_PART = 300000, /* multiply-adds: about 5 to 10 microseconds */
	PARTS_A_THREAD = 4,
	ROWS_A_PART = 64
};

int hb_slice_rows(const hebb_recipe *recipe)
{
	if (recipe->batch == 0 || recipe->batch > HB_SLICE)
		return HB_SLICE;
	return recipe->batch < SMALLEST_SLICE ? SMALLEST_SLICE : recipe->batch;
}

struct slice {
	hebb_trainer *t;
	int rows;
	const float *x, *y;
	struct hb_into into; /* where the gradient goes; no block: it is not wanted */
	int top, bottom;     /* the layers of this turn, from 0 on */
};

static int row_of(const struct slice *s, int part, int parts)
{
	return (int)((long long)s->rows * part / parts);
}

static void forward(void *self, int part, int parts)
{
	struct slice *s = self;
	hebb_trainer *t = s->t;

	hb_forward(t->plan, t->net->w, t->scratch, s->bottom, s->top, row_of(s, part, parts),
		   row_of(s, part + 1, parts), s->x);
}

static void deltas(void *self, int part, int parts)
{
	struct slice *s = self;
	hebb_trainer *t = s->t;

	hb_deltas(t->plan, t->net->w, t->scratch, s->top, s->bottom, row_of(s, part, parts),
		  row_of(s, part + 1, parts), s->x);
}

static void forward_and_deltas(void *self, int part, int parts)
{
	struct slice *s = self;
	hebb_trainer *t = s->t;
	int from = row_of(s, part, parts), to = row_of(s, part + 1, parts), L = t->plan->L;
	struct hb_cost cost = {.loss = t->recipe.loss, .delta = t->recipe.huber_delta};

	if (s->into.block) /* labels are smoothed to learn from, not to judge by */
		cost.smoothing = t->recipe.label_smoothing;
	hb_forward(t->plan, t->net->w, t->scratch, s->bottom, L, from, to, s->x);
	hb_cost(t->plan, t->scratch, from, to, cost, s->y, s->into.block ? t->share : NULL, t->J);
	if (!hb_rows_are_right(t->plan, t->recipe.loss, to - from,
			       s->x + (ptrdiff_t)from * t->plan->inputs,
			       s->y + (ptrdiff_t)from * t->plan->outputs))
		t->J[from] = (double)NAN;
	if (s->into.block)
		hb_deltas(t->plan, t->net->w, t->scratch, L - 1, s->bottom, from, to, s->x);
}

static void sums_forward(void *self, int part, int parts)
{
	struct slice *s = self;
	hebb_trainer *t = s->t;

	hb_sums(t->plan, t->net->w, t->scratch, s->top, 0, s->rows, s->x, part, parts);
}

static void sums_backward(void *self, int part, int parts)
{
	struct slice *s = self;
	hebb_trainer *t = s->t;

	hb_sums(t->plan, t->net->w, t->scratch, s->top, 1, s->rows, s->x, part, parts);
}

static void gradient(void *self, int part, int parts)
{
	struct slice *s = self;
	hebb_trainer *t = s->t;

	hb_gradient(t->plan, t->net->w, s->into, t->scratch, s->rows, s->x, part, parts);
}

/* Into how many parts to cut so much work: one if it is not worth waking anybody, else some for each thread, so that a thread
 * that comes late finds less to do. */
int hb_parts(const hebb_trainer *t, double multiply_adds)
{
	double worth = multiply_adds / WORTH_A_PART;
	int threads = hb_pool_threads(t->pool), most = threads * PARTS_A_THREAD;

	return threads == 1 || worth < 2 ? 1 : worth < most ? (int)worth : most;
}

/* Rows are cut coarsely, for each part streams all weights. */
static int parts_of_rows(const hebb_trainer *t, int rows, int parts)
{
	int threads = hb_pool_threads(t->pool), coarse = rows / ROWS_A_PART;

	coarse = coarse > threads ? coarse : threads;
	coarse = coarse < rows ? coarse : rows;
	return parts < coarse ? parts : coarse;
}

/* share = weight / all.  Equal neighbors, the usual case, are divided once. */
static void fill_shares(int rows, const float *weight, double all, float *share)
{
	float before = 1, quotient = all > 0 ? (float)(1 / all) : 0;

	for (int i = 0; i < rows; i++) {
		if (weight && weight[i] != before) {
			before = weight[i];
			quotient = all > 0 ? (float)((double)before / all) : 0;
		}
		share[i] = quotient;
	}
}

/* All layers there and back, by rows in `parts` parts.  To learn, the threads wait for each other where a layer wants sums over all
 * rows, which they share by units. */
static void there_and_back(struct slice *s, int parts)
{
	struct hb_pool *pool = s->t->pool;
	const struct hb_plan *plan = s->t->plan;

	s->bottom = 0;
	for (s->top = 0; s->into.block && s->top < plan->L; s->top++) {
		if (!hb_has_sums(plan, s->top))
			continue;
		if (s->top > s->bottom)
			hb_pool_run(pool, parts, forward, s);
		hb_pool_run(pool, parts, sums_forward, s);
		s->bottom = s->top;
	}
	hb_pool_run(pool, parts, forward_and_deltas, s);
	for (s->top = s->bottom;
	     s->into.block && s->top >= plan->lowest && hb_has_sums(plan, s->top);
	     s->top = s->bottom) {
		hb_pool_run(pool, parts, sums_backward, s);
		if (s->top == 0)
			break;
		do
			s->bottom--;
		while (s->bottom > 0 && !hb_has_sums(plan, s->bottom));
		hb_pool_run(pool, parts, deltas, s);
	}
}

int hb_is_finite(double sum)
{
	return fabs(sum) <= 1e300;
}

int hb_slice(const hebb_trainer *t, int rows)
{
	int slices = (rows - 1) / t->plan->rows + 1;

	return (rows - 1) / slices + 1;
}

double hb_sum_of_costs(hebb_trainer *t, int rows, const float *x, const float *y,
		       const float *weight, struct hb_into into, double *weights)
{
	int slice = hb_slice(t, rows);
	uint32_t ahead = t->whole > 0 ? t->run.ahead : 0; /* of one of several batches */
	double sum = 0, all = 0;

	for (int i = 0; i < rows; i++)
		all += weight ? (double)weight[i] : 1;
	*weights = all;
	if (weight && !t->plan->kernels->within((size_t)rows, weight, 0, FLT_MAX))
		return (double)NAN;
	if (all == 0)
		into.block = NULL;
	for (int first = 0; first < rows; first += slice) {
		struct slice s = {.t = t, .into = into};
		int parts;

		s.rows = rows - first < slice ? rows - first : slice;
		t->plan->mode = (struct hb_mode){.on = into.block != NULL,
						 .seed = t->recipe.seed,
						 .update = (uint64_t)t->state.updates,
						 .first = ahead + (uint32_t)first,
						 .together = s.rows};
		s.x = x + (ptrdiff_t)first * t->plan->inputs;
		s.y = y + (ptrdiff_t)first * t->plan->outputs;
		fill_shares(s.rows, weight ? weight + first : NULL, t->whole > 0 ? t->whole : all,
			    t->share);
		parts = hb_parts(t, 3.0 * s.rows * (double)t->plan->parameters);
		there_and_back(&s, parts_of_rows(t, s.rows, parts));
		for (int i = 0; i < s.rows; i++) {
			double cost = t->J[i] * (weight ? (double)weight[first + i] : 1);

			sum += cost;
		}
		if (into.block && hb_is_finite(sum))
			hb_pool_run(t->pool, parts, gradient, &s);
		into.begin = HB_ADD_TO_C; /* the slices that follow */
	}
	return sum;
}
