/* SPDX-License-Identifier: MIT */
/*
 * transform.c - targets of a regression on another scale than their own (transform.h)
 */
#include "transform.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

/* ln 2, the first having so few bits that small multiples of it are exact. */
static const double LN2_HIGH = 6.93147180369123816490e-01, LN2_LOW = 1.90821492927058770002e-10,
		    LOG2_E = 1.44269504088896340736, ROOT_HALF = 0.70710678118654752440,
		    ROOT_2_PI = 2.50662827463100050242;

/* ---- Functions ---- */

/* e^x = 2^n e^r, |r| <= ln 2 / 2, by the series. */
double hb_natural_exp(double x)
{
	const double least = -745, most = 710; /* beyond are 0 and infinity */
	enum { TERMS = 14 };
	double n, r, sum = 1;

	if (isnan(x))
		return x;
	if (x < least || x > most)
		return x < 0 ? 0 : (double)INFINITY;
	n = floor(x * LOG2_E + 0.5);
	r = x - n * LN2_HIGH - n * LN2_LOW;
	for (int k = TERMS; k > 0; k--)
		sum = 1 + r / k * sum;
	return ldexp(sum, (int)n);
}

/* log (2^n m) = n ln 2 + 2 (s + s^3 / 3 + s^5 / 5 + ...), s = (m - 1) / (m + 1), m near 1. */
double hb_natural_log(double x)
{
	enum { LAST = 25 };
	int n;
	double m = frexp(x, &n), sum = 0;

	if (m < ROOT_HALF) {
		m *= 2;
		n--;
	}
	double s = (m - 1) / (m + 1);
	for (int k = LAST; k > 0; k -= 2)
		sum = sum * s * s + 1.0 / k;
	return n * LN2_HIGH + (n * LN2_LOW + 2 * s * sum);
}

/* 1/2 + the density (z + z^3 / 3 + z^5 / (3 5) + ...) (Marsaglia 2004). */
double hb_normal_below(double z)
{
	const double far = 8; /* less than 1e-15 is left */
	enum { TERMS = 200 };
	double term = z, sum = z;

	if (fabs(z) > far)
		return z > 0;
	for (int k = 3; k < TERMS; k += 2) {
		term *= z * z / k;
		sum += term;
	}
	return 0.5 + sum * hb_natural_exp(-0.5 * z * z) / ROOT_2_PI;
}

/* ---- Quantiles ---- */

static float value_at(const hebb_coding *coding, int i, float t)
{
	const float *value = coding->target_value + (size_t)i * HEBB_TARGET_VALUES;
	float c = t > 0 ? t : 0;

	c = c < HEBB_TARGET_PARTS ? c : HEBB_TARGET_PARTS;
	int k = c < HEBB_TARGET_PARTS ? (int)c : HEBB_TARGET_PARTS - 1;
	double come = (double)c - k, low = (double)value[k], high = (double)value[k + 1];
	return (float)((1 - come) * low + come * high +
		       (double)(t - c) * (double)coding->target_slope[i]);
}

static double slope_at(const hebb_coding *coding, int i, float t)
{
	const float *value = coding->target_value + (size_t)i * HEBB_TARGET_VALUES;

	if (!(t >= 0 && t < HEBB_TARGET_PARTS))
		return (double)coding->target_slope[i];
	return (double)value[(int)t + 1] - (double)value[(int)t];
}

/* A value at several places, as of ties, is in the middle of these. */
static double place_of(const hebb_coding *coding, int i, double raw)
{
	const float *value = coding->target_value + (size_t)i * HEBB_TARGET_VALUES;
	double slope = (double)coding->target_slope[i], least = (double)value[0],
	       most = (double)value[HEBB_TARGET_PARTS];
	int below = 0, upto = 0; /* how many values are below raw, and how many not above it */

	for (int k = 0; k < HEBB_TARGET_VALUES; k++) {
		below += (double)value[k] < raw;
		upto += (double)value[k] <= raw;
	}
	if (below < upto)
		return 0.5 * (below + upto - 1);
	if (below == 0)
		return (raw - least) / slope;
	if (below == HEBB_TARGET_VALUES)
		return HEBB_TARGET_PARTS + (raw - most) / slope;
	double low = (double)value[below - 1];
	return below - 1 + (raw - low) / ((double)value[below] - low);
}

/* ---- Both ---- */

hebb_status hb_fail_logarithm(const hebb_table *table, long long row, int column, double value,
			      const char *advice, hebb_error *error)
{
	char number[32], what[200];

	snprintf(what, sizeof what,
		 "is %s, but --target-transform log is for targets above 0, which have a "
		 "logarithm%s",
		 hebb_format_double(value, number), advice);
	return hb_fail_in_row(table, row, column, what, error);
}

double hb_target_place(const hebb_coding *coding, int i, double raw)
{
	if (isnan(raw) || coding->target_transform == HEBB_TARGET_QUANTILE)
		return isnan(raw) ? raw : place_of(coding, i, raw);
	return raw > 0 && raw <= DBL_MAX ? hb_natural_log(raw) : (double)NAN;
}

float hb_target_value(const hebb_coding *coding, int i, float t)
{
	return coding->target_transform == HEBB_TARGET_QUANTILE ? value_at(coding, i, t)
								: (float)hb_natural_exp((double)t);
}

double hb_target_slope(const hebb_coding *coding, int i, float t)
{
	return coding->target_transform == HEBB_TARGET_QUANTILE ? slope_at(coding, i, t)
								: hb_natural_exp((double)t);
}

/* The values of all targets rise, and are finite. */
static int are_in_order(const hebb_coding *coding)
{
	int all = 1;

	for (int i = 0; i < coding->outputs; i++) {
		const float *value = coding->target_value + (size_t)i * HEBB_TARGET_VALUES;

		all &= isfinite(value[0]) && isfinite(value[HEBB_TARGET_PARTS]);
		all &= coding->target_slope[i] > 0 && isfinite(coding->target_slope[i]);
		for (int k = 0; k < HEBB_TARGET_PARTS; k++)
			all &= value[k] <= value[k + 1];
	}
	return all;
}

const char *hb_quantiles_flaw(const hebb_coding *coding)
{
	return coding->target_value && !are_in_order(coding)
		       ? "the quantiles of a target are not in order"
		       : NULL;
}

const char *hb_transform_flaw(const hebb_coding *coding)
{
	int is_quantile = coding->target_transform == HEBB_TARGET_QUANTILE;

	if (!coding->target_transform && !coding->target_value && !coding->target_slope)
		return NULL;
	if (!hb_transforms(coding) || !hebb_target_transform_name(coding->target_transform) ||
	    coding->task != HEBB_REGRESSION || coding->exact_target_mean)
		return "how the targets are transformed does not fit them";
	if (is_quantile ? !coding->target_value || !coding->target_slope
			: coding->target_value || coding->target_slope)
		return "how the targets are transformed does not fit them";
	return NULL;
}
