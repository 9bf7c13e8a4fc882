/* SPDX-License-Identifier: MIT */
/*
 * write.c - a network with its coding as an ONNX file (model.h)
 */
#include "description.h"
#include "../io.h"
#include "encoder.h"
#include "model.h"
#include "raw.h"
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
	hb_onnx_name value = {""};

	for (int stage = 0; stage < hb_stages(pipeline); stage++) {
		int nodes = hb_stage_nodes(pipeline, stage, &value, graph->node + graph->nodes);
		if (nodes < 0) {
			int l = hb_stage_layer(pipeline, stage);
			const hebb_layer *layer = hebb_net_layer(pipeline->net, l);
			char shown[HB_SHOWN];
			return hebb_fail(error, HEBB_UNSUPPORTED,
					 "layer %d: ONNX has no operator for its activation%s%s",
					 l + 1, layer->function ? ", the program's own " : "",
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
static hebb_status add_tensors(hb_onnx_graph *graph, const hb_pipeline *pipeline, float *values,
			       hebb_error *error)
{
	for (int stage = 0; stage < hb_stages(pipeline); stage++) {
		hb_onnx_tensor *tensor = graph->tensor + graph->tensors;
		int tensors = hb_stage_tensors(pipeline, stage, tensor),
		    layer = hb_stage_layer(pipeline, stage);
		hebb_status status =
			layer >= 0 ? get_layer(pipeline->net, layer, values, error) : HEBB_OK;

		if (status)
			return status;
		for (int i = 0; i < tensors && layer >= 0; i++) {
			tensor[i].values = values;
			values += hb_onnx_tensor_count(&tensor[i]);
		}
		graph->tensors += tensors;
	}
	return HEBB_OK;
}

static void add_ends(hb_onnx_graph *graph, const hb_pipeline *pipeline)
{
	graph->inputs = hb_inputs(pipeline);
	graph->outputs = hb_outputs(pipeline);
	for (int i = 0; i < graph->inputs; i++)
		graph->end[i] = hb_input_end(pipeline, i);
	for (int i = 0; i < graph->outputs; i++)
		graph->end[graph->inputs + i] = hb_output_end(pipeline, i);
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

static hb_pipeline pipeline_of(const hebb_model *model, const hb_raw *raw,
			       const hb_encoder *encoder)
{
	const hebb_coding *coding = model->coding;

	return (hb_pipeline){
		.net = model->net,
		.coding = coding,
		.raw = raw,
		.encoder = encoder,
		.scales_inputs = coding->exact_mean || coding->encoding ||
				 !changes_nothing(coding->width, coding->mean, coding->scale),
		.scales_targets =
			coding->exact_target_mean || coding->target_transform ||
			!changes_nothing(coding->outputs, coding->target_mean, coding->target_sd)};
}

/* Makes the arrays of a graph, all that it points to being in `raw`, `encoder`, `values` or the
 * model. */
static hebb_status make_graph(hb_onnx_graph *graph, const hebb_model *model, const hb_raw *raw,
			      const hb_encoder *encoder, float *values, hebb_error *error)
{
	hb_pipeline pipeline = pipeline_of(model, raw, encoder);
	size_t stages = (size_t)hb_stages(&pipeline), inputs = (size_t)hb_inputs(&pipeline);

	graph->node = calloc(STAGE_NODES * stages, sizeof *graph->node);
	graph->tensor = calloc(STAGE_TENSORS * stages, sizeof *graph->tensor);
	graph->end = calloc(inputs + (size_t)hb_outputs(&pipeline), sizeof *graph->end);
	if (!graph->node || !graph->tensor || !graph->end)
		return hb_out_of_memory(error);
	add_ends(graph, &pipeline);
	graph->has_layer_norm = hb_has_layer_norm(model->net);
	graph->has_ml = hb_has_ml(&pipeline);
	hebb_status status = add_nodes(graph, &pipeline, error);
	if (!status)
		status = add_tensors(graph, &pipeline, values, error);
	if (!status && !is_finite(values, net_size(model->net)))
		status = hebb_fail(error, HEBB_BAD_ARGUMENT,
				   "model: a weight is not finite, the training diverged");
	return status;
}

/* The entries of metadata_props; the texts that are made for them are freed with free_entries(). */
typedef struct entries {
	char *made[HB_NAMES + 1];
	int count, made_count;
	hb_onnx_entry entry[HB_NAMES + 2];
} entries;

static void free_entries(entries *list)
{
	for (int i = 0; i < list->made_count; i++)
		free(list->made[i]);
}

static void add_entry(entries *list, const char *key, const char *value)
{
	list->entry[list->count++] = (hb_onnx_entry){key, value};
}

static hebb_status make_entries(entries *list, const hebb_model *model, hebb_error *error)
{
	hebb_status status = HEBB_OK;
	char **made = list->made;
	int is_full = hb_model_is_full(model);

	for (int i = 0; i < HB_NAMES && !status; i++) {
		if (!hb_has_names(model->coding, is_full, i))
			continue;
		status = hb_names_format(model->coding, is_full, i, made, error);
		list->made_count += !status;
		if (!status)
			add_entry(list, hb_names_key[i], *made++);
	}
	if (!status)
		status = hb_description_format(model, made, error);
	if (status)
		return status;
	list->made_count++;
	add_entry(list, HB_DESCRIPTION, *made);
	if (model->record)
		add_entry(list, HB_RECORD, model->record);
	return HEBB_OK;
}

/* What a file is made of. */
struct parts {
	entries list;
	hb_onnx_graph graph;
	hb_raw raw;
	hb_encoder encoder;
	float *values; /* of the layers */
};

static hebb_status make_parts(struct parts *made, const hebb_model *model, hebb_error *error)
{
	const hebb_coding *coding = model->coding;
	int is_full = hb_model_is_full(model), encodes = coding->encoding != NULL;
	hebb_status status = HEBB_OK;

	made->values = malloc((size_t)net_size(model->net) * sizeof *made->values + 1);
	if (!made->values)
		return hb_out_of_memory(error);
	if (is_full)
		status = hb_raw_make(coding, &made->raw, error);
	if (!status && encodes)
		status = hb_encoder_make(coding, is_full, &made->encoder, error);
	if (!status)
		status = make_graph(&made->graph, model, is_full ? &made->raw : NULL,
				    encodes ? &made->encoder : NULL, made->values, error);
	return status ? status : make_entries(&made->list, model, error);
}

static void clear_parts(struct parts *made)
{
	free_entries(&made->list);
	free(made->graph.end);
	free(made->graph.tensor);
	free(made->graph.node);
	hb_raw_clear(&made->raw);
	hb_encoder_clear(&made->encoder);
	free(made->values);
}

hebb_status hebb_model_format(const hebb_model *model, unsigned char **bytes, size_t *size,
			      hebb_error *error)
{
	struct parts made = {0};
	hebb_status status;

	if (!model || !bytes || !size)
		return hb_absent(model ? "where to put the bytes" : "the model", error);
	status = hb_model_check(model, error);
	if (!status)
		status = check_size(model->net, error);
	if (!status)
		status = make_parts(&made, model, error);
	if (!status)
		status = hb_onnx_format(&made.graph, made.list.count, made.list.entry, bytes, size,
					error);
	clear_parts(&made);
	return status;
}

/* ---- Telling what the graph takes ---- */

/* The array, with the names behind it; NULL without memory. */
static hebb_graph_input *list_inputs(const hb_pipeline *pipeline)
{
	size_t count = (size_t)hb_inputs(pipeline), room = count * sizeof(hebb_graph_input);

	for (size_t i = 0; i < count; i++)
		room += strlen(hb_input_end(pipeline, (int)i).name) + 1;
	hebb_graph_input *input = malloc(room);
	char *name = input ? (char *)(input + count) : NULL;
	for (size_t i = 0; i < count && input; i++) {
		hb_onnx_end end = hb_input_end(pipeline, (int)i);

		strcpy(name, end.name);
		input[i] = (hebb_graph_input){.name = name,
					      .kind = end.type == HB_ONNX_STRING ? HEBB_TEXT
										 : HEBB_NUMBER,
					      .columns = end.width,
					      .is_double = end.type == HB_ONNX_DOUBLE};
		name += strlen(name) + 1;
	}
	return input;
}

hebb_graph_input *hebb_model_graph_inputs(const hebb_model *model, int *count, hebb_error *error)
{
	hebb_graph_input *input = NULL;
	hb_raw raw = {0};
	hebb_status status;

	if (!model || !count) {
		hb_absent(model ? "where to put the count" : "the model", error);
		return NULL;
	}
	status = hb_model_check(model, error);
	if (!status && hb_model_is_full(model))
		status = hb_raw_make(model->coding, &raw, error);
	if (!status) {
		hb_pipeline pipeline =
			pipeline_of(model, hb_model_is_full(model) ? &raw : NULL, NULL);

		input = list_inputs(&pipeline);
		*count = hb_inputs(&pipeline);
		if (!input)
			hb_out_of_memory(error);
	}
	hb_raw_clear(&raw);
	return input;
}
