/* SPDX-License-Identifier: MIT */
/*
 * replaced.h - the model or checkpoint that a new one replaces
 */
#ifndef HEBB_CLI_REPLACED_H
#define HEBB_CLI_REPLACED_H

#include <stdio.h>

#include "option/job.h"

/* Refuses, without --force, to overwrite a --checkpoint of an unfinished run or of another run.
 * While `setup` is NULL, before the data are read, only unfinished runs are refused. */
int replaced_check(const options *given, const job *setup);

/* The name for the checkpoint of a run that ended after `epochs` epochs: `path`, or a similar name
 * if the file there is more than an earlier state of this run. Takes ownership of `path`, which may
 * be NULL. To be freed; NULL if memory runs out or no name is unused. */
char *replaced_free_name(const job *setup, char *path, int epochs);

/* The record of the model that the model of these options will replace, or NULL. */
json_t *replaced_record(const options *given);

/* The scores of the replaced model: as a line for people (record NULL: nothing), or as an object
 * (record NULL: null). */
void replaced_print(FILE *out, const json_t *record, const hebb_trial *run);
json_t *replaced_json(const json_t *record, const hebb_trial *run);

#endif
