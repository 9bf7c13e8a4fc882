/* SPDX-License-Identifier: MIT */
/*
 * raw.h - a full graph, beside the part that it shares with the numeric one (model.h)
 */
#ifndef HEBB_IO_RAW_H
#define HEBB_IO_RAW_H

#include "../io.h"
#include "model.h"

/* A column of texts. */
struct hb_raw_text {
	int column;  /* of the coding's inputs */
	int first;   /* its first input of the network */
	int at;      /* where its levels are in what is joined, and behind them: is it missing? */
	int has_gap; /* the network has an input for that */
};

/* How the inputs of a network are made of the columns of a table. */
typedef struct hb_raw {
	int numbers; /* columns of numbers, in one matrix */
	int texts;   /* columns of texts, an input for each */
	struct hb_raw_text *text;
	hb_onnx_name matrix; /* the names of the inputs */
	hb_levels names;
	int drops;          /* a missing value becomes NaN, and so no answer */
	int has_gaps;       /* the network has an input that says whether a number is missing */
	void *fills;        /* of the numbers, floats or doubles; NULL: none */
	int64_t *number;    /* 0, 1, ... for the most levels */
	hb_onnx_name *part; /* what is joined, side by side */
	int parts;
	int joined;     /* numbers in a row of it */
	int64_t *order; /* which of these each input of the network is; NULL: they are the same */
} hb_raw;

/* NO_MEMORY.  To be cleared in any case; borrows the coding. */
hebb_status hb_raw_make(const hebb_coding *coding, hb_raw *raw, hebb_error *error);
void hb_raw_clear(hb_raw *raw);

/* The stages before the network's, with their nodes and constants, as in model.h. */
int hb_raw_stages(const hb_raw *raw);
int hb_raw_nodes(const hb_raw *raw, const hebb_coding *coding, int stage, hb_onnx_node *node);
int hb_raw_tensors(const hb_raw *raw, const hebb_coding *coding, int stage, hb_onnx_tensor *tensor);

/* What goes into the network. */
hb_onnx_name hb_raw_value(const hb_raw *raw);

/* The stage behind a classification's network: what its likeliest class is called. */
int hb_label_nodes(const hebb_coding *coding, hb_onnx_node *node);

int hb_raw_ends(const hb_raw *raw);
hb_onnx_end hb_raw_end(const hb_raw *raw, const hebb_coding *coding, int i);

#endif
