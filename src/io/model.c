/* SPDX-License-Identifier: MIT */
/*
 * model.c - networks with their codings to ONNX files and back
 *
 * The graph is the whole pipeline, as other programs run it:
 *
 *     input [Sub mean, Mul scale] {Gemm W b, activation}... [Mul target_sd, Add target_mean] output
 *
 * what stands in brackets is left out where it would change nothing.  A layer of another kind has
 * BatchNormalization, LayerNormalization or Add for Gemm; dropout, for training alone, has none.
 * Values are called "h1", "h2", ... as in the tutorial, constants "W1", "b1", ..., of norms
 * "gamma2", "beta2", "mean2", "variance2", the output "probabilities" (of classes) or "output".  The rest of a hebb_model is in metadata_props: the description (description.h), the
 * training record, and names for other programs.
 *
 * A file is read only if it has hebb's seal (onnx.h).  That does not make it true: every size is
 * compared with the description all the same, before memory is asked for it, and the JSON is read
 * where it stands: reading takes no more than 4 times the file and 1 MB, but for networks of hardly
 * anything else than layers of a few units, which are padded to 16.
 */
#include "description.h"
#include "io.h"
#include "onnx.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The most that a graph has of each: gelu is five operators after its Gemm; around the layers stand
 * the scalings, the constants of activations, and the graph's name, input and output. */
enum {
	LAYER_NODES = 6,
	OTHER_NODES = 4,
	LAYER_TENSORS = 4,
	OTHER_TENSORS = 9,
	OTHER_PARTS = OTHER_NODES + OTHER_TENSORS + 3
};

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

/* "W1" and the like. */
typedef struct numbered {
	char text[HB_ONNX_NAME];
} numbered;

static numbered name_of(const char *letter, int layer)
{
	numbered name;
	snprintf(name.text, sizeof name.text, "%s%d", letter, layer);
	return name;
}

/* The constants of activations that are several operators or take bounds. */
static const struct constant {
	hebb_activation activation;
	char name[8];
	float value;
} constant[] = {{HEBB_GELU, "sqrt2", 1.41421356F},
		{HEBB_GELU, "one", 1},
		{HEBB_GELU, "half", 0.5F},
		{HEBB_HARD_TANH, "low", -1},
		{HEBB_HARD_TANH, "high", 1}};

enum { CONSTANTS = sizeof constant / sizeof constant[0] };

/* h = 1/2 z (1 + erf(z / sqrt 2)) step by step, as opset 13 has no operator for it. */
static void add_gelu(hb_onnx_graph *graph, int layer)
{
	add_next(graph, "Div", name_of("u", layer).text, "sqrt2", "");
	add_next(graph, "Erf", name_of("e", layer).text, "", "");
	add_next(graph, "Add", name_of("s", layer).text, "one", "");
	add_next(graph, "Mul", name_of("p", layer).text, name_of("z", layer).text, "");
	add_next(graph, "Mul", name_of("h", layer).text, "half", "");
}

