/* SPDX-License-Identifier: MIT */
/*
 * ragged.c - rows of different lengths, and lines above a table: what is wrong, and what to try
 *
 * What is wrong is known where the reading ends. What to try depends on all of the text, which is
 * looked at again: do the rows have equally many fields from some line on? Is a date parted from
 * its time, or a number at its decimal comma?
 */
#include "csv.h"

#include <stdio.h>
#include <string.h>

enum { ADVICE = 200 };

hebb_status hb_csv_count_fields(hb_csv *r, int *columns)
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

/* ---- Where the table begins ---- */

/* Rows with equally many fields. */
struct run {
	hb_csv_place first;
	long long rows, last_line;
	int fields;
	int above; /* how many numbers are in the rows above it */
};

/* How many fields of the line at a place are numbers, and how many are texts. */
struct contents {
	int numbers, texts;
};

static struct contents contents_of(const hb_csv *text, hb_csv_place place)
{
	struct contents found = {0, 0};
	hb_csv r = *text;
	float value;

	hb_csv_go(&r, place);
	for (;; r.p++) {
		hb_csv_field field = hb_csv_unquoted(hb_csv_raw(&r));
		hb_csv_kind kind = hb_csv_classify(&field, &value);

		found.numbers += kind == HB_NUMBER;
		found.texts += kind == HB_TEXT;
		if (hb_csv_ends_line(&r))
			return found;
	}
}

static int has_names_only(const hb_csv *text, hb_csv_place place)
{
	struct contents found = contents_of(text, place);

	return found.numbers == 0 && found.texts > 0;
}

/* Takes in the line above, if it is a header without a name for the first column, or without the
 * separator at the end. */
static void add_header(const hb_csv *text, const struct run *above, struct run *table)
{
	if (above->rows == 1 && above->fields == table->fields - 1 && above->fields > 1 &&
	    has_names_only(text, above->first) && !has_names_only(text, table->first))
		table->first = above->first;
}

/* 1 if a table seems to begin with a run: it is most of the text or its end, and begins with names,
 * or there are no numbers above it. */
static int is_table(const hb_csv *text, const struct run *run, long long rows, long long last_line)
{
	return run->rows > 1 && (2 * run->rows > rows || run->last_line == last_line) &&
	       (run->above == 0 || has_names_only(text, run->first));
}

/* The longest run of rows with several fields; rows: 0 if it is no table, or begins with the first
 * line. */
static struct run find_table(hb_csv_job *job)
{
	hb_csv *r = &job->r;
	struct run longest = {.rows = 0}, now = {.rows = 0}, above = {.rows = 0};
	long long rows = 0;
	int numbers = 0, fields;

	hb_csv_go(r, job->first);
	for (; hb_csv_next_row(r); rows++) {
		hb_csv_place place = hb_csv_here(r);

		if (hb_csv_count_fields(r, &fields))
			return (struct run){.rows = 0};
		if (rows == 0 || fields != now.fields) {
			above = now;
			now = (struct run){.first = place, .fields = fields, .above = numbers};
		}
		now.rows++;
		now.last_line = place.line;
		numbers += numbers == 0 ? contents_of(r, place).numbers : 0;
		hb_csv_end_line(r);
		if (fields < 2 || now.rows < longest.rows)
			continue;
		longest = now;
		add_header(r, &above, &longest);
	}
	if (longest.first.p == job->first.p || !is_table(r, &longest, rows, now.last_line))
		longest.rows = 0;
	return longest;
}

/* ---- What to try ---- */

/* 1 if blanks part dates from their times in the row, which has too many fields. */
static int parts_times(const hb_csv *at_row, int columns, int found)
{
	return found > columns && hb_csv_parts_times(*at_row) > 0;
}

/* The row without the blanks around it, if all of it is one number with a decimal comma. */
static int is_decimal(const hb_csv *at_row, int columns)
{
	hb_csv line = *at_row;
	double value;
	hb_signs signs;

	line.separator = '\n'; /* none */
	hb_csv_field field = hb_csv_raw(&line);
	return columns == 1 && at_row->separator == ',' &&
	       hb_form_read(HEBB_FORM_DECIMAL_COMMA, field.text, field.size, &value, &signs);
}

