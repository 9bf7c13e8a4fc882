/* SPDX-License-Identifier: MIT */
/*
 * comparison_text.h - a comparison as a table in the terminal
 */
#ifndef HEBB_CLI_COMPARISON_TEXT_H
#define HEBB_CLI_COMPARISON_TEXT_H

#include <stdio.h>

#include "comparison.h"

/* As wide as the terminal or, in a pipe, as it needs to be.  Returns 0 if memory runs out. */
int comparison_print(FILE *out, const comparison *all);

#endif
