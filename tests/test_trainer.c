/* SPDX-License-Identifier: MIT */
/*
 * test_trainer.c - recipes, divergence, progress, patience, order of the examples, resuming
 */
#define _POSIX_C_SOURCE 200809L
#include <limits.h>
#include <time.h>
#include "test.h"

/* A small problem that can be learned: y = (x_1 x_2, x_3). */
enum { ROWS = 50, INPUTS = 3, OUTPUTS = 2 };

struct problem {
	hebb_net *net;
	hebb_recipe recipe;
	struct test_rows rows;
	hebb_source source;
	float x[ROWS * INPUTS], y[ROWS * OUTPUTS];
};

static void set_up(struct problem *a)
{
	const hebb_layer layers[] = {hebb_dense(12, HEBB_TANH), hebb_dense(OUTPUTS, HEBB_LINEAR)};
	float *x = test_floats(1, ROWS * INPUTS, -1, 1);

	memcpy(a->x, x, sizeof a->x);
	free(x);
	for (int i = 0; i < ROWS; i++) {
		a->y[i * OUTPUTS] = a->x[i * INPUTS] * a->x[i * INPUTS + 1];
		a->y[i * OUTPUTS + 1] = a->x[i * INPUTS + 2];
	}
	a->net = test_net(INPUTS, 2, layers, 1);
	a->recipe = hebb_recipe_default();
	a->recipe.batch = 8;
	a->recipe.epochs = 5;
	a->rows = (struct test_rows){INPUTS, OUTPUTS, a->x, a->y};
	a->source = test_source(&a->rows, ROWS);
}

static void tear_down(struct problem *a)
{
	hebb_net_free(a->net);
}

/* Trains on the problem; `trained`, if not NULL, is what trainer_epochs() says then. */
static hebb_status train(struct problem *a, const hebb_source *validation, int *trained,
			 hebb_error *error)
{
	hebb_trainer *trainer = test_trainer(a->net, &a->recipe);
	hebb_status status = hebb_train(trainer, &a->source, validation, error);

	if (trained)
		*trained = hebb_trainer_epochs(trainer);
	hebb_trainer_free(trainer);
	return status;
}

static int same_parameters(const hebb_net *a, const hebb_net *b)
{
	float *p = test_canonical(a, NULL), *q = test_canonical(b, NULL);
	int same = memcmp(p, q, (size_t)hebb_net_parameters(a) * sizeof *p) == 0;

	free(p);
	free(q);
	return same;
}

/* ---- Recipes ---- */

static void refuse(const struct problem *a, const hebb_recipe *recipe, hebb_status expected,
		   const char *mentioned)
{
	hebb_error error = {0};

	assert_null(hebb_trainer_new(a->net, recipe, NULL, &error));
	test_failed(error.status, &error, expected, mentioned);
	assert_null(hebb_trainer_new(a->net, recipe, NULL, NULL));
}

static void accept(const struct problem *a, const hebb_recipe *recipe)
{
	hebb_trainer_free(test_trainer(a->net, recipe));
}

static void fields_that_are_numbers(void **state)
{
	static const struct {
		const char *name;
		size_t at;
		double bad[3], good[2];
	} fields[] = {
#define FIELD(field, ...) {"recipe." #field, offsetof(hebb_recipe, field), __VA_ARGS__}
		FIELD(rate, {-0.1, -1e-300, 1e300}, {0, 10}),
		FIELD(momentum, {-0.1, 1, 1.5}, {0, 0.999}),
		FIELD(beta1, {-0.1, 1, 7}, {0, 0.99}),
		FIELD(beta2, {-0.1, 1, 7}, {0, 0.9999}),
		FIELD(rho, {-0.1, 1, 7}, {0, 0.5}),
		FIELD(epsilon, {0, -1e-8, -1}, {1e-30, 1}),
		FIELD(l2, {-0.1, -1, -1e-300}, {0, 1}),
		FIELD(weight_decay, {-0.1, -1, -1e-300}, {0, 1}),
		FIELD(warmup, {-0.1, 1, 2}, {0, 0.99}),
		FIELD(decay, {0, -0.1, 1}, {0.1, 0.999}),
		FIELD(l1, {-0.1, -1, -1e-300}, {0, 1}),
		FIELD(clip, {-0.1, -1, -1e-300}, {0, 1}),
		FIELD(max_norm, {-0.1, -1, -1e-300}, {0, 1}),
		FIELD(average, {-0.1, 1.1, 2}, {0, 1}),
		FIELD(average_from, {-0.1, 1, 2}, {0, 0.99}),
		FIELD(seconds, {-0.1, -1, -1e-300}, {0, 1}),
		FIELD(huber_delta, {0, -1, 1e300}, {1e-6, 10}),
		FIELD(label_smoothing, {-0.1, 1, 2}, {0, 0}),
	};
	const double never[] = {(double)NAN, (double)INFINITY, -(double)INFINITY};
	struct problem a;

	(void)state;
	set_up(&a);
	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		hebb_recipe recipe = a.recipe;
		double *field = (double *)((char *)&recipe + fields[i].at);

		for (int k = 0; k < 3; k++) {
			*field = fields[i].bad[k];
			refuse(&a, &recipe, HEBB_BAD_ARGUMENT, fields[i].name);
			*field = never[k];
			refuse(&a, &recipe, HEBB_BAD_ARGUMENT, fields[i].name);
		}
		for (int k = 0; k < 2; k++) {
			*field = fields[i].good[k];
			accept(&a, &recipe);
		}
	}
	tear_down(&a);
}

static void fields_that_are_counts(void **state)
{
	static const struct {
		const char *name;
		size_t at;
		int bad[2], good[2];
	} fields[] = {
		FIELD(epochs, {-1, INT_MIN}, {0, INT_MAX}),
		FIELD(batch, {-1, INT_MIN}, {0, 1}),
		FIELD(shuffle, {-1, 2}, {0, 1}),
		FIELD(patience, {-1, INT_MIN}, {0, INT_MAX}),
		FIELD(threads, {-1, INT_MAX}, {0, 3}),
		FIELD(loss, {0, 99}, {HEBB_SQUARED, HEBB_SQUARED}),
		FIELD(rule, {0, 99}, {HEBB_SGD, HEBB_LBFGS}),
		FIELD(precision, {0, 99}, {HEBB_FLOAT32, HEBB_FLOAT32}),
		FIELD(schedule, {0, 99}, {HEBB_CONSTANT, HEBB_WARM_RESTARTS}),
		FIELD(stages, {0, -1}, {1, INT_MAX}),
		FIELD(plateau, {0, -1}, {1, INT_MAX}),
		FIELD(accumulate, {0, -1}, {1, INT_MAX}),
#undef FIELD
	};
	struct problem a;

	(void)state;
	set_up(&a);
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		for (int k = 0; k < 2; k++) {
			hebb_recipe recipe = a.recipe;
			void *field = (char *)&recipe + fields[i].at;

			memcpy(field, &fields[i].bad[k], sizeof(int));
			refuse(&a, &recipe, HEBB_BAD_ARGUMENT, fields[i].name);
			memcpy(field, &fields[i].good[k], sizeof(int));
			accept(&a, &recipe);
		}
	tear_down(&a);
}

/* A size that no version has is refused; that of an older one, with fewer fields, is not. */
static void size_of_the_recipe(void **state)
{
	struct problem a;
	hebb_recipe recipe;

	(void)state;
	set_up(&a);
	recipe = a.recipe;
	recipe.size = 0;
	refuse(&a, &recipe, HEBB_BAD_ARGUMENT, "hebb_recipe_default()");
	recipe.precision = (hebb_precision)99;
	recipe.size = offsetof(hebb_recipe, precision);
	accept(&a, &recipe);
	recipe.size = offsetof(hebb_recipe, progress);
	accept(&a, &recipe);
	tear_down(&a);
}

