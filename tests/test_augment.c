/* SPDX-License-Identifier: MIT */
/*
 * test_augment.c - images that differ each time
 */
#include "hebb_io.h"
#include "test.h"

enum { SIDE = 21, PIXELS = SIDE * SIDE, ROWS = 40, CLASSES = 4 };

/* Images of one bright pixel each, scaled by means and deviations that differ between pixels. */
struct images {
	hebb_dataset data;
	hebb_coding coding;
	float x[ROWS * PIXELS], y[ROWS * CLASSES], mean[PIXELS], scale[PIXELS];
};

static struct images *images_new(int down, int right)
{
	struct images *a = test_memory(sizeof *a);

	for (int j = 0; j < PIXELS; j++) {
		a->mean[j] = (float)(j % 5);
		a->scale[j] = 1 / (1 + (float)(j % 3));
	}
	for (int i = 0; i < ROWS; i++) {
		for (int j = 0; j < PIXELS; j++)
			a->x[i * PIXELS + j] =
				((j == down * SIDE + right ? 100.0f : 0) - a->mean[j]) *
				a->scale[j];
		a->y[i * CLASSES + i % CLASSES] = 1;
	}
	a->data = (hebb_dataset){
		.rows = ROWS, .inputs = PIXELS, .outputs = CLASSES, .x = a->x, .y = a->y};
	a->coding = (hebb_coding){.width = PIXELS,
				  .outputs = CLASSES,
				  .mean = a->mean,
				  .scale = a->scale,
				  .height = SIDE,
				  .width_of_image = SIDE};
	return a;
}

static hebb_augmentation nothing(void)
{
	hebb_augmentation is = hebb_augmentation_default(SIDE, SIDE);

	is.shift = is.rotation = is.scaling = is.shear = 0;
	return is;
}

static hebb_augmented *augmented_new(const struct images *a, const hebb_augmentation *is)
{
	hebb_error error;
	hebb_augmented *made = hebb_augmented_new(&a->data, &a->coding, is, &error);

	if (!made)
		fail_msg("%s", error.message);
	return made;
}

/* All rows of an epoch; x in raw units again. */
static void gather(const struct images *a, const hebb_augmentation *is, int epoch, float *x,
		   float *y)
{
	hebb_augmented *made = augmented_new(a, is);
	hebb_source source = hebb_augmented_source(made);
	long long index[ROWS];
	float weight[ROWS];
	hebb_error error;

	for (int i = 0; i < ROWS; i++)
		index[i] = i;
	source.begin(source.self, epoch);
	test_ok(source.gather(source.self, ROWS, index, x, y, weight, &error), &error);
	for (int i = 0; i < ROWS * PIXELS; i++)
		x[i] = x[i] / a->scale[i % PIXELS] + a->mean[i % PIXELS];
	hebb_augmented_free(made);
}

/* The sum of an image and its center. */
static double center(const float *image, double *down, double *right)
{
	double sum = 0, r = 0, c = 0;

	for (int j = 0; j < PIXELS; j++) {
		double value = fabs((double)image[j]) < 1e-3 ? 0 : (double)image[j];

		sum += value;
		r += value * (j / SIDE);
		c += value * (j % SIDE);
	}
	*down = r / sum - (SIDE - 1) / 2.0;
	*right = c / sum - (SIDE - 1) / 2.0;
	return sum;
}

static float x[ROWS * PIXELS], y[ROWS * CLASSES], other_x[ROWS * PIXELS], other_y[ROWS * CLASSES];

static void nothing_changes_nothing(void **state)
{
	struct images *a = images_new(3, 8);
	hebb_augmentation is = nothing();

	(void)state;
	gather(a, &is, 0, x, y);
	for (int i = 0; i < ROWS * PIXELS; i++)
		test_near((double)x[i], i % PIXELS == 3 * SIDE + 8 ? 100 : 0, 1e-4, "a pixel");
	assert_memory_equal(y, a->y, sizeof y);
	free(a);
}

/* The bright pixel goes everywhere within the shift and nowhere else; its brightness stays. */
static void shift(void **state)
{
	struct images *a = images_new(10, 10);
	hebb_augmentation is = nothing();
	double down, right, least = 9, most = -9;

	(void)state;
	is.shift = 2.5;
	for (int epoch = 0; epoch < 5; epoch++) {
		gather(a, &is, epoch, x, y);
		for (int i = 0; i < ROWS; i++) {
			test_near(center(x + i * PIXELS, &down, &right), 100, 1e-2, "brightness");
			test_below(fabs(down), 2.5001, "down");
			test_below(fabs(right), 2.5001, "right");
			least = fmin(least, fmin(down, right));
			most = fmax(most, fmax(down, right));
		}
	}
	test_below(least, -2.3, "farthest up or left");
	test_below(-most, -2.3, "farthest down or right");
	free(a);
}

