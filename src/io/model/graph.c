/* SPDX-License-Identifier: MIT */
/*
 * graph.c - the graph of a network with its coding, stage by stage (model.h)
 *
 * Writing puts the stages into a file; reading compares them with those of a file.
 */
#include "hebb_advanced.h"
#include "model.h"
#include "encoder.h"
#include "../coding/transform.h"
#include "raw.h"

#include <stdio.h>
#include <string.h>

/* ---- Nodes ---- */

/* The nodes of a stage in the making; `value` is what the next one takes. */
typedef struct builder {
	hb_onnx_node *node;
	int nodes;
	hb_onnx_name *value;
} builder;

/* Appends an operator on the value before and, unless they are "", on b and c. */
static hb_onnx_node *add_next(builder *to, const char *op, const char *output, const char *b,
			      const char *c)
{
	hb_onnx_node *node = &to->node[to->nodes++];
	*node = (hb_onnx_node){.op = op};
	snprintf(node->input[0], HB_ONNX_NAME, "%s", to->value->text);
	snprintf(node->input[1], HB_ONNX_NAME, "%s", b);
	snprintf(node->input[2], HB_ONNX_NAME, "%s", c);
	snprintf(node->output, HB_ONNX_NAME, "%s", output);
	snprintf(to->value->text, HB_ONNX_NAME, "%s", output);
	return node;
}

/* An operator of an activation.  It takes the value before, which at first is z; b and c are "",
 * "z" again, or constants (hb_activation_constants). */
struct operation {
	const char *op, *output; /* the letter of its output; "h" of the last operator */
	const char *b, *c;
	float alpha; /* 0: it has none */
};

/* h = f(z) in operators of opset 13, up to the first without a name. */
static const struct operation functions[][LAYER_NODES] = {
	[HEBB_SIGMOID] = {{.op = "Sigmoid", .output = "h"}},
	[HEBB_TANH] = {{.op = "Tanh", .output = "h"}},
	[HEBB_RELU] = {{.op = "Relu", .output = "h"}},
	[HEBB_LEAKY_RELU] = {{.op = "LeakyRelu", .output = "h", .alpha = 0.01F}},
	[HEBB_GELU] = {{.op = "Div", .output = "u", .b = "sqrt2"}, /* 1/2 z (1 + erf(z / sqrt 2)) */
		       {.op = "Erf", .output = "e"},
		       {.op = "Add", .output = "s", .b = "one"},
		       {.op = "Mul", .output = "p", .b = "z"},
		       {.op = "Mul", .output = "h", .b = "half"}},
	[HEBB_SOFTMAX] = {{.op = "Softmax", .output = "h"}},
	[HEBB_ELU] = {{.op = "Elu", .output = "h"}},
	[HEBB_SELU] = {{.op = "Selu", .output = "h"}},
	[HEBB_SILU] = {{.op = "Sigmoid", .output = "s"}, {.op = "Mul", .output = "h", .b = "z"}},
	[HEBB_SOFTPLUS] = {{.op = "Softplus", .output = "h"}},
	/* beta is 0.5 by default */
	[HEBB_HARD_SIGMOID] = {{.op = "HardSigmoid", .output = "h", .alpha = 1 / 6.0F}},
	[HEBB_HARD_TANH] = {{.op = "Clip", .output = "h", .b = "low", .c = "high"}},
	[HEBB_EXP] = {{.op = "Exp", .output = "h"}},
};

/* The operators of an activation, one at least; NULL: it has none. */
static const struct operation *operations_of(hebb_activation activation)
{
	int known = activation >= 0 && activation < (int)(sizeof functions / sizeof functions[0]);

	return known && functions[activation][0].op ? functions[activation] : NULL;
}

/* z = W h + b or what another kind has for it, h being the value before; `other`: the value that a
 * shortcut adds. */
static void add_operator(builder *to, int layer, const hebb_layer *is, const char *other)
{
	static const char *const op[] = {[HEBB_DENSE] = "Gemm",
					 [HEBB_BATCH_NORM] = "BatchNormalization",
					 [HEBB_LAYER_NORM] = "LayerNormalization",
					 [HEBB_ADD] = "Add"};
	const char *letter = is->activation == HEBB_LINEAR ? "h" : "z";
	hb_onnx_node *node =
		add_next(to, op[is->kind], hb_numbered_name(letter, layer).text, other, "");

	for (int i = 0; i < LAYER_TENSORS && hb_tensor_names(is->kind)[i]; i++)
		snprintf(node->input[i + 1], HB_ONNX_NAME, "%s",
			 hb_numbered_name(hb_tensor_names(is->kind)[i], layer).text);
	if (is->kind == HEBB_DENSE)
		node->attribute[0] = hb_onnx_integer("transB", 1);
}

