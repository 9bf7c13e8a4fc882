/* SPDX-License-Identifier: MIT */
/*
 * targets.c - what a coding predicts, and how many inputs its network has
 *
 * A text column that is spoiled, one of numbers with slips, is refused here rather than made
 * classes or one-hot.
 */
#include "coding.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	LEVELS_MOST = 1000, /* of a text input */
	WHOLE_MOST = 10,    /* different integers among texts may be names of classes */
	BROKEN_MOST = 4     /* as may so many numbers that are no integers */
};

/* The first row where a TEXT column has no number. */
static long long first_text(const hebb_table *table, int column)
{
	double number;

	for (long long row = 0; row < table->rows; row++)
		if (!isnan(hb_value(table, row, column)) &&
		    !hb_looks_numeric(hb_text_at(table, row, column), &number))
			return row;
	return 0; /* only arrays of texts have such a column */
}

/* What a column of texts holds. */
struct contents {
	long long values, texts; /* rows with a value, and those whose value is no number */
	int numbers, are_broken; /* different numbers, in any form; 1: some are no integers */
};

static hebb_status look_into(const hebb_table *table, int column, struct contents *found,
			     hebb_error *error)
{
	const hebb_column *about = &table->column[column];
	unsigned char *is_number = malloc((size_t)about->level_count + 1);

	*found = (struct contents){0};
	if (!is_number)
		return hb_out_of_memory(error);
	for (int i = 0; i < about->level_count; i++) {
		double number;

		is_number[i] = (unsigned char)hb_looks_numeric(about->levels[i], &number);
		found->numbers += is_number[i];
		found->are_broken |= is_number[i] && number != floor(number);
	}
	for (long long row = 0; row < table->rows; row++) {
		double level = hb_value(table, row, column);

		found->values += !isnan(level);
		found->texts += !isnan(level) && !is_number[(int)level];
	}
	free(is_number);
	return HEBB_OK;
}

#define TEXT_TARGET \
	"; --na TEXT makes such a text a missing value, --text COLUMN makes the column one of " \
	"texts"

/* Fails, naming the row, if the numbers of a TEXT column have no form in common. */
static hebb_status refuse_mixed(const hebb_table *table, int column, hebb_error *error)
{
	hb_forms forms = {0};

	for (long long row = 0; row < table->rows; row++) {
		char what[HB_SHOWN + 160], shown[HB_SHOWN];

		if (isnan(hb_value(table, row, column)) ||
		    hb_forms_narrow(&forms, hb_text_at(table, row, column)))
			continue;
		snprintf(what, sizeof what,
			 "has \"%s\", which is written otherwise than the numbers or dates above; "
			 "write them alike, or --text COLUMN makes the column one of texts",
			 hb_show(hb_text_at(table, row, column), shown));
		return hb_fail_in_row(table, row, column, what, error);
	}
	return HEBB_OK;
}

/* Fails if a TEXT column is one of numbers with slips: most of its values are numbers, in any form,
 * and these are too many, or too broken, to be the names of classes. */
static hebb_status refuse_spoiled(const hebb_table *table, int column, int is_target,
				  hebb_error *error)
{
	const hebb_column_detail *detail = hb_detail(table, column);
	struct contents found;
	hebb_status status;

	if (detail && detail->is_chosen)
		return HEBB_OK;
	status = look_into(table, column, &found, error);
	if (status || found.numbers <= (found.are_broken ? BROKEN_MOST : WHOLE_MOST))
		return status;
	if (found.texts == 0)
		return refuse_mixed(table, column, error);
	return found.texts < found.values - found.texts
		       ? hb_fail_text(table, first_text(table, column), column,
				      is_target ? TEXT_TARGET
						: TEXT_TARGET ", --ignore COLUMN leaves it out",
				      error)
		       : HEBB_OK;
}

