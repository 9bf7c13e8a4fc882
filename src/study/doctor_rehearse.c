/* SPDX-License-Identifier: MIT */
/*
 * doctor_rehearse.c - a short training on a copy of the network
 *
 * A few dozen updates show what a whole run would: whether the cost falls at all, whether the first
 * step is too long, and which layers the gradient reaches.  The cost is that of the same rows each
 * time, so that the order of the batches does not matter.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "doctor.h"
#include "hebb_advanced.h"
#include "weighted.h"

enum { UPDATES_MOST = 50, UPDATES_LEAST = 5, ROWS_MOST = 512, TRIES = 6, STREAM = 7 };
static const double OPERATIONS = 6e9; /* at most a second or two, with the slowest kernels */
static const double RISE_MOST = 1.05; /* of the cost: batches differ by chance, by less than that */
static const double START_MOST =
	20; /* times the cost of guessing; usual starts are within 2 of it */
static const double LEAP_MOST =
	10; /* of the cost by the first update: all that the start was good for is lost */
static const double FALL_LEAST = 0.01;    /* of the cost, by all updates of the run at this pace */
static const double RISE_FROM = 1.0 / 25; /* of the rate: there one cycle begins */
/* Of |dJ/dW| / |W| of the first layer in that of the last.  On the digits five hidden layers of 30
 * sigmoids have 1.6e-3 and reach 92 %, six 2.3e-4 and 61 %, seven 1.1e-4 and 33 %. */
static const double REACH_LEAST = 3e-4;
/* Of |dJ/dW| / |W| of any layer.  Healthy starts have up to 15: the ten tables of docs/accuracy.md
 * with none to four hidden layers, one output most of all.  Here a step at the rate 0.01 is as
 * large as the weights. */
static const double REACH_MOST = 100;

typedef struct rehearsing {
	const hebb_trial *run;
	hebb_source source;
	int rows, batch;    /* on which the cost is measured, and of an update */
	float *x, *y;       /* these rows, */
	float *bx, *by, *w; /* and those of an update */
	long long *order;
} rehearsing;

/* The share of the rate that a trial takes: a schedule that rises must not be judged by its
 * highest. */
static double share_of_rate(const hebb_study *o)
{
	return o->warmup > 0 || o->schedule == HEBB_ONE_CYCLE ? RISE_FROM : 1;
}

/* Some rows as they are trained on; the source multiplies their weights, w. */
static hebb_status gather(const rehearsing *with, int count, const long long *row, float *x,
			  float *y)
{
	for (int i = 0; i < count; i++)
		with->w[i] = 1;
	return with->source.gather(with->source.self, count, row, x, y, with->w, NULL);
}

static int open_rows(const hebb_trial *run, hebb_source source, rehearsing *result)
{
	long long n = run->train->rows;
	int batch = run->study->batch, all = n < ROWS_MOST ? (int)n : ROWS_MOST;

	batch = batch == 0 || batch > all ? all : batch;
	*result = (rehearsing){.run = run, .source = source, .rows = all, .batch = batch};
	size_t inputs = (size_t)run->train->inputs, outputs = (size_t)run->train->outputs;
	result->x = malloc(sizeof(float) * (size_t)all * inputs);
	result->y = malloc(sizeof(float) * (size_t)all * outputs);
	result->bx = malloc(sizeof(float) * (size_t)batch * inputs);
	result->by = malloc(sizeof(float) * (size_t)batch * outputs);
	result->w = malloc(sizeof(float) * (size_t)all);
	result->order = malloc(sizeof(long long) * (size_t)n);
	if (!result->x || !result->y || !result->bx || !result->by || !result->w || !result->order)
		return 0;
	for (int i = 0; i < all; i++)
		result->order[i] = i * n / all;
	if (gather(result, all, result->order, result->x, result->y) != HEBB_OK)
		return 0;
	for (long long i = 0; i < n; i++)
		result->order[i] = i;
	hebb_shuffle(n, result->order, run->seed, STREAM);
	return 1;
}

static void close_rows(rehearsing *done)
{
	free(done->x);
	free(done->y);
	free(done->bx);
	free(done->by);
	free(done->w);
	free(done->order);
}

/* One update with the next rows of the order. */
static hebb_status make_update(rehearsing *with, hebb_trainer *trainer, int number)
{
	long long n = with->run->train->rows, first = (long long)number * with->batch % n;
	hebb_status status;

	if (first + with->batch > n)
		first = n - with->batch;
	status = gather(with, with->batch, with->order + first, with->bx, with->by);
	if (status == HEBB_OK)
		status = hebb_trainer_gradient(trainer, with->batch, with->bx, with->by, with->w,
					       NULL, NULL);
	return status == HEBB_OK ? hebb_trainer_update(trainer, NULL) : status;
}

