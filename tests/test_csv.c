/* SPDX-License-Identifier: MIT */
/*
 * test_csv.c - CSV asks for memory in proportion to its text, whatever that is, and finds its texts
 * again
 *
 * Counted is what is held at once (held.h), by all threads.
 */
#include "test.h"
#include "held.h"
#include "io/io.h"
#include "hebb_io.h"

/* ---- Texts of several MB ---- */

enum { MEGABYTE = 1 << 20, TIMES = 4 };

/* before, then rows of columns of cells, each with its number for %u, then after. */
struct text {
	const char *what, *names, *before, *cell;
	int columns, rows;
	const char *end, *after;
	hebb_status status;
	const char *mentioned;
};

static char *put_row(char *to, const char *cell, int columns, const char *end, unsigned *number)
{
	int is_format = strchr(cell, '%') != NULL;
	size_t size = strlen(cell);

	for (int c = 0; c < columns; c++) {
		if (c > 0)
			*to++ = ',';
		if (is_format)
			to += sprintf(to, cell, *number);
		else
			to = (char *)memcpy(to, cell, size) + size;
		++*number;
	}
	return strcpy(to, end) + strlen(end);
}

static size_t make(const struct text *text, char *to)
{
	char *start = to;
	unsigned number = 0;

	if (text->names)
		to = put_row(to, text->names, text->columns, "\n", &number);
	if (text->before)
		to = put_row(to, text->before, 1, "", &number);
	number = 0;
	for (int i = 0; i < text->rows; i++)
		to = put_row(to, text->cell, text->columns, text->end ? text->end : "\n", &number);
	if (text->after)
		to = put_row(to, text->after, 1, "", &number);
	return (size_t)(to - start);
}

static void check(const struct text *text, char *room, size_t room_size)
{
	size_t size = make(text, room), before = held;
	hebb_error error = {0};

	assert_true(size < room_size);
	most = held;
	hebb_table *table = hebb_table_parse(room, size, "t.csv", HEBB_HEADER_AUTO, &error);
	if (most - before > TIMES * size + MEGABYTE)
		fail_msg("%s: %zu bytes for %zu", text->what, most - before, size);
	if (!table != (text->status != HEBB_OK))
		fail_msg("%s: %s", text->what, table ? "was read" : error.message);
	if (!table)
		test_failed(error.status, &error, text->status, text->mentioned);
	hebb_table_free(table);
	assert_int_equal(held, before);
}

/* Reads the text in windows; each keeps the bound of the largest one, beside its text, twice while
 * that grows, and what the stream keeps of a column. */
static void check_windows(const struct text *text, char *room, size_t window)
{
	enum { TEXTS = 2, COLUMN = 48 };
	size_t size = make(text, room), shown, largest = window;
	hebb_error error = {0};
	hebb_stream *stream = hb_stream_of(room, size, "t.csv", NULL, window, 100, &error);
	hebb_table *table = NULL;

	assert_non_null(stream);
	for (int is_read = 1; is_read;) {
		size_t before = held;

		most = held;
		is_read = hebb_stream_next(stream, &table, &error) == HEBB_OK && table;
		hebb_stream_text(stream, &shown);
		largest = shown > largest ? shown : largest;
		if (most - before >
		    (TIMES + TEXTS) * largest + MEGABYTE + COLUMN * (size_t)text->columns)
			fail_msg("%s: %zu bytes for a window of %zu", text->what, most - before,
				 largest);
		hebb_table_free(table);
	}
	hebb_stream_free(stream);
}

static void check_all(size_t count, const struct text *texts)
{
	size_t room_size = 16 << 20;
	char *room = malloc(room_size);

	for (size_t i = 0; i < count; i++)
		check(&texts[i], room, room_size);
	for (size_t i = 0; i < count; i++)
		for (size_t window = 1 << 12; window <= 1 << 20; window <<= 4)
			check_windows(&texts[i], room, window);
	free(room);
}

/* ---- Tests ---- */

#define REFUSED .status = HEBB_UNSUPPORTED, .mentioned = "4 times the memory"
#define RAGGED .status = HEBB_BAD_FORMAT, .mentioned = "t.csv:2: expected"

