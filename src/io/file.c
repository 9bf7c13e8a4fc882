/* SPDX-License-Identifier: MIT */
/*
 * file.c - whole files in and out
 *
 * In: incoming.c reads and undoes gzip. Out: a file appears under its name only when it is complete
 * on the disk, because half a model is worse than none.
 */
#define _POSIX_C_SOURCE 200809L
#include "io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Of a file with gzip undone: ends gzip bombs and /dev/zero.  8 GiB, or 1 GiB where words have 32
 * bits. */
#define MOST_BYTES ((size_t)1 << (sizeof(size_t) > 4 ? 33 : 30))
#define CHUNK ((size_t)1 << 30) /* what one write() is asked for at most */

enum {
	FIRST_ROOM = 1 << 16,
	HEAD = 1 << 12, /* what a probe sees */
	LINKS_MOST = 40,
	NAMES_MOST = 100
};

/* ---- Bytes that grow ---- */

struct buffer {
	unsigned char *bytes;
	size_t size, room;
};

/* Room for at least one more byte and the NUL behind all. */
static hebb_status grow(struct buffer *to, const char *name, hebb_error *error)
{
	if (to->size + 1 < to->room)
		return HEBB_OK;
	if (to->size > MOST_BYTES)
		return hebb_fail(error, HEBB_UNSUPPORTED,
				 "%s: holds more than the %zu MiB that are read at once", name,
				 MOST_BYTES >> 20);
	size_t room = to->room ? 2 * to->room : FIRST_ROOM;
	unsigned char *bytes = realloc(to->bytes, room);
	if (!bytes)
		return hebb_fail(error, HEBB_NO_MEMORY, "%s: out of memory after %s", name,
				 hebb_show_bytes((double)to->size).text);
	to->bytes = bytes;
	to->room = room;
	return HEBB_OK;
}

/* ---- Reading ---- */

/* A name in a message, cut so that the reason has room beside it. */
#define NAME_SHOWN 384

/* hb_incoming_read(), which goes on after a signal. */
static hebb_status read_some(hb_incoming *input, size_t most, struct buffer *to, size_t *got,
			     hebb_error *error)
{
	hebb_status status;
	size_t more;

	*got = 0;
	do {
		status = hb_incoming_read(input, to->bytes + to->size, most - *got, &more, error);
		to->size += more;
		*got += more;
	} while (status && hb_incoming_is_interrupted(input));
	return status;
}

/* Reads until the end, or until the probe (NULL: none) has refused the first bytes. */
static hebb_status read_all(hb_incoming *input, hb_probe probe, struct buffer *to,
			    hebb_error *error)
{
	for (;;) {
		hebb_status status = grow(to, hb_incoming_name(input), error);
		size_t got, left = to->room - to->size - 1;

		if (status)
			return status;
		status = read_some(input, probe ? HEAD : left, to, &got, error);
		if (status || got == 0 || (probe && got == HEAD && !probe(to->bytes, HEAD)))
			return status;
		probe = NULL;
	}
}

/* Of a regular file the size is known before it is read. */
static hebb_status prepare(const hb_incoming *input, struct buffer *to, hebb_error *error)
{
	unsigned long long size = hb_incoming_size(input);

	if (size > MOST_BYTES)
		return hebb_fail(error, HEBB_UNSUPPORTED,
				 "%s: has %llu MiB, more than the %zu MiB that are read at once",
				 hb_incoming_name(input), size >> 20, MOST_BYTES >> 20);
	size_t room = (size > HEAD ? (size_t)size : HEAD) + 2;
	if (size > 0 && (to->bytes = malloc(room)))
		to->room = room;
	return HEBB_OK;
}

/* Gives the bytes to the caller, or frees them. */
static hebb_status give(struct buffer *all, hebb_status status, unsigned char **bytes, size_t *size)
{
	if (status) {
		free(all->bytes);
		return status;
	}
	all->bytes[all->size] = 0;
	*bytes = all->bytes;
	*size = all->size;
	return HEBB_OK;
}