/* h = f(z), z being the value before.  0 if the activation has no operators. */
static int add_activation(builder *to, int layer, hebb_activation activation)
{
	const struct operation *o = operations_of(activation);
	const hb_onnx_name z = hb_numbered_name("z", layer);

	if (activation == HEBB_LINEAR)
		return 1;
	if (!o)
		return 0;
	for (int i = 0; i < LAYER_NODES && o[i].op; i++) {
		const char *b = o[i].b ? o[i].b : "", *c = o[i].c ? o[i].c : "";
		hb_onnx_node *node =
			add_next(to, o[i].op, hb_numbered_name(o[i].output, layer).text,
				 strcmp(b, "z") == 0 ? z.text : b, c);

		if (o[i].alpha > 0)
			node->attribute[0] = (hb_onnx_attribute){
				.name = "alpha", .kind = HB_ONNX_IS_FLOAT, .f = o[i].alpha};
		else if (activation == HEBB_SOFTMAX)
			node->attribute[0] = hb_onnx_integer("axis", 1);
	}
	return 1;
}

/* The value that is h of layer `l`, from 0 on; -1: `first`, what comes into the network. */
static hb_onnx_name value_of(const hebb_net *net, int l, hb_onnx_name first)
{
	while (l >= 0 && hebb_net_layer(net, l)->kind == HEBB_DROPOUT)
		l--;
	return l < 0 ? first : hb_numbered_name("h", l + 1);
}

static int is_labeled(const hb_pipeline *pipeline)
{
	return pipeline->raw && pipeline->coding->task == HEBB_CLASSIFICATION;
}

static int first_stages(const hb_pipeline *pipeline)
{
	return pipeline->raw ? hb_raw_stages(pipeline->raw) : 0;
}

int hb_stages(const hb_pipeline *pipeline)
{
	return first_stages(pipeline) + hebb_net_layers(pipeline->net) + 2 + is_labeled(pipeline);
}

int hb_stage_layer(const hb_pipeline *pipeline, int stage)
{
	int layer = stage - first_stages(pipeline) - 1;

	return layer >= 0 && layer < hebb_net_layers(pipeline->net) ? layer : -1;
}

static const char *output_name(const hb_pipeline *pipeline)
{
	return pipeline->coding->task == HEBB_REGRESSION ? "output" : HB_PROBABILITIES;
}

static hb_onnx_name network_input(const hb_pipeline *pipeline)
{
	return pipeline->raw ? hb_raw_value(pipeline->raw) : (hb_onnx_name){HB_INPUT};
}

/* As exact as a mean. */
static hb_onnx_type type_of(const double *exact_mean)
{
	return exact_mean ? HB_ONNX_DOUBLE : HB_ONNX_FLOAT;
}

int hb_inputs(const hb_pipeline *pipeline)
{
	return pipeline->raw ? hb_raw_ends(pipeline->raw) : 1;
}

int hb_outputs(const hb_pipeline *pipeline)
{
	return 1 + is_labeled(pipeline);
}

hb_onnx_end hb_input_end(const hb_pipeline *pipeline, int i)
{
	const hebb_coding *coding = pipeline->coding;

	if (pipeline->raw)
		return hb_raw_end(pipeline->raw, coding, i);
	return (hb_onnx_end){HB_INPUT, type_of(coding->exact_mean), hb_plain_width(coding)};
}

hb_onnx_end hb_output_end(const hb_pipeline *pipeline, int i)
{
	const hebb_coding *coding = pipeline->coding;

	if (i == 1)
		return (hb_onnx_end){HB_LABEL, HB_ONNX_STRING, 0};
	return (hb_onnx_end){output_name(pipeline), type_of(coding->exact_target_mean),
			     coding->outputs};
}

int hb_has_ml(const hb_pipeline *pipeline)
{
	return pipeline->raw && (pipeline->raw->texts > 0 || is_labeled(pipeline));
}

int hb_has_layer_norm(const hebb_net *net)
{
	for (int l = 0; l < hebb_net_layers(net); l++)
		if (hebb_net_layer(net, l)->kind == HEBB_LAYER_NORM)
			return 1;
	return 0;
}

/* Of a layer, from 0 on; 0 if its activation has no operators. */
static int add_layer(builder *to, const hb_pipeline *pipeline, int l)
{
	const hebb_layer *layer = hebb_net_layer(pipeline->net, l);
	hb_onnx_name first = network_input(pipeline), other = {""};

	if (layer->kind == HEBB_DROPOUT)
		return 1;
	if (pipeline->scales_inputs)
		first = (hb_onnx_name){"x"};
	if (layer->kind == HEBB_ADD)
		other = value_of(pipeline->net, layer->from, first);
	add_operator(to, l + 1, layer, other.text);
	return add_activation(to, l + 1, layer->activation);
}

