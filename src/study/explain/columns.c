/* SPDX-License-Identifier: MIT */
/*
 * columns.c - the inputs of the network that a column of the table becomes
 *
 * A column is one input, or as many as its encoding has, or one for each of its levels; and its
 * indicator, if it has one, says whether it is missing.
 */
#include "explain.h"

#include <stdlib.h>
#include <string.h>

void hb_copy_column(const struct hb_explaining *job, int column, const float *from, float *to)
{
	int first = job->first[column], end = job->first[column + 1],
	    indicator = job->indicator[column];

	for (int i = first; i < end; i++)
		to[i] = from[i];
	if (indicator >= 0)
		to[indicator] = from[indicator];
}

int hb_is_same_column(const struct hb_explaining *job, int column, const float *a, const float *b)
{
	int first = job->first[column], end = job->first[column + 1],
	    indicator = job->indicator[column];

	return memcmp(a + first, b + first, (size_t)(end - first) * sizeof *a) == 0 &&
	       (indicator < 0 || a[indicator] == b[indicator]);
}

/* As hebb_coding_apply() finds columns. */
int hb_table_column(const hebb_coding *coding, const hebb_table *table, int column)
{
	int start = coding->input_at[column];

	if (!coding->named || !table->named)
		return table->columns == coding->columns ? start : column;
	for (int i = 0; i < table->columns; i++) {
		int at = (start + i) % table->columns;

		if (strcmp(table->column[at].name, coding->inputs[column].name) == 0)
			return at;
	}
	return -1;
}

/* ---- Coding values ---- */

/* Arrays of values, of which a table is made. */
struct arrays {
	hebb_block *block;
	const char **name;
	double *zeros;
	const char **texts; /* of the column, or the first level of another one, again and again */
};

static void free_arrays(struct arrays *a)
{
	free(a->block);
	free(a->name);
	free(a->zeros);
	free(a->texts);
}

/* The texts of a column in `count` rows: its levels by index, or value = NULL: always the first. */
static void fill_texts(const hebb_column *column, int count, const double *value, const char **text)
{
	for (int i = 0; i < count; i++) {
		int level = value ? (int)value[i] : 0;

		text[i] = level < column->level_count ? column->levels[level] : NULL;
	}
}

static int text_columns(const hebb_coding *coding)
{
	int count = 0;

	for (int c = 0; c < coding->input_count; c++)
		count += coding->inputs[c].kind == HEBB_TEXT;
	return count;
}

/* 0: no memory. */
static int make_arrays(const hebb_coding *coding, int column, int count, const double *value,
		       struct arrays *a)
{
	size_t columns = (size_t)coding->input_count, rows = (size_t)count;
	const char **text;

	a->block = malloc(columns * sizeof *a->block);
	a->name = malloc(columns * sizeof *a->name);
	a->zeros = calloc(rows, sizeof *a->zeros);
	a->texts = malloc((rows * (size_t)text_columns(coding) + 1) * sizeof *a->texts);
	if (!a->block || !a->name || !a->zeros || !a->texts)
		return 0;
	text = a->texts;
	for (int c = 0; c < coding->input_count; c++) {
		const hebb_column *is = &coding->inputs[c];
		const double *own = c == column ? value : NULL;
		const char *const *name = coding->named ? &a->name[c] : NULL;

		a->name[c] = is->name;
		if (is->kind == HEBB_NUMBER) {
			a->block[c] = hebb_doubles(1, own ? own : a->zeros, name);
			continue;
		}
		fill_texts(is, count, own, text);
		a->block[c] = hebb_texts(1, text, name);
		text += count;
	}
	return 1;
}

hebb_status hb_code_values(const struct hb_explaining *job, int column, int count,
			   const double *value, float *x, hebb_error *error)
{
	const hebb_coding *coding = job->coding;
	struct arrays a = {.block = NULL};
	hebb_table *table = NULL;
	hebb_dataset *data = NULL;
	hebb_error local;
	int made = make_arrays(coding, column, count, value, &a);

	error = error ? error : &local;
	if (!made)
		hebb_fail(error, HEBB_NO_MEMORY, "out of memory for %d values of a column", count);
	else
		table = hebb_table_from_arrays("the values", count, coding->input_count, a.block,
					       error);
	if (table)
		data = hebb_coding_apply(coding, table, HEBB_APPLY_ANYWAY, count, NULL, error);
	if (data && data->rows == count)
		memcpy(x, data->x, (size_t)count * (size_t)job->width * sizeof *x);
	else if (data)
		hebb_fail(error, HEBB_BAD_ARGUMENT, "a value of the column cannot be coded");
	int is_done = data && data->rows == count;

	hebb_dataset_free(data);
	hebb_table_free(table);
	free_arrays(&a);
	return is_done ? HEBB_OK : error->status;
}
