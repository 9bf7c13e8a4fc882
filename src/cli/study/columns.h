/* SPDX-License-Identifier: MIT */
/*
 * columns.h - what a look at a column tells
 */
#ifndef HEBB_CLI_COLUMNS_H
#define HEBB_CLI_COLUMNS_H

#include "hebb_io.h"

typedef struct column_facts {
	double least, mean, most; /* of a NUMBER, missing values left out; NaN if all are missing */
	double sd;                /* of the population */
	int constant;             /* all values that are there are equal */
} column_facts;

/* One for each column of the table, to be freed with free(); NULL without memory. */
column_facts *column_facts_of(const hebb_table *table);

#endif
