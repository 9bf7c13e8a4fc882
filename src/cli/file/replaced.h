/* SPDX-License-Identifier: MIT */
/*
 * replaced.h - what a new model or checkpoint takes the place of
 */
#ifndef HEBB_CLI_REPLACED_H
#define HEBB_CLI_REPLACED_H

#include <stdio.h>

#include "option/job.h"

/* Refuses, without --force, a --checkpoint that holds a training which is not finished or not this
 * one; only the former while `setup` is NULL, before the data are read. */
int replaced_check(const options *given, const job *setup);

/* The name for the checkpoint of a run that ended after so many epochs: `path`, or another like it,
 * if what is there is more than an earlier state of this very run.  Takes `path`, which may be
 * NULL; to be freed; NULL without memory or a name. */
char *replaced_free_name(const job *setup, char *path, int epochs);

/* The record of the model that the model of these options will replace, or NULL. */
json_t *replaced_record(const options *given);

/* The score in such a record beside that of the new model: a line for people, or an object, null if
 * there is none.  NULL: does nothing. */
void replaced_print(FILE *out, const json_t *record, const hebb_trial *run);
json_t *replaced_json(const json_t *record, const hebb_trial *run);

#endif
