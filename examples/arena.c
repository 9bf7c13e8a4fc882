/* SPDX-License-Identifier: MIT */
/* arena.c - without malloc(): network and trainer are in an array of this program and learn XOR */
#include <stdio.h>
#include "hebb_advanced.h"

enum { BYTES = 40000 };

static _Alignas(64) unsigned char memory[BYTES];

/* Trains in the arena and writes the outputs to h. Returns 1 if all went well. */
static int learn(hebb_arena *arena, float h[4], hebb_error *error)
{
	static const float x[4][2] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}}, y[4] = {0, 1, 1, 0};
	const hebb_layer layers[] = {hebb_dense(4, HEBB_TANH), hebb_dense(1, HEBB_SIGMOID)};
	hebb_allocator allocator = hebb_arena_allocator(arena);
	hebb_recipe recipe = hebb_recipe_default();
	hebb_net *net = hebb_net_new(2, 2, layers, 1, &allocator, error);
	hebb_trainer *trainer;
	int succeeded = 0;

	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.rate = 0.05;
	recipe.batch = 4; /* rows at a time: less scratch memory */
	recipe.threads = 1;
	trainer = net ? hebb_trainer_new(net, &recipe, &allocator, error) : NULL;
	for (int i = 0; trainer && i < 500; i++)
		if (hebb_trainer_gradient(trainer, 4, x[0], y, NULL, NULL, error) ||
		    hebb_trainer_update(trainer, error))
			break;
	for (int i = 0; trainer && i < 4; i++)
		succeeded += hebb_predict(net, x[i], &h[i], error) == HEBB_OK;
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return succeeded == 4;
}

int main(void)
{
	hebb_arena measure = {0}, arena = {.memory = memory, .size = sizeof memory};
	hebb_error error;
	float h[4];

	/* To find the size, run once where there is malloc(): an arena without memory measures. */
	if (!learn(&measure, h, &error) || !learn(&arena, h, &error)) {
		fprintf(stderr, "%s\n", error.message);
		return 1;
	}
	printf("%zu bytes of %d, the number that was measured: %s\n", arena.most, BYTES,
	       arena.most == measure.most ? "yes" : "no");
	printf("0 xor 1 = %.1f, 1 xor 1 = %.1f\n", (double)h[1], (double)h[3]);
	return 0;
}
