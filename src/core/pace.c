/* SPDX-License-Identifier: MIT */
/*
 * pace.c - whether a step is faster with all threads or with one
 *
 * On a busy machine a thread that waits for a processor can delay the others by more than it helps.
 * So steps are timed, in windows of some milliseconds, with all threads first. Now and then one
 * window has the other number, and from then on the better one is used. While that is one thread,
 * all are tried after 4, 8, 16, ... windows, until they were better for a longer time than that.
 * Only the time depends on it, no result.
 */
#define _POSIX_C_SOURCE 200809L
#include <time.h>
#include "core.h"

#define WINDOW 0.002 /* seconds of steps */
#define WORTH 0.95   /* all threads must take at most this share of the time of one */
enum { SHORTEST = 4, LONGEST = 256 }; /* windows until the other number is tried */

double hb_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

struct hb_pace hb_pace_begin(int threads)
{
	return (struct hb_pace){
		.all = threads, .threads = threads, .best = threads, .interval = SHORTEST};
}

/* The better number so far. */
static int better(const struct hb_pace *p)
{
	return p->of_one == 0 || p->of_all <= WORTH * p->of_one ? p->all : 1;
}

/* After a window: the number of threads of the next one. */
static int next_threads(struct hb_pace *p)
{
	int best = better(p);

	if (best != p->best) {
		if (best == 1 && p->windows > p->interval) /* all were better for long */
			p->interval = SHORTEST;
		p->best = best;
		p->windows = 0;
	}
	p->windows++;
	if (best != 1)
		return p->windows % LONGEST == SHORTEST ? 1 : best;
	if (p->windows % p->interval != 0)
		return best;
	p->interval = p->interval < LONGEST ? 2 * p->interval : LONGEST;
	return p->all;
}

void hb_pace_count(struct hb_pace *p, double seconds, int rows)
{
	double *known = p->threads == 1 ? &p->of_one : &p->of_all, one;

	p->seconds += seconds;
	p->rows += rows;
	if (p->seconds < WINDOW)
		return;
	one = p->seconds / p->rows;
	*known = *known > 0 && p->threads == p->best ? (*known + one) / 2 : one;
	p->seconds = p->rows = 0;
	p->threads = next_threads(p);
}
