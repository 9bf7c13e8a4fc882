/* SPDX-License-Identifier: MIT */
/* sigmoid.c - the tutorial's 2.1: f(x) = 1 / (1 + exp(-x)) at the 160 points of its curve */
#include <stdio.h>
#include "hebb.h"

int main(void)
{
	printf("   x      f(x)\n");
	/* np.arange(-8, 8, 0.1), counted in integers, which gather no rounding errors. */
	for (int i = -80; i < 80; i++) {
		double x = i / 10.0, f = hebb_activation_f(HEBB_SIGMOID, x);

		printf("%4.1f  %.6f\n", x, f);
	}
	return 0;
}
