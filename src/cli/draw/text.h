/* SPDX-License-Identifier: MIT */
/*
 * text.h - a text that grows
 */
#ifndef HEBB_CLI_TEXT_H
#define HEBB_CLI_TEXT_H

#include <stddef.h>
#include <string.h>

typedef struct text {
	char *bytes; /* without a zero byte at the end */
	size_t size, room;
	int failed; /* there was no memory; what is added from then on is lost */
} text;

void text_add(text *buffer, const char *bytes, size_t size);
/* In each place, so that the lengths of constants are known. */
static inline void text_put(text *buffer, const char *string)
{
	text_add(buffer, string, strlen(string));
}
/* Adds a number that is not negative. */
void text_add_integer(text *buffer, long long number);
void text_free(text *buffer);

/* Adds a field of CSV, quoted if RFC 4180 wants it (a comma, a quote, a line break) or a blank is
 * its first or last character.  for_people: as hebb_show_character() shows it. */
void text_add_csv(text *buffer, const char *field, int for_people);

/* Adds a string of JSON, with its quotes, as text_json() has it. */
void text_add_json(text *buffer, const char *string);

#endif
