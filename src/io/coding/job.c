/* SPDX-License-Identifier: MIT */
/*
 * job.c - what codes rows, prepared: for a table, or for arrays of a program
 *
 * Of arrays no table is made: the job has a table of the names and kinds of their columns, and
 * knows where each column lies.
 */
#include "dataset.h"
#include "transform.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What is said of each row. */
static hebb_status make_marks(struct hb_dataset_job *job)
{
	job->is_gap = hb_take(job->memory, job->coding->input_count, 1);
	job->is_outside = hb_take(job->memory, 1, 1);
	return job->is_gap && job->is_outside ? HEBB_OK : hb_out_of_memory(job->error);
}

/* The inputs, before their columns are found. */
static struct hb_side inputs_of(const hebb_coding *coding)
{
	return (struct hb_side){.columns = coding->input_count,
				.width = coding->width,
				.column = coding->inputs,
				.form = coding->form,
				.mean = coding->mean,
				.scale = coding->scale,
				.fill = coding->fill,
				.exact_mean = coding->exact_mean,
				.exact_fill = coding->exact_fill,
				.encoding = coding->encoding};
}

/* Both sides, before their columns are found. */
static hebb_status make_sides(struct hb_dataset_job *job)
{
	const hebb_coding *coding = job->coding;
	struct hb_side *input = &job->input, *target = &job->target;
	float *scale = hb_take(job->memory, coding->outputs, sizeof *scale);

	*input = inputs_of(coding);
	*target = (struct hb_side){.is_target = 1,
				   .gaps = hb_targets_alone(coding),
				   .labels = coding->task == HEBB_LABELS,
				   .columns = coding->target_count,
				   .width = coding->outputs,
				   .column = coding->targets,
				   .form = coding->target_form,
				   .mean = coding->target_mean,
				   .scale = scale,
				   .exact_mean = coding->exact_target_mean,
				   .transform = hb_transforms(coding) ? coding : NULL};
	input->at = hb_take(job->memory, input->columns, sizeof *input->at);
	target->at = hb_take(job->memory, target->columns, sizeof *target->at);
	if (!scale || !input->at || !target->at)
		return hb_out_of_memory(job->error);
	for (int i = 0; i < coding->outputs; i++)
		scale[i] = 1 / coding->target_sd[i];
	return HEBB_OK;
}

hebb_status hb_prepare(struct hb_dataset_job *job, int with_targets, int *ignored)
{
	hebb_status status = make_sides(job);

	if (!status)
		status = hb_find_columns(job, with_targets, ignored);
	if (!status)
		status = make_marks(job);
	if (!status)
		status = hb_make_parts(job, &job->input);
	if (!status && with_targets)
		status = hb_make_parts(job, &job->target);
	return status;
}

/* ---- Arrays ---- */

/* Kinds, names and places of the columns of a block, from column c on. */
static void place_columns(const hebb_block *block, int c, hebb_column *column,
			  struct hb_place *place)
{
	for (int i = 0; i < block->columns; i++) {
		column[c + i] = (hebb_column){.kind = block->texts ? HEBB_TEXT : HEBB_NUMBER};
		if (block->names) /* only read */
			memcpy(&column[c + i].name, &block->names[i], sizeof column->name);
		place[c + i] = (struct hb_place){block, i};
	}
}

/* Gives the table the columns of the blocks. */
static hebb_status lay_out(struct hb_dataset_job *job, int count, const hebb_block *block,
			   hebb_table *table)
{
	struct hb_place *place = hb_take(job->memory, table->columns, sizeof *place);

	table->column = hb_take(job->memory, table->columns, sizeof *table->column);
	if (!table->column || !place)
		return hb_out_of_memory(job->error);
	for (int i = 0, c = 0; i < count; c += block[i++].columns)
		place_columns(&block[i], c, table->column, place);
	job->place = place;
	return HEBB_OK;
}

/* Whether the blocks are one array of all inputs in order, and all of them are numbers. */
static int are_all_inputs(const struct hb_dataset_job *job, int count, const hebb_block *block)
{
	const hebb_coding *coding = job->coding;
	int all = count == 1 && !block->texts && block->columns == coding->input_count &&
		  coding->width == coding->input_count + coding->indicator_count &&
		  !(block->names && coding->named);

	for (int i = 0; i < coding->input_count && all; i++)
		all = coding->inputs[i].kind == HEBB_NUMBER;
	return all;
}

