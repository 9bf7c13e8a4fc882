/* SPDX-License-Identifier: MIT */
/*
 * plan.c - computes steps and offsets from a description and a number of rows
 *
 * Every error of a description is found here, so what runs later neither fails nor allocates.
 *
 * Scratch memory: for training, each layer has h, d and, where f' or the loss needs it, z, each
 * rows x ld. Outside training, h of a layer is kept until the last layer that reads it is computed.
 */
#include <stdio.h>
#include <string.h>
#include "core.h"

void hb_plan_free(const struct hb_plan *plan, const hebb_allocator *allocator)
{
	if (plan)
		hb_release(allocator, (void *)(uintptr_t)plan, plan->bytes);
}

#define CONSTRUCTOR "hebb_dense() or another constructor of layers"

static hebb_status check_function(int l, const hebb_layer *layer, hebb_error *error)
{
	const hebb_function *function = layer->function;
	hebb_function known = {.size = 0};
	hebb_status status = HEBB_OK;

	if (!function && layer->activation != HEBB_CUSTOM)
		return HEBB_OK;
	if (layer->activation != HEBB_CUSTOM)
		return hebb_fail(
			error, HEBB_BAD_ARGUMENT,
			"layer %d has a function of its own, but its activation is %s; set "
			"the activation to HEBB_CUSTOM, or the function to NULL",
			l, hebb_activation_name(layer->activation));
	if (function)
		status = hebb_sized_copy(&known, sizeof known, function, "the function of a layer",
					 "hebb_function_default()", error);
	if (status)
		return status;
	if (!known.name || !known.name[0] || !known.f || !known.derivative)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "layer %d: HEBB_CUSTOM needs a function with a name, f and "
				 "derivative",
				 l);
	if (hebb_activation_find(known.name))
		return hebb_fail(
			error, HEBB_BAD_ARGUMENT,
			"layer %d: its function is called '%s', as an activation of Hebb's; "
			"choose another name, because checkpoints know it by the name",
			l, known.name);
	if (known.kinks < 0 || known.kinks > 2)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "layer %d: the function has %d kinks; 0 to 2 are possible", l,
				 known.kinks);
	for (int k = 0; k < known.kinks; k++)
		if (known.kink[k] != known.kink[k])
			return hebb_fail(error, HEBB_BAD_ARGUMENT,
					 "layer %d: kink %d of the function is not a number", l, k);
	return HEBB_OK;
}

static hebb_status check_layer(int l, const hebb_layer *layer, hebb_error *error)
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
	return check_function(l, layer, error);
}

/* The checks of a layer and its input that are the same for all kinds. */
static hebb_status check_step(const struct hb_step *s, hebb_error *error)
{
	const hebb_layer *layer = &s->layer;

	if (!s->kind->shape && layer->units != 0 && layer->units != s->n)
		return hebb_fail(
			error, HEBB_BAD_ARGUMENT,
			"layer %d: units is %d; a layer of kind %s has as many as its input, so "
			"that only %d or 0 is possible",
			s->l, layer->units, s->kind->name, s->n);
	if (!s->kind->fields.activation && layer->activation != HEBB_LINEAR)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "layer %d: a layer of kind %s has no activation but linear", s->l,
				 s->kind->name);
	if (s->inputs > 1 && (layer->from < -1 || layer->from > s->l - 2))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "layer %d: from is %d; a shortcut comes from an earlier layer, "
				 "here 0 to %d, or from the input, -1",
				 s->l, layer->from, s->l - 2);
	return HEBB_OK;
}

/* Layers that lie `stride` bytes apart: the caller's, by the size of the first, or those of the
 * steps of a plan. */
struct layers {
	const void *first;
	size_t stride;
};

static const hebb_layer *layer_at(struct layers layers, int l)
{
	return (const void *)((const char *)layers.first + (size_t)(l - 1) * layers.stride);
}

/* Layer l = 1 .. as this version knows it. */
static hebb_status take_layer(struct layers layers, int l, hebb_layer *layer, hebb_error *error)
{
	const hebb_layer *source = layer_at(layers, l), *first = layers.first;
	char name[32];

	snprintf(name, sizeof name, "layer %d", l);
	if (source->size && source->size != first->size)
		return hebb_fail(
			error, HEBB_BAD_ARGUMENT,
			"the size of layer %d is not that of layer 1; all layers of an array "
			"have the same size",
			l);
	*layer = (hebb_layer){.size = 0};
	return hebb_sized_copy(layer, sizeof *layer, source, name, CONSTRUCTOR, error);
}

