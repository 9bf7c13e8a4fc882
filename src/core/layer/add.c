/* SPDX-License-Identifier: MIT */
/*
 * add.c - a shortcut: the sum of the input and h of an earlier layer (He et al. 2016)
 *
 *   z = x + other,  dJ/dx = d,  dJ/dother = d
 */
#include <string.h>
#include "../core.h"

static hebb_status check(const struct hb_step *s, hebb_error *error)
{
	int units = hb_size(s->in[1]);

	if (units == s->n)
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_ARGUMENT,
			 "layer %d: the shortcut from %d brings %d values, but there are %d to add "
			 "them to; make both equally wide",
			 s->l, s->input[1], units, s->n);
}

static void forward(const struct hb_pass *p, const struct hb_step *s)
{
	struct hb_matrix x = hb_input(p, s, 0), other = hb_input(p, s, 1);
	float *z = hb_z(p, s);

	for (int i = 0; i < p->rows; i++, x.values += x.ld, other.values += other.ld, z += s->ld) {
		for (int j = 0; j < s->m; j++)
			z[j] = x.values[j] + other.values[j];
		for (int j = s->m; j < s->ld; j++)
			z[j] = 0;
	}
}

static void backward(const struct hb_pass *p, const struct hb_step *s, float *dx)
{
	memcpy(dx, hb_d(p, s), (size_t)p->rows * (size_t)s->ld * sizeof *dx);
}

static void backward_other(const struct hb_pass *p, const struct hb_step *s, float *d)
{
	p->plan->kernels->add((size_t)p->rows * (size_t)s->ld, 1, hb_d(p, s), d);
}

/* ---- The reference, naive -------------------------------------------------------------------- */

static void naive_forward(const struct hb_level *l)
{
	for (int i = 0; i < l->s->m; i++)
		l->z[i] = l->x[i] + l->other[i];
}

static void naive_backward(const struct hb_level *l, double *dx)
{
	memcpy(dx, l->d, (size_t)l->s->m * sizeof *dx);
}

static void naive_backward_other(const struct hb_level *l, double *d)
{
	for (int i = 0; i < l->s->m; i++)
		d[i] += l->d[i];
}

const struct hb_kind hb_add = {.name = "add",
			       .fields = {sizeof(hebb_kind_fields), .activation = 1, .from = 1},
			       .formula = "z = x + h of an earlier layer",
			       .inputs = 2,
			       .check = check,
			       .forward = forward,
			       .backward = backward,
			       .backward_other = backward_other,
			       .naive = {.forward = naive_forward,
					 .backward = naive_backward,
					 .backward_other = naive_backward_other}};
