/* SPDX-License-Identifier: MIT */
/*
 * texts.c - the texts that a table keeps from CSV: names of columns, and levels
 */
#include "csv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Names ---- */

/* Reads what the header says of column c, if there is one. */
static hebb_status read_name(hb_csv *r, const hebb_table *table, int c, hb_csv_field *field)
{
	int is_row_name = c == 0 && r->has_row_names;

	*field = (hb_csv_field){"row_names", is_row_name ? 9 : 0, 0};
	if (!table->named || is_row_name)
		return HEBB_OK;
	hebb_status status = hb_csv_read(r, field);
	r->p += !status && c + 1 < table->columns;
	return status;
}

/* Names the columns of which the header says something that it did not say before. */
static hebb_status name_said(hb_csv *r, hebb_table *table, hb_levels *names)
{
	hebb_status status = HEBB_OK;
	hb_csv_field field;

	for (int c = 0; c < table->columns && table->named && !status; c++) {
		int count = names->count;

		status = read_name(r, table, c, &field);
		if (status || field.size == 0)
			continue;
		int number = hb_levels_add(names, field.text, field.size);
		if (number < 0)
			return (hebb_status)-number;
		if (number == count)
			table->column[c].name = names->text[number];
	}
	return status;
}

/* Names column c by what the header says and, if that is empty or taken, its number. */
static hebb_status make_name(hb_csv *r, hb_levels *names, hb_csv_field field, int c, char **name)
{
	int count = names->count;
	int number = field.size > 0 ? hb_levels_add(names, field.text, field.size) : 0;

	while (number >= 0 && names->count == count) {
		int is_there = field.text == r->scratch;
		hebb_status status = hb_csv_make_room(r, field.size + 16);

		if (status)
			return status;
		if (!is_there)
			memcpy(r->scratch, field.text, field.size);
		field.text = r->scratch;
		field.size += (size_t)snprintf(r->scratch + field.size, 16,
					       field.size ? ".%d" : "x%d", c + 1);
		number = hb_levels_add(names, field.text, field.size);
	}
	if (number < 0)
		return (hebb_status)-number;
	*name = names->text[number];
	return HEBB_OK;
}

/* Names the other columns, so that no made-up name takes one of the header's. */
static hebb_status name_others(hb_csv *r, hebb_table *table, hb_levels *names)
{
	hebb_status status = HEBB_OK;
	hb_csv_field field;

	for (int c = 0; c < table->columns && names->count < table->columns && !status; c++) {
		status = read_name(r, table, c, &field);
		if (!status && !table->column[c].name)
			status = make_name(r, names, field, c, &table->column[c].name);
	}
	return status;
}

hebb_status hb_csv_names(hb_csv *r, hebb_table *table)
{
	const hb_csv_place header = hb_csv_here(r);
	hb_levels names = {.budget = &r->budget};
	hebb_status status = hb_levels_reserve(&names, table->columns);

	if (!status)
		status = name_said(r, table, &names);
	hb_csv_go(r, header);
	if (!status)
		status = name_others(r, table, &names);
	for (int c = 0; c < table->columns && status; c++)
		table->column[c].name = NULL;
	if (!status)
		names.count = 0; /* they are the table's now */
	hb_levels_clear(&names);
	return status;
}

/* ---- Levels: the second reading ---- */

/* Some of the columns of text, which are numbered apart: those for which there is room at once. */
typedef struct group {
	int from, count, texts; /* of how many */
	hb_levels *levels;
	int failed;  /* the column of the table at which the budget ended; -1: none */
	int is_part; /* of a part of the rows: the table gets no details */
} group;

/* `texts`: columns of text. */
static hebb_status too_many(const hb_csv *r, const hebb_table *table, int texts, const group *g)
{
	char shown[HB_SHOWN];

	if (g->failed < 0 || table->rows < table->columns)
		return hebb_fail(r->error, HEBB_UNSUPPORTED,
				 "%s: %s, %d of them with texts, would take over %d times "
				 "the memory of the file; give it more rows at once",
				 r->name, hebb_show_count(table->columns, "column").text, texts,
				 HB_CSV_TIMES);
	return hebb_fail(r->error, HEBB_UNSUPPORTED,
			 "%s: column \"%s\" has so many different texts that the table would take "
			 "over %d times the memory of the file, or more than %d; leave out columns "
			 "in which few texts occur twice",
			 r->name, hb_show(table->column[g->failed].name, shown), HB_CSV_TIMES,
			 HB_LEVELS_MOST);
}

