/* SPDX-License-Identifier: MIT */
/*
 * task_text.c - what is predicted, and from what, in a sentence
 */
#include "task_text.h"

#include <string.h>

#include "hebb_advanced.h"
#include "terminal.h"

enum { PAGE = 79, NAME_SHOWN = 24, LINE = 1024 };

/* The name of a class or column, and its width, as it is shown. */
static int show_name(const char *name, char shown[4 * NAME_SHOWN])
{
	hebb_show(name, strlen(name), shown, NAME_SHOWN);
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

/* Prints a beginning, and as many names as fit the line. */
static void tell_names(const char *beginning, const hebb_coding *coding,
		       const char *(*name)(const hebb_coding *, int), int count)
{
	char line[LINE], shown[4 * NAME_SHOWN], left[32], more[48] = "";
	size_t length = (size_t)snprintf(line, sizeof line, "%s", beginning);
	int page = terminal_width(stderr) - 1 < PAGE ? terminal_width(stderr) - 1 : PAGE;
	int width = text_width(beginning);
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
		inform("%s and %s more", line, count_text(count - fit, left));
	else
		inform("%s", line);
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

static void tell_target(const hebb_coding *coding)
{
	char beginning[200], count[32];

	if (coding->task == HEBB_CLASSIFICATION) {
		snprintf(beginning, sizeof beginning, "Predicting '%s', one of %s classes: ",
			 short_name(coding->targets[0].name), count_text(coding->outputs, count));
		tell_names(beginning, coding, class_name, coding->outputs);
	} else if (coding->task == HEBB_LABELS) {
		snprintf(beginning, sizeof beginning,
			 "Predicting %d label%s: ", coding->target_count,
			 coding->target_count == 1 ? "" : "s");
		tell_names(beginning, coding, target_name, coding->target_count);
	} else if (coding->target_count == 1) {
		inform("Predicting '%s', a number (regression)",
		       short_name(coding->targets[0].name));
	} else {
		snprintf(beginning, sizeof beginning,
			 "Predicting %d numbers (regression): ", coding->target_count);
		tell_names(beginning, coding, target_name, coding->target_count);
	}
}

void tell_task(const hebb_coding *coding)
{
	char beginning[64], count[32];

	tell_target(coding);
	if (coding->height > 0) {
		inform("from images of %d x %d pixels", coding->height, coding->width_of_image);
		return;
	}
	snprintf(beginning, sizeof beginning,
		 "from %s column%s: ", count_text(coding->input_count, count),
		 coding->input_count == 1 ? "" : "s");
	tell_names(beginning, coding, input_name, coding->input_count);
}
