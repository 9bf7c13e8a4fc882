/* SPDX-License-Identifier: MIT */
/*
 * incoming.c - the bytes of a file or a pipe as they come, gzip undone
 *
 * gzip is RFC 1952: members one after another, each with a length and a CRC that zlib checks; zeros
 * may follow them, as on tapes. What is not gzip is read straight into the caller's memory.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64 /* to say how large a file is, also where words have 32 bits */
#include "io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#define ZLIB_CONST
#include <zlib.h>

enum { ROOM = 1 << 16, CHUNK = 1 << 30 }; /* CHUNK: what one read() or inflate() is asked for */

/* What comes next. */
enum next { UNKNOWN, PLAIN, BEFORE_MEMBER, MEMBER, ZEROS, NOTHING };

struct hb_incoming {
	int file;                /* -1: the bytes are in memory */
	unsigned long long size; /* of a regular file; else 0 */
	char *name;
	enum next next;
	const unsigned char *bytes; /* that were read and not yet taken */
	size_t count;
	unsigned long long taken; /* bytes of the file, before these */
	int is_over;              /* the file has no more */
	int is_interrupted;       /* the last failure was a signal */
	hebb_meter *meter;        /* NULL: nobody asks */
	z_stream z;
	unsigned char room[ROOM];
};

/* ---- Opening ---- */

hebb_status hb_fail_io(hebb_error *error, const char *name, int number)
{
	enum { NAME_SHOWN = 384 }; /* so that the reason has room beside it */
	char shown[NAME_SHOWN], text[HEBB_REASON];

	return hebb_fail(error, HEBB_IO, "%s: %s",
			 hebb_show(name, strlen(name), shown, sizeof shown),
			 hebb_reason(number, text));
}

/* An input without a file. */
static hb_incoming *make(const char *name, hebb_error *error)
{
	hb_incoming *input = malloc(sizeof *input);

	if (input)
		memset(input, 0, offsetof(hb_incoming, room));
	if (input && (input->name = strdup(name))) {
		input->file = -1;
		return input;
	}
	free(input);
	hb_out_of_memory(error);
	return NULL;
}

/* 0: the file is none that can be read. */
static int look(hb_incoming *input, hebb_error *error)
{
	struct stat about;
	int number = input->file < 0 || fstat(input->file, &about) < 0 ? errno
		     : S_ISDIR(about.st_mode)                          ? EISDIR
								       : 0;

	if (number)
		hb_fail_io(error, input->name, number);
	else if (S_ISREG(about.st_mode) && about.st_size > 0)
		input->size = (unsigned long long)about.st_size;
	return !number;
}

hb_incoming *hb_incoming_open(const char *path, hebb_error *error)
{
	int is_standard = strcmp(path, "-") == 0;
	hb_incoming *input = make(is_standard ? "standard input" : path, error);

	if (!input)
		return NULL;
	input->file = is_standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (look(input, error))
		return input;
	hb_incoming_close(input);
	return NULL;
}

hb_incoming *hb_incoming_of(const void *bytes, size_t size, const char *name, hebb_error *error)
{
	hb_incoming *input = make(name, error);

	if (!input)
		return NULL;
	input->next = PLAIN;
	input->bytes = bytes;
	input->count = size;
	input->is_over = 1;
	return input;
}

unsigned long long hb_incoming_size(const hb_incoming *input)
{
	return input->size;
}

void hb_incoming_measure(hb_incoming *input, hebb_meter *meter, double last)
{
	input->meter = meter;
	hebb_meter_part(meter, 0, last, (long long)input->size);
}

const char *hb_incoming_name(const hb_incoming *input)
{
	return input->name;
}

int hb_incoming_is_interrupted(const hb_incoming *input)
{
	return input->is_interrupted;
}

void hb_incoming_close(hb_incoming *input)
{
	if (!input)
		return;
	if (input->file >= 0 && input->file != STDIN_FILENO)
		close(input->file);
	if (input->z.state)
		inflateEnd(&input->z);
	free(input->name);
	free(input);
}

/* ---- Bytes as they stand in the file ---- */

/* Reads once, up to `most` bytes to `to`. */
static hebb_status read_once(hb_incoming *input, unsigned char *to, size_t most, size_t *got,
			     hebb_error *error)
{
	ssize_t result = read(input->file, to, most < CHUNK ? most : CHUNK);

	*got = result > 0 ? (size_t)result : 0;
	hebb_meter_add(input->meter, (long long)*got);
	input->is_over |= result == 0;
	input->is_interrupted = result < 0 && errno == EINTR;
	return result < 0 ? hb_fail_io(error, input->name, errno) : HEBB_OK;
}

static void take(hb_incoming *input, size_t count)
{
	input->bytes += count;
	input->count -= count;
	input->taken += count;
}

