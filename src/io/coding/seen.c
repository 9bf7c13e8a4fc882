/* SPDX-License-Identifier: MIT */
/*
 * seen.c - what the rows of training had in each input: range, quantiles, how many rows are between
 * these, levels
 *
 * By it later rows are told that lie outside of what was learned. Quantiles are those of at most
 * SAMPLE rows, evenly spaced, so that they cost little; the smallest and the largest value are
 * those of all rows.
 */
#include "coding.h"

#include <math.h>
#include <stdlib.h>

enum { SAMPLE = 4096 };

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The values of a column that are there, of at most SAMPLE rows; returns their number. */
static int sample_of(const struct hb_fit *fit, int column, long long n, const long long *row,
		     double *value)
{
	long long step = (n + SAMPLE - 1) / SAMPLE;
	int count = 0;

	for (long long i = 0; i < n; i += step) {
		double found = hb_value(fit->table, row[i], column);

		if (!isnan(found))
			value[count++] = found;
	}
	qsort(value, (size_t)count, sizeof *value, compare_doubles);
	return count;
}

/* Whether a < b is only by rounding: see hb_is_below(). */
static int is_rounding(double a, double b)
{
	int is_rounded = (double)(float)a == a || (double)(float)b == b;

	return is_rounded && !((float)a < (float)b);
}

int hb_is_below(double a, double b)
{
	return a < b && !is_rounding(a, b);
}

/* Where training had no value, each is outside. */
int hb_is_outside(const hebb_seen *seen, double value)
{
	if (seen->missing == seen->rows)
		return !isnan(value);
	if (value < seen->quantile[0])
		return !is_rounding(value, seen->quantile[0]);
	return value > seen->quantile[HEBB_PARTS] &&
	       !is_rounding(seen->quantile[HEBB_PARTS], value);
}

/* How many quantiles between the smallest and the largest value are below the value. */
static int count_below(const hebb_seen *seen, double value)
{
	int part = 0;

	for (int p = 1; p < HEBB_PARTS; p++)
		part += seen->quantile[p] < value;
	return part;
}

/* Only the last quantiles may be below the value by rounding. */
static int without_rounding(const hebb_seen *seen, int part, double value)
{
	while (part > 0 && is_rounding(seen->quantile[part], value))
		part--;
	return part;
}

int hb_seen_part(const hebb_seen *seen, double value)
{
	int part;

	if (seen->missing == seen->rows)
		return HEBB_PARTS;
	if (hb_is_below(value, seen->quantile[0]))
		return -1;
	part = count_below(seen, value) + (seen->quantile[HEBB_PARTS] < value);
	return without_rounding(seen, part, value);
}

/* Counts a number in its part. */
static void see_number(hebb_seen *seen, int is_double, double value)
{
	double *least = &seen->quantile[0], *most = &seen->quantile[HEBB_PARTS];
	int part = count_below(seen, value);

	*least = value < *least ? value : *least;
	*most = value > *most ? value : *most;
	seen->count[is_double ? without_rounding(seen, part, value) : part]++;
}

/* What the values of an input are: only doubles may differ by rounding. */
enum type { TEXTS, FLOATS, DOUBLES };

static enum type type_of(const struct hb_fit *fit, int i)
{
	const hebb_column_detail *detail = hb_detail(fit->table, fit->coding->input_at[i]);

	if (fit->coding->inputs[i].kind == HEBB_TEXT)
		return TEXTS;
	return detail && detail->doubles ? DOUBLES : FLOATS;
}

/* The rows that are seen. */
struct rows {
	const struct hb_fit *fit;
	long long n;
	const long long *row;
	const unsigned char *type; /* of each input */
};

/* Sees some values of an input. */
static void see_values(const struct rows *rows, int i, long long from, long long to)
{
	const hebb_coding *coding = rows->fit->coding;
	hebb_seen seen = coding->seen[i];

	for (long long r = from; r < to; r++) {
		double value = hb_value(rows->fit->table, rows->row[r], coding->input_at[i]);

		if (isnan(value))
			seen.missing++;
		else if (rows->type[i] == TEXTS)
			seen.count[(int)value]++;
		else
			see_number(&seen, rows->type[i] == DOUBLES, value);
	}
	coding->seen[i] = seen;
}

