/* SPDX-License-Identifier: MIT */
/*
 * test_folds.c - cross-validation holds each row out once, and every fold has its share of each
 * class
 */
#include "test.h"
#include "study/study.h"

enum { ROWS = 1797, COLUMN = 64, CLASSES = 10 };

static int class_of(const hebb_table *t, long long row)
{
	return (int)hebb_table_value(t, row, COLUMN);
}

/* Checks that folds of row[0 .. n-1] differ by at most one row, of each class if stratified. */
static void check_shares(const hebb_table *t, const long long *row, long long n, int folds,
			 int stratified)
{
	int least[CLASSES + 1], most[CLASSES + 1];
	long long at = 0;

	for (int c = 0; c <= CLASSES; c++) {
		least[c] = ROWS;
		most[c] = 0;
	}
	for (int fold = 0; fold < folds; fold++) {
		long long size = n / folds + (fold < n % folds);
		int count[CLASSES + 1] = {0};

		for (long long i = at; i < at + size; i++)
			count[class_of(t, row[i])]++;
		count[CLASSES] = (int)size;
		for (int c = 0; c <= CLASSES; c++) {
			least[c] = count[c] < least[c] ? count[c] : least[c];
			most[c] = count[c] > most[c] ? count[c] : most[c];
		}
		at += size;
	}
	assert_int_equal(at, n);
	for (int c = stratified ? 0 : CLASSES; c <= CLASSES; c++)
		assert_in_range(most[c] - least[c], 0, 1);
}

static void folds_are_stratified_partitions(void **state)
{
	static const struct {
		int folds, column;
		long long n;
	} tried[] = {{2, COLUMN, ROWS}, {5, COLUMN, ROWS}, {7, COLUMN, 1000}, {20, COLUMN, 1234},
		     {5, -1, ROWS},     {20, -1, 20},      {3, -1, 5}};
	hebb_table *t = hebb_table_digits(NULL);

	(void)state;
	for (size_t k = 0; k < COUNT_OF(tried); k++) {
		long long n = tried[k].n, row[ROWS], again[ROWS], other[ROWS], seen[ROWS] = {0};
		hebb_error error;

		for (long long i = 0; i < n; i++)
			row[i] = again[i] = other[i] = i;
		test_ok(hebb_split_folds(t, tried[k].column, tried[k].folds, 3, 2, n, row, row,
					 &error),
			&error);
		test_ok(hebb_split_folds(t, tried[k].column, tried[k].folds, 3, 2, n, again, again,
					 &error),
			&error);
		test_ok(hebb_split_folds(t, tried[k].column, tried[k].folds, 4, 2, n, other, other,
					 &error),
			&error);
		assert_memory_equal(row, again, (size_t)n * sizeof *row);
		assert_memory_not_equal(row, other, (size_t)n * sizeof *row);
		for (long long i = 0; i < n; i++)
			assert_int_equal(seen[row[i]]++, 0);
		check_shares(t, row, n, tried[k].folds, tried[k].column >= 0);
	}
	hebb_table_free(t);
}

static void folds_that_cannot_be(void **state)
{
	static const char text[] = "x,kind\n1,a\n2,a\n3,a\n4,b\n5,b\n6,a\n7,\n";
	long long row[] = {0, 1, 2, 3, 4, 5, 6};
	hebb_error error = {.status = HEBB_OK};
	hebb_table *t = hebb_table_parse(text, sizeof text - 1, "t.csv", HEBB_HEADER_AUTO, &error);

	(void)state;
	assert_non_null(t);
	test_failed(hebb_split_folds(t, 1, 5, 1, 0, 7, row, row, &error), &error, HEBB_BAD_ARGUMENT,
		    "'a', has 4");
	test_failed(hebb_split_folds(t, -1, 8, 1, 0, 7, row, row, &error), &error,
		    HEBB_BAD_ARGUMENT, "7 rows");
	test_failed(hebb_split_folds(t, -1, 1, 1, 0, 7, row, row, &error), &error,
		    HEBB_BAD_ARGUMENT, "1 folds");
	test_failed(hebb_split_folds(t, 2, 2, 1, 0, 7, row, row, &error), &error, HEBB_BAD_ARGUMENT,
		    "column 3");
	for (int i = 0; i < 7; i++) /* what is refused changes nothing */
		assert_int_equal(row[i], i);
	test_ok(hebb_split_folds(t, 1, 4, 1, 0, 7, row, row, &error),
		&error); /* b has 2, so some folds have none; the missing one is no class */
	for (int class_row = 3; class_row < 5; class_row++)
		for (int i = 0, found = 0; i < 7; i++)
			assert_true((found += row[i] == class_row) <= 1 && (i < 6 || found == 1));
	hebb_table_free(t);
}

static void test_a_split_of_each_fold(const hebb_table *t, struct hb_split how)
{
	int held[ROWS] = {0}, outside[ROWS] = {0};
	hebb_error error;

	for (how.fold = 0; how.fold < how.folds; how.fold++) {
		int seen[ROWS] = {0};
		hebb_parts p;

		test_ok(hb_split_rows(t, &how, &p, &error), &error);
		long long all = p.train + p.validation + p.test;
		for (long long i = 0; i < all; i++)
			assert_int_equal(seen[p.row[i]]++, 0);
		for (long long i = p.train + p.validation; i < all; i++)
			held[p.row[i]]++;
		for (int i = 0; i < ROWS; i++)
			outside[i] += !seen[i];
		if (!how.validation.kind)
			for (long long i = 1; i < p.train; i++)
				assert_true(p.row[i] > p.row[i - 1]);
		free(p.row);
	}
	/* What the test part holds is in no fold; every other row is held out once. */
	int folds = how.folds;
	long long test = 0;
	for (int i = 0; i < ROWS; i++) {
		assert_true(outside[i] == 0 || outside[i] == folds);
		assert_int_equal(held[i], outside[i] == 0);
		test += outside[i] == folds;
	}
	how.folds = 0;
	hebb_parts whole;
	test_ok(hb_split_rows(t, &how, &whole, &error), &error);
	assert_int_equal(whole.test, test);
	for (long long i = whole.train + whole.validation; i < ROWS; i++)
		assert_int_equal(outside[whole.row[i]], folds);
	free(whole.row);
}

static void each_row_is_held_out_once(void **state)
{
	hebb_table *t = hebb_table_digits(NULL);
	hebb_part none = {.kind = HEBB_PART_NONE},
		  fifth = {.kind = HEBB_PART_FRACTION, .fraction = 0.2};
	hebb_part last = {.kind = HEBB_PART_LAST, .rows = 100};
	const struct hb_split tried[] = {
		{.column = COLUMN, .seed = 1, .folds = 2, .test = none, .validation = none},
		{.column = COLUMN, .seed = 1, .folds = 7, .test = none, .validation = none},
		{.column = -1, .seed = 5, .folds = 16, .test = none, .validation = fifth},
		{.column = COLUMN, .seed = 2, .folds = 5, .test = fifth, .validation = none},
		{.column = COLUMN, .seed = 2, .folds = 5, .test = last, .validation = fifth},
	};

	(void)state;
	for (size_t k = 0; k < COUNT_OF(tried); k++)
		test_a_split_of_each_fold(t, tried[k]);
	hebb_table_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folds_are_stratified_partitions),
		cmocka_unit_test(folds_that_cannot_be),
		cmocka_unit_test(each_row_is_held_out_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
