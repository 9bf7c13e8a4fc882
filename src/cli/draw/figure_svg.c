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
enum { HEAD_LENGTH = 8, HEAD_HALF = 3 }; /* of arrows */

static const char *const color[] = {"#000000", "#666666", "#a0a0a0", "#0072b2",
				    "#d55e00", "#009e73", "#cc79a7", "#222222"};

static const char *color_of(ink with)
{
	return color[with >= INK_AXIS && with <= INK_TEXT ? with : INK_TEXT];
}

const char figure_mark[] = " data-by=\"hebb\">\n";

/* Writes a number with up to two decimals: 1, 0.5, -3.25. */
static void put_number(FILE *out, double value)
{
	long hundredths = lround(fmin(fmax(value, -1e6), 1e6) * 100);
	long size = labs(hundredths);

	fprintf(out, "%s%ld", hundredths < 0 ? "-" : "", size / 100);
	if (size % 10 != 0)
		fprintf(out, ".%02ld", size % 100);
	else if (size % 100 != 0)
		fprintf(out, ".%ld", size % 100 / 10);
}

/* Writes an attribute that is a number. */
static void put_attribute(FILE *out, const char *name, double value)
{
	fprintf(out, " %s=\"", name);
	put_number(out, value);
	fputc('"', out);
}

