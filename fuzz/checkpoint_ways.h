/* SPDX-License-Identifier: MIT */
/* checkpoint_ways.h - the trainings whose checkpoints are fuzzed: what is optional in a trainer is
 * in one of them */
#ifndef HEBB_FUZZ_CHECKPOINT_WAYS_H
#define HEBB_FUZZ_CHECKPOINT_WAYS_H

#include <stdlib.h>
#include <string.h>
#include "hebb_io.h"

enum { WAYS = 6, WAY_ROWS = 5, WAY_INPUTS = 2 };

static const char *const way_name[WAYS] = {"adam",  "average", "accumulate",
					   "lbfgs", "norm",    "patience"};

typedef struct way {
	hebb_net *net;
	hebb_trainer *trainer;
} way;

static void way_recipe(int number, hebb_recipe *recipe)
{
	recipe->epochs = 3;
	recipe->batch = number == 3 ? 0 : 2;
	recipe->threads = 1;
	switch (number) {
	case 1:
		recipe->average = 0.9;
		recipe->schedule = HEBB_ONE_CYCLE;
		break;
	case 2:
		recipe->rule = HEBB_MOMENTUM;
		recipe->accumulate = 2;
		recipe->schedule = HEBB_STEP;
		break;
	case 3:
		recipe->rule = HEBB_LBFGS;
		break;
	case 4:
		recipe->rule = HEBB_RMSPROP;
		break;
	case 5:
		recipe->patience = 2;
		recipe->schedule = HEBB_PLATEAU;
		recipe->plateau = 2;
		break;
	}
}

static way way_begin(int number, const hebb_recipe *more)
{
	const hebb_layer plain[] = {hebb_dense(2, HEBB_TANH), hebb_dense(1, HEBB_LINEAR)},
			 norm[] = {hebb_dense(2, HEBB_TANH), hebb_batch_norm(HEBB_LINEAR),
				   hebb_dense(1, HEBB_LINEAR)};
	hebb_recipe recipe = *more;
	way w;

	way_recipe(number, &recipe);
	w.net = hebb_net_new(WAY_INPUTS, number == 4 ? 3 : 2, number == 4 ? norm : plain, 1, NULL,
			     NULL);
	w.trainer = w.net ? hebb_trainer_new(w.net, &recipe, NULL, NULL) : NULL;
	if (!w.trainer)
		abort();
	return w;
}

static void way_end(way done)
{
	hebb_trainer_free(done.trainer);
	hebb_net_free(done.net);
}

static hebb_status way_gather(void *self, int count, const long long *index, float *x, float *y,
			      float *weight, hebb_error *error)
{
	(void)self;
	(void)weight;
	(void)error;
	for (int i = 0; i < count; i++) {
		x[WAY_INPUTS * i] = (float)index[i] / WAY_ROWS;
		x[WAY_INPUTS * i + 1] = 1 - (float)(index[i] % 2);
		y[i] = (float)index[i] - 1;
	}
	return HEBB_OK;
}

static hebb_status way_train(way w, hebb_error *error)
{
	hebb_source source = {
		.rows = WAY_ROWS, .inputs = WAY_INPUTS, .outputs = 1, .gather = way_gather};

	return hebb_train(w.trainer, &source, &source, error);
}

#endif
