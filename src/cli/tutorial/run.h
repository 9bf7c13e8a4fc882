/* SPDX-License-Identifier: MIT */
/* run.h - a training run on the digits, for chapters 5 and 6 */
#ifndef HEBB_CLI_RUN_H
#define HEBB_CLI_RUN_H

#include "draw/score.h"
#include "hebb_study.h"
#include "tutorial/lesson.h"

enum { ITERATIONS_MOST = 3000 };

typedef struct run {
	hebb_table *table;
	hebb_study study;
	hebb_trial *trial;
} run;

/* The settings of the article's program. */
void set_tutorial(hebb_study *study);

/* A complete study of the digits, with the settings of `set` and the reader's own numbers. */
int run_begin(const lesson *l, void (*set)(hebb_study *study), run *result);

/* A trial of it; both. */
int run_trial_of(run *r, uint64_t seed);
int run_open(const lesson *l, void (*set)(hebb_study *study), run *result);
void run_close(run *training);

int run_score(const run *r, const hebb_dataset *data, hebb_score *result);

#endif
