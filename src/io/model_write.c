/* SPDX-License-Identifier: MIT */
/*
 * model_write.c - a network with its coding as an ONNX file (model.h)
 */
#include "description.h"
#include "io.h"
#include "model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 1 if there is nothing to subtract or to multiply by.  -0 counts as something, so that it is
 * kept. */
static int changes_nothing(int count, const float *mean, const float *scale)
{
	for (int i = 0; i < count; i++)
		if (mean[i] != 0 || signbit(mean[i]) || scale[i] != 1)
			return 0;
	return 1;
}

/* ---- The graph of a network ---- */

/* Appends an operator on the output of the one before (the first: on the graph's input) and, unless
 * they are "", on b and c. */
static hb_onnx_node *add_next(hb_onnx_graph *graph, const char *op, const char *output,
			      const char *b, const char *c)
{
	const char *a = graph->nodes ? graph->node[graph->nodes - 1].output : graph->input;
	hb_onnx_node *node = &graph->node[graph->nodes++];
	*node = (hb_onnx_node){.op = op};
	snprintf(node->input[0], HB_ONNX_NAME, "%s", a);
	snprintf(node->input[1], HB_ONNX_NAME, "%s", b);
	snprintf(node->input[2], HB_ONNX_NAME, "%s", c);
	snprintf(node->output, HB_ONNX_NAME, "%s", output);
	return node;
}

/* Appends a constant; columns = 0: a vector, and rows = 0: a scalar. */
static void add_tensor(hb_onnx_graph *graph, const char *name, int rows, int columns,
		       const float *values)
{
	hb_onnx_tensor *tensor = &graph->tensor[graph->tensors++];
	*tensor = (hb_onnx_tensor){.rank = (rows > 0) + (columns > 0), .dims = {rows, columns}};
	tensor->values = values;
	snprintf(tensor->name, HB_ONNX_NAME, "%s", name);
}

/* h = 1/2 z (1 + erf(z / sqrt 2)) step by step, as opset 13 has no operator for it. */
static void add_gelu(hb_onnx_graph *graph, int layer)
{
	add_next(graph, "Div", hb_numbered_name("u", layer).text, "sqrt2", "");
	add_next(graph, "Erf", hb_numbered_name("e", layer).text, "", "");
	add_next(graph, "Add", hb_numbered_name("s", layer).text, "one", "");
	add_next(graph, "Mul", hb_numbered_name("p", layer).text, hb_numbered_name("z", layer).text,
		 "");
	add_next(graph, "Mul", hb_numbered_name("h", layer).text, "half", "");
}

/* h = z sigmoid(z) */
static void add_silu(hb_onnx_graph *graph, int layer)
{
	add_next(graph, "Sigmoid", hb_numbered_name("s", layer).text, "", "");
	add_next(graph, "Mul", hb_numbered_name("h", layer).text, hb_numbered_name("z", layer).text,
		 "");
}

/* The operator of an activation that is one operator, else NULL. */
static const char *operator_of(hebb_activation activation)
{
	static const char *const op[] = {[HEBB_SIGMOID] = "Sigmoid",
					 [HEBB_TANH] = "Tanh",
					 [HEBB_RELU] = "Relu",
					 [HEBB_LEAKY_RELU] = "LeakyRelu",
					 [HEBB_SOFTMAX] = "Softmax",
					 [HEBB_ELU] = "Elu",
					 [HEBB_SELU] = "Selu",
					 [HEBB_SOFTPLUS] = "Softplus",
					 [HEBB_HARD_SIGMOID] = "HardSigmoid",
					 [HEBB_HARD_TANH] = "Clip",
					 [HEBB_EXP] = "Exp"};
	int known = activation >= 0 && activation < (int)(sizeof op / sizeof op[0]);
	return known ? op[activation] : NULL;
}

/* Floats of all layers. */
static long long net_size(const hebb_net *net)
{
	long long size = 0;
	for (int l = 0; l < hebb_net_layers(net); l++)
		size += hb_layer_size(hebb_net_layer(net, l), hb_layer_inputs(net, l));
	return size;
}

/* z = W h + b or what another kind has for it, h being the value before; `other`: the value that a
 * shortcut adds. */
