/* SPDX-License-Identifier: MIT */
/*
 * json.c - JSON texts, read in place
 *
 * jansson decides what is valid and what strings mean. It gets a text in pieces: a small text as a
 * whole; of a larger object or array the members or elements, which are found by the commas, colons
 * and brackets outside strings. A list of valid pieces with commas between them is valid, wherever
 * it was cut.
 */
#include "json.h"
#include "io.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifndef PIECE      /* a test has smaller ones */
#define PIECE 4096 /* bytes that may become a tree: of some two hundred KB at worst */
#endif
enum {
	NESTED = 16
}; /* levels of larger objects and arrays, each of which is looked through once more */

static int is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static hb_json trimmed(const char *from, const char *end)
{
	while (from < end && is_space(*from))
		from++;
	while (from < end && is_space(end[-1]))
		end--;
	return (hb_json){from, (size_t)(end - from)};
}

/* Where memory runs out jansson mostly gives no reason. */
static hebb_status load(hb_json piece, json_t **json)
{
	json_error_t why = {0};

	*json = json_loadb(piece.at, piece.size, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &why);
	if (*json)
		return HEBB_OK;
	int no_room = !why.text[0] || json_error_code(&why) == json_error_out_of_memory;
	return no_room ? HEBB_NO_MEMORY : HEBB_BAD_FORMAT;
}

/* ---- Checking ---- */

/* The end of the string that begins at the quote `at`, or of the text. */
static const char *behind_string(const char *at, const char *end)
{
	for (at++; at < end && *at != '"'; at++)
		at += *at == '\\';
	return at < end ? at + 1 : end;
}

/* Where the first `mark` stands that is in no string and no brackets; else the end. */
static const char *find(const char *at, const char *end, char mark)
{
	for (int depth = 0; at < end && (depth != 0 || *at != mark);)
		if (*at == '"') {
			at = behind_string(at, end);
		} else {
			depth += (*at == '{' || *at == '[') - (*at == '}' || *at == ']');
			at++;
		}
	return at;
}

/* The hashes of the keys of an object. */
typedef struct keys {
	uint64_t *hash;
	size_t count, room;
} keys;

static int compare_hashes(const void *a, const void *b)
{
	uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;

	return (one > other) - (one < other);
}

static hebb_status check_keys(keys *of)
{
	if (of->count > 0)
		qsort(of->hash, of->count, sizeof *of->hash, compare_hashes);
	for (size_t i = 1; i < of->count; i++)
		if (of->hash[i - 1] == of->hash[i])
			return HEBB_BAD_FORMAT;
	return HEBB_OK;
}

/* Memory grows with different keys alone. */
static hebb_status more_room(keys *of)
{
	size_t room = of->room + of->room / 2 + 64;
	hebb_status status = check_keys(of);
	uint64_t *hash = status ? NULL : realloc(of->hash, room * sizeof *hash);

	if (!hash)
		return status ? status : HEBB_NO_MEMORY;
	of->hash = hash;
	of->room = room;
	return HEBB_OK;
}

static hebb_status add_key(keys *to, hb_json piece)
{
	json_t *key;
	hebb_status status;

	if (piece.size == 0 || *piece.at != '"') /* which need not be small */
		return HEBB_BAD_FORMAT;
	status = load(piece, &key);
	if (!status && to->count == to->room)
		status = more_room(to);
	if (!status)
		to->hash[to->count++] =
			hb_fnv(HB_FNV, json_string_value(key), json_string_length(key));
	json_decref(key);
	return status;
}

static hebb_status check(hb_json piece, int depth);

/* A member or an element, whatever it is. */
static hebb_status check_part(const char *from, const char *end, keys *of, int depth)
{
	hebb_status status = HEBB_OK;

	if (of) {
		const char *colon = find(from, end, ':');

		status = add_key(of, trimmed(from, colon));
		from = colon < end ? colon + 1 : end;
	}
	return status ? status : check(trimmed(from, end), depth + 1);
}

