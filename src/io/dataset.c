/* SPDX-License-Identifier: MIT */
/*
 * dataset.c - rows of a table, coded for a network
 *
 * First the columns of a coding are found in the table and divided into parts: a run of numbers
 * that are side by side in both, or one column of texts. Then each row is copied part by part and
 * scaled as a whole. A missing number is a NaN until then, so no number needs a test of its own in
 * a good row.
 *
 * Of inputs or targets that need doubles (exact_mean), each number is scaled by itself, and only
 * its difference from the mean is rounded.
 *
 * In a view of bytes the inputs are scaled when a row is asked for. That cannot fail: a byte is
 * never missing, and it was checked beforehand that none is too large once scaled.
 */
#include "io.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum part_kind {
	RUN,     /* numbers to numbers, `width` columns from `column` on */
	PARSED,  /* texts to a number: number[level of the table], NaN: it is none */
	LEVELS,  /* texts to one-hot: level[level of the table], -1: unknown */
	NUMBERED /* numbers to one-hot */
};

/* What a column of texts is matched by. */
struct texts {
	hb_labels labels;
	int are_floats; /* NUMBERED: the table's numbers are */
	/* LEVELS: the texts of the table, which levels they are, and by row which text, if not by
	 * value */
	char *const *text;
	int count, *level;
	const uint32_t *spelling;
};

struct part {
	enum part_kind kind;
	int at, width;            /* in the row of the network */
	int column;               /* in the table */
	const hebb_column *coded; /* of the coding; of a RUN the first */
	double *number;           /* PARSED */
	struct texts *texts;      /* LEVELS, NUMBERED */
};

/* The inputs or the targets. */
struct side {
	int is_target, columns, width;
	int gaps, labels; /* a target may be missing; is a label, 0 or 1 */
	const hebb_column *column;
	int *at; /* the columns in the table */
	const float *mean, *scale, *fill;
	const double *exact_mean, *exact_fill; /* NULL: float32 is enough */
	struct part *part;
	int parts;
};

struct job {
	const hebb_coding *coding;
	const hebb_table *table;
	struct side input, target;
	float *target_scale;
	hebb_error *error;
};

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
static int find_names(const hebb_table *table, const struct side *side)
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
static int is_of(const struct side *side, int column)
{
	for (int i = 0; i < side->columns; i++)
		if (side->at[i] == column)
			return 1;
	return 0;
}

static hebb_status fail_absent(const struct job *job, const struct side *side)
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

static hebb_status find_by_name(struct job *job, int with_targets, int *ignored)
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

static hebb_status find_by_place(struct job *job, int with_targets)
{
	const hebb_coding *coding = job->coding;
	int columns = job->table->columns, inputs = coding->input_count;
	int is_whole = columns == coding->columns;

	if (!is_whole && columns != inputs)
		return hebb_fail(job->error, HEBB_BAD_SHAPE,
				 "%s: has %d column%s, but the model was trained on %d, %d of them "
				 "inputs; give all of them in the same order, the inputs alone, or "
				 "a first line with their names",
				 job->table->name, columns, columns == 1 ? "" : "s",
				 coding->columns, inputs);
	if (!is_whole && with_targets)
		return hebb_fail(job->error, HEBB_BAD_SHAPE,
				 "%s: has the %d inputs of the model, but not the target",
				 job->table->name, inputs);
	for (int i = 0; i < inputs; i++)
		job->input.at[i] = is_whole ? coding->input_at[i] : i;
	for (int i = 0; i < coding->target_count; i++)
		job->target.at[i] = is_whole ? coding->target_at[i] : -1;
	return HEBB_OK;
}

/* ---- Parts ---- */

/* The level of the coding for each text of the table. */
static hebb_status match_texts(struct texts *texts, const hebb_column *coded, int count,
			       char *const *text)
{
	texts->text = text;
	texts->count = count;
	texts->level = malloc((size_t)count * sizeof *texts->level + 1);
	if (!texts->level || hb_labels_open(&texts->labels, coded, 0))
		return HEBB_NO_MEMORY;
	for (int i = 0; i < count; i++) {
		texts->level[i] = hb_labels_find_text(&texts->labels, text[i]);
		if (texts->level[i] < -1)
			return HEBB_NO_MEMORY;
	}
	return HEBB_OK;
}

