/* SPDX-License-Identifier: MIT */
/*
 * doubles.c - the numbers of CSV that need more than float32
 *
 * A column is in doubles from the first number on that float32 does not give back. The rows above
 * are read once more in the end. They are few: where numbers have many digits, most have them.
 */
#include "csv.h"
#include "../number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- While rows are read ---- */

static hebb_status begin_column(hb_csv *r, hb_csv_exact *exact, int c)
{
	size_t size = (size_t)exact->rows * sizeof(double);
	struct hb_csv_doubles *column = &exact->column[c];

	column->is_short = !hb_spend(&r->budget, size);
	if (column->is_short)
		return HEBB_OK;
	column->from = exact->row;
	column->value = malloc(size);
	return column->value ? HEBB_OK : hb_out_of_memory(r->error);
}

static hebb_status begin(hb_csv *r, hb_csv_exact *exact)
{
	if (exact->column || !hb_spend(&r->budget, (size_t)exact->columns * sizeof *exact->column))
		return HEBB_OK;
	exact->column = calloc((size_t)exact->columns, sizeof *exact->column);
	return exact->column ? HEBB_OK : hb_out_of_memory(r->error);
}

/* Notes the first integer that its double is not. */
static void find_lost(hb_csv_exact *exact, int c, const char *text, size_t size, double value)
{
	struct hb_decimal d;
	struct hb_csv_lost *lost = &exact->lost;

	hb_decimal_read(text, size, &d);
	if (d.exponent != 0 ||
	    (d.count <= HB_DECIMAL_DIGITS && fabs(value) < 0x1p64 && d.m == (uint64_t)fabs(value)))
		return;
	lost->row = exact->row;
	lost->column = c + 1;
	snprintf(lost->text, sizeof lost->text, "%.*s", size < 60 ? (int)size : 60, text);
}

static int is_short(const hb_csv_exact *exact, int c)
{
	return exact->column && exact->column[c].is_short;
}

hebb_status hb_csv_keep(hb_csv *r, hb_csv_exact *exact, int c, const char *text, size_t size)
{
	double *value = hb_csv_double_at(exact, c);
	hebb_status status = HEBB_OK;

	if (!value) {
		if (exact->is_part)
			return is_short(exact, c) ? HEBB_OK : HEBB_UNSUPPORTED;
		status = begin(r, exact);
		if (!status && exact->column && !is_short(exact, c))
			status = begin_column(r, exact, c);
		value = hb_csv_double_at(exact, c);
		if (!value)
			return status;
		hb_parse_double(text, size, value);
	}
	if (fabs(*value) >= HB_INTEGER_MOST && !exact->lost.column)
		find_lost(exact, c, text, size, *value);
	return HEBB_OK;
}

void hb_csv_exact_insert(hb_csv_exact *exact, long long rows)
{
	exact->row = 0;
	exact->lost.row++;
	for (int c = 0; c < exact->columns && exact->column; c++) {
		struct hb_csv_doubles *column = &exact->column[c];

		if (column->value)
			memmove(column->value + 1, column->value,
				(size_t)rows * sizeof *column->value);
		column->from++;
	}
}

/* ---- When they have been read ---- */

/* The rows above those from which on the columns have doubles. */
static hebb_status read_above(hb_csv *r, const hb_csv_exact *exact)
{
	long long rows = 0;
	hb_csv_field field;

	for (int c = 0; c < exact->columns; c++)
		if (exact->column[c].value && exact->column[c].from > rows)
			rows = exact->column[c].from;
	for (long long row = 0; row < rows && hb_csv_next_row(r); row++) {
		for (int c = 0; c < exact->columns; c++) {
			struct hb_csv_doubles *column = &exact->column[c];
			hebb_status status = hb_csv_read(r, &field);

			if (status)
				return status;
			if (column->value && row < column->from &&
			    !hb_parse_double(field.text, field.size, &column->value[row]))
				column->value[row] = NAN;
			r->p += c + 1 < exact->columns;
		}
		hb_csv_end_line(r);
	}
	return HEBB_OK;
}

/* Gives up the doubles of column c. */
static void drop(hb_csv *r, hb_csv_exact *exact, int c)
{
	if (!exact->column[c].value)
		return;
	free(exact->column[c].value);
	exact->column[c].value = NULL;
	hb_save(&r->budget, (size_t)exact->rows * sizeof(double));
}

double *hb_csv_exact_open(hb_csv *r, hb_csv_exact *exact, int c, hebb_status *status)
{
	exact->row = 0;
	*status = begin(r, exact);
	if (!*status && exact->column && !exact->column[c].value)
		*status = begin_column(r, exact, c);
	if (exact->column)
		exact->column[c].from = 0;
	return exact->column ? exact->column[c].value : NULL;
}

