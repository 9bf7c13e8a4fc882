/* SPDX-License-Identifier: MIT */
/*
 * trainer.c - the state of training, and the tutorial's loop in three calls
 */
#include <math.h>
#include <string.h>
#include "core.h"

static size_t sums_floats(const hebb_trainer *t)
{
	return t->recipe.reduce ? hb_reduce_floats(t->plan, t->plan->L) : 0;
}

static hebb_status open_engine(hebb_trainer *t, const struct hb_engine *engine, hebb_error *error)
{
	int bf16 = t->recipe.precision == HEBB_BFLOAT16;
	struct hb_job job = {.net = t->net, .recipe = &t->recipe, .allocator = &t->allocator};

	t->engine = engine;
	t->plan = job.plan = hb_plan_again(t->net->plan, hb_slice_rows(&t->recipe),
					   bf16 ? HB_LEARN_BF16 : HB_LEARN, &t->allocator, error);
	if (!t->plan || !(t->self = engine->open(&job, error)))
		return HEBB_NO_MEMORY;
	if (t->recipe.reduce)
		t->sums = hb_allocate_floats(&t->allocator, sums_floats(t), error);
	return t->recipe.reduce && !t->sums ? HEBB_NO_MEMORY : HEBB_OK;
}

hebb_trainer *hb_trainer_new_with(hebb_net *net, const hebb_recipe *recipe,
				  const struct hb_engine *engine, const hebb_allocator *allocator,
				  hebb_error *error)
{
	hebb_recipe complete;
	hebb_trainer *t;

	if (!net) {
		hb_missing("the network", error);
		return NULL;
	}
	if (hb_recipe_complete(recipe, &complete, error) ||
	    hb_recipe_check(net, &complete, error) || hb_reduce_check(&complete, error) ||
	    !(t = hb_allocate(allocator, sizeof *t, error)))
		return NULL;
	t->allocator = hb_allocator_of(allocator);
	t->net = net;
	t->recipe = complete;
	t->best = INFINITY;
	t->plateau = (struct hb_plateau){.factor = 1, .least = INFINITY};
	if (open_engine(t, engine, error)) {
		hebb_trainer_free(t);
		return NULL;
	}
	return t;
}

hebb_trainer *hebb_trainer_new(hebb_net *net, const hebb_recipe *recipe,
			       const hebb_allocator *allocator, hebb_error *error)
{
	return hb_trainer_new_with(net, recipe, &hb_cpu_engine, allocator, error);
}

void hebb_trainer_free(hebb_trainer *t)
{
	hebb_allocator a;

	if (!t)
		return;
	a = t->allocator;
	if (t->sums)
		hb_release_floats(&a, t->sums, sums_floats(t));
	t->engine->close(t->self);
	hb_plan_free(t->plan, &a);
	hb_release(&a, t, sizeof *t);
}

size_t hebb_trainer_bytes(const hebb_trainer *t)
{
	return sizeof *t + t->plan->bytes + t->engine->bytes(t->self) +
	       sums_floats(t) * sizeof *t->sums;
}

int hb_has_average(const hebb_trainer *t)
{
	return t->recipe.average > 0;
}

void hb_trainer_load(const hebb_trainer *t)
{
	if (t->engine->load)
		t->engine->load(t->self);
}

void hb_trainer_store(const hebb_trainer *t)
{
	if (t->engine->store)
		t->engine->store(t->self);
}

int hebb_trainer_rows(const hebb_trainer *t)
{
	return t->plan->rows;
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
			 "hebb_train() is running with this trainer and called this function; "
			 "wait until it has returned");
}

static hebb_status check_rows(const struct hb_rows *rows, hebb_error *error)
{
	if (rows->rows < 1)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%d rows; at least 1 is needed",
				 rows->rows);
	return !rows->x || !rows->y ? hb_missing(rows->x ? "y" : "x", error) : HEBB_OK;
}

