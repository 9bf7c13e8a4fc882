/* SPDX-License-Identifier: MIT */
/*
 * figure_text.c - figures in the terminal
 *
 * The sheet is a grid of characters, filled layer by layer.  Lines are walked in steps of a
 * fraction of a character; where the walk turns a corner, the character at the corner is left out,
 * which makes lines one character thick.  Axes are collected as the four half strokes of a
 * character, so that corners and ticks come out of lines that meet.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "figure_parts.h"
#include "terminal.h"

enum { PAGE = 78, INDENT = 2, TEXT_MOST = 256 };
enum { UP = 1, DOWN = 2, LEFT = 4, RIGHT = 8 };

static const char *const ink_utf8[] = {"", "·", "·", "•", "×", "+", "○"};
static const char *const ink_ascii[] = {"", ".", ".", "*", "x", "+", "o"};
static const char ring_utf8[] = "◎", ring_ascii[] = "@";
static const char *const stroke_utf8[] = {" ", "│", "│", "│", "─", "┘", "┐", "┤",
					  "─", "└", "┌", "├", "─", "┴", "┬", "┼"};
static const char *const stroke_ascii[] = {" ", "|", "|", "|", "-", "+", "+", "+",
					   "-", "+", "+", "+", "-", "+", "+", "+"};
static const char *const shade_utf8[] = {" ", "░", "▒", "▓", "█"};
static const char *const shade_ascii[] = {" ", ".", ":", "*", "#"};

typedef struct cell {
	char glyph[5]; /* one character; empty: blank */
	figure_layer in;
	ink with;
	int strokes;
	double darkness;
} cell;

typedef struct sheet {
	int columns, rows, utf8;
	cell *cells;
} sheet;

static int nearest(double place)
{
	return (int)floor(place + 0.5);
}

static cell *cell_at(sheet *page, int column, int row)
{
	if (column < 0 || column >= page->columns || row < 0 || row >= page->rows)
		return NULL;
	return page->cells + (size_t)row * page->columns + column;
}

static void put(sheet *page, int column, int row, figure_layer in, ink with, const char *glyph)
{
	cell *spot = cell_at(page, column, row);

	if (!spot)
		return;
	strcpy(spot->glyph, glyph);
	spot->in = in;
	spot->with = with;
}

static const char *ink_glyph(const sheet *page, ink with)
{
	if (with < INK_AXIS || with > INK_4)
		with = INK_1;
	return page->utf8 ? ink_utf8[with] : ink_ascii[with];
}

/* The length of the part of [a, b] that lies in [low, high]. */
static double overlap(double a, double b, double low, double high)
{
	double width = fmin(b, high) - fmax(a, low);

	return width > 0 ? width : 0;
}

/* Adds to each character the part of a shade that covers it, which may be less than a whole
 * character. */
static void draw_shade(sheet *page, const part *element)
{
	double left = element->x[0], top = element->y[0];

	for (int row = 0; row < page->rows; row++) {
		double high = overlap(top, top + element->height, row, row + 1);
		for (int column = 0; column < page->columns && high > 0; column++) {
			cell *spot = cell_at(page, column, row);
			spot->darkness += element->darkness * high *
					  overlap(left, left + element->width, column, column + 1);
		}
	}
}

static void put_shades(sheet *page)
{
	for (int row = 0; row < page->rows; row++) {
		for (int column = 0; column < page->columns; column++) {
			int level = (int)(cell_at(page, column, row)->darkness * 5);
			level = level > 4 ? 4 : level;
			if (level > 0)
				put(page, column, row, SHADES, INK_TEXT,
				    page->utf8 ? shade_utf8[level] : shade_ascii[level]);
		}
	}
}

/* The half strokes of one character that a line from a to b covers in one direction; a <= b. */
static int strokes_of(double a, double b, int middle, int before, int after)
{
	return (overlap(a, b, middle - 0.5, middle) > 0.01 ? before : 0) |
	       (overlap(a, b, middle, middle + 0.5) > 0.01 ? after : 0);
}

static void add_strokes(sheet *page, int column, int row, int strokes)
{
	cell *spot = cell_at(page, column, row);

	if (!spot || !strokes)
		return;
	spot->strokes |= strokes;
	put(page, column, row, AXES, INK_AXIS,
	    page->utf8 ? stroke_utf8[spot->strokes] : stroke_ascii[spot->strokes]);
}

/* A horizontal or vertical line of an axis. */
static void draw_axis(sheet *page, double x0, double y0, double x1, double y1)
{
	double left = fmin(x0, x1), right = fmax(x0, x1), top = fmin(y0, y1), bottom = fmax(y0, y1);

	if (y0 == y1) {
		for (int column = nearest(left); column <= nearest(right); column++)
			add_strokes(page, column, nearest(y0),
				    strokes_of(left, right, column, LEFT, RIGHT));
	} else {
		for (int row = nearest(top); row <= nearest(bottom); row++)
			add_strokes(page, nearest(x0), row, strokes_of(top, bottom, row, UP, DOWN));
	}
}

typedef struct place {
	int column, row;
} place;

/* Whether `middle` is a corner that a line from `previous` to `next` can leave out. */
static int is_corner(place previous, place middle, place next)
{
	int apart = abs(previous.column - next.column) == 1 && abs(previous.row - next.row) == 1;

	return apart && ((middle.column == previous.column && middle.row == next.row) ||
			 (middle.column == next.column && middle.row == previous.row));
}

