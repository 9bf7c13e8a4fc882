/* SPDX-License-Identifier: MIT */
/*
 * gradients.c - integrated gradients: the slope of an output along the way to a row
 *
 *   value_i = (x_i - x'_i) 1/m sum_j dh/dx_i (x' + (j + 1/2)/m (x - x')),  j = 0 .. m - 1
 *
 * from a baseline x' to the inputs x of the network (Sundararajan, Taly & Yan 2017, "Axiomatic
 * attribution for deep networks"), the integral by the midpoint rule. h is in the units of the
 * target: each slope of the network is multiplied by that of hebb_in_units() at the same point,
 * which is not the same everywhere if the target was transformed. The inputs of a column are added
 * up. For the exact integral the values add up to h(x) - h(x'); what is missing is the gap.
 * Without a number of steps, it is doubled until the gap is small.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "attribution.h"

enum { SLICE = 64, STEPS_LEAST = 32, STEPS_MOST = 1024 };

/* A gap that is small: a share of answer - base, or next to nothing beside the numbers. */
static const double SMALL = 0.01, NOTHING = 1e-5;

struct path {
	struct hb_explaining *job;
	const float *from, *to; /* the inputs of the network */
	hebb_attribution *of;
	int steps;
	double *slot;  /* of each slot: outputs x width, the sum of its slopes */
	double *slope; /* outputs x width: the sum of all */
	float *base;   /* the outputs of the baseline */
	double begun, share;
};

/* ---- The slopes ---- */

static void fill(const struct path *path, int first, int count, float *x)
{
	const int width = path->job->width;

	for (int i = 0; i < count; i++) {
		double at = (first + i + 0.5) / path->steps;

		for (int j = 0; j < width; j++)
			*x++ = (float)((double)path->from[j] +
				       at * ((double)path->to[j] - (double)path->from[j]));
	}
}

/* The arrays of a task in the memory of its runner: `slice` rows each. */
struct slopes {
	double *unit; /* of->outputs: the slope of hebb_in_units() by the output of the network */
	float *dx;    /* width: the slopes of that output */
	float *g;     /* outputs */
};

static struct slopes slopes_in(const struct path *path, void *memory)
{
	size_t slice = (size_t)path->job->slice;
	struct slopes s = {.unit = memory};

	s.dx = (float *)(s.unit + slice * (size_t)path->job->outputs);
	s.g = s.dx + slice * (size_t)path->job->width;
	return s;
}

static size_t slopes_bytes(const struct hb_explaining *job)
{
	size_t width = (size_t)job->width, outputs = (size_t)job->outputs;

	return SLICE * (outputs * sizeof(double) + (width + outputs) * sizeof(float));
}

static void take_units(const struct path *path, int count, const float *h, double *unit)
{
	for (int i = 0; i < count; i++, h += path->job->outputs)
		for (int k = 0; k < path->of->outputs; k++)
			*unit++ = hebb_slope_in_units(path->job->coding, h, path->of->output[k]);
}

/* Adds the slopes of the k-th output that is explained at `count` points. */
static void add_slopes(const struct path *path, const struct hb_runner *runner, int count, int k,
		       double *sum)
{
	const int width = path->job->width, outputs = path->job->outputs;
	const struct slopes s = slopes_in(path, runner->extra);
	const float *dx = s.dx;

	memset(s.g, 0, (size_t)count * (size_t)outputs * sizeof *s.g);
	for (int i = 0; i < count; i++)
		s.g[i * outputs + path->of->output[k]] = 1;
	if (hebb_backward(runner->work, s.g, s.dx, NULL) != HEBB_OK)
		return;
	for (int i = 0; i < count; i++)
		for (int j = 0; j < width; j++)
			sum[j] += s.unit[i * path->of->outputs + k] * (double)*dx++;
}

/* A task: some points of the path. */
static void slope_item(void *self, struct hb_runner *runner, long long item, int slot)
{
	const struct path *path = self;
	const size_t width = (size_t)path->job->width;
	double *sum = path->slot + (size_t)slot * (size_t)path->of->outputs * width;
	int first = (int)item * path->job->slice, left = path->steps - first;
	int count = left < path->job->slice ? left : path->job->slice;

	memset(sum, 0, (size_t)path->of->outputs * width * sizeof *sum);
	fill(path, first, count, runner->x);
	take_units(path, count, hebb_forward(runner->work, count, runner->x),
		   slopes_in(path, runner->extra).unit);
	for (int k = 0; k < path->of->outputs; k++)
		add_slopes(path, runner, count, k, sum + (size_t)k * width);
}

static void add_slot(void *self, long long first, int count)
{
	const struct path *path = self;
	const size_t all = (size_t)path->of->outputs * (size_t)path->job->width;

	(void)first;
	for (int slot = 0; slot < count; slot++)
		for (size_t i = 0; i < all; i++)
			path->slope[i] += path->slot[(size_t)slot * all + i];
}

/* ---- The values ---- */

/* From the mean slopes of output k: of a column all its inputs. */
static void take_values(const struct path *path, int k)
{
	const struct hb_explaining *job = path->job;
	const double *slope = path->slope + (size_t)k * (size_t)job->width;
	double *value = path->of->value + (size_t)k * (size_t)job->columns;

	for (int c = 0; c < job->columns; c++) {
		int end = job->first[c + 1], indicator = job->indicator[c];
		double sum = 0;

		for (int j = job->first[c]; j < end; j++)
			sum += ((double)path->to[j] - (double)path->from[j]) * slope[j];
		if (indicator >= 0)
			sum += ((double)path->to[indicator] - (double)path->from[indicator]) *
			       slope[indicator];
		value[c] = sum / path->steps;
	}
}

