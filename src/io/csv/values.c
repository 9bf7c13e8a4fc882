/* SPDX-License-Identifier: MIT */
/*
 * values.c - the rows of a text as numbers: all that most files need
 *
 * Pieces of the text are read at once (pieces.c). What a piece tells of the columns is added to
 * what those above it told.
 */
#include "csv.h"
#include "../number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- A row ---- */

/* Reads a field of column c as a value and notes what it is. */
static hebb_status read_value(hb_csv_job *job, float *value, int c)
{
	hb_csv *r = &job->r;
	hb_csv_field field;
	hb_csv_seen *seen = &job->seen[c];
	const char *start = r->p;
	double *exact = hb_csv_double_at(&job->exact, c);
	unsigned about = seen->spelled;

	size_t size = hb_parse_number(r->p, (size_t)(r->end - r->p), value, exact, &about);
	r->p += size;
	if (size > 0 && hb_csv_ends_field(r) && isfinite(*value) && !r->missing) {
		hb_csv_settle(r);
		seen->spelled = about & HB_SPELLED;
		return exact || about & HB_ROUNDED ? hb_csv_keep(r, &job->exact, c, start, size)
						   : HEBB_OK;
	}
	r->p = start;
	hebb_status status = hb_csv_read(r, &field);
	if (status)
		return status;
	hb_csv_kind kind = hb_csv_kind_of(r, &field, value);
	seen->missing += kind == HB_MISSING;
	seen->texts += kind == HB_TEXT;
	job->beyond |= kind == HB_BEYOND;
	if (exact)
		*exact = (double)*value;
	if (kind != HB_NUMBER)
		return HEBB_OK;
	about = seen->spelled;
	hb_parse_number(field.text, field.size, value, exact, &about);
	seen->spelled = about & HB_SPELLED;
	return exact || about & HB_ROUNDED ? hb_csv_keep(r, &job->exact, c, field.text, field.size)
					   : HEBB_OK;
}

hebb_status hb_csv_read_row(hb_csv_job *job, float *values)
{
	hb_csv *r = &job->r;
	hb_csv_place row = hb_csv_here(r);

	for (int c = 0;; r->p++) {
		hebb_status status = read_value(job, &values[c], c);
		if (status)
			return status;
		c++;
		if (hb_csv_ends_line(r) ? c < job->columns : c == job->columns)
			return job->exact.is_part ? HEBB_BAD_FORMAT
						  : hb_csv_refuse_ragged(job, row);
		if (c == job->columns)
			break;
	}
	hb_csv_end_line(r);
	return HEBB_OK;
}

/* ---- A piece alone ---- */

/* Reads the rows that begin before a place. */
static hebb_status read_alone(hb_csv_job *job, hebb_table *table, const char *end)
{
	hb_csv *r = &job->r;
	hebb_status status = HEBB_OK;

	while (!status && hb_csv_next_row_before(r, end)) {
		if (r->line > UINT32_MAX)
			return hebb_fail(r->error, HEBB_UNSUPPORTED, "%s: more than %u lines",
					 r->name, UINT32_MAX);
		job->exact.row = table->rows;
		table->line[table->rows] = (uint32_t)r->line;
		status = hb_csv_read_row(job, table->values + table->rows * table->columns);
		table->rows++;
	}
	return status;
}

/* ---- Pieces at once ---- */

/* A piece, and what it tells. */
struct part {
	hb_csv_job job; /* a copy, with a reader of its own */
	hebb_table *table;
	const hb_csv_piece *piece;
	int is_done; /* all of its rows were read */
};

static void read_part(void *self, int i, int parts)
{
	struct part *part = (struct part *)self + i;
	hebb_table *table = part->table;
	hb_csv_job *job = &part->job;
	hb_csv *r = &job->r;
	long long row = part->piece[0].row, end = part->piece[1].row;

	(void)parts;
	for (; row < end && hb_csv_next_row(r) && r->line <= UINT32_MAX; row++) {
		job->exact.row = row;
		table->line[row] = (uint32_t)r->line;
		if (hb_csv_read_row(job, table->values + row * table->columns))
			return;
	}
	part->is_done = row == end && !hb_csv_next_row(r);
}

