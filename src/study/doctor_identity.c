/* SPDX-License-Identifier: MIT */
/*
 * doctor_identity.c - checks for columns that name the rows rather than describe them
 *
 * A column of such names has another value in nearly every row: a row number, a code, the name of
 * a person. Measurements can be different in every row, too. So integers with gaps are suspected
 * only if the column is named so, or if they have no order, fill their range evenly and have
 * nothing to do with the target. Other numbers never are.
 */
#define _POSIX_C_SOURCE 200809L
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "doctor.h"

enum {
	ROWS_MOST = 4000, /* the most rows of a column to sort */
	ROWS_LEAST = 20,  /* fewer rows show any pattern by chance */
	ROWS_A_LEVEL = 5, /* fewer on average: most texts are too rare to be learned from */
	LEVELS_FEW = 20,
	PARTS = 8 /* of the values, in ascending order */
};

static const double NAMES_LEAST = 0.95; /* the share of the values that must differ */
/* Of chi square, divided by its degrees of freedom, of which there are 7: more is no chance in 99
 * of 100 cases. */
static const double CHANCE_MOST = 2.64;

typedef struct place {
	double value;
	double target; /* or the index of the class */
} place;

/* ---- Sentences ---- */

/* Whether --ignore takes the name as it is, and not as a number, a range or a pattern. */
static int is_plain_name(const char *name)
{
	if (!isalpha((unsigned char)*name) && *name != '_')
		return 0;
	while (isalnum((unsigned char)*name) || *name == '_' || *name == '.')
		name++;
	return *name == '\0';
}

/* Whether another column has the same name. */
static int is_repeated(const hebb_table *table, int column)
{
	for (int i = 0; i < table->columns; i++)
		if (i != column && strcmp(table->column[i].name, table->column[column].name) == 0)
			return 1;
	return 0;
}

/* 1 if an item of a list is the name or the number of the column. */
static int is_listed(const hebb_table *table, const char *list, int column)
{
	char *items = list ? strdup(list) : NULL;
	int found = items && hebb_table_find(table, items, NULL) == column;

	for (char *item = items, *next; item && !found; item = next) {
		next = strchr(item, ',');
		if (next)
			*next++ = '\0';
		found = hebb_table_find(table, item, NULL) == column;
	}
	free(items);
	return found;
}

const char *hb_ignore_text(const hebb_table *table, const char *inputs, int column,
			   char text[HB_IGNORE_MOST])
{
	const char *name = table->column[column].name;

	if (is_listed(table, inputs, column)) {
		snprintf(text, HB_IGNORE_MOST, "--inputs without '%s'", SHORT_NAME(name));
		return text;
	}

	if (table->named && is_plain_name(name) && strlen(name) < HB_NAME_MOST &&
	    !is_repeated(table, column))
		snprintf(text, HB_IGNORE_MOST, "--ignore %s", name);
	else
		snprintf(text, HB_IGNORE_MOST, "--ignore %d", column + 1);
	return text;
}

/* ---- Integers that name rows ---- */

/* Whether a column numbers the rows: integers without repeats and gaps. */
static int counts_rows(const hebb_table *table, int column, const hebb_column_facts *facts)
{
	double least = facts->least;
	unsigned char *taken;
	long long row = 0;

	if (facts->most - least != (double)(table->rows - 1) || table->column[column].missing > 0 ||
	    !(taken = calloc((size_t)table->rows, 1)))
		return 0;
	for (; row < table->rows; row++) {
		double off = hebb_table_value(table, row, column) - least;
		if (off != floor(off) || taken[(size_t)off]++)
			break;
	}
	free(taken);
	return row == table->rows;
}

static int by_value(const void *a, const void *b)
{
	double x = ((const place *)a)->value, y = ((const place *)b)->value;

	return (x > y) - (x < y);
}

static int by_target(const void *a, const void *b)
{
	double x = ((const place *)a)->target, y = ((const place *)b)->target;

	return (x > y) - (x < y);
}

