/* SPDX-License-Identifier: MIT */
/*
 * record.c - the training record that stands in a model
 */
#define _POSIX_C_SOURCE 200809L

#include "record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

/* A path without its folders: where a file lay is nobody's business but its owner's. */
static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

/* Whether a record is of the table with that fingerprint. */
static int has_fingerprint(const json_t *record, uint64_t fingerprint)
{
	json_t *text = fingerprint_json(fingerprint);
	int same = json_equal(json_object_get(record, "fingerprint"), text);

	json_decref(text);
	return same;
}

/* {"fraction": 0.4}, {"last": 100}, {"file": "test.csv"}, {"own": true} or null. */
static json_t *part_json(const part *from)
{
	json_t *object = json_object();

	switch (from->kind) {
	case PART_FRACTION:
		json_object_set_new(object, "fraction", number_json(from->fraction));
		return object;
	case PART_LAST:
		json_object_set_new(object, "last", json_integer(from->rows));
		return object;
	case PART_FILE:
		json_object_set_new(object, "file", text_json(last_name(from->file)));
		return object;
	case PART_OWN:
		json_object_set_new(object, "own", json_true());
		return object;
	case PART_NONE:
		break;
	}
	json_decref(object);
	return json_null();
}

static int part_read(const json_t *from, part *result)
{
	const json_t *fraction = json_object_get(from, "fraction"),
		     *last = json_object_get(from, "last");
	const json_t *file = json_object_get(from, "file");

	*result = (part){.kind = PART_NONE};
	if (json_is_number(fraction))
		*result = (part){.kind = PART_FRACTION, .fraction = json_number_value(fraction)};
	else if (json_is_integer(last))
		*result = (part){.kind = PART_LAST, .rows = json_integer_value(last)};
	else if (json_is_string(file))
		*result = (part){.kind = PART_FILE, .file = json_string_value(file)};
	else if (json_is_true(json_object_get(from, "own")))
		*result = (part){.kind = PART_OWN};
	return json_is_null(from) || result->kind != PART_NONE;
}

static json_t *split_json(const split *from)
{
	json_t *object = json_object();

	json_object_set_new(object, "test", part_json(&from->test));
	json_object_set_new(object, "validation", part_json(&from->validation));
	json_object_set_new(object, "stratified", json_boolean(from->column >= 0));
	json_object_set_new(object, "seed", seed_json(from->seed));
	return object;
}

static void set_score(json_t *object, const char *key, const score *from, const hebb_coding *coding)
{
	json_t *scores;

	if (from->rows == 0)
		return;
	scores = json_object();
	score_json(from, coding, scores);
	json_object_set_new(object, key, scores);
}

static json_t *losses_json(int count, const double *loss)
{
	json_t *list = json_array();
	char text[32];

	for (int i = 0; i < count; i++) {
		snprintf(text, sizeof text, "%.6g", loss[i]);
		json_array_append_new(list, number_json(strtod(text, NULL)));
	}
	return list;
}

json_t *curve_json(const curve *from)
{
	json_t *object = json_object();

	json_object_set_new(object, "loss", losses_json(from->count, from->loss));
	if (from->count > 0 && !isnan(from->validation[0]))
		json_object_set_new(object, "validation_loss",
				    losses_json(from->count, from->validation));
	return object;
}

/* A list of numbers, or null where one was not finite. */
static int is_losses(const json_t *list)
{
	size_t i, count = json_array_size(list);

	for (i = 0; i < count; i++)
		if (!json_is_number(json_array_get(list, i)) &&
		    !json_is_null(json_array_get(list, i)))
			break;
	return json_is_array(list) && i == count;
}

int curve_read(const json_t *from, curve *result)
{
	const json_t *loss = json_object_get(from, "loss"),
		     *validation = json_object_get(from, "validation_loss");

	if (!is_losses(loss) ||
	    (validation &&
	     (!is_losses(validation) || json_array_size(validation) != json_array_size(loss))))
		return 0;
	for (size_t i = 0; i < json_array_size(loss); i++) {
		const json_t *a = json_array_get(loss, i), *b = json_array_get(validation, i);

		if (!curve_add(result, json_is_number(a) ? json_number_value(a) : (double)NAN,
			       json_is_number(b) ? json_number_value(b) : (double)NAN))
			return 0;
	}
	return 1;
}

/* What is known before a run ends. */
static json_t *begin(const job *from, const trial *run)
{
	json_t *record = json_object();

	json_object_set_new(record, "hebb", json_string(hebb_version()));
	json_object_set_new(record, "data", text_json(last_name(from->table->name)));
	json_object_set_new(record, "fingerprint", fingerprint_json(from->fingerprint));
	json_object_set_new(record, "rows", json_integer(from->table->rows));
	json_object_set_new(record, "train_rows", json_integer(run->train->rows));
	json_object_set_new(record, "split", split_json(&run->split));
	json_object_set_new(record, "options", options_json(from->options));
	return record;
}

