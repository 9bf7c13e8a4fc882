/* SPDX-License-Identifier: MIT */
/*
 * chart.c - the charts of a page: axes, curves, bars and dots as SVG
 *
 * The sheet is 420 pixels wide, which a phone shows at nearly this size, so that the letters stay
 * legible.  The drawing is cut at the frame by a clip path of the chart.  Dots are lines of length
 * 0 with round ends: the script zooms by a transform, and these stay round under it.
 *
 * The figures of the command (src/cli/draw/figure.c) are sheets of characters, in black on white;
 * these take the colors of the page, and give the script their numbers.
 */
#include "chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hebb_io.h"

enum {
	WIDTH = 420,
	HEIGHT = 250,
	LOW = 150,
	LETTER = 13,
	TICKS = 6,
	LETTER_WIDTH = 7,
	EDGE = 3,
	NAME_ROOM = 104,
	SLANTED_MOST = 14 /* letters */
};

/* ---- Axes ---- */

hb_axis hb_axis_of(const char *title, int count, const double *value)
{
	hb_axis axis = {.title = title, .from = INFINITY, .to = -INFINITY};

	hb_axis_extend(&axis, count, value);
	return axis;
}

void hb_axis_extend(hb_axis *axis, int count, const double *value)
{
	for (int i = 0; i < count; i++) {
		if (!isfinite(value[i]))
			continue;
		axis->from = fmin(axis->from, value[i]);
		axis->to = fmax(axis->to, value[i]);
	}
}

void hb_axis_pad(hb_axis *axis)
{
	double more = 0.04 * (axis->to - axis->from);

	if (!(more > 0))
		return;
	axis->from -= more;
	axis->to += more;
}

/* An axis that can be drawn: finite, with two different ends. */
static void settle(hb_axis *axis)
{
	if (!(axis->from <= axis->to)) {
		axis->from = 0;
		axis->to = 1;
	}
	if (axis->log && !(axis->from > 0))
		axis->log = 0;
	if (axis->to - axis->from > 1e-12 * fmax(fabs(axis->from), fabs(axis->to)))
		return;
	double middle = axis->from, half = middle == 0 ? 0.5 : 0.1 * fabs(middle);

	axis->from = middle - half;
	axis->to = middle + half;
}

/* Where a value is between the ends, from 0 to 1. */
static double share_of(const hb_axis *axis, double value)
{
	if (axis->log)
		return log(fmax(value, 1e-300) / axis->from) / log(axis->to / axis->from);
	return value / (axis->to - axis->from) - axis->from / (axis->to - axis->from);
}

static double px(const hb_chart *chart, double x)
{
	double inner = chart->width - chart->left - chart->right;

	return chart->left + inner * fmin(fmax(share_of(&chart->x, x), -1), 2);
}

static double py(const hb_chart *chart, double y)
{
	double inner = chart->height - chart->top - chart->bottom;

	return chart->top + inner * (1 - fmin(fmax(share_of(&chart->y, y), -1), 2));
}

