/* SPDX-License-Identifier: MIT */
/*
 * figure_parts.h - what a figure consists of, for the files that show it
 */
#ifndef HEBB_CLI_FIGURE_PARTS_H
#define HEBB_CLI_FIGURE_PARTS_H

#include "figure.h"

/* In drawing order: later ones cover earlier ones. */
typedef enum figure_layer {
	SHADES,
	CONNECTIONS,
	AXES,
	CURVES,
	DOTS,
	NODES,
	TEXTS,
	LAYERS
} figure_layer;

typedef struct part {
	figure_layer in;
	ink with;
	align how;
	int n;                          /* places of a line */
	double *x, *y;                  /* n places of a line; one of anything else */
	double width, height, darkness; /* of a shade */
	char *text;
	int arrow; /* a line ends in an arrowhead */
	int ring;  /* a dot is a ring */
	int fine;  /* a thin line, for which the terminal is too coarse */
} part;

struct figure {
	char *title; /* NULL: none */
	int columns, rows;
	int count, room;
	part *parts;
	int failed; /* memory ran out */
};

typedef struct box {
	double left, top, right, bottom;
} box;

/* The part of a line through n places that lies in a box.  A place that is not finite interrupts
 * it. */
void figure_curve_within(figure *picture, ink with, box within, int n, const double *x,
			 const double *y);

/* Notes that memory ran out and the figure is incomplete. */
void figure_failed(figure *picture);

#endif
