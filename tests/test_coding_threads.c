/* SPDX-License-Identifier: MIT */
/*
 * test_coding_threads.c - codings and datasets are the same to the bit for any number of threads
 */
#include "test.h"
#include "hebb_io.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 12000, COLUMNS = 37 };
static const int threads[] = {2, 3, 7, 0};

/* Numbers, some of which may be missing, times that need doubles, texts, and a target. */
static hebb_table *make_table(int has_gaps)
{
	size_t size = 0, room = (size_t)ROWS * COLUMNS * 16;
	char *text = malloc(room);
	unsigned x = 1;

	assert_non_null(text);
	for (int i = 0; i < ROWS; i++) {
		for (int c = 0; c < COLUMNS; c++) {
			x = x * 1664525u + 1013904223u;
			int value = (int)(x >> 8) % 100000;

			if (has_gaps && c > 2 && value < 40)
				size += (size_t)sprintf(text + size, ",");
			else if (c == 1)
				size += (size_t)sprintf(text + size, "17000%05d,", value);
			else if (c == 2)
				size += (size_t)sprintf(text + size, "t%d,", value % 5);
			else
				size += (size_t)sprintf(text + size, "%d.%d,", value % 300 - 150,
							value / 300);
		}
		size += (size_t)sprintf(text + size, "%s\n", x >> 20 & 1 ? "yes" : "no");
	}
	hebb_table *table = hebb_table_parse(text, size, "t.csv", HEBB_HEADER_NO, NULL);
	assert_non_null(table);
	free(text);
	return table;
}

static hebb_coding *fit(const hebb_table *table, hebb_missing missing, int count,
			const long long *row)
{
	hebb_coding_options options = hebb_coding_options_default();

	options.missing = missing;
	options.threads = count;
	hebb_coding *coding = hebb_coding_fit(table, &options, ROWS, row, NULL);
	assert_non_null(coding);
	return coding;
}

static void compare_codings(const hebb_coding *a, const hebb_coding *b)
{
	size_t width = (size_t)a->width;

	assert_int_equal(a->width, b->width);
	assert_memory_equal(a->mean, b->mean, width * sizeof *a->mean);
	assert_memory_equal(a->scale, b->scale, width * sizeof *a->scale);
	assert_memory_equal(a->fill, b->fill, width * sizeof *a->fill);
	assert_memory_equal(a->exact_mean, b->exact_mean, width * sizeof *a->exact_mean);
	for (int i = 0; i < a->input_count; i++) {
		const hebb_seen *x = &a->seen[i], *y = &b->seen[i];
		int is_text = a->inputs[i].kind == HEBB_TEXT;
		int counts = is_text ? a->inputs[i].level_count : HEBB_PARTS;

		assert_int_equal(x->missing, y->missing);
		assert_memory_equal(x->quantile, y->quantile, sizeof x->quantile);
		assert_memory_equal(x->count, y->count, (size_t)counts * sizeof *x->count);
	}
}

static void compare_datasets(const hebb_dataset *a, const hebb_dataset *b, int inputs)
{
	assert_int_equal(a->rows, b->rows);
	assert_int_equal(a->unseen, b->unseen);
	assert_int_equal(a->without_target, b->without_target);
	assert_memory_equal(a->row, b->row, (size_t)a->rows * sizeof *a->row);
	assert_memory_equal(a->x, b->x, (size_t)(a->rows * a->inputs) * sizeof *a->x);
	assert_memory_equal(a->y, b->y, (size_t)(a->rows * a->outputs) * sizeof *a->y);
	assert_memory_equal(a->unlike, b->unlike, (size_t)inputs * sizeof *a->unlike);
}

/* The rows in another order, as after a split. */
static long long *mixed_rows(void)
{
	long long *row = malloc(ROWS * sizeof *row);

	assert_non_null(row);
	for (int i = 0; i < ROWS; i++)
		row[i] = (long long)i * 7919 % ROWS;
	return row;
}

static void compare_all(hebb_missing missing)
{
	const int how = HEBB_APPLY_TARGETS;
	hebb_table *table = make_table(1);
	long long *row = mixed_rows();
	hebb_coding *one = fit(table, missing, 1, row);
	hebb_dataset *of_one =
		hebb_coding_apply(one, table, how + HEBB_APPLY_THREADS(1), ROWS, row, NULL);

	assert_non_null(of_one);
	for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
		hebb_coding *coding = fit(table, missing, threads[i], row);
		hebb_dataset *dataset = hebb_coding_apply(
			coding, table, how + HEBB_APPLY_THREADS(threads[i]), ROWS, row, NULL);

		assert_non_null(dataset);
		compare_codings(coding, one);
		compare_datasets(dataset, of_one, one->input_count);
		hebb_dataset_free(dataset);
		hebb_coding_free(coding);
	}
	hebb_dataset_free(of_one);
	hebb_coding_free(one);
	free(row);
	hebb_table_free(table);
}

static void gaps_are_filled_alike(void **state)
{
	(void)state;
	compare_all(HEBB_MISSING_INDICATOR);
	compare_all(HEBB_MISSING_MEAN);
}

static void rows_are_dropped_alike(void **state)
{
	(void)state;
	compare_all(HEBB_MISSING_DROP);
}

/* The first row that is wrong tells why, whoever finds it. */
static void failures_are_alike(void **state)
{
	hebb_table *table = make_table(0);
	hebb_coding *coding = fit(table, HEBB_MISSING_DROP, 1, NULL);
	hebb_error told, error;

	(void)state;
	for (long long row = 5000; row < ROWS; row += 1001)
		table->values[row * table->columns + 5] = NAN;
	assert_null(hebb_coding_apply(coding, table, HEBB_APPLY_STRICT + HEBB_APPLY_THREADS(1),
				      ROWS, NULL, &told));
	for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
		assert_null(hebb_coding_apply(coding, table,
					      HEBB_APPLY_STRICT + HEBB_APPLY_THREADS(threads[i]),
					      ROWS, NULL, &error));
		assert_string_equal(error.message, told.message);
		assert_int_equal(error.line, told.line);
	}
	hebb_coding_free(coding);
	hebb_table_free(table);
}

static void threads_are_checked(void **state)
{
	hebb_table *table = hebb_table_parse("1,2\n3,4\n", 8, "t", HEBB_HEADER_NO, NULL);
	hebb_coding_options options = hebb_coding_options_default();
	hebb_coding *coding = hebb_coding_fit(table, &options, 2, NULL, NULL);

	(void)state;
	assert_non_null(coding);
	options.threads = 1025;
	assert_null(hebb_coding_fit(table, &options, 2, NULL, NULL));
	options.threads = -1;
	assert_null(hebb_coding_fit(table, &options, 2, NULL, NULL));
	assert_null(hebb_coding_apply(coding, table, HEBB_APPLY_THREADS(1025), 2, NULL, NULL));
	assert_null(hebb_coding_apply(coding, table, HEBB_APPLY_THREADS(-1), 2, NULL, NULL));
	assert_null(hebb_coding_apply(coding, table, 8, 2, NULL, NULL));
	hebb_coding_free(coding);
	hebb_table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gaps_are_filled_alike),
		cmocka_unit_test(rows_are_dropped_alike),
		cmocka_unit_test(failures_are_alike),
		cmocka_unit_test(threads_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
