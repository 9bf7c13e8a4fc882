/* SPDX-License-Identifier: MIT */
/*
 * effort_recipes.c - which settings an effort may choose, which recipes suit a study, and what a
 * recipe makes of it
 */
#include <math.h>

#include "effort.h"

/* ---- What is open ---- */

/* Whether the targets may be transformed: they are numbers that nothing wants as they are. */
static int has_open_target(const hebb_study *given, hebb_task task)
{
	return task == HEBB_REGRESSION && !given->target_transform && !hb_wants_counts(given) &&
	       given->scaling != HEBB_SCALING_NONE;
}

int hb_effort_open(const hebb_study *given, hebb_task task)
{
	return (given->scaling || given->bins ? 0 : HB_OPEN_SCALING) |
	       (given->hidden < 0 ? HB_OPEN_LAYERS : 0) |
	       (isnan(given->weight_decay) ? HB_OPEN_DECAY : 0) |
	       (isnan(given->dropout) ? HB_OPEN_DROPOUT : 0) |
	       (given->epochs < 0 ? HB_OPEN_EPOCHS : 0) | (isnan(given->rate) ? HB_OPEN_RATE : 0) |
	       (given->activation ? 0 : HB_OPEN_ACTIVATION) |
	       (isnan(given->label_smoothing) ? HB_OPEN_SMOOTHING : 0) |
	       (isnan(given->l1) && isnan(given->l2) && isnan(given->weight_decay) ? HB_OPEN_L1
										   : 0) |
	       (has_open_target(given, task) ? HB_OPEN_TARGET : 0) |
	       (given->members > 0 ? 0 : HB_OPEN_MEMBERS);
}

static int is_open(const hebb_study *study, int setting, int changes)
{
	return changes && (study->open & setting);
}

/* ---- Recipes ---- */

/* To nine decimals, so that a record in text gives the same number. */
static double times(double value, double factor)
{
	return round(1e9 * value * factor) / 1e9;
}

/* About the inputs with another scaling of a study whose numbers have HEBB_BINS bins each. */
static int inputs_with(const hebb_study *study, const struct hb_recipe *is)
{
	int each = is->scaling == HEBB_SCALING_PIECEWISE  ? is->bins
		   : is->scaling == HEBB_SCALING_PERIODIC ? 2 * HEBB_WAVES
							  : HEBB_BINS;

	return (int)((long long)study->inputs * each / HEBB_BINS);
}

/* Whether it encodes numbers that the defaults do not encode: a table is too wide for it, or it
 * holds counts. */
static int is_too_wide(const struct hb_recipe *is, const hebb_study *study)
{
	return is->scaling > HEBB_SCALING_NONE && study->scaling != HEBB_SCALING_PIECEWISE;
}

void hb_recipe_apply(const struct hb_recipe *is, long long rows, hebb_study *study)
{
	if (is_open(study, HB_OPEN_L1, is->l1 > 0)) {
		study->l1 = times(is->l1, 1 / (double)rows);
		study->weight_decay = 0;
	}
	if (is_open(study, HB_OPEN_SCALING, is->scaling != 0)) {
		study->inputs = inputs_with(study, is);
		study->scaling = is->scaling;
		study->bins = is->bins;
	}
	if (is_open(study, HB_OPEN_LAYERS, is->layers > 0))
		study->hidden = is->layers;
	for (int l = 0; l < study->hidden && is_open(study, HB_OPEN_LAYERS, is->width > 0); l++)
		study->units[l] = (int)(study->units[l] * is->width);
	if (is_open(study, HB_OPEN_DECAY, is->decay > 0))
		study->weight_decay = times(study->weight_decay, is->decay);
	if (is_open(study, HB_OPEN_DROPOUT, is->dropout != 0))
		study->dropout = is->dropout > 0 ? is->dropout : 0;
	if (is_open(study, HB_OPEN_EPOCHS, is->epochs > 0))
		study->epochs = (int)fmax(round(study->epochs * is->epochs), 1);
	if (is_open(study, HB_OPEN_RATE, is->rate > 0))
		study->rate = times(study->rate, is->rate);
	if (is_open(study, HB_OPEN_ACTIVATION, is->activation != 0))
		study->activation = is->activation;
	if (is_open(study, HB_OPEN_SMOOTHING, is->smoothing > 0) &&
	    study->loss == HEBB_CROSS_ENTROPY)
		study->label_smoothing = is->smoothing;
	if (is_open(study, HB_OPEN_TARGET, is->transform != 0))
		study->target_transform = is->transform;
}

int hb_recipes_agree(const hebb_study *a, const hebb_study *b)
{
	return a->scaling == b->scaling && a->bins == b->bins && a->hidden == b->hidden &&
	       a->units[0] == b->units[0] && a->units[1] == b->units[1] &&
	       a->weight_decay == b->weight_decay && a->dropout == b->dropout &&
	       a->epochs == b->epochs && a->rate == b->rate && a->activation == b->activation &&
	       a->label_smoothing == b->label_smoothing && a->l1 == b->l1 &&
	       a->target_transform == b->target_transform;
}

/* ---- Which suit a study ---- */

static int task_of(const hebb_study *study, int is_image)
{
	return is_image                               ? HB_FOR_IMAGES
	       : study->found_task == HEBB_REGRESSION ? HB_FOR_NUMBERS
						      : HB_FOR_CLASSES;
}

int hb_recipe_suits(const struct hb_recipe *is, const hebb_study *base, long long rows,
		    int are_skewed)
{
	int effort = base->effort ? (int)base->effort : HEBB_EFFORT_QUICK;
	int tasks = task_of(base, base->found_images);

	if (rows <= HB_ROWS_BY_HEART && !base->found_images)
		tasks |= HB_FOR_FEW_ROWS;
	if (effort <= HEBB_EFFORT_QUICK)
		tasks &= HB_FOR_FEW_ROWS;
	if (is == hb_recipes) /* the defaults */
		return 1;
	return (is->tasks & tasks) && !is_too_wide(is, base) && (int)is->least <= effort &&
	       (is->transform != HEBB_TARGET_LOG || are_skewed);
}
