/* SPDX-License-Identifier: MIT */
/* small.c - networks that are small enough to show all of their numbers */
#include "hebb_advanced.h"
#include "tutorial/small.h"

#include <math.h>
#include <string.h>

#include "draw/terminal.h"

const double x_331[3] = {1.5, 2.0, 3.0};

small_net net_331(hebb_activation f)
{
	return (small_net){.inputs = 3,
			   .layers = 2,
			   .layer = {hebb_dense(3, f), hebb_dense(1, f)},
			   .p = {0.2, 0.2, 0.2, 0.4, 0.4, 0.4, 0.6, 0.6, 0.6, 0.8, 0.8, 0.8, 0.5,
				 0.5, 0.5, 0.2}};
}

small_net net_2342(hebb_activation f)
{
	return (small_net){.inputs = 2,
			   .layers = 3,
			   .layer = {hebb_dense(3, f), hebb_dense(4, f), hebb_dense(2, f)},
			   .p = {0.1,  -0.2,  0.3,   0.4,  -0.5,  0.6,   0.7,   -0.8, 0.9,
				 1.0,  -1.1,  1.2,   0.15, 0.25,  -0.35, 0.45,  0.55, -0.65,
				 0.75, -0.85, 0.95,  0.05, -0.15, 0.35,  -0.45, 1.3,  -0.7,
				 0.65, 0.85,  -0.95, 1.05, 0.22,  -0.55, 0.12,  -0.3}};
}

small_net neuron(hebb_activation f, int inputs, const double *w, double b)
{
	small_net net = {.inputs = inputs, .layers = 1, .layer = {hebb_dense(1, f)}};

	memcpy(net.p, w, (size_t)inputs * sizeof *w);
	net.p[inputs] = b;
	return net;
}

int units_of(const small_net *net, int layer)
{
	return net->layer[layer].units;
}

int inputs_of(const small_net *net, int layer)
{
	return layer ? units_of(net, layer - 1) : net->inputs;
}

int weights_at(const small_net *net, int layer)
{
	return layer ? biases_at(net, layer - 1) + units_of(net, layer - 1) : 0;
}

int biases_at(const small_net *net, int layer)
{
	return weights_at(net, layer) + inputs_of(net, layer) * units_of(net, layer);
}

int units_at(const small_net *net, int layer)
{
	return layer ? units_at(net, layer - 1) + units_of(net, layer - 1) : 0;
}

int parameters_of(const small_net *net)
{
	return weights_at(net, net->layers);
}

int outputs_of(const small_net *net)
{
	return units_of(net, net->layers - 1);
}

char *shape(const small_net *net, char *text)
{
	int length = snprintf(text, 32, "%d", net->inputs);

	for (int k = 0; k < net->layers; k++)
		length += snprintf(text + length, (size_t)(32 - length), "-%d", units_of(net, k));
	return text;
}

/* ---- The reader's own numbers ---------------------------------------------------------------- */

example example_of(const small_net *net, int outputs, const double *x, const double *y)
{
	example e = {.net = *net, .pairs = 1};

	memcpy(e.x[0], x, (size_t)net->inputs * sizeof *x);
	if (y)
		memcpy(e.y[0], y, (size_t)outputs * sizeof *y);
	return e;
}

/* The weights of a file, with the activation of the section. */
static void take_weights(const own_values *own, example *e)
{
	hebb_activation f = e->net.layer[0].activation;

	e->net = (small_net){.inputs = own->W[0].columns, .layers = own->layers};
	for (int k = 0; k < own->layers; k++) {
		const own_block *W = &own->W[k];

		e->net.layer[k] = hebb_dense(W->rows, f);
		for (int i = 0; i < W->rows; i++)
			memcpy(e->net.p + weights_at(&e->net, k) + i * W->columns, W->value[i],
			       (size_t)W->columns * sizeof(double));
		memcpy(e->net.p + biases_at(&e->net, k), own->b[k].value[0],
		       (size_t)W->rows * sizeof(double));
	}
}

/* The pairs of a file.  Without y, the wanted outputs are 0. */
static int take_pairs(const lesson *l, const own_values *own, example *e)
{
	const char *path = l->given->argument[OPT_OWN_VALUES];

	if (own->x.rows && own->x.columns != e->net.inputs)
		return fail(path,
			    "x has %d numbers, but the network of section %s has %d inputs; "
			    "give W1 and b1 as well, or another x",
			    own->x.columns, l->section, e->net.inputs);
	if (own->y.rows && own->y.columns != outputs_of(&e->net))
		return fail(path, "y has %d numbers, but the network of section %s has %d outputs",
			    own->y.columns, l->section, outputs_of(&e->net));
	if (!own->x.rows)
		return EXIT_DONE;
	e->pairs = own->x.rows;
	for (int r = 0; r < e->pairs; r++) {
		memcpy(e->x[r], own->x.value[r], sizeof e->x[r]);
		if (own->y.rows)
			memcpy(e->y[r], own->y.value[r], sizeof e->y[r]);
		else
			memset(e->y[r], 0, sizeof e->y[r]);
	}
	return EXIT_DONE;
}

