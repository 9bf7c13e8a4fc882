/* SPDX-License-Identifier: MIT */
/*
 * coding.c - from the columns of a table to the numbers of a network, and back
 *
 * A number becomes (raw - mean) * scale, in float32 and in this order, as in the graph of a model
 * file. A text becomes one-hot. Means and deviations are summed in double. If float32 is not enough
 * for an input (exact.c), the raw values and means of all inputs are doubles, and only the
 * difference is rounded; of a target, its mean is a double.
 */
#define _POSIX_C_SOURCE 200809L
#include "io.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LEVELS_MOST = 1000, /* of a text input */
	WHOLE_MOST = 10,    /* different integers among texts may be names of classes */
	BROKEN_MOST = 4     /* as may so many numbers that are no integers */
};

void hebb_coding_options_init(hebb_coding_options *options, size_t size)
{
	const hebb_coding_options all = {.size = sizeof all,
					 .task = HEBB_TASK_AUTO,
					 .missing = HEBB_MISSING_ERROR,
					 .standardize = 1,
					 .pixels_alike = 1};

	hebb_sized_fill(options, size, &all);
}

/* ---- Sentences ---- */

/* Fails with "TABLE:LINE: column "NAME" WHAT"; without lines, "TABLE: row 7: ...". */
hebb_status hb_fail_in_row(const hebb_table *table, long long row, int column, const char *what,
			   hebb_error *error)
{
	char shown[HB_SHOWN];
	const char *name = hb_show(table->column[column].name, shown);
	long long line = table->line ? table->line[row] : 0;

	if (line)
		return hb_fail_at(error, HEBB_BAD_FORMAT, line, column + 1,
				  "%s:%lld: column \"%s\" %s", table->name, line, name, what);
	return hb_fail_at(error, HEBB_BAD_FORMAT, 0, 0, "%s: row %lld: column \"%s\" %s",
			  table->name, row + 1, name, what);
}

hebb_status hb_fail_missing(const hebb_table *table, long long row, int column, int is_target,
			    hebb_error *error)
{
	return hb_fail_in_row(
		table, row, column,
		is_target ? "has no value, and it is a target; --missing drop leaves the row out"
			  : "has no value; --missing mean fills in the column's mean, --missing "
			    "drop leaves the row out",
		error);
}

static const char *level_at(const hebb_table *table, long long row, int column)
{
	return table->column[column].levels[(int)hb_value(table, row, column)];
}

/* The first row where a TEXT column has no number. */
static long long first_text(const hebb_table *table, int column)
{
	double number;

	for (long long row = 0; row < table->rows; row++)
		if (!isnan(hb_value(table, row, column)) &&
		    !hb_looks_numeric(level_at(table, row, column), &number))
			return row;
	return 0; /* only arrays of texts have such a column */
}

hebb_status hb_fail_text(const hebb_table *table, long long row, int column, hebb_error *error)
{
	char what[HB_SHOWN + 160], shown[HB_SHOWN];

	if (isnan(hb_value(table, row, column)))
		return hb_fail_in_row(table, row, column, "is text where a number belongs", error);
	snprintf(
		what, sizeof what,
		"has the text \"%s\" where a number belongs; --na TEXT makes such a text a missing "
		"value, --text COLUMN makes the column one of texts",
		hb_show(level_at(table, row, column), shown));
	return hb_fail_in_row(table, row, column, what, error);
}

/* ---- What the columns of a table are ---- */

/* 1 if a TEXT column is one of numbers with slips: most of its values are numbers, in any form, and
 * these are too many, or too broken, to be the names of classes. */
static int is_spoiled(const hebb_table *table, int column, hebb_error *error, hebb_status *status)
{
	const hebb_column *about = &table->column[column];
	const hebb_column_detail *detail = hb_detail(table, column);
	unsigned char *is_number = malloc((size_t)about->level_count + 1);
	long long texts = 0, values = 0;
	int numbers = 0, broken = 0;

	if (!is_number) {
		*status = hb_out_of_memory(error);
		return 0;
	}
	for (int i = 0; i < about->level_count; i++) {
		double number;

		is_number[i] = (unsigned char)hb_looks_numeric(about->levels[i], &number);
		numbers += is_number[i];
		broken |= is_number[i] && number != floor(number);
	}
	for (long long row = 0; row < table->rows; row++) {
		double level = hb_value(table, row, column);

		values += !isnan(level);
		texts += !isnan(level) && !is_number[(int)level];
	}
	free(is_number);
	return !(detail && detail->is_chosen) && texts > 0 && texts < values - texts &&
	       numbers > (broken ? BROKEN_MOST : WHOLE_MOST);
}

