/* SPDX-License-Identifier: MIT */
/*
 * source.c - an argument that may be a model or data
 */
#define _POSIX_C_SOURCE 200809L

#include "source.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "terminal.h"

/* Whether a path is something to read bytes from; "digits", a directory and a prefix are data by
 * their name. */
static int is_file(const char *path)
{
	struct stat status;

	if (strcmp(path, "-") == 0)
		return 1;
	return strcmp(path, "digits") != 0 && stat(path, &status) == 0 && !S_ISDIR(status.st_mode);
}

/* Reads a file once, so that a pipe is as good as a file.  Of data, only standard input is
 * parsed from these bytes: a file may belong to a pair (IDX images and labels) that
 * hebb_table_read() finds. */
static void read_bytes(const char *path, hebb_header header, hebb_model **model, hebb_table **table,
		       hebb_error *error)
{
	unsigned char *bytes;
	size_t size;

	if (hebb_file_read(path, &bytes, &size, error) != HEBB_OK)
		return;
	if (hebb_model_probe(bytes, size))
		*model = hebb_model_parse(bytes, size, path, error);
	else if (strcmp(path, "-") == 0)
		*table = hebb_table_parse(bytes, size, "standard input", header, error);
	else
		*table = hebb_table_read(path, header, error);
	free(bytes);
}

int source_read(const char *path, hebb_header header, hebb_model **model, hebb_table **table)
{
	hebb_error error;

	*model = NULL;
	*table = NULL;
	if (is_file(path))
		read_bytes(path, header, model, table, &error);
	else
		*table = hebb_table_read(path, header, &error);
	return *model || *table ? EXIT_DONE : fail_error(NULL, &error);
}
