/* SPDX-License-Identifier: MIT */
/*
 * backprop.c - the chain rule: a network forward, and back
 *
 * Layer l = 1 .. L computes z[l] from its input h[l-1], and its output is h[l] = f(z[l]). A batch
 * is `rows` examples, one a row; h[0] = x.
 *
 *   forward    z[l] = h[l-1] W[l]^T + b[l]  h[l] = f(z[l])        (tutorial 3.4)
 *   delta      d[L] = dJ/dz[L] = (h[L] - y) o f'(z[L]) / rows     (4.5; for the squared error)
 *              d[l-1] = (d[l] W[l]) o f'(z[l-1])                  (4.6)
 *   gradient   dJ/dW[l] = d[l]^T h[l-1]     dJ/db[l] = d[l]^T 1   (4.5, 4.6; summed over rows: 4.8)
 *   update     W[l] -= rate dJ/dW[l]        b[l] -= rate dJ/db[l] (4.3; optimizer.c has more)
 *
 * These are the formulas of a dense layer, layer/dense.c. Every other kind has its own formulas for
 * z[l], d[l] W[l] and the gradient, in a file of layer/. A layer that reads h[l-1] as its second
 * input adds its part to d[l] W[l], before the multiplication by f'.
 *
 * The cost J and d[L] of each loss are in loss.c; f and o f' for whole rows in kernel/kernels.inc.
 * In forward and delta each thread has some rows of a batch; in the gradient each has some
 * elements. So no two threads write to the same place, and every sum has one order.
 */
#include <string.h>
#include "core.h"

static void copy_x(const struct hb_pass *p)
{
	const struct hb_plan *plan = p->plan;
	const float *x = p->x + (ptrdiff_t)p->row * plan->inputs;
	float *copy = p->scratch + plan->x + (ptrdiff_t)p->row * plan->ldx;

	for (int i = 0; i < p->rows; i++, x += plan->inputs, copy += plan->ldx)
		memcpy(copy, x, (size_t)plan->inputs * sizeof *x);
}

static void forward(const struct hb_pass *p, int first, int end)
{
	const struct hb_step *step = p->plan->step;

	if (first == 0 && p->plan->ldx > p->plan->inputs)
		copy_x(p);
	for (const struct hb_step *s = step + first; s < step + end; s++) {
		if (s->rests && !p->mode->learns) /* the identity outside training */
			continue;
		s->kind->forward(p, s); /* z = h[l-1] W^T + b */
		hb_activate(p->plan->kernels, s, p->rows, hb_z(p, s), hb_h(p, s)); /* h = f(z) */
	}
}

void hb_forward(const struct hb_pass *p, int first, int end)
{
	int end_row = p->row + p->rows, tile_rows = p->plan->tile; /* a tile stays in the cache */

	if (p->rows <= tile_rows) {
		forward(p, first, end);
		return;
	}
	for (struct hb_pass tile = *p; tile.row < end_row; tile.row += tile.rows) {
		tile.rows = end_row - tile.row < tile_rows ? end_row - tile.row : tile_rows;
		forward(&tile, first, end);
	}
}

void hb_cost(const struct hb_pass *p, const struct hb_cost *cost, const float *y,
	     const float *share, double *J)
{
	const struct hb_step *last = &p->plan->step[p->plan->L - 1];
	struct hb_cost shifted = *cost;

	if (shifted.room)
		shifted.room += 3 * (ptrdiff_t)p->row * last->m;
	/* d[L] = dJ/dz[L] */
	hb_loss(p->plan->kernels, &shifted, last, p->rows, hb_h(p, last), hb_z(p, last),
		y + (ptrdiff_t)p->row * last->m, share ? share + p->row : NULL,
		share ? hb_d(p, last) : NULL, J + p->row);
}

void hb_deltas(const struct hb_pass *p, int top, int bottom)
{
	for (int l = top; l > bottom && l > p->plan->lowest; l--) {
		const struct hb_step *s = &p->plan->step[l], *below = &p->plan->step[l - 1];
		float *d = hb_d(p, below);

		s->kind->backward(p, s, d); /* d[l-1] = d[l] W[l] */
		/* layers that read h[l-1] as their second input */
		for (int k = below->reader; k > 0; k = s->next) {
			s = &p->plan->step[k - 1];
			s->kind->backward_other(p, s, d);
		}
		hb_activate_back(p->plan->kernels, below, p->rows, hb_z(p, below), hb_h(p, below),
				 d); /* o f'(z[l-1]) */
	}
}

int hb_has_sums(const struct hb_plan *plan, int l)
{
	return plan->step[l].kind->before_forward != NULL;
}

void hb_sums(const struct hb_pass *p, int l, int back, int part, int parts)
{
	const struct hb_step *s = &p->plan->step[l];

	(back ? s->kind->before_backward : s->kind->before_forward)(p, s, part, parts);
}

void hb_gradient(const struct hb_pass *p, struct hb_sink g, int first, int end, int part, int parts)
{
	for (int l = first; l < end; l++) {
		const struct hb_step *s = &p->plan->step[l];

		if (hb_learns(s)) /* dJ/dW = d^T h[l-1],  dJ/db = d^T 1 */
			s->kind->gradient(p, s, g, part, parts);
	}
}
