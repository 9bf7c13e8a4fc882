/* SPDX-License-Identifier: MIT */
/*
 * test_custom.c - activations of one's own
 */
#include "hebb_io.h"
#include "test.h"

enum { INPUTS = 7, OUTPUTS = 3, ROWS = 150 };

static double my_tanh(void *self, double z)
{
	(void)self;
	return tanh(z);
}

static double my_tanh_d(void *self, double z)
{
	(void)self;
	return 1 - tanh(z) * tanh(z);
}

/* self: the slope below 0. */
static double leak(void *self, double z)
{
	return z > 0 ? z : *(double *)self * z;
}

static double leak_d(void *self, double z)
{
	return z > 0 ? 1 : *(double *)self;
}

static double wave(void *self, double z)
{
	(void)self;
	return sin(z) + 0.5 * z;
}

static double wave_d(void *self, double z)
{
	(void)self;
	return cos(z) + 0.5;
}

static double wrong_d(void *self, double z)
{
	return 1.01 * wave_d(self, z);
}

static double slope = 0.01;
static const hebb_function as_tanh = {.size = sizeof(hebb_function),
				      .name = "my tanh",
				      .f = my_tanh,
				      .derivative = my_tanh_d},
			   as_leaky = {.size = sizeof(hebb_function),
				       .name = "leak",
				       .f = leak,
				       .derivative = leak_d,
				       .self = &slope,
				       .kinks = 1},
			   waves = {.size = sizeof(hebb_function),
				    .name = "wave",
				    .f = wave,
				    .derivative = wave_d},
			   mistaken = {.size = sizeof(hebb_function),
				       .name = "mistaken",
				       .f = wave,
				       .derivative = wrong_d};

static hebb_layer with(hebb_layer layer, const hebb_function *function)
{
	layer.activation = HEBB_CUSTOM;
	layer.function = function;
	return layer;
}

/* A layer of each kind that has an activation, 33 units wide, and the output. */
static const hebb_layer *layers_of(const hebb_function *function)
{
	static hebb_layer layers[5];

	layers[0] = with(hebb_dense(33, HEBB_LINEAR), function);
	layers[1] = with(hebb_batch_norm(HEBB_LINEAR), function);
	layers[2] = with(hebb_layer_norm(HEBB_LINEAR), function);
	layers[3] = with(hebb_shortcut(0, HEBB_LINEAR), function);
	layers[4] = with(hebb_dense(OUTPUTS, HEBB_LINEAR), function);
	return layers;
}

static hebb_net *net_of(const hebb_function *function)
{
	return test_net(INPUTS, 5, layers_of(function), 4);
}

/* The outputs of 33 rows by hebb_forward(), which are those of hebb_predict(). */
static void forward(const hebb_net *net, const float *x, float *h)
{
	hebb_work *work = hebb_work_new(net, 33, NULL, NULL);
	float one[OUTPUTS];

	memcpy(h, hebb_forward(work, 33, x), 33 * OUTPUTS * sizeof *h);
	hebb_work_free(work);
	for (int i = 0; i < 33; i++) {
		assert_int_equal(hebb_predict(net, x + (ptrdiff_t)i * INPUTS, one, NULL), HEBB_OK);
		assert_memory_equal(one, h + (ptrdiff_t)i * OUTPUTS, sizeof one);
	}
}

/* tanh written by the user is tanh: the same outputs, but for rounding. */
static void like_the_library(void **state)
{
	hebb_layer layers[5];
	hebb_net *mine = net_of(&as_tanh), *built_in, *folded;
	float *x = test_floats(5, 33 * INPUTS, -2, 2), *all = test_canonical(mine, NULL);
	float h[33 * OUTPUTS], expected[33 * OUTPUTS];

	(void)state;
	for (int l = 0; l < 5; l++) {
		layers[l] = layers_of(&as_tanh)[l];
		layers[l].activation = HEBB_TANH;
		layers[l].function = NULL;
	}
	built_in = test_net(INPUTS, 5, layers, 1);
	test_set(built_in, all);
	forward(mine, x, h);
	forward(built_in, x, expected);
	for (int i = 0; i < 33 * OUTPUTS; i++)
		test_near((double)h[i], (double)expected[i], 2e-6, "h");
	folded = hebb_net_fold(mine, NULL, NULL);
	forward(folded, x, expected);
	for (int i = 0; i < 33 * OUTPUTS; i++)
		test_near((double)h[i], (double)expected[i], 2e-6, "h of the folded network");
	hebb_net_free(mine);
	hebb_net_free(built_in);
	hebb_net_free(folded);
	free(x), free(all);
}

