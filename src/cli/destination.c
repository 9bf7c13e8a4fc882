/* SPDX-License-Identifier: MIT */
/*
 * destination.c - where a model or a table goes
 *
 * A regular file is written beside itself and renamed (hebb_file_write), so the directory must take
 * a new file; a device or a pipe is opened for writing.  The check before training cannot see
 * everything (the disk may fill up meanwhile), but it sees the mistakes that people make.
 */
#define _POSIX_C_SOURCE 200809L

#include "destination.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "terminal.h"

/* The length of `name` without an ending: ".gz", then one more (".csv"). */
static size_t stem_length(const char *name, size_t length)
{
	static const char *const ending[] = {".gz",   ".csv", ".tsv", ".txt",
					     ".data", ".dat", ".idx"};

	for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
		size_t n = strlen(ending[i]);
		if (length > n && strncmp(name + length - n, ending[i], n) == 0)
			length -= n;
	}
	return length;
}

char *default_destination(const char *data, const char *ending)
{
	size_t length = strlen(data), from;
	char *path = malloc(length + strlen(ending) + sizeof "model");

	if (!path)
		return NULL;
	while (length > 1 && data[length - 1] == '/')
		length--;
	for (from = length; from > 0 && data[from - 1] != '/'; from--)
		;
	length = stem_length(data + from, length - from);
	memcpy(path, data + from, length);
	path[length] = '\0';
	if (length == 0 || path[0] == '-' || strcmp(path, ".") == 0 || strcmp(path, "..") == 0)
		strcpy(path, "model");
	return strcat(path, ending);
}

/* The directory of a path, to be freed. */
static char *directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t length = slash ? (size_t)(slash - path) : 0;
	char *directory = malloc(length + 2);

	if (!directory)
		return NULL;
	memcpy(directory, path, length);
	strcpy(directory + length, slash ? (length ? "" : "/") : ".");
	return directory;
}

static int check_directory(const char *path, const char *what)
{
	char *directory = directory_of(path);
	struct stat status;
	int result = EXIT_DONE;

	if (!directory)
		return fail(path, "out of memory");
	if (stat(directory, &status) != 0)
		result = fail(path, "the %s cannot be written there: %s: %s", what, directory,
			      strerror(errno));
	else if (!S_ISDIR(status.st_mode))
		result = fail(path, "the %s cannot be written there: %s is not a directory", what,
			      directory);
	else if (access(directory, W_OK | X_OK) != 0)
		result = fail(path, "the %s cannot be written there: %s: %s", what, directory,
			      strerror(errno));
	free(directory);
	return result;
}

int check_destination(const char *path, const char *data, const char *what)
{
	struct stat model, source;

	if (strcmp(path, "-") == 0)
		return EXIT_DONE;
	if (stat(path, &model) != 0)
		return errno == ENOENT ? check_directory(path, what)
				       : fail(path, "%s", strerror(errno));
	if (S_ISDIR(model.st_mode))
		return fail(path, "is a directory; name a file in it for the %s, with --%s", what,
			    what);
	if (stat(data, &source) == 0 && source.st_dev == model.st_dev &&
	    source.st_ino == model.st_ino)
		return fail(path, "is the data; the %s needs a name of its own, with --%s", what,
			    what);
	if (S_ISREG(model.st_mode))
		return check_directory(path, what);
	return access(path, W_OK) == 0 ? EXIT_DONE : fail(path, "%s", strerror(errno));
}