/* Sees all values of some inputs; a few rows at a time, which stay in the cache. */
static void see_part(void *self, int part, int parts)
{
	const struct rows *rows = self;
	long long inputs = rows->fit->coding->input_count;
	int from = (int)(inputs * part / parts), to = (int)(inputs * (part + 1) / parts);

	for (long long r = 0; r < rows->n; r += HB_ROWS_TOGETHER) {
		long long next = r + hb_rows_together(rows->n, r);

		hb_expect_rows(rows->fit->table, hb_rows_together(rows->n, next), rows->row + next);
		for (int i = from; i < to; i++)
			see_values(rows, i, r, next);
	}
}

/* Quantile p of sorted values: the value at place p (count - 1), the nearest below. Texts have
 * none. */
static void find_quantiles(const struct hb_fit *fit, int i, long long n, const long long *row,
			   double *sample)
{
	hebb_seen *seen = &fit->coding->seen[i];
	int count = fit->coding->inputs[i].kind == HEBB_TEXT
			    ? 0
			    : sample_of(fit, fit->coding->input_at[i], n, row, sample);

	seen->rows = n;
	for (int p = 0; p <= HEBB_PARTS; p++)
		seen->quantile[p] = count > 0 ? sample[(long long)p * (count - 1) / HEBB_PARTS]
					      : (double)INFINITY;
	if (count == 0)
		seen->quantile[HEBB_PARTS] = -(double)INFINITY;
}

/* Where the sample had no number, all are in the first part, which ends at the largest; without any
 * number the quantiles are 0. */
static void end_quantiles(hebb_seen *seen, int is_text)
{
	double *quantile = seen->quantile, most = quantile[HEBB_PARTS];
	int has_none = is_text || seen->missing == seen->rows;

	for (int p = 0; p <= HEBB_PARTS; p++)
		quantile[p] = has_none ? 0 : quantile[p] < most ? quantile[p] : most;
}

static hebb_status make_seen(const struct hb_fit *fit)
{
	hebb_coding *coding = fit->coding;

	coding->seen = calloc((size_t)coding->input_count, sizeof *coding->seen);
	if (!coding->seen)
		return hb_out_of_memory(fit->error);
	for (int i = 0; i < coding->input_count; i++) {
		const hebb_column *input = &coding->inputs[i];
		hebb_seen *seen = &coding->seen[i];

		seen->count = calloc((size_t)hb_seen_counts(input), sizeof *seen->count);
		if (!seen->count)
			return hb_out_of_memory(fit->error);
	}
	return HEBB_OK;
}

hebb_status hb_fit_seen(struct hb_fit *fit, long long n, const long long *row)
{
	int inputs = fit->coding->input_count;
	unsigned char *type;
	double *sample;
	hebb_status status;

	if (fit->coding->height > 0 || !fit->options.keep_seen)
		return HEBB_OK;
	sample = malloc((n < SAMPLE ? (size_t)n : SAMPLE) * sizeof *sample);
	type = malloc((size_t)inputs);
	status = sample && type ? make_seen(fit) : hb_out_of_memory(fit->error);
	for (int i = 0; i < inputs && !status; i++) {
		type[i] = (unsigned char)type_of(fit, i);
		find_quantiles(fit, i, n, row, sample);
	}
	if (!status)
		hebb_pool_run(fit->pool, hb_column_parts(fit, inputs, n), see_part,
			      &(struct rows){fit, n, row, type});
	for (int i = 0; i < inputs && !status; i++)
		end_quantiles(&fit->coding->seen[i], type[i] == TEXTS);
	free(type);
	free(sample);
	return status;
}

void hb_free_seen(hebb_seen *seen, int count)
{
	for (int i = 0; i < count && seen; i++)
		free(seen[i].count);
	free(seen);
}

/* NULL, or what is wrong with an input. */
static const char *flaw_of(const hebb_seen *seen, const hebb_column *input)
{
	long long left = seen->rows - seen->missing;

	if (seen->missing < 0 || left < 0)
		return "an input has more missing values than rows";
	for (int p = 0; p <= HEBB_PARTS && input->kind == HEBB_NUMBER; p++)
		if (!isfinite(seen->quantile[p]) ||
		    (p && seen->quantile[p] < seen->quantile[p - 1]))
			return "the quantiles of an input are not in order";
	for (int i = 0; i < hb_seen_counts(input) && seen->count && left >= 0; i++)
		left = seen->count[i] < 0 || seen->count[i] > left ? -1 : left - seen->count[i];
	return seen->count && left == 0 ? NULL : "the counts of an input do not add up to its rows";
}

const char *hb_seen_flaw(const hebb_coding *coding)
{
	const char *what = NULL;

	for (int i = 0; i < coding->input_count && !what; i++)
		what = flaw_of(&coding->seen[i], &coding->inputs[i]);
	return what;
}
