/* SPDX-License-Identifier: MIT */
/*
 * predict_outside.h - the column of `hebb predict --outside`: which inputs of a row are outside of
 * what the model was trained on
 */
#ifndef HEBB_CLI_PREDICT_OUTSIDE_H
#define HEBB_CLI_PREDICT_OUTSIDE_H

#include "draw/text.h"
#include "hebb_io.h"

/* The names of the inputs, as they stand in the column. */
typedef struct outside_names {
	int json, count;
	text names;
	size_t *at;                /* the offset of each, and the end of the last */
	unsigned char *is_special; /* those that put the field in quotes */
} outside_names;

/* Returns 0 if memory runs out.  Call outside_close() even then. */
int outside_open(const hebb_coding *coding, int json, int for_people, outside_names *result);
void outside_close(outside_names *names);

/* Adds a field of CSV, `age|fare`, or an array of JSON; outside: by input, as hebb_limits_row() has
 * it; NULL: none. */
void outside_add(const outside_names *names, const unsigned char *outside, text *buffer);

#endif
