/* SPDX-License-Identifier: MIT */
/*
 * description.c - what the graph of a model file cannot say, as JSON (the format is in
 * description.h)
 *
 * jansson writes and reads the JSON; it refuses doubled keys, NUL, bad UTF-8 and deep nesting.
 * float32 numbers are written with nine digits, which is enough to read back the same float.
 */
#define _POSIX_C_SOURCE 200809L
#include "description.h"
#include "io.h"

#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FLOAT_MOST 3.4028235e38 /* FLT_MAX in eight digits; what is above it may not fit a float */

static const char *const task_name[] = {
	[HEBB_CLASSIFICATION] = "classification", [HEBB_REGRESSION] = "regression"};
static const char *const missing_name[] = {
	[HEBB_MISSING_ERROR] = "error", [HEBB_MISSING_MEAN] = "mean", [HEBB_MISSING_DROP] = "drop"};
static const char *const column_name[] = {[HEBB_NUMBER] = "number", [HEBB_TEXT] = "text"};

#define COUNT(array) (int)(sizeof(array) / sizeof(array)[0])

/* The inputs of the network that a column becomes. */
static int width_of(const hebb_column *column)
{
	return column->kind == HEBB_TEXT ? column->level_count : 1;
}

/* ---- What every coding in a file is like ---- */