static void add_operator(hb_onnx_graph *graph, int layer, const hebb_layer *is, const char *other)
{
	static const char *const op[] = {[HEBB_DENSE] = "Gemm",
					 [HEBB_BATCH_NORM] = "BatchNormalization",
					 [HEBB_LAYER_NORM] = "LayerNormalization",
					 [HEBB_ADD] = "Add"};
	const char *letter = is->activation == HEBB_LINEAR ? "h" : "z";
	hb_onnx_node *node =
		add_next(graph, op[is->kind], hb_numbered_name(letter, layer).text, other, "");

	for (int i = 0; i < LAYER_TENSORS && hb_tensor_names(is->kind)[i]; i++)
		snprintf(node->input[i + 1], HB_ONNX_NAME, "%s",
			 hb_numbered_name(hb_tensor_names(is->kind)[i], layer).text);
	if (is->kind == HEBB_DENSE) {
		node->attribute = "transB";
		node->i = 1;
	}
	graph->has_layer_norm |= is->kind == HEBB_LAYER_NORM;
}

/* h = f(z), z being the value before.  0 if the activation has no operators. */
static int add_activation(hb_onnx_graph *graph, int layer, hebb_activation activation)
{
	int clips = activation == HEBB_HARD_TANH;
	hb_onnx_node *node;

	if (activation == HEBB_LINEAR)
		return 1;
	if (activation == HEBB_GELU) {
		add_gelu(graph, layer);
		return 1;
	}
	if (activation == HEBB_SILU) {
		add_silu(graph, layer);
		return 1;
	}
	if (!operator_of(activation))
		return 0;
	node = add_next(graph, operator_of(activation), hb_numbered_name("h", layer).text,
			clips ? "low" : "", clips ? "high" : "");
	if (activation == HEBB_LEAKY_RELU || activation == HEBB_HARD_SIGMOID) {
		node->attribute = "alpha"; /* HardSigmoid's beta is 0.5 where none is given */
		node->is_float = 1;
		node->f = activation == HEBB_LEAKY_RELU ? 0.01F : 1 / 6.0F;
	} else if (activation == HEBB_SOFTMAX) {
		node->attribute = "axis";
		node->i = 1;
	}
	return 1;
}

/* The value that is h of layer `l`, from 0 on; -1: `first`, what comes into the network. */
static hb_numbered value_of(const hebb_net *net, int l, hb_numbered first)
{
	while (l >= 0 && hebb_net_layer(net, l)->kind == HEBB_DROPOUT)
		l--;
	return l < 0 ? first : hb_numbered_name("h", l + 1);
}

static hebb_status add_nodes(hb_onnx_graph *graph, const hebb_model *model, hebb_error *error)
{
	const hebb_coding *coding = model->coding;
	const hebb_net *net = model->net;
	hb_numbered first;

	if (!changes_nothing(coding->width, coding->mean, coding->scale)) {
		add_next(graph, "Sub", "centered", "mean", "");
		add_next(graph, "Mul", "x", "scale", "");
	}
	snprintf(first.text, sizeof first.text, "%s",
		 graph->nodes ? graph->node[graph->nodes - 1].output : graph->input);
	for (int l = 0; l < hebb_net_layers(net); l++) {
		const hebb_layer *is = hebb_net_layer(net, l);
		if (is->kind == HEBB_DROPOUT)
			continue;
		add_operator(graph, l + 1, is,
			     is->kind == HEBB_ADD ? value_of(net, is->from, first).text : "");
		if (!add_activation(graph, l + 1, is->activation))
			return hebb_fail(error, HEBB_UNSUPPORTED,
					 "layer %d: ONNX has no operator for its activation%s%.40s",
					 l + 1, is->function ? ", the program's own " : "",
					 is->function ? is->function->name : "");
	}
	if (!changes_nothing(coding->outputs, coding->target_mean, coding->target_sd)) {
		add_next(graph, "Mul", "scaled", "target_sd", "");
		add_next(graph, "Add", "y", "target_mean", "");
	}
	snprintf(graph->node[graph->nodes - 1].output, HB_ONNX_NAME, "%s", graph->output);
	return HEBB_OK;
}

