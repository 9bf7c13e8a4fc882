/* SPDX-License-Identifier: MIT */
/*
 * spread.h - what several runs came to: mean, interval, sd and range of each figure
 */
#ifndef HEBB_CLI_SPREAD_H
#define HEBB_CLI_SPREAD_H

#include <stdio.h>

#include "option/options.h"

/* What a search compares, of a score that has it; and whether less of it is better. */
double (*figure_of(metric which))(const hebb_score *from);
int is_less_better(metric which);

/* A figure of the test scores of `runs` results. */
hebb_spread spread_of(const hebb_result *result, int runs, double (*pick)(const hebb_score *from));

/* accuracy_mean, accuracy_sd and so on, added to an object. */
void spread_json(const hebb_result *result, int runs, json_t *test);

/* A line a figure; `what` the runs are, "runs" or "folds". */
void print_spread(FILE *out, const hebb_result *result, int runs, const char *what);

#endif
