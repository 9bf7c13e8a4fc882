/* SPDX-License-Identifier: MIT */
/*
 * spread.c - the scores of several runs: mean, interval, sd and range
 */
#include "spread.h"

#include <math.h>

#include "json.h"
#include "terminal.h"

static double pick_accuracy(const hebb_score *score)
{
	return score->accuracy;
}

static double pick_balanced(const hebb_score *score)
{
	return score->detail.balanced_accuracy;
}

static double pick_f1(const hebb_score *score)
{
	return score->detail.f1;
}

static double pick_auc(const hebb_score *score)
{
	return score->detail.roc_auc;
}

static double pick_log_loss(const hebb_score *score)
{
	return score->detail.log_loss;
}

static double pick_ece(const hebb_score *score)
{
	return score->detail.ece;
}

static double pick_loss(const hebb_score *score)
{
	return score->loss;
}

static double pick_rmse(const hebb_score *score)
{
	return score->mean.rmse;
}

static double pick_mae(const hebb_score *score)
{
	return score->mean.mae;
}

static double pick_r2(const hebb_score *score)
{
	return score->mean.r2;
}

/* The figures of a score that are summed up over runs. */
static const struct figure {
	hebb_task task;         /* the task that has this figure */
	const char *key, *name; /* in JSON and for people */
	int percent;
	double (*pick)(const hebb_score *from);
	double least, most; /* what it can be */
} figures[] = {
	{HEBB_CLASSIFICATION, "accuracy", "accuracy", 1, pick_accuracy, 0, 1},
	{HEBB_CLASSIFICATION, "balanced_accuracy", "balanced", 1, pick_balanced, 0, 1},
	{HEBB_CLASSIFICATION, "macro_f1", "macro F1", 0, pick_f1, 0, 1},
	{HEBB_CLASSIFICATION, "roc_auc", "ROC AUC", 0, pick_auc, 0, 1},
	{HEBB_CLASSIFICATION, "log_loss", "log loss", 0, pick_log_loss, 0, INFINITY},
	{HEBB_CLASSIFICATION, "ece", "ECE", 0, pick_ece, 0, 1},
	{HEBB_LABELS, "accuracy", "all right", 1, pick_accuracy, 0, 1},
	{HEBB_LABELS, "macro_f1", "macro F1", 0, pick_f1, 0, 1},
	{HEBB_LABELS, "roc_auc", "ROC AUC", 0, pick_auc, 0, 1},
	{HEBB_LABELS, "log_loss", "log loss", 0, pick_log_loss, 0, INFINITY},
	{HEBB_LABELS, "loss", "loss", 0, pick_loss, 0, INFINITY},
	{HEBB_REGRESSION, "rmse", "rmse", 0, pick_rmse, 0, INFINITY},
	{HEBB_REGRESSION, "mae", "mae", 0, pick_mae, 0, INFINITY},
	{HEBB_REGRESSION, "r2", "r2", 0, pick_r2, -INFINITY, 1},
	{HEBB_CLASSIFICATION, "loss", "loss", 0, pick_loss, 0, INFINITY},
	{HEBB_REGRESSION, "loss", "loss", 0, pick_loss, 0, INFINITY},
};

enum { FIGURES = sizeof figures / sizeof *figures };

/* A figure of the test scores of `runs` results.  Only the loss of poisson may be below 0. */
static hebb_spread spread_of(const struct figure *of, const hebb_result *result, int runs)
{
	const hebb_result all = {.run = (hebb_result *)result, .runs = runs};
	int is_poisson = of->pick == pick_loss && result->test.loss_function == HEBB_POISSON;

	return hebb_spread_within(hebb_result_spread(&all, of->pick),
				  is_poisson ? -INFINITY : of->least, of->most);
}

static void set_named(json_t *object, const char *name, const char *ending, json_t *value)
{
	char key[40];

	snprintf(key, sizeof key, "%s_%s", name, ending);
	json_object_set_new(object, key, value);
}

void spread_json(const hebb_result *result, int runs, json_t *test)
{
	for (int i = 0; i < FIGURES; i++) {
		if (figures[i].task != result->test.task)
			continue;
		hebb_spread all = spread_of(&figures[i], result, runs);
		set_named(test, figures[i].key, "mean", number_json(all.mean));
		set_named(test, figures[i].key, "mean_ci", interval_json(all.low, all.high));
		set_named(test, figures[i].key, "sd", number_json(all.sd));
		set_named(test, figures[i].key, "min", number_json(all.least));
		set_named(test, figures[i].key, "max", number_json(all.most));
	}
}

/* Percentages with two decimals, numbers below 10 with four, so that a line has equal decimals. */
static hebb_number figure_text(const struct figure *picture, double value)
{
	hebb_number number = hebb_show_number(value, 4);

	if (picture->percent || fabs(value) < 10)
		snprintf(number.text, sizeof number.text, picture->percent ? "%.2f" : "%.4f",
			 picture->percent ? 100 * value : value);
	return number;
}

void print_spread(FILE *out, const hebb_result *result, int runs, const char *what)
{
	for (int i = 0; i < FIGURES; i++) {
		if (figures[i].task != result->test.task)
			continue;
		hebb_spread all = spread_of(&figures[i], result, runs);
		const struct figure *one = &figures[i];
		const char *sign = one->percent ? " %" : "";
		if (isnan(all.mean))
			continue;
		if (runs < 2) {
			fprintf(out, "  %-9s %s%s\n", one->name, figure_text(one, all.mean).text,
				sign);
			continue;
		}
		fprintf(out, "  %-9s %smean %s%s%s (%s to %s), sd %s, min %s, max %s\n", one->name,
			bold(out), figure_text(one, all.mean).text, sign, plain(out),
			figure_text(one, all.low).text, figure_text(one, all.high).text,
			figure_text(one, all.sd).text, figure_text(one, all.least).text,
			figure_text(one, all.most).text);
	}
	if (runs > 1)
		fprintf(out,
			"  %sin brackets the 95 %% interval of the mean of %d %s (Student's t)%s\n",
			dim(out), runs, what, plain(out));
}
