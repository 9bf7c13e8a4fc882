/* SPDX-License-Identifier: MIT */
/*
 * test_step.c - gradient and update in one call; h of hidden layers
 */
#include "test.h"

enum { INPUTS = 7, OUTPUTS = 4, ROWS = 40 };

static const hebb_layer *layers_of(int norm)
{
	static hebb_layer layers[6];

	layers[0] = hebb_dense(19, HEBB_RELU);
	layers[1] = hebb_dropout(0.25);
	layers[2] = hebb_dense(19, HEBB_TANH);
	layers[3] = norm ? hebb_batch_norm(HEBB_LINEAR) : hebb_layer_norm(HEBB_LINEAR);
	layers[4] = hebb_shortcut(1, HEBB_LINEAR);
	layers[5] = hebb_dense(OUTPUTS, HEBB_SOFTMAX);
	return layers;
}

enum { LAYERS = 6 };

/* One trainer in two calls, one in one, on the same rows: the same bits after each. */
static void same_bits(hebb_recipe recipe, int norm)
{
	hebb_net *two = test_net(INPUTS, LAYERS, layers_of(norm), 1),
		 *one = test_net(INPUTS, LAYERS, layers_of(norm), 1);
	hebb_trainer *in_two = test_trainer(two, &recipe), *in_one = test_trainer(one, &recipe);
	float *x = test_floats(2, ROWS * INPUTS, -1, 1), *weight = test_floats(4, ROWS, 0, 2);
	float *y = test_targets(3, HEBB_CROSS_ENTROPY, HEBB_SOFTMAX, ROWS, OUTPUTS);

	for (int i = 0; i < 6; i++) {
		double J = -1, J_step = -2;
		const float *w = i % 2 ? weight : NULL;

		assert_int_equal(hebb_trainer_gradient(in_two, ROWS - i, x, y, w, &J, NULL),
				 HEBB_OK);
		assert_int_equal(hebb_trainer_update(in_two, NULL), HEBB_OK);
		assert_int_equal(hebb_trainer_step(in_one, ROWS - i, x, y, w, &J_step, NULL),
				 HEBB_OK);
		assert_true(J == J_step);
		assert_memory_equal(one->w, two->w, one->plan->block * sizeof *one->w);
		assert_int_equal(hebb_trainer_update(in_one, NULL), HEBB_OK); /* of nothing */
		assert_memory_equal(one->w, two->w, one->plan->block * sizeof *one->w);
	}
	hebb_trainer_free(in_two), hebb_trainer_free(in_one);
	hebb_net_free(two), hebb_net_free(one);
	free(x), free(y), free(weight);
}

static void every_rule(void **state)
{
	hebb_recipe recipe = hebb_recipe_default();

	(void)state;
	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.rate = 0.05;
	for (int rule = 1; hebb_rule_name((hebb_rule)rule); rule++) {
		recipe.rule = (hebb_rule)rule;
		if (recipe.rule == HEBB_LBFGS)
			continue;
		recipe.clip = recipe.l2 = 0;
		same_bits(recipe, 0);
		same_bits(recipe, 1);
		recipe.clip = recipe.rule == HEBB_RPROP ? 0 : 0.1;
		recipe.l2 = 0.01;
		same_bits(recipe, 1);
	}
}

/* What hebb_train() does with the same batches. */
static void as_training_does(void **state)
{
	hebb_net *a = test_net(INPUTS, LAYERS, layers_of(0), 1),
		 *b = test_net(INPUTS, LAYERS, layers_of(0), 1);
	float *x = test_floats(2, ROWS * INPUTS, -1, 1);
	float *y = test_targets(3, HEBB_CROSS_ENTROPY, HEBB_SOFTMAX, ROWS, OUTPUTS);
	hebb_arrays arrays = {.size = sizeof arrays,
			      .rows = ROWS,
			      .inputs = INPUTS,
			      .outputs = OUTPUTS,
			      .x = x,
			      .y = y};
	hebb_source source = hebb_arrays_source(&arrays);
	hebb_recipe recipe = hebb_recipe_default();

	(void)state;
	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.rule = HEBB_SGD;
	recipe.rate = 0.1;
	recipe.batch = 10;
	recipe.shuffle = 0;
	recipe.epochs = 3;
	hebb_trainer *whole = test_trainer(a, &recipe), *steps = test_trainer(b, &recipe);
	assert_int_equal(hebb_train(whole, &source, NULL, NULL), HEBB_OK);
	for (int i = 0; i < 3 * ROWS; i += 10)
		assert_int_equal(hebb_trainer_step(steps, 10, x + i % ROWS * INPUTS,
						   y + i % ROWS * OUTPUTS, NULL, NULL, NULL),
				 HEBB_OK);
	assert_memory_equal(a->w, b->w, a->plan->block * sizeof *a->w);
	hebb_trainer_free(whole), hebb_trainer_free(steps);
	hebb_net_free(a), hebb_net_free(b);
	free(x), free(y);
}