void hb_csv_exact_close(hb_csv *r, hb_csv_exact *exact, int c)
{
	drop(r, exact, c);
	exact->column[c].is_short = 0;
}

/* 1 if there are values, and all are closer to 0 than float32 reaches. */
static int is_tiny(const double *value, long long rows)
{
	double most = 0;

	for (long long row = 0; row < rows; row++)
		most = fabs(value[row]) > most ? fabs(value[row]) : most; /* not if NaN */
	return most > 0 && most < (double)FLT_MIN;
}

/* Gives the doubles of column c to the table; 0 if the budget has no room for more. */
static int give(hb_csv *r, hb_csv_exact *exact, hebb_table *table, int c, hebb_status *status)
{
	hebb_column_detail *detail = hb_csv_detail(r, table, c, status);

	if (!detail)
		return 0;
	detail->doubles = exact->column[c].value;
	detail->exact = hb_needs_doubles(detail->doubles, table->rows);
	exact->column[c].value = NULL;
	return 1;
}

/* What the columns lose all the same: the first of them, and how many. */
struct losers {
	int first, count;
};

static void add_loser(struct losers *losers, int c)
{
	if (losers->count++ == 0)
		losers->first = c;
}

static void note_losers(const struct losers *losers, hebb_table *table, const char *what)
{
	char shown[HB_SHOWN], more[32] = "";

	if (losers->count == 0)
		return;
	if (losers->count > 1)
		snprintf(more, sizeof more, " and %d more", losers->count - 1);
	hb_table_note(table, "%s: column%s \"%s\"%s: %s", table->name, losers->count > 1 ? "s" : "",
		      hb_show(table->column[losers->first].name, shown), more, what);
}

static void note_columns(const hb_csv_exact *exact, hebb_table *table)
{
	struct losers rounded = {0}, tiny = {0};
	char what[256];

	for (int c = 0; c < exact->columns; c++) {
		const hebb_column_detail *detail = hb_detail(table, c);

		if (table->column[c].kind == HEBB_TEXT)
			continue;
		if (exact->column[c].is_short)
			add_loser(&rounded, c);
		if (detail && detail->doubles && is_tiny(detail->doubles, table->rows))
			add_loser(&tiny, c);
	}
	snprintf(what, sizeof what,
		 "some numbers have more digits than float32 keeps, and in double the table would "
		 "take over %d times the memory of the file; they are rounded",
		 HB_CSV_TIMES);
	note_losers(&rounded, table, what);
	note_losers(&tiny, table,
		    "all values are below 1.2e-38, the least that float32 holds in full; multiply "
		    "them, such as by 1e40, or they cannot be told apart");
}

static void note_lost(const hb_csv_exact *exact, hebb_table *table)
{
	const struct hb_csv_lost *lost = &exact->lost;
	char shown[HB_SHOWN];

	if (lost->column && table->column[lost->column - 1].kind == HEBB_NUMBER)
		hb_table_note(table,
			      "%s:%u: column \"%s\": the integer %s is beyond 2^53; as a "
			      "number it loses digits, as may others; --text reads the column as "
			      "texts",
			      table->name, table->line[lost->row],
			      hb_show(table->column[lost->column - 1].name, shown), lost->text);
}

hebb_status hb_csv_doubles(hb_csv *r, hb_csv_exact *exact, hebb_table *table)
{
	if (!exact->column)
		return HEBB_OK;
	for (int c = 0; c < exact->columns; c++)
		if (table->column[c].kind == HEBB_TEXT)
			drop(r, exact, c);
	hebb_status status = read_above(r, exact);
	for (int c = 0; c < exact->columns && !status; c++) {
		if (table->column[c].kind == HEBB_TEXT)
			continue;
		if (exact->column[c].value && !give(r, exact, table, c, &status)) {
			drop(r, exact, c);
			exact->column[c].is_short = 1;
		}
	}
	if (status)
		return status;
	note_columns(exact, table);
	note_lost(exact, table);
	return HEBB_OK;
}

void hb_csv_exact_free(hb_csv_exact *exact)
{
	for (int c = 0; c < exact->columns && exact->column; c++)
		free(exact->column[c].value);
	free(exact->column);
}

hebb_column_detail *hb_csv_detail(hb_csv *r, hebb_table *table, int c, hebb_status *status)
{
	size_t size = sizeof **table->detail;

	if (hb_detail(table, c))
		return table->detail[c];
	if (!table->detail)
		size += (size_t)table->columns * sizeof *table->detail;
	if (!hb_spend(&r->budget, size))
		return NULL;
	hebb_column_detail *detail = hb_add_detail(table, c);
	if (!detail)
		*status = hb_out_of_memory(r->error);
	return detail;
}
