/* SPDX-License-Identifier: MIT */
/*
 * doctor_rehearse.c - a short training on a copy of the network
 *
 * A few dozen updates show early whether the cost falls at all, whether the first step is too long,
 * and which layers the gradient reaches. The cost is always measured on the same rows, so that the
 * order of the batches does not matter.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "doctor.h"
#include "hebb_advanced.h"
#include "trial.h"

enum { UPDATES_MOST = 50, UPDATES_LEAST = 5, ROWS_MOST = 512, TRIES = 6, STREAM = 7 };
static const double OPERATIONS = 6e9; /* at most a second or two, with the slowest kernels */
static const double RISE_MOST =
	1.05; /* relative to the cost: less is the chance difference of batches */
static const double START_MOST =
	20; /* times the cost of guessing; usual starts cost at most twice as much */
static const double LEAP_MOST =
	10; /* relative to the cost, by the first update: the initial weights are then useless */
static const double FALL_LEAST =
	0.01; /* relative to the cost, by all updates of the run at this pace */
static const double RISE_FROM =
	1.0 / 25; /* relative to the rate: the one-cycle schedule begins there */
/* |dJ/dW| / |W| of the first layer, relative to that of the last layer. On the digits, networks
 * with hidden layers of 30 sigmoids have: 1.6e-3 with five layers (accuracy 92 %), 2.3e-4 with six
 * (61 %), 1.1e-4 with seven (33 %). */
static const double REACH_LEAST = 3e-4;
/* |dJ/dW| / |W| of any layer. Good starts have at most 15, on the ten tables of docs/accuracy.md
 * with none to four hidden layers; the highest values occur with one output. At 100, a step with
 * the rate 0.01 is as large as the weights. */
static const double REACH_MOST = 100;

typedef struct rehearsal_data {
	const hebb_trial *run;
	hebb_source source;
	int rows, batch; /* the number of rows to measure the cost on, and of rows of an update */
	float *x, *y;    /* the rows to measure the cost on */
	float *batch_x, *batch_y, *weight; /* the rows of an update */
	long long *order;
} rehearsal_data;

/* The part of the rate that the rehearsal uses: a schedule that begins low must not be judged at
 * its highest rate. */
static double share_of_rate(const hebb_study *o)
{
	return o->warmup > 0 || o->schedule == HEBB_ONE_CYCLE ? RISE_FROM : 1;
}

/* Gathers rows as in training; the source multiplies their weights, which are 1 at first. */
static hebb_status gather(const rehearsal_data *data, int count, const long long *row, float *x,
			  float *y)
{
	for (int i = 0; i < count; i++)
		data->weight[i] = 1;
	return data->source.gather(data->source.self, count, row, x, y, data->weight, NULL);
}

static int open_rows(const hebb_trial *run, hebb_source source, rehearsal_data *result)
{
	long long n = run->train->rows;
	int batch = run->study->batch, measured = n < ROWS_MOST ? (int)n : ROWS_MOST;

	batch = batch == 0 || batch > measured ? measured : batch;
	*result = (rehearsal_data){.run = run, .source = source, .rows = measured, .batch = batch};
	size_t inputs = (size_t)run->train->inputs, outputs = (size_t)run->train->outputs;
	result->x = malloc(sizeof(float) * (size_t)measured * inputs);
	result->y = malloc(sizeof(float) * (size_t)measured * outputs);
	result->batch_x = malloc(sizeof(float) * (size_t)batch * inputs);
	result->batch_y = malloc(sizeof(float) * (size_t)batch * outputs);
	result->weight = malloc(sizeof(float) * (size_t)measured);
	result->order = malloc(sizeof(long long) * (size_t)n);
	if (!result->x || !result->y || !result->batch_x || !result->batch_y || !result->weight ||
	    !result->order)
		return 0;
	for (int i = 0; i < measured; i++)
		result->order[i] = i * n / measured;
	if (gather(result, measured, result->order, result->x, result->y) != HEBB_OK)
		return 0;
	for (long long i = 0; i < n; i++)
		result->order[i] = i;
	hebb_shuffle(n, result->order, run->seed, STREAM);
	return 1;
}

