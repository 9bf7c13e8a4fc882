/* SPDX-License-Identifier: MIT */
/*
 * test_masked.c - targets with gaps: a y that is NaN has no error, and costs nothing else
 */
#include "test.h"

enum { INPUTS = 4, OUTPUTS = 5, ROWS = 70, HIDDEN = 9 };

/* Every loss whose targets may be missing, with every smooth output that it fits. */
static struct {
	hebb_loss loss;
	hebb_activation output;
	float low, high; /* of the targets */
} losses[100];
static size_t loss_count;

static int list_losses(void **state)
{
	const struct hb_loss *loss;

	(void)state;
	for (int i = 1; (loss = hb_loss_of((hebb_loss)i)); i++)
		for (int output = 1; hebb_activation_name((hebb_activation)output); output++) {
			if (!hebb_loss_fits((hebb_loss)i, (hebb_activation)output) ||
			    !hb_may_have_gaps((hebb_loss)i, (hebb_activation)output) ||
			    hb_activation((hebb_activation)output)->kinks)
				continue;
			assert_true(loss_count < COUNT_OF(losses));
			losses[loss_count].loss = (hebb_loss)i;
			losses[loss_count].output = (hebb_activation)output;
			losses[loss_count].low = fmaxf(loss->targets.low, -2);
			losses[loss_count++].high = fminf(loss->targets.high, 3);
		}
	return 0;
}

static float x[ROWS * INPUTS], y[ROWS * OUTPUTS], whole[ROWS * OUTPUTS];

static void copy_random(size_t count, float *to, double low, double high, uint64_t seed)
{
	float *from = test_floats(seed, count, low, high);

	memcpy(to, from, count * sizeof *to);
	free(from);
}

/* Rows whose targets lie in a range; every third target of y is missing, and all of row 3. */
static void fill(size_t i)
{
	float gap[ROWS * OUTPUTS];

	copy_random(ROWS * INPUTS, x, -1, 1, 1);
	copy_random(ROWS * OUTPUTS, whole, (double)losses[i].low, (double)losses[i].high, 2);
	copy_random(ROWS * OUTPUTS, gap, 0, 3, 3);
	for (int k = 0; k < ROWS * OUTPUTS; k++)
		y[k] = gap[k] < 1 || k / OUTPUTS == 3 ? NAN : whole[k];
}

static hebb_net *net_of(hebb_activation output)
{
	const hebb_layer layers[] = {hebb_dense(HIDDEN, HEBB_TANH), hebb_dense(OUTPUTS, output)};

	return test_net(INPUTS, 2, layers, 1);
}

static hebb_trainer *trainer_of(hebb_net *net, hebb_loss loss, int gaps)
{
	hebb_recipe recipe = hebb_recipe_default();
	hebb_error error;

	recipe.loss = loss;
	recipe.gaps = gaps;
	recipe.threads = 1;
	hebb_trainer *trainer = hebb_trainer_new(net, &recipe, NULL, &error);
	if (!trainer)
		fail_msg("%s", error.message);
	return trainer;
}

/* The engine against the reference, and that against differences. */
static void gradients(void **state)
{
	hebb_error error;

	(void)state;
	for (size_t i = 0; i < loss_count; i++) {
		hebb_net *net = net_of(losses[i].output);
		hebb_gradient_check check = hebb_gradient_check_default();

		fill(i);
		check.gaps = 1;
		test_ok(hebb_check_gradient(net, losses[i].loss, ROWS, x, y, 0, &check, &error),
			&error);
		if (!(check.max_error < 1e-5))
			fail_msg("loss %zu: %g", i, check.max_error);
		assert_int_equal(check.gaps, 1);
		hebb_net_free(net);
	}
}

/* J is the mean over all rows of what the targets that are there add. */
static void costs(void **state)
{
	hebb_error error;

	(void)state;
	for (size_t i = 0; i < loss_count; i++) {
		hebb_net *net = net_of(losses[i].output);
		hebb_trainer *trainer = trainer_of(net, losses[i].loss, 1);
		hebb_work *work = hebb_work_new(net, ROWS, NULL, &error);
		double J, expected = 0;

		fill(i);
		test_ok(hebb_trainer_cost(trainer, ROWS, x, y, NULL, &J, &error), &error);
		const float *h = hebb_forward(work, ROWS, x);
		for (int k = 0; k < ROWS * OUTPUTS; k++)
			if (!isnan(y[k])) /* of one output alone: a softmax counts as linear */
				expected += hebb_cost(losses[i].loss, losses[i].output, 1, h + k,
						      y + k) /
					    ROWS;
		test_near(J, expected, 1e-5, hebb_loss_name(losses[i].loss));
		hebb_work_free(work);
		hebb_trainer_free(trainer);
		hebb_net_free(net);
	}
}

