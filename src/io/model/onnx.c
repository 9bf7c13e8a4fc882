/* SPDX-License-Identifier: MIT */
/*
 * onnx.c - the part of ONNX that hebb writes and reads
 *
 * ONNX is protobuf.  A message is a row of fields, each a varint `number << 3 | wire` and then, by
 * wire type, 0: a varint; 1: 8 bytes; 2: a varint length and so many bytes (text, tensor data, a
 * message); 5: 4 bytes.  A varint has 7 bits a byte, the lowest first, the top bit set on all but
 * the last.  Messages and field numbers are those of onnx.proto (ONNX IR 7, opset 13; with layer
 * norm, which came with it, IR 8, opset 17, the other operators being the same in both; operators
 * on texts are of ai.onnx.ml, version 2); fields are written in ascending order, so that a protobuf
 * library writes back the same bytes.
 *
 * A length comes before its contents. So the writer runs twice: first it counts and notes the
 * length of each message, then it writes. The reader trusts no length, never recurses and allocates
 * nothing.
 */
#include "onnx_wire.h"
#include "../io.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEAL "hebb.hash"
#define SEAL_DIGITS 16

static const char *const sealed[] = {HB_DESCRIPTION, HB_RECORD};
#define SEALED (int)(sizeof sealed / sizeof sealed[0])

/* ---- Writing: the wire ---- */

typedef enum writer_mode { COUNT, WRITE, COMPARE } writer_mode;

typedef struct writer {
	writer_mode mode;
	unsigned char *bytes; /* WRITE: where to */
	hb_span same;         /* COMPARE: with what */
	int differs;          /* COMPARE */
	uint64_t size;        /* so far */
	uint64_t *length;     /* of each message, in the order of their beginnings */
	size_t messages, room;
	int no_memory;
} writer;

static void put_bytes(writer *out, const void *bytes, size_t size)
{
	if (out->mode == WRITE && size)
		memcpy(out->bytes + out->size, bytes, size);
	if (out->mode == COMPARE && !out->differs)
		out->differs = size > out->same.size - (size_t)out->size ||
			       (size && memcmp(out->same.at + out->size, bytes, size) != 0);
	out->size += size;
}

/* Begins anew with what was counted. */
static void again(writer *out, writer_mode mode)
{
	out->mode = mode;
	out->size = 0;
	out->messages = 0;
}

static void put_varint(writer *out, uint64_t value)
{
	unsigned char text[10];
	size_t size = 0;
	for (; value > 127; value >>= 7)
		text[size++] = (unsigned char)(value | 128);
	text[size++] = (unsigned char)value;
	put_bytes(out, text, size);
}

/* The same bytes on machines of either byte order. */
static void put_float(writer *out, float value)
{
	uint32_t bits;
	memcpy(&bits, &value, sizeof bits);
	unsigned char text[4] = {(unsigned char)bits, (unsigned char)(bits >> 8),
				 (unsigned char)(bits >> 16), (unsigned char)(bits >> 24)};
	put_bytes(out, text, sizeof text);
}

static void put_fixed64(writer *out, uint64_t bits)
{
	unsigned char text[8];
	for (int i = 0; i < 8; i++)
		text[i] = (unsigned char)(bits >> 8 * i);
	put_bytes(out, text, sizeof text);
}

static void put_double(writer *out, double value)
{
	uint64_t bits;
	memcpy(&bits, &value, sizeof bits);
	put_fixed64(out, bits);
}

static void put_head(writer *out, int number, int wire)
{
	put_varint(out, (uint64_t)number << 3 | (uint64_t)wire);
}

static void put_int(writer *out, int number, uint64_t value)
{
	put_head(out, number, VARINT);
	put_varint(out, value);
}

static void put_text(writer *out, int number, const char *text)
{
	put_head(out, number, BYTES);
	put_varint(out, strlen(text));
	put_bytes(out, text, strlen(text));
}

/* Keeps `value` as the length of a message. */
static void note_length(writer *out, size_t message, uint64_t value)
{
	if (message >= out->room) {
		size_t room = out->room ? 2 * out->room : 256;
		uint64_t *length = realloc(out->length, room * sizeof *length);
		if (!length) {
			out->no_memory = 1;
			return;
		}
		out->length = length;
		out->room = room;
	}
	out->length[message] = value;
}

