/* SPDX-License-Identifier: MIT */
/*
 * limits.c - which values of a table lie outside of what a model was trained on
 *
 * A value is put into a bin of its column. What is outside, and how much a column drifted
 * (drift.c), follow from the bins.
 */
#include "dataset.h"

#include <math.h>
#include <stdlib.h>

/* Where the values of an input are. */
struct place {
	const struct hb_part *part;
	int column; /* of the part */
};

struct hebb_limits {
	const hebb_coding *coding;
	struct hb_memory memory;
	struct hb_dataset_job job;
	struct place *place; /* by input */
};

static void set_places(hebb_limits *limits)
{
	const struct hb_side *side = &limits->job.input;

	for (int p = 0; p < side->parts; p++) {
		const struct hb_part *part = &side->part[p];
		int columns = part->kind == HB_RUN ? part->width : 1;

		for (int i = 0; i < columns; i++)
			limits->place[part->index + i] = (struct place){part, i};
	}
}

hebb_status hb_check_seen(const hebb_coding *coding, hebb_error *error)
{
	if (!coding)
		return hb_absent("the coding", error);
	if (coding->seen)
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_ARGUMENT,
			 coding->height > 0
				 ? "the model is of images, of whose pixels it keeps no range"
				 : "the model does not know what its rows of training had: it is "
				   "of hebb 0.1; train it again");
}

hebb_limits *hebb_limits_new(const hebb_coding *coding, const hebb_table *table, hebb_error *error)
{
	hebb_limits *limits;
	int ignored;

	if (hb_check_seen(coding, error) || hb_check_rows(table, 0, NULL, error))
		return NULL;
	limits = calloc(1, sizeof *limits);
	if (!limits) {
		hb_out_of_memory(error);
		return NULL;
	}
	limits->coding = coding;
	limits->job = (struct hb_dataset_job){
		.coding = coding, .table = table, .memory = &limits->memory, .error = error};
	limits->place = malloc((size_t)coding->input_count * sizeof *limits->place);
	if (!limits->place)
		hb_out_of_memory(error);
	if (!limits->place || hb_prepare(&limits->job, 0, &ignored)) {
		hebb_limits_free(limits);
		return NULL;
	}
	limits->job.error = NULL; /* the caller's */
	set_places(limits);
	return limits;
}

void hebb_limits_free(hebb_limits *limits)
{
	if (!limits)
		return;
	hb_give_back(&limits->memory);
	free(limits->place);
	free(limits);
}

static int bin_of_number(const hebb_seen *seen, double value)
{
	int part = isnan(value) ? 0 : hb_seen_part(seen, value);

	if (isnan(value))
		return HB_GAP;
	return part < 0 ? HB_BELOW : part == HEBB_PARTS ? HB_ABOVE : part;
}

int hb_limits_bin(const hebb_limits *limits, int input, long long row)
{
	const struct place *place = &limits->place[input];
	const hebb_column *column = &limits->coding->inputs[input];

	if (column->kind == HEBB_NUMBER)
		return bin_of_number(&limits->coding->seen[input],
				     hb_number_at(&limits->job, place->part, place->column, row));
	int level = hb_level_of(&limits->job, place->part, row);
	if (level >= 0)
		return level;
	return column->level_count + (level == HB_NO_LEVEL ? HB_NO_TEXT : HB_UNKNOWN);
}

int hebb_limits_row(const hebb_limits *limits, long long row, unsigned char *outside)
{
	int count = 0;

	for (int i = 0; i < limits->coding->input_count; i++) {
		int bin = hb_limits_bin(limits, i, row);

		outside[i] = (unsigned char)hb_is_outside_bin(limits->coding, i, bin);
		count += outside[i];
	}
	return count;
}
