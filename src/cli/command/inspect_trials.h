/* SPDX-License-Identifier: MIT */
/*
 * inspect_trials.h - hebb inspect of what a search wrote
 */
#ifndef HEBB_CLI_INSPECT_TRIALS_H
#define HEBB_CLI_INSPECT_TRIALS_H

#include "option/options.h"

/* `text`: the bytes of the table, which begins with TRIALS_OPENING.  Returns the exit status. */
int inspect_trials(const options *given, const char *text, size_t size);

#endif