static void close_rows(rehearsal_data *data)
{
	free(data->x);
	free(data->y);
	free(data->batch_x);
	free(data->batch_y);
	free(data->weight);
	free(data->order);
}

/* One update with the next rows of the order. */
static hebb_status make_update(rehearsal_data *data, hebb_trainer *trainer, int number)
{
	long long n = data->run->train->rows, first = (long long)number * data->batch % n;
	hebb_status status;

	if (first + data->batch > n)
		first = n - data->batch;
	status = gather(data, data->batch, data->order + first, data->batch_x, data->batch_y);
	if (status == HEBB_OK)
		status = hebb_trainer_gradient(trainer, data->batch, data->batch_x, data->batch_y,
					       data->weight, NULL, NULL);
	return status == HEBB_OK ? hebb_trainer_update(trainer, NULL) : status;
}

static double cost_now(const rehearsal_data *data, hebb_trainer *trainer)
{
	double J = INFINITY;

	if (hebb_trainer_cost(trainer, data->rows, data->x, data->y, NULL, &J, NULL) != HEBB_OK)
		return INFINITY;
	return J;
}

/* ---- The gradient by layer ---- */

static double norm(const float *value, size_t n)
{
	double square = 0;

	for (size_t i = 0; i < n; i++)
		square += (double)value[i] * value[i];
	return sqrt(square);
}

/* |dJ/dW| / |W| of layer l; negative if it is not known. */
static double reach(const hebb_net *net, const hebb_trainer *trainer, int l, int inputs)
{
	size_t n = (size_t)hebb_net_layer(net, l)->units * (size_t)inputs;
	float *W = malloc(sizeof *W * n);
	double result = -1;

	if (W && hebb_trainer_get_gradient(trainer, l, W, NULL, NULL) == HEBB_OK) {
		double g = norm(W, n);
		if (hebb_net_get(net, l, W, NULL, NULL) == HEBB_OK && norm(W, n) > 0)
			result = g / norm(W, n);
	}
	free(W);
	return result;
}

static void look_at_gradient(const rehearsal_data *data, const hebb_net *net, hebb_trainer *trainer,
			     hebb_findings *findings)
{
	const hebb_study *o = data->run->study;
	double first = -1, last = -1, largest = 0;
	int dense = 0, steepest = 0, inputs = hebb_net_inputs(net);

	if (hebb_trainer_gradient(trainer, data->rows, data->x, data->y, NULL, NULL, NULL) !=
	    HEBB_OK)
		return;
	for (int l = 0; l < hebb_net_layers(net); l++) {
		if (hebb_kind_about(hebb_net_layer(net, l)->kind)->units) {
			last = reach(net, trainer, l, inputs);
			first = dense++ ? first : last;
			steepest = last > largest ? dense : steepest;
			largest = fmax(last, largest);
		}
		inputs = hebb_net_layer(net, l)->units;
	}
	if (largest > REACH_MOST) {
		hb_found(findings, "exploding_gradient", HEBB_SEVERITY_WARNING,
			 "the gradient of layer %d is %s times as large as its weights: a step of "
			 "any usual rate throws them away",
			 steepest, hebb_show_number(largest, 3).text);
		const hb_way way[] = {{o->init != HEBB_START_AUTO, "--init auto"},
				      {!(o->clip > 0), "--clip 1"},
				      {o->norm == HEBB_NORM_NONE && o->hidden > 0, "--norm layer"},
				      {o->hidden > 0, "fewer layers"},
				      {o->hidden == 0, "a lower --rate"}};
		hb_advise_ways(findings, way, sizeof way / sizeof *way);
	}
	if (dense < 2 || first < 0 || last < 0)
		return;
	if (first < REACH_LEAST * last) {
		hb_found(findings, "vanishing_gradient", HEBB_SEVERITY_WARNING,
			 "the gradient of the first layer, %s of its weights, is %s of the last "
			 "layer's: it hardly reaches down through %d layers",
			 hebb_show_number(first, 2).text, hebb_show_number(first / last, 2).text,
			 dense);
		const hb_way way[] = {{1, "fewer layers"},
				      {o->activation != HEBB_RELU && o->activation != HEBB_SELU,
				       "--activation relu or selu"},
				      {o->init != HEBB_START_HE, "--init he"}};
		hb_advise_ways(findings, way, sizeof way / sizeof *way);
	}
}

