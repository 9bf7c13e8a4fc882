/* SPDX-License-Identifier: MIT */
/*
 * page_summary.c - the first screen: the score with its interval, what simple predictors reach, and
 * what to do next
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../metrics.h"
#include "report.h"

enum { ADVICE_MOST = 4 };

/* A sentence, or NULL: what the rows of the score are. */
static const char *rows_text(const hb_view *view, char text[160])
{
	const hebb_report *report = view->report;
	hebb_counted rows = hebb_show_count(view->score ? view->score->rows : 0, "row");

	if (view->score == &view->folds)
		snprintf(text, 160, "on %s, each held out of one of %d trainings", rows.text,
			 report->runs);
	else if (view->trained_on && report->model)
		snprintf(text, 160, "on %s; the model was trained on rows of them", rows.text);
	else if (view->trained_on)
		snprintf(text, 160, "on %s of training: none were held out, so it flatters",
			 rows.text);
	else if (report->model)
		snprintf(text, 160, "on %s", rows.text);
	else
		snprintf(text, 160, "on %s held out (%s)", rows.text, view->part);
	return text;
}

/* ---- The score ---- */

/* The interval of an rmse: of the mean of (h - y)^2 over the rows, if they are independent. */
static int rmse_interval(const hb_view *view, double *low, double *high)
{
	const hb_outputs *all = &view->outputs;
	double sum = 0, squared = 0, n = 0;

	for (long long i = 0; i < all->rows; i++) {
		double off = all->h[i * all->curves] - all->y[i * all->curves];

		if (isnan(off))
			continue;
		sum += off * off;
		squared += off * off * off * off;
		n++;
	}
	if (n < 2)
		return 0;
	double mean = sum / n, sd = sqrt(fmax(squared / n - mean * mean, 0) * n / (n - 1));
	double half = hb_student_t(n > 1e6 ? 1000000 : (int)n) * sd / sqrt(n);

	*low = sqrt(fmax(mean - half, 0));
	*high = sqrt(mean + half);
	return 1;
}

static void put_first_tile(hb_page *page, const char *name, const char *number, const char *range,
			   const char *rows)
{
	hb_put(page, "<div class=\"tile first\"><span class=\"name\">%w</span> <b>%w</b>", name,
	       number);
	if (*range)
		hb_put(page, " <span class=\"remark\">95 %% interval %w</span>", range);
	hb_put(page, " <span class=\"remark\">%w</span></div>\n", rows);
}

static double pick_accuracy(const hebb_score *score)
{
	return score->accuracy;
}

static double pick_rmse(const hebb_score *score)
{
	return score->mean.rmse;
}

/* The spread of the scores of several trainings. */
static void put_spread_tile(hb_page *page, const hb_view *view)
{
	const hebb_report *report = view->report;
	int numbers = report->run[0].test.targets > 0;
	hebb_result all = {.run = (hebb_result *)report->run, .runs = report->runs};
	hebb_spread spread = hebb_result_spread(&all, numbers ? pick_rmse : pick_accuracy);
	char number[64], range[100] = "", text[2][32], rows[120];

	spread = hebb_spread_within(spread, 0, numbers ? INFINITY : 1);
	if (numbers)
		snprintf(number, sizeof number, "%s", hebb_show_number(spread.mean, 4).text);
	else
		hb_percent(spread.mean, number);
	if (isfinite(spread.low) && numbers)
		snprintf(range, sizeof range, "%s to %s", hebb_show_number(spread.low, 4).text,
			 hebb_show_number(spread.high, 4).text);
	else if (isfinite(spread.low))
		snprintf(range, sizeof range, "%s to %s", hb_percent(spread.low, text[0]),
			 hb_percent(spread.high, text[1]));
	snprintf(rows, sizeof rows, "mean over %d of %d %s, each on rows held out of it",
		 report->runs,
		 report->runs_asked > report->runs ? report->runs_asked : report->runs,
		 report->trial && report->trial->study->folds ? "folds" : "trainings");
	put_first_tile(page, numbers ? "Root mean squared error" : "Accuracy", number, range, rows);
}

