/* SPDX-License-Identifier: MIT */
/*
 * forest.c - a small random forest (forest.h)
 *
 * Each tree is grown on rows drawn with replacement. A node is divided where the squared error
 * falls most, which for classes of 0 and 1 is Gini's impurity; it looks at a third of the inputs,
 * for classes at the square root of them. Values are compared in up to BINS ranks. A tree answers
 * the test rows while it grows: they go down with the rows of training, and none is kept.
 */
#include "forest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BINS = 64, LEAF_LEAST = 2, DEPTH_MOST = 16 };

typedef struct grower {
	const struct hb_forest *of;
	unsigned char *rank, *test_rank; /* rows x inputs */
	int *row, *test_row;             /* of the tree; a node has a part of each */
	double *sum;                     /* BINS x (1 + outputs): rows and targets of each rank */
	double *left, *all;              /* 1 + outputs */
	float *h;
	int tries; /* inputs that a node looks at */
	uint64_t seed, drawn;
} grower;

/* splitmix64 */
static uint64_t draw(grower *g, uint64_t below)
{
	uint64_t z = g->seed + ++g->drawn * 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return (z ^ z >> 31) % below;
}

/* ---- Ranks ---- */

static int by_value(const void *a, const void *b)
{
	float x, y;

	memcpy(&x, a, sizeof x);
	memcpy(&y, b, sizeof y);
	return (x > y) - (x < y);
}

/* How many of the sorted limits are below a value. */
static unsigned char rank_of(const float *limit, float value)
{
	int rank = 0;

	for (int i = 0; i < BINS - 1; i++)
		rank += limit[i] < value;
	return (unsigned char)rank;
}

static void rank_input(const grower *g, int input, float *value)
{
	const struct hb_forest *of = g->of;
	float limit[BINS - 1];

	for (long long i = 0; i < of->train_rows; i++)
		value[i] = of->x[i * of->inputs + input];
	qsort(value, (size_t)of->train_rows, sizeof *value, by_value);
	for (int i = 0; i < BINS - 1; i++)
		limit[i] = value[(i + 1) * (of->train_rows - 1) / BINS];
	for (long long i = 0; i < of->train_rows; i++)
		g->rank[i * of->inputs + input] = rank_of(limit, of->x[i * of->inputs + input]);
	for (long long i = 0; i < of->test_rows; i++)
		g->test_rank[i * of->inputs + input] =
			rank_of(limit, of->test_x[i * of->inputs + input]);
}

/* ---- A node ---- */

/* Adds a row to sums of rows and targets; a missing target counts as 0. */
static void add(const struct hb_forest *of, int row, double *sum)
{
	sum[0]++;
	for (int k = 0; k < of->outputs; k++)
		sum[1 + k] += isnan(of->y[row][k]) ? 0 : (double)of->y[row][k];
}

/* By how much dividing falls short of the whole squared error: the sum of squares over the rows. */
static double score(int outputs, const double *sum)
{
	double squares = 0;

	for (int k = 1; k <= outputs; k++)
		squares += sum[k] * sum[k];
	return sum[0] > 0 ? squares / sum[0] : 0;
}

/* The best rank up to which rows of a node go left by an input; -1: none is better than *best. */
static int find_rank(grower *g, const int *row, int rows, int input, double *best)
{
	const struct hb_forest *of = g->of;
	size_t width = 1 + (size_t)of->outputs;
	int at = -1;

	memset(g->sum, 0, BINS * width * sizeof *g->sum);
	memset(g->left, 0, width * sizeof *g->left);
	for (int i = 0; i < rows; i++)
		add(of, row[i],
		    g->sum + g->rank[(size_t)row[i] * (size_t)of->inputs + (size_t)input] * width);
	for (int r = 0; r < BINS - 1; r++) {
		double right, found = 0;

		if (g->sum[(size_t)r * width] == 0)
			continue;
		for (size_t k = 0; k < width; k++)
			g->left[k] += g->sum[(size_t)r * width + k];
		right = g->all[0] - g->left[0];
		if (g->left[0] < LEAF_LEAST || right < LEAF_LEAST)
			continue;
		for (int k = 1; k <= of->outputs; k++)
			found += (g->all[k] - g->left[k]) * (g->all[k] - g->left[k]) / right;
		found += score(of->outputs, g->left);
		at = found > *best ? r : at;
		*best = fmax(found, *best);
	}
	return at;
}