/* What takes most memory for its size: it is read, or refused with the reason. */
static void worst_cases_keep_the_bound(void **state)
{
	static const struct text texts[] = {
		{"digits", .cell = "1", .columns = 1, .rows = 1000000},
		{"digits, CRLF", .cell = "1", .columns = 1, .rows = 700000, .end = "\r\n"},
		{"digits, CR", .cell = "1", .columns = 1, .rows = 1000000, .end = "\r"},
		{"digits, quoted", .cell = "\"1\"", .columns = 2, .rows = 200000},
		{"one of two", .cell = "1,", .columns = 1, .rows = 700000},
		{"nothing", .cell = "", .columns = 2, .rows = 1000000, REFUSED},
		{"nothing, quoted", .cell = "\"\"", .columns = 2, .rows = 300000},
		{"nothing in 100 columns", .cell = "", .columns = 100, .rows = 20000},
		{"blanks", .before = "1,2\n", .cell = " ", .columns = 1, .rows = 1000000},
		{"blank lines between", .cell = "1", .columns = 1, .rows = 500000, .end = "\n \n"},
		{"a row of digits", .cell = "0", .columns = 500000, .rows = 1, REFUSED},
		{"a row of nothing", .cell = "", .columns = 1000000, .rows = 1, REFUSED},
		{"a row of texts", .cell = "a", .columns = 500000, .rows = 1, REFUSED},
		/* where one size is too large depends on that of pointers */
		{"rows of a letter", .cell = "A", .columns = 100000,
		 .rows = sizeof(void *) > 4 ? 12 : 4, REFUSED},
		{"no room for names", .names = "", .cell = "1",
		 .columns = sizeof(void *) > 4 ? 27000 : 40000, .rows = 3, REFUSED},
		{"the same name", .names = "a", .cell = "1", .columns = 40000, .rows = 10},
		{"long names", .names = "%02000u", .before = "", .cell = "x", .columns = 1000,
		 .rows = 1},
		{"short texts", .cell = "%x", .columns = 1, .rows = 500000, REFUSED},
		{"texts", .cell = "text%u,1", .columns = 1, .rows = 300000},
		{"texts to sort", .cell = "%05x", .columns = 1,
		 .rows = sizeof(void *) > 4 ? 200000 : 700000, REFUSED},
		{"texts, quoted", .cell = "\"a \"\"%u\"\"\",1", .columns = 1, .rows = 200000},
		{"columns of texts", .cell = "t%06u", .columns = 1000, .rows = 300},
		{"a text of quotes", .before = "\"", .cell = "\"\"", .columns = 1, .rows = 2000000,
		 .end = "", .after = "\",1\nb,2\n"},
		{"a name of quotes", .before = "\"", .cell = "\"\"", .columns = 1, .rows = 2000000,
		 .end = "", .after = "\"\n1\n2\n"},
		{"a text of lines", .before = "\"", .cell = "a", .columns = 1, .rows = 1000000,
		 .after = "\",1\nb,2\n"},
		{"long numbers", .cell = "16777217", .columns = 2, .rows = 300000},
		{"a long number", .before = "16777217\n", .cell = "1", .columns = 1,
		 .rows = 1000000},
		{"a long number below", .cell = "1", .columns = 1, .rows = 1000000,
		 .after = "16777217\n"},
		{"a row of long numbers", .cell = "1234567.125", .columns = 100000, .rows = 1},
		{"spelled numbers", .cell = "01", .columns = 1, .rows = 700000},
		{"many spellings", .cell = "0%u", .columns = 1, .rows = 400000},
		{"rows of spelled numbers", .cell = "1.0", .columns = 3000, .rows = 100},
		{"percents", .cell = "1%%", .columns = 1, .rows = 700000},
		{"rows of percents", .cell = "1%%", .columns = 3000, .rows = 100},
		{"marks", .before = "1\n2\n", .cell = "-\n2\n3", .columns = 1, .rows = 300000},
		{"marks of texts", .cell = "b,NA", .columns = 1, .rows = 500000},
		{"truth", .cell = "true", .columns = 3, .rows = 200000},
		{"dates", .cell = "1/1/1999", .columns = 2, .rows = 300000},
		{"Latin-1", .cell = "\xe4,1.5", .columns = 1, .rows = 500000},
		{"signs of Windows", .cell = "\x80\x80\x80\x80\x80", .columns = 1, .rows = 500000},
		{"signs of Windows, all different", .cell = "\x80\x80%u", .columns = 1,
		 .rows = 300000, REFUSED},
		{"names of rows", .names = "a,b", .cell = "r%u,1,2.5", .columns = 1,
		 .rows = 300000},
		{"ends of rows", .before = "a,b,\n", .cell = "1,2,", .columns = 1, .rows = 500000},
		{"comments", .before = "a\n", .cell = "#\n1", .columns = 1, .rows = 500000},
		{"comments, blanks between", .before = "a b\n", .cell = "#\n1 2", .columns = 1,
		 .rows = 300000},
		{"a row too short", .before = "a,b\n", .cell = "1", .columns = 1, .rows = 1000000,
		 RAGGED},
		{"a row too long", .before = "a\n", .cell = "1", .columns = 2, .rows = 500000,
		 RAGGED},
	};

	(void)state;
	check_all(COUNT_OF(texts), texts);
}

