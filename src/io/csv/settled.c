/* SPDX-License-Identifier: MIT */
/*
 * settled.c - what the windows of a text have in common: layout, names, what each column is
 *
 * The first window decides, as if it were the whole text. A column without any value there is
 * decided by the first window that has one. Later windows are read so: other fields are texts.
 */
#define _POSIX_C_SOURCE 200809L
#include "csv.h"

#include <stdlib.h>
#include <string.h>

/* ---- Remembering ---- */

static hebb_status remember_layout(hb_csv_settled *settled, const hb_csv_job *job,
				   const hebb_table *table)
{
	settled->as = (hb_csv){.separator = job->r.separator,
			       .tail = job->r.tail,
			       .trailing = job->r.trailing,
			       .comments = job->r.comments,
			       .missing = job->r.missing,
			       .columns = job->r.columns};
	settled->named = table->named;
	settled->column = calloc((size_t)table->columns, sizeof *settled->column);
	settled->columns = settled->column ? table->columns : 0;
	for (int c = 0; c < settled->columns; c++) {
		settled->column[c].name = strdup(table->column[c].name);
		if (!settled->column[c].name)
			return HEBB_NO_MEMORY;
	}
	return settled->column ? HEBB_OK : HEBB_NO_MEMORY;
}

/* What is decided about a column of numbers. */
static void remember_numbers(hb_csv_settled_column *column, const hb_csv_look *look,
			     const hebb_column_detail *detail)
{
	column->kind = HEBB_NUMBER;
	if (detail && detail->doubles)
		column->needs_doubles = 1;
	if (!look || !look->form)
		return;
	column->form = look->form;
	column->currency = look->currency;
	column->has_specials |= look->specials > 0;
}

hebb_status hb_csv_remember(const hb_csv_job *job, const hebb_table *table)
{
	hb_csv_settled *settled = job->settled;

	if (settled->columns == 0 && remember_layout(settled, job, table))
		return hb_out_of_memory(job->r.error);
	for (int c = 0; c < table->columns; c++) {
		hb_csv_settled_column *column = &settled->column[c];
		int is_text = table->column[c].kind == HEBB_TEXT;

		if (is_text && !column->kind)
			column->kind = HEBB_TEXT;
		if (!is_text && table->column[c].missing < table->rows)
			remember_numbers(column, hb_csv_look_at(&job->looks, c),
					 hb_detail(table, c));
	}
	return HEBB_OK;
}

/* ---- Recalling ---- */

hebb_status hb_csv_recall_names(hb_csv *r, const hb_csv_settled *settled, hebb_table *table)
{
	for (int c = 0; c < table->columns; c++) {
		if (!hb_spend(&r->budget, strlen(settled->column[c].name) + 1))
			return HEBB_UNSUPPORTED;
		table->column[c].name = strdup(settled->column[c].name);
		if (!table->column[c].name)
			return HEBB_NO_MEMORY;
	}
	return HEBB_OK;
}

hebb_status hb_csv_recall_doubles(hb_csv_job *job)
{
	hebb_status status = HEBB_OK;

	for (int c = 0; c < job->columns && !status; c++) {
		const hb_csv_settled_column *settled = hb_csv_settled_at(job, c);

		if (settled && settled->needs_doubles)
			hb_csv_exact_open(&job->r, &job->exact, c, &status);
	}
	return status;
}

/* ---- Notes ---- */

/* A hash of a note without its numbers. */
static uint64_t hash_of(const char *note)
{
	uint64_t hash = HB_FNV;

	for (; *note; note++)
		if (!hb_is_digit(*note))
			hash = hb_fnv(hash, note, 1);
	return hash;
}

/* 1 if it is among the first `count` that were said; else it is said now. */
static int is_said(hb_csv_settled *settled, int count, uint64_t hash)
{
	for (int i = 0; i < count; i++)
		if (settled->said[i] == hash)
			return 1;
	uint64_t *more = realloc(settled->said, ((size_t)settled->said_count + 1) * sizeof *more);
	if (!more)
		return 0; /* it may be said once more */
	settled->said = more;
	settled->said[settled->said_count++] = hash;
	return 0;
}

void hb_csv_forget_notes(hb_csv_settled *settled, hebb_table *table)
{
	const int said = settled->said_count;
	int kept = 0;

	for (int i = 0; i < table->note_count; i++) {
		if (is_said(settled, said, hash_of(table->notes[i])))
			free(table->notes[i]);
		else
			table->notes[kept++] = table->notes[i];
	}
	table->note_count = kept;
	if (kept > 0)
		return;
	free(table->notes);
	table->notes = NULL;
}

void hb_csv_settled_free(hb_csv_settled *settled)
{
	for (int c = 0; c < settled->columns; c++)
		free(settled->column[c].name);
	free(settled->column);
	free(settled->said);
	*settled = (hb_csv_settled){.place = {1, 0}};
}
