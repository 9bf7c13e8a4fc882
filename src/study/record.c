/* SPDX-License-Identifier: MIT */
/*
 * record.c - the training record that stands in a model
 *
 *     {"hebb": "0.1.0", "data": "digits", "fingerprint": "0123456789abcdef", "rows": 1797,
 *     "train_rows": 1077,
 *      "split": {"test": {"fraction": 0.4}, "validation": null, "stratified": true, "seed": 1},
 *      "options": {...}, "epochs": 100, "curve": {"loss": [...]}, "loss": 0.0004, "test":
 *      {"accuracy": 0.977, "loss": 0.08}}
 *
 * With --temperature, "temperature" has what hebb_tempered has.  Of a mean of networks with
 * different recipes, "mates" has for each but the first what differs from "options".
 *
 * "split" also has "group" or "time_column", the number of a column from 1, if there is one.
 *
 * It holds no time and no machine: the same run gives the same bytes.  A curve of more than
 * CURVE_MOST epochs is thinned: "epoch" beside "loss" says which epochs were kept.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "trial.h"

enum { CURVE_MOST = 1000 };

/* The name of a file without its folders, because records must not contain private paths. */
static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

/* ---- The split ---- */

/* {"fraction": 0.4}, {"last": 100}, {"file": "test.csv"}, {"own": true} or null. */
static json_t *part_json(const hebb_part *part)
{
	const char *name = part->name ? part->name : part->table ? part->table->name : "";
	json_t *object = json_object();

	switch (part->kind) {
	case HEBB_PART_FRACTION:
		json_object_set_new(object, "fraction", hb_number_json(part->fraction));
		return object;
	case HEBB_PART_LAST:
		json_object_set_new(object, "last", json_integer(part->rows));
		return object;
	case HEBB_PART_TABLE:
		json_object_set_new(object, "file", hb_text_json(last_name(name)));
		return object;
	case HEBB_PART_OWN:
		json_object_set_new(object, "own", json_true());
		return object;
	case HEBB_PART_NONE:
		break;
	}
	json_decref(object);
	return json_null();
}

static int part_read(const json_t *object, hebb_part *result)
{
	const json_t *fraction = json_object_get(object, "fraction"),
		     *last = json_object_get(object, "last");
	const json_t *file = json_object_get(object, "file");

	*result = (hebb_part){.kind = HEBB_PART_NONE};
	if (json_is_number(fraction))
		*result = (hebb_part){.kind = HEBB_PART_FRACTION,
				      .fraction = json_number_value(fraction)};
	else if (json_is_integer(last))
		*result = (hebb_part){.kind = HEBB_PART_LAST, .rows = json_integer_value(last)};
	else if (json_is_string(file))
		*result = (hebb_part){.kind = HEBB_PART_TABLE, .name = json_string_value(file)};
	else if (json_is_true(json_object_get(object, "own")))
		*result = (hebb_part){.kind = HEBB_PART_OWN};
	return json_is_null(object) || result->kind != HEBB_PART_NONE;
}

static json_t *split_json(const struct hb_split *split)
{
	json_t *object = json_object();

	json_object_set_new(object, "test", part_json(&split->test));
	json_object_set_new(object, "validation", part_json(&split->validation));
	json_object_set_new(object, "stratified", json_boolean(split->column >= 0));
	json_object_set_new(object, "seed", hb_seed_json(split->seed));
	if (split->group)
		json_object_set_new(object, "group", json_integer(split->group));
	if (split->time)
		json_object_set_new(object, "time_column", json_integer(split->time));
	return object;
}

/* Reads the number of a column, from 1 to `columns`; 0 if there is none. */
static int column_read(const json_t *value, int columns, int *result)
{
	json_int_t number = json_integer_value(value);

	*result = number >= 1 && number <= columns ? (int)number : 0;
	return !value || *result;
}

/* Reads how the rows were split; `column` is the target column, of so many. Returns 0 if the record
 * does not say it. */
static int split_read(const json_t *record, int column, int columns, struct hb_split *result)
{
	const json_t *object = json_object_get(record, "split");
	const json_t *stratified = json_object_get(object, "stratified");

	if (!json_is_boolean(stratified))
		return 0;
	*result = (struct hb_split){.column = json_is_true(stratified) ? column : -1};
	return column_read(json_object_get(object, "group"), columns, &result->group) &&
	       column_read(json_object_get(object, "time_column"), columns, &result->time) &&
	       part_read(json_object_get(object, "test"), &result->test) &&
	       part_read(json_object_get(object, "validation"), &result->validation) &&
	       hb_json_seed(json_object_get(object, "seed"), &result->seed);
}

