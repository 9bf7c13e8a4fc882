/* SPDX-License-Identifier: MIT */
/*
 * fold.c - an inference-only network: without dropout, and with batch norms folded into dense
 * layers
 *
 * With its running statistics, a batch norm is a linear function of z = W x + b. So one dense layer
 * can replace both layers, with the activation of the norm (layer/norm.c has the formulas). This
 * needs a linear layer whose z no other layer reads.
 */
#include "core.h"

struct fold {
	const hebb_net *net;
	hebb_net *folded;
	int count;         /* layers of the new network so far */
	hebb_layer *layer; /* of the new network */
	int *place; /* by layer of the network: the new layer with the same h; -1: the input */
};

/* Whether a shortcut reads a new layer. */
static int is_read(const struct fold *f, int place)
{
	for (int l = 0; l < f->net->plan->L; l++) {
		const struct hb_step *s = &f->net->plan->step[l];

		if (s->inputs > 1 && s->input[1] >= 0 && f->place[s->input[1]] == place)
			return 1;
	}
	return 0;
}

/* Whether layer l is folded into the last new layer so far. */
static int folds(const struct fold *f, int l)
{
	const hebb_layer *below;

	if (!f->net->plan->step[l].kind->fold || f->count == 0)
		return 0;
	below = &f->layer[f->count - 1];
	return hb_kind(below->kind)->is_affine && below->activation == HEBB_LINEAR &&
	       !is_read(f, f->count - 1);
}

/* Lists the layers of the new network. A shortcut is above the layer that it reads, so place[] of
 * that layer is known. Until then place[] is L, which is no place. */
static void describe(struct fold *f)
{
	int L = f->net->plan->L;

	for (int l = 0; l < L; l++)
		f->place[l] = L;
	for (int l = 0; l < L; l++) {
		const struct hb_step *s = &f->net->plan->step[l];
		hebb_layer layer = s->layer;

		if (folds(f, l)) {
			f->layer[f->count - 1].activation = layer.activation;
			f->layer[f->count - 1].function = layer.function;
		} else if (!s->kind->rests) {
			if (s->inputs > 1 && layer.from >= 0)
				layer.from = f->place[layer.from];
			f->layer[f->count++] = layer;
		}
		f->place[l] = f->count - 1;
	}
}

/* Folds the layer s into the dense layer `target`; room: memory for W and b. */
static void fold_into(const struct hb_step *s, const float *w, const struct hb_step *target,
		      float *folded, float *room)
{
	const struct hb_parameter *W = &target->parameter[0], *b = &target->parameter[1];
	float *values = room + W->about.count;

	hb_layout_get(W, folded, room);
	hb_layout_get(b, folded, values);
	s->kind->fold(s, w, (size_t)target->n, room, values);
	hb_layout_set(W, folded, room);
	hb_layout_set(b, folded, values);
}

static void fill(const struct fold *f, float *room)
{
	int before = -1;

	for (int l = 0; l < f->net->plan->L; l++) {
		const struct hb_step *s = &f->net->plan->step[l],
				     *target = &f->folded->plan
							->step[f->place[l] < 0 ? 0 : f->place[l]];

		if (f->place[l] != before)
			hb_layout_copy(s, f->net->w, target, f->folded->w);
		else if (s->kind->fold)
			fold_into(s, f->net->w, target, f->folded->w, room);
		before = f->place[l];
	}
}

static size_t largest_layer(const struct hb_plan *plan)
{
	size_t largest = 1;

	for (int l = 0; l < plan->L; l++) {
		size_t all = (size_t)hb_count_all(&plan->step[l], 0);

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
		f.folded = hebb_net_blank(net->plan->inputs, f.count, f.layer, allocator, error);
	}
	if (f.folded)
		fill(&f, room);
	hb_release(allocator, f.layer, L * sizeof *f.layer);
	hb_release(allocator, f.place, L * sizeof *f.place);
	hb_release_floats(allocator, room, largest);
	return f.folded;
}