hebb_status hb_file_read_rest(hb_incoming *incoming, const unsigned char *head,
			      unsigned char **bytes, size_t *size, hebb_error *error)
{
	struct buffer all = {0};
	hebb_status status = prepare(incoming, &all, error);

	if (!status)
		status = grow(&all, hb_incoming_name(incoming), error);
	if (!status) {
		memcpy(all.bytes, head, *size); /* which is less than any room */
		all.size = *size;
		status = read_all(incoming, NULL, &all, error);
	}
	return give(&all, status, bytes, size);
}

/* meter: for data that is then to be read as a table. */
static hebb_status read_file(hb_probe probe, const char *path, hebb_meter *meter,
			     unsigned char **bytes, size_t *size, hebb_error *error)
{
	struct buffer all = {0};
	hebb_error why;
	hebb_error *told = error ? error : &why;

	if (!path || !bytes || !size)
		return hb_absent(!path ? "the name of the file to read" : "where to put the bytes",
				 error);
	hb_incoming *input = hb_incoming_open(path, told);
	if (!input)
		return told->status;
	hb_incoming_measure(input, meter, HB_BYTES_SHARE);
	hebb_status status = prepare(input, &all, error);
	if (!status)
		status = read_all(input, probe, &all, error);
	hb_incoming_close(input);
	return give(&all, status, bytes, size);
}

hebb_status hb_file_read_if(hb_probe probe, const char *path, unsigned char **bytes, size_t *size,
			    hebb_error *error)
{
	return read_file(probe, path, NULL, bytes, size, error);
}

hebb_status hb_file_read_metered(const char *path, hebb_meter *meter, unsigned char **bytes,
				 size_t *size, hebb_error *error)
{
	return read_file(NULL, path, meter, bytes, size, error);
}

hebb_status hebb_file_read(const char *path, unsigned char **bytes, size_t *size, hebb_error *error)
{
	return read_file(NULL, path, NULL, bytes, size, error);
}

/* ---- Writing ---- */

static hebb_status fail_write(hebb_error *error, const char *name, int number)
{
	char shown[NAME_SHOWN], text[HEBB_REASON];

	if (number == ENOMEM)
		return hb_out_of_memory(error);
	return hebb_fail(error, HEBB_IO, "%s: cannot be written: %s",
			 hebb_show(name, strlen(name), shown, sizeof shown),
			 number == ENOENT ? "there is no such directory"
					  : hebb_reason(number, text));
}

static hebb_status write_all(int file, const char *name, const unsigned char *bytes, size_t size,
			     hebb_error *error)
{
	while (size > 0) {
		ssize_t put = write(file, bytes, size < CHUNK ? size : CHUNK);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return fail_write(error, name, errno);
		bytes += put;
		size -= (size_t)put;
	}
	return HEBB_OK;
}

/* Replaces a path that is a symbolic link by what it points to, there or not.  Frees or keeps
 * `path`; NULL: errno tells. */
static char *follow(char *path)
{
	for (int links = 0;; links++) {
		char target[PATH_MAX];
		ssize_t length = readlink(path, target, sizeof target - 1);

		if (length < 0 && (errno == EINVAL || errno == ENOENT))
			return path; /* no link, or nothing there yet */
		const char *slash = strrchr(path, '/');
		size_t folder =
			length > 0 && target[0] != '/' && slash ? (size_t)(slash - path) + 1 : 0;
		char *next = length < 0 || links == LINKS_MOST
				     ? NULL
				     : malloc(folder + (size_t)length + 1);
		if (!next) {
			if (links == LINKS_MOST)
				errno = ELOOP;
			free(path);
			return NULL;
		}
		memcpy(next, path, folder);
		memcpy(next + folder, target, (size_t)length);
		next[folder + (size_t)length] = 0;
		free(path);
		path = next;
	}
}

/* Twelve hexadecimal digits that hardly come twice, whatever process number a container gives.  Not
 * a secret: O_EXCL is what keeps others' files. */
