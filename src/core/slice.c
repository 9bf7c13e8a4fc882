/* SPDX-License-Identifier: MIT */
/*
 * slice.c - J of a batch and its gradient, computed by the threads of the engine for CPUs
 *
 * A batch with more rows than a slice (HB_SLICE, or the recipe's batch if that is smaller) is
 * computed in as few slices as possible, of equal size except the last. This limits the memory. The
 * gradients of the slices are added in order. The slices depend only on the recipe and the number
 * of rows, so the bits do too. Threads take part if a slice has enough work.
 */
#include <float.h>
#include <math.h>
#include "core.h"

enum {
	HB_SLICE = 1024,
	SMALLEST_SLICE = 64,
	WORTH_A_PART = 300000, /* multiply-adds: about 5 to 10 microseconds */
	PARTS_A_THREAD = 3,
	ROWS_A_PART = 64,
	SURELY_WORTH = 1000 /* parts of a step that all threads do faster, also on a busy machine */
};

int hb_slice_rows(const hebb_recipe *recipe)
{
	if (recipe->batch == 0 || recipe->batch > HB_SLICE)
		return HB_SLICE;
	return recipe->batch < SMALLEST_SLICE ? SMALLEST_SLICE : recipe->batch;
}

struct slice {
	struct hb_cpu *e;
	struct hb_pass pass; /* of all rows */
	struct hb_mode mode;
	struct hb_cost cost;
	const float *y, *weight; /* weight: NULL if all are 1 */
	double whole;            /* the sum of the weights of the batch, or 1 */
	struct hb_sink sink; /* where the gradient is written; without a block it is not computed */
	int judges;      /* whether each row's class is right is written, instead of its share */
	int top, bottom; /* the layers of the current task, from 0 on */
};

static struct hb_pass part_of(const struct slice *s, int part, int parts)
{
	struct hb_pass p = s->pass;

	p.row = (int)((long long)s->pass.rows * part / parts);
	p.rows = (int)((long long)s->pass.rows * (part + 1) / parts) - p.row;
	return p;
}

static void forward(void *self, int part, int parts)
{
	struct slice *s = self;
	struct hb_pass p = part_of(s, part, parts);

	hb_forward(&p, s->bottom, s->top);
}

static void deltas(void *self, int part, int parts)
{
	struct slice *s = self;
	struct hb_pass p = part_of(s, part, parts);

	hb_deltas(&p, s->top, s->bottom);
}

/* Whether the class of each row is right, from the outputs that the cost was computed from. */
static void judge(const struct slice *s, const struct hb_pass *p)
{
	const struct hb_plan *plan = s->e->plan;
	const struct hb_step *last = &plan->step[plan->L - 1];
	const float *h = hb_h(p, last), *y = s->y + (ptrdiff_t)p->row * last->m;

	for (int i = 0; i < p->rows; i++, h += last->ld, y += last->m)
		s->e->share[p->row + i] = hb_right(last->m, h, y);
}

/* share = weight / whole.  Equal weights in succession, the usual case, need one division. */
static void fill_shares(int rows, const float *weight, double whole, float *share)
{
	float before = 1, quotient = whole > 0 ? (float)(1 / whole) : 0;

	for (int i = 0; i < rows && !weight; i++)
		share[i] = quotient;
	for (int i = 0; i < rows && weight; i++) {
		if (weight[i] != before) {
			before = weight[i];
			quotient = whole > 0 ? (float)((double)before / whole) : 0;
		}
		share[i] = quotient;
	}
}

