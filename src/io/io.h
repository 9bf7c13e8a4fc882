/* SPDX-License-Identifier: MIT */
/*
 * io.h - what the files of src/io share
 *
 * Every reader takes bytes that nobody has checked and a name for messages, and either returns a
 * whole object or fills in the error and returns NULL.
 */
#ifndef HEBB_IO_IO_H
#define HEBB_IO_IO_H

#include <float.h>
#include <math.h>

#include "hebb_advanced.h"
#include "hebb_io.h"

/* ---- message.c ---- */

#define HB_SHOWN 48       /* bytes for a text in a message */
#define HB_MARKS_MOST 128 /* bytes for hebb_column_detail.marks */

/* NO_MEMORY with a sentence. */
hebb_status hb_out_of_memory(hebb_error *error);

/* BAD_ARGUMENT: a pointer that is wanted is NULL. */
hebb_status hb_absent(const char *what, hebb_error *error);

/* BAD_ARGUMENT: the table is NULL, or one of the n rows (NULL: rows 0 .. n - 1) is not a row of the
 * table. */
hebb_status hb_check_rows(const hebb_table *table, long long n, const long long *row,
			  hebb_error *error);

/* Row i of such a list. */
static inline long long hb_row_at(const long long *row, long long i)
{
	return row ? row[i] : i;
}

/* As hebb_fail(), with the line and column (0: does not apply). */
#if defined __GNUC__
__attribute__((format(printf, 5, 6)))
#endif
hebb_status
hb_fail_at(hebb_error *error, hebb_status status, long long line, long long column,
	   const char *format, ...);

/* Asks the memory for what is read soon. */
#if defined __GNUC__
#define HB_EXPECT(address) __builtin_prefetch(address)
#else
#define HB_EXPECT(address) ((void)(address))
#endif

/* BAD_FORMAT, with the line if the table has lines: "data.csv:17: column "x" WHAT". */
hebb_status hb_fail_in_row(const hebb_table *table, long long row, int column, const char *what,
			   hebb_error *error);
hebb_status hb_fail_missing(const hebb_table *table, long long row, int column, int is_target,
			    hebb_error *error);
/* There is a text where a number belongs; advice: what follows, or "". */
hebb_status hb_fail_text(const hebb_table *table, long long row, int column, const char *advice,
			 hebb_error *error);

/* A text fit for a message, in the buffer: hebb_show(). */
const char *hb_show(const char *text, char buffer[HB_SHOWN]);

/* ---- incoming.c ---- */

/* The bytes of a file or a pipe as they come, gzip undone. */
typedef struct hb_incoming hb_incoming;

/* "-": standard input. Close it with hb_incoming_close(). */
hb_incoming *hb_incoming_open(const char *path, hebb_error *error);
/* Bytes in memory, which are borrowed, gzip or not. */
hb_incoming *hb_incoming_of(const void *bytes, size_t size, const char *name, hebb_error *error);
/* Reads `most` bytes, or less at the end; after a failure too the *got bytes count. */
hebb_status hb_incoming_read(hb_incoming *input, void *bytes, size_t most, size_t *got,
			     hebb_error *error);
/* 1: it failed because of a signal whose handler restarts nothing, and may go on. */
int hb_incoming_is_interrupted(const hb_incoming *input);
/* The bytes of a regular file, gzip not undone; else 0. */
unsigned long long hb_incoming_size(const hb_incoming *input);
/* For messages. */
const char *hb_incoming_name(const hb_incoming *input);
/* Tells a meter how much of a file was read; with the last byte it is at the share `last`. */
void hb_incoming_measure(hb_incoming *input, hebb_meter *meter, double last);
void hb_incoming_close(hb_incoming *input);

/* IO: what the number says of the file. */
hebb_status hb_fail_io(hebb_error *error, const char *name, int number);

/* ---- file.c ---- */

/* hebb_file_read(), but where the probe refuses the first bytes, these alone: a parser that does
 * not take them either has its sentence without the rest. */
typedef int (*hb_probe)(const void *bytes, size_t size);
/* The share of reading a table that reading its bytes is about. */
#define HB_BYTES_SHARE 0.2
/* hebb_file_read(), whose bytes a meter learns up to that share; NULL: none. */
hebb_status hb_file_read_metered(const char *path, hebb_meter *meter, unsigned char **bytes,
				 size_t *size, hebb_error *error);
