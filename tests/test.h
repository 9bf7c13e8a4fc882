/* SPDX-License-Identifier: MIT */
/*
 * test.h - what the tests of the core share
 *
 * Small helpers around hebb.h: random data that is the same everywhere, whole networks in canonical
 * order, and the reference at a network's own parameters.  Errors are measured normwise,
 * |a - b| / (|a| + |b|).
 */
#ifndef HEBB_TEST_H
#define HEBB_TEST_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "../src/core/core.h"

enum { TEST_LAYERS = 8 }; /* as many as the tests use */

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static inline void test_ok(hebb_status status, const hebb_error *error)
{
	if (status != HEBB_OK)
		fail_msg("%s: %s", hebb_strerror(status), error->message);
}

/* The call failed with this status, and its sentence mentions this. */
static inline void test_failed(hebb_status status, const hebb_error *error, hebb_status expected,
			       const char *mentioned)
{
	if (status != expected || error->status != expected || !strstr(error->message, mentioned))
		fail_msg("status %d, expected %d; the message should mention '%s': '%s'",
			 (int)status, (int)expected, mentioned, error->message);
	assert_null(strchr(error->message, '\n'));
}

/* Walks through all activations that hidden layers take, from 0 to 0: exp(exp(z)) is too large. */
static inline int test_hidden(int f)
{
	f += f + 1 == HEBB_EXP ? 2 : 1;
	return hebb_activation_name((hebb_activation)f) ? f : 0;
}

/* Walks through all rules that move each parameter by itself, from 0 to 0. */
static inline int test_rule(int rule)
{
	for (rule++; hebb_rule_name((hebb_rule)rule); rule++)
		if (hb_rule_of((hebb_rule)rule)->kernel != HB_UPDATES)
			return rule;
	return 0;
}

static inline void *test_memory(size_t bytes)
{
	void *memory = calloc(1, bytes ? bytes : 1);

	assert_non_null(memory);
	return memory;
}

static inline double *test_doubles(size_t n)
{
	return test_memory(n * sizeof(double));
}

/* n random numbers in [low, high). */
static inline float *test_floats(uint64_t seed, size_t n, double low, double high)
{
	float *x = test_memory(n * sizeof *x);

	hebb_uniform((long long)n, x, seed, 77);
	for (size_t i = 0; i < n; i++)
		x[i] = (float)(low + (high - low) * (double)x[i]);
	return x;
}

static inline double *test_widen(size_t n, const float *x)
{
	double *wide = test_doubles(n);

	for (size_t i = 0; i < n; i++)
		wide[i] = (double)x[i];
	return wide;
}

static inline double test_normwise(size_t n, const double *a, const double *b)
{
	double difference = 0, of_a = 0, of_b = 0;

	for (size_t i = 0; i < n; i++) {
		difference += (a[i] - b[i]) * (a[i] - b[i]);
		of_a += a[i] * a[i];
		of_b += b[i] * b[i];
	}
	return difference == 0 ? 0 : sqrt(difference) / (sqrt(of_a) + sqrt(of_b));
}

/* Not < rather than >=: NaN fails. */
static inline void test_below(double value, double limit, const char *what)
{
	if (!(value < limit))
		fail_msg("%s: %g, should be below %g", what, value, limit);
}

static inline void test_near(double value, double expected, double tolerance, const char *what)
{
	if (!(fabs(value - expected) <= tolerance))
		fail_msg("%s: %.17g, expected %.17g", what, value, expected);
}

static inline hebb_net *test_net(int inputs, int L, const hebb_layer *layers, uint64_t seed)
{
	hebb_error error;
	hebb_net *net = hebb_net_new(inputs, L, layers, seed, NULL, &error);

	if (!net)
		fail_msg("%s", error.message);
	return net;
}

static inline hebb_trainer *test_trainer(hebb_net *net, const hebb_recipe *recipe)
{
	hebb_error error;
	hebb_trainer *trainer = hebb_trainer_new(net, recipe, NULL, &error);

	if (!trainer)
		fail_msg("%s", error.message);
	return trainer;
}

static inline int test_inputs(const hebb_net *net, int layer)
{
	return layer ? hebb_net_layer(net, layer - 1)->units : hebb_net_inputs(net);
}

/* Parameters of a layer, biases included. */
static inline size_t test_layer_size(const hebb_net *net, int layer)
{
	const hebb_layer *l = hebb_net_layer(net, layer);

	if (l->kind == HEBB_BATCH_NORM || l->kind == HEBB_LAYER_NORM)
		return 2 * (size_t)l->units;
	return l->kind == HEBB_DENSE ? (size_t)l->units * ((size_t)test_inputs(net, layer) + 1) : 0;
}