static void forward_and_deltas(void *self, int part, int parts)
{
	struct slice *s = self;
	struct hb_cpu *e = s->e;
	const struct hb_plan *plan = e->plan;
	struct hb_pass p = part_of(s, part, parts);
	int learn = s->mode.learns;

	hb_forward(&p, s->bottom, plan->L);
	if (learn)
		fill_shares(p.rows, s->weight ? s->weight + p.row : NULL, s->whole,
			    e->share + p.row);
	hb_cost(&p, &s->cost, s->y, learn ? e->share : NULL, e->J);
	if (!hb_rows_are_right(plan, &s->cost, p.rows, p.x + (ptrdiff_t)p.row * plan->inputs,
			       s->y + (ptrdiff_t)p.row * plan->outputs))
		e->J[p.row] = (double)NAN;
	if (s->judges)
		judge(s, &p);
	if (learn)
		hb_deltas(&p, plan->L - 1, s->bottom);
}

static void sums_forward(void *self, int part, int parts)
{
	struct slice *s = self;

	hb_sums(&s->pass, s->top, 0, part, parts);
}

static void sums_backward(void *self, int part, int parts)
{
	struct slice *s = self;

	hb_sums(&s->pass, s->top, 1, part, parts);
}

static void gradient(void *self, int part, int parts)
{
	struct slice *s = self;

	hb_gradient(&s->pass, s->sink, s->bottom, s->top, part, parts);
}

/* The number of parts for this amount of work: one if it is too little to wake threads, else
 * several for each thread, so that a late thread has less to do. */
int hb_parts(const struct hb_cpu *e, double multiply_adds)
{
	double worth = multiply_adds / WORTH_A_PART;
	int threads = e->pace.threads, most = threads * PARTS_A_THREAD;

	return threads == 1 || worth < 2 ? 1 : worth < most ? (int)worth : most;
}

/* The multiply-adds of the rows of a step. */
static double work_of(const struct hb_cpu *e, int rows)
{
	return 3.0 * rows * (double)e->plan->parameters;
}

/* Few parts with many rows, because each part reads all weights. */
static int parts_of_rows(const struct hb_cpu *e, int rows, int parts)
{
	int threads = e->pace.threads, coarse = rows / ROWS_A_PART;

	coarse = coarse > threads ? coarse : threads;
	coarse = coarse < rows ? coarse : rows;
	return parts < coarse ? parts : coarse;
}

/* All layers forward and back, with the rows in `parts` parts. In training, the threads wait for
 * each other before a layer that needs sums over all rows; each thread computes these for some
 * units. */
static void there_and_back(struct slice *s, int parts)
{
	hebb_pool *pool = s->e->pool;
	const struct hb_plan *plan = s->e->plan;

	s->bottom = 0;
	for (s->top = 0; s->mode.learns && s->top < plan->L; s->top++) {
		if (!hb_has_sums(plan, s->top))
			continue;
		if (s->top > s->bottom)
			hebb_pool_run(pool, parts, forward, s);
		hebb_pool_run(pool, parts, sums_forward, s);
		s->bottom = s->top;
	}
	hebb_pool_run(pool, parts, forward_and_deltas, s);
	for (s->top = s->bottom;
	     s->mode.learns && s->top >= plan->lowest && hb_has_sums(plan, s->top);
	     s->top = s->bottom) {
		hebb_pool_run(pool, parts, sums_backward, s);
		if (s->top == 0)
			break;
		do
			s->bottom--;
		while (s->bottom > 0 && !hb_has_sums(plan, s->bottom));
		hebb_pool_run(pool, parts, deltas, s);
	}
}

/* The gradients of all layers at once or, with `ready`, layer by layer. */
static void gradients(struct slice *s, int parts, struct hb_ready *ready)
{
	int L = s->e->plan->L;

	s->bottom = 0;
	s->top = L;
	if (!ready)
		hebb_pool_run(s->e->pool, parts, gradient, s);
	for (int l = L - 1; ready && l >= 0; l--) {
		if (!hb_learns(&s->e->plan->step[l]))
			continue;
		s->bottom = l;
		s->top = l + 1;
		hebb_pool_run(s->e->pool, parts, gradient, s);
		ready->layer(ready, l);
	}
}

int hb_is_finite(double sum)
{
	return fabs(sum) <= 1e300;
}

