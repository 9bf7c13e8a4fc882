/* SPDX-License-Identifier: MIT */
/*
 * coding.c - from the columns of a table to the numbers of a network, and back
 *
 * A number becomes (raw - mean) * scale, in float32 and in this order, as in the graph of a model
 * file. A text becomes one-hot. Means and deviations are summed in double. If float32 is not enough
 * for an input (exact.c), the raw values and means of all inputs are doubles, and only the
 * difference is rounded; of a target, its mean is a double. What a number becomes beyond that, or
 * how several inputs are made of it, is in encode.h.
 */
#include "coding.h"

#include <stdlib.h>

void hebb_coding_options_init(hebb_coding_options *options, size_t size)
{
	const hebb_coding_options all = {.size = sizeof all,
					 .task = HEBB_TASK_AUTO,
					 .missing = HEBB_MISSING_INDICATOR,
					 .scaling = HEBB_SCALING_STANDARD,
					 .pixels_alike = 1,
					 .keep_seen = 1,
					 .bins = HEBB_BINS,
					 .seed = 1,
					 .threads = 0};

	hebb_sized_fill(options, size, &all);
}

/* ---- Which columns are inputs and targets ---- */

static hebb_status check_options(const struct hb_fit *fit)
{
	const hebb_coding_options *o = &fit->options;

	if (!hebb_task_name(o->task))
		return hebb_fail(fit->error, HEBB_BAD_ARGUMENT, "%d is not a hebb_task",
				 (int)o->task);
	if (!hebb_missing_name(o->missing))
		return hebb_fail(fit->error, HEBB_BAD_ARGUMENT, "%d is not a hebb_missing",
				 (int)o->missing);
	if (!hebb_scaling_name(o->scaling))
		return hebb_fail(fit->error, HEBB_BAD_ARGUMENT, "%d is not a hebb_scaling",
				 (int)o->scaling);
	if (o->target_transform && !hebb_target_transform_name(o->target_transform))
		return hebb_fail(fit->error, HEBB_BAD_ARGUMENT, "%d is not a hebb_target_transform",
				 (int)o->target_transform);
	if (o->bins < 2 || o->bins > HEBB_BINS_MOST)
		return hebb_fail(fit->error, HEBB_BAD_ARGUMENT,
				 "%d bins are not possible; there are 2 to %d", o->bins,
				 HEBB_BINS_MOST);
	if (o->target_count < 0 || (o->target_count > 0 && !o->targets))
		return hebb_fail(fit->error, HEBB_BAD_ARGUMENT, "%d targets are not possible",
				 o->target_count);
	if (o->input_count < 0 || (o->input_count > 0 && !o->inputs))
		return hebb_fail(fit->error, HEBB_BAD_ARGUMENT, "%d inputs are not possible",
				 o->input_count);
	return HEBB_OK;
}

/* Marks the targets. */
static hebb_status mark_targets(struct hb_fit *fit)
{
	const hebb_table *table = fit->table;
	int last = table->columns - 1, given = fit->options.target_count;
	const int *targets = given ? fit->options.targets : &last;

	fit->coding->target_count = given ? given : 1;
	for (int i = 0; i < fit->coding->target_count; i++) {
		int column = targets[i];
		char shown[HB_SHOWN];

		if (column < 0 || column >= table->columns)
			return hebb_fail(
				fit->error, HEBB_BAD_ARGUMENT,
				"%s: has %s, none of number %d to be a target", table->name,
				hebb_show_count(table->columns, "column").text, column + 1);
		if (fit->is_target[column])
			return hebb_fail(fit->error, HEBB_BAD_ARGUMENT,
					 "%s: column \"%s\" is named twice as a target",
					 table->name, hb_show(table->column[column].name, shown));
		fit->is_target[column] = 1;
	}
	return HEBB_OK;
}

/* Marks one of the inputs that the options name. */
static hebb_status mark_input(struct hb_fit *fit, int column)
{
	const hebb_table *table = fit->table;
	char shown[HB_SHOWN];

	if (column < 0 || column >= table->columns)
		return hebb_fail(fit->error, HEBB_BAD_ARGUMENT,
				 "%s: has %s, none of number %d to be an input", table->name,
				 hebb_show_count(table->columns, "column").text, column + 1);
	if (fit->is_target[column] || fit->is_input[column])
		return hebb_fail(fit->error, HEBB_BAD_ARGUMENT, "%s: column \"%s\" is named %s",
				 table->name, hb_show(table->column[column].name, shown),
				 fit->is_target[column] ? "as a target and as an input"
							: "twice as an input");
	fit->is_input[column] = 1;
	return HEBB_OK;
}