static int all_finite(const float *values, int count)
{
	for (int i = 0; i < count; i++)
		if (!isfinite(values[i]))
			return 0;
	return 1;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* 1 if no level of a column is there twice, 0 if one is, -1 without memory. */
static int all_different(const hebb_column *column)
{
	size_t count = (size_t)column->level_count;
	char **sorted = malloc(count * sizeof *sorted);
	int different = 1;

	if (!sorted)
		return -1;
	memcpy(sorted, column->levels, count * sizeof *sorted);
	qsort(sorted, count, sizeof *sorted, compare_texts);
	for (size_t i = 1; i < count && different; i++)
		different = strcmp(sorted[i - 1], sorted[i]) != 0;
	free(sorted);
	return different;
}

static const char no_memory[] = "is too large for the memory";

/* NULL, or what is wrong with a column of a table of `columns`. */
static const char *flaw(const hebb_column *column, int at, int columns)
{
	if (at < 0 || at >= columns)
		return "is outside the table";
	if (column->kind == HEBB_NUMBER)
		return NULL;
	if (column->kind != HEBB_TEXT || column->level_count < 1)
		return "has no values";
	int different = all_different(column);
	return different < 0 ? no_memory : different ? NULL : "has a value twice";
}

static hebb_status check_columns(const char *what, int count, const hebb_column *columns,
				 const int *at, int total, hebb_status bad, const char *name,
				 hebb_error *error)
{
	for (int i = 0; i < count; i++) {
		const char *found = flaw(&columns[i], at[i], total);
		if (found == no_memory)
			return hb_out_of_memory(error);
		if (found)
			return hebb_fail(error, bad, "%s: %s %d %s", name, what, i + 1, found);
	}
	return HEBB_OK;
}

/* NULL, or what is wrong with the sizes and numbers of a coding. */
static const char *contradiction(const hebb_coding *coding, int inputs, int outputs)
{
	const hebb_column *targets = coding->targets;
	long long width = 0, pixels = (long long)coding->height * coding->width_of_image;

	if (coding->task != HEBB_CLASSIFICATION && coding->task != HEBB_REGRESSION)
		return "the task is neither a classification nor a regression";
	if (coding->missing < HEBB_MISSING_ERROR || coding->missing > HEBB_MISSING_DROP)
		return "what is to be done with missing values is not said";
	for (int i = 0; i < coding->input_count; i++)
		width += width_of(&coding->inputs[i]);
	if (width != coding->width || coding->width != inputs)
		return "the columns do not fit the inputs of the network";
	if (coding->outputs != outputs)
		return "the targets do not fit the outputs of the network";
	if (coding->height < 0 || coding->width_of_image < 0 || pixels > coding->columns ||
	    (coding->height > 0) != (coding->width_of_image > 0))
		return "the size of the images does not fit the columns";
	if (coding->task == HEBB_CLASSIFICATION) {
		if (coding->target_count != 1 || targets[0].kind != HEBB_TEXT || outputs < 2 ||
		    targets[0].level_count != outputs)
			return "the classes do not fit the outputs of the network";
	} else {
		if (coding->target_count != outputs)
			return "the targets do not fit the outputs of the network";
		for (int i = 0; i < outputs; i++)
			if (targets[i].kind != HEBB_NUMBER)
				return "a target of a regression is text";
	}
	if (!all_finite(coding->mean, coding->width) || !all_finite(coding->scale, coding->width) ||
	    !all_finite(coding->fill, coding->width) || !all_finite(coding->target_mean, outputs) ||
	    !all_finite(coding->target_sd, outputs))
		return "a mean, a scale or a fill value is not finite";
	return NULL;
}

hebb_status hb_coding_check(const hebb_coding *coding, int inputs, int outputs, hebb_status bad,
			    const char *name, hebb_error *error)
{
	const char *what = contradiction(coding, inputs, outputs);
	if (what)
		return hebb_fail(error, bad, "%s: %s", name, what);
	hebb_status status = check_columns("input", coding->input_count, coding->inputs,
					   coding->input_at, coding->columns, bad, name, error);
	if (!status)
		status = check_columns("target", coding->target_count, coding->targets,
				       coding->target_at, coding->columns, bad, name, error);
	return status;
}

/* ---- Texts ---- */

/* A JSON string or, if the text is not UTF-8, {"hex": ...}.  NULL: no memory. */
static json_t *text_json(const char *text)
{
	json_t *json = json_string(text);
	if (json)
		return json;
	size_t size = strlen(text);
	char *hex = malloc(2 * size + 1);
	if (!hex)
		return NULL;
	for (size_t i = 0; i < size; i++)
		snprintf(hex + 2 * i, 3, "%02x", (unsigned)(unsigned char)text[i]);
	json = json_pack("{s:s}", "hex", hex);
	free(hex);
	return json;
}

static int hex_digit(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* Undoes text_json(): BAD_FORMAT without a sentence if the JSON is neither. */
static hebb_status json_text(const json_t *json, char **text)
{
	const char *hex = json_string_value(json_object_get(json, "hex"));
	*text = NULL;
	if (json_is_string(json))
		*text = strdup(json_string_value(json));
	else if (hex && strlen(hex) % 2 == 0)
		*text = malloc(strlen(hex) / 2 + 1);
	else
		return HEBB_BAD_FORMAT;
	if (!*text)
		return HEBB_NO_MEMORY;
	if (json_is_string(json))
		return HEBB_OK;

	char *out = *text;
	for (; *hex; hex += 2) {
		int high = hex_digit(hex[0]), low = hex_digit(hex[1]);
		if (high < 0 || low < 0 || !(high || low)) {
			free(*text);
			*text = NULL;
			return HEBB_BAD_FORMAT;
		}
		*out++ = (char)(16 * high + low);
	}
	*out = 0;
	return HEBB_OK;
}

/* The same as a JSON string in any case, for other programs: a byte that is not ASCII becomes '?'
 * where the text is not UTF-8. */
static json_t *plain_json(const char *text)
{
	json_t *json = json_string(text);
	if (json)
		return json;
	char *copy = strdup(text);
	for (char *c = copy; c && *c; c++)
		*c = (unsigned char)*c < 128 ? *c : '?';
	json = copy ? json_string(copy) : NULL;
	free(copy);
	return json;
}

/* ---- Writing ---- */

/* Dumps and releases a JSON value; any part of it that could not be made left it NULL. */
static hebb_status dump(json_t *json, char **text, hebb_error *error)
{
	char *made = json ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(9)) : NULL;
	json_decref(json);
	if (!made)
		return hb_out_of_memory(error);
	*text = made;
	return HEBB_OK;
}

/* Appends `item` (NULL: no memory) to `array`, which is given up and becomes NULL if that fails. */
static json_t *append(json_t *array, json_t *item)
{
	if (array && !json_array_append_new(array, item))
		return array;
	if (!array)
		json_decref(item);
	json_decref(array);
	return NULL;
}

static json_t *kind_json(const hebb_layer *layer)
{
	const char *kind = hebb_kind_name(layer->kind),
		   *activation =
			   layer->function ? "custom" : hebb_activation_name(layer->activation);

	switch (layer->kind) {
	case HEBB_DENSE:
		return json_pack("{s:s, s:i, s:s, s:s}", "kind", kind, "units", layer->units,
				 "activation", activation, "start", hebb_start_name(layer->start));
	case HEBB_DROPOUT:
		return json_pack("{s:s, s:f}", "kind", kind, "rate", layer->rate);
	case HEBB_ADD:
		return json_pack("{s:s, s:s, s:i}", "kind", kind, "activation", activation, "from",
				 layer->from);
	default:
		return json_pack("{s:s, s:s}", "kind", kind, "activation", activation);
	}
}

static json_t *layer_json(const hebb_layer *layer)
{
	json_t *json = kind_json(layer);
	int failed = !json;

	if (layer->function)
		failed |= json_object_set_new(json, "function", text_json(layer->function->name));
	if (layer->frozen)
		failed |= json_object_set_new(json, "frozen", json_true());
	if (!failed)
		return json;
	json_decref(json);
	return NULL;
}

static json_t *layers_json(const hebb_net *net)
{
	json_t *array = json_array();
	for (int l = 0; l < hebb_net_layers(net); l++)
		array = append(array, layer_json(hebb_net_layer(net, l)));
	return array;
}

static json_t *levels_json(const hebb_column *column)
{
	json_t *array = json_array();
	for (int i = 0; i < column->level_count; i++)
		array = append(array, text_json(column->levels[i]));
	return array;
}

/* `fill`: of each input that the column becomes, or NULL for a target. */
static json_t *column_json(const hebb_column *column, int at, const float *fill)
{
	json_t *json = json_pack("{s:o, s:s, s:i, s:I}", "name", text_json(column->name), "kind",
				 column_name[column->kind], "at", at, "missing",
				 (json_int_t)column->missing);
	int failed = !json;
	if (column->kind == HEBB_TEXT)
		failed |= json_object_set_new(json, "levels", levels_json(column)) != 0;
	if (fill) {
		json_t *array = json_array();
		for (int i = 0; i < width_of(column); i++)
			array = append(array, json_real(fill[i]));
		failed |= json_object_set_new(json, "fill", array) != 0;
	}
	if (!failed)
		return json;
	json_decref(json);
	return NULL;
}

static json_t *columns_json(int count, const hebb_column *columns, const int *at, const float *fill)
{
	json_t *array = json_array();
	for (int i = 0; i < count; i++) {
		array = append(array, column_json(&columns[i], at[i], fill));
		fill = fill ? fill + width_of(&columns[i]) : NULL;
	}
	return array;
}

hebb_status hb_description_format(const hebb_model *model, char **text, hebb_error *error)
{
	const hebb_coding *coding = model->coding;
	json_t *json = json_pack(
		"{s:i, s:s, s:s, s:s, s:o, s:b, s:i, s:i, s:i, s:o, s:o}", "format", HB_FORMAT,
		"task", task_name[coding->task], "loss", hebb_loss_name(model->loss), "missing",
		missing_name[coding->missing], "layers", layers_json(model->net), "named",
		coding->named, "columns", coding->columns, "height", coding->height, "width",
		coding->width_of_image, "inputs",
		columns_json(coding->input_count, coding->inputs, coding->input_at, coding->fill),
		"targets",
		columns_json(coding->target_count, coding->targets, coding->target_at, NULL));
	return dump(json, text, error);
}

/* "column=level", or with bytes that are not UTF-8 in either, what plain_json() makes of it. */
static json_t *pair_json(const char *column, const char *level)
{
	size_t room = strlen(column) + strlen(level) + 2;
	char *pair = malloc(room);
	if (!pair)
		return NULL;
	snprintf(pair, room, "%s=%s", column, level);
	json_t *json = plain_json(pair);
	free(pair);
	return json;
}

hebb_status hb_layers_format(const hebb_net *net, char **text, hebb_error *error)
{
	return dump(layers_json(net), text, error);
}

hebb_status hb_names_format(const hebb_coding *coding, int inputs, char **text, hebb_error *error)
{
	const hebb_column *columns = inputs ? coding->inputs : coding->targets;
	int count = inputs ? coding->input_count : coding->target_count;
	json_t *array = json_array();

	for (int c = 0; c < count; c++) {
		if (columns[c].kind == HEBB_NUMBER)
			array = append(array, plain_json(columns[c].name));
		for (int i = 0; columns[c].kind == HEBB_TEXT && i < columns[c].level_count; i++)
			array = append(array,
				       inputs ? pair_json(columns[c].name, columns[c].levels[i])
					      : plain_json(columns[c].levels[i]));
	}
	return dump(array, text, error);
}

/* ---- Reading ---- */

/* Where a description comes from, for messages. */
typedef struct source {
	const char *name;
	hebb_error *error;
} source;

static hebb_status bad(source from, const char *key)
{
	return hebb_fail(from.error, HEBB_BAD_FORMAT,
			 "%s: the description of the network is not valid (\"%s\")", from.name,
			 key);
}

static hebb_status read_int(source from, const json_t *json, const char *key, int low, int high,
			    int *value)
{
	const json_t *found = json_object_get(json, key);
	json_int_t integer = json_integer_value(found);
	if (!json_is_integer(found) || integer < low || integer > high)
		return bad(from, key);
	*value = (int)integer;
	return HEBB_OK;
}

/* The text of a key, "" if there is none. */
static const char *word(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));
	return text ? text : "";
}

