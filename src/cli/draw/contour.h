/* SPDX-License-Identifier: MIT */
/*
 * contour.h - lines of equal value over a grid
 */
#ifndef HEBB_CLI_CONTOUR_H
#define HEBB_CLI_CONTOUR_H

/* Calls line() with each line on which the value equals level.  value: rows x columns, at the
 * places x = column, y = row of the grid, between which it is taken as linear; where it is not
 * finite there is no line.  A closed line ends where it began.  Returns 0 without memory. */
int contour(int columns, int rows, const double *value, double level,
	    void (*line)(void *self, int n, const double *x, const double *y), void *self);

#endif
