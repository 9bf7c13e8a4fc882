/* SPDX-License-Identifier: MIT */
/*
 * predict_rows.h - predictions as lines of CSV or JSON, and the columns that go with them
 */
#ifndef HEBB_CLI_PREDICT_ROWS_H
#define HEBB_CLI_PREDICT_ROWS_H

#include "draw/text.h"
#include "predict_outside.h"
#include "hebb_io.h"
#include "option/options.h"
#include "predict_interval.h"

/* The columns of --keep, and a reader of their rows. */
typedef struct kept_columns {
	int count, *column;
	const char **field; /* of the current row */
	hebb_csv_rows *rows;
} kept_columns;

/* The form of a line of output. */
typedef struct line_form {
	const hebb_coding *coding;
	int json, classes_only, for_people;
	text names, keys;             /* of classes or targets; of the columns of --keep */
	size_t *name_at, *key_at;     /* the offset of each, and the end of the last */
	int kept;                     /* the number of keys */
	const outside_names *outside; /* NULL: without this column */
	const intervals *asked;       /* NULL: no intervals and sets */
} line_form;

/* Finds the columns. Prints what is wrong and returns the exit status. Call kept_close() even after
 * a failure. */
int kept_open(const options *given, const hebb_table *table, kept_columns *result);
/* Goes to the rows of a table of the same columns; `bytes` is its text. */
int kept_go(kept_columns *columns, const hebb_table *table, const void *bytes, size_t size);
void kept_close(kept_columns *columns);

/* asked: borrowed. Returns 0 if memory runs out. Call form_close() even then. */
int form_open(const options *given, const hebb_coding *coding, const hebb_table *table,
	      const kept_columns *kept, const intervals *asked, int for_people, line_form *result);
void form_close(line_form *form);

/* The first line of CSV; JSON has none. */
void form_head(const line_form *form, text *buffer);

/* Adds the next row of the columns of --keep, the beginning of the line. */
hebb_status form_kept(const line_form *form, kept_columns *kept, text *buffer, hebb_error *error);

/* Adds the line of a row of the data, counted from 0. It begins with `size` bytes of `kept`. h: the
 * outputs of the network; NULL: no prediction. outside: hebb_limits_row(); NULL: nothing. */
void form_line(const line_form *form, long long row, const char *kept, size_t size, const float *h,
	       const unsigned char *outside, text *buffer);

#endif
