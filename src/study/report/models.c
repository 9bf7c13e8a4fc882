/* SPDX-License-Identifier: MIT */
/*
 * models.c - the page that puts models side by side
 *
 * It is made from the JSON of a comparison, as hebb report prints it.  One table has the scores and
 * the options that differ; the options that are the same in all models stand below it once.  Names
 * and values are cut, and the first models are shown, as many as fit into the page.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hebb_advanced.h"
#include "hebb_study.h"
#include "page.h"

/* Bytes of the table, as HTML and as JSON together; columns of options. */
enum {
	TABLE_MOST = 400000,
	OPTIONS_MOST = 40,
	COLUMNS_MOST = 80,
	SAME_MOST = 200,
	ITEMS_MOST = 24
};

/* A column of the table: a key of a part of each model. */
typedef struct column {
	const char *part, *key;
	int is_number;
} column;

typedef struct models {
	hb_page page;
	const json_t *models, *differing, *same;
	const char *sorted_by, *key; /* key: of the score that is sorted by, or NULL */
	column column[COLUMNS_MOST];
	int columns;
	double low, high;   /* of all intervals of the score; low > high: there are none */
	size_t shown, size; /* models in the table; bytes of its JSON, about */
	json_t *rows;
	json_t *keys; /* by part, an object with the keys of all models, which columns borrow */
} models;

/* ---- Values ---- */

static const json_t *part_of(const json_t *model, const char *part)
{
	return json_object_get(model, part);
}

static const char *name_of(const json_t *model)
{
	const char *name = json_string_value(json_object_get(model, "name"));

	return name ? name : "";
}

static const json_t *value_of(const json_t *model, const column *which)
{
	return json_object_get(part_of(model, which->part), which->key);
}

/* A value that is no list; what is off is "none".  is_count: whole numbers have commas; a seed has
 * none. */
static void put_simple(hb_page *page, const json_t *value, int is_count)
{
	char digits[32];

	if (json_is_string(value))
		hb_put(page, "%t", json_string_value(value));
	else if (json_is_integer(value) && is_count)
		hb_put(page, "%l", (long long)json_integer_value(value));
	else if (json_is_integer(value)) {
		snprintf(digits, sizeof digits, "%lld", (long long)json_integer_value(value));
		hb_put(page, "%s", digits);
	} else if (json_is_number(value))
		hb_put(page, "%n", json_number_value(value));
	else if (json_is_boolean(value))
		hb_put(page, json_is_true(value) ? "yes" : "no");
	else if (json_is_null(value))
		hb_put(page, "none");
}

/* The same of any value: a list as "30, 20", cut if it is long. */
static void put_value(hb_page *page, const json_t *value, int is_count)
{
	size_t size = json_array_size(value);

	if (!json_is_array(value)) {
		put_simple(page, value, is_count);
		return;
	}
	for (size_t i = 0; i < size && i < ITEMS_MOST; i++) {
		hb_put(page, i > 0 ? ", " : "");
		put_simple(page, json_array_get(value, i), is_count);
	}
	hb_put(page, size == 0 ? "none" : size > ITEMS_MOST ? ", …" : "");
}

/* A name of JSON as people read it: "macro f1". */
static void put_key(hb_page *page, const char *key)
{
	char text[HB_PAGE_NAME_MOST];

	snprintf(text, sizeof text, "%s", key);
	for (char *c = strchr(text, '_'); c; c = strchr(c, '_'))
		*c = ' ';
	hb_put(page, "%t", text);
}

/* ---- Columns ---- */

static int is_interval(const char *key)
{
	size_t length = strlen(key);

	return length > 3 && strcmp(key + length - 3, "_ci") == 0;
}

/* Whether a value is shown: not NULL in all, and different somewhere. */
static int differs(const models *all, const char *part, const char *key)
{
	const json_t *first = NULL, *model;
	size_t i;

	json_array_foreach(all->models, i, model)
	{
		const json_t *value = json_object_get(part_of(model, part), key);

		if (i == 0)
			first = value;
		else if (!json_equal(first, value))
			return 1;
	}
	return json_array_size(all->models) == 1;
}

