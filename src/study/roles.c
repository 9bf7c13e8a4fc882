/* SPDX-License-Identifier: MIT */
/*
 * roles.c - what each column of a study's table is for
 *
 * First the columns that the settings name are found: target, weight, group and time.  A target
 * that is not named is the last column that no other setting names.  The inputs are the columns of
 * `input_columns` or, if it is not given, all others; without those that are ignored.
 */
#include "roles.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "study.h"

/* Lists of columns, by column of the table, as hebb_table_select() marks them. */
struct lists {
	unsigned char *ignored, *inputs; /* inputs: NULL if the setting is not given */
};

/* ---- Columns of their own ---- */

/* The column that an option names, -1 if it is not given; -2 after an error. */
static int find_one(const hebb_study *study, const char *name, const char *option,
		    hebb_error *error)
{
	if (!name)
		return -1;
	int column = hebb_table_find(study->table, name, error);
	if (column >= 0)
		return column;
	hb_where(option, HEBB_BAD_ARGUMENT, error);
	return -2;
}

static hebb_status find_ones(const hebb_study *study, hb_roles *roles, hebb_error *error)
{
	roles->weight = find_one(study, study->weight, "--weight", error);
	roles->group = roles->weight == -2 ? -2 : find_one(study, study->group, "--group", error);
	roles->time = roles->group == -2
			      ? -2
			      : find_one(study, study->time_column, "--time-column", error);
	if (roles->time == -2)
		return HEBB_BAD_ARGUMENT;
	if (roles->group >= 0 && roles->time >= 0)
		return hebb_fail(
			error, HEBB_BAD_ARGUMENT,
			"--group: keeps groups together and --time-column divides by time, "
			"which may cut a group; give one of them");
	return HEBB_OK;
}

static int is_one(const hb_roles *roles, int column)
{
	return column == roles->weight || column == roles->group || column == roles->time;
}

static int is_target(const hb_roles *roles, int column)
{
	for (int i = 0; i < roles->target_count; i++)
		if (roles->target[i] == column)
			return 1;
	return 0;
}

/* ---- Lists ---- */

unsigned char *hb_select_columns(const hebb_table *table, const char *list, const char *option,
				 hebb_error *error)
{
	unsigned char *chosen = calloc((size_t)table->columns + 1, 1);

	if (!chosen) {
		hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
		return NULL;
	}
	if (!list || hebb_table_select(table, list, chosen, error) == HEBB_OK)
		return chosen;
	hb_where(option, HEBB_BAD_ARGUMENT, error);
	free(chosen);
	return NULL;
}

static hebb_status find_lists(const hebb_study *study, struct lists *lists, hebb_error *error)
{
	lists->ignored = hb_select_columns(study->table, study->ignore, "--ignore", error);
	if (!lists->ignored)
		return error->status;
	if (!study->input_columns)
		return HEBB_OK;
	lists->inputs = hb_select_columns(study->table, study->input_columns, "--inputs", error);
	return lists->inputs ? HEBB_OK : error->status;
}

/* ---- The targets ---- */

/* Whether a list has the column or, of --inputs with `by_itself`, an item that is its name: a range
 * or pattern takes what has no other role. */
static int is_named(const struct lists *lists, const hb_roles *roles, int column, int by_itself)
{
	int input = lists->inputs ? lists->inputs[column] : 0;

	return lists->ignored[column] || (by_itself ? input == 1 : input) || is_one(roles, column);
}

static int last_without_role(const struct lists *lists, const hb_roles *roles, int columns,
			     int by_itself)
{
	int column = columns - 1;

	while (column >= 0 && is_named(lists, roles, column, by_itself))
		column--;
	return column;
}

/* The last column that no other setting has. If a pattern of --inputs has all of them, the last one
 * that none names. */
static hebb_status choose_target(const hebb_study *study, const struct lists *lists,
				 hb_roles *roles, hebb_error *error)
{
	int columns = study->table->columns;
	int column = last_without_role(lists, roles, columns, 0);

	if (column < 0)
		column = last_without_role(lists, roles, columns, 1);
	if (column < 0)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "%s: no column is left to predict; all of them are %signored or "
				 "weights, groups or times; name fewer, or the target with "
				 "--target",
				 study->table->name, lists->inputs ? "inputs, " : "");
	roles->target[0] = column;
	roles->target_count = 1;
	return HEBB_OK;
}

