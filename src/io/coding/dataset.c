/* SPDX-License-Identifier: MIT */
/*
 * dataset.c - rows of a table, coded for a network
 *
 * job.c prepares this, columns.c finds the columns of a coding in the table, rows.c codes each row.
 *
 * In a view of bytes the inputs are scaled when a row is asked for. That cannot fail: a byte is
 * never missing, and it was checked beforehand that none is too large once scaled.
 */
#include "dataset.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 1 if the inputs are bytes side by side, none of which leaves the finite numbers when scaled. */
static int can_be_view(const struct hb_dataset_job *job)
{
	const struct hb_side *input = &job->input;
	int all_finite = 1;

	if (!job->table->bytes || input->parts != 1 || input->encoding ||
	    job->coding->indicator_count > 0 || input->part->kind != HB_RUN || input->exact_mean)
		return 0;
	for (int i = 0; i < input->width; i++)
		all_finite &= isfinite((0 - input->mean[i]) * input->scale[i]) &&
			      isfinite((UINT8_MAX - input->mean[i]) * input->scale[i]);
	return all_finite;
}

/* Space for n rows, of a view without the inputs; NULL: no memory. */
static hebb_dataset *make_dataset(const struct hb_dataset_job *job, int is_view, int with_targets,
				  long long n)
{
	const hebb_coding *coding = job->coding;
	hebb_dataset *dataset = calloc(1, sizeof *dataset);
	size_t rows = n > 0 ? (size_t)n : 1, most = PTRDIFF_MAX / sizeof(float) / rows;

	if (dataset && (size_t)coding->width <= most && (size_t)coding->outputs <= most) {
		dataset->inputs = coding->width;
		dataset->outputs = coding->outputs;
		if (!is_view)
			dataset->x = malloc(rows * (size_t)coding->width * sizeof *dataset->x);
		dataset->row = malloc(rows * sizeof *dataset->row);
		dataset->unlike = calloc((size_t)coding->input_count, sizeof *dataset->unlike);
		if (with_targets)
			dataset->y = malloc(rows * (size_t)coding->outputs * sizeof *dataset->y);
	}
	if (dataset && is_view) {
		dataset->table = job->table;
		dataset->column = job->input.part->column;
		dataset->coding = coding;
	}
	if (dataset && (dataset->x || is_view) && dataset->row && dataset->unlike &&
	    (dataset->y || !with_targets))
		return dataset;
	hebb_dataset_free(dataset);
	hebb_fail(job->error, HEBB_NO_MEMORY,
		  "out of memory for %lld rows of %d inputs and %d outputs", n, coding->width,
		  coding->outputs);
	return NULL;
}

/* Counts the targets that a row lacks; without any it is left out. */
static enum hb_outcome count_gaps(const float *y, hebb_dataset *dataset)
{
	int gaps = 0;

	for (int i = 0; i < dataset->outputs; i++)
		gaps += isnan(y[i]) != 0;
	if (gaps == dataset->outputs) {
		dataset->without_target++;
		return HB_DROPPED;
	}
	dataset->gaps += gaps;
	return HB_CODED;
}

/* Codes a row to x and y, each of which may be NULL. */
static enum hb_outcome code_row(const struct hb_dataset_job *job, long long row, float *x, float *y,
				hebb_dataset *dataset)
{
	enum hb_outcome outcome = x ? hb_code_side(job, &job->input, row, x) : HB_CODED;

	if (outcome != HB_CODED || !y)
		return outcome;
	outcome = hb_code_side(job, &job->target, row, y);
	if (outcome == HB_DROPPED)
		dataset->without_target++;
	return outcome == HB_CODED && job->target.gaps ? count_gaps(y, dataset) : outcome;
}

