/* SPDX-License-Identifier: MIT */
/*
 * backprop.c - the chain rule: a network forward, and back
 *
 * Layer l = 1 .. L makes z[l] of what comes in, h[l-1], and hands on h[l] = f(z[l]).  A batch is `rows` examples, one a row; h[0] = x.
 *
 *   forward    z[l] = h[l-1] W[l]^T + b[l]            h[l] = f(z[l])                (tutorial 3.4)
 *   delta      d[L] = dJ/dz[L] = (h[L] - y) o f'(z[L]) / rows                       (4.5; for the squared error)
 *              d[l-1] = (d[l] W[l]) o f'(z[l-1])                                    (4.6)
 *   gradient   dJ/dW[l] = d[l]^T h[l-1]               dJ/db[l] = d[l]^T 1           (4.5, 4.6; summed over rows: 4.8)
 *   update     W[l] -= rate dJ/dW[l]                  b[l] -= rate dJ/db[l]         (4.3; optimizer.c has this and more)
 *
 * These are the formulas of a dense layer, layer/dense.c.  Each other kind has its own z[l] of h[l-1], d[l] W[l] and gradient, in a file
 * of layer/.  A layer that reads h[l-1] as its second input adds its share to d[l] W[l], before the multiplication with f'.
 *
 * The cost J and d[L] of each loss are in loss.c; f and o f' for whole rows in kernel/kernels.inc.  Threads share a batch by its rows
 * in forward and delta, and by the elements of the gradient, so that no two write to one place and every sum has one order.
 */
#include "core.h"

/* Whether layer l, from 0 on, hands on what it gets. */
static int is_idle(const struct hb_plan *plan, int l)
{
	return plan->step[l].kind->rests && !plan->mode.on;
}

/* h of layer l or, of one that hands on, of the layer that it got it from; l = -1: x. */
static const float *output_of(const struct hb_plan *plan, int l, const float *scratch,
			      const float *x, ptrdiff_t *ld)
{
	while (l >= 0 && is_idle(plan, l))
		l = plan->step[l].input[0];
	*ld = l >= 0 ? plan->step[l].ld : plan->inputs;
	return l >= 0 ? scratch + plan->step[l].h : x;
}

/* What layer l sees of the rows. */
static struct hb_pass pass_of(const struct hb_plan *plan, const float *w, float *scratch, int l,
			      int from, int rows, const float *x)
{
	const struct hb_step *s = &plan->step[l];
	struct hb_pass p = {.plan = plan,
			    .mode = &plan->mode,
			    .s = s,
			    .row = from,
			    .rows = rows,
			    .w = w,
			    .memo = s->memo ? scratch + s->memo : NULL,
			    .z = scratch + s->z + (ptrdiff_t)from * s->ld,
			    .d = scratch + s->d + (ptrdiff_t)from * s->ld};

	p.x = output_of(plan, s->input[0], scratch, x, &p.ldx);
	p.x += from * p.ldx;
	if (s->inputs > 1) {
		p.other = output_of(plan, s->input[1], scratch, x, &p.ldo);
		p.other += from * p.ldo;
	}
	return p;
}

static void forward(const struct hb_plan *plan, const float *w, float *scratch, int first,
		    int behind, int from, int to, const float *x)
{
	int rows = to - from;

	for (int l = first; l < behind; l++) {
		const struct hb_step *s = &plan->step[l];

		if (is_idle(plan, l))
			continue;
		struct hb_pass p = pass_of(plan, w, scratch, l, from, rows, x);
		float *h = scratch + s->h + (ptrdiff_t)from * s->ld;

		s->kind->forward(&p); /* z = h[l-1] W^T + b */
		hb_activate(plan->kernels, &s->layer, rows, s->m, s->ld, p.z, h); /* h = f(z) */
	}
}

void hb_forward(const struct hb_plan *plan, const float *w, float *scratch, int first, int behind,
		int from, int to, const float *x)
{
	for (int rows; from < to; from += rows) { /* as many at a time as stay in the cache */
		rows = to - from < plan->tile ? to - from : plan->tile;
		forward(plan, w, scratch, first, behind, from, from + rows, x);
	}
}

void hb_cost(const struct hb_plan *plan, float *scratch, int from, int to, struct hb_cost cost,
	     const float *y, const float *share, double *J)
{
	const struct hb_step *last = &plan->step[plan->L - 1];
	ptrdiff_t begin = (ptrdiff_t)from * last->ld;

	/* d[L] = dJ/dz[L] */
	hb_loss(plan->kernels, cost, &last->layer, to - from, last->m, scratch + last->h + begin,
		scratch + last->z + begin, last->ld, y + (ptrdiff_t)from * last->m,
		share ? share + from : NULL, share ? scratch + last->d + begin : NULL, J + from);
}

void hb_deltas(const struct hb_plan *plan, const float *w, float *scratch, int top, int bottom,
	       int from, int to, const float *x)
{
	int rows = to - from;

	for (int l = top; l > bottom && l > plan->lowest; l--) {
		const struct hb_step *below = &plan->step[l - 1];
		ptrdiff_t begin = (ptrdiff_t)from * below->ld;
		struct hb_pass p = pass_of(plan, w, scratch, l, from, rows, x);
		float *d = scratch + below->d + begin;

		p.s->kind->backward(&p, d); /* d[l-1] = d[l] W[l] */
		for (int k = below->reader; k > 0; k = p.s->next) {
			p = pass_of(plan, w, scratch, k - 1, from, rows, x);
			p.s->kind->backward_other(&p,
						  d); /* + the share of others that read h[l-1] */
		}
		hb_activate_back(plan->kernels, &below->layer, rows, below->m, below->ld,
				 scratch + below->z + begin, scratch + below->h + begin,
				 d); /* o f'(z[l-1]) */
	}
}

int hb_has_sums(const struct hb_plan *plan, int l)
{
	return plan->step[l].kind->before_forward != NULL;
}

void hb_sums(const struct hb_plan *plan, const float *w, float *scratch, int l, int back, int rows,
	     const float *x, int part, int parts)
{
	const struct hb_kind *kind = plan->step[l].kind;
	struct hb_pass p = pass_of(plan, w, scratch, l, 0, rows, x);

	(back ? kind->before_backward : kind->before_forward)(&p, part, parts);
}

void hb_gradient(const struct hb_plan *plan, const float *w, struct hb_into g, float *scratch,
		 int rows, const float *x, int part, int parts)
{
	for (int l = 0; l < plan->L; l++) {
		if (!hb_learns(&plan->step[l]))
			continue;
		struct hb_pass p = pass_of(plan, w, scratch, l, 0, rows, x);

		p.s->kind->gradient(&p, g, part, parts); /* dJ/dW = d^T h[l-1],  dJ/db = d^T 1 */
	}
}