/* ---- Fitting: what is an input, what a target ---- */

/* What every step of hebb_coding_fit() needs. */
struct fit {
	const hebb_table *table;
	hebb_coding_options options;
	hebb_coding *coding;
	unsigned char *is_target; /* by column of the table */
	unsigned char *is_input;  /* likewise; the others are not looked at */
	hebb_error *error;
};

static hebb_status check_options(const struct fit *fit)
{
	const hebb_coding_options *o = &fit->options;

	if (!hebb_task_name(o->task))
		return hebb_fail(fit->error, HEBB_BAD_ARGUMENT, "%d is not a hebb_task",
				 (int)o->task);
	if (!hebb_missing_name(o->missing))
		return hebb_fail(fit->error, HEBB_BAD_ARGUMENT, "%d is not a hebb_missing",
				 (int)o->missing);
	if (o->target_count < 0 || (o->target_count > 0 && !o->targets))
		return hebb_fail(fit->error, HEBB_BAD_ARGUMENT, "%d targets are not possible",
				 o->target_count);
	if (o->input_count < 0 || (o->input_count > 0 && !o->inputs))
		return hebb_fail(fit->error, HEBB_BAD_ARGUMENT, "%d inputs are not possible",
				 o->input_count);
	return HEBB_OK;
}

/* Marks the targets. */
static hebb_status mark_targets(struct fit *fit)
{
	const hebb_table *table = fit->table;
	int last = table->columns - 1, given = fit->options.target_count;
	const int *targets = given ? fit->options.targets : &last;

	fit->coding->target_count = given ? given : 1;
	for (int i = 0; i < fit->coding->target_count; i++) {
		int column = targets[i];
		char shown[HB_SHOWN];

		if (column < 0 || column >= table->columns)
			return hebb_fail(fit->error, HEBB_BAD_ARGUMENT,
					 "%s: has %d column%s, none of number %d to be a target",
					 table->name, table->columns,
					 table->columns == 1 ? "" : "s", column + 1);
		if (fit->is_target[column])
			return hebb_fail(fit->error, HEBB_BAD_ARGUMENT,
					 "%s: column \"%s\" is named twice as a target",
					 table->name, hb_show(table->column[column].name, shown));
		fit->is_target[column] = 1;
	}
	return HEBB_OK;
}

/* Marks one of the inputs that the options name. */
static hebb_status mark_input(struct fit *fit, int column)
{
	const hebb_table *table = fit->table;
	char shown[HB_SHOWN];

	if (column < 0 || column >= table->columns)
		return hebb_fail(fit->error, HEBB_BAD_ARGUMENT,
				 "%s: has %d column%s, none of number %d to be an input",
				 table->name, table->columns, table->columns == 1 ? "" : "s",
				 column + 1);
	if (fit->is_target[column] || fit->is_input[column])
		return hebb_fail(fit->error, HEBB_BAD_ARGUMENT, "%s: column \"%s\" is named %s",
				 table->name, hb_show(table->column[column].name, shown),
				 fit->is_target[column] ? "as a target and as an input"
							: "twice as an input");
	fit->is_input[column] = 1;
	return HEBB_OK;
}

/* Marks the inputs. */
static hebb_status mark_inputs(struct fit *fit)
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
	return hebb_fail(fit->error, HEBB_BAD_ARGUMENT, "%s: no column is left to be an input; %s",
			 table->name,
			 table->columns > 1 ? "name fewer targets"
			 : table->line
				 ? "it has only one (commas, semicolons or tabs separate columns)"
				 : "it has only one");
}

