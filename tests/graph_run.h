/* SPDX-License-Identifier: MIT */
/*
 * graph_run.h - runs the graph of an ONNX file for one row, as other programs do; for tests and
 * fuzzers
 *
 * It shares nothing with src/io: it looks at the graph alone, reads protobuf as protobuf does (the
 * last of a field counts) and knows the operators from their specification (opset 13 to 17, and
 * ai.onnx.ml 2), in double.  Each number goes with a bound of the error that its type, float32 or
 * float64, makes in computing it, so that the outputs of a network with any weights can be held
 * against those of hebb.
 */
#ifndef HEBB_GRAPH_RUN_H
#define HEBB_GRAPH_RUN_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A number, and how far its type may be from it. */
typedef struct graph_number {
	double v, e;
} graph_number;

typedef struct graph_bytes {
	const unsigned char *at;
	size_t size;
} graph_bytes;

enum { GRAPH_INPUTS = 256, GRAPH_ATTRIBUTES = 8, GRAPH_ENDS = 128 };

/* The types of onnx.proto that are known here. */
enum { GRAPH_FLOAT = 1, GRAPH_INT64 = 7, GRAPH_STRING = 8, GRAPH_BOOL = 9, GRAPH_DOUBLE = 11 };

/* An initializer, the input or the output of a node. */
typedef struct graph_value {
	graph_bytes name;
	int rank;
	size_t dims[2], count;
	int type;
	graph_number *at; /* to be freed; of GRAPH_INT64 and GRAPH_BOOL e is 0, or not known */
	graph_bytes text; /* GRAPH_STRING, which has one; at is not used */
} graph_value;

typedef struct graph_attribute {
	graph_bytes name, text, all; /* all: the message, for lists */
	float f;
	int64_t i;
} graph_attribute;

typedef struct graph_node {
	graph_bytes op, domain, input[GRAPH_INPUTS], output;
	int inputs, outputs, attributes, used; /* used: attributes that the operator knows */
	graph_attribute attribute[GRAPH_ATTRIBUTES];
} graph_node;

/* An input or output of the graph: width numbers or a text a row. */
typedef struct graph_end {
	graph_bytes name;
	size_t width;
	int type;
} graph_end;

typedef struct graph {
	graph_value *value;
	size_t values, room;
	graph_end input[GRAPH_ENDS], output[GRAPH_ENDS];
	int inputs, outputs, opset, opsets, ml_opset;
	const char *why; /* NULL, or why it cannot be run */
} graph;

/* float32's relative rounding, with room for functions that are exact to a few units; and what lies
 * below its range. */
#define GRAPH_ROUNDING 2.5e-7
#define GRAPH_ROUNDING_DOUBLE 4.5e-16
#define GRAPH_TINY 1e-36
/* What is larger may overflow on its way, and then anything can come of it. */
#define GRAPH_LARGE 1e36

/* ---- Protobuf ---- */

typedef struct graph_field {
	int number, wire;
	uint64_t value;
	graph_bytes bytes;
} graph_field;

static int graph_varint(graph_bytes *rest, uint64_t *value)
{
	*value = 0;
	for (int shift = 0; shift < 70 && rest->size; shift += 7) {
		unsigned char byte = *rest->at++;
		rest->size--;
		*value |= shift < 64 ? (uint64_t)(byte & 127) << shift : 0;
		if (byte < 128)
			return 1;
	}
	return 0;
}

/* 1: the next field; 0: the end; -1: no protobuf. */
static int graph_next(graph_bytes *rest, graph_field *f)
{
	uint64_t head, size = 0;

	if (!rest->size)
		return 0;
	if (!graph_varint(rest, &head))
		return -1;
	*f = (graph_field){.number = (int)((uint32_t)head >> 3), .wire = (int)(head & 7)};
	if (f->wire == 0)
		return graph_varint(rest, &f->value) ? 1 : -1;
	if (f->wire == 2 && !graph_varint(rest, &size))
		return -1;
	size = f->wire == 1 ? 8 : f->wire == 5 ? 4 : size;
	if ((f->wire != 1 && f->wire != 2 && f->wire != 5) || size > rest->size)
		return -1;
	f->bytes = (graph_bytes){rest->at, (size_t)size};
	rest->at += size;
	rest->size -= (size_t)size;
	return 1;
}

static int graph_is(graph_bytes bytes, const char *text)
{
	return bytes.size == strlen(text) && (!bytes.size || !memcmp(bytes.at, text, bytes.size));
}

static int graph_same(graph_bytes a, graph_bytes b)
{
	return a.size == b.size && (!a.size || !memcmp(a.at, b.at, a.size));
}

static float graph_float(const unsigned char *at)
{
	uint32_t bits =
		at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
	float value;

	memcpy(&value, &bits, sizeof value);
	return value;
}

static int64_t graph_int64(const unsigned char *at)
{
	uint64_t bits = 0;
	int64_t value;

	for (int i = 7; i >= 0; i--)
		bits = bits << 8 | at[i];
	memcpy(&value, &bits, sizeof value);
	return value;
}

static double graph_double(const unsigned char *at)
{
	int64_t bits = graph_int64(at);
	double value;

	memcpy(&value, &bits, sizeof value);
	return value;
}

static int graph_is_type(uint64_t type)
{
	return type == GRAPH_FLOAT || type == GRAPH_DOUBLE;
}

/* ---- The messages ---- */

static void graph_fail(graph *g, const char *why)
{
	g->why = g->why ? g->why : why;
}

static graph_value *graph_find(graph *g, graph_bytes name)
{
	for (size_t i = g->values; i-- > 0;)
		if (graph_same(g->value[i].name, name))
			return &g->value[i];
	return NULL;
}

/* A new value with zeros; NULL if the name is taken. */
static graph_value *graph_new(graph *g, graph_bytes name, int rank, size_t rows, size_t columns)
{
	size_t count = rank == 0 ? 1 : rank == 1 ? rows : rows * columns;

	if (!name.size || graph_find(g, name)) {
		graph_fail(g, "a name is taken");
		return NULL;
	}
	if (g->values == g->room) {
		g->room = 2 * g->room + 16;
		g->value = realloc(g->value, g->room * sizeof *g->value);
		if (!g->value)
			abort();
	}
	graph_value *made = &g->value[g->values++];
	*made = (graph_value){.name = name,
			      .rank = rank,
			      .dims = {rows, columns},
			      .count = count,
			      .type = GRAPH_FLOAT};
	made->at = calloc(count ? count : 1, sizeof *made->at);
	if (!made->at)
		abort();
	return made;
}

