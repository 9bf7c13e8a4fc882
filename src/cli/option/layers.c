/* SPDX-License-Identifier: MIT */
/*
 * layers.c - the layers of the network that the options of train describe (layers.h)
 */
#include "layers.h"

#include <stdlib.h>

#include "draw/terminal.h"

enum { OF_BLOCK = 4 }; /* layers of the library to a hidden layer, at most */

/* Whether hidden layer l, from 0 on, has a shortcut. */
static int is_bridged(const options *o, int l)
{
	return l > 0 && l < o->hidden && o->shortcuts && o->units[l] == o->units[l - 1];
}

static hebb_layer norm_of(const options *o)
{
	hebb_activation f = (hebb_activation)o->activation;

	return o->norm == NORM_BATCH ? hebb_batch_norm(f) : hebb_layer_norm(f);
}

hebb_layer *layers_make(const options *o, int outputs, int *count)
{
	hebb_layer *layer = malloc(sizeof *layer * (OF_BLOCK * (size_t)o->hidden + 1));
	int n = 0;

	for (int l = 0; l < o->hidden && layer; l++) {
		int before = n - 1, normed = o->norm != NORM_NONE;

		layer[n] = hebb_dense(o->units[l], normed ? HEBB_LINEAR : o->activation);
		layer[n++].start = o->init;
		if (normed)
			layer[n++] = norm_of(o);
		if (is_bridged(o, l))
			layer[n++] = hebb_shortcut(before, HEBB_LINEAR);
		if (o->dropout > 0)
			layer[n++] = hebb_dropout(o->dropout);
	}
	if (layer) {
		layer[n] = hebb_dense(outputs, o->output);
		layer[n++].start = o->init;
	}
	*count = n;
	return layer;
}

double layers_parameters(const options *o, int inputs, int outputs)
{
	double parameters = 0, n = inputs;
	int of_norm = o->norm == NORM_BATCH ? 4 : o->norm == NORM_LAYER ? 2 : 0;

	for (int l = 0; l <= o->hidden; l++) {
		double units = l < o->hidden ? o->units[l] : outputs;
		parameters += (n + 1) * units + (l < o->hidden ? of_norm * units : 0);
		n = units;
	}
	return parameters;
}

int layers_contradictions(const options *o)
{
	int norm = option_given(o, OPT_NORM) ? o->norm : NORM_NONE, bridged = 0;

	if (norm != NORM_NONE && option_given(o, OPT_LAYERS) && o->hidden == 0)
		return misuse("--norm", "is for hidden layers, and --layers none has none");
	if (norm == NORM_BATCH && option_given(o, OPT_BATCH) && o->batch == 1)
		return misuse("--norm",
			      "batch takes the mean and the variance of the rows of a batch, "
			      "and --batch 1 has one; try 16 or more, or --norm layer");
	if (norm == NORM_BATCH && option_given(o, OPT_OPTIMIZER) && o->optimizer == HEBB_LBFGS)
		return misuse("--norm",
			      "batch is not for lbfgs, which compares costs of the network as "
			      "it is used; --norm layer is");
	if (!o->shortcuts)
		return EXIT_DONE;
	for (int l = 0; l < o->hidden && option_given(o, OPT_LAYERS); l++)
		bridged += is_bridged(o, l);
	if (!bridged)
		return misuse("--shortcuts",
			      "needs two neighboring hidden layers of equal width, such as "
			      "--layers 64,64");
	return EXIT_DONE;
}
