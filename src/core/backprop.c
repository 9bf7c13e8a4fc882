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
 * Layers of other kinds, which have no products, take the place of z[l] = ..., d[l-1] = ... and gradient; layers.c and norm.c have
 * their formulas.  A shortcut k that reads h[l-1] too adds d[k] to d[l] W[l], before the multiplication with f'.
 *
 * The cost J and d[L] of each loss are in loss.c; the products, which know how W lies in memory, in layout.c; f and o f'
 * for whole rows in kernel/kernels.inc.  Threads share a batch by its rows in forward and delta, and by the elements of
 * the gradient, so that no two write to one place and every sum has one order.
 */
#include "core.h"

/* Whether a layer hands on what it gets: dropout, but in learning. */
static int is_idle(const struct hb_plan *plan, int l)
{
	return plan->step[l].layer.kind == HEBB_DROPOUT && !plan->mode.on;
}

/* h of layer l - 1 or, of one that hands on, of the layer that it got it from; l = 0: x. */
static const float *input_of(const struct hb_plan *plan, int l, const float *scratch,
			     const float *x, ptrdiff_t *ld)
{
	while (l > 0 && is_idle(plan, l - 1))
		l--;
	*ld = l > 0 ? plan->step[l - 1].ld : plan->inputs;
	return l > 0 ? scratch + plan->step[l - 1].h : x;
}

/* What layer l, of another kind than dense, sees of the rows. */
static struct hb_pass pass_of(const struct hb_plan *plan, const float *w, float *scratch, int l,
			      int from, int rows, const float *x)
{
	const struct hb_step *s = &plan->step[l];
	const struct hb_kind *kind = hb_kind(s->layer.kind);
	struct hb_pass p = {.kernels = plan->kernels,
			    .mode = &plan->mode,
			    .s = s,
			    .l = l + 1,
			    .row = from,
			    .rows = rows,
			    .w = w,
			    .memo = kind->memo && s->memo ? scratch + s->memo : NULL,
			    .z = scratch + s->z + (ptrdiff_t)from * s->ld,
			    .d = scratch + s->d + (ptrdiff_t)from * s->ld};

	p.x = input_of(plan, l, scratch, x, &p.ldx);
	p.x += from * p.ldx;
	if (s->layer.kind == HEBB_ADD) {
		p.other = input_of(plan, s->layer.from + 1, scratch, x, &p.ldo);
		p.other += from * p.ldo;
	}
	return p;
}

static void forward(const struct hb_plan *plan, const float *w, float *scratch, int first,
		    int behind, int from, int to, const float *x)
{
	const struct hb_kernels *K = plan->kernels;
	int rows = to - from;

	for (int l = first; l < behind; l++) {
		const struct hb_step *s = &plan->step[l];
		ptrdiff_t ld, begin = (ptrdiff_t)from * s->ld;
		const float *in = input_of(plan, l, scratch, x, &ld);
		float *z = scratch + s->z + begin, *h = scratch + s->h + begin;

		if (is_idle(plan, l))
			continue;
		if (s->layer.kind == HEBB_DENSE) {
			hb_layout_forward(plan, s, w, rows, in + from * ld, ld,
					  z); /* z = h[l-1] W^T + b */
		} else {
			struct hb_pass p = pass_of(plan, w, scratch, l, from, rows, x);

			hb_kind(s->layer.kind)->forward(&p);
		}
		hb_activate(K, &s->layer, rows, s->m, s->ld, z, h); /* h = f(z) */
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

/* d += d of the shortcuts that read the step's h */
static void add_shortcuts(const struct hb_plan *plan, const struct hb_step *s, float *scratch,
			  int from, int rows, float *d)
{
	for (int k = s->reader; k > 0; k = plan->step[k - 1].next) {
		const float *other = scratch + plan->step[k - 1].d + (ptrdiff_t)from * s->ld;

		plan->kernels->add((size_t)rows * (size_t)s->ld, 1, other, d);
	}
}

void hb_deltas(const struct hb_plan *plan, const float *w, float *scratch, int top, int bottom,
	       int from, int to, const float *x)
{
	const struct hb_kernels *K = plan->kernels;
	int rows = to - from;

	for (int l = top; l > bottom && l > plan->lowest; l--) {
		const struct hb_step *s = &plan->step[l], *below = &plan->step[l - 1];
		ptrdiff_t begin = (ptrdiff_t)from * below->ld;
		float *d = scratch + s->d + (ptrdiff_t)from * s->ld,
		      *into = scratch + below->d + begin;

		/* d[l-1] = (d[l] W[l]) o f'(z[l-1]) */
		if (s->layer.kind == HEBB_DENSE) {
			hb_layout_backward(plan, s, w, rows, d, into, below->ld);
		} else {
			struct hb_pass p = pass_of(plan, w, scratch, l, from, rows, x);

			hb_kind(s->layer.kind)->backward(&p, into);
		}
		add_shortcuts(plan, below, scratch, from, rows, into);
		hb_activate_back(K, &below->layer, rows, below->m, below->ld,
				 scratch + below->z + begin, scratch + below->h + begin, into);
	}
}

int hb_has_sums(const struct hb_plan *plan, int l)
{
	return hb_kind(plan->step[l].layer.kind)->before_forward != NULL;
}

void hb_sums(const struct hb_plan *plan, const float *w, float *scratch, int l, int back, int rows,
	     const float *x, int part, int parts)
{
	const struct hb_kind *kind = hb_kind(plan->step[l].layer.kind);
	struct hb_pass p = pass_of(plan, w, scratch, l, 0, rows, x);

	(back ? kind->before_backward : kind->before_forward)(&p, part, parts);
}

void hb_gradient(const struct hb_plan *plan, const float *w, struct hb_into g, float *scratch,
		 int rows, const float *x, int part, int parts)
{
	for (int l = 0; l < plan->L; l++) {
		const struct hb_step *s = &plan->step[l];
		const struct hb_kind *kind = hb_kind(s->layer.kind);
		ptrdiff_t ld;
		const float *in = input_of(plan, l, scratch, x, &ld);

		if (!hb_learns(s))
			continue;
		if (s->layer.kind == HEBB_DENSE) { /* dJ/dW = d^T h[l-1],  dJ/db = d^T 1 */
			hb_layout_gradient(plan, s, g, rows, in, ld, scratch + s->d, part, parts);
		} else if (kind->gradient) {
			struct hb_pass p = pass_of(plan, w, scratch, l, 0, rows, x);

			kind->gradient(&p, g, part, parts);
		}
	}
}
