/* SPDX-License-Identifier: MIT */
/*
 * plan.c - from a description and a number of rows to steps and offsets
 *
 * Everything that can be wrong with a description is found here, so that what runs later neither fails nor allocates.
 *
 * Scratch memory: to learn, each layer has h, d and, where f' or the loss wants it, z, each rows x ld.  To run,
 * h of a layer is needed until the last that reads it is computed, so two areas serve in turn, and more where shortcuts reach
 * over layers; the last layer has one of its own, since a tile of rows is through when the next begins.
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

/* A layer of `units` inputs, which has as many units. */
static hebb_status check_other(int l, int units, const hebb_layer *layer, hebb_error *error)
{
	if (layer->units != 0 && layer->units != units)
		return hebb_fail(
			error, HEBB_BAD_ARGUMENT,
			"layer %d: %d units; a layer of %s has those of its input, %d, or 0", l,
			layer->units, hebb_kind_name(layer->kind), units);
	if (hb_kind(layer->kind)->is_linear && layer->activation != HEBB_LINEAR)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "layer %d: a layer of %s is linear", l,
				 hebb_kind_name(layer->kind));
	return HEBB_OK;
}

static hebb_status check_function(int l, const hebb_layer *layer, hebb_error *error)
{
	const hebb_function *own = layer->function;

	if (!own && layer->activation != HEBB_CUSTOM)
		return HEBB_OK;
	if (layer->activation != HEBB_CUSTOM)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "layer %d: a function of its own, and the activation %s; give it "
				 "HEBB_CUSTOM, or no function",
				 l, hebb_activation_name(layer->activation));
	if (!own || !own->name || !own->name[0] || !own->f || !own->derivative)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "layer %d: HEBB_CUSTOM wants a function with a name, f and "
				 "derivative",
				 l);
	if (hebb_activation_find(own->name))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "layer %d: the function has the name of the activation '%s', by "
				 "which a checkpoint knows that one; give it another",
				 l, own->name);
	if (own->kinks < 0 || own->kinks > 2)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "layer %d: the function has %d kinks; 0 to 2 are possible", l,
				 own->kinks);
	for (int k = 0; k < own->kinks; k++)
		if (own->kink[k] != own->kink[k])
			return hebb_fail(error, HEBB_BAD_ARGUMENT,
					 "layer %d: kink %d of the function is not a number", l, k);
	return HEBB_OK;
}

static hebb_status check_layer(int l, int units, const hebb_layer *layer, hebb_error *error)
{
	if (!hb_kind(layer->kind))
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "layer %d: kind %d is unknown", l,
				 (int)layer->kind);
	if (!hb_activation(layer->activation))
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "layer %d: activation %d is unknown", l,
				 (int)layer->activation);
	if (layer->frozen != 0 && layer->frozen != 1)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "layer %d: frozen is %d; it must be 0 or 1", l, layer->frozen);
	if (check_function(l, layer, error))
		return HEBB_BAD_ARGUMENT;
	if (layer->kind != HEBB_DENSE)
		return check_other(l, units, layer, error);
	if (layer->units < 1 || layer->units > HEBB_MAX_UNITS)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "layer %d: %d units; 1 to %d are possible", l, layer->units,
				 HEBB_MAX_UNITS);
	if (!hebb_start_name(layer->start))
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "layer %d: start %d is unknown", l,
				 (int)layer->start);
	return HEBB_OK;
}

static hebb_status check(int inputs, int L, const hebb_layer *layers, int rows, hebb_error *error)
{
	int units = inputs;

	if (inputs < 1 || inputs > HEBB_MAX_UNITS)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%d inputs; 1 to %d are possible",
				 inputs, HEBB_MAX_UNITS);
	if (L < 1 || L > HEBB_MAX_LAYERS || !layers)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%d layers; 1 to %d are possible", L,
				 HEBB_MAX_LAYERS);
	if (rows < 1)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%d rows; at least 1 is needed", rows);
	for (int l = 1; l <= L; l++) {
		const struct hb_kind *kind = hb_kind(layers[l - 1].kind);

		if (check_layer(l, units, &layers[l - 1], error) ||
		    (kind->check && kind->check(l, inputs, layers, error)))
			return error ? error->status : HEBB_BAD_ARGUMENT;
		if (layers[l - 1].kind == HEBB_DENSE)
			units = layers[l - 1].units;
	}
	if (layers[L - 1].kind == HEBB_DROPOUT)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "layer %d: the last layer is dropout; nothing would learn from it",
				 L);
	return HEBB_OK;
}

/* Gives h, z and d of a step their places, and what it remembers. */
static void place_to_learn(struct hb_plan *plan, struct hb_step *s)
{
	const struct hb_kind *kind = hb_kind(s->layer.kind);
	size_t area = (size_t)plan->rows * (size_t)s->ld,
	       memo = kind->memo ? kind->memo(s, plan->rows) : 0;
	int last = s == &plan->step[plan->L - 1];

	s->h = plan->scratch;
	s->z = hb_activation(s->layer.activation)->keeps_z || last ? s->h + area : s->h;
	s->d = s->z + area;
	s->memo = s->d + area;
	plan->scratch = s->memo + (memo + HB_LANES - 1) / HB_LANES * HB_LANES;
}

