/* SPDX-License-Identifier: MIT */
/*
 * predict.c - predictions of a model: from raw values to answers in their units
 *
 * These are the steps of the graph of the model's ONNX file. Rows are coded where they are, in a
 * table or in arrays, and run through the network some at a time, so that memory does not grow with
 * their number. The bits are the same whether a row comes alone, in a table or in arrays.
 */
#include "../coding/dataset.h"
#include "../coding/transform.h"
#include "model.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
	SLICE = 256,    /* rows at once */
	ON_STACK = 256, /* numbers of a row alone */
	ROOM = 40 << 10 /* bytes on the stack, enough for so many in any form */
};

double hebb_in_units(const hebb_coding *coding, const float *h, int i)
{
	float scaled = h[i] * coding->target_sd[i], placed = scaled + coding->target_mean[i];
	double value = (double)placed;

	if (coding->exact_target_mean)
		value = (double)scaled + coding->exact_target_mean[i];
	else if (hb_transforms(coding))
		value = (double)hb_target_value(coding, i, placed);
	return isfinite((float)value) ? value : (double)NAN;
}

double hebb_slope_in_units(const hebb_coding *coding, const float *h, int i)
{
	float scaled = h[i] * coding->target_sd[i], placed = scaled + coding->target_mean[i];
	double sd = (double)coding->target_sd[i];

	return hb_transforms(coding) ? sd * hb_target_slope(coding, i, placed) : sd;
}

static void set_nan(int outputs, float *output, double *values)
{
	for (int i = 0; i < outputs; i++) {
		output[i] = NAN;
		if (values)
			values[i] = NAN;
	}
}

/* Outputs in their units, to output, which may be h, and values unless NULL.  NaN where there is no
 * finite answer: of classes, which are probabilities of one whole, all of them.  Returns 0 if one
 * is NaN. */
static int finish(const hebb_coding *coding, const float *h, float *output, double *values)
{
	int all = 1, is_whole = coding->task == HEBB_CLASSIFICATION;

	for (int i = 0; i < coding->outputs; i++) {
		double value = hebb_in_units(coding, h, i);

		all &= !isnan(value);
		output[i] = (float)value;
		if (values)
			values[i] = value;
	}
	if (is_whole && !all)
		set_nan(coding->outputs, output, values);
	return all;
}

static hebb_status check_model(const hebb_model *model, hebb_error *error)
{
	const hebb_coding *coding = model ? model->coding : NULL;

	if (!coding || !model->net)
		return hb_absent(!coding ? "the coding of the model" : "the network of the model",
				 error);
	if (hebb_net_inputs(model->net) == coding->width &&
	    hebb_net_outputs(model->net) == coding->outputs)
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_SHAPE,
			 "the network has %d inputs and %d outputs, its coding %d and %d",
			 hebb_net_inputs(model->net), hebb_net_outputs(model->net), coding->width,
			 coding->outputs);
}

/* The place of the largest; -1 if they are no answer. */
static int likeliest(int count, const float *output)
{
	int best = 0;

	for (int i = 1; i < count; i++)
		best = output[i] > output[best] ? i : best;
	return isnan(output[best]) ? -1 : best;
}

/* Row i of the call; h: the outputs of the network, or NULL; spare: room for them, perhaps h.
 * Returns 1 if all of them are answers. */
static int put(const hebb_coding *coding, const hebb_prediction *to, long long i, const float *h,
	       float *spare)
{
	int outputs = coding->outputs, all = 0;
	double *values = to->values ? to->values + i * outputs : NULL;
	float *output = to->output ? to->output + i * outputs : spare;

	if (h)
		all = finish(coding, h, output, values);
	else
		set_nan(outputs, output, values);
	if (to->label)
		to->label[i] = h ? likeliest(outputs, output) : -1;
	return all;
}

/* What a call needs. */
struct call {
	const hebb_model *model;
	struct hb_dataset_job *job;
	long long rows;
	const long long *row;
	hebb_prediction *to;
	hebb_work *work;          /* NULL: there is one row */
	float *x, *h, *spare;     /* a slice of inputs; outputs of one row, twice */
	unsigned char *has_input; /* by row of the slice: 0 if it lacks a value and is left out */
};

/* The caller's prediction as this version knows it, and the job that it asks for. */
static hebb_status begin(const struct call *call, const hebb_prediction *given)
{
	hebb_prediction *to = call->to;
	struct hb_dataset_job *job = call->job;
	hebb_task task = call->model->coding->task;
	hebb_status status;

	if (!given)
		return hb_absent("the prediction", job->error);
	*to = hebb_prediction_default();
	status = hebb_sized_copy(to, sizeof *to, given, "the prediction",
				 "hebb_prediction_default()", job->error);
	if (status)
		return status;
	if (to->how & ~(HEBB_APPLY_STRICT | HEBB_APPLY_ANYWAY))
		return hebb_fail(job->error, HEBB_BAD_ARGUMENT,
				 "how is %d, no sum of HEBB_APPLY_STRICT and HEBB_APPLY_ANYWAY",
				 to->how);
	if (to->label && task != HEBB_CLASSIFICATION)
		return hebb_fail(job->error, HEBB_BAD_ARGUMENT,
				 "the model predicts %s, which have no label; ask for output",
				 task == HEBB_LABELS ? "several labels" : "numbers");
	if (call->rows < 1)
		return hebb_fail(job->error, HEBB_BAD_ARGUMENT, "%lld rows; at least 1 is needed",
				 call->rows);
	job->coding = call->model->coding;
	job->is_strict = (to->how & HEBB_APPLY_STRICT) != 0;
	job->has_limits = to->unlike || to->outside;
	return HEBB_OK;
}

