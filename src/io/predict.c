/* SPDX-License-Identifier: MIT */
/*
 * predict.c - one example through a model, from raw numbers to an answer in its units
 *
 * The same steps as the graph of the model's ONNX file, and the same numbers to the bit as coding a table and hebb_predict().
 */
#include <math.h>
#include <stdlib.h>
#include "io.h"

enum { ON_STACK = 256 };

/* x = (raw - mean) * scale, the fill in the place of what is missing, the last number there is for one that is beyond. */
static hebb_status scale(const hebb_coding *coding, const float *raw, float *x, hebb_error *error)
{
	for (int i = 0; i < coding->width; i++) {
		float value = raw[i];

		if (isnan(value) && coding->missing != HEBB_MISSING_MEAN)
			return hebb_fail(error, HEBB_BAD_ARGUMENT,
					 "input %d of %d is missing (not a number), and the model "
					 "was trained without missing values",
					 i + 1, coding->width);
		value = isnan(value) ? coding->fill[i] : value;
		x[i] = (value - coding->mean[i]) * coding->scale[i];
		if (isinf(value))
			return hebb_fail(error, HEBB_BAD_ARGUMENT,
					 "input %d of %d is %g; it must be finite", i + 1,
					 coding->width, (double)value);
		if (!isfinite(x[i]))
			x[i] = hb_scale_far(value, coding->mean[i], coding->scale[i]);
	}
	return HEBB_OK;
}

/* Outputs in their units.  NaN where there is no finite answer: of classes, which are probabilities of one whole, all of them. */
static void finish(const hebb_coding *coding, float *output)
{
	int missing = 0;

	for (int i = 0; i < coding->outputs; i++) {
		output[i] = output[i] * coding->target_sd[i] + coding->target_mean[i];
		output[i] = isfinite(output[i]) ? output[i] : NAN;
		missing |= isnan(output[i]);
	}
	for (int i = 0; i < coding->outputs && missing; i++)
		output[i] = coding->task == HEBB_CLASSIFICATION ? NAN : output[i];
}

hebb_status hebb_model_predict(const hebb_model *model, const float *raw, float *output,
			       hebb_error *error)
{
	const hebb_coding *coding = model ? model->coding : NULL;
	float stack[ON_STACK] = {0}, *x = stack;
	hebb_status status;

	if (!coding || !model->net || !raw || !output)
		return hb_absent(!coding       ? "the coding of the model"
				 : !model->net ? "the network of the model"
				 : !raw        ? "raw"
					       : "output",
				 error);
	if (hebb_net_inputs(model->net) != coding->width ||
	    hebb_net_outputs(model->net) != coding->outputs)
		return hebb_fail(error, HEBB_BAD_SHAPE,
				 "the network has %d inputs and %d outputs, its coding %d and %d",
				 hebb_net_inputs(model->net), hebb_net_outputs(model->net),
				 coding->width, coding->outputs);
	if (coding->width > ON_STACK && !(x = malloc((size_t)coding->width * sizeof *x)))
		return hb_out_of_memory(error);
	status = scale(coding, raw, x, error);
	if (!status)
		status = hebb_predict(model->net, x, output, error);
	if (!status)
		finish(coding, output);
	if (x != stack)
		free(x);
	return status;
}
