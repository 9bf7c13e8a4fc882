/* SPDX-License-Identifier: MIT */
/*
 * unanswered.c - rows for which a network has no finite answer
 */
#include "unanswered.h"

#include <stdio.h>

#include "terminal.h"

void unanswered_add(hebb_unanswered *unanswered, long long row)
{
	if (unanswered->count < HEBB_UNANSWERED_NAMED)
		unanswered->row[unanswered->count] = row;
	unanswered->count++;
}

const char *unanswered_counts(hebb_task task)
{
	return task != HEBB_REGRESSION
		       ? "the accuracy counts this as wrong, and the losses leave it out"
		       : "the scores leave this out";
}

long long unanswered_place(const hebb_table *table, long long row)
{
	return table->line ? table->line[row] : row + 1;
}

void unanswered_warn_at(const hebb_unanswered *places, const char *name, int are_lines,
			const char *what)
{
	char list[100], more[40] = "";
	int length = 0;

	if (places->count == 0)
		return;
	for (int i = 0; i < HEBB_UNANSWERED_NAMED && i < places->count; i++)
		length += snprintf(list + length, sizeof list - (size_t)length, "%s%lld",
				   i ? ", " : "", places->row[i]);
	if (places->count > HEBB_UNANSWERED_NAMED)
		snprintf(more, sizeof more, " and %lld more",
			 places->count - HEBB_UNANSWERED_NAMED);
	warn("%s: %s%s %s%s: so far from the training values that the network has no finite "
	     "answer; %s",
	     name, are_lines ? "line" : "row", places->count > 1 ? "s" : "", list, more, what);
}

void unanswered_warn(const hebb_unanswered *unanswered, const hebb_table *table, const char *what)
{
	hebb_unanswered places = {.count = unanswered->count};

	for (int i = 0; i < HEBB_UNANSWERED_NAMED && i < unanswered->count; i++)
		places.row[i] = unanswered_place(table, unanswered->row[i]);
	unanswered_warn_at(&places, table->name, table->line != NULL, what);
}
