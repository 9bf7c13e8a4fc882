/* SPDX-License-Identifier: MIT */
/*
 * test_csv_pieces.c - texts that threads read in pieces: the same tables and sentences as one
 * thread makes
 */
#include "test.h"
#include "io/csv/csv.h"
#include "same_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A text that grows. */
struct text {
	char *bytes;
	size_t size, room;
};

static void add(struct text *text, const char *what)
{
	size_t size = strlen(what);

	if (text->size + size + 1 > text->room) {
		text->room = 2 * (text->size + size + 1);
		text->bytes = realloc(text->bytes, text->room);
		assert_non_null(text->bytes);
	}
	memcpy(text->bytes + text->size, what, size + 1);
	text->size += size;
}

static const size_t pieces[] = {1, 7, 40, 300, 4000};
static const int threads[] = {2, 3, 5};

/* Reads pieces of so many bytes with one thread and with so many. */
static void compare(const struct text *text, hebb_table_options options, size_t piece, int count)
{
	hebb_error told = {.message = ""}, error = {.message = ""};
	const unsigned char *bytes = (const unsigned char *)text->bytes;

	hebb_pool *alone = hebb_pool_new(1, NULL, NULL), *pool = hebb_pool_new(count, NULL, NULL);
	hebb_table *one =
		hb_csv_parse_in_pieces(bytes, text->size, "t.csv", &options, alone, piece, &told);
	hebb_table *many =
		hb_csv_parse_in_pieces(bytes, text->size, "t.csv", &options, pool, piece, &error);
	hebb_pool_free(pool);
	hebb_pool_free(alone);
	if (!one || !many) {
		assert_true(!one && !many);
		assert_string_equal(error.message, told.message);
		assert_int_equal(error.line, told.line);
		return;
	}
	assert_true(is_same_table(many, one));
	hebb_table_free(many);
	hebb_table_free(one);
}

static void compare_all(const struct text *text, hebb_table_options options)
{
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
		for (size_t j = 0; j < sizeof threads / sizeof *threads; j++)
			compare(text, options, pieces[i], threads[j]);
}

/* Reads a head, `rows` times a row, in which @ is the row's number, and a tail. */
static void check(const char *head, const char *row, int rows, const char *tail)
{
	const hebb_table_options plain = hebb_table_options_default();
	struct text text = {NULL, 0, 0};

	add(&text, head);
	for (int i = 0; i < rows; i++)
		for (const char *p = row; *p; p++) {
			char piece[16] = {*p, 0};

			if (*p == '@')
				snprintf(piece, sizeof piece, "%d", i);
			add(&text, piece);
		}
	add(&text, tail);
	compare_all(&text, plain);
	free(text.bytes);
}

static void rows_are_those_of_one_thread(void **state)
{
	(void)state;
	check("a,b\n", "@,1.5\n", 200, "");
	check("", "@,1.5\n", 200, ""); /* the first line is a row */
	check("a,b\r\n", "@,1.5\r\n\r\n", 100, "");
	check("a,b\r", "@,1.5\r", 200, "7,8");
	check("a b\n", "  @ \t 1.5  \n", 100, " \n \n");
	check("a;b\n", "@;1,5\n", 100, "");
	check("# a comment\n\na,b\n", "# c\n@,1\n% c\n\n", 60, "# the end");
	check("a,b\n", "@,,\n", 60, "");
	check("a,b\n", "@,?\nNA,2\n", 60, "");
}

static void texts_are_those_of_one_thread(void **state)
{
	(void)state;
	check("a,b,c\n", "t@,@,x\n", 200, "");
	check("a,b,c\n", "t@,@,x\nu,1,NA\n", 100, "");
	check("a,b,c\n", "t@,@,x\n", 100, "a,NA,NA\nb,none,?\n");
	check("", "red,@\nblue,@\n", 100, "");
	check("a,b\n", "\"t\"\"@\",1\n", 100, "");
	check("a,b\n", "\"t\n@\r\n\",1\n", 100, "\"a\rb\",2\n");
	check("id,when\n", "0@,2020-01-02\n", 100, "");
	check("id,when\n", "@,2020-01-02\n", 100, "x,yesterday\n");
	check("a,b\n", "1,5\" tape @\n", 100, "");
}

static void doubles_are_those_of_one_thread(void **state)
{
	(void)state;
	check("a,b\n", "@.1234567890123,1\n", 100, "");
	check("a,b\n", "@,1\n", 100, "16777217,1\n2,0.1234567890123\n9007199254740993,1\n");
	check("a,b,c\n", "170000000@,1,x\n", 100, "1,,1\n");
	check("a,b\n", "@,1\n", 50, "1,1e400\n");
}

