/* SPDX-License-Identifier: MIT */
/*
 * canvas.c - lines drawn with the characters of a terminal
 */
#define _POSIX_C_SOURCE 200809L

#include "canvas.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "draw/terminal.h"
#include "draw/text.h"

enum { SAMPLE = 2 /* characters */ };

struct canvas {
	canvas_style style;
	int columns, rows;
	FILE *stream;
	unsigned char *dots; /* by character: those that are set, as bits */
	const pen **top;     /* by character: the last pen there */
};

/* The dots of a character. */
static int dots_across(canvas_style style)
{
	return style == CANVAS_BRAILLE ? 2 : 1;
}

static int dots_down(canvas_style style)
{
	return style == CANVAS_BRAILLE ? 4 : style == CANVAS_BLOCKS ? 2 : 1;
}

/* The style of a name; 0: there is none. */
static canvas_style find_style(const char *name)
{
	static const char *const names[] = {"", "braille", "blocks", "ascii"};

	for (int i = CANVAS_BRAILLE; i <= CANVAS_ASCII; i++)
		if (strcmp(names[i], name) == 0)
			return (canvas_style)i;
	return 0;
}

/* As the terminal can show it. */
static const char AUTO[] = "auto";

int canvas_style_known(void)
{
	const char *wanted = getenv("HEBB_PLOT");

	return !wanted || !*wanted || strcmp(wanted, AUTO) == 0 || find_style(wanted);
}

int canvas_is_wanted(FILE *stream)
{
	const char *wanted = getenv("HEBB_PLOT");

	return isatty(fileno(stream)) || (wanted && *wanted);
}

canvas_style canvas_usual_style(void)
{
	const char *wanted = getenv("HEBB_PLOT"), *term = getenv("TERM");

	if (wanted && find_style(wanted))
		return find_style(wanted);
	if (!is_utf8())
		return CANVAS_ASCII;
	return term && strcmp(term, "linux") == 0 ? CANVAS_BLOCKS : CANVAS_BRAILLE;
}

canvas *canvas_new(canvas_style style, int columns, int rows, FILE *stream)
{
	canvas *sheet = calloc(1, sizeof *sheet);
	size_t count = (size_t)columns * (size_t)rows;

	if (!sheet)
		return NULL;
	*sheet = (canvas){.style = style, .columns = columns, .rows = rows, .stream = stream};
	sheet->dots = calloc(count, sizeof *sheet->dots);
	sheet->top = calloc(count, sizeof *sheet->top);
	if (sheet->dots && sheet->top)
		return sheet;
	canvas_free(sheet);
	return NULL;
}

void canvas_free(canvas *sheet)
{
	if (!sheet)
		return;
	free(sheet->dots);
	free(sheet->top);
	free(sheet);
}

int canvas_width(const canvas *sheet)
{
	return sheet->columns * dots_across(sheet->style);
}

int canvas_height(const canvas *sheet)
{
	return sheet->rows * dots_down(sheet->style);
}

/* The bit of a dot of a character: in Braille as Unicode numbers them, column by column, with the
 * last row behind. */
static unsigned char bit_of(canvas_style style, int x, int y)
{
	if (style != CANVAS_BRAILLE)
		return (unsigned char)(1u << y);
	return (unsigned char)(y < 3 ? 1u << (3 * x + y) : 0x40u << x);
}

/* Colors and characters of ASCII tell lines apart; else one is dotted. */
static int is_dotted(canvas_style style, const pen *with, FILE *stream)
{
	return with->is_dotted && style != CANVAS_ASCII && !*plain(stream);
}

static void set_dot(canvas *sheet, const pen *with, int x, int y)
{
	int across = dots_across(sheet->style), down = dots_down(sheet->style);

	if (x < 0 || y < 0 || x >= canvas_width(sheet) || y >= canvas_height(sheet))
		return;
	if (is_dotted(sheet->style, with, sheet->stream) && x % 2 == 1)
		return;
	size_t at = (size_t)(y / down) * (size_t)sheet->columns + (size_t)(x / across);
	sheet->dots[at] |= bit_of(sheet->style, x % across, y % down);
	sheet->top[at] = with;
}

void canvas_line(canvas *sheet, const pen *with, double x0, double y0, double x1, double y1)
{
	double most = 4.0 * (canvas_width(sheet) + canvas_height(sheet));
	double steps = ceil(fmax(fabs(x1 - x0), fabs(y1 - y0)));

	if (!(steps <= most)) /* nor NaN */
		return;
	for (int i = 0; i <= (int)steps; i++) {
		double share = steps > 0 ? i / steps : 0;

		set_dot(sheet, with, (int)floor(x0 + share * (x1 - x0) + 0.5),
			(int)floor(y0 + share * (y1 - y0) + 0.5));
	}
}

/* A character with these dots, in UTF-8. */
static const char *glyph(canvas_style style, unsigned dots, const pen *with, char one[5])
{
	static const char *const block[] = {" ", "▀", "▄", "█"};

	if (style == CANVAS_BLOCKS)
		return block[dots & 3];
	if (style == CANVAS_ASCII) {
		snprintf(one, 5, "%c", dots ? with->ascii : ' ');
		return one;
	}
	if (!dots)
		return " ";
	one[0] = (char)0xe2; /* U+2800 and the dots */
	one[1] = (char)(0xa0 | dots >> 6);
	one[2] = (char)(0x80 | (dots & 0x3f));
	one[3] = '\0';
	return one;
}

static const char *color_of(const pen *with, FILE *stream)
{
	return with->color ? colored(stream, with->color) : dim(stream);
}

void canvas_sample(canvas_style style, const pen *with, FILE *stream, text *line)
{
	char one[5];

	text_put(line, color_of(with, stream));
	for (int i = 0; i < SAMPLE; i++) {
		int is_gap = is_dotted(style, with, stream);
		unsigned dots = style == CANVAS_BRAILLE  ? (is_gap ? 0x02 : 0x12)
				: style == CANVAS_BLOCKS ? (is_gap && i % 2 == 1 ? 0 : 2)
							 : 1;

		text_put(line, glyph(style, dots, with, one));
	}
	text_put(line, plain(stream));
}

void canvas_row(const canvas *sheet, int row, text *line)
{
	FILE *stream = sheet->stream;
	const size_t first = (size_t)row * (size_t)sheet->columns;
	const pen *now = NULL;
	int last = sheet->columns - 1;
	char one[5];

	while (last >= 0 && !sheet->dots[first + (size_t)last])
		last--;
	for (int i = 0; i <= last; i++) {
		const pen *with = sheet->top[first + (size_t)i];

		if (with && with != now) {
			text_put(line, now ? plain(stream) : "");
			text_put(line, color_of(with, stream));
			now = with;
		}
		text_put(line, glyph(sheet->style, sheet->dots[first + (size_t)i], with, one));
	}
	text_put(line, now ? plain(stream) : "");
}
