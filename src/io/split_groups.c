/* SPDX-License-Identifier: MIT */
/*
 * split_groups.c - splits and folds that keep groups of rows together, and rows in an order
 *
 * A group is the rows that have one value in a column, such as those of a patient. To hold rows
 * out, the groups are taken in random order, each if its rows are not too many; at the end comes
 * one more, if this brings the number of rows nearer to what is wanted. Folds are filled with the
 * largest groups first, each in the smallest fold, which keeps them alike (Graham 1969); groups of
 * equal size come in random order.
 *
 * The order of the groups depends on their values, the seed and the stream, not on that of the
 * rows.
 */
#include "io.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct group {
	double key; /* the value of its rows; first, so that by_value() finds groups too */
	long long count;
	int part; /* the fold, or 1: it is held out */
};

struct groups {
	const hebb_table *table;
	int column, count;
	struct group *group; /* sorted by key */
	long long *order;    /* of the groups, at random */
};

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* A row or a group to sort by its value; equal values keep their places, which qsort() alone does
 * not promise. */
struct placed {
	double value;
	long long place, index;
};

static int by_value_and_place(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return (x->place > y->place) - (x->place < y->place);
}

static struct group *group_of(const struct groups *of, long long row)
{
	double key = hb_value(of->table, row, of->column);

	return bsearch(&key, of->group, (size_t)of->count, sizeof *of->group, by_value);
}

static void free_groups(struct groups *done)
{
	free(done->group);
	free(done->order);
}

/* Reads the values of the rows; *result is to be freed whatever comes. */
static hebb_status read_values(const hebb_table *table, int column, long long n,
			       const long long *row, double **result, hebb_error *error)
{
	double *value = *result = malloc((size_t)n * sizeof *value + 1);

	if (!value)
		return hb_out_of_memory(error);
	for (long long i = 0; i < n; i++) {
		value[i] = hb_value(table, hb_row_at(row, i), column);
		if (isnan(value[i]))
			return hb_fail_in_row(table, hb_row_at(row, i), column,
					      "has no value; a column that groups or orders the "
					      "rows needs one in each",
					      error);
	}
	return HEBB_OK;
}

/* Finds the groups and their random order; *result is to be freed whatever comes. */
static hebb_status find_groups(const hebb_table *table, int column, uint64_t seed, uint64_t stream,
			       long long n, const long long *row, struct groups *result,
			       hebb_error *error)
{
	double *value;
	hebb_status status = read_values(table, column, n, row, &value, error);

	*result = (struct groups){.table = table, .column = column, .count = 1};
	if (status) {
		free(value);
		return status;
	}
	qsort(value, (size_t)n, sizeof *value, by_value);
	for (long long i = 1; i < n; i++)
		result->count += value[i] != value[i - 1];
	result->group = calloc((size_t)result->count, sizeof *result->group);
	result->order = malloc((size_t)result->count * sizeof *result->order);
	for (long long i = 0, g = -1; i < n && result->group; i++) {
		if (i == 0 || value[i] != value[i - 1])
			result->group[++g].key = value[i];
		result->group[g].count++;
	}
	free(value);
	if (!result->group || !result->order)
		return hb_out_of_memory(error);
	for (int g = 0; g < result->count; g++)
		result->order[g] = g;
	hebb_shuffle(result->count, result->order, seed, stream);
	return HEBB_OK;
}

/* Sets `row` to the rows of part 0, 1 and so on, each in the order in which they came; rows: how
 * many each part has. */
static hebb_status sort_by_part(const struct groups *of, int parts, long long n,
				const long long *from, long long *row, long long *rows,
				hebb_error *error)
{
	long long *sorted = malloc((size_t)n * sizeof *sorted);
	long long *next = calloc((size_t)parts, sizeof *next);
	hebb_status status = sorted && next ? HEBB_OK : hb_out_of_memory(error);

	for (int p = 0; p < parts && !status; p++)
		rows[p] = 0;
	for (int g = 0; g < of->count && !status; g++)
		rows[of->group[g].part] += of->group[g].count;
	for (int p = 1; p < parts && !status; p++)
		next[p] = next[p - 1] + rows[p - 1];
	for (long long i = 0; i < n && !status; i++)
		sorted[next[group_of(of, hb_row_at(from, i))->part]++] = hb_row_at(from, i);
	if (!status)
		memcpy(row, sorted, (size_t)n * sizeof *row);
	free(sorted);
	free(next);
	return status;
}

static hebb_status check(const hebb_table *table, int column, long long n, const long long *from,
			 const void *room, hebb_error *error)
{
	if (hb_check_rows(table, n, from, error))
		return HEBB_BAD_ARGUMENT;
	if (!room)
		return hb_absent("the room for the rows", error);
	if (column < 0 || column >= table->columns)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s: there is no column %d", table->name,
				 column + 1);
	return HEBB_OK;
}

/* ---- Two parts ---- */

/* The group, among those that are not held out, that brings `held` rows nearest to `wanted`. */
static struct group *nearest_group(const struct groups *of, double held, double wanted)
{
	struct group *nearest = NULL;
	double least = INFINITY;

