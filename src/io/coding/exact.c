/* SPDX-License-Identifier: MIT */
/*
 * exact.c - whether float32 is enough for a column
 *
 * A column is in doubles if float32 does not give back the numbers that stand in its file. That
 * alone is no reason to learn from doubles: of 0.5488135039273248 float32 holds seven digits, more
 * than a network tells apart. It is one if what float32 loses is a part of what the column tells:
 * two times, 1700000000 and 1700000060, become one number, and 100000000.3 loses its fraction.
 */
#include "../io.h"

#include <float.h>
#include <math.h>

/* The part of the standard deviation that a rounding may take. */
#define LOSS_MOST 0x1p-18

/* What is lost by rounding to float32. */
static double loss(double value)
{
	return fabs(value - (double)(float)value);
}

int hb_needs_doubles(const double *value, long long rows)
{
	double first = NAN, sum = 0, squares = 0, most = 0, count = 0;

	for (long long row = 0; row < rows; row++) {
		if (isnan(value[row]))
			continue;
		first = isnan(first) ? value[row] : first;
		double d = value[row] - first, lost = loss(value[row]);
		if (lost > 0 && hb_is_integer(value[row]))
			return 1;
		sum += d;
		squares += d * d;
		most = lost > most ? lost : most;
		count++;
	}
	double variance = count > 0 ? squares / count - sum / count * (sum / count) : 0;
	double deviation = variance > 0 ? sqrt(variance) : 0;
	return deviation >= (double)FLT_MIN && most > LOSS_MOST * deviation;
}
