/* SPDX-License-Identifier: MIT */
/*
 * onnx_graph.c - is the graph of a file the one that hebb writes for its description?
 *
 * Other programs run the graph, and only hebb reads the description beside it. Both must give the
 * same answers. So a file is read only if each part of its graph has the exact bytes that hebb
 * writes (hb_onnx_part_match()); only the numbers of the layers are taken as they are. Other bytes
 * with the same meaning are refused too: the seal covers the graph, and only hebb makes the seal.
 *
 * Everything is compared in one pass, in the order of the file. Fields are examined only to say
 * what is different.
 */
#include "onnx_wire.h"
#include "../io.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* BAD_FORMAT with what is different. */
static hebb_status altered(const hb_onnx *onnx, const char *what, hebb_error *error)
{
	return hebb_fail(
		error, HEBB_BAD_FORMAT,
		"%s: was altered after hebb wrote it: %s; other programs run the graph, "
		"so hebb does not answer by the description: take the file as hebb wrote it",
		onnx->name, what);
}

/* ---- Outside the graph ---- */

/* The wire type of a field of ModelProto that may be there; -1: of all others. */
static int wire_of(int number)
{
	switch (number) {
	case MODEL_IR_VERSION:
	case MODEL_VERSION:
		return VARINT;
	case MODEL_PRODUCER_NAME:
	case MODEL_PRODUCER_VERSION:
	case MODEL_DOMAIN:
	case MODEL_DOC_STRING:
	case MODEL_GRAPH:
	case MODEL_OPSET_IMPORT:
	case MODEL_METADATA:
		return BYTES;
	default:
		return -1;
	}
}

/* 1 if an OperatorSetIdProto is a version of a domain, NULL being ONNX's own, and no more. */
static int is_opset(hb_span rest, const char *domain, uint64_t version)
{
	hb_field f;

	if (domain && (hb_take_field(&rest, &f) <= 0 || f.number != OPSET_DOMAIN ||
		       f.wire != BYTES || !hb_span_is(f.bytes, domain)))
		return 0;
	return hb_take_field(&rest, &f) > 0 && f.number == OPSET_VERSION && f.wire == VARINT &&
	       f.value == version && !rest.size;
}

hebb_status hb_onnx_check_file(const hb_onnx *onnx, int has_layer_norm, int has_ml,
			       hebb_error *error)
{
	uint64_t ir_version = has_layer_norm ? LATER_IR_VERSION : IR_VERSION,
		 opset = has_layer_norm ? LATER_OPSET : OPSET;
	int ir_versions = 0, opsets = 0, is_right = 1;
	hb_span rest = onnx->file;
	char what[128];
	hb_field f;

	while (hb_take_field(&rest, &f) > 0) {
		if (f.wire != wire_of(f.number)) {
			snprintf(what, sizeof what,
				 "beside the graph it has a part that hebb does not write "
				 "(field %d)",
				 f.number);
			return altered(onnx, what, error);
		}
		if (f.number == MODEL_IR_VERSION)
			ir_versions += f.value == ir_version ? 1 : 2;
		if (f.number == MODEL_OPSET_IMPORT && opsets++ > 0)
			is_right &= has_ml && is_opset(f.bytes, HB_ONNX_ML, ML_OPSET);
		else if (f.number == MODEL_OPSET_IMPORT)
			is_right &= is_opset(f.bytes, NULL, opset);
	}
	if (ir_versions == 1 && is_right && opsets == 1 + has_ml)
		return HEBB_OK;
	snprintf(what, sizeof what, "its graph is not of ONNX IR version %d and opset %d%s",
		 (int)ir_version, (int)opset, has_ml ? " with " HB_ONNX_ML " 2" : "");
	return altered(onnx, what, error);
}

/* ---- What is different, in words ---- */

