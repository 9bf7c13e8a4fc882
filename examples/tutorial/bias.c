/* SPDX-License-Identifier: MIT */
/*
 * bias.c - the tutorial's 2.3: what the bias of a node does, the curves of figure 6 as a table
 *
 * A curve passes 0.5 where x w + b = 0, so the node switches on at x = -b / w: at 1.6, 0 and -1.6.
 */
#include <stdio.h>
#include "hebb.h"

int main(void)
{
	const double w = 5.0;
	const double b1 = -8.0, b2 = 0.0, b3 = 8.0;
	const double b[] = {b1, b2, b3};

	printf("   x  b = -8.0   b = 0.0   b = 8.0\n");
	for (int i = -80; i < 80; i++) {
		double x = i / 10.0;

		printf("%4.1f", x);
		for (int k = 0; k < 3; k++)
			printf("  %.6f", hebb_activation_f(HEBB_SIGMOID, x * w + b[k]));
		printf("\n");
	}
	return 0;
}
