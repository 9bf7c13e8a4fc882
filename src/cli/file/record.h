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

/* Which part of the record of a checkpoint is missing or of another type; NULL: none. */
const char *record_damage(const json_t *record);

/* Whether such a record is of the data of a job; of its options too; of a run that has ended; and
 * of a blind job. */
int record_same_data(const json_t *record, const job *setup);
int record_same_run(const json_t *record, const job *setup);
int record_is_ended(const json_t *record);
int record_blind(const json_t *record);

/* Whether the record of a model was scored on the test rows of a trial. */
int record_same_split(const json_t *record, const hebb_trial *run);

/* The record of a model as an object, or NULL if it has none that can be read. */
json_t *record_read(const hebb_model *model);

#endif
