/* SPDX-License-Identifier: MIT */
/*
 * model.c - what writing and reading a model have in common
 */
#define _POSIX_C_SOURCE 200809L
#include "model.h"
#include "description.h"
#include "../io.h"
#include "../json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

hb_onnx_name hb_numbered_name(const char *letter, int layer)
{
	hb_onnx_name name;
	snprintf(name.text, sizeof name.text, "%s%d", letter, layer);
	return name;
}

hb_onnx_node *hb_add_node(hb_onnx_node *node, int *nodes, const char *op, hb_onnx_name output,
			  const char *a, const char *b, const char *c)
{
	hb_onnx_node *made = &node[(*nodes)++];
	const char *const input[] = {a, b, c};

	*made = (hb_onnx_node){.op = op};
	for (int i = 0; i < 3; i++)
		snprintf(made->input[i], HB_ONNX_NAME, "%s", input[i]);
	snprintf(made->output, HB_ONNX_NAME, "%s", output.text);
	return made;
}

void hb_add_known(hb_onnx_tensor *tensor, int *tensors, hb_onnx_name name, hb_onnx_type type,
		  int size, const void *values)
{
	hb_onnx_tensor *made = &tensor[(*tensors)++];

	*made = (hb_onnx_tensor){
		.rank = size > 0, .dims = {size}, .type = type, .values = values, .is_known = 1};
	snprintf(made->name, HB_ONNX_NAME, "%s", name.text);
}

const struct hb_activation_constant hb_activation_constants[] = {{HEBB_GELU, "sqrt2", 1.41421356F},
								 {HEBB_GELU, "one", 1},
								 {HEBB_GELU, "half", 0.5F},
								 {HEBB_HARD_TANH, "low", -1},
								 {HEBB_HARD_TANH, "high", 1}};

int hb_has_activation(const hebb_net *net, hebb_activation activation)
{
	for (int l = 0; l < hebb_net_layers(net); l++)
		if (hebb_net_layer(net, l)->activation == activation)
			return 1;
	return 0;
}

const char *const *hb_tensor_names(hebb_kind kind)
{
	static const char *const dense[] = {"W", "b", NULL, NULL}, *const none[4] = {NULL};
	static const char *const norm[] = {"gamma", "beta", NULL, NULL};
	static const char *const batch[] = {"gamma", "beta", "mean", "variance"};

	return kind == HEBB_DENSE        ? dense
	       : kind == HEBB_BATCH_NORM ? batch
	       : kind == HEBB_LAYER_NORM ? norm
					 : none;
}

long long hb_layer_size(const hebb_layer *layer, int inputs)
{
	long long size = 0;

	for (int i = 0; i < LAYER_TENSORS && hb_tensor_names(layer->kind)[i]; i++)
		size += layer->kind == HEBB_DENSE && i == 0 ? (long long)layer->units * inputs
							    : layer->units;
	return size;
}

/* 1 if a row of training lacked the value of an input. */
static int has_gaps(const hebb_coding *coding)
{
	long long gaps = coding->indicator_count;

	for (int i = 0; i < coding->input_count && coding->missing != HEBB_MISSING_DROP; i++)
		gaps += coding->seen ? coding->seen[i].missing : coding->inputs[i].missing;
	return gaps > 0;
}

int hb_model_is_full(const hebb_model *model)
{
	const hebb_coding *coding = model->coding;

	if (model->graph == HEBB_GRAPH_NUMERIC || model->graph == HEBB_GRAPH_FULL)
		return model->graph == HEBB_GRAPH_FULL;
	for (int i = 0; i < coding->input_count; i++)
		if (coding->inputs[i].kind == HEBB_TEXT)
			return 1;
	return has_gaps(coding);
}

hebb_status hb_record_check(const void *text, size_t size)
{
	hb_json json;
	hebb_status status = hb_json_check(text, size, &json);

	return status ? status : hb_json_kind(json) == '{' ? HEBB_OK : HEBB_BAD_FORMAT;
}

static hebb_status check_record(const char *record, hebb_error *error)
{
	hebb_status status = record ? hb_record_check(record, strlen(record)) : HEBB_OK;

	if (status == HEBB_NO_MEMORY)
		return hb_out_of_memory(error);
	return status ? hebb_fail(error, HEBB_BAD_ARGUMENT,
				  "model: the training record is not a JSON object")
		      : HEBB_OK;
}