/* Refuses a target that has another role, too. */
static hebb_status check_target(const hebb_study *study, const struct lists *lists,
				const hb_roles *roles, int column, hebb_error *error)
{
	const struct {
		int is;
		const char *option, *what;
	} other[] = {
		{lists->ignored[column], "--ignore", "leaves out"},
		{lists->inputs && lists->inputs[column] == 1, "--inputs", "takes as an input"},
		{column == roles->weight, "--weight", "takes as the weights of the rows"},
		{column == roles->group, "--group", "takes as the groups of the rows"},
		{column == roles->time, "--time-column", "takes as the times of the rows"},
	};

	for (size_t i = 0; i < sizeof other / sizeof *other; i++)
		if (other[i].is)
			return hebb_fail(error, HEBB_BAD_ARGUMENT,
					 "%s: %s '%s', which is a %s; name each column once",
					 other[i].option, other[i].what,
					 SHORT_NAME(study->table->column[column].name),
					 study->labels ? "label" : "target");
	return HEBB_OK;
}

static hebb_status find_targets(const hebb_study *study, const struct lists *lists, hb_roles *roles,
				hebb_error *error)
{
	hebb_status status = HEBB_OK;

	roles->target = hb_targets(study, &roles->target_count, error);
	if (!roles->target)
		return error->status;
	if (roles->target_count == 0)
		status = choose_target(study, lists, roles, error);
	for (int i = 0; i < roles->target_count && !status; i++)
		status = check_target(study, lists, roles, roles->target[i], error);
	return status;
}

/* ---- The inputs ---- */

/* A column that --inputs names and another option has: times may be inputs, too. A range or pattern
 * passes over it. */
static hebb_status check_inputs(const hebb_study *study, const struct lists *lists,
				const hb_roles *roles, hebb_error *error)
{
	const int one[] = {roles->weight, roles->group};
	static const char *const option[] = {"--weight", "--group"};

	for (int i = 0; i < 2 && lists->inputs; i++)
		if (one[i] >= 0 && lists->inputs[one[i]] == 1 && !lists->ignored[one[i]])
			return hebb_fail(
				error, HEBB_BAD_ARGUMENT,
				"--inputs: names '%s', which is the column of %s and no input",
				SHORT_NAME(study->table->column[one[i]].name), option[i]);
	return HEBB_OK;
}

static int is_input(const struct lists *lists, const hb_roles *roles, int column)
{
	if (lists->ignored[column] || is_target(roles, column))
		return 0;
	if (lists->inputs && lists->inputs[column] != 2)
		return lists->inputs[column];
	return !is_one(roles, column);
}

static hebb_status find_inputs(const hebb_study *study, const struct lists *lists, hb_roles *roles,
			       hebb_error *error)
{
	int columns = study->table->columns;
	hebb_status status = check_inputs(study, lists, roles, error);

	if (status)
		return status;
	roles->input = malloc(((size_t)columns + 1) * sizeof *roles->input);
	if (!roles->input)
		return hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
	for (int c = 0; c < columns; c++)
		if (is_input(lists, roles, c))
			roles->input[roles->input_count++] = c;
	if (roles->input_count > 0 || columns <= roles->target_count)
		return HEBB_OK; /* the coding has a sentence for a table without inputs */
	return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s: no column is left to be an input; %s",
			 study->table->name,
			 study->ignore ? "--ignore leaves out too many"
				       : "each of them has another role");
}

hebb_status hb_roles_find(const hebb_study *study, hb_roles *result, hebb_error *error)
{
	struct lists lists = {NULL, NULL};
	hebb_error local;
	hebb_status status;

	error = error ? error : &local;
	*result = (hb_roles){.weight = -1, .group = -1, .time = -1};
	status = find_ones(study, result, error);
	if (!status)
		status = find_lists(study, &lists, error);
	if (!status)
		status = find_targets(study, &lists, result, error);
	if (!status)
		status = find_inputs(study, &lists, result, error);
	free(lists.ignored);
	free(lists.inputs);
	return status;
}

void hb_roles_free(hb_roles *roles)
{
	free(roles->target);
	free(roles->input);
	*roles = (hb_roles){.weight = -1, .group = -1, .time = -1};
}

/* ---- What the columns hold ---- */

/* Fails with "OPTION: TABLE: line 7: 'NAME' WHAT". */
static hebb_status fail_in_row(const hebb_table *table, long long row, int column,
			       const char *option, const char *what, hebb_error *error)
{
	char place[HB_PLACE_MOST];

	return hebb_fail(error, HEBB_BAD_FORMAT, "%s: %s: %s: '%s' %s", option, table->name,
			 hb_place_text(table, row, place), SHORT_NAME(table->column[column].name),
			 what);
}

