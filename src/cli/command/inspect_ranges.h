/* SPDX-License-Identifier: MIT */
/*
 * inspect_ranges.h - what the rows of training had in each input of a model
 */
#ifndef HEBB_CLI_INSPECT_RANGES_H
#define HEBB_CLI_INSPECT_RANGES_H

#include <jansson.h>

#include "hebb_io.h"

/* Smallest, median and largest values, levels and missing values; nothing if the model does not
 * know them. */
void print_ranges(const hebb_coding *coding);

/* A list, an object for each input; or null. */
json_t *ranges_json(const hebb_coding *coding);

#endif