/* Reads rows with a value and a target, at most ROWS_MOST, evenly spaced. 0: a value is no
 * integer. */
static long long read_places(const hebb_table *table, int column, int target, place *list)
{
	long long n = 0, rows = table->rows < ROWS_MOST ? table->rows : ROWS_MOST;

	for (long long i = 0; i < rows; i++) {
		long long row = i * table->rows / rows;
		place one = {hebb_table_value(table, row, column),
			     hebb_table_value(table, row, target)};

		if (isnan(one.value) || isnan(one.target))
			continue;
		if (one.value != floor(one.value))
			return 0;
		list[n++] = one;
	}
	return n;
}

/* Whether the values rise or fall with the rows, as times do. The list is in the order of the
 * rows. */
static int is_in_order(const place *list, long long n)
{
	long long rises = 0;

	for (long long i = 1; i < n; i++)
		rises += list[i].value > list[i - 1].value;
	return (double)rises > 0.9 * (double)n || (double)rises < 0.1 * (double)n;
}

/* Whether nearly all values differ. The list is sorted by value, as below. */
static int are_different(const place *list, long long n)
{
	long long different = 1;

	for (long long i = 1; i < n; i++)
		different += list[i].value > list[i - 1].value;
	return (double)different >= NAMES_LEAST * (double)n;
}

/* Whether the values fill their range evenly. Few measurements do. */
static int are_even(const place *list, long long n)
{
	double least = list[0].value, span = list[n - 1].value - least, share = (double)n / PARTS;
	double square = 0;

	for (long long i = 0, part = 1; part <= PARTS; part++) {
		long long from = i;

		while (i < n && (list[i].value - least) * PARTS <= span * (double)part)
			i++;
		square += ((double)(i - from) - share) * ((double)(i - from) - share) / share;
	}
	return square < CHANCE_MOST * (PARTS - 1);
}

/* The sum of squares of the rows' targets that `count` rows explain: of numbers sum^2 / count, of
 * classes the same of each class's 0 and 1. Sorts those rows. */
static double explained(place *list, long long count, int classes)
{
	double sum = 0, squares = 0;

	qsort(list, (size_t)count, sizeof *list, by_target);
	for (long long i = 0; i < count;) {
		long long from = i;

		while (i < count && list[i].target <= list[from].target)
			i++;
		sum += list[from].target * (double)(i - from);
		squares += (double)(i - from) * (double)(i - from);
	}
	return (classes ? squares : sum * sum) / (double)count;
}

/* Whether values have nothing to do with the target: the share of its variance that lies between
 * PARTS parts of the values is as by chance, (PARTS - 1) / (n - 1). */
static int tells_nothing(place *list, long long n, int classes)
{
	double between = 0, all = 0, mean;

	for (int part = 0; part < PARTS; part++) {
		long long from = n * part / PARTS, end = n * (part + 1) / PARTS;

		between += explained(list + from, end - from, classes);
	}
	for (long long i = 0; i < n; i++)
		all += classes ? 1 : list[i].target * list[i].target;
	mean = explained(list, n, classes);
	return (between - mean) * (double)(n - 1) < CHANCE_MOST * (PARTS - 1) * (all - mean);
}

/* Whether the name of a column says that it holds names of rows: id, user_id, userId. */
static int is_named_so(const char *name)
{
	static const char *const words[] = {"id", "uuid", "guid", "rownames", "index"};
	size_t length = strlen(name);

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (hebb_name_distance(words[i], name) == 0)
			return 1;
	if (length < 3 || (name[length - 1] != 'd' && name[length - 1] != 'D'))
		return 0;
	name += length - 3;
	return (name[1] == 'I' && islower((unsigned char)name[0])) ||
	       ((name[1] == 'I' || name[1] == 'i') && strchr("_-. ", name[0]));
}

