/* SPDX-License-Identifier: MIT */
/*
 * mosaic.h - a sheet of colored characters, shown in a terminal or printed
 *
 * What changes is sent and nothing else, so that a picture can move.  Colors are 0xRRGGBB; how many
 * the terminal has is for the mosaic to know.
 */
#ifndef HEBB_CLI_MOSAIC_H
#define HEBB_CLI_MOSAIC_H

#include "draw/text.h"

enum { NO_COLOR = -1 };

/* The colors of a terminal: none, the cube of 256, or all. */
typedef enum color_depth { COLORS_NONE, COLORS_256, COLORS_ALL } color_depth;

typedef struct cell {
	char glyph[5];      /* one character in UTF-8 */
	signed char weight; /* -1 dim, 0, 1 bold */
	int ink, paper;     /* or NO_COLOR */
} cell;

typedef struct mosaic {
	int columns, rows;
	color_depth colors;
	cell *now, *shown; /* rows x columns: what is drawn, and what the terminal has */
} mosaic;

/* Makes room for a sheet and clears it; the terminal is taken to be blank.  0: no memory. */
int mosaic_size(mosaic *sheet, int columns, int rows);
void mosaic_free(mosaic *sheet);
void mosaic_clear(mosaic *sheet);

/* One character; places beyond the sheet are left out. */
void mosaic_set(mosaic *sheet, int row, int column, const char *glyph, int ink, int paper);

/* A text, cut at `width` columns with a tilde; in ASCII where UTF-8 cannot be shown.  Returns the
 * columns taken. */
int mosaic_text(mosaic *sheet, int row, int column, int width, int weight, const char *utf8);

/* Adds what turns the terminal's picture into this one. */
void mosaic_changes(mosaic *sheet, text *out);

/* Adds the sheet as lines of text. */
void mosaic_lines(const mosaic *sheet, text *out);

/* The colors of standard output: none in a pipe, with NO_COLOR and TERM=dumb. */
color_depth mosaic_colors(void);

#endif
