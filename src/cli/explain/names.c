/* SPDX-License-Identifier: MIT */
/*
 * names.c - the outputs, rows and columns that the options of `hebb explain` name
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw/terminal.h"
#include "explanation.h"
#include "option/nearest.h"

enum { ROWS_MOST = 1000, ITEM_MOST = 256 };

/* ---- Outputs ---- */

const char *output_name(const hebb_coding *coding, int output)
{
	return coding->task == HEBB_CLASSIFICATION ? coding->targets[0].levels[output]
						   : coding->targets[output].name;
}

/* The output of a name or, if there is none, of a number from 1; -1: none. */
static int output_of(const hebb_coding *coding, const char *name)
{
	char *end;
	long number = strtol(name, &end, 10);

	for (int i = 0; i < coding->outputs; i++)
		if (strcmp(output_name(coding, i), name) == 0)
			return i;
	return *name && !*end && number >= 1 && number <= coding->outputs ? (int)number - 1 : -1;
}

static int unknown_output(const hebb_coding *coding, const char *name)
{
	const char *kind = coding->task == HEBB_CLASSIFICATION ? "class" : "target";
	nearest suggestions = {.typed = name};

	for (int i = 0; i < coding->outputs; i++)
		nearest_compare(&suggestions, output_name(coding, i));
	if (suggestions.count)
		return fail("--outputs", "the model has no %s '%s'; did you mean '%s'?", kind,
			    short_name(name), short_name(suggestions.name[0]));
	return fail("--outputs", "the model has no %s '%s'; it has %s, such as '%s'", kind,
		    short_name(name), hebb_show_count(coding->outputs, kind).text,
		    short_name(output_name(coding, 0)));
}

/* The next item of a list with commas; 0 at its end. */
static int next_item(const char **list, char item[ITEM_MOST])
{
	size_t length = strcspn(*list, ",");

	if (!**list)
		return 0;
	snprintf(item, ITEM_MOST, "%.*s", (int)(length < ITEM_MOST ? length : ITEM_MOST - 1),
		 *list);
	*list += length + ((*list)[length] == ',');
	return 1;
}

int find_outputs(explanation *e, const char *names)
{
	const hebb_coding *coding = e->model->coding;
	int whole = output_of(coding, names), count = 0;
	char item[ITEM_MOST];

	e->output = malloc((strlen(names) + 1) * sizeof *e->output);
	if (!e->output)
		return fail("--outputs", "out of memory");
	if (whole >= 0)
		e->output[count++] = whole;
	while (whole < 0 && next_item(&names, item)) {
		int output = output_of(coding, item);

		if (output < 0)
			return unknown_output(coding, item);
		e->output[count++] = output;
	}
	if (count == 0)
		return misuse("--outputs", "names no class or target");
	e->how.outputs = count;
	e->how.output = e->output;
	return EXIT_DONE;
}

/* ---- Rows ---- */

/* Reads "7" or "7-9"; 0: it is neither. */
static int read_range(const char *item, long long *first, long long *last)
{
	char *end;

	if (*item < '0' || *item > '9')
		return 0;
	*first = *last = strtoll(item, &end, 10);
	if (*end == '-' && end[1] >= '0' && end[1] <= '9')
		*last = strtoll(end + 1, &end, 10);
	return !*end && *first <= *last;
}

long long *find_rows(const explanation *e, const char *option, const char *rows, int *count,
		     int *status)
{
	const hebb_table *table = e->table;
	long long *list = malloc(ROWS_MOST * sizeof *list), first = 0, last = 0;
	char item[ITEM_MOST];

	*count = 0;
	*status = list ? EXIT_DONE : fail(option, "out of memory");
	while (*status == EXIT_DONE && next_item(&rows, item)) {
		if (!read_range(item, &first, &last))
			*status = misuse(option,
					 "'%s' is no row; write numbers from 1 on and ranges, such "
					 "as 3,7-9",
					 item);
		else if (first < 1 || last > table->rows)
			*status = fail(option, "%s has %s, from 1 on, and no row %lld", table->name,
				       hebb_show_count(table->rows, "row").text,
				       first < 1 ? first : last);
		else if (last - first >= ROWS_MOST - *count)
			*status = misuse(option, "takes at most %d rows at a time", ROWS_MOST);
		for (; *status == EXIT_DONE && first <= last; first++)
			list[(*count)++] = first - 1;
	}
	if (*status == EXIT_DONE && *count == 0)
		*status = misuse(option, "names no row; write numbers from 1 on, such as 3,7-9");
	if (*status == EXIT_DONE)
		return list;
	free(list);
	return NULL;
}

/* ---- Columns ---- */

static int has_names(const explanation *e)
{
	return e->model->coding->named && e->table->named;
}

static int column_named(const hebb_table *table, const char *name)
{
	for (int i = 0; i < table->columns; i++)
		if (strcmp(table->column[i].name, name) == 0)
			return i;
	return -1;
}

int column_of_table(const explanation *e, int column)
{
	const hebb_coding *coding = e->model->coding;

	if (has_names(e))
		return column_named(e->table, coding->inputs[column].name);
	return e->table->columns == coding->columns ? coding->input_at[column] : column;
}

static int target_of_table(const explanation *e, int target)
{
	const hebb_coding *coding = e->model->coding;

	if (has_names(e))
		return column_named(e->table, coding->targets[target].name);
	return e->table->columns == coding->columns ? coding->target_at[target] : -1;
}

int has_inputs(const explanation *e)
{
	const hebb_coding *coding = e->model->coding;
	int has_all = has_names(e) || e->table->columns == coding->columns ||
		      e->table->columns == coding->input_count;

	for (int i = 0; i < coding->input_count && has_all; i++)
		has_all = column_of_table(e, i) >= 0;
	return has_all;
}

int has_targets(const explanation *e)
{
	const hebb_coding *coding = e->model->coding;
	int values = 0;

	for (int i = 0; i < coding->target_count; i++) {
		int at = target_of_table(e, i);

		if (at < 0)
			return 0;
		for (long long row = 0; row < e->table->rows && !values; row++)
			values = !isnan(hebb_table_value(e->table, row, at));
	}
	return values;
}

/* The input column of the model that a column of the table is; -1: none. */
static int input_of(const explanation *e, int at)
{
	for (int i = 0; i < e->model->coding->input_count; i++)
		if (column_of_table(e, i) == at)
			return i;
	return -1;
}

int *find_columns(const explanation *e, const char *columns, int *count, int *status)
{
	hebb_error error;
	int *list = hebb_table_list(e->table, columns, count, &error);

	*status = list ? EXIT_DONE : fail_error("--dependence", &error);
	for (int i = 0; list && i < *count && *status == EXIT_DONE; i++) {
		int input = input_of(e, list[i]);

		if (input < 0)
			*status = fail("--dependence", "the column '%s' is no input of the model",
				       short_name(e->table->column[list[i]].name));
		list[i] = input;
	}
	if (*status == EXIT_DONE)
		return list;
	free(list);
	return NULL;
}
