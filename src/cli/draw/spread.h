/* SPDX-License-Identifier: MIT */
/*
 * spread.h - what several runs came to: mean, interval, sd and range of each figure
 */
#ifndef HEBB_CLI_SPREAD_H
#define HEBB_CLI_SPREAD_H

#include <stdio.h>

#include "option/options.h"

/* A figure of the test scores of `runs` results. */
hebb_spread spread_of(const hebb_result *result, int runs, double (*pick)(const hebb_score *score));

/* accuracy_mean, accuracy_sd and so on, added to an object. */
void spread_json(const hebb_result *result, int runs, json_t *test);

/* A line a figure; `what` the runs are, "runs" or "folds". */
void print_spread(FILE *out, const hebb_result *result, int runs, const char *what);

#endif
