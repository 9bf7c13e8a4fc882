/* SPDX-License-Identifier: MIT */
/*
 * unanswered.h - rows for which a network has no finite answer
 *
 * Inputs far from the training values, such as 1e38 among numbers near 1, overflow float32 in a
 * network: infinity minus infinity is NaN.  Such a row has no answer; a warning names its line.
 */
#ifndef HEBB_CLI_UNANSWERED_H
#define HEBB_CLI_UNANSWERED_H

#include "hebb_study.h"

/* Adds a row. */
void unanswered_add(hebb_unanswered *unanswered, long long row);

/* How a score treats such rows, as a part of a sentence. */
const char *unanswered_counts(hebb_task task);

/* Where people find a row of the table: its line in the file, else its number from 1. */
long long unanswered_place(const hebb_table *table, long long row);

/* Warns, if there are any, of rows by their places: "x.csv: lines 7, 12, 15 and 3 more: ...; WHAT".
 */
void unanswered_warn_at(const hebb_unanswered *places, const char *name, int are_lines,
			const char *what);

/* The same of the rows of a table. */
void unanswered_warn(const hebb_unanswered *unanswered, const hebb_table *table, const char *what);

#endif
