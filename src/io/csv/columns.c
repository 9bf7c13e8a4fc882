/* SPDX-License-Identifier: MIT */
/*
 * columns.c - what the columns of a text are: numbers in some form, or texts
 *
 * The first reading told which columns have texts. These are looked at again (look.c); then the
 * model and the options have their say, which name columns.
 */
#include "csv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 1 if the numbers of any column may be in other clothes than they seem. */
static int suspects_all(const hebb_table_options *options)
{
	return options->decimal == ',' || options->thousands == '.' ||
	       (options->coding && (options->coding->form || options->coding->target_form));
}

/* 1 if a column may be more than plain numbers, or something else. */
static int is_suspect(const hb_csv_job *job, int c, int all)
{
	const hb_csv_settled_column *settled = hb_csv_settled_at(job, c);

	if (!settled || !settled->kind)
		return all || job->seen[c].texts > 0;
	return settled->kind == HEBB_NUMBER &&
	       (job->seen[c].texts > 0 || settled->has_specials || settled->form > HEBB_FORM_PLAIN);
}

static void add_look(hb_csv_job *job, int c)
{
	const hb_csv_settled_column *settled = hb_csv_settled_at(job, c);

	if (!settled || !settled->kind)
		hb_csv_looks_add(&job->looks, c);
	else
		hb_csv_looks_add_settled(&job->looks, c, settled);
}

/* Looks at all columns, or at those with texts, in the rows from a place on. */
static hebb_status look_at(hb_csv_job *job, hb_csv_place first, int all)
{
	int count = 0;

	for (int c = 0; c < job->columns; c++)
		count += is_suspect(job, c, all);
	hebb_status status = hb_csv_looks_new(&job->r, &job->looks, count, job->options);
	for (int c = 0; c < job->columns && !status; c++)
		if (is_suspect(job, c, all))
			add_look(job, c);
	hb_csv_go(&job->r, first);
	if (!status)
		status = hb_csv_look_rows(&job->r, &job->looks, job->columns);
	hb_csv_look_decide(&job->r, &job->looks);
	return status;
}

hebb_status hb_csv_look_again(hb_csv_job *job, hb_csv_place first)
{
	int all = suspects_all(job->options);
	hebb_status status = look_at(job, first, all);

	if (status || all || job->is_later || !hb_csv_looks_doubt_dots(&job->looks))
		return status;
	hb_csv_looks some = job->looks;
	status = look_at(job, first, 1);
	hb_csv_looks_forget_plain(&job->looks, job->seen);
	if (job->looks.room == 0) { /* too many columns for the budget */
		job->looks = some;
		return status;
	}
	hb_csv_looks_free(&job->r, &some);
	return status;
}

/* What the columns are, as far as they are told by their fields. */
static void settle_kinds(hb_csv_job *job, hebb_table *table)
{
	for (int i = 0; i < job->looks.count; i++) {
		const hb_csv_look *look = &job->looks.look[i];

		job->seen[look->column].texts = !look->form && look->values + look->marks > 0;
	}
	for (int c = 0; c < table->columns; c++) {
		table->column[c].missing = job->seen[c].missing;
		const hb_csv_settled_column *settled = hb_csv_settled_at(job, c);
		int is_text = job->seen[c].texts || (settled && settled->kind == HEBB_TEXT);

		table->column[c].kind = is_text ? HEBB_TEXT : HEBB_NUMBER;
	}
	hb_csv_looks_shrink(&job->r, &job->looks);
}

/* Where a column of the model's stands; -1: nowhere. By name or, where one side has none, by its
 * place in the training table, or among the inputs alone (-1 for a target). */
static int find_known(const hebb_table *table, const hebb_coding *coding, const hebb_column *known,
		      int place, int among_inputs)
{
	if (coding->named && table->named)
		return hebb_table_find(table, known->name, NULL);
	if (table->columns == coding->columns)
		return place;
	return table->columns == coding->input_count ? among_inputs : -1;
}