/* What is between the brackets. */
static hebb_status check_parts(const char *at, const char *end, keys *of, int depth)
{
	hebb_status status = HEBB_OK;

	while (!status) {
		const char *comma = find(at, end, ',');

		status = check_part(at, comma, of, depth);
		if (comma == end)
			break;
		at = comma + 1;
	}
	return !status && of ? check_keys(of) : status;
}

static hebb_status check(hb_json piece, int depth)
{
	const char *last = piece.at + piece.size - 1;
	keys found = {.hash = NULL};
	json_t *json;
	hebb_status status;

	if (piece.size <= PIECE || (*piece.at != '{' && *piece.at != '[')) {
		status = load(piece, &json);
		json_decref(json);
		return status;
	}
	if (depth == NESTED || *last != (*piece.at == '{' ? '}' : ']'))
		return HEBB_BAD_FORMAT;
	if (trimmed(piece.at + 1, last).size == 0)
		return HEBB_OK;
	status = check_parts(piece.at + 1, last, *last == '}' ? &found : NULL, depth);
	free(found.hash);
	return status;
}

hebb_status hb_json_check(const void *text, size_t size, hb_json *json)
{
	hb_json whole = trimmed(text, (const char *)text + size);
	hebb_status status = HEBB_BAD_FORMAT;

	*json = (hb_json){0};
	if (whole.size > 0 && (*whole.at == '{' || *whole.at == '['))
		status = check(whole, 0);
	if (!status)
		*json = whole;
	return status;
}

/* ---- Walking ---- */

hb_json_walk hb_json_begin(hb_json list)
{
	hb_json_walk walk = {.has_keys = hb_json_kind(list) == '{'};

	if (walk.has_keys || hb_json_kind(list) == '[') {
		hb_json parts = trimmed(list.at + 1, list.at + list.size - 1);

		walk.at = parts.at;
		walk.end = parts.at + parts.size;
	}
	return walk;
}

int hb_json_next(hb_json_walk *walk)
{
	if (walk->at == walk->end)
		return 0;
	const char *comma = find(walk->at, walk->end, ',');
	if (walk->has_keys) {
		const char *colon = find(walk->at, comma, ':');

		walk->key = trimmed(walk->at, colon);
		walk->at = colon + 1;
	}
	walk->value = trimmed(walk->at, comma);
	walk->at = comma < walk->end ? comma + 1 : walk->end;
	return 1;
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

int hb_json_is(hb_json value, const char *text)
{
	size_t size = strlen(text);

	return hb_json_kind(value) == '"' && value.size == size + 2 &&
	       memcmp(value.at + 1, text, size) == 0;
}

const char *hb_json_word(hb_json value, char *buffer, size_t room)
{
	size_t size = hb_json_kind(value) == '"' && value.size - 2 < room ? value.size - 2 : 0;

	if (size > 0)
		memcpy(buffer, value.at + 1, size);
	buffer[size] = 0;
	return buffer;
}

hebb_status hb_json_text(hb_json value, char **text)
{
	json_t *json;

	*text = NULL;
	if (hb_json_kind(value) != '"')
		return HEBB_BAD_FORMAT;
	hebb_status status = load(value, &json);
	if (status)
		return status;
	*text = malloc(json_string_length(json) + 1);
	if (*text)
		memcpy(*text, json_string_value(json), json_string_length(json) + 1);
	json_decref(json);
	return *text ? HEBB_OK : HEBB_NO_MEMORY;
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

int hb_json_double(hb_json value, double *number)
{
	return is_number(value) && hb_parse_double(value.at, value.size, number) == value.size &&
	       isfinite(*number);
}

int hb_json_same(hb_json a, hb_json b)
{
	json_t *one, *other = NULL;
	hebb_status status;

	if (!a.at || !b.at)
		return !a.at && !b.at;
	if (a.size == b.size && memcmp(a.at, b.at, a.size) == 0)
		return 1;
	if (a.size > PIECE || b.size > PIECE)
		return 0;
	status = load(a, &one);
	if (!status)
		status = load(b, &other);
	int same = status ? -1 : json_equal(one, other);
	json_decref(one);
	json_decref(other);
	return same;
}
