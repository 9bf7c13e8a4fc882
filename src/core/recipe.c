/* SPDX-License-Identifier: MIT */
/*
 * recipe.c - the fields of a recipe, each with its default and range, and the checks of a recipe
 */
#include <string.h>
#include "core.h"

static const struct hb_row precisions[] = {
	[HEBB_FLOAT32] = {"f32", "float32"},
	[HEBB_BFLOAT16] = {"bf16", "W, h and d are rounded to bfloat16 (8 significant bits, "
				   "the range of float32) in the products W h, d W and d h^T"},
};

HB_NAMES(precision, precisions)

/* ---- The fields ---------------------------------------------------------------------------------
 */

#define TEXT_OF(type) \
	static const char *type##_text(int value) \
	{ \
		return hebb_##type##_name((hebb_##type)value); \
	}
TEXT_OF(rule)
TEXT_OF(precision)
TEXT_OF(schedule)

static const char *loss_text(int value)
{
	return value == HEBB_LOSS_CUSTOM ? "custom" : hebb_loss_name((hebb_loss)value);
}

/* A checkpoint continues with any value of the field, or only with the same one. */
enum { ANY_VALUE, SAME };
enum { AT_MOST, BELOW };

#define MOST_INT 2147483647

/* clang-format off */
#define FIELD(field, type) \
	sizeof(hebb_field), #field, HEBB_FIELD_##type, offsetof(hebb_recipe, field), \
	sizeof((hebb_recipe *)0)->field
#define REAL(field, standard, least, end, most, resumes) \
	{FIELD(field, REAL), standard, least, most, end, resumes, NULL}
#define INT(field, standard, least, most, resumes) \
	{FIELD(field, INT), standard, least, most, AT_MOST, resumes, NULL}
#define NAME(field, standard) {FIELD(field, NAME), standard, 0, 0, AT_MOST, SAME, field##_text}
#define OTHER(field) {FIELD(field, OTHER), 0, 0, 0, AT_MOST, ANY_VALUE, NULL}

/* The order is that of checkpoints and must not change; a new field comes last. */
static const hebb_field fields[] = {
	OTHER(size),
	NAME(loss, HEBB_SQUARED),
	NAME(rule, HEBB_ADAM),
	REAL(rate, 0.001, 0, BELOW, 1e30, SAME),
	REAL(momentum, 0.9, 0, BELOW, 1, SAME),
	REAL(beta1, 0.9, 0, BELOW, 1, SAME),
	REAL(beta2, 0.999, 0, BELOW, 1, SAME),
	REAL(rho, 0.99, 0, BELOW, 1, SAME),
	REAL(epsilon, 1e-8, 1e-37, BELOW, 1e30, SAME),
	REAL(l1, 0, 0, BELOW, 1e30, SAME),
	REAL(l2, 0, 0, BELOW, 1e30, SAME),
	REAL(weight_decay, 0, 0, BELOW, 1e30, SAME),
	INT(epochs, 100, 0, MOST_INT, ANY_VALUE),
	INT(batch, 32, 0, MOST_INT, SAME),
	INT(shuffle, 1, 0, 1, SAME),
	INT(patience, 0, 0, MOST_INT, SAME),
	INT(threads, 0, 0, HEBB_MAX_THREADS, ANY_VALUE),
	{FIELD(seed, SEED), 1, 0, 0, AT_MOST, SAME, NULL},
	OTHER(progress),
	OTHER(self),
	NAME(precision, HEBB_FLOAT32),
	REAL(warmup, 0, 0, BELOW, 1, SAME),
	REAL(decay, 0.1, 1e-30, BELOW, 1, SAME),
	NAME(schedule, HEBB_CONSTANT),
	INT(stages, 3, 1, MOST_INT, SAME),
	INT(plateau, 10, 1, MOST_INT, SAME),
	INT(accumulate, 1, 1, MOST_INT, SAME),
	REAL(clip, 0, 0, BELOW, 1e30, SAME),
	REAL(max_norm, 0, 0, BELOW, 1e30, SAME),
	REAL(average, 0, 0, AT_MOST, 1, SAME),
	REAL(average_from, 0, 0, BELOW, 1, SAME),
	REAL(seconds, 0, 0, BELOW, 1e30, ANY_VALUE),
	REAL(huber_delta, 1, 1e-30, BELOW, 1e30, SAME),
	REAL(label_smoothing, 0, 0, BELOW, 1, SAME),
	OTHER(loss_function),
	OTHER(reduce),
	INT(gaps, 0, 0, 1, SAME),
};
/* clang-format on */

enum { FIELDS = sizeof fields / sizeof *fields };

const hebb_field *hebb_recipe_field(int i)
{
	return i >= 0 && i < FIELDS ? &fields[i] : NULL;
}

