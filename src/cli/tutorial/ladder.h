/* SPDX-License-Identifier: MIT */
/*
 * ladder.h - the article's network on the digits, changed one thing at a time: chapter 7
 *
 * Each rung is the one before it with one change, and all share the splits and the scaling of
 * `--recipe tutorial`.  A rung is trained once for each seed, and only when a section asks for it;
 * the lesson keeps the results for the next section.
 */
#ifndef HEBB_CLI_LADDER_H
#define HEBB_CLI_LADDER_H

#include "tutorial/lesson.h"

typedef enum rung {
	RUNG_ARTICLE,
	RUNG_START,
	RUNG_SOFTMAX,
	RUNG_BATCHES,
	RUNG_ADAM,
	RUNG_RELU,
	RUNG_WIDE,
	RUNG_DROPOUT,
	RUNG_DEFAULTS, /* of hebb train, which are not on the ladder */
	RUNGS
} rung;

/* What the seeds gave. */
typedef struct measured {
	int runs; /* 0: not measured */
	int epochs;
	double test, test_sd,
		train;         /* accuracies: mean and sd on the test rows, mean on the others */
	double J_start, J_end; /* the cost in the first and the last epoch, first seed */
	hebb_curve curve;      /* the cost by epoch, first seed */
} measured;

/* Trains a rung, unless it was trained.  NULL after a message. */
const measured *ladder_measure(lesson *l, rung which);

/* Its name, and what it is for `hebb train digits`. */
const char *rung_title(rung which);
const char *rung_flags(rung which);

/* How many seeds a rung is trained with: --repeat, or 5. */
int ladder_runs(const lesson *l);

/* A study of the digits with the settings of a rung; *table is to be freed.  Returns an exit
 * status. */
int rung_study(const lesson *l, rung which, hebb_table **table, hebb_study *study);

/* The end of a section's computation and its result: the accuracies of some rungs, which follow
 * one another, the commands that give them, the figure of their costs, and the numbers. */
int ladder_show(lesson *l, int count, const rung *which);

/* All rungs in one table. */
int ladder_show_all(lesson *l);

#endif
