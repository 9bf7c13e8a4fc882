/* SPDX-License-Identifier: MIT */
/*
 * onnx_wire.h - the bytes of ONNX, for those who write them and those who compare them (onnx.c)
 */
#ifndef HEBB_IO_ONNX_WIRE_H
#define HEBB_IO_ONNX_WIRE_H

#include "onnx.h"

enum { VARINT = 0, FIXED64 = 1, BYTES = 2, FIXED32 = 5 };

/* The fields in use, MESSAGE_FIELD after onnx.proto. */
enum {
	MODEL_IR_VERSION = 1,
	MODEL_PRODUCER_NAME = 2,
	MODEL_PRODUCER_VERSION = 3,
	MODEL_DOMAIN = 4,
	MODEL_VERSION = 5,
	MODEL_DOC_STRING = 6,
	MODEL_GRAPH = 7,
	MODEL_OPSET_IMPORT = 8,
	MODEL_METADATA = 14,
	OPSET_DOMAIN = 1,
	OPSET_VERSION = 2,
	ENTRY_KEY = 1,
	ENTRY_VALUE = 2,
	GRAPH_NODE = 1,
	GRAPH_NAME = 2,
	GRAPH_INITIALIZER = 5,
	GRAPH_INPUT = 11,
	GRAPH_OUTPUT = 12,
	NODE_INPUT = 1,
	NODE_OUTPUT = 2,
	NODE_NAME = 3,
	NODE_OP_TYPE = 4,
	NODE_ATTRIBUTE = 5,
	NODE_DOMAIN = 7,
	ATTRIBUTE_NAME = 1,
	ATTRIBUTE_F = 2,
	ATTRIBUTE_I = 3,
	ATTRIBUTE_S = 4,
	ATTRIBUTE_INTS = 8,
	ATTRIBUTE_STRINGS = 9,
	ATTRIBUTE_TYPE = 20,
	TENSOR_DIMS = 1,
	TENSOR_DATA_TYPE = 2,
	TENSOR_NAME = 8,
	TENSOR_RAW_DATA = 9,
	VALUE_NAME = 1,
	VALUE_TYPE = 2,
	TYPE_TENSOR = 1,
	TYPE_TENSOR_ELEMENT = 1,
	TYPE_TENSOR_SHAPE = 2,
	SHAPE_DIM = 1,
	DIM_VALUE = 1,
	DIM_PARAM = 2
};

enum {
	IR_VERSION = 7,
	OPSET = 13,
	LATER_IR_VERSION = 8,
	LATER_OPSET = 17,
	ML_OPSET = 2 /* of HB_ONNX_ML */
};

/* One field of a GraphProto, as hebb writes it. */
typedef struct hb_onnx_part {
	int number; /* GRAPH_... */
	const hb_onnx_node *node;
	const hb_onnx_tensor *tensor;
	const char *name; /* of the graph */
	hb_onnx_end end;  /* its input or output */
} hb_onnx_part;

/* How many bytes at the beginning of `rest` are the part as hb_onnx_format() writes it, tag and
 * length included; of a tensor without values all that stands before them.  0: they are others. */
size_t hb_onnx_part_match(const hb_onnx_part *part, hb_span rest);

/* These bytes, to be freed with free(); NULL without memory. */
unsigned char *hb_onnx_part_bytes(const hb_onnx_part *part, size_t *size);

static inline uint64_t hb_onnx_tensor_count(const hb_onnx_tensor *tensor)
{
	uint64_t count = 1;
	for (int i = 0; i < tensor->rank; i++)
		count *= (uint64_t)tensor->dims[i];
	return count;
}

/* Bytes of a value of a tensor. */
static inline size_t hb_onnx_value_size(const hb_onnx_tensor *tensor)
{
	return tensor->type == HB_ONNX_FLOAT ? 4 : 8;
}

typedef struct hb_field {
	int number, wire;
	uint64_t value; /* VARINT */
	hb_span bytes;  /* BYTES; 8 or 4 bytes of FIXED64 and FIXED32 */
} hb_field;

/* Takes the next field off the front: 1, 0 at the end, -1 if there is none that can be. */
int hb_take_field(hb_span *rest, hb_field *f);

int hb_span_is(hb_span span, const char *text);

#endif