/* A TensorProto of float32, float64 or int64 in raw_data. */
static void graph_initializer(graph *g, graph_bytes rest)
{
	graph_bytes name = {0}, raw = {0};
	uint64_t dims[2] = {0, 0}, type = 0;
	int rank = 0, more;
	graph_field f;

	while ((more = graph_next(&rest, &f)) > 0) {
		if (f.number == 1 && f.wire == 0 && rank < 2)
			dims[rank++] = f.value;
		else if (f.number == 2 && f.wire == 0)
			type = f.value & 0xffffffff;
		else if (f.number == 8 && f.wire == 2)
			name = f.bytes;
		else if (f.number == 9 && f.wire == 2)
			raw = f.bytes;
		else if (f.number != 12) /* doc_string */
			graph_fail(g, "a tensor of another kind");
	}
	if (more < 0 || (!graph_is_type(type) && type != GRAPH_INT64))
		graph_fail(g, "a tensor of another kind");
	size_t each = type == GRAPH_FLOAT ? 4 : 8, values = raw.size / each;
	size_t count = rank == 0 ? 1 : (size_t)dims[0] * (rank == 2 ? (size_t)dims[1] : 1);
	if (dims[0] > values || dims[1] > values || count != values || raw.size % each)
		graph_fail(g, "a tensor of another size than its values");
	graph_value *made = g->why ? NULL : graph_new(g, name, rank, dims[0], dims[1]);
	for (size_t i = 0; made && i < count; i++)
		made->at[i].v = type == GRAPH_DOUBLE  ? graph_double(raw.at + 8 * i)
				: type == GRAPH_INT64 ? (double)graph_int64(raw.at + 8 * i)
						      : (double)graph_float(raw.at + 4 * i);
	if (made)
		made->type = (int)type;
}

/* A ValueInfoProto that is float or double, rows x width, or a text a row: [rows] or rows x 1. */
static void graph_value_info(graph *g, graph_bytes rest, graph_end *end)
{
	graph_bytes inner = {0};
	uint64_t type = 0, last = 0;
	int dims = 0;
	graph_field f;

	*end = (graph_end){.width = 0};
	while (graph_next(&rest, &f) > 0) {
		if (f.number == 1 && f.wire == 2)
			end->name = f.bytes;
		if (f.number == 2 && f.wire == 2)
			inner = f.bytes;
	}
	if (graph_next(&inner, &f) <= 0 || f.number != 1 || f.wire != 2 || inner.size)
		graph_fail(g, "an input or output is no tensor");
	inner = f.bytes;
	while (!g->why && graph_next(&inner, &f) > 0) {
		if (f.number == 1)
			type = f.value;
		if (f.number != 2 || f.wire != 2)
			continue;
		for (graph_bytes shape = f.bytes; graph_next(&shape, &f) > 0; dims++) {
			graph_bytes dim = f.bytes;
			last = graph_next(&dim, &f) > 0 && f.number == 1 && f.wire == 0 ? f.value
											: 0;
		}
	}
	if (!(graph_is_type(type) && dims == 2 && last) &&
	    !(type == GRAPH_STRING && (dims == 1 || (dims == 2 && last == 1))))
		graph_fail(g, "an input or output of another kind");
	end->width = type == GRAPH_STRING ? 1 : (size_t)last;
	end->type = (int)type;
}

static void graph_read_attribute(graph_bytes rest, graph_attribute *a)
{
	graph_field f;

	*a = (graph_attribute){.all = rest};
	while (graph_next(&rest, &f) > 0) {
		if (f.number == 1 && f.wire == 2)
			a->name = f.bytes;
		if (f.number == 2 && f.wire == 5)
			a->f = graph_float(f.bytes.at);
		if (f.number == 3 && f.wire == 0)
			memcpy(&a->i, &f.value, sizeof a->i);
		if (f.number == 4 && f.wire == 2)
			a->text = f.bytes;
	}
}

static void graph_read_node(graph *g, graph_bytes rest, graph_node *node)
{
	int more;
	graph_field f;

	*node = (graph_node){.inputs = 0};
	while ((more = graph_next(&rest, &f)) > 0) {
		if (f.wire != 2)
			continue;
		if (f.number == 1 && node->inputs < GRAPH_INPUTS)
			node->input[node->inputs++] = f.bytes;
		else if (f.number == 2 && node->outputs++ == 0)
			node->output = f.bytes;
		else if (f.number == 4)
			node->op = f.bytes;
		else if (f.number == 5 && node->attributes < GRAPH_ATTRIBUTES)
			graph_read_attribute(f.bytes, &node->attribute[node->attributes++]);
		else if (f.number == 7)
			node->domain = f.bytes;
	}
	if (more < 0 || node->outputs != 1 ||
	    (node->domain.size && !graph_is(node->domain, "ai.onnx.ml")))
		graph_fail(g, "a node of another kind");
}

/* ---- The operators ---- */

static graph_attribute *graph_attribute_of(graph_node *node, const char *name)
{
	for (int i = 0; i < node->attributes; i++)
		if (graph_is(node->attribute[i].name, name)) {
			node->used++;
			return &node->attribute[i];
		}
	return NULL;
}

static double graph_f(graph_node *node, const char *name, double standard)
{
	graph_attribute *a = graph_attribute_of(node, name);

	return a ? (double)a->f : standard;
}

static int64_t graph_i(graph_node *node, const char *name, int64_t standard)
{
	graph_attribute *a = graph_attribute_of(node, name);

	return a ? a->i : standard;
}

static double graph_rounding(double v)
{
	return GRAPH_ROUNDING * fabs(v) + GRAPH_TINY;
}

