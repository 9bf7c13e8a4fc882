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

/* ---- Slices of the rows ---- */

/* Rows that one thread codes, to places of their own; what it counts is added up afterwards. */
struct slice {
	struct hb_dataset_job job; /* a copy that counts apart, and keeps its error */
	hebb_dataset *dataset;
	hebb_dataset counts; /* gaps, without_target */
	int how;
	long long n, from, to; /* rows in all; those of the slice */
	const long long *row;
	long long kept, unseen;
	hebb_meter *meter;
	hebb_status status;
	hebb_error error;
};

/* Asks the memory for a row that is coded soon: rows come in random order. */
static void expect_row(const hebb_table *table, const long long *row, long long i, long long end)
{
	enum { AHEAD = 8, LINE = 16 }; /* rows; floats */
	const float *values;

	if (i + AHEAD >= end || !table->values)
		return;
	values = table->values + hb_row_at(row, i + AHEAD) * table->columns;
	HB_EXPECT(values);
	if (table->columns > LINE)
		HB_EXPECT(values + LINE);
}

/* Codes row i to the place of the next one that is kept. */
static enum hb_outcome code_next(struct slice *s, long long i)
{
	hebb_dataset *dataset = s->dataset;
	long long at = s->from + s->kept, row = hb_row_at(s->row, i);
	float *x = dataset->x ? dataset->x + at * dataset->inputs : NULL;
	float *y = dataset->y ? dataset->y + at * dataset->outputs : NULL;
	enum hb_outcome outcome = code_row(&s->job, row, x, y, &s->counts);

	dataset->row[at] = row;
	s->kept += outcome == HB_CODED;
	return outcome;
}

static void code_slice(void *self, int part, int parts)
{
	enum { TOLD = 1024 }; /* rows */
	struct slice *s = (struct slice *)self + part;
	long long first = s->n < HB_FIRST_ROWS ? s->n : HB_FIRST_ROWS;

	(void)parts;
	for (long long i = s->from; i < s->to && !s->status; i++) {
		if ((i - s->from) % TOLD == TOLD - 1)
			hebb_meter_add(s->meter, TOLD);
		expect_row(s->job.table, s->row, i, s->to);
		if (code_next(s, i) == HB_FAILED)
			s->status = HEBB_BAD_FORMAT;
		else if (i + 1 == first && !(s->how & HEBB_APPLY_ANYWAY))
			s->status = hb_check_first(&s->job, first, s->row);
	}
	hebb_meter_add(s->meter, (s->to - s->from) % TOLD);
}

/* Moves the rows of a slice to those that are kept of the slices above, and adds its counts. */
static void add_slice(hebb_dataset *dataset, const struct slice *s)
{
	size_t inputs = (size_t)dataset->inputs, outputs = (size_t)dataset->outputs;
	size_t to = (size_t)dataset->rows, from = (size_t)s->from, kept = (size_t)s->kept;

	if (to != from) {
		memmove(dataset->row + to, dataset->row + from, kept * sizeof *dataset->row);
		if (dataset->x)
			memmove(dataset->x + to * inputs, dataset->x + from * inputs,
				kept * inputs * sizeof *dataset->x);
		if (dataset->y)
			memmove(dataset->y + to * outputs, dataset->y + from * outputs,
				kept * outputs * sizeof *dataset->y);
	}
	dataset->rows += s->kept;
	dataset->unseen += s->unseen;
	dataset->gaps += s->counts.gaps;
	dataset->without_target += s->counts.without_target;
	for (int i = 0; i < s->job.coding->input_count; i++) {
		dataset->unlike[i].missing += s->job.unlike[i].missing;
		dataset->unlike[i].unknown += s->job.unlike[i].unknown;
		dataset->unlike[i].odd += s->job.unlike[i].odd;
		dataset->unlike[i].outside += s->job.unlike[i].outside;
	}
}

/* How many slices are worth it; the first one has the rows that tell whether columns fit. */
static int count_slices(const hebb_pool *pool, const hebb_dataset *dataset, long long n)
{
	enum { EACH = 4, ENOUGH = 100000 }; /* for each thread; values */
	long long width = (dataset->x ? dataset->inputs : 0) + dataset->outputs; /* to be coded */
	long long most = n / HB_FIRST_ROWS;
	int slices = EACH * hebb_pool_threads(pool);

	if (n * width < ENOUGH || most < 2 || hebb_pool_threads(pool) == 1)
		return 1;
	return slices < most ? slices : (int)most;
}

