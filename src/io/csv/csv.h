/* SPDX-License-Identifier: MIT */
/*
 * csv.h - what the files that read CSV share: where the reading stands, its fields, its texts
 */
#ifndef HEBB_IO_CSV_H
#define HEBB_IO_CSV_H

#include "encoding.h"
#include "../io.h"

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
	int trailing; /* with HB_TAIL_SEPARATOR: so many separators end each row */
	enum hb_csv_comments comments;
	long long comments_to; /* lines above this one that begin with # or % are comments, too */
	long long commented;   /* so many comments were passed */
	int columns;           /* the fields of a row by the first line */
	int has_row_names;     /* the first line has no name for the first column */
	int is_named;          /* the first line was a comment, and is a header */
	int likely;            /* the columns that most of the first rows have */
	int goes_on;           /* more text follows `end` */
	int is_cut;            /* the last row may go on there */
	const char *missing;   /* hebb_table_options.missing */
	const char *name;
	hebb_error *error;
	char *scratch; /* a field that does not stand in the text as it is */
	size_t room;   /* of scratch */
	hb_budget budget;
} hb_csv;

/* How a text was read, to read it again: hebb_table.layout. */
struct hebb_layout {
	hb_encoding encoding;
	int has_header;    /* the first line names the columns */
	size_t begin, end; /* the first line, and the end, in the text as UTF-8 */
	hb_csv as;         /* p, end, name, error and scratch are not set */
};

/* The least room of scratch, so that it is the same whichever field with doubled quotes is the
 * first one. */
#define HB_CSV_SCRATCH 4096

/* Good until the next field is read. */
typedef struct hb_csv_field {
	const char *text;
	size_t size;
	int is_quoted;
} hb_csv_field;

/* What a field can be.  BEYOND: a number that is not a finite float32. */
typedef enum hb_csv_kind { HB_MISSING, HB_NUMBER, HB_BEYOND, HB_TEXT } hb_csv_kind;

/* A place in the text, to read from there again. */
typedef struct hb_csv_place {
	const char *p;
	long long line, commented;
} hb_csv_place;

static inline hb_csv_place hb_csv_here(const hb_csv *r)
{
	return (hb_csv_place){r->p, r->line, r->commented};
}

static inline void hb_csv_go(hb_csv *r, hb_csv_place place)
{
	r->p = place.p;
	r->line = place.line;
	r->commented = place.commented;
}

/* What the fields of a column have been so far; the others were numbers. */
typedef struct hb_csv_seen {
	uint32_t missing, texts;
	uint32_t spelled; /* HB_SPELLED if a number may be written otherwise than we would */
} hb_csv_seen;

/* ---- layout.c ---- */

/* Finds how the text is laid out, and goes to its first line.  BAD_FORMAT: there is none. */
hebb_status hb_csv_find_layout(hb_csv *r, const hebb_table_options *options);

/* Leaves out Ctrl-Z, with which DOS ends a text, unless the text goes on. */
void hb_csv_drop_end(hb_csv *r);

/* How many times of day follow their date after a blank, which separates, in the row at r.p. */
int hb_csv_parts_times(hb_csv r);

/* Whether the line at r->p, which begins with # or %, is a comment. */
int hb_csv_is_comment(const hb_csv *r);

/* ---- fields.c ---- */

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
/* Passes fields, each with the separator behind it, while blocks of bytes have neither quotes nor
 * ends of lines; at most `count`.  Returns how many: this is quicker than one by one. */
int hb_csv_pass_blocks(hb_csv *r, int count);
/* Passes a row so; returns its fields. */
int hb_csv_pass_row(hb_csv *r);

/* Passes a field and returns it as it stands in the text, quotes and all. */
hb_csv_field hb_csv_raw(hb_csv *r);

/* Such a field without the quotes around it; doubled ones within stay. */
static inline hb_csv_field hb_csv_unquoted(hb_csv_field raw)
{
	if (raw.size < 2 || *raw.text != '"' || raw.text[raw.size - 1] != '"')
		return raw;
	return (hb_csv_field){raw.text + 1, raw.size - 2, 1};
}

