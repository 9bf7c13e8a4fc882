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
 * classes the probabilities are their geometric mean, made to sum to 1 again.  Where members see
 * columns encoded in different ways, W1 has zeros for the inputs of the others.
 *
 * What a layer does with each unit on its own goes on as it is: activations, shortcuts, batch
 * normalization.  Layer normalization looks at all units of a layer, and cannot.  Dropout is for
 * training alone, and left out.
 */
#include <stdlib.h>

#include "ensemble.h"

/* The members, and what is made of them. */
typedef struct ensemble {
	const struct hb_member *member;
	int count, layers;
	int *width; /* of each member's layer before, and at `count` that of the ensemble */
	hebb_net *net;
	hebb_error *error;
} ensemble;

static hebb_status out_of_memory(hebb_error *error)
{
	return hebb_fail(error, HEBB_NO_MEMORY, "no memory for an ensemble");
}

/* ---- Layers but for dropout ---- */

static int layers_of(const hebb_net *net)
{
	int layers = 0;

	for (int l = 0; l < hebb_net_layers(net); l++)
		layers += hebb_net_layer(net, l)->kind != HEBB_DROPOUT;
	return layers;
}

/* Where layer l of those is among all. */
static int place_of(const hebb_net *net, int l)
{
	int at = 0;

	while (hebb_net_layer(net, at)->kind == HEBB_DROPOUT || l-- > 0)
		at++;
	return at;
}

/* Which of those has the output that layer `from` of all has; -1: the input of the network. */
static int index_of(const hebb_net *net, int from)
{
	int index = -1;

	for (int l = 0; l <= from; l++)
		index += hebb_net_layer(net, l)->kind != HEBB_DROPOUT;
	return index;
}

static hebb_layer layer_of(const hebb_net *net, int l)
{
	hebb_layer layer = *hebb_net_layer(net, place_of(net, l));

	if (layer.kind == HEBB_ADD)
		layer.from = index_of(net, layer.from);
	return layer;
}

int hb_can_join(const hebb_net *a, const hebb_net *b)
{
	int layers = layers_of(a);

	if (layers_of(b) != layers)
		return 0;
	for (int l = 0; l < layers; l++) {
		hebb_layer x = layer_of(a, l), y = layer_of(b, l);

		if (x.kind != y.kind || x.activation != y.activation ||
		    (x.kind == HEBB_ADD && x.from != y.from))
			return 0;
	}
	return 1;
}

/* ---- Joining ---- */

/* Where the values of a member go: a block of rows x columns in a matrix of `width` columns. */
struct block {
	int rows, columns, width, first_row, first_column;
	const int *column; /* where each column goes; NULL: from first_column on */
	float factor;
};

/* Adds the block, so that members may share a place. */
static void put(const struct block *block, const float *from, float *to)
{
	for (int r = 0; r < block->rows; r++) {
		float *row = to + (size_t)(block->first_row + r) * (size_t)block->width;

		for (int c = 0; c < block->columns; c++)
			row[block->column ? block->column[c] : block->first_column + c] +=
				from[(size_t)r * (size_t)block->columns + (size_t)c] *
				block->factor;
	}
}

/* Adds layer l of member k to W and b; *row and *column are where its block begins. */
static hebb_status add_dense(const ensemble *e, int l, int k, int *row, int *column, float *W,
			     float *b)
{
	const struct hb_member *member = &e->member[k];
	int at = place_of(member->net, l), units = hebb_net_layer(member->net, at)->units;
	int is_last = l == e->layers - 1;
	size_t weights = (size_t)units * (size_t)e->width[k];
	float *values = malloc(sizeof *values * (weights + (size_t)units));
	struct block block = {.rows = units,
			      .columns = e->width[k],
			      .width = e->width[e->count],
			      .first_row = is_last ? 0 : *row,
			      .first_column = *column,
			      .column = l == 0 ? member->place : NULL,
			      .factor = is_last ? 1 / (float)e->count : 1};

	if (!values)
		return out_of_memory(e->error);
	hebb_status status = hebb_net_get(member->net, at, values, values + weights, e->error);
	if (!status) {
		put(&block, values, W);
		block.columns = block.width = 1;
		block.first_column = 0;
		block.column = NULL;
		put(&block, values + weights, b);
	}
	free(values);
	*row += units;
	*column += l == 0 ? 0 : e->width[k];
	e->width[k] = units;
	return status;
}

/* The dense layer l: the members' blocks side by side. */
static hebb_status join_dense(const ensemble *e, int l)
{
	int units = hebb_net_layer(e->net, l)->units, row = 0, column = 0;
	float *W = calloc((size_t)units * (size_t)e->width[e->count], sizeof *W),
	      *b = calloc((size_t)units, sizeof *b);
	hebb_status status = W && b ? HEBB_OK : out_of_memory(e->error);

	for (int k = 0; k < e->count && !status; k++)
		status = add_dense(e, l, k, &row, &column, W, b);
	if (!status)
		status = hebb_net_set(e->net, l, W, b, e->error);
	e->width[e->count] = units;
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
		float *values = malloc(sizeof *values * (size_t)is->count), *next = values;

		if (!values)
			return out_of_memory(e->error);
		for (int k = 0; k < e->count && !status; k++) {
			const hebb_net *net = e->member[k].net;
			int at = place_of(net, l);

			status = hebb_net_get_parameter(net, at, i, next, e->error);
			next += hebb_net_parameter(net, at, i)->count;
		}
		if (!status)
			status = hebb_net_set_parameter(e->net, l, i, values, e->error);
		free(values);
	}
	return status;
}

/* The layers of the ensemble; NULL without memory. */
static hebb_layer *widened(const ensemble *e)
{
	hebb_layer *layer = malloc(sizeof *layer * (size_t)e->layers);

	for (int l = 0; l < e->layers && layer; l++) {
		layer[l] = layer_of(e->member[0].net, l);
		if (!hebb_kind_about(layer[l].kind)->units)
			layer[l].units = 0; /* as many as its input */
		for (int k = 1; k < e->count && layer[l].units > 0 && l < e->layers - 1; k++)
			layer[l].units += layer_of(e->member[k].net, l).units;
	}
	return layer;
}

hebb_net *hb_ensemble(int count, const struct hb_member *member, int inputs, hebb_error *error)
{
	ensemble e = {.member = member,
		      .count = count,
		      .layers = layers_of(member[0].net),
		      .width = malloc(sizeof *e.width * ((size_t)count + 1)),
		      .error = error};
	hebb_layer *layer = widened(&e);
	hebb_status status = layer && e.width ? HEBB_OK : out_of_memory(error);

	if (!status)
		e.net = hebb_net_blank(inputs, e.layers, layer, NULL, error);
	free(layer);
	if (!e.net) {
		free(e.width);
		return NULL;
	}
	for (int k = 0; k < count; k++)
		e.width[k] = hebb_net_inputs(member[k].net);
	e.width[count] = inputs;
	for (int l = 0; l < e.layers && !status; l++)
		status = hebb_net_layer(e.net, l)->kind == HEBB_DENSE ? join_dense(&e, l)
								      : join_units(&e, l);
	free(e.width);
	if (!status)
		return e.net;
	hebb_net_free(e.net);
	return NULL;
}
