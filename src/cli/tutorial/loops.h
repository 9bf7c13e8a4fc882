/* SPDX-License-Identifier: MIT */
/* loops.h - the article's feed-forward pass by three nested loops, and how long it takes */
#ifndef HEBB_CLI_LOOPS_H
#define HEBB_CLI_LOOPS_H

#include "tutorial/small.h"

/* A network for loops: the sizes of its n layers, including the input, and its parameters in
 * canonical order. */
typedef struct looped_net {
	int layers;
	const int *sizes;
	const double *p;
	hebb_activation f;
} looped_net;

enum { WIDEST = 800 };

/* The article's simple_looped_nn_calc(): h of the last layer for x; for each layer, for each node,
 * for each of its inputs. */
void looped(const looped_net *net, const double *x, double *h);

/* `sizes` gets the numbers of nodes and must outlive the result. */
looped_net looped_of(const small_net *net, int sizes[SMALL_LAYERS + 1]);

/* A table of loops against the matrix form of the library, for networks from small to large. */
int hold_races(lesson *l);

#endif
