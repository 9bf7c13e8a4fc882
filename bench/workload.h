/* SPDX-License-Identifier: MIT */
/*
 * workload.h - what the peers in C share: the workloads, data in memory, the clock, the answer
 *
 * The counterpart of workloads.py: PEER WORKLOAD ROWS RUNS THREADS DIGITS prints one JSON object.
 * A workload is one of W1 to W6 or a shape, SIZES/BATCH/EPOCHS such as 64-64-64/32/5: relu, softmax
 * and SGD.  A program includes this file once.  x is rows x inputs, y is rows x outputs, one-hot;
 * every page is written before anything is timed.  All programs that use first_weights() begin with
 * the same network, so their losses and predictions must agree.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	LAYERS_MOST = 6,
	RUNS_MOST = 32,
	STRETCHES = 11,
	PREDICTED_ROWS = 10000,
	PREDICTED_SINGLE = 64 /* rows that are predicted one by one, over and over */
};

/* Rows of a block that a peer predicts at once; its fastest counts. */
static const int predicted_blocks[] = {500, 2000, PREDICTED_ROWS};
enum activation { SIGMOID, RELU, TANH, SOFTMAX };

typedef struct workload {
	const char *name;
	int layers, sizes[LAYERS_MOST + 1];
	enum activation hidden, output; /* SIGMOID: squared error; SOFTMAX: cross-entropy */
	int adam;
	float rate;
	int batch, epochs;
} workload;

static const workload workloads[] = {
	{"W1", 2, {64, 30, 10}, SIGMOID, SIGMOID, 0, 0.25f, 1078, 3000},
	{"W2", 2, {64, 30, 10}, SIGMOID, SIGMOID, 0, 0.25f, 32, 100},
	{"W3", 2, {784, 30, 10}, SIGMOID, SIGMOID, 0, 0.1f, 10, 1},
	{"W4", 2, {784, 800, 10}, RELU, SOFTMAX, 0, 0.05f, 128, 1},
	{"W4a", 2, {784, 800, 10}, RELU, SOFTMAX, 1, 0.001f, 128, 1},
	{"W5", 6, {784, 2500, 2000, 1500, 1000, 500, 10}, TANH, SOFTMAX, 0, 0.05f, 128, 1},
};

static const workload predicted[] = {
	{"3-3-1", 2, {3, 3, 1}, SIGMOID, SIGMOID, 0, 0, 1, 1},
	{"64-30-10", 2, {64, 30, 10}, SIGMOID, SIGMOID, 0, 0, 1, 1},
	{"784-800-10", 2, {784, 800, 10}, RELU, SOFTMAX, 0, 0, 1, 1},
};

#define LENGTH(array) ((int)(sizeof(array) / sizeof *(array)))

