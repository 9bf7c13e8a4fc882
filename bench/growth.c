/* SPDX-License-Identifier: MIT */
/*
 * growth.c - how time and memory grow with batch, width, depth, rows and threads
 *
 *     growth batch|width|depth|rows|threads|bandwidth
 *
 * A line of CSV for each size: the size, seconds (the fastest of several; of ten million rows one),
 * operations and bytes that must be moved for them, bytes of memory that the library's objects
 * hold.  All but `rows` time one step of training, gradient and update by SGD, on one thread;
 * `rows` an epoch of hebb_train() on rows that are computed when they are asked for, so that no
 * memory holds them.
 *
 * Operations: 6 for each weight and row, less 2 for those of the first layer.  Bytes: each weight
 * is read forward and, but in the first layer, back, its gradient written and read, itself read and
 * written; z, h and d of each unit and row are written and read.
 */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "hebb.h"

enum { DEPTH_MOST = 64, RUNS = 5 };

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void stop(const hebb_error *error)
{
	fprintf(stderr, "growth: %s\n", error->message);
	exit(1);
}

static float *numbers(size_t count)
{
	float *made = malloc(count * sizeof *made);
	unsigned state = 1;

	for (size_t i = 0; made && i < count; i++) {
		state = state * 1664525 + 1013904223;
		made[i] = (float)(state >> 8) * 0x1p-24f;
	}
	if (!made) {
		fprintf(stderr, "growth: out of memory\n");
		exit(1);
	}
	return made;
}

/* A network of `layers` layers of relu, the last with 10 outputs and softmax. */
static hebb_net *make_net(int inputs, int width, int layers)
{
	hebb_layer layer[DEPTH_MOST];
	hebb_error error = {.message = "out of memory"};
	hebb_net *net;

	for (int l = 0; l < layers; l++)
		layer[l] = l + 1 < layers ? hebb_dense(width, HEBB_RELU)
					  : hebb_dense(10, HEBB_SOFTMAX);
	net = hebb_net_new(inputs, layers, layer, 1, NULL, &error);
	if (!net)
		stop(&error);
	return net;
}

static hebb_recipe make_recipe(int batch, int threads)
{
	hebb_recipe recipe = hebb_recipe_default();

	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.rule = HEBB_SGD;
	recipe.rate = 0.001;
	recipe.batch = batch;
	recipe.threads = threads;
	recipe.epochs = 1;
	return recipe;
}

static void work_of(const hebb_net *net, double rows, double *operations, double *bytes)
{
	double inputs = hebb_net_inputs(net);

	*operations = *bytes = 0;
	for (int l = 0; l < hebb_net_layers(net); l++) {
		double units = hebb_net_layer(net, l)->units;

		*operations += (l ? 6 : 4) * inputs * units * rows;
		*bytes += 4 * ((l ? 6 : 5) * inputs * units + 6 * units * rows);
		inputs = units;
	}
}

/* Times one step of training and prints the line. */
static void step(double size, hebb_net *net, int rows, int threads)
{
	hebb_recipe recipe = make_recipe(rows, threads);
	hebb_error error = {.message = "out of memory"};
	hebb_trainer *trainer = hebb_trainer_new(net, &recipe, NULL, &error);
	float *x = numbers((size_t)rows * (size_t)hebb_net_inputs(net)),
	      *y = calloc((size_t)rows * 10, sizeof *y);
	double best = INFINITY, began = now(), operations, bytes;

	if (!trainer || !y)
		stop(&error);
	for (int i = 0; i < rows; i++)
		y[i * 10 + i % 10] = 1;
	for (int i = 0; i < 3 || (now() - began < 0.3 && i < 10000); i++) {
		double begin = now();

		if (hebb_trainer_gradient(trainer, rows, x, y, NULL, NULL, &error) ||
		    hebb_trainer_update(trainer, &error))
			stop(&error);
		best = fmin(best, now() - begin);
	}
	work_of(net, rows, &operations, &bytes);
	printf("%.0f,%.9f,%.0f,%.0f,%.0f\n", size, best, operations, bytes,
	       4.0 * (double)hebb_net_parameters(net) + (double)hebb_trainer_bytes(trainer));
	fflush(stdout);
	free(x);
	free(y);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
}

/* A row that follows from its number. */
static hebb_status gather(void *self, int count, const long long *index, float *x, float *y,
			  float *weight, hebb_error *error)
{
	(void)self, (void)weight, (void)error;
	for (int i = 0; i < count; i++) {
		for (int j = 0; j < 16; j++)
			x[i * 16 + j] = (float)((index[i] * (2 * j + 3) & 255) - 128) / 128;
		for (int j = 0; j < 10; j++)
			y[i * 10 + j] = j == index[i] % 10;
	}
	return HEBB_OK;
}

static void epoch(long long rows)
{
	hebb_net *net = make_net(16, 32, 2);
	hebb_recipe recipe = make_recipe(128, 1);
	hebb_source source = {.size = sizeof(hebb_source), .rows = rows, .gather = gather};
	hebb_error error = {.message = "out of memory"};
	double best = INFINITY, operations, bytes;
	hebb_trainer *trainer = hebb_trainer_new(net, &recipe, NULL, &error);

	if (!trainer)
		stop(&error);
	for (int i = 0; i < (rows > 1000000 ? 1 : RUNS); i++) {
		double begin = now();

		if (hebb_train(trainer, &source, NULL, &error))
			stop(&error);
		best = fmin(best, now() - begin);
	}
	work_of(net, (double)rows, &operations, &bytes);
	printf("%lld,%.9f,%.0f,%.0f,%.0f\n", rows, best, operations, bytes,
	       4.0 * (double)hebb_net_parameters(net) + (double)hebb_trainer_bytes(trainer) +
		       8.0 * (double)rows);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
}

/* Bytes a second of one thread that reads and writes memory far larger than any cache. */
static void bandwidth(void)
{
	const size_t count = (size_t)1 << 26;
	float *from = numbers(count), *to = numbers(count);
	double best = INFINITY;

	for (int i = 0; i < RUNS; i++) {
		double begin = now();

		memcpy(to, from, count * sizeof *to);
		best = fmin(best, now() - begin);
	}
	printf("bandwidth,%.9f,0,%.0f,%.0f\n", best, 2.0 * (double)(count * sizeof *to),
	       (double)to[count / 2]);
	free(from);
	free(to);
}

int main(int argc, char **argv)
{
	const char *axis = argc > 1 ? argv[1] : "";

	if (strcmp(axis, "batch") == 0)
		for (int rows = 1; rows <= 8192; rows *= 2)
			step(rows, make_net(784, 800, 2), rows, 1);
	else if (strcmp(axis, "width") == 0)
		for (int width = 8; width <= 8192; width *= 2)
			step(width, make_net(width, width, 3), 128, 1);
	else if (strcmp(axis, "depth") == 0)
		for (int depth = 1; depth <= DEPTH_MOST; depth *= 2)
			step(depth, make_net(256, 256, depth), 128, 1);
	else if (strcmp(axis, "rows") == 0)
		for (long long rows = 1000; rows <= 10000000; rows *= 10)
			epoch(rows);
	else if (strcmp(axis, "threads") == 0)
		for (int threads = 1; threads <= 8; threads *= 2)
			step(threads, make_net(784, 800, 2), 128, threads);
	else if (strcmp(axis, "bandwidth") == 0)
		bandwidth();
	else {
		fprintf(stderr, "usage: growth batch|width|depth|rows|threads|bandwidth\n");
		return 2;
	}
	return 0;
}
