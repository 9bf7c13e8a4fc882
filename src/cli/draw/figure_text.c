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

static cell *cell_at(sheet *on, int column, int row)
{
	if (column < 0 || column >= on->columns || row < 0 || row >= on->rows)
		return NULL;
	return on->cells + (size_t)row * on->columns + column;
}

static void put(sheet *on, int column, int row, figure_layer in, ink with, const char *glyph)
{
	cell *at = cell_at(on, column, row);

	if (!at)
		return;
	strcpy(at->glyph, glyph);
	at->in = in;
	at->with = with;
}

static const char *ink_glyph(const sheet *on, ink with)
{
	if (with < INK_AXIS || with > INK_4)
		with = INK_1;
	return on->utf8 ? ink_utf8[with] : ink_ascii[with];
}

/* How much of the interval from a to b lies between two places. */
static double overlap(double a, double b, double from, double to)
{
	double width = fmin(b, to) - fmax(a, from);

	return width > 0 ? width : 0;
}

/* Adds the part of a shade that lies in each character: pixels need not be whole characters. */
static void draw_shade(sheet *on, const part *from)
{
	double left = from->x[0], top = from->y[0];

	for (int row = 0; row < on->rows; row++) {
		double high = overlap(top, top + from->height, row, row + 1);
		for (int column = 0; column < on->columns && high > 0; column++) {
			cell *at = cell_at(on, column, row);
			at->darkness += from->darkness * high *
					overlap(left, left + from->width, column, column + 1);
		}
	}
}

static void put_shades(sheet *on)
{
	for (int row = 0; row < on->rows; row++) {
		for (int column = 0; column < on->columns; column++) {
			int level = (int)(cell_at(on, column, row)->darkness * 5);
			level = level > 4 ? 4 : level;
			if (level > 0)
				put(on, column, row, SHADES, INK_TEXT,
				    on->utf8 ? shade_utf8[level] : shade_ascii[level]);
		}
	}
}

/* The half strokes of one character that a line from a to b, a <= b, covers along one direction. */
static int strokes_of(double a, double b, int middle, int before, int after)
{
	return (overlap(a, b, middle - 0.5, middle) > 0.01 ? before : 0) |
	       (overlap(a, b, middle, middle + 0.5) > 0.01 ? after : 0);
}

static void add_strokes(sheet *on, int column, int row, int strokes)
{
	cell *at = cell_at(on, column, row);

	if (!at || !strokes)
		return;
	at->strokes |= strokes;
	put(on, column, row, AXES, INK_AXIS,
	    on->utf8 ? stroke_utf8[at->strokes] : stroke_ascii[at->strokes]);
}

/* A horizontal or vertical line of an axis. */
static void draw_axis(sheet *on, double x0, double y0, double x1, double y1)
{
	double left = fmin(x0, x1), right = fmax(x0, x1), top = fmin(y0, y1), bottom = fmax(y0, y1);

	if (y0 == y1) {
		for (int column = nearest(left); column <= nearest(right); column++)
			add_strokes(on, column, nearest(y0),
				    strokes_of(left, right, column, LEFT, RIGHT));
	} else {
		for (int row = nearest(top); row <= nearest(bottom); row++)
			add_strokes(on, nearest(x0), row, strokes_of(top, bottom, row, UP, DOWN));
	}
}

typedef struct place {
	int column, row;
} place;

/* Whether `between` is the corner of a way that could go straight from `from` to `to`. */
static int is_corner(place from, place between, place to)
{
	int apart = abs(from.column - to.column) == 1 && abs(from.row - to.row) == 1;

	return apart && ((between.column == from.column && between.row == to.row) ||
			 (between.column == to.column && between.row == from.row));
}

/* Draws a line one character thick: a character is put when it is known not to be a corner. */
static void draw_curve(sheet *on, const part *from)
{
	const char *glyph = ink_glyph(on, from->with);
	place last = {nearest(from->x[0]), nearest(from->y[0])}, drawn = {-9, -9};

	for (int i = 0; i + 1 < from->n; i++) {
		double dx = from->x[i + 1] - from->x[i], dy = from->y[i + 1] - from->y[i];
		int steps = (int)(8 * fmax(fabs(dx), fabs(dy))) + 1;

		for (int k = 1; k <= steps; k++) {
			place now = {nearest(from->x[i] + dx * k / steps),
				     nearest(from->y[i] + dy * k / steps)};
			if (now.column == last.column && now.row == last.row)
				continue;
			if (!is_corner(drawn, last, now)) {
				put(on, last.column, last.row, from->in, from->with, glyph);
				drawn = last;
			}
			last = now;
		}
	}
	put(on, last.column, last.row, from->in, from->with, glyph);
}

