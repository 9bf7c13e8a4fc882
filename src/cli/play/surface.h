/* SPDX-License-Identifier: MIT */
/*
 * surface.h - what the network says about each place in the plane, with the points on it
 *
 * In colors and UTF-8 a character is two square pixels, one above the other, painted in the color
 * of the class that is likeliest there, the darker the less sure; a number is blue if it is low and
 * orange if it is high.  Without colors, shades and marks take their place.
 */
#ifndef HEBB_CLI_SURFACE_H
#define HEBB_CLI_SURFACE_H

#include "play/mosaic.h"
#include "play/learner.h"

/* Draws it into these rows and columns of the sheet.  0, with an error: no memory. */
int surface_draw(const learner *l, mosaic *sheet, int row, int column, int rows, int columns,
		 hebb_error *error);

/* The outputs at the middles of rows x columns equal places, the highest y first: the class, or
 * the number in its units. */
int surface_values(const learner *l, int rows, int columns, double *value, hebb_error *error);

/* What stands for a class or, of 0 to 9, for a number: its color, and its mark without colors. */
int surface_color(const learner *l, int which);
char surface_mark(const learner *l, int which);

/* The shades of numbers from low to high, as a text. */
void surface_shades(const learner *l, char *words, size_t size);

#endif
