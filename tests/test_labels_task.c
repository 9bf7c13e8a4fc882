/* SPDX-License-Identifier: MIT */
/*
 * test_labels_task.c - several labels: how columns become them, training, the model file, gaps
 */
#include "hebb_study.h"
#include "test.h"

enum { ROWS = 200 };

/* x and z, and labels: wet if x > 0, cold if z > 0, and kind; every tenth wet and
 * every seventh cold is missing, and all of row 70. */
static hebb_table *weather(void)
{
	static char text[ROWS * 64];
	size_t size = (size_t)snprintf(text, sizeof text, "x,z,wet,cold,kind\n");
	hebb_error error;

	for (int i = 0; i < ROWS; i++) {
		int x = i * 37 % 101 - 50, z = i * 53 % 97 - 48, none = i == 70;
		const char *wet = none || i % 10 == 3 ? "" : x > 0 ? "yes" : "no";
		const char *cold = none || i % 7 == 2 ? "" : z > 0 ? "1" : "0";

		size += (size_t)snprintf(text + size, sizeof text - size, "%d,%d,%s,%s,%s\n", x, z,
					 wet, cold,
					 none    ? ""
					 : i % 3 ? "true"
						 : "false");
	}
	hebb_table *table = hebb_table_parse(text, size, "w.csv", HEBB_HEADER_YES, &error);
	if (!table)
		fail_msg("%s", error.message);
	return table;
}

static hebb_coding *fitted(const hebb_table *table, int count, const int *targets,
			   hebb_error *error)
{
	hebb_coding_options options = hebb_coding_options_default();

	options.task = HEBB_LABELS;
	options.target_count = count;
	options.targets = targets;
	return hebb_coding_fit(table, &options, table->rows, NULL, error);
}

static void coded(void **state)
{
	static const int targets[] = {2, 3, 4};
	hebb_table *table = weather();
	hebb_error error;
	hebb_coding *coding = fitted(table, 3, targets, &error);
	long long gaps = 0;

	(void)state;
	assert_non_null(coding);
	assert_true(coding->outputs == 3 && coding->width == 2);
	assert_string_equal(coding->targets[0].levels[0], "no");
	assert_string_equal(coding->targets[0].levels[1], "yes");
	assert_string_equal(coding->targets[1].levels[1], "1");
	hebb_dataset *data = hebb_coding_apply(coding, table, 1, table->rows, NULL, &error);
	assert_non_null(data);
	assert_true(data->rows == ROWS - 1 && data->without_target == 1);
	for (long long i = 0; i < data->rows; i++) {
		const float *y = data->y + 3 * i;
		int row = (int)data->row[i], x = row * 37 % 101 - 50, z = row * 53 % 97 - 48;

		assert_true(row % 10 == 3 ? isnan(y[0]) : y[0] == (x > 0));
		assert_true(row % 7 == 2 ? isnan(y[1]) : y[1] == (z > 0));
		assert_true(y[2] == (row % 3 > 0));
		gaps += isnan(y[0]) + isnan(y[1]);
	}
	assert_true(data->gaps == gaps && gaps > 0);
	hebb_dataset_free(data);
	hebb_coding_free(coding);
	hebb_table_free(table);
}

