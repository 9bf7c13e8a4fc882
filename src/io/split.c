/* SPDX-License-Identifier: MIT */
/*
 * split.c - splits and folds: rows to hold out
 *
 * In a stratified split each value gets its share of the rows held out: first the whole part of
 * held x count / n, then one more for those with the largest remainders, until the shares add up.
 * Then the rows are shuffled, and each value's share is taken from the end.
 *
 * Folds are dealt like cards: the shuffled rows, grouped by value, go to the folds in turn. So two
 * folds differ by at most one row, in total and of each value.
 */
#include "io.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MOST (1LL << 31) /* products of two counts stay below 2^63 */

/* The rows of one value. */
struct group {
	uint64_t key;
	long long count, share, remainder;
};

#define MISSING UINT64_C(0x7ff8000000000000) /* a NaN */

/* The bits of a value, NaN being missing; an order, if not that of the numbers. */
static uint64_t key_of(double value)
{
	uint64_t bits;

	if (isnan(value))
		return MISSING;
	value += 0; /* -0 and 0 are one value */
	memcpy(&bits, &value, sizeof bits);
	return bits;
}

/* A mark among texts is a class of its own: the levels are followed by the spellings. */
static uint64_t key_of_row(const hebb_table *table, int column, long long row)
{
	const hebb_column_detail *detail = hb_detail(table, column);
	double value = hb_value(table, row, column);

	if (isnan(value) && !hb_lacks_class(table, row, column))
		value = (double)table->column[column].level_count + (double)detail->spelling[row];
	return key_of(value);
}

static int by_key(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Sorts by one byte after the other, the lowest first, and passes those that are all the same: most
 * of the bytes of a few whole numbers are.  Returns where the sorted keys are, key or spare. */
static uint64_t *sort_keys(long long n, uint64_t *key, uint64_t *spare)
{
	for (int shift = 0; shift < 64; shift += 8) {
		long long next[257] = {0};

		for (long long i = 0; i < n; i++)
			next[(key[i] >> shift & 255) + 1]++;
		if (next[(key[0] >> shift & 255) + 1] == n)
			continue;
		for (int byte = 0; byte < 255; byte++)
			next[byte + 1] += next[byte];
		for (long long i = 0; i < n; i++)
			spare[next[key[i] >> shift & 255]++] = key[i];
		uint64_t *sorted = spare;
		spare = key;
		key = sorted;
	}
	return key;
}

/* The first member of a group is its key, so that by_key() finds groups too. */
static struct group *find_group(struct group *groups, int count, uint64_t key)
{
	return bsearch(&key, groups, (size_t)count, sizeof *groups, by_key);
}

static int by_remainder(const void *a, const void *b)
{
	const struct group *x = *(struct group *const *)a, *y = *(struct group *const *)b;

	if (x->remainder != y->remainder)
		return x->remainder > y->remainder ? -1 : 1;
	return (x->key > y->key) - (x->key < y->key);
}

/* The rows to reorder, in their first order; from: NULL (the rows 0 .. n - 1), or `row` itself. */
static void begin_rows(long long n, const long long *from, long long *row)
{
	for (long long i = 0; i < n && from != row; i++)
		row[i] = hb_row_at(from, i);
}

/* The groups of the rows, sorted by key; NULL: no memory. */
static struct group *make_groups(const hebb_table *table, int column, long long n,
				 const long long *row, int *count)
{
	uint64_t *keys = malloc(2 * (size_t)n * sizeof *keys);
	struct group *groups = NULL;

	if (!keys)
		return NULL;
	for (long long i = 0; i < n; i++)
		keys[i] = key_of_row(table, column, hb_row_at(row, i));
	const uint64_t *key = sort_keys(n, keys, keys + n);
	*count = 1;
	for (long long i = 1; i < n; i++)
		*count += key[i] != key[i - 1];
	groups = calloc((size_t)*count, sizeof *groups);
	for (long long i = 0, g = -1; i < n && groups; i++) {
		if (i == 0 || key[i] != key[i - 1])
			groups[++g].key = key[i];
		groups[g].count++;
	}
	free(keys);
	return groups;
}

/* Shares `held` rows out; at least one row of each value stays.  Returns how many were shared out,
 * -1: no memory. */
static long long share_out(struct group *groups, int count, long long held)
{
	struct group **order = malloc((size_t)count * sizeof(struct group *));
	long long most = 0, eligible = 0, left;

	if (!order)
		return -1;
	for (int g = 0; g < count; g++) {
		order[g] = &groups[g];
		most += groups[g].count - 1;
		eligible += groups[g].count > 1 ? groups[g].count : 0;
	}
	held = left = held < most ? held : most;
	for (int g = 0; g < count; g++) {
		struct group *group = &groups[g];

		if (group->count == 1)
			continue;
		group->share = held * group->count / eligible;
		group->remainder = held * group->count % eligible;
		if (group->share > group->count - 1)
			group->share = group->count - 1;
		left -= group->share;
	}
	qsort(order, (size_t)count, sizeof *order, by_remainder);
	while (left > 0) /* once, but for shares that were cut */
		for (int g = 0; g < count && left > 0; g++)
			if (order[g]->share < order[g]->count - 1) {
				order[g]->share++;
				left--;
			}
	free(order);
	return held;
}

/* Moves the last rows of each value, as many as its share, to the end; keeps the order. */
static void take_shares(const hebb_table *table, int column, struct group *groups, int count,
			long long n, long long *row, long long *taken)
{
	long long low = n, high = n;

	for (long long i = n - 1; i >= 0; i--) {
		struct group *group = find_group(groups, count, key_of_row(table, column, row[i]));

		if (group->share > 0) {
			group->share--;
			taken[--high] = row[i];
		} else {
			row[--low] = row[i];
		}
	}
	memmove(row, row + low, (size_t)(n - low) * sizeof *row);
	memcpy(row + (n - low), taken + high, (size_t)(n - high) * sizeof *row);
}

/* Each class has one row. */
static hebb_status refuse_distinct(const hebb_table *table, int column, hebb_error *error)
{
	const hebb_column *target = &table->column[column];
	char name[HB_SHOWN], text[HB_SHOWN];

	if (target->kind != HEBB_TEXT)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "%s: every value of the target occurs once, so that no row can "
				 "be held out and its value still be learned",
				 table->name);
	return hebb_fail(error, HEBB_BAD_ARGUMENT,
			 "%s: the target \"%s\" is a column of texts, such as \"%s\", and each "
			 "occurs once, so that no row can be held out and its class still be "
			 "learned",
			 table->name, hb_show(target->name, name),
			 hb_show(target->levels[0], text));
}

