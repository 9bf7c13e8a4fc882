/* SPDX-License-Identifier: MIT */
/*
 * curves.c - the losses of a training as a plot in the terminal
 *
 * The axis of the losses is logarithmic if they differ by more than a factor of ten.  Of many
 * epochs that share a column of dots, the range is drawn.
 */
#include "curves.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "canvas.h"
#include "draw/page.h"
#include "draw/terminal.h"
#include "draw/text.h"
#include "hebb_io.h"
#include "ticks.h"

enum {
	BORDER = 2 /* "│" and the blank before the label */,
	FOOT = 2,
	HEAD = 1,
	COLUMNS_MOST = 100
};
static const char UNIT[] = "  epoch"; /* behind the labels of x */
static const double FAR = 10;         /* the largest loss over the least: a logarithmic axis */

static const pen loss_pen = {'*', 1, 0}, validation_pen = {'o', 2, 1}, past_pen = {'.', 0, 0};

/* ---- Earlier runs ---- */

curves *curves_new(void)
{
	return calloc(1, sizeof(curves));
}

void curves_free(curves *all)
{
	for (int i = 0; all && i < all->count; i++)
		hebb_curve_free(&all->past[i]);
	if (all)
		free(all->past);
	free(all);
}

void curves_keep(curves *all, hebb_curve *curve)
{
	hebb_curve *more = realloc(all->past, ((size_t)all->count + 1) * sizeof *more);

	if (!more)
		return;
	all->past = more;
	all->past[all->count++] = *curve;
	*curve = (hebb_curve){.count = 0};
}

/* ---- The range ---- */

typedef struct chart {
	const curves_page *page;
	canvas_style style;
	axis x, y;
	ticks marks; /* of y */
	int gutter;  /* the columns of the labels */
	int plotted; /* rows of the canvas */
	canvas *sheet;
} chart;

static void extend(axis *along, int count, const double *value)
{
	for (int i = 0; i < count; i++) {
		if (!isfinite(value[i]))
			continue;
		along->low = fmin(along->low, value[i]); /* of NaN and a number, the number */
		along->high = fmax(along->high, value[i]);
	}
}

static void extend_curve(chart *c, const hebb_curve *curve)
{
	extend(&c->y, curve->count, curve->loss);
	extend(&c->y, curve->count, curve->validation);
}

/* Makes an axis of y that has an extent and begins and ends beyond the losses; 0: no loss is
 * finite. */
static int settle_range(chart *c)
{
	axis *y = &c->y;

	if (isnan(y->low))
		return 0;
	y->logarithmic = y->low > 0 && y->high / y->low > FAR;
	if (y->logarithmic) {
		double room = pow(y->high / y->low, 0.02);

		y->low = fmax(y->low / room, 1e-307);
		y->high = fmin(y->high * room, 1e307);
		return 1;
	}
	double extent = y->high - y->low, size = fmax(fabs(y->low), fabs(y->high));

	if (!(extent > 1e-9 * size)) /* one loss: a line in the middle */
		extent = size > 0 ? 0.2 * size : 1;
	if (!isfinite(extent))
		return 0;
	if (y->high - y->low < extent / 2) {
		y->low -= extent / 2;
		y->high += extent / 2;
	}
	y->low -= 0.02 * extent;
	y->high += 0.02 * extent;
	return 1;
}

static int find_range(chart *c)
{
	const curves_page *page = c->page;

	c->y = (axis){.low = NAN, .high = NAN};
	extend_curve(c, page->now);
	for (int i = 0; page->past && i < page->past->count; i++)
		extend_curve(c, &page->past->past[i]);
	c->x = (axis){.low = 1, .high = page->epochs > 1 ? page->epochs : 2};
	return settle_range(c);
}

/* ---- Curves ---- */

static double dot_of_y(const chart *c, double loss)
{
	return (1 - axis_fraction(&c->y, loss)) * (canvas_height(c->sheet) - 1);
}

static double dot_of_x(const chart *c, int epoch)
{
	return axis_fraction(&c->x, epoch) * (canvas_width(c->sheet) - 1);
}

/* The epochs that share a column of dots. */
typedef struct column {
	double x, first, last, low, high;
} column;