/* A pixel above the center turns about it: its distance stays, its angle is within the limit and
 * takes both signs. */
static void rotation(void **state)
{
	struct images *a = images_new(3, 10);
	hebb_augmentation is = nothing();
	double down, right, least = 9, most = -9;

	(void)state;
	is.rotation = 90;
	gather(a, &is, 0, x, y);
	for (int i = 0; i < ROWS; i++) {
		double angle;

		center(x + i * PIXELS, &down, &right);
		angle = atan2(right, -down);
		test_near(hypot(down, right), 7, 0.25, "distance from the center");
		test_below(fabs(angle), 1.65, "angle");
		least = fmin(least, angle);
		most = fmax(most, angle);
	}
	test_below(least, -1.2, "farthest to the left");
	test_below(-most, -1.2, "farthest to the right");
	free(a);
}

/* A pixel moves out or in by the factor, in each direction by its own; sheared, by a share of its
 * height. */
static void scaling_and_shear(void **state)
{
	struct images *a = images_new(4, 16); /* 6 up, 6 right */
	hebb_augmentation is = nothing();
	double down, right, differ = 0;

	(void)state;
	is.scaling = 0.3;
	gather(a, &is, 0, x, y);
	for (int i = 0; i < ROWS; i++) {
		center(x + i * PIXELS, &down, &right);
		test_near(-down / 6, 1, 0.36, "factor of the height");
		test_near(right / 6, 1, 0.36, "factor of the width");
		differ = fmax(differ, fabs(down + right));
	}
	test_below(-differ, -1, "the two factors differ");
	is.scaling = 0;
	is.shear = 0.5;
	gather(a, &is, 0, x, y);
	for (int i = 0; i < ROWS; i++) {
		center(x + i * PIXELS, &down, &right);
		test_near(down, -6, 0.01, "shear keeps the height");
		test_near(right, 6, 3.01, "shear");
	}
	free(a);
}

/* The displacement is smooth and about as large as Simard's: elastic 0.577 / (2 sigma sqrt(pi))
 * standard deviation. */
static void elastic(void **state)
{
	struct images *a = images_new(10, 10);
	hebb_augmentation is = nothing();
	double down, right, squares = 0;

	(void)state;
	is.elastic = 10;
	is.sigma = 3;
	for (int epoch = 0; epoch < 5; epoch++) {
		gather(a, &is, epoch, x, y);
		for (int i = 0; i < ROWS; i++) {
			double sum = center(x + i * PIXELS, &down, &right);

			test_below(sum, 200, "brightness");
			test_below(-sum, -50, "brightness");
			squares += down * down + right * right;
		}
	}
	test_near(sqrt(squares / (10 * ROWS)), 0.543, 0.1, "displacement");
	free(a);
}

static void cutout(void **state)
{
	struct images *a = images_new(10, 10);
	hebb_augmentation is = nothing();
	int most = 0;

	(void)state;
	for (int i = 0; i < ROWS * PIXELS; i++)
		a->x[i] = (7 - a->mean[i % PIXELS]) * a->scale[i % PIXELS];
	is.cutout = 5;
	gather(a, &is, 0, x, y);
	for (int i = 0; i < ROWS; i++) {
		int zeros = 0;

		for (int j = 0; j < PIXELS; j++)
			zeros += fabs((double)x[i * PIXELS + j]) < 1e-4;
		assert_in_range(zeros, 4, 25);
		most = zeros > most ? zeros : most;
	}
	assert_int_equal(most, 25);
	free(a);
}

/* x and y are mixed by the same share, and y still sums to 1. */
static void mixup(void **state)
{
	struct images *a = images_new(10, 10);
	hebb_augmentation is = nothing();
	double least = 1;

	(void)state;
	for (int i = 0; i < ROWS; i++) /* the row's class is also its brightness */
		for (int j = 0; j < PIXELS; j++)
			a->x[i * PIXELS + j] = ((float)(i % CLASSES) - a->mean[j]) * a->scale[j];
	is.mixup = 0.5;
	gather(a, &is, 0, x, y);
	for (int i = 0; i < ROWS; i++) {
		double sum = 0, expected = 0;

		for (int k = 0; k < CLASSES; k++) {
			sum += (double)y[i * CLASSES + k];
			expected += k * (double)y[i * CLASSES + k];
		}
		test_near(sum, 1, 1e-6, "targets");
		test_near((double)x[i * PIXELS + 17], expected, 1e-4, "a pixel");
		least = fmin(least, (double)y[i * CLASSES + i % CLASSES]);
	}
	test_below(least, 0.65, "the strongest mixture");
	test_below(-least, -0.5 + 1e-6, "the strongest mixture");
	free(a);
}

