/* SPDX-License-Identifier: MIT */
/*
 * halving.h - how many trials a search trains, and for how long
 */
#ifndef HEBB_CLI_HALVING_H
#define HEBB_CLI_HALVING_H

typedef struct rung {
	int trials, epochs;
} rung;

enum { RUNGS_MOST = 20, RUNG_FACTOR = 3 }; /* 3^20 is more than an int */

/* Fills in the rungs and returns how many there are: one of all trials and epochs, or with
 * `halving` those of successive halving. */
int rungs_make(int halving, int trials, int epochs, rung result[RUNGS_MOST]);

#endif
