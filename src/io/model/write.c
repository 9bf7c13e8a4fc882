/* SPDX-License-Identifier: MIT */
/*
 * write.c - a network with its coding as an ONNX file (model.h)
 */
#include "description.h"
#include "../io.h"
#include "model.h"
#include "onnx_wire.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The graph of a network ---- */

/* 1 if there is nothing to subtract or multiply by.  -0 counts as something, and so is kept. */
static int changes_nothing(int count, const float *mean, const float *scale)
{
	for (int i = 0; i < count; i++)
		if (mean[i] != 0 || signbit(mean[i]) || scale[i] != 1)
			return 0;
	return 1;
}

/* Floats of all layers. */
static long long net_size(const hebb_net *net)
{
	const hebb_parameter *is;
	long long size = 0;

	for (int l = 0; l < hebb_net_layers(net); l++)
		for (int i = 0; (is = hebb_net_parameter(net, l, i)); i++)
			size += is->count;
	return size;
}

static hebb_status add_nodes(hb_onnx_graph *graph, const hb_pipeline *pipeline, hebb_error *error)
{
	hb_numbered value = {HB_INPUT};

	for (int stage = 0; stage < hb_stages(pipeline); stage++) {
		int nodes = hb_stage_nodes(pipeline, stage, &value, graph->node + graph->nodes);
		if (nodes < 0) {
			const hebb_layer *layer = hebb_net_layer(pipeline->net, stage - 1);
			char shown[HB_SHOWN];
			return hebb_fail(error, HEBB_UNSUPPORTED,
					 "layer %d: ONNX has no operator for its activation%s%s",
					 stage, layer->function ? ", the program's own " : "",
					 layer->function ? hb_show(layer->function->name, shown)
							 : "");
		}
		graph->nodes += nodes;
	}
	return HEBB_OK;
}

/* Copies the constants of a layer, one behind the other, out of the network. */
static hebb_status get_layer(const hebb_net *net, int l, float *values, hebb_error *error)
{
	const hebb_parameter *is;
	hebb_status status = HEBB_OK;

	for (int i = 0; !status && (is = hebb_net_parameter(net, l, i)); i++, values += is->count)
		status = hebb_net_get_parameter(net, l, i, values, error);
	return status;
}

/* Lists the constants; those of the layers are copied to `values`, in the canonical order. */
static hebb_status add_tensors(hb_onnx_graph *graph, const hb_pipeline *pipeline,
			       const hebb_coding *coding, float *values, hebb_error *error)
{
	int last = hb_stages(pipeline) - 1;
	const double *mean = coding->exact_mean, *target_mean = coding->exact_target_mean;
	const void *first_pair[] = {mean ? (const void *)mean : coding->mean, coding->scale},
		   *last_pair[] = {coding->target_sd,
				   target_mean ? (const void *)target_mean : coding->target_mean};

	for (int stage = 0; stage <= last; stage++) {
		hb_onnx_tensor *tensor = graph->tensor + graph->tensors;
		int tensors = hb_stage_tensors(pipeline, stage, tensor), known = 0;
		hebb_status status = stage > 0 && stage < last
					     ? get_layer(pipeline->net, stage - 1, values, error)
					     : HEBB_OK;
		if (status)
			return status;
		for (int i = 0; i < tensors; i++) {
			if (tensor[i].values) {
				known++;
			} else if (stage == 0 || stage == last) {
				tensor[i].values = (stage ? last_pair : first_pair)[i - known];
			} else {
				tensor[i].values = values;
				values += hb_onnx_tensor_count(&tensor[i]);
			}
		}
		graph->tensors += tensors;
	}
	return HEBB_OK;
}

/* ---- Writing ---- */

static hebb_status check_size(const hebb_net *net, hebb_error *error)
{
	if (net_size(net) <= HB_ONNX_MOST / 4)
		return HEBB_OK;
	return hebb_fail(error, HEBB_UNSUPPORTED,
			 "model: %lld parameters take more than 2 GB, which is the most that a "
			 "file of ONNX can hold",
			 net_size(net));
}

