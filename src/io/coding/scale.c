/* SPDX-License-Identifier: MIT */
/*
 * scale.c - means and deviations of a coding, and what stands for a missing value
 *
 * They are summed in double over the rows that have all values which they need. If float32 is not
 * enough for an input (exact.c), the means of all inputs are kept as doubles; likewise the
 * targets'. How numbers are encoded is found in quantiles.c.
 */
#include "coding.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* ---- The rows that count ---- */

static int is_missing(const struct hb_fit *fit, long long row, int column)
{
	if (fit->is_target[column] && fit->coding->task == HEBB_CLASSIFICATION)
		return hb_lacks_class(fit->table, row, column);
	return isnan(hb_value(fit->table, row, column));
}

/* 1 if a column has no value in a row although it needs one; *column tells which. */
static int lacks_value(const struct hb_fit *fit, long long row, const int *suspects, int count,
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
static int *list_suspects(const struct hb_fit *fit, int *count)
{
	int *suspects = malloc((size_t)fit->table->columns * sizeof *suspects);

	*count = 0;
	for (int c = 0; c < fit->table->columns && suspects; c++)
		if (fit->table->column[c].missing > 0 &&
		    (fit->is_target[c] ? !hb_targets_alone(fit->coding)
				       : fit->is_input[c] && !hb_fills(fit->options.missing)))
			suspects[(*count)++] = c;
	return suspects;
}

/* Whether a row has none of targets of which it may lack some. */
static int lacks_targets(const struct hb_fit *fit, long long row)
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
static hebb_status keep_rows(const struct hb_fit *fit, long long n, const long long *row,
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
		else if (fit->options.missing == HEBB_MISSING_ERROR)
			status = hb_fail_missing(fit->table, hb_row_at(row, i), column,
						 fit->is_target[column], fit->error);
	free(suspects);
	if (!status && *kept_count == 0)
		status = hebb_fail(fit->error, HEBB_BAD_ARGUMENT, "%s: %s", fit->table->name,
				   n > 0 ? "every row has a missing value"
					 : "there are no rows to learn from");
	return status;
}

/* ---- Indicators ---- */

static int has_gap(const hebb_table *table, int column, long long n, const long long *row)
{
	long long i = 0;

	if (table->column[column].missing == 0)
		return 0;
	while (i < n && !isnan(hb_value(table, row[i], column)))
		i++;
	return i < n;
}

/* Gives each input column with gaps in these rows one more input of the network. */
static hebb_status add_indicators(struct hb_fit *fit, long long n, const long long *row)
{
	hebb_coding *coding = fit->coding;
	int count = 0;

	if (fit->options.missing != HEBB_MISSING_INDICATOR)
		return HEBB_OK;
	coding->indicator = malloc((size_t)coding->input_count * sizeof *coding->indicator);
	if (!coding->indicator)
		return hb_out_of_memory(fit->error);
	for (int i = 0; i < coding->input_count; i++)
		if (has_gap(fit->table, coding->input_at[i], n, row))
			coding->indicator[count++] = i;
	if (count == 0) {
		free(coding->indicator);
		coding->indicator = NULL;
	}
	if (count > HEBB_MAX_UNITS - coding->width)
		return hebb_fail(
			fit->error, HEBB_BAD_ARGUMENT,
			"%s: has %d inputs and %d that say whether a value is missing, "
			"more than the %d of a network; --missing mean makes none of these",
			fit->table->name, coding->width, count, HEBB_MAX_UNITS);
	coding->indicator_count = count;
	coding->width += count;
	return HEBB_OK;
}

/* ---- Means and deviations ---- */

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

float hb_inverse(double width)
{
	float scale = width > 0 ? (float)(1 / width) : 0;

	return width >= 1 / (double)FLT_MAX ? scale : 0;
}

static int is_pixel(const struct hb_fit *fit, int i)
{
	return fit->coding->input_at[i] < fit->table->height * fit->table->width;
}

/* The root mean square of the deviations of an image's pixels; 0 if there are none. */
static double common_deviation(const struct hb_fit *fit, const struct hb_moments *m)
{
	double squares = 0;
	int pixels = 0;

	for (int i = 0; i < fit->coding->input_count; i++)
		if (is_pixel(fit, i)) {
			double d = hb_deviation(&m[i]);

			squares += d * d;
			pixels++;
		}
	return pixels ? sqrt(squares / pixels) : 0;
}

/* 1 if one of the columns needs doubles. */
static int needs_doubles(const struct hb_fit *fit, int count, const int *at)
{
	int exact = 0;

	for (int i = 0; i < count; i++) {
		const hebb_column_detail *detail = hb_detail(fit->table, at[i]);

		exact |= fit->table->column[at[i]].kind == HEBB_NUMBER && detail && detail->exact;
	}
	return exact;
}

static int is_scaled(const struct hb_fit *fit)
{
	return fit->options.scaling != HEBB_SCALING_NONE;
}

/* The most inputs that the columns can become. */
static long long most_inputs(const struct hb_fit *fit)
{
	hebb_scaling scaling = fit->options.scaling;
	long long most = fit->coding->width;
	int each = scaling == HEBB_SCALING_PIECEWISE  ? fit->options.bins
		   : scaling == HEBB_SCALING_PERIODIC ? 2 * HEBB_WAVES
						      : 1;

	for (int i = 0; i < fit->coding->input_count; i++)
		most += fit->coding->inputs[i].kind == HEBB_NUMBER ? each - 1 : 0;
	return most;
}

static hebb_status make_inputs(struct hb_fit *fit, int exact, long long n)
{
	hebb_coding *coding = fit->coding;
	size_t most = (size_t)most_inputs(fit), count = (size_t)coding->input_count;
	int encodes = hb_encodes(&fit->options);

	coding->mean = calloc(most, sizeof *coding->mean);
	coding->scale = calloc(most, sizeof *coding->scale);
	coding->fill = calloc(most, sizeof *coding->fill);
	if (exact) {
		coding->exact_mean = calloc(most, sizeof *coding->exact_mean);
		coding->exact_fill = calloc(most, sizeof *coding->exact_fill);
	}
	if (encodes) {
		coding->encoding = calloc(count, sizeof *coding->encoding);
		coding->least = calloc(most, sizeof *coding->least);
		coding->most = calloc(most, sizeof *coding->most);
		fit->room = calloc((size_t)n, 2 * sizeof *fit->room);
	}
	if (!coding->mean || !coding->scale || !coding->fill ||
	    (exact && (!coding->exact_mean || !coding->exact_fill)) ||
	    (encodes && (!coding->encoding || !coding->least || !coding->most || !fit->room)))
		return hb_out_of_memory(fit->error);
	for (size_t i = 0; i < most; i++)
		coding->scale[i] = 1;
	for (size_t i = 0; i < most && encodes; i++)
		hb_set_bounds(coding, (int)i, hb_bounds_of(HEBB_SCALING_STANDARD));
	return HEBB_OK;
}

void hb_set_input(hebb_coding *coding, int at, struct hb_line line)
{
	coding->mean[at] = (float)line.mean;
	coding->scale[at] = line.scale;
	coding->fill[at] = (float)line.fill;
	if (!coding->exact_mean)
		return;
	coding->exact_mean[at] = line.mean;
	coding->exact_fill[at] = line.fill;
}

void hb_set_bounds(hebb_coding *coding, int at, struct hb_bounds bounds)
{
	coding->least[at] = bounds.least;
	coding->most[at] = bounds.most;
}

/* An input of a level that no row had would keep the random weights that it begins with, so it
 * stays 0: the level is none of those that were learned. */
static void fit_level(hebb_coding *coding, int at)
{
	if (coding->exact_fill)
		coding->exact_fill[at] = (double)coding->fill[at];
	if (coding->fill[at] == 0)
		coding->scale[at] = 0;
}

/* Sets the shares of the levels of a column of texts; returns how many it has. */
static int fit_levels(struct hb_fit *fit, int i, int at, long long n, const long long *row)
{
	hebb_coding *coding = fit->coding;
	int levels = coding->inputs[i].level_count;

	measure_levels(fit->table, coding->input_at[i], n, row, levels, coding->fill + at);
	for (int k = 0; k < levels; k++)
		fit_level(coding, at + k);
	if (coding->encoding)
		coding->encoding[i] = hb_one_way(HEBB_SCALING_STANDARD, levels);
	return levels;
}

/* Sets what stands for a column of numbers; returns how many inputs it has. */
static int fit_number(struct hb_fit *fit, const struct hb_number *number, long long n,
		      const long long *row)
{
	if (fit->coding->encoding)
		return hb_encode_number(fit, number, n, row);
	hb_set_input(fit->coding, number->at, number->line);
	return 1;
}

/* Without scaling too, what is missing is filled in. */
static struct hb_line line_of(const struct hb_fit *fit, const struct hb_moments *m,
			      double deviation)
{
	struct hb_line line = {
		.mean = hb_mean(m), .fill = hb_mean(m), .scale = hb_inverse(deviation)};

	return is_scaled(fit) ? line : (struct hb_line){.fill = line.fill, .scale = 1};
}

/* Sets mean, scale and fill of each input of the network. */
static hebb_status fit_columns(struct hb_fit *fit, const struct hb_moments *m, long long n,
			       const long long *row)
{
	hebb_coding *coding = fit->coding;
	double common = fit->options.pixels_alike ? common_deviation(fit, m) : 0;
	int indicators = 0, at = 0;

	for (int i = 0; i < coding->input_count; i++) {
		double d = common > 0 && is_pixel(fit, i) ? common : hb_deviation(&m[i]);
		struct hb_number number = {.index = i, .at = at, .line = line_of(fit, &m[i], d)};

		number.has_indicator =
			indicators < coding->indicator_count && coding->indicator[indicators] == i;
		indicators += number.has_indicator;
		at += coding->inputs[i].kind == HEBB_NUMBER ? fit_number(fit, &number, n, row)
							    : fit_levels(fit, i, at, n, row);
	}
	hb_drop_encoding_if_none(coding);
	coding->width = at + coding->indicator_count;
	if (coding->width <= HEBB_MAX_UNITS)
		return HEBB_OK;
	return hebb_fail(fit->error, HEBB_BAD_ARGUMENT,
			 "%s: has %d inputs with --scaling %s, more than the %d of a network",
			 fit->table->name, coding->width, hebb_scaling_name(fit->options.scaling),
			 HEBB_MAX_UNITS);
}

static hebb_status fit_inputs(struct hb_fit *fit, long long n, const long long *row)
{
	hebb_coding *coding = fit->coding;
	int count = coding->input_count;
	int exact = is_scaled(fit) && needs_doubles(fit, count, coding->input_at);
	struct hb_moments *m = calloc((size_t)count, sizeof *m);
	hebb_status status = m ? make_inputs(fit, exact, n) : hb_out_of_memory(fit->error);

	if (!status) {
		hb_measure(fit, count, coding->input_at, exact, n, row, m);
		status = fit_columns(fit, m, n, row);
	}
	free(m);
	return status;
}

/* Means and deviations of the targets of a regression. */
static void scale_targets(hebb_coding *coding, const struct hb_moments *m)
{
	for (int i = 0; i < coding->outputs; i++) {
		coding->target_mean[i] = (float)hb_mean(&m[i]);
		if (coding->exact_target_mean)
			coding->exact_target_mean[i] = hb_mean(&m[i]);
		if (hb_inverse(hb_deviation(&m[i])) > 0) /* a constant keeps its unit */
			coding->target_sd[i] = (float)hb_deviation(&m[i]);
	}
}

/* Of several targets each needs a value. */
static hebb_status check_targets(const struct hb_fit *fit, long long n, const long long *row)
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

/* What is done with targets; 0: nothing. */
static hebb_target_transform transform_of(const struct hb_fit *fit)
{
	hebb_target_transform given = fit->options.target_transform;

	if (fit->coding->task != HEBB_REGRESSION || given == HEBB_TARGET_NONE)
		return 0;
	return given ? given : is_scaled(fit) ? HEBB_TARGET_STANDARD : 0;
}

static hebb_status fit_targets(struct hb_fit *fit, long long n, const long long *row)
{
	hebb_coding *coding = fit->coding;
	size_t outputs = (size_t)coding->outputs;
	struct hb_moments *m = calloc((size_t)coding->target_count, sizeof *m);
	hebb_target_transform transform = transform_of(fit);
	int scaled = transform == HEBB_TARGET_STANDARD;
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
		hb_measure(fit, coding->target_count, coding->target_at, exact, n, row, m);
		scale_targets(coding, m);
	}
	free(m);
	return transform > HEBB_TARGET_STANDARD ? hb_fit_transform(fit, transform, n, row)
						: HEBB_OK;
}

hebb_status hb_fit_rows(struct hb_fit *fit, long long n, const long long *row)
{
	long long *kept = malloc((size_t)(n > 0 ? n : 1) * sizeof *kept), count;
	hebb_status status =
		kept ? keep_rows(fit, n, row, kept, &count) : hb_out_of_memory(fit->error);

	if (!status)
		status = check_targets(fit, count, kept);
	if (!status)
		status = add_indicators(fit, count, kept);
	if (!status)
		status = fit_inputs(fit, count, kept);
	if (!status)
		status = hb_fit_seen(fit, count, kept);
	if (!status)
		status = fit_targets(fit, count, kept);
	free(kept);
	return status;
}
