/* SPDX-License-Identifier: MIT */
/*
 * figure_svg.c - figures as SVG files
 *
 * A character of the sheet is 10 x 20 pixels.  Numbers are written by hand, with two decimals at
 * most, so that the file does not depend on the locale and is the same everywhere.  The colors are
 * those of Okabe and Ito (2008), which people who are colour-blind can tell apart.
 */
#define _POSIX_C_SOURCE 200809L

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "figure_parts.h"
#include "terminal.h"

enum { WIDTH = 10, HEIGHT = 20, MARGIN = 12, HEAD = 34 };
/* Pixels of a node, and of the letters of a text and of a bold title, which are estimates on the
 * wide side: the file does not know which font will show it. */
enum { RADIUS = 12, LETTER = 8, TITLE_LETTER = 10 };

static const char *const color[] = {"#000000", "#666666", "#a0a0a0", "#0072b2",
				    "#d55e00", "#009e73", "#cc79a7", "#222222"};

static const char *color_of(ink with)
{
	return color[with >= INK_AXIS && with <= INK_TEXT ? with : INK_TEXT];
}

const char figure_mark[] = " data-by=\"hebb\">\n";

/* Writes a number with up to two decimals: 1, 0.5, -3.25. */
static void put_number(FILE *to, double value)
{
	long hundredths = lround(fmin(fmax(value, -1e6), 1e6) * 100);
	long size = labs(hundredths);

	fprintf(to, "%s%ld", hundredths < 0 ? "-" : "", size / 100);
	if (size % 10 != 0)
		fprintf(to, ".%02ld", size % 100);
	else if (size % 100 != 0)
		fprintf(to, ".%ld", size % 100 / 10);
}

/* Writes an attribute that is a number. */
static void put_attribute(FILE *to, const char *name, double value)
{
	fprintf(to, " %s=\"", name);
	put_number(to, value);
	fputc('"', to);
}

static void put_escaped(FILE *to, const char *text)
{
	char one[5];

	while (next_character(&text, one)) {
		const char *shown = strcmp(one, "&") == 0    ? "&amp;"
				    : strcmp(one, "<") == 0  ? "&lt;"
				    : strcmp(one, ">") == 0  ? "&gt;"
				    : strcmp(one, "\"") == 0 ? "&quot;"
							     : one;
		fputs(shown, to);
	}
}

/* The middle of the character at a place. */
static double px(double x)
{
	return WIDTH * (x + 0.5);
}

static double py(double y)
{
	return HEIGHT * (y + 0.5);
}

static void put_shade(FILE *to, const part *from)
{
	int gray = (int)lround(255 * (1 - from->darkness));

	fputs("<rect", to);
	put_attribute(to, "x", WIDTH * from->x[0]);
	put_attribute(to, "y", HEIGHT * from->y[0]);
	put_attribute(to, "width", WIDTH * from->width);
	put_attribute(to, "height", HEIGHT * from->height);
	fprintf(to, " fill=\"#%02x%02x%02x\" shape-rendering=\"crispEdges\"/>\n", gray, gray, gray);
}

static void put_line(FILE *to, const part *from)
{
	fprintf(to, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"%d\"%s points=\"",
		color_of(from->with), from->in == CURVES ? 2 : 1,
		from->in == CURVES ? " stroke-linejoin=\"round\" stroke-linecap=\"round\"" : "");
	for (int i = 0; i < from->n; i++) {
		fputs(i > 0 ? " " : "", to);
		put_number(to, px(from->x[i]));
		fputc(',', to);
		put_number(to, py(from->y[i]));
	}
	fputs("\"/>\n", to);
}

static void put_dot(FILE *to, const part *from)
{
	fputs("<circle", to);
	put_attribute(to, "cx", px(from->x[0]));
	put_attribute(to, "cy", py(from->y[0]));
	fprintf(to, " r=\"%s\" fill=\"%s\"/>\n", from->with <= INK_FAINT ? "2" : "3.5",
		color_of(from->with));
}

