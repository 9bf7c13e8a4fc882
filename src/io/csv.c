/* SPDX-License-Identifier: MIT */
/*
 * csv.c - tables in text: CSV
 *
 * Fields are quoted as in RFC 4180: "a ""b"", c" is one field, which may contain newlines. Blanks
 * around a field are ignored; lines end in LF, CRLF or CR; blank lines are skipped. Quotes change
 * no meaning: "1" is a number as 1 is. encoding.c makes UTF-8 of the text, csv_layout.c finds the
 * separator and the first line, and csv_header.c decides whether this is a header.
 *
 * If all columns are numbers, the text is read once. Only the last row decides whether a column is
 * text, so texts are collected in a second pass, for all such columns at once.
 *
 * Each byte is charged to a budget, in proportion to the text, before it is allocated. Columns need
 * so little memory that few tables exceed it: one row of many short fields, rows of empty fields,
 * or little else than different short texts.
 */
#define _POSIX_C_SOURCE 200809L
#include "csv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One reading of a text: the first line apart from the rows below it. */
struct job {
	hb_csv r;
	size_t size; /* of the text */
	int columns;
	hb_csv_place first, second; /* the first line; what follows it */
	long long commented;        /* comments above the first line */
	hb_csv_seen *seen;
	int beyond; /* 1 if any number is not a finite float32 */
};

/* ---- Rows ---- */

/* Reads a field as a value and notes what it is. */
static hebb_status read_value(struct job *job, float *value, hb_csv_seen *seen)
{
	hb_csv *r = &job->r;
	hb_csv_field field;
	const char *start = r->p;

	r->p += hb_parse_float(r->p, (size_t)(r->end - r->p), value);
	if (r->p > start && hb_csv_ends_field(r) && isfinite(*value)) {
		hb_csv_settle(r);
		return HEBB_OK;
	}
	r->p = start;
	hebb_status status = hb_csv_read(r, &field);
	if (status)
		return status;
	hb_csv_kind kind = hb_csv_classify(&field, value);
	seen->missing += kind == HB_MISSING;
	seen->texts += kind == HB_TEXT;
	job->beyond |= kind == HB_BEYOND;
	return HEBB_OK;
}

/* Passes the rest of a row; counts its fields. */
static hebb_status count_fields(hb_csv *r, int *columns)
{
	hb_csv_field field;

	for (*columns = 1;; ++*columns) {
		hebb_status status = hb_csv_read(r, &field);
		if (status)
			return status;
		if (hb_csv_ends_line(r))
			return HEBB_OK;
		if (*columns > HEBB_MAX_UNITS)
			return hb_fail_at(r->error, HEBB_UNSUPPORTED, r->line, 0,
					  "%s:%lld: more than %d columns", r->name, r->line,
					  HEBB_MAX_UNITS);
		r->p++;
	}
}

/* A row has `found` fields before r->p, and perhaps more. */
static hebb_status ragged(hb_csv *r, long long line, int columns, int found)
{
	int more = 0;

	if (!hb_csv_ends_line(r)) {
		r->p++;
		hebb_status status = count_fields(r, &more);
		if (status)
			return status;
	}
	found += more;
	int is_above =
		columns != r->likely && found == r->likely && found > 1; /* unlike the first line */
	return hb_fail_at(r->error, HEBB_BAD_FORMAT, line, 0,
			  "%s:%lld: expected %d column%s%s, found %d%s", r->name, line, columns,
			  columns == 1 ? "" : "s", is_above ? " as in the first line" : "", found,
			  is_above ? "; --skip N leaves out lines above the table" : "");
}

static hebb_status read_row(struct job *job, float *values)
{
	hb_csv *r = &job->r;
	long long line = r->line;

	for (int c = 0;; r->p++) {
		hebb_status status = read_value(job, &values[c], &job->seen[c]);
		if (status)
			return status;
		c++;
		if (hb_csv_ends_line(r) ? c < job->columns : c == job->columns)
			return ragged(r, line, job->columns, c);
		if (c == job->columns)
			break;
	}
	hb_csv_end_line(r);
	return HEBB_OK;
}

/* Reads the rows below the first line; table->rows counts them. */
static hebb_status read_rows(struct job *job, hebb_table *table)
{
	hb_csv *r = &job->r;
	float *values = table->values;
	hebb_status status = HEBB_OK;

	r->commented = job->commented;
	for (table->rows = 0; !status && hb_csv_next_row(r); values += job->columns) {
		if (r->line > UINT32_MAX)
			return hebb_fail(r->error, HEBB_UNSUPPORTED, "%s: more than %u lines",
					 r->name, UINT32_MAX);
		table->line[table->rows++] = (uint32_t)r->line;
		status = read_row(job, values);
	}
	return status;
}

/* ---- How many rows there are ---- */

/* The lines that are not blank: the rows, if nothing is quoted. */
static long long count_lines(const hb_csv *r)
{
	long long lines = 0;
	int begins = 1;

	for (const char *p = r->p; p < r->end; p++)
		if (*p == '\n' || *p == '\r') {
			begins = 1;
		} else if (begins && !hb_csv_is_blank(r, *p)) {
			begins = 0;
			lines++;
		}
	return lines;
}

