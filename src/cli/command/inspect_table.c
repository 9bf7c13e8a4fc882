/* SPDX-License-Identifier: MIT */
/*
 * inspect_table.c - what is in a table of data: columns with type and why, range, missing values
 * and levels, and what would be predicted
 */
#include "inspect_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "column_levels.h"
#include "draw/column_figure.h"
#include "draw/json.h"
#include "draw/task_text.h"
#include "draw/terminal.h"
#include "hebb_study.h"
#include "picture/activity.h"
#include "picture/histogram.h"
#include "picture/pixels.h"

enum {
	LISTED = 20,   /* columns with a line of their own */
	FIGURE = 8,    /* the least width of a number */
	CHUNK = 256,   /* columns whose histograms are made at once */
	WHY_MOST = 640 /* bytes of a reason */
};

/* A table, what is known of its columns, and the widths of the page. */
typedef struct view {
	const hebb_table *table;
	const hebb_column_facts *facts;
	int page, name, kind, figure; /* widths */
	int is_narrow;                /* a column takes two lines */
} view;

/* ---- The type of a column ---- */

static const hebb_column_detail *detail_of(const hebb_table *table, int i)
{
	return table->detail ? table->detail[i] : NULL;
}

/* The form of the numbers of a column. */
static hebb_form form_of(const hebb_table *table, int i)
{
	const hebb_column_detail *detail = detail_of(table, i);

	return detail && detail->form ? detail->form : HEBB_FORM_PLAIN;
}

/* "number", "date-dmy", "text" */
static const char *kind_text(const hebb_table *table, int i)
{
	if (table->column[i].kind == HEBB_TEXT)
		return "text";
	return form_of(table, i) == HEBB_FORM_PLAIN ? "number" : hebb_form_name(form_of(table, i));
}

/* The first row whose text is no number; -1: there is none. */
static long long first_text(const hebb_table *table, int i)
{
	for (long long row = 0; row < table->rows; row++) {
		double level = hebb_table_value(table, row, i), number;

		if (!isnan(level) && !number_parse(table->column[i].levels[(int)level], &number))
			return row;
	}
	return -1;
}

static const char *text_why(const hebb_table *table, int i, char why[WHY_MOST])
{
	long long row = first_text(table, i);

	if (row < 0) {
		snprintf(why, WHY_MOST, "it was read as text");
		return why;
	}
	snprintf(why, WHY_MOST, "%s %lld says '%s'", table->line ? "line" : "row",
		 table->line ? (long long)table->line[row] : row + 1,
		 short_name(table->column[i].levels[(int)hebb_table_value(table, row, i)]));
	return why;
}

/* Why a column has its type. */
static const char *type_why(const hebb_table *table, int i, char why[WHY_MOST])
{
	static const char *const meaning[] = {
		[HEBB_FORM_PLAIN] = "all values are numbers",
		[HEBB_FORM_DECIMAL_COMMA] = "all values are numbers with a decimal comma",
		[HEBB_FORM_THOUSANDS] = "all values are numbers with signs between thousands",
		[HEBB_FORM_TRUTH] = "all values are true (1) or false (0)",
		[HEBB_FORM_DATE_YMD] = "all values are dates, year first: seconds since 1970; or "
				       "times: seconds since midnight",
		[HEBB_FORM_DATE_DMY] = "all values are dates, day first: seconds since 1970",
		[HEBB_FORM_DATE_MDY] = "all values are dates, month first: seconds since 1970"};
	hebb_form form = form_of(table, i);

	if (table->column[i].kind == HEBB_TEXT)
		return text_why(table, i, why);
	if (table->column[i].missing == table->rows)
		return "there is no value";
	if (form >= (hebb_form)(sizeof meaning / sizeof *meaning))
		return hebb_form_name(form);
	return meaning[form];
}

static int is_exact(const hebb_table *table, int i)
{
	const hebb_column_detail *detail = detail_of(table, i);

	return detail && detail->exact;
}

/* 1 if no date of the column, if it holds such, is after the first day of 1970: it holds times. */
static int holds_times(const hebb_table *table, int i)
{
	const double day = 24 * 60 * 60;
	int is_time = form_of(table, i) == HEBB_FORM_DATE_YMD;

	for (long long row = 0; row < table->rows && is_time; row++)
		is_time = !(hebb_table_value(table, row, i) >= day);
	return is_time;
}

/* A number of a column. */
static figure_text figure_of(const hebb_table *table, int i, double value)
{
	return column_figure(form_of(table, i), holds_times(table, i), value);
}

/* ---- JSON ---- */

