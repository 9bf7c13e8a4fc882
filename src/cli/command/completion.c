/* SPDX-License-Identifier: MIT */
/*
 * completion.c - what bash, zsh and fish complete, made from the tables of commands and options
 *
 * The command's name first; behind it the options that it takes, for an option with choices their
 * names, for an operand and an option that takes a file the files.
 */
#include <stdio.h>
#include <string.h>

#include "finding_topics.h"
#include "pages.h"
#include "play/clouds.h"
#include "topics.h"

typedef enum argument { NONE, NAMES, FILES, FOLDERS, OTHER } argument;

static argument argument_of(const option_row *row)
{
	if (!row->argument || row->argument[0] == '[') /* what may be left out follows = */
		return NONE;
	if (row->choice)
		return NAMES;
	if (strstr(row->argument, "FILE"))
		return FILES;
	return strcmp(row->argument, "DIR") == 0 ? FOLDERS : OTHER;
}

/* The meaning, cut to fit a line: at a ; or ( or at a ": " that begins a list of names. */
static char *summary_of(const option_row *row, char *text, size_t size)
{
	size_t length = strcspn(row->meaning, ";(");

	snprintf(text, size, "%.*s", (int)length, row->meaning);
	length = strlen(text);
	while (length > 0 && strchr(" :,", text[length - 1]))
		text[--length] = '\0';
	if (length == 0)
		snprintf(text, size, "%s", row->name);
	return text;
}

/* A text between single quotes, and a backslash before each character of `special`. */
static void put_quoted(const char *text, const char *special)
{
	for (; *text; text++) {
		if (*text == '\'')
			printf("'\\''");
		else
			printf("%s%c", strchr(special, *text) ? "\\" : "", *text);
	}
}

static void put_choices(const option_row *row)
{
	char list[256];

	choice_list(row, list, sizeof list);
	for (const char *c = list; *c; c++) {
		if (*c != ',')
			putchar(*c);
	}
}

/* `digits`, where a command takes data; the prepared points. */
static const char *data_of(const command *which)
{
	static char points[128];

	if (which->bit == PLAY) {
		points[0] = '\0';
		for (const cloud *c = clouds; c->name; c++) {
			strcat(points, c->name);
			strcat(points, c[1].name ? " " : "");
		}
		return points;
	}
	return strstr(which->usage, "DATA") || which->bit == INSPECT ? "digits" : "";
}

/* The topics of help, each before a blank. */
static void put_topics(void)
{
	for (const command *row = commands; row->name; row++)
		printf("%s ", row->name);
	for (const topic *each = topics; each->name; each++)
		printf("%s ", each->name);
	for (const finding_topic *each = finding_topics; each->code; each++)
		printf("%s ", each->code);
}

/* ---- bash ---- */

static void bash_options(argument wanted, const char *action)
{
	const char *gap = "\t";

	for (int id = 0; id < OPTION_COUNT; id++) {
		const option_row *row = &option_table[id];

		if (argument_of(row) != wanted)
			continue;
		printf("%s--%s", gap, row->name);
		if (row->letter)
			printf(" | -%c", row->letter);
		gap = " | ";
		if (wanted == NAMES) {
			printf(") words='");
			put_choices(row);
			printf("' ;;\n");
			gap = "\t";
		}
	}
	if (wanted != NAMES)
		printf(") %s ;;\n", action);
}

static void bash_command(const command *which)
{
	printf("\t%s) words='%s", which->name, data_of(which));
	for (int id = 0; id < OPTION_COUNT; id++) {
		if (option_table[id].commands & which->bit)
			printf(" --%s", option_table[id].name);
	}
	printf("' ;;\n");
}

static void bash(void)
{
	printf("# hebb's completion for bash, made by: hebb --completion bash\n"
	       "_hebb()\n{\n"
	       "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
	       "\tlocal words= files=\n"
	       "\t[ \"$word\" != = ] || word=\n"
	       "\t[ \"$before\" != = ] || before=${COMP_WORDS[COMP_CWORD-2]}\n"
	       "\tCOMPREPLY=()\n"
	       "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\twords='");
	for (const command *row = commands; row->name; row++)
		printf("%s ", row->name);
	printf("help --help --version --man --completion'\n"
	       "\telse\n\tcase $before in\n");
	bash_options(NAMES, NULL);
	bash_options(FILES, "files=-f");
	bash_options(FOLDERS, "files=-d");
	bash_options(OTHER, "return");
	printf("\t--completion) words='bash zsh fish' ;;\n"
	       "\t*) case ${COMP_WORDS[1]} in\n");
	for (const command *row = commands; row->name; row++)
		bash_command(row);
	printf("\thelp) words='");
	put_topics();
	printf("' ;;\n"
	       "\tesac\n"
	       "\t[[ $word == -* || ${COMP_WORDS[1]} == help ]] || files=-f ;;\n"
	       "\tesac\n\tfi\n"
	       "\tlocal IFS=$'\\n'\n"
	       "\tCOMPREPLY=($(compgen -W \"${words// /$IFS}\" -- \"$word\"))\n"
	       "\t[ -z \"$files\" ] || COMPREPLY+=($(compgen $files -- \"$word\"))\n"
	       "}\n"
	       "complete -o filenames -F _hebb hebb\n");
}