static void add_column(models *all, const char *part, const char *key)
{
	column *next = &all->column[all->columns];
	const json_t *model;
	size_t i;

	for (int k = 0; k < all->columns; k++)
		if (strcmp(all->column[k].part, part) == 0 && strcmp(all->column[k].key, key) == 0)
			return;
	if (all->columns == COLUMNS_MOST || is_interval(key))
		return;
	*next = (column){.part = part, .key = key, .is_number = 1};
	json_array_foreach(all->models, i, model)
	{
		const json_t *value = value_of(model, next);

		next->is_number &= !value || json_is_number(value);
	}
	all->columns++;
}

/* Adds the keys that a part has in any model: all, or those whose values differ. */
static void add_part(models *all, const char *part, int only_differing)
{
	json_t *keys = json_object(), *value;
	const json_t *model;
	const char *key;
	size_t i;

	if (json_object_set_new(all->keys, part, keys) != 0) {
		all->page.failed = 1;
		return;
	}
	json_array_foreach(all->models, i, model) if (json_is_object(part_of(model, part)))
		all->page.failed |= json_object_update(keys, (json_t *)part_of(model, part)) != 0;
	json_object_foreach(keys, key, value) if (!only_differing || differs(all, part, key))
		add_column(all, part, key);
}

/* What people look at first is at the left: the score, what differs, then the other scores. */
static void add_columns(models *all)
{
	const json_t *name;
	size_t i;

	if (all->key)
		add_column(all, "scores", all->key);
	json_array_foreach(all->differing, i, name) if (i < OPTIONS_MOST && json_is_string(name))
		add_column(all, "options", json_string_value(name));
	add_part(all, "run", 1);
	add_part(all, "scores", 0);
}

/* ---- Intervals ---- */

/* The 95 % interval of the score that is sorted by; 0: the model has none. */
static int interval_of(const models *all, const json_t *model, double *low, double *high)
{
	char key[HB_PAGE_NAME_MOST];
	const json_t *pair;

	snprintf(key, sizeof key, "%s_ci", all->key ? all->key : "");
	pair = json_object_get(part_of(model, "scores"), key);
	*low = json_number_value(json_array_get(pair, 0));
	*high = json_number_value(json_array_get(pair, 1));
	return json_array_size(pair) == 2 && *low <= *high;
}

static void find_scale(models *all)
{
	const json_t *model;
	double low, high;
	size_t i;

	all->low = INFINITY;
	all->high = -INFINITY;
	json_array_foreach(all->models, i, model)
	{
		if (!interval_of(all, model, &low, &high))
			continue;
		all->low = fmin(all->low, low);
		all->high = fmax(all->high, high);
	}
}

static double place_of(const models *all, double value)
{
	double span = all->high - all->low;

	return 4 + 92 * (span > 0 ? fmin(fmax((value - all->low) / span, 0), 1) : 0.5);
}

/* The interval as a line with a dot at the score, all on one scale, and as text. */
static void put_interval(models *all, const json_t *model)
{
	hb_page *page = &all->page;
	double low, high,
		score = json_number_value(json_object_get(part_of(model, "scores"), all->key));

	if (!interval_of(all, model, &low, &high)) {
		hb_put(page, "<td></td>");
		return;
	}
	hb_put(page,
	       "<td><svg class=\"range\" viewBox=\"0 0 100 12\" aria-hidden=\"true\">"
	       "<path class=\"curve i1\" d=\"M%c 6H%c\"/>"
	       "<path class=\"dots i1\" d=\"M%c 6h0\"/></svg> %n–%n</td>",
	       place_of(all, low), place_of(all, high), place_of(all, score), low, high);
}

/* ---- The table ---- */

/* The score of model number i that is sorted by; 0: it has none. */
static int score_of(const models *all, size_t i, double *score)
{
	const json_t *model = json_array_get(all->models, i);
	const json_t *value = all->key ? json_object_get(part_of(model, "scores"), all->key) : NULL;

	*score = json_number_value(value);
	return json_is_number(value);
}

