/* SPDX-License-Identifier: MIT */
/*
 * predict.c - predictions of a model: from raw values to answers in their units
 *
 * These are the steps of the graph of the model's ONNX file. Rows are coded where they are, in a
 * table or in arrays, and run through the network some at a time, so that memory does not grow with
 * their number. The bits are the same whether a row comes alone, in a table or in arrays.
 */
#include "../coding/dataset.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
	SLICE = 256,    /* rows at once */
	ROOM = 40 << 10 /* bytes on the stack: enough for a row of 256 numbers */
};

double hebb_in_units(const hebb_coding *coding, const float *h, int i)
{
	float scaled = h[i] * coding->target_sd[i];
	double value = coding->exact_target_mean ? (double)scaled + coding->exact_target_mean[i]
						 : (double)(scaled + coding->target_mean[i]);

	return isfinite((float)value) ? value : NAN;
}

/* Outputs in their units, to either array or both; output may be h.  NaN where there is no finite
 * answer: of classes, which are probabilities of one whole, all of them.  Returns 0 if one is NaN.
 */
static int finish(const hebb_coding *coding, const float *h, float *output, double *values)
{
	int all = 1, whole = coding->task == HEBB_CLASSIFICATION;

	for (int i = 0; i < coding->outputs; i++)
		all &= !isnan(hebb_in_units(coding, h, i));
	for (int i = 0; i < coding->outputs; i++) {
		double value = whole && !all ? NAN : hebb_in_units(coding, h, i);

		if (values)
			values[i] = value;
		if (output)
			output[i] = (float)value;
	}
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

/* Row i of the call; h: the outputs of the network, or NULL; answer: room for them.  Returns 1 if
 * all of them are answers. */
static int put(const hebb_coding *coding, const hebb_prediction *to, long long i, const float *h,
	       float *answer)
{
	int outputs = coding->outputs, all = 0;
	double *values = to->values ? to->values + i * outputs : NULL;

	if (h)
		all = finish(coding, h, answer, values);
	for (int j = 0; j < outputs && !h; j++) {
		answer[j] = NAN;
		if (values)
			values[j] = NAN;
	}
	if (to->output)
		memcpy(to->output + i * outputs, answer, (size_t)outputs * sizeof *answer);
	if (to->label)
		to->label[i] = h ? likeliest(outputs, answer) : -1;
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
	float *x, *h, *answer;    /* a slice of inputs; outputs of one row, twice */
	unsigned char *has_input; /* by row of the slice: 0 if it lacks a value and is left out */
};

/* The caller's prediction as this version knows it. */
static hebb_status take_prediction(const hebb_model *model, const hebb_prediction *given,
				   hebb_prediction *prediction, hebb_error *error)
{
	hebb_status status = check_model(model, error);

	*prediction = hebb_prediction_default();
	if (status)
		return status;
	if (!given)
		return hb_absent("the prediction", error);
	status = hebb_sized_copy(prediction, sizeof *prediction, given, "the prediction",
				 "hebb_prediction_default()", error);
	if (status)
		return status;
	if (prediction->how & ~(HEBB_APPLY_STRICT | HEBB_APPLY_ANYWAY))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "how is %d, no sum of HEBB_APPLY_STRICT and HEBB_APPLY_ANYWAY",
				 prediction->how);
	if (prediction->label && model->coding->task != HEBB_CLASSIFICATION)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "the model predicts %s, which have no label; ask for output",
				 model->coding->task == HEBB_LABELS ? "several labels" : "numbers");
	return HEBB_OK;
}

/* Takes what the rows need. */
static hebb_status make_room(struct call *call)
{
	const hebb_coding *coding = call->model->coding;
	struct hb_dataset_job *job = call->job;
	size_t inputs = (size_t)coding->input_count, outputs = (size_t)coding->outputs;
	int slice = call->rows < SLICE ? (int)call->rows : SLICE;

	job->unlike = call->to->unlike ? call->to->unlike
				       : hb_take(job->memory, inputs, sizeof *job->unlike);
	call->x = hb_take(job->memory, (size_t)coding->width, (size_t)slice * sizeof *call->x);
	call->h = hb_take(job->memory, outputs, sizeof *call->h);
	call->answer = hb_take(job->memory, outputs, sizeof *call->answer);
	call->has_input = hb_take(job->memory, (size_t)slice, 1);
	if (!job->unlike || !call->x || !call->h || !call->answer || !call->has_input)
		return hb_out_of_memory(job->error);
	memset(job->unlike, 0, inputs * sizeof *job->unlike);
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
	if (!call->work)
		return coded ? hebb_predict(call->model->net, call->x, call->h, call->job->error)
			     : HEBB_OK;
	*h = coded ? hebb_forward(call->work, coded, call->x) : NULL;
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
			put(coding, call->to, i + k, call->has_input[k] ? h : NULL, call->answer);
		h += call->has_input[k] ? coding->outputs : 0;
	}
	return status;
}

/* Predicts the rows of a job, whose table is set, and gives back its memory. */
static hebb_status predict(struct call *call, hebb_prediction *prediction)
{
	struct hb_dataset_job *job = call->job;
	int ignored = 0;
	hebb_status status;

	job->coding = call->model->coding;
	job->is_strict = (call->to->how & HEBB_APPLY_STRICT) != 0;
	status = hb_prepare(job, 0, &ignored);
	if (!status)
		status = make_room(call);
	call->to->answered = 0;
	for (long long i = 0; i < call->rows && !status; i += SLICE)
		status = predict_slice(call, i,
				       call->rows - i < SLICE ? (int)(call->rows - i) : SLICE);
	hebb_work_free(call->work);
	if (!status)
		hebb_sized_fill(prediction, prediction->size, call->to);
	return status;
}

static hebb_status check_count(long long rows, hebb_error *error)
{
	return rows < 1 ? hebb_fail(error, HEBB_BAD_ARGUMENT, "%lld rows; at least 1 is needed",
				    rows)
			: HEBB_OK;
}

hebb_status hebb_model_predict(const hebb_model *model, long long rows, int count,
			       const hebb_block *blocks, hebb_prediction *prediction,
			       hebb_error *error)
{
	_Alignas(max_align_t) unsigned char room[ROOM];
	struct hb_memory memory = {.next = room, .left = sizeof room};
	struct hb_dataset_job job = {.memory = &memory, .error = error};
	hebb_prediction known;
	struct call call = {.model = model, .job = &job, .rows = rows, .to = &known};
	hebb_status status = take_prediction(model, prediction, &known, error);

	if (!status)
		status = check_count(rows, error);
	if (!status)
		status = hb_lay_out(&job, "the arrays", rows, count, blocks);
	if (!status)
		status = predict(&call, prediction);
	hb_give_back(&memory);
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
	hebb_status status = take_prediction(model, prediction, &known, error);

	if (!status)
		status = check_count(n, error);
	if (!status)
		status = hb_check_rows(table, n, row, error);
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
	if (model->coding->task != HEBB_REGRESSION)
		known.rmse = known.mae = known.r2 = NAN;
	if (model->coding->task != HEBB_CLASSIFICATION)
		known.accuracy = NAN;
	if (!status)
		hebb_sized_fill(result, result->size, &known);
	hebb_dataset_free(data);
	return status;
}
