/* SPDX-License-Identifier: MIT */
/*
 * scaling.c - the tutorial's 5.1: the first image, each pixel scaled to mean 0 and deviation 1
 *
 * Computed here in double, as StandardScaler does, and compared with the library's float32.
 */
#include <math.h>
#include <stdio.h>
#include "hebb_io.h"

enum { ROWS = 1797, PIXELS = 64 };

/* A pixel of the first row; 0 if it has the same value in all rows. */
static double scaled(const hebb_table *digits, int pixel)
{
	double first = (double)hebb_table_value(digits, 0, pixel), mean = 0, variance = 0;

	for (int i = 0; i < ROWS; i++)
		mean += (double)hebb_table_value(digits, i, pixel) / ROWS;
	for (int i = 0; i < ROWS; i++)
		variance += pow((double)hebb_table_value(digits, i, pixel) - mean, 2) / ROWS;
	return variance > 0 ? (first - mean) / sqrt(variance) : 0;
}

int main(void)
{
	hebb_coding_options options = hebb_coding_options_default();
	hebb_error error;
	hebb_table *digits = hebb_table_digits(&error);
	hebb_coding *coding = NULL;
	hebb_dataset *X = NULL;
	long long row[ROWS];
	double difference = 0;

	options.pixels_alike = 0; /* each pixel by its own deviation, as StandardScaler */
	for (int i = 0; i < ROWS; i++)
		row[i] = i;
	if (!digits || !(coding = hebb_coding_fit(digits, &options, ROWS, row, &error)) ||
	    !(X = hebb_coding_apply(coding, digits, 0, ROWS, row, &error))) {
		fprintf(stderr, "%s\n", error.message);
		return 1;
	}
	for (int j = 0; j < PIXELS; j++) {
		double x = scaled(digits, j);
		char text[16];

		difference = fmax(difference, fabs(x - (double)X->x[j]));
		snprintf(text, sizeof text, "%11.8f", x);
		for (int k = 10; text[k] == '0'; k--)
			text[k] = ' '; /* as numpy does */
		printf("%s%s", j == 0 ? "array([" : j % 5 ? ", " : ",\n       ", text);
	}
	printf("])\nhebb_coding_apply() differs by %s than 0.000001\n",
	       difference < 1e-6 ? "less" : "more");
	hebb_dataset_free(X);
	hebb_coding_free(coding);
	hebb_table_free(digits);
	return 0;
}
