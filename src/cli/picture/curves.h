/* SPDX-License-Identifier: MIT */
/*
 * curves.h - the losses of a training as a plot in the terminal: --plot
 *
 *     loss ━━ 0.0421   validation ╺━ 0.0873
 *       1 ┤⡇
 *     0.1 ┤⠘⠤⣀⣀
 *    0.05 ┤    ⠉⠉⠒⠒⠤⠤⠤⣀⣀
 *         └┬───────┬───────┬─
 *          1      10      20  epoch
 */
#ifndef HEBB_CLI_CURVES_H
#define HEBB_CLI_CURVES_H

#include <stdio.h>

#include "hebb_study.h"
#include "screen.h"

/* The curves of earlier runs, which stay in the background. */
typedef struct curves {
	int count;
	hebb_curve *past;
} curves;

curves *curves_new(void); /* NULL without memory */
void curves_free(curves *all);

/* Takes the arrays of a finished run, which become those of `all`; the curve is then empty. */
void curves_keep(curves *all, hebb_curve *curve);

/* What is drawn, and where. */
typedef struct curves_page {
	const curves *past;
	const hebb_curve *now;
	int epochs; /* that x reaches to */
	int columns, rows;
	FILE *stream; /* decides about colors */
} curves_page;

/* The least size of a plot that says anything. */
enum { CURVES_COLUMNS_LEAST = 30, CURVES_ROWS_LEAST = 7, CURVES_ROWS_USUAL = 15 };

/* Shows the plot, if there is anything to draw, and a line below it on a terminal.  page: NULL: no
 * plot. */
void curves_show(const curves_page *page, const char *line, screen *on, FILE *stream);

/* Prints the plot of complete runs, as wide as the terminal and at most 100 columns. */
void curves_print(const curves *past, const hebb_curve *now, FILE *stream);

#endif
