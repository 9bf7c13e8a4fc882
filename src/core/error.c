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

const char *hebb_strerror(hebb_status status)
{
	switch (status) {
#define X(name, value, text) \
	case HEBB_##name: \
		return text;
		HEBB_STATUS_MAP(X)
#undef X
	}
	return "unknown status";
}

hebb_status hebb_fail(hebb_error *error, hebb_status status, const char *format, ...)
{
	char text[2 * sizeof error->message]; /* longer than what is kept of it */
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
	hebb_fail(error, HEBB_NO_MEMORY, "out of memory: %zu bytes were not to be had", bytes);
	return NULL;
}

hebb_status hb_missing(const char *what, hebb_error *error)
{
	return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s is missing (NULL)", what);
}

const char *hb_name_of(const struct hb_name *names, int value)
{
	for (; names->name; names++)
		if (names->value == value)
			return names->name;
	return NULL;
}

int hb_value_of(const struct hb_name *names, const char *name)
{
	for (; name && names->name; names++)
		if (strcmp(names->name, name) == 0)
			return names->value;
	return 0;
}
