/* SPDX-License-Identifier: MIT */
/*
 * report.h - what train leaves: the model, and the report on it
 */
#ifndef HEBB_CLI_REPORT_H
#define HEBB_CLI_REPORT_H

#include <stdio.h>

#include "findings.h"
#include "file/record.h"

/* Where the report goes: to standard error if the model itself goes to standard output. */
FILE *report_stream(const options *o);

/* What train came to. */
typedef struct results {
	hebb_result *run;    /* those of --repeat or the folds; `done` of `asked` ended */
	hebb_result *model;  /* of the run whose model is saved */
	int asked, done;     /* >= 1 */
	int whole;           /* the model is trained */
	hebb_findings found; /* the doctor's */
} results;

/* Writes the model of a trial, which stays the owner of its parts; if it cannot go where it should,
 * somewhere else, saying so and returning EXIT_FAILED.  *where is the path where it is, to be
 * freed, or NULL: nowhere. */
int save_model(const job *from, const hebb_trial *run, const hebb_result *result, char **where);

/* Saves the model of the trial, if it is trained, and prints what the runs came to that ended, of
 * which there is one at least. */
int report(const job *from, const hebb_trial *model, const results *all);

#endif
