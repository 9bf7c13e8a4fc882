/* SPDX-License-Identifier: MIT */
/*
 * missing.h - a file that cannot be read, and the one that was probably meant
 */
#ifndef HEBB_CLI_MISSING_H
#define HEBB_CLI_MISSING_H

#include "hebb.h"

/* Prints the error of reading `path` and, if nothing is there, the nearest name in its folder;
 * returns EXIT_FAILED. */
int fail_read(const char *path, const hebb_error *error);

#endif
