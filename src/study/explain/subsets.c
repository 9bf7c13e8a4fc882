/* SPDX-License-Identifier: MIT */
/*
 * subsets.c - exact Shapley values of few columns, from v of all their subsets
 */
#include <stdlib.h>
#include <string.h>

#include "shapley.h"

struct subsets {
	struct hb_shapley *s;
	double *v; /* 2^M x explained outputs; bit c of a subset: it has column c */
};

/* A task: v of one subset. */
static void predict_subset(void *self, struct hb_runner *runner, long long subset, int slot)
{
	const struct subsets *all = self;
	const struct hb_shapley *s = all->s;
	const struct hb_explaining *job = s->job;
	const long long rows = s->background->rows;
	const size_t width = (size_t)job->width;
	double *v = all->v + (size_t)subset * (size_t)s->of->outputs;

	(void)slot;
	for (long long first = 0; first < rows; first += job->slice) {
		int count = rows - first < job->slice ? (int)(rows - first) : job->slice;
		const float *h;

		memcpy(runner->x, s->background->x + (size_t)first * width,
		       (size_t)count * width * sizeof *runner->x);
		for (int i = 0; i < count; i++)
			for (int c = 0; c < job->columns; c++)
				if (subset >> c & 1)
					hb_copy_column(job, c, s->x, runner->x + (size_t)i * width);
		h = hebb_forward(runner->work, count, runner->x);
		for (int i = 0; i < count; i++, h += job->outputs)
			for (int k = 0; k < s->of->outputs; k++)
				v[k] += hb_explained(s, h, k) / (double)rows;
	}
}

static int size_of(long long subset)
{
	int size = 0;

	for (; subset; subset &= subset - 1)
		size++;
	return size;
}

/* s! (M - s - 1)! / M! by s: 1 / (M binomial(M - 1, s)) */
static void find_weights(int columns, double *weight)
{
	double binomial = 1;

	for (int s = 0; s < columns; s++) {
		weight[s] = 1 / (columns * binomial);
		binomial = binomial * (columns - 1 - s) / (s + 1);
	}
}

static void share_out(const struct subsets *all, const double *weight)
{
	const hebb_attribution *of = all->s->of;
	const int columns = all->s->job->columns, outputs = of->outputs;

	for (long long subset = 0; subset < 1LL << columns; subset++) {
		int size = size_of(subset);

		for (int c = 0; c < columns; c++) {
			const double *without = all->v + subset * outputs,
				     *with = all->v + (subset | 1LL << c) * outputs;

			for (int k = 0; k < outputs && !(subset >> c & 1); k++)
				of->value[(size_t)k * (size_t)columns + (size_t)c] +=
					weight[size] * (with[k] - without[k]);
		}
	}
}

hebb_status hb_shapley_subsets(struct hb_shapley *s, hebb_error *error)
{
	const int columns = s->job->columns;
	struct subsets all = {.s = s};
	double weight[64];
	hebb_status status;

	all.v = calloc((size_t)1 << columns, (size_t)s->of->outputs * sizeof *all.v);
	if (!all.v)
		return hebb_fail(error, HEBB_NO_MEMORY,
				 "out of memory for the subsets of %d columns", columns);
	status = hb_explain_items(s->job,
				  &(struct hb_items){.count = 1LL << columns,
						     .slots = hb_explain_slots(s->job),
						     .task = predict_subset,
						     .self = &all,
						     .begun = s->begun,
						     .share = s->share},
				  error);
	find_weights(columns, weight);
	if (!status)
		share_out(&all, weight);
	free(all.v);
	return status;
}