/* Marks the inputs. */
static hebb_status mark_inputs(struct hb_fit *fit)
{
	const hebb_table *table = fit->table;
	int given = fit->options.input_count;
	hebb_status status = HEBB_OK;

	for (int i = 0; i < given && !status; i++)
		status = mark_input(fit, fit->options.inputs[i]);
	for (int c = 0; c < table->columns && given == 0; c++)
		fit->is_input[c] = !fit->is_target[c];
	fit->coding->input_count = given ? given : table->columns - fit->coding->target_count;
	if (status || fit->coding->input_count > 0)
		return status;
	return hebb_fail(
		fit->error, HEBB_BAD_ARGUMENT, "%s: no column is left to be an input; %s",
		table->name,
		table->columns > 1 ? "name fewer targets"
		: table->line
			? "it has only one (commas, semicolons, tabs, bars or blanks separate "
			  "columns; --separator names another)"
			: "it has only one");
}

hebb_form *hb_forms_unless_plain(hebb_form *form, int count)
{
	for (int i = 0; i < count; i++)
		if (form[i] != HEBB_FORM_PLAIN)
			return form;
	free(form);
	return NULL;
}

/* Keeps how the numbers of columns are written, if any are not plain. */
static hebb_status copy_forms(struct hb_fit *fit, int count, const int *at, hebb_form **forms)
{
	hebb_form *form = malloc((size_t)count * sizeof *form);

	if (!form)
		return hb_out_of_memory(fit->error);
	for (int i = 0; i < count; i++) {
		const hebb_column_detail *detail = hb_detail(fit->table, at[i]);

		form[i] = detail && detail->form ? detail->form : HEBB_FORM_PLAIN;
	}
	*forms = hb_forms_unless_plain(form, count);
	return HEBB_OK;
}

static hebb_status copy_columns(struct hb_fit *fit)
{
	hebb_coding *coding = fit->coding;
	const hebb_table *table = fit->table;
	int targets = coding->target_count, inputs = 0;
	const int last = table->columns - 1, *given = fit->options.targets;
	hebb_status status = HEBB_OK;

	coding->inputs = calloc((size_t)coding->input_count, sizeof *coding->inputs);
	coding->input_at = calloc((size_t)coding->input_count, sizeof *coding->input_at);
	coding->targets = calloc((size_t)targets, sizeof *coding->targets);
	coding->target_at = calloc((size_t)targets, sizeof *coding->target_at);
	if (!coding->inputs || !coding->input_at || !coding->targets || !coding->target_at)
		return hb_out_of_memory(fit->error);
	for (int i = 0; i < targets && !status; i++) {
		coding->target_at[i] = fit->options.target_count ? given[i] : last;
		status = hb_column_copy(&coding->targets[i], &table->column[coding->target_at[i]],
					fit->error);
	}
	for (int c = 0; c < table->columns && !status; c++)
		if (fit->is_input[c]) {
			coding->input_at[inputs] = c;
			status = hb_column_copy(&coding->inputs[inputs++], &table->column[c],
						fit->error);
		}
	if (!status)
		status = copy_forms(fit, coding->input_count, coding->input_at, &coding->form);
	if (!status)
		status = copy_forms(fit, targets, coding->target_at, &coding->target_form);
	return status;
}

/* ---- The whole ---- */

int hb_column_parts(const struct hb_fit *fit, int columns, long long n)
{
	enum { FEWEST = 8, ENOUGH = 100000 }; /* columns of a part; values */
	int parts = hebb_pool_threads(fit->pool), most = columns / FEWEST;

	if (n * columns < ENOUGH || most < 2)
		return 1;
	return parts < most ? parts : most;
}

