/* SPDX-License-Identifier: MIT */
/*
 * optimizer.c - the update rules
 *
 * The formulas stand beside hebb_rule in hebb.h, the arithmetic in kernel/kernels.inc.  This file
 * has: the blocks that each rule keeps, its usual rate, the scalars of update t, computed in double
 * and rounded once, and the loop over the parameters of a block.
 */
#include <math.h>
#include "core.h"

/* Of adam and adamw. */
#define ADAM \
	"m = beta1 m + (1 - beta1) g, s = beta2 s + (1 - beta2) g^2, " \
	"w -= rate (m / (1 - beta1^t)) / (sqrt(s / (1 - beta2^t)) + epsilon)"

/* clang-format off */
static const struct hb_rule rules[] = {
	[HEBB_SGD] = {{"sgd", "w -= rate g"}, {0, 0}, 0.1, .kernel = HB_SGD},
	[HEBB_MOMENTUM] = {{"momentum", "v = momentum v + g, w -= rate v"}, {1, 0}, 0.02,
		.kernel = HB_MOMENTUM},
	[HEBB_NESTEROV] = {{"nesterov", "v = momentum v + g, w -= rate (g + momentum v)"},
		{1, 0}, 0.02, .kernel = HB_NESTEROV},
	[HEBB_RMSPROP] = {{"rmsprop",
		"s = rho s + (1 - rho) g^2, w -= rate g / (sqrt(s) + epsilon)"},
		{1, 0}, 0.001, .kernel = HB_RMSPROP},
	[HEBB_ADAM] = {{"adam", ADAM}, {1, 1}, 0.001, .kernel = HB_ADAM, .corrects = 1},
	[HEBB_ADAMW] = {{"adamw", ADAM}, {1, 1}, 0.001, .kernel = HB_ADAM, .corrects = 1},
	[HEBB_RPROP] = {{"rprop",
		"w -= step sign(g); step starts at `rate`; it is multiplied by 1.2 (up to 50) "
		"if g keeps its sign, else by 0.5 (down to 1e-6)"}, {1, 1}, 0.01,
		.kernel = HB_RPROP},
	[HEBB_LION] = {{"lion", "w -= rate sign(beta1 m + (1 - beta1) g), m = rho m + (1 - rho) g"},
		{1, 0}, 0.0001, .kernel = HB_LION},
	/* see lbfgs.c: two blocks a pair, the direction, the start and its gradient */
	[HEBB_LBFGS] = {{"lbfgs", "w -= a H g"}, {2 * HB_PAIRS + 3, 0}, 0.001,
		.kernel = HB_UPDATES},
};
/* clang-format on */

HB_NAMES(rule, rules)

double hebb_rule_rate(hebb_rule rule)
{
	const struct hb_rule *row = hb_rule_of(rule);

	return row ? row->rate : 0;
}

const struct hb_rule *hb_rule_of(hebb_rule rule)
{
	return hb_row(HB_TABLE(rules), (int)rule);
}

struct hb_blocks hb_rule_blocks(hebb_rule rule)
{
	return hb_rule_of(rule)->blocks;
}

struct hb_rates hb_rule_next(const hebb_recipe *recipe, double rate, struct hb_state *state)
{
	int corrects = hb_rule_of(recipe->rule)->corrects;
	double keep = 1 - rate * recipe->weight_decay,
	       beta2 = corrects ? recipe->beta2 : recipe->rho, root = 1;

	if (state->updates++ == 0)
		state->power1 = state->power2 = 1;
	state->power1 *= recipe->beta1;
	state->power2 *= recipe->beta2;
	if (corrects) {
		rate /= 1 - state->power1;
		root = 1 / sqrt(1 - state->power2);
	}
	return (struct hb_rates){.rate = (float)rate,
				 .momentum = (float)recipe->momentum,
				 .beta1 = (float)recipe->beta1,
				 .beta2 = (float)beta2,
				 .rest1 = (float)(1 - recipe->beta1),
				 .rest2 = (float)(1 - beta2),
				 .root = (float)root,
				 .epsilon = (float)recipe->epsilon,
				 .keep = (float)keep,
				 .clip = 1};
}

void hb_update(const struct hb_plan *plan, const hebb_recipe *recipe, struct hb_rates rates,
	       float *w, float *g, float *m, float *s, int part, int parts)
{
	const struct hb_kernels *K = plan->kernels;
	enum hb_update kernel = hb_rule_of(recipe->rule)->kernel;

	for (int i = 0; i < plan->arrays; i++) {
		const struct hb_parameter *p = &plan->parameter[i];
		struct hb_stretch stretch = hb_stretch_of(p, part, parts);

		if (p->about.running || hb_is_frozen(plan, p))
			continue;
		if (rates.clip != 1)
			K->scale(stretch.count, rates.clip, g + stretch.offset);
		if (p->about.decays && recipe->weight_decay != 0)
			K->scale(stretch.count, rates.keep, w + stretch.offset);
		K->update[kernel](stretch.count, rates, w + stretch.offset, g + stretch.offset,
				  m ? m + stretch.offset : NULL, s ? s + stretch.offset : NULL);
	}
}

/* In 16 lanes, which are then added in order.  The product of two floats is exact in double. */
double hb_dot(size_t count, const float *a, const float *b)
{
	double lane[HB_LANES] = {0}, sum = 0;

	for (size_t i = 0; i < count; i += HB_LANES)
		for (int k = 0; k < HB_LANES; k++)
			lane[k] += (double)a[i + (size_t)k] * (double)b[i + (size_t)k];
	for (int k = 0; k < HB_LANES; k++)
		sum += lane[k];
	return sum;
}

void hb_squares(size_t block, const float *g, double squares[HB_SQUARES], int part, int parts)
{
	size_t lanes = block / HB_LANES;

	for (int i = HB_SQUARES * part / parts; i < HB_SQUARES * (part + 1) / parts; i++) {
		size_t first = lanes * (size_t)i / HB_SQUARES,
		       end = lanes * ((size_t)i + 1) / HB_SQUARES;

		squares[i] = hb_dot((end - first) * HB_LANES, g + first * HB_LANES,
				    g + first * HB_LANES);
	}
}
