/* SPDX-License-Identifier: MIT */
/*
 * saved.c - what models, checkpoints and saved results say of how they came about
 *
 * A model and a checkpoint have a training record (src/study/record.c).  The objects that train,
 * search, evaluate and inspect print with --json have the same values in other places.  A file may
 * hold several such objects, one after the other.
 */
#include "saved.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw/json.h"
#include "draw/terminal.h"
#include "file/missing.h"
#include "file/record.h"
#include "file/trials.h"
#include "hebb_advanced.h"
#include "hebb_io.h"

/* ---- The parts of an entry ---- */

/* Whether a value fits a cell: no object, and no list but of simple values. */
static int is_simple(const json_t *value)
{
	const json_t *item;
	size_t i;

	json_array_foreach(value, i,
			   item) if (json_is_object(item) || json_is_array(item)) return 0;
	return !json_is_object(value);
}

/* Interval or simple value: the scores are full of tables of classes, labels and targets. */
static int is_score(const char *key, const json_t *value)
{
	size_t length = strlen(key);

	if (length > 3 && strcmp(key + length - 3, "_ci") == 0)
		return json_array_size(value) == 2 && json_is_number(json_array_get(value, 0)) &&
		       json_is_number(json_array_get(value, 1));
	return json_is_number(value);
}

static json_t *scores_of(json_t *object)
{
	json_t *scores = json_object(), *value;
	const char *key;

	json_object_foreach(object, key, value) if (is_score(key, value))
		json_object_set(scores, key, value);
	return scores;
}

static json_t *options_of(json_t *object)
{
	json_t *settings = json_object(), *value;
	const char *key;

	json_object_foreach(object, key, value) if (is_simple(value))
		json_object_set(settings, key, value);
	return settings;
}

/* Copies what a record or a result says of the run, under the same names. */
static json_t *run_of(json_t *from)
{
	static const char *const keys[] = {"data",   "rows",   "train_rows", "parameters",
					   "epochs", "trials", "seconds",    "hebb"};
	json_t *run = json_object();

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		json_t *value = json_object_get(from, keys[i]);

		if (value && !json_is_null(value) && is_simple(value))
			json_object_set(run, keys[i], value);
	}
	return run;
}

/* Which rows the scores are of, or null. */
static json_t *rows_scored(const json_t *from)
{
	json_t *fingerprint = json_object_get(from, "fingerprint"),
	       *split = json_object_get(from, "split"), *rows;

	if (!fingerprint || !split)
		return json_null();
	rows = json_object();
	json_object_set(rows, "fingerprint", fingerprint);
	json_object_set(rows, "split", split);
	return rows;
}

/* from: what has the keys of the run; scores, settings: objects or NULL. */
static json_t *entry_of(const char *kind, json_t *from, json_t *scores, json_t *settings)
{
	json_t *entry = json_object();

	json_object_set_new(entry, "kind", json_string(kind));
	json_object_set_new(entry, "scores", scores_of(scores));
	json_object_set_new(entry, "run", run_of(from));
	json_object_set_new(entry, "options", options_of(settings));
	json_object_set_new(entry, "rows_scored", rows_scored(from));
	return entry;
}

static json_t *of_record(const char *kind, json_t *record)
{
	return entry_of(kind, record, json_object_get(record, "test"),
			json_object_get(record, "options"));
}

static void set_run(json_t *entry, const char *key, json_t *value)
{
	json_object_set_new(json_object_get(entry, "run"), key, value);
}

/* ---- Models and checkpoints ---- */

static int add_model(const char *path, const unsigned char *bytes, size_t size, json_t *found)
{
	hebb_error error;
	hebb_model *model = hebb_model_parse(bytes, size, path, &error);
	json_t *record = model ? record_read(model) : NULL;
	int status = EXIT_DONE;

	if (!model)
		status = fail_error(NULL, &error);
	else if (!record)
		status = fail(path, "has no training record that says how it was trained; models "
				    "that hebb train and hebb search write have one");
	if (record) {
		json_t *entry = of_record("model", record);

		set_run(entry, "parameters", json_integer(hebb_net_parameters(model->net)));
		json_array_append_new(found, entry);
	}
	json_decref(record);
	hebb_model_free(model);
	return status;
}

static int add_checkpoint(const char *path, const unsigned char *bytes, size_t size, json_t *found)
{
	hebb_error error;
	hebb_checkpoint *c = hebb_checkpoint_parse(bytes, size, path, &error);
	const char *text = c ? hebb_checkpoint_text(c, "record") : NULL;
	json_t *record = text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
	int status = EXIT_DONE;

	if (!c)
		status = fail_error(NULL, &error);
	else if (!json_is_object(record))
		status = fail(path, "is a checkpoint without a training record; those that hebb "
				    "train writes have one");
	if (status == EXIT_DONE) {
		json_t *entry = of_record("checkpoint", record);
		double epochs = hebb_checkpoint_counter(c, "epochs");

		if (epochs >= 0 && epochs < 1e9)
			set_run(entry, "epochs", json_integer((json_int_t)epochs));
		json_array_append_new(found, entry);
	}
	json_decref(record);
	hebb_checkpoint_free(c);
	return status;
}

