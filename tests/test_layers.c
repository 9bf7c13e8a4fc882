/* SPDX-License-Identifier: MIT */
/*
 * test_layers.c - the kinds of layer but dense
 */
#include "test.h"

enum { INPUTS = 19, OUTPUTS = 5, LAYERS = 6 };

/* Dropout of the inputs and of both hidden layers, whose widths are no multiples of anything. */
static const hebb_layer *dropout_layers(double rate)
{
	static hebb_layer layers[LAYERS];

	layers[0] = hebb_dropout(rate / 2);
	layers[1] = hebb_dense(37, HEBB_TANH);
	layers[2] = hebb_dropout(rate);
	layers[3] = hebb_dense(21, HEBB_GELU);
	layers[4] = hebb_dropout(rate);
	layers[5] = hebb_dense(OUTPUTS, HEBB_SOFTMAX);
	return layers;
}

static hebb_recipe recipe_of(int batch, int threads)
{
	hebb_recipe recipe = hebb_recipe_default();

	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.rule = HEBB_SGD;
	recipe.rate = 0.1;
	recipe.batch = batch;
	recipe.threads = threads;
	recipe.seed = 9;
	return recipe;
}

/* ---- Dropout ---- */

/* Factors are 0 with the probability rate, which 5 standard deviations allow for, and make the mean
 * 1. */
static void share_of_zeros(void **state)
{
	static const double rates[] = {0, 0.1, 0.5, 0.9, 0.99999};
	enum { UNITS = 100003 };
	struct hb_mode noise = {.learns = 1, .seed = 3, .update = 5};
	double *factor = test_memory(UNITS * sizeof *factor);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rates); i++) {
		double rate = fmin(rates[i], 65535.0 / 65536), zeros = 0;

		hb_dropout_factors(&noise, 1, 7, rates[i], UNITS, factor);
		for (int j = 0; j < UNITS; j++) {
			zeros += factor[j] == 0;
			if (factor[j] != 0)
				test_near(factor[j] * (1 - rate), 1, 1e-4 / (1 - rate) * 0.1,
					  "a factor");
		}
		test_near(zeros / UNITS, rate, 5 * sqrt(rate * (1 - rate) / UNITS) + 1e-5,
			  "share of zeros");
	}
	free(factor);
}

/* How many of the first units differ between two draws of rate 1/2. */
static int differing(struct hb_mode a, int l, int row, struct hb_mode b, int other_l, int other_row)
{
	enum { UNITS = 400 };
	double one[UNITS], other[UNITS];
	int count = 0;

	hb_dropout_factors(&a, l, row, 0.5, UNITS, one);
	hb_dropout_factors(&b, other_l, other_row, 0.5, UNITS, other);
	for (int j = 0; j < UNITS; j++)
		count += one[j] != other[j];
	return count;
}

static void a_draw_of_its_own(void **state)
{
	struct hb_mode noise = {.learns = 1, .seed = 3, .update = 5}, other = noise;

	(void)state;
	assert_int_equal(differing(noise, 1, 7, noise, 1, 7), 0);
	other.first = 4; /* row 7 of the batch */
	assert_int_equal(differing(noise, 1, 7, other, 1, 3), 0);
	other.below = 2; /* layer 3 of the network */
	assert_int_equal(differing(noise, 3, 7, other, 1, 3), 0);
	other = noise;
	assert_in_range(differing(noise, 1, 7, other, 1, 8), 140, 260);
	assert_in_range(differing(noise, 1, 7, other, 2, 7), 140, 260);
	other.update++;
	assert_in_range(differing(noise, 1, 7, other, 1, 7), 140, 260);
	other = noise;
	other.seed++;
	assert_in_range(differing(noise, 1, 7, other, 1, 7), 140, 260);
}

/* The engine's gradient is that of the reference with the same draw, also in a batch of several
 * slices. */
