/* SPDX-License-Identifier: MIT */
/*
 * loop.h - hebb play in a terminal: training, drawing, and what the keys change
 */
#ifndef HEBB_CLI_LOOP_H
#define HEBB_CLI_LOOP_H

#include "play/learner.h"

/* Until q, the end of the input or a signal.  epochs: where training pauses; 0: nowhere.  *number
 * becomes the signal of a key that ended it, or 0.  The terminal is then as it was.  Returns an
 * exit status. */
int loop_run(learner *l, const char *name, int epochs, int *number);

#endif
