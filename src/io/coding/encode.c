/* SPDX-License-Identifier: MIT */
/*
 * encode.c - encodes the numbers of a row (encode.h)
 */
#include "encode.h"

#include <math.h>

struct hb_bounds hb_bounds_of(hebb_scaling scaling)
{
	int is_far = scaling == HEBB_SCALING_ROBUST || scaling == HEBB_SCALING_PERIODIC;
	float most = is_far ? HB_FAR : FLT_MAX;

	return (struct hb_bounds){-most, most};
}

static float bounded(float x, float least, float most)
{
	x = x > least ? x : least;
	return x < most ? x : most;
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

static void encode(hebb_scaling scaling, int inputs, const float *least, const float *most,
		   float *x)
{
	for (int k = 0; k < inputs; k++) {
		x[k] = bounded(x[k], least[k], most[k]);
		if (scaling == HEBB_SCALING_ROBUST)
			x[k] = clipped(x[k]);
		if (scaling == HEBB_SCALING_PERIODIC)
			x[k] = sine(x[k] + hb_phase(k));
	}
}

void hb_encode_row(const hebb_coding *coding, float *x)
{
	int at = 0;

	for (int i = 0; i < coding->input_count; i++)
		for (int w = 0; w < coding->encoding[i].ways; w++) {
			const hebb_way *way = &coding->encoding[i].way[w];

			if (way->scaling != HEBB_SCALING_STANDARD)
				encode(way->scaling, way->inputs, coding->least + at,
				       coding->most + at, x + at);
			at += way->inputs;
		}
}

/* ---- Codings that were read ---- */

static int is_possible(const hebb_way *way, const hebb_column *column)
{
	switch (way->scaling) {
	case HEBB_SCALING_STANDARD:
		return way->inputs == hb_column_width(column);
	case HEBB_SCALING_ROBUST:
		return column->kind == HEBB_NUMBER && way->inputs == 1;
	case HEBB_SCALING_PIECEWISE:
		return column->kind == HEBB_NUMBER && way->inputs >= 1 &&
		       way->inputs <= HEBB_BINS_MOST;
	case HEBB_SCALING_PERIODIC:
		return column->kind == HEBB_NUMBER && way->inputs == 2 * HEBB_WAVES;
	default:
		return 0;
	}
}

/* A column of texts has one way. */
static int are_possible(const hebb_encoding *is, const hebb_column *column)
{
	int inputs = 0;

	if (is->ways < 1 || is->ways > (column->kind == HEBB_NUMBER ? HEBB_WAYS_MOST : 1))
		return 0;
	for (int w = 0; w < is->ways; w++) {
		if (!is_possible(&is->way[w], column))
			return 0;
		inputs += is->way[w].inputs;
	}
	return inputs == is->inputs;
}

const char *hb_encoding_flaw(const hebb_coding *coding)
{
	int encoded = 0;

	if (!coding->encoding)
		return NULL;
	if (coding->height > 0)
		return "the pixels of images are encoded";
	if (!coding->least || !coding->most)
		return "it encodes columns, and has no bounds for them";
	for (int i = 0; i < coding->input_count; i++)
		if (!are_possible(&coding->encoding[i], &coding->inputs[i]))
			return "how a column is encoded does not fit it";
	for (int i = 0; i < coding->input_count; i++)
		encoded += hb_is_encoded(coding, i);
	return encoded ? NULL : "it encodes columns, and none of them";
}

static double mean_of(const hebb_coding *coding, int at)
{
	return coding->exact_mean ? coding->exact_mean[at] : (double)coding->mean[at];
}

/* Bins follow each other, and each begins below its mean and ends above it. The means of bins next
 * to each other may be equal: a double does not tell more of integers beyond 2^53. */
static int are_bins(const hebb_coding *coding, int at, int bins)
{
	for (int k = at; k < at + bins; k++)
		if (!(coding->scale[k] > 0) || !(coding->least[k] < 0) || !(coding->most[k] > 0) ||
		    (k > at && mean_of(coding, k) < mean_of(coding, k - 1)))
			return 0;
	return 1;
}

static int are_usual(const hebb_coding *coding, hebb_scaling scaling, int at, int inputs)
{
	struct hb_bounds bounds = hb_bounds_of(scaling);

	for (int k = at; k < at + inputs; k++)
		if (coding->least[k] != bounds.least || coding->most[k] != bounds.most)
			return 0;
	return 1;
}

static const char *way_flaw(const hebb_coding *coding, const hebb_way *way, int at)
{
	if (way->scaling == HEBB_SCALING_PIECEWISE)
		return are_bins(coding, at, way->inputs)
			       ? NULL
			       : "the edges of the bins of an input are not in order";
	return are_usual(coding, way->scaling, at, way->inputs)
		       ? NULL
		       : "an input has bounds that its scaling does not have";
}

const char *hb_edges_flaw(const hebb_coding *coding)
{
	const char *flaw = NULL;
	int at = 0;

	for (int i = 0; i < coding->input_count && coding->encoding; i++)
		for (int w = 0; w < coding->encoding[i].ways && !flaw; w++) {
			flaw = way_flaw(coding, &coding->encoding[i].way[w], at);
			at += coding->encoding[i].way[w].inputs;
		}
	return flaw;
}
