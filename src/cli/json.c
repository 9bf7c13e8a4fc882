/* SPDX-License-Identifier: MIT */
/*
 * json.c - JSON as the command writes it
 */
#include "json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
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
	json_t *result = json_string(text);
	char *copy;

	if (result || !(copy = malloc(strlen(text) + 1)))
		return result;
	strcpy(copy, text);
	for (char *at = copy; *at; at++) {
		if ((unsigned char)*at >= 0x80)
			*at = '?';
	}
	result = json_string(copy);
	free(copy);
	return result;
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

int print_json(json_t *object)
{
	char *text = json_line(object);

	if (!text)
		return fail(NULL, "out of memory");
	puts(text);
	free(text);
	return EXIT_DONE;
}