/* Begins a message in field `number`; returns what end() wants to know.  While counting, the place
 * of its length holds where it began. */
static size_t begin(writer *out, int number)
{
	size_t message = out->messages++;
	put_head(out, number, BYTES);
	if (out->mode != COUNT)
		put_varint(out, out->length[message]);
	else if (!out->no_memory)
		note_length(out, message, out->size);
	return message;
}

static void end(writer *out, size_t message)
{
	if (out->mode != COUNT || out->no_memory)
		return;
	out->length[message] = out->size - out->length[message];
	put_varint(out, out->length[message]);
}

/* ---- Writing: the messages ---- */

static void put_float_field(writer *out, int number, float value)
{
	put_head(out, number, FIXED32);
	put_float(out, value);
}

static void put_attribute_value(writer *out, const hb_onnx_attribute *attribute)
{
	switch (attribute->kind) {
	case HB_ONNX_IS_FLOAT:
		put_float_field(out, ATTRIBUTE_F, attribute->f);
		break;
	case HB_ONNX_IS_INT:
		put_int(out, ATTRIBUTE_I, (uint64_t)attribute->i);
		break;
	case HB_ONNX_IS_TEXT:
		put_text(out, ATTRIBUTE_S, attribute->text);
		break;
	case HB_ONNX_IS_INTS:
		for (int i = 0; i < attribute->count; i++)
			put_int(out, ATTRIBUTE_INTS, (uint64_t)(attribute->i + i));
		break;
	case HB_ONNX_IS_TEXTS:
		if (attribute->text)
			put_text(out, ATTRIBUTE_STRINGS, attribute->text);
		for (int i = 0; i < attribute->count; i++)
			put_text(out, ATTRIBUTE_STRINGS, attribute->texts[i]);
	}
}

static void put_attribute(writer *out, const hb_onnx_attribute *attribute)
{
	size_t message = begin(out, NODE_ATTRIBUTE);
	put_text(out, ATTRIBUTE_NAME, attribute->name);
	put_attribute_value(out, attribute);
	put_int(out, ATTRIBUTE_TYPE, (uint64_t)attribute->kind);
	end(out, message);
}

static void put_node(writer *out, const hb_onnx_node *node)
{
	size_t message = begin(out, GRAPH_NODE);
	if (node->given)
		put_text(out, NODE_INPUT, node->given);
	for (int i = 0; i < 5 && node->input[i][0]; i++)
		put_text(out, NODE_INPUT, node->input[i]);
	for (int i = 0; i < node->more_count; i++)
		put_text(out, NODE_INPUT, node->more[i].text);
	put_text(out, NODE_OUTPUT, node->output);
	put_text(out, NODE_NAME, node->output);
	put_text(out, NODE_OP_TYPE, node->op);
	for (int i = 0; i < HB_ONNX_ATTRIBUTES && node->attribute[i].name; i++)
		put_attribute(out, &node->attribute[i]);
	if (node->domain)
		put_text(out, NODE_DOMAIN, node->domain);
	end(out, message);
}

static void put_values(writer *out, const hb_onnx_tensor *tensor)
{
	uint64_t count = hb_onnx_tensor_count(tensor);
	const float *floats = tensor->values;
	const double *doubles = tensor->values;
	const int64_t *integers = tensor->values;

	for (uint64_t i = 0; i < count; i++)
		if (tensor->type == HB_ONNX_FLOAT)
			put_float(out, floats[i]);
		else if (tensor->type == HB_ONNX_DOUBLE)
			put_double(out, doubles[i]);
		else
			put_fixed64(out, (uint64_t)integers[i]);
}

/* Without its values, if these are NULL; its lengths count them all the same. */
static void put_tensor(writer *out, const hb_onnx_tensor *tensor)
{
	size_t message = begin(out, GRAPH_INITIALIZER);
	uint64_t size = hb_onnx_value_size(tensor) * hb_onnx_tensor_count(tensor);
	for (int i = 0; i < tensor->rank; i++)
		put_int(out, TENSOR_DIMS, (uint64_t)tensor->dims[i]);
	put_int(out, TENSOR_DATA_TYPE, (uint64_t)tensor->type);
	put_text(out, TENSOR_NAME, tensor->name);
	put_head(out, TENSOR_RAW_DATA, BYTES);
	put_varint(out, size);
	if (out->mode == COUNT)
		out->size += size;
	else if (tensor->values)
		put_values(out, tensor);
	end(out, message);
}

