/* SPDX-License-Identifier: MIT */
/*
 * calibrate.c - what a trained network learns from rows that it was not trained on: a temperature,
 * and scores for intervals
 *
 * The calibration rows are the validation rows or, with folds, all rows of the folds, each with the
 * network that was not trained on it.  The temperature comes first and changes the network, so that
 * the scores are those of the network that predicts.  Each row counts once, whatever its weight.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "effort.h"
#include "metrics.h"
#include "temperature.h"
#include "trial.h"

enum { SLICE = 256 }; /* rows at once */

/* Outputs and targets of the calibration rows. */
struct hebb_calibration {
	hebb_task task;
	int outputs, folds;
	int has_sums; /* h has the sums of the last layer, for a temperature */
	long long rows;
	float *h, *y;  /* rows x outputs; NULL: numbers */
	double *score; /* numbers: rows x outputs: |y - h| in units; NaN: missing */
	double *off;   /* numbers: rows x outputs: h - y in units; likewise */
	double *unit;  /* numbers: outputs: about a deviation of the target */
};

/* ---- The settings ---- */

int hb_wants_calibration(const hebb_study *study)
{
	return study->conformal > 0 || study->temperature > 0;
}

static hebb_status check_temperature(const hebb_study *o, const hebb_coding *coding,
				     hebb_error *error)
{
	int labels = coding->task == HEBB_LABELS;

	if (coding->task == HEBB_REGRESSION)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--temperature: is for the probabilities of classes and labels, "
				 "and '%s' is a number to predict; --conformal gives intervals "
				 "around numbers",
				 SHORT_NAME(coding->targets[0].name));
	if (o->output != (labels ? HEBB_SIGMOID : HEBB_SOFTMAX))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--temperature: divides what goes into the softmax of classes, "
				 "and the output is %s; leave out --output, or --temperature",
				 hebb_activation_name(o->output));
	return HEBB_OK;
}

hebb_status hb_check_calibration(const hebb_study *o, const hebb_coding *coding, hebb_error *error)
{
	if (!hb_wants_calibration(o))
		return HEBB_OK;
	if (!o->folds && o->validation.kind == HEBB_PART_NONE && !hb_effort_chooses(o))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--%s: needs rows that are not trained on, but --validation 0 "
				 "holds none out; leave it out for a fifth of the rows",
				 o->conformal > 0 ? "conformal" : "temperature");
	return o->temperature > 0 ? check_temperature(o, coding, error) : HEBB_OK;
}

/* ---- Networks ---- */

/* Copies the parameters of layer l. */
static hebb_status copy_layer(const hebb_net *from, int l, hebb_net *to, hebb_error *error)
{
	const hebb_parameter *is;
	hebb_status status = HEBB_OK;

	for (int i = 0; !status && (is = hebb_net_parameter(from, l, i)); i++) {
		float *values = malloc(sizeof *values * (size_t)is->count);

		if (!values)
			return hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
		status = hebb_net_get_parameter(from, l, i, values, error);
		if (!status)
			status = hebb_net_set_parameter(to, l, i, values, error);
		free(values);
	}
	return status;
}

/* A copy whose outputs are the sums of the last layer; to be freed. */
static hebb_net *net_of_sums(const hebb_net *net, hebb_error *error)
{
	int layers = hebb_net_layers(net);
	hebb_layer *layer = malloc(sizeof *layer * (size_t)layers);
	hebb_net *result = NULL;

	for (int l = 0; l < layers && layer; l++)
		layer[l] = *hebb_net_layer(net, l);
	if (layer) {
		layer[layers - 1].activation = HEBB_LINEAR;
		result = hebb_net_blank(hebb_net_inputs(net), layers, layer, NULL, error);
	} else {
		hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
	}
	free(layer);
	for (int l = 0; l < layers && result; l++) {
		if (copy_layer(net, l, result, error) == HEBB_OK)
			continue;
		hebb_net_free(result);
		result = NULL;
	}
	return result;
}

