/* SPDX-License-Identifier: MIT */
/*
 * trainer.c - what training needs beyond the network, and the tutorial's loop in three calls
 *
 * A batch of more rows than a slice (HB_SLICE, or the batch of the recipe if that is smaller) is computed in as few slices
 * as will do, of equal size but for the last, which bounds the memory; the gradients of the slices are added in their
 * order.  Where slices begin depends on the recipe and the number of rows alone, so the bits do too.  Threads take part if
 * the work of a slice is worth waking them.
 */
#include <math.h>
#include <string.h>
#include "core.h"

enum {
	HB_SLICE = 1024,
	SMALLEST_SLICE = 64,
	WORTH_A_PART = 300000, /* multiply-adds: about 5 to 10 microseconds */
	PARTS_A_THREAD = 4,
	ROWS_A_PART = 64
};

static int slice_of(const hebb_recipe *recipe)
{
	if (recipe->batch == 0 || recipe->batch > HB_SLICE)
		return HB_SLICE;
	return recipe->batch < SMALLEST_SLICE ? SMALLEST_SLICE : recipe->batch;
}

/* `count` blocks one behind the other; of none the pointer stays NULL. */
static hebb_status allocate_blocks(hebb_trainer *t, int count, float **blocks, hebb_error *error)
{
	if (count == 0 ||
	    (*blocks = hb_allocate_floats(&t->allocator, (uint64_t)count * t->plan->block, error)))
		return HEBB_OK;
	return HEBB_NO_MEMORY;
}

static hebb_status allocate_parts(hebb_trainer *t, hebb_error *error)
{
	const hebb_allocator *a = &t->allocator;
	const hebb_net *net = t->net;
	struct hb_blocks blocks = hb_rule_blocks(t->recipe.rule);

	t->plan = hb_plan_new(net->plan->inputs, net->plan->L, net->layers, slice_of(&t->recipe),
			      HB_LEARN, a, error);
	if (!t->plan || allocate_blocks(t, 1, &t->g, error) ||
	    allocate_blocks(t, 1, &t->kept, error) ||
	    allocate_blocks(t, t->recipe.average > 0, &t->average, error) ||
	    allocate_blocks(t, blocks.m, &t->state.m, error) ||
	    allocate_blocks(t, blocks.s, &t->state.s, error) ||
	    !(t->scratch = hb_allocate_floats(a, t->plan->scratch, error)) ||
	    !(t->share = hb_allocate_floats(a, (size_t)t->plan->rows, error)) ||
	    !(t->J = hb_allocate(a, (size_t)t->plan->rows * sizeof *t->J, error)) ||
	    !(t->pool = hb_pool_new(t->recipe.threads ? t->recipe.threads : hb_cores(), a, error)))
		return HEBB_NO_MEMORY;
	if (t->recipe.precision == HEBB_BFLOAT16) {
		t->plan->bf16 = t->plan->kernels->bf16;
		t->plan->tile = t->plan->rows; /* its products take tiles of their own */
	}
	return HEBB_OK;
}

hebb_trainer *hebb_trainer_new(hebb_net *net, const hebb_recipe *recipe,
			       const hebb_allocator *allocator, hebb_error *error)
{
	hebb_recipe complete;
	hebb_trainer *t;

	if (hb_recipe_complete(recipe, &complete, error) ||
	    hb_recipe_check(net, &complete, error) ||
	    !(t = hb_allocate(allocator, sizeof *t, error)))
		return NULL;
	if (allocator)
		t->allocator = *allocator;
	t->net = net;
	t->recipe = complete;
	t->best = INFINITY;
	t->plateau = (struct hb_plateau){.factor = 1, .least = INFINITY};
	if (allocate_parts(t, error)) {
		hebb_trainer_free(t);
		return NULL;
	}
	return t;
}

