/* SPDX-License-Identifier: MIT */
/*
 * weighted.c - examples that weigh what their class weighs
 */
#include "weighted.h"

#include <stdlib.h>

void hebb_balanced_weights(const hebb_dataset *data, double *weight)
{
	int classes = data->outputs, there = 0;

	for (int k = 0; k < classes; k++)
		weight[k] = 0;
	for (long long row = 0; row < data->rows; row++)
		weight[hebb_largest(data->y + row * classes, classes)]++;
	for (int k = 0; k < classes; k++)
		there += weight[k] > 0;
	for (int k = 0; k < classes; k++)
		if (weight[k] > 0)
			weight[k] = (double)data->rows / (there * weight[k]);
}

static hebb_status gather(void *self, int count, const long long *index, float *x, float *y,
			  float *weight, hebb_error *error)
{
	const hb_weighted *from = self;
	hebb_status status = from->rows.gather(from->rows.self, count, index, x, y, weight, error);

	for (int i = 0; i < count && status == HEBB_OK; i++)
		weight[i] *= (float)from->weight[hebb_largest(y + (size_t)i * from->classes,
							      from->classes)];
	return status;
}

static void begin(void *self, int epoch)
{
	const hb_weighted *from = self;

	from->rows.begin(from->rows.self, epoch);
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

void hb_weighted_close(hb_weighted *done)
{
	free(done->weight);
	done->weight = NULL;
}

hebb_source hb_weighted_source(hb_weighted *from)
{
	return (hebb_source){.size = sizeof(hebb_source),
			     .self = from,
			     .rows = from->rows.rows,
			     .gather = gather,
			     .parallel = from->rows.parallel,
			     .begin = from->rows.begin ? begin : NULL};
}
