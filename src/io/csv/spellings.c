/* SPDX-License-Identifier: MIT */
/*
 * spellings.c - the texts of columns in which they tell more than the values
 *
 * These are numbers that are not written as Hebb would write them, such as 01, and texts among
 * which NA stands unquoted. Only a column of classes needs its spellings, so those with many are
 * left out: first by their values, which are at hand, then as the texts are read.
 */
#include "csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SPELLINGS_MOST = 10000, FEW = 100, ROWS_TRIED = 2000, SLOTS = 1 << 12 };

/* What is collected of one column. */
struct collected {
	int column;
	hb_levels levels;
	uint32_t *spelling; /* by row */
};

/* 1 if so many different ones of so many rows cannot be classes. */
static int is_many(long long different, long long rows)
{
	return different > SPELLINGS_MOST || (different > FEW && different > rows / 2);
}

/* ---- Which columns ---- */

/* Open addressing: the slot of a value, or the free one where it belongs. */
static size_t slot_of(const float *slot, size_t mask, float value)
{
	uint32_t bits;
	size_t at;

	memcpy(&bits, &value, sizeof bits);
	at = (bits * 0x9e3779b1u >> 7) & mask;
	while (!isnan(slot[at]) && slot[at] != value)
		at = (at + 1) & mask;
	return at;
}

/* 1 if the first values of a column have few different ones; `slot` has room for them. */
static int has_few_values(const hebb_table *table, int c, float *slot)
{
	long long rows = table->rows < ROWS_TRIED ? table->rows : ROWS_TRIED;
	long long different = 0;
	const float *value = table->values + c;

	for (size_t i = 0; i < SLOTS; i++)
		slot[i] = NAN;
	for (long long row = 0; row < rows; row++, value += table->columns) {
		size_t at = isnan(*value) ? 0 : slot_of(slot, SLOTS - 1, *value);

		if (isnan(*value) || !isnan(slot[at]))
			continue;
		slot[at] = *value;
		different++;
	}
	return !is_many(different, rows);
}

/* Takes away the columns of numbers with many values, and adds those of texts with a detail. */
static int choose(hb_csv *r, const hebb_table *table, unsigned char *wanted, hebb_status *status)
{
	int count = 0;
	float *slot = NULL;

	if (!table->detail && !memchr(wanted, 1, (size_t)table->columns))
		return 0;
	if (!hb_spend(&r->budget, SLOTS * sizeof *slot))
		return 0;
	slot = malloc(SLOTS * sizeof *slot);
	if (!slot)
		*status = hb_out_of_memory(r->error);
	for (int c = 0; c < table->columns && slot; c++) {
		int is_text = table->column[c].kind == HEBB_TEXT;

		if (is_text)
			wanted[c] = hb_detail(table, c) && table->column[c].missing > 0 &&
				    !is_many(table->column[c].level_count, table->rows);
		else if (wanted[c])
			wanted[c] = (unsigned char)has_few_values(table, c, slot);
		count += wanted[c];
	}
	free(slot);
	hb_save(&r->budget, SLOTS * sizeof *slot);
	return count;
}

/* ---- Collecting ---- */

static void give_up(hb_csv *r, struct collected *one, const hebb_table *table)
{
	hb_levels_clear(&one->levels);
	if (one->spelling)
		hb_save(&r->budget, (size_t)table->rows * sizeof *one->spelling);
	free(one->spelling);
	one->spelling = NULL;
}

static hebb_status begin(hb_csv *r, struct collected *one, const hebb_table *table, int c)
{
	size_t size = (size_t)table->rows * sizeof *one->spelling;

	*one = (struct collected){.column = c, .levels = {.budget = &r->budget}};
	if (!hb_spend(&r->budget, size))
		return HEBB_OK;
	one->spelling = malloc(size);
	return one->spelling ? HEBB_OK : hb_out_of_memory(r->error);
}

/* Takes the text of one row. */
static hebb_status collect_field(hb_csv *r, struct collected *one, const hebb_table *table,
				 const hb_csv_field *field, long long row)
{
	int number = 0;

	if (hb_csv_is_none(r, field)) {
		one->spelling[row] = UINT32_MAX;
		return HEBB_OK;
	}
	number = hb_levels_add(&one->levels, field->text, field->size);
	if (number == -HEBB_NO_MEMORY)
		return hb_out_of_memory(r->error);
	if (number < 0 || is_many(one->levels.count, table->rows))
		give_up(r, one, table);
	else
		one->spelling[row] = (uint32_t)number;
	return HEBB_OK;
}

