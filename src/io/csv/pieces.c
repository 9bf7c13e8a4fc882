/* SPDX-License-Identifier: MIT */
/*
 * pieces.c - a text in pieces of whole rows, which threads read at once
 *
 * Neither a table nor a sentence about it may depend on the number of threads. So the rows are
 * counted first: each piece knows its first row and line, and what is read of it has places of its
 * own. A piece in which anything would depend on the rows above it, such as an error or a column
 * that needs doubles from there on, is given up. The calling thread reads it alone, after all that
 * stands above it, and then the pieces below it are read anew. This is rare.
 *
 * Without quotes each line is a row, so that all threads count.
 */
#include "csv.h"

#include <stdlib.h>
#include <string.h>

enum {
	PARTS_EACH = 4, /* a thread has so many pieces in a round */
	ROUND_MOST = 256
};

/* ---- Ends of lines ---- */

/* The next LF and CR, each of which is looked for once. */
struct ends {
	const char *lf, *cr, *end;
};

static const char *find(const char *p, char mark, const char *end)
{
	const char *found = p < end ? memchr(p, mark, (size_t)(end - p)) : NULL;

	return found ? found : end;
}

static struct ends ends_from(const char *p, const char *end)
{
	return (struct ends){find(p, '\n', end), find(p, '\r', end), end};
}

/* Where the line that p stands in is over; p never goes back. */
static const char *pass_line(struct ends *ends, const char *p)
{
	if (ends->lf < p)
		ends->lf = find(p, '\n', ends->end);
	if (ends->cr < p)
		ends->cr = find(p, '\r', ends->end);
	const char *first = ends->lf < ends->cr ? ends->lf : ends->cr;
	if (first == ends->end)
		return first;
	return first + 1 + (first == ends->cr && first + 1 == ends->lf && ends->lf < ends->end);
}

/* ---- Where pieces begin, and how many rows they have ---- */

/* Without quotes: at the first line that begins so far away from the first piece, or behind. */
static void begin_at_lines(hb_csv_pieces *pieces, const hb_csv *r)
{
	struct ends ends = ends_from(r->p, r->end);
	const char *at = r->p;

	for (int i = 0; i < pieces->count; i++) {
		const char *least = r->p + (size_t)i * pieces->size;

		if (at < least)
			at = pass_line(&ends, least - 1);
		pieces->piece[i].p = at;
	}
	pieces->piece[pieces->count].p = r->end;
}

struct counting {
	const hb_csv *r;
	hb_csv_pieces *pieces;
};

/* Counts the rows and lines of a piece, which the next one begins with. */
static void count_piece(void *self, int part, int parts)
{
	const struct counting *counting = self;
	hb_csv_piece *piece = &counting->pieces->piece[part];
	hb_csv r = *counting->r;

	(void)parts;
	r.p = piece[0].p;
	r.end = piece[1].p;
	struct ends ends = ends_from(r.p, r.end);
	long long rows = 0;
	for (; hb_csv_next_row(&r); rows++) {
		r.p = pass_line(&ends, r.p);
		r.line++;
	}
	piece[1].row = rows;
	piece[1].line = r.line - counting->r->line;
}

static void count_lines(hb_csv_pieces *pieces, const hb_csv *r)
{
	struct counting counting = {r, pieces};

	begin_at_lines(pieces, r);
	hebb_pool_run(pieces->pool, pieces->count, count_piece, &counting);
	pieces->piece[0].row = 0;
	pieces->piece[0].line = r->line;
	for (int i = 0; i < pieces->count; i++) {
		pieces->piece[i + 1].row += pieces->piece[i].row;
		pieces->piece[i + 1].line += pieces->piece[i].line;
	}
}

/* With quotes: pieces begin at rows, up to the first that does not have so many columns; the last
 * one has the rest. */
static void count_rows(hb_csv_pieces *pieces, hb_csv r, int columns)
{
	const hb_csv_piece first = {r.p, r.line, 0};
	struct ends ends = ends_from(r.p, r.end);
	long long rows = 0;
	int count = 0, found = columns;

	for (; found == columns && hb_csv_next_row(&r); rows++) {
		const char *row = r.p;
		long long line = r.line;

		if (count < pieces->count && row >= first.p + (size_t)count * pieces->size)
			pieces->piece[count++] = (hb_csv_piece){row, line, rows};
		found = hb_csv_pass_row(&r);
		for (r.line = line; row < r.p; r.line++)
			row = pass_line(&ends, row);
	}
	pieces->piece[0] = first; /* comments above its first row are its own */
	pieces->count = count > 0 ? count : 1;
	pieces->piece[pieces->count] = (hb_csv_piece){r.end, r.line, rows};
}

/* ---- The whole ---- */

void hb_csv_pieces_count(hb_csv_pieces *pieces, const hb_csv *r, int columns, int by_rows)
{
	if (by_rows)
		count_rows(pieces, *r, columns);
	else
		count_lines(pieces, r);
}

hebb_status hb_csv_pieces_new(hb_csv_pieces *pieces, hb_csv *r)
{
	size_t count = (size_t)(r->end - r->p) / pieces->size;

	/* the same bytes for any number of threads */
	if (count >= INT32_MAX || !hb_spend(&r->budget, count * sizeof *pieces->piece))
		count = 0;
	if (hebb_pool_threads(pieces->pool) == 1 || r->line < r->comments_to)
		count = 0;
	pieces->count = (int)count + 1;
	pieces->piece = malloc((count + 2) * sizeof *pieces->piece);
	return pieces->piece ? HEBB_OK : hb_out_of_memory(r->error);
}

void hb_csv_pieces_add_first(hb_csv_pieces *pieces, hb_csv_place first)
{
	for (int i = 1; i <= pieces->count; i++)
		pieces->piece[i].row++;
	pieces->piece[0].p = first.p;
	pieces->piece[0].line = first.line;
}

int hb_csv_pieces_round(const hb_csv_pieces *pieces, int at, hb_budget *budget, size_t bytes)
{
	int parts = PARTS_EACH * hebb_pool_threads(pieces->pool), left = pieces->count - at;

	parts = parts < ROUND_MOST ? parts : ROUND_MOST;
	parts = parts < left ? parts : left;
	while (parts > 1 &&
	       (bytes > SIZE_MAX / ROUND_MOST || !hb_spend(budget, (size_t)parts * bytes)))
		parts /= 2;
	return parts > 1 ? parts : 0;
}

hb_csv hb_csv_piece_reader(const hb_csv *r, const hb_csv_piece *piece, size_t room)
{
	hb_csv part = *r;

	part.p = piece[0].p;
	part.end = piece[1].p;
	part.line = piece[0].line;
	part.commented = 0;
	part.error = NULL;
	part.scratch = NULL;
	part.room = 0;
	part.budget.left = room;
	return part;
}

int hb_csv_next_row_before(hb_csv *r, const char *end)
{
	const char *all = r->end;

	r->end = end;
	int is_there = hb_csv_next_row(r);
	r->end = all;
	return is_there;
}
