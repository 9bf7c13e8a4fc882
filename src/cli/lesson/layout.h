/* SPDX-License-Identifier: MIT */
/*
 * layout.h - how wide a page of the tutorial is, and how lines, words and tables are made to fit
 *
 * A page is as wide as the terminal, 50 to 140 columns; COLUMNS, if it is set, counts more than the
 * terminal; without either a page has 80.  Figures are at most 76 columns wide, words at most 98,
 * since longer lines are hard to read.
 */
#ifndef HEBB_CLI_LAYOUT_H
#define HEBB_CLI_LAYOUT_H

enum { PAGE_LEAST = 50, PAGE_STANDARD = 80, PAGE_MOST = 140, FIGURE_MOST = 76 };

int page_columns(void);
int figure_columns(int page);

/* Words, broken at spaces and indented. */
void lay_words(int page, const char *utf8);

/* A line, indented.  If it is too wide it is broken before a sign such as = or +, or between words,
 * and goes on further to the right. */
void lay_line(int page, const char *utf8);

/* Lines that begin at the same column and belong together.  If they are too wide, the blank columns
 * between the columns of the table become narrower; if that is not enough, the table is shown in
 * parts, each with the first column. */
typedef struct row_table {
	int count;
	char *line[64]; /* what is shown, UTF-8 or ASCII */
} row_table;

void table_add(row_table *rows, const char *utf8);
void table_lay(int page, row_table *rows); /* prints and empties it */
void table_empty(row_table *rows);

#endif
