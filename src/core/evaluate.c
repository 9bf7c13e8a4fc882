/* SPDX-License-Identifier: MIT */
/*
 * evaluate.c - how good a network is on examples whose targets are known
 *
 *     accuracy = rows whose predicted class is the right one / rows
 *
 * and of each output
 *
 *     rmse = sqrt(mean (h - y)^2)
 *     mae = mean |h - y|
 *     r2 = 1 - sum (h - y)^2 / sum (y - mean y)^2, where y never changes 0, or 1 if each h is y
 *
 * Of several outputs each is the mean of theirs, as in scikit-learn.
 *
 * J is computed from the outputs h, in double: hebb_cost().
 */
#include <math.h>
#include <string.h>
#include "core.h"

enum { SLICE = 256 }; /* rows at once */

/* Sums over the rows that have a target for one output, weighted: of y, y^2, (h - y)^2, |h - y|. */
struct sums {
	long long rows; /* of them with a weight */
	double weight, y, y_squared, squared, absolute;
};

struct evaluation {
	const hebb_net *net;
	const hebb_source *source;
	hebb_loss loss;
	hebb_activation output;
	int inputs, outputs, gaps;
	hebb_work *work;
	long long *index; /* the indices of SLICE rows; x, y and weight have the same rows */
	float *x, *y, *weight;
	struct sums *sum;              /* outputs */
	double right, total, answered; /* sums of weights */
	int are_classes;               /* all y so far are classes */
};

/* ---- Classes ---- */

/* The index of the largest value, the first one if several are equal; with one output, 1 if it is
 * above 1/2. */
static int class_of(int outputs, const float *values)
{
	int best = 0;

	if (outputs == 1)
		return values[0] > 0.5F;
	for (int i = 1; i < outputs; i++)
		best = values[i] > values[best] ? i : best;
	return best;
}

static int all_finite(int outputs, const float *h)
{
	for (int i = 0; i < outputs; i++)
		if (!isfinite(h[i]))
			return 0;
	return 1;
}

/* Whether y is 1 for one class and 0 for the others; with one output, whether y is 0 or 1. */
static int is_class(int outputs, const float *y)
{
	int ones = 0;

	for (int i = 0; i < outputs; i++) {
		if (y[i] != 0 && y[i] != 1)
			return 0;
		ones += y[i] == 1;
	}
	return outputs == 1 || ones == 1;
}

float hb_right(int outputs, const float *h, const float *y)
{
	if (!is_class(outputs, y))
		return NAN;
	return all_finite(outputs, h) && class_of(outputs, h) == class_of(outputs, y);
}

double hebb_accuracy(long long rows, int outputs, const float *h, const int *label)
{
	long long right = 0;

	for (long long i = 0; i < rows; i++, h += outputs)
		right += all_finite(outputs, h) && class_of(outputs, h) == label[i];
	return rows > 0 ? (double)right / (double)rows : (double)NAN;
}

/* ---- Rows ---- */

static void add_numbers(const struct evaluation *e, const float *h, const float *y, double weight)
{
	for (int i = 0; i < e->outputs; i++) {
		double off = (double)h[i] - (double)y[i];
		struct sums *sum = &e->sum[i];

		if (isnan(y[i]))
			continue;
		sum->rows += weight > 0;
		sum->weight += weight;
		sum->y += weight * (double)y[i];
		sum->y_squared += weight * (double)y[i] * (double)y[i];
		sum->squared += weight * off * off;
		sum->absolute += weight * fabs(off);
	}
}

/* Whether the outputs are finite, also after conversion to units. */
static int is_answer(const struct evaluation *e, const hebb_evaluation *result, const float *h)
{
	for (int i = 0; i < e->outputs; i++)
		if (!isfinite(result->unit ? h[i] * result->unit[i] : h[i]))
			return 0;
	return 1;
}

