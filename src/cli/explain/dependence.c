/* SPDX-License-Identifier: MIT */
/*
 * dependence.c - how the outputs depend on a column: curves of numbers, bars of texts
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw/json.h"
#include "draw/page.h"
#include "draw/plot.h"
#include "draw/sparkline.h"
#include "draw/terminal.h"
#include "file/figure_folder.h"
#include "figures.h"
#include "hebb_advanced.h"
#include "picture/activity.h"

enum {
	NAME_WIDTH = 20,
	CURVES = 4,
	PLOT_WIDTH = 79,
	ENDS = 22,
	SPARK_LEAST = 4,
	SPARK_MOST = 40,
	BAR_LEAST = 8,
	INDIVIDUALS = 30
};

/* Output k at all points, from an array of points x outputs; to be freed. */
static double *curve_of(const hebb_dependence *d, const double *values, int k)
{
	double *curve = malloc((size_t)d->points * sizeof *curve);

	for (int i = 0; i < d->points && curve; i++)
		curve[i] = values[(size_t)i * (size_t)d->outputs + (size_t)k];
	return curve;
}

static double range_of(const hebb_dependence *d, int k)
{
	double low = INFINITY, high = -INFINITY;

	for (int i = 0; i < d->points; i++) {
		double value = d->mean[(size_t)i * (size_t)d->outputs + (size_t)k];

		low = value < low ? value : low;
		high = value > high ? value : high;
	}
	return high >= low ? high - low : 0;
}

/* The outputs that vary most, at most CURVES of them, in their order. */
static int choose_curves(const hebb_dependence *d, int chosen[CURVES])
{
	int count = 0;

	for (int k = 0; k < d->outputs; k++) {
		int larger = 0;

		for (int other = 0; other < d->outputs; other++)
			larger += range_of(d, other) > range_of(d, k) ||
				  (range_of(d, other) == range_of(d, k) && other < k);
		if (larger < CURVES)
			chosen[count++] = k;
	}
	return count;
}

/* ---- JSON ---- */

static json_t *numbers_json(int count, const double *value)
{
	json_t *list = json_array();

	for (int i = 0; i < count; i++)
		json_array_append_new(list, number_json(value[i]));
	return list;
}

/* An array of points x outputs as a list for each output. */
static json_t *curves_json(const hebb_dependence *d, const double *values)
{
	json_t *list = json_array();

	for (int k = 0; k < d->outputs; k++) {
		double *curve = curve_of(d, values, k);

		json_array_append_new(list, curve ? numbers_json(d->points, curve) : json_null());
		free(curve);
	}
	return list;
}

static json_t *grid_json(const hebb_dependence *d, const hebb_column *column)
{
	json_t *list = json_array();

	for (int i = 0; i < d->points; i++)
		json_array_append_new(list, column->kind == HEBB_TEXT
						    ? text_json(column->levels[(int)d->value[i]])
						    : number_json(d->value[i]));
	return list;
}

static json_t *dependence_json(const hebb_dependence *d, const hebb_coding *coding)
{
	json_t *outputs = json_array();

	for (int k = 0; k < d->outputs; k++)
		json_array_append_new(outputs, text_json(output_name(coding, d->output[k])));
	return json_pack("{s:o, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "column",
			 text_json(coding->inputs[d->column].name), "rows", (json_int_t)d->rows,
			 "of", (json_int_t)d->of, "values",
			 grid_json(d, &coding->inputs[d->column]), "outputs", outputs, "mean",
			 curves_json(d, d->mean), "low", curves_json(d, d->low), "high",
			 curves_json(d, d->high), "average", numbers_json(d->outputs, d->average),
			 "unanswered", (json_int_t)d->unanswered);
}

/* ---- A plot ---- */

static void add_individuals(plot *chart, const hebb_dependence *d, int k)
{
	const char *name = d->individuals == 1 ? "single row" : "single rows";

	for (int row = 0; row < d->individuals; row++) {
		const double *single =
			d->single + (size_t)row * (size_t)d->points * (size_t)d->outputs;
		double *curve = curve_of(d, single, k);

		if (curve)
			plot_curve(chart, INK_FAINT, row == 0 ? name : NULL, d->points, d->value,
				   curve);
		free(curve);
	}
}

/* The range of the curves of a plot. */
static void extend(const hebb_dependence *d, int k, int has_individuals, axis *y)
{
	for (int i = 0; i < d->points; i++) {
		double mean = d->mean[(size_t)i * (size_t)d->outputs + (size_t)k];

		y->low = fmin(y->low, mean);
		y->high = fmax(y->high, mean);
		for (int row = 0; row < d->individuals && has_individuals; row++) {
			double value = d->single[((size_t)row * (size_t)d->points + (size_t)i) *
							 (size_t)d->outputs +
						 (size_t)k];

			y->low = fmin(y->low, value);
			y->high = fmax(y->high, value);
		}
	}
}

