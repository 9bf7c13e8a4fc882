/* SPDX-License-Identifier: MIT */
/* same_table.h - whether two tables are the same, in all that a reader makes */
#ifndef HEBB_TESTS_SAME_TABLE_H
#define HEBB_TESTS_SAME_TABLE_H

#include "hebb_io.h"

#include <math.h>
#include <string.h>

static int is_same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static int are_same_texts(int a_count, char *const *a, int b_count, char *const *b)
{
	int same = a_count == b_count;

	for (int i = 0; same && i < a_count; i++)
		same = is_same_text(a[i], b[i]);
	return same;
}

static int are_same_numbers(const double *a, const double *b, long long rows)
{
	int same = !a == !b;

	for (long long row = 0; same && a && row < rows; row++)
		same = a[row] == b[row] || (isnan(a[row]) && isnan(b[row]));
	return same;
}

static int is_same_detail(const hebb_column_detail *a, const hebb_column_detail *b, long long rows)
{
	if (!a || !b)
		return a == b;
	return a->form == b->form && a->is_chosen == b->is_chosen && a->exact == b->exact &&
	       are_same_numbers(a->doubles, b->doubles, rows) && is_same_text(a->marks, b->marks) &&
	       are_same_texts(a->spelling_count, a->spellings, b->spelling_count, b->spellings) &&
	       !a->spelling == !b->spelling &&
	       (!a->spelling ||
		memcmp(a->spelling, b->spelling, (size_t)rows * sizeof *a->spelling) == 0);
}

static int is_same_column(const hebb_table *a, const hebb_table *b, int c)
{
	return a->column[c].kind == b->column[c].kind &&
	       a->column[c].missing == b->column[c].missing &&
	       is_same_text(a->column[c].name, b->column[c].name) &&
	       are_same_texts(a->column[c].level_count, a->column[c].levels,
			      b->column[c].level_count, b->column[c].levels) &&
	       is_same_detail(a->detail ? a->detail[c] : NULL, b->detail ? b->detail[c] : NULL,
			      a->rows);
}

/* 1 if they are, lines and notes too. */
static inline int is_same_table(const hebb_table *a, const hebb_table *b)
{
	int same = a->rows == b->rows && a->columns == b->columns && a->named == b->named &&
		   hebb_table_fingerprint(a) == hebb_table_fingerprint(b) &&
		   are_same_texts(a->note_count, a->notes, b->note_count, b->notes);

	for (int c = 0; same && c < a->columns; c++)
		same = is_same_column(a, b, c);
	return same && memcmp(a->line, b->line, (size_t)a->rows * sizeof *a->line) == 0;
}

#endif