static void gradient_is_right(void **state)
{
	static const int rows[] = {1, 7, 64, 200};
	enum { UPDATES = 3 }; /* before the gradient that is compared: each draws anew */

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const hebb_layer *layers = dropout_layers(0.4);
		hebb_net *net = test_net(INPUTS, LAYERS, layers, 4);
		hebb_recipe recipe = recipe_of(32, 1);
		hebb_trainer *trainer = test_trainer(net, &recipe);
		struct hb_mode noise = {.learns = 1, .seed = recipe.seed, .update = UPDATES};
		size_t n = (size_t)hebb_net_parameters(net);
		float *x = test_floats(5, (size_t)rows[i] * INPUTS, -1, 1), *engine, *parameters;
		float *y = test_targets(6, HEBB_CROSS_ENTROPY, HEBB_SOFTMAX, rows[i], OUTPUTS);
		double *wide_x = test_widen((size_t)rows[i] * INPUTS, x), J, expected;
		double *wide_y = test_widen((size_t)rows[i] * OUTPUTS, y);
		double *g = test_doubles(n), *p, *wide;

		for (int k = 0; k < UPDATES; k++) {
			assert_int_equal(
				hebb_trainer_gradient(trainer, rows[i], x, y, NULL, NULL, NULL),
				HEBB_OK);
			assert_int_equal(hebb_trainer_update(trainer, NULL), HEBB_OK);
		}
		assert_int_equal(hebb_trainer_gradient(trainer, rows[i], x, y, NULL, &J, NULL),
				 HEBB_OK);
		engine = test_canonical(net, trainer);
		parameters = test_canonical(net, NULL);
		p = test_widen(n, parameters);
		wide = test_widen(n, engine);
		assert_int_equal(hb_reference_with(&noise, INPUTS, LAYERS, layers,
						   HEBB_CROSS_ENTROPY, rows[i], wide_x, wide_y,
						   NULL, p, &expected, g, NULL, NULL),
				 HEBB_OK);
		test_near(J, expected, 1e-5 * fabs(expected), "J");
		test_below(test_normwise(n, wide, g), 1e-6, "gradient with dropout");
		hebb_trainer_free(trainer);
		hebb_net_free(net);
		free(x), free(y), free(wide_x), free(wide_y), free(g), free(p), free(wide);
		free(engine), free(parameters);
	}
}

/* By finite differences, as a user can. */
static void check_accepts(void **state)
{
	hebb_net *net = test_net(INPUTS, LAYERS, dropout_layers(0.3), 2);
	float *x = test_floats(5, 100 * INPUTS, -1, 1);
	float *y = test_targets(6, HEBB_CROSS_ENTROPY, HEBB_SOFTMAX, 100, OUTPUTS);
	hebb_gradient_check result = hebb_gradient_check_default();
	hebb_error error;

	(void)state;
	test_ok(hebb_check_gradient(net, HEBB_CROSS_ENTROPY, 100, x, y, 40, &result, &error),
		&error);
	test_below(result.differences, 1e-7, "differences");
	test_below(result.engine, 1e-5, "engine");
	assert_int_equal(result.checked, 120);
	hebb_net_free(net);
	free(x), free(y);
}

/* What is no learning sees no dropout: the outputs and the cost are those of the dense layers
 * alone, to the bit. */
