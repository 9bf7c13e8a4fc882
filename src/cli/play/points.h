/* SPDX-License-Identifier: MIT */
/*
 * points.h - the rows of a learner as points in the plane
 */
#ifndef HEBB_CLI_POINTS_H
#define HEBB_CLI_POINTS_H

#include "play/learner.h"

/* Refuses data that are no points in the plane: two columns of numbers without gaps, and a class or
 * a number.  Returns an exit status, after a message. */
int points_check(const learner *l);

/* The axes: the range of the points, and a margin. */
void points_range(learner *l);

/* --points, or 400. */
int points_count(const options *given);

#endif