/* Divides weights and biases of the last layer. */
static hebb_status divide_last(hebb_net *net, double temperature, hebb_error *error)
{
	int last = hebb_net_layers(net) - 1;
	const hebb_parameter *is;
	hebb_status status = HEBB_OK;

	for (int i = 0; !status && (is = hebb_net_parameter(net, last, i)); i++) {
		float *values = malloc(sizeof *values * (size_t)is->count);

		if (!values)
			return hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
		status = hebb_net_get_parameter(net, last, i, values, error);
		for (long long k = 0; k < is->count && !status; k++)
			values[k] = (float)((double)values[k] / temperature);
		if (!status)
			status = hebb_net_set_parameter(net, last, i, values, error);
		free(values);
	}
	return status;
}

/* ---- Collecting ---- */

static int grow(void **array, size_t size)
{
	void *larger = realloc(*array, size + 1);

	*array = larger ? larger : *array;
	return larger != NULL;
}

/* Makes room for more rows; 0: no memory. */
static int reserve(hebb_calibration *to, long long more)
{
	size_t values = (size_t)(to->rows + more) * (size_t)to->outputs;

	if (to->task == HEBB_REGRESSION)
		return grow((void **)&to->score, sizeof *to->score * values) &&
		       grow((void **)&to->off, sizeof *to->off * values);
	return grow((void **)&to->h, sizeof *to->h * values) &&
	       grow((void **)&to->y, sizeof *to->y * values);
}

/* h - y in units; NaN: y is missing, infinity: there is no answer. */
static double off_of(const hebb_coding *coding, const float *h, const float *y, int i)
{
	double truth = hebb_in_units(coding, y, i), value = hebb_in_units(coding, h, i);

	if (isnan(y[i]))
		return (double)NAN;
	return isnan(value) ? (double)INFINITY : value - truth;
}

/* What is added to |y - h|: a bound of how far a target moves that is scaled to float32 and back. A
 * row that agrees with this one in all must not be just outside. */
static double moved_by(const hebb_coding *coding, const float *y, int i)
{
	double truth = hebb_in_units(coding, y, i);
	double scaled = 2 * fabs((double)y[i] * (double)coding->target_sd[i]);
	const float *value =
		coding->target_value ? coding->target_value + i * HEBB_TARGET_VALUES : NULL;
	double range = value ? (double)value[HEBB_TARGET_PARTS] - (double)value[0] : 0;
	double most = value ? fabs(truth) + range * (scaled + HEBB_TARGET_PARTS)
			    : scaled + (coding->exact_target_mean ? 0 : fabs(truth));

	if (coding->target_transform == HEBB_TARGET_LOG) /* exp moves by its value */
		most = fabs(truth) * (1 + scaled + fabs((double)coding->target_mean[i]));
	return 0x1p-23 * most;
}

static void keep_numbers(hebb_calibration *to, const hebb_coding *coding, const float *h,
			 const float *y, size_t at)
{
	for (int i = 0; i < to->outputs; i++, at++) {
		to->off[at] = off_of(coding, h, y, i);
		to->score[at] = fabs(to->off[at]) + moved_by(coding, y, i);
	}
}

/* Adds outputs h of some rows with targets y. */
static void keep(hebb_calibration *to, const hebb_coding *coding, int rows, const float *h,
		 const float *y)
{
	size_t values = (size_t)rows * (size_t)to->outputs,
	       at = (size_t)to->rows * (size_t)to->outputs;

	if (to->task == HEBB_REGRESSION) {
		for (size_t k = 0; k < values; k += (size_t)to->outputs)
			keep_numbers(to, coding, h + k, y + k, at + k);
	} else {
		memcpy(to->h + at, h, sizeof *h * values);
		memcpy(to->y + at, y, sizeof *y * values);
	}
	to->rows += rows;
}

