/* SPDX-License-Identifier: MIT */
/*
 * plot.h - curves over two axes, as a figure
 *
 * plot_new() draws the axes with round ticks and their labels on a sheet of 76 x 20 characters.
 * The label of y stands above its axis and beside it the legend, to which curves and dots with a
 * name are added in their order; names for which two rows have no room are left out.  Values
 * outside the axes are cut off; what is not finite interrupts a curve.
 */
#ifndef HEBB_CLI_PLOT_H
#define HEBB_CLI_PLOT_H

#include "figure.h"

typedef struct axis {
	const char *label;
	double low, high; /* low < high; anything else is shown as 0 to 1, or 1 to 10 */
	int logarithmic;  /* then low > 0; ticks are powers of 10, or 1, 2, 5 times them */
} axis;

typedef struct plot plot;

plot *plot_new(const char *title, axis x, axis y); /* NULL without memory */
/* The same with at most `columns` columns; below 76 the legend may take four rows. */
plot *plot_new_within(const char *title, axis x, axis y, int columns);
void plot_free(plot *chart);

/* name: for the legend; NULL: none. */
void plot_curve(plot *chart, ink with, const char *name, int n, const double *x, const double *y);
void plot_dots(plot *chart, ink with, const char *name, int n, const double *x, const double *y);

/* Places in an order, as dots; only SVG has the lines between them. */
void plot_jumps(plot *chart, ink with, const char *name, int n, const double *x, const double *y);

/* A ring around a place, with a word above it. */
void plot_word(plot *chart, const char *word, double x, double y);

/* The lines on which value(self, x, y) equals level, by marching squares. */
void plot_contour(plot *chart, ink with, double (*value)(void *self, double x, double y),
		  void *self, double level);

const figure *plot_figure(const plot *chart);

#endif
