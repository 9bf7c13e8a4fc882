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
#include "picture/ticks.h"
#include "terminal.h"

enum { COLUMNS = 76, COLUMNS_LEAST = 30, TOP = 2, NARROW_TOP = 4, HEIGHT = 15 };
/* Rows below the axis, and columns to the right of the plot. */
enum { BELOW = 3, BESIDE = 4 };
enum { TICKS_X = 8, TICKS_Y = 6 };  /* about as many ticks */
enum { GRID_X = 145, GRID_Y = 61 }; /* of contours: two to four points a character */

struct plot {
	figure *sheet;
	axis x, y;
	box area;
	int columns, legend_x, legend_row;
};

static int width_of(const char *text)
{
	char ascii[256];
	int width = text_width(text), other = text_width(text_ascii(text, ascii, sizeof ascii));

	return width > other ? width : other;
}

static double column_of(const plot *chart, double x)
{
	return chart->area.left +
	       axis_fraction(&chart->x, x) * (chart->area.right - chart->area.left);
}

static double row_of(const plot *chart, double y)
{
	return chart->area.bottom -
	       axis_fraction(&chart->y, y) * (chart->area.bottom - chart->area.top);
}

static void draw_x_axis(plot *chart)
{
	double bottom = chart->area.bottom;
	int end = -2;
	ticks marks;

	axis_ticks(&chart->x, TICKS_X * chart->columns / COLUMNS, &marks);
	figure_line(chart->sheet, INK_AXIS, chart->area.left, bottom, chart->area.right, bottom);
	for (int i = 0; i < marks.count; i++) {
		double column = column_of(chart, marks.at[i]);
		int width = text_width(marks.label[i]);
		int start = (int)floor(column - (width - 1) / 2.0 + 0.5);
		figure_line(chart->sheet, INK_AXIS, column, bottom, column, bottom + 0.3);
		if (start < end + 2 || start + width > chart->columns)
			continue;
		figure_text(chart->sheet, INK_TEXT, ALIGN_MIDDLE, column, bottom + 1,
			    marks.label[i]);
		end = start + width - 1;
	}
	if (chart->x.label)
		figure_text(chart->sheet, INK_TEXT, ALIGN_MIDDLE,
			    (chart->area.left + chart->area.right) / 2, bottom + 2, chart->x.label);
}

static void draw_y_axis(plot *chart, const ticks *marks)
{
	double left = chart->area.left;

	figure_line(chart->sheet, INK_AXIS, left, chart->area.top, left, chart->area.bottom);
	for (int i = 0; i < marks->count; i++) {
		double row = row_of(chart, marks->at[i]);
		figure_line(chart->sheet, INK_AXIS, left - 0.5, row, left, row);
		figure_text(chart->sheet, INK_TEXT, ALIGN_RIGHT, left - 2, row, marks->label[i]);
	}
	if (chart->y.label)
		figure_text(chart->sheet, INK_TEXT, ALIGN_LEFT, 0, 0, chart->y.label);
}

/* Replaces the ends of an axis that cannot be drawn. */
static axis sound(axis given)
{
	double extent = given.high - given.low;

	/* Not <=: NaN has no extent either. */
	if (!(extent > 1e-12 * fmax(fabs(given.low), fabs(given.high))) || !isfinite(extent) ||
	    (given.logarithmic && given.low <= 0)) {
		given.low = given.logarithmic ? 1 : 0;
		given.high = given.logarithmic ? 10 : 1;
	}
	return given;
}

plot *plot_new(const char *title, axis x, axis y)
{
	return plot_new_within(title, x, y, COLUMNS);
}

plot *plot_new_within(const char *title, axis x, axis y, int columns)
{
	plot *chart = calloc(1, sizeof *chart);
	ticks marks;
	int widest = 0;

	columns = columns > COLUMNS ? COLUMNS : columns < COLUMNS_LEAST ? COLUMNS_LEAST : columns;
	int top = columns < COLUMNS ? NARROW_TOP : TOP, bottom = top + HEIGHT;
	if (!chart || !(chart->sheet = figure_new(title, columns, bottom + BELOW))) {
		free(chart);
		return NULL;
	}
	chart->columns = columns;
	chart->x = sound(x);
	chart->y = sound(y);
	axis_ticks(&chart->y, TICKS_Y, &marks);
	for (int i = 0; i < marks.count; i++) {
		int width = text_width(marks.label[i]);
		widest = width > widest ? width : widest;
	}
	chart->area = (box){widest + 1, top, columns - BESIDE, bottom};
	draw_y_axis(chart, &marks);
	draw_x_axis(chart);
	int label = y.label ? width_of(y.label) + 4 : 0;
	chart->legend_x = label > widest + 3 ? label : widest + 3;
	chart->x.label = chart->y.label = NULL; /* the title and labels belong to the caller */
	return chart;
}