/* 1 if the inputs are the pixels of an image, all of them and nothing else. */
static int are_pixels(const struct hb_fit *fit)
{
	int count = fit->coding->input_count;

	return fit->table->height > 0 && fit->coding->input_at[count - 1] == count - 1 &&
	       count == (long long)fit->table->height * fit->table->width;
}

static hebb_status fit_columns(struct hb_fit *fit)
{
	const hebb_table *table = fit->table;
	hebb_status status = check_options(fit);

	fit->coding->missing = fit->options.missing;
	fit->coding->named = table->named;
	fit->coding->columns = table->columns;
	if (!status)
		status = mark_targets(fit);
	if (!status)
		status = mark_inputs(fit);
	if (!status)
		status = copy_columns(fit);
	if (!status)
		status = hb_fit_task(fit);
	if (!status)
		status = hb_fit_width(fit);
	if (status || !are_pixels(fit))
		return status;
	fit->coding->height = table->height;
	fit->coding->width_of_image = table->width;
	return hb_encodes(&fit->options)
		       ? hebb_fail(fit->error, HEBB_BAD_ARGUMENT,
				   "%s: holds images, whose pixels are scaled together; --scaling "
				   "%s is for columns of a table",
				   table->name, hebb_scaling_name(fit->options.scaling))
		       : HEBB_OK;
}

/* Each switch is 0 or 1. */
static hebb_status check_switches(const hebb_coding_options *o, hebb_error *error)
{
	const struct {
		const char *name;
		int value;
	} switches[] = {{"pixels_alike", o->pixels_alike}, {"keep_seen", o->keep_seen}};

	for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
		if (switches[i].value != 0 && switches[i].value != 1)
			return hebb_fail(error, HEBB_BAD_ARGUMENT,
					 "options of the coding: %s is %d; it must be 0 or 1",
					 switches[i].name, switches[i].value);
	return HEBB_OK;
}

hebb_coding *hebb_coding_fit(const hebb_table *table, const hebb_coding_options *options,
			     long long n, const long long *row, hebb_error *error)
{
	struct hb_fit fit = {
		.table = table, .options = hebb_coding_options_default(), .error = error};

	if (hb_check_rows(table, n, row, error))
		return NULL;
	if (n == 0) {
		hebb_fail(error, HEBB_BAD_ARGUMENT, "%s: there are no rows to fit a coding on",
			  table->name);
		return NULL;
	}
	if (options &&
	    hebb_sized_copy(&fit.options, sizeof fit.options, options, "hebb_coding_options",
			    "hebb_coding_options_default()", error))
		return NULL;
	if (check_switches(&fit.options, error))
		return NULL;
	fit.pool = hebb_pool_new(fit.options.threads, NULL, error);
	if (!fit.pool)
		return NULL;
	fit.coding = calloc(1, sizeof *fit.coding);
	fit.is_target = calloc((size_t)table->columns, 1);
	fit.is_input = calloc((size_t)table->columns, 1);
	hebb_status status =
		fit.coding && fit.is_target && fit.is_input ? HEBB_OK : hb_out_of_memory(error);
	if (!status)
		status = fit_columns(&fit);
	if (!status)
		status = hb_fit_rows(&fit, n, row);
	free(fit.is_target);
	free(fit.is_input);
	free(fit.room);
	hebb_pool_free(fit.pool);
	if (!status)
		return fit.coding;
	hebb_coding_free(fit.coding);
	return NULL;
}

static void free_columns(hebb_column *columns, int count)
{
	for (int i = 0; i < count && columns; i++)
		hb_column_clear(&columns[i]);
	free(columns);
}

void hebb_coding_free(hebb_coding *coding)
{
	if (!coding)
		return;
	free_columns(coding->inputs, coding->input_count);
	free_columns(coding->targets, coding->target_count);
	free(coding->form);
	free(coding->target_form);
	free(coding->input_at);
	free(coding->target_at);
	free(coding->mean);
	free(coding->scale);
	free(coding->fill);
	free(coding->target_mean);
	free(coding->target_sd);
	free(coding->exact_mean);
	free(coding->exact_fill);
	free(coding->exact_target_mean);
	free(coding->target_value);
	free(coding->target_slope);
	free(coding->indicator);
	hb_free_seen(coding->seen, coding->input_count);
	free(coding->encoding);
	free(coding->least);
	free(coding->most);
	free(coding);
}