void hebb_trainer_free(hebb_trainer *t)
{
	struct hb_blocks blocks;
	hebb_allocator a;

	if (!t)
		return;
	a = t->allocator;
	blocks = hb_rule_blocks(t->recipe.rule);
	hb_pool_free(t->pool, &a);
	if (t->plan) {
		hb_release_floats(&a, t->g, t->plan->block);
		hb_release_floats(&a, t->kept, t->plan->block);
		hb_release_floats(&a, t->average, t->plan->block);
		hb_release_floats(&a, t->state.m, (size_t)blocks.m * t->plan->block);
		hb_release_floats(&a, t->state.s, (size_t)blocks.s * t->plan->block);
		hb_release_floats(&a, t->scratch, t->plan->scratch);
		hb_release_floats(&a, t->share, (size_t)t->plan->rows);
		hb_release(&a, t->J, (size_t)t->plan->rows * sizeof *t->J);
	}
	hb_plan_free(t->plan, &a);
	hb_release(&a, t, sizeof *t);
}

size_t hebb_trainer_bytes(const hebb_trainer *t)
{
	struct hb_blocks state = hb_rule_blocks(t->recipe.rule);
	size_t blocks = 2 + (size_t)(state.m + state.s) + (t->average != NULL),
	       rows = (size_t)t->plan->rows;

	return sizeof *t + hb_plan_bytes(t->plan->L) + hb_pool_bytes(t->pool) +
	       (blocks * t->plan->block + t->plan->scratch + rows) * sizeof(float) +
	       rows * sizeof(double);
}

int hebb_trainer_epochs(const hebb_trainer *t)
{
	return t->epochs;
}

const hebb_net *hebb_trainer_net(const hebb_trainer *t)
{
	return t->net;
}

const hebb_recipe *hebb_trainer_recipe(const hebb_trainer *t)
{
	return &t->recipe;
}

/* ---- A slice of a batch, shared by the threads ------------------------------------------------ */

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
static int parts_for(const hebb_trainer *t, double multiply_adds)
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

static int is_finite(double sum)
{
	return fabs(sum) <= 1e300;
}

int hb_slice(const hebb_trainer *t, int rows)
{
	int slices = (rows - 1) / t->plan->rows + 1;

	return (rows - 1) / slices + 1;
}

/* sum w J over the rows, sum w in *weights, and the gradient of their quotient, if it is wanted and the sum is finite. */
static double sum_of_costs(hebb_trainer *t, int rows, const float *x, const float *y,
			   const float *weight, struct hb_into into, double *weights)
{
	int slice = hb_slice(t, rows);
	uint32_t ahead = t->whole > 0 ? t->run.ahead : 0; /* of one of several batches */
	double sum = 0, all = 0;

	for (int i = 0; i < rows; i++)
		all += weight ? (double)weight[i] : 1;
	*weights = all;
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
		parts = parts_for(t, 3.0 * s.rows * (double)t->plan->parameters);
		there_and_back(&s, parts_of_rows(t, s.rows, parts));
		for (int i = 0; i < s.rows; i++) {
			double cost = t->J[i] * (weight ? (double)weight[first + i] : 1);

			sum += cost;
		}
		if (into.block && is_finite(sum))
			hb_pool_run(t->pool, parts, gradient, &s);
		into.begin = HB_ADD_TO_C; /* the slices that follow */
	}
	return sum;
}

static hebb_status check_rows(int rows, hebb_error *error)
{
	return rows >= 1
		       ? HEBB_OK
		       : hebb_fail(error, HEBB_BAD_ARGUMENT, "%d rows; at least 1 is needed", rows);
}

static hebb_status check_finite(double sum, hebb_error *error)
{
	if (is_finite(sum))
		return HEBB_OK;
	return hebb_fail(error, HEBB_DIVERGED,
			 "the cost is not finite: an output overflowed, or an input, a target or a "
			 "weight is not a number");
}