hebb_status hb_file_read_if(hb_probe probe, const char *path, unsigned char **bytes, size_t *size,
			    hebb_error *error);

/* All that comes after `head`, whose *size bytes were read already, and these; a zero byte follows.
 * Free *bytes with free(). */
hebb_status hb_file_read_rest(hb_incoming *incoming, const unsigned char *head,
			      unsigned char **bytes, size_t *size, hebb_error *error);

/* ---- stream.c ---- */

/* hebb_stream_new() of bytes, which are borrowed, in windows of so many bytes and at least so many
 * rows. */
hebb_stream *hb_stream_of(const void *bytes, size_t size, const char *name,
			  const hebb_table_options *options, size_t window, long long least,
			  hebb_error *error);

/* ---- Characters of ASCII, whatever the locale ---- */

static inline int hb_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline char hb_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* ---- number.c ---- */

/* Reads the decimal number that text begins with: [+-] digits [. digits] [e [+-] digits].  *value
 * is the nearest float32, as strtof() finds it in the C locale; infinite if it is beyond the range.
 * Returns the bytes used, 0 if there is no number. */
size_t hb_parse_float(const char *text, size_t size, float *value);

/* What hb_parse_number() says of a number. ROUNDED: float32 does not give it back, being neither
 * the number nor, written with the fewest digits, its text. SPELLED: it may be written otherwise
 * than by hebb_format_double(). */
enum { HB_ROUNDED = 1, HB_SPELLED = 2 };

/* hb_parse_float(), which adds this to *about and, unless `exact` is NULL, sets the double; then it
 * does not look for ROUNDED. */
size_t hb_parse_number(const char *text, size_t size, float *value, double *exact, unsigned *about);

#define HB_INTEGER_MOST 0x1p53 /* integers up to here are doubles */

/* 1 for an integer up to there. */
static inline int hb_is_integer(double value)
{
	return fabs(value) <= HB_INTEGER_MOST && value == floor(value);
}

/* 1 if the float32 nearest to the number, `value`, gives it back: it is the number or, where that
 * is no integer, has it as its fewest digits. 1700000300 becomes 1700000256, although that is
 * written as 1.7000003e+09. */
int hb_gives_back(double number, float value);

/* hb_parse_float() in double. */
size_t hb_parse_double(const char *text, size_t size, double *value);
/* 1 if all of the text is one finite number. */
int hb_is_double(const char *text, double *value);

/* ---- csv/forms.c ---- */

/* 1 if the text is a number or a date in any form of hebb_form. */
int hb_looks_numeric(const char *text, double *value);

/* 1 if the text is a number as a column of the form has it. A percent sign is none: nothing tells
 * whether the others have it. */
int hb_reads_as(hebb_form form, const char *text, double *value);

/* The forms that all numbers so far have; begins as {0}. */
typedef struct hb_forms {
	unsigned ruled_out; /* a bit for each of hebb_form */
	int numbers, specials, currency;
} hb_forms;

/* Adds a number or date; 0 if now there is no form that all have. */
int hb_forms_narrow(hb_forms *all, const char *text);

/* ---- coding/exact.c ---- */

/* 1 if float32 would lose too much of the values, NaN being none: hebb_column_detail.exact. */
int hb_needs_doubles(const double *value, long long rows);

/* ---- What a reader may ask for ---- */

/* Where a budget is NULL there is no bound. */
typedef struct hb_budget {
	size_t left; /* bytes that may yet be asked for */
	int texts;   /* the most that hb_levels can hold, such as the number of rows */
} hb_budget;

/* Takes bytes before they are asked for; 0, and nothing is taken, if there are not so many. */
static inline int hb_spend(hb_budget *budget, size_t bytes)
{
	if (!budget)
		return 1;
	if (bytes > budget->left)
		return 0;
	budget->left -= bytes;
	return 1;
}

/* Puts back what is freed. */
static inline void hb_save(hb_budget *budget, size_t bytes)
{
	if (budget)
		budget->left += bytes;
}

/* ---- levels.c ---- */

/* Different texts, numbered in the order in which they came; all zero: none yet. */
typedef struct hb_levels {
	char **text;
	uint32_t *slot; /* 0, or the number of a text and a few bits of its hash */
	int count, room;
	hb_budget *budget; /* what pays for all of it, or NULL */
} hb_levels;