/* Takes the text of column c in one row; the value is NaN where there is none.  A quoted "NA" is a
 * text, an unquoted one a missing value that may be the name of a class. */
static hebb_status collect_field(hb_csv *r, hebb_table *table, int c, const hb_csv_field *field,
				 float *value, hb_levels *levels, int is_part)
{
	int is_none = hb_csv_is_none(r, field);
	int is_not_available = !is_none && !field->is_quoted && hb_csv_is_missing(r, field);
	int number =
		is_none || is_not_available ? 0 : hb_levels_add(levels, field->text, field->size);

	if (number < 0)
		return (hebb_status)-number;
	*value = is_none || is_not_available ? NAN : (float)number;
	table->column[c].missing += is_none || is_not_available;
	hebb_status status = HEBB_OK;
	if (is_not_available && is_part)
		return hb_detail(table, c) ? HEBB_OK : HEBB_UNSUPPORTED;
	if (is_not_available)
		hb_csv_detail(r, table, c, &status);
	return status;
}

/* Passes a field that is not looked at; but for quotes, in which lines may end, this is quick. */
static hebb_status pass_field(hb_csv *r)
{
	hb_csv_field field;

	if (r->p < r->end && (*r->p == '"' || hb_csv_is_blank(r, *r->p)))
		return hb_csv_read(r, &field);
	hb_csv_pass(r);
	return HEBB_OK;
}

/* Passes so many fields, each with the separator behind it. */
static hebb_status pass_fields(hb_csv *r, int count)
{
	for (count -= hb_csv_pass_blocks(r, count); count > 0; count--, r->p++) {
		hebb_status status = pass_field(r);

		if (status)
			return status;
	}
	return HEBB_OK;
}

/* Passes so many fields at the end of a row. */
static hebb_status pass_rest(hb_csv *r, int count)
{
	hebb_status status = count > 1 ? pass_fields(r, count - 1) : HEBB_OK;

	if (!status && count > 0)
		status = pass_field(r);
	return status;
}

/* Collects the texts of one row. */
static hebb_status collect_row(hb_csv *r, hebb_table *table, float *values, group *g)
{
	int passed = 0; /* columns above c that are read */
	hb_csv_field field;

	for (int c = 0, at = -g->from; c < table->columns; c++) {
		if (table->column[c].kind != HEBB_TEXT)
			continue;
		int i = at++;
		if (i < 0 || i >= g->count)
			continue;
		hebb_status status = pass_fields(r, c - passed);
		if (!status)
			status = hb_csv_read(r, &field);
		if (!status) {
			status = collect_field(r, table, c, &field, &values[c], &g->levels[i],
					       g->is_part);
			g->failed = status ? c : g->failed;
		}
		if (status)
			return status;
		passed = c + 1;
		r->p += passed < table->columns;
	}
	hebb_status status = pass_rest(r, table->columns - passed);
	if (!status)
		hb_csv_end_line(r);
	return status;
}

/* ---- Pieces at once ---- */

/* The texts of a piece, numbered in the order in which they come there. */
struct part {
	hb_csv r;
	hebb_table table; /* a copy, with columns of its own */
	group g;
	int *number; /* of each text of each column, one after another: its number in the table */
	const hb_csv_piece *piece;
	int is_done;
};

/* What the different texts of a part may take. Their numbers in the table take less. */
static size_t texts_bytes(const hb_csv_pieces *pieces)
{
	enum { TIMES = 6 }; /* the size of its text */

	return TIMES * pieces->size + HB_CSV_SCRATCH;
}

/* What else it takes. */
static size_t part_bytes(const hebb_table *table, const group *g)
{
	return sizeof(struct part) + (size_t)table->columns * sizeof(hebb_column) +
	       (size_t)g->count * sizeof(hb_levels);
}