static void put_class_tiles(hb_page *page, const hb_view *view)
{
	const hebb_score *score = view->score;
	char text[4][32], range[80], rows[160];

	snprintf(range, sizeof range, "%s to %s", hb_percent(score->accuracy_low, text[0]),
		 hb_percent(score->accuracy_high, text[1]));
	put_first_tile(page, score->labels ? "Rows with every label right" : "Accuracy",
		       hb_percent(score->accuracy, text[2]), range, rows_text(view, rows));
	if (!hb_has_detail(view))
		return;
	if (score->classes && isfinite(score->detail.balanced_accuracy) &&
	    score->detail.balanced_accuracy > 0)
		hb_tile(page, "Balanced accuracy",
			hb_percent(score->detail.balanced_accuracy, text[3]),
			"mean recall of the classes");
	if (isfinite(score->detail.roc_auc))
		hb_tile(page, "Area under the ROC curve",
			hebb_show_number(score->detail.roc_auc, 4).text,
			"0.5 is a guess, 1 is perfect");
	if (isfinite(score->detail.log_loss))
		hb_tile(page, "Log loss", hebb_show_number(score->detail.log_loss, 4).text,
			"0 is perfect");
}

static void put_number_tiles(hb_page *page, const hb_view *view)
{
	const hebb_score *score = view->score;
	double low, high;
	char range[80] = "", rows[160];

	if (score->targets == 1 && rmse_interval(view, &low, &high))
		snprintf(range, sizeof range, "%s to %s", hebb_show_number(low, 4).text,
			 hebb_show_number(high, 4).text);
	put_first_tile(page, "Root mean squared error", hebb_show_number(score->mean.rmse, 4).text,
		       range, rows_text(view, rows));
	hb_tile(page, "Mean absolute error", hebb_show_number(score->mean.mae, 4).text,
		score->targets > 1 ? "mean over the targets" : "in the units of the target");
	if (isfinite(score->mean.r2))
		hb_tile(page, "R²", hebb_show_number(score->mean.r2, 4).text,
			"share of the variance that it explains");
}

/* ---- Simple predictors ---- */

/* The accuracy or the rmse of the first tile: that of several trainings is their mean. */
static double first_score(const hb_view *view)
{
	const hebb_report *report = view->report;
	hebb_result all = {.run = (hebb_result *)report->run, .runs = report->runs};
	int numbers = view->score->targets > 0;

	if (report->run && report->runs > 0 && report->run[0].test.rows > 0)
		return hebb_result_spread(&all, numbers ? pick_rmse : pick_accuracy).mean;
	return numbers ? view->score->mean.rmse : view->score->accuracy;
}

/* An accuracy or an error of a simple predictor, and how much better the network is. */
static void put_simple(hb_page *page, const char *name, const hebb_score *simple, double net)
{
	int numbers = simple->targets > 0;
	double difference = numbers ? simple->mean.rmse / net - 1 : net - simple->accuracy;
	char number[32], text[32], remark[100];

	if (simple->rows == 0)
		return;
	if (numbers) {
		snprintf(number, sizeof number, "%s", hebb_show_number(simple->mean.rmse, 4).text);
		snprintf(remark, sizeof remark, "its error is %s %s than that of the network",
			 hb_percent(fabs(difference), text), difference >= 0 ? "larger" : "less");
	} else {
		hb_percent(simple->accuracy, number);
		snprintf(remark, sizeof remark, "the network has %.40s points %s",
			 hebb_show_number(round(fabs(difference) * 1e4) / 100, 4).text,
			 difference >= 0 ? "more" : "less");
	}
	if (fabs(difference) < 5e-5)
		snprintf(remark, sizeof remark, "the network is as good");
	hb_tile(page, name, number, isfinite(difference) ? remark : "");
}

