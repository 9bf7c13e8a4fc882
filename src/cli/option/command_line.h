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

/* A command as it was given, argv[0] being its name; to be freed; NULL if memory runs out. */
char *command_as_given(int argc, char **argv);

/* The command that resumes from a checkpoint of this run, with the options that the checkpoint
 * lacks; to be freed; NULL if memory runs out. */
char *command_to_go_on(const options *o, const char *checkpoint);

/* The train command that gives the same model as a trial of a search; likewise. */
char *command_to_repeat(const options *o);

/* Prints the commands that use the trained model at `model`, as lines of a report. */
void print_next_commands(FILE *out, const options *o, const char *model);

/* The same after an explanation, of MODEL and DATA; column: one that may be looked at, or NULL;
 * has_targets: DATA can be evaluated. */
void print_next_explanations(FILE *out, const options *o, const char *column, int has_targets);

#endif