/* Keeps how the numbers of the inputs are written, if any are not plain. */
static hebb_status copy_forms(struct fit *fit)
{
	hebb_coding *coding = fit->coding;
	int plain = 1;

	coding->form = malloc((size_t)coding->input_count * sizeof *coding->form);
	if (!coding->form)
		return hb_out_of_memory(fit->error);
	for (int i = 0; i < coding->input_count; i++) {
		const hebb_column_detail *detail = hb_detail(fit->table, coding->input_at[i]);

		coding->form[i] = detail && detail->form ? detail->form : HEBB_FORM_PLAIN;
		plain &= coding->form[i] == HEBB_FORM_PLAIN;
	}
	if (plain) {
		free(coding->form);
		coding->form = NULL;
	}
	return HEBB_OK;
}

static hebb_status copy_columns(struct fit *fit)
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
	return status ? status : copy_forms(fit);
}

static hebb_status settle_classes(struct fit *fit)
{
	hebb_column *target = &fit->coding->targets[0];
	int each = fit->options.task == HEBB_CLASSIFICATION;
	hebb_status status =
		hb_name_classes(fit->table, fit->coding->target_at[0], each, target, fit->error);

	fit->coding->outputs = target->level_count;
	return status;
}

/* 1 if equal numbers are written as different classes: 01 and 1. */
static int is_written_apart(const hebb_table *table, int column)
{
	const hebb_column_detail *detail = hb_detail(table, column);
	hb_written first, other;

	for (int i = 0; detail && i < detail->spelling_count; i++) {
		other = (hb_written){.text = detail->spellings[i],
				     .value = hb_written_value(detail->spellings[i])};
		first = i ? first : other;
		if (hb_written_order(&first, &other) != 0)
			return 1;
	}
	return 0;
}

/* Names the two values of a label that is a number, as they stand in the table; "0" and "1" of one
 * that never changes. */
static hebb_status name_label(struct fit *fit, int i)
{
	hebb_column *label = &fit->coding->targets[i];
	int count, column = fit->coding->target_at[i];
	double *values = hb_different_values(fit->table, column, 2, &count);
	int has_two = count == 2 || (count == 1 && is_written_apart(fit->table, column));
	int is_label = values && (has_two || count == 0 || *values == 0 || *values == 1);
	char shown[HB_SHOWN];

	if (!values && count <= 2)
		return hb_out_of_memory(fit->error);
	free(values);
	if (!is_label)
		return hebb_fail(fit->error, HEBB_BAD_ARGUMENT,
				 "%s: column \"%s\" is no label: a label has two values, such as 0 "
				 "and 1 or no and yes; this has %s",
				 fit->table->name, hb_show(label->name, shown),
				 count > 2 ? "more" : "one, which is not 0 or 1");
	if (has_two)
		return hb_name_classes(fit->table, column, 0, label, fit->error);
	label->kind = HEBB_TEXT;
	label->levels = calloc(2, sizeof *label->levels);
	for (int k = 0; k < 2 && label->levels; k++) {
		label->levels[k] = strdup(k ? "1" : "0");
		label->level_count += label->levels[k] != NULL;
	}
	return label->level_count == 2 ? HEBB_OK : hb_out_of_memory(fit->error);
}

static hebb_status settle_labels(struct fit *fit)
{
	hebb_coding *coding = fit->coding;
	hebb_status status = HEBB_OK;
	char shown[HB_SHOWN];

	coding->outputs = coding->target_count;
	for (int i = 0; i < coding->target_count && !status; i++) {
		const hebb_column *label = &coding->targets[i];

		if (label->kind == HEBB_NUMBER)
			status = name_label(fit, i);
		if (!status && label->level_count != 2)
			status = hebb_fail(fit->error, HEBB_BAD_ARGUMENT,
					   "%s: column \"%s\" is no label: a label has two values, "
					   "such as 0 and 1 or no and yes; this has %d",
					   fit->table->name, hb_show(label->name, shown),
					   label->level_count);
	}
	return status;
}

/* A text where several targets are to be numbers. */
static hebb_status fail_text_target(struct fit *fit, int i)
{
	const hebb_column *target = &fit->coding->targets[i];
	int column = fit->coding->target_at[i];
	char shown[HB_SHOWN];

	if (target->level_count != 2 || fit->coding->target_count == 1)
		return hb_fail_text(fit->table, first_text(fit->table, column), column, fit->error);
	return hebb_fail(fit->error, HEBB_BAD_FORMAT,
			 "%s: column \"%s\" has texts, and several targets are numbers; --labels "
			 "predicts columns of two values",
			 fit->table->name, hb_show(target->name, shown));
}

