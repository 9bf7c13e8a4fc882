/* SPDX-License-Identifier: MIT */
/*
 * comparison.c - entries side by side: which scores and options they have, and which of these
 * differ
 */
#include "comparison.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw/json.h"
#include "draw/terminal.h"
#include "draw/text.h"
#include "hebb_advanced.h"

static const char *const section_names[] = {
	[SECTION_SCORES] = "scores", [SECTION_RUN] = "run", [SECTION_OPTIONS] = "options"};

enum { KEY_ROOM = 64 };

/* ---- Values ---- */

static const json_t *section_of(const comparison *all, int entry, section of)
{
	return json_object_get(json_array_get(all->entries, (size_t)entry), section_names[of]);
}

const char *entry_name(const comparison *all, int entry)
{
	const json_t *one = json_array_get(all->entries, (size_t)entry);

	return json_string_value(json_object_get(one, "name"));
}

const json_t *entry_value(const comparison *all, int entry, const trait *which)
{
	return json_object_get(section_of(all, entry, which->of), which->key);
}

int entry_has(const comparison *all, int entry, section of)
{
	return json_object_size(section_of(all, entry, of)) > 0;
}

int is_said_by_all(const comparison *all, section of)
{
	for (int i = 0; i < all->count; i++)
		if (!entry_has(all, i, of))
			return 0;
	return 1;
}

static void put_value(text *to, const json_t *value, int digits)
{
	char number[32];
	const json_t *item;
	size_t i;

	if (json_is_string(value))
		text_put(to, json_string_value(value));
	else if (json_is_integer(value)) {
		snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
		text_put(to, number);
	} else if (json_is_real(value))
		text_put(to, hebb_show_number(json_real_value(value), digits).text);
	else if (json_is_boolean(value))
		text_put(to, json_is_true(value) ? "yes" : "no");
	else if (json_is_null(value) || json_array_size(value) == 0)
		text_put(to, value ? "none" : "");
	json_array_foreach(value, i, item)
	{
		text_put(to, i > 0 ? "," : "");
		put_value(to, item, digits);
	}
}

char *comparison_value_text(const json_t *value, int digits)
{
	text shown = {.size = 0};

	put_value(&shown, value, digits);
	text_add(&shown, "", 1);
	if (!shown.failed)
		return shown.bytes;
	text_free(&shown);
	return NULL;
}

/* Epochs and a loss are in two sections. */
static const char *distinction(const trait *which)
{
	if (which->of == SECTION_RUN && strcmp(which->key, "epochs") == 0)
		return " done";
	return which->of == SECTION_OPTIONS && strcmp(which->key, "loss") == 0 ? " function" : "";
}

char *trait_text(const trait *which)
{
	text name = {.size = 0};

	text_put(&name, which->key);
	text_put(&name, distinction(which));
	text_add(&name, "", 1);
	for (size_t i = 0; i < name.size && !name.failed; i++)
		if (name.bytes[i] == '_')
			name.bytes[i] = which->of == SECTION_OPTIONS ? '-' : ' ';
	if (!name.failed)
		return name.bytes;
	text_free(&name);
	return NULL;
}

int trait_is_shown(const trait *which)
{
	return which->differs;
}

/* ---- What differs ---- */

/* Whether two values mean the same; an option that an older version did not have is off, as null
 * is. */
static int is_same(const json_t *a, const json_t *b)
{
	int no_a = !a || json_is_null(a), no_b = !b || json_is_null(b);

	if (no_a || no_b)
		return no_a && no_b;
	if (json_is_number(a) && json_is_number(b))
		return json_number_value(a) == json_number_value(b);
	return json_equal(a, b);
}

static void look_at(const comparison *all, trait *which)
{
	int first = -1;

	which->differs = all->count == 1;
	which->is_number = 1;
	for (int i = 0; i < all->count; i++) {
		const json_t *value = entry_value(all, i, which);

		which->is_number &= !value || json_is_number(value);
		if (!entry_has(all, i, which->of))
			continue;
		if (first < 0)
			first = i;
		which->differs |= !is_same(value, entry_value(all, first, which));
	}
}

/* Counts the entries with each key of a section, in the order in which they come. */
static json_t *keys_of(const comparison *all, section of)
{
	json_t *keys = json_object();

	for (int i = 0; i < all->count; i++) {
		json_t *part = json_object_get(json_array_get(all->entries, (size_t)i),
					       section_names[of]),
		       *value;
		const char *key;

		json_object_foreach(part, key, value)
		{
			json_int_t known = json_integer_value(json_object_get(keys, key));

			json_object_set_new(keys, key, json_integer(known + 1));
		}
	}
	return keys;
}

/* A key as it is called by an entry, which outlives the traits. */
static const char *own_key(const comparison *all, section of, const char *key)
{
	for (int i = 0; i < all->count; i++) {
		json_t *part =
			json_object_get(json_array_get(all->entries, (size_t)i), section_names[of]);
		void *found = json_object_iter_at(part, key);

		if (found)
			return json_object_iter_key(found);
	}
	return NULL;
}

static int add_traits(comparison *all, section of, json_t *keys)
{
	size_t more = json_object_size(keys);
	trait *room = realloc(all->trait, sizeof *room * ((size_t)all->traits + more + 1));
	json_t *count;
	const char *key;

	if (!room)
		return 0;
	all->trait = room;
	json_object_foreach(keys, key, count)
	{
		trait *next = &all->trait[all->traits++];

		*next = (trait){.of = of, .key = own_key(all, of, key)};
		look_at(all, next);
	}
	return 1;
}

/* ---- The order ---- */

