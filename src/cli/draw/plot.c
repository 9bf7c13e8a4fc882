/* SPDX-License-Identifier: MIT */
/*
 * plot.c - curves over two axes
 *
 * The sheet: the y label and the legend in the first two rows, the plot, the labels of the ticks of
 * x, the x label.  A text counts as wide as it is in UTF-8 or in ASCII, whichever is wider, so that
 * both fit and the figure is the same wherever it is made.
 */
#include "plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "contour.h"
#include "figure_parts.h"
#include "terminal.h"

enum { COLUMNS = 76, ROWS = 20, TOP = 2, BOTTOM = 17, RIGHT = 72, TICKS_MOST = 40 };
enum { TICKS_X = 8, TICKS_Y = 6 };  /* about as many */
enum { GRID_X = 145, GRID_Y = 61 }; /* of contours: two to four points a character */

struct plot {
	figure *sheet;
	axis x, y;
	box area;
	int legend_x, legend_row;
};

typedef struct ticks {
	int count;
	double at[TICKS_MOST];
	char label[TICKS_MOST][24];
} ticks;

static int width_of(const char *text)
{
	char ascii[256];
	int width = text_width(text), other = text_width(text_ascii(text, ascii, sizeof ascii));

	return width > other ? width : other;
}

/* The round step, 1, 2 or 5 times a power of 10, at or above a number. */
static double round_step(double least)
{
	double power = pow(10, floor(log10(least)));
	double digit = least / power * (1 - 1e-9);

	return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
}

/* 0.001 as "1e-3" and 10000 as "1e4"; in between, and for anything else, as people write it. */
static void label_power(char *label, size_t size, int digit, int power)
{
	if (power < -2 || power > 3)
		snprintf(label, size, "%de%d", digit, power);
	else
		snprintf(label, size, "%.*f", power < 0 ? -power : 0, digit * pow(10, power));
}

/* Labels a multiple of a step in the power of 10 `power`, with the digits that tell it from the
 * next one; `size` is the largest value of the axis. */
static void label_value(char *label, size_t room, double value, int power, double size)
{
	int digits = (int)floor(log10(size)) - power + 1;

	if (size >= 1e-3 && size < 1e5) {
		snprintf(label, room, "%.*f", power < 0 ? -power : 0, value);
		return;
	}
	snprintf(label, room, "%.*g", digits < 1 ? 1 : digits, value);
	char *exponent = strchr(label, 'e');
	if (exponent) /* 1e9, not 1e+09 */
		snprintf(exponent, room - (size_t)(exponent - label), "e%ld",
			 strtol(exponent + 1, NULL, 10));
}

static void find_ticks(const axis *along, int about, ticks *found)
{
	double step = round_step((along->to - along->from) / about);
	double first = ceil(along->from / step - 1e-9), last = floor(along->to / step + 1e-9);
	double size = fmax(fabs(along->from), fabs(along->to));
	int power = (int)floor(log10(step) + 1e-9);

	for (int i = 0; i < TICKS_MOST && first + i <= last; i++) {
		/* Not -0. */
		double value = first + i == 0 ? 0 : (first + i) * step;
		found->at[i] = value;
		label_value(found->label[i], sizeof found->label[i], value, power, size);
		found->count = i + 1;
	}
}

/* Powers of 10, about `about` of them at most; if there are fewer than four, 2 and 5 times a power
 * as well. */
static void find_powers(const axis *along, int about, ticks *found)
{
	double low = log10(along->from) + 1e-9, high = log10(along->to) + 1e-9;
	int stride = (int)round_step(fmax(1, (high - low) / about));
	int fine = high - low < 2.5;
	int first = (int)floor(low / stride) * stride, last = (int)floor(high);

	for (int power = first; power <= last; power += stride) {
		for (int digit = 1; digit <= (fine ? 5 : 1); digit += digit == 2 ? 3 : 1) {
			double value = digit * pow(10, power);
			if (value < along->from * (1 - 1e-9) || value > along->to * (1 + 1e-9) ||
			    found->count == TICKS_MOST)
				continue;
			found->at[found->count] = value;
			label_power(found->label[found->count++], sizeof *found->label, digit,
				    power);
		}
	}
}

