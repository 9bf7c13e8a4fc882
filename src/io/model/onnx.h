/* SPDX-License-Identifier: MIT */
/*
 * onnx.h - the part of ONNX that hebb writes and reads, without knowing what a hebb_model is
 *
 * A file is one ModelProto: versions, a graph of nodes (operators) and initializers (constant
 * tensors of float32, float64 or int64), and metadata_props, a list of texts by key.  Writing takes
 * the graph as plain arrays.  Reading keeps nothing: a hb_onnx is a few places in the caller's
 * bytes, and each question walks them again.  The graph is not interpreted: it is compared, part by
 * part, with the one that the writer would write (onnx_graph.c).
 *
 * The seal is the last entry, "hebb.hash": FNV-1a (64 bits, hexadecimal) over the bytes of the
 * graph and then the values of the entries HB_DESCRIPTION and HB_RECORD.  It tells a file that
 * hebb wrote from one that was edited since; it is no protection against somebody who means to
 * deceive, so that a reader checks everything all the same.
 */
#ifndef HEBB_IO_ONNX_H
#define HEBB_IO_ONNX_H

#include "hebb.h"

#define HB_ONNX_NAME 24           /* bytes for the name of a value, NUL included */
#define HB_ONNX_MOST 2147483647LL /* bytes of a file: protobuf's limit */
#define HB_ONNX_GRAPH "hebb"      /* the name of the graph */
#define HB_DESCRIPTION "hebb"     /* the keys of sealed entries */
#define HB_RECORD "hebb.record"

/* The types of values, with the numbers of TensorProto. */
typedef enum hb_onnx_type {
	HB_ONNX_FLOAT = 1,
	HB_ONNX_INT64 = 7,
	HB_ONNX_STRING = 8,
	HB_ONNX_DOUBLE = 11
} hb_onnx_type;

/* What an attribute is, with the numbers of AttributeProto. */
typedef enum hb_onnx_kind {
	HB_ONNX_IS_FLOAT = 1,
	HB_ONNX_IS_INT = 2,
	HB_ONNX_IS_TEXT = 3,
	HB_ONNX_IS_INTS = 7,
	HB_ONNX_IS_TEXTS = 8
} hb_onnx_kind;

typedef struct hb_onnx_attribute {
	const char *name; /* NULL: there is none, nor any behind it */
	hb_onnx_kind kind;
	float f;            /* IS_FLOAT */
	int i;              /* IS_INT; IS_INTS: the first of them, each is one more */
	int count;          /* IS_INTS; IS_TEXTS: of `texts` */
	const char *text;   /* IS_TEXT; IS_TEXTS: if not NULL, what stands before the others */
	char *const *texts; /* IS_TEXTS */
} hb_onnx_attribute;

static inline hb_onnx_attribute hb_onnx_integer(const char *name, int i)
{
	return (hb_onnx_attribute){.name = name, .kind = HB_ONNX_IS_INT, .i = i};
}

/* The name of a value or of a constant that is hebb's own. */
typedef struct hb_onnx_name {
	char text[HB_ONNX_NAME];
} hb_onnx_name;

/* What is known of operators outside of ONNX's own domain. */
#define HB_ONNX_ML "ai.onnx.ml"

enum { HB_ONNX_ATTRIBUTES = 3 };

/* One operator.  Its inputs are `given` unless that is NULL, which is a name of any length, then
 * `input` up to the first that is "", then `more`. */
typedef struct hb_onnx_node {
	const char *op;
	const char *domain; /* NULL: ONNX's own */
	const char *given;
	char input[5][HB_ONNX_NAME], output[HB_ONNX_NAME];
	const hb_onnx_name *more;
	int more_count;
	hb_onnx_attribute attribute[HB_ONNX_ATTRIBUTES];
} hb_onnx_node;

/* One constant: a scalar (rank 0), `dims[0]` values or a matrix dims[0] x dims[1]. */
typedef struct hb_onnx_tensor {
	char name[HB_ONNX_NAME];
	int rank;
	int dims[2];
	hb_onnx_type type;
	const void *values; /* floats, doubles or int64_t */
	int is_known;       /* a reader expects these values */
} hb_onnx_tensor;