/* ---- zsh ---- */

static void zsh_argument(const option_row *row)
{
	const char *name = row->argument;

	switch (argument_of(row)) {
	case NONE:
		return;
	case NAMES:
		printf(":name:(");
		put_choices(row);
		printf(")");
		return;
	case FILES:
	case FOLDERS:
		printf(":");
		put_quoted(name, ":[]\\");
		printf(":_files%s", argument_of(row) == FOLDERS ? " -/" : "");
		return;
	case OTHER:
		printf(":");
		put_quoted(name, ":[]\\");
		printf(": ");
		return;
	}
}

static void zsh_option(const option_row *row)
{
	char text[200];

	printf("\t\t'");
	if (row->letter)
		printf("(-%c --%s)'{-%c,--%s%s}'", row->letter, row->name, row->letter, row->name,
		       argument_of(row) == NONE ? "" : "=");
	else
		printf("--%s%s", row->name, argument_of(row) == NONE ? "" : "=");
	printf("[");
	put_quoted(summary_of(row, text, sizeof text), ":[]\\");
	printf("]");
	zsh_argument(row);
	printf("' \\\n");
}

static void zsh(void)
{
	printf("#compdef hebb\n# hebb's completion for zsh, made by: hebb --completion zsh\n"
	       "local -a names\nnames=(\n");
	for (const command *row = commands; row->name; row++) {
		printf("\t'%s:", row->name);
		put_quoted(row->summary, ":\\");
		printf("'\n");
	}
	printf("\t'help:lists topics, or explains one'\n)\n"
	       "if (( CURRENT == 2 )); then\n"
	       "\t_describe command names\n"
	       "\tcompadd -- --help --version --man --completion\n"
	       "\treturn\nfi\n"
	       "shift words\n(( CURRENT-- ))\n"
	       "case $words[1] in\n");
	for (const command *row = commands; row->name; row++) {
		printf("%s)\n\t_arguments -s \\\n", row->name);
		for (int id = 0; id < OPTION_COUNT; id++) {
			if (option_table[id].commands & row->bit)
				zsh_option(&option_table[id]);
		}
		printf("\t\t'*:file:_files' ;;\n");
	}
	printf("help)\n\tcompadd ");
	put_topics();
	printf(";;\n"
	       "--completion)\n\tcompadd bash zsh fish ;;\n"
	       "esac\n");
}

/* ---- fish ---- */

static void fish_option(const option_row *row)
{
	char text[200];
	argument takes = argument_of(row);

	printf("complete -c hebb -n '__fish_seen_subcommand_from");
	for (const command *taker = commands; taker->name; taker++) {
		if (row->commands & taker->bit)
			printf(" %s", taker->name);
	}
	printf("' -l %s", row->name);
	if (row->letter)
		printf(" -s %c", row->letter);
	if (takes != NONE)
		printf(takes == FILES ? " -rF" : " -x");
	if (takes == NAMES) {
		printf(" -a '");
		put_choices(row);
		printf("'");
	} else if (takes == FOLDERS) {
		printf(" -a '(__fish_complete_directories)'");
	}
	printf(" -d '");
	/* In fish a backslash quotes a single quote within quotes. */
	for (const char *c = summary_of(row, text, sizeof text); *c; c++)
		printf("%s%c", *c == '\'' || *c == '\\' ? "\\" : "", *c);
	printf("'\n");
}

static void fish(void)
{
	printf("# hebb's completion for fish, made by: hebb --completion fish\n");
	for (const command *row = commands; row->name; row++)
		printf("complete -c hebb -n __fish_use_subcommand -f -a %s -d '%s'\n", row->name,
		       row->summary);
	printf("complete -c hebb -n __fish_use_subcommand -f -a help -d 'explain a command or "
	       "topic'\n"
	       "complete -c hebb -n __fish_use_subcommand -l version -d 'print the version'\n"
	       "complete -c hebb -n __fish_use_subcommand -l man -d 'print the man page'\n"
	       "complete -c hebb -n __fish_use_subcommand -x -l completion -a 'bash zsh fish' "
	       "-d 'print this for a shell'\n");
	printf("complete -c hebb -n '__fish_seen_subcommand_from help' -f -a '");
	put_topics();
	printf("'\n");
	for (int id = 0; id < OPTION_COUNT; id++)
		fish_option(&option_table[id]);
}

int print_completion(const char *shell)
{
	static const struct {
		const char *name;
		void (*print)(void);
	} shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};

	for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
		if (strcmp(shell, shells[i].name) == 0) {
			shells[i].print();
			return 1;
		}
	}
	return 0;
}