static hebb_status code_rows(const struct hb_dataset_job *job, int how, long long n,
			     const long long *row, hebb_dataset *dataset)
{
	long long first = n < HB_FIRST_ROWS ? n : HB_FIRST_ROWS;
	float *x = dataset->x, *y = dataset->y;
	hebb_status status = HEBB_OK;

	for (long long i = 0; i < n && !status; i++) {
		long long r = hb_row_at(row, i);
		enum hb_outcome outcome = code_row(job, r, x, y, dataset);

		if (outcome == HB_FAILED)
			return HEBB_BAD_FORMAT;
		if (i + 1 == first && !(how & HEBB_APPLY_ANYWAY))
			status = hb_check_first(job, first, row);
		if (outcome == HB_DROPPED)
			continue;
		x = x ? x + dataset->inputs : NULL;
		y = y ? y + dataset->outputs : NULL;
		dataset->row[dataset->rows++] = r;
	}
	return status;
}

static hebb_status check_how(int how, hebb_error *error)
{
	int all = HEBB_APPLY_TARGETS | HEBB_APPLY_STRICT | HEBB_APPLY_ANYWAY;

	return how & ~all ? hebb_fail(error, HEBB_BAD_ARGUMENT,
				      "%d is no sum of HEBB_APPLY_TARGETS and the like", how)
			  : HEBB_OK;
}

static hebb_dataset *code(const hebb_coding *coding, const hebb_table *table, int may_be_view,
			  int how, long long n, const long long *row, hebb_error *error)
{
	struct hb_memory memory = {0};
	struct hb_dataset_job job = {.coding = coding,
				     .table = table,
				     .memory = &memory,
				     .has_limits = table && !table->bytes, /* no images */
				     .is_strict = (how & HEBB_APPLY_STRICT) != 0,
				     .error = error};
	int with_targets = how & HEBB_APPLY_TARGETS, ignored = 0;
	hebb_dataset *dataset = NULL;

	if (!coding) {
		hb_absent("the coding", error);
		return NULL;
	}
	if (check_how(how, error) || hb_check_rows(table, n, row, error))
		return NULL;
	if (!hb_prepare(&job, with_targets, &ignored))
		dataset = make_dataset(&job, may_be_view && can_be_view(&job), with_targets, n);
	if (dataset) {
		job.unlike = dataset->unlike;
		job.unseen = &dataset->unseen;
		dataset->ignored = ignored;
	}
	if (dataset && code_rows(&job, how, n, row, dataset)) {
		hebb_dataset_free(dataset);
		dataset = NULL;
	}
	hb_give_back(&memory);
	return dataset;
}

hebb_dataset *hebb_coding_apply(const hebb_coding *coding, const hebb_table *table, int how,
				long long n, const long long *row, hebb_error *error)
{
	return code(coding, table, 0, how, n, row, error);
}

hebb_dataset *hebb_coding_view(const hebb_coding *coding, const hebb_table *table, int how,
			       long long n, const long long *row, hebb_error *error)
{
	return code(coding, table, 1, how, n, row, error);
}

static int is_none(const float *y, int outputs)
{
	for (int i = 0; i < outputs; i++)
		if (y[i] != 0)
			return 0;
	return 1;
}

long long hebb_dataset_drop_unseen(hebb_dataset *dataset)
{
	long long kept = 0, dropped;
	size_t inputs, outputs;

	if (!dataset || !dataset->y || dataset->unseen == 0)
		return 0;
	inputs = (size_t)dataset->inputs;
	outputs = (size_t)dataset->outputs;
	for (long long i = 0; i < dataset->rows; i++) {
		const float *y = dataset->y + (size_t)i * outputs;

		if (is_none(y, dataset->outputs))
			continue;
		memmove(dataset->y + (size_t)kept * outputs, y, outputs * sizeof *y);
		if (dataset->x)
			memmove(dataset->x + (size_t)kept * inputs, dataset->x + (size_t)i * inputs,
				inputs * sizeof *dataset->x);
		dataset->row[kept++] = dataset->row[i];
	}
	dropped = dataset->rows - kept;
	dataset->rows = kept;
	dataset->unseen = 0;
	return dropped;
}

