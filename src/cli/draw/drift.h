/* SPDX-License-Identifier: MIT */
/*
 * drift.h - how rows differ from those that a model was trained on
 *
 * `drift` may be NULL, of a model that does not know its rows of training: then nothing is said,
 * and JSON has null.
 */
#ifndef HEBB_CLI_DRIFT_H
#define HEBB_CLI_DRIFT_H

#include <jansson.h>
#include <stdio.h>

#include "hebb_io.h"

/* "12 of 418 rows lie outside of what was trained on: age (10), fare (3)", if any do. */
void outside_note(const hebb_coding *coding, const hebb_drift *drift, const char *name);

/* {"rows": 12, "columns": {"age": 10, "fare": 3}} */
json_t *outside_json(const hebb_coding *coding, const hebb_drift *drift);

/* The columns that drifted in a line; all of them in a table; and as JSON, by column. */
void print_drift(FILE *stream, const hebb_coding *coding, const hebb_drift *drift);
void print_drift_table(FILE *stream, const hebb_coding *coding, const hebb_drift *drift);
json_t *drift_json(const hebb_coding *coding, const hebb_drift *drift);

#endif