/* Texts are matched by how they are written where the table knows.  In an input a mark among texts
 * is missing, in a target it may be a class. */
static hebb_status match(struct part *part, const hebb_table *table, int is_target)
{
	const hebb_column *found = &table->column[part->column];
	const hebb_column_detail *detail = hb_detail(table, part->column);

	struct texts *texts = part->texts = calloc(1, sizeof *part->texts);

	if (!texts)
		return HEBB_NO_MEMORY;
	part->kind = LEVELS;
	if (detail && detail->spellings && (is_target || found->kind == HEBB_NUMBER)) {
		texts->spelling = detail->spelling;
		return match_texts(texts, part->coded, detail->spelling_count, detail->spellings);
	}
	if (found->kind == HEBB_TEXT)
		return match_texts(texts, part->coded, found->level_count, found->levels);
	part->kind = NUMBERED;
	texts->are_floats = !detail || !detail->doubles;
	return hb_labels_open(&texts->labels, part->coded, texts->are_floats);
}

static hebb_status parse_levels(struct part *part, const hebb_column *found)
{
	part->number = malloc((size_t)found->level_count * sizeof *part->number + 1);
	if (!part->number)
		return HEBB_NO_MEMORY;
	for (int i = 0; i < found->level_count; i++)
		if (!hb_is_double(found->levels[i], &part->number[i]))
			part->number[i] = NAN;
	return HEBB_OK;
}

/* Makes a part of a column, or makes the run before it longer. */
static hebb_status add_part(struct side *side, const hebb_table *table, int i, int at)
{
	const hebb_column *coded = &side->column[i], *found = &table->column[side->at[i]];
	struct part *last = side->parts ? &side->part[side->parts - 1] : NULL;
	int is_number = coded->kind == HEBB_NUMBER;

	if (is_number && found->kind == HEBB_NUMBER && last && last->kind == RUN &&
	    last->column + last->width == side->at[i]) {
		last->width++;
		return HEBB_OK;
	}
	struct part *part = &side->part[side->parts++];
	*part = (struct part){.at = at,
			      .width = is_number || side->labels ? 1 : coded->level_count,
			      .column = side->at[i],
			      .coded = coded};
	if (!is_number)
		return match(part, table, side->is_target);
	part->kind = found->kind == HEBB_NUMBER ? RUN : PARSED;
	return part->kind == RUN ? HEBB_OK : parse_levels(part, found);
}

static hebb_status make_parts(struct side *side, const hebb_table *table, hebb_error *error)
{
	hebb_status status = HEBB_OK;
	int at = 0;

	side->part = calloc((size_t)side->columns, sizeof *side->part);
	if (!side->part)
		return hb_out_of_memory(error);
	for (int i = 0; i < side->columns && !status; i++) {
		status = add_part(side, table, i, at);
		at += side->column[i].kind == HEBB_NUMBER || side->labels
			      ? 1
			      : side->column[i].level_count;
	}
	return status ? hb_out_of_memory(error) : HEBB_OK;
}

static void free_texts(struct texts *texts)
{
	if (!texts)
		return;
	free(texts->level);
	hb_labels_close(&texts->labels);
	free(texts);
}

static void free_side(struct side *side)
{
	for (int i = 0; i < side->parts; i++) {
		free(side->part[i].number);
		free_texts(side->part[i].texts);
	}
	free(side->part);
	free(side->at);
}

/* ---- Rows ---- */

enum outcome { CODED, DROPPED, FAILED };

/* What becomes of a row that lacks the value of a column. */
static enum outcome lack(const struct job *job, const struct side *side, long long row, int column)
{
	if (job->coding->missing == HEBB_MISSING_DROP)
		return DROPPED;
	if (job->coding->missing == HEBB_MISSING_MEAN && !side->is_target)
		return CODED;
	hb_fail_missing(job->table, row, column, side->is_target, job->error);
	return FAILED;
}

/* The level that is nearest to a text; -1: none is near. */
static int nearest_level(const hebb_column *column, const char *text)
{
	int nearest = -1, least = 0;

	for (int i = 0; i < column->level_count; i++) {
		int distance = hebb_name_distance(text, column->levels[i]);

		if (distance >= 0 && (nearest < 0 || distance < least)) {
			nearest = i;
			least = distance;
		}
	}
	return nearest;
}