/* The value of a key by a table of names; 0 if it is none of them. */
static int read_name(const json_t *json, const char *key, int count, const char *const *names)
{
	for (int i = 1; i < count; i++)
		if (names[i] && !strcmp(names[i], word(json, key)))
			return i;
	return 0;
}

/* Layer number `l`, from 0 on, `units` wide if it is as wide as its input. */
static hebb_status read_layer(source from, const json_t *item, int l, int units, hebb_layer *layer)
{
	const json_t *rate = json_object_get(item, "rate");

	*layer = (hebb_layer){.kind = hebb_kind_find(word(item, "kind")),
			      .activation = HEBB_LINEAR,
			      .start = HEBB_START_AUTO,
			      .units = units,
			      .frozen = json_is_true(json_object_get(item, "frozen"))};
	if (!layer->kind)
		return bad(from, "kind");
	if (layer->kind == HEBB_DROPOUT) {
		layer->rate = (float)json_number_value(rate);
		if (!json_is_number(rate) || !(layer->rate >= 0 && layer->rate < 1))
			return bad(from, "rate");
		return HEBB_OK;
	}
	layer->activation = hebb_activation_find(word(item, "activation"));
	if (!layer->activation)
		return bad(from, "activation");
	if (layer->kind == HEBB_ADD)
		return read_int(from, item, "from", -1, l - 1, &layer->from);
	if (layer->kind != HEBB_DENSE)
		return HEBB_OK;
	layer->start = hebb_start_find(word(item, "start"));
	if (!layer->start)
		return bad(from, "start");
	return read_int(from, item, "units", 1, HEBB_MAX_UNITS, &layer->units);
}

