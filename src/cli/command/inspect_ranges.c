/* SPDX-License-Identifier: MIT */
/*
 * inspect_ranges.c - what the rows of training had in each input of a model
 *
 *     input   missing   smallest     median    largest
 *     age      19.9 %       0.42         28         80
 *     sex           0   male 453, female 260
 */
#include "inspect_ranges.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw/column_figure.h"
#include "draw/json.h"
#include "draw/terminal.h"

enum {
	LISTED = 20,       /* inputs */
	LEVELS = 40,       /* of a text, the most frequent */
	FIGURE = 10,       /* the least width of a number */
	NAME = 8,          /* that of a name */
	BEFORE = 2 + 2 + 9 /* of what stands before the numbers, without the name */
};

/* ---- Text ---- */

/* "male 453, female 260", the most frequent first, cut to `room` columns. */
static void print_levels(const hebb_column *input, const hebb_seen *seen, int room)
{
	size_t size = (size_t)input->level_count * sizeof *seen->count;
	long long *left = malloc(size);

	if (left)
		memcpy(left, seen->count, size);
	for (int k = 0; k < input->level_count && left; k++) {
		char count[32];
		int most = 0;

		for (int i = 1; i < input->level_count; i++)
			most = left[i] > left[most] ? i : most;
		const char *quote = list_quote(input->levels[most]);

		count_text(seen->count[most], count);
		room -= text_width(input->levels[most]) + 2 * text_width(quote) +
			text_width(count) + (k ? 3 : 1);
		if (room < (k + 1 < input->level_count ? 5 : 0) || k == LEVELS) {
			printf("%s%s...%s", k ? ", " : "", dim(stdout), plain(stdout));
			break;
		}
		fputs(k ? ", " : "", stdout);
		fputs(quote, stdout);
		print_field(stdout, input->levels[most], 0);
		fputs(quote, stdout);
		printf(" %s", count);
		left[most] = -1;
	}
	free(left);
}

/* The widths of the page and of what is listed. */
typedef struct view {
	const hebb_coding *coding;
	int listed, page, name, figure;
	int is_narrow; /* an input takes two lines */
} view;

static figure_text figure_of(const hebb_coding *coding, int i, int quantile)
{
	const double day = 24 * 60 * 60;
	const hebb_seen *seen = &coding->seen[i];
	hebb_form form = coding->form ? coding->form[i] : HEBB_FORM_PLAIN;

	return column_figure(form, form == HEBB_FORM_DATE_YMD && seen->quantile[HEBB_PARTS] < day,
			     seen->quantile[quantile]);
}

static int larger(int a, int b)
{
	return a > b ? a : b;
}

/* Long names are cut to fit the page. */
static view view_of(const hebb_coding *coding)
{
	int inputs = coding->input_count;
	view v = {coding, inputs < LISTED ? inputs : LISTED, terminal_width(stdout), 5, FIGURE, 0};

	for (int i = 0; i < v.listed; i++) {
		v.name = larger(v.name, text_width(coding->inputs[i].name));
		for (int p = 0; p <= HEBB_PARTS; p += HEBB_PARTS / 2)
			v.figure = larger(v.figure, (int)strlen(figure_of(coding, i, p).text));
	}
	int spare = v.page - (BEFORE + v.name + 3 * (v.figure + 1));
	if (spare < 0 && v.name + spare >= NAME)
		v.name += spare;
	else
		v.is_narrow = spare < 0;
	if (v.is_narrow && v.name > v.page - BEFORE)
		v.name = larger(v.page - BEFORE, NAME);
	return v;
}

static const char *missing_text(const hebb_seen *seen, char share[32])
{
	if (seen->missing == 0)
		return "0";
	snprintf(share, 32, "%.1f %%", 100 * (double)seen->missing / (double)seen->rows);
	return share;
}