static enum outcome fail_unknown(const struct job *job, const struct side *side,
				 const struct part *part, long long row, const char *text)
{
	char shown[HB_SHOWN], near[HB_SHOWN + 24] = "", what[2 * HB_SHOWN + 84];
	int level = nearest_level(part->coded, text);

	if (level >= 0)
		snprintf(near, sizeof near, "; did you mean \"%s\"?",
			 hb_show(part->coded->levels[level], shown));
	snprintf(what, sizeof what, "is \"%s\", a %s that was not there in training%s",
		 hb_show(text, shown), side->is_target ? "class" : "text", near);
	hb_fail_in_row(job->table, row, part->column, what, job->error);
	return FAILED;
}

/* The number of the text of a row; -1: it is missing. */
static int text_of(const struct texts *texts, long long row, double value)
{
	if (!texts->spelling)
		return isnan(value) ? -1 : (int)value;
	return texts->spelling[row] < (uint32_t)texts->count ? (int)texts->spelling[row] : -1;
}

/* The level of a row, -1: missing, -2: unknown, with its text. */
static int level_of(const struct job *job, const struct part *part, long long row, char number[32],
		    const char **text)
{
	const struct texts *texts = part->texts;
	double value = hb_value(job->table, row, part->column);
	int at, level = -1;

	if (part->kind == LEVELS) {
		at = text_of(texts, row, value);
		if (at < 0)
			return -1;
		level = texts->level[at];
		*text = texts->text[at];
	} else if (!isnan(value)) {
		level = hb_labels_find_number(&texts->labels, value, texts->are_floats);
		*text = texts->are_floats ? hebb_format_float((float)value, number)
					  : hebb_format_double(value, number);
	}
	return level >= 0 || isnan(value) ? level : -2;
}

/* A column that is text in the table or in the coding.  Leaves NaN for a missing number. */
static enum outcome code_text(const struct job *job, const struct side *side,
			      const struct part *part, long long row, float *to)
{
	double value = hb_value(job->table, row, part->column);
	const char *text = NULL;
	char number[32];
	int level;

	if (part->kind == PARSED) {
		*to = isnan(value) ? NAN : (float)part->number[(int)value];
		if (!isnan(value) && isnan(*to)) {
			hb_fail_text(job->table, row, part->column, job->error);
			return FAILED;
		}
		return CODED;
	}
	level = level_of(job, part, row, number, &text);
	if (level == -1 && side->gaps) {
		*to = NAN;
		return CODED;
	}
	if (level == -1) {
		enum outcome outcome = lack(job, side, row, part->column);

		for (int i = 0; i < part->width && outcome == CODED; i++)
			to[i] = side->fill[part->at + i];
		return outcome;
	}
	if (level < 0)
		return fail_unknown(job, side, part, row, text);
	memset(to, 0, (size_t)part->width * sizeof *to);
	if (side->labels)
		*to = (float)level;
	else
		to[level] = 1;
	return CODED;
}

/* x = (x - mean) * scale; 1 if any is not finite. */
static int scale_row(int n, const float *mean, const float *scale, float *x)
{
	const uint32_t exponent = 0x7f800000;
	uint32_t bits, found = 0;

	for (int i = 0; i < n; i++) {
		x[i] = (x[i] - mean[i]) * scale[i];
		memcpy(&bits, &x[i], sizeof bits);
		found |= (bits & exponent) == exponent;
	}
	return found != 0;
}

/* The number in a row of a column, also where the table has texts. */
static double number_at(const hebb_table *table, const struct part *part, long long row, int column)
{
	double value = hb_value(table, row, column);

	return part->kind == PARSED && !isnan(value) ? part->number[(int)value] : value;
}

/* x of a raw number of a side that needs doubles. */
static float scale_double(const struct side *side, int at, double raw)
{
	return (float)(raw - side->exact_mean[at]) * side->scale[at];
}

/* Of a part whose texts are coded: scales them and, from the table, the numbers; 1 if any is not
 * finite. */
static int scale_part(const hebb_table *table, const struct side *side, const struct part *part,
		      long long row, float *x)
{
	int found = 0, is_text = part->kind == LEVELS || part->kind == NUMBERED;

	for (int i = 0; i < part->width; i++) {
		int at = part->at + i;
		double raw =
			is_text ? (double)x[at] : number_at(table, part, row, part->column + i);

		x[at] = scale_double(side, at, raw);
		found |= !isfinite(x[at]);
	}
	return found;
}

