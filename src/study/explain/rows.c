/* SPDX-License-Identifier: MIT */
/*
 * rows.c - the rows that an explanation looks at
 */
#include "explain.h"

#include <stdlib.h>

enum { ROWS_MOST = 5000, ROWS_LEAST = 100 };

/* Multiply-adds that a call may take if nobody says how many rows: some ten seconds. */
static const double WORK_MOST = 2e12;

long long hb_explain_usual_rows(const struct hb_explaining *job, double predictions)
{
	double each = predictions * (double)hebb_net_parameters(job->model->net);
	double rows = each > 0 ? WORK_MOST / each : ROWS_MOST;

	return rows > ROWS_MOST ? ROWS_MOST : rows < ROWS_LEAST ? ROWS_LEAST : (long long)rows;
}

static int by_index(const void *a, const void *b)
{
	long long x = *(const long long *)a, y = *(const long long *)b;

	return (x > y) - (x < y);
}

/* `most` of n rows, drawn without replacement, in their order; NULL: no memory. */
static long long *draw(long long n, long long most, uint64_t seed, uint64_t stream)
{
	long long *drawn = malloc((size_t)n * sizeof *drawn);

	for (long long i = 0; i < n && drawn; i++)
		drawn[i] = i;
	if (!drawn || most >= n)
		return drawn;
	hebb_shuffle(n, drawn, seed, stream);
	qsort(drawn, (size_t)most, sizeof *drawn, by_index);
	return drawn;
}

static hebb_status check_rows(const hebb_table *table, long long n, const long long *row,
			      hebb_error *error)
{
	if (!table)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "there is no table");
	if (n < 1)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s: there are no rows to look at",
				 table->name);
	if (!row && n > table->rows)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s: %lld rows of %lld", table->name, n,
				 table->rows);
	for (long long i = 0; i < n && row; i++)
		if (row[i] < 0 || row[i] >= table->rows)
			return hebb_fail(error, HEBB_BAD_ARGUMENT,
					 "%s: there is no row %lld; it has %s", table->name,
					 row[i] + 1, hebb_show_count(table->rows, "row").text);
	return HEBB_OK;
}

hebb_dataset *hb_explain_rows(const struct hb_explaining *job, const hebb_table *table, long long n,
			      const long long *row, long long most, enum hb_use use,
			      int with_targets, hebb_error *error)
{
	int how = job->o.how | HEBB_APPLY_THREADS(job->o.threads) |
		  (with_targets ? HEBB_APPLY_TARGETS : 0);
	hebb_dataset *data = NULL;
	long long *drawn;

	if (check_rows(table, n, row, error))
		return NULL;
	drawn = draw(n, most, job->o.seed, HB_STREAM_EXPLAIN(use, 0));
	if (!drawn) {
		hebb_fail(error, HEBB_NO_MEMORY, "out of memory for %lld rows", n);
		return NULL;
	}
	most = most < n ? most : n;
	for (long long i = 0; i < most && row; i++)
		drawn[i] = row[drawn[i]];
	data = hebb_coding_apply(job->coding, table, how, most, drawn, error);
	free(drawn);
	if (!data || data->rows > 0)
		return data;
	hebb_dataset_free(data);
	hebb_fail(error, HEBB_BAD_ARGUMENT, "%s: no row is left: each lacks %s", table->name,
		  with_targets ? "a value that the model needs, or its target"
			       : "a value that the model needs");
	return NULL;
}

hebb_dataset *hb_explain_singly(const struct hb_explaining *job, const hebb_table *table, int count,
				const long long *row, hebb_error *error)
{
	int how = (job->o.how & HEBB_APPLY_STRICT) | HEBB_APPLY_ANYWAY, missing = 0;
	char place[HB_PLACE_MOST];
	hebb_dataset *data;

	if (count < 1 || !row) {
		hebb_fail(error, HEBB_BAD_ARGUMENT, "there is no row to explain");
		return NULL;
	}
	if (check_rows(table, count, row, error))
		return NULL;
	data = hebb_coding_apply(job->coding, table, how, count, row, error);
	if (!data || data->rows == count)
		return data;
	while (missing < data->rows && data->row[missing] == row[missing])
		missing++;
	hebb_fail(error, HEBB_BAD_ARGUMENT,
		  "%s: %s lacks a value, and the model was trained without such rows", table->name,
		  hb_place_text(table, row[missing], place));
	hebb_dataset_free(data);
	return NULL;
}
