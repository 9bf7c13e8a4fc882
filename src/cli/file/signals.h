/* SPDX-License-Identifier: MIT */
/*
 * signals.h - being asked to end while there is something to save
 *
 * SIGINT (Ctrl-C), SIGTERM, SIGHUP (the terminal is closed) and SIGXCPU (the limit of time) ask for
 * an end.
 */
#ifndef HEBB_CLI_SIGNALS_H
#define HEBB_CLI_SIGNALS_H

/* From now on they are remembered; one that is ignored (nohup) stays ignored.  A second Ctrl-C or
 * SIGTERM ends the command at once; the others come several times by themselves. */
void catch_signals(void);

/* Whether one came. */
int stop_asked(void);

/* Dies of the first that came, if any, as if it had not been caught: shells want to see that. */
void pass_on_signal(void);

#endif
