/* SPDX-License-Identifier: MIT */
/*
 * attribution.c - what the columns contribute to the outputs of rows: Shapley values and integrated
 * gradients
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw/json.h"
#include "draw/page.h"
#include "draw/terminal.h"
#include "file/figure_folder.h"
#include "figures.h"
#include "hebb_advanced.h"
#include "picture/activity.h"

enum {
	LISTED = 20,
	NAME_WIDTH = 20,
	VALUE_WIDTH = 14,
	WIDTH_LEAST = 4,
	NARROW = 60,
	BAR_LEAST = 6
};

/* What both explanations have in common, and how they differ. */
typedef struct kind {
	const char *name; /* of option, JSON and figures */
	const char *base; /* what the values begin with */
} kind;

static const kind shapley = {"shapley", "mean of the background rows"};
static const kind gradients = {"gradients", "output of the baseline"};

static const char *base_text(const kind *which, const hebb_attributions *result)
{
	if (which == &shapley)
		return which->base;
	return result->baseline == HEBB_BASELINE_BLACK ? "output of a black image or all zeros"
						       : "output of the mean of training";
}

/* ---- JSON ---- */

static json_t *output_json(const hebb_attribution *of, const hebb_coding *coding, int k)
{
	const int columns = coding->input_count;
	json_t *values = json_array(), *errors = of->error ? json_array() : json_null();

	for (int c = 0; c < columns; c++) {
		size_t at = (size_t)k * (size_t)columns + (size_t)c;

		json_array_append_new(values, number_json(of->value[at]));
		if (of->error)
			json_array_append_new(errors, number_json(of->error[at]));
	}
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "output",
			 text_json(output_name(coding, of->output[k])), "answer",
			 number_json(of->answer[k]), "base", number_json(of->base[k]), "values",
			 values, "errors", errors, "gap", number_json(of->gap[k]));
}

static json_t *row_json(const explanation *e, const hebb_attribution *of)
{
	json_t *outputs = json_array();
	const uint32_t *line = e->table->line;

	for (int k = 0; k < of->outputs; k++)
		json_array_append_new(outputs, output_json(of, e->model->coding, k));
	json_t *row = json_pack("{s:I, s:o, s:o}", "row", (json_int_t)(of->row + 1), "line",
				line ? json_integer((json_int_t)line[of->row]) : json_null(),
				"outputs", outputs);
	if (of->steps > 0)
		json_object_set_new(row, "steps", json_integer(of->steps));
	return row;
}

static json_t *attributions_json(const explanation *e, const kind *which,
				 const hebb_attributions *result)
{
	json_t *rows = json_array(), *object;

	for (int i = 0; i < result->count; i++)
		json_array_append_new(rows, row_json(e, &result->of[i]));
	object = json_pack("{s:o, s:o}", "columns",
			   names_json(result->columns, e->model->coding->inputs), "rows", rows);
	if (which == &gradients) {
		json_object_set_new(object, "baseline",
				    json_string(hebb_baseline_name(result->baseline)));
		return object;
	}
	json_object_set_new(object, "exact", json_boolean(result->is_exact));
	json_object_set_new(object, "background", json_integer(result->background));
	json_object_set_new(object, "walks", json_integer(result->walks));
	return object;
}

/* ---- Text ---- */

typedef struct ranked {
	double size;
	int column;
} ranked;

static int by_size(const void *a, const void *b)
{
	const ranked *x = a, *y = b;

	if (x->size != y->size)
		return x->size < y->size ? 1 : -1;
	return x->column - y->column;
}

/* The columns by the size of what they add to output k; to be freed, NULL: no memory. */
static int *rank(const hebb_attribution *of, int columns, int k)
{
	ranked *list = malloc((size_t)columns * sizeof *list);
	int *order = malloc((size_t)columns * sizeof *order);

	for (int c = 0; c < columns && list; c++)
		list[c] = (ranked){fabs(of->value[(size_t)k * (size_t)columns + (size_t)c]), c};
	if (list)
		qsort(list, (size_t)columns, sizeof *list, by_size);
	for (int c = 0; c < columns && list && order; c++)
		order[c] = list[c].column;
	free(list);
	if (list)
		return order;
	free(order);
	return NULL;
}

