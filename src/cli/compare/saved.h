/* SPDX-License-Identifier: MIT */
/*
 * saved.h - what models, checkpoints and saved results say of how they came about
 *
 * Whatever the file, an entry is
 *
 *     {"name": "digits.onnx", "kind": "model", "scores": {"accuracy": 0.972, ...},
 *      "run": {"data": "digits", "epochs": 100, ...}, "options": {"rate": 0.005, ...},
 *      "rows_scored": {"fingerprint": ..., "split": ...}}
 *
 * "rows_scored" is null if the file does not say which rows its scores are of.
 */
#ifndef HEBB_CLI_SAVED_H
#define HEBB_CLI_SAVED_H

#include <jansson.h>

/* Adds an entry for the model or checkpoint in a file, or for each JSON object in it.  Prints what
 * is wrong with the file and returns the exit status; the list is then as it was. */
int saved_read(const char *path, json_t *entries);

#endif
