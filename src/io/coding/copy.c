/* SPDX-License-Identifier: MIT */
/*
 * copy.c - copies of a coding
 */
#include "../io.h"

#include <stdlib.h>
#include <string.h>

/* 1 if there was memory.  Of no elements, or of NULL, the copy is NULL. */
static int copy_array(void *to, const void *from, int count, size_t size)
{
	void *copy = from && count > 0 ? malloc((size_t)count * size) : NULL;

	if (copy)
		memcpy(copy, from, (size_t)count * size);
	memcpy(to, &copy, sizeof copy);
	return copy || !from || count <= 0;
}

static hebb_column *copy_columns(const hebb_column *from, int count, hebb_error *error)
{
	hebb_column *to = calloc((size_t)(count > 0 ? count : 1), sizeof *to);

	for (int i = 0; i < count && to; i++) {
		if (!hb_column_copy(&to[i], &from[i], error))
			continue;
		while (i > 0)
			hb_column_clear(&to[--i]);
		free(to);
		return NULL;
	}
	return to;
}

/* Each in turn, so that what is there can be freed whenever memory ends. */
static int copy_seen(hebb_coding *to, const hebb_coding *from)
{
	if (!from->seen)
		return 1;
	to->seen = calloc((size_t)from->input_count, sizeof *to->seen);
	for (int i = 0; i < from->input_count && to->seen; i++) {
		to->seen[i] = from->seen[i];
		to->seen[i].count = NULL;
		if (!copy_array(&to->seen[i].count, from->seen[i].count,
				hb_seen_counts(&from->inputs[i]), sizeof *from->seen[i].count))
			return 0;
	}
	return to->seen != NULL;
}

static int copy_arrays(hebb_coding *to, const hebb_coding *from)
{
	return copy_array(&to->form, from->form, from->input_count, sizeof *from->form) &&
	       copy_array(&to->target_form, from->target_form, from->target_count,
			  sizeof *from->target_form) &&
	       copy_array(&to->input_at, from->input_at, from->input_count, sizeof(int)) &&
	       copy_array(&to->target_at, from->target_at, from->target_count, sizeof(int)) &&
	       copy_array(&to->mean, from->mean, from->width, sizeof(float)) &&
	       copy_array(&to->scale, from->scale, from->width, sizeof(float)) &&
	       copy_array(&to->fill, from->fill, from->width, sizeof(float)) &&
	       copy_array(&to->target_mean, from->target_mean, from->outputs, sizeof(float)) &&
	       copy_array(&to->target_sd, from->target_sd, from->outputs, sizeof(float)) &&
	       copy_array(&to->exact_mean, from->exact_mean, from->width, sizeof(double)) &&
	       copy_array(&to->exact_fill, from->exact_fill, from->width, sizeof(double)) &&
	       copy_array(&to->exact_target_mean, from->exact_target_mean, from->outputs,
			  sizeof(double)) &&
	       copy_array(&to->target_value, from->target_value, from->outputs * HEBB_TARGET_VALUES,
			  sizeof(float)) &&
	       copy_array(&to->target_slope, from->target_slope, from->outputs, sizeof(float)) &&
	       copy_array(&to->indicator, from->indicator, from->indicator_count, sizeof(int)) &&
	       copy_array(&to->encoding, from->encoding, from->input_count,
			  sizeof *from->encoding) &&
	       copy_array(&to->least, from->least, from->width, sizeof(float)) &&
	       copy_array(&to->most, from->most, from->width, sizeof(float)) && copy_seen(to, from);
}

hebb_coding *hebb_coding_copy(const hebb_coding *from, hebb_error *error)
{
	hebb_coding *to;

	if (!from) {
		hb_absent("the coding", error);
		return NULL;
	}
	to = calloc(1, sizeof *to);
	if (to) {
		*to = *from;
		to->form = to->target_form = NULL;
		to->input_at = to->target_at = to->indicator = NULL;
		to->seen = NULL;
		to->encoding = NULL;
		to->least = to->most = to->target_value = to->target_slope = NULL;
		to->exact_mean = to->exact_fill = to->exact_target_mean = NULL;
		to->mean = to->scale = to->fill = to->target_mean = to->target_sd = NULL;
		to->inputs = copy_columns(from->inputs, from->input_count, error);
		to->targets = copy_columns(from->targets, from->target_count, error);
		if (to->inputs && to->targets && copy_arrays(to, from))
			return to;
		hebb_coding_free(to);
	}
	hb_out_of_memory(error);
	return NULL;
}