#define HB_LEVELS_MOST (1 << 24) /* a level's number must be a float32 */

/* Makes room for so many texts.  NO_MEMORY; UNSUPPORTED: more than the budget, or there are
 * HB_LEVELS_MOST.  After a failure, here or below, nothing is left to do but hb_levels_clear(). */
hebb_status hb_levels_reserve(hb_levels *levels, int room);
/* The number of a text, new or not; or, with a minus, why there is none, as above. */
int hb_levels_add(hb_levels *levels, const char *text, size_t size);
/* The most bytes, beside those of the texts, by which so many more make it grow. */
size_t hb_levels_growth(const hb_levels *levels, int more);
/* Frees what finds a text; none can be added any more. */
void hb_levels_close(hb_levels *levels);
/* Sorts numbers of texts, order[0 .. count - 1], by their texts' bytes; room: as many again.  Not
 * qsort(), which may ask for memory that nobody counts. */
void hb_sort_texts(char *const *text, int count, int *order, int *room);
/* Sorts the texts by bytes; rank[old number] = new number.  Asks for two ints a text, beside the
 * budget, and keeps those of *rank. */
hebb_status hb_levels_sort(hb_levels *levels, int **rank);
/* Sorts the levels of column c, whose values are their numbers, and gives them to the table.
 * NO_MEMORY, without a sentence. */
hebb_status hb_levels_settle(hb_levels *levels, hebb_table *table, int c);
void hb_levels_clear(hb_levels *levels);

/* ---- spelling.c: numbers as they are written ---- */

typedef struct hb_written {
	const char *text; /* borrowed */
	double value;
	int level; /* where it stands in a list */
} hb_written;

/* Orders by value, then by leading zeros and digits; 0: they are written alike, as 1 and 1.0. */
int hb_written_order(const hb_written *a, const hb_written *b);

/* Finds the levels of a column. */
typedef struct hb_labels {
	const hebb_column *column;
	int *order;         /* the levels, sorted by bytes */
	hb_written *number; /* those that are numbers, in order */
	int count;
} hb_labels;

/* The memory that it needs, and its making from that much, aligned for any object. */
size_t hb_labels_bytes(const hebb_column *column);
void hb_labels_open(hb_labels *labels, const hebb_column *column, void *memory);
/* The level of a text, or of a number; -1: there is none. */
int hb_labels_find_text(const hb_labels *labels, const char *text);
int hb_labels_find_number(const hb_labels *labels, double value);

/* ---- coding/classes.c ---- */

/* Makes the values or spellings of a target, a copy of the table's column, its levels; `each`: each
 * spelling, else each number.  Fails if they are too few or too many. */
hebb_status hb_name_classes(const hebb_table *table, int column, int each, hebb_column *target,
			    hebb_error *error);

/* Names the two values of a label, a copy of the table's column, as they stand in the table; what a
 * constant number lacks is "0" or "1".  Fails if it has not two. */
hebb_status hb_name_label(const hebb_table *table, int column, hebb_column *label,
			  hebb_error *error);

/* 1 if a row has no class: of texts, if it is empty or ?. */
int hb_lacks_class(const hebb_table *table, long long row, int column);

/* Puts a value among those in ascending order, unless it is there. */
void hb_add_value(double *values, int *count, double value);

/* ---- block.c ---- */

#define HB_COLUMNS_MOST (HEBB_MAX_UNITS + 1) /* as in a file */

/* The most blocks that the next function copies. */
static inline int hb_blocks_most(int count)
{
	return count < 1 ? 1 : count > HB_COLUMNS_MOST ? HB_COLUMNS_MOST + 1 : count;
}

/* Copies `count` blocks as this version knows them.  BAD_ARGUMENT: there are none, one is not
 * right, or they have more columns than that. */
hebb_status hb_read_blocks(const char *name, int count, const hebb_block *given, hebb_block *block,
			   int *columns, hebb_error *error);

/* A value of a block of numbers. */
static inline double hb_block_number(const hebb_block *block, long long at)
{
	return block->floats    ? (double)block->floats[at]
	       : block->doubles ? block->doubles[at]
				: (double)block->integers[at];
}

