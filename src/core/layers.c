/* SPDX-License-Identifier: MIT */
/*
 * layers.c - the kinds of layer; dense, the one with products, is written out in backprop.c
 *
 * Each is a row of one table: whether its description is right, and its way forward and back.  A kind has as many units as its
 * input and sees nothing but its own step.
 *
 *   dropout   h = x o f,  dJ/dx = d o f,  f_j = 0 with probability rate, else 1 / (1 - rate)
 *
 * The factors f are a function of (seed, layer, update, row, unit): 16 bits of a Philox block for each unit, below
 * rate 2^16 means 0.  So they do not depend on who computes which rows.
 */
#include <string.h>
#include "core.h"

/* ---- Dropout ------------------------------------------------------------------------------------ */

enum { OF_BLOCK = 8, CHUNK = 16 }; /* units by a block of random numbers; blocks at a time */

void hb_dropout_factors(const struct hb_noise *noise, int l, int row, double rate, int m,
			float *factor)
{
	uint32_t limit = (uint32_t)(rate * 65536 + 0.5),
		 blocks = ((uint32_t)m + OF_BLOCK - 1) / OF_BLOCK;
	uint32_t words[4 * CHUNK], first = (noise->first + (uint32_t)row) * blocks;
	float kept;

	limit = limit < 65535 ? limit : 65535;
	kept = 65536.0f / (float)(65536 - limit);
	for (uint32_t block = 0; block < blocks; block += CHUNK) {
		int units = m - (int)block * OF_BLOCK;

		units = units < CHUNK * OF_BLOCK ? units : CHUNK * OF_BLOCK;
		hb_random_blocks(noise->seed, HB_STREAM_DROPOUT(noise->below + l),
				 noise->update << 32 | (first + block),
				 (units + OF_BLOCK - 1) / OF_BLOCK, words);
		for (int j = 0; j < units; j++) {
			uint32_t u = words[j / 2] >> 16 * (j % 2) & 0xffff;

			*factor++ = u < limit ? 0 : kept;
		}
	}
}

static hebb_status dropout_check(int l, const hebb_layer *layer, hebb_error *error)
{
	if (layer->rate >= 0 && layer->rate < 1)
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_ARGUMENT,
			 "layer %d: a dropout rate of %g; it must be at least 0 and less than 1", l,
			 (double)layer->rate);
}

static void dropout_forward(const struct hb_noise *noise, int l, const struct hb_step *s, int row,
			    int rows, const float *x, ptrdiff_t ldx, float *factor, float *h)
{
	for (int i = 0; i < rows; i++, x += ldx, factor += s->ld, h += s->ld) {
		hb_dropout_factors(noise, l, row + i, s->layer.rate, s->m, factor);
		for (int j = 0; j < s->m; j++)
			h[j] = x[j] * factor[j];
		for (int j = s->m; j < s->ld; j++)
			h[j] = factor[j] = 0;
	}
}

static void dropout_backward(const struct hb_step *s, int rows, const float *factor, const float *d,
			     float *dx)
{
	for (ptrdiff_t i = 0; i < (ptrdiff_t)rows * s->ld; i++)
		dx[i] = d[i] * factor[i];
}

/* ---- The table ---------------------------------------------------------------------------------- */

static const struct hb_kind kinds[] = {
	[HEBB_DENSE] = {.name = "dense"},
	[HEBB_DROPOUT] = {"dropout", dropout_check, dropout_forward, dropout_backward},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

const struct hb_kind *hb_kind(hebb_kind kind)
{
	return (int)kind >= HEBB_DENSE && (int)kind < KINDS ? &kinds[kind] : NULL;
}

const char *hebb_kind_name(hebb_kind kind)
{
	return hb_kind(kind) ? hb_kind(kind)->name : NULL;
}

hebb_kind hebb_kind_find(const char *name)
{
	for (int kind = HEBB_DENSE; name && kind < KINDS; kind++)
		if (!strcmp(kinds[kind].name, name))
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
