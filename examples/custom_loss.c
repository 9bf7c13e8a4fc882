/* SPDX-License-Identifier: MIT */
/* custom_loss.c - a loss of your own: J and dJ/dh, checked and trained */
#include <stdio.h>
#include "hebb_advanced.h"

/* J = q e or (q - 1) e, e = y - h, is lowest if a share q of the rows lies below h. */
static double quantile(void *self, int outputs, const double *h, const double *y, double *dJ)
{
	double q = *(const double *)self, J = 0;

	for (int j = 0; j < outputs; j++) {
		double e = y[j] - h[j], slope = e > 0 ? q : q - 1;

		J += slope * e;
		if (dJ)
			dJ[j] = -slope;
	}
	return J;
}

int main(void)
{
	enum { ROWS = 400 };
	static double q = 0.9;
	static float x[ROWS], noise[ROWS], y[ROWS];
	const hebb_layer layers[] = {hebb_dense(16, HEBB_TANH), hebb_dense(1, HEBB_LINEAR)};
	hebb_arrays arrays = {sizeof arrays, ROWS, 1, 1, x, y, NULL, NULL};
	hebb_source source = hebb_arrays_source(&arrays);
	hebb_loss_function loss = hebb_loss_of("quantile", quantile, &q);
	hebb_gradient_check check = hebb_gradient_check_default();
	hebb_recipe recipe = hebb_recipe_default();
	hebb_trainer *trainer = NULL;
	hebb_net *net;
	hebb_error error;
	int ok, below = 0;
	float h = 0;

	hebb_uniform(ROWS, x, 1, 1);
	hebb_uniform(ROWS, noise, 1, 2);
	for (int i = 0; i < ROWS; i++)
		y[i] = x[i] * (1 + noise[i]);
	recipe.loss = HEBB_LOSS_CUSTOM;
	recipe.loss_function = &loss;
	recipe.epochs = 1000;
	ok = (net = hebb_net_new(1, 2, layers, 1, NULL, &error)) &&
	     !hebb_check_gradient_custom(net, &loss, 10, x, y, 0, &check, &error) &&
	     (trainer = hebb_trainer_new(net, &recipe, NULL, &error)) &&
	     !hebb_train(trainer, &source, NULL, &error);
	for (int i = 0; ok && i < ROWS; i++)
		below += !hebb_predict(net, &x[i], &h, NULL) && y[i] < h;
	if (ok)
		printf("dJ/dh is %s; %d %% of the rows lie below h\n",
		       check.differences < 1e-6 ? "right" : "wrong", 100 * below / ROWS);
	else
		fprintf(stderr, "%s\n", error.message);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return !ok;
}
