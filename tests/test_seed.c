/* SPDX-License-Identifier: MIT */
/*
 * test_seed.c - the numbers of the tutorial
 *
 * The sections are those of "Neural Networks Tutorial - A Pathway to Deep Learning".  The reference
 * must be right to 1e-15, the float32 engine to 1e-6.  The numbers of its digits are in
 * test_seed_digits.c.
 */
#include "test.h"

/* Output of a network with one sigmoid unit, by the reference in double and by the engine. */
static void one_unit(float w, float b, float x, double *reference, double *engine)
{
	const hebb_layer layer = hebb_dense(1, HEBB_SIGMOID);
	hebb_net *net = test_net(1, 1, &layer, 1);
	float h;

	assert_int_equal(hebb_net_set(net, 0, &w, &b, NULL), HEBB_OK);
	assert_int_equal(hebb_predict(net, &x, &h, NULL), HEBB_OK);
	test_reference(net, HEBB_SQUARED, 1, &x, NULL, NULL, NULL, NULL, reference);
	*engine = (double)h;
	hebb_net_free(net);
}

static void both_near(float w, float b, float x, double expected, double tolerance)
{
	double reference, engine;

	one_unit(w, b, x, &reference, &engine);
	test_near(reference, expected, tolerance, "reference");
	test_near(engine, expected, fmax(tolerance, 1e-6), "engine");
}

/* 2.1: f(0) = 0.5, f(8) = 0.99966, f(-8) = 0.00034; far out it saturates and does not overflow. */
static void sigmoid_values(void **state)
{
	(void)state;
	both_near(1, 0, 0, 0.5, 0);
	both_near(1, 0, 8, 0.99966465, 1e-8);
	both_near(1, 0, -8, 0.00033535, 1e-8);
	both_near(1, 0, 1000, 1, 0);
	both_near(1, 0, -1000, 0, 0);
	both_near(1, 0, 3e38f, 1, 0);
	both_near(1, 0, -3e38f, 0, 0);
}

/* 2.3: weights of 0.5, 1 and 2 without a bias. */
static void effect_of_the_weight(void **state)
{
	(void)state;
	both_near(0.5f, 0, 1, 0.622459, 5e-7);
	both_near(1, 0, 1, 0.731059, 5e-7);
	both_near(2, 0, 1, 0.880797, 5e-7);
	for (int i = 0; i < 3; i++)
		both_near(0.5f * (float)(1 << i), 0, 0, 0.5, 0);
}

/* 2.3: with w = 5 and a bias of -8, 0 and 8 the unit switches at x = 1.6, 0 and -1.6. */
static void effect_of_the_bias(void **state)
{
	(void)state;
	for (int i = -1; i <= 1; i++) {
		float b = 8 * (float)i, at = -1.6f * (float)i;
		double reference, engine;

		both_near(5, b, at, 0.5, 1e-6);
		one_unit(5, b, at - 0.01f, &reference, &engine);
		assert_true(reference < 0.5 && engine < 0.5);
		one_unit(5, b, at + 0.01f, &reference, &engine);
		assert_true(reference > 0.5 && engine > 0.5);
	}
}

/* 2.4: 3-3-1 has 9 + 3 weights and 3 + 1 biases; 5.4: 64-30-10 has 2220 weights and 40 biases. */
static void counts_of_parameters(void **state)
{
	const hebb_layer small[] = {hebb_dense(3, HEBB_SIGMOID), hebb_dense(1, HEBB_SIGMOID)};
	const hebb_layer digits[] = {hebb_dense(30, HEBB_SIGMOID), hebb_dense(10, HEBB_SIGMOID)};
	hebb_net *net = test_net(3, 2, small, 1);

	(void)state;
	assert_int_equal(hebb_net_parameters(net), 16);
	hebb_net_free(net);
	net = test_net(64, 2, digits, 1);
	assert_int_equal(hebb_net_parameters(net), 2220 + 40);
	hebb_net_free(net);
}

/* 3.1, 3.2: the 3-3-1 network. */
static const double W1[] = {0.2, 0.2, 0.2, 0.4, 0.4, 0.4, 0.6, 0.6, 0.6}, W2[] = {0.5, 0.5, 0.5};
static const double b1[] = {0.8, 0.8, 0.8}, b2[] = {0.2}, x331[] = {1.5, 2.0, 3.0};
static const double hidden331[] = {0.89090317880438707, 0.96770453530154951, 0.99098670134715205};
static const double output331 = 0.83545566124756454;

