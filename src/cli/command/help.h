/* SPDX-License-Identifier: MIT */
/*
 * help.h - the pages of --help and -h, made from the tables of commands and options, and the topics
 * of `hebb help`
 */
#ifndef HEBB_CLI_HELP_H
#define HEBB_CLI_HELP_H

#include "option/option_table.h"

/* The short list of commands; and the same with all options of `hebb` alone. */
void print_overview(FILE *stream);
void print_complete_overview(void);

/* The row of an option on a complete page. */
void print_option(const option_row *row);

/* `hebb help`: the commands and the topics. */
void print_help_of_help(void);

/* `hebb COMMAND --help` and `hebb COMMAND -h`. */
void print_command_help(const command *which);
void print_short_help(const command *which);

#endif
