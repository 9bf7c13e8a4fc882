/* SPDX-License-Identifier: MIT */
/*
 * spread.h - the scores of several runs: mean, interval, sd and range
 */
#ifndef HEBB_CLI_SPREAD_H
#define HEBB_CLI_SPREAD_H

#include <stdio.h>

#include "option/options.h"

/* accuracy_mean, accuracy_sd and so on, added to an object. */
void spread_json(const hebb_result *result, int runs, json_t *test);

/* Prints a line for each figure. what: "runs" or "folds". */
void print_spread(FILE *out, const hebb_result *result, int runs, const char *what);

#endif