/* The gradient of l1 sum |W| + l2/2 sum W^2. */
static void add_penalties(hebb_trainer *t)
{
	const struct hb_kernels *K = t->plan->kernels;
	const hebb_recipe *recipe = &t->recipe;

	for (int i = 0; i < 2 * t->plan->L; i++) {
		struct hb_segment s = hb_layout_segment(t->plan, i);

		if (s.frozen)
			continue;
		if (s.decays && recipe->l1 != 0)
			K->add_sign(s.count, (float)recipe->l1, t->net->w + s.from, t->g + s.from);
		if (s.decays && recipe->l2 != 0)
			K->add(s.count, (float)recipe->l2, t->net->w + s.from, t->g + s.from);
	}
}

hebb_status hb_trainer_gradient(hebb_trainer *t, int rows, const float *x, const float *y,
				const float *weight, double *sum, double *weights,
				hebb_error *error)
{
	*sum = sum_of_costs(t, rows, x, y, weight, (struct hb_into){t->g, HB_FROM_ZERO, 1},
			    weights);
	add_penalties(t);
	return check_finite(*sum, error);
}

hebb_status hb_trainer_cost(hebb_trainer *t, int rows, const float *x, const float *y,
			    const float *weight, double *sum, double *weights, hebb_error *error)
{
	*sum = sum_of_costs(t, rows, x, y, weight, (struct hb_into){.block = NULL}, weights);
	return check_finite(*sum, error);
}

hebb_status hebb_trainer_gradient(hebb_trainer *t, int rows, const float *x, const float *y,
				  const float *weight, double *J, hebb_error *error)
{
	double sum, weights;
	hebb_status status = check_rows(rows, error);

	if (!status)
		status = hb_trainer_gradient(t, rows, x, y, weight, &sum, &weights, error);
	if (!status && J)
		*J = weights > 0 ? sum / weights : 0;
	return status;
}

hebb_status hebb_trainer_cost(hebb_trainer *t, int rows, const float *x, const float *y,
			      const float *weight, double *J, hebb_error *error)
{
	double sum, weights;
	hebb_status status = check_rows(rows, error);

	if (!status)
		status = hb_trainer_cost(t, rows, x, y, weight, &sum, &weights, error);
	if (!status)
		*J = weights > 0 ? sum / weights : 0;
	return status;
}

hebb_status hebb_trainer_get_gradient(const hebb_trainer *t, int layer, float *W, float *b,
				      hebb_error *error)
{
	const struct hb_step *s = hb_step_of(t->plan, layer, error);

	if (!s)
		return HEBB_BAD_ARGUMENT;
	hb_layout_get(s, t->g, W, b);
	return HEBB_OK;
}

struct update {
	hebb_trainer *t;
	struct hb_rates rates;
};

static void update(void *self, int part, int parts)
{
	struct update *u = self;
	hebb_trainer *t = u->t;

	hb_update(t->plan, &t->recipe, u->rates, t->net->w, t->g, &t->state, part, parts);
}

/* The scalars of the next update: within a run the schedule has the rate. */
static struct hb_rates next_rates(hebb_trainer *t)
{
	t->rate = t->recipe.rate;
	if (t->run.updates > 0)
		t->rate = hb_schedule_rate(&t->recipe, t->run.update++, t->run.updates) *
			  t->plateau.factor;
	return hb_rule_next(&t->recipe, t->rate, &t->state);
}

static void squares(void *self, int part, int parts)
{
	hebb_trainer *t = self;

	hb_squares(t->plan->learned, t->g, t->squares, part, parts);
}

/* By which factor the gradient comes down to the norm `clip`, if it is above. */
static double clipping(hebb_trainer *t, int parts)
{
	double sum = 0, norm;

	hb_pool_run(t->pool, parts, squares, t);
	for (int i = 0; i < HB_SQUARES; i++)
		sum += t->squares[i];
	norm = sqrt(sum);
	return norm > t->recipe.clip ? t->recipe.clip / norm : 1;
}

static void limit(void *self, int part, int parts)
{
	hebb_trainer *t = self;

	hb_layout_limit(t->plan, t->net->w, t->recipe.max_norm, part, parts);
}