/* Slower, for any text: the rows up to the first that does not have so many columns. */
static long long count_rows(hb_csv *r, int columns)
{
	hb_csv_place place = hb_csv_here(r);
	long long rows = 0;

	for (int found = columns; found == columns && hb_csv_next_row(r); rows++) {
		hb_csv_pass(r);
		for (found = 1; !hb_csv_ends_line(r); found++) {
			r->p++;
			hb_csv_pass(r);
		}
		hb_csv_end_line(r);
	}
	hb_csv_go(r, place);
	return rows;
}

enum { NOTES = 8192 }; /* bytes for the notes of a table, and its layout */

/* Takes the bytes for a table of so many rows. */
static int spend(struct job *job, long long rows)
{
	unsigned long long row =
		(unsigned long long)job->columns * sizeof(float) + sizeof(uint32_t);
	unsigned long long column = sizeof(hebb_column) + sizeof(hb_csv_seen);
	unsigned long long bytes = sizeof(hebb_table) + NOTES + strlen(job->r.name) + 1 +
				   (unsigned long long)rows * row +
				   (unsigned long long)job->columns * column;

	return bytes <= SIZE_MAX && hb_spend(&job->r.budget, (size_t)bytes);
}

static hebb_status too_large(const struct job *job, long long rows)
{
	rows = rows ? rows : 1; /* the first line */
	return hebb_fail(job->r.error, HEBB_UNSUPPORTED,
			 "%s: %d columns and %lld row%s in %zu bytes would take over %d times the "
			 "memory of the file; %s",
			 job->r.name, job->columns, rows, rows == 1 ? "" : "s", job->size,
			 HB_CSV_TIMES,
			 rows < job->columns ? "give it more rows at once"
					     : "leave out rows and columns that are empty");
}

/* Makes the table, with room for the rows and for the first line, which may be one. */
static hebb_status make_table(struct job *job, hebb_table **table)
{
	hb_csv *r = &job->r;
	int is_quoted = memchr(r->p, '"', (size_t)(r->end - r->p)) != NULL;
	long long rows = is_quoted ? count_rows(r, job->columns) : count_lines(r);
	int fits = spend(job, rows + 1);

	if (!fits && !is_quoted) { /* a row that is too short ends the reading */
		rows = count_rows(r, job->columns);
		fits = spend(job, rows + 1);
	}
	if (!fits)
		return too_large(job, rows);
	job->seen = calloc((size_t)job->columns, sizeof *job->seen);
	if (!job->seen)
		return hb_out_of_memory(r->error);
	*table = hb_table_new(r->name, "CSV", rows + 1, job->columns, HB_FLOATS, r->error);
	return *table ? HEBB_OK : HEBB_NO_MEMORY;
}

/* ---- The first line ---- */

/* Counts the columns. */
static hebb_status read_first(struct job *job)
{
	hb_csv *r = &job->r;

	job->first = hb_csv_here(r);
	job->commented = r->commented;
	hebb_status status = count_fields(r, &job->columns);
	hb_csv_end_line(r);
	job->second = hb_csv_here(r);
	r->columns = job->columns += r->has_row_names;
	return status;
}

static int has_header(const struct job *job, const hebb_table_options *options, hebb_table *table)
{
	hb_csv_first first = {.r = job->r,
			      .second = job->second,
			      .seen = job->seen,
			      .options = options,
			      .table = table};

	hb_csv_go(&first.r, job->first);
	return hb_csv_is_header(&first);
}

/* Makes the first line a row like the others. */
static hebb_status add_first(struct job *job, hebb_table *table)
{
	size_t columns = (size_t)job->columns, rows = (size_t)table->rows;

	memmove(table->values + columns, table->values, rows * columns * sizeof *table->values);
	memmove(table->line + 1, table->line, rows * sizeof *table->line);
	table->rows++;
	table->line[0] = (uint32_t)job->first.line;
	hb_csv_go(&job->r, job->first);
	return read_row(job, table->values);
}

/* ---- The whole ---- */

int hb_csv_probe(const unsigned char *bytes, size_t size)
{
	(void)bytes;
	return size > 0;
}

/* Refuses what is no text at all. */
static hebb_status check_text(const unsigned char *bytes, size_t size, const char *name,
			      hebb_error *error)
{
	enum { HEAD = 4096 };
	const unsigned char *bad = memchr(bytes, 0, size);

	for (size_t i = 0; i < size && i < HEAD && !bad; i++)
		if (bytes[i] == 0x7f || (bytes[i] < 0x20 && !strchr("\t\n\v\f\r\x1a", bytes[i])))
			bad = bytes + i;
	if (!bad)
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_FORMAT,
			 "%s: does not look like CSV, or anything else that is read: byte %zu is "
			 "0x%02x",
			 name, (size_t)(bad - bytes), *bad);
}

