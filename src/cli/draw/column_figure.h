/* SPDX-License-Identifier: MIT */
/*
 * column_figure.h - numbers of a column, as people read them
 */
#ifndef HEBB_CLI_COLUMN_FIGURE_H
#define HEBB_CLI_COLUMN_FIGURE_H

#include "hebb_io.h"

/* A number: of dates the day, of times of day the time. */
typedef struct figure_text {
	char text[40];
} figure_text;

figure_text column_figure(hebb_form form, int is_time, double value);

#endif
