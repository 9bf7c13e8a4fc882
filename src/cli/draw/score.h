/* SPDX-License-Identifier: MIT */
/*
 * score.h - scores for people and as JSON
 */
#ifndef HEBB_CLI_SCORE_H
#define HEBB_CLI_SCORE_H

#include <jansson.h>
#include <stdio.h>

#include "hebb_study.h"

/* Adds accuracy, loss and the metrics, or rmse, mae, r2 and loss, to an object. */
void score_json(const hebb_score *score, const hebb_coding *coding, json_t *object);

/* The metrics of each class of a detailed score as a list; and the confusion matrix, null if there
 * is none. */
json_t *classes_json(const hebb_score *score, const hebb_coding *coding);
json_t *confusion_json(const hebb_score *score);

/* "accuracy 97.64 % (702 of 719 right), loss 0.0912"; at least 160 bytes. */
char *score_text(const hebb_score *score, char *text, size_t size);

/* Prints the metrics and, after an empty line, the confusion matrix with the metrics of each class,
 * or the most confused pairs if the matrix is wider than a page. For several numbers it prints a
 * table. */
void print_score(FILE *stream, const hebb_score *score, const hebb_coding *coding);

#endif