static graph_number graph_two(char op, graph_number a, graph_number b, int is_double)
{
	graph_number r = {0, 0};

	if (op == '+' || op == '-') {
		r.v = op == '+' ? a.v + b.v : a.v - b.v;
		r.e = a.e + b.e;
	} else if (op == '*') {
		r.v = a.v * b.v;
		r.e = fabs(a.v) * b.e + fabs(b.v) * a.e + a.e * b.e;
	} else {
		r.v = a.v / b.v;
		r.e = b.e < fabs(b.v) ? (a.e + fabs(r.v) * b.e) / (fabs(b.v) - b.e) : INFINITY;
	}
	r.e += is_double ? GRAPH_ROUNDING_DOUBLE * fabs(r.v) : graph_rounding(r.v);
	return r;
}

/* An element of a value that is one number, numbers for all outputs, or a table of outputs. */
static graph_number graph_of_output(const graph_value *value, size_t output, size_t k)
{
	size_t each = value->rank >= 2 ? value->dims[1] : value->count;

	if (value->count == 1)
		return value->at[0];
	return value->at[(value->rank >= 2 ? output * each : 0) + (each == 1 ? 0 : k)];
}

/* The same where one of the values has rank 3, which here is 1 x outputs x numbers. */
static void graph_by_output(graph *g, graph_node *node, char op)
{
	graph_value *a = graph_find(g, node->input[0]), *b = graph_find(g, node->input[1]);
	size_t outputs = a->rank == 3 ? a->dims[0] : b->dims[0], each = 1;

	for (int i = 0; i < 2; i++) {
		const graph_value *in = i ? b : a;
		size_t own = in->rank >= 2 ? in->dims[1] : in->count;

		if ((in->rank >= 2 && in->dims[0] != outputs) ||
		    (own != each && own != 1 && each != 1) || in->type != GRAPH_FLOAT)
			graph_fail(g, "inputs that do not fit");
		each = own > each ? own : each;
	}
	graph_value *h = g->why ? NULL : graph_new(g, node->output, 3, outputs, each);
	if (!h)
		return;
	a = graph_find(g, node->input[0]);
	b = graph_find(g, node->input[1]);
	for (size_t i = 0; i < outputs * each; i++)
		h->at[i] = graph_two(op, graph_of_output(a, i / each, i % each),
				     graph_of_output(b, i / each, i % each), 0);
}

/* 1 if it is the list [axis]. */
static int graph_is_axis(const graph_value *value, double axis)
{
	return value && value->type == GRAPH_INT64 && value->rank == 1 && value->count == 1 &&
	       value->at[0].v == axis;
}

/* A row to 1 x outputs x 1. */
static void graph_unsqueeze(graph *g, graph_node *node)
{
	graph_value *a = graph_find(g, node->input[0]), *axes = graph_find(g, node->input[1]), *h;

	if (node->inputs != 2 || !a || a->rank != 2 || a->dims[0] != 1 || a->type != GRAPH_FLOAT ||
	    !graph_is_axis(axes, 2)) {
		graph_fail(g, "an Unsqueeze of another kind");
		return;
	}
	h = graph_new(g, node->output, 3, a->count, 1);
	a = graph_find(g, node->input[0]);
	if (h)
		memcpy(h->at, a->at, a->count * sizeof *h->at);
}

/* 1 x outputs x numbers to a row. */
static void graph_reduce_sum(graph *g, graph_node *node)
{
	graph_value *a = graph_find(g, node->input[0]), *axes = graph_find(g, node->input[1]), *h;

	if (graph_i(node, "keepdims", 1) != 0 || node->inputs != 2 || !a || a->rank != 3 ||
	    !graph_is_axis(axes, 2)) {
		graph_fail(g, "a ReduceSum of another kind");
		return;
	}
	h = graph_new(g, node->output, 2, 1, a->dims[0]);
	a = graph_find(g, node->input[0]);
	for (size_t i = 0; h && i < a->count; i++) {
		graph_number *sum = &h->at[i / a->dims[1]];

		sum->v += a->at[i].v;
		sum->e += a->at[i].e + (double)a->dims[1] * graph_rounding(a->at[i].v);
	}
}

/* The elements of a row, or of a value that is the same for all rows, as often as it takes. */
static void graph_elementwise(graph *g, graph_node *node, char op)
{
	graph_value *a = graph_find(g, node->input[0]), *b = graph_find(g, node->input[1]);
	if (node->inputs == 2 && a && b && (a->rank == 3 || b->rank == 3)) {
		graph_by_output(g, node, op);
		return;
	}
	if (node->inputs != 2 || !a || !b || (a->rank == 2 && a->dims[0] != 1) ||
	    (b->rank == 2 && b->dims[0] != 1) ||
	    (a->count != b->count && a->count != 1 && b->count != 1) || a->type != b->type ||
	    !graph_is_type((uint64_t)a->type)) {
		graph_fail(g, "inputs that do not fit");
		return;
	}
	size_t count = a->count > b->count ? a->count : b->count;
	graph_value *h = graph_new(g, node->output, 2, 1, count);
	a = graph_find(g, node->input[0]); /* it may have moved */
	b = graph_find(g, node->input[1]);
	for (size_t i = 0; h && i < count; i++)
		h->at[i] = graph_two(op, a->at[a->count == 1 ? 0 : i], b->at[b->count == 1 ? 0 : i],
				     a->type == GRAPH_DOUBLE);
	if (h)
		h->type = a->type;
}

/* To float32 or float64, of these or of truth values. */
static void graph_cast(graph *g, graph_node *node)
{
	int64_t to = graph_i(node, "to", 0);
	graph_value *a = graph_find(g, node->input[0]);
	graph_value *h = a && node->inputs == 1 && graph_is_type((uint64_t)to) &&
					 (a->type == GRAPH_BOOL || graph_is_type((uint64_t)a->type))
				 ? graph_new(g, node->output, 2, 1, a->count)
				 : NULL;
	if (!h) {
		graph_fail(g, "a Cast of another kind");
		return;
	}
	a = graph_find(g, node->input[0]);
	h->type = (int)to;
	for (size_t i = 0; i < h->count; i++) {
		h->at[i] = a->at[i];
		h->at[i].e += a->type == GRAPH_DOUBLE && to == GRAPH_FLOAT
				      ? graph_rounding(h->at[i].v)
				      : 0;
	}
}

