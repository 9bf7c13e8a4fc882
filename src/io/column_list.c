/* SPDX-License-Identifier: MIT */
/*
 * column_list.c - lists of columns, as people type them: price,3-12,pixel_*
 *
 * An item is tried as a name, as a number, as a range of numbers and as a pattern, in this order.
 * So a column is always found by its name, even if that is 3-12 or a*.
 */
#define _POSIX_C_SOURCE 200809L
#include "io.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How a list chose a column: the one that an item names, or one of a range or pattern. */
enum { NOT_CHOSEN, BY_ITSELF, AMONG_OTHERS };

/* The name of a column says more than a range or pattern that has it, too. */
static void mark(unsigned char *chosen, int how)
{
	if (how && *chosen != BY_ITSELF)
		*chosen = (unsigned char)how;
}

/* What follows the first character of a name, which is not empty. */
static const char *after_one(const char *name, const char *end)
{
	do
		name++;
	while (name < end && ((unsigned char)*name & 0xc0) == 0x80); /* within one of UTF-8 */
	return name;
}

int hb_is_pattern(const char *item, size_t size)
{
	return memchr(item, '*', size) || memchr(item, '?', size);
}

int hb_fits_pattern(const char *pattern, size_t pattern_size, const char *name, size_t size)
{
	const char *last = pattern + pattern_size, *end = name + size;
	const char *star = NULL, *from = name;

	while (name < end) {
		char next = pattern < last ? *pattern : '\0';

		if (next == '*') {
			star = pattern++;
			from = name;
		} else if (next == '?') {
			pattern++;
			name = after_one(name, end);
		} else if (next == *name) {
			pattern++;
			name++;
		} else if (star) { /* the star takes one more */
			pattern = star + 1;
			name = from = after_one(from, end);
		} else {
			return 0;
		}
	}
	while (pattern < last && *pattern == '*')
		pattern++;
	return pattern == last;
}

/* Reads "FIRST-LAST" without signs or blanks; 0: the item is something else. */
static int is_range(const char *item, long long *first, long long *last)
{
	size_t digits = strspn(item, "0123456789");
	const char *end = item + digits + 1;

	if (digits == 0 || digits > 9 || item[digits] != '-')
		return 0;
	size_t more = strspn(end, "0123456789");
	if (more == 0 || more > 9 || end[more])
		return 0;
	*first = strtoll(item, NULL, 10);
	*last = strtoll(end, NULL, 10);
	return 1;
}

static hebb_status mark_range(const hebb_table *table, long long first, long long last,
			      unsigned char *chosen, hebb_error *error)
{
	if (first < 1 || last > table->columns || first > last)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "%s: there are no columns %lld-%lld; they are numbered from 1 to "
				 "%d, and a range begins with the smaller number",
				 table->name, first, last, table->columns);
	for (long long c = first - 1; c < last; c++)
		mark(chosen + c, AMONG_OTHERS);
	return HEBB_OK;
}

static hebb_status mark_pattern(const hebb_table *table, const char *pattern, unsigned char *chosen,
				hebb_error *error)
{
	char shown[HB_SHOWN];
	int found = 0;

	for (int c = 0; c < table->columns; c++)
		if (hb_fits_pattern(pattern, strlen(pattern), table->column[c].name,
				    strlen(table->column[c].name))) {
			mark(chosen + c, AMONG_OTHERS);
			found++;
		}
	if (found)
		return HEBB_OK;
	return hebb_fail(
		error, HEBB_BAD_ARGUMENT,
		"%s: no column has a name that fits '%s'; * stands for any text, ? for one "
		"character",
		table->name, hb_show(pattern, shown));
}

static hebb_status mark_item(const hebb_table *table, const char *item, unsigned char *chosen,
			     hebb_error *error)
{
	int column = hebb_table_find(table, item, NULL);
	long long first, last;

	if (column >= 0) {
		mark(chosen + column, BY_ITSELF);
		return HEBB_OK;
	}
	if (is_range(item, &first, &last))
		return mark_range(table, first, last, chosen, error);
	if (hb_is_pattern(item, strlen(item)))
		return mark_pattern(table, item, chosen, error);
	hebb_table_find(table, item, error); /* for its sentence */
	return HEBB_BAD_ARGUMENT;
}

