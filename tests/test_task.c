/* SPDX-License-Identifier: MIT */
/*
 * test_task.c - which targets are classes and which are numbers, where nobody says
 */
#include "hebb_io.h"
#include "test.h"

enum { ROWS_MOST = 1000 };

/* A table of one input and the target: 0, 1, ... of so many different integers, over and over. */
static hebb_table *table_of(int rows, int different)
{
	static float value[ROWS_MOST][2];
	const hebb_block block = hebb_floats(2, value[0], NULL);
	hebb_error error;
	hebb_table *table;

	for (int i = 0; i < rows; i++) {
		value[i][0] = (float)i;
		value[i][1] = (float)(i % different);
	}
	table = hebb_table_from_arrays("t", rows, 1, &block, &error);
	if (!table)
		fail_msg("%s", error.message);
	return table;
}

/* The task of such a table; the coding says the same. */
static hebb_task task_of(int rows, int different)
{
	hebb_table *table = table_of(rows, different);
	hebb_error error;
	int integers;
	hebb_task task = hebb_table_task(table, 1, &integers);
	hebb_coding *coding = hebb_coding_fit(table, NULL, rows, NULL, &error);

	assert_int_equal(integers, different <= 100 ? different : 0);
	assert_int_equal(hebb_table_task(table, 1, NULL), task);
	assert_non_null(coding);
	assert_int_equal(coding->task, task);
	hebb_coding_free(coding);
	hebb_table_free(table);
	return task;
}

static void edges(void **state)
{
	(void)state;
	for (int different = 3; different <= 20; different++) {
		assert_int_equal(task_of(5 * different, different), HEBB_CLASSIFICATION);
		assert_int_equal(task_of(5 * different - 1, different), HEBB_REGRESSION);
		assert_int_equal(task_of(different, different), HEBB_REGRESSION);
	}
	assert_int_equal(task_of(ROWS_MOST, 21), HEBB_REGRESSION);
	assert_int_equal(task_of(ROWS_MOST, 100), HEBB_REGRESSION);
	assert_int_equal(task_of(ROWS_MOST, 101), HEBB_REGRESSION);
	assert_int_equal(task_of(3, 2), HEBB_CLASSIFICATION);
	assert_int_equal(task_of(2, 2), HEBB_REGRESSION);
	assert_int_equal(task_of(60, 14), HEBB_REGRESSION);
}

/* Rows without a value do not count, and the order of the values does not matter. */
static void missing_and_order(void **state)
{
	static const float value[] = {7,   NAN, -2, 7, NAN, 3,  3,  -2, 7,
				      NAN, 7,   3,  3, -2,  -2, -2, 7,  3};
	enum { ROWS = sizeof value / sizeof *value };
	hebb_block block = hebb_floats(1, value, NULL);
	int integers;
	hebb_error error;

	(void)state;
	for (long long rows = ROWS; rows >= ROWS - 1; rows--) { /* 15 values and 14 */
		hebb_table *table = hebb_table_from_arrays("t", rows, 1, &block, &error);

		assert_non_null(table);
		assert_int_equal(hebb_table_task(table, 0, &integers),
				 rows == ROWS ? HEBB_CLASSIFICATION : HEBB_REGRESSION);
		assert_int_equal(integers, 3);
		hebb_table_free(table);
	}
}

static void texts_and_fractions(void **state)
{
	static const char text[] = "x,y,z\n0.5,a,1\n0.5,b,1\n0.5,c,1\n0.5,d,1\n0.5,e,1\n1,f,1\n";
	hebb_error error;
	hebb_table *table = hebb_table_parse(text, sizeof text - 1, "t", HEBB_HEADER_AUTO, &error);
	int integers = 7;

	(void)state;
	assert_non_null(table);
	assert_int_equal(hebb_table_task(table, 0, &integers), HEBB_REGRESSION);
	assert_int_equal(integers, 0);
	assert_int_equal(hebb_table_task(table, 1, &integers), HEBB_CLASSIFICATION);
	assert_int_equal(integers, 0);
	assert_int_equal(hebb_table_task(table, 2, &integers), HEBB_CLASSIFICATION);
	assert_int_equal(integers, 1);
	assert_int_equal(hebb_table_task(table, 3, &integers), 0);
	assert_int_equal(hebb_table_task(table, -1, NULL), 0);
	assert_int_equal(hebb_table_task(NULL, 0, NULL), 0);
	hebb_table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(edges),
		cmocka_unit_test(missing_and_order),
		cmocka_unit_test(texts_and_fractions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