/* What people have is read. */
static void tables_are_read(void **state)
{
	static const struct text texts[] = {
		{"one image", .cell = "0", .columns = 784, .rows = 1},
		{"images", .names = "pixel%u", .cell = "0", .columns = 785, .rows = 1000},
		{"a row of many", .names = "a_name_of_%05u", .cell = "0.1234", .columns = 20000,
		 .rows = 1},
		{"sparse", .cell = ",,,,,,,,,,,,1.5,,,,,,", .columns = 5, .rows = 20000},
		{"many texts", .cell = "a%05x,1", .columns = 1, .rows = 500000},
		{"a row of letters", .names = "rs%07u", .cell = "A", .columns = 20000, .rows = 1},
		{"a row of genotypes", .names = "rs%07u", .cell = "AG", .columns = 20000,
		 .rows = 1},
		{"rows of short texts", .cell = "t%u", .columns = 30000, .rows = 2},
		{"letters", .names = "rs%07u", .cell = "A", .columns = 20000, .rows = 60},
		{"categories", .cell = "red,blue", .columns = 5, .rows = 20000},
		{"lines in texts",
		 .cell = "1,2,3,4,5,6,7,8,9,\"a text\nof\nmany\nshort\nlines\nin\none\nfield\"",
		 .columns = 1, .rows = 80000},
	};

	(void)state;
	check_all(COUNT_OF(texts), texts);
}

/* Texts that come again and again, out of order: each row has its own, and they are sorted. */
static void texts_are_found_again(void **state)
{
	enum { ROWS = 20000, DIFFERENT = 7000, SIZE = 16 };
	char(*text)[SIZE] = malloc(ROWS * sizeof *text), *csv = malloc(ROWS * SIZE), *to = csv;
	hebb_error error;

	(void)state;
	for (unsigned i = 0; i < ROWS; i++) {
		sprintf(text[i], "t%u", (i * 2654435761u >> 7) % DIFFERENT);
		to += sprintf(to, "%s\n", text[i]);
	}
	hebb_table *table =
		hebb_table_parse(csv, (size_t)(to - csv), "t.csv", HEBB_HEADER_NO, &error);
	assert_non_null(table);
	const hebb_column *column = &table->column[0];
	assert_int_equal(table->rows, ROWS);
	assert_in_range(column->level_count, DIFFERENT / 2, DIFFERENT);
	for (int i = 1; i < column->level_count; i++)
		assert_true(strcmp(column->levels[i - 1], column->levels[i]) < 0);
	for (int i = 0; i < ROWS; i++)
		assert_string_equal(column->levels[(int)table->values[i]], text[i]);
	hebb_table_free(table);
	free(csv);
	free(text);
}

/* So many columns of texts that there is no room to collect all at once: each value is still its
 * own text. */
static void wide_texts(void **state)
{
	enum { COLUMNS = 14500, ROWS = 3, SIZE = 12 };
	char *csv = malloc(COLUMNS * ROWS * SIZE), *to = csv, expected[SIZE];

	(void)state;
	for (int i = 0; i < ROWS * COLUMNS; i++) {
		char end = i % COLUMNS == COLUMNS - 1 ? '\n' : ',';

		to += i % 5 == 4 ? sprintf(to, "%c", end)
				 : sprintf(to, "%c%d%c", "tbz"[i / 7 % 3], i % 11, end);
	}
	hebb_table *table =
		hebb_table_parse(csv, (size_t)(to - csv), "t.csv", HEBB_HEADER_NO, NULL);
	assert_non_null(table);
	for (int i = 0; i < ROWS * COLUMNS; i++) {
		const hebb_column *column = &table->column[i % COLUMNS];

		if (i % 5 == 4) {
			assert_true(isnan(table->values[i]));
			continue;
		}
		sprintf(expected, "%c%d", "tbz"[i / 7 % 3], i % 11);
		assert_string_equal(column->levels[(int)table->values[i]], expected);
		for (int l = 1; l < column->level_count; l++)
			assert_true(strcmp(column->levels[l - 1], column->levels[l]) < 0);
	}
	hebb_table_free(table);
	free(csv);
}