/* 1 if the field is the word, in letters of any case. */
int hb_csv_is_word(const hb_csv_field *field, const char *word);

/* 1 if the field is missing wherever it stands: empty, or one that the options name.  1 too for ?,
 * NA and the like, which are missing among numbers and, but for ?, may be names of classes. */
int hb_csv_is_none(const hb_csv *r, const hb_csv_field *field);
int hb_csv_is_missing(const hb_csv *r, const hb_csv_field *field);

/* *value: NaN of a missing field, infinity of one beyond, else the number or 0. */
hb_csv_kind hb_csv_kind_of(const hb_csv *r, const hb_csv_field *field, float *value);
/* The same without what the options name as missing. */
hb_csv_kind hb_csv_classify(const hb_csv_field *field, float *value);

/* Makes scratch so large, and keeps its contents.  NO_MEMORY; UNSUPPORTED: over the budget. */
hebb_status hb_csv_make_room(hb_csv *r, size_t room);

/* ---- doubles.c ---- */

/* The doubles of the columns whose numbers float32 does not give back. */
typedef struct hb_csv_exact {
	struct hb_csv_doubles {
		double *value;  /* by row, from the first that needs it on; NULL: none does */
		long long from; /* that row */
		int is_short;   /* 1: there is no room for them */
	} * column;             /* NULL: float32 gives back all */
	int columns;
	long long rows; /* the most that there can be */
	long long row;  /* that is being read */
	int is_part;    /* no column gets doubles: those above this part of the rows might */
	struct hb_csv_lost {
		long long row;
		int column; /* counted from 1; 0: none */
		char text[HB_SHOWN];
	} lost; /* the first integer that double does not hold */
} hb_csv_exact;

/* Where a number of column c in exact->row goes; NULL: float32 is enough so far. */
static inline double *hb_csv_double_at(const hb_csv_exact *exact, int c)
{
	return exact->column && exact->column[c].value ? &exact->column[c].value[exact->row] : NULL;
}

/* Column c has, or needs from here on, a double; the text is its number in exact->row. */
hebb_status hb_csv_keep(hb_csv *r, hb_csv_exact *exact, int c, const char *text, size_t size);
/* A row comes before the `rows` that there are; exact->row is 0. */
void hb_csv_exact_insert(hb_csv_exact *exact, long long rows);
/* Gives the doubles of NUMBER columns to the table, whose first row is at r->p. */
hebb_status hb_csv_doubles(hb_csv *r, hb_csv_exact *exact, hebb_table *table);
void hb_csv_exact_free(hb_csv_exact *exact);

/* hb_add_detail(), paid for by the budget; NULL: there is no room, or (*status) no memory. */
hebb_column_detail *hb_csv_detail(hb_csv *r, hebb_table *table, int c, hebb_status *status);

/* Doubles for column c from the first row on; NULL: there is no room, or (*status) no memory. */
double *hb_csv_exact_open(hb_csv *r, hb_csv_exact *exact, int c, hebb_status *status);
/* Gives them up. */
void hb_csv_exact_close(hb_csv *r, hb_csv_exact *exact, int c);

/* ---- dates.c, forms.c ---- */

enum { HB_FORMS = HEBB_FORM_DATE_MDY + 1 }; /* above all values of hebb_form */
#define HB_FORM_BIT(form) (1u << (form))
#define HB_FORMS_ALL (HB_FORM_BIT(HB_FORMS) - HB_FORM_BIT(HEBB_FORM_PLAIN))

/* What a value has beside a number. */
typedef struct hb_signs {
	int special;  /* 1: it is percent or a time of day, as all values of the column are then */
	int currency; /* by its number; 0: none */
} hb_signs;

