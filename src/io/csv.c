/* SPDX-License-Identifier: MIT */
/*
 * csv.c - tables in text: CSV
 *
 * Fields are quoted as in RFC 4180: "a ""b"", c" is one field, which may span lines.  Blanks around a
 * field do not count; lines end in LF, CRLF or CR; blank lines are passed over; UTF-8, with or
 * without a byte order mark.  Quoting changes no meaning: "1" is a number as 1 is.
 *
 * The text is read once if all columns are numbers.  Whether a column is text is known only at its
 * last row, so that the texts are collected in a second reading, for all such columns at once.
 */
#define _POSIX_C_SOURCE 200809L
#include "io.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a field can be.  BEYOND: a number that is not a finite float32. */
enum kind { MISSING, NUMBER, BEYOND, TEXT };

/* What the fields of a column have been so far. */
struct seen {
	long long count[TEXT + 1];
	long long beyond_line; /* of the first BEYOND */
};

/* Where the reading stands. */
struct reader {
	const char *p, *end;
	long long line; /* of p */
	char separator;
	const char *name;
	hebb_error *error;
	char *scratch; /* a quoted field without its doubled quotes */
	size_t room;
};

struct field {
	const char *text;
	size_t size;
};

/* ---- Fields ---- */

static int ends_line(const struct reader *r)
{
	return r->p == r->end || *r->p == '\n' || *r->p == '\r';
}

static int ends_field(const struct reader *r)
{
	return ends_line(r) || *r->p == r->separator;
}

static int is_blank(const struct reader *r)
{
	return *r->p == ' ' || (*r->p == '\t' && r->separator != '\t');
}

static void skip_blanks(struct reader *r)
{
	while (r->p < r->end && is_blank(r))
		r->p++;
}

/* Passes the end of a line, of any kind. */
static void skip_line_end(struct reader *r)
{
	if (r->p == r->end)
		return;
	if (*r->p++ == '\r' && r->p < r->end && *r->p == '\n')
		r->p++;
	r->line++;
}

/* Passes blank lines; 0 at the end of the text. */
static int next_row(struct reader *r)
{
	while (r->p < r->end) {
		const char *start = r->p;

		skip_blanks(r);
		if (!ends_line(r)) {
			r->p = start;
			return 1;
		}
		skip_line_end(r);
	}
	return 0;
}

static hebb_status add_to_scratch(struct reader *r, size_t size, char c)
{
	if (size == r->room) {
		size_t room = r->room ? 2 * r->room : 256;
		char *scratch = realloc(r->scratch, room);

		if (!scratch)
			return hb_out_of_memory(r->error);
		r->scratch = scratch;
		r->room = room;
	}
	r->scratch[size] = c;
	return HEBB_OK;
}

/* Reads what stands between quotes, the first of which is at r->p. */
static hebb_status read_quoted(struct reader *r, struct field *field)
{
	long long opened = r->line;
	size_t size = 0;

	for (r->p++; r->p < r->end; r->p++) {
		if (*r->p == '"') {
			if (r->p + 1 == r->end || r->p[1] != '"')
				break;
			r->p++;
		}
		if (*r->p == '\n' || (*r->p == '\r' && (r->p + 1 == r->end || r->p[1] != '\n')))
			r->line++;
		hebb_status status = add_to_scratch(r, size++, *r->p);
		if (status)
			return status;
	}
	if (r->p == r->end)
		return hb_fail_at(r->error, HEBB_BAD_FORMAT, opened, 0,
				  "%s:%lld: a quote is opened here and never closed", r->name,
				  opened);
	r->p++;
	skip_blanks(r);
	if (!ends_field(r))
		return hb_fail_at(r->error, HEBB_BAD_FORMAT, r->line, 0,
				  "%s:%lld: text follows the quote that closes a field (a quote "
				  "inside a field is doubled)",
				  r->name, r->line);
	*field = (struct field){r->scratch, size};
	return HEBB_OK;
}

