/* SPDX-License-Identifier: MIT */
/* inspect_encoding.h - how a model encodes its columns of numbers, for `hebb inspect` */
#ifndef INSPECT_ENCODING_H
#define INSPECT_ENCODING_H

#include <jansson.h>

#include "hebb_io.h"

/* A list of the columns that are encoded; null if none is. */
json_t *encoding_json(const hebb_coding *coding);

/* The same in a line for each scaling. */
void print_encoding(const hebb_coding *coding);

#endif
