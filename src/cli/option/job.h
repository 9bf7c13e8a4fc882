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

typedef struct job {
	options *options; /* with a complete study */
	hebb_table *table, *test_table, *validation_table;
	hebb_coding *coding; /* fitted on every row */
	int quiet;           /* nothing is said about a run, and one that diverges is no failure */
	int runs;            /* how many there are, for the progress */
} job;

/* Reads the tables and completes the options. */
int job_open(options *given, job *result);
void job_close(job *setup);

/* The same tables, which it borrows, with other options: neither other targets nor counts instead
 * of other numbers.  Not to be closed. */
int job_vary(const job *base, options *given, job *result);

/* A trial of the job; fold: counted from 0, or -1.  NULL after a message. */
hebb_trial *job_trial(const job *setup, uint64_t seed, int fold);

/* Codes all rows of a table, or says what is wrong; NULL then.  Surplus columns are mentioned in
 * a note.  The dataset may be a view of the table, as those of a trial are. */
hebb_dataset *code_table(const hebb_coding *coding, const hebb_table *table, int with_targets);

/* How many threads the machine runs at once. */
int machine_threads(void);

#endif
