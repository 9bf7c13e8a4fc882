/* SPDX-License-Identifier: MIT */
/*
 * reader.c - tables in text: CSV
 *
 * Fields are quoted as in RFC 4180: "a ""b"", c" is one field, which may contain newlines. Blanks
 * around a field are ignored; lines end in LF, CRLF or CR; blank lines are skipped. Quotes change
 * no meaning: "1" is a number as 1 is. encoding.c makes UTF-8 of the text, layout.c finds the
 * separator and the first line, and header.c decides whether this is a header.
 *
 * If all columns are plain numbers, the text is read once. Only the last row decides which form a
 * column has and whether it is text, so forms are found in a second pass, which stops where there
 * are only texts, and then values in forms, texts and spellings are read, each for all such columns
 * at once.
 *
 * Each byte is charged to a budget, in proportion to the text, before it is allocated. Columns need
 * so little memory that few tables exceed it: one row of many short fields, rows of empty fields,
 * or little else than different short texts.
 */
#define _POSIX_C_SOURCE 200809L
#include "csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- The table ---- */

enum { NOTES = 8192 }; /* bytes for the notes of a table, and its layout */

/* Takes the bytes for a table of so many rows. */
static int spend(hb_csv_job *job, long long rows)
{
	unsigned long long row =
		(unsigned long long)job->columns * sizeof(float) + sizeof(uint32_t);
	unsigned long long column = sizeof(hebb_column) + sizeof(hb_csv_seen);
	unsigned long long bytes = sizeof(hebb_table) + NOTES + strlen(job->r.name) + 1 +
				   (unsigned long long)rows * row +
				   (unsigned long long)job->columns * column;

	return bytes <= SIZE_MAX && hb_spend(&job->r.budget, (size_t)bytes);
}

hebb_status hb_csv_too_large(const hb_csv_job *job, long long rows)
{
	rows = rows ? rows : 1; /* the first line */
	return hebb_fail(job->r.error, HEBB_UNSUPPORTED,
			 "%s: %s and %s in %s would take over %d times the "
			 "memory of the file; %s",
			 job->r.name, hebb_show_count(job->columns, "column").text,
			 hebb_show_count(rows, "row").text,
			 hebb_show_count((long long)job->size, "byte").text, HB_CSV_TIMES,
			 rows < job->columns ? "give it more rows at once"
					     : "leave out rows and columns that are empty");
}

static long long count_rows(hb_csv_job *job, int by_rows)
{
	hb_csv_pieces *pieces = &job->pieces;

	hb_csv_pieces_count(pieces, &job->r, job->columns, by_rows);
	return pieces->piece[pieces->count].row;
}

/* Makes the table, with room for the rows and for the first line, which may be one. */
static hebb_status make_table(hb_csv_job *job, hebb_table **table)
{
	hb_csv *r = &job->r;
	hebb_status status = hb_csv_pieces_new(&job->pieces, r);

	if (status)
		return status;
	int is_quoted = r->p < r->end && memchr(r->p, '"', (size_t)(r->end - r->p));
	long long rows = count_rows(job, is_quoted);
	int fits = spend(job, rows + 1);

	if (!fits && !is_quoted) { /* a row that is too short ends the reading */
		rows = count_rows(job, 1);
		fits = spend(job, rows + 1);
	}
	if (!fits)
		return hb_csv_too_large(job, rows);
	job->seen = calloc((size_t)job->columns, sizeof *job->seen);
	if (!job->seen)
		return hb_out_of_memory(r->error);
	job->exact.columns = job->columns;
	job->exact.rows = rows + 1;
	*table = hb_table_new(r->name, "CSV", rows + 1, job->columns, HB_FLOATS, r->error);
	return *table ? HEBB_OK : HEBB_NO_MEMORY;
}

/* ---- The first line ---- */

/* Counts the columns. */
static hebb_status read_first(hb_csv_job *job)
{
	hb_csv *r = &job->r;

	job->first = hb_csv_here(r);
	hebb_status status = hb_csv_count_fields(r, &job->columns);
	hb_csv_end_line(r);
	job->second = hb_csv_here(r);
	r->columns = job->columns += r->has_row_names;
	return status;
}

