/* SPDX-License-Identifier: MIT */
/*
 * windows.c - a CSV text as it comes, in windows of whole rows
 *
 * A window ends where a row ends, outside of quotes, as the reader passes rows. It has a fixed size
 * in bytes, whatever the pipe gives at once, so that the same text gives the same windows. It grows
 * until it has enough rows to decide from, or at least a whole one.
 */
#define _POSIX_C_SOURCE 200809L
#include "csv.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
	CHUNK = 1 << 16,      /* bytes of UTF-16 at once */
	LARGE = 1 << 28,      /* a window of so many bytes needs no more rows than two */
	LONGEST_ROW = 1 << 30 /* bytes */
};

/* Bytes of UTF-16 that are not text yet. */
struct utf16 {
	int low; /* where the low byte of a character stands */
	size_t count;
	unsigned char bytes[CHUNK];
};

struct hb_csv_windows {
	hb_incoming *incoming; /* borrowed */
	const hebb_table_options *options;
	size_t window;
	long long least;         /* rows */
	char *text;              /* what has come, from the last window on */
	size_t size, room, used; /* used: by the last window */
	int is_over;             /* no more comes */
	struct utf16 *utf16;     /* NULL: it is none */
	hebb_pool *pool;
	hb_csv_settled settled;
	hb_text shown; /* the last window as UTF-8 */
};

/* ---- Text that comes ---- */

static hebb_status reserve(hb_csv_windows *w, size_t room, hebb_error *error)
{
	if (room <= w->room)
		return HEBB_OK;
	char *text = realloc(w->text, room);
	if (!text)
		return hb_out_of_memory(error);
	w->text = text;
	w->room = room;
	return HEBB_OK;
}

/* Reads bytes up to a size of the text. */
static hebb_status read_bytes(hb_csv_windows *w, size_t size, hebb_error *error)
{
	size_t got, most = size - w->size;
	hebb_status status = reserve(w, size, error);

	if (status)
		return status;
	status = hb_incoming_read(w->incoming, w->text + w->size, most, &got, error);
	w->size += got;
	w->is_over = !status && got < most;
	return status;
}

/* Makes text of the UTF-16 that is there. */
static hebb_status convert(hb_csv_windows *w, hebb_error *error)
{
	struct utf16 *from = w->utf16;
	hebb_status status = reserve(w, w->size + 2 * CHUNK, error);
	size_t used;

	if (status)
		return status;
	w->size += hb_text_from_utf16(from->bytes, from->count, from->low, w->is_over,
				      w->text + w->size, &used);
	from->count -= used;
	memmove(from->bytes, from->bytes + used, from->count);
	return w->is_over && from->count > 0 ? hb_text_halved(hb_incoming_name(w->incoming), error)
					     : HEBB_OK;
}

/* Reads about as much as makes a text of this size. */
static hebb_status read_utf16(hb_csv_windows *w, size_t size, hebb_error *error)
{
	struct utf16 *to = w->utf16;
	size_t got, room = CHUNK - to->count, most = 2 * (size - w->size);

	most = most < room ? most : room;
	hebb_status status =
		hb_incoming_read(w->incoming, to->bytes + to->count, most, &got, error);

	to->count += got;
	w->is_over = !status && got < most;
	return status ? status : convert(w, error);
}

/* Has a text of this size, or all of it. */
static hebb_status fill(hb_csv_windows *w, size_t size, hebb_error *error)
{
	hebb_status status = HEBB_OK;

	while (!status && w->size < size && !w->is_over)
		status = w->utf16 ? read_utf16(w, size, error) : read_bytes(w, size, error);
	return status;
}

/* ---- Where a window ends ---- */

/* A reader of so much of the text, at its first row. Returns 0 if that cannot be told yet. */
static int open_text(const hb_csv_windows *w, size_t size, hb_csv *r, hebb_error *error)
{
	*r = w->settled.as;
	r->line = 1;
	r->missing = w->options->missing;
	r->name = hb_incoming_name(w->incoming);
	r->error = error;
	r->goes_on = r->is_cut = 1;
	r->p = w->text;
	r->end = w->text + size;
	return w->settled.columns > 0 || hb_csv_find_layout(r, w->options) == HEBB_OK;
}

/* The end of the last line before r->end that has one, or NULL; a CR may belong to an LF. */
static const char *last_line(const hb_csv *r)
{
	for (const char *end = r->end; end > r->p; end--)
		if (end[-1] == '\n' || (end[-1] == '\r' && end < r->end))
			return end;
	return NULL;
}

/* The end of the last row that is whole, or NULL, of up to `most`; *rows: how many there are. */
static const char *pass_rows(hb_csv r, long long most, long long *rows)
{
	const char *end = NULL;

	for (*rows = 0; *rows < most && hb_csv_next_row(&r); ++*rows) {
		long long line = r.line;

		hb_csv_pass_row(&r);
		if (r.line == line || (r.p == r.end && r.p[-1] == '\r'))
			return end; /* it goes on */
		end = r.p;
	}
	return end;
}

/* Where a window ends in the text of the reader, or NULL. One that grew has `least` rows. Without
 * quotes each line ends a row. */
static const char *last_row(const hb_csv *r, int has_grown, long long least, long long *rows)
{
	int is_quoted = memchr(r->p, '"', (size_t)(r->end - r->p)) != NULL;
	const char *end = pass_rows(*r, is_quoted && !has_grown ? LLONG_MAX : least, rows);

	return *rows < least || has_grown || is_quoted ? end : last_line(r);
}

