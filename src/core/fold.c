/* SPDX-License-Identifier: MIT */
/*
 * fold.c - a network for use alone: without dropout, and with batch norms as parts of dense layers
 *
 * What a batch norm does with its running statistics to z = W x + b is linear, so that it is a dense layer of its own, with
 *
 *     W'_ij = s_i W_ij,  b'_i = s_i (b_i - mean_i) + beta_i,  s_i = gamma_i / sqrt(variance_i + epsilon)
 *
 * and the activation of the norm.  This needs a linear layer whose z nobody else reads.
 */
#include <math.h>
#include "core.h"

struct fold {
	const hebb_net *net;
	hebb_net *made;
	int count;         /* layers of the new network so far */
	hebb_layer *layer; /* of the new network */
	int *place; /* of each layer of the network: the new one that has its h; -1: the input */
};

/* Whether a shortcut comes from a layer, or from one that hands on its h. */
static int is_read(const struct fold *f, int place)
{
	for (int l = 0; l < f->net->plan->L; l++) {
		const hebb_layer *layer = &f->net->layers[l];

		if (layer->kind == HEBB_ADD && layer->from >= 0 && f->place[layer->from] == place)
			return 1;
	}
	return 0;
}

/* Whether layer l is a batch norm that becomes part of the last layer so far. */
static int folds(const struct fold *f, int l)
{
	const hebb_layer *below;

	if (f->net->layers[l].kind != HEBB_BATCH_NORM || f->count == 0)
		return 0;
	below = &f->layer[f->count - 1];
	return below->kind == HEBB_DENSE && below->activation == HEBB_LINEAR &&
	       !is_read(f, f->count - 1);
}

/* The layers of the new network.  A shortcut that reads a layer stands above it, so place[] of what it reads is known; of layers to
 * come place[] is L, no place. */
static void describe(struct fold *f)
{
	int L = f->net->plan->L;

	for (int l = 0; l < L; l++)
		f->place[l] = L;
	for (int l = 0; l < L; l++) {
		hebb_layer layer = f->net->layers[l];

		if (folds(f, l)) {
			f->layer[f->count - 1].activation = layer.activation;
			f->layer[f->count - 1].function = layer.function;
		} else if (layer.kind != HEBB_DROPOUT) {
			if (layer.kind == HEBB_ADD && layer.from >= 0)
				layer.from = f->place[layer.from];
			f->layer[f->count++] = layer;
		}
		f->place[l] = f->count - 1;
	}
}

/* The norm s is put on the dense layer `to`; row: room for W and b. */
static void fold_norm(const struct hb_step *s, const float *w, const struct hb_step *to,
		      float *made, float *row)
{
	size_t n = (size_t)to->n;
	float *W = row, *b = W + n * (size_t)to->m;

	hb_layout_get(to, made, W, b);
	for (size_t i = 0; i < (size_t)to->m; i++) {
		double scale =
			(double)w[s->W + i] / sqrt((double)w[s->variance + i] + HB_NORM_EPSILON);

		for (size_t j = 0; j < n; j++)
			W[i * n + j] = (float)(scale * (double)W[i * n + j]);
		b[i] = (float)(scale * ((double)b[i] - (double)w[s->mean + i]) +
			       (double)w[s->b + i]);
	}
	hb_layout_set(to, made, W, b);
}

static void fill(const struct fold *f, float *room)
{
	int before = -1;

	for (int l = 0; l < f->net->plan->L; l++) {
		const struct hb_step *s = &f->net->plan->step[l],
				     *to = &f->made->plan->step[f->place[l] < 0 ? 0 : f->place[l]];

		if (f->place[l] != before)
			hb_layout_copy(s, f->net->w, to, f->made->w);
		else if (s->layer.kind == HEBB_BATCH_NORM)
			fold_norm(s, f->net->w, to, f->made->w, room);
		before = f->place[l];
	}
}

static size_t largest_layer(const struct hb_plan *plan)
{
	size_t largest = 0;

	for (int l = 0; l < plan->L; l++) {
		size_t all = (size_t)hb_layout_weights(&plan->step[l]) + (size_t)plan->step[l].m;

		largest = all > largest ? all : largest;
	}
	return largest;
}

hebb_net *hebb_net_fold(const hebb_net *net, const hebb_allocator *allocator, hebb_error *error)
{
	struct fold f = {.net = net};
	size_t L, largest;
	float *room;

	if (!net) {
		hb_missing("the network", error);
		return NULL;
	}
	L = (size_t)net->plan->L;
	largest = largest_layer(net->plan);
	room = hb_allocate_floats(allocator, largest, error);
	f.layer = hb_allocate(allocator, L * sizeof *f.layer, error);
	f.place = hb_allocate(allocator, L * sizeof *f.place, error);
	if (room && f.layer && f.place) {
		describe(&f);
		f.made = hebb_net_blank(net->plan->inputs, f.count, f.layer, allocator, error);
	}
	if (f.made)
		fill(&f, room);
	hb_release(allocator, f.layer, L * sizeof *f.layer);
	hb_release(allocator, f.place, L * sizeof *f.place);
	hb_release_floats(allocator, room, largest);
	return f.made;
}
