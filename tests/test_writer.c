/* SPDX-License-Identifier: MIT */
/*
 * test_writer.c - files that are written piece by piece, and texts of CSV that are read row by row
 */
#define _POSIX_C_SOURCE 200809L
#include "test.h"
#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>
#include "hebb_io.h"

static char folder[] = "/tmp/hebb-writer-XXXXXX";

static int into_folder(void **state)
{
	(void)state;
	return !mkdtemp(folder) || chdir(folder);
}

static int out_of_folder(void **state)
{
	(void)state;
	unlink("file");
	return chdir("/") || rmdir(folder);
}

static int files_here(void)
{
	DIR *here = opendir(".");
	int count = 0;

	assert_non_null(here);
	for (struct dirent *entry; (entry = readdir(here));)
		count += entry->d_name[0] != '.';
	closedir(here);
	return count;
}

static void check_file(const char *expected)
{
	unsigned char *bytes;
	hebb_error error;
	size_t size;

	test_ok(hebb_file_read("file", &bytes, &size, &error), &error);
	assert_int_equal(size, strlen(expected));
	assert_memory_equal(bytes, expected, size);
	free(bytes);
}

static void pieces(void **state)
{
	hebb_error error;

	(void)state;
	test_ok(hebb_file_write("file", "old", 3, &error), &error);
	hebb_writer *writer = hebb_writer_new("file", &error);
	assert_non_null(writer);
	test_ok(hebb_writer_add(writer, "new ", 4, &error), &error);
	test_ok(hebb_writer_add(writer, NULL, 0, &error), &error);
	check_file("old");
	test_ok(hebb_writer_add(writer, "file", 4, &error), &error);
	test_ok(hebb_writer_finish(writer, &error), &error);
	check_file("new file");
	test_failed(hebb_writer_finish(writer, &error), &error, HEBB_BAD_ARGUMENT, "finished");
	test_failed(hebb_writer_add(writer, "x", 1, &error), &error, HEBB_BAD_ARGUMENT, "finished");
	hebb_writer_free(writer);
	assert_int_equal(files_here(), 1);
}

static void nothing_half_written(void **state)
{
	hebb_error error;

	(void)state;
	test_ok(hebb_file_write("file", "old", 3, &error), &error);
	hebb_writer *writer = hebb_writer_new("file", &error);
	assert_non_null(writer);
	test_ok(hebb_writer_add(writer, "half", 4, &error), &error);
	assert_int_equal(files_here(), 2);
	hebb_writer_free(writer);
	hebb_writer_free(NULL);
	check_file("old");
	assert_int_equal(files_here(), 1);
	assert_null(hebb_writer_new("none/file", &error));
	assert_int_equal(error.status, HEBB_IO);
	if (access("/dev/full", W_OK) == 0) {
		writer = hebb_writer_new("/dev/full", &error);
		assert_non_null(writer);
		test_failed(hebb_writer_add(writer, "x", 1, &error), &error, HEBB_IO, "/dev/full");
		hebb_writer_free(writer);
	}
}

/* A limit of the file's size, as a full disk: what is short of bytes does not replace the file. */
static void lost_bytes(void **state)
{
	struct rlimit before, limit;
	hebb_error error;

	(void)state;
	test_ok(hebb_file_write("file", "old", 3, &error), &error);
	hebb_writer *writer = hebb_writer_new("file", &error);
	assert_non_null(writer);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = 4;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	hebb_status status = hebb_writer_add(writer, "too long", 8, &error);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(status, HEBB_IO);
	test_ok(hebb_writer_add(writer, "more", 4, &error), &error);
	test_failed(hebb_writer_finish(writer, &error), &error, HEBB_IO, "file: is not written");
	assert_int_equal(files_here(), 1);
	hebb_writer_free(writer);
	check_file("old");
}

static void texts_of_rows(void **state)
{
	static const char text[] =
		"\xef\xbb\xbf\n id ;name;n\r\n0012; \"a \"\"b\"\"\n; c\" ;1.50\n\n"
		"  7e ;;-0\n\"\";x y;12345678901234567890";
	static const char *const expected[3][3] = {{"1.50", "0012", "a \"b\"\n; c"},
						   {"-0", "7e", ""},
						   {"12345678901234567890", "", "x y"}};
	const int column[] = {2, 0, 1};
	const char *field[3];
	hebb_error error;
	hebb_table *table = hebb_table_parse(text, sizeof text - 1, "t", HEBB_HEADER_AUTO, &error);

	(void)state;
	assert_non_null(table);
	assert_int_equal(table->rows, 3);
	hebb_csv_rows *rows = hebb_csv_rows_new(text, sizeof text - 1, table, &error);
	assert_non_null(rows);
	for (int i = 0; i < 3; i++) {
		test_ok(hebb_csv_rows_next(rows, 3, column, field, &error), &error);
		for (int k = 0; k < 3; k++)
			assert_string_equal(field[k], expected[i][k]);
	}
	test_failed(hebb_csv_rows_next(rows, 3, column, field, &error), &error, HEBB_BAD_FORMAT,
		    "no more rows");
	test_failed(hebb_csv_rows_next(rows, 1, (int[]){3}, field, &error), &error,
		    HEBB_BAD_ARGUMENT, "no column 3");
	hebb_csv_rows_free(rows);
	hebb_csv_rows_free(NULL);
	rows = hebb_csv_rows_new("1;2\n", 4, table, &error);
	assert_non_null(rows);
	test_failed(hebb_csv_rows_next(rows, 3, column, field, &error), &error, HEBB_BAD_FORMAT,
		    "not that of the table");
	hebb_csv_rows_free(rows);
	hebb_table_free(table);
}

static void no_csv(void **state)
{
	hebb_error error;
	hebb_table *digits = hebb_table_digits(&error);

	(void)state;
	assert_null(hebb_csv_rows_new("x", 1, digits, &error));
	assert_int_equal(error.status, HEBB_UNSUPPORTED);
	assert_null(hebb_csv_rows_new("x", 1, NULL, &error));
	assert_null(hebb_csv_rows_new(NULL, 1, digits, &error));
	assert_null(hebb_writer_new(NULL, &error));
	test_failed(hebb_csv_rows_next(NULL, 0, NULL, NULL, &error), &error, HEBB_BAD_ARGUMENT,
		    "rows");
	test_failed(hebb_writer_add(NULL, "x", 1, &error), &error, HEBB_BAD_ARGUMENT, "writer");
	test_failed(hebb_writer_finish(NULL, &error), &error, HEBB_BAD_ARGUMENT, "writer");
	hebb_table_free(digits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces),     cmocka_unit_test(nothing_half_written),
		cmocka_unit_test(lost_bytes), cmocka_unit_test(texts_of_rows),
		cmocka_unit_test(no_csv),
	};

	return cmocka_run_group_tests(tests, into_folder, out_of_folder);
}
