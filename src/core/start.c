/* SPDX-License-Identifier: MIT */
/*
 * start.c - the initial W and b of a layer
 *
 * The formulas are at hebb_start in hebb.h. All numbers of a layer are drawn in canonical order
 * from a stream of its own, with operations that are exact in IEEE arithmetic, so a network starts
 * with the same bits everywhere.
 */
#include <math.h>
#include <string.h>
#include "core.h"

/* A layer, and the random numbers for its start. */
struct drawing {
	const struct hb_step *s;
	const hebb_allocator *allocator;
	uint64_t seed, stream;
	float *W, *b; /* uniform in [0, 1) */
};

static hebb_status uniform01(const struct drawing *drawing, hebb_error *error)
{
	(void)drawing;
	(void)error;
	return HEBB_OK;
}

/* W uniform in +-sqrt(square), b = 0. */
static hebb_status uniform(const struct drawing *drawing, double square)
{
	size_t weights = (size_t)drawing->s->n * drawing->s->m;
	float limit = (float)sqrt(square);

	for (size_t i = 0; i < weights; i++)
		drawing->W[i] = (2 * drawing->W[i] - 1) * limit;
	memset(drawing->b, 0, (size_t)drawing->s->m * sizeof *drawing->b);
	return HEBB_OK;
}

static hebb_status glorot(const struct drawing *drawing, hebb_error *error)
{
	(void)error;
	return uniform(drawing, 6 / ((double)drawing->s->n + drawing->s->m));
}

static hebb_status he(const struct drawing *drawing, hebb_error *error)
{
	(void)error;
	return uniform(drawing, 6 / (double)drawing->s->n);
}

static hebb_status lecun(const struct drawing *drawing, hebb_error *error)
{
	(void)error;
	return uniform(drawing, 3 / (double)drawing->s->n);
}

/* ---- Nguyen and Widrow's ---- */

/* x^n in products; infinite if it is too large. */
static double power(double x, int n)
{
	double y = 1;

	for (; n > 0; n /= 2, x *= x)
		if (n % 2)
			y *= x;
	return y;
}

/* m^(1/n), by bisection: pow() may have other bits elsewhere. */
static double root(double m, int n)
{
	double low = 1, high = m;

	for (int i = 0; i < 80; i++) {
		double middle = (low + high) / 2;

		if (power(middle, n) <= m)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static hebb_status nguyen_widrow(const struct drawing *drawing, hebb_error *error)
{
	const struct hb_step *s = drawing->s;
	double beta = 0.7 * root(s->m, s->n);

	(void)error;
	for (int i = 0; i < s->m; i++) {
		float *w = drawing->W + (size_t)i * s->n;
		double square = 0;

		for (int j = 0; j < s->n; j++) {
			/* the middle of its interval, so it is never 0 */
			w[j] = 2 * w[j] - (1 - 0x1p-24f);
			square += (double)w[j] * (double)w[j];
		}
		for (int j = 0; j < s->n; j++)
			w[j] = (float)((double)w[j] * (beta / sqrt(square)));
		drawing->b[i] = (float)((2 * (double)drawing->b[i] - 1) * beta);
	}
	return HEBB_OK;
}

/* ---- Orthogonal ---- */

/* Makes `count` <= n rows of n numbers orthonormal (modified Gram-Schmidt): each row is scaled to
 * the length 1, and its component is subtracted from the later rows. */
static void orthonormalize(size_t count, size_t n, double *rows)
{
	for (size_t i = 0; i < count; i++) {
		double *q = rows + i * n, length = sqrt(hb_dot_double(n, q, q));

		for (size_t k = 0; k < n; k++)
			q[k] /= length;
		for (double *a = q + n; a < rows + count * n; a += n) {
			double part = hb_dot_double(n, q, a);

			for (size_t k = 0; k < n; k++)
				a[k] -= part * q[k];
		}
	}
}

/* The distribution of normal numbers does not depend on the direction, and so all orthogonal
 * matrices are equally likely. */
static hebb_status orthogonal(const struct drawing *drawing, hebb_error *error)
{
	size_t n = (size_t)drawing->s->n, m = (size_t)drawing->s->m,
	       bytes = hb_bytes(n * m, sizeof(double));
	double *a = hb_allocate(drawing->allocator, bytes, error);

	if (!a)
		return HEBB_NO_MEMORY;
	hb_random_normal(drawing->seed, drawing->stream, (long long)(n * m), a);
	orthonormalize(m < n ? m : n, m < n ? n : m, a);
	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j < n; j++)
			drawing->W[i * n + j] = (float)(m < n ? a[i * n + j] : a[j * m + i]);
	memset(drawing->b, 0, m * sizeof *drawing->b);
	hb_release(drawing->allocator, a, bytes);
	return HEBB_OK;
}

/* ---- The table ---- */

/* clang-format off */
static const struct start_row {
	struct hb_row entry;
	hebb_status (*draw)(const struct drawing *drawing, hebb_error *error); /* AUTO has none */
} starts[] = {
	[HEBB_START_AUTO] = {{"auto", "the usual start for the activation"}, NULL},
	[HEBB_START_UNIFORM01] = {{"uniform01", "W and b uniform in [0, 1)"}, uniform01},
	[HEBB_START_GLOROT] = {{"glorot", "uniform in +-sqrt(6 / (n + m))"}, glorot},
	[HEBB_START_HE] = {{"he", "uniform in +-sqrt(6 / n)"}, he},
	[HEBB_START_LECUN] = {{"lecun", "uniform in +-sqrt(3 / n)"}, lecun},
	[HEBB_START_ORTHOGONAL] = {{"orthogonal", "W W^T = 1, or W^T W = 1 if m > n"}, orthogonal},
	[HEBB_START_NGUYEN_WIDROW] = {{"nguyen-widrow",
		"each row of W uniform in (-1, 1), then scaled to "
		"the length beta = 0.7 m^(1/n); b uniform in +-beta"}, nguyen_widrow},
};
/* clang-format on */

HB_NAMES(start, starts)

hebb_status hb_start(const hebb_allocator *allocator, const struct hb_step *s, uint64_t seed,
		     float *W, hebb_error *error)
{
	long long weights = (long long)s->n * s->m;
	struct drawing drawing = {s, allocator, seed, HB_STREAM_START(s->l), W, W + weights};
	hebb_start start = s->layer.start;
	const struct start_row *row;

	if (start == HEBB_START_AUTO)
		start = hb_activation(s->layer.activation)->start;
	row = hb_row(HB_TABLE(starts), (int)start);
	hebb_uniform(weights + s->m, W, seed, drawing.stream);
	return row->draw(&drawing, error);
}