static hebb_status stratify(const hebb_table *table, int column, uint64_t seed, uint64_t stream,
			    long long n, const long long *from, long long *row, long long *held,
			    hebb_error *error)
{
	int count = 0;
	struct group *groups = make_groups(table, column, n, from, &count);
	long long *taken = malloc((size_t)n * sizeof *taken);
	long long shared = groups && taken ? share_out(groups, count, *held) : -1;
	hebb_status status = HEBB_OK;

	if (shared < 0)
		status = hb_out_of_memory(error);
	else if (shared == 0)
		status = refuse_distinct(table, column, error);
	if (!status) {
		begin_rows(n, from, row);
		hebb_shuffle(n, row, seed, stream);
		take_shares(table, column, groups, count, n, row, taken);
		*held = shared;
	}
	free(groups);
	free(taken);
	return status;
}

hebb_status hb_check_fraction(double fraction, hebb_error *error)
{
	if (fraction > 0 && fraction < 1)
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_ARGUMENT,
			 "the part to hold out is %g of the rows; it must lie between 0 and 1",
			 fraction);
}

hebb_status hebb_split(const hebb_table *table, int column, double fraction, uint64_t seed,
		       uint64_t stream, long long n, const long long *from, long long *row,
		       long long *held, hebb_error *error)
{
	if (hb_check_rows(table, n, from, error))
		return HEBB_BAD_ARGUMENT;
	if (!row || !held)
		return hb_absent(row ? "held" : "the room for the rows", error);
	if (hb_check_fraction(fraction, error))
		return HEBB_BAD_ARGUMENT;
	if (column >= table->columns)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s: there is no column %d", table->name,
				 column + 1);
	if (n > ROWS_MOST)
		return hebb_fail(error, HEBB_UNSUPPORTED, "%s: more than %lld rows to split",
				 table->name, ROWS_MOST);
	/* The product is a little too large for some fractions, such as 0.07 x 100. */
	long long part = (long long)ceil(fraction * (double)n * (1 - 0x1p-50));
	if (part < 1 || part >= n)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "%s: %s cannot be split into two parts, one of them %g of "
				 "the rows",
				 table->name, hebb_show_count(n, "row").text, fraction);
	if (column >= 0) {
		hebb_status status =
			stratify(table, column, seed, stream, n, from, row, &part, error);
		if (status)
			return status;
	} else {
		begin_rows(n, from, row);
		hebb_shuffle(n, row, seed, stream);
	}
	*held = part;
	return HEBB_OK;
}

