/* SPDX-License-Identifier: MIT */
/*
 * figure.h - drawings: one description, shown in the terminal and written as SVG
 *
 * A figure is a sheet of columns x rows, each the size of a character.  Places are real numbers:
 * (0, 0) is the middle of the top left character, x grows to the right and y downwards.  Everything
 * is copied.  Memory that runs out is remembered; the figure is then shown as far as it got, and
 * figure_svg() returns NULL.
 *
 * In the terminal a place is rounded to a character, and a page shows 78 columns.  Shades lie
 * below, then lines (connections, axes, curves), dots, nodes, texts, whatever the order in which
 * they were added.  Inks are told apart by their characters, so that a figure is readable without
 * color; where UTF-8 cannot be shown, ASCII takes its place.  In SVG a character is 10 x 20 pixels.
 */
#ifndef HEBB_CLI_FIGURE_H
#define HEBB_CLI_FIGURE_H

#include <stdio.h>

typedef enum ink {
	INK_AXIS = 1, /* axes and ticks: box drawing */
	INK_FAINT,    /* connections, contours: small dots, dim */
	INK_1,        /* the curves, each with a color and a character of its own */
	INK_2,
	INK_3,
	INK_4,
	INK_TEXT /* plain text */
} ink;

typedef enum align { ALIGN_LEFT = 1, ALIGN_MIDDLE, ALIGN_RIGHT } align;

typedef struct figure figure;

figure *figure_new(const char *title, int columns, int rows); /* NULL without memory */
void figure_free(figure *picture);

/* A line through n places, cut at the edge of the sheet; what is not finite interrupts it. */
void figure_curve(figure *picture, ink with, int n, const double *x, const double *y);
void figure_line(figure *picture, ink with, double x0, double y0, double x1, double y1);

/* The same with an arrowhead at the end; if the end is a node, at its edge.  Only SVG shows it: in
 * the terminal a character is too coarse. */
void figure_arrow(figure *picture, ink with, double x0, double y0, double x1, double y1);

/* A mark at a place: the character of the ink, a filled circle in SVG. */
void figure_dot(figure *picture, ink with, double x, double y);

/* A mark that differs from all dots: a ring. */
void figure_ring(figure *picture, double x, double y);

/* A node of a network: a circle around a short text, "( h1 )" in the terminal.  Lines may end in
 * its middle; a text one row below or above is free of it. */
void figure_node(figure *picture, double x, double y, const char *text);

/* A text in UTF-8 whose first, middle or last character is at the place.  In the terminal it is
 * moved if it would leave the sheet at a side; connections leave a blank around it. */
void figure_text(figure *picture, ink with, align how, double x, double y, const char *text);

/* A rectangle of columns x rows whose top left character is at the place; 0 is the paper, 1 full
 * ink.  It need not be whole characters: a character shows its mean. */
void figure_shade(figure *picture, double x, double y, double columns, double rows,
		  double darkness);

/* Prints the title, an empty line and the drawing. */
void figure_print(const figure *picture, FILE *stream);

/* How the first line of such a file ends, which tells it from those of other programs. */
extern const char figure_mark[];

/* The figure as one SVG file, to be freed with free(). */
char *figure_svg(const figure *picture);

#endif
