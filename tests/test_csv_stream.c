/* SPDX-License-Identifier: MIT */
/*
 * test_csv_stream.c - a text in windows is the text as a whole
 *
 * Texts are made at random: columns of all kinds, encodings, ends of lines, quotes, comments. Each
 * is read whole and in windows of a few hundred bytes; rows, lines, names, values and the fields of
 * hebb_csv_rows_next() must be the same.
 */
#define _DEFAULT_SOURCE /* usleep() */
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
	static const char *const words[] = {"Gr\xc3\xbc\xc3\x9f", "\xe2\x82\xac", "caf\xc3\xa9"};

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

/* ---- What the first window decides ---- */

/* The tables of a text in windows of so many rows, up to a failure, which goes to *error. */
struct windows {
	hebb_table *table[64];
	int count;
};

static struct windows read_windows(const char *text, const hebb_table_options *options,
				   long long least, hebb_error *error)
{
	struct windows all = {.count = 0};
	hebb_stream *stream = hb_stream_of(text, strlen(text), "t.csv", options, 1, least, error);
	hebb_table *table;

	if (!stream)
		return all;
	error->status = HEBB_OK;
	while (hebb_stream_next(stream, &table, error) == HEBB_OK && table) {
		assert_true(all.count < (int)COUNT_OF(all.table));
		all.table[all.count++] = table;
	}
	if (error->status) {
		hebb_error again;

		assert_int_equal(hebb_stream_next(stream, &table, &again), HEBB_BAD_ARGUMENT);
		assert_null(table);
	}
	hebb_stream_free(stream);
	return all;
}

static void free_windows(struct windows *all)
{
	for (int i = 0; i < all->count; i++)
		hebb_table_free(all->table[i]);
}

/* Windows of two rows of one column: what it is in each, and its first value or text. */
static const struct decision {
	const char *text;
	int windows;
	const char *kinds; /* n: numbers, t: texts */
	double value[4];
} decisions[] = {
	{"a\n1\n2\n3\n4\n", 2, "nn", {1, 3}},
	/* another text makes texts of a window alone */
	{"a\n1\n2\n3\nx\n5\n6\n", 3, "ntn", {1, 0, 5}},
	{"a\nx\ny\n3\n4\n", 2, "tt", {0, 0}},
	/* forms */
	{"a;b\n1,5;1\n2,5;1\n1.234;1\n2;1\n", 2, "nn", {1.5, 1234}},
	{"a\n30.11.2026\n29.11.2026\n01.02.1970\n02.02.1970\n", 2, "nn", {1795996800, 2678400}},
	{"a\n1.5\n2\n2026-11-30\n2026-11-30\n", 2, "nt", {1.5, 0}},
	{"a\n5%\n6%\n7\n8\n9%\n1%\n", 3, "ntn", {5, 0, 9}},
	{"a\n5\n6\n7%\n8%\n$9\n1\n", 3, "ntn", {5, 0, 9}},
	{"a\n$5\n6\nEUR 7\n8\n$9\n1\n", 3, "ntn", {5, 1, 9}},
	/* marks are missing, however many, where numbers were before */
	{"a\n1\n2\n-\n-\n3\n-\n", 3, "nnn", {1, NAN, 3}},
	/* decided when there is a value */
	{"a;b\n;1\n;2\n1,5;1\n2,5;2\n1.000;1\n3;2\n", 3, "nnn", {NAN, 1.5, 1000}},
	{"a,b\n,1\n,2\nx,1\ny,2\n3,1\n4,2\n", 3, "ntt", {NAN, 0, 0}},
};

static void the_first_window_decides(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < COUNT_OF(decisions); i++) {
		const struct decision *d = &decisions[i];
		hebb_table_options options = hebb_table_options_default();
		hebb_error error;

		options.header = HEBB_HEADER_YES;
		struct windows all = read_windows(d->text, &options, 2, &error);
		test_ok(error.status, &error);
		assert_int_equal(all.count, d->windows);
		for (int w = 0; w < all.count; w++) {
			const hebb_table *table = all.table[w];
			double value = hebb_table_value(table, 0, 0);

			assert_true(table->rows == 2 && table->line[0] == (uint32_t)(2 + 2 * w));
			if ((table->column[0].kind == HEBB_TEXT) != (d->kinds[w] == 't') ||
			    (value != d->value[w] && !(isnan(value) && isnan(d->value[w]))))
				fail_msg("'%s', window %d: %g", d->text, w, value);
		}
		free_windows(&all);
	}
}

