/* SPDX-License-Identifier: MIT */
/*
 * test_frozen.c - layers that training leaves as they are
 */
#define _POSIX_C_SOURCE 200809L /* popen() */
#include "hebb_io.h"
#include "test.h"

enum { INPUTS = 19, OUTPUTS = 5, ROWS = 150, LAYERS = 6 };

/* Of each kind one; `norm` is that of layer 1. */
static const hebb_layer *layers_of(hebb_kind norm)
{
	static hebb_layer layers[LAYERS];

	layers[0] = hebb_dense(37, HEBB_TANH);
	layers[1] = hebb_batch_norm(HEBB_RELU);
	layers[1].kind = norm;
	layers[2] = hebb_dense(37, HEBB_GELU);
	layers[3] = hebb_shortcut(0, HEBB_LINEAR);
	layers[4] = hebb_layer_norm(HEBB_LINEAR);
	layers[5] = hebb_dense(OUTPUTS, HEBB_SOFTMAX);
	return layers;
}

/* With parameters of which some are -0, whose sign is a bit too; bit l of `frozen`: layer l is. */
static hebb_net *net_of(hebb_kind norm, unsigned frozen)
{
	hebb_net *net = test_net(INPUTS, LAYERS, layers_of(norm), 4);
	float *all = test_floats(8, (size_t)hebb_net_parameters(net), -0.4, 0.5);
	float mean[37], variance[37];

	for (int i = 0; i < hebb_net_parameters(net); i += 5)
		all[i] = -0.0f;
	test_set(net, all);
	for (int j = 0; j < 37; j++) {
		mean[j] = 0.01f * (float)j;
		variance[j] = 0.5f + 0.1f * (float)j;
	}
	assert_int_equal(hebb_net_set_statistics(net, 1, mean, variance, NULL), HEBB_OK);
	for (int l = 0; l < LAYERS; l++)
		assert_int_equal(hebb_net_freeze(net, l, frozen >> l & 1, NULL), HEBB_OK);
	free(all);
	return net;
}

struct memory {
	float *all, mean[37], variance[37];
};

static struct memory memory_of(const hebb_net *net)
{
	struct memory m = {.all = test_canonical(net, NULL)};

	hebb_net_get_statistics(net, 1, m.mean, m.variance, NULL);
	return m;
}

/* Frozen layers are what they were to the bit; the others moved. */
static void compare(const hebb_net *net, const struct memory *before, unsigned frozen,
		    const char *what)
{
	struct memory after = memory_of(net);
	size_t at = 0;

	for (int l = 0; l < LAYERS; at += test_layer_size(net, l++)) {
		size_t bytes = test_layer_size(net, l) * sizeof *after.all;
		int same = !memcmp(after.all + at, before->all + at, bytes);

		if (bytes && same != (int)(frozen >> l & 1))
			fail_msg("%s, frozen %x: layer %d %s", what, frozen, l,
				 same ? "did not move" : "moved");
	}
	if (hebb_net_layer(net, 1)->kind == HEBB_BATCH_NORM) {
		int same = !memcmp(after.mean, before->mean, sizeof after.mean) &&
			   !memcmp(after.variance, before->variance, sizeof after.mean);

		assert_int_equal(same, frozen >> 1 & 1);
	}
	free(after.all);
}

static const unsigned masks[] = {0, 1, 2, 7, 0x17, 0x20, 0x35};

static hebb_recipe quick(void)
{
	hebb_recipe recipe = hebb_recipe_default();

	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.epochs = 2;
	recipe.batch = 32;
	recipe.threads = 1;
	recipe.rate = 0.01;
	return recipe;
}

static float *x, *y;

/* hebb_train() with this recipe. */
static void try_recipe(hebb_kind norm, const hebb_recipe *recipe, const char *what)
{
	struct test_rows rows = {INPUTS, OUTPUTS, x, y};
	hebb_source source = test_source(&rows, ROWS);

	for (size_t i = 0; i < COUNT_OF(masks); i++) {
		hebb_net *net = net_of(norm, masks[i]);
		struct memory before = memory_of(net);
		hebb_trainer *trainer = test_trainer(net, recipe);
		hebb_error error;

		test_ok(hebb_train(trainer, &source, NULL, &error), &error);
		compare(net, &before, masks[i], what);
		hebb_trainer_free(trainer);
		hebb_net_free(net);
		free(before.all);
	}
}

