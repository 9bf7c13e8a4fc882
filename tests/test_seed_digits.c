/* SPDX-License-Identifier: MIT */
/*
 * test_seed_digits.c - the numbers of the tutorial's fifth section, on its handwritten digits
 */
#include "test.h"
#include "hebb_io.h"

enum { ROWS = 1797, INPUTS = 64, CLASSES = 10 };

/* All rows scaled together, as the tutorial's program does. */
struct digits {
	hebb_table *table;
	hebb_coding *coding;
	hebb_dataset *data;
	long long row[ROWS];
};

static void set_up(struct digits *d)
{
	hebb_coding_options options = hebb_coding_options_default();
	hebb_error error;

	options.pixels_alike = 0; /* as scikit-learn's StandardScaler */
	for (int i = 0; i < ROWS; i++)
		d->row[i] = i;
	d->table = hebb_table_digits(&error);
	assert_non_null(d->table);
	assert_int_equal(d->table->rows, ROWS);
	assert_int_equal(d->table->columns, INPUTS + 1);
	d->coding = hebb_coding_fit(d->table, &options, ROWS, d->row, &error);
	assert_non_null(d->coding);
	d->data = hebb_coding_apply(d->coding, d->table, 1, ROWS, d->row, &error);
	assert_non_null(d->data);
	assert_int_equal(d->data->inputs, INPUTS);
	assert_int_equal(d->data->outputs, CLASSES);
}

static void tear_down(struct digits *d)
{
	hebb_dataset_free(d->data);
	hebb_coding_free(d->coding);
	hebb_table_free(d->table);
}

/* 5: integers 0 .. 16. */
static void values(void **state)
{
	struct digits d;

	(void)state;
	set_up(&d);
	for (int i = 0; i < ROWS; i++) {
		for (int j = 0; j < INPUTS; j++) {
			float v = hebb_table_value(d.table, i, j);

			assert_true(v >= 0 && v <= 16 && v == floorf(v));
		}
		float digit = hebb_table_value(d.table, i, INPUTS);
		assert_true(digit >= 0 && digit <= 9);
	}
	tear_down(&d);
}

/* 5.1: mean 0 and standard deviation 1; constant columns become 0; the first row as the tutorial
 * prints it. */
static void scaling(void **state)
{
	const double first[] = {0, -0.33501649, -0.04308102, 0.27407152, -0.66447751, -0.84412939};
	struct digits d;

	(void)state;
	set_up(&d);
	for (int j = 0; j < 6; j++)
		test_near((double)d.data->x[j], first[j], 1e-6, "first row");
	for (int j = 0; j < INPUTS; j++) {
		double mean = 0, square = 0;

		for (int i = 0; i < ROWS; i++) {
			double x = (double)d.data->x[i * INPUTS + j];

			mean += x / ROWS;
			square += x * x / ROWS;
		}
		test_near(mean, 0, 1e-6, "mean");
		test_near(square, square < 0.5 ? 0 : 1, 1e-5, "variance");
	}
	tear_down(&d);
}

/* 5.2: 40 % held out are 719 rows, 1078 are left. */
static void split(void **state)
{
	struct digits d;
	long long held = 0;

	(void)state;
	set_up(&d);
	for (int column = -1; column <= INPUTS;
	     column += INPUTS + 1) { /* at random, and by digit */
		assert_int_equal(
			hebb_split(d.table, column, 0.4, 1, 0, ROWS, d.row, d.row, &held, NULL),
			HEBB_OK);
		assert_int_equal(held, 719);
		assert_int_equal(ROWS - held, 1078);
	}
	tear_down(&d);
}

/* 5.3: convert_y_to_vect(): the digit 1 becomes 0 1 0 0 0 0 0 0 0 0. */
static void one_hot(void **state)
{
	struct digits d;

	(void)state;
	set_up(&d);
	for (int i = 0; i < ROWS; i++) {
		int digit = (int)hebb_table_value(d.table, i, INPUTS);

		for (int k = 0; k < CLASSES; k++)
			assert_true(d.data->y[i * CLASSES + k] == (k == digit));
	}
	tear_down(&d);
}

/* 5.4: uniform [0, 1) weights and biases saturate the outputs: the mean of |y - h|, which the
 * tutorial plots, is 2.82. */
static void start_of_training(void **state)
{
	hebb_layer layers[] = {hebb_dense(30, HEBB_SIGMOID), hebb_dense(CLASSES, HEBB_SIGMOID)};
	struct digits d;
	double mean = 0;

	(void)state;
	set_up(&d);
	layers[0].start = layers[1].start = HEBB_START_UNIFORM01;
	for (uint64_t seed = 1; seed <= 10; seed++) {
		hebb_net *net = test_net(INPUTS, 2, layers, seed);
		hebb_work *work = hebb_work_new(net, ROWS, NULL, NULL);
		const float *h = hebb_forward(work, ROWS, d.data->x);

		for (int i = 0; i < ROWS; i++) {
			double square = 0;

			for (int k = 0; k < CLASSES; k++)
				square += pow(
					(double)(d.data->y[i * CLASSES + k] - h[i * CLASSES + k]),
					2);
			mean += sqrt(square) / ROWS / 10;
		}
		hebb_work_free(work);
		hebb_net_free(net);
	}
	test_near(mean, 2.82, 0.03, "mean |y - h|");
	tear_down(&d);
}

/* 5.4: 60 of its 3000 iterations, full batch, rate 0.25: the cost falls, and never on the way
 * does it rise. */
static int falls(void *self, const hebb_progress *now)
{
	double *before = self;

	assert_true(now->loss < *before);
	*before = now->loss;
	return 0;
}

static void descent(void **state)
{
	hebb_layer layers[] = {hebb_dense(30, HEBB_SIGMOID), hebb_dense(CLASSES, HEBB_SIGMOID)};
	hebb_recipe recipe = hebb_recipe_default();
	struct digits d;
	hebb_source source;
	hebb_trainer *trainer;
	hebb_net *net;
	double cost = INFINITY;

	(void)state;
	set_up(&d);
	layers[0].start = layers[1].start = HEBB_START_UNIFORM01;
	net = test_net(INPUTS, 2, layers, 1);
	recipe.rule = HEBB_SGD;
	recipe.rate = 0.25;
	recipe.batch = 0;
	recipe.epochs = 60;
	recipe.progress = falls;
	recipe.self = &cost;
	trainer = test_trainer(net, &recipe);
	source = hebb_dataset_source(d.data);
	assert_int_equal(hebb_train(trainer, &source, NULL, NULL), HEBB_OK);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	tear_down(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values),
		cmocka_unit_test(scaling),
		cmocka_unit_test(split),
		cmocka_unit_test(one_hot),
		cmocka_unit_test(start_of_training),
		cmocka_unit_test(descent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
