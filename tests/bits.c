/* SPDX-License-Identifier: MIT */
/*
 * bits.c - trains small networks of every rule and activation and prints a hash of their weights,
 * and the bits of J
 *
 * Run by bits.sh for several compilers, builds, kernels and thread counts, whose output must not
 * differ.  Uses nothing but hebb.h, and integer arithmetic for its data.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "hebb.h"

enum { ROWS = 1100, INPUTS = 37, OUTPUTS = 5 };

static float x[ROWS][INPUTS], y[ROWS][OUTPUTS];

static hebb_status gather(void *self, int count, const long long *index, float *to_x, float *to_y,
			  float *weight, hebb_error *error)
{
	(void)self, (void)error;
	for (int i = 0; i < count; i++) {
		memcpy(to_x + (size_t)i * INPUTS, x[index[i]], sizeof x[0]);
		memcpy(to_y + (size_t)i * OUTPUTS, y[index[i]], sizeof y[0]);
		weight[i] = (float)(1 + index[i] % 3);
	}
	return HEBB_OK;
}

static void make_data(void)
{
	uint32_t state = 1;

	for (int i = 0; i < ROWS; i++) {
		for (int j = 0; j < INPUTS; j++) {
			state = state * 1664525u + 1013904223u;
			x[i][j] = (float)(state >> 16) / 32768 - 1;
		}
		y[i][(state >> 20) % OUTPUTS] = 1;
	}
}

static void fold(uint64_t *hash, const float *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t bits;

		memcpy(&bits, &values[i], sizeof bits);
		*hash = (*hash ^ bits) * 0x100000001b3u;
	}
}

static uint64_t hash_of(const hebb_net *net)
{
	uint64_t hash = 0xcbf29ce484222325u;
	int n = hebb_net_inputs(net);

	for (int l = 0; l < hebb_net_layers(net); l++) {
		int m = hebb_net_layer(net, l)->units;
		float *W = calloc((size_t)n * (size_t)m, sizeof *W),
		      *b = calloc((size_t)m, sizeof *b);

		if (W && b && hebb_net_get(net, l, W, b, NULL) == HEBB_OK) {
			fold(&hash, W, (size_t)n * (size_t)m);
			fold(&hash, b, (size_t)m);
		}
		if (W && b && hebb_net_layer(net, l)->kind == HEBB_BATCH_NORM &&
		    hebb_net_get_statistics(net, l, W, b, NULL) == HEBB_OK) {
			fold(&hash, W, (size_t)m);
			fold(&hash, b, (size_t)m);
		}
		free(W);
		free(b);
		n = m;
	}
	return hash;
}

/* Seven trainings more: all that may come to an update, with each schedule. */
static hebb_schedule schedule;

static void complete(hebb_recipe *recipe)
{
	recipe->schedule = schedule;
	recipe->warmup = schedule == HEBB_ONE_CYCLE ? 0 : 0.2;
	recipe->plateau = 1;
	recipe->decay = 0.3;
	recipe->l1 = 0.0001;
	recipe->clip = 0.1;
	recipe->accumulate = 3;
	recipe->max_norm = 1;
	recipe->average = 0.9;
}

static double smoothing;

/* The mean J of the last epoch. */
static int keep_loss(void *self, const hebb_progress *progress)
{
	memcpy(self, &progress->loss, sizeof progress->loss);
	return 0;
}

static int train_layers(hebb_rule rule, int count, const hebb_layer *layers, hebb_loss loss,
			int batch, int threads)
{
	hebb_activation hidden = layers[0].activation, output = layers[count - 1].activation;
	hebb_source source = {.size = sizeof(hebb_source), .rows = ROWS, .gather = gather};
	hebb_recipe recipe = hebb_recipe_default();
	hebb_error error = {.message = ""};
	hebb_trainer *trainer = NULL;
	hebb_net *net;
	uint64_t J = 0; /* the bits of a double */

	recipe.rule = rule;
	recipe.loss = loss;
	recipe.rate = rule <= HEBB_NESTEROV ? 0.05 : 0.002;
	recipe.l2 = 0.001;
	recipe.weight_decay = rule == HEBB_LBFGS ? 0 : 0.001;
	recipe.label_smoothing = smoothing;
	recipe.batch = batch;
	recipe.epochs = batch ? 1 : 4;
	recipe.threads = threads;
	recipe.progress = keep_loss;
	recipe.self = &J;
	if (schedule)
		complete(&recipe);
	net = hebb_net_new(INPUTS, count, layers, 42, NULL, &error);
	if (net)
		trainer = hebb_trainer_new(net, &recipe, NULL, &error);
	if (!trainer || hebb_train(trainer, &source, NULL, &error)) {
		fprintf(stderr, "bits: %s\n", error.message);
		return 1;
	}
	printf("%s %s %s %s %d %016llx %016llx\n", hebb_rule_name(rule),
	       hebb_activation_name(hidden), hebb_activation_name(output), hebb_loss_name(loss),
	       batch, (unsigned long long)hash_of(net), (unsigned long long)J);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return 0;
}