/* A column that needed doubles has them from there on. */
static void doubles_stay(void **unused)
{
	static const char text[] = "a\n0.1\n2\n0.5488135039273248\n2\n0.1\n2\n";
	hebb_table_options options = hebb_table_options_default();
	hebb_error error;

	(void)unused;
	options.header = HEBB_HEADER_YES;
	struct windows all = read_windows(text, &options, 2, &error);
	assert_int_equal(all.count, 3);
	assert_null(doubles_of(all.table[0], 0));
	assert_true(doubles_of(all.table[1], 0)[0] == 0.5488135039273248);
	assert_true(doubles_of(all.table[2], 0)[0] == 0.1);
	free_windows(&all);
}

/* Bytes of Latin-1 below others are Latin-1; where UTF-8 was, all but the wrong bytes are. */
static void encodings(void **unused)
{
	static const struct {
		const char *text, *level[2];
		int notes[2];
	} cases[] = {
		{"a\nx\nx\ncaf\xe9\ny\n", {"x", "caf\xc3\xa9"}, {0, 1}},
		{"a\ncaf\xe9\nx\n\xc3\xa9\n\xc3\xa9\n",
		 {"caf\xc3\xa9", "\xc3\x83\xc2\xa9"},
		 {1, 0}},
		{"a\ncaf\xc3\xa9\nx\ncaf\xc3\xa9\ncaf\xe9\n",
		 {"caf\xc3\xa9", "caf\xc3\xa9"},
		 {0, 1}},
		{"a\nx\nx\n\xef\xbb\xbf\n\xef\xbb\xbf\n", {"x", "\xef\xbb\xbf"}, {0, 0}},
	};
	hebb_table_options options = hebb_table_options_default();
	hebb_error error;

	(void)unused;
	options.header = HEBB_HEADER_YES;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct windows all = read_windows(cases[i].text, &options, 2, &error);

		test_ok(error.status, &error);
		assert_int_equal(all.count, 2);
		for (int w = 0; w < 2; w++) {
			assert_string_equal(text_at(all.table[w], 0, 0), cases[i].level[w]);
			assert_int_equal(all.table[w]->note_count, cases[i].notes[w]);
		}
		free_windows(&all);
	}
	options.encoding = "utf-8";
	struct windows all = read_windows("a\nx\nx\ny\nz\xe9\n", &options, 2, &error);
	assert_int_equal(all.count, 1);
	test_failed(error.status, &error, HEBB_BAD_FORMAT,
		    "t.csv:5: byte 0xe9 (byte 9 of the file)");
	free_windows(&all);
}

/* A note is said once, whatever its numbers. */
static void notes_are_said_once(void **unused)
{
	static const char text[] = "a,b\n# 1\n# 1\n1,2026-11-30\n1,2026-11-30\n# 2\n# 3\n# 3\n"
				   "1,2026-11-30\n1,2026-11-30\n";
	hebb_error error;

	(void)unused;
	struct windows all = read_windows(text, NULL, 2, &error);
	assert_int_equal(all.count, 2);
	assert_int_equal(all.table[0]->note_count, 2);
	assert_non_null(strstr(all.table[0]->notes[0], "comments"));
	assert_non_null(strstr(all.table[0]->notes[1], "as dates"));
	assert_int_equal(all.table[1]->note_count, 0);
	assert_true(all.table[1]->line[0] == 9);
	free_windows(&all);
}

/* Ctrl-Z at the end is no row, however many lines follow it; elsewhere it is one. */
static void control_z(void **unused)
{
	static const char *const texts[] = {"a\n1\n2\n3\n\x1a\n\n\n\n\n\n\n\n", "a\n1\n2\n3\x1a",
					    "a\n1\n2\n3\n\x1a",
					    "a\n1\n2\n3\n\n\n\n\n \x1a\n \x1a\n"};
	hebb_error error;

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct windows all = read_windows(texts[i], NULL, 2, &error);

		test_ok(error.status, &error);
		assert_int_equal(all.count, 2);
		assert_true(all.table[1]->rows == 1);
		assert_true(hebb_table_value(all.table[1], 0, 0) == 3);
		free_windows(&all);
	}
	struct windows all = read_windows("a,b\n1,1\n2,2\n\x1a\n3,3\n", NULL, 1, &error);
	test_failed(error.status, &error, HEBB_BAD_FORMAT, "t.csv:4: expected 2 columns, found 1");
	free_windows(&all);
}

