/* SPDX-License-Identifier: MIT */
/*
 * report.h - what train produces: the model, and a report
 */
#ifndef HEBB_CLI_REPORT_H
#define HEBB_CLI_REPORT_H

#include <stdio.h>

#include "findings.h"
#include "file/record.h"

/* Where the report goes: standard error if the model itself goes to standard output. */
FILE *report_stream(const options *o);

/* The results of train. */
typedef struct results {
	hebb_result *run;       /* of --repeat or of the folds; `done` of `asked` are complete */
	hebb_result *model;     /* of the run whose model is saved */
	int asked, done;        /* >= 1 */
	int trained;            /* the model is trained */
	hebb_choice choice;     /* how the settings of the model were chosen */
	hebb_findings findings; /* the doctor's */
} results;

/* Writes the model of a trial, which still owns its parts. If the path cannot be written, writes
 * the model elsewhere, says where, and returns EXIT_FAILED. *where: its path, to be freed; NULL: it
 * is not written. */
int save_model(const job *setup, const hebb_trial *run, const hebb_result *result, char **where);

/* Saves the model of the trial, if it is trained, and prints the results of the complete runs, at
 * least one. */
int report(const job *setup, const hebb_trial *model, const results *all);

#endif