void plot_free(plot *chart)
{
	if (!chart)
		return;
	figure_free(chart->sheet);
	free(chart);
}

/* Adds a name to the legend, after a sample of `width` columns. Returns the column of the sample;
 * -1 if there is no room. */
static int add_name(plot *chart, const char *name, int width)
{
	int column = chart->legend_x, needed = width + 1 + width_of(name);

	if (column + needed > chart->columns && chart->legend_row + 1 < (int)chart->area.top) {
		chart->legend_row++;
		column = chart->columns < COLUMNS ? 0 : (int)chart->area.left + 2;
	}
	if (column + needed > chart->columns)
		return -1;
	figure_text(chart->sheet, INK_TEXT, ALIGN_LEFT, column + width + 1, chart->legend_row,
		    name);
	chart->legend_x = column + needed + 3;
	return column;
}

void plot_curve(plot *chart, ink with, const char *name, int n, const double *x, const double *y)
{
	double *places = n > 0 ? malloc(2 * (size_t)n * sizeof *places) : NULL;
	int sample = name ? add_name(chart, name, 3) : -1;

	if (sample >= 0)
		figure_line(chart->sheet, with, sample, chart->legend_row, sample + 2,
			    chart->legend_row);
	if (n > 0 && !places)
		figure_failed(chart->sheet);
	if (!places)
		return;
	for (int i = 0; i < n; i++) {
		places[i] = column_of(chart, x[i]);
		places[n + i] = row_of(chart, y[i]);
	}
	figure_curve_within(chart->sheet, with, chart->area, n, places, places + n);
	free(places);
}

void plot_dots(plot *chart, ink with, const char *name, int n, const double *x, const double *y)
{
	int sample = name ? add_name(chart, name, 1) : -1;

	if (sample >= 0)
		figure_dot(chart->sheet, with, sample, chart->legend_row);
	for (int i = 0; i < n; i++) {
		double column = column_of(chart, x[i]), row = row_of(chart, y[i]);
		if (column >= chart->area.left && column <= chart->area.right &&
		    row >= chart->area.top && row <= chart->area.bottom)
			figure_dot(chart->sheet, with, column, row);
	}
}

void plot_word(plot *chart, const char *word, double x, double y)
{
	double column = column_of(chart, x), row = row_of(chart, y), half = width_of(word) / 2.0;
	double middle = fmin(fmax(column, chart->area.left + half + 2), chart->area.right - half);

	if (column < chart->area.left || column > chart->area.right || row < chart->area.top ||
	    row > chart->area.bottom)
		return;
	figure_ring(chart->sheet, column, row);
	figure_text(chart->sheet, INK_TEXT, ALIGN_MIDDLE, middle,
		    row - 1 < chart->area.top ? row + 1 : row - 1, word);
}

void plot_jumps(plot *chart, ink with, const char *name, int n, const double *x, const double *y)
{
	int before = chart->sheet->count;

	plot_curve(chart, with, NULL, n, x, y);
	for (int i = before; i < chart->sheet->count; i++)
		chart->sheet->parts[i].fine = 1;
	plot_dots(chart, with, name, n, x, y);
}

typedef struct drawing {
	plot *chart;
	ink with;
} drawing;

/* A line in the units of the grid, whose first row is the bottom of the plot. */
static void draw_contour(void *self, int n, const double *x, const double *y)
{
	const drawing *contour_drawing = self;
	const box *area = &contour_drawing->chart->area;
	double *places = malloc(2 * (size_t)n * sizeof *places);

	if (!places) {
		figure_failed(contour_drawing->chart->sheet);
		return;
	}
	for (int i = 0; i < n; i++) {
		places[i] = area->left + x[i] / (GRID_X - 1) * (area->right - area->left);
		places[n + i] = area->bottom - y[i] / (GRID_Y - 1) * (area->bottom - area->top);
	}
	figure_curve_within(contour_drawing->chart->sheet, contour_drawing->with, *area, n, places,
			    places + n);
	free(places);
}

void plot_contour(plot *chart, ink with, double (*value)(void *self, double x, double y),
		  void *self, double level)
{
	double *values = malloc((size_t)GRID_X * GRID_Y * sizeof *values);
	drawing contour_drawing = {chart, with};

	for (int i = 0; values && i < GRID_X * GRID_Y; i++)
		values[i] = value(self, axis_value(&chart->x, i % GRID_X / (GRID_X - 1.0)),
				  axis_value(&chart->y, i / GRID_X / (GRID_Y - 1.0)));
	if (!values || !contour(GRID_X, GRID_Y, values, level, draw_contour, &contour_drawing))
		figure_failed(chart->sheet);
	free(values);
}

const figure *plot_figure(const plot *chart)
{
	return chart->sheet;
}
