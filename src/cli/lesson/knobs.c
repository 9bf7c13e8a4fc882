/* SPDX-License-Identifier: MIT */
/*
 * knobs.c - the numbers of a section that the reader may change
 */
#include "knobs.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "draw/json.h"
#include "draw/page.h"
#include "draw/terminal.h"
#include "option/option_table.h"

#define FILE_OF(section) \
	{ \
		section, OPT_OWN_VALUES, \
			"your own x, y, W1, b1, W2, b2, ...: 'hebb tutorial --help' has the form", \
			"the article's", 0, 0, 1, 0, 0 \
	}
#define X_OF(section, standard) \
	{ \
		section, OPT_OWN_X, "the inputs", standard, -1e6, 1e6, 1, 8, 0 \
	}
#define Y_OF(section, standard) \
	{ \
		section, OPT_OWN_Y, "the wanted outputs", standard, -1e6, 1e6, 1, 8, 0 \
	}
#define TEST_OF(section) \
	{ \
		section, OPT_OWN_TEST, "the share of the rows held out for the test", "0.4", 0.01, \
			0.99, 1, 1, 0 \
	}
#define RUN_OF(section) \
	{section, OPT_OWN_RATE, "step size α", "0.25", 0, 1e6, 1, 1, 0}, \
		{section, OPT_OWN_ITERATIONS, "iterations", "3000", 1, 3000, 1, 1, 1}, \
		{section, OPT_OWN_HIDDEN, "hidden nodes", "30", 1, 500, 1, 1, 1}, TEST_OF(section)

const knob knobs[] = {
	{"1", OPT_OWN_RATE, "step size α", "1", 0, 1e6, 1, 1, 0},
	{"1", OPT_OWN_ITERATIONS, "steps of the learning", "300", 1, 100000, 1, 1, 1},
	{"2.1", OPT_OWN_X, "places z at which f and f′ are shown", "-1000 ... 1000", -1e6, 1e6, 1,
	 KNOB_VALUES_MOST, 0},
	{"2.2", OPT_OWN_X, "the inputs", "1.5,2,3", -1e6, 1e6, 1, 8, 0},
	{"2.2", OPT_OWN_W, "as many weights", "0.2,0.2,0.2", -1e6, 1e6, 1, 8, 0},
	{"2.2", OPT_OWN_B, "the bias", "0.8", -1e6, 1e6, 1, 1, 0},
	{"2.3", OPT_OWN_W, "weights of the first figure; the second has the first of them",
	 "0.5,1,2; then 5", -1000, 1000, 1, 3, 0},
	{"2.3", OPT_OWN_B, "biases of the second figure", "-8,0,8", -1000, 1000, 1, 3, 0},
	{"2.4", OPT_OWN_SIZES, "nodes of the layers, the input first", "3,3,1", 1, 100000, 2, 4, 1},
	{"2.5", OPT_OWN_X, "the inputs", "1.5,2,3", -1e6, 1e6, 3, 3, 0},
	{"2.5", OPT_OWN_CHANGE, "by how much a weight is moved", "0.1", -1000, 1000, 1, 1, 0},
	FILE_OF("3.1"),
	X_OF("3.1", "1.5,2,3"),
	FILE_OF("3.2"),
	X_OF("3.2", "1.5,2,3"),
	{"3.3", OPT_OWN_SIZES, "one more network to time", "none", 1, 800, 2, 5, 1},
	FILE_OF("3.4"),
	X_OF("3.4", "1.5,2,3"),
	FILE_OF("3.5"),
	X_OF("3.5", "1.5,2,3"),
	{"3.5", OPT_OWN_SIZES, "one more network to time", "none", 1, 800, 2, 5, 1},
	{"4.1", OPT_OWN_RATE, "step size α", "0.01", 0, 1e6, 1, 1, 0},
	{"4.1", OPT_OWN_START, "the first x", "6", -1000, 1000, 1, 1, 0},
	{"4.1", OPT_OWN_PRECISION, "the descent ends when a step is not above it", "0.00001", 1e-15,
	 1000, 1, 1, 0},
	{"4.1", OPT_OWN_ITERATIONS, "the most updates", "100000", 1, 100000, 1, 1, 1},
	FILE_OF("4.2"),
	FILE_OF("4.3"),
	{"4.3", OPT_OWN_RATE, "up to three step sizes α", "0.025,0.25,2.5", 1e-9, 1e6, 1, 3, 0},
	FILE_OF("4.4"),
	{"4.4", OPT_OWN_RATE, "one or two step sizes α", "0.1,0.45", 0, 1e6, 1, 2, 0},
	{"4.4", OPT_OWN_START, "the first w and b", "-0.6,2.6", -1000, 1000, 2, 2, 0},
	{"4.4", OPT_OWN_ITERATIONS, "updates", "40", 1, 1000, 1, 1, 1},
	FILE_OF("4.5"),
	X_OF("4.5", "1.5,2,3"),
	Y_OF("4.5", "0"),
	FILE_OF("4.6"),
	X_OF("4.6", "1.5,2,3"),
	Y_OF("4.6", "0"),
	FILE_OF("4.7"),
	X_OF("4.7", "0.5,-1.5"),
	Y_OF("4.7", "1,0"),
	FILE_OF("4.8"),
	{"4.8", OPT_OWN_RATE, "step size α", "0.25", 0, 1e6, 1, 1, 0},
	{"4.9", OPT_OWN_RATE, "step size α", "0.25", 0, 1e6, 1, 1, 0},
	{"4.9", OPT_OWN_ITERATIONS, "iterations", "3000", 1, 20000, 1, 1, 1},
	TEST_OF("5.1"),
	TEST_OF("5.2"),
	TEST_OF("5.3"),
	RUN_OF("5.4"),
	RUN_OF("5.5"),
	{"6", OPT_OWN_L2, "the penalty λ", "0.001", 0, 1e6, 1, 1, 0},
	{NULL, OPT_HELP, NULL, NULL, 0, 0, 0, 0, 0},
};

