/* SPDX-License-Identifier: MIT */
/*
 * drift.c - how rows differ from those that a model was trained on
 */
#include "drift.h"

#include <math.h>
#include <stdlib.h>

#include "json.h"
#include "terminal.h"
#include "text.h"

enum {
	NAMED = 5,   /* columns that a sentence names */
	LISTED = 20, /* columns of the table */
	NARROW = 60  /* a page that has no room for the counts */
};

/* An input and what it is sorted by. */
typedef struct ranked {
	int input;
	double key;
	hebb_column_drift drift;
} ranked;

static int by_key(const void *a, const void *b)
{
	const ranked *x = a, *y = b;

	if (x->key != y->key)
		return x->key > y->key ? -1 : 1;
	return x->input - y->input;
}

/* The inputs, those with most values outside first, or those with most drift; to be freed, NULL
 * without memory. */
static ranked *rank(const hebb_coding *coding, const hebb_drift *drift, int is_by_outside)
{
	ranked *list = malloc((size_t)coding->input_count * sizeof *list);

	for (int i = 0; i < coding->input_count && list; i++) {
		hebb_column_drift of = hebb_drift_column(drift, i);
		double excess = isnan(of.psi) ? 0 : of.psi - of.expected;

		list[i] = (ranked){i, is_by_outside ? (double)of.outside : excess, of};
	}
	if (list)
		qsort(list, (size_t)coding->input_count, sizeof *list, by_key);
	return list;
}

/* ", and 4 more columns" */
static void add_more(text *sentence, int more)
{
	char number[64];

	snprintf(number, sizeof number, ", and %d more column%s", more, more == 1 ? "" : "s");
	text_put(sentence, more > 0 ? number : "");
}

/* The text of a sentence, "" without memory. */
static const char *end(text *sentence)
{
	text_add(sentence, "", 1);
	return sentence->failed ? "" : sentence->bytes;
}

static void add_name(text *sentence, const char *name)
{
	text_put(sentence, list_quote(name));
	text_put(sentence, short_name(name));
	text_put(sentence, list_quote(name));
}

/* ---- What is outside ---- */

static void add_outside(text *sentence, const hebb_coding *coding, const ranked *one, int is_first)
{
	char number[32], count[40];

	snprintf(count, sizeof count, " (%s)", count_text(one->drift.outside, number));
	text_put(sentence, is_first ? "" : ", ");
	add_name(sentence, coding->inputs[one->input].name);
	text_put(sentence, count);
}

void outside_note(const hebb_coding *coding, const hebb_drift *drift, const char *name)
{
	long long rows = drift ? hebb_drift_outside(drift) : 0;
	ranked *list = rows > 0 ? rank(coding, drift, 1) : NULL;
	text columns = {.size = 0};
	char outside[32];
	int count = 0;

	for (int i = 0; i < coding->input_count && list && list[i].drift.outside > 0; i++)
		if (++count <= NAMED)
			add_outside(&columns, coding, &list[i], i == 0);
	add_more(&columns, count - NAMED);
	if (list)
		note("%s: %s of %s lie%s outside of what was trained on: %s", name,
		     count_text(rows, outside), hebb_show_count(hebb_drift_rows(drift), "row").text,
		     rows == 1 ? "s" : "", end(&columns));
	text_free(&columns);
	free(list);
}

/* Sets a key of the name of a column, as text_json() has it. */
static void set_column(json_t *object, const hebb_column *column, json_t *value)
{
	json_t *name = text_json(column->name);

	json_object_set_new(object, json_string_value(name), value);
	json_decref(name);
}

json_t *outside_json(const hebb_coding *coding, const hebb_drift *drift)
{
	json_t *object, *columns;

	if (!drift)
		return json_null();
	object = json_object();
	columns = json_object();
	for (int i = 0; i < coding->input_count; i++) {
		long long count = hebb_drift_column(drift, i).outside;

		if (count > 0)
			set_column(columns, &coding->inputs[i], json_integer(count));
	}
	json_object_set_new(object, "rows", json_integer(hebb_drift_outside(drift)));
	json_object_set_new(object, "columns", columns);
	return object;
}

/* ---- Drift ---- */

static void add_drifted(text *sentence, const hebb_coding *coding, const ranked *one, int is_first)
{
	char index[40];

	snprintf(index, sizeof index, " %.2f (%s)", one->drift.psi,
		 hebb_drift_size_name(one->drift.drift));
	text_put(sentence, is_first ? "" : ", ");
	add_name(sentence, coding->inputs[one->input].name);
	text_put(sentence, index);
}

