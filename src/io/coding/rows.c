/* SPDX-License-Identifier: MIT */
/*
 * rows.c - one row of a table, coded for a network
 *
 * It is copied part by part and scaled as a whole. A missing number is a NaN until then, so no
 * number needs a test of its own in a good row.
 *
 * Of inputs or targets that need doubles (exact_mean), each number is scaled by itself, and only
 * its difference from the mean is rounded.
 */
#include "dataset.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Deviations from 0, beyond which a rounding to float32 is more than 2^-18 of one. */
#define FAR 0x1p6

/* What becomes of a row without a value in a column, number `index` of its side; is_odd: it has a
 * text in place of a number. */
static enum hb_outcome lack(const struct hb_dataset_job *job, const struct hb_side *side,
			    long long row, int column, int index, int is_odd)
{
	if (job->is_strict && is_odd)
		hb_fail_text(job->table, row, column, job->error);
	else if (job->is_strict)
		hb_fail_in_row(job->table, row, column,
			       side->is_target
				       ? "has no value, and it is a target"
				       : "has no value, which --strict and in training --missing "
					 "error refuse; else its mean takes the place",
			       job->error);
	if (job->is_strict || side->is_target)
		return job->is_strict ? HB_FAILED : HB_DROPPED;
	job->unlike[index].missing += !is_odd;
	job->unlike[index].odd += is_odd;
	job->is_gap[index] = 1;
	return job->coding->missing == HEBB_MISSING_DROP ? HB_DROPPED : HB_CODED;
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

static enum hb_outcome fail_unknown(const struct hb_dataset_job *job, const struct hb_side *side,
				    const struct hb_part *part, long long row, const char *text)
{
	char shown[HB_SHOWN], near[HB_SHOWN + 24] = "", what[2 * HB_SHOWN + 84];
	int level = nearest_level(part->coded, text);

	if (level >= 0)
		snprintf(near, sizeof near, "; did you mean \"%s\"?",
			 hb_show(part->coded->levels[level], shown));
	snprintf(what, sizeof what, "is \"%s\", a %s that was not there in training%s",
		 hb_show(text, shown), side->is_target ? "class" : "text", near);
	hb_fail_in_row(job->table, row, part->column, what, job->error);
	return HB_FAILED;
}

/* The number of the text of a row; -1: it is missing. */
static int text_of(const struct hb_texts *texts, long long row, double value)
{
	if (!texts->spelling)
		return isnan(value) ? -1 : (int)value;
	return texts->spelling[row] < (uint32_t)texts->count ? (int)texts->spelling[row] : -1;
}

int hb_level_of(const hebb_table *table, const struct hb_part *part, long long row, char number[32],
		const char **text)
{
	const struct hb_texts *texts = part->texts;
	double value = hb_value(table, row, part->column);
	int at, level = -1;

	if (part->kind == HB_LEVELS) {
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

/* A text that is none of the levels, or of the classes. */
static enum hb_outcome meet_unknown(const struct hb_dataset_job *job, const struct hb_side *side,
				    const struct hb_part *part, long long row, const char *text,
				    float *to)
{
	if (job->is_strict)
		return fail_unknown(job, side, part, row, text);
	for (int i = 0; i < part->width; i++)
		to[i] = side->labels ? NAN : 0;
	if (side->is_target)
		++*job->unseen;
	else
		job->unlike[part->index].unknown++;
	return HB_CODED;
}

/* A column that is text in the table or in the coding.  Leaves NaN for a missing number. */
static enum hb_outcome code_text(const struct hb_dataset_job *job, const struct hb_side *side,
				 const struct hb_part *part, long long row, float *to)
{
	double value = hb_value(job->table, row, part->column);
	const char *text = NULL;
	char number[32];
	int level;

	if (part->kind == HB_PARSED) {
		*to = isnan(value) ? NAN : (float)part->number[(int)value];
		return HB_CODED;
	}
	level = hb_level_of(job->table, part, row, number, &text);
	if (level == -1 && side->gaps) {
		*to = NAN;
		return HB_CODED;
	}
	if (level == -1) {
		enum hb_outcome outcome = lack(job, side, row, part->column, part->index, 0);

		for (int i = 0; i < part->width && outcome == HB_CODED; i++)
			to[i] = side->fill[part->at + i];
		return outcome;
	}
	if (level < 0)
		return meet_unknown(job, side, part, row, text, to);
	memset(to, 0, (size_t)part->width * sizeof *to);
	if (side->labels)
		*to = (float)level;
	else
		to[level] = 1;
	return HB_CODED;
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

double hb_number_at(const hebb_table *table, const struct hb_part *part, long long row, int column)
{
	double value = hb_value(table, row, column);

	return part->kind == HB_PARSED && !isnan(value) ? part->number[(int)value] : value;
}

/* A number of a column that needs no doubles in this table, but did in training: as it stands in
 * the file, if it is so far from 0 that float32 may lose a part of the deviation (exact.c). */
static double in_full(const hebb_table *table, int column, double value, float scale)
{
	const hebb_column_detail *detail = hb_detail(table, column);
	double full = value;
	char text[32];

	if (table->line && !(detail && detail->doubles) && fabs(value) * (double)scale > FAR)
		hb_is_double(hebb_format_float((float)value, text), &full);
	return full;
}

/* x of a raw number of a side that needs doubles. */
static float scale_double(const struct hb_side *side, int at, double raw)
{
	return (float)(raw - side->exact_mean[at]) * side->scale[at];
}

/* Of a part whose texts are coded: scales them and, from the table, the numbers; 1 if any is not
 * finite. */
static int scale_part(const hebb_table *table, const struct hb_side *side,
		      const struct hb_part *part, long long row, float *x)
{
	int found = 0, is_text = part->kind == HB_LEVELS || part->kind == HB_NUMBERED;

	for (int i = 0; i < part->width; i++) {
		int at = part->at + i;
		double raw =
			is_text ? (double)x[at] : hb_number_at(table, part, row, part->column + i);

		if (part->kind == HB_RUN)
			raw = in_full(table, part->column + i, raw, side->scale[at]);
		x[at] = scale_double(side, at, raw);
		found |= !isfinite(x[at]);
	}
	return found;
}

/* scale_row() for either kind of side. */
static int scale_side(const hebb_table *table, const struct hb_side *side, long long row, float *x)
{
	int found = 0;

	if (!side->exact_mean)
		return scale_row(side->width, side->mean, side->scale, x);
	for (int i = 0; i < side->parts; i++)
		found |= scale_part(table, side, &side->part[i], row, x);
	return found;
}

static double mean_of(const struct hb_side *side, int at)
{
	return side->exact_mean ? side->exact_mean[at] : (double)side->mean[at];
}

/* x of the value that stands for a missing number. */
static float filled(const struct hb_side *side, int at)
{
	return side->exact_mean ? scale_double(side, at, side->exact_fill[at])
				: (side->fill[at] - side->mean[at]) * side->scale[at];
}

/* Mends number i of a part, which is not finite: missing, or too far out, where an input is the
 * last number there is. */
static enum hb_outcome mend_number(const struct hb_dataset_job *job, const struct hb_side *side,
				   const struct hb_part *part, int i, long long row, float *x)
{
	int at = part->at + i, column = part->column + i;
	double raw = hb_number_at(job->table, part, row, column);
	enum hb_outcome outcome;

	if (isnan(raw) && side->gaps)
		return HB_CODED;
	if (isnan(raw)) {
		outcome = lack(job, side, row, column, part->index + i,
			       !isnan(hb_value(job->table, row, column)));
		if (outcome == HB_CODED)
			x[at] = filled(side, at);
		return outcome;
	}
	if (side->is_target) {
		hb_fail_in_row(job->table, row, column,
			       "is too far from the values that the model was trained on",
			       job->error);
		return HB_FAILED;
	}
	x[at] = hb_scale_far(raw, mean_of(side, at), side->scale[at]);
	return HB_CODED;
}

/* Mends the numbers of a part of a scaled row. */
static enum hb_outcome mend(const struct hb_dataset_job *job, const struct hb_side *side,
			    const struct hb_part *part, long long row, float *x)
{
	enum hb_outcome outcome = HB_CODED;

	for (int i = 0; i < part->width && outcome == HB_CODED; i++)
		if (!isfinite(x[part->at + i]))
			outcome = mend_number(job, side, part, i, row, x);
	return outcome;
}

/* The values of a HB_RUN. */
static void copy_run(const hebb_table *table, const struct hb_part *part, long long row, float *to)
{
	long long at = row * table->columns + part->column;

	if (table->values)
		memcpy(to, table->values + at, (size_t)part->width * sizeof *to);
	else
		for (int i = 0; i < part->width; i++)
			to[i] = table->bytes[at + i];
}

/* Counts the numbers of a part that lie outside of what was learned. */
static void count_outside(const struct hb_dataset_job *job, const struct hb_part *part,
			  long long row)
{
	for (int i = 0; i < part->width; i++) {
		double raw = hb_number_at(job->table, part, row, part->column + i);
		int at = part->index + i;

		job->unlike[at].outside += hb_is_outside(&job->coding->seen[at], raw);
	}
}

static int is_numeric(const struct hb_part *part)
{
	return part->kind == HB_RUN || part->kind == HB_PARSED;
}

/* hb_code_side() without the indicators. */
static enum hb_outcome code_values(const struct hb_dataset_job *job, const struct hb_side *side,
				   long long row, float *to)
{
	enum hb_outcome outcome = HB_CODED;

	for (int i = 0; i < side->parts && outcome == HB_CODED; i++) {
		const struct hb_part *part = &side->part[i];

		if (part->kind == HB_RUN)
			copy_run(job->table, part, row, to + part->at);
		else
			outcome = code_text(job, side, part, row, to + part->at);
	}
	if (outcome != HB_CODED || !scale_side(job->table, side, row, to))
		return outcome;
	for (int i = 0; i < side->parts && outcome == HB_CODED; i++)
		if (is_numeric(&side->part[i]))
			outcome = mend(job, side, &side->part[i], row, to);
	return outcome;
}

enum hb_outcome hb_code_side(const struct hb_dataset_job *job, const struct hb_side *side,
			     long long row, float *to)
{
	const hebb_coding *coding = job->coding;
	int indicators = side->is_target ? 0 : coding->indicator_count;
	float *indicator = to + side->width - indicators;
	enum hb_outcome outcome;

	memset(indicator, 0, (size_t)indicators * sizeof *indicator);
	if (indicators > 0)
		memset(job->is_gap, 0, (size_t)coding->input_count);
	outcome = code_values(job, side, row, to);
	for (int i = 0; i < indicators && outcome == HB_CODED; i++)
		indicator[i] = job->is_gap[coding->indicator[i]];
	if (outcome != HB_CODED || side->is_target || !coding->seen || job->table->bytes)
		return outcome;
	for (int i = 0; i < side->parts; i++)
		if (is_numeric(&side->part[i]))
			count_outside(job, &side->part[i], row);
	return HB_CODED;
}
