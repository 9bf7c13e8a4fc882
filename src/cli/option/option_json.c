/* SPDX-License-Identifier: MIT */
/*
 * option_json.c - options in a training record, and back
 *
 * A record has the values as the command line has them, so they are read back like arguments.  A
 * value of another type than the library writes is refused; it never means that an option is off.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "draw/json.h"
#include "option_table.h"
#include "draw/terminal.h"

char *option_key(option_id id, char key[40])
{
	snprintf(key, 40, "%s", option_table[id].name);
	for (char *hyphen = strchr(key, '-'); hyphen; hyphen = strchr(hyphen, '-'))
		*hyphen = '_';
	return key;
}

json_t *options_json(const options *given)
{
	return json_of(hebb_study_settings(&given->study));
}

/* ---- Reading ---- */

/* Whether null turns the option off; no argument does so for these. */
static int has_null(option_id id)
{
	kind k = option_table[id].kind;

	return k == KIND_TEXT || k == KIND_CHARACTER || k == KIND_AUGMENT || id == OPT_RECIPE ||
	       id == OPT_GRAPH || id == OPT_SCALING || id == OPT_BINS || id == OPT_EFFORT ||
	       id == OPT_MEMBERS || id == OPT_TARGET_TRANSFORM;
}

static int is_list_of_integers(const json_t *value)
{
	size_t i, count = json_array_size(value);

	for (i = 0; i < count && json_is_integer(json_array_get(value, i)); i++)
		;
	return json_is_array(value) && i == count;
}

/* The type that the library writes for this option; NULL: the value has this type. */
static const char *wrong_type(option_id id, const json_t *value)
{
	const option_row *row = &option_table[id];
	const char *text = json_string_value(value);
	uint64_t seed;

	switch (row->kind) {
	case KIND_FLAG:
		return json_is_boolean(value) ? NULL : "true or false";
	case KIND_COUNT:
		return json_is_integer(value) || (json_is_null(value) && has_null(id)) ||
				       (row->word && text && strcmp(text, row->word) == 0)
			       ? NULL
			       : "a whole number";
	case KIND_NUMBER:
	case KIND_TIME:
		return json_is_number(value) ? NULL : "a number";
	case KIND_SEED:
		return json_seed(value, &seed) ? NULL : "a seed";
	case KIND_LAYERS:
		return is_list_of_integers(value) ? NULL : "a list of whole numbers";
	case KIND_CHOICE:
	case KIND_PART:
	case KIND_AUGMENT:
	case KIND_TEXT:
	case KIND_CHARACTER:
		return text || (json_is_null(value) && has_null(id)) ? NULL : "a text";
	case KIND_EVERY:
	case KIND_TEXTS:
		break;
	}
	return "in no checkpoint";
}

/* The command-line argument for a value of the right type, in `text` or in the value; NULL: the
 * option is off. */
static const char *argument_of(const option_row *row, const json_t *value, char *text, size_t size)
{
	size_t length = 0;

	if (json_is_string(value))
		return json_string_value(value);
	if (json_is_array(value) && json_array_size(value) == 0)
		return "none";
	for (size_t i = 0; i < json_array_size(value) && length < size; i++)
		length += (size_t)snprintf(text + length, size - length, "%s%lld", i ? "," : "",
					   (long long)json_integer_value(json_array_get(value, i)));
	if (json_is_array(value))
		return text;
	if (row->kind == KIND_FLAG)
		return json_is_true(value) ? "" : NULL;
	if (json_is_null(value) || (row->kind == KIND_TIME && json_number_value(value) == 0))
		return NULL;
	if (row->kind == KIND_TIME)
		snprintf(text, size, "%.17gs", json_number_value(value));
	else if (json_is_integer(value))
		snprintf(text, size, "%lld", (long long)json_integer_value(value));
	else
		snprintf(text, size, "%.17g", json_real_value(value));
	return text;
}

/* Refuses devices and pipes that only the checkpoint names, because reading them may never end.
 * Folders and prefixes of IDX files pass. */
static int check_file(const char *where, const char *file)
{
	struct stat about;

	if (strcmp(file, "-") != 0 &&
	    (stat(file, &about) != 0 || S_ISREG(about.st_mode) || S_ISDIR(about.st_mode)))
		return EXIT_DONE;
	return fail(where,
		    "the checkpoint names %s, which is not a regular file; to use it, give the "
		    "option on the command line",
		    file);
}

