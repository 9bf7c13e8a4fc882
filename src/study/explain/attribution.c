/* SPDX-License-Identifier: MIT */
/*
 * attribution.c - what columns contribute to the outputs of a row: the parts of an answer
 */
#include "attribution.h"

#include <math.h>
#include <stdlib.h>

hebb_status hb_attributions_open(const struct hb_explaining *job, int count,
				 hebb_attributions *result, hebb_error *error)
{
	result->columns = job->columns;
	result->of = calloc((size_t)count, sizeof *result->of);
	result->count = result->of ? count : 0;
	return result->of ? HEBB_OK
			  : hebb_fail(error, HEBB_NO_MEMORY, "out of memory for %d rows", count);
}

static hebb_status fail_infinite(const hebb_table *table, long long row, const char *what,
				 hebb_error *error)
{
	char place[HB_PLACE_MOST];

	return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s: %s: %s", table->name,
			 hb_place_text(table, row, place), what);
}

hebb_status hb_attribution_begin(const struct hb_explaining *job, const hebb_table *table,
				 long long row, const float *x, int has_errors,
				 hebb_attribution *one, hebb_error *error)
{
	hebb_work *work = hebb_work_new(job->model->net, 1, NULL, error);
	const float *h = work ? hebb_forward(work, 1, x) : NULL;
	int is_answer = h && hebb_is_answer(job->coding, h), predicted = 0;

	*one = (hebb_attribution){.row = row};
	if (is_answer && job->coding->task == HEBB_CLASSIFICATION)
		predicted = hebb_largest(h, job->outputs);
	if (is_answer)
		one->output = hb_explain_outputs(
			job, 1, job->coding->task == HEBB_CLASSIFICATION ? &predicted : NULL,
			&one->outputs, error);
	size_t outputs = (size_t)one->outputs, values = outputs * (size_t)job->columns;
	if (one->output) {
		one->answer = calloc(outputs, sizeof *one->answer);
		one->base = calloc(outputs, sizeof *one->base);
		one->gap = calloc(outputs, sizeof *one->gap);
		one->value = calloc(values, sizeof *one->value);
		one->error = has_errors ? calloc(values, sizeof *one->error) : NULL;
	}
	int has_room = one->output && one->answer && one->base && one->gap && one->value &&
		       (one->error || !has_errors);
	for (int k = 0; k < one->outputs && has_room; k++)
		one->answer[k] = hebb_in_units(job->coding, h, one->output[k]);
	hebb_work_free(work);
	if (h && !is_answer)
		return fail_infinite(table, row, "the model has no finite output for this row",
				     error);
	return has_room ? HEBB_OK
			: hebb_fail(error, HEBB_NO_MEMORY, "out of memory for %d columns",
				    job->columns);
}

hebb_status hb_attribution_end(const struct hb_explaining *job, const hebb_table *table,
			       hebb_attribution *one, hebb_error *error)
{
	for (int k = 0; k < one->outputs; k++) {
		const double *value = one->value + (size_t)k * (size_t)job->columns;
		double sum = 0;

		for (int c = 0; c < job->columns; c++)
			sum += value[c];
		one->gap[k] = one->answer[k] - one->base[k] - sum;
		if (!isfinite(one->gap[k]))
			return fail_infinite(table, one->row,
					     "the model has no finite output on the way to this "
					     "row; its values may be too far from those of "
					     "training",
					     error);
	}
	return HEBB_OK;
}

void hebb_attributions_free(hebb_attributions *attributions)
{
	for (int i = 0; i < attributions->count; i++) {
		hebb_attribution *one = &attributions->of[i];

		free(one->output);
		free(one->answer);
		free(one->base);
		free(one->value);
		free(one->error);
		free(one->gap);
	}
	free(attributions->of);
	*attributions = (hebb_attributions){.size = sizeof *attributions};
}
