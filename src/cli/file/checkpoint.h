/* SPDX-License-Identifier: MIT */
/*
 * checkpoint.h - a training that can be stopped and resumed
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

/* Reads it and completes the options from its record; does nothing without --resume. */
int resumed_open(options *given, resumed *result);
void resumed_close(resumed *start);

/* Refuses a checkpoint of other data. */
int resumed_check(const resumed *start, const job *setup);

/* Writes checkpoints while a run goes on. */
typedef struct saver {
	const job *setup;
	const hebb_trial *run;
	progress *shown;
	char *path;        /* NULL: none are written */
	int ended;         /* 1: the run has ended by itself */
	int last_epoch;    /* the epoch of the last checkpoint, */
	double last;       /* and its time in seconds */
	hebb_error failed; /* the error of the last checkpoint, or HEBB_OK */
} saver;

/* Decides where checkpoints go and checks that they can be written. Call it once, before the run
 * whose model is saved. */
int saver_open(const job *setup, saver *result);
void saver_close(saver *checkpoints);

/* Sets a trial and the shown progress to the state of the checkpoint. */
int saver_resume(saver *self, hebb_trial *run, const resumed *start);

/* The callback of hebb_recipe: shows progress, writes a checkpoint if it is time, and stops if a
 * signal asks for it. */
int saver_progress(void *self, const hebb_progress *now);

/* After hebb_train() was stopped: writes the checkpoint, if need be elsewhere, and prints the
 * command that resumes. */
int saver_stopped(saver *self);

/* Warns at the end if the last checkpoint could not be written. */
void saver_remind(const saver *self);

#endif
