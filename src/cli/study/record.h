/* SPDX-License-Identifier: MIT */
/*
 * record.h - the training record that stands in a model
 *
 *     {"hebb": "0.1.0", "data": "digits", "fingerprint": "0123456789abcdef", "rows": 1797,
 *     "train_rows": 1077,
 *      "split": {"test": {"fraction": 0.4}, "validation": null, "stratified": true, "seed": 1},
 *      "options": {...}, "epochs": 100, "curve": {"loss": [...]}, "loss": 0.0004, "test":
 *      {"accuracy": 0.977, "loss": 0.08}}
 *
 * It holds no time and no machine: the same run gives the same bytes.
 */
#ifndef HEBB_CLI_RECORD_H
#define HEBB_CLI_RECORD_H

#include "job.h"
#include "draw/progress.h"
#include "score.h"

/* What a run came to. */
typedef struct outcome {
	uint64_t seed;
	long long parameters, train_rows, validation_rows,
		test_rows; /* rows: 0 if there is no such part */
	long long seen;    /* examples, over all epochs */
	int epochs, best_epoch;
	int diverged;   /* only if the job is quiet; there are no scores then */
	int stopped;    /* by a signal */
	double seconds; /* of the training loop */
	score train, validation, test;
	curve curve;
} outcome;

/* The record as text, to be freed with free(); NULL without memory. */
char *record_make(const job *from, const trial *run, const outcome *result);

/* What a checkpoint says of the run: data, split, options, the curve so far and whether the run has
 * ended by itself; likewise. */
char *record_unfinished(const job *from, const trial *run, const curve *so_far, int ended);

/* Which part of such a record is missing or of another type; NULL: none. */
const char *record_damage(const json_t *record);

/* Whether such a record tells as many rows as a run has. */
int record_same_rows(const json_t *record, const job *from, const trial *run);

/* Whether such a record is of the data of a job; of its options too; of a run that has ended; and
 * of a blind job. */
int record_same_data(const json_t *record, const job *to);
int record_same_run(const json_t *record, const job *to);
int record_is_ended(const json_t *record);
int record_blind(const json_t *record);

/* Whether the record of a model was scored on the test rows of a trial. */
int record_same_split(const json_t *record, const job *from, const trial *run);

/* {"loss": [...], "validation_loss": [...]}, the latter only if there was such a part; to six
 * digits. */
json_t *curve_json(const curve *from);

/* Reads it back; 0: it is no such object, the lists are not equally long, or there is no memory. */
int curve_read(const json_t *from, curve *result);

/* The record of a model as an object, or NULL if it has none that can be read. */
json_t *record_read(const hebb_model *model);

/* Whether the model was trained on this very table. */
int record_fits(const json_t *record, const hebb_table *table);

/* How the rows were parted; `column` is the target's.  0 if the record does not say. */
int record_split(const json_t *record, int column, split *result);

/* The rows as training parted them, if some of this very table were its test part; else why not.
 * The result's rows are to be freed with free(). */
hebb_status record_parts(const hebb_model *model, const hebb_table *table, parts *result,
			 hebb_error *error);

#endif
