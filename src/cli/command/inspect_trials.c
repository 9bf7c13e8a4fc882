/* SPDX-License-Identifier: MIT */
/*
 * inspect_trials.c - hebb inspect of what a search wrote: its trials, the best first
 *
 * The search itself reads its table by what each row must be (trials.h).  Here it is a CSV below a
 * line of JSON, of whatever options and version.
 */
#include "inspect_trials.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw/terminal.h"
#include "option/option_table.h"
#include "draw/json.h"
#include "file/trials.h"

/* The columns: trial, epochs, one for each option that was searched, and what was measured. */
enum { TRIAL, EPOCHS, DRAWS };
enum { SCORE = 4, SD = 3, SECONDS = 2, PARAMETERS = 1 }; /* from the end */
enum { BEST_SHOWN = 10, DIVERGED_SHOWN = 5, WIDTH = 79 };

/* A row; rung: epochs of successive halving, else 0. */
typedef struct tried {
	int trial, epochs, rung, diverged;
	double score, sd, seconds, key; /* key: for sorting; lower is better */
	long long parameters;
	char **field; /* of all columns */
} tried;

typedef struct trial_list {
	const char *name;
	json_t *identity;
	hebb_table *table;
	hebb_metric by;
	int folds, is_halving, has_epochs; /* has_epochs: rows have different numbers of epochs */
	int rows, trials, diverged;        /* trials: each counted once */
	tried *row;                        /* the best first, those that diverged last */
} trial_list;

static int damaged(const trial_list *list, long long line, const char *what)
{
	return fail(list->name, "line %lld: the table of the search is damaged: %s", line, what);
}

/* ---- Reading ---- */

static int read_identity(trial_list *list, const char *line, size_t size)
{
	const json_t *how, *name;
	const option_row *row = &option_table[OPT_METRIC];

	list->identity = json_loadb(line, size, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(list->identity))
		return damaged(list, 1, "this is not a JSON object");
	how = json_object_get(list->identity, "strategy");
	name = json_object_get(list->identity, "metric");
	list->folds = (int)json_integer_value(json_object_get(list->identity, "folds"));
	list->is_halving = json_is_string(how) &&
			   strcmp(json_string_value(how),
				  option_table[OPT_STRATEGY].choice(HEBB_STRATEGY_HALVING)) == 0;
	for (int value = 1; row->choice(value); value++)
		if (json_is_string(name) &&
		    strcmp(json_string_value(name), row->choice(value)) == 0)
			list->by = (hebb_metric)value;
	return list->by ? EXIT_DONE
			: damaged(list, 1, "it does not say what the trials are scored by");
}

static int check_columns(const trial_list *list)
{
	static const char *const last[] = {"score", "sd", "seconds", "parameters"};
	const hebb_table *table = list->table;
	int n = table->columns;
	int right = n >= DRAWS + SCORE && strcmp(table->column[TRIAL].name, "trial") == 0 &&
		    strcmp(table->column[EPOCHS].name, "epochs") == 0;

	for (int i = 0; i < SCORE && right; i++)
		right = strcmp(table->column[n - SCORE + i].name, last[i]) == 0;
	return right ? EXIT_DONE : damaged(list, 2, "its columns differ");
}

/* Reads a whole number, 0 or more. */
static int read_count(const char *text, double most, double *count)
{
	return number_parse(text, count) && *count >= 0 && *count <= most &&
	       *count == floor(*count);
}

/* Fills in a row from its fields; 0: they are not those of a trial. */
static int read_fields(const trial_list *list, tried *row)
{
	char *const *end = row->field + list->table->columns;
	double number, epochs, parameters;

	row->score = row->sd = NAN;
	row->diverged = strcmp(end[-SCORE], "diverged") == 0;
	if (!read_count(row->field[TRIAL], 1e9, &number) || number < 1 ||
	    !read_count(row->field[EPOCHS], 1e9, &epochs) ||
	    !number_parse(end[-SECONDS], &row->seconds) ||
	    !read_count(end[-PARAMETERS], 1e15, &parameters) ||
	    (!row->diverged && !number_parse(end[-SCORE], &row->score)) ||
	    (*end[-SD] && !number_parse(end[-SD], &row->sd)))
		return 0;
	row->trial = (int)number;
	row->epochs = (int)epochs;
	row->rung = list->is_halving ? row->epochs : 0;
	row->parameters = (long long)parameters;
	row->key = hebb_metric_rises(list->by) ? -row->score : row->score;
	return 1;
}