static void loss_and_output(void **state)
{
	(void)state;
	for (int output = test_hidden(0); output; output = test_hidden(output)) {
		const hebb_layer layer = hebb_dense(2, (hebb_activation)output);
		struct problem a = {.recipe = hebb_recipe_default(),
				    .net = test_net(2, 1, &layer, 1)};

		accept(&a, &a.recipe);
		a.recipe.loss = HEBB_CROSS_ENTROPY;
		if (output == HEBB_SOFTMAX || output == HEBB_SIGMOID)
			accept(&a, &a.recipe);
		else
			refuse(&a, &a.recipe, HEBB_BAD_SHAPE, "cross-entropy");
		a.recipe.loss = HEBB_HUBER;
		accept(&a, &a.recipe);
		a.recipe.loss = HEBB_POISSON;
		refuse(&a, &a.recipe, HEBB_BAD_SHAPE, "poisson");
		a.recipe.loss = HEBB_HUBER;
		a.recipe.label_smoothing = 0.1;
		refuse(&a, &a.recipe, HEBB_BAD_SHAPE, "label_smoothing");
		tear_down(&a);
	}
}

/* The padding of the parameters is zero and stays zero, though f(0) is not zero for every f. */
static void padding_stays_zero(void **state)
{
	(void)state;
	for (int f = test_hidden(0); f; f = test_hidden(f))
		for (int rule = test_rule(0); rule; rule = test_rule(rule)) {
			const hebb_layer layers[] = {hebb_dense(19, (hebb_activation)f),
						     hebb_dense(7, (hebb_activation)f),
						     hebb_dense(OUTPUTS, (hebb_activation)f)};
			struct problem a;
			hebb_trainer *trainer;
			hebb_error error;
			size_t others = 0;

			set_up(&a);
			hebb_net_free(a.net);
			a.net = test_net(INPUTS, 3, layers, 1);
			a.recipe.rule = (hebb_rule)rule;
			a.recipe.batch = rule == HEBB_RPROP ? 0 : a.recipe.batch;
			a.recipe.rate = 0.001;
			a.recipe.l2 = a.recipe.weight_decay = 0.01;
			trainer = test_trainer(a.net, &a.recipe);
			test_ok(hebb_train(trainer, &a.source, NULL, &error), &error);
			for (size_t i = 0; i < a.net->plan->block; i++)
				others += !(a.net->w[i] == 0);
			assert_true(others <= (size_t)hebb_net_parameters(a.net));
			hebb_trainer_free(trainer);
			tear_down(&a);
		}
}

/* Smoothed labels are other targets to the gradient, and nothing to the cost: to the bit. */
static void label_smoothing(void **state)
{
	static const hebb_activation outputs[] = {HEBB_SOFTMAX, HEBB_SIGMOID};

	(void)state;
	for (int k = 0; k < 2; k++) {
		const hebb_layer layer = hebb_dense(OUTPUTS, outputs[k]);
		float y[ROWS * OUTPUTS], smooth[ROWS * OUTPUTS], *g, *expected;
		hebb_recipe recipe = hebb_recipe_default();
		struct problem a;
		hebb_trainer *plain, *smoothing;
		double J, expected_J;

		set_up(&a);
		hebb_net_free(a.net);
		a.net = test_net(INPUTS, 1, &layer, 1);
		for (int i = 0; i < ROWS * OUTPUTS; i++) {
			y[i] = (i + i / OUTPUTS) % OUTPUTS == 0;
			smooth[i] = y[i] * 0.75f + 0.125f; /* two classes, or yes and no */
		}
		recipe.loss = HEBB_CROSS_ENTROPY;
		plain = test_trainer(a.net, &recipe);
		recipe.label_smoothing = 0.25;
		smoothing = test_trainer(a.net, &recipe);
		hebb_trainer_gradient(plain, ROWS, a.x, smooth, NULL, &expected_J, NULL);
		hebb_trainer_gradient(smoothing, ROWS, a.x, y, NULL, &J, NULL);
		g = test_canonical(a.net, smoothing);
		expected = test_canonical(a.net, plain);
		assert_true(J == expected_J);
		assert_memory_equal(g, expected, (size_t)hebb_net_parameters(a.net) * sizeof *g);
		hebb_trainer_cost(plain, ROWS, a.x, y, NULL, &expected_J, NULL);
		hebb_trainer_cost(smoothing, ROWS, a.x, y, NULL, &J, NULL);
		assert_true(J == expected_J);
		free(g);
		free(expected);
		hebb_trainer_free(plain);
		hebb_trainer_free(smoothing);
		tear_down(&a);
	}
}

/* What a loss says of errors on both sides of its kinks, and at them. */
static void kinks_of_losses(void **state)
{
	const hebb_layer layer = hebb_dense(5, HEBB_LINEAR);
	const float x = 0, y[] = {-3, -0.5f, 0, 0.5f, 3}; /* h = 0, so that e = - y */
	const float slope_absolute[] = {1, 1, 0, -1, -1}, slope_huber[] = {2, 0.5f, 0, -0.5f, -2};
	hebb_net *net = test_net(1, 1, &layer, 1);
	hebb_recipe recipe = hebb_recipe_default();
	hebb_trainer *trainer;
	float b[5];
	double J;

	(void)state;
	recipe.loss = HEBB_ABSOLUTE;
	trainer = test_trainer(net, &recipe);
	assert_int_equal(hebb_trainer_gradient(trainer, 1, &x, y, NULL, &J, NULL), HEBB_OK);
	test_near(J, 7, 0, "absolute");
	hebb_trainer_get_gradient(trainer, 0, NULL, b, NULL);
	for (int j = 0; j < 5; j++)
		test_near((double)b[j], (double)slope_absolute[j], 0, "its derivative");
	hebb_trainer_free(trainer);
	recipe.loss = HEBB_HUBER;
	recipe.huber_delta = 2;
	trainer = test_trainer(net, &recipe);
	assert_int_equal(hebb_trainer_gradient(trainer, 1, &x, y, NULL, &J, NULL), HEBB_OK);
	test_near(J, 2 * (2 * (3 - 1) + 0.125), 0, "huber");
	hebb_trainer_get_gradient(trainer, 0, NULL, b, NULL);
	for (int j = 0; j < 5; j++)
		test_near((double)b[j], (double)slope_huber[j], 0, "its derivative");
	hebb_trainer_free(trainer);
	hebb_net_free(net);
}

/* ---- The three calls ---- */