static void random_digits(char text[13], const void *place, int attempt)
{
	struct {
		struct timespec time;
		const void *heap, *stack;
		long process;
		int attempt;
	} from;

	memset(&from, 0, sizeof from); /* the gaps between its parts, too */
	timespec_get(&from.time, TIME_UTC);
	from.heap = place;
	from.stack = &from;
	from.process = (long)getpid();
	from.attempt = attempt;
	uint64_t hash = hb_fnv(HB_FNV, &from, sizeof from);
	snprintf(text, 13, "%012llx", (unsigned long long)(hash ^ hash >> 20) & 0xffffffffffffu);
}

/* Of the last part of a name so many bytes stand in the temporary one, which is then short enough
 * for every file system. */
enum { BASE_MOST = 96 };

/* Creates a new file beside `path`; its name, to be freed, goes to *name. */
static int open_beside(const char *path, mode_t mode, char **name)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	size_t room = strlen(path) + 32;
	char digits[13], shown[BASE_MOST];

	*name = malloc(room);
	if (!*name) {
		errno = ENOMEM;
		return -1;
	}
	hebb_show(base, strlen(base), shown, sizeof shown);
	for (int i = 0; i < NAMES_MOST; i++) {
		random_digits(digits, *name, i);
		snprintf(*name, room, "%.*s%s.%s.tmp", (int)(base - path), path, shown, digits);
		int file = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
		if (file >= 0 || errno != EEXIST)
			return file;
	}
	return -1;
}

/* The mode of a new file in place of `old` (NULL: none): never a moment wider.  What is for the
 * group waits until the file belongs to it. */
static mode_t first_mode(const struct stat *old)
{
	if (!old)
		return 0666;
	return old->st_mode & (old->st_uid == geteuid() && old->st_gid == getegid() ? 0777 : 0700);
}

/* Gives a file the owner and mode of another; what the group may, only if it is the same group. */
static void make_alike(int file, const struct stat *old)
{
	mode_t mode = old->st_mode & 0777;
	struct stat now;

	/* only root may give files away; its own groups everybody may choose */
	if (fchown(file, old->st_uid, old->st_gid) < 0 &&
	    fchown(file, (uid_t)-1, old->st_gid) < 0 &&
	    (fstat(file, &now) < 0 || now.st_gid != old->st_gid))
		mode &= (mode_t)(0707 | (mode & 7) << 3);
	fchmod(file, mode);
}

/* Makes a rename last; not all file systems can, so that failure does not count. */
static void sync_folder(const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	size_t length = slash ? (size_t)(slash - path) + 1 : 0;

	if (length >= sizeof folder)
		return;
	memcpy(folder, path, length);
	strcpy(folder + length, ".");
	int file = open(folder, O_RDONLY | O_CLOEXEC);
	if (file >= 0) {
		fsync(file);
		close(file);
	}
}

struct hebb_writer {
	int file;      /* -1: it is finished */
	int failed;    /* bytes are lost: what is written will not be the file */
	int is_output; /* standard output, which stays open */
	char *path;    /* the file that is to be there in the end, or what messages call it */
	char *beside;  /* the file that is written; NULL: it is the one at `path`, which keeps
			  nothing */
};

/* A device, a pipe or another thing that keeps nothing under its name. */
static hebb_status open_directly(hebb_writer *writer, const char *path, hebb_error *error)
{
	writer->file = open(path, O_WRONLY | O_CLOEXEC);
	return writer->file < 0 ? fail_write(error, path, errno) : HEBB_OK;
}

/* `old` is the file that is there already, or NULL: its owner and mode are kept. */
static hebb_status open_new(hebb_writer *writer, const char *path, const struct stat *old,
			    hebb_error *error)
{
	writer->path = follow(writer->path);
	if (!writer->path)
		return fail_write(error, path, errno);
	writer->file = open_beside(writer->path, first_mode(old), &writer->beside);
	if (writer->file < 0) {
		int number = errno;

		free(writer->beside);
		writer->beside = NULL;
		return fail_write(error, writer->path, number);
	}
	if (old)
		make_alike(writer->file, old);
	return HEBB_OK;
}