static column column_of(const chart *c, const double *loss, int count, int *at)
{
	double place = floor(dot_of_x(c, *at + 1) + 0.5);
	column one = {place, loss[*at], loss[*at], loss[*at], loss[*at]};

	for (++*at; *at < count && floor(dot_of_x(c, *at + 1) + 0.5) == place; ++*at) {
		one.low = fmin(one.low, loss[*at]);
		one.high = fmax(one.high, loss[*at]);
		one.last = loss[*at];
	}
	return one;
}

/* Draws a curve; what is not finite interrupts it. */
static void draw_curve(const chart *c, const pen *with, int count, const double *loss)
{
	column before = {.last = NAN};

	for (int at = 0; at < count;) {
		column one = column_of(c, loss, count, &at);

		if (isfinite(one.low) && isfinite(one.high))
			canvas_line(c->sheet, with, one.x, dot_of_y(c, one.low), one.x,
				    dot_of_y(c, one.high));
		if (isfinite(before.last) && isfinite(one.first))
			canvas_line(c->sheet, with, before.x, dot_of_y(c, before.last), one.x,
				    dot_of_y(c, one.first));
		before = one;
	}
}

static void draw_curves(const chart *c)
{
	const curves *past = c->page->past;
	const hebb_curve *now = c->page->now;

	for (int i = 0; past && i < past->count; i++) {
		const hebb_curve *one = &past->past[i];

		draw_curve(c, &past_pen, one->count,
			   one->count > 0 && isfinite(one->validation[0]) ? one->validation
									  : one->loss);
	}
	draw_curve(c, &loss_pen, now->count, now->loss);
	draw_curve(c, &validation_pen, now->count, now->validation);
}

/* ---- Around them ---- */

/* A sign of the frame, in UTF-8 or ASCII. */
static const char *sign(const chart *c, const char *utf8, const char *ascii)
{
	return c->style == CANVAS_ASCII || !is_utf8() ? ascii : utf8;
}

static void add_blanks(text *line, int count)
{
	for (int i = 0; i < count; i++)
		text_put(line, " ");
}

/* The last value that is a number. */
static double last_of(int count, const double *loss)
{
	while (count > 0 && !isfinite(loss[count - 1]))
		count--;
	return count > 0 ? loss[count - 1] : NAN;
}

/* Adds a part of the legend if it fits; *used grows. */
static void add_name(const chart *c, const pen *with, const char *name, double value, int *used,
		     text *lines)
{
	const char *number = isfinite(value) ? hebb_show_number(value, 3).text : "";
	int needed = 2 + 2 + 1 + (int)strlen(name) + (int)strlen(number) + 1;

	if (*used + needed > c->page->columns)
		return;
	text_put(lines, "  ");
	canvas_sample(c->style, with, c->page->stream, lines);
	text_put(lines, " ");
	text_put(lines, name);
	text_put(lines, *number ? " " : "");
	text_put(lines, number);
	*used += needed;
}

static void add_legend(const chart *c, text *lines)
{
	const hebb_curve *now = c->page->now;
	double validation = last_of(now->count, now->validation);
	int used = 0;

	add_name(c, &loss_pen, "loss", last_of(now->count, now->loss), &used, lines);
	if (isfinite(validation))
		add_name(c, &validation_pen, "validation", validation, &used, lines);
	if (c->page->past && c->page->past->count > 0)
		add_name(c, &past_pen, "other runs", NAN, &used, lines);
	if (c->y.logarithmic && used + 15 < c->page->columns)
		text_put(lines, "  logarithmic");
	text_put(lines, "\n");
}

/* The label of the tick on a row; NULL: there is none. */
static const char *label_at(const chart *c, int row)
{
	for (int i = 0; i < c->marks.count; i++) {
		double down = 1 - axis_fraction(&c->y, c->marks.at[i]);

		if ((int)floor(down * (c->plotted - 1) + 0.5) == row)
			return c->marks.label[i];
	}
	return NULL;
}

static void add_rows(const chart *c, text *lines)
{
	FILE *stream = c->page->stream;

	for (int row = 0; row < c->plotted; row++) {
		const char *label = label_at(c, row);

		text_put(lines, dim(stream));
		add_blanks(lines, c->gutter - (label ? (int)strlen(label) : 0));
		text_put(lines, label ? label : "");
		text_put(lines, label ? sign(c, " ┤", " +") : sign(c, " │", " |"));
		text_put(lines, plain(stream));
		canvas_row(c->sheet, row, lines);
		text_put(lines, "\n");
	}
}