/* Of one output the single rows are drawn, too. */
static plot *make_plot(const hebb_dependence *d, const hebb_coding *coding, const char *title)
{
	int chosen[CURVES], count = choose_curves(d, chosen), is_single = d->outputs == 1;
	char x_label[64], y_label[64];
	axis x = {x_label, d->value[0], d->value[d->points - 1], 0};
	axis y = {y_label, INFINITY, -INFINITY, 0};
	const char *name = coding->inputs[d->column].name;
	plot *chart;

	hebb_show(name, strlen(name), x_label, sizeof x_label);
	snprintf(y_label, sizeof y_label, "%s",
		 coding->task == HEBB_REGRESSION ? "mean output" : "mean probability");
	for (int i = 0; i < count; i++)
		extend(d, chosen[i], is_single, &y);
	if (!(y.high > y.low)) {
		double half = fmax(fabs(y.low) * 0.05, 1e-3);

		y.low -= half;
		y.high += half;
	}
	chart = plot_new(title, x, y);
	if (chart && is_single)
		add_individuals(chart, d, 0);
	for (int i = 0; i < count && chart; i++) {
		const char *output = output_name(coding, d->output[chosen[i]]);
		double *curve = curve_of(d, d->mean, chosen[i]);
		char shown[24];

		hebb_show(output, strlen(output), shown, sizeof shown);
		if (curve)
			plot_curve(chart, (ink)(INK_1 + i), shown, d->points, d->value, curve);
		free(curve);
	}
	return chart;
}

/* ---- Bars ---- */

static int level_width(const hebb_dependence *d, const hebb_column *column)
{
	int width = 5;

	for (int i = 0; i < d->points; i++) {
		int one = text_width(column->levels[(int)d->value[i]]);

		width = one > width ? one : width;
	}
	return width < NAME_WIDTH ? width : NAME_WIDTH;
}

static void print_levels(const hebb_dependence *d, const hebb_column *column, int k)
{
	int name = level_width(d, column), bar = page_width(stdout) - 4 - name - 2 - 9 - 2;
	double most = 0;

	bar = bar < BAR_LEAST ? BAR_LEAST : bar;
	for (int i = 0; i < d->points; i++)
		most = fmax(most, fabs(d->mean[(size_t)i * (size_t)d->outputs + (size_t)k]));
	for (int i = 0; i < d->points; i++) {
		double mean = d->mean[(size_t)i * (size_t)d->outputs + (size_t)k];

		fputs("    ", stdout);
		print_field(stdout, column->levels[(int)d->value[i]], -name);
		printf("  %9s  ", hebb_show_number(mean, 4).text);
		print_bar(mean, most, bar);
		putchar('\n');
	}
}

/* ---- Text ---- */

/* One line: how an output goes with the numbers of the column. */
static void print_spark(const hebb_dependence *d, const hebb_coding *coding, int k, int name)
{
	const double *last = d->mean + (size_t)(d->points - 1) * (size_t)d->outputs;
	double *curve = curve_of(d, d->mean, k);
	spark_scale scale = spark_scale_none();
	char ends[2 * FIGURE_MOST];
	int length = snprintf(ends, sizeof ends, "%s to %s", hebb_show_number(d->mean[k], 4).text,
			      hebb_show_number(last[k], 4).text);
	int room = page_width(stdout) - 2 - 2 - (length > ENDS ? length : ENDS) - 2;

	name = name > room - SPARK_LEAST ? room - SPARK_LEAST : name;
	room -= name;
	fputs("  ", stdout);
	print_field(stdout, output_name(coding, d->output[k]), -name);
	printf("  %-*s  ", ENDS, ends);
	if (curve) {
		spark_extend(&scale, d->points, curve);
		spark_print(stdout, &scale, d->points, curve,
			    room > SPARK_MOST ? SPARK_MOST : room);
	}
	putchar('\n');
	free(curve);
}

static int output_width(const hebb_dependence *d, const hebb_coding *coding)
{
	int width = 4;

	for (int k = 0; k < d->outputs; k++) {
		int one = text_width(output_name(coding, d->output[k]));

		width = one > width ? one : width;
	}
	return width < NAME_WIDTH ? width : NAME_WIDTH;
}

static int has_plot(const hebb_dependence *d)
{
	return page_width(stdout) >= PLOT_WIDTH && d->points >= 2;
}

static int print_numbers(const hebb_dependence *d, const hebb_coding *coding)
{
	int name = output_width(d, coding);
	plot *chart;

	for (int k = 0; k < d->outputs; k++)
		print_spark(d, coding, k, name);
	if (!has_plot(d))
		return EXIT_DONE;
	chart = make_plot(d, coding, "");
	if (!chart)
		return fail("--dependence", "out of memory");
	figure_print(plot_figure(chart), stdout);
	plot_free(chart);
	return EXIT_DONE;
}

