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
	if (plan->inputs > NARROW || !plan->plain)
		return 0;
	for (const struct hb_step *s = plan->step; s < plan->step + plan->L; s++)
		if (s->m > NARROW || s->map == HB_SOFTMAX)
			return 0;
	return 1;
}

static void to_rows(int rows, int padded, int m, const float *t, float *h)
{
	for (int i = 0; i < rows; i++)
		for (int k = 0; k < m; k++)
			*h++ = t[k * padded + i];
}

/* At most TILE rows; x has rows up to a multiple of HB_LANES. */
static void tile(const struct hb_plan *plan, const float *w, int rows, const float *x, float *h)
{
	_Alignas(64) float area[2][NARROW * TILE];
	float *t = area[0], *z = area[1];
	int padded = (rows + HB_LANES - 1) / HB_LANES * HB_LANES;

	plan->kernels->to_columns(padded, plan->inputs, x, t);
	for (int l = 0; l < plan->L; l++) {
		const struct hb_step *s = &plan->step[l];
		const struct hb_parameter *W = s->parameter;
		float *below = t;

		/* a matrix in one panel: the weights from an input lie side by side, W->ld apart */
		plan->kernels->across(padded, s->m, s->n, t, w + W->offset, W->ld, w + W[1].offset,
				      z);
		plan->kernels->forward[s->map](s->m, padded, padded, z, z);
		t = z;
		z = below;
	}
	to_rows(rows, padded, plan->outputs, t, h);
}

void hb_forward_narrow(const struct hb_plan *plan, const float *w, int rows, const float *x,
		       float *h)
{
	float last[NARROW * HB_LANES] = {0};
	int whole = rows / HB_LANES * HB_LANES, rest = rows - whole;

	memcpy(last, x + (ptrdiff_t)whole * plan->inputs,
	       (size_t)(rest * plan->inputs) * sizeof *last);
	for (int count; whole > 0; whole -= count) {
		count = whole < TILE ? whole : TILE;
		tile(plan, w, count, x, h);
		x += count * plan->inputs;
		h += count * plan->outputs;
	}
	if (rest > 0)
		tile(plan, w, rest, last, h);
}
