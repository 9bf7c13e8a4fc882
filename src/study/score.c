/* SPDX-License-Identifier: MIT */
/*
 * score.c - how good a network is on rows whose targets are known
 *
 *     accuracy = right / rows                 the class predicted is that of the largest output;
 *                                             metrics.c has more
 *     rmse = sqrt(mean (h - y)^2)             in the units of the target, as mae = mean |h - y|
 *     r2 = 1 - sum (h - y)^2 / sum (y - mean y)^2
 *
 * The loss J is that of hebb_cost(), from the outputs h.
 *
 * The metrics need probabilities. For sigmoid outputs, which are independent labels, they are each
 * output's share of the sum. Outputs of activations other than softmax and sigmoid are not
 * probabilities.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "metrics.h"
#include "study.h"

enum { SLICE = 256 }; /* rows at once */

/* The arguments of hb_metrics_of(): the outputs of all rows, and their classes. */
typedef struct outputs {
	float *p;
	int *truth;
} outputs;

/* Sums of one target over the rows: of y, y^2, (h - y)^2 and |h - y|, in standardized units. */
typedef struct sums {
	double y, y_squared, squared, absolute;
} sums;

float hebb_in_units(const hebb_coding *coding, const float *h, int i)
{
	float value = h[i] * coding->target_sd[i] + coding->target_mean[i];

	return isfinite(value) ? value : NAN;
}

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
	int predicted = hebb_largest(h, result->classes), truth = hebb_largest(y, result->classes);

	result->right += predicted == truth;
	if (result->confusion)
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
	kept->truth[row] = hebb_largest(y, n);
}

static void add_numbers(sums *sum, int n, const float *h, const float *y)
{
	for (int i = 0; i < n; i++) {
		double off = (double)h[i] - y[i];
		sum[i].y += y[i];
		sum[i].y_squared += (double)y[i] * y[i];
		sum[i].squared += off * off;
		sum[i].absolute += fabs(off);
	}
}

static void add_row(hebb_score *result, hebb_loss loss, hebb_activation output, const float *h,
		    const float *y, int n, sums *sum)
{
	result->loss += hebb_cost(loss, output, n, h, y);
	if (result->targets)
		add_numbers(sum, n, h, y);
	else
		add_class(result, h, y);
}

/* Turns sums into scores. */
static void finish(hebb_score *result, const hebb_coding *coding, const sums *sum)
{
	double rows = (double)(result->rows - result->without.count), squares = 0;

	result->loss /= rows;
	result->accuracy = (double)result->right / (double)result->rows;
	hebb_share_interval(result->right, result->rows, &result->accuracy_low,
			    &result->accuracy_high);
	for (int i = 0; i < result->targets; i++) {
		hebb_target_score *target = &result->target[i];
		double sd = coding->target_sd[i],
		       spread = sum[i].y_squared - sum[i].y * sum[i].y / rows;
		target->rmse = sqrt(sum[i].squared / rows) * sd;
		target->mae = sum[i].absolute / rows * sd;
		target->r2 = spread > 1e-12 * sum[i].y_squared ? 1 - sum[i].squared / spread : NAN;
		squares += target->rmse * target->rmse / result->targets;
		result->mean.mae += target->mae / result->targets;
		result->mean.r2 += target->r2 / result->targets;
	}
	result->mean.rmse = sqrt(squares);
}

/* 0 without memory. */
static int prepare(const hebb_coding *coding, const hebb_dataset *data, int detail,
		   hebb_score *result, outputs *kept)
{
	size_t rows = (size_t)data->rows;

	*result = (hebb_score){.task = coding->task, .rows = data->rows};
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

static void add_rows(const hebb_net *net, const hebb_coding *coding, hebb_loss loss,
		     const hebb_dataset *data, hebb_work *work, float *x, sums *sum,
		     const outputs *kept, hebb_score *result)
{
	hebb_activation output = hebb_net_layer(net, hebb_net_layers(net) - 1)->activation;
	int n = coding->outputs;

	for (long long first = 0; first < data->rows; first += SLICE) {
		int rows = data->rows - first < SLICE ? (int)(data->rows - first) : SLICE;
		hebb_dataset_get(data, first, rows, x);
		const float *h = hebb_forward(work, rows, x);
		const float *y = data->y + first * n;
		for (int row = 0; row < rows; row++, h += n, y += n) {
			int answered = hebb_is_answer(coding, h);

			if (!answered)
				add_unanswered(&result->without, data->row[first + row]);
			else
				add_row(result, loss, output, h, y, n, sum);
			if (result->each)
				keep_outputs(kept, output, first + row, n, answered ? h : NULL, y);
		}
	}
}

/* 0 without memory. */
static int add_detail(const hebb_net *net, const outputs *kept, hebb_score *result)
{
	hebb_activation output = hebb_net_layer(net, hebb_net_layers(net) - 1)->activation;
	int probabilities = output == HEBB_SOFTMAX || output == HEBB_SIGMOID;

	return hb_metrics_of(result->rows, result->classes, kept->p, kept->truth, probabilities,
			     &result->detail, result->each);
}

hebb_status hebb_score_dataset(const hebb_net *net, const hebb_coding *coding, hebb_loss loss,
			       const hebb_dataset *data, int detail, hebb_score *result,
			       hebb_error *error)
{
	*result = (hebb_score){.task = coding ? coding->task : 0};
	if (!net || !coding || !data || !data->y || data->rows < 1)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "there are no rows with targets to score");
	hebb_work *work = hebb_work_new(net, SLICE, NULL, error);
	sums *sum = calloc((size_t)coding->outputs, sizeof *sum);
	float *x = malloc(sizeof *x * SLICE * (size_t)data->inputs);
	outputs kept = {NULL, NULL};
	int prepared = prepare(coding, data, detail, result, &kept), complete = 0;

	if (work && sum && x && prepared) {
		add_rows(net, coding, loss, data, work, x, sum, &kept, result);
		finish(result, coding, sum);
		complete = !result->each || add_detail(net, &kept, result);
	}
	free(kept.p);
	free(kept.truth);
	free(sum);
	free(x);
	hebb_work_free(work);
	if (complete)
		return HEBB_OK;
	hebb_score_free(result);
	return !work ? HEBB_NO_MEMORY
		     : hebb_fail(error, HEBB_NO_MEMORY, "no memory for the score of %lld rows",
				 data->rows);
}

void hebb_score_free(hebb_score *score)
{
	free(score->confusion);
	free(score->each);
	free(score->target);
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
	status = hebb_score_dataset(model->net, model->coding, model->loss, data, 1, result, error);
	hebb_dataset_free(data);
	return status;
}