static void arguments_of_the_calls(void **state)
{
	struct problem a;
	hebb_trainer *trainer;
	hebb_net *before;
	hebb_error error;
	float W[12 * INPUTS];
	double J = 42;

	(void)state;
	set_up(&a);
	before = hebb_net_copy(a.net, NULL, NULL);
	trainer = test_trainer(a.net, &a.recipe);
	test_failed(hebb_trainer_gradient(trainer, 0, a.x, a.y, NULL, &J, &error), &error,
		    HEBB_BAD_ARGUMENT, "rows");
	test_failed(hebb_trainer_cost(trainer, -1, a.x, a.y, NULL, &J, &error), &error,
		    HEBB_BAD_ARGUMENT, "rows");
	test_failed(hebb_trainer_get_gradient(trainer, 2, W, NULL, &error), &error,
		    HEBB_BAD_ARGUMENT, "layer 2");
	a.x[5] = NAN;
	test_failed(hebb_trainer_gradient(trainer, ROWS, a.x, a.y, NULL, &J, &error), &error,
		    HEBB_BAD_ARGUMENT, "finite");
	test_failed(hebb_trainer_cost(trainer, ROWS, a.x, a.y, NULL, &J, &error), &error,
		    HEBB_BAD_ARGUMENT, "finite");
	a.x[5] = 0;
	a.y[5] = 1e30f;
	test_failed(hebb_trainer_gradient(trainer, ROWS, a.x, a.y, NULL, &J, &error), &error,
		    HEBB_DIVERGED, "finite");
	assert_true(J == 42);
	assert_true(same_parameters(a.net, before));
	hebb_trainer_free(trainer);
	hebb_trainer_free(NULL);
	hebb_net_free(before);
	tear_down(&a);
}

/* gradient + update over batches in order is what hebb_train() does without shuffling, to the
 * bit. */
static void calls_are_training(hebb_recipe recipe)
{
	struct problem a, b;
	hebb_trainer *trainer;
	int batch = recipe.batch && recipe.rule != HEBB_RPROP ? recipe.batch : ROWS;

	set_up(&a);
	if (recipe.rule == HEBB_RPROP) {
		recipe.clip = 0;
		recipe.batch = 0;
	}
	recipe.epochs = a.recipe.epochs;
	recipe.shuffle = 0;
	a.recipe = recipe;
	set_up(&b);
	assert_int_equal(train(&a, NULL, NULL, NULL), HEBB_OK);
	trainer = test_trainer(b.net, &a.recipe);
	for (int epoch = 0; epoch < a.recipe.epochs; epoch++)
		for (int i = 0; i < ROWS; i += batch) {
			int rows = ROWS - i < batch ? ROWS - i : batch;

			assert_int_equal(hebb_trainer_gradient(trainer, rows, b.x + i * INPUTS,
							       b.y + i * OUTPUTS, NULL, NULL, NULL),
					 HEBB_OK);
			assert_int_equal(hebb_trainer_update(trainer, NULL), HEBB_OK);
		}
	assert_true(same_parameters(a.net, b.net));
	hebb_trainer_free(trainer);
	tear_down(&a);
	tear_down(&b);
}

static void three_calls_are_training(void **state)
{
	(void)state;
	for (int rule = test_rule(0); rule; rule = test_rule(rule)) {
		hebb_recipe plain = hebb_recipe_default(), l1 = plain, l2 = plain, decay = plain,
			    clip = plain, norm = plain;

		plain.rule = l1.rule = l2.rule = decay.rule = clip.rule = norm.rule =
			(hebb_rule)rule;
		plain.batch = 7;
		l1.l1 = 0.01;
		l1.batch = 13;
		l2.l2 = 0.01;
		l2.batch = 0;
		decay.weight_decay = 0.02;
		decay.batch = 1;
		clip.clip = 0.1;
		norm.max_norm = 0.5;
		calls_are_training(plain);
		calls_are_training(l1);
		calls_are_training(l2);
		calls_are_training(decay);
		calls_are_training(clip);
		calls_are_training(norm);
	}
}

/* The norm of the weights into each unit after training with max_norm; `reached`: how many have
 * that of the bound. */
static double highest_norm(const hebb_net *net, double bound, int *reached)
{
	double highest = 0;

	*reached = 0;
	for (int l = 0; l < hebb_net_layers(net); l++) {
		int m = hebb_net_layer(net, l)->units, n = test_inputs(net, l);
		float *W = test_memory(sizeof *W * (size_t)m * (size_t)n);

		assert_int_equal(hebb_net_get(net, l, W, NULL, NULL), HEBB_OK);
		for (int unit = 0; unit < m; unit++) {
			double squares = 0;

			for (int k = 0; k < n; k++)
				squares += pow((double)W[unit * n + k], 2);
			highest = fmax(highest, sqrt(squares));
			*reached += fabs(sqrt(squares) - bound) < 1e-6;
		}
		free(W);
	}
	return highest;
}

static void norms_are_bounded(void **state)
{
	struct problem a;
	int reached;

	(void)state;
	set_up(&a);
	assert_true(highest_norm(a.net, 0.5, &reached) > 0.7);
	a.recipe.max_norm = 0.5;
	assert_int_equal(train(&a, NULL, NULL, NULL), HEBB_OK);
	test_below(highest_norm(a.net, 0.5, &reached), 0.5 * (1 + 1e-6), "a norm");
	assert_in_range(reached, 1, 14);
	tear_down(&a);
}

/* One update of sgd at rate 1 moves the parameters by the clipped gradient: its norm is the bound
 * or, if that is higher, its own. */
static double moved(double clip)
{
	struct problem a;
	hebb_trainer *trainer;
	float *before, *after;
	double squares = 0;

	set_up(&a);
	a.recipe.rule = HEBB_SGD;
	a.recipe.rate = 1;
	a.recipe.clip = clip;
	before = test_canonical(a.net, NULL);
	trainer = test_trainer(a.net, &a.recipe);
	assert_int_equal(hebb_trainer_gradient(trainer, ROWS, a.x, a.y, NULL, NULL, NULL), HEBB_OK);
	assert_int_equal(hebb_trainer_update(trainer, NULL), HEBB_OK);
	after = test_canonical(a.net, NULL);
	for (long long i = 0; i < hebb_net_parameters(a.net); i++)
		squares += pow((double)after[i] - (double)before[i], 2);
	free(before);
	free(after);
	hebb_trainer_free(trainer);
	tear_down(&a);
	return sqrt(squares);
}

static void gradients_are_clipped(void **state)
{
	double free_norm = moved(0);

	(void)state;
	assert_true(free_norm > 0.1);
	test_near(moved(0.05), 0.05, 1e-7, "clipped");
	test_near(moved(free_norm / 2), free_norm / 2, 1e-6, "clipped to a half");
	assert_true(moved(2 * free_norm) == free_norm);
}

/* ---- Training ---- */

static void every_rule_learns(void **state)
{
	(void)state;
	for (int rule = test_rule(0); rule; rule = test_rule(rule)) {
		struct problem a;
		hebb_trainer *trainer;
		double before, after;

		set_up(&a);
		a.recipe.rule = (hebb_rule)rule;
		a.recipe.rate = rule == HEBB_SGD ? 0.1 : rule == HEBB_LION ? 0.002 : 0.01;
		a.recipe.batch = rule == HEBB_RPROP ? 0 : a.recipe.batch;
		a.recipe.epochs = 300;
		trainer = test_trainer(a.net, &a.recipe);
		assert_int_equal(hebb_trainer_cost(trainer, ROWS, a.x, a.y, NULL, &before, NULL),
				 HEBB_OK);
		assert_int_equal(hebb_train(trainer, &a.source, NULL, NULL), HEBB_OK);
		assert_int_equal(hebb_trainer_cost(trainer, ROWS, a.x, a.y, NULL, &after, NULL),
				 HEBB_OK);
		test_below(after, before / 30, hebb_rule_name((hebb_rule)rule));
		assert_int_equal(hebb_trainer_epochs(trainer), 300);
		hebb_trainer_free(trainer);
		tear_down(&a);
	}
}

/* ---- Lbfgs ---- */

static int falls(void *self, const hebb_progress *now)
{
	double *lowest = self;

	assert_true(now->loss <= *lowest);
	*lowest = now->loss;
	return 0;
}

static int last_loss(void *self, const hebb_progress *now)
{
	*(double *)self = now->loss;
	return 0;
}