static void errors_are_those_of_one_thread(void **state)
{
	(void)state;
	check("a,b\n", "@,1\n", 100, "1\n");
	check("a,b\n", "@,1\n", 100, "1,2,3\n4,5\n1\n");
	check("a,b\n", "\"@\",1\n", 100, "\"1,2\n");
	check("a,b\n", "\"@\",1\n", 100, "\"1\"x,2\n3,4\n");
	check("a,b\n", "\"@\",1\n", 100, "\"1\n\",2\n3\n\"4\",5\n");
	check("a\n", "@\n", 100, "1e999\n2\n");
	check("", "\n", 100, "");
}

/* Fields with doubled quotes that are longer than the room that a piece has for them. */
static void long_fields_are_read(void **state)
{
	struct text text = {NULL, 0, 0};

	(void)state;
	add(&text, "a,b\n");
	for (int i = 0; i < 8; i++) {
		add(&text, "1,\"");
		for (int j = 0; j < 400 * i; j++)
			add(&text, "\"\"quoted");
		add(&text, "\"\n");
	}
	compare_all(&text, hebb_table_options_default());
	free(text.bytes);
}

/* Any bytes of those that matter. */
static void random_texts_are_read_alike(void **state)
{
	static const char bytes[] = "aab11223,,,,;\n\n\n\n\r\"\"#% .-N";
	uint64_t x = 88172645463325252u;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		struct text text = {NULL, 0, 0};

		for (int j = 0; j < 10 + i % 190; j++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			add(&text, (char[]){bytes[x % (sizeof bytes - 1)], 0});
		}
		compare(&text, hebb_table_options_default(), 1 + x % 30, 2 + i % 3);
		free(text.bytes);
	}
}

/* Of the real size of pieces. */
static void long_texts_are_read_alike(void **state)
{
	(void)state;
	check("a,b,c\n", "@,0.25,t@\n", 100000, "");
}

static void threads_are_checked(void **state)
{
	hebb_table_options options = hebb_table_options_default();
	hebb_error error;

	(void)state;
	options.threads = 1025;
	assert_null(hebb_table_parse_with("1\n", 2, "t", &options, &error));
	assert_string_equal(error.message,
			    "1025 threads; 0 to 1024 are possible, 0 for all processors");
	options.threads = -1;
	assert_null(hebb_table_parse_with("1\n", 2, "t", &options, &error));
}

/* Passes fields in blocks and one by one. */
static void pass_both(const char *text, size_t size, int count)
{
	hb_csv r = {.p = text, .end = text + size, .separator = ','}, one = r;
	int passed = hb_csv_pass_blocks(&r, count);

	assert_in_range(passed, 0, count);
	for (int i = 0; i < passed; i++) {
		hb_csv_pass(&one);
		assert_int_equal(*one.p, ',');
		one.p++;
	}
	assert_ptr_equal(r.p, one.p);
}

static void blocks_pass_whole_fields(void **state)
{
	enum { SIZE = 150, TIMES = 20000 };
	char text[SIZE];
	uint32_t random = 1;
	hb_csv plain = {.p = text, .end = text + SIZE, .separator = ','};

	(void)state;
	for (int i = 0; i < TIMES; i++) {
		int rare = i % 60; /* of quotes and ends of lines */

		for (int at = 0; at < SIZE; at++) {
			random = random * 1664525 + 1013904223;
			int drawn = (int)(random >> 16) % (8 + rare * rare);
			text[at] = "\",\n\r \"a,"[drawn < 8 ? drawn : drawn % 3 ? 6 : 7];
		}
		pass_both(text, SIZE - (size_t)(i % 40), (int)(random >> 16) % 100);
	}
	memset(text, ',', SIZE);
	assert_int_equal(hb_csv_pass_blocks(&plain, SIZE), SIZE / 32 * 32);
	memset(text, 'a', SIZE);
	plain.p = text;
	assert_int_equal(hb_csv_pass_blocks(&plain, SIZE), 0);
	assert_ptr_equal(plain.p, text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_those_of_one_thread),
		cmocka_unit_test(texts_are_those_of_one_thread),
		cmocka_unit_test(doubles_are_those_of_one_thread),
		cmocka_unit_test(errors_are_those_of_one_thread),
		cmocka_unit_test(long_fields_are_read),
		cmocka_unit_test(random_texts_are_read_alike),
		cmocka_unit_test(long_texts_are_read_alike),
		cmocka_unit_test(threads_are_checked),
		cmocka_unit_test(blocks_pass_whole_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