/* Collects the texts of a piece. */
static void collect_part(void *self, int i, int parts)
{
	struct part *part = (struct part *)self + i;
	long long row = part->piece[0].row, end = part->piece[1].row;
	float *values = part->table.values + row * part->table.columns;

	(void)parts;
	for (; row < end && hb_csv_next_row(&part->r); row++, values += part->table.columns)
		if (collect_row(&part->r, &part->table, values, &part->g))
			return;
	part->is_done = row == end && !hb_csv_next_row(&part->r);
}

/* Gives the values of a piece the table's numbers of their texts. */
static void number_part(void *self, int i, int parts)
{
	const struct part *part = (struct part *)self + i;
	const hebb_table *table = &part->table;
	const int *number = part->number;

	(void)parts;
	for (int c = 0, at = -part->g.from; c < table->columns; c++) {
		if (table->column[c].kind != HEBB_TEXT)
			continue;
		if (at >= 0 && at < part->g.count) {
			for (long long row = part->piece[0].row; row < part->piece[1].row; row++) {
				float *value = &table->values[row * table->columns + c];

				*value = isnan(*value) ? *value : (float)number[(int)*value];
			}
			number += part->g.levels[at].count;
		}
		at++;
	}
}

/* The texts of all columns of a part. */
static size_t count_texts(const group *g)
{
	size_t count = 0;

	for (int i = 0; i < g->count; i++)
		count += (size_t)g->levels[i].count;
	return count;
}

/* 1 if the texts of a part have room in the table whatever the order in which they are added. */
static int has_room(const hb_csv *r, const struct part *part, const group *g)
{
	size_t texts = (size_t)(part->piece[1].p - part->piece[0].p) + count_texts(&part->g);
	size_t growth = 0;

	for (int i = 0; i < g->count; i++) {
		if (part->g.levels[i].count > r->budget.texts - g->levels[i].count)
			return 0;
		growth += hb_levels_growth(&g->levels[i], part->g.levels[i].count);
	}
	return texts + 2 * growth <= r->budget.left;
}

/* Adds the texts of a part to those of the table.  NO_MEMORY; else they have room. */
static hebb_status add_texts(struct part *part, group *g)
{
	int *number = malloc((count_texts(&part->g) + 1) * sizeof *number);

	part->number = number;
	if (!number)
		return HEBB_NO_MEMORY;
	for (int i = 0; i < g->count; i++)
		for (int j = 0; j < part->g.levels[i].count; j++) {
			const char *text = part->g.levels[i].text[j];

			*number = hb_levels_add(&g->levels[i], text, strlen(text));
			if (*number++ < 0)
				return HEBB_NO_MEMORY;
		}
	return HEBB_OK;
}

/* Adds what a part has to the table. */
static hebb_status take_part(hb_csv *r, hebb_table *table, struct part *part, group *g)
{
	for (int c = 0; c < table->columns; c++)
		if (table->column[c].kind == HEBB_TEXT)
			table->column[c].missing += part->table.column[c].missing;
	r->p = part->r.p;
	r->line = part->r.line;
	return add_texts(part, g);
}

/* Prepares a part; room: for its texts; memory: for its columns and levels. */
static void begin_part(struct part *part, const hb_csv *r, const hebb_table *table, const group *g,
		       size_t room, void *memory)
{
	part->r = hb_csv_piece_reader(r, part->piece, room);
	part->table = *table;
	part->table.column = memory;
	for (int c = 0; c < table->columns; c++)
		part->table.column[c] = (hebb_column){.kind = table->column[c].kind};
	part->g = *g;
	part->g.is_part = 1;
	part->g.levels = (hb_levels *)(part->table.column + table->columns);
	for (int i = 0; i < g->count; i++)
		part->g.levels[i] = (hb_levels){.budget = &part->r.budget};
}

static void end_part(struct part *part)
{
	for (int i = 0; i < part->g.count; i++)
		hb_levels_clear(&part->g.levels[i]);
	free(part->r.scratch);
	free(part->number);
}

