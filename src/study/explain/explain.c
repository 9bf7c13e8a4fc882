/* SPDX-License-Identifier: MIT */
/*
 * explain.c - the options of an explanation, its threads, and the outputs that it explains
 */
#include "explain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	THREADS_MOST = 256,
	EACH = 8,              /* slots per thread */
	FLOATS_MOST = 1 << 23, /* inputs of the rows that a runner predicts at once */
	REPEATS_MOST = 10000,
	POINTS_MOST = 1000,
	BACKGROUND_MOST = 10000,
	STEPS_MOST = 100000
};

static const long long WALKS_MOST = 100000000;

void hebb_explain_init(hebb_explain *explain, size_t size)
{
	const hebb_explain defaults = {
		.size = sizeof defaults, .seed = 1, .repeats = 5, .points = 20, .background = 100};

	hebb_sized_fill(explain, size, &defaults);
}

/* ---- Checks ---- */

static hebb_status check_range(const char *name, long long value, long long least, long long most,
			       hebb_error *error)
{
	if (value >= least && value <= most)
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s %lld; %lld to %lld are possible", name,
			 value, least, most);
}

static hebb_status check_outputs(const hebb_explain *o, int outputs, hebb_error *error)
{
	if (o->outputs < 0 || (o->outputs > 0 && !o->output))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "%d outputs to explain, and no list of them", o->outputs);
	for (int i = 0; i < o->outputs; i++)
		if (o->output[i] < 0 || o->output[i] >= outputs)
			return hebb_fail(error, HEBB_BAD_ARGUMENT,
					 "there is no output %d; the model has %d, from 0 on",
					 o->output[i], outputs);
	return HEBB_OK;
}

static hebb_status check_options(const hebb_explain *o, int outputs, hebb_error *error)
{
	const struct {
		const char *name;
		long long value, least, most;
	} ranges[] = {
		{"threads:", o->threads, 0, HEBB_MAX_THREADS},
		{"rows:", o->rows, 0, INT64_MAX},
		{"repeats:", o->repeats, 1, REPEATS_MOST},
		{"points:", o->points, 2, POINTS_MOST},
		{"individuals:", o->individuals, 0, INT32_MAX},
		{"background:", o->background, 1, BACKGROUND_MOST},
		{"walks:", o->walks, 0, WALKS_MOST},
		{"steps:", o->steps, 0, STEPS_MOST},
	};

	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (check_range(ranges[i].name, ranges[i].value, ranges[i].least, ranges[i].most,
				error))
			return HEBB_BAD_ARGUMENT;
	if (o->how & ~(HEBB_APPLY_STRICT | HEBB_APPLY_ANYWAY))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "how is %d, no sum of HEBB_APPLY_STRICT and HEBB_APPLY_ANYWAY",
				 o->how);
	if (o->baseline && !hebb_baseline_name(o->baseline))
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "baseline %d is unknown",
				 (int)o->baseline);
	return check_outputs(o, outputs, error);
}

static hebb_status check_model(const hebb_model *model, hebb_error *error)
{
	if (!model || !model->net || !model->coding)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "there is no %s",
				 model ? "network or coding in the model" : "model");
	if (hebb_net_inputs(model->net) == model->coding->width &&
	    hebb_net_outputs(model->net) == model->coding->outputs)
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_SHAPE,
			 "the network has %d inputs and %d outputs, its coding %d and %d",
			 hebb_net_inputs(model->net), hebb_net_outputs(model->net),
			 model->coding->width, model->coding->outputs);
}

/* ---- Opening ---- */

static hebb_status find_inputs(struct hb_explaining *job, hebb_error *error)
{
	const hebb_coding *coding = job->coding;
	int at = 0;

	job->first = malloc(((size_t)job->columns + 1) * sizeof *job->first);
	job->indicator = malloc((size_t)job->columns * sizeof *job->indicator);
	if (!job->first || !job->indicator)
		return hebb_fail(error, HEBB_NO_MEMORY, "out of memory for %d columns",
				 job->columns);
	for (int c = 0; c < job->columns; c++) {
		const hebb_column *column = &coding->inputs[c];

		job->first[c] = at;
		job->indicator[c] = -1;
		at += coding->encoding            ? coding->encoding[c].inputs
		      : column->kind == HEBB_TEXT ? column->level_count
						  : 1;
	}
	job->first[job->columns] = at;
	for (int i = 0; i < coding->indicator_count; i++)
		job->indicator[coding->indicator[i]] = coding->width - coding->indicator_count + i;
	return HEBB_OK;
}

hebb_status hb_explain_open(const hebb_model *model, const hebb_explain *given,
			    struct hb_explaining *job, hebb_error *error)
{
	hebb_status status = check_model(model, error);

	*job = (struct hb_explaining){.model = model, .o = hebb_explain_default()};
	if (status)
		return status;
	job->coding = model->coding;
	job->width = model->coding->width;
	job->outputs = model->coding->outputs;
	job->columns = model->coding->input_count;
	job->ending = hebb_net_layer(model->net, hebb_net_layers(model->net) - 1)->activation;
	if (given)
		status = hebb_sized_copy(&job->o, sizeof job->o, given, "the explanation",
					 "hebb_explain_default()", error);
	if (!status)
		status = check_options(&job->o, job->outputs, error);
	return status ? status : find_inputs(job, error);
}

