/* SPDX-License-Identifier: MIT */
/*
 * score.c - how good a network is on rows whose targets are known
 *
 *     accuracy = right / rows                 the class predicted is that of the largest output;
 *                                             metrics.c has more
 *     rmse = sqrt(mean (h - y)^2)             in the units of the target, as mae = mean |h - y|
 *     r2 = 1 - sum (h - y)^2 / sum (y - mean y)^2
 *                                             where y never changes 0, or 1 if each h is y
 *
 * Of several targets each score is the mean of theirs.  These are scikit-learn's
 * root_mean_squared_error, mean_absolute_error and r2_score.
 *
 * The loss J is that of hebb_cost(), from the outputs h.
 *
 * The metrics need probabilities. For sigmoid outputs, which are independent labels, they are each
 * output's share of the sum. Outputs of activations other than softmax and sigmoid are not
 * probabilities.
 */
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "hebb_advanced.h"
#include "metrics.h"
#include "study.h"

enum {
	SLICE = 256, /* rows that go through the network at once */
	SHARES = 2,  /* slices per thread and round */
	THREADS_MOST = 256
};

/* The arguments of hb_metrics_of(): the outputs of all rows, and their classes. */
typedef struct outputs {
	float *p;
	int *truth;
} outputs;

/* Sums of one target over the rows that have it: of y, y^2, (h - y)^2 and |h - y|, in standardized
 * units; of transformed targets in their own, y less the first one. */
typedef struct sums {
	long long rows, exact; /* exact: where h is y in units */
	double first, y, y_squared, squared, absolute;
} sums;

int hebb_is_answer(const hebb_coding *coding, const float *h)
{
	int finite = 1;

	for (int i = 0; i < coding->outputs; i++)
		finite &= !isnan(hebb_in_units(coding, h, i));
	return finite;
}

static void add_unanswered(hebb_unanswered *unanswered, long long row)
{
	if (unanswered->count < HEBB_UNANSWERED_NAMED)
		unanswered->row[unanswered->count] = row;
	unanswered->count++;
}

static void add_class(hebb_score *result, const float *h, const float *y)
{
	int predicted = hebb_largest(h, result->classes), truth = hb_class_of(y, result->classes);

	result->right += predicted == truth;
	if (result->confusion && truth >= 0)
		result->confusion[(size_t)truth * result->classes + predicted]++;
}

/* h: NULL if there is no answer. */
static void keep_outputs(const outputs *kept, hebb_activation output, long long row, int n,
			 const float *h, const float *y)
{
	float *p = kept->p + row * n, sum = 0;

	for (int i = 0; i < n && h; i++)
		sum += h[i];
	for (int i = 0; i < n; i++)
		p[i] = !h ? NAN : output == HEBB_SIGMOID && sum > 0 ? h[i] / sum : h[i];
	kept->truth[row] = hb_class_of(y, n);
}

/* h: NULL if there is no answer. */
static void add_labels(hebb_score *result, const outputs *kept, long long row, const float *h,
		       const float *y)
{
	hb_score_labels_add(result, h, y);
	for (int i = 0; i < result->labels && kept->p; i++)
		kept->p[row * result->labels + i] = h ? h[i] : NAN;
}

static void add_number(sums *sum, double h, double y)
{
	double off = h - y;

	y -= sum->first;
	sum->rows++;
	sum->y += y;
	sum->y_squared += y * y;
	sum->squared += off * off;
	sum->absolute += fabs(off);
}

static void add_numbers(const hebb_coding *coding, sums *sum, const float *h, const float *y)
{
	int is_in_units = coding->target_transform != 0;

	for (int i = 0; i < coding->outputs; i++) {
		double value = hebb_in_units(coding, h, i), truth = hebb_in_units(coding, y, i);

		if (isnan(y[i]))
			continue;
		sum[i].exact += value == truth;
		if (is_in_units && sum[i].rows == 0)
			sum[i].first = truth;
		add_number(&sum[i], is_in_units ? value : (double)h[i],
			   is_in_units ? truth : (double)y[i]);
	}
}

static void add_row(hebb_score *result, const hebb_coding *coding, double loss, const float *h,
		    const float *y, sums *sum)
{
	if (result->classes && hb_class_of(y, result->classes) < 0)
		result->unseen++;
	else
		result->loss += loss;
	if (result->targets)
		add_numbers(coding, sum, h, y);
	else if (result->classes)
		add_class(result, h, y);
}

/* What the sums of a target come to; sd is its unit. */
static hebb_target_score target_score(const sums *sum, double sd)
{
	double rows = (double)sum->rows, spread = sum->y_squared - sum->y * sum->y / rows,
	       constant = sum->exact == sum->rows;
	int changes = spread > 1e-12 * sum->y_squared;

	if (sum->rows == 0)
		return (hebb_target_score){NAN, NAN, NAN};
	return (hebb_target_score){.rmse = sqrt(sum->squared / rows) * sd,
				   .mae = sum->absolute / rows * sd,
				   .r2 = sum->rows < 2 ? NAN
					 : changes     ? 1 - sum->squared / spread
						       : constant};
}