/* Why the cost is not finite: a wrong row, or else divergence. */
static hebb_status blame(const hebb_trainer *t, hebb_status status, const struct hb_rows *rows,
			 hebb_error *error)
{
	struct hb_rows given = *rows;

	given.gaps = t->recipe.gaps; /* public calls list their rows before they look at t */
	if (status == HEBB_DIVERGED && hb_rows_check(t->plan, t->recipe.loss, &given, error))
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

struct hb_batch hb_batch_of(const hebb_trainer *t, int rows, const float *x, const float *y,
			    const float *weight)
{
	struct hb_batch batch = {.rows = rows, .x = x, .y = y, .weight = weight};

	if (weight && t->plan->kernels->within((size_t)rows, weight, 1, 1))
		batch.weight = NULL; /* ones need no sum, which would take a while */
	batch.update = (uint64_t)t->state.updates;
	batch.weights = batch.weight ? 0 : rows;
	for (int i = 0; batch.weight && i < rows; i++)
		batch.weights += (double)weight[i];
	batch.whole = batch.weights;
	return batch;
}

/* Turns sum w dJ into the gradient of the mean, and adds the penalties. */
static void finish_gradient(hebb_trainer *t, double weights)
{
	t->engine->scale(t->self, HB_G, 1 / weights);
	t->engine->penalize(t->self);
}

static hebb_status reduced_gradient(hebb_trainer *t, const struct hb_batch *batch, double *sum,
				    double *weights, hebb_error *error)
{
	hebb_status status = hb_reduce(t, batch, HB_FROM_ZERO, 1, sum, weights, error);

	t->nothing = *weights == 0;
	if (status)
		return status;
	if (!t->nothing)
		finish_gradient(t, *weights);
	return check_finite(*sum, error);
}

hebb_status hb_trainer_gradient(hebb_trainer *t, const struct hb_batch *batch, double *sum,
				double *weights, hebb_error *error)
{
	if (t->recipe.reduce)
		return reduced_gradient(t, batch, sum, weights, error);
	*sum = t->engine->gradient(t->self, batch, HB_FROM_ZERO);
	*weights = batch->weights;
	t->nothing = *weights == 0;
	if (t->nothing)
		t->engine->clear(t->self, HB_G);
	else
		t->engine->penalize(t->self);
	return check_finite(*sum, error);
}

hebb_status hb_trainer_cost(hebb_trainer *t, const struct hb_batch *batch, double *sum,
			    double *weights, hebb_error *error)
{
	*sum = t->engine->cost(t->self, batch);
	*weights = batch->weights;
	return check_finite(*sum, error);
}

/* One of the functions above, which a public call applies to its rows. */
typedef hebb_status action(hebb_trainer *t, const struct hb_batch *batch, double *sum,
			   double *weights, hebb_error *error);

static hebb_status act(hebb_trainer *t, action *on, const struct hb_rows *rows, double *J,
		       hebb_error *error)
{
	struct hb_batch batch;
	double sum, weights;

	if (check_rows(rows, error))
		return HEBB_BAD_ARGUMENT;
	hb_trainer_load(t);
	batch = hb_batch_of(t, rows->rows, rows->x, rows->y, rows->weight);
	hebb_status status = blame(t, on(t, &batch, &sum, &weights, error), rows, error);
	if (!status && J)
		*J = weights > 0 ? sum / weights : 0;
	return status;
}

hebb_status hebb_trainer_gradient(hebb_trainer *t, int rows, const float *x, const float *y,
				  const float *weight, double *J, hebb_error *error)
{
	const struct hb_rows examples = {rows, x, y, weight, NULL, NULL, 0};

	if (hb_trainer_check(t, error))
		return HEBB_BAD_ARGUMENT;
	return act(t, hb_trainer_gradient, &examples, J, error);
}

hebb_status hebb_trainer_cost(hebb_trainer *t, int rows, const float *x, const float *y,
			      const float *weight, double *J, hebb_error *error)
{
	const struct hb_rows examples = {rows, x, y, weight, NULL, NULL, 0};

	if (!(t && t->busy == HB_REPORTING) && hb_trainer_check(t, error))
		return HEBB_BAD_ARGUMENT;
	return act(t, hb_trainer_cost, &examples, J, error);
}

hebb_status hebb_trainer_get_gradient(const hebb_trainer *t, int layer, float *W, float *b,
				      hebb_error *error)
{
	const struct hb_step *s = t ? hb_step_of(t->plan, layer, error) : NULL;
	float *const arrays[] = {W, b};

	if (!t)
		return hb_missing("the trainer", error);
	if (!s)
		return HEBB_BAD_ARGUMENT;
	for (int i = 0; i < 2; i++)
		if (arrays[i] && hb_parameter(s, 0, i))
			t->engine->get(t->self, HB_G, hb_parameter(s, 0, i), arrays[i]);
	return HEBB_OK;
}

/* The scalars of the next update; within a run the schedule sets the rate. */
static struct hb_rates next_rates(hebb_trainer *t)
{
	t->rate = t->recipe.rate;
	if (t->run.updates > 0)
		t->rate = hb_schedule_rate(&t->recipe, t->run.update++, t->run.updates) *
			  t->plateau.factor;
	return hb_rule_next(&t->recipe, t->rate, &t->state);
}

/* The factor that reduces the norm of the gradient to `clip`, or 1. */
static double clipping(const hebb_trainer *t)
{
	double norm = t->engine->norm(t->self);

	return norm > t->recipe.clip ? t->recipe.clip / norm : 1;
}

/* The update for rows without weight: only the schedule advances. */
static void pass_update(hebb_trainer *t)
{
	if (t->run.updates > 0)
		t->run.update++;
}

static void make_update(hebb_trainer *t)
{
	struct hb_rates rates = next_rates(t);

	if (t->recipe.clip > 0)
		rates.clip = (float)clipping(t);
	t->engine->update(t->self, rates);
	if (hb_has_average(t) && t->run.updates > 0 &&
	    t->run.update > t->recipe.average_from * t->run.updates) {
		double k = t->averaged++, d = t->recipe.average;

		t->engine->average(t->self, 1 - (d < 1 ? fmin(d, k / (k + 9)) : k / (k + 1)));
	}
}

static hebb_status check_update(const hebb_trainer *t, hebb_error *error)
{
	if (hb_trainer_check(t, error))
		return HEBB_BAD_ARGUMENT;
	if (t->recipe.rule != HEBB_LBFGS)
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_ARGUMENT,
			 "an update by lbfgs needs several costs, which only hebb_train() can "
			 "compute");
}

