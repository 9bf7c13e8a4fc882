/* SPDX-License-Identifier: MIT */
/*
 * drift.c - how much the columns of later rows differ from those of training
 *
 * The measure is the population stability index of each column (Siddiqi, Credit Risk Scorecards,
 * 2006): the sum over its bins of (q - p) ln(q / p). Bins without a row on either side say nothing
 * and are left out. Half a row is added to each of the others, so that an empty one is no
 * infinity.
 *
 * Without drift, psi / (1 / n + 1 / m) is about chi-square with bins - 1 degrees of freedom
 * (Yurdakul, Statistical Properties of Population Stability Index, 2018). So 50 rows have a psi of
 * 0.2 by chance, which the usual bounds of 0.1 and 0.25 take for drift. Here these bounds hold for
 * what exceeds the mean of chance, and a column within the quantile 0.999 of chance never counts.
 */
#include "dataset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The usual bounds, and the deviations of a normal distribution at its quantile 0.999. */
static const double some = 0.1, large = 0.25, z_of_chance = 3.0902;

struct hebb_drift {
	const hebb_coding *coding;
	long long rows, outside; /* outside: those with a value that is */
	size_t *first;           /* by input: its first bin */
	long long *trained;      /* by bin: the rows of training */
	long long *count;        /* the later ones */
};

/* Fills in the rows of training of each bin; the last bin of an input is that of missing values. */
static void set_trained(hebb_drift *drift)
{
	const hebb_coding *coding = drift->coding;

	for (int i = 0; i < coding->input_count; i++) {
		const hebb_column *input = &coding->inputs[i];
		long long *trained = drift->trained + drift->first[i];

		memcpy(trained, coding->seen[i].count,
		       (size_t)hb_seen_counts(input) * sizeof *trained);
		trained[hb_bins(input) - 1] = coding->seen[i].missing;
	}
}

hebb_drift *hebb_drift_new(const hebb_coding *coding, hebb_error *error)
{
	hebb_drift *drift;
	size_t bins = 0;

	if (hb_check_seen(coding, error))
		return NULL;
	drift = calloc(1, sizeof *drift);
	if (drift)
		drift->first = malloc((size_t)coding->input_count * sizeof *drift->first);
	for (int i = 0; i < coding->input_count && drift && drift->first; i++) {
		drift->first[i] = bins;
		bins += (size_t)hb_bins(&coding->inputs[i]);
	}
	if (bins) {
		drift->trained = calloc(bins, sizeof *drift->trained);
		drift->count = calloc(bins, sizeof *drift->count);
	}
	if (!bins || !drift->trained || !drift->count) {
		hebb_drift_free(drift);
		hb_out_of_memory(error);
		return NULL;
	}
	drift->coding = coding;
	set_trained(drift);
	return drift;
}

void hebb_drift_free(hebb_drift *drift)
{
	if (!drift)
		return;
	free(drift->first);
	free(drift->trained);
	free(drift->count);
	free(drift);
}

static void add_row(hebb_drift *drift, const hebb_limits *limits, long long row)
{
	int is_outside = 0;

	for (int i = 0; i < drift->coding->input_count; i++) {
		int bin = hb_limits_bin(limits, i, row);

		drift->count[drift->first[i] + (size_t)bin]++;
		is_outside |= hb_is_outside_bin(drift->coding, i, bin);
	}
	drift->rows++;
	drift->outside += is_outside;
}

hebb_status hebb_drift_add(hebb_drift *drift, const hebb_table *table, long long n,
			   const long long *row, hebb_error *error)
{
	hebb_error why;
	hebb_limits *limits;

	if (!drift)
		return hb_absent("the drift", error);
	hebb_status status = hb_check_rows(table, n, row, error);
	if (status)
		return status;
	limits = hebb_limits_new(drift->coding, table, error ? error : &why);
	if (!limits)
		return error ? error->status : why.status;
	hebb_drift_add_rows(drift, limits, n, row, 0);
	hebb_limits_free(limits);
	return HEBB_OK;
}

