/* SPDX-License-Identifier: MIT */
/*
 * learner.h - what hebb play trains: points in the plane, a network, and the settings of both
 *
 * A learner is a trial of a study (hebb_study.h) that is trained an epoch at a time, so that its
 * settings can change in between.  They are options of train with their texts: the command that
 * trains the same network follows from them.  Nothing is printed except by learner_open().
 */
#ifndef HEBB_CLI_LEARNER_H
#define HEBB_CLI_LEARNER_H

#include "draw/text.h"
#include "option/job.h"
#include "play/clouds.h"

enum { LEARNER_CLASSES_MOST = 8, LEARNER_LAYERS_MOST = 6, LEARNER_UNITS_MOST = 256 };

typedef struct learner {
	options settings;   /* a copy of the options, with the defaults of play */
	job job;            /* the table, its coding, and the study of `settings` */
	const cloud *cloud; /* where the points come from; NULL: a file */
	double noise;       /* of the cloud */
	hebb_trial *trial;
	hebb_trainer *trainer;
	hebb_source train, held_out; /* held_out.rows 0: there is none */
	hebb_curve curve;            /* the loss of each epoch, on both parts */
	int epochs;
	int changed;                    /* a setting has changed after the first epoch */
	hebb_score score, tested;       /* on the rows of training, and on those held out */
	double low[2], high[2];         /* what the axes show of the two inputs */
	double target_low, target_high; /* the range of the number to predict */
	char text[8][64];               /* of settings that keys have changed */
	int (*interrupt)(void *self);   /* 1: give back an epoch before its end; may be NULL */
	void *self;
	hebb_error error; /* of the last call that failed */
} learner;

/* Reads or draws the points and makes the network.  Returns an exit status, after a message. */
int learner_open(const options *given, learner *result);
void learner_close(learner *l);

/* These return 0, with `error`, if it cannot be done; the learner then stands as it was, if its
 * settings do.  The network begins anew, from the seed; with `redraw`, so do the points. */
int learner_restart(learner *l, int redraw);
/* The rate and the decay are those of the settings from now on; weights and moments stay. */
int learner_retune(learner *l);
/* The same for dropout, whose layers come or go: the weights stay. */
int learner_replace(learner *l);

/* Trains to the end of an epoch, or until `interrupt` says so; the next call then goes on. */
int learner_epoch(learner *l);

/* Fills in `score` and `tested`. */
int learner_judge(learner *l);

/* Changes a setting, or the noise of the cloud.  The text is copied. */
void learner_set(learner *l, option_id id, const char *words);

/* 1 if classes are predicted, 0 if numbers are; their count; the name of one, as it stands in the
 * data. */
int learner_classes(const learner *l);
const char *learner_class(const learner *l, int which);

/* A row of a part of the trial in the plane, with its class or number. */
point learner_point(const learner *l, const hebb_dataset *part, long long row);

/* The two inputs of the network for a place in the plane. */
void learner_inputs(const learner *l, double x, double y, float inputs[2]);

/* The share of right classes, or R2: what people look at.  NaN: there are no such rows. */
double learner_quality(const hebb_score *score);

/* The command that trains the same network, from `csv`, for as many epochs; to be freed; NULL: no
 * memory. */
char *learner_command(const learner *l, const char *csv);

/* The points as CSV, if they come from a cloud. */
void learner_write(const learner *l, text *csv);

#endif