char *record_make(const job *from, const trial *run, const outcome *result)
{
	json_t *record = begin(from, run);

	json_object_set_new(record, "epochs", json_integer(result->epochs));
	json_object_set_new(record, "curve", curve_json(&result->curve));
	json_object_set_new(record, "loss", number_json(result->train.loss));
	set_score(record, "validation", &result->validation, run->coding);
	set_score(record, "test", &result->test, run->coding);
	return json_line(record);
}

/* The fingerprints of the files of --test and --validation; null where there is none. */
static json_t *files_json(const job *from)
{
	const hebb_table *table[] = {from->test_table, from->validation_table};
	json_t *list = json_array();

	for (int i = 0; i < 2; i++)
		json_array_append_new(list,
				      table[i] ? fingerprint_json(hebb_table_fingerprint(table[i]))
					       : json_null());
	return list;
}

char *record_unfinished(const job *from, const trial *run, const curve *so_far, int ended)
{
	json_t *record = begin(from, run);

	json_object_set_new(record, "ended", json_boolean(ended));
	json_object_set_new(record, "files", files_json(from));
	json_object_set_new(record, "curve", curve_json(so_far));
	json_object_set_new(record, "blind", json_boolean(from->blind));
	/* with all digits of its numbers, so that they come back as they were */
	char *text = json_dumps(record, JSON_REAL_PRECISION(17));
	json_decref(record);
	return text;
}

const char *record_damage(const json_t *record)
{
	static const struct {
		const char *key;
		json_type type;
	} known[] = {
		{"hebb", JSON_STRING},        {"data", JSON_STRING},  {"rows", JSON_INTEGER},
		{"fingerprint", JSON_STRING}, {"split", JSON_OBJECT}, {"train_rows", JSON_INTEGER},
		{"options", JSON_OBJECT},     {"files", JSON_ARRAY},  {"curve", JSON_OBJECT}};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		const json_t *value = json_object_get(record, known[i].key);

		if (!value || json_typeof(value) != known[i].type)
			return known[i].key;
	}
	return NULL;
}

int record_same_rows(const json_t *record, const job *from, const trial *run)
{
	return json_integer_value(json_object_get(record, "rows")) == from->table->rows &&
	       json_integer_value(json_object_get(record, "train_rows")) == run->train->rows;
}

int record_same_data(const json_t *record, const job *to)
{
	json_t *files = files_json(to);
	int same = json_equal(json_object_get(record, "files"), files);

	json_decref(files);
	return same && has_fingerprint(record, to->fingerprint);
}

int record_same_run(const json_t *record, const job *to)
{
	json_t *ours = options_json(to->options);
	int same = json_equal(json_object_get(record, "options"), ours);

	json_decref(ours);
	return same && record_same_data(record, to);
}

int record_is_ended(const json_t *record)
{
	return json_is_true(json_object_get(record, "ended"));
}

int record_blind(const json_t *record)
{
	return json_is_true(json_object_get(record, "blind"));
}

int record_same_split(const json_t *record, const job *from, const trial *run)
{
	json_t *ours = split_json(&run->split);
	int same = json_equal(json_object_get(record, "split"), ours);

	json_decref(ours);
	return same && has_fingerprint(record, from->fingerprint);
}

json_t *record_read(const hebb_model *model)
{
	json_t *record =
		model->record ? json_loads(model->record, JSON_REJECT_DUPLICATES, NULL) : NULL;

	if (json_is_object(record))
		return record;
	json_decref(record);
	return NULL;
}

int record_fits(const json_t *record, const hebb_table *table)
{
	return has_fingerprint(record, hebb_table_fingerprint(table));
}

int record_split(const json_t *record, int column, split *result)
{
	const json_t *from = json_object_get(record, "split");
	const json_t *stratified = json_object_get(from, "stratified");

	if (!json_is_boolean(stratified))
		return 0;
	*result = (split){.column = json_is_true(stratified) ? column : -1};
	return part_read(json_object_get(from, "test"), &result->test) &&
	       part_read(json_object_get(from, "validation"), &result->validation) &&
	       json_seed(json_object_get(from, "seed"), &result->seed);
}

hebb_status record_parts(const hebb_model *model, const hebb_table *table, parts *result,
			 hebb_error *error)
{
	json_t *record = record_read(model);
	split how = {.column = -1};
	hebb_status status;

	if (!record || !record_split(record, model->coding->target_at[0], &how))
		status = hebb_fail(error, HEBB_BAD_ARGUMENT,
				   "the model has no record of the split it was trained with");
	else if (!record_fits(record, table))
		status = hebb_fail(error, HEBB_BAD_ARGUMENT,
				   "%s is not the data that the model was trained on, or was "
				   "changed since; without --part test all its rows are scored",
				   table->name);
	else if (how.test.kind == PART_FILE)
		status = hebb_fail(error, HEBB_BAD_ARGUMENT,
				   "the test part was a file of its own, %s; evaluate that file",
				   how.test.file);
	else if (how.test.kind == PART_NONE)
		status =
			hebb_fail(error, HEBB_BAD_ARGUMENT, "training held nothing out (--test 0)");
	else
		status = split_rows(table, &how, result, error);
	json_decref(record);
	return status;
}
