/* SPDX-License-Identifier: MIT */
/*
 * doctor_baselines.c - compares the network with simple predictors on the same rows
 *
 *     nothing    the largest class of the training rows, or their mean
 *     linear     logistic or linear regression: a network without hidden layers, by lbfgs
 *     neighbor   the target of the nearest training row
 *     trees      a small random forest (forest.c)
 *
 * The errors of network and predictor are compared row by row: the mean of the differences is
 * divided by its standard error. Samples are evenly spaced rows, few enough for a second or two.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "forest.h"
#include "metrics.h"

enum { TRAIN_MOST = 2000, TEST_MOST = 500, ROWS_LEAST = 10, STEPS = 100 };
static const double VALUES_MOST = 4e8; /* the limit of subtractions for the nearest neighbor */
static const double SECONDS = 2;       /* the time limit of the linear regression */
static const double ERRORS_MOST = 2; /* standard errors: chance exceeds this once in forty times */
static const double WORTH_SAYING =
	0.01; /* relative to the mean error: less is no reason for another method */

typedef struct sample {
	const hebb_dataset *data;
	long long rows;
	float *x;
	const float **y;
} sample;

static int sample_open(const hebb_dataset *data, long long most, sample *result)
{
	long long rows = data->rows < most ? data->rows : most;
	size_t inputs = (size_t)data->inputs;

	*result = (sample){.data = data, .rows = rows};
	result->x = malloc(sizeof(float) * (size_t)rows * inputs);
	result->y = malloc(sizeof *result->y * (size_t)rows);
	for (long long i = 0; i < rows && result->x && result->y; i++) {
		long long row = i * data->rows / rows;
		hebb_dataset_get(data, row, 1, result->x + (size_t)i * inputs);
		result->y[i] = data->y + row * data->outputs;
	}
	return result->x && result->y;
}

static void sample_close(sample *sampled)
{
	free(sampled->x);
	free(sampled->y);
}

/* For classes 0 or 1, for labels 1 if any is wrong, for numbers the sum of squares. */
static double error_of(hebb_task task, int n, const float *h, const float *y)
{
	double sum = 0;

	for (int i = 0; i < n && task != HEBB_REGRESSION; i++)
		if (!isfinite(h[i]))
			return 1; /* no answer */
	for (int i = 0; i < n && task == HEBB_LABELS; i++)
		if (!isnan(y[i]) && (h[i] > 0.5f) != (y[i] > 0.5f))
			return 1;
	if (task == HEBB_LABELS)
		return 0;
	if (task == HEBB_CLASSIFICATION)
		return hebb_largest(h, n) != hb_class_of(y, n);
	for (int i = 0; i < n; i++)
		sum += isnan(y[i]) ? 0 : ((double)h[i] - y[i]) * ((double)h[i] - y[i]);
	return sum;
}

/* ---- The predictors, each with the error of every test row ---- */

/* hb_mean_target() in float32, the type of the outputs that are compared. */
static float mean_target(const hebb_dataset *data, int i)
{
	long long values = data->rows * data->outputs, count = 0;
	float mean = 0;

	for (long long at = i; at < values; at += data->outputs)
		count += !isnan(data->y[at]);
	for (long long at = i; at < values; at += data->outputs)
		mean += isnan(data->y[at]) ? 0 : data->y[at] / (float)count;
	return mean;
}

static void predict_nothing(hebb_task task, const sample *train, const sample *test, double *error)
{
	int n = train->data->outputs;
	float *mean = calloc((size_t)n, sizeof *mean);

	for (int i = 0; mean && i < n; i++)
		mean[i] = mean_target(train->data, i);
	for (long long i = 0; i < test->rows; i++)
		error[i] = mean ? error_of(task, n, mean, test->y[i]) : NAN;
	free(mean);
}

static void run_net(hebb_task task, const hebb_net *net, const sample *test, double *error)
{
	int n = test->data->outputs;
	float *h = malloc(sizeof *h * (size_t)n);

	for (long long i = 0; i < test->rows; i++) {
		const float *x = test->x + i * test->data->inputs;
		int answered = h && hebb_predict(net, x, h, NULL) == HEBB_OK;
		error[i] = answered ? error_of(task, n, h, test->y[i]) : NAN;
	}
	free(h);
}

static hebb_status gather(void *self, int count, const long long *index, float *x, float *y,
			  float *weight, hebb_error *error)
{
	const sample *rows = self;
	size_t inputs = (size_t)rows->data->inputs, outputs = (size_t)rows->data->outputs;

	(void)weight;
	(void)error;
	for (int i = 0; i < count; i++) {
		memcpy(x + (size_t)i * inputs, rows->x + (size_t)index[i] * inputs,
		       sizeof *x * inputs);
		memcpy(y + (size_t)i * outputs, rows->y[index[i]], sizeof *y * outputs);
	}
	return HEBB_OK;
}

