/* SPDX-License-Identifier: MIT */
/*
 * destination.h - where a model or a table goes
 */
#ifndef HEBB_CLI_DESTINATION_H
#define HEBB_CLI_DESTINATION_H

/* The name of what is made from DATA: "iris.onnx" for "data/iris.csv.gz" and ".onnx", in the
 * current directory; to be freed. */
char *default_destination(const char *data, const char *ending);

/* What a path leads to, there or not: itself, but for a symbolic link; to be freed.  NULL: no
 * memory, or links without an end. */
char *destination_of(const char *path);

/* The directory of a path, to be freed; NULL without memory. */
char *directory_of(const char *path);

/* Finds out, before hours of training, whether it can be written there; `what` is "model", "table"
 * or "checkpoint", as the option is called.  Returns the exit status. */
int check_destination(const char *path, const char *what);

#endif
