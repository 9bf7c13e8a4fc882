/* SPDX-License-Identifier: MIT */
/*
 * file_kind.c - what a file is, by its first bytes
 *
 * A new kind is a value of file_kind and a row of `kinds`.
 */
#define _POSIX_C_SOURCE 200809L

#include "file_kind.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "draw/figure.h"
#include "hebb_study.h"
#include "draw/terminal.h"
#include "file/trials.h"

static int is_trials(const void *bytes, size_t size)
{
	size_t length = strlen(TRIALS_OPENING);

	return size >= length && memcmp(bytes, TRIALS_OPENING, length) == 0;
}

/* The first line, <svg ...>, ends in the mark. */
static int is_figure(const void *bytes, size_t size)
{
	const char *end =
		size > 4 && memcmp(bytes, "<svg", 4) == 0 ? memchr(bytes, '\n', size) : NULL;
	size_t length = strlen(figure_mark);

	return end && (size_t)(end + 1 - (const char *)bytes) > length &&
	       memcmp(end + 1 - length, figure_mark, length) == 0;
}

/* Whether all bytes may be text in ASCII or an encoding that extends it. */
static int is_text(const void *bytes, size_t size)
{
	const unsigned char *position = bytes;

	while (size > 0 && *position >= '\t') {
		position++;
		size--;
	}
	return size == 0;
}

/* The first that fits counts.  `name` follows an article. */
static const struct kind_row {
	file_kind kind;
	const char *article, *name;
	int (*probe)(const void *bytes, size_t size); /* NULL: not recognized by its bytes */
} kinds[] = {
	{FILE_MODEL, "a", "model of Hebb", hebb_model_is_ours},
	{FILE_CHECKPOINT, "a", "checkpoint of Hebb", hebb_checkpoint_is_ours},
	{FILE_TRIALS, "a", "table of a search", is_trials},
	{FILE_FIGURE, "a", "figure of Hebb", is_figure},
	{FILE_PAGE, "a", "page of Hebb", hebb_report_is_ours},
	{FILE_OTHER_ONNX, "an", "ONNX model of another program", hebb_model_probe},
	{FILE_OTHER_TENSORS, "a", "safetensors file of another program", hebb_checkpoint_probe},
	{FILE_PREDICTION, "a", "prediction of these columns", NULL},
	{FILE_TEXT, "a", "text", is_text},
	{FILE_UNREADABLE, "a", "file that cannot be read", NULL},
	{FILE_OTHER, "a", "file of another kind", NULL},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

static const struct kind_row *row_of(file_kind kind)
{
	const struct kind_row *row = kinds;

	while (row->kind != kind && row < &kinds[KINDS - 1])
		row++;
	return row;
}

file_kind file_kind_of(const char *path)
{
	unsigned char bytes[HEBB_BEGINNING];
	struct stat about;
	size_t size = 0;
	ssize_t got;

	if (stat(path, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size == 0)
		return FILE_EMPTY;
	int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (file < 0)
		return FILE_UNREADABLE;
	do {
		got = read(file, bytes + size, sizeof bytes - size);
		size += got > 0 ? (size_t)got : 0;
	} while (got > 0 || (got < 0 && errno == EINTR));
	close(file);
	if (got < 0)
		return FILE_UNREADABLE;
	for (int i = 0; i < KINDS; i++)
		if (kinds[i].probe && kinds[i].probe(bytes, size))
			return kinds[i].kind;
	return FILE_OTHER;
}

int check_kind(const char *path, file_kind wanted, const char *option)
{
	file_kind kind = file_kind_of(path);

	if (kind == FILE_EMPTY || kind == wanted)
		return EXIT_DONE;
	return fail(
		path,
		"is not %s %s but %s %s; name another file with --%s, or replace it with --force",
		row_of(wanted)->article, row_of(wanted)->name, row_of(kind)->article,
		row_of(kind)->name, option);
}