/* Copies the constants of a layer, one behind the other, out of the network. */
static hebb_status get_layer(const hebb_net *net, int l, float *values, hebb_error *error)
{
	const hebb_layer *layer = hebb_net_layer(net, l);
	float *b = values + hb_tensor_size(layer, hb_layer_inputs(net, l), 0);
	hebb_status status = hebb_net_get(net, l, values, b, error);
	if (status || layer->kind != HEBB_BATCH_NORM)
		return status;
	return hebb_net_get_statistics(net, l, b + layer->units, b + 2L * layer->units, error);
}

/* Lists the constants; those of the layers are copied to `values`, in the canonical order. */
static hebb_status add_tensors(hb_onnx_graph *graph, const hebb_model *model, float *values,
			       hebb_error *error)
{
	const hebb_coding *coding = model->coding;

	if (!changes_nothing(coding->width, coding->mean, coding->scale)) {
		add_tensor(graph, "mean", coding->width, 0, coding->mean);
		add_tensor(graph, "scale", coding->width, 0, coding->scale);
	}
	for (int l = 0; l < hebb_net_layers(model->net); l++) {
		const hebb_layer *layer = hebb_net_layer(model->net, l);
		int inputs = hb_layer_inputs(model->net, l);
		hebb_status status = get_layer(model->net, l, values, error);
		if (status)
			return status;
		for (int i = 0; i < LAYER_TENSORS && hb_tensor_names(layer->kind)[i]; i++) {
			int is_matrix = layer->kind == HEBB_DENSE && i == 0;
			add_tensor(graph,
				   hb_numbered_name(hb_tensor_names(layer->kind)[i], l + 1).text,
				   layer->units, is_matrix ? inputs : 0, values);
			values += hb_tensor_size(layer, inputs, i);
		}
	}
	for (int i = 0; i < HB_ACTIVATION_CONSTANTS; i++)
		if (hb_has_activation(model->net, hb_activation_constants[i].activation))
			add_tensor(graph, hb_activation_constants[i].name, 0, 0,
				   &hb_activation_constants[i].value);
	if (!changes_nothing(coding->outputs, coding->target_mean, coding->target_sd)) {
		add_tensor(graph, "target_sd", coding->outputs, 0, coding->target_sd);
		add_tensor(graph, "target_mean", coding->outputs, 0, coding->target_mean);
	}
	return HEBB_OK;
}

/* ---- Writing ---- */

static hebb_status check_model(const hebb_model *model, hebb_error *error)
{
	if (!model->net || !model->coding || !hebb_loss_name(model->loss))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "model: its network, coding or loss is missing");
	hebb_status status = HEBB_OK;
	if (model->record)
		status = hb_record_check(model->record, strlen(model->record));
	if (status == HEBB_NO_MEMORY)
		return hb_out_of_memory(error);
	if (status)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "model: the training record is not a JSON object");
	if (net_size(model->net) > HB_ONNX_MOST / 4)
		return hebb_fail(
			error, HEBB_UNSUPPORTED,
			"model: %lld parameters take more than 2 GB, which is the most that "
			"a file of ONNX can hold",
			net_size(model->net));
	status = hb_coding_check(model->coding, hebb_net_inputs(model->net),
				 hebb_net_outputs(model->net), HEBB_BAD_ARGUMENT, "model", error);
	return status ? status : hb_columns_check(model->coding, HEBB_BAD_ARGUMENT, "model", error);
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
	int is_classification = model->coding->task == HEBB_CLASSIFICATION;

	graph->input = "input";
	graph->output = is_classification ? "probabilities" : "output";
	graph->width = hebb_net_inputs(model->net);
	graph->outputs = hebb_net_outputs(model->net);
	hebb_status status = add_nodes(graph, model, error);
	if (!status)
		status = add_tensors(graph, model, values, error);
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
	int is_classification = model->coding->task == HEBB_CLASSIFICATION;
	hebb_status status = hb_names_format(model->coding, 1, &list->inputs, error);

	if (!status)
		status = hb_names_format(model->coding, 0, &list->outputs, error);
	if (!status)
		status = hb_description_format(model, &list->description, error);
	list->entry[0] = (hb_onnx_entry){"inputs", list->inputs};
	list->entry[1] = (hb_onnx_entry){is_classification ? "classes" : "outputs", list->outputs};
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
	hebb_status status = check_model(model, error);
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
