/* SPDX-License-Identifier: MIT */
/*
 * layout.c - how parameters lie in memory; no other file knows
 *
 * Canonical order, in the interface and in files: W (m units x n inputs), then b (m), layer by layer.
 *
 * In a block, W lies in panels of 32 units, each n x 32: the weights by which one input reaches 32 units stand side by
 * side, so that a product streams through a panel without packing anything.  The last panel is 16 wide if 16 hold what is
 * left.  Units are padded to a multiple of 16; the padding of W, b, their gradients and moments is zero and stays zero,
 * for whatever is added to it is zero times something.  The widths do not depend on the instruction set.
 *
 *   W[unit][input] at  W + 32 n (unit / 32) + width input + unit % 32,   width = min(32, ld - 32 (unit / 32))
 *   b[unit]        at  b + unit
 *
 * The three products of a dense layer run over the panels here; the kernel sees one panel at a time.
 */
#include "core.h"

enum {
	BLOCK_OF_INPUTS =
		28, /* a part of the gradient: inputs of one panel; a multiple of the kernels' rows */
	TRANSPOSED = 256
}; /* units transposed at a time: 256 x 32 floats are 32 KiB */

static int width_of(const struct hb_step *s, int panel)
{
	return s->ld - panel * HB_PANEL < HB_PANEL ? HB_LANES : HB_PANEL;
}

static int panels_of(const struct hb_step *s)
{
	return (s->ld + HB_PANEL - 1) / HB_PANEL;
}

static size_t panel_at(const struct hb_step *s, int panel)
{
	return s->W + (size_t)panel * HB_PANEL * (size_t)s->n;
}

static size_t weight_at(const struct hb_step *s, int unit, int input)
{
	int panel = unit / HB_PANEL;

	return panel_at(s, panel) + (size_t)input * (size_t)width_of(s, panel) +
	       (size_t)(unit % HB_PANEL);
}

void hb_layout_place(struct hb_step *s, size_t *block)
{
	s->ld = (s->layer.units + HB_LANES - 1) / HB_LANES * HB_LANES;
	s->W = *block;
	s->b = s->W + (size_t)s->n * (size_t)s->ld;
	*block = s->b + (size_t)s->ld;
}

void hb_layout_get(const struct hb_step *s, const float *block, float *W, float *b)
{
	for (int unit = 0; W && unit < s->m; unit++)
		for (int input = 0; input < s->n; input++)
			*W++ = block[weight_at(s, unit, input)];
	for (int unit = 0; b && unit < s->m; unit++)
		*b++ = block[s->b + (size_t)unit];
}

void hb_layout_set(const struct hb_step *s, float *block, const float *W, const float *b)
{
	for (int unit = 0; W && unit < s->m; unit++)
		for (int input = 0; input < s->n; input++)
			block[weight_at(s, unit, input)] = *W++;
	for (int unit = 0; b && unit < s->m; unit++)
		block[s->b + (size_t)unit] = *b++;
}

struct hb_segment hb_layout_segment(const struct hb_plan *plan, int i)
{
	const struct hb_step *s = &plan->step[i / 2];

	if (i % 2 == 0)
		return (struct hb_segment){s->W, s->b - s->W, 1};
	return (struct hb_segment){s->b, (size_t)s->ld, 0};
}

void hb_layout_forward(const struct hb_kernels *K, const struct hb_step *s, const float *w,
		       int rows, const float *x, ptrdiff_t ldx, float *z)
{
	int panel = 0;

	if (rows == 1) { /* all whole panels at once */
		panel = s->ld / HB_PANEL;
		K->row_product(panel, s->n, x, w + s->W, w + s->b, z);
	}
	for (; panel < panels_of(s); panel++) {
		int width = width_of(s, panel), unit = panel * HB_PANEL;

		K->product(rows, width, s->n, x, ldx, 1, w + panel_at(s, panel), width,
			   HB_FROM_BIAS, w + s->b + unit, z + unit, s->ld);
	}
}

/* t (TRANSPOSED x 32) = the weights from inputs `input`.. to units `unit`.. , zero where there are no such inputs.
 * Returns how many units these are. */
static int transpose(const struct hb_kernels *K, const struct hb_step *s, const float *w, int unit,
		     int input, float *t)
{
	int units = s->m - unit < TRANSPOSED ? s->m - unit : TRANSPOSED;

	for (int from = 0; from < units; from += HB_PANEL) {
		int width = width_of(s, (unit + from) / HB_PANEL);

		K->transpose(s->n - input, width, w + weight_at(s, unit + from, input), width,
			     t + from * HB_PANEL, HB_PANEL);
	}
	return units;
}

void hb_layout_backward(const struct hb_kernels *K, const struct hb_step *s, const float *w,
			int rows, const float *d, float *dx, ptrdiff_t ldx)
{
	_Alignas(64) float t[TRANSPOSED * HB_PANEL];

	for (int input = 0; input < s->n; input += HB_PANEL) {
		int width = ldx - input < HB_PANEL ? HB_LANES : HB_PANEL;

		for (int unit = 0; unit < s->m; unit += TRANSPOSED) {
			int units = transpose(K, s, w, unit, input, t);

			K->product(rows, width, units, d + unit, s->ld, 1, t, HB_PANEL,
				   unit ? HB_FROM_C : HB_FROM_ZERO, NULL, dx + input, ldx);
		}
	}
}

void hb_layout_gradient(const struct hb_kernels *K, const struct hb_step *s, float *g, int rows,
			const float *x, ptrdiff_t ldx, const float *d, int add, int part, int parts)
{
	static const float one = 1;
	enum hb_begin begin = add ? HB_ADD_TO_C : HB_FROM_ZERO;
	long long blocks = (s->n + BLOCK_OF_INPUTS - 1) / BLOCK_OF_INPUTS,
		  all = blocks * panels_of(s);
	int height = (int)((s->n + blocks - 1) / blocks);

	for (long long i = all * part / parts; i < all * (part + 1) / parts; i++) {
		int panel = (int)(i / blocks), input = (int)(i % blocks) * height,
		    unit = panel * HB_PANEL;
		int width = width_of(s, panel),
		    inputs = s->n - input < height ? s->n - input : height;

		K->product(inputs, width, rows, x + input, 1, ldx, d + unit, s->ld, begin, NULL,
			   g + panel_at(s, panel) + (size_t)input * (size_t)width, width);
		if (input == 0)
			K->product(1, width, rows, &one, 0, 0, d + unit, s->ld, begin, NULL,
				   g + s->b + unit, s->ld);
	}
}
