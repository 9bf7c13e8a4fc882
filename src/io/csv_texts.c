/* SPDX-License-Identifier: MIT */
/*
 * csv_texts.c - what a table keeps of CSV as text: the names of its columns, and their levels
 */
#include "csv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Names ---- */

/* Adds the name of column c: what the header says or, if that is empty or taken, something with its number. */
static hebb_status name_column(hb_csv *r, hb_levels *names, hb_csv_field field, int c)
{
	int number = field.size > 0 ? hb_levels_add(names, field.text, field.size) : 0;

	while (number >= 0 && names->count == c) {
		int is_there = field.text == r->scratch;
		hebb_status status = hb_csv_make_room(r, field.size + 16);

		if (status)
			return status;
		if (!is_there)
			memcpy(r->scratch, field.text, field.size);
		field.text = r->scratch;
		field.size += (size_t)snprintf(r->scratch + field.size, 16,
					       field.size ? ".%d" : "x%d", c + 1);
		number = hb_levels_add(names, field.text, field.size);
	}
	return number < 0 ? (hebb_status)-number : HEBB_OK;
}

hebb_status hb_csv_names(hb_csv *r, hebb_table *table)
{
	hb_levels names = {.budget = &r->budget};
	hebb_status status = hb_levels_reserve(&names, table->columns);

	for (int c = 0; c < table->columns && !status; c++) {
		hb_csv_field field = {"", 0};

		if (table->named)
			status = hb_csv_read(r, &field);
		if (!status)
			status = name_column(r, &names, field, c);
		r->p += table->named && c + 1 < table->columns;
	}
	for (int c = 0; c < table->columns && !status; c++)
		table->column[c].name = names.text[c];
	if (!status)
		names.count = 0; /* they are the table's now */
	hb_levels_clear(&names);
	return status;
}

/* ---- Levels: the second reading ---- */

static hebb_status too_many(const hb_csv *r, const hebb_table *table, int c,
			    const hb_levels *levels)
{
	char shown[HB_SHOWN];
	const char *name = hb_show(table->column[c].name, shown);

	if (levels->count == HB_LEVELS_MOST)
		return hebb_fail(r->error, HEBB_UNSUPPORTED,
				 "%s: column \"%s\" has more than %d different texts", r->name,
				 name, HB_LEVELS_MOST);
	return hebb_fail(r->error, HEBB_UNSUPPORTED,
			 "%s: column \"%s\" has %d different texts so far, and with more the table "
			 "would take over %d times the memory of the file; %s",
			 r->name, name, levels->count, HB_CSV_TIMES,
			 table->rows < table->columns
				 ? "give it more rows at once"
				 : "leave out columns in which few texts occur twice");
}

/* Collects the texts of one row; A value is NaN where there is none.  levels: one for each TEXT
 * column. */
static hebb_status collect_row(hb_csv *r, const hebb_table *table, float *values, hb_levels *levels)
{
	hb_csv_field field;

	for (int c = 0; c < table->columns; c++) {
		hebb_status status = hb_csv_read(r, &field);
		if (status)
			return status;
		hb_levels *own = table->column[c].kind == HEBB_TEXT ? levels++ : NULL;
		if (own && !isnan(values[c])) {
			int number = hb_levels_add(own, field.text, field.size);

			if (number == -HEBB_UNSUPPORTED)
				return too_many(r, table, c, own);
			if (number < 0)
				return hb_out_of_memory(r->error);
			values[c] = (float)number;
		}
		r->p += c + 1 < table->columns;
	}
	hb_csv_end_line(r);
	return HEBB_OK;
}

/* Sorts the levels of column c and gives them to the table. */
static hebb_status settle(hb_csv *r, hebb_table *table, int c, hb_levels *levels)
{
	size_t room = 2 * ((size_t)levels->count + 1) * sizeof(int);
	int *rank;

	if (!hb_spend(&r->budget, room))
		return too_many(r, table, c, levels);
	if (hb_levels_sort(levels, &rank))
		return hb_out_of_memory(r->error);
	float *value = table->values + c;
	for (long long row = 0; row < table->rows; row++, value += table->columns)
		if (!isnan(*value))
			*value = (float)rank[(int)*value];
	free(rank);
	hb_save(&r->budget, room);
	table->column[c].levels = levels->text;
	table->column[c].level_count = levels->count;
	*levels = (hb_levels){0};
	return HEBB_OK;
}

/* Reads all rows, then settles column by column. */
static hebb_status collect(hb_csv *r, hebb_table *table, hb_levels *levels, int texts)
{
	float *values = table->values;
	hebb_status status = HEBB_OK;

	r->budget.texts = table->rows < HB_LEVELS_MOST ? (int)table->rows : HB_LEVELS_MOST;
	for (int i = 0; i < texts; i++)
		levels[i].budget = &r->budget;
	for (; !status && hb_csv_next_row(r); values += table->columns)
		status = collect_row(r, table, values, levels);
	for (int i = 0; i < texts; i++)
		hb_levels_close(&levels[i]);
	for (int c = 0, i = 0; c < table->columns && !status; c++)
		if (table->column[c].kind == HEBB_TEXT)
			status = settle(r, table, c, &levels[i++]);
	for (int i = 0; i < texts; i++)
		hb_levels_clear(&levels[i]);
	return status;
}

hebb_status hb_csv_texts(hb_csv *r, hebb_table *table)
{
	int texts = 0;

	for (int c = 0; c < table->columns; c++)
		texts += table->column[c].kind == HEBB_TEXT;
	if (texts == 0)
		return HEBB_OK;
	size_t size = (size_t)texts * sizeof(hb_levels);
	if (!hb_spend(&r->budget, size))
		return hebb_fail(
			r->error, HEBB_UNSUPPORTED,
			"%s: %d columns of texts would take over %d times the memory of the "
			"file; give it more rows at once",
			r->name, texts, HB_CSV_TIMES);
	hb_levels *levels = calloc((size_t)texts, sizeof *levels);
	hebb_status status = levels ? collect(r, table, levels, texts) : hb_out_of_memory(r->error);
	free(levels);
	return status;
}