/* 3.2: simple_looped_nn_calc(), three nested loops. */
static void looped(int layers, const int *sizes, const double *const *W, const double *const *b,
		   const double *x, double *h)
{
	double in[3];

	memcpy(h, x, (size_t)sizes[0] * sizeof *h);
	for (int l = 0; l < layers; l++) {
		memcpy(in, h, sizeof in);
		for (int i = 0; i < sizes[l + 1]; i++) {
			double sum = 0;

			for (int j = 0; j < sizes[l]; j++)
				sum += W[l][i * sizes[l] + j] * in[j];
			h[i] = 1 / (1 + exp(-(sum + b[l][i])));
		}
	}
}

/* 3.2, 3.4, 3.5: the looped form equals the matrix form, here the reference's, and both print
 * 0.8354.. */
static void feed_forward_in_double(void **state)
{
	const hebb_layer layers[] = {hebb_dense(3, HEBB_SIGMOID), hebb_dense(1, HEBB_SIGMOID)};
	const int sizes[] = {3, 3, 1};
	const double *W[] = {W1, W2}, *b[] = {b1, b2};
	double p[16], h[3], by_loops[3];

	(void)state;
	memcpy(p, W1, sizeof W1);
	memcpy(p + 9, b1, sizeof b1);
	memcpy(p + 12, W2, sizeof W2);
	memcpy(p + 15, b2, sizeof b2);
	hb_reference(3, 1, layers, HEBB_SQUARED, 1, x331, NULL, NULL, p, NULL, NULL, h, NULL);
	looped(1, sizes, W, b, x331, by_loops);
	for (int i = 0; i < 3; i++) {
		test_near(h[i], hidden331[i], 1e-15, "hidden");
		test_near(h[i], by_loops[i], 0x1p-53, "hidden, looped"); /* 1 ulp below 1 */
	}
	hb_reference(3, 2, layers, HEBB_SQUARED, 1, x331, NULL, NULL, p, NULL, NULL, h, NULL);
	looped(2, sizes, W, b, x331, by_loops);
	test_near(h[0], output331, 1e-15, "output");
	test_near(h[0], by_loops[0], 0x1p-53, "output, looped");
}

static void feed_forward_by_the_engine(void **state)
{
	const hebb_layer layers[] = {hebb_dense(3, HEBB_SIGMOID), hebb_dense(1, HEBB_SIGMOID)};
	float W[9], V[3], b[3], c[1] = {0.2f}, x[3], h[3];

	(void)state;
	for (int i = 0; i < 9; i++)
		W[i] = (float)W1[i];
	for (int i = 0; i < 3; i++) {
		V[i] = (float)W2[i];
		b[i] = (float)b1[i];
		x[i] = (float)x331[i];
	}
	for (int L = 1; L <= 2; L++) {
		hebb_net *net = test_net(3, L, layers, 1);

		assert_int_equal(hebb_net_set(net, 0, W, b, NULL), HEBB_OK);
		if (L == 2)
			assert_int_equal(hebb_net_set(net, 1, V, c, NULL), HEBB_OK);
		assert_int_equal(hebb_predict(net, x, h, NULL), HEBB_OK);
		for (int i = 0; i < hebb_net_outputs(net); i++)
			test_near((double)h[i], L == 1 ? hidden331[i] : output331, 1e-6, "engine");
		hebb_net_free(net);
	}
}

/* 4.1: f(x) = x^4 - 3x^3 + 2 by gradient descent from 6, rate 0.01, until a step is below 1e-5. */
static void gradient_descent(void **state)
{
	hebb_recipe recipe = hebb_recipe_default();
	const unsigned char decays = 1;
	double x = 6, old = 0, m = 0, s = 0;
	long long updates = 0;

	(void)state;
	recipe.rule = HEBB_SGD;
	recipe.rate = 0.01;
	for (; fabs(x - old) > 0.00001; updates++) {
		double slope = 4 * pow(x, 3) - 9 * pow(x, 2);

		old = x;
		hb_reference_update(&recipe, 1, &decays, &x, &slope, &m, &s, updates);
	}
	assert_int_equal(updates, 70);
	test_near(x, 2.2499646074278457, 0x1p-51, "the tutorial prints 2.249965");
}

/* 4.5: f'(z) = f(z) (1 - f(z)), 0.25 at 0. */
static void sigmoid_derivative(void **state)
{
	const struct hb_activation *a = hb_activation(HEBB_SIGMOID);

	(void)state;
	test_near(a->derivative(0), 0.25, 0, "at 0");
	for (double z = -8; z < 8; z += 0.1)
		test_near(a->derivative(z), a->f(z) * (1 - a->f(z)), 1e-15, "f'");
	test_near(hebb_activation_f(HEBB_SIGMOID, 0), 0.5, 0, "f, public");
	test_near(hebb_activation_derivative(HEBB_SIGMOID, 0), 0.25, 0, "f', public");
	assert_true(isnan(hebb_activation_f(HEBB_SOFTMAX, 0)));
	assert_true(isnan(hebb_activation_derivative(HEBB_SOFTMAX, 0)));
	assert_true(isnan(hebb_activation_f((hebb_activation)99, 0)));
}

