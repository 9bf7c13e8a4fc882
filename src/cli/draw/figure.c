/* SPDX-License-Identifier: MIT */
/*
 * figure.c - the list of the parts of a figure
 *
 * Lines are cut when they are added: at the edge of the sheet, and where a place is not finite.  So
 * all places of a figure are finite and on the sheet.
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
	figure *picture = calloc(1, sizeof *picture);

	if (!picture)
		return NULL;
	picture->columns = columns;
	picture->rows = rows;
	if (title && *title && !(picture->title = copy_text(title))) {
		free(picture);
		return NULL;
	}
	return picture;
}

void figure_free(figure *picture)
{
	if (!picture)
		return;
	for (int i = 0; i < picture->count; i++) {
		free(picture->parts[i].x);
		free(picture->parts[i].text);
	}
	free(picture->parts);
	free(picture->title);
	free(picture);
}

void figure_failed(figure *picture)
{
	picture->failed = 1;
}

/* Adds a part with room for n places, which lie in one block; NULL without memory. */
static part *add(figure *picture, figure_layer in, ink with, int n)
{
	if (picture->count == picture->room) {
		int room = picture->room ? 2 * picture->room : 64;
		part *more = realloc(picture->parts, (size_t)room * sizeof *more);
		if (!more) {
			figure_failed(picture);
			return NULL;
		}
		picture->parts = more;
		picture->room = room;
	}
	double *places = malloc(2 * (size_t)n * sizeof *places);
	if (!places) {
		figure_failed(picture);
		return NULL;
	}
	part *element = &picture->parts[picture->count++];
	*element = (part){.in = in, .with = with, .n = n, .x = places, .y = places + n};
	return element;
}

/* Adds a part at one place, with a text unless it is NULL. */
static part *add_one(figure *picture, figure_layer in, ink with, double x, double y,
		     const char *text)
{
	part *element;

	/* Places too far from the sheet do not count; so no place overflows an int when it is
	 * rounded. */
	if (!(fabs(x) < 1e6 && fabs(y) < 1e6) || !(element = add(picture, in, with, 1)))
		return NULL;
	element->x[0] = x;
	element->y[0] = y;
	if (text && !(element->text = copy_text(text))) {
		figure_failed(picture);
		picture->count--;
		free(element->x);
		return NULL;
	}
	return element;
}

static void add_line(figure *picture, ink with, int n, const double *x, const double *y)
{
	figure_layer in = with == INK_FAINT ? CONNECTIONS : with == INK_AXIS ? AXES : CURVES;
	part *element = n >= 2 ? add(picture, in, with, n) : NULL;

	if (!element)
		return;
	memcpy(element->x, x, (size_t)n * sizeof *x);
	memcpy(element->y, y, (size_t)n * sizeof *y);
}

/* Cuts a segment at one edge of a box (Liang and Barsky 1984): narrows [*first, *last] to the t
 * where start + t * step >= edge. Returns 0 if none is left. */
static int cut(double start, double step, double edge, double *first, double *last)
{
	if (step == 0)
		return start >= edge;
	double t = (edge - start) / step;
	if (step > 0 && t > *first)
		*first = t;
	if (step < 0 && t < *last)
		*last = t;
	return *first <= *last;
}

void figure_curve_within(figure *picture, ink with, box within, int n, const double *x,
			 const double *y)
{
	/* Each segment adds at most two places. */
	double *inner = n >= 2 ? malloc(4 * (size_t)n * sizeof *inner) : NULL;
	double *kept_x = inner, *kept_y = inner ? inner + 2 * (size_t)n : NULL;
	int length = 0;

	if (n >= 2 && !inner)
		figure_failed(picture);
	for (int i = 0; inner && i + 1 < n; i++) {
		double dx = x[i + 1] - x[i], dy = y[i + 1] - y[i], first = 0, last = 1;
		int inside = isfinite(dx) && isfinite(dy) &&
			     cut(x[i], dx, within.left, &first, &last) &&
			     cut(-x[i], -dx, -within.right, &first, &last) &&
			     cut(y[i], dy, within.top, &first, &last) &&
			     cut(-y[i], -dy, -within.bottom, &first, &last);
		if (!inside || first > 0) {
			add_line(picture, with, length, kept_x, kept_y);
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
	add_line(picture, with, length, kept_x, kept_y);
	free(inner);
}

void figure_curve(figure *picture, ink with, int n, const double *x, const double *y)
{
	box sheet = {-0.5, -0.5, picture->columns - 0.5, picture->rows - 0.5};

	figure_curve_within(picture, with, sheet, n, x, y);
}

void figure_line(figure *picture, ink with, double x0, double y0, double x1, double y1)
{
	double x[] = {x0, x1}, y[] = {y0, y1};

	figure_curve(picture, with, 2, x, y);
}

void figure_arrow(figure *picture, ink with, double x0, double y0, double x1, double y1)
{
	int before = picture->count;

	figure_line(picture, with, x0, y0, x1, y1);
	if (picture->count == before + 1)
		picture->parts[before].arrow = 1;
}

void figure_dot(figure *picture, ink with, double x, double y)
{
	if (x >= -0.5 && x <= picture->columns - 0.5 && y >= -0.5 && y <= picture->rows - 0.5)
		add_one(picture, DOTS, with, x, y, NULL);
}

void figure_ring(figure *picture, double x, double y)
{
	int before = picture->count;

	figure_dot(picture, INK_TEXT, x, y);
	if (picture->count == before + 1)
		picture->parts[before].ring = 1;
}

void figure_node(figure *picture, double x, double y, const char *text)
{
	add_one(picture, NODES, INK_TEXT, x, y, text);
}

void figure_text(figure *picture, ink with, align how, double x, double y, const char *text)
{
	part *element = add_one(picture, TEXTS, with, x, y, text);

	if (element)
		element->how = how;
}

void figure_shade(figure *picture, double x, double y, double columns, double rows, double darkness)
{
	part *element;

	/* Not <= alone: NaN is paper as well. */
	if (!(columns > 0 && rows > 0 && darkness > 0 && isfinite(columns) && isfinite(rows)))
		return;
	element = add_one(picture, SHADES, INK_TEXT, x, y, NULL);
	if (!element)
		return;
	element->width = columns;
	element->height = rows;
	element->darkness = darkness < 1 ? darkness : 1;
}
