/* SPDX-License-Identifier: MIT */
/*
 * test_predict.c - examples through a model, and models of networks that were trained on arrays
 */
#include <limits.h>
#include "hebb_io.h"
#include "predict_one.h"
#include "test.h"

enum { ROWS = 6 };
static const char csv[] = "size,color,weight,price\n"
			  "1,red,10,100\n"
			  "2,green,,150\n"
			  "4,blue,30,90\n"
			  "3,red,20,400\n"
			  "7,,25,250\n"
			  "5,blue,40,330\n";

static hebb_model *model_of(const hebb_table *table, hebb_missing missing, hebb_task task)
{
	int classes = task == HEBB_CLASSIFICATION;
	hebb_coding_options options = hebb_coding_options_default();
	hebb_layer layers[] = {hebb_dense(9, HEBB_TANH), hebb_dense(1, HEBB_LINEAR)};
	hebb_error error;

	options.missing = missing;
	options.task = task;
	hebb_coding *coding = hebb_coding_fit(table, &options, ROWS, NULL, &error);
	if (!coding)
		fail_msg("%s", error.message);
	if (classes)
		layers[1] = hebb_dense(coding->outputs, HEBB_SOFTMAX);
	hebb_net *net = test_net(coding->width, 2, layers, 3);
	hebb_model *model = hebb_model_new(net, coding, classes ? HEBB_CROSS_ENTROPY : HEBB_SQUARED,
					   NULL, &error);
	if (!model)
		fail_msg("%s", error.message);
	hebb_net_free(net);
	hebb_coding_free(coding);
	return model;
}

/* A model of a network that was trained on arrays; frees the network. */
static hebb_model *plain_model(hebb_net *net, hebb_task task, int inputs, int outputs)
{
	hebb_error error;
	hebb_coding *coding = hebb_coding_plain(task, inputs, outputs, &error);
	hebb_model *model = hebb_model_new(
		net, coding, task == HEBB_REGRESSION ? HEBB_SQUARED : HEBB_CROSS_ENTROPY, NULL,
		&error);

	if (!model)
		fail_msg("%s", error.message);
	hebb_coding_free(coding);
	hebb_net_free(net);
	return model;
}

/* What a table says about a row, as a program has it. */
struct things {
	double numbers[2]; /* size, weight */
	const char *color;
};

static const char *const number_names[] = {"size", "weight"}, *const color_name[] = {"color"};

static struct things things_of(const hebb_table *table, long long r)
{
	double color = hebb_table_value(table, r, 1);

	return (struct things){
		.numbers = {hebb_table_value(table, r, 0), hebb_table_value(table, r, 2)},
		.color = isnan(color) ? NULL : table->column[1].levels[(int)color]};
}

static void predict_thing(const hebb_model *model, const struct things *thing, float *output)
{
	const hebb_block blocks[] = {hebb_doubles(2, thing->numbers, number_names),
				     hebb_texts(1, &thing->color, color_name)};
	hebb_prediction prediction = hebb_prediction_default();
	hebb_error error;

	prediction.output = output;
	test_ok(hebb_model_predict(model, 1, 2, blocks, &prediction, &error), &error);
}

/* The same numbers to the bit as a table that is coded, run and put back in its units by hand. */
static void like_a_table(void **state)
{
	static const hebb_task tasks[] = {HEBB_REGRESSION, HEBB_CLASSIFICATION};
	hebb_table *table =
		hebb_table_parse(csv, sizeof csv - 1, "things.csv", HEBB_HEADER_YES, NULL);

	(void)state;
	for (size_t t = 0; t < COUNT_OF(tasks) * 2; t++) {
		hebb_task task = tasks[t / 2];
		hebb_model *model =
			model_of(table, t % 2 ? HEBB_MISSING_INDICATOR : HEBB_MISSING_MEAN, task);
		hebb_dataset *data = hebb_coding_apply(model->coding, table, 0, ROWS, NULL, NULL);
		int outputs = model->coding->outputs, width = model->coding->width;

		assert_int_equal(width, t % 2 ? 7 : 5);
		for (int r = 0; r < ROWS; r++) {
			struct things thing = things_of(table, r);
			float output[8], expected[8];

			predict_thing(model, &thing, output);
			assert_int_equal(hebb_predict(model->net, data->x + (ptrdiff_t)r * width,
						      expected, NULL),
					 HEBB_OK);
			for (int j = 0; j < outputs; j++)
				expected[j] = expected[j] * model->coding->target_sd[j] +
					      model->coding->target_mean[j];
			assert_memory_equal(output, expected, (size_t)outputs * sizeof *output);
			if (task == HEBB_REGRESSION)
				assert_true(fabsf(output[0]) > 10); /* a price, not a deviation */
		}
		hebb_dataset_free(data);
		hebb_model_free(model);
	}
	hebb_table_free(table);
}

