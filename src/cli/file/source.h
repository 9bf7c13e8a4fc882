/* SPDX-License-Identifier: MIT */
/*
 * source.h - an argument that may be a model, a checkpoint, the trials of a search or data
 */
#ifndef HEBB_CLI_SOURCE_H
#define HEBB_CLI_SOURCE_H

#include "hebb_io.h"

typedef struct source {
	hebb_model *model;
	hebb_checkpoint *checkpoint;
	char *trials; /* the text that a search wrote */
	size_t size;  /* of the trials */
	hebb_table *table;
} source;

/* Reads what `path` holds, told by content: exactly one of the four is filled in.  Prints what
 * went wrong and returns the exit status. */
int source_read(const char *path, const hebb_table_options *how, source *result);
void source_close(source *content);

#endif