/* The first Ctrl-Z among the blanks and ends of lines before a place; NULL: there is none. */
static const char *end_mark(const char *begin, const char *place)
{
	const char *mark = NULL;

	for (; place > begin && memchr(" \t\r\n\x1a", place[-1], 5); place--)
		if (place[-1] == '\x1a')
			mark = place - 1;
	return mark;
}

/* The size of a window in the first `want` bytes of the text; 0: it has none with `least` rows or,
 * if it is large, two.  A Ctrl-Z may be the end of the text, and is left to the next window. */
static size_t window_in(const hb_csv_windows *w, size_t want, long long least)
{
	size_t size = want < w->size ? want : w->size;
	int has_grown = want > w->window;
	hebb_error ignored;
	long long rows;
	hb_csv r;

	if (!open_text(w, size, &r, &ignored))
		return 0;
	const char *end = last_row(&r, has_grown, least, &rows), *mark;
	while (end && (mark = end_mark(r.p, end)) != NULL) {
		r.end = mark;
		end = last_row(&r, has_grown, least, &rows);
	}
	return end && (rows >= least || (size >= LARGE && rows >= 2)) ? (size_t)(end - w->text) : 0;
}

static hebb_status too_long(const hb_csv_windows *w, hebb_error *error)
{
	return hb_fail_at(error, HEBB_UNSUPPORTED, w->settled.place.line, 0,
			  "%s:%lld: a row that begins here or below has more than %d MiB; is a "
			  "quote opened there and never closed?",
			  hb_incoming_name(w->incoming), w->settled.place.line, LONGEST_ROW >> 20);
}

/* Has a window in the text; *size is 0 if there is none any more. */
static hebb_status find_window(hb_csv_windows *w, size_t *size, hebb_error *error)
{
	const long long least = w->least + (w->settled.columns == 0); /* a header may be there */

	for (size_t want = w->window;; want *= 2) {
		hebb_status status = fill(w, want, error);
		int is_rest = w->is_over && w->size <= want;

		if (status)
			return status;
		*size = is_rest && want == w->window ? w->size : window_in(w, want, least);
		if (*size == 0 && is_rest)
			*size = w->size;
		if (*size > 0 || is_rest)
			return HEBB_OK;
		if (want >= LONGEST_ROW)
			return too_long(w, error);
	}
}

/* 1 if nothing but blanks and comments follows the last window. */
static int is_at_end(const hb_csv_windows *w)
{
	hebb_error ignored;
	hb_csv r;

	if (!w->is_over || w->settled.columns == 0 || !open_text(w, w->size, &r, &ignored))
		return 0;
	r.goes_on = 0;
	hb_csv_drop_end(&r);
	return !hb_csv_next_row(&r);
}

/* ---- The whole ---- */

/* Takes the bytes that a text begins with, and the mark away. */
static hebb_status begin(hb_csv_windows *w, const unsigned char *head, size_t size,
			 hebb_error *error)
{
	int low = -1;
	size_t mark = hb_text_mark(head, size, &low);

	w->pool = hebb_pool_new(w->options->threads, NULL, error);
	if (!w->pool)
		return error->status;
	w->settled = (hb_csv_settled){.place = {1, mark},
				      .pool = w->pool,
				      .encoding = hb_encoding_find(w->options->encoding)};
	if (low < 0) {
		hebb_status status = reserve(w, size - mark + 1, error);

		if (!status)
			memcpy(w->text, head + mark, size - mark);
		w->size = size - mark;
		return status;
	}
	w->settled.encoding = HB_AS_IS;
	w->settled.is_utf16 = 1;
	w->utf16 = malloc(sizeof *w->utf16);
	if (!w->utf16)
		return hb_out_of_memory(error);
	w->utf16->low = low;
	w->utf16->count = size - mark;
	memcpy(w->utf16->bytes, head + mark, size - mark);
	return HEBB_OK;
}

hb_csv_windows *hb_csv_windows_new(hb_incoming *incoming, const unsigned char *head, size_t size,
				   const hebb_table_options *options, size_t window,
				   long long least, hebb_error *error)
{
	hb_csv_windows *w = calloc(1, sizeof *w);

	if (!w) {
		hb_out_of_memory(error);
		return NULL;
	}
	w->incoming = incoming;
	w->options = options;
	w->window = window;
	w->least = least;
	if (begin(w, head, size, error) == HEBB_OK)
		return w;
	hb_csv_windows_free(w);
	return NULL;
}

/* Gives up the last window. */
static void drop(hb_csv_windows *w)
{
	hb_text_close(&w->shown);
	w->shown = (hb_text){.text = NULL};
	if (w->used == 0)
		return;
	w->size -= w->used;
	memmove(w->text, w->text + w->used, w->size);
	w->used = 0;
}

hebb_status hb_csv_windows_next(hb_csv_windows *w, hebb_table **table, hebb_error *error)
{
	hebb_error why;
	size_t size;

	*table = NULL;
	drop(w);
	hebb_status status = find_window(w, &size, error);
	if (status || is_at_end(w))
		return status;
	w->settled.goes_on = size < w->size || !w->is_over;
	*table = hb_csv_read_window(&w->settled, w->text, size, hb_incoming_name(w->incoming),
				    w->options, &w->shown, error ? error : &why);
	w->used = size;
	return *table ? HEBB_OK : error ? error->status : why.status;
}

const char *hb_csv_windows_text(const hb_csv_windows *w, size_t *size)
{
	*size = w->shown.size;
	return w->shown.text;
}

void hb_csv_windows_free(hb_csv_windows *w)
{
	if (!w)
		return;
	hb_text_close(&w->shown);
	hb_csv_settled_free(&w->settled);
	hebb_pool_free(w->pool);
	free(w->utf16);
	free(w->text);
	free(w);
}
