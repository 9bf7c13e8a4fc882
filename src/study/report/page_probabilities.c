/* SPDX-License-Identifier: MIT */
/*
 * page_probabilities.c - what its probabilities are worth: ROC curves and calibration
 *
 *     ROC           for each threshold the share of the positive rows above it, against that of the
 *                   negative ones (Hanley & McNeil 1982)
 *     calibration   rows by their probability, in the 15 bins of the calibration error: the share
 *                   that is right, against the mean probability (Guo et al. 2017)
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../metrics.h"
#include "report.h"

enum { POINTS_MOST = 200 };

typedef struct scored {
	double p;
	int positive;
} scored;

/* From the highest probability to the lowest. */
static int compare_scored(const void *a, const void *b)
{
	const scored *one = a, *other = b;

	return (one->p < other->p) - (one->p > other->p);
}

/* The rows of a curve in this order; returns how many, and how many are positive. */
static long long collect(const hb_view *view, int curve, scored *list, long long *positives)
{
	const hb_outputs *all = &view->outputs;
	int classes = view->coding->task == HEBB_CLASSIFICATION;
	long long n = 0;

	*positives = 0;
	for (long long i = 0; i < all->rows; i++) {
		double y = all->y[i * all->curves + curve];

		if (isnan(y) || (classes && all->truth[i] < 0))
			continue;
		list[n++] = (scored){all->h[i * all->curves + curve], y > 0.5};
		*positives += y > 0.5;
	}
	qsort(list, (size_t)n, sizeof *list, compare_scored);
	return n;
}

/* The points of a curve, thinned; returns how many. */
static int trace(const scored *list, long long n, long long positives, double *x, double *y)
{
	double negatives = (double)(n - positives), up = 0, right = 0, last = -1;
	int points = 0;

	for (long long i = 0; i < n; i++) {
		up += list[i].positive;
		right += !list[i].positive;
		if (i + 1 < n && list[i + 1].p == list[i].p)
			continue;
		double moved = (up / (double)positives + right / negatives) / 2;
		if (moved - last < 1.0 / POINTS_MOST && i + 1 < n)
			continue;
		last = moved;
		x[points] = right / negatives;
		y[points++] = up / (double)positives;
	}
	return points;
}

static void put_roc_curve(hb_chart *chart, const hb_view *view, int curve, scored *list)
{
	const hb_outputs *all = &view->outputs;
	double x[2 * POINTS_MOST + 3] = {0}, y[2 * POINTS_MOST + 3] = {0};
	long long positives, n = collect(view, curve, list, &positives);

	if (positives == 0 || positives == n)
		return;
	int points = trace(list, n, positives, x + 1, y + 1);

	hb_chart_curve(chart, 1 + curve, 0,
		       all->curves > 1 ? hb_output_name(view->coding, all->curve[curve]) : NULL,
		       points + 1, x, y);
}

static void put_roc(hb_page *page, const hb_view *view)
{
	const hb_outputs *all = &view->outputs;
	hb_chart chart = {.page = page};
	scored *list = malloc(sizeof *list * (size_t)(all->rows + 1));

	page->failed |= !list;
	if (!list)
		return;
	chart.x =
		(hb_axis){.title = "share of the others, false positives", .to = 1, .percent = "%"};
	chart.y = (hb_axis){.title = "share found, true positives", .to = 1, .percent = "%"};
	for (int i = 0; i < all->curves && all->curves > 1; i++)
		hb_chart_name_room(&chart, hb_output_name(view->coding, all->curve[i]));
	hb_panel_begin(page, "ROC curve");
	hb_chart_begin(&chart, "ROC curve: true positives against false positives");
	hb_chart_line(&chart, 0, 0, 1, 1);
	for (int i = 0; i < all->curves; i++)
		put_roc_curve(&chart, view, i, list);
	hb_chart_end(&chart);
	if (hb_has_detail(view) && isfinite(view->score->detail.roc_auc))
		hb_put(page, "<p class=\"soft\">Area %n; the dotted line is a guess. ",
		       view->score->detail.roc_auc);
	else
		hb_put(page, "<p class=\"soft\">The dotted line is a guess. ");
	if (view->coding->task == HEBB_CLASSIFICATION && view->coding->outputs == 2)
		hb_put(page, "Positive is %t.", hb_output_name(view->coding, 1));
	else if (view->coding->task == HEBB_CLASSIFICATION)
		hb_put(page, "Each class against the rest; those with the least recall.");
	hb_put(page, "</p>\n");
	hb_panel_end(page);
	free(list);
}

