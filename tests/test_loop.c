/* SPDX-License-Identifier: MIT */
/*
 * test_loop.c - the program's own loop: what recipe.batch means for it, and where J may be NULL
 */
#include "test.h"

enum { ROWS = 300, INPUTS = 6, OUTPUTS = 3, WIDE = 40 };

static float *x, *y;

static int set_up(void **state)
{
	(void)state;
	x = test_floats(3, (size_t)ROWS * INPUTS, -2, 2);
	y = test_floats(4, (size_t)ROWS * OUTPUTS, -1, 1);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(x);
	free(y);
	return 0;
}

static hebb_trainer *trainer_of(hebb_net *net, int batch, int threads)
{
	hebb_recipe recipe = hebb_recipe_default();

	recipe.batch = batch;
	recipe.threads = threads;
	return test_trainer(net, &recipe);
}

static void most_rows(void **state)
{
	static const int cases[][2] = {{1, 64},    {32, 64},     {64, 64},     {65, 65},
				       {300, 300}, {1024, 1024}, {5000, 1024}, {0, 1024}};
	const hebb_layer layer = hebb_dense(OUTPUTS, HEBB_TANH);
	hebb_net *net = test_net(INPUTS, 1, &layer, 1);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		hebb_trainer *trainer = trainer_of(net, cases[i][0], 1);

		assert_int_equal(hebb_trainer_rows(trainer), cases[i][1]);
		hebb_trainer_free(trainer);
	}
	hebb_net_free(net);
}

/* J, the gradient and, after an update, the running statistics of layer 1. */
struct result {
	double J;
	float W[WIDE * INPUTS], mean[WIDE];
};

static struct result step(const hebb_layer *layers, int batch, int threads)
{
	hebb_net *net = test_net(INPUTS, 4, layers, 1);
	hebb_trainer *trainer = trainer_of(net, batch, threads);
	struct result r;
	hebb_error error;

	memset(&r, 0, sizeof r);
	test_ok(hebb_trainer_gradient(trainer, ROWS, x, y, NULL, &r.J, &error), &error);
	test_ok(hebb_trainer_get_gradient(trainer, 0, r.W, NULL, &error), &error);
	test_ok(hebb_trainer_update(trainer, &error), &error);
	hebb_net_get_statistics(net, 1, r.mean, NULL, &error);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return r;
}

/* Of the gradients, normwise. */
static double difference(const struct result *a, const struct result *b)
{
	enum { COUNT = WIDE * INPUTS };
	double *of_a = test_widen(COUNT, a->W), *of_b = test_widen(COUNT, b->W);
	double found = test_normwise(COUNT, of_a, of_b);

	free(of_a);
	free(of_b);
	return found;
}

/* Without batch norm recipe.batch changes no bit of J, and nothing of the gradient but its
 * rounding; with dropout and layer norm too. */
static void batch_without_batch_norm(void **state)
{
	const hebb_layer layers[] = {hebb_dense(WIDE, HEBB_TANH), hebb_layer_norm(HEBB_TANH),
				     hebb_dropout(0.25), hebb_dense(OUTPUTS, HEBB_LINEAR)};
	struct result whole = step(layers, ROWS, 1);

	(void)state;
	for (int batch = 0; batch < ROWS; batch += 60) {
		struct result parts = step(layers, batch, 1 + batch % 3);

		assert_true(parts.J == whole.J);
		assert_true(difference(&parts, &whole) < 1e-6);
	}
}

/* With it, statistics are of all rows up to hebb_trainer_rows(), and of equal parts beyond. */
static void batch_with_batch_norm(void **state)
{
	const hebb_layer layers[] = {hebb_dense(WIDE, HEBB_LINEAR), hebb_batch_norm(HEBB_TANH),
				     hebb_dropout(0.25), hebb_dense(OUTPUTS, HEBB_LINEAR)};
	struct result whole = step(layers, ROWS, 1), more = step(layers, 1000, 2),
		      parts = step(layers, 100, 1);

	(void)state;
	assert_true(whole.J == more.J);
	assert_memory_equal(more.W, whole.W, sizeof whole.W);
	assert_memory_equal(more.mean, whole.mean, sizeof whole.mean);
	assert_true(parts.J != whole.J);
	assert_true(difference(&parts, &whole) > 1e-3);
}

/* J is optional in both calls. */
static void without_J(void **state)
{
	const hebb_layer layer = hebb_dense(OUTPUTS, HEBB_TANH);
	hebb_net *net = test_net(INPUTS, 1, &layer, 1);
	hebb_trainer *trainer = trainer_of(net, 32, 1);
	double of_gradient = 0, of_cost = 0;
	hebb_error error;

	(void)state;
	test_ok(hebb_trainer_gradient(trainer, ROWS, x, y, NULL, NULL, &error), &error);
	test_ok(hebb_trainer_cost(trainer, ROWS, x, y, NULL, NULL, &error), &error);
	test_ok(hebb_trainer_gradient(trainer, ROWS, x, y, NULL, &of_gradient, &error), &error);
	test_ok(hebb_trainer_cost(trainer, ROWS, x, y, NULL, &of_cost, &error), &error);
	assert_true(of_gradient == of_cost && of_cost > 0);
	x[0] = NAN;
	test_failed(hebb_trainer_gradient(trainer, ROWS, x, y, NULL, NULL, &error), &error,
		    HEBB_BAD_ARGUMENT, "row 0");
	test_failed(hebb_trainer_cost(trainer, ROWS, x, y, NULL, NULL, &error), &error,
		    HEBB_BAD_ARGUMENT, "row 0");
	x[0] = 0;
	hebb_trainer_free(trainer);
	hebb_net_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(most_rows),
		cmocka_unit_test(batch_without_batch_norm),
		cmocka_unit_test(batch_with_batch_norm),
		cmocka_unit_test(without_J),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
