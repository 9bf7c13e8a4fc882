/* SPDX-License-Identifier: MIT */
/*
 * predict.c - predictions of a model: from raw values to answers in their units
 *
 * These are the steps of the graph of the model's ONNX file. The bits are the same whether an
 * example comes alone, as a row of a table or in arrays.
 */
#include "../io.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	ON_STACK = 256, /* floats */
	SLICE = 256     /* rows at once */
};

/* Raw inputs as a program has them: one of the two. */
struct raw {
	const float *floats;
	const double *doubles;
};

/* Input i as the coding takes it: rounded unless it is exact; the fill if it is missing. */
static double take(const hebb_coding *coding, double given, int i)
{
	if (isnan(given))
		return coding->exact_fill ? coding->exact_fill[i] : (double)coding->fill[i];
	return coding->exact_mean ? given : (double)(float)given;
}

/* The inputs that say whether a value is missing. */
static void set_indicators(const hebb_coding *coding, struct raw raw, float *x)
{
	int at = 0, next = 0;

	for (int i = 0; i < coding->input_count && next < coding->indicator_count; i++) {
		if (coding->indicator[next] == i)
			x[next++] = raw.doubles ? isnan(raw.doubles[at]) : isnan(raw.floats[at]);
		at += hb_column_width(&coding->inputs[i]);
	}
}

/* x = (raw - mean) * scale, the fill in the place of what is missing, the last number there is for
 * one that is beyond. */
static hebb_status scale(const hebb_coding *coding, struct raw raw, float *x, hebb_error *error)
{
	const float *mean = coding->mean, *by = coding->scale;
	const double *exact = coding->exact_mean;
	int values = coding->width - coding->indicator_count;

	for (int i = 0; i < values; i++) {
		double given = raw.doubles ? raw.doubles[i] : (double)raw.floats[i];
		double value = take(coding, given, i);

		if (isnan(given) && coding->missing == HEBB_MISSING_DROP)
			return hebb_fail(error, HEBB_BAD_ARGUMENT,
					 "input %d of %d is missing (not a number), and the model "
					 "was trained without rows with missing values",
					 i + 1, values);
		if (isinf(value))
			return hebb_fail(error, HEBB_BAD_ARGUMENT,
					 "input %d of %d is %g; it must be finite", i + 1, values,
					 given);
		x[i] = exact ? (float)(value - exact[i]) * by[i] : ((float)value - mean[i]) * by[i];
		if (!isfinite(x[i]))
			x[i] = hb_scale_far(value, exact ? exact[i] : (double)mean[i], by[i]);
	}
	set_indicators(coding, raw, x + values);
	return HEBB_OK;
}

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

/* One example, with room for the outputs of the network in h. */
static hebb_status predict(const hebb_model *model, struct raw raw, float *h, hebb_error *error)
{
	float stack[ON_STACK] = {0}, *x = stack;

	if (model->coding->width > ON_STACK &&
	    !(x = malloc((size_t)model->coding->width * sizeof *x)))
		return hb_out_of_memory(error);
	hebb_status status = scale(model->coding, raw, x, error);
	if (!status)
		status = hebb_predict(model->net, x, h, error);
	if (x != stack)
		free(x);
	return status;
}

hebb_status hebb_model_predict(const hebb_model *model, const float *raw, float *output,
			       hebb_error *error)
{
	hebb_status status = check_model(model, error);

	if (status)
		return status;
	if (!raw || !output)
		return hb_absent(raw ? "output" : "raw", error);
	status = predict(model, (struct raw){.floats = raw}, output, error);
	if (!status)
		finish(model->coding, output, output, NULL);
	return status;
}

hebb_status hebb_model_predict_doubles(const hebb_model *model, const double *raw, double *output,
				       hebb_error *error)
{
	float stack[ON_STACK], *h = stack;
	hebb_status status = check_model(model, error);

	if (status)
		return status;
	if (!raw || !output)
		return hb_absent(raw ? "output" : "raw", error);
	if (model->coding->outputs > ON_STACK &&
	    !(h = malloc((size_t)model->coding->outputs * sizeof *h)))
		return hb_out_of_memory(error);
	status = predict(model, (struct raw){.doubles = raw}, h, error);
	if (!status)
		finish(model->coding, h, NULL, output);
	if (h != stack)
		free(h);
	return status;
}

/* ---- Many rows ---- */

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

/* What a call needs; data: the rows that were not left out for a missing value. */
struct call {
	const hebb_coding *coding;
	const hebb_dataset *data;
	hebb_work *work;
	float *x, *answer; /* SLICE rows of inputs; one row of outputs */
};

/* The rows of the call, and how many of them have an answer. */
static long long put_all(const struct call *call, long long n, const long long *row,
			 const hebb_prediction *to)
{
	const hebb_dataset *data = call->data;
	int outputs = data->outputs;
	long long i = 0, answered = 0;

	for (long long from = 0; from < data->rows; from += SLICE) {
		int slice = data->rows - from < SLICE ? (int)(data->rows - from) : SLICE;

		hebb_dataset_get(data, from, slice, call->x);
		const float *h = hebb_forward(call->work, slice, call->x);
		for (int k = 0; k < slice; k++, i++, h += outputs) {
			for (; hb_row_at(row, i) != data->row[from + k]; i++)
				put(call->coding, to, i, NULL, call->answer);
			answered += put(call->coding, to, i, h, call->answer);
		}
	}
	for (; i < n; i++)
		put(call->coding, to, i, NULL, call->answer);
	return answered;
}

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
	if (prediction->label && model->coding->task != HEBB_CLASSIFICATION)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "the model predicts %s, which have no label; ask for output",
				 model->coding->task == HEBB_LABELS ? "several labels" : "numbers");
	return HEBB_OK;
}

hebb_status hebb_model_predict_table(const hebb_model *model, const hebb_table *table, long long n,
				     const long long *row, hebb_prediction *prediction,
				     hebb_error *error)
{
	struct call call = {0};
	hebb_prediction known;
	hebb_dataset *data;
	hebb_error why;
	hebb_status status = take_prediction(model, prediction, &known, error);

	if (status)
		return status;
	if (n < 1)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%lld rows; at least 1 is needed", n);
	data = hebb_coding_view(model->coding, table, 0, n, row, error ? error : &why);
	if (!data)
		return error ? error->status : why.status;
	call.coding = model->coding;
	call.data = data;
	call.work = hebb_work_new(model->net, n < SLICE ? (int)n : SLICE, NULL, error);
	call.x = malloc(sizeof *call.x * SLICE * (size_t)data->inputs);
	call.answer = malloc(sizeof *call.answer * (size_t)data->outputs);
	if (call.work && call.x && call.answer) {
		known.answered = put_all(&call, n, row, &known);
		hebb_sized_fill(prediction, prediction->size, &known);
	} else
		status = call.work ? hb_out_of_memory(error) : HEBB_NO_MEMORY;
	free(call.x);
	free(call.answer);
	hebb_work_free(call.work);
	hebb_dataset_free(data);
	return status;
}

hebb_status hebb_model_predict_arrays(const hebb_model *model, long long rows, int count,
				      const hebb_block *blocks, hebb_prediction *prediction,
				      hebb_error *error)
{
	hebb_prediction known;
	hebb_error why;
	hebb_status status = take_prediction(model, prediction, &known, error);
	hebb_table *table;

	if (status)
		return status;
	table = hebb_table_from_arrays(NULL, rows, count, blocks, error ? error : &why);
	if (!table)
		return error ? error->status : why.status;
	status = hebb_model_predict_table(model, table, rows, NULL, prediction, error);
	hebb_table_free(table);
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