/* Whether a number is NaN, as far as that is known. */
static void graph_is_nan(graph *g, graph_node *node)
{
	graph_value *a = graph_find(g, node->input[0]);
	graph_value *h = a && node->inputs == 1 && graph_is_type((uint64_t)a->type)
				 ? graph_new(g, node->output, a->rank, a->dims[0], a->dims[1])
				 : NULL;
	if (!h) {
		graph_fail(g, "an IsNaN of another kind");
		return;
	}
	a = graph_find(g, node->input[0]);
	h->type = GRAPH_BOOL;
	for (size_t i = 0; i < h->count; i++)
		h->at[i] = (graph_number){isnan(a->at[i].v), isinf(a->at[i].e) ? INFINITY : 0};
}

/* Element i of a value of which one may stand for all. */
static graph_number graph_at(const graph_value *value, size_t i)
{
	return value->at[value->count == 1 ? 0 : i];
}

/* Makes the output of an operator on values of the same number of elements, or of one; `in` becomes
 * these.  NULL: they do not fit. */
static graph_value *graph_together(graph *g, graph_node *node, graph_value *in[], int inputs)
{
	int rank = 0;
	size_t count = 1;

	for (int i = 0; i < inputs && node->inputs == inputs; i++) {
		in[i] = graph_find(g, node->input[i]);
		if (!in[i] || in[i]->type == GRAPH_STRING ||
		    (in[i]->rank == 2 && in[i]->dims[0] != 1) ||
		    (in[i]->count != 1 && count != 1 && in[i]->count != count)) {
			graph_fail(g, "inputs that do not fit");
			return NULL;
		}
		count = in[i]->count > count ? in[i]->count : count;
		rank = in[i]->rank > rank ? in[i]->rank : rank;
	}
	if (node->inputs != inputs) {
		graph_fail(g, "inputs that do not fit");
		return NULL;
	}
	graph_value *h = graph_new(g, node->output, rank, rank == 1 ? count : 1, count);
	for (int i = 0; i < inputs; i++)
		in[i] = graph_find(g, node->input[i]);
	return h;
}

/* The larger or the smaller of two. The specification does not say what becomes of NaN: here it is
 * lost. */
static void graph_extreme(graph *g, graph_node *node, int is_max)
{
	graph_value *in[2], *h = graph_together(g, node, in, 2);

	if (!h || in[0]->type != in[1]->type || !graph_is_type((uint64_t)in[0]->type)) {
		graph_fail(g, "a Max or Min of another kind");
		return;
	}
	h->type = in[0]->type;
	for (size_t i = 0; i < h->count; i++) {
		graph_number a = graph_at(in[0], i), b = graph_at(in[1], i);
		h->at[i].v = is_max ? fmax(a.v, b.v) : fmin(a.v, b.v);
		h->at[i].e = fmax(a.e, b.e);
	}
}

static void graph_equal(graph *g, graph_node *node)
{
	graph_value *in[2], *h = graph_together(g, node, in, 2);

	if (!h || in[0]->type != GRAPH_INT64 || in[1]->type != GRAPH_INT64) {
		graph_fail(g, "an Equal of another kind");
		return;
	}
	h->type = GRAPH_BOOL;
	for (size_t i = 0; i < h->count; i++) {
		graph_number a = graph_at(in[0], i), b = graph_at(in[1], i);
		h->at[i] = (graph_number){a.v == b.v, a.e + b.e};
	}
}

static void graph_where(graph *g, graph_node *node)
{
	graph_value *in[3], *h = graph_together(g, node, in, 3);

	if (!h || in[0]->type != GRAPH_BOOL || in[1]->type != in[2]->type) {
		graph_fail(g, "a Where of another kind");
		return;
	}
	h->type = in[1]->type;
	for (size_t i = 0; i < h->count; i++) {
		graph_number is = graph_at(in[0], i);
		h->at[i] = graph_at(in[is.v != 0 ? 1 : 2], i);
		h->at[i].e += is.e;
	}
}

/* Side by side; of one row, axis 1. */
static void graph_concat(graph *g, graph_node *node)
{
	size_t count = 0, at = 0;

	for (int i = 0; i < node->inputs; i++) {
		graph_value *in = graph_find(g, node->input[i]);
		if (!in || in->rank != 2 || in->dims[0] != 1 ||
		    !graph_is_type((uint64_t)in->type) ||
		    in->type != graph_find(g, node->input[0])->type) {
			graph_fail(g, "a Concat of another kind");
			return;
		}
		count += in->count;
	}
	graph_value *h = count && graph_i(node, "axis", 0) == 1
				 ? graph_new(g, node->output, 2, 1, count)
				 : NULL;
	if (!h) {
		graph_fail(g, "a Concat of another kind");
		return;
	}
	h->type = graph_find(g, node->input[0])->type;
	for (int i = 0; i < node->inputs; i++) {
		graph_value *in = graph_find(g, node->input[i]);
		memcpy(h->at + at, in->at, in->count * sizeof *h->at);
		at += in->count;
	}
}

static void graph_gather(graph *g, graph_node *node)
{
	graph_value *a = graph_find(g, node->input[0]), *by = graph_find(g, node->input[1]);

	if (node->inputs != 2 || !a || !by || a->rank != 2 || by->rank != 1 ||
	    by->type != GRAPH_INT64 || graph_i(node, "axis", 0) != 1) {
		graph_fail(g, "a Gather of another kind");
		return;
	}
	graph_value *h = graph_new(g, node->output, 2, 1, by->count);
	a = graph_find(g, node->input[0]);
	by = graph_find(g, node->input[1]);
	for (size_t i = 0; h && i < h->count; i++) {
		double at = by->at[i].v < 0 ? by->at[i].v + (double)a->count : by->at[i].v;
		if (!(at >= 0 && at < (double)a->count))
			graph_fail(g, "a Gather from nowhere");
		else
			h->at[i] = a->at[(size_t)at];
	}
	if (h)
		h->type = a->type;
}

/* Field `number` of a list, the nth; 0: there are not so many. */
static int graph_item(const graph_attribute *list, int number, size_t nth, graph_field *f)
{
	graph_bytes rest = list->all;

	while (graph_next(&rest, f) > 0)
		if (f->number == number && nth-- == 0)
			return 1;
	return 0;
}