static hebb_status settle_classes(struct hb_fit *fit)
{
	hebb_column *target = &fit->coding->targets[0];
	int each = fit->options.task == HEBB_CLASSIFICATION;
	hebb_status status =
		hb_name_classes(fit->table, fit->coding->target_at[0], each, target, fit->error);

	fit->coding->outputs = target->level_count;
	return status;
}

static hebb_status settle_labels(struct hb_fit *fit)
{
	hebb_coding *coding = fit->coding;
	hebb_status status = HEBB_OK;

	coding->outputs = coding->target_count;
	for (int i = 0; i < coding->target_count && !status; i++)
		status = hb_name_label(fit->table, coding->target_at[i], &coding->targets[i],
				       fit->error);
	return status;
}

/* A text where several targets are to be numbers. */
static hebb_status fail_text_target(struct hb_fit *fit, int i)
{
	const hebb_column *target = &fit->coding->targets[i];
	int column = fit->coding->target_at[i];
	char shown[HB_SHOWN];

	if (target->level_count != 2 || fit->coding->target_count == 1)
		return hb_fail_text(fit->table, first_text(fit->table, column), column, TEXT_TARGET,
				    fit->error);
	return hebb_fail(fit->error, HEBB_BAD_FORMAT,
			 "%s: column \"%s\" has texts, and several targets are numbers; --labels "
			 "predicts columns of two values",
			 fit->table->name, hb_show(target->name, shown));
}

hebb_status hb_fit_task(struct hb_fit *fit)
{
	hebb_coding *coding = fit->coding;
	const hebb_table *table = fit->table;
	int first = coding->target_at[0], is_text = coding->targets[0].kind == HEBB_TEXT;
	hebb_status status = HEBB_OK;

	coding->task = fit->options.task;
	if (coding->task == HEBB_CLASSIFICATION && coding->target_count > 1)
		return hebb_fail(fit->error, HEBB_BAD_ARGUMENT,
				 "a classification has one target, not %d", coding->target_count);
	if (coding->task == HEBB_TASK_AUTO && is_text)
		status = refuse_spoiled(table, first, 1, fit->error);
	if (coding->task == HEBB_TASK_AUTO && !status)
		coding->task = coding->target_count == 1 ? hebb_table_task(table, first, NULL)
							 : HEBB_REGRESSION;
	if (status || coding->task == HEBB_CLASSIFICATION)
		return status ? status : settle_classes(fit);
	if (coding->task == HEBB_LABELS)
		return settle_labels(fit);
	for (int i = 0; i < coding->target_count; i++)
		if (coding->targets[i].kind == HEBB_TEXT)
			return fail_text_target(fit, i);
	coding->outputs = coding->target_count;
	return HEBB_OK;
}

hebb_status hb_fit_width(struct hb_fit *fit)
{
	hebb_coding *coding = fit->coding;
	const hebb_table *table = fit->table;
	long long width = 0;

	for (int i = 0; i < coding->input_count; i++) {
		const hebb_column *input = &coding->inputs[i];
		hebb_status status = HEBB_OK;
		char shown[HB_SHOWN];

		if (input->kind == HEBB_TEXT)
			status = refuse_spoiled(table, coding->input_at[i], 0, fit->error);
		if (status)
			return status;
		if (input->level_count > LEVELS_MOST)
			return hebb_fail(
				fit->error, HEBB_BAD_ARGUMENT,
				"%s: column \"%s\" has %s, of which each "
				"would be an input; --ignore leaves out a column that only "
				"names its rows; or merge its texts into fewer than %s",
				table->name, hb_show(input->name, shown),
				hebb_show_count(input->level_count, "different text").text,
				hebb_show_number(LEVELS_MOST, 9).text);
		width += hb_column_width(input);
	}
	if (width > HEBB_MAX_UNITS)
		return hebb_fail(fit->error, HEBB_BAD_ARGUMENT,
				 "%s: has %s, more than the %s of a network", table->name,
				 hebb_show_count(width, "input").text,
				 hebb_show_number(HEBB_MAX_UNITS, 9).text);
	coding->width = (int)width;
	return HEBB_OK;
}