static void put_escaped(FILE *out, const char *text)
{
	char one[5];

	while (next_character(&text, one)) {
		const char *shown = strcmp(one, "&") == 0    ? "&amp;"
				    : strcmp(one, "<") == 0  ? "&lt;"
				    : strcmp(one, ">") == 0  ? "&gt;"
				    : strcmp(one, "\"") == 0 ? "&quot;"
							     : one;
		fputs(shown, out);
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

static void put_shade(FILE *out, const part *element)
{
	int gray = (int)lround(255 * (1 - element->darkness));

	fputs("<rect", out);
	put_attribute(out, "x", WIDTH * element->x[0]);
	put_attribute(out, "y", HEIGHT * element->y[0]);
	put_attribute(out, "width", WIDTH * element->width);
	put_attribute(out, "height", HEIGHT * element->height);
	fprintf(out, " fill=\"#%02x%02x%02x\" shape-rendering=\"crispEdges\"/>\n", gray, gray,
		gray);
}

static void put_line(FILE *out, const part *element)
{
	fprintf(out, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"%d\"%s points=\"",
		color_of(element->with), element->in == CURVES && !element->fine ? 2 : 1,
		element->in == CURVES ? " stroke-linejoin=\"round\" stroke-linecap=\"round\"" : "");
	for (int i = 0; i < element->n; i++) {
		fputs(i > 0 ? " " : "", out);
		put_number(out, px(element->x[i]));
		fputc(',', out);
		put_number(out, py(element->y[i]));
	}
	fputs("\"/>\n", out);
}

/* Half the width of a node. */
static double node_half(const part *element)
{
	return fmax(RADIUS, LETTER * text_width(element->text) / 2.0 + 4);
}

/* How far from the end (x, y) of an arrow, along its direction (dx, dy) of length 1, its tip is: at
 * the edge of the node that stands there, or at the end. */
static double tip_of(const figure *picture, double x, double y, double dx, double dy)
{
	for (int i = 0; i < picture->count; i++) {
		const part *element = &picture->parts[i];

		if (element->in != NODES || fabs(px(element->x[0]) - x) > 1 ||
		    fabs(py(element->y[0]) - y) > 1)
			continue;
		/* The edge is a box with round ends; along the line the nearer side counts. */
		double half = node_half(element), flat = half - RADIUS;
		double across = fabs(dy) > 1e-9 ? RADIUS / fabs(dy) : 1e9;
		double round =
			flat * fabs(dx) + sqrt(fmax(0, RADIUS * RADIUS - flat * flat * dy * dy));
		return fmin(across, round) + 1;
	}
	return 0;
}

/* A filled triangle at the end of a line. */
static void put_arrowhead(FILE *out, const figure *picture, const part *element)
{
	int last = element->n - 1;
	double x = px(element->x[last]), y = py(element->y[last]);
	double dx = x - px(element->x[last - 1]), dy = y - py(element->y[last - 1]);
	double length = hypot(dx, dy);

	if (length < HEAD_LENGTH)
		return;
	dx /= length;
	dy /= length;
	double back = tip_of(picture, x, y, dx, dy);
	x -= back * dx;
	y -= back * dy;
	fputs("<polygon points=\"", out);
	for (int side = 0; side < 3; side++) {
		double along = side ? -HEAD_LENGTH : 0,
		       beside = side ? HEAD_HALF * (2 * side - 3) : 0;

		fputs(side ? " " : "", out);
		put_number(out, x + along * dx - beside * dy);
		fputc(',', out);
		put_number(out, y + along * dy + beside * dx);
	}
	fprintf(out, "\" fill=\"%s\"/>\n",
		color_of(element->with == INK_FAINT ? INK_AXIS : element->with));
}

static void put_dot(FILE *out, const part *element)
{
	fputs("<circle", out);
	put_attribute(out, "cx", px(element->x[0]));
	put_attribute(out, "cy", py(element->y[0]));
	if (element->ring) {
		fprintf(out, " r=\"6\" fill=\"#ffffff\" stroke=\"%s\" stroke-width=\"2.5\"/>\n",
			color_of(element->with));
		return;
	}
	fprintf(out, " r=\"%s\" fill=\"%s\"/>\n", element->with <= INK_FAINT ? "2" : "3.5",
		color_of(element->with));
}

/* The text of a part; `style` is more attributes. */
static void put_text(FILE *out, double x, double y, const char *anchor, const char *style,
		     const part *element)
{
	fputs("<text", out);
	put_attribute(out, "x", x);
	put_attribute(out, "y", y + 5); /* the base line, for letters of 14 pixels around y */
	fprintf(out, " text-anchor=\"%s\" fill=\"%s\"%s>", anchor, color_of(element->with), style);
	put_escaped(out, element->text);
	fputs("</text>\n", out);
}

/* A circle, or a rounded box if the text is long. */
static void put_node(FILE *out, const part *element)
{
	double x = px(element->x[0]), y = py(element->y[0]);
	double half = node_half(element);

	fputs("<rect", out);
	put_attribute(out, "x", x - half);
	put_attribute(out, "y", y - RADIUS);
	put_attribute(out, "width", 2 * half);
	put_attribute(out, "height", 2 * RADIUS);
	fprintf(out, " rx=\"%d\" fill=\"#ffffff\" stroke=\"%s\" stroke-width=\"1.5\"/>\n", RADIUS,
		color_of(INK_TEXT));
	put_text(out, x, y, "middle", "", element);
}

/* A text with a white edge, which keeps it legible over lines. It is wider for a text in the ink of
 * a line, which lies on that line. */
static void put_label(FILE *out, const part *element)
{
	char edge[96];
	double x = px(element->x[0]), y = py(element->y[0]);

	snprintf(edge, sizeof edge,
		 " stroke=\"#ffffff\" stroke-width=\"%d\" stroke-linejoin=\"round\" "
		 "paint-order=\"stroke\"",
		 element->with == INK_TEXT ? 3 : 8);
	if (element->how == ALIGN_LEFT)
		put_text(out, x - WIDTH / 2.0, y, "start", edge, element);
	else if (element->how == ALIGN_RIGHT)
		put_text(out, x + WIDTH / 2.0, y, "end", edge, element);
	else
		put_text(out, x, y, "middle", edge, element);
}

static void put_part(FILE *out, const part *element)
{
	switch (element->in) {
	case SHADES:
		put_shade(out, element);
		break;
	case DOTS:
		put_dot(out, element);
		break;
	case NODES:
		put_node(out, element);
		break;
	case TEXTS:
		put_label(out, element);
		break;
	default:
		put_line(out, element);
	}
}

/* The name of the file for programs that show or read it. */
static void put_title(FILE *out, const char *title)
{
	fputs("<title>", out);
	put_escaped(out, title);
	fputs("</title>\n", out);
}

static void put_heading(FILE *out, const char *title, int width)
{
	fprintf(out,
		"<text x=\"%d\" y=\"24\" text-anchor=\"middle\" font-size=\"16\" "
		"font-weight=\"bold\" fill=\"%s\">",
		width / 2, color_of(INK_TEXT));
	put_escaped(out, title);
	fputs("</text>\n", out);
}

static void put_figure(FILE *out, const figure *picture)
{
	int drawing = WIDTH * picture->columns, head = picture->title ? HEAD : 0;
	int title = picture->title ? TITLE_LETTER * text_width(picture->title) : 0;
	int width = (drawing > title ? drawing : title) + 2 * MARGIN;
	int height = HEIGHT * picture->rows + 2 * MARGIN + head;

	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"14\"%s",
		width, height, width, height, figure_mark);
	if (picture->title)
		put_title(out, picture->title);
	fprintf(out, "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", width, height);
	if (picture->title)
		put_heading(out, picture->title, width);
	fprintf(out, "<g transform=\"translate(%d,%d)\">\n", (width - drawing) / 2, MARGIN + head);
	for (int in = SHADES; in < LAYERS; in++) {
		for (int i = 0; i < picture->count; i++) {
			if ((int)picture->parts[i].in == in)
				put_part(out, &picture->parts[i]);
			if ((int)picture->parts[i].in == in && picture->parts[i].arrow)
				put_arrowhead(out, picture, &picture->parts[i]);
		}
	}
	fputs("</g>\n</svg>\n", out);
}

char *figure_svg(const figure *picture)
{
	char *text = NULL;
	size_t size;
	FILE *out = picture->failed ? NULL : open_memstream(&text, &size);

	if (!out)
		return NULL;
	put_figure(out, picture);
	int lost = ferror(out);
	if (fclose(out) == 0 && !lost)
		return text;
	free(text);
	return NULL;
}
