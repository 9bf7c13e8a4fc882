/* SPDX-License-Identifier: MIT */
/*
 * block.c - a table from arrays of the program
 *
 * Such a table is like one from a file, but has no lines. Numbers are float32, and doubles too in a
 * column where float32 does not hold them all; texts are levels sorted by bytes. Texts stay texts
 * even if all of them are numbers, because the program has said what they are.
 */
#include "io.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What every step needs. */
struct making {
	const char *name;
	int count;
	const hebb_block *block;
	hebb_table *table;
	hebb_error *error;
};

/* ---- What a program gives ---- */

#define CONSTRUCTOR "hebb_floats(), hebb_doubles(), hebb_integers() or hebb_texts()"

static hebb_status read_block(const char *name, int i, int count, const hebb_block *given,
			      hebb_block *block, hebb_error *error)
{
	hebb_status status;
	int arrays;

	*block = (hebb_block){.size = 0};
	status = hebb_sized_copy(block, sizeof *block, given, name, CONSTRUCTOR, error);
	if (status)
		return status;
	arrays = (block->floats != NULL) + (block->doubles != NULL) + (block->integers != NULL) +
		 (block->texts != NULL);
	if (arrays != 1)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "%s: array %d of %d is NULL, or has more than one type", name,
				 i + 1, count);
	if (block->columns < 1 || block->columns > HB_COLUMNS_MOST)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "%s: array %d of %d has %d columns; 1 to %d are possible", name,
				 i + 1, count, block->columns, HB_COLUMNS_MOST);
	return HEBB_OK;
}

/* The stride of the array is the size that the program knows. */
hebb_status hb_read_blocks(const char *name, int count, const hebb_block *given, hebb_block *block,
			   int *columns, hebb_error *error)
{
	const char *at = (const char *)given;
	long long sum = 0;
	hebb_status status;

	if (count < 1 || !given)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "%s: there are no arrays to make a table of", name);
	for (int i = 0; i < count && sum <= HB_COLUMNS_MOST; i++) {
		const hebb_block *next = (const void *)at;

		status = read_block(name, i, count, next, &block[i], error);
		if (status)
			return status;
		at += next->size;
		sum += block[i].columns;
	}
	if (sum > HB_COLUMNS_MOST)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s: %lld columns are more than %d",
				 name, sum, HB_COLUMNS_MOST);
	*columns = (int)sum;
	return HEBB_OK;
}

/* ---- Names ---- */

static hebb_status name_column(const struct making *m, hb_levels *names, const char *name, int c)
{
	char made[16], shown[HB_SHOWN];
	int number;

	if (!name) {
		snprintf(made, sizeof made, "x%d", c + 1);
		name = made;
	}
	if (!*name)
		return hebb_fail(m->error, HEBB_BAD_ARGUMENT, "%s: column %d has an empty name",
				 m->name, c + 1);
	number = hb_levels_add(names, name, strlen(name));
	if (number < 0)
		return hb_out_of_memory(m->error);
	if (number < c)
		return hebb_fail(m->error, HEBB_BAD_ARGUMENT,
				 "%s: columns %d and %d have the same name \"%s\"", m->name,
				 number + 1, c + 1, hb_show(name, shown));
	return HEBB_OK;
}

static hebb_status name_columns(const struct making *m)
{
	hb_levels names = {0};
	hebb_status status = HEBB_OK;

	m->table->named = 1;
	for (int i = 0, c = 0; i < m->count; i++) {
		const hebb_block *block = &m->block[i];

		m->table->named &= block->names != NULL;
		for (int k = 0; k < block->columns && !status; k++, c++)
			status = name_column(m, &names, block->names ? block->names[k] : NULL, c);
	}
	for (int c = 0; c < m->table->columns && !status; c++)
		m->table->column[c].name = names.text[c];
	if (!status)
		names.count = 0; /* they are the table's now */
	hb_levels_clear(&names);
	return status;
}

/* ---- Values ---- */

static hebb_status fail_infinite(const struct making *m, long long row, int c)
{
	char shown[HB_SHOWN];

	return hebb_fail(m->error, HEBB_BAD_ARGUMENT,
			 "%s: row %lld: column \"%s\" is infinite, or too large for float32; NaN "
			 "is a missing value",
			 m->name, row + 1, hb_show(m->table->column[c].name, shown));
}