static hebb_status open_runner(const struct hb_explaining *job, struct hb_runner *runner,
			       size_t extra, int back, hebb_error *error)
{
	size_t floats = (size_t)job->slice * (size_t)job->width;

	atomic_flag_clear(&runner->is_taken);
	runner->work = back ? hebb_work_new_backward(job->model->net, job->slice, NULL, error)
			    : hebb_work_new(job->model->net, job->slice, NULL, error);
	runner->x = malloc(floats * sizeof *runner->x);
	runner->extra = malloc(extra > 0 ? extra : 1);
	if (!runner->work)
		return HEBB_NO_MEMORY;
	if (!runner->x || !runner->extra)
		return hebb_fail(error, HEBB_NO_MEMORY, "out of memory for %d rows of %d inputs",
				 job->slice, job->width);
	return HEBB_OK;
}

hebb_status hb_explain_start(struct hb_explaining *job, int slice, size_t extra, int back,
			     hebb_error *error)
{
	int threads = job->o.threads < THREADS_MOST ? job->o.threads : THREADS_MOST;
	int fit = FLOATS_MOST / job->width;

	job->slice = fit < 1 ? 1 : slice < fit ? slice : fit;
	job->pool = hebb_pool_new(threads, NULL, error);
	if (!job->pool)
		return HEBB_NO_MEMORY;
	threads = hebb_pool_threads(job->pool);
	job->runner = calloc((size_t)threads, sizeof *job->runner);
	if (!job->runner)
		return hebb_fail(error, HEBB_NO_MEMORY, "out of memory for %d threads", threads);
	while (job->runners < threads)
		if (open_runner(job, &job->runner[job->runners++], extra, back, error))
			return HEBB_NO_MEMORY;
	return HEBB_OK;
}

void hb_explain_close(struct hb_explaining *job)
{
	hebb_pool_free(job->pool);
	for (int i = 0; i < job->runners; i++) {
		hebb_work_free(job->runner[i].work);
		free(job->runner[i].x);
		free(job->runner[i].extra);
	}
	free(job->runner);
	free(job->first);
	free(job->indicator);
}

/* ---- Items ---- */

int hb_explain_slots(const struct hb_explaining *job)
{
	return EACH * job->runners;
}

struct round {
	struct hb_explaining *job;
	const struct hb_items *items;
	long long first;
};

/* A runner that no other thread has: there is one for each thread. */
static struct hb_runner *take_runner(struct hb_explaining *job)
{
	struct hb_runner *runner = job->runner;

	while (atomic_flag_test_and_set(&runner->is_taken))
		runner = runner + 1 < job->runner + job->runners ? runner + 1 : job->runner;
	return runner;
}

/* A task of the pool. */
static void run_item(void *self, int part, int parts)
{
	const struct round *round = self;
	struct hb_runner *runner = take_runner(round->job);

	(void)parts;
	round->items->task(round->items->self, runner, round->first + part, part);
	atomic_flag_clear(&runner->is_taken);
}

hebb_status hb_explain_items(struct hb_explaining *job, const struct hb_items *items,
			     hebb_error *error)
{
	struct round round = {job, items, 0};
	const hebb_explain *o = &job->o;

	for (int count; round.first < items->count; round.first += count) {
		long long left = items->count - round.first;
		double done;

		count = left < items->slots ? (int)left : items->slots;
		hebb_pool_run(job->pool, count, run_item, &round);
		if (items->merge)
			items->merge(items->self, round.first, count);
		done = (double)(round.first + count) / (double)items->count;
		if (o->progress && o->progress(o->self, items->begun + items->share * done))
			return hebb_fail(error, HEBB_STOPPED, "stopped on request");
	}
	return HEBB_OK;
}

/* ---- Outputs ---- */

static int by_index(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

int *hb_explain_outputs(const struct hb_explaining *job, int usual_count, const int *usual,
			int *count, hebb_error *error)
{
	const int *from = job->o.outputs > 0 ? job->o.output : usual;
	int n = job->o.outputs > 0 ? job->o.outputs : usual ? usual_count : job->outputs;
	int *list = malloc((size_t)n * sizeof *list);

	if (!list) {
		hebb_fail(error, HEBB_NO_MEMORY, "out of memory for %d outputs", n);
		return NULL;
	}
	for (int i = 0; i < n; i++)
		list[i] = from ? from[i] : i;
	qsort(list, (size_t)n, sizeof *list, by_index);
	*count = 0;
	for (int i = 0; i < n; i++)
		if (*count == 0 || list[i] != list[*count - 1])
			list[(*count)++] = list[i];
	return list;
}

int hb_are_probabilities(const struct hb_explaining *job)
{
	return job->coding->task != HEBB_REGRESSION &&
	       (job->ending == HEBB_SOFTMAX || job->ending == HEBB_SIGMOID);
}

double hb_probability_of(const struct hb_explaining *job, const float *h, int k)
{
	float sum = 0;

	for (int i = 0; i < job->outputs && job->ending == HEBB_SIGMOID; i++)
		sum += h[i];
	return (double)(sum > 0 ? h[k] / sum : h[k]);
}