int hb_slice(const struct hb_plan *plan, int rows)
{
	int slices = (rows - 1) / plan->rows + 1;

	return (rows - 1) / slices + 1;
}

/* Rows of a batch from `first` on. */
static struct slice slice_of(struct hb_cpu *e, const struct hb_batch *batch, int first,
			     struct hb_sink sink)
{
	int remaining = batch->rows - first, most = hb_slice(e->plan, batch->rows);
	int rows = remaining < most ? remaining : most;
	struct slice s = {.e = e, .whole = batch->whole, .sink = sink};

	s.mode = (struct hb_mode){.learns = sink.block != NULL,
				  .seed = e->recipe->seed,
				  .update = batch->update,
				  .first = batch->first + (uint32_t)first,
				  .together = rows};
	s.cost = (struct hb_cost){.loss = e->recipe->loss,
				  .delta = e->recipe->huber_delta,
				  .gaps = e->recipe->gaps,
				  .custom = e->recipe->loss_function,
				  .room = e->room};
	s.judges = batch->right && !s.mode.learns;
	if (s.mode.learns) /* smoothed labels are only for training */
		s.cost.smoothing = e->recipe->label_smoothing;
	s.pass = (struct hb_pass){.plan = e->plan,
				  .w = e->w,
				  .scratch = e->scratch,
				  .rows = rows,
				  .x = batch->x + (ptrdiff_t)first * e->plan->inputs};
	s.y = batch->y + (ptrdiff_t)first * e->plan->outputs;
	s.weight = batch->weight ? batch->weight + first : NULL;
	return s;
}

/* The sum of w over the rows whose class is right, after judge(). */
static double sum_of_right(const struct hb_cpu *e, int rows, const float *weight)
{
	double sum = 0;

	for (int i = 0; i < rows; i++)
		sum += (double)e->share[i] * (weight ? (double)weight[i] : 1);
	return sum;
}

static double sum_of_costs(struct hb_cpu *e, const struct hb_batch *batch, struct hb_sink sink)
{
	const float *weight = batch->weight;
	double sum = 0, right = 0;

	if (weight && !e->plan->kernels->within((size_t)batch->rows, weight, 0, FLT_MAX))
		return (double)NAN;
	if (batch->weights == 0)
		sink.block = NULL;
	for (int first = 0, rows; first < batch->rows; first += rows) {
		struct slice s = slice_of(e, batch, first, sink);
		int parts = hb_parts(e, work_of(e, s.pass.rows));

		rows = s.pass.rows;
		s.pass.mode = &s.mode;
		there_and_back(&s, parts_of_rows(e, rows, parts));
		for (int i = 0; i < rows && s.weight; i++)
			e->J[i] *= (double)s.weight[i];
		for (int i = 0; i < rows; i++)
			sum += e->J[i];
		if (s.judges)
			right += sum_of_right(e, rows, s.weight);
		if (sink.block && hb_is_finite(sum))
			gradients(&s, parts, first + rows == batch->rows ? batch->ready : NULL);
		sink.begin = HB_ADD_TO_C; /* for the next slices */
	}
	if (batch->right)
		*batch->right = right;
	return sum;
}

/* Whether a step is of a size that several threads may do faster or not. */
static int is_uncertain(const struct hb_cpu *e, int rows)
{
	double worth = work_of(e, rows) / WORTH_A_PART;

	return e->pace.all > 1 && worth >= 2 && worth < SURELY_WORTH;
}

double hb_sum_of_costs(struct hb_cpu *e, const struct hb_batch *batch, struct hb_sink sink)
{
	double begin, sum;

	if (!sink.block || !is_uncertain(e, batch->rows))
		return sum_of_costs(e, batch, sink);
	begin = hb_seconds();
	sum = sum_of_costs(e, batch, sink);
	hb_pace_count(&e->pace, hb_seconds() - begin, batch->rows);
	return sum;
}
