/* SPDX-License-Identifier: MIT */
/*
 * column_levels.h - the texts of a column, the most frequent first
 */
#ifndef HEBB_CLI_COLUMN_LEVELS_H
#define HEBB_CLI_COLUMN_LEVELS_H

#include "hebb_io.h"

/* How many rows have each level, to be freed; NULL without memory. */
long long *levels_count(const hebb_table *table, int i);

/* Prints "3: loam, clay, sand", cut to `room` columns. */
void levels_print(const hebb_table *table, int i, int room);

/* Prints a bar for each of the most frequent levels; returns their number. */
int levels_bars(const hebb_table *table, int i);

#endif