int has_knob(const char *section, option_id id)
{
	for (const knob *k = knobs; k->section; k++)
		if (k->id == id && strcmp(k->section, section) == 0)
			return 1;
	return 0;
}

/* ---- Reading --------------------------------------------------------------------------------- */

/* The next number of a list between commas, without its comma; returns 0 at the end. */
static int next_item(const char **text, char item[64])
{
	size_t length = strcspn(*text, ",");

	if (!**text)
		return 0;
	snprintf(item, 64, "%.*s", (int)(length < 63 ? length : 63), *text);
	*text += length;
	*text += **text == ',' && (*text)[1] != '\0';
	return 1;
}

/* "from 0 to 1e+06", of whole numbers. */
static const char *range_of(const knob *k, char text[96])
{
	snprintf(text, 96, "%s from %.7g to %.7g", k->whole ? "a whole number" : "a number", k->low,
		 k->high);
	return text;
}

/* "--rate" or "-x". */
typedef struct option_text {
	char text[40];
} option_text;

static option_text name_of(option_id id)
{
	option_text shown;

	snprintf(shown.text, sizeof shown.text, "%s%s", option_table[id].name[1] ? "--" : "-",
		 option_table[id].name);
	return shown;
}

static int check_item(const knob *k, const char *item)
{
	char range[96];
	double value;

	/* number_parse() refuses nan, inf and hexadecimal. */
	if (number_parse(item, &value) && value >= k->low && value <= k->high &&
	    (!k->whole || value == floor(value)))
		return EXIT_DONE;
	return misuse(name_of(k->id).text, "'%s' is not %s, which section %s takes", item,
		      range_of(k, range), k->section);
}