/* ---- Writing ---- */

static void set_score(json_t *object, const char *key, const hebb_score *score,
		      const hebb_coding *coding)
{
	json_t *scores;

	if (score->rows == 0)
		return;
	scores = json_object();
	hb_score_json(score, coding, scores);
	json_object_set_new(object, key, scores);
}

/* The record as text if it has this number of keys; with fewer there was no memory for some, and
 * the result is NULL. Frees the record. */
static char *record_line(json_t *record, size_t keys, int digits)
{
	if (json_object_size(record) == keys)
		return hb_json_line(record, digits);
	json_decref(record);
	return NULL;
}

enum { OF_STUDY = 5, OF_TRIAL = 2 }; /* keys that begin() sets */

static int has_mates(const hebb_study *study)
{
	return study->mate != NULL;
}

/* The settings of another member, as far as they differ from those of the study. */
static json_t *mate_json(const hebb_study *mate, const json_t *options)
{
	static const char *const of_choice[] = {"members", "temperature", "conformal", "blind",
						"time"};
	json_t *settings = hb_settings_json(mate);

	for (void *at = json_object_iter((json_t *)options); at;
	     at = json_object_iter_next((json_t *)options, at)) {
		const char *key = json_object_iter_key(at);
		const json_t *own = json_object_get(settings, key);

		if (!own)
			json_object_set_new(settings, key, json_null()); /* its default */
		else if (json_equal(json_object_iter_value(at), own))
			json_object_del(settings, key);
	}
	for (size_t i = 0; i < sizeof of_choice / sizeof *of_choice; i++)
		json_object_del(settings, of_choice[i]);
	return settings;
}

/* Those of the other members of a mean, if their recipes differ. */
static void set_mates(json_t *record, const hebb_study *study)
{
	const json_t *options = json_object_get(record, "options");
	json_t *list = json_array();

	for (int k = 0; k < study->members - 1; k++)
		json_array_append_new(list, mate_json(&study->mate[k], options));
	json_object_set_new(record, "mates", list);
}

/* The part of the record that is known before a run ends. run: NULL before it begins. */
static json_t *begin(const hebb_study *study, const hebb_trial *run)
{
	json_t *record = json_object();
	struct hb_split split;

	json_object_set_new(record, "hebb", json_string(hebb_version()));
	json_object_set_new(record, "data", hb_text_json(last_name(study->table->name)));
	json_object_set_new(record, "fingerprint", hb_fingerprint_json(study->fingerprint));
	json_object_set_new(record, "rows", json_integer(study->table->rows));
	if (run && hb_split_of(study, run->seed, run->fold, &split, NULL) == HEBB_OK) {
		json_object_set_new(record, "train_rows", json_integer(run->train->rows));
		json_object_set_new(record, "split", split_json(&split));
	}
	json_object_set_new(record, "options", hb_settings_json(study));
	if (has_mates(study))
		set_mates(record, study);
	return record;
}

/* The temperature of the last layer. */
static json_t *tempered_json(const hebb_tempered *tempered)
{
	json_t *object = json_object();

	json_object_set_new(object, "value", hb_number_json(tempered->temperature));
	json_object_set_new(object, "rows", json_integer(tempered->rows));
	json_object_set_new(object, "log_loss_before", hb_number_json(tempered->log_loss_before));
	json_object_set_new(object, "log_loss", hb_number_json(tempered->log_loss));
	json_object_set_new(object, "ece_before", hb_number_json(tempered->ece_before));
	json_object_set_new(object, "ece", hb_number_json(tempered->ece));
	return object;
}

char *hb_record_make(const hebb_trial *run, const hebb_result *result)
{
	json_t *record = begin(run->study, run);

	json_object_set_new(record, "epochs", json_integer(result->epochs));
	json_object_set_new(record, "curve",
			    hb_curve_json(&result->curve, CURVE_MOST, result->best_epoch));
	json_object_set_new(record, "loss", hb_number_json(result->train.loss));
	set_score(record, "validation", &result->validation, run->coding);
	set_score(record, "test", &result->test, run->coding);
	if (result->tempered.rows > 0)
		json_object_set_new(record, "temperature", tempered_json(&result->tempered));
	int scores = (result->tempered.rows > 0) + (result->validation.rows > 0) +
		     (result->test.rows > 0);
	return record_line(record,
			   OF_STUDY + OF_TRIAL + 3 + (size_t)(scores + has_mates(run->study)), 15);
}

