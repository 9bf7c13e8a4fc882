/* SPDX-License-Identifier: MIT */
/*
 * augment.c - how much images change, as a text: "shift=2,rotation=10"
 */
#include <locale.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hebb_study.h"

static const struct {
	const char *name;
	size_t offset;
	double most;
} numbers[] = {
	{"shift", offsetof(hebb_augmentation, shift), 1e4},
	{"rotation", offsetof(hebb_augmentation, rotation), 180},
	{"scaling", offsetof(hebb_augmentation, scaling), 0.99},
	{"shear", offsetof(hebb_augmentation, shear), 10},
	{"elastic", offsetof(hebb_augmentation, elastic), 1e4},
	{"sigma", offsetof(hebb_augmentation, sigma), 20},
	{"cutout", offsetof(hebb_augmentation, cutout), 1e4},
	{"mixup", offsetof(hebb_augmentation, mixup), 1},
};

enum { NUMBERS = sizeof numbers / sizeof *numbers };

/* A number as the command reads it, whatever the locale's decimal point is. */
static int number_parse(const char *text, size_t length, double *value)
{
	const char *point = localeconv()->decimal_point;
	char number[64] = "", *end;
	size_t size = 0;

	if (length == 0 || length >= 32 || strlen(point) > 8)
		return 0;
	for (size_t i = 0; i < length; i++) {
		if (!strchr("0123456789.eE+-", text[i]) || size + 9 >= sizeof number)
			return 0;
		if (text[i] != '.') {
			number[size++] = text[i];
			continue;
		}
		memcpy(number + size, point, strlen(point));
		size += strlen(point);
	}
	*value = strtod(number, &end);
	return *end == '\0';
}

static hebb_status unknown_item(const char *item, int length, hebb_error *error)
{
	char name[32];
	int nearest = -1, nearest_distance = 0;

	snprintf(name, sizeof name, "%.*s", length, item);
	for (int i = 0; i < NUMBERS; i++) {
		int distance = hebb_name_distance(name, numbers[i].name);

		if (distance >= 0 && (nearest < 0 || distance < nearest_distance)) {
			nearest = i;
			nearest_distance = distance;
		}
	}
	if (nearest >= 0)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "'%s' is unknown; did you mean %s?",
				 name, numbers[nearest].name);
	return hebb_fail(
		error, HEBB_BAD_ARGUMENT,
		"'%.*s' is unknown; there are shift, rotation, scaling, shear, elastic, sigma, "
		"cutout, mixup, each with =X",
		length, item);
}

/* Reads an item "NAME=X" of `length` bytes. */
static hebb_status parse_item(const char *item, size_t length, hebb_augmentation *result,
			      hebb_error *error)
{
	const char *equals = memchr(item, '=', length);
	size_t name = equals ? (size_t)(equals - item) : length;
	int digits = (int)(length - name - 1);
	double value;

	for (int i = 0; i < NUMBERS; i++) {
		if (strlen(numbers[i].name) != name || memcmp(item, numbers[i].name, name) != 0)
			continue;
		if (!equals || digits >= 32)
			return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s needs a number: %s=X",
					 numbers[i].name, numbers[i].name);
		if (!number_parse(equals + 1, (size_t)digits, &value))
			return hebb_fail(error, HEBB_BAD_ARGUMENT, "'%.*s' is not a number", digits,
					 equals + 1);
		if (!(value >= 0 && value <= numbers[i].most))
			return hebb_fail(error, HEBB_BAD_ARGUMENT,
					 "%s %.*s is out of range, 0 to %s", numbers[i].name,
					 digits, equals + 1,
					 hebb_show_number(numbers[i].most, 4).text);
		*(double *)((char *)result + numbers[i].offset) = value;
		return HEBB_OK;
	}
	return unknown_item(item, (int)name, error);
}

hebb_status hebb_augmentation_read(const char *text, hebb_augmentation *result, hebb_error *error)
{
	hebb_augmentation read = *result;
	hebb_status status = HEBB_OK;

	if (*text)
		read.shift = read.rotation = read.scaling = read.shear = 0;
	while (status == HEBB_OK && *text) {
		size_t length = strcspn(text, ",");

		status = parse_item(text, length, &read, error);
		text += length;
		text += *text == ',';
	}
	if (status == HEBB_OK)
		*result = read;
	return status;
}
