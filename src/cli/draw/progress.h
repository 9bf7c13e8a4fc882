/* SPDX-License-Identifier: MIT */
/*
 * progress.h - what a person sees while training runs
 */
#ifndef HEBB_CLI_PROGRESS_H
#define HEBB_CLI_PROGRESS_H

#include "hebb_study.h"
#include "picture/curves.h"
#include "picture/screen.h"

typedef struct progress {
	int live;             /* one line on a terminal, written over and over */
	int lines;            /* plain lines now and then */
	int draws;            /* a curve stays where the live line was */
	char label[32];       /* before the epoch: "run 3/20", "network 2/5" */
	int members, member;  /* networks that become one, and which one trains, from 1; 0: one */
	int epoch;            /* the last that was shown */
	long long rows;       /* of an epoch */
	hebb_study *study;    /* gets the meter of its scoring, if not NULL */
	int run, runs;        /* which of how many, from 1 */
	double before;        /* seconds since the first of them began */
	int rates;            /* the rate is shown, because it changes */
	int classes;          /* the accuracy on validation rows is shown */
	const curves *curves; /* of earlier runs, for --plot; NULL: no plot */
	screen screen;        /* the live line and the plot above it */
	int is_over;
	double shown; /* when the line was last shown, in seconds */
	/* The state of training. */
	int epochs, best_epoch, diverged, stopped;
	double best_validation, seconds;
	long long seen;
	hebb_curve curve;
} progress;

/* `run` of `runs`, counted from 1. */
void progress_begin(progress *self, hebb_study *study, long long rows, int run, int runs);

/* The callback of hebb_recipe, which stops the training if a signal asks for it; `self` is a
 * progress. */
int progress_show(void *self, const hebb_progress *now);

/* Remembers the best validation loss, after an epoch. */
void progress_judge(progress *self, int epoch, double validation);

/* "1:02:03" or "4:05"; returns the text. */
char *time_text(double seconds, char *text, size_t size);

/* Removes the live line; draws the curve, if there is to be one. */
void progress_end(progress *self);

#endif
