/* SPDX-License-Identifier: MIT */
/*
 * columns.c - simple statistics of the columns of a table
 *
 * The table is read row by row, as it lies in memory.
 */
#include "hebb_study.h"

#include <math.h>
#include <stdlib.h>

hebb_column_facts *hebb_table_facts(const hebb_table *table)
{
	hebb_column_facts *facts = calloc((size_t)table->columns, sizeof *facts);
	double *first = calloc((size_t)table->columns,
			       sizeof *first); /* differences from it lose no digits in sums */

	if (!facts || !first) {
		free(facts);
		free(first);
		return NULL;
	}
	for (int i = 0; i < table->columns; i++)
		facts[i] = (hebb_column_facts){.least = INFINITY, .most = -INFINITY};
	for (long long row = 0; row < table->rows; row++) {
		for (int i = 0; i < table->columns; i++) {
			double value = hebb_table_value(table, row, i);
			if (isnan(value))
				continue;
			if (!(facts[i].least <= facts[i].most))
				first[i] = value;
			facts[i].mean += value - first[i];
			facts[i].sd += (value - first[i]) * (value - first[i]);
			facts[i].least = value < facts[i].least ? value : facts[i].least;
			facts[i].most = value > facts[i].most ? value : facts[i].most;
		}
	}
	for (int i = 0; i < table->columns; i++) {
		long long present = table->rows - table->column[i].missing;
		facts[i].constant = facts[i].least >= facts[i].most || present == 0;
		double off = present > 0 ? facts[i].mean / (double)present : NAN;
		facts[i].mean = first[i] + off;
		facts[i].sd = sqrt(fmax(facts[i].sd / (double)present - off * off, 0));
		if (present == 0)
			facts[i].least = facts[i].most = facts[i].sd = NAN;
	}
	free(first);
	return facts;
}