/* The first field of a number in a message; at = NULL if there is none. */
static hb_span find_field(hb_span rest, int number)
{
	hb_field f;

	while (hb_take_field(&rest, &f) > 0)
		if (f.number == number && f.wire == BYTES)
			return f.bytes;
	return (hb_span){0};
}

static int is_same(const hb_field *a, const hb_field *b)
{
	return a->number == b->number && a->wire == b->wire && a->value == b->value &&
	       a->bytes.size == b->bytes.size &&
	       (!a->bytes.size || !memcmp(a->bytes.at, b->bytes.at, a->bytes.size));
}

/* The number of the first field that is not the same in two messages; 0: there is none. */
static int first_difference(hb_span a, hb_span b)
{
	for (;;) {
		hb_field x = {0}, y = {0};
		int has_x = hb_take_field(&a, &x) > 0, has_y = hb_take_field(&b, &y) > 0;

		if (has_x && has_y && is_same(&x, &y))
			continue;
		if (!has_x || !has_y)
			return has_x ? x.number : y.number;
		return x.number < y.number ? x.number : y.number;
	}
}

/* Room for a part in a sentence. */
enum { SHOWN = 256, SHOWN_NODE = 64 };

/* "Mul "x"", a node by its operator and what it computes. */
static void show_node(hb_span node, char *text, size_t room)
{
	char op[32], output[HB_ONNX_NAME];
	hb_span type = find_field(node, NODE_OP_TYPE), name = find_field(node, NODE_OUTPUT);

	hebb_show((const char *)type.at, type.size, op, sizeof op);
	hebb_show((const char *)name.at, name.size, output, sizeof output);
	snprintf(text, room, "%s \"%s\"", op, output);
}

/* The name of the graph, of an input or of an output, which may be a column's. */
static void show_end(const hb_onnx_part *part, char *text, size_t room)
{
	const char *name = part->number == GRAPH_NAME ? part->name : part->end.name;

	hebb_show(name, strlen(name), text, room);
}

/* How the node of a file differs from `by`, the one that is expected. */
static void compare_nodes(int number, hb_span node, hb_span by, char *what, size_t room)
{
	static const char *const parts[] = {
		[0] = "is encoded in another way",       [NODE_INPUT] = "has other inputs",
		[NODE_OUTPUT] = "has another output",    [NODE_NAME] = "has another name",
		[NODE_OP_TYPE] = "is another operator",  [NODE_ATTRIBUTE] = "has other attributes",
		[NODE_ATTRIBUTE + 1] = "has more parts", [NODE_DOMAIN] = "is of another domain"};
	int part = first_difference(node, by);
	hb_span op = find_field(node, NODE_OP_TYPE), op_by = find_field(by, NODE_OP_TYPE);
	char found[SHOWN_NODE], expected[SHOWN_NODE];

	show_node(node, found, sizeof found);
	show_node(by, expected, sizeof expected);
	if (op.size != op_by.size || (op.size && memcmp(op.at, op_by.at, op.size) != 0))
		snprintf(what, room, "node %d is %s in the graph and %s by the description", number,
			 found, expected);
	else
		snprintf(what, room, "node %d, %s, %s in the graph than by the description", number,
			 expected, part <= NODE_DOMAIN ? parts[part] : "has more parts");
}

