/* SPDX-License-Identifier: MIT */
/*
 * encoder.h - the part of a graph that encodes numbers, behind the one that scales them (model.h)
 *
 *     [Gather order: raw] Sub mean [Cast] Mul scale: linear
 *     {Max least, Min most: lowered; IsNaN linear, Where linear lowered: bounded}
 *     [Mul third: thirds; Mul thirds, Add unit, Sqrt: roots; Div bounded roots: clipped]
 *     [Add phase, Sin: sines; Mul wave: waves; Mul clipped still: kept; Add waves kept] x
 *
 * The part with Sqrt is there if a column is robust, that with Sin if one is periodic. The
 * constants have a number for each input of the network, so that each operator changes its own
 * columns alone: third is 0 unless a column is robust, wave is 1 and still 0 if it is periodic,
 * else 0 and 1. Max and Min are free to lose a NaN, which is brought back. Gather repeats the
 * columns that become several inputs; in a full graph it is the one there (raw.h).
 */
#ifndef HEBB_IO_ENCODER_H
#define HEBB_IO_ENCODER_H

#include "../io.h"
#include "model.h"

/* The constants; all point into `numbers`, but for the order. */
typedef struct hb_encoder {
	int width;
	int has_robust, has_periodic;
	int64_t *order; /* which number each input is made of; NULL: its own, or of a full graph */
	float *numbers;
	float *third, *phase, *wave, *still;
} hb_encoder;

/* NO_MEMORY. To be cleared in any case. */
hebb_status hb_encoder_make(const hebb_coding *coding, int is_full, hb_encoder *encoder,
			    hebb_error *error);
void hb_encoder_clear(hb_encoder *encoder);

/* Appends the nodes from "linear" to "x". */
void hb_encoder_nodes(const hb_encoder *encoder, hb_onnx_node *node, int *nodes);

/* Appends their constants but for `least` and `most`, which are of the coding. */
void hb_encoder_tensors(const hb_encoder *encoder, hb_onnx_tensor *tensor, int *tensors);

#endif