/* Reads pieces from one on at once; *read: so many were read. */
static hebb_status collect_parts(hb_csv *r, const hb_csv_pieces *pieces, hebb_table *table,
				 group *g, int at, int parts, struct part *part, int *read)
{
	size_t each = part_bytes(table, g) - sizeof *part;
	hebb_status status = HEBB_OK;

	for (int i = 0; i < parts; i++) {
		part[i] = (struct part){.piece = &pieces->piece[at + i]};
		begin_part(&part[i], r, table, g, texts_bytes(pieces),
			   (char *)(part + parts) + (size_t)i * each);
	}
	hebb_pool_run(pieces->pool, parts, collect_part, part);
	for (*read = 0; *read < parts && !status; *read += !status) {
		if (!part[*read].is_done || !has_room(r, &part[*read], g))
			break;
		status = take_part(r, table, &part[*read], g);
	}
	if (!status)
		hebb_pool_run(pieces->pool, *read, number_part, part);
	for (int i = 0; i < parts; i++)
		end_part(&part[i]);
	return status;
}

/* The same, with the memory for it; *at moves behind them. *is_stuck: the next is to be read alone.
 */
static hebb_status collect_at_once(hb_csv *r, const hb_csv_pieces *pieces, hebb_table *table,
				   group *g, int *at, int *is_stuck)
{
	size_t each = part_bytes(table, g), texts = 2 * texts_bytes(pieces);
	int parts = hb_csv_pieces_round(pieces, *at, &r->budget, each + texts), read = 0;

	*is_stuck = parts == 0;
	if (parts == 0)
		return HEBB_OK;
	struct part *part = malloc((size_t)parts * each);
	if (!part)
		return HEBB_NO_MEMORY;
	hebb_status status = collect_parts(r, pieces, table, g, *at, parts, part, &read);
	free(part);
	hb_save(&r->budget, (size_t)parts * (each + texts));
	*at += read;
	*is_stuck = read < parts;
	return status;
}

/* Reads the rows of one piece; the next one follows it in memory. */
static hebb_status collect_alone(hb_csv *r, const hb_csv_piece *piece, hebb_table *table, group *g)
{
	float *values = table->values + piece[0].row * table->columns;
	hebb_status status = HEBB_OK;

	for (; !status && hb_csv_next_row_before(r, piece[1].p); values += table->columns)
		status = collect_row(r, table, values, g);
	return status;
}

/* Each group is a reading of its own, after that of the rows. */
static void begin_meter(const hb_csv_pieces *pieces, const group *g)
{
	const double each = (1 - HB_CSV_ROWS_SHARE) / g->texts;

	hebb_meter_part(pieces->meter, HB_CSV_ROWS_SHARE + each * g->from,
			HB_CSV_ROWS_SHARE + each * (g->from + g->count), pieces->count);
}

/* Reads all rows for a group. */
static hebb_status collect_rows(hb_csv *r, const hb_csv_pieces *pieces, hebb_table *table, group *g)
{
	hebb_status status = HEBB_OK;
	int is_stuck;

	begin_meter(pieces, g);
	for (int at = 0, before = 0; at < pieces->count && !status; before = at) {
		status = collect_at_once(r, pieces, table, g, &at, &is_stuck);
		if (!status && is_stuck)
			status = collect_alone(r, &pieces->piece[at++], table, g);
		hebb_meter_add(pieces->meter, at - before);
	}
	return status;
}

/* ---- Settling ---- */

/* Sorts the levels of column c and gives them to the table. */
static hebb_status settle(hb_csv *r, hebb_table *table, int c, hb_levels *levels)
{
	size_t room = 2 * ((size_t)levels->count + 1) * sizeof(int);

	if (!hb_spend(&r->budget, room))
		return HEBB_UNSUPPORTED;
	if (hb_levels_settle(levels, table, c))
		return HEBB_NO_MEMORY;
	hb_save(&r->budget, room);
	return HEBB_OK;
}

