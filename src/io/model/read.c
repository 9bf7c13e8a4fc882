/* SPDX-License-Identifier: MIT */
/*
 * read.c - a network with its coding from an ONNX file (model.h)
 *
 * A file is read only if it has hebb's seal (onnx.h). The seal does not prove that the file is
 * right. The graph, which other programs run, and the names must be those that hebb writes for the
 * description. Every size is compared with the description before memory is allocated for it, and
 * the JSON is read in place. So reading takes at most 4 times the file and 1 MB, except for
 * networks of little else than layers of a few units, which are padded to 16.
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

static hebb_status foreign(const hb_onnx *onnx, hebb_error *error)
{
	char producer[64], version[32];
	hebb_show((const char *)onnx->producer.at, onnx->producer.size, producer, sizeof producer);
	hebb_show((const char *)onnx->version.at, onnx->version.size, version, sizeof version);
	return hebb_fail(error, HEBB_UNSUPPORTED,
			 "%s: was written by %s%s%s, and reading the ONNX files of other programs "
			 "is not supported yet",
			 onnx->name, producer[0] ? producer : "another program",
			 version[0] ? " " : "", version);
}

/* The training record, if there is one. */
static hebb_status find_record(const hb_onnx *onnx, hb_span *record, hebb_error *error)
{
	hebb_status status = hb_onnx_find(onnx, HB_RECORD, record, error);

	if (status || !record->at)
		return status;
	status = hb_record_check(record->at, record->size);
	return status == HEBB_NO_MEMORY ? hb_out_of_memory(error)
	       : status ? hebb_fail(error, status, "%s: its training record is not a JSON object",
				    onnx->name)
			: HEBB_OK;
}

/* Finds the description, none if it is no JSON: the file is hebb's, of a format known here, and
 * unchanged. */
static hebb_status check_origin(const hb_onnx *onnx, hb_json *description, hebb_error *error)
{
	char producer[8], version[32];
	hb_span text;
	hebb_status status = hb_onnx_find(onnx, HB_DESCRIPTION, &text, error);

	hebb_show((const char *)onnx->producer.at, onnx->producer.size, producer, sizeof producer);
	if (status)
		return status;
	if (strcmp(producer, "hebb") != 0)
		return foreign(onnx, error);
	if (!text.at)
		return hebb_fail(error, HEBB_BAD_FORMAT,
				 "%s: is truncated or was altered after hebb wrote it: its "
				 "description (the entry \"" HB_DESCRIPTION "\") is missing",
				 onnx->name);
	if (hb_json_check(text.at, text.size, description) == HEBB_NO_MEMORY)
		return hb_out_of_memory(error);
	int format = hb_description_version(*description);
	hebb_show((const char *)onnx->version.at, onnx->version.size, version, sizeof version);
	if (format > HB_FORMAT)
		return hebb_fail(
			error, HEBB_UNSUPPORTED,
			"%s: was written by hebb %s in format %d; this is hebb " HEBB_VERSION
			", which reads formats up to %d",
			onnx->name, version, format, HB_FORMAT);
	return hb_onnx_check_seal(onnx, error);
}

/* Copies the constants of a layer, one behind the other, into the network. */
static hebb_status set_layer(hebb_net *net, int l, const float *values, hebb_error *error)
{
	const hebb_parameter *is;
	hebb_status status = HEBB_OK;

	for (int i = 0; !status && (is = hebb_net_parameter(net, l, i)); i++, values += is->count)
		status = hebb_net_set_parameter(net, l, i, values, error);
	return status;
}

/* Compares the constants of a stage and copies those that are not known: a layer's, one behind the
 * other, to `scratch`, a coding's to where they belong. */
static hebb_status take_tensors(hb_onnx_walk *walk, const hb_pipeline *pipeline, int stage,
				float *scratch)
{
	hb_onnx_tensor tensor[STAGE_TENSORS];
	int count = hb_stage_tensors(pipeline, stage, tensor);
	hebb_status status = HEBB_OK;

	for (int i = 0; i < count && !status; i++) {
		int is_of_layer = !tensor[i].values;
		void *to = is_of_layer ? scratch : (void *)(uintptr_t)tensor[i].values;

		status = hb_onnx_take_tensor(walk, &tensor[i], to);
		scratch += is_of_layer ? hb_onnx_tensor_count(&tensor[i]) : 0;
	}
	return status;
}

static hebb_status take_nodes(hb_onnx_walk *walk, const hb_pipeline *pipeline)
{
	hb_onnx_node node[STAGE_NODES];
	hb_onnx_name value = {""};
	hebb_status status = HEBB_OK;

	for (int stage = 0; stage < hb_stages(pipeline) && !status; stage++) {
		int count = hb_stage_nodes(pipeline, stage, &value, node);
		for (int i = 0; i < count && !status; i++)
			status = hb_onnx_take_node(walk, &node[i]);
	}
	return status;
}