hebb_activation hb_plain_output(hebb_task task)
{
	return task == HEBB_CLASSIFICATION ? HEBB_SOFTMAX
	       : task == HEBB_LABELS       ? HEBB_SIGMOID
					   : HEBB_LINEAR;
}

double hb_linear_operations(long long rows, int inputs, int outputs)
{
	return 4.0 * STEPS * (double)rows * inputs * outputs;
}

hebb_net *hb_linear_fit(hebb_task task, const hebb_source *source, int inputs, int outputs,
			double seconds, int threads)
{
	int classes = task != HEBB_REGRESSION;
	hebb_layer layer = hebb_dense(outputs, hb_plain_output(task));
	hebb_net *net = hebb_net_new(inputs, 1, &layer, 1, NULL, NULL);
	hebb_recipe recipe = hebb_recipe_default();

	recipe.rule = HEBB_LBFGS;
	recipe.loss = classes ? HEBB_CROSS_ENTROPY : HEBB_SQUARED;
	recipe.gaps = task != HEBB_CLASSIFICATION;
	recipe.batch = 0;
	recipe.epochs = STEPS;
	recipe.l2 = 1.0 / (double)source->rows; /* as in scikit-learn; without it, separable classes
						   have no optimal weights */
	recipe.seconds = seconds;
	recipe.threads = threads;
	hebb_trainer *trainer = net ? hebb_trainer_new(net, &recipe, NULL, NULL) : NULL;
	if (!trainer || hebb_train(trainer, source, NULL, NULL) != HEBB_OK) {
		hebb_net_free(net);
		net = NULL;
	}
	hebb_trainer_free(trainer);
	return net;
}

static void predict_linear(hebb_task task, const sample *train, const sample *test, int threads,
			   double *error)
{
	hebb_source source = {.size = sizeof(hebb_source),
			      .self = (void *)train,
			      .rows = train->rows,
			      .gather = gather};
	hebb_net *net = hb_linear_fit(task, &source, train->data->inputs, train->data->outputs,
				      SECONDS, threads);

	for (long long i = 0; i < test->rows; i++)
		error[i] = NAN;
	if (net)
		run_net(task, net, test, error);
	hebb_net_free(net);
}

/* Sixteen sums at the same time, so that the compiler can use vectors. */
static float distance(const float *a, const float *b, int n)
{
	float sum[16] = {0}, total = 0;
	int i = 0;

	for (; i + 16 <= n; i += 16)
		for (int k = 0; k < 16; k++)
			sum[k] += (a[i + k] - b[i + k]) * (a[i + k] - b[i + k]);
	for (; i < n; i++)
		total += (a[i] - b[i]) * (a[i] - b[i]);
	for (int k = 0; k < 16; k++)
		total += sum[k];
	return total;
}

static void predict_neighbor(hebb_task task, const sample *train, const sample *test, double *error)
{
	int inputs = train->data->inputs, outputs = train->data->outputs;

	for (long long i = 0; i < test->rows; i++) {
		float least = INFINITY;
		long long nearest = 0;
		for (long long j = 0; j < train->rows; j++) {
			float d = distance(test->x + i * inputs, train->x + j * inputs, inputs);
			nearest = d < least ? j : nearest;
			least = d < least ? d : least;
		}
		error[i] = error_of(task, outputs, train->y[nearest], test->y[i]);
	}
}

/* ---- Comparing ---- */

static double mean_of(const double *error, long long n)
{
	double sum = 0;

	for (long long i = 0; i < n; i++)
		sum += error[i];
	return sum / (double)n;
}

/* By how many standard errors the mean error of `net` is above that of `other`. */
static double worse_by(const double *net, const double *baseline, long long n)
{
	double mean = (mean_of(net, n) - mean_of(baseline, n)), square = 0;

	for (long long i = 0; i < n; i++) {
		double off = net[i] - baseline[i] - mean;
		square += off * off;
	}
	double error = sqrt(square / ((double)n * (double)(n - 1)));
	return error > 0 ? mean / error : mean > 0 ? INFINITY : 0;
}

