/* SPDX-License-Identifier: MIT */
/*
 * json.h - JSON as the command writes it
 *
 * jansson refuses what JSON cannot say (NaN, infinity, texts that are not UTF-8) by returning NULL;
 * these give null or a text that says its bytes, so that an object is never silently short of a
 * key.
 */
#ifndef HEBB_CLI_JSON_H
#define HEBB_CLI_JSON_H

#include <jansson.h>
#include <stdint.h>

#include "hebb_io.h"

json_t *number_json(double value);

/* A text from a file or of the user's.  A byte that is not UTF-8 becomes \xfc, and the backslash of
 * an \x that stands in the text \x5c: each \x with two digits is a byte, and nothing else is
 * changed.  json_text() undoes it, to be freed; NULL: no memory. */
json_t *text_json(const char *text);
char *json_text(const char *coded);
json_t *interval_json(double low, double high); /* [low, high] */

/* A list of texts; of the names of columns. */
json_t *texts_json(int count, char *const *text);
json_t *names_json(int count, const hebb_column *column);

/* JSON from a text of the library, which is freed; NULL: memory runs out. */
json_t *json_of(char *text);

/* A seed as a number or, above 2^53, where JSON readers round, as a text; and back: 0 if it is not
 * a seed. */
json_t *seed_json(uint64_t seed);
json_t *
fingerprint_json(uint64_t fingerprint); /* the fingerprint of a table, as 16 hexadecimal digits */
int json_seed(const json_t *value, uint64_t *seed);

/* The object as one line, to be freed with free(), NULL without memory; and printed on standard
 * output, with \u for what a terminal should not get, which returns the exit status.  Both take the
 * object away. */
char *json_line(json_t *object);
int print_json(json_t *object);

/* Any value as print_json() prints it, without the newline; likewise. */
char *json_shown(json_t *value);

#endif
