/* SPDX-License-Identifier: MIT */
/*
 * nearness.c - which name was meant by one that there is not
 */
#include "io.h"

#include <string.h>

enum { LETTERS_MOST = 64 }; /* of a longer name only the first ones count */

/* The letters that count: without case, blanks, '-' and '_'.  Returns how many there are. */
static int letters_of(const char *name, char letters[LETTERS_MOST])
{
	int count = 0;

	for (; *name && count < LETTERS_MOST; name++) {
		if (strchr(" \t\r\n-_", *name))
			continue;
		letters[count++] = hb_lower(*name);
	}
	return count;
}

static int least_of(int a, int b)
{
	return a < b ? a : b;
}

/* The least number of letters to insert, delete or exchange, or of neighbors to swap, that makes a
 * from b (Damerau 1964; no letter is changed twice). */
static int changes(const char *a, int m, const char *b, int n)
{
	int row[3][LETTERS_MOST + 1]; /* of row i: i % 3 */

	for (int j = 0; j <= n; j++)
		row[0][j] = j;
	for (int i = 1; i <= m; i++) {
		int *now = row[i % 3];
		const int *above = row[(i + 2) % 3], *second = row[(i + 1) % 3];

		now[0] = i;
		for (int j = 1; j <= n; j++) {
			int least = least_of(above[j], now[j - 1]) + 1;

			least = least_of(least, above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				least = least_of(least, second[j - 2] + 1);
			now[j] = least;
		}
	}
	return row[m % 3][n];
}

int hebb_name_distance(const char *typed, const char *name)
{
	char a[LETTERS_MOST], b[LETTERS_MOST];

	if (!typed || !name)
		return -1;
	int m = letters_of(typed, a), n = letters_of(name, b);
	if (m == 0 || n == 0)
		return strcmp(typed, name) == 0 ? 0 : -1;
	if (m <= n && memcmp(a, b, (size_t)m) == 0)
		return m < n;
	int count = changes(a, m, b, n);
	return 3 * count <= (m > n ? m : n) ? 1 + count : -1;
}