static void print_line(const view *v, int i)
{
	const hebb_seen *seen = &v->coding->seen[i];
	char share[32];

	print_field(stdout, v->coding->inputs[i].name, -v->name);
	printf("  %9s", missing_text(seen, share));
	if (v->coding->inputs[i].kind == HEBB_TEXT) {
		fputs("   ", stdout);
		print_levels(&v->coding->inputs[i], seen, v->page - BEFORE - v->name - 3);
	} else if (seen->missing == seen->rows) {
		printf(" %salways missing%s", dim(stdout), plain(stdout));
	} else {
		for (int p = 0; p <= HEBB_PARTS; p += HEBB_PARTS / 2)
			printf(" %*s", v->figure, figure_of(v->coding, i, p).text);
	}
	putchar('\n');
}

/* The same with the range below the name. */
static void print_two_lines(const view *v, int i)
{
	const hebb_seen *seen = &v->coding->seen[i];
	char share[32], range[160] = "always missing";

	print_cut(stdout, v->coding->inputs[i].name, v->name);
	if (seen->missing > 0)
		printf("  %s missing", missing_text(seen, share));
	fputs("\n      ", stdout);
	if (v->coding->inputs[i].kind == HEBB_TEXT) {
		print_levels(&v->coding->inputs[i], seen, v->page - 7);
		putchar('\n');
		return;
	}
	if (seen->missing < seen->rows)
		snprintf(range, sizeof range, "%s to %s, median %s",
			 figure_of(v->coding, i, 0).text, figure_of(v->coding, i, HEBB_PARTS).text,
			 figure_of(v->coding, i, HEBB_PARTS / 2).text);
	print_words(stdout, range, 6, 6);
}

static void print_head(const view *v)
{
	printf("%s%-10s%s in the %s of training\n\n", bold(stdout), "ranges", plain(stdout),
	       hebb_show_count(v->coding->seen[0].rows, "row").text);
	if (!v->is_narrow)
		printf("  %s%-*s  %9s %*s %*s %*s%s\n", dim(stdout), v->name, "input", "missing",
		       v->figure, "smallest", v->figure, "median", v->figure, "largest",
		       plain(stdout));
}

void print_ranges(const hebb_coding *coding)
{
	if (!coding->seen)
		return;
	view v = view_of(coding);
	print_head(&v);
	for (int i = 0; i < v.listed; i++) {
		fputs("  ", stdout);
		if (v.is_narrow)
			print_two_lines(&v, i);
		else
			print_line(&v, i);
	}
	if (coding->input_count > v.listed)
		printf("  %sand %d more%s\n", dim(stdout), coding->input_count - v.listed,
		       plain(stdout));
}

/* ---- JSON ---- */

/* With the digits that stand in its file, if it was kept as float32. */
static json_t *value_json(double value)
{
	char digits[32];

	if ((double)(float)value == value)
		value = strtod(hebb_format_float((float)value, digits), NULL);
	return number_json(value);
}

static json_t *range_json(const hebb_column *input, const hebb_seen *seen)
{
	json_t *object = json_object(), *counts = json_array(), *quantiles = json_array();
	int is_text = input->kind == HEBB_TEXT;

	json_object_set_new(object, "name", text_json(input->name));
	json_object_set_new(object, "kind", json_string(hebb_column_kind_name(input->kind)));
	json_object_set_new(object, "rows", json_integer(seen->rows));
	json_object_set_new(object, "missing", json_integer(seen->missing));
	for (int i = 0; i <= HEBB_PARTS && !is_text; i++)
		json_array_append_new(quantiles, seen->missing < seen->rows
							 ? value_json(seen->quantile[i])
							 : json_null());
	for (int i = 0; i < (is_text ? input->level_count : HEBB_PARTS); i++)
		json_array_append_new(counts, json_integer(seen->count[i]));
	if (is_text)
		json_object_set_new(object, "levels",
				    texts_json(input->level_count, input->levels));
	else
		json_object_set(object, "quantiles", quantiles);
	json_object_set_new(object, "counts", counts);
	json_decref(quantiles);
	return object;
}

json_t *ranges_json(const hebb_coding *coding)
{
	json_t *list = coding->seen ? json_array() : json_null();

	for (int i = 0; i < coding->input_count && coding->seen; i++)
		json_array_append_new(list, range_json(&coding->inputs[i], &coding->seen[i]));
	return list;
}