static void add_cast(builder *to, const char *output, hb_onnx_type type)
{
	add_next(to, "Cast", output, "", "")->attribute[0] = hb_onnx_integer("to", (int)type);
}

/* What scales the inputs, and encodes them. */
static void add_scaling(builder *to, const hb_pipeline *pipeline)
{
	const hb_encoder *encoder = pipeline->encoder;

	if (encoder && encoder->order)
		add_next(to, "Gather", "raw", "order", "")->attribute[0] =
			hb_onnx_integer("axis", 1);
	add_next(to, "Sub", "centered", "mean", "");
	if (pipeline->coding->exact_mean)
		add_cast(to, "rounded", HB_ONNX_FLOAT);
	add_next(to, "Mul", encoder ? "linear" : "x", "scale", "");
	if (encoder)
		hb_encoder_nodes(encoder, to->node, &to->nodes);
	*to->value = (hb_onnx_name){"x"};
}

/* The values at places of HEBB_TARGET_QUANTILE: between two of them in proportion, and outside as
 * the slope says. A NaN comes back with `outside`. */
static void add_quantiles(builder *to)
{
	add_next(to, "Max", "risen", "zero", "");
	add_next(to, "Min", "clipped", "last", "");
	hb_add_node(to->node, &to->nodes, "Sub", (hb_onnx_name){"beyond"}, "placed", "clipped", "");
	hb_add_node(to->node, &to->nodes, "Mul", (hb_onnx_name){"outside"}, "beyond",
		    "target_slope", "");
	add_next(to, "Unsqueeze", "lifted", "axis", "");
	add_next(to, "Sub", "apart", "places", "");
	add_next(to, "Abs", "distance", "", "");
	hb_add_node(to->node, &to->nodes, "Sub", (hb_onnx_name){"nearness"}, "unity", "distance",
		    "");
	*to->value = (hb_onnx_name){"nearness"};
	add_next(to, "Relu", "share", "", "");
	add_next(to, "Mul", "part", "target_value", "");
	add_next(to, "ReduceSum", "inside", "axis", "")->attribute[0] =
		hb_onnx_integer("keepdims", 0);
	add_next(to, "Add", "y", "outside", "");
}

/* What brings the outputs of the network to their units. */
static void add_units(builder *to, const hb_pipeline *pipeline)
{
	const hebb_coding *coding = pipeline->coding;

	add_next(to, "Mul", "scaled", "target_sd", "");
	if (coding->exact_target_mean)
		add_cast(to, "widened", HB_ONNX_DOUBLE);
	add_next(to, "Add", hb_transforms(coding) ? "placed" : "y", "target_mean", "");
	if (coding->target_transform == HEBB_TARGET_LOG)
		add_next(to, "Exp", "y", "", "");
	if (coding->target_transform == HEBB_TARGET_QUANTILE)
		add_quantiles(to);
}

/* Of a stage of the network, counted from 0: the inputs, the layers, the outputs. */
static int network_nodes(const hb_pipeline *pipeline, int stage, hb_onnx_name *value,
			 hb_onnx_node node[STAGE_NODES])
{
	int last = hebb_net_layers(pipeline->net) + 1;
	builder to = {node, 0, value};

	if (stage == 0)
		*value = network_input(pipeline);
	if (stage == 0 && pipeline->scales_inputs)
		add_scaling(&to, pipeline);
	if (stage > 0 && stage < last && !add_layer(&to, pipeline, stage - 1))
		return -1;
	if (stage == last && pipeline->scales_targets)
		add_units(&to, pipeline);
	if (stage == last - !pipeline->scales_targets) /* the last layer is no dropout */
		snprintf(node[to.nodes - 1].output, HB_ONNX_NAME, "%s", output_name(pipeline));
	return to.nodes;
}

int hb_stage_nodes(const hb_pipeline *pipeline, int stage, hb_onnx_name *value,
		   hb_onnx_node node[STAGE_NODES])
{
	int first = first_stages(pipeline);

	if (stage < first)
		return hb_raw_nodes(pipeline->raw, pipeline->coding, stage, node);
	if (is_labeled(pipeline) && stage == hb_stages(pipeline) - 1)
		return hb_label_nodes(pipeline->coding, node);
	return network_nodes(pipeline, stage - first, value, node);
}

/* ---- Constants ---- */

/* columns = 0: a vector, and rows = 0: a scalar. */
static void set_tensor(hb_onnx_tensor *tensor, const char *name, int rows, int columns,
		       const void *values)
{
	*tensor = (hb_onnx_tensor){.rank = (rows > 0) + (columns > 0),
				   .dims = {rows, columns},
				   .type = HB_ONNX_FLOAT,
				   .values = values};
	snprintf(tensor->name, HB_ONNX_NAME, "%s", name);
}

