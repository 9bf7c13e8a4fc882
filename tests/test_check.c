/* SPDX-License-Identifier: MIT */
/*
 * test_check.c - hebb_check_gradient()
 */
#include "test.h"

static hebb_gradient_check check(const hebb_net *net, hebb_loss loss, int rows, double reach,
				 int samples)
{
	int last = hebb_net_layers(net) - 1;
	float *x = test_floats(5, (size_t)rows * hebb_net_inputs(net), -reach, reach);
	float *y = test_targets(6, loss, hebb_net_layer(net, last)->activation, rows,
				hebb_net_outputs(net));
	hebb_gradient_check result = hebb_gradient_check_default();
	hebb_error error;

	test_ok(hebb_check_gradient(net, loss, rows, x, y, samples, &result, &error), &error);
	free(x);
	free(y);
	return result;
}

/* Through many sigmoids hardly any gradient comes down: its slope is less than the rounding of J,
 * which is no error. */
static void vanished_gradients_pass(void **state)
{
	hebb_layer layers[12];
	hebb_gradient_check result = hebb_gradient_check_default();
	hebb_net *net;

	(void)state;
	for (int l = 0; l < 12; l++)
		layers[l] = hebb_dense(10, l < 11 ? HEBB_SIGMOID : HEBB_SOFTMAX);
	net = test_net(10, 12, layers, 7);
	result = check(net, HEBB_CROSS_ENTROPY, 16, 1, 50);
	test_below(result.differences, 1e-7, "12 layers of sigmoids");
	test_below(result.engine, 1e-4, "12 layers of sigmoids");
	hebb_net_free(net);
	net = test_net(10, 2, layers + 10, 7);
	result = check(net, HEBB_CROSS_ENTROPY, 16, 1, 50);
	assert_true(result.differences > 0); /* what can be measured is */
	hebb_net_free(net);
}

