/* SPDX-License-Identifier: MIT */
/*
 * importance.c - permutation importance: how much worse a score is without a column
 *
 * The rows are coded once. For a repeat r and a column c, row i takes the inputs of c from row
 * p(i), p a permutation of (seed, r, c), and everything else stays. So a column, whatever it
 * became, keeps its values and loses what they have to do with the target (Breiman 2001, "Random
 * forests"; Fisher, Rudin & Dominici 2019). This is scikit-learn's permutation_importance, but that
 * takes the same permutation for all columns of a repeat.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../metrics.h"
#include "explain.h"

enum { SLICE = 256 }; /* rows at once */

/* What a pass over the rows adds up. */
struct pass {
	long long rows, right;
	double *sum;      /* by output: of squares or losses; or of all in the first place */
	long long *count; /* that they are of */
	long long *order; /* the row from which each row takes its column */
};

struct importance {
	struct hb_explaining *job;
	const hebb_dataset *data;
	hebb_metric metric;
	int *truth;    /* by row: the class, -1: training did not have it; NULL: no classes */
	int sums;      /* how many of them the metric needs */
	double *score; /* by item: as it is, then the columns of each repeat */
};

/* ---- One row ---- */

static int has_right_labels(int outputs, const float *h, const float *y)
{
	for (int k = 0; k < outputs; k++)
		if (!isnan(y[k]) && (h[k] > 0.5f) != (y[k] > 0.5f))
			return 0;
	return 1;
}

static void add_accuracy(const struct importance *s, long long row, const float *h, const float *y,
			 struct pass *pass)
{
	int outputs = s->job->outputs;

	pass->right += s->truth ? s->truth[row] == hebb_largest(h, outputs)
				: has_right_labels(outputs, h, y);
}

static void add_log_loss(const struct importance *s, long long row, const float *h, const float *y,
			 struct pass *pass)
{
	if (s->truth && s->truth[row] >= 0) {
		pass->sum[0] -= hb_log_of(hb_probability_of(s->job, h, s->truth[row]));
		pass->count[0]++;
	}
	for (int k = 0; k < s->sums && !s->truth; k++) {
		if (isnan(y[k]))
			continue;
		pass->sum[k] -= hb_log_of(y[k] > 0.5f ? (double)h[k] : 1 - (double)h[k]);
		pass->count[k]++;
	}
}

/* How far output k is off: a single target in its units, several ones in deviations. */
static double error_of(const struct importance *s, const float *h, const float *y, int k)
{
	const hebb_coding *coding = s->job->coding;

	if (s->sums > 1)
		return (double)h[k] - (double)y[k];
	if (coding->target_transform < HEBB_TARGET_LOG)
		return ((double)h[k] - (double)y[k]) * (double)coding->target_sd[k];
	return hebb_in_units(coding, h, k) - hebb_in_units(coding, y, k);
}

static void add_squares(const struct importance *s, const float *h, const float *y,
			struct pass *pass)
{
	for (int k = 0; k < s->sums; k++) {
		double off = error_of(s, h, y, k);

		if (isnan(y[k]))
			continue;
		pass->sum[k] += off * off;
		pass->count[k]++;
	}
}

static void add_loss(const struct importance *s, long long row, const float *h, const float *y,
		     struct pass *pass)
{
	if (s->truth && s->truth[row] < 0)
		return;
	pass->sum[0] += hebb_cost(s->job->model->loss, s->job->ending, s->job->outputs, h, y);
	pass->count[0]++;
}

static void add_row(const struct importance *s, long long row, const float *h, struct pass *pass)
{
	const float *y = s->data->y + row * s->job->outputs;

	pass->rows++;
	if (!hebb_is_answer(s->job->coding, h))
		return;
	if (s->metric == HEBB_METRIC_ACCURACY)
		add_accuracy(s, row, h, y, pass);
	else if (s->metric == HEBB_METRIC_LOG_LOSS)
		add_log_loss(s, row, h, y, pass);
	else if (s->metric == HEBB_METRIC_RMSE)
		add_squares(s, h, y, pass);
	else
		add_loss(s, row, h, y, pass);
}

/* ---- All rows ---- */

/* What the sums come to: the mean over the outputs that have any rows. */
static double score_of(const struct importance *s, const struct pass *pass)
{
	double total = 0;
	int with_rows = 0;

	if (s->metric == HEBB_METRIC_ACCURACY)
		return (double)pass->right / (double)pass->rows;
	for (int k = 0; k < s->sums; k++) {
		double mean = pass->sum[k] / (double)pass->count[k];

		if (pass->count[k] == 0)
			continue;
		total += s->metric == HEBB_METRIC_RMSE ? sqrt(mean) : mean;
		with_rows++;
	}
	return with_rows > 0 ? total / with_rows : NAN;
}

