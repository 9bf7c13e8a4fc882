/* SPDX-License-Identifier: MIT */
/*
 * table.c - a table of numbers and a class that depends on them: table ROWS COLUMNS > FILE.csv
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* In [-1, 1). */
static double irregular(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (double)(*state >> 40) * 0x1p-23 - 1;
}

int main(int argc, char **argv)
{
	long rows = argc == 3 ? atol(argv[1]) : 0, columns = argc == 3 ? atol(argv[2]) : 0;
	uint64_t state = 1;

	if (rows < 1 || columns < 2) {
		fprintf(stderr, "usage: table ROWS COLUMNS\n");
		return 2;
	}
	for (long j = 0; j < columns; j++)
		printf("x%ld,", j + 1);
	printf("class\n");
	for (long i = 0; i < rows; i++) {
		double sum = 0.3 * irregular(&state);

		for (long j = 0; j < columns; j++) {
			double x = irregular(&state);

			sum += j % 2 ? x : -x;
			printf("%.5g,", x);
		}
		printf("%s\n", sum < -1 ? "low" : sum < 1 ? "middle" : "high");
	}
	return 0;
}
