/* SPDX-License-Identifier: MIT */
/*
 * test_rows.c - NULL in place of a list of rows means the rows 0 .. n - 1
 */
#include "hebb_io.h"
#include "test.h"

enum { ROWS = 1797, TARGET = 64 };

static void count_up(long long row[ROWS])
{
	for (int i = 0; i < ROWS; i++)
		row[i] = i;
}

/* hebb_split() of all rows is that of the list of all rows, which it does not change. */
static void split(void **state)
{
	static long long all[ROWS], by_list[ROWS], by_null[ROWS];
	hebb_table *t = hebb_table_digits(NULL);
	hebb_error error;

	(void)state;
	for (int column = -1; column <= TARGET; column += TARGET + 1) {
		long long held[2];

		count_up(all);
		test_ok(hebb_split(t, column, 0.3, 5, 2, ROWS, all, by_list, &held[0], &error),
			&error);
		test_ok(hebb_split(t, column, 0.3, 5, 2, ROWS, NULL, by_null, &held[1], &error),
			&error);
		assert_true(held[0] == held[1]);
		assert_memory_equal(by_list, by_null, sizeof by_list);
		for (int i = 0; i < ROWS; i++)
			assert_true(all[i] == i);
		test_ok(hebb_split(t, column, 0.3, 5, 2, ROWS, all, all, &held[1], &error), &error);
		assert_memory_equal(by_list, all, sizeof by_list);
		count_up(all);
		test_ok(hebb_split_folds(t, column, 7, 5, 2, ROWS, all, by_list, &error), &error);
		test_ok(hebb_split_folds(t, column, 7, 5, 2, ROWS, NULL, by_null, &error), &error);
		assert_memory_equal(by_list, by_null, sizeof by_list);
	}
	hebb_table_free(t);
}

static void fit_and_apply(void **state)
{
	static long long all[ROWS];
	hebb_table *t = hebb_table_digits(NULL);
	hebb_error error;

	(void)state;
	count_up(all);
	for (long long n = ROWS - 500; n <= ROWS; n += 500) {
		hebb_coding *by_list = hebb_coding_fit(t, NULL, n, all, &error),
			    *by_null = hebb_coding_fit(t, NULL, n, NULL, &error);
		hebb_dataset *data[3] = {hebb_coding_apply(by_list, t, 1, n, all, &error),
					 hebb_coding_apply(by_null, t, 1, n, NULL, &error),
					 hebb_coding_view(by_null, t, 1, n, NULL, &error)};
		size_t inputs = TARGET * sizeof(float), count = (size_t)n;
		float x[TARGET];

		assert_memory_equal(by_list->mean, by_null->mean, inputs);
		assert_memory_equal(by_list->scale, by_null->scale, inputs);
		for (int i = 0; i < 3; i++) {
			assert_true(data[i]->rows == n);
			assert_memory_equal(data[i]->row, all, count * sizeof *all);
			assert_memory_equal(data[i]->y, data[0]->y, count * 10 * sizeof(float));
		}
		assert_memory_equal(data[0]->x, data[1]->x, count * inputs);
		hebb_dataset_get(data[2], n - 1, 1, x);
		assert_memory_equal(x, data[0]->x + (n - 1) * TARGET, inputs);
		for (int i = 0; i < 3; i++)
			hebb_dataset_free(data[i]);
		hebb_coding_free(by_list);
		hebb_coding_free(by_null);
	}
	hebb_table_free(t);
}

/* There are not so many rows. */
static void refusals(void **state)
{
	static long long row[ROWS + 1];
	hebb_table *t = hebb_table_digits(NULL);
	hebb_coding *coding = hebb_coding_fit(t, NULL, ROWS, NULL, NULL);
	long long held;
	hebb_error error;

	(void)state;
	test_failed(hebb_split(t, -1, 0.3, 5, 2, ROWS + 1, NULL, row, &held, &error), &error,
		    HEBB_BAD_ARGUMENT, "1,798 rows");
	test_failed(hebb_split_folds(t, -1, 3, 5, 2, ROWS + 1, NULL, row, &error), &error,
		    HEBB_BAD_ARGUMENT, "1,798 rows");
	test_failed(hebb_split(t, -1, 0.3, 5, 2, ROWS, NULL, NULL, &held, &error), &error,
		    HEBB_BAD_ARGUMENT, "rows");
	test_failed(hebb_split_folds(t, -1, 3, 5, 2, ROWS, NULL, NULL, &error), &error,
		    HEBB_BAD_ARGUMENT, "rows");
	assert_null(hebb_coding_fit(t, NULL, ROWS + 1, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "1,798 rows");
	assert_null(hebb_coding_apply(coding, t, 1, ROWS + 1, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "1,798 rows");
	assert_null(hebb_coding_fit(t, NULL, -1, NULL, &error));
	hebb_coding_free(coding);
	hebb_table_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(split),
		cmocka_unit_test(fit_and_apply),
		cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