/* The columns from c on, row by row, as they lie in memory. */
static hebb_status fill_numbers(const struct making *m, const hebb_block *block, int c)
{
	hebb_table *table = m->table;

	for (long long row = 0; row < table->rows; row++)
		for (int k = 0; k < block->columns; k++) {
			float value = (float)hb_block_number(block, row * block->columns + k);

			if (isinf(value))
				return fail_infinite(m, row, c + k);
			table->values[row * table->columns + c + k] = value;
			table->column[c + k].missing += isnan(value) != 0;
		}
	return HEBB_OK;
}

/* Keeps the doubles of column k of the block if float32 does not hold them. */
static hebb_status keep_doubles(const struct making *m, const hebb_block *block, int k, int c)
{
	hebb_table *table = m->table;
	long long row = 0;

	for (; row < table->rows; row++) {
		double value = hb_block_number(block, row * block->columns + k);

		if (!isnan(value) && (double)(float)value != value)
			break;
	}
	if (row == table->rows)
		return HEBB_OK;
	hebb_column_detail *detail = hb_add_detail(table, c);
	if (detail)
		detail->doubles = malloc((size_t)table->rows * sizeof *detail->doubles);
	if (!detail || !detail->doubles)
		return hb_out_of_memory(m->error);
	for (row = 0; row < table->rows; row++)
		detail->doubles[row] = hb_block_number(block, row * block->columns + k);
	detail->exact = hb_needs_doubles(detail->doubles, table->rows);
	return HEBB_OK;
}

static hebb_status fail_levels(const struct making *m, int c, hebb_status status)
{
	char shown[HB_SHOWN];

	if (status == HEBB_NO_MEMORY)
		return hb_out_of_memory(m->error);
	return hebb_fail(m->error, status, "%s: column \"%s\" has more than %d different texts",
			 m->name, hb_show(m->table->column[c].name, shown), HB_LEVELS_MOST);
}

static hebb_status fill_texts(const struct making *m, const hebb_block *block, int k, int c)
{
	hebb_table *table = m->table;
	hebb_status status = HEBB_OK;
	hb_levels levels = {0};

	table->column[c].kind = HEBB_TEXT;
	for (long long row = 0; row < table->rows && !status; row++) {
		const char *text = block->texts[row * block->columns + k];
		int is_there = text && *text;
		int number = is_there ? hb_levels_add(&levels, text, strlen(text)) : 0;

		if (number < 0)
			status = (hebb_status)-number;
		table->values[row * table->columns + c] = is_there ? (float)number : NAN;
		table->column[c].missing += !is_there;
	}
	hb_levels_close(&levels);
	if (!status)
		status = hb_levels_settle(&levels, table, c);
	hb_levels_clear(&levels);
	return status ? fail_levels(m, c, status) : HEBB_OK;
}

static hebb_status fill(const struct making *m)
{
	hebb_status status = HEBB_OK;

	for (int i = 0, c = 0; i < m->count && !status; i++) {
		const hebb_block *block = &m->block[i];

		if (!block->texts)
			status = fill_numbers(m, block, c);
		for (int k = 0; k < block->columns && !status; k++)
			status = block->texts ? fill_texts(m, block, k, c + k)
					      : keep_doubles(m, block, k, c + k);
		c += block->columns;
	}
	return status;
}

static hebb_table *make(struct making *m, long long rows, int columns)
{
	if (rows < 0) {
		hebb_fail(m->error, HEBB_BAD_ARGUMENT, "%s: %lld rows are not possible", m->name,
			  rows);
		return NULL;
	}
	m->table = hb_table_new(m->name, "arrays", rows, columns, HB_FLOATS, m->error);
	if (!m->table)
		return NULL;
	free(m->table->line);
	m->table->line = NULL;
	if (!name_columns(m) && !fill(m))
		return m->table;
	hebb_table_free(m->table);
	return NULL;
}

hebb_table *hebb_table_from_arrays(const char *name, long long rows, int count,
				   const hebb_block *blocks, hebb_error *error)
{
	struct making m = {.name = name ? name : "the arrays", .count = count, .error = error};
	hebb_block *block = malloc((size_t)hb_blocks_most(count) * sizeof *block);
	hebb_table *table = NULL;
	int columns = 0;

	m.block = block;
	if (!block)
		hb_out_of_memory(error);
	else if (!hb_read_blocks(m.name, count, blocks, block, &columns, error))
		table = make(&m, rows, columns);
	free(block);
	return table;
}
