/* SPDX-License-Identifier: MIT */
/*
 * trainer.c - what training needs beyond the network, and the tutorial's loop in three calls
 */
#include <math.h>
#include <string.h>
#include "core.h"

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

	t->plan = hb_plan_again(net->plan, hb_slice_rows(&t->recipe), HB_LEARN, a, error);
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

	if (!net) {
		hb_missing("the network", error);
		return NULL;
	}
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

	return sizeof *t + t->plan->bytes + hb_pool_bytes(t->pool) +
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

hebb_status hb_trainer_check(const hebb_trainer *t, hebb_error *error)
{
	if (!t)
		return hb_missing("the trainer", error);
	if (t->busy == HB_IDLE)
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_ARGUMENT,
			 "hebb_train() is running with this trainer and has called the caller; "
			 "wait until it has returned");
}

static hebb_status check_rows(const struct hb_rows *rows, hebb_error *error)
{
	if (rows->rows < 1)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%d rows; at least 1 is needed",
				 rows->rows);
	return !rows->x || !rows->y ? hb_missing(rows->x ? "y" : "x", error) : HEBB_OK;
}

/* A cost that is not finite is the fault of a row, if one is wrong. */
static hebb_status blame(const hebb_trainer *t, hebb_status status, const struct hb_rows *rows,
			 hebb_error *error)
{
	if (status == HEBB_DIVERGED && hb_rows_check(t->plan, t->recipe.loss, rows, error))
		return HEBB_BAD_ARGUMENT;
	return status;
}

static hebb_status check_finite(double sum, hebb_error *error)
{
	if (hb_is_finite(sum))
		return HEBB_OK;
	return hebb_fail(error, HEBB_DIVERGED,
			 "the cost is not finite: an output overflowed, or a parameter of the "
			 "network is not a number");
}

/* The gradient of l1 sum |W| + l2/2 sum W^2. */
static void add_penalties(hebb_trainer *t)
{
	const struct hb_kernels *K = t->plan->kernels;
	const hebb_recipe *recipe = &t->recipe;

	for (int i = 0; i < t->plan->arrays; i++) {
		const struct hb_parameter *p = &t->plan->parameter[i];

		if (!p->is.decays || hb_is_frozen(t->plan, p))
			continue;
		if (recipe->l1 != 0)
			K->add_sign(p->floats, (float)recipe->l1, t->net->w + p->at, t->g + p->at);
		if (recipe->l2 != 0)
			K->add(p->floats, (float)recipe->l2, t->net->w + p->at, t->g + p->at);
	}
}

hebb_status hb_trainer_gradient(hebb_trainer *t, int rows, const float *x, const float *y,
				const float *weight, double *sum, double *weights,
				hebb_error *error)
{
	*sum = hb_sum_of_costs(t, rows, x, y, weight, (struct hb_into){t->g, HB_FROM_ZERO, 1},
			       weights);
	t->nothing = *weights == 0;
	if (t->nothing)
		memset(t->g, 0, t->plan->block * sizeof *t->g);
	else
		add_penalties(t);
	return check_finite(*sum, error);
}

hebb_status hb_trainer_cost(hebb_trainer *t, int rows, const float *x, const float *y,
			    const float *weight, double *sum, double *weights, hebb_error *error)
{
	*sum = hb_sum_of_costs(t, rows, x, y, weight, (struct hb_into){.block = NULL}, weights);
	return check_finite(*sum, error);
}

hebb_status hebb_trainer_gradient(hebb_trainer *t, int rows, const float *x, const float *y,
				  const float *weight, double *J, hebb_error *error)
{
	const struct hb_rows all = {rows, x, y, weight, NULL, NULL};
	double sum, weights;
	hebb_status status = hb_trainer_check(t, error);

	if (!status)
		status = check_rows(&all, error);
	if (!status)
		status = blame(t, hb_trainer_gradient(t, rows, x, y, weight, &sum, &weights, error),
			       &all, error);
	if (!status && J)
		*J = weights > 0 ? sum / weights : 0;
	return status;
}

