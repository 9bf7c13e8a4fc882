/* SPDX-License-Identifier: MIT */
/*
 * pages.h - the man page and the completions of shells, made from the tables of commands and
 * options
 */
#ifndef HEBB_CLI_PAGES_H
#define HEBB_CLI_PAGES_H

#include "option/option_table.h"

/* hebb.1 in the macros of mdoc, to standard output. */
void print_man_page(void);

/* The completion for bash, zsh or fish to standard output; 0: another shell. */
int print_completion(const char *shell);

#endif
