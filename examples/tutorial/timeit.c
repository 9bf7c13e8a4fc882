/* SPDX-License-Identifier: MIT */
/*
 * timeit.c - the tutorial's 3.3: the time of the loops in looped.c, for three layers and for four
 *
 * Printed as %timeit does.  The tutorial does not give the weights of its four layers; here they
 * are 3-3-3-1, the first weights used twice.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static void simple_looped_nn_calc(int n_layers, const int *nodes, const double *x,
				  const double *const *w, const double *const *b, double *h)
{
	double node_in[3];

	for (int l = 0; l < n_layers - 1; l++) {
		memcpy(node_in, l == 0 ? x : h, (size_t)nodes[l] * sizeof *node_in);
		for (int i = 0; i < nodes[l + 1]; i++) {
			double f_sum = b[l][i];

			for (int j = 0; j < nodes[l]; j++)
				f_sum += w[l][i * nodes[l] + j] * node_in[j];
			h[i] = 1 / (1 + exp(-f_sum));
		}
	}
}

int main(void)
{
	const double w1[] = {0.2, 0.2, 0.2, 0.4, 0.4, 0.4, 0.6, 0.6, 0.6}, w2[] = {0.5, 0.5, 0.5};
	const double b1[] = {0.8, 0.8, 0.8}, b2[] = {0.2}, x[] = {1.5, 2.0, 3.0};
	const double *w[][3] = {{w1, w2}, {w1, w1, w2}}, *b[][3] = {{b1, b2}, {b1, b1, b2}};
	const int nodes[][4] = {{3, 3, 1}, {3, 3, 3, 1}}, loops = 1000000;
	/* Read anew for each call, so that the compiler cannot leave out the repetitions. */
	void (*volatile calc)(int, const int *, const double *, const double *const *,
			      const double *const *, double *) = simple_looped_nn_calc;

	for (int net = 0; net < 2; net++) {
		double h[3], best = INFINITY;

		for (int repeat = 0; repeat < 3; repeat++) {
			clock_t start = clock();

			for (int i = 0; i < loops; i++)
				calc(net + 3, nodes[net], x, w[net], b[net], h);
			best = fmin(best, (double)(clock() - start) / CLOCKS_PER_SEC);
		}
		printf("%d loops, best of 3: %.0f ns per loop\n", loops, 1e9 * best / loops);
	}
	return 0;
}