/* The cost falls from step to step, and in 60 steps to what adam does not reach in as many. */
static void lbfgs_learns(void **state)
{
	struct problem a, b;
	double lowest = 1e300, other = 1e300;
	int trained;

	(void)state;
	set_up(&a);
	set_up(&b);
	a.recipe.rule = HEBB_LBFGS;
	a.recipe.batch = b.recipe.batch = 0;
	a.recipe.epochs = b.recipe.epochs = 60;
	a.recipe.progress = falls;
	a.recipe.self = &lowest;
	b.recipe.rate = 0.01;
	b.recipe.progress = last_loss;
	b.recipe.self = &other;
	assert_int_equal(train(&a, NULL, &trained, NULL), HEBB_OK);
	assert_int_equal(train(&b, NULL, NULL, NULL), HEBB_OK);
	assert_in_range(trained, 20, 60);
	test_below(lowest, other / 50, "lbfgs");
	tear_down(&a);
	tear_down(&b);
}

/* A linear layer with squared error and l2 is a quadratic, whose lowest point is where the gradient
 * is 0; training ends by itself there. */
static void lbfgs_of_a_quadratic(void **state)
{
	const hebb_layer layer = hebb_dense(OUTPUTS, HEBB_LINEAR);
	struct problem a;
	hebb_trainer *trainer;
	float *g;
	double squares = 0;

	(void)state;
	set_up(&a);
	hebb_net_free(a.net);
	a.net = test_net(INPUTS, 1, &layer, 1);
	a.recipe.rule = HEBB_LBFGS;
	a.recipe.l2 = 0.1;
	a.recipe.batch = 0;
	a.recipe.epochs = 1000;
	trainer = test_trainer(a.net, &a.recipe);
	assert_int_equal(hebb_train(trainer, &a.source, NULL, NULL), HEBB_OK);
	assert_in_range(hebb_trainer_epochs(trainer), 3, 100);
	assert_int_equal(hebb_trainer_gradient(trainer, ROWS, a.x, a.y, NULL, NULL, NULL), HEBB_OK);
	g = test_canonical(a.net, trainer);
	for (long long i = 0; i < hebb_net_parameters(a.net); i++)
		squares += (double)g[i] * (double)g[i];
	test_below(sqrt(squares), 1e-4,
		   "the gradient at the end"); /* a smaller one moves J by less than its rounding */
	free(g);
	hebb_trainer_free(trainer);
	tear_down(&a);
}

static void what_lbfgs_is_not_for(void **state)
{
	struct problem a;
	hebb_trainer *trainer;
	hebb_error error = {0};

	(void)state;
	set_up(&a);
	a.recipe.rule = HEBB_LBFGS;
	test_failed(train(&a, NULL, NULL, &error), &error, HEBB_BAD_ARGUMENT, "recipe.batch");
	trainer = test_trainer(a.net, &a.recipe);
	test_failed(hebb_trainer_update(trainer, &error), &error, HEBB_BAD_ARGUMENT, "hebb_train");
	hebb_trainer_free(trainer);
	a.recipe.average = 0.5;
	refuse(&a, &a.recipe, HEBB_BAD_ARGUMENT, "average");
	a.recipe.average = 0;
	a.recipe.batch = 0;
	a.y[5] = 1e30f; /* its square is not finite */
	test_failed(train(&a, NULL, NULL, &error), &error, HEBB_DIVERGED, "epoch 1");
	tear_down(&a);
}

static void bad_sources(void **state)
{
	struct problem a;
	hebb_source none;
	hebb_error error = {0};

	(void)state;
	set_up(&a);
	none = test_source(&a.rows, 0);
	test_failed(train(&a, &none, NULL, &error), &error, HEBB_BAD_ARGUMENT, "validate");
	a.recipe.patience = 3;
	test_failed(train(&a, NULL, NULL, &error), &error, HEBB_BAD_ARGUMENT, "recipe.patience");
	a.recipe.patience = 0;
	a.recipe.rule = HEBB_RPROP;
	test_failed(train(&a, NULL, NULL, &error), &error, HEBB_BAD_ARGUMENT, "recipe.batch");
	a.recipe.batch = ROWS;
	assert_int_equal(train(&a, NULL, NULL, &error), HEBB_OK);
	a.recipe.clip = 1;
	refuse(&a, &a.recipe, HEBB_BAD_ARGUMENT, "rprop");
	a.recipe.clip = 0;
	a.recipe.rule = HEBB_ADAM;
	a.source.rows = 0;
	test_failed(train(&a, NULL, NULL, &error), &error, HEBB_BAD_ARGUMENT, "train");
	a.source.rows = 1LL << 40;
	a.recipe.batch = 0;
	test_failed(train(&a, NULL, NULL, &error), &error, HEBB_BAD_ARGUMENT, "recipe.batch");
	tear_down(&a);
}

static int count_calls(void *self, const hebb_progress *now)
{
	(void)now;
	++*(int *)self;
	return 0;
}

static void no_epochs(void **state)
{
	struct problem a;
	hebb_net *before;
	int calls = 0, trained;

	(void)state;
	set_up(&a);
	before = hebb_net_copy(a.net, NULL, NULL);
	a.recipe.epochs = 0;
	a.recipe.progress = count_calls;
	a.recipe.self = &calls;
	assert_int_equal(train(&a, NULL, &trained, NULL), HEBB_OK);
	assert_int_equal(trained, 0);
	assert_int_equal(calls, 0);
	assert_true(same_parameters(a.net, before));
	hebb_net_free(before);
	tear_down(&a);
}

/* ---- Divergence ---- */

/* It stops at once and leaves the parameters of the last epoch that was finite, as if epochs had
 * been just those. */
static void divergence(void **state)
{
	struct problem a, b;
	hebb_error error;
	char epoch[20];
	int trained;

	(void)state;
	set_up(&a);
	set_up(&b);
	a.recipe.rule = HEBB_SGD;
	a.recipe.rate = 4;
	a.recipe.batch = 0;
	a.recipe.epochs = 10000;
	b.recipe = a.recipe;
	test_failed(train(&a, NULL, &trained, &error), &error, HEBB_DIVERGED, "rate");
	snprintf(epoch, sizeof epoch, "epoch %d", trained + 1);
	assert_non_null(strstr(error.message, epoch));
	assert_in_range(trained, 1, 9999);
	b.recipe.epochs = trained;
	assert_int_equal(train(&b, NULL, NULL, NULL), HEBB_OK);
	assert_true(same_parameters(a.net, b.net));
	tear_down(&a);
	tear_down(&b);
}

/* In the first epoch: the parameters are those of the start. */
static void divergence_at_once(void **state)
{
	struct problem a;
	hebb_net *before;
	hebb_error error;

	(void)state;
	set_up(&a);
	before = hebb_net_copy(a.net, NULL, NULL);
	a.recipe.rule = HEBB_SGD;
	a.recipe.rate = 1e20;
	test_failed(train(&a, NULL, NULL, &error), &error, HEBB_DIVERGED, "epoch 1");
	assert_true(same_parameters(a.net, before));
	a.recipe.rate = 0.1;
	a.y[ROWS] = NAN; /* a bad example is named */
	test_failed(train(&a, NULL, NULL, &error), &error, HEBB_BAD_ARGUMENT, "row ");
	assert_true(same_parameters(a.net, before));
	hebb_net_free(before);
	tear_down(&a);
}

/* The batch and the layer that the message names are those where a number was first no longer
 * finite. */
