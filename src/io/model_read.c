/* SPDX-License-Identifier: MIT */
/*
 * model_read.c - a network with its coding from an ONNX file (model.h)
 *
 * A file is read only if it has hebb's seal (onnx.h).  That does not make it true: every size is
 * compared with the description all the same, before memory is asked for it, and the JSON is read
 * where it stands: reading takes no more than 4 times the file and 1 MB, but for networks of hardly
 * anything else than layers of a few units, which are padded to 16.
 */
#include "description.h"
#include "io.h"
#include "model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static hebb_status foreign(const hb_onnx *onnx, hebb_error *error)
{
	char producer[64], version[32];
	hb_span_text(onnx->producer, producer, sizeof producer);
	hb_span_text(onnx->version, version, sizeof version);
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

	hb_span_text(onnx->producer, producer, sizeof producer);
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
	hb_span_text(onnx->version, version, sizeof version);
	if (format > HB_FORMAT)
		return hebb_fail(
			error, HEBB_UNSUPPORTED,
			"%s: was written by hebb %s in format %d; this is hebb " HEBB_VERSION
			", which reads format %d",
			onnx->name, version, format, HB_FORMAT);
	return hb_onnx_check_seal(onnx, error);
}

/* What reading the constants of a graph needs to know. */
typedef struct constants {
	const hb_onnx *onnx;
	long long used;
	hebb_error *error;
} constants;

/* Copies a constant to `values` if it is there; `needed`: it must be. */
static hebb_status take(constants *from, const char *name, int rows, int columns, float *values,
			int needed, int *found)
{
	hb_onnx_tensor want = {.rank = (rows > 0) + (columns > 0), .dims = {rows, columns}};
	hebb_status status;

	snprintf(want.name, sizeof want.name, "%s", name);
	status = hb_onnx_values(from->onnx, &want, values, found, from->error);
	if (!status && needed && !*found)
		status = hebb_fail(from->error, HEBB_BAD_FORMAT, "%s: tensor \"%s\" is missing",
				   from->onnx->name, name);
	from->used += *found;
	return status;
}

/* Two vectors that are both there or both not. */
static hebb_status take_pair(constants *from, const char *first_name, float *first,
			     const char *second_name, float *second, int count)
{
	int found;
	hebb_status status = take(from, first_name, count, 0, first, 0, &found);
	if (!status && found)
		status = take(from, second_name, count, 0, second, 1, &found);
	return status;
}

/* Copies the constants of a layer, one behind the other, into the network. */
static hebb_status set_layer(hebb_net *net, int l, const float *values, hebb_error *error)
{
	const hebb_layer *layer = hebb_net_layer(net, l);
	const float *b = values + hb_tensor_size(layer, hb_layer_inputs(net, l), 0);
	hebb_status status = hebb_net_set(net, l, values, b, error);
	if (status || layer->kind != HEBB_BATCH_NORM)
		return status;
	return hebb_net_set_statistics(net, l, b + layer->units, b + 2L * layer->units, error);
}

static hebb_status take_layers(constants *from, hebb_net *net, float *values)
{
	hebb_status status = HEBB_OK;

	for (int l = 0; l < hebb_net_layers(net) && !status; l++) {
		const hebb_layer *layer = hebb_net_layer(net, l);
		int inputs = hb_layer_inputs(net, l), found;
		float *to = values;
		for (int i = 0; i < LAYER_TENSORS && hb_tensor_names(layer->kind)[i] && !status;
		     i++) {
			int is_matrix = layer->kind == HEBB_DENSE && i == 0;
			status = take(from,
				      hb_numbered_name(hb_tensor_names(layer->kind)[i], l + 1).text,
				      layer->units, is_matrix ? inputs : 0, to, 1, &found);
			to += hb_tensor_size(layer, inputs, i);
		}
		hebb_error why;
		if (!status && set_layer(net, l, values, &why))
			status = hebb_fail(from->error, HEBB_BAD_FORMAT, "%s: %s", from->onnx->name,
					   why.message);
	}
	return status;
}

static hebb_status take_activations(constants *from, const hebb_net *net)
{
	hebb_status status = HEBB_OK;
	float value;
	int found;

	for (int i = 0; i < HB_ACTIVATION_CONSTANTS && !status; i++)
		if (hb_has_activation(net, hb_activation_constants[i].activation))
			status = take(from, hb_activation_constants[i].name, 0, 0, &value, 1,
				      &found);
	return status;
}

/* Fills in a network and the numbers of its coding; `scratch` has room for the constants of the
 * largest layer. */
static hebb_status read_constants(const hb_onnx *onnx, hebb_model *model, float *scratch,
				  hebb_error *error)
{
	constants from = {onnx, 0, error};
	long long tensors;
	hebb_coding *coding = model->coding;
	hebb_status status =
		take_pair(&from, "mean", coding->mean, "scale", coding->scale, coding->width);
	if (!status)
		status = take_layers(&from, model->net, scratch);
	if (!status)
		status = take_activations(&from, model->net);
	if (!status)
		status = take_pair(&from, "target_sd", coding->target_sd, "target_mean",
				   coding->target_mean, coding->outputs);
	hb_onnx_count(onnx, &tensors);
	if (!status && from.used != tensors)
		status =
			hebb_fail(error, HEBB_BAD_FORMAT,
				  "%s: has tensors that its description does not know", onnx->name);
	return status;
}

/* Adds up a network before it is made: does the file hold as much?  And has its graph no more parts
 * than such a network needs, as finding one takes time?  *largest: the constants of the largest
 * layer. */
static hebb_status measure(const hb_onnx *onnx, const hb_description *description, size_t *largest,
			   hebb_error *error)
{
	unsigned long long room = onnx->graph.size / sizeof(float), all = 0;
	long long parts, tensors;
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
	parts = hb_onnx_count(onnx, &tensors);
	if (parts < 0 || parts > (LAYER_NODES + LAYER_TENSORS) * description->layers + OTHER_PARTS)
		return hebb_fail(error, HEBB_BAD_FORMAT,
				 "%s: has another graph than the network that it describes",
				 onnx->name);
	return HEBB_OK;
}

/* Makes a model of a file that has passed check_origin(); `model` takes over the description's
 * coding. */
static hebb_status read_model(const hb_onnx *onnx, hb_description *description, hebb_model *model,
			      hebb_error *error)
{
	hebb_error why;
	size_t largest;
	hebb_status status = measure(onnx, description, &largest, error);
	if (status)
		return status;
	model->loss = description->loss;
	model->net = hebb_net_blank(description->coding->width, description->layers,
				    description->layer, NULL, &why);
	if (!model->net)
		return hebb_fail(error,
				 why.status == HEBB_BAD_ARGUMENT ? HEBB_BAD_FORMAT : why.status,
				 "%s: %s", onnx->name, why.message);
	model->coding = description->coding;
	description->coding = NULL;
	float *scratch = malloc(largest * sizeof *scratch);
	if (!scratch)
		return hb_out_of_memory(error);
	status = read_constants(onnx, model, scratch, error);
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
		status = hb_description_parse(json, name, &description, error);
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