static void refused(void **state)
{
	const hebb_layer layers[] = {hebb_dense(2, HEBB_LINEAR)};
	hebb_net *net = test_net(2, 1, layers, 1), *before = test_net(2, 1, layers, 1);
	hebb_recipe recipe = hebb_recipe_default();
	float x[4] = {1, 2, 3, (float)INFINITY}, y[4] = {0};
	hebb_error error;
	double J = 7;

	(void)state;
	test_failed(hebb_trainer_step(NULL, 1, x, y, NULL, &J, &error), &error, HEBB_BAD_ARGUMENT,
		    "trainer");
	recipe.rule = HEBB_LBFGS;
	hebb_trainer *t = test_trainer(net, &recipe);
	test_failed(hebb_trainer_step(t, 1, x, y, NULL, &J, &error), &error, HEBB_BAD_ARGUMENT,
		    "lbfgs");
	hebb_trainer_free(t);
	recipe.rule = HEBB_SGD;
	t = test_trainer(net, &recipe);
	test_failed(hebb_trainer_step(t, 0, x, y, NULL, &J, &error), &error, HEBB_BAD_ARGUMENT,
		    "rows");
	test_failed(hebb_trainer_step(t, 1, x, NULL, NULL, &J, &error), &error, HEBB_BAD_ARGUMENT,
		    "y");
	test_failed(hebb_trainer_step(t, 2, x, y, NULL, &J, &error), &error, HEBB_BAD_ARGUMENT,
		    "row 1: x[1]");
	assert_true(J == 7);
	assert_memory_equal(net->w, before->w, net->plan->block * sizeof *net->w);
	hebb_trainer_free(t);
	hebb_net_free(net), hebb_net_free(before);
}

/* ---- h of hidden layers ---- */

/* Each layer's h is the output of a network that ends there. */
static void hidden(void **state)
{
	const hebb_layer *layers = layers_of(1);
	hebb_net *net = test_net(INPUTS, LAYERS, layers, 1);
	hebb_work *work = hebb_work_new_whole(net, ROWS, NULL, NULL),
		  *lean = hebb_work_new(net, ROWS, NULL, NULL);
	float *x = test_floats(2, ROWS * INPUTS, -1, 1);
	const float *out = hebb_forward(work, ROWS, x), *same = hebb_forward(lean, ROWS, x);
	int stride;

	(void)state;
	assert_memory_equal(out, same, ROWS * OUTPUTS * sizeof *out);
	assert_true(hebb_work_bytes(work) > hebb_work_bytes(lean));
	for (int l = 0; l < LAYERS; l++) {
		const float *h = hebb_work_layer(work, l, &stride);
		int m = hebb_net_layer(net, l)->units;

		assert_non_null(h);
		assert_true(stride >= m);
		if (layers[l].kind == HEBB_DROPOUT) { /* no network ends so */
			assert_ptr_equal(h, hebb_work_layer(work, l - 1, NULL));
			continue;
		}
		hebb_net *part = test_net(INPUTS, l + 1, layers, 1);
		hebb_work *short_work = hebb_work_new(part, ROWS, NULL, NULL);
		const float *expected = hebb_forward(short_work, ROWS, x);
		for (int i = 0; i < ROWS; i++)
			assert_memory_equal(h + i * stride, expected + i * m, m * sizeof *h);
		hebb_work_free(short_work);
		hebb_net_free(part);
	}
	assert_null(hebb_work_layer(work, -1, NULL));
	assert_null(hebb_work_layer(work, LAYERS, NULL));
	assert_null(hebb_work_layer(lean, 0, NULL));
	assert_non_null(hebb_work_layer(lean, LAYERS - 1, &stride));
	hebb_work_free(work), hebb_work_free(lean);
	hebb_net_free(net);
	free(x);
}