static void no_labels(void **state)
{
	static const char text[] = "x,three,one,zero,number\n1,a,5,0,1\n2,b,5,0,2\n3,c,5,0,2\n";
	hebb_error error = {.status = HEBB_OK};
	hebb_table *table =
		hebb_table_parse(text, sizeof text - 1, "t.csv", HEBB_HEADER_YES, &error);
	int at = 1;

	(void)state;
	assert_null(fitted(table, 1, &at, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "\"three\" is no label");
	at = 2;
	assert_null(fitted(table, 1, &at, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "one, which is not 0 or 1");
	at = 0;
	assert_null(fitted(table, 1, &at, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "\"x\" is no label");
	for (at = 3; at < 5; at++) {
		hebb_coding *coding = fitted(table, 1, &at, &error);

		assert_non_null(coding);
		assert_string_equal(coding->targets[0].levels[0], at == 3 ? "0" : "1");
		assert_string_equal(coding->targets[0].levels[1], at == 3 ? "1" : "2");
		hebb_coding_free(coding);
	}
	hebb_table_free(table);
}

/* Equal numbers are two values if they are two classes of a classification. */
static void equal_numbers(void **state)
{
	static const char text[] = "x,code,zero,three\n1,01,0,01\n2,1,0.0,1\n3,01,0,001\n"
				   "4,1.0,0,1\n5,01,0,1\n";
	hebb_error error = {.status = HEBB_OK};
	hebb_table *table =
		hebb_table_parse(text, sizeof text - 1, "t.csv", HEBB_HEADER_YES, &error);
	int at = 3;

	(void)state;
	assert_non_null(table);
	assert_null(fitted(table, 1, &at, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "this has 3");
	for (at = 1; at < 3; at++) {
		hebb_coding *coding = fitted(table, 1, &at, &error);

		assert_non_null(coding);
		hebb_dataset *data = hebb_coding_apply(coding, table, 1, 5, NULL, &error);
		assert_non_null(data);
		for (int i = 0; i < 5; i++)
			if (data->y[i] != (float)(at == 1 && (i == 1 || i == 3)))
				fail_msg("column %d, row %d is %g", at, i, data->y[i]);
		hebb_dataset_free(data);
		hebb_coding_free(coding);
	}
	hebb_table_free(table);
}

/* A label that never changes, as it is written, also beside marks. */
static void constant_labels(void **state)
{
	static const char *const tables[][2] = {
		{"1", "1"},    {"0", "0"},        {"1.0", "1.0"},         {"0.00", "0.0"},
		{"1.0", "NA"}, {"\"1,0\"", "NA"}, {"\"0,0\"", "\"0,0\""}, {"TRUE", "True"}};
	hebb_error error;
	int at = 1;

	(void)state;
	for (size_t k = 0; k < COUNT_OF(tables); k++) {
		char text[128];
		int size = snprintf(text, sizeof text, "x,y\n1,%s\n2,%s\n3,%s\n", tables[k][0],
				    tables[k][1], tables[k][0]);
		int one = !strchr(tables[k][0], '0') || strchr(tables[k][0], '1');
		hebb_table *table =
			hebb_table_parse(text, (size_t)size, "c.csv", HEBB_HEADER_YES, &error);
		assert_non_null(table);
		hebb_coding *coding = fitted(table, 1, &at, &error);
		if (!coding)
			fail_msg("%s: %s", text, error.message);
		assert_string_equal(coding->targets[0].levels[!one], one ? "0" : "1");
		hebb_dataset *data = hebb_coding_apply(coding, table, 1, 3, NULL, &error);
		if (!data)
			fail_msg("%s: %s", text, error.message);
		assert_int_equal(data->rows, 3 - (strcmp(tables[k][1], "NA") == 0));
		for (int i = 0; i < data->rows; i++)
			assert_true(data->y[i] == (float)one);
		hebb_dataset_free(data);
		hebb_coding_free(coding);
		hebb_table_free(table);
	}
}

static void trained(void **state)
{
	hebb_table *table = weather();
	hebb_study study = hebb_study_of(table);
	hebb_result result;
	hebb_error error;

	(void)state;
	study.labels = "wet,cold";
	study.missing = HEBB_MISSING_MEAN; /* of kind, an input */
	study.epochs = 60;
	test_ok(hebb_study_run(&study, &result, &error), &error);
	assert_true(result.test.labels == 2 && result.test.accuracy > 0.8);
	assert_true(result.test.label[0].roc_auc > 0.95 && result.test.detail.f1 > 0.9);
	assert_true(result.test.label[0].rows < result.test.rows);

	test_near(hebb_metric_of(HEBB_METRIC_ACCURACY, &result.test), result.test.accuracy, 0, "");
	test_near(hebb_metric_of(HEBB_METRIC_LOG_LOSS, &result.test), result.test.detail.log_loss,
		  0, "");

	/* The model file knows the labels, and scores the same. */
	test_ok(hebb_model_write(result.model, "labels.onnx", &error), &error);
	hebb_model *model = hebb_model_read("labels.onnx", &error);
	assert_non_null(model);
	assert_int_equal(model->coding->task, HEBB_LABELS);
	assert_string_equal(model->coding->targets[0].levels[1], "yes");
	hebb_score before, after;
	test_ok(hebb_model_score(result.model, table, table->rows, NULL, &before, &error), &error);
	test_ok(hebb_model_score(model, table, table->rows, NULL, &after, &error), &error);
	assert_true(before.right == after.right && before.loss == after.loss);

	hebb_evaluation e = hebb_evaluation_default();
	test_ok(hebb_model_evaluate(model, table, table->rows, NULL, &e, &error), &error);
	assert_true(isnan(e.accuracy) && isnan(e.rmse));
	test_near(e.loss, after.loss, 1e-9, "loss");
	hebb_score_free(&before);
	hebb_score_free(&after);
	hebb_model_free(model);
	hebb_result_free(&result);
	hebb_table_free(table);
	remove("labels.onnx");
}

static void refused(void **state)
{
	hebb_table *table = weather();
	static const struct {
		const char *target, *labels;
		hebb_task task;
		hebb_activation output;
		hebb_weights weights;
		const char *mentioned, *ignore, *inputs;
	} tried[] = {
		{"wet", "cold", 0, 0, 0, "--labels", NULL, NULL},
		{NULL, "", 0, 0, 0, "--labels", NULL, NULL},
		{NULL, "wet,warm", 0, 0, 0, "--labels", NULL, NULL},
		{NULL, "warm*", 0, 0, 0, "--labels", NULL, NULL},
		{NULL, "wet,,cold", 0, 0, 0, "--labels", NULL, NULL},
		{NULL, "wet,cold", 0, 0, 0, "leaves out 'cold', which is a label", "c*", NULL},
		{NULL, "wet,cold", 0, 0, 0, "--inputs", NULL, "x,z,wet"},
		{NULL, "x", 0, 0, 0, "no label", NULL, NULL},
		{NULL, "wet", HEBB_REGRESSION, 0, 0, "--labels", NULL, NULL},
		{NULL, "wet", 0, HEBB_SOFTMAX, 0, "sigmoid", NULL, NULL},
		{NULL, "wet", 0, 0, HEBB_WEIGHTS_BALANCED, "--class-weights", NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(tried); i++) {
		hebb_study study = hebb_study_of(table);
		hebb_error error = {.status = HEBB_OK};

		study.target = tried[i].target;
		study.labels = tried[i].labels;
		study.missing = HEBB_MISSING_MEAN;
		study.task = tried[i].task;
		study.output = tried[i].output;
		study.class_weights = tried[i].weights;
		study.ignore = tried[i].ignore;
		study.input_columns = tried[i].inputs;
		test_failed(hebb_study_default(&study, &error), &error, HEBB_BAD_ARGUMENT,
			    tried[i].mentioned);
	}
	hebb_table_free(table);
}

/* Several numbers: a row trains on those that it has; of one target, a row without it is left out.
 */
static void numbers_with_gaps(void **state)
{
	static char text[ROWS * 64];
	size_t size = (size_t)snprintf(text, sizeof text, "x,a,b\n");
	hebb_result result;
	hebb_error error;

	(void)state;
	for (int i = 0; i < ROWS; i++) {
		int x = i * 37 % 101 - 50;

		size += (size_t)snprintf(text + size, sizeof text - size, "%d,", x);
		size += (size_t)(i % 3 ? snprintf(text + size, sizeof text - size, "%d,", 2 * x)
				       : snprintf(text + size, sizeof text - size, ","));
		size += (size_t)(i % 3 != 1
					 ? snprintf(text + size, sizeof text - size, "%d\n", 7 - x)
					 : snprintf(text + size, sizeof text - size, "\n"));
	}
	hebb_table *table = hebb_table_parse(text, size, "n.csv", HEBB_HEADER_YES, &error);
	assert_non_null(table);
	hebb_study study = hebb_study_of(table);
	study.target = "a,b";
	study.hidden = 0;
	study.optimizer = HEBB_LBFGS;
	test_ok(hebb_study_run(&study, &result, &error), &error);
	assert_true(result.test.target[0].r2 > 0.9999 && result.test.target[1].r2 > 0.9999);
	hebb_result_free(&result);
	study = hebb_study_of(table);
	study.target = "a";
	test_ok(hebb_study_run(&study, &result, &error), &error); /* of the rows that have one */
	hebb_result_free(&result);
	study = hebb_study_of(table);
	study.target = "a";
	study.missing = HEBB_MISSING_ERROR;
	test_failed(hebb_study_run(&study, &result, &error), &error, HEBB_BAD_FORMAT,
		    "has no value, and it is a target");
	hebb_table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(coded),
		cmocka_unit_test(no_labels),
		cmocka_unit_test(equal_numbers),
		cmocka_unit_test(constant_labels),
		cmocka_unit_test(trained),
		cmocka_unit_test(refused),
		cmocka_unit_test(numbers_with_gaps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