static void every_rule(void **state)
{
	(void)state;
	for (int rule = HEBB_SGD; hebb_rule_name((hebb_rule)rule); rule++) {
		hebb_recipe recipe = quick();

		recipe.rule = (hebb_rule)rule;
		if (rule == HEBB_RPROP || rule == HEBB_LBFGS)
			recipe.batch = 0;
		recipe.l2 = 0.01;
		try_recipe(HEBB_LAYER_NORM, &recipe, hebb_rule_name((hebb_rule)rule));
		if (rule == HEBB_LBFGS)
			continue;
		recipe.l2 = 0; /* sgd then adds its products to the weights at once */
		try_recipe(HEBB_LAYER_NORM, &recipe, hebb_rule_name((hebb_rule)rule));
		recipe.weight_decay = 0.1;
		try_recipe(HEBB_BATCH_NORM, &recipe, hebb_rule_name((hebb_rule)rule));
	}
}

/* What wants no statistics of a batch: a single row, and lbfgs. */
static void batch_norm_as_it_is(void **state)
{
	struct test_rows rows = {INPUTS, OUTPUTS, x, y};
	hebb_source source = test_source(&rows, ROWS);

	(void)state;
	for (int batch = 0; batch < 2; batch++) {
		hebb_net *net = net_of(HEBB_BATCH_NORM, 2);
		hebb_recipe recipe = quick();
		struct memory before = memory_of(net);
		hebb_trainer *trainer;
		hebb_error error;

		recipe.rule = batch ? HEBB_ADAM : HEBB_LBFGS;
		recipe.batch = batch;
		trainer = test_trainer(net, &recipe);
		test_ok(hebb_train(trainer, &source, NULL, &error), &error);
		compare(net, &before, 2, "batch norm as it is");
		hebb_trainer_free(trainer);
		hebb_net_freeze(net, 1, 0, NULL);
		assert_null(hebb_trainer_new(net, &recipe, NULL, &error));
		test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "batch-norm (layer 2)");
		hebb_net_free(net);
		free(before.all);
	}
}

static void what_changes_an_update(void **state)
{
	hebb_recipe recipe = quick();

	(void)state;
	recipe.l1 = 0.01;
	recipe.max_norm = 0.3;
	try_recipe(HEBB_BATCH_NORM, &recipe, "l1, max_norm");
	recipe.average = 0.9; /* which the network shows in the end */
	try_recipe(HEBB_BATCH_NORM, &recipe, "l1, max_norm, average");
	recipe.clip = 1e-3;
	recipe.accumulate = 2;
	recipe.rule = HEBB_SGD;
	recipe.rate = 100;
	recipe.l1 = recipe.max_norm = 0;
	try_recipe(HEBB_BATCH_NORM, &recipe, "clip, accumulate");
}

/* The gradient of the layers that learn is what it was, to the bit, and that of the others is 0. */
static void gradient(void **state)
{
	hebb_recipe recipe = quick();

	(void)state;
	recipe.l1 = recipe.l2 = 0.01;
	for (size_t i = 0; i < COUNT_OF(masks); i++) {
		hebb_net *net = net_of(HEBB_LAYER_NORM, masks[i]),
			 *free_net = net_of(HEBB_LAYER_NORM, 0);
		hebb_trainer *trainer = test_trainer(net, &recipe),
			     *other = test_trainer(free_net, &recipe);
		double J, expected_J;
		float *g, *expected;
		size_t at = 0;

		assert_int_equal(hebb_trainer_gradient(trainer, ROWS, x, y, NULL, &J, NULL),
				 HEBB_OK);
		assert_int_equal(hebb_trainer_gradient(other, ROWS, x, y, NULL, &expected_J, NULL),
				 HEBB_OK);
		assert_true(J == expected_J);
		g = test_canonical(net, trainer);
		expected = test_canonical(free_net, other);
		for (int l = 0; l < LAYERS; at += test_layer_size(net, l++)) {
			size_t n = test_layer_size(net, l);

			if (!(masks[i] >> l & 1))
				assert_memory_equal(g + at, expected + at, n * sizeof *g);
			for (size_t k = 0; k < n && masks[i] >> l & 1; k++)
				assert_true(g[at + k] == 0);
		}
		hebb_trainer_free(trainer);
		hebb_trainer_free(other);
		hebb_net_free(net);
		hebb_net_free(free_net);
		free(g), free(expected);
	}
}