void hebb_dataset_free(hebb_dataset *dataset)
{
	if (!dataset)
		return;
	free(dataset->x);
	free(dataset->y);
	free(dataset->row);
	free(dataset->unlike);
	free(dataset);
}

/* ---- Asking for rows ---- */

/* x = (raw - mean) * scale, as hb_scale_row() has it.  gcc makes vectors at -O2 only of loops whose
 * count it knows: with them this takes as long as to copy floats. */
static void scale_bytes(int n, const unsigned char *restrict raw, const float *restrict mean,
			const float *restrict scale, float *restrict x)
{
	enum { BLOCK = 16 };

	for (; n >= BLOCK; n -= BLOCK, raw += BLOCK, mean += BLOCK, scale += BLOCK, x += BLOCK)
		for (int i = 0; i < BLOCK; i++)
			x[i] = (raw[i] - mean[i]) * scale[i];
	for (int i = 0; i < n; i++)
		x[i] = (raw[i] - mean[i]) * scale[i];
}

#if defined __GNUC__
#define EXPECT(address) __builtin_prefetch(address)
#else
#define EXPECT(address) ((void)(address))
#endif

/* Where the inputs of a row are kept. */
static const void *inputs_of(const hebb_dataset *data, long long i)
{
	const hebb_table *table = data->table;

	if (data->x)
		return data->x + i * data->inputs;
	return table->bytes + data->row[i] * table->columns + data->column;
}

/* Gets the inputs of row i.  Asks the memory for the row `next` meanwhile: rows come in random
 * order, and to wait for one takes longer than to scale it. */
static void get_row(const hebb_dataset *data, long long i, long long next, float *x)
{
	enum { LINE = 64, ENOUGH = 1024 }; /* bytes; what follows is then expected anyway */
	const char *coming = inputs_of(data, next);
	size_t inputs = (size_t)data->inputs, size = data->x ? inputs * sizeof *x : inputs;

	for (size_t at = 0; at < size && at < ENOUGH; at += LINE)
		EXPECT(coming + at);
	if (data->x)
		memcpy(x, inputs_of(data, i), size);
	else
		scale_bytes(data->inputs, inputs_of(data, i), data->coding->mean,
			    data->coding->scale, x);
}

void hebb_dataset_get(const hebb_dataset *dataset, long long first, int count, float *x)
{
	for (int i = 0; i < count; i++)
		get_row(dataset, first + i, first + (i + 1 < count ? i + 1 : i),
			x + (ptrdiff_t)i * dataset->inputs);
}

/* Copies rows; they all weigh the same. */
static hebb_status gather(void *self, int count, const long long *index, float *x, float *y,
			  float *weight, hebb_error *error)
{
	const hebb_dataset *data = self;
	size_t outputs = (size_t)data->outputs;

	(void)weight;
	if (!data->y)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "the dataset has no targets to learn from; make it with "
				 "HEBB_APPLY_TARGETS");
	for (int i = 0; i < count; i++) {
		get_row(data, index[i], index[i + 1 < count ? i + 1 : i],
			x + (ptrdiff_t)i * data->inputs);
		memcpy(y + (size_t)i * outputs, data->y + (size_t)index[i] * outputs,
		       outputs * sizeof *y);
	}
	return HEBB_OK;
}

/* A source without gather, of NULL, is refused by hebb_train(). */
void hebb_dataset_source_init(hebb_source *source, size_t size, const hebb_dataset *dataset)
{
	hebb_source made = hebb_source_default();

	if (dataset)
		made = (hebb_source){.size = sizeof made,
				     .self = (void *)(uintptr_t)dataset,
				     .rows = dataset->rows,
				     .gather = gather,
				     .parallel = 1,
				     .inputs = dataset->inputs,
				     .outputs = dataset->outputs};
	hebb_sized_fill(source, size, &made);
}
