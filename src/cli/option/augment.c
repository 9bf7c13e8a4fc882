/* SPDX-License-Identifier: MIT */
/*
 * augment.c - the argument of --augment
 */
#include "augment.h"

#include <stdio.h>
#include <string.h>

#include "nearest.h"
#include "draw/terminal.h"

static const struct {
	const char *name;
	size_t at;
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

static int unknown_item(const char *where, const char *name)
{
	nearest like = {.typed = name};

	for (int i = 0; i < NUMBERS; i++)
		nearest_compare(&like, numbers[i].name);
	if (like.count)
		return misuse(where, "'%s' is unknown; did you mean %s?", name, like.name[0]);
	return misuse(where,
		      "'%s' is unknown; there are shift, rotation, scaling, shear, elastic, sigma, "
		      "cutout, mixup, each with =X",
		      name);
}

/* Reads the item "NAME=X" of a length. */
static int parse_item(const char *where, const char *item, size_t length, hebb_augmentation *to)
{
	const char *equals = memchr(item, '=', length);
	size_t name = equals ? (size_t)(equals - item) : length;
	char text[32];
	double value;

	for (int i = 0; i < NUMBERS; i++) {
		if (strlen(numbers[i].name) != name || memcmp(item, numbers[i].name, name) != 0)
			continue;
		if (!equals || length - name - 1 >= sizeof text)
			return misuse(where, "%s needs a number: %s=X", numbers[i].name,
				      numbers[i].name);
		memcpy(text, equals + 1, length - name - 1);
		text[length - name - 1] = '\0';
		if (!number_parse(text, &value))
			return misuse(where, "'%s' is not a number", text);
		if (!(value >= 0 && value <= numbers[i].most))
			return misuse(where, "%s %s is out of range, 0 to %g", numbers[i].name,
				      text, numbers[i].most);
		*(double *)((char *)to + numbers[i].at) = value;
		return EXIT_DONE;
	}
	snprintf(text, sizeof text, "%.*s", (int)name, item);
	return unknown_item(where, text);
}

int augment_parse(const char *where, const char *text, hebb_augmentation *to)
{
	int status = EXIT_DONE;

	while (status == EXIT_DONE && *text) {
		size_t length = strcspn(text, ",");

		status = parse_item(where, text, length, to);
		text += length;
		text += *text == ',';
	}
	return status;
}

hebb_augmentation augment_of(const char *text, int height, int width, uint64_t seed)
{
	hebb_augmentation is = hebb_augmentation_default(height, width);

	if (*text) {
		is.shift = is.rotation = is.scaling = is.shear = 0;
		augment_parse("--augment", text, &is); /* was read before, without a complaint */
	}
	is.seed = seed;
	return is;
}
