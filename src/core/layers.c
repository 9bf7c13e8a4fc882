/* SPDX-License-Identifier: MIT */
/*
 * layers.c - the kinds of layer; dense, the one with products, is written out in backprop.c
 *
 * Each is a row of one table: whether its description is right, and its way forward and back.  A kind has as many units as its
 * input and sees nothing but its own step.
 *
 *   dropout   h = x o f,  dJ/dx = d o f,  f_j = 0 with probability rate, else 1 / (1 - rate)
 *   add       h = f(x + h of an earlier layer),  dJ/dx = d, which backprop.c adds to that of the other layer too
 *
 * The norms are in norm.c.  The factors of dropout are a function of (seed, layer, update, row, unit): 16 bits of a Philox block for
 * each unit, below rate 2^16 means 0.  So they do not depend on who computes which rows.
 */
#include <string.h>
#include "core.h"

/* ---- Dropout ------------------------------------------------------------------------------------ */

enum { OF_BLOCK = 8 }; /* units by a block of random numbers */

struct hb_draws hb_dropout_draws(const struct hb_mode *mode, int l, int row, double rate, int m)
{
	uint32_t limit = (uint32_t)(rate * 65536 + 0.5),
		 blocks = ((uint32_t)m + OF_BLOCK - 1) / OF_BLOCK;

	limit = limit < 65535 ? limit : 65535;
	return (struct hb_draws){.seed = mode->seed,
				 .stream = HB_STREAM_DROPOUT(mode->below + l),
				 .counter = mode->update << 32 |
					    (uint32_t)((mode->first + (uint32_t)row) * blocks),
				 .limit = limit,
				 .kept = 65536.0f / (float)(65536 - limit)};
}

static hebb_status dropout_check(int l, int inputs, const hebb_layer *layers, hebb_error *error)
{
	float rate = layers[l - 1].rate;

	(void)inputs;
	if (rate >= 0 && rate < 1)
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_ARGUMENT,
			 "layer %d: a dropout rate of %g; it must be at least 0 and less than 1", l,
			 (double)rate);
}

/* The factors. */
static size_t dropout_memo(const struct hb_step *s, int rows)
{
	return (size_t)rows * (size_t)s->ld;
}

static void dropout_forward(const struct hb_pass *p)
{
	const struct hb_step *s = p->s;
	const float *x = p->x;
	float *z = p->z, *factor = p->memo + (ptrdiff_t)p->row * s->ld;

	for (int i = 0; i < p->rows; i++, x += p->ldx, factor += s->ld, z += s->ld)
		p->kernels->dropout(
			s->m,
			hb_dropout_draws(p->mode, p->l, p->row + i, (double)s->layer.rate, s->m), x,
			factor, z);
}

static void dropout_backward(const struct hb_pass *p, float *dx)
{
	const float *factor = p->memo + (ptrdiff_t)p->row * p->s->ld;

	p->kernels->multiply((size_t)p->rows * (size_t)p->s->ld, p->d, factor, dx);
}

/* ---- Add ---------------------------------------------------------------------------------------- */

static hebb_status add_check(int l, int inputs, const hebb_layer *layers, hebb_error *error)
{
	int from = layers[l - 1].from, units[2], at[2] = {from, l - 2};

	if (from < -1 || from > l - 2)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "layer %d: from is %d; a shortcut comes from an earlier layer, "
				 "here 0 to %d, or from the input, -1",
				 l, from, l - 2);
	for (int i = 0; i < 2; i++) {
		while (at[i] >= 0 && layers[at[i]].kind != HEBB_DENSE)
			at[i]--;
		units[i] = at[i] < 0 ? inputs : layers[at[i]].units;
	}
	if (units[0] == units[1])
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_ARGUMENT,
			 "layer %d: the shortcut from %d brings %d values, but there are %d to add "
			 "them to; make both equally wide",
			 l, from, units[0], units[1]);
}

static void add_forward(const struct hb_pass *p)
{
	const float *x = p->x, *other = p->other;
	float *z = p->z;

	for (int i = 0; i < p->rows; i++, x += p->ldx, other += p->ldo, z += p->s->ld) {
		for (int j = 0; j < p->s->m; j++)
			z[j] = x[j] + other[j];
		for (int j = p->s->m; j < p->s->ld; j++)
			z[j] = 0;
	}
}

static void add_backward(const struct hb_pass *p, float *dx)
{
	memcpy(dx, p->d, (size_t)p->rows * (size_t)p->s->ld * sizeof *dx);
}

/* ---- The table ---------------------------------------------------------------------------------- */

static const struct hb_kind dense = {.name = "dense"},
			    dropout = {.name = "dropout",
				       .check = dropout_check,
				       .forward = dropout_forward,
				       .backward = dropout_backward,
				       .memo = dropout_memo,
				       .is_linear = 1},
			    add = {.name = "add",
				   .check = add_check,
				   .forward = add_forward,
				   .backward = add_backward};

static const struct hb_kind *const kinds[] = {
	[HEBB_DENSE] = &dense,
	[HEBB_DROPOUT] = &dropout,
	[HEBB_BATCH_NORM] = &hb_batch_norm,
	[HEBB_LAYER_NORM] = &hb_layer_norm,
	[HEBB_ADD] = &add,
};

enum { KINDS = sizeof kinds / sizeof *kinds };

const struct hb_kind *hb_kind(hebb_kind kind)
{
	return (int)kind >= HEBB_DENSE && (int)kind < KINDS ? kinds[kind] : NULL;
}

const char *hebb_kind_name(hebb_kind kind)
{
	return hb_kind(kind) ? hb_kind(kind)->name : NULL;
}

hebb_kind hebb_kind_find(const char *name)
{
	for (int kind = HEBB_DENSE; name && kind < KINDS; kind++)
		if (!strcmp(kinds[kind]->name, name))
			return (hebb_kind)kind;
	return (hebb_kind)0;
}

hebb_layer hebb_dropout(double rate)
{
	return (hebb_layer){.kind = HEBB_DROPOUT,
			    .activation = HEBB_LINEAR,
			    .start = HEBB_START_AUTO,
			    .rate = (float)rate};
}

hebb_layer hebb_batch_norm(hebb_activation activation)
{
	return (hebb_layer){
		.kind = HEBB_BATCH_NORM, .activation = activation, .start = HEBB_START_AUTO};
}

hebb_layer hebb_layer_norm(hebb_activation activation)
{
	return (hebb_layer){
		.kind = HEBB_LAYER_NORM, .activation = activation, .start = HEBB_START_AUTO};
}

hebb_layer hebb_shortcut(int from, hebb_activation activation)
{
	return (hebb_layer){
		.kind = HEBB_ADD, .activation = activation, .start = HEBB_START_AUTO, .from = from};
}
