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
struct ladder;

typedef struct lesson {
	const options *given;
	hebb_activation f;     /* of the tutorial's nodes: --activation, or sigmoid */
	const char *section;   /* "3.2" */
	json_t *numbers;       /* of this section; NULL when printing */
	struct digits *digits; /* data and network of chapter 5, created once */
	struct ladder *ladder; /* accuracies of chapter 7, each measured once */
	int parts;             /* parts shown so far in this section */
	int stopped;           /* the reader has ended the tutorial */
} lesson;

/* The four parts of a section, in this order. */
typedef enum lesson_part { FORMULA = 1, COMPUTATION, RESULT, TAKE_AWAY } lesson_part;

/* 1 if the lesson prints: not with --json, nor after the reader has ended it. */
int is_printing(const lesson *l);

/* Begins a section: its number and title. */
void begin_section(lesson *l, const char *section, const char *title);

/* Begins a part; with --step the reader's key comes first.  wait_for_key() waits within a part. */
void begin_part(lesson *l, lesson_part which);
void wait_for_key(lesson *l);

/* line(): an indented line; prose(): wrapped text; take_away(): begins the last part, with its
 * text. */
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

/* An axis with a round range that contains all of the values, and 0. */
axis value_axis(const char *label, int n, const double *values);

/* The formulas of f and f' of an element-wise function; both return `text`. */
enum { FORMULA_SIZE = 160 };
char *activation_formula(hebb_activation f, char text[FORMULA_SIZE]);
char *derivative_formula(hebb_activation f, char text[FORMULA_SIZE]);

#endif
