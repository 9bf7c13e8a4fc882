/* SPDX-License-Identifier: MIT */
/*
 * give_back.h - a terminal whose settings were changed gets them back whatever signal ends the
 * command
 */
#ifndef HEBB_CLI_GIVE_BACK_H
#define HEBB_CLI_GIVE_BACK_H

#include <termios.h>

/* From now on a signal that would end the command first gives standard input these settings and
 * writes the text, which must stay valid, to standard output; NULL: none.  Signals that are caught
 * or ignored stay so. */
void give_back_arm(const struct termios *before, const char *text);

/* The settings are given back by the caller; signals end the command as before. */
void give_back_disarm(void);

/* Gives back what is to be given back.  A handler of signals may call it. */
void give_back_now(void);

#endif
