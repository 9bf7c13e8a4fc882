/* SPDX-License-Identifier: MIT */
/*
 * nearest.c - which of the known names was meant
 */
#include "nearest.h"

#include <stdio.h>

#include "hebb_io.h"

void nearest_compare(nearest *list, const char *name)
{
	int distance = hebb_name_distance(list->typed, name), place = list->count;

	if (distance < 0)
		return;
	while (place > 0 && list->distance[place - 1] > distance)
		place--;
	if (list->count < NEAREST_MOST)
		list->count++;
	for (int i = list->count - 1; i > place; i--) {
		list->name[i] = list->name[i - 1];
		list->distance[i] = list->distance[i - 1];
	}
	if (place < list->count) {
		list->name[place] = name;
		list->distance[place] = distance;
	}
}

char *nearest_list(const nearest *list, char *text, size_t size)
{
	size_t length = 0;

	text[0] = '\0';
	for (int i = 0; i < list->count && length < size; i++)
		length += (size_t)snprintf(text + length, size - length, "%s%s",
					   i == 0                 ? ""
					   : i == list->count - 1 ? " or "
								  : ", ",
					   list->name[i]);
	return text;
}
