/* SPDX-License-Identifier: MIT */
/*
 * contour.h - lines of equal value over a grid
 */
#ifndef HEBB_CLI_CONTOUR_H
#define HEBB_CLI_CONTOUR_H

/* Calls line() with each line on which the value equals level. value: rows x columns, at x =
 * column, y = row; between these places it is interpolated linearly. There is no line where it is
 * not finite. A closed line ends where it began. Returns 0 if memory runs out. */
int contour(int columns, int rows, const double *value, double level,
	    void (*line)(void *self, int n, const double *x, const double *y), void *self);

#endif
