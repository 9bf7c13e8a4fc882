/* SPDX-License-Identifier: MIT */
/*
 * network.c - a description and its parameters
 */
#include <float.h>
#include <math.h>
#include <string.h>
#include "core.h"

/* A network that takes ownership of the plan; all parameters are 0. */
static hebb_net *net_of(struct hb_plan *plan, const hebb_allocator *allocator, hebb_error *error)
{
	float *w = plan ? hb_allocate_floats(allocator, plan->block, error) : NULL;
	hebb_net *net = w ? hb_allocate(allocator, sizeof *net, error) : NULL;

	if (!net) {
		if (w)
			hb_release_floats(allocator, w, plan->block);
		hb_plan_free(plan, allocator);
		return NULL;
	}
	net->allocator = hb_allocator_of(allocator);
	net->plan = plan;
	net->w = w;
	return net;
}

hebb_net *hebb_net_blank(int inputs, int L, const hebb_layer *layers,
			 const hebb_allocator *allocator, hebb_error *error)
{
	return net_of(hb_plan_new(inputs, L, layers, 1, HB_RUN, allocator, error), allocator,
		      error);
}

/* Sets the initial parameters of one layer. */
static hebb_status start_layer(hebb_net *net, const struct hb_step *s, uint64_t seed,
			       hebb_error *error)
{
	size_t count = (size_t)(hb_count_all(s, 0) + hb_count_all(s, 1));
	float *values = hb_allocate_floats(&net->allocator, count, error), *next = values;
	hebb_status status;

	if (!values)
		return HEBB_NO_MEMORY;
	status = s->kind->start(&net->allocator, s, seed, values, error);
	for (int i = 0; i < s->parameters && status == HEBB_OK; i++) {
		hb_layout_set(&s->parameter[i], net->w, next);
		next += s->parameter[i].about.count;
	}
	hb_release_floats(&net->allocator, values, count);
	return status;
}

hebb_net *hebb_net_new(int inputs, int count, const hebb_layer *layers, uint64_t seed,
		       const hebb_allocator *allocator, hebb_error *error)
{
	hebb_net *net = hebb_net_blank(inputs, count, layers, allocator, error);

	for (int l = 0; net && l < count; l++) {
		const struct hb_step *s = &net->plan->step[l];

		if (s->parameters > 0 && start_layer(net, s, seed, error)) {
			hebb_net_free(net);
			return NULL;
		}
	}
	return net;
}

hebb_net *hebb_net_copy(const hebb_net *net, const hebb_allocator *allocator, hebb_error *error)
{
	hebb_net *copy = NULL;

	if (!net)
		hb_missing("the network", error);
	else
		copy = net_of(hb_plan_again(net->plan, 1, HB_RUN, allocator, error), allocator,
			      error);
	if (copy)
		memcpy(copy->w, net->w, net->plan->block * sizeof *net->w);
	return copy;
}

void hebb_net_free(hebb_net *net)
{
	hebb_allocator allocator;

	if (!net)
		return;
	allocator = net->allocator;
	hb_release_floats(&allocator, net->w, net->plan->block);
	hb_plan_free(net->plan, &allocator);
	hb_release(&allocator, net, sizeof *net);
}

int hebb_net_inputs(const hebb_net *net)
{
	return net->plan->inputs;
}

int hebb_net_outputs(const hebb_net *net)
{
	return net->plan->outputs;
}

int hebb_net_layers(const hebb_net *net)
{
	return net->plan->L;
}

const hebb_layer *hebb_net_layer(const hebb_net *net, int layer)
{
	return layer >= 0 && layer < net->plan->L ? &net->plan->step[layer].layer : NULL;
}

long long hebb_net_parameters(const hebb_net *net)
{
	return net->plan->parameters;
}

const struct hb_step *hb_step_of(const struct hb_plan *plan, int layer, hebb_error *error)
{
	if (!plan) {
		hb_missing("the network", error);
		return NULL;
	}
	if (layer >= 0 && layer < plan->L)
		return &plan->step[layer];
	hebb_fail(error, HEBB_BAD_ARGUMENT, "there is no layer %d; the network has layers 0 to %d",
		  layer, plan->L - 1);
	return NULL;
}

/* Two arrays of a layer, to or from the caller. Either may be NULL. */
static void get(const struct hb_step *s, int running, const float *w, float *first, float *second)
{
	const struct hb_parameter *p = hb_parameter(s, running, 0),
				  *q = hb_parameter(s, running, 1);

	if (p && first)
		hb_layout_get(p, w, first);
	if (q && second)
		hb_layout_get(q, w, second);
}

static int is_possible(const struct hb_parameter *p, const float *values)
{
	size_t count = p && values ? (size_t)p->about.count : 0;

	if (!hb_all_finite(count, values))
		return 0;
	for (size_t i = 0; i < count && p->positive; i++)
		if (values[i] < 0)
			return 0;
	return 1;
}