static void put_baselines(hb_page *page, const hb_view *view)
{
	const hebb_simple_scores *simple = view->report->simple;
	const char *constant = "Always the commonest class";

	if (!simple || simple->constant.rows == 0 || !view->score)
		return;
	if (simple->constant.targets > 0)
		constant = "Always the mean";
	else if (simple->constant.labels > 0)
		constant = "Always the commonest labels";
	put_simple(page, constant, &simple->constant, first_score(view));
	put_simple(page, simple->constant.targets > 0 ? "Linear regression" : "Logistic regression",
		   &simple->linear, first_score(view));
}

static double pick_r2(const hebb_score *score)
{
	return score->mean.r2;
}

/* The same for folds, of which no simple model is fitted: what their counts and means tell. */
static void put_baselines_of_folds(hb_page *page, const hb_view *view)
{
	const hebb_report *report = view->report;
	hebb_result all = {.run = (hebb_result *)report->run, .runs = report->runs};
	char number[32];
	long long most = 0;

	if (report->run[0].test.targets > 0) {
		double r2 = hebb_result_spread(&all, pick_r2).mean;

		if (isfinite(r2))
			hb_tile(page, "R²", hebb_show_number(r2, 4).text,
				"0 is always the mean, 1 is perfect");
		return;
	}
	for (int i = 0; i < view->folds.classes; i++)
		most = view->folds.each[i].rows > most ? view->folds.each[i].rows : most;
	if (most > 0)
		hb_tile(page, "Always the commonest class",
			hb_percent((double)most / (double)view->folds.rows, number),
			"on the rows of all folds");
}

/* ---- What to do next ---- */

/* The advice of the worst findings; returns how many. */
static int put_advice(hb_page *page, const hb_view *view)
{
	const hebb_findings *findings = view->report->findings;
	int n = 0;

	for (int wanted = HEBB_SEVERITY_ERROR; findings && wanted >= HEBB_SEVERITY_WARNING;
	     wanted--)
		for (int i = 0; i < findings->count && n < ADVICE_MOST; i++) {
			const hebb_finding *each = &findings->list[i];

			if ((int)each->severity != wanted || !each->advice[0] ||
			    !hb_is_said(view, each))
				continue;
			hb_put(page, "<li>%w: %w. <a href=\"#findings\">%s</a></li>\n",
			       each->message, each->advice, each->code);
			n++;
		}
	return n;
}

/* Whether the loss that judges still fell at the end of the training. */
static int still_falls(const hb_view *view)
{
	const hebb_result *result = view->report->result;
	const hebb_curve *curve = result ? &result->curve : NULL;
	int last = curve ? curve->count - 1 : 0, tenth = last / 10;

	if (!curve || last < 20 || isnan(curve->validation[0]))
		return 0;
	return curve->validation[last] < 0.98 * curve->validation[last - tenth] &&
	       result->best_epoch > last - tenth / 2;
}

/* How a linear model, if one was fitted, is on these rows: "as good", "better by 3 points"; "" if
 * it is not as good. */
static const char *linear_text(const hb_view *view, char text[100])
{
	const hebb_score *linear = view->report->simple ? &view->report->simple->linear : NULL;
	char share[32];

	text[0] = '\0';
	if (!linear || linear->rows == 0 || !view->score || view->score->rows != linear->rows)
		return text;
	double net = first_score(view);
	double ahead = linear->targets > 0 ? 1 - linear->mean.rmse / net : linear->accuracy - net;

	if (ahead >= 5e-5 && linear->targets > 0)
		snprintf(text, 100, "better on these rows, its error %s less",
			 hb_percent(ahead, share));
	else if (ahead >= 5e-5)
		snprintf(text, 100, "better on these rows by %.40s points",
			 hebb_show_number(round(ahead * 1e4) / 100, 4).text);
	else if (ahead > -1e-12)
		snprintf(text, 100, "as good on these rows");
	return text;
}

