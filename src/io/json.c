/* SPDX-License-Identifier: MIT */
/*
 * json.c - a JSON text read where it stands
 *
 * Checking descends from a value into its parts, no deeper than jansson does.  That no key is there twice is known by the hashes of
 * the keys of all objects that are open, in one array: those of an object are sorted when it ends, and taken off.
 */
#include "json.h"
#include "io.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	DEPTH_MOST = 2048,  /* as in jansson */
	NUMBER_MOST = 1000, /* characters; hebb writes 24 at most */
	SAFE_INTEGER =
		18, /* characters that fit in 64 bits whatever they are, and of a real, in a double */
	SAFE_REAL = 300
};

/* ---- Characters of strings ---- */

/* Bytes of the UTF-8 character that a text begins with; 0 if it is none, or a control character. */
static size_t character_size(const unsigned char *at, size_t left)
{
	unsigned lead = at[0];
	size_t size = lead < 0x80   ? 1
		      : lead < 0xc2 ? 0
		      : lead < 0xe0 ? 2
		      : lead < 0xf0 ? 3
		      : lead < 0xf5 ? 4
				    : 0;

	if (size > left || lead < ' ')
		return 0;
	for (size_t i = 1; i < size; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	/* longer than need be, a surrogate, or beyond the last character */
	if ((lead == 0xe0 && at[1] < 0xa0) || (lead == 0xed && at[1] > 0x9f) ||
	    (lead == 0xf0 && at[1] < 0x90) || (lead == 0xf4 && at[1] > 0x8f))
		return 0;
	return size;
}

/* The value of the four hexadecimal digits behind "\u"; -1: there are none. */
static long unit_of(const unsigned char *at, size_t left)
{
	long value = 0;

	if (left < 6 || at[0] != '\\' || at[1] != 'u')
		return -1;
	for (int i = 2; i < 6; i++) {
		int c = at[i], digit = c >= '0' && c <= '9'   ? c - '0'
				       : c >= 'a' && c <= 'f' ? c - 'a' + 10
				       : c >= 'A' && c <= 'F' ? c - 'A' + 10
							      : -1;
		if (digit < 0)
			return -1;
		value = 16 * value + digit;
	}
	return value;
}

static size_t encode(long code, char out[4])
{
	size_t size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};

	for (size_t i = size - 1; i > 0; i--, code >>= 6)
		out[i] = (char)(0x80 | (code & 0x3f));
	out[0] = (char)(lead[size] | code);
	return size;
}