/* What a network learns of an output does not depend on rows that lack its target. */
static void no_gradient(void **state)
{
	float W[OUTPUTS * HIDDEN], b[OUTPUTS];
	hebb_error error;

	(void)state;
	for (size_t i = 0; i < loss_count; i++) {
		hebb_net *net = net_of(losses[i].output);
		hebb_trainer *trainer = trainer_of(net, losses[i].loss, 1);

		fill(i);
		for (int row = 0; row < ROWS; row++)
			y[row * OUTPUTS + 2] = NAN;
		test_ok(hebb_trainer_gradient(trainer, ROWS, x, y, NULL, NULL, &error), &error);
		test_ok(hebb_trainer_get_gradient(trainer, 1, W, b, &error), &error);
		for (int k = 0; k < HIDDEN && losses[i].output != HEBB_SOFTMAX; k++)
			assert_true(W[2 * HIDDEN + k] == 0);
		assert_true(losses[i].output == HEBB_SOFTMAX || b[2] == 0);
		assert_true(b[1] != 0 && b[3] != 0);
		hebb_trainer_free(trainer);
		hebb_net_free(net);
	}
}

/* Without gaps, and in rows without gaps, the bits are those of a recipe without gaps. */
static void same_bits(void **state)
{
	float W[2][OUTPUTS * HIDDEN], b[2][OUTPUTS];
	double J[2];
	hebb_error error;

	(void)state;
	for (size_t i = 0; i < loss_count; i++) {
		hebb_net *net = net_of(losses[i].output);

		fill(i);
		for (int gaps = 0; gaps < 2; gaps++) {
			hebb_trainer *trainer = trainer_of(net, losses[i].loss, gaps);

			test_ok(hebb_trainer_gradient(trainer, ROWS, x, whole, NULL, &J[gaps],
						      &error),
				&error);
			test_ok(hebb_trainer_get_gradient(trainer, 1, W[gaps], b[gaps], &error),
				&error);
			hebb_trainer_free(trainer);
		}
		assert_memory_equal(&J[0], &J[1], sizeof J[0]);
		assert_memory_equal(W[0], W[1], sizeof W[0]);
		assert_memory_equal(b[0], b[1], sizeof b[0]);
		hebb_net_free(net);
	}
}

/* A row that lacks all targets adds nothing but its place in the mean. */
static void row_without_targets(void **state)
{
	double J, half;
	hebb_error error;
	hebb_net *net = net_of(HEBB_LINEAR);
	hebb_trainer *trainer = trainer_of(net, HEBB_SQUARED, 1);

	(void)state;
	fill(0);
	test_ok(hebb_trainer_cost(trainer, 1, x, whole, NULL, &J, &error), &error);
	memcpy(y, whole, OUTPUTS * sizeof *y);
	for (int j = 0; j < OUTPUTS; j++)
		y[OUTPUTS + j] = NAN;
	test_ok(hebb_trainer_cost(trainer, 2, x, y, NULL, &half, &error), &error);
	test_near(half, J / 2, 1e-12, "half");
	hebb_trainer_free(trainer);
	hebb_net_free(net);
}