/* An input or output of the graph. */
static void put_value(writer *out, int number, hb_onnx_end is)
{
	size_t value = begin(out, number);
	put_text(out, VALUE_NAME, is.name);
	size_t type = begin(out, VALUE_TYPE);
	size_t tensor = begin(out, TYPE_TENSOR);
	put_int(out, TYPE_TENSOR_ELEMENT, (uint64_t)is.type);
	size_t shape = begin(out, TYPE_TENSOR_SHAPE);
	size_t rows = begin(out, SHAPE_DIM);
	put_text(out, DIM_PARAM, "rows");
	end(out, rows);
	if (is.width > 0) {
		size_t columns = begin(out, SHAPE_DIM);
		put_int(out, DIM_VALUE, (uint64_t)is.width);
		end(out, columns);
	}
	end(out, shape);
	end(out, tensor);
	end(out, type);
	end(out, value);
}

static void put_part(writer *out, const hb_onnx_part *part)
{
	switch (part->number) {
	case GRAPH_NODE:
		put_node(out, part->node);
		break;
	case GRAPH_INITIALIZER:
		put_tensor(out, part->tensor);
		break;
	case GRAPH_NAME:
		put_text(out, GRAPH_NAME, part->name);
		break;
	default:
		put_value(out, part->number, part->end);
	}
}

/* The most messages in a part, in one another or not: a value has 6. */
enum { PART_MESSAGES = 8 };

size_t hb_onnx_part_match(const hb_onnx_part *part, hb_span rest)
{
	uint64_t length[PART_MESSAGES];
	writer out = {.length = length, .room = PART_MESSAGES};

	put_part(&out, part);
	again(&out, COMPARE);
	out.same = rest;
	put_part(&out, part);
	return out.differs ? 0 : (size_t)out.size;
}

unsigned char *hb_onnx_part_bytes(const hb_onnx_part *part, size_t *size)
{
	uint64_t length[PART_MESSAGES];
	writer out = {.length = length, .room = PART_MESSAGES};

	put_part(&out, part);
	out.bytes = malloc((size_t)out.size);
	if (!out.bytes)
		return NULL;
	again(&out, WRITE);
	put_part(&out, part);
	*size = (size_t)out.size;
	return out.bytes;
}

static void put_graph(writer *out, const hb_onnx_graph *graph)
{
	for (int i = 0; i < graph->nodes; i++)
		put_node(out, &graph->node[i]);
	put_text(out, GRAPH_NAME, HB_ONNX_GRAPH);
	for (int i = 0; i < graph->tensors; i++)
		put_tensor(out, &graph->tensor[i]);
	for (int i = 0; i < graph->inputs + graph->outputs; i++)
		put_value(out, i < graph->inputs ? GRAPH_INPUT : GRAPH_OUTPUT, graph->end[i]);
}

static void put_opset(writer *out, const char *domain, int version)
{
	size_t message = begin(out, MODEL_OPSET_IMPORT);
	if (domain)
		put_text(out, OPSET_DOMAIN, domain);
	put_int(out, OPSET_VERSION, (uint64_t)version);
	end(out, message);
}

static void put_entry(writer *out, const char *key, const char *value)
{
	size_t message = begin(out, MODEL_METADATA);
	put_text(out, ENTRY_KEY, key);
	put_text(out, ENTRY_VALUE, value);
	end(out, message);
}

/* The seal comes last, so that a file that was cut anywhere has none. */
static void put_model(writer *out, const hb_onnx_graph *graph, int entries,
		      const hb_onnx_entry *entry)
{
	uint64_t hash = HB_FNV;
	char seal[SEAL_DIGITS + 1];

	put_int(out, MODEL_IR_VERSION, graph->has_layer_norm ? LATER_IR_VERSION : IR_VERSION);
	put_text(out, MODEL_PRODUCER_NAME, "hebb");
	put_text(out, MODEL_PRODUCER_VERSION, HEBB_VERSION);
	size_t message = begin(out, MODEL_GRAPH);
	uint64_t from = out->size;
	put_graph(out, graph);
	if (out->mode == WRITE)
		hash = hb_fnv(hash, out->bytes + from, (size_t)(out->size - from));
	end(out, message);
	put_opset(out, NULL, graph->has_layer_norm ? LATER_OPSET : OPSET);
	if (graph->has_ml)
		put_opset(out, HB_ONNX_ML, ML_OPSET);
	for (int i = 0; i < entries; i++)
		put_entry(out, entry[i].key, entry[i].value);
	for (int s = 0; s < SEALED; s++)
		for (int i = 0; i < entries; i++)
			if (!strcmp(entry[i].key, sealed[s]))
				hash = hb_fnv(hash, entry[i].value, strlen(entry[i].value));
	snprintf(seal, sizeof seal, "%016" PRIx64, hash);
	put_entry(out, SEAL, seal);
}