static int print_dependence(explanation *e, const hebb_dependence *d)
{
	const hebb_coding *coding = e->model->coding;
	const hebb_column *column = &coding->inputs[d->column];
	char low[FIGURE_MOST], high[FIGURE_MOST], range[3 * FIGURE_MOST] = "";

	grid_text(e, d->column, d->value[0], low, sizeof low);
	grid_text(e, d->column, d->value[d->points - 1], high, sizeof high);
	if (column->kind == HEBB_NUMBER)
		snprintf(range, sizeof range, ", from %s to %s", low, high);
	print_title(e, "dependence on %s%s", short_name(column->name), range);
	snprintf(range, sizeof range, "the mean %s over %s if all had this value",
		 coding->task == HEBB_REGRESSION ? "output" : "probability",
		 hebb_show_count(d->rows, "row").text);
	page_paragraph(stdout, range, 2);
	if (column->kind != HEBB_TEXT && d->outputs == 1 && d->individuals > 0 && has_plot(d)) {
		snprintf(range, sizeof range, "the faint lines are %s",
			 hebb_show_count(d->individuals, "single row").text);
		page_paragraph(stdout, range, 2);
	}
	if (column->kind != HEBB_TEXT)
		return print_numbers(d, coding);
	for (int k = 0; k < d->outputs; k++) {
		fputs("  ", stdout);
		print_shown(stdout, output_name(coding, d->output[k]));
		putchar('\n');
		print_levels(d, column, k);
	}
	return EXIT_DONE;
}

/* ---- The figure ---- */

static figure *bars_figure(const hebb_dependence *d, const hebb_coding *coding, const char *title)
{
	enum { NAMES = 24, BARS = 46, FIGURES = 12 };
	const hebb_column *column = &coding->inputs[d->column];
	figure *picture = figure_new(title, NAMES + BARS + FIGURES, d->outputs * (d->points + 2));
	double most = 0, y = 0;

	for (int i = 0; i < d->points * d->outputs; i++)
		most = fmax(most, fabs(d->mean[i]));
	for (int k = 0; k < d->outputs && picture; k++, y += d->points + 2) {
		char shown[NAMES];
		const char *name = output_name(coding, d->output[k]);

		hebb_show(name, strlen(name), shown, sizeof shown);
		figure_text(picture, INK_TEXT, ALIGN_LEFT, 0, y, shown);
		for (int i = 0; i < d->points; i++) {
			double mean = d->mean[(size_t)i * (size_t)d->outputs + (size_t)k];
			double length = most > 0 ? BARS * fabs(mean) / most : 0;

			name = column->levels[(int)d->value[i]];
			hebb_show(name, strlen(name), shown, sizeof shown);
			figure_text(picture, INK_TEXT, ALIGN_RIGHT, NAMES - 2, y + i + 1, shown);
			figure_shade(picture, NAMES, y + i + 1.15, length, 0.7, 0.6);
			figure_text(picture, INK_TEXT, ALIGN_LEFT, NAMES + length + 1, y + i + 1,
				    hebb_show_number(mean, 4).text);
		}
	}
	return picture;
}

static void name_figure(int column, char name[48])
{
	snprintf(name, 48, "dependence-%d", column + 1);
}

static int write_dependence(const explanation *e, const hebb_dependence *d)
{
	const hebb_coding *coding = e->model->coding;
	char name[48], title[96];
	int status;

	name_figure(d->column, name);
	snprintf(title, sizeof title, "Partial dependence on %s",
		 short_name(coding->inputs[d->column].name));
	if (coding->inputs[d->column].kind == HEBB_TEXT)
		return write_figure(e, name, bars_figure(d, coding, title));
	plot *chart = make_plot(d, coding, title);
	status = write_plot(e, name, chart ? plot_figure(chart) : NULL);
	plot_free(chart);
	return status;
}

/* ---- The whole ---- */

static int explain_one(explanation *e, int column, json_t *list)
{
	hebb_explain how = e->how;
	hebb_dependence result;
	hebb_error error;
	int status = EXIT_DONE;

	how.individuals = INDIVIDUALS;
	activity_begin("predicting with other values");
	hebb_status done = hebb_model_dependence(e->model, e->table, e->rows, e->row, column, &how,
						 &result, &error);
	activity_end();
	if (done != HEBB_OK)
		return fail_error(NULL, &error);
	if (e->json)
		json_array_append_new(list, dependence_json(&result, e->model->coding));
	else
		status = print_dependence(e, &result);
	if (status == EXIT_DONE && e->given->figures)
		status = write_dependence(e, &result);
	hebb_dependence_free(&result);
	return status;
}

int check_dependence(explanation *e, const char *columns)
{
	int count, status, *column = find_columns(e, columns, &count, &status);
	char name[48];

	for (int i = 0; i < count && status == EXIT_DONE && e->given->figures; i++) {
		name_figure(column[i], name);
		status = figure_check(e->given, name);
	}
	free(column);
	return status;
}

int explain_dependence(explanation *e, const char *columns)
{
	int count, status, *column = find_columns(e, columns, &count, &status);
	json_t *list = e->json ? json_array() : NULL;

	for (int i = 0; i < count && status == EXIT_DONE; i++)
		status = explain_one(e, column[i], list);
	if (e->json && status == EXIT_DONE)
		json_object_set(e->json, "dependence", list);
	json_decref(list);
	free(column);
	return status;
}