static int check_knob(const options *given, const knob *k)
{
	const char *text = given->argument[k->id];
	char item[64];
	int count = 0, status = EXIT_DONE;

	if (k->most == 0)
		return EXIT_DONE;
	while (status == EXIT_DONE && next_item(&text, item)) {
		status = check_item(k, item);
		count++;
	}
	if (status != EXIT_DONE || (count >= k->least && count <= k->most))
		return status;
	if (k->least == k->most)
		return misuse(name_of(k->id).text, "has %d number%s; section %s takes %d%s", count,
			      count == 1 ? "" : "s", k->section, k->most,
			      k->most > 1 ? ", with commas between them" : "");
	return misuse(name_of(k->id).text,
		      "has %d number%s; section %s takes %d to %d, with commas between them", count,
		      count == 1 ? "" : "s", k->section, k->least, k->most);
}

/* The sections that have a knob, as "4.1, 4.3". */
static const char *sections_with(option_id id, char text[256])
{
	size_t length = 0;

	text[0] = '\0';
	for (const knob *k = knobs; k->section; k++)
		if (k->id == id && length < 240)
			length += (size_t)snprintf(text + length, 256 - length, "%s%s",
						   length ? ", " : "", k->section);
	return text;
}

int check_knobs(const options *given, const char *which,
		int (*is_asked)(const char *section, const char *which))
{
	int status = EXIT_DONE;

	for (int id = OPT_OWN_X; id <= OPT_OWN_L2 && status == EXIT_DONE; id++) {
		char list[256];
		int takers = 0;

		if (!option_given(given, (option_id)id))
			continue;
		for (const knob *k = knobs; k->section && status == EXIT_DONE; k++) {
			if ((int)k->id != id || !is_asked(k->section, which))
				continue;
			takers++;
			status = check_knob(given, k);
		}
		if (status == EXIT_DONE && takers == 0)
			status = misuse(name_of((option_id)id).text,
					"is not for section %s; it is for %s", which,
					sections_with((option_id)id, list));
	}
	return status;
}

double knob_value(const options *given, option_id id, double standard)
{
	double value = standard;

	if (option_given(given, id))
		number_parse(given->argument[id], &value);
	return value;
}

int knob_values(const options *given, option_id id, int most, double *values)
{
	const char *text = option_given(given, id) ? given->argument[id] : "";
	char item[64];
	int count = 0;

	while (count < most && next_item(&text, item))
		number_parse(item, &values[count++]);
	return count;
}

/* ---- Showing --------------------------------------------------------------------------------- */

int print_knobs(const char *section)
{
	int count = 0;

	for (const knob *k = knobs; k->section; k++) {
		const option_row *row = &option_table[k->id];
		char head[80], text[512], range[96], shown[512];

		if (strcmp(k->section, section) != 0)
			continue;
		snprintf(head, sizeof head, "  %c%c%c --%s %s", row->letter ? '-' : ' ',
			 row->letter ? row->letter : ' ', row->letter ? ',' : ' ', row->name,
			 row->argument);
		if (k->most)
			snprintf(text, sizeof text, "%s; %s%s [%s]", k->meaning, range_of(k, range),
				 k->most > 1 ? " each" : "", k->standard);
		else
			snprintf(text, sizeof text, "%s [%s]", k->meaning, k->standard);
		page_row(stdout, head, text_shown(text, shown, sizeof shown), 27);
		count++;
	}
	return count;
}

json_t *knobs_json(const options *given, const char *section)
{
	json_t *all = NULL;

	for (const knob *k = knobs; k->section; k++) {
		double value[KNOB_VALUES_MOST];
		char key[40];

		if (strcmp(k->section, section) != 0 || !option_given(given, k->id))
			continue;
		if (!all && !(all = json_object()))
			return NULL;
		option_key(k->id, key);
		if (k->most == 0) {
			json_object_set_new(all, key, text_json(given->argument[k->id]));
			continue;
		}
		int count = knob_values(given, k->id, KNOB_VALUES_MOST, value);
		json_t *list = json_array();
		for (int i = 0; i < count; i++)
			json_array_append_new(list, number_json(value[i]));
		json_object_set_new(all, key, list);
	}
	return all;
}
