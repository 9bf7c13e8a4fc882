/* SPDX-License-Identifier: MIT */
/*
 * spread.c - what several runs came to: mean, interval, sd and range
 */
#include <math.h>
#include <stdlib.h>

#include "metrics.h"

hebb_spread hebb_spread_of(int n, const double *value)
{
	hebb_spread all = {.least = INFINITY, .most = -INFINITY};
	double squares = 0;

	for (int i = 0; i < n; i++) {
		all.mean += value[i] / n;
		all.least = fmin(all.least, value[i]);
		all.most = fmax(all.most, value[i]);
	}
	for (int i = 0; i < n; i++) {
		double off = value[i] - all.mean;
		squares += off * off;
	}
	all.sd = n > 1 ? sqrt(squares / (n - 1)) : NAN;
	all.low = all.mean - hb_student_t(n) * all.sd / sqrt(n);
	all.high = all.mean + hb_student_t(n) * all.sd / sqrt(n);
	return all;
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
	hebb_spread all = value ? hebb_spread_of(result->runs, value) : unknown;
	free(value);
	return all;
}
