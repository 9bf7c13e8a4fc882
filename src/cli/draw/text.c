/* SPDX-License-Identifier: MIT */
/*
 * text.c - a text that grows
 */
#include "text.h"

#include <stdlib.h>
#include <string.h>

#include "hebb_advanced.h"
#include "draw/json.h"

void text_add(text *to, const char *bytes, size_t size)
{
	if (to->room - to->size < size && !to->failed) {
		size_t room = 2 * (to->size + size) + 256;
		char *more = realloc(to->bytes, room);

		to->failed = !more;
		if (more) {
			to->bytes = more;
			to->room = room;
		}
	}
	if (to->failed)
		return;
	memcpy(to->bytes + to->size, bytes, size);
	to->size += size;
}

void text_put(text *to, const char *string)
{
	text_add(to, string, strlen(string));
}

void text_free(text *done)
{
	free(done->bytes);
	*done = (text){.size = 0};
}

static int is_quoted(const char *field)
{
	size_t length = strlen(field);

	return field[strcspn(field, ",\"\r\n")] != 0 ||
	       (length > 0 && (strchr(" \t", field[0]) || strchr(" \t", field[length - 1])));
}

void text_add_csv(text *to, const char *field, int for_people)
{
	int quoted = is_quoted(field);
	char shown[HEBB_SHOWN_MOST];
	size_t left = strlen(field), bytes;

	if (!quoted && !for_people) {
		text_add(to, field, left);
		return;
	}
	if (quoted)
		text_put(to, "\"");
	for (; (bytes = hebb_show_character(field, left, shown)); field += bytes, left -= bytes) {
		if (*field == '"')
			text_put(to, "\"");
		text_add(to, for_people ? shown : field, for_people ? strlen(shown) : bytes);
	}
	if (quoted)
		text_put(to, "\"");
}

/* Whether a string of JSON holds these characters as they are. */
static int is_plain(const char *string)
{
	const char *at = string;

	while (*at >= ' ' && *at < 0x7f && *at != '"' && *at != '\\')
		at++;
	return !*at;
}

void text_add_json(text *to, const char *string)
{
	char *shown;

	if (is_plain(string)) {
		text_put(to, "\"");
		text_put(to, string);
		text_put(to, "\"");
		return;
	}
	shown = json_shown(text_json(string));
	if (shown)
		text_put(to, shown);
	else
		to->failed = 1;
	free(shown);
}
