/* SPDX-License-Identifier: MIT */
/*
 * canvas.h - lines drawn with the characters of a terminal
 *
 * A character holds 2 x 4 dots in Braille, 1 x 2 in half blocks, 1 in ASCII.  Places are dots: (0,
 * 0) is the top left one.
 */
#ifndef HEBB_CLI_CANVAS_H
#define HEBB_CLI_CANVAS_H

#include <stdio.h>

typedef enum canvas_style { CANVAS_BRAILLE = 1, CANVAS_BLOCKS, CANVAS_ASCII } canvas_style;

/* What HEBB_PLOT asks for; else Braille, blocks on the console of Linux, whose font has no Braille,
 * and ASCII where UTF-8 cannot be shown. */
canvas_style canvas_usual_style(void);

/* 0 if HEBB_PLOT is set to something that is neither a style nor "auto". */
int canvas_style_known(void);

/* Whether this is a place for drawings: a terminal, or HEBB_PLOT asks for one. */
int canvas_is_wanted(FILE *stream);

struct text;
typedef struct canvas canvas;

/* `stream`: whose colors are used. */
canvas *canvas_new(canvas_style style, int columns, int rows,
		   FILE *stream); /* NULL without memory */
void canvas_free(canvas *sheet);

int canvas_width(const canvas *sheet); /* dots */
int canvas_height(const canvas *sheet);

/* How a line is drawn; later ones cover earlier ones. */
typedef struct pen {
	char ascii;    /* its character in ASCII */
	int color;     /* as colored() takes it; 0: dim */
	int is_dotted; /* to tell it from others, without color */
} pen;

/* A line between dots; what lies outside is cut off. */
void canvas_line(canvas *sheet, const pen *with, double x0, double y0, double x1, double y1);

/* The name of a pen in a legend: a short sample of its line. */
void canvas_sample(canvas_style style, const pen *with, FILE *stream, struct text *line);

/* Adds a row of characters. */
void canvas_row(const canvas *sheet, int row, struct text *line);

#endif