static int read_argument(const char *where, option_id id, const char *argument, options *result)
{
	const option_row *row = &option_table[id];
	hebb_part *which = (hebb_part *)((char *)result + row->field);
	int status;

	if (id == OPT_TEST && strcmp(argument, "own") == 0) {
		*which = (hebb_part){.kind = HEBB_PART_OWN};
		option_give(result, id);
		return EXIT_DONE;
	}
	status = option_read_at(where, id, argument, result);
	result->argument[id] = NULL; /* the text is freed before the options */
	if (status == EXIT_DONE && row->kind == KIND_PART && which->kind == HEBB_PART_TABLE)
		status = check_file(where, which->name);
	return status;
}

/* Turns an option off, whatever its default is. */
static void turn_off(option_id id, options *result)
{
	void *field = (char *)result + option_table[id].field;

	if (option_table[id].kind == KIND_TIME)
		*(double *)field = 0;
	if (option_table[id].kind == KIND_FLAG)
		*(int *)field = 0;
	option_give(result, id);
}

/* Reads an option of the checkpoint called `name`. */
static int read_value(const char *name, option_id id, const json_t *value, options *result)
{
	static char text[8 * HEBB_MAX_LAYERS];
	const option_row *row = &option_table[id];
	const char *argument = argument_of(row, value, text, sizeof text);
	size_t size = strlen(name) + strlen(row->name) + sizeof ": --";
	char *where = malloc(size), *decoded = NULL; /* never freed: it must outlive the options */
	int status = EXIT_DONE;

	if (json_is_string(value) && strstr(argument, "\\x"))
		argument = decoded = json_text(argument);
	if (!where || (json_is_string(value) && !argument)) {
		free(where);
		free(decoded);
		return fail(NULL, "out of memory");
	}
	snprintf(where, size, "%s: --%s", name, row->name);
	if (argument)
		status = read_argument(where, id, argument, result);
	else if (row->kind != KIND_TEXT && row->kind != KIND_CHARACTER)
		turn_off(id, result);
	if (status != EXIT_DONE)
		free(decoded);
	free(where);
	return status == EXIT_DONE ? EXIT_DONE : EXIT_FAILED;
}

/* Refuses a given option that differs from the checkpoint `name`. */
static int refuse_other(const char *name, const option_row *row, const json_t *recorded,
			const json_t *given_value)
{
	char *old = json_dumps(recorded, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
	char *new = json_dumps(given_value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
	int status =
		json_is_null(recorded)
			? fail(name,
			       "was made without --%s; leave it out, or start anew without "
			       "--resume",
			       row->name)
			: fail(name,
			       "was made with --%s %s, not %s; leave the option out, or start anew "
			       "without --resume",
			       row->name, old ? old : "?", new ? new : "?");

	free(old);
	free(new);
	return status;
}

/* The value of an option in a record, or what its absence means, to be let go; NULL: it may not be
 * absent. */
static json_t *value_of(const json_t *record, option_id id)
{
	const char *before = option_table[id].before;
	char key[40];
	json_t *value = json_object_get(record, option_key(id, key));

	if (value)
		return json_incref(value);
	return before ? json_loads(before, JSON_DECODE_ANY, NULL) : NULL;
}

/* Takes an option from the checkpoint `name`, or compares it with the given one. */
static int resume_option(options *given, option_id id, const json_t *value, const char *name)
{
	const option_row *row = &option_table[id];
	const char *type = value ? wrong_type(id, value) : NULL;
	int status = EXIT_DONE;

	if (!value)
		return fail(name,
			    "does not contain the value of --%s; the file is damaged or from "
			    "another version",
			    row->name);
	if (type) {
		char *found_text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

		status =
			fail(name, "says that --%s was %.60s, which is not %s; the file is damaged",
			     row->name, found_text ? found_text : "?", type);
		free(found_text);
		return status;
	}
	if (!option_given(given, id))
		return read_value(name, id, value, given);
	json_t *all = options_json(given), *now = value_of(all, id);
	if (!json_equal(now, value) && id != OPT_EPOCHS && id != OPT_TIME)
		status = refuse_other(name, row, value, now);
	json_decref(now);
	json_decref(all);
	return status;
}

int options_resume(options *given, json_t *record, const char *name)
{
	int status = EXIT_DONE;

	for (int id = 0; id < OPTION_COUNT && status == EXIT_DONE; id++) {
		if (!option_table[id].recorded)
			continue;
		json_t *value = value_of(record, (option_id)id);
		status = resume_option(given, (option_id)id, value, name);
		json_decref(value); /* texts stay in the record */
	}
	return status;
}
