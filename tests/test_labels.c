/* SPDX-License-Identifier: MIT */
/*
 * test_labels.c - classes as they are written, and labels of new files
 */
#include "test.h"

#include "io/io.h"

enum { TIMES = 5 }; /* so often stands each label, which makes integers classes */

/* A table of a number and a label, all labels so many times over; its detail is what a reader would
 * give it. */
static hebb_table *make_table(int rows, const char *const *label, int times)
{
	char text[2048] = "x,label\n";
	hebb_error error;

	for (int i = 0; i < rows * times; i++)
		sprintf(text + strlen(text), "%d,%s\n", i, label[i % rows]);
	hebb_table *table = hebb_table_parse(text, strlen(text), "it.csv", HEBB_HEADER_YES, &error);
	if (!table)
		fail_msg("%s", error.message);
	return table;
}

static hebb_coding *fit(const hebb_table *table, hebb_task task)
{
	hebb_coding_options options = hebb_coding_options_default();
	hebb_error error;

	options.task = task;
	options.missing = HEBB_MISSING_DROP;
	hebb_coding *coding = hebb_coding_fit(table, &options, table->rows, NULL, &error);
	if (!coding)
		fail_msg("%s", error.message);
	return coding;
}

/* The classes of labels are these, in this order, and row i has class is[i] or, if that is -1,
 * none. */
static void check(hebb_task task, int rows, const char *const *label, const int *is, int classes,
		  const char *const *name)
{
	hebb_table *table = make_table(rows, label, TIMES);
	hebb_coding *coding = fit(table, task);
	hebb_error error;
	int at = 0;

	assert_int_equal(coding->task, HEBB_CLASSIFICATION);
	assert_int_equal(coding->outputs, classes);
	for (int k = 0; k < classes; k++)
		assert_string_equal(coding->targets[0].levels[k], name[k]);
	hebb_dataset *data = hebb_coding_apply(coding, table, 1, table->rows, NULL, &error);
	if (!data)
		fail_msg("%s", error.message);
	for (int i = 0; i < table->rows; i++) {
		if (is[i % rows] < 0)
			continue;
		assert_true(at < data->rows && data->row[at] == i);
		for (int k = 0; k < classes; k++)
			assert_true(data->y[at * classes + k] == (k == is[i % rows]));
		at++;
	}
	assert_true(at == data->rows);
	hebb_dataset_free(data);
	hebb_coding_free(coding);
	hebb_table_free(table);
}

#define CHECK(task, labels, is, names) \
	check(task, COUNT_OF(labels), labels, is, COUNT_OF(names), names)

static void each_integer_is_a_class(void **state)
{
	static const char *const near[] = {"16777217", "16777216", "16777217", "16777300"},
				 *const near_names[] = {"16777216", "16777217", "16777300"},
				 *const far[] = {"9007199254740993", "9007199254740992",
						 "9007199254740993"},
				 *const far_names[] = {"9007199254740992", "9007199254740993"};

	(void)state;
	CHECK(HEBB_TASK_AUTO, near, ((int[]){1, 0, 1, 2}), near_names);
	CHECK(HEBB_CLASSIFICATION, near, ((int[]){1, 0, 1, 2}), near_names);
	CHECK(HEBB_TASK_AUTO, far, ((int[]){1, 0, 1}), far_names);
}

static void spellings_of_one_number(void **state)
{
	static const char *const
		mixed[] = {"1", "1.0", "+1", "2.00", "2.0"},
		*const merged[] = {"1", "2.0"}, *const each[] = {"+1", "1", "1.0", "2.0", "2.00"},
		*const zeros[] = {"01", "1", "2", "1.0", "002"},
		*const zero_names[] = {"01", "1", "002", "2"},
		*const version[] = {"3.1", "3.10", "3.9"}, *const ordered[] = {"10", "9", "-1"},
		*const order[] = {"-1", "9", "10"}, *const signs[] = {"0", "-0", "1"},
		*const sign_names[] = {"0", "1"};

	(void)state;
	CHECK(HEBB_TASK_AUTO, mixed, ((int[]){0, 0, 0, 1, 1}), merged);
	CHECK(HEBB_CLASSIFICATION, mixed, ((int[]){1, 2, 0, 4, 3}), each);
	CHECK(HEBB_TASK_AUTO, zeros, ((int[]){0, 1, 3, 1, 2}), zero_names);
	CHECK(HEBB_CLASSIFICATION, version, ((int[]){0, 1, 2}), version);
	CHECK(HEBB_TASK_AUTO, ordered, ((int[]){2, 1, 0}), order);
	CHECK(HEBB_TASK_AUTO, signs, ((int[]){0, 0, 1}), sign_names);
}

static void marks_among_texts_are_classes(void **state)
{
	static const char *const labels[] = {"nan", "ok", "", "?", "ok", "NA", "None"},
				 *const names[] = {"NA", "None", "nan", "ok"},
				 *const quoted[] = {"\"NA\"", "DE", "FR"},
				 *const quoted_names[] = {"DE", "FR", "NA"};
	(void)state;
	CHECK(HEBB_TASK_AUTO, labels, ((int[]){2, 3, -1, -1, 3, 0, 1}), names);
	CHECK(HEBB_TASK_AUTO, quoted, ((int[]){2, 0, 1}), quoted_names);
}

