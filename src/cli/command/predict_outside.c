/* SPDX-License-Identifier: MIT */
/*
 * predict_outside.c - the column of `hebb predict --outside`
 *
 *     class,setosa,versicolor,outside       {"row": 1, ..., "outside": ["age", "fare"]}
 *     setosa,0.98,0.02,age|fare
 *
 * A bar or a backslash of a name has a backslash before it, as in sets of classes.
 */
#include "predict_outside.h"

#include <stdlib.h>
#include <string.h>

/* A name as an item of the list; a zero byte ends it. */
static void add_item(text *item, const char *name)
{
	for (; *name; name++) {
		text_put(item, *name == '|' || *name == '\\' ? "\\" : "");
		text_add(item, name, 1);
	}
	text_add(item, "", 1);
}

/* Adds a name as a part of a field of CSV; returns whether the field needs quotes for it. */
static int add_csv_name(text *names, const char *name, int for_people)
{
	text item = {.size = 0}, field = {.size = 0};
	int is_special = 0;

	add_item(&item, name);
	if (!item.failed)
		text_add_csv(&field, item.bytes, for_people);
	if (!item.failed && !field.failed) {
		is_special = field.bytes[0] == '"';
		text_add(names, field.bytes + is_special, field.size - 2 * (size_t)is_special);
	}
	names->failed |= item.failed | field.failed;
	text_free(&item);
	text_free(&field);
	return is_special;
}

int outside_open(const hebb_coding *coding, int json, int for_people, outside_names *result)
{
	size_t count = (size_t)coding->input_count;

	*result = (outside_names){.json = json, .count = coding->input_count};
	result->at = malloc((count + 1) * sizeof *result->at);
	result->is_special = calloc(count, 1);
	if (!result->at || !result->is_special)
		return 0;
	for (size_t i = 0; i < count; i++) {
		const char *name = coding->inputs[i].name;

		result->at[i] = result->names.size;
		if (json)
			text_add_json(&result->names, name);
		else
			result->is_special[i] =
				(unsigned char)add_csv_name(&result->names, name, for_people);
	}
	result->at[count] = result->names.size;
	return !result->names.failed;
}

void outside_close(outside_names *names)
{
	text_free(&names->names);
	free(names->at);
	free(names->is_special);
}

void outside_add(const outside_names *names, const unsigned char *outside, text *buffer)
{
	int quoted = 0, some = 0;

	for (int i = 0; i < names->count && outside; i++)
		quoted |= outside[i] && names->is_special[i];
	text_put(buffer, names->json ? "[" : quoted ? "\"" : "");
	for (int i = 0; i < names->count && outside; i++) {
		if (!outside[i])
			continue;
		text_put(buffer, !some ? "" : names->json ? ", " : "|");
		text_add(buffer, names->names.bytes + names->at[i],
			 names->at[i + 1] - names->at[i]);
		some = 1;
	}
	text_put(buffer, names->json ? "]" : quoted ? "\"" : "");
}
