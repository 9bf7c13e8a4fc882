/* SPDX-License-Identifier: MIT */
/*
 * record.c - the training records of models and checkpoints, compared with a run
 */
#include "record.h"

#include "draw/json.h"

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

/* Whether two records have the same values of all these keys, up to a NULL. */
static int have_same(const json_t *a, const json_t *b, const char *const *key)
{
	for (; *key; key++)
		if (!json_equal(json_object_get(a, *key), json_object_get(b, *key)))
			return 0;
	return 1;
}

/* The same with our own record, which it releases. */
static int compare(const json_t *record, json_t *ours, const char *const *key)
{
	int same = ours && have_same(record, ours, key);

	json_decref(ours);
	return same;
}

int record_same_data(const json_t *record, const job *setup)
{
	static const char *const keys[] = {"files", "fingerprint", NULL};

	return compare(record, json_of(hebb_study_record(&setup->options->study)), keys);
}

int record_same_run(const json_t *record, const job *setup)
{
	static const char *const keys[] = {"options", "files", "fingerprint", NULL};

	return compare(record, json_of(hebb_study_record(&setup->options->study)), keys);
}

int record_is_ended(const json_t *record)
{
	return json_is_true(json_object_get(record, "ended"));
}

int record_blind(const json_t *record)
{
	return json_is_true(json_object_get(record, "blind"));
}

int record_same_split(const json_t *record, const hebb_trial *run)
{
	static const char *const keys[] = {"split", "fingerprint", NULL};

	return compare(record, json_of(hebb_trial_record(run, 0)), keys);
}

void record_add(json_t *object, const hebb_trial *run, int is_one)
{
	static const char *const keys[] = {"hebb",    "data",  "fingerprint", "rows",
					   "options", "mates", "split"};
	json_t *record = json_of(hebb_trial_record(run, 1));
	size_t count = sizeof keys / sizeof *keys - !is_one;

	for (size_t i = 0; i < count; i++)
		if (json_object_get(record, keys[i]))
			json_object_set(object, keys[i], json_object_get(record, keys[i]));
	json_decref(record);
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