static int layer_tensors(const hebb_net *net, int l, hb_onnx_tensor *tensor)
{
	const char *const *name = hb_tensor_names(hebb_net_layer(net, l)->kind);
	const hebb_parameter *is;
	int i = 0;

	for (; (is = hebb_net_parameter(net, l, i)); i++)
		set_tensor(&tensor[i], hb_numbered_name(name[i], l + 1).text, is->shape[0],
			   is->rank > 1 ? is->shape[1] : 0, NULL);
	return i;
}

/* The mean of the coding, or of its targets, as exact as it has it. */
static void set_mean(hb_onnx_tensor *tensor, const char *name, int count, const float *mean,
		     const double *exact)
{
	set_tensor(tensor, name, count, 0, exact ? (const void *)exact : mean);
	tensor->type = type_of(exact);
}

/* Those of the activations, which are known. */
static int activation_tensors(const hebb_net *net, hb_onnx_tensor *tensor)
{
	int count = 0;

	for (int i = 0; i < HB_ACTIVATION_CONSTANTS; i++)
		if (hb_has_activation(net, hb_activation_constants[i].activation)) {
			set_tensor(&tensor[count], hb_activation_constants[i].name, 0, 0,
				   &hb_activation_constants[i].value);
			tensor[count++].is_known = 1;
		}
	return count;
}

/* Those of add_quantiles(). */
static int quantile_tensors(const hebb_coding *coding, hb_onnx_tensor *tensor)
{
	static const float zero = 0, last = HEBB_TARGET_PARTS, unity = 1;
	static const int64_t axis = 2;
	static const float places[HEBB_TARGET_VALUES] = {
		0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
		11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
		22, 23, 24, 25, 26, 27, 28, 29, 30, 31, HEBB_TARGET_PARTS};
	int count = 0;

	hb_add_known(tensor, &count, (hb_onnx_name){"zero"}, HB_ONNX_FLOAT, 0, &zero);
	hb_add_known(tensor, &count, (hb_onnx_name){"last"}, HB_ONNX_FLOAT, 0, &last);
	hb_add_known(tensor, &count, (hb_onnx_name){"unity"}, HB_ONNX_FLOAT, 0, &unity);
	hb_add_known(tensor, &count, (hb_onnx_name){"axis"}, HB_ONNX_INT64, 1, &axis);
	hb_add_known(tensor, &count, (hb_onnx_name){"places"}, HB_ONNX_FLOAT, HEBB_TARGET_VALUES,
		     places);
	set_tensor(&tensor[count++], "target_slope", coding->outputs, 0, coding->target_slope);
	set_tensor(&tensor[count++], "target_value", coding->outputs, HEBB_TARGET_VALUES,
		   coding->target_value);
	return count;
}

int hb_stage_tensors(const hb_pipeline *pipeline, int stage, hb_onnx_tensor tensor[STAGE_TENSORS])
{
	const hebb_coding *coding = pipeline->coding;
	int count = 0, first = first_stages(pipeline), layer = hb_stage_layer(pipeline, stage);

	if (stage < first)
		return hb_raw_tensors(pipeline->raw, coding, stage, tensor);
	if (layer >= 0)
		return layer_tensors(pipeline->net, layer, tensor);
	if (stage == first && pipeline->encoder && pipeline->encoder->order)
		hb_add_known(tensor, &count, (hb_onnx_name){"order"}, HB_ONNX_INT64, coding->width,
			     pipeline->encoder->order);
	if (stage == first && pipeline->scales_inputs) {
		set_mean(&tensor[count++], "mean", coding->width, coding->mean, coding->exact_mean);
		set_tensor(&tensor[count++], "scale", coding->width, 0, coding->scale);
	}
	if (stage == first && pipeline->encoder) {
		set_tensor(&tensor[count++], "least", coding->width, 0, coding->least);
		set_tensor(&tensor[count++], "most", coding->width, 0, coding->most);
		hb_encoder_tensors(pipeline->encoder, tensor, &count);
	}
	if (stage != first + hebb_net_layers(pipeline->net) + 1)
		return count;
	count = activation_tensors(pipeline->net, tensor);
	if (pipeline->scales_targets) {
		set_tensor(&tensor[count++], "target_sd", coding->outputs, 0, coding->target_sd);
		set_mean(&tensor[count++], "target_mean", coding->outputs, coding->target_mean,
			 coding->exact_target_mean);
	}
	if (coding->target_transform == HEBB_TARGET_QUANTILE)
		count += quantile_tensors(coding, tensor + count);
	return count;
}
