/* SPDX-License-Identifier: MIT */
/*
 * tables.c - reading the tables that a command works on
 */
#define _POSIX_C_SOURCE 200809L

#include "tables.h"

#include <stdlib.h>
#include <string.h>

#include "draw/json.h"
#include "draw/terminal.h"
#include "picture/activity.h"
#include "record.h"

/* Prints what the reader wants people to know. */
static hebb_table *with_notes(hebb_table *table)
{
	for (int i = 0; table && i < table->note_count; i++)
		note("%s", table->notes[i]);
	return table;
}

hebb_table *table_read(const char *data, const hebb_table_options *how, hebb_error *error)
{
	hebb_table_options metered = *how;

	activity_begin_with("reading", data);
	metered.meter = activity_meter();
	hebb_table *table = hebb_table_read_with(data, &metered, error);
	activity_end();
	return with_notes(table);
}

hebb_table *table_parse(const void *bytes, size_t size, const char *name,
			const hebb_table_options *how, hebb_error *error)
{
	hebb_table_options metered = *how;

	metered.meter = activity_meter();
	return with_notes(hebb_table_parse_with(bytes, size, name, &metered, error));
}

hebb_status table_next(hebb_stream *stream, hebb_table **table, hebb_error *error)
{
	hebb_status status = hebb_stream_next(stream, table, error);

	with_notes(*table);
	return status;
}

/* A copy of a text among the options of a record; NULL: there is none. */
static char *text_of(const json_t *record, const char *key)
{
	const char *text =
		json_string_value(json_object_get(json_object_get(record, "options"), key));

	return text ? strdup(text) : NULL;
}

hebb_table_options table_options_of(const hebb_study *given, const hebb_model *model, char **room)
{
	hebb_table_options how = hebb_study_table_options(given);
	json_t *record = record_read(model);

	*room = how.missing ? NULL : text_of(record, "na");
	how.coding = model->coding;
	if (*room)
		how.missing = *room;
	json_decref(record);
	return how;
}

hebb_table *table_read_for(const char *data, const hebb_study *given, const hebb_model *model,
			   hebb_error *error)
{
	char *room;
	hebb_table_options how = table_options_of(given, model, &room);
	hebb_table *table = table_read(data, &how, error);

	free(room);
	return table;
}
