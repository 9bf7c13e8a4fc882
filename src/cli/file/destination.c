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
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "draw/terminal.h"

enum { LINKS_MOST = 40 };

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

char *directory_of(const char *path)
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

/* The target of a symbolic link, relative to the link's folder; to be freed. NULL: `path` is not a
 * link, or memory runs out. */
static char *target_of(const char *path)
{
	char target[PATH_MAX];
	ssize_t length = readlink(path, target, sizeof target - 1);
	const char *slash = strrchr(path, '/');
	size_t folder = length > 0 && target[0] != '/' && slash ? (size_t)(slash - path) + 1 : 0;
	char *next = length > 0 ? malloc(folder + (size_t)length + 1) : NULL;

	if (!next)
		return NULL;
	memcpy(next, path, folder);
	memcpy(next + folder, target, (size_t)length);
	next[folder + (size_t)length] = '\0';
	return next;
}

char *destination_of(const char *path)
{
	char *position = strdup(path), *next;

	for (int links = 0; position && links < LINKS_MOST; links++) {
		next = target_of(position);
		if (!next)
			return position;
		free(position);
		position = next;
	}
	free(position);
	return NULL;
}

/* Checks that a new file can be created at `target`, to which `path` leads. */
static int check_directory(const char *path, const char *target, const char *what)
{
	char *directory = target ? directory_of(target) : NULL;
	struct stat status;
	int result = EXIT_DONE;

	if (!directory)
		return fail(path, "%s", target ? "out of memory" : system_reason(ELOOP));
	if (stat(directory, &status) != 0)
		result = fail(path, "the %s cannot be written there: %s: %s", what, directory,
			      system_reason(errno));
	else if (!S_ISDIR(status.st_mode))
		result = fail(path, "the %s cannot be written there: %s is not a directory", what,
			      directory);
	else if (access(directory, W_OK | X_OK) != 0)
		result = fail(path, "the %s cannot be written there: %s: %s", what, directory,
			      system_reason(errno));
	free(directory);
	return result;
}

int check_destination(const char *path, const char *what)
{
	struct stat about;
	int is_there = stat(path, &about) == 0, status;
	char *target;

	if (!is_there && errno != ENOENT)
		return fail(path, "%s", system_reason(errno));
	if (is_there && S_ISDIR(about.st_mode))
		return fail(path, "is a directory; name a file in it for the %s, with --%s", what,
			    what);
	if (is_there && access(path, W_OK) != 0)
		return fail(path, "%s", system_reason(errno));
	if (is_there && !S_ISREG(about.st_mode))
		return EXIT_DONE;
	target = destination_of(path);
	status = check_directory(path, target, what);
	free(target);
	return status;
}
