/* SPDX-License-Identifier: MIT */
/*
 * files.h - what a command reads and writes: no file that is read, and no foreign file, is
 * overwritten
 */
#ifndef HEBB_CLI_FILES_H
#define HEBB_CLI_FILES_H

#include "option/options.h"

/* Refuses an output that is an input or another output or, without --force, an existing file of
 * another kind; and a standard output or error that leads to one of these files. Two names are the
 * same file if device and inode are equal. Call it before any work, with the names of all outputs
 * set. Returns the exit status. */
int files_check(const options *given);

/* Whether a path is a file that the command reads or was asked to write. */
int files_have(const options *given, const char *path);

/* Whether two paths lead to the same file, which need not exist. */
int is_same_file(const char *a, const char *b);

#endif
