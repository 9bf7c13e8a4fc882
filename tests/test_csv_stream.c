/* SPDX-License-Identifier: MIT */
/*
 * test_csv_stream.c - a text in windows is the text as a whole
 *
 * Texts are made at random: columns of all kinds, encodings, ends of lines, quotes, comments. Each
 * is read whole and in windows of a few hundred bytes; rows, lines, names, values and the fields of
 * hebb_csv_rows_next() must be the same.
 */
#define _POSIX_C_SOURCE 200809L
#include "hebb_io.h"
#include "io/io.h"
#include "test.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { COLUMNS_MOST = 6, ROWS_MOST = 400, TEXT_MOST = 1 << 18 };

/* ---- Random numbers ---- */

static uint32_t state;

static uint32_t below(uint32_t n)
{
	state = state * 1664525u + 1013904223u;
	return (uint32_t)((uint64_t)(state >> 4) * n >> 28);
}

/* ---- Texts at random ---- */

struct text {
	char bytes[TEXT_MOST];
	size_t size;
	const char *end; /* of a line */
	char separator;
	int has_quotes;
};

static void put(struct text *t, const char *what)
{
	size_t size = strlen(what);

	assert_true(t->size + size < sizeof t->bytes);
	memcpy(t->bytes + t->size, what, size);
	t->size += size;
}

/* A value of each kind.  Each tells its form, and needs doubles, or none does. */
static void plain(char *to)
{
	sprintf(to, "%u", below(1000));
}

static void tenths(char *to)
{
	sprintf(to, "%s%u.%u", below(4) ? "" : "-", below(100), 1 + below(9));
}

static void digits(char *to)
{
	sprintf(to, "0.%u%u%u1", 10000 + below(9000), 10000 + below(9000), 10000 + below(9000));
}

static void comma(char *to)
{
	sprintf(to, "%u,%u", below(1000), 1 + below(98));
}

static void thousands(char *to)
{
	sprintf(to, "%u,%03u.5", 1 + below(900), below(1000));
}

static void money(char *to)
{
	sprintf(to, "$%u.50", below(1000));
}

static void percent(char *to)
{
	sprintf(to, "%u%%", below(101));
}

static void date(char *to)
{
	sprintf(to, "%02u.%02u.20%02u", 13 + below(15), 1 + below(12), 10 + below(20));
}

static void truth(char *to)
{
	strcpy(to, below(2) ? "True" : "False");
}

static void word(char *to)
{
	static const char *const words[] = {"red", "green", "blue", "New York", "a-b", "x\"y"};

	strcpy(to, words[below(COUNT_OF(words))]);
}

static void wide(char *to)
{
	static const char *const words[] = {"Gr\xc3\xbc\xc3\x9f"
					    "e",
					    "\xe2\x82\xac", "caf\xc3\xa9"};

	strcpy(to, words[below(COUNT_OF(words))]);
}

static void lines(char *to)
{
	static const char *const texts[] = {"two\nlines", "a, b", "say \"\"hi\"\"",
					    "cr\r\nlf",   "# no", "; | \t"};

	strcpy(to, texts[below(COUNT_OF(texts))]);
}

typedef void kind_fn(char *to);
static kind_fn *const kinds[] = {plain, tenths,  digits, comma, thousands, money,
				 date,  percent, truth,  word,  wide,      lines};

/* Puts a field, in quotes where it must be and elsewhere at random; some are missing. */
static void put_field(struct text *t, kind_fn *kind, int may_lack)
{
	static const char *const missing[] = {"", "", "?", "NA"};
	char value[64];

	if (may_lack && below(12) == 0) {
		put(t, missing[below(kind == word || kind == wide || kind == lines ? 3 : 4)]);
		return;
	}
	kind(value);
	int is_quoted =
		kind == lines || strchr(value, t->separator) || (below(8) == 0 && kind != word);
	put(t, below(9) ? "" : t->separator == '\t' ? "" : " ");
	put(t, is_quoted ? "\"" : "");
	put(t, value);
	put(t, is_quoted ? "\"" : "");
}

struct layout {
	int columns, rows, has_header, has_comments, has_blanks, has_tail;
	kind_fn *kind[COLUMNS_MOST];
};

