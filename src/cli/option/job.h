/* SPDX-License-Identifier: MIT */
/*
 * job.h - the tables of a study, as the options of train name them
 *
 * `train`, `check` and `search` begin alike.  Functions print what went wrong and return an exit
 * status.
 */
#ifndef HEBB_CLI_JOB_H
#define HEBB_CLI_JOB_H

#include "options.h"
#include "picture/curves.h"

typedef struct job {
	options *options; /* with a complete study */
	hebb_table *table, *test_table, *validation_table;
	hebb_coding *coding; /* fitted on every row */
	int quiet;           /* runs print nothing, and a run that diverges is not a failure */
	int runs;            /* the number of runs, for the progress */
	curves *curves;      /* of the runs so far, for --plot; NULL: no plot */
	hebb_calibration *calibration; /* gets the rows of the folds; NULL: nothing wants them */
} job;

/* Reads the tables and completes the options. */
int job_open(options *given, job *result);
void job_close(job *setup);

/* The same tables, borrowed, with other options. These must keep the targets, and whether targets
 * are counts. Not to be closed. */
int job_vary(const job *base, options *given, job *result);

/* Opens a trial of the job. fold: from 0, or -1: none. NULL after a message. */
hebb_trial *job_trial(const job *setup, uint64_t seed, int fold);

/* Notes what became of missing values and the like in the rows of a trial: once, not for each of
 * several runs or folds. */
void job_note_trial(const job *setup, const hebb_trial *run, int fold);

/* Codes all rows of a table; NULL after a message. Notes say that surplus columns are ignored, and
 * what was missing or new. how: as hebb_coding_apply() takes it. Like those of a trial, the dataset
 * may be a view of the table. */
hebb_dataset *code_table(const hebb_coding *coding, const hebb_table *table, int how);

/* Notes that columns of the table are ignored, unless training ignored as many. */
void note_ignored(const hebb_coding *coding, const hebb_dataset *data, const hebb_table *table);

/* Notes what in `rows` coded rows of a table was not as in training; what: such as "test". */
void note_coded(const hebb_coding *coding, const hebb_dataset *data, const hebb_table *table,
		long long rows, const char *what);

/* -j as hebb_coding_apply() takes it; a part of how_to_apply(). */
int threads_to_apply(const options *given);

/* How the options want a table to be coded for a model: HEBB_APPLY_STRICT and the like. */
int how_to_apply(const options *given);

/* The number of processors. */
int machine_threads(void);

#endif
