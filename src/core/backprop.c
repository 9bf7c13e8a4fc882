/* SPDX-License-Identifier: MIT */
/*
 * backprop.c - the chain rule: a network forward, and back
 *
 * Layer l = 1 .. L makes z[l] of what comes in, h[l-1], and hands on h[l] = f(z[l]).  A batch is
 * `rows` examples, one a row; h[0] = x.
 *
 *   forward    z[l] = h[l-1] W[l]^T + b[l]  h[l] = f(z[l])        (tutorial 3.4)
 *   delta      d[L] = dJ/dz[L] = (h[L] - y) o f'(z[L]) / rows     (4.5; for the squared error)
 *              d[l-1] = (d[l] W[l]) o f'(z[l-1])                  (4.6)
 *   gradient   dJ/dW[l] = d[l]^T h[l-1]     dJ/db[l] = d[l]^T 1   (4.5, 4.6; summed over rows: 4.8)
 *   update     W[l] -= rate dJ/dW[l]        b[l] -= rate dJ/db[l] (4.3; optimizer.c has more)
 *
 * These are the formulas of a dense layer, layer/dense.c.  Each other kind has its own z[l] of
 * h[l-1], d[l] W[l] and gradient, in a file of layer/.  A layer that reads h[l-1] as its second
 * input adds its share to d[l] W[l], before the multiplication with f'.
 *
 * The cost J and d[L] of each loss are in loss.c; f and o f' for whole rows in kernel/kernels.inc.
 * Threads share a batch by its rows in forward and delta, and by the elements of the gradient, so
 * that no two write to one place and every sum has one order.
 */
#include "core.h"

static struct hb_pass pass_of(const struct hb_flow *f, int from, int rows)
{
	return (struct hb_pass){.plan = f->plan,
				.mode = f->mode,
				.w = f->w,
				.x = f->x,
				.scratch = f->scratch,
				.row = from,
				.rows = rows};
}

static void forward(const struct hb_pass *p, int first, int behind)
{
	const struct hb_step *step = p->plan->step;

	for (const struct hb_step *s = step + first; s < step + behind; s++) {
		if (s->rests && !p->mode->on) /* it hands on what it gets */
			continue;
		s->kind->forward(p, s); /* z = h[l-1] W^T + b */
		hb_activate(p->plan->kernels, s, p->rows, hb_z(p, s), hb_h(p, s)); /* h = f(z) */
	}
}

void hb_forward(const struct hb_flow *f, int first, int behind, int from, int to)
{
	struct hb_pass p = pass_of(f, from, 0);

	for (; p.row < to; p.row += p.rows) { /* as many at a time as stay in the cache */
		p.rows = to - p.row < f->plan->tile ? to - p.row : f->plan->tile;
		forward(&p, first, behind);
	}
}

void hb_cost(const struct hb_flow *f, int from, int to, const struct hb_cost *cost, const float *y,
	     const float *share, double *J)
{
	const struct hb_step *last = &f->plan->step[f->plan->L - 1];
	ptrdiff_t begin = (ptrdiff_t)from * last->ld;

	struct hb_cost here = *cost;

	if (here.room)
		here.room += 3 * (ptrdiff_t)from * last->m;
	/* d[L] = dJ/dz[L] */
	hb_loss(f->plan->kernels, &here, &last->layer, to - from, last->m,
		f->scratch + last->h + begin, f->scratch + last->z + begin, last->ld,
		y + (ptrdiff_t)from * last->m, share ? share + from : NULL,
		share ? f->scratch + last->d + begin : NULL, J + from);
}

void hb_deltas(const struct hb_flow *f, int top, int bottom, int from, int to)
{
	struct hb_pass p = pass_of(f, from, to - from);

	for (int l = top; l > bottom && l > f->plan->lowest; l--) {
		const struct hb_step *s = &f->plan->step[l], *below = &f->plan->step[l - 1];
		float *d = hb_d(&p, below);

		s->kind->backward(&p, s, d);                      /* d[l-1] = d[l] W[l] */
		for (int k = below->reader; k > 0; k = s->next) { /* others that read h[l-1] */
			s = &f->plan->step[k - 1];
			s->kind->backward_other(&p, s, d);
		}
		hb_activate_back(f->plan->kernels, &below->layer, p.rows, below->m, below->ld,
				 hb_z(&p, below), hb_h(&p, below), d); /* o f'(z[l-1]) */
	}
}

int hb_has_sums(const struct hb_plan *plan, int l)
{
	return plan->step[l].kind->before_forward != NULL;
}

void hb_sums(const struct hb_flow *f, int l, int back, int rows, int part, int parts)
{
	const struct hb_step *s = &f->plan->step[l];
	struct hb_pass p = pass_of(f, 0, rows);

	(back ? s->kind->before_backward : s->kind->before_forward)(&p, s, part, parts);
}

void hb_gradient(const struct hb_flow *f, struct hb_into g, int first, int behind, int rows,
		 int part, int parts)
{
	struct hb_pass p = pass_of(f, 0, rows);

	for (int l = first; l < behind; l++) {
		const struct hb_step *s = &f->plan->step[l];

		if (hb_learns(s)) /* dJ/dW = d^T h[l-1],  dJ/db = d^T 1 */
			s->kind->gradient(&p, s, g, part, parts);
	}
}
