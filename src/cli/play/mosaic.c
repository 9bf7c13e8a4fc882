/* SPDX-License-Identifier: MIT */
/*
 * mosaic.c - a sheet of colored characters, shown in a terminal or printed
 */
#include "mosaic.h"

#include <stdio.h>
#include <stdlib.h>

#include "draw/terminal.h"

static const cell blank = {" ", 0, NO_COLOR, NO_COLOR};

color_depth mosaic_colors(void)
{
	const char *depth = getenv("COLORTERM");

	if (!*plain(stdout))
		return COLORS_NONE;
	return depth && (strcmp(depth, "truecolor") == 0 || strcmp(depth, "24bit") == 0)
		       ? COLORS_ALL
		       : COLORS_256;
}

int mosaic_size(mosaic *sheet, int columns, int rows)
{
	size_t count = (size_t)columns * (size_t)rows;
	cell *now = calloc(count, sizeof *now), *shown = calloc(count, sizeof *shown);

	if (!now || !shown) {
		free(now);
		free(shown);
		return 0;
	}
	free(sheet->now);
	free(sheet->shown);
	sheet->now = now;
	sheet->shown = shown;
	sheet->columns = columns;
	sheet->rows = rows;
	for (size_t i = 0; i < count; i++)
		now[i] = shown[i] = blank;
	return 1;
}

void mosaic_free(mosaic *sheet)
{
	free(sheet->now);
	free(sheet->shown);
	sheet->now = sheet->shown = NULL;
}

void mosaic_clear(mosaic *sheet)
{
	for (int i = 0; i < sheet->columns * sheet->rows; i++)
		sheet->now[i] = blank;
}

void mosaic_set(mosaic *sheet, int row, int column, const char *glyph, int ink, int paper)
{
	if (row < 0 || row >= sheet->rows || column < 0 || column >= sheet->columns)
		return;
	cell *c = &sheet->now[row * sheet->columns + column];
	snprintf(c->glyph, sizeof c->glyph, "%s", glyph);
	c->weight = 0;
	c->ink = ink;
	c->paper = paper;
}

int mosaic_text(mosaic *sheet, int row, int column, int width, int weight, const char *utf8)
{
	char shown[512], one[5];
	int taken = 0;

	text_shown(utf8, shown, sizeof shown);
	int cut = text_width(shown) > width;
	for (const char *at = shown; taken < width && next_character(&at, one); taken++) {
		int place = column + taken;

		mosaic_set(sheet, row, place, cut && taken == width - 1 ? "~" : one, NO_COLOR,
			   NO_COLOR);
		if (row >= 0 && row < sheet->rows && place >= 0 && place < sheet->columns)
			sheet->now[row * sheet->columns + place].weight = (signed char)weight;
	}
	return taken;
}

/* ---- Sending --------------------------------------------------------------------------------- */

static int square(int a)
{
	return a * a;
}

/* The nearest of the 256: of the cube of 6 x 6 x 6, or of the 24 grays. */
static int color_of_256(int color)
{
	static const int step[] = {0, 95, 135, 175, 215, 255};
	int part[3] = {color >> 16 & 255, color >> 8 & 255, color & 255}, cube = 16, off = 0;
	int mean = (part[0] + part[1] + part[2]) / 3, off_gray = 0;
	int gray = mean < 8 ? 0 : mean > 238 ? 23 : (mean - 3) / 10;

	for (int i = 0; i < 3; i++) {
		int level = part[i] < 48 ? 0 : part[i] < 115 ? 1 : (part[i] - 35) / 40;

		cube = i ? (cube - 16) * 6 + 16 + level : 16 + level;
		off += square(part[i] - step[level]);
		off_gray += square(part[i] - (8 + 10 * gray));
	}
	return off_gray < off ? 232 + gray : cube;
}

/* ground: 38 for the ink, 48 for the paper. */
static void put_color(const mosaic *sheet, int ground, int color, text *out)
{
	char code[32];

	if (color == NO_COLOR)
		return;
	if (sheet->colors == COLORS_ALL)
		snprintf(code, sizeof code, "\033[%d;2;%d;%d;%dm", ground, color >> 16 & 255,
			 color >> 8 & 255, color & 255);
	else
		snprintf(code, sizeof code, "\033[%d;5;%dm", ground, color_of_256(color));
	text_put(out, code);
}

static int is_same_style(const cell *a, const cell *b)
{
	return a->weight == b->weight && a->ink == b->ink && a->paper == b->paper;
}

static void put_style(const mosaic *sheet, const cell *c, text *out)
{
	if (sheet->colors == COLORS_NONE)
		return;
	text_put(out, "\033[0m");
	if (c->weight)
		text_put(out, c->weight > 0 ? "\033[1m" : "\033[2m");
	put_color(sheet, 38, c->ink, out);
	put_color(sheet, 48, c->paper, out);
}

void mosaic_changes(mosaic *sheet, text *out)
{
	const cell *style = NULL;
	char place[32];

	for (int i = 0, next = -1; i < sheet->columns * sheet->rows; i++) {
		const cell *c = &sheet->now[i];
		cell *was = &sheet->shown[i];

		if (strcmp(c->glyph, was->glyph) == 0 && is_same_style(c, was))
			continue;
		if (i != next || i % sheet->columns == 0) {
			snprintf(place, sizeof place, "\033[%d;%dH", i / sheet->columns + 1,
				 i % sheet->columns + 1);
			text_put(out, place);
		}
		if (!style || !is_same_style(c, style))
			put_style(sheet, c, out);
		text_put(out, c->glyph);
		*was = *c;
		style = c;
		next = i + 1;
	}
	if (style && sheet->colors != COLORS_NONE)
		text_put(out, "\033[0m");
}

/* The columns of a row up to its last character that is not blank. */
static int length_of(const mosaic *sheet, const cell *row)
{
	int length = sheet->columns;

	while (length > 0 && strcmp(row[length - 1].glyph, " ") == 0 &&
	       row[length - 1].paper == NO_COLOR)
		length--;
	return length;
}

void mosaic_lines(const mosaic *sheet, text *out)
{
	int styled = sheet->colors != COLORS_NONE;

	for (int r = 0; r < sheet->rows; r++) {
		const cell *row = &sheet->now[r * sheet->columns];
		int length = length_of(sheet, row);

		for (int i = 0; i < length; i++) {
			if (styled && !is_same_style(&row[i], i ? &row[i - 1] : &blank))
				put_style(sheet, &row[i], out);
			text_put(out, row[i].glyph);
		}
		if (styled && length > 0 && !is_same_style(&row[length - 1], &blank))
			text_put(out, "\033[0m");
		text_put(out, "\n");
	}
}