static int has_header(const hb_csv_job *job, hebb_table *table)
{
	hb_csv_first first = {.r = job->r,
			      .second = job->second,
			      .seen = job->seen,
			      .looks = &job->looks,
			      .options = job->options,
			      .table = table};

	hb_csv_go(&first.r, job->first);
	return hb_csv_is_header(&first);
}

/* Makes the first line a row like the others. */
static hebb_status add_first(hb_csv_job *job, hebb_table *table)
{
	size_t columns = (size_t)job->columns, rows = (size_t)table->rows;

	memmove(table->values + columns, table->values, rows * columns * sizeof *table->values);
	memmove(table->line + 1, table->line, rows * sizeof *table->line);
	hb_csv_exact_insert(&job->exact, table->rows);
	table->rows++;
	table->line[0] = (uint32_t)job->first.line;
	hb_csv_pieces_add_first(&job->pieces, job->first);
	hb_csv_go(&job->r, job->first);
	return hb_csv_read_row(job, table->values);
}

/* Goes on below an earlier window: all lines are rows. */
static void begin_window(hb_csv_job *job)
{
	hb_csv *r = &job->r;
	const hb_csv *as = &job->settled->as;

	r->separator = as->separator;
	r->tail = as->tail;
	r->trailing = as->trailing;
	r->comments = as->comments;
	r->columns = r->likely = job->columns = as->columns;
	hb_csv_drop_end(r);
	job->first = job->second = hb_csv_here(r);
}

/* Finds the layout and counts the columns, unless an earlier window has done so. */
static hebb_status begin_reading(hb_csv_job *job)
{
	hebb_status status;

	if (job->is_later) {
		begin_window(job);
		return HEBB_OK;
	}
	status = hb_csv_find_layout(&job->r, job->options);
	return status ? status : read_first(job);
}

/* ---- The whole ---- */

int hb_csv_probe(const unsigned char *bytes, size_t size)
{
	(void)bytes;
	return size > 0;
}

/* The first byte that no text has: a NUL, or in the head another control character; NULL: none. */
static const unsigned char *odd_byte(const unsigned char *bytes, size_t size, size_t head)
{
	for (size_t i = 0; i < head; i++)
		if (bytes[i] == 0x7f || (bytes[i] < 0x20 && !strchr("\t\n\v\f\r\x1a", bytes[i])) ||
		    bytes[i] == 0)
			return bytes + i;
	return memchr(bytes + head, 0, size - head);
}

/* Refuses what is no text at all, and a text that is damaged: one with a NUL behind lines without
 * odd bytes. */
static hebb_status check_text(const hb_csv_job *job, const hb_text *text)
{
	enum { HEAD = 4096, CLEAN = 64 /* bytes: other formats have odd ones before */ };
	const hb_text_place at = job->is_later ? job->settled->place : (hb_text_place){1, 0};
	const unsigned char *bytes = (const unsigned char *)text->text;
	size_t head = job->is_later ? 0 : text->size < HEAD ? text->size : HEAD;
	const unsigned char *bad = odd_byte(bytes, text->size, head);

	if (!bad)
		return HEBB_OK;
	size_t before = (size_t)(bad - bytes);
	long long line = at.line - 1 + hb_text_line(bytes, before);
	if (*bad == 0 && line > 1 && (job->is_later || before >= CLEAN))
		return hb_fail_at(
			job->r.error, HEBB_BAD_FORMAT, line, 0,
			"%s:%lld: byte %llu of the file is 0x00, which no text has: the "
			"file is damaged there; get it again, correct the line, or remove "
			"such bytes with tr -d '\\000'",
			job->r.name, line, at.byte + before);
	return hebb_fail(job->r.error, HEBB_BAD_FORMAT,
			 "%s: does not look like CSV, or anything else that is read: byte %llu is "
			 "0x%02x",
			 job->r.name, at.byte + before, *bad);
}

