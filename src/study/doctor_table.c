/* SPDX-License-Identifier: MIT */
/*
 * doctor_table.c - what can be told of the columns of a table
 *
 * Extremes, means and deviations are those of all rows; what needs order or pairs looks at
 * ROWS_MOST rows, evenly spaced.  The pixels of an image are constant, alike and sparse by nature:
 * of them only the constant ones are counted.
 */
#include <math.h>
#include <stdlib.h>

#include "doctor.h"

enum {
	ROWS_MOST = 4000, /* of a column that is sorted */
	ROWS_LEAST = 20,  /* fewer rows show any pattern by chance */
	FEW_ROWS = 200,
	ALIKE_ROWS = 256,    /* of the pairs of columns */
	ALIKE_COLUMNS = 1000 /* more make too many pairs */
};

/* The middle 98 % of a standardized normal column span 4.7, of a uniform one 3.4.  A column whose
 * middle spans a tenth of its deviation is a constant to the network but for a few rows. */
static const double SPAN_LEAST = 0.1;
static const double ALIKE = 0.99999; /* of a correlation: a column in other units, rounded */

typedef struct look {
	const hebb_table *table;
	const hebb_coding *coding;
	const hebb_column_facts *facts;
	long long rows; /* of a sample */
	float *value;   /* of a column */
	hebb_findings *to;
} look;

static void sample(const look *at, int column, float *value)
{
	for (long long i = 0; i < at->rows; i++)
		value[i] = hebb_table_value(at->table, i * at->table->rows / at->rows, column);
}

/* The same without missing values; returns how many there are. */
static long long sample_there(const look *at, int column)
{
	long long n = 0;

	sample(at, column, at->value);
	for (long long i = 0; i < at->rows; i++)
		if (!isnan(at->value[i]))
			at->value[n++] = at->value[i];
	return n;
}

