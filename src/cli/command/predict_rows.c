/* SPDX-License-Identifier: MIT */
/*
 * predict_rows.c - predictions as lines of CSV or JSON, and the columns that go with them
 *
 *     id,class,no,yes              {"row": 1, "kept": {"id": "0012"}, "class": "yes",
 *     0012,yes,0.0271,0.9729        "probabilities": {"no": 0.0271, "yes": 0.9729}}
 *
 *     MedHouseVal                  {"row": 1, "prediction": {"MedHouseVal": 2.31}}
 *     2.31
 */
#include "predict_rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw/terminal.h"
#include "draw/unanswered.h"

enum {
	PART_DIGITS = 8, /* of a float32 */
	DECIMALS_MOST = 17
};
#define INTEGER_MOST 0x1p53 /* below it all integers are doubles */
#define DOUBT 1e-6

/* ---- The columns of --keep ---- */

/* Adds a column. */
static int add_column(kept_columns *columns, const hebb_table *table, int column)
{
	for (int i = 0; i < columns->count; i++)
		if (columns->column[i] == column)
			return fail("--keep", "column '%s' is named twice",
				    short_name(table->column[column].name));
	columns->column[columns->count++] = column;
	return EXIT_DONE;
}

/* Adds the columns of a list. */
static int add_columns(kept_columns *columns, const hebb_table *table, const char *list)
{
	hebb_error error;
	int count, status = EXIT_DONE;
	int *column = hebb_table_list(table, list, &count, &error);

	if (!column)
		return fail_error("--keep", &error);
	for (int i = 0; i < count && status == EXIT_DONE; i++)
		status = add_column(columns, table, column[i]);
	free(column);
	return status;
}

int kept_open(const options *given, const hebb_table *table, kept_columns *result)
{
	size_t columns = (size_t)table->columns;
	int status = EXIT_DONE;

	*result = (kept_columns){.count = 0};
	if (given->keep.count == 0)
		return EXIT_DONE;
	if (table->height > 0)
		return fail("--keep", "%s holds images, which have no columns to keep",
			    table->name);
	if (strcmp(table->format, "CSV") != 0)
		return fail("--keep", "%s is %s; only columns of CSV can be kept", table->name,
			    table->format);
	result->column = malloc(sizeof *result->column * columns);
	result->field = malloc(sizeof *result->field * columns);
	if (!result->column || !result->field)
		return fail("--keep", "out of memory");
	for (int i = 0; i < given->keep.count && status == EXIT_DONE; i++)
		status = add_columns(result, table, given->keep.text[i]);
	return status;
}

int kept_go(kept_columns *columns, const hebb_table *table, const void *bytes, size_t size)
{
	hebb_error error;

	if (columns->count == 0)
		return EXIT_DONE;
	hebb_csv_rows_free(columns->rows);
	columns->rows = hebb_csv_rows_new(bytes, size, table, &error);
	return columns->rows ? EXIT_DONE : fail_error(NULL, &error);
}

void kept_close(kept_columns *columns)
{
	hebb_csv_rows_free(columns->rows);
	free(columns->column);
	free(columns->field);
}

/* ---- The form of a line ---- */

static void add_text(const line_form *form, const char *string, text *buffer)
{
	if (form->json)
		text_add_json(buffer, string);
	else
		text_add_csv(buffer, string, form->for_people);
}

/* The column of a label's probability, "p(NAME)"; 0: no memory. */
static int add_probability(line_form *form, const char *name)
{
	size_t size = strlen(name) + sizeof "p()";
	char *whole = malloc(size);

	if (whole) {
		snprintf(whole, size, "p(%s)", name);
		add_text(form, whole, &form->names);
	}
	int done = whole != NULL;
	free(whole);
	return done;
}