typedef struct page {
	int name, value, figure, bar; /* widths */
	int has_errors;
	double most; /* the longest bar */
} page;

/* Takes columns from the longer one of names and values until there is room for a bar. */
static void fit_page(page *p)
{
	int used = 2 + 3 + 2 + p->figure + 2 + (p->has_errors ? 11 : 0);

	p->bar = page_width(stdout) - used - p->name - p->value;
	for (; p->bar < BAR_LEAST && p->name + p->value > 2 * WIDTH_LEAST; p->bar++)
		*(p->name > p->value ? &p->name : &p->value) -= 1;
	p->bar = p->bar < BAR_LEAST ? BAR_LEAST : p->bar;
}

/* The page of `listed` columns and what each adds. */
static page page_of(const explanation *e, const hebb_attribution *of, int listed, const int *column,
		    const double *added)
{
	page p = {.value = WIDTH_LEAST, .has_errors = of->error && page_width(stdout) >= NARROW};
	char text[256];

	p.name = names_width(e->model->coding, listed, column, NAME_WIDTH);
	for (int i = 0; i < listed; i++) {
		value_text(e, column[i], of->row, text, sizeof text);
		p.value = text_width(text) > p.value ? text_width(text) : p.value;
		int own = (int)strlen(signed_text(added[column[i]], text));
		p.figure = own > p.figure ? own : p.figure;
		p.most = fmax(p.most, fabs(added[column[i]]));
	}
	p.value = p.value < VALUE_WIDTH ? p.value : VALUE_WIDTH;
	fit_page(&p);
	return p;
}

static void print_value(const explanation *e, const hebb_attribution *of, int k, int column,
			const page *p)
{
	const int columns = e->model->coding->input_count;
	size_t at = (size_t)k * (size_t)columns + (size_t)column;
	char value[256], sign[FIGURE_MOST];

	value_text(e, column, of->row, value, sizeof value);
	fputs("  ", stdout);
	print_field(stdout, e->model->coding->inputs[column].name, -p->name);
	fputs(" = ", stdout);
	print_field(stdout, value, -p->value);
	printf("  %*s  ", p->figure, signed_text(of->value[at], sign));
	if (p->has_errors)
		printf("%s+- %-8s%s", dim(stdout), hebb_show_number(of->error[at], 2).text,
		       plain(stdout));
	print_bar(of->value[at], p->most, p->bar);
	putchar('\n');
}

/* The largest values of output k, and the sum of the others. */
static int print_values(const explanation *e, const hebb_attribution *of, int k)
{
	const int columns = e->model->coding->input_count;
	int *order = rank(of, columns, k), listed = columns < LISTED ? columns : LISTED;
	double rest = 0;
	char sign[FIGURE_MOST];

	if (!order)
		return fail("explain", "out of memory");
	const double *value = of->value + (size_t)k * (size_t)columns;
	page p = page_of(e, of, listed, order, value);

	for (int i = 0; i < listed; i++)
		print_value(e, of, k, order[i], &p);
	for (int i = listed; i < columns; i++)
		rest += value[order[i]];
	if (columns > listed)
		printf("  %s%s more: %s together%s\n", dim(stdout),
		       hebb_show_count(columns - listed, "column").text, signed_text(rest, sign),
		       plain(stdout));
	free(order);
	return EXIT_DONE;
}

static int print_image(const explanation *e, const hebb_attribution *of, int k)
{
	const hebb_coding *coding = e->model->coding;
	double *pixel = pixels_of(e, of->row);

	if (!pixel)
		return fail("explain", "out of memory");
	print_pictures(coding, pixel, 0, of->value + (size_t)k * (size_t)coding->input_count, 1);
	printf("  %sleft the image; right: for %s, against %s%s\n", dim(stdout), picture_marks(1),
	       picture_marks(-1), plain(stdout));
	free(pixel);
	return EXIT_DONE;
}