static json_t *counts_json(const hebb_table *table, int i)
{
	long long *count = levels_count(table, i);
	json_t *list = json_array();

	for (int k = 0; count && k < table->column[i].level_count; k++)
		json_array_append_new(list, json_integer(count[k]));
	free(count);
	return list;
}

/* A value of a column, with the digits that stand in its file. */
static json_t *value_json(const hebb_table *table, int i, double value)
{
	const hebb_column_detail *detail = detail_of(table, i);
	char digits[32];

	if (isfinite(value) && !(detail && detail->doubles))
		value = strtod(hebb_format_float((float)value, digits), NULL);
	return number_json(value);
}

static json_t *column_json(const hebb_table *table, const hebb_column_facts *facts,
			   const histogram *spread, int i)
{
	const hebb_column *column = &table->column[i];
	json_t *object = json_object();
	char why[WHY_MOST];

	json_object_set_new(object, "name", text_json(column->name));
	json_object_set_new(object, "kind", json_string(hebb_column_kind_name(column->kind)));
	json_object_set_new(object, "why", text_json(type_why(table, i, why)));
	json_object_set_new(object, "missing", json_integer(column->missing));
	json_object_set_new(object, "constant", json_boolean(facts->constant));
	if (column->kind == HEBB_TEXT) {
		json_object_set_new(object, "levels",
				    texts_json(column->level_count, column->levels));
		json_object_set_new(object, "counts", counts_json(table, i));
		return object;
	}
	json_object_set_new(object, "form", json_string(hebb_form_name(form_of(table, i))));
	json_object_set_new(object, "exact", json_boolean(is_exact(table, i)));
	json_object_set_new(object, "min", value_json(table, i, facts->least));
	json_object_set_new(object, "mean", number_json(facts->mean));
	json_object_set_new(object, "max", value_json(table, i, facts->most));
	json_object_set_new(object, "histogram", histogram_json(spread));
	return object;
}

static json_t *columns_json(const hebb_table *table, const hebb_column_facts *facts)
{
	histogram *spread = calloc(CHUNK, sizeof *spread);
	json_t *list = json_array();

	for (int first = 0; first < table->columns && spread; first += CHUNK) {
		int count = table->columns - first < CHUNK ? table->columns - first : CHUNK;

		histograms_fill(table, first, count, spread);
		for (int i = 0; i < count; i++)
			json_array_append_new(
				list, column_json(table, &facts[first + i], &spread[i], first + i));
	}
	if (!spread) {
		json_decref(list);
		list = NULL;
	}
	free(spread);
	return list;
}

/* How many classes a target has for train, with any other column as the input; 0: train refuses
 * it with all of them, and the error tells why. */
static int count_classes(const hebb_table *table, int target, hebb_error *error)
{
	hebb_coding_options plan = hebb_coding_options_default();
	hebb_coding *coding = NULL;
	int count = 0;

	plan.missing = HEBB_MISSING_DROP;
	plan.target_count = plan.input_count = 1;
	plan.targets = &target;
	for (int i = 0; i < table->columns && !coding; i++) {
		plan.inputs = &i;
		if (i != target)
			coding = hebb_coding_fit(table, &plan, table->rows, NULL, error);
	}
	count = coding ? coding->targets[0].level_count : 0;
	hebb_coding_free(coding);
	return count;
}

/* What is said of the task: "one of 3 classes", "a number (14 different ...)". */
static const char *task_text(const hebb_table *table, int target, char text[WHY_MOST])
{
	char doubt[DOUBT_MOST], count[32];
	hebb_error error = {.message = ""};
	int classes;

	task_doubt(table, target, doubt);
	if (hebb_table_task(table, target, NULL) == HEBB_REGRESSION) {
		snprintf(text, WHY_MOST, "a number%s", doubt);
		return text;
	}
	classes = count_classes(table, target, &error);
	if (classes > 0)
		snprintf(text, WHY_MOST, "one of %s classes%s", count_text(classes, count), doubt);
	else
		snprintf(text, WHY_MOST, "which it refuses: %s", error.message);
	return text;
}

static json_t *prediction_json(const hebb_table *table)
{
	json_t *object = json_object();
	int target = table->columns - 1;
	char text[WHY_MOST];

	json_object_set_new(object, "target", text_json(table->column[target].name));
	json_object_set_new(object, "task",
			    json_string(hebb_task_name(hebb_table_task(table, target, NULL))));
	json_object_set_new(object, "why", text_json(task_text(table, target, text)));
	return object;
}

