/* SPDX-License-Identifier: MIT */
/*
 * message.c - sentences about what is wrong with a file
 *
 * A message may quote what a file holds, so texts are cut, and hebb_fail() shows control characters
 * as hebb_show() does: a message is always one line, whatever is in the file.
 */
#include "io.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

hebb_status hb_out_of_memory(hebb_error *error)
{
	return hebb_fail(error, HEBB_NO_MEMORY, "out of memory for the data");
}

hebb_status hb_absent(const char *what, hebb_error *error)
{
	return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s is missing (NULL)", what);
}

hebb_status hb_check_rows(const hebb_table *table, long long n, const long long *row,
			  hebb_error *error)
{
	if (!table)
		return hb_absent("the table", error);
	if (n < 0)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s: %lld rows are not possible",
				 table->name, n);
	if (n > 0 && !row)
		return hb_absent("the list of rows", error);
	for (long long i = 0; i < n; i++)
		if (row[i] < 0 || row[i] >= table->rows)
			return hebb_fail(error, HEBB_BAD_ARGUMENT,
					 "%s: there is no row %lld; it has rows 0 to %lld",
					 table->name, row[i], table->rows - 1);
	return HEBB_OK;
}

hebb_status hb_fail_at(hebb_error *error, hebb_status status, long long line, long long column,
		       const char *format, ...)
{
	char text[2 * sizeof error->message]; /* as in hebb_fail() */
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	hebb_fail(error, status, "%s", text);
	if (error) {
		error->line = line;
		error->column = column;
	}
	return status;
}

const char *hb_show(const char *text, char buffer[HB_SHOWN])
{
	return hebb_show(text, strlen(text), buffer, HB_SHOWN);
}

const char *hb_reason(int number)
{
	switch (number) {
	case ENOENT:
		return "there is no such file or directory";
	case ENOTDIR:
		return "a part of its path is not a directory";
	case EACCES:
	case EPERM:
		return "permission denied";
	case EISDIR:
		return "it is a directory";
	case ENOSPC:
	case EDQUOT:
		return "no space is left on the device";
	case EFBIG:
		return "the file would become too large";
	case EROFS:
		return "the file system is read-only";
	case ELOOP:
		return "too many symbolic links";
	case ENAMETOOLONG:
		return "the name is too long";
	case EMFILE:
	case ENFILE:
		return "too many files are open";
	case EPIPE:
		return "the reader of the pipe is gone";
	case EIO:
		return "input or output error of the device";
	case ENXIO:
		return "there is no such device, or nobody listens there";
	case ETXTBSY:
		return "the file is a program that is running";
	}
	return "the system reported an error";
}