hebb_status hb_model_loss_check(const hebb_net *net, hebb_loss loss, hebb_status bad,
				const char *name, hebb_error *error)
{
	hebb_activation output = hebb_net_layer(net, hebb_net_layers(net) - 1)->activation;

	if (hebb_loss_fits(loss, output))
		return HEBB_OK;
	return hebb_fail(error, bad, "%s: the loss %s is not defined for outputs of %s", name,
			 hebb_loss_name(loss), hebb_activation_name(output));
}

hebb_status hb_model_check(const hebb_model *model, hebb_error *error)
{
	hebb_status status;

	if (model->loss == HEBB_LOSS_CUSTOM)
		return hebb_fail(
			error, HEBB_UNSUPPORTED,
			"model: a file cannot hold a loss of the program's own, because no "
			"program that reads it has the function; set the model's loss to the "
			"nearest one of Hebb's");
	if (!model->net || !model->coding || !hebb_loss_name(model->loss))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "model: its network, coding or loss is missing");
	if (model->graph && !hebb_graph_name(model->graph))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "model: its graph is none of auto, numeric and full");
	status = check_record(model->record, error);
	if (!status)
		status = hb_coding_check(model->coding, hebb_net_inputs(model->net),
					 hebb_net_outputs(model->net), HEBB_BAD_ARGUMENT, "model",
					 error);
	if (!status)
		status = hb_edges_check(model->coding, HEBB_BAD_ARGUMENT, "model", error);
	if (!status)
		status = hb_columns_check(model->coding, HEBB_BAD_ARGUMENT, "model", error);
	return status ? status
		      : hb_model_loss_check(model->net, model->loss, HEBB_BAD_ARGUMENT, "model",
					    error);
}

/* ---- Making and freeing ---- */

hebb_model *hebb_model_new(const hebb_net *net, const hebb_coding *coding, hebb_loss loss,
			   const char *record, hebb_error *error)
{
	const hebb_model given = {
		.net = (void *)(uintptr_t)net, .coding = (void *)(uintptr_t)coding, .loss = loss};
	hebb_model *model;

	if (hb_model_check(&given, error))
		return NULL;
	model = calloc(1, sizeof *model);
	if (!model) {
		hb_out_of_memory(error);
		return NULL;
	}
	model->loss = loss;
	model->graph = HEBB_GRAPH_AUTO;
	model->net = hebb_net_copy(net, NULL, error);
	if (model->net)
		model->coding = hebb_coding_copy(coding, error);
	if (model->coding && !hebb_model_set_record(model, record, error))
		return model;
	hebb_model_free(model);
	return NULL;
}

hebb_status hebb_model_set_record(hebb_model *model, const char *record, hebb_error *error)
{
	hebb_status status = model ? check_record(record, error) : hb_absent("the model", error);
	char *copy = NULL;

	if (status)
		return status;
	if (record && !(copy = strdup(record)))
		return hb_out_of_memory(error);
	free(model->record);
	model->record = copy;
	return HEBB_OK;
}

void hebb_model_free(hebb_model *model)
{
	if (!model)
		return;
	hebb_net_free(model->net);
	hebb_coding_free(model->coding);
	free(model->record);
	hebb_conformal_free(model->conformal);
	free(model);
}

/* ---- Files ---- */

hebb_status hebb_model_write(const hebb_model *model, const char *path, hebb_error *error)
{
	unsigned char *bytes;
	size_t size;
	hebb_status status = hebb_model_format(model, &bytes, &size, error);
	if (status)
		return status;
	status = hebb_file_write(path, bytes, size, error);
	free(bytes);
	return status;
}

hebb_model *hebb_model_read(const char *path, hebb_error *error)
{
	unsigned char *bytes;
	size_t size;
	if (hb_file_read_if(hebb_model_probe, path, &bytes, &size, error))
		return NULL;
	hebb_model *model = hebb_model_parse(bytes, size, path, error);
	free(bytes);
	return model;
}

int hebb_model_probe(const void *bytes, size_t size)
{
	return hb_onnx_probe(bytes, size);
}

int hebb_model_is_ours(const void *bytes, size_t size)
{
	hb_span producer = hb_onnx_producer(bytes, size);

	return hb_onnx_probe(bytes, size) && producer.size == 4 &&
	       memcmp(producer.at, "hebb", 4) == 0;
}
