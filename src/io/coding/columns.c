/* SPDX-License-Identifier: MIT */
/*
 * columns.c - where the columns of a coding are in a table, and how they are coded
 */
#include "dataset.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- Finding the columns ---- */

/* The column of a name, looked for from `start` on, around the table; -1: none. */
static int find_name(const hebb_table *table, const char *name, int start)
{
	for (int i = 0; i < table->columns; i++) {
		int column = (start + i) % table->columns;

		if (strcmp(table->column[column].name, name) == 0)
			return column;
	}
	return -1;
}

/* Finds the columns of a side by name; returns how many were found.  at: -1 where there is none. */
static int find_names(const hebb_table *table, const struct hb_side *side)
{
	int found = 0, next = 0;

	for (int i = 0; i < side->columns; i++) {
		side->at[i] = find_name(table, side->column[i].name, next);
		if (side->at[i] >= 0) {
			next = (side->at[i] + 1) % table->columns;
			found++;
		}
	}
	return found;
}

/* Whether the column of the table is one that a side looks for. */
static int is_of(const struct hb_side *side, int column)
{
	for (int i = 0; i < side->columns; i++)
		if (side->at[i] == column)
			return 1;
	return 0;
}

static hebb_status fail_absent(const struct hb_dataset_job *job, const struct hb_side *side)
{
	int i = 0;
	char shown[HB_SHOWN], near[HB_SHOWN], hint[HB_SHOWN + 40] = "";

	while (side->at[i] >= 0)
		i++;
	int nearest = hb_column_nearest(job->table, side->column[i].name);
	if (nearest >= 0 && !is_of(&job->input, nearest) && !is_of(&job->target, nearest))
		snprintf(hint, sizeof hint, "; if '%s' is that column, rename it",
			 hb_show(job->table->column[nearest].name, near));
	return hebb_fail(job->error, HEBB_BAD_SHAPE, "%s: has no column '%s', %s of the model%s",
			 job->table->name, hb_show(side->column[i].name, shown),
			 side->is_target ? "a target" : "an input", hint);
}

static hebb_status find_by_name(struct hb_dataset_job *job, int with_targets, int *ignored)
{
	int inputs = find_names(job->table, &job->input);
	int targets = find_names(job->table, &job->target);

	if (inputs < job->input.columns)
		return fail_absent(job, &job->input);
	if (with_targets && targets < job->target.columns)
		return fail_absent(job, &job->target);
	*ignored = job->table->columns - inputs - targets;
	return HEBB_OK;
}

static hebb_status find_by_place(struct hb_dataset_job *job, int with_targets)
{
	const hebb_coding *coding = job->coding;
	int columns = job->table->columns, inputs = coding->input_count;
	int is_whole = columns == coding->columns;

	if (!is_whole && columns != inputs)
		return hebb_fail(job->error, HEBB_BAD_SHAPE,
				 "%s: has %s, but the model was trained on %d, %d of them "
				 "inputs; give all of them in the same order, the inputs alone, or "
				 "a first line with their names",
				 job->table->name, hebb_show_count(columns, "column").text,
				 coding->columns, inputs);
	if (!is_whole && with_targets)
		return hebb_fail(job->error, HEBB_BAD_SHAPE,
				 "%s: has the %s of the model, but not the target",
				 job->table->name, hebb_show_count(inputs, "input").text);
	for (int i = 0; i < inputs; i++)
		job->input.at[i] = is_whole ? coding->input_at[i] : i;
	for (int i = 0; i < coding->target_count; i++)
		job->target.at[i] = is_whole ? coding->target_at[i] : -1;
	return HEBB_OK;
}

hebb_status hb_find_columns(struct hb_dataset_job *job, int with_targets, int *ignored)
{
	return job->coding->named && job->table->named ? find_by_name(job, with_targets, ignored)
						       : find_by_place(job, with_targets);
}

/* ---- Parts ---- */

/* Finds the levels of a part's column.  NULL: no memory. */
static struct hb_texts *open_texts(struct hb_memory *memory, const hebb_column *coded)
{
	struct hb_texts *texts = hb_take(memory, 1, sizeof *texts);
	void *labels = hb_take(memory, 1, hb_labels_bytes(coded));

	if (!texts || !labels)
		return NULL;
	*texts = (struct hb_texts){0};
	hb_labels_open(&texts->labels, coded, labels);
	return texts;
}

/* The level of the coding for each text of the table. */
static hebb_status match_texts(struct hb_memory *memory, struct hb_texts *texts, int count,
			       char *const *text)
{
	texts->text = text;
	texts->count = count;
	texts->level = hb_take(memory, count, sizeof *texts->level);
	if (!texts->level)
		return HEBB_NO_MEMORY;
	for (int i = 0; i < count; i++)
		texts->level[i] = hb_labels_find_text(&texts->labels, text[i]);
	return HEBB_OK;
}

/* Texts of a table are matched at once, by how they are written where the table knows.  In an input
 * a mark among texts is missing, in a target it may be a class. */
