/* SPDX-License-Identifier: MIT */
/*
 * commands.h - the subcommands, one file each; they return the exit status
 */
#ifndef HEBB_CLI_COMMANDS_H
#define HEBB_CLI_COMMANDS_H

#include "option/options.h"

int run_train(options *given);
int run_search(options *given);
int run_evaluate(options *given);
int run_explain(options *given);
int run_predict(options *given);
int run_inspect(options *given);
int run_check(options *given);
int run_tutorial(options *given);
int run_play(options *given);
/* The numbers that a section, a chapter or all sections take. */
int print_section_help(const char *which);
int run_bench(options *given);
int run_report(options *given);

#endif
