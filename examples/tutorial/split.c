/* SPDX-License-Identifier: MIT */
/* split.c - the tutorial's 5.2: 40 % of the digits, drawn at random, are kept for the test */
#include <stdio.h>
#include "hebb_io.h"

enum { ROWS = 1797 };

int main(void)
{
	hebb_error error;
	hebb_table *digits = hebb_table_digits(&error);
	long long row[ROWS], test = 0;

	/* Column -1: by no column, so at random alone; seed 1.  The test rows come last in
	 * `row`. */
	if (!digits || hebb_split(digits, -1, 0.4, 1, 0, ROWS, NULL, row, &test, &error)) {
		fprintf(stderr, "%s\n", error.message);
		return 1;
	}
	printf("train  %lld rows\n", ROWS - test);
	printf("test   %lld rows\n", test);
	hebb_table_free(digits);
	return 0;
}
