/* SPDX-License-Identifier: MIT */
/*
 * destination.h - where the model goes
 */
#ifndef HEBB_CLI_DESTINATION_H
#define HEBB_CLI_DESTINATION_H

/* The name of a model made from DATA: "iris.onnx" for "data/iris.csv.gz", in the current
 * directory; to be freed. */
char *default_destination(const char *data);

/* Finds out, before hours of training, whether the model can be written there; returns the exit
 * status. */
int check_destination(const char *path, const char *data);

#endif