/* scale_row() for either kind of side. */
static int scale_side(const hebb_table *table, const struct side *side, long long row, float *x)
{
	int found = 0;

	if (!side->exact_mean)
		return scale_row(side->width, side->mean, side->scale, x);
	for (int i = 0; i < side->parts; i++)
		found |= scale_part(table, side, &side->part[i], row, x);
	return found;
}

static double mean_of(const struct side *side, int at)
{
	return side->exact_mean ? side->exact_mean[at] : (double)side->mean[at];
}

/* Looks after the numbers of a scaled row that are not finite: missing, or too far out, where an
 * input is the last number there is. */
static enum outcome mend(const struct job *job, const struct side *side, const struct part *part,
			 long long row, float *x)
{
	for (int i = 0; i < part->width; i++) {
		int at = part->at + i, column = part->column + (part->kind == RUN ? i : 0);

		if (isfinite(x[at]) || (side->gaps && isnan(hb_value(job->table, row, column))))
			continue;
		if (!isnan(hb_value(job->table, row, column)) && !side->is_target) {
			x[at] = hb_scale_far(number_at(job->table, part, row, column),
					     mean_of(side, at), side->scale[at]);
			continue;
		}
		if (!isnan(hb_value(job->table, row, column))) {
			hb_fail_in_row(job->table, row, column,
				       "is too far from the values that the model was trained on",
				       job->error);
			return FAILED;
		}
		enum outcome outcome = lack(job, side, row, column);
		if (outcome != CODED)
			return outcome;
		x[at] = side->exact_mean ? scale_double(side, at, side->exact_fill[at])
					 : (side->fill[at] - side->mean[at]) * side->scale[at];
	}
	return CODED;
}

/* The values of a RUN. */
static void copy_run(const hebb_table *table, const struct part *part, long long row, float *to)
{
	long long at = row * table->columns + part->column;

	if (table->values)
		memcpy(to, table->values + at, (size_t)part->width * sizeof *to);
	else
		for (int i = 0; i < part->width; i++)
			to[i] = table->bytes[at + i];
}

static enum outcome code_side(const struct job *job, const struct side *side, long long row,
			      float *to)
{
	enum outcome outcome = CODED;

	for (int i = 0; i < side->parts && outcome == CODED; i++) {
		const struct part *part = &side->part[i];

		if (part->kind == RUN)
			copy_run(job->table, part, row, to + part->at);
		else
			outcome = code_text(job, side, part, row, to + part->at);
	}
	if (outcome != CODED || !scale_side(job->table, side, row, to))
		return outcome;
	for (int i = 0; i < side->parts && outcome == CODED; i++)
		if (side->part[i].kind == RUN || side->part[i].kind == PARSED)
			outcome = mend(job, side, &side->part[i], row, to);
	return outcome;
}

/* ---- The whole ---- */

static hebb_status prepare(struct job *job, int with_targets, int *ignored)
{
	const hebb_coding *coding = job->coding;
	struct side *input = &job->input, *target = &job->target;

	*input = (struct side){.columns = coding->input_count,
			       .width = coding->width,
			       .column = coding->inputs,
			       .mean = coding->mean,
			       .scale = coding->scale,
			       .fill = coding->fill,
			       .exact_mean = coding->exact_mean,
			       .exact_fill = coding->exact_fill};
	input->at = malloc((size_t)coding->input_count * sizeof *input->at);
	job->target_scale = malloc((size_t)coding->outputs * sizeof *job->target_scale);
	*target = (struct side){.is_target = 1,
				.gaps = hb_targets_alone(coding),
				.labels = coding->task == HEBB_LABELS,
				.columns = coding->target_count,
				.width = coding->outputs,
				.column = coding->targets,
				.mean = coding->target_mean,
				.scale = job->target_scale,
				.exact_mean = coding->exact_target_mean};
	target->at = malloc((size_t)coding->target_count * sizeof *target->at);
	if (!input->at || !target->at || !job->target_scale)
		return hb_out_of_memory(job->error);
	for (int i = 0; i < coding->outputs; i++)
		job->target_scale[i] = 1 / coding->target_sd[i];
	hebb_status status = coding->named && job->table->named
				     ? find_by_name(job, with_targets, ignored)
				     : find_by_place(job, with_targets);
	if (!status)
		status = make_parts(input, job->table, job->error);
	if (!status && with_targets)
		status = make_parts(target, job->table, job->error);
	return status;
}

