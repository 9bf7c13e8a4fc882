/* SPDX-License-Identifier: MIT */
/*
 * explanation.h - what `hebb explain` shows: text, JSON and figures of hebb_study's explanations
 */
#ifndef HEBB_CLI_EXPLANATION_H
#define HEBB_CLI_EXPLANATION_H

#include <jansson.h>

#include "draw/picture.h"
#include "draw/terminal.h"
#include "hebb_study.h"
#include "option/options.h"

typedef struct explanation {
	const options *given;
	const hebb_model *model;
	const hebb_table *table;
	long long rows;       /* rows to look at, */
	const long long *row; /* and their indices; NULL: all rows of the table */
	hebb_explain how;
	int *output;  /* the outputs that were asked for, to be freed; NULL: the usual ones */
	json_t *json; /* NULL: text */
	int shown;    /* how many explanations were printed */
	char *next;   /* a column for the next command, to be freed; NULL: none */
} explanation;

/* ---- Each returns the exit status; the argument is that of its option ---- */

/* Checks the argument and the figures that will be written, before anything is computed. */
int check_importance(explanation *e, const char *argument);
int check_dependence(explanation *e, const char *columns);
int check_shapley(explanation *e, const char *rows);
int check_gradients(explanation *e, const char *rows);

int explain_importance(explanation *e, const char *argument);
int explain_dependence(explanation *e, const char *columns);
int explain_shapley(explanation *e, const char *rows);
int explain_gradients(explanation *e, const char *rows);

/* ---- names.c: what options name ---- */

/* Sets the outputs from names or numbers of classes or targets, separated by commas. */
int find_outputs(explanation *e, const char *names);
/* The name of an output: of a class, or of a target. */
const char *output_name(const hebb_coding *coding, int output);
/* The rows of "3,7-9", from 0 on, *count of them, to be freed; NULL after a message, *status says
 * how to end. */
long long *find_rows(const explanation *e, const char *option, const char *rows, int *count,
		     int *status);
/* The input columns of a list, likewise. */
int *find_columns(const explanation *e, const char *columns, int *count, int *status);
/* The column of the table that an input column of the model is; -1: none. */
int column_of_table(const explanation *e, int column);
/* Whether the table has all columns that the model takes, or predicts with a value in some row. */
int has_inputs(const explanation *e);
int has_targets(const explanation *e);

/* ---- shown.c: parts of a page ---- */

enum { FIGURE_MOST = 40 };
/* What an input column holds in a row: "5.1", "red", "missing". */
void value_text(const explanation *e, int column, long long row, char *text, size_t size);
/* A value of a grid. */
void grid_text(const explanation *e, int column, double value, char *text, size_t size);
/* "row 17 (line 18)" */
const char *row_text(const hebb_table *table, long long row, char text[64]);
/* A bar of |value| / most times `width` columns; the blanks after it are not printed. Negative ones
 * look different. */
void print_bar(double value, double most, int width);
/* "+0.312", to 3 digits behind the point for numbers near 1. */
const char *signed_text(double value, char text[FIGURE_MOST]);
/* An empty line between explanations, and a title in bold. */
void print_title(explanation *e, const char *format, ...) PRINTF_LIKE(2, 3);
/* The width of the longest name of `count` columns of a list, at most `most`. */
int names_width(const hebb_coding *coding, int count, const int *column, int most);

/* The pixels of a row of the table, to be freed; NULL: no memory. */
double *pixels_of(const explanation *e, long long row);

#endif
