/* SPDX-License-Identifier: MIT */
/*
 * page_worst.c - the rows that the network is most wrong about: those with the largest loss
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../study.h"
#include "report.h"

enum { WORST_MOST = 24, COLUMNS_MOST = 8 };

/* The places in the outputs, the worst first; returns how many. */
static int find_worst(const hb_outputs *all, long long worst[WORST_MOST])
{
	int n = 0;

	for (long long i = 0; i < all->rows; i++) {
		int at = n;

		if (!(all->loss[i] > 0))
			continue;
		while (at > 0 && all->loss[i] > all->loss[worst[at - 1]])
			at--;
		if (at == WORST_MOST)
			continue;
		n += n < WORST_MOST;
		memmove(worst + at + 1, worst + at, sizeof *worst * (size_t)(n - at - 1));
		worst[at] = i;
	}
	return n;
}

/* ---- What was expected, and what came ---- */

/* The labels of a row that are wrong, as "a, b". */
static void put_wrong_labels(hb_page *page, const hb_view *view, long long at)
{
	const hb_outputs *all = &view->outputs;
	int n = 0;

	for (int c = 0; c < all->curves; c++) {
		double y = all->y[at * all->curves + c], h = all->h[at * all->curves + c];

		if (isnan(y) || (h > 0.5) == (y > 0.5))
			continue;
		hb_put(page, "%s%t %s", n++ ? ", " : "", hb_output_name(view->coding, all->curve[c]),
		       y > 0.5 ? "missed" : "too much");
	}
}

static void put_answer_cells(hb_page *page, const hb_view *view, long long at)
{
	const hb_outputs *all = &view->outputs;
	char text[32];

	if (view->coding->task == HEBB_CLASSIFICATION) {
		hb_put(page,
		       "<td class=\"left\">%t</td><td class=\"left\">%t</td><td>%s</td><td>%s</td>",
		       hb_output_name(view->coding, all->truth[at]),
		       hb_output_name(view->coding, all->predicted[at]),
		       hb_percent(all->p[at], text), hb_percent(all->p_true[at], (char[32]){0}));
	} else if (view->coding->task == HEBB_LABELS) {
		hb_put(page, "<td class=\"left\">");
		put_wrong_labels(page, view, at);
		hb_put(page, "</td><td>%n</td>", (double)all->loss[at]);
	} else {
		double y = all->y[at * all->curves], h = all->h[at * all->curves];

		hb_put(page, "<td>%n</td><td>%n</td><td>%n</td>", y, h, h - y);
	}
}

static const char *answer_heads(const hb_view *view)
{
	switch (view->coding->task) {
	case HEBB_CLASSIFICATION:
		return "<Where|<True|<Predicted|Its probability|That of the true one";
	case HEBB_LABELS:
		return "<Where|<Wrong labels|Loss";
	default:
		return "<Where|True|Predicted|Difference";
	}
}

/* ---- Rows of a table ---- */

static void put_value(hb_page *page, const hebb_table *table, long long row, int column)
{
	double value = column >= 0 ? hebb_table_value(table, row, column) : NAN;
	const hebb_column *about = column >= 0 ? &table->column[column] : NULL;

	if (isnan(value))
		hb_put(page, "<td class=\"soft\">missing</td>");
	else if (about->kind == HEBB_TEXT)
		hb_put(page, "<td class=\"left\">%t</td>",
		       (int)value < about->level_count ? about->levels[(int)value] : "");
	else
		hb_put(page, "<td>%n</td>", value);
}