/* Copies of all fields, in one piece of memory. */
static char **copy_fields(int count, const char **field)
{
	size_t size = sizeof(char *) * (size_t)count;
	char **copy, *at;

	for (int i = 0; i < count; i++)
		size += strlen(field[i]) + 1;
	copy = malloc(size);
	at = copy ? (char *)(copy + count) : NULL;
	for (int i = 0; i < count && copy; i++) {
		copy[i] = strcpy(at, field[i]);
		at += strlen(at) + 1;
	}
	return copy;
}

static int read_rows(trial_list *list, const char *text, size_t size)
{
	int columns = list->table->columns, status = EXIT_DONE;
	hebb_error error;
	hebb_csv_rows *rows = hebb_csv_rows_new(text, size, list->table, &error);
	int *column = malloc(sizeof *column * (size_t)columns);
	const char **field = malloc(sizeof *field * (size_t)columns);

	list->row = calloc((size_t)list->table->rows, sizeof *list->row);
	if (!rows)
		status = fail_error(NULL, &error);
	else if (!column || !field || !list->row)
		status = fail(list->name, "out of memory");
	for (int i = 0; i < columns && status == EXIT_DONE; i++)
		column[i] = i;
	for (; list->rows < list->table->rows && status == EXIT_DONE; list->rows++) {
		tried *row = &list->row[list->rows];

		if (hebb_csv_rows_next(rows, columns, column, field, &error) != HEBB_OK)
			status = fail_error(NULL, &error);
		else if (!(row->field = copy_fields(columns, field)))
			status = fail(list->name, "out of memory");
		else if (!read_fields(list, row))
			status = damaged(list, 1 + list->table->line[list->rows],
					 "this row is not a trial");
	}
	free(column);
	free(field);
	hebb_csv_rows_free(rows);
	return status;
}

/* The best first: more epochs of halving, a better score, the earlier trial. */
static int by_rank(const void *a, const void *b)
{
	const tried *x = a, *y = b;

	if (x->diverged != y->diverged)
		return x->diverged - y->diverged;
	if (x->rung != y->rung)
		return x->rung > y->rung ? -1 : 1;
	if (!x->diverged && x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->trial > y->trial) - (x->trial < y->trial);
}