static hebb_status take_ends(hb_onnx_walk *walk, const hb_pipeline *pipeline)
{
	hebb_status status = HEBB_OK;

	for (int i = 0; i < hb_inputs(pipeline) && !status; i++)
		status = hb_onnx_take_input(walk, hb_input_end(pipeline, i));
	for (int i = 0; i < hb_outputs(pipeline) && !status; i++)
		status = hb_onnx_take_output(walk, hb_output_end(pipeline, i));
	return status ? status : hb_onnx_finish(walk);
}

/* Fills in the network and the coding; `scratch` has room for the constants of the largest layer.
 */
static hebb_status take_constants(hb_onnx_walk *walk, const hb_pipeline *pipeline, hebb_net *net,
				  float *scratch)
{
	hebb_status status = HEBB_OK;
	hebb_error why;

	for (int stage = 0; stage < hb_stages(pipeline) && !status; stage++) {
		int layer = hb_stage_layer(pipeline, stage);

		status = take_tensors(walk, pipeline, stage, scratch);
		if (!status && layer >= 0 && set_layer(net, layer, scratch, &why))
			status = hebb_fail(walk->error, HEBB_BAD_FORMAT, "%s: %s", walk->onnx->name,
					   why.message);
	}
	return status;
}

/* The float32 numbers that go with doubles; 0 if one is beyond their range. */
static int round_means(hebb_coding *coding)
{
	int all_finite = 1;

	for (int i = 0; i < coding->width && coding->exact_mean; i++) {
		coding->mean[i] = (float)coding->exact_mean[i];
		all_finite &= isfinite(coding->mean[i]) != 0;
	}
	for (int i = 0; i < coding->outputs && coding->exact_target_mean; i++) {
		coding->target_mean[i] = (float)coding->exact_target_mean[i];
		all_finite &= isfinite(coding->target_mean[i]) != 0;
	}
	return all_finite;
}

/* Walks through the graph: it must be the one that hebb writes for the description.  Fills in the
 * network and the numbers of the coding. */
static hebb_status walk_through(const hb_onnx *onnx, const hb_pipeline *pipeline, hebb_model *model,
				float *scratch, hebb_error *error)
{
	hb_onnx_walk walk = hb_onnx_begin(onnx, error);
	hebb_status status = take_nodes(&walk, pipeline);

	if (!status)
		status = hb_onnx_take_name(&walk);
	if (!status)
		status = take_constants(&walk, pipeline, model->net, scratch);
	if (!status)
		status = take_ends(&walk, pipeline);
	if (!status)
		status = hb_onnx_check_file(onnx, hb_has_layer_norm(model->net),
					    hb_has_ml(pipeline), error);
	if (!status && !round_means(model->coding))
		status = hebb_fail(error, HEBB_BAD_FORMAT,
				   "%s: a mean is beyond the range of float32", onnx->name);
	if (!status)
		status = hb_edges_check(model->coding, HEBB_BAD_FORMAT, onnx->name, error);
	return status ? status
		      : hb_coding_check(model->coding, hebb_net_inputs(model->net),
					hebb_net_outputs(model->net), HEBB_BAD_FORMAT, onnx->name,
					error);
}

static hebb_status read_graph(const hb_onnx *onnx, hebb_model *model, float *scratch,
			      hebb_error *error)
{
	const hebb_coding *coding = model->coding;
	int is_full = model->graph == HEBB_GRAPH_FULL;
	hb_raw raw = {0};
	hb_encoder encoder = {0};
	hb_pipeline pipeline = {.net = model->net,
				.coding = coding,
				.raw = is_full ? &raw : NULL,
				.encoder = coding->encoding ? &encoder : NULL,
				.scales_inputs = coding->exact_mean || coding->encoding ||
						 hb_onnx_has_tensor(onnx, "mean"),
				.scales_targets = coding->exact_target_mean ||
						  coding->target_transform ||
						  hb_onnx_has_tensor(onnx, "target_sd")};
	hebb_status status = is_full ? hb_raw_make(coding, &raw, error) : HEBB_OK;

	if (!status && coding->encoding)
		status = hb_encoder_make(coding, is_full, &encoder, error);
	if (!status)
		status = walk_through(onnx, &pipeline, model, scratch, error);
	hb_raw_clear(&raw);
	hb_encoder_clear(&encoder);
	return status;
}