/* Frozen, batch norm takes its running statistics to learn too: forward, as in use, and back. */
static void batch_norm(void **state)
{
	hebb_net *net = net_of(HEBB_BATCH_NORM, 1u << 1);
	hebb_recipe recipe = quick();
	hebb_trainer *trainer = test_trainer(net, &recipe);
	size_t n = (size_t)hebb_net_parameters(net), first = test_layer_size(net, 0);
	struct memory m = memory_of(net);
	double *p = test_widen(n, m.all), *wide_x = test_widen(ROWS * INPUTS, x),
	       *wide_y = test_widen(ROWS * OUTPUTS, y), *g = test_doubles(n), *wide, J, cost, ref;
	double statistics[2 * 37];
	struct hb_mode mode = {.learns = 1, .together = 1, .statistics = statistics};
	float *engine;

	(void)state;
	for (int j = 0; j < 37; j++) {
		statistics[j] = (double)m.mean[j];
		statistics[37 + j] = (double)m.variance[j];
	}
	assert_int_equal(hebb_trainer_gradient(trainer, ROWS, x, y, NULL, &J, NULL), HEBB_OK);
	assert_int_equal(hebb_trainer_cost(trainer, ROWS, x, y, NULL, &cost, NULL), HEBB_OK);
	test_near(J, cost, 1e-6 * cost, "J");
	assert_int_equal(hb_reference_with(&mode, INPUTS, LAYERS, layers_of(HEBB_BATCH_NORM),
					   HEBB_CROSS_ENTROPY, ROWS, wide_x, wide_y, NULL, p, &ref,
					   g, NULL, NULL),
			 HEBB_OK);
	test_near(J, ref, 1e-5 * ref, "J");
	engine = test_canonical(net, trainer);
	wide = test_widen(n, engine);
	test_below(test_normwise(first, wide, g), 1e-5, "gradient below the norm");
	test_below(test_normwise(n - first - 74, wide + first + 74, g + first + 74), 1e-5,
		   "gradient above the norm");
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	free(m.all), free(p), free(wide_x), free(wide_y), free(g), free(wide), free(engine);
}

static float *after_training(int threads)
{
	hebb_net *net = net_of(HEBB_BATCH_NORM, 0x7);
	struct test_rows rows = {INPUTS, OUTPUTS, x, y};
	hebb_source source = test_source(&rows, ROWS);
	hebb_recipe recipe = quick();
	hebb_trainer *trainer;
	float *all;

	recipe.threads = threads;
	recipe.batch = ROWS;
	trainer = test_trainer(net, &recipe);
	assert_int_equal(hebb_train(trainer, &source, NULL, NULL), HEBB_OK);
	all = test_canonical(net, NULL);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return all;
}

static void same_bits_for_any_threads(void **state)
{
	float *one = after_training(1), *three = after_training(3);
	hebb_net *net = net_of(HEBB_BATCH_NORM, 0);

	(void)state;
	assert_memory_equal(one, three, (size_t)hebb_net_parameters(net) * sizeof *one);
	hebb_net_free(net);
	free(one), free(three);
}

/* What is checked is backpropagation, whatever is frozen; the network stays frozen. */
static void check(void **state)
{
	hebb_net *net = net_of(HEBB_BATCH_NORM, 0x3f);
	hebb_gradient_check result = hebb_gradient_check_default();
	hebb_error error;

	(void)state;
	test_ok(hebb_check_gradient(net, HEBB_CROSS_ENTROPY, 40, x, y, 20, &result, &error),
		&error);
	test_below(result.max_error, 1e-4, "error");
	assert_int_equal(hebb_net_layer(net, 0)->frozen, 1);
	hebb_net_free(net);
}

