/* SPDX-License-Identifier: MIT */
/*
 * test_network.c - descriptions that are refused, starts, get and set, names
 */
#include <float.h>
#include <limits.h>
#include "test.h"

static void refuse(int inputs, int count, const hebb_layer *layers, const char *mentioned)
{
	hebb_error error = {0};

	assert_null(hebb_net_new(inputs, count, layers, 1, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, mentioned);
	assert_null(hebb_net_new(inputs, count, layers, 1, NULL, NULL));
}

static void refuse_second_layer(hebb_layer layer, const char *mentioned)
{
	const hebb_layer layers[] = {hebb_dense(3, HEBB_TANH), layer};

	refuse(2, 2, layers, mentioned);
	refuse(2, 2, layers, "layer 2");
}

static void bad_descriptions(void **state)
{
	const hebb_layer good = hebb_dense(3, HEBB_TANH);
	hebb_layer layer;

	(void)state;
	refuse(0, 1, &good, "inputs");
	refuse(-1, 1, &good, "inputs");
	refuse(HEBB_MAX_UNITS + 1, 1, &good, "inputs");
	refuse(2, 0, &good, "layers");
	refuse(2, -1, &good, "layers");
	refuse(2, HEBB_MAX_LAYERS + 1, &good, "layers");
	refuse_second_layer(hebb_dense(0, HEBB_TANH), "units");
	refuse_second_layer(hebb_dense(-7, HEBB_TANH), "units");
	refuse_second_layer(hebb_dense(1000000000, HEBB_TANH), "units");
	refuse_second_layer(hebb_dense(INT_MAX, HEBB_TANH), "units");
	refuse_second_layer(hebb_dense(1, (hebb_activation)0), "activation");
	refuse_second_layer(hebb_dense(1, (hebb_activation)99), "activation");
	refuse_second_layer(hebb_dense(1, (hebb_activation)-1), "activation");
	layer = good;
	layer.kind = (hebb_kind)0;
	refuse_second_layer(layer, "kind");
	layer = good;
	layer.start = (hebb_start)0;
	refuse_second_layer(layer, "start");
	refuse_second_layer((hebb_layer){0}, "layer 2");
}

/* Each size is possible, their product is not: said at once, without trying to have the memory. */
static void absurd_sizes(void **state)
{
	const hebb_layer widest = hebb_dense(HEBB_MAX_UNITS, HEBB_RELU);
	hebb_layer many[HEBB_MAX_LAYERS];

	(void)state;
	refuse(HEBB_MAX_UNITS, 1, &widest, "parameters");
	for (int l = 0; l < HEBB_MAX_LAYERS; l++)
		many[l] = hebb_dense(1500, HEBB_RELU);
	refuse(1500, HEBB_MAX_LAYERS, many, "parameters");
}

static void limits_are_possible(void **state)
{
	hebb_layer many[HEBB_MAX_LAYERS], one = hebb_dense(1, HEBB_LINEAR),
					  wide = hebb_dense(HEBB_MAX_UNITS, HEBB_RELU);
	float x = 1, h;
	hebb_net *net;

	(void)state;
	for (int l = 0; l < HEBB_MAX_LAYERS; l++)
		many[l] = hebb_dense(1, HEBB_SIGMOID);
	net = test_net(1, HEBB_MAX_LAYERS, many, 1);
	assert_int_equal(hebb_predict(net, &x, &h, NULL), HEBB_OK);
	assert_true(h > 0 && h < 1);
	hebb_net_free(net);
	net = test_net(1, 1, &wide, 1);
	assert_int_equal(hebb_net_outputs(net), HEBB_MAX_UNITS);
	hebb_net_free(net);
	net = test_net(HEBB_MAX_UNITS, 1, &one, 1);
	assert_int_equal(hebb_net_parameters(net), HEBB_MAX_UNITS + 1);
	hebb_net_free(net);
}

static void description_is_kept(void **state)
{
	hebb_layer layers[] = {hebb_dense(7, HEBB_GELU), hebb_dense(2, HEBB_SOFTMAX)};
	hebb_net *net = test_net(5, 2, layers, 1);

	(void)state;
	layers[0].units = 99; /* the layers were copied */
	assert_int_equal(hebb_net_inputs(net), 5);
	assert_int_equal(hebb_net_outputs(net), 2);
	assert_int_equal(hebb_net_layers(net), 2);
	assert_int_equal(hebb_net_layer(net, 0)->units, 7);
	assert_int_equal(hebb_net_layer(net, 0)->activation, HEBB_GELU);
	assert_int_equal(hebb_net_layer(net, 1)->activation, HEBB_SOFTMAX);
	assert_int_equal(hebb_net_layer(net, 1)->kind, HEBB_DENSE);
	assert_int_equal(hebb_net_parameters(net), 5 * 7 + 7 + 7 * 2 + 2);
	hebb_net_free(net);
	hebb_net_free(NULL);
}

/* The same description, and not a number drawn. */
static void blank(void **state)
{
	const hebb_layer layers[] = {{.size = sizeof(hebb_layer),
				      .kind = HEBB_DENSE,
				      .activation = HEBB_TANH,
				      .start = HEBB_START_ORTHOGONAL,
				      .units = 17},
				     hebb_batch_norm(HEBB_RELU),
				     hebb_dense(2, HEBB_LINEAR)};
	hebb_error error;
	hebb_net *net = hebb_net_blank(3, 3, layers, NULL, &error);

	(void)state;
	assert_non_null(net);
	assert_int_equal(hebb_net_layer(net, 0)->start, HEBB_START_ORTHOGONAL);
	assert_int_equal(hebb_net_layer(net, 1)->units, 17);
	for (size_t i = 0; i < net->plan->block; i++)
		assert_true(net->w[i] == 0);
	hebb_net_free(net);
	assert_null(hebb_net_blank(0, 3, layers, NULL, &error));
	test_failed(error.status, &error, HEBB_BAD_ARGUMENT, "inputs");
}

/* The range and the variance of W, and b. */
static void check_start(hebb_start start, hebb_activation activation, double low, double high)
{
	enum { N = 60, M = 90 };
	hebb_layer layer = {.size = sizeof(hebb_layer),
			    .kind = HEBB_DENSE,
			    .activation = activation,
			    .start = start,
			    .units = M};
	hebb_net *net = test_net(N, 1, &layer, 5);
	float W[N * M], b[M];
	double least = INFINITY, most = -INFINITY, mean = 0, variance = 0, width = high - low;

	assert_int_equal(hebb_net_get(net, 0, W, b, NULL), HEBB_OK);
	for (int k = 0; k < N * M; k++) {
		least = fmin(least, (double)W[k]);
		most = fmax(most, (double)W[k]);
		mean += (double)W[k] / (N * M);
	}
	for (int k = 0; k < N * M; k++)
		variance += pow((double)W[k] - mean, 2) / (N * M);
	assert_true(least >= low - 1e-6 && most <= high + 1e-6);
	test_near(least, low, width * 0.01, "the smallest");
	test_near(most, high, width * 0.01, "the largest");
	test_near(variance, width * width / 12, width * width * 0.004, "the variance");
	for (int i = 0; i < M; i++)
		assert_true(start == HEBB_START_UNIFORM01 ? b[i] > 0 && b[i] < 1 : b[i] == 0);
	hebb_net_free(net);
}

static void starts(void **state)
{
	const double glorot = sqrt(6.0 / 150), he = sqrt(6.0 / 60), lecun = sqrt(3.0 / 60);

	(void)state;
	check_start(HEBB_START_UNIFORM01, HEBB_SIGMOID, 0, 1);
	check_start(HEBB_START_GLOROT, HEBB_RELU, -glorot, glorot);
	check_start(HEBB_START_HE, HEBB_TANH, -he, he);
	check_start(HEBB_START_LECUN, HEBB_TANH, -lecun, lecun);
	check_start(HEBB_START_AUTO, HEBB_RELU, -he, he);
	check_start(HEBB_START_AUTO, HEBB_LEAKY_RELU, -he, he);
	check_start(HEBB_START_AUTO, HEBB_GELU, -he, he);
	check_start(HEBB_START_AUTO, HEBB_ELU, -he, he);
	check_start(HEBB_START_AUTO, HEBB_SILU, -he, he);
	check_start(HEBB_START_AUTO, HEBB_SOFTPLUS, -he, he);
	check_start(HEBB_START_AUTO, HEBB_SELU, -lecun, lecun);
	check_start(HEBB_START_AUTO, HEBB_HARD_SIGMOID, -glorot, glorot);
	check_start(HEBB_START_AUTO, HEBB_HARD_TANH, -glorot, glorot);
	check_start(HEBB_START_AUTO, HEBB_SIGMOID, -glorot, glorot);
	check_start(HEBB_START_AUTO, HEBB_TANH, -glorot, glorot);
	check_start(HEBB_START_AUTO, HEBB_SOFTMAX, -glorot, glorot);
	check_start(HEBB_START_AUTO, HEBB_LINEAR, -glorot, glorot);
}

/* Rows orthonormal, or columns where there are more rows. */
static void check_orthogonal(int n, int m)
{
	hebb_layer layer = {.size = sizeof(hebb_layer),
			    .kind = HEBB_DENSE,
			    .activation = HEBB_TANH,
			    .start = HEBB_START_ORTHOGONAL,
			    .units = m};
	hebb_net *net = test_net(n, 1, &layer, 5);
	float *W = test_memory((size_t)n * m * sizeof *W), *b = test_memory((size_t)m * sizeof *b);
	int count = m < n ? m : n, length = m < n ? n : m, next = m < n ? 1 : n,
	    row = m < n ? n : 1;

	assert_int_equal(hebb_net_get(net, 0, W, b, NULL), HEBB_OK);
	for (int i = 0; i < count; i++)
		for (int j = 0; j <= i; j++) {
			double dot = 0;

			for (int k = 0; k < length; k++)
				dot += (double)W[i * row + k * next] *
				       (double)W[j * row + k * next];
			test_near(dot, i == j, 1e-6, "a product of rows or columns");
		}
	for (int i = 0; i < m; i++)
		assert_true(b[i] == 0);
	free(W);
	free(b);
	hebb_net_free(net);
}

static void orthogonal(void **state)
{
	(void)state;
	check_orthogonal(1, 1);
	check_orthogonal(1, 7);
	check_orthogonal(7, 1);
	check_orthogonal(33, 33);
	check_orthogonal(64, 30);
	check_orthogonal(30, 64);
	check_orthogonal(257, 129);
}

/* |row of W| = beta, b within +-beta and all over it; beta^n = 0.7^n m. */
static void check_nguyen_widrow(int n, int m)
{
	hebb_layer layer = {.size = sizeof(hebb_layer),
			    .kind = HEBB_DENSE,
			    .activation = HEBB_TANH,
			    .start = HEBB_START_NGUYEN_WIDROW,
			    .units = m};
	hebb_net *net = test_net(n, 1, &layer, 5);
	float *W = test_memory((size_t)n * m * sizeof *W), *b = test_memory((size_t)m * sizeof *b);
	double beta = 0.7 * pow(m, 1.0 / n), least = INFINITY, most = -INFINITY, mean = 0;

	assert_int_equal(hebb_net_get(net, 0, W, b, NULL), HEBB_OK);
	for (int i = 0; i < m; i++) {
		double square = 0;

		for (int j = 0; j < n; j++) {
			square += (double)W[i * n + j] * (double)W[i * n + j];
			mean += (double)W[i * n + j];
		}
		test_near(sqrt(square), beta, 1e-6 * beta, "the length of a row");
		least = fmin(least, (double)b[i]);
		most = fmax(most, (double)b[i]);
	}
	assert_true(fabs(mean) <
		    4 * beta * sqrt(m)); /* |sum of a row| <= beta sqrt(n), its sd beta */
	assert_true(least >= -beta && most <= beta && most - least > 1.8 * beta);
	free(W);
	free(b);
	hebb_net_free(net);
}

static void nguyen_widrow(void **state)
{
	(void)state;
	check_nguyen_widrow(1, 50);
	check_nguyen_widrow(2, 100);
	check_nguyen_widrow(64, 90);
	check_nguyen_widrow(3000, 60);
}

static int same_parameters(const hebb_net *a, const hebb_net *b)
{
	float *p = test_canonical(a, NULL), *q = test_canonical(b, NULL);
	int same = memcmp(p, q, (size_t)hebb_net_parameters(a) * sizeof *p) == 0;

	free(p);
	free(q);
	return same;
}

/* The seed decides; layers of equal shape start differently. */
static void seeds(void **state)
{
	const hebb_layer layers[] = {hebb_dense(4, HEBB_TANH), hebb_dense(4, HEBB_TANH)};
	hebb_net *a = test_net(4, 2, layers, 1), *b = test_net(4, 2, layers, 1),
		 *c = test_net(4, 2, layers, 2);
	float W[16], V[16];

	(void)state;
	assert_true(same_parameters(a, b));
	assert_false(same_parameters(a, c));
	assert_int_equal(hebb_net_get(a, 0, W, NULL, NULL), HEBB_OK);
	assert_int_equal(hebb_net_get(a, 1, V, NULL, NULL), HEBB_OK);
	assert_memory_not_equal(W, V, sizeof W);
	hebb_net_free(a);
	hebb_net_free(b);
	hebb_net_free(c);
}

static void get_and_set(void **state)
{
	const hebb_layer layers[] = {hebb_dense(35, HEBB_TANH), hebb_dense(17, HEBB_LINEAR)};
	hebb_net *net = test_net(19, 2, layers, 1), *copy;
	float *p = test_floats(8, (size_t)hebb_net_parameters(net), -1, 1), *back, b[35];

	(void)state;
	test_set(net, p);
	back = test_canonical(net, NULL);
	assert_memory_equal(back, p, (size_t)hebb_net_parameters(net) * sizeof *p);
	copy = hebb_net_copy(net, NULL, NULL);
	assert_true(same_parameters(net, copy));
	memset(b, 0, sizeof b);
	assert_int_equal(hebb_net_set(copy, 0, NULL, b, NULL),
			 HEBB_OK); /* b alone; the copy is its own */
	assert_false(same_parameters(net, copy));
	assert_int_equal(hebb_net_get(copy, 0, back, NULL, NULL), HEBB_OK);
	assert_memory_equal(back, p, 19 * 35 * sizeof *p);
	free(p);
	free(back);
	hebb_net_free(net);
	hebb_net_free(copy);
}

static void bad_get_and_set(void **state)
{
	const hebb_layer layer = hebb_dense(2, HEBB_TANH);
	hebb_net *net = test_net(2, 1, &layer, 1), *before = hebb_net_copy(net, NULL, NULL);
	float W[4] = {0}, b[2] = {0};
	hebb_error error;

	(void)state;
	test_failed(hebb_net_get(net, 1, W, b, &error), &error, HEBB_BAD_ARGUMENT, "layer 1");
	test_failed(hebb_net_get(net, -1, W, b, &error), &error, HEBB_BAD_ARGUMENT, "layer -1");
	test_failed(hebb_net_set(net, 1, W, b, &error), &error, HEBB_BAD_ARGUMENT, "layer 1");
	W[3] = NAN;
	test_failed(hebb_net_set(net, 0, W, b, &error), &error, HEBB_BAD_ARGUMENT, "finite");
	W[3] = 0;
	b[1] = INFINITY;
	test_failed(hebb_net_set(net, 0, W, b, &error), &error, HEBB_BAD_ARGUMENT, "finite");
	assert_true(same_parameters(net, before)); /* not even W was set */
	hebb_net_free(net);
	hebb_net_free(before);
}

/* test_enums.c has all of them. */
static void names(void **state)
{
	(void)state;
	assert_string_equal(hebb_activation_name(HEBB_LEAKY_RELU), "leaky-relu");
	assert_null(hebb_activation_name((hebb_activation)0));
	assert_null(hebb_activation_name((hebb_activation)-1));
	assert_null(hebb_start_name((hebb_start)0));
	assert_null(hebb_loss_name((hebb_loss)99));
	assert_int_equal(hebb_activation_find("exp"), HEBB_EXP);
	assert_int_equal(hebb_activation_find("swish"), 0);
	assert_int_equal(hebb_start_find(""), 0);
	assert_int_equal(hebb_loss_find("Squared"), 0);
	assert_int_equal(hebb_rule_find("adamw "), 0);
	assert_int_equal(hebb_precision_find("bf"), 0);
	assert_int_equal(hebb_schedule_find("cos"), 0);
}

static void errors(void **state)
{
	hebb_error error = {.line = 3};
	char longest[2000];

	(void)state;
	assert_non_null(hebb_strerror((hebb_status)99));
	assert_string_equal(hebb_version(), HEBB_VERSION);
	assert_int_equal(hebb_fail(&error, HEBB_IO, "%s:%d", "file", 7), HEBB_IO);
	assert_string_equal(error.message, "file:7");
	assert_int_equal(error.line, 0);
	assert_int_equal(hebb_fail(NULL, HEBB_IO, "nobody listens"), HEBB_IO);
	memset(longest, 'x', sizeof longest);
	longest[sizeof longest - 1] = 0;
	hebb_fail(&error, HEBB_IO, "%s", longest);
	assert_int_equal(strlen(error.message), sizeof error.message - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_descriptions),
		cmocka_unit_test(absurd_sizes),
		cmocka_unit_test(limits_are_possible),
		cmocka_unit_test(description_is_kept),
		cmocka_unit_test(blank),
		cmocka_unit_test(starts),
		cmocka_unit_test(orthogonal),
		cmocka_unit_test(nguyen_widrow),
		cmocka_unit_test(seeds),
		cmocka_unit_test(get_and_set),
		cmocka_unit_test(bad_get_and_set),
		cmocka_unit_test(names),
		cmocka_unit_test(errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