static void divergence_is_placed(void **state)
{
	struct problem a, b;
	hebb_error error;
	hebb_trainer *t;
	char place[40];
	float twos[12 * INPUTS];
	int batch = 0, layer = 0;

	(void)state;
	set_up(&a);
	set_up(&b);
	a.recipe.rule = HEBB_SGD;
	a.recipe.rate =
		3e28; /* of the second batch the targets are so large that an update overflows */
	a.recipe.shuffle = 0;
	for (int i = 0; i < ROWS * OUTPUTS; i++)
		a.y[i] = b.y[i] = i < 8 * OUTPUTS ? 0 : b.y[i] * 1e12f;
	for (int l = 0; l < 2; l++) { /* and of the first there is nothing to learn */
		const float zero[12 * 13] = {0};

		hebb_net_set(a.net, l, zero, zero, NULL);
		hebb_net_set(b.net, l, zero, zero, NULL);
	}
	t = test_trainer(b.net, &a.recipe);
	for (int first = 0; layer == 0 && first < ROWS; first += 8, batch++) {
		int rows = ROWS - first < 8 ? ROWS - first : 8;

		if (hebb_trainer_gradient(t, rows, b.x + (ptrdiff_t)first * INPUTS,
					  b.y + (ptrdiff_t)first * OUTPUTS, NULL, NULL, NULL))
			break;
		hebb_trainer_update(t, NULL);
		for (int l = 1; l >= 0; l--) {
			size_t count = test_layer_size(b.net, l);
			float W[12 * 13 + 12];

			hebb_net_get(b.net, l, W, W + test_weights(b.net, l), NULL);
			layer = hb_all_finite(count, W) ? layer : l + 1;
		}
	}
	assert_in_range(layer, 1, 2);
	assert_int_equal(batch, 2);
	snprintf(place, sizeof place, "batch %d: a weight or bias of layer %d", batch, layer);
	test_failed(train(&a, NULL, NULL, &error), &error, HEBB_DIVERGED, place);
	hebb_trainer_free(t);
	tear_down(&b);

	a.recipe.rate = 0.1;
	a.y[25 * OUTPUTS] = NAN; /* row 25 of batches of 8 */
	test_failed(train(&a, NULL, NULL, &error), &error, HEBB_BAD_ARGUMENT,
		    "row 25 of the training rows: y[0] is nan");
	a.y[25 * OUTPUTS] = 0;
	for (int i = 40 * INPUTS; i < 41 * INPUTS; i++)
		a.x[i] = 3e38f; /* finite, but not what comes of it */
	a.recipe.rate = 0;
	hebb_net_free(a.net);
	a.net = test_net(
		INPUTS, 2,
		(hebb_layer[]){hebb_dense(12, HEBB_LINEAR), hebb_dense(OUTPUTS, HEBB_LINEAR)}, 3);
	for (int i = 0; i < 12 * INPUTS; i++)
		twos[i] = 2;
	hebb_net_set(a.net, 0, twos, NULL, NULL);
	test_failed(train(&a, NULL, NULL, &error), &error, HEBB_DIVERGED,
		    "batch 6: an output of layer 1");
	tear_down(&a);
}

/* J is still finite, but the last update was not: the weights would be infinite. */
static void divergence_of_the_last_update(void **state)
{
	struct problem a;
	hebb_net *before;
	hebb_error error;

	(void)state;
	set_up(&a);
	before = hebb_net_copy(a.net, NULL, NULL);
	for (int i = 0; i < ROWS * OUTPUTS; i++)
		a.y[i] *= 1e10f;
	a.recipe.rule = HEBB_SGD;
	a.recipe.rate = 9e29;
	a.recipe.batch = 0;
	a.recipe.epochs = 1;
	test_failed(train(&a, NULL, NULL, &error), &error, HEBB_DIVERGED, "epoch 1, at its end");
	assert_true(same_parameters(a.net, before));
	hebb_net_free(before);
	tear_down(&a);
}

/* ---- Progress ---- */

struct watch {
	const hebb_net *net;
	hebb_net *copy; /* the network at the last call */
	int calls, within, stop_at;
	double seconds;
	hebb_progress last;
};

static int watch(void *self, const hebb_progress *now)
{
	struct watch *w = self;

	assert_true(now->seconds >= w->seconds);
	w->seconds = now->seconds;
	w->last = *now;
	w->calls++;
	w->within += !now->epoch_ended;
	hebb_net_free(w->copy);
	w->copy = hebb_net_copy(w->net, NULL, NULL);
	return w->stop_at && w->calls == w->stop_at;
}

static void progress(void **state)
{
	struct problem a;
	struct watch w = {0};

	(void)state;
	set_up(&a);
	w.net = a.net;
	a.recipe.progress = watch;
	a.recipe.self = &w;
	assert_int_equal(train(&a, NULL, NULL, NULL), HEBB_OK);
	assert_int_equal(w.calls - w.within, 5);
	assert_int_equal(w.last.epoch, 5);
	assert_int_equal(w.last.epochs, 5);
	assert_int_equal(w.last.epoch_ended, 1);
	assert_int_equal(w.last.rows, 5 * ROWS);
	assert_true(w.last.loss > 0 && isnan(w.last.validation_loss));
	w.seconds = 0;
	assert_int_equal(train(&a, &a.source, NULL, NULL), HEBB_OK);
	assert_true(w.last.validation_loss > 0);
	assert_true(isnan(w.last.validation_accuracy)); /* numbers */
	hebb_net_free(w.copy);
	tear_down(&a);
}

static hebb_status gather_weighted(void *self, int count, const long long *index, float *x,
				   float *y, float *weight, hebb_error *error)
{
	for (int i = 0; i < count; i++)
		weight[i] = (float)(index[i] % 3);
	return test_gather(self, count, index, x, y, weight, error);
}

/* The losses told are weighted means over all batches. */
static void losses_are_weighted(void **state)
{
	struct problem a;
	struct watch w = {0};
	hebb_trainer *trainer;
	float weight[ROWS];
	double before;

	(void)state;
	set_up(&a);
	w.net = a.net;
	a.source.gather = gather_weighted;
	a.recipe.progress = watch;
	a.recipe.self = &w;
	a.recipe.epochs = 1;
	a.recipe.rate = 0; /* nothing moves */
	for (int i = 0; i < ROWS; i++)
		weight[i] = (float)(i % 3);
	trainer = test_trainer(a.net, &a.recipe);
	assert_int_equal(hebb_trainer_cost(trainer, ROWS, a.x, a.y, weight, &before, NULL),
			 HEBB_OK);
	assert_int_equal(hebb_train(trainer, &a.source, &a.source, NULL), HEBB_OK);
	test_near(w.last.loss, before, 1e-14, "loss");
	test_near(w.last.validation_loss, before, 1e-14, "validation loss");
	hebb_trainer_free(trainer);
	hebb_net_free(w.copy);
	tear_down(&a);
}

/* Classes that are learned in part: whether x_1 x_2 > 0. One-hot, or the first column alone. */
static void make_classes(long long rows, int outputs, float *x, float *y)
{
	float *numbers = test_floats(3, (size_t)rows * INPUTS, -1, 1);

	memcpy(x, numbers, (size_t)rows * INPUTS * sizeof *x);
	free(numbers);
	for (long long i = 0; i < rows; i++) {
		int class = x[i * INPUTS] * x[i * INPUTS + 1] > 0;

		y[i * outputs] = (float)!class;
		if (outputs == 2)
			y[i * outputs + 1] = (float)class;
	}
}

/* The accuracy told is that of hebb_evaluate() of the network: with one output or several, with
 * weights, in batches and slices, for any number of threads, and of the average. */