static void refusals(void **state)
{
	hebb_net *net = net_of(HEBB_BATCH_NORM, 0x3f);
	hebb_recipe recipe = quick();
	hebb_layer layer = hebb_dense(2, HEBB_TANH);
	hebb_error error;

	(void)state;
	assert_null(hebb_trainer_new(net, &recipe, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "frozen");
	test_failed(hebb_net_freeze(net, LAYERS, 1, &error), &error, HEBB_BAD_ARGUMENT,
		    "no layer 6");
	test_failed(hebb_net_freeze(net, -2, 1, &error), &error, HEBB_BAD_ARGUMENT, "no layer -2");
	test_ok(hebb_net_freeze(net, -1, 0, &error), &error);
	for (int l = 0; l < LAYERS; l++)
		assert_int_equal(hebb_net_layer(net, l)->frozen, 0);
	hebb_trainer_free(test_trainer(net, &recipe));
	hebb_net_free(net);
	layer.frozen = 2;
	assert_null(hebb_net_new(2, 1, &layer, 1, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "frozen is 2");
}

/* hebb inspect says so, of layer 1 alone. */
static void inspect(const unsigned char *bytes, size_t size)
{
	char line[256];
	int frozen = 0, layers = 0, number;
	hebb_error error;
	FILE *pipe;

	test_ok(hebb_file_write("frozen.onnx", bytes, size, &error), &error);
	pipe = popen("'" HEBB_COMMAND "' inspect frozen.onnx", "r");
	assert_non_null(pipe);
	while (fgets(line, sizeof line, pipe)) {
		if (strstr(line, "activation  parameters")) /* the drawing is above the list */
			layers = frozen = 0;
		if (sscanf(line, " %d", &number) == 1) /* a row of the list of layers */
			layers++;
		if (strstr(line, "frozen\n")) {
			assert_int_equal(number, 1);
			frozen++;
		}
	}
	assert_int_equal(pclose(pipe), 0);
	assert_int_equal(remove("frozen.onnx"), 0);
	assert_int_equal(layers, 2);
	assert_int_equal(frozen, 1);
}

/* A model keeps it, and a checkpoint is of a network with the same layers frozen. */
static void files(void **state)
{
	hebb_table *table = hebb_table_parse("1,2\n2,3\n4,4\n", 12, "t", HEBB_HEADER_NO, NULL);
	hebb_coding_options options = hebb_coding_options_default();
	const long long row[] = {0, 1, 2};
	const hebb_layer layers[] = {hebb_dense(2, HEBB_TANH), hebb_dense(1, HEBB_LINEAR)};
	hebb_model model = {.net = test_net(1, 2, layers, 1), .loss = HEBB_SQUARED}, *read;
	hebb_recipe recipe = hebb_recipe_default();
	hebb_trainer *trainer;
	hebb_checkpoint *checkpoint;
	unsigned char *bytes;
	size_t size;
	hebb_error error;

	(void)state;
	options.task = HEBB_REGRESSION;
	model.coding = hebb_coding_fit(table, &options, 3, row, &error);
	hebb_net_freeze(model.net, 0, 1, NULL);
	test_ok(hebb_model_format(&model, &bytes, &size, &error), &error);
	read = hebb_model_parse(bytes, size, "m", &error);
	assert_int_equal(hebb_net_layer(read->net, 0)->frozen, 1);
	assert_int_equal(hebb_net_layer(read->net, 1)->frozen, 0);
	hebb_model_free(read);
	inspect(bytes, size);
	free(bytes);
	trainer = test_trainer(model.net, &recipe);
	test_ok(hebb_checkpoint_format(trainer, NULL, &bytes, &size, &error), &error);
	checkpoint = hebb_checkpoint_parse(bytes, size, "c", &error);
	test_ok(hebb_checkpoint_restore(checkpoint, trainer, &error), &error);
	hebb_trainer_free(trainer);
	hebb_net_freeze(model.net, 0, 0, NULL);
	trainer = test_trainer(model.net, &recipe);
	test_failed(hebb_checkpoint_restore(checkpoint, trainer, &error), &error, HEBB_BAD_SHAPE,
		    "network");
	hebb_checkpoint_free(checkpoint);
	hebb_trainer_free(trainer);
	hebb_net_free(model.net);
	hebb_coding_free(model.coding);
	hebb_table_free(table);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_rule),
		cmocka_unit_test(batch_norm_as_it_is),
		cmocka_unit_test(what_changes_an_update),
		cmocka_unit_test(gradient),
		cmocka_unit_test(batch_norm),
		cmocka_unit_test(same_bits_for_any_threads),
		cmocka_unit_test(check),
		cmocka_unit_test(refusals),
		cmocka_unit_test(files),
	};
	int failed;

	x = test_floats(5, ROWS * INPUTS, -1, 1);
	y = test_targets(6, HEBB_CROSS_ENTROPY, HEBB_SOFTMAX, ROWS, OUTPUTS);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	free(x), free(y);
	return failed;
}