/* A norm on a linear layer is folded with its function. */
static void fold(void **state)
{
	const hebb_layer layers[] = {hebb_dense(9, HEBB_LINEAR),
				     with(hebb_batch_norm(HEBB_LINEAR), &waves),
				     hebb_dense(OUTPUTS, HEBB_LINEAR)};
	hebb_net *net = test_net(INPUTS, 3, layers, 4), *folded = hebb_net_fold(net, NULL, NULL);
	float x[INPUTS] = {1, -2, 3, -1, 2, -3, 0.5f}, h[OUTPUTS], expected[OUTPUTS];

	(void)state;
	assert_int_equal(hebb_net_layers(folded), 2);
	assert_int_equal(hebb_predict(net, x, expected, NULL), HEBB_OK);
	assert_int_equal(hebb_predict(folded, x, h, NULL), HEBB_OK);
	for (int i = 0; i < OUTPUTS; i++)
		test_near((double)h[i], (double)expected[i], 1e-5, "h");
	hebb_net_free(net);
	hebb_net_free(folded);
}

/* `hebb check` accepts f' and sees one that is a hundredth off; where f has a kink it looks
 * elsewhere. */
static void check_finds_a_wrong_derivative(void **state)
{
	static const hebb_loss losses[] = {HEBB_SQUARED, HEBB_ABSOLUTE, HEBB_HUBER};
	const hebb_function *const right[] = {&as_tanh, &as_leaky, &waves};
	float *x = test_floats(5, ROWS * INPUTS, -2, 2);
	hebb_gradient_check result = hebb_gradient_check_default();
	hebb_error error;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(losses); i++) {
		float *y = test_targets(6, losses[i], HEBB_LINEAR, ROWS, OUTPUTS);
		hebb_net *net;

		for (size_t k = 0; k < COUNT_OF(right); k++) {
			net = net_of(right[k]);
			test_ok(hebb_check_gradient(net, losses[i], 40, x, y, 6, &result, &error),
				&error);
			test_below(result.differences, 1e-7, right[k]->name);
			test_below(result.engine, 1e-4, right[k]->name);
			hebb_net_free(net);
		}
		net = net_of(&mistaken);
		test_ok(hebb_check_gradient(net, losses[i], 40, x, y, 6, &result, &error), &error);
		assert_true(result.differences > 1e-3);
		hebb_net_free(net);
		free(y);
	}
	free(x);
}

/* Where z is at a kink there is no slope to compare with: it is passed over if the function says
 * where that is. */
static void kinks(void **state)
{
	hebb_function silent = as_leaky;
	const hebb_layer layer = with(hebb_dense(1, HEBB_LINEAR), &as_leaky),
			 other = with(hebb_dense(1, HEBB_LINEAR), &silent);
	const float x[2] = {0, 0}, y = 1, W[2] = {1, 1}, b = 0;
	hebb_net *net = test_net(2, 1, &layer, 1), *unsaid = test_net(2, 1, &other, 1);
	hebb_gradient_check result = hebb_gradient_check_default();

	(void)state;
	silent.kinks = 0;
	hebb_net_set(net, 0, W, &b, NULL);
	hebb_net_set(unsaid, 0, W, &b, NULL);
	assert_int_equal(hebb_check_gradient(net, HEBB_SQUARED, 1, x, &y, 0, &result, NULL),
			 HEBB_OK);
	assert_int_equal(result.checked, 2); /* the weights, whose input is 0 */
	assert_int_equal(hebb_check_gradient(unsaid, HEBB_SQUARED, 1, x, &y, 0, &result, NULL),
			 HEBB_OK);
	assert_true(result.differences > 0.1);
	hebb_net_free(net);
	hebb_net_free(unsaid);
}

static float *trained(int threads)
{
	hebb_net *net = net_of(&waves), *copy;
	hebb_recipe recipe = hebb_recipe_default();
	float *x = test_floats(5, ROWS * INPUTS, -2, 2), *y = test_floats(6, ROWS * OUTPUTS, -1, 1);
	struct test_rows rows = {INPUTS, OUTPUTS, x, y};
	hebb_source source = test_source(&rows, ROWS);
	hebb_trainer *trainer;
	double before, after;
	float *all;

	recipe.threads = threads;
	recipe.epochs = 5;
	recipe.batch = ROWS;
	recipe.rate = 0.01;
	trainer = test_trainer(net, &recipe);
	assert_int_equal(hebb_trainer_cost(trainer, ROWS, x, y, NULL, &before, NULL), HEBB_OK);
	assert_int_equal(hebb_train(trainer, &source, NULL, NULL), HEBB_OK);
	assert_int_equal(hebb_trainer_cost(trainer, ROWS, x, y, NULL, &after, NULL), HEBB_OK);
	test_below(after, 0.9 * before, "J after some epochs");
	hebb_trainer_free(trainer);
	copy = hebb_net_copy(net, NULL, NULL);
	hebb_net_free(net);
	assert_ptr_equal(hebb_net_layer(copy, 0)->function, &waves);
	all = test_canonical(copy, NULL);
	hebb_net_free(copy);
	free(x), free(y);
	return all;
}

static void same_bits_for_any_threads(void **state)
{
	float *one = trained(1), *three = trained(3);
	hebb_net *net = net_of(&waves);

	(void)state;
	assert_memory_equal(one, three, (size_t)hebb_net_parameters(net) * sizeof *one);
	hebb_net_free(net);
	free(one), free(three);
}

