/* SPDX-License-Identifier: MIT */
/*
 * model.h - how a network and its coding stand in an ONNX file
 *
 * The graph is the whole pipeline, as other programs run it:
 *
 *     input [Sub mean, Mul scale] {Gemm W b, activation}... [Mul target_sd, Add target_mean] output
 *
 * what stands in brackets is left out where it would change nothing.  A layer of another kind has
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

/* The most that a graph has of each: gelu is five operators after its Gemm; around the layers stand
 * the scalings, the constants of activations, and the graph's name, input and output. */
enum {
	LAYER_NODES = 6,
	OTHER_NODES = 4,
	LAYER_TENSORS = 4,
	OTHER_TENSORS = 9,
	OTHER_PARTS = OTHER_NODES + OTHER_TENSORS + 3
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

/* Floats of tensor `i` of a layer, and of all of them. */
long long hb_tensor_size(const hebb_layer *layer, int inputs, int i);
long long hb_layer_size(const hebb_layer *layer, int inputs);

int hb_layer_inputs(const hebb_net *net, int l);

/* BAD_FORMAT or NO_MEMORY, without a sentence, unless a text is a JSON object. */
hebb_status hb_record_check(const void *text, size_t size);

#endif