static int train(hebb_rule rule, hebb_activation hidden, hebb_activation output, hebb_loss loss,
		 int batch, int threads)
{
	hebb_layer layers[] = {hebb_dense(40, hidden), hebb_dense(17, hidden),
			       hebb_dense(OUTPUTS, output)};

	return train_layers(rule, 3, layers, loss, batch, threads);
}

/* With norms and a shortcut. */
static int train_normed(int batch, int threads)
{
	hebb_layer layers[] = {hebb_dense(40, HEBB_LINEAR),      hebb_batch_norm(HEBB_GELU),
			       hebb_dense(40, HEBB_LINEAR),      hebb_layer_norm(HEBB_RELU),
			       hebb_shortcut(1, HEBB_LINEAR),    hebb_dropout(0.2),
			       hebb_dense(OUTPUTS, HEBB_SOFTMAX)};

	return train_layers(HEBB_ADAM, 7, layers, HEBB_CROSS_ENTROPY, batch, threads);
}

/* What a network begins with. */
static int start(hebb_start how)
{
	hebb_layer layers[] = {{.size = sizeof(hebb_layer),
				.kind = HEBB_DENSE,
				.activation = HEBB_TANH,
				.start = how,
				.units = 40},
			       {.size = sizeof(hebb_layer),
				.kind = HEBB_DENSE,
				.activation = HEBB_TANH,
				.start = how,
				.units = 90}};
	hebb_net *net = hebb_net_new(INPUTS, 2, layers, 42, NULL, NULL);

	if (net)
		printf("%s %016llx\n", hebb_start_name(how), (unsigned long long)hash_of(net));
	hebb_net_free(net);
	return net == NULL;
}

int main(int argc, char **argv)
{
	int threads = argc > 1 ? atoi(argv[1]) : 1, failures = 0;

	make_data();
	for (int how = HEBB_START_AUTO; hebb_start_name((hebb_start)how); how++)
		failures += start((hebb_start)how);
	for (int rule = HEBB_SGD; hebb_rule_name((hebb_rule)rule); rule++)
		failures += train((hebb_rule)rule, HEBB_TANH, HEBB_SOFTMAX, HEBB_CROSS_ENTROPY,
				  rule % 2 && rule < HEBB_RPROP ? 32 : 0, threads);
	for (int f = HEBB_LINEAR; hebb_activation_name((hebb_activation)f); f++) {
		if (f == HEBB_EXP) /* exp(exp(z)) is too large */
			continue;
		failures += train(HEBB_ADAM, (hebb_activation)f, HEBB_SIGMOID, HEBB_CROSS_ENTROPY,
				  13, threads);
		failures += train(HEBB_SGD, (hebb_activation)f, (hebb_activation)f, HEBB_SQUARED, 0,
				  threads);
	}
	for (int s = HEBB_CONSTANT; hebb_schedule_name((hebb_schedule)s); s++) {
		schedule = (hebb_schedule)s;
		failures += train(HEBB_NESTEROV, HEBB_TANH, HEBB_SOFTMAX, HEBB_CROSS_ENTROPY,
				  s % 2 ? 32 : 0, threads);
	}
	schedule = HEBB_CONSTANT;
	for (int loss = HEBB_ABSOLUTE; hebb_loss_name((hebb_loss)loss); loss++)
		failures +=
			train(HEBB_ADAM, HEBB_TANH, loss == HEBB_POISSON ? HEBB_EXP : HEBB_LINEAR,
			      (hebb_loss)loss, 32, threads);
	smoothing = 0.1;
	failures += train(HEBB_ADAM, HEBB_TANH, HEBB_SOFTMAX, HEBB_CROSS_ENTROPY, 32, threads);
	failures += train(HEBB_ADAM, HEBB_TANH, HEBB_SIGMOID, HEBB_CROSS_ENTROPY, 32, threads);
	smoothing = 0;
	failures += train_normed(32, threads);
	failures += train_normed(0, threads);
	return failures != 0;
}