/* Half of what lies between a deviation below and one above the mean, in units. */
static double unit_of(const hebb_coding *coding, int i, float *h)
{
	h[i] = 1;
	double above = hebb_in_units(coding, h, i);
	h[i] = -1;
	double unit = 0.5 * (above - hebb_in_units(coding, h, i));
	return isfinite(unit) ? unit : 0;
}

/* Adds the rows of a dataset that `coding` made. */
static hebb_status collect(hebb_calibration *to, const hebb_net *net, const hebb_coding *coding,
			   const hebb_dataset *data, hebb_error *error)
{
	hebb_net *sums = to->has_sums ? net_of_sums(net, error) : NULL;
	if (to->has_sums && !sums)
		return HEBB_NO_MEMORY;
	hebb_work *work = hebb_work_new(sums ? sums : net, SLICE, NULL, error);
	float *x = malloc(sizeof *x * SLICE * (size_t)data->inputs);
	float *h = calloc((size_t)to->outputs + 1, sizeof *h);
	int has_room = work && x && h && reserve(to, data->rows);

	for (int i = 0; i < to->outputs && has_room && to->rows == 0; i++)
		to->unit[i] = to->task == HEBB_REGRESSION ? unit_of(coding, i, h) : 0;
	for (long long first = 0; first < data->rows && has_room; first += SLICE) {
		int rows = data->rows - first < SLICE ? (int)(data->rows - first) : SLICE;

		hebb_dataset_get(data, first, rows, x);
		keep(to, coding, rows, hebb_forward(work, rows, x),
		     data->y + first * data->outputs);
	}
	free(h);
	free(x);
	hebb_work_free(work);
	hebb_net_free(sums);
	return has_room ? HEBB_OK
			: hebb_fail(error, HEBB_NO_MEMORY, "no memory for the outputs of %lld rows",
				    data->rows);
}

static hebb_calibration *new_calibration(const hebb_study *study, int has_sums, hebb_error *error)
{
	hebb_calibration *result = calloc(1, sizeof *result);

	if (!result) {
		hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
		return NULL;
	}
	result->task = study->found_task;
	result->outputs = study->outputs;
	result->folds = study->folds;
	result->has_sums = has_sums;
	result->unit = calloc((size_t)result->outputs + 1, sizeof *result->unit);
	if (result->unit)
		return result;
	free(result);
	hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
	return NULL;
}

hebb_calibration *hebb_calibration_new(const hebb_study *study, hebb_error *error)
{
	if (study && study->found_task)
		return new_calibration(study,
				       study->temperature > 0 || (hb_effort_chooses(study) &&
								  hb_has_temperature(study)),
				       error);
	hebb_fail(error, HEBB_BAD_ARGUMENT,
		  "there is no complete study; hebb_study_default() completes it");
	return NULL;
}

static int is_of(const hebb_calibration *calibration, const hebb_coding *coding)
{
	return calibration->task == coding->task && calibration->outputs == coding->outputs;
}

static hebb_status fail_other(hebb_error *error)
{
	return hebb_fail(error, HEBB_BAD_SHAPE,
			 "the calibration is of a study with another task, other outputs or "
			 "another choice of a temperature");
}

hebb_status hebb_calibration_add(hebb_calibration *calibration, const hebb_trial *trial,
				 hebb_error *error)
{
	if (!calibration || !trial || !trial->test)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "there is no calibration, or no trial with test rows");
	if (!is_of(calibration, trial->coding))
		return fail_other(error);
	long long first = calibration->rows * calibration->outputs;
	hebb_status status = collect(calibration, trial->net, trial->coding, trial->test, error);
	double own = trial->tempered.rows > 0 ? trial->tempered.temperature : 1;

	/* the sums as they were before a temperature of this fold's own */
	for (long long k = first; k < calibration->rows * calibration->outputs && !status; k++)
		if (calibration->has_sums && own != 1)
			calibration->h[k] = (float)((double)calibration->h[k] * own);
	return status;
}