/* 1 if the inputs are bytes side by side, none of which leaves the finite numbers when scaled. */
static int can_be_view(const struct job *job)
{
	const struct side *input = &job->input;
	int all_finite = 1;

	if (!job->table->bytes || input->parts != 1 || input->part->kind != RUN ||
	    input->exact_mean)
		return 0;
	for (int i = 0; i < input->width; i++)
		all_finite &= isfinite((0 - input->mean[i]) * input->scale[i]) &&
			      isfinite((UINT8_MAX - input->mean[i]) * input->scale[i]);
	return all_finite;
}

/* Space for n rows, of a view without the inputs; NULL: no memory. */
static hebb_dataset *make_dataset(const struct job *job, int is_view, int with_targets, long long n)
{
	const hebb_coding *coding = job->coding;
	hebb_dataset *dataset = calloc(1, sizeof *dataset);
	size_t rows = n > 0 ? (size_t)n : 1, most = PTRDIFF_MAX / sizeof(float) / rows;

	if (dataset && (size_t)coding->width <= most && (size_t)coding->outputs <= most) {
		dataset->inputs = coding->width;
		dataset->outputs = coding->outputs;
		if (!is_view)
			dataset->x = malloc(rows * (size_t)coding->width * sizeof *dataset->x);
		dataset->row = malloc(rows * sizeof *dataset->row);
		if (with_targets)
			dataset->y = malloc(rows * (size_t)coding->outputs * sizeof *dataset->y);
	}
	if (dataset && is_view) {
		dataset->table = job->table;
		dataset->column = job->input.part->column;
		dataset->coding = coding;
	}
	if (dataset && (dataset->x || is_view) && dataset->row && (dataset->y || !with_targets))
		return dataset;
	hebb_dataset_free(dataset);
	hebb_fail(job->error, HEBB_NO_MEMORY,
		  "out of memory for %lld rows of %d inputs and %d outputs", n, coding->width,
		  coding->outputs);
	return NULL;
}

/* Counts the targets that a row lacks; without any it is left out. */
static enum outcome count_gaps(const float *y, hebb_dataset *dataset)
{
	int gaps = 0;

	for (int i = 0; i < dataset->outputs; i++)
		gaps += isnan(y[i]) != 0;
	if (gaps == dataset->outputs) {
		dataset->without_target++;
		return DROPPED;
	}
	dataset->gaps += gaps;
	return CODED;
}

static hebb_status code_rows(const struct job *job, long long n, const long long *row,
			     hebb_dataset *dataset)
{
	float *x = dataset->x, *y = dataset->y;

	for (long long i = 0; i < n; i++) {
		long long r = hb_row_at(row, i);
		enum outcome outcome = x ? code_side(job, &job->input, r, x) : CODED;

		if (outcome == CODED && y)
			outcome = code_side(job, &job->target, r, y);
		if (outcome == CODED && y && job->target.gaps)
			outcome = count_gaps(y, dataset);
		if (outcome == FAILED)
			return HEBB_BAD_FORMAT;
		if (outcome == DROPPED)
			continue;
		x = x ? x + dataset->inputs : NULL;
		y = y ? y + dataset->outputs : NULL;
		dataset->row[dataset->rows++] = r;
	}
	return HEBB_OK;
}

static hebb_dataset *code(const hebb_coding *coding, const hebb_table *table, int may_be_view,
			  int with_targets, long long n, const long long *row, hebb_error *error)
{
	struct job job = {.coding = coding, .table = table, .error = error};
	hebb_dataset *dataset = NULL;
	int ignored = 0;

	if (!coding) {
		hb_absent("the coding", error);
		return NULL;
	}
	if (hb_check_rows(table, n, row, error))
		return NULL;
	if (!prepare(&job, with_targets, &ignored))
		dataset = make_dataset(&job, may_be_view && can_be_view(&job), with_targets, n);
	if (dataset && code_rows(&job, n, row, dataset)) {
		hebb_dataset_free(dataset);
		dataset = NULL;
	}
	if (dataset)
		dataset->ignored = ignored;
	free_side(&job.input);
	free_side(&job.target);
	free(job.target_scale);
	return dataset;
}