/* The place of the largest, or the mean, of a row. */
static void graph_reduce(graph *g, graph_node *node, int is_mean)
{
	graph_attribute *axes = is_mean ? graph_attribute_of(node, "axes") : NULL;
	graph_value *a = graph_find(g, node->input[0]);
	graph_field axis, other;
	int is_right = graph_i(node, "keepdims", 1) == 0 &&
		       (is_mean ? axes && graph_item(axes, 8, 0, &axis) && axis.value == 1 &&
					  !graph_item(axes, 8, 1, &other)
				: graph_i(node, "axis", 0) == 1);
	graph_value *h = is_right && a && a->rank == 2 && node->inputs == 1
				 ? graph_new(g, node->output, 1, 1, 0)
				 : NULL;
	graph_number sum = {0, 0};
	size_t best = 0;

	if (!h) {
		graph_fail(g, "a reduction of another kind");
		return;
	}
	a = graph_find(g, node->input[0]);
	for (size_t i = 0; i < a->count; i++) {
		sum.v += a->at[i].v / (double)a->count;
		sum.e += a->at[i].e + graph_rounding(a->at[i].v);
		best = a->at[i].v > a->at[best].v ? i : best;
	}
	h->type = is_mean ? a->type : GRAPH_INT64;
	h->at[0] = is_mean ? sum : (graph_number){(double)best, 0};
	for (size_t i = 0; i < a->count && !is_mean; i++)
		if (i != best && !(a->at[i].v + a->at[i].e < a->at[best].v - a->at[best].e))
			h->at[0].e = INFINITY; /* it may be the largest */
}

/* From texts to integers. */
static void graph_number_of_text(graph *g, graph_node *node, graph_bytes text, graph_value *h)
{
	graph_attribute *keys = graph_attribute_of(node, "keys_strings"),
			*values = graph_attribute_of(node, "values_int64s");
	int64_t found = graph_i(node, "default_int64", -1);
	graph_field key, value;

	for (size_t i = 0; keys && values && graph_item(keys, 9, i, &key); i++)
		if (!graph_item(values, 8, i, &value)) {
			graph_fail(g, "fewer values than keys");
		} else if (graph_same(key.bytes, text)) {
			memcpy(&found, &value.value, sizeof found);
			break;
		}
	if (!keys || !values)
		graph_fail(g, "a LabelEncoder of another kind");
	h->type = GRAPH_INT64;
	h->at[0] = (graph_number){(double)found, 0};
}

/* And back. */
static void graph_text_of_number(graph *g, graph_node *node, graph_number number, graph_value *h)
{
	graph_attribute *keys = graph_attribute_of(node, "keys_int64s"),
			*values = graph_attribute_of(node, "values_strings"),
			*other = graph_attribute_of(node, "default_string");
	graph_field key, value;

	h->text = other ? other->text : (graph_bytes){(const unsigned char *)"_Unused", 7};
	for (size_t i = 0; keys && values && graph_item(keys, 8, i, &key); i++)
		if (!graph_item(values, 9, i, &value))
			graph_fail(g, "fewer values than keys");
		else if ((double)(int64_t)key.value == number.v)
			h->text = value.bytes;
	if (!keys || !values)
		graph_fail(g, "a LabelEncoder of another kind");
	h->type = GRAPH_STRING;
	h->at[0].e = number.e;
}

static void graph_label_encoder(graph *g, graph_node *node)
{
	graph_value *a = graph_find(g, node->input[0]);
	graph_value *h = a && node->inputs == 1 && a->count == 1 && g->ml_opset == 2
				 ? graph_new(g, node->output, a->rank, 1, 1)
				 : NULL;

	a = graph_find(g, node->input[0]);
	if (h && a->type == GRAPH_STRING)
		graph_number_of_text(g, node, a->text, h);
	else if (h && a->type == GRAPH_INT64)
		graph_text_of_number(g, node, a->at[0], h);
	else
		graph_fail(g, "a LabelEncoder of another kind");
}

/* All others are of float32 here. */
static void graph_check_floats(graph *g, graph_node *node)
{
	for (int i = 0; i < node->inputs; i++) {
		graph_value *in = graph_find(g, node->input[i]);

		if (in && in->type != GRAPH_FLOAT)
			graph_fail(g, "an operator of other types than float");
	}
}

/* alpha A' B' + beta C, ' being transposed or not; A is a row. */
static void graph_gemm(graph *g, graph_node *node)
{
	double alpha = graph_f(node, "alpha", 1), beta = graph_f(node, "beta", 1);
	int transposed = graph_i(node, "transB", 0) != 0;
	graph_value *A = graph_find(g, node->input[0]), *B = graph_find(g, node->input[1]),
		    *C = node->inputs > 2 ? graph_find(g, node->input[2]) : NULL;
	if (graph_i(node, "transA", 0) || node->inputs < 2 || node->inputs > 3 || !A || !B ||
	    A->rank != 2 || A->dims[0] != 1 || B->rank != 2 || (node->inputs == 3 && !C)) {
		graph_fail(g, "a Gemm of another kind");
		return;
	}
	size_t n = B->dims[!transposed], k = B->dims[transposed];
	if (k != A->count || (C && C->count != n && C->count != 1)) {
		graph_fail(g, "inputs that do not fit");
		return;
	}
	graph_value *h = graph_new(g, node->output, 2, 1, n);
	A = graph_find(g, node->input[0]);
	B = graph_find(g, node->input[1]);
	C = C ? graph_find(g, node->input[2]) : NULL;
	for (size_t i = 0; h && i < n; i++) {
		double sum = 0, size = 0, e = 0;
		for (size_t j = 0; j < k; j++) {
			graph_number a = A->at[j], b = B->at[transposed ? i * k + j : j * n + i];
			sum += a.v * b.v;
			size += fabs(a.v * b.v);
			e += fabs(a.v) * b.e + a.e * (fabs(b.v) + b.e);
		}
		double c = C ? C->at[C->count == 1 ? 0 : i].v : 0;
		h->at[i].v = alpha * sum + beta * c;
		if (!(size < GRAPH_LARGE))
			e = INFINITY;
		h->at[i].e = fabs(alpha) * e +
			     (double)(k + 3) * graph_rounding(fabs(alpha) * size + fabs(beta * c));
	}
}

