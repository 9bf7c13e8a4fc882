/* SPDX-License-Identifier: MIT */
/*
 * choice.h - what --effort tried, for people and as JSON
 */
#ifndef HEBB_CLI_CHOICE_H
#define HEBB_CLI_CHOICE_H

#include <jansson.h>

#include "hebb_study.h"

/* What was shown so far; begins as 0. */
typedef struct choice_shown {
	int lines;
	double began; /* seconds */
} choice_shown;

/* The callback of hebb_study_choose(): one live line, or a few plain ones. `self`: a choice_shown.
 * Returns whether a signal asks to stop. */
int choice_show(void *self, const hebb_choice *choice);

/* Removes the live line. */
void choice_forget(void);

/* Removes the live line and prints what was tried, the best first. */
void choice_print(const hebb_study *study, const hebb_choice *choice);

/* What was taken in the folds of a cross-validation. */
typedef struct choices {
	int folds, trainings, recipes;
	const char *recipe[HEBB_TRIED_MOST];
	int taken[HEBB_TRIED_MOST]; /* how many folds took it */
	double seconds;
} choices;

/* Counts the choice of a fold, if there was one. */
void choice_count(choices *all, const hebb_choice *choice);

/* Prints how often each recipe was taken; nothing if none was tried. */
void choice_print_folds(const choices *all);

/* {"recipe": "6 bins", "metric": "log_loss", "rows": 120, "tried": [...]}; null: nothing was
 * tried. */
json_t *choice_json(const hebb_choice *choice);

#endif