hebb_status hebb_trainer_cost(hebb_trainer *t, int rows, const float *x, const float *y,
			      const float *weight, double *J, hebb_error *error)
{
	const struct hb_rows all = {rows, x, y, weight, NULL, NULL};
	double sum, weights;
	hebb_status status = t && t->busy == HB_REPORTING ? HEBB_OK : hb_trainer_check(t, error);

	if (!status)
		status = check_rows(&all, error);
	if (!status)
		status = blame(t, hb_trainer_cost(t, rows, x, y, weight, &sum, &weights, error),
			       &all, error);
	if (!status && J)
		*J = weights > 0 ? sum / weights : 0;
	return status;
}

hebb_status hebb_trainer_get_gradient(const hebb_trainer *t, int layer, float *W, float *b,
				      hebb_error *error)
{
	const struct hb_step *s = t ? hb_step_of(t->plan, layer, error) : NULL;

	if (!t)
		return hb_missing("the trainer", error);
	if (!s)
		return HEBB_BAD_ARGUMENT;
	hb_get(s, t->g, W, b);
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

	for (int i = 0; i < t->plan->arrays; i++) {
		const struct hb_parameter *p = &t->plan->parameter[i];
		struct hb_stretch s = hb_stretch_of(p, part, parts);

		if (!hb_is_frozen(t->plan, p))
			t->plan->kernels->average(s.count, (float)t->newest, t->net->w + s.at,
						  t->average + s.at);
	}
}

/* What no gradient moves. */
static void update_running(const hebb_trainer *t)
{
	for (int l = 0; l < t->plan->L; l++) {
		const struct hb_step *s = &t->plan->step[l];

		if (s->kind->update && !s->layer.frozen)
			s->kind->update(t->plan->kernels, s, t->net->w, t->g);
	}
}

/* The update of rows that weigh nothing: only the schedule goes on. */
static void pass_update(hebb_trainer *t)
{
	if (t->run.updates > 0)
		t->run.update++;
}

static void make_update(hebb_trainer *t)
{
	struct update u = {.t = t};
	int parts = hb_parts(t, (double)t->plan->parameters);

	u.rates = next_rates(t);
	if (t->recipe.clip > 0)
		u.rates.clip = (float)clipping(t, parts);
	hb_pool_run(t->pool, parts, update, &u);
	update_running(t);
	if (t->recipe.max_norm > 0)
		hb_pool_run(t->pool, parts, limit, t);
	if (t->average && t->run.updates > 0 &&
	    t->run.update > t->recipe.average_from * t->run.updates) {
		double k = t->averaged++, d = t->recipe.average;

		t->newest = 1 - (d < 1 ? fmin(d, k / (k + 9)) : k / (k + 1));
		hb_pool_run(t->pool, parts, average, t);
	}
}

hebb_status hebb_trainer_update(hebb_trainer *t, hebb_error *error)
{
	if (hb_trainer_check(t, error))
		return HEBB_BAD_ARGUMENT;
	if (t->recipe.rule == HEBB_LBFGS)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "an update by lbfgs looks at costs on its way, which hebb_train() "
				 "alone can compute");
	if (!t->nothing)
		make_update(t);
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
		*sum = hb_sum_of_costs(t, rows, x, y, weight,
				       (struct hb_into){t->net->w, HB_ADD_TO_C, -rate}, weights);
		if (*weights != 0)
			t->state = after;
		return check_finite(*sum, error);
	}
	status = hb_trainer_gradient(t, rows, x, y, weight, sum, weights, error);
	if (!status)
		(t->nothing ? pass_update : make_update)(t);
	return status;
}

hebb_status hb_trainer_collect(hebb_trainer *t, int first, int rows, const float *x, const float *y,
			       const float *weight, double *sum, double *weights, hebb_error *error)
{
	enum hb_begin begin = first ? HB_FROM_ZERO : HB_ADD_TO_C;

	t->whole = 1;
	t->run.ahead = first ? 0 : t->run.ahead;
	*sum = hb_sum_of_costs(t, rows, x, y, weight, (struct hb_into){t->g, begin, 1}, weights);
	t->whole = 0;
	t->run.ahead += *weights != 0 ? (uint32_t)rows : 0;
	return check_finite(*sum, error);
}

void hb_trainer_finish(hebb_trainer *t, double weights)
{
	t->run.ahead = 0;
	if (weights == 0) {
		pass_update(t);
		return;
	}
	t->plan->kernels->scale(t->plan->learned, (float)(1 / weights), t->g);
	add_penalties(t);
	make_update(t);
}