/* 1 if all of the text is a value in this form; *signs: what stood beside it. */
int hb_date_read(hebb_form form, const char *text, size_t size, double *value, int *is_clock);
int hb_form_read(hebb_form form, const char *text, size_t size, double *value, hb_signs *signs);
/* Which of these forms, as bits, the text has; value[form]: its value in each of them. */
unsigned hb_form_read_all(unsigned forms, const char *text, size_t size, double value[HB_FORMS],
			  hb_signs *signs);
/* 1 if it is a number or a date in any form. */
int hb_form_read_any(const char *text, size_t size, double *value);
/* How a column of the form is read, for a note; NULL: as everybody expects. */
const char *hb_form_how(hebb_form form);

/* ---- look.c ---- */

/* What earlier windows of a text decided of a column. */
typedef struct hb_csv_settled_column {
	char *name;
	hebb_column_kind kind;   /* 0: no value has been seen */
	hebb_form form;          /* 0: nobody had to look */
	unsigned short currency; /* of its numbers, if they have one */
	unsigned char
		has_specials; /* its numbers have signs that all have or none, such as percent */
	unsigned char needs_doubles; /* float32 did not hold one of its numbers */
} hb_csv_settled_column;

/* What a second look tells of a column in which some text is no plain number. */
typedef struct hb_csv_look {
	int column;
	unsigned short forms; /* those that all its values fit, as bits */
	unsigned short currency;
	uint32_t values, specials, marks;
	uint32_t dots;  /* values that are other numbers if a dot stands between thousands */
	uint64_t which; /* of the marks were there, as bits */
	hebb_form form; /* 0: texts */
	const hb_csv_settled_column *settled; /* an earlier window has decided; else NULL */
} hb_csv_look;

typedef struct hb_csv_looks {
	hb_csv_look *look; /* in the order of the columns */
	int count, room;
	unsigned allowed;   /* forms, as bits */
	int takes_infinite; /* a number that is infinite is missing; else it is an error */
} hb_csv_looks;

/* What is wrong with a number that is infinite. */
#define HB_BEYOND_FLOAT "is infinite or too large for float32"

/* Makes room for so many looks; none if the budget is too small, so that the columns are texts. */
hebb_status hb_csv_looks_new(hb_csv *r, hb_csv_looks *looks, int count,
			     const hebb_table_options *options);
void hb_csv_looks_add(hb_csv_looks *looks, int column);
/* Adds one at a column of numbers whose form was decided before. */
void hb_csv_looks_add_settled(hb_csv_looks *looks, int column,
			      const hb_csv_settled_column *settled);
/* The look at a column, or NULL. */
hb_csv_look *hb_csv_look_at(const hb_csv_looks *looks, int column);
/* 1 for what people and programs write where a number is missing, such as - and #N/A. */
int hb_csv_is_mark(const hb_csv_field *field);
/* 1 if the column has a form, and such a field: a value, or a mark that is in it. */
int hb_csv_look_knows(const hb_csv_look *look, const hb_csv_field *field);
/* Looks at the row at r->p and all below it. */
hebb_status hb_csv_look_rows(hb_csv *r, hb_csv_looks *looks, int columns);
/* Decides the forms. */
void hb_csv_look_decide(const hb_csv *r, hb_csv_looks *looks);
/* 1 if a comma among the digits of some column may stand for the decimal point, so that plain
 * numbers of other columns tell more, and dots there may stand between thousands. */
int hb_csv_looks_doubt_dots(const hb_csv_looks *looks);
/* Forgets the columns that are plain numbers and have no texts. */
void hb_csv_looks_forget_plain(hb_csv_looks *looks, const hb_csv_seen *seen);
/* Has this form if its values fit it, because the column has it elsewhere; -1: no column. */
void hb_csv_looks_suggest(const hb_csv_looks *looks, int column, hebb_form form);
/* Reads the values of the columns that have a form, from the first row of the table at r->p on. */
hebb_status hb_csv_look_fill(hb_csv *r, const hb_csv_looks *looks, hb_csv_exact *exact,
			     hebb_table *table);
