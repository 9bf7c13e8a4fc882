/* SPDX-License-Identifier: MIT */
/*
 * save.h - what took long to compute is saved somewhere
 */
#ifndef HEBB_CLI_SAVE_H
#define HEBB_CLI_SAVE_H

#include <stddef.h>

#include "hebb.h"

/* What is to be written: `name` is how a file is called if it cannot go to where it should, with
 * the ending, such as ".onnx", that belongs to it. */
typedef struct saved_file {
	const void *bytes;
	size_t size;
	const char *name, *ending;
} saved_file;

/* Writes it to `path` or, if that fails, under a name that is free into the current folder or else
 * a temporary one. Returns where it is, to be freed; error->status tells whether it is at `path`,
 * else the error says why not.  NULL: it is nowhere. */
char *save_somewhere(const saved_file *file, const char *path, hebb_error *error);

#endif
