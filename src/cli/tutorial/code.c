/* SPDX-License-Identifier: MIT */
/*
 * code.c - shows the programs of the sections, Python beside C or above it; --code prints one alone
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tutorial/exercises.h"

enum { INDENT = 2, BETWEEN = 3 };

/* The sections without a program of their own that show the one of another section. */
static const char *with_program(const char *section)
{
	static const char *const same[][2] = {
		{"3.1", "3.2"}, {"3.4", "3.5"}, {"4.5", "4.6"}, {"4.8", "4.9"}, {"5.4", "4.9"}};

	for (size_t i = 0; i < sizeof same / sizeof *same; i++)
		if (strcmp(same[i][0], section) == 0)
			return same[i][1];
	return section;
}

static const char *program_of(const char *section, int language)
{
	for (const program *each = programs; each->section; each++)
		if (strcmp(each->section, section) == 0)
			return language == CODE_C ? each->c : each->python;
	return NULL;
}

int print_code(const char *section, int language)
{
	const char *text = program_of(with_program(section), language);

	if (text)
		fputs(text, stdout);
	return text != NULL;
}

static int widest_line(const char *text)
{
	int widest = 0;

	for (; *text; text += strcspn(text, "\n") + 1)
		widest = (int)strcspn(text, "\n") > widest ? (int)strcspn(text, "\n") : widest;
	return widest;
}

/* The next line of a text, which may have ended; returns its length. */
static int next_line(const char **text, const char **from)
{
	int length = (int)strcspn(*text, "\n");

	*from = *text;
	*text += length + ((*text)[length] == '\n');
	return length;
}

static void print_beside(const char *left, const char *right, int column)
{
	printf("%*s%s%-*s%s%s\n", INDENT, "", dim(stdout), column, "Python", "C", plain(stdout));
	while (*left || *right) {
		const char *a, *b;
		int n = next_line(&left, &a), m = next_line(&right, &b);

		if (n + m == 0)
			putchar('\n');
		else if (m == 0)
			printf("%*s%.*s\n", INDENT, "", n, a);
		else
			printf("%*s%-*.*s%.*s\n", INDENT, "", column, n, a, m, b);
	}
}

static void print_alone(const char *name, const char *text)
{
	printf("%*s%s%s%s\n", INDENT, "", dim(stdout), name, plain(stdout));
	while (*text) {
		const char *a;
		int n = next_line(&text, &a);

		printf("%*s%.*s\n", n ? INDENT : 0, "", n, a);
	}
}

void show_code(lesson *l)
{
	const char *other = with_program(l->section), *python = program_of(other, CODE_PYTHON),
		   *c = program_of(other, CODE_C);

	if (!python)
		return;
	begin_part(l, CODE);
	if (!is_printing(l))
		return;
	if (l->given->own)
		prose(l, "The program has the section's own numbers; change them in it.");
	int left = widest_line(python), right = widest_line(c);
	if (strcmp(other, l->section) != 0) {
		prose(l,
		      "The program is that of section %s: `hebb tutorial %s --code python`, or c.",
		      other, other);
	} else if (INDENT + left + BETWEEN + right <= l->page) {
		print_beside(python, c, left + BETWEEN);
	} else {
		print_alone("Python", python);
		putchar('\n');
		print_alone("C", c);
	}
	putchar('\n');
}