hebb_status hb_onnx_format(const hb_onnx_graph *graph, int entries, const hb_onnx_entry *entry,
			   unsigned char **bytes, size_t *size, hebb_error *error)
{
	writer out = {0};

	put_model(&out, graph, entries, entry);
	if (!out.no_memory && out.size > HB_ONNX_MOST) {
		free(out.length);
		return hebb_fail(error, HEBB_UNSUPPORTED,
				 "the model would take %" PRIu64
				 " bytes; a file of ONNX holds at most 2 GB",
				 out.size);
	}
	unsigned char *made = out.no_memory ? NULL : malloc((size_t)out.size);
	if (!made) {
		free(out.length);
		return hb_out_of_memory(error);
	}
	out.bytes = made;
	again(&out, WRITE);
	put_model(&out, graph, entries, entry);
	free(out.length);
	*bytes = made;
	*size = (size_t)out.size;
	return HEBB_OK;
}

/* ---- Reading: the wire ---- */

/* Takes a varint off the front; 0 if it is cut or has more than 64 bits. */
static int take_varint(hb_span *rest, uint64_t *value)
{
	*value = 0;
	for (int shift = 0; shift < 64 && rest->size; shift += 7) {
		unsigned char byte = *rest->at++;
		rest->size--;
		if (shift == 63 && byte > 1)
			return 0;
		*value |= (uint64_t)(byte & 127) << shift;
		if (byte < 128)
			return 1;
	}
	return 0;
}

static int take_bytes(hb_span *rest, uint64_t size, hb_span *bytes)
{
	if (size > rest->size)
		return 0;
	*bytes = (hb_span){rest->at, (size_t)size};
	rest->at += size;
	rest->size -= (size_t)size;
	return 1;
}

/* Groups (wire types 3 and 4, unused by ONNX) are refused: nothing in a file can make this nest. */
int hb_take_field(hb_span *rest, hb_field *f)
{
	const uint64_t most = (1 << 29) - 1; /* the highest field number of protobuf */
	uint64_t head, size = 0;
	int ok;

	if (!rest->size)
		return 0;
	if (!take_varint(rest, &head) || head >> 3 < 1 || head >> 3 > most)
		return -1;
	*f = (hb_field){.number = (int)(head >> 3), .wire = (int)(head & 7)};
	switch (f->wire) {
	case VARINT:
		ok = take_varint(rest, &f->value);
		break;
	case BYTES:
		ok = take_varint(rest, &size) && take_bytes(rest, size, &f->bytes);
		break;
	case FIXED64:
		ok = take_bytes(rest, 8, &f->bytes);
		break;
	case FIXED32:
		ok = take_bytes(rest, 4, &f->bytes);
		break;
	default:
		ok = 0;
	}
	return ok ? 1 : -1;
}

int hb_span_is(hb_span span, const char *text)
{
	return span.at && span.size == strlen(text) && !memcmp(span.at, text, span.size);
}

/* ---- Reading: the messages ---- */

/* Where the field that sets a part of the file is to be kept; NULL for those that hebb has no use
 * for. */
static hb_span *part_of(hb_onnx *onnx, int number)
{
	switch (number) {
	case MODEL_GRAPH:
		return &onnx->graph;
	case MODEL_PRODUCER_NAME:
		return &onnx->producer;
	case MODEL_PRODUCER_VERSION:
		return &onnx->version;
	default:
		return NULL;
	}
}

