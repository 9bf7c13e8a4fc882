/* SPDX-License-Identifier: MIT */
/*
 * source.h - an argument that may be a model or data
 */
#ifndef HEBB_CLI_SOURCE_H
#define HEBB_CLI_SOURCE_H

#include "hebb_io.h"

/* Reads what `path` holds, told by content: exactly one of *model and *table is filled in, the
 * other is NULL.  Prints what went wrong and returns the exit status. */
int source_read(const char *path, hebb_header header, hebb_model **model, hebb_table **table);

#endif
