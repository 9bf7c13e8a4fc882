/* SPDX-License-Identifier: MIT */
/*
 * files.h - what a command reads and writes: no file that is read, and no foreign file, is
 * overwritten
 */
#ifndef HEBB_CLI_FILES_H
#define HEBB_CLI_FILES_H

#include "option/options.h"

/* Refuses outputs that are a file that is read, another output, or, without --force, a file that is
 * there and not of the kind to be written; and a standard output or error that leads to one of
 * these files.  Files are the same if device and inode are, whatever their names.  To be called
 * before any work, with the names of all outputs set.  Returns the exit status. */
int files_check(const options *given);

/* Whether a path is a file that the command reads or was asked to write. */
int files_have(const options *given, const char *path);

/* Whether two paths lead to one file, which may not be there yet. */
int is_same_file(const char *a, const char *b);

#endif
