/* SPDX-License-Identifier: MIT */
/*
 * spread.h - what several runs came to: mean, interval, sd and range of each figure
 */
#ifndef HEBB_CLI_SPREAD_H
#define HEBB_CLI_SPREAD_H

#include <stdio.h>

#include "record.h"

typedef struct spread {
	double mean, sd, least, most;
	double low, high; /* the 95 % interval of the mean */
} spread;

/* What a search compares, of a score that has it; and whether less of it is better. */
double (*figure_of(metric which))(const score *from);
int is_less_better(metric which);

/* Of a figure of the test scores.  sd with n - 1; of one run it is NaN.  The interval of the mean
 * is that of Student's t: of other seeds or folds on this data, not of other data, for the runs
 * share their rows. */
spread spread_of(const outcome *result, int runs, double (*pick)(const score *from));

/* accuracy_mean, accuracy_sd and so on, added to an object. */
void spread_json(const outcome *result, int runs, json_t *test);

/* A line a figure; `what` the runs are, "runs" or "folds". */
void print_spread(FILE *out, const outcome *result, int runs, const char *what);

#endif