static void average(void *self, int part, int parts)
{
	hebb_trainer *t = self;

	for (int i = 0; i < 3 * t->plan->L; i++) {
		struct hb_segment s = hb_layout_segment(t->plan, i);
		size_t lanes = s.count / HB_LANES,
		       first = lanes * (size_t)part / (size_t)parts * HB_LANES,
		       behind = lanes * ((size_t)part + 1) / (size_t)parts * HB_LANES,
		       from = s.from + first;

		if (!s.frozen)
			t->plan->kernels->average(behind - first, (float)t->newest,
						  t->net->w + from, t->average + from);
	}
}

hebb_status hebb_trainer_update(hebb_trainer *t, hebb_error *error)
{
	struct update u = {.t = t};
	int parts = parts_for(t, (double)t->plan->parameters);

	if (t->recipe.rule == HEBB_LBFGS)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "an update by lbfgs looks at costs on its way, which hebb_train() "
				 "alone can compute");
	u.rates = next_rates(t);
	if (t->recipe.clip > 0)
		u.rates.clip = (float)clipping(t, parts);
	hb_pool_run(t->pool, parts, update, &u);
	hb_norm_update(t->plan, t->net->w, t->g);
	if (t->recipe.max_norm > 0)
		hb_pool_run(t->pool, parts, limit, t);
	if (t->average && t->run.updates > 0 &&
	    t->run.update > t->recipe.average_from * t->run.updates) {
		double k = t->averaged++, d = t->recipe.average;

		t->newest = 1 - (d < 1 ? fmin(d, k / (k + 9)) : k / (k + 1));
		hb_pool_run(t->pool, parts, average, t);
	}
	return HEBB_OK;
}

/* Whether an update is W -= rate gradient and nothing else, of a gradient that is computed at once. */
static int descends(const hebb_trainer *t, int rows)
{
	const hebb_recipe *recipe = &t->recipe;

	return recipe->rule == HEBB_SGD && recipe->l1 == 0 && recipe->l2 == 0 &&
	       recipe->weight_decay == 0 && recipe->clip == 0 && recipe->max_norm == 0 &&
	       !t->average && rows <= t->plan->rows && !t->plan->bf16 &&
	       t->plan->learned == t->plan->block;
}

hebb_status hb_trainer_step(hebb_trainer *t, int rows, const float *x, const float *y,
			    const float *weight, double *sum, double *weights, hebb_error *error)
{
	hebb_status status;

	if (t->recipe.rule == HEBB_LBFGS)
		return hb_lbfgs_step(t, rows, x, y, weight, sum, weights, error);
	if (descends(t, rows)) { /* the products of the gradient end in W: the same bits */
		struct hb_state before = t->state, after;
		float rate = next_rates(t).rate;

		after = t->state;
		t->state = before; /* dropout draws by the updates before this one */
		*sum = sum_of_costs(t, rows, x, y, weight,
				    (struct hb_into){t->net->w, HB_ADD_TO_C, -rate}, weights);
		t->state = after;
		return check_finite(*sum, error);
	}
	status = hb_trainer_gradient(t, rows, x, y, weight, sum, weights, error);
	return status ? status : hebb_trainer_update(t, error);
}

hebb_status hb_trainer_collect(hebb_trainer *t, int first, int rows, const float *x, const float *y,
			       const float *weight, double *sum, double *weights, hebb_error *error)
{
	enum hb_begin begin = first ? HB_FROM_ZERO : HB_ADD_TO_C;

	t->whole = 1;
	t->run.ahead = first ? 0 : t->run.ahead;
	*sum = sum_of_costs(t, rows, x, y, weight, (struct hb_into){t->g, begin, 1}, weights);
	t->whole = 0;
	t->run.ahead += (uint32_t)rows;
	return check_finite(*sum, error);
}

hebb_status hb_trainer_finish(hebb_trainer *t, double weights, hebb_error *error)
{
	float factor = weights > 0 ? (float)(1 / weights) : 0;

	t->run.ahead = 0;
	t->plan->kernels->scale(t->plan->learned, factor, t->g);
	add_penalties(t);
	return hebb_trainer_update(t, error);
}