/* A part that is there where `part`, whose bytes are `by`, is expected, or nothing any more. */
static void compare_parts(const hb_onnx_walk *walk, const hb_onnx_part *part, hb_span by,
			  char *what, size_t room)
{
	hb_span rest = walk->rest;
	hb_field found = {0}, expected = {0};
	char node[SHOWN_NODE], end[SHOWN_NODE];
	int is_there = hb_take_field(&rest, &found) > 0 && found.number == part->number &&
		       found.wire == BYTES;

	if (part->number == GRAPH_NODE) {
		hb_take_field(&by, &expected);
		show_node(expected.bytes, node, sizeof node);
		if (is_there)
			compare_nodes(walk->nodes + 1, found.bytes, expected.bytes, what, room);
		else
			snprintf(what, room,
				 "node %d of the description, %s, is missing in the graph",
				 walk->nodes + 1, node);
	} else if (found.number == GRAPH_NODE && found.wire == BYTES) {
		show_node(found.bytes, node, sizeof node);
		snprintf(what, room, "node %d of the graph, %s, is not in the description",
			 walk->nodes + 1, node);
	} else if (part->number == GRAPH_INITIALIZER) {
		is_there &= hb_span_is(find_field(found.bytes, TENSOR_NAME), part->tensor->name);
		snprintf(what, room, "tensor \"%s\" %s", part->tensor->name,
			 is_there ? "does not fit the description of the network"
				  : "is missing or not in its place");
	} else {
		show_end(part, end, sizeof end);
		snprintf(what, room, "the %s of the graph \"%s\" is missing or another",
			 part->number == GRAPH_NAME    ? "name"
			 : part->number == GRAPH_INPUT ? "input"
						       : "output",
			 end);
	}
}

/* ---- The parts in their order ---- */

hb_onnx_walk hb_onnx_begin(const hb_onnx *onnx, hebb_error *error)
{
	return (hb_onnx_walk){.onnx = onnx, .rest = onnx->graph, .error = error};
}

/* Says how what is there differs from a part. */
static hebb_status refuse(const hb_onnx_walk *walk, const hb_onnx_part *part)
{
	size_t size;
	unsigned char *bytes = hb_onnx_part_bytes(part, &size);
	char what[SHOWN];

	if (!bytes)
		return hb_out_of_memory(walk->error);
	compare_parts(walk, part, (hb_span){bytes, size}, what, sizeof what);
	free(bytes);
	return altered(walk->onnx, what, walk->error);
}

/* Takes a part off the front if it is the one that is expected; else 0. */
static int takes(hb_onnx_walk *walk, const hb_onnx_part *part)
{
	size_t size = hb_onnx_part_match(part, walk->rest);

	walk->rest.at += size;
	walk->rest.size -= size;
	return size > 0;
}

static hebb_status take(hb_onnx_walk *walk, const hb_onnx_part *part)
{
	return takes(walk, part) ? HEBB_OK : refuse(walk, part);
}

hebb_status hb_onnx_take_node(hb_onnx_walk *walk, const hb_onnx_node *node)
{
	hebb_status status = take(walk, &(hb_onnx_part){.number = GRAPH_NODE, .node = node});

	walk->nodes += !status;
	return status;
}

hebb_status hb_onnx_take_name(hb_onnx_walk *walk)
{
	return take(walk, &(hb_onnx_part){.number = GRAPH_NAME, .name = HB_ONNX_GRAPH});
}

/* A little-endian float. */
static float read_float(const unsigned char *at)
{
	uint32_t bits =
		at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
	float value;

	memcpy(&value, &bits, sizeof value);
	return value;
}

static int64_t read_integer(const unsigned char *at)
{
	uint64_t bits = 0;
	int64_t value;

	for (int i = 7; i >= 0; i--)
		bits = bits << 8 | at[i];
	memcpy(&value, &bits, sizeof value);
	return value;
}

static double read_double(const unsigned char *at)
{
	int64_t bits = read_integer(at);
	double value;

	memcpy(&value, &bits, sizeof value);
	return value;
}

/* Value i of those that a tensor has or, beginning at `at`, of those in a file. */
static double value_of(const hb_onnx_tensor *tensor, uint64_t i)
{
	const float *floats = tensor->values;
	const double *doubles = tensor->values;
	const int64_t *integers = tensor->values;

	return tensor->type == HB_ONNX_FLOAT    ? (double)floats[i]
	       : tensor->type == HB_ONNX_DOUBLE ? doubles[i]
						: (double)integers[i];
}

static double value_at(const hb_onnx_tensor *tensor, const unsigned char *at)
{
	return tensor->type == HB_ONNX_FLOAT    ? (double)read_float(at)
	       : tensor->type == HB_ONNX_DOUBLE ? read_double(at)
						: (double)read_integer(at);
}

