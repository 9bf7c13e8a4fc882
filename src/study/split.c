/* SPDX-License-Identifier: MIT */
/*
 * split.c - which rows train, validate and test
 *
 * The test part is taken first, then the validation part from what is left, each with a stream of
 * its own: whether there is a validation part never changes the test part.  Folds divide what the
 * test part leaves; one is held out in its place, and the test part itself is in no part then.
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

/* Reorders row[0 .. n-1] so that the last *held are the part. */
static hebb_status hold_out(const hebb_table *table, const hebb_part *which, const char *option,
			    const struct hb_split *how, uint64_t stream, long long n,
			    long long *row, long long *held, hebb_error *error)
{
	*held = 0;
	if (which->kind == HEBB_PART_FRACTION)
		return hebb_split(table, how->column, which->fraction, how->seed, stream, n, row,
				  row, held, error);
	if (which->kind == HEBB_PART_LAST) {
		if (which->rows >= n)
			return hebb_fail(error, HEBB_BAD_ARGUMENT,
					 "%s: last:%lld leaves no rows to train on, there are %lld",
					 option, which->rows, n);
		*held = which->rows;
	}
	return HEBB_OK;
}

static int by_row(const void *a, const void *b)
{
	long long x = *(const long long *)a, y = *(const long long *)b;

	return (x > y) - (x < y);
}

/* Moves a fold of row[0 .. n-1] to the end; the others come in the order of the table. */
static hebb_status hold_out_fold(const hebb_table *table, const struct hb_split *how, long long n,
				 long long *row, long long *held, hebb_error *error)
{
	hebb_status status = hebb_split_folds(table, how->column, how->folds, how->seed,
					      STREAM_FOLDS, n, row, row, error);

	if (status != HEBB_OK)
		return status;
	long long each = n / how->folds, longer = n % how->folds;
	long long from = how->fold * each + (how->fold < longer ? how->fold : longer);
	*held = each + (how->fold < longer);
	long long *fold = malloc(sizeof *fold * (size_t)*held);
	if (!fold)
		return hebb_fail(error, HEBB_NO_MEMORY, "%s: no memory for %lld rows", table->name,
				 *held);
	memcpy(fold, row + from, sizeof *row * (size_t)*held);
	memmove(row + from, row + from + *held, sizeof *row * (size_t)(n - from - *held));
	memcpy(row + n - *held, fold, sizeof *row * (size_t)*held);
	free(fold);
	qsort(row, (size_t)(n - *held), sizeof *row, by_row);
	return HEBB_OK;
}

hebb_status hb_split_rows(const hebb_table *table, const struct hb_split *how, hebb_parts *result,
			  hebb_error *error)
{
	long long *row = all_rows(table->rows), rest = table->test_from, test = 0, validation = 0;
	hebb_status status = HEBB_OK;

	if (!row)
		return hebb_fail(error, HEBB_NO_MEMORY, "%s: no memory for %lld rows", table->name,
				 table->rows);
	if (how->test.kind == HEBB_PART_OWN)
		test = table->rows - rest;
	else
		status = hold_out(table, &how->test, "--test", how, STREAM_TEST, rest, row, &test,
				  error);
	if (how->test.kind != HEBB_PART_OWN)
		rest -= test;
	if (status == HEBB_OK && how->folds > 0) {
		status = hold_out_fold(table, how, rest, row, &test, error);
		rest -= status == HEBB_OK ? test : 0;
	}
	if (status == HEBB_OK)
		status = hold_out(table, &how->validation, "--validation", how, STREAM_VALIDATION,
				  rest, row, &validation, error);
	if (status != HEBB_OK) {
		free(row);
		return status;
	}
	*result = (hebb_parts){
		.row = row, .train = rest - validation, .validation = validation, .test = test};
	return HEBB_OK;
}
