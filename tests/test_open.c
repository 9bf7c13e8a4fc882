/* SPDX-License-Identifier: MIT */
/* test_open.c - structs that can grow: of an older version, of a newer one, and without a size; the
 * shape of a layer */
#include "test.h"

/* What a program of a later version has: a field more. */
struct later_layer {
	hebb_layer layer;
	int new_field, rest;
};

static struct later_layer later(hebb_layer layer)
{
	layer.size = sizeof(struct later_layer);
	return (struct later_layer){.layer = layer};
}

static void a_longer_layer(void **state)
{
	struct later_layer layers[] = {later(hebb_dense(7, HEBB_RELU)),
				       later(hebb_batch_norm(HEBB_TANH)),
				       later(hebb_dense(2, HEBB_SOFTMAX))};
	const hebb_layer same[] = {hebb_dense(7, HEBB_RELU), hebb_batch_norm(HEBB_TANH),
				   hebb_dense(2, HEBB_SOFTMAX)};
	hebb_net *net = hebb_net_new(3, 3, &layers[0].layer, 1, NULL, NULL),
		 *known = test_net(3, 3, same, 1);
	const float x[] = {1, 2, 3};
	float h[2], expected[2];
	hebb_error error;

	(void)state;
	assert_non_null(net);
	assert_int_equal(hebb_net_layer(net, 0)->size, sizeof(hebb_layer));
	assert_int_equal(hebb_predict(net, x, h, NULL), HEBB_OK);
	assert_int_equal(hebb_predict(known, x, expected, NULL), HEBB_OK);
	assert_memory_equal(h, expected, sizeof h);
	hebb_net_free(net);
	hebb_net_free(known);
	layers[2].new_field = 1;
	assert_null(hebb_net_new(3, 3, &layers[0].layer, 1, NULL, &error));
	test_failed(error.status, &error, HEBB_UNSUPPORTED, "layer 3 is of a later version");
	layers[1].layer.size = sizeof(hebb_layer);
	assert_null(hebb_net_new(3, 3, &layers[0].layer, 1, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "layer 2 has another size");
}

/* A program of an earlier version does not have the last field. */
static void a_shorter_layer(void **state)
{
	hebb_layer layer = hebb_dense(2, HEBB_RELU);

	(void)state;
	layer.in = (hebb_shape){9, 9, 9}; /* not seen */
	layer.size = offsetof(hebb_layer, in);
	hebb_net *net = hebb_net_new(3, 1, &layer, 1, NULL, NULL);
	assert_non_null(net);
	hebb_net_free(net);
}

static void without_a_size(void **state)
{
	const hebb_layer no_size = {.kind = HEBB_DENSE, .activation = HEBB_TANH, .units = 1},
			 layer = hebb_dense(1, HEBB_TANH);
	const float x = 1, y = 1;
	const double p[] = {1, 1}, wide_x = 1;
	hebb_net *net = test_net(1, 1, &layer, 1);
	hebb_recipe recipe = hebb_recipe_default();
	hebb_trainer *trainer = test_trainer(net, &recipe);
	hebb_arrays arrays = {.rows = 1, .inputs = 1, .outputs = 1, .x = &x, .y = &y};
	hebb_source source = {.rows = 1}, rows = hebb_arrays_source(&arrays);
	hebb_trace trace = {.J = 7};
	hebb_gradient_check check = {.checked = 7};
	hebb_error error;

	(void)state;
	assert_null(hebb_net_new(1, 1, &no_size, 1, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "hebb_dense()");
	test_failed(hebb_train(trainer, &source, NULL, &error), &error, HEBB_BAD_ARGUMENT,
		    "training rows has no size; begin with hebb_source_default()");
	test_failed(hebb_train(trainer, &rows, NULL, &error), &error, HEBB_BAD_ARGUMENT,
		    "hebb_arrays_default()");
	arrays.size = sizeof arrays;
	test_failed(hebb_train(trainer, &rows, &source, &error), &error, HEBB_BAD_ARGUMENT,
		    "validation rows has no size");
	test_failed(
		hebb_trace_example(1, 1, &layer, HEBB_SQUARED, p, &wide_x, NULL, &trace, &error),
		&error, HEBB_BAD_ARGUMENT, "hebb_trace_default()");
	test_failed(hebb_check_gradient(net, HEBB_SQUARED, 1, &x, &y, 0, &check, &error), &error,
		    HEBB_BAD_ARGUMENT, "hebb_gradient_check_default()");
	assert_true(trace.J == 7 && check.checked == 7);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
}

/* What the library fills in goes no further than the caller's struct does. */
static void a_shorter_result(void **state)
{
	hebb_gradient_check check = {.size = offsetof(hebb_gradient_check, checked), .checked = 7};
	unsigned char recipe[sizeof(hebb_recipe)];
	const hebb_layer layer = hebb_dense(1, HEBB_TANH);
	const float x = 1, y = 1;
	hebb_net *net = test_net(1, 1, &layer, 1);

	(void)state;
	assert_int_equal(hebb_check_gradient(net, HEBB_SQUARED, 1, &x, &y, 0, &check, NULL),
			 HEBB_OK);
	assert_int_equal(check.size, offsetof(hebb_gradient_check, checked));
	assert_true(check.checked == 7 && check.engine < 1e-3);
	memset(recipe, 0xaa, sizeof recipe);
	hebb_recipe_init((hebb_recipe *)(void *)recipe, offsetof(hebb_recipe, warmup));
	assert_int_equal(recipe[offsetof(hebb_recipe, warmup)], 0xaa);
	hebb_net_free(net);
}

static void shapes(void **state)
{
	hebb_layer layers[] = {hebb_layer_norm(HEBB_LINEAR), hebb_dense(5, HEBB_RELU)};
	hebb_error error;

	(void)state;
	layers[0].in = (hebb_shape){2, 3, 2};
	hebb_net *net = test_net(12, 2, layers, 1);
	const hebb_shape in = hebb_net_shape(net, -1), h = hebb_net_shape(net, 0),
			 out = hebb_net_shape(net, 1), none = hebb_net_shape(net, 2);
	assert_true(in.height == 2 && in.width == 3 && in.channels == 2);
	assert_memory_equal(&h, &in, sizeof in);
	assert_true(out.height == 1 && out.width == 1 && out.channels == 5);
	assert_int_equal(none.channels, 0);
	hebb_net_free(net);
	assert_null(hebb_net_new(13, 2, layers, 1, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "2 x 3 x 2, but 13 values");
	layers[0].in.height = -2;
	layers[0].in.width = -3;
	assert_null(hebb_net_new(12, 2, layers, 1, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "-2 x -3 x 2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_longer_layer), cmocka_unit_test(a_shorter_layer),
		cmocka_unit_test(without_a_size), cmocka_unit_test(a_shorter_result),
		cmocka_unit_test(shapes)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
