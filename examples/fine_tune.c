/* SPDX-License-Identifier: MIT */
/* fine_tune.c - keeps a trained layer; a new layer after it learns another task from few
 * examples */
#include <stdio.h>
#include "hebb_io.h"

enum { ROWS = 1797, FEW = 100, SEED = 1 };
static float x[ROWS * 64];
static int digit[ROWS], even[ROWS];
static hebb_error error; /* of the first call that failed */

/* Returns 1 if all went well. */
static int train(hebb_net *net, int epochs, int rows, const int *label)
{
	hebb_arrays arrays = {
		.size = sizeof(hebb_arrays), .rows = rows, .inputs = 64, .x = x, .label = label};
	hebb_source source;
	hebb_recipe recipe = hebb_recipe_default();
	hebb_trainer *trainer;
	int ok;

	arrays.outputs = hebb_net_outputs(net);
	source = hebb_arrays_source(&arrays);
	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.epochs = epochs;
	trainer = hebb_trainer_new(net, &recipe, NULL, &error);
	ok = trainer && !hebb_train(trainer, &source, NULL, &error);
	hebb_trainer_free(trainer);
	return ok;
}

int main(void)
{
	const hebb_layer layers[] = {hebb_dense(64, HEBB_RELU), hebb_dense(10, HEBB_SOFTMAX)},
			 others[] = {hebb_dense(64, HEBB_RELU), hebb_dense(2, HEBB_SOFTMAX)};
	hebb_table *table = hebb_table_digits(&error);
	hebb_net *first = hebb_net_new(64, 2, layers, SEED, NULL, &error),
		 *second = hebb_net_new(64, 2, others, SEED, NULL, &error);
	float W[64 * 64], b[64], h[2];
	int right = 0, ok = table && first && second;

	for (int i = 0; ok && i < ROWS * 64; i++)
		x[i] = hebb_table_value(table, i / 64, i % 64) / 16;
	for (int i = 0; ok && i < ROWS; i++) {
		digit[i] = (int)hebb_table_value(table, i, 64);
		even[i] = digit[i] % 2 == 0;
	}
	ok = ok && train(first, 20, ROWS, digit) && !hebb_net_get(first, 0, W, b, &error) &&
	     !hebb_net_set(second, 0, W, b, &error) && !hebb_net_freeze(second, 0, 1, &error) &&
	     train(second, 300, FEW, even);
	for (int i = FEW; ok && i < ROWS; i++)
		right += !hebb_predict(second, x + i * 64, h, &error) && (h[1] > h[0]) == even[i];
	printf("%s%.0f %% of the others right after %d examples\n", ok ? "" : error.message,
	       100.0 * right / (ROWS - FEW), FEW);
	hebb_net_free(first), hebb_net_free(second), hebb_table_free(table);
	return !ok;
}