/* The first value of a tensor that is not the one that is known. */
static hebb_status refuse_values(const hb_onnx_walk *walk, const hb_onnx_tensor *tensor)
{
	uint64_t count = hb_onnx_tensor_count(tensor), i = 0;
	size_t size = hb_onnx_value_size(tensor);
	const unsigned char *at = walk->rest.at;
	char what[SHOWN];

	while (i + 1 < count && value_at(tensor, at + i * size) == value_of(tensor, i))
		i++;
	snprintf(what, sizeof what,
		 "tensor \"%s\" holds %.9g in the graph and %.9g by the description", tensor->name,
		 value_at(tensor, at + i * size), value_of(tensor, i));
	return altered(walk->onnx, what, walk->error);
}

/* Copies the values that follow the head of a tensor. */
static hebb_status take_values(hb_onnx_walk *walk, const hb_onnx_tensor *tensor, void *values)
{
	uint64_t count = hb_onnx_tensor_count(tensor);
	size_t size = hb_onnx_value_size(tensor);
	const unsigned char *at = walk->rest.at;
	float *floats = values;
	double *doubles = values;
	int all_finite = 1;

	for (uint64_t i = 0; i < count; i++, at += size) {
		double value = value_at(tensor, at);

		all_finite &= isfinite(value) != 0;
		if (tensor->type == HB_ONNX_DOUBLE)
			doubles[i] = value;
		else
			floats[i] = (float)value;
	}
	walk->rest.at = at;
	walk->rest.size -= (size_t)(size * count);
	if (all_finite)
		return HEBB_OK;
	return hebb_fail(walk->error, HEBB_BAD_FORMAT,
			 "%s: tensor \"%s\" holds a value that is not finite", walk->onnx->name,
			 tensor->name);
}

hebb_status hb_onnx_take_tensor(hb_onnx_walk *walk, const hb_onnx_tensor *tensor, void *values)
{
	hb_onnx_tensor head = *tensor;
	hebb_status status;

	if (tensor->is_known &&
	    takes(walk, &(hb_onnx_part){.number = GRAPH_INITIALIZER, .tensor = tensor}))
		return HEBB_OK;
	head.values = NULL;
	status = take(walk, &(hb_onnx_part){.number = GRAPH_INITIALIZER, .tensor = &head});
	if (status)
		return status;
	if (hb_onnx_tensor_count(tensor) > walk->rest.size / hb_onnx_value_size(tensor))
		return hebb_fail(walk->error, HEBB_BAD_FORMAT,
				 "%s: the values of tensor \"%s\" lie outside the graph",
				 walk->onnx->name, tensor->name);
	return tensor->is_known ? refuse_values(walk, tensor) : take_values(walk, tensor, values);
}

hebb_status hb_onnx_take_input(hb_onnx_walk *walk, hb_onnx_end end)
{
	return take(walk, &(hb_onnx_part){.number = GRAPH_INPUT, .end = end});
}

hebb_status hb_onnx_take_output(hb_onnx_walk *walk, hb_onnx_end end)
{
	return take(walk, &(hb_onnx_part){.number = GRAPH_OUTPUT, .end = end});
}

hebb_status hb_onnx_finish(hb_onnx_walk *walk)
{
	return walk->rest.size
		       ? altered(walk->onnx, "its graph has more parts than its description knows",
				 walk->error)
		       : HEBB_OK;
}

int hb_onnx_has_tensor(const hb_onnx *onnx, const char *name)
{
	hb_span rest = onnx->graph;
	hb_field f;

	while (hb_take_field(&rest, &f) > 0)
		if (f.number == GRAPH_INITIALIZER && f.wire == BYTES &&
		    hb_span_is(find_field(f.bytes, TENSOR_NAME), name))
			return 1;
	return 0;
}