static void put_table(hb_page *page, const hb_view *view, int n, const long long *worst)
{
	const hebb_coding *coding = view->coding;
	int columns = coding->input_count < COLUMNS_MOST ? coding->input_count : COLUMNS_MOST;
	int column[COLUMNS_MOST];
	char place[HB_PLACE_MOST];

	hb_table_head(page, "Rows that it is most wrong about", answer_heads(view));
	for (int i = 0; i < columns; i++) {
		column[i] = hb_input_column(view, i);
		hb_table_column(page, coding->inputs[i].name);
	}
	hb_table_body(page);
	for (int i = 0; i < n; i++) {
		long long row = view->data->row[view->outputs.row[worst[i]]];

		hb_put(page, "<tr><th scope=\"row\">%s</th>", hb_place_text(view->table, row, place));
		put_answer_cells(page, view, worst[i]);
		for (int c = 0; c < columns; c++)
			put_value(page, view->table, row, column[c]);
		hb_put(page, "</tr>\n");
	}
	hb_table_end(page);
	if (columns < coding->input_count)
		hb_put(page, "<p class=\"soft\">The first %d of %d inputs.</p>\n", columns,
		       coding->input_count);
}

/* ---- Images ---- */

/* The pixels of an image; `most` becomes 1. */
static void get_pixels(const hebb_table *table, long long row, double most, float *pixel)
{
	for (int i = 0; i < table->height * table->width; i++)
		pixel[i] = (float)(hebb_table_value(table, row, i) / most);
}

static double largest_pixel(const hb_view *view, int n, const long long *worst)
{
	int pixels = view->table->height * view->table->width;
	double most = 1e-9;

	for (int i = 0; i < n; i++)
		for (int p = 0; p < pixels; p++)
			most = fmax(most, hebb_table_value(
						  view->table,
						  view->data->row[view->outputs.row[worst[i]]], p));
	return most;
}

static void put_image(hb_page *page, const hb_view *view, long long at, double most, float *pixel)
{
	const hb_outputs *all = &view->outputs;
	const hebb_table *table = view->table;
	long long row = view->data->row[all->row[at]];
	char place[HB_PLACE_MOST], text[32], *uri;

	get_pixels(table, row, most, pixel);
	uri = hb_image_uri(table->height, table->width, pixel);
	page->failed |= !uri;
	hb_put(page, "<figure><img src=\"%s\" alt=\"image of %s\" />", uri ? uri : "",
	       hb_place_text(table, row, place));
	hb_put(page, "<figcaption>");
	if (view->coding->task == HEBB_CLASSIFICATION)
		hb_put(page, "%t, taken for <b>%t</b> at %s<br />",
		       hb_output_name(view->coding, all->truth[at]),
		       hb_output_name(view->coding, all->predicted[at]), hb_percent(all->p[at], text));
	else if (view->coding->task == HEBB_REGRESSION)
		hb_put(page, "%n, predicted <b>%n</b><br />", all->y[at * all->curves],
		       all->h[at * all->curves]);
	hb_put(page, "%s</figcaption></figure>\n", place);
	free(uri);
}

static void put_images(hb_page *page, const hb_view *view, int n, const long long *worst)
{
	size_t pixels = (size_t)view->table->height * (size_t)view->table->width;
	float *pixel = malloc(sizeof *pixel * pixels);
	double most = largest_pixel(view, n, worst);

	page->failed |= !pixel;
	hb_put(page, "<div class=\"examples\">\n");
	for (int i = 0; i < n && pixel; i++)
		put_image(page, view, worst[i], most, pixel);
	hb_put(page, "</div>\n");
	free(pixel);
}

void hb_put_worst(hb_page *page, const hb_view *view)
{
	const hb_outputs *all = &view->outputs;
	long long worst[WORST_MOST];
	int n = all->rows > 0 ? find_worst(all, worst) : 0;

	if (n == 0)
		return;
	hb_section_begin(page, "worst", "Most wrong");
	hb_put(page, "<p class=\"soft\">The %d rows with the largest loss, of %l%s.</p>\n", n, all->rows,
	       all->rows < all->of ? " that were looked at" : "");
	if (view->table->height > 0)
		put_images(page, view, n, worst);
	else
		put_table(page, view, n, worst);
	hb_section_end(page);
}