int form_open(const options *given, const hebb_coding *coding, const hebb_table *table,
	      const kept_columns *kept, const intervals *asked, int for_people, line_form *result)
{
	line_form *f = result;

	*f = (line_form){.coding = coding,
			 .json = given->json,
			 .classes_only = given->classes_only,
			 .for_people = for_people,
			 .asked = asked && asked->model ? asked : NULL,
			 .kept = kept->count};
	f->name_at = malloc(sizeof *f->name_at * (2 * (size_t)coding->outputs + 1));
	f->key_at = malloc(sizeof *f->key_at * ((size_t)kept->count + 1));
	if (!f->name_at || !f->key_at)
		return 0;
	f->name_at[0] = f->key_at[0] = 0;
	for (int i = 0; i < coding->outputs; i++) {
		add_text(f,
			 coding->task == HEBB_CLASSIFICATION ? coding->targets[0].levels[i]
							     : coding->targets[i].name,
			 &f->names);
		f->name_at[i + 1] = f->names.size;
	}
	for (int i = 0; i < coding->outputs && coding->task == HEBB_LABELS; i++) {
		if (!add_probability(f, coding->targets[i].name))
			return 0;
		f->name_at[coding->outputs + i + 1] = f->names.size;
	}
	for (int i = 0; i < kept->count; i++) {
		add_text(f, table->column[kept->column[i]].name, &f->keys);
		f->key_at[i + 1] = f->keys.size;
	}
	return !f->names.failed && !f->keys.failed;
}

void form_close(line_form *form)
{
	text_free(&form->names);
	text_free(&form->keys);
	free(form->name_at);
	free(form->key_at);
}

static void add_name(const line_form *form, int i, text *buffer)
{
	size_t begin = form->name_at[i];

	text_add(buffer, form->names.bytes + begin, form->name_at[i + 1] - begin);
}

static void add_key(const line_form *form, int i, text *buffer)
{
	size_t begin = form->key_at[i];

	text_add(buffer, form->keys.bytes + begin, form->key_at[i + 1] - begin);
}

/* The labels, then their probabilities. */
static void add_labels_head(const line_form *form, text *buffer)
{
	int labels = form->coding->outputs, names = form->classes_only ? labels : 2 * labels;

	for (int i = 0; i < names; i++) {
		text_put(buffer, i ? "," : "");
		add_name(form, i, buffer);
	}
	if (form->asked)
		sets_head(form->asked, form->for_people, buffer);
}

/* The classes and their column, or the targets. */
static void add_answers_head(const line_form *form, text *buffer)
{
	const hebb_coding *coding = form->coding;
	int classes = coding->task == HEBB_CLASSIFICATION;

	if (classes)
		text_put(buffer, "class");
	for (int i = 0; i < coding->outputs && !(classes && form->classes_only); i++) {
		if (classes || i > 0)
			text_put(buffer, ",");
		add_name(form, i, buffer);
		if (form->asked && !classes)
			interval_head(coding->targets[i].name, form->for_people, buffer);
	}
	if (form->asked)
		sets_head(form->asked, form->for_people, buffer);
}

void form_head(const line_form *form, text *buffer)
{
	if (form->json)
		return;
	for (int i = 0; i < form->kept; i++) {
		add_key(form, i, buffer);
		text_put(buffer, ",");
	}
	if (form->coding->task == HEBB_LABELS)
		add_labels_head(form, buffer);
	else
		add_answers_head(form, buffer);
	text_put(buffer, form->outside ? ",outside\n" : "\n");
}

hebb_status form_kept(const line_form *form, kept_columns *kept, text *buffer, hebb_error *error)
{
	hebb_status status =
		hebb_csv_rows_next(kept->rows, kept->count, kept->column, kept->field, error);

	for (int i = 0; i < kept->count && !status; i++) {
		if (form->json) {
			text_put(buffer, i ? ", " : "\"kept\": {");
			add_key(form, i, buffer);
			text_put(buffer, ": ");
		}
		add_text(form, kept->field[i], buffer);
		if (!form->json)
			text_put(buffer, ",");
	}
	if (form->json && !status)
		text_put(buffer, "}, ");
	return status;
}

