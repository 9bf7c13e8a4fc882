/* SPDX-License-Identifier: MIT */
/*
 * trials.c - the table of a search's trials: a CSV file that the same search reads again
 *
 * The text of the whole table is kept, and written whole after each trial (hebb_file_write): a
 * search that is killed leaves all the trials that ended.
 */
#define _POSIX_C_SOURCE 200809L

#include "hebb_advanced.h"
#include "trials.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "draw/json.h"
#include "option/option_table.h"
#include "file/save.h"
#include "draw/terminal.h"

static const char OPENING[] = TRIALS_OPENING;

/* ---- Writing ---- */

static int append(trial_table *table, const char *format, ...) PRINTF_LIKE(2, 3);

/* Adds to the text; 0: no memory. */
static int append(trial_table *table, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	size_t need = table->size + (size_t)length + 1;
	if (need > table->room) {
		char *more = realloc(table->text, 2 * need);
		if (!more)
			return 0;
		table->text = more;
		table->room = 2 * need;
	}
	va_start(arguments, format);
	vsnprintf(table->text + table->size, table->room - table->size, format, arguments);
	va_end(arguments);
	table->size += (size_t)length;
	return 1;
}

/* Writes the line of the column names. */
static int append_columns(trial_table *table)
{
	int fine = append(table, "trial,epochs,");

	for (int i = 0; i < table->space->count && fine; i++)
		if (table->space->range[i].id != OPT_EPOCHS)
			fine = append(table, "%s,", option_table[table->space->range[i].id].name);
	return fine && append(table, "score,sd,seconds,parameters\n");
}

/* The part of a row that is known before the trial is trained. */
static int append_draw(trial_table *table, const trial_row *row)
{
	draw values;
	int fine = append(table, "%d,%d,", row->trial + 1, row->epochs);

	space_draw(table->space, table->seed, row->trial, &values);
	for (int i = 0; i < table->space->count && fine; i++) {
		const char *quote = strchr(values.text[i], ',') ? "\"" : "";
		if (table->space->range[i].id != OPT_EPOCHS)
			fine = append(table, "%s%s%s,", quote, values.text[i], quote);
	}
	return fine;
}

/* ---- The identity ---- */

static char *value_text(const json_t *value, char *text, size_t size)
{
	char *dump = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15)) : NULL;

	const char *value_is = dump ? dump : "none";

	hebb_show(value_is, strlen(value_is), text, size);
	free(dump);
	return text;
}

/* The first key of `ours` whose value is another in `theirs`, or NULL. */
static const char *first_difference(const json_t *theirs, json_t *ours)
{
	const char *key;
	json_t *value;

	json_object_foreach(ours, key, value)
	{
		const json_t *other = json_object_get(theirs, key);
		if (!other || !json_equal(other, value))
			return key;
	}
	json_object_foreach((json_t *)theirs, key, value)
	{
		if (!json_object_get(ours, key))
			return key;
	}
	return NULL;
}

char *trials_difference(const json_t *theirs, const json_t *ours, char *text, size_t size)
{
	const char *key = first_difference(theirs, (json_t *)ours);
	char theirs_text[200], now[200], name[40];

	if (!key)
		return NULL;
	if (strcmp(key, "fingerprint") == 0) {
		snprintf(text, size, "it has other data, or the data has changed");
		return text;
	}
	if (strcmp(key, "options") == 0) {
		theirs = json_object_get(theirs, key);
		ours = json_object_get(ours, key);
		key = first_difference(theirs, (json_t *)ours);
	}
	snprintf(name, sizeof name, "%s", key ? key : "options");
	for (char *underscore = strchr(name, '_'); underscore; underscore = strchr(underscore, '_'))
		*underscore = '-';
	snprintf(text, size, "it has %s %s, this search has %s", name,
		 value_text(json_object_get(theirs, key), theirs_text, sizeof theirs_text),
		 value_text(json_object_get(ours, key), now, sizeof now));
	return text;
}

/* ---- Reading ---- */

/* A copy of the next line without its newline, to be freed; NULL: no complete line, or memory runs
 * out. */
static char *next_line(trial_table *table)
{
	const char *begin = table->text + table->read;
	const char *end = memchr(begin, '\n', table->size - table->read);
	char *line = end ? malloc((size_t)(end - begin) + 1) : NULL;

	if (!line)
		return NULL;
	memcpy(line, begin, (size_t)(end - begin));
	line[end - begin] = '\0';
	table->read += (size_t)(end - begin) + 1;
	table->line++;
	return line;
}

static int damaged(const trial_table *table, const char *what)
{
	return fail(table->path,
		    "line %lld: the table of the search is damaged: %s; repair it, delete it, or "
		    "name another with --table",
		    table->line, what);
}

/* A line this much longer than ours is from another search. Parsing it as JSON could take eighty
 * times its size. */
enum { LONGER_MOST = 8192 };

/* `ours`: the identity as it is written. */
static int check_identity(trial_table *table, const json_t *identity, const char *ours)
{
	char *line = next_line(table), text[512];
	size_t opening = sizeof OPENING - 1;
	json_t *theirs = NULL;
	int status = EXIT_DONE;

	if (!line || strncmp(line, OPENING, opening) != 0)
		status = fail(table->path, "is not the table of a search and is left unchanged; "
					   "name another file with --table");
	else if (strlen(line) > opening + strlen(ours) + LONGER_MOST)
		status = fail(table->path,
			      "is the table of another search: its first line is much longer; name "
			      "another file with --table, or replace it with --force");
	else if (!(theirs = json_loads(line + opening, JSON_REJECT_DUPLICATES, NULL)))
		status = damaged(table, "this is not a JSON object");
	else if (trials_difference(theirs, identity, text, sizeof text))
		status = fail(table->path,
			      "is the table of another search: %s; name another file with --table, "
			      "or replace it with --force",
			      text);
	json_decref(theirs);
	free(line);
	return status;
}