static int are_codes(const hebb_table *table, const hebb_coding *coding, int column)
{
	place *list = malloc(sizeof *list * ROWS_MOST);
	int classes = coding->task == HEBB_CLASSIFICATION, codes = 0, in_order;
	long long n = list ? read_places(table, column, coding->target_at[0], list) : 0;

	if (n >= ROWS_LEAST) {
		in_order = is_in_order(list, n);
		qsort(list, (size_t)n, sizeof *list, by_value);
		codes = are_different(list, n) &&
			(is_named_so(table->column[column].name) ||
			 (!in_order && are_even(list, n) && tells_nothing(list, n, classes)));
	}
	free(list);
	return codes;
}

/* ---- Findings ---- */

/* Tells of texts that are different in nearly every row. */
static int look_at_texts(const hebb_table *table, const char *inputs, int column,
			 hebb_findings *findings)
{
	const hebb_column *about = &table->column[column];
	long long values = table->rows - about->missing;
	int names = (double)about->level_count >= NAMES_LEAST * (double)values;
	char text[HB_IGNORE_MOST];

	if (values < ROWS_LEAST || names)
		return values >= ROWS_LEAST;
	if (about->level_count <= LEVELS_FEW ||
	    (long long)about->level_count * ROWS_A_LEVEL <= values)
		return 0;
	hb_found(findings, "many_levels", HEBB_SEVERITY_WARNING,
		 "column '%s' has %s in %s: each becomes an input of the "
		 "network, and most are too rare to be learned from",
		 SHORT_NAME(about->name),
		 hebb_show_count(about->level_count, "different text").text,
		 hebb_show_count(values, "row").text);
	hb_advise(findings, "use %s, or give rare texts one name, such as 'other'",
		  hb_ignore_text(table, inputs, column, text));
	return 0;
}

static void look_at_identity(const hebb_table *table, const hebb_coding *coding, const char *inputs,
			     const hebb_column_facts *facts, int column, hebb_findings *findings)
{
	int counts = 0, is_text = table->column[column].kind == HEBB_TEXT;
	char text[HB_IGNORE_MOST];

	if (is_text ? !look_at_texts(table, inputs, column, findings)
		    : !(counts = counts_rows(table, column, facts)) &&
			      !are_codes(table, coding, column))
		return;
	hb_found(findings, "id_column", HEBB_SEVERITY_WARNING,
		 "column '%s' has another value in %s row, as a %s has: the network can learn the "
		 "rows by heart, and new rows have other values",
		 SHORT_NAME(table->column[column].name), counts ? "every" : "nearly every",
		 counts    ? "row number"
		 : is_text ? "name"
			   : "code without meaning");
	hb_advise(findings, "leave it out: %s", hb_ignore_text(table, inputs, column, text));
}

/* Tells of the first column whose name another one has; the reader added ".N" to it, N its
 * number. */
static void look_at_names(const hebb_table *table, hebb_findings *findings)
{
	for (int i = 1; i < table->columns && table->named; i++) {
		const char *name = table->column[i].name, *dot = strrchr(name, '.');
		char number[16];
		int k = 0;

		snprintf(number, sizeof number, ".%d", i + 1);
		if (!dot || strcmp(dot, number) != 0)
			continue;
		while (k < i && (strncmp(table->column[k].name, name, (size_t)(dot - name)) != 0 ||
				 strlen(table->column[k].name) != (size_t)(dot - name)))
			k++;
		if (k == i)
			continue;
		hb_found(findings, "duplicate_names", HEBB_SEVERITY_WARNING,
			 "columns %d and %d are both named '%s': the second is called '%s' here",
			 k + 1, i + 1, SHORT_NAME(table->column[k].name), SHORT_NAME(name));
		hb_advise(findings,
			  "give each column a name of its own, or leave one out: --ignore %d",
			  i + 1);
		return;
	}
}

void hb_check_identity(const hebb_table *table, const hebb_coding *coding, const char *inputs,
		       const hebb_column_facts *facts, hebb_findings *findings)
{
	look_at_names(table, findings);
	for (int i = 0; i < coding->input_count; i++)
		if (table->rows >= ROWS_LEAST && coding->input_count > 1)
			look_at_identity(table, coding, inputs, &facts[coding->input_at[i]],
					 coding->input_at[i], findings);
}
