/* SPDX-License-Identifier: MIT */
/*
 * replaced.c - the model or checkpoint that a new one replaces
 *
 * A checkpoint may be the work of days.  Only a later state of its own run replaces it, or, once it
 * is finished, a new start of the same run.  A run is identified by its data and its options.
 */
#define _POSIX_C_SOURCE 200809L

#include "replaced.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "file_kind.h"
#include "files.h"
#include "draw/json.h"
#include "file/record.h"
#include "draw/terminal.h"

static const char ENDING[] = ".safetensors";

enum { NAMES_MOST = 10000 };

/* ---- Checkpoints ---- */

/* The training run of an existing checkpoint. */
typedef struct older {
	int epochs, of, finished, same; /* same: it is the run of the job */
} older;

static int is_whole(double number)
{
	return number >= 0 && number < 1e9;
}

/* Reads the run of a checkpoint; 0: it cannot be recognized. */
static int read_found(const char *path, const job *setup, older *result)
{
	hebb_checkpoint *c = hebb_checkpoint_read(path, NULL);
	const char *text = c ? hebb_checkpoint_text(c, "record") : NULL;
	json_t *record = text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
	double epochs = c ? hebb_checkpoint_counter(c, "run.epoch") : 0;
	double planned =
		json_number_value(json_object_get(json_object_get(record, "options"), "epochs"));
	int known = record && is_whole(epochs) && is_whole(planned);

	hebb_checkpoint_free(c);
	if (known)
		*result = (older){.epochs = (int)epochs,
				  .of = (int)planned,
				  .finished = record_is_ended(record) || epochs >= planned,
				  .same = setup && record_same_run(record, setup)};
	json_decref(record);
	return known;
}

int replaced_check(const options *o, const job *setup)
{
	const char *path = o->checkpoint;
	older old;

	if (!path || o->force || file_kind_of(path) != FILE_CHECKPOINT ||
	    (o->resume && is_same_file(path, o->resume)))
		return EXIT_DONE;
	if (!read_found(path, setup, &old))
		return fail(path, "is a checkpoint that cannot be read; name another file with "
				  "--checkpoint, or replace it with --force");
	if (!old.finished)
		return fail(path,
			    "holds a training that ended after %d of %s; go on with "
			    "--resume %s, or replace it with --force",
			    old.epochs, hebb_show_count(old.of, "epoch").text, path);
	if (old.same || !setup)
		return EXIT_DONE;
	return fail(
		path,
		"holds a training of %s with other data or options; name another file with "
		"--checkpoint, go on with that training by --resume %s, or replace it with --force",
		hebb_show_count(old.epochs, "epoch").text, path);
}

/* Whether a checkpoint after `epochs` epochs may replace the file at a path. */
static int may_take(const job *setup, const char *path, int epochs)
{
	struct stat about;
	older old;

	if (files_have(setup->options, path))
		return 0;
	if (lstat(path, &about) != 0)
		return 1;
	return S_ISREG(about.st_mode) && file_kind_of(path) == FILE_CHECKPOINT &&
	       read_found(path, setup, &old) && old.same && old.epochs <= epochs;
}

char *replaced_free_name(const job *setup, char *path, int epochs)
{
	size_t length = path ? strlen(path) : 0, ending = sizeof ENDING - 1;
	size_t stem = length > ending ? length - ending : length, room = length + ending + 16;
	char *other = malloc(room);

	for (int i = 2; path && other && !may_take(setup, path, epochs); i++) {
		if (i > NAMES_MOST) {
			free(path);
			path = NULL;
			break;
		}
		snprintf(other, room, "%.*s-%d%s", (int)stem, path, i, ENDING);
		if (may_take(setup, other, epochs)) {
			free(path);
			return other;
		}
	}
	free(other);
	return path;
}

/* ---- Models ---- */

json_t *replaced_record(const options *o)
{
	hebb_model *model = strcmp(o->model, "-") != 0 && file_kind_of(o->model) == FILE_MODEL
				    ? hebb_model_read(o->model, NULL)
				    : NULL;
	json_t *record = model ? record_read(model) : NULL;

	hebb_model_free(model);
	return record;
}

/* The scores on the most informative rows: test, validation or training, and which of them. */
static const json_t *scores_of(const json_t *record, const char **rows)
{
	const json_t *test = json_object_get(record, "test"),
		     *validation = json_object_get(record, "validation");

	*rows = test ? "" : validation ? "validation rows" : "training rows";
	return test ? test : validation ? validation : record;
}

static double value_of(const json_t *scores, const char *name)
{
	return json_number_value(json_object_get(scores, name));
}

void replaced_print(FILE *out, const json_t *record, const hebb_trial *run)
{
	const char *rows;
	const json_t *scores = scores_of(record, &rows);
	char main_score[100] = "", text[240];

	if (!record)
		return;
	if (!*rows && !record_same_split(record, run))
		rows = "other rows";
	if (json_is_number(json_object_get(scores, "accuracy")))
		snprintf(main_score, sizeof main_score, "accuracy %.2f %%, ",
			 100 * value_of(scores, "accuracy"));
	else if (json_is_number(json_object_get(scores, "rmse")))
		snprintf(main_score, sizeof main_score, "rmse %s, mae %s, ",
			 hebb_show_number(value_of(scores, "rmse"), 4).text,
			 hebb_show_number(value_of(scores, "mae"), 4).text);
	snprintf(text, sizeof text, "%sloss %s%s%s", main_score,
		 hebb_show_number(value_of(scores, "loss"), 4).text, *rows ? ", on " : "", rows);
	fprintf(out, "%sReplaced%s   ", bold(out), plain(out));
	print_words(out, text, 11, 11);
}

json_t *replaced_json(const json_t *record, const hebb_trial *run)
{
	static const char *const key[] = {"loss", "validation", "test"};
	json_t *object;

	if (!record)
		return json_null();
	object = json_object();
	for (size_t i = 0; i < sizeof key / sizeof *key; i++)
		json_object_set(object, key[i], json_object_get(record, key[i]));
	json_object_set_new(object, "same_rows", json_boolean(record_same_split(record, run)));
	return object;
}