hebb_dataset *hebb_coding_apply(const hebb_coding *coding, const hebb_table *table,
				int with_targets, long long n, const long long *row,
				hebb_error *error)
{
	return code(coding, table, 0, with_targets, n, row, error);
}

hebb_dataset *hebb_coding_view(const hebb_coding *coding, const hebb_table *table, int with_targets,
			       long long n, const long long *row, hebb_error *error)
{
	return code(coding, table, 1, with_targets, n, row, error);
}

void hebb_dataset_free(hebb_dataset *dataset)
{
	if (!dataset)
		return;
	free(dataset->x);
	free(dataset->y);
	free(dataset->row);
	free(dataset);
}

/* ---- Asking for rows ---- */

/* x = (raw - mean) * scale, as scale_row() has it.  gcc makes vectors at -O2 only of loops whose
 * count it knows: with them this takes as long as to copy floats. */
static void scale_bytes(int n, const unsigned char *restrict raw, const float *restrict mean,
			const float *restrict scale, float *restrict x)
{
	enum { BLOCK = 16 };

	for (; n >= BLOCK; n -= BLOCK, raw += BLOCK, mean += BLOCK, scale += BLOCK, x += BLOCK)
		for (int i = 0; i < BLOCK; i++)
			x[i] = (raw[i] - mean[i]) * scale[i];
	for (int i = 0; i < n; i++)
		x[i] = (raw[i] - mean[i]) * scale[i];
}

#if defined __GNUC__
#define EXPECT(address) __builtin_prefetch(address)
#else
#define EXPECT(address) ((void)(address))
#endif

/* Where the inputs of a row are kept. */
static const void *inputs_of(const hebb_dataset *data, long long i)
{
	const hebb_table *table = data->table;

	if (data->x)
		return data->x + i * data->inputs;
	return table->bytes + data->row[i] * table->columns + data->column;
}

/* Gets the inputs of row i.  Asks the memory for the row `next` meanwhile: rows come in random
 * order, and to wait for one takes longer than to scale it. */
static void get_row(const hebb_dataset *data, long long i, long long next, float *x)
{
	enum { LINE = 64, ENOUGH = 1024 }; /* bytes; what follows is then expected anyway */
	const char *coming = inputs_of(data, next);
	size_t inputs = (size_t)data->inputs, size = data->x ? inputs * sizeof *x : inputs;

	for (size_t at = 0; at < size && at < ENOUGH; at += LINE)
		EXPECT(coming + at);
	if (data->x)
		memcpy(x, inputs_of(data, i), size);
	else
		scale_bytes(data->inputs, inputs_of(data, i), data->coding->mean,
			    data->coding->scale, x);
}

void hebb_dataset_get(const hebb_dataset *dataset, long long first, int count, float *x)
{
	for (int i = 0; i < count; i++)
		get_row(dataset, first + i, first + (i + 1 < count ? i + 1 : i),
			x + (ptrdiff_t)i * dataset->inputs);
}

/* Copies rows; they all weigh the same. */
static hebb_status gather(void *self, int count, const long long *index, float *x, float *y,
			  float *weight, hebb_error *error)
{
	const hebb_dataset *data = self;
	size_t outputs = (size_t)data->outputs;

	(void)weight;
	if (!data->y)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "the dataset has no targets to learn from; make it with_targets");
	for (int i = 0; i < count; i++) {
		get_row(data, index[i], index[i + 1 < count ? i + 1 : i],
			x + (ptrdiff_t)i * data->inputs);
		memcpy(y + (size_t)i * outputs, data->y + (size_t)index[i] * outputs,
		       outputs * sizeof *y);
	}
	return HEBB_OK;
}

/* A source without gather, of NULL, is refused by hebb_train(). */
void hebb_dataset_source_init(hebb_source *source, size_t size, const hebb_dataset *dataset)
{
	hebb_source made = hebb_source_default();

	if (dataset)
		made = (hebb_source){.size = sizeof made,
				     .self = (void *)(uintptr_t)dataset,
				     .rows = dataset->rows,
				     .gather = gather,
				     .parallel = 1,
				     .inputs = dataset->inputs,
				     .outputs = dataset->outputs};
	hebb_sized_fill(source, size, &made);
}