/* The arrays of a pass in the memory of a runner. */
static struct pass begin_pass(const struct importance *s, void *memory)
{
	struct pass pass = {.sum = memory};

	pass.count = (long long *)(pass.sum + s->sums);
	pass.order = pass.count + s->sums;
	for (int k = 0; k < s->sums; k++) {
		pass.sum[k] = 0;
		pass.count[k] = 0;
	}
	return pass;
}

static size_t pass_bytes(const struct importance *s)
{
	return (size_t)s->sums * (sizeof(double) + sizeof(long long)) +
	       (size_t)s->data->rows * sizeof(long long);
}

/* Puts the inputs of some rows into the runner's. */
static void fill(const struct importance *s, const struct pass *pass, int column, long long first,
		 int rows, float *x)
{
	const size_t width = (size_t)s->job->width;

	memcpy(x, s->data->x + (size_t)first * width, (size_t)rows * width * sizeof *x);
	for (int i = 0; i < rows && column >= 0; i++)
		hb_copy_column(s->job, column, s->data->x + (size_t)pass->order[first + i] * width,
			       x + (size_t)i * width);
}

/* A task: item 0 is the rows as they are, the others a column of a repeat. */
static void score_item(void *self, struct hb_runner *runner, long long item, int slot)
{
	const struct importance *s = self;
	const long long rows = s->data->rows;
	struct pass pass = begin_pass(s, runner->extra);
	int column = item > 0 ? (int)((item - 1) % s->job->columns) : -1;

	(void)slot;
	for (long long i = 0; i < rows; i++)
		pass.order[i] = i;
	if (column >= 0)
		hebb_shuffle(rows, pass.order, s->job->o.seed,
			     HB_STREAM_EXPLAIN(HB_USE_PERMUTATION, item - 1));
	for (long long first = 0; first < rows; first += s->job->slice) {
		long long left = rows - first;
		int count = left < s->job->slice ? (int)left : s->job->slice;
		const float *h;

		fill(s, &pass, column, first, count, runner->x);
		h = hebb_forward(runner->work, count, runner->x);
		for (int i = 0; i < count; i++, h += s->job->outputs)
			add_row(s, first + i, h, &pass);
	}
	s->score[item] = score_of(s, &pass);
}

/* ---- The metric ---- */

static hebb_status choose_metric(const struct hb_explaining *job, hebb_metric *metric,
				 hebb_error *error)
{
	int are_numbers = job->coding->task == HEBB_REGRESSION;

	*metric = job->o.metric ? job->o.metric
		  : are_numbers ? HEBB_METRIC_RMSE
				: HEBB_METRIC_ACCURACY;
	if (*metric == HEBB_METRIC_LOSS)
		return HEBB_OK;
	if (!hebb_metric_name(*metric) || *metric == HEBB_METRIC_BALANCED_ACCURACY)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--metric: importance has accuracy, log-loss, rmse and loss");
	if (are_numbers != (*metric == HEBB_METRIC_RMSE))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--metric %s: the model predicts %s; take %s or loss",
				 hebb_metric_name(*metric), are_numbers ? "numbers" : "classes",
				 are_numbers ? "rmse" : "accuracy, log-loss");
	if (*metric == HEBB_METRIC_LOG_LOSS && !hb_are_probabilities(job))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--metric log-loss: the outputs of the model are no "
				 "probabilities; take accuracy or loss");
	return HEBB_OK;
}

/* ---- The whole ---- */

/* The mean drop of two columns, for qsort(). */
struct ranked {
	double drop;
	int column;
};

static int by_drop(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (isnan(x->drop) != isnan(y->drop))
		return isnan(x->drop) ? 1 : -1;
	if (x->drop != y->drop && !isnan(x->drop))
		return x->drop < y->drop ? 1 : -1;
	return (x->column > y->column) - (x->column < y->column);
}

/* 0: no memory. */
static int rank_columns(const hebb_importance *result)
{
	struct ranked *list = malloc((size_t)result->columns * sizeof *list);

	for (int c = 0; c < result->columns && list; c++)
		list[c] = (struct ranked){result->column[c].drop.mean, c};
	if (list)
		qsort(list, (size_t)result->columns, sizeof *list, by_drop);
	for (int c = 0; c < result->columns && list; c++)
		result->order[c] = list[c].column;
	free(list);
	return result->order && list;
}

