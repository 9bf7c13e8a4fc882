/* SPDX-License-Identifier: MIT */
/*
 * unanswered.h - rows for which a network has no finite answer
 *
 * Inputs far from those of training, 1e38 among numbers near 1, overflow float32 on their way
 * through a network: an infinite sum less another is NaN.  Such a row has no answer, which is said
 * with its line.
 */
#ifndef HEBB_CLI_UNANSWERED_H
#define HEBB_CLI_UNANSWERED_H

#include "hebb_study.h"

/* Takes note of a row. */
void unanswered_add(hebb_unanswered *unanswered, long long row);

/* What becomes of them in a score. */
const char *unanswered_counts(hebb_task task);

/* Warns, if there are any: "x.csv: lines 7, 12, 15 and 3 more: ...; WHAT". */
void unanswered_warn(const hebb_unanswered *unanswered, const hebb_table *table, const char *what);

#endif
