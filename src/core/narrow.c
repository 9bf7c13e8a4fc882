/* SPDX-License-Identifier: MIT */
/*
 * narrow.c - many rows through a network of narrow layers, with the rows across the lanes
 *
 * Elsewhere the units of a layer lie across the lanes, and a layer of three fills three of 16. Here
 * a tile of rows lies in columns, t[unit][row], so that no lane is empty.
 *
 *   z^T = W x^T + b    z[unit][row] = b_unit + sum_k W[unit][k] x[k][row]
 *
 * Each element is the same chain in the order of k, so the bits are those of hb_forward().
 */
#include "core.h"

enum { NARROW = HB_LANES / 2, TILE = 256 }; /* units and inputs at most; rows */

int hb_is_narrow(const struct hb_plan *plan)
{
	if (plan->inputs > NARROW || plan->bf16)
		return 0;
	for (const struct hb_step *s = plan->step; s < plan->step + plan->L; s++)
		if (s->kind != &hb_dense || s->m > NARROW || s->layer.function ||
		    s->map == HB_SOFTMAX)
			return 0;
	return 1;
}

/* t = x^T, with columns of zeros from `rows` to `padded`. */
static void to_columns(int rows, int padded, int n, const float *x, float *t)
{
	for (int k = 0; k < n; k++, t += padded) {
		for (int i = 0; i < rows; i++)
			t[i] = x[i * n + k];
		for (int i = rows; i < padded; i++)
			t[i] = 0;
	}
}

static void to_rows(int rows, int padded, int m, const float *t, float *h)
{
	for (int i = 0; i < rows; i++)
		for (int k = 0; k < m; k++)
			*h++ = t[k * padded + i];
}

/* h = f(W x + b), where x and h are columns of `padded` rows. */
static void layer(const struct hb_kernels *K, const struct hb_step *s, const float *w, int padded,
		  const float *x, float *h)
{
	const struct hb_parameter *W = s->parameter;

	for (int unit = 0; unit < s->m; unit++)
		for (int i = 0; i < padded; i++)
			h[unit * padded + i] = w[W[1].offset + (size_t)unit];
	for (int row = 0; row < padded; row += HB_PANEL)
		K->product(&(struct hb_product){.M = s->m,
						.N = padded - row < HB_PANEL ? HB_LANES : HB_PANEL,
						.K = s->n,
						.a = hb_layout_narrow(W, w),
						.ai = 1,
						.ak = W->ld,
						.b = x + row,
						.ldb = padded,
						.begin = HB_FROM_C,
						.c = h + row,
						.ldc = padded});
	K->forward[s->map](s->m, padded, padded, h, h);
}

void hb_forward_narrow(const struct hb_plan *plan, const float *w, int rows, const float *x,
		       float *h)
{
	_Alignas(64) float area[2][NARROW * TILE];

	for (int count; rows > 0; rows -= count) {
		float *t = area[0], *other = area[1], *swap;
		int padded;

		count = rows < TILE ? rows : TILE;
		padded = (count + HB_LANES - 1) / HB_LANES * HB_LANES;
		to_columns(count, padded, plan->inputs, x, t);
		for (int l = 0; l < plan->L; l++) {
			layer(plan->kernels, &plan->step[l], w, padded, t, other);
			swap = t;
			t = other;
			other = swap;
		}
		to_rows(count, padded, plan->outputs, t, h);
		x += count * plan->inputs;
		h += count * plan->outputs;
	}
}