/* h = z sigmoid(z) */
static void add_silu(hb_onnx_graph *graph, int layer)
{
	add_next(graph, "Sigmoid", name_of("s", layer).text, "", "");
	add_next(graph, "Mul", name_of("h", layer).text, name_of("z", layer).text, "");
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

/* The tensors of a layer in the order of the operator's inputs behind the first, NULL where there
 * are no more; those after the first two are running statistics. */
static const char *const *constants_of(hebb_kind kind)
{
	static const char *const dense[] = {"W", "b", NULL, NULL}, *const none[4] = {NULL};
	static const char *const norm[] = {"gamma", "beta", NULL, NULL};
	static const char *const batch[] = {"gamma", "beta", "mean", "variance"};

	return kind == HEBB_DENSE        ? dense
	       : kind == HEBB_BATCH_NORM ? batch
	       : kind == HEBB_LAYER_NORM ? norm
					 : none;
}

/* Floats of constant `i` of a layer. */
static long long constant_size(const hebb_layer *layer, int inputs, int i)
{
	if (!constants_of(layer->kind)[i])
		return 0;
	return layer->kind == HEBB_DENSE && i == 0 ? (long long)layer->units * inputs
						   : layer->units;
}

static long long layer_size(const hebb_layer *layer, int inputs)
{
	long long size = 0;
	for (int i = 0; i < LAYER_TENSORS; i++)
		size += constant_size(layer, inputs, i);
	return size;
}

static int inputs_of(const hebb_net *net, int l)
{
	return l ? hebb_net_layer(net, l - 1)->units : hebb_net_inputs(net);
}

/* Floats of all layers. */
static long long net_size(const hebb_net *net)
{
	long long size = 0;
	for (int l = 0; l < hebb_net_layers(net); l++)
		size += layer_size(hebb_net_layer(net, l), inputs_of(net, l));
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
	hb_onnx_node *node = add_next(graph, op[is->kind], name_of(letter, layer).text, other, "");

	for (int i = 0; i < LAYER_TENSORS && constants_of(is->kind)[i]; i++)
		snprintf(node->input[i + 1], HB_ONNX_NAME, "%s",
			 name_of(constants_of(is->kind)[i], layer).text);
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
	node = add_next(graph, operator_of(activation), name_of("h", layer).text,
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
static numbered value_of(const hebb_net *net, int l, numbered first)
{
	while (l >= 0 && hebb_net_layer(net, l)->kind == HEBB_DROPOUT)
		l--;
	return l < 0 ? first : name_of("h", l + 1);
}

static int has(const hebb_net *net, hebb_activation activation)
{
	for (int l = 0; l < hebb_net_layers(net); l++)
		if (hebb_net_layer(net, l)->activation == activation)
			return 1;
	return 0;
}

static hebb_status add_nodes(hb_onnx_graph *graph, const hebb_model *model, hebb_error *error)
{
	const hebb_coding *coding = model->coding;
	const hebb_net *net = model->net;
	numbered first;

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

/* Copies the constants of a layer, one behind the other, out of the network or into it. */
static hebb_status get_layer(const hebb_net *net, int l, float *values, hebb_error *error)
{
	const hebb_layer *layer = hebb_net_layer(net, l);
	float *b = values + constant_size(layer, inputs_of(net, l), 0);
	hebb_status status = hebb_net_get(net, l, values, b, error);
	if (status || layer->kind != HEBB_BATCH_NORM)
		return status;
	return hebb_net_get_statistics(net, l, b + layer->units, b + 2L * layer->units, error);
}

static hebb_status set_layer(hebb_net *net, int l, const float *values, hebb_error *error)
{
	const hebb_layer *layer = hebb_net_layer(net, l);
	const float *b = values + constant_size(layer, inputs_of(net, l), 0);
	hebb_status status = hebb_net_set(net, l, values, b, error);
	if (status || layer->kind != HEBB_BATCH_NORM)
		return status;
	return hebb_net_set_statistics(net, l, b + layer->units, b + 2L * layer->units, error);
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
		int inputs = inputs_of(model->net, l);
		hebb_status status = get_layer(model->net, l, values, error);
		if (status)
			return status;
		for (int i = 0; i < LAYER_TENSORS && constants_of(layer->kind)[i]; i++) {
			int is_matrix = layer->kind == HEBB_DENSE && i == 0;
			add_tensor(graph, name_of(constants_of(layer->kind)[i], l + 1).text,
				   layer->units, is_matrix ? inputs : 0, values);
			values += constant_size(layer, inputs, i);
		}
	}
	for (int i = 0; i < CONSTANTS; i++)
		if (has(model->net, constant[i].activation))
			add_tensor(graph, constant[i].name, 0, 0, &constant[i].value);
	if (!changes_nothing(coding->outputs, coding->target_mean, coding->target_sd)) {
		add_tensor(graph, "target_sd", coding->outputs, 0, coding->target_sd);
		add_tensor(graph, "target_mean", coding->outputs, 0, coding->target_mean);
	}
	return HEBB_OK;
}

/* ---- Writing ---- */

/* BAD_FORMAT or NO_MEMORY, without a sentence, unless a text is a JSON object. */
static hebb_status check_record(const void *text, size_t size)
{
	hb_json json;
	hebb_status status = hb_json_check(text, size, &json);

	return status ? status : hb_json_kind(json) == '{' ? HEBB_OK : HEBB_BAD_FORMAT;
}

static hebb_status check_model(const hebb_model *model, hebb_error *error)
{
	if (!model->net || !model->coding || !hebb_loss_name(model->loss))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "model: its network, coding or loss is missing");
	hebb_status status = HEBB_OK;
	if (model->record)
		status = check_record(model->record, strlen(model->record));
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

/* ---- Reading ---- */

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
	status = check_record(record->at, record->size);
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

static hebb_status take_layers(constants *from, hebb_net *net, float *values)
{
	hebb_status status = HEBB_OK;

	for (int l = 0; l < hebb_net_layers(net) && !status; l++) {
		const hebb_layer *layer = hebb_net_layer(net, l);
		int inputs = inputs_of(net, l), found;
		float *to = values;
		for (int i = 0; i < LAYER_TENSORS && constants_of(layer->kind)[i] && !status; i++) {
			int is_matrix = layer->kind == HEBB_DENSE && i == 0;
			status = take(from, name_of(constants_of(layer->kind)[i], l + 1).text,
				      layer->units, is_matrix ? inputs : 0, to, 1, &found);
			to += constant_size(layer, inputs, i);
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

	for (int i = 0; i < CONSTANTS && !status; i++)
		if (has(net, constant[i].activation))
			status = take(from, constant[i].name, 0, 0, &value, 1, &found);
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
		unsigned long long count = (unsigned long long)layer_size(&layer, inputs);
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
	hebb_status status = hb_onnx_open(&onnx, bytes, size, name, error);

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

hebb_model *hebb_model_read(const char *path, hebb_error *error)
{
	unsigned char *bytes;
	size_t size;
	if (hebb_file_read(path, &bytes, &size, error))
		return NULL;
	hebb_model *model = hebb_model_parse(bytes, size, path, error);
	free(bytes);
	return model;
}

int hebb_model_probe(const void *bytes, size_t size)
{
	return hb_onnx_probe(bytes, size);
}

void hebb_model_free(hebb_model *model)
{
	if (!model)
		return;
	hebb_net_free(model->net);
	hebb_coding_free(model->coding);
	free(model->record);
	free(model);
}
