/* SPDX-License-Identifier: MIT */
/* backprop.c - the tutorial's 4.5 and 4.6: deltas and gradient of the 3-3-1 network, y = 0 */
#include <stdio.h>
#include <stdlib.h>
#include "hebb_advanced.h"

/* In the library's order: w1 by rows, b1, w2, b2. */
static double parameters[] = {0.2, 0.2, 0.2, 0.4, 0.4, 0.4, 0.6, 0.6,
			      0.6, 0.8, 0.8, 0.8, 0.5, 0.5, 0.5, 0.2};
static const char *const names[] = {"w_11^(1)", "w_12^(1)", "w_13^(1)", "w_21^(1)",
				    "w_22^(1)", "w_23^(1)", "w_31^(1)", "w_32^(1)",
				    "w_33^(1)", "b_1^(1)",  "b_2^(1)",  "b_3^(1)",
				    "w_11^(2)", "w_12^(2)", "w_13^(2)", "b_1^(2)"};

/* Fills in the trace and returns J = 1/2 (y - h)^2. */
static double run(hebb_trace *trace)
{
	const hebb_layer layers[] = {hebb_dense(3, HEBB_SIGMOID), hebb_dense(1, HEBB_SIGMOID)};
	const double x[] = {1.5, 2.0, 3.0}, y[] = {0};
	hebb_error error;

	if (hebb_trace_example(3, 2, layers, HEBB_SQUARED, parameters, x, y, trace, &error)) {
		fprintf(stderr, "%s\n", error.message);
		exit(1);
	}
	return trace->J;
}

/* dJ/dp, measured from outside: (J(p + e) - J(p - e)) / 2e. */
static double slope(int p)
{
	const double e = 1e-5, kept = parameters[p];
	hebb_trace trace = {.size = sizeof(hebb_trace)}; /* no arrays: only J is wanted */
	double above, below;

	parameters[p] = kept + e;
	above = run(&trace);
	parameters[p] = kept - e;
	below = run(&trace);
	parameters[p] = kept;
	return (above - below) / (2 * e);
}

int main(void)
{
	double delta[4], gradient[16];
	hebb_trace trace = {.size = sizeof(hebb_trace), .d = delta, .gradient = gradient};

	printf("J            %.8f\n", run(&trace));
	printf("delta_1^(3)  %.8f\n", delta[3]);
	for (int j = 0; j < 3; j++)
		printf("delta_%d^(2)  %.8f\n", j + 1, delta[j]);
	printf("\nof J by      backprop    slope\n");
	for (int p = 0; p < 16; p++)
		printf("%-11s  %.8f  %.8f\n", names[p], gradient[p], slope(p));
	return 0;
}