static json_t *table_json(const hebb_table *table, const hebb_column_facts *facts)
{
	json_t *object = json_object();

	json_object_set_new(object, "kind", json_string("data"));
	json_object_set_new(object, "format", json_string(table->format));
	json_object_set_new(object, "rows", json_integer(table->rows));
	json_object_set_new(object, "own_test_rows", json_integer(table->rows - table->test_from));
	if (table->height > 0) {
		json_object_set_new(object, "height", json_integer(table->height));
		json_object_set_new(object, "width", json_integer(table->width));
	}
	json_object_set_new(object, "columns", columns_json(table, facts));
	json_object_set_new(object, "notes", texts_json(table->note_count, table->notes));
	if (table->columns > 1)
		json_object_set_new(object, "prediction", prediction_json(table));
	return object;
}

/* ---- Text ---- */

/* Whether a column has its own line. The last one always has: it is the target unless --target says
 * otherwise. */
static int is_listed(const hebb_table *table, int i)
{
	return table->columns <= LISTED || i < LISTED - 1 || i == table->columns - 1;
}

static int larger(int a, int b)
{
	return a > b ? a : b;
}

static int width_before_range(const view *v)
{
	return 2 + 6 + 2 + v->name + 2 + v->kind + 9 + 2 + HISTOGRAM_WIDTH;
}

/* The widths of what is listed. Long names are cut to fit the page. */
static view view_of(const hebb_table *table, const hebb_column_facts *facts)
{
	view v = {table, facts, terminal_width(stdout), 4, 6, FIGURE, 0};
	int spare;

	for (int i = 0; i < table->columns; i++) {
		const double value[] = {facts[i].least, facts[i].mean, facts[i].most};

		if (!is_listed(table, i))
			continue;
		v.name = larger(v.name, text_width(table->column[i].name));
		v.kind = larger(v.kind, text_width(kind_text(table, i)));
		for (int k = 0; k < 3 && table->column[i].kind == HEBB_NUMBER; k++)
			v.figure =
				larger(v.figure, (int)strlen(figure_of(table, i, value[k]).text));
	}
	spare = v.page - (width_before_range(&v) + 3 * (v.figure + 1));
	if (spare < 0 && v.name + spare >= 8)
		v.name += spare;
	else
		v.is_narrow = spare < 0;
	const int others = 12 + v.kind + 2 + HISTOGRAM_WIDTH; /* beside the name */
	if (v.is_narrow && v.name > v.page - others)
		v.name = larger(v.page - others, 8);
	return v;
}

static void print_figures(const view *v, int i)
{
	const hebb_column_facts *facts = &v->facts[i];

	if (isnan(facts->least))
		printf(" %*s  %salways missing%s", v->figure, "-", dim(stdout), plain(stdout));
	else if (facts->constant)
		printf(" %*s  %salways%s", v->figure, figure_of(v->table, i, facts->least).text,
		       dim(stdout), plain(stdout));
	else
		printf(" %*s %*s %*s", v->figure, figure_of(v->table, i, facts->least).text,
		       v->figure, figure_of(v->table, i, facts->mean).text, v->figure,
		       figure_of(v->table, i, facts->most).text);
	putchar('\n');
}

/* The shape of a column, in at most HISTOGRAM_WIDTH characters; returns their number. */
static int print_shape(const hebb_table *table, int i)
{
	int width = HISTOGRAM_WIDTH;
	histogram spread;

	fputs(colored(stdout, 1), stdout);
	if (table->column[i].kind == HEBB_TEXT) {
		width = levels_bars(table, i);
	} else {
		histograms_fill(table, i, 1, &spread);
		histogram_print(stdout, &spread);
	}
	fputs(plain(stdout), stdout);
	return width;
}

static void print_column(const view *v, int i)
{
	const hebb_column *column = &v->table->column[i];

	printf("  %6d  ", i + 1);
	print_field(stdout, column->name, -v->name);
	printf("  %-*s %8lld  ", v->kind, kind_text(v->table, i), column->missing);
	int width = print_shape(v->table, i);
	if (column->kind == HEBB_NUMBER) {
		print_figures(v, i);
		return;
	}
	fputs("  ", stdout);
	levels_print(v->table, i, v->page - width_before_range(v) - 3 + HISTOGRAM_WIDTH - width);
	putchar('\n');
}

