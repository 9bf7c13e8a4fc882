/* SPDX-License-Identifier: MIT */
/*
 * predict_limits.h - how the rows that `hebb predict` answers differ from those of training: the
 * note, --outside and --drift, over any number of tables
 */
#ifndef HEBB_CLI_PREDICT_LIMITS_H
#define HEBB_CLI_PREDICT_LIMITS_H

#include "option/options.h"
#include "predict_outside.h"

typedef struct predict_limits {
	const options *given;
	const hebb_coding *coding;
	outside_names names; /* of the column of --outside */
	hebb_drift *drift;   /* the rows, which the caller counts; NULL: nothing is to be said */
	hebb_limits *limits; /* of the present table; NULL without drift */
} predict_limits;

/* Prints what is wrong and returns the exit status.  Call limits_close() even after a failure. */
int limits_open(const options *given, const hebb_coding *coding, int for_people,
		predict_limits *result);
void limits_close(predict_limits *limits);

/* Takes the rows of the next table, which is borrowed until the next one or limits_close();
 * likewise. */
int limits_take(predict_limits *limits, const hebb_table *table);

/* Says after the predictions how the rows differed. name: where they come from. */
void limits_report(const predict_limits *limits, const char *name);

#endif
