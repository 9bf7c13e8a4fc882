/* SPDX-License-Identifier: MIT */
/*
 * controls.h - what a key of hebb play changes
 */
#ifndef HEBB_CLI_CONTROLS_H
#define HEBB_CLI_CONTROLS_H

#include "play/learner.h"

typedef enum knob_result {
	KNOB_UNKNOWN,   /* the key turns nothing */
	KNOB_AT_END,    /* there is no further value */
	KNOB_TURNED,    /* and training goes on */
	KNOB_RESTARTED, /* the network begins anew */
	KNOB_FAILED     /* l->error says why; nothing has changed */
} knob_result;

/* Turns a setting of the learner by a key. */
knob_result knob_turn(learner *l, int key);

#endif