/* Whose h it is that layer l, from 0 on, hands on when it runs: -1 means the input's. */
static int owner(const struct hb_plan *plan, int l)
{
	while (l >= 0 && plan->step[l].layer.kind == HEBB_DROPOUT)
		l--;
	return l;
}

/* The last layer that reads h of layer l. */
static int last_reader(const struct hb_plan *plan, int l)
{
	int last = l;

	for (int k = l + 1; k < plan->L; k++) {
		const hebb_layer *layer = &plan->step[k].layer;

		if (owner(plan, k - 1) == l ||
		    (layer->kind == HEBB_ADD && owner(plan, layer->from) == l))
			last = k;
	}
	return last;
}

static void place_to_run(struct hb_plan *plan, size_t widest, size_t last)
{
	int areas = 0;

	for (int l = 0; l < plan->L - 1; l++) {
		struct hb_step *s = &plan->step[l];
		int area = 0;

		if (owner(plan, l) != l) /* what only hands on needs none */
			continue;
		while (area < areas && plan->step[area].area_until >= l)
			area++;
		areas += area == areas;
		plan->step[area].area_until = last_reader(plan, l);
		s->h = s->z = (size_t)area * widest;
	}
	plan->scratch = (size_t)areas * widest;
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

int hb_learns(const struct hb_step *s)
{
	return hb_layout_weights(s) > 0 && !s->layer.frozen;
}

/* The shortcuts, each in the list of what it reads. */
static void link_shortcuts(struct hb_plan *plan)
{
	for (int l = plan->L; l > 0; l--) {
		struct hb_step *s = &plan->step[l - 1];

		if (s->layer.kind != HEBB_ADD || s->layer.from < 0)
			continue;
		s->next = plan->step[s->layer.from].reader;
		plan->step[s->layer.from].reader = l;
	}
}

/* The steps and their places in a block; BAD_ARGUMENT if there are too many parameters. */
static hebb_status place(struct hb_plan *plan, const hebb_layer *layers, hebb_error *error)
{
	for (int l = 0; l < plan->L; l++) {
		struct hb_step *s = &plan->step[l];
		long long weights;

		s->layer = layers[l];
		s->n = l ? plan->step[l - 1].m : plan->inputs;
		s->m = layers[l].kind == HEBB_DENSE ? layers[l].units : s->n;
		s->layer.units = s->m;
		weights = hb_layout_weights(s);
		plan->parameters += weights ? weights + s->m : 0;
		if (plan->parameters > HEBB_MAX_PARAMETERS)
			return hebb_fail(error, HEBB_BAD_ARGUMENT,
					 "the network has more than %lld parameters with layer %d "
					 "of %d units; make it smaller",
					 HEBB_MAX_PARAMETERS, l + 1, s->m);
		hb_layout_place(s, &plan->block);
		plan->outputs = s->m;
	}
	plan->learned = plan->block;
	for (int l = 0; l < plan->L; l++)
		hb_layout_place_statistics(&plan->step[l], &plan->block);
	link_shortcuts(plan);
	while (plan->lowest < plan->L && !hb_learns(&plan->step[plan->lowest]))
		plan->lowest++;
	return HEBB_OK;
}

/* Sizes are added up without a look at their limit, which a machine of 64 bits never reaches and one of 32 may: this is more floats
 * than any block and all scratch memory together take. */
static hebb_status check_total(const struct hb_plan *plan, hebb_error *error)
{
	enum { AREAS = 5, VECTORS = 16 }; /* h, z, d, what a kind remembers; biases, statistics */
	double floats = 0;

	for (int l = 0; l < plan->L; l++) {
		const struct hb_step *s = &plan->step[l];

		floats += (double)s->ld * (s->n + VECTORS + AREAS * (double)plan->rows);
	}
	if (floats < (double)(SIZE_MAX / sizeof(float)))
		return HEBB_OK;
	return hebb_fail(error, HEBB_NO_MEMORY,
			 "out of memory: %d rows of this network take more than this machine has "
			 "addresses for",
			 plan->rows);
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
	if (place(plan, layers, error) || check_total(plan, error)) {
		hb_plan_free(plan, allocator);
		return NULL;
	}
	for (int l = 0; l < L; l++) {
		size_t area = (size_t)rows * (size_t)plan->step[l].ld;

		if (l < L - 1) /* of the areas that serve in turn */
			widest = area > widest ? area : widest;
		if (purpose == HB_LEARN)
			place_to_learn(plan, &plan->step[l]);
	}
	if (purpose == HB_RUN)
		place_to_run(plan, widest, (size_t)rows * (size_t)plan->step[L - 1].ld);
	plan->tile = tile_of(plan);
	return plan;
}
