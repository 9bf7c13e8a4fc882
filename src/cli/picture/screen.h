/* SPDX-License-Identifier: MIT */
/*
 * screen.h - lines of a terminal that are written over and over
 *
 * The cursor stays behind the last line and is never hidden, so that nothing has to be mended if
 * the command is killed.
 */
#ifndef HEBB_CLI_SCREEN_H
#define HEBB_CLI_SCREEN_H

#include <stdio.h>

struct text;

enum { SCREEN_LINES = 40 };

typedef struct screen {
	int lines;               /* on the terminal; 0: none */
	int width[SCREEN_LINES]; /* the columns of each */
} screen;

/* Shows lines, separated by newlines, in place of those that are there; at most SCREEN_LINES. */
void screen_show(screen *self, FILE *stream, const struct text *lines);

/* Removes them; the cursor is then where the first one began. */
void screen_clear(screen *self, FILE *stream);

#endif
