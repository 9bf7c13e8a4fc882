/* SPDX-License-Identifier: MIT */
/*
 * predict_interval.h - intervals around predicted numbers and sets of classes, as parts of a line
 */
#ifndef HEBB_CLI_PREDICT_INTERVAL_H
#define HEBB_CLI_PREDICT_INTERVAL_H

#include "draw/text.h"
#include "hebb_io.h"
#include "option/options.h"

/* What --interval asks for. */
typedef struct intervals {
	const hebb_model *model; /* NULL: nothing */
	float *threshold;        /* of each part of model->conformal */
} intervals;

/* Prints what is wrong and returns the exit status. Call intervals_close() even then. */
int intervals_open(const options *given, const hebb_model *model, intervals *result);
void intervals_close(intervals *asked);

/* Names of CSV: ",price_low,price_high"; ",set"; ",set(wet),set(cold)". */
void interval_head(const char *target, int for_people, text *buffer);
void sets_head(const intervals *asked, int for_people, text *buffer);

/* The interval around number i of the outputs h, NULL: without an answer; ",1.5,2.25" or
 * "[1.5, 2.25]". */
void interval_fields(const intervals *asked, const float *h, int i, text *buffer);
void interval_list(const intervals *asked, const float *h, int i, text *buffer);

/* The set of classes, or that of label i: a field, "a|b", or a list, ["a", "b"]. */
void set_field(const intervals *asked, const float *h, int i, int for_people, text *buffer);
void set_list(const intervals *asked, const float *h, int i, text *buffer);

#endif
