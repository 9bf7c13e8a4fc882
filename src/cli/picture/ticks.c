/* SPDX-License-Identifier: MIT */
/*
 * ticks.c - round numbers along an axis
 */
#include "ticks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The smallest round step, 1, 2 or 5 times a power of 10, that is at least `least`. */
static double round_step(double least)
{
	double power = pow(10, floor(log10(least)));
	double digit = least / power * (1 - 1e-9);

	return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
}

/* "1e-3" for 0.001 and "1e4" for 10000; other numbers without an exponent. */
static void label_power(char *label, size_t size, int digit, int power)
{
	if (power < -2 || power > 3)
		snprintf(label, size, "%de%d", digit, power);
	else
		snprintf(label, size, "%.*f", power < 0 ? -power : 0, digit * pow(10, power));
}

/* Labels a multiple of a step in the power of 10 `power`, with the digits that tell it from the
 * next one; `size` is the largest value of the axis. */
static void label_value(char *label, size_t room, double value, int power, double size)
{
	int digits = (int)floor(log10(size)) - power + 1;

	if (size >= 1e-3 && size < 1e5) {
		snprintf(label, room, "%.*f", power < 0 ? -power : 0, value);
		return;
	}
	snprintf(label, room, "%.*g", digits < 1 ? 1 : digits, value);
	char *exponent = strchr(label, 'e');
	if (exponent) /* 1e9, not 1e+09 */
		snprintf(exponent, room - (size_t)(exponent - label), "e%ld",
			 strtol(exponent + 1, NULL, 10));
}

static void find_ticks(const axis *along, int about, ticks *marks)
{
	double step = round_step((along->high - along->low) / about);
	double first = ceil(along->low / step - 1e-9), last = floor(along->high / step + 1e-9);
	double size = fmax(fabs(along->low), fabs(along->high));
	int power = (int)floor(log10(step) + 1e-9);

	for (int i = 0; i < TICKS_MOST && first + i <= last; i++) {
		/* Not -0. */
		double value = first + i == 0 ? 0 : (first + i) * step;
		marks->at[i] = value;
		label_value(marks->label[i], sizeof marks->label[i], value, power, size);
		marks->count = i + 1;
	}
}

/* Powers of 10, about `about` of them at most; if there are fewer than four, 2 and 5 times a power
 * as well. */
static void find_powers(const axis *along, int about, ticks *marks)
{
	double low = log10(along->low) + 1e-9, high = log10(along->high) + 1e-9;
	int stride = (int)round_step(fmax(1, (high - low) / about));
	int fine = high - low < 2.5;
	int first = (int)floor(low / stride) * stride, last = (int)floor(high);

	for (int power = first; power <= last; power += stride) {
		for (int digit = 1; digit <= (fine ? 5 : 1); digit += digit == 2 ? 3 : 1) {
			double value = digit * pow(10, power);
			if (value < along->low * (1 - 1e-9) || value > along->high * (1 + 1e-9) ||
			    marks->count == TICKS_MOST)
				continue;
			marks->at[marks->count] = value;
			label_power(marks->label[marks->count++], sizeof *marks->label, digit,
				    power);
		}
	}
}

void axis_ticks(const axis *along, int about, ticks *marks)
{
	marks->count = 0;
	if (along->logarithmic)
		find_powers(along, about, marks);
	else
		find_ticks(along, about, marks);
}

/* Where a value lies on an axis, from 0 at its start to 1 at its end; and the inverse. */
double axis_fraction(const axis *along, double value)
{
	if (!along->logarithmic)
		return (value - along->low) / (along->high - along->low);
	return value > 0 ? log(value / along->low) / log(along->high / along->low) : NAN;
}

double axis_value(const axis *along, double share)
{
	if (!along->logarithmic)
		return along->low + share * (along->high - along->low);
	return along->low * pow(along->high / along->low, share);
}