/* A round step between ticks: 1, 2 or 5 times a power of ten. */
static double round_step(double span, int most)
{
	double raw = span / most, power = pow(10, floor(log10(raw))), times = raw / power;

	return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The ticks of an axis, ascending; returns how many. */
static int find_ticks(const hb_axis *axis, int most, double tick[2 * TICKS])
{
	int n = 0;

	if (axis->log) {
		double decades = log10(axis->to / axis->from), step = ceil(decades / most);
		double first = ceil(log10(axis->from) - 1e-9);

		for (double e = first; e <= log10(axis->to) + 1e-9 && n < 2 * TICKS; e += step)
			tick[n++] = pow(10, e);
		for (int i = 2; i <= 5 && decades < 2.5; i += 3)
			for (double e = floor(log10(axis->from)); e <= log10(axis->to); e++)
				if (i * pow(10, e) >= axis->from && i * pow(10, e) <= axis->to &&
				    n < 2 * TICKS)
					tick[n++] = i * pow(10, e);
		qsort(tick, (size_t)n, sizeof *tick, compare_doubles);
		return n;
	}
	double step = round_step(axis->to - axis->from, most);
	if ((axis->count && step < 1) || axis->names)
		step = 1;
	double first = ceil(axis->from / step - 1e-9);

	for (int i = 0; n < 2 * TICKS && (first + i) * step <= axis->to + 1e-9 * step; i++)
		tick[n++] = (first + i) * step;
	return n;
}

/* The text of a tick, such as "0.25" or "60,000". */
static const char *tick_text(const hb_axis *axis, double value, char text[48])
{
	double step = round_step(axis->to - axis->from, TICKS);
	int digits = 3;

	if (axis->names) {
		int i = (int)lround(value);
		snprintf(text, 48, "%.40s", i >= 0 && i < axis->name_count ? axis->names[i] : "");
		return text;
	}
	if (!axis->log && fabs(value) < step / 1000)
		value = 0;
	if (!axis->log && value != 0 && fabs(value) >= step)
		digits = (int)(log10(fabs(value) / step) + 2);
	digits = digits < 1 ? 1 : digits > 9 ? 9 : digits;
	hebb_number shown = hebb_show_number(axis->percent ? 100 * value : value, digits);
	snprintf(text, 48, "%s%s%s", shown.text[0] == '-' ? "\xe2\x88\x92" : "",
		 shown.text + (shown.text[0] == '-'), axis->percent ? axis->percent : "");
	return text;
}

/* About how wide a text is. */
static double width_of(const char *text)
{
	int letters = 0;

	for (; *text; text++)
		letters += ((unsigned char)*text & 0xc0) != 0x80;
	return LETTER_WIDTH * letters;
}

void hb_chart_name_room(hb_chart *chart, const char *name)
{
	chart->right = fmax(chart->right, fmin(16 + width_of(name), NAME_ROOM));
}

/* The length of the longest name of an axis if they do not fit beside each other, else 0. */
static double slanted(const hb_chart *chart)
{
	double room = chart->width - chart->left - chart->right, widest = 0;
	int count = chart->x.name_count < 2 * TICKS ? chart->x.name_count : 2 * TICKS;

	for (int i = 0; i < count; i++)
		widest = fmax(widest, width_of(chart->x.names[i]));
	return count > 1 && widest + 6 > room / count ? fmin(widest, LETTER_WIDTH * SLANTED_MOST)
						      : 0;
}

/* The names of an axis, each falling to the left from its tick. */
static void put_slanted_names(hb_chart *chart)
{
	double tick[2 * TICKS], base = chart->height - chart->bottom;
	int n = find_ticks(&chart->x, TICKS, tick);

	hb_put(chart->page, "<g class=\"ticks x slanted\">");
	for (int i = 0; i < n; i++) {
		int at = (int)lround(tick[i]);
		double x = px(chart, tick[i]);

		if (at < 0 || at >= chart->x.name_count)
			continue;
		hb_put(chart->page, "<path d=\"M%c %cv4\"/><text transform=\"translate(%c %c) ", x,
		       base, x + 4, base + 12);
		hb_put(chart->page, "rotate(-40)\">");
		hb_put_letters(chart->page, chart->x.names[at], SLANTED_MOST);
		hb_put(chart->page, "</text>");
	}
	hb_put(chart->page, "</g>\n<text class=\"title\" x=\"%c\" y=\"%c\">%t</text>\n",
	       (chart->left + chart->width - chart->right) / 2, chart->height - 4, chart->x.title);
}

static void put_x_axis(hb_chart *chart)
{
	double tick[2 * TICKS], base = chart->height - chart->bottom, last = -INFINITY;
	int n = find_ticks(&chart->x, TICKS, tick);
	char text[48];

	if (slanted(chart) > 0) {
		put_slanted_names(chart);
		return;
	}
	hb_put(chart->page, "<g class=\"ticks x\">");
	for (int i = 0; i < n; i++) {
		double x = px(chart, tick[i]), half;

		half = width_of(tick_text(&chart->x, tick[i], text)) / 2;
		if (x - half < last + 6 || x + half > chart->width)
			continue;
		last = x + half;
		hb_put(chart->page, "<path d=\"M%c %cv4\"/><text x=\"%c\" y=\"%c\">%t</text>", x,
		       base, x, base + 17, text);
	}
	hb_put(chart->page, "</g>\n<text class=\"title\" x=\"%c\" y=\"%c\">%t</text>\n",
	       (chart->left + chart->width - chart->right) / 2, chart->height - 4, chart->x.title);
}

static void put_y_axis(hb_chart *chart)
{
	double tick[2 * TICKS];
	int n = find_ticks(&chart->y, chart->small ? 3 : 5, tick);
	char text[48];

	hb_put(chart->page, "<g class=\"ticks y\">");
	for (int i = 0; i < n; i++)
		hb_put(chart->page,
		       "<path class=\"grid\" d=\"M%c %cH%c\"/><text x=\"%c\" y=\"%c\">%t</text>",
		       chart->left, py(chart, tick[i]), chart->width - chart->right,
		       chart->left - 6, py(chart, tick[i]) + 4,
		       tick_text(&chart->y, tick[i], text));
	hb_put(chart->page, "</g>\n<text class=\"title start\" x=\"0\" y=\"12\">%t</text>\n",
	       chart->y.title);
}

/* The margin that the texts of the y axis need. */
static double left_margin(const hb_chart *chart)
{
	double tick[2 * TICKS], widest = 0;
	int n = find_ticks(&chart->y, chart->small ? 3 : 5, tick);
	char text[48];

	for (int i = 0; i < n; i++)
		widest = fmax(widest, width_of(tick_text(&chart->y, tick[i], text)));
	return fmin(widest + 12, 120);
}

static json_t *axis_json(const hb_axis *axis, double begin, double end)
{
	json_t *object = json_object(), *names = json_array();

	json_object_set_new(object, "title", hb_name_json(axis->title));
	json_object_set_new(object, "from", json_real(axis->from));
	json_object_set_new(object, "to", json_real(axis->to));
	json_object_set_new(object, "begin", json_real(begin));
	json_object_set_new(object, "end", json_real(end));
	json_object_set_new(object, "log", json_boolean(axis->log));
	json_object_set_new(object, "percent", json_boolean(axis->percent != NULL));
	for (int i = 0; i < axis->name_count; i++)
		json_array_append_new(names, hb_name_json(axis->names[i]));
	json_object_set_new(object, "names", names);
	return object;
}

/* ---- The chart ---- */

void hb_chart_begin(hb_chart *chart, const char *title)
{
	hb_page *page = chart->page;
	int id = (int)json_array_size(page->charts);

	settle(&chart->x);
	settle(&chart->y);
	chart->width = WIDTH;
	chart->height = chart->small ? LOW : HEIGHT;
	chart->left = left_margin(chart);
	chart->right = chart->right > 0 ? chart->right : 14;
	chart->top = 22;
	chart->bottom = 38;
	double more = slanted(chart) * 0.64; /* the sine of 40 degrees */
	chart->bottom += more;
	chart->height += more;
	chart->labels = 0;
	chart->about = json_pack(
		"{s:o,s:o,s:[]}", "x",
		axis_json(&chart->x, chart->left, chart->width - chart->right), "y",
		axis_json(&chart->y, chart->height - chart->bottom, chart->top), "series");
	page->failed |= json_array_append(page->charts, chart->about) != 0;
	hb_put(page,
	       "<figure class=\"chart\"><svg viewBox=\"0 0 %c %c\" role=\"img\" "
	       "aria-label=\"%w\" data-chart=\"%d\">\n",
	       chart->width, chart->height, title, id);
	hb_put(page,
	       "<clipPath id=\"frame%d\"><rect x=\"%c\" y=\"%c\" width=\"%c\" height=\"%c\"/>"
	       "</clipPath>\n",
	       id, chart->left - EDGE, chart->top - EDGE,
	       chart->width - chart->left - chart->right + 2 * EDGE,
	       chart->height - chart->top - chart->bottom + 2 * EDGE);
	put_y_axis(chart);
	put_x_axis(chart);
	hb_put(page, "<g clip-path=\"url(#frame%d)\"><g class=\"plot\">\n", id);
}

static int compare_labels(const void *a, const void *b)
{
	const struct hb_label *one = a, *other = b;

	return (one->y > other->y) - (one->y < other->y);
}

/* Writes the names at the ends of the curves, moved apart where they would overlap. */
static void put_labels(hb_chart *chart)
{
	double lowest = chart->height - chart->bottom;

	qsort(chart->label, (size_t)chart->labels, sizeof *chart->label, compare_labels);
	for (int i = 0; i < chart->labels; i++) {
		double least = i > 0 ? chart->label[i - 1].y + LETTER : chart->top + 4;
		chart->label[i].y = fmax(chart->label[i].y, least);
	}
	for (int i = chart->labels - 1; i >= 0; i--) {
		double most = i + 1 < chart->labels ? chart->label[i + 1].y - LETTER : lowest;
		chart->label[i].y = fmin(chart->label[i].y, most);
	}
	for (int i = 0; i < chart->labels; i++) {
		hb_put(chart->page, "<text class=\"label l%d\" x=\"%c\" y=\"%c\">",
		       chart->label[i].ink, chart->width - chart->right + 5, chart->label[i].y + 4);
		hb_put_letters(chart->page, chart->label[i].text,
			       (size_t)fmax((chart->right - 5) / LETTER_WIDTH, 2));
		hb_put(chart->page, "</text>\n");
	}
}

void hb_chart_end(hb_chart *chart)
{
	hb_put(chart->page, "</g></g>\n");
	put_labels(chart);
	hb_put(chart->page, "</svg></figure>\n");
	json_decref(chart->about);
	chart->about = NULL;
}

/* Tells the script of what was drawn. */
static void add_series(hb_chart *chart, const char *kind, int ink, const char *name, int count,
		       const double *x, const double *y)
{
	json_t *one = json_pack("{s:s,s:o,s:i}", "kind", kind, "name",
				hb_name_json(name ? name : ""), "ink", ink);

	if (json_object_set_new(one, "x", hb_numbers_json(count, x, 5)) ||
	    json_object_set_new(one, "y", hb_numbers_json(count, y, 5)))
		chart->page->failed = 1;
	if (json_array_append_new(json_object_get(chart->about, "series"), one))
		chart->page->failed = 1;
}

/* ---- Curves ---- */

/* Thins a curve: of each stretch of places the one with the least and the one with the largest y,
 * and the first and the last of all.  Returns how many are kept, in order. */
static int thin(int count, const double *y, int kept[HB_CHART_PLACES + 4])
{
	int stretches = HB_CHART_PLACES / 2, n = 0;

	if (count <= HB_CHART_PLACES) {
		for (int i = 0; i < count; i++)
			kept[n++] = i;
		return n;
	}
	kept[n++] = 0;
	for (int s = 0; s < stretches; s++) {
		int begin = (int)((long long)count * s / stretches);
		int end = (int)((long long)count * (s + 1) / stretches);
		int least = begin, most = begin;

		for (int i = begin; i < end; i++) {
			least = y[i] < y[least] ? i : least;
			most = y[i] > y[most] ? i : most;
		}
		int first = least < most ? least : most, second = least < most ? most : least;
		if (first > kept[n - 1])
			kept[n++] = first;
		if (second > kept[n - 1])
			kept[n++] = second;
	}
	if (kept[n - 1] < count - 1)
		kept[n++] = count - 1;
	return n;
}

/* Keeps a name for the end of a curve. */
void hb_chart_name(hb_chart *chart, int ink, const char *name, double y)
{
	if (!name || !*name || chart->labels == HB_CHART_SERIES || !isfinite(y))
		return;
	chart->label[chart->labels++] = (struct hb_label){name, py(chart, y), ink};
}

static void put_curve(hb_chart *chart, int ink, int dashed, int count, const double *x,
		      const double *y)
{
	int open = 0;

	hb_put(chart->page, "<path class=\"curve i%d%s\" d=\"", ink, dashed ? " dashed" : "");
	for (int i = 0; i < count; i++) {
		int drawn = isfinite(x[i]) && isfinite(y[i]);

		if (drawn)
			hb_put(chart->page, open ? "L%c %c" : "M%c %c", px(chart, x[i]),
			       py(chart, y[i]));
		open = drawn;
	}
	if (count == 1)
		hb_put(chart->page, "h0");
	hb_put(chart->page, "\"/>\n");
}

void hb_chart_curve(hb_chart *chart, int ink, int dashed, const char *name, int count,
		    const double *x, const double *y)
{
	static const int most = HB_CHART_PLACES + 4;
	int kept[HB_CHART_PLACES + 4], n = thin(count, y, kept), end = count - 1;
	double *thinned = malloc(sizeof *thinned * 2 * (size_t)most);

	if (!thinned) {
		chart->page->failed = 1;
		return;
	}
	for (int i = 0; i < n; i++) {
		thinned[i] = x[kept[i]];
		thinned[most + i] = y[kept[i]];
	}
	put_curve(chart, ink, dashed, n, thinned, thinned + most);
	add_series(chart, "curve", ink, name, n, thinned, thinned + most);
	while (end > 0 && !isfinite(y[end]))
		end--;
	if (count > 0)
		hb_chart_name(chart, ink, name, y[end]);
	free(thinned);
}

/* ---- Bars, dots, cells ---- */

void hb_chart_bars(hb_chart *chart, int ink, const char *name, int count, const double *edge,
		   const double *height)
{
	double *middle = malloc(sizeof *middle * (size_t)(count + 1)), zero = py(chart, 0);

	if (!middle) {
		chart->page->failed = 1;
		return;
	}
	hb_put(chart->page, "<path class=\"bars i%d\" d=\"", ink);
	for (int i = 0; i < count; i++) {
		double a = edge ? edge[i] : i - 0.4, b = edge ? edge[i + 1] : i + 0.4;
		double left = px(chart, a), right = px(chart, b), gap = right - left > 4 ? 1 : 0;

		middle[i] = (a + b) / 2;
		if (isfinite(height[i]) && height[i] != 0)
			hb_put(chart->page, "M%c %cV%cH%cV%cz", left, zero, py(chart, height[i]),
			       right - gap, zero);
	}
	hb_put(chart->page, "\"/>\n");
	add_series(chart, "bars", ink, name, count, middle, height);
	free(middle);
}

void hb_chart_dots(hb_chart *chart, int ink, const char *name, int count, const double *x,
		   const double *y)
{
	hb_put(chart->page, "<path class=\"dots i%d\" d=\"", ink);
	for (int i = 0; i < count; i++)
		if (isfinite(x[i]) && isfinite(y[i]))
			hb_put(chart->page, "M%c %ch0", px(chart, x[i]), py(chart, y[i]));
	hb_put(chart->page, "\"/>\n");
	add_series(chart, "dots", ink, name, count, x, y);
}

/* Cells of about the same darkness share a path. */
void hb_chart_density(hb_chart *chart, int columns, int rows, const long long *count)
{
	double width = (chart->width - chart->left - chart->right) / columns;
	double height = (chart->height - chart->top - chart->bottom) / rows;
	long long most = 1;

	for (int i = 0; i < columns * rows; i++)
		most = count[i] > most ? count[i] : most;
	for (int shade = 1; shade <= 6; shade++) {
		hb_put(chart->page, "<path class=\"cells s%d\" d=\"", shade);
		for (int i = 0; i < columns * rows; i++) {
			double share = log1p((double)count[i]) / log1p((double)most);

			if (count[i] > 0 && (int)ceil(6 * share) == shade)
				hb_put(chart->page, "M%c %ch%cv%ch%cz",
				       chart->left + width * (i % columns),
				       chart->top + height * (i / columns), width, height, -width);
		}
		hb_put(chart->page, "\"/>\n");
	}
}

void hb_chart_line(hb_chart *chart, double x0, double y0, double x1, double y1)
{
	hb_put(chart->page, "<path class=\"guide\" d=\"M%c %cL%c %c\"/>\n", px(chart, x0),
	       py(chart, y0), px(chart, x1), py(chart, y1));
}

void hb_chart_mark(hb_chart *chart, double x, const char *text)
{
	double at = px(chart, x), middle = (chart->left + chart->width - chart->right) / 2;

	hb_put(chart->page, "<path class=\"guide\" d=\"M%c %cV%c\"/>", at, chart->top,
	       chart->height - chart->bottom);
	hb_put(chart->page, "<text class=\"mark %s\" x=\"%c\" y=\"%c\">%t</text>\n",
	       at > middle ? "end" : "start", at + (at > middle ? -4 : 4), chart->top + 9, text);
}