/* Two layers, with biases, which begin as zero. */
static hebb_net *with_biases(int inputs, const hebb_layer layers[2])
{
	hebb_net *net = test_net(inputs, 2, layers, 3);
	float *b = test_floats(5, 16, -1, 1);

	for (int l = 0; l < 2; l++)
		assert_int_equal(hebb_net_set_parameter(net, l, 1, b + l, NULL), HEBB_OK);
	free(b);
	return net;
}

/* Narrow layers: any number of rows together gives the bits of each row alone. */
static void try_narrow(int inputs, int units, int outputs, hebb_activation f)
{
	enum { MOST = 300 };
	const hebb_layer layers[] = {hebb_dense(units, f), hebb_dense(outputs, f)};
	hebb_net *net = with_biases(inputs, layers);
	hebb_work *work = hebb_work_new(net, MOST, NULL, NULL);
	float *x = test_floats(4, MOST * (size_t)inputs, -2, 2),
	      *each = test_memory(MOST * (size_t)outputs * sizeof *each);
	int stride;

	for (int i = 0; i < MOST; i++)
		hebb_predict(net, x + i * inputs, each + i * outputs, NULL);
	for (int rows = 1; rows <= MOST; rows += rows < 35 ? 1 : 53) {
		const float *h = hebb_forward(work, rows, x),
			    *last = hebb_work_layer(work, 1, &stride);

		assert_memory_equal(h, each, (size_t)rows * (size_t)outputs * sizeof *h);
		for (int i = 0; i < rows; i++)
			assert_memory_equal(last + i * stride, each + i * outputs,
					    (size_t)outputs * sizeof *h);
	}
	hebb_work_free(work);
	hebb_net_free(net);
	free(x);
	free(each);
}

static void narrow(void **state)
{
	(void)state;
	for (int n = 1; n <= 9; n++)
		for (int m = 1; m <= 9; m++) {
			try_narrow(n, m, 1 + n * m % 9, HEBB_SIGMOID);
			try_narrow(n, m, 1 + (n + m) % 4, HEBB_SOFTMAX);
		}
}

static void check_same(const char *name, int count, const float *h, const float *expected)
{
	for (int i = 0; i < count; i++)
		if (memcmp(&h[i], &expected[i], sizeof *h) && !(isnan(h[i]) && isnan(expected[i])))
			fail_msg("%s, output %d: %.9g instead of %.9g", name, i, (double)h[i],
				 (double)expected[i]);
}

/* The outputs of narrow layers, and of the same layers where all are kept, which go the way of wide
 * ones: also of inputs that are not finite. */
static void try_odd_inputs(hebb_activation f)
{
	enum { N = 3, M = 2, MOST = 40 };
	const hebb_layer layers[] = {hebb_dense(5, f), hebb_dense(M, f)};
	hebb_net *net = with_biases(N, layers);
	hebb_work *work = hebb_work_new(net, MOST, NULL, NULL),
		  *whole = hebb_work_new_whole(net, MOST, NULL, NULL);
	float *x = test_floats(4, MOST * N, -9, 9);

	for (int i = 0; i < MOST; i += 3)
		x[i * N + i % 2] = i % 4 == 0 ? NAN : i % 4 == 1 ? INFINITY : -INFINITY;
	for (int rows = 1; rows <= MOST; rows++)
		check_same(hebb_activation_name(f), rows * M, hebb_forward(work, rows, x),
			   hebb_forward(whole, rows, x));
	hebb_work_free(work);
	hebb_work_free(whole);
	hebb_net_free(net);
	free(x);
}

static void narrow_and_not_finite(void **state)
{
	(void)state;
	for (int f = HEBB_LINEAR; hebb_activation_name((hebb_activation)f); f++)
		try_odd_inputs((hebb_activation)f);
}

static void dropout_of_the_input(void **state)
{
	const hebb_layer layers[] = {hebb_dropout(0.5), hebb_dense(2, HEBB_LINEAR)};
	hebb_net *net = test_net(3, 2, layers, 1);
	hebb_work *work = hebb_work_new_whole(net, 4, NULL, NULL);

	(void)state;
	assert_null(hebb_work_layer(work, 0, NULL));
	assert_non_null(hebb_work_layer(work, 1, NULL));
	hebb_work_free(work);
	hebb_net_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_rule),
					   cmocka_unit_test(as_training_does),
					   cmocka_unit_test(refused),
					   cmocka_unit_test(hidden),
					   cmocka_unit_test(narrow),
					   cmocka_unit_test(narrow_and_not_finite),
					   cmocka_unit_test(dropout_of_the_input)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