static hebb_augmentation everything(void)
{
	hebb_augmentation is = hebb_augmentation_default(SIDE, SIDE);

	is.elastic = 30;
	is.cutout = 4;
	is.mixup = 0.3;
	return is;
}

/* A row depends on seed, epoch and index, not on what was asked for before or beside it. */
static void a_function_of_seed_epoch_and_row(void **state)
{
	struct images *a = images_new(6, 12);
	hebb_augmentation is = everything();
	hebb_augmented *made = augmented_new(a, &is);
	hebb_source source = hebb_augmented_source(made);
	float weight[2];

	(void)state;
	gather(a, &is, 3, x, y);
	source.begin(source.self, 3);
	for (int i = ROWS - 1; i >= 0; i--) {
		long long index[] = {i, 0};

		assert_int_equal(
			source.gather(source.self, 2, index, other_x, other_y, weight, NULL),
			HEBB_OK);
		for (int j = 0; j < PIXELS; j++)
			other_x[j] = other_x[j] / a->scale[j] + a->mean[j];
		assert_memory_equal(other_x, x + i * PIXELS, PIXELS * sizeof *x);
		assert_memory_equal(other_y, y + i * CLASSES, CLASSES * sizeof *y);
	}
	hebb_augmented_free(made);
	gather(a, &is, 4, other_x, other_y);
	assert_memory_not_equal(other_x, x, sizeof x);
	is.seed++;
	gather(a, &is, 3, other_x, other_y);
	assert_memory_not_equal(other_x, x, sizeof x);
	free(a);
}

static float *trained(int threads, int batch)
{
	struct images *a = images_new(6, 12);
	const hebb_layer layers[] = {hebb_dense(20, HEBB_RELU), hebb_dense(CLASSES, HEBB_SOFTMAX)};
	hebb_net *net = test_net(PIXELS, 2, layers, 1);
	hebb_augmentation is = everything();
	hebb_augmented *made = augmented_new(a, &is);
	hebb_source source = hebb_augmented_source(made);
	hebb_recipe recipe = hebb_recipe_default();
	hebb_error error;
	float *all;

	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.epochs = 3;
	recipe.batch = batch;
	recipe.threads = threads;
	hebb_trainer *trainer = test_trainer(net, &recipe);
	test_ok(hebb_train(trainer, &source, NULL, &error), &error);
	all = test_canonical(net, NULL);
	hebb_trainer_free(trainer);
	hebb_augmented_free(made);
	hebb_net_free(net);
	free(a);
	return all;
}

static void any_number_of_threads(void **state)
{
	size_t bytes = ((PIXELS + 1) * 20 + 21 * CLASSES) * sizeof(float);

	(void)state;
	for (int batch = 0; batch <= 38; batch += 19) {
		float *one = trained(1, batch);

		for (int threads = 2; threads <= 4; threads++) {
			float *more = trained(threads, batch);

			assert_memory_equal(more, one, bytes);
			free(more);
		}
		free(one);
	}
}

/* What a source is told and asked for. */
struct witness {
	int epochs, epoch, gathered; /* begun; the last one; calls in it */
};

static void note_epoch(void *self, int epoch)
{
	struct witness *w = self;

	assert_int_equal(epoch, w->epochs);
	w->epochs++;
	w->epoch = epoch;
	w->gathered = 0;
}

static hebb_status note_rows(void *self, int count, const long long *index, float *to_x,
			     float *to_y, float *weight, hebb_error *error)
{
	struct witness *w = self;

	(void)index, (void)weight, (void)error;
	assert_int_equal(w->epochs, w->epoch + 1);
	w->gathered++;
	memset(to_x, 0, (size_t)count * PIXELS * sizeof *to_x);
	memset(to_y, 0, (size_t)count * CLASSES * sizeof *to_y);
	return HEBB_OK;
}

/* Each epoch is announced, and its rows are asked for, though one batch holds them all; the next
 * training goes on counting. */
static void epochs_are_announced(void **state)
{
	const hebb_layer layer = hebb_dense(CLASSES, HEBB_SOFTMAX);
	hebb_recipe recipe = hebb_recipe_default();

	(void)state;
	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.epochs = 3;
	for (recipe.batch = 0; recipe.batch <= 10; recipe.batch += 10) {
		struct witness w = {0, -1, 0};
		hebb_source source = {.size = sizeof(hebb_source),
				      .self = &w,
				      .rows = ROWS,
				      .gather = note_rows,
				      .begin = note_epoch};
		hebb_net *net = test_net(PIXELS, 1, &layer, 1);
		hebb_trainer *trainer = test_trainer(net, &recipe);

		for (int again = 1; again <= 2; again++) {
			assert_int_equal(hebb_train(trainer, &source, NULL, NULL), HEBB_OK);
			assert_int_equal(w.epochs, 3 * again);
			assert_int_equal(w.gathered, recipe.batch ? ROWS / recipe.batch : 1);
		}
		hebb_trainer_free(trainer);
		hebb_net_free(net);
	}
}

