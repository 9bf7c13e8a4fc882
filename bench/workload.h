/* SPDX-License-Identifier: MIT */
/*
 * workload.h - what the peers in C share: the workloads, data in memory, the clock, the answer
 *
 * The counterpart of workloads.py: PEER WORKLOAD ROWS RUNS THREADS DIGITS prints one JSON object.
 * A program includes this file once.  x is rows x inputs, y is rows x outputs, one-hot; every page
 * is written before anything is timed.
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
	PREDICTED_BLOCK = 500
};
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

/* Higher in a tenth of the columns that belongs to the class. */
static void make_rows(rows *to, int inputs, int outputs)
{
	uint32_t state = 1;

	for (size_t i = 0; i < (size_t)to->count * (size_t)inputs; i++)
		to->x[i] = irregular(&state);
	for (int i = 0; i < to->count; i++) {
		int k = (int)((int64_t)i * 7 % outputs), width = inputs / outputs;

		to->y[(size_t)i * (size_t)outputs + (size_t)k] = 1;
		for (int j = k * width; j < (k + 1) * width; j++)
			to->x[(size_t)i * (size_t)inputs + (size_t)j] += 0.5f;
	}
}

static rows take_rows(const workload *w, int count, const char *digits)
{
	int inputs = w->sizes[0], outputs = w->sizes[w->layers];
	size_t n = (size_t)count * (size_t)inputs, m = (size_t)count * (size_t)outputs;
	rows found = {count, floats(n), floats(m)};
	FILE *file;

	if (inputs != 64) {
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
static void peer_predict(peer *p, int count, const float *x);

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

/* Seconds of a prediction of `count` rows: the median of some stretches of 20 ms. */
static double per_call(peer *p, int count, const float *x)
{
	double stretch[STRETCHES], begin = now();
	int calls = 0;

	while (now() - begin < 0.02) {
		peer_predict(p, count, x);
		calls++;
	}
	for (int i = 0; i < STRETCHES; i++) {
		begin = now();
		for (int k = 0; k < calls; k++)
			peer_predict(p, count, x);
		stretch[i] = (now() - begin) / calls;
	}
	return median(stretch, STRETCHES);
}

static void time_predictions(void)
{
	printf("{\"latency\": {");
	for (int i = 0; i < LENGTH(predicted); i++) {
		const workload *w = &predicted[i];
		size_t numbers = (size_t)PREDICTED_ROWS * (size_t)w->sizes[0];
		float *x = floats(numbers);
		peer *one = peer_new(w, NULL, 1), *many = peer_new(w, NULL, PREDICTED_BLOCK);
		uint32_t state = 1;

		for (size_t k = 0; k < numbers; k++)
			x[k] = irregular(&state);
		printf("%s\"%s\": {\"microseconds\": %.6f, \"rows_per_second\": %.1f}",
		       i ? ", " : "", w->name, 1e6 * per_call(one, 1, x),
		       PREDICTED_ROWS / per_call(many, PREDICTED_ROWS, x));
		peer_free(one);
		peer_free(many);
		free(x);
	}
	printf("}}\n");
}

int main(int argc, char **argv)
{
	if (argc != 6)
		stop("usage: PEER WORKLOAD ROWS RUNS THREADS DIGITS");
	if (strcmp(argv[1], "W6") == 0) {
		time_predictions();
		return 0;
	}
	for (int i = 0; i < LENGTH(workloads); i++)
		if (strcmp(argv[1], workloads[i].name) == 0) {
			int runs = atoi(argv[3]);

			if (runs < 1 || runs > RUNS_MOST)
				stop("between 1 and 32 runs");
			time_training(&workloads[i], atoi(argv[2]), runs, argv[5]);
			return 0;
		}
	stop("there is no such workload");
}
