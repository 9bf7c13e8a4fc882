/* SPDX-License-Identifier: MIT */
/*
 * figure.c - the list of what is drawn
 *
 * Lines are cut at the edge of the sheet when they are added, and where a place is not finite, so
 * that what shows a figure meets only finite places on the sheet.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "figure_parts.h"

static char *copy_text(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = malloc(size);

	return copy ? memcpy(copy, text, size) : NULL;
}

figure *figure_new(const char *title, int columns, int rows)
{
	figure *made = calloc(1, sizeof *made);

	if (!made)
		return NULL;
	made->columns = columns;
	made->rows = rows;
	if (title && *title && !(made->title = copy_text(title))) {
		free(made);
		return NULL;
	}
	return made;
}

void figure_free(figure *done)
{
	if (!done)
		return;
	for (int i = 0; i < done->count; i++) {
		free(done->parts[i].x);
		free(done->parts[i].text);
	}
	free(done->parts);
	free(done->title);
	free(done);
}

void figure_failed(figure *to)
{
	to->failed = 1;
}

/* Adds a part with room for n places, which lie in one block; NULL without memory. */
static part *add(figure *to, figure_layer in, ink with, int n)
{
	if (to->count == to->room) {
		int room = to->room ? 2 * to->room : 64;
		part *more = realloc(to->parts, (size_t)room * sizeof *more);
		if (!more) {
			figure_failed(to);
			return NULL;
		}
		to->parts = more;
		to->room = room;
	}
	double *places = malloc(2 * (size_t)n * sizeof *places);
	if (!places) {
		figure_failed(to);
		return NULL;
	}
	part *made = &to->parts[to->count++];
	*made = (part){.in = in, .with = with, .n = n, .x = places, .y = places + n};
	return made;
}

/* Adds a part at one place, with a text unless it is NULL. */
static part *add_one(figure *to, figure_layer in, ink with, double x, double y, const char *text)
{
	part *made;

	/* Far away is as good as nowhere, and no place overflows an int when it is rounded. */
	if (!(fabs(x) < 1e6 && fabs(y) < 1e6) || !(made = add(to, in, with, 1)))
		return NULL;
	made->x[0] = x;
	made->y[0] = y;
	if (text && !(made->text = copy_text(text))) {
		figure_failed(to);
		to->count--;
		free(made->x);
		return NULL;
	}
	return made;
}

static void add_line(figure *to, ink with, int n, const double *x, const double *y)
{
	figure_layer in = with == INK_FAINT ? CONNECTIONS : with == INK_AXIS ? AXES : CURVES;
	part *made = n >= 2 ? add(to, in, with, n) : NULL;

	if (!made)
		return;
	memcpy(made->x, x, (size_t)n * sizeof *x);
	memcpy(made->y, y, (size_t)n * sizeof *y);
}

/* One edge of a box: the part of a segment where t in [*first, *last] with from + t * step at or
 * above `edge` (Liang and Barsky 1984); 0 if there is none. */
static int cut(double from, double step, double edge, double *first, double *last)
{
	if (step == 0)
		return from >= edge;
	double t = (edge - from) / step;
	if (step > 0 && t > *first)
		*first = t;
	if (step < 0 && t < *last)
		*last = t;
	return *first <= *last;
}

void figure_curve_within(figure *to, ink with, box within, int n, const double *x, const double *y)
{
	/* Every segment adds at most its two ends. */
	double *kept = n >= 2 ? malloc(4 * (size_t)n * sizeof *kept) : NULL;
	double *kept_x = kept, *kept_y = kept ? kept + 2 * (size_t)n : NULL;
	int length = 0;

	if (n >= 2 && !kept)
		figure_failed(to);
	for (int i = 0; kept && i + 1 < n; i++) {
		double dx = x[i + 1] - x[i], dy = y[i + 1] - y[i], first = 0, last = 1;
		int inside = isfinite(dx) && isfinite(dy) &&
			     cut(x[i], dx, within.left, &first, &last) &&
			     cut(-x[i], -dx, -within.right, &first, &last) &&
			     cut(y[i], dy, within.top, &first, &last) &&
			     cut(-y[i], -dy, -within.bottom, &first, &last);
		if (!inside || first > 0) {
			add_line(to, with, length, kept_x, kept_y);
			length = 0;
		}
		if (!inside)
			continue;
		if (length == 0) {
			kept_x[0] = x[i] + first * dx;
			kept_y[0] = y[i] + first * dy;
			length = 1;
		}
		kept_x[length] = last < 1 ? x[i] + last * dx : x[i + 1];
		kept_y[length++] = last < 1 ? y[i] + last * dy : y[i + 1];
	}
	add_line(to, with, length, kept_x, kept_y);
	free(kept);
}

void figure_curve(figure *to, ink with, int n, const double *x, const double *y)
{
	box sheet = {-0.5, -0.5, to->columns - 0.5, to->rows - 0.5};

	figure_curve_within(to, with, sheet, n, x, y);
}

void figure_line(figure *to, ink with, double x0, double y0, double x1, double y1)
{
	double x[] = {x0, x1}, y[] = {y0, y1};

	figure_curve(to, with, 2, x, y);
}

void figure_dot(figure *to, ink with, double x, double y)
{
	if (x >= -0.5 && x <= to->columns - 0.5 && y >= -0.5 && y <= to->rows - 0.5)
		add_one(to, DOTS, with, x, y, NULL);
}

void figure_node(figure *to, double x, double y, const char *text)
{
	add_one(to, NODES, INK_TEXT, x, y, text);
}

void figure_text(figure *to, ink with, align how, double x, double y, const char *text)
{
	part *made = add_one(to, TEXTS, with, x, y, text);

	if (made)
		made->how = how;
}

void figure_shade(figure *to, double x, double y, double columns, double rows, double darkness)
{
	part *made;

	/* Not <= alone: NaN is paper as well. */
	if (!(columns > 0 && rows > 0 && darkness > 0 && isfinite(columns) && isfinite(rows)))
		return;
	made = add_one(to, SHADES, INK_TEXT, x, y, NULL);
	if (!made)
		return;
	made->width = columns;
	made->height = rows;
	made->darkness = darkness < 1 ? darkness : 1;
}