/* f of one number, and a bound of its slope. */
static double graph_function(graph_node *node, double z, double *slope)
{
	*slope = 1;
	if (graph_is(node->op, "Relu"))
		return z > 0 ? z : 0;
	if (graph_is(node->op, "Abs"))
		return fabs(z);
	if (graph_is(node->op, "Sigmoid"))
		return 1 / (1 + exp(-z));
	if (graph_is(node->op, "Tanh"))
		return tanh(z);
	if (graph_is(node->op, "Softplus"))
		return z > 0 ? z + log1p(exp(-z)) : log1p(exp(z));
	if (graph_is(node->op, "Sin"))
		return sin(z);
	if (graph_is(node->op, "Sqrt")) {
		*slope = z > 0 ? 1 / sqrt(z) : INFINITY; /* for errors below 3/4 of z */
		return sqrt(z);
	}
	*slope = 1.13;
	if (graph_is(node->op, "Erf"))
		return erf(z);
	*slope = INFINITY;
	return NAN;
}

/* The same for operators with parameters. */
static double graph_parametric(double alpha, double other, const char *op, double z, double *slope)
{
	if (op[0] == 'L') { /* LeakyRelu */
		*slope = fmax(1, fabs(alpha));
		return z >= 0 ? z : alpha * z;
	}
	if (op[0] == 'E') { /* Elu */
		*slope = fmax(1, fabs(alpha));
		return z >= 0 ? z : alpha * expm1(z);
	}
	if (op[0] == 'S') { /* Selu */
		*slope = fabs(other) * fmax(1, fabs(alpha));
		return other * (z > 0 ? z : alpha * expm1(z));
	}
	*slope = fabs(alpha); /* HardSigmoid */
	return fmax(0, fmin(1, alpha * z + other));
}

static void graph_map(graph *g, graph_node *node)
{
	static const struct {
		const char *op;
		double alpha;
		const char *other_name;
		double other;
	} parametric[] = {{"LeakyRelu", 0.01F, "", 0},
			  {"Elu", 1, "", 0},
			  {"Selu", 1.67326319217681884765625, "gamma", 1.05070102214813232421875},
			  {"HardSigmoid", 0.2F, "beta", 0.5}};
	graph_value *z = graph_find(g, node->input[0]);
	double alpha = 0, other = 0;
	const char *op = NULL;

	for (size_t i = 0; i < sizeof parametric / sizeof parametric[0]; i++)
		if (graph_is(node->op, parametric[i].op)) {
			op = parametric[i].op;
			alpha = graph_f(node, "alpha", parametric[i].alpha);
			other = graph_f(node, parametric[i].other_name, parametric[i].other);
		}
	int rank = z && z->rank == 3 ? 3 : 2;
	graph_value *h = z && node->inputs == 1
				 ? graph_new(g, node->output, rank, rank == 3 ? z->dims[0] : 1,
					     rank == 3 ? z->dims[1] : z->count)
				 : NULL;
	if (!h) {
		graph_fail(g, "inputs that do not fit");
		return;
	}
	z = graph_find(g, node->input[0]);
	for (size_t i = 0; i < h->count; i++) {
		double slope = 1, v = z->at[i].v;
		if (isnan(v)) {
			h->at[i].v = v;
		} else if (graph_is(node->op, "Exp")) {
			h->at[i].v = exp(v);
			slope = exp(fmin(v + z->at[i].e, 700));
		} else {
			h->at[i].v = op ? graph_parametric(alpha, other, op, v, &slope)
					: graph_function(node, v, &slope);
		}
		h->at[i].e = slope * (z->at[i].e + graph_rounding(v)) + graph_rounding(h->at[i].v);
	}
}

static void graph_clip(graph *g, graph_node *node)
{
	graph_value *z = graph_find(g, node->input[0]);
	graph_value *low = node->inputs > 1 ? graph_find(g, node->input[1]) : NULL,
		    *high = node->inputs > 2 ? graph_find(g, node->input[2]) : NULL;
	if (!z || (low && low->count != 1) || (high && high->count != 1) ||
	    (node->inputs > 1 && !low) || (node->inputs > 2 && !high)) {
		graph_fail(g, "inputs that do not fit");
		return;
	}
	double least = low ? low->at[0].v : -INFINITY, most = high ? high->at[0].v : INFINITY;
	graph_value *h = graph_new(g, node->output, 2, 1, z->count);
	z = graph_find(g, node->input[0]);
	for (size_t i = 0; h && i < h->count; i++) {
		h->at[i] = z->at[i];
		h->at[i].v = isnan(z->at[i].v) ? NAN : fmin(most, fmax(least, z->at[i].v));
	}
}

static void graph_softmax(graph *g, graph_node *node)
{
	int64_t axis = graph_i(node, "axis", -1);
	graph_value *z = graph_find(g, node->input[0]);
	graph_value *h = z && node->inputs == 1 ? graph_new(g, node->output, 2, 1, z->count) : NULL;
	double top = -INFINITY, top_e = 0, sum = 0, e = 0;

	if (!h || (axis != 1 && axis != -1)) {
		graph_fail(g, "a Softmax of another kind");
		return;
	}
	z = graph_find(g, node->input[0]);
	for (size_t i = 0; i < z->count; i++)
		top = fmax(top, z->at[i].v);
	for (size_t i = 0; i < z->count; i++)
		if (z->at[i].v == top)
			top_e = fmax(top_e, z->at[i].e);
	for (size_t i = 0; i < z->count; i++) {
		double below = z->at[i].v - top;

		sum += exp(below);
		if (below + z->at[i].e + top_e > -100) /* others do not show */
			e = fmax(e, z->at[i].e + graph_rounding(below));
	}
	for (size_t i = 0; i < z->count; i++) { /* log h is within 2 e, and h is at most 1 */
		double log_h = z->at[i].v - top - log(sum), far = 2 * fmax(e, z->at[i].e);
		double h_i = exp(log_h);

		h->at[i].v = h_i;
		h->at[i].e = isinf(far)
				     ? far
				     : fmax(exp(fmin(log_h + far, 0)) - h_i, -h_i * expm1(-far)) +
					       (double)(z->count + 3) * graph_rounding(h_i);
	}
}

