/* SPDX-License-Identifier: MIT */
/*
 * save.h - saves results that took long to compute, elsewhere if need be
 */
#ifndef HEBB_CLI_SAVE_H
#define HEBB_CLI_SAVE_H

#include <stddef.h>

#include "hebb.h"

/* What is to be written. name: the file's name if it cannot be written to its path. ending: its
 * ending, such as ".onnx". */
typedef struct saved_file {
	const void *bytes;
	size_t size;
	const char *name, *ending;
} saved_file;

/* Writes it to `path` or, if that fails, under an unused name to the current folder or a temporary
 * one. Returns its path, to be freed. error->status is HEBB_OK if it is at `path`, else the error
 * says why not. NULL: it could not be written anywhere. */
char *save_somewhere(const saved_file *file, const char *path, hebb_error *error);

#endif
