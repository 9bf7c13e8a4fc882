/* SPDX-License-Identifier: MIT */
/*
 * plan.c - from a description and a number of rows to steps and offsets
 *
 * Everything that can be wrong with a description is found here, so that what runs later neither fails nor allocates.
 *
 * Scratch memory: to learn, each layer has h, d and, where f' or the loss wants it, z, each rows x ld.  To run,
 * h of a layer is needed until the next is computed, so two areas serve in turn; the last layer has one of its own, since a
 * tile of rows is through when the next begins.
 */
#include "core.h"

size_t hb_plan_bytes(int L)
{
	return sizeof(struct hb_plan) + (size_t)L * sizeof(struct hb_step);
}

void hb_plan_free(struct hb_plan *plan, const hebb_allocator *allocator)
{
	if (plan)
		hb_release(allocator, plan, hb_plan_bytes(plan->L));
}

/* A layer that has as many units as its input, and no activation of its own. */
static hebb_status check_other(int l, int inputs, const hebb_layer *layer, hebb_error *error)
{
	if (layer->units != 0 && layer->units != inputs)
		return hebb_fail(
			error, HEBB_BAD_ARGUMENT,
			"layer %d: %d units; a layer of %s has those of its input, %d, or 0", l,
			layer->units, hebb_kind_name(layer->kind), inputs);
	if (layer->activation != HEBB_LINEAR)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "layer %d: a layer of %s is linear", l,
				 hebb_kind_name(layer->kind));
	return hb_kind(layer->kind)->check(l, layer, error);
}

static hebb_status check_layer(int l, int inputs, const hebb_layer *layer, hebb_error *error)
{
	if (!hb_kind(layer->kind))
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "layer %d: kind %d is unknown", l,
				 (int)layer->kind);
	if (layer->kind != HEBB_DENSE)
		return check_other(l, inputs, layer, error);
	if (layer->units < 1 || layer->units > HEBB_MAX_UNITS)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "layer %d: %d units; 1 to %d are possible", l, layer->units,
				 HEBB_MAX_UNITS);
	if (!hb_activation(layer->activation))
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "layer %d: activation %d is unknown", l,
				 (int)layer->activation);
	if (!hebb_start_name(layer->start))
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "layer %d: start %d is unknown", l,
				 (int)layer->start);
	return HEBB_OK;
}

static hebb_status check(int inputs, int L, const hebb_layer *layers, int rows, hebb_error *error)
{
	long long parameters = 0;

	if (inputs < 1 || inputs > HEBB_MAX_UNITS)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%d inputs; 1 to %d are possible",
				 inputs, HEBB_MAX_UNITS);
	if (L < 1 || L > HEBB_MAX_LAYERS || !layers)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%d layers; 1 to %d are possible", L,
				 HEBB_MAX_LAYERS);
	if (rows < 1)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%d rows; at least 1 is needed", rows);
	for (int l = 1; l <= L; l++) {
		if (check_layer(l, inputs, &layers[l - 1], error))
			return error ? error->status : HEBB_BAD_ARGUMENT;
		if (layers[l - 1].kind != HEBB_DENSE)
			continue;
		parameters += (inputs + 1LL) * layers[l - 1].units;
		inputs = layers[l - 1].units;
		if (parameters > HEBB_MAX_PARAMETERS)
			return hebb_fail(error, HEBB_BAD_ARGUMENT,
					 "the network has more than %lld parameters with layer %d "
					 "of %d units; make it smaller",
					 HEBB_MAX_PARAMETERS, l, layers[l - 1].units);
	}
	if (layers[L - 1].kind != HEBB_DENSE)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "layer %d: the last layer is %s; it must be dense", L,
				 hebb_kind_name(layers[L - 1].kind));
	return HEBB_OK;
}

/* Gives h, z and d of a step their places; area is how much one takes. */
static void place_to_learn(struct hb_plan *plan, struct hb_step *s, size_t area)
{
	int last = s == &plan->step[plan->L - 1], dense = s->layer.kind == HEBB_DENSE;

	s->h = plan->scratch;
	s->z = hb_activation(s->layer.activation)->keeps_z || last || !dense ? s->h + area : s->h;
	s->d = s->z + area;
	plan->scratch = s->d + area;
}

static void place_to_run(struct hb_plan *plan, size_t widest, size_t last)
{
	int used = 0; /* areas, in turn; what only hands on needs none */

	for (int l = 0; l < plan->L - 1; l++) {
		struct hb_step *s = &plan->step[l];

		s->h = s->z = used % 2 ? widest : 0;
		used += s->layer.kind == HEBB_DENSE;
	}
	plan->scratch = used > 1 ? 2 * widest : used > 0 ? widest : 0;
	plan->step[plan->L - 1].h = plan->step[plan->L - 1].z = plan->scratch;
	plan->scratch += last;
}

/* TILE floats of two layers, 1 MiB, are about what the second cache of a core holds. */
static int tile_of(const struct hb_plan *plan)
{
	enum { TILE = 1 << 18, LEAST = 64, MOST = 512 };
	int widest = 0;

	for (int l = 0; l < plan->L; l++)
		if (widest < plan->step[l].n + plan->step[l].ld)
			widest = plan->step[l].n + plan->step[l].ld;
	return TILE / widest < LEAST ? LEAST : TILE / widest > MOST ? MOST : TILE / widest;
}

struct hb_plan *hb_plan_new(int inputs, int L, const hebb_layer *layers, int rows,
			    enum hb_purpose purpose, const hebb_allocator *allocator,
			    hebb_error *error)
{
	char message[256];
	const struct hb_kernels *kernels = hb_kernels_choose(sizeof message, message);
	struct hb_plan *plan;
	size_t widest = 0;

	if (!kernels) {
		hebb_fail(error, HEBB_UNSUPPORTED, "%s", message);
		return NULL;
	}
	if (check(inputs, L, layers, rows, error) ||
	    !(plan = hb_allocate(allocator, hb_plan_bytes(L), error)))
		return NULL;
	plan->kernels = kernels;
	plan->inputs = inputs;
	plan->L = L;
	plan->rows = rows;
	for (int l = 0; l < L; l++) {
		struct hb_step *s = &plan->step[l];
		size_t area;

		s->layer = layers[l];
		s->n = l ? plan->step[l - 1].m : inputs;
		s->m = layers[l].kind == HEBB_DENSE ? layers[l].units : s->n;
		s->layer.units = s->m;
		hb_layout_place(s, &plan->block);
		area = (size_t)rows * (size_t)s->ld;
		if (l < L - 1) /* of the areas that serve in turn */
			widest = area > widest ? area : widest;
		if (purpose == HB_LEARN)
			place_to_learn(plan, s, area);
		if (s->layer.kind == HEBB_DENSE)
			plan->parameters += (s->n + 1LL) * s->m;
		plan->outputs = s->m;
	}
	if (purpose == HB_RUN)
		place_to_run(plan, widest, (size_t)rows * (size_t)plan->step[L - 1].ld);
	plan->tile = tile_of(plan);
	return plan;
}
