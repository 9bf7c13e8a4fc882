/* SPDX-License-Identifier: MIT */
/*
 * json.h - a JSON text read where it stands
 *
 * A tree of JSON takes many times its text: two letters become two hundred bytes.  Here a text is
 * checked once, by jansson and in pieces of which each is small, and after that its values are
 * places in the caller's bytes, which cannot be wrong any more and take no memory.
 */
#ifndef HEBB_IO_JSON_H
#define HEBB_IO_JSON_H

#include "hebb_io.h"

/* A value: so many bytes of a text, without space around them.  at = NULL: there is none. */
typedef struct hb_json {
	const char *at;
	size_t size;
} hb_json;

/* *json = the object or array that a text is; if it is none, that there is none, and BAD_FORMAT.
 * NO_MEMORY.  Both without a sentence.  Accepts what jansson does with JSON_REJECT_DUPLICATES, but
 * nothing of more than 4 KB more than 16 levels down.  Takes at most three times the longest
 * string, or 20 bytes for each member of the objects that are open at once, and 300 KB. */
hebb_status hb_json_check(const void *text, size_t size, hb_json *json);

/* ---- Values that hb_json_check() has passed, or that are not there ---- */

/* '{', '[', '"', 't', 'f', 'n', '-' or a digit; 0: there is none. */
static inline char hb_json_kind(hb_json value)
{
	return value.at ? *value.at : (char)0;
}

/* The members of an object or elements of an array, one after the other; anything else has none. */
typedef struct hb_json_walk {
	hb_json key, value; /* key: of an object's member */
	const char *at, *end;
	int has_keys;
} hb_json_walk;

hb_json_walk hb_json_begin(hb_json list);
int hb_json_next(hb_json_walk *walk); /* 0: there are no more */
size_t hb_json_count(hb_json list);
hb_json hb_json_get(hb_json object, const char *key); /* written without escapes, as hebb does */

/* 1 if it is this string, written without escapes. */
int hb_json_is(hb_json value, const char *text);
/* A string as it is written, in a buffer; "" if it is none, or too long for it. */
const char *hb_json_word(hb_json value, char *buffer, size_t room);
/* A string, to be freed.  BAD_FORMAT: it is none; NO_MEMORY. */
hebb_status hb_json_text(hb_json value, char **text);
/* 0 if it is no integer, or out of the range. */
int hb_json_integer(hb_json value, long long low, long long high, long long *integer);
/* 0 if it is no number, or too large for a float or double. */
int hb_json_float(hb_json value, float *number);
int hb_json_double(hb_json value, double *number);

/* 1 if two values are equal in all their parts, in whatever order the members are (of more than 4
 * KB: to the byte); -1: no memory. */
int hb_json_same(hb_json a, hb_json b);

#endif