/* Advice that follows from the scores. */
static void put_hints(hb_page *page, const hb_view *view, int given)
{
	const hebb_report *report = view->report;
	const hebb_study *study = report->trial ? report->trial->study : NULL;
	const hebb_score *score = view->score;
	char text[100];

	if (given == 0 && still_falls(view))
		hb_put(page, "<li>The validation loss still fell at the end: try more "
			     "<code>--epochs</code>.</li>\n");
	if (*linear_text(view, text))
		hb_put(page,
		       "<li>A linear model is %w: <code>--layers none</code> is simpler, and what "
		       "it learned is easier to read.</li>\n",
		       text);
	if (study && view->trained_on && report->runs == 0)
		hb_put(page,
		       "<li>No rows were held out: hold some out with <code>--test 0.2</code>, or "
		       "measure with <code>--folds 5</code>.</li>\n");
	if (score && score->classes > 0 && score->accuracy_high - score->accuracy_low > 0.1 &&
	    report->runs == 0 && study)
		hb_put(page, "<li>The interval is wide, as few rows were held out: "
			     "<code>--folds 5</code> measures on all rows.</li>\n");
	if (study && study->effort <= HEBB_EFFORT_QUICK && !report->found && study->repeat == 1)
		hb_put(page,
		       "<li>Let Hebb try settings: <code>--effort good</code>, or search with "
		       "<code>hebb search</code>.</li>\n");
	if (view->outputs.rows > 0)
		hb_put(page,
		       "<li>Look at <a href=\"#worst\">the rows that it is most wrong about</a>: "
		       "wrong labels and broken rows are often among them.</li>\n");
	if (report->saved && report->place)
		hb_put(page, "<li>Use the model: <code>hebb predict %t %t</code></li>\n",
		       report->saved, "NEW-DATA");
	if (report->again)
		hb_put(page, "<li>Train the best settings again: <code>%w</code></li>\n",
		       report->again);
}

static const char *task_text(const hb_view *view, char text[120])
{
	const hebb_coding *coding = view->coding;

	if (!coding)
		return "";
	if (coding->task == HEBB_CLASSIFICATION)
		snprintf(text, 120, "a classifier with %s",
			 hebb_show_count(coding->outputs, "class").text);
	else if (coding->task == HEBB_LABELS)
		snprintf(text, 120, "a network for %s",
			 hebb_show_count(coding->outputs, "label").text);
	else
		snprintf(text, 120, "a regression of %s",
			 hebb_show_count(coding->outputs, "number").text);
	return text;
}

void hb_put_summary(hb_page *page, const hb_view *view)
{
	const hebb_report *report = view->report;
	const char *what = report->found ? "Search" : report->model ? "Evaluation" : "Training";
	char text[120];
	int more = view->coding ? view->coding->target_count - 1 : 0;

	hb_put(page, "<h1>%s of %t</h1>\n", what, hb_data_name(view));
	if (view->coding) {
		hb_put(page, "<p class=\"soft\">%s that predicts %t", task_text(view, text),
		       view->coding->targets[0].name);
		if (more > 0)
			hb_put(page, " and %d more", more);
		hb_put(page, " from %s</p>\n",
		       hebb_show_count(view->coding->input_count, "column").text);
	}
	hb_put(page, "<div class=\"tiles\">\n");
	if (report->run && report->runs > 0 && report->run[0].test.rows > 0)
		put_spread_tile(page, view);
	else if (view->score && view->score->targets > 0)
		put_number_tiles(page, view);
	else if (view->score && view->score->rows > 0)
		put_class_tiles(page, view);
	if (hb_has_folds(view))
		put_baselines_of_folds(page, view);
	put_baselines(page, view);
	hb_put(page, "</div>\n<h2 class=\"plain\">What to do next</h2>\n<ol class=\"next\">\n");
	put_hints(page, view, put_advice(page, view));
	hb_put(page, "</ol>\n");
	hb_page_contents(page);
}
