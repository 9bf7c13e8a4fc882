/* SPDX-License-Identifier: MIT */
/*
 * nearest.h - which of the known names was meant: hebb_name_distance() over a list
 */
#ifndef HEBB_CLI_NEAREST_H
#define HEBB_CLI_NEAREST_H

#include <stddef.h>

enum { NEAREST_MOST = 3 };

/* The nearest names so far, the nearest first; of equally near ones, the first that was
 * compared.  Starts as {.typed = ...}. */
typedef struct nearest {
	const char *typed;
	int count;
	const char *name[NEAREST_MOST];
	int distance[NEAREST_MOST];
} nearest;

void nearest_compare(nearest *list, const char *name);

/* "a, b or c"; returns `text`. */
char *nearest_list(const nearest *list, char *text, size_t size);

#endif