/* Decides what kind of task it is, and what its outputs are. */
static hebb_status settle_task(struct fit *fit)
{
	hebb_coding *coding = fit->coding;
	const hebb_table *table = fit->table;
	int first = coding->target_at[0], is_text = coding->targets[0].kind == HEBB_TEXT;
	hebb_status status = HEBB_OK;

	coding->task = fit->options.task;
	if (coding->task == HEBB_CLASSIFICATION && coding->target_count > 1)
		return hebb_fail(fit->error, HEBB_BAD_ARGUMENT,
				 "a classification has one target, not %d", coding->target_count);
	if (coding->task == HEBB_TASK_AUTO && is_text &&
	    is_spoiled(table, first, fit->error, &status))
		return hb_fail_text(table, first_text(table, first), first, fit->error);
	if (coding->task == HEBB_TASK_AUTO)
		coding->task = coding->target_count == 1 ? hebb_table_task(table, first, NULL)
							 : HEBB_REGRESSION;
	if (status || coding->task == HEBB_CLASSIFICATION)
		return status ? status : settle_classes(fit);
	if (coding->task == HEBB_LABELS)
		return settle_labels(fit);
	for (int i = 0; i < coding->target_count; i++)
		if (coding->targets[i].kind == HEBB_TEXT)
			return fail_text_target(fit, i);
	coding->outputs = coding->target_count;
	return HEBB_OK;
}

/* Counts the inputs of the network. */
static hebb_status settle_width(struct fit *fit)
{
	hebb_coding *coding = fit->coding;
	const hebb_table *table = fit->table;
	long long width = 0;

	for (int i = 0; i < coding->input_count; i++) {
		const hebb_column *input = &coding->inputs[i];
		int column = coding->input_at[i], is_text = input->kind == HEBB_TEXT;
		hebb_status status = HEBB_OK;
		char shown[HB_SHOWN];

		if (is_text && is_spoiled(table, column, fit->error, &status))
			return hb_fail_text(table, first_text(table, column), column, fit->error);
		if (status)
			return status;
		if (input->level_count > LEVELS_MOST)
			return hebb_fail(
				fit->error, HEBB_BAD_ARGUMENT,
				"%s: column \"%s\" has %d different texts, of which each "
				"would be an input; --ignore leaves out a column that only "
				"names its rows; or merge its texts into fewer than %d",
				table->name, hb_show(input->name, shown), input->level_count,
				LEVELS_MOST);
		width += is_text ? input->level_count : 1;
	}
	if (width > HEBB_MAX_UNITS)
		return hebb_fail(fit->error, HEBB_BAD_ARGUMENT,
				 "%s: has %lld inputs, more than the %d of a network", table->name,
				 width, HEBB_MAX_UNITS);
	coding->width = (int)width;
	return HEBB_OK;
}

/* ---- Fitting: means and deviations ---- */

static int is_missing(const struct fit *fit, long long row, int column)
{
	if (fit->is_target[column] && fit->coding->task == HEBB_CLASSIFICATION)
		return hb_lacks_class(fit->table, row, column);
	return isnan(hb_value(fit->table, row, column));
}

/* 1 if a column has no value in a row although it needs one; *column tells which. */
static int lacks_value(const struct fit *fit, long long row, const int *suspects, int count,
		       int *column)
{
	for (int i = 0; i < count; i++)
		if (is_missing(fit, row, suspects[i])) {
			*column = suspects[i];
			return 1;
		}
	return 0;
}

/* Columns that have missing values somewhere in the table and where they matter. */
static int *list_suspects(const struct fit *fit, int *count)
{
	int *suspects = malloc((size_t)fit->table->columns * sizeof *suspects);

	*count = 0;
	for (int c = 0; c < fit->table->columns && suspects; c++)
		if (fit->table->column[c].missing > 0 &&
		    (fit->is_target[c]
			     ? !hb_targets_alone(fit->coding)
			     : fit->is_input[c] && fit->options.missing != HEBB_MISSING_MEAN))
			suspects[(*count)++] = c;
	return suspects;
}