static void accuracy_is_told(void **state)
{
	enum { MANY = 2500, HIDDEN = 40 };
	static float x[MANY * INPUTS], y[MANY * OUTPUTS];

	(void)state;
	for (int way = 0; way < 32; way++) {
		const int outputs = way & 1 ? 1 : OUTPUTS, threads = way & 2 ? 3 : 1;
		const hebb_layer layers[] = {
			hebb_dense(HIDDEN, HEBB_TANH),
			hebb_dense(outputs, outputs == 1 ? HEBB_SIGMOID : HEBB_SOFTMAX)};
		struct test_rows rows = {INPUTS, outputs, x, y};
		hebb_source train = test_source(&rows, way & 8 ? MANY : 200),
			    validation = test_source(&rows, MANY);
		hebb_recipe recipe = hebb_recipe_default();
		hebb_evaluation expected = hebb_evaluation_default();
		hebb_net *net = test_net(INPUTS, 2, layers, 1);
		struct watch w = {.net = net};

		make_classes(MANY, outputs, x, y);
		validation.gather = way & 4 ? gather_weighted : validation.gather;
		recipe.loss = HEBB_CROSS_ENTROPY;
		recipe.batch = way & 8 ? 0 : 30;
		recipe.average = way & 16 ? 0.9 : 0;
		recipe.rate = 0.01;
		recipe.epochs = 3;
		recipe.threads = threads;
		recipe.progress = watch;
		recipe.self = &w;
		hebb_trainer *trainer = test_trainer(net, &recipe);
		assert_int_equal(hebb_train(trainer, &train, &validation, NULL), HEBB_OK);
		assert_int_equal(hebb_evaluate(net, recipe.loss, &validation, &expected, NULL),
				 HEBB_OK);
		assert_true(expected.accuracy > 0.3 && expected.accuracy < 1);
		test_near(w.last.validation_accuracy, expected.accuracy, 1e-12, "accuracy");
		hebb_trainer_free(trainer);
		hebb_net_free(w.copy);
		hebb_net_free(net);
	}
}

/* The mean J of an epoch of one batch is the cost before its update; that of the validation the
 * cost after it. */
static void losses_are_costs(void **state)
{
	struct problem a;
	struct watch w = {0};
	hebb_trainer *trainer;
	double before, after;

	(void)state;
	set_up(&a);
	w.net = a.net;
	a.recipe.progress = watch;
	a.recipe.self = &w;
	a.recipe.epochs = 1;
	a.recipe.batch = 0;
	trainer = test_trainer(a.net, &a.recipe);
	assert_int_equal(hebb_trainer_cost(trainer, ROWS, a.x, a.y, NULL, &before, NULL), HEBB_OK);
	assert_int_equal(hebb_train(trainer, &a.source, &a.source, NULL), HEBB_OK);
	assert_int_equal(hebb_trainer_cost(trainer, ROWS, a.x, a.y, NULL, &after, NULL), HEBB_OK);
	test_near(w.last.loss, before, 1e-15, "loss");
	test_near(w.last.validation_loss, after, 1e-15, "validation loss");
	hebb_trainer_free(trainer);
	hebb_net_free(w.copy);
	tear_down(&a);
}

static void progress_can_stop(void **state)
{
	struct problem a;
	struct watch w = {.stop_at = 3};
	hebb_error error;
	int trained;

	(void)state;
	set_up(&a);
	w.net = a.net;
	a.recipe.progress = watch;
	a.recipe.self = &w;
	test_failed(train(&a, NULL, &trained, &error), &error, HEBB_STOPPED, "stopped");
	assert_int_equal(w.calls, 3);
	assert_int_equal(trained, 3 - w.within); /* a slow machine reports within an epoch too */
	assert_true(same_parameters(a.net, w.copy)); /* as it was then */
	hebb_net_free(w.copy);
	tear_down(&a);
}

static hebb_status gather_slowly(void *self, int count, const long long *index, float *x, float *y,
				 float *weight, hebb_error *error)
{
	nanosleep(&(struct timespec){.tv_nsec = 60000000}, NULL);
	return test_gather(self, count, index, x, y, weight, error);
}

/* A long epoch reports within it, and can be stopped there. */
static void progress_within_an_epoch(void **state)
{
	struct problem a;
	struct watch w = {.stop_at = 1};
	int trained;

	(void)state;
	set_up(&a);
	w.net = a.net;
	a.source.gather = gather_slowly;
	a.recipe.progress = watch;
	a.recipe.self = &w;
	assert_int_equal(train(&a, NULL, &trained, NULL), HEBB_STOPPED);
	assert_int_equal(w.within, 1);
	assert_int_equal(w.last.epoch, 0);
	assert_int_equal(trained, 0);
	assert_in_range(w.last.rows, 1, ROWS - 1);
	hebb_net_free(w.copy);
	tear_down(&a);
}

/* ---- Patience ---- */

struct judge {
	const hebb_net *net;
	hebb_net *best;
	double least;
	int epochs, best_epoch;
};

static int judge(void *self, const hebb_progress *now)
{
	struct judge *j = self;

	if (!now->epoch_ended)
		return 0;
	j->epochs++;
	if (now->validation_loss < j->least) {
		j->least = now->validation_loss;
		j->best_epoch = j->epochs;
		hebb_net_free(j->best);
		j->best = hebb_net_copy(j->net, NULL, NULL);
	}
	return 0;
}

/* Validated on targets of noise, so that learning soon makes it worse. */
static void patience(void **state)
{
	struct problem a;
	struct judge j = {.least = INFINITY};
	float *noise = test_floats(55, 10 * OUTPUTS, -0.5, 0.5);
	struct test_rows others;
	hebb_source validation;
	int trained;

	(void)state;
	set_up(&a);
	others = (struct test_rows){INPUTS, OUTPUTS, a.x, noise};
	validation = test_source(&others, 10);
	j.net = a.net;
	a.recipe.progress = judge;
	a.recipe.self = &j;
	a.recipe.epochs = 2000;
	a.recipe.patience = 7;
	assert_int_equal(train(&a, &validation, &trained, NULL), HEBB_OK);
	assert_in_range(j.best_epoch, 2, 1900);
	assert_int_equal(trained, j.best_epoch + 7);
	assert_true(same_parameters(a.net, j.best));
	hebb_net_free(j.best);
	free(noise);
	tear_down(&a);
}

/* ---- Averages ---- */

/* What hebb_train() ends with is the average of the weights that move, which is worked out here in
 * double. */
static void average_of_the_weights(void **state)
{
	struct problem a, b;
	hebb_trainer *trainer;
	size_t n;
	double *mean, *end;
	float *p;

	(void)state;
	set_up(&a);
	set_up(&b);
	n = (size_t)hebb_net_parameters(a.net);
	mean = test_doubles(n);
	a.recipe.batch = b.recipe.batch = 0;
	a.recipe.epochs = 60;
	a.recipe.rate = b.recipe.rate = 0.01;
	a.recipe.average = 0.8;
	assert_int_equal(train(&a, &a.source, NULL, NULL), HEBB_OK);
	trainer = test_trainer(b.net, &b.recipe);
	for (int k = 0; k < 60; k++) {
		double d = fmin(0.8, k / (k + 9.0));

		assert_int_equal(hebb_trainer_gradient(trainer, ROWS, b.x, b.y, NULL, NULL, NULL),
				 HEBB_OK);
		assert_int_equal(hebb_trainer_update(trainer, NULL), HEBB_OK);
		p = test_canonical(b.net, NULL);
		for (size_t i = 0; i < n; i++)
			mean[i] = d * mean[i] + (1 - d) * (double)p[i];
		free(p);
	}
	p = test_canonical(a.net, NULL);
	end = test_widen(n, p);
	test_below(test_normwise(n, end, mean), 1e-6, "the average");
	free(p);
	free(end);
	free(mean);
	hebb_trainer_free(trainer);
	tear_down(&a);
	tear_down(&b);
}