static hebb_shape shape_of(const struct hb_plan *plan, int l)
{
	return l < 0 ? (hebb_shape){1, 1, plan->inputs} : plan->step[l].out;
}

/* Whether the input has as many values as the shape layer.in. */
static hebb_status check_shape(const struct hb_step *s, hebb_error *error)
{
	hebb_shape in = s->layer.in;

	if ((!in.height && !in.width && !in.channels) ||
	    (in.height > 0 && in.width > 0 && in.channels > 0 &&
	     (double)in.height * in.width * in.channels == s->n))
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_ARGUMENT,
			 "layer %d: in is %d x %d x %d, but %d values come in", s->l, in.height,
			 in.width, in.channels, s->n);
}

/* The layer whose h is the output of layer l, from 0 on, outside training (dropout is then the
 * identity); -1: x of the network. */
static int owner(const struct hb_plan *plan, int l)
{
	return l >= 0 && plan->step[l].rests ? plan->step[l].owner[0] : l;
}

/* Makes the step of a layer: its inputs, and from its kind the output and parameters. */
static hebb_status describe(struct hb_plan *plan, struct hb_step *s, hebb_error *error)
{
	s->kind = hb_kind(s->layer.kind);
	s->rests = s->kind->rests;
	s->map = hb_activation(s->layer.activation)->kernel;
	s->inputs = s->kind->inputs;
	s->input[0] = s->l - 2;
	s->owner[0] = owner(plan, s->input[0]);
	s->in[0] = shape_of(plan, s->input[0]);
	s->n = hb_size(s->in[0]);
	if (check_shape(s, error))
		return HEBB_BAD_ARGUMENT;
	if (s->layer.in.height)
		s->in[0] = s->layer.in;
	if (check_step(s, error))
		return HEBB_BAD_ARGUMENT;
	if (s->inputs > 1) {
		s->input[1] = s->layer.from;
		s->owner[1] = owner(plan, s->input[1]);
		s->in[1] = shape_of(plan, s->input[1]);
	}
	if (s->kind->check && s->kind->check(s, error))
		return HEBB_BAD_ARGUMENT;
	s->out = s->kind->shape ? s->kind->shape(s) : s->in[0];
	s->m = s->layer.units = hb_size(s->out);
	s->ld = hb_row_stride(s->m);
	if (s->kind->list)
		s->kind->list(s);
	return HEBB_OK;
}

static hebb_status check(int inputs, int L, struct layers layers, int rows, hebb_error *error)
{
	hebb_layer first;

	if (inputs < 1 || inputs > HEBB_MAX_UNITS)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%d inputs; 1 to %d are possible",
				 inputs, HEBB_MAX_UNITS);
	if (L < 1 || L > HEBB_MAX_LAYERS || !layers.first)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%d layers; 1 to %d are possible", L,
				 HEBB_MAX_LAYERS);
	if (rows < 1)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%d rows; at least 1 is needed", rows);
	if (layers.stride % _Alignof(hebb_layer) == 0)
		return take_layer(layers, 1, &first, error);
	return hebb_fail(error, HEBB_BAD_ARGUMENT, "layer 1 has no size; begin with " CONSTRUCTOR);
}

static hebb_status describe_all(struct hb_plan *plan, struct layers layers, hebb_error *error)
{
	const struct hb_step *last = &plan->step[plan->L - 1];

	for (int l = 1; l <= plan->L; l++) {
		struct hb_step *s = &plan->step[l - 1];

		s->l = l;
		s->parameter = plan->parameter + plan->arrays;
		if (take_layer(layers, l, &s->layer, error))
			return HEBB_BAD_ARGUMENT;
		if (check_layer(l, &s->layer, error) || describe(plan, s, error))
			return HEBB_BAD_ARGUMENT;
		plan->arrays += s->parameters;
	}
	if (last->rests)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "layer %d: the last layer is %s; nothing would learn from it",
				 plan->L, last->kind->name);
	plan->outputs = last->m;
	return HEBB_OK;
}

/* The rows that go through all layers before the next ones.  More would not read the weights much
 * more seldom. */
enum { TILE = 512 };

/* The floats of layer l, from 0 on, for all rows. */
static size_t area_of(const struct hb_plan *plan, int l)
{
	return (size_t)plan->rows * (size_t)plan->step[l].ld;
}