static void ticks_of(const axis *along, int about, ticks *found)
{
	found->count = 0;
	if (along->logarithmic)
		find_powers(along, about, found);
	else
		find_ticks(along, about, found);
}

/* Where a value lies along an axis, 0 at its beginning and 1 at its end; the inverse. */
static double fraction(const axis *along, double value)
{
	if (!along->logarithmic)
		return (value - along->from) / (along->to - along->from);
	return value > 0 ? log(value / along->from) / log(along->to / along->from) : NAN;
}

static double value_at(const axis *along, double share)
{
	if (!along->logarithmic)
		return along->from + share * (along->to - along->from);
	return along->from * pow(along->to / along->from, share);
}

static double column_of(const plot *on, double x)
{
	return on->area.left + fraction(&on->x, x) * (on->area.right - on->area.left);
}

static double row_of(const plot *on, double y)
{
	return on->area.bottom - fraction(&on->y, y) * (on->area.bottom - on->area.top);
}

static void draw_x_axis(plot *on)
{
	int end = -2;
	ticks found;

	ticks_of(&on->x, TICKS_X, &found);
	figure_line(on->sheet, INK_AXIS, on->area.left, BOTTOM, on->area.right, BOTTOM);
	for (int i = 0; i < found.count; i++) {
		double column = column_of(on, found.at[i]);
		int width = text_width(found.label[i]);
		int start = (int)floor(column - (width - 1) / 2.0 + 0.5);
		figure_line(on->sheet, INK_AXIS, column, BOTTOM, column, BOTTOM + 0.3);
		if (start < end + 2 || start + width > COLUMNS)
			continue;
		figure_text(on->sheet, INK_TEXT, ALIGN_MIDDLE, column, BOTTOM + 1, found.label[i]);
		end = start + width - 1;
	}
	if (on->x.label)
		figure_text(on->sheet, INK_TEXT, ALIGN_MIDDLE, (on->area.left + on->area.right) / 2,
			    BOTTOM + 2, on->x.label);
}

static void draw_y_axis(plot *on, const ticks *found)
{
	double left = on->area.left;

	figure_line(on->sheet, INK_AXIS, left, TOP, left, BOTTOM);
	for (int i = 0; i < found->count; i++) {
		double row = row_of(on, found->at[i]);
		figure_line(on->sheet, INK_AXIS, left - 0.5, row, left, row);
		figure_text(on->sheet, INK_TEXT, ALIGN_RIGHT, left - 2, row, found->label[i]);
	}
	if (on->y.label)
		figure_text(on->sheet, INK_TEXT, ALIGN_LEFT, 0, 0, on->y.label);
}

/* Makes something that can be drawn of an axis without an extent. */
static axis sound(axis given)
{
	double extent = given.to - given.from;

	/* Not <=: NaN has no extent either. */
	if (!(extent > 1e-12 * fmax(fabs(given.from), fabs(given.to))) || !isfinite(extent) ||
	    (given.logarithmic && given.from <= 0)) {
		given.from = given.logarithmic ? 1 : 0;
		given.to = given.logarithmic ? 10 : 1;
	}
	return given;
}

plot *plot_new(const char *title, axis x, axis y)
{
	plot *made = calloc(1, sizeof *made);
	ticks found;
	int widest = 0;

	if (!made || !(made->sheet = figure_new(title, COLUMNS, ROWS))) {
		free(made);
		return NULL;
	}
	made->x = sound(x);
	made->y = sound(y);
	ticks_of(&made->y, TICKS_Y, &found);
	for (int i = 0; i < found.count; i++) {
		int width = text_width(found.label[i]);
		widest = width > widest ? width : widest;
	}
	made->area = (box){widest + 1, TOP, RIGHT, BOTTOM};
	draw_y_axis(made, &found);
	draw_x_axis(made);
	int label = y.label ? width_of(y.label) + 4 : 0;
	made->legend_x = label > widest + 3 ? label : widest + 3;
	made->x.label = made->y.label = NULL; /* they belong to the caller */
	return made;
}

