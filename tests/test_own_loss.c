/* SPDX-License-Identifier: MIT */
/*
 * test_own_loss.c - losses of the caller's own
 */
#include "hebb_io.h"
#include "test.h"

enum { INPUTS = 5, OUTPUTS = 3, ROWS = 70 };

/* log cosh, which is like the squared error near 0 and like the absolute far away.  self: its
 * scale. */
static double log_cosh(void *self, int outputs, const double *h, const double *y, double *dJ)
{
	double scale = *(const double *)self, J = 0;

	for (int j = 0; j < outputs; j++) {
		J += scale * log(cosh(h[j] - y[j]));
		if (dJ)
			dJ[j] = scale * tanh(h[j] - y[j]);
	}
	return J;
}

/* Not by element: the squared distance of the means, and of the first outputs. */
static double of_means(void *self, int outputs, const double *h, const double *y, double *dJ)
{
	double mean = 0;

	(void)self;
	for (int j = 0; j < outputs; j++)
		mean += (h[j] - y[j]) / outputs;
	for (int j = 0; j < outputs && dJ; j++)
		dJ[j] = mean / outputs + (j ? 0 : h[0] - y[0]);
	return mean * mean / 2 + (h[0] - y[0]) * (h[0] - y[0]) / 2;
}

static double squared(void *self, int outputs, const double *h, const double *y, double *dJ)
{
	double J = 0;

	(void)self;
	for (int j = 0; j < outputs; j++) {
		J += (h[j] - y[j]) * (h[j] - y[j]) / 2;
		if (dJ)
			dJ[j] = h[j] - y[j];
	}
	return J;
}

static double mistaken(void *self, int outputs, const double *h, const double *y, double *dJ)
{
	double J = squared(self, outputs, h, y, dJ);

	for (int j = 0; j < outputs && dJ; j++)
		dJ[j] *= 1.01;
	return J;
}

/* Of no target at all. */
static double careless(void *self, int outputs, const double *h, const double *y, double *dJ)
{
	(void)self, (void)y;
	for (int j = 0; j < outputs && dJ; j++)
		dJ[j] = h[j];
	return 1;
}

static double scale = 2;

static hebb_net *net_of(hebb_activation output)
{
	const hebb_layer layers[] = {hebb_dense(20, HEBB_TANH), hebb_batch_norm(HEBB_LINEAR),
				     hebb_dense(OUTPUTS, output)};

	return test_net(INPUTS, 3, layers, 1);
}

/* Against differences, and the engine against double, for every output. */
static void gradients(void **state)
{
	const hebb_activation outputs[] = {HEBB_LINEAR, HEBB_SIGMOID, HEBB_SOFTMAX, HEBB_EXP};
	const hebb_loss_function good[] = {hebb_loss_of("log-cosh", log_cosh, &scale),
					   hebb_loss_of("of means", of_means, NULL)},
				 bad = hebb_loss_of("mistaken", mistaken, NULL);
	float *x = test_floats(1, ROWS * INPUTS, -1, 1), *y = test_floats(2, ROWS * OUTPUTS, -3, 3);
	hebb_gradient_check found = hebb_gradient_check_default();
	hebb_error error;

	(void)state;
	for (size_t o = 0; o < COUNT_OF(outputs); o++) {
		hebb_net *net = net_of(outputs[o]);

		for (size_t l = 0; l < COUNT_OF(good); l++) {
			test_ok(hebb_check_gradient_custom(net, &good[l], ROWS, x, y, 0, &found,
							   &error),
				&error);
			test_below(found.differences, 1e-6, good[l].name);
			test_below(found.engine, 1e-5, good[l].name);
			assert_true(found.checked > 100);
		}
		test_ok(hebb_check_gradient_custom(net, &bad, ROWS, x, y, 0, &found, &error),
			&error);
		assert_true(found.differences > 1e-3);
		hebb_net_free(net);
	}
	free(x), free(y);
}

static hebb_net *train(hebb_loss loss, const hebb_loss_function *own, int threads, double *J)
{
	hebb_net *net = net_of(HEBB_TANH);
	float *x = test_floats(1, ROWS * INPUTS, -1, 1), *y = test_floats(2, ROWS * OUTPUTS, -1, 1);
	hebb_arrays arrays = {.size = sizeof arrays,
			      .rows = ROWS,
			      .inputs = INPUTS,
			      .outputs = OUTPUTS,
			      .x = x,
			      .y = y};
	hebb_source source = hebb_arrays_source(&arrays);
	hebb_recipe recipe = hebb_recipe_default();
	hebb_error error;

	recipe.loss = loss;
	recipe.loss_function = own;
	recipe.threads = threads;
	recipe.epochs = 5;
	recipe.batch = 32;
	hebb_trainer *trainer = test_trainer(net, &recipe);
	test_ok(hebb_train(trainer, &source, NULL, &error), &error);
	assert_int_equal(hebb_trainer_cost(trainer, ROWS, x, y, NULL, J, NULL), HEBB_OK);
	hebb_trainer_free(trainer);
	free(x), free(y);
	return net;
}

/* The squared error once more, by hand: the same up to rounding; the same bits for any threads. */
static void trains(void **state)
{
	const hebb_loss_function own = hebb_loss_of("mine", squared, NULL);
	double J, J_own, J_threads;
	hebb_net *a = train(HEBB_SQUARED, NULL, 1, &J),
		 *b = train(HEBB_LOSS_CUSTOM, &own, 1, &J_own),
		 *c = train(HEBB_LOSS_CUSTOM, &own, 3, &J_threads);

	(void)state;
	test_near(J_own / J, 1, 1e-5, "J");
	assert_memory_equal(b->w, c->w, b->plan->block * sizeof *b->w);
	assert_true(J_own == J_threads);
	hebb_net_free(a), hebb_net_free(b), hebb_net_free(c);
}

