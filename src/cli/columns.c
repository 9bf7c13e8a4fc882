/* SPDX-License-Identifier: MIT */
/*
 * columns.c - what a look at a column tells
 *
 * The table is read row by row, as it lies in memory.
 */
#include "columns.h"

#include <math.h>
#include <stdlib.h>

column_facts *column_facts_of(const hebb_table *table)
{
	column_facts *facts = calloc((size_t)table->columns, sizeof *facts);

	if (!facts)
		return NULL;
	for (int i = 0; i < table->columns; i++)
		facts[i] = (column_facts){.least = INFINITY, .most = -INFINITY};
	for (long long row = 0; row < table->rows; row++) {
		for (int i = 0; i < table->columns; i++) {
			double value = hebb_table_value(table, row, i);
			if (isnan(value))
				continue;
			facts[i].mean += value;
			facts[i].least = value < facts[i].least ? value : facts[i].least;
			facts[i].most = value > facts[i].most ? value : facts[i].most;
		}
	}
	for (int i = 0; i < table->columns; i++) {
		long long there = table->rows - table->column[i].missing;
		facts[i].constant = facts[i].least >= facts[i].most || there == 0;
		facts[i].mean = there > 0 ? facts[i].mean / (double)there : NAN;
		if (there == 0)
			facts[i].least = facts[i].most = NAN;
	}
	return facts;
}