static void print_head(const explanation *e, const kind *which, const hebb_attributions *result,
		       const hebb_attribution *of, int k)
{
	const hebb_coding *coding = e->model->coding;
	char line[320], sign[FIGURE_MOST];

	fputs("  ", stdout);
	int column =
		2 + print_cut(stdout, output_name(coding, of->output[k]), page_width(stdout) / 2);
	snprintf(line, sizeof line, ": %s, which is %s (%s) and %s from the columns",
		 hebb_show_number(of->answer[k], 4).text, hebb_show_number(of->base[k], 4).text,
		 base_text(which, result), signed_text(of->answer[k] - of->base[k], sign));
	page_words(stdout, line, column, 4);
	putchar('\n');
}

/* How the sum was checked. */
static void print_check(const kind *which, const hebb_attributions *result,
			const hebb_attribution *of)
{
	double gap = 0;
	char line[320];

	for (int k = 0; k < of->outputs; k++)
		gap = fmax(gap, fabs(of->gap[k]));
	if (which == &gradients)
		snprintf(line, sizeof line,
			 "the values add up to the difference but for a gap of %s; %d steps",
			 hebb_show_number(gap, 2).text, of->steps);
	else if (result->is_exact)
		snprintf(line, sizeof line,
			 "exact: all subsets of the columns, %s; the values add up to the "
			 "difference but for %s",
			 hebb_show_count(result->background, "background row").text,
			 hebb_show_number(gap, 2).text);
	else
		snprintf(line, sizeof line,
			 "%s from %s, +- a standard error; the values add up to the difference "
			 "but for %s",
			 hebb_show_count(result->walks, "walk").text,
			 hebb_show_count(result->background, "background row").text,
			 hebb_show_number(gap, 2).text);
	fputs("  ", stdout);
	fputs(dim(stdout), stdout);
	page_words(stdout, line, 2, 2);
	printf("%s\n", plain(stdout));
}

static int print_row(explanation *e, const kind *which, const hebb_attributions *result,
		     const hebb_attribution *of)
{
	char row[64];
	int status = EXIT_DONE;

	print_title(e, "%s: %s", which == &shapley ? "Shapley values" : "integrated gradients",
		    row_text(e->table, of->row, row));
	for (int k = 0; k < of->outputs && status == EXIT_DONE; k++) {
		print_head(e, which, result, of, k);
		status =
			is_image(e->model->coding) ? print_image(e, of, k) : print_values(e, of, k);
	}
	if (status == EXIT_DONE)
		print_check(which, result, of);
	return status;
}

/* ---- Figures ---- */

static figure *bars_figure(const explanation *e, const hebb_attribution *of, int k,
			   const char *title)
{
	enum { NAMES = 40, BARS = 40, FIGURES = 10 };
	const int columns = e->model->coding->input_count;
	int *order = rank(of, columns, k), listed = columns < LISTED ? columns : LISTED;
	figure *picture = order ? figure_new(title, NAMES + BARS + FIGURES, listed + 1) : NULL;
	const double *value = of->value + (size_t)k * (size_t)columns;
	double most = order ? fabs(value[order[0]]) : 0;

	for (int i = 0; i < listed && picture; i++) {
		double added = value[order[i]], length = most > 0 ? BARS * fabs(added) / most : 0;
		char held[256], shown[NAMES], whole[512], sign[FIGURE_MOST];

		value_text(e, order[i], of->row, held, sizeof held);
		snprintf(whole, sizeof whole, "%.200s = %.200s",
			 e->model->coding->inputs[order[i]].name, held);
		hebb_show(whole, strlen(whole), shown, sizeof shown);
		figure_text(picture, INK_TEXT, ALIGN_RIGHT, NAMES - 2, i, shown);
		figure_shade(picture, NAMES, i + 0.15, length, 0.7, added < 0 ? 0.3 : 0.7);
		figure_text(picture, INK_TEXT, ALIGN_LEFT, NAMES + length + 1, i,
			    signed_text(added, sign));
	}
	free(order);
	return picture;
}

/* What lies above 0, or below it, as darkness. */
static void darken(int count, const double *value, double sign, double most, double *darkness)
{
	for (int i = 0; i < count; i++)
		darkness[i] = most > 0 ? fmin(fmax(sign * value[i] / most, 0), 1) : 0;
}