static void compare(hebb_task task, const double *net, const double *baseline, long long n,
		    const char *code, const char *name, const char *advice, hebb_findings *findings)
{
	int classes = task != HEBB_REGRESSION;
	double net_error = mean_of(net, n), baseline_error = mean_of(baseline, n);

	if (isnan(net_error) || isnan(baseline_error) ||
	    worse_by(net, baseline, n) <= ERRORS_MOST ||
	    net_error - baseline_error < WORTH_SAYING * baseline_error)
		return;
	if (classes)
		hb_found(findings, code, HEBB_SEVERITY_WARNING,
			 "the network is right in %.1f %% of %s, %s in %.1f %%",
			 100 * (1 - net_error), hebb_show_count(n, "row").text, name,
			 100 * (1 - baseline_error));
	else
		hb_found(findings, code, HEBB_SEVERITY_WARNING,
			 "the mean squared error of the network is %s on %s, that of %s %s",
			 hebb_show_number(net_error, 4).text, hebb_show_count(n, "row").text, name,
			 hebb_show_number(baseline_error, 4).text);
	hb_advise(findings, "%s", advice);
}

/* The accuracy, or the error relative to that of predicting the mean. */
static double quality(hebb_task task, const double *error, const double *nothing, long long n)
{
	double mean = mean_of(error, n);

	return task != HEBB_REGRESSION ? 1 - mean : mean / mean_of(nothing, n);
}

/* NaN without memory. */
static void predict_trees(hebb_task task, const sample *train, const sample *test, double *error)
{
	int n = test->data->outputs;
	float *h = malloc(sizeof *h * (size_t)n * (size_t)test->rows);
	struct hb_forest forest = {.task = task,
				   .inputs = train->data->inputs,
				   .outputs = n,
				   .train_rows = train->rows,
				   .test_rows = test->rows,
				   .x = train->x,
				   .y = train->y,
				   .test_x = test->x};
	int answered = h && hb_forest_answer(&forest, h) == HEBB_OK;

	for (long long i = 0; i < test->rows; i++)
		error[i] = answered ? error_of(task, n, h + i * n, test->y[i]) : (double)NAN;
	free(h);
}

static void measure(hebb_task task, const hebb_net *net, const sample *train, const sample *test,
		    int threads, double *error, hebb_baselines *result, hebb_findings *findings)
{
	long long n = test->rows;
	double *nothing = error, *linear = error + n, *neighbor = error + 2 * n,
	       *trees = error + 3 * n, *of_net = error + 4 * n;

	predict_nothing(task, train, test, nothing);
	if (task == HEBB_REGRESSION && !(mean_of(nothing, n) > 0))
		return; /* the target is constant, so the mean has no error */
	predict_linear(task, train, test, threads, linear);
	predict_neighbor(task, train, test, neighbor);
	predict_trees(task, train, test, trees);
	if (net)
		run_net(task, net, test, of_net);
	*result = (hebb_baselines){.train_rows = train->rows, .test_rows = n};
	result->nothing = quality(task, nothing, nothing, n);
	result->linear = quality(task, linear, nothing, n);
	result->neighbor = quality(task, neighbor, nothing, n);
	result->trees = quality(task, trees, nothing, n);
	result->net = net ? quality(task, of_net, nothing, n) : NAN;
	if (!net)
		return;
	compare(task, of_net, linear, n, "worse_than_linear",
		task != HEBB_REGRESSION ? "logistic regression" : "linear regression",
		"if training went much better than this, try --patience 20; else --layers none, "
		"more epochs or another rate",
		findings);
	compare(task, of_net, neighbor, n, "worse_than_neighbor", "the nearest training row",
		"the inputs tell more than the network has learned: try more units, more epochs or "
		"another rate",
		findings);
	compare(task, of_net, trees, n, "worse_than_trees", "a forest of 30 trees",
		"what few inputs decide by thresholds suits trees better than networks: try "
		"boosted trees beside it; of networks, --effort best does the most",
		findings);
}

hebb_baselines hebb_check_baselines(hebb_task task, const hebb_net *net, const hebb_dataset *train,
				    const hebb_dataset *test, int threads, hebb_findings *findings)
{
	hebb_baselines result = {.train_rows = 0};
	sample train_sample, test_sample;
	double affordable = VALUES_MOST / TEST_MOST / train->inputs;
	long long train_rows = affordable < TRAIN_MOST ? (long long)affordable + 1 : TRAIN_MOST;

	if (!test || test->rows < ROWS_LEAST || train->rows < ROWS_LEAST)
		return result;
	int train_ready = sample_open(train, train_rows, &train_sample),
	    test_ready = sample_open(test, TEST_MOST, &test_sample);
	double *error = malloc(sizeof *error * 5 * (size_t)test_sample.rows);
	if (train_ready && test_ready && error)
		measure(task, net, &train_sample, &test_sample, threads, error, &result, findings);
	free(error);
	sample_close(&train_sample);
	sample_close(&test_sample);
	return result;
}
