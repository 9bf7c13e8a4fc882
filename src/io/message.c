/* SPDX-License-Identifier: MIT */
/*
 * message.c - sentences about what is wrong with a file
 *
 * A message may quote a file, so texts are cut, and hebb_fail() shows control characters as
 * hebb_show() does. A message is always one line, whatever the file holds.
 */
#include "io.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

hebb_status hb_out_of_memory(hebb_error *error)
{
	return hebb_fail(error, HEBB_NO_MEMORY, "out of memory for the data");
}

hebb_status hb_absent(const char *what, hebb_error *error)
{
	return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s must not be NULL", what);
}

hebb_status hb_check_rows(const hebb_table *table, long long n, const long long *row,
			  hebb_error *error)
{
	if (!table)
		return hb_absent("the table", error);
	if (n < 0)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s: %lld rows are not possible",
				 table->name, n);
	if (!row && n > table->rows)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s: %s are not possible; it has %s",
				 table->name, hebb_show_count(n, "row").text,
				 hebb_show_number((double)table->rows, 9).text);
	for (long long i = 0; i < n && row; i++)
		if (row[i] < 0 || row[i] >= table->rows)
			return hebb_fail(error, HEBB_BAD_ARGUMENT,
					 "%s: there is no row %lld; it has rows 0 to %lld",
					 table->name, row[i], table->rows - 1);
	return HEBB_OK;
}

/* The name of a column; "x3" in arrays without names. */
static const char *name_of(const hebb_table *table, int column, char made[HB_SHOWN])
{
	const char *name = table->column ? table->column[column].name : NULL;

	if (name)
		return hb_show(name, made);
	snprintf(made, HB_SHOWN, "x%d", column + 1);
	return made;
}

/* Fails with "TABLE:LINE: column "NAME" WHAT"; without lines, "TABLE: row 7: ...". */
hebb_status hb_fail_in_row(const hebb_table *table, long long row, int column, const char *what,
			   hebb_error *error)
{
	char shown[HB_SHOWN];
	const char *name = name_of(table, column, shown);
	long long line = table->line ? table->line[row] : 0;

	if (line)
		return hb_fail_at(error, HEBB_BAD_FORMAT, line, column + 1,
				  "%s:%lld: column \"%s\" %s", table->name, line, name, what);
	return hb_fail_at(error, HEBB_BAD_FORMAT, 0, 0, "%s: row %lld: column \"%s\" %s",
			  table->name, row + 1, name, what);
}

hebb_status hb_fail_missing(const hebb_table *table, long long row, int column, int is_target,
			    hebb_error *error)
{
	const hebb_column_detail *detail = hb_detail(table, column);
	const char *marks = detail ? detail->marks : NULL;
	char what[HB_MARKS_MOST + 200];

	snprintf(what, sizeof what, "has no value%s%s%s%s", marks ? " (taken as missing: " : "",
		 marks ? marks : "", marks ? ")" : "",
		 is_target ? ", and it is a target; without --missing error its row is left out"
			   : "; without --missing error the column's mean takes its place, and "
			     "--missing drop leaves the row out");
	return hb_fail_in_row(table, row, column, what, error);
}

