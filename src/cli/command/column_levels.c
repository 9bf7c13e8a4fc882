/* SPDX-License-Identifier: MIT */
/*
 * column_levels.c - the texts of a column, the most frequent first
 */
#include "column_levels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "draw/terminal.h"
#include "picture/histogram.h"

enum { LEVELS = 40 /* that are looked for */ };

long long *levels_count(const hebb_table *table, int i)
{
	long long *count = calloc((size_t)table->column[i].level_count + 1, sizeof *count);

	for (long long row = 0; count && row < table->rows; row++) {
		double level = hebb_table_value(table, row, i);

		if (!isnan(level))
			count[(int)level]++;
	}
	return count;
}

/* The most frequent level that is left; -1: none is. */
static int most_frequent(const long long *count, int levels)
{
	int most = 0;

	for (int k = 1; k < levels; k++)
		most = count[k] > count[most] ? k : most;
	return levels == 0 || count[most] == 0 ? -1 : most;
}

/* The same, which is then none. */
static int take_level(long long *count, int levels)
{
	int most = most_frequent(count, levels);

	if (most >= 0)
		count[most] = 0;
	return most;
}

void levels_print(const hebb_table *table, int i, int room)
{
	const hebb_column *column = &table->column[i];
	long long *count = levels_count(table, i);
	char number[32];
	int level = count ? take_level(count, column->level_count) : -1;

	count_text(column->level_count, number);
	printf("%s%s", number, level < 0 ? "" : ": ");
	room -= text_width(number) + 2;
	for (int k = 0; level >= 0 && k < LEVELS; k++) {
		int next = take_level(count, column->level_count);
		const char *quote = list_quote(column->levels[level]);
		int width = text_width(column->levels[level]) + 2 * text_width(quote);

		if (width + (next < 0 ? 0 : 5) > room) {
			printf("%s...%s", dim(stdout), plain(stdout));
			break;
		}
		fputs(quote, stdout);
		print_field(stdout, column->levels[level], 0);
		fputs(quote, stdout);
		fputs(next < 0 ? "" : ", ", stdout);
		room -= width + 2;
		level = next;
	}
	free(count);
}

int levels_bars(const hebb_table *table, int i)
{
	long long *count = levels_count(table, i), bar[HISTOGRAM_WIDTH];
	int bars = 0, levels = table->column[i].level_count;

	for (int k; count && bars < HISTOGRAM_WIDTH && (k = most_frequent(count, levels)) >= 0;
	     bars++) {
		bar[bars] = count[k];
		count[k] = 0;
	}
	bars_print(stdout, bars, bar);
	free(count);
	return bars;
}