/* Whether a row has none of targets of which it may lack some. */
static int lacks_targets(const struct fit *fit, long long row)
{
	const hebb_coding *coding = fit->coding;

	if (!hb_targets_alone(coding))
		return 0;
	for (int i = 0; i < coding->target_count; i++)
		if (!isnan(hb_value(fit->table, row, coding->target_at[i])))
			return 0;
	return 1;
}

/* Copies the rows that count to `kept`. */
static hebb_status keep_rows(const struct fit *fit, long long n, const long long *row,
			     long long *kept, long long *kept_count)
{
	int count, column, *suspects = list_suspects(fit, &count);
	hebb_status status = suspects ? HEBB_OK : hb_out_of_memory(fit->error);

	*kept_count = 0;
	for (long long i = 0; i < n && !status; i++)
		if (lacks_targets(fit, hb_row_at(row, i)))
			continue;
		else if (!lacks_value(fit, hb_row_at(row, i), suspects, count, &column))
			kept[(*kept_count)++] = hb_row_at(row, i);
		else if (fit->options.missing != HEBB_MISSING_DROP)
			status = hb_fail_missing(fit->table, hb_row_at(row, i), column,
						 fit->is_target[column], fit->error);
	free(suspects);
	if (!status && *kept_count == 0)
		status = hebb_fail(fit->error, HEBB_BAD_ARGUMENT, "%s: %s", fit->table->name,
				   n > 0 ? "every row has a missing value"
					 : "there are no rows to learn from");
	return status;
}

/* Sums over the values of a column that are there, each less the first of them.  In one pass they
 * give the mean and the deviation of the population, and lose no more than a factor of n of a
 * double's precision, as the deviation is at least 1/sqrt(n) of the first value's distance from the
 * mean.  A column of equal values has exactly its value as the mean and no deviation. */
struct moments {
	double first, sum, squares;
	long long count;
};

static double mean(const struct moments *m)
{
	return m->count == 0 ? 0 : m->first + m->sum / (double)m->count;
}

static double deviation(const struct moments *m)
{
	double n = (double)m->count, shift = m->count == 0 ? 0 : m->sum / n;

	return m->squares == 0 ? 0 : sqrt(fmax(m->squares / n - shift * shift, 0));
}

/* A value as the coding takes it. */
static double taken(const hebb_table *table, long long row, int column, int exact)
{
	double value = hb_value(table, row, column);

	return exact ? value : (double)(float)value;
}

/* The moments of the given columns over the rows (of a TEXT column they mean nothing). */
static void measure(const hebb_table *table, int columns, const int *at, int exact, long long n,
		    const long long *row, struct moments *m)
{
	for (int c = 0; c < columns; c++) {
		long long i = 0;

		while (i < n && isnan(hb_value(table, row[i], at[c])))
			i++;
		m[c].first = i < n ? taken(table, row[i], at[c], exact) : 0;
	}
	for (long long i = 0; i < n; i++)
		for (int c = 0; c < columns; c++) {
			double d = taken(table, row[i], at[c], exact) - m[c].first;
			int is_there = !isnan(d);

			d = is_there ? d : 0;
			m[c].sum += d;
			m[c].squares += d * d;
			m[c].count += is_there;
		}
}

/* The share of each level among the values that are there. */
static void measure_levels(const hebb_table *table, int column, long long n, const long long *row,
			   int levels, float *share)
{
	long long count = 0;

	for (long long i = 0; i < n; i++) {
		double level = hb_value(table, row[i], column);

		if (!isnan(level)) {
			share[(int)level]++;
			count++;
		}
	}
	for (int i = 0; i < levels && count > 0; i++)
		share[i] /= (float)count;
}

static float inverse(double deviation)
{
	float scale = deviation > 0 ? (float)(1 / deviation) : 0;

	return deviation >= 1 / (double)FLT_MAX ? scale : 0;
}

static int is_pixel(const struct fit *fit, int i)
{
	return fit->coding->input_at[i] < fit->table->height * fit->table->width;
}

