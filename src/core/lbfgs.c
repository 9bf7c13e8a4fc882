/* SPDX-License-Identifier: MIT */
/*
 * lbfgs.c - the rule L-BFGS with a line search
 *
 * The direction p is -H g. H approximates the inverse of the second derivatives by the last
 * HB_PAIRS steps: of each step the change of the parameters s and of the gradient u (Nocedal 1980;
 * the two loops are algorithm 7.4 of Nocedal & Wright 2006). The step a along p is found by halving
 * and doubling until the cost has fallen and its slope has flattened: the weak Wolfe conditions
 * (Lewis & Overton 2013, algorithm 2.6). Then s . u > 0, so H stays positive definite.
 *
 * Parameters and gradients are float32; dot products and costs are summed in double, in one order.
 */
#include <math.h>
#include "core.h"

enum { TRIALS = 30 };
static const double FALL = 1e-4, FLATTENING = 0.9; /* c1 and c2 of the Wolfe conditions, as usual */

/* The blocks of the rule. Each step has two: its own and the change of the gradient. */
enum {
	STEP = HB_M,
	CHANGE = STEP + HB_PAIRS,
	DIRECTION = CHANGE + HB_PAIRS,
	START,
	START_GRADIENT
};

static int step_of(long long pair)
{
	return STEP + (int)(pair % HB_PAIRS);
}

static int change_of(long long pair)
{
	return CHANGE + (int)(pair % HB_PAIRS);
}

static double dot(const hebb_trainer *t, int a, int b)
{
	return t->engine->dot(t->self, a, b, NULL);
}

/* b += factor a */
static void add(const hebb_trainer *t, double factor, int a, int b)
{
	t->engine->add(t->self, factor, a, b);
}

static void copy(const hebb_trainer *t, int source, int target)
{
	t->engine->copy(t->self, source, target);
}

/* p = -H g */
static void find_direction(hebb_trainer *t)
{
	const int p = DIRECTION;
	long long pairs = t->state.updates, first = pairs > HB_PAIRS ? pairs - HB_PAIRS : 0;
	double alpha[HB_PAIRS], size = 1 / sqrt(fmax(dot(t, HB_G, HB_G), 1e-300));

	copy(t, HB_G, p);
	for (long long i = pairs - 1; i >= first; i--) {
		int s = step_of(i), u = change_of(i);

		alpha[i % HB_PAIRS] = dot(t, s, p) / dot(t, s, u);
		add(t, -alpha[i % HB_PAIRS], u, p);
	}
	if (pairs > 0) {
		int s = step_of(pairs - 1), u = change_of(pairs - 1);

		size = dot(t, s, u) / dot(t, u, u);
	}
	t->engine->scale(t->self, p, size);
	for (long long i = first; i < pairs; i++) {
		int s = step_of(i), u = change_of(i);

		add(t, alpha[i % HB_PAIRS] - dot(t, u, p) / dot(t, s, u), s, p);
	}
	t->engine->scale(t->self, p, -1);
}

/* The cost with its penalty; its gradient goes to HB_G. A NaN becomes infinite. */
static double cost(hebb_trainer *t, const struct hb_batch *batch, double *sum, double *weights)
{
	double penalty = 0;

	if (hb_trainer_gradient(t, batch, sum, weights, NULL))
		return (double)INFINITY;
	for (int i = 0; t->recipe.l2 != 0 && i < t->plan->arrays; i++) {
		const struct hb_parameter *p = &t->plan->parameter[i];

		if (p->about.decays && !hb_is_frozen(t->plan, p))
			penalty += t->engine->dot(t->self, HB_W, HB_W, p);
	}
	return (*weights > 0 ? *sum / *weights : 0) + t->recipe.l2 / 2 * penalty;
}

/* Moves the parameters along p. Returns 0 if it finds no step; the parameters are then
 * unchanged. */
static int search(hebb_trainer *t, const struct hb_batch *batch)
{
	const int p = DIRECTION;
	double before = t->cost, slope = dot(t, HB_G, p), low = 0, high = (double)INFINITY, a = 1;

	for (int trial = 0; trial < TRIALS && slope < 0; trial++) {
		double sum, weights, value;

		copy(t, START, HB_W);
		add(t, a, p, HB_W);
		value = cost(t, batch, &sum, &weights);
		if (!(value <= before + FALL * a * slope)) {
			high = a;
		} else if (dot(t, HB_G, p) < FLATTENING * slope) {
			low = a;
		} else {
			t->cost = value;
			t->sum = sum;
			t->weights = weights;
			return 1;
		}
		a = high < (double)INFINITY ? (low + high) / 2 : 2 * a;
	}
	copy(t, START, HB_W);
	return 0;
}

/* Stores s and u of the last step. */
static void remember(hebb_trainer *t)
{
	int s = step_of(t->state.updates), u = change_of(t->state.updates);

	copy(t, HB_W, s);
	add(t, -1, START, s);
	copy(t, HB_G, u);
	add(t, -1, START_GRADIENT, u);
	if (dot(t, s, u) > 0) /* otherwise the change was lost in rounding */
		t->state.updates++;
}

static int rows_are_right(const hebb_trainer *t, const struct hb_batch *batch)
{
	const struct hb_rows rows = {batch->rows, batch->x, batch->y,      batch->weight,
				     NULL,        NULL,     t->recipe.gaps};

	return !hb_rows_check(t->plan, t->recipe.loss, &rows, NULL);
}

/* hebb_train() replaces this message by the reason. */
static hebb_status fail_cost(hebb_error *error)
{
	return hebb_fail(error, HEBB_DIVERGED, "the cost is not finite");
}

hebb_status hb_lbfgs_step(hebb_trainer *t, const struct hb_batch *batch, double *sum,
			  double *weights, hebb_error *error)
{
	int found;

	/* after the first step, the search has computed cost and gradient */
	if (t->run.update++ == 0)
		t->cost = cost(t, batch, &t->sum, &t->weights);
	if (!(t->cost < (double)INFINITY))
		return fail_cost(error);
	*sum = t->sum;
	*weights = t->weights;
	copy(t, HB_W, START);
	copy(t, HB_G, START_GRADIENT);
	find_direction(t);
	found = search(t, batch);
	if (!found && t->state.updates > 0) { /* again, along the negative gradient */
		t->state.updates = 0;
		copy(t, START_GRADIENT, HB_G);
		find_direction(t);
		found = search(t, batch);
	}
	if (found)
		remember(t);
	else if (!rows_are_right(t, batch)) /* a cost that is NaN cannot be lowered */
		return fail_cost(error);
	t->converged = !found;
	return HEBB_OK;
}
