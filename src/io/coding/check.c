/* SPDX-License-Identifier: MIT */
/*
 * check.c - the checks of a coding that was read from a file
 */
#include "../model/description.h"
#include "encode.h"
#include "transform.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int all_finite(const float *values, int count)
{
	for (int i = 0; i < count; i++)
		if (!isfinite(values[i]))
			return 0;
	return 1;
}

/* The same of doubles, which may be absent. */
static int all_double_finite(const double *values, int count)
{
	for (int i = 0; i < count && values; i++)
		if (!isfinite(values[i]))
			return 0;
	return 1;
}

static int are_indicators(const hebb_coding *coding)
{
	int last = -1;

	if (coding->indicator_count < 0 || (coding->indicator_count > 0) != !!coding->indicator)
		return 0;
	for (int i = 0; i < coding->indicator_count; i++) {
		if (coding->indicator[i] <= last || coding->indicator[i] >= coding->input_count)
			return 0;
		last = coding->indicator[i];
	}
	return 1;
}

/* 1 if they are 0 or 1 in the network: hb_code_side() does not scale them. */
static int are_indicators_plain(const hebb_coding *coding)
{
	for (int i = coding->width - coding->indicator_count; i < coding->width; i++)
		if (coding->mean[i] != 0 || coding->scale[i] != 1 ||
		    (coding->exact_mean && coding->exact_mean[i] != 0))
			return 0;
	return 1;
}

static int are_forms(const hebb_form *form, int count)
{
	for (int i = 0; i < count && form; i++)
		if (!hebb_form_name(form[i]))
			return 0;
	return 1;
}

/* 1 if no level of a column is there twice, 0 if one is, -1 without memory.  Most are sorted;
 * classes that are numbers are not. */
static int all_different(const hebb_column *column)
{
	char *const *text = column->levels;
	int count = column->level_count, sorted = 1;

	while (sorted < count && strcmp(text[sorted - 1], text[sorted]) < 0)
		sorted++;
	if (sorted == count)
		return 1;
	int *order = malloc(2 * (size_t)count * sizeof *order), different = 1;
	if (!order)
		return -1;
	for (int i = 0; i < count; i++)
		order[i] = i;
	hb_sort_texts(text, count, order, order + count);
	for (int i = 1; i < count && different; i++)
		different = strcmp(text[order[i - 1]], text[order[i]]) != 0;
	free(order);
	return different;
}

static const char no_memory[] = "is too large for the memory";

/* NULL, or what is wrong with a column of a table of `columns`. */
static const char *flaw(const hebb_column *column, int at, int columns)
{
	if (at < 0 || at >= columns)
		return "is outside the table";
	if (column->kind == HEBB_NUMBER)
		return NULL;
	if (column->kind != HEBB_TEXT || column->level_count < 1)
		return "has no values";
	int different = all_different(column);
	return different < 0 ? no_memory : different ? NULL : "has a value twice";
}

static hebb_status check_columns(const char *what, int count, const hebb_column *columns,
				 const int *at, int total, hebb_status bad, const char *name,
				 hebb_error *error)
{
	for (int i = 0; i < count; i++) {
		const char *found = flaw(&columns[i], at[i], total);
		if (found == no_memory)
			return hb_out_of_memory(error);
		if (found)
			return hebb_fail(error, bad, "%s: %s %d %s", name, what, i + 1, found);
	}
	return HEBB_OK;
}

hebb_status hb_columns_check(const hebb_coding *coding, hebb_status bad, const char *name,
			     hebb_error *error)
{
	hebb_status status = check_columns("input", coding->input_count, coding->inputs,
					   coding->input_at, coding->columns, bad, name, error);
	if (!status)
		status = check_columns("target", coding->target_count, coding->targets,
				       coding->target_at, coding->columns, bad, name, error);
	return status;
}

/* NULL, or what is wrong with the targets of a coding. */
static const char *target_contradiction(const hebb_coding *coding, int outputs)
{
	const hebb_column *target = coding->targets;

	if (coding->task == HEBB_CLASSIFICATION)
		return coding->target_count != 1 || target->kind != HEBB_TEXT || outputs < 2 ||
				       target->level_count != outputs || coding->exact_target_mean
			       ? "the classes do not fit the outputs of the network"
			       : NULL;
	if (coding->target_count != outputs)
		return "the targets do not fit the outputs of the network";
	for (int i = 0; i < outputs; i++, target++) {
		if (coding->task == HEBB_REGRESSION && target->kind != HEBB_NUMBER)
			return "a target of a regression is text";
		if (coding->task == HEBB_LABELS &&
		    (target->kind != HEBB_TEXT || target->level_count != 2))
			return "a label does not have two values";
	}
	return NULL;
}

/* NULL, or what is wrong with the sizes and numbers of a coding. */
static const char *contradiction(const hebb_coding *coding, int inputs, int outputs)
{
	const char *of_targets, *of_encoding = hb_encoding_flaw(coding);
	long long width = 0, pixels = (long long)coding->height * coding->width_of_image;

	if (coding->task == HEBB_TASK_AUTO || !hebb_task_name(coding->task))
		return "the task is none of classification, regression and labels";
	if (!hebb_missing_name(coding->missing))
		return "what is to be done with missing values is not said";
	if (of_encoding)
		return of_encoding;
	for (int i = 0; i < coding->input_count; i++)
		width += hb_input_width(coding, i);
	if (!are_indicators(coding))
		return "the inputs that say whether a value is missing do not fit the columns";
	width += coding->indicator_count;
	if (width != coding->width || coding->width != inputs)
		return "the columns do not fit the inputs of the network";
	if (coding->outputs != outputs)
		return "the targets do not fit the outputs of the network";
	if (!coding->exact_mean != !coding->exact_fill)
		return "exact means and exact fill values do not go together";
	if (!are_forms(coding->form, coding->input_count) ||
	    !are_forms(coding->target_form, coding->target_count))
		return "how the numbers of a column are written is not said";
	if (coding->height < 0 || coding->width_of_image < 0 || pixels > coding->columns ||
	    (coding->height > 0) != (coding->width_of_image > 0))
		return "the size of the images does not fit the columns";
	of_targets = target_contradiction(coding, outputs);
	if (!of_targets)
		of_targets = hb_transform_flaw(coding);
	if (of_targets)
		return of_targets;
	if (!all_finite(coding->mean, coding->width) || !all_finite(coding->scale, coding->width) ||
	    !all_finite(coding->fill, coding->width) || !all_finite(coding->target_mean, outputs) ||
	    !all_finite(coding->target_sd, outputs) ||
	    !all_double_finite(coding->exact_mean, coding->width) ||
	    !all_double_finite(coding->exact_fill, coding->width) ||
	    !all_double_finite(coding->exact_target_mean, outputs))
		return "a mean, a scale or a fill value is not finite";
	if (!are_indicators_plain(coding))
		return "an input that says whether a value is missing is scaled";
	return NULL;
}

hebb_status hb_edges_check(const hebb_coding *coding, hebb_status bad, const char *name,
			   hebb_error *error)
{
	const char *what = hb_edges_flaw(coding);

	what = what ? what : hb_quantiles_flaw(coding);
	return what ? hebb_fail(error, bad, "%s: %s", name, what) : HEBB_OK;
}

hebb_status hb_coding_check(const hebb_coding *coding, int inputs, int outputs, hebb_status bad,
			    const char *name, hebb_error *error)
{
	const char *what = contradiction(coding, inputs, outputs);

	if (!what && coding->seen)
		what = hb_seen_flaw(coding);
	return what ? hebb_fail(error, bad, "%s: %s", name, what) : HEBB_OK;
}