/* A row alone is refused only where that is asked for, or where nothing fits. */
static void refusals(void **state)
{
	static const char whole[] = "a,b\n1,2\n3,4\n5,7\n2,1\n8,9\n6,3\n";
	hebb_table *table =
		hebb_table_parse(whole, sizeof whole - 1, "w.csv", HEBB_HEADER_YES, NULL);
	hebb_model *model = model_of(table, HEBB_MISSING_ERROR, HEBB_REGRESSION);
	hebb_net *net = model->net;
	const float raw = NAN;
	const hebb_block block = hebb_floats(1, &raw, NULL);
	hebb_prediction prediction = hebb_prediction_default();
	float output = 77;
	hebb_error error;

	(void)state;
	prediction.output = &output;
	prediction.how = HEBB_APPLY_STRICT;
	test_failed(hebb_model_predict(model, 1, 1, &block, &prediction, &error), &error,
		    HEBB_BAD_FORMAT, "row 1: column \"x1\" has no value");
	prediction.how = 8;
	test_failed(hebb_model_predict(model, 1, 1, &block, &prediction, &error), &error,
		    HEBB_BAD_ARGUMENT, "how is 8");
	prediction.how = 0;
	model->net = test_net(2, 1, (hebb_layer[]){hebb_dense(1, HEBB_TANH)}, 1);
	test_failed(hebb_model_predict(model, 1, 1, &block, &prediction, &error), &error,
		    HEBB_BAD_SHAPE, "2 inputs");
	assert_true(output == 77);
	hebb_net_free(model->net);
	model->net = net;
	test_ok(hebb_model_predict(model, 1, 1, &block, &prediction, &error), &error);
	assert_true(isfinite(output) && output != 77);
	hebb_model_free(model);
	hebb_table_free(table);
}

/* Inputs that do not fit on the stack. */
static void many_inputs(void **state)
{
	enum { MANY = 5000 };
	hebb_layer layer = hebb_dense(3, HEBB_SOFTMAX);
	hebb_model *model = plain_model(test_net(MANY, 1, &layer, 1), HEBB_CLASSIFICATION, MANY, 3);
	float *x = test_floats(1, MANY, -1, 1), h[3], expected[3];
	hebb_error error;

	(void)state;
	test_ok(predict_floats(model, x, h, &error), &error);
	assert_int_equal(hebb_predict(model->net, x, expected, NULL), HEBB_OK);
	assert_memory_equal(h, expected, sizeof h);
	hebb_model_free(model);
	free(x);
}

