/* SPDX-License-Identifier: MIT */
/*
 * network.h - a network as a drawing in the terminal: a bar for the width of each layer
 */
#ifndef HEBB_CLI_NETWORK_H
#define HEBB_CLI_NETWORK_H

#include <stdio.h>

#include "hebb_io.h"

/* Blocks of layers that repeat are drawn once; of many different layers, the first and the last
 * ones are drawn. */
void network_print(FILE *stream, const hebb_net *net, const hebb_coding *coding);

#endif
