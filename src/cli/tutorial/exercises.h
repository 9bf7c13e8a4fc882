/* SPDX-License-Identifier: MIT */
/* exercises.h - what ends each section: a program in Python and in C, exercises and their answers
 */
#ifndef HEBB_CLI_EXERCISES_H
#define HEBB_CLI_EXERCISES_H

#include "tutorial/small.h"

/* exercises.c: the questions and, with --answers, the answers; the answers alone.  Numbers for
 * --json. */
void show_exercises(lesson *l);
void show_answers(lesson *l);

/* programs.c: complete programs, ended by one without a section. */
typedef struct program {
	const char *section, *python, *c;
} program;
extern const program programs[];

/* code.c: the section's program, Python beside C where the page is wide enough; nothing if there is
 * none. */
void show_code(lesson *l);

/* The program of a section in one language (code_language), on standard output; 0: it has none. */
int print_code(const char *section, int language);

/* questions.c: the questions of a reader, answered with the numbers of the section's network. */
int questions_4_5(lesson *l, const example *e, const pass *p, const double *slope);
int questions_4_6(lesson *l, const example *e, const pass *p);

#endif
