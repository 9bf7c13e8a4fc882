/* SPDX-License-Identifier: MIT */
/*
 * one_hot.c - the tutorial's 5.3: the first training digit, and the vector that the outputs learn
 *
 * The split is random; this seed puts a 1 first, the digit of the tutorial's example.
 */
#include <stdio.h>
#include <stdlib.h>
#include "hebb_io.h"

enum { ROWS = 1797, SEED = 8 };

static hebb_error error;

static void check(int ok)
{
	if (!ok) {
		fprintf(stderr, "%s\n", error.message);
		exit(1);
	}
}

/* The targets of the rows as vectors, y[row][class], together with the scaled inputs. */
static hebb_dataset *convert_y_to_vect(const hebb_table *digits, long long n, const long long *row)
{
	const hebb_coding_options options = hebb_coding_options_default();
	hebb_coding *coding = hebb_coding_fit(digits, &options, n, row, &error);
	hebb_dataset *data;

	check(coding != NULL);
	data = hebb_coding_apply(coding, digits, 1, n, row, &error);
	check(data != NULL);
	hebb_coding_free(coding);
	return data;
}

int main(void)
{
	hebb_table *digits = hebb_table_digits(&error);
	hebb_dataset *train;
	long long row[ROWS], test;

	check(digits != NULL);
	check(hebb_split(digits, -1, 0.4, SEED, 0, ROWS, NULL, row, &test, &error) == HEBB_OK);
	train = convert_y_to_vect(digits, ROWS - test, row);
	printf("(%g, array([", (double)hebb_table_value(digits, row[0], 64));
	for (int k = 0; k < train->outputs; k++)
		printf("%s%2.0f.", k ? ", " : "", train->y[k]);
	printf("]))\n");
	hebb_dataset_free(train);
	hebb_table_free(digits);
	return 0;
}
