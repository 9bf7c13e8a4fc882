/* SPDX-License-Identifier: MIT */
/*
 * split.c - which rows train, validate and test
 *
 * The test part is taken first, then the validation part from what is left, each with a stream of
 * its own: whether there is a validation part never changes the test part.  Folds divide the rows
 * outside the test part. One fold is held out in place of the test part, whose rows are then in no
 * part.
 */
#include "study.h"

#include <stdlib.h>
#include <string.h>

enum { STREAM_TEST, STREAM_VALIDATION, STREAM_FOLDS };

/* 0 .. n-1, to be freed; NULL without memory. */
static long long *all_rows(long long n)
{
	long long *row = malloc(sizeof *row * (size_t)(n > 0 ? n : 1));

	for (long long i = 0; row && i < n; i++)
		row[i] = i;
	return row;
}

/* Reorders row[0 .. n-1] so that the last *held rows are the part that is held out. */
static hebb_status hold_out(const hebb_table *table, const hebb_part *part, const char *option,
			    const struct hb_split *split, uint64_t stream, long long n,
			    long long *row, long long *held, hebb_error *error)
{
	*held = 0;
	if (part->kind == HEBB_PART_FRACTION)
		return hebb_split(table, split->column, part->fraction, split->seed, stream, n, row,
				  row, held, error);
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

/* Moves a fold of row[0 .. n-1] to the end; the others come in the order of the table. */
static hebb_status hold_out_fold(const hebb_table *table, const struct hb_split *split, long long n,
				 long long *row, long long *held, hebb_error *error)
{
	hebb_status status = hebb_split_folds(table, split->column, split->folds, split->seed,
					      STREAM_FOLDS, n, row, row, error);

	if (status != HEBB_OK)
		return status;
	long long shorter = n / split->folds, longer = n % split->folds;
	long long first = split->fold * shorter + (split->fold < longer ? split->fold : longer);
	*held = shorter + (split->fold < longer);
	long long *fold = malloc(sizeof *fold * (size_t)*held);
	if (!fold)
		return hebb_fail(error, HEBB_NO_MEMORY, "%s: no memory for %lld rows", table->name,
				 *held);
	memcpy(fold, row + first, sizeof *row * (size_t)*held);
	memmove(row + first, row + first + *held, sizeof *row * (size_t)(n - first - *held));
	memcpy(row + n - *held, fold, sizeof *row * (size_t)*held);
	free(fold);
	qsort(row, (size_t)(n - *held), sizeof *row, by_row);
	return HEBB_OK;
}

hebb_status hb_split_rows(const hebb_table *table, const struct hb_split *split, hebb_parts *result,
			  hebb_error *error)
{
	long long *row = all_rows(table->rows), left = table->test_from, test = 0, validation = 0;
	hebb_status status = HEBB_OK;

	if (!row)
		return hebb_fail(error, HEBB_NO_MEMORY, "%s: no memory for %lld rows", table->name,
				 table->rows);
	if (split->test.kind == HEBB_PART_OWN)
		test = table->rows - left;
	else
		status = hold_out(table, &split->test, "--test", split, STREAM_TEST, left, row,
				  &test, error);
	if (split->test.kind != HEBB_PART_OWN)
		left -= test;
	if (status == HEBB_OK && split->folds > 0) {
		status = hold_out_fold(table, split, left, row, &test, error);
		left -= status == HEBB_OK ? test : 0;
	}
	if (status == HEBB_OK)
		status = hold_out(table, &split->validation, "--validation", split,
				  STREAM_VALIDATION, left, row, &validation, error);
	if (status != HEBB_OK) {
		free(row);
		return status;
	}
	*result = (hebb_parts){
		.row = row, .train = left - validation, .validation = validation, .test = test};
	return HEBB_OK;
}
