/* SPDX-License-Identifier: MIT */
/*
 * backprop.c - the mathematics of a feed-forward network
 *
 * Layer l = 1 .. L has n inputs, m units, weights W (m x n), biases b and an activation f.  A batch is `rows` examples,
 * one a row, so that h[l] is rows x m; h[0] = x.
 *
 *   forward    z[l] = h[l-1] W[l]^T + b[l]            h[l] = f(z[l])                (tutorial 3.4)
 *   delta      d[L] = dJ/dz[L] = (h[L] - y) o f'(z[L]) / rows                       (4.5; for the squared error)
 *              d[l-1] = (d[l] W[l]) o f'(z[l-1])                                    (4.6)
 *   gradient   dJ/dW[l] = d[l]^T h[l-1]               dJ/db[l] = d[l]^T 1           (4.5, 4.6; summed over rows: 4.8)
 *   update     W[l] -= rate dJ/dW[l]                  b[l] -= rate dJ/db[l]         (4.3; optimizer.c has this and more)
 *
 * Layers of other kinds, which have no products, take their turn between these; layers.c has their formulas.
 *
 * The cost J and d[L] of each loss are in loss.c; the products, which know how W lies in memory, in layout.c; f and o f'
 * for whole rows in kernel/kernels.inc.  Threads share a batch by its rows in forward and delta, and by the elements of
 * the gradient, so that no two write to one place and every sum has one order.
 */
#include "core.h"

/* Whether a layer hands on what it gets: dropout, but in learning. */
static int is_idle(const struct hb_plan *plan, int l)
{
	return plan->step[l].layer.kind == HEBB_DROPOUT && !plan->noise.on;
}

static const float *input_of(const struct hb_plan *plan, int l, const float *scratch,
			     const float *x, ptrdiff_t *ld)
{
	while (l > 0 && is_idle(plan, l - 1))
		l--;
	*ld = l > 0 ? plan->step[l - 1].ld : plan->inputs;
	return l > 0 ? scratch + plan->step[l - 1].h : x;
}

static enum hb_map map_of(const struct hb_step *s)
{
	return hb_activation(s->layer.activation)->kernel;
}

static void forward(const struct hb_plan *plan, const float *w, float *scratch, int from, int to,
		    const float *x)
{
	const struct hb_kernels *K = plan->kernels;
	int rows = to - from;

	for (int l = 0; l < plan->L; l++) {
		const struct hb_step *s = &plan->step[l];
		ptrdiff_t ld, begin = (ptrdiff_t)from * s->ld;
		const float *in = input_of(plan, l, scratch, x, &ld);
		float *z = scratch + s->z + begin, *h = scratch + s->h + begin;

		if (is_idle(plan, l))
			continue;
		if (s->layer.kind != HEBB_DENSE) {
			hb_kind(s->layer.kind)
				->forward(&plan->noise, l + 1, s, from, rows, in + from * ld, ld, z,
					  h);
			continue;
		}
		hb_layout_forward(plan, s, w, rows, in + from * ld, ld, z); /* z = h[l-1] W^T + b */
		K->forward[map_of(s)](rows, s->m, s->ld, z, h);             /* h = f(z) */
	}
}

void hb_forward(const struct hb_plan *plan, const float *w, float *scratch, int from, int to,
		const float *x)
{
	for (int rows; from < to; from += rows) { /* as many at a time as stay in the cache */
		rows = to - from < plan->tile ? to - from : plan->tile;
		forward(plan, w, scratch, from, from + rows, x);
	}
}

void hb_deltas(const struct hb_plan *plan, const float *w, float *scratch, int from, int to,
	       struct hb_cost cost, const float *y, const float *share, double *J)
{
	const struct hb_kernels *K = plan->kernels;
	const struct hb_step *last = &plan->step[plan->L - 1];
	ptrdiff_t begin = (ptrdiff_t)from * last->ld;
	int rows = to - from;

	/* d[L] = dJ/dz[L] */
	hb_loss(K, cost, last->layer.activation, rows, last->m, scratch + last->h + begin,
		scratch + last->z + begin, last->ld, y + (ptrdiff_t)from * last->m, share + from,
		scratch + last->d + begin, J + from);

	for (int l = plan->L - 1; l > 0; l--) {
		const struct hb_step *s = &plan->step[l], *below = &plan->step[l - 1];
		float *d = scratch + s->d + (ptrdiff_t)from * s->ld, *into;

		begin = (ptrdiff_t)from * below->ld;
		into = scratch + below->d + begin;
		/* d[l-1] = (d[l] W[l]) o f'(z[l-1]) */
		if (s->layer.kind == HEBB_DENSE)
			hb_layout_backward(plan, s, w, rows, d, into, below->ld);
		else
			hb_kind(s->layer.kind)
				->backward(s, rows, scratch + s->z + (ptrdiff_t)from * s->ld, d,
					   into);
		K->backward[map_of(below)](rows, below->m, below->ld, scratch + below->z + begin,
					   scratch + below->h + begin, into);
	}
}

void hb_gradient(const struct hb_plan *plan, struct hb_into g, const float *scratch, int rows,
		 const float *x, int part, int parts)
{
	for (int l = 0; l < plan->L; l++) {
		const struct hb_step *s = &plan->step[l];
		ptrdiff_t ld;
		const float *in = input_of(plan, l, scratch, x, &ld);

		if (s->layer.kind != HEBB_DENSE)
			continue;
		/* dJ/dW = d^T h[l-1],  dJ/db = d^T 1 */
		hb_layout_gradient(plan, s, g, rows, in, ld, scratch + s->d, part, parts);
	}
}