/* The bytes that a slice counts in, by input. */
static size_t counts_of(const hebb_coding *coding)
{
	return ((size_t)coding->input_count + 1) * (sizeof(hebb_unlike) + 1);
}

/* Prepares a slice; memory: where it counts. */
static void begin_slice(struct slice *s, const struct hb_dataset_job *job, hebb_unlike *memory)
{
	int inputs = job->coding->input_count;

	s->job = *job;
	s->counts = (hebb_dataset){.outputs = s->dataset->outputs};
	s->job.unlike = memory;
	s->job.is_gap = (unsigned char *)(memory + inputs + 1);
	s->job.is_outside = s->job.is_gap + inputs;
	s->job.unseen = &s->unseen;
	s->job.error = &s->error;
}

static hebb_status code_slices(hebb_pool *pool, const struct hb_dataset_job *job,
			       const struct slice *all, int slices, struct slice *s)
{
	size_t counts = counts_of(job->coding) / sizeof(hebb_unlike) + 1;
	hebb_unlike *memory = calloc((size_t)slices * counts, sizeof *memory);

	if (!memory)
		return hb_out_of_memory(job->error);
	for (int i = 0; i < slices; i++) {
		s[i] = *all;
		s[i].from = all->n / slices * i;
		s[i].to = i + 1 < slices ? all->n / slices * (i + 1) : all->n;
		begin_slice(&s[i], job, memory + (size_t)i * counts);
	}
	hebb_pool_run(pool, slices, code_slice, s);
	hebb_status status = HEBB_OK;
	for (int i = 0; i < slices && !status; i++) {
		status = s[i].status;
		if (status && job->error)
			*job->error = s[i].error;
		add_slice(all->dataset, &s[i]);
	}
	free(memory);
	return status;
}

/* Codes all rows; the first that fails tells why. */
static hebb_status code_rows(const struct hb_dataset_job *job, int how, long long n,
			     const long long *row, hebb_meter *meter, hebb_dataset *dataset)
{
	const struct slice all = {
		.dataset = dataset, .how = how, .n = n, .row = row, .meter = meter};
	hebb_pool *pool = hebb_pool_new(how / HEBB_APPLY_THREADS(1), NULL, job->error);

	if (!pool)
		return job->error ? job->error->status : HEBB_NO_MEMORY;
	hebb_meter_part(meter, 0, 1, n);
	int slices = count_slices(pool, dataset, n);
	struct slice *s = malloc((size_t)slices * sizeof *s);
	hebb_status status =
		s ? code_slices(pool, job, &all, slices, s) : hb_out_of_memory(job->error);
	free(s);
	hebb_pool_free(pool);
	return status;
}

/* ---- The whole ---- */

static hebb_status check_how(int how, hebb_error *error)
{
	const int all = HEBB_APPLY_TARGETS | HEBB_APPLY_STRICT | HEBB_APPLY_ANYWAY;

	return how < 0 || how % HEBB_APPLY_THREADS(1) & ~all
		       ? hebb_fail(error, HEBB_BAD_ARGUMENT,
				   "%d is no sum of HEBB_APPLY_TARGETS and the like", how)
		       : HEBB_OK;
}

static hebb_dataset *code(const hebb_coding *coding, const hebb_table *table, int may_be_view,
			  int how, long long n, const long long *row, hebb_meter *meter,
			  hebb_error *error)
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
	if (dataset)
		dataset->ignored = ignored;
	if (dataset && code_rows(&job, how, n, row, meter, dataset)) {
		hebb_dataset_free(dataset);
		dataset = NULL;
	}
	hb_give_back(&memory);
	return dataset;
}

hebb_dataset *hebb_coding_apply(const hebb_coding *coding, const hebb_table *table, int how,
				long long n, const long long *row, hebb_error *error)
{
	return code(coding, table, 0, how, n, row, NULL, error);
}

hebb_dataset *hebb_coding_view(const hebb_coding *coding, const hebb_table *table, int how,
			       long long n, const long long *row, hebb_error *error)
{
	return code(coding, table, 1, how, n, row, NULL, error);
}

hebb_dataset *hebb_coding_view_metered(const hebb_coding *coding, const hebb_table *table, int how,
				       long long n, const long long *row, hebb_meter *meter,
				       hebb_error *error)
{
	return code(coding, table, 1, how, n, row, meter, error);
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
		HB_EXPECT(coming + at);
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
