/* SPDX-License-Identifier: MIT */
/* custom_activation.c - an activation of your own: f and f', checked and trained */
#include <math.h>
#include <stdio.h>
#include "hebb_advanced.h"

/* f(z) = sin(self z): a wave, for periodic data (Sitzmann et al. 2020). */
static double wave(void *self, double z)
{
	return sin(*(double *)self * z);
}

static double wave_derivative(void *self, double z)
{
	return *(double *)self * cos(*(double *)self * z);
}

int main(void)
{
	static double frequency = 10;
	static const hebb_function f = {sizeof f, .name = "wave", .f = wave,
					.derivative = wave_derivative, .self = &frequency};
	enum { ROWS = 100 };
	hebb_layer layers[] = {hebb_dense(24, HEBB_CUSTOM), hebb_dense(1, HEBB_LINEAR)};
	float x[ROWS], y[ROWS];
	hebb_arrays arrays = {sizeof arrays, .rows = ROWS, .inputs = 1,
			      .outputs = 1,  .x = x,       .y = y};
	hebb_source source = hebb_arrays_source(&arrays);
	hebb_recipe recipe = hebb_recipe_default();
	hebb_gradient_check check = hebb_gradient_check_default();
	hebb_trainer *trainer = NULL;
	hebb_error error;
	hebb_net *net;
	double before, after;
	int ok;

	layers[0].function = &f;
	for (int i = 0; i < ROWS; i++) {
		x[i] = (float)(i - ROWS / 2) / 20;
		y[i] = (float)(cos(4 * x[i]) + x[i] / 2);
	}
	recipe.epochs = 300;
	recipe.rate = 0.01;
	ok = (net = hebb_net_new(1, 2, layers, 1, NULL, &error)) &&
	     !hebb_check_gradient(net, HEBB_SQUARED, ROWS, x, y, 0, &check, &error) &&
	     (trainer = hebb_trainer_new(net, &recipe, NULL, &error)) &&
	     !hebb_trainer_cost(trainer, ROWS, x, y, NULL, &before, &error) &&
	     !hebb_train(trainer, &source, NULL, &error) &&
	     !hebb_trainer_cost(trainer, ROWS, x, y, NULL, &after, &error);
	if (ok)
		printf("f' is %s; J %.3f before, %.4f after\n",
		       check.differences < 1e-6 ? "right" : "wrong", before, after);
	else
		fprintf(stderr, "%s\n", error.message);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return !ok;
}
