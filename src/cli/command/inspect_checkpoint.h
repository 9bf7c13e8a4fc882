/* SPDX-License-Identifier: MIT */
/*
 * inspect_checkpoint.h - what is in a checkpoint
 */
#ifndef HEBB_CLI_INSPECT_CHECKPOINT_H
#define HEBB_CLI_INSPECT_CHECKPOINT_H

#include "option/options.h"

int inspect_checkpoint(const options *given, const hebb_checkpoint *checkpoint);

#endif
