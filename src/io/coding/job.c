/* SPDX-License-Identifier: MIT */
/*
 * job.c - what codes rows, prepared: for a table, or for arrays of a program
 *
 * Of arrays no table is made: the job has a table of the names and kinds of their columns, and
 * knows where each column lies.
 */
#include "dataset.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The range of each input, where it is known, as the values are compared with it. */
static hebb_status make_limits(struct hb_dataset_job *job)
{
	const hebb_coding *coding = job->coding;
	size_t count = (size_t)coding->input_count;

	job->is_gap = hb_take(job->memory, count, 1);
	job->is_outside = hb_take(job->memory, 1, 1);
	if (!job->is_gap || !job->is_outside)
		return hb_out_of_memory(job->error);
	if (!coding->seen)
		return HEBB_OK;
	job->least = hb_take(job->memory, 2 * count, sizeof *job->least);
	if (!job->least)
		return hb_out_of_memory(job->error);
	job->most = job->least + count;
	for (size_t i = 0; i < count; i++) {
		const hebb_seen *seen = &coding->seen[i];
		int is_known = seen->missing < seen->rows;

		job->least[i] = is_known ? seen->quantile[0] : -INFINITY;
		job->most[i] = is_known ? seen->quantile[HEBB_PARTS] : INFINITY;
	}
	return HEBB_OK;
}

/* What both sides are of the coding, before their columns are found. */
static hebb_status make_sides(struct hb_dataset_job *job)
{
	const hebb_coding *coding = job->coding;
	struct hb_side *input = &job->input, *target = &job->target;
	float *scale = hb_take(job->memory, (size_t)coding->outputs, sizeof *scale);

	*input = (struct hb_side){.columns = coding->input_count,
				  .width = coding->width,
				  .column = coding->inputs,
				  .mean = coding->mean,
				  .scale = coding->scale,
				  .fill = coding->fill,
				  .exact_mean = coding->exact_mean,
				  .exact_fill = coding->exact_fill};
	*target = (struct hb_side){.is_target = 1,
				   .gaps = hb_targets_alone(coding),
				   .labels = coding->task == HEBB_LABELS,
				   .columns = coding->target_count,
				   .width = coding->outputs,
				   .column = coding->targets,
				   .mean = coding->target_mean,
				   .scale = scale,
				   .exact_mean = coding->exact_target_mean};
	input->at = hb_take(job->memory, (size_t)input->columns, sizeof *input->at);
	target->at = hb_take(job->memory, (size_t)target->columns, sizeof *target->at);
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
		status = make_limits(job);
	if (!status)
		status = hb_make_parts(job, &job->input);
	if (!status && with_targets)
		status = hb_make_parts(job, &job->target);
	return status;
}

/* ---- Arrays ---- */

/* Names, kinds and places of the columns of a block, from column c on. */
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

hebb_status hb_lay_out(struct hb_dataset_job *job, const char *name, long long rows, int count,
		       const hebb_block *blocks)
{
	hebb_table *table = hb_take(job->memory, 1, sizeof *table);
	hebb_block *block = hb_take(job->memory, count > 0 ? (size_t)count : 1, sizeof *block);
	hebb_status status;
	struct hb_place *place;

	if (!table || !block)
		return hb_out_of_memory(job->error);
	*table = (hebb_table){.format = "arrays", .rows = rows, .test_from = rows, .named = 1};
	memcpy(&table->name, &name, sizeof name); /* only read */
	status = hb_read_blocks(name, count, blocks, block, &table->columns, job->error);
	if (status)
		return status;
	table->column = hb_take(job->memory, (size_t)table->columns, sizeof *table->column);
	place = hb_take(job->memory, (size_t)table->columns, sizeof *place);
	if (!table->column || !place)
		return hb_out_of_memory(job->error);
	for (int i = 0, c = 0; i < count; c += block[i++].columns) {
		table->named &= block[i].names != NULL;
		place_columns(&block[i], c, table->column, place);
	}
	job->table = table;
	job->place = place;
	return HEBB_OK;
}

/* ---- Columns of another kind than in training ---- */

/* The first of the rows that has a value in a column. */
static long long first_value(const struct hb_dataset_job *job, int column, const long long *row)
{
	long long i = 0;

	while (!hb_has_value(job, hb_row_at(row, i), column))
		i++;
	return hb_row_at(row, i);
}

/* Of an input without any value that it can have: names the column and its first value. */
static hebb_status fail_unlike(const struct hb_dataset_job *job, int input, long long values,
			       const long long *row)
{
	int column = job->input.at[input],
	    is_number = job->coding->inputs[input].kind == HEBB_NUMBER;
	long long first = first_value(job, column, row);
	char what[HB_SHOWN + 200], text[32], shown[HB_SHOWN];

	snprintf(what, sizeof what,
		 "has \"%s\", and none of its first %lld value%s %s; is it the right column? "
		 "--missing mean predicts without it",
		 hb_show(hb_text_of(job, first, column, text), shown), values,
		 values == 1 ? "" : "s", is_number ? "is a number" : "was there in training");
	return hb_fail_in_row(job->table, first, column, what, job->error);
}

hebb_status hb_check_first(const struct hb_dataset_job *job, long long rows, const long long *row)
{
	for (int i = 0; i < job->coding->input_count; i++) {
		const hebb_unlike *unlike = &job->unlike[i];
		int is_number = job->coding->inputs[i].kind == HEBB_NUMBER;
		long long unfit = unlike->unknown + unlike->odd;

		if (unfit > !is_number && unfit + unlike->missing == rows)
			return fail_unlike(job, i, unfit, row);
	}
	return HEBB_OK;
}