static void right_gradients_pass(void **state)
{
	static const struct {
		hebb_activation hidden, output;
		hebb_loss loss;
		hebb_start start;
		double reach;
	} cases[] = {
		{HEBB_TANH, HEBB_SOFTMAX, HEBB_CROSS_ENTROPY, HEBB_START_AUTO, 1},
		{HEBB_RELU, HEBB_SOFTMAX, HEBB_CROSS_ENTROPY, HEBB_START_AUTO, 1},
		{HEBB_GELU, HEBB_LINEAR, HEBB_SQUARED, HEBB_START_AUTO, 1},
		{HEBB_SOFTMAX, HEBB_SIGMOID, HEBB_CROSS_ENTROPY, HEBB_START_AUTO, 1},
		{HEBB_SIGMOID, HEBB_SIGMOID, HEBB_SQUARED, HEBB_START_UNIFORM01, 2}, /* saturated */
		{HEBB_TANH, HEBB_SOFTMAX, HEBB_CROSS_ENTROPY, HEBB_START_AUTO,
		 255}, /* not scaled */
		{HEBB_TANH, HEBB_LINEAR, HEBB_ABSOLUTE, HEBB_START_AUTO, 1},
		{HEBB_GELU, HEBB_SOFTMAX, HEBB_ABSOLUTE, HEBB_START_AUTO, 1},
		{HEBB_RELU, HEBB_LINEAR, HEBB_HUBER, HEBB_START_HE, 1},
		{HEBB_TANH, HEBB_EXP, HEBB_POISSON, HEBB_START_AUTO, 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		hebb_layer layers[] = {hebb_dense(30, cases[i].hidden),
				       hebb_dense(10, cases[i].output)};
		hebb_gradient_check result = hebb_gradient_check_default();
		hebb_net *net;

		layers[0].start = layers[1].start = cases[i].start;
		net = test_net(64, 2, layers, 7);
		result = check(net, cases[i].loss, 16, cases[i].reach, 50);
		test_below(result.differences, 1e-7, hebb_activation_name(cases[i].hidden));
		test_below(result.engine, 1e-4, hebb_activation_name(cases[i].hidden));
		assert_true(result.engine > 0); /* float32 is not double */
		assert_true(result.max_error == fmax(result.differences, result.engine));
		assert_in_range(result.layer, 0, 1);
		assert_in_range(result.checked, 50, 100);
		hebb_net_free(net);
	}
}

/* In hidden layers and at the end, whole layers, kinks and all. */
static void every_activation_passes(void **state)
{
	(void)state;
	for (int f = test_hidden(0); f; f = test_hidden(f)) {
		const char *name = hebb_activation_name((hebb_activation)f);
		hebb_layer layers[] = {hebb_dense(20, (hebb_activation)f),
				       hebb_dense(13, (hebb_activation)f),
				       hebb_dense(3, (hebb_activation)f)};
		hebb_net *net = test_net(10, 3, layers, 7);
		hebb_gradient_check result = check(net, HEBB_SQUARED, 9, 3, 0);

		test_below(result.differences, 1e-7, name);
		test_below(result.engine, 1e-5, name);
		assert_true(result.checked > hebb_net_parameters(net) * 9 / 10);
		hebb_net_free(net);
	}
}

/* Layers narrower and wider than the one below, each checked with what really comes into it. */
static void deep_networks(void **state)
{
	const hebb_layer layers[] = {hebb_dense(9, HEBB_TANH), hebb_dense(3, HEBB_GELU),
				     hebb_dense(11, HEBB_SIGMOID), hebb_dense(4, HEBB_SOFTMAX)};
	hebb_net *net = test_net(6, 4, layers, 2);
	hebb_gradient_check result = check(net, HEBB_CROSS_ENTROPY, 13, 2, 0);

	(void)state;
	test_below(result.differences, 1e-8, "differences");
	test_below(result.engine, 1e-5, "engine");
	assert_int_equal(result.checked, hebb_net_parameters(net));
	hebb_net_free(net);
}

static void samples_and_all(void **state)
{
	const hebb_layer layers[] = {hebb_dense(5, HEBB_TANH), hebb_dense(2, HEBB_LINEAR)};
	hebb_net *net = test_net(3, 2, layers, 1);
	hebb_gradient_check all = check(net, HEBB_SQUARED, 4, 1, 0), again;

	(void)state;
	assert_int_equal(all.checked, 3 * 5 + 5 + 5 * 2 + 2);
	assert_int_equal(check(net, HEBB_SQUARED, 4, 1, 7).checked, 14);
	assert_int_equal(check(net, HEBB_SQUARED, 4, 1, 1000).checked, all.checked);
	again = check(net, HEBB_SQUARED, 4, 1, 0);
	assert_true(again.differences == all.differences && again.engine == all.engine);
	hebb_net_free(net);
}

/* At z = 0 exactly relu has no slope: what moves z is passed over, the rest is compared. */
static void kinks_are_passed_over(void **state)
{
	const hebb_layer layers[] = {hebb_dense(2, HEBB_RELU), hebb_dense(1, HEBB_LINEAR)};
	const float W[] = {1, 2, 1, -1}, b[] = {0, 0}, x[] = {1, 1}, y[] = {0};
	hebb_net *net = test_net(2, 2, layers, 1);
	hebb_gradient_check result = hebb_gradient_check_default();
	hebb_error error;

	(void)state;
	test_ok(hebb_net_set(net, 0, W, b, &error), &error);
	test_ok(hebb_check_gradient(net, HEBB_SQUARED, 1, x, y, 0, &result, &error), &error);
	assert_int_equal(result.checked, 9 - 3);
	test_below(result.differences, 1e-9, "the others");
	hebb_net_free(net);
}

/* Everything is dead: both gradients are 0, which is no error. */
static void nothing_to_learn(void **state)
{
	const hebb_layer layers[] = {hebb_dense(2, HEBB_RELU), hebb_dense(1, HEBB_RELU)};
	const float W[] = {-1, -1, -1, -1}, V[] = {-1, -1}, b[] = {-1, -1}, x[] = {1, 1}, y[] = {1};
	hebb_net *net = test_net(2, 2, layers, 1);
	hebb_gradient_check result = hebb_gradient_check_default();
	hebb_error error;

	(void)state;
	test_ok(hebb_net_set(net, 0, W, b, &error), &error);
	test_ok(hebb_net_set(net, 1, V, b, &error), &error);
	test_ok(hebb_check_gradient(net, HEBB_SQUARED, 1, x, y, 0, &result, &error), &error);
	assert_true(result.max_error == 0);
	assert_int_equal(result.checked, 9);
	hebb_net_free(net);
}

static void bad_arguments(void **state)
{
	const hebb_layer layer = hebb_dense(1, HEBB_LINEAR);
	const float x[] = {1, 2}, y[] = {0}, nan_x[] = {1, NAN};
	hebb_net *net = test_net(2, 1, &layer, 1);
	hebb_gradient_check result = {.size = sizeof(hebb_gradient_check), .max_error = 42};
	hebb_error error;

	(void)state;
	test_failed(hebb_check_gradient(net, HEBB_SQUARED, 0, x, y, 0, &result, &error), &error,
		    HEBB_BAD_ARGUMENT, "rows");
	test_failed(hebb_check_gradient(net, HEBB_SQUARED, 1, x, y, -1, &result, &error), &error,
		    HEBB_BAD_ARGUMENT, "samples");
	test_failed(hebb_check_gradient(net, HEBB_CROSS_ENTROPY, 1, x, y, 0, &result, &error),
		    &error, HEBB_BAD_SHAPE, "cross-entropy");
	assert_int_equal(hebb_check_gradient(net, HEBB_SQUARED, 1, nan_x, y, 0, &result, &error),
			 HEBB_BAD_ARGUMENT);
	assert_int_equal(hebb_check_gradient(net, HEBB_SQUARED, 1, nan_x, y, 0, &result, NULL),
			 HEBB_BAD_ARGUMENT);
	assert_true(result.max_error == 42); /* unchanged on failure */
	hebb_net_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(right_gradients_pass),
		cmocka_unit_test(vanished_gradients_pass),
		cmocka_unit_test(every_activation_passes),
		cmocka_unit_test(deep_networks),
		cmocka_unit_test(samples_and_all),
		cmocka_unit_test(kinks_are_passed_over),
		cmocka_unit_test(nothing_to_learn),
		cmocka_unit_test(bad_arguments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
