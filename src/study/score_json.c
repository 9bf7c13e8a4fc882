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

static void target_json(const hebb_target_score *from, json_t *object)
{
	json_object_set_new(object, "rmse", hb_number_json(from->rmse));
	json_object_set_new(object, "mae", hb_number_json(from->mae));
	json_object_set_new(object, "r2", hb_number_json(from->r2));
}

static json_t *interval_json(double low, double high)
{
	json_t *list = json_array();

	json_array_append_new(list, hb_number_json(low));
	json_array_append_new(list, hb_number_json(high));
	return list;
}

static void classes_json(const hebb_score *from, json_t *object)
{
	const hebb_class_metrics *detail = &from->detail;

	json_object_set_new(object, "accuracy", hb_number_json(from->accuracy));
	json_object_set_new(object, "loss", hb_number_json(from->loss));
	if (!from->each)
		return;
	json_object_set_new(object, "accuracy_ci",
			    interval_json(from->accuracy_low, from->accuracy_high));
	json_object_set_new(object, "balanced_accuracy", hb_number_json(detail->balanced_accuracy));
	json_object_set_new(object, "macro_precision", hb_number_json(detail->precision));
	json_object_set_new(object, "macro_recall", hb_number_json(detail->recall));
	json_object_set_new(object, "macro_f1", hb_number_json(detail->f1));
	json_object_set_new(object, "roc_auc", hb_number_json(detail->roc_auc));
	json_object_set_new(object, "log_loss", hb_number_json(detail->log_loss));
	json_object_set_new(object, "ece", hb_number_json(detail->ece));
}

static json_t *label_json(const hebb_label_score *from, const char *name)
{
	json_t *object = json_object();

	json_object_set_new(object, "name", hb_text_json(name));
	json_object_set_new(object, "rows", json_integer(from->rows));
	json_object_set_new(object, "positives", json_integer(from->positives));
	json_object_set_new(object, "accuracy", hb_number_json(from->accuracy));
	json_object_set_new(object, "precision", hb_number_json(from->precision));
	json_object_set_new(object, "recall", hb_number_json(from->recall));
	json_object_set_new(object, "f1", hb_number_json(from->f1));
	json_object_set_new(object, "roc_auc", hb_number_json(from->roc_auc));
	json_object_set_new(object, "log_loss", hb_number_json(from->log_loss));
	return object;
}

static void labels_json(const hebb_score *from, const hebb_coding *coding, json_t *object)
{
	json_t *labels = json_array();

	json_object_set_new(object, "accuracy", hb_number_json(from->accuracy));
	json_object_set_new(object, "accuracy_ci",
			    interval_json(from->accuracy_low, from->accuracy_high));
	json_object_set_new(object, "macro_precision", hb_number_json(from->detail.precision));
	json_object_set_new(object, "macro_recall", hb_number_json(from->detail.recall));
	json_object_set_new(object, "macro_f1", hb_number_json(from->detail.f1));
	json_object_set_new(object, "roc_auc", hb_number_json(from->detail.roc_auc));
	json_object_set_new(object, "log_loss", hb_number_json(from->detail.log_loss));
	json_object_set_new(object, "loss", hb_number_json(from->loss));
	for (int i = 0; i < from->labels; i++)
		json_array_append_new(labels, label_json(&from->label[i], coding->targets[i].name));
	json_object_set_new(object, "labels", labels);
}

void hb_score_json(const hebb_score *from, const hebb_coding *coding, json_t *object)
{
	if (from->without.count > 0)
		json_object_set_new(object, "rows_without_answer",
				    json_integer(from->without.count));
	if (from->labels > 0) {
		labels_json(from, coding, object);
		return;
	}
	if (from->targets == 0) {
		classes_json(from, object);
		return;
	}
	target_json(&from->mean, object);
	json_object_set_new(object, "loss", hb_number_json(from->loss));
	if (from->targets == 1)
		return;
	json_t *targets = json_array();
	for (int i = 0; i < from->targets; i++) {
		json_t *one = json_object();
		json_object_set_new(one, "name", hb_text_json(coding->targets[i].name));
		target_json(&from->target[i], one);
		json_array_append_new(targets, one);
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
static int is_kept(const hebb_curve *from, int i, int step, int best)
{
	return step == 1 || i == 0 || i == from->count - 1 || i + 1 == best || (i + 1) % step == 0;
}

static json_t *losses_json(const hebb_curve *from, const double *loss, int step, int best)
{
	json_t *list = json_array();
	char text[32];

	for (int i = 0; i < from->count; i++) {
		if (!is_kept(from, i, step, best))
			continue;
		snprintf(text, sizeof text, "%.6g", loss[i]);
		json_array_append_new(list, hb_number_json(strtod(text, NULL)));
	}
	return list;
}

static json_t *epochs_json(const hebb_curve *from, int step, int best)
{
	json_t *list = json_array();

	for (int i = 0; i < from->count; i++)
		if (is_kept(from, i, step, best))
			json_array_append_new(list, json_integer(i + 1));
	return list;
}

/* The step is a power of two, so that a thinned curve which is thinned again keeps what a longer
 * one would. */
json_t *hb_curve_json(const hebb_curve *from, int most, int best)
{
	json_t *object = json_object();
	int step = 1;

	while (most > 0 && from->count / step > most)
		step *= 2;
	if (step > 1)
		json_object_set_new(object, "epoch", epochs_json(from, step, best));
	json_object_set_new(object, "loss", losses_json(from, from->loss, step, best));
	if (from->count > 0 && !isnan(from->validation[0]))
		json_object_set_new(object, "validation_loss",
				    losses_json(from, from->validation, step, best));
	return object;
}

char *hebb_curve_json(const hebb_curve *curve, int most, int best)
{
	return hb_json_line(hb_curve_json(curve, most, best), 15);
}

int hebb_curve_add(hebb_curve *to, double loss, double validation)
{
	if (to->count == to->room) {
		int room = 2 * to->room + 100;
		double *first = realloc(to->loss, (size_t)room * sizeof *first);
		double *second = NULL;

		if (first) {
			to->loss = first;
			second = realloc(to->validation, (size_t)room * sizeof *second);
		}
		if (!second)
			return 0;
		to->validation = second;
		to->room = room;
	}
	to->loss[to->count] = loss;
	to->validation[to->count++] = validation;
	return 1;
}

void hebb_curve_free(hebb_curve *curve)
{
	free(curve->loss);
	free(curve->validation);
	*curve = (hebb_curve){.count = 0};
}
