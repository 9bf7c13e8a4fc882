/* SPDX-License-Identifier: MIT */
/*
 * rows.c - the fields of a CSV text as they stand in it, row by row
 */
#define _POSIX_C_SOURCE 200809L
#include "csv.h"

#include <stdlib.h>
#include <string.h>

struct hebb_csv_rows {
	hb_csv r;
	char *name; /* of the table */
	hb_text text;
	int columns;
	char *texts; /* of one row's fields, each with its zero byte */
	size_t size, room;
	size_t *begin; /* of each column: where its text begins in `texts` */
	char *wanted;  /* of each column: its text is asked for */
};

/* Goes to the first row, as the table was read. */
static hebb_status begin(hebb_csv_rows *rows, const void *bytes, size_t size,
			 const hebb_table *table, hebb_error *error)
{
	const struct hebb_layout *layout = table->layout;
	hb_csv *r = &rows->r;
	hebb_status status =
		hb_text_open(&rows->text, bytes, size, rows->name, layout->encoding, NULL, error);

	if (status)
		return status;
	*r = layout->as;
	r->name = rows->name;
	r->error = error;
	r->budget.left = SIZE_MAX;
	r->p = rows->text.text + rows->text.size;
	r->end = r->p;
	if (layout->end <= rows->text.size) { /* else other bytes, which have no more rows */
		r->p = rows->text.text + layout->begin;
		r->end = rows->text.text + layout->end;
	}
	hb_csv_field field;
	while (layout->has_header && !status) {
		status = hb_csv_read(r, &field);
		if (hb_csv_ends_line(r))
			break;
		r->p++;
	}
	if (layout->has_header)
		hb_csv_end_line(r);
	return status;
}

hebb_csv_rows *hebb_csv_rows_new(const void *bytes, size_t size, const hebb_table *table,
				 hebb_error *error)
{
	if (!bytes || !table) {
		hb_absent(table ? "the bytes of the table" : "the table", error);
		return NULL;
	}
	if (strcmp(table->format, "CSV") != 0) {
		hebb_fail(error, HEBB_UNSUPPORTED, "%s: is no CSV text but %s", table->name,
			  table->format);
		return NULL;
	}
	hebb_csv_rows *rows = calloc(1, sizeof *rows);
	if (rows) {
		rows->columns = table->columns;
		rows->name = strdup(table->name);
		rows->begin = malloc(sizeof *rows->begin * (size_t)table->columns);
		rows->wanted = malloc((size_t)table->columns);
	}
	if (!rows || !rows->name || !rows->begin || !rows->wanted) {
		hebb_csv_rows_free(rows);
		hb_out_of_memory(error);
		return NULL;
	}
	if (begin(rows, bytes, size, table, error) == HEBB_OK)
		return rows;
	hebb_csv_rows_free(rows);
	return NULL;
}

/* Adds a field to the texts. */
static hebb_status keep(hebb_csv_rows *rows, int column, const hb_csv_field *field)
{
	size_t need = rows->size + field->size + 1;

	if (need > rows->room) {
		char *more = realloc(rows->texts, 2 * need);
		if (!more)
			return hb_out_of_memory(rows->r.error);
		rows->texts = more;
		rows->room = 2 * need;
	}
	rows->begin[column] = rows->size;
	memcpy(rows->texts + rows->size, field->text, field->size);
	rows->texts[need - 1] = 0;
	rows->size = need;
	return HEBB_OK;
}

static hebb_status other_bytes(const hebb_csv_rows *rows)
{
	return hb_fail_at(rows->r.error, HEBB_BAD_FORMAT, rows->r.line, 0,
			  "%s:%lld: the text is not that of the table, or has no more rows",
			  rows->name, rows->r.line);
}

/* Reads all fields of the row at hand and keeps those that are wanted. */
static hebb_status read_row(hebb_csv_rows *rows)
{
	hb_csv *r = &rows->r;
	hb_csv_field field;

	if (!hb_csv_next_row(r))
		return other_bytes(rows);
	for (int c = 0; c < rows->columns; c++) {
		hebb_status status = hb_csv_read(r, &field);

		if (!status && rows->wanted[c])
			status = keep(rows, c, &field);
		if (status)
			return status;
		if (hb_csv_ends_line(r) != (c + 1 == rows->columns))
			return other_bytes(rows);
		r->p += c + 1 < rows->columns;
	}
	hb_csv_end_line(r);
	return HEBB_OK;
}

hebb_status hebb_csv_rows_next(hebb_csv_rows *rows, int count, const int *column, const char **text,
			       hebb_error *error)
{
	if (!rows || (count > 0 && (!column || !text)))
		return hb_absent(!rows    ? "the rows"
				 : column ? "where to put the texts"
					  : "the columns",
				 error);
	rows->r.error = error;
	rows->size = 0;
	memset(rows->wanted, 0, (size_t)rows->columns);
	for (int i = 0; i < count; i++) {
		if (column[i] < 0 || column[i] >= rows->columns)
			return hebb_fail(error, HEBB_BAD_ARGUMENT,
					 "%s: there is no column %d among the %d", rows->name,
					 column[i], rows->columns);
		rows->wanted[column[i]] = 1;
	}
	hebb_status status = read_row(rows);
	for (int i = 0; i < count && !status; i++)
		text[i] = rows->texts + rows->begin[column[i]];
	return status;
}

void hebb_csv_rows_free(hebb_csv_rows *rows)
{
	if (!rows)
		return;
	free(rows->r.scratch);
	hb_text_close(&rows->text);
	free(rows->name);
	free(rows->texts);
	free(rows->begin);
	free(rows->wanted);
	free(rows);
}