/* What to try, or "". */
static void advise(hb_csv_job *job, hb_csv_place row, int columns, int found, char text[ADVICE])
{
	hb_csv at_row = job->r;

	hb_csv_go(&at_row, row);
	*text = '\0';
	if (parts_times(&at_row, columns, found)) {
		snprintf(text, ADVICE,
			 "; blanks separate, so a date and its time are two columns; write them in "
			 "quotes, or separate by commas");
		return;
	}
	if (is_decimal(&at_row, columns)) {
		snprintf(
			text, ADVICE,
			"; --decimal , makes it one number, in which a comma is the decimal point");
		return;
	}
	struct run table = find_table(job);
	if (table.rows > 0)
		snprintf(text, ADVICE,
			 "; lines %lld to %lld have %d each: if the table begins there, say --skip "
			 "%lld",
			 table.first.line, table.last_line, table.fields, table.first.line - 1);
	else if (columns != job->r.likely && found == job->r.likely)
		snprintf(text, ADVICE, "; --skip N leaves out lines above the table");
}

hebb_status hb_csv_refuse_ragged(hb_csv_job *job, hb_csv_place row)
{
	hb_csv *r = &job->r;
	hebb_error *error = r->error;
	int columns = job->columns, found;
	char advice[ADVICE];

	hb_csv_go(r, row);
	hebb_status status = hb_csv_count_fields(r, &found);
	if (status)
		return status;
	int is_above = columns != r->likely && found == r->likely; /* unlike the first line */
	r->error = NULL;
	advise(job, row, columns, found, advice);
	r->error = error;
	return hb_fail_at(error, HEBB_BAD_FORMAT, row.line, 0, "%s:%lld: expected %s%s, found %d%s",
			  r->name, row.line, hebb_show_count(columns, "column").text,
			  is_above ? " as in the first line" : "", found, advice);
}

/* ---- The names of a model ---- */

/* 1 if the line has this field; *from: where the search begins and, after it, ends. */
static int has_field(const hb_csv *line, hb_csv *from, const char *name)
{
	size_t size = strlen(name);
	const char *start = from->p;

	do {
		hb_csv_field field = hb_csv_unquoted(hb_csv_raw(from));
		int is_it = field.size == size && memcmp(field.text, name, size) == 0;

		if (hb_csv_ends_line(from))
			*from = *line;
		else
			from->p++;
		if (is_it)
			return 1;
	} while (from->p != start);
	return 0;
}

/* 1 if the line names all inputs of a model, which are not all numbers. */
static int has_inputs(const hb_csv *line, const hebb_coding *coding)
{
	hb_csv from = *line;
	int names = 0;
	float value;

	for (int i = 0; i < coding->input_count; i++) {
		const char *name = coding->inputs[i].name;
		hb_csv_field field = {name, strlen(name), 0};

		if (!has_field(line, &from, name))
			return 0;
		names += hb_csv_classify(&field, &value) == HB_TEXT;
	}
	return names > 0;
}

/* The first of the lines near the beginning, from r->p on, that names the inputs; 0: none does. */
static long long find_inputs(hb_csv *r, const hebb_coding *coding)
{
	enum { LINES = 50 };
	int fields;

	for (int i = 0; i < LINES && hb_csv_next_row(r); i++) {
		if (has_inputs(r, coding))
			return r->line;
		if (hb_csv_count_fields(r, &fields))
			return 0;
		hb_csv_end_line(r);
	}
	return 0;
}

hebb_status hb_csv_check_names(hb_csv_job *job)
{
	const hebb_coding *coding = job->options->coding;
	hb_csv *r = &job->r;
	hb_csv_place place = hb_csv_here(r);
	hebb_error *error = r->error;

	if (!coding || !coding->named || job->options->header == HEBB_HEADER_NO)
		return HEBB_OK;
	hb_csv_go(r, job->first);
	r->error = NULL;
	long long line = find_inputs(r, coding);
	r->error = error;
	hb_csv_go(r, place);
	if (line <= job->first.line)
		return HEBB_OK;
	return hb_fail_at(error, HEBB_BAD_FORMAT, line, 0,
			  "%s:%lld: names the columns of the model, below other lines; --skip %lld "
			  "leaves these out",
			  r->name, line, line - 1);
}