/* (x - mean) / sqrt(variance + epsilon) gamma + beta, the mean and variance being known. */
static void graph_batch_norm(graph *g, graph_node *node)
{
	double epsilon = graph_f(node, "epsilon", 1e-5F);
	graph_value *in[5] = {NULL};
	graph_f(node, "momentum", 0.9);
	for (int i = 0; i < 5 && node->inputs == 5; i++)
		in[i] = graph_find(g, node->input[i]);
	for (int i = 0; i < 5; i++)
		if (!in[i] || in[i]->count != in[0]->count || graph_i(node, "training_mode", 0)) {
			graph_fail(g, "a BatchNormalization of another kind");
			return;
		}
	graph_value *h = graph_new(g, node->output, 2, 1, in[0]->count);
	for (int i = 0; i < 5; i++)
		in[i] = graph_find(g, node->input[i]);
	for (size_t i = 0; h && i < h->count; i++) {
		graph_number x = in[0]->at[i];
		double mean = in[3]->at[i].v, s = in[1]->at[i].v / sqrt(in[4]->at[i].v + epsilon);
		h->at[i].v = (x.v - mean) * s + in[2]->at[i].v;
		h->at[i].e = fabs(s) * (x.e + 4 * graph_rounding(fabs(x.v) + fabs(mean))) +
			     graph_rounding(in[2]->at[i].v) + graph_rounding(h->at[i].v);
	}
}

static void graph_layer_norm(graph *g, graph_node *node)
{
	double epsilon = graph_f(node, "epsilon", 1e-5F), mean = 0, variance = 0, e = 0, top = 0;
	int64_t axis = graph_i(node, "axis", -1), stash = graph_i(node, "stash_type", 1);
	graph_value *x = graph_find(g, node->input[0]), *gamma = graph_find(g, node->input[1]),
		    *beta = node->inputs > 2 ? graph_find(g, node->input[2]) : NULL;
	if (g->opset < 17 || node->inputs < 2 || !x || !gamma || gamma->count != x->count ||
	    (node->inputs > 2 && (!beta || beta->count != x->count)) || stash != 1 ||
	    (axis != -1 && axis != 1)) {
		graph_fail(g, "a LayerNormalization of another kind");
		return;
	}
	graph_value *h = graph_new(g, node->output, 2, 1, x->count);
	if (!h)
		return;
	x = graph_find(g, node->input[0]);
	gamma = graph_find(g, node->input[1]);
	beta = beta ? graph_find(g, node->input[2]) : NULL;
	size_t n = x->count;
	for (size_t i = 0; i < n; i++) {
		mean += x->at[i].v / (double)n;
		e = fmax(e, x->at[i].e);
		top = fmax(top, fabs(x->at[i].v));
	}
	for (size_t i = 0; i < n; i++)
		variance += (x->at[i].v - mean) * (x->at[i].v - mean) / (double)n;
	double sd = sqrt(variance + epsilon);
	e += (double)(n + 3) * graph_rounding(top);
	for (size_t i = 0; i < n; i++) {
		double u = (x->at[i].v - mean) / sd, b = beta ? beta->at[i].v : 0;
		h->at[i].v = u * gamma->at[i].v + b;
		h->at[i].e = e < sd / 4
				     ? fabs(gamma->at[i].v) * (2 * e / sd * (1 + fabs(u)) * 2 +
							       (double)(n + 3) * graph_rounding(u))
				     : INFINITY;
		h->at[i].e += graph_rounding(b) + graph_rounding(h->at[i].v);
	}
}

/* Where float32 may overflow there is no bound.  What is NaN was missing. */
static void graph_bound(graph_value *h)
{
	for (size_t i = 0; i < h->count; i++)
		if (isnan(h->at[i].v))
			h->at[i].e = 0;
		else if (!(fabs(h->at[i].v) < GRAPH_LARGE) || !(h->at[i].e < GRAPH_LARGE))
			h->at[i] = (graph_number){0, INFINITY};
}

static void graph_run_node(graph *g, graph_node *node)
{
	static const char *const two[] = {"Add", "Sub", "Mul", "Div"};
	static const char *const maps[] = {"Relu", "Sigmoid",   "Tanh", "Softplus", "Erf",
					   "Exp",  "LeakyRelu", "Elu",  "Selu",     "HardSigmoid",
					   "Sin",  "Sqrt",      "Abs"};
	static const struct {
		const char *op;
		void (*run)(graph *g, graph_node *node);
	} others[] = {{"Cast", graph_cast},           {"IsNaN", graph_is_nan},
		      {"Where", graph_where},         {"Equal", graph_equal},
		      {"Concat", graph_concat},       {"Gather", graph_gather},
		      {"Unsqueeze", graph_unsqueeze}, {"ReduceSum", graph_reduce_sum}};
	int known = 0;

	if (node->domain.size || graph_is(node->op, "LabelEncoder")) {
		known = node->domain.size && graph_is(node->op, "LabelEncoder");
		if (known)
			graph_label_encoder(g, node);
		else
			graph_fail(g, "an operator that is not known here");
	}
	for (int i = 0; i < 4; i++)
		if (graph_is(node->op, two[i]) && ++known)
			graph_elementwise(g, node, "+-*/"[i]);
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (graph_is(node->op, others[i].op) && ++known)
			others[i].run(g, node);
	if ((graph_is(node->op, "Max") || graph_is(node->op, "Min")) && ++known)
		graph_extreme(g, node, graph_is(node->op, "Max"));
	if (graph_is(node->op, "ArgMax") && ++known)
		graph_reduce(g, node, 0);
	if (graph_is(node->op, "ReduceMean") && ++known)
		graph_reduce(g, node, 1);
	if (!known)
		graph_check_floats(g, node);
	for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++)
		if (graph_is(node->op, maps[i]) && ++known)
			graph_map(g, node);
	if (graph_is(node->op, "Gemm") && ++known)
		graph_gemm(g, node);
	if (graph_is(node->op, "Clip") && ++known)
		graph_clip(g, node);
	if (graph_is(node->op, "Softmax") && ++known)
		graph_softmax(g, node);
	if (graph_is(node->op, "BatchNormalization") && ++known)
		graph_batch_norm(g, node);
	if (graph_is(node->op, "LayerNormalization") && ++known)
		graph_layer_norm(g, node);
	if (!known)
		graph_fail(g, "an operator that is not known here");
	if (node->used < node->attributes)
		graph_fail(g, "an attribute that the operator does not have");
	if (!g->why)
		graph_bound(&g->value[g->values - 1]);
}