/* J of a constant output, which is the cost of a start near 0. 0: not known for this loss. */
static double cost_of_guessing(const hebb_study *o, int outputs)
{
	if (o->loss == HEBB_CROSS_ENTROPY)
		return o->output == HEBB_SOFTMAX ? log(outputs) : outputs * log(2);
	return o->loss == HEBB_SQUARED && o->output == HEBB_LINEAR ? 0.5 * outputs : 0;
}

static void look_at_start(const hebb_study *o, const hebb_net *net, double cost,
			  hebb_findings *findings)
{
	double guess = cost_of_guessing(o, hebb_net_outputs(net));

	if (guess == 0 || cost < START_MOST * guess)
		return;
	hb_found(findings, "exploding_start", HEBB_SEVERITY_WARNING,
		 "the cost is %s before the first update, where guessing costs about %s: numbers "
		 "grow from layer to layer",
		 hebb_show_number(cost, 4).text, hebb_show_number(guess, 2).text);
	const hb_way way[] = {{o->init != HEBB_START_AUTO, "--init auto"},
			      {o->hidden > 0, "fewer layers"},
			      {o->hidden == 0, "smaller numbers in the inputs"}};
	hb_advise_ways(findings, way, sizeof way / sizeof *way);
}

/* ---- The rehearsal ---- */

static int affordable_updates(const rehearsal_data *data, const hebb_net *net)
{
	double operations = 6.0 * (double)hebb_net_parameters(net) * data->batch;
	double updates = OPERATIONS / operations;

	return updates > UPDATES_MOST    ? UPDATES_MOST
	       : updates < UPDATES_LEAST ? UPDATES_LEAST
					 : (int)updates;
}

/* Trains a copy with this rate. The first time, it also checks the start, and the units before and
 * after. */
static hebb_rehearsal rehearse_at(rehearsal_data *data, double rate, int first_time,
				  hebb_findings *findings)
{
	hebb_recipe recipe = hb_trial_recipe(data->run);
	hebb_net *net = hebb_net_copy(data->run->net, NULL, NULL);
	hebb_rehearsal result = {.updates = 0, .rows = data->batch};
	char moment[100];

	recipe.rate = rate * share_of_rate(data->run->study);
	hebb_trainer *trainer = net ? hebb_trainer_new(net, &recipe, NULL, NULL) : NULL;
	if (trainer && first_time) {
		look_at_gradient(data, net, trainer, findings);
		hb_check_units(net, recipe.loss, data->run->train, "before training", 1, findings);
	}
	if (trainer && first_time)
		look_at_start(data->run->study, net, cost_now(data, trainer), findings);
	int updates = trainer ? affordable_updates(data, net) : 0;
	int were_silent = hebb_findings_have(findings, "dead_units") ||
			  hebb_findings_have(findings, "saturated_units");
	result.before = result.first = result.after = trainer ? cost_now(data, trainer) : NAN;
	for (int i = 0; i < updates && isfinite(result.after); i++) {
		if (make_update(data, trainer, i) != HEBB_OK)
			result.after = INFINITY;
		else if (i == 0 || i == updates - 1)
			result.after = cost_now(data, trainer);
		result.first = i == 0 ? result.after : result.first;
		result.updates = i + 1;
	}
	snprintf(moment, sizeof moment, "after %s of a trial",
		 hebb_show_count(result.updates, "update").text);
	if (trainer && first_time && !were_silent && isfinite(result.after))
		hb_check_units(net, recipe.loss, data->run->train, moment, 0, findings);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return result;
}