/* ---- column_list.c ---- */

/* 1 if an item of a list of columns is a pattern, with * or ?; 1 if a name fits a pattern. */
int hb_is_pattern(const char *item, size_t size);
int hb_fits_pattern(const char *pattern, size_t pattern_size, const char *name, size_t size);

/* hebb_table_select() without the items that are no column of the table.  NO_MEMORY. */
hebb_status hb_select_present(const hebb_table *table, const char *columns, unsigned char *chosen,
			      hebb_error *error);

/* ---- table.c ---- */

/* The caller's options as this version knows them, and whether they are possible. */
hebb_status hb_table_options_take(const hebb_table_options *given, hebb_table_options *options,
				  hebb_error *error);

/* Refuses what is no data: nothing at all, models, formats of others.  The first bytes tell. */
hebb_status hb_table_refuse(const void *bytes, size_t size, const char *name, hebb_error *error);

/* What a table holds: bytes, or values with their lines. */
enum hb_storage { HB_BYTES, HB_FLOATS };

/* A table of NUMBER columns without names; what it holds is not set.  name is copied. */
hebb_table *hb_table_new(const char *name, const char *format, long long rows, int columns,
			 enum hb_storage storage, hebb_error *error);

/* 1 .. columns if all of the text is such a number, else 0. */
int hb_column_number(const char *text, size_t size, int columns);

/* The column whose name is nearest by hebb_name_distance(); -1: none is near. */
int hb_column_nearest(const hebb_table *table, const char *name);

/* Adds a sentence to the table's notes; without memory there is one note less. */
#if defined __GNUC__
__attribute__((format(printf, 2, 3)))
#endif
void hb_table_note(hebb_table *table, const char *format, ...);

/* The detail of a column, plain if it had none; NULL without memory. */
hebb_column_detail *hb_add_detail(hebb_table *table, int column);

/* Copies name, kind, levels, missing; on failure `to` is clear. */
hebb_status hb_column_copy(hebb_column *to, const hebb_column *from, hebb_error *error);
void hb_column_clear(hebb_column *column);

/* FNV-1a, 64 bits: begin with HB_FNV. */
#define HB_FNV 0xcbf29ce484222325u
uint64_t hb_fnv(uint64_t hash, const void *bytes, size_t size);

/* ---- Values of a table ---- */

/* The detail of a column, or NULL. */
static inline const hebb_column_detail *hb_detail(const hebb_table *table, int column)
{
	return table->detail ? table->detail[column] : NULL;
}

/* hebb_table_value(), for loops: as exact as the table has it. */
static inline double hb_value(const hebb_table *table, long long row, int column)
{
	const hebb_column_detail *detail = hb_detail(table, column);
	long long at = row * table->columns + column;

	return detail && detail->doubles ? detail->doubles[row]
	       : table->bytes            ? table->bytes[at]
					 : (double)table->values[at];
}

/* The text in a row of a TEXT column, which is not missing there. */
static inline const char *hb_text_at(const hebb_table *table, long long row, int column)
{
	return table->column[column].levels[(int)hb_value(table, row, column)];
}

/* ---- split.c ---- */

/* BAD_ARGUMENT: the part of the rows to hold out is not between 0 and 1. */
hebb_status hb_check_fraction(double fraction, hebb_error *error);

/* ---- Codings ---- */

/* Frees the forms and returns NULL if all are plain; else returns them. */
hebb_form *hb_forms_unless_plain(hebb_form *form, int count);

/* The inputs of the network that a column becomes. */
static inline int hb_column_width(const hebb_column *column)
{
	return column->kind == HEBB_TEXT ? column->level_count : 1;
}

/* The same of input column i of a coding, which may encode it. */
static inline int hb_input_width(const hebb_coding *coding, int i)
{
	return coding->encoding ? coding->encoding[i].inputs : hb_column_width(&coding->inputs[i]);
}

/* What goes into the encoding: a column of numbers is one number. */
static inline int hb_plain_width(const hebb_coding *coding)
{
	int width = coding->width;

	for (int i = 0; i < coding->input_count && coding->encoding; i++)
		width += hb_column_width(&coding->inputs[i]) - coding->encoding[i].inputs;
	return width;
}