/* ---- What --json printed ---- */

/* An entry of an object, or NULL: no command of ours prints such a one. */
static json_t *of_result(json_t *object)
{
	json_t *best = json_object_get(object, "best"), *test = json_object_get(object, "test"),
	       *settings = json_object_get(object, "options"),
	       *record = json_object_get(object, "record"), *entry;

	if (json_is_object(record)) { /* hebb inspect MODEL */
		entry = of_record("model", record);
		set_run(entry, "parameters", json_incref(json_object_get(object, "parameters")));
		return entry;
	}
	if (json_is_object(best)) { /* hebb search */
		entry = entry_of("search", object, test,
				 settings ? settings : json_object_get(best, "options"));
		set_run(entry, "epochs", json_incref(json_object_get(best, "epochs")));
		set_run(entry, "parameters", json_incref(json_object_get(best, "parameters")));
		return entry;
	}
	if (json_object_get(object, "train_rows")) /* hebb train */
		return entry_of("train", object, test, settings);
	if (json_is_number(json_object_get(object, "accuracy")) ||
	    json_is_number(json_object_get(object, "rmse"))) {
		entry = entry_of("evaluate", object, object, NULL);
		json_object_del(json_object_get(entry, "scores"), "rows");
		return entry;
	}
	return NULL;
}

static int add_result(const char *path, json_t *object, json_t *found)
{
	json_t *entry = json_is_object(object) ? of_result(object) : NULL;

	if (!entry)
		return fail(path,
			    "holds JSON, but not what hebb train, search or evaluate prints with "
			    "--json");
	json_array_append_new(found, entry);
	return EXIT_DONE;
}

static size_t skip_blanks(const char *bytes, size_t at, size_t size)
{
	while (at < size && isspace((unsigned char)bytes[at]))
		at++;
	return at;
}

/* The number of the line with a byte, from 1. */
static int line_of(const char *bytes, size_t at)
{
	int line = 1;

	for (size_t i = 0; i < at; i++)
		line += bytes[i] == '\n';
	return line;
}

static int add_results(const char *path, const char *bytes, size_t size, json_t *found)
{
	int status = EXIT_DONE;

	for (size_t at = skip_blanks(bytes, 0, size); at < size && status == EXIT_DONE;
	     at = skip_blanks(bytes, at, size)) {
		json_error_t error;
		json_t *object =
			json_loadb(bytes + at, size - at,
				   JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &error);

		if (!object)
			return fail(path, "line %d: is no JSON: %s",
				    line_of(bytes, at) + error.line - 1, error.text);
		status = add_result(path, object, found);
		json_decref(object);
		at += (size_t)error.position;
	}
	return status;
}

/* ---- Files ---- */

static int add_bytes(const char *path, const unsigned char *bytes, size_t size, json_t *found)
{
	size_t opening = strlen(TRIALS_OPENING), at = skip_blanks((const char *)bytes, 0, size);

	if (hebb_checkpoint_probe(bytes, size))
		return add_checkpoint(path, bytes, size, found);
	if (hebb_model_probe(bytes, size))
		return add_model(path, bytes, size, found);
	if (at < size && (bytes[at] == '{' || bytes[at] == '['))
		return add_results(path, (const char *)bytes, size, found);
	if (size >= opening && memcmp(bytes, TRIALS_OPENING, opening) == 0)
		return fail(path, "holds the trials of a search; 'hebb inspect' ranks them");
	return fail(path, "is neither a model nor a checkpoint nor a result that a command printed "
			  "with --json");
}

/* Names the entries: as the file or, if there are several, also with their numbers. */
static int name_entries(const char *path, json_t *found)
{
	size_t count = json_array_size(found), size = strlen(path) + 24;
	char *name = malloc(size);

	for (size_t i = 0; i < count && name; i++) {
		snprintf(name, size, count > 1 ? "%s:%zu" : "%s", path, i + 1);
		json_object_set_new(json_array_get(found, i), "name", text_json(name));
	}
	free(name);
	return name ? EXIT_DONE : fail(NULL, "out of memory");
}

int saved_read(const char *path, json_t *entries)
{
	const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
	json_t *found = json_array();
	unsigned char *bytes = NULL;
	hebb_error error;
	size_t size;
	int status;

	if (hebb_file_read(path, &bytes, &size, &error) != HEBB_OK)
		status = fail_read(path, &error);
	else
		status = add_bytes(name, bytes, size, found);
	if (status == EXIT_DONE)
		status = name_entries(name, found);
	if (status == EXIT_DONE && json_array_extend(entries, found) != 0)
		status = fail(NULL, "out of memory");
	free(bytes);
	json_decref(found);
	return status;
}
