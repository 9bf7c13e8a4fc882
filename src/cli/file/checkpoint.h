/* SPDX-License-Identifier: MIT */
/*
 * checkpoint.h - a training that can be stopped and goes on later
 */
#ifndef HEBB_CLI_CHECKPOINT_H
#define HEBB_CLI_CHECKPOINT_H

#include "option/job.h"
#include "draw/progress.h"

/* A checkpoint that --resume names. */
typedef struct resumed {
	hebb_checkpoint *checkpoint;
	json_t *record;
} resumed;

/* Reads it and completes the options with its own; nothing to do without --resume. */
int resumed_open(options *given, resumed *result);
void resumed_close(resumed *start);

/* Whether it belongs to these data. */
int resumed_check(const resumed *start, const job *setup);

/* What is written while a run goes on. */
typedef struct saver {
	const job *setup;
	const hebb_trial *run;
	progress *shown;
	char *path;        /* NULL: nowhere */
	int ended;         /* the run, by itself */
	int last_epoch;    /* when it was written last, */
	double last;       /* and in seconds */
	hebb_error failed; /* why it could not be written the last time, or HEBB_OK */
} saver;

/* Finds out where checkpoints go, and that they can; call it once, before the training of the run
 * whose model is saved. */
int saver_open(const job *setup, saver *result);
void saver_close(saver *checkpoints);

/* Lets a trial and what is shown go on where the checkpoint stands. */
int saver_resume(saver *self, hebb_trial *run, const resumed *start);

/* The callback of hebb_recipe: shows progress, writes a checkpoint if it is time, and stops if a
 * signal asks for it. */
int saver_progress(void *self, const hebb_progress *now);

/* After hebb_train() was stopped: writes the checkpoint, if need be somewhere else, and says how to
 * go on. */
int saver_stopped(saver *self);

/* Says at the end that the last checkpoint could not be written, if so. */
void saver_remind(const saver *self);

#endif
