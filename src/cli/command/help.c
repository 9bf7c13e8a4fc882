/* SPDX-License-Identifier: MIT */
/*
 * help.c - the pages of --help, made from the tables of commands and options
 */
#include <stdio.h>
#include <string.h>

#include "option/option_table.h"
#include "draw/terminal.h"

enum { HELP_WIDTH = 79, HELP_INDENT = 24 };

/* Prints words from column `column` on, wrapped and indented; returns the column it ends in. */
static int print_wrapped(const char *text, int column, int indent)
{
	while (*text) {
		int length = (int)strcspn(text, " \n");
		int gap = column > indent ? 1 : 0;

		if (column + gap + length > HELP_WIDTH && column > indent) {
			printf("\n%*s", indent, "");
			column = indent;
			gap = 0;
		}
		printf("%*s%.*s", gap, "", length, text);
		column += gap + length;
		text += length;
		if (*text == '\n') {
			printf("\n%*s", indent, "");
			column = indent;
		}
		text += *text != '\0';
	}
	return column;
}

static void print_option(const option_row *row)
{
	char text[640], list[256] = "", head[80];
	int column;

	snprintf(head, sizeof head, "  %c%c%s --%s%s%s", row->letter ? '-' : ' ',
		 row->letter ? row->letter : ' ', row->letter ? "," : " ", row->name,
		 row->argument && row->argument[0] != '[' ? " " : "",
		 row->argument ? row->argument : "");
	column = printf("%s", head);
	if (column > HELP_INDENT - 2)
		column = printf("\n%*s", HELP_INDENT, "") - 1;
	else
		column += printf("%*s", HELP_INDENT - column, "");
	if (row->choice)
		choice_list(row, list, sizeof list);
	snprintf(text, sizeof text, "%s%s%s%s%s", row->meaning, list, row->standard ? " [" : "",
		 row->standard ? row->standard : "", row->standard ? "]" : "");
	print_wrapped(text, column, HELP_INDENT);
	printf("\n");
}

static void print_group(const command *which, group wanted, const char *title)
{
	int any = 0;

	for (int id = 0; id < OPTION_COUNT; id++) {
		if (option_table[id].group != wanted || !(option_table[id].commands & which->bit))
			continue;
		if (!any++)
			printf("\n%s%s%s\n", bold(stdout), title, plain(stdout));
		print_option(&option_table[id]);
	}
}

void print_command_help(const command *which)
{
	printf("%sUsage:%s hebb %s %s [options]\n\n", bold(stdout), plain(stdout), which->name,
	       which->usage);
	print_wrapped(which->text, 0, 0);
	printf("\n");
	print_group(which, GROUP_NETWORK, "Network");
	print_group(which, GROUP_TRAINING, "Training");
	print_group(which, GROUP_DATA, "Data");
	print_group(which, GROUP_RESULT, "Result");
	printf("\n%sExamples%s\n", bold(stdout), plain(stdout));
	for (const char *const(*example)[2] = which->example; (*example)[0]; example++)
		printf("  %s\n      %s%s%s\n", (*example)[0], dim(stdout), (*example)[1],
		       plain(stdout));
}

void print_overview(FILE *stream)
{
	fprintf(stream, "Usage: hebb COMMAND ARGUMENTS [options]\n\n");
	for (const command *row = commands; row->name; row++)
		fprintf(stream, "  %-8s  %-13s  %s\n", row->name, row->usage, row->summary);
	fprintf(stream,
		"\nDATA is digits (built in), a CSV or IDX file, gzip or not, or - for stdin.\n"
		"'hebb COMMAND --help' explains a command, 'hebb --version' prints the version,\n"
		"'hebb --man' the manual page, 'hebb --completion bash' (zsh, fish) completions.\n"
		"A first run: hebb train digits\n");
}
