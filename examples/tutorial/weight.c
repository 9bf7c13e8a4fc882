/* SPDX-License-Identifier: MIT */
/* weight.c - the tutorial's 2.3: what the weight of a node does, figure 4 as a table */
#include <stdio.h>
#include "hebb.h"

int main(void)
{
	const double w1 = 0.5, w2 = 1.0, w3 = 2.0;
	const double w[] = {w1, w2, w3};

	printf("   x   w = 0.5   w = 1.0   w = 2.0\n");
	for (int i = -80; i < 80; i++) {
		double x = i / 10.0;

		printf("%4.1f", x);
		for (int k = 0; k < 3; k++)
			printf("  %.6f", hebb_activation_f(HEBB_SIGMOID, x * w[k]));
		printf("\n");
	}
	return 0;
}