/* 0 if a number that goes into the graph is infinite or NaN. */
static int is_finite(const float *values, long long count)
{
	for (long long i = 0; i < count; i++)
		if (!isfinite(values[i]))
			return 0;
	return 1;
}

static hebb_status make_graph(hb_onnx_graph *graph, const hebb_model *model, float *values,
			      hebb_error *error)
{
	const hebb_coding *coding = model->coding;
	hb_pipeline pipeline = {
		.net = model->net,
		.task = coding->task,
		.exact_inputs = coding->exact_mean != NULL,
		.exact_targets = coding->exact_target_mean != NULL,
	};

	pipeline.scales_inputs = pipeline.exact_inputs ||
				 !changes_nothing(coding->width, coding->mean, coding->scale);
	pipeline.scales_targets =
		pipeline.exact_targets ||
		!changes_nothing(coding->outputs, coding->target_mean, coding->target_sd);
	graph->input = hb_input_end(&pipeline);
	graph->output = hb_output_end(&pipeline);
	graph->has_layer_norm = hb_has_layer_norm(model->net);
	hebb_status status = add_nodes(graph, &pipeline, error);
	if (!status)
		status = add_tensors(graph, &pipeline, coding, values, error);
	if (!status && !is_finite(values, net_size(model->net)))
		status = hebb_fail(error, HEBB_BAD_ARGUMENT,
				   "model: a weight is not finite, the training diverged");
	return status;
}

/* The entries of metadata_props; what is in them is freed with free_entries(). */
typedef struct entries {
	char *inputs, *outputs, *description;
	int count;
	hb_onnx_entry entry[4];
} entries;

static void free_entries(entries *list)
{
	free(list->inputs);
	free(list->outputs);
	free(list->description);
}

static hebb_status make_entries(entries *list, const hebb_model *model, hebb_error *error)
{
	hebb_status status = hb_names_format(model->coding, 1, &list->inputs, error);

	if (!status)
		status = hb_names_format(model->coding, 0, &list->outputs, error);
	if (!status)
		status = hb_description_format(model, &list->description, error);
	list->entry[0] = (hb_onnx_entry){hb_names_key(model->coding, 1), list->inputs};
	list->entry[1] = (hb_onnx_entry){hb_names_key(model->coding, 0), list->outputs};
	list->entry[2] = (hb_onnx_entry){HB_DESCRIPTION, list->description};
	list->entry[3] = (hb_onnx_entry){HB_RECORD, model->record};
	list->count = model->record ? 4 : 3;
	return status;
}

hebb_status hebb_model_format(const hebb_model *model, unsigned char **bytes, size_t *size,
			      hebb_error *error)
{
	entries list = {0};
	hb_onnx_graph graph = {0};
	if (!model || !bytes || !size)
		return hb_absent(model ? "where to put the bytes" : "the model", error);
	hebb_status status = hb_model_check(model, error);
	if (!status)
		status = check_size(model->net, error);
	if (status)
		return status;

	size_t layers = (size_t)hebb_net_layers(model->net);
	float *values = malloc((size_t)net_size(model->net) * sizeof *values + 1);
	graph.node = calloc(LAYER_NODES * layers + OTHER_NODES, sizeof *graph.node);
	graph.tensor = calloc(LAYER_TENSORS * layers + OTHER_TENSORS, sizeof *graph.tensor);
	if (!values || !graph.node || !graph.tensor)
		status = hb_out_of_memory(error);
	if (!status)
		status = make_graph(&graph, model, values, error);
	if (!status)
		status = make_entries(&list, model, error);
	if (!status)
		status = hb_onnx_format(&graph, list.count, list.entry, bytes, size, error);
	free_entries(&list);
	free(graph.tensor);
	free(graph.node);
	free(values);
	return status;
}