hebb_status hebb_trainer_update(hebb_trainer *t, hebb_error *error)
{
	if (check_update(t, error))
		return HEBB_BAD_ARGUMENT;
	if (t->nothing)
		return HEBB_OK;
	hb_trainer_load(t);
	make_update(t);
	hb_trainer_store(t);
	return HEBB_OK;
}

/* 1 if an update is W -= rate gradient and nothing else, and the gradient is computed at once. */
static int descends(const hebb_trainer *t, int rows)
{
	const hebb_recipe *recipe = &t->recipe;

	return t->engine->descend && recipe->rule == HEBB_SGD && recipe->l1 == 0 &&
	       recipe->l2 == 0 && recipe->weight_decay == 0 && recipe->clip == 0 &&
	       recipe->max_norm == 0 && !recipe->reduce && !hb_has_average(t) &&
	       rows <= t->plan->rows && recipe->precision == HEBB_FLOAT32 &&
	       t->plan->learned == t->plan->block;
}

/* The products of the gradient are added to W directly, with the same bits. */
static hebb_status descend(hebb_trainer *t, const struct hb_batch *batch, double *sum,
			   double *weights, hebb_error *error)
{
	struct hb_state before = t->state;

	*sum = t->engine->descend(t->self, batch, next_rates(t).rate);
	*weights = batch->weights;
	if (*weights == 0)
		t->state = before;
	return check_finite(*sum, error);
}

hebb_status hb_trainer_step(hebb_trainer *t, const struct hb_batch *batch, double *sum,
			    double *weights, hebb_error *error)
{
	hebb_status status;

	if (t->recipe.rule == HEBB_LBFGS)
		return hb_lbfgs_step(t, batch, sum, weights, error);
	if (descends(t, batch->rows))
		return descend(t, batch, sum, weights, error);
	status = hb_trainer_gradient(t, batch, sum, weights, error);
	if (!status)
		(t->nothing ? pass_update : make_update)(t);
	return status;
}

hebb_status hb_trainer_collect(hebb_trainer *t, const struct hb_batch *batch, enum hb_begin begin,
			       int last, double *sum, double *weights, hebb_error *error)
{
	if (t->recipe.reduce) {
		hebb_status status = hb_reduce(t, batch, begin, last, sum, weights, error);

		return status ? status : check_finite(*sum, error);
	}
	*sum = t->engine->gradient(t->self, batch, begin);
	*weights = batch->weights;
	return check_finite(*sum, error);
}

void hb_trainer_finish(hebb_trainer *t, double weights)
{
	if (weights == 0) {
		pass_update(t);
		return;
	}
	finish_gradient(t, weights);
	make_update(t);
}

hebb_status hebb_trainer_step(hebb_trainer *t, int rows, const float *x, const float *y,
			      const float *weight, double *J, hebb_error *error)
{
	const struct hb_rows examples = {rows, x, y, weight, NULL, NULL, 0};
	hebb_status status = check_update(t, error);

	if (status)
		return status;
	status = act(t, hb_trainer_step, &examples, J, error);
	t->nothing = 1; /* the gradient that is kept is not of these rows, or has been used */
	hb_trainer_store(t);
	return status;
}