static int by_number(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

/* Counts the different trials, and the rows that diverged; 0: no memory. */
static int count_trials(trial_list *list)
{
	int *number = malloc(sizeof *number * (size_t)list->rows);

	for (int i = 0; i < list->rows && number; i++) {
		number[i] = list->row[i].trial;
		list->diverged += list->row[i].diverged;
		list->has_epochs |= list->row[i].epochs != list->row[0].epochs;
	}
	if (number)
		qsort(number, (size_t)list->rows, sizeof *number, by_number);
	for (int i = 0; i < list->rows && number; i++)
		list->trials += i == 0 || number[i] != number[i - 1];
	free(number);
	return list->trials > 0;
}

static int read_list(trial_list *list, const char *text, size_t size)
{
	size_t opening = strlen(TRIALS_OPENING);
	const char *end = memchr(text, '\n', size);
	hebb_error error;
	int status;

	if (!end)
		return damaged(list, 1, "it is cut short");
	status = read_identity(list, text + opening, (size_t)(end - text) - opening);
	if (status != EXIT_DONE)
		return status;
	size -= (size_t)(end + 1 - text);
	text = end + 1;
	list->table = hebb_table_parse(text, size, list->name, HEBB_HEADER_YES, &error);
	if (!list->table)
		return error.line > 0 /* counted from the second line of the file */
			       ? damaged(list, 1 + error.line, "this row is not a trial")
			       : damaged(list, 2, "no trials can be read below it");
	status = check_columns(list);
	if (status == EXIT_DONE)
		status = read_rows(list, text, size);
	if (status != EXIT_DONE)
		return status;
	qsort(list->row, (size_t)list->rows, sizeof *list->row, by_rank);
	return count_trials(list) ? EXIT_DONE : fail(list->name, "out of memory");
}

static void close_list(trial_list *list)
{
	for (int i = 0; list->row && i < list->table->rows; i++)
		free(list->row[i].field);
	free(list->row);
	hebb_table_free(list->table);
	json_decref(list->identity);
}

/* ---- For people ---- */

static int is_shown(const trial_list *list, int column)
{
	int from_end = list->table->columns - column;

	return (column != EPOCHS || list->has_epochs) && from_end != SECONDS &&
	       (from_end != SD || list->folds > 0);
}

/* The column shown at a place: the scores follow the trial. */
static int column_at(const trial_list *list, int place)
{
	int n = list->table->columns;

	return place == 0      ? TRIAL
	       : place == 1    ? n - SCORE
	       : place == 2    ? n - SD
	       : place == 3    ? EPOCHS
	       : place < n - 2 ? place - 2
			       : place;
}

/* A cell; row NULL: the head. */
static const char *cell(const trial_list *list, const tried *row, int column, char text[32])
{
	int n = list->table->columns;

	if (!row)
		return column == n - SCORE ? option_table[OPT_METRIC].choice((int)list->by)
					   : list->table->column[column].name;
	if (column == n - SCORE && !row->diverged)
		snprintf(text, 32, "%s", hebb_show_number(row->score, 4).text);
	else if (column == n - SD && isfinite(row->sd))
		snprintf(text, 32, "%s", hebb_show_number(row->sd, 4).text);
	else if (column == n - PARAMETERS)
		count_text(row->parameters, text);
	else
		return row->field[column];
	return text;
}

/* Prints the head or a row, as many columns as a page is wide; `shown` rows decide how wide each
 * is. */
static void print_row(const trial_list *list, const tried *row, const tried *const *shown,
		      int count)
{
	int used = 0;

	for (int place = 0; place < list->table->columns; place++) {
		int column = column_at(list, place), width = 0;
		char text[32];

		if (!is_shown(list, column))
			continue;
		for (int i = -1; i < count; i++) {
			int one = text_width(cell(list, i < 0 ? NULL : shown[i], column, text));
			width = one > width ? one : width;
		}
		used += 2 + width;
		if (used > WIDTH)
			break;
		fputs("  ", stdout);
		print_field(stdout, cell(list, row, column, text),
			    column == TRIAL || column == list->table->columns - PARAMETERS
				    ? width
				    : -width);
	}
}

/* Chooses up to `most` of the rows from `first` to before `end`, each trial once. */
static void choose_rows(const trial_list *list, int first, int end, int most, const tried **shown,
			int *count)
{
	int begin = *count;

	for (int i = first; i < end; i++) {
		int known = 0;

		for (int k = begin; k < *count; k++)
			known |= shown[k]->trial == list->row[i].trial;
		if (!known && *count - begin < most)
			shown[(*count)++] = &list->row[i];
	}
}

static void print_rows(const trial_list *list)
{
	const tried *shown[BEST_SHOWN + DIVERGED_SHOWN] = {NULL};
	int count = 0, fine = list->rows - list->diverged;

	choose_rows(list, 0, fine, BEST_SHOWN, shown, &count);
	choose_rows(list, fine, list->rows, DIVERGED_SHOWN, shown, &count);
	printf("\n%s", dim(stdout));
	print_row(list, NULL, shown, count);
	printf("%s\n", plain(stdout));
	for (int i = 0; i < count; i++) {
		fputs(i == 0 && fine > 0 ? bold(stdout) : "", stdout);
		print_row(list, shown[i], shown, count);
		printf("%s\n", i == 0 && fine > 0 ? plain(stdout) : "");
	}
	if (list->trials > count)
		printf("  %sand %d more%s\n", dim(stdout), list->trials - count, plain(stdout));
}

static void print_best(const trial_list *list)
{
	const tried *best = list->row;

	printf("\n%sbest%s      trial %d:", bold(stdout), plain(stdout), best->trial);
	for (int c = DRAWS; c < list->table->columns - SCORE; c++) {
		printf(" --");
		print_shown(stdout, list->table->column[c].name);
		putchar(' ');
		print_shown(stdout, best->field[c]);
	}
	if (list->has_epochs)
		printf(" --epochs %d", best->epochs);
	putchar('\n');
}

static void print_list(const trial_list *list)
{
	const char *version = json_string_value(json_object_get(list->identity, "hebb"));
	char trials[32], rows[32];

	printf("%s", bold(stdout));
	print_field(stdout, list->name, 0);
	printf("%s: the trials of a search by hebb ", plain(stdout));
	print_shown(stdout, version ? version : "?");
	printf("\n\n%s%-10s%s%s", bold(stdout), "trials", plain(stdout),
	       count_text(list->trials, trials));
	if (!list->has_epochs)
		printf(", of %d epoch%s each", list->row[0].epochs,
		       list->row[0].epochs == 1 ? "" : "s");
	if (list->is_halving)
		printf(", trained %s times by halving", count_text(list->rows, rows));
	if (list->diverged)
		printf(", %d diverged", list->diverged);
	printf("; scored by %s", option_table[OPT_METRIC].choice((int)list->by));
	if (list->folds)
		printf(", the mean of %d folds", list->folds);
	printf("; %s is better\n", hebb_metric_rises(list->by) ? "higher" : "lower");
	if (list->rows > list->diverged)
		print_best(list);
	print_rows(list);
}

/* ---- JSON ---- */

/* A setting as in the record of a model; one that this version does not know is a text. */
static json_t *setting_json(const char *name, const char *text, char key[40])
{
	static options o; /* too large for some stacks */
	json_t *all, *value = NULL;
	int id = 0;

	while (id < OPTION_COUNT && strcmp(option_table[id].name, name) != 0)
		id++;
	snprintf(key, 40, "%s", name);
	if (id == OPTION_COUNT || !option_table[id].recorded)
		return text_json(text);
	option_key((option_id)id, key);
	o = (options){.command = SEARCH};
	if (option_read((option_id)id, text, &o) != EXIT_DONE)
		return NULL;
	all = options_json(&o);
	value = json_incref(json_object_get(all, key));
	json_decref(all);
	return value;
}

/* NULL after a message: a setting cannot be read. */
static json_t *row_json(const trial_list *list, const tried *row)
{
	json_t *object = json_object(), *drawn = json_object();

	json_object_set_new(object, "trial", json_integer(row->trial));
	json_object_set_new(object, "epochs", json_integer(row->epochs));
	json_object_set_new(object, "options", drawn);
	for (int c = DRAWS; c < list->table->columns - SCORE; c++) {
		char key[40];
		json_t *value = setting_json(list->table->column[c].name, row->field[c], key);

		if (!value) {
			json_decref(object);
			return NULL;
		}
		json_object_set_new(drawn, key, value);
	}
	json_object_set_new(object, "score", number_json(row->score));
	json_object_set_new(object, "sd", number_json(row->sd));
	json_object_set_new(object, "seconds", number_json(row->seconds));
	json_object_set_new(object, "parameters", json_integer(row->parameters));
	return object;
}

static void set_of_identity(json_t *object, const trial_list *list, const char *key)
{
	json_t *value = json_object_get(list->identity, key);

	if (value)
		json_object_set(object, key, value);
}

static int print_list_json(const trial_list *list)
{
	json_t *object = json_object(), *ranking = json_array(), *diverged = json_array();
	int status = EXIT_DONE;

	for (int i = 0; i < list->rows && status == EXIT_DONE; i++) {
		json_t *row = row_json(list, &list->row[i]);

		status = row ? EXIT_DONE : EXIT_FAILED;
		json_array_append_new(list->row[i].diverged ? diverged : ranking, row);
	}
	json_object_set_new(object, "kind", json_string("search"));
	set_of_identity(object, list, "hebb");
	set_of_identity(object, list, "strategy");
	set_of_identity(object, list, "metric");
	set_of_identity(object, list, "folds");
	json_object_set_new(object, "trials", json_integer(list->trials));
	json_object_set_new(object, "trainings", json_integer(list->rows));
	json_object_set_new(object, "diverged", json_integer(list->diverged));
	json_object_set(object, "best",
			json_array_size(ranking) ? json_array_get(ranking, 0) : json_null());
	json_object_set_new(object, "ranking", ranking);
	json_object_set_new(object, "diverged_trials", diverged);
	set_of_identity(object, list, "options");
	if (status == EXIT_DONE)
		return print_json(object);
	json_decref(object);
	return status;
}

int inspect_trials(const options *given, const char *text, size_t size)
{
	trial_list list = {.name = given->operand[0]};
	int status;

	if (strcmp(list.name, "-") == 0)
		list.name = "standard input";
	status = read_list(&list, text, size);
	if (status == EXIT_DONE && given->json)
		status = print_list_json(&list);
	else if (status == EXIT_DONE)
		print_list(&list);
	close_list(&list);
	return status;
}
