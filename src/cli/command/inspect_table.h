/* SPDX-License-Identifier: MIT */
/*
 * inspect_table.h - what is in a table of data
 */
#ifndef HEBB_CLI_INSPECT_TABLE_H
#define HEBB_CLI_INSPECT_TABLE_H

#include "hebb_io.h"
#include "option/options.h"

/* Prints the columns with their types, ranges and levels, and what would be predicted. Returns an
 * exit status. */
int inspect_table(const options *given, const hebb_table *table);

#endif
