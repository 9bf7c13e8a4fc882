/* SPDX-License-Identifier: MIT */
/*
 * train.h - one training run, for train and search
 */
#ifndef HEBB_CLI_TRAIN_H
#define HEBB_CLI_TRAIN_H

#include "file/checkpoint.h"
#include "file/record.h"

/* Trains the network of an open trial and scores it on each of its parts; `number` of from->runs,
 * for the progress.  `saved` goes with the run whose model is saved: it keeps a training that a
 * signal stops, and says so; else only result->ending tells.  `begun`: a checkpoint to begin from;
 * both may be NULL. */
int run_trial(const job *from, hebb_trial *run, int number, saver *saved, const resumed *begun,
	      hebb_result *result);

/* Trains and scores a network on each of the folds of from->options; `number` is that of the first,
 * *done how many ended.  With `tell` what is about to happen and what came of it is said. */
int run_folds(const job *from, int number, int tell, hebb_result *result, int *done);

#endif
