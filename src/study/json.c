/* SPDX-License-Identifier: MIT */
/*
 * json.c - values of a record as JSON
 */
#include "json.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hebb_advanced.h"

json_t *hb_number_json(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

/* Whether a byte needs an escape: it is not UTF-8, or it is a backslash before an x and would look
 * like an escape. */
static int is_coded(const char *text, size_t bytes, const char *shown)
{
	return (bytes == 1 && (unsigned char)*text >= 0x80 && shown[0] == '\\') ||
	       (text[0] == '\\' && text[1] == 'x');
}

char *hebb_record_text(const char *text)
{
	size_t left = strlen(text), room = 4 * left + 1, length = 0, bytes;
	char *coded = malloc(room), shown[HEBB_SHOWN_MOST];

	if (!coded)
		return NULL;
	for (; (bytes = hebb_show_character(text, left, shown)); text += bytes, left -= bytes) {
		if (is_coded(text, bytes, shown)) {
			length += (size_t)snprintf(coded + length, room - length, "\\x%02x",
						   (unsigned)(unsigned char)*text);
		} else {
			memcpy(coded + length, text, bytes);
			length += bytes;
		}
	}
	coded[length] = '\0';
	return coded;
}

json_t *hb_text_json(const char *text)
{
	char *coded = hebb_record_text(text);
	json_t *result = coded ? json_string(coded) : NULL;

	free(coded);
	return result;
}

json_t *hb_seed_json(uint64_t seed)
{
	char text[24];

	if (seed <= (UINT64_C(1) << 53))
		return json_integer((json_int_t)seed);
	snprintf(text, sizeof text, "%llu", (unsigned long long)seed);
	return json_string(text);
}

json_t *hb_fingerprint_json(uint64_t fingerprint)
{
	char text[20];

	snprintf(text, sizeof text, "%016llx", (unsigned long long)fingerprint);
	return json_string(text);
}

int hb_json_seed(const json_t *value, uint64_t *seed)
{
	const char *text = json_string_value(value);

	if (json_is_integer(value) && json_integer_value(value) >= 0) {
		*seed = (uint64_t)json_integer_value(value);
		return 1;
	}
	if (!text || !*text || text[strspn(text, "0123456789")])
		return 0;
	errno = 0;
	unsigned long long number = strtoull(text, NULL, 10);
	*seed = number;
	return errno == 0;
}

char *hb_json_line(json_t *object, int digits)
{
	char *text = object ? json_dumps(object, JSON_REAL_PRECISION(digits)) : NULL;

	json_decref(object);
	return text;
}
