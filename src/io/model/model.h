/* SPDX-License-Identifier: MIT */
/*
 * model.h - how a network and its coding stand in an ONNX file
 *
 * The graph is the pipeline as other programs run it.  In a numeric graph it begins at the inputs
 * of the network:
 *
 *     input [Sub mean, Mul scale] {Gemm W b, activation}... [Mul target_sd, Add target_mean] output
 *
 * what stands in brackets is left out where it would change nothing. What encodes numbers stands
 * behind the scale (encoder.h).  If the coding has doubles
 * (hebb_coding.exact_mean, exact_target_mean), input and mean, or target_mean and output, are
 * doubles, and a Cast stands between the two operators: [Sub mean, Cast, Mul scale] and [Mul
 * target_sd, Cast, Add target_mean].  Targets that are transformed (hebb_coding.target_transform)
 * have the inverse behind it: [Mul target_sd, Add target_mean: placed, Exp], or of quantiles
 *
 *     placed {Max zero, Min last: clipped; Sub placed clipped, Mul target_slope: outside;
 *             Unsqueeze clipped, Sub places, Abs, Sub from one, Relu, Mul target_value, ReduceSum:
 *             inside; Add inside outside} output
 *
 * A layer of another kind has
 * BatchNormalization, LayerNormalization or Add for Gemm; dropout, for training alone, has none.
 * Values are called "h1", "h2", ... as in the tutorial, constants "W1", "b1", ..., of norms
 * "gamma2", "beta2", "mean2", "variance2", the output "probabilities" (of classes) or "output".
 *
 * A full graph (raw.c) begins at the columns of a table, which take the place of input: a matrix of
 * the numbers and an input for each column of texts, named as the column is.
 *
 *     input {IsNaN missing, Where missing fill} filled [Cast missing: gaps]
 *     TEXT {LabelEncoder level1, Equal levels1, Cast coded1; Equal none: missing1,
 *           Where missing1 fill1} filled1 [Cast missing1: gap1]
 *     {Concat filled gaps filled1 gap1 ... joined} [Gather order: raw]
 *
 * Of a classification it has a second output, the name of the likeliest class:
 *
 *     probabilities {ArgMax best; ReduceMean average, IsNaN unanswered; Where none best: class,
 *                    LabelEncoder} label
 *
 * The rest of a hebb_model is in metadata_props: the description (description.h), the training
 * record, and names for other programs.
 */
#ifndef HEBB_IO_MODEL_H
#define HEBB_IO_MODEL_H

#include "hebb_io.h"
#include "onnx.h"

/* The most that a stage of a graph has: gelu is five operators after its Gemm, batch norm has four
 * constants, the last stage those of activations and of the targets, the first of a network that
 * encodes its inputs (encoder.h) all of these. */
enum { LAYER_NODES = 6, LAYER_TENSORS = 4, STAGE_NODES = 18, STAGE_TENSORS = 14 };

/* "W1" and the like. */
hb_onnx_name hb_numbered_name(const char *letter, int layer);

/* Appends an operator with up to three inputs, "" being none. */
hb_onnx_node *hb_add_node(hb_onnx_node *node, int *nodes, const char *op, hb_onnx_name output,
			  const char *a, const char *b, const char *c);

/* Appends a constant whose values are known; size 0: a scalar. */
void hb_add_known(hb_onnx_tensor *tensor, int *tensors, hb_onnx_name name, hb_onnx_type type,
		  int size, const void *values);

/* The constants of activations that are several operators or take bounds. */
enum { HB_ACTIVATION_CONSTANTS = 5 };
extern const struct hb_activation_constant {
	hebb_activation activation;
	char name[8];
	float value;
} hb_activation_constants[HB_ACTIVATION_CONSTANTS];

/* 1 if a layer has the activation. */
int hb_has_activation(const hebb_net *net, hebb_activation activation);

/* The tensors of a layer in the order of the operator's inputs behind the first, NULL where there
 * are no more; those after the first two are running statistics. */
const char *const *hb_tensor_names(hebb_kind kind);

/* Floats of all tensors of a layer that is not yet in a network. */
long long hb_layer_size(const hebb_layer *layer, int inputs);

/* `bad` if the loss is not defined for the outputs of the network. */
hebb_status hb_model_loss_check(const hebb_net *net, hebb_loss loss, hebb_status bad,
				const char *name, hebb_error *error);

/* 1 if hebb_model.graph asks for the full one. */
int hb_model_is_full(const hebb_model *model);

/* ---- graph.c: the graph, stage by stage ----
 *
 * A full graph begins with some stages (raw.c). Then come one that scales the inputs, one for each
 * layer, one that scales the outputs and, in a full graph of classes, one that names them. */

#define HB_INPUT "input"
#define HB_PROBABILITIES "probabilities"
#define HB_LABEL "label"

typedef struct hb_pipeline {
	const hebb_net *net;
	const hebb_coding *coding;
	int scales_inputs, scales_targets; /* 0: there is nothing to scale */
	const struct hb_raw *raw;          /* NULL: the graph is numeric */
	const struct hb_encoder *encoder;  /* NULL: no input is encoded */
} hb_pipeline;

int hb_stages(const hb_pipeline *pipeline);

/* The layer of a stage, from 0 on; -1: another stage. */
int hb_stage_layer(const hb_pipeline *pipeline, int stage);

/* The nodes of a stage; *value is what goes into it, anything at first, and then what comes out.
 * Returns how many; -1: the layer's activation has no operators. */
int hb_stage_nodes(const hb_pipeline *pipeline, int stage, hb_onnx_name *value,
		   hb_onnx_node node[STAGE_NODES]);

/* The constants of a stage, likewise.  Those of the network have no values; those of the coding
 * that are not known are where a reader puts what it finds. */
int hb_stage_tensors(const hb_pipeline *pipeline, int stage, hb_onnx_tensor tensor[STAGE_TENSORS]);

/* What goes into the whole and what comes out. */
int hb_inputs(const hb_pipeline *pipeline);
int hb_outputs(const hb_pipeline *pipeline);
hb_onnx_end hb_input_end(const hb_pipeline *pipeline, int i);
hb_onnx_end hb_output_end(const hb_pipeline *pipeline, int i);
int hb_has_ml(const hb_pipeline *pipeline);
int hb_has_layer_norm(const hebb_net *net);

/* ---- transformed.c ---- */

/* Sets rmse, mae and r2 of a model that transforms its targets, in their units. */
hebb_status hb_evaluate_transformed(const hebb_model *model, const hebb_dataset *data,
				    hebb_evaluation *result, hebb_error *error);

/* ---- model.c ---- */

/* BAD_FORMAT or NO_MEMORY, without a sentence, unless a text is a JSON object. */
hebb_status hb_record_check(const void *text, size_t size);

/* BAD_ARGUMENT: a part of the model is missing, or they do not fit together; NO_MEMORY. */
hebb_status hb_model_check(const hebb_model *model, hebb_error *error);

#endif