static void print_column_narrow(const view *v, int i)
{
	const hebb_column *column = &v->table->column[i];
	const hebb_column_facts *facts = &v->facts[i];
	char range[160] = "always missing", missing[32];

	printf("%4d  ", i + 1);
	print_field(stdout, column->name, -v->name);
	printf("  %-*s  ", v->kind, kind_text(v->table, i));
	print_shape(v->table, i);
	if (column->missing > 0)
		printf("\n      %s missing", count_text(column->missing, missing));
	printf("\n      ");
	if (column->kind == HEBB_TEXT) {
		levels_print(v->table, i, v->page - 7);
		putchar('\n');
		return;
	}
	if (facts->constant && !isnan(facts->least))
		snprintf(range, sizeof range, "always %s",
			 figure_of(v->table, i, facts->least).text);
	else if (!facts->constant)
		snprintf(range, sizeof range, "%s to %s, mean %s",
			 figure_of(v->table, i, facts->least).text,
			 figure_of(v->table, i, facts->most).text,
			 figure_of(v->table, i, facts->mean).text);
	print_words(stdout, range, 6, 6);
}

static void print_columns(const view *v)
{
	const hebb_table *table = v->table;

	if (!v->is_narrow)
		printf("  %scolumn  %-*s  %-*s  missing   %-*s %*s %*s %*s%s\n", dim(stdout),
		       v->name, "name", v->kind, "kind", HISTOGRAM_WIDTH, "values", v->figure,
		       "min", v->figure, "mean", v->figure, "max", plain(stdout));
	for (int i = 0; i < table->columns; i++) {
		if (is_listed(table, i) && v->is_narrow)
			print_column_narrow(v, i);
		else if (is_listed(table, i))
			print_column(v, i);
		else if (i == LISTED - 1)
			printf("  %s   ...  %s%s\n", dim(stdout),
			       hebb_show_count(table->columns - LISTED, "more column").text,
			       plain(stdout));
	}
}

static int has_number(const hebb_column *column)
{
	double number;

	for (int k = 0; k < column->level_count; k++)
		if (number_parse(column->levels[k], &number))
			return 1;
	return 0;
}

/* Why columns are not what they seem: numbers that are texts, or that need doubles. */
static void print_reasons(const view *v)
{
	const hebb_table *table = v->table;
	char line[WHY_MOST + 80], why[WHY_MOST];

	for (int i = 0, count = 0; i < table->columns && count < LISTED; i++) {
		int text = table->column[i].kind == HEBB_TEXT;

		if (text ? !has_number(&table->column[i]) : !is_exact(table, i))
			continue;
		snprintf(line, sizeof line, "'%s' is %s", short_name(table->column[i].name),
			 text ? "text: " : "kept in double: float32 would lose its digits");
		if (text)
			snprintf(line + strlen(line), sizeof line - strlen(line), "%s",
				 type_why(table, i, why));
		fputs(count++ ? "" : "\n", stdout);
		print_words(stdout, line, 0, 2);
	}
}

static void print_prediction(const hebb_table *table)
{
	char line[PLACE_MOST + WHY_MOST + 40], place[PLACE_MOST], text[WHY_MOST];
	int target = table->columns - 1;

	if (table->columns < 2)
		return;
	snprintf(line, sizeof line, "hebb train predicts %s, %s",
		 target_place(table, target, place), task_text(table, target, text));
	putchar('\n');
	print_words(stdout, line, 0, 2);
}

static void print_table(const hebb_table *table, const hebb_column_facts *facts)
{
	view v = view_of(table, facts);
	char rows[32];
	int constant = 0;

	for (int i = 0; i < table->columns; i++)
		constant += facts[i].constant;
	printf("%s", bold(stdout));
	print_field(stdout, table->name, 0);
	printf("%s: %s, %s, %s", plain(stdout), table->format,
	       hebb_show_count(table->rows, "row").text,
	       hebb_show_count(table->columns, "column").text);
	if (table->height > 0)
		printf(", images of %d x %d", table->height, table->width);
	if (table->test_from < table->rows)
		printf(", of which the last %s are a test set",
		       count_text(table->rows - table->test_from, rows));
	printf("\n\n");
	print_columns(&v);
	samples_print(stdout, table);
	if (constant > 0)
		printf("\n%d column%s never change%s\n", constant, constant == 1 ? "" : "s",
		       constant == 1 ? "s" : "");
	print_reasons(&v);
	print_prediction(table);
}

int inspect_table(const options *given, const hebb_table *table)
{
	activity_begin("looking at the columns");
	hebb_column_facts *facts = hebb_table_facts(table);
	activity_end();
	int status = EXIT_DONE;

	if (!facts)
		return fail(table->name, "out of memory");
	if (given->json)
		status = print_json(table_json(table, facts));
	else
		print_table(table, facts);
	free(facts);
	return status;
}