/* Moves the rows that go left to the front; how many they are. */
static int part(const grower *g, const unsigned char *rank, int *row, int rows, int input, int most)
{
	int left = 0;

	for (int i = 0; i < rows; i++) {
		int one = row[i];

		if (rank[(size_t)one * (size_t)g->of->inputs + (size_t)input] > most)
			continue;
		row[i] = row[left];
		row[left++] = one;
	}
	return left;
}

static void answer(const grower *g, const int *test_row, int test_rows)
{
	int outputs = g->of->outputs;

	for (int i = 0; i < test_rows; i++)
		for (int k = 0; k < outputs; k++)
			g->h[(size_t)test_row[i] * (size_t)outputs + (size_t)k] +=
				(float)(g->all[1 + k] / g->all[0] / HB_TREES);
}

static void grow(grower *g, int *row, int rows, int *test_row, int test_rows, int depth)
{
	const struct hb_forest *of = g->of;
	int input = -1, rank = -1;

	if (test_rows == 0)
		return;
	memset(g->all, 0, (1 + (size_t)of->outputs) * sizeof *g->all);
	for (int i = 0; i < rows; i++)
		add(of, row[i], g->all);
	double best = score(of->outputs, g->all) * (1 + 1e-9) + 1e-12;
	for (int i = 0; i < g->tries && depth < DEPTH_MOST && rows >= 2 * LEAF_LEAST; i++) {
		int some = (int)draw(g, (uint64_t)of->inputs),
		    found = find_rank(g, row, rows, some, &best);

		input = found >= 0 ? some : input;
		rank = found >= 0 ? found : rank;
	}
	if (input < 0) {
		answer(g, test_row, test_rows);
		return;
	}
	int left = part(g, g->rank, row, rows, input, rank),
	    test_left = part(g, g->test_rank, test_row, test_rows, input, rank);
	grow(g, row, left, test_row, test_left, depth + 1);
	grow(g, row + left, rows - left, test_row + test_left, test_rows - test_left, depth + 1);
}

/* ---- The forest ---- */

static void grow_all(grower *g, float *value)
{
	const struct hb_forest *of = g->of;
	int rows = (int)of->train_rows, tests = (int)of->test_rows;

	for (int input = 0; input < of->inputs; input++)
		rank_input(g, input, value);
	for (int tree = 0; tree < HB_TREES; tree++) {
		for (int i = 0; i < rows; i++)
			g->row[i] = (int)draw(g, (uint64_t)rows);
		for (int i = 0; i < tests; i++)
			g->test_row[i] = i;
		grow(g, g->row, rows, g->test_row, tests, 0);
	}
}

hebb_status hb_forest_answer(const struct hb_forest *forest, float *h)
{
	size_t rows = (size_t)forest->train_rows, tests = (size_t)forest->test_rows,
	       inputs = (size_t)forest->inputs, width = 1 + (size_t)forest->outputs;
	double tries =
		forest->task == HEBB_REGRESSION ? forest->inputs / 3.0 : sqrt(forest->inputs);
	grower g = {.of = forest,
		    .rank = malloc(rows * inputs),
		    .test_rank = malloc(tests * inputs),
		    .row = malloc(rows * sizeof *g.row),
		    .test_row = malloc(tests * sizeof *g.test_row),
		    .sum = malloc((BINS + 2) * width * sizeof *g.sum),
		    .h = h,
		    .tries = (int)fmax(ceil(tries), 1),
		    .seed = 1};
	float *value = malloc(rows * sizeof *value);
	int has_room = g.rank && g.test_rank && g.row && g.test_row && g.sum && value;

	memset(h, 0, tests * (width - 1) * sizeof *h);
	g.left = g.sum ? g.sum + BINS * width : NULL;
	g.all = g.sum ? g.left + width : NULL;
	if (has_room)
		grow_all(&g, value);
	free(value);
	free(g.sum);
	free(g.test_row);
	free(g.row);
	free(g.test_rank);
	free(g.rank);
	return has_room ? HEBB_OK : HEBB_NO_MEMORY;
}