/* 4.2: J = 1/2 |y - h|^2 for a pair, its mean for many. */
static void cost_of_pairs(void **state)
{
	const hebb_layer layer = hebb_dense(2, HEBB_LINEAR);
	const float W[] = {1, 0, 0, 1}, b[] = {0, 0}, x[] = {1, 2, 0, 3}, y[] = {4, -2, 0, 1};
	hebb_recipe recipe = hebb_recipe_default();
	hebb_net *net = test_net(2, 1, &layer, 1);
	hebb_trainer *trainer;
	double J;

	(void)state;
	assert_int_equal(hebb_net_set(net, 0, W, b, NULL), HEBB_OK);
	trainer = test_trainer(net, &recipe);
	assert_int_equal(hebb_trainer_cost(trainer, 1, x, y, NULL, &J, NULL), HEBB_OK);
	test_near(J, (3 * 3 + 4 * 4) / 2.0, 0, "one pair");
	assert_int_equal(hebb_trainer_cost(trainer, 2, x, y, NULL, &J, NULL), HEBB_OK);
	test_near(J, (12.5 + 2 * 2 / 2.0) / 2, 0, "two pairs");
	hebb_trainer_free(trainer);
	hebb_net_free(net);
}

/* 4.9: one iteration, from the tutorial's own start, equals its formulas: W -= alpha (1/m) sum
 * of h delta. */
static void one_iteration(void **state)
{
	enum { ROWS = 8 };
	hebb_layer layers[] = {hebb_dense(5, HEBB_SIGMOID), hebb_dense(3, HEBB_SIGMOID)};
	hebb_recipe recipe = hebb_recipe_default();
	float *x = test_floats(1, ROWS * 4, -1, 1),
	      *y = test_targets(2, HEBB_SQUARED, HEBB_SIGMOID, ROWS, 3);
	float *before, *after;
	double g[43], wide[43];
	hebb_net *net;
	hebb_trainer *trainer;

	(void)state;
	layers[0].start = layers[1].start = HEBB_START_UNIFORM01;
	recipe.rule = HEBB_SGD;
	recipe.rate = 0.25;
	net = test_net(4, 2, layers, 1);
	assert_int_equal(hebb_net_parameters(net), 43);
	before = test_canonical(net, NULL);
	test_reference(net, HEBB_SQUARED, ROWS, x, y, NULL, NULL, g, NULL);
	trainer = test_trainer(net, &recipe);
	assert_int_equal(hebb_trainer_gradient(trainer, ROWS, x, y, NULL, NULL, NULL), HEBB_OK);
	assert_int_equal(hebb_trainer_update(trainer, NULL), HEBB_OK);
	after = test_canonical(net, NULL);
	for (int k = 0; k < 43; k++) {
		assert_true(before[k] >= 0 && before[k] < 1); /* 5.4: all positive, biases too */
		wide[k] = (double)before[k] - 0.25 * g[k];
		test_near((double)after[k], wide[k], 1e-7, "a parameter");
	}
	free(before);
	free(after);
	free(x);
	free(y);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
}

/* 4.7: the vectorized backpropagation equals central differences, to 1e-9 in double. */
static void gradient_is_the_slope(void **state)
{
	hebb_layer layers[] = {hebb_dense(30, HEBB_SIGMOID), hebb_dense(10, HEBB_SIGMOID)};
	hebb_net *net = test_net(64, 2, layers, 1);
	float *x = test_floats(1, 10 * 64, -1, 1),
	      *y = test_targets(2, HEBB_SQUARED, HEBB_SIGMOID, 10, 10);
	hebb_gradient_check result = hebb_gradient_check_default();

	(void)state;
	assert_int_equal(hebb_check_gradient(net, HEBB_SQUARED, 10, x, y, 40, &result, NULL),
			 HEBB_OK);
	test_below(result.differences, 1e-8, "differences");
	test_below(result.engine, 1e-5, "engine");
	free(x);
	free(y);
	hebb_net_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sigmoid_values),
		cmocka_unit_test(effect_of_the_weight),
		cmocka_unit_test(effect_of_the_bias),
		cmocka_unit_test(counts_of_parameters),
		cmocka_unit_test(feed_forward_in_double),
		cmocka_unit_test(feed_forward_by_the_engine),
		cmocka_unit_test(gradient_descent),
		cmocka_unit_test(sigmoid_derivative),
		cmocka_unit_test(cost_of_pairs),
		cmocka_unit_test(one_iteration),
		cmocka_unit_test(gradient_is_the_slope),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
