/* SPDX-License-Identifier: MIT */
/*
 * split.h - which rows train, validate and test
 */
#ifndef HEBB_CLI_SPLIT_H
#define HEBB_CLI_SPLIT_H

#include "option/options.h"

/* How rows are parted.  A pure function of this and the table, so that `evaluate --part test`
 * finds the rows again. */
typedef struct split {
	part test, validation;
	int column; /* stratified by this column; -1: not stratified */
	uint64_t seed;
	int folds, fold; /* with `folds`, what the test part leaves is divided, and a fold, counted
			  * from 0, stands in for the test part */
} split;

/* The rows of the table, in the order train, validation, test.  A part that is a file has none
 * here. */
typedef struct parts {
	long long *row;
	long long train, validation, test;
} parts;

/* Fills in `result`, whose rows are to be freed with free(). */
hebb_status split_rows(const hebb_table *table, const split *how, parts *result, hebb_error *error);

/* 0 .. n-1, to be freed with free(); NULL without memory. */
long long *all_rows(long long n);

#endif
