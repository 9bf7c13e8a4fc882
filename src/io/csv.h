/* SPDX-License-Identifier: MIT */
/*
 * csv.h - what the files that read CSV share: where the reading stands, its fields, its texts
 */
#ifndef HEBB_IO_CSV_H
#define HEBB_IO_CSV_H

#include "encoding.h"
#include "io.h"

/* A table takes at most so many times the size of its text, and so many bytes. */
#define HB_CSV_TIMES 4
#define HB_CSV_MORE (1 << 20)

/* What may follow the last field of a row, besides the end of the line. */
enum hb_csv_tail { HB_TAIL_NONE, HB_TAIL_BLANKS, HB_TAIL_SEPARATOR };

/* Which lines that begin with # or % are comments: none; all; those that have not as many fields as
 * a row; all but rows that begin with a mark of a spreadsheet, such as #N/A. */
enum hb_csv_comments { HB_COMMENTS_NONE, HB_COMMENTS_ALL, HB_COMMENTS_ODD, HB_COMMENTS_BUT_MARKS };

/* Where the reading stands. */
typedef struct hb_csv {
	const char *p, *end;
	long long line; /* of p */
	char separator; /* ' ': any number of blanks and tabs */
	enum hb_csv_tail tail;
	enum hb_csv_comments comments;
	long long commented; /* so many comments were passed */
	int columns;         /* the fields of a row by the first line */
	int has_row_names;   /* the first line has no name for the first column */
	int is_named;        /* the first line was a comment, and is a header */
	int likely;          /* the columns that most of the first rows have */
	const char *name;
	hebb_error *error;
	char *scratch; /* a field that does not stand in the text as it is */
	size_t room;   /* of scratch */
	hb_budget budget;
} hb_csv;

/* How a text was read, to read it again: hebb_table.layout. */
struct hebb_layout {
	hb_encoding encoding;
	size_t begin, end; /* the first line, and the end, in the text as UTF-8 */
	hb_csv as;         /* p, end, name, error and scratch are not set */
};

/* Good until the next field is read. */
typedef struct hb_csv_field {
	const char *text;
	size_t size;
} hb_csv_field;

/* What a field can be.  BEYOND: a number that is not a finite float32. */
typedef enum hb_csv_kind { HB_MISSING, HB_NUMBER, HB_BEYOND, HB_TEXT } hb_csv_kind;

/* A place in the text, to read from there again. */
typedef struct hb_csv_place {
	const char *p;
	long long line;
} hb_csv_place;

static inline hb_csv_place hb_csv_here(const hb_csv *r)
{
	return (hb_csv_place){r->p, r->line};
}

static inline void hb_csv_go(hb_csv *r, hb_csv_place place)
{
	r->p = place.p;
	r->line = place.line;
}

/* What the fields of a column have been so far; the others were numbers. */
typedef struct hb_csv_seen {
	uint32_t missing, texts;
} hb_csv_seen;

/* ---- csv_layout.c ---- */

/* Finds how the text is laid out, and goes to its first line.  BAD_FORMAT: there is none. */
hebb_status hb_csv_find_layout(hb_csv *r, const hebb_table_options *options);

/* Whether the line at r->p, which begins with # or %, is a comment. */
int hb_csv_is_comment(const hb_csv *r);

/* ---- csv_header.c ---- */

/* A first line and what was found below it. */
typedef struct hb_csv_first {
	hb_csv r; /* at the first line; a copy */
	hb_csv_place second;
	const hb_csv_seen *seen;
	const hebb_table_options *options;
	hebb_table *table; /* its rows are those below; it gets the notes */
} hb_csv_first;

/* Whether the first line names the columns below it. */
int hb_csv_is_header(const hb_csv_first *first);

/* ---- csv_fields.c ---- */

static inline int hb_csv_ends_line(const hb_csv *r)
{
	return r->p == r->end || *r->p == '\n' || *r->p == '\r';
}

static inline int hb_csv_ends_field(const hb_csv *r)
{
	return hb_csv_ends_line(r) || *r->p == r->separator ||
	       (*r->p == '\t' && r->separator == ' ');
}

/* 1 if the character is a blank, which does not count beside a field. */
static inline int hb_csv_is_blank(const hb_csv *r, char c)
{
	return c == ' ' || (c == '\t' && r->separator != '\t');
}

/* Passes the end of a line, of any kind. */
void hb_csv_end_line(hb_csv *r);
/* Passes blank lines and comments; 0 at the end of the text. */
int hb_csv_next_row(hb_csv *r);

/* Passes all of a line, quotes or not. */
void hb_csv_pass_line(hb_csv *r);

/* After a field: passes what may follow the last one of a row, if it is the last. */
void hb_csv_pass_tail(hb_csv *r);
static inline void hb_csv_settle(hb_csv *r)
{
	if (r->tail)
		hb_csv_pass_tail(r);
}

/* Reads a field, up to the separator or the end of the line. */
hebb_status hb_csv_read(hb_csv *r, hb_csv_field *field);
/* Passes a field, or what is wrong with it; lines within are not counted. */
void hb_csv_pass(hb_csv *r);

/* Passes a field and returns it as it stands in the text, quotes and all. */
hb_csv_field hb_csv_raw(hb_csv *r);

/* Such a field without the quotes around it; doubled ones within stay. */
static inline hb_csv_field hb_csv_unquoted(hb_csv_field raw)
{
	if (raw.size < 2 || *raw.text != '"' || raw.text[raw.size - 1] != '"')
		return raw;
	return (hb_csv_field){raw.text + 1, raw.size - 2};
}

/* *value: NaN of a missing field, infinity of one beyond, else the number or 0. */
hb_csv_kind hb_csv_classify(const hb_csv_field *field, float *value);

/* Makes scratch so large, and keeps its contents.  NO_MEMORY; UNSUPPORTED: over the budget. */
hebb_status hb_csv_make_room(hb_csv *r, size_t room);

/* ---- csv_texts.c ---- */

/* Names the columns after the line at r->p or, without table->named, x1, x2, ...  NO_MEMORY;
 * UNSUPPORTED: more than the budget; without a sentence. */
hebb_status hb_csv_names(hb_csv *r, hebb_table *table);

/* Collects the levels of the TEXT columns of a table whose other values have been read, from its
 * first row at r->p on. */
hebb_status hb_csv_texts(hb_csv *r, hebb_table *table);

#endif