static hebb_status read_layers(source from, const json_t *json, hb_description *description)
{
	const json_t *array = json_object_get(json, "layers");
	size_t count = json_array_size(array);
	hebb_status status = HEBB_OK;

	if (count < 1 || count > HEBB_MAX_LAYERS)
		return bad(from, "layers");
	description->layer = calloc(count, sizeof *description->layer);
	if (!description->layer)
		return hb_out_of_memory(from.error);
	description->layers = (int)count;
	for (size_t l = 0; l < count && !status; l++)
		status =
			read_layer(from, json_array_get(array, l), (int)l,
				   l ? description->layer[l - 1].units : 0, &description->layer[l]);
	return status;
}

static hebb_status read_text(source from, const json_t *json, const char *key, char **text)
{
	hebb_status status = json_text(json, text);
	return status == HEBB_NO_MEMORY ? hb_out_of_memory(from.error)
	       : status                 ? bad(from, key)
					: status;
}

static hebb_status read_levels(source from, const json_t *json, hebb_column *column)
{
	const json_t *array = json_object_get(json, "levels");
	size_t count = json_array_size(array);
	hebb_status status = HEBB_OK;

	if (count < 1 || count > HEBB_MAX_UNITS)
		return bad(from, "levels");
	column->levels = calloc(count, sizeof *column->levels);
	if (!column->levels)
		return hb_out_of_memory(from.error);
	column->level_count = (int)count;
	for (size_t i = 0; i < count && !status; i++)
		status = read_text(from, json_array_get(array, i), "levels", &column->levels[i]);
	return status;
}

