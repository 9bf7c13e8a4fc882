/* SPDX-License-Identifier: MIT */
/*
 * fuzz_csv.c - any bytes as a table: read or refused with a sentence, and what was read can be
 * coded
 *
 * They are read by threads, in small pieces, and in windows too. One window is the whole; of small
 * ones the rows and values are the same where the first decides as the whole does.
 */
#include "../src/io/csv/csv.h"
#include "../tests/same_table.h"
#include "fuzz_table.h"

enum { TIMES = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* The first byte tells the options. */
static hebb_table_options options_of(uint8_t byte)
{
	static const char separators[] = {0, 0, 0, ',', ';', '\t', ' '};
	static const char *const encodings[] = {NULL, NULL, "latin-1", "utf-8"};
	hebb_table_options options = hebb_table_options_default();

	options.header = (hebb_header)(1 + byte % 3);
	options.separator = separators[byte / 3 % sizeof separators];
	options.encoding = encodings[byte / 21 % 4];
	options.skip = byte / 84;
	options.names = byte % 2 ? "a,y*" : NULL;
	options.text = byte % 5 == 1 ? "z*,2-3" : NULL;
	options.numeric = byte % 7 == 1 ? "?,9" : NULL;
	options.decimal = byte % 11 == 1 ? ',' : '\0';
	return options;
}

/* ---- One window ---- */

static void read_at_once(const uint8_t *bytes, size_t size, const hebb_table_options *options)
{
	hebb_error told = {.message = ""}, error = {.message = ""};
	hebb_table *whole = hebb_table_parse_with(bytes, size, "fuzz", options, &told),
		   *table = NULL;
	hebb_stream *stream = hb_stream_of(bytes, size, "fuzz", options, 2 * size + 8, 1, &error);

	if (stream)
		hebb_stream_next(stream, &table, &error);
	if (!whole != !table)
		abort();
	if (!whole && strcmp(told.message, error.message) != 0)
		abort();
	if (whole && hebb_table_fingerprint(whole) != hebb_table_fingerprint(table))
		abort();
	hebb_table_free(table);
	if (whole && (hebb_stream_next(stream, &table, &error) != HEBB_OK || table))
		abort();
	hebb_stream_free(stream);
	hebb_table_free(whole);
}

/* ---- Small pieces ---- */

/* Threads that read pieces of some bytes make what one thread makes. */
static void read_pieces(const uint8_t *bytes, size_t size, const hebb_table_options *options,
			size_t piece)
{
	static hebb_pool *alone, *pool; /* threads take long to start */
	hebb_error told = {.message = ""}, error = {.message = ""};

	alone = alone ? alone : hebb_pool_new(1, NULL, NULL);
	pool = pool ? pool : hebb_pool_new(2, NULL, NULL);
	hebb_table *one = hb_csv_parse_in_pieces(bytes, size, "fuzz", options, alone, piece, &told);
	hebb_table *many =
		hb_csv_parse_in_pieces(bytes, size, "fuzz", options, pool, piece, &error);
	if (!one != !many)
		abort();
	if (one ? !is_same_table(many, one) : strcmp(told.message, error.message) != 0)
		abort();
	hebb_table_free(many);
	hebb_table_free(one);
}

/* ---- Small windows ---- */

/* 1 if the first window is laid out as the whole. */
static int is_alike(const hebb_table *whole, const hebb_table *first)
{
	const hb_csv *a = &whole->layout->as, *b = &first->layout->as;

	return whole->columns == first->columns && whole->named == first->named &&
	       whole->line[0] == first->line[0] && a->line == b->line &&
	       a->separator == b->separator && a->tail == b->tail && a->comments == b->comments;
}

static hebb_form form_of(const hebb_table *table, int c)
{
	return hb_detail(table, c) ? table->detail[c]->form : HEBB_FORM_PLAIN;
}

/* The same line and, where columns are of one kind, the same values. */
static void compare_row(const hebb_table *whole, long long row, const hebb_table *window,
			long long at)
{
	if (row >= whole->rows || whole->line[row] != window->line[at])
		abort();
	for (int c = 0; c < whole->columns; c++) {
		float a = whole->values[row * whole->columns + c];
		float b = window->values[at * window->columns + c];

		if (whole->column[c].kind == HEBB_NUMBER && window->column[c].kind == HEBB_NUMBER &&
		    form_of(whole, c) == form_of(window, c) && a != b && !(isnan(a) && isnan(b)))
			abort();
	}
}

/* Reads all windows; returns the rows up to the end or the first failure. */
static long long read_all(hebb_stream *stream, const hebb_table *whole, hebb_error *error)
{
	hebb_table *table;
	long long row = 0;
	int is_first = 1, alike = 0;

	while (!hebb_stream_next(stream, &table, error) && table) {
		size_t size;
		const char *text = hebb_stream_text(stream, &size);

		reread(table, (const uint8_t *)text, size);
		if (is_first)
			alike = whole && is_alike(whole, table);
		for (long long at = 0; alike && at < table->rows; at++)
			compare_row(whole, row + at, table, at);
		row += table->rows;
		is_first = 0;
		hebb_table_free(table);
	}
	if (error->status)
		refused(error);
	return error->status || !alike ? 0 : row;
}

static void read_windows(const uint8_t *bytes, size_t size, const hebb_table_options *options)
{
	hebb_table *whole = hebb_table_parse_with(bytes, size, "fuzz", options, NULL);

	for (int i = 1; i < 4; i++) {
		hebb_error error = {.message = ""};
		size_t window = (size_t)i * (8 + size / 16);
		hebb_stream *stream = hb_stream_of(bytes, size, "fuzz", options, window, i, &error);
		long long rows = stream ? read_all(stream, whole, &error) : 0;

		if (rows > 0 && rows != whole->rows)
			abort();
		if (!stream && whole)
			abort();
		hebb_stream_free(stream);
	}
	hebb_table_free(whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (size == 0)
		return 0;
	const hebb_table_options options = options_of(*bytes);
	fuzz_table(bytes + 1, size - 1, &options, TIMES);
	read_at_once(bytes + 1, size - 1, &options);
	if (size % 4 == 0) /* threads wait for each other most of the time */
		read_pieces(bytes + 1, size - 1, &options, 1 + size / 20);
	read_windows(bytes + 1, size - 1, &options);
	return 0;
}