static void add_row(struct evaluation *e, hebb_evaluation *result, const float *h, const float *y,
		    double weight)
{
	int classes = e->outputs == 1 ? 2 : e->outputs;

	result->rows++;
	e->total += weight;
	e->are_classes &= is_class(e->outputs, y);
	if (!is_answer(e, result, h))
		return;
	result->answered++;
	e->answered += weight;
	result->loss += weight * hebb_cost(e->loss, e->output, e->outputs, h, y);
	add_numbers(e, h, y, weight);
	if (!e->are_classes)
		return;
	int predicted = class_of(e->outputs, h), truth = class_of(e->outputs, y);
	e->right += predicted == truth ? weight : 0;
	if (result->confusion)
		result->confusion[(ptrdiff_t)truth * classes + predicted]++;
}

static hebb_status get_rows(const struct evaluation *e, long long first, int rows,
			    hebb_error *error)
{
	const struct hb_rows batch = {
		rows, e->x, e->y, e->weight, e->index, "the rows to evaluate", e->gaps};
	hebb_status status;

	for (int i = 0; i < rows; i++) {
		e->index[i] = first + i;
		e->weight[i] = 1;
	}
	hb_rows_unset(e->net->plan, rows, 1, e->x, e->y);
	status = e->source->gather(e->source->self, rows, e->index, e->x, e->y, e->weight, error);
	return status ? status : hb_rows_check(e->net->plan, e->loss, &batch, error);
}

static hebb_status add_rows(struct evaluation *e, hebb_evaluation *result, hebb_error *error)
{
	for (long long first = 0; first < e->source->rows; first += SLICE) {
		long long remaining = e->source->rows - first;
		int rows = remaining < SLICE ? (int)remaining : SLICE;
		hebb_status status = get_rows(e, first, rows, error);

		if (status)
			return status;
		const float *h = hebb_forward(e->work, rows, e->x);
		for (ptrdiff_t i = 0; i < rows; i++)
			add_row(e, result, h + i * e->outputs, e->y + i * e->outputs,
				(double)e->weight[i]);
	}
	return HEBB_OK;
}

/* ---- The evaluation ---- */

static double r2_of(const struct sums *sum)
{
	double spread = sum->y_squared - sum->y * sum->y / sum->weight;

	if (sum->rows < 2)
		return (double)NAN;
	if (spread > 1e-12 * sum->y_squared)
		return 1 - sum->squared / spread;
	return sum->squared == 0; /* y never changes */
}

/* Adds a score that is a number; `count` of them so far. */
static void add_score(double score, double *sum, int *count)
{
	*sum += isnan(score) ? 0 : score;
	*count += !isnan(score);
}

/* The scores of numbers, in units: each the mean over the outputs that have it. */
static void finish_numbers(const struct evaluation *e, hebb_evaluation *result)
{
	int rmses = 0, maes = 0, r2s = 0;

	for (int i = 0; i < e->outputs; i++) {
		const struct sums *sum = &e->sum[i];
		double unit = result->unit ? fabs((double)result->unit[i]) : 1;
		double rmse = sqrt(sum->squared / sum->weight) * unit,
		       mae = sum->absolute / sum->weight * unit, r2 = r2_of(sum);

		add_score(rmse, &result->rmse, &rmses);
		add_score(mae, &result->mae, &maes);
		add_score(r2, &result->r2, &r2s);
		if (result->rmse_of)
			result->rmse_of[i] = rmse;
		if (result->mae_of)
			result->mae_of[i] = mae;
		if (result->r2_of)
			result->r2_of[i] = r2;
	}
	result->rmse /= rmses; /* 0 / 0 is NaN */
	result->mae /= maes;
	result->r2 /= r2s;
}

/* Turns sums into scores. */
static void finish(const struct evaluation *e, hebb_evaluation *result)
{
	result->loss /= e->answered;
	result->accuracy = e->are_classes ? e->right / e->total : (double)NAN;
	finish_numbers(e, result);
}