static figure *image_figure(const explanation *e, const hebb_attribution *of, int k,
			    const char *title)
{
	const hebb_coding *coding = e->model->coding;
	const int pixels = coding->input_count;
	const double *value = of->value + (size_t)k * (size_t)pixels;
	double *pixel = pixels_of(e, of->row), *dark[3], brightest = 0, most = 0;
	double *room = malloc(3 * (size_t)pixels * sizeof *room);
	figure *picture = NULL;

	for (int i = 0; i < pixels && pixel; i++) {
		brightest = fmax(brightest, fabs(pixel[i]));
		most = fmax(most, fabs(value[i]));
	}
	for (int i = 0; i < 3; i++)
		dark[i] = room + (size_t)i * (size_t)pixels;
	if (pixel && room) {
		darken(pixels, pixel, 1, brightest, dark[0]);
		darken(pixels, value, 1, most, dark[1]);
		darken(pixels, value, -1, most, dark[2]);
		picture =
			pictures_figure(coding, title, 3, dark,
					(const char *const[]){"the image", "for it", "against it"});
	}
	free(pixel);
	free(room);
	return picture;
}

/* A figure of each row, of the first output that is explained. */
static int write_rows(const explanation *e, const kind *which, const hebb_attributions *result)
{
	int status = EXIT_DONE;

	for (int i = 0; i < result->count && status == EXIT_DONE; i++) {
		const hebb_attribution *of = &result->of[i];
		char name[64], title[160];

		snprintf(name, sizeof name, "%s-%lld", which->name, of->row + 1);
		snprintf(title, sizeof title, "%s of row %lld, output %s: %s",
			 which == &shapley ? "Shapley values" : "Integrated gradients", of->row + 1,
			 short_name(output_name(e->model->coding, of->output[0])),
			 hebb_show_number(of->answer[0], 4).text);
		status = write_figure(e, name,
				      is_image(e->model->coding) ? image_figure(e, of, 0, title)
								 : bars_figure(e, of, 0, title));
	}
	return status;
}

/* ---- The whole ---- */

static int show(explanation *e, const kind *which, const hebb_attributions *result)
{
	int status = EXIT_DONE;

	if (e->json)
		json_object_set_new(e->json, which->name, attributions_json(e, which, result));
	for (int i = 0; i < result->count && !e->json && status == EXIT_DONE; i++)
		status = print_row(e, which, result, &result->of[i]);
	if (status == EXIT_DONE && e->given->figures)
		status = write_rows(e, which, result);
	return status;
}

static int check(explanation *e, const kind *which, const char *option, const char *rows)
{
	int count, status;
	long long *row = find_rows(e, option, rows, &count, &status);
	char name[64];

	for (int i = 0; row && i < count && status == EXIT_DONE && e->given->figures; i++) {
		snprintf(name, sizeof name, "%s-%lld", which->name, row[i] + 1);
		status = figure_check(e->given, name);
	}
	free(row);
	return status;
}

int check_shapley(explanation *e, const char *rows)
{
	return check(e, &shapley, "--shapley", rows);
}

int check_gradients(explanation *e, const char *rows)
{
	return check(e, &gradients, "--gradients", rows);
}

static int explain(explanation *e, const kind *which, const char *option, const char *rows)
{
	hebb_attributions result;
	hebb_error error;
	int count, status;
	long long *row = find_rows(e, option, rows, &count, &status);
	hebb_status done;

	if (!row)
		return status;
	activity_begin("explaining rows");
	done = which == &shapley ? hebb_model_shapley(e->model, e->table, e->rows, e->row, count,
						      row, &e->how, &result, &error)
				 : hebb_model_gradients(e->model, e->table, count, row, &e->how,
							&result, &error);
	activity_end();
	free(row);
	if (done != HEBB_OK)
		return fail_error(NULL, &error);
	status = show(e, which, &result);
	hebb_attributions_free(&result);
	return status;
}

int explain_shapley(explanation *e, const char *rows)
{
	return explain(e, &shapley, "--shapley", rows);
}

int explain_gradients(explanation *e, const char *rows)
{
	return explain(e, &gradients, "--gradients", rows);
}
