/* SPDX-License-Identifier: MIT */
/*
 * search.h - a search while it runs, for the report on it
 */
#ifndef HEBB_CLI_SEARCH_H
#define HEBB_CLI_SEARCH_H

#include "file/record.h"
#include "file/trials.h"

typedef struct search {
	options *given; /* complete, except the options with a range */
	job base;
	space space;
	trial_table table;
	hebb_rung rung[HEBB_RUNGS_MOST];
	int rungs;
	hebb_found found;             /* what has been tried, in the order of the table */
	int taken, stopped;           /* taken: from the table; stopped: by a signal */
	double limit, began, seconds; /* limit: 0 if there is none */
	json_t *before;               /* the record of the model that is replaced, or NULL */
	/* The trial at hand. */
	options varied;
	draw draw;
	job setup;
} search;

/* Refuse options that contradict each other, and options that do not fit the data. */
int search_check_options(const options *given);
int search_check_job(const search *s);

/* Reports the best trials and the scores of the final model, for people or as JSON; returns the
 * exit status. model: its path; NULL: it is not saved. */
int search_report(search *s, const hebb_trial *final, const hebb_result *result, const char *model);

#endif