void hebb_calibration_free(hebb_calibration *calibration)
{
	if (!calibration)
		return;
	free(calibration->h);
	free(calibration->y);
	free(calibration->score);
	free(calibration->off);
	free(calibration->unit);
	free(calibration);
}

void hebb_trial_calibrate_with(hebb_trial *trial, const hebb_calibration *calibration)
{
	trial->inside->calibration = calibration;
}

static hb_logits sums_of(const hebb_calibration *from)
{
	return (hb_logits){.task = from->task,
			   .rows = from->rows,
			   .outputs = from->outputs,
			   .z = from->h,
			   .y = from->y};
}

/* The validation rows as the network has them now. */
static hebb_calibration *of_validation(const hebb_trial *trial, int has_sums, hebb_error *error)
{
	hebb_calibration *result = new_calibration(trial->study, has_sums, error);

	if (!result)
		return NULL;
	result->folds = trial->inside->part.parts;
	if (collect(result, trial->net, trial->coding, trial->validation, error) == HEBB_OK)
		return result;
	hebb_calibration_free(result);
	return NULL;
}

/* ---- Judging ---- */

int hb_has_temperature(const hebb_study *study)
{
	return (study->found_task == HEBB_CLASSIFICATION && study->output == HEBB_SOFTMAX) ||
	       (study->found_task == HEBB_LABELS && study->output == HEBB_SIGMOID);
}

hebb_status hb_calibration_of(const hebb_trial *trial, hebb_calibration **result, hebb_error *error)
{
	if (!trial->validation)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "there are no validation rows");
	*result = of_validation(trial, hb_has_temperature(trial->study), error);
	return *result ? HEBB_OK : HEBB_NO_MEMORY;
}

hebb_status hb_calibration_join(hebb_calibration **to, hebb_calibration **from, hebb_error *error)
{
	hebb_calibration *all = *to, *more = *from;

	if (!all) {
		*to = more;
		*from = NULL;
	}
	if (!all || !more)
		return HEBB_OK;
	size_t at = (size_t)all->rows * (size_t)all->outputs,
	       values = (size_t)more->rows * (size_t)more->outputs;
	if (!reserve(all, more->rows))
		return hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
	if (all->score) {
		memcpy(all->score + at, more->score, values * sizeof *all->score);
		memcpy(all->off + at, more->off, values * sizeof *all->off);
	} else {
		memcpy(all->h + at, more->h, values * sizeof *all->h);
		memcpy(all->y + at, more->y, values * sizeof *all->y);
	}
	all->rows += more->rows;
	return HEBB_OK;
}

/* Value k of a mean over `count` calibrations of the same rows. */
static void set_mean(hebb_calibration *to, int count, const hebb_calibration *const *of, size_t k)
{
	double sum = 0;

	for (int i = 0; i < count; i++)
		sum += of[0]->off ? of[i]->off[k] : (double)of[i]->h[k];
	if (!of[0]->off) {
		to->h[k] = (float)(sum / count);
		to->y[k] = of[0]->y[k];
		return;
	}
	double first = fabs(of[0]->off[k]);
	double added = isfinite(first) ? of[0]->score[k] - first : 0;
	to->off[k] = sum / count;
	to->score[k] = fabs(to->off[k]) + added;
}

/* 0: no memory. */
static int copy_units(hebb_calibration *to, const hebb_calibration *from)
{
	size_t size = (size_t)from->outputs * sizeof *from->unit;

	to->unit = from->unit ? malloc(size) : NULL;
	if (to->unit)
		memcpy(to->unit, from->unit, size);
	return to->unit || !from->unit;
}

hebb_calibration *hb_calibration_mean(int count, const hebb_calibration *const *of,
				      hebb_error *error)
{
	size_t values = (size_t)of[0]->rows * (size_t)of[0]->outputs;
	hebb_calibration *mean = calloc(1, sizeof *mean);

	if (mean) {
		*mean = *of[0];
		mean->h = mean->y = NULL;
		mean->score = mean->off = mean->unit = NULL;
		mean->rows = 0;
	}
	if (!mean || !reserve(mean, of[0]->rows) || !copy_units(mean, of[0])) {
		hebb_calibration_free(mean);
		hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
		return NULL;
	}
	mean->rows = of[0]->rows;
	for (size_t k = 0; k < values; k++)
		set_mean(mean, count, of, k);
	return mean;
}