static hebb_status check(const struct evaluation *e, hebb_error *error)
{
	const hebb_source *source = e->source;

	if (!source->gather)
		return hb_missing("gather of the rows to evaluate", error);
	if (source->rows < 1)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "there are no rows to evaluate");
	if ((source->inputs && source->inputs != e->net->plan->inputs) ||
	    (source->outputs && source->outputs != e->net->plan->outputs))
		return hebb_fail(error, HEBB_BAD_SHAPE,
				 "the examples have %d inputs and %d outputs, the network %d and "
				 "%d",
				 source->inputs, source->outputs, e->net->plan->inputs,
				 e->net->plan->outputs);
	return HEBB_OK;
}

static int allocate(struct evaluation *e, hebb_error *error)
{
	const hebb_allocator *a = &e->net->allocator;

	return (e->index = hb_allocate(a, SLICE * sizeof *e->index, error)) &&
	       (e->x = hb_allocate_floats(a, SLICE * (uint64_t)e->inputs, error)) &&
	       (e->y = hb_allocate_floats(a, SLICE * (uint64_t)e->outputs, error)) &&
	       (e->weight = hb_allocate_floats(a, SLICE, error)) &&
	       (e->sum = hb_allocate(a, (size_t)e->outputs * sizeof *e->sum, error)) &&
	       (e->work = hebb_work_new(e->net, SLICE, a, error));
}

static void release(struct evaluation *e)
{
	const hebb_allocator *a = &e->net->allocator;

	hebb_work_free(e->work);
	hb_release(a, e->sum, (size_t)e->outputs * sizeof *e->sum);
	hb_release_floats(a, e->weight, SLICE);
	hb_release_floats(a, e->y, SLICE * (size_t)e->outputs);
	hb_release_floats(a, e->x, SLICE * (size_t)e->inputs);
	hb_release(a, e->index, SLICE * sizeof *e->index);
}

/* Copies the result to the caller's struct, which may be shorter or longer than this version's. */
static void give(const hebb_evaluation *evaluation, hebb_evaluation *result)
{
	size_t size = result->size;

	memcpy(result, evaluation, size < sizeof *evaluation ? size : sizeof *evaluation);
	result->size = size;
}

static hebb_status evaluate(struct evaluation *e, hebb_evaluation *result, hebb_error *error)
{
	const hebb_layer *output = hebb_net_layer(e->net, hebb_net_layers(e->net) - 1);
	hebb_status status = check(e, error);

	e->inputs = e->net->plan->inputs;
	e->outputs = e->net->plan->outputs;
	e->output = output->activation;
	e->gaps = result->gaps;
	if (status)
		return status;
	if (hb_loss_check(e->loss, output, e->outputs, error))
		return HEBB_BAD_SHAPE;
	if (result->confusion) {
		size_t classes = e->outputs == 1 ? 2 : (size_t)e->outputs;

		memset(result->confusion, 0, classes * classes * sizeof *result->confusion);
	}
	status = allocate(e, error) ? add_rows(e, result, error) : HEBB_NO_MEMORY;
	if (!status)
		finish(e, result);
	release(e);
	return status;
}

hebb_status hebb_evaluate(const hebb_net *net, hebb_loss loss, const hebb_source *source,
			  hebb_evaluation *result, hebb_error *error)
{
	hebb_source rows;
	hebb_evaluation evaluation = hebb_evaluation_default(), empty = evaluation;
	struct evaluation e = {.net = net, .source = &rows, .loss = loss, .are_classes = 1};
	hebb_status status = HEBB_OK;

	if (!net || !source || !result)
		return hb_missing(!net      ? "the network"
				  : !source ? "the source of rows"
					    : "the evaluation",
				  error);
	rows = hebb_source_default();
	status = hebb_sized_copy(&rows, sizeof rows, source, "the source of rows",
				 "hebb_source_default()", error);
	if (!status)
		status = hebb_sized_copy(&evaluation, sizeof evaluation, result, "the evaluation",
					 "hebb_evaluation_default()", error);
	memcpy((char *)&evaluation + offsetof(hebb_evaluation, rows),
	       (char *)&empty + offsetof(hebb_evaluation, rows),
	       sizeof evaluation - offsetof(hebb_evaluation, rows));
	if (!status)
		status = evaluate(&e, &evaluation, error);
	if (!status)
		give(&evaluation, result);
	return status;
}
