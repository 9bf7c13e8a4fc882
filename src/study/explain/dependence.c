/* SPDX-License-Identifier: MIT */
/*
 * dependence.c - partial dependence: the mean output as a function of one column
 *
 * For each value of a grid all rows get this value in the column, and the mean of their outputs is
 * taken (Friedman 2001, "Greedy function approximation: a gradient boosting machine"). The grid is
 * that of scikit-learn's partial_dependence with its default percentiles: the different values of
 * the rows if they are at most `points`, else `points` numbers, equally spaced between the 5 % and
 * the 95 % quantile.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "explain.h"

enum { SLICE = 256, USUAL_CLASSES = 10 };

static const double LOW = 0.05, HIGH = 0.95; /* of the grid */

struct dependence {
	struct hb_explaining *job;
	const hebb_dataset *data;
	const float *value; /* the coded row of the current value; NULL: rows as they are */
	const int *output;  /* the outputs of a pass */
	int outputs;        /* and their number */
	double *cell;       /* rows x outputs, in their units; NaN: no answer */
	double *sorted;     /* rows */
	hebb_dependence *result;
};

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* ---- The grid ---- */

/* The quantile p of n sorted values as scipy's mquantiles() has it, with alphap = betap = 0.4. */
static double quantile(long long n, const double *value, double p)
{
	double at = (double)n * p + 0.4 + p * 0.2, k = floor(at);

	k = k < 1 ? 1 : k > (double)n - 1 ? (double)n - 1 : k;
	if (n < 2)
		return value[0];
	at = at - k < 0 ? 0 : at - k > 1 ? 1 : at - k;
	return (1 - at) * value[(long long)k - 1] + at * value[(long long)k];
}

/* Grid of sorted values; returns its points. */
static int grid_of_numbers(long long n, double *value, int points, double *grid)
{
	double low, high;
	long long different = 0;

	for (long long i = 0; i < n; i++) {
		int is_new = i == 0 || value[i] != value[i - 1];

		if (is_new && different < points)
			grid[different] = value[i];
		different += is_new;
	}
	if (different <= points)
		return (int)different;
	low = quantile(n, value, LOW);
	high = quantile(n, value, HIGH);
	if (!(high > low)) {
		low = value[0];
		high = value[n - 1];
	}
	for (int i = 0; i < points; i++)
		grid[i] = i + 1 < points ? low + (high - low) / (points - 1) * i : high;
	return points;
}

/* Where the table has texts in place of numbers, the deciles of training. */
static int grid_of_training(const hebb_seen *seen, int points, double *grid)
{
	double value[HEBB_PARTS + 1];

	memcpy(value, seen->quantile, sizeof value);
	return grid_of_numbers(HEBB_PARTS + 1, value, points, grid);
}

static int numbers(const struct dependence *d, const hebb_table *table, int column, double *grid)
{
	const hebb_coding *coding = d->job->coding;
	int at = hb_table_column(coding, table, column);
	long long count = 0;

	if (at < 0 || table->column[at].kind == HEBB_TEXT)
		return coding->seen && coding->seen[column].rows > coding->seen[column].missing
			       ? grid_of_training(&coding->seen[column], d->job->o.points, grid)
			       : 0;
	for (long long i = 0; i < d->data->rows; i++) {
		double value = hebb_table_value(table, d->data->row[i], at);

		if (isfinite(value))
			d->sorted[count++] = value;
	}
	if (count == 0)
		return 0;
	qsort(d->sorted, (size_t)count, sizeof *d->sorted, by_value);
	return grid_of_numbers(count, d->sorted, d->job->o.points, grid);
}

/* How many of the rows have a level: its input is the largest one that it has in them. */
static long long rows_with(const struct dependence *d, int input)
{
	const hebb_coding *coding = d->job->coding;
	long long count = 0;
	float is = (1 - coding->mean[input]) * coding->scale[input];

	for (long long i = 0; i < d->data->rows && coding->scale[input] > 0; i++)
		count += d->data->x[i * d->job->width + input] == is;
	return count;
}

