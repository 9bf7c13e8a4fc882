/* SPDX-License-Identifier: MIT */
/* reduce.c - two trainers, each with rows of its own, sum their gradients and learn as one */
#define _POSIX_C_SOURCE 200809L /* pthread_barrier_t */
#include <pthread.h>
#include <stdio.h>
#include "hebb_advanced.h"

static pthread_barrier_t both;
static struct member {
	float x[2], y[2], W, b, *gradient;
	double *numbers;
} member[2] = {{.x = {0, 1}, .y = {1, 4}}, {.x = {2, 3}, .y = {7, 10}}}; /* y = 3 x + 1 */

static hebb_status add(void *self, int layer, long long count, float *values, hebb_error *error)
{
	((struct member *)self)->gradient = values; /* W and b of the only layer */
	return layer || count != 2 ? hebb_fail(error, HEBB_BAD_SHAPE, "another net") : HEBB_OK;
}

/* When both trainers are here, the first one adds up for both. Then both continue. */
static hebb_status wait_for(void *self, int count, double *numbers, hebb_error *error)
{
	((struct member *)self)->numbers = numbers;
	pthread_barrier_wait(&both);
	for (int i = 0; self == &member[0] && i < 2; i++)
		member[1].gradient[i] = member[0].gradient[i] += member[1].gradient[i];
	for (int i = 0; self == &member[0] && i < count; i++)
		member[1].numbers[i] = member[0].numbers[i] += member[1].numbers[i];
	pthread_barrier_wait(&both);
	return count ? HEBB_OK : hebb_fail(error, HEBB_BAD_SHAPE, "no numbers");
}

static void *train(void *self)
{
	struct member *m = self;
	const hebb_layer layer = hebb_dense(1, HEBB_LINEAR);
	hebb_net *net = hebb_net_new(1, 1, &layer, 1, NULL, NULL);
	hebb_reduce reduce = hebb_reduce_by(add, wait_for, m);
	hebb_recipe recipe = hebb_recipe_default();
	recipe.reduce = &reduce;
	hebb_trainer *trainer = hebb_trainer_new(net, &recipe, NULL, NULL);
	for (int i = 0; i < 20000; i++)
		hebb_trainer_step(trainer, 2, m->x, m->y, NULL, NULL, NULL);
	hebb_net_get(net, 0, &m->W, &m->b, NULL);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return NULL;
}

int main(void)
{
	pthread_t thread;
	pthread_barrier_init(&both, NULL, 2);
	pthread_create(&thread, NULL, train, &member[1]);
	train(&member[0]);
	pthread_join(thread, NULL);
	for (int k = 0; k < 2; k++)
		printf("y = %.6f x + %.6f\n", (double)member[k].W, (double)member[k].b);
}