/* -x or -y for the first pair, the only one. */
static int take_list(lesson *l, option_id id, int wanted, double *values, example *e)
{
	int given = knob_list(l, id, SMALL_WIDTH, values);

	l->misused |= given && given != wanted;
	if (given && given != wanted)
		return misuse(id == OPT_OWN_X ? "-x" : "-y",
			      "has %d number%s; the network of section %s has %d %s%s", given,
			      given == 1 ? "" : "s", l->section, wanted,
			      id == OPT_OWN_X ? "input" : "output", wanted == 1 ? "" : "s");
	e->pairs = given ? 1 : e->pairs;
	e->own |= given > 0;
	return EXIT_DONE;
}

int take_own(lesson *l, example *e)
{
	const own_values *own = &l->own;
	int inputs = e->net.inputs, outputs = outputs_of(&e->net), status = EXIT_DONE;

	if (knob_given(l, OPT_OWN_VALUES)) {
		e->own = 1;
		if (own->layers)
			take_weights(own, e);
		if (!own->x.rows && e->net.inputs != inputs && !knob_given(l, OPT_OWN_X))
			return fail(l->given->argument[OPT_OWN_VALUES],
				    "has no x; the network has %d inputs, the x of section %s has "
				    "%d numbers",
				    e->net.inputs, l->section, inputs);
		if (outputs_of(&e->net) != outputs)
			memset(e->y, 0, sizeof e->y);
		status = take_pairs(l, own, e);
	}
	if (status == EXIT_DONE)
		status = take_list(l, OPT_OWN_X, e->net.inputs, e->x[0], e);
	if (status == EXIT_DONE)
		status = take_list(l, OPT_OWN_Y, outputs_of(&e->net), e->y[0], e);
	return status;
}

/* ---- Arithmetic ------------------------------------------------------------------------------ */

void times(int rows, int columns, const double *matrix, const double *vector, double *result)
{
	for (int i = 0; i < rows; i++) {
		result[i] = 0;
		for (int j = 0; j < columns; j++)
			result[i] += matrix[i * columns + j] * vector[j];
	}
}

void transpose(int rows, int columns, const double *matrix, double *result)
{
	for (int i = 0; i < rows; i++)
		for (int j = 0; j < columns; j++)
			result[j * rows + i] = matrix[i * columns + j];
}

void matrix_feed_forward(const small_net *net, const double *x, double *h)
{
	double in[SMALL_UNITS];

	memcpy(in, x, (size_t)net->inputs * sizeof *x);
	for (int l = 0; l < net->layers; l++) {
		int m = units_of(net, l);

		times(m, inputs_of(net, l), net->p + weights_at(net, l), in, h);
		for (int i = 0; i < m; i++)
			h[i] = hebb_activation_f(net->layer[l].activation,
						 h[i] + net->p[biases_at(net, l) + i]);
		memcpy(in, h, (size_t)m * sizeof *h);
	}
}

double largest_difference(int n, const double *a, const double *b)
{
	double most = 0;

	for (int k = 0; k < n; k++)
		most = fmax(most, fabs(a[k] - b[k]));
	return most;
}

int trace(const small_net *net, const double *x, const double *y, pass *result)
{
	hebb_trace into = {.size = sizeof(hebb_trace),
			   .z = result->z,
			   .h = result->h,
			   .d = result->d,
			   .gradient = result->gradient};
	hebb_error error;

	if (hebb_trace_example(net->inputs, net->layers, net->layer, HEBB_SQUARED, net->p, x, y,
			       &into, &error) != HEBB_OK)
		return fail_error("tutorial", &error);
	result->J = into.J;
	return EXIT_DONE;
}

int differences(const small_net *net, const double *x, const double *y, double *slope)
{
	const double e = 1e-5;
	small_net moved = *net;
	pass up, down;

	for (int k = 0; k < parameters_of(net); k++) {
		moved.p[k] = net->p[k] + e;
		if (trace(&moved, x, y, &up) != EXIT_DONE)
			return EXIT_FAILED;
		moved.p[k] = net->p[k] - e;
		if (trace(&moved, x, y, &down) != EXIT_DONE)
			return EXIT_FAILED;
		moved.p[k] = net->p[k];
		slope[k] = (up.J - down.J) / (2 * e);
	}
	return EXIT_DONE;
}

hebb_net *engine(const small_net *net)
{
	hebb_error error;
	hebb_net *made = hebb_net_new(net->inputs, net->layers, net->layer, 1, NULL, &error);
	float p[SMALL_PARAMETERS];

	if (!made) {
		fail_error("tutorial", &error);
		return NULL;
	}
	for (int k = 0; k < parameters_of(net); k++)
		p[k] = (float)net->p[k];
	for (int l = 0; l < net->layers; l++)
		hebb_net_set(made, l, p + weights_at(net, l), p + biases_at(net, l), NULL);
	return made;
}