hebb_status hb_onnx_open(hb_onnx *onnx, const void *bytes, size_t size, const char *name,
			 hebb_error *error)
{
	hb_span rest = {bytes, size};
	hb_field f;
	int more;

	*onnx = (hb_onnx){.name = name, .file = rest};
	while ((more = hb_take_field(&rest, &f)) > 0) {
		hb_span *part = f.wire == BYTES ? part_of(onnx, f.number) : NULL;
		if (part && part->at)
			return hebb_fail(error, HEBB_BAD_FORMAT,
					 "%s: is no ONNX model: a part of it is there twice", name);
		if (part)
			*part = f.bytes;
	}
	if (!size)
		return hebb_fail(error, HEBB_BAD_FORMAT, "%s: is empty, not a model", name);
	if (!hb_onnx_probe(bytes, size))
		return hebb_fail(error, HEBB_BAD_FORMAT, "%s: is not an ONNX model", name);
	if (more < 0 || !onnx->graph.at)
		return hebb_fail(
			error, HEBB_BAD_FORMAT,
			"%s: is a truncated or damaged ONNX model (readable up to byte %zu of %zu)",
			name, size - rest.size, size);
	return HEBB_OK;
}

/* Reads an entry of metadata_props; 0 if it has anything but at most one key and one value. */
static int read_entry(hb_span rest, hb_span *key, hb_span *value)
{
	hb_field f;
	int more;

	*key = *value = (hb_span){0};
	while ((more = hb_take_field(&rest, &f)) > 0) {
		hb_span *to = f.number == ENTRY_KEY ? key : value;
		if (f.number > ENTRY_VALUE || f.wire != BYTES || to->at)
			return 0;
		*to = f.bytes;
	}
	return more == 0;
}

hebb_status hb_onnx_find(const hb_onnx *onnx, const char *key, hb_span *value, hebb_error *error)
{
	hb_span rest = onnx->file, found_key, found;
	hb_field f;

	*value = (hb_span){0};
	while (hb_take_field(&rest, &f) > 0) {
		if (f.number != MODEL_METADATA || f.wire != BYTES)
			continue;
		if (!read_entry(f.bytes, &found_key, &found))
			return hebb_fail(error, HEBB_BAD_FORMAT,
					 "%s: is a damaged ONNX model: an entry of its metadata is "
					 "not a key and a value",
					 onnx->name);
		if (!hb_span_is(found_key, key))
			continue;
		if (value->at)
			return hebb_fail(
				error, HEBB_BAD_FORMAT,
				"%s: has two entries \"%s\", it was altered after hebb wrote it",
				onnx->name, key);
		*value = found;
	}
	return HEBB_OK;
}

hebb_status hb_onnx_check_seal(const hb_onnx *onnx, hebb_error *error)
{
	uint64_t hash = hb_fnv(HB_FNV, onnx->graph.at, onnx->graph.size);
	char seal[SEAL_DIGITS + 1];
	hb_span found;
	hebb_status status;

	for (int s = 0; s < SEALED; s++) {
		status = hb_onnx_find(onnx, sealed[s], &found, error);
		if (status)
			return status;
		hash = hb_fnv(hash, found.at, found.size);
	}
	snprintf(seal, sizeof seal, "%016" PRIx64, hash);
	status = hb_onnx_find(onnx, SEAL, &found, error);
	if (!status && !hb_span_is(found, seal))
		status = hebb_fail(error, HEBB_BAD_FORMAT,
				   found.at ? "%s: was altered after hebb wrote it"
					    : "%s: is truncated, its last entry (" SEAL
					      ") is missing",
				   onnx->name);
	return status;
}

/* A writer of protobuf begins with the lowest field: the IR version, a small number; then come
 * other fields of a ModelProto, all but model_version (5) of wire type 2. */
int hb_onnx_probe(const void *bytes, size_t size)
{
	const unsigned char *at = bytes;
	if (size < 4 || at[0] != (MODEL_IR_VERSION << 3 | VARINT) || at[1] < 1 || at[1] > 127)
		return 0;
	int number = at[2] >> 3, wire = at[2] & 7;
	return number > MODEL_IR_VERSION && number <= MODEL_METADATA &&
	       wire == (number == 5 ? VARINT : BYTES);
}

hb_span hb_onnx_producer(const void *bytes, size_t size)
{
	hb_span rest = {bytes, size};
	hb_field f;

	while (hb_take_field(&rest, &f) > 0)
		if (f.number == MODEL_PRODUCER_NAME && f.wire == BYTES)
			return f.bytes;
	return (hb_span){0};
}
