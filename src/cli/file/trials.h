/* SPDX-License-Identifier: MIT */
/*
 * trials.h - the table of a search's trials: a CSV file that the same search reads again
 *
 *     # hebb search {"hebb": "0.1.0", "fingerprint": "0123456789abcdef", "options": {...}, ...}
 *     trial,epochs,layers,rate,score,sd,seconds,parameters
 *     1,100,"64,30",0.00213,0.0712,,0.153,4512
 *     2,100,32,0.0871,diverged,,0.012,2410
 *
 * The first line is the identity of the search: all that its scores depend on.  The identity and
 * the rows before determine a row's trial, epochs and settings.  If a row has others, the table is
 * damaged.
 */
#ifndef HEBB_CLI_TRIALS_H
#define HEBB_CLI_TRIALS_H

#include <jansson.h>

#include "option/space.h"

/* How such a file begins. */
#define TRIALS_OPENING "# hebb search "

/* A finished trial. */
typedef hebb_attempt trial_row;

typedef struct trial_table {
	const char *path;
	const space *space;
	uint64_t seed;
	char *text; /* the whole table */
	size_t size, room;
	size_t read;    /* how much of the text has been read */
	long long line; /* of the next row */
} trial_table;

/* Reads the table at a path or, if there is none, begins one, which is written later. Refuses a
 * file that is not a table, or the table of another search, and says how they differ; with `force`
 * it begins a new table. Takes ownership of the identity. Returns the exit status. Call
 * trials_close() even after a failure. */
int trials_open(const char *path, json_t *identity, const space *ranges, uint64_t seed, int force,
		trial_table *result);
void trials_close(trial_table *table);

/* Whether rows are left to read; and reading the next row, which must have row->trial and
 * row->epochs. */
int trials_left(const trial_table *table);
int trials_read(trial_table *table, trial_row *row);

/* Adds a row to a table that has been read completely, writes the whole file, and rounds the row to
 * the numbers in the file, so that a resumed search decides by the same numbers. */
int trials_add(trial_table *table, trial_row *row);

/* How an identity differs from that of a table, as a sentence; NULL if it does not. */
char *trials_difference(const json_t *theirs, const json_t *ours, char *text, size_t size);

#endif
