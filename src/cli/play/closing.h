/* SPDX-License-Identifier: MIT */
/*
 * closing.h - what stays of hebb play: the last picture, the numbers, and the commands
 */
#ifndef HEBB_CLI_CLOSING_H
#define HEBB_CLI_CLOSING_H

#include "play/learner.h"

/* The picture and the numbers once, then how to train the same network.  csv: the file of the
 * points; is_saved: it is there. */
int closing_print(learner *l, const char *name, const char *csv, int is_saved);

/* The same as one JSON object. */
int closing_json(learner *l, const char *name, const char *csv);

#endif