/* Settles the columns of a group; those that are settled leave it. */
static hebb_status settle_all(hb_csv *r, hebb_table *table, group *g)
{
	hebb_status status = HEBB_OK;

	for (int c = 0, at = -g->from, count = g->count; c < table->columns && !status; c++) {
		if (table->column[c].kind != HEBB_TEXT)
			continue;
		if (at >= 0 && at < count) {
			status = settle(r, table, c, &g->levels[at]);
			if (status)
				g->failed = c;
			else
				g->from++;
		}
		at++;
	}
	return status;
}

/* The missing values of a group are counted anew. */
static void forget_missing(hebb_table *table, const group *g)
{
	for (int c = 0, at = -g->from; c < table->columns; c++) {
		if (table->column[c].kind != HEBB_TEXT)
			continue;
		if (at >= 0 && at < g->count)
			table->column[c].missing = 0;
		at++;
	}
}

/* Reads all rows for a group, then settles column by column.  NO_MEMORY; UNSUPPORTED: more than the
 * budget; without a sentence. */
static hebb_status collect(hb_csv *r, const hb_csv_pieces *pieces, hebb_table *table, group *g)
{
	size_t size = (size_t)g->count * sizeof *g->levels;
	hebb_status status = HEBB_OK;

	g->failed = -1;
	if (!hb_spend(&r->budget, size))
		return HEBB_UNSUPPORTED;
	g->levels = calloc((size_t)g->count, sizeof *g->levels);
	if (!g->levels)
		return HEBB_NO_MEMORY;
	for (int i = 0; i < g->count; i++)
		g->levels[i].budget = &r->budget;
	forget_missing(table, g);
	status = collect_rows(r, pieces, table, g);
	for (int i = 0; i < g->count; i++)
		hb_levels_close(&g->levels[i]);
	if (!status)
		status = settle_all(r, table, g);
	for (int i = 0; i < g->count; i++)
		hb_levels_clear(&g->levels[i]);
	free(g->levels);
	hb_save(&r->budget, size);
	return status;
}

hebb_status hb_csv_texts(hb_csv *r, const hb_csv_pieces *pieces, hebb_table *table)
{
	enum { GROUPS_MOST = 16 }; /* so many readings */
	const hb_csv_place first = hb_csv_here(r);
	hebb_status status = HEBB_OK;
	int texts = 0;

	for (int c = 0; c < table->columns; c++)
		texts += table->column[c].kind == HEBB_TEXT;
	r->budget.texts = table->rows < HB_LEVELS_MOST ? (int)table->rows : HB_LEVELS_MOST;
	for (group g = {.count = texts, .texts = texts}; g.from < texts && !status;) {
		if (g.count > texts - g.from)
			g.count = texts - g.from;
		hb_csv_go(r, first);
		status = collect(r, pieces, table, &g);
		if (status == HEBB_UNSUPPORTED && g.count > texts / GROUPS_MOST && g.count > 1) {
			g.count = (g.count + 1) / 2;
			status = HEBB_OK;
		}
		if (status == HEBB_UNSUPPORTED)
			too_many(r, table, texts, &g);
		if (status == HEBB_NO_MEMORY)
			hb_out_of_memory(r->error);
	}
	return status;
}

/* ---- Numbers with a unit ---- */

/* What stands behind the number with which each text of a column begins, if it is the same in all;
 * else NULL. Few texts may be names of classes. */
static const char *unit_of(const hebb_column *column)
{
	enum { FEWEST = 10 };
	const char *unit = NULL;

	for (int i = 0; i < column->level_count; i++) {
		const char *text = column->levels[i];
		double value;
		size_t size = hb_parse_double(text, strlen(text), &value);

		if (size == 0 || (unit && strcmp(unit, text + size) != 0))
			return NULL;
		unit = text + size;
	}
	return column->level_count >= FEWEST ? unit : NULL;
}

void hb_csv_note_units(hebb_table *table)
{
	char name[HB_SHOWN], shown[HB_SHOWN];

	for (int c = 0; c < table->columns; c++) {
		const char *unit = unit_of(&table->column[c]);

		if (unit && *unit)
			hb_table_note(table,
				      "%s: column \"%s\": texts, as all its numbers have \"%s\" "
				      "behind them; without that they are read as numbers",
				      table->name, hb_show(table->column[c].name, name),
				      hb_show(unit, shown));
	}
}