void hb_csv_look_notes(const hb_csv_looks *looks, hebb_table *table);
/* Forgets the columns without a form. */
void hb_csv_looks_shrink(hb_csv *r, hb_csv_looks *looks);
void hb_csv_looks_free(hb_csv *r, hb_csv_looks *looks);

/* ---- header.c ---- */

/* A first line and what was found below it. */
typedef struct hb_csv_first {
	hb_csv r; /* at the first line; a copy */
	hb_csv_place second;
	const hb_csv_seen *seen;
	const hb_csv_looks *looks;
	const hebb_table_options *options;
	hebb_table *table; /* its rows are those below; it gets the notes */
} hb_csv_first;

/* Whether the first line names the columns below it. */
int hb_csv_is_header(const hb_csv_first *first);

/* ---- pieces.c ---- */

#define HB_CSV_PIECE (1 << 18) /* bytes */

/* The share of reading a table up to its rows, which its texts follow. */
#define HB_CSV_ROWS_SHARE 0.8

/* Where a piece of the text begins. */
typedef struct hb_csv_piece {
	const char *p;
	long long line, row;
} hb_csv_piece;

/* The rows below the first line in pieces; the last `piece` is where the text ends. */
typedef struct hb_csv_pieces {
	hebb_pool *pool;   /* borrowed */
	hebb_meter *meter; /* borrowed; NULL: nobody asks how far the reading is */
	size_t size;       /* bytes of a piece, about */
	hb_csv_piece *piece;
	int count;
} hb_csv_pieces;

/* Makes room for the pieces of what follows r->p; one if there is no room for more. */
hebb_status hb_csv_pieces_new(hb_csv_pieces *pieces, hb_csv *r);
/* Finds where they begin. Without quotes each line is a row; by_rows: slower, for any text, up to
 * the first row that does not have so many columns. */
void hb_csv_pieces_count(hb_csv_pieces *pieces, const hb_csv *r, int columns, int by_rows);
/* The first line is a row, too. */
void hb_csv_pieces_add_first(hb_csv_pieces *pieces, hb_csv_place first);
/* How many pieces, from one on, are read at once; each takes so many bytes of the budget, to be
 * saved again. 0: one is read alone. */
int hb_csv_pieces_round(const hb_csv_pieces *pieces, int at, hb_budget *budget, size_t bytes);
/* A reader for a piece, with a budget of its own, which tells no errors. */
hb_csv hb_csv_piece_reader(const hb_csv *r, const hb_csv_piece *piece, size_t room);
/* hb_csv_next_row() for rows that begin before a place. */
int hb_csv_next_row_before(hb_csv *r, const char *end);

/* ---- texts.c ---- */

/* Names the columns after the line at r->p or, without table->named, x1, x2, ...  NO_MEMORY;
 * UNSUPPORTED: more than the budget; without a sentence. */
hebb_status hb_csv_names(hb_csv *r, hebb_table *table);

/* Collects the levels of the TEXT columns of a table whose other values have been read, from its
 * first row at r->p on.  Those in which NA and the like stand unquoted get a detail. */
hebb_status hb_csv_texts(hb_csv *r, const hb_csv_pieces *pieces, hebb_table *table);

/* Tells of columns that are texts only because of a unit behind each number: 5 kg. */
void hb_csv_note_units(hebb_table *table);

/* ---- spellings.c ---- */

/* Keeps the spellings of the columns that are wanted, by column, if they are few, from the first
 * row of the table at r->p on; *wanted may be NULL, and is to be freed. */
hebb_status hb_csv_spellings(hb_csv *r, hebb_table *table, unsigned char **wanted);

/* ---- settled.c ---- */

/* What the first window of a text decides for those that follow, and where the next one begins.
 * Begins as {.place = {1, 0}}. */
typedef struct hb_csv_settled {
	hb_text_place place;
	int goes_on;          /* text follows the window that is read */
	hb_encoding encoding; /* what is asked for or was found */
	int is_utf16;         /* it was, and is UTF-8 now */
	size_t largest;       /* bytes of a window */
	hb_csv as;            /* as hebb_layout.as */
	int columns;          /* 0: no window has been read */
	int named;
	hb_csv_settled_column *column;
	hebb_pool *pool; /* borrowed */
	uint64_t *said;  /* hashes of the notes */
	int said_count;
} hb_csv_settled;

