/* SPDX-License-Identifier: MIT */
/*
 * save.c - saves results that took long to compute, elsewhere if need be
 *
 * While a network is trained, its folder may be removed or the disk may fill up.  A name is unused
 * if open() with O_EXCL can create the file, which hebb_file_write() then replaces: so nothing is
 * overwritten, not even in /tmp.
 */
#define _POSIX_C_SOURCE 200809L

#include "save.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hebb_io.h"

enum { NAMES_MOST = 9999, STEM_MOST = 200 };

/* "folder/stem-2.onnx" for the name "stem.onnx" and 2, "folder/stem.onnx" for 1; to be freed. */
static char *numbered(const char *folder, const char *name, const char *ending, int number)
{
	size_t length = strlen(name), tail = strlen(ending), at = strlen(folder);
	char counted[16] = "";
	char *path = malloc(at + length + tail + 16);

	if (!path)
		return NULL;
	if (length > tail && strcmp(name + length - tail, ending) == 0)
		length -= tail;
	if (length > STEM_MOST)
		length = STEM_MOST;
	while (length > 1 && (name[length] & 0xc0) == 0x80) /* a whole character */
		length--;
	if (number > 1)
		snprintf(counted, sizeof counted, "-%d", number);
	sprintf(path, "%s%s%.*s%s%s", folder, at > 0 && folder[at - 1] != '/' ? "/" : "",
		(int)length, name, counted, ending);
	return path;
}

/* Creates an empty file with an unused name; returns its path, to be freed. */
static char *claim(const saved_file *file, const char *folder, mode_t mode, hebb_error *error)
{
	char *path = NULL, text[HEBB_REASON];
	int descriptor = -1, reason = EEXIST;

	for (int number = 1; number <= NAMES_MOST && descriptor < 0 && reason == EEXIST; number++) {
		free(path);
		path = numbered(folder, file->name, file->ending, number);
		descriptor = path ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode) : -1;
		reason = path ? errno : ENOMEM;
	}
	if (descriptor >= 0) {
		close(descriptor);
		return path;
	}
	hebb_fail(error, HEBB_IO, "%.384s: cannot be written: %s", path ? path : file->name,
		  hebb_reason(reason, text));
	free(path);
	return NULL;
}

static char *save_in(const saved_file *file, const char *folder, mode_t mode, hebb_error *error)
{
	char *path = claim(file, folder, mode, error);

	if (!path || hebb_file_write(path, file->bytes, file->size, error) == HEBB_OK)
		return path;
	unlink(path);
	free(path);
	return NULL;
}

static char *save_elsewhere(const saved_file *file, const char *path)
{
	const char *temporary = getenv("TMPDIR");
	struct stat old;
	int is_there = stat(path, &old) == 0 && S_ISREG(old.st_mode);
	mode_t mode = is_there ? (old.st_mode & 0777) | 0600
			       : 0666; /* 0600: the owner must be able to write it */
	char *result = save_in(file, "", mode, NULL);

	if (!result && temporary && *temporary)
		result = save_in(file, temporary, 0600, NULL);
	return result ? result : save_in(file, "/tmp", 0600, NULL);
}

char *save_somewhere(const saved_file *file, const char *path, hebb_error *error)
{
	*error = (hebb_error){.status = HEBB_OK};
	if (hebb_file_write(path, file->bytes, file->size, error) == HEBB_OK)
		return strdup(path);
	return save_elsewhere(file, path);
}