/* An entry of names, which other programs read, is that of the description. */
static hebb_status check_entry(const hb_onnx *onnx, const hb_description *description, int which,
			       hebb_error *error)
{
	const hebb_coding *coding = description->coding;
	int is_full = description->graph == HEBB_GRAPH_FULL, no_memory = 0, same;
	hb_span text;
	hebb_status status = hb_onnx_find(onnx, hb_names_key[which], &text, error);

	if (status)
		return status;
	if (hb_has_names(coding, is_full, which))
		same = text.at &&
		       hb_names_are(coding, is_full, which, text.at, text.size, &no_memory);
	else
		same = !text.at; /* such as "classes" of numbers */
	if (no_memory)
		return hb_out_of_memory(error);
	if (same)
		return HEBB_OK;
	return hebb_fail(
		error, HEBB_BAD_FORMAT,
		"%s: was altered after hebb wrote it: its entry \"%s\", which other "
		"programs read, and its description differ: take the file as hebb wrote it",
		onnx->name, hb_names_key[which]);
}

static hebb_status check_names(const hb_onnx *onnx, const hb_description *description,
			       hebb_error *error)
{
	hebb_status status = HEBB_OK;

	for (int i = 0; i < HB_NAMES && !status; i++)
		status = check_entry(onnx, description, i, error);
	return status;
}

/* Adds up a network before it is made: does the file hold as much?  *largest: the constants of the
 * largest layer. */
static hebb_status measure(const hb_onnx *onnx, const hb_description *description, size_t *largest,
			   hebb_error *error)
{
	unsigned long long room = onnx->graph.size / sizeof(float), all = 0;
	int inputs = description->coding->width;

	*largest = 1;
	for (int l = 0; l < description->layers; l++) {
		hebb_layer layer = description->layer[l];
		layer.units = layer.units ? layer.units : inputs;
		unsigned long long count = (unsigned long long)hb_layer_size(&layer, inputs);
		all += count;
		if (all > room)
			return hebb_fail(error, HEBB_BAD_FORMAT,
					 "%s: is too small for the network that it describes",
					 onnx->name);
		*largest = count > *largest ? (size_t)count : *largest;
		inputs = layer.units;
	}
	return HEBB_OK;
}

/* Makes a model of a file that has passed check_origin(); `model` takes over the description's
 * coding. */
static hebb_status read_model(const hb_onnx *onnx, hb_description *description, hebb_model *model,
			      hebb_error *error)
{
	hebb_error why;
	size_t largest;
	hebb_status status = check_names(onnx, description, error);
	if (!status)
		status = measure(onnx, description, &largest, error);
	if (status)
		return status;
	model->loss = description->loss;
	model->graph = description->graph;
	model->net = hebb_net_blank(description->coding->width, description->layers,
				    description->layer, NULL, &why);
	if (!model->net)
		return hebb_fail(error,
				 why.status == HEBB_BAD_ARGUMENT ? HEBB_BAD_FORMAT : why.status,
				 "%s: %s", onnx->name, why.message);
	model->coding = description->coding;
	description->coding = NULL;
	model->conformal = description->conformal;
	description->conformal = NULL;
	status = hb_model_loss_check(model->net, model->loss, HEBB_BAD_FORMAT, onnx->name, error);
	if (status)
		return status;
	float *scratch = malloc(largest * sizeof *scratch);
	if (!scratch)
		return hb_out_of_memory(error);
	status = read_graph(onnx, model, scratch, error);
	free(scratch);
	return status;
}

/* A copy with a NUL behind it. */
static hebb_status copy_record(hb_span from, char **record, hebb_error *error)
{
	*record = malloc(from.size + 1);
	if (!*record)
		return hb_out_of_memory(error);
	memcpy(*record, from.at, from.size);
	(*record)[from.size] = 0;
	return HEBB_OK;
}

hebb_model *hebb_model_parse(const void *bytes, size_t size, const char *name, hebb_error *error)
{
	hb_onnx onnx;
	hb_span record;
	hb_json json;
	hb_description description = {0};
	hebb_status status;

	if (!name || (!bytes && size)) {
		hb_absent(name ? "the bytes of the model" : "the name of the model", error);
		return NULL;
	}
	status = hb_onnx_open(&onnx, bytes, size, name, error);
	if (!status)
		status = check_origin(&onnx, &json, error);
	if (!status)
		status = find_record(&onnx, &record, error);
	if (!status)
		status = hb_description_parse(json, onnx.graph.size, name, &description, error);
	if (status)
		return NULL;
	hebb_model *model = calloc(1, sizeof *model);
	if (!model)
		status = hb_out_of_memory(error);
	else
		status = read_model(&onnx, &description, model, error);
	hb_description_clear(&description);
	if (!status && record.at)
		status = copy_record(record, &model->record, error);
	if (!status)
		return model;
	hebb_model_free(model);
	return NULL;
}