/* ---- Folds ---- */

/* The shuffled rows with those of a value side by side, the values by key. */
static void sort_by_group(const hebb_table *table, int column, const struct group *groups,
			  struct group *next, int count, long long n, const long long *row,
			  long long *sorted)
{
	long long from = 0;

	for (int g = 0; g < count; g++) { /* count becomes where the group's next row goes */
		next[g] = groups[g];
		next[g].count = from;
		from += groups[g].count;
	}
	for (long long i = 0; i < n; i++)
		sorted[find_group(next, count, key_of_row(table, column, row[i]))->count++] =
			row[i];
}

/* The value of a group as it stands in the table. */
static const char *name_of(const hebb_table *table, int column, const struct group *group,
			   char number[32])
{
	const hebb_column *is = &table->column[column];
	const hebb_column_detail *detail = hb_detail(table, column);
	double value;

	memcpy(&value, &group->key, sizeof value);
	if (is->kind == HEBB_NUMBER)
		return detail && detail->doubles ? hebb_format_double(value, number)
						 : hebb_format_float((float)value, number);
	return value < is->level_count ? is->levels[(int)value]
				       : detail->spellings[(int)value - is->level_count];
}

/* Refuses folds of which no value has as many rows.  Missing ones are none. */
static hebb_status check_folds(const hebb_table *table, int column, const struct group *groups,
			       int count, int folds, hebb_error *error)
{
	const struct group *most = NULL;
	char text[32], shown[HB_SHOWN];

	for (int g = 0; g < count; g++)
		if (groups[g].key != MISSING && (!most || groups[g].count > most->count))
			most = &groups[g];
	if (!most || most->count >= folds)
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_ARGUMENT,
			 "%s: %d folds are too many: the class with the most rows, '%s', has %lld",
			 table->name, folds, hb_show(name_of(table, column, most, text), shown),
			 most->count);
}

/* As hebb_split_folds(); sorted: room for n rows, and the result. */
static hebb_status stratify_folds(const hebb_table *table, int column, int folds, uint64_t seed,
				  uint64_t stream, long long n, const long long *from,
				  long long *row, long long *sorted, hebb_error *error)
{
	int count = 0;
	struct group *groups = make_groups(table, column, n, from, &count);
	struct group *next = groups ? malloc((size_t)count * sizeof *next) : NULL;
	hebb_status status = next ? check_folds(table, column, groups, count, folds, error)
				  : hb_out_of_memory(error);

	if (!status) { /* nothing can fail now */
		begin_rows(n, from, row);
		hebb_shuffle(n, row, seed, stream);
		sort_by_group(table, column, groups, next, count, n, row, sorted);
	}
	free(groups);
	free(next);
	return status;
}

hebb_status hebb_split_folds(const hebb_table *table, int column, int folds, uint64_t seed,
			     uint64_t stream, long long n, const long long *from, long long *row,
			     hebb_error *error)
{
	hebb_status status = HEBB_OK;

	if (hb_check_rows(table, n, from, error))
		return HEBB_BAD_ARGUMENT;
	if (!row)
		return hb_absent("the room for the rows", error);
	if (folds < 2 || folds > n)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "%s: %s cannot be split into %d folds; there are 2 to as "
				 "many folds as rows",
				 table->name, hebb_show_count(n, "row").text, folds);
	if (column >= table->columns)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s: there is no column %d", table->name,
				 column + 1);
	long long *sorted = malloc((size_t)n * sizeof *sorted), at = 0;
	if (!sorted)
		return hb_out_of_memory(error);
	if (column >= 0) {
		status = stratify_folds(table, column, folds, seed, stream, n, from, row, sorted,
					error);
	} else {
		begin_rows(n, from, sorted);
		hebb_shuffle(n, sorted, seed, stream);
	}
	for (int fold = 0; fold < folds && !status; fold++)
		for (long long i = fold; i < n; i += folds)
			row[at++] = sorted[i];
	free(sorted);
	return status;
}