/* Decides whether there is a header, and what each column is. */
static hebb_status settle_columns(hb_csv_job *job, hebb_table *table)
{
	hebb_status status = hb_csv_look_again(job, job->second);

	if (status)
		return status;
	if (job->is_later) {
		table->named = job->settled->named;
		return hb_csv_settle_columns(job, table);
	}
	table->named = has_header(job, table);
	if (table->named && table->rows == 0)
		return hebb_fail(job->r.error, HEBB_BAD_FORMAT,
				 "%s: has a header but no rows below it", job->r.name);
	if (!table->named) { /* the first line has a say too */
		status = add_first(job, table);
		hb_csv_looks_free(&job->r, &job->looks);
		if (!status)
			status = hb_csv_look_again(job, job->first);
	}
	return status ? status : hb_csv_settle_columns(job, table);
}

/* Reads what the first reading left open: doubles, forms, texts, spellings. */
static hebb_status read_again(hb_csv_job *job, hebb_table *table)
{
	hb_csv *r = &job->r;
	const hb_csv_place first = table->named ? job->second : job->first;

	hb_csv_go(r, first);
	hebb_status status = hb_csv_look_fill(r, &job->looks, &job->exact, table);
	hb_csv_go(r, first);
	if (!status)
		status = hb_csv_doubles(r, &job->exact, table);
	hb_csv_look_notes(&job->looks, table);
	if (!status && job->settled)
		status = hb_csv_remember(job, table);
	hb_csv_looks_free(r, &job->looks);
	hb_csv_go(r, first);
	if (!status)
		status = hb_csv_texts(r, &job->pieces, table);
	hb_csv_go(r, first);
	if (!status)
		status = hb_csv_spellings(r, table, &job->spelled);
	return status;
}

/* Tells people what of the layout they may not expect. */
static void note_layout(const hb_csv_job *job, hebb_table *table)
{
	const hb_csv *r = &job->r;

	if (job->commented)
		hb_table_note(table, "%s: %s %s taken for comments (# or %%)", table->name,
			      hebb_show_count(job->commented, "line").text,
			      job->commented == 1 ? "was" : "were");
	if (r->is_named && table->named)
		hb_table_note(table, "%s:%lld: the comment names the columns", table->name,
			      job->first.line);
	if (r->has_row_names)
		hb_table_note(table,
			      "%s:%lld: the header has one name less than the rows have columns; "
			      "the first column is called %s",
			      table->name, job->first.line, table->column[0].name);
	if (r->tail == HB_TAIL_SEPARATOR)
		hb_table_note(table, "%s: every row ends in '%c'; the empty column%s left out",
			      table->name, r->separator,
			      r->trailing > 1 ? "s after it were" : " after it was");
}

/* Keeps how the text was read. */
static hebb_status keep_layout(const hb_csv_job *job, const hb_text *text, hb_encoding encoding,
			       hebb_table *table)
{
	table->layout = malloc(sizeof *table->layout);
	if (!table->layout)
		return hb_out_of_memory(job->r.error);
	*table->layout = (struct hebb_layout){.encoding = encoding,
					      .has_header = table->named && !job->is_later,
					      .begin = (size_t)(job->first.p - text->text),
					      .end = (size_t)(job->r.end - text->text),
					      .as = {.line = job->first.line,
						     .separator = job->r.separator,
						     .tail = job->r.tail,
						     .trailing = job->r.trailing,
						     .comments = job->r.comments,
						     .comments_to = job->r.comments_to,
						     .columns = job->r.columns}};
	return HEBB_OK;
}

static hebb_status read_table(hb_csv_job *job, hebb_table **table)
{
	hebb_status status = begin_reading(job);

	if (!status && !job->is_later)
		status = hb_csv_check_names(job);
	if (!status)
		status = make_table(job, table);
	if (!status)
		status = hb_csv_recall_doubles(job);
	if (!status)
		status = hb_csv_read_rows(job, *table);
	if (!status)
		status = settle_columns(job, *table);
	if (status)
		return status;
	note_layout(job, *table);
	status = read_again(job, *table);
	if (!status && !job->options->text && !job->options->coding)
		hb_csv_note_units(*table);
	return status;
}

