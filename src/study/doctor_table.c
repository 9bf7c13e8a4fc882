/* SPDX-License-Identifier: MIT */
/*
 * doctor_table.c - checks the columns of a table
 *
 * Extremes, means and deviations are those of all rows. Checks that sort or compare pairs use at
 * most ROWS_MOST evenly spaced rows. Pixels of images are often constant, alike and sparse, so for
 * them only the constant ones are counted.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"

enum {
	ROWS_MOST = 4000, /* the most rows of a column to sort */
	ROWS_LEAST = 20,  /* fewer rows show any pattern by chance */
	FEW_ROWS = 200,
	ALIKE_ROWS = 256,    /* the rows to compare two columns with */
	ALIKE_COLUMNS = 1000 /* more make too many pairs */
};

/* The middle 98 % of a column span 4.7 standard deviations if it is normal, 3.4 if it is uniform.
 * If they span a tenth of one, the column is nearly constant for the network, except for a few
 * rows. */
static const double SPAN_LEAST = 0.1;
static const double ALIKE_RANKS = 0.99; /* rank correlation: a function of the target, rounded */
static const double WRONG_MOST = 0.05;  /* of the rows that are not of the commonest class */
static const double ALIKE = 0.99999;    /* a correlation: the same column in other units, rounded */

typedef struct table_check {
	const hebb_table *table;
	const hebb_coding *coding;
	const hebb_column_facts *facts;
	const char *inputs; /* the list of --inputs; NULL: none */
	hebb_missing missing;
	long long rows; /* the rows of a sample */
	double *value;  /* memory for a sample of a column */
	hebb_findings *findings;
} table_check;

static void sample(const table_check *check, int column, double *value)
{
	for (long long i = 0; i < check->rows; i++)
		value[i] = hebb_table_value(check->table, i * check->table->rows / check->rows,
					    column);
}

