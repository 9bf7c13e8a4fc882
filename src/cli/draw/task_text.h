/* SPDX-License-Identifier: MIT */
/*
 * task_text.h - what is predicted, and from what, in a sentence
 */
#ifndef HEBB_CLI_TASK_TEXT_H
#define HEBB_CLI_TASK_TEXT_H

#include "hebb_io.h"
#include "json.h"

enum { PLACE_MOST = 96, DOUBT_MOST = 120 };

/* "'price' (last column)"; of another column the name alone. */
const char *target_place(const hebb_table *table, int column, char text[PLACE_MOST]);

/* What to say of a target of integers, which may be classes or numbers: why it is a number, and
 * the option that decides, in brackets after a blank.  "" of other targets. */
const char *task_doubt(const hebb_table *table, int column, char text[DOUBT_MOST]);

/* Two lines on standard error, silenced by --quiet:
 *
 *     Predicting 'species' (last column), one of 3 classes: setosa, versicolor, virginica
 *     from 4 columns: sepal_length, sepal_width, petal_length, petal_width
 *
 * Long lists are cut to the width of the terminal, at most a page.  is_named, has_task: --target
 * and --task were given, so that there is no doubt. */
void tell_task(const hebb_table *table, const hebb_coding *coding, int is_named, int has_task);

/* Sets "target", a name or, of several targets, a list of names, and "task". */
void set_task(json_t *object, const hebb_coding *coding);

#endif
