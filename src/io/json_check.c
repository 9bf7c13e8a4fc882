/* SPDX-License-Identifier: MIT */
/*
 * json_check.c - whether a text is JSON
 *
 * Checking descends from a value into its parts, no deeper than jansson does.  That no key is there twice is known by the hashes of
 * the keys of all objects that are open, in one array: those of an object are sorted when it ends, and taken off.
 */
#include "io.h"
#include "json.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum {
	DEPTH_MOST = 2048,  /* as in jansson */
	NUMBER_MOST = 1000, /* characters; hebb writes 24 at most */
	SAFE_INTEGER = 18,  /* characters that fit in 64 bits whatever they are, */
	SAFE_REAL = 300     /* and of a real without an exponent, in a double */
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

size_t hb_json_character(const char *from, const char *end, char out[4], size_t *size)
{
	const unsigned char *at = (const unsigned char *)from;

	if (*at == '\\')
		return take_escape(at, (size_t)(end - from), out, size);
	*size = character_size(at, (size_t)(end - from));
	memcpy(out, at, *size);
	return *size;
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
	while (c->at < c->end && hb_json_space(*c->at))
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
		size_t used = hb_json_character(c->at, c->end, character, &size);

		if (!used)
			return 0;
		if (hash)
			*hash = hb_fnv(*hash, character, size);
		c->at += used;
	}
	return take(c, '"');
}

static int compare_hashes(const void *a, const void *b)
{
	uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;

	return (one > other) - (one < other);
}

/* 0 if one of the keys from `first` on is there twice. */
static int are_different(checker *c, size_t first)
{
	uint64_t *hash = c->hash + first;
	size_t count = c->count - first;

	qsort(hash, count, sizeof *hash, compare_hashes);
	for (size_t i = 1; i < count; i++)
		if (hash[i - 1] == hash[i])
			return 0;
	return 1;
}

/* Adds a key of the object whose keys begin at `first`.  Memory grows with different keys alone. */
static int add_hash(checker *c, size_t first, uint64_t hash)
{
	if (c->count == c->room) {
		size_t room = c->room + c->room / 2 + 64;
		if (c->count > first && !are_different(c, first))
			return 0;
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

static int check_object(checker *c)
{
	size_t first = c->count;

	if (take(c, '}'))
		return 1;
	do {
		uint64_t hash = HB_FNV;
		if (!take(c, '"') || !check_string(c, &hash) || !add_hash(c, first, hash) ||
		    !take(c, ':') || !check_value(c))
			return 0;
	} while (take(c, ','));
	if (!take(c, '}') || !are_different(c, first))
		return 0;
	c->count = first;
	return 1;
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

int hb_json_real(const char *number, size_t size, double *value)
{
	json_error_t why = {0};
	json_t *json = json_loadb(number, size, JSON_DECODE_ANY, &why);
	/* Where memory runs out jansson mostly gives no reason. */
	int no_memory =
		!json && (!why.text[0] || json_error_code(&why) == json_error_out_of_memory);

	*value = json_number_value(json);
	json_decref(json);
	return json ? 1 : no_memory ? -1 : 0;
}

/* Whether the number that ends here is one that jansson can hold; in a list, it does not end the text. */
static int in_range(checker *c, const char *number, int is_real, int has_exponent)
{
	size_t size = (size_t)(c->at - number);
	double value;

	if (c->at == c->end || size > NUMBER_MOST)
		return 0;
	if (!is_real && size > SAFE_INTEGER) {
		errno = 0;
		strtoll(number, NULL, 10);
		return errno == 0;
	}
	if (!is_real || (!has_exponent && size <= SAFE_REAL))
		return 1;
	int fits = hb_json_real(number, size, &value);
	c->no_memory |= fits < 0;
	return fits > 0;
}

static int check_number(checker *c)
{
	const char *number = c->at;
	int has_point, has_exponent;

	take_any(c, "-");
	if (!take_any(c, "0") && !take_digits(c))
		return 0;
	has_point = take_any(c, ".");
	if (has_point && !take_digits(c))
		return 0;
	has_exponent = take_any(c, "eE");
	if (has_exponent) {
		take_any(c, "+-");
		if (!take_digits(c))
			return 0;
	}
	return in_range(c, number, has_point || has_exponent, has_exponent);
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
	while (size > 0 && hb_json_space(*begin))
		begin++, size--;
	while (size > 0 && hb_json_space(begin[size - 1]))
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