/* Reads a field, up to the separator or the end of the line. */
static hebb_status read_field(struct reader *r, struct field *field)
{
	skip_blanks(r);
	if (r->p < r->end && *r->p == '"')
		return read_quoted(r, field);
	const char *start = r->p, *after = r->p;
	for (; !ends_field(r); r->p++)
		if (!is_blank(r))
			after = r->p + 1;
	*field = (struct field){start, (size_t)(after - start)};
	return HEBB_OK;
}

/* ---- What a field is ---- */

/* 1 if the field is the word, given in lower case, in letters of any case. */
static int is_word(const struct field *field, const char *word)
{
	size_t i = 0;

	for (; i < field->size && word[i]; i++) {
		char c = field->text[i];

		if ((c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != word[i])
			return 0;
	}
	return i == field->size && !word[i];
}

static int is_missing(const struct field *field)
{
	return field->size == 0 || is_word(field, "?") || is_word(field, "nan") ||
	       is_word(field, "-nan") || is_word(field, "null") || is_word(field, "n/a") ||
	       (field->size == 2 && memcmp(field->text, "NA", 2) == 0);
}

static int is_infinite(const struct field *field)
{
	struct field word = *field;

	if (word.size > 0 && (*word.text == '-' || *word.text == '+')) {
		word.text++;
		word.size--;
	}
	return is_word(&word, "inf") || is_word(&word, "infinity");
}

/* *value: NaN of a missing field, else the number or 0. */
static enum kind classify(const struct field *field, float *value)
{
	float number;

	*value = 0;
	if (field->size > 0 && hb_parse_float(field->text, field->size, &number) == field->size) {
		if (isinf(number))
			return BEYOND;
		*value = number;
		return NUMBER;
	}
	if (is_missing(field)) {
		*value = NAN;
		return MISSING;
	}
	return is_infinite(field) ? BEYOND : TEXT;
}

/* ---- Rows ---- */

/* Reads a field as a value and notes what it is. */
static hebb_status read_value(struct reader *r, float *value, struct seen *seen)
{
	struct field field;
	const char *start = r->p;

	r->p += hb_parse_float(r->p, (size_t)(r->end - r->p), value);
	if (r->p > start && ends_field(r) && isfinite(*value)) {
		seen->count[NUMBER]++;
		return HEBB_OK;
	}
	r->p = start;
	long long line = r->line;
	hebb_status status = read_field(r, &field);
	if (status)
		return status;
	enum kind kind = classify(&field, value);
	if (kind == BEYOND && seen->count[BEYOND] == 0)
		seen->beyond_line = line;
	seen->count[kind]++;
	return HEBB_OK;
}

/* Passes the rest of a row; counts its fields. */
static hebb_status count_fields(struct reader *r, int *columns)
{
	struct field field;

	for (*columns = 1;; ++*columns) {
		hebb_status status = read_field(r, &field);
		if (status)
			return status;
		if (ends_line(r))
			return HEBB_OK;
		if (*columns > HEBB_MAX_UNITS)
			return hb_fail_at(r->error, HEBB_UNSUPPORTED, r->line, 0,
					  "%s:%lld: more than %d columns", r->name, r->line,
					  HEBB_MAX_UNITS);
		r->p++;
	}
}

/* A row has `found` fields before r->p, and perhaps more. */
static hebb_status ragged(struct reader *r, long long line, int columns, int found)
{
	int more = 0;

	if (!ends_line(r)) {
		r->p++;
		hebb_status status = count_fields(r, &more);
		if (status)
			return status;
	}
	return hb_fail_at(r->error, HEBB_BAD_FORMAT, line, 0,
			  "%s:%lld: expected %d column%s, found %d", r->name, line, columns,
			  columns == 1 ? "" : "s", found + more);
}

static hebb_status read_row(struct reader *r, int columns, float *values, struct seen *seen)
{
	long long line = r->line;

	for (int c = 0;; r->p++) {
		hebb_status status = read_value(r, &values[c], &seen[c]);
		if (status)
			return status;
		c++;
		if (ends_line(r) ? c < columns : c == columns)
			return ragged(r, line, columns, c);
		if (c == columns)
			break;
	}
	skip_line_end(r);
	return HEBB_OK;
}

/* ---- The first line ---- */

/* The first of , ; tab that the line at r->p has outside quotes. */
static char find_separator(const struct reader *r)
{
	int quoted = 0, semicolon = 0, tab = 0;

	for (const char *p = r->p; p < r->end && (quoted || (*p != '\n' && *p != '\r')); p++) {
		if (*p == '"')
			quoted = !quoted;
		if (quoted)
			continue;
		if (*p == ',')
			return ',';
		semicolon |= *p == ';';
		tab |= *p == '\t';
	}
	return semicolon ? ';' : tab ? '\t' : ',';
}

/* 1 if there are numbers and, but for a few slips, nothing else. */
static int is_numeric(const struct seen *seen)
{
	long long numbers = seen->count[NUMBER] + seen->count[BEYOND], texts = seen->count[TEXT];

	return numbers > 0 && (texts == 0 || (numbers + texts >= 20 && texts <= numbers / 9));
}

/* Whether the first line, `top`, names the columns below it. */
static int has_header(hebb_header header, int columns, const struct seen *top,
		      const struct seen *below)
{
	if (header != HEBB_HEADER_AUTO)
		return header == HEBB_HEADER_YES;
	for (int c = 0; c < columns; c++)
		if (top[c].count[TEXT] && is_numeric(&below[c]))
			return 1;
	return 0;
}

/* 1 if no field of the first line is a number. */
static int has_no_number(int columns, const struct seen *top)
{
	for (int c = 0; c < columns; c++)
		if (top[c].count[NUMBER])
			return 0;
	return 1;
}

/* ---- Names ---- */

/* The name of column c: what the header says; if that is empty or taken, something with its number. */
static char *name_column(hb_levels *taken, const struct field *field, int c)
{
	size_t room = field->size + 16;
	char *name = malloc(room);

	if (!name)
		return NULL;
	if (field->size == 0) { /* without a header there is no text at all */
		snprintf(name, room, "x%d", c + 1);
	} else {
		memcpy(name, field->text, field->size);
		name[field->size] = 0;
	}
	for (;;) {
		int before = taken->count;

		if (hb_levels_add(taken, name, strlen(name)) < 0) {
			free(name);
			return NULL;
		}
		if (taken->count > before)
			return name;
		char *longer = malloc(strlen(name) + 16);
		if (longer)
			sprintf(longer, "%s.%d", name, c + 1);
		free(name);
		if (!longer)
			return NULL;
		name = longer;
	}
}

/* Names the columns after the line at r->p or, without `named`, x1, x2, ... */
static hebb_status name_columns(struct reader *r, hebb_table *table)
{
	hb_levels taken = {0};
	hebb_status status = HEBB_OK;

	for (int c = 0; c < table->columns && !status; c++) {
		struct field field = {"", 0};

		if (table->named)
			status = read_field(r, &field);
		if (status)
			break;
		table->column[c].name = name_column(&taken, &field, c);
		if (!table->column[c].name)
			status = hb_out_of_memory(r->error);
		r->p += table->named && c + 1 < table->columns;
	}
	hb_levels_clear(&taken);
	return status;
}

/* ---- Texts ---- */

/* Collects the texts of one row; values holds 0 where there is one. */
static hebb_status collect_row(struct reader *r, const hebb_table *table, float *values,
			       hb_levels *levels)
{
	struct field field;

	for (int c = 0; c < table->columns; c++) {
		hebb_status status = read_field(r, &field);
		if (status)
			return status;
		if (table->column[c].kind == HEBB_TEXT && !isnan(values[c])) {
			int number = hb_levels_add(&levels[c], field.text, field.size);

			if (number < 0 && levels[c].count == HB_LEVELS_MOST)
				return hebb_fail(r->error, HEBB_UNSUPPORTED,
						 "%s: column \"%.40s\" has more than %d different "
						 "texts",
						 r->name, table->column[c].name, HB_LEVELS_MOST);
			if (number < 0)
				return hb_out_of_memory(r->error);
			values[c] = (float)number;
		}
		r->p += c + 1 < table->columns;
	}
	skip_line_end(r);
	return HEBB_OK;
}

/* Sorts the levels of column c and gives them to the table. */
static hebb_status settle_levels(hebb_table *table, int c, hb_levels *levels, hebb_error *error)
{
	int *rank;

	if (hb_levels_sort(levels, &rank))
		return hb_out_of_memory(error);
	float *value = table->values + c;
	for (long long row = 0; row < table->rows; row++, value += table->columns)
		if (!isnan(*value))
			*value = (float)rank[(int)*value];
	table->column[c].levels = levels->text;
	table->column[c].level_count = levels->count;
	levels->text = NULL;
	levels->count = 0;
	free(rank);
	return HEBB_OK;
}

/* The second reading, from the first row of data at r->p. */
static hebb_status collect_texts(struct reader *r, hebb_table *table)
{
	hb_levels *levels = calloc((size_t)table->columns, sizeof *levels);
	float *values = table->values;
	hebb_status status = levels ? HEBB_OK : hb_out_of_memory(r->error);

	for (; !status && next_row(r); values += table->columns)
		status = collect_row(r, table, values, levels);
	for (int c = 0; c < table->columns && levels; c++) {
		if (!status && table->column[c].kind == HEBB_TEXT)
			status = settle_levels(table, c, &levels[c], r->error);
		hb_levels_clear(&levels[c]);
	}
	free(levels);
	return status;
}

/* ---- The whole ---- */

/* Where a row begins, to read it again. */
struct place {
	const char *p;
	long long line;
};

static struct place here(const struct reader *r)
{
	return (struct place){r->p, r->line};
}

static void go_back(struct reader *r, struct place place)
{
	r->p = place.p;
	r->line = place.line;
}

/* One reading of a text: the first line apart from the rows below it. */
struct job {
	struct reader r;
	int columns;
	struct place first, second; /* the first line; what follows it */
	float *top_values;
	struct seen *top, *below;
};

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

/* Finds the separator and reads the first line. */
static hebb_status read_first(struct job *job)
{
	struct reader *r = &job->r;

	if (r->end - r->p >= 3 && memcmp(r->p, "\xef\xbb\xbf", 3) == 0)
		r->p += 3; /* the byte order mark of UTF-8 */
	if (!next_row(r))
		return hebb_fail(r->error, HEBB_BAD_FORMAT, "%s: has blank lines only", r->name);
	r->separator = find_separator(r);
	job->first = here(r);
	hebb_status status = count_fields(r, &job->columns);
	if (status)
		return status;
	job->top_values = malloc((size_t)job->columns * sizeof *job->top_values);
	job->top = calloc((size_t)job->columns, sizeof *job->top);
	job->below = calloc((size_t)job->columns, sizeof *job->below);
	if (!job->top_values || !job->top || !job->below)
		return hb_out_of_memory(r->error);
	go_back(r, job->first);
	status = read_row(r, job->columns, job->top_values, job->top);
	job->second = here(r);
	return status;
}

/* How many rows there can be after r->p: not more than lines that are not empty, and each takes at least a byte for each column. */
static long long most_rows(const struct reader *r, int columns)
{
	long long lines = 0, most = (r->end - r->p) / columns + 1;
	int ended = 1;

	for (const char *p = r->p; p < r->end; p++) {
		int ends = *p == '\n' || *p == '\r';

		lines += ended && !ends;
		ended = ends;
	}
	return lines < most ? lines : most;
}

/* Reads the rows below the first line; table->rows counts them. */
static hebb_status read_rows(struct job *job, hebb_table *table)
{
	struct reader *r = &job->r;
	float *values = table->values;
	hebb_status status = HEBB_OK;

	for (table->rows = 0; !status && next_row(r); values += job->columns) {
		table->line[table->rows++] = r->line;
		status = read_row(r, job->columns, values, job->below);
	}
	return status;
}

/* Makes the first line a row like the others. */
static void add_first(struct job *job, hebb_table *table)
{
	size_t columns = (size_t)job->columns, rows = (size_t)table->rows;

	memmove(table->values + columns, table->values, rows * columns * sizeof *table->values);
	memcpy(table->values, job->top_values, columns * sizeof *table->values);
	memmove(table->line + 1, table->line, rows * sizeof *table->line);
	table->line[0] = job->first.line;
	table->rows++;
	for (size_t c = 0; c < columns; c++) {
		for (int kind = 0; kind <= TEXT; kind++)
			job->below[c].count[kind] += job->top[c].count[kind];
		if (job->top[c].count[BEYOND])
			job->below[c].beyond_line = job->first.line;
	}
}

/* Decides whether there is a header, and what each column is. */
static hebb_status settle_columns(struct job *job, hebb_header header, hebb_table *table)
{
	struct reader *r = &job->r;

	table->named = has_header(header, job->columns, job->top, job->below);
	if (table->rows == 0 && header != HEBB_HEADER_NO && has_no_number(job->columns, job->top))
		table->named = 1;
	if (table->named && table->rows == 0)
		return hebb_fail(r->error, HEBB_BAD_FORMAT, "%s: has a header but no rows below it",
				 r->name);
	if (!table->named)
		add_first(job, table);
	go_back(r, job->first);
	hebb_status status = name_columns(r, table);
	if (status)
		return status;
	for (int c = 0; c < table->columns; c++) {
		const struct seen *seen = &job->below[c];
		hebb_column *column = &table->column[c];
		char shown[HB_SHOWN];

		column->missing = seen->count[MISSING];
		if (seen->count[TEXT])
			column->kind = HEBB_TEXT;
		else if (seen->count[BEYOND])
			return hb_fail_at(r->error, HEBB_BAD_FORMAT, seen->beyond_line, c + 1,
					  "%s:%lld: column \"%s\" is infinite or too large for "
					  "float32",
					  r->name, seen->beyond_line, hb_show(column->name, shown));
	}
	return HEBB_OK;
}

static int has_texts(const hebb_table *table)
{
	for (int c = 0; c < table->columns; c++)
		if (table->column[c].kind == HEBB_TEXT)
			return 1;
	return 0;
}

/* Gives back the memory of rows that did not come. */
static void shrink(hebb_table *table)
{
	size_t rows = (size_t)table->rows;
	float *values =
		realloc(table->values, rows * (size_t)table->columns * sizeof *table->values);
	long long *line = realloc(table->line, rows * sizeof *table->line);

	table->values = values ? values : table->values;
	table->line = line ? line : table->line;
	table->test_from = table->rows;
}

static hebb_status read_table(struct job *job, hebb_header header, hebb_table **table)
{
	struct reader *r = &job->r;
	hebb_status status = read_first(job);

	if (status)
		return status;
	*table = hb_table_new(r->name, "CSV", most_rows(r, job->columns) + 1, job->columns,
			      HB_FLOATS, r->error);
	if (!*table)
		return HEBB_NO_MEMORY;
	status = read_rows(job, *table);
	if (!status)
		status = settle_columns(job, header, *table);
	if (!status && has_texts(*table)) {
		go_back(r, (*table)->named ? job->second : job->first);
		status = collect_texts(r, *table);
	}
	if (!status)
		shrink(*table);
	return status;
}

hebb_table *hb_csv_parse(const unsigned char *bytes, size_t size, const char *name,
			 hebb_header header, hebb_error *error)
{
	hebb_table *table = NULL;
	struct job job = {.r = {.p = (const char *)bytes,
				.end = (const char *)bytes + size,
				.line = 1,
				.separator = ',',
				.name = name,
				.error = error}};

	if (check_text(bytes, size, name, error))
		return NULL;
	if (read_table(&job, header, &table)) {
		hebb_table_free(table);
		table = NULL;
	}
	free(job.r.scratch);
	free(job.top_values);
	free(job.top);
	free(job.below);
	return table;
}
