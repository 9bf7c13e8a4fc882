/* SPDX-License-Identifier: MIT */
/*
 * weigh.c - what a JSON text takes in memory, before it is read
 *
 * jansson makes an object of each value, so that two letters can become two hundred bytes.  A text is therefore weighed first: how many
 * values of each kind can there be?  A file whose texts weigh more than a multiple of it, which none that hebb writes does, is
 * refused.
 */
#include "io.h"

/* Bytes for each of these characters outside strings, at most, on machines of 64 bits (jansson 2.14). */
enum { OBJECT = 240, ARRAY = 110, STRING = 40, NEXT = 48, PAIR = 24 };

static unsigned weight_of(unsigned char c)
{
	switch (c) {
	case '{':
		return OBJECT;
	case '[':
		return ARRAY;
	case ',':
		return NEXT;
	case ':':
		return PAIR;
	default:
		return 0;
	}
}

/* The end of a string that begins behind `at`: of its closing quote, or of the text. */
static size_t skip_string(const unsigned char *text, size_t size, size_t at)
{
	for (at++; at < size && text[at] != '"'; at++)
		at += text[at] == '\\';
	return at < size ? at : size;
}

unsigned long long hb_json_weight(const void *text, size_t size)
{
	const unsigned char *bytes = text;
	unsigned long long weight = size, longest = 0;

	for (size_t at = 0; at < size; at++) {
		weight += weight_of(bytes[at]);
		if (bytes[at] == '"') {
			size_t end = skip_string(bytes, size, at);
			longest = end - at > longest ? end - at : longest;
			weight += STRING;
			at = end;
		}
	}
	return weight + 3 * longest; /* the reader's own buffer, which doubles */
}

hebb_status hb_json_fits(const void *text, size_t size, size_t file, const char *name,
			 hebb_error *error)
{
	unsigned long long most = HB_JSON_TIMES * (unsigned long long)file + HB_JSON_MORE;

	if (hb_json_weight(text, size) <= most)
		return HEBB_OK;
	return hebb_fail(
		error, HEBB_BAD_FORMAT,
		"%s: describes more than its %zu bytes can hold; it is damaged, or made to "
		"use up memory",
		name, file);
}
