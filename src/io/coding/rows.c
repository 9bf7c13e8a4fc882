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
#include "encode.h"
#include "transform.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Deviations from 0, beyond which a rounding to float32 is more than 2^-18 of one. */
#define FAR 0x1p6

/* There is a value where a number belongs, and it is none. */
static hebb_status fail_odd(const struct hb_dataset_job *job, const struct hb_part *part, int i,
			    long long row)
{
	char number[32], shown[HB_SHOWN], what[HB_SHOWN + 60];
	const hebb_block *block = part->place.block;
	const char *text;

	if (!block)
		return hb_fail_text(job->table, row, part->column + i, "", job->error);
	text = hb_text_of(job, part, i, row, number);
	snprintf(what, sizeof what,
		 block->texts ? "has the text \"%s\" where a number belongs"
			      : "is %s: infinite, or too large for float32",
		 hb_show(text, shown));
	return hb_fail_in_row(job->table, row, part->column + i, what, job->error);
}

static hebb_status fail_missing(const struct hb_dataset_job *job, const struct hb_side *side,
				int column, long long row)
{
	return hb_fail_in_row(job->table, row, column,
			      side->is_target ? "has no value, and it is a target"
					      : "has no value, and gaps are not filled in here",
			      job->error);
}

/* What becomes of a row without a value in column i of a part. */
static enum hb_outcome lack(const struct hb_dataset_job *job, const struct hb_side *side,
			    const struct hb_part *part, int i, long long row)
{
	int index = part->index + i, is_odd = hb_has_value(job, part, i, row);

	if (job->is_strict && is_odd)
		fail_odd(job, part, i, row);
	else if (job->is_strict)
		fail_missing(job, side, part->column + i, row);
	if (job->is_strict || side->is_target)
		return job->is_strict ? HB_FAILED : HB_DROPPED;
	if (job->unlike) {
		job->unlike[index].missing += !is_odd;
		job->unlike[index].odd += is_odd;
	}
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

/* The number of the text of a row; -1: it is missing. */
static int text_of(const struct hb_texts *texts, long long row, double value)
{
	if (!texts->spelling)
		return isnan(value) ? -1 : (int)value;
	return texts->spelling[row] < (uint32_t)texts->count ? (int)texts->spelling[row] : -1;
}

static enum hb_outcome fail_unknown(const struct hb_dataset_job *job, const struct hb_side *side,
				    const struct hb_part *part, long long row)
{
	char number[32], shown[HB_SHOWN], near[HB_SHOWN + 24] = "", what[2 * HB_SHOWN + 84];
	const struct hb_texts *texts = part->texts;
	const char *text = texts->spelling ? texts->text[texts->spelling[row]]
					   : hb_text_of(job, part, 0, row, number);
	int level = nearest_level(part->coded, text);

	if (level >= 0)
		snprintf(near, sizeof near, "; did you mean \"%s\"?",
			 hb_show(part->coded->levels[level], shown));
	snprintf(what, sizeof what, "is \"%s\", a %s that was not there in training%s",
		 hb_show(text, shown), side->is_target ? "class" : "text", near);
	hb_fail_in_row(job->table, row, part->column, what, job->error);
	return HB_FAILED;
}

int hb_level_of(const struct hb_dataset_job *job, const struct hb_part *part, long long row)
{
	const struct hb_texts *texts = part->texts;
	int level, at, is_array = part->place.block != NULL;
	double value;

	if (is_array && !hb_has_value(job, part, 0, row))
		return HB_NO_LEVEL;
	if (is_array && part->kind == HB_LEVELS) {
		level = hb_labels_find_text(&texts->labels, hb_text_of(job, part, 0, row, NULL));
		return level < 0 ? HB_NEW_LEVEL : level;
	}
	value = hb_number_at(job, part, 0, row);
	if (part->kind == HB_LEVELS) {
		at = text_of(texts, row, value);
		level = at < 0 ? HB_NO_LEVEL : texts->level[at];
		return at >= 0 && level < 0 ? HB_NEW_LEVEL : level;
	}
	if (isnan(value))
		return HB_NO_LEVEL;
	level = hb_labels_find_number(&texts->labels, value);
	return level < 0 ? HB_NEW_LEVEL : level;
}

/* A text that is none of the levels, or of the classes. */
static enum hb_outcome meet_unknown(const struct hb_dataset_job *job, const struct hb_side *side,
				    const struct hb_part *part, long long row, float *to)
{
	if (job->is_strict)
		return fail_unknown(job, side, part, row);
	for (int i = 0; i < part->width; i++)
		to[i] = side->labels ? NAN : 0;
	if (side->is_target)
		*job->unseen += !side->labels; /* an unknown label is a gap */
	else if (job->unlike)
		job->unlike[part->index].unknown++;
	return HB_CODED;
}

/* Whether no row of training had a level. */
static int is_new(const struct hb_dataset_job *job, const struct hb_part *part, int level)
{
	const hebb_seen *seen = job->coding->seen;

	return job->has_limits && seen &&
	       (level == HB_NEW_LEVEL || seen[part->index].count[level] == 0);
}

/* A column that is text in the table or in the coding.  Leaves NaN for a missing number. */
static enum hb_outcome code_text(const struct hb_dataset_job *job, const struct hb_side *side,
				 const struct hb_part *part, long long row, float *to)
{
	enum hb_outcome outcome;
	int level;

	if (part->kind == HB_PARSED) {
		*to = (float)hb_number_at(job, part, 0, row);
		return HB_CODED;
	}
	level = hb_level_of(job, part, row);
	if (level == HB_NO_LEVEL && side->gaps) {
		*to = NAN;
		return HB_CODED;
	}
	if (level == HB_NO_LEVEL) {
		outcome = lack(job, side, part, 0, row);
		for (int i = 0; i < part->width && !side->is_target; i++)
			to[i] = side->fill[part->at + i];
		return outcome;
	}
	if (!side->is_target)
		*job->is_outside |= is_new(job, part, level);
	if (level == HB_NEW_LEVEL)
		return meet_unknown(job, side, part, row, to);
	memset(to, 0, (size_t)part->width * sizeof *to);
	if (side->labels)
		*to = (float)level;
	else
		to[level] = 1;
	return HB_CODED;
}

int hb_scale_row(int n, const float *raw, const float *mean, const float *scale, float *x)
{
	const uint32_t exponent = 0x7f800000;
	uint32_t bits, found = 0;

	for (int i = 0; i < n; i++) {
		x[i] = (raw[i] - mean[i]) * scale[i];
		memcpy(&bits, &x[i], sizeof bits);
		found |= (bits & exponent) == exponent;
	}
	return found != 0;
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
static int scale_part(const struct hb_dataset_job *job, const struct hb_side *side,
		      const struct hb_part *part, long long row, float *x)
{
	int found = 0, is_text = part->kind == HB_LEVELS || part->kind == HB_NUMBERED;

	for (int i = 0; i < part->width * part->inputs; i++) {
		int at = part->at + i, column = i / part->inputs;
		double raw = is_text ? (double)x[at] : hb_number_at(job, part, column, row);

		if (part->kind == HB_RUN)
			raw = in_full(job->table, part->column + column, raw, side->scale[at]);
		x[at] = scale_double(side, at, raw);
		found |= !isfinite(x[at]);
	}
	return found;
}

/* Of targets on another scale than their own, each a column of numbers. */
static int transform_part(const struct hb_dataset_job *job, const struct hb_side *side,
			  const struct hb_part *part, long long row, float *y)
{
	int found = 0;

	for (int i = 0; i < part->width; i++) {
		int at = part->at + i;
		double t = hb_target_place(side->transform, at, hb_number_at(job, part, i, row));

		y[at] = (float)((t - (double)side->mean[at]) * (double)side->scale[at]);
		found |= !isfinite(y[at]);
	}
	return found;
}

/* hb_scale_row() for either kind of side. */
static int scale_side(const struct hb_dataset_job *job, const struct hb_side *side, long long row,
		      float *x)
{
	int found = 0;

	if (!side->exact_mean && !side->transform)
		return hb_scale_row(side->width, x, side->mean, side->scale, x);
	for (int i = 0; i < side->parts; i++)
		found |= side->transform ? transform_part(job, side, &side->part[i], row, x)
					 : scale_part(job, side, &side->part[i], row, x);
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
 * last number there is. x: what it becomes, from input `at` on. */
static enum hb_outcome mend_number(const struct hb_dataset_job *job, const struct hb_side *side,
				   const struct hb_part *part, int i, long long row, float *x)
{
	int at = part->at + i * part->inputs, column = part->column + i;
	double raw = hb_number_at(job, part, i, row);
	enum hb_outcome outcome;

	if (isnan(raw) && side->gaps)
		return HB_CODED;
	if (isnan(raw)) {
		outcome = lack(job, side, part, i, row);
		for (int k = 0; k < part->inputs && !side->is_target; k++)
			x[k] = filled(side, at + k);
		return outcome;
	}
	if (side->transform && !(raw > 0)) {
		hb_fail_logarithm(job->table, row, column, raw, "", job->error);
		return HB_FAILED;
	}
	if (side->is_target) {
		hb_fail_in_row(job->table, row, column,
			       "is too far from the values that the model was trained on",
			       job->error);
		return HB_FAILED;
	}
	for (int k = 0; k < part->inputs; k++)
		if (!isfinite(x[k]))
			x[k] = hb_scale_far(raw, mean_of(side, at + k), side->scale[at + k]);
	return HB_CODED;
}

/* Whether the other values of a row matter. Inputs that are left out are looked at to their end, so
 * that all that is unlike training is counted. */
static int goes_on(const struct hb_side *side, enum hb_outcome outcome)
{
	return outcome == HB_CODED || (outcome == HB_DROPPED && !side->is_target);
}

static enum hb_outcome worse(enum hb_outcome one, enum hb_outcome other)
{
	if (one == HB_FAILED || other == HB_FAILED)
		return HB_FAILED;
	return one == HB_DROPPED ? one : other;
}

static int is_finite(const float *x, int count)
{
	while (count > 0 && isfinite(x[count - 1]))
		count--;
	return count == 0;
}

/* Mends the numbers of a part of a scaled row. */
static enum hb_outcome mend(const struct hb_dataset_job *job, const struct hb_side *side,
			    const struct hb_part *part, long long row, float *x)
{
	enum hb_outcome outcome = HB_CODED;

	x += part->at;
	for (int i = 0; i < part->width && goes_on(side, outcome); i++, x += part->inputs)
		if (!is_finite(x, part->inputs))
			outcome = worse(outcome, mend_number(job, side, part, i, row, x));
	return outcome;
}

/* Counts the numbers of a part that lie outside of what was learned. */
static void count_outside(const struct hb_dataset_job *job, const struct hb_part *part,
			  long long row)
{
	for (int i = 0; i < part->width; i++) {
		double raw = hb_number_at(job, part, i, row);
		int at = part->index + i, is_outside = hb_is_outside(&job->coding->seen[at], raw);

		if (job->unlike)
			job->unlike[at].outside += is_outside;
		*job->is_outside |= is_outside;
	}
}

static int is_numeric(const struct hb_part *part)
{
	return part->kind == HB_RUN || part->kind == HB_PARSED;
}

/* Of a number that becomes several inputs each begins with it. */
static void repeat(const struct hb_part *part, float *to)
{
	for (int k = 1; k < part->inputs; k++)
		to[k] = to[0];
}

/* hb_code_side() without the encoding and the indicators. */
static enum hb_outcome code_values(const struct hb_dataset_job *job, const struct hb_side *side,
				   long long row, float *to)
{
	enum hb_outcome outcome = HB_CODED;

	for (int i = 0; i < side->parts && goes_on(side, outcome); i++) {
		const struct hb_part *part = &side->part[i];

		if (part->kind == HB_RUN)
			hb_copy_run(job, part, row, to + part->at);
		else
			outcome = worse(outcome, code_text(job, side, part, row, to + part->at));
		repeat(part, to + part->at);
	}
	if (!goes_on(side, outcome) || !scale_side(job, side, row, to))
		return outcome;
	for (int i = 0; i < side->parts && goes_on(side, outcome); i++)
		if (is_numeric(&side->part[i]))
			outcome = worse(outcome, mend(job, side, &side->part[i], row, to));
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
	if (!side->is_target)
		*job->is_outside = 0;
	outcome = code_values(job, side, row, to);
	if (side->encoding && outcome == HB_CODED)
		hb_encode_row(coding, to);
	for (int i = 0; i < indicators && outcome == HB_CODED; i++)
		indicator[i] = job->is_gap[coding->indicator[i]];
	if (!goes_on(side, outcome) || side->is_target || !coding->seen || !job->has_limits)
		return outcome;
	for (int i = 0; i < side->parts; i++)
		if (is_numeric(&side->part[i]))
			count_outside(job, &side->part[i], row);
	return outcome;
}
