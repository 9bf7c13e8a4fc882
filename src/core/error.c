/* SPDX-License-Identifier: MIT */
/*
 * error.c - statuses and messages
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "core.h"

const char *hebb_version(void)
{
	return HEBB_VERSION;
}

static const struct hb_row statuses[] = {
	[HEBB_OK] = {.name = "success"},
	[HEBB_NO_MEMORY] = {.name = "out of memory"},
	[HEBB_BAD_ARGUMENT] = {.name = "an argument is out of its range"},
	[HEBB_BAD_SHAPE] = {.name = "sizes do not fit together"},
	[HEBB_BAD_FORMAT] = {.name = "the file does not have the right format"},
	[HEBB_UNSUPPORTED] = {.name = "not supported by this version or machine"},
	[HEBB_IO] = {.name = "reading or writing failed"},
	[HEBB_DIVERGED] = {.name = "training diverged"},
	[HEBB_STOPPED] = {.name = "stopped on request"},
};

const char *hebb_strerror(hebb_status status)
{
	const struct hb_row *row = hb_row(HB_TABLE(statuses), (int)status);

	return row ? row->name : "unknown status";
}

hebb_status hebb_fail(hebb_error *error, hebb_status status, const char *format, ...)
{
	char text[2 * sizeof error->message]; /* longer than the message that is kept */
	va_list arguments;

	if (!error)
		return status;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	memset(error, 0, sizeof *error);
	error->status = status;
	hebb_show(text, strlen(text), error->message, sizeof error->message);
	return status;
}

void *hb_no_memory(hebb_error *error, size_t bytes)
{
	hebb_fail(error, HEBB_NO_MEMORY, "out of memory: %zu bytes could not be allocated", bytes);
	return NULL;
}

void hebb_sized(void *object, size_t size)
{
	memset(object, 0, size);
	memcpy(object, &size, sizeof size);
}

void hebb_sized_fill(void *object, size_t size, const void *known)
{
	size_t known_size;

	memcpy(&known_size, known, sizeof known_size);
	size = size < known_size ? size : known_size;
	memcpy(object, known, size);
	memcpy(object, &size, sizeof size);
}

static int is_zero(const unsigned char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (bytes[i])
			return 0;
	return 1;
}

hebb_status hebb_sized_copy(void *known, size_t size, const void *given, const char *name,
			    const char *constructor, hebb_error *error)
{
	enum { LARGEST = 1 << 16 }; /* a larger number cannot be the size of a struct */
	size_t given_size;

	memcpy(&given_size, given, sizeof given_size);
	if (given_size <= sizeof given_size || given_size > LARGEST)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s has no size; begin with %s", name,
				 constructor);
	if (given_size > size && !is_zero((const unsigned char *)given + size, given_size - size))
		return hebb_fail(error, HEBB_UNSUPPORTED,
				 "%s is of a later version than this library (" HEBB_VERSION
				 "), which does not know a field that is set there",
				 name);
	memcpy(known, given, given_size < size ? given_size : size);
	memcpy(known, &size, sizeof size);
	return HEBB_OK;
}

hebb_status hb_missing(const char *name, hebb_error *error)
{
	return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s must not be NULL", name);
}

int hb_value_of(struct hb_table table, const char *name)
{
	for (int i = 1; name && i < table.count; i++) {
		const struct hb_row *row = hb_row(table, i);

		if (row && strcmp(row->name, name) == 0)
			return i;
	}
	return 0;
}
