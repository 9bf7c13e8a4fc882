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
	FIGURE = 10,       /* the width of a number */
	NARROW = 60,       /* a page that has no room for the median */
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
		count_text(seen->count[most], count);
		room -= text_width(input->levels[most]) + text_width(count) + (k ? 3 : 1);
		if (room < (k + 1 < input->level_count ? 5 : 0) || k == LEVELS) {
			printf("%s%s...%s", k ? ", " : "", dim(stdout), plain(stdout));
			break;
		}
		fputs(k ? ", " : "", stdout);
		print_field(stdout, input->levels[most], 0);
		printf(" %s", count);
		left[most] = -1;
	}
	free(left);
}

/* Which numbers are shown: the smallest, the median and the largest. */
static const struct {
	const char *name;
	int quantile;
} figures[] = {{"smallest", 0}, {"median", HEBB_PARTS / 2}, {"largest", HEBB_PARTS}};

static void print_figures(hebb_form form, const hebb_seen *seen, int step)
{
	if (seen->missing == seen->rows) {
		printf(" %salways missing%s", dim(stdout), plain(stdout));
		return;
	}
	for (int k = 0; k < 3; k += step)
		printf(" %*s", FIGURE,
		       column_figure(form, seen->quantile[figures[k].quantile]).text);
}

static void print_missing(const hebb_seen *seen)
{
	char share[32] = "0";

	if (seen->missing > 0)
		snprintf(share, sizeof share, "%.1f %%",
			 100 * (double)seen->missing / (double)seen->rows);
	printf("%9s", share);
}

/* The width of the longest name, as far as there is room. */
static int name_width(const hebb_coding *coding, int listed, int room)
{
	int width = 5;

	for (int i = 0; i < listed; i++) {
		int one = text_width(coding->inputs[i].name);

		width = one > width ? one : width;
	}
	return width > room ? (room > 5 ? room : 5) : width;
}

static void print_head(const hebb_coding *coding, int width, int step)
{
	char rows[32];

	printf("%s%-10s%s in the %s rows of training\n", bold(stdout), "ranges", plain(stdout),
	       count_text(coding->seen[0].rows, rows));
	printf("\n  %s%-*s  %9s", dim(stdout), width, "input", "missing");
	for (int k = 0; k < 3; k += step)
		printf(" %*s", FIGURE, figures[k].name);
	printf("%s\n", plain(stdout));
}

void print_ranges(const hebb_coding *coding)
{
	int inputs = coding->input_count, listed = inputs < LISTED ? inputs : LISTED;
	int page = terminal_width(stdout), step = page < NARROW ? 2 : 1; /* without the median */

	if (!coding->seen)
		return;
	int width = name_width(coding, listed, page - BEFORE - (4 - step) * (FIGURE + 1));
	print_head(coding, width, step);
	for (int i = 0; i < listed; i++) {
		const hebb_column *input = &coding->inputs[i];

		fputs("  ", stdout);
		print_field(stdout, input->name, -width);
		fputs("  ", stdout);
		print_missing(&coding->seen[i]);
		if (input->kind == HEBB_NUMBER) {
			print_figures(coding->form ? coding->form[i] : HEBB_FORM_PLAIN,
				      &coding->seen[i], step);
		} else {
			fputs("   ", stdout);
			print_levels(input, &coding->seen[i], page - BEFORE - width - 3);
		}
		putchar('\n');
	}
	if (inputs > listed)
		printf("  %sand %d more%s\n", dim(stdout), inputs - listed, plain(stdout));
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