struct hb_csv_job;

/* Keeps what the job decided about its layout and the columns of the table. */
hebb_status hb_csv_remember(const struct hb_csv_job *job, const hebb_table *table);
/* Names the columns as in earlier windows.  NO_MEMORY; UNSUPPORTED: more than the budget. */
hebb_status hb_csv_recall_names(hb_csv *r, const hb_csv_settled *settled, hebb_table *table);
/* Makes doubles for the columns that needed them. */
hebb_status hb_csv_recall_doubles(struct hb_csv_job *job);
/* Takes away the notes that an earlier window had, but for their numbers. */
void hb_csv_forget_notes(hb_csv_settled *settled, hebb_table *table);
void hb_csv_settled_free(hb_csv_settled *settled);

/* ---- reader.c ---- */

/* One reading of a text: the first line apart from the rows below it. */
typedef struct hb_csv_job {
	hb_csv r;
	size_t size; /* of the text */
	int columns;
	hb_csv_place first, second; /* the first line; what follows it */
	long long commented;        /* comments in the text */
	hb_csv_pieces pieces;
	hb_csv_seen *seen;
	hb_csv_exact exact;
	hb_csv_looks looks;
	unsigned char *spelled; /* by column: its spellings may be wanted; NULL: none */
	const hebb_table_options *options;
	int beyond;              /* 1 if any number is not a finite float32 */
	hb_csv_settled *settled; /* of a window: what is decided for all; NULL: it is no window */
	int is_later;            /* an earlier window has decided */
	long long last_line;     /* of the text */
} hb_csv_job;

/* What was decided about the column before, or NULL. */
static inline const hb_csv_settled_column *hb_csv_settled_at(const hb_csv_job *job, int column)
{
	return job->is_later ? &job->settled->column[column] : NULL;
}

/* hb_csv_parse(), where the threads of a pool read pieces of so many bytes. */
hebb_table *hb_csv_parse_in_pieces(const unsigned char *bytes, size_t size, const char *name,
				   const hebb_table_options *options, hebb_pool *pool, size_t piece,
				   hebb_error *error);

/* Reads whole rows of a text, UTF-8 or not, as a table; settled->place moves behind them.  text: to
 * be closed after the table, NULL or not. */
hebb_table *hb_csv_read_window(hb_csv_settled *settled, const void *bytes, size_t size,
			       const char *name, const hebb_table_options *options, hb_text *text,
			       hebb_error *error);

/* More memory would be needed than the file allows. */
hebb_status hb_csv_too_large(const hb_csv_job *job, long long rows);

/* ---- values.c ---- */

/* Reads the row at r->p, as the row job->exact.row of the table. */
hebb_status hb_csv_read_row(hb_csv_job *job, float *values);
/* Reads the rows below the first line; table->rows counts them. */
hebb_status hb_csv_read_rows(hb_csv_job *job, hebb_table *table);

/* ---- ragged.c ---- */

/* Passes the rest of a row, not the end of its line; counts its fields. */
hebb_status hb_csv_count_fields(hb_csv *r, int *columns);
/* Refuses the row at `row`, which has too many or too few fields. */
hebb_status hb_csv_refuse_ragged(hb_csv_job *job, hb_csv_place row);
/* Refuses a text in which a line below the first has the names that a model's inputs have. */
hebb_status hb_csv_check_names(hb_csv_job *job);

/* ---- columns.c ---- */

/* A second look at the columns with texts, and at all if their commas put dots in doubt, in the
 * rows from a place on. */
hebb_status hb_csv_look_again(hb_csv_job *job, hb_csv_place first);

/* Decides what each column is, after it is known whether there is a header. */
hebb_status hb_csv_settle_columns(hb_csv_job *job, hebb_table *table);

#endif
