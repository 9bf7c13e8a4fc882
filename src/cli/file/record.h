/* SPDX-License-Identifier: MIT */
/*
 * record.h - the training records of models and checkpoints, compared with a run
 *
 * The library writes them (src/study/record.c).
 */
#ifndef HEBB_CLI_RECORD_H
#define HEBB_CLI_RECORD_H

#include <jansson.h>

#include "option/job.h"

/* The key of a checkpoint's record that is missing or has a wrong type; NULL: none. */
const char *record_damage(const json_t *record);

/* Whether such a record is from the data of a job; from its options too; from a run that has ended;
 * from a blind job. */
int record_same_data(const json_t *record, const job *setup);
int record_same_run(const json_t *record, const job *setup);
int record_is_ended(const json_t *record);
int record_blind(const json_t *record);

/* Whether the record of a model was scored on the test rows of a trial. */
int record_same_split(const json_t *record, const hebb_trial *run);

/* Adds to what --json prints of a trial what the record of its model says: version, data, options
 * and, unless is_one is 0, since there are several trials, the split. */
void record_add(json_t *object, const hebb_trial *run, int is_one);

/* The record of a model as an object, or NULL if it has none that can be read. */
json_t *record_read(const hebb_model *model);

#endif
