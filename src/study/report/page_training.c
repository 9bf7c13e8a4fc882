/* SPDX-License-Identifier: MIT */
/*
 * page_training.c - how it learned: the losses and the rate by epoch, the scores of several
 * trainings, and the recipes that an effort tried
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "hebb_advanced.h"
#include "report.h"

enum { RUNS_MOST = 100, DOTS_MOST = 1000 };

/* ---- Losses ---- */

static int has_validation(const hebb_curve *curve)
{
	return curve->count > 0 && !isnan(curve->validation[curve->count - 1]);
}

static void put_losses(hb_page *page, const hebb_result *result, const double *epoch)
{
	const hebb_curve *curve = &result->curve;
	hb_chart chart = {.page = page, .right = 76};
	char title[200], best[60];

	chart.x = hb_axis_of("epoch", curve->count, epoch);
	chart.x.count = 1;
	chart.y = hb_axis_of("loss", curve->count, curve->loss);
	if (has_validation(curve))
		hb_axis_extend(&chart.y, curve->count, curve->validation);
	chart.y.log = chart.y.from > 0 && chart.y.to > 10 * chart.y.from;
	chart.y.from = chart.y.log ? 0.9 * chart.y.from : fmin(chart.y.from, 0);
	chart.y.to *= chart.y.log ? 1.1 : 1;
	snprintf(title, sizeof title, "Loss by epoch: the training rows end at %s%s%s",
		 hebb_show_number(curve->loss[curve->count - 1], 4).text,
		 has_validation(curve) ? ", the validation rows at " : "",
		 has_validation(curve)
			 ? hebb_show_number(curve->validation[curve->count - 1], 4).text
			 : "");
	hb_panel_begin(page, "Loss");
	hb_chart_begin(&chart, title);
	if (has_validation(curve) && result->best_epoch > 0) {
		snprintf(best, sizeof best, "best epoch %d", result->best_epoch);
		hb_chart_mark(&chart, result->best_epoch, best);
	}
	hb_chart_curve(&chart, HB_BLUE, 0, "training", curve->count, epoch, curve->loss);
	if (has_validation(curve))
		hb_chart_curve(&chart, HB_ORANGE, 0, "validation", curve->count, epoch,
			       curve->validation);
	hb_chart_end(&chart);
	hb_put(page,
	       "<p class=\"soft\">%s. Training: each row before its update, with dropout and the "
	       "like; so it may lie above the validation.</p>\n",
	       chart.y.log ? "The axis is logarithmic" : "Lower is better");
	hb_panel_end(page);
}

/* ---- Rate ---- */

/* The factor of HEBB_PLATEAU after an epoch, from the losses so far. */
typedef struct plateau {
	double factor, least;
	int waited;
} plateau;

static void judge(const hebb_recipe *recipe, double loss, plateau *state)
{
	state->waited++;
	if (loss < state->least) {
		state->least = loss;
		state->waited = 0;
	}
	if (recipe->schedule == HEBB_PLATEAU && state->waited >= recipe->plateau) {
		state->factor *= recipe->decay;
		state->waited = 0;
	}
}

static void put_rates(hb_page *page, const hebb_trial *trial, const hebb_curve *curve,
		      const double *epoch)
{
	hebb_recipe recipe = hebb_study_recipe(trial->study, trial->seed);
	double *rate = malloc(sizeof *rate * (size_t)curve->count);
	long long batch = recipe.batch > 0 ? recipe.batch : trial->train->rows;
	double updates =
		ceil((double)trial->train->rows / (double)batch / fmax(recipe.accumulate, 1));
	plateau state = {.factor = 1, .least = INFINITY};
	hb_chart chart = {.page = page};
	int judged = has_validation(curve);

	page->failed |= !rate;
	for (int i = 0; i < curve->count && rate; i++) {
		rate[i] = state.factor *
			  hebb_recipe_rate(&recipe, (i + 0.5) * updates, updates * recipe.epochs);
		judge(&recipe, judged ? curve->validation[i] : curve->loss[i], &state);
	}
	if (rate) {
		chart.x = hb_axis_of("epoch", curve->count, epoch);
		chart.x.count = 1;
		chart.y = hb_axis_of("learning rate", curve->count, rate);
		chart.y.from = 0;
		hb_panel_begin(page, "Learning rate");
		hb_chart_begin(&chart, "Learning rate in the middle of each epoch");
		hb_chart_curve(&chart, HB_GREEN, 0, NULL, curve->count, epoch, rate);
		hb_chart_end(&chart);
		hb_put(page, "<p class=\"soft\">Schedule %s, %s, highest rate %n</p>\n",
		       hebb_schedule_name(recipe.schedule), hebb_rule_name(recipe.rule),
		       recipe.rate);
		hb_panel_end(page);
	}
	free(rate);
}

static void put_curves(hb_page *page, const hb_view *view)
{
	const hebb_result *result = view->report->result;
	const hebb_trial *trial = view->report->trial;
	double *epoch = malloc(sizeof *epoch * (size_t)result->curve.count);

	page->failed |= !epoch;
	for (int i = 0; i < result->curve.count && epoch; i++)
		epoch[i] = i + 1;
	if (epoch) {
		put_losses(page, result, epoch);
		if (trial->study->optimizer != HEBB_LBFGS && trial->study->optimizer != HEBB_RPROP)
			put_rates(page, trial, &result->curve, epoch);
	}
	free(epoch);
}

static const char *ending_text(const hebb_result *result)
{
	switch (result->ending) {
	case HEBB_ENDED_EPOCHS:
		return "all epochs were made";
	case HEBB_ENDED_PATIENCE:
		return "the validation loss did not fall any more";
	case HEBB_ENDED_TIME:
		return "the time was over";
	case HEBB_ENDED_CONVERGED:
		return "no step lowers the cost any further";
	case HEBB_ENDED_STOPPED:
		return "it was stopped";
	default:
		return "the cost was not finite";
	}
}