static void truth_keeps_its_spelling(void **state)
{
	static const char *const labels[] = {"True", "False", "True"}, *const names[] = {"False",
											 "True"};

	(void)state;
	CHECK(HEBB_TASK_AUTO, labels, ((int[]){1, 0, 1}), names);
}

/* The class of a label of a new file, "" if it is refused. */
static void find(hebb_task task, int rows, const char *const *label, const char *wanted,
		 const char *class)
{
	hebb_table *table = make_table(rows, label, TIMES), *other = make_table(1, &wanted, 1);
	hebb_coding *coding = fit(table, task);
	hebb_error error;
	hebb_dataset *data = hebb_coding_apply(
		coding, other, HEBB_APPLY_TARGETS | HEBB_APPLY_STRICT, 1, NULL, &error);

	if (!data != !*class)
		fail_msg("'%s': %s", wanted, data ? "is found" : error.message);
	if (!data)
		assert_non_null(strstr(error.message, "a class that was not there in training"));
	for (int k = 0; data && k < coding->outputs; k++)
		if ((data->y[k] == 1) != (strcmp(coding->targets[0].levels[k], class) == 0))
			fail_msg("'%s' is found as '%s'", wanted, coding->targets[0].levels[k]);
	hebb_dataset_free(data);
	hebb_coding_free(coding);
	hebb_table_free(table);
	hebb_table_free(other);
}

#define FIND(task, labels, wanted, class) find(task, COUNT_OF(labels), labels, wanted, class)

static void new_labels_are_found(void **state)
{
	static const char *const bits[] = {"0", "1", "0", "1"}, *const codes[] = {"01", "1", "02"},
				 *const versions[] = {"3.1", "3.10", "3.9"},
				 *const texts[] = {"a", "7", "b"},
				 *const large[] = {"9007199254740992", "9007199254740993"},
				 *const near[] = {"16777216", "16777217", "5"},
				 *const parts[] = {"0.1", "0.2", "0.3"},
				 *const truth[] = {"True", "False"};

	(void)state;
	FIND(HEBB_TASK_AUTO, bits, "0.0", "0");
	FIND(HEBB_TASK_AUTO, bits, "1", "1");
	FIND(HEBB_TASK_AUTO, bits, "2", "");
	FIND(HEBB_TASK_AUTO, bits, "01", "1");
	FIND(HEBB_TASK_AUTO, codes, "1.0", "1");
	FIND(HEBB_TASK_AUTO, codes, "01", "01");
	FIND(HEBB_TASK_AUTO, codes, "2", "02");
	FIND(HEBB_TASK_AUTO, codes, "001", "");
	FIND(HEBB_CLASSIFICATION, versions, "3.10", "3.10");
	FIND(HEBB_CLASSIFICATION, versions, "3.1", "3.1");
	FIND(HEBB_CLASSIFICATION, versions, "3.90", "3.9");
	FIND(HEBB_CLASSIFICATION, versions, "3.100", "");
	FIND(HEBB_TASK_AUTO, texts, "7.0", "7");
	FIND(HEBB_TASK_AUTO, texts, "c", "");
	FIND(HEBB_TASK_AUTO, large, "9007199254740993", "9007199254740993");
	FIND(HEBB_TASK_AUTO, large, "9007199254740992", "9007199254740992");
	FIND(HEBB_TASK_AUTO, large, "9007199254740994", "");
	FIND(HEBB_TASK_AUTO, near, "16777217", "16777217");
	FIND(HEBB_TASK_AUTO, near, "16777216", "16777216");
	FIND(HEBB_TASK_AUTO, near, "5.0", "5");
	FIND(HEBB_CLASSIFICATION, parts, "0.1", "0.1");
	FIND(HEBB_CLASSIFICATION, parts, "0.10", "0.1");
	FIND(HEBB_TASK_AUTO, truth, "TRUE", "True");
	FIND(HEBB_TASK_AUTO, truth, "0", "False");
}

static void twins_are_told(void **state)
{
	char *codes[] = {"01", "1", "x"}, *far[] = {"9007199254740992", "9007199254740993"},
	     *same[] = {"a", "2.50", "b", "2.5"};
	hebb_column column = {.kind = HEBB_TEXT, .levels = codes, .level_count = 3};
	int other = -1;

	(void)state;
	assert_true(hebb_column_twin(&column, &other) + other == 1);
	column = (hebb_column){.kind = HEBB_TEXT, .levels = same, .level_count = 4};
	assert_true(hebb_column_twin(&column, &other) + other == 4);
	column = (hebb_column){.kind = HEBB_TEXT, .levels = far, .level_count = 2};
	assert_int_equal(hebb_column_twin(&column, &other), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_integer_is_a_class),
		cmocka_unit_test(spellings_of_one_number),
		cmocka_unit_test(marks_among_texts_are_classes),
		cmocka_unit_test(truth_keeps_its_spelling),
		cmocka_unit_test(new_labels_are_found),
		cmocka_unit_test(twins_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