void hebb_drift_add_rows(hebb_drift *drift, const hebb_limits *limits, long long n,
			 const long long *row, long long first)
{
	for (long long i = 0; i < n; i++)
		add_row(drift, limits, row ? row[i] : first + i);
}

void hebb_drift_join(hebb_drift *drift, const hebb_drift *other)
{
	const hebb_coding *coding = drift->coding;
	int last = coding->input_count - 1;
	size_t bins = drift->first[last] + (size_t)hb_bins(&coding->inputs[last]);

	for (size_t i = 0; i < bins; i++)
		drift->count[i] += other->count[i];
	drift->rows += other->rows;
	drift->outside += other->outside;
}

long long hebb_drift_rows(const hebb_drift *drift)
{
	return drift->rows;
}

long long hebb_drift_outside(const hebb_drift *drift)
{
	return drift->outside;
}

/* The quantile of chance of chi-square, after Wilson and Hilferty (1931). */
static double chance_of(int freedom)
{
	double part = freedom > 0 ? 2.0 / (9.0 * freedom) : 0, root;

	root = 1 - part + z_of_chance * sqrt(part);
	return freedom * root * root * root;
}

double hb_stability(int bins, const long long *p, const long long *q, int *used)
{
	double n = 0, m = 0, psi = 0;

	*used = 0;
	for (int b = 0; b < bins; b++) {
		*used += p[b] + q[b] > 0;
		n += (double)p[b];
		m += (double)q[b];
	}
	if (n == 0 || m == 0)
		return (double)NAN;
	for (int b = 0; b < bins; b++) {
		double of_p = ((double)p[b] + 0.5) / (n + 0.5 * *used),
		       of_q = ((double)q[b] + 0.5) / (m + 0.5 * *used);

		psi += p[b] + q[b] > 0 ? (of_q - of_p) * log(of_q / of_p) : 0;
	}
	return psi;
}

static hebb_drift_size size_of(const hebb_column_drift *of)
{
	double excess = of->psi - of->expected;

	if (!(of->psi > of->limit))
		return HEBB_DRIFT_NONE;
	return excess > large  ? HEBB_DRIFT_LARGE
	       : excess > some ? HEBB_DRIFT_SOME
			       : HEBB_DRIFT_NONE;
}

/* Copies the later rows of a column of numbers, those beyond training with the nearest part, unless
 * that holds one number alone, which they are not. */
static void fold_beyond(const hebb_seen *seen, const long long *count, long long *folded)
{
	const double *quantile = seen->quantile;

	memcpy(folded, count, HB_NUMBER_BINS * sizeof *folded);
	if (quantile[0] < quantile[1]) {
		folded[0] += folded[HB_BELOW];
		folded[HB_BELOW] = 0;
	}
	if (quantile[HEBB_PARTS - 1] < quantile[HEBB_PARTS]) {
		folded[HEBB_PARTS - 1] += folded[HB_ABOVE];
		folded[HB_ABOVE] = 0;
	}
}

hebb_column_drift hebb_drift_column(const hebb_drift *drift, int input)
{
	const hebb_column *column = &drift->coding->inputs[input];
	const long long *count = drift->count + drift->first[input];
	long long folded[HB_NUMBER_BINS];
	int bins = hb_bins(column);
	hebb_column_drift of = {.missing = count[bins - 1]};
	double unit = 1 / (double)drift->coding->seen[input].rows + 1 / (double)drift->rows;

	for (int b = 0; b < bins; b++)
		of.outside += hb_is_outside_bin(drift->coding, input, b) ? count[b] : 0;
	if (column->kind == HEBB_NUMBER) {
		fold_beyond(&drift->coding->seen[input], count, folded);
		count = folded;
	}
	of.psi = hb_stability(bins, drift->trained + drift->first[input], count, &of.bins);
	of.expected = isnan(of.psi) ? of.psi : (of.bins - 1) * unit;
	of.limit = isnan(of.psi) ? of.psi : chance_of(of.bins - 1) * unit;
	of.drift = size_of(&of);
	return of;
}
