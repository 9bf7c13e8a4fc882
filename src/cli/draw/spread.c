/* SPDX-License-Identifier: MIT */
/*
 * spread.c - what several runs came to: mean, interval, sd and range of each figure
 */
#include "spread.h"

#include <math.h>

#include "json.h"
#include "terminal.h"

static double pick_accuracy(const hebb_score *from)
{
	return from->accuracy;
}

static double pick_balanced(const hebb_score *from)
{
	return from->detail.balanced_accuracy;
}

static double pick_f1(const hebb_score *from)
{
	return from->detail.f1;
}

static double pick_auc(const hebb_score *from)
{
	return from->detail.roc_auc;
}

static double pick_log_loss(const hebb_score *from)
{
	return from->detail.log_loss;
}

static double pick_ece(const hebb_score *from)
{
	return from->detail.ece;
}

static double pick_loss(const hebb_score *from)
{
	return from->loss;
}

static double pick_rmse(const hebb_score *from)
{
	return from->mean.rmse;
}

static double pick_mae(const hebb_score *from)
{
	return from->mean.mae;
}

static double pick_r2(const hebb_score *from)
{
	return from->mean.r2;
}

/* The figures of a score that are summed up over runs. */
static const struct figure {
	hebb_task task;         /* that has it */
	const char *key, *name; /* in JSON and for people */
	int percent;
	double (*pick)(const hebb_score *from);
} figures[] = {
	{HEBB_CLASSIFICATION, "accuracy", "accuracy", 1, pick_accuracy},
	{HEBB_CLASSIFICATION, "balanced_accuracy", "balanced", 1, pick_balanced},
	{HEBB_CLASSIFICATION, "macro_f1", "macro F1", 0, pick_f1},
	{HEBB_CLASSIFICATION, "roc_auc", "ROC AUC", 0, pick_auc},
	{HEBB_CLASSIFICATION, "log_loss", "log loss", 0, pick_log_loss},
	{HEBB_CLASSIFICATION, "ece", "ECE", 0, pick_ece},
	{HEBB_REGRESSION, "rmse", "rmse", 0, pick_rmse},
	{HEBB_REGRESSION, "mae", "mae", 0, pick_mae},
	{HEBB_REGRESSION, "r2", "r2", 0, pick_r2},
	{HEBB_CLASSIFICATION, "loss", "loss", 0, pick_loss},
	{HEBB_REGRESSION, "loss", "loss", 0, pick_loss},
};

enum { FIGURES = sizeof figures / sizeof *figures };

double (*figure_of(metric which))(const hebb_score *from)
{
	switch (which) {
	case METRIC_ACCURACY:
		return pick_accuracy;
	case METRIC_BALANCED_ACCURACY:
		return pick_balanced;
	case METRIC_LOG_LOSS:
		return pick_log_loss;
	case METRIC_RMSE:
		return pick_rmse;
	case METRIC_LOSS:
		break;
	}
	return pick_loss;
}

int is_less_better(metric which)
{
	return which != METRIC_ACCURACY && which != METRIC_BALANCED_ACCURACY;
}

hebb_spread spread_of(const hebb_result *result, int runs, double (*pick)(const hebb_score *from))
{
	const hebb_result all = {.run = (hebb_result *)result, .runs = runs};

	return hebb_result_spread(&all, pick);
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
		hebb_spread all = spread_of(result, runs, figures[i].pick);
		set_named(test, figures[i].key, "mean", number_json(all.mean));
		set_named(test, figures[i].key, "mean_ci", interval_json(all.low, all.high));
		set_named(test, figures[i].key, "sd", number_json(all.sd));
		set_named(test, figures[i].key, "min", number_json(all.least));
		set_named(test, figures[i].key, "max", number_json(all.most));
	}
}

void print_spread(FILE *out, const hebb_result *result, int runs, const char *what)
{
	for (int i = 0; i < FIGURES; i++) {
		if (figures[i].task != result->test.task)
			continue;
		hebb_spread all = spread_of(result, runs, figures[i].pick);
		int digits = figures[i].percent ? 2 : 4;
		double unit = figures[i].percent ? 100 : 1;
		if (isnan(all.mean))
			continue;
		if (runs < 2) {
			fprintf(out, "  %-9s %.*f%s\n", figures[i].name, digits, unit * all.mean,
				figures[i].percent ? " %" : "");
			continue;
		}
		fprintf(out, "  %-9s %smean %.*f%s%s (%.*f to %.*f), sd %.*f, min %.*f, max %.*f\n",
			figures[i].name, bold(out), digits, unit * all.mean,
			figures[i].percent ? " %" : "", plain(out), digits, unit * all.low, digits,
			unit * all.high, digits, unit * all.sd, digits, unit * all.least, digits,
			unit * all.most);
	}
	if (runs > 1)
		fprintf(out,
			"  %sin brackets the 95 %% interval of the mean of %d %s (Student's t)%s\n",
			dim(out), runs, what, plain(out));
}
