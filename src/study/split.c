/* SPDX-License-Identifier: MIT */
/*
 * split.c - which rows train, validate and test
 *
 * The test part is taken first, then the validation part from what is left, each with a stream of
 * its own: whether there is a validation part never changes the test part.  Folds divide the rows
 * outside the test part. One fold is held out in place of the test part, whose rows are then in no
 * part.
 *
 * With a time column the rows are sorted first, and the last rows are held out.  The folds then go
 * forward: of n rows and K folds, fold k is the k-th of K blocks of n / (K + 1) rows at the end,
 * and trains on all rows before it.  The rows behind it are in no part.
 */
#include "study.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STREAM_TEST, STREAM_VALIDATION, STREAM_FOLDS, STREAM_PARTS };

/* 0 .. n-1, to be freed; NULL without memory. */
static long long *all_rows(long long n)
{
	long long *row = malloc(sizeof *row * (size_t)(n > 0 ? n : 1));

	for (long long i = 0; row && i < n; i++)
		row[i] = i;
	return row;
}

/* How many of n rows in their order a fraction is; 0: it leaves a part empty. */
static long long rows_of(double fraction, long long n)
{
	/* The product is a little too large for some fractions, such as 0.07 x 100. */
	long long part = (long long)ceil(fraction * (double)n * (1 - 0x1p-50));

	return part >= 1 && part < n ? part : 0;
}

/* Reorders row[0 .. n-1] so that the last *held are a fraction. */
static hebb_status hold_out_fraction(const hebb_table *table, double fraction,
				     const struct hb_split *split, uint64_t stream, long long n,
				     long long *row, long long *held, hebb_error *error)
{
	if (split->group)
		return hebb_split_groups(table, split->group - 1, fraction, split->seed, stream, n,
					 row, row, held, error);
	if (!split->time)
		return hebb_split(table, split->column, fraction, split->seed, stream, n, row, row,
				  held, error);
	*held = rows_of(fraction, n);
	if (*held)
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_ARGUMENT,
			 "%s: %s cannot be split into two parts, one of them %g of the rows",
			 table->name, hebb_show_count(n, "row").text, fraction);
}

/* Reorders row[0 .. n-1] so that the last *held rows are the part that is held out. */
static hebb_status hold_out(const hebb_table *table, const hebb_part *part, const char *option,
			    const struct hb_split *split, uint64_t stream, long long n,
			    long long *row, long long *held, hebb_error *error)
{
	*held = 0;
	if (part->kind == HEBB_PART_FRACTION)
		return hold_out_fraction(table, part->fraction, split, stream, n, row, held, error);
	if (part->kind == HEBB_PART_LAST) {
		if (part->rows >= n)
			return hebb_fail(error, HEBB_BAD_ARGUMENT,
					 "%s: last:%lld leaves no rows to train on, there are %lld",
					 option, part->rows, n);
		*held = part->rows;
	}
	return HEBB_OK;
}

static int by_row(const void *a, const void *b)
{
	long long x = *(const long long *)a, y = *(const long long *)b;

	return (x > y) - (x < y);
}

/* The first row of a fold, and how many it has. */
struct run {
	long long from, rows;
};

/* Sorts row[0 .. n-1] by folds of whole groups, and finds one. */
static hebb_status find_group_fold(const hebb_table *table, const struct hb_split *split,
				   uint64_t stream, long long n, long long *row, struct run *fold,
				   hebb_error *error)
{
	long long *rows = malloc(sizeof *rows * (size_t)split->folds);
	hebb_status status =
		rows ? hebb_split_group_folds(table, split->group - 1, split->folds, split->seed,
					      stream, n, row, row, rows, error)
		     : hebb_fail(error, HEBB_NO_MEMORY, "out of memory");

	*fold = (struct run){0, 0};
	for (int f = 0; f < split->fold && !status; f++)
		fold->from += rows[f];
	if (!status)
		fold->rows = rows[split->fold];
	free(rows);
	return status;
}

/* The same for folds of rows. */
static hebb_status find_fold(const hebb_table *table, const struct hb_split *split, uint64_t stream,
			     long long n, long long *row, struct run *fold, hebb_error *error)
{
	long long each = n / split->folds, longer = n % split->folds, k = split->fold;

	*fold = (struct run){k * each + (k < longer ? k : longer), each + (k < longer)};
	return hebb_split_folds(table, split->column, split->folds, split->seed, stream, n, row,
				row, error);
}

