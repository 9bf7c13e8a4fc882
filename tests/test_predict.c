/* SPDX-License-Identifier: MIT */
/*
 * test_predict.c - one example through a model, and models of networks that were trained on arrays
 */
#include "hebb_io.h"
#include "test.h"

enum { ROWS = 6 };
static const char csv[] = "size,color,weight,price\n"
			  "1,red,10,100\n"
			  "2,green,,150\n"
			  "4,blue,30,90\n"
			  "3,red,20,400\n"
			  "7,,25,250\n"
			  "5,blue,40,330\n";
static const long long row[ROWS] = {0, 1, 2, 3, 4, 5};

static hebb_model model_of(const hebb_table *table, hebb_missing missing, hebb_task task)
{
	hebb_coding_options options = hebb_coding_options_default();
	hebb_model model = {.loss = task == HEBB_REGRESSION ? HEBB_SQUARED : HEBB_CROSS_ENTROPY};
	hebb_layer layers[] = {hebb_dense(9, HEBB_TANH), hebb_dense(1, HEBB_LINEAR)};
	hebb_error error;

	options.missing = missing;
	options.task = task;
	model.coding = hebb_coding_fit(table, &options, ROWS, row, &error);
	if (!model.coding)
		fail_msg("%s", error.message);
	if (task == HEBB_CLASSIFICATION)
		layers[1] = hebb_dense(model.coding->outputs, HEBB_SOFTMAX);
	model.net = test_net(model.coding->width, 2, layers, 3);
	return model;
}

static void model_clear(hebb_model *model)
{
	hebb_net_free(model->net);
	hebb_coding_free(model->coding);
}

/* What a table says about a row, as the raw inputs: size, blue, green, red, weight. */
static void raw_of(const hebb_table *table, long long r, float raw[5])
{
	float color = hebb_table_value(table, r, 1);

	raw[0] = hebb_table_value(table, r, 0);
	for (int level = 0; level < 3; level++)
		raw[1 + level] = isnan(color) ? NAN : (float)(color == (float)level);
	raw[4] = hebb_table_value(table, r, 2);
}

/* The same numbers to the bit as a table that is coded, run and put back in its units by hand. */
static void like_a_table(void **state)
{
	static const hebb_task tasks[] = {HEBB_REGRESSION, HEBB_CLASSIFICATION};
	hebb_table *table =
		hebb_table_parse(csv, sizeof csv - 1, "things.csv", HEBB_HEADER_YES, NULL);

	(void)state;
	for (size_t t = 0; t < COUNT_OF(tasks); t++) {
		hebb_model model = model_of(table, HEBB_MISSING_MEAN, tasks[t]);
		hebb_dataset *data = hebb_coding_apply(model.coding, table, 0, ROWS, row, NULL);
		int outputs = model.coding->outputs;

		assert_int_equal(model.coding->width, 5);
		for (int r = 0; r < ROWS; r++) {
			float raw[5], output[8], expected[8];
			hebb_error error;

			raw_of(table, r, raw);
			test_ok(hebb_model_predict(&model, raw, output, &error), &error);
			assert_int_equal(
				hebb_predict(model.net, data->x + (ptrdiff_t)r * 5, expected, NULL),
				HEBB_OK);
			for (int j = 0; j < outputs; j++)
				expected[j] = expected[j] * model.coding->target_sd[j] +
					      model.coding->target_mean[j];
			assert_memory_equal(output, expected, (size_t)outputs * sizeof *output);
			if (tasks[t] == HEBB_REGRESSION)
				assert_true(fabsf(output[0]) > 10); /* a price, not a deviation */
		}
		hebb_dataset_free(data);
		model_clear(&model);
	}
	hebb_table_free(table);
}

static void refusals(void **state)
{
	static const char whole[] = "a,b\n1,2\n3,4\n5,7\n2,1\n8,9\n6,3\n";
	hebb_table *table =
		hebb_table_parse(whole, sizeof whole - 1, "w.csv", HEBB_HEADER_YES, NULL);
	hebb_model model = model_of(table, HEBB_MISSING_ERROR, HEBB_REGRESSION);
	hebb_net *net = model.net;
	float raw = NAN, output = 77;
	hebb_error error;

	(void)state;
	test_failed(hebb_model_predict(&model, &raw, &output, &error), &error, HEBB_BAD_ARGUMENT,
		    "input 1 of 1 is missing");
	raw = -INFINITY;
	test_failed(hebb_model_predict(&model, &raw, &output, &error), &error, HEBB_BAD_ARGUMENT,
		    "-inf");
	raw = 1;
	model.net = test_net(2, 1, (hebb_layer[]){hebb_dense(1, HEBB_TANH)}, 1);
	test_failed(hebb_model_predict(&model, &raw, &output, &error), &error, HEBB_BAD_SHAPE,
		    "2 inputs");
	assert_true(output == 77);
	hebb_net_free(net);
	model_clear(&model);
	hebb_table_free(table);
}

