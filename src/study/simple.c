/* SPDX-License-Identifier: MIT */
/*
 * simple.c - scores of simple predictors on the test rows of a network
 *
 * Both are networks of one layer, so that they are scored as the network itself is:
 *
 *     constant   W = 0, and b the logarithms of the classes' shares, or the means of the numbers
 *     linear     fitted by lbfgs on all training rows, if that takes about a second at most
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "trial.h"

/* Multiplications and additions: a second at the speed of one slow core. */
static const double OPERATIONS = 4e9;

/* The output at which transformed target i has the mean of its values, in units; `h` has room for
 * all outputs. */
static float middle_of(const hebb_coding *coding, const hebb_dataset *data, int i, float *h)
{
	enum { HALVINGS = 40 };
	double sum = 0, low = -100, high = 100;
	long long count = 0;

	for (long long row = 0; row < data->rows; row++) {
		const float *y = data->y + row * data->outputs;

		if (isnan(y[i]))
			continue;
		sum += hebb_in_units(coding, y, i);
		count++;
	}
	for (int k = 0; k < HALVINGS; k++) {
		h[i] = (float)(0.5 * (low + high));
		if (hebb_in_units(coding, h, i) < sum / (double)count) /* not where it is NaN */
			low = (double)h[i];
		else
			high = (double)h[i];
	}
	return h[i];
}

/* The means of the targets; for classes these are their shares. */
static float *means_of(const hebb_coding *coding, const hebb_dataset *data)
{
	int n = data->outputs;
	float *mean = malloc(sizeof *mean * (size_t)n);

	for (int i = 0; i < n && mean; i++)
		mean[i] = coding->target_transform ? middle_of(coding, data, i, mean)
						   : (float)hb_mean_target(data, i);
	return mean;
}

/* A network whose answer is always the same. */
static hebb_net *constant_net(const hebb_coding *coding, const hebb_dataset *data, int *commonest)
{
	hebb_task task = coding->task;
	int classes = task == HEBB_CLASSIFICATION, labels = task == HEBB_LABELS;
	size_t weights = (size_t)data->inputs * (size_t)data->outputs;
	hebb_layer layer = hebb_dense(data->outputs, hb_plain_output(task));
	hebb_net *net = hebb_net_new(data->inputs, 1, &layer, 1, NULL, NULL);
	float *b = means_of(coding, data), *w = calloc(weights, sizeof *w);

	if (b)
		*commonest = hebb_largest(b, data->outputs);
	for (int i = 0; i < data->outputs && b && classes; i++)
		b[i] = logf(b[i] > 1e-9f ? b[i] : 1e-9f);
	for (int i = 0; i < data->outputs && b && labels; i++)
		b[i] = logf(fmaxf(b[i], 1e-9f) / fmaxf(1 - b[i], 1e-9f));
	if (!net || !b || !w || hebb_net_set(net, 0, w, b, NULL) != HEBB_OK) {
		hebb_net_free(net);
		net = NULL;
	}
	free(b);
	free(w);
	return net;
}

/* Scores a network on the test rows and frees it; `rows` stays 0 without memory. */
static void score_and_free(hebb_net *net, const hebb_trial *trial, hebb_score *score)
{
	int numbers = trial->coding->task == HEBB_REGRESSION;

	if (net &&
	    hebb_score_dataset(net, trial->coding, !numbers ? HEBB_CROSS_ENTROPY : HEBB_SQUARED,
			       trial->test, 0, trial->study->threads, score, NULL) != HEBB_OK)
		*score = (hebb_score){.rows = 0};
	hebb_net_free(net);
}

hebb_simple_scores hebb_trial_simple(const hebb_trial *trial)
{
	hebb_simple_scores simple = {.size = sizeof simple};
	const hebb_dataset *data = trial ? trial->train : NULL;
	hebb_source source;

	if (!data || !trial->test)
		return simple;
	score_and_free(constant_net(trial->coding, data, &simple.commonest), trial,
		       &simple.constant);
	if (trial->study->hidden == 0) /* the network itself is linear */
		return simple;
	simple.too_long =
		hb_linear_operations(data->rows, data->inputs, data->outputs) > OPERATIONS;
	if (simple.too_long)
		return simple;
	source = hebb_dataset_source(data);
	score_and_free(hb_linear_fit(trial->coding->task, &source, data->inputs, data->outputs, 0,
				     trial->study->threads),
		       trial, &simple.linear);
	return simple;
}

void hebb_simple_scores_free(hebb_simple_scores *simple)
{
	if (!simple)
		return;
	hebb_score_free(&simple->constant);
	hebb_score_free(&simple->linear);
}
