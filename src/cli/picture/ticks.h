/* SPDX-License-Identifier: MIT */
/*
 * ticks.h - round numbers along an axis
 */
#ifndef HEBB_CLI_TICKS_H
#define HEBB_CLI_TICKS_H

#include "draw/plot.h"

enum { TICKS_MOST = 40 };

typedef struct ticks {
	int count;
	double at[TICKS_MOST];
	char label[TICKS_MOST][24];
} ticks;

/* About `about` round numbers within a sound axis, with as many digits as tell them apart. */
void axis_ticks(const axis *along, int about, ticks *marks);

/* Where a value lies on an axis, from 0 at its start to 1 at its end; and the inverse. */
double axis_fraction(const axis *along, double value);
double axis_value(const axis *along, double share);

#endif
