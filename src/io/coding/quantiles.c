/* SPDX-License-Identifier: MIT */
/*
 * quantiles.c - how a column of numbers is encoded, from its values in the rows of training
 *
 * All of these are sorted, so that neither their order nor a sample plays a part.
 */
#include "coding.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The deviation of the random numbers of periodic scaling: a usual wave turns once within three
 * deviations of the column. Smooth tables gain more from it than from 0.1, noisy ones lose more. */
static const double WAVE = 0.3;

/* ---- Sorting ---- */

/* The bits of a double, in the order of numbers. */
static uint64_t key_of(double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof bits);
	return bits >> 63 ? ~bits : bits | 1ULL << 63;
}

static double value_of(uint64_t key)
{
	uint64_t bits = key >> 63 ? key & ~(1ULL << 63) : ~key;
	double value;

	memcpy(&value, &bits, sizeof value);
	return value;
}

/* Sorts by one byte, keeping the order of equal ones; 0: that byte is the same in all. */
static int sort_by_byte(const uint64_t *from, long long n, int shift, uint64_t *to)
{
	long long first[257] = {0};

	for (long long i = 0; i < n; i++)
		first[(from[i] >> shift & 255) + 1]++;
	if (first[(from[0] >> shift & 255) + 1] == n)
		return 0;
	for (int b = 0; b < 256; b++)
		first[b + 1] += first[b];
	for (long long i = 0; i < n; i++)
		to[first[from[i] >> shift & 255]++] = from[i];
	return 1;
}

/* Returns what is sorted, one of the two. */
static uint64_t *sort_keys(uint64_t *key, uint64_t *spare, long long n)
{
	for (int shift = 0; shift < 64 && n > 0; shift += 8)
		if (sort_by_byte(key, n, shift, spare)) {
			uint64_t *sorted = spare;

			spare = key;
			key = sorted;
		}
	return key;
}

/* The values of a column that are there, in order. */
struct sorted {
	const uint64_t *key;
	long long count;
	int exact; /* they are doubles; else floats */
};

static struct sorted sort_column(const struct hb_fit *fit, int column, int exact, long long n,
				 const long long *row)
{
	uint64_t *key = fit->room, *spare = key + n;
	struct sorted all = {.exact = exact};

	for (long long i = 0; i < n; i++) {
		double value = hb_value(fit->table, row[i], column);

		if (!isnan(value))
			key[all.count++] = key_of((exact ? value : (double)(float)value) + 0);
	}
	all.key = sort_keys(key, spare, all.count);
	return all;
}

/* ---- Quantiles ---- */

static double at(const struct sorted *all, long long place)
{
	return value_of(all->key[place]);
}

/* The quantile of a share: the value at place share (count - 1), between two in proportion. */
static double quantile(const struct sorted *all, double share)
{
	double place = share * (double)(all->count - 1);
	long long below = (long long)place;
	double low = at(all, below), rest = place - (double)below;
	double value = rest > 0 ? low + rest * (at(all, below + 1) - low) : low;

	return all->exact ? value : (double)(float)value;
}

int hb_quantiles(const struct hb_fit *fit, int column, long long n, const long long *row, int count,
		 const double *share, double *value)
{
	struct sorted all = sort_column(fit, column, 1, n, row);

	for (int i = 0; i < count && all.count > 0; i++)
		value[i] = quantile(&all, share[i]);
	return all.count > 0;
}

/* The different values, if there are at most `most`; else 0. */
static int list_values(const struct sorted *all, int most, double *value)
{
	int count = 0;

	for (long long i = 0; i < all->count; i++) {
		if (i > 0 && all->key[i] == all->key[i - 1])
			continue;
		if (count == most)
			return 0;
		value[count++] = at(all, i);
	}
	return count;
}

/* Leaves out each edge that is no further from the one before than a float can tell. */
static int merge(double *edge, int count)
{
	int kept = count > 0;

	for (int i = 1; i < count; i++)
		if (hb_inverse(edge[i] - edge[kept - 1]) > 0)
			edge[kept++] = edge[i];
	return kept;
}

/* The share of the rows before edge i: (1 - cos(pi i / bins)) / 2, Chebyshev's points, which are
 * closer together at the ends, where few rows are far apart. To nine decimals, so that an edge does
 * not depend on the last bit of a libm. */
static double share_before(int i, int bins)
{
	const double pi = 3.14159265358979324;

	return round(1e9 * (1 - cos(pi * i / bins)) / 2) / 1e9;
}

/* The edges of the bins, one more than bins. */
static int find_edges(const struct sorted *all, int bins, double edge[HEBB_BINS_MOST + 1])
{
	int count = list_values(all, bins + 1, edge);

	for (int i = 0; i <= bins && count == 0 && all->count > 0; i++)
		edge[i] = quantile(all, share_before(i, bins));
	return merge(edge, count == 0 && all->count > 0 ? bins + 1 : count);
}