/* ---- Failures ---- */

static void failures_name_the_line(void **unused)
{
	static const struct {
		const char *text, *mentioned;
		int windows;
	} cases[] = {
		{"", "t.csv: is empty", 0},
		{"\n\n", "blank lines only", 0},
		{"a,b\n", "a header but no rows", 0},
		{"a,b\n1,2\n3,4\n5,6\n7\n", "t.csv:5: expected 2 columns, found 1", 1},
		{"a,b\n1,2\n3,4\n5,6\n\n7,8,9\n", "t.csv:6: expected 2 columns, found 3", 1},
		{"a,b\n1,2\n3,4\n5,6\n7,1e99\n", "t.csv:5: column \"b\" is infinite", 1},
		{"a,b\n1,\"x\ny\"\n3,4\n5,6\n7,\"8\n9,1\n", "t.csv:6: a quote is opened here", 1},
		{"a,b\n1,\"2\n3,4\n5,6\n", "t.csv:2: a quote is opened here", 0},
	};
	hebb_table_options options = hebb_table_options_default();
	hebb_error error;

	(void)unused;
	options.header = HEBB_HEADER_YES;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct windows all = read_windows(cases[i].text, &options, 2, &error);

		test_failed(error.status, &error, HEBB_BAD_FORMAT, cases[i].mentioned);
		assert_int_equal(all.count, cases[i].windows);
		free_windows(&all);
	}
	assert_null(hebb_stream_new(NULL, NULL, &error));
	assert_int_equal(error.status, HEBB_BAD_ARGUMENT);
	assert_null(hebb_stream_new("no such file", NULL, &error));
	test_failed(error.status, &error, HEBB_IO, "no such file");
	assert_null(hebb_stream_new("/", NULL, &error));
	test_failed(error.status, &error, HEBB_IO, "directory");
}

/* ---- Files and pipes ---- */

static char folder[] = "/tmp/hebb-stream-XXXXXX";

static void path_of(char path[64], const char *name)
{
	snprintf(path, 64, "%s/%s", folder, name);
}

/* Rows i,i/4 up to `rows`, gzip, in one or two members, or not. */
static void write_rows(const char *path, int rows, int is_packed, int members)
{
	gzFile file = gzopen(path, is_packed ? "wb" : "wbT");

	gzputs(file, "a,b\n");
	for (int i = 0; i < rows; i++) {
		if (members == 2 && i == rows / 2) {
			gzclose(file);
			file = gzopen(path, "ab");
		}
		gzprintf(file, "%d,%d.%s\n", i, i / 4, i % 2 ? "25" : "5");
	}
	gzclose(file);
}

/* Returns the number of windows. */
static int count_rows(hebb_stream *stream, long long rows)
{
	hebb_error error;
	hebb_table *table;
	long long row = 0;
	int windows = 0;

	for (;; windows++) {
		test_ok(hebb_stream_next(stream, &table, &error), &error);
		if (!table)
			break;
		for (long long i = 0; i < table->rows; i++)
			assert_true(hebb_table_value(table, i, 0) == (double)(row + i) &&
				    table->line[i] == row + i + 2);
		row += table->rows;
		hebb_table_free(table);
	}
	assert_true(row == rows);
	return windows;
}

static void *write_pipe(void *path)
{
	write_rows(path, 600000, 1, 1);
	return NULL;
}

static void files_and_pipes(void **unused)
{
	char path[64];
	hebb_error error;
	pthread_t writer;

	(void)unused;
	path_of(path, "rows.csv");
	for (int is_packed = 0; is_packed < 2; is_packed++) {
		write_rows(path, 600000, is_packed, 1 + is_packed);
		hebb_stream *stream = hebb_stream_new(path, NULL, &error);
		assert_non_null(stream);
		assert_int_equal(count_rows(stream, 600000), 3);
		hebb_stream_free(stream);
	}
	path_of(path, "pipe");
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(pthread_create(&writer, NULL, write_pipe, path), 0);
	hebb_stream *stream = hebb_stream_new(path, NULL, &error);
	assert_non_null(stream);
	assert_int_equal(count_rows(stream, 600000), 3);
	pthread_join(writer, NULL);
	hebb_stream_free(stream);
}