/* Refuses a column in which a row has no value. */
static hebb_status check_whole(const hebb_table *table, int column, const char *option,
			       hebb_error *error)
{
	for (long long row = 0; column >= 0 && row < table->rows; row++)
		if (isnan(hebb_table_value(table, row, column)))
			return fail_in_row(table, row, column, option,
					   "has no value, and each row needs one; fill it in, or "
					   "remove the row",
					   error);
	return HEBB_OK;
}

/* 1 if the bytes of two texts are in order and the numbers in them are not: week 10, week 9. */
static int is_count_out_of_order(const char *a, const char *b)
{
	static const char digits[] = "0123456789";
	const char *start = a;

	while (*a && *a == *b) {
		a++;
		b++;
	}
	size_t more = strspn(a, digits), less = strspn(b, digits);
	while (a > start && strchr(digits, a[-1])) { /* the digits that both have */
		a--;
		more++;
		less++;
	}
	return less > 0 && more > less && *a != '0' && (a == start || a[-1] != '.');
}

/* Refuses times that are texts and whose numbers would be out of order. */
static hebb_status check_times(const hebb_table *table, int column, hebb_error *error)
{
	hebb_status status = check_whole(table, column, "--time-column", error);

	if (status || column < 0 || table->column[column].kind != HEBB_TEXT)
		return status;
	char *const *text = table->column[column].levels;
	for (int i = 1; i < table->column[column].level_count; i++)
		if (is_count_out_of_order(text[i - 1], text[i]))
			return hebb_fail(
				error, HEBB_BAD_ARGUMENT,
				"--time-column: '%s' of %s holds texts, whose order is that of "
				"their bytes: '%s' before '%s'; write numbers or dates, or as "
				"many digits in each",
				SHORT_NAME(table->column[column].name), table->name,
				SHORT_NAME(text[i - 1]), SHORT_NAME(text[i]));
	return HEBB_OK;
}

static hebb_status check_weights(const hebb_table *table, int column, hebb_error *error)
{
	if (column < 0)
		return HEBB_OK;
	if (table->column[column].kind != HEBB_NUMBER)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--weight: '%s' of %s holds texts; weights are numbers, 0 or more",
				 SHORT_NAME(table->column[column].name), table->name);
	for (long long row = 0; row < table->rows; row++) {
		double weight = hebb_table_value(table, row, column);

		if (!(weight >= 0 && weight <= FLT_MAX))
			return fail_in_row(table, row, column, "--weight",
					   isnan(weight) ? "has no value, and each row needs one; "
							   "fill it in, or remove the row"
					   : weight < 0  ? "is below 0; weights are 0 or more"
							 : "is too large for float32",
					   error);
	}
	return HEBB_OK;
}

/* Columns that are to be read as texts or numbers must be there, and not be both. */
static hebb_status check_kinds(const hebb_study *study, hebb_error *error)
{
	const hebb_table *table = study->table;
	unsigned char *texts = hb_select_columns(table, study->text_columns, "--text", error);
	unsigned char *numbers =
		texts ? hb_select_columns(table, study->numeric_columns, "--numeric", error) : NULL;
	hebb_status status = numbers ? HEBB_OK : error->status;
	int both = 0;

	while (!status && both < table->columns && !(texts[both] && numbers[both]))
		both++;
	if (!status && both < table->columns)
		status = hebb_fail(error, HEBB_BAD_ARGUMENT,
				   "--numeric: has '%s', which --text has, too; name it once",
				   SHORT_NAME(table->column[both].name));
	free(texts);
	free(numbers);
	return status;
}

/* What says how texts become values is an error where there are no texts. */
static hebb_status check_reading(const hebb_study *study, hebb_error *error)
{
	const struct {
		int given;
		const char *option;
	} reading[] = {{study->text_columns != NULL, "--text"},
		       {study->numeric_columns != NULL, "--numeric"},
		       {study->na != NULL, "--na"},
		       {study->decimal != '\0', "--decimal"},
		       {study->thousands != '\0', "--thousands"}};

	if (study->table->line)
		return HEBB_OK;
	for (size_t i = 0; i < sizeof reading / sizeof *reading; i++)
		if (reading[i].given)
			return hebb_fail(error, HEBB_BAD_ARGUMENT,
					 "%s: says how a CSV file is read, and %s is none; leave "
					 "it out",
					 reading[i].option, study->table->name);
	return HEBB_OK;
}