/* Prepares a piece; what columns were is known already. */
static void begin_part(struct part *part, const hb_csv_job *job, hb_csv_seen *seen)
{
	part->job.r = hb_csv_piece_reader(&job->r, part->piece, HB_CSV_SCRATCH);
	part->job.seen = seen;
	part->job.exact.is_part = 1;
	part->job.exact.lost.column = 0;
	part->job.beyond = 0;
	for (int c = 0; c < job->columns; c++)
		seen[c] = (hb_csv_seen){.spelled = job->seen[c].spelled};
}

/* Adds what a piece told, and goes behind it; 0: it is to be read alone. */
static int take_part(hb_csv_job *job, hebb_table *table, const struct part *part)
{
	const hb_csv_job *from = &part->job;

	if (!part->is_done || (from->r.room > 0 && hb_csv_make_room(&job->r, from->r.room)))
		return 0;
	for (int c = 0; c < job->columns; c++) {
		job->seen[c].missing += from->seen[c].missing;
		job->seen[c].texts += from->seen[c].texts;
		job->seen[c].spelled |= from->seen[c].spelled;
	}
	if (!job->exact.lost.column)
		job->exact.lost = from->exact.lost;
	job->beyond |= from->beyond;
	job->r.p = from->r.p;
	job->r.line = from->r.line;
	job->r.commented += from->r.commented;
	table->rows = part->piece[1].row;
	return 1;
}

/* Reads pieces from one on at once; returns those that were read. */
static int read_parts(hb_csv_job *job, hebb_table *table, int at, int parts, struct part *part)
{
	hb_csv_seen *seen = (hb_csv_seen *)(part + parts);
	int read = 0;

	for (int i = 0; i < parts; i++) {
		part[i] = (struct part){
			.job = *job, .table = table, .piece = &job->pieces.piece[at + i]};
		begin_part(&part[i], job, seen + (size_t)i * (size_t)job->columns);
	}
	hebb_pool_run(job->pieces.pool, parts, read_part, part);
	while (read < parts && take_part(job, table, &part[read]))
		read++;
	for (int i = 0; i < parts; i++)
		free(part[i].job.r.scratch);
	return read;
}

/* The same, with the memory for it; *at moves behind them. *is_stuck: the next is to be read alone.
 */
static hebb_status read_at_once(hb_csv_job *job, hebb_table *table, int *at, int *is_stuck)
{
	size_t each = sizeof(struct part) + (size_t)job->columns * sizeof *job->seen;
	size_t paid = each + HB_CSV_SCRATCH;
	int parts = hb_csv_pieces_round(&job->pieces, *at, &job->r.budget, paid);

	*is_stuck = parts == 0;
	if (parts == 0)
		return HEBB_OK;
	struct part *part = malloc((size_t)parts * each);
	if (!part)
		return hb_out_of_memory(job->r.error);
	int read = read_parts(job, table, *at, parts, part);
	*at += read;
	*is_stuck = read < parts;
	free(part);
	hb_save(&job->r.budget, (size_t)parts * paid);
	return HEBB_OK;
}

/* ---- The whole ---- */

hebb_status hb_csv_read_rows(hb_csv_job *job, hebb_table *table)
{
	const hb_csv_pieces *pieces = &job->pieces;
	hebb_status status = HEBB_OK;
	int is_stuck;

	table->rows = 0;
	hebb_meter_part(pieces->meter, HB_BYTES_SHARE, HB_CSV_ROWS_SHARE, pieces->count);
	for (int at = 0, before = 0; at < pieces->count && !status; before = at) {
		status = read_at_once(job, table, &at, &is_stuck);
		if (!status && is_stuck)
			status = read_alone(job, table, pieces->piece[++at].p);
		hebb_meter_add(pieces->meter, at - before);
	}
	job->commented = job->r.commented;
	job->last_line = job->r.line;
	return status;
}