/* Of these, the weights. */
static inline size_t test_weights(const hebb_net *net, int layer)
{
	size_t all = test_layer_size(net, layer);

	return all ? all - (size_t)hebb_net_layer(net, layer)->units : 0;
}

/* All parameters, or with a trainer all of its gradient, in canonical order. */
static inline float *test_canonical(const hebb_net *net, const hebb_trainer *trainer)
{
	float *all = test_memory((size_t)hebb_net_parameters(net) * sizeof *all), *at = all;

	for (int l = 0; l < hebb_net_layers(net); l++) {
		float *b = at + test_weights(net, l);

		assert_int_equal(trainer ? hebb_trainer_get_gradient(trainer, l, at, b, NULL)
					 : hebb_net_get(net, l, at, b, NULL),
				 HEBB_OK);
		at += test_layer_size(net, l);
	}
	return all;
}

static inline void test_set(hebb_net *net, const float *all)
{
	for (int l = 0; l < hebb_net_layers(net); l++) {
		const float *b = all + test_weights(net, l);

		assert_int_equal(hebb_net_set(net, l, all, b, NULL), HEBB_OK);
		all += test_layer_size(net, l);
	}
}

/* A row belongs to a class; every fourth to the next one too, so that its targets sum to 1.25. */
static inline float test_class(int row, int j, int m)
{
	if (j == row % m)
		return row % 4 ? 1 : 0.75f;
	return j == (row + 1) % m && row % 4 == 0 ? 0.5f : 0;
}

/* Targets that suit a loss: any numbers, classes, or labels in [0, 1], most of them 0 or 1. */
static inline float *test_targets(uint64_t seed, hebb_loss loss, hebb_activation output, int rows,
				  int m)
{
	float *y = test_floats(seed, (size_t)rows * m,
			       loss == HEBB_CROSS_ENTROPY || loss == HEBB_POISSON ? 0 : -1, 1);

	for (int i = 0; i < rows && loss == HEBB_CROSS_ENTROPY; i++)
		for (int j = 0; j < m; j++) {
			float *at = y + (size_t)i * m + j;

			if (output == HEBB_SOFTMAX)
				*at = test_class(i, j, m);
			else if (i % 4)
				*at = *at < 0.5f;
		}
	return y;
}

/* Examples in memory as a source. */
struct test_rows {
	int inputs, outputs;
	const float *x, *y;
};

static inline hebb_status test_gather(void *self, int count, const long long *index, float *x,
				      float *y, float *weight, hebb_error *error)
{
	const struct test_rows *rows = self;

	(void)weight;
	(void)error;
	for (int i = 0; i < count; i++) {
		memcpy(x + (ptrdiff_t)i * rows->inputs, rows->x + index[i] * rows->inputs,
		       rows->inputs * sizeof *x);
		memcpy(y + (ptrdiff_t)i * rows->outputs, rows->y + index[i] * rows->outputs,
		       rows->outputs * sizeof *y);
	}
	return HEBB_OK;
}

static inline hebb_source test_source(struct test_rows *rows, long long count)
{
	return (hebb_source){
		.size = sizeof(hebb_source), .self = rows, .rows = count, .gather = test_gather};
}

/* The reference at a network's own parameters: J, g and h may be NULL. */
static inline void test_reference(const hebb_net *net, hebb_loss loss, int rows, const float *x,
				  const float *y, const float *weight, double *J, double *g,
				  double *h)
{
	hebb_layer layers[TEST_LAYERS];
	int L = hebb_net_layers(net), inputs = hebb_net_inputs(net),
	    outputs = hebb_net_outputs(net);
	float *parameters = test_canonical(net, NULL);
	double *p = test_widen((size_t)hebb_net_parameters(net), parameters);
	double *wide_x = test_widen((size_t)rows * inputs, x);
	double *wide_y = y ? test_widen((size_t)rows * outputs, y) : NULL;
	double *wide_weight = weight ? test_widen((size_t)rows, weight) : NULL;

	assert_true(L <= TEST_LAYERS);
	for (int l = 0; l < L; l++)
		layers[l] = *hebb_net_layer(net, l);
	assert_int_equal(hb_reference(inputs, L, layers, loss, rows, wide_x, wide_y, wide_weight, p,
				      J, g, h, NULL),
			 HEBB_OK);
	free(parameters);
	free(p);
	free(wide_x);
	free(wide_y);
	free(wide_weight);
}

#endif /* HEBB_TEST_H */
