/* SPDX-License-Identifier: MIT */
/*
 * json.c - what a text that is JSON says (json_check.c), read where it stands
 */
#include "json.h"
#include "io.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Walking ---- */

/* The end of the string that begins at the quote `at`. */
static const char *behind_string(const char *at)
{
	for (at++; *at != '"'; at++)
		at += *at == '\\';
	return at + 1;
}

static int is_between(char c)
{
	return c == ',' || c == ':' || hb_json_space(c);
}

/* Takes the value that comes next off a list. */
static hb_json take_value(hb_json_walk *walk)
{
	const char *from, *at;
	int depth = 0;

	while (walk->at < walk->end && is_between(*walk->at))
		walk->at++;
	from = at = walk->at;
	while (at < walk->end && (depth > 0 || !is_between(*at)))
		if (*at == '"') {
			at = behind_string(at);
		} else {
			depth += (*at == '{' || *at == '[') - (*at == '}' || *at == ']');
			at++;
		}
	walk->at = at;
	return (hb_json){from, (size_t)(at - from)};
}

hb_json_walk hb_json_begin(hb_json list)
{
	hb_json_walk walk = {.has_keys = hb_json_kind(list) == '{'};

	if (walk.has_keys || hb_json_kind(list) == '[') {
		walk.at = list.at + 1;
		walk.end = list.at + list.size - 1;
	}
	return walk;
}

int hb_json_next(hb_json_walk *walk)
{
	if (walk->at == walk->end)
		return 0;
	walk->value = take_value(walk);
	if (walk->has_keys && walk->value.size > 0) {
		walk->key = walk->value;
		walk->value = take_value(walk);
	}
	return walk->value.size > 0;
}

size_t hb_json_count(hb_json list)
{
	size_t count = 0;

	for (hb_json_walk walk = hb_json_begin(list); hb_json_next(&walk);)
		count++;
	return count;
}

hb_json hb_json_get(hb_json object, const char *key)
{
	for (hb_json_walk walk = hb_json_begin(object); walk.has_keys && hb_json_next(&walk);)
		if (hb_json_is(walk.key, key))
			return walk.value;
	return (hb_json){0};
}

/* ---- Single values ---- */

/* Copies what a string says, of which `out` must have room; returns its bytes. */
static size_t decode(hb_json string, char *out)
{
	const char *at = string.at + 1, *end = string.at + string.size - 1;
	size_t size, all = 0;
	char character[4];

	while (at < end) {
		at += hb_json_character(at, end, character, &size);
		memcpy(out + all, character, size);
		all += size;
	}
	return all;
}

int hb_json_is(hb_json value, const char *text)
{
	size_t size;
	char character[4];

	if (hb_json_kind(value) != '"')
		return 0;
	for (const char *at = value.at + 1, *end = at + value.size - 2; at < end; text += size) {
		at += hb_json_character(at, end, character, &size);
		if (strncmp(character, text, size) != 0)
			return 0;
	}
	return !*text;
}

const char *hb_json_word(hb_json value, char *buffer, size_t room)
{
	int fits = hb_json_kind(value) == '"' && value.size <= room;

	buffer[fits ? decode(value, buffer) : 0] = 0;
	return buffer;
}

hebb_status hb_json_text(hb_json value, char **text)
{
	*text = NULL;
	if (hb_json_kind(value) != '"')
		return HEBB_BAD_FORMAT;
	*text = malloc(value.size - 1);
	if (!*text)
		return HEBB_NO_MEMORY;
	(*text)[decode(value, *text)] = 0;
	return HEBB_OK;
}

static int is_number(hb_json value)
{
	return hb_json_kind(value) == '-' ||
	       (hb_json_kind(value) >= '0' && hb_json_kind(value) <= '9');
}

int hb_json_integer(hb_json value, long long low, long long high, long long *integer)
{
	if (!is_number(value))
		return 0;
	for (size_t i = 1; i < value.size; i++)
		if (value.at[i] < '0' || value.at[i] > '9')
			return 0;
	*integer = strtoll(value.at, NULL, 10); /* behind it something else stands */
	return *integer >= low && *integer <= high;
}

int hb_json_float(hb_json value, float *number)
{
	return is_number(value) && hb_parse_float(value.at, value.size, number) == value.size &&
	       isfinite(*number);
}

/* ---- Comparing ---- */

static int same_strings(hb_json a, hb_json b)
{
	const char *one = a.at + 1, *end = a.at + a.size - 1;
	const char *other = b.at + 1, *other_end = b.at + b.size - 1;
	char x[4], y[4];
	size_t size, other_size;

	while (one < end && other < other_end) {
		one += hb_json_character(one, end, x, &size);
		other += hb_json_character(other, other_end, y, &other_size);
		if (size != other_size || memcmp(x, y, size) != 0)
			return 0;
	}
	return one == end && other == other_end;
}

/* An integer is another number than a real, as jansson has it. */
static int same_numbers(hb_json a, hb_json b)
{
	long long one, other;
	double x, y;
	int is_integer = hb_json_integer(a, LLONG_MIN, LLONG_MAX, &one);

	if (is_integer != hb_json_integer(b, LLONG_MIN, LLONG_MAX, &other))
		return 0;
	if (is_integer)
		return one == other;
	if (hb_json_real(a.at, a.size, &x) < 0 || hb_json_real(b.at, b.size, &y) < 0)
		return -1;
	return x == y;
}

static int same_elements(hb_json a, hb_json b)
{
	hb_json_walk one = hb_json_begin(a), other = hb_json_begin(b);
	int same = 1;

	while (same == 1 && hb_json_next(&one))
		same = hb_json_next(&other) ? hb_json_same(one.value, other.value) : 0;
	return same == 1 && hb_json_next(&other) ? 0 : same;
}

static int same_members(hb_json a, hb_json b)
{
	hb_json_walk one = hb_json_begin(a);
	int same = hb_json_count(a) == hb_json_count(b);

	while (same == 1 && hb_json_next(&one)) {
		hb_json_walk other = hb_json_begin(b);
		int found = 0;

		while (!found && hb_json_next(&other))
			found = same_strings(one.key, other.key);
		same = found ? hb_json_same(one.value, other.value) : 0;
	}
	return same;
}

int hb_json_same(hb_json a, hb_json b)
{
	char kind = hb_json_kind(a), other = hb_json_kind(b);

	if (is_number(a) && is_number(b))
		return same_numbers(a, b);
	if (kind != other)
		return 0;
	switch (kind) {
	case '{':
		return same_members(a, b);
	case '[':
		return same_elements(a, b);
	case '"':
		return same_strings(a, b);
	default:
		return 1; /* the same word, or both are not there */
	}
}
