/* SPDX-License-Identifier: MIT */
/*
 * unanswered.c - rows for which a network has no finite answer
 */
#include "unanswered.h"

#include <math.h>
#include <stdio.h>

#include "draw/terminal.h"

float in_units(const hebb_coding *coding, const float *h, int i)
{
	float value = h[i] * coding->target_sd[i] + coding->target_mean[i];

	return isfinite(value) ? value : NAN;
}

int is_answer(const hebb_coding *coding, const float *h)
{
	int finite = 1;

	for (int i = 0; i < coding->outputs; i++)
		finite &= !isnan(in_units(coding, h, i));
	return finite;
}

void unanswered_add(unanswered *to, long long row)
{
	if (to->count < UNANSWERED_NAMED)
		to->row[to->count] = row;
	to->count++;
}

const char *unanswered_counts(hebb_task task)
{
	return task == HEBB_CLASSIFICATION
		       ? "it counts as wrong, and the losses are those of the other rows"
		       : "the scores are those of the other rows";
}

void unanswered_warn(const unanswered *from, const hebb_table *table, const char *what)
{
	char list[100], more[40] = "";
	int length = 0;

	if (from->count == 0)
		return;
	for (int i = 0; i < UNANSWERED_NAMED && i < from->count; i++) {
		long long row = from->row[i], place = table->line ? table->line[row] : row + 1;
		length += snprintf(list + length, sizeof list - (size_t)length, "%s%lld",
				   i ? ", " : "", place);
	}
	if (from->count > UNANSWERED_NAMED)
		snprintf(more, sizeof more, " and %lld more", from->count - UNANSWERED_NAMED);
	warn("%s: %s%s %s%s: so far from the values of training that the network has no finite "
	     "answer; %s",
	     table->name, table->line ? "line" : "row", from->count > 1 ? "s" : "", list, more,
	     what);
}
