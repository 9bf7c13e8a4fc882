/* SPDX-License-Identifier: MIT */
/*
 * halving.c - how many trials a search trains, and for how long
 *
 * Successive halving (Jamieson & Talwalkar 2016), with a factor of three: of the trials of a rung
 * the best third, rounded down, goes on to the next with three times as many epochs, and the last
 * rung has all of them.  There are as many rungs as leave a trial in the last and an epoch in the
 * first.
 */
#include "halving.h"

int rungs_make(int halving, int trials, int epochs, rung result[RUNGS_MOST])
{
	int count = 1, factor = 1;

	while (halving && count < RUNGS_MOST && trials / RUNG_FACTOR / factor >= 1 &&
	       epochs / RUNG_FACTOR / factor >= 1) {
		factor *= RUNG_FACTOR;
		count++;
	}
	for (int r = 0; r < count; r++) {
		int least = epochs / factor, rest = epochs % factor;

		result[r] =
			(rung){.trials = trials, .epochs = least + (2 * (long long)rest >= factor)};
		trials /= RUNG_FACTOR;
		factor /= RUNG_FACTOR;
	}
	return count;
}