static hebb_status open_path(hebb_writer *writer, const char *path, hebb_error *error)
{
	struct stat about;

	if (!*path)
		return hebb_fail(error, HEBB_IO, "the name of the file to write is empty");
	int is_there = stat(path, &about) == 0;
	if (is_there && S_ISDIR(about.st_mode))
		return fail_write(error, path, EISDIR);
	if (is_there && !S_ISREG(about.st_mode))
		return open_directly(writer, path, error);
	if (is_there && access(path, W_OK) < 0) /* a rename would not ask */
		return fail_write(error, path, errno);
	return open_new(writer, path, is_there ? &about : NULL, error);
}

hebb_writer *hebb_writer_new(const char *path, hebb_error *error)
{
	hebb_writer *writer;
	int is_output = path && strcmp(path, "-") == 0;
	hebb_status status = HEBB_OK;

	if (!path) {
		hb_absent("the name of the file to write", error);
		return NULL;
	}
	writer = malloc(sizeof *writer);
	if (writer)
		*writer = (hebb_writer){.file = -1,
					.is_output = is_output,
					.path = strdup(is_output ? "standard output" : path)};
	if (!writer || !writer->path) {
		free(writer);
		hb_out_of_memory(error);
		return NULL;
	}
	if (is_output)
		writer->file = STDOUT_FILENO;
	else
		status = open_path(writer, path, error);
	if (!status)
		return writer;
	hebb_writer_free(writer);
	return NULL;
}

hebb_status hebb_writer_add(hebb_writer *writer, const void *bytes, size_t size, hebb_error *error)
{
	if (!writer || (size > 0 && !bytes))
		return hb_absent(writer ? "what to write" : "the writer", error);
	if (writer->file < 0)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%.384s: the file is finished",
				 writer->path);
	hebb_status status = write_all(writer->file, writer->path, bytes, size, error);
	writer->failed |= status != HEBB_OK;
	return status;
}

/* Closes the file; a failure of that is one of writing. */
static hebb_status close_file(hebb_writer *writer, hebb_error *error)
{
	int file = writer->file;

	writer->file = -1;
	if (writer->is_output || close(file) == 0)
		return HEBB_OK;
	return fail_write(error, writer->path, errno);
}

static void discard(hebb_writer *writer)
{
	if (writer->beside)
		unlink(writer->beside);
	free(writer->beside);
	writer->beside = NULL;
}

hebb_status hebb_writer_finish(hebb_writer *writer, hebb_error *error)
{
	hebb_status status = HEBB_OK, closed;

	if (!writer)
		return hb_absent("the writer", error);
	if (writer->file < 0)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%.384s: the file is finished",
				 writer->path);
	if (writer->failed)
		status = hebb_fail(error, HEBB_IO,
				   "%.384s: is not written, since some of its bytes could not be",
				   writer->path);
	else if (writer->beside && fsync(writer->file) < 0 && errno != EINVAL)
		status = fail_write(error, writer->path, errno);
	closed = close_file(writer, status ? NULL : error);
	status = status ? status : closed;
	if (!writer->beside)
		return status;
	if (!status && rename(writer->beside, writer->path) < 0)
		status = fail_write(error, writer->path, errno);
	if (status)
		discard(writer);
	else
		sync_folder(writer->path);
	free(writer->beside);
	writer->beside = NULL;
	return status;
}

void hebb_writer_free(hebb_writer *writer)
{
	if (!writer)
		return;
	if (writer->file >= 0)
		close_file(writer, NULL);
	discard(writer);
	free(writer->path);
	free(writer);
}

hebb_status hebb_file_write(const char *path, const void *bytes, size_t size, hebb_error *error)
{
	hebb_error why;
	hebb_error *told = error ? error : &why;
	hebb_status status;

	if (!path || (size > 0 && !bytes))
		return hb_absent(path ? "what to write" : "the name of the file to write", error);
	hebb_writer *writer = hebb_writer_new(path, told);
	if (!writer)
		return told->status;
	status = hebb_writer_add(writer, bytes, size, told);
	if (!status)
		status = hebb_writer_finish(writer, told);
	hebb_writer_free(writer);
	return status;
}
