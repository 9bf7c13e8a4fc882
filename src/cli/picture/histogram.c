/* SPDX-License-Identifier: MIT */
/*
 * histogram.c - how often the values of a column occur
 */
#include "histogram.h"

#include <math.h>

#include "draw/json.h"
#include "draw/sparkline.h"

static int is_counted(const hebb_table *table, int column)
{
	return table->column[column].kind == HEBB_NUMBER;
}

static void find_ends(const hebb_table *table, int first, int count, histogram *list)
{
	for (int i = 0; i < count; i++)
		list[i] = (histogram){.low = NAN, .high = NAN};
	for (long long row = 0; row < table->rows; row++)
		for (int i = 0; i < count; i++) {
			double value = hebb_table_value(table, row, first + i);

			if (!isfinite(value) || !is_counted(table, first + i))
				continue;
			list[i].low =
				fmin(list[i].low, value); /* of NaN and a number, the number */
			list[i].high = fmax(list[i].high, value);
		}
}

/* The bin of a finite value; halves do not overflow. */
static int bin_of(const histogram *of, double value)
{
	double extent = of->high / 2 - of->low / 2;
	int bin = extent > 0 ? (int)((value / 2 - of->low / 2) / extent * HISTOGRAM_BINS) : 0;

	return bin < HISTOGRAM_BINS ? bin : HISTOGRAM_BINS - 1;
}

void histograms_fill(const hebb_table *table, int first, int count, histogram *list)
{
	find_ends(table, first, count, list);
	for (long long row = 0; row < table->rows; row++)
		for (int i = 0; i < count; i++) {
			double value = hebb_table_value(table, row, first + i);

			if (isfinite(value) && is_counted(table, first + i))
				list[i].count[bin_of(&list[i], value)]++;
		}
}

void bars_print(FILE *stream, int bars, const long long *count)
{
	long long most = 1;

	for (int i = 0; i < bars; i++)
		most = count[i] > most ? count[i] : most;
	for (int i = 0; i < bars; i++)
		fputs(count[i] > 0 ? spark_block((double)count[i] / (double)most) : " ", stream);
}

void histogram_print(FILE *stream, const histogram *of)
{
	enum { EACH = HISTOGRAM_BINS / HISTOGRAM_WIDTH };
	long long count[HISTOGRAM_WIDTH] = {0};

	for (int i = 0; i < HISTOGRAM_BINS && of->high > of->low; i++)
		count[i / EACH] += of->count[i];
	bars_print(stream, HISTOGRAM_WIDTH, count);
}

json_t *histogram_json(const histogram *of)
{
	json_t *object, *list;

	if (isnan(of->low))
		return json_null();
	object = json_object();
	list = json_array();
	for (int i = 0; i < HISTOGRAM_BINS; i++)
		json_array_append_new(list, json_integer(of->count[i]));
	json_object_set_new(object, "low", number_json(of->low));
	json_object_set_new(object, "high", number_json(of->high));
	json_object_set_new(object, "counts", list);
	return object;
}
