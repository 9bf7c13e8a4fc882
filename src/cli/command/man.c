/* SPDX-License-Identifier: MIT */
/*
 * man.c - the man page, made from the tables of commands and options
 *
 * In mdoc, whose macros say what a word is and leave its looks to the reader's program.  Every
 * option stands once, with the commands that take it.  The date is that of SOURCE_DATE_EPOCH, so
 * that a package is the same whenever it is built, or else today's.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "finding_topics.h"
#include "pages.h"
#include "topics.h"

/* A backslash would begin an escape. */
static void put_char(char c)
{
	if (c == '\\')
		printf("\\e");
	else
		putchar(c);
}

static void put(const char *text)
{
	for (; *text; text++)
		put_char(*text);
}

/* A paragraph in lines of at most 78 characters, each sentence on a line of its own, as mdoc wants
 * it.  A line that begins with a dot or a quote would be a macro. */
static void put_text(const char *text)
{
	int column = 0;

	while (*text) {
		int length = (int)strcspn(text, " "), more = text[length] == ' ';
		int ended = length > 0 && text[length - 1] == '.' && more &&
			    isupper((unsigned char)text[length + 1]);

		if (column > 0 && column + 1 + length > 78) {
			putchar('\n');
			column = 0;
		}
		if (column > 0)
			putchar(' ');
		else if (*text == '.' || *text == '\'')
			printf("\\&");
		for (int i = 0; i < length; i++)
			put_char(text[i]);
		column += (column > 0) + length;
		if (ended)
			putchar('\n');
		column = ended ? 0 : column;
		text += length + more;
	}
	putchar('\n');
}

static void put_date(void)
{
	static const char *const month[] = {"January",   "February", "March",    "April",
					    "May",       "June",     "July",     "August",
					    "September", "October",  "November", "December"};
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	time_t now = epoch ? (time_t)strtoll(epoch, NULL, 10) : time(NULL);
	const struct tm *date = gmtime(&now);

	if (date)
		printf(".Dd %s %d, %d\n", month[date->tm_mon], date->tm_mday, date->tm_year + 1900);
}

static void put_example(const char *const line[2])
{
	put_text(line[1]);
	printf(".Bd -literal -offset indent -compact\n");
	put(line[0]);
	printf("\n.Ed\n");
}

static void put_commands(void)
{
	printf(".Sh COMMANDS\n.Bl -tag -width Ds\n");
	for (const command *row = commands; row->name; row++) {
		printf(".It Cm %s Ar \"%s\" Op Ar options\n", row->name, row->usage);
		put_text(row->text);
	}
	printf(".It Cm help Op Ar topic\n");
	put_text("Lists the topics, or explains one: a command, a topic below, or a finding of "
		 "check, named by its code.");
	printf(".El\n");
}

/* Which commands take an option: all of them, or their names. */
static void put_takers(const option_row *row)
{
	const char *gap = "";

	if (row->commands == EVERY)
		return;
	printf("(");
	for (const command *taker = commands; taker->name; taker++) {
		if (!(row->commands & taker->bit))
			continue;
		printf("%s%s", gap, taker->name);
		gap = ", ";
	}
	printf(")\n");
}

static void put_option(const option_row *row)
{
	char text[1024], list[256] = "";

	printf(".It ");
	if (row->letter)
		printf("Fl %c , ", row->letter);
	printf("Fl \\-%s", row->name);
	if (row->argument)
		printf(" %sAr \"%s\"", row->argument[0] == '[' ? "Ns " : "", row->argument);
	printf("\n");
	if (row->choice)
		choice_list(row, list, sizeof list);
	snprintf(text, sizeof text, "%s%s", row->meaning, list);
	put_text(text);
	if (row->standard) {
		snprintf(text, sizeof text, "[%s]", row->standard);
		put_text(text);
	}
	put_takers(row);
}

static void put_group(group wanted, const char *title)
{
	printf(".Ss %s\n.Bl -tag -width Ds\n", title);
	for (int id = 0; id < OPTION_COUNT; id++) {
		if (option_table[id].group == wanted)
			put_option(&option_table[id]);
	}
	printf(".El\n");
}

/* "name, name, name" by mdoc's macro for code. */
static void put_codes(void)
{
	for (const finding_topic *each = finding_topics; each->code; each++)
		printf(".Ql %s%s\n", each->code, each[1].code ? " ," : " .");
}

static void put_topics(void)
{
	printf(".Sh HELP TOPICS\n.Bl -tag -width Ds\n");
	for (const topic *each = topics; each->name; each++) {
		printf(".It Cm help %s\n", each->name);
		put_text(each->summary);
	}
	printf(".It Cm help Ar code\n");
	put_text("What a finding of check means and what to try. The codes are");
	put_codes();
	printf(".El\n");
}

static void put_definitions(const definition *list, const char *macro)
{
	printf(".Bl -tag -width Ds\n");
	for (; list->name; list++) {
		printf(".It %s%s\n", macro, list->name);
		put_text(list->meaning);
	}
	printf(".El\n");
}

void print_man_page(void)
{
	put_date();
	printf(".Dt HEBB 1\n.Os\n.Sh NAME\n.Nm hebb\n"
	       ".Nd train, check, explain and run feed-forward neural networks\n"
	       ".Sh SYNOPSIS\n");
	for (const command *row = commands; row->name; row++)
		printf(".Nm\n.Cm %s\n.Ar \"%s\"\n.Op Ar options\n", row->name, row->usage);
	printf(".Nm\n.Cm help\n.Op Ar topic\n.Nm\n.Fl \\-version\n.Nm\n.Fl \\-man\n"
	       ".Nm\n.Fl \\-completion\n.Cm bash | zsh | fish\n"
	       ".Sh DESCRIPTION\n.Nm\n"
	       "trains a network on a table or images and saves it as an ONNX model, which other\n"
	       "programs run as well.\n.Pp\n"
	       ".Ar DATA\nis\n.Cm digits\n"
	       "(built in), a CSV or IDX file, compressed by gzip or not, or\n.Sq -\n"
	       "for standard input.\n.Pp\n"
	       "Equal seeds, data and options give the same network to the bit, for any number\n"
	       "of threads.\n.Pp\n"
	       ".Fl \\-man\nprints this page,\n.Fl \\-completion\n"
	       "a script with which a shell completes commands and options.\n");
	put_commands();
	printf(".Sh OPTIONS\nDefaults are in brackets; the commands that take an option are in "
	       "parentheses.\n");
	put_group(GROUP_NETWORK, "Network");
	put_group(GROUP_TRAINING, "Training");
	put_group(GROUP_DATA, "Data");
	put_group(GROUP_NUMBERS, "Numbers of the sections of the tutorial");
	put_group(GROUP_RESULT, "Result");
	put_topics();
	printf(".Sh ENVIRONMENT\n");
	put_definitions(environment_variables, "Ev ");
	printf(".Sh EXIT STATUS\n");
	put_definitions(exit_statuses, "");
	printf(".Sh EXAMPLES\n");
	for (const command *row = commands; row->name; row++) {
		printf(".Ss %s\n", row->name);
		for (int i = 0; row->example[i][0]; i++)
			put_example(row->example[i]);
	}
}
