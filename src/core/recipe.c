/* SPDX-License-Identifier: MIT */
/*
 * recipe.c - the defaults of a recipe, and everything that can be wrong with one
 */
#include <string.h>
#include "core.h"

void hebb_recipe_init(hebb_recipe *recipe, size_t size)
{
	const hebb_recipe all = {.size = size < sizeof all ? size : sizeof all,
				 .loss = HEBB_SQUARED,
				 .rule = HEBB_ADAM,
				 .rate = 0.001,
				 .momentum = 0.9,
				 .beta1 = 0.9,
				 .beta2 = 0.999,
				 .rho = 0.99,
				 .epsilon = 1e-8,
				 .epochs = 100,
				 .batch = 32,
				 .shuffle = 1,
				 .seed = 1,
				 .precision = HEBB_FLOAT32,
				 .decay = 0.1,
				 .schedule = HEBB_CONSTANT,
				 .stages = 3,
				 .plateau = 10,
				 .accumulate = 1,
				 .huber_delta = 1};

	memcpy(recipe, &all, all.size);
}

static const struct hb_name precisions[] = {
	{"f32", HEBB_FLOAT32}, {"bf16", HEBB_BFLOAT16}, {NULL, 0}};

const char *hebb_precision_name(hebb_precision precision)
{
	return hb_name_of(precisions, (int)precision);
}

hebb_precision hebb_precision_find(const char *name)
{
	return (hebb_precision)hb_value_of(precisions, name);
}

/* The range of each number of a recipe. */
static const struct range {
	const char *name;
	size_t at;
	int is_int, is_closed; /* whether `to` belongs to the range */
	double from, to;
} ranges[] = {
#define REAL(field, from, to) \
	{ \
#field, offsetof(hebb_recipe, field), 0, 0, from, to \
	}
#define INTEGER(field, from, to) \
	{ \
#field, offsetof(hebb_recipe, field), 1, 1, from, to \
	}
#define CLOSED(field, from, to) \
	{ \
#field, offsetof(hebb_recipe, field), 0, 1, from, to \
	}
	REAL(rate, 0, 1e30),
	REAL(momentum, 0, 1),
	REAL(beta1, 0, 1),
	REAL(beta2, 0, 1),
	REAL(rho, 0, 1),
	REAL(epsilon, 1e-37, 1e30),
	REAL(l2, 0, 1e30),
	REAL(weight_decay, 0, 1e30),
	REAL(huber_delta, 1e-30, 1e30),
	REAL(label_smoothing, 0, 1),
	INTEGER(epochs, 0, 2147483647),
	INTEGER(batch, 0, 2147483647),
	INTEGER(shuffle, 0, 1),
	INTEGER(patience, 0, 2147483647),
	INTEGER(threads, 0, 1024),
	REAL(warmup, 0, 1),
	REAL(decay, 1e-30, 1),
	INTEGER(stages, 1, 2147483647),
	INTEGER(plateau, 1, 2147483647),
	INTEGER(accumulate, 1, 2147483647),
	REAL(l1, 0, 1e30),
	REAL(clip, 0, 1e30),
	REAL(max_norm, 0, 1e30),
	CLOSED(average, 0, 1),
	REAL(average_from, 0, 1),
	REAL(seconds, 0, 1e30),
};

static hebb_status check_range(const hebb_recipe *recipe, const struct range *r, hebb_error *error)
{
	const void *field = (const char *)recipe + r->at;
	double value = r->is_int ? *(const int *)field : *(const double *)field;

	if (value >= r->from && (value < r->to || (r->is_closed && value == r->to)))
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_ARGUMENT,
			 "recipe.%s is %g; it must be at least %g and %s %g", r->name, value,
			 r->from, r->is_closed ? "at most" : "less than", r->to);
}

static hebb_status check_precision(const struct hb_kernels *K, hebb_precision precision,
				   hebb_error *error)
{
	if (!hebb_precision_name(precision))
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "recipe.precision %d is unknown",
				 (int)precision);
	if (precision == HEBB_BFLOAT16 && !K->bf16)
		return hebb_fail(error, HEBB_UNSUPPORTED,
				 "the kernels in use, %s, have no products of bf16 numbers; take "
				 "f32, or a CPU with AVX512_BF16 and no HEBB_KERNELS",
				 K->name);
	if (precision == HEBB_BFLOAT16 && !K->bf16->available())
		return hebb_fail(error, HEBB_UNSUPPORTED,
				 "this CPU has no products of bf16 numbers (AVX512_BF16), though "
				 "it has the kernels in use, %s; take f32",
				 K->name);
	return HEBB_OK;
}

