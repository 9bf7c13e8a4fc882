/* SPDX-License-Identifier: MIT */
/*
 * transformed.c - the scores of a model that transforms its targets (HEBB_TARGET_LOG, QUANTILE), in
 * their units
 *
 * hebb_evaluate() has a unit for each output, which says nothing where the units of an output
 * depend on its value.
 */
#include "../coding/transform.h"
#include "model.h"

#include <math.h>
#include <stdlib.h>

enum { SLICE = 256 }; /* rows at once */

/* Sums of a target over the rows that have it: of y less the first one, its square, the error and
 * its square. */
struct sums {
	long long rows;
	double first, y, y_squared, absolute, squared;
};

static void add_row(const hebb_coding *coding, const float *h, const float *y, struct sums *sum)
{
	for (int i = 0; i < coding->outputs; i++) {
		double value = hebb_in_units(coding, h, i), truth = hebb_in_units(coding, y, i);

		if (isnan(y[i]))
			continue;
		sum[i].first = sum[i].rows++ ? sum[i].first : truth;
		sum[i].y += truth - sum[i].first;
		sum[i].y_squared += (truth - sum[i].first) * (truth - sum[i].first);
		sum[i].absolute += fabs(value - truth);
		sum[i].squared += (value - truth) * (value - truth);
	}
}

static int is_answer(const hebb_coding *coding, const float *h)
{
	int all = 1;

	for (int i = 0; i < coding->outputs; i++)
		all &= !isnan(hebb_in_units(coding, h, i));
	return all;
}

static double r2_of(const struct sums *sum)
{
	double spread = sum->y_squared - sum->y * sum->y / (double)sum->rows;

	if (sum->rows < 2)
		return (double)NAN;
	return spread > 0 ? 1 - sum->squared / spread : sum->squared == 0;
}

/* The mean over the targets that have a score; each one to `of`, unless NULL. */
static double mean_of(int targets, const struct sums *sum, double (*score)(const struct sums *sum),
		      double *of)
{
	double all = 0;
	int count = 0;

	for (int i = 0; i < targets; i++) {
		double one = sum[i].rows > 0 ? score(&sum[i]) : (double)NAN;

		if (of)
			of[i] = one;
		all += isnan(one) ? 0 : one;
		count += !isnan(one);
	}
	return all / count; /* 0 / 0 is NaN */
}

static double rmse_of(const struct sums *sum)
{
	return sqrt(sum->squared / (double)sum->rows);
}

static double mae_of(const struct sums *sum)
{
	return sum->absolute / (double)sum->rows;
}

hebb_status hb_evaluate_transformed(const hebb_model *model, const hebb_dataset *data,
				    hebb_evaluation *result, hebb_error *error)
{
	const hebb_coding *coding = model->coding;
	int outputs = coding->outputs;
	hebb_work *work = hebb_work_new(model->net, SLICE, NULL, error);
	float *x = malloc(SLICE * (size_t)data->inputs * sizeof *x);
	struct sums *sum = calloc((size_t)outputs, sizeof *sum);
	hebb_status status = work && x && sum ? HEBB_OK : hb_out_of_memory(error);

	for (long long first = 0; first < data->rows && !status; first += SLICE) {
		int rows = data->rows - first < SLICE ? (int)(data->rows - first) : SLICE;
		const float *y = data->y + first * outputs, *h;

		hebb_dataset_get(data, first, rows, x);
		h = hebb_forward(work, rows, x);
		for (int i = 0; i < rows; i++, h += outputs, y += outputs)
			if (is_answer(coding, h))
				add_row(coding, h, y, sum);
	}
	if (!status) {
		result->rmse = mean_of(outputs, sum, rmse_of, result->rmse_of);
		result->mae = mean_of(outputs, sum, mae_of, result->mae_of);
		result->r2 = mean_of(outputs, sum, r2_of, result->r2_of);
	}
	free(sum);
	free(x);
	hebb_work_free(work);
	return status;
}
