/* SPDX-License-Identifier: MIT */
/*
 * json.c - JSON as the command writes it
 */
#define _POSIX_C_SOURCE 200809L
#include "hebb_advanced.h"
#include "json.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hebb_study.h"
#include "option/options.h"
#include "terminal.h"

json_t *number_json(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

json_t *interval_json(double low, double high)
{
	json_t *list = json_array();

	json_array_append_new(list, number_json(low));
	json_array_append_new(list, number_json(high));
	return list;
}

json_t *text_json(const char *text)
{
	char *coded = hebb_record_text(text);
	json_t *result = coded ? json_string(coded) : NULL;

	free(coded);
	return result;
}

json_t *texts_json(int count, char *const *text)
{
	json_t *list = json_array();

	for (int i = 0; i < count; i++)
		json_array_append_new(list, text_json(text[i]));
	return list;
}

json_t *names_json(int count, const hebb_column *column)
{
	json_t *list = json_array();

	for (int i = 0; i < count; i++)
		json_array_append_new(list, text_json(column[i].name));
	return list;
}

json_t *json_of(char *text)
{
	json_t *object = text ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;

	free(text);
	return object;
}

/* The byte of an escape such as \xfc at the beginning of a text, or 0. */
static int coded_byte(const char *coded)
{
	if (coded[0] != '\\' || coded[1] != 'x' || !isxdigit((unsigned char)coded[2]) ||
	    !isxdigit((unsigned char)coded[3]))
		return 0;
	return (int)strtoul((char[3]){coded[2], coded[3], '\0'}, NULL, 16);
}

char *json_text(const char *coded)
{
	char *text = malloc(strlen(coded) + 1), *to = text;

	while (text && *coded) {
		int byte = coded_byte(coded);

		*to++ = byte ? (char)byte : *coded;
		coded += byte ? 4 : 1;
	}
	if (text)
		*to = '\0';
	return text;
}

json_t *seed_json(uint64_t seed)
{
	char text[24];

	if (seed <= (UINT64_C(1) << 53))
		return json_integer((json_int_t)seed);
	snprintf(text, sizeof text, "%llu", (unsigned long long)seed);
	return json_string(text);
}

json_t *fingerprint_json(uint64_t fingerprint)
{
	char text[20];

	snprintf(text, sizeof text, "%016llx", (unsigned long long)fingerprint);
	return json_string(text);
}

int json_seed(const json_t *value, uint64_t *seed)
{
	if (json_is_string(value))
		return seed_parse(json_string_value(value), seed);
	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return 0;
	*seed = (uint64_t)json_integer_value(value);
	return 1;
}

char *json_line(json_t *object)
{
	/* Fifteen digits give back every decimal number that a person wrote: 0.1, not
	 * 0.10000000000000001. */
	char *text = object ? json_dumps(object, JSON_REAL_PRECISION(15)) : NULL;

	json_decref(object);
	return text;
}

/* Prints one character of JSON. One that a terminal should not get is always in a string, where \u
 * stands for it. */
static void print_character(FILE *out, const char *position, size_t bytes, const char *shown)
{
	unsigned long code;

	if (strncmp(position, shown, bytes) == 0)
		fputs(shown, out);
	else if ((code = strtoul(shown + 2, NULL, 16)) <= 0xffff) /* \x, \u or \U */
		fprintf(out, "\\u%04lx", code);
	else
		fprintf(out, "\\u%04lx\\u%04lx", 0xd7c0 + (code >> 10), 0xdc00 + (code & 0x3ff));
}

static void print_shown_json(FILE *out, const char *position)
{
	char shown[HEBB_SHOWN_MOST];
	size_t left = strlen(position), bytes;

	for (; (bytes = hebb_show_character(position, left, shown));
	     position += bytes, left -= bytes)
		print_character(out, position, bytes, shown);
}

char *json_shown(json_t *value)
{
	char *plain = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15)) : NULL;
	char *text = NULL;
	size_t size;
	FILE *out = plain ? open_memstream(&text, &size) : NULL;

	json_decref(value);
	if (out) {
		print_shown_json(out, plain);
		if (fclose(out) != 0) {
			free(text);
			text = NULL;
		}
	}
	free(plain);
	return text;
}

int print_json(json_t *object)
{
	char *text = json_line(object);

	if (!text)
		return fail(NULL, "out of memory");
	print_shown_json(stdout, text);
	putchar('\n');
	free(text);
	return EXIT_DONE;
}
