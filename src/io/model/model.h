/* SPDX-License-Identifier: MIT */
/*
 * model.h - how a network and its coding stand in an ONNX file
 *
 * The graph is the whole pipeline, as other programs run it:
 *
 *     input [Sub mean, Mul scale] {Gemm W b, activation}... [Mul target_sd, Add target_mean] output
 *
 * what stands in brackets is left out where it would change nothing.  If the coding has doubles
 * (hebb_coding.exact_mean, exact_target_mean), input and mean, or target_mean and output, are
 * doubles, and a Cast stands between the two operators: [Sub mean, Cast, Mul scale] and [Mul
 * target_sd, Cast, Add target_mean].  A layer of another kind has
 * BatchNormalization, LayerNormalization or Add for Gemm; dropout, for training alone, has none.
 * Values are called "h1", "h2", ... as in the tutorial, constants "W1", "b1", ..., of norms
 * "gamma2", "beta2", "mean2", "variance2", the output "probabilities" (of classes) or "output".
 * The rest of a hebb_model is in metadata_props: the description (description.h), the training
 * record, and names for other programs.
 */
#ifndef HEBB_IO_MODEL_H
#define HEBB_IO_MODEL_H

#include "hebb_io.h"
#include "onnx.h"

/* The most that a stage of a graph has: gelu is five operators after its Gemm, batch norm has four
 * constants, the last stage those of activations and of the targets.  And what a graph has beside
 * its layers. */
enum {
	LAYER_NODES = 6,
	LAYER_TENSORS = 4,
	STAGE_TENSORS = 7,
	OTHER_NODES = 6,
	OTHER_TENSORS = 2 + STAGE_TENSORS
};

/* "W1" and the like. */
typedef struct hb_numbered {
	char text[HB_ONNX_NAME];
} hb_numbered;

hb_numbered hb_numbered_name(const char *letter, int layer);

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

/* ---- graph.c: the graph, stage by stage ----
 *
 * Stage 0 scales the inputs, stages 1 .. L are the layers, stage L + 1 scales the outputs. */

#define HB_INPUT "input"

typedef struct hb_pipeline {
	const hebb_net *net;
	hebb_task task;
	int scales_inputs, scales_targets; /* 0: there is nothing to scale */
	int exact_inputs, exact_targets;   /* 1: scaled in double, and float elsewhere */
} hb_pipeline;

int hb_stages(const hb_pipeline *pipeline);

/* The nodes of a stage; *value is what goes into it, {HB_INPUT} at first, and then what comes out.
 * Returns how many; -1: the layer's activation has no operators. */
int hb_stage_nodes(const hb_pipeline *pipeline, int stage, hb_numbered *value,
		   hb_onnx_node node[LAYER_NODES]);

/* The constants of a stage, likewise.  Those of the network and of the coding have no values: of
 * stage 0 mean and scale, of the last target_sd and target_mean. */
int hb_stage_tensors(const hb_pipeline *pipeline, int stage, hb_onnx_tensor tensor[STAGE_TENSORS]);

/* What goes into the whole and what comes out. */
hb_onnx_end hb_input_end(const hb_pipeline *pipeline);
hb_onnx_end hb_output_end(const hb_pipeline *pipeline);
int hb_has_layer_norm(const hebb_net *net);

/* ---- model.c ---- */

/* BAD_FORMAT or NO_MEMORY, without a sentence, unless a text is a JSON object. */
hebb_status hb_record_check(const void *text, size_t size);

/* BAD_ARGUMENT: a part of the model is missing, or they do not fit together; NO_MEMORY. */
hebb_status hb_model_check(const hebb_model *model, hebb_error *error);

#endif
