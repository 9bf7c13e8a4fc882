/* SPDX-License-Identifier: MIT */
/*
 * test_finite.c - answers to inputs far from those of training: finite or NaN, whatever the network
 */
#include <float.h>
#include <math.h>

#include "test.h"
#include "hebb_io.h"
#include "predict_one.h"

enum { INPUTS = 3, UNITS = 8, OUTPUTS = 2 };

static const float extreme[] = {0,      1,     -1,     1e10f,   -1e10f,   1e20f,   -1e20f, 1e30f,
				-1e30f, 1e38f, -1e38f, FLT_MAX, -FLT_MAX, FLT_MIN, 1e-45f};

static const struct shape {
	hebb_activation output;
	hebb_task task;
	hebb_loss loss;
} shapes[] = {
	{HEBB_SOFTMAX, HEBB_CLASSIFICATION, HEBB_CROSS_ENTROPY},
	{HEBB_SIGMOID, HEBB_CLASSIFICATION, HEBB_CROSS_ENTROPY},
	{HEBB_LINEAR, HEBB_CLASSIFICATION, HEBB_SQUARED},
	{HEBB_LINEAR, HEBB_REGRESSION, HEBB_SQUARED},
	{HEBB_LINEAR, HEBB_REGRESSION, HEBB_ABSOLUTE},
	{HEBB_LINEAR, HEBB_REGRESSION, HEBB_HUBER},
	{HEBB_EXP, HEBB_REGRESSION, HEBB_POISSON},
};

static const hebb_kind norms[] = {HEBB_DENSE, HEBB_BATCH_NORM, HEBB_LAYER_NORM}; /* DENSE: none */

static hebb_model *model_of(hebb_activation f, hebb_kind norm, const struct shape *shape,
			    float scale, float sd)
{
	hebb_layer layers[4] = {hebb_dense(UNITS, norm == HEBB_DENSE ? f : HEBB_LINEAR)};
	hebb_model *model = calloc(1, sizeof *model);
	int count = 1;
	hebb_error error;

	if (norm == HEBB_BATCH_NORM)
		layers[count++] = hebb_batch_norm(f);
	if (norm == HEBB_LAYER_NORM)
		layers[count++] = hebb_layer_norm(f);
	layers[count++] = hebb_shortcut(0, f);
	layers[count++] = hebb_dense(OUTPUTS, shape->output);
	model->net = hebb_net_new(INPUTS, count, layers, 3, NULL, &error);
	model->coding = hebb_coding_plain(shape->task, INPUTS, OUTPUTS, &error);
	model->loss = shape->loss;
	assert_true(model->net && model->coding);
	for (int i = 0; i < INPUTS; i++)
		model->coding->scale[i] = scale;
	for (int i = 0; i < OUTPUTS && shape->task == HEBB_REGRESSION; i++)
		model->coding->target_sd[i] = sd;
	return model;
}

/* Every row of three extreme inputs: all finite, or NaN; of classes all outputs together. */
static void try_rows(const hebb_model *model, long *with, long *without)
{
	int classes = model->coding->task == HEBB_CLASSIFICATION;
	hebb_error error;

	for (size_t i = 0; i < COUNT_OF(extreme); i++)
		for (size_t j = 0; j < COUNT_OF(extreme); j++) {
			float raw[INPUTS] = {extreme[i], extreme[j],
					     extreme[(i + j) % COUNT_OF(extreme)]};
			float h[OUTPUTS];

			assert_int_equal(predict_floats(model, raw, h, &error), HEBB_OK);
			for (int k = 0; k < OUTPUTS; k++)
				assert_false(isinf(h[k]));
			if (classes)
				assert_int_equal(isnan(h[0]) != 0, isnan(h[1]) != 0);
			*(isnan(h[0]) ? without : with) += 1;
		}
}

static void every_network(void **state)
{
	long with = 0, without = 0;

	(void)state;
	for (int f = 1; hebb_activation_name((hebb_activation)f); f++) {
		if (f == HEBB_SOFTMAX)
			continue;
		for (size_t n = 0; n < COUNT_OF(norms); n++)
			for (size_t s = 0; s < COUNT_OF(shapes); s++)
				for (int far = 0; far < 2; far++) {
					hebb_model *model =
						model_of((hebb_activation)f, norms[n], &shapes[s],
							 far ? 1e6f : 1, far ? 1e30f : 1);
					try_rows(model, &with, &without);
					hebb_model_free(model);
				}
	}
	assert_true(with > 10000 && without > 10000); /* both are tried */
}

/* A column of tiny sd: what is beyond float32 once scaled is its last number, in a table as for one
 * row; where double has a number, that. */
static void beyond(void **state)
{
	static const char text[] = "x1,x2,x3\n3e38,-3e38,1\n1,2,3\n-3e38,3e38,0\n";
	hebb_error error;
	hebb_model *model = model_of(HEBB_TANH, HEBB_DENSE, &shapes[3], 1e10f, 1);
	hebb_table *table =
		hebb_table_parse(text, sizeof text - 1, "far.csv", HEBB_HEADER_AUTO, &error);
	const long long row[] = {0, 1, 2};

	(void)state;
	assert_non_null(table);
	model->coding->mean[1] = 3e38f; /* -3e38 less this overflows; times 1e-38 it does not */
	model->coding->scale[1] = 1e-38f;
	model->coding->scale[2] = 0; /* constant */
	hebb_dataset *data = hebb_coding_apply(model->coding, table, 0, 3, row, &error);
	assert_non_null(data);
	assert_true(data->x[0] == FLT_MAX && data->x[2 * INPUTS] == -FLT_MAX);
	test_near(data->x[1], -6, 1e-6, "(-3e38 - 3e38) * 1e-38");
	for (int i = 0; i < 3; i++) {
		float one[OUTPUTS], other[OUTPUTS];
		const float raw[] = {hebb_table_value(table, i, 0), hebb_table_value(table, i, 1),
				     hebb_table_value(table, i, 2)};
		assert_int_equal(predict_floats(model, raw, one, &error), HEBB_OK);
		assert_int_equal(hebb_predict(model->net, data->x + i * INPUTS, other, &error),
				 HEBB_OK);
		assert_memory_equal(one, other, sizeof one);
	}
	hebb_dataset_free(data);
	hebb_table_free(table);
	hebb_model_free(model);
}

/* An infinite input is no number: the answer is NaN, as of a row without it, or it is refused. */
static void infinite(void **state)
{
	hebb_model *model = model_of(HEBB_TANH, HEBB_DENSE, &shapes[0], 1, 1);
	float raw[INPUTS] = {1, INFINITY, 1}, h[OUTPUTS] = {5, 6};
	const hebb_block block = hebb_floats(INPUTS, raw, NULL);
	hebb_prediction prediction = hebb_prediction_default();
	hebb_error error;

	(void)state;
	test_ok(predict_floats(model, raw, h, &error), &error);
	assert_true(isnan(h[0]) && isnan(h[1]));
	prediction.how = HEBB_APPLY_STRICT;
	test_failed(hebb_model_predict(model, 1, 1, &block, &prediction, &error), &error,
		    HEBB_BAD_FORMAT, "row 1: column \"x2\" is inf: infinite");
	hebb_model_free(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_network),
		cmocka_unit_test(beyond),
		cmocka_unit_test(infinite),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