static void only_in_learning(void **state)
{
	enum { ROWS = 50 };
	const hebb_layer *layers = dropout_layers(0.5);
	const hebb_layer dense[] = {layers[1], layers[3], layers[5]};
	hebb_net *net = test_net(INPUTS, LAYERS, layers, 4), *plain = test_net(INPUTS, 3, dense, 1);
	hebb_recipe recipe = recipe_of(16, 2);
	float *x = test_floats(5, ROWS * INPUTS, -1, 1), *all = test_canonical(net, NULL);
	float *y = test_targets(6, HEBB_CROSS_ENTROPY, HEBB_SOFTMAX, ROWS, OUTPUTS);
	hebb_work *work = hebb_work_new(net, ROWS, NULL, NULL),
		  *plain_work = hebb_work_new(plain, ROWS, NULL, NULL);
	float h[OUTPUTS], expected[OUTPUTS];
	double J, J_plain;

	(void)state;
	test_set(plain, all);
	assert_memory_equal(hebb_forward(work, ROWS, x), hebb_forward(plain_work, ROWS, x),
			    ROWS * OUTPUTS * sizeof *h);
	assert_int_equal(hebb_predict(net, x, h, NULL), HEBB_OK);
	assert_int_equal(hebb_predict(plain, x, expected, NULL), HEBB_OK);
	assert_memory_equal(h, expected, sizeof h);
	hebb_trainer *trainer = test_trainer(net, &recipe), *other = test_trainer(plain, &recipe);
	assert_int_equal(hebb_trainer_gradient(trainer, ROWS, x, y, NULL, &J, NULL), HEBB_OK);
	assert_int_equal(hebb_trainer_cost(other, ROWS, x, y, NULL, &J_plain, NULL), HEBB_OK);
	assert_true(J != J_plain);
	assert_int_equal(hebb_trainer_cost(trainer, ROWS, x, y, NULL, &J, NULL), HEBB_OK);
	assert_true(J == J_plain);
	hebb_trainer_free(trainer), hebb_trainer_free(other);
	hebb_work_free(work), hebb_work_free(plain_work);
	hebb_net_free(net), hebb_net_free(plain);
	free(x), free(y), free(all);
}

/* Batches of one update draw on: two of 16 rows are one of 32, but for rounding. */
static void accumulated(void **state)
{
	enum { ROWS = 96 };
	float *x = test_floats(5, ROWS * INPUTS, -1, 1), *all[2];
	float *y = test_targets(6, HEBB_CROSS_ENTROPY, HEBB_SOFTMAX, ROWS, OUTPUTS);
	struct test_rows rows = {INPUTS, OUTPUTS, x, y};
	hebb_source source = test_source(&rows, ROWS);
	size_t n = 0;

	(void)state;
	for (int i = 0; i < 2; i++) {
		hebb_net *net = test_net(INPUTS, LAYERS, dropout_layers(0.4), 4);
		hebb_recipe recipe = recipe_of(i ? 16 : 32, 1);
		hebb_error error;

		recipe.accumulate = i ? 2 : 1;
		recipe.epochs = 2;
		hebb_trainer *trainer = test_trainer(net, &recipe);
		test_ok(hebb_train(trainer, &source, NULL, &error), &error);
		all[i] = test_canonical(net, NULL);
		n = (size_t)hebb_net_parameters(net);
		hebb_trainer_free(trainer);
		hebb_net_free(net);
	}
	for (size_t k = 0; k < n; k++)
		test_near((double)all[0][k], (double)all[1][k], 1e-5, "a parameter");
	free(x), free(y), free(all[0]), free(all[1]);
}

static float *trained(hebb_rule rule, int threads, int L, const hebb_layer *layers, size_t *n)
{
	enum { ROWS = 300 };
	hebb_net *net = test_net(INPUTS, L, layers, 4);
	hebb_recipe recipe = recipe_of(100, threads);
	float *x = test_floats(5, ROWS * INPUTS, -1, 1), *all;
	float *y = test_targets(6, HEBB_CROSS_ENTROPY, HEBB_SOFTMAX, ROWS, OUTPUTS);
	struct test_rows rows = {INPUTS, OUTPUTS, x, y};
	hebb_source source = test_source(&rows, ROWS);
	hebb_error error;

	recipe.rule = rule;
	recipe.batch = rule == HEBB_RPROP ? 0 : recipe.batch;
	recipe.epochs = 3;
	hebb_trainer *trainer = test_trainer(net, &recipe);
	test_ok(hebb_train(trainer, &source, NULL, &error), &error);
	all = test_canonical(net, NULL);
	*n = (size_t)hebb_net_parameters(net) * sizeof *all;
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	free(x), free(y);
	return all;
}

static void any_number_of_threads(void **state)
{
	(void)state;
	for (int rule = test_rule(0); rule; rule = test_rule(rule)) {
		size_t n;
		float *one = trained((hebb_rule)rule, 1, LAYERS, dropout_layers(0.3), &n);

		for (int threads = 2; threads <= 5; threads++) {
			float *more =
				trained((hebb_rule)rule, threads, LAYERS, dropout_layers(0.3), &n);

			assert_memory_equal(more, one, n);
			free(more);
		}
		free(one);
	}
}

