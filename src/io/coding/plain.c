/* SPDX-License-Identifier: MIT */
/*
 * plain.c - the coding that changes nothing, for a network that was not trained on a table
 *
 * A model file says what its numbers mean. A program that trains on its own arrays has no columns,
 * so they get the names of columns without a header.
 */
#include <stdio.h>
#include <stdlib.h>
#include "../io.h"

/* "x1", or of a level "0". */
static char *numbered(const char *letter, int number)
{
	char *name = malloc(16);

	if (name)
		snprintf(name, 16, "%s%d", letter, number);
	return name;
}

/* `count` columns of numbers that stand from `first` on; 0: no memory. */
static int make_columns(int count, int first, hebb_column **columns, int **at)
{
	*columns = calloc((size_t)count, sizeof **columns);
	*at = calloc((size_t)count, sizeof **at);
	for (int i = 0; i < count && *columns && *at; i++) {
		(*at)[i] = first + i;
		(*columns)[i].kind = HEBB_NUMBER;
		(*columns)[i].name = numbered("x", first + i + 1);
		if (!(*columns)[i].name)
			return 0;
	}
	return *columns && *at;
}

/* `classes` levels, the texts "0", "1", ... */
static int make_classes(int classes, hebb_column *target)
{
	target->kind = HEBB_TEXT;
	target->levels = calloc((size_t)classes, sizeof *target->levels);
	for (int i = 0; i < classes && target->levels; i++) {
		target->levels[i] = numbered("", i);
		if (!target->levels[i])
			return 0;
		target->level_count++;
	}
	return target->levels != NULL;
}

static float *make_floats(int count, float value)
{
	float *made = calloc((size_t)count, sizeof *made);

	for (int i = 0; i < count && made; i++)
		made[i] = value;
	return made;
}

static int make_numbers(hebb_coding *coding)
{
	coding->mean = make_floats(coding->width, 0);
	coding->scale = make_floats(coding->width, 1);
	coding->fill = make_floats(coding->width, 0);
	coding->target_mean = make_floats(coding->outputs, 0);
	coding->target_sd = make_floats(coding->outputs, 1);
	return coding->mean && coding->scale && coding->fill && coding->target_mean &&
	       coding->target_sd;
}

hebb_coding *hebb_coding_plain(hebb_task task, int inputs, int outputs, hebb_error *error)
{
	int classes = task == HEBB_CLASSIFICATION, labels = task == HEBB_LABELS, done;
	hebb_coding *coding;

	if ((!classes && !labels && task != HEBB_REGRESSION) || inputs < 1 ||
	    outputs < 1 + classes || inputs > HEBB_MAX_UNITS || outputs > HEBB_MAX_UNITS) {
		hebb_fail(error, HEBB_BAD_ARGUMENT,
			  "a coding of %d inputs and %d outputs for task %d; inputs and outputs "
			  "are 1 to %d, classes at least 2, the task is classification, "
			  "regression or labels",
			  inputs, outputs, (int)task, HEBB_MAX_UNITS);
		return NULL;
	}
	if (!(coding = calloc(1, sizeof *coding))) {
		hb_out_of_memory(error);
		return NULL;
	}
	coding->task = task;
	coding->missing = HEBB_MISSING_DROP;
	coding->input_count = coding->width = inputs;
	coding->outputs = outputs;
	coding->target_count = classes ? 1 : outputs;
	coding->columns = inputs + coding->target_count;
	done = make_columns(inputs, 0, &coding->inputs, &coding->input_at) &&
	       make_columns(coding->target_count, inputs, &coding->targets, &coding->target_at);
	for (int i = 0; i < coding->target_count && done && (classes || labels); i++)
		done = make_classes(labels ? 2 : outputs, &coding->targets[i]);
	if (done && make_numbers(coding))
		return coding;
	hb_out_of_memory(error);
	hebb_coding_free(coding);
	return NULL;
}