static hebb_status read_column(source from, const json_t *json, hebb_column *column, int *at)
{
	const json_t *missing = json_object_get(json, "missing");
	int kind = read_name(json, "kind", COUNT(column_name), column_name);
	if (!kind)
		return bad(from, "kind");
	column->kind = (hebb_column_kind)kind;
	if (!json_is_integer(missing) || json_integer_value(missing) < 0)
		return bad(from, "missing");
	column->missing = json_integer_value(missing);
	hebb_status status = read_int(from, json, "at", 0, INT_MAX, at);
	if (!status)
		status = read_text(from, json_object_get(json, "name"), "name", &column->name);
	if (!status && kind == HEBB_TEXT)
		status = read_levels(from, json, column);
	return status;
}

static hebb_status read_columns(source from, const json_t *json, const char *key, int *count,
				hebb_column **columns, int **at)
{
	const json_t *array = json_object_get(json, key);
	size_t size = json_array_size(array);
	hebb_status status = HEBB_OK;

	if (size < 1 || size > HEBB_MAX_UNITS)
		return bad(from, key);
	*columns = calloc(size, sizeof **columns);
	*at = calloc(size, sizeof **at);
	if (!*columns || !*at)
		return hb_out_of_memory(from.error);
	*count = (int)size;
	for (size_t i = 0; i < size && !status; i++)
		status = read_column(from, json_array_get(array, i), &(*columns)[i], &(*at)[i]);
	return status;
}

/* `count` floats of one value; NULL without memory. */
static float *constant(int count, float value)
{
	float *values = malloc((size_t)count * sizeof *values);
	for (int i = 0; values && i < count; i++)
		values[i] = value;
	return values;
}

/* Makes the arrays of a coding by its columns. */
static hebb_status make_arrays(source from, hebb_coding *coding)
{
	long long width = 0;
	for (int i = 0; i < coding->input_count; i++)
		width += width_of(&coding->inputs[i]);
	if (width > HEBB_MAX_UNITS)
		return bad(from, "inputs");
	coding->width = (int)width;
	coding->outputs = coding->task == HEBB_CLASSIFICATION ? width_of(&coding->targets[0])
							      : coding->target_count;
	coding->mean = constant(coding->width, 0);
	coding->scale = constant(coding->width, 1);
	coding->fill = constant(coding->width, 0);
	coding->target_mean = constant(coding->outputs, 0);
	coding->target_sd = constant(coding->outputs, 1);
	if (!coding->mean || !coding->scale || !coding->fill || !coding->target_mean ||
	    !coding->target_sd)
		return hb_out_of_memory(from.error);
	return HEBB_OK;
}

