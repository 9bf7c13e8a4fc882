/* SPDX-License-Identifier: MIT */
/*
 * lbfgs.c - the rule that looks before it steps: L-BFGS with a line search
 *
 * The direction p is -H g, where H stands for the inverse of the second derivatives as the last HB_PAIRS steps show it: of each
 * step the change of the parameters s and of the gradient u (Nocedal 1980; the two loops are algorithm 7.4 of Nocedal & Wright
 * 2006).  The step a along p is found by halving and doubling until the cost has fallen and its slope has flattened, the weak
 * Wolfe conditions (Lewis & Overton 2013, algorithm 2.6); then s . u > 0, so that H stays positive definite.
 *
 * Parameters and gradients are float32; dot products and costs are summed in double, in one order.
 */
#include <math.h>
#include <string.h>
#include "core.h"

enum { TRIALS = 30 };
static const double FALL = 1e-4, FLATTENING = 0.9; /* c1 and c2 of the Wolfe conditions, as usual */

/* The blocks that the rule remembers, one behind the other in state.m. */
enum { DIRECTION = 2 * HB_PAIRS, START, START_GRADIENT };

static float *block(const hebb_trainer *t, int i)
{
	return t->state.m + (size_t)i * t->plan->block;
}

static float *step_of(const hebb_trainer *t, long long pair)
{
	return block(t, (int)(pair % HB_PAIRS));
}

static float *change_of(const hebb_trainer *t, long long pair)
{
	return block(t, HB_PAIRS + (int)(pair % HB_PAIRS));
}

static double dot(const hebb_trainer *t, const float *a, const float *b)
{
	return hb_dot(t->plan->block, a, b);
}

/* b += factor a */
static void add(const hebb_trainer *t, double factor, const float *a, float *b)
{
	t->plan->kernels->add(t->plan->block, (float)factor, a, b);
}

static void copy(const hebb_trainer *t, const float *from, float *to)
{
	memcpy(to, from, t->plan->block * sizeof *to);
}

/* p = -H g */
static void find_direction(hebb_trainer *t)
{
	long long pairs = t->state.updates, first = pairs > HB_PAIRS ? pairs - HB_PAIRS : 0;
	double alpha[HB_PAIRS], size = 1 / sqrt(fmax(dot(t, t->g, t->g), 1e-300));
	float *p = block(t, DIRECTION);

	copy(t, t->g, p);
	for (long long i = pairs - 1; i >= first; i--) {
		const float *s = step_of(t, i), *u = change_of(t, i);

		alpha[i % HB_PAIRS] = dot(t, s, p) / dot(t, s, u);
		add(t, -alpha[i % HB_PAIRS], u, p);
	}
	if (pairs > 0) {
		const float *s = step_of(t, pairs - 1), *u = change_of(t, pairs - 1);

		size = dot(t, s, u) / dot(t, u, u);
	}
	t->plan->kernels->scale(t->plan->block, (float)size, p);
	for (long long i = first; i < pairs; i++) {
		const float *s = step_of(t, i), *u = change_of(t, i);

		add(t, alpha[i % HB_PAIRS] - dot(t, u, p) / dot(t, s, u), s, p);
	}
	t->plan->kernels->scale(t->plan->block, -1, p);
}

struct examples {
	int rows;
	const float *x, *y, *weight;
};

/* The cost with its penalty, and in t->g the gradient; infinite where it is not a number. */
static double cost(hebb_trainer *t, const struct examples *e, double *sum, double *weights)
{
	double penalty = 0;

	if (hb_trainer_gradient(t, e->rows, e->x, e->y, e->weight, sum, weights, NULL))
		return (double)INFINITY;
	for (int i = 0; t->recipe.l2 != 0 && i < t->plan->arrays; i++) {
		const struct hb_parameter *p = &t->plan->parameter[i];
		const float *w = t->net->w + p->at;

		if (p->is.decays && !hb_is_frozen(t->plan, p))
			penalty += hb_dot(p->floats, w, w);
	}
	return (*weights > 0 ? *sum / *weights : 0) + t->recipe.l2 / 2 * penalty;
}

/* Moves the parameters along p; 0 if no step was found, and they are where they were. */
static int search(hebb_trainer *t, const struct examples *e)
{
	const float *p = block(t, DIRECTION), *start = block(t, START);
	double before = t->cost, slope = dot(t, t->g, p), low = 0, high = (double)INFINITY, a = 1;

	for (int trial = 0; trial < TRIALS && slope < 0; trial++) {
		double sum, weights, now;

		copy(t, start, t->net->w);
		add(t, a, p, t->net->w);
		now = cost(t, e, &sum, &weights);
		if (!(now <= before + FALL * a * slope)) {
			high = a;
		} else if (dot(t, t->g, p) < FLATTENING * slope) {
			low = a;
		} else {
			t->cost = now;
			t->sum = sum;
			t->weights = weights;
			return 1;
		}
		a = high < (double)INFINITY ? (low + high) / 2 : 2 * a;
	}
	copy(t, start, t->net->w);
	return 0;
}

/* s and u of the step just made. */
static void remember(hebb_trainer *t)
{
	float *s = step_of(t, t->state.updates), *u = change_of(t, t->state.updates);

	copy(t, t->net->w, s);
	add(t, -1, block(t, START), s);
	copy(t, t->g, u);
	add(t, -1, block(t, START_GRADIENT), u);
	if (dot(t, s, u) > 0) /* else it was lost in rounding */
		t->state.updates++;
}

hebb_status hb_lbfgs_step(hebb_trainer *t, int rows, const float *x, const float *y,
			  const float *weight, double *sum, double *weights, hebb_error *error)
{
	const struct examples e = {rows, x, y, weight};
	int found;

	if (t->run.update++ == 0) /* later the search has left cost and gradient */
		t->cost = cost(t, &e, &t->sum, &t->weights);
	if (!(t->cost < (double)INFINITY))
		return hebb_fail(error, HEBB_DIVERGED, "the cost is not finite");
	*sum = t->sum;
	*weights = t->weights;
	copy(t, t->net->w, block(t, START));
	copy(t, t->g, block(t, START_GRADIENT));
	find_direction(t);
	found = search(t, &e);
	if (!found && t->state.updates > 0) { /* once more, downhill */
		t->state.updates = 0;
		copy(t, block(t, START_GRADIENT), t->g);
		find_direction(t);
		found = search(t, &e);
	}
	if (found)
		remember(t);
	t->converged = !found;
	return HEBB_OK;
}
