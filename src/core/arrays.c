/* SPDX-License-Identifier: MIT */
/*
 * arrays.c - examples that lie in memory, for hebb_train()
 *
 * The source of examples for the usual case: no gather function to write, and class labels become
 * one-hot rows.
 */
#include <string.h>
#include "core.h"

static hebb_status check_label(long long row, int classes, int label, hebb_error *error)
{
	if (label >= 0 && label < classes)
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_ARGUMENT,
			 "the label of row %lld is %d; with %d outputs it must be 0 to %d", row,
			 label, classes, classes - 1);
}

static void set_one(int classes, int label, float *y)
{
	memset(y, 0, (size_t)classes * sizeof *y);
	y[label] = 1;
}

hebb_status hebb_one_hot(int rows, int classes, const int *label, float *y, hebb_error *error)
{
	if (rows < 0 || classes < 1)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "%d rows of %d classes; at least 1 class is needed", rows,
				 classes);
	if (rows > 0 && (!label || !y))
		return hb_missing(label ? "y" : "label", error);
	for (int i = 0; i < rows; i++)
		if (check_label(i, classes, label[i], error))
			return HEBB_BAD_ARGUMENT;
	for (int i = 0; i < rows; i++)
		set_one(classes, label[i], y + (size_t)i * (size_t)classes);
	return HEBB_OK;
}

/* The rows of a batch lie anywhere: the next one is fetched while this one is copied. */
static void fetch(size_t count, const float *values)
{
	enum { LINE = 16 }; /* floats */

	for (size_t i = 0; i < count; i += LINE)
		__builtin_prefetch(values + i);
}

/* The arrays as this version knows them, if they are complete. */
static hebb_status take_arrays(const void *self, hebb_arrays *a, hebb_error *error)
{
	hebb_status status =
		hebb_sized_copy(a, sizeof *a, self, "hebb_arrays", "hebb_arrays_default()", error);

	if (status)
		return status;
	if (!a->x)
		return hb_missing("x of hebb_arrays", error);
	if (a->inputs < 1 || a->outputs < 1)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "hebb_arrays has %d inputs and %d outputs; at least 1 of each is "
				 "needed",
				 a->inputs, a->outputs);
	if (!a->y == !a->label)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "hebb_arrays has %s; set one of them to the targets",
				 a->y ? "both y and label" : "neither y nor label");
	return HEBB_OK;
}

static hebb_status gather(void *self, int count, const long long *index, float *x, float *y,
			  float *weight, hebb_error *error)
{
	hebb_arrays known = {0}, *a = &known;
	hebb_status status = take_arrays(self, a, error);
	size_t inputs = (size_t)a->inputs, outputs = (size_t)a->outputs;

	if (status)
		return status;
	for (int i = 0; i < count; i++, x += inputs, y += outputs) {
		size_t row = (size_t)index[i];

		if (i + 1 < count)
			fetch(inputs, a->x + (size_t)index[i + 1] * inputs);
		hb_copy_row(a->inputs, a->x + row * inputs, x);
		if (a->y)
			hb_copy_row(a->outputs, a->y + row * outputs, y);
		else if (check_label(index[i], a->outputs, a->label[row], error))
			return HEBB_BAD_ARGUMENT;
		else
			set_one(a->outputs, a->label[row], y);
		if (a->weight)
			weight[i] = a->weight[row];
	}
	return HEBB_OK;
}

int hb_arrays_find(const hebb_source *source, struct hb_rows *rows)
{
	long long first = rows->index[0];
	hebb_arrays a = {0};

	if (source->gather != gather || take_arrays(source->self, &a, NULL) || !a.y)
		return 0;
	for (int i = 1; i < rows->rows; i++)
		if (rows->index[i] != first + i)
			return 0;
	rows->x = a.x + first * a.inputs;
	rows->y = a.y + first * a.outputs;
	rows->weight = a.weight ? a.weight + first : NULL;
	return 1;
}

/* arrays = NULL gives a source without gather, which hebb_train() refuses. */
void hebb_arrays_source_init(hebb_source *source, size_t size, const hebb_arrays *arrays)
{
	hebb_source complete = hebb_source_default();

	if (arrays)
		complete = (hebb_source){.size = sizeof complete,
					 .self = (void *)(uintptr_t)arrays,
					 .rows = arrays->rows,
					 .gather = gather,
					 .parallel = 1,
					 .inputs = arrays->inputs,
					 .outputs = arrays->outputs};
	hebb_sized_fill(source, size, &complete);
}