/* Sets the offsets of h, z, d and memo of a step. */
static void place_to_learn(struct hb_plan *plan, struct hb_step *s)
{
	size_t area = area_of(plan, s->l - 1),
	       memo = s->kind->memo ? s->kind->memo(s, plan->rows) : 0;
	int last = s == &plan->step[plan->L - 1];

	s->h = plan->scratch;
	s->z = hb_activation(s->layer.activation)->keeps_z || last ? s->h + area : s->h;
	s->d = s->z + area;
	s->memo = s->d + area;
	plan->scratch = s->memo + (memo + HB_LANES - 1) / HB_LANES * HB_LANES;
}

/* The last layer that reads h of layer l. */
static int last_reader(const struct hb_plan *plan, int l)
{
	int last = l;

	for (int k = l + 1; k < plan->L; k++)
		for (int i = 0; i < plan->step[k].inputs; i++)
			if (plan->step[k].owner[i] == l)
				last = k;
	return last;
}

/* Layers use two areas by turns, and more areas where shortcuts skip layers. The last layer has its
 * own area, because one tile of rows is complete before the next one begins. */
static void place_to_run(struct hb_plan *plan)
{
	size_t widest = 0;
	int areas = 0;

	for (int l = 0; l < plan->L - 1; l++)
		widest = area_of(plan, l) > widest ? area_of(plan, l) : widest;

	for (int l = 0; l < plan->L - 1; l++) {
		struct hb_step *s = &plan->step[l];
		int area = 0;

		if (s->rests) /* a layer that is the identity needs no area */
			continue;
		while (area < areas && plan->step[area].area_until >= l)
			area++;
		areas += area == areas;
		plan->step[area].area_until = last_reader(plan, l);
		s->h = s->z = (size_t)area * widest;
	}
	plan->scratch = (size_t)areas * widest;
	plan->step[plan->L - 1].h = plan->step[plan->L - 1].z = plan->scratch;
	plan->scratch += area_of(plan, plan->L - 1);
}

/* Each layer has an area of its own, except layers that are the identity. */
static void place_to_run_whole(struct hb_plan *plan)
{
	for (int l = 0; l < plan->L; l++) {
		if (owner(plan, l) != l)
			continue;
		plan->step[l].h = plan->step[l].z = plan->scratch;
		plan->scratch += area_of(plan, l);
	}
}

/* x gets a copy if its rows would displace each other in a cache; not if layer 1 reads all rows
 * before the first of them is copied. */
static void place_x(struct hb_plan *plan)
{
	if (hb_row_stride(plan->inputs) != plan->inputs + HB_LANES || hb_has_sums(plan, 0))
		return;
	plan->ldx = hb_row_stride(plan->inputs);
	plan->x = plan->scratch;
	plan->scratch += (size_t)plan->rows * (size_t)plan->ldx;
}

/* x has the row stride of a layer's output, because a kind takes dx for an output. */
static void place_dx(struct hb_plan *plan)
{
	size_t area;

	plan->lowest = 0;
	plan->ldx = hb_row_stride(plan->inputs);
	area = (size_t)plan->rows * (size_t)plan->ldx;
	plan->x = plan->scratch;
	plan->dx = plan->x + (plan->ldx > plan->inputs ? area : 0);
	plan->scratch = plan->dx + area;
}

/* With bf16, the products have tiles of their own, so there is one tile of all rows. */
static void place_to_learn_all(struct hb_plan *plan, enum hb_purpose purpose)
{
	for (int l = 0; l < plan->L; l++)
		place_to_learn(plan, &plan->step[l]);
	if (purpose == HB_LEARN_BF16) {
		plan->bf16 = plan->kernels->bf16;
		plan->tile = plan->rows;
		return;
	}
	if (purpose == HB_GO_BACK)
		place_dx(plan);
	else
		place_x(plan);
	plan->room = plan->scratch;
	plan->scratch += hb_layout_room(plan);
}

/* Puts each step with a second input into the list of the step that it reads. */
static void link_readers(struct hb_plan *plan)
{
	for (int l = plan->L; l > 0; l--) {
		struct hb_step *s = &plan->step[l - 1];

		if (s->inputs < 2 || s->input[1] < 0)
			continue;
		s->next = plan->step[s->input[1]].reader;
		plan->step[s->input[1]].reader = l;
	}
}

