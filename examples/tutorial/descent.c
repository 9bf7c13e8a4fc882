/* SPDX-License-Identifier: MIT */
/* descent.c - the tutorial's 4.1: gradient descent on x^4 - 3 x^3 + 2, least at x = 2.25 */
#include <math.h>
#include <stdio.h>

static double df(double x)
{
	return 4 * x * x * x - 9 * x * x;
}

int main(void)
{
	double x_old = 0; /* only has to be further than precision from x_new */
	double x_new = 6;
	const double gamma = 0.01; /* the size of a step */
	const double precision = 0.00001;

	while (fabs(x_new - x_old) > precision) {
		x_old = x_new;
		x_new += -gamma * df(x_old);
	}
	printf("The local minimum occurs at %f\n", x_new);
	return 0;
}