/* The root mean square of the deviations of an image's pixels; 0 if there are none. */
static double common_deviation(const struct fit *fit, const struct moments *m)
{
	double squares = 0;
	int pixels = 0;

	for (int i = 0; i < fit->coding->input_count; i++)
		if (is_pixel(fit, i)) {
			double d = deviation(&m[i]);

			squares += d * d;
			pixels++;
		}
	return pixels ? sqrt(squares / pixels) : 0;
}

/* 1 if one of the columns needs doubles. */
static int needs_doubles(const struct fit *fit, int count, const int *at)
{
	int exact = 0;

	for (int i = 0; i < count; i++) {
		const hebb_column_detail *detail = hb_detail(fit->table, at[i]);

		exact |= fit->table->column[at[i]].kind == HEBB_NUMBER && detail && detail->exact;
	}
	return exact;
}

static hebb_status make_inputs(struct fit *fit, int exact)
{
	hebb_coding *coding = fit->coding;
	size_t width = (size_t)coding->width;

	coding->mean = calloc(width, sizeof *coding->mean);
	coding->scale = calloc(width, sizeof *coding->scale);
	coding->fill = calloc(width, sizeof *coding->fill);
	if (exact) {
		coding->exact_mean = calloc(width, sizeof *coding->exact_mean);
		coding->exact_fill = calloc(width, sizeof *coding->exact_fill);
	}
	if (!coding->mean || !coding->scale || !coding->fill ||
	    (exact && (!coding->exact_mean || !coding->exact_fill)))
		return hb_out_of_memory(fit->error);
	for (int i = 0; i < coding->width; i++)
		coding->scale[i] = 1;
	return HEBB_OK;
}

/* Sets what stands for input `at` of the network, a number. */
static void fit_number(struct fit *fit, int at, const struct moments *m, double deviation)
{
	hebb_coding *coding = fit->coding;

	coding->fill[at] = (float)mean(m);
	if (coding->exact_fill)
		coding->exact_fill[at] = mean(m);
	if (!fit->options.standardize)
		return;
	coding->mean[at] = (float)mean(m);
	if (coding->exact_mean)
		coding->exact_mean[at] = mean(m);
	coding->scale[at] = inverse(deviation);
}

/* Sets mean, scale and fill of each input of the network. */
static hebb_status fit_inputs(struct fit *fit, long long n, const long long *row)
{
	hebb_coding *coding = fit->coding;
	int at = 0, count = coding->input_count;
	int exact = fit->options.standardize && needs_doubles(fit, count, coding->input_at);
	struct moments *m = calloc((size_t)count, sizeof *m);
	hebb_status status = m ? make_inputs(fit, exact) : hb_out_of_memory(fit->error);

	if (status) {
		free(m);
		return status;
	}
	measure(fit->table, count, coding->input_at, exact, n, row, m);
	double common = fit->options.pixels_alike ? common_deviation(fit, m) : 0;
	for (int i = 0; i < count; i++) {
		int levels = coding->inputs[i].level_count;

		if (coding->inputs[i].kind == HEBB_NUMBER) {
			fit_number(fit, at++, &m[i],
				   common > 0 && is_pixel(fit, i) ? common : deviation(&m[i]));
			continue;
		}
		measure_levels(fit->table, coding->input_at[i], n, row, levels, coding->fill + at);
		for (int k = 0; k < levels && exact; k++)
			coding->exact_fill[at + k] = (double)coding->fill[at + k];
		at += levels;
	}
	free(m);
	return HEBB_OK;
}

/* Means and deviations of the targets of a regression. */
static void scale_targets(hebb_coding *coding, const struct moments *m)
{
	for (int i = 0; i < coding->outputs; i++) {
		coding->target_mean[i] = (float)mean(&m[i]);
		if (coding->exact_target_mean)
			coding->exact_target_mean[i] = mean(&m[i]);
		if (inverse(deviation(&m[i])) > 0) /* a constant keeps its unit */
			coding->target_sd[i] = (float)deviation(&m[i]);
	}
}