/* The text of a part; `style` is more attributes. */
static void put_text(FILE *to, double x, double y, const char *anchor, const char *style,
		     const part *from)
{
	fputs("<text", to);
	put_attribute(to, "x", x);
	put_attribute(to, "y", y + 5); /* the base line, for letters of 14 pixels around y */
	fprintf(to, " text-anchor=\"%s\" fill=\"%s\"%s>", anchor, color_of(from->with), style);
	put_escaped(to, from->text);
	fputs("</text>\n", to);
}

/* A circle, or a rounded box if the text is long. */
static void put_node(FILE *to, const part *from)
{
	double x = px(from->x[0]), y = py(from->y[0]);
	double half = fmax(RADIUS, LETTER * text_width(from->text) / 2.0 + 4);

	fputs("<rect", to);
	put_attribute(to, "x", x - half);
	put_attribute(to, "y", y - RADIUS);
	put_attribute(to, "width", 2 * half);
	put_attribute(to, "height", 2 * RADIUS);
	fprintf(to, " rx=\"%d\" fill=\"#ffffff\" stroke=\"%s\" stroke-width=\"1.5\"/>\n", RADIUS,
		color_of(INK_TEXT));
	put_text(to, x, y, "middle", "", from);
}

/* A text with a white edge, which keeps it legible over lines. */
static void put_label(FILE *to, const part *from)
{
	static const char edge[] = " stroke=\"#ffffff\" stroke-width=\"3\""
				   " stroke-linejoin=\"round\" paint-order=\"stroke\"";
	double x = px(from->x[0]), y = py(from->y[0]);

	if (from->how == ALIGN_LEFT)
		put_text(to, x - WIDTH / 2.0, y, "start", edge, from);
	else if (from->how == ALIGN_RIGHT)
		put_text(to, x + WIDTH / 2.0, y, "end", edge, from);
	else
		put_text(to, x, y, "middle", edge, from);
}

static void put_part(FILE *to, const part *from)
{
	switch (from->in) {
	case SHADES:
		put_shade(to, from);
		break;
	case DOTS:
		put_dot(to, from);
		break;
	case NODES:
		put_node(to, from);
		break;
	case TEXTS:
		put_label(to, from);
		break;
	default:
		put_line(to, from);
	}
}

/* The name of the file for programs that show or read it. */
static void put_title(FILE *to, const char *title)
{
	fputs("<title>", to);
	put_escaped(to, title);
	fputs("</title>\n", to);
}

static void put_heading(FILE *to, const char *title, int width)
{
	fprintf(to,
		"<text x=\"%d\" y=\"24\" text-anchor=\"middle\" font-size=\"16\" "
		"font-weight=\"bold\" fill=\"%s\">",
		width / 2, color_of(INK_TEXT));
	put_escaped(to, title);
	fputs("</text>\n", to);
}

static void put_figure(FILE *to, const figure *from)
{
	int drawing = WIDTH * from->columns, head = from->title ? HEAD : 0;
	int title = from->title ? TITLE_LETTER * text_width(from->title) : 0;
	int width = (drawing > title ? drawing : title) + 2 * MARGIN;
	int height = HEIGHT * from->rows + 2 * MARGIN + head;

	fprintf(to,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"14\"%s",
		width, height, width, height, figure_mark);
	if (from->title)
		put_title(to, from->title);
	fprintf(to, "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", width, height);
	if (from->title)
		put_heading(to, from->title, width);
	fprintf(to, "<g transform=\"translate(%d,%d)\">\n", (width - drawing) / 2, MARGIN + head);
	for (int in = SHADES; in < LAYERS; in++) {
		for (int i = 0; i < from->count; i++) {
			if ((int)from->parts[i].in == in)
				put_part(to, &from->parts[i]);
		}
	}
	fputs("</g>\n</svg>\n", to);
}

char *figure_svg(const figure *from)
{
	char *text = NULL;
	size_t size;
	FILE *to = from->failed ? NULL : open_memstream(&text, &size);

	if (!to)
		return NULL;
	put_figure(to, from);
	int lost = ferror(to);
	if (fclose(to) == 0 && !lost)
		return text;
	free(text);
	return NULL;
}