/* How the column of the score is sorted, for the script and for those who hear the page. */
static const char *order_of(const models *all)
{
	double first, last = 0;
	size_t i = json_array_size(all->models);

	while (i > 0 && !score_of(all, i - 1, &last))
		i--;
	if (!score_of(all, 0, &first) || first == last)
		return "";
	return first > last ? " aria-sort=\"descending\"" : " aria-sort=\"ascending\"";
}

/* Epochs and a loss are in two parts. */
static const char *distinction(const column *which)
{
	if (strcmp(which->part, "run") == 0 && strcmp(which->key, "epochs") == 0)
		return " done";
	return strcmp(which->part, "options") == 0 && strcmp(which->key, "loss") == 0 ? " function"
										      : "";
}

static void put_heads(models *all)
{
	hb_page *page = &all->page;

	hb_put(page, "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Models\">"
		     "<table class=\"sorts\" data-filter=\"Filter models\">\n"
		     "<thead><tr><th scope=\"col\" class=\"left\">model</th>");
	for (int i = 0; i < all->columns; i++) {
		hb_put(page, "<th scope=\"col\"%s%s>",
		       all->column[i].is_number ? "" : " class=\"left\"",
		       i == 0 && all->key ? order_of(all) : "");
		put_key(page, all->column[i].key);
		hb_put(page, "%s</th>", distinction(&all->column[i]));
		if (i == 0 && all->low <= all->high)
			hb_put(page, "<th scope=\"col\">95&#160;%% interval</th>");
	}
	hb_put(page, "</tr></thead>\n<tbody>\n");
}

/* A text, cut. */
static json_t *text_json(const char *text)
{
	char shown[HB_PAGE_NAME_MOST];

	return json_string(hebb_show(text, strlen(text), shown, sizeof shown));
}

static json_t *cell_json(models *all, const json_t *value);

/* The first items of a list. */
static json_t *list_json(models *all, const json_t *value)
{
	json_t *list = json_array();

	for (size_t i = 0; i < json_array_size(value) && i < ITEMS_MOST; i++) {
		const json_t *item = json_array_get(value, i);
		int is_simple = !json_is_array(item) && !json_is_object(item);

		all->page.failed |= json_array_append_new(list, is_simple ? cell_json(all, item)
									  : json_null()) != 0;
	}
	return list;
}

/* A value of the table as JSON: texts are cut, numbers have six digits. */
static json_t *cell_json(models *all, const json_t *value)
{
	const char *text = json_string_value(value);
	double number = json_number_value(value);

	all->size += 14;
	if (text) {
		all->size += 6 * HB_PAGE_NAME_MOST < 6 * strlen(text) ? 6 * HB_PAGE_NAME_MOST
								      : 6 * strlen(text);
		return text_json(text);
	}
	if (json_is_real(value)) {
		char digits[32];

		snprintf(digits, sizeof digits, "%.6g", number);
		return json_real(strtod(digits, NULL));
	}
	if (json_is_array(value) || json_is_object(value)) /* such as the layers */
		return list_json(all, value);
	return value ? json_copy((json_t *)value) : json_null();
}

static void put_row(models *all, const json_t *model)
{
	hb_page *page = &all->page;
	json_t *row = json_array();

	hb_put(page, "<tr><th scope=\"row\" class=\"left\">%t</th>", name_of(model));
	page->failed |=
		json_array_append_new(row, cell_json(all, json_object_get(model, "name"))) != 0;
	for (int i = 0; i < all->columns; i++) {
		const column *which = &all->column[i];
		const json_t *value = value_of(model, which);
		int is_none = !value && strcmp(which->part, "options") == 0 &&
			      json_object_size(part_of(model, "options")) > 0;

		hb_put(page, which->is_number ? "<td>" : "<td class=\"left\">");
		put_value(page, value, strcmp(which->part, "run") == 0);
		hb_put(page, is_none ? "none</td>" : "</td>");
		page->failed |= json_array_append_new(row, cell_json(all, value)) != 0;
		if (i == 0 && all->low <= all->high)
			put_interval(all, model);
	}
	hb_put(page, "</tr>\n");
	page->failed |= json_array_append_new(all->rows, row) != 0;
}

