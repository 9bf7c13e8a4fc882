/* SPDX-License-Identifier: MIT */
/*
 * option_json.c - options in a training record, and back
 *
 * What stands in a record is what the command line would say, so that reading it back is reading arguments.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "option_table.h"
#include "terminal.h"

char *part_text(const part *which, char *text, size_t size)
{
	static const char *const fixed[] = {[PART_NONE] = "0", [PART_OWN] = "own"};

	if (which->kind == PART_FRACTION)
		snprintf(text, size, "%.15g", which->fraction);
	else if (which->kind == PART_LAST)
		snprintf(text, size, "last:%lld", which->rows);
	else
		snprintf(text, size, "%s",
			 which->kind == PART_FILE ? which->file : fixed[which->kind]);
	return text;
}

static json_t *value_json(const options *given, const option_row *row)
{
	const void *field = (const char *)given + row->field;
	int integer = row->kind == KIND_COUNT || row->kind == KIND_CHOICE ? *(const int *)field : 0;
	char text[64];
	json_t *list;

	switch (row->kind) {
	case KIND_COUNT:
		return row->word && integer == 0 ? json_string(row->word) : json_integer(integer);
	case KIND_EVERY:
		return json_null();
	case KIND_NUMBER:
	case KIND_TIME:
		return number_json(*(const double *)field);
	case KIND_CHOICE:
		return integer ? json_string(row->choice(integer)) : json_null();
	case KIND_SEED:
		return seed_json(given->seed);
	case KIND_PART:
		if (((const part *)field)->kind == PART_FILE) /* whole, however long */
			return text_json(((const part *)field)->file);
		return text_json(part_text(field, text, sizeof text));
	case KIND_AUGMENT:
	case KIND_TEXT:
		return *(const char *const *)field ? text_json(*(const char *const *)field)
						   : json_null();
	case KIND_LAYERS:
		list = json_array();
		for (int i = 0; i < given->hidden; i++)
			json_array_append_new(list, json_integer(given->units[i]));
		return list;
	case KIND_FLAG:
		break;
	}
	return json_boolean(*(const int *)field);
}

char *option_key(option_id id, char key[40])
{
	snprintf(key, 40, "%s", option_table[id].name);
	for (char *at = strchr(key, '-'); at; at = strchr(at, '-'))
		*at = '_';
	return key;
}

json_t *options_json(const options *given)
{
	json_t *object = json_object();

	for (int id = 0; id < OPTION_COUNT; id++) {
		char key[40];
		if (option_table[id].recorded)
			json_object_set_new(object, option_key((option_id)id, key),
					    value_json(given, &option_table[id]));
	}
	return object;
}

/* What the command line would say for a value of a record, in `text` or the value itself; NULL: nothing, the option is off. */
static const char *argument_of(const option_row *row, const json_t *value, char *text, size_t size)
{
	size_t length = 0;

	if (json_is_string(
		    value)) /* a copy, if it needs one, stays as long as the options: to the end */
		return strstr(json_string_value(value), "\\x") ? json_text(json_string_value(value))
							       : json_string_value(value);
	if (json_is_array(value) && json_array_size(value) == 0)
		return "none";
	for (size_t i = 0; i < json_array_size(value) && length < size; i++)
		length += (size_t)snprintf(text + length, size - length, "%s%lld", i ? "," : "",
					   (long long)json_integer_value(json_array_get(value, i)));
	if (json_is_array(value))
		return text;
	if (json_is_integer(value))
		snprintf(text, size, "%lld", (long long)json_integer_value(value));
	else if (row->kind == KIND_TIME && json_number_value(value) > 0)
		snprintf(text, size, "%.17gs", json_number_value(value));
	else if (row->kind == KIND_NUMBER && json_is_real(value))
		snprintf(text, size, "%.17g", json_real_value(value));
	else
		return NULL;
	return text;
}

static int read_value(option_id id, const json_t *value, options *result)
{
	static char text[8 * HEBB_MAX_LAYERS];
	const option_row *row = &option_table[id];
	const char *argument = argument_of(row, value, text, sizeof text);
	uint64_t bit = UINT64_C(1) << id;

	if (row->kind == KIND_PART && argument && strcmp(argument, "own") == 0) {
		*(part *)((char *)result + row->field) = (part){.kind = PART_OWN};
		result->given |= bit;
		return EXIT_DONE;
	}
	if (row->kind == KIND_FLAG && json_is_true(value))
		argument = "";
	if (argument) {
		int status = option_read(id, argument, result);
		result->argument[id] = NULL; /* the text does not last */
		return status;
	}
	if (row->kind != KIND_TEXT)
		result->given |= bit; /* off, whatever the defaults are */
	return EXIT_DONE;
}

/* That an option was given which a checkpoint called `name` contradicts. */
static int refuse_other(const char *name, const option_row *row, const json_t *then,
			const json_t *now)
{
	char *old = json_dumps(then, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
	char *new = json_dumps(now, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
	int status = fail(name,
			  "was made with --%s %s, not %s; leave the option out, "
			  "or begin anew without --resume",
			  row->name, old ? old : "?", new ? new : "?");

	free(old);
	free(new);
	return status;
}

int options_resume(options *given, const json_t *record, const char *name)
{
	for (int id = 0; id < OPTION_COUNT; id++) {
		const option_row *row = &option_table[id];
		char key[40];
		const json_t *value = json_object_get(record, option_key((option_id)id, key));
		json_t *now;
		int status = EXIT_DONE;

		if (!row->recorded)
			continue;
		if (!value)
			return fail(name,
				    "does not say what --%s was; it is no checkpoint of this "
				    "version",
				    row->name);
		if (!option_given(given, (option_id)id)) {
			status = read_value((option_id)id, value, given);
			if (status != EXIT_DONE)
				return EXIT_FAILED;
			continue;
		}
		now = value_json(given, row);
		if (!json_equal(now, value) && id != OPT_EPOCHS && id != OPT_TIME)
			status = refuse_other(name, row, value, now);
		json_decref(now);
		if (status != EXIT_DONE)
			return status;
	}
	return EXIT_DONE;
}