/* Of several targets each needs a value. */
static hebb_status check_targets(const struct fit *fit, long long n, const long long *row)
{
	const hebb_coding *coding = fit->coding;
	char shown[HB_SHOWN];

	for (int c = 0; c < coding->target_count && hb_targets_alone(coding); c++) {
		long long i = 0;

		while (i < n && isnan(hb_value(fit->table, row[i], coding->target_at[c])))
			i++;
		if (i == n)
			return hebb_fail(
				fit->error, HEBB_BAD_ARGUMENT,
				"%s: column \"%s\" is a target and has no value in the %lld "
				"rows to learn from",
				fit->table->name, hb_show(coding->targets[c].name, shown), n);
	}
	return HEBB_OK;
}

static hebb_status fit_targets(struct fit *fit, long long n, const long long *row)
{
	hebb_coding *coding = fit->coding;
	size_t outputs = (size_t)coding->outputs;
	struct moments *m = calloc((size_t)coding->target_count, sizeof *m);
	int scaled = coding->task == HEBB_REGRESSION && fit->options.standardize &&
		     !fit->options.raw_targets;
	int exact = scaled && needs_doubles(fit, coding->target_count, coding->target_at);

	coding->target_mean = calloc(outputs, sizeof *coding->target_mean);
	coding->target_sd = calloc(outputs, sizeof *coding->target_sd);
	if (exact)
		coding->exact_target_mean = calloc(outputs, sizeof *coding->exact_target_mean);
	if (!m || !coding->target_mean || !coding->target_sd ||
	    (exact && !coding->exact_target_mean)) {
		free(m);
		return hb_out_of_memory(fit->error);
	}
	for (int i = 0; i < coding->outputs; i++)
		coding->target_sd[i] = 1;
	if (scaled) {
		measure(fit->table, coding->target_count, coding->target_at, exact, n, row, m);
		scale_targets(coding, m);
	}
	free(m);
	return HEBB_OK;
}

static hebb_status fit_rows(struct fit *fit, long long n, const long long *row)
{
	long long *kept = malloc((size_t)(n > 0 ? n : 1) * sizeof *kept), count;
	hebb_status status =
		kept ? keep_rows(fit, n, row, kept, &count) : hb_out_of_memory(fit->error);

	if (!status)
		status = check_targets(fit, count, kept);
	if (!status)
		status = fit_inputs(fit, count, kept);
	if (!status)
		status = fit_targets(fit, count, kept);
	free(kept);
	return status;
}

/* 1 if the inputs are the pixels of an image, all of them and nothing else. */
static int are_pixels(const struct fit *fit)
{
	int count = fit->coding->input_count;

	return fit->table->height > 0 && fit->coding->input_at[count - 1] == count - 1 &&
	       count == (long long)fit->table->height * fit->table->width;
}

static hebb_status fit_columns(struct fit *fit)
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
		status = settle_task(fit);
	if (!status)
		status = settle_width(fit);
	if (!status && are_pixels(fit)) {
		fit->coding->height = table->height;
		fit->coding->width_of_image = table->width;
	}
	return status;
}

/* Each switch is 0 or 1. */
static hebb_status check_switches(const hebb_coding_options *o, hebb_error *error)
{
	const struct {
		const char *name;
		int value;
	} switches[] = {{"standardize", o->standardize},
			{"pixels_alike", o->pixels_alike},
			{"raw_targets", o->raw_targets}};

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
	struct fit fit = {.table = table, .options = hebb_coding_options_default(), .error = error};

	if (hb_check_rows(table, n, row, error))
		return NULL;
	if (n == 0) {
		hebb_fail(error, HEBB_BAD_ARGUMENT, "%s: there are no rows to fit a coding on",
			  table->name);
		return NULL;
	}
	if (options &&
	    hebb_sized_copy(&fit.options, sizeof fit.options, options, "the options of the coding",
			    "hebb_coding_options_default()", error))
		return NULL;
	if (check_switches(&fit.options, error))
		return NULL;
	fit.coding = calloc(1, sizeof *fit.coding);
	fit.is_target = calloc((size_t)table->columns, 1);
	fit.is_input = calloc((size_t)table->columns, 1);
	hebb_status status =
		fit.coding && fit.is_target && fit.is_input ? HEBB_OK : hb_out_of_memory(error);
	if (!status)
		status = fit_columns(&fit);
	if (!status)
		status = fit_rows(&fit, n, row);
	free(fit.is_target);
	free(fit.is_input);
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
	free(coding);
}
