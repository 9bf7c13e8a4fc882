/* SPDX-License-Identifier: MIT */
/*
 * weighted.c - examples with the weights of their classes
 */
#include "weighted.h"

#include <stdlib.h>

void hebb_balanced_weights(const hebb_dataset *data, double *weight)
{
	int classes = data->outputs, with_rows = 0;

	for (int k = 0; k < classes; k++)
		weight[k] = 0;
	for (long long row = 0; row < data->rows; row++)
		weight[hebb_largest(data->y + row * classes, classes)]++;
	for (int k = 0; k < classes; k++)
		with_rows += weight[k] > 0;
	for (int k = 0; k < classes; k++)
		if (weight[k] > 0)
			weight[k] = (double)data->rows / (with_rows * weight[k]);
}

static hebb_status gather(void *self, int count, const long long *index, float *x, float *y,
			  float *weight, hebb_error *error)
{
	const hb_weighted *weighted = self;
	hebb_status status =
		weighted->rows.gather(weighted->rows.self, count, index, x, y, weight, error);

	for (int i = 0; i < count && status == HEBB_OK; i++)
		weight[i] *= (float)weighted->weight[hebb_largest(y + (size_t)i * weighted->classes,
								  weighted->classes)];
	return status;
}

static void begin(void *self, int epoch)
{
	const hb_weighted *weighted = self;

	weighted->rows.begin(weighted->rows.self, epoch);
}

int hb_weighted_open(const hebb_dataset *data, hebb_source rows, hb_weighted *result)
{
	*result = (hb_weighted){.rows = rows, .classes = data->outputs};
	result->weight = malloc(sizeof *result->weight * (size_t)result->classes);
	if (!result->weight)
		return 0;
	hebb_balanced_weights(data, result->weight);
	return 1;
}

void hb_weighted_close(hb_weighted *weighted)
{
	free(weighted->weight);
	weighted->weight = NULL;
}

hebb_source hb_weighted_source(hb_weighted *weighted)
{
	return (hebb_source){.size = sizeof(hebb_source),
			     .self = weighted,
			     .rows = weighted->rows.rows,
			     .gather = gather,
			     .parallel = weighted->rows.parallel,
			     .begin = weighted->rows.begin ? begin : NULL};
}