static void set_default(hebb_recipe *recipe, const hebb_field *f)
{
	void *place = (char *)recipe + f->at;
	uint64_t seed = (uint64_t)f->standard;
	int value = (int)f->standard;

	if (f->type == HEBB_FIELD_REAL)
		memcpy(place, &f->standard, f->bytes);
	else if (f->type == HEBB_FIELD_SEED)
		memcpy(place, &seed, f->bytes);
	else if (f->type != HEBB_FIELD_OTHER)
		memcpy(place, &value, f->bytes);
}

void hebb_recipe_init(hebb_recipe *recipe, size_t size)
{
	hebb_recipe complete;

	memset(&complete, 0, sizeof complete);
	complete.size = sizeof complete;
	for (int i = 0; i < FIELDS; i++)
		set_default(&complete, &fields[i]);
	hebb_sized_fill(recipe, size, &complete);
}

static hebb_status check_field(const hebb_recipe *recipe, const hebb_field *f, hebb_error *error)
{
	const void *place = (const char *)recipe + f->at;
	double value = 0;
	int whole = 0;

	if (f->type == HEBB_FIELD_OTHER || f->type == HEBB_FIELD_SEED)
		return HEBB_OK;
	if (f->type == HEBB_FIELD_REAL)
		memcpy(&value, place, f->bytes);
	else
		memcpy(&whole, place, f->bytes);
	if (f->type == HEBB_FIELD_NAME)
		return f->text(whole) ? HEBB_OK
				      : hebb_fail(error, HEBB_BAD_ARGUMENT,
						  "recipe.%s %d is unknown", f->name, whole);
	if (f->type == HEBB_FIELD_INT)
		value = whole;
	if (value >= f->least && (value < f->most || (!f->below && value == f->most)))
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_ARGUMENT,
			 "recipe.%s is %g; it must be at least %g and %s %g", f->name, value,
			 f->least, f->below ? "less than" : "at most", f->most);
}

/* ---- The whole recipe ------------------------------------------------------------------------ */

static hebb_status check_precision(const struct hb_kernels *K, hebb_precision precision,
				   hebb_error *error)
{
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
			 "every layer with parameters is frozen, so nothing would learn; "
			 "leave at least one unfrozen");
}

/* Checks fields that are valid by themselves but not together. */
static hebb_status check_combinations(const hebb_net *net, const hebb_recipe *recipe,
				      hebb_error *error)
{
	for (int l = 0; l < net->plan->L; l++) {
		const struct hb_kind *kind = net->plan->step[l].kind;
		int batched = kind->before_forward && !net->plan->step[l].layer.frozen;

		if (recipe->rule == HEBB_LBFGS && (kind->rests || batched))
			return hebb_fail(error, HEBB_BAD_ARGUMENT,
					 "lbfgs compares costs of the whole network, so %s "
					 "(layer %d) cannot be used",
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
				 "recipe's schedule, warmup, l1, weight_decay, clip, max_norm "
				 "and average cannot be used; l2 can");
	if (recipe->rule == HEBB_RPROP &&
	    (recipe->schedule != HEBB_CONSTANT || recipe->warmup > 0 || recipe->clip > 0))
		return hebb_fail(
			error, HEBB_BAD_ARGUMENT,
			"rprop finds a step for each weight from the signs of the gradient "
			"alone, so recipe.schedule, warmup and clip cannot be used");
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

	for (int i = 0; i < FIELDS; i++)
		if (check_field(recipe, &fields[i], error))
			return HEBB_BAD_ARGUMENT;
	if (hb_loss_exists(recipe, error))
		return HEBB_BAD_ARGUMENT;
	if (check_combinations(net, recipe, error) || check_frozen(net, error))
		return HEBB_BAD_ARGUMENT;
	if (recipe->loss != HEBB_LOSS_CUSTOM &&
	    hb_loss_check(recipe->loss, output, net->plan->outputs, error))
		return HEBB_BAD_SHAPE;
	if (recipe->label_smoothing > 0 && recipe->loss != HEBB_CROSS_ENTROPY)
		return hebb_fail(
			error, HEBB_BAD_SHAPE,
			"recipe.label_smoothing moves probabilities towards each other and needs "
			"cross-entropy, not %s; leave it 0",
			recipe->loss == HEBB_LOSS_CUSTOM ? recipe->loss_function->name
							 : hebb_loss_name(recipe->loss));
	if (recipe->gaps && !hb_may_have_gaps(recipe->loss, output->activation))
		return hebb_fail(
			error, HEBB_BAD_SHAPE,
			"recipe.gaps is 1, but the targets of %s belong together; leave it 0, "
			"or take sigmoid outputs, of which each is a label of its own",
			recipe->loss == HEBB_LOSS_CUSTOM ? recipe->loss_function->name
							 : "a softmax");
	return check_precision(net->plan->kernels, recipe->precision, error);
}

hebb_status hb_recipe_complete(const hebb_recipe *given, hebb_recipe *recipe, hebb_error *error)
{
	*recipe = hebb_recipe_default();
	if (!given)
		return hb_missing("the recipe", error);
	return hebb_sized_copy(recipe, sizeof *recipe, given, "the recipe", "hebb_recipe_default()",
			       error);
}
