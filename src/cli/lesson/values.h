/* SPDX-License-Identifier: MIT */
/*
 * values.h - the reader's own numbers for a section, from a small text file
 *
 *     # a comment
 *     x  = 1.5 2 3        a line for each pair
 *     y  = 0
 *     W1 = 0.2 0.2 0.2    a line for each row of the matrix
 *          0.4 0.4 0.4
 *     b1 = 0.8 0.8
 *     W2 = 0.5 0.5
 *     b2 = 0.2
 *
 * Numbers are separated by blanks, commas or both.  A line without a name goes on with the name
 * before it.
 */
#ifndef HEBB_CLI_VALUES_H
#define HEBB_CLI_VALUES_H

enum {
	OWN_WIDTH_MOST = 8, /* nodes of a layer, inputs */
	OWN_LAYERS_MOST = 3,
	OWN_ROWS_MOST = 16 /* pairs */
};

typedef struct own_block {
	int rows, columns;
	double value[OWN_ROWS_MOST][OWN_WIDTH_MOST];
} own_block;

typedef struct own_values {
	own_block x, y, W[OWN_LAYERS_MOST], b[OWN_LAYERS_MOST];
	int layers; /* 0: no weights, so those of the section */
} own_values;

/* Reads and checks a file; EXIT_FAILED after a message. */
int own_values_read(const char *path, own_values *result);

#endif