/* Column c is read as the model had it: in this form. */
static void follow_form(hb_csv_job *job, hebb_table *table, int c, hebb_form form)
{
	char shown[HB_SHOWN];
	const hb_csv_look *look = hb_csv_look_at(&job->looks, c);

	if (!look)
		return;
	hb_csv_looks_suggest(&job->looks, c, form);
	if (form >= HEBB_FORM_DATE_YMD && look->form == HEBB_FORM_PLAIN)
		hb_table_note(table,
			      "%s: column \"%s\" has numbers, where the model was trained on "
			      "dates; they are taken for seconds since 1970",
			      table->name, hb_show(table->column[c].name, shown));
}

/* 1 if a text of the model's column would be missing among numbers, as NA for Namibia. */
static int has_mark(const hb_csv_job *job, const hebb_column *known)
{
	for (int i = 0; known->kind == HEBB_TEXT && i < known->level_count; i++) {
		const hb_csv_field text = {known->levels[i], strlen(known->levels[i]), 0};

		if (hb_csv_is_missing(&job->r, &text) || hb_csv_is_mark(&text))
			return 1;
	}
	return 0;
}

/* Column c becomes one of texts. */
static void take_as_text(hb_csv_job *job, hebb_table *table, int c)
{
	hb_csv_look *look = hb_csv_look_at(&job->looks, c);

	table->column[c].kind = HEBB_TEXT;
	if (look)
		look->form = 0;
}

/* In a file without another text than such marks, they are no missing numbers. */
static void keep_marks(hb_csv_job *job, hebb_table *table, int c, const hebb_column *known)
{
	if (table->column[c].kind != HEBB_TEXT && has_mark(job, known))
		take_as_text(job, table, c);
}

/* Dates are texts where the model had numbers of another form: seconds since 1970 are no ages. */
static void keep_dates(hb_csv_job *job, hebb_table *table, int c, const hebb_column *known,
		       hebb_form form)
{
	const hb_csv_look *look = hb_csv_look_at(&job->looks, c);

	if (look && look->form >= HEBB_FORM_DATE_YMD && known->kind == HEBB_NUMBER &&
	    form < HEBB_FORM_DATE_YMD)
		take_as_text(job, table, c);
}

/* Column c, -1: there is none, is read as the model had it. */
static void follow_column(hb_csv_job *job, hebb_table *table, int c, const hebb_column *known,
			  const hebb_form *form)
{
	if (c < 0)
		return;
	if (form)
		follow_form(job, table, c, *form);
	keep_marks(job, table, c, known);
	keep_dates(job, table, c, known, form ? *form : HEBB_FORM_PLAIN);
}

/* The columns of the model's are read as that had them. */
static void follow_model(hb_csv_job *job, hebb_table *table)
{
	const hebb_coding *coding = job->options->coding;

	for (int i = 0; coding && i < coding->input_count; i++)
		follow_column(job, table,
			      find_known(table, coding, &coding->inputs[i], coding->input_at[i], i),
			      &coding->inputs[i], coding->form ? &coding->form[i] : NULL);
	for (int i = 0; coding && i < coding->target_count; i++)
		follow_column(
			job, table,
			find_known(table, coding, &coding->targets[i], coding->target_at[i], -1),
			&coding->targets[i], coding->target_form ? &coding->target_form[i] : NULL);
}

/* Calls do_this for each column of a list that is there. */
static hebb_status for_columns(hb_csv_job *job, hebb_table *table, const char *list,
			       hebb_status (*do_this)(hb_csv_job *, hebb_table *, int))
{
	if (!list)
		return HEBB_OK;
	unsigned char *chosen = calloc((size_t)table->columns + 1, 1);
	hebb_status status = chosen ? hb_select_present(table, list, chosen, job->r.error)
				    : hb_out_of_memory(job->r.error);
	for (int c = 0; c < table->columns && !status; c++)
		if (chosen[c])
			status = do_this(job, table, c);
	free(chosen);
	return status;
}