/* Takes what the rows need. */
static hebb_status make_room(struct call *call)
{
	const hebb_coding *coding = call->model->coding;
	struct hb_dataset_job *job = call->job;
	int inputs = coding->input_count, outputs = coding->outputs;
	int slice = call->rows < SLICE ? (int)call->rows : SLICE;

	job->unlike = call->to->unlike;
	if (!job->unlike && call->rows > 1)
		job->unlike = hb_take(job->memory, inputs, sizeof *job->unlike);
	call->x = hb_take(job->memory, coding->width, (size_t)slice * sizeof *call->x);
	call->h = hb_take(job->memory, outputs, sizeof *call->h);
	call->spare = hb_take(job->memory, outputs, sizeof *call->spare);
	call->has_input = hb_take(job->memory, slice, 1);
	if ((!job->unlike && call->rows > 1) || !call->x || !call->h || !call->spare ||
	    !call->has_input)
		return hb_out_of_memory(job->error);
	if (job->unlike)
		memset(job->unlike, 0, (size_t)inputs * sizeof *job->unlike);
	if (call->rows > 1 &&
	    !(call->work = hebb_work_new(call->model->net, slice, NULL, job->error)))
		return HEBB_NO_MEMORY;
	return HEBB_OK;
}

/* Whether the values so far are to be looked at as a whole: never those of a row alone, which
 * cannot tell that a column is of another kind. */
static int is_to_check(const struct call *call, long long rows)
{
	long long first = call->rows < HB_FIRST_ROWS ? call->rows : HB_FIRST_ROWS;

	return rows == first && rows > 1 && !(call->to->how & HEBB_APPLY_ANYWAY);
}

/* Codes `count` rows from row i of the call on; *coded: those that can be answered, one after the
 * other in x. */
static hebb_status code_slice(const struct call *call, long long i, int count, int *coded)
{
	const struct hb_dataset_job *job = call->job;
	hebb_status status = HEBB_OK;

	*coded = 0;
	for (int k = 0; k < count && !status; k++) {
		enum hb_outcome outcome =
			hb_code_side(job, &job->input, hb_row_at(call->row, i + k),
				     call->x + (ptrdiff_t)*coded * job->input.width);

		if (outcome == HB_FAILED)
			return HEBB_BAD_FORMAT;
		call->has_input[k] = outcome == HB_CODED;
		*coded += outcome == HB_CODED;
		if (call->to->outside)
			call->to->outside[i + k] = *job->is_outside;
		if (is_to_check(call, i + k + 1))
			status = hb_check_first(job, i + k + 1, call->row);
	}
	return status;
}

/* The outputs of the rows in x. */
static hebb_status run(const struct call *call, int coded, const float **h)
{
	*h = call->h;
	if (coded == 0)
		return HEBB_OK;
	if (!call->work)
		return hebb_predict(call->model->net, call->x, call->h, call->job->error);
	*h = hebb_forward(call->work, coded, call->x);
	return HEBB_OK;
}

static hebb_status predict_slice(const struct call *call, long long i, int count)
{
	const hebb_coding *coding = call->model->coding;
	const float *h;
	int coded;
	hebb_status status = code_slice(call, i, count, &coded);

	if (!status)
		status = run(call, coded, &h);
	for (int k = 0; k < count && !status; k++) {
		call->to->answered +=
			put(coding, call->to, i + k, call->has_input[k] ? h : NULL, call->spare);
		h += call->has_input[k] ? coding->outputs : 0;
	}
	return status;
}

/* Predicts the rows of a job that is prepared. */
static hebb_status predict(struct call *call, hebb_prediction *prediction)
{
	hebb_status status = make_room(call);

	call->to->answered = 0;
	for (long long i = 0; i < call->rows && !status; i += SLICE)
		status = predict_slice(call, i,
				       call->rows - i < SLICE ? (int)(call->rows - i) : SLICE);
	hebb_work_free(call->work);
	if (!status)
		hebb_sized_fill(prediction, prediction->size, call->to);
	return status;
}

/* ---- A row alone ---- */

/* Whether a row can be answered at once: the block is all inputs in order, as floats, and nothing
 * else is asked for. */
