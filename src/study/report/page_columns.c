/* SPDX-License-Identifier: MIT */
/*
 * page_columns.c - how important the columns are, and a panel for each: its range, what is missing,
 * how it is distributed, and what the network makes of it
 *
 * Of many columns the most important ones have a panel; pixels have none.  Ranges are those of the
 * training rows, which the coding knows; the distribution is that of a sample of the table.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "hebb_advanced.h"
#include "report.h"

enum { PANELS_MOST = 30, BARS_MOST = 20, BINS = 24, LEVELS_MOST = 8, SAMPLE = 20000 };
enum { POINTS = 12, ROWS_OF_DEPENDENCE = 200, OUTPUTS_MOST = 3 };

/* ---- Numbers ---- */

/* The values of a column in a sample of rows; returns how many, and how many are missing. */
static int sample(const hebb_table *table, int column, double *value, int *missing)
{
	long long rows = table->rows < SAMPLE ? table->rows : SAMPLE;
	int n = 0;

	*missing = 0;
	for (long long i = 0; i < rows; i++) {
		double one = hebb_table_value(table, i * table->rows / rows, column);

		*missing += isnan(one);
		if (isfinite(one))
			value[n++] = one;
	}
	return n;
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The range that a histogram shows: all, unless a few far values would make it a single bar. */
static void find_range(int n, const double *sorted, double *from, double *to)
{
	double low = sorted[n / 100], high = sorted[n - 1 - n / 100];

	*from = sorted[0];
	*to = sorted[n - 1];
	if (*to - *from > 6 * (high - low) && high > low) {
		*from = low;
		*to = high;
	}
}

static void put_number_chart(hb_page *page, int n, double *value)
{
	hb_chart chart = {.page = page, .small = 1};
	double edge[BINS + 1], height[BINS] = {0}, from, to;
	int bins = BINS, beyond = 0;

	qsort(value, (size_t)n, sizeof *value, compare_doubles);
	find_range(n, value, &from, &to);
	if (!(from < to))
		return;
	for (int i = 0; i <= bins; i++)
		edge[i] = from + (to - from) * i / bins;
	for (int i = 0; i < n; i++) {
		int bin = (int)((value[i] - from) / (to - from) * bins);

		if (value[i] < from || value[i] > to)
			beyond++;
		else
			height[bin < bins ? bin : bins - 1]++;
	}
	chart.x = (hb_axis){.title = "", .from = from, .to = to};
	chart.y = hb_axis_of("rows", bins, height);
	chart.y.from = 0;
	hb_chart_begin(&chart, "Distribution of the column");
	hb_chart_bars(&chart, HB_BLUE, "", bins, edge, height);
	hb_chart_end(&chart);
	if (beyond > 0)
		hb_put(page, "<p class=\"soft\">%s beyond this range.</p>\n",
		       hebb_show_count(beyond, "value").text);
}

static void put_number(hb_page *page, const hb_view *view, int input, int column, double *value)
{
	const hebb_seen *seen = view->coding->seen ? &view->coding->seen[input] : NULL;
	int missing, n = sample(view->table, column, value, &missing);

	hb_put(page, "<p class=\"soft\">Number");
	if (seen && seen->rows > seen->missing)
		hb_put(page, ", %n to %n, median %n", seen->quantile[0], seen->quantile[HEBB_PARTS],
		       seen->quantile[HEBB_PARTS / 2]);
	hb_put(page, "; %n %% missing</p>\n", 100.0 * missing / fmax(n + missing, 1));
	if (n > 1)
		put_number_chart(page, n, value);
}

/* ---- Texts ---- */

/* The most frequent levels in the sample, in order; returns how many. */
static int rank_levels(const hebb_column *about, const double *count, int rank[LEVELS_MOST])
{
	int n = 0;

	for (int i = 0; i < about->level_count; i++) {
		int at = n;

		while (at > 0 && count[i] > count[rank[at - 1]])
			at--;
		if (at == LEVELS_MOST)
			continue;
		n += n < LEVELS_MOST;
		for (int k = n - 1; k > at; k--)
			rank[k] = rank[k - 1];
		rank[at] = i;
	}
	return n;
}

static void put_levels(hb_page *page, const hebb_column *about, const double *count, double all)
{
	int rank[LEVELS_MOST], n = rank_levels(about, count, rank);
	char text[32];

	hb_put(page, "<table class=\"levels\"><tbody>\n");
	for (int i = 0; i < n; i++)
		hb_put(page,
		       "<tr><th scope=\"row\">%t</th><td class=\"bar\"><i "
		       "style=\"--s:%c\"></i></td>"
		       "<td>%s</td></tr>\n",
		       about->levels[rank[i]], 100 * count[rank[i]] / fmax(count[rank[0]], 1),
		       hb_percent(count[rank[i]] / fmax(all, 1), text));
	hb_put(page, "</tbody></table>\n");
	if (n < about->level_count)
		hb_put(page, "<p class=\"soft\">The commonest %d of %d.</p>\n", n,
		       about->level_count);
}

static void put_text(hb_page *page, const hb_view *view, int column, double *value)
{
	const hebb_column *about = &view->table->column[column];
	double *count = calloc((size_t)about->level_count + 1, sizeof *count);
	int missing, n = sample(view->table, column, value, &missing);

	page->failed |= !count;
	for (int i = 0; i < n && count; i++)
		if (value[i] >= 0 && value[i] < about->level_count)
			count[(int)value[i]]++;
	hb_put(page, "<p class=\"soft\">Text with %s; %n %% missing</p>\n",
	       hebb_show_count(about->level_count, "value").text,
	       100.0 * missing / fmax(n + missing, 1));
	if (count)
		put_levels(page, about, count, n);
	free(count);
}

/* ---- What the network makes of a column ---- */

static void put_dependence_curves(hb_chart *chart, const hb_view *view, const hebb_dependence *all)
{
	int outputs = all->outputs < OUTPUTS_MOST ? all->outputs : OUTPUTS_MOST;
	double y[POINTS];

	for (int o = 0; o < outputs; o++) {
		for (int i = 0; i < all->points; i++)
			y[i] = all->mean[i * all->outputs + o];
		const char *name =
			all->outputs > 1 ? hb_output_name(view->coding, all->output[o]) : "";
		if (!chart->x.names) {
			hb_chart_curve(chart, 1 + o, 0, name, all->points, all->value, y);
			continue;
		}
		hb_chart_dots(chart, 1 + o, name, all->points, all->value, y);
		hb_chart_name(chart, 1 + o, name, y[all->points - 1]);
	}
}

static int is_asked(const hb_view *view, int input)
{
	const hebb_column *about = &view->coding->inputs[input];

	return view->data && (about->kind != HEBB_TEXT || about->level_count <= POINTS);
}

/* Finds the dependence on an input; *result stays empty if there is none that could be drawn. */
static void find_dependence(hb_page *page, const hb_view *view, int input, hebb_dependence *result)
{
	hebb_explain how = hebb_explain_default();
	hebb_status status = HEBB_BAD_ARGUMENT;

	*result = (hebb_dependence){.points = 0};
	how.rows = ROWS_OF_DEPENDENCE;
	how.points = POINTS;
	how.threads = view->report->threads;
	how.how = HEBB_APPLY_ANYWAY;
	if (is_asked(view, input))
		status = hebb_model_dependence(&view->model, view->table, view->data->rows,
					       view->data->row, input, &how, result, NULL);
	page->failed |= status == HEBB_NO_MEMORY;
	if (status != HEBB_OK || result->points < 2 || result->points > POINTS) {
		hebb_dependence_free(result);
		*result = (hebb_dependence){.points = 0};
	}
}

/* The y axis of all panels, so that a column that changes little looks so. */
static hb_axis dependence_axis(const hb_view *view, int count, const hebb_dependence *all)
{
	int numbers = view->coding->task == HEBB_REGRESSION;
	hb_axis axis = {.title = numbers ? "mean prediction" : "mean probability",
			.from = INFINITY,
			.to = -INFINITY,
			.percent = numbers ? NULL : "%"};

	for (int c = 0; c < count; c++)
		for (int i = 0; i < all[c].points; i++)
			hb_axis_extend(&axis,
				       all[c].outputs < OUTPUTS_MOST ? all[c].outputs
								     : OUTPUTS_MOST,
				       all[c].mean + i * all[c].outputs);
	hb_axis_pad(&axis);
	return axis;
}

static void put_dependence(hb_page *page, const hb_view *view, const hb_axis *axis, int input,
			   const hebb_dependence *all)
{
	const hebb_column *about = &view->coding->inputs[input];
	hb_chart chart = {.page = page, .small = 1, .y = *axis};
	char title[160];

	if (all->points == 0)
		return;
	for (int i = 0; i < all->outputs && i < OUTPUTS_MOST && all->outputs > 1; i++)
		hb_chart_name_room(&chart, hb_output_name(view->coding, all->output[i]));
	chart.x = hb_axis_of("", all->points, all->value);
	if (about->kind == HEBB_TEXT) {
		chart.x.from = -0.5;
		chart.x.to = about->level_count - 0.5;
		chart.x.names = (const char *const *)about->levels;
		chart.x.name_count = about->level_count;
	}
	snprintf(title, sizeof title, "Mean output if all of %s had this value",
		 hebb_show_count(all->rows, "row").text);
	hb_chart_begin(&chart, title);
	put_dependence_curves(&chart, view, all);
	hb_chart_end(&chart);
}

/* ---- Importance ---- */

/* Of what errors and standard deviations are. */
static const char *scale_words(const hebb_coding *coding)
{
	return coding->target_transform == HEBB_TARGET_LOG        ? ", both of the logarithms"
	       : coding->target_transform == HEBB_TARGET_QUANTILE ? ", both after the transform"
								  : "";
}

/* A drop that is only the rounding of a score is 0. */
static double exact(const hebb_importance *all, double drop)
{
	return fabs(drop) < 1e-12 * fmax(fabs(all->score), 1e-300) ? 0 : drop;
}

static void put_importance(hb_page *page, const hb_view *view)
{
	const hebb_importance *all = &view->importance;
	int shown = all->columns < BARS_MOST ? all->columns : BARS_MOST;
	double most = shown > 0 ? fmax(all->column[all->order[0]].drop.mean, 1e-300) : 1;
	int percent = hebb_metric_rises(all->metric);

	if (shown == 0)
		return;
	hb_put(page,
	       "<h3>Importance</h3>\n<p class=\"soft\">How much worse the %s gets when the values "
	       "of "
	       "a column change places among %l %s rows; the mean of %d times, and its 95 %% "
	       "interval.</p>\n",
	       hebb_metric_name(all->metric), all->rows, view->part, all->repeats);
	if (all->is_scaled)
		hb_put(page,
		       "<p class=\"soft\">The rmse is the mean over the %d targets of rmse / "
		       "standard deviation in training%s.</p>\n",
		       view->coding->target_count, scale_words(view->coding));
	hb_table_begin(page, "Importance of the columns", "<Column|Drop|Interval|<Size");
	for (int i = 0; i < shown; i++) {
		const hebb_spread *drop = &all->column[all->order[i]].drop;
		double scale = percent ? 100 : 1;

		hb_put(page, "<tr><th scope=\"row\">%t</th><td>%n%s</td><td>%n to %n</td>",
		       view->coding->inputs[all->order[i]].name, scale * exact(all, drop->mean),
		       percent ? " %" : "", scale * exact(all, drop->low),
		       scale * exact(all, drop->high));
		hb_put(page, "<td class=\"bar\"><i style=\"--s:%c\"></i></td></tr>\n",
		       100 * fmin(fmax(drop->mean / most, 0), 1));
	}
	hb_table_end(page);
	if (shown < all->columns)
		hb_put(page, "<p class=\"soft\">The %d most important of %d.</p>\n", shown,
		       all->columns);
	hb_put(page, "<h3>Each column</h3>\n");
}

/* A panel for an input, with its dependence. */
static void put_panel(hb_page *page, const hb_view *view, int input, double *value,
		      const hb_axis *axis, const hebb_dependence *dependence)
{
	int column = hb_input_column(view, input);

	if (column < 0)
		return;
	hb_panel_begin(page, view->coding->inputs[input].name);
	if (view->table->column[column].kind == HEBB_TEXT)
		put_text(page, view, column, value);
	else
		put_number(page, view, input, column, value);
	put_dependence(page, view, axis, input, dependence);
	hb_panel_end(page);
}

/* The panels of the first columns of an order. */
static void put_panels(hb_page *page, const hb_view *view, int shown)
{
	const int *order = view->importance.columns > 0 ? view->importance.order : NULL;
	double *value = malloc(sizeof *value * SAMPLE);
	hebb_dependence all[PANELS_MOST];

	page->failed |= !value;
	for (int i = 0; i < shown; i++)
		find_dependence(page, view, order ? order[i] : i, &all[i]);
	hb_axis axis = dependence_axis(view, shown, all);
	hb_panels_begin(page);
	for (int i = 0; i < shown; i++) {
		if (value)
			put_panel(page, view, order ? order[i] : i, value, &axis, &all[i]);
		hebb_dependence_free(&all[i]);
	}
	hb_panels_end(page);
	free(value);
}

void hb_put_columns(hb_page *page, const hb_view *view)
{
	const hebb_coding *coding = view->coding;
	int shown;

	if (!coding || !view->table || view->table->rows == 0 || view->table->height > 0)
		return;
	shown = coding->input_count < PANELS_MOST ? coding->input_count : PANELS_MOST;
	hb_section_begin(page, "columns", "Columns");
	put_importance(page, view);
	if (shown < coding->input_count)
		hb_put(page, "<p class=\"soft\">The %s %d of %d inputs.</p>\n",
		       view->importance.columns > 0 ? "most important" : "first", shown,
		       coding->input_count);
	if (view->table->rows > SAMPLE)
		hb_put(page,
		       "<p class=\"soft\">Distributions of %l of %l rows, evenly spaced.</p>\n",
		       (long long)SAMPLE, view->table->rows);
	if (view->data)
		hb_put(page,
		       "<p class=\"soft\">Below each distribution: the mean answer if all rows had "
		       "this value of the column, the others as they are (partial "
		       "dependence).</p>\n");
	put_panels(page, view, shown);
	hb_section_end(page);
}
