/* SPDX-License-Identifier: MIT */
/*
 * test_block.c - a table from arrays is the table of a CSV file with the same values
 */
#include "hebb_io.h"
#include "test.h"

enum { ROWS = 6 };
static const char csv[] = "size,weight,color,count,price\n"
			  "1,10.25,red,3,100\n"
			  "2,,green,1,150\n"
			  "4,30,blue,4,90\n"
			  "3,20,red,1,400\n"
			  "7,25,,5,250.5\n"
			  "5,40,blue,9,330\n";
static const float numbers[ROWS][2] = {{1, 10.25f}, {2, NAN}, {4, 30}, {3, 20}, {7, 25}, {5, 40}};
static const char *const color[ROWS] = {"red", "green", "blue", "red", NULL, "blue"};
static const int counts[ROWS] = {3, 1, 4, 1, 5, 9};
static const double price[ROWS] = {100, 150, 90, 400, 250.5, 330};
static const char *const names[] = {"size", "weight", "color", "count", "price"};

static hebb_table *table_of(hebb_error *error)
{
	const hebb_block blocks[] = {
		hebb_floats(2, numbers[0], names), hebb_texts(1, color, names + 2),
		hebb_integers(1, counts, names + 3), hebb_doubles(1, price, names + 4)};
	hebb_table *table = hebb_table_from_arrays("things", ROWS, 4, blocks, error);

	if (!table)
		fail_msg("%s", error->message);
	return table;
}

static void like_a_file(void **state)
{
	hebb_error error;
	hebb_table *made = table_of(&error),
		   *read = hebb_table_parse(csv, sizeof csv - 1, "t", HEBB_HEADER_YES, &error);

	(void)state;
	assert_true(hebb_table_fingerprint(made) == hebb_table_fingerprint(read));
	assert_true(made->named && made->rows == ROWS && made->test_from == ROWS);
	assert_string_equal(made->name, "things");
	assert_string_equal(made->format, "arrays");
	for (int c = 0; c < read->columns; c++)
		assert_true(made->column[c].missing == read->column[c].missing);
	hebb_table_free(made);
	hebb_table_free(read);
}

/* The same coding, and the same numbers for a network. */
static void fit_and_apply(void **state)
{
	hebb_coding_options options = hebb_coding_options_default();
	hebb_error error;
	hebb_table *table[] = {table_of(&error), hebb_table_parse(csv, sizeof csv - 1, "things",
								  HEBB_HEADER_YES, &error)};
	hebb_coding *coding[2];
	hebb_dataset *data[2];

	(void)state;
	options.missing = HEBB_MISSING_MEAN;
	options.task = HEBB_REGRESSION;
	for (int i = 0; i < 2; i++) {
		coding[i] = hebb_coding_fit(table[i], &options, ROWS, NULL, &error);
		data[i] = hebb_coding_apply(coding[i], table[1 - i], 1, ROWS, NULL, &error);
		if (!data[i])
			fail_msg("%s", error.message);
	}
	assert_int_equal(data[0]->inputs, 6);
	assert_memory_equal(data[0]->x, data[1]->x, ROWS * 6 * sizeof(float));
	assert_memory_equal(data[0]->y, data[1]->y, ROWS * sizeof(float));
	for (int i = 0; i < 2; i++) {
		hebb_dataset_free(data[i]);
		hebb_coding_free(coding[i]);
		hebb_table_free(table[i]);
	}
}

/* Texts that are all numbers stay texts, however many there are. */
static void texts_are_texts(void **state)
{
	enum { MANY = 40 };
	static char text[MANY][8];
	const char *code[MANY];
	int value[MANY];
	hebb_coding_options options = hebb_coding_options_default();
	hebb_error error;

	(void)state;
	for (int i = 0; i < MANY; i++) {
		snprintf(text[i], sizeof text[i], "%05d", 13 * i);
		code[i] = text[i];
		value[i] = i;
	}
	const hebb_block blocks[] = {hebb_integers(1, value, NULL), hebb_texts(1, code, NULL)};
	hebb_table *table = hebb_table_from_arrays(NULL, MANY, 2, blocks, &error);
	assert_int_equal(table->column[1].kind, HEBB_TEXT);
	assert_string_equal(table->column[1].name, "x2");
	assert_false(table->named);
	hebb_coding *classes = hebb_coding_fit(table, NULL, MANY, NULL, &error);
	if (!classes)
		fail_msg("%s", error.message);
	assert_int_equal(classes->task, HEBB_CLASSIFICATION);
	assert_int_equal(classes->outputs, MANY);
	options.task = HEBB_REGRESSION;
	assert_null(hebb_coding_fit(table, &options, MANY, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_FORMAT, "00000");
	hebb_table_free(table);
	hebb_coding_free(classes);

	memset(code, 0, sizeof code); /* all are missing */
	table = hebb_table_from_arrays(NULL, MANY, 2, blocks, &error);
	assert_int_equal(table->column[1].level_count, 0);
	assert_null(hebb_coding_fit(table, &options, MANY, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_FORMAT, "is text");
	hebb_table_free(table);
}

static void refused(long long rows, int count, const hebb_block *blocks, const char *mentioned)
{
	hebb_error error;

	assert_null(hebb_table_from_arrays("t", rows, count, blocks, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, mentioned);
}

static void refusals(void **state)
{
	static const char *const twice[] = {"a", "a"}, *const empty[] = {"a", ""},
				 *const taken[] = {"x2"};
	const double far[] = {1, 1e39};
	const float infinite[] = {-INFINITY};
	hebb_block two[] = {hebb_floats(1, numbers[0], taken), hebb_floats(1, numbers[0], NULL)};
	hebb_block one = hebb_floats(2, numbers[0], twice);

	(void)state;
	refused(3, 1, &one, "columns 1 and 2 have the same name \"a\"");
	one.names = empty;
	refused(3, 1, &one, "empty");
	refused(3, 2, two, "same name \"x2\"");
	refused(-1, 1, &one, "-1 rows");
	refused(3, 0, &one, "no arrays");
	refused(3, 1, NULL, "no arrays");
	one.doubles = price;
	refused(3, 1, &one, "more than one type");
	one = hebb_texts(1, NULL, NULL);
	refused(3, 1, &one, "is NULL");
	one = hebb_doubles(1, far, NULL);
	refused(2, 1, &one, "row 2: column \"x1\"");
	one = hebb_floats(1, infinite, NULL);
	refused(1, 1, &one, "infinite");
	one.columns = 0;
	refused(1, 1, &one, "0 columns");
	two[0].columns = two[1].columns = HEBB_MAX_UNITS;
	refused(0, 2, two, "more than");
	one.size = 0;
	refused(1, 1, &one, "size");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(like_a_file),
		cmocka_unit_test(fit_and_apply),
		cmocka_unit_test(texts_are_texts),
		cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