static void refused(void **state)
{
	hebb_recipe recipe = hebb_recipe_default();
	hebb_net *linear = net_of(HEBB_LINEAR), *softmax = net_of(HEBB_SOFTMAX);
	hebb_error error;

	(void)state;
	fill(0);
	hebb_trainer *without = trainer_of(linear, HEBB_SQUARED, 0);
	test_failed(hebb_trainer_cost(without, ROWS, x, y, NULL, NULL, &error), &error,
		    HEBB_BAD_ARGUMENT, "must be finite");
	hebb_trainer_free(without);
	hebb_trainer *with = trainer_of(linear, HEBB_SQUARED, 1);
	y[7] = INFINITY;
	test_failed(hebb_trainer_cost(with, ROWS, x, y, NULL, NULL, &error), &error,
		    HEBB_BAD_ARGUMENT, "row 1: y[2] is inf");
	y[7] = NAN;
	x[9] = NAN;
	test_failed(hebb_trainer_cost(with, ROWS, x, y, NULL, NULL, &error), &error,
		    HEBB_BAD_ARGUMENT, "row 2: x[1] is");
	hebb_trainer_free(with);
	recipe.gaps = 1;
	recipe.loss = HEBB_CROSS_ENTROPY;
	assert_null(hebb_trainer_new(softmax, &recipe, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_SHAPE, "recipe.gaps");
	recipe.gaps = 2;
	assert_null(hebb_trainer_new(softmax, &recipe, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "recipe.gaps");
	hebb_net_free(linear);
	hebb_net_free(softmax);
}

/* A gather that forgets a target is still found. */
static hebb_status forgets(void *self, int count, const long long *index, float *to_x, float *to_y,
			   float *weight, hebb_error *error)
{
	(void)self, (void)index, (void)to_y, (void)weight, (void)error;
	memset(to_x, 0, (size_t)count * INPUTS * sizeof *to_x);
	return HEBB_OK;
}

static void forgotten(void **state)
{
	hebb_source source = hebb_source_default();
	hebb_recipe recipe = hebb_recipe_default();
	hebb_net *net = net_of(HEBB_LINEAR);
	hebb_error error;

	(void)state;
	source.rows = ROWS;
	source.gather = forgets;
	recipe.gaps = 1;
	recipe.epochs = 1;
	hebb_trainer *trainer = hebb_trainer_new(net, &recipe, NULL, &error);
	assert_non_null(trainer);
	test_failed(hebb_train(trainer, &source, NULL, &error), &error, HEBB_BAD_ARGUMENT, "unset");
	hebb_trainer_free(trainer);
	hebb_net_free(net);
}

/* Scores of each output are of the rows that have its target. */
static void evaluated(void **state)
{
	static const float in[4][2] = {{1, 0}, {2, 1}, {4, 2}, {0, 5}};
	static const float out[4][2] = {{2, NAN}, {2, 1}, {NAN, 3}, {1, 4}};
	const hebb_layer layer = hebb_dense(2, HEBB_LINEAR);
	const float W[] = {1, 0, 0, 1}, b[] = {0, 0};
	const hebb_arrays arrays = {.size = sizeof arrays,
				    .rows = 4,
				    .inputs = 2,
				    .outputs = 2,
				    .x = in[0],
				    .y = out[0]};
	hebb_source source = hebb_arrays_source(&arrays);
	hebb_evaluation e = hebb_evaluation_default();
	double rmse[2], mae[2], r2[2];
	hebb_net *net = test_net(2, 1, &layer, 1);
	hebb_error error;

	(void)state;
	test_ok(hebb_net_set(net, 0, W, b, &error), &error);
	test_failed(hebb_evaluate(net, HEBB_SQUARED, &source, &e, &error), &error,
		    HEBB_BAD_ARGUMENT, "row 0");
	e.gaps = 1;
	e.rmse_of = rmse;
	e.mae_of = mae;
	e.r2_of = r2;
	test_ok(hebb_evaluate(net, HEBB_SQUARED, &source, &e, &error), &error);
	test_near(e.loss, (0.5 + 0 + 0.5 + 0.5 + 0.5) / 4, 1e-12, "loss");
	test_near(rmse[0], sqrt(2.0 / 3), 1e-12, "rmse");
	test_near(mae[1], 2.0 / 3, 1e-12, "mae");
	test_near(r2[0], 1 - 2 / (2.0 / 3), 1e-12, "r2");
	test_near(e.r2, (r2[0] + r2[1]) / 2, 1e-12, "r2 of all");
	hebb_net_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gradients),           cmocka_unit_test(costs),
		cmocka_unit_test(no_gradient),         cmocka_unit_test(same_bits),
		cmocka_unit_test(row_without_targets), cmocka_unit_test(refused),
		cmocka_unit_test(forgotten),           cmocka_unit_test(evaluated),
	};

	return cmocka_run_group_tests(tests, list_losses, NULL);
}
