/* SPDX-License-Identifier: MIT */
/*
 * seen.c - what the rows of training had in each input: range, quantiles, levels
 *
 * By it later rows are told that lie outside of what was learned. Quantiles are those of at most
 * SAMPLE rows, evenly spaced, so that they cost little; the smallest and the largest value are
 * those of all rows.
 */
#include "coding.h"

#include <math.h>
#include <stdlib.h>

enum { SAMPLE = 10000 };

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

/* The smallest and the largest value, and how many are missing. */
static void find_range(const struct hb_fit *fit, int column, long long n, const long long *row,
		       hebb_seen *seen)
{
	double least = INFINITY, most = -INFINITY;

	for (long long i = 0; i < n; i++) {
		double found = hb_value(fit->table, row[i], column);

		seen->missing += isnan(found) != 0;
		least = found < least ? found : least;
		most = found > most ? found : most;
	}
	seen->quantile[0] = least <= most ? least : 0;
	seen->quantile[HEBB_PARTS] = least <= most ? most : 0;
}

/* Quantile p of sorted values: the value at place p (count - 1), the nearest below. */
static void see_number(const struct hb_fit *fit, int column, long long n, const long long *row,
		       double *sample, hebb_seen *seen)
{
	int count = sample_of(fit, column, n, row, sample);

	find_range(fit, column, n, row, seen);
	for (int p = 1; p < HEBB_PARTS; p++)
		seen->quantile[p] = count > 0 ? sample[(long long)p * (count - 1) / HEBB_PARTS]
					      : seen->quantile[0];
}

static void see_text(const struct hb_fit *fit, int column, long long n, const long long *row,
		     hebb_seen *seen)
{
	for (long long i = 0; i < n; i++) {
		double level = hb_value(fit->table, row[i], column);

		if (isnan(level))
			seen->missing++;
		else
			seen->count[(int)level]++;
	}
}

static hebb_status see_input(const struct hb_fit *fit, int i, long long n, const long long *row,
			     double *sample)
{
	const hebb_column *input = &fit->coding->inputs[i];
	int column = fit->coding->input_at[i];
	hebb_seen *seen = &fit->coding->seen[i];

	seen->rows = n;
	if (input->kind == HEBB_NUMBER) {
		see_number(fit, column, n, row, sample, seen);
		return HEBB_OK;
	}
	seen->count = calloc((size_t)input->level_count, sizeof *seen->count);
	if (!seen->count)
		return hb_out_of_memory(fit->error);
	see_text(fit, column, n, row, seen);
	return HEBB_OK;
}

hebb_status hb_fit_seen(struct hb_fit *fit, long long n, const long long *row)
{
	hebb_coding *coding = fit->coding;
	double *sample;
	hebb_status status = HEBB_OK;

	if (coding->height > 0)
		return HEBB_OK;
	sample = malloc((n < SAMPLE ? (size_t)n : SAMPLE) * sizeof *sample);
	coding->seen = calloc((size_t)coding->input_count, sizeof *coding->seen);
	if (!sample || !coding->seen)
		status = hb_out_of_memory(fit->error);
	for (int i = 0; i < coding->input_count && !status; i++)
		status = see_input(fit, i, n, row, sample);
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
	if (input->kind == HEBB_NUMBER)
		return NULL;
	for (int i = 0; i < input->level_count && seen->count && left >= 0; i++)
		left = seen->count[i] < 0 || seen->count[i] > left ? -1 : left - seen->count[i];
	return seen->count && left == 0 ? NULL : "the levels of an input do not add up to its rows";
}

const char *hb_seen_flaw(const hebb_coding *coding)
{
	const char *what = NULL;

	for (int i = 0; i < coding->input_count && !what; i++)
		what = flaw_of(&coding->seen[i], &coding->inputs[i]);
	return what;
}