/* The places of the parameters in a block; BAD_ARGUMENT if there are too many. */
static hebb_status place(struct hb_plan *plan, hebb_error *error)
{
	plan->plain = 1;
	for (int l = 0; l < plan->L; l++) {
		struct hb_step *s = &plan->step[l];

		plan->plain &= s->kind == &hb_dense && !s->layer.function;
		plan->parameters += hb_count_all(s, 0);
		if (plan->parameters > HEBB_MAX_PARAMETERS)
			return hebb_fail(error, HEBB_BAD_ARGUMENT,
					 "the network has more than %lld parameters with layer %d "
					 "of %d units; make it smaller",
					 HEBB_MAX_PARAMETERS, l + 1, s->m);
	}
	hb_layout_place(plan, 0);
	plan->learned = plan->block;
	hb_layout_place(plan, 1);
	link_readers(plan);
	while (plan->lowest < plan->L && !hb_learns(&plan->step[plan->lowest]))
		plan->lowest++;
	return HEBB_OK;
}

/* Sizes are added up without overflow checks. On a machine with 64 bits they cannot overflow; with
 * 32 bits they may. So this compares an upper bound of all floats of blocks and scratch memory with
 * the limit. */
static hebb_status check_total(const struct hb_plan *plan, hebb_error *error)
{
	enum { AREAS = 5, VECTORS = 16 }; /* h, z, d and memo; sums, statistics */
	double floats = plan->rows * (2.0 * hb_row_stride(plan->inputs) + HB_ROOM); /* x, dx */

	for (int l = 0; l < plan->L; l++)
		floats += plan->step[l].ld * (VECTORS + AREAS * (double)plan->rows);
	for (int i = 0; i < plan->arrays; i++)
		floats += (double)plan->parameter[i].ld * plan->parameter[i].n;
	if (floats < (double)(SIZE_MAX / sizeof(float)))
		return HEBB_OK;
	return hebb_fail(error, HEBB_NO_MEMORY,
			 "out of memory: %d rows of this network take more than this machine has "
			 "addresses for",
			 plan->rows);
}

/* Allocates a plan with its steps, followed by memory for the parameters that their kinds list. */
static struct hb_plan *allocate(int L, struct layers layers, const hebb_allocator *allocator,
				hebb_error *error)
{
	size_t arrays = 0, before = sizeof(struct hb_plan) + (size_t)L * sizeof(struct hb_step),
	       bytes;
	struct hb_plan *plan;

	for (int l = 0; l < L; l++) {
		const struct hb_kind *kind = hb_kind(layer_at(layers, l + 1)->kind);

		arrays += kind ? (size_t)kind->parameters : 0;
	}
	bytes = before + arrays * sizeof(struct hb_parameter);
	plan = hb_allocate(allocator, bytes, error);
	if (!plan)
		return NULL;
	plan->bytes = bytes;
	plan->L = L;
	plan->parameter = (struct hb_parameter *)(plan->step + L);
	return plan;
}

static struct hb_plan *make(int inputs, int L, struct layers layers, int rows,
			    enum hb_purpose purpose, const hebb_allocator *allocator,
			    hebb_error *error)
{
	char message[256];
	const struct hb_kernels *kernels = hb_kernels_choose(sizeof message, message);
	struct hb_plan *plan;

	if (!kernels) {
		hebb_fail(error, HEBB_UNSUPPORTED, "%s", message);
		return NULL;
	}
	if (check(inputs, L, layers, rows, error) ||
	    !(plan = allocate(L, layers, allocator, error)))
		return NULL;
	plan->kernels = kernels;
	plan->inputs = plan->ldx = inputs;
	plan->rows = rows;
	if (describe_all(plan, layers, error) || place(plan, error) || check_total(plan, error)) {
		hb_plan_free(plan, allocator);
		return NULL;
	}
	plan->tile = TILE;
	if (purpose == HB_RUN)
		place_to_run(plan);
	else if (purpose == HB_RUN_WHOLE)
		place_to_run_whole(plan);
	else
		place_to_learn_all(plan, purpose);
	return plan;
}

struct hb_plan *hb_plan_new(int inputs, int L, const hebb_layer *layers, int rows,
			    enum hb_purpose purpose, const hebb_allocator *allocator,
			    hebb_error *error)
{
	return make(inputs, L, (struct layers){layers, layers ? layers->size : 0}, rows, purpose,
		    allocator, error);
}

struct hb_plan *hb_plan_again(const struct hb_plan *plan, int rows, enum hb_purpose purpose,
			      const hebb_allocator *allocator, hebb_error *error)
{
	return make(plan->inputs, plan->L, (struct layers){plan->step, sizeof *plan->step}, rows,
		    purpose, allocator, error);
}