/* All levels that training had or, of many, the most frequent ones of these rows. -1: no memory. */
static int levels(const struct dependence *d, int column, double *grid)
{
	const hebb_coding *coding = d->job->coding;
	int first = d->job->first[column], count = coding->inputs[column].level_count, points = 0;
	double *rows = malloc(2 * (size_t)count * sizeof *rows),
	       *sorted = rows ? rows + count : NULL, least = 0;

	for (int i = 0; i < count && rows; i++)
		sorted[i] = rows[i] = (double)rows_with(d, first + i);
	if (rows && count > d->job->o.points) {
		qsort(sorted, (size_t)count, sizeof *sorted, by_value);
		least = sorted[count - d->job->o.points];
	}
	for (int i = 0; i < count && points < d->job->o.points && rows; i++)
		if (coding->scale[first + i] > 0 && rows[i] >= least)
			grid[points++] = i;
	points = rows ? points : -1;
	free(rows);
	return points;
}

static hebb_status find_grid(const struct dependence *d, const hebb_table *table, hebb_error *error)
{
	hebb_dependence *result = d->result;
	const hebb_column *column = &d->job->coding->inputs[result->column];

	result->points = column->kind == HEBB_TEXT
				 ? levels(d, result->column, result->value)
				 : numbers(d, table, result->column, result->value);
	if (result->points > 0)
		return HEBB_OK;
	if (result->points < 0)
		return hebb_fail(error, HEBB_NO_MEMORY, "out of memory for %d levels",
				 column->level_count);
	return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s: the column '%s' has no value in these rows",
			 table->name, SHORT_NAME(column->name));
}

/* ---- Passes over the rows ---- */

/* A task: a slice of the rows. */
static void predict_slice(void *self, struct hb_runner *runner, long long item, int slot)
{
	const struct dependence *d = self;
	const struct hb_explaining *job = d->job;
	const size_t width = (size_t)job->width;
	long long first = item * job->slice, left = d->data->rows - first;
	int count = left < job->slice ? (int)left : job->slice;
	double *cell = d->cell + (size_t)first * (size_t)d->outputs;
	const float *h;

	(void)slot;
	memcpy(runner->x, d->data->x + (size_t)first * width,
	       (size_t)count * width * sizeof *runner->x);
	for (int i = 0; i < count && d->value; i++)
		hb_copy_column(job, d->result->column, d->value, runner->x + (size_t)i * width);
	h = hebb_forward(runner->work, count, runner->x);
	for (int i = 0; i < count; i++, h += job->outputs) {
		int is_answer = hebb_is_answer(job->coding, h);

		for (int k = 0; k < d->outputs; k++)
			*cell++ = is_answer ? hebb_in_units(job->coding, h, d->output[k]) : NAN;
	}
}

static hebb_status predict_all(struct dependence *d, double begun, double share, hebb_error *error)
{
	struct hb_explaining *job = d->job;

	return hb_explain_items(
		job,
		&(struct hb_items){.count = (d->data->rows + job->slice - 1) / job->slice,
				   .slots = hb_explain_slots(job),
				   .task = predict_slice,
				   .self = d,
				   .begun = begun,
				   .share = share},
		error);
}

/* The mean of output k over the rows with an answer; NaN without any. */
static double mean_of(const struct dependence *d, int k)
{
	double sum = 0;
	long long count = 0;

	for (long long i = 0; i < d->data->rows; i++) {
		double value = d->cell[i * d->outputs + k];

		sum += isnan(value) ? 0 : value;
		count += !isnan(value);
	}
	return count > 0 ? sum / (double)count : NAN;
}

static void spread_of(const struct dependence *d, int k, double *low, double *high)
{
	long long count = 0;

	for (long long i = 0; i < d->data->rows; i++) {
		double value = d->cell[i * d->outputs + k];

		if (!isnan(value))
			d->sorted[count++] = value;
	}
	qsort(d->sorted, (size_t)count, sizeof *d->sorted, by_value);
	*low = count > 0 ? quantile(count, d->sorted, 0.1) : NAN;
	*high = count > 0 ? quantile(count, d->sorted, 0.9) : NAN;
}

