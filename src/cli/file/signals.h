/* SPDX-License-Identifier: MIT */
/*
 * signals.h - signals that ask the command to end while there is something to save
 *
 * They are SIGINT (Ctrl-C), SIGTERM, SIGHUP (the terminal was closed) and SIGXCPU (the limit of
 * processor time).
 */
#ifndef HEBB_CLI_SIGNALS_H
#define HEBB_CLI_SIGNALS_H

#include "hebb_study.h"

/* From now on these signals are remembered; ignored ones (nohup) stay ignored. A second Ctrl-C or
 * SIGTERM ends the command at once. The other signals may repeat without anybody's wish. */
void catch_signals(void);

/* The same, and a call that waits, as for a pipe, ends with EINTR when one comes. */
void catch_signals_and_wake(void);

/* A signal that comes, or has come, sets this flag too; NULL: no flag any more. */
void signals_cancel(hebb_cancel *cancel);

/* Forgets a Ctrl-C that was a wish to end only a part of the work; returns whether there was
 * one. */
int forgive_interrupt(void);

/* Whether one came. */
int stop_asked(void);

/* Ends by the first signal that came, if any, as if it had not been caught, so that shells see
 * it. */
void pass_on_signal(void);

#endif