hebb_status hb_roles_check(const hebb_study *study, const hb_roles *roles, hebb_error *error)
{
	const hebb_table *table = study->table;
	hebb_error local;

	error = error ? error : &local;
	hebb_status status = check_weights(table, roles->weight, error);
	if (!status)
		status = check_whole(table, roles->group, "--group", error);
	if (!status)
		status = check_times(table, roles->time, error);
	if (!status)
		status = check_reading(study, error);
	return status ? status : check_kinds(study, error);
}

/* ---- Groups of two tables ---- */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int by_number(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The first row of a part whose text is a level of the study's table; -1: there is none. */
static long long shared_text(const hebb_table *table, int column, const hebb_table *part, int at)
{
	const hebb_column *known = &table->column[column];
	const hebb_column *found = &part->column[at];

	for (long long row = 0; row < part->rows; row++) {
		double level = hebb_table_value(part, row, at);
		const char *text = isnan(level) ? NULL : found->levels[(int)level];

		if (text && bsearch(&text, known->levels, (size_t)known->level_count,
				    sizeof *known->levels, by_text))
			return row;
	}
	return -1;
}

/* The same for numbers; *lost: there was no memory. */
static long long shared_number(const hebb_table *table, int column, const hebb_table *part, int at,
			       int *lost)
{
	double *known = malloc((size_t)table->rows * sizeof *known + 1);
	long long row = 0;

	*lost = !known;
	if (*lost)
		return -1;
	for (long long i = 0; i < table->rows; i++)
		known[i] = hebb_table_value(table, i, column);
	qsort(known, (size_t)table->rows, sizeof *known, by_number);
	while (row < part->rows) {
		double value = hebb_table_value(part, row, at);

		if (!isnan(value) &&
		    bsearch(&value, known, (size_t)table->rows, sizeof *known, by_number))
			break;
		row++;
	}
	free(known);
	return row < part->rows ? row : -1;
}

/* The column of a part that is this column of the study's table; -1: there is none. */
static int same_column(const hebb_table *table, int column, const hebb_table *part)
{
	int at = 0;

	if (!table->named || !part->named) /* as a coding finds its columns */
		return part->columns == table->columns ? column : -1;
	while (at < part->columns && strcmp(part->column[at].name, table->column[column].name) != 0)
		at++;
	return at < part->columns ? at : -1;
}

/* Refuses rows of a file that belong to groups of the study's table. */
static hebb_status check_apart(const hebb_table *table, int column, const hebb_table *part, int at,
			       const char *option, hebb_error *error)
{
	int is_text = part->column[at].kind == HEBB_TEXT, lost = 0;

	if (is_text != (table->column[column].kind == HEBB_TEXT))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "%s: '%s' has %s in %s and %s in %s, so that groups cannot be "
				 "compared; --text %d makes both texts",
				 option, SHORT_NAME(table->column[column].name),
				 is_text ? "texts" : "numbers", part->name,
				 is_text ? "numbers" : "texts", table->name, column + 1);
	long long row = is_text ? shared_text(table, column, part, at)
				: shared_number(table, column, part, at, &lost);
	if (lost)
		return hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
	return row < 0 ? HEBB_OK
		       : fail_in_row(part, row, at, option,
				     "names a group that has rows in the training data, too; "
				     "leave --group out, or give the group's rows to one of the "
				     "files",
				     error);
}

hebb_status hb_roles_check_part(const hebb_study *study, const hb_roles *roles,
				const hebb_part *part, const char *option, hebb_error *error)
{
	if (roles->group < 0)
		return HEBB_OK;
	if (part->kind == HEBB_PART_LAST)
		return hebb_fail(
			error, HEBB_BAD_ARGUMENT,
			"%s: the last %lld rows may begin within a group of --group; give a "
			"fraction, of which whole groups are held out",
			option, part->rows);
	if (part->kind != HEBB_PART_TABLE || !part->table)
		return HEBB_OK;
	int at = same_column(study->table, roles->group, part->table);
	return at < 0 ? HEBB_OK
		      : check_apart(study->table, roles->group, part->table, at, option, error);
}

int hb_lacks_group(const hebb_study *study, const hebb_part *part)
{
	int column = study->group ? hebb_table_find(study->table, study->group, NULL) : -1;

	return column >= 0 && part->kind == HEBB_PART_TABLE && part->table &&
	       same_column(study->table, column, part->table) < 0;
}
