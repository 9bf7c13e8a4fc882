/* SPDX-License-Identifier: MIT */
/*
 * halving.c - how many trials a search trains, and for how long
 *
 * Successive halving (Jamieson & Talwalkar 2016), with a factor of three: the best third of the
 * trials of a rung, rounded down, goes to the next rung, which has three times as many epochs. The
 * last rung has all epochs. There are as many rungs as possible with at least one trial in the last
 * and one epoch in the first.
 */
#include "hebb_study.h"

int hebb_rungs(hebb_strategy strategy, int trials, int epochs, hebb_rung rung[HEBB_RUNGS_MOST])
{
	int count = 1, factor = 1, halving = strategy == HEBB_STRATEGY_HALVING;

	while (halving && count < HEBB_RUNGS_MOST && trials / HEBB_RUNG_FACTOR / factor >= 1 &&
	       epochs / HEBB_RUNG_FACTOR / factor >= 1) {
		factor *= HEBB_RUNG_FACTOR;
		count++;
	}
	for (int r = 0; r < count; r++) {
		int least = epochs / factor, rest = epochs % factor;

		rung[r] = (hebb_rung){.trials = trials,
				      .epochs = least + (2 * (long long)rest >= factor)};
		trials /= HEBB_RUNG_FACTOR;
		factor /= HEBB_RUNG_FACTOR;
	}
	return count;
}