static void stop(const char *why)
{
	fprintf(stderr, "%s\n", why);
	exit(1);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, int count)
{
	qsort(values, (size_t)count, sizeof *values, by_value);
	return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

/* Zeros at a multiple of 64 bytes, written. */
static float *floats(size_t count)
{
	size_t bytes = (count * sizeof(float) + 63) / 64 * 64;
	float *found = aligned_alloc(64, bytes);

	if (!found)
		stop("out of memory");
	memset(found, 0, bytes);
	return found;
}

/* In [-0.5, 0.5). */
static float irregular(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return (float)(*state >> 8) * 0x1p-24f - 0.5f;
}

typedef struct rows {
	int count;
	float *x, *y;
} rows;

/* The weights of a layer, n x m, n the fan-in. */
static void first_weights(float *W, int n, int m, uint32_t *state)
{
	float range = 2 * sqrtf(6.0f / (float)(n + m));

	for (size_t i = 0; i < (size_t)n * (size_t)m; i++)
		W[i] = range * irregular(state);
}

/* Higher in the columns that belong to the class: one, or as many as there are for each. */
static void make_rows(rows *to, int inputs, int outputs)
{
	uint32_t state = 1;

	for (size_t i = 0; i < (size_t)to->count * (size_t)inputs; i++)
		to->x[i] = irregular(&state);
	for (int i = 0; i < to->count; i++) {
		int k = (int)((int64_t)i * 7 % outputs), each = inputs / outputs,
		    width = each ? each : 1;

		to->y[(size_t)i * (size_t)outputs + (size_t)k] = 1;
		for (int j = k * width; j < (k + 1) * width; j++)
			to->x[(size_t)i * (size_t)inputs + (size_t)(j % inputs)] += 0.5f;
	}
}

static rows take_rows(const workload *w, int count, const char *digits)
{
	int inputs = w->sizes[0], outputs = w->sizes[w->layers];
	size_t n = (size_t)count * (size_t)inputs, m = (size_t)count * (size_t)outputs;
	rows found = {count, floats(n), floats(m)};
	FILE *file;

	if (w->name[0] != 'W' || inputs != 64) {
		make_rows(&found, inputs, outputs);
		return found;
	}
	file = fopen(digits, "rb");
	if (!file || fread(found.x, sizeof(float), n, file) != n ||
	    fread(found.y, sizeof(float), m, file) != m)
		stop("the file of digits cannot be read");
	fclose(file);
	return found;
}

/* ---- What a peer provides -------------------------------------------------------------------- */

typedef struct peer peer;

/* A network that is to learn `data`, or, where that is NULL, to predict in blocks of `most`
 * rows. */
static peer *peer_new(const workload *w, const rows *data, int most);
static void peer_free(peer *done);
static void peer_train(peer *p, int epochs, int count); /* with the first rows of the data */
static double peer_loss(peer *p);                       /* of the first batch */
static const float *peer_predict(peer *p, int count, const float *x); /* the last outputs */

/* ---- Measuring ------------------------------------------------------------------------------- */

#ifndef CORE /* what the library takes the processor for */
#define CORE ""
#endif

static void time_training(const workload *w, int count, int runs, const char *digits)
{
	rows data = take_rows(w, count, digits);
	double seconds[RUNS_MOST], before = 0, after = 0;

	for (int i = 0; i < runs; i++) {
		peer *p = peer_new(w, &data, w->batch);
		double begin;

		peer_train(p, 1, w->batch < count ? w->batch : count); /* not timed */
		before = peer_loss(p);
		begin = now();
		peer_train(p, w->epochs, count);
		seconds[i] = now() - begin;
		after = peer_loss(p);
		peer_free(p);
	}
	printf("{\"seconds\": %.9f, \"rows\": %d, \"loss_before\": %.6f, \"loss_after\": "
	       "%.6f%s%s%s}\n",
	       median(seconds, runs), count, before, after, *CORE ? ", \"core\": \"" : "", CORE,
	       *CORE ? "\"" : "");
}

/* Predictions to be timed: `count` rows in blocks, or one row whose first input depends on the
 * output before it. */
typedef struct predictions {
	peer *p;
	int inputs, block, count;
	const float *x;
	float *row; /* NULL: they do not depend on each other */
} predictions;

static void predict_once(const predictions *these)
{
	if (these->row)
		for (int i = 0; i < these->count; i++)
			these->row[0] =
				these->x[0] + 0.001f * *peer_predict(these->p, 1, these->row);
	else
		for (int i = 0; i < these->count; i += these->block)
			peer_predict(these->p, these->block,
				     these->x + (size_t)i * (size_t)these->inputs);
}

/* Seconds of a row: the median of some stretches of 10 ms. */
static double seconds_of_row(const predictions *these)
{
	double stretch[STRETCHES], begin = now();
	int times = 0;

	for (; now() - begin < 0.01; times++)
		predict_once(these);
	for (int i = 0; i < STRETCHES; i++) {
		begin = now();
		for (int k = 0; k < times; k++)
			predict_once(these);
		stretch[i] = (now() - begin) / times / these->count;
	}
	return median(stretch, STRETCHES);
}

/* Of a row in the best of the blocks. */
static double seconds_in_blocks(const workload *w, const float *x)
{
	double least = INFINITY;

	for (int i = 0; i < LENGTH(predicted_blocks); i++) {
		int block = predicted_blocks[i];
		peer *p = peer_new(w, NULL, block);
		double found = seconds_of_row(
			&(predictions){p, w->sizes[0], block, PREDICTED_ROWS, x, NULL});

		least = found < least ? found : least;
		peer_free(p);
	}
	return least;
}

/* The sum of all outputs of the first rows, by which programs with the same weights can be
 * compared. */
static double sum_of_outputs(peer *p, const workload *w, const float *x)
{
	double sum = 0;

	for (int i = 0; i < PREDICTED_SINGLE; i++) {
		const float *h = peer_predict(p, 1, x + (size_t)i * (size_t)w->sizes[0]);

		for (int j = 0; j < w->sizes[w->layers]; j++)
			sum += h[j] * (j + 1);
	}
	return sum;
}

static float *rows_to_predict(const workload *w)
{
	size_t numbers = (size_t)PREDICTED_ROWS * (size_t)w->sizes[0];
	float *x = floats(numbers + 16); /* XNNPACK reads a little beyond the end */
	uint32_t state = 1;

	for (size_t i = 0; i < numbers; i++)
		x[i] = irregular(&state);
	return x;
}

static void time_predictions(void)
{
	printf("{\"latency\": {");
	for (int i = 0; i < LENGTH(predicted); i++) {
		const workload *w = &predicted[i];
		int inputs = w->sizes[0];
		float *x = rows_to_predict(w), *row = floats((size_t)inputs + 16);
		peer *p = peer_new(w, NULL, 1);
		predictions apart = {p, inputs, 1, PREDICTED_SINGLE, x, NULL}, chain = apart;

		memcpy(row, x, (size_t)inputs * sizeof *row);
		chain.row = row;
		printf("%s\"%s\": {\"microseconds\": %.6f, \"dependent\": %.6f, "
		       "\"rows_per_second\": %.1f, \"sum\": %.4f}",
		       i ? ", " : "", w->name, 1e6 * seconds_of_row(&apart),
		       1e6 * seconds_of_row(&chain), 1 / seconds_in_blocks(w, x),
		       sum_of_outputs(p, w, x));
		peer_free(p);
		free(x);
		free(row);
	}
	printf("}}\n");
}

/* A shape, such as 64-64-64/32/5. */
static workload shape_of(const char *name)
{
	workload found = {name, .hidden = RELU, .output = SOFTMAX, .rate = 0.05f};
	char *rest;

	found.sizes[0] = (int)strtol(name, &rest, 10);
	while (*rest == '-' && found.layers < LAYERS_MOST)
		found.sizes[++found.layers] = (int)strtol(rest + 1, &rest, 10);
	if (found.layers < 1 || sscanf(rest, "/%d/%d", &found.batch, &found.epochs) != 2)
		stop("there is no such workload");
	return found;
}

static workload workload_of(const char *name)
{
	for (int i = 0; i < LENGTH(workloads); i++)
		if (strcmp(name, workloads[i].name) == 0)
			return workloads[i];
	return shape_of(name);
}

int main(int argc, char **argv)
{
	if (argc != 6)
		stop("usage: PEER WORKLOAD ROWS RUNS THREADS DIGITS");
#ifdef PREPARE /* PREPARE(argv): what a program does with its arguments first; 1: all is done */
	if (PREPARE(argv))
		return 0;
#endif
	if (strcmp(argv[1], "W6") == 0) {
		time_predictions();
		return 0;
	}
	workload w = workload_of(argv[1]);
	int runs = atoi(argv[3]);

	if (runs < 1 || runs > RUNS_MOST)
		stop("between 1 and 32 runs");
	time_training(&w, atoi(argv[2]), runs, argv[5]);
	return 0;
}
