/* SPDX-License-Identifier: MIT */
/*
 * values.c - the values that are to be coded: of a table, or of arrays of a program
 *
 * What a program has in arrays is coded where it is. A number that is infinite, or too large for
 * float32, is none, like a text that is no number.
 */
#include "dataset.h"

#include <math.h>
#include <string.h>

static double finite(double value)
{
	return isinf((float)value) ? (double)NAN : value;
}

double hb_read_number(const char *text)
{
	double value;

	return hb_is_double(text, &value) ? finite(value) : (double)NAN;
}

/* The text in a row of a column of texts in an array; NULL: it is missing. */
static const char *text_in(const struct hb_place *place, long long row)
{
	const char *text = place->block->texts[row * place->block->columns + place->column];

	return text && *text ? text : NULL;
}

static double number_in(const struct hb_place *place, long long row)
{
	return hb_block_number(place->block, row * place->block->columns + place->column);
}

double hb_number_at(const struct hb_dataset_job *job, long long row, int column)
{
	const struct hb_place *place = job->place ? &job->place[column] : NULL;
	const char *text;

	if (!place)
		return hb_value(job->table, row, column);
	if (!place->block->texts)
		return finite(number_in(place, row));
	text = text_in(place, row);
	return text ? hb_read_number(text) : (double)NAN;
}

int hb_has_value(const struct hb_dataset_job *job, long long row, int column)
{
	const struct hb_place *place = job->place ? &job->place[column] : NULL;

	if (!place)
		return !isnan(hb_value(job->table, row, column));
	return place->block->texts ? text_in(place, row) != NULL : !isnan(number_in(place, row));
}

const char *hb_text_of(const struct hb_dataset_job *job, long long row, int column, char buffer[32])
{
	const struct hb_place *place = job->place ? &job->place[column] : NULL;
	double value;

	if (place && place->block->texts)
		return text_in(place, row);
	if (job->table->column[column].kind == HEBB_TEXT)
		return hb_text_at(job->table, row, column);
	value = place ? number_in(place, row) : hb_value(job->table, row, column);
	return (double)(float)value == value && !hb_is_integer(value)
		       ? hebb_format_float((float)value, buffer)
		       : hebb_format_double(value, buffer);
}

static void copy_from_block(const struct hb_place *place, int width, long long row, float *to)
{
	const hebb_block *block = place->block;
	long long at = row * block->columns + place->column;

	if (block->floats)
		memcpy(to, block->floats + at, (size_t)width * sizeof *to);
	else
		for (int i = 0; i < width; i++)
			to[i] = (float)hb_block_number(block, at + i);
}

void hb_copy_run(const struct hb_dataset_job *job, const struct hb_part *part, long long row,
		 float *to)
{
	const hebb_table *table = job->table;
	long long at = row * table->columns + part->column;

	if (job->place)
		copy_from_block(&job->place[part->column], part->width, row, to);
	else if (table->values)
		memcpy(to, table->values + at, (size_t)part->width * sizeof *to);
	else
		for (int i = 0; i < part->width; i++)
			to[i] = table->bytes[at + i];
}