/* The mean of the scores that are numbers; NaN if none is. */
static double mean_score(const hebb_score *of, size_t at)
{
	double sum = 0;
	int count = 0;

	for (int i = 0; i < of->targets; i++) {
		double value;

		memcpy(&value, (const char *)&of->target[i] + at, sizeof value);
		sum += isnan(value) ? 0 : value;
		count += !isnan(value);
	}
	return count > 0 ? sum / count : NAN;
}

/* Turns sums into scores. */
static void finish(hebb_score *result, const hebb_coding *coding, const sums *sum)
{
	result->loss /= (double)(result->rows - result->without.count - result->unseen);
	result->accuracy = (double)result->right / (double)result->rows;
	hebb_share_interval(result->right, result->rows, &result->accuracy_low,
			    &result->accuracy_high);
	if (result->labels)
		hb_score_labels_finish(result);
	for (int i = 0; i < result->targets; i++)
		result->target[i] = target_score(
			&sum[i], coding->target_transform ? 1 : (double)coding->target_sd[i]);
	result->mean = (hebb_target_score){mean_score(result, offsetof(hebb_target_score, rmse)),
					   mean_score(result, offsetof(hebb_target_score, mae)),
					   mean_score(result, offsetof(hebb_target_score, r2))};
}

/* 0 without memory. */
static int prepare(const hebb_coding *coding, const hebb_dataset *data, int detail,
		   hebb_score *result, outputs *kept)
{
	size_t rows = (size_t)data->rows;

	*result = (hebb_score){.task = coding->task, .rows = data->rows};
	if (coding->task == HEBB_LABELS) {
		result->labels = coding->outputs;
		result->label = calloc((size_t)result->labels, sizeof *result->label);
		if (detail)
			kept->p = malloc(sizeof *kept->p * rows * (size_t)result->labels);
		return result->label && (!detail || kept->p);
	}
	if (coding->task == HEBB_REGRESSION) {
		result->targets = coding->outputs;
		result->target = calloc((size_t)result->targets, sizeof *result->target);
		return result->target != NULL;
	}
	result->classes = coding->outputs;
	if (detail) {
		result->each = calloc((size_t)result->classes, sizeof *result->each);
		kept->p = malloc(sizeof *kept->p * rows * (size_t)result->classes);
		kept->truth = malloc(sizeof *kept->truth * rows);
		if (!result->each || !kept->p || !kept->truth)
			return 0;
	}
	if (result->classes > HEBB_CONFUSION_MOST)
		return 1;
	result->confusion =
		calloc((size_t)result->classes * result->classes, sizeof *result->confusion);
	return result->confusion != NULL;
}

/* ---- Rows ---- */

/* A slice of rows: what each costs is found by any thread, and added in order. */
typedef struct slice {
	long long first;
	int rows;
	hebb_work *work;
	float *x;
	const float *h;
	unsigned char answered[SLICE];
	double loss[SLICE]; /* of those that are answered */
} slice;

typedef struct scoring {
	const hebb_net *net;
	const hebb_coding *coding;
	const hebb_dataset *data;
	hebb_loss loss;
	hebb_activation output;
	hebb_pool *pool;
	int slices;
	slice *slice;
	sums *sum; /* of each target */
	outputs kept;
	hebb_meter *meter;
} scoring;

/* A task of the pool. */
static void judge_slice(void *self, int part, int parts)
{
	const scoring *s = self;
	slice *one = &s->slice[part];
	const int n = s->coding->outputs;
	const float *y = s->data->y + one->first * n;

	(void)parts;
	hebb_dataset_get(s->data, one->first, one->rows, one->x);
	one->h = hebb_forward(one->work, one->rows, one->x);
	for (int row = 0; row < one->rows; row++, y += n) {
		const float *h = one->h + (ptrdiff_t)row * n;

		one->answered[row] = (unsigned char)hebb_is_answer(s->coding, h);
		if (one->answered[row])
			one->loss[row] = hebb_cost(s->loss, s->output, n, h, y);
	}
}

static void add_slice(const scoring *s, const slice *one, hebb_score *result)
{
	const int n = s->coding->outputs;
	const float *h = one->h, *y = s->data->y + one->first * n;

	for (int i = 0; i < one->rows; i++, h += n, y += n) {
		long long row = one->first + i;
		int answered = one->answered[i];

		if (!answered)
			add_unanswered(&result->without, s->data->row[row]);
		else
			add_row(result, s->coding, one->loss[i], h, y, s->sum);
		if (result->labels)
			add_labels(result, &s->kept, row, answered ? h : NULL, y);
		if (result->each)
			keep_outputs(&s->kept, s->output, row, n, answered ? h : NULL, y);
	}
}

