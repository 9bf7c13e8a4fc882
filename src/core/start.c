/* SPDX-License-Identifier: MIT */
/*
 * start.c - how W and b of a layer begin
 *
 * The formulas stand at hebb_start in hebb.h.  All numbers of a layer are drawn in canonical order from a stream of its own,
 * and come from operations that are exact in IEEE arithmetic, so that a network begins with the same bits everywhere.
 */
#include <math.h>
#include <string.h>
#include "core.h"

static const struct hb_name start_names[] = {{"auto", HEBB_START_AUTO},
					     {"uniform01", HEBB_START_UNIFORM01},
					     {"glorot", HEBB_START_GLOROT},
					     {"he", HEBB_START_HE},
					     {"lecun", HEBB_START_LECUN},
					     {"orthogonal", HEBB_START_ORTHOGONAL},
					     {"nguyen-widrow", HEBB_START_NGUYEN_WIDROW},
					     {NULL, 0}};

const char *hebb_start_name(hebb_start start)
{
	return hb_name_of(start_names, (int)start);
}

hebb_start hebb_start_find(const char *name)
{
	return (hebb_start)hb_value_of(start_names, name);
}

/* W uniform in +-limit, b = 0. */
static void uniform(const struct hb_step *s, float limit, float *W, float *b)
{
	size_t weights = (size_t)s->n * s->m;

	for (size_t i = 0; i < weights; i++)
		W[i] = (2 * W[i] - 1) * limit;
	memset(b, 0, (size_t)s->m * sizeof *b);
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

static void nguyen_widrow(const struct hb_step *s, float *W, float *b)
{
	double beta = 0.7 * root(s->m, s->n);

	for (int i = 0; i < s->m; i++) {
		float *w = W + (size_t)i * s->n;
		double square = 0;

		for (int j = 0; j < s->n; j++) {
			w[j] = 2 * w[j] -
			       (1 - 0x1p-24f); /* in the middle of its interval: never 0 */
			square += (double)w[j] * (double)w[j];
		}
		for (int j = 0; j < s->n; j++)
			w[j] = (float)((double)w[j] * (beta / sqrt(square)));
		b[i] = (float)((2 * (double)b[i] - 1) * beta);
	}
}

/* ---- Orthogonal ---- */

/* Makes `count` <= n rows of n numbers orthonormal: each is scaled to the length 1, and what the rows behind have of its
 * direction is taken from them (modified Gram-Schmidt). */
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

/* Normal numbers look alike from every direction, and so do the rows that are made of them. */
static hebb_status orthogonal(const hebb_allocator *allocator, const struct hb_step *s,
			      uint64_t seed, uint64_t stream, float *W, float *b, hebb_error *error)
{
	size_t n = (size_t)s->n, m = (size_t)s->m, bytes = hb_bytes(n * m, sizeof(double));
	double *a = hb_allocate(allocator, bytes, error);

	if (!a)
		return HEBB_NO_MEMORY;
	hb_random_normal(seed, stream, (long long)(n * m), a);
	orthonormalize(m < n ? m : n, m < n ? n : m, a);
	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j < n; j++)
			W[i * n + j] = (float)(m < n ? a[i * n + j] : a[j * m + i]);
	memset(b, 0, m * sizeof *b);
	hb_release(allocator, a, bytes);
	return HEBB_OK;
}

hebb_status hb_start(const hebb_allocator *allocator, const struct hb_step *s, uint64_t seed,
		     float *W, hebb_error *error)
{
	uint64_t stream = HB_STREAM_START(s->l);
	double n = s->n, m = s->m;
	long long weights = (long long)s->n * s->m;
	float *b = W + weights;
	hebb_start start = s->layer.start;

	if (start == HEBB_START_AUTO)
		start = hb_activation(s->layer.activation)->start;
	if (start == HEBB_START_ORTHOGONAL)
		return orthogonal(allocator, s, seed, stream, W, b, error);
	hebb_uniform(weights + s->m, W, seed, stream);
	if (start == HEBB_START_NGUYEN_WIDROW)
		nguyen_widrow(s, W, b);
	else if (start != HEBB_START_UNIFORM01)
		uniform(s,
			(float)sqrt(start == HEBB_START_HE      ? 6 / n
				    : start == HEBB_START_LECUN ? 3 / n
								: 6 / (n + m)),
			W, b);
	return HEBB_OK;
}