/* Reads a text that is open. */
static hebb_table *parse_text(hb_csv_job *job, const hb_text *text, hb_encoding encoding)
{
	hebb_table *table = NULL;
	hebb_status status = check_text(job, text);

	job->r.p = text->text;
	job->r.end = text->text + text->size;
	if (!status)
		status = read_table(job, &table);
	if (!status)
		status = keep_layout(job, text, encoding, table);
	free(job->r.scratch);
	free(job->pieces.piece);
	free(job->seen);
	free(job->spelled);
	hb_csv_looks_free(&job->r, &job->looks);
	hb_csv_exact_free(&job->exact);
	if (!status)
		return table;
	hebb_table_free(table);
	return NULL;
}

/* A job whose table may take HB_CSV_TIMES so many bytes. */
static hb_csv_job job_of(size_t size, const char *name, const hebb_table_options *options,
			 hebb_error *error)
{
	size_t most = (SIZE_MAX - HB_CSV_MORE) / HB_CSV_TIMES;
	hb_csv_job job = {
		.size = size,
		.options = options,
		.r = {.line = 1, .missing = options->missing, .name = name, .error = error}};

	job.r.budget.left = HB_CSV_MORE + HB_CSV_TIMES * (size < most ? size : most);
	job.r.budget.texts = HB_LEVELS_MOST;
	return job;
}

hebb_table *hb_csv_parse_in_pieces(const unsigned char *bytes, size_t size, const char *name,
				   const hebb_table_options *options, hebb_pool *pool, size_t piece,
				   hebb_error *error)
{
	hb_encoding encoding = hb_encoding_find(options->encoding);
	hb_csv_job job = job_of(size, name, options, error);
	hb_text text;

	if (hb_text_open(&text, bytes, size, name, encoding, &job.r.budget, error))
		return NULL;
	job.pieces.meter = options->meter;
	job.pieces.size = piece;
	job.pieces.pool = pool;
	hebb_table *table = parse_text(&job, &text, encoding);
	if (table)
		hb_text_note(&text, encoding, table);
	hb_text_close(&text);
	return table;
}

hebb_table *hb_csv_parse(const unsigned char *bytes, size_t size, const char *name,
			 const hebb_table_options *options, hebb_error *error)
{
	hebb_pool *pool = hebb_pool_new(options->threads, NULL, error);

	if (!pool)
		return NULL;
	hebb_table *table =
		hb_csv_parse_in_pieces(bytes, size, name, options, pool, HB_CSV_PIECE, error);
	hebb_pool_free(pool);
	return table;
}

/* ---- A window ---- */

/* What a window says of the encoding counts for those that follow. */
static void settle_encoding(hb_csv_settled *settled, const hb_text *text)
{
	if (text->how == HB_TEXT_LATIN1)
		settled->encoding = HB_LATIN1;
	else if (settled->encoding == HB_ANY_ENCODING && text->wide > 0)
		settled->encoding = HB_MIXED;
}

hebb_table *hb_csv_read_window(hb_csv_settled *settled, const void *bytes, size_t size,
			       const char *name, const hebb_table_options *options, hb_text *text,
			       hebb_error *error)
{
	settled->largest = size > settled->largest ? size : settled->largest;
	hb_csv_job job = job_of(settled->largest, name, options, error);

	job.settled = settled;
	job.pieces.pool = settled->pool;
	job.pieces.size = HB_CSV_PIECE;
	job.is_later = settled->columns > 0;
	job.r.line = settled->place.line;
	job.r.goes_on = settled->goes_on;
	if (hb_text_go_on(text, bytes, size, settled->place, name, settled->encoding, &job.r.budget,
			  error))
		return NULL;
	text->how = settled->is_utf16 ? HB_TEXT_UTF16 : text->how;
	hebb_table *table = parse_text(&job, text, HB_AS_IS);
	if (!table)
		return NULL;
	hb_text_note(text, settled->encoding, table);
	hb_csv_forget_notes(settled, table);
	settle_encoding(settled, text);
	settled->place.line = job.last_line;
	settled->place.byte += size;
	return table;
}