/* Other data is one table. */
static void other_data(void **unused)
{
	static const unsigned char labels[] = {0, 0, 8, 1, 0, 0, 0, 3, 7, 0, 9};
	char path[64];
	hebb_error error;
	hebb_table *table;

	(void)unused;
	path_of(path, "labels");
	test_ok(hebb_file_write(path, labels, sizeof labels, &error), &error);
	const char *const names[] = {"digits", path};
	const long long rows[] = {1797, 3};
	for (int i = 0; i < 2; i++) {
		hebb_stream *stream = hebb_stream_new(names[i], NULL, &error);

		assert_non_null(stream);
		test_ok(hebb_stream_next(stream, &table, &error), &error);
		assert_true(table->rows == rows[i]);
		assert_null(hebb_stream_text(stream, NULL));
		hebb_table_free(table);
		test_ok(hebb_stream_next(stream, &table, &error), &error);
		assert_null(table);
		hebb_stream_free(stream);
	}
}

/* A row has as many bytes as it likes. */
static void long_rows(void **unused)
{
	enum { LONG = 5 << 20 };
	static char text[LONG + 64];
	hebb_error error;
	size_t at = (size_t)sprintf(text, "a,b\n1,x\n2,\"");

	(void)unused;
	memset(text + at, '\n', LONG);
	strcpy(text + at + LONG, "\"\n3,y\n");
	struct windows all = read_windows(text, NULL, 1, &error);
	test_ok(error.status, &error);
	assert_int_equal(all.count, 3);
	assert_int_equal(strlen(all.table[1]->column[1].levels[0]), LONG);
	assert_true(all.table[2]->line[0] == 3 + LONG + 1);
	free_windows(&all);
}

/* ---- Signals ---- */

static void nothing(int number)
{
	(void)number;
}

/* Sends a signal to the main thread until it has been woken, then the rest of the data. */
struct waker {
	pthread_t whom;
	int file;
	volatile int is_awake;
};

static void *wake(void *self)
{
	struct waker *waker = self;

	while (!waker->is_awake) {
		usleep(1000);
		pthread_kill(waker->whom, SIGUSR1);
	}
	assert_int_equal(write(waker->file, "3,4\n", 4), 4);
	close(waker->file);
	return NULL;
}

static void a_signal_wakes_a_stream(void **unused)
{
	struct sigaction action = {.sa_handler = nothing};
	struct waker waker = {.whom = pthread_self()};
	hebb_error error;
	hebb_table *table;
	pthread_t thread;
	char path[64];
	int woken = 0;

	(void)unused;
	sigaction(SIGUSR1, &action, NULL);
	path_of(path, "slow");
	assert_int_equal(mkfifo(path, 0600), 0);
	waker.file = open(path, O_RDWR);
	for (int i = 0; i < 4096; i += 4) /* which tell the format */
		assert_int_equal(write(waker.file, "1,2\n", 4), 4);
	hebb_stream *stream = hebb_stream_new(path, NULL, &error);
	assert_non_null(stream);
	assert_int_equal(pthread_create(&thread, NULL, wake, &waker), 0);
	while (hebb_stream_next(stream, &table, &error) == HEBB_IO) {
		assert_null(table);
		woken = waker.is_awake = 1;
	}
	pthread_join(thread, NULL);
	assert_true(woken);
	assert_non_null(table);
	assert_true(table->rows == 4096 / 4 + 1);
	hebb_table_free(table);
	hebb_stream_free(stream);
}

static int make_folder(void **unused)
{
	(void)unused;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **unused)
{
	static const char *const names[] = {"rows.csv", "pipe", "labels", "slow"};
	char path[64];

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		path_of(path, names[i]);
		unlink(path);
	}
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows_are_the_whole),
		cmocka_unit_test(the_first_window_decides),
		cmocka_unit_test(doubles_stay),
		cmocka_unit_test(encodings),
		cmocka_unit_test(notes_are_said_once),
		cmocka_unit_test(control_z),
		cmocka_unit_test(failures_name_the_line),
		cmocka_unit_test(files_and_pipes),
		cmocka_unit_test(other_data),
		cmocka_unit_test(long_rows),
		cmocka_unit_test(a_signal_wakes_a_stream),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
