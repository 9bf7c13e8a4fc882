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

enum { WORST_MOST = 24, COLUMNS_MOST = 8, LABELS_MOST = 6 };

/* ---- What was expected, and what came ---- */

/* Whether a class or a label of a row is wrong. */
static int is_wrong(const hb_view *view, const hebb_worst_row *one)
{
	if (view->coding->task == HEBB_CLASSIFICATION)
		return one->predicted != one->truth || one->truth < 0;
	for (int i = 0; i < view->coding->outputs; i++)
		if (!isnan(one->target[i]) && (one->output[i] > 0.5) != (one->target[i] > 0.5))
			return 1;
	return 0;
}

/* The labels of a row that are wrong, as "a missed, b too much". */
static void put_wrong_labels(hb_page *page, const hb_view *view, const hebb_worst_row *one)
{
	int n = 0, outputs = view->coding->outputs;

	for (int i = 0; i < outputs && n < LABELS_MOST; i++) {
		double y = one->target[i], h = one->output[i];

		if (isnan(y) || (h > 0.5) == (y > 0.5))
			continue;
		hb_put(page, "%s%t %s", n++ ? ", " : "", hb_output_name(view->coding, i),
		       y > 0.5 ? "missed" : "too much");
	}
}

static const char *class_name(const hb_view *view, int class)
{
	return class >= 0 ? hb_output_name(view->coding, class) : "none of training's";
}

/* The probability of a class of a row; NaN: none. */
static double probability(const hebb_worst_row *one, int class)
{
	return class >= 0 ? one->output[class] : (double)NAN;
}

/* The target of a row that is farthest off. */
static int farthest(const hb_view *view, const hebb_worst_row *one)
{
	double most = -1;
	int at = 0;

	for (int i = 0; i < view->coding->outputs; i++) {
		double off = fabs(one->output[i] - one->target[i]) / view->coding->target_sd[i];

		if (off > most) {
			most = off;
			at = i;
		}
	}
	return at;
}

static void put_answer_cells(hb_page *page, const hb_view *view, const hebb_worst_row *one)
{
	char text[2][32];

	if (view->coding->task == HEBB_CLASSIFICATION) {
		hb_put(page,
		       "<td class=\"left\">%t</td><td class=\"left\">%t</td><td>%s</td><td>%s</td>",
		       class_name(view, one->truth), class_name(view, one->predicted),
		       hb_percent(probability(one, one->predicted), text[0]),
		       hb_percent(probability(one, one->truth), text[1]));
	} else if (view->coding->task == HEBB_LABELS) {
		hb_put(page, "<td class=\"left\">");
		put_wrong_labels(page, view, one);
		hb_put(page, "</td><td>%n</td>", one->wrong);
	} else {
		int i = farthest(view, one);

		if (view->coding->outputs > 1)
			hb_put(page, "<td class=\"left\">%t</td>", hb_output_name(view->coding, i));
		hb_put(page, "<td>%n</td><td>%n</td><td>%n</td>", one->target[i], one->output[i],
		       one->output[i] - one->target[i]);
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
		return view->coding->outputs > 1 ? "<Where|<Target|True|Predicted|Difference"
						 : "<Where|True|Predicted|Difference";
	}
}

/* ---- Rows of a table ---- */

static int is_text(const hebb_table *table, int column)
{
	return column >= 0 && table->column[column].kind == HEBB_TEXT;
}

static void put_value(hb_page *page, const hebb_table *table, long long row, int column)
{
	double value = column >= 0 ? hebb_table_value(table, row, column) : NAN;
	const hebb_column *about = column >= 0 ? &table->column[column] : NULL;
	int text = is_text(table, column);

	if (isnan(value))
		hb_put(page, "<td class=\"soft%s\">missing</td>", text ? " left" : "");
	else if (text)
		hb_put(page, "<td class=\"left\">%t</td>",
		       (int)value < about->level_count ? about->levels[(int)value] : "");
	else
		hb_put(page, "<td>%n</td>", value);
}