/* Whether missing inputs are filled in while a coding is fitted. */
static inline int hb_fills(hebb_missing missing)
{
	return missing == HEBB_MISSING_MEAN || missing == HEBB_MISSING_INDICATOR;
}

/* ---- coding/drift.c ---- */

/* The population stability index of rows in bins, p of training and q later; NaN if either has
 * none.  *used: the bins with a row. */
double hb_stability(int bins, const long long *p, const long long *q, int *used);

/* ---- coding/seen.c ---- */

/* How many counts hebb_seen has of a column. */
static inline int hb_seen_counts(const hebb_column *column)
{
	return column->kind == HEBB_TEXT ? column->level_count : HEBB_PARTS;
}

/* Whether a < b, as they stand in their files: if one of them fits into float32, it may have been
 * rounded to it, and both are compared so. */
int hb_is_below(double a, double b);

/* Whether a number is outside of those of training; of NaN 0. */
int hb_is_outside(const hebb_seen *seen, double value);

/* Which part of training's numbers one is in; -1: below all of them, HEBB_PARTS: above. */
int hb_seen_part(const hebb_seen *seen, double value);

/* Frees what was seen in `count` inputs; it may be NULL. */
void hb_free_seen(hebb_seen *seen, int count);

/* NULL, or what is wrong with coding->seen, which is there. */
const char *hb_seen_flaw(const hebb_coding *coding);

/* Whether the targets of a coding stand alone, so that a row may lack some of them. */
static inline int hb_targets_alone(const hebb_coding *coding)
{
	return coding->task == HEBB_LABELS ||
	       (coding->task == HEBB_REGRESSION && coding->target_count > 1);
}

/* x of a finite input so far out that (raw - mean) * scale overflows in float32: computed in
 * double, and FLT_MAX beyond it. */
static inline float hb_scale_far(double raw, double mean, float scale)
{
	double x = (raw - mean) * (double)scale;

	return x > (double)FLT_MAX ? FLT_MAX : x < -(double)FLT_MAX ? -FLT_MAX : (float)x;
}

/* ---- The formats: probe tells by content, parse reads ---- */

int hb_csv_probe(const unsigned char *bytes, size_t size);
hebb_table *hb_csv_parse(const unsigned char *bytes, size_t size, const char *name,
			 const hebb_table_options *options, hebb_error *error);

/* A CSV text in windows of whole rows, as it comes.  Borrows all but `head`, the bytes that were
 * read already; window: bytes; least: the rows that a window has, if so many are left. */
typedef struct hb_csv_windows hb_csv_windows;
hb_csv_windows *hb_csv_windows_new(hb_incoming *incoming, const unsigned char *head, size_t size,
				   const hebb_table_options *options, size_t window,
				   long long least, hebb_error *error);
/* The next window; *table is NULL at the end. */
hebb_status hb_csv_windows_next(hb_csv_windows *windows, hebb_table **table, hebb_error *error);
/* The text of that table, as UTF-8, good until the next one. */
const char *hb_csv_windows_text(const hb_csv_windows *windows, size_t *size);
void hb_csv_windows_free(hb_csv_windows *windows);

int hb_idx_probe(const unsigned char *bytes, size_t size);
hebb_table *hb_idx_parse(const unsigned char *bytes, size_t size, const char *name,
			 const hebb_table_options *options, hebb_error *error);

/* Bytes of one IDX file, with a name for messages. */
typedef struct hb_idx_file {
	const unsigned char *bytes;
	size_t size;
	const char *name;
} hb_idx_file;

/* Images or, with labels (may be NULL), a labeled table. */
hebb_table *hb_idx_pair(const hb_idx_file *images, const hb_idx_file *labels, const char *name,
			hebb_error *error);

/* What a path of IDX files stands for: a directory or prefix of train-... and t10k-... */
int hb_idx_is_prefix(const char *path);
hebb_table *hb_idx_read_prefix(const char *path, hebb_error *error);

/* An images file that has been read, with the labels file that lies beside it, if any. */
hebb_table *hb_idx_read_beside(const hb_idx_file *images, hebb_error *error);

/* What the names say of the files that are read with or for `data`: the i-th of a prefix, from 0;
 * of another file only 1, its labels.  0: there is none.  path: PATH_MAX bytes. */
int hb_idx_file_of(const char *data, int i, char *path);

#endif
