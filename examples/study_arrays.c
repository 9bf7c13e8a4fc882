/* SPDX-License-Identifier: MIT */
/* study_arrays.c - from arrays to a scored model: is a point inside the unit circle? */
#include <stdio.h>
#include "hebb_advanced.h"
#include "hebb_study.h"

enum { ROWS = 1000 };
static float point[ROWS][2];
static const char *side[ROWS];

int main(void)
{
	const hebb_block columns[] = {hebb_floats(2, point[0], NULL), hebb_texts(1, side, NULL)};
	hebb_error error = {.status = HEBB_OK};
	hebb_result result = {.size = sizeof result};
	hebb_spread accuracy;

	hebb_uniform(2 * ROWS, point[0], 1, 0);
	for (int i = 0; i < ROWS; i++)
		side[i] = point[i][0] * point[i][0] + point[i][1] * point[i][1] < 1 ? "in" : "out";
	hebb_table *table = hebb_table_from_arrays("points", ROWS, 2, columns, &error);
	hebb_study study = hebb_study_of(table);
	study.epochs = 30; /* other settings are chosen from the data */
	study.folds = 5;
	if (table && !hebb_study_run(&study, &result, &error)) {
		double share[5];
		for (int i = 0; i < result.runs; i++)
			share[i] = result.run[i].test.accuracy;
		accuracy = hebb_spread_of(result.runs, share);
		printf("accuracy %.3f (%.3f to %.3f), the mean of %d folds\n", accuracy.mean,
		       accuracy.low, accuracy.high, result.runs);
		hebb_model_write(result.model, "study_arrays.onnx", &error);
	}
	if (error.status)
		fprintf(stderr, "%s\n", error.message);
	hebb_result_free(&result);
	hebb_table_free(table);
	return error.status != HEBB_OK;
}
