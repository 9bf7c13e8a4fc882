/* SPDX-License-Identifier: MIT */
/*
 * pager.h - long output in a program that shows it page by page
 *
 * As git does: what PAGER names or, if it is not set, less; and less with -FRX, if LESS is not set:
 * it ends at once if all fits on the screen.  There is none if standard output is no terminal, if
 * PAGER is empty or cat, if TERM is dumb or not set, or if the program is not there.
 */
#ifndef HEBB_CLI_PAGER_H
#define HEBB_CLI_PAGER_H

/* From here on standard output goes to the pager; returns 1 if there is one. */
int pager_begin(void);

/* Waits until the reader has ended the pager. */
void pager_end(void);

#endif
