/* SPDX-License-Identifier: MIT */
/*
 * walks.c - Shapley values from random orders of the columns
 *
 * A walk begins at a background row. One column after the other, in a random order, gets the value
 * of the row that is explained, and the change of the output is what this column adds. The same
 * order is walked backwards, too, which takes out a part of the chance (antithetic; Mitchell et al.
 * 2022, "Sampling permutations for Shapley value estimation"). The changes of a walk add up to
 * f(x) - f(b), whatever the order; as each background row b has equally many walks, the values add
 * up to f(x) - mean f(b).
 *
 * A column that has the same value in both rows adds nothing and is passed over. The orders depend
 * on the seed and the background row alone, so that all rows are explained by the same orders.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "shapley.h"

struct walks {
	struct hb_shapley *s;
	double *slot;   /* of each slot outputs x columns: what a pair of walks adds, the mean */
	double *within; /* outputs x columns: of the pairs of this background row, the sum */
	double *square; /* and the sum of squares */
	double *spread; /* the sum of squared deviations, for the errors */
	size_t values;  /* outputs x columns */
};

/* One walk: its place. */
struct walk {
	const struct hb_shapley *s;
	struct hb_runner *runner;
	double *added;      /* outputs x columns */
	float *here;        /* the row so far */
	double *before;     /* its outputs */
	long long *pending; /* the columns of the rows that wait to be predicted */
	int count;          /* how many wait */
};

/* ---- A walk ---- */

/* The outputs after a column has come. */
static void arrive(const struct walk *w, long long column, const float *h)
{
	const int columns = w->s->job->columns;

	for (int k = 0; k < w->s->of->outputs; k++) {
		double now = hb_explained(w->s, h, k);

		w->added[(size_t)k * (size_t)columns + (size_t)column] += (now - w->before[k]) / 2;
		w->before[k] = now;
	}
}

static void predict_pending(struct walk *w)
{
	const float *h =
		w->count > 0 ? hebb_forward(w->runner->work, w->count, w->runner->x) : NULL;

	for (int i = 0; i < w->count; i++)
		arrive(w, w->pending[i], h + (ptrdiff_t)i * w->s->job->outputs);
	w->count = 0;
}

/* Columns in an order, or backwards. */
static void walk_through(struct walk *w, long long b, int n, const long long *order, int backwards)
{
	const struct hb_shapley *s = w->s;
	const struct hb_explaining *job = s->job;
	const size_t width = (size_t)job->width;

	memcpy(w->here, s->background->x + (size_t)b * width, width * sizeof *w->here);
	for (int k = 0; k < s->of->outputs; k++)
		w->before[k] = hb_explained(s, s->h + b * job->outputs, k);
	for (int i = 0; i < n; i++) {
		long long column = order[backwards ? n - 1 - i : i];

		hb_copy_column(job, (int)column, s->x, w->here);
		memcpy(w->runner->x + (size_t)w->count * width, w->here, width * sizeof *w->here);
		w->pending[w->count++] = column;
		if (w->count == job->slice)
			predict_pending(w);
	}
	predict_pending(w);
}

/* The columns that differ between the row and a background row, in their order; returns their
 * number. */
static int keep_different(const struct hb_shapley *s, long long b, long long *order)
{
	const float *x = s->background->x + (size_t)b * (size_t)s->job->width;
	int n = 0;

	for (int i = 0; i < s->job->columns; i++)
		if (!hb_is_same_column(s->job, (int)order[i], x, s->x))
			order[n++] = order[i];
	return n;
}

/* A task: a pair of walks. */
static void walk_pair(void *self, struct hb_runner *runner, long long pair, int slot)
{
	const struct walks *all = self;
	const struct hb_shapley *s = all->s;
	const int columns = s->job->columns;
	const long long b = pair / s->pairs;
	long long *order = runner->extra;
	struct walk w = {.s = s, .runner = runner, .pending = order + columns};

	w.before = (double *)(w.pending + columns);
	w.here = (float *)(w.before + s->job->outputs);
	w.added = all->slot + (size_t)slot * all->values;
	memset(w.added, 0, all->values * sizeof *w.added);
	for (int c = 0; c < columns; c++)
		order[c] = c;
	hebb_shuffle(columns, order, s->job->o.seed, HB_STREAM_EXPLAIN(HB_USE_ORDER, pair));
	int n = keep_different(s, b, order);

	walk_through(&w, b, n, order, 0);
	walk_through(&w, b, n, order, 1);
}

/* ---- Adding up ---- */

/* The end of a background row's pairs: their squared deviations from their mean; of one pair, its
 * square, from which the mean of all is taken off later. */
static void end_background(const struct walks *all)
{
	const double pairs = (double)all->s->pairs;

	for (size_t i = 0; i < all->values; i++) {
		double off = all->s->pairs > 1 ? all->within[i] * all->within[i] / pairs : 0;

		all->spread[i] += fmax(all->square[i] - off, 0);
		all->within[i] = all->square[i] = 0;
	}
}

static void add_pairs(void *self, long long first, int count)
{
	const struct walks *all = self;
	const struct hb_shapley *s = all->s;

	for (int slot = 0; slot < count; slot++) {
		const double *added = all->slot + (size_t)slot * all->values;

		for (size_t i = 0; i < all->values; i++) {
			s->of->value[i] += added[i];
			all->within[i] += added[i];
			all->square[i] += added[i] * added[i];
		}
		if ((first + slot + 1) % s->pairs == 0)
			end_background(all);
	}
}

/*
 * The variance of the mean of B rows with k pairs each is that within the rows, / (k B); the rows
 * themselves are given. With one pair for each row it is not known, and that of all pairs, which
 * is larger, stands in.
 */
static void finish(const struct walks *all)
{
	const struct hb_shapley *s = all->s;
	const double rows = (double)s->background->rows, pairs = (double)s->pairs, n = rows * pairs;

	for (size_t i = 0; i < all->values; i++) {
		double sum = s->of->value[i], spread = all->spread[i];
		double degrees = s->pairs > 1 ? rows * (pairs - 1) : n - 1;

		if (s->pairs == 1)
			spread = fmax(spread - sum * sum / n, 0);
		s->of->value[i] = sum / n;
		s->of->error[i] = degrees > 0 ? sqrt(spread / degrees / n) : NAN;
	}
}

hebb_status hb_shapley_walk(struct hb_shapley *s, hebb_error *error)
{
	const size_t values = (size_t)s->of->outputs * (size_t)s->job->columns;
	int slots = hb_explain_slots(s->job);
	struct walks all = {.s = s, .values = values};
	hebb_status status;

	all.slot = malloc((size_t)slots * values * sizeof *all.slot);
	all.within = calloc(values, sizeof *all.within);
	all.square = calloc(values, sizeof *all.square);
	all.spread = calloc(values, sizeof *all.spread);
	if (!all.slot || !all.within || !all.square || !all.spread)
		status = hebb_fail(error, HEBB_NO_MEMORY, "out of memory for walks over %d columns",
				   s->job->columns);
	else
		status = hb_explain_items(s->job,
					  &(struct hb_items){
						  .count = s->pairs * s->background->rows,
						  .slots = slots,
						  .task = walk_pair,
						  .merge = add_pairs,
						  .self = &all,
						  .begun = s->begun,
						  .share = s->share,
					  },
					  error);
	if (!status)
		finish(&all);
	free(all.slot);
	free(all.within);
	free(all.square);
	free(all.spread);
	return status;
}
