/* SPDX-License-Identifier: MIT */
/*
 * space.h - what a search searches: ranges and lists of options, and what a trial draws of them
 *
 *     --rate 0.0001..0.01       a number of this interval; drawn by its logarithm if both ends are
 *                               positive and a factor of 10 or more apart, else uniformly
 *     --epochs 10..50           whole numbers likewise
 *     --layers 64/128,64/none   one of these, as likely as another
 */
#ifndef HEBB_CLI_SPACE_H
#define HEBB_CLI_SPACE_H

#include "options.h"

typedef struct range {
	option_id id;
	char *text; /* the argument as given */
	int items;  /* the number of items of a list; 0: an interval */
	char *list; /* the items, each ended by a NUL */
	double low, high;
	int whole, by_log;
} range;

/* The ranges, in the order of the options. If all are lists, each combination is drawn once, in
 * `order`. */
typedef struct space {
	int count;
	range range[OPTION_COUNT];
	long long combinations; /* 0: too many to count, or an interval */
	long long *order;
} space;

/* A value of each range, as the argument of its option. text[] points into the space or to
 * number[]. */
typedef struct draw {
	const char *text[OPTION_COUNT];
	char number[OPTION_COUNT][32];
} draw;

/* Whether the argument is an interval or a list, of an option that may have one. */
int space_takes(option_id id, const char *text);

/* The given ranges, or the default ones if none is given; checks them. The options must be
 * complete. Returns the exit status. Call space_close() even after a failure. */
int space_open(const options *complete, space *result);
void space_close(space *ranges);

/* Draws the values of trial 0, 1, ...; they depend only on space, seed and trial. */
void space_draw(const space *ranges, uint64_t seed, int trial, draw *result);

#endif
