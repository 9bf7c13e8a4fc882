/* SPDX-License-Identifier: MIT */
/*
 * stream.c - data as tables that follow one another, so that they need not fit in memory
 *
 * CSV comes in windows (csv/windows.c). All other data is one table, which is read at once.
 */
#define _POSIX_C_SOURCE 200809L
#include "io.h"

#include <stdlib.h>
#include <string.h>

enum {
	HEAD = 1 << 12,    /* bytes that tell the format */
	WINDOW = 4 << 20,  /* bytes */
	ROWS_LEAST = 1000, /* of a window */
};

struct hebb_stream {
	hebb_table_options options;
	hb_incoming *incoming;   /* NULL: there is no file */
	hb_csv_windows *windows; /* NULL: the data is one table */
	hebb_table *whole;       /* that one, until it is given away */
	hebb_status failed;      /* why nothing follows */
};

/* ---- Opening ---- */

/* The first bytes, whatever signals come. */
static hebb_status read_head(hb_incoming *incoming, unsigned char head[HEAD], size_t *size,
			     hebb_error *error)
{
	hebb_status status;
	size_t got;

	*size = 0;
	do {
		status = hb_incoming_read(incoming, head + *size, HEAD - *size, &got, error);
		*size += got;
	} while (status && hb_incoming_is_interrupted(incoming));
	return status;
}

/* Images, or labels. */
static hebb_status read_idx(hebb_stream *stream, const unsigned char *head, size_t size,
			    hebb_error *error)
{
	unsigned char *bytes;
	hebb_status status = hb_file_read_rest(stream->incoming, head, &bytes, &size, error);

	if (status)
		return status;
	stream->whole = hb_idx_read_beside(
		&(hb_idx_file){bytes, size, hb_incoming_name(stream->incoming)}, error);
	free(bytes);
	return stream->whole ? HEBB_OK : error->status;
}

/* Tells the format by the first bytes. */
static hebb_status begin(hebb_stream *stream, size_t window, long long least, hebb_error *error)
{
	unsigned char head[HEAD];
	size_t size;
	hebb_status status = read_head(stream->incoming, head, &size, error);

	if (status)
		return status;
	if (hb_idx_probe(head, size))
		return read_idx(stream, head, size, error);
	status = hb_table_refuse(head, size, hb_incoming_name(stream->incoming), error);
	if (status)
		return status;
	stream->windows = hb_csv_windows_new(stream->incoming, head, size, &stream->options, window,
					     least, error);
	return stream->windows ? HEBB_OK : error->status;
}

/* A stream of data that is opened next. */
static hebb_stream *make(const hebb_table_options *given, hebb_error *error)
{
	hebb_stream *stream = calloc(1, sizeof *stream);

	if (!stream)
		hb_out_of_memory(error);
	else if (hb_table_options_take(given, &stream->options, error) == HEBB_OK)
		return stream;
	free(stream);
	return NULL;
}

/* The stream if it has what follows, else NULL. */
static hebb_stream *opened(hebb_stream *stream, size_t window, long long least, hebb_error *error)
{
	hebb_error why;

	if (stream->incoming && begin(stream, window, least, error ? error : &why) == HEBB_OK)
		return stream;
	hebb_stream_free(stream);
	return NULL;
}

hebb_stream *hb_stream_of(const void *bytes, size_t size, const char *name,
			  const hebb_table_options *options, size_t window, long long least,
			  hebb_error *error)
{
	hebb_stream *stream = make(options, error);

	if (!stream)
		return NULL;
	stream->incoming = hb_incoming_of(bytes, size, name, error);
	return opened(stream, window, least, error);
}

hebb_stream *hebb_stream_new(const char *data, const hebb_table_options *options, hebb_error *error)
{
	hebb_stream *stream;

	if (!data) {
		hb_absent("the name of the data", error);
		return NULL;
	}
	stream = make(options, error);
	if (!stream)
		return NULL;
	if (strcmp(data, "digits") != 0 && !hb_idx_is_prefix(data)) {
		stream->incoming = hb_incoming_open(data, error);
		if (stream->incoming)
			hb_incoming_measure(stream->incoming, stream->options.meter, 1);
		return opened(stream, WINDOW, ROWS_LEAST, error);
	}
	stream->whole = hebb_table_read_with(data, options, error);
	if (stream->whole)
		return stream;
	hebb_stream_free(stream);
	return NULL;
}

/* ---- Reading ---- */

hebb_status hebb_stream_next(hebb_stream *stream, hebb_table **table, hebb_error *error)
{
	if (!stream || !table)
		return hb_absent(stream ? "where to put the table" : "the stream", error);
	*table = stream->whole;
	stream->whole = NULL;
	if (stream->failed)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "%.384s: the stream has failed and has no more rows",
				 hb_incoming_name(stream->incoming));
	if (*table || !stream->windows)
		return HEBB_OK;
	hebb_status status = hb_csv_windows_next(stream->windows, table, error);
	if (status && !hb_incoming_is_interrupted(stream->incoming))
		stream->failed = status;
	return status;
}

const char *hebb_stream_text(const hebb_stream *stream, size_t *size)
{
	size_t room;

	size = size ? size : &room;
	*size = 0;
	return stream && stream->windows ? hb_csv_windows_text(stream->windows, size) : NULL;
}

void hebb_stream_free(hebb_stream *stream)
{
	if (!stream)
		return;
	hb_csv_windows_free(stream->windows);
	hb_incoming_close(stream->incoming);
	hebb_table_free(stream->whole);
	free(stream);
}