/* "drift from training: 2 of 7 inputs: age 0.41 (large), fare 0.13 (some)" */
void print_drift(FILE *stream, const hebb_coding *coding, const hebb_drift *drift)
{
	ranked *list = drift ? rank(coding, drift, 0) : NULL;
	text line = {.size = 0}, columns = {.size = 0};
	char count[64];
	int drifted = 0, inputs = coding->input_count;

	if (!list)
		return;
	for (int i = 0; i < inputs; i++)
		if (list[i].drift.drift > HEBB_DRIFT_NONE && ++drifted <= NAMED)
			add_drifted(&columns, coding, &list[i], drifted == 1);
	add_more(&columns, drifted - NAMED);
	if (drifted > 0)
		snprintf(count, sizeof count, "%d of %d input%s: ", drifted, inputs,
			 inputs == 1 ? "" : "s");
	else
		snprintf(count, sizeof count, "none of %d input%s beyond chance", inputs,
			 inputs == 1 ? "" : "s");
	text_put(&line, count);
	text_put(&line, end(&columns));
	fputs("  drift from training: ", stream);
	print_words(stream, end(&line), 23, 4);
	text_free(&line);
	text_free(&columns);
	free(list);
}

/* The width of the longest name in the list, as far as the page has room beside `used` columns. */
static int name_width(const hebb_coding *coding, const ranked *list, int count, int room)
{
	int width = 5;

	for (int i = 0; i < count; i++) {
		int one = text_width(coding->inputs[list[i].input].name);

		width = one > width ? one : width;
	}
	return width > room && room >= 5 ? room : width;
}

static void print_line(FILE *stream, const hebb_coding *coding, const ranked *one, int width,
		       int is_narrow)
{
	const hebb_column_drift *of = &one->drift;

	fputs("  ", stream);
	print_field(stream, coding->inputs[one->input].name, -width);
	fprintf(stream, "  %7.3f   %7.3f  %7.3f", of->psi, of->expected, of->limit);
	if (!is_narrow)
		fprintf(stream, "  %8lld  %8lld", of->missing, of->outside);
	fprintf(stream, "  %s\n", hebb_drift_size_name(of->drift));
}

void print_drift_table(FILE *stream, const hebb_coding *coding, const hebb_drift *drift)
{
	int page = terminal_width(stream), is_narrow = page < NARROW, inputs = coding->input_count;
	int listed = inputs < LISTED ? inputs : LISTED, beside = is_narrow ? 38 : 58, drifted = 0;
	ranked *list = drift && hebb_drift_rows(drift) > 0 ? rank(coding, drift, 0) : NULL;
	char trained[32];

	if (!list)
		return;
	int width = name_width(coding, list, listed, page - beside);
	fprintf(stream, "%sdrift%s of %s from the %s of training\n", bold(stream), plain(stream),
		hebb_show_count(hebb_drift_rows(drift), "row").text,
		count_text(coding->seen[0].rows, trained));
	fprintf(stream, "  %s%-*s      psi  expected    limit%s  drift%s\n", dim(stream), width,
		"input", is_narrow ? "" : "   missing   outside", plain(stream));
	for (int i = 0; i < listed; i++)
		print_line(stream, coding, &list[i], width, is_narrow);
	for (int i = listed; i < inputs; i++)
		drifted += list[i].drift.drift > HEBB_DRIFT_NONE;
	if (inputs > listed)
		fprintf(stream, "  %sand %d more, of which %d drifted%s\n", dim(stream),
			inputs - listed, drifted, plain(stream));
	free(list);
}

json_t *drift_json(const hebb_coding *coding, const hebb_drift *drift)
{
	json_t *object;

	if (!drift)
		return json_null();
	object = json_object();
	for (int i = 0; i < coding->input_count; i++) {
		hebb_column_drift of = hebb_drift_column(drift, i);
		json_t *one = json_object();

		json_object_set_new(one, "psi", number_json(of.psi));
		json_object_set_new(one, "expected", number_json(of.expected));
		json_object_set_new(one, "limit", number_json(of.limit));
		json_object_set_new(one, "bins", json_integer(of.bins));
		json_object_set_new(one, "missing", json_integer(of.missing));
		json_object_set_new(one, "outside", json_integer(of.outside));
		json_object_set_new(one, "drift", json_string(hebb_drift_size_name(of.drift)));
		set_column(object, &coding->inputs[i], one);
	}
	return object;
}
