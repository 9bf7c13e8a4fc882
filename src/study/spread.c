/* SPDX-License-Identifier: MIT */
/*
 * spread.c - mean, interval, sd and range of several runs
 */
#include <math.h>
#include <stdlib.h>

#include "metrics.h"

hebb_spread hebb_spread_of(int n, const double *value)
{
	hebb_spread spread = {.least = INFINITY, .most = -INFINITY};
	double squares = 0;

	for (int i = 0; i < n; i++) {
		spread.mean += value[i] / n;
		spread.least = fmin(spread.least, value[i]);
		spread.most = fmax(spread.most, value[i]);
	}
	for (int i = 0; i < n; i++) {
		double off = value[i] - spread.mean;
		squares += off * off;
	}
	spread.sd = n > 1 ? sqrt(squares / (n - 1)) : NAN;
	spread.low = spread.mean - hb_student_t(n) * spread.sd / sqrt(n);
	spread.high = spread.mean + hb_student_t(n) * spread.sd / sqrt(n);
	return spread;
}

/* NaN, of one value, stays. */
hebb_spread hebb_spread_within(hebb_spread spread, double least, double most)
{
	spread.low = spread.low < least ? least : spread.low;
	spread.high = spread.high > most ? most : spread.high;
	return spread;
}

hebb_spread hebb_result_spread(const hebb_result *result, double (*pick)(const hebb_score *score))
{
	const hebb_spread unknown = {NAN, NAN, NAN, NAN, NAN, NAN};
	double *value = result->runs > 0 ? malloc(sizeof *value * (size_t)result->runs) : NULL;

	for (int i = 0; i < result->runs && value; i++)
		value[i] = pick(&result->run[i].test);
	hebb_spread spread = value ? hebb_spread_of(result->runs, value) : unknown;
	free(value);
	return spread;
}
