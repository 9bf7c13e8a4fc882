/* SPDX-License-Identifier: MIT */
/* xor.c - four examples, two layers, and a training loop of your own */
#include <stdio.h>
#include "hebb.h"

int main(void)
{
	static const float x[4][2] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}}, y[4] = {0, 1, 1, 0};
	hebb_layer layers[] = {hebb_dense(4, HEBB_TANH), hebb_dense(1, HEBB_SIGMOID)};
	hebb_recipe recipe = hebb_recipe_default();
	hebb_error error;
	hebb_net *net = hebb_net_new(2, 2, layers, 1, NULL, &error);
	hebb_trainer *trainer;

	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.rate = 0.05;
	trainer = net ? hebb_trainer_new(net, &recipe, NULL, &error) : NULL;
	for (int i = 0; trainer && i < 500; i++)
		if (hebb_trainer_gradient(trainer, 4, x[0], y, NULL, NULL, &error) ||
		    hebb_trainer_update(trainer, &error))
			break;
	for (int i = 0; trainer && i < 4; i++) {
		float h;

		if (hebb_predict(net, x[i], &h, &error) == HEBB_OK)
			printf("%g xor %g = %.3f\n", x[i][0], x[i][1], h);
	}
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return 0;
}
