/* SPDX-License-Identifier: MIT */
/*
 * encoder.c - the part of a graph that encodes numbers (encoder.h)
 */
#include "encoder.h"
#include "../coding/encode.h"

#include <stdlib.h>

/* ---- What is known of each input ---- */

static void set_input(hb_encoder *encoder, hebb_scaling scaling, int at, int k)
{
	encoder->third[at] = scaling == HEBB_SCALING_ROBUST ? HB_THIRD : 0;
	encoder->wave[at] = scaling == HEBB_SCALING_PERIODIC;
	encoder->still[at] = scaling != HEBB_SCALING_PERIODIC;
	encoder->phase[at] = scaling == HEBB_SCALING_PERIODIC ? hb_phase(k) : 0;
	encoder->has_robust |= scaling == HEBB_SCALING_ROBUST;
	encoder->has_periodic |= scaling == HEBB_SCALING_PERIODIC;
}

static void set_inputs(const hebb_coding *coding, hb_encoder *encoder)
{
	int at = 0, plain = 0;

	for (int i = 0; i < coding->input_count; i++) {
		const hebb_encoding *is = &coding->encoding[i];
		int own = hb_column_width(&coding->inputs[i]);

		for (int k = 0; k < is->inputs && encoder->order; k++)
			encoder->order[at + k] = plain + (own == is->inputs ? k : 0);
		for (int w = 0; w < is->ways; w++)
			for (int k = 0; k < is->way[w].inputs; k++)
				set_input(encoder, is->way[w].scaling, at++, k);
		plain += own;
	}
	for (; at < coding->width; at++) {
		set_input(encoder, HEBB_SCALING_STANDARD, at, 0);
		if (encoder->order)
			encoder->order[at] = plain++;
	}
}

hebb_status hb_encoder_make(const hebb_coding *coding, int is_full, hb_encoder *encoder,
			    hebb_error *error)
{
	size_t width = (size_t)coding->width;
	int has_order = !is_full && hb_plain_width(coding) != coding->width;

	*encoder = (hb_encoder){.width = coding->width};
	encoder->numbers = malloc(4 * width * sizeof *encoder->numbers);
	if (has_order)
		encoder->order = malloc(width * sizeof *encoder->order);
	if (!encoder->numbers || (has_order && !encoder->order))
		return hb_out_of_memory(error);
	float **part[] = {&encoder->third, &encoder->phase, &encoder->wave, &encoder->still};
	for (size_t i = 0; i < sizeof part / sizeof *part; i++)
		*part[i] = encoder->numbers + i * width;
	set_inputs(coding, encoder);
	return HEBB_OK;
}

void hb_encoder_clear(hb_encoder *encoder)
{
	free(encoder->order);
	free(encoder->numbers);
	*encoder = (hb_encoder){0};
}

/* ---- Nodes and constants ---- */

static void clip_nodes(hb_onnx_name output, hb_onnx_node *node, int *nodes)
{
	hb_add_node(node, nodes, "Mul", (hb_onnx_name){"thirds"}, "bounded", "third", "");
	hb_add_node(node, nodes, "Mul", (hb_onnx_name){"squares"}, "thirds", "thirds", "");
	hb_add_node(node, nodes, "Add", (hb_onnx_name){"sums"}, "squares", "unit", "");
	hb_add_node(node, nodes, "Sqrt", (hb_onnx_name){"roots"}, "sums", "", "");
	hb_add_node(node, nodes, "Div", output, "bounded", "roots", "");
}

static void wave_nodes(const char *input, hb_onnx_node *node, int *nodes)
{
	hb_add_node(node, nodes, "Add", (hb_onnx_name){"angles"}, input, "phase", "");
	hb_add_node(node, nodes, "Sin", (hb_onnx_name){"sines"}, "angles", "", "");
	hb_add_node(node, nodes, "Mul", (hb_onnx_name){"waves"}, "sines", "wave", "");
	hb_add_node(node, nodes, "Mul", (hb_onnx_name){"kept"}, input, "still", "");
	hb_add_node(node, nodes, "Add", (hb_onnx_name){"x"}, "waves", "kept", "");
}

void hb_encoder_nodes(const hb_encoder *encoder, hb_onnx_node *node, int *nodes)
{
	int robust = encoder->has_robust, periodic = encoder->has_periodic;
	const hb_onnx_name x = {"x"}, bounded = robust || periodic ? (hb_onnx_name){"bounded"} : x,
			   clipped = periodic ? (hb_onnx_name){"clipped"} : x;

	hb_add_node(node, nodes, "Max", (hb_onnx_name){"raised"}, "linear", "least", "");
	hb_add_node(node, nodes, "Min", (hb_onnx_name){"lowered"}, "raised", "most", "");
	hb_add_node(node, nodes, "IsNaN", (hb_onnx_name){"odd"}, "linear", "", "");
	hb_add_node(node, nodes, "Where", bounded, "odd", "linear", "lowered");
	if (robust)
		clip_nodes(clipped, node, nodes);
	if (periodic)
		wave_nodes(robust ? "clipped" : "bounded", node, nodes);
}

void hb_encoder_tensors(const hb_encoder *encoder, hb_onnx_tensor *tensor, int *tensors)
{
	static const float unit = 1;
	int width = encoder->width;

	if (encoder->has_robust) {
		hb_add_known(tensor, tensors, (hb_onnx_name){"third"}, HB_ONNX_FLOAT, width,
			     encoder->third);
		hb_add_known(tensor, tensors, (hb_onnx_name){"unit"}, HB_ONNX_FLOAT, 0, &unit);
	}
	if (!encoder->has_periodic)
		return;
	hb_add_known(tensor, tensors, (hb_onnx_name){"phase"}, HB_ONNX_FLOAT, width,
		     encoder->phase);
	hb_add_known(tensor, tensors, (hb_onnx_name){"wave"}, HB_ONNX_FLOAT, width, encoder->wave);
	hb_add_known(tensor, tensors, (hb_onnx_name){"still"}, HB_ONNX_FLOAT, width,
		     encoder->still);
}
