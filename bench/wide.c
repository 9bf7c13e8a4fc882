/* SPDX-License-Identifier: MIT */
/*
 * wide.c - one thread's training steps of wide networks, as a share of the machine's peak
 *
 *     wide PARTS SIZES BATCH [RULE [PRECISION]]        wide 7 2048-2048-2048-10 512 sgd
 *
 * PARTS times about a tenth of a second; the median is shown. Each step has other rows, as in an
 * epoch. Operations are counted as in `hebb bench`.
 *
 *     cc -O2 -std=c11 -Iinclude bench/wide.c src/cli/command/peak.c build/libhebb.a -lm -lpthread
 */
#include <hebb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../src/cli/command/peak.h"

enum { LAYERS_MOST = 16, PARTS_MOST = 101, ROWS = 16384, WIDE = 100 };

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The sizes of a text as 64-30-10; returns the number of layers. */
static int read_sizes(const char *text, int *size)
{
	int count = 0;

	for (const char *p = text; p && count <= LAYERS_MOST; p = strchr(p, '-'))
		size[count++] = atoi(p += p != text);
	return count - 1;
}

static hebb_net *make_net(int L, const int *size, hebb_error *error)
{
	hebb_layer layer[LAYERS_MOST];

	for (int l = 0; l < L; l++)
		layer[l] = hebb_dense(size[l + 1], l + 1 < L        ? HEBB_RELU
						   : size[L] < WIDE ? HEBB_SOFTMAX
								    : HEBB_LINEAR);
	return hebb_net_new(size[0], L, layer, 1, NULL, error);
}

static double operations(int L, const int *size)
{
	double sum = -2.0 * size[0] * size[1];

	for (int l = 0; l < L; l++)
		sum += 6.0 * size[l] * size[l + 1];
	return sum;
}

static float *make_rows(int rows, int inputs)
{
	float *x = malloc((size_t)rows * (size_t)inputs * sizeof *x);
	unsigned state = 1;

	for (long long i = 0; x && i < (long long)rows * inputs; i++) {
		state = state * 1664525 + 1013904223;
		x[i] = (float)(state >> 8) * 0x1p-24f - 0.5f;
	}
	return x;
}

/* Seconds of a step. */
static double time_part(hebb_trainer *trainer, int rows, int inputs, int outputs, const float *x,
			const float *y)
{
	static int at;
	double begin = now_seconds(), end = begin;
	int steps = 0;

	for (; end - begin < 0.1; steps++, end = now_seconds()) {
		at = at + 2 * rows <= ROWS ? at + rows : 0;
		hebb_trainer_step(trainer, rows, x + (size_t)at * (size_t)inputs,
				  y + (size_t)at * (size_t)outputs, NULL, NULL, NULL);
	}
	return (end - begin) / steps;
}

int main(int count, char **argument)
{
	int size[LAYERS_MOST + 1], L = count > 3 ? read_sizes(argument[2], size) : 0;
	int parts = L > 0 ? atoi(argument[1]) : 0, rows = L > 0 ? atoi(argument[3]) : 0;
	double seconds[PARTS_MOST], peak = peak_gflops(hebb_kernels(NULL));
	hebb_recipe recipe = hebb_recipe_default();
	hebb_error error = {0};

	if (parts < 1 || parts > PARTS_MOST || rows < 1 || rows > ROWS)
		return 1;
	recipe.loss = size[L] < WIDE ? HEBB_CROSS_ENTROPY : HEBB_SQUARED;
	recipe.rule = count > 4 && strcmp(argument[4], "adam") == 0 ? HEBB_ADAM : HEBB_SGD;
	recipe.rate = 0.001;
	recipe.precision = count > 5 ? HEBB_BFLOAT16 : HEBB_FLOAT32;
	recipe.batch = rows;
	recipe.threads = 1;
	hebb_net *net = make_net(L, size, &error);
	hebb_trainer *trainer = net ? hebb_trainer_new(net, &recipe, NULL, &error) : NULL;
	float *x = make_rows(ROWS, size[0]), *y = calloc((size_t)ROWS * (size_t)size[L], sizeof *y);

	if (!trainer || !x || !y) {
		fprintf(stderr, "%s\n", error.message);
		return 1;
	}
	for (size_t i = 0; i < ROWS; i++)
		y[i * (size_t)size[L] + i % (size_t)size[L]] = 1;
	time_part(trainer, rows, size[0], size[L], x, y);
	for (int i = 0; i < parts; i++)
		seconds[i] = time_part(trainer, rows, size[0], size[L], x, y);
	qsort(seconds, (size_t)parts, sizeof *seconds, by_value);
	printf("%-28s %5d %9.4f ms %5.1f %%  fastest %5.1f %%  (peak %.0f)\n", argument[2], rows,
	       1e3 * seconds[parts / 2],
	       100e-9 * operations(L, size) * rows / seconds[parts / 2] / peak,
	       100e-9 * operations(L, size) * rows / seconds[0] / peak, peak);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	free(x);
	free(y);
	return 0;
}