static int by_value(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

/* ---- One column ---- */

/* Whether so few values may be the greater part of the variance: if none is far off, they are
 * not. */
static int may_stand_out(const hebb_column_facts *facts, long long n, long long beyond)
{
	double far = fmax(facts->most - facts->mean, facts->mean - facts->least) / facts->sd;

	return far * far * 2.0 * (double)beyond >= 0.9 * (double)n;
}

/* A few enormous values: what the middle 98 % span, in standard deviations of all. */
static void look_at_outliers(const look *at, int column, int is_target)
{
	const hebb_column_facts *facts = &at->facts[column];
	long long n = at->rows, beyond = n / 100 > 1 ? n / 100 : 1;

	if (n < ROWS_LEAST || !(facts->sd > 0) || !may_stand_out(facts, n, beyond))
		return;
	n = sample_there(at, column);
	if (n < ROWS_LEAST)
		return;
	qsort(at->value, (size_t)n, sizeof *at->value, by_value);
	beyond = n / 100 > 1 ? n / 100 : 1;
	double low = at->value[beyond], high = at->value[n - 1 - beyond];
	/* A rare yes among many noes spans 0 and is no outlier. */
	if (!(high > low) || high - low >= SPAN_LEAST * facts->sd)
		return;
	double worst = facts->most - high > low - facts->least ? facts->most : facts->least;
	hb_found(at->to, "outliers", HEBB_SEVERITY_WARNING,
		 "98 %% of column '%s' lie from %s to %s, but one value is %s: scaled by the "
		 "standard deviation %s, the others are nearly one number",
		 SHORT_NAME(at->table->column[column].name), hebb_show_number(low, 4).text,
		 hebb_show_number(high, 4).text, hebb_show_number(worst, 4).text,
		 hebb_show_number(facts->sd, 2).text);
	hb_advise(at->to,
		  is_target
			  ? "correct or remove such rows, or try --loss huber"
			  : "correct or remove such rows, or replace the column by its logarithm");
}

/* All different whole numbers without a gap: they count the rows. */
static int counts_rows(const look *at, int column)
{
	const hebb_table *table = at->table;
	double least = at->facts[column].least;
	int is_number = table->column[column].kind == HEBB_NUMBER;
	unsigned char *seen;
	long long row = 0;

	if (!is_number)
		return table->column[column].level_count == table->rows;
	if (at->facts[column].most - least != (double)(table->rows - 1) ||
	    table->column[column].missing > 0 || !(seen = calloc((size_t)table->rows, 1)))
		return 0;
	for (; row < table->rows; row++) {
		double off = hebb_table_value(table, row, column) - least;
		if (off != floor(off) || seen[(size_t)off]++)
			break;
	}
	free(seen);
	return row == table->rows;
}

static void look_at_identity(const look *at, int column)
{
	if (at->table->rows < ROWS_LEAST || at->coding->input_count < 2 || !counts_rows(at, column))
		return;
	hb_found(at->to, "id_column", HEBB_SEVERITY_WARNING,
		 "column '%s' is different in every row, as a row number is: the network can learn "
		 "the rows by heart by it, and new rows have other values",
		 SHORT_NAME(at->table->column[column].name));
	hb_advise(at->to, "leave column %d out of the file", column + 1);
}

/* ---- A column and the target ---- */

typedef struct pair {
	float x, y;
} pair;

static int by_pair(const void *a, const void *b)
{
	const pair *p = a, *q = b;
	int order = (p->x > q->x) - (p->x < q->x);

	return order ? order : (p->y > q->y) - (p->y < q->y);
}

/* In the order of x: how often x and y change, and whether one x ever has two y.  Of all rows there
 * are `all` pairs. */
static int decides(pair *list, long long n, long long all, int classes)
{
	long long values = 1, changes = 1;

	qsort(list, (size_t)n, sizeof *list, by_pair);
	for (long long i = 1; i < n; i++) {
		int other_x = list[i].x > list[i - 1].x, other_y = list[i].y != list[i - 1].y;
		if (other_y && !other_x)
			return 0;
		values += other_x;
		changes += other_y;
	}
	/* A range of x for each class, or few values of x, each many times and always of one
	 * class. */
	return changes <= classes || values * ROWS_LEAST <= all;
}

static double correlation(const pair *list, long long n)
{
	double x = 0, y = 0, xx = 0, yy = 0, xy = 0;

	for (long long i = 0; i < n; i++) {
		x += list[i].x / (double)n;
		y += list[i].y / (double)n;
	}
	for (long long i = 0; i < n; i++) {
		xx += (list[i].x - x) * (list[i].x - x);
		yy += (list[i].y - y) * (list[i].y - y);
		xy += (list[i].x - x) * (list[i].y - y);
	}
	return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : 0;
}

/* The pairs of up to `most` rows of a column and of y (of all rows of the sample) in which nothing
 * is missing. */
static long long pairs_of(const look *at, int column, const float *y, long long most, pair *list)
{
	long long n = 0, rows = at->rows < most ? at->rows : most;

	for (long long i = 0; i < rows; i++) {
		long long k = i * at->rows / rows;
		float x = hebb_table_value(at->table, k * at->table->rows / at->rows, column);
		if (!isnan(x) && !isnan(y[k]))
			list[n++] = (pair){x, y[k]};
	}
	return n;
}

/* A few rows tell for nearly every column that it does not decide; only then all are looked at. */
static int tells(const look *at, int column, const float *y, pair *list)
{
	int classes = at->coding->task == HEBB_CLASSIFICATION;

	for (int few = 1; few >= 0; few--) {
		long long n = pairs_of(at, column, y, few ? FEW_ROWS : at->rows, list);
		if (n < ROWS_LEAST || (!few && n < at->rows / 2))
			return 0;
		if (classes ? !decides(list, n, at->rows, at->coding->outputs)
			    : fabs(correlation(list, n)) < ALIKE)
			return 0;
	}
	return 1;
}

/* Whether what is there is one value: each column would tell it.  (A few rows of a rare class may
 * be all that a sample lacks.) */
static int never_changes(const float *value, long long n)
{
	float least = INFINITY, most = -INFINITY;

	for (long long i = 0; i < n; i++) {
		least = fminf(least, value[i]);
		most = fmaxf(most, value[i]);
	}
	return !(most > least);
}

/* With one input there is nothing else to learn from, and to learn it is the point. */
static void look_at_leaks(const look *at)
{
	const hebb_coding *coding = at->coding;
	float *target = malloc(sizeof *target * (size_t)at->rows);
	pair *list = malloc(sizeof *list * (size_t)at->rows);

	for (int t = 0; t < coding->target_count && target && list; t++) {
		if (at->rows < ROWS_LEAST || coding->input_count < 2)
			break;
		sample(at, coding->target_at[t], target);
		if (never_changes(target, at->rows))
			continue;
		for (int i = 0; i < coding->input_count; i++) {
			if (!tells(at, coding->input_at[i], target, list))
				continue;
			hb_found(at->to, "target_leak", HEBB_SEVERITY_WARNING,
				 "column '%s' alone tells '%s' without an error",
				 SHORT_NAME(at->table->column[coding->input_at[i]].name),
				 SHORT_NAME(coding->targets[t].name));
			hb_advise(
				at->to,
				"leave it out if it is not known before the hebb_result is; else a "
				"simple rule does");
		}
	}
	free(list);
	free(target);
}

/* ---- Columns and each other ---- */

/* z of some rows of a column, so that the correlation of two columns is the mean of their
 * product. */
static void standardized(const look *at, int column, double *z)
{
	double mean = 0, square = 0;
	int n = 0;

	for (int i = 0; i < ALIKE_ROWS; i++) {
		z[i] = hebb_table_value(at->table, i * at->table->rows / ALIKE_ROWS, column);
		n += !isnan(z[i]);
		mean += isnan(z[i]) ? 0 : z[i];
	}
	mean = n > 0 ? mean / n : 0;
	for (int i = 0; i < ALIKE_ROWS; i++) {
		z[i] = isnan(z[i]) ? 0 : z[i] - mean;
		square += z[i] * z[i];
	}
	for (int i = 0; i < ALIKE_ROWS; i++)
		z[i] = square > 0 ? z[i] / sqrt(square) : 0;
}

static int are_alike(const double *a, const double *b)
{
	double sum = 0;

	for (int i = 0; i < ALIKE_ROWS; i++)
		sum += a[i] * b[i];
	return fabs(sum) > ALIKE;
}

/* On more rows, since rare values may be missing among the few. */
static int stay_alike(const look *at, int one, int other)
{
	float *x = malloc(sizeof *x * (size_t)at->rows);
	pair *list = malloc(sizeof *list * (size_t)at->rows);
	int alike = 0;

	if (x && list) {
		sample(at, one, x);
		alike = fabs(correlation(list, pairs_of(at, other, x, at->rows, list))) > ALIKE;
	}
	free(list);
	free(x);
	return alike;
}

static void look_for_copies(const look *at)
{
	const hebb_coding *coding = at->coding;
	int n = coding->input_count, copies = 0, one = 0, other = 0;
	double(*z)[ALIKE_ROWS] =
		n <= ALIKE_COLUMNS && at->rows >= ROWS_LEAST ? malloc(sizeof *z * (size_t)n) : NULL;

	for (int i = 0; i < n && z; i++) {
		standardized(at, coding->input_at[i], z[i]);
		for (int j = 0; j < i; j++) {
			if (!are_alike(z[i], z[j]) ||
			    !stay_alike(at, coding->input_at[i], coding->input_at[j]))
				continue;
			one = copies ? one : j;
			other = copies++ ? other : i;
			break;
		}
	}
	free(z);
	if (copies == 0)
		return;
	hb_found(at->to, "duplicate_inputs", HEBB_SEVERITY_INFO,
		 "%d column%s another up to scale: '%s' is '%s'%s", copies,
		 copies == 1 ? " repeats" : "s repeat", SHORT_NAME(coding->inputs[other].name),
		 SHORT_NAME(coding->inputs[one].name), copies == 1 ? "" : " first");
	hb_advise(at->to, "harmless, but what it says counts twice; leave one of them out");
}

/* ---- All columns ---- */

static void look_at_constants(const look *at)
{
	const hebb_coding *coding = at->coding;
	int constant = 0, first = 0, inputs = coding ? coding->input_count : at->table->columns;

	for (int i = inputs - 1; i >= 0; i--) {
		int column = coding ? coding->input_at[i] : i;
		constant += at->facts[column].constant;
		first = at->facts[column].constant ? column : first;
	}
	for (int t = 0; coding && t < coding->target_count; t++) {
		int column = coding->target_at[t];
		if (!at->facts[column].constant)
			continue;
		hb_found(at->to, "constant_target", HEBB_SEVERITY_WARNING,
			 "the target '%s' is always %s: there is nothing to learn",
			 SHORT_NAME(at->table->column[column].name),
			 hebb_show_number(at->facts[column].least, 4).text);
		hb_advise(at->to,
			  "see whether --target names the right column, and whether the rows "
			  "of other values were lost on the way");
	}
	if (constant == 0)
		return;
	hb_found(at->to, "constant_inputs", HEBB_SEVERITY_INFO,
		 "%d of %d columns never change, '%s' first", constant, inputs,
		 SHORT_NAME(at->table->column[first].name));
	hb_advise(at->to, "they become 0 and do no harm");
}

/* Whether a column is one of several targets, which may be missing in a row. */
static int may_lack(const hebb_coding *coding, int column)
{
	int alone = coding && (coding->task == HEBB_LABELS ||
			       (coding->task == HEBB_REGRESSION && coding->target_count > 1));

	for (int i = 0; alone && i < coding->target_count; i++)
		if (coding->target_at[i] == column)
			return 1;
	return 0;
}

static void look_at_missing(const look *at, hebb_missing missing)
{
	int lacking = 0, worst = -1;
	long long values = 0;

	for (int i = 0; i < at->table->columns; i++) {
		if (may_lack(at->coding, i))
			continue;
		lacking += at->table->column[i].missing > 0;
		values += at->table->column[i].missing;
		worst = worst < 0 || at->table->column[i].missing > at->table->column[worst].missing
				? i
				: worst;
	}
	if (lacking == 0)
		return;
	double share = (double)at->table->column[worst].missing / (double)at->table->rows;
	/* Where half of a column is made up, its mean says more of the rows that lack it. */
	int much = missing != HEBB_MISSING_ERROR && share > 0.5;
	hb_found(at->to, "missing_values",
		 missing == HEBB_MISSING_ERROR ? HEBB_SEVERITY_ERROR
		 : much                        ? HEBB_SEVERITY_WARNING
					       : HEBB_SEVERITY_INFO,
		 "%s value%s missing, in %d column%s; '%s' lacks %s %%",
		 hebb_show_number((double)values, 4).text, values == 1 ? " is" : "s are", lacking,
		 lacking == 1 ? "" : "s", SHORT_NAME(at->table->column[worst].name),
		 hebb_show_number(100 * share, 3).text);
	hb_advise(at->to, missing == HEBB_MISSING_ERROR  ? "use --missing mean or --missing drop"
			  : much                         ? "leave that column out"
			  : missing == HEBB_MISSING_MEAN ? "the mean of the column stands for them"
							 : "their rows are left out");
}

void hebb_check_table(const hebb_table *table, const hebb_coding *coding, hebb_missing missing,
		      int thorough, hebb_findings *to)
{
	hebb_column_facts *facts;
	look at = {.table = table, .coding = coding, .to = to};

	if (table->height > 0 && !thorough)
		return;
	facts = hebb_table_facts(table);
	at.facts = facts;
	at.rows = table->rows < ROWS_MOST ? table->rows : ROWS_MOST;
	at.value = malloc(sizeof *at.value * (size_t)(at.rows + 1));
	if (facts && at.value) {
		look_at_missing(&at, missing);
		look_at_constants(&at);
	}
	if (facts && at.value && coding && table->height == 0) {
		for (int i = 0; i < coding->input_count; i++) {
			look_at_identity(&at, coding->input_at[i]);
			if (coding->inputs[i].kind == HEBB_NUMBER)
				look_at_outliers(&at, coding->input_at[i], 0);
		}
		for (int t = 0; t < coding->target_count && coding->task == HEBB_REGRESSION; t++)
			look_at_outliers(&at, coding->target_at[t], 1);
		look_at_leaks(&at);
		if (thorough)
			look_for_copies(&at);
	}
	free(at.value);
	free(facts);
}