static hebb_status integrate(struct path *path, const hebb_table *table, hebb_error *error)
{
	struct hb_explaining *job = path->job;
	const size_t all = (size_t)path->of->outputs * (size_t)job->width;
	hebb_status status;

	for (size_t i = 0; i < all; i++)
		path->slope[i] = 0;
	status = hb_explain_items(
		job,
		&(struct hb_items){.count = (path->steps + job->slice - 1) / job->slice,
				   .slots = job->runners,
				   .task = slope_item,
				   .merge = add_slot,
				   .self = path,
				   .begun = path->begun,
				   .share = path->share},
		error);
	if (status)
		return status;
	for (int k = 0; k < path->of->outputs; k++)
		take_values(path, k);
	path->of->steps = path->steps;
	return hb_attribution_end(job, table, path->of, error);
}

static int is_small(const hebb_attribution *of)
{
	for (int k = 0; k < of->outputs; k++) {
		double difference = fabs(of->answer[k] - of->base[k]);
		double size = fabs(of->answer[k]) + fabs(of->base[k]);

		if (fabs(of->gap[k]) > SMALL * difference + NOTHING * size)
			return 0;
	}
	return 1;
}

static hebb_status follow_path(struct path *path, const hebb_table *table, hebb_error *error)
{
	const int steps = path->job->o.steps;
	hebb_status status;

	path->steps = steps > 0 ? steps : STEPS_LEAST;
	for (;;) {
		status = integrate(path, table, error);
		if (status || steps > 0 || path->steps >= STEPS_MOST || is_small(path->of))
			return status;
		path->steps *= 2;
	}
}

/* ---- Rows ---- */

/* 0: no memory. */
static int make_room(struct path *path)
{
	size_t all = (size_t)path->of->outputs * (size_t)path->job->width;

	path->slot = malloc((size_t)path->job->runners * all * sizeof *path->slot);
	path->slope = malloc(all * sizeof *path->slope);
	return path->slot && path->slope;
}

static hebb_status explain_row(struct path *path, const hebb_table *table, hebb_error *error)
{
	hebb_attribution *of = path->of;
	hebb_status status;

	for (int k = 0; k < of->outputs; k++)
		of->base[k] = hebb_in_units(path->job->coding, path->base, of->output[k]);
	status = make_room(path) ? follow_path(path, table, error)
				 : hebb_fail(error, HEBB_NO_MEMORY, "out of memory for %d inputs",
					     path->job->width);
	free(path->slot);
	free(path->slope);
	return status;
}

/* Sets the inputs of the baseline. */
static hebb_status find_baseline(struct hb_explaining *job, hebb_baseline baseline, float *x,
				 hebb_error *error)
{
	hebb_status status = HEBB_OK;

	if (baseline == HEBB_BASELINE_BLACK)
		status = hb_code_values(job, -1, 1, NULL, x, error);
	for (int c = 0; c < job->columns; c++)
		if (baseline == HEBB_BASELINE_MEAN || job->coding->inputs[c].kind == HEBB_TEXT)
			memset(x + job->first[c], 0,
			       (size_t)(job->first[c + 1] - job->first[c]) * sizeof *x);
	for (int c = 0; c < job->columns; c++)
		if (job->indicator[c] >= 0)
			x[job->indicator[c]] = 0;
	return status;
}

static hebb_status explain_rows(struct hb_explaining *job, const hebb_table *table,
				const hebb_dataset *rows, hebb_attributions *result,
				hebb_error *error)
{
	float *from = malloc((size_t)job->width * sizeof *from),
	      *base = malloc((size_t)job->outputs * sizeof *base);
	struct path path = {.job = job, .from = from, .base = base, .share = 1.0 / result->count};
	hebb_status status = from && base ? find_baseline(job, result->baseline, from, error)
					  : hebb_fail(error, HEBB_NO_MEMORY,
						      "out of memory for %d inputs", job->width);

	if (!status)
		memcpy(base, hebb_forward(job->runner[0].work, 1, from),
		       (size_t)job->outputs * sizeof *base);
	for (int i = 0; i < result->count && !status; i++) {
		path.to = rows->x + (size_t)i * (size_t)job->width;
		path.of = &result->of[i];
		path.begun = i * path.share;
		status = hb_attribution_begin(job, table, rows->row[i], path.to, 0, path.of, error);
		if (!status)
			status = explain_row(&path, table, error);
	}
	free(from);
	free(base);
	return status;
}

static hebb_status explain(struct hb_explaining *job, const hebb_table *table,
			   const hebb_dataset *rows, hebb_attributions *result, hebb_error *error)
{
	hebb_status status = hb_attributions_open(job, (int)rows->rows, result, error);
	hebb_baseline usual = job->coding->height > 0 ? HEBB_BASELINE_BLACK : HEBB_BASELINE_MEAN;

	result->baseline = job->o.baseline ? job->o.baseline : usual;
	if (!status)
		status = hb_explain_start(job, SLICE, slopes_bytes(job), 1, error);
	return status ? status : explain_rows(job, table, rows, result, error);
}

hebb_status hebb_model_gradients(const hebb_model *model, const hebb_table *table, int count,
				 const long long *explained, const hebb_explain *given,
				 hebb_attributions *result, hebb_error *error)
{
	struct hb_explaining job;
	hebb_dataset *rows = NULL;
	hebb_error local;

	*result = (hebb_attributions){.size = sizeof *result};
	error = error ? error : &local;
	hebb_status status = hb_explain_open(model, given, &job, error);
	if (!status) {
		rows = hb_explain_singly(&job, table, count, explained, error);
		status = rows ? explain(&job, table, rows, result, error) : error->status;
	}
	hebb_dataset_free(rows);
	hb_explain_close(&job);
	if (status)
		hebb_attributions_free(result);
	return status;
}