hebb_status hb_fail_text(const hebb_table *table, long long row, int column, const char *advice,
			 hebb_error *error)
{
	char what[HB_SHOWN + 200], shown[HB_SHOWN];

	if (isnan(hb_value(table, row, column)))
		return hb_fail_in_row(table, row, column, "is text where a number belongs", error);
	snprintf(what, sizeof what, "has the text \"%s\" where a number belongs%s",
		 hb_show(hb_text_at(table, row, column), shown), advice);
	return hb_fail_in_row(table, row, column, what, error);
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

/* All that POSIX names, and what Linux adds for files.  A table and no switch: some systems have
 * one number for two names. */
static const struct reason {
	int number;
	const char *text;
} reasons[] = {
	{E2BIG, "the list of arguments is too long"},
	{EACCES, "permission denied"},
	{EADDRINUSE, "the address is in use"},
	{EADDRNOTAVAIL, "the address is not available"},
	{EAFNOSUPPORT, "this family of addresses is not supported"},
	{EAGAIN, "it is not ready now; try again"},
	{EALREADY, "this is under way already"},
	{EBADF, "it is not open, or not for this direction"},
	{EBADMSG, "the data on the device is damaged"},
	{EBUSY, "it is in use"},
	{ECANCELED, "the operation was canceled"},
	{ECHILD, "there is no child process"},
	{ECONNABORTED, "the connection was aborted"},
	{ECONNREFUSED, "the connection was refused"},
	{ECONNRESET, "the connection was reset"},
	{EDEADLK, "waiting for this would never end (a deadlock)"},
	{EDESTADDRREQ, "an address is needed"},
	{EDOM, "a number is out of the function's domain"},
	{EDQUOT, "no space is left on the device"}, /* in the user's quota */
	{EEXIST, "there is a file of that name already"},
	{EFAULT, "bad address in memory"},
	{EFBIG, "the file would become too large"},
	{EHOSTUNREACH, "the host cannot be reached"},
	{EIDRM, "the identifier was removed"},
	{EILSEQ, "the name has bytes that the file system does not take"},
	{EINPROGRESS, "the operation has begun and goes on"},
	{EINTR, "a signal interrupted it"},
	{EINVAL, "the system does not take this name or operation"},
	{EIO, "input or output error of the device"},
	{EISCONN, "the socket is connected already"},
	{EISDIR, "it is a directory"},
	{ELOOP, "too many symbolic links"},
	{EMFILE, "too many files are open"},
	{EMLINK, "it has too many links"},
	{EMSGSIZE, "the message is too long"},
	{ENAMETOOLONG, "the name is too long"},
	{ENETDOWN, "the network is down"},
	{ENETRESET, "the network aborted the connection"},
	{ENETUNREACH, "the network cannot be reached"},
	{ENFILE, "too many files are open"},
	{ENOBUFS, "the system has no buffer left"},
	{ENODEV, "there is no such device"},
	{ENOENT, "there is no such file or directory"},
	{ENOEXEC, "it is not a program of this system"},
	{ENOLCK, "the system has no lock left"},
	{ENOMEM, "the system has no memory left"},
	{ENOMSG, "there is no such message"},
	{ENOPROTOOPT, "this option of the protocol is not available"},
	{ENOSPC, "no space is left on the device"},
	{ENOSYS, "the system does not have this function"},
	{ENOTCONN, "the socket is not connected"},
	{ENOTDIR, "a part of its path is not a directory"},
	{ENOTEMPTY, "the directory is not empty"},
	{ENOTSOCK, "it is not a socket"},
	{ENOTSUP, "the operation is not supported there"},
	{ENOTTY, "the device does not have this operation"},
	{ENXIO, "there is no such device, or nobody listens there"},
	{EOPNOTSUPP, "the operation is not supported there"},
	{EOVERFLOW, "a number is too large for this system, such as the size of the file"},
	{EPERM, "permission denied"},
	{EPIPE, "the reader of the pipe is gone"},
	{EPROTO, "the other side broke the protocol"},
	{EPROTONOSUPPORT, "the protocol is not supported"},
	{EPROTOTYPE, "the protocol does not fit the socket"},
	{ERANGE, "a result is too large"},
	{EROFS, "the file system is read-only"},
	{ESPIPE, "a pipe has no positions"},
	{ESRCH, "there is no such process"},
	{ESTALE, "the file is gone from its server"},
	{ETIMEDOUT, "it took too long"},
	{ETXTBSY, "the file is a program that is running"},
	{EWOULDBLOCK, "it is not ready now; try again"},
	{EXDEV, "the two names are on different file systems"},
#ifdef EMULTIHOP
	{EMULTIHOP, "the path leads through too many machines"},
#endif
#ifdef ENODATA
	{ENODATA, "there is no data"},
#endif
#ifdef ENOLINK
	{ENOLINK, "the connection to the file system is lost"},
#endif
#ifdef ENOSR
	{ENOSR, "the system has no stream left"},
#endif
#ifdef ENOSTR
	{ENOSTR, "it is not a stream"},
#endif
#ifdef ENOTRECOVERABLE
	{ENOTRECOVERABLE, "its state cannot be recovered"},
#endif
#ifdef EOWNERDEAD
	{EOWNERDEAD, "its previous owner has died"},
#endif
#ifdef ETIME
	{ETIME, "the time is over"},
#endif
#ifdef ECOMM
	{ECOMM, "the file's server cannot be reached"},
#endif
#ifdef EHOSTDOWN
	{EHOSTDOWN, "the host is down"},
#endif
#ifdef EKEYEXPIRED
	{EKEYEXPIRED, "the key of the file has expired"},
#endif
#ifdef EMEDIUMTYPE
	{EMEDIUMTYPE, "the medium in the device is of another kind"},
#endif
#ifdef ENOKEY
	{ENOKEY, "the key of the file is missing"},
#endif
#ifdef ENOMEDIUM
	{ENOMEDIUM, "there is no medium in the device"},
#endif
#ifdef ENOTBLK
	{ENOTBLK, "it is not a disk"},
#endif
#ifdef EREMOTEIO
	{EREMOTEIO, "input or output error of the file's server"},
#endif
#ifdef ESHUTDOWN
	{ESHUTDOWN, "the device or file system was shut down"},
#endif
#ifdef EUCLEAN
	{EUCLEAN, "the file system is damaged"},
#endif
#ifdef EUSERS
	{EUSERS, "there are too many users"},
#endif
};

const char *hebb_reason(int number, char *text)
{
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (reasons[i].number == number)
			return reasons[i].text;
	snprintf(text, HEBB_REASON, "the system reported error %d", number);
	return text;
}