static int check_columns(trial_table *table)
{
	trial_table expected = {.space = table->space};
	char *line = next_line(table);
	int status = EXIT_DONE;

	if (!append_columns(&expected))
		status = fail(table->path, "out of memory");
	else if (!line || strlen(line) + 1 != expected.size ||
		 strncmp(line, expected.text, expected.size - 1) != 0)
		status = damaged(table, "its columns differ");
	free(expected.text);
	free(line);
	return status;
}

/* The identity as it comes back from a file: numbers have fifteen digits there. */
static json_t *as_written(json_t *identity, char **line)
{
	*line = json_line(identity);
	return *line ? json_loads(*line, 0, NULL) : NULL;
}

/* Reads the file if it exists and is not empty. With `force`, the table of another search counts as
 * empty. */
static int read_file(trial_table *table, const char *ours, int force)
{
	unsigned char *bytes = NULL;
	struct stat about;
	hebb_error error;
	size_t opening = sizeof OPENING - 1, length = strlen(ours);

	if (stat(table->path, &about) != 0 || !S_ISREG(about.st_mode)) /* a device keeps nothing */
		return EXIT_DONE;
	if (hebb_file_read(table->path, &bytes, &table->size, &error) != HEBB_OK)
		return fail_error(NULL, &error);
	table->text = (char *)bytes;
	table->room = table->size + 1;
	if (force &&
	    (table->size <= opening + length || memcmp(table->text, OPENING, opening) != 0 ||
	     memcmp(table->text + opening, ours, length) != 0))
		table->size = 0;
	return EXIT_DONE;
}

int trials_open(const char *path, json_t *identity, const space *ranges, uint64_t seed, int force,
		trial_table *result)
{
	char *line;
	json_t *ours = as_written(identity, &line);
	int status;

	*result = (trial_table){.path = path, .space = ranges, .seed = seed, .line = 0};
	status = ours ? read_file(result, line, force) : fail(path, "out of memory");
	if (status == EXIT_DONE && result->size > 0) {
		status = check_identity(result, ours, line);
		if (status == EXIT_DONE)
			status = check_columns(result);
	} else if (status == EXIT_DONE) {
		if (!append(result, "%s%s\n", OPENING, line) || !append_columns(result))
			status = fail(path, "out of memory");
		result->read = result->size;
	}
	json_decref(ours);
	free(line);
	return status;
}

void trials_close(trial_table *table)
{
	free(table->text);
	*table = (trial_table){.path = NULL};
}

int trials_left(const trial_table *table)
{
	return table->read < table->size;
}

/* Cuts the next field off; NULL if there is none. */
static char *field_of(char **rest)
{
	char *field = *rest, *comma = field ? strchr(field, ',') : NULL;

	if (comma)
		*comma = '\0';
	*rest = comma ? comma + 1 : NULL;
	return field;
}

/* Reads the measured values: "score,sd,seconds,parameters". */
static int read_measured(char *text, trial_row *row)
{
	const char *score = field_of(&text), *sd = field_of(&text), *seconds = field_of(&text);
	const char *parameters = field_of(&text);
	double count;

	if (!parameters || text)
		return 0;
	row->score = row->sd = NAN;
	row->diverged = strcmp(score, "diverged") == 0;
	if (!row->diverged && !number_parse(score, &row->score))
		return 0;
	if (*sd && (row->diverged || !number_parse(sd, &row->sd)))
		return 0;
	if (!number_parse(seconds, &row->seconds) || !number_parse(parameters, &count))
		return 0;
	row->parameters = count >= 0 && count < 1e18 ? (long long)count : -1;
	return row->seconds >= 0 && row->parameters >= 0 && (double)row->parameters == count;
}

int trials_read(trial_table *table, trial_row *row)
{
	trial_table expected = {.space = table->space, .seed = table->seed};
	char *line = next_line(table), what[200];
	int status = EXIT_DONE;

	if (!line)
		table->line++;
	if (!append_draw(&expected, row)) {
		status = fail(table->path, "out of memory");
	} else if (!line) {
		status = damaged(table, "it is cut short");
	} else if (strncmp(line, expected.text, expected.size) != 0) {
		snprintf(what, sizeof what, "the row should begin with %s", expected.text);
		status = damaged(table, what);
	} else if (!read_measured(line + expected.size, row)) {
		status = damaged(table, "score, sd, seconds or parameters cannot be read");
	}
	free(expected.text);
	free(line);
	return status;
}

int trials_add(trial_table *table, trial_row *row)
{
	char score[32] = "diverged", sd[32] = "";
	hebb_error error;

	if (!row->diverged)
		snprintf(score, sizeof score, "%.6g", row->score);
	if (!row->diverged && isfinite(row->sd))
		snprintf(sd, sizeof sd, "%.6g", row->sd);
	if (!append_draw(table, row) ||
	    !append(table, "%s,%s,%.3f,%lld\n", score, sd, row->seconds, row->parameters))
		return fail(table->path, "out of memory");
	const char *slash = strrchr(table->path, '/');
	saved_file file = {.bytes = table->text,
			   .size = table->size,
			   .name = slash ? slash + 1 : table->path,
			   .ending = ".csv"};
	char *path = save_somewhere(&file, table->path, &error);
	int status = error.status == HEBB_OK ? trials_read(table, row)
		     : path ? fail(NULL, "%s; the trials are in %s; name it with --table to go on",
				   error.message, path)
			    : fail_error(NULL, &error);

	free(path);
	return status;
}
