/* SPDX-License-Identifier: MIT */
/*
 * test_nearness.c - names that were meant: of columns, and hebb_name_distance() itself
 */
#include "hebb_io.h"
#include "test.h"

static void distances(void **state)
{
	static const struct {
		const char *typed, *name;
		int distance;
	} row[] = {
		{"price", "price", 0},
		{"Price", "price", 0},
		{" price ", "price", 0},
		{"weight_decay", "weight-decay", 0},
		{"Leaky ReLU", "leaky-relu", 0},
		{"lay", "layers", 1},
		{"adma", "adam", 2},
		{"trian", "train", 2},
		{"optimiser", "optimizer", 2},
		{"colour", "color", 2},
		{"sofmx", "softmax", 3},
		{"ab", "ac", -1},
		{"rate", "seed", -1},
		{"adamw", "layers", -1},
		{"", "price", -1},
		{"-", "price", -1},
		{"-", "-", 0},
		{NULL, "price", -1},
		{"price", NULL, -1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		int distance = hebb_name_distance(row[i].typed, row[i].name);

		if (distance != row[i].distance)
			fail_msg("from %s to %s: %d, not %d", row[i].typed, row[i].name, distance,
				 row[i].distance);
	}
}

static void long_names(void **state)
{
	char a[200], b[200];

	(void)state;
	memset(a, 'x', sizeof a);
	memset(b, 'x', sizeof b);
	a[199] = b[199] = '\0';
	b[100] = 'y';
	assert_int_equal(hebb_name_distance(a, b), 0); /* beyond the letters that count */
	b[10] = 'y';
	assert_int_equal(hebb_name_distance(a, b), 2);
}

/* The message about a column of the table with these names. */
static const char *refusal(const char *names, const char *column)
{
	static hebb_error error;
	char text[400];
	int length = snprintf(text, sizeof text, "%s\n", names);

	for (const char *p = names; *p; p++)
		if (*p == ',')
			length += snprintf(text + length, sizeof text - (size_t)length, "1,");
	length += snprintf(text + length, sizeof text - (size_t)length, "2\n");
	hebb_table *table =
		hebb_table_parse(text, (size_t)length, "t.csv", HEBB_HEADER_YES, &error);
	assert_non_null(table);
	assert_int_equal(hebb_table_find(table, column, &error), -1);
	assert_int_equal(error.status, HEBB_BAD_ARGUMENT);
	hebb_table_free(table);
	return error.message;
}

static void columns(void **state)
{
	(void)state;
	assert_string_equal(refusal("size,price", "Price"),
			    "t.csv: there is no column 'Price'; did you mean 'price'?");
	assert_string_equal(refusal("size,price", " price"),
			    "t.csv: there is no column ' price'; did you mean 'price'?");
	assert_string_equal(refusal("pride,Sale_Price", "sale price"),
			    "t.csv: there is no column 'sale price'; did you mean 'Sale_Price'?");
	assert_string_equal(refusal("pride,price", "pirce"),
			    "t.csv: there is no column 'pirce'; did you mean 'price'?");
	assert_string_equal(refusal("size,price", "cost"),
			    "t.csv: there is no column 'cost'; the columns are 'size' and 'price'");
	assert_string_equal(refusal("a,b,c,d,e,f,g,h", "cost"),
			    "t.csv: there is no column 'cost'; the columns are 'a', 'b', 'c', "
			    "'d', 'e', 'f' and 2 more");
	assert_string_equal(refusal("a,b,c,d,e,f,g", "cost"),
			    "t.csv: there is no column 'cost'; the columns are 'a', 'b', 'c', "
			    "'d', 'e', 'f' and 'g'");
	assert_string_equal(refusal("only", "cost"),
			    "t.csv: there is no column 'cost'; the only one is 'only'");
	assert_string_equal(refusal("size,price", "3"),
			    "t.csv: there is no column 3; they are numbered from 1 to 2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distances),
		cmocka_unit_test(long_names),
		cmocka_unit_test(columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
