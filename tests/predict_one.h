/* SPDX-License-Identifier: MIT */
/*
 * predict_one.h - one row of numbers through a model
 */
#ifndef HEBB_PREDICT_ONE_H
#define HEBB_PREDICT_ONE_H

#include "hebb_io.h"

static inline hebb_status predict_floats(const hebb_model *model, const float *raw, float *output,
					 hebb_error *error)
{
	const hebb_block block = hebb_floats(model->coding->input_count, raw, NULL);
	hebb_prediction prediction = hebb_prediction_default();

	prediction.output = output;
	return hebb_model_predict(model, 1, 1, &block, &prediction, error);
}

static inline hebb_status predict_doubles(const hebb_model *model, const double *raw,
					  double *values, hebb_error *error)
{
	const hebb_block block = hebb_doubles(model->coding->input_count, raw, NULL);
	hebb_prediction prediction = hebb_prediction_default();

	prediction.values = values;
	return hebb_model_predict(model, 1, 1, &block, &prediction, error);
}

#endif
