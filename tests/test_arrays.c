/* SPDX-License-Identifier: MIT */
/*
 * test_arrays.c - examples that lie in memory: labels, weights, what does not fit
 */
#include "test.h"

enum { INPUTS = 3, CLASSES = 4, ROWS = 50 };

static const hebb_layer layer = {.size = sizeof(hebb_layer),
				 .kind = HEBB_DENSE,
				 .activation = HEBB_SOFTMAX,
				 .start = HEBB_START_AUTO,
				 .units = CLASSES};

static int label[ROWS];
static float y[ROWS * CLASSES], weight[ROWS];

static hebb_arrays arrays_of(const float *x)
{
	for (int i = 0; i < ROWS; i++) {
		label[i] = i * 7 % CLASSES;
		weight[i] = (float)(i % 3);
	}
	return (hebb_arrays){.size = sizeof(hebb_arrays),
			     .rows = ROWS,
			     .inputs = INPUTS,
			     .outputs = CLASSES,
			     .x = x,
			     .label = label};
}

/* judges: the validation rows, of which there are none if it is NULL. */
static hebb_status train_with(int shuffle, int batch, const hebb_arrays *arrays,
			      const hebb_arrays *judges, float *W, hebb_error *error)
{
	hebb_net *net = test_net(INPUTS, 1, &layer, 1);
	hebb_recipe recipe = hebb_recipe_default();
	hebb_source source = hebb_arrays_source(arrays), validation = hebb_arrays_source(judges);
	hebb_trainer *trainer;
	hebb_status status;

	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.epochs = 3;
	recipe.batch = batch;
	recipe.shuffle = shuffle;
	recipe.patience = judges ? 1 : 0;
	trainer = test_trainer(net, &recipe);
	status = hebb_train(trainer, &source, judges ? &validation : NULL, error);
	assert_int_equal(hebb_net_get(net, 0, W, NULL, NULL), HEBB_OK);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return status;
}

static hebb_status train(const hebb_arrays *arrays, float *W, hebb_error *error)
{
	return train_with(1, 8, arrays, NULL, W, error);
}

/* Labels and the rows of zeros and a one that they mean train to the same bits; weights do what a
 * gather function's do. */
static void labels(void **state)
{
	float *x = test_floats(3, ROWS * INPUTS, -1, 1), W[INPUTS * CLASSES],
	      expected[INPUTS * CLASSES], repeated[INPUTS * CLASSES];
	hebb_arrays arrays = arrays_of(x);
	struct test_rows rows = {INPUTS, CLASSES, x, y};
	hebb_source plain = test_source(&rows, ROWS);
	const long long index[] = {7, 3};
	float some[2 * INPUTS], targets[2 * CLASSES], weights[2] = {1, 1};
	hebb_source source = hebb_arrays_source(&arrays);
	hebb_error error;

	(void)state;
	test_ok(hebb_one_hot(ROWS, CLASSES, label, y, &error), &error);
	for (int i = 0; i < ROWS; i++)
		for (int j = 0; j < CLASSES; j++)
			assert_true(y[i * CLASSES + j] == (j == label[i]));
	test_ok(train(&arrays, W, &error), &error);
	arrays.label = NULL;
	arrays.y = y;
	test_ok(train(&arrays, expected, &error), &error);
	assert_memory_equal(W, expected, sizeof W);
	arrays.weight = weight;
	test_ok(train(&arrays, repeated, &error), &error);
	assert_memory_not_equal(W, repeated, sizeof W);
	assert_int_equal(plain.gather(plain.self, 2, index, some, targets, weights, &error),
			 HEBB_OK);
	float got[2 * INPUTS], got_y[2 * CLASSES];
	assert_int_equal(source.gather(source.self, 2, index, got, got_y, weights, &error),
			 HEBB_OK);
	assert_memory_equal(got, some, sizeof some);
	assert_memory_equal(got_y, targets, sizeof targets);
	assert_true(weights[0] == weight[7] && weights[1] == weight[3]);
	free(x);
}

/* Rows in their order are read where they lie, unless they have labels: the same bits, and the same
 * sentences. */
static void in_place(void **state)
{
	static const int batches[] = {0, 1, 8, ROWS - 1};
	float *x = test_floats(3, ROWS * INPUTS, -1, 1), W[INPUTS * CLASSES],
	      expected[INPUTS * CLASSES];
	hebb_arrays gathered = arrays_of(x), lie = gathered, few = gathered;
	hebb_error error;

	(void)state;
	test_ok(hebb_one_hot(ROWS, CLASSES, label, y, &error), &error);
	lie.label = NULL;
	lie.y = y;
	few = lie;
	few.rows = 11;
	for (int i = 0; i < 2 * (int)COUNT_OF(batches); i++) {
		gathered.weight = lie.weight = i % 2 ? weight : NULL;
		test_ok(train_with(0, batches[i / 2], &gathered, &few, expected, &error), &error);
		test_ok(train_with(0, batches[i / 2], &lie, &few, W, &error), &error);
		assert_memory_equal(W, expected, sizeof W);
	}
	x[17 * INPUTS + 1] = (float)NAN;
	test_failed(train_with(0, 8, &lie, &few, W, &error), &error, HEBB_BAD_ARGUMENT,
		    "row 17 of the training rows: x[1]");
	test_failed(train_with(0, 8, &few, &lie, W, &error), &error, HEBB_BAD_ARGUMENT,
		    "row 17 of the validation rows: x[1]");
	free(x);
}

static void refusals(void **state)
{
	float *x = test_floats(3, ROWS * INPUTS, -1, 1), W[INPUTS * CLASSES];
	hebb_arrays arrays = arrays_of(x), other;
	hebb_error error;

	(void)state;
	label[17] = CLASSES;
	test_failed(train(&arrays, W, &error), &error, HEBB_BAD_ARGUMENT, "row 17 is 4");
	memset(y, 1, sizeof y);
	test_failed(hebb_one_hot(ROWS, CLASSES, label, y, &error), &error, HEBB_BAD_ARGUMENT,
		    "0 to 3");
	for (size_t i = 0; i < sizeof y; i++)
		assert_int_equal(((unsigned char *)y)[i], 1);
	label[17] = -1;
	test_failed(train(&arrays, W, &error), &error, HEBB_BAD_ARGUMENT, "row 17 is -1");
	other = arrays;
	other.y = y;
	test_failed(train(&other, W, &error), &error, HEBB_BAD_ARGUMENT, "both");
	other.y = NULL;
	other.label = NULL;
	test_failed(train(&other, W, &error), &error, HEBB_BAD_ARGUMENT, "neither");
	other = arrays;
	other.inputs++;
	test_failed(train(&other, W, &error), &error, HEBB_BAD_SHAPE, "4 inputs and 4 outputs");
	other = arrays;
	other.outputs--;
	test_failed(train(&other, W, &error), &error, HEBB_BAD_SHAPE, "3 outputs");
	free(x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(labels), cmocka_unit_test(in_place),
					   cmocka_unit_test(refusals)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