/* An input or output of a graph: rows x width, or with width 0 one value a row. */
typedef struct hb_onnx_end {
	const char *name;
	hb_onnx_type type;
	int width;
} hb_onnx_end;

/* The pipeline: inputs through the nodes, in order, to outputs. */
typedef struct hb_onnx_graph {
	int inputs, outputs;
	hb_onnx_end *end;   /* the inputs, then the outputs */
	int has_layer_norm; /* one of the nodes is of opset 17 */
	int has_ml;         /* one of the nodes is of HB_ONNX_ML */
	int nodes, tensors;
	hb_onnx_node *node;
	hb_onnx_tensor *tensor;
} hb_onnx_graph;

typedef struct hb_onnx_entry {
	const char *key, *value;
} hb_onnx_entry;

/* The bytes of a file, sealed; *bytes is to be freed with free().  UNSUPPORTED if they would be
 * more than HB_ONNX_MOST. */
hebb_status hb_onnx_format(const hb_onnx_graph *graph, int entries, const hb_onnx_entry *entry,
			   unsigned char **bytes, size_t *size, hebb_error *error);

/* A place in the bytes of a file. */
typedef struct hb_span {
	const unsigned char *at; /* NULL: there is none */
	size_t size;
} hb_span;

typedef struct hb_onnx {
	const char *name; /* of the file, for messages */
	hb_span file, graph, producer, version;
} hb_onnx;

/* Finds the parts of a file, which must stay where it is.  BAD_FORMAT: no ONNX, or truncated. */
hebb_status hb_onnx_open(hb_onnx *onnx, const void *bytes, size_t size, const char *name,
			 hebb_error *error);

/* The value of an entry of metadata_props; at = NULL: there is none.  BAD_FORMAT: two. */
hebb_status hb_onnx_find(const hb_onnx *onnx, const char *key, hb_span *value, hebb_error *error);

/* BAD_FORMAT unless the file has a seal and it holds. */
hebb_status hb_onnx_check_seal(const hb_onnx *onnx, hebb_error *error);

/* 1 if the bytes begin as an ONNX file does. */
int hb_onnx_probe(const void *bytes, size_t size);

/* The name of the program that wrote a file, as far as its first bytes tell; at = NULL: they do
 * not. */
hb_span hb_onnx_producer(const void *bytes, size_t size);

/* ---- onnx_graph.c: is the graph of a file the one that is expected? ----
 *
 * Other programs run the graph.  A reader therefore names its parts in the order in which hebb
 * writes them, each at most once; BAD_FORMAT, with a sentence about the part, where the file has
 * anything else. */

typedef struct hb_onnx_walk {
	const hb_onnx *onnx;
	hb_span rest; /* of the graph */
	int nodes;    /* that were taken */
	hebb_error *error;
} hb_onnx_walk;

/* BAD_FORMAT: the versions are others, or the file has parts outside the graph that can change what
 * the graph means, such as functions. */
hebb_status hb_onnx_check_file(const hb_onnx *onnx, int has_layer_norm, int has_ml,
			       hebb_error *error);

/* Begins at the first node. */
hb_onnx_walk hb_onnx_begin(const hb_onnx *onnx, hebb_error *error);

hebb_status hb_onnx_take_node(hb_onnx_walk *walk, const hb_onnx_node *node);

/* What stands between the nodes and the tensors. */
hebb_status hb_onnx_take_name(hb_onnx_walk *walk);

/* Copies the values to `values`, which has room for what rank and dims ask for; if the values are
 * known, compares them instead.  BAD_FORMAT also if one that is copied is not finite. */
hebb_status hb_onnx_take_tensor(hb_onnx_walk *walk, const hb_onnx_tensor *tensor, void *values);

/* Takes an input, or an output, of the graph. */
hebb_status hb_onnx_take_input(hb_onnx_walk *walk, hb_onnx_end end);
hebb_status hb_onnx_take_output(hb_onnx_walk *walk, hb_onnx_end end);

/* BAD_FORMAT: something follows. */
hebb_status hb_onnx_finish(hb_onnx_walk *walk);

/* 1 if the graph has an initializer of that name. */
int hb_onnx_has_tensor(const hb_onnx *onnx, const char *name);

#endif
