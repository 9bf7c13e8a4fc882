/* SPDX-License-Identifier: MIT */
/*
 * sparkline.c - a curve in one line
 */
#include "sparkline.h"

#include <math.h>

#include "terminal.h"

enum { LEVELS = 8 };
static const double FAR = 2; /* the largest value over the least: drawn by the logarithm */

spark_scale spark_scale_none(void)
{
	return (spark_scale){.low = NAN, .high = NAN};
}

void spark_extend(spark_scale *scale, int count, const double *value)
{
	for (int i = 0; i < count; i++)
		if (isfinite(value[i])) {
			scale->low =
				fmin(scale->low, value[i]); /* of NaN and a number, the number */
			scale->high = fmax(scale->high, value[i]);
		}
}

void spark_settle(spark_scale *scale)
{
	scale->is_log = scale->low > 0 && scale->high / scale->low > FAR;
}

static double share_of(const spark_scale *scale, double value)
{
	if (!(scale->high > scale->low))
		return 0;
	if (scale->is_log)
		return log(value / scale->low) / log(scale->high / scale->low);
	return (value - scale->low) / (scale->high - scale->low);
}

/* The mean of the finite ones; NaN if there are none. */
static double mean_of(int count, const double *value)
{
	double sum = 0;
	int n = 0;

	for (int i = 0; i < count; i++)
		if (isfinite(value[i])) {
			sum += value[i];
			n++;
		}
	return n ? sum / n : NAN;
}

const char *spark_block(double share)
{
	static const char *const block[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	static const char *const ascii[] = {"_", ".", "-", "~", "+", "=", "*", "#"};
	int level = (int)(share * LEVELS);

	level = level < 0 ? 0 : level >= LEVELS ? LEVELS - 1 : level;
	return is_utf8() ? block[level] : ascii[level];
}

void spark_print(FILE *stream, const spark_scale *scale, int count, const double *value, int width)
{
	int columns = count < width ? count : width;

	for (int i = 0; i < columns; i++) {
		int first = (int)((long long)i * count / columns);
		int end = (int)((long long)(i + 1) * count / columns);
		double mean = mean_of(end - first, value + first);

		fputs(isnan(mean) ? " " : spark_block(share_of(scale, mean)), stream);
	}
}
