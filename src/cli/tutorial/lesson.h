/* SPDX-License-Identifier: MIT */
/*
 * lesson.h - a section of the tutorial as it is shown: parts, lines, numbers, figures
 *
 * A section is a function that computes and tells the lesson what to show.  The lesson prints it
 * for people (UTF-8 or ASCII, at most 80 columns, waiting for a key between parts with --step), or
 * keeps the numbers for --json, and writes the figures with --figures.  A section need not know
 * which.
 *
 * Notation is the tutorial's, with one repair: z⁽ˡ⁾ belongs to layer l everywhere, h⁽ˡ⁾ = f(z⁽ˡ⁾).
 * The article says so in 3.4 and counts z one lower in 4.5.
 */
#ifndef HEBB_CLI_LESSON_H
#define HEBB_CLI_LESSON_H

#include "draw/figure.h"
#include "option/options.h"
#include "draw/plot.h"
#include "draw/terminal.h"

struct digits;

typedef struct lesson {
	const options *given;
	hebb_activation f;     /* of the tutorial's nodes: --activation, or sigmoid */
	const char *section;   /* "3.2" */
	json_t *numbers;       /* of this section; NULL when printing */
	struct digits *digits; /* chapter 5's data and network, made once */
	int parts;             /* shown so far in this section */
	int stopped;           /* the reader has had enough */
} lesson;

/* The four parts of a section, in this order. */
typedef enum lesson_part { FORMULA = 1, COMPUTATION, RESULT, TAKE_AWAY } lesson_part;

/* 1 if what is told is printed: not for --json, nor after the reader has ended it. */
int is_printing(const lesson *l);

/* Begins a section: its number and title. */
void begin_section(lesson *l, const char *section, const char *title);

/* Begins a part; with --step the reader's key comes first.  wait_for_key() waits within a part. */
void begin_part(lesson *l, lesson_part which);
void wait_for_key(lesson *l);

/* An indented line as it is; a paragraph, wrapped; the text of the last part, which it begins. */
void line(lesson *l, const char *format, ...) PRINTF_LIKE(2, 3);
void blank(lesson *l);
void prose(lesson *l, const char *format, ...) PRINTF_LIKE(2, 3);
void take_away(lesson *l, const char *format, ...) PRINTF_LIKE(2, 3);

/* A text as it will be shown, padded with spaces to a width: for tables.  `shown` has room for 128
 * bytes; returns it. */
char *cell(const char *text, int width, char *shown);

/* Numbers for --json. */
void number(lesson *l, const char *name, double value);
void count(lesson *l, const char *name, long long value);
void numbers(lesson *l, const char *name, int n, const double *values);

/* A matrix as "symbol = [ ... ]" over `rows` lines, also for --json if it has a name. */
void matrix(lesson *l, const char *name, const char *symbol, int rows, int columns,
	    const double *values);

/* Shows a figure and, with --figures, writes it as SECTION-name.svg.  Returns an exit status. */
int show_figure(lesson *l, const char *name, const figure *shown);
/* The same, and frees the plot or figure; NULL: no memory for it. */
int show_plot(lesson *l, const char *name, plot *shown);
int show_drawing(lesson *l, const char *name, figure *shown);

/* "w₂₁⁽¹⁾": a letter with its indices from 1, 0 for those it does not have. `text` has room for 32
 * bytes; returns it. */
char *symbol(const char *letter, int i, int j, int layer, char *text);

/* A round range for an axis that holds all of the values, and 0. */
axis value_axis(const char *label, int n, const double *values);

/* How f and f' are written; both return `text`.  Of a function by element. */
enum { FORMULA_SIZE = 160 };
char *activation_formula(hebb_activation f, char text[FORMULA_SIZE]);
char *derivative_formula(hebb_activation f, char text[FORMULA_SIZE]);

#endif