static hebb_status fail_nameless(hebb_error *error)
{
	return hebb_fail(error, HEBB_BAD_ARGUMENT,
			 "a column between two commas, or at an end of the list, has no name");
}

/* Marks the columns of each item between commas, of those that there are or of all; changes the
 * text. */
static hebb_status mark_items(const hebb_table *table, char *text, int all, unsigned char *chosen,
			      hebb_error *error)
{
	hebb_status status = HEBB_OK;

	for (char *item = text, *next; item && !status; item = next) {
		next = strchr(item, ',');
		if (next)
			*next++ = '\0';
		status = *item ? mark_item(table, item, chosen, error) : fail_nameless(error);
		if (!all)
			status = HEBB_OK;
	}
	return status;
}

static hebb_status select_items(const hebb_table *table, const char *columns, int all,
				unsigned char *chosen, hebb_error *error)
{
	size_t size = strlen(columns) + 1;
	char *text = malloc(size);
	unsigned char *marks = calloc((size_t)table->columns + 1, 1);
	hebb_status status = text && marks ? HEBB_OK : hb_out_of_memory(error);
	/* A name may itself hold a comma. */
	int whole = status ? -1 : hebb_table_find(table, columns, NULL);

	if (whole >= 0) {
		marks[whole] = BY_ITSELF;
	} else if (!status) {
		memcpy(text, columns, size);
		status = mark_items(table, text, all, marks, all ? error : NULL);
	}
	for (int c = 0; c < table->columns && !status; c++)
		mark(chosen + c, marks[c]);
	free(text);
	free(marks);
	return status;
}

hebb_status hebb_table_select(const hebb_table *table, const char *columns, unsigned char *chosen,
			      hebb_error *error)
{
	if (!table || !columns || !chosen)
		return hb_absent(!table     ? "the table"
				 : !columns ? "the list of columns"
					    : "the room for the columns",
				 error);
	return select_items(table, columns, 1, chosen, error);
}

hebb_status hb_select_present(const hebb_table *table, const char *columns, unsigned char *chosen,
			      hebb_error *error)
{
	return select_items(table, columns, 0, chosen, error);
}

/* Adds the columns of an item; of several, those that are not there yet. */
static hebb_status list_item(const hebb_table *table, const char *item, unsigned char *chosen,
			     int *column, int *count, hebb_error *error)
{
	int several = 0;

	memset(chosen, 0, (size_t)table->columns);
	hebb_status status = mark_item(table, item, chosen, error);
	for (int c = 0; c < table->columns; c++)
		several += chosen[c] != 0;
	for (int i = 0; i < *count && several > 1; i++)
		chosen[column[i]] = 0;
	for (int c = 0; c < table->columns && !status; c++)
		if (chosen[c])
			column[(*count)++] = c;
	return status;
}

static hebb_status list_items(const hebb_table *table, char *text, unsigned char *chosen,
			      int *column, int *count, hebb_error *error)
{
	hebb_status status = HEBB_OK;

	/* A name may itself hold a comma. */
	if (hebb_table_find(table, text, NULL) >= 0)
		return list_item(table, text, chosen, column, count, error);
	for (char *item = text, *next; item && !status; item = next) {
		next = strchr(item, ',');
		if (next)
			*next++ = '\0';
		status = *item ? list_item(table, item, chosen, column, count, error)
			       : fail_nameless(error);
	}
	return status;
}

int *hebb_table_list(const hebb_table *table, const char *columns, int *count, hebb_error *error)
{
	if (!table || !columns || !count) {
		hb_absent(!table     ? "the table"
			  : !columns ? "the list of columns"
				     : "the place for their number",
			  error);
		return NULL;
	}
	char *text = strdup(columns);
	unsigned char *chosen = calloc((size_t)table->columns + 1, 1);
	int *column = malloc(((size_t)table->columns + strlen(columns) + 1) * sizeof *column);
	int found = 0;
	hebb_status status = text && chosen && column ? HEBB_OK : hb_out_of_memory(error);

	if (!status)
		status = list_items(table, text, chosen, column, &found, error);
	free(text);
	free(chosen);
	if (status) {
		free(column);
		return NULL;
	}
	*count = found;
	return column;
}