static void put_row(struct text *t, const struct layout *l, int may_lack)
{
	char separator[] = {t->separator, 0};

	for (int c = 0; c < l->columns; c++) {
		put(t, c ? separator : "");
		put_field(t, l->kind[c], may_lack && l->columns > 1);
	}
	put(t, l->has_tail ? separator : "");
}

static void put_between(struct text *t, const struct layout *l)
{
	if (l->has_comments && below(15) == 0) {
		put(t, "# a \"comment");
		put(t, t->end);
	}
	if (l->has_blanks && below(10) == 0)
		put(t, below(2) ? "  " : "");
	if (l->has_blanks && below(10) == 0)
		put(t, t->end);
}

static void make_layout(struct layout *l)
{
	*l = (struct layout){.columns = 1 + (int)below(COLUMNS_MOST),
			     .rows = 20 + (int)below(ROWS_MOST - 20),
			     .has_header = below(4) > 0,
			     .has_comments = below(4) == 0,
			     .has_blanks = below(4) == 0};
	l->has_tail = l->columns > 1 && below(6) == 0;
	for (int c = 0; c < l->columns; c++)
		l->kind[c] = kinds[below(COUNT_OF(kinds))];
	l->kind[0] = l->columns == 1 || below(3) ? plain : l->kind[0]; /* comments are clear */
}

/* Returns 1 if it has a header. */
static int make_text(struct text *t)
{
	static const char *const ends[] = {"\n", "\r\n", "\r"};
	struct layout l;
	char name[16];

	make_layout(&l);
	t->size = 0;
	t->end = ends[below(3)];
	t->separator = ";\t|"[below(3)];
	char separator[] = {t->separator, 0};
	if (below(8) == 0) {
		put(t, "sep=");
		put(t, separator);
		put(t, t->end);
	}
	for (int c = 0; c < l.columns && l.has_header; c++) {
		sprintf(name, "%scolumn %c", c ? separator : "", 'a' + c);
		put(t, name);
	}
	put(t, l.has_header && l.has_tail ? separator : "");
	put(t, l.has_header ? t->end : "");
	for (int row = 0; row < l.rows; row++) {
		if (row > 0)
			put_between(t, &l);
		put_row(t, &l, row > 3);
		put(t, row + 1 < l.rows || below(2) ? t->end : "");
	}
	if (below(10) == 0)
		put(t, "\x1a");
	if (below(10) == 0)
		put(t, t->end);
	return l.has_header;
}

/* ---- Encodings ---- */

/* The characters that are made lie below 0x10000. */
static uint32_t next_character(const unsigned char **p)
{
	const unsigned char *c = *p;
	int bytes = *c < 0x80 ? 1 : *c < 0xe0 ? 2 : 3;

	*p += bytes;
	return bytes == 1   ? c[0]
	       : bytes == 2 ? (c[0] & 0x1fu) << 6 | (c[1] & 0x3fu)
			    : (c[0] & 0xfu) << 12 | (c[1] & 0x3fu) << 6 | (c[2] & 0x3fu);
}

/* Writes the text in an encoding: UTF-8, with a mark, UTF-16 of either order, Latin-1. */
static size_t encode(const struct text *t, int how, unsigned char *to)
{
	const unsigned char *p = (const unsigned char *)t->bytes, *end = p + t->size;
	unsigned char *at = to;

	if (how == 1)
		at += sprintf((char *)at, "\xef\xbb\xbf");
	if (how < 2) {
		memcpy(at, p, t->size);
		return (size_t)(at - to) + t->size;
	}
	for (int is_first = how < 4; p < end || is_first; is_first = 0) {
		uint32_t code = is_first ? 0xfeff : next_character(&p);

		if (how == 4) {
			*at++ = code == 0x20ac ? 0x80 : (unsigned char)code;
			continue;
		}
		at[how == 3] = (unsigned char)code;
		at[how == 2] = (unsigned char)(code >> 8);
		at += 2;
	}
	return (size_t)(at - to);
}

/* ---- The comparison ---- */

static const char *text_at(const hebb_table *table, long long row, int c)
{
	double value = hebb_table_value(table, row, c);

	return isnan(value) ? NULL : table->column[c].levels[(int)value];
}

static void compare_texts(const char *a, const char *b)
{
	assert_int_equal(a == NULL, b == NULL);
	if (a)
		assert_string_equal(a, b);
}

static const double *doubles_of(const hebb_table *table, int c)
{
	return table->detail && table->detail[c] ? table->detail[c]->doubles : NULL;
}