long long hb_calibration_rows(const hebb_calibration *calibration)
{
	return calibration ? calibration->rows : 0;
}

/* Errors below such a part of a deviation are none: of a target that every network answers, as one
 * that never changes, they would count as much as the errors of the others. */
static const double NO_ERROR = 1e-4;

/* The logarithm of the rmse of target i over the rows that have it. */
static double log_rmse(const hebb_calibration *from, int i)
{
	double squares = 0;
	long long rows = 0;

	for (long long row = 0; row < from->rows; row++) {
		double score = from->score[row * from->outputs + i];

		if (isnan(score))
			continue;
		squares += score * score;
		rows++;
	}
	double least = fmax(NO_ERROR * from->unit[i], DBL_MIN);
	return rows > 0 ? log(fmax(sqrt(squares / (double)rows), least)) : 0;
}

/* The mean of (h - y)^2 over what is there. */
static double mean_square(const hebb_calibration *from)
{
	double squares = 0;
	long long count = 0;

	for (long long k = 0; k < from->rows * from->outputs; k++) {
		double off = (double)from->h[k] - (double)from->y[k];

		if (isnan(from->y[k]))
			continue;
		squares += off * off;
		count++;
	}
	return count > 0 ? squares / (double)count : 0;
}

double hb_calibration_loss(const hebb_calibration *from)
{
	double sum = 0;

	if (from->has_sums) {
		hb_logits sums = sums_of(from);
		return hb_temper(&sums).log_loss;
	}
	if (!from->score)
		return mean_square(from);
	for (int i = 0; i < from->outputs; i++)
		sum += log_rmse(from, i);
	return exp(sum / from->outputs);
}

/* ---- The temperature ---- */

static hebb_status temper(hebb_trial *trial, const hebb_calibration *from, hebb_error *error)
{
	hb_logits sums = sums_of(from);

	trial->tempered = hb_temper(&sums);
	return trial->tempered.temperature == 1
		       ? HEBB_OK
		       : divide_last(trial->net, trial->tempered.temperature, error);
}

/* ---- The scores ---- */

/* The outputs of a row, as the network with its temperature has them; `room` for its outputs. */
static const float *outputs_of(const hebb_calibration *from, double temperature, long long row,
			       float *room)
{
	const float *h = from->h + row * from->outputs;
	hb_logits sums = sums_of(from);

	if (!from->has_sums)
		return h;
	hb_temper_row(&sums, h, temperature, room);
	return room;
}

/* The classes between which part i of a row decides; `pair` has room for two. */
static const float *classes_of(const hebb_calibration *from, const float *h, int i, float *pair,
			       int *count)
{
	int labels = from->task == HEBB_LABELS;

	pair[0] = 1 - h[i];
	pair[1] = h[i];
	*count = labels ? 2 : from->outputs;
	return labels ? pair : h;
}

/* The score of part i of a row with outputs h; NaN: it lacks the target. Of a class that training
 * did not have it is infinite. */
static double class_score(const hebb_calibration *from, const float *h, long long row, int i)
{
	const float *y = from->y + row * from->outputs;
	float pair[2];
	int count;
	const float *p = classes_of(from, h, i, pair, &count);

	if (isnan(y[i]))
		return (double)NAN;
	int right = from->task == HEBB_LABELS ? y[i] > 0.5f : hb_class_of(y, count);
	return right < 0 ? (double)INFINITY : hebb_class_score_of(p[right]);
}

