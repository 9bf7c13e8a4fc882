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
	char *text; /* as it was given */
	int items;  /* of a list; 0: an interval */
	char *list; /* the items, one after the other, each with its NUL */
	double low, high;
	int whole, by_log;
} range;

/* In the order of the options.  Of lists alone, each combination comes once; `order` is theirs. */
typedef struct space {
	int count;
	range range[OPTION_COUNT];
	long long combinations; /* 0: more than can be counted */
	long long *order;
} space;

/* A value of each range, as a text that its option takes; into the space or itself. */
typedef struct draw {
	const char *text[OPTION_COUNT];
	char number[OPTION_COUNT][32];
} draw;

/* Whether the argument of an option is a range or a list, where it may be one. */
int space_takes(option_id id, const char *text);

/* The ranges that were given, or the usual ones for options that are complete, if none were; all of
 * it is checked.  Returns the exit status; to be released in any case. */
int space_open(const options *complete, space *result);
void space_close(space *ranges);

/* What trial 0, 1, ... of a seed draws: a function of nothing else. */
void space_draw(const space *ranges, uint64_t seed, int trial, draw *result);

#endif
