/* SPDX-License-Identifier: MIT */
/*
 * worst.c - the rows that a model was most wrong about
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../metrics.h"
#include "explain.h"

enum { SLICE = 256 };

/* A row of the dataset. */
struct judged {
	double wrong;
	long long at;
};

struct worst {
	struct hb_explaining *job;
	const hebb_dataset *data;
	struct judged *judged;
};

/* ---- How wrong a row is ---- */

static double wrong_class(const struct hb_explaining *job, const float *h, const float *y)
{
	int truth = hb_class_of(y, job->outputs);

	if (truth < 0)
		return INFINITY;
	return hb_are_probabilities(job)
		       ? -hb_log_of(hb_probability_of(job, h, truth))
		       : hebb_cost(job->model->loss, job->ending, job->outputs, h, y);
}

static double wrong_output(const struct hb_explaining *job, float h, float y)
{
	if (job->coding->task == HEBB_REGRESSION)
		return fabs((double)h - (double)y);
	return -hb_log_of(y > 0.5f ? (double)h : 1 - (double)h);
}

static double how_wrong(const struct hb_explaining *job, const float *h, const float *y)
{
	double sum = 0;
	int known = 0;

	if (!hebb_is_answer(job->coding, h))
		return INFINITY;
	if (job->coding->task == HEBB_CLASSIFICATION)
		return wrong_class(job, h, y);
	for (int k = 0; k < job->outputs; k++) {
		if (isnan(y[k]))
			continue;
		sum += wrong_output(job, h[k], y[k]);
		known++;
	}
	return known > 0 ? sum / known : 0;
}

/* A task: a slice of the rows. */
static void judge(void *self, struct hb_runner *runner, long long item, int slot)
{
	const struct worst *s = self;
	const int outputs = s->job->outputs;
	long long first = item * s->job->slice, left = s->data->rows - first;
	int count = left < s->job->slice ? (int)left : s->job->slice;
	const float *h;

	(void)slot;
	hebb_dataset_get(s->data, first, count, runner->x);
	h = hebb_forward(runner->work, count, runner->x);
	for (int i = 0; i < count; i++, h += outputs)
		s->judged[first + i] = (struct judged){
			how_wrong(s->job, h, s->data->y + (first + i) * outputs), first + i};
}

/* ---- The list ---- */

static int by_wrong(const void *a, const void *b)
{
	const struct judged *x = a, *y = b;

	if (x->wrong != y->wrong)
		return x->wrong < y->wrong ? 1 : -1;
	return (x->at > y->at) - (x->at < y->at);
}

/* The outputs and the targets of a row of the list; 0: no memory. */
static int fill_row(const struct worst *s, struct judged judged, hebb_worst_row *to)
{
	const struct hb_explaining *job = s->job;
	const hebb_coding *coding = job->coding;
	const float *y = s->data->y + judged.at * job->outputs, *h;
	int is_answer;

	*to = (hebb_worst_row){.row = s->data->row[judged.at], .wrong = judged.wrong};
	to->output = malloc((size_t)job->outputs * sizeof *to->output);
	to->target = malloc((size_t)job->outputs * sizeof *to->target);
	if (!to->output || !to->target)
		return 0;
	hebb_dataset_get(s->data, judged.at, 1, job->runner[0].x);
	h = hebb_forward(job->runner[0].work, 1, job->runner[0].x);
	is_answer = hebb_is_answer(coding, h);
	for (int k = 0; k < job->outputs; k++) {
		to->output[k] = is_answer ? hebb_in_units(coding, h, k) : NAN;
		to->target[k] = isnan(y[k]) ? NAN : hebb_in_units(coding, y, k);
	}
	if (coding->task == HEBB_CLASSIFICATION) {
		to->truth = hb_class_of(y, job->outputs);
		to->predicted = is_answer ? hebb_largest(h, job->outputs) : -1;
	}
	return 1;
}

static hebb_status list_rows(const struct worst *s, int most, hebb_worst *result, hebb_error *error)
{
	int count = s->data->rows < most ? (int)s->data->rows : most, filled = 1;

	qsort(s->judged, (size_t)s->data->rows, sizeof *s->judged, by_wrong);
	result->rows = s->data->rows;
	result->outputs = s->job->outputs;
	result->row = calloc((size_t)count, sizeof *result->row);
	for (; result->row && filled && result->count < count; result->count++)
		filled = fill_row(s, s->judged[result->count], &result->row[result->count]);
	return result->row && filled
		       ? HEBB_OK
		       : hebb_fail(error, HEBB_NO_MEMORY, "out of memory for %d rows", count);
}

static hebb_status find_worst(struct worst *s, int most, hebb_worst *result, hebb_error *error)
{
	struct hb_explaining *job = s->job;
	hebb_status status = hb_explain_start(job, SLICE, 0, 0, error);

	s->judged = malloc((size_t)s->data->rows * sizeof *s->judged);
	if (!status && !s->judged)
		status = hebb_fail(error, HEBB_NO_MEMORY, "out of memory for %lld rows",
				   s->data->rows);
	if (!status)
		status = hb_explain_items(
			job,
			&(struct hb_items){.count = (s->data->rows + job->slice - 1) / job->slice,
					   .slots = hb_explain_slots(job),
					   .task = judge,
					   .self = s,
					   .share = 1},
			error);
	if (!status)
		status = list_rows(s, most, result, error);
	free(s->judged);
	return status;
}

hebb_status hebb_model_worst(const hebb_model *model, const hebb_dataset *data, int most,
			     int threads, hebb_worst *result, hebb_error *error)
{
	hebb_explain o = hebb_explain_default();
	struct hb_explaining job = {.runners = 0};
	struct worst s = {.job = &job, .data = data};
	hebb_status status = HEBB_OK;

	*result = (hebb_worst){.size = sizeof *result};
	if (!data || !data->y || data->rows < 1)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "there are no rows with targets to look at");
	if (most < 1)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "the %d worst rows; at least 1", most);
	o.threads = threads < HEBB_MAX_THREADS ? threads : HEBB_MAX_THREADS;
	status = hb_explain_open(model, &o, &job, error);
	if (!status && (data->inputs != job.width || data->outputs != job.outputs))
		status = hebb_fail(error, HEBB_BAD_SHAPE,
				   "the rows have %d inputs and %d outputs, the model %d and %d",
				   data->inputs, data->outputs, job.width, job.outputs);
	if (!status)
		status = find_worst(&s, most, result, error);
	hb_explain_close(&job);
	if (status)
		hebb_worst_free(result);
	return status;
}

void hebb_worst_free(hebb_worst *worst)
{
	for (int i = 0; i < worst->count; i++) {
		free(worst->row[i].output);
		free(worst->row[i].target);
	}
	free(worst->row);
	*worst = (hebb_worst){.size = sizeof *worst};
}
