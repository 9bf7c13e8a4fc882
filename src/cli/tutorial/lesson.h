/* SPDX-License-Identifier: MIT */
/*
 * lesson.h - a section of the tutorial as it is shown: parts, lines, numbers, figures
 *
 * A section is a function that computes and tells the lesson what to show.  The lesson prints it
 * for people (UTF-8 or ASCII, as wide as the page, waiting for a key between parts with --step), or
 * keeps the numbers for --json, and writes the figures with --figures.  A section need not know
 * which.
 *
 * Notation is the tutorial's, with one repair: z⁽ˡ⁾ belongs to layer l everywhere, h⁽ˡ⁾ = f(z⁽ˡ⁾).
 * The article says so in 3.4 and counts z one lower in 4.5.
 */
#ifndef HEBB_CLI_LESSON_H
#define HEBB_CLI_LESSON_H

#include "draw/figure.h"
#include "lesson/keys.h"
#include "lesson/knobs.h"
#include "lesson/layout.h"
#include "lesson/values.h"
#include "option/options.h"
#include "draw/plot.h"
#include "draw/terminal.h"

struct digits;
struct ladder;

typedef struct lesson {
	const options *given;
	hebb_activation f; /* of the tutorial's nodes: --activation, or sigmoid */
	const char *section, *title;
	json_t *numbers;       /* of this section; NULL when printing */
	struct digits *digits; /* data and network of chapter 5, created once */
	struct ladder *ladder; /* accuracies of chapter 7, each measured once */
	own_values own;        /* of --values */
	int page;              /* columns of the page */
	int paged;             /* the output goes to a pager */
	int misused;           /* a list has another length than the network wants */
	int silent;            /* nothing is printed, and figures have their full width */
	int parts;             /* parts shown so far in this section */
	row_table rows;        /* lines of a table that has not ended */
	int in_table;

	/* With --step. */
	int steps, skip; /* pauses so far in this section; how many are passed without a word */
	int leaving;     /* the reader has left the section, for what `wish` says */
	wish wish;
	char wanted[16];                    /* the section for WISH_SECTION */
	void (*contents)(void);             /* prints the list of sections */
	int (*exists)(const char *section); /* whether there is such a section */
} lesson;

/* The parts of a section, in this order. Code and exercises are added to each. */
typedef enum lesson_part {
	FORMULA = 1,
	COMPUTATION,
	RESULT,
	TAKE_AWAY,
	QUESTIONS,
	CODE,
	EXERCISES,
	ANSWERS
} lesson_part;

/* 1 if the lesson prints: not with --json, nor after the reader has left it. */
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

/* The lines between them are the rows of a table, which is made to fit the page. */
void begin_table(lesson *l);
void end_table(lesson *l);

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

/* A knob of this section: whether it was given, its number or `standard`, its numbers. */
int knob_given(const lesson *l, option_id id);
double knob_or(const lesson *l, option_id id, double standard);
int knob_list(const lesson *l, option_id id, int most, double *values);

/* The columns that a figure may take. */
int figure_room(const lesson *l);
plot *lesson_plot(const lesson *l, const char *title, axis x, axis y);

/* Shows a figure and, with --figures, writes it as SECTION-name.svg.  Returns an exit status. */
int show_figure(lesson *l, const char *name, const figure *shown);
/* The same, and frees the plot or figure; NULL: no memory for it. */
int show_plot(lesson *l, const char *name, plot *shown);
int show_drawing(lesson *l, const char *name, figure *shown);

/* "w₂₁⁽¹⁾": a letter with its indices from 1, 0 for those it does not have. `text` has room for 32
 * bytes; returns it. */
char *symbol(const char *letter, int i, int j, int layer, char *text);

/* "0.2", "1.0" and "0.25": a number with one decimal, or with as many as it has. */
typedef struct short_text {
	char text[32];
} short_text;
short_text short_number(double value);

/* "(1.5, 2, 3)"; `text` has room for LIST_SIZE bytes; returns it. */
enum { LIST_SIZE = 256 };
char *list_text(int n, const double *values, char text[LIST_SIZE]);

/* An axis with a round range that contains all of the values, and 0. */
axis value_axis(const char *label, int n, const double *values);

/* The formulas of f and f' of an element-wise function; both return `text`. */
enum { FORMULA_SIZE = 160 };
char *activation_formula(hebb_activation f, char text[FORMULA_SIZE]);
char *derivative_formula(hebb_activation f, char text[FORMULA_SIZE]);

#endif
