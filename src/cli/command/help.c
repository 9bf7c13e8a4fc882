/* SPDX-License-Identifier: MIT */
/*
 * help.c - the pages of --help and -h, made from the tables of commands and options
 */
#include "help.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "draw/page.h"
#include "draw/terminal.h"
#include "topics.h"

enum {
	HELP_INDENT = 24,
	SHORT_EXAMPLES = 3,
	SHORT_STANDARD = 20, /* longer defaults are shown by --help only */
	HEAD_ROOM = 80,
	TEXT_ROOM = 640
};

/* "  -l, --layers N[,N...]|none". */
static char *head_of(const option_row *row, const char *argument, char head[HEAD_ROOM])
{
	snprintf(head, HEAD_ROOM, "  %c%c%s --%s%s%s", row->letter ? '-' : ' ',
		 row->letter ? row->letter : ' ', row->letter ? "," : " ", row->name,
		 argument[0] && argument[0] != '[' ? " " : "", argument);
	return head;
}

/* ---- The complete page ---- */

void print_option(const option_row *row)
{
	char text[TEXT_ROOM], list[256] = "", head[HEAD_ROOM];

	if (row->choice)
		choice_list(row, list, sizeof list);
	snprintf(text, sizeof text, "%s%s%s%s%s", row->meaning, list, row->standard ? " [" : "",
		 row->standard ? row->standard : "", row->standard ? "]" : "");
	page_row(stdout, head_of(row, row->argument ? row->argument : "", head), text, HELP_INDENT);
}

static void print_group(const command *which, group wanted, const char *title)
{
	int any = 0;

	for (int id = 0; id < OPTION_COUNT; id++) {
		if (option_table[id].group != wanted || !(option_table[id].commands & which->bit))
			continue;
		if (!any++) {
			printf("\n");
			page_title(stdout, title);
		}
		print_option(&option_table[id]);
	}
}

static void print_usage(const command *which)
{
	printf("%sUsage:%s hebb %s %s [options]\n\n", bold(stdout), plain(stdout), which->name,
	       which->usage);
}

/* At most so many of the examples. */
static void print_examples(const command *which, int most)
{
	printf("\n");
	page_title(stdout, "Examples");
	for (int i = 0; i < most && which->example[i][0]; i++) {
		page_command(stdout, which->example[i][0], 2);
		fputs(dim(stdout), stdout);
		page_paragraph(stdout, which->example[i][1], 6);
		fputs(plain(stdout), stdout);
	}
}

void print_command_help(const command *which)
{
	print_usage(which);
	page_paragraph(stdout, which->text, 0);
	print_group(which, GROUP_NETWORK, "Network");
	print_group(which, GROUP_TRAINING, "Training");
	print_group(which, GROUP_DATA, "Data");
	print_group(which, GROUP_NUMBERS, "Numbers of the sections");
	print_group(which, GROUP_RESULT, "Result");
	print_examples(which, 1000);
}

/* ---- The short page ---- */

/* The first form of the argument: N of N[,N...]|none. */
static char *short_argument(const option_row *row, char *text, size_t size)
{
	const char *argument = row->argument ? row->argument : "";

	snprintf(text, size, "%.*s", (int)strcspn(argument, "|["), argument);
	return text;
}

static void print_short_option(const option_row *row, int indent)
{
	int has_standard = row->standard && strlen(row->standard) <= SHORT_STANDARD;
	char text[TEXT_ROOM], argument[40], head[HEAD_ROOM];

	snprintf(text, sizeof text, "%s%s%s%s", row->brief ? row->brief : row->meaning,
		 has_standard ? " [" : "", has_standard ? row->standard : "",
		 has_standard ? "]" : "");
	page_row(stdout, head_of(row, short_argument(row, argument, sizeof argument), head), text,
		 indent);
}

static void print_common_options(const command *which)
{
	char argument[40], head[HEAD_ROOM];
	int indent = 0;

	for (int id = 0; id < OPTION_COUNT; id++) {
		const option_row *row = &option_table[id];
		int width = (int)strlen(
			head_of(row, short_argument(row, argument, sizeof argument), head));

		if ((row->common & which->bit) && width + 2 > indent)
			indent = width + 2;
	}
	for (int id = 0; id < OPTION_COUNT; id++)
		if (option_table[id].common & which->bit)
			print_short_option(&option_table[id], indent);
}

void print_short_help(const command *which)
{
	char text[TEXT_ROOM];

	print_usage(which);
	snprintf(text, sizeof text, "%c%s.", toupper((unsigned char)which->summary[0]),
		 which->summary + 1);
	page_paragraph(stdout, text, 0);
	printf("\n");
	print_common_options(which);
	print_examples(which, SHORT_EXAMPLES);
	snprintf(text, sizeof text, "All options and defaults: hebb %s --help", which->name);
	printf("\n");
	page_paragraph(stdout, text, 0);
}

/* ---- The list of commands ---- */

static void print_commands(FILE *stream)
{
	for (const command *row = commands; row->name; row++) {
		char head[HEAD_ROOM];

		snprintf(head, sizeof head, "  %-8s  %s", row->name, row->usage);
		page_row(stream, head, row->summary, 27);
	}
}

static void print_data(FILE *stream)
{
	page_paragraph(stream,
		       "DATA is digits (built in), a CSV or IDX file, compressed by gzip or not, "
		       "or - for standard input.",
		       0);
}

void print_overview(FILE *stream)
{
	fprintf(stream, "%sUsage:%s hebb COMMAND ARGUMENTS [options]\n\n", bold(stream),
		plain(stream));
	print_commands(stream);
	fprintf(stream, "\n");
	print_data(stream);
	page_paragraph(stream,
		       "'hebb COMMAND -h' prints the most used options of a command, 'hebb COMMAND "
		       "--help' all of them. 'hebb help' lists topics, 'hebb --help' the other "
		       "ways to get help.",
		       0);
	page_paragraph(stream, "A first run: hebb train digits", 0);
}

void print_complete_overview(void)
{
	printf("%sUsage:%s hebb COMMAND ARGUMENTS [options]\n\n", bold(stdout), plain(stdout));
	page_title(stdout, "Commands");
	print_commands(stdout);
	printf("\n");
	print_data(stdout);
	printf("\n");
	page_title(stdout, "Help");
	page_row(stdout, "  hebb COMMAND -h", "the most used options of a command", 27);
	page_row(stdout, "  hebb COMMAND --help", "all its options, with their defaults", 27);
	page_row(stdout, "  hebb help TOPIC", "a command, an option, or one of the topics below",
		 27);
	page_row(stdout, "  hebb --version", "the version", 27);
	page_row(stdout, "  hebb --man", "the manual page", 27);
	page_row(stdout, "  hebb --completion SHELL", "completions for bash, zsh or fish", 27);
	printf("\n");
	print_topics();
	printf("\n");
	page_title(stdout, "A first run");
	page_command(stdout, "hebb train digits", 2);
}

void print_help_of_help(void)
{
	printf("%sUsage:%s hebb help TOPIC\n\n", bold(stdout), plain(stdout));
	page_title(stdout, "Commands");
	print_commands(stdout);
	printf("\n");
	print_topics();
}
