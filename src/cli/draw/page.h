/* SPDX-License-Identifier: MIT */
/*
 * page.h - pages of text that fit the terminal: help and its topics
 *
 * Pages are as wide as the terminal, 40 to 100 columns: longer lines are hard to read.  COLUMNS, if
 * it is set, counts more than the terminal, as for other programs; without either they have 79.
 */
#ifndef HEBB_CLI_PAGE_H
#define HEBB_CLI_PAGE_H

#include <stdio.h>

/* The last column that a page uses. */
int page_width(FILE *stream);

/* Words from column `column` on, wrapped, later lines indented.  A newline in the text begins a new
 * line.  Returns the column that it ends in. */
int page_words(FILE *stream, const char *text, int column, int indent);

/* A paragraph: words from the first column on, and a newline. */
void page_paragraph(FILE *stream, const char *text, int indent);

/* A row of a list: the head in `indent` columns, the text beside it, or below it where the head is
 * too long or the page too narrow. */
void page_row(FILE *stream, const char *head, const char *text, int indent);

/* A line in bold. */
void page_title(FILE *stream, const char *title);

/* A command line, continued by a backslash where it would be too wide. */
void page_command(FILE *stream, const char *line, int indent);

#endif
