/* SPDX-License-Identifier: MIT */
/*
 * unanswered.c - rows for which a network has no finite answer
 */
#include "unanswered.h"

#include <stdio.h>

#include "terminal.h"

void unanswered_add(hebb_unanswered *to, long long row)
{
	if (to->count < HEBB_UNANSWERED_NAMED)
		to->row[to->count] = row;
	to->count++;
}

const char *unanswered_counts(hebb_task task)
{
	return task != HEBB_REGRESSION
		       ? "it counts as wrong, and the losses are those of the other rows"
		       : "the scores are those of the other rows";
}

void unanswered_warn(const hebb_unanswered *from, const hebb_table *table, const char *what)
{
	char list[100], more[40] = "";
	int length = 0;

	if (from->count == 0)
		return;
	for (int i = 0; i < HEBB_UNANSWERED_NAMED && i < from->count; i++) {
		long long row = from->row[i], place = table->line ? table->line[row] : row + 1;
		length += snprintf(list + length, sizeof list - (size_t)length, "%s%lld",
				   i ? ", " : "", place);
	}
	if (from->count > HEBB_UNANSWERED_NAMED)
		snprintf(more, sizeof more, " and %lld more", from->count - HEBB_UNANSWERED_NAMED);
	warn("%s: %s%s %s%s: so far from the values of training that the network has no finite "
	     "answer; %s",
	     table->name, table->line ? "line" : "row", from->count > 1 ? "s" : "", list, more,
	     what);
}
