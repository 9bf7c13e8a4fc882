/* SPDX-License-Identifier: MIT */
/*
 * score_json.c - scores and losses as JSON
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "json.h"
#include "study.h"

/* ---- Scores ---- */

static void target_json(const hebb_target_score *score, json_t *object)
{
	json_object_set_new(object, "rmse", hb_number_json(score->rmse));
	json_object_set_new(object, "mae", hb_number_json(score->mae));
	json_object_set_new(object, "r2", hb_number_json(score->r2));
}

static json_t *interval_json(double low, double high)
{
	json_t *list = json_array();

	json_array_append_new(list, hb_number_json(low));
	json_array_append_new(list, hb_number_json(high));
	return list;
}

static void classes_json(const hebb_score *score, json_t *object)
{
	const hebb_class_metrics *detail = &score->detail;

	json_object_set_new(object, "accuracy", hb_number_json(score->accuracy));
	json_object_set_new(object, "loss", hb_number_json(score->loss));
	if (!score->each)
		return;
	json_object_set_new(object, "accuracy_ci",
			    interval_json(score->accuracy_low, score->accuracy_high));
	json_object_set_new(object, "balanced_accuracy", hb_number_json(detail->balanced_accuracy));
	json_object_set_new(object, "macro_precision", hb_number_json(detail->precision));
	json_object_set_new(object, "macro_recall", hb_number_json(detail->recall));
	json_object_set_new(object, "macro_f1", hb_number_json(detail->f1));
	json_object_set_new(object, "roc_auc", hb_number_json(detail->roc_auc));
	json_object_set_new(object, "log_loss", hb_number_json(detail->log_loss));
	json_object_set_new(object, "ece", hb_number_json(detail->ece));
}

static json_t *label_json(const hebb_label_score *score, const char *name)
{
	json_t *object = json_object();

	json_object_set_new(object, "name", hb_text_json(name));
	json_object_set_new(object, "rows", json_integer(score->rows));
	json_object_set_new(object, "positives", json_integer(score->positives));
	json_object_set_new(object, "accuracy", hb_number_json(score->accuracy));
	json_object_set_new(object, "precision", hb_number_json(score->precision));
	json_object_set_new(object, "recall", hb_number_json(score->recall));
	json_object_set_new(object, "f1", hb_number_json(score->f1));
	json_object_set_new(object, "roc_auc", hb_number_json(score->roc_auc));
	json_object_set_new(object, "log_loss", hb_number_json(score->log_loss));
	return object;
}

static void labels_json(const hebb_score *score, const hebb_coding *coding, json_t *object)
{
	json_t *labels = json_array();

	json_object_set_new(object, "accuracy", hb_number_json(score->accuracy));
	json_object_set_new(object, "accuracy_ci",
			    interval_json(score->accuracy_low, score->accuracy_high));
	json_object_set_new(object, "macro_precision", hb_number_json(score->detail.precision));
	json_object_set_new(object, "macro_recall", hb_number_json(score->detail.recall));
	json_object_set_new(object, "macro_f1", hb_number_json(score->detail.f1));
	json_object_set_new(object, "roc_auc", hb_number_json(score->detail.roc_auc));
	json_object_set_new(object, "log_loss", hb_number_json(score->detail.log_loss));
	json_object_set_new(object, "loss", hb_number_json(score->loss));
	for (int i = 0; i < score->labels; i++)
		json_array_append_new(labels,
				      label_json(&score->label[i], coding->targets[i].name));
	json_object_set_new(object, "labels", labels);
}

void hb_score_json(const hebb_score *score, const hebb_coding *coding, json_t *object)
{
	if (score->without.count > 0)
		json_object_set_new(object, "rows_without_answer",
				    json_integer(score->without.count));
	if (score->labels > 0) {
		labels_json(score, coding, object);
		return;
	}
	if (score->targets == 0) {
		classes_json(score, object);
		return;
	}
	target_json(&score->mean, object);
	json_object_set_new(object, "loss", hb_number_json(score->loss));
	if (score->targets == 1)
		return;
	json_t *targets = json_array();
	for (int i = 0; i < score->targets; i++) {
		json_t *target = json_object();
		json_object_set_new(target, "name", hb_text_json(coding->targets[i].name));
		target_json(&score->target[i], target);
		json_array_append_new(targets, target);
	}
	json_object_set_new(object, "targets", targets);
}

char *hebb_score_json(const hebb_score *score, const hebb_coding *coding)
{
	json_t *object = json_object();

	hb_score_json(score, coding, object);
	return hb_json_line(object, 15);
}

/* ---- Losses ---- */

/* Whether epoch i, from 0, is kept: the first, the last, the best, and the multiples of a step. */
static int is_kept(const hebb_curve *curve, int i, int step, int best)
{
	return step == 1 || i == 0 || i == curve->count - 1 || i + 1 == best || (i + 1) % step == 0;
}

static json_t *losses_json(const hebb_curve *curve, const double *loss, int step, int best)
{
	json_t *list = json_array();
	char text[32];

	for (int i = 0; i < curve->count; i++) {
		if (!is_kept(curve, i, step, best))
			continue;
		snprintf(text, sizeof text, "%.6g", loss[i]);
		json_array_append_new(list, hb_number_json(strtod(text, NULL)));
	}
	return list;
}

static json_t *epochs_json(const hebb_curve *curve, int step, int best)
{
	json_t *list = json_array();

	for (int i = 0; i < curve->count; i++)
		if (is_kept(curve, i, step, best))
			json_array_append_new(list, json_integer(i + 1));
	return list;
}

/* The step is a power of two. So thinning a thinned curve again keeps the same epochs as thinning
 * the whole curve. */
json_t *hb_curve_json(const hebb_curve *curve, int most, int best)
{
	json_t *object = json_object();
	int step = 1;

	while (most > 0 && curve->count / step > most)
		step *= 2;
	if (step > 1)
		json_object_set_new(object, "epoch", epochs_json(curve, step, best));
	json_object_set_new(object, "loss", losses_json(curve, curve->loss, step, best));
	if (curve->count > 0 && !isnan(curve->validation[0]))
		json_object_set_new(object, "validation_loss",
				    losses_json(curve, curve->validation, step, best));
	return object;
}

char *hebb_curve_json(const hebb_curve *curve, int most, int best)
{
	return hb_json_line(hb_curve_json(curve, most, best), 15);
}

int hebb_curve_add(hebb_curve *curve, double loss, double validation)
{
	if (curve->count == curve->room) {
		int room = 2 * curve->room + 100;
		double *first = realloc(curve->loss, (size_t)room * sizeof *first);
		double *second = NULL;

		if (first) {
			curve->loss = first;
			second = realloc(curve->validation, (size_t)room * sizeof *second);
		}
		if (!second)
			return 0;
		curve->validation = second;
		curve->room = room;
	}
	curve->loss[curve->count] = loss;
	curve->validation[curve->count++] = validation;
	return 1;
}

void hebb_curve_free(hebb_curve *curve)
{
	free(curve->loss);
	free(curve->validation);
	*curve = (hebb_curve){.count = 0};
}
