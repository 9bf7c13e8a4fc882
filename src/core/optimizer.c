/* SPDX-License-Identifier: MIT */
/*
 * optimizer.c - the update rules
 *
 * The formulas stand beside hebb_rule in hebb.h, the arithmetic in kernel/kernels.inc.  Here: which rule remembers what, the
 * scalars of update t, computed in double and rounded once, and the walk over the parameters of a block.
 */
#include <math.h>
#include "core.h"

static const struct hb_name names[] = {{"sgd", HEBB_SGD},           {"momentum", HEBB_MOMENTUM},
				       {"nesterov", HEBB_NESTEROV}, {"rmsprop", HEBB_RMSPROP},
				       {"adam", HEBB_ADAM},         {"adamw", HEBB_ADAMW},
				       {"rprop", HEBB_RPROP},       {"lion", HEBB_LION},
				       {"lbfgs", HEBB_LBFGS},       {NULL, 0}};

const char *hebb_rule_name(hebb_rule rule)
{
	return hb_name_of(names, (int)rule);
}

hebb_rule hebb_rule_find(const char *name)
{
	return (hebb_rule)hb_value_of(names, name);
}

struct hb_blocks hb_rule_blocks(hebb_rule rule)
{
	switch (rule) {
	case HEBB_SGD:
		return (struct hb_blocks){0, 0};
	case HEBB_ADAM:
	case HEBB_ADAMW:
	case HEBB_RPROP:
		return (struct hb_blocks){1, 1};
	case HEBB_LBFGS: /* pairs, the direction, the start and its gradient */
		return (struct hb_blocks){2 * HB_PAIRS + 3, 0};
	case HEBB_MOMENTUM:
	case HEBB_NESTEROV:
	case HEBB_RMSPROP:
	case HEBB_LION:
		break;
	}
	return (struct hb_blocks){1, 0};
}

struct hb_rates hb_rule_next(const hebb_recipe *recipe, double rate, struct hb_state *state)
{
	int adam = recipe->rule == HEBB_ADAM || recipe->rule == HEBB_ADAMW;
	double keep = 1 - rate * recipe->weight_decay, beta2 = adam ? recipe->beta2 : recipe->rho,
	       root = 1;

	if (state->updates++ == 0)
		state->power1 = state->power2 = 1;
	state->power1 *= recipe->beta1;
	state->power2 *= recipe->beta2;
	if (adam) {
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

static void update_stretch(const struct hb_kernels *K, hebb_rule rule, size_t count,
			   struct hb_rates r, float *w, const float *g, float *m, float *s)
{
	switch (rule) {
	case HEBB_SGD:
		K->sgd(count, r, w, g);
		break;
	case HEBB_MOMENTUM:
		K->momentum(count, r, w, g, m);
		break;
	case HEBB_NESTEROV:
		K->nesterov(count, r, w, g, m);
		break;
	case HEBB_RMSPROP:
		K->rmsprop(count, r, w, g, m);
		break;
	case HEBB_ADAM:
	case HEBB_ADAMW:
		K->adam(count, r, w, g, m, s);
		break;
	case HEBB_RPROP:
		K->rprop(count, r, w, g, m, s);
		break;
	case HEBB_LION:
		K->lion(count, r, w, g, m);
		break;
	case HEBB_LBFGS: /* lbfgs.c */
		break;
	}
}

void hb_update(const struct hb_plan *plan, const hebb_recipe *recipe, struct hb_rates rates,
	       float *w, float *g, float *m, float *s, int part, int parts)
{
	const struct hb_kernels *K = plan->kernels;

	for (int i = 0; i < plan->arrays; i++) {
		const struct hb_parameter *p = &plan->parameter[i];
		struct hb_stretch on = hb_stretch_of(p, part, parts);

		if (p->is.running || hb_is_frozen(plan, p))
			continue;
		if (rates.clip != 1)
			K->scale(on.count, rates.clip, g + on.at);
		if (p->is.decays && recipe->weight_decay != 0)
			K->scale(on.count, rates.keep, w + on.at);
		update_stretch(K, recipe->rule, on.count, rates, w + on.at, g + on.at,
			       m ? m + on.at : NULL, s ? s + on.at : NULL);
	}
}

/* In 16 lanes that are added up in their order.  The product of two floats is exact in double. */
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
		size_t from = lanes * (size_t)i / HB_SQUARES,
		       behind = lanes * ((size_t)i + 1) / HB_SQUARES;

		squares[i] = hb_dot((behind - from) * HB_LANES, g + from * HB_LANES,
				    g + from * HB_LANES);
	}
}