/* A network of arrays becomes a model file, and data with the same columns goes through it. */
static void plain(void **state)
{
	static const char table_text[] = "1,2,0\n3,-4,11\n0.5,0,2\n";
	hebb_layer layer = hebb_dense(12, HEBB_SOFTMAX), number = hebb_dense(2, HEBB_LINEAR);
	hebb_model *model = plain_model(test_net(2, 1, &layer, 1), HEBB_CLASSIFICATION, 2, 12),
		   *read;
	hebb_table *table =
		hebb_table_parse(table_text, sizeof table_text - 1, "t", HEBB_HEADER_NO, NULL);
	const float x[2] = {3, -4};
	float h[12], expected[12];
	unsigned char *bytes;
	hebb_dataset *data;
	size_t size;
	hebb_error error;

	(void)state;
	test_ok(hebb_model_format(model, &bytes, &size, &error), &error);
	read = hebb_model_parse(bytes, size, "m", &error);
	assert_non_null(read);
	assert_string_equal(read->coding->inputs[1].name, "x2");
	assert_string_equal(read->coding->targets[0].levels[11], "11");
	assert_int_equal(hebb_predict(model->net, x, expected, NULL), HEBB_OK);
	test_ok(predict_floats(read, x, h, &error), &error);
	assert_memory_equal(h, expected, sizeof h);
	data = hebb_coding_apply(read->coding, table, 1, 3, NULL, &error);
	if (!data)
		fail_msg("%s", error.message);
	assert_memory_equal(data->x + 2, x, sizeof x);
	assert_true(data->y[12 + 11] == 1 && data->y[2 * 12 + 2] == 1);
	hebb_dataset_free(data);
	hebb_model_free(read);
	free(bytes);
	hebb_model_free(model);
	model = plain_model(test_net(2, 1, &number, 1), HEBB_REGRESSION, 2, 2);
	assert_int_equal(model->coding->target_count, 2);
	assert_string_equal(model->coding->targets[1].name, "x4");
	test_ok(hebb_model_format(model, &bytes, &size, &error), &error);
	free(bytes);
	hebb_model_free(model);
	hebb_table_free(table);
	assert_null(hebb_coding_plain(HEBB_TASK_AUTO, 2, 2, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "task");
	assert_null(hebb_coding_plain(HEBB_CLASSIFICATION, 2, 1, &error));
	assert_null(hebb_coding_plain(HEBB_REGRESSION, 0, 1, &error));
	assert_null(hebb_coding_plain(HEBB_REGRESSION, HEBB_MAX_UNITS + 1, 1, &error));
}

/* Rows of a table, in any order, and as arrays of numbers and texts: the same numbers to the bit as
 * one call a row. */
static void many_rows(void **state)
{
	static const hebb_task tasks[] = {HEBB_REGRESSION, HEBB_CLASSIFICATION};
	static const char *const names[] = {"weight", "size", "color"}, *const color[ROWS] = {
										"red",  "green",
										"blue", "red",
										NULL,   "blue"};
	static const double numbers[ROWS][2] = {{10, 1}, {(double)NAN, 2}, {30, 4},
						{20, 3}, {25, 7},          {40, 5}};
	const hebb_block blocks[] = {hebb_doubles(2, numbers[0], names),
				     hebb_texts(1, color, names + 2)};
	const long long order[] = {5, 0, 0, 3};
	hebb_table *table =
		hebb_table_parse(csv, sizeof csv - 1, "things.csv", HEBB_HEADER_YES, NULL);

	(void)state;
	for (size_t t = 0; t < COUNT_OF(tasks); t++) {
		hebb_model *model = model_of(table, HEBB_MISSING_MEAN, tasks[t]);
		int outputs = model->coding->outputs, label[ROWS];
		float one[ROWS][8], many[ROWS * 8];
		hebb_prediction prediction = hebb_prediction_default();
		hebb_error error;

		prediction.output = many;
		prediction.label = tasks[t] == HEBB_CLASSIFICATION ? label : NULL;
		for (int r = 0; r < ROWS; r++) {
			struct things thing = things_of(table, r);

			predict_thing(model, &thing, one[r]);
		}
		for (int arrays = 0; arrays < 2; arrays++) {
			test_ok(arrays ? hebb_model_predict(model, ROWS, 2, blocks, &prediction,
							    &error)
				       : hebb_model_predict_table(model, table, ROWS, NULL,
								  &prediction, &error),
				&error);
			assert_int_equal(prediction.answered, ROWS);
			for (int r = 0; r < ROWS; r++) {
				const float *h = many + r * outputs;

				assert_memory_equal(h, one[r], (size_t)outputs * sizeof *h);
				for (int j = 0; j < outputs && prediction.label; j++)
					assert_true(h[label[r]] >= h[j]);
			}
		}
		test_ok(hebb_model_predict_table(model, table, 4, order, &prediction, &error),
			&error);
		for (int r = 0; r < 4; r++)
			assert_memory_equal(many + r * outputs, one[order[r]],
					    (size_t)outputs * sizeof *many);
		hebb_model_free(model);
	}
	hebb_table_free(table);
}

/* NaN and -1 for a row that is left out for a missing value, and for one too far out. */
static void no_answer(void **state)
{
	enum { MANY = 600 };
	hebb_table *table =
		hebb_table_parse(csv, sizeof csv - 1, "things.csv", HEBB_HEADER_YES, NULL);
	hebb_model *model = model_of(table, HEBB_MISSING_DROP, HEBB_CLASSIFICATION);
	int outputs = model->coding->outputs, label[MANY];
	long long row[MANY];
	float *output = test_floats(1, (size_t)MANY * (size_t)outputs, 0, 1);
	hebb_prediction prediction = hebb_prediction_default();
	hebb_error error;

	(void)state;
	for (int i = 0; i < MANY; i++)
		row[i] = i * 5 % ROWS;
	prediction.label = label;
	prediction.output = output;
	test_ok(hebb_model_predict_table(model, table, MANY, row, &prediction, &error), &error);
	for (int i = 0; i < MANY; i++) {
		int dropped = row[i] == 1 || row[i] == 4;

		assert_int_equal(label[i] < 0, dropped);
		assert_int_equal(isnan(output[i * outputs]) != 0, dropped);
		assert_int_equal(isnan(output[i * outputs + outputs - 1]) != 0, dropped);
	}
	assert_int_equal(prediction.answered, MANY / ROWS * (ROWS - 2));
	prediction.output = NULL;
	prediction.label = NULL;
	test_ok(hebb_model_predict_table(model, table, ROWS, NULL, &prediction, &error), &error);
	assert_int_equal(prediction.answered, ROWS - 2);
	free(output);
	hebb_model_free(model);
	hebb_table_free(table);
}

static void many_refusals(void **state)
{
	static const char *const color[] = {"pink"};
	static const float x[] = {1, 2};
	static const char *const names[] = {"size", "color", "Weight"};
	const hebb_block blocks[] = {hebb_floats(1, x, NULL),
				     hebb_texts(1, color, NULL),
				     hebb_floats(1, x, NULL),
				     {.size = 0}},
			 too_many[] = {blocks[0], blocks[1], blocks[0], blocks[0], blocks[0]},
			 misnamed[] = {hebb_floats(1, x, names), hebb_texts(1, color, names + 1),
				       hebb_floats(1, x, names + 2)};
	hebb_table *table =
		hebb_table_parse(csv, sizeof csv - 1, "things.csv", HEBB_HEADER_YES, NULL);
	hebb_model *model = model_of(table, HEBB_MISSING_MEAN, HEBB_REGRESSION);
	hebb_prediction prediction = hebb_prediction_default(), odd = {.size = 1};
	float output = 77;
	int label;
	hebb_error error;

	(void)state;
	prediction.output = &output;
	prediction.how = HEBB_APPLY_STRICT;
	test_failed(hebb_model_predict(model, 1, 3, blocks, &prediction, &error), &error,
		    HEBB_BAD_FORMAT, "row 1: column \"x2\" is \"pink\"");
	prediction.how = 0;
	test_failed(hebb_model_predict(model, 1, 2, blocks, &prediction, &error), &error,
		    HEBB_BAD_SHAPE, "2 columns");
	test_failed(hebb_model_predict(model, 1, 5, too_many, &prediction, &error), &error,
		    HEBB_BAD_SHAPE, "5 columns");
	test_failed(hebb_model_predict(model, 1, 3, misnamed, &prediction, &error), &error,
		    HEBB_BAD_SHAPE, "no column 'weight'");
	test_failed(hebb_model_predict(model, 1, 0, blocks, &prediction, &error), &error,
		    HEBB_BAD_ARGUMENT, "no arrays");
	test_failed(hebb_model_predict(model, 1, INT_MAX, blocks, &prediction, &error), &error,
		    HEBB_BAD_ARGUMENT, "has no size");
	test_failed(hebb_model_predict(model, 1, 1, NULL, &prediction, &error), &error,
		    HEBB_BAD_ARGUMENT, "no arrays");
	test_failed(hebb_model_predict(model, 0, 3, blocks, &prediction, &error), &error,
		    HEBB_BAD_ARGUMENT, "0 rows");
	test_failed(hebb_model_predict(model, 1, 3, blocks, NULL, &error), &error,
		    HEBB_BAD_ARGUMENT, "prediction");
	test_failed(hebb_model_predict_table(model, table, 0, NULL, &prediction, &error), &error,
		    HEBB_BAD_ARGUMENT, "0 rows");
	test_failed(hebb_model_predict_table(model, table, 7, NULL, &prediction, &error), &error,
		    HEBB_BAD_ARGUMENT, "7 rows");
	test_failed(hebb_model_predict_table(model, NULL, 1, NULL, &prediction, &error), &error,
		    HEBB_BAD_ARGUMENT, "table");
	test_failed(hebb_model_predict_table(model, table, 1, NULL, NULL, &error), &error,
		    HEBB_BAD_ARGUMENT, "prediction");
	test_failed(hebb_model_predict_table(model, table, 1, NULL, &odd, &error), &error,
		    HEBB_BAD_ARGUMENT, "size");
	test_failed(hebb_model_predict_table(NULL, table, 1, NULL, &prediction, &error), &error,
		    HEBB_BAD_ARGUMENT, "model");
	prediction.label = &label;
	test_failed(hebb_model_predict_table(model, table, 1, NULL, &prediction, &error), &error,
		    HEBB_BAD_ARGUMENT, "label");
	assert_int_equal(hebb_model_predict_table(model, table, 7, NULL, &prediction, NULL),
			 HEBB_BAD_ARGUMENT);
	assert_true(output == 77);
	hebb_model_free(model);
	hebb_table_free(table);
}

/* A model has copies of its parts, and checks that they fit. */
static void owns(void **state)
{
	const hebb_layer layer = hebb_dense(1, HEBB_TANH);
	hebb_net *net = test_net(2, 1, &layer, 1);
	hebb_coding *coding = hebb_coding_plain(HEBB_REGRESSION, 2, 1, NULL),
		    *wide = hebb_coding_plain(HEBB_REGRESSION, 3, 1, NULL);
	const float x[2] = {0.5f, -1}, zero[2] = {0, 0};
	float before, after;
	hebb_error error;
	hebb_model *model = hebb_model_new(net, coding, HEBB_SQUARED, "{\"a\": 1}", &error);

	(void)state;
	if (!model)
		fail_msg("%s", error.message);
	assert_true(model->net != net && model->coding != coding);
	test_ok(hebb_predict(net, x, &before, &error), &error);
	test_ok(hebb_net_set(net, 0, zero, zero, &error), &error);
	hebb_net_free(net);
	hebb_coding_free(coding);
	test_ok(predict_floats(model, x, &after, &error), &error);
	assert_true(before == after);
	assert_string_equal(model->coding->inputs[1].name, "x2");
	assert_string_equal(model->record, "{\"a\": 1}");
	test_failed(hebb_model_set_record(model, "[1", &error), &error, HEBB_BAD_ARGUMENT, "JSON");
	assert_string_equal(model->record, "{\"a\": 1}");
	test_ok(hebb_model_set_record(model, "{}", &error), &error);
	assert_string_equal(model->record, "{}");
	test_ok(hebb_model_set_record(model, NULL, &error), &error);
	assert_null(model->record);
	assert_null(hebb_model_new(model->net, wide, HEBB_SQUARED, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "inputs of the network");
	assert_null(hebb_model_new(model->net, model->coding, (hebb_loss)0, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "loss");
	assert_null(hebb_model_new(NULL, wide, HEBB_SQUARED, NULL, &error));
	assert_null(hebb_model_new(model->net, NULL, HEBB_SQUARED, NULL, &error));
	assert_null(hebb_model_new(model->net, model->coding, HEBB_SQUARED, "3", &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "JSON");
	assert_null(hebb_coding_copy(NULL, &error));
	hebb_coding_free(wide);
	hebb_model_free(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(like_a_table),  cmocka_unit_test(refusals),
		cmocka_unit_test(many_inputs),   cmocka_unit_test(plain),
		cmocka_unit_test(many_rows),     cmocka_unit_test(no_answer),
		cmocka_unit_test(many_refusals), cmocka_unit_test(owns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
