/* SPDX-License-Identifier: MIT */
/*
 * train.h - one training run, for train and search
 */
#ifndef HEBB_CLI_TRAIN_H
#define HEBB_CLI_TRAIN_H

#include "file/checkpoint.h"
#include "file/record.h"

/* Trains the network of an open trial and scores it on each of its parts. `number`: which of
 * setup->runs this is, for the progress. `checkpoints`: for the run whose model is saved; a run
 * that a signal stops is saved there, with a message. NULL: only result->ending says that it was
 * stopped. `start`: a checkpoint to start from, or NULL. */
int run_trial(const job *setup, hebb_trial *run, int number, saver *checkpoints,
	      const resumed *start, hebb_result *result);

/* Trains and scores a network on each fold of setup->options. `number` is that of the first fold;
 * *done is increased by each fold that ends. With `tell`, prints the settings and each score. */
int run_folds(const job *setup, int number, int tell, hebb_result *result, int *done);

#endif