/* Row i of those that are returned singly: they are spread evenly. */
static long long single_row(const struct dependence *d, int i)
{
	return (long long)((double)i * (double)d->data->rows / d->result->individuals);
}

static void take_point(const struct dependence *d, int point)
{
	hebb_dependence *result = d->result;
	const int outputs = d->outputs;

	for (int k = 0; k < outputs; k++) {
		size_t at = (size_t)point * (size_t)outputs + (size_t)k;

		result->mean[at] = mean_of(d, k);
		spread_of(d, k, &result->low[at], &result->high[at]);
	}
	for (long long i = 0; i < d->data->rows; i++)
		result->unanswered += isnan(d->cell[i * outputs]);
	for (int i = 0; i < result->individuals; i++)
		memcpy(result->single + ((size_t)i * (size_t)result->points + (size_t)point) *
						(size_t)outputs,
		       d->cell + single_row(d, i) * outputs, (size_t)outputs * sizeof(double));
}

/* ---- The outputs ---- */

struct likely {
	double mean;
	int output;
};

static int by_mean(const void *a, const void *b)
{
	const struct likely *x = a, *y = b;

	if (x->mean != y->mean)
		return x->mean < y->mean ? 1 : -1;
	return (x->output > y->output) - (x->output < y->output);
}

/* Of many classes the most likely ones on average over the rows as they are. NO_MEMORY. */
static hebb_status most_likely(const struct dependence *d, int *usual, hebb_error *error)
{
	const struct hb_explaining *job = d->job;
	struct likely *list = calloc((size_t)job->outputs, sizeof *list);
	hebb_work *work = hebb_work_new(job->model->net, 1, NULL, error);
	int has_memory = list && work;

	for (long long i = 0; i < d->data->rows && has_memory; i++) {
		const float *h = hebb_forward(work, 1, d->data->x + i * job->width);

		for (int k = 0; k < job->outputs; k++)
			list[k].mean += isfinite(h[k]) ? (double)h[k] : 0;
	}
	for (int k = 0; k < job->outputs && list; k++)
		list[k].output = k;
	if (list)
		qsort(list, (size_t)job->outputs, sizeof *list, by_mean);
	for (int k = 0; k < USUAL_CLASSES && list; k++)
		usual[k] = list[k].output;
	hebb_work_free(work);
	free(list);
	return has_memory ? HEBB_OK
			  : hebb_fail(error, HEBB_NO_MEMORY, "out of memory for %d classes",
				      job->outputs);
}

static hebb_status find_outputs(struct dependence *d, hebb_error *error)
{
	const struct hb_explaining *job = d->job;
	int usual[USUAL_CLASSES], are_many = job->o.outputs == 0 &&
					     job->coding->task == HEBB_CLASSIFICATION &&
					     job->outputs > USUAL_CLASSES;

	if (are_many && most_likely(d, usual, error))
		return HEBB_NO_MEMORY;
	d->result->output =
		hb_explain_outputs(job, USUAL_CLASSES, are_many ? usual : NULL, &d->outputs, error);
	d->output = d->result->output;
	d->result->outputs = d->outputs;
	return d->output ? HEBB_OK : HEBB_NO_MEMORY;
}

/* ---- The whole ---- */

/* 0: no memory. */
static int make_room(struct dependence *d)
{
	hebb_dependence *result = d->result;
	size_t rows = (size_t)d->data->rows, outputs = (size_t)d->outputs;
	size_t cells = (size_t)d->job->o.points * outputs;

	result->individuals =
		d->job->o.individuals < d->data->rows ? d->job->o.individuals : (int)d->data->rows;
	size_t singles = (size_t)result->individuals;

	result->mean = malloc(cells * sizeof *result->mean);
	result->low = malloc(cells * sizeof *result->low);
	result->high = malloc(cells * sizeof *result->high);
	result->average = malloc(outputs * sizeof *result->average);
	result->row = malloc((singles + 1) * sizeof *result->row);
	result->single = malloc((singles * cells + 1) * sizeof *result->single);
	d->cell = malloc(rows * outputs * sizeof *d->cell);
	return result->mean && result->low && result->high && result->average && result->row &&
	       result->single && d->cell;
}

