/* SPDX-License-Identifier: MIT */
/*
 * destination.h - where a model or a table goes
 */
#ifndef HEBB_CLI_DESTINATION_H
#define HEBB_CLI_DESTINATION_H

/* The default name of an output: "iris.onnx" for "data/iris.csv.gz" and ".onnx", in the current
 * directory; to be freed. */
char *default_destination(const char *data, const char *ending);

/* Where a path leads: to itself or, if it is a symbolic link, to the target, which need not exist;
 * to be freed. NULL: memory runs out, or the links form a circle. */
char *destination_of(const char *path);

/* The directory of a path, to be freed; NULL if memory runs out. */
char *directory_of(const char *path);

/* Checks before hours of training that a path can be written. what: "model", "table" or
 * "checkpoint", the name of the option. Returns the exit status. */
int check_destination(const char *path, const char *what);

#endif
