/* SPDX-License-Identifier: MIT */
/*
 * task.c - whether a target holds classes or numbers, where nobody says
 */
#include "../io.h"

#include <math.h>

enum {
	CLASSES_MOST = 20,  /* more different integers are numbers */
	ROWS_A_CLASS = 5,   /* on average; fewer are numbers */
	INTEGERS_MOST = 100 /* more are not counted */
};

/* How many different integers there are in so many rows with a value; -1: other numbers too, or
 * more than INTEGERS_MOST. */
static int count_integers(const hebb_table *table, int column, long long *rows)
{
	double values[INTEGERS_MOST + 1];
	int count = 0;

	*rows = 0;
	for (long long row = 0; row < table->rows; row++) {
		double value = hb_value(table, row, column);

		if (isnan(value))
			continue;
		if (value != floor(value))
			return -1;
		++*rows;
		hb_add_value(values, &count, value);
		if (count > INTEGERS_MOST)
			return -1;
	}
	return count;
}

/* Two classes may have a few rows, but never one row each. */
static int are_classes(int count, long long rows)
{
	return count <= CLASSES_MOST &&
	       ((long long)count * ROWS_A_CLASS <= rows || (count == 2 && rows > 2));
}

/* 1 if some numbers are written with leading zeros, as codes are: 01; unless each row has its own.
 */
static int has_codes(const hebb_table *table, int column)
{
	const hebb_column_detail *detail = hb_detail(table, column);

	for (int i = 0; detail && i < detail->spelling_count; i++)
		if (detail->spellings[i][0] == '0' && detail->spellings[i][1] >= '0' &&
		    detail->spellings[i][1] <= '9')
			return detail->spelling_count < table->rows;
	return 0;
}

hebb_task hebb_table_task(const hebb_table *table, int column, int *integers)
{
	long long rows;
	int count = -1, is_text;

	if (integers)
		*integers = 0;
	if (!table || column < 0 || column >= table->columns)
		return 0;
	is_text = table->column[column].kind == HEBB_TEXT || has_codes(table, column);
	if (!is_text)
		count = count_integers(table, column, &rows);
	if (integers && count > 0)
		*integers = count;
	return is_text || (count >= 0 && are_classes(count, rows)) ? HEBB_CLASSIFICATION
								   : HEBB_REGRESSION;
}
