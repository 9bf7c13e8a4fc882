/* SPDX-License-Identifier: MIT */
/*
 * pixels.c - images of a table, and of the weights of a network for images
 */
#include "pixels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw/page.h"
#include "draw/terminal.h"
#include "hebb_advanced.h"
#include "image.h"

enum { SHOWN_MOST = 12, NAME_MOST_SHOWN = 8 };

/* The i-th of `count` places that divide `total` evenly. */
static long long evenly(int i, int count, long long total)
{
	return total * i / count;
}

static int fitting(const image_row *row, long long available)
{
	int count = images_fit(row) < SHOWN_MOST ? images_fit(row) : SHOWN_MOST;

	return available < count ? (int)available : count;
}

/* ---- A table ---- */

/* "label 5", or "row 12" without a column behind the pixels. */
static void caption_sample(const hebb_table *table, long long row, image *one)
{
	int pixels = table->height * table->width;
	double label;

	if (table->columns == pixels) {
		snprintf(one->caption, sizeof one->caption, "row %lld", row + 1);
		return;
	}
	label = hebb_table_value(table, row, pixels);
	const char *name = table->column[pixels].name;
	int is_short = strlen(name) <= NAME_MOST_SHOWN;
	snprintf(one->caption, sizeof one->caption, "%s%s%s", is_short ? name : "",
		 is_short ? " " : "", hebb_show_number(label, 6).text);
}

/* Copies the pixels of rows; the largest goes to row->most. */
static void take_samples(const hebb_table *table, int count, float *pixel, image_row *row,
			 image *list)
{
	int pixels = table->height * table->width;

	for (int i = 0; i < count; i++) {
		long long from = evenly(i, count, table->rows);
		float *to = pixel + (size_t)i * (size_t)pixels;

		for (int p = 0; p < pixels; p++) {
			to[p] = (float)hebb_table_value(table, from, p);
			row->most = fmaxf(row->most, to[p]);
		}
		list[i].value = to;
		caption_sample(table, from, &list[i]);
	}
}

void samples_print(FILE *stream, const hebb_table *table)
{
	image list[SHOWN_MOST] = {{NULL, ""}};
	image_row row = {
		.height = table->height, .width = table->width, .page = page_width(stream)};

	if (table->height < 1 || table->width < 1 || table->rows < 1 ||
	    (long long)table->height * table->width > table->columns)
		return;
	int count = fitting(&row, table->rows);
	float *pixel =
		malloc((size_t)count * (size_t)row.height * (size_t)row.width * sizeof *pixel);
	if (!pixel)
		return;
	take_samples(table, count, pixel, &row, list);
	fputc('\n', stream);
	images_print(stream, &row, count, list);
	free(pixel);
}

/* ---- A network ---- */

/* 1 if the inputs are named pixel_0_0, pixel_0_1 and so on, by rows; then *row gets the size. */
static int is_image(const hebb_coding *coding, image_row *row)
{
	int height, width, r, c, used, count = coding->input_count;

	if (count < 1 || coding->width != count ||
	    sscanf(coding->inputs[count - 1].name, "pixel_%d_%d%n", &height, &width, &used) != 2)
		return 0;
	if (height < 0 || width < 0 || height >= count || width >= count ||
	    (long long)(height + 1) * (width + 1) != count)
		return 0;
	for (int i = 0; i < count; i++)
		if (sscanf(coding->inputs[i].name, "pixel_%d_%d%n", &r, &c, &used) != 2 ||
		    coding->inputs[i].name[used] || r != i / (width + 1) || c != i % (width + 1))
			return 0;
	row->height = height + 1;
	row->width = width + 1;
	return 1;
}

/* The weights of the first layer, units x inputs, to be freed; NULL: it is not dense, or there is
 * no memory. */
static float *first_weights(const hebb_net *net, int *units)
{
	const hebb_parameter *about = hebb_net_parameter(net, 0, 0);
	float *weight;

	if (!about || about->rank != 2 || about->shape[1] != hebb_net_inputs(net))
		return NULL;
	*units = about->shape[0];
	weight = malloc((size_t)about->count * sizeof *weight);
	if (weight && hebb_net_get_parameter(net, 0, 0, weight, NULL) == HEBB_OK)
		return weight;
	free(weight);
	return NULL;
}

void weights_print(FILE *stream, const hebb_model *model)
{
	image list[SHOWN_MOST] = {{NULL, ""}};
	image_row row = {.is_signed = 1, .page = page_width(stream)};
	int units = 0;
	float *weight = is_image(model->coding, &row) ? first_weights(model->net, &units) : NULL;

	if (!weight)
		return;
	int count = fitting(&row, units);
	for (int i = 0; i < count; i++) {
		long long unit = evenly(i, count, units);

		list[i].value = weight + unit * row.height * row.width;
		snprintf(list[i].caption, sizeof list[i].caption, "unit %lld", unit + 1);
	}
	fprintf(stream, "%s%-10s%s of the first layer, %s\n\n", bold(stream), "weights",
		plain(stream),
		*plain(stream) ? "blue below 0 and red above" : "dark above 0 and light below");
	images_print(stream, &row, count, list);
	fputc('\n', stream);
	free(weight);
}