/* ---- Calibration ---- */

typedef struct bins {
	double rows[HB_BINS], p[HB_BINS], right[HB_BINS];
	double all;
} bins;

static void add_to(bins *to, double p, int right)
{
	int bin = hb_bin_of(p);

	if (!(p >= 0 && p <= 1))
		return;
	to->rows[bin]++;
	to->p[bin] += p;
	to->right[bin] += right;
	to->all++;
}

/* Of more than two classes the predicted one counts; of two, and of labels, the positive one. */
static void fill_bins(const hb_view *view, int several, bins *to)
{
	const hb_outputs *all = &view->outputs;

	for (long long i = 0; i < all->rows; i++) {
		if (several && all->truth[i] >= 0)
			add_to(to, all->p[i], all->predicted[i] == all->truth[i]);
		for (int c = 0; c < all->curves && !several; c++)
			if (!isnan(all->y[i * all->curves + c]))
				add_to(to, all->h[i * all->curves + c],
				       all->y[i * all->curves + c] > 0.5);
	}
}

static void put_calibration(hb_page *page, const hb_view *view)
{
	hb_chart chart = {.page = page}, counts = {.page = page, .small = 1};
	double x[HB_BINS], y[HB_BINS], edge[HB_BINS + 1];
	int n = 0, several = view->coding->task == HEBB_CLASSIFICATION && view->coding->outputs > 2;
	bins sums = {.all = 0};

	fill_bins(view, several, &sums);
	if (sums.all == 0)
		return;
	for (int i = 0; i <= HB_BINS; i++)
		edge[i] = (double)i / HB_BINS;
	for (int i = 0; i < HB_BINS; i++) {
		if (sums.rows[i] == 0)
			continue;
		x[n] = sums.p[i] / sums.rows[i];
		y[n++] = sums.right[i] / sums.rows[i];
	}
	chart.x = (hb_axis){.title = several ? "probability of the predicted class" : "probability",
			    .to = 1,
			    .percent = "%"};
	chart.y = (hb_axis){.title = several ? "share that is right" : "share that is positive",
			    .to = 1,
			    .percent = "%"};
	counts.x = chart.x;
	counts.y = hb_axis_of("rows", HB_BINS, sums.rows);
	counts.y.from = 0;
	hb_panel_begin(page, "Calibration");
	hb_chart_begin(&chart, "Calibration: the share that is right, against the probability");
	hb_chart_line(&chart, 0, 0, 1, 1);
	hb_chart_curve(&chart, HB_BLUE, 0, NULL, n, x, y);
	hb_chart_dots(&chart, HB_BLUE, "", n, x, y);
	hb_chart_end(&chart);
	hb_chart_begin(&counts, "How many rows have which probability");
	hb_chart_bars(&counts, HB_GRAY, "", HB_BINS, edge, sums.rows);
	hb_chart_end(&counts);
	hb_put(page, "<p class=\"soft\">On the dotted line probabilities are honest; below it, the "
		     "network is too sure.");
	if (hb_has_detail(view) && isfinite(view->score->detail.ece) &&
	    view->coding->task == HEBB_CLASSIFICATION)
		hb_put(page, " Expected calibration error %n.", view->score->detail.ece);
	hb_put(page, "</p>\n");
	hb_panel_end(page);
}

void hb_put_probabilities(hb_page *page, const hb_view *view)
{
	const hb_outputs *all = &view->outputs;
	hebb_activation output;

	if (all->rows == 0 || all->curves == 0 || view->coding->task == HEBB_REGRESSION)
		return;
	output = hebb_net_layer(view->net, hebb_net_layers(view->net) - 1)->activation;
	hb_section_begin(page, "probabilities", "Probabilities");
	if (all->rows < all->of)
		hb_put(page,
		       "<p class=\"soft\">The charts are of %l of %l rows, evenly spaced.</p>\n",
		       all->rows, all->of);
	hb_panels_begin(page);
	put_roc(page, view);
	if (output == HEBB_SOFTMAX || output == HEBB_SIGMOID)
		put_calibration(page, view);
	hb_panels_end(page);
	hb_section_end(page);
}