/* ---- The whole ---- */

/* Everything but the nodes. */
static void graph_read(graph *g, graph_bytes rest)
{
	graph_field f;
	int more;

	while ((more = graph_next(&rest, &f)) > 0) {
		if (f.number == 5 && f.wire == 2)
			graph_initializer(g, f.bytes);
		else if (f.number == 11 && f.wire == 2 && g->inputs < GRAPH_ENDS)
			graph_value_info(g, f.bytes, &g->input[g->inputs++]);
		else if (f.number == 12 && f.wire == 2 && g->outputs < GRAPH_ENDS)
			graph_value_info(g, f.bytes, &g->output[g->outputs++]);
		else if (f.number == 11 || f.number == 12 || f.number == 15)
			graph_fail(g, "a sparse tensor, or more inputs than there is room for");
	}
	if (more < 0 || g->inputs < 1 || g->outputs < 1 || g->outputs > 2)
		graph_fail(g, "no input, or not one output and perhaps a label");
}

/* The version of a domain that a file imports. */
static void graph_import(graph *g, graph_bytes rest)
{
	graph_bytes domain = {0};
	int version = 0;
	graph_field part;

	while (graph_next(&rest, &part) > 0) {
		if (part.number == 2 && part.wire == 0)
			version = (int)part.value;
		if (part.number == 1 && part.wire == 2)
			domain = part.bytes;
	}
	if (graph_is(domain, "ai.onnx.ml") && !g->ml_opset) {
		g->ml_opset = version;
	} else if (!domain.size) {
		g->opset = version;
		g->opsets++;
	} else {
		graph_fail(g, "operators of another domain");
	}
}

static void graph_open(graph *g, graph_bytes rest, graph_bytes *body)
{
	graph_field f;
	int more;

	while ((more = graph_next(&rest, &f)) > 0) {
		if (f.number == 7 && f.wire == 2) {
			graph_fail(g, body->at ? "two graphs" : NULL);
			*body = f.bytes;
		}
		if (f.number == 25)
			graph_fail(g, "a function of its own");
		if (f.number == 8 && f.wire == 2)
			graph_import(g, f.bytes);
	}
	if (more < 0 || !body->at || g->opsets != 1 || g->opset < 13 || g->opset > 17)
		graph_fail(g, "not one graph of opset 13 to 17");
}

/* A row: `width` numbers, NaN where one is missing, and texts, "" where one is. */
typedef struct graph_row {
	const double *x;
	size_t width;
	const char *const *text;
	size_t texts;
} graph_row;

/* Sets the inputs of the graph: the numbers, if there are any, then the texts. */
static void graph_set(graph *g, graph_row row)
{
	size_t ends = (row.width > 0) + row.texts;

	if ((size_t)g->inputs != ends || (row.width > 0 && g->input[0].width != row.width))
		graph_fail(g, "other inputs");
	for (size_t k = 0; k < ends && !g->why; k++) {
		const graph_end *end = &g->input[k];
		int is_text = k > 0 || row.width == 0;
		graph_value *value = graph_new(g, end->name, 2, 1, end->width);

		if (!value || (end->type == GRAPH_STRING) != is_text) {
			graph_fail(g, "other inputs");
			return;
		}
		value->type = end->type;
		for (size_t i = 0; i < end->width && !is_text; i++)
			value->at[i].v =
				end->type == GRAPH_DOUBLE ? row.x[i] : (double)(float)row.x[i];
		if (is_text) {
			const char *text = row.text[k - (row.width > 0)];
			value->text = (graph_bytes){(const unsigned char *)text, strlen(text)};
		}
	}
}

/* Takes the outputs; *label.at is NULL if there is none, or if it is not known. */
static void graph_take(graph *g, graph_number **y, size_t *outputs, graph_bytes *label)
{
	graph_value *value = graph_find(g, g->output[0].name), *name = NULL;

	if (g->outputs == 2)
		name = graph_find(g, g->output[1].name);
	if (!value || value->count != g->output[0].width || value->type != g->output[0].type ||
	    value->type == GRAPH_STRING ||
	    (g->outputs == 2 && (!name || name->type != GRAPH_STRING))) {
		graph_fail(g, "no output, or of another width or type");
		return;
	}
	*y = value->at;
	*outputs = value->count;
	value->at = NULL;
	if (name && name->at[0].e == 0)
		*label = name->text;
}

/* Runs the graph of a file for one row.  NULL, and *y are the outputs, to be freed; or why it
 * cannot be run.  *label is a place in the file. */
static const char *graph_run_row(const void *bytes, size_t size, graph_row row, graph_number **y,
				 size_t *outputs, graph_bytes *label)
{
	graph g = {.why = NULL};
	graph_bytes body = {0};
	graph_node node;
	graph_field f;

	*y = NULL;
	*label = (graph_bytes){NULL, 0};
	graph_open(&g, (graph_bytes){bytes, size}, &body);
	if (!g.why)
		graph_read(&g, body);
	if (!g.why)
		graph_set(&g, row);
	while (!g.why && graph_next(&body, &f) > 0) {
		if (f.number != 1 || f.wire != 2)
			continue;
		graph_read_node(&g, f.bytes, &node);
		if (!g.why)
			graph_run_node(&g, &node);
	}
	if (!g.why)
		graph_take(&g, y, outputs, label);
	for (size_t i = 0; i < g.values; i++)
		free(g.value[i].at);
	free(g.value);
	return g.why;
}

/* The same of a graph that takes numbers alone. */
static inline const char *graph_run(const void *bytes, size_t size, const double *x, size_t width,
				    graph_number **y, size_t *outputs)
{
	graph_bytes label;

	return graph_run_row(bytes, size, (graph_row){.x = x, .width = width}, y, outputs, &label);
}

/* 1 if an output of hebb's is what the graph says, or float32 cannot tell. */
static int graph_agrees(graph_number y, double h)
{
	if (isnan(y.v))
		return isnan(h);
	if (!(y.e < 1e30) || !(fabs(y.v) < 1e30))
		return 1;
	return fabs(h - y.v) <= 4 * y.e;
}

#endif