/* The validation loss and the network that patience keeps are those of the average. */
static void averages_are_judged(void **state)
{
	struct problem a;
	struct watch w = {0};
	hebb_trainer *trainer;
	double after;

	(void)state;
	set_up(&a);
	w.net = a.net;
	a.recipe.progress = watch;
	a.recipe.self = &w;
	a.recipe.average = 0.9;
	a.recipe.patience = 5; /* the loss falls, so the last epoch is the best */
	trainer = test_trainer(a.net, &a.recipe);
	assert_int_equal(hebb_train(trainer, &a.source, &a.source, NULL), HEBB_OK);
	assert_int_equal(hebb_trainer_cost(trainer, ROWS, a.x, a.y, NULL, &after, NULL), HEBB_OK);
	test_near(w.last.validation_loss, after, 1e-15, "validation loss");
	assert_true(same_parameters(a.net, w.copy));
	hebb_trainer_free(trainer);
	hebb_net_free(w.copy);
	tear_down(&a);
}

/* ---- Time ---- */

/* It is over during the first update: that one is done, and no other. */
static void time_is_over(void **state)
{
	struct problem a, b;
	hebb_trainer *trainer;
	int trained;

	(void)state;
	set_up(&a);
	set_up(&b);
	a.recipe.seconds = 1e-9;
	a.recipe.shuffle = 0;
	a.recipe.patience = 3; /* no epoch was judged, so nothing is taken back */
	assert_int_equal(train(&a, &a.source, &trained, NULL), HEBB_OK);
	assert_int_equal(trained, 0);
	trainer = test_trainer(b.net, &b.recipe);
	assert_int_equal(hebb_trainer_gradient(trainer, b.recipe.batch, b.x, b.y, NULL, NULL, NULL),
			 HEBB_OK);
	assert_int_equal(hebb_trainer_update(trainer, NULL), HEBB_OK);
	assert_true(same_parameters(a.net, b.net));
	a.recipe.patience = 0;
	a.recipe.batch = 0; /* an epoch is one update */
	assert_int_equal(train(&a, NULL, &trained, NULL), HEBB_OK);
	assert_int_equal(trained, 1);
	hebb_trainer_free(trainer);
	tear_down(&a);
	tear_down(&b);
}

static void time_that_suffices(void **state)
{
	struct problem a, b;
	int trained;

	(void)state;
	set_up(&a);
	set_up(&b);
	a.recipe.seconds = 1000;
	assert_int_equal(train(&a, NULL, &trained, NULL), HEBB_OK);
	assert_int_equal(trained, a.recipe.epochs);
	assert_int_equal(train(&b, NULL, NULL, NULL), HEBB_OK);
	assert_true(same_parameters(a.net, b.net));
	tear_down(&a);
	tear_down(&b);
}

/* ---- The order of the examples ---- */

struct recorder {
	struct test_rows *rows;
	long long seen[1000];
	int count, fail_at; /* gather fails at this call */
	int calls, largest;
};

static hebb_status record(void *self, int count, const long long *index, float *x, float *y,
			  float *weight, hebb_error *error)
{
	struct recorder *r = self;

	for (int i = 0; i < count; i++) {
		assert_true(weight[i] == 1);
		if (r->count < (int)COUNT_OF(r->seen))
			r->seen[r->count++] = index[i];
	}
	r->largest = count > r->largest ? count : r->largest;
	if (++r->calls == r->fail_at)
		return hebb_fail(error, HEBB_IO, "the disk is on fire");
	return test_gather(r->rows, count, index, x, y, weight, error);
}

static void record_training(struct problem *a, struct recorder *r)
{
	memset(r, 0, sizeof *r);
	r->rows = &a->rows;
	a->source = (hebb_source){
		.size = sizeof(hebb_source), .self = r, .rows = ROWS, .gather = record};
	assert_int_equal(train(a, NULL, NULL, NULL), HEBB_OK);
}

static int in_order(const long long *seen)
{
	for (int i = 0; i < ROWS; i++)
		if (seen[i] != i)
			return 0;
	return 1;
}

static void shuffled(void **state)
{
	struct problem a;
	struct recorder r, again;

	(void)state;
	set_up(&a);
	record_training(&a, &r);
	assert_int_equal(r.count, 5 * ROWS);
	assert_int_equal(r.largest, 8);
	for (int epoch = 0; epoch < 5; epoch++) {
		int times[ROWS] = {0};

		for (int i = 0; i < ROWS; i++)
			times[r.seen[epoch * ROWS + i]]++;
		for (int i = 0; i < ROWS; i++)
			assert_int_equal(times[i], 1);
		assert_false(in_order(r.seen + epoch * ROWS));
	}
	assert_memory_not_equal(r.seen, r.seen + ROWS,
				ROWS * sizeof *r.seen); /* a new order each epoch */
	record_training(&a, &again);
	assert_memory_equal(r.seen, again.seen, sizeof r.seen);
	a.recipe.seed = 2;
	record_training(&a, &again);
	assert_memory_not_equal(r.seen, again.seen, sizeof r.seen);
	tear_down(&a);
}

static void not_shuffled(void **state)
{
	static const struct {
		int shuffle, batch;
	} cases[] = {{0, 8}, {0, 0}, {1, 0}, {1, ROWS}, {1, ROWS + 1}, {1, 1000}};
	hebb_net *full = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct problem a;
		struct recorder r;

		set_up(&a);
		a.recipe.shuffle = cases[i].shuffle;
		a.recipe.batch = cases[i].batch;
		record_training(&a, &r);
		assert_true(in_order(r.seen));
		assert_true(r.count == ROWS || in_order(r.seen + ROWS));
		if (cases[i].batch == 0) { /* a batch larger than all rows is all rows */
			hebb_net_free(full);
			full = hebb_net_copy(a.net, NULL, NULL);
		} else if (full) {
			assert_true(same_parameters(a.net, full));
		}
		tear_down(&a);
	}
	hebb_net_free(full);
}

static void errors_of_sources(void **state)
{
	struct problem a;
	struct recorder r = {.fail_at = 4};
	hebb_source good, bad;
	hebb_error error;
	int trained;

	(void)state;
	set_up(&a);
	good = a.source;
	r.rows = &a.rows;
	a.source = (hebb_source){
		.size = sizeof(hebb_source), .self = &r, .rows = ROWS, .gather = record};
	test_failed(train(&a, NULL, &trained, &error), &error, HEBB_IO, "the disk is on fire");
	assert_int_equal(r.calls, 4);
	assert_int_equal(trained, 0);
	r = (struct recorder){.rows = &a.rows, .fail_at = 1};
	test_failed(train(&a, &a.source, &trained, &error), &error, HEBB_IO, "the disk is on fire");
	r = (struct recorder){.rows = &a.rows, .fail_at = 1};
	bad = a.source;
	a.source = good;
	test_failed(train(&a, &bad, &trained, &error), &error, HEBB_IO, "the disk is on fire");
	tear_down(&a);
}

/* ---- Resuming ---- */