static void add_rows(scoring *s, hebb_score *result)
{
	long long next = 0, rows = s->data->rows;

	hebb_meter_part(s->meter, 0, 1, rows);
	while (next < rows) {
		int count = 0;

		for (; count < s->slices && next < rows; count++) {
			s->slice[count].first = next;
			s->slice[count].rows = rows - next < SLICE ? (int)(rows - next) : SLICE;
			next += SLICE;
		}
		hebb_pool_run(s->pool, count, judge_slice, s);
		for (int i = 0; i < count; i++)
			add_slice(s, &s->slice[i], result);
		hebb_meter_add(s->meter, (long long)count * SLICE);
	}
}

/* A slice for one thread, some for each of several, but no more than the rows fill. */
static hebb_status open_slices(scoring *s, int threads, hebb_error *error)
{
	long long most = (s->data->rows + SLICE - 1) / SLICE;

	if (most < SHARES)
		threads = 1;
	s->pool = hebb_pool_new(threads < THREADS_MOST ? threads : THREADS_MOST, NULL, error);
	if (!s->pool)
		return HEBB_NO_MEMORY;
	threads = hebb_pool_threads(s->pool);
	int wanted = threads > 1 ? SHARES * threads : 1;
	wanted = most < wanted ? (int)most : wanted;
	s->slice = calloc((size_t)wanted, sizeof *s->slice);
	for (; s->slice && s->slices < wanted; s->slices++) {
		slice *one = &s->slice[s->slices];

		one->work = hebb_work_new(s->net, SLICE, NULL, error);
		one->x = malloc(sizeof *one->x * SLICE * (size_t)s->data->inputs);
		if (!one->work || !one->x) {
			s->slices++;
			return HEBB_NO_MEMORY;
		}
	}
	s->sum = calloc((size_t)s->coding->outputs, sizeof *s->sum);
	return s->slice && s->sum ? HEBB_OK : HEBB_NO_MEMORY;
}

static void close_slices(scoring *s)
{
	hebb_pool_free(s->pool);
	for (int i = 0; i < s->slices; i++) {
		hebb_work_free(s->slice[i].work);
		free(s->slice[i].x);
	}
	free(s->slice);
	free(s->sum);
	free(s->kept.p);
	free(s->kept.truth);
}

/* 0 without memory. */
static int add_detail(const scoring *s, hebb_score *result)
{
	int probabilities = s->output == HEBB_SOFTMAX || s->output == HEBB_SIGMOID;

	if (result->labels)
		return hb_score_labels_areas(result->rows, s->kept.p, s->data->y, result);
	return hb_metrics_of(result->rows, result->classes, s->kept.p, s->kept.truth, probabilities,
			     &result->detail, result->each);
}

hebb_status hebb_score_dataset(const hebb_net *net, const hebb_coding *coding, hebb_loss loss,
			       const hebb_dataset *data, int detail, int threads,
			       hebb_score *result, hebb_error *error)
{
	return hebb_score_dataset_metered(net, coding, loss, data, detail, threads, NULL, result,
					  error);
}

hebb_status hebb_score_dataset_metered(const hebb_net *net, const hebb_coding *coding,
				       hebb_loss loss, const hebb_dataset *data, int detail,
				       int threads, hebb_meter *meter, hebb_score *result,
				       hebb_error *error)
{
	*result = (hebb_score){.task = coding ? coding->task : 0};
	if (!net || !coding || !data || !data->y || data->rows < 1)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "there are no rows with targets to score");
	if (threads < 0)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "%d threads; 1 or more are possible, 0 for all processors",
				 threads);
	scoring s = {.net = net, .coding = coding, .data = data, .loss = loss, .meter = meter};
	s.output = hebb_net_layer(net, hebb_net_layers(net) - 1)->activation;
	hebb_status status = open_slices(&s, threads, error);
	int prepared = prepare(coding, data, detail, result, &s.kept), complete = 0;

	if (!status && prepared) {
		add_rows(&s, result);
		finish(result, coding, s.sum);
		result->loss_function = loss;
		complete = !s.kept.p || add_detail(&s, result);
	}
	close_slices(&s);
	if (complete)
		return HEBB_OK;
	hebb_score_free(result);
	return hebb_fail(error, HEBB_NO_MEMORY, "no memory for the score of %lld rows", data->rows);
}

void hebb_score_free(hebb_score *score)
{
	free(score->confusion);
	free(score->each);
	free(score->target);
	free(score->label);
	*score = (hebb_score){.rows = 0};
}

hebb_status hebb_model_score(const hebb_model *model, const hebb_table *table, long long n,
			     const long long *row, hebb_score *result, hebb_error *error)
{
	hebb_dataset *data;
	hebb_status status;

	*result = (hebb_score){.rows = 0};
	if (!model || !table)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "there is no %s",
				 model ? "table" : "model");
	hebb_error local;
	error = error ? error : &local;
	data = hebb_coding_view(model->coding, table, 1, n, row, error);
	if (!data)
		return error->status;
	status = hebb_score_dataset(model->net, model->coding, model->loss, data, 1, 0, result,
				    error);
	hebb_dataset_free(data);
	return status;
}