static hebb_status match(const struct hb_dataset_job *job, struct hb_part *part, int is_target)
{
	const hebb_column *found = &job->table->column[part->column];
	const hebb_column_detail *detail = hb_detail(job->table, part->column);
	struct hb_texts *texts = part->texts = open_texts(job->memory, part->coded);

	if (!texts)
		return HEBB_NO_MEMORY;
	part->kind = HB_LEVELS;
	if (detail && detail->spellings && (is_target || found->kind == HEBB_NUMBER)) {
		texts->spelling = detail->spelling;
		return match_texts(job->memory, texts, detail->spelling_count, detail->spellings);
	}
	if (found->kind == HEBB_TEXT && !job->place)
		return match_texts(job->memory, texts, found->level_count, found->levels);
	part->kind = found->kind == HEBB_TEXT ? HB_LEVELS : HB_NUMBERED;
	return HEBB_OK;
}

/* The form with the other decimal sign; 0: there is none. */
static hebb_form other_decimal(hebb_form form)
{
	if (form == HEBB_FORM_PLAIN)
		return HEBB_FORM_DECIMAL_COMMA;
	return form == HEBB_FORM_DECIMAL_COMMA ? HEBB_FORM_PLAIN : 0;
}

/* The form of the model, or the one with the other decimal sign if more texts are numbers in it and
 * none is another number, as 1.234 would be. */
static hebb_form form_of_most(hebb_form form, const hebb_column *found)
{
	hebb_form other = other_decimal(form);
	int more = 0;

	for (int i = 0; i < found->level_count && other; i++) {
		double is = hb_read_number(form, found->levels[i]);
		double would = hb_read_number(other, found->levels[i]);

		if (!isnan(is) && !isnan(would) && is != would)
			return form;
		more += !isnan(would) - !isnan(is);
	}
	return more > 0 ? other : form;
}

/* The numbers among the texts of a column that has others too. */
static hebb_status parse_levels(struct hb_memory *memory, struct hb_part *part,
				const hebb_column *found)
{
	part->form = form_of_most(part->form, found);
	part->number = hb_take(memory, found->level_count, sizeof *part->number);
	if (!part->number)
		return HEBB_NO_MEMORY;
	for (int i = 0; i < found->level_count; i++)
		part->number[i] = hb_read_number(part->form, found->levels[i]);
	return HEBB_OK;
}

/* How many numbers of the network a column of a side is. */
static int width_of(const struct hb_side *side, int i)
{
	return side->labels     ? 1
	       : side->encoding ? side->encoding[i].inputs
				: hb_column_width(&side->column[i]);
}

/* The same of a column of numbers. */
static int inputs_of(const struct hb_side *side, int i)
{
	return side->encoding && side->column[i].kind == HEBB_NUMBER ? side->encoding[i].inputs : 1;
}

/* Whether column i of a side and the one before are numbers side by side. */
static int continues(const struct hb_dataset_job *job, const struct hb_side *side, int i)
{
	const hebb_column *column = job->table->column;
	int at = side->at[i], before = i > 0 ? side->at[i - 1] : -1;

	return before >= 0 && at == before + 1 && side->column[i].kind == HEBB_NUMBER &&
	       side->column[i - 1].kind == HEBB_NUMBER && column[at].kind == HEBB_NUMBER &&
	       column[before].kind == HEBB_NUMBER && inputs_of(side, i) == 1 &&
	       inputs_of(side, i - 1) == 1 &&
	       (!job->place || job->place[at].block == job->place[before].block);
}

static int count_parts(const struct hb_dataset_job *job, const struct hb_side *side)
{
	int count = 0;

	for (int i = 0; i < side->columns; i++)
		count += !continues(job, side, i);
	return count;
}

/* Makes a part of a column. */
static hebb_status make_part(const struct hb_dataset_job *job, const struct hb_side *side, int i,
			     int at, struct hb_part *part)
{
	const hebb_column *coded = &side->column[i], *found = &job->table->column[side->at[i]];

	*part = (struct hb_part){.at = at,
				 .width = width_of(side, i) / inputs_of(side, i),
				 .inputs = inputs_of(side, i),
				 .index = i,
				 .column = side->at[i],
				 .coded = coded};
	if (job->place)
		part->place = job->place[side->at[i]];
	if (coded->kind == HEBB_TEXT)
		return match(job, part, side->is_target);
	part->kind = found->kind == HEBB_NUMBER ? HB_RUN : HB_PARSED;
	part->form = side->form ? side->form[i] : HEBB_FORM_PLAIN;
	return part->kind == HB_RUN || job->place ? HEBB_OK
						  : parse_levels(job->memory, part, found);
}

hebb_status hb_make_parts(struct hb_dataset_job *job, struct hb_side *side)
{
	int count = count_parts(job, side);
	hebb_status status = HEBB_OK;
	int at = 0;

	side->part = hb_take(job->memory, count, sizeof *side->part);
	if (!side->part)
		return hb_out_of_memory(job->error);
	for (int i = 0; i < side->columns && !status; i++) {
		if (continues(job, side, i))
			side->part[side->parts - 1].width++;
		else
			status = make_part(job, side, i, at, &side->part[side->parts++]);
		at += width_of(side, i);
	}
	return status ? hb_out_of_memory(job->error) : HEBB_OK;
}