static hebb_status collect_row(hb_csv *r, struct collected *all, int count, const hebb_table *table,
			       long long row)
{
	hb_csv_field field;
	int at = 0;

	for (int c = 0; c < table->columns; c++) {
		int is_wanted = at < count && all[at].column == c;

		if (is_wanted && all[at].spelling) {
			hebb_status status = hb_csv_read(r, &field);

			if (!status)
				status = collect_field(r, &all[at], table, &field, row);
			if (status)
				return status;
		} else {
			hb_csv_pass(r);
		}
		at += is_wanted;
		r->p += c + 1 < table->columns;
	}
	hb_csv_end_line(r);
	return HEBB_OK;
}

static int is_any_open(const struct collected *all, int count)
{
	for (int i = 0; i < count; i++)
		if (all[i].spelling)
			return 1;
	return 0;
}

/* Sorts the spellings of a column and gives them to the table. */
static hebb_status settle(hb_csv *r, struct collected *one, hebb_table *table)
{
	size_t room = 2 * ((size_t)one->levels.count + 1) * sizeof(int);
	int count = one->levels.count, *rank;
	hebb_status status = HEBB_OK;
	hebb_column_detail *detail = hb_csv_detail(r, table, one->column, &status);

	if (status)
		return status;
	if (!detail || !hb_spend(&r->budget, room)) {
		give_up(r, one, table);
		return HEBB_OK;
	}
	if (hb_levels_sort(&one->levels, &rank))
		return hb_out_of_memory(r->error);
	for (long long row = 0; row < table->rows; row++)
		one->spelling[row] = one->spelling[row] == UINT32_MAX
					     ? (uint32_t)count
					     : (uint32_t)rank[one->spelling[row]];
	free(rank);
	hb_save(&r->budget, room);
	detail->spellings = one->levels.text;
	detail->spelling_count = count;
	detail->spelling = one->spelling;
	one->levels = (hb_levels){.budget = &r->budget};
	one->spelling = NULL;
	return HEBB_OK;
}

static hebb_status collect(hb_csv *r, hebb_table *table, struct collected *all, int count)
{
	hebb_status status = HEBB_OK;

	for (long long row = 0; !status && is_any_open(all, count) && hb_csv_next_row(r); row++)
		status = collect_row(r, all, count, table, row);
	for (int i = 0; i < count && !status; i++)
		if (all[i].spelling)
			status = settle(r, &all[i], table);
	for (int i = 0; i < count; i++)
		give_up(r, &all[i], table);
	return status;
}

/* Reads the columns that are wanted. */
static hebb_status read_wanted(hb_csv *r, hebb_table *table, const unsigned char *wanted, int count)
{
	hebb_status status = HEBB_OK;
	struct collected *all = NULL;
	int begun = 0;

	if (!count || !hb_spend(&r->budget, (size_t)count * sizeof *all))
		return HEBB_OK;
	all = calloc((size_t)count, sizeof *all);
	if (!all)
		return hb_out_of_memory(r->error);
	for (int c = 0; c < table->columns && !status; c++)
		if (wanted[c])
			status = begin(r, &all[begun++], table, c);
	if (!status)
		status = collect(r, table, all, begun);
	for (int i = 0; i < begun; i++)
		give_up(r, &all[i], table);
	free(all);
	hb_save(&r->budget, (size_t)count * sizeof *all);
	return status;
}

hebb_status hb_csv_spellings(hb_csv *r, hebb_table *table, unsigned char **wanted)
{
	hebb_status status = HEBB_OK;

	if (!*wanted && !table->detail)
		return HEBB_OK;
	if (!*wanted && !hb_spend(&r->budget, (size_t)table->columns))
		return HEBB_OK;
	if (!*wanted)
		*wanted = calloc((size_t)table->columns, 1);
	if (!*wanted)
		return hb_out_of_memory(r->error);
	int count = choose(r, table, *wanted, &status);
	return status ? status : read_wanted(r, table, *wanted, count);
}
