/* SPDX-License-Identifier: MIT */
/*
 * destination.h - where a model or a table goes
 */
#ifndef HEBB_CLI_DESTINATION_H
#define HEBB_CLI_DESTINATION_H

/* The name of what is made from DATA: "iris.onnx" for "data/iris.csv.gz" and ".onnx", in the current
 * directory; to be freed. */
char *default_destination(const char *data, const char *ending);

/* Finds out, before hours of training, whether it can be written there; `what` is "model" or
 * "table", as the option is called.  Returns the exit status. */
int check_destination(const char *path, const char *data, const char *what);

#endif