static void put_facts(hb_page *page, const hebb_result *result)
{
	char time[64];

	snprintf(time, sizeof time, "%s s", hebb_show_number(result->seconds, 3).text);
	hb_put(page, "<dl>\n<dt>Rows to train on</dt><dd>%l</dd>\n", result->train_rows);
	if (result->validation_rows > 0)
		hb_put(page, "<dt>Rows to validate</dt><dd>%l</dd>\n", result->validation_rows);
	if (result->test_rows > 0)
		hb_put(page, "<dt>Rows to test</dt><dd>%l</dd>\n", result->test_rows);
	hb_put(page, "<dt>Parameters</dt><dd>%l</dd>\n<dt>Epochs</dt><dd>%d: %s</dd>\n",
	       result->parameters, result->epochs, ending_text(result));
	hb_put(page, "<dt>Training loop</dt><dd>%s</dd>\n", time);
	if (result->tempered.rows > 0)
		hb_put(page, "<dt>Temperature</dt><dd>%n, from %l rows</dd>\n",
		       result->tempered.temperature, result->tempered.rows);
	hb_put(page, "</dl>\n");
}

/* ---- Several trainings ---- */

static double score_of(const hebb_score *score)
{
	return score->targets > 0 ? score->mean.rmse : score->accuracy;
}

static void put_runs_chart(hb_page *page, const hebb_report *report, int folds)
{
	int n = report->runs < DOTS_MOST ? report->runs : DOTS_MOST,
	    numbers = report->run[0].test.targets > 0;
	double *x = malloc(sizeof *x * 2 * (size_t)n), *y = x ? x + n : NULL;
	hb_chart chart = {.page = page, .small = 1};

	page->failed |= !x;
	if (!x)
		return;
	for (int i = 0; i < n; i++) {
		x[i] = i + 1;
		y[i] = score_of(&report->run[i].test);
	}
	chart.x = hb_axis_of(folds ? "fold" : "training", n, x);
	chart.x.count = 1;
	chart.x.from -= 0.5;
	chart.x.to += 0.5;
	chart.y = hb_axis_of(numbers ? "rmse" : "accuracy", n, y);
	chart.y.percent = numbers ? NULL : "%";
	hb_axis_pad(&chart.y);
	hb_chart_begin(&chart, folds ? "Score of each fold" : "Score of each training");
	hb_chart_dots(&chart, HB_BLUE, "", n, x, y);
	hb_chart_end(&chart);
	free(x);
}

static void put_runs(hb_page *page, const hb_view *view)
{
	const hebb_report *report = view->report;
	int folds = report->trial && report->trial->study->folds;
	int shown = report->runs < RUNS_MOST ? report->runs : RUNS_MOST;
	int numbers = report->run[0].test.targets > 0;
	char text[32];

	hb_panel_begin(page, folds ? "The folds" : "The trainings");
	put_runs_chart(page, report, folds);
	hb_table_begin(page, "Scores of the trainings",
		       numbers ? "Run|RMSE|MAE|R²|Epochs|Test rows|Seed"
			       : "Run|Accuracy|Loss|Epochs|Test rows|Seed");
	for (int i = 0; i < shown; i++) {
		const hebb_result *run = &report->run[i];
		char seed[32];

		snprintf(seed, sizeof seed, "%llu", (unsigned long long)run->seed);
		hb_put(page, "<tr><td>%d</td>", i + 1);
		if (numbers)
			hb_put(page, "<td>%n</td><td>%n</td><td>%n</td>", run->test.mean.rmse,
			       run->test.mean.mae, run->test.mean.r2);
		else
			hb_put(page, "<td>%s</td><td>%n</td>", hb_percent(run->test.accuracy, text),
			       run->test.loss);
		hb_put(page, "<td>%d</td><td>%l</td><td>%s</td></tr>\n", run->epochs,
		       run->test.rows, seed);
	}
	hb_table_end(page);
	if (shown < report->runs)
		hb_put(page, "<p class=\"soft\">The first %d of %d.</p>\n", shown, report->runs);
	hb_panel_end(page);
}

/* ---- What an effort tried ---- */

static void put_choice(hb_page *page, const hebb_choice *choice)
{
	hb_panel_begin(page, "Recipes that were tried");
	hb_table_begin(page, "Recipes that were tried", "Score|Trainings|<Recipe");
	for (int i = 0; i < choice->count; i++)
		hb_put(page,
		       "<tr><td>%n</td><td>%d</td><th scope=\"row\" "
		       "class=\"long\">%w%s</th></tr>\n",
		       choice->tried[i].score, choice->tried[i].trainings, choice->tried[i].recipe,
		       i == choice->best ? " (taken)" : "");
	hb_table_end(page);
	hb_put(page,
	       "<p class=\"soft\">Score: %s on %l rows of the training part; lower is "
	       "better.</p>\n",
	       choice->metric, choice->rows);
	hb_panel_end(page);
}

void hb_put_training(hb_page *page, const hb_view *view)
{
	const hebb_report *report = view->report;
	const hebb_result *result = report->trial ? report->result : NULL;
	int runs = report->run && report->runs > 1 && report->run[0].test.rows > 0;

	if (!result && !runs)
		return;
	hb_section_begin(page, "training", "Training");
	if (result)
		put_facts(page, result);
	hb_panels_begin(page);
	if (result && result->curve.count > 0)
		put_curves(page, view);
	if (runs)
		put_runs(page, view);
	if (report->choice && report->choice->count > 1)
		put_choice(page, report->choice);
	hb_panels_end(page);
	hb_section_end(page);
}
