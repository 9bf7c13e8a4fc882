/* SPDX-License-Identifier: MIT */
/*
 * looped.c - the tutorial's 3.1 and 3.2: the output of a 3-3-1 network by three nested loops
 *
 * All digits of the double are printed.  The tutorial's 0.8354 is how they begin: it is cut off
 * after four places; rounded it would be 0.8355.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST = 3 }; /* nodes in the widest layer */

static double f(double x)
{
	return 1 / (1 + exp(-x));
}

/* h = the output of the network.  w[l] has nodes[l + 1] rows of nodes[l] weights. */
static void simple_looped_nn_calc(int n_layers, const int *nodes, const double *x,
				  const double *const *w, const double *const *b, double *h)
{
	double node_in[MOST];

	for (int l = 0; l < n_layers - 1; l++) {
		memcpy(node_in, l == 0 ? x : h, (size_t)nodes[l] * sizeof *node_in);
		for (int i = 0; i < nodes[l + 1]; i++) {
			double f_sum = 0;

			for (int j = 0; j < nodes[l]; j++)
				f_sum += w[l][i * nodes[l] + j] * node_in[j];
			f_sum += b[l][i];
			h[i] = f(f_sum);
		}
	}
}

int main(void)
{
	const double w1[] = {0.2, 0.2, 0.2, 0.4, 0.4, 0.4, 0.6, 0.6, 0.6};
	const double w2[] = {0.5, 0.5, 0.5};
	const double b1[] = {0.8, 0.8, 0.8};
	const double b2[] = {0.2};
	const double *w[] = {w1, w2}, *b[] = {b1, b2};
	const double x[] = {1.5, 2.0, 3.0};
	const int nodes[] = {3, 3, 1};
	double h[MOST];

	simple_looped_nn_calc(3, nodes, x, w, b, h);
	printf("%.17f\n", h[0]);
	return 0;
}
