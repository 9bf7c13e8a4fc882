/* SPDX-License-Identifier: MIT */
/*
 * encode.c - encodes the numbers of a row (encode.h)
 */
#include "encode.h"

#include <math.h>

struct hb_bounds hb_bounds_of(hebb_scaling scaling)
{
	switch (scaling) {
	case HEBB_SCALING_PIECEWISE:
		return (struct hb_bounds){0, 1};
	case HEBB_SCALING_ROBUST:
	case HEBB_SCALING_PERIODIC:
		return (struct hb_bounds){-HB_FAR, HB_FAR};
	default:
		return (struct hb_bounds){-FLT_MAX, FLT_MAX};
	}
}

static float bounded(float x, struct hb_bounds bounds)
{
	x = x > bounds.least ? x : bounds.least;
	return x < bounds.most ? x : bounds.most;
}

static float clipped(float x)
{
	float third = x * HB_THIRD;

	return x / sqrtf(third * third + 1);
}

/* The sine of |x| <= HB_FAR + 2, in double: whole turns are taken off, with 2 pi in two parts of
 * which the first is exact times any number of turns; then it is the series up to y^23 / 23! for y
 * between -pi and pi. The error is below 1e-12. */
static float sine(float x)
{
	const double turn = 0x1.921fb54p+2, rest = 0x1.10b4611a62633p-28;
	double turns = floor((double)x / (turn + rest) + 0.5);
	double y = (double)x - turns * turn - turns * rest, term, sum;

	term = sum = y;
	for (int k = 2; k <= 22; k += 2) {
		term *= -y * y / (k * (k + 1));
		sum += term;
	}
	return (float)sum;
}

static void encode(hebb_scaling scaling, int inputs, float *x)
{
	const struct hb_bounds bounds = hb_bounds_of(scaling);

	for (int k = 0; k < inputs; k++) {
		x[k] = bounded(x[k], bounds);
		if (scaling == HEBB_SCALING_ROBUST)
			x[k] = clipped(x[k]);
		if (scaling == HEBB_SCALING_PERIODIC)
			x[k] = sine(x[k] + hb_phase(k));
	}
}

void hb_encode_row(const hebb_coding *coding, float *x)
{
	for (int i = 0; i < coding->input_count; i++) {
		const hebb_encoding *is = &coding->encoding[i];

		if (is->scaling != HEBB_SCALING_STANDARD)
			encode(is->scaling, is->inputs, x);
		x += is->inputs;
	}
}

/* ---- Codings that were read ---- */

static int is_possible(const hebb_encoding *is, const hebb_column *column)
{
	switch (is->scaling) {
	case HEBB_SCALING_STANDARD:
		return is->inputs == hb_column_width(column);
	case HEBB_SCALING_ROBUST:
		return column->kind == HEBB_NUMBER && is->inputs == 1;
	case HEBB_SCALING_PIECEWISE:
		return column->kind == HEBB_NUMBER && is->inputs >= 1 &&
		       is->inputs <= HEBB_BINS_MOST;
	case HEBB_SCALING_PERIODIC:
		return column->kind == HEBB_NUMBER && is->inputs == 2 * HEBB_WAVES;
	default:
		return 0;
	}
}

const char *hb_encoding_flaw(const hebb_coding *coding)
{
	int encoded = 0;

	if (!coding->encoding)
		return NULL;
	if (coding->height > 0)
		return "the pixels of images are encoded";
	for (int i = 0; i < coding->input_count; i++)
		if (!is_possible(&coding->encoding[i], &coding->inputs[i]))
			return "how a column is encoded does not fit it";
	for (int i = 0; i < coding->input_count; i++)
		encoded += coding->encoding[i].scaling != HEBB_SCALING_STANDARD;
	return encoded ? NULL : "it encodes columns, and none of them";
}

static double mean_of(const hebb_coding *coding, int at)
{
	return coding->exact_mean ? coding->exact_mean[at] : (double)coding->mean[at];
}

const char *hb_edges_flaw(const hebb_coding *coding)
{
	int at = 0;

	for (int i = 0; i < coding->input_count && coding->encoding; i++) {
		int inputs = coding->encoding[i].inputs;

		for (int k = 0; k < inputs && hb_scaling_of(coding, i) == HEBB_SCALING_PIECEWISE;
		     k++)
			if (!(coding->scale[at + k] > 0) ||
			    (k && mean_of(coding, at + k) <= mean_of(coding, at + k - 1)))
				return "the edges of the bins of an input are not in order";
		at += inputs;
	}
	return NULL;
}