/* The same without missing values; returns how many there are. */
static long long sample_there(const table_check *check, int column)
{
	long long n = 0;

	sample(check, column, check->value);
	for (long long i = 0; i < check->rows; i++)
		if (!isnan(check->value[i]))
			check->value[n++] = check->value[i];
	return n;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* ---- One column ---- */

/* Whether the values beyond the middle 98 % can be most of the variance. They cannot if the most
 * extreme value is not far from the mean. */
static int may_stand_out(const hebb_column_facts *facts, long long n, long long beyond)
{
	double far = fmax(facts->most - facts->mean, facts->mean - facts->least) / facts->sd;

	return far * far * 2.0 * (double)beyond >= 0.9 * (double)n;
}

/* Checks for a few very large values: the span of the middle 98 %, relative to the standard
 * deviation of all. */
static void look_at_outliers(const table_check *check, int column, int is_target)
{
	const hebb_column_facts *facts = &check->facts[column];
	long long n = check->rows, beyond = n / 100 > 1 ? n / 100 : 1;

	if (n < ROWS_LEAST || !(facts->sd > 0) || !may_stand_out(facts, n, beyond))
		return;
	n = sample_there(check, column);
	if (n < ROWS_LEAST)
		return;
	qsort(check->value, (size_t)n, sizeof *check->value, by_value);
	beyond = n / 100 > 1 ? n / 100 : 1;
	double low = check->value[beyond], high = check->value[n - 1 - beyond];
	/* A rare yes among many noes spans 0 and is no outlier. */
	if (!(high > low) || high - low >= SPAN_LEAST * facts->sd)
		return;
	double worst = facts->most - high > low - facts->least ? facts->most : facts->least;
	hb_found(check->findings, "outliers", HEBB_SEVERITY_WARNING,
		 "98 %% of column '%s' lie from %s to %s, but one value is %s: scaled by the "
		 "standard deviation %s, the others are nearly one number",
		 SHORT_NAME(check->table->column[column].name), hebb_show_number(low, 4).text,
		 hebb_show_number(high, 4).text, hebb_show_number(worst, 4).text,
		 hebb_show_number(facts->sd, 2).text);
	hb_advise(check->findings,
		  is_target
			  ? "correct or remove such rows, or try --loss huber"
			  : "correct or remove such rows, or replace the column by its logarithm");
}

/* ---- A column and the target ---- */

typedef struct pair {
	double x, y;
} pair;

static int by_pair(const void *a, const void *b)
{
	const pair *p = a, *q = b;
	int order = (p->x > q->x) - (p->x < q->x);

	return order ? order : (p->y > q->y) - (p->y < q->y);
}

/* Whether x determines the class y. It sorts by x and counts the changes of x and y. `rows` is the
 * number of all rows. */
static int decides(pair *list, long long n, long long rows, int classes)
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
	/* Each class has one range of x, or x has few values, each in many rows of one class. */
	return changes <= classes || values * ROWS_LEAST <= rows;
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

/* What is looked at in a column: its values, where there are any, or whether there is one. */
enum aspect { VALUES, GAPS };

/* The pairs of up to `most` rows of a column and of y (of all rows of the sample) in which nothing
 * is missing; of GAPS, x is 1 where the column's value is missing, else 0. */
static long long pairs_of(const table_check *check, int column, enum aspect aspect, const double *y,
			  long long most, pair *list)
{
	long long n = 0, rows = check->rows < most ? check->rows : most;

	for (long long i = 0; i < rows; i++) {
		long long k = i * check->rows / rows;
		double x = hebb_table_value(check->table, k * check->table->rows / check->rows,
					    column);
		x = aspect == GAPS ? isnan(x) : x;
		if (!isnan(x) && !isnan(y[k]))
			list[n++] = (pair){x, y[k]};
	}
	return n;
}

/* Replaces each x by its rank, equal ones by their mean rank. */
static void rank_x(pair *list, long long n)
{
	qsort(list, (size_t)n, sizeof *list, by_pair);
	for (long long i = 0; i < n;) {
		long long from = i;
		double x = list[from].x;

		for (; i < n && list[i].x <= x; i++)
			;
		for (long long k = from; k < i; k++)
			list[k].x = (double)(from + i - 1) / 2;
	}
}

static void swap_axes(pair *list, long long n)
{
	for (long long i = 0; i < n; i++)
		list[i] = (pair){list[i].y, list[i].x};
}

/* Spearman's rho: 1 or -1 if y always rises or always falls with x. Changes the list. */
static double rank_correlation(pair *list, long long n)
{
	rank_x(list, n);
	swap_axes(list, n);
	rank_x(list, n);
	return correlation(list, n);
}

/* The rows of the commonest y among those from `from` to the last with the same x, which *end is
 * set behind. The list is sorted. */
static long long commonest(const pair *list, long long n, long long from, long long *end)
{
	long long most = 0, run = 0, i = from;

	for (; i < n && list[i].x <= list[from].x; i++) {
		run = i > from && list[i].y <= list[i - 1].y ? run + 1 : 1;
		most = run > most ? run : most;
	}
	*end = i;
	return most;
}

/* Whether x has few values, and the commonest class of each is right in nearly all rows that the
 * commonest class of all gets wrong. The list is sorted. */
static int nearly_decides(pair *list, long long n)
{
	long long right = 0, values = 0, end = 0;

	for (long long i = 0; i < n; i = end, values++)
		right += commonest(list, n, i, &end);
	if (values * ROWS_LEAST > n)
		return 0;
	for (long long i = 0; i < n; i++)
		list[i].x = 0;
	qsort(list, (size_t)n, sizeof *list, by_pair);
	return (double)(n - right) <= WRONG_MOST * (double)(n - commonest(list, n, 0, &end));
}

/* Whether nothing is left to tell: the values that are there have all one y. */
static int has_one_y(const pair *list, long long n)
{
	for (long long i = 1; i < n; i++)
		if (list[i].y != list[0].y)
			return 0;
	return 1;
}

/* How surely a column alone tells y. */
enum certainty { UNSURE, NEARLY, SURELY };

/* Changes the list. */
static enum certainty certainty_of(const table_check *check, pair *list, long long n)
{
	if (check->coding->task == HEBB_CLASSIFICATION) {
		if (decides(list, n, check->rows, check->coding->outputs))
			return SURELY;
		return nearly_decides(list, n) ? NEARLY : UNSURE;
	}
	if (fabs(correlation(list, n)) >= ALIKE)
		return SURELY;
	return fabs(rank_correlation(list, n)) >= ALIKE_RANKS ? NEARLY : UNSURE;
}

/* A few rows are enough to exclude nearly all columns; only for the others all rows of the sample
 * are read. */
static enum certainty tells(const table_check *check, int column, enum aspect aspect,
			    const double *y, pair *list)
{
	enum certainty sure = UNSURE;

	for (int is_quick = 1; is_quick >= 0; is_quick--) {
		long long n =
			pairs_of(check, column, aspect, y, is_quick ? FEW_ROWS : check->rows, list);

		if (n < ROWS_LEAST || (!is_quick && (n < check->rows / 2 || has_one_y(list, n))))
			return UNSURE;
		sure = certainty_of(check, list, n);
		if (sure == UNSURE)
			return UNSURE;
	}
	return sure;
}

/* Whether all values are equal: every column would determine them. (Rare classes may be missing in
 * a sample.) */
static int never_changes(const double *value, long long n)
{
	double least = INFINITY, most = -INFINITY;

	for (long long i = 0; i < n; i++) {
		least = fmin(least, value[i]);
		most = fmax(most, value[i]);
	}
	return !(most > least);
}

static void tell_leak(const table_check *check, int column, enum aspect aspect, int target,
		      enum certainty sure)
{
	char text[HB_IGNORE_MOST];

	hb_found(check->findings, "target_leak", HEBB_SEVERITY_WARNING,
		 "%s '%s' alone tells '%s' %s error",
		 aspect == GAPS ? "whether a row has a value in" : "column",
		 SHORT_NAME(check->table->column[column].name),
		 SHORT_NAME(check->table->column[target].name),
		 sure == SURELY ? "without an" : "nearly without");
	hb_advise(
		check->findings,
		"use %s if it is not known before the target is; otherwise a simple rule is enough",
		hb_ignore_text(check->table, check->inputs, column, text));
}

/* Checks whether the values of a column tell the target y, or else its gaps do. */
static void look_at_leak(const table_check *check, int column, int target, const double *y,
			 pair *list)
{
	int has_gaps =
		check->table->column[column].missing > 0 && check->missing != HEBB_MISSING_DROP;

	for (enum aspect aspect = VALUES; aspect <= (has_gaps ? GAPS : VALUES); aspect++) {
		enum certainty sure = tells(check, column, aspect, y, list);

		if (sure != UNSURE) {
			tell_leak(check, column, aspect, target, sure);
			return;
		}
	}
}

/* Checks for inputs that determine a target. Not with one input, because then this is what the
 * network must learn. */
static void look_at_leaks(const table_check *check)
{
	const hebb_coding *coding = check->coding;
	double *target = malloc(sizeof *target * (size_t)check->rows);
	pair *list = malloc(sizeof *list * (size_t)check->rows);

	for (int t = 0; t < coding->target_count && target && list; t++) {
		if (check->rows < ROWS_LEAST || coding->input_count < 2)
			break;
		sample(check, coding->target_at[t], target);
		if (never_changes(target, check->rows))
			continue;
		for (int i = 0; i < coding->input_count; i++)
			look_at_leak(check, coding->input_at[i], coding->target_at[t], target,
				     list);
	}
	free(list);
	free(target);
}

/* ---- Columns and each other ---- */

/* z of some rows of a column, so that the correlation of two columns is the mean of their
 * product. */
static void standardized(const table_check *check, int column, double *z)
{
	double mean = 0, square = 0;
	int n = 0;

	for (int i = 0; i < ALIKE_ROWS; i++) {
		z[i] = hebb_table_value(check->table, i * check->table->rows / ALIKE_ROWS, column);
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

/* The same check on more rows, because the few rows may lack rare values. */
static int stay_alike(const table_check *check, int column_a, int column_b)
{
	double *x = malloc(sizeof *x * (size_t)check->rows);
	pair *list = malloc(sizeof *list * (size_t)check->rows);
	int alike = 0;

	if (x && list) {
		sample(check, column_a, x);
		alike = fabs(correlation(list, pairs_of(check, column_b, VALUES, x, check->rows,
							list))) > ALIKE;
	}
	free(list);
	free(x);
	return alike;
}

static void look_for_copies(const table_check *check)
{
	const hebb_coding *coding = check->coding;
	int n = coding->input_count, copies = 0, original = 0, copy = 0;
	char text[HB_IGNORE_MOST];
	double(*z)[ALIKE_ROWS] = n <= ALIKE_COLUMNS && check->rows >= ROWS_LEAST
					 ? malloc(sizeof *z * (size_t)n)
					 : NULL;

	for (int i = 0; i < n && z; i++) {
		standardized(check, coding->input_at[i], z[i]);
		for (int j = 0; j < i; j++) {
			if (!are_alike(z[i], z[j]) ||
			    !stay_alike(check, coding->input_at[i], coding->input_at[j]))
				continue;
			original = copies ? original : j;
			copy = copies++ ? copy : i;
			break;
		}
	}
	free(z);
	if (copies == 0)
		return;
	hb_found(check->findings, "duplicate_inputs", HEBB_SEVERITY_INFO,
		 "%d column%s another up to scale: '%s' is '%s'%s", copies,
		 copies == 1 ? " repeats" : "s repeat", SHORT_NAME(coding->inputs[copy].name),
		 SHORT_NAME(coding->inputs[original].name), copies == 1 ? "" : " first");
	hb_advise(check->findings, "harmless, but the column counts twice; %s leaves it out",
		  hb_ignore_text(check->table, check->inputs, coding->input_at[copy], text));
}

/* ---- Classes ---- */

/* Classes that are one number in two spellings, which may have been meant as one class. */
static void look_at_spellings(const table_check *check)
{
	const hebb_column *target = &check->coding->targets[0];
	int other = 0, one = hebb_column_twin(target, &other);

	if (one < 0)
		return;
	hb_found(check->findings, "classes_alike", HEBB_SEVERITY_WARNING,
		 "classes '%s' and '%s' of '%s' are one number in two spellings",
		 SHORT_NAME(target->levels[one]), SHORT_NAME(target->levels[other]),
		 SHORT_NAME(target->name));
	hb_advise(check->findings, "write them alike if they are meant to be one class");
}

/* Marks of missing values, such as NA, that are classes because they stand among texts. */
static void look_at_marks(const table_check *check)
{
	int column = check->coding->target_at[0];
	const hebb_column_detail *detail =
		check->table->detail ? check->table->detail[column] : NULL;
	long long rows = 0;
	uint32_t mark = 0;

	if (!detail || !detail->spellings || check->table->column[column].kind != HEBB_TEXT)
		return;
	for (long long row = 0; row < check->table->rows; row++) {
		if (detail->spelling[row] >= (uint32_t)detail->spelling_count ||
		    !isnan(hebb_table_value(check->table, row, column)))
			continue;
		mark = rows++ ? mark : detail->spelling[row];
	}
	if (rows == 0)
		return;
	hb_found(check->findings, "mark_as_class", HEBB_SEVERITY_INFO,
		 "%s row%s of '%s' hold%s '%s', without quotes, or the like: it is a class",
		 hebb_show_number((double)rows, 4).text, rows == 1 ? "" : "s",
		 SHORT_NAME(check->table->column[column].name), rows == 1 ? "s" : "",
		 SHORT_NAME(detail->spellings[mark]));
	hb_advise(check->findings, "if it means that the class is missing, say --na '%s'",
		  SHORT_NAME(detail->spellings[mark]));
}

/* ---- All columns ---- */

static void look_at_constants(const table_check *check)
{
	const hebb_coding *coding = check->coding;
	int constant = 0, first = 0, inputs = coding ? coding->input_count : check->table->columns;

	for (int i = inputs - 1; i >= 0; i--) {
		int column = coding ? coding->input_at[i] : i;
		constant += check->facts[column].constant;
		first = check->facts[column].constant ? column : first;
	}
	int numbers = coding && coding->task == HEBB_REGRESSION ? coding->target_count : 0;
	for (int t = 0; t < numbers; t++) { /* there are always two classes */
		int column = coding->target_at[t];
		if (!check->facts[column].constant)
			continue;
		hb_found(check->findings, "constant_target", HEBB_SEVERITY_WARNING,
			 "the target '%s' is always %s: there is nothing to learn",
			 SHORT_NAME(check->table->column[column].name),
			 hebb_show_number(check->facts[column].least, 4).text);
		hb_advise(check->findings,
			  "see whether --target names the right column, and whether the rows "
			  "of other values were lost on the way");
	}
	if (constant == 0)
		return;
	hb_found(check->findings, "constant_inputs", HEBB_SEVERITY_INFO,
		 "%d of %d columns never change%s, '%s' first", constant, inputs,
		 constant == 1 ? "s" : "", SHORT_NAME(check->table->column[first].name));
	hb_advise(check->findings, "they become 0 and do no harm");
}

/* Missing values of a column; a mark that is a class is none. */
static long long lacks(const table_check *check, int column)
{
	const hebb_coding *coding = check->coding;
	int is_class =
		coding && coding->task == HEBB_CLASSIFICATION && coding->target_at[0] == column;

	return is_class ? coding->targets[0].missing : check->table->column[column].missing;
}

/* Whether a column is one of several targets, each of which may be missing in a row. */
static int may_lack(const hebb_coding *coding, int column)
{
	int alone = coding && (coding->task == HEBB_LABELS ||
			       (coding->task == HEBB_REGRESSION && coding->target_count > 1));

	for (int i = 0; alone && i < coding->target_count; i++)
		if (coding->target_at[i] == column)
			return 1;
	return 0;
}

/* Marks the columns that are inputs or targets: all without a coding.  NULL: no memory. */
static unsigned char *mark_used(const table_check *check)
{
	unsigned char *used = malloc((size_t)check->table->columns + 1);

	if (used)
		memset(used, !check->coding, (size_t)check->table->columns);
	for (int i = 0; used && check->coding && i < check->coding->input_count; i++)
		used[check->coding->input_at[i]] = 1;
	for (int i = 0; used && check->coding && i < check->coding->target_count; i++)
		used[check->coding->target_at[i]] = 1;
	return used;
}

static void look_at_missing(const table_check *check)
{
	unsigned char *used = mark_used(check);
	int lacking = 0, worst = -1;
	long long values = 0;
	char text[HB_IGNORE_MOST];

	for (int i = 0; used && i < check->table->columns; i++) {
		if (!used[i] || lacks(check, i) == 0 || may_lack(check->coding, i))
			continue;
		lacking++;
		values += lacks(check, i);
		worst = worst < 0 || lacks(check, i) > lacks(check, worst) ? i : worst;
	}
	free(used);
	if (lacking == 0)
		return;
	double share = (double)lacks(check, worst) / (double)check->table->rows;
	/* If half of a column is replaced by its mean, the column mostly says which rows lack
	 * it; an indicator says this by itself. */
	int mostly_missing =
		(check->missing == HEBB_MISSING_MEAN || check->missing == HEBB_MISSING_DROP) &&
		share > 0.5;
	hb_found(check->findings, "missing_values",
		 check->missing == HEBB_MISSING_ERROR ? HEBB_SEVERITY_ERROR
		 : mostly_missing                     ? HEBB_SEVERITY_WARNING
						      : HEBB_SEVERITY_INFO,
		 "%s value%s missing, in %d column%s; '%s' lacks %s %%",
		 hebb_show_number((double)values, 4).text, values == 1 ? " is" : "s are", lacking,
		 lacking == 1 ? "" : "s", SHORT_NAME(check->table->column[worst].name),
		 hebb_show_number(100 * share, 3).text);
	hb_advise(check->findings, "%s%s", mostly_missing ? "use " : "",
		  check->missing == HEBB_MISSING_ERROR
			  ? "leave out --missing error, or use --missing drop"
		  : mostly_missing ? hb_ignore_text(check->table, check->inputs, worst, text)
		  : check->missing == HEBB_MISSING_DROP ? "their rows are left out"
		  : check->missing == HEBB_MISSING_MEAN
			  ? "the mean of the column takes their place"
			  : "the mean of the column takes their place, and one more input says so");
}

void hebb_check_table(const hebb_table *table, const hebb_coding *coding, hebb_missing missing,
		      const char *input_columns, int thorough, hebb_findings *findings)
{
	hebb_column_facts *facts;
	table_check check = {.table = table,
			     .coding = coding,
			     .inputs = input_columns,
			     .missing = missing,
			     .findings = findings};

	if (table->height > 0 && !thorough)
		return;
	facts = hebb_table_facts(table);
	check.facts = facts;
	check.rows = table->rows < ROWS_MOST ? table->rows : ROWS_MOST;
	check.value = malloc(sizeof *check.value * (size_t)(check.rows + 1));
	if (facts && check.value) {
		look_at_missing(&check);
		look_at_constants(&check);
	}
	if (facts && check.value && coding && table->height == 0) {
		if (coding->task == HEBB_CLASSIFICATION) {
			look_at_spellings(&check);
			look_at_marks(&check);
		}
		hb_check_identity(table, coding, input_columns, facts, findings);
		for (int i = 0; i < coding->input_count; i++) {
			if (coding->inputs[i].kind == HEBB_NUMBER)
				look_at_outliers(&check, coding->input_at[i], 0);
		}
		for (int t = 0; t < coding->target_count && coding->task == HEBB_REGRESSION; t++)
			look_at_outliers(&check, coding->target_at[t], 1);
		look_at_leaks(&check);
		if (thorough)
			look_for_copies(&check);
	}
	free(check.value);
	free(facts);
}
