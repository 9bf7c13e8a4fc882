/* SPDX-License-Identifier: MIT */
/*
 * predict.c - the tutorial's 5.5: how many of the test digits the network of digits.c knows
 *
 * The model file holds the scaling besides the network; the same seed makes the same split again.
 */
#include <stdio.h>
#include <stdlib.h>
#include "hebb_io.h"

enum { ROWS = 1797, SEED = 1 };
static hebb_error error;

static void check(int ok)
{
	if (!ok) {
		fprintf(stderr, "%s\n", error.message);
		exit(1);
	}
}

/* The digit whose output is the largest. */
static int predict_y(const hebb_net *net, const float *x)
{
	float h[10];
	int best = 0;

	check(!hebb_predict(net, x, h, &error));
	for (int k = 1; k < 10; k++)
		best = h[k] > h[best] ? k : best;
	return best;
}

int main(void)
{
	hebb_model *model;
	hebb_dataset *test;
	hebb_table *digits;
	long long row[ROWS], m;
	int right = 0;

	check((digits = hebb_table_digits(&error)) != NULL);
	check((model = hebb_model_read("digits.onnx", &error)) != NULL);
	check(!hebb_split(digits, -1, 0.4, SEED, 0, ROWS, NULL, row, &m, &error));
	check((test = hebb_coding_apply(model->coding, digits, 1, m, row + ROWS - m, &error)) !=
	      NULL);
	for (int i = 0; i < m; i++)
		right += test->y[i * 10 + predict_y(model->net, test->x + i * 64)] == 1;
	printf("Prediction accuracy is %.1f%%\n", 100.0 * right / (double)m);
	hebb_dataset_free(test);
	hebb_model_free(model);
	hebb_table_free(digits);
	return 0;
}
