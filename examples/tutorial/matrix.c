/* SPDX-License-Identifier: MIT */
/*
 * matrix.c - the tutorial's 3.4 and 3.5: z = W h + b and h = f(z) in C and by the library
 *
 * The library computes in float32: seven digits are certain, and six are printed of both.
 */
#include <stdio.h>
#include <stdlib.h>
#include "hebb.h"

static const float w1[] = {0.2f, 0.2f, 0.2f, 0.4f, 0.4f, 0.4f, 0.6f, 0.6f, 0.6f},
		   w2[] = {0.5f, 0.5f, 0.5f};
static const float b1[] = {0.8f, 0.8f, 0.8f}, b2[] = {0.2f};
static const float *const w[] = {w1, w2}, *const b[] = {b1, b2};
static const int nodes[] = {3, 3, 1};

static hebb_error error;

static void check(int ok)
{
	if (!ok) {
		fprintf(stderr, "%s\n", error.message);
		exit(1);
	}
}

static double matrix_feed_forward_calc(int n_layers, const float *x)
{
	double h[] = {x[0], x[1], x[2]}, z[3];

	for (int l = 0; l < n_layers - 1; l++) {
		for (int i = 0; i < nodes[l + 1]; i++) { /* z = w[l].dot(h) + b[l] */
			z[i] = b[l][i];
			for (int j = 0; j < nodes[l]; j++)
				z[i] += w[l][i * nodes[l] + j] * h[j];
		}
		for (int i = 0; i < nodes[l + 1]; i++)
			h[i] = hebb_activation_f(HEBB_SIGMOID, z[i]);
	}
	return h[0];
}

int main(void)
{
	const hebb_layer layers[] = {hebb_dense(3, HEBB_SIGMOID), hebb_dense(1, HEBB_SIGMOID)};
	const float x[] = {1.5f, 2.0f, 3.0f};
	hebb_net *net = hebb_net_new(3, 2, layers, 1, NULL, &error);
	float h;

	check(net != NULL);
	for (int l = 0; l < 2; l++)
		check(hebb_net_set(net, l, w[l], b[l], &error) == HEBB_OK);
	check(hebb_predict(net, x, &h, &error) == HEBB_OK);
	printf("matrix_feed_forward_calc  %.6f\n", matrix_feed_forward_calc(3, x));
	printf("hebb_predict              %.6f\n", h);
	hebb_net_free(net);
	return 0;
}
