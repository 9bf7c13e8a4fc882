/* SPDX-License-Identifier: MIT */
/*
 * weighted.c - examples with the weights of their classes or of a column
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

	for (int i = 0; i < count && status == HEBB_OK; i++) {
		const float *of_row = y + (size_t)i * (size_t)weighted->classes;

		if (weighted->by_class)
			weight[i] *=
				(float)weighted->by_class[hebb_largest(of_row, weighted->classes)];
		if (weighted->by_row)
			weight[i] *= weighted->by_row[index[i]];
	}
	return status;
}

static void begin(void *self, int epoch)
{
	const hb_weighted *weighted = self;

	weighted->rows.begin(weighted->rows.self, epoch);
}

int hb_weighted_open(const hebb_dataset *data, hebb_source rows, int balanced,
		     const hebb_table *table, int column, hb_weighted *result)
{
	*result = (hb_weighted){.rows = rows, .classes = data->outputs};
	if (balanced)
		result->by_class = malloc(sizeof *result->by_class * (size_t)result->classes);
	if (column >= 0)
		result->by_row = malloc(sizeof *result->by_row * (size_t)data->rows);
	if ((balanced && !result->by_class) || (column >= 0 && !result->by_row)) {
		hb_weighted_close(result);
		return 0;
	}
	if (balanced)
		hebb_balanced_weights(data, result->by_class);
	for (long long i = 0; i < data->rows && column >= 0; i++)
		result->by_row[i] = (float)hebb_table_value(table, data->row[i], column);
	return 1;
}

void hb_weighted_close(hb_weighted *weighted)
{
	free(weighted->by_class);
	free(weighted->by_row);
	weighted->by_class = NULL;
	weighted->by_row = NULL;
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