/* The line below the plot and the labels below it, as they grow. */
typedef struct foot {
	int at;  /* columns of the line so far */
	int end; /* of the last label */
	char labels[512];
} foot;

/* Goes on with the line up to a column. */
static void add_line_to(const chart *c, int end, foot *below, text *lines)
{
	for (; below->at < end; below->at++)
		text_put(lines, sign(c, "─", "-"));
}

/* Adds a tick and its label, if there is room for it. */
static void add_tick(const chart *c, double share, const char *label, int width, foot *below,
		     text *lines)
{
	int middle = (int)floor(share * (width - 1) + 0.5), size = (int)strlen(label);
	int start = middle - (size - 1) / 2, length = (int)strlen(below->labels);

	start = start < 0 ? 0 : start;
	if (start < below->end + 2 || start + size > width - (int)strlen(UNIT))
		return;
	add_line_to(c, middle, below, lines);
	text_put(lines, sign(c, "┬", "+"));
	below->at = middle + 1;
	snprintf(below->labels + length, sizeof below->labels - (size_t)length, "%*s%s",
		 start - length, "", label);
	below->end = start + size - 1;
}

static void add_foot(const chart *c, text *lines)
{
	const int width = c->page->columns - c->gutter - BORDER;
	foot below = {.end = -2};
	ticks marks;

	axis_ticks(&c->x, width / 12 > 1 ? width / 12 : 1, &marks);
	text_put(lines, dim(c->page->stream));
	add_blanks(lines, c->gutter);
	text_put(lines, sign(c, " └", " +"));
	for (int i = 0; i < marks.count; i++)
		if (marks.at[i] == floor(marks.at[i]))
			add_tick(c, axis_fraction(&c->x, marks.at[i]), marks.label[i], width,
				 &below, lines);
	add_line_to(c, width, &below, lines);
	text_put(lines, "\n");
	add_blanks(lines, c->gutter + BORDER);
	text_put(lines, below.labels);
	text_put(lines, UNIT);
	text_put(lines, plain(c->page->stream));
	text_put(lines, "\n");
}

/* Adds the plot, each line with a newline; 0: there is nothing to draw. */
static int draw(const curves_page *page, text *lines)
{
	chart c = {
		.page = page, .style = canvas_usual_style(), .plotted = page->rows - HEAD - FOOT};

	if (page->columns < CURVES_COLUMNS_LEAST || page->rows < CURVES_ROWS_LEAST ||
	    page->now->count == 0 || !find_range(&c))
		return 0;
	axis_ticks(&c.y, c.plotted / 3 + 1, &c.marks);
	for (int i = 0; i < c.marks.count; i++) {
		int width = (int)strlen(c.marks.label[i]);
		c.gutter = width > c.gutter ? width : c.gutter;
	}
	c.sheet = canvas_new(c.style, page->columns - c.gutter - BORDER, c.plotted, page->stream);
	if (!c.sheet)
		return 0;
	draw_curves(&c);
	add_legend(&c, lines);
	add_rows(&c, lines);
	add_foot(&c, lines);
	canvas_free(c.sheet);
	return 1;
}

void curves_show(const curves_page *page, const char *line, screen *on, FILE *stream)
{
	text lines = {.size = 0};

	if (page)
		draw(page, &lines);
	text_put(&lines, line);
	screen_show(on, stream, &lines);
	text_free(&lines);
}

/* The columns of a plot that stays. */
static int width_of(FILE *stream)
{
	int width = is_live(stream) ? terminal_width(stream) - 1 : page_width(stream);

	return width < COLUMNS_MOST ? width : COLUMNS_MOST;
}

void curves_print(const curves *past, const hebb_curve *now, FILE *stream)
{
	curves_page page = {.past = past,
			    .now = now,
			    .epochs = now->count,
			    .columns = width_of(stream),
			    .rows = CURVES_ROWS_USUAL,
			    .stream = stream};
	text lines = {.size = 0};

	for (int i = 0; past && i < past->count; i++)
		page.epochs = past->past[i].count > page.epochs ? past->past[i].count : page.epochs;
	if (draw(&page, &lines) && !lines.failed)
		fwrite(lines.bytes, 1, lines.size, stream);
	text_free(&lines);
}