/* The fingerprints of the tables of test and validation; null where there is none. */
static json_t *files_json(const hebb_study *study)
{
	const hebb_part *part[] = {&study->test, &study->validation};
	json_t *list = json_array();

	for (int i = 0; i < 2; i++) {
		const hebb_table *table = part[i]->kind == HEBB_PART_TABLE ? part[i]->table : NULL;

		json_array_append_new(list,
				      table ? hb_fingerprint_json(hebb_table_fingerprint(table))
					    : json_null());
	}
	return list;
}

/* Enough digits to read back exactly the same numbers. */
enum { ALL_DIGITS = 17 };

char *hebb_trial_record(const hebb_trial *trial, int ended)
{
	json_t *record = begin(trial->study, trial);

	json_object_set_new(record, "ended", json_boolean(ended));
	json_object_set_new(record, "files", files_json(trial->study));
	json_object_set_new(record, "curve", hb_curve_json(&trial->curve, 0, 0));
	json_object_set_new(record, "blind", json_boolean(trial->study->blind));
	return record_line(record, OF_STUDY + OF_TRIAL + 4 + (size_t)has_mates(trial->study),
			   ALL_DIGITS);
}

char *hebb_study_record(const hebb_study *study)
{
	json_t *record = begin(study, NULL);

	json_object_set_new(record, "files", files_json(study));
	return record_line(record, OF_STUDY + 1 + (size_t)has_mates(study), ALL_DIGITS);
}

/* ---- Reading ---- */

static json_t *record_of(const hebb_model *model)
{
	json_t *record =
		model->record ? json_loads(model->record, JSON_REJECT_DUPLICATES, NULL) : NULL;

	if (json_is_object(record))
		return record;
	json_decref(record);
	return NULL;
}

static double number_of(const json_t *options, const char *key)
{
	return json_number_value(json_object_get(options, key));
}

/* "" if there is none. */
static const char *text_of(const json_t *options, const char *key)
{
	const char *text = json_string_value(json_object_get(options, key));

	return text ? text : "";
}

hebb_study hb_study_of_model(const hebb_model *model)
{
	json_t *record = record_of(model);
	const json_t *options = json_object_get(record, "options");
	hebb_study study = {.size = sizeof study};

	study.hidden = hebb_net_layers(model->net) > 1;
	study.patience = (int)number_of(options, "patience");
	study.l1 = number_of(options, "l1");
	study.l2 = number_of(options, "l2");
	study.weight_decay = number_of(options, "weight_decay");
	study.dropout = number_of(options, "dropout");
	study.optimizer = hebb_rule_find(text_of(options, "optimizer"));
	study.activation = hebb_activation_find(text_of(options, "activation"));
	study.class_weights = hebb_weights_find(text_of(options, "class_weights"));
	json_decref(record);
	return study;
}

static int fits(const json_t *record, const hebb_table *table)
{
	json_t *text = hb_fingerprint_json(hebb_table_fingerprint(table));
	int is_same = json_equal(json_object_get(record, "fingerprint"), text);

	json_decref(text);
	return is_same;
}

int hebb_model_knows(const hebb_model *model, const hebb_table *table)
{
	json_t *record = record_of(model);
	int known = record && fits(record, table);

	json_decref(record);
	return known;
}

hebb_status hebb_model_parts(const hebb_model *model, const hebb_table *table, hebb_parts *parts,
			     hebb_error *error)
{
	json_t *record = model && table ? record_of(model) : NULL;
	struct hb_split split = {.column = -1};
	hebb_status status;

	if (!model || !table)
		status = hebb_fail(error, HEBB_BAD_ARGUMENT, "there is no %s",
				   model ? "table" : "model");
	else if (!record ||
		 !split_read(record, model->coding->target_at[0], model->coding->columns, &split))
		status = hebb_fail(error, HEBB_BAD_ARGUMENT,
				   "the model has no record of the split it was trained with");
	else if (!fits(record, table))
		status = hebb_fail(error, HEBB_BAD_ARGUMENT,
				   "%s is not the data that the model was trained on, or was "
				   "changed since; without --part test all its rows are scored",
				   table->name);
	else if (split.test.kind == HEBB_PART_TABLE)
		status = hebb_fail(error, HEBB_BAD_ARGUMENT,
				   "the test part was a file of its own, %s; evaluate that file",
				   split.test.name);
	else if (split.test.kind == HEBB_PART_NONE)
		status =
			hebb_fail(error, HEBB_BAD_ARGUMENT, "training held nothing out (--test 0)");
	else
		status = hb_split_rows(table, &split, parts, error);
	json_decref(record);
	return status;
}