/* The rows as they are, then each value. */
static hebb_status pass_points(struct dependence *d, const float *x, hebb_error *error)
{
	hebb_dependence *result = d->result;
	double share = 1.0 / (result->points + 1);
	hebb_status status = predict_all(d, 0, share, error);

	for (int k = 0; k < d->outputs && !status; k++)
		result->average[k] = mean_of(d, k);
	for (int i = 0; i < result->individuals; i++)
		result->row[i] = d->data->row[single_row(d, i)];
	for (int point = 0; point < result->points && !status; point++) {
		d->value = x + (size_t)point * (size_t)d->job->width;
		status = predict_all(d, (point + 1) * share, share, error);
		if (!status)
			take_point(d, point);
	}
	return status;
}

static hebb_status follow(struct dependence *d, const hebb_table *table, hebb_error *error)
{
	struct hb_explaining *job = d->job;
	hebb_dependence *result = d->result;
	float *x = NULL;
	hebb_status status;

	result->value = malloc((size_t)job->o.points * sizeof *result->value);
	d->sorted = malloc((size_t)d->data->rows * sizeof *d->sorted);
	if (!result->value || !d->sorted)
		return hebb_fail(error, HEBB_NO_MEMORY, "out of memory for a grid");
	status = find_grid(d, table, error);
	if (!status)
		status = find_outputs(d, error);
	if (status)
		return status;
	x = malloc((size_t)result->points * (size_t)job->width * sizeof *x);
	if (!x || !make_room(d))
		status = hebb_fail(error, HEBB_NO_MEMORY, "out of memory for %lld rows",
				   d->data->rows);
	if (!status)
		status = hb_code_values(job, result->column, result->points, result->value, x,
					error);
	if (!status)
		status = hb_explain_start(job, SLICE, 0, 0, error);
	if (!status)
		status = pass_points(d, x, error);
	free(x);
	return status;
}

static hebb_status check_answers(const struct dependence *d, const hebb_table *table,
				 hebb_error *error)
{
	const hebb_dependence *result = d->result;

	if (result->unanswered < result->rows * result->points)
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_ARGUMENT,
			 "%s: the model has no finite output for any of these rows", table->name);
}

static hebb_status depend(struct dependence *d, const hebb_table *table, long long n,
			  const long long *row, hebb_error *error)
{
	const hebb_explain *o = &d->job->o;
	long long most = o->rows > 0 ? o->rows : hb_explain_usual_rows(d->job, o->points + 1);
	hebb_dataset *data = hb_explain_rows(d->job, table, n, row, most, HB_USE_ROWS, 0, error);
	hebb_status status;

	if (!data)
		return error->status;
	d->data = data;
	d->result->rows = data->rows;
	d->result->of = n;
	status = follow(d, table, error);
	if (!status)
		status = check_answers(d, table, error);
	free(d->cell);
	free(d->sorted);
	hebb_dataset_free(data);
	return status;
}

hebb_status hebb_model_dependence(const hebb_model *model, const hebb_table *table, long long n,
				  const long long *row, int column, const hebb_explain *explain,
				  hebb_dependence *result, hebb_error *error)
{
	struct hb_explaining job;
	struct dependence d = {.job = &job, .result = result};
	hebb_error local;

	*result = (hebb_dependence){.size = sizeof *result, .column = column};
	error = error ? error : &local;
	hebb_status status = hb_explain_open(model, explain, &job, error);
	if (!status && (column < 0 || column >= job.columns))
		status = hebb_fail(error, HEBB_BAD_ARGUMENT,
				   "there is no input column %d; the model has %d, from 0 on",
				   column, job.columns);
	if (!status)
		status = depend(&d, table, n, row, error);
	hb_explain_close(&job);
	if (status)
		hebb_dependence_free(result);
	return status;
}

void hebb_dependence_free(hebb_dependence *dependence)
{
	free(dependence->value);
	free(dependence->output);
	free(dependence->mean);
	free(dependence->low);
	free(dependence->high);
	free(dependence->row);
	free(dependence->single);
	free(dependence->average);
	*dependence = (hebb_dependence){.size = sizeof *dependence};
}