/* Draws a line one character thick. A character is drawn once it is known not to be a corner. */
static void draw_curve(sheet *page, const part *element)
{
	const char *glyph = ink_glyph(page, element->with);
	place last = {nearest(element->x[0]), nearest(element->y[0])}, drawn = {-9, -9};

	for (int i = 0; i + 1 < element->n; i++) {
		double dx = element->x[i + 1] - element->x[i],
		       dy = element->y[i + 1] - element->y[i];
		int steps = (int)(8 * fmax(fabs(dx), fabs(dy))) + 1;

		for (int k = 1; k <= steps; k++) {
			place current = {nearest(element->x[i] + dx * k / steps),
					 nearest(element->y[i] + dy * k / steps)};
			if (current.column == last.column && current.row == last.row)
				continue;
			if (!is_corner(drawn, last, current)) {
				put(page, last.column, last.row, element->in, element->with, glyph);
				drawn = last;
			}
			last = current;
		}
	}
	put(page, last.column, last.row, element->in, element->with, glyph);
}

static void draw_line(sheet *page, const part *element)
{
	int straight = element->with == INK_AXIS;

	for (int i = 0; i + 1 < element->n && straight; i++)
		straight = element->x[i] == element->x[i + 1] || element->y[i] == element->y[i + 1];
	if (!straight)
		draw_curve(page, element);
	for (int i = 0; i + 1 < element->n && straight; i++)
		draw_axis(page, element->x[i], element->y[i], element->x[i + 1], element->y[i + 1]);
}

/* Removes a connection beside a text, so that the text does not look like a part of it. */
static void clear_connection(sheet *page, int column, int row)
{
	cell *spot = cell_at(page, column, row);

	if (spot && spot->in == CONNECTIONS)
		spot->glyph[0] = '\0';
}

/* Writes a text from a column on, moved if it would leave the sheet. */
static void write_text(sheet *page, int column, int row, const part *element, const char *text)
{
	int width = text_width(text);
	char one[5];

	if (column + width > page->columns)
		column = page->columns - width;
	column = column < 0 ? 0 : column;
	clear_connection(page, column - 1, row);
	clear_connection(page, column + width, row);
	while (next_character(&text, one))
		put(page, column++, row, element->in, element->with, one);
}

static void draw_text(sheet *page, const part *element)
{
	char inner[TEXT_MOST - 4], text[TEXT_MOST];
	int width, column;

	text_shown(element->text, inner, sizeof inner);
	snprintf(text, sizeof text, element->in == NODES ? "( %s )" : "%s", inner);
	width = text_width(text);
	if (element->in == TEXTS && element->how == ALIGN_LEFT)
		column = nearest(element->x[0]);
	else if (element->in == TEXTS && element->how == ALIGN_RIGHT)
		column = nearest(element->x[0]) - width + 1;
	else
		column = nearest(element->x[0] - (width - 1) / 2.0);
	write_text(page, column, nearest(element->y[0]), element, text);
}

static void draw(sheet *page, const part *element)
{
	switch (element->in) {
	case SHADES:
		draw_shade(page, element);
		break;
	case CONNECTIONS:
	case AXES:
	case CURVES:
		draw_line(page, element);
		break;
	case DOTS:
		put(page, nearest(element->x[0]), nearest(element->y[0]), DOTS, element->with,
		    !element->ring ? ink_glyph(page, element->with)
		    : page->utf8   ? ring_utf8
				   : ring_ascii);
		break;
	default:
		draw_text(page, element);
	}
}

static const char *style_of(FILE *stream, ink with)
{
	if (with == INK_AXIS || with == INK_FAINT)
		return dim(stream);
	return colored(stream, (int)with - INK_1 + 1);
}

static int is_blank(const cell *spot)
{
	return spot->glyph[0] == '\0' || strcmp(spot->glyph, " ") == 0;
}

/* Prints a row without trailing blanks, and changes the style when the ink changes. */
static void print_row(FILE *stream, sheet *page, int row, int indent)
{
	const cell *spot = page->cells + (size_t)row * page->columns;
	int end = page->columns;
	ink current = INK_TEXT;

	while (end > 0 && is_blank(&spot[end - 1]))
		end--;
	if (end > 0)
		fprintf(stream, "%*s", indent, "");
	for (int i = 0; i < end; i++) {
		if (!is_blank(&spot[i]) && spot[i].with != current) {
			fputs(current == INK_TEXT ? "" : plain(stream), stream);
			current = spot[i].with;
			fputs(style_of(stream, current), stream);
		}
		fputs(is_blank(&spot[i]) ? " " : spot[i].glyph, stream);
	}
	fprintf(stream, "%s\n", current == INK_TEXT ? "" : plain(stream));
}

static void print_title(FILE *stream, const char *title, int indent)
{
	char text[TEXT_MOST];
	int most = PAGE - indent;

	text_shown(title, text, sizeof text);
	fprintf(stream, "%*s%s", indent, "", bold(stream));
	print_field(stream, text, text_width(text) > most ? -most : 0);
	fprintf(stream, "%s\n\n", plain(stream));
}

void figure_print(const figure *picture, FILE *stream)
{
	sheet page = {picture->columns < PAGE ? picture->columns : PAGE, picture->rows, is_utf8(),
		      NULL};
	int indent = PAGE - page.columns < INDENT ? PAGE - page.columns : INDENT;

	if (picture->title)
		print_title(stream, picture->title, indent);
	if (page.columns <= 0 || page.rows <= 0)
		return;
	page.cells = calloc((size_t)page.columns * (size_t)page.rows, sizeof *page.cells);
	if (!page.cells)
		return;
	for (int in = SHADES; in < LAYERS; in++) {
		for (int i = 0; i < picture->count; i++) {
			if ((int)picture->parts[i].in == in && !picture->parts[i].fine)
				draw(&page, &picture->parts[i]);
		}
		if (in == SHADES)
			put_shades(&page);
	}
	for (int row = 0; row < page.rows; row++)
		print_row(stream, &page, row, indent);
	free(page.cells);
}
