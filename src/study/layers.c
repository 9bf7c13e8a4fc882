/* SPDX-License-Identifier: MIT */
/*
 * layers.c - the layers of the network that a study describes
 */
#include "study.h"

#include <stdlib.h>

enum { OF_BLOCK = 4 }; /* the most layers of the library for a hidden layer */

/* Whether hidden layer l, from 0 on, has a shortcut. */
static int is_bridged(const hebb_study *o, int l)
{
	return l > 0 && l < o->hidden && o->shortcuts && o->units[l] == o->units[l - 1];
}

static hebb_layer norm_of(const hebb_study *o)
{
	hebb_activation f = (hebb_activation)o->activation;

	return o->norm == HEBB_NORM_BATCH ? hebb_batch_norm(f) : hebb_layer_norm(f);
}

hebb_layer *hb_layers_make(const hebb_study *o, int outputs, int *count)
{
	hebb_layer *layer = malloc(sizeof *layer * (OF_BLOCK * (size_t)o->hidden + 1));
	int n = 0;

	for (int l = 0; l < o->hidden && layer; l++) {
		int before = n - 1, normed = o->norm != HEBB_NORM_NONE;

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

double hb_layers_parameters(const hebb_study *o, int inputs, int outputs)
{
	double parameters = 0, n = inputs;
	int of_norm = o->norm == HEBB_NORM_BATCH ? 4 : o->norm == HEBB_NORM_LAYER ? 2 : 0;

	for (int l = 0; l <= o->hidden; l++) {
		double units = l < o->hidden ? o->units[l] : outputs;
		parameters += (n + 1) * units + (l < o->hidden ? of_norm * units : 0);
		n = units;
	}
	return parameters;
}