static void tell_too_high(rehearsal_data *data, const hebb_rehearsal *result,
			  hebb_findings *findings)
{
	hebb_findings ignored = {.count = 0};
	int diverged = !isfinite(result->after);
	double rate = data->run->study->rate, lower = rate, best = 0, lowest = result->before;

	if (diverged)
		hb_found(findings, "rate_too_high", HEBB_SEVERITY_ERROR,
			 "the cost was %s, %s after the first update and not a number after %d "
			 "of a trial at rate %s",
			 hebb_show_number(result->before, 4).text,
			 hebb_show_number(result->first, 4).text, result->updates,
			 hebb_show_number(rate, 4).text);
	else
		hb_found(findings, "rate_too_high", HEBB_SEVERITY_WARNING,
			 "the cost was %s, %s after the first update and %s after %d of a trial "
			 "at rate %s",
			 hebb_show_number(result->before, 4).text,
			 hebb_show_number(result->first, 4).text,
			 hebb_show_number(result->after, 4).text, result->updates,
			 hebb_show_number(rate, 4).text);
	for (int i = 0; i < TRIES; i++) {
		lower /= 10;
		hebb_rehearsal again = rehearse_at(data, lower, 0, &ignored);
		if (again.updates > 0 && again.after < lowest) {
			lowest = again.after;
			best = lower;
		}
	}
	if (best > 0)
		hb_advise(findings, "try --rate %s, at which it fell to %s",
			  hebb_show_number(best, 2).text, hebb_show_number(lowest, 4).text);
	else
		hb_advise(findings, "try a much lower --rate, or --optimizer adam");
}

static void judge(rehearsal_data *data, const hebb_rehearsal *result, hebb_findings *findings)
{
	const hebb_study *o = data->run->study;
	/* How many times as many updates the whole run makes. */
	double longer = fmax((double)hb_updates_of(o, data->run->train->rows), 1) / result->updates;
	double fall = (result->before - result->after) / result->before * longer;

	if (result->after > RISE_MOST * result->before ||
	    result->first > LEAP_MOST * result->before || !isfinite(result->after)) {
		tell_too_high(data, result, findings);
		return;
	}
	if (result->first > RISE_MOST * result->before) {
		hb_found(findings, "first_step_raised_cost", HEBB_SEVERITY_INFO,
			 "the first update raised the cost from %s to %s, %d brought it to %s",
			 hebb_show_number(result->before, 4).text,
			 hebb_show_number(result->first, 4).text, result->updates,
			 hebb_show_number(result->after, 4).text);
		hb_advise(findings, "training recovers; a lower --rate or --warmup 0.1 avoids it");
	}
	if (share_of_rate(o) < 1 || fabs(fall) >= FALL_LEAST || !(result->before > 0) ||
	    o->epochs == 0)
		return;
	hb_found(findings, "rate_too_low", HEBB_SEVERITY_WARNING,
		 "%s of a trial at rate %s changed the cost from %s to %s: at this pace "
		 "all epochs lower it by %s %%",
		 hebb_show_count(result->updates, "update").text, hebb_show_number(o->rate, 4).text,
		 hebb_show_number(result->before, 5).text, hebb_show_number(result->after, 5).text,
		 hebb_show_number(100 * fmax(fall, 0), 2).text);
	if (o->rate != hb_usual_rate(o))
		hb_advise(findings, "try without --rate, or a rate 10 or 100 times higher");
	else
		hb_advise(findings, "the rate is the usual one: see the other findings%s",
			  o->activation == HEBB_RELU && o->init == HEBB_START_AUTO
				  ? ""
				  : ", and try --activation relu and --init auto");
}

hebb_rehearsal hebb_rehearse(const hebb_trial *run, hebb_findings *findings)
{
	const hebb_study *o = run->study;
	hebb_source source = hebb_dataset_source(run->train);
	hb_weighted weights = {.by_row = NULL};
	hebb_rehearsal result = {.updates = 0};
	rehearsal_data data = {.rows = 0};

	if (o->optimizer == HEBB_LBFGS)
		return result; /* lbfgs finds the length of each step itself */
	hb_trial_weigh(run, &source, &weights, NULL); /* out of memory: equal weights */
	if (open_rows(run, source, &data)) {
		result = rehearse_at(&data, o->rate, 1, findings);
		if (result.updates > 0)
			judge(&data, &result, findings);
	}
	close_rows(&data);
	hb_weighted_close(&weights);
	return result;
}