static int is_simple(const hebb_model *model, const hebb_block *block, const hebb_prediction *to)
{
	const hebb_coding *coding = model->coding;
	int count = coding->input_count, is_class = coding->task == HEBB_CLASSIFICATION;

	if (!block || block->size != sizeof *block || !block->floats || block->doubles ||
	    block->integers || block->texts || block->names || block->columns != count)
		return 0;
	if (!to || to->size != sizeof *to || to->unlike || to->outside || to->how ||
	    (to->label && !is_class))
		return 0;
	if (coding->exact_mean || coding->encoding ||
	    coding->width != count + coding->indicator_count || coding->width > ON_STACK ||
	    coding->outputs > ON_STACK)
		return 0;
	for (int i = 0; i < count; i++)
		if (coding->inputs[i].kind != HEBB_NUMBER)
			return 0;
	return 1;
}

/* The same answer as below, with nothing to prepare.  *is_done: 0 if a number is missing or far
 * out. */
static hebb_status predict_at_once(const hebb_model *model, const float *raw, hebb_prediction *to,
				   int *is_done, hebb_error *error)
{
	const hebb_coding *coding = model->coding;
	float x[ON_STACK], h[ON_STACK];
	hebb_status status;

	*is_done = !hb_scale_row(coding->input_count, raw, coding->mean, coding->scale, x);
	if (!*is_done)
		return HEBB_OK;
	for (int i = coding->input_count; i < coding->width; i++)
		x[i] = 0; /* indicators */
	status = hebb_predict(model->net, x, h, error);
	if (!status)
		to->answered = put(coding, to, 0, h, h);
	return status;
}

/* ---- All calls ---- */

static hebb_status predict_blocks(const hebb_model *model, long long rows, int count,
				  const hebb_block *blocks, hebb_prediction *prediction,
				  hebb_error *error)
{
	_Alignas(max_align_t) unsigned char room[ROOM];
	struct hb_memory memory = {.next = room, .left = sizeof room};
	struct hb_dataset_job job = {.memory = &memory, .error = error};
	hebb_prediction known;
	struct call call = {.model = model, .job = &job, .rows = rows, .to = &known};
	hebb_status status = begin(&call, prediction);

	if (!status)
		status = hb_prepare_blocks(&job, "the arrays", rows, count, blocks);
	if (!status)
		status = predict(&call, prediction);
	hb_give_back(&memory);
	return status;
}

hebb_status hebb_model_predict(const hebb_model *model, long long rows, int count,
			       const hebb_block *blocks, hebb_prediction *prediction,
			       hebb_error *error)
{
	hebb_status status = check_model(model, error);
	int is_done = 0;

	if (!status && rows == 1 && count == 1 && is_simple(model, blocks, prediction))
		status = predict_at_once(model, blocks->floats, prediction, &is_done, error);
	if (!status && !is_done)
		status = predict_blocks(model, rows, count, blocks, prediction, error);
	return status;
}

hebb_status hebb_model_predict_table(const hebb_model *model, const hebb_table *table, long long n,
				     const long long *row, hebb_prediction *prediction,
				     hebb_error *error)
{
	struct hb_memory memory = {0};
	struct hb_dataset_job job = {.table = table, .memory = &memory, .error = error};
	hebb_prediction known;
	struct call call = {.model = model, .job = &job, .rows = n, .row = row, .to = &known};
	hebb_status status = check_model(model, error);
	int ignored;

	if (!status)
		status = begin(&call, prediction);
	if (!status)
		status = hb_check_rows(table, n, row, error);
	if (!status)
		status = hb_prepare(&job, 0, &ignored);
	if (!status)
		status = predict(&call, prediction);
	hb_give_back(&memory);
	return status;
}

/* ---- Evaluation ---- */

hebb_status hebb_model_evaluate(const hebb_model *model, const hebb_table *table, long long n,
				const long long *row, hebb_evaluation *result, hebb_error *error)
{
	hebb_evaluation known = hebb_evaluation_default();
	hebb_error why;
	hebb_dataset *data;
	hebb_source source;
	hebb_status status = check_model(model, error);

	if (status)
		return status;
	if (!result)
		return hb_absent("the evaluation", error);
	status = hebb_sized_copy(&known, sizeof known, result, "the evaluation",
				 "hebb_evaluation_default()", error);
	if (status)
		return status;
	if (known.unit)
		return hebb_fail(
			error, HEBB_BAD_ARGUMENT,
			"the evaluation has units, but those of the model's targets count");
	data = hebb_coding_view(model->coding, table, 1, n, row, error ? error : &why);
	if (!data)
		return error ? error->status : why.status;
	source = hebb_dataset_source(data);
	known.unit = model->coding->target_sd;
	known.gaps = hb_targets_alone(model->coding);
	status = hebb_evaluate(model->net, model->loss, &source, &known, error);
	known.unit = NULL;
	if (!status && hb_transforms(model->coding))
		status = hb_evaluate_transformed(model, data, &known, error);
	if (model->coding->task != HEBB_REGRESSION)
		known.rmse = known.mae = known.r2 = NAN;
	if (model->coding->task != HEBB_CLASSIFICATION)
		known.accuracy = NAN;
	if (!status)
		hebb_sized_fill(result, result->size, &known);
	hebb_dataset_free(data);
	return status;
}