/* 10^exponent, exactly; 0 <= exponent <= DECIMALS_MOST. */
static double power_of_ten(int exponent)
{
	double power = 1;

	for (; exponent > 0; exponent--)
		power *= 10;
	return power;
}

/* The value in so many decimals, where a multiplication tells the digits and a division of two
 * integers that are doubles has the nearest double; 0: it is too close to the middle of two. */
static int round_plainly(double value, int decimals, double *result)
{
	double power = power_of_ten(decimals), scaled = value * power, near = rint(scaled);
	double off = scaled - near + fma(value, power, -scaled);

	*result = near / power;
	return fabs(scaled) < INTEGER_MOST && fabs(off) < 0.5 - DOUBT;
}

/* The value in as many decimals as eight digits of a part of it have. */
static double rounded(double value, double part)
{
	int decimals = part == 0 ? 0 : PART_DIGITS - 1 - (int)floor(log10(fabs(part)));
	char written[400];
	double result;

	if (part == 0 || decimals > DECIMALS_MOST)
		return value;
	decimals = decimals > 0 ? decimals : 0;
	if (round_plainly(value, decimals, &result))
		return result;
	snprintf(written, sizeof written, "%.*f", decimals, value);
	return strtod(written, NULL);
}

/* Adds output i.  Of an exact target h * sd is in float32, and digits that it does not have tell
 * nothing. */
static void add_number(const line_form *form, const float *h, int i, text *buffer)
{
	const hebb_coding *coding = form->coding;
	double value = h ? hebb_in_units(coding, h, i) : (double)NAN;
	char number[32];

	if (isnan(value))
		text_put(buffer, form->json ? "null" : "NaN");
	else if (coding->exact_target_mean)
		text_put(buffer,
			 hebb_format_double(rounded(value, (double)(h[i] * coding->target_sd[i])),
					    number));
	else
		text_put(buffer, hebb_format_float((float)value, number));
}

/* The value of a label that is predicted, as it stood in training. */
static void add_label(const line_form *form, int i, const float *h, text *buffer)
{
	float value = h ? hebb_in_units(form->coding, h, i) : NAN;

	if (isnan(value))
		text_put(buffer, form->json ? "null" : "NaN");
	else
		add_text(form, form->coding->targets[i].levels[value > 0.5f], buffer);
}

/* Adds a comma and the set of the classes, or of label i. */
static void add_set(const line_form *form, const float *h, int i, text *buffer)
{
	text_put(buffer, ",");
	set_field(form->asked, h, i, form->for_people, buffer);
}

static void add_labels_csv(const line_form *form, const float *h, text *buffer)
{
	const hebb_coding *coding = form->coding;

	for (int i = 0; i < coding->outputs; i++) {
		text_put(buffer, i ? "," : "");
		add_label(form, i, h, buffer);
	}
	for (int i = 0; i < coding->outputs && !form->classes_only; i++) {
		text_put(buffer, ",");
		add_number(form, h, i, buffer);
	}
	for (int i = 0; i < coding->outputs && form->asked; i++)
		add_set(form, h, i, buffer);
}

static void add_labels_json(const line_form *form, const float *h, text *buffer)
{
	const hebb_coding *coding = form->coding;

	text_put(buffer, "\"labels\": {");
	for (int i = 0; i < coding->outputs; i++) {
		text_put(buffer, i ? ", " : "");
		add_name(form, i, buffer);
		text_put(buffer, ": ");
		add_label(form, i, h, buffer);
	}
	text_put(buffer, form->classes_only ? "" : "}, \"probabilities\": {");
	for (int i = 0; i < coding->outputs && !form->classes_only; i++) {
		text_put(buffer, i ? ", " : "");
		add_name(form, i, buffer);
		text_put(buffer, ": ");
		add_number(form, h, i, buffer);
	}
	text_put(buffer, form->asked ? "}, \"sets\": {" : "");
	for (int i = 0; i < coding->outputs && form->asked; i++) {
		text_put(buffer, i ? ", " : "");
		add_name(form, i, buffer);
		text_put(buffer, ": ");
		set_list(form->asked, h, i, buffer);
	}
	text_put(buffer, "}");
}