static void put_table(hb_page *page, const hb_view *view, const hebb_worst *worst)
{
	const hebb_coding *coding = view->coding;
	int columns = coding->input_count < COLUMNS_MOST ? coding->input_count : COLUMNS_MOST;
	int column[COLUMNS_MOST];
	char place[HB_PLACE_MOST];

	hb_table_head(page, "Rows that it is most wrong about", answer_heads(view));
	for (int i = 0; i < columns; i++) {
		column[i] = hb_input_column(view, i);
		hb_column_head(page, coding->inputs[i].name, is_text(view->table, column[i]));
	}
	hb_table_body(page);
	for (int i = 0; i < worst->count; i++) {
		long long row = worst->row[i].row;

		hb_put(page, "<tr><th scope=\"row\">%s</th>",
		       hb_place_text(view->table, row, place));
		put_answer_cells(page, view, &worst->row[i]);
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

static double largest_pixel(const hebb_table *table, const hebb_worst *worst)
{
	double most = 1e-9;

	for (int i = 0; i < worst->count; i++)
		for (int p = 0; p < table->height * table->width; p++)
			most = fmax(most, hebb_table_value(table, worst->row[i].row, p));
	return most;
}

static void put_image(hb_page *page, const hb_view *view, const hebb_worst_row *one, double most,
		      float *pixel)
{
	const hebb_table *table = view->table;
	char place[HB_PLACE_MOST], text[32], *uri;

	get_pixels(table, one->row, most, pixel);
	uri = hb_image_uri(table->height, table->width, pixel);
	page->failed |= !uri;
	hb_place_text(table, one->row, place);
	hb_put(page, "<figure><img src=\"%s\" alt=\"image of %s\" /><figcaption>", uri ? uri : "",
	       place);
	if (view->coding->task == HEBB_CLASSIFICATION && !is_wrong(view, one))
		hb_put(page, "%t, right at %s<br />", class_name(view, one->truth),
		       hb_percent(probability(one, one->predicted), text));
	else if (view->coding->task == HEBB_CLASSIFICATION)
		hb_put(page, "%t, taken for <b>%t</b> at %s<br />", class_name(view, one->truth),
		       class_name(view, one->predicted),
		       hb_percent(probability(one, one->predicted), text));
	else if (view->coding->task == HEBB_REGRESSION)
		hb_put(page, "%n, predicted <b>%n</b><br />", one->target[0], one->output[0]);
	hb_put(page, "%s</figcaption></figure>\n", place);
	free(uri);
}

static void put_images(hb_page *page, const hb_view *view, const hebb_worst *worst)
{
	size_t pixels = (size_t)view->table->height * (size_t)view->table->width;
	float *pixel = malloc(sizeof *pixel * pixels);
	double most = largest_pixel(view->table, worst);

	page->failed |= !pixel;
	hb_put(page, "<div class=\"examples\">\n");
	for (int i = 0; i < worst->count && pixel; i++)
		put_image(page, view, &worst->row[i], most, pixel);
	hb_put(page, "</div>\n");
	free(pixel);
}

/* What the rows are: of classes and labels some may be right. */
static void put_what(hb_page *page, const hb_view *view, const hebb_worst *worst)
{
	char what[40];
	int wrong = 0, numbers = view->coding->task == HEBB_REGRESSION;

	for (int i = 0; i < worst->count && !numbers; i++)
		wrong += is_wrong(view, &worst->row[i]);
	int all = numbers || wrong == worst->count;

	snprintf(what, sizeof what, "%s row", view->part);
	hb_put(page, "<p class=\"soft\">%s %s, of %s", hebb_show_count(worst->count, "row").text,
	       all ? "that it is most wrong about" : "with the largest loss",
	       hebb_show_count(worst->rows, what).text);
	if (!all && wrong > 0)
		hb_put(page, ": %d %s wrong, and of the others it is the least sure", wrong,
		       wrong == 1 ? "is" : "are");
	else if (!all)
		hb_put(page, ": none is wrong, but of these it is the least sure");
	hb_put(page, ".</p>\n");
}

void hb_put_worst(hb_page *page, const hb_view *view)
{
	hebb_worst worst = {.count = 0};

	if (view->outputs.rows == 0)
		return;
	if (hebb_model_worst(&view->model, view->data, WORST_MOST, view->report->threads, &worst,
			     NULL) != HEBB_OK) {
		page->failed = 1;
		return;
	}
	hb_section_begin(page, "worst", "Most wrong");
	put_what(page, view, &worst);
	if (view->table->height > 0)
		put_images(page, view, &worst);
	else
		put_table(page, view, &worst);
	hb_section_end(page);
	hebb_worst_free(&worst);
}
