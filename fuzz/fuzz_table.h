/* SPDX-License-Identifier: MIT */
/* fuzz_table.h - what the fuzzers of the formats of tables share */
#ifndef HEBB_FUZZ_TABLE_H
#define HEBB_FUZZ_TABLE_H

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "fuzz_memory.h"
#include "fuzz_refused.h"
#include "hebb_io.h"

/* A view fails where a copy does, and gives the same numbers. */
static void compare(const hebb_dataset *copied, const hebb_dataset *view)
{
	if (!copied != !view || (copied && copied->rows != view->rows))
		abort();
	if (!copied)
		return;
	size_t size = (size_t)copied->inputs * sizeof(float);
	float *x = malloc(size);
	for (long long i = 0; x && i < copied->rows; i++) {
		hebb_dataset_get(view, i, 1, x);
		if (memcmp(x, copied->x + i * copied->inputs, size) != 0)
			abort();
	}
	free(x);
}

/* Codes all rows with each way to treat missing values; what results is finite. */
static void code(const hebb_table *table, hebb_missing missing)
{
	hebb_coding_options options = hebb_coding_options_default();
	long long *row = malloc(((size_t)table->rows + 1) * sizeof *row);
	hebb_coding *coding;
	hebb_dataset *dataset = NULL, *view = NULL;

	if (!row)
		return;
	for (long long i = 0; i < table->rows; i++)
		row[i] = i;
	options.missing = missing;
	coding = hebb_coding_fit(table, &options, table->rows, row, NULL);
	if (coding) {
		dataset = hebb_coding_apply(coding, table, 1, table->rows, row, NULL);
		view = hebb_coding_view(coding, table, 1, table->rows, row, NULL);
	}
	for (long long i = 0; dataset && i < dataset->rows * dataset->inputs; i++)
		if (isnan(dataset->x[i]))
			abort();
	compare(dataset, view);
	hebb_dataset_free(view);
	hebb_dataset_free(dataset);
	hebb_coding_free(coding);
	free(row);
}

/* The texts of the rows are found again: as many, each with all fields. */
static void reread(const hebb_table *table, const uint8_t *bytes, size_t size)
{
	const int last = table->columns - 1;
	const char *text;

	if (strcmp(table->format, "CSV") != 0)
		return;
	hebb_csv_rows *rows = hebb_csv_rows_new(bytes, size, table, NULL);
	if (!rows)
		abort();
	for (long long row = 0; row < table->rows; row++)
		if (hebb_csv_rows_next(rows, 1, &last, &text, NULL) != HEBB_OK)
			abort();
	if (hebb_csv_rows_next(rows, 1, &last, &text, NULL) == HEBB_OK)
		abort();
	hebb_csv_rows_free(rows);
}

static void fuzz_table(const uint8_t *bytes, size_t size, const hebb_table_options *options,
		       size_t times)
{
	hebb_error error = {.message = ""};

	memory_begin();
	hebb_table *table = hebb_table_parse_with(bytes, size, "fuzz", options, &error);
	memory_end(size, times);
	if (!table) {
		refused(&error);
		return;
	}
	for (int missing = HEBB_MISSING_ERROR; hebb_missing_name((hebb_missing)missing); missing++)
		code(table, (hebb_missing)missing);
	reread(table, bytes, size);
	hebb_table_fingerprint(table);
	hebb_table_free(table);
}

#endif