/* Twice three epochs are six: the moments, the counters and the orders go on. */
static void training_goes_on(void **state)
{
	(void)state;
	for (int rule = test_rule(0); rule; rule = test_rule(rule)) {
		struct problem a, b;
		hebb_trainer *trainer;
		double J;

		set_up(&a);
		set_up(&b);
		a.recipe.rule = b.recipe.rule = (hebb_rule)rule;
		a.recipe.batch = b.recipe.batch = rule == HEBB_RPROP ? 0 : a.recipe.batch;
		a.recipe.epochs = 6;
		b.recipe.epochs = 3;
		assert_int_equal(train(&a, NULL, NULL, NULL), HEBB_OK);
		trainer = test_trainer(b.net, &b.recipe);
		assert_int_equal(hebb_train(trainer, &b.source, NULL, NULL), HEBB_OK);
		assert_int_equal(hebb_trainer_cost(trainer, ROWS, b.x, b.y, NULL, &J, NULL),
				 HEBB_OK);
		assert_int_equal(hebb_train(trainer, &b.source, NULL, NULL), HEBB_OK);
		assert_int_equal(hebb_trainer_epochs(trainer), 6);
		assert_true(same_parameters(a.net, b.net));
		hebb_trainer_free(trainer);
		tear_down(&a);
		tear_down(&b);
	}
}

/* A batch that is learned in slices has the gradient of one that is not: the slices of a smaller
 * batch are shorter. */
static void slices_are_one_batch(void **state)
{
	struct problem a;
	hebb_trainer *whole, *sliced;
	float *x = test_floats(3, 900 * INPUTS, -1, 1), *y = test_floats(4, 900 * OUTPUTS, -1, 1),
	      *g, *h;
	double J, K, *wide_g, *wide_h;
	size_t n;

	(void)state;
	set_up(&a);
	n = (size_t)hebb_net_parameters(a.net);
	a.recipe.batch = 900;
	whole = test_trainer(a.net, &a.recipe);
	a.recipe.batch = 1;
	sliced = test_trainer(a.net, &a.recipe);
	assert_true(hebb_trainer_bytes(sliced) < hebb_trainer_bytes(whole));
	assert_int_equal(hebb_trainer_gradient(whole, 900, x, y, NULL, &J, NULL), HEBB_OK);
	assert_int_equal(hebb_trainer_gradient(sliced, 900, x, y, NULL, &K, NULL), HEBB_OK);
	test_near(J, K, 1e-12, "J");
	g = test_canonical(a.net, whole);
	h = test_canonical(a.net, sliced);
	wide_g = test_widen(n, g);
	wide_h = test_widen(n, h);
	test_below(test_normwise(n, wide_g, wide_h), 1e-6, "gradient");
	free(x);
	free(y);
	free(g);
	free(h);
	free(wide_g);
	free(wide_h);
	hebb_trainer_free(whole);
	hebb_trainer_free(sliced);
	tear_down(&a);
}

/* Three batches of 7 to an update are a batch of 21, up to rounding; the last of an epoch has 8
 * rows, with weights too. */
static void batches_together(void **state)
{
	(void)state;
	for (int rule = test_rule(0); rule; rule = test_rule(rule)) {
		struct problem a, b;
		float *p, *q;
		double *wide_p, *wide_q;
		size_t n;

		if (rule == HEBB_RPROP) /* wants all rows in a batch */
			continue;
		set_up(&a);
		set_up(&b);
		n = (size_t)hebb_net_parameters(a.net);
		a.recipe.rule = b.recipe.rule = (hebb_rule)rule;
		a.recipe.l2 = b.recipe.l2 = 0.01;
		a.recipe.schedule = b.recipe.schedule = HEBB_COSINE;
		a.source.gather = b.source.gather = gather_weighted;
		a.recipe.batch = 7;
		a.recipe.accumulate = 3;
		b.recipe.batch = 21;
		assert_int_equal(train(&a, NULL, NULL, NULL), HEBB_OK);
		assert_int_equal(train(&b, NULL, NULL, NULL), HEBB_OK);
		p = test_canonical(a.net, NULL);
		q = test_canonical(b.net, NULL);
		wide_p = test_widen(n, p);
		wide_q = test_widen(n, q);
		test_below(test_normwise(n, wide_p, wide_q), 1e-6, "batches together");
		free(p);
		free(q);
		free(wide_p);
		free(wide_q);
		tear_down(&a);
		tear_down(&b);
	}
}

/* Time is over after a whole update. */
static void time_of_batches_together(void **state)
{
	struct problem a, b;
	hebb_trainer *trainer;

	(void)state;
	set_up(&a);
	set_up(&b);
	a.recipe.batch = 7;
	a.recipe.accumulate = 3;
	a.recipe.seconds = 1e-9;
	a.recipe.shuffle = 0;
	assert_int_equal(train(&a, NULL, NULL, NULL), HEBB_OK);
	trainer = test_trainer(b.net, &b.recipe);
	assert_int_equal(hebb_trainer_gradient(trainer, 21, b.x, b.y, NULL, NULL, NULL), HEBB_OK);
	assert_int_equal(hebb_trainer_update(trainer, NULL), HEBB_OK);
	for (int l = 0; l < 2; l++) {
		float p[12 * INPUTS], q[12 * INPUTS];
		int n = l ? 12 * OUTPUTS : 12 * INPUTS;

		assert_int_equal(hebb_net_get(a.net, l, p, NULL, NULL), HEBB_OK);
		assert_int_equal(hebb_net_get(b.net, l, q, NULL, NULL), HEBB_OK);
		for (int i = 0; i < n; i++)
			test_near((double)p[i], (double)q[i], 1e-6, "after one update");
	}
	hebb_trainer_free(trainer);
	tear_down(&a);
	tear_down(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_that_are_numbers),
		cmocka_unit_test(fields_that_are_counts),
		cmocka_unit_test(size_of_the_recipe),
		cmocka_unit_test(loss_and_output),
		cmocka_unit_test(label_smoothing),
		cmocka_unit_test(kinks_of_losses),
		cmocka_unit_test(padding_stays_zero),
		cmocka_unit_test(arguments_of_the_calls),
		cmocka_unit_test(three_calls_are_training),
		cmocka_unit_test(norms_are_bounded),
		cmocka_unit_test(gradients_are_clipped),
		cmocka_unit_test(every_rule_learns),
		cmocka_unit_test(lbfgs_learns),
		cmocka_unit_test(lbfgs_of_a_quadratic),
		cmocka_unit_test(what_lbfgs_is_not_for),
		cmocka_unit_test(bad_sources),
		cmocka_unit_test(no_epochs),
		cmocka_unit_test(divergence),
		cmocka_unit_test(divergence_at_once),
		cmocka_unit_test(divergence_is_placed),
		cmocka_unit_test(divergence_of_the_last_update),
		cmocka_unit_test(progress),
		cmocka_unit_test(losses_are_costs),
		cmocka_unit_test(losses_are_weighted),
		cmocka_unit_test(accuracy_is_told),
		cmocka_unit_test(progress_can_stop),
		cmocka_unit_test(progress_within_an_epoch),
		cmocka_unit_test(patience),
		cmocka_unit_test(average_of_the_weights),
		cmocka_unit_test(averages_are_judged),
		cmocka_unit_test(time_is_over),
		cmocka_unit_test(time_that_suffices),
		cmocka_unit_test(shuffled),
		cmocka_unit_test(not_shuffled),
		cmocka_unit_test(errors_of_sources),
		cmocka_unit_test(training_goes_on),
		cmocka_unit_test(slices_are_one_batch),
		cmocka_unit_test(batches_together),
		cmocka_unit_test(time_of_batches_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
