/* SPDX-License-Identifier: MIT */
/*
 * text.c - a text that grows
 */
#include "text.h"

#include <stdlib.h>
#include <string.h>

#include "hebb_advanced.h"
#include "draw/json.h"

void text_add(text *buffer, const char *bytes, size_t size)
{
	if (buffer->room - buffer->size < size && !buffer->failed) {
		size_t room = 2 * (buffer->size + size) + 256;
		char *more = realloc(buffer->bytes, room);

		buffer->failed = !more;
		if (more) {
			buffer->bytes = more;
			buffer->room = room;
		}
	}
	if (buffer->failed || size == 0) /* an empty buffer has no bytes to copy to */
		return;
	memcpy(buffer->bytes + buffer->size, bytes, size);
	buffer->size += size;
}

void text_add_integer(text *buffer, long long number)
{
	char digits[24], *first = digits + sizeof digits;

	do
		*--first = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	text_add(buffer, first, (size_t)(digits + sizeof digits - first));
}

void text_free(text *buffer)
{
	free(buffer->bytes);
	*buffer = (text){.size = 0};
}

static int is_quoted(const char *field)
{
	size_t length = strlen(field);

	return field[strcspn(field, ",\"\r\n")] != 0 ||
	       (length > 0 && (strchr(" \t", field[0]) || strchr(" \t", field[length - 1])));
}

void text_add_csv(text *buffer, const char *field, int for_people)
{
	int quoted = is_quoted(field);
	char shown[HEBB_SHOWN_MOST];
	size_t left = strlen(field), bytes;

	if (!quoted && !for_people) {
		text_add(buffer, field, left);
		return;
	}
	if (quoted)
		text_put(buffer, "\"");
	for (; (bytes = hebb_show_character(field, left, shown)); field += bytes, left -= bytes) {
		if (*field == '"')
			text_put(buffer, "\"");
		text_add(buffer, for_people ? shown : field, for_people ? strlen(shown) : bytes);
	}
	if (quoted)
		text_put(buffer, "\"");
}

/* Whether a string of JSON holds these characters as they are. */
static int is_plain(const char *string)
{
	const char *position = string;

	while (*position >= ' ' && *position < 0x7f && *position != '"' && *position != '\\')
		position++;
	return !*position;
}

void text_add_json(text *buffer, const char *string)
{
	char *shown;

	if (is_plain(string)) {
		text_put(buffer, "\"");
		text_put(buffer, string);
		text_put(buffer, "\"");
		return;
	}
	shown = json_shown(text_json(string));
	if (shown)
		text_put(buffer, shown);
	else
		buffer->failed = 1;
	free(shown);
}
