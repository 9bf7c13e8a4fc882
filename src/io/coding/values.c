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

double hb_read_number(hebb_form form, const char *text)
{
	double value;

	return hb_reads_as(form, text, &value) ? finite(value) : (double)NAN;
}

/* Where the value of column i of a part stands in the array of its block. */
static long long place_of(const struct hb_part *part, int i, long long row)
{
	return row * part->place.block->columns + part->place.column + i;
}

/* A text in an array; NULL: it is missing. */
static const char *text_in(const hebb_block *block, long long at)
{
	const char *text = block->texts[at];

	return text && *text ? text : NULL;
}

double hb_number_at(const struct hb_dataset_job *job, const struct hb_part *part, int i,
		    long long row)
{
	const hebb_block *block = part->place.block;
	const char *text;
	double value;

	if (block && !block->texts)
		return finite(hb_block_number(block, place_of(part, i, row)));
	if (block) {
		text = text_in(block, place_of(part, i, row));
		return text ? hb_read_number(part->form, text) : (double)NAN;
	}
	value = hb_value(job->table, row, part->column + i);
	return part->number && !isnan(value) ? part->number[(int)value] : value;
}

int hb_has_value(const struct hb_dataset_job *job, const struct hb_part *part, int i, long long row)
{
	const hebb_block *block = part->place.block;

	if (!block)
		return !isnan(hb_value(job->table, row, part->column + i));
	return block->texts ? text_in(block, place_of(part, i, row)) != NULL
			    : !isnan(hb_block_number(block, place_of(part, i, row)));
}

const char *hb_text_of(const struct hb_dataset_job *job, const struct hb_part *part, int i,
		       long long row, char buffer[32])
{
	const hebb_block *block = part->place.block;
	double value;

	if (block && block->texts)
		return text_in(block, place_of(part, i, row));
	if (!block && job->table->column[part->column + i].kind == HEBB_TEXT)
		return hb_text_at(job->table, row, part->column + i);
	value = block ? hb_block_number(block, place_of(part, i, row))
		      : hb_value(job->table, row, part->column + i);
	return (double)(float)value == value && !hb_is_integer(value)
		       ? hebb_format_float((float)value, buffer)
		       : hebb_format_double(value, buffer);
}

static void copy_from_block(const hebb_block *block, long long at, int width, float *to)
{
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

	if (part->place.block)
		copy_from_block(part->place.block, place_of(part, 0, row), part->width, to);
	else if (table->values)
		memcpy(to, table->values + at, (size_t)part->width * sizeof *to);
	else
		for (int i = 0; i < part->width; i++)
			to[i] = table->bytes[at + i];
}