/* Rows are counted before they are read: what is quoted may hold quotes, separators and ends of
 * lines of each kind. */
static void quoted_rows(void **state)
{
	static const char row[] = "\"a \"\", b\",\"\"\"\",\"x\ry\r\nz\n\",1\r\n";
	enum { ROWS = 300, LINES = 4 }; /* of a row */
	char csv[3 + ROWS * sizeof row], *to = csv + sprintf(csv, "\n \n");

	(void)state;
	for (int i = 0; i < ROWS; i++)
		to += sprintf(to, "%s", row);
	hebb_table *table =
		hebb_table_parse(csv, (size_t)(to - csv), "t.csv", HEBB_HEADER_NO, NULL);
	assert_non_null(table);
	assert_int_equal(table->rows, ROWS);
	assert_int_equal(table->columns, 4);
	for (int i = 0; i < ROWS; i++)
		assert_int_equal(table->line[i], 3 + i * LINES);
	assert_string_equal(table->column[0].levels[0], "a \", b");
	assert_string_equal(table->column[1].levels[0], "\"");
	assert_string_equal(table->column[2].levels[0], "x\ry\r\nz\n");
	hebb_table_free(table);
}

/* Each text begins those before it. */
static void beginnings_are_texts(void **state)
{
	enum { LONGEST = 1500 };
	char *csv = malloc(LONGEST * LONGEST), *to = csv;

	(void)state;
	for (size_t size = LONGEST; size > 0; size--) {
		memset(to, 'a', size);
		to[size] = '\n';
		to += size + 1;
	}
	hebb_table *table =
		hebb_table_parse(csv, (size_t)(to - csv), "t.csv", HEBB_HEADER_NO, NULL);
	assert_non_null(table);
	assert_int_equal(table->column[0].level_count, LONGEST);
	assert_int_equal(table->values[0], LONGEST - 1);
	assert_int_equal(table->values[LONGEST - 1], 0);
	hebb_table_free(table);
	free(csv);
}

/* What the first line is, and what the columns are called. */
static void first_lines(void **state)
{
	static const struct {
		const char *text;
		hebb_header header;
		int named, rows;
		const char *last;
	} cases[] = {
		{"1,2\n3,4\n", HEBB_HEADER_AUTO, 0, 2, "x2"},
		{"1,2\n", HEBB_HEADER_AUTO, 0, 1, "x2"},
		{"\n a , b\n\n1,2\n", HEBB_HEADER_AUTO, 1, 1, "b"},
		{"a,1\n2,3\n", HEBB_HEADER_AUTO, 1, 1, "1"},
		{"a,b\nc,d\n", HEBB_HEADER_AUTO, 0, 2, "x2"},
		{"a,b\nc,d\n", HEBB_HEADER_YES, 1, 1, "b"},
		{"a,b\n1,2\n", HEBB_HEADER_NO, 0, 2, "x2"},
		{"a,b\n", HEBB_HEADER_NO, 0, 1, "x2"},
		{"a,,a\n1,2,3\n", HEBB_HEADER_AUTO, 1, 1, "a.3"},
		{"a,a.4,x4,\n1,2,3,4\n", HEBB_HEADER_AUTO, 1, 1, "x4.4"},
		{"a,a.4,b,a\n1,2,3,4\n", HEBB_HEADER_AUTO, 1, 1, "a.4.4"},
		{"a,\"b \"\"c\"\"\",\"b \"\"c\"\"\"\n1,2,3\n", HEBB_HEADER_AUTO, 1, 1, "b \"c\".3"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		hebb_error error = {0};
		hebb_table *table = hebb_table_parse(cases[i].text, strlen(cases[i].text), "t.csv",
						     cases[i].header, &error);

		test_ok(error.status, &error);
		assert_int_equal(table->named, cases[i].named);
		assert_int_equal(table->rows, cases[i].rows);
		assert_int_equal(table->test_from, cases[i].rows);
		assert_string_equal(table->column[table->columns - 1].name, cases[i].last);
		hebb_table_free(table);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(worst_cases_keep_the_bound),
		cmocka_unit_test(tables_are_read),
		cmocka_unit_test(texts_are_found_again),
		cmocka_unit_test(wide_texts),
		cmocka_unit_test(quoted_rows),
		cmocka_unit_test(beginnings_are_texts),
		cmocka_unit_test(first_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