static void draw_line(sheet *on, const part *from)
{
	int straight = from->with == INK_AXIS;

	for (int i = 0; i + 1 < from->n && straight; i++)
		straight = from->x[i] == from->x[i + 1] || from->y[i] == from->y[i + 1];
	if (!straight)
		draw_curve(on, from);
	for (int i = 0; i + 1 < from->n && straight; i++)
		draw_axis(on, from->x[i], from->y[i], from->x[i + 1], from->y[i + 1]);
}

/* Connections keep off a text, so that it is not read as a part of them. */
static void clear_connection(sheet *on, int column, int row)
{
	cell *at = cell_at(on, column, row);

	if (at && at->in == CONNECTIONS)
		at->glyph[0] = '\0';
}

/* Writes a text from a column on, moved if it would leave the sheet. */
static void write_text(sheet *on, int column, int row, const part *from, const char *text)
{
	int width = text_width(text);
	char one[5];

	if (column + width > on->columns)
		column = on->columns - width;
	column = column < 0 ? 0 : column;
	clear_connection(on, column - 1, row);
	clear_connection(on, column + width, row);
	while (next_character(&text, one))
		put(on, column++, row, from->in, from->with, one);
}

static void draw_text(sheet *on, const part *from)
{
	char inner[TEXT_MOST - 4], text[TEXT_MOST];
	int width, column;

	text_shown(from->text, inner, sizeof inner);
	snprintf(text, sizeof text, from->in == NODES ? "( %s )" : "%s", inner);
	width = text_width(text);
	if (from->in == TEXTS && from->how == ALIGN_LEFT)
		column = nearest(from->x[0]);
	else if (from->in == TEXTS && from->how == ALIGN_RIGHT)
		column = nearest(from->x[0]) - width + 1;
	else
		column = nearest(from->x[0] - (width - 1) / 2.0);
	write_text(on, column, nearest(from->y[0]), from, text);
}

static void draw(sheet *on, const part *from)
{
	switch (from->in) {
	case SHADES:
		draw_shade(on, from);
		break;
	case CONNECTIONS:
	case AXES:
	case CURVES:
		draw_line(on, from);
		break;
	case DOTS:
		put(on, nearest(from->x[0]), nearest(from->y[0]), DOTS, from->with,
		    ink_glyph(on, from->with));
		break;
	default:
		draw_text(on, from);
	}
}

static const char *style_of(FILE *stream, ink with)
{
	if (with == INK_AXIS || with == INK_FAINT)
		return dim(stream);
	return colored(stream, (int)with - INK_1 + 1);
}

static int is_blank(const cell *at)
{
	return at->glyph[0] == '\0' || strcmp(at->glyph, " ") == 0;
}

/* Prints a row without the blanks at its end; a style lasts as long as its ink. */
static void print_row(FILE *stream, sheet *on, int row, int indent)
{
	const cell *at = on->cells + (size_t)row * on->columns;
	int end = on->columns;
	ink now = INK_TEXT;

	while (end > 0 && is_blank(&at[end - 1]))
		end--;
	if (end > 0)
		fprintf(stream, "%*s", indent, "");
	for (int i = 0; i < end; i++) {
		if (!is_blank(&at[i]) && at[i].with != now) {
			fputs(now == INK_TEXT ? "" : plain(stream), stream);
			now = at[i].with;
			fputs(style_of(stream, now), stream);
		}
		fputs(is_blank(&at[i]) ? " " : at[i].glyph, stream);
	}
	fprintf(stream, "%s\n", now == INK_TEXT ? "" : plain(stream));
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

void figure_print(const figure *from, FILE *stream)
{
	sheet on = {from->columns < PAGE ? from->columns : PAGE, from->rows, is_utf8(), NULL};
	int indent = PAGE - on.columns < INDENT ? PAGE - on.columns : INDENT;

	if (from->title)
		print_title(stream, from->title, indent);
	if (on.columns <= 0 || on.rows <= 0)
		return;
	on.cells = calloc((size_t)on.columns * (size_t)on.rows, sizeof *on.cells);
	if (!on.cells)
		return;
	for (int in = SHADES; in < LAYERS; in++) {
		for (int i = 0; i < from->count; i++) {
			if ((int)from->parts[i].in == in)
				draw(&on, &from->parts[i]);
		}
		if (in == SHADES)
			put_shades(&on);
	}
	for (int row = 0; row < on.rows; row++)
		print_row(stream, &on, row, indent);
	free(on.cells);
}