/* What is computed by hand: one unit, z = 3 * 2 + 1. */
static void by_hand(void **state)
{
	const hebb_layer layer = with(hebb_dense(1, HEBB_LINEAR), &waves);
	const double p[] = {3, 1}, x = 2, y = 0.25;
	double z, h, d, g[2];
	hebb_trace trace = {.size = sizeof(hebb_trace), .z = &z, .h = &h, .d = &d, .gradient = g};
	hebb_error error;

	(void)state;
	test_ok(hebb_trace_example(1, 1, &layer, HEBB_SQUARED, p, &x, &y, &trace, &error), &error);
	test_near(z, 7, 1e-12, "z");
	test_near(h, sin(7) + 3.5, 1e-12, "h");
	test_near(d, (sin(7) + 3.25) * (cos(7) + 0.5), 1e-12, "d");
	test_near(g[0], 2 * d, 1e-12, "dJ/dW");
	assert_int_equal(
		hebb_trace_example(1, 1, &layer, HEBB_CROSS_ENTROPY, p, &x, &y, &trace, &error),
		HEBB_BAD_SHAPE);
	assert_non_null(strstr(error.message, "wave"));
}

static void refuse(hebb_layer layer, const char *mentioned)
{
	hebb_error error = {0};

	assert_null(hebb_net_new(2, 1, &layer, 1, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, mentioned);
}

static void refusals(void **state)
{
	const hebb_function nameless = {.size = sizeof(hebb_function),
					.f = wave,
					.derivative = wave_d},
			    no_f = {.size = sizeof(hebb_function),
				    .name = "f",
				    .derivative = wave_d},
			    no_d = {.size = sizeof(hebb_function), .name = "f", .f = wave},
			    kinky = {.size = sizeof(hebb_function),
				     .name = "f",
				     .f = wave,
				     .derivative = wave_d,
				     .kinks = 3};
	hebb_layer layer = hebb_dense(2, HEBB_TANH);
	hebb_recipe recipe = hebb_recipe_default();
	hebb_error error;
	hebb_net *net;

	(void)state;
	refuse(hebb_dense(2, HEBB_CUSTOM), "function");
	refuse(with(layer, &nameless), "name");
	refuse(with(layer, &no_f), "function");
	refuse(with(layer, &no_d), "derivative");
	refuse(with(layer, &kinky), "3 kinks");
	layer.function = &waves;
	refuse(layer, "tanh");
	assert_null(hebb_activation_name(HEBB_CUSTOM));
	assert_true(isnan(hebb_activation_f(HEBB_CUSTOM, 1)));
	net = net_of(&waves);
	recipe.loss = HEBB_CROSS_ENTROPY;
	assert_null(hebb_trainer_new(net, &recipe, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_SHAPE, "ends in wave");
	hebb_net_free(net);
}

/* ONNX has no such operator, and a checkpoint is of the function by its name. */
static void files(void **state)
{
	hebb_table *table = hebb_table_parse("1,2\n2,3\n4,4\n", 12, "t", HEBB_HEADER_NO, NULL);
	hebb_coding_options options = hebb_coding_options_default();
	const long long row[] = {0, 1, 2};
	hebb_layer layer = with(hebb_dense(1, HEBB_LINEAR), &waves);
	hebb_model model = {.net = test_net(1, 1, &layer, 1), .loss = HEBB_SQUARED};
	hebb_recipe recipe = hebb_recipe_default();
	hebb_trainer *trainer = test_trainer(model.net, &recipe), *other;
	hebb_net *other_net;
	hebb_checkpoint *checkpoint;
	unsigned char *bytes;
	size_t size;
	hebb_error error;

	(void)state;
	options.task = HEBB_REGRESSION;
	model.coding = hebb_coding_fit(table, &options, 3, row, &error);
	test_failed(hebb_model_format(&model, &bytes, &size, &error), &error, HEBB_UNSUPPORTED,
		    "wave");
	test_ok(hebb_checkpoint_format(trainer, NULL, &bytes, &size, &error), &error);
	checkpoint = hebb_checkpoint_parse(bytes, size, "c", &error);
	test_ok(hebb_checkpoint_restore(checkpoint, trainer, &error), &error);
	layer.function = &as_tanh;
	other_net = test_net(1, 1, &layer, 1);
	other = test_trainer(other_net, &recipe);
	test_failed(hebb_checkpoint_restore(checkpoint, other, &error), &error, HEBB_BAD_SHAPE,
		    "network");
	hebb_checkpoint_free(checkpoint);
	hebb_trainer_free(other);
	hebb_trainer_free(trainer);
	hebb_net_free(other_net);
	hebb_net_free(model.net);
	hebb_coding_free(model.coding);
	hebb_table_free(table);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(like_the_library),
		cmocka_unit_test(fold),
		cmocka_unit_test(check_finds_a_wrong_derivative),
		cmocka_unit_test(kinks),
		cmocka_unit_test(same_bits_for_any_threads),
		cmocka_unit_test(by_hand),
		cmocka_unit_test(refusals),
		cmocka_unit_test(files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
