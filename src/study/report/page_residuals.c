/* SPDX-License-Identifier: MIT */
/*
 * page_residuals.c - where a regression is wrong: predicted against true numbers, and what is left
 *
 * Few rows are dots; of many, the page says how many fall into each cell.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "report.h"

enum { DOTS_MOST = 1000, COLUMNS = 36, ROWS = 24, BINS = 40 };

/* The truth, the prediction and what is left of a target, for the rows that have it. */
typedef struct pairs {
	long long count;
	double *truth, *predicted, *rest;
} pairs;

static int pairs_open(const hb_view *view, int target, pairs *result)
{
	const hb_outputs *all = &view->outputs;
	double *memory = malloc(sizeof *memory * 3 * (size_t)(all->rows + 1));

	*result = (pairs){.truth = memory};
	if (!memory)
		return 0;
	result->predicted = memory + all->rows;
	result->rest = memory + 2 * all->rows;
	for (long long i = 0; i < all->rows; i++) {
		double y = all->y[i * all->curves + target], h = all->h[i * all->curves + target];

		if (!isfinite(y) || !isfinite(h))
			continue;
		result->truth[result->count] = y;
		result->predicted[result->count] = h;
		result->rest[result->count++] = h - y;
	}
	return 1;
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int cell_of(const hb_axis *axis, double value, int cells)
{
	int cell = (int)((value - axis->from) / (axis->to - axis->from) * cells);

	return cell < 0 ? 0 : cell >= cells ? cells - 1 : cell;
}

/* The dots of a chart that has begun, or cells where they are many. */
static void put_places(hb_chart *chart, const char *name, long long count, const double *x,
		       const double *y)
{
	long long cells[COLUMNS * ROWS] = {0};

	if (count <= DOTS_MOST) {
		hb_chart_dots(chart, HB_BLUE, name, (int)count, x, y);
		return;
	}
	for (long long i = 0; i < count; i++)
		cells[(ROWS - 1 - cell_of(&chart->y, y[i], ROWS)) * COLUMNS +
		      cell_of(&chart->x, x[i], COLUMNS)]++;
	hb_chart_density(chart, COLUMNS, ROWS, cells);
}

static void put_predicted(hb_page *page, const pairs *all, const char *name)
{
	hb_chart chart = {.page = page};

	chart.x = hb_axis_of("true", (int)all->count, all->truth);
	hb_axis_extend(&chart.x, (int)all->count, all->predicted);
	hb_axis_pad(&chart.x);
	chart.y = chart.x;
	chart.y.title = "predicted";
	hb_panel_begin(page, name);
	hb_chart_begin(&chart, "Predicted against true numbers");
	put_places(&chart, "predicted", all->count, all->truth, all->predicted);
	hb_chart_line(&chart, chart.x.from, chart.x.from, chart.x.to, chart.x.to);
	hb_chart_end(&chart);
	hb_put(page, "<p class=\"soft\">On the dotted line a prediction is right.</p>\n");
	hb_panel_end(page);
}

static void put_rest(hb_page *page, const pairs *all)
{
	hb_chart chart = {.page = page};

	chart.x = hb_axis_of("predicted", (int)all->count, all->predicted);
	chart.y = hb_axis_of("predicted − true", (int)all->count, all->rest);
	hb_axis_pad(&chart.x);
	hb_axis_pad(&chart.y);
	hb_panel_begin(page, "Residuals");
	hb_chart_begin(&chart, "Residuals against the predicted number");
	put_places(&chart, "residual", all->count, all->predicted, all->rest);
	hb_chart_line(&chart, chart.x.from, 0, chart.x.to, 0);
	hb_chart_end(&chart);
	hb_put(page,
	       "<p class=\"soft\">A bend or a funnel here is something that the network has not "
	       "learned.</p>\n");
	hb_panel_end(page);
}

/* The histogram of what is left; rows farther off than four times the middle half are not in it. */
static void put_histogram(hb_page *page, pairs *all)
{
	hb_chart chart = {.page = page};
	double edge[BINS + 1], height[BINS] = {0};
	long long n = all->count, beyond = 0;

	qsort(all->rest, (size_t)n, sizeof *all->rest, compare_doubles);
	double low = all->rest[n / 4], high = all->rest[n - 1 - n / 4];
	double least = fmax(all->rest[0], low - 4 * (high - low));
	double most = fmin(all->rest[n - 1], high + 4 * (high - low));
	if (!(least < most))
		return;
	for (int i = 0; i <= BINS; i++)
		edge[i] = least + (most - least) * i / BINS;
	chart.x = (hb_axis){.title = "predicted − true", .from = least, .to = most};
	for (long long i = 0; i < n; i++) {
		if (all->rest[i] < least || all->rest[i] > most)
			beyond++;
		else
			height[cell_of(&chart.x, all->rest[i], BINS)]++;
	}
	chart.y = hb_axis_of("rows", BINS, height);
	chart.y.from = 0;
	chart.y.to *= 1.1; /* the mark is above the bars */
	hb_panel_begin(page, "Distribution of the residuals");
	hb_chart_begin(&chart, "How many rows have which residual");
	hb_chart_bars(&chart, HB_BLUE, "", BINS, edge, height);
	hb_chart_mark(&chart, 0, "0");
	hb_chart_end(&chart);
	hb_put(page,
	       "<p class=\"soft\">Half of the rows are between %n and %n, all between %n and %n.",
	       low, high, all->rest[0], all->rest[n - 1]);
	if (beyond > 0)
		hb_put(page, " The chart shows %n to %n, without %s.", least, most,
		       hebb_show_count(beyond, "row").text);
	hb_put(page, "</p>\n");
	hb_panel_end(page);
}

static void put_target(hb_page *page, const hb_view *view, int target)
{
	pairs all;
	int several = view->outputs.curves > 1;

	if (!pairs_open(view, target, &all))
		page->failed = 1;
	if (all.count > 0) {
		put_predicted(page, &all,
			      several ? hb_output_name(view->coding, view->outputs.curve[target])
				      : "Predicted against true");
		if (!several) {
			put_rest(page, &all);
			put_histogram(page, &all);
		}
	}
	free(all.truth);
}

static void put_targets(hb_page *page, const hb_view *view)
{
	const hebb_score *score = view->score;
	int shown = score->targets < 200 ? score->targets : 200;

	hb_table_begin(page, "Scores of each target", "<Target|RMSE|MAE|R²");
	for (int i = 0; i < shown; i++)
		hb_put(page,
		       "<tr><th scope=\"row\">%t</th><td>%n</td><td>%n</td><td>%n</td></tr>\n",
		       hb_output_name(view->coding, i), score->target[i].rmse, score->target[i].mae,
		       score->target[i].r2);
	hb_table_end(page);
	if (shown < score->targets)
		hb_put(page, "<p class=\"soft\">The first %d of %d.</p>\n", shown, score->targets);
}

void hb_put_residuals(hb_page *page, const hb_view *view)
{
	const hb_outputs *all = &view->outputs;

	if (all->rows == 0 || view->coding->task != HEBB_REGRESSION)
		return;
	hb_section_begin(page, "residuals", "Residuals");
	if (all->rows < all->of)
		hb_put(page,
		       "<p class=\"soft\">The charts are of %l of %l rows, evenly spaced.</p>\n",
		       all->rows, all->of);
	if (view->score->targets > 1)
		put_targets(page, view);
	hb_panels_begin(page);
	for (int i = 0; i < all->curves; i++)
		put_target(page, view, i);
	hb_panels_end(page);
	hb_section_end(page);
}