	for (int i = 0; i < of->count; i++) {
		struct group *group = &of->group[of->order[i]];
		double off = fabs(held + (double)group->count - wanted);

		if (group->part == 1 || off >= least)
			continue;
		nearest = group;
		least = off;
	}
	return nearest;
}

/* Marks the groups to hold out, about `wanted` rows; at least one, and not all. */
static void choose_groups(struct groups *of, double wanted)
{
	double held = 0;
	int chosen = 0;

	for (int i = 0; i < of->count; i++) {
		struct group *group = &of->group[of->order[i]];

		if (chosen + 1 == of->count || held + (double)group->count > wanted)
			continue;
		group->part = 1;
		held += (double)group->count;
		chosen++;
	}
	struct group *more =
		chosen + 1 < of->count || !chosen ? nearest_group(of, held, wanted) : NULL;
	if (more && (!chosen || fabs(held + (double)more->count - wanted) < fabs(held - wanted)))
		more->part = 1;
}

hebb_status hebb_split_groups(const hebb_table *table, int group, double fraction, uint64_t seed,
			      uint64_t stream, long long n, const long long *from, long long *row,
			      long long *held, hebb_error *error)
{
	struct groups found = {.table = table};
	char shown[HB_SHOWN];
	long long rows[2];

	if (check(table, group, n, from, row, error))
		return HEBB_BAD_ARGUMENT;
	if (!held)
		return hb_absent("held", error);
	if (hb_check_fraction(fraction, error))
		return HEBB_BAD_ARGUMENT;
	hebb_status status =
		n > 0 ? find_groups(table, group, seed, stream, n, from, &found, error) : HEBB_OK;
	if (!status && found.count < 2)
		status = hebb_fail(error, HEBB_BAD_ARGUMENT,
				   "%s: column \"%s\" has %s, so that no group can be held out and "
				   "another one be trained on",
				   table->name, hb_show(table->column[group].name, shown),
				   found.count ? "the same value in all rows" : "no rows");
	if (!status) {
		choose_groups(&found, fraction * (double)n);
		status = sort_by_part(&found, 2, n, from, row, rows, error);
	}
	if (!status)
		*held = rows[1];
	free_groups(&found);
	return status;
}

/* ---- Folds ---- */

/* Gives each group, the largest first, to the fold that has the fewest rows. */
static hebb_status deal_groups(struct groups *of, int folds, long long *rows, hebb_error *error)
{
	struct placed *sorted = malloc((size_t)of->count * sizeof *sorted);

	if (!sorted)
		return hb_out_of_memory(error);
	for (int i = 0; i < of->count; i++) {
		long long g = of->order[i];

		sorted[i] = (struct placed){-(double)of->group[g].count, i, g};
	}
	qsort(sorted, (size_t)of->count, sizeof *sorted, by_value_and_place);
	memset(rows, 0, (size_t)folds * sizeof *rows);
	for (int i = 0; i < of->count; i++) {
		struct group *group = &of->group[sorted[i].index];
		int least = 0;

		for (int f = 1; f < folds; f++)
			least = rows[f] < rows[least] ? f : least;
		group->part = least;
		rows[least] += group->count;
	}
	free(sorted);
	return HEBB_OK;
}

hebb_status hebb_split_group_folds(const hebb_table *table, int group, int folds, uint64_t seed,
				   uint64_t stream, long long n, const long long *from,
				   long long *row, long long *rows, hebb_error *error)
{
	struct groups found = {.table = table};
	char shown[HB_SHOWN];

	if (check(table, group, n, from, row, error))
		return HEBB_BAD_ARGUMENT;
	if (!rows)
		return hb_absent("the room for the sizes of the folds", error);
	hebb_status status =
		n > 0 ? find_groups(table, group, seed, stream, n, from, &found, error) : HEBB_OK;
	if (!status && (folds < 2 || folds > found.count))
		status = hebb_fail(error, HEBB_BAD_ARGUMENT,
				   "%s: column \"%s\" has %s of rows, which cannot be "
				   "divided into %d folds; there are 2 to as many folds as groups",
				   table->name, hb_show(table->column[group].name, shown),
				   hebb_show_count(found.count, "group").text, folds);
	if (!status)
		status = deal_groups(&found, folds, rows, error);
	if (!status)
		status = sort_by_part(&found, folds, n, from, row, rows, error);
	free_groups(&found);
	return status;
}

/* ---- Order ---- */

hebb_status hebb_split_sort(const hebb_table *table, int column, long long n, const long long *from,
			    long long *row, hebb_error *error)
{
	if (check(table, column, n, from, row, error))
		return HEBB_BAD_ARGUMENT;
	double *value;
	hebb_status status = read_values(table, column, n, from, &value, error);
	struct placed *placed = status ? NULL : malloc((size_t)n * sizeof *placed + 1);
	for (long long i = 0; i < n && placed; i++)
		placed[i] = (struct placed){value[i], i, hb_row_at(from, i)};
	if (placed)
		qsort(placed, (size_t)n, sizeof *placed, by_value_and_place);
	for (long long i = 0; i < n && placed; i++)
		row[i] = placed[i].index;
	if (!status && !placed)
		status = hb_out_of_memory(error);
	free(value);
	free(placed);
	return status;
}
