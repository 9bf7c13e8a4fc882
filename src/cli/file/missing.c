/* SPDX-License-Identifier: MIT */
/*
 * missing.c - a file that cannot be read, and the one that was probably meant
 */
#define _POSIX_C_SOURCE 200809L

#include "missing.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "destination.h"
#include "draw/terminal.h"
#include "option/nearest.h"

static int is_missing(const char *path)
{
	struct stat status;

	return strcmp(path, "-") != 0 && stat(path, &status) != 0 && errno == ENOENT;
}

/* Prints the error with the name nearest to that of the path.  entries: those of its folder, in the
 * order of the alphabet, so that of equally near names it is always the same. */
static int fail_with_nearest(const char *path, const hebb_error *error, int count,
			     struct dirent *const *entries)
{
	const char *slash = strrchr(path, '/');
	int length = slash ? (int)(slash + 1 - path) : 0;
	nearest suggestions = {.typed = path + length};

	for (int i = 0; i < count; i++)
		if (entries[i]->d_name[0] != '.')
			nearest_compare(&suggestions, entries[i]->d_name);
	if (suggestions.count == 0)
		return fail_error(NULL, error);
	return fail(NULL, "%s; did you mean %.*s%s?", error->message, length, path,
		    suggestions.name[0]);
}

int fail_read(const char *path, const hebb_error *error)
{
	char *folder = is_missing(path) ? directory_of(path) : NULL;
	struct dirent **entries = NULL;
	int count = folder ? scandir(folder, &entries, NULL, alphasort) : 0;
	int status = fail_with_nearest(path, error, count, entries);

	for (int i = 0; i < count; i++)
		free(entries[i]);
	free(entries);
	free(folder);
	return status;
}