static hebb_status make_text(hb_csv_job *job, hebb_table *table, int c)
{
	hebb_status status = HEBB_OK;
	hebb_column_detail *detail = hb_csv_detail(&job->r, table, c, &status);

	take_as_text(job, table, c);
	if (detail)
		detail->is_chosen = 1;
	return status;
}

/* Refuses a column that is said to have numbers. */
static hebb_status check_number(hb_csv_job *job, hebb_table *table, int c)
{
	hb_csv *r = &job->r;
	hb_csv_field field;
	char what[HB_SHOWN + 120];
	float value;

	if (table->column[c].kind == HEBB_NUMBER)
		return HEBB_OK;
	hb_csv_go(r, table->named ? job->second : job->first);
	for (long long row = 0; hb_csv_next_row(r); row++) {
		for (int i = 0; i < c; i++, r->p++)
			hb_csv_pass(r);
		hebb_status status = hb_csv_read(r, &field);
		if (status)
			return status;
		if (hb_csv_kind_of(r, &field, &value) == HB_TEXT) {
			snprintf(
				what, sizeof what,
				"has the text \"%.*s\", and is to have numbers; --na TEXT makes it "
				"a missing value",
				field.size < 60 ? (int)field.size : 60, field.text);
			return hb_fail_in_row(table, row, c, what, r->error);
		}
		for (; !hb_csv_ends_line(r); r->p += !hb_csv_ends_line(r))
			hb_csv_pass(r);
		hb_csv_end_line(r);
	}
	return HEBB_OK;
}

/* Marks in job->spelled the columns of numbers whose spellings may tell more; without any, or
 * without room, it stays NULL. */
static hebb_status find_spelled(hb_csv_job *job, const hebb_table *table)
{
	for (int c = 0; c < job->columns; c++) {
		const hb_csv_look *look = hb_csv_look_at(&job->looks, c);
		int is_dressed = look && look->form;

		if (table->column[c].kind == HEBB_TEXT || !(is_dressed || job->seen[c].spelled))
			continue;
		if (!job->spelled && !hb_spend(&job->r.budget, (size_t)job->columns))
			return HEBB_OK;
		if (!job->spelled)
			job->spelled = calloc((size_t)job->columns, 1);
		if (!job->spelled)
			return hb_out_of_memory(job->r.error);
		job->spelled[c] = 1;
	}
	return HEBB_OK;
}

/* 1 if a number of the column is not finite; *row becomes the first. */
static int has_infinite(const hebb_table *table, int c, long long *row)
{
	for (*row = 0; *row < table->rows; ++*row)
		if (isinf(table->values[*row * table->columns + c]))
			return 1;
	return 0;
}

/* Refuses a column of numbers with one that is not finite. For a model it is a column with a text
 * among its numbers, so that the others are read. */
static hebb_status check_range(hb_csv_job *job, hebb_table *table)
{
	long long row;

	for (int c = 0; c < table->columns; c++) {
		if (table->column[c].kind == HEBB_TEXT || !has_infinite(table, c, &row))
			continue;
		if (!job->options->coding)
			return hb_fail_in_row(table, row, c, HB_BEYOND_FLOAT, job->r.error);
		take_as_text(job, table, c);
	}
	return HEBB_OK;
}

hebb_status hb_csv_settle_columns(hb_csv_job *job, hebb_table *table)
{
	table->test_from = table->rows;
	settle_kinds(job, table);
	hebb_status status = find_spelled(job, table);
	free(job->seen);
	hb_save(&job->r.budget, (size_t)job->columns * sizeof *job->seen);
	job->seen = NULL;
	if (status)
		return status;
	hb_csv_go(&job->r, job->first);
	status = job->is_later ? hb_csv_recall_names(&job->r, job->settled, table)
			       : hb_csv_names(&job->r, table);
	if (status == HEBB_UNSUPPORTED)
		return hb_csv_too_large(job, table->rows);
	if (status)
		return hb_out_of_memory(job->r.error);
	follow_model(job, table);
	status = for_columns(job, table, job->options->text, make_text);
	if (!status)
		status = for_columns(job, table, job->options->numeric, check_number);
	return status || !job->beyond ? status : check_range(job, table);
}
