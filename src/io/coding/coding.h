/* SPDX-License-Identifier: MIT */
/*
 * coding.h - what the files that fit a coding share
 */
#ifndef HEBB_IO_CODING_H
#define HEBB_IO_CODING_H

#include "../io.h"
#include "encode.h"

/* What every step of hebb_coding_fit() needs. */
struct hb_fit {
	const hebb_table *table;
	hebb_coding_options options;
	hebb_coding *coding;
	unsigned char *is_target; /* by column of the table */
	unsigned char *is_input;  /* likewise; the others are not looked at */
	hebb_pool *pool;
	uint64_t *room; /* for the values of two columns; NULL: nothing is encoded */
	hebb_error *error;
};

/* Asks the memory for some rows, which come in random order. */
static inline void hb_expect_rows(const hebb_table *table, long long n, const long long *row)
{
	enum { LINE = 16, MOST = 16 * LINE }; /* floats */
	int columns = table->columns < MOST ? table->columns : MOST;

	for (long long i = 0; i < n && table->values; i++)
		for (int c = 0; c < columns; c += LINE)
			HB_EXPECT(table->values + row[i] * table->columns + c);
}

/* So many rows are looked at together, since they stay in the cache. */
enum { HB_ROWS_TOGETHER = 128 };

static inline long long hb_rows_together(long long n, long long from)
{
	return n - from < HB_ROWS_TOGETHER ? n - from : HB_ROWS_TOGETHER;
}

/* The parts into which the columns are divided among threads. Each part looks at all rows, so that
 * no sum depends on their number. */
int hb_column_parts(const struct hb_fit *fit, int columns, long long n);

/* ---- moments.c ---- */

/* Sums over the values of a column that are there, each less the first of them.  In one pass they
 * give the mean and the deviation of the population, and lose no more than a factor of n of a
 * double's precision, as the deviation is at least 1/sqrt(n) of the first value's distance from the
 * mean.  A column of equal values has exactly its value as the mean and no deviation. */
struct hb_moments {
	double first, sum, squares;
	long long count;
};

double hb_mean(const struct hb_moments *m);
double hb_deviation(const struct hb_moments *m);
/* The moments of the given columns over the rows; m is zero.  Of a TEXT column they mean nothing.
 */
void hb_measure(const struct hb_fit *fit, int columns, const int *at, int exact, long long n,
		const long long *row, struct hb_moments *m);

/* ---- targets.c ---- */

/* Decides what kind of task it is, and what its outputs are. */
hebb_status hb_fit_task(struct hb_fit *fit);

/* Counts the inputs of the network: a number is one, a text one for each level. */
hebb_status hb_fit_width(struct hb_fit *fit);

/* ---- seen.c ---- */

/* Sets what the given rows have in each input, unless these are the pixels of an image. */
hebb_status hb_fit_seen(struct hb_fit *fit, long long n, const long long *row);

/* ---- scale.c ---- */

/* What an input of the network has: x = (raw - mean) * scale. */
struct hb_line {
	double mean, fill;
	float scale;
};

void hb_set_input(hebb_coding *coding, int at, struct hb_line line);
void hb_set_bounds(hebb_coding *coding, int at, struct hb_bounds bounds);

/* 1 / width; 0 if that is beyond float32. */
float hb_inverse(double width);

/* Sets means, scales and fills from the given rows, without those that have to be left out. */
hebb_status hb_fit_rows(struct hb_fit *fit, long long n, const long long *row);

/* ---- quantiles.c ---- */

/* Whether numbers become more than (raw - mean) * scale. */
static inline int hb_encodes(const hebb_coding_options *options)
{
	return options->scaling != HEBB_SCALING_STANDARD && options->scaling != HEBB_SCALING_NONE;
}

/* A column of numbers. */
struct hb_number {
	int index; /* among the inputs of the coding */
	int at;    /* its first input of the network */
	int has_indicator;
	struct hb_line line; /* of standard scaling */
};

/* Sets how a column is encoded; returns how many inputs it becomes. */
int hb_encode_number(struct hb_fit *fit, const struct hb_number *number, long long n,
		     const long long *row);

/* The quantiles of `count` shares, in order, of the values that a column has in some rows; 0: it
 * has none.  The fit has room. */
int hb_quantiles(const struct hb_fit *fit, int column, long long n, const long long *row, int count,
		 const double *share, double *value);

/* Constant columns and texts alone encode nothing. */
void hb_drop_encoding_if_none(hebb_coding *coding);

/* ---- fit_transform.c ---- */

/* Sets how targets are transformed, by HEBB_TARGET_LOG or HEBB_TARGET_QUANTILE. */
hebb_status hb_fit_transform(struct hb_fit *fit, hebb_target_transform transform, long long n,
			     const long long *row);

#endif
