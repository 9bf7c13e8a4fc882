/* SPDX-License-Identifier: MIT */
/*
 * fit_transform.c - how targets are transformed, from their values in the rows of training
 */
#include "coding.h"
#include "transform.h"

#include <math.h>
#include <stdlib.h>

/* ---- Logarithms ---- */

/* Mean and deviation of the logarithms of a target. */
static hebb_status fit_log(struct hb_fit *fit, int i, long long n, const long long *row)
{
	hebb_coding *coding = fit->coding;
	struct hb_moments m = {0};

	for (long long k = 0; k < n; k++) {
		double value = hb_value(fit->table, row[k], coding->target_at[i]);

		if (isnan(value))
			continue;
		if (!(value > 0))
			return hb_fail_logarithm(fit->table, row[k], coding->target_at[i], value,
						 "; try --target-transform quantile, or standard",
						 fit->error);
		double log = hb_natural_log(value);
		m.first = m.count++ ? m.first : log;
		m.sum += log - m.first;
		m.squares += (log - m.first) * (log - m.first);
	}
	coding->target_mean[i] = (float)hb_mean(&m);
	if (hb_inverse(hb_deviation(&m)) > 0) /* a constant keeps its unit */
		coding->target_sd[i] = (float)hb_deviation(&m);
	return HEBB_OK;
}

/* ---- Quantiles ---- */

/* The z that a share of a normal distribution is below; of a share from 1/2 on. */
static double normal_at(double share)
{
	enum { HALVINGS = 60 };
	double low = 0, high = 8;

	for (int i = 0; i < HALVINGS; i++) {
		double middle = 0.5 * (low + high);

		if (hb_normal_below(middle) < share)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* The shares of HEBB_TARGET_VALUES places from -z to z, where of n rows the first is at -z. */
static void list_shares(long long n, double z, double *share)
{
	double outside = 0.5 / (double)n;

	for (int k = 0; k < HEBB_TARGET_VALUES; k++) {
		double at = z * (2.0 * k / HEBB_TARGET_PARTS - 1);
		double inside = (hb_normal_below(at) - outside) / (1 - 2 * outside);

		share[k] = fmin(fmax(inside, 0), 1);
	}
	share[0] = 0;
	share[HEBB_TARGET_PARTS] = 1;
}

static void fit_quantile(struct hb_fit *fit, int i, long long n, const long long *row)
{
	const double least = 0.5; /* of z: one row would have 0 */
	hebb_coding *coding = fit->coding;
	float *value = coding->target_value + (size_t)i * HEBB_TARGET_VALUES;
	double share[HEBB_TARGET_VALUES], quantile[HEBB_TARGET_VALUES];
	long long count = 0;

	for (long long k = 0; k < n; k++)
		count += !isnan(hb_value(fit->table, row[k], coding->target_at[i]));
	double z = fmax(normal_at(1 - 0.5 / (double)count), least);
	list_shares(count > 1 ? count : 2, z, share);
	hb_quantiles(fit, coding->target_at[i], n, row, HEBB_TARGET_VALUES, share, quantile);
	for (int k = 0; k < HEBB_TARGET_VALUES; k++)
		value[k] = (float)quantile[k];
	double slope = ((double)value[HEBB_TARGET_PARTS] - (double)value[0]) / HEBB_TARGET_PARTS;
	coding->target_slope[i] = hb_inverse(slope) > 0 ? (float)slope : 1;
	coding->target_mean[i] = HEBB_TARGET_PARTS / 2.0F;
	coding->target_sd[i] = (float)(HEBB_TARGET_PARTS / (2 * z));
}

static hebb_status make_quantiles(struct hb_fit *fit, long long n)
{
	hebb_coding *coding = fit->coding;
	size_t outputs = (size_t)coding->outputs;

	coding->target_value = calloc(outputs * HEBB_TARGET_VALUES, sizeof *coding->target_value);
	coding->target_slope = calloc(outputs, sizeof *coding->target_slope);
	if (!fit->room)
		fit->room = calloc((size_t)n, 2 * sizeof *fit->room);
	return coding->target_value && coding->target_slope && fit->room
		       ? HEBB_OK
		       : hb_out_of_memory(fit->error);
}

/* ---- Both ---- */

hebb_status hb_fit_transform(struct hb_fit *fit, hebb_target_transform transform, long long n,
			     const long long *row)
{
	int is_log = transform == HEBB_TARGET_LOG;
	hebb_status status = is_log ? HEBB_OK : make_quantiles(fit, n);

	fit->coding->target_transform = transform;
	for (int i = 0; i < fit->coding->outputs && !status; i++)
		if (is_log)
			status = fit_log(fit, i, n, row);
		else
			fit_quantile(fit, i, n, row);
	return status;
}
