/* SPDX-License-Identifier: MIT */
/*
 * histogram.h - how often the values of a column occur
 */
#ifndef HEBB_CLI_HISTOGRAM_H
#define HEBB_CLI_HISTOGRAM_H

#include <jansson.h>
#include <stdio.h>

#include "hebb_io.h"

enum { HISTOGRAM_BINS = 20, HISTOGRAM_WIDTH = 10 /* characters */ };

/* Bins of equal width from the least to the largest finite value, which is in the last one. */
typedef struct histogram {
	double low, high; /* NaN: no value is finite */
	long long count[HISTOGRAM_BINS];
} histogram;

/* Fills in the histograms of `count` columns of numbers, from column `first` on; those of texts
 * stay empty. */
void histograms_fill(const hebb_table *table, int first, int count, histogram *list);

/* Prints it in HISTOGRAM_WIDTH columns: a bar for two bins, blank where no value is. */
void histogram_print(FILE *stream, const histogram *of);

/* {"low": ..., "high": ..., "counts": [...]}; null: no value is finite. */
json_t *histogram_json(const histogram *of);

/* Prints bars as high as the counts, the largest count as a full one. */
void bars_print(FILE *stream, int bars, const long long *count);

#endif