static void add_csv(const line_form *form, const float *h, text *buffer)
{
	const hebb_coding *coding = form->coding;
	int classes = coding->task == HEBB_CLASSIFICATION;

	if (classes && h)
		add_name(form, hebb_largest(h, coding->outputs), buffer);
	else if (classes)
		text_put(buffer, "NaN");
	for (int i = 0; i < coding->outputs && !(classes && form->classes_only); i++) {
		if (classes || i > 0)
			text_put(buffer, ",");
		add_number(form, h, i, buffer);
		if (form->asked && !classes)
			interval_fields(form->asked, h, i, buffer);
	}
	if (form->asked && classes)
		add_set(form, h, 0, buffer);
}

/* The members of JSON behind the prediction: the set, or the intervals. */
static void add_asked_json(const line_form *form, const float *h, text *buffer)
{
	const hebb_coding *coding = form->coding;

	if (coding->task == HEBB_CLASSIFICATION) {
		text_put(buffer, ", \"set\": ");
		set_list(form->asked, h, 0, buffer);
		return;
	}
	text_put(buffer, ", \"interval\": {");
	for (int i = 0; i < coding->outputs; i++) {
		text_put(buffer, i ? ", " : "");
		add_name(form, i, buffer);
		text_put(buffer, ": ");
		interval_list(form->asked, h, i, buffer);
	}
	text_put(buffer, "}");
}

/* The outputs as an object. */
static void add_outputs_json(const line_form *form, const float *h, text *buffer)
{
	for (int i = 0; i < form->coding->outputs; i++) {
		text_put(buffer, i ? ", " : "");
		add_name(form, i, buffer);
		text_put(buffer, ": ");
		add_number(form, h, i, buffer);
	}
	text_put(buffer, "}");
}

static void add_json(const line_form *form, const float *h, text *buffer)
{
	const hebb_coding *coding = form->coding;
	int classes = coding->task == HEBB_CLASSIFICATION;

	if (classes)
		text_put(buffer, "\"class\": ");
	if (classes && h)
		add_name(form, hebb_largest(h, coding->outputs), buffer);
	else if (classes)
		text_put(buffer, "null");
	if (!classes)
		text_put(buffer, "\"prediction\": {");
	else if (!form->classes_only)
		text_put(buffer, ", \"probabilities\": {");
	if (!classes || !form->classes_only)
		add_outputs_json(form, h, buffer);
	if (form->asked)
		add_asked_json(form, h, buffer);
}

/* The end of a line, with what is outside. */
static void add_end(const line_form *form, const unsigned char *outside, text *buffer)
{
	if (form->outside) {
		text_put(buffer, form->json ? ", \"outside\": " : ",");
		outside_add(form->outside, outside, buffer);
	}
	text_put(buffer, form->json ? "}\n" : "\n");
}

void form_line(const line_form *form, long long row, const char *kept, size_t size, const float *h,
	       const unsigned char *outside, text *buffer)
{
	int is_labels = form->coding->task == HEBB_LABELS;

	if (h && form->coding->task == HEBB_CLASSIFICATION && !hebb_is_answer(form->coding, h))
		h = NULL;
	if (form->json) {
		text_put(buffer, "{\"row\": ");
		text_add_integer(buffer, row + 1);
		text_put(buffer, ", ");
	}
	if (size > 0)
		text_add(buffer, kept, size);
	if (form->json)
		(is_labels ? add_labels_json : add_json)(form, h, buffer);
	else
		(is_labels ? add_labels_csv : add_csv)(form, h, buffer);
	add_end(form, outside, buffer);
}
