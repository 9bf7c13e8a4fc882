/* SPDX-License-Identifier: MIT */
/*
 * source.c - an argument that may be a model, a checkpoint, the trials of a search or data
 */
#define _POSIX_C_SOURCE 200809L

#include "source.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "draw/terminal.h"
#include "file/missing.h"
#include "file/tables.h"
#include "picture/activity.h"
#include "file/trials.h"

/* Whether a path is a file to read; "digits", a directory and a prefix name data and are not. */
static int is_file(const char *path)
{
	struct stat status;

	if (strcmp(path, "-") == 0)
		return 1;
	return strcmp(path, "digits") != 0 && stat(path, &status) == 0 && !S_ISDIR(status.st_mode);
}

/* 1 if a file holds IDX, as no text begins. */
static int is_idx(const unsigned char *bytes, size_t size)
{
	return size >= 2 && bytes[0] == 0 && bytes[1] == 0;
}

/* Reads a file once, so that it may be a pipe; but IDX again, by hebb_table_read(), which finds
 * pairs of files (images and labels). */
static void read_bytes(const char *path, const hebb_table_options *how, source *result,
		       hebb_error *error)
{
	unsigned char *bytes;
	size_t size, opening = strlen(TRIALS_OPENING);

	if (hebb_file_read(path, &bytes, &size, error) != HEBB_OK)
		return;
	if (hebb_checkpoint_probe(bytes, size))
		result->checkpoint = hebb_checkpoint_parse(bytes, size, path, error);
	else if (hebb_model_probe(bytes, size))
		result->model = hebb_model_parse(bytes, size, path, error);
	else if (size >= opening && memcmp(bytes, TRIALS_OPENING, opening) == 0) {
		result->trials = (char *)bytes;
		result->size = size;
		return;
	} else if (strcmp(path, "-") == 0)
		result->table = table_parse(bytes, size, "standard input", how, error);
	else if (is_idx(bytes, size))
		result->table = table_read(path, how, error);
	else
		result->table = table_parse(bytes, size, path, how, error);
	free(bytes);
}

int source_read(const char *path, const hebb_table_options *how, source *result)
{
	hebb_error error;

	*result = (source){.model = NULL};
	activity_begin_with("reading", path);
	if (is_file(path))
		read_bytes(path, how, result, &error);
	else
		result->table = table_read(path, how, &error);
	activity_end();
	if (result->model || result->checkpoint || result->trials || result->table)
		return EXIT_DONE;
	return fail_read(path, &error);
}

void source_close(source *content)
{
	hebb_model_free(content->model);
	hebb_checkpoint_free(content->checkpoint);
	free(content->trials);
	hebb_table_free(content->table);
}