void plot_free(plot *done)
{
	if (!done)
		return;
	figure_free(done->sheet);
	free(done);
}

/* Adds a name behind a sample of `width` columns; returns the column of the sample, -1 if there is
 * no room any more. */
static int add_name(plot *to, const char *name, int width)
{
	int column = to->legend_x, needed = width + 1 + width_of(name);

	if (column + needed > COLUMNS && to->legend_row == 0) {
		to->legend_row = 1;
		column = (int)to->area.left + 2;
	}
	if (column + needed > COLUMNS)
		return -1;
	figure_text(to->sheet, INK_TEXT, ALIGN_LEFT, column + width + 1, to->legend_row, name);
	to->legend_x = column + needed + 3;
	return column;
}

void plot_curve(plot *to, ink with, const char *name, int n, const double *x, const double *y)
{
	double *places = n > 0 ? malloc(2 * (size_t)n * sizeof *places) : NULL;
	int sample = name ? add_name(to, name, 3) : -1;

	if (sample >= 0)
		figure_line(to->sheet, with, sample, to->legend_row, sample + 2, to->legend_row);
	if (n > 0 && !places)
		figure_failed(to->sheet);
	if (!places)
		return;
	for (int i = 0; i < n; i++) {
		places[i] = column_of(to, x[i]);
		places[n + i] = row_of(to, y[i]);
	}
	figure_curve_within(to->sheet, with, to->area, n, places, places + n);
	free(places);
}

void plot_dots(plot *to, ink with, const char *name, int n, const double *x, const double *y)
{
	int sample = name ? add_name(to, name, 1) : -1;

	if (sample >= 0)
		figure_dot(to->sheet, with, sample, to->legend_row);
	for (int i = 0; i < n; i++) {
		double column = column_of(to, x[i]), row = row_of(to, y[i]);
		if (column >= to->area.left && column <= to->area.right && row >= to->area.top &&
		    row <= to->area.bottom)
			figure_dot(to->sheet, with, column, row);
	}
}

typedef struct drawing {
	plot *to;
	ink with;
} drawing;

/* A line in the units of the grid, whose first row is the bottom of the plot. */
static void draw_contour(void *self, int n, const double *x, const double *y)
{
	const drawing *now = self;
	const box *area = &now->to->area;
	double *places = malloc(2 * (size_t)n * sizeof *places);

	if (!places) {
		figure_failed(now->to->sheet);
		return;
	}
	for (int i = 0; i < n; i++) {
		places[i] = area->left + x[i] / (GRID_X - 1) * (area->right - area->left);
		places[n + i] = area->bottom - y[i] / (GRID_Y - 1) * (area->bottom - area->top);
	}
	figure_curve_within(now->to->sheet, now->with, *area, n, places, places + n);
	free(places);
}

void plot_contour(plot *to, ink with, double (*value)(void *self, double x, double y), void *self,
		  double level)
{
	double *values = malloc((size_t)GRID_X * GRID_Y * sizeof *values);
	drawing now = {to, with};

	for (int i = 0; values && i < GRID_X * GRID_Y; i++)
		values[i] = value(self, value_at(&to->x, i % GRID_X / (GRID_X - 1.0)),
				  value_at(&to->y, i / GRID_X / (GRID_Y - 1.0)));
	if (!values || !contour(GRID_X, GRID_Y, values, level, draw_contour, &now))
		figure_failed(to->sheet);
	free(values);
}

const figure *plot_figure(const plot *from)
{
	return from->sheet;
}
