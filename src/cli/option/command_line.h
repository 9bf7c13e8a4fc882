/* SPDX-License-Identifier: MIT */
/*
 * command_line.h - a command that people may paste into a shell
 */
#ifndef HEBB_CLI_COMMAND_LINE_H
#define HEBB_CLI_COMMAND_LINE_H

#include <stdio.h>

#include "options.h"

/* Prints a word as a shell reads it: quoted where that is needed. */
void print_word(FILE *stream, const char *word);

/* The train that goes on from a checkpoint of this run, with the options that are not in it; to be
 * freed; NULL without memory. */
char *command_to_go_on(const options *o, const char *checkpoint);

/* The train that gives the same model as the options of a search's trial; likewise. */
char *command_to_repeat(const options *o);

/* The commands that use the model of a training, which is at `model`, as lines of a report. */
void print_next_commands(FILE *out, const options *o, const char *model);

#endif