/* ---- Encodings ---- */

/* Each returns the number of inputs that a column becomes; 0: it is constant. */

/* The mean and the deviation of the share of a bin that the values have come: 0 before it, 1 behind
 * it. `from`: the first value that is not before it; moves to the first one behind it. */
static void measure_bin(const struct sorted *all, double begin, double end, long long *from,
			double *mean, double *deviation)
{
	double count = (double)all->count, sum = 0, squares = 0;
	long long i = *from;

	for (; i < all->count && at(all, i) <= end; i++) {
		double share = (at(all, i) - begin) / (end - begin);

		sum += share;
		squares += share * share;
	}
	*from = i;
	*mean = (sum + (count - (double)i)) / count;
	*deviation = sqrt((squares + (count - (double)i)) / count - *mean * *mean);
}

static int fit_bins(struct hb_fit *fit, const struct sorted *all, const struct hb_number *number)
{
	double edge[HEBB_BINS_MOST + 1], mean, deviation;
	int bins = find_edges(all, fit->options.bins, edge) - 1;
	struct hb_line line = number->line;
	long long from = 0;
	int made = 0;

	for (int k = 0; k < bins; k++) {
		double width = edge[k + 1] - edge[k];

		measure_bin(all, edge[k], edge[k + 1], &from, &mean, &deviation);
		line.mean = edge[k] + mean * width;
		line.scale = hb_inverse(width * deviation);
		line.fill = number->has_indicator ? edge[0] : line.fill;
		if (!(line.scale > 0)) /* beyond float32: it tells nothing */
			continue;
		hb_set_input(fit->coding, number->at + made, line);
		hb_set_bounds(fit->coding, number->at + made++,
			      (struct hb_bounds){(float)(-mean / deviation),
						 (float)((1 - mean) / deviation)});
	}
	return made;
}

static int fit_robust(struct hb_fit *fit, const struct sorted *all, const struct hb_number *number)
{
	struct hb_line line = number->line;

	if (all->count == 0)
		return 0;
	double middle = quantile(all, 0.75) - quantile(all, 0.25),
	       range = quantile(all, 1) - quantile(all, 0);
	line.mean = quantile(all, 0.5);
	line.scale = hb_inverse(middle) > 0 ? hb_inverse(middle) : hb_inverse(range / 2);
	hb_set_input(fit->coding, number->at, line);
	hb_set_bounds(fit->coding, number->at, hb_bounds_of(HEBB_SCALING_ROBUST));
	return line.scale > 0;
}

/* A normal random number, nearly: twelve uniform ones less their mean. */
static double draw(const float *u)
{
	double sum = -6;

	for (int i = 0; i < 12; i++)
		sum += (double)u[i];
	return sum;
}

static int fit_waves(struct hb_fit *fit, const struct hb_number *number)
{
	const double turn = 6.28318530717958648;
	struct hb_line line = number->line;
	float u[12 * HEBB_WAVES];

	if (!(line.scale > 0))
		return 0;
	hebb_uniform(12 * HEBB_WAVES, u, fit->options.seed, (uint64_t)number->index);
	for (int k = 0; k < 2 * HEBB_WAVES; k++) {
		double c = WAVE * draw(u + k / 2 * 12);

		line.scale = (float)(turn * c * (double)number->line.scale);
		hb_set_input(fit->coding, number->at + k, line);
		hb_set_bounds(fit->coding, number->at + k, hb_bounds_of(HEBB_SCALING_PERIODIC));
	}
	return 2 * HEBB_WAVES;
}

int hb_encode_number(struct hb_fit *fit, const struct hb_number *number, long long n,
		     const long long *row)
{
	hebb_coding *coding = fit->coding;
	hebb_scaling scaling = fit->options.scaling;
	int exact = coding->exact_mean != NULL, inputs;
	struct sorted all = {0};

	if (scaling != HEBB_SCALING_PERIODIC)
		all = sort_column(fit, coding->input_at[number->index], exact, n, row);
	inputs = scaling == HEBB_SCALING_PERIODIC ? fit_waves(fit, number)
		 : scaling == HEBB_SCALING_ROBUST ? fit_robust(fit, &all, number)
						  : fit_bins(fit, &all, number);
	coding->encoding[number->index] =
		inputs > 0 ? hb_one_way(scaling, inputs) : hb_one_way(HEBB_SCALING_STANDARD, 1);
	if (inputs == 0) {
		hb_set_input(coding, number->at, number->line);
		hb_set_bounds(coding, number->at, hb_bounds_of(HEBB_SCALING_STANDARD));
	}
	return inputs > 0 ? inputs : 1;
}

void hb_drop_encoding_if_none(hebb_coding *coding)
{
	for (int i = 0; i < coding->input_count; i++)
		if (hb_is_encoded(coding, i))
			return;
	free(coding->encoding);
	free(coding->least);
	free(coding->most);
	coding->encoding = NULL;
	coding->least = coding->most = NULL;
}