/* The mean size of the sets of the rows; `chosen` and `room` have room for the outputs, or two. */
static double mean_set(const hebb_calibration *from, double temperature, int part, float threshold,
		       unsigned char *chosen, float *room)
{
	long long sizes = 0, rows = 0;
	float pair[2];
	int count;

	for (long long row = 0; row < from->rows; row++) {
		if (isnan(from->y[row * from->outputs + part]))
			continue;
		const float *h = outputs_of(from, temperature, row, room);
		const float *p = classes_of(from, h, part, pair, &count);

		sizes += hebb_class_set(count, p, threshold, chosen);
		rows++;
	}
	return (double)sizes / (double)rows;
}

static void set_means(const hebb_trial *trial, const hebb_calibration *from, unsigned char *chosen,
		      float *room)
{
	hebb_conformal *conformal = trial->conformal;

	for (int i = 0; i < conformal->count && from->task != HEBB_REGRESSION; i++) {
		float threshold = hebb_conformal_threshold(conformal, i, HEBB_CONFORMAL_LEVEL);

		if (!isnan(threshold))
			conformal->part[i].mean_set = mean_set(from, trial->tempered.temperature, i,
							       threshold, chosen, room);
	}
}

/* Sets the scores of one part; `score` has room for all rows, `room` for the outputs of one. */
static hebb_status set_part(hebb_trial *trial, const hebb_calibration *from, int part,
			    double *score, float *room, hebb_error *error)
{
	for (long long row = 0; row < from->rows; row++)
		score[row] = from->score ? from->score[row * from->outputs + part]
					 : class_score(from,
						       outputs_of(from, trial->tempered.temperature,
								  row, room),
						       row, part);
	return hebb_conformal_set(trial->conformal, part, from->rows, score, error);
}

static hebb_status conform(hebb_trial *trial, const hebb_calibration *from, hebb_error *error)
{
	int parts = from->task == HEBB_CLASSIFICATION ? 1 : from->outputs;
	size_t most = (size_t)from->outputs + 2;
	double *score = malloc(sizeof *score * (size_t)from->rows + 1);
	float *room = malloc(sizeof *room * most);
	unsigned char *chosen = malloc(most);
	hebb_status status = HEBB_OK;

	hebb_conformal_free(trial->conformal);
	trial->conformal = hebb_conformal_new(from->folds, parts, error);
	if (!score || !room || !chosen || !trial->conformal)
		status = hebb_fail(error, HEBB_NO_MEMORY, "no memory for the scores of %lld rows",
				   from->rows);
	for (int i = 0; i < parts && !status; i++)
		status = set_part(trial, from, i, score, room, error);
	if (!status)
		set_means(trial, from, chosen, room);
	free(chosen);
	free(room);
	free(score);
	return status;
}

/* ---- The whole ---- */

/* Applies one of the two to the calibration rows. */
static hebb_status apply(hebb_trial *trial, int has_sums,
			 hebb_status (*what)(hebb_trial *trial, const hebb_calibration *from,
					     hebb_error *error),
			 hebb_error *error)
{
	const hebb_calibration *given = trial->inside->calibration;
	hebb_calibration *own = given ? NULL : of_validation(trial, has_sums, error);

	if (!given && !own)
		return HEBB_NO_MEMORY;
	hebb_status status = what(trial, given ? given : own, error);
	hebb_calibration_free(own);
	return status;
}

hebb_status hb_trial_calibrate(hebb_trial *trial, hebb_error *error)
{
	const hebb_study *study = trial->study;
	const hebb_calibration *given = trial->inside->calibration;
	int has_rows = given ? given->rows > 0 : trial->validation && !study->folds;
	hebb_status status = HEBB_OK;

	trial->tempered = (hebb_tempered){.temperature = 1};
	if ((trial->fold >= 0 && !given) || !has_rows)
		return HEBB_OK;
	if (given && (!is_of(given, trial->coding) || (study->temperature > 0 && !given->has_sums)))
		return fail_other(error);
	if (study->temperature > 0)
		status = apply(trial, 1, temper, error);
	if (!status && study->conformal > 0)
		status = apply(trial, 0, conform, error);
	return status;
}