static hebb_status check_frozen(const hebb_net *net, hebb_error *error)
{
	int frozen = 0;

	for (int l = 0; l < net->plan->L; l++) {
		if (hb_parameter(&net->plan->step[l], 0, 0) && !net->plan->step[l].layer.frozen)
			return HEBB_OK;
		frozen |= net->plan->step[l].layer.frozen;
	}
	if (!frozen)
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_ARGUMENT,
			 "every layer with parameters is frozen, so that nothing would learn; "
			 "leave at least the last one as it is");
}

/* Fields that are right by themselves and not together. */
static hebb_status check_combinations(const hebb_net *net, const hebb_recipe *recipe,
				      hebb_error *error)
{
	for (int l = 0; l < net->plan->L; l++) {
		const struct hb_kind *kind = net->plan->step[l].kind;
		int batched = kind->before_forward && !net->plan->step[l].layer.frozen;

		if (recipe->rule == HEBB_LBFGS && (kind->rests || batched))
			return hebb_fail(error, HEBB_BAD_ARGUMENT,
					 "lbfgs compares costs of the whole network, so %s "
					 "(layer %d) is not for it",
					 kind->name, l + 1);
		if (recipe->batch == 1 && batched)
			return hebb_fail(
				error, HEBB_BAD_ARGUMENT,
				"recipe.batch is 1, but batch-norm (layer %d) takes the "
				"variance of the rows of a batch; set it to 16 or more, or "
				"take layer-norm",
				l + 1);
	}
	if (recipe->rule == HEBB_LBFGS &&
	    (recipe->schedule != HEBB_CONSTANT || recipe->warmup > 0 || recipe->l1 > 0 ||
	     recipe->weight_decay > 0 || recipe->clip > 0 || recipe->max_norm > 0 ||
	     recipe->average > 0))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "lbfgs searches along its direction for a lower cost, so the "
				 "recipe's schedule, warmup, l1, weight_decay, clip, max_norm and "
				 "average are not for it; l2 is");
	if (recipe->rule == HEBB_RPROP &&
	    (recipe->schedule != HEBB_CONSTANT || recipe->warmup > 0 || recipe->clip > 0))
		return hebb_fail(
			error, HEBB_BAD_ARGUMENT,
			"rprop finds a step for each weight from the signs of the gradient "
			"alone, so recipe.schedule, warmup and clip are not for it");
	if (recipe->warmup > 0 && recipe->schedule == HEBB_ONE_CYCLE)
		return hebb_fail(
			error, HEBB_BAD_ARGUMENT,
			"recipe.warmup is %g, but the one-cycle schedule has a warm-up of its "
			"own; set it to 0",
			recipe->warmup);
	return HEBB_OK;
}

hebb_status hb_recipe_check(const hebb_net *net, const hebb_recipe *recipe, hebb_error *error)
{
	const hebb_layer *output = &net->plan->step[net->plan->L - 1].layer;

	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (check_range(recipe, &ranges[i], error))
			return HEBB_BAD_ARGUMENT;
	if (!hebb_loss_name(recipe->loss))
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "recipe.loss %d is unknown",
				 (int)recipe->loss);
	if (!hebb_rule_name(recipe->rule))
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "recipe.rule %d is unknown",
				 (int)recipe->rule);
	if (!hebb_schedule_name(recipe->schedule))
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "recipe.schedule %d is unknown",
				 (int)recipe->schedule);
	if (check_combinations(net, recipe, error) || check_frozen(net, error))
		return HEBB_BAD_ARGUMENT;
	if (hb_loss_check(recipe->loss, output, net->plan->outputs, error))
		return HEBB_BAD_SHAPE;
	if (recipe->label_smoothing > 0 && recipe->loss != HEBB_CROSS_ENTROPY)
		return hebb_fail(
			error, HEBB_BAD_SHAPE,
			"recipe.label_smoothing moves probabilities towards each other and "
			"wants cross-entropy, not %s; leave it 0",
			hebb_loss_name(recipe->loss));
	return check_precision(net->plan->kernels, recipe->precision, error);
}

hebb_status hb_recipe_complete(const hebb_recipe *given, hebb_recipe *recipe, hebb_error *error)
{
	*recipe = hebb_recipe_default();
	if (!given)
		return hb_missing("the recipe", error);
	if (given->size < offsetof(hebb_recipe, rate) || given->size > sizeof *recipe)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "recipe.size is %zu; begin with hebb_recipe_default() of the "
				 "library that is linked",
				 given->size);
	memcpy(recipe, given, given->size);
	recipe->size = sizeof *recipe;
	return HEBB_OK;
}
