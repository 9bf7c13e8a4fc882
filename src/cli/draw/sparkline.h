/* SPDX-License-Identifier: MIT */
/*
 * sparkline.h - a curve in one line
 */
#ifndef HEBB_CLI_SPARKLINE_H
#define HEBB_CLI_SPARKLINE_H

#include <stdio.h>

typedef struct spark_scale {
	double low, high; /* NaN: no values yet */
	int is_log;       /* logarithmic: all values are positive and far apart */
} spark_scale;

/* Extends a scale to values, of which those that are not finite do not count; begin with
 * spark_scale_none(). */
spark_scale spark_scale_none(void);
void spark_extend(spark_scale *scale, int count, const double *value);
/* To be called once after all values. */
void spark_settle(spark_scale *scale);

/* Draws the values in at most `width` columns, each the mean of those that fall into it, as blocks
 * or, where UTF-8 cannot be shown, as characters of ASCII. */
void spark_print(FILE *stream, const spark_scale *scale, int count, const double *value, int width);

/* A block, or a character of ASCII, whose height is a share of the line from 0 to 1. */
const char *spark_block(double share);

#endif