/* The inputs that are one array: what hb_prepare() finds, without a look at each column. */
static hebb_status prepare_one(struct hb_dataset_job *job, const hebb_block *block)
{
	struct hb_part *part = hb_take(job->memory, 1, sizeof *part);

	if (!part)
		return hb_out_of_memory(job->error);
	*part = (struct hb_part){.kind = HB_RUN,
				 .width = block->columns,
				 .inputs = 1,
				 .coded = job->coding->inputs,
				 .place = {block, 0}};
	job->input = inputs_of(job->coding);
	job->input.part = part;
	job->input.parts = 1;
	return make_marks(job);
}

hebb_status hb_prepare_blocks(struct hb_dataset_job *job, const char *name, long long rows,
			      int count, const hebb_block *blocks)
{
	hebb_table *table = hb_take(job->memory, 1, sizeof *table);
	hebb_block *block = hb_take(job->memory, hb_blocks_most(count), sizeof *block);
	int ignored;
	hebb_status status;

	if (!table || !block)
		return hb_out_of_memory(job->error);
	*table = (hebb_table){.rows = rows, .named = 1};
	memcpy(&table->name, &name, sizeof name); /* only read */
	job->table = table;
	status = hb_read_blocks(name, count, blocks, block, &table->columns, job->error);
	if (status)
		return status;
	if (are_all_inputs(job, count, block))
		return prepare_one(job, block);
	for (int i = 0; i < count; i++)
		table->named &= block[i].names != NULL;
	status = lay_out(job, count, block, table);
	return status ? status : hb_prepare(job, 0, &ignored);
}

/* ---- Columns of another kind than in training ---- */

/* The part of an input. */
static const struct hb_part *part_of(const struct hb_side *side, int input)
{
	int i = side->parts - 1;

	while (side->part[i].index > input)
		i--;
	return &side->part[i];
}

/* Of an input without any value that it can have: names the column and its first value. */
static hebb_status fail_unlike(const struct hb_dataset_job *job, int input, long long values,
			       const long long *row)
{
	const struct hb_part *part = part_of(&job->input, input);
	int i = input - part->index, is_number = job->coding->inputs[input].kind == HEBB_NUMBER;
	char what[HB_SHOWN + 200], text[32], shown[HB_SHOWN];
	const char *value;
	long long first = 0;

	while (!hb_has_value(job, part, i, hb_row_at(row, first)))
		first++;
	value = hb_show(hb_text_of(job, part, i, hb_row_at(row, first), text), shown);
	if (values == 1)
		snprintf(what, sizeof what,
			 "has \"%s\" where a number belongs; --missing mean predicts without it",
			 value);
	else
		snprintf(what, sizeof what,
			 "has \"%s\", and none of its first %s %s; is it the right "
			 "column? --missing mean predicts without it",
			 value, hebb_show_count(values, "value").text,
			 is_number ? "is a number" : "was there in training");
	return hb_fail_in_row(job->table, hb_row_at(row, first), part->column + i, what,
			      job->error);
}

/* The probability that a text is new, estimated as Good (1953) does: the share of the texts of
 * training that only one row had. 0 if it is not known. */
static double rate_of_new(const hebb_coding *coding, int input)
{
	const hebb_seen *seen = coding->seen ? &coding->seen[input] : NULL;
	const hebb_column *column = &coding->inputs[input];
	long long single = 0;

	if (!seen || column->kind == HEBB_NUMBER || seen->rows == seen->missing)
		return 0;
	for (int i = 0; i < column->level_count; i++)
		single += seen->count[i] == 1;
	return (double)single / (double)(seen->rows - seen->missing);
}

/* Whether it is no wonder that so many values of an input fit nothing, as of names. */
static int is_likely(const hebb_coding *coding, int input, long long values)
{
	const double unlikely = 0.001;

	return pow(rate_of_new(coding, input), (double)values) > unlikely;
}

hebb_status hb_check_first(const struct hb_dataset_job *job, long long rows, const long long *row)
{
	for (int i = 0; i < job->coding->input_count; i++) {
		const hebb_unlike *unlike = &job->unlike[i];
		int is_number = job->coding->inputs[i].kind == HEBB_NUMBER;
		long long unfit = unlike->unknown + unlike->odd;

		if (unfit > !is_number && unfit + unlike->missing == rows &&
		    !is_likely(job->coding, i, unfit))
			return fail_unlike(job, i, unfit, row);
	}
	return HEBB_OK;
}