static int set(const struct hb_step *s, int running, float *w, const float *first,
	       const float *second)
{
	const struct hb_parameter *p = hb_parameter(s, running, 0),
				  *q = hb_parameter(s, running, 1);

	if (!is_possible(p, first) || !is_possible(q, second))
		return 0;
	if (p && first)
		hb_layout_set(p, w, first);
	if (q && second)
		hb_layout_set(q, w, second);
	return 1;
}

void hb_net_get(const hebb_net *net, const struct hb_parameter *p, float *values)
{
	hb_layout_get(p, net->w, values);
}

hebb_status hebb_net_get(const hebb_net *net, int layer, float *W, float *b, hebb_error *error)
{
	const struct hb_step *s = hb_step_of(net ? net->plan : NULL, layer, error);

	if (!s)
		return HEBB_BAD_ARGUMENT;
	get(s, 0, net->w, W, b);
	return HEBB_OK;
}

hebb_status hebb_net_freeze(hebb_net *net, int layer, int frozen, hebb_error *error)
{
	if (!hb_step_of(net ? net->plan : NULL, layer == -1 ? 0 : layer, error))
		return HEBB_BAD_ARGUMENT;
	if (frozen != 0 && frozen != 1)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "frozen is %d; it must be 0 or 1",
				 frozen);
	for (int l = 0; l < net->plan->L; l++)
		if (layer == -1 || l == layer)
			net->plan->step[l].layer.frozen = frozen;
	return HEBB_OK;
}

int hb_all_finite(size_t count, const float *values)
{
	for (size_t i = 0; i < count; i++)
		if (!(fabsf(values[i]) <= FLT_MAX))
			return 0;
	return 1;
}

hebb_status hebb_net_set(hebb_net *net, int layer, const float *W, const float *b,
			 hebb_error *error)
{
	const struct hb_step *s = hb_step_of(net ? net->plan : NULL, layer, error);

	if (!s)
		return HEBB_BAD_ARGUMENT;
	return set(s, 0, net->w, W, b) ? HEBB_OK
				       : hebb_fail(error, HEBB_BAD_ARGUMENT,
						   "layer %d: a parameter is not finite", layer);
}

hebb_shape hebb_net_shape(const hebb_net *net, int layer)
{
	const struct hb_plan *plan = net->plan;

	if (layer < -1 || layer >= plan->L)
		return (hebb_shape){0, 0, 0};
	return layer < 0 ? plan->step[0].in[0] : plan->step[layer].out;
}

static struct hb_parameter *parameter_of(const hebb_net *net, int layer, int i)
{
	const struct hb_step *s =
		layer >= 0 && layer < net->plan->L ? &net->plan->step[layer] : NULL;

	return s && i >= 0 && i < s->parameters ? &s->parameter[i] : NULL;
}

static hebb_status no_parameter(int layer, int i, hebb_error *error)
{
	return hebb_fail(error, HEBB_BAD_ARGUMENT, "layer %d has no parameter %d", layer, i);
}

const hebb_parameter *hebb_net_parameter(const hebb_net *net, int layer, int i)
{
	const struct hb_parameter *p = parameter_of(net, layer, i);

	return p ? &p->about : NULL;
}

hebb_status hebb_net_get_parameter(const hebb_net *net, int layer, int i, float *values,
				   hebb_error *error)
{
	const struct hb_parameter *p = parameter_of(net, layer, i);

	if (!p)
		return no_parameter(layer, i, error);
	hb_layout_get(p, net->w, values);
	return HEBB_OK;
}

hebb_status hebb_net_set_parameter(hebb_net *net, int layer, int i, const float *values,
				   hebb_error *error)
{
	const struct hb_parameter *p = parameter_of(net, layer, i);

	if (!p)
		return no_parameter(layer, i, error);
	if (!is_possible(p, values))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "layer %d: a number of its %s is not finite%s", layer,
				 p->about.name, p->positive ? ", or below 0" : "");
	hb_layout_set(p, net->w, values);
	return HEBB_OK;
}

hebb_status hebb_net_get_statistics(const hebb_net *net, int layer, float *mean, float *variance,
				    hebb_error *error)
{
	const struct hb_step *s = hb_step_of(net ? net->plan : NULL, layer, error);

	if (!s)
		return HEBB_BAD_ARGUMENT;
	get(s, 1, net->w, mean, variance);
	return HEBB_OK;
}

hebb_status hebb_net_set_statistics(hebb_net *net, int layer, const float *mean,
				    const float *variance, hebb_error *error)
{
	const struct hb_step *s = hb_step_of(net ? net->plan : NULL, layer, error);

	if (!s)
		return HEBB_BAD_ARGUMENT;
	if (set(s, 1, net->w, mean, variance))
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_ARGUMENT,
			 "layer %d: a mean or a variance is not finite, or a variance is below 0",
			 layer);
}