/* Moves a fold of row[0 .. n-1] to the end; the others come in the order of the table. */
static hebb_status hold_out_fold(const hebb_table *table, const struct hb_split *split,
				 uint64_t stream, long long n, long long *row, struct run *fold,
				 hebb_error *error)
{
	hebb_status status = split->group
				     ? find_group_fold(table, split, stream, n, row, fold, error)
				     : find_fold(table, split, stream, n, row, fold, error);

	if (status != HEBB_OK)
		return status;
	long long rest = n - fold->rows;
	long long *held = malloc(sizeof *held * (size_t)fold->rows);
	if (!held)
		return hebb_fail(error, HEBB_NO_MEMORY, "%s: no memory for %lld rows", table->name,
				 fold->rows);
	memcpy(held, row + fold->from, sizeof *row * (size_t)fold->rows);
	memmove(row + fold->from, row + fold->from + fold->rows,
		sizeof *row * (size_t)(rest - fold->from));
	memcpy(row + rest, held, sizeof *row * (size_t)fold->rows);
	free(held);
	qsort(row, (size_t)rest, sizeof *row, by_row);
	fold->from = rest;
	return HEBB_OK;
}

/* Finds a fold of n rows in the order of time. */
static hebb_status find_block(const hebb_table *table, const struct hb_split *split, long long n,
			      struct run *fold, hebb_error *error)
{
	long long block = n / (split->folds + 1LL);

	if (block < 1)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "%s: %s cannot be cut into %d folds in the order of time; "
				 "there must be one row more than folds",
				 table->name, hebb_show_count(n, "row").text, split->folds);
	*fold = (struct run){n - (split->folds - split->fold) * block, block};
	return HEBB_OK;
}

/* Holds out a validation part of row[0 .. n-1]. */
static hebb_status hold_out_validation(const hebb_table *table, const struct hb_split *split,
				       long long n, long long *row, long long *held,
				       hebb_error *error)
{
	struct hb_split parts = *split;
	struct run part;

	if (split->in_parts.parts < 2 || split->time)
		return hold_out(table, &split->validation, "--validation", split, STREAM_VALIDATION,
				n, row, held, error);
	parts.folds = split->in_parts.parts;
	parts.fold = split->in_parts.part;
	hebb_status status = hold_out_fold(table, &parts, STREAM_PARTS, n, row, &part, error);
	*held = status ? 0 : part.rows;
	return status;
}

/* Parts row[0 .. table->rows-1] into those of *result. */
static hebb_status part_rows(const hebb_table *table, const struct hb_split *split, long long *row,
			     hebb_parts *result, hebb_error *error)
{
	long long rest = table->test_from, validation = 0, test = 0;
	struct run fold = {0, 0};
	hebb_status status = HEBB_OK;

	if (split->time)
		status = hebb_split_sort(table, split->time - 1, rest, row, row, error);
	if (!status && split->test.kind != HEBB_PART_OWN)
		status = hold_out(table, &split->test, "--test", split, STREAM_TEST, rest, row,
				  &test, error);
	rest -= test;
	if (split->test.kind == HEBB_PART_OWN)
		test = table->rows - rest;
	if (!status && split->folds > 0) {
		status = split->time ? find_block(table, split, rest, &fold, error)
				     : hold_out_fold(table, split, STREAM_FOLDS, rest, row, &fold,
						     error);
		rest = status ? rest : fold.from;
		test = status ? test : fold.rows;
	}
	if (!status)
		status = hold_out_validation(table, split, rest, row, &validation, error);
	*result = (hebb_parts){
		.row = row, .train = rest - validation, .validation = validation, .test = test};
	return status;
}

hebb_status hb_split_rows(const hebb_table *table, const struct hb_split *split, hebb_parts *result,
			  hebb_error *error)
{
	long long *row = all_rows(table->rows);
	hebb_parts parts;

	if (!row)
		return hebb_fail(error, HEBB_NO_MEMORY, "%s: no memory for %lld rows", table->name,
				 table->rows);
	hebb_status status = part_rows(table, split, row, &parts, error);
	if (status)
		free(row);
	else
		*result = parts;
	return status;
}
