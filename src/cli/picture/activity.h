/* SPDX-License-Identifier: MIT */
/*
 * activity.h - a line for work that takes longer than two seconds
 *
 *     reading flights.csv  42 %  0:07 left
 *
 * It is shown on a terminal only, on standard error, and not with --quiet.  While a message is
 * printed it is away.  A thread shows it, so that the work need not; what the work tells of itself
 * goes through a meter.
 */
#ifndef HEBB_CLI_ACTIVITY_H
#define HEBB_CLI_ACTIVITY_H

#include "hebb_io.h"

/* From now on the command does this: "reading flights.csv".  An activity within another one is not
 * shown. */
void activity_begin(const char *what);

/* The same with the name of the data that is read, "reading" and "flights.csv"; not if a person
 * types it at the terminal. */
void activity_begin_with(const char *doing, const char *data);

/* Ends the last activity that began; does nothing if there is none. */
void activity_end(void);

/* What the library may tell how far it is; NULL: nobody looks. */
hebb_meter *activity_meter(void);

/* Removes the line for a message, and lets it come again. */
void activity_hold(void);
void activity_release(void);

#endif
