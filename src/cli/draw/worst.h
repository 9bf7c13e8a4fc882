/* SPDX-License-Identifier: MIT */
/*
 * worst.h - the rows that a model was most wrong about
 */
#ifndef HEBB_CLI_WORST_H
#define HEBB_CLI_WORST_H

#include "hebb_study.h"
#include "json.h"

/* A line for each row or, of images, a picture. */
void print_worst(const hebb_worst *worst, const hebb_coding *coding, const hebb_table *table);

/* A list of objects. */
json_t *worst_json(const hebb_worst *worst, const hebb_coding *coding, const hebb_table *table);

#endif
