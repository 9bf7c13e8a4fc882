/* SPDX-License-Identifier: MIT */
/*
 * report.h - what train leaves: the model, and the report on it
 */
#ifndef HEBB_CLI_REPORT_H
#define HEBB_CLI_REPORT_H

#include <stdio.h>

#include "record.h"

/* Where the report goes: to standard error if the model itself goes to standard output. */
FILE *report_stream(const options *o);

/* Writes the model of a trial, which stays the owner of its parts. */
int save_model(const job *from, const trial *run, const outcome *result);

/* Saves the model of `first` and prints what all runs came to.  `result` holds that of each run; with
 * --folds those of the folds, then that of the model. */
int report(const job *from, const trial *first, const outcome *result);

#endif