/* The drops of each column. */
static void spread_drops(const struct importance *s, double *drop, hebb_importance *result)
{
	double sign = hebb_metric_rises(s->metric) ? 1 : -1;

	for (int c = 0; c < result->columns; c++) {
		for (int r = 0; r < result->repeats; r++)
			drop[r] = sign * (s->score[0] -
					  s->score[1 + (size_t)r * (size_t)result->columns + c]);
		result->column[c].drop = hebb_spread_of(result->repeats, drop);
	}
}

static hebb_status finish(const struct importance *s, long long of, hebb_importance *result,
			  hebb_error *error)
{
	int columns = s->job->columns, repeats = s->job->o.repeats;
	double *drop = malloc((size_t)repeats * sizeof *drop);

	*result = (hebb_importance){.size = sizeof *result,
				    .metric = s->metric,
				    .is_scaled = s->metric == HEBB_METRIC_RMSE && s->sums > 1,
				    .score = s->score[0],
				    .rows = s->data->rows,
				    .of = of,
				    .repeats = repeats,
				    .columns = columns};
	result->column = malloc((size_t)columns * sizeof *result->column);
	result->order = malloc((size_t)columns * sizeof *result->order);
	if (drop && result->column)
		spread_drops(s, drop, result);
	int done = drop && result->column && result->order && rank_columns(result);
	free(drop);
	if (done)
		return HEBB_OK;
	hebb_importance_free(result);
	return hebb_fail(error, HEBB_NO_MEMORY, "out of memory for the importance of %d columns",
			 columns);
}

/* The class of each row. 0: no memory. */
static int find_truth(struct importance *s)
{
	const int outputs = s->job->outputs;

	if (s->job->coding->task != HEBB_CLASSIFICATION)
		return 1;
	s->truth = malloc((size_t)s->data->rows * sizeof *s->truth);
	for (long long i = 0; i < s->data->rows && s->truth; i++)
		s->truth[i] = hb_class_of(s->data->y + i * outputs, outputs);
	return s->truth != NULL;
}

static hebb_status permute(struct importance *s, hebb_error *error)
{
	const long long items = 1 + (long long)s->job->o.repeats * s->job->columns;
	hebb_status status;

	s->sums = s->truth || s->metric == HEBB_METRIC_LOSS ? 1 : s->job->outputs;
	s->score = malloc((size_t)items * sizeof *s->score);
	if (!s->score)
		return hebb_fail(error, HEBB_NO_MEMORY, "out of memory for %lld scores", items);
	status = hb_explain_start(s->job, SLICE, pass_bytes(s), 0, error);
	if (status)
		return status;
	return hb_explain_items(s->job,
				&(struct hb_items){.count = items,
						   .slots = hb_explain_slots(s->job),
						   .task = score_item,
						   .self = s,
						   .share = 1},
				error);
}

static hebb_status measure(struct importance *s, const hebb_table *table, long long n,
			   const long long *row, hebb_importance *result, hebb_error *error)
{
	const hebb_explain *o = &s->job->o;
	double passes = (double)o->repeats * s->job->columns;
	long long most = o->rows > 0 ? o->rows : hb_explain_usual_rows(s->job, passes);
	hebb_dataset *data = hb_explain_rows(s->job, table, n, row, most, HB_USE_ROWS, 1, error);
	hebb_status status = HEBB_OK;

	if (!data)
		return error->status;
	s->data = data;
	if (data->rows < 2)
		status = hebb_fail(error, HEBB_BAD_ARGUMENT,
				   "%s: there is one row with a target; a column is permuted over "
				   "at least 2 rows",
				   table->name);
	else if (!find_truth(s))
		status =
			hebb_fail(error, HEBB_NO_MEMORY, "out of memory for %lld rows", data->rows);
	if (!status)
		status = permute(s, error);
	if (!status)
		status = finish(s, n, result, error);
	free(s->score);
	free(s->truth);
	hebb_dataset_free(data);
	return status;
}

hebb_status hebb_model_importance(const hebb_model *model, const hebb_table *table, long long n,
				  const long long *row, const hebb_explain *explain,
				  hebb_importance *result, hebb_error *error)
{
	struct hb_explaining job;
	struct importance s = {.job = &job};
	hebb_error local;

	*result = (hebb_importance){.size = sizeof *result};
	error = error ? error : &local;
	hebb_status status = hb_explain_open(model, explain, &job, error);
	if (!status)
		status = choose_metric(&job, &s.metric, error);
	if (!status)
		status = measure(&s, table, n, row, result, error);
	hb_explain_close(&job);
	return status;
}

void hebb_importance_free(hebb_importance *importance)
{
	free(importance->column);
	free(importance->order);
	*importance = (hebb_importance){.size = sizeof *importance};
}