/* The norms of the rows of W come down to max_norm, in every layer, whatever lies between. */
static void max_norm_with_dropout(void **state)
{
	const hebb_layer *layers = dropout_layers(0);
	hebb_net *net = test_net(INPUTS, LAYERS, layers, 4);
	hebb_recipe recipe = recipe_of(0, 1);
	float *x = test_floats(5, 4 * INPUTS, -1, 1), *before, *after;
	float *y = test_targets(6, HEBB_CROSS_ENTROPY, HEBB_SOFTMAX, 4, OUTPUTS);
	size_t at = 0;

	(void)state;
	recipe.rate = 0;
	recipe.max_norm = 0.5;
	before = test_canonical(net, NULL);
	hebb_trainer *trainer = test_trainer(net, &recipe);
	assert_int_equal(hebb_trainer_gradient(trainer, 4, x, y, NULL, NULL, NULL), HEBB_OK);
	assert_int_equal(hebb_trainer_update(trainer, NULL), HEBB_OK);
	after = test_canonical(net, NULL);
	for (int l = 0; l < LAYERS; l++) {
		size_t n = (size_t)test_inputs(net, l), weights = test_weights(net, l);

		for (size_t row = at; row < at + weights; row += n) {
			double norm = 0, factor;

			for (size_t j = 0; j < n; j++)
				norm += pow((double)before[row + j], 2);
			factor = fmin(1, 0.5 / sqrt(norm));
			for (size_t j = 0; j < n; j++)
				test_near((double)after[row + j], factor * (double)before[row + j],
					  1e-6, "a weight");
		}
		at += test_layer_size(net, l);
	}
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	free(x), free(y), free(before), free(after);
}

static void refused(const hebb_layer *layers, int L, const char *mentioned)
{
	hebb_error error = {0};

	assert_null(hebb_net_new(INPUTS, L, layers, 1, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, mentioned);
}

static void bad_descriptions(void **state)
{
	static const double rates[] = {-0.1, 1, 2, NAN, INFINITY};
	hebb_layer layers[] = {hebb_dropout(0.5), hebb_dense(3, HEBB_LINEAR), hebb_dropout(0.5)};

	(void)state;
	refused(layers, 3, "layer 3: the last layer is dropout");
	for (size_t i = 0; i < COUNT_OF(rates); i++) {
		layers[0].rate = rates[i];
		refused(layers, 2, "layer 1: a dropout rate of");
	}
	layers[0] = hebb_dropout(0.5);
	layers[0].units = INPUTS + 1;
	refused(layers, 2, "as many as its input, so that only 19");
	layers[0] = hebb_dropout(0.5);
	layers[0].activation = HEBB_RELU;
	refused(layers, 2, "linear");
	layers[0].kind = (hebb_kind)99;
	refused(layers, 2, "kind 99");
	hebb_net *net = test_net(INPUTS, LAYERS, dropout_layers(0.5), 1);
	hebb_recipe recipe = recipe_of(0, 1);
	hebb_error error = {0};
	recipe.rule = HEBB_LBFGS;
	assert_null(hebb_trainer_new(net, &recipe, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "dropout");
	hebb_net_free(net);
	assert_string_equal(hebb_kind_name(HEBB_DROPOUT), "dropout");
	assert_int_equal(hebb_kind_find("dropout"), HEBB_DROPOUT);
	assert_int_equal(hebb_kind_find("dense"), HEBB_DENSE);
	assert_int_equal(hebb_kind_find("lstm"), 0);
	assert_int_equal(hebb_kind_find(NULL), 0);
	assert_null(hebb_kind_name((hebb_kind)0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(share_of_zeros),    cmocka_unit_test(a_draw_of_its_own),
		cmocka_unit_test(gradient_is_right), cmocka_unit_test(check_accepts),
		cmocka_unit_test(only_in_learning),  cmocka_unit_test(any_number_of_threads),
		cmocka_unit_test(accumulated),       cmocka_unit_test(max_norm_with_dropout),
		cmocka_unit_test(bad_descriptions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