/* Rows that one of several threads cannot get stop the training, with the sentence of the one that
 * failed. */
static hebb_status gather_but_one(void *self, int count, const long long *index, float *to_x,
				  float *to_y, float *weight, hebb_error *error)
{
	(void)self, (void)weight;
	for (int i = 0; i < count; i++) {
		if (index[i] == 33)
			return hebb_fail(error, HEBB_IO, "row 33 is lost");
		memset(to_x + i * PIXELS, 0, PIXELS * sizeof *to_x);
		memset(to_y + i * CLASSES, 0, CLASSES * sizeof *to_y);
	}
	return HEBB_OK;
}

static void a_thread_fails(void **state)
{
	const hebb_layer layer = hebb_dense(CLASSES, HEBB_SOFTMAX);
	hebb_net *net = test_net(PIXELS, 1, &layer, 1);
	hebb_source source = {
		.size = sizeof(hebb_source), .rows = ROWS, .gather = gather_but_one, .parallel = 1};
	hebb_recipe recipe = hebb_recipe_default();

	(void)state;
	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.batch = 0; /* enough inputs to share */
	for (recipe.threads = 1; recipe.threads <= 4; recipe.threads++) {
		hebb_trainer *trainer = test_trainer(net, &recipe);
		hebb_error error = {0};

		test_failed(hebb_train(trainer, &source, NULL, &error), &error, HEBB_IO,
			    "row 33 is lost");
		assert_int_equal(hebb_train(trainer, &source, NULL, NULL), HEBB_IO);
		hebb_trainer_free(trainer);
	}
	hebb_net_free(net);
}

static void refuse(const struct images *a, const hebb_augmentation *is, const char *mentioned)
{
	hebb_error error = {0};

	assert_null(hebb_augmented_new(&a->data, &a->coding, is, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, mentioned);
}

static void bad_numbers(void **state)
{
	struct images *a = images_new(1, 1);
	hebb_augmentation is = nothing();

	(void)state;
	is.shift = -1;
	refuse(a, &is, "shift is -1");
	is = nothing();
	is.scaling = 1;
	refuse(a, &is, "scaling is 1");
	is = nothing();
	is.rotation = NAN;
	refuse(a, &is, "rotation");
	is = nothing();
	is.elastic = 3;
	is.sigma = 0;
	refuse(a, &is, "sigma");
	is = nothing();
	is.size = 0;
	refuse(a, &is, "default()");
	is = nothing();
	a->coding.height = 0;
	refuse(a, &is, "only images");
	a->coding.height = SIDE - 1;
	refuse(a, &is, "only images");
	free(a);
}

/* The bits of images, on which the weights of a training depend, stay as they are. */
static void bits_stay(void **state)
{
	struct images *a = images_new(9, 12);
	hebb_augmentation is = hebb_augmentation_default(SIDE, SIDE);
	uint64_t hash = 0xCBF29CE484222325;

	(void)state;
	hebb_uniform(ROWS * PIXELS, a->x, 1, 2);
	is.elastic = 9;
	is.sigma = 2;
	is.mixup = 0.5;
	for (int epoch = 0; epoch < 3; epoch++) {
		gather(a, &is, epoch, x, y);
		is.cutout = 5;
		is.shift = 8;
		for (int i = 0; i < ROWS * PIXELS; i++) {
			uint32_t bits;

			memcpy(&bits, &x[i], sizeof bits);
			hash = (hash ^ bits) * 0x100000001B3;
		}
	}
	assert_true(hash == 0x3988C9700A8B10A8);
	free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_changes_nothing),
		cmocka_unit_test(shift),
		cmocka_unit_test(rotation),
		cmocka_unit_test(scaling_and_shear),
		cmocka_unit_test(elastic),
		cmocka_unit_test(cutout),
		cmocka_unit_test(mixup),
		cmocka_unit_test(a_function_of_seed_epoch_and_row),
		cmocka_unit_test(any_number_of_threads),
		cmocka_unit_test(epochs_are_announced),
		cmocka_unit_test(a_thread_fails),
		cmocka_unit_test(bad_numbers),
		cmocka_unit_test(bits_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