/* Takes what begins with a backslash: its character in `out`, of *size bytes.  Returns the bytes used; 0 if it is no escape, or NUL. */
static size_t take_escape(const unsigned char *at, size_t left, char out[4], size_t *size)
{
	static const char letter[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char *found = left > 1 && at[1] ? strchr(letter, at[1]) : NULL;
	size_t used = 6;

	if (found) {
		out[0] = meant[found - letter];
		*size = 1;
		return 2;
	}
	long code = unit_of(at, left);
	if (code >= 0xd800 && code < 0xdc00) { /* the first half of a character beyond 16 bits */
		long low = unit_of(at + 6, left - 6);
		code = low >= 0xdc00 && low < 0xe000
			       ? 0x10000 + (code - 0xd800) * 0x400 + (low - 0xdc00)
			       : -1;
		used = 12;
	} else if (code >= 0xdc00 && code < 0xe000) {
		return 0;
	}
	if (code < 1)
		return 0;
	*size = encode(code, out);
	return used;
}

/* Takes one character of a string. */
static size_t take_character(const char *from, const char *end, char out[4], size_t *size)
{
	const unsigned char *at = (const unsigned char *)from;

	if (*at == '\\')
		return take_escape(at, (size_t)(end - from), out, size);
	*size = character_size(at, (size_t)(end - from));
	memcpy(out, at, *size);
	return *size;
}

static int is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* ---- Checking ---- */

typedef struct checker {
	const char *at, *end;
	int depth, no_memory;
	uint64_t *hash; /* of the keys of objects that are open */
	size_t count, room;
} checker;

static int check_value(checker *c);

/* Takes a character, with the space before it, if it comes next. */
static int take(checker *c, char wanted)
{
	while (c->at < c->end && is_space(*c->at))
		c->at++;
	if (c->at == c->end || *c->at != wanted)
		return 0;
	c->at++;
	return 1;
}

/* The rest of a string whose quote has been taken; adds what it says to *hash if that is not NULL. */
static int check_string(checker *c, uint64_t *hash)
{
	char character[4];
	size_t size;

	while (c->at < c->end && *c->at != '"') {
		size_t used = take_character(c->at, c->end, character, &size);

		if (!used)
			return 0;
		if (hash)
			*hash = hb_fnv(*hash, character, size);
		c->at += used;
	}
	return take(c, '"');
}

static int add_hash(checker *c, uint64_t hash)
{
	if (c->count == c->room) {
		size_t room = c->room + c->room / 2 + 64;
		uint64_t *more = realloc(c->hash, room * sizeof *more);

		if (!more) {
			c->no_memory = 1;
			return 0;
		}
		c->hash = more;
		c->room = room;
	}
	c->hash[c->count++] = hash;
	return 1;
}

static int compare_hashes(const void *a, const void *b)
{
	uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;

	return (one > other) - (one < other);
}

/* Ends an object whose keys begin at `first`; 0 if one is there twice. */
static int close_keys(checker *c, size_t first)
{
	size_t count = c->count - first;
	uint64_t *hash = c->hash + first;

	qsort(hash, count, sizeof *hash, compare_hashes);
	for (size_t i = 1; i < count; i++)
		if (hash[i - 1] == hash[i])
			return 0;
	c->count = first;
	return 1;
}

static int check_object(checker *c)
{
	size_t first = c->count;

	if (take(c, '}'))
		return 1;
	do {
		uint64_t hash = HB_FNV;
		if (!take(c, '"') || !check_string(c, &hash) || !add_hash(c, hash) ||
		    !take(c, ':') || !check_value(c))
			return 0;
	} while (take(c, ','));
	return take(c, '}') && close_keys(c, first);
}

static int check_array(checker *c)
{
	if (take(c, ']'))
		return 1;
	do
		if (!check_value(c))
			return 0;
	while (take(c, ','));
	return take(c, ']');
}

static int check_word(checker *c, const char *word)
{
	size_t size = strlen(word);

	if ((size_t)(c->end - c->at) < size || memcmp(c->at, word, size) != 0)
		return 0;
	c->at += size;
	return 1;
}

/* Takes digits; 0 if there are none. */
static int take_digits(checker *c)
{
	const char *from = c->at;

	while (c->at < c->end && *c->at >= '0' && *c->at <= '9')
		c->at++;
	return c->at > from;
}

static int take_any(checker *c, const char *of)
{
	if (c->at == c->end || !*c->at || !strchr(of, *c->at))
		return 0;
	c->at++;
	return 1;
}

/* A value that is no list, by jansson: NULL if it is none, or *no_memory is set. */
static json_t *load(const char *at, size_t size, int *no_memory)
{
	json_error_t why = {0};
	json_t *json = json_loadb(at, size, JSON_DECODE_ANY, &why);

	/* Where memory runs out jansson mostly gives no reason. */
	if (!json && (!why.text[0] || json_error_code(&why) == json_error_out_of_memory))
		*no_memory = 1;
	return json;
}

/* Whether a number is one that jansson can hold. */
static int in_range(checker *c, const char *number, int is_real)
{
	size_t size = (size_t)(c->at - number);

	if (size <= (is_real == 1 ? SAFE_REAL : is_real ? 0 : SAFE_INTEGER))
		return 1;
	if (size > NUMBER_MOST)
		return 0;
	json_t *json = load(number, size, &c->no_memory);
	json_decref(json);
	return json != NULL;
}

static int check_number(checker *c)
{
	const char *number = c->at;
	int is_real = 0; /* 2: with an exponent */

	take_any(c, "-");
	if (!take_any(c, "0") && !take_digits(c))
		return 0;
	if (take_any(c, ".")) {
		is_real = 1;
		if (!take_digits(c))
			return 0;
	}
	if (take_any(c, "eE")) {
		is_real = 2;
		take_any(c, "+-");
		if (!take_digits(c))
			return 0;
	}
	return in_range(c, number, is_real);
}

static int check_value(checker *c)
{
	int fine;

	if (++c->depth > DEPTH_MOST)
		return 0;
	if (take(c, '{'))
		fine = check_object(c);
	else if (take(c, '['))
		fine = check_array(c);
	else if (take(c, '"'))
		fine = check_string(c, NULL);
	else if (c->at == c->end)
		fine = 0;
	else if (*c->at == 't')
		fine = check_word(c, "true");
	else if (*c->at == 'f')
		fine = check_word(c, "false");
	else if (*c->at == 'n')
		fine = check_word(c, "null");
	else
		fine = check_number(c);
	c->depth--;
	return fine;
}

hebb_status hb_json_check(const void *text, size_t size, hb_json *json)
{
	const char *begin = text;

	*json = (hb_json){0};
	while (size > 0 && is_space(*begin))
		begin++, size--;
	while (size > 0 && is_space(begin[size - 1]))
		size--;
	if (size < 2)
		return HEBB_BAD_FORMAT;
	checker c = {.at = begin, .end = begin + size};
	int fine = (*begin == '{' || *begin == '[') && check_value(&c) && c.at == c.end;
	free(c.hash);
	if (fine)
		*json = (hb_json){begin, size};
	return fine ? HEBB_OK : c.no_memory ? HEBB_NO_MEMORY : HEBB_BAD_FORMAT;
}

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
	return c == ',' || c == ':' || is_space(c);
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
		at += take_character(at, end, character, &size);
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
		at += take_character(at, end, character, &size);
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
		one += take_character(one, end, x, &size);
		other += take_character(other, other_end, y, &other_size);
		if (size != other_size || memcmp(x, y, size) != 0)
			return 0;
	}
	return one == end && other == other_end;
}

static int same_numbers(hb_json a, hb_json b)
{
	int no_memory = 0;
	json_t *one = load(a.at, a.size, &no_memory), *other = load(b.at, b.size, &no_memory);
	int same = no_memory ? -1 : json_equal(one, other);

	json_decref(one);
	json_decref(other);
	return same;
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