/* Has at least so many bytes at hand, unless the file ends before. */
static hebb_status refill(hb_incoming *input, size_t least, hebb_error *error)
{
	hebb_status status = HEBB_OK;

	if (input->count < least && !input->is_over) {
		memmove(input->room, input->bytes ? input->bytes : input->room, input->count);
		input->bytes = input->room;
	}
	while (!status && input->count < least && !input->is_over) {
		size_t got;

		status = read_once(input, input->room + input->count, ROOM - input->count, &got,
				   error);
		input->count += got;
	}
	return status;
}

static hebb_status read_plain(hb_incoming *input, unsigned char *to, size_t most, size_t *got,
			      hebb_error *error)
{
	hebb_status status = HEBB_OK;

	*got = input->count < most ? input->count : most;
	if (*got > 0) {
		memcpy(to, input->bytes, *got);
		take(input, *got);
	} else if (!input->is_over) {
		status = read_once(input, to, most, got, error);
	}
	if (input->count == 0 && input->is_over)
		input->next = NOTHING;
	return status;
}

/* ---- gzip ---- */

static int is_gzip(const hb_incoming *input)
{
	return input->count >= 2 && input->bytes[0] == 0x1f && input->bytes[1] == 0x8b;
}

/* Tells by the first bytes whether it is gzip. */
static hebb_status tell(hb_incoming *input, hebb_error *error)
{
	hebb_status status = refill(input, 2, error);

	if (status)
		return status;
	if (!is_gzip(input)) {
		input->next = PLAIN;
		return HEBB_OK;
	}
	if (inflateInit2(&input->z, 16 + MAX_WBITS) != Z_OK) /* 16: gzip, not zlib */
		return hb_out_of_memory(error);
	input->next = BEFORE_MEMBER;
	return HEBB_OK;
}

/* At the end of a member or of all. */
static hebb_status begin_member(hb_incoming *input, hebb_error *error)
{
	hebb_status status = refill(input, 2, error);

	if (status)
		return status;
	input->next = input->count == 0 ? NOTHING : is_gzip(input) ? MEMBER : ZEROS;
	if (input->next == MEMBER)
		inflateReset(&input->z);
	return HEBB_OK;
}

static hebb_status pass_zeros(hb_incoming *input, hebb_error *error)
{
	hebb_status status = refill(input, 1, error);

	if (!status && input->count == 0)
		input->next = NOTHING;
	for (; !status && input->count > 0; take(input, 1))
		if (*input->bytes)
			status = hebb_fail(error, HEBB_BAD_FORMAT,
					   "%s: something that is not gzip follows the gzip data",
					   input->name);
	return status;
}

static hebb_status inflate_some(hb_incoming *input, unsigned char *to, size_t most, size_t *got,
				hebb_error *error)
{
	z_stream *z = &input->z;
	hebb_status status = refill(input, 1, error);

	if (status)
		return status;
	size_t room = most < CHUNK ? most : CHUNK;
	z->next_in = input->bytes;
	z->avail_in = (uInt)input->count;
	z->next_out = to;
	z->avail_out = (uInt)room;
	int result = inflate(z, Z_NO_FLUSH), is_short = z->avail_out > 0;
	take(input, input->count - z->avail_in);
	*got = room - z->avail_out;
	if (result == Z_STREAM_END)
		input->next = BEFORE_MEMBER;
	if (result == Z_MEM_ERROR)
		return hb_out_of_memory(error);
	if (result == Z_DATA_ERROR || result == Z_NEED_DICT)
		return hebb_fail(error, HEBB_BAD_FORMAT,
				 "%s: the gzip data is damaged near byte %llu (%s)", input->name,
				 input->taken, z->msg ? z->msg : "its end is missing");
	if (result != Z_STREAM_END && input->is_over && input->count == 0 && is_short)
		return hebb_fail(error, HEBB_BAD_FORMAT,
				 "%s: the gzip data is truncated: it ends after %llu bytes",
				 input->name, input->taken);
	return HEBB_OK;
}

/* ---- The whole ---- */

static hebb_status step(hb_incoming *input, unsigned char *to, size_t most, size_t *got,
			hebb_error *error)
{
	*got = 0;
	switch (input->next) {
	case UNKNOWN:
		return tell(input, error);
	case PLAIN:
		return read_plain(input, to, most, got, error);
	case BEFORE_MEMBER:
		return begin_member(input, error);
	case MEMBER:
		return inflate_some(input, to, most, got, error);
	case ZEROS:
		return pass_zeros(input, error);
	default:
		return HEBB_OK;
	}
}

hebb_status hb_incoming_read(hb_incoming *input, void *bytes, size_t most, size_t *got,
			     hebb_error *error)
{
	hebb_status status = HEBB_OK;
	size_t more;

	for (*got = 0; !status && *got < most && input->next != NOTHING; *got += more)
		status = step(input, (unsigned char *)bytes + *got, most - *got, &more, error);
	return status;
}
