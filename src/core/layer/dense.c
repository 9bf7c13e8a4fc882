/* SPDX-License-Identifier: MIT */
/*
 * dense.c - the layer of the tutorial: every unit has a weight for each input, and a bias
 *
 *   forward    z = x W^T + b     z_i = sum_j W_ij x_j + b_i   (tutorial 3.4)
 *   backward   dJ/dx = d W       (dJ/dx)_j = sum_i W_ij d_i   (4.6; times f'(z) it is d below)
 *   gradient   dJ/dW = d^T x     dJ/dW_ij = d_i x_j           (4.5, 4.6; summed over rows: 4.8)
 *              dJ/db = d^T 1     dJ/db_i = d_i
 *
 * W is m units x n inputs, x (rows x n) is h of the layer below, d = dJ/dz and z are rows x m.  The
 * left column is the engine: all rows at once, by the products in layout.c. The right column is the
 * reference: one example at a time.
 */
#include "../core.h"

static hebb_status check(const struct hb_step *s, hebb_error *error)
{
	const hebb_layer *layer = &s->layer;

	if (layer->units < 1 || layer->units > HEBB_MAX_UNITS)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "layer %d: %d units; 1 to %d are possible", s->l, layer->units,
				 HEBB_MAX_UNITS);
	if (!hebb_start_name(layer->start))
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "layer %d: start %d is unknown", s->l,
				 (int)layer->start);
	return HEBB_OK;
}

static hebb_shape shape(const struct hb_step *s)
{
	return (hebb_shape){1, 1, s->layer.units};
}

static void list(struct hb_step *s)
{
	hb_list(s,
		(struct hb_parameter){
			.about = {.name = "weight", .rank = 2, .shape = {s->m, s->n}, .decays = 1},
			.panels = 1});
	hb_list(s, (struct hb_parameter){.about = {.name = "bias", .rank = 1, .shape = {s->m}}});
}

/* z = x W^T + b */
static void forward(const struct hb_pass *p, const struct hb_step *s)
{
	struct hb_matrix x = hb_input(p, s, 0);

	hb_layout_forward(p->plan, s->parameter, p->w, p->rows, x.values, x.ld, hb_z(p, s));
}

/* dx = d W */
static void backward(const struct hb_pass *p, const struct hb_step *s, float *dx)
{
	struct hb_matrix x = hb_input(p, s, 0);

	hb_layout_backward(p->plan, s->parameter, p->w, p->rows, hb_d(p, s), dx, x.ld, hb_room(p));
}

/* dW = d^T x,  db = d^T 1 */
static void gradient(const struct hb_pass *p, const struct hb_step *s, struct hb_sink g, int part,
		     int parts)
{
	struct hb_matrix x = hb_input(p, s, 0);

	hb_layout_gradient(p->plan, s->parameter, g, p->rows, x.values, x.ld, hb_d(p, s), part,
			   parts);
}

/* ---- The reference, naive -------------------------------------------------------------------- */

static void naive_forward(const struct hb_level *l)
{
	int n = l->s->n, m = l->s->m;
	const double *W = l->p[0], *b = l->p[1];

	for (int i = 0; i < m; i++)
		l->z[i] = hb_dot_double((size_t)n, W + (size_t)i * n, l->x) + b[i];
}

static void naive_backward(const struct hb_level *l, double *dx)
{
	int n = l->s->n, m = l->s->m;
	const double *W = l->p[0];

	for (int j = 0; j < n; j++)
		dx[j] = 0;
	for (int i = 0; i < m; i++)
		for (int j = 0; j < n; j++)
			dx[j] += W[(size_t)i * n + j] * l->d[i];
}

static void naive_gradient(const struct hb_level *l)
{
	int n = l->s->n, m = l->s->m;
	double *gW = l->g[0], *gb = l->g[1];

	for (int i = 0; i < m; i++) {
		for (int j = 0; j < n; j++)
			gW[(size_t)i * n + j] += l->d[i] * l->x[j];
		gb[i] += l->d[i];
	}
}

const struct hb_kind hb_dense = {
	.name = "dense",
	.formula = "z = W x + b",
	.fields = {sizeof(hebb_kind_fields), .units = 1, .activation = 1, .start = 1},
	.parameters = 2,
	.inputs = 1,
	.is_affine = 1,
	.check = check,
	.shape = shape,
	.list = list,
	.start = hb_start,
	.forward = forward,
	.backward = backward,
	.gradient = gradient,
	.naive = {
		.forward = naive_forward, .backward = naive_backward, .gradient = naive_gradient}};
