/* SPDX-License-Identifier: MIT */
/*
 * pixels.h - images of a table, and of the weights of a network for images
 */
#ifndef HEBB_CLI_PIXELS_H
#define HEBB_CLI_PIXELS_H

#include <stdio.h>

#include "hebb_io.h"

/* Prints some rows of a table of images, evenly chosen; nothing for other tables. */
void samples_print(FILE *stream, const hebb_table *table);

/* Prints the weights of some units of the first layer, evenly chosen, if the inputs are the pixels
 * of an image; else nothing. */
void weights_print(FILE *stream, const hebb_model *model);

#endif
