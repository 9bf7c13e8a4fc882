/* SPDX-License-Identifier: MIT */
/*
 * search.h - a search while it runs, for the report on it
 */
#ifndef HEBB_CLI_SEARCH_H
#define HEBB_CLI_SEARCH_H

#include "option/halving.h"
#include "file/record.h"
#include "file/trials.h"

typedef struct search {
	options *given; /* complete, but for what is ranged */
	job base;
	space space;
	trial_table table;
	rung rung[RUNGS_MOST];
	int rungs;
	trial_row *row;               /* what has been tried, in the order of the table */
	int rows, room, tried;        /* tried: rows of the first rung */
	int taken, diverged, best;    /* taken: from the table; best: -1 if there is none */
	int over, stopped;            /* over: the time is; stopped: by a signal */
	double limit, began, seconds; /* limit: 0 if there is none */
	json_t *before;               /* the record of the model that is replaced, or NULL */
	/* The trial at hand. */
	options varied;
	draw draw;
	job from;
} search;

/* Refuses what makes no sense whatever the data, and of this data. */
int search_check_options(const options *given);
int search_check_job(const search *s);

/* Whether a row is better than another: on a higher rung, else by the score, else the earlier. */
int is_better(const search *s, const trial_row *a, const trial_row *b);

/* Indices of the rows on a rung, or of all rows if it is -1, the best first and without those
 * that diverged; to be freed; NULL without memory. */
int *ranked_rows(const search *s, int on, int *count);

/* What the search came to and how good the final model is, which is at `model` or (NULL) nowhere,
 * for people or as JSON; returns the exit status. */
int search_report(search *s, const hebb_trial *final, const hebb_result *result, const char *model);

#endif
