/* SPDX-License-Identifier: MIT */
/*
 * job.h - data and network as the options of train ask for them
 *
 * `train` and `check` begin alike: a job is what all runs share (options, tables, targets), a trial
 * is one run with its seed (split, coding, datasets, network).  Functions print what went wrong and
 * return an exit status.
 */
#ifndef HEBB_CLI_JOB_H
#define HEBB_CLI_JOB_H

#include "findings.h"
#include "option/options.h"
#include "split.h"

typedef struct job {
	options *options; /* complete: choose_defaults() has been here */
	hebb_table *table, *test_table, *validation_table;
	int *targets;
	hebb_coding_options coding_options;
	hebb_coding *whole; /* fitted on every row */
	uint64_t fingerprint;
	int blind; /* the test part is held out, and not even coded; folds are */
	int quiet; /* nothing is said about a run, and one that diverges is no failure */
	int runs;  /* how many there are, for the progress */
} job;

typedef struct trial {
	uint64_t seed;
	split split;
	parts parts;
	hebb_coding *coding;
	hebb_dataset *train, *validation, *test; /* the last two may be NULL */
	hebb_net *net;
	findings *found; /* the doctor's, whose business alone it is; may be NULL */
} trial;

/* Reads the tables, finds the targets, completes the options. */
int job_open(options *given, job *result);
void job_close(job *done);

/* The same tables, which it borrows, with other options: neither other targets nor counts instead
 * of other numbers.  Not to be closed. */
int job_vary(const job *base, options *given, job *result);

int trial_open(const job *from, uint64_t seed, trial *result);

/* The trial that holds out one of options->folds folds, counted from 0, in place of the test
 * part. */
int trial_open_fold(const job *from, uint64_t seed, int fold, trial *result);
void trial_close(trial *done);

/* Fills in result->targets and result->coding_options from the options. */
int job_targets(const options *given, const hebb_table *table, job *result);

/* The recipe of the options, without a progress callback. */
hebb_recipe job_recipe(const options *given, uint64_t seed);

/* Codes all rows of a table, or says what is wrong; NULL then.  Surplus columns are mentioned in
 * a note.  The dataset may be a view of the table, as those of a trial are. */
hebb_dataset *code_table(const hebb_coding *coding, const hebb_table *table, int with_targets);

/* How many threads the machine runs at once. */
int machine_threads(void);

#endif