/* The key of a metric: "balanced_accuracy". */
static const char *metric_key(hebb_metric metric, const char *ending, char key[KEY_ROOM])
{
	snprintf(key, KEY_ROOM, "%s%s", hebb_metric_name(metric), ending);
	for (char *hyphen = strchr(key, '-'); hyphen; hyphen = strchr(hyphen, '-'))
		*hyphen = '_';
	return key;
}

/* The metric's value of an entry: that of one run, or the mean of several; NAN if it has none. */
static double score_of(const json_t *entry, hebb_metric metric)
{
	const json_t *scores = json_object_get(entry, section_names[SECTION_SCORES]);
	char key[KEY_ROOM];
	const json_t *value = json_object_get(scores, metric_key(metric, "", key));

	if (!value)
		value = json_object_get(scores, metric_key(metric, "_mean", key));
	return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

static int count_scores(const comparison *all, hebb_metric metric)
{
	int found = 0;

	for (int i = 0; i < all->count; i++)
		found += !isnan(score_of(json_array_get(all->entries, (size_t)i), metric));
	return found;
}

static hebb_metric usual_metric(const comparison *all)
{
	static const hebb_metric candidates[] = {HEBB_METRIC_ACCURACY, HEBB_METRIC_RMSE,
						 HEBB_METRIC_LOSS};
	hebb_metric best = 0;
	int most = 0;

	for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
		int found = count_scores(all, candidates[i]);

		if (found > most) {
			most = found;
			best = candidates[i];
		}
	}
	return best;
}

typedef struct ranked {
	json_t *entry;
	double key; /* lower is better; NAN: no score */
	int index;
} ranked;

static int by_rank(const void *a, const void *b)
{
	const ranked *x = a, *y = b;

	if (isnan(x->key) != isnan(y->key))
		return isnan(x->key) - isnan(y->key);
	if (x->key != y->key && !isnan(x->key))
		return x->key < y->key ? -1 : 1;
	return x->index - y->index;
}

static int sort_entries(comparison *all)
{
	ranked *list = malloc(sizeof *list * ((size_t)all->count + 1));

	for (int i = 0; i < all->count && list; i++) {
		json_t *entry = json_array_get(all->entries, (size_t)i);
		double score = all->metric ? score_of(entry, all->metric) : (double)NAN;

		list[i] =
			(ranked){json_incref(entry),
				 all->metric && hebb_metric_rises(all->metric) ? -score : score, i};
	}
	if (!list)
		return 0;
	qsort(list, (size_t)all->count, sizeof *list, by_rank);
	for (int i = 0; i < all->count; i++)
		json_array_set_new(all->entries, (size_t)i, list[i].entry);
	free(list);
	return 1;
}

/* The key under which most entries have the metric. */
static const char *sorted_key(const comparison *all)
{
	char plain_key[KEY_ROOM], mean_key[KEY_ROOM];
	const char *mean = NULL;

	if (!all->metric)
		return NULL;
	metric_key(all->metric, "", plain_key);
	metric_key(all->metric, "_mean", mean_key);
	for (int i = 0; i < all->traits; i++) {
		const trait *one = &all->trait[i];

		if (one->of == SECTION_SCORES && strcmp(one->key, plain_key) == 0)
			return one->key;
		if (one->of == SECTION_SCORES && strcmp(one->key, mean_key) == 0)
			mean = one->key;
	}
	return mean;
}

static int have_same_rows(const comparison *all)
{
	const json_t *first = NULL;
	int known = 1, scored = 0;

	for (int i = 0; i < all->count; i++) {
		const json_t *rows =
			json_object_get(json_array_get(all->entries, (size_t)i), "rows_scored");

		if (!entry_has(all, i, SECTION_SCORES))
			continue;
		scored++;
		known &= json_is_object(rows);
		if (!json_is_object(rows))
			continue;
		if (first && !json_equal(first, rows))
			return 0;
		first = rows;
	}
	return known && scored > 0 ? 1 : -1;
}

int comparison_make(json_t *entries, hebb_metric metric, comparison *result)
{
	static const section order[] = {SECTION_SCORES, SECTION_RUN, SECTION_OPTIONS};
	int done = 1;

	*result = (comparison){.entries = entries, .count = (int)json_array_size(entries)};
	result->metric = metric ? metric : usual_metric(result);
	done = sort_entries(result);
	for (size_t i = 0; i < sizeof order / sizeof *order && done; i++) {
		json_t *keys = keys_of(result, order[i]);

		done = keys && add_traits(result, order[i], keys);
		json_decref(keys);
	}
	result->key = sorted_key(result);
	result->same_rows = have_same_rows(result);
	return done;
}

void comparison_free(comparison *all)
{
	free(all->trait);
}

/* ---- JSON ---- */

json_t *comparison_json(const comparison *all)
{
	json_t *object = json_object(), *differing = json_array(), *same = json_object();

	for (int i = 0; i < all->traits; i++) {
		const trait *one = &all->trait[i];

		if (one->of != SECTION_OPTIONS)
			continue;
		if (one->differs)
			json_array_append_new(differing, json_string(one->key));
		else if (is_said_by_all(all, SECTION_OPTIONS))
			for (int k = 0; k < all->count; k++)
				json_object_set(same, one->key, (json_t *)entry_value(all, k, one));
	}
	json_object_set(object, "models", all->entries);
	json_object_set_new(object, "sorted_by",
			    all->metric ? json_string(hebb_metric_name(all->metric)) : json_null());
	json_object_set_new(object, "same_rows",
			    all->same_rows < 0 ? json_null() : json_boolean(all->same_rows));
	json_object_set_new(object, "differing", differing);
	json_object_set_new(object, "same", same);
	return object;
}