/* Whether a list has only numbers and null, which stands for a number that was not finite. */
static int is_losses(const json_t *list)
{
	size_t i, count = json_array_size(list);

	for (i = 0; i < count; i++)
		if (!json_is_number(json_array_get(list, i)) &&
		    !json_is_null(json_array_get(list, i)))
			break;
	return json_is_array(list) && i == count;
}

/* Adds epochs without losses up to that of item i of a thinned curve with at most `epochs_most`
 * epochs. Returns 0 if the list is wrong, or if out of memory. */
static int skip_epochs(const json_t *epochs, size_t i, int epochs_most, hebb_curve *result)
{
	json_int_t epoch = json_integer_value(json_array_get(epochs, i));

	if (epochs && (epoch <= result->count || epoch > epochs_most))
		return 0;
	while (epochs && result->count + 1 < epoch)
		if (!hebb_curve_add(result, NAN, NAN))
			return 0;
	return 1;
}

/* Reads a curve of at most `epochs_most` epochs, whole or thinned. Returns 0 if it is wrong, or if
 * out of memory. */
static int curve_read(const json_t *object, int epochs_most, hebb_curve *result)
{
	const json_t *loss = json_object_get(object, "loss"),
		     *validation = json_object_get(object, "validation_loss"),
		     *epochs = json_object_get(object, "epoch");

	if (!is_losses(loss) ||
	    (validation &&
	     (!is_losses(validation) || json_array_size(validation) != json_array_size(loss))))
		return 0;
	for (size_t i = 0; i < json_array_size(loss); i++) {
		const json_t *a = json_array_get(loss, i), *b = json_array_get(validation, i);

		if (!skip_epochs(epochs, i, epochs_most, result) ||
		    !hebb_curve_add(result, json_is_number(a) ? json_number_value(a) : (double)NAN,
				    json_is_number(b) ? json_number_value(b) : (double)NAN))
			return 0;
	}
	return 1;
}

/* Reads the curve of the record, and checks that the record belongs to this trial, which the core
 * cannot check. */
static hebb_status take_record(hebb_trial *trial, const hebb_checkpoint *checkpoint,
			       const json_t *record, const char *name, hebb_error *error)
{
	double epoch = hebb_checkpoint_counter(checkpoint, "run.epoch");
	double epochs = hebb_checkpoint_counter(checkpoint, "epochs");

	if (!curve_read(json_object_get(record, "curve"), trial->study->epochs, &trial->curve))
		return hebb_fail(error, HEBB_BAD_FORMAT,
				 "%s: has no curve of the losses; it is damaged", name);
	if (json_integer_value(json_object_get(record, "rows")) != trial->study->table->rows ||
	    json_integer_value(json_object_get(record, "train_rows")) != trial->train->rows)
		return hebb_fail(error, HEBB_BAD_FORMAT,
				 "%s: has other numbers of rows than the data; it is damaged",
				 name);
	if (hebb_checkpoint_counter(checkpoint, "run.open") != 1 || epochs != epoch ||
	    epoch != trial->curve.count)
		return hebb_fail(error, HEBB_BAD_FORMAT,
				 "%s: is damaged: it counts %.17g epochs, %.17g of its run, and "
				 "has losses of %d",
				 name, epochs, epoch, trial->curve.count);
	trial->epochs = (int)epoch;
	trial->seen = (long long)hebb_checkpoint_counter(checkpoint, "run.rows");
	trial->seconds = hebb_checkpoint_counter(checkpoint, "run.seconds");
	return HEBB_OK;
}

hebb_status hebb_trial_resume(hebb_trial *trial, const hebb_checkpoint *checkpoint,
			      const char *name, hebb_error *error)
{
	hebb_status status = hebb_trial_start(trial, error);

	if (status != HEBB_OK)
		return status;
	if (!checkpoint)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "there is no checkpoint");
	const char *text = hebb_checkpoint_text(checkpoint, "record");
	json_t *record = text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
	hebb_curve_free(&trial->curve);
	status = hebb_checkpoint_restore(checkpoint, trial->trainer, error);
	if (status == HEBB_OK)
		status = take_record(trial, checkpoint, record, name, error);
	for (int i = 0; i < trial->curve.count; i++) {
		if (!(trial->curve.validation[i] < trial->inside->best_validation))
			continue;
		trial->inside->best_validation = trial->curve.validation[i];
		trial->best_epoch = i + 1;
	}
	json_decref(record);
	return status;
}
