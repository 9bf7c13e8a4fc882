/* SPDX-License-Identifier: MIT */
/*
 * ensemble.c - several networks as one, whose sums before the last activation are their means
 *
 *     first layer            hidden layers            last layer
 *     W = [W1; W2; ...]      W = diag(W1, W2, ...)    W = [W1 W2 ...] / N
 *     b = [b1; b2; ...]      b = [b1; b2; ...]        b = (b1 + b2 + ...) / N
 *
 * So an ensemble (Lakshminarayanan et al. 2017) is a plain network: it predicts, is written and is
 * explained as any other.  Of linear outputs the answer is the mean of the members' answers; of
 * classes the probabilities are their geometric mean, made to sum to 1 again.
 *
 * What a layer does with each unit on its own goes on as it is: activations, dropout, shortcuts,
 * batch normalization.  Layer normalization looks at all units of a layer, and cannot.
 */
#include <stdlib.h>

#include "ensemble.h"

/* The members, and what is made of them. */
typedef struct ensemble {
	hebb_net *const *member;
	int count, layers;
	hebb_net *net;
	hebb_error *error;
} ensemble;

static hebb_status out_of_memory(hebb_error *error)
{
	return hebb_fail(error, HEBB_NO_MEMORY, "no memory for an ensemble");
}

/* Where the values of member k go: a block of rows x columns in a matrix of `width` columns. */
struct block {
	int rows, columns, width, first_row, first_column;
	float factor;
};

/* Adds the block, so that members may share a place. */
static void put(const struct block *block, const float *from, float *to)
{
	for (int r = 0; r < block->rows; r++) {
		float *row = to + (size_t)(block->first_row + r) * (size_t)block->width;

		for (int c = 0; c < block->columns; c++)
			row[block->first_column + c] +=
				from[(size_t)r * (size_t)block->columns + (size_t)c] *
				block->factor;
	}
}

/* The dense layer l: the members' blocks side by side. */
static hebb_status join_dense(const ensemble *e, int l, int inputs)
{
	int first = l == 0, last = l == e->layers - 1;
	int units = hebb_net_layer(e->net, l)->units, m = last ? units : units / e->count;
	int n = first ? inputs : inputs / e->count;
	float *W = calloc((size_t)units * (size_t)inputs, sizeof *W),
	      *b = calloc((size_t)units, sizeof *b);
	float *from = malloc(sizeof *from * (size_t)m * ((size_t)n + 1));
	hebb_status status = W && b && from ? HEBB_OK : out_of_memory(e->error);

	for (int k = 0; k < e->count && !status; k++) {
		struct block block = {.rows = m,
				      .columns = n,
				      .width = inputs,
				      .first_row = last ? 0 : k * m,
				      .first_column = first ? 0 : k * n,
				      .factor = last ? 1 / (float)e->count : 1};

		status =
			hebb_net_get(e->member[k], l, from, from + (size_t)m * (size_t)n, e->error);
		if (status)
			break;
		put(&block, from, W);
		block.columns = block.width = 1;
		block.first_column = 0;
		put(&block, from + (size_t)m * (size_t)n, b);
	}
	if (!status)
		status = hebb_net_set(e->net, l, W, b, e->error);
	free(from);
	free(b);
	free(W);
	return status;
}

/* The parameters of a layer that has some for each unit: those of the members one behind the
 * other. */
static hebb_status join_units(const ensemble *e, int l)
{
	const hebb_parameter *is;
	hebb_status status = HEBB_OK;

	for (int i = 0; !status && (is = hebb_net_parameter(e->net, l, i)); i++) {
		float *values = malloc(sizeof *values * (size_t)is->count);
		long long each = is->count / e->count;

		if (!values)
			return out_of_memory(e->error);
		for (int k = 0; k < e->count && !status; k++)
			status = hebb_net_get_parameter(e->member[k], l, i, values + k * each,
							e->error);
		if (!status)
			status = hebb_net_set_parameter(e->net, l, i, values, e->error);
		free(values);
	}
	return status;
}

/* The layers of the ensemble; NULL without memory. */
static hebb_layer *widened(const hebb_net *member, int count)
{
	int layers = hebb_net_layers(member);
	hebb_layer *layer = malloc(sizeof *layer * (size_t)layers);

	for (int l = 0; l < layers && layer; l++) {
		layer[l] = *hebb_net_layer(member, l);
		if (!hebb_kind_about(layer[l].kind)->units)
			layer[l].units = 0; /* as many as its input */
		else if (l < layers - 1)
			layer[l].units *= count;
	}
	return layer;
}

hebb_net *hb_ensemble(hebb_net *const *member, int count, hebb_error *error)
{
	ensemble e = {.member = member,
		      .count = count,
		      .layers = hebb_net_layers(member[0]),
		      .error = error};
	int inputs = hebb_net_inputs(member[0]), before = inputs;
	hebb_layer *layer = widened(member[0], count);
	hebb_status status = HEBB_OK;

	e.net = layer ? hebb_net_blank(inputs, e.layers, layer, NULL, error) : NULL;
	free(layer);
	if (!e.net) {
		if (!layer)
			out_of_memory(error);
		return NULL;
	}
	for (int l = 0; l < e.layers && !status; l++) {
		const hebb_layer *is = hebb_net_layer(e.net, l);

		status = is->kind == HEBB_DENSE ? join_dense(&e, l, before) : join_units(&e, l);
		if (hebb_kind_about(is->kind)->units)
			before = is->units;
	}
	if (!status)
		return e.net;
	hebb_net_free(e.net);
	return NULL;
}