/* Doubles are the same where both have them; float32 is always. */
static void compare_numbers(const hebb_table *a, long long row, const hebb_table *b, long long at,
			    int c)
{
	const double *exact[] = {doubles_of(a, c), doubles_of(b, c)};
	float value[] = {a->values[row * a->columns + c], b->values[at * b->columns + c]};

	assert_memory_equal(&value[0], &value[1], sizeof *value);
	assert_true(!exact[0] || exact[1]);
	if (exact[0])
		assert_memory_equal(&exact[0][row], &exact[1][at], sizeof **exact);
}

static void compare_row(const hebb_table *whole, long long row, const hebb_table *window,
			long long at)
{
	assert_true(whole->line[row] == window->line[at]);
	for (int c = 0; c < whole->columns; c++) {
		assert_int_equal(whole->column[c].kind, window->column[c].kind);
		if (whole->column[c].kind == HEBB_TEXT)
			compare_texts(text_at(whole, row, c), text_at(window, at, c));
		else
			compare_numbers(whole, row, window, at, c);
	}
}

/* The fields of the rows as they stand. */
static void compare_fields(hebb_csv_rows *all, const hebb_table *window, const char *text,
			   size_t size)
{
	hebb_error error;
	hebb_csv_rows *rows = hebb_csv_rows_new(text, size, window, &error);
	const char *a, *b;

	assert_non_null(rows);
	for (long long row = 0; row < window->rows; row++)
		for (int last = window->columns - 1, once = 1; once; once = 0) {
			test_ok(hebb_csv_rows_next(all, 1, &last, &a, &error), &error);
			test_ok(hebb_csv_rows_next(rows, 1, &last, &b, &error), &error);
			assert_string_equal(a, b);
		}
	assert_int_equal(hebb_csv_rows_next(rows, 0, NULL, NULL, &error), HEBB_BAD_FORMAT);
	hebb_csv_rows_free(rows);
}

/* Returns the number of windows. */
static int compare(const void *bytes, size_t size, const hebb_table_options *options, size_t window,
		   long long least)
{
	hebb_error error;
	hebb_table *whole = hebb_table_parse_with(bytes, size, "made", options, &error), *table;

	if (!whole)
		fail_msg("%s", error.message);
	hebb_csv_rows *all = hebb_csv_rows_new(bytes, size, whole, &error);
	hebb_stream *stream = hb_stream_of(bytes, size, "made", options, window, least, &error);
	long long row = 0;
	int windows = 0;

	assert_non_null(all);
	assert_non_null(stream);
	for (;; windows++) {
		size_t shown;

		test_ok(hebb_stream_next(stream, &table, &error), &error);
		if (!table)
			break;
		assert_true(table->rows > 0 && row + table->rows <= whole->rows);
		assert_int_equal(table->named, whole->named);
		assert_int_equal(table->columns, whole->columns);
		for (int c = 0; c < whole->columns; c++)
			assert_string_equal(whole->column[c].name, table->column[c].name);
		for (long long at = 0; at < table->rows; at++)
			compare_row(whole, row + at, table, at);
		const char *text = hebb_stream_text(stream, &shown);
		compare_fields(all, table, text, shown);
		row += table->rows;
		hebb_table_free(table);
	}
	assert_true(row == whole->rows);
	hebb_stream_free(stream);
	hebb_csv_rows_free(all);
	hebb_table_free(whole);
	return windows;
}

/* Some texts, in each encoding, in windows of many sizes. */
static void windows_are_the_whole(void **unused)
{
	static struct text text;
	static unsigned char bytes[2 * TEXT_MOST + 4];
	int windows = 0;

	(void)unused;
	for (uint32_t seed = 0; seed < 1500; seed++) {
		hebb_table_options options = hebb_table_options_default();
		int how = (int)(seed % 5);

		state = seed;
		int is_named = make_text(&text);
		size_t size = encode(&text, how, bytes);
		options.encoding = how == 4 ? "latin-1" : NULL; /* few of its bytes tell */
		options.separator = below(2) ? text.separator : 0;
		options.header = is_named ? HEBB_HEADER_YES : HEBB_HEADER_NO;
		windows += compare(bytes, size, &options, 200 + below(1500), 5 + below(20));
	}
	assert_true(windows > 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows_are_the_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
