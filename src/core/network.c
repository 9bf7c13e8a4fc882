/* SPDX-License-Identifier: MIT */
/*
 * network.c - a description and its parameters
 */
#include <float.h>
#include <math.h>
#include <string.h>
#include "core.h"

hebb_layer hebb_dense(int units, hebb_activation activation)
{
	return (hebb_layer){.kind = HEBB_DENSE,
			    .activation = activation,
			    .start = HEBB_START_AUTO,
			    .units = units};
}

static size_t bytes_for(int L)
{
	return sizeof(struct hebb_net) + (size_t)L * sizeof(hebb_layer);
}

hebb_net *hebb_net_blank(int inputs, int L, const hebb_layer *layers,
			 const hebb_allocator *allocator, hebb_error *error)
{
	struct hb_plan *plan = hb_plan_new(inputs, L, layers, 1, HB_RUN, allocator, error);
	float *w = plan ? hb_allocate_floats(allocator, plan->block, error) : NULL;
	hebb_net *net = w ? hb_allocate(allocator, bytes_for(L), error) : NULL;

	if (!net) {
		if (w)
			hb_release_floats(allocator, w, plan->block);
		hb_plan_free(plan, allocator);
		return NULL;
	}
	if (allocator)
		net->allocator = *allocator;
	net->plan = plan;
	net->w = w;
	for (int l = 0; l < L; l++)
		net->layers[l] = plan->step[l].layer;
	return net;
}

/* W and b of one layer, in canonical order. */
static hebb_status start_layer(hebb_net *net, int l, uint64_t seed, hebb_error *error)
{
	const struct hb_step *s = &net->plan->step[l];
	size_t weights = (size_t)s->n * (size_t)s->m, all = weights + (size_t)s->m;
	float *W = hb_allocate_floats(&net->allocator, all, error);
	hebb_status status;

	if (!W)
		return HEBB_NO_MEMORY;
	status = hb_start(&net->allocator, s, seed, HB_STREAM_START(l + 1), W, error);
	if (status == HEBB_OK)
		hb_layout_set(s, net->w, W, W + weights);
	hb_release_floats(&net->allocator, W, all);
	return status;
}

/* gamma = 1, variance = 1; beta and mean are 0. */
static void start_norm(hebb_net *net, int l)
{
	const struct hb_step *s = &net->plan->step[l];
	int has_statistics = s->layer.kind == HEBB_BATCH_NORM;

	for (int j = 0; j < s->m && hb_layout_weights(s); j++)
		net->w[s->W + (size_t)j] = 1;
	for (int j = 0; j < s->m && has_statistics; j++)
		net->w[s->variance + (size_t)j] = 1;
}

hebb_net *hebb_net_new(int inputs, int count, const hebb_layer *layers, uint64_t seed,
		       const hebb_allocator *allocator, hebb_error *error)
{
	hebb_net *net = hebb_net_blank(inputs, count, layers, allocator, error);

	for (int l = 0; net && l < count; l++) {
		if (net->layers[l].kind != HEBB_DENSE) {
			start_norm(net, l);
		} else if (start_layer(net, l, seed, error)) {
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
		copy = hebb_net_blank(net->plan->inputs, net->plan->L, net->layers, allocator,
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
	size_t bytes = bytes_for(net->plan->L);
	hb_plan_free(net->plan, &allocator);
	hb_release(&allocator, net, bytes);
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
	return layer >= 0 && layer < net->plan->L ? &net->layers[layer] : NULL;
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

hebb_status hebb_net_get(const hebb_net *net, int layer, float *W, float *b, hebb_error *error)
{
	const struct hb_step *s = hb_step_of(net ? net->plan : NULL, layer, error);

	if (!s)
		return HEBB_BAD_ARGUMENT;
	hb_layout_get(s, net->w, W, b);
	return HEBB_OK;
}

hebb_status hebb_net_freeze(hebb_net *net, int layer, int frozen, hebb_error *error)
{
	if (!hb_step_of(net ? net->plan : NULL, layer == -1 ? 0 : layer, error))
		return HEBB_BAD_ARGUMENT;
	for (int l = 0; l < net->plan->L; l++)
		if (layer == -1 || l == layer)
			net->layers[l].frozen = net->plan->step[l].layer.frozen = frozen != 0;
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
	if (!hb_layout_weights(s))
		return HEBB_OK;
	if ((W && !hb_all_finite((size_t)hb_layout_weights(s), W)) ||
	    (b && !hb_all_finite((size_t)s->m, b)))
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "layer %d: a parameter is not finite",
				 layer);
	hb_layout_set(s, net->w, W, b);
	return HEBB_OK;
}

hebb_status hebb_net_get_statistics(const hebb_net *net, int layer, float *mean, float *variance,
				    hebb_error *error)
{
	const struct hb_step *s = hb_step_of(net ? net->plan : NULL, layer, error);

	if (!s)
		return HEBB_BAD_ARGUMENT;
	if (s->layer.kind != HEBB_BATCH_NORM)
		return HEBB_OK;
	if (mean)
		memcpy(mean, net->w + s->mean, (size_t)s->m * sizeof *mean);
	if (variance)
		memcpy(variance, net->w + s->variance, (size_t)s->m * sizeof *variance);
	return HEBB_OK;
}

hebb_status hebb_net_set_statistics(hebb_net *net, int layer, const float *mean,
				    const float *variance, hebb_error *error)
{
	const struct hb_step *s = hb_step_of(net ? net->plan : NULL, layer, error);
	size_t m = s ? (size_t)s->m : 0;
	int valid = 1;

	if (!s)
		return HEBB_BAD_ARGUMENT;
	if (s->layer.kind != HEBB_BATCH_NORM)
		return HEBB_OK;
	valid = (!mean || hb_all_finite(m, mean)) && (!variance || hb_all_finite(m, variance));
	for (size_t j = 0; j < m && variance && valid; j++)
		valid = variance[j] >= 0;
	if (!valid)
		return hebb_fail(
			error, HEBB_BAD_ARGUMENT,
			"layer %d: a mean or a variance is not finite, or a variance is below 0",
			layer);
	if (mean)
		memcpy(net->w + s->mean, mean, m * sizeof *mean);
	if (variance)
		memcpy(net->w + s->variance, variance, m * sizeof *variance);
	return HEBB_OK;
}
