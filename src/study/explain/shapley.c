/* SPDX-License-Identifier: MIT */
/*
 * shapley.c - Shapley values: the output of a row, shared out among its columns
 *
 *   phi_c = sum over S without c of |S|! (M - |S| - 1)! / M! (v(S + c) - v(S))
 *
 * of M columns (Shapley 1953; for predictions Strumbelj & Kononenko 2014, "Explaining prediction
 * models and individual predictions with feature contributions"). v is that of shapley.h: the mean
 * over background rows, taken from the rows of the data as they are (Lundberg & Lee 2017 call it
 * interventional). The values of all columns add up to v(all) - v(none): the output of the row
 * minus the mean output of the background rows.
 *
 * Of few columns all subsets are predicted (subsets.c), else orders are drawn (walks.c).
 */
#include "shapley.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	SLICE = 256,
	USUAL = 1 << 18,  /* predictions for a row */
	SUBSETS_MOST = 20 /* columns of which all subsets may be predicted */
};

/* How many walks there are: pairs for each background row. */
static long long pairs_of(const struct hb_explaining *job, long long background)
{
	double each = 2.0 * (double)background;
	double walks = job->o.walks > 0 ? (double)job->o.walks
					: (double)USUAL / (double)(job->columns + 1);
	double pairs = job->o.walks > 0 ? ceil(walks / each) : floor(walks / each);

	return pairs > 1 ? (long long)pairs : 1;
}

/* Whether all subsets take no more predictions than the walks. */
static int has_few_columns(const struct hb_explaining *job, long long pairs)
{
	return job->columns <= SUBSETS_MOST &&
	       ldexp(1, job->columns) <= 2.0 * (double)pairs * (job->columns + 1);
}

/* The outputs of the network for all background rows, to be freed. NULL: no memory, or one is not
 * finite. */
static float *predict_background(const struct hb_explaining *job, const hebb_table *table,
				 const hebb_dataset *data, hebb_error *error)
{
	const size_t outputs = (size_t)job->outputs;
	float *h = malloc((size_t)data->rows * outputs * sizeof *h);
	char place[HB_PLACE_MOST];

	if (!h)
		hebb_fail(error, HEBB_NO_MEMORY, "out of memory for %lld background rows",
			  data->rows);
	for (long long i = 0; i < data->rows && h; i++) {
		float *of_row = h + (size_t)i * outputs;

		memcpy(of_row, hebb_forward(job->runner[0].work, 1, data->x + i * data->inputs),
		       outputs * sizeof *h);
		if (hebb_is_answer(job->coding, of_row))
			continue;
		hebb_fail(error, HEBB_BAD_ARGUMENT,
			  "%s: %s: the model has no finite output for this background row",
			  table->name, hb_place_text(table, data->row[i], place));
		free(h);
		return NULL;
	}
	return h;
}

/* base = v(none) */
static void take_base(const struct hb_shapley *s)
{
	const int outputs = s->job->outputs;

	for (int k = 0; k < s->of->outputs; k++) {
		double sum = 0;

		for (long long b = 0; b < s->background->rows; b++)
			sum += hb_explained(s, s->h + b * outputs, k);
		s->of->base[k] = sum / (double)s->background->rows;
	}
}

static hebb_status explain_row(struct hb_shapley *s, const hebb_table *table, int is_exact,
			       hebb_error *error)
{
	hebb_status status;

	take_base(s);
	status = is_exact ? hb_shapley_subsets(s, error) : hb_shapley_walk(s, error);
	return status ? status : hb_attribution_end(s->job, table, s->of, error);
}

static hebb_status explain_rows(struct hb_shapley *s, const hebb_table *table,
				const hebb_dataset *rows, hebb_attributions *result,
				hebb_error *error)
{
	struct hb_explaining *job = s->job;
	hebb_status status = hb_attributions_open(job, (int)rows->rows, result, error);

	s->pairs = pairs_of(job, s->background->rows);
	result->is_exact = has_few_columns(job, s->pairs);
	result->background = s->background->rows;
	result->walks = result->is_exact ? 0 : 2 * s->pairs * s->background->rows;
	s->share = 1.0 / (double)rows->rows;
	for (int i = 0; i < result->count && !status; i++) {
		s->x = rows->x + (size_t)i * (size_t)job->width;
		s->of = &result->of[i];
		s->begun = i * s->share;
		status = hb_attribution_begin(job, table, rows->row[i], s->x, !result->is_exact,
					      s->of, error);
		if (!status)
			status = explain_row(s, table, result->is_exact, error);
	}
	return status;
}

static hebb_status explain(struct hb_explaining *job, const hebb_table *table,
			   const hebb_dataset *background, const hebb_dataset *rows,
			   hebb_attributions *result, hebb_error *error)
{
	size_t extra = (size_t)job->columns * (2 * sizeof(long long)) +
		       (size_t)job->width * sizeof(float) + (size_t)job->outputs * sizeof(double);
	hebb_status status = hb_explain_start(job, SLICE, extra, 0, error);
	float *h = status ? NULL : predict_background(job, table, background, error);
	struct hb_shapley s = {.job = job, .background = background, .h = h};

	if (!h)
		return error->status;
	status = explain_rows(&s, table, rows, result, error);
	free(h);
	return status;
}

hebb_status hebb_model_shapley(const hebb_model *model, const hebb_table *table, long long n,
			       const long long *row, int count, const long long *explained,
			       const hebb_explain *given, hebb_attributions *result,
			       hebb_error *error)
{
	struct hb_explaining job;
	hebb_dataset *background = NULL, *rows = NULL;
	hebb_error local;

	*result = (hebb_attributions){.size = sizeof *result};
	error = error ? error : &local;
	hebb_status status = hb_explain_open(model, given, &job, error);
	if (!status && (rows = hb_explain_singly(&job, table, count, explained, error)))
		background = hb_explain_rows(&job, table, n, row, job.o.background,
					     HB_USE_BACKGROUND, 0, error);
	if (!status)
		status = background ? explain(&job, table, background, rows, result, error)
				    : error->status;
	hebb_dataset_free(background);
	hebb_dataset_free(rows);
	hb_explain_close(&job);
	if (status)
		hebb_attributions_free(result);
	return status;
}
