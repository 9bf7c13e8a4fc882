/* SPDX-License-Identifier: MIT */
/*
 * layers.h - the layers of the network that the options of train describe
 *
 *     {dense, [norm,] activation [+ what came in] [, dropout]}... dense, output
 *
 * A norm stands between a hidden layer's sum and its activation.  A shortcut adds the input of a
 * hidden layer to its output where both are equally wide.
 */
#ifndef HEBB_CLI_LAYERS_H
#define HEBB_CLI_LAYERS_H

#include "hebb.h"
#include "options.h"

/* The layers, *count of them, to be freed; NULL: no memory.  The options are complete. */
hebb_layer *layers_make(const options *o, int outputs, int *count);

/* Parameters, and what norms keep beside them. */
double layers_parameters(const options *o, int inputs, int outputs);

/* What of --norm and --shortcuts contradicts other options, as far as they were given. */
int layers_contradictions(const options *o);

#endif
