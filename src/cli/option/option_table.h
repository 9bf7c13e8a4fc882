/* SPDX-License-Identifier: MIT */
/*
 * option_table.h - the options as rows of one table
 *
 * An option is its name, letter, argument, meaning and default as --help prints them, the commands
 * that take it, and how its argument is read into which field of `options`.  Parsing, help and the
 * training record are made from these rows.
 */
#ifndef HEBB_CLI_OPTION_TABLE_H
#define HEBB_CLI_OPTION_TABLE_H

#include "options.h"

/* The sections of --help. */
typedef enum group {
	GROUP_NETWORK = 1,
	GROUP_TRAINING,
	GROUP_DATA,
	GROUP_NUMBERS, /* of the sections of the tutorial */
	GROUP_RESULT
} group;

/* How an argument is read. */
typedef enum kind {
	KIND_FLAG = 1,
	KIND_COUNT,  /* an int in low .. high; `word`, if any, stands for 0 */
	KIND_NUMBER, /* a double in low .. high */
	KIND_TIME,   /* "60s", "5m" or "1h", as seconds in a double */
	KIND_EVERY,  /* "10" epochs, or a time, as `every` */
	KIND_SEED,
	KIND_CHOICE, /* one of the names of `choice` */
	KIND_LAYERS,
	KIND_PART,
	KIND_AUGMENT,
	KIND_TEXT,
	KIND_CHARACTER, /* a char: itself or its name, such as tab; `word`: those it may be */
	KIND_TEXTS      /* a list; each use of the option adds a text */
} kind;

typedef struct option_row {
	const char *name;
	char letter;          /* 0: none */
	const char *argument; /* one in brackets may be left out */
	const char *meaning, *standard;
	unsigned commands;
	group group;
	kind kind;
	size_t field;
	double low, high;
	const char *word;
	const char *(*choice)(int value); /* the names of 1, 2, ... up to a NULL */
	int (*takes)(int value);          /* which of them the option takes; NULL: all */
	int recorded;                     /* the trained network depends on it */
	/* Its value in checkpoints without it, of older versions or because it was not given, as
	 * JSON but no text; NULL: all checkpoints have it. */
	const char *before;
	unsigned common;   /* the commands whose short help, -h, has it */
	const char *brief; /* its text there; NULL: `meaning` */
} option_row;

/* By option_id, in the order of --help. */
extern const option_row option_table[OPTION_COUNT];

/* The next value after `value` that the option takes; after 0, the first. Returns 0 after the
 * last. */
int choice_next(const option_row *row, int value);

/* The names of a choice as "a, b, c"; returns `text`. */
char *choice_list(const option_row *row, char *text, size_t size);

#endif
