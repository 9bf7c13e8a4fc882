/* SPDX-License-Identifier: MIT */
/* inspect_encoding.h - how a model encodes its columns of numbers and transforms its
 * targets, for `hebb inspect` */
#ifndef INSPECT_ENCODING_H
#define INSPECT_ENCODING_H

#include <jansson.h>

#include "hebb_io.h"

/* A list of the columns that are encoded; null if none is. */
json_t *encoding_json(const hebb_coding *coding);

/* The same in a line for each scaling. */
void print_encoding(const hebb_coding *coding);

/* How the targets are transformed, in units, of each one: {"transform": "log", "targets": [{"name":
 * ..., "mean": ..., "sd": ...}]}, of quantiles with "values"; null of targets that are not. */
json_t *transform_json(const hebb_coding *coding);

/* The same in a line for each target. */
void print_transform(const hebb_coding *coding);

#endif
