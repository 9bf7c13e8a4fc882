/* SPDX-License-Identifier: MIT */
/*
 * figure_folder.c - the folder of --figures, and which files in it may be written
 */
#define _POSIX_C_SOURCE 200809L

#include "figure_folder.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "draw/terminal.h"
#include "file_kind.h"
#include "files.h"

int figure_folder(const char *path)
{
	struct stat status;

	if (mkdir(path, 0777) != 0 && errno != EEXIST)
		return fail(path, "the folder for the figures cannot be made: %s",
			    system_reason(errno));
	if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode))
		return fail(path, "is not a folder; --figures writes several files into one");
	if (access(path, W_OK | X_OK) != 0)
		return fail(path, "the figures cannot be written there: %s", system_reason(errno));
	return EXIT_DONE;
}

int figure_check(const options *given, const char *name)
{
	char path[4096];
	struct stat status;
	int size = snprintf(path, sizeof path, "%s/%s.svg", given->figures, name);

	if (size >= (int)sizeof path || lstat(path, &status) != 0)
		return EXIT_DONE; /* no such file; other errors are reported when it is written */
	if (S_ISLNK(status.st_mode))
		return fail(path, "is a symbolic link, and the figure would be written where it "
				  "leads; remove it");
	if (files_have(given, path))
		return fail(path, "standard output goes there too; redirect it to another file");
	if (!S_ISREG(status.st_mode))
		return fail(path, "is not a regular file; the figure cannot be written there");
	return given->force ? EXIT_DONE : check_kind(path, FILE_FIGURE, "figures");
}