static hebb_status read_fills(source from, const json_t *json, hebb_coding *coding)
{
	const json_t *inputs = json_object_get(json, "inputs");
	float *fill = coding->fill;

	for (int c = 0; c < coding->input_count; c++) {
		const json_t *array = json_object_get(json_array_get(inputs, (size_t)c), "fill");
		int width = width_of(&coding->inputs[c]);
		if (json_array_size(array) != (size_t)width)
			return bad(from, "fill");
		for (int i = 0; i < width; i++) {
			const json_t *value = json_array_get(array, (size_t)i);
			if (!json_is_number(value) || fabs(json_number_value(value)) > FLOAT_MOST)
				return bad(from, "fill");
			*fill++ = (float)json_number_value(value);
		}
	}
	return HEBB_OK;
}

static hebb_status read_coding(source from, const json_t *json, hebb_coding *coding)
{
	const json_t *named = json_object_get(json, "named");
	int task = read_name(json, "task", COUNT(task_name), task_name);
	int missing = read_name(json, "missing", COUNT(missing_name), missing_name);

	if (!task)
		return bad(from, "task");
	if (!missing)
		return bad(from, "missing");
	if (!json_is_boolean(named))
		return bad(from, "named");
	coding->task = (hebb_task)task;
	coding->missing = (hebb_missing)missing;
	coding->named = json_is_true(named);
	hebb_status status = read_int(from, json, "columns", 1, INT_MAX, &coding->columns);
	if (!status)
		status = read_int(from, json, "height", 0, INT_MAX, &coding->height);
	if (!status)
		status = read_int(from, json, "width", 0, INT_MAX, &coding->width_of_image);
	if (!status)
		status = read_columns(from, json, "inputs", &coding->input_count, &coding->inputs,
				      &coding->input_at);
	if (!status)
		status = read_columns(from, json, "targets", &coding->target_count,
				      &coding->targets, &coding->target_at);
	if (!status)
		status = make_arrays(from, coding);
	if (!status)
		status = read_fills(from, json, coding);
	return status;
}

void hb_description_clear(hb_description *description)
{
	hebb_coding_free(description->coding);
	free(description->layer);
	*description = (hb_description){0};
}

/* Where memory runs out jansson mostly gives no reason. */
hebb_status hb_json_load(const void *text, size_t size, json_t **json)
{
	json_error_t why = {0};
	*json = json_loadb(text, size, JSON_REJECT_DUPLICATES, &why);
	if (*json)
		return HEBB_OK;
	int no_room = !why.text[0] || json_error_code(&why) == json_error_out_of_memory;
	return no_room ? HEBB_NO_MEMORY : HEBB_BAD_FORMAT;
}

hebb_status hb_check_json_object(const void *text, size_t size)
{
	json_t *json;
	hebb_status status = hb_json_load(text, size, &json);
	if (!status && !json_is_object(json))
		status = HEBB_BAD_FORMAT;
	json_decref(json);
	return status;
}

int hb_description_version(const void *text, size_t size)
{
	json_t *json;
	hb_json_load(text, size, &json);
	json_int_t version = json_integer_value(json_object_get(json, "format"));
	json_decref(json);
	return version < 1 ? 0 : version > INT_MAX ? INT_MAX : (int)version;
}

hebb_status hb_description_parse(const void *text, size_t size, const char *name,
				 hb_description *description, hebb_error *error)
{
	source from = {name, error};
	hb_description made = {0};
	json_t *json;
	int format;

	if (hb_json_load(text, size, &json) == HEBB_NO_MEMORY)
		return hb_out_of_memory(error);
	hebb_status status = read_int(from, json, "format", HB_FORMAT, HB_FORMAT, &format);

	made.loss = hebb_loss_find(word(json, "loss"));
	made.coding = calloc(1, sizeof *made.coding);
	if (!status && !made.loss)
		status = bad(from, "loss");
	if (!status && !made.coding)
		status = hb_out_of_memory(error);
	if (!status)
		status = read_layers(from, json, &made);
	if (!status)
		status = read_coding(from, json, made.coding);
	json_decref(json);
	if (!status) {
		int outputs = made.layer[made.layers - 1].units, width = made.coding->width;
		status = hb_coding_check(made.coding, width, outputs ? outputs : width,
					 HEBB_BAD_FORMAT, name, error);
	}
	if (status)
		hb_description_clear(&made);
	else
		*description = made;
	return status;
}