static double cost_now(const rehearsing *with, hebb_trainer *trainer)
{
	double J = INFINITY;

	if (hebb_trainer_cost(trainer, with->rows, with->x, with->y, NULL, &J, NULL) != HEBB_OK)
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

/* |dJ/dW| / |W| of layer l, or a negative number. */
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

static void look_at_gradient(const rehearsing *with, const hebb_net *net, hebb_trainer *trainer,
			     hebb_findings *to)
{
	double first = -1, last = -1, most = 0;
	int dense = 0, steepest = 0, inputs = hebb_net_inputs(net);

	if (hebb_trainer_gradient(trainer, with->rows, with->x, with->y, NULL, NULL, NULL) !=
	    HEBB_OK)
		return;
	for (int l = 0; l < hebb_net_layers(net); l++) {
		if (hebb_kind_about(hebb_net_layer(net, l)->kind)->units) {
			last = reach(net, trainer, l, inputs);
			first = dense++ ? first : last;
			steepest = last > most ? dense : steepest;
			most = fmax(last, most);
		}
		inputs = hebb_net_layer(net, l)->units;
	}
	if (most > REACH_MOST) {
		hb_found(to, "exploding_gradient", HEBB_SEVERITY_WARNING,
			 "the gradient of layer %d is %s times as large as its weights: a step of "
			 "any usual rate throws them away",
			 steepest, hebb_show_number(most, 3).text);
		hb_advise(to, "try --init auto, --clip 1, --norm layer, or fewer layers");
	}
	if (dense < 2 || first < 0 || last < 0)
		return;
	if (first < REACH_LEAST * last) {
		hb_found(to, "vanishing_gradient", HEBB_SEVERITY_WARNING,
			 "the gradient of the first layer, %s of its weights, is %s of the last "
			 "layer's: it hardly reaches down through %d layers",
			 hebb_show_number(first, 2).text, hebb_show_number(first / last, 2).text,
			 dense);
		hb_advise(to, "try fewer layers, --activation relu or selu, or --init he");
	}
}

/* J of an answer that is the same for every row: what a start near 0 costs.  0: not known for this
 * loss. */
static double cost_of_guessing(const hebb_study *o, int outputs)
{
	if (o->loss == HEBB_CROSS_ENTROPY)
		return o->output == HEBB_SOFTMAX ? log(outputs) : outputs * log(2);
	return o->loss == HEBB_SQUARED && o->output == HEBB_LINEAR ? 0.5 * outputs : 0;
}

static void look_at_start(const hebb_study *o, const hebb_net *net, double cost, hebb_findings *to)
{
	double guess = cost_of_guessing(o, hebb_net_outputs(net));

	if (guess == 0 || cost < START_MOST * guess)
		return;
	hb_found(to, "exploding_start", HEBB_SEVERITY_WARNING,
		 "the cost is %s before the first update, where guessing costs about %s: numbers "
		 "grow from layer to layer",
		 hebb_show_number(cost, 4).text, hebb_show_number(guess, 2).text);
	hb_advise(to, "try --init auto, or fewer layers");
}

/* ---- The rehearsal ---- */

static int affordable_updates(const rehearsing *with, const hebb_net *net)
{
	double one = 6.0 * (double)hebb_net_parameters(net) * with->batch;
	double updates = OPERATIONS / one;

	return updates > UPDATES_MOST    ? UPDATES_MOST
	       : updates < UPDATES_LEAST ? UPDATES_LEAST
					 : (int)updates;
}

/* Trains a copy at a rate; looks at the start if it is the first time, and at the units at the
 * end. */
static hebb_rehearsal rehearse_at(rehearsing *with, double rate, int first_time, hebb_findings *to)
{
	hebb_recipe recipe = hb_trial_recipe(with->run);
	hebb_net *net = hebb_net_copy(with->run->net, NULL, NULL);
	hebb_rehearsal result = {.updates = 0, .rows = with->batch};
	char when[60];

	recipe.rate = rate * share_of_rate(with->run->study);
	hebb_trainer *trainer = net ? hebb_trainer_new(net, &recipe, NULL, NULL) : NULL;
	if (trainer && first_time) {
		look_at_gradient(with, net, trainer, to);
		hb_check_units(net, recipe.loss, with->run->train, "before training", 1, to);
	}
	if (trainer && first_time)
		look_at_start(with->run->study, net, cost_now(with, trainer), to);
	int updates = trainer ? affordable_updates(with, net) : 0;
	int were_silent =
		hebb_findings_have(to, "dead_units") || hebb_findings_have(to, "saturated_units");
	result.before = result.first = result.after = trainer ? cost_now(with, trainer) : NAN;
	for (int i = 0; i < updates && isfinite(result.after); i++) {
		if (make_update(with, trainer, i) != HEBB_OK)
			result.after = INFINITY;
		else if (i == 0 || i == updates - 1)
			result.after = cost_now(with, trainer);
		result.first = i == 0 ? result.after : result.first;
		result.updates = i + 1;
	}
	snprintf(when, sizeof when, "after %d updates of a trial", result.updates);
	if (trainer && first_time && !were_silent && isfinite(result.after))
		hb_check_units(net, recipe.loss, with->run->train, when, 0, to);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return result;
}

static void tell_too_high(rehearsing *with, const hebb_rehearsal *is, hebb_findings *to)
{
	hebb_findings ignored = {.count = 0};
	int diverged = !isfinite(is->after);
	double rate = with->run->study->rate, lower = rate, best = 0, least = is->before;

	if (diverged)
		hb_found(to, "rate_too_high", HEBB_SEVERITY_ERROR,
			 "the cost was %s, %s after the first update and no number after %d of a "
			 "trial at rate %s",
			 hebb_show_number(is->before, 4).text, hebb_show_number(is->first, 4).text,
			 is->updates, hebb_show_number(rate, 4).text);
	else
		hb_found(to, "rate_too_high", HEBB_SEVERITY_WARNING,
			 "the cost was %s, %s after the first update and %s after %d of a trial "
			 "at "
			 "rate %s",
			 hebb_show_number(is->before, 4).text, hebb_show_number(is->first, 4).text,
			 hebb_show_number(is->after, 4).text, is->updates,
			 hebb_show_number(rate, 4).text);
	for (int i = 0; i < TRIES; i++) {
		lower /= 10;
		hebb_rehearsal again = rehearse_at(with, lower, 0, &ignored);
		if (again.updates > 0 && again.after < least) {
			least = again.after;
			best = lower;
		}
	}
	if (best > 0)
		hb_advise(to, "try --rate %s, at which it fell to %s",
			  hebb_show_number(best, 2).text, hebb_show_number(least, 4).text);
	else
		hb_advise(to, "try a much lower --rate, or --optimizer adam");
}

static void judge(rehearsing *with, const hebb_rehearsal *is, hebb_findings *to)
{
	const hebb_study *o = with->run->study;
	/* How many updates the whole run makes for each of the trial. */
	double longer = fmax((double)hb_updates_of(o, with->run->train->rows), 1) / is->updates;
	double fall = (is->before - is->after) / is->before * longer;

	if (is->after > RISE_MOST * is->before || is->first > LEAP_MOST * is->before ||
	    !isfinite(is->after)) {
		tell_too_high(with, is, to);
		return;
	}
	if (is->first > RISE_MOST * is->before) {
		hb_found(to, "first_step_raised_cost", HEBB_SEVERITY_INFO,
			 "the first update raised the cost from %s to %s, %d brought it to %s",
			 hebb_show_number(is->before, 4).text, hebb_show_number(is->first, 4).text,
			 is->updates, hebb_show_number(is->after, 4).text);
		hb_advise(to, "training recovers; a lower --rate or --warmup 0.1 spares it that");
	}
	if (share_of_rate(o) < 1 || fabs(fall) >= FALL_LEAST || !(is->before > 0) || o->epochs == 0)
		return;
	hb_found(to, "rate_too_low", HEBB_SEVERITY_WARNING,
		 "%d updates of a trial at rate %s changed the cost from %s to %s: at this pace "
		 "all "
		 "epochs lower it by %s %%",
		 is->updates, hebb_show_number(o->rate, 4).text,
		 hebb_show_number(is->before, 5).text, hebb_show_number(is->after, 5).text,
		 hebb_show_number(100 * fmax(fall, 0), 2).text);
	if (o->rate != hb_usual_rate(o))
		hb_advise(to, "try without --rate, or a rate 10 or 100 times higher");
	else
		hb_advise(to, "the rate is the usual one: see what else is found, and try "
			      "--activation relu and --init auto");
}

hebb_rehearsal hebb_rehearse(const hebb_trial *run, hebb_findings *to)
{
	const hebb_study *o = run->study;
	hebb_source source = hebb_dataset_source(run->train);
	hb_weighted weights = {.weight = NULL};
	hebb_rehearsal result = {.updates = 0};
	rehearsing with = {.rows = 0};

	if (o->optimizer == HEBB_LBFGS)
		return result; /* finds the length of each step itself */
	if (o->class_weights == HEBB_WEIGHTS_BALANCED &&
	    hb_weighted_open(run->train, source, &weights))
		source = hb_weighted_source(&weights);
	if (open_rows(run, source, &with)) {
		result = rehearse_at(&with, o->rate, 1, to);
		if (result.updates > 0)
			judge(&with, &result, to);
	}
	close_rows(&with);
	hb_weighted_close(&weights);
	return result;
}
