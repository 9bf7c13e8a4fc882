/* SPDX-License-Identifier: MIT */
/*
 * augment.h - the argument of --augment
 */
#ifndef HEBB_CLI_AUGMENT_H
#define HEBB_CLI_AUGMENT_H

#include "command/commands.h"

/* Reads "NAME=X[,NAME=X...]" on top of `to`; the caller's `where` is the option.  Says what is
 * wrong and returns EXIT_MISUSED. */
int augment_parse(const char *where, const char *text, hebb_augmentation *to);

/* What to do with images of a size: "" stands for the defaults, a list for what it names and
 * nothing else. */
hebb_augmentation augment_of(const char *text, int height, int width, uint64_t seed);

#endif
