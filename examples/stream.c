/* SPDX-License-Identifier: MIT */
/* stream.c - rows that are never all in memory: one callback fetches each batch, another shows
 * progress */
#include <math.h>
#include <stdio.h>
#include "hebb_advanced.h"

/* A sensor: its angle in radians, and what it reads, with noise of +-0.1.  Here row i is computed;
 * a program would read it from a file, a database or a socket. */
static hebb_status fetch(void *self, int count, const long long *index, float *x, float *y,
			 float *weight, hebb_error *error)
{
	(void)self, (void)weight, (void)error;
	for (int i = 0; i < count; i++) {
		float u[2];

		hebb_uniform(2, u, 7, (uint64_t)index[i]);
		x[i] = 6.2831853f * u[0] - 3.1415927f;
		y[i] = sinf(x[i]) + 0.2f * u[1] - 0.1f;
	}
	return HEBB_OK; /* or  return hebb_fail(error, HEBB_IO, "the socket is closed"); */
}

static int watch(void *self, const hebb_progress *now)
{
	(void)self;
	if (now->epoch_ended)
		printf("epoch %d of %d: %lld rows, loss %.4f\n", now->epoch, now->epochs, now->rows,
		       now->loss);
	return 0; /* anything else stops the training: HEBB_STOPPED */
}

int main(void)
{
	const hebb_layer layers[] = {hebb_dense(32, HEBB_TANH), hebb_dense(1, HEBB_LINEAR)};
	const hebb_source source = {sizeof source, .rows = 20000, .gather = fetch,
				    .parallel = 1, .inputs = 1,   .outputs = 1};
	hebb_recipe recipe = hebb_recipe_default();
	hebb_error error;
	hebb_net *net = hebb_net_new(1, 2, layers, 1, NULL, &error);
	hebb_trainer *trainer;
	hebb_status status = HEBB_BAD_ARGUMENT;
	float x = 1.5707963f, h;

	recipe.epochs = 3;
	recipe.rate = 0.01;
	recipe.shuffle = 0; /* keep the order of the stream */
	recipe.progress = watch;
	trainer = net ? hebb_trainer_new(net, &recipe, NULL, &error) : NULL;
	if (trainer)
		status = hebb_train(trainer, &source, NULL, &error);
	if (status || hebb_predict(net, &x, &h, &error))
		fprintf(stderr, "%s\n", error.message);
	else
		printf("at a right angle: %.2f\n", h);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return status;
}
