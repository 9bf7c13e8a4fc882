/* SPDX-License-Identifier: MIT */
/*
 * unlike.h - notes about values that are missing or unlike those of training
 */
#ifndef HEBB_CLI_UNLIKE_H
#define HEBB_CLI_UNLIKE_H

#include "hebb_study.h"

/* Adds the counts of more rows; both have the inputs of the coding. */
void unlike_add(const hebb_coding *coding, hebb_unlike *sum, const hebb_unlike *more);

/* Notes, by column, what was filled in or coded as none of the levels in so many rows of `name`;
 * nothing if there is none. */
void unlike_note(const hebb_coding *coding, const char *name, long long rows,
		 const hebb_unlike *unlike);

/* Notes what becomes of the values that the training rows lack. */
void gaps_note(const hebb_coding *coding, const char *name, const hebb_dataset *train);

#endif