static int have_options(const models *all)
{
	const json_t *model;
	size_t i;

	json_array_foreach(all->models, i,
			   model) if (json_object_size(part_of(model, "options")) == 0) return 0;
	return 1;
}

static void put_table(models *all)
{
	const json_t *model;
	hb_page *page = &all->page;
	size_t begin = page->length, count = json_array_size(all->models), options;

	hb_section_begin(page, "models", "Scores and options that differ");
	put_heads(all);
	json_array_foreach(all->models, all->shown, model)
	{
		if (page->length - begin + all->size > TABLE_MOST)
			break;
		put_row(all, model);
	}
	hb_put(page, "</tbody></table></div>\n");
	if (all->shown < count)
		hb_put(page,
		       "<p>The first %l of %l models are shown, which is what fits into a page; "
		       "<code>hebb report --json</code> has all.</p>\n",
		       (long long)all->shown, (long long)count);
	options = json_array_size(all->differing);
	if (options > OPTIONS_MOST)
		hb_put(page, "<p>The first %d of %l options that differ are shown.</p>\n",
		       OPTIONS_MOST, (long long)options);
	if (options == 0 && count > 1 && have_options(all))
		hb_put(page, "<p>The models do not differ in any option.</p>\n");
	hb_section_end(page);
}

/* Whether a value says that something is not used: null, no, 0, none. */
static int is_off(const json_t *value)
{
	const char *text = json_string_value(value);

	return json_is_null(value) || json_is_false(value) ||
	       (json_is_number(value) && json_number_value(value) == 0) ||
	       (text && (strcmp(text, "none") == 0 || strcmp(text, "0") == 0));
}

/* The options that are the same in all models, but for those that are off. */
static void put_same(models *all)
{
	hb_page *page = &all->page;
	json_t *value;
	const char *key;
	int count = 0;

	if (json_object_size(all->same) == 0)
		return;
	hb_section_begin(page, "same", "The same in all");
	hb_put(page, "<dl class=\"columns\">\n");
	json_object_foreach((json_t *)all->same, key, value)
	{
		if (is_off(value) || count++ >= SAME_MOST)
			continue;
		hb_put(page, "<dt>");
		put_key(page, key);
		hb_put(page, "</dt><dd>");
		put_value(page, value, 0);
		hb_put(page, "</dd>\n");
	}
	hb_put(page, "</dl>\n");
	hb_section_end(page);
}

/* ---- The first screen ---- */

static void put_best(models *all)
{
	const json_t *best = json_array_get(all->models, 0);
	double score, low, high;

	hb_put(&all->page,
	       "<div class=\"tile first\"><span class=\"name\">best model</span> <b>%t</b>",
	       name_of(best));
	if (score_of(all, 0, &score))
		hb_put(&all->page, " <span class=\"remark\">%t %n", all->sorted_by, score);
	if (interval_of(all, best, &low, &high))
		hb_put(&all->page, ", 95&#160;%% interval %n–%n", low, high);
	hb_put(&all->page, "</span></div>\n");
}

/* How far the second is behind, and whether that may be chance. */
static void put_second(models *all)
{
	double first, second, low, high, low2, high2;
	const json_t *next = json_array_get(all->models, 1);
	int known = interval_of(all, json_array_get(all->models, 0), &low, &high) &&
		    interval_of(all, next, &low2, &high2);

	if (!score_of(all, 0, &first) || !score_of(all, 1, &second))
		return;
	hb_put(&all->page,
	       "<div class=\"tile\"><span class=\"name\">ahead of the next</span> <b>%n</b> "
	       "<span class=\"remark\">which is %t",
	       fabs(first - second), name_of(next));
	if (known)
		hb_put(&all->page, low2 <= high && low <= high2
					   ? "; their intervals overlap, so this may be chance"
					   : "; their intervals do not overlap");
	hb_put(&all->page, "</span></div>\n");
}

