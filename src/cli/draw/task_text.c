/* SPDX-License-Identifier: MIT */
/*
 * task_text.c - what is predicted, and from what, in a sentence
 */
#include "task_text.h"

#include <string.h>

#include "hebb_advanced.h"
#include "terminal.h"

enum { PAGE = 79, NAME_SHOWN = 24, LINE = 1024 };

/* The name of a class or column as a list shows it, and its width. */
static int show_name(const char *name, char shown[4 * NAME_SHOWN])
{
	char bare[NAME_SHOWN];
	const char *quote = list_quote(name);

	hebb_show(name, strlen(name), bare, NAME_SHOWN);
	snprintf(shown, (size_t)4 * NAME_SHOWN, "%s%s%s", quote, bare, quote);
	return text_width(shown);
}

/* How many of `count` names fit, at least one, after `width` columns; `room` is the width of the
 * line, less what follows. */
static int names_that_fit(const hebb_coding *coding, const char *(*name)(const hebb_coding *, int),
			  int count, int width, int room)
{
	char shown[4 * NAME_SHOWN];
	int fit = 0;

	for (; fit < count && width <= room; fit++)
		width += show_name(name(coding, fit), shown) + (fit ? 2 : 0);
	return width <= room ? fit : fit > 1 ? fit - 1 : 1;
}

/* The width of a line on standard error. */
static int line_width(void)
{
	int width = terminal_width(stderr) - 1;

	return width < PAGE ? width : PAGE;
}

/* Prints a beginning, as many names as fit the line, and an end. */
static void tell_names(const char *beginning, const hebb_coding *coding,
		       const char *(*name)(const hebb_coding *, int), int count, const char *end)
{
	char line[LINE], shown[4 * NAME_SHOWN], left[32], more[48] = "";
	size_t length = (size_t)snprintf(line, sizeof line, "%s", beginning);
	int page = line_width(), width = text_width(beginning);
	int fit = names_that_fit(coding, name, count, width, page);

	snprintf(more, sizeof more, " and %s more", count_text(count, left));
	if (fit < count)
		fit = names_that_fit(coding, name, count, width, page - text_width(more));
	for (int i = 0; i < fit && length < sizeof line; i++) {
		show_name(name(coding, i), shown);
		length += (size_t)snprintf(line + length, sizeof line - length, "%s%s",
					   i ? ", " : "", shown);
	}
	if (fit < count)
		snprintf(more, sizeof more, " and %s more", count_text(count - fit, left));
	inform("%s%s%s", line, fit < count ? more : "", end);
}

static const char *class_name(const hebb_coding *coding, int i)
{
	return coding->targets[0].levels[i];
}

static const char *target_name(const hebb_coding *coding, int i)
{
	return coding->targets[i].name;
}

static const char *input_name(const hebb_coding *coding, int i)
{
	return coding->inputs[i].name;
}

const char *target_place(const hebb_table *table, int column, char text[PLACE_MOST])
{
	snprintf(text, PLACE_MOST, "'%s'%s", short_name(table->column[column].name),
		 column == table->columns - 1 ? " (last column)" : "");
	return text;
}

/* 1 if numbers are yes and no to the user: nobody would take them for numbers. */
static int is_truth(const hebb_table *table, int column)
{
	const hebb_column_detail *detail = table->detail ? table->detail[column] : NULL;

	return detail && detail->form == HEBB_FORM_TRUTH;
}

const char *task_doubt(const hebb_table *table, int column, char text[DOUBT_MOST])
{
	char values[32], rows[32];
	int integers;
	hebb_task task = hebb_table_task(table, column, &integers);
	long long filled = table->rows - table->column[column].missing;

	text[0] = '\0';
	if (integers == 0 || table->height > 0 || is_truth(table, column))
		return text;
	if (task == HEBB_CLASSIFICATION)
		snprintf(text, DOUBT_MOST, " (--task regression for numbers)");
	else
		snprintf(text, DOUBT_MOST,
			 " (%s different integer%s in %s row%s; --task classification makes them "
			 "classes)",
			 count_text(integers, values), integers == 1 ? "" : "s",
			 count_text(filled, rows), filled == 1 ? "" : "s");
	return text;
}

/* The classes stand in the line of the target, or in the next one if they do not fit. */
static void tell_classes(const hebb_coding *coding, const char *place, const char *doubt)
{
	char beginning[200], count[32];
	int classes = coding->outputs;

	snprintf(beginning, sizeof beginning, "Predicting %s, one of %s classes: ", place,
		 count_text(classes, count));
	if (names_that_fit(coding, class_name, classes, text_width(beginning), line_width()) <
	    classes) {
		inform("%.*s", (int)strlen(beginning) - 1, beginning);
		strcpy(beginning, "  ");
	}
	tell_names(beginning, coding, class_name, classes, doubt);
}

/* What is predicted.  doubt: what task_doubt() says, or "". */
static void tell_target(const hebb_coding *coding, const char *place, const char *doubt)
{
	char beginning[64];

	if (coding->task == HEBB_CLASSIFICATION) {
		tell_classes(coding, place, doubt);
	} else if (coding->task == HEBB_LABELS) {
		snprintf(beginning, sizeof beginning,
			 "Predicting %d label%s: ", coding->target_count,
			 coding->target_count == 1 ? "" : "s");
		tell_names(beginning, coding, target_name, coding->target_count, "");
	} else if (coding->target_count == 1) {
		inform("Predicting %s, a number%s", place, doubt);
	} else {
		snprintf(beginning, sizeof beginning,
			 "Predicting %d numbers: ", coding->target_count);
		tell_names(beginning, coding, target_name, coding->target_count, "");
	}
}

void tell_task(const hebb_table *table, const hebb_coding *coding, int is_named, int has_task)
{
	char beginning[64], count[32], place[PLACE_MOST], doubt[DOUBT_MOST] = "";
	int target = coding->target_at[0];

	snprintf(place, sizeof place, "'%s'", short_name(coding->targets[0].name));
	if (!is_named && table->height == 0)
		target_place(table, target, place);
	if (!has_task)
		task_doubt(table, target, doubt);
	tell_target(coding, place, doubt);
	if (coding->height > 0) {
		inform("from images of %d x %d pixels", coding->height, coding->width_of_image);
		return;
	}
	snprintf(beginning, sizeof beginning,
		 "from %s column%s: ", count_text(coding->input_count, count),
		 coding->input_count == 1 ? "" : "s");
	tell_names(beginning, coding, input_name, coding->input_count, "");
}

void set_task(json_t *object, const hebb_coding *coding)
{
	json_object_set_new(object, "target",
			    coding->target_count == 1
				    ? text_json(coding->targets[0].name)
				    : names_json(coding->target_count, coding->targets));
	json_object_set_new(object, "task", json_string(hebb_task_name(coding->task)));
}