/* Inputs that do not fit on the stack. */
static void many_inputs(void **state)
{
	enum { MANY = 5000 };
	hebb_layer layer = hebb_dense(3, HEBB_SOFTMAX);
	hebb_model model = {.net = test_net(MANY, 1, &layer, 1), .loss = HEBB_CROSS_ENTROPY};
	float *x = test_floats(1, MANY, -1, 1), h[3], expected[3];
	hebb_error error;

	(void)state;
	model.coding = hebb_coding_plain(HEBB_CLASSIFICATION, MANY, 3, &error);
	test_ok(hebb_model_predict(&model, x, h, &error), &error);
	assert_int_equal(hebb_predict(model.net, x, expected, NULL), HEBB_OK);
	assert_memory_equal(h, expected, sizeof h);
	model_clear(&model);
	free(x);
}

/* A network of arrays becomes a model file, and data with the same columns goes through it. */
static void plain(void **state)
{
	static const char table_text[] = "1,2,0\n3,-4,11\n0.5,0,2\n";
	hebb_layer layer = hebb_dense(12, HEBB_SOFTMAX), number = hebb_dense(2, HEBB_LINEAR);
	hebb_model model = {.net = test_net(2, 1, &layer, 1), .loss = HEBB_CROSS_ENTROPY}, *read;
	hebb_table *table =
		hebb_table_parse(table_text, sizeof table_text - 1, "t", HEBB_HEADER_NO, NULL);
	const float x[2] = {3, -4};
	float h[12], expected[12];
	unsigned char *bytes;
	hebb_dataset *data;
	size_t size;
	hebb_error error;

	(void)state;
	model.coding = hebb_coding_plain(HEBB_CLASSIFICATION, 2, 12, &error);
	test_ok(hebb_model_format(&model, &bytes, &size, &error), &error);
	read = hebb_model_parse(bytes, size, "m", &error);
	assert_non_null(read);
	assert_string_equal(read->coding->inputs[1].name, "x2");
	assert_string_equal(read->coding->targets[0].levels[11], "11");
	assert_int_equal(hebb_predict(model.net, x, expected, NULL), HEBB_OK);
	test_ok(hebb_model_predict(read, x, h, &error), &error);
	assert_memory_equal(h, expected, sizeof h);
	data = hebb_coding_apply(read->coding, table, 1, 3, row, &error);
	if (!data)
		fail_msg("%s", error.message);
	assert_memory_equal(data->x + 2, x, sizeof x);
	assert_true(data->y[12 + 11] == 1 && data->y[2 * 12 + 2] == 1);
	hebb_dataset_free(data);
	hebb_model_free(read);
	free(bytes);
	model_clear(&model);
	model.loss = HEBB_SQUARED;
	model.net = test_net(2, 1, &number, 1);
	model.coding = hebb_coding_plain(HEBB_REGRESSION, 2, 2, &error);
	assert_int_equal(model.coding->target_count, 2);
	assert_string_equal(model.coding->targets[1].name, "x4");
	test_ok(hebb_model_format(&model, &bytes, &size, &error), &error);
	free(bytes);
	model_clear(&model);
	hebb_table_free(table);
	assert_null(hebb_coding_plain(HEBB_TASK_AUTO, 2, 2, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "task");
	assert_null(hebb_coding_plain(HEBB_CLASSIFICATION, 2, 1, &error));
	assert_null(hebb_coding_plain(HEBB_REGRESSION, 0, 1, &error));
	assert_null(hebb_coding_plain(HEBB_REGRESSION, HEBB_MAX_UNITS + 1, 1, &error));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(like_a_table),
		cmocka_unit_test(refusals),
		cmocka_unit_test(many_inputs),
		cmocka_unit_test(plain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