static void put_tiles(models *all)
{
	double score;

	if (json_array_size(all->models) < 2 || !score_of(all, 0, &score))
		return;
	hb_put(&all->page, "<div class=\"tiles\">\n");
	put_best(all);
	put_second(all);
	hb_put(&all->page, "</div>\n");
}

static void put_beginning(models *all, const json_t *same_rows)
{
	size_t count = json_array_size(all->models);
	hb_page *page = &all->page;

	hb_page_begin(page, "Models compared");
	hb_put(page, "<h1>Models compared</h1>\n<p class=\"soft\">%w",
	       hebb_show_count((long long)count, "model").text);
	if (all->sorted_by && count > 1)
		hb_put(page, ", sorted by %t, the best first", all->sorted_by);
	hb_put(page, "</p>\n");
	put_tiles(all);
	if (json_is_false(same_rows))
		hb_put(page,
		       "<ul class=\"findings\"><li class=\"warning\"><span class=\"severity\">"
		       "warning</span> The scores are of different rows, so they differ by chance, "
		       "too. <code>hebb evaluate</code> with one file scores all models on the "
		       "same rows.</li></ul>\n");
}

/* ---- All of it ---- */

/* The key of the scores that "sorted_by" names: that of one run or the mean over several. */
static const char *find_key(const models *all)
{
	static char const *const endings[] = {"", "_mean"};
	json_t *scores, *value;
	const json_t *model;
	const char *key;
	char name[HB_PAGE_NAME_MOST];
	size_t i;

	for (size_t e = 0; all->sorted_by && e < 2; e++) {
		snprintf(name, sizeof name, "%.50s%s", all->sorted_by, endings[e]);
		for (char *c = strchr(name, '-'); c; c = strchr(c, '-'))
			*c = '_';
		json_array_foreach(all->models, i, model)
		{
			scores = (json_t *)part_of(model, "scores");
			json_object_foreach(scores, key,
					    value) if (strcmp(key, name) == 0) return key;
		}
	}
	return NULL;
}

/* What stands in the table, for programs. */
static json_t *numbers_of(models *all)
{
	json_t *columns = json_array(), *numbers;

	json_array_append_new(columns, json_string("name"));
	for (int i = 0; i < all->columns; i++)
		json_array_append_new(columns, text_json(all->column[i].key));
	numbers = json_pack("{s:o, s:O}", "columns", columns, "rows", all->rows);
	all->page.failed |= !numbers || json_array_size(columns) != (size_t)all->columns + 1;
	return numbers;
}

static char *write_models(models *all, const json_t *object, size_t *size)
{
	all->models = json_object_get(object, "models");
	all->differing = json_object_get(object, "differing");
	all->same = json_object_get(object, "same");
	all->sorted_by = json_string_value(json_object_get(object, "sorted_by"));
	all->rows = json_array();
	all->keys = json_object();
	all->key = find_key(all);
	find_scale(all);
	put_beginning(all, json_object_get(object, "same_rows"));
	add_columns(all);
	put_table(all);
	put_same(all);
	return hb_page_end(&all->page, numbers_of(all), size);
}

hebb_status hebb_comparison_format(const char *comparison, char **text, size_t *size,
				   hebb_error *error)
{
	json_t *object = comparison ? json_loads(comparison, 0, NULL) : NULL;
	models all = {.shown = 0};

	*text = NULL;
	if (json_array_size(json_object_get(object, "models")) == 0) {
		json_decref(object);
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "there are no models to compare: the text is no JSON object of "
				 "hebb report");
	}
	*text = write_models(&all, object, size);
	json_decref(all.rows);
	json_decref(all.keys);
	json_decref(object);
	return *text ? HEBB_OK : hebb_fail(error, HEBB_NO_MEMORY, "no memory for the page");
}
