/* SPDX-License-Identifier: MIT */
/*
 * file_kind.h - what a file is, by its first bytes
 */
#ifndef HEBB_CLI_FILE_KIND_H
#define HEBB_CLI_FILE_KIND_H

typedef enum file_kind {
	FILE_EMPTY = 1, /* or it does not exist, or is a device or a pipe: nothing can be lost */
	FILE_MODEL,     /* these five are hebb's own */
	FILE_CHECKPOINT,
	FILE_TRIALS,
	FILE_FIGURE,
	FILE_PAGE,
	FILE_OTHER_ONNX, /* of other programs */
	FILE_OTHER_TENSORS,
	FILE_PREDICTION, /* not recognized by its first bytes alone */
	FILE_TEXT,
	FILE_UNREADABLE,
	FILE_OTHER
} file_kind;

/* Reads the first HEBB_BEGINNING bytes. */
file_kind file_kind_of(const char *path);

/* Refuses to write a file of the kind `wanted` over one of another kind. option: the option that
 * names the path. */
int check_kind(const char *path, file_kind wanted, const char *option);

#endif