/* Finds a number that is not finite in a column of numbers. */
static hebb_status check_range(const struct job *job, const hebb_table *table)
{
	for (int c = 0; c < table->columns; c++) {
		const float *value = table->values + c;

		if (table->column[c].kind == HEBB_TEXT)
			continue;
		for (long long row = 0; row < table->rows; row++, value += table->columns)
			if (isinf(*value))
				return hb_fail_in_row(table, row, c,
						      "is infinite or too large for float32",
						      job->r.error);
	}
	return HEBB_OK;
}

/* Decides whether there is a header, and what each column is. */
static hebb_status settle_columns(struct job *job, const hebb_table_options *options,
				  hebb_table *table)
{
	table->named = has_header(job, options, table);
	if (table->named && table->rows == 0)
		return hebb_fail(job->r.error, HEBB_BAD_FORMAT,
				 "%s: has a header but no rows below it", job->r.name);
	hebb_status status = table->named ? HEBB_OK : add_first(job, table);
	if (status)
		return status;
	table->test_from = table->rows;
	for (int c = 0; c < table->columns; c++) {
		table->column[c].missing = job->seen[c].missing;
		table->column[c].kind = job->seen[c].texts ? HEBB_TEXT : HEBB_NUMBER;
	}
	free(job->seen);
	hb_save(&job->r.budget, (size_t)job->columns * sizeof *job->seen);
	job->seen = NULL;
	hb_csv_go(&job->r, job->first);
	status = hb_csv_names(&job->r, table);
	if (status == HEBB_UNSUPPORTED)
		return too_large(job, table->rows);
	if (status)
		return hb_out_of_memory(job->r.error);
	return job->beyond ? check_range(job, table) : HEBB_OK;
}

/* Tells people what of the layout they may not expect. */
static void note_layout(const struct job *job, hebb_table *table)
{
	const hb_csv *r = &job->r;

	if (r->commented)
		hb_table_note(table, "%s: %lld line%s taken for comments (# or %%)", table->name,
			      r->commented, r->commented == 1 ? " was" : "s were");
	if (r->is_named && table->named)
		hb_table_note(table, "%s:%lld: the comment names the columns", table->name,
			      job->first.line);
	if (r->has_row_names)
		hb_table_note(table,
			      "%s:%lld: the header has one name less than the rows have columns; "
			      "the first column is called %s",
			      table->name, job->first.line, table->column[0].name);
	if (r->tail == HB_TAIL_SEPARATOR)
		hb_table_note(table,
			      "%s: every row ends in '%c'; the empty column after it was left "
			      "out",
			      table->name, r->separator);
}

/* Keeps how the text was read. */
static hebb_status keep_layout(const struct job *job, const hb_text *text, hb_encoding encoding,
			       hebb_table *table)
{
	table->layout = malloc(sizeof *table->layout);
	if (!table->layout)
		return hb_out_of_memory(job->r.error);
	*table->layout = (struct hebb_layout){.encoding = encoding,
					      .begin = (size_t)(job->first.p - text->text),
					      .end = (size_t)(job->r.end - text->text),
					      .as = {.line = job->first.line,
						     .separator = job->r.separator,
						     .tail = job->r.tail,
						     .comments = job->r.comments,
						     .columns = job->r.columns}};
	return HEBB_OK;
}

static hebb_status read_table(struct job *job, const hebb_table_options *options,
			      hebb_table **table)
{
	hebb_status status = hb_csv_find_layout(&job->r, options);

	if (!status)
		status = read_first(job);
	if (!status)
		status = make_table(job, table);
	if (!status)
		status = read_rows(job, *table);
	if (!status)
		status = settle_columns(job, options, *table);
	if (status)
		return status;
	note_layout(job, *table);
	hb_csv_go(&job->r, (*table)->named ? job->second : job->first);
	return hb_csv_texts(&job->r, *table);
}

/* Reads a text that is open. */
static hebb_table *parse_text(struct job *job, const hb_text *text,
			      const hebb_table_options *options, hb_encoding encoding)
{
	hebb_table *table = NULL;
	hebb_status status = check_text((const unsigned char *)text->text, text->size, job->r.name,
					job->r.error);

	job->r.p = text->text;
	job->r.end = text->text + text->size;
	if (!status)
		status = read_table(job, options, &table);
	if (!status)
		status = keep_layout(job, text, encoding, table);
	free(job->r.scratch);
	free(job->seen);
	if (!status) {
		hb_text_note(text, encoding, table);
		return table;
	}
	hebb_table_free(table);
	return NULL;
}

hebb_table *hb_csv_parse(const unsigned char *bytes, size_t size, const char *name,
			 const hebb_table_options *options, hebb_error *error)
{
	size_t most = (SIZE_MAX - HB_CSV_MORE) / HB_CSV_TIMES;
	hb_encoding encoding = hb_encoding_find(options->encoding);
	struct job job = {.size = size, .r = {.line = 1, .name = name, .error = error}};
	hb_text text;

	job.r.budget.left = HB_CSV_MORE + HB_CSV_TIMES * (size < most ? size : most);
	job.r.budget.texts = HB_LEVELS_MOST;
	if (hb_text_open(&text, bytes, size, name, encoding, &job.r.budget, error))
		return NULL;
	hebb_table *table = parse_text(&job, &text, options, encoding);
	hb_text_close(&text);
	return table;
}
