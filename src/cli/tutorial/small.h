/* SPDX-License-Identifier: MIT */
/* small.h - networks that are small enough to show all of their numbers */
#ifndef HEBB_CLI_SMALL_H
#define HEBB_CLI_SMALL_H

#include "hebb.h"
#include "tutorial/lesson.h"

enum {
	SMALL_LAYERS = OWN_LAYERS_MOST,
	SMALL_WIDTH = OWN_WIDTH_MOST, /* inputs, and units of a layer */
	SMALL_UNITS = SMALL_LAYERS * SMALL_WIDTH,
	SMALL_PARAMETERS = SMALL_LAYERS * SMALL_WIDTH * (SMALL_WIDTH + 1)
};

/* A description with its parameters in double, in the canonical order. */
typedef struct small_net {
	int inputs, layers;
	hebb_layer layer[SMALL_LAYERS];
	double p[SMALL_PARAMETERS];
} small_net;

/* The article's network of section 3.1 (rows of W⁽¹⁾ 0.2, 0.4, 0.6, W⁽²⁾ 0.5, b 0.8 and 0.2), and
 * its input. */
small_net net_331(hebb_activation f);
extern const double x_331[3];

/* A network in which all numbers differ, and so do the widths of neighboring layers: 2-3-4-2. */
small_net net_2342(hebb_activation f);

/* A single neuron. */
small_net neuron(hebb_activation f, int inputs, const double *w, double b);

/* The offsets of W (units x inputs) and b (units) of a layer in p, and its numbers of inputs and
 * units; layer 0 is the first after the input. */
int inputs_of(const small_net *net, int layer);
int units_of(const small_net *net, int layer);
int weights_at(const small_net *net, int layer);
int biases_at(const small_net *net, int layer);
int units_at(const small_net *net, int layer); /* in z, h and d */
int parameters_of(const small_net *net);

/* result (rows) = matrix (rows x columns) times vector; result (columns x rows) = the transpose of
 * the matrix. */
void times(int rows, int columns, const double *matrix, const double *vector, double *result);
void transpose(int rows, int columns, const double *matrix, double *result);

/* The article's matrix_feed_forward_calc(): z = W h + b, h = f(z), layer by layer; h of the last
 * layer, room for SMALL_UNITS. */
void matrix_feed_forward(const small_net *net, const double *x, double *h);

/* All numbers of one example's forward and backward pass; y may be NULL. */
typedef struct pass {
	double J, z[SMALL_UNITS], h[SMALL_UNITS], d[SMALL_UNITS], gradient[SMALL_PARAMETERS];
} pass;

/* These return an exit status, after a message if it is not EXIT_DONE. */
int trace(const small_net *net, const double *x, const double *y, pass *result);

/* slope[k] = (J(p[k] + e) - J(p[k] - e)) / 2e for every parameter: the derivative without
 * backpropagation.  e = 1e-5 keeps the error of the formula, about e^2, and that of rounding, about
 * 1e-16 / e, near 1e-11. */
int differences(const small_net *net, const double *x, const double *y, double *slope);

/* What a section computes with: a network and pairs of x and y.  The standard ones, or the reader's
 * own from --values, and -x and -y for the first pair. */
typedef struct example {
	small_net net;
	int pairs;
	double x[OWN_ROWS_MOST][SMALL_WIDTH], y[OWN_ROWS_MOST][SMALL_WIDTH];
	int own; /* any of it is the reader's */
} example;

/* One pair, as the standard of an example. */
example example_of(const small_net *net, int outputs, const double *x, const double *y);

/* Puts the reader's own numbers into an example; EXIT_FAILED after a message if they do not fit. */
int take_own(lesson *l, example *e);

/* "3-3-1"; `text` has room for 32 bytes; returns it. */
char *shape(const small_net *net, char *text);

/* The number of outputs. */
int outputs_of(const small_net *net);

/* The 2-2-3 network of 4.6, which has several outputs, its x and y (backprop.c). */
small_net net_223(hebb_activation f);
extern const double x_223[2], y_223[3];

/* The largest of |a[k] - b[k]|. */
double largest_difference(int n, const double *a, const double *b);

/* The same network for the float32 engine, to be freed; NULL after a message. */
hebb_net *engine(const small_net *net);

#endif