/* Targets of any range, but finite ones, though the function would not notice. */
static void targets(void **state)
{
	const hebb_loss_function own = hebb_loss_of("careless", careless, NULL);
	hebb_net *net = net_of(HEBB_SIGMOID);
	float *x = test_floats(1, ROWS * INPUTS, -1, 1), *y = test_floats(2, ROWS * OUTPUTS, -9, 9);
	hebb_recipe recipe = hebb_recipe_default();
	hebb_error error;
	double J;

	(void)state;
	recipe.loss = HEBB_LOSS_CUSTOM;
	recipe.loss_function = &own;
	hebb_trainer *t = test_trainer(net, &recipe);
	test_ok(hebb_trainer_gradient(t, ROWS, x, y, NULL, &J, &error), &error);
	test_near(J, 1, 1e-12, "J");
	y[4 * OUTPUTS + 1] = (float)NAN;
	test_failed(hebb_trainer_gradient(t, ROWS, x, y, NULL, &J, &error), &error,
		    HEBB_BAD_ARGUMENT, "row 4: y[1]");
	hebb_trainer_free(t);
	hebb_net_free(net);
	free(x), free(y);
}

static void refuse(hebb_net *net, hebb_recipe recipe, const char *mentions)
{
	hebb_error error;

	assert_null(hebb_trainer_new(net, &recipe, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, mentions);
}

static void refused(void **state)
{
	hebb_loss_function own = hebb_loss_of("mine", squared, NULL), broken;
	hebb_net *net = net_of(HEBB_LINEAR);
	hebb_recipe recipe = hebb_recipe_default();
	float x[INPUTS] = {0}, y[OUTPUTS] = {0};
	hebb_gradient_check found = hebb_gradient_check_default();
	hebb_error error;

	(void)state;
	recipe.loss_function = &own;
	refuse(net, recipe, "HEBB_LOSS_CUSTOM");
	recipe.loss = HEBB_LOSS_CUSTOM;
	recipe.loss_function = NULL;
	refuse(net, recipe, "hebb_loss_of");
	recipe.loss_function = &broken;
	for (int i = 0; i < 4; i++) {
		broken = own;
		if (i == 0)
			broken.size = 0;
		if (i == 1)
			broken.name = NULL;
		if (i == 2)
			broken.name = "";
		if (i == 3)
			broken.J = NULL;
		refuse(net, recipe, "hebb_loss_of");
	}
	broken = hebb_loss_of("squared", squared, NULL);
	refuse(net, recipe, "'squared'");
	recipe.loss_function = &own;
	recipe.label_smoothing = 0.1;
	assert_null(hebb_trainer_new(net, &recipe, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_SHAPE, "not mine");
	test_failed(hebb_check_gradient_custom(net, NULL, 1, x, y, 0, &found, &error), &error,
		    HEBB_BAD_ARGUMENT, "hebb_loss_of");
	/* where there is no function, the loss is unknown */
	test_failed(hebb_check_gradient(net, HEBB_LOSS_CUSTOM, 1, x, y, 0, &found, &error), &error,
		    HEBB_BAD_ARGUMENT, "loss_function");
	hebb_net_free(net);
}

/* By its name a checkpoint tells whether the training is the same. */
static void checkpoints(void **state)
{
	const hebb_loss_function own[] = {hebb_loss_of("mine", squared, NULL),
					  hebb_loss_of("another", squared, NULL)};
	hebb_net *net = net_of(HEBB_LINEAR);
	unsigned char *bytes;
	size_t size;
	hebb_error error;

	(void)state;
	for (int i = 0; i < 3; i++) {
		hebb_recipe recipe = hebb_recipe_default();
		static hebb_checkpoint *checkpoint;

		recipe.loss = i < 2 ? HEBB_LOSS_CUSTOM : HEBB_SQUARED;
		recipe.loss_function = i < 2 ? &own[i] : NULL;
		hebb_trainer *t = test_trainer(net, &recipe);
		if (i == 0) {
			test_ok(hebb_checkpoint_format(t, NULL, &bytes, &size, &error), &error);
			checkpoint = hebb_checkpoint_parse(bytes, size, "a file", &error);
			assert_non_null(checkpoint);
			test_ok(hebb_checkpoint_restore(checkpoint, t, &error), &error);
		} else {
			test_failed(hebb_checkpoint_restore(checkpoint, t, &error), &error,
				    HEBB_BAD_SHAPE, "loss is \"mine\" there");
		}
		if (i == 2)
			hebb_checkpoint_free(checkpoint);
		hebb_trainer_free(t);
	}
	free(bytes);
	hebb_net_free(net);
}

/* A file says which loss, and nobody who reads it would know this one. */
static void models(void **state)
{
	hebb_table *table = hebb_table_digits(NULL);
	long long row[] = {0, 1, 2, 3};
	hebb_coding *coding = hebb_coding_fit(table, NULL, 4, row, NULL);
	const hebb_layer layers[] = {hebb_dense(10, HEBB_SOFTMAX)};
	hebb_model model = {.net = test_net(64, 1, layers, 1), .coding = coding};
	unsigned char *bytes;
	size_t size;
	hebb_error error;

	(void)state;
	model.loss = HEBB_LOSS_CUSTOM;
	test_failed(hebb_model_format(&model, &bytes, &size, &error), &error, HEBB_UNSUPPORTED,
		    "loss of the program's own");
	hebb_net_free(model.net);
	hebb_coding_free(coding);
	hebb_table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(gradients),   cmocka_unit_test(trains),
					   cmocka_unit_test(targets),     cmocka_unit_test(refused),
					   cmocka_unit_test(checkpoints), cmocka_unit_test(models)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
