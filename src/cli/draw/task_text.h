/* SPDX-License-Identifier: MIT */
/*
 * task_text.h - what is predicted, and from what, in a sentence
 */
#ifndef HEBB_CLI_TASK_TEXT_H
#define HEBB_CLI_TASK_TEXT_H

#include "hebb_io.h"

/* Two lines on standard error, silenced by --quiet:
 *
 *     Predicting 'species', one of 3 classes: setosa, versicolor, virginica
 *     from 4 columns: sepal_length, sepal_width, petal_length, petal_width
 *
 * Long lists are cut to the width of the terminal, at most a page. */
void tell_task(const hebb_coding *coding);

#endif
