/* SPDX-License-Identifier: MIT */
/*
 * description_read.c - a description from JSON (the format is in description.h)
 *
 * It counts what it reads first, and allocates only what the text has room for.
 */
#define _POSIX_C_SOURCE 200809L
#include "conformal.h"
#include "description.h"
#include "../coding/encode.h"
#include "../io.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int hex_digit(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* A string or {"hex": ...}, which stands for a text that is not UTF-8; BAD_FORMAT without a
 * sentence if it is neither. */
static hebb_status take_text(hb_json json, char **text)
{
	hb_json hex = hb_json_get(json, "hex");
	hebb_status status = hb_json_text(hex.at ? hex : json, text);
	char *in = *text, *out = *text;

	if (status || !hex.at)
		return status;
	for (; in[0] && in[1]; in += 2) {
		int high = hex_digit(in[0]), low = hex_digit(in[1]);
		if (high < 0 || low < 0 || !(high || low))
			break;
		*out++ = (char)(16 * high + low);
	}
	if (*in) {
		free(*text);
		*text = NULL;
		return HEBB_BAD_FORMAT;
	}
	*out = 0;
	return HEBB_OK;
}

/* Where a description comes from, for messages. */
typedef struct source {
	const char *name;
	size_t graph; /* bytes of the graph */
	hebb_error *error;
} source;

static hebb_status bad(source from, const char *key)
{
	return hebb_fail(from.error, HEBB_BAD_FORMAT,
			 "%s: the description of the network is not valid (\"%s\")", from.name,
			 key);
}

static hebb_status read_int(source from, hb_json json, const char *key, int low, int high,
			    int *value)
{
	long long integer;

	if (!hb_json_integer(hb_json_get(json, key), low, high, &integer))
		return bad(from, key);
	*value = (int)integer;
	return HEBB_OK;
}

/* A short text: of enums. */
typedef struct word {
	char text[32];
} word;

/* The text of a key, "" if there is none. */
static word word_of(hb_json json, const char *key)
{
	word found;

	hb_json_word(hb_json_get(json, key), found.text, sizeof found.text);
	return found;
}

/* The shape of what comes into a layer, if it is said. */
static hebb_status read_shape(source from, hb_json item, hebb_shape *shape)
{
	hb_json json = hb_json_get(item, "in");
	int *number[] = {&shape->height, &shape->width, &shape->channels};
	size_t i = 0;
	long long value;

	if (!hb_json_kind(json))
		return HEBB_OK;
	if (hb_json_count(json) != 3)
		return bad(from, "in");
	for (hb_json_walk walk = hb_json_begin(json); hb_json_next(&walk); i++) {
		if (!hb_json_integer(walk.value, 1, HEBB_MAX_UNITS, &value))
			return bad(from, "in");
		*number[i] = (int)value;
	}
	return HEBB_OK;
}

/* Layer number `l`, from 0 on, `units` wide if it is as wide as its input. */
static hebb_status read_layer(source from, hb_json item, int l, int units, hebb_layer *layer)
{
	*layer = (hebb_layer){.size = sizeof *layer,
			      .kind = hebb_kind_find(word_of(item, "kind").text),
			      .activation = HEBB_LINEAR,
			      .start = HEBB_START_AUTO,
			      .units = units,
			      .frozen = hb_json_kind(hb_json_get(item, "frozen")) == 't'};
	const hebb_kind_fields *has = hebb_kind_about(layer->kind);
	if (!has)
		return bad(from, "kind");
	if (has->rate && (!hb_json_float(hb_json_get(item, "rate"), &layer->rate) ||
			  !(layer->rate >= 0 && layer->rate < 1)))
		return bad(from, "rate");
	if (has->activation)
		layer->activation = hebb_activation_find(word_of(item, "activation").text);
	if (!layer->activation)
		return bad(from, "activation");
	if (read_shape(from, item, &layer->in))
		return HEBB_BAD_FORMAT;
	if (has->from && read_int(from, item, "from", -1, l - 1, &layer->from))
		return HEBB_BAD_FORMAT;
	if (has->start)
		layer->start = hebb_start_find(word_of(item, "start").text);
	if (!layer->start)
		return bad(from, "start");
	return has->units ? read_int(from, item, "units", 1, HEBB_MAX_UNITS, &layer->units)
			  : HEBB_OK;
}

static hebb_status read_layers(source from, hb_json array, hb_description *description)
{
	size_t count = hb_json_count(array);
	hebb_status status = HEBB_OK;
	int units = 0, l = 0;

	if (count < 1 || count > HEBB_MAX_LAYERS)
		return bad(from, "layers");
	description->layer = calloc(count, sizeof *description->layer);
	if (!description->layer)
		return hb_out_of_memory(from.error);
	description->layers = (int)count;
	for (hb_json_walk walk = hb_json_begin(array); !status && hb_json_next(&walk); l++) {
		status = read_layer(from, walk.value, l, units, &description->layer[l]);
		units = description->layer[l].units;
	}
	return status;
}

static hebb_status read_text(source from, hb_json json, const char *key, char **text)
{
	hebb_status status = take_text(json, text);

	return status == HEBB_NO_MEMORY ? hb_out_of_memory(from.error)
	       : status                 ? bad(from, key)
					: status;
}

/* The least bytes of a level and of a column in a text, with the comma before the next; and of an
 * encoded input in the graph: its mean, scale, least and most. */
enum {
	LEVEL_LEAST = sizeof "\"\"",
	COLUMN_LEAST = sizeof "{'name':'','kind':'text','at':0,'missing':0}",
	ENCODED_LEAST = 4 * sizeof(float)
};

/* How many elements an array has; -1 if they are too many for the network, or for the bytes that
 * they have: memory for them is asked for before each is read. */
static int count_of(hb_json array, size_t least)
{
	size_t count = hb_json_count(array);

	return count < 1 || count > HEBB_MAX_UNITS || count > array.size / least ? -1 : (int)count;
}

static hebb_status read_levels(source from, hb_json array, hebb_column *column)
{
	int count = count_of(array, LEVEL_LEAST);
	hebb_status status = HEBB_OK;

	if (count < 0)
		return bad(from, "levels");
	column->levels = calloc((size_t)count, sizeof *column->levels);
	if (!column->levels)
		return hb_out_of_memory(from.error);
	for (hb_json_walk walk = hb_json_begin(array); !status && hb_json_next(&walk);)
		status = read_text(from, walk.value, "levels",
				   &column->levels[column->level_count++]);
	return status;
}

/* How the numbers of a column are written. */
static hebb_status read_form(source from, hb_json json, hebb_form *form)
{
	*form = HEBB_FORM_PLAIN;
	if (hb_json_kind(hb_json_get(json, "form")))
		*form = hebb_form_find(word_of(json, "form").text);
	return *form ? HEBB_OK : bad(from, "form");
}

/* `is_input`: it has a fill for each input that it becomes. */
static hebb_status read_column(source from, hb_json json, int is_input, hebb_column *column,
			       int *at)
{
	hebb_column_kind kind = hebb_column_kind_find(word_of(json, "kind").text);
	hb_json levels = hb_json_get(json, "levels"), fill = hb_json_get(json, "fill");

	if (!kind)
		return bad(from, "kind");
	column->kind = kind;
	if (!hb_json_integer(hb_json_get(json, "missing"), 0, LLONG_MAX, &column->missing))
		return bad(from, "missing");
	if (is_input && hb_json_count(fill) != (kind == HEBB_TEXT ? hb_json_count(levels) : 1))
		return bad(from, "fill");
	hebb_status status = read_int(from, json, "at", 0, INT_MAX, at);
	if (!status)
		status = read_text(from, hb_json_get(json, "name"), "name", &column->name);
	if (!status && kind == HEBB_TEXT)
		status = read_levels(from, levels, column);
	return status;
}

static hebb_status read_columns(source from, hb_json json, const char *key, int *count,
				hebb_column **columns, int **at)
{
	hb_json array = hb_json_get(json, key);
	int size = count_of(array, COLUMN_LEAST), is_input = strcmp(key, "inputs") == 0, i = 0;
	hebb_status status = HEBB_OK;

	if (size < 0)
		return bad(from, key);
	*columns = calloc((size_t)size, sizeof **columns);
	*at = calloc((size_t)size, sizeof **at);
	if (!*columns || !*at)
		return hb_out_of_memory(from.error);
	*count = size;
	for (hb_json_walk walk = hb_json_begin(array); !status && hb_json_next(&walk); i++)
		status = read_column(from, walk.value, is_input, &(*columns)[i], &(*at)[i]);
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

static hebb_status read_way(source from, hb_json json, hebb_way *way)
{
	way->scaling = hebb_scaling_find(word_of(json, "scaling").text);
	return way->scaling && way->scaling != HEBB_SCALING_NONE
		       ? read_int(from, json, "inputs", 1, HEBB_BINS_MOST, &way->inputs)
		       : bad(from, "scaling");
}

static int is_encoded(hb_json column)
{
	return hb_json_kind(hb_json_get(column, "scaling")) ||
	       hb_json_kind(hb_json_get(column, "ways"));
}

/* How a column is encoded, if it is. */
static hebb_status read_encoding(source from, hb_json json, const hebb_column *column,
				 hebb_encoding *encoding)
{
	hebb_status status = HEBB_OK;

	*encoding = hb_one_way(HEBB_SCALING_STANDARD, hb_column_width(column));
	if (!is_encoded(json))
		return HEBB_OK;
	hb_json_walk walk = hb_json_begin(hb_json_get(json, "ways"));
	encoding->ways = encoding->inputs = 0;
	while (!status && hb_json_next(&walk)) {
		if (encoding->ways == HEBB_WAYS_MOST)
			return bad(from, "ways");
		status = read_way(from, walk.value, &encoding->way[encoding->ways]);
		encoding->inputs += encoding->way[encoding->ways++].inputs;
	}
	if (status || encoding->ways > 0)
		return status;
	encoding->ways = 1;
	status = read_way(from, json, &encoding->way[0]);
	encoding->inputs = encoding->way[0].inputs;
	return status || encoding->way[0].scaling != HEBB_SCALING_STANDARD ? status
									   : bad(from, "scaling");
}

/* Of all columns; there is none if none is encoded, which only later formats do. */
static hebb_status read_encodings(source from, hb_json json, hebb_coding *coding)
{
	hb_json array = hb_json_get(json, "inputs");
	int i = 0, count = 0, version = hb_description_version(json);
	hebb_status status = HEBB_OK;

	for (hb_json_walk walk = hb_json_begin(array); hb_json_next(&walk);)
		count += is_encoded(walk.value) != 0;
	if (count > 0 ? version < HB_FORMAT_ENCODED : version == HB_FORMAT_ENCODED)
		return bad(from, "format");
	if (count == 0)
		return HEBB_OK;
	coding->encoding = calloc((size_t)coding->input_count, sizeof *coding->encoding);
	if (!coding->encoding)
		return hb_out_of_memory(from.error);
	for (hb_json_walk walk = hb_json_begin(array); !status && hb_json_next(&walk); i++)
		status = read_encoding(from, walk.value, &coding->inputs[i], &coding->encoding[i]);
	return status;
}

/* Makes the arrays of a coding by its columns. */
static hebb_status make_arrays(source from, hebb_coding *coding)
{
	long long width = 0;
	for (int i = 0; i < coding->input_count; i++)
		width += hb_input_width(coding, i);
	if (width + coding->indicator_count > HEBB_MAX_UNITS ||
	    (coding->encoding && (size_t)width > from.graph / ENCODED_LEAST))
		return bad(from, "inputs");
	coding->width = (int)width + coding->indicator_count;
	coding->outputs = coding->task == HEBB_CLASSIFICATION ? hb_column_width(&coding->targets[0])
							      : coding->target_count;
	coding->mean = constant(coding->width, 0);
	coding->scale = constant(coding->width, 1);
	coding->fill = constant(coding->width, 0);
	coding->target_mean = constant(coding->outputs, 0);
	coding->target_sd = constant(coding->outputs, 1);
	if (coding->encoding) {
		coding->least = constant(coding->width, 0);
		coding->most = constant(coding->width, 0);
	}
	if (!coding->mean || !coding->scale || !coding->fill || !coding->target_mean ||
	    !coding->target_sd || (coding->encoding && (!coding->least || !coding->most)))
		return hb_out_of_memory(from.error);
	return HEBB_OK;
}

/* How the targets are transformed, if they are, which only the latest format does; with room for
 * what stands in the graph. */
static hebb_status read_transform(source from, hb_json json, hebb_coding *coding)
{
	int is_said = hb_json_kind(hb_json_get(json, "target_transform")) != 0;
	size_t outputs = (size_t)coding->outputs;

	if (is_said != (hb_description_version(json) >= HB_FORMAT_TRANSFORMED))
		return bad(from, "format");
	if (!is_said)
		return HEBB_OK;
	coding->target_transform =
		hebb_target_transform_find(word_of(json, "target_transform").text);
	if (coding->target_transform < HEBB_TARGET_LOG || coding->task != HEBB_REGRESSION ||
	    coding->exact_target_mean)
		return bad(from, "target_transform");
	if (coding->target_transform != HEBB_TARGET_QUANTILE)
		return HEBB_OK;
	if (outputs > from.graph / (HEBB_TARGET_VALUES * sizeof(float)))
		return bad(from, "targets");
	coding->target_value = calloc(outputs * HEBB_TARGET_VALUES, sizeof *coding->target_value);
	coding->target_slope = calloc(outputs, sizeof *coding->target_slope);
	return coding->target_value && coding->target_slope ? HEBB_OK
							    : hb_out_of_memory(from.error);
}

/* Fill `at`: if the coding has doubles, that of a number is one. */
static int read_fill(hb_json json, hebb_coding *coding, int is_number, int at)
{
	double *exact = coding->exact_fill ? &coding->exact_fill[at] : NULL;
	int ok;

	if (exact && is_number) {
		ok = hb_json_double(json, exact);
		coding->fill[at] = ok ? (float)*exact : 0;
		return ok && isfinite(coding->fill[at]);
	}
	ok = hb_json_float(json, &coding->fill[at]);
	if (exact)
		*exact = (double)coding->fill[at];
	return ok;
}

/* Of all columns; read_column() has counted them. Each input that a number becomes has its fill. */
static hebb_status read_fills(source from, hb_json json, hebb_coding *coding)
{
	hb_json_walk columns = hb_json_begin(hb_json_get(json, "inputs"));

	for (int i = 0, at = 0; hb_json_next(&columns); i++) {
		hb_json_walk walk = hb_json_begin(hb_json_get(columns.value, "fill"));
		int is_number = coding->inputs[i].kind == HEBB_NUMBER,
		    inputs = is_number ? hb_input_width(coding, i) : 1;

		while (hb_json_next(&walk))
			for (int k = 0; k < inputs; k++)
				if (!read_fill(walk.value, coding, is_number, at++))
					return bad(from, "fill");
	}
	return HEBB_OK;
}

/* Of all columns of the array; *forms becomes NULL if they are plain. */
static hebb_status read_forms(source from, hb_json array, int count, hebb_form **forms)
{
	hb_json_walk columns = hb_json_begin(array);
	hebb_form *form = calloc((size_t)count, sizeof *form);
	hebb_status status = form ? HEBB_OK : hb_out_of_memory(from.error);

	for (int i = 0; !status && hb_json_next(&columns); i++)
		status = read_form(from, columns.value, &form[i]);
	*forms = form ? hb_forms_unless_plain(form, count) : NULL;
	return status;
}

/* Makes room for the doubles of a coding that has some, which only a later format does. */
static hebb_status make_doubles(source from, hb_json json, hebb_coding *coding)
{
	int inputs = hb_json_kind(hb_json_get(json, "exact_inputs")) == 't',
	    targets = hb_json_kind(hb_json_get(json, "exact_targets")) == 't',
	    version = hb_description_version(json);

	if ((inputs || targets ? version < HB_FORMAT_DOUBLES : version == HB_FORMAT_DOUBLES) ||
	    (targets && coding->task != HEBB_REGRESSION))
		return bad(from, "format");
	if (inputs) {
		coding->exact_mean = calloc((size_t)coding->width, sizeof *coding->exact_mean);
		coding->exact_fill = calloc((size_t)coding->width, sizeof *coding->exact_fill);
	}
	if (targets)
		coding->exact_target_mean =
			calloc((size_t)coding->outputs, sizeof *coding->exact_target_mean);
	if ((inputs && (!coding->exact_mean || !coding->exact_fill)) ||
	    (targets && !coding->exact_target_mean))
		return hb_out_of_memory(from.error);
	return HEBB_OK;
}

/* Which graph the file has, a numeric one if that is not said. */
static hebb_status read_graph(source from, hb_json json, hebb_graph *graph)
{
	int is_said = hb_json_kind(hb_json_get(json, "graph")) != 0,
	    version = hb_description_version(json);

	*graph = is_said ? HEBB_GRAPH_FULL : HEBB_GRAPH_NUMERIC;
	if (is_said && hebb_graph_find(word_of(json, "graph").text) != HEBB_GRAPH_FULL)
		return bad(from, "graph");
	int fits = is_said ? version >= HB_FORMAT_FULL_GRAPH : version != HB_FORMAT_FULL_GRAPH;
	return fits ? HEBB_OK : bad(from, "format");
}

/* Which input columns have an indicator. */
static hebb_status read_indicators(source from, hb_json array, hebb_coding *coding)
{
	int *indicator = calloc((size_t)coding->input_count, sizeof *indicator), i = 0;

	if (!indicator)
		return hb_out_of_memory(from.error);
	coding->indicator = indicator;
	for (hb_json_walk walk = hb_json_begin(array); hb_json_next(&walk); i++)
		if (hb_json_kind(hb_json_get(walk.value, "indicator")) == 't')
			indicator[coding->indicator_count++] = i;
	if (coding->indicator_count > 0)
		return HEBB_OK;
	free(indicator);
	coding->indicator = NULL;
	return HEBB_OK;
}

static hebb_status read_counts(source from, hb_json json, int count, hebb_seen *seen)
{
	int i = 0;

	if (hb_json_count(json) != (size_t)count)
		return bad(from, "counts");
	seen->count = calloc((size_t)count, sizeof *seen->count);
	if (!seen->count)
		return hb_out_of_memory(from.error);
	for (hb_json_walk walk = hb_json_begin(json); hb_json_next(&walk); i++)
		if (!hb_json_integer(walk.value, 0, LLONG_MAX, &seen->count[i]))
			return bad(from, "counts");
	return HEBB_OK;
}

static hebb_status read_seen(source from, hb_json json, const hebb_column *column, hebb_seen *seen)
{
	hb_json quantiles = hb_json_get(json, "quantiles");
	hebb_status status;
	int i = 0;

	if (!hb_json_integer(hb_json_get(json, "rows"), 0, LLONG_MAX, &seen->rows) ||
	    !hb_json_integer(hb_json_get(json, "missing"), 0, LLONG_MAX, &seen->missing))
		return bad(from, "seen");
	status = read_counts(from, hb_json_get(json, "counts"), hb_seen_counts(column), seen);
	if (status || column->kind == HEBB_TEXT)
		return status;
	if (hb_json_count(quantiles) != HEBB_PARTS + 1)
		return bad(from, "quantiles");
	for (hb_json_walk walk = hb_json_begin(quantiles); hb_json_next(&walk); i++)
		if (!hb_json_double(walk.value, &seen->quantile[i]))
			return bad(from, "quantiles");
	return HEBB_OK;
}

/* Of all input columns, or of none in files of an older hebb. */
static hebb_status read_all_seen(source from, hb_json array, hebb_coding *coding)
{
	hebb_status status = HEBB_OK;
	int i = 0, count = 0;

	for (hb_json_walk walk = hb_json_begin(array); hb_json_next(&walk);)
		count += hb_json_kind(hb_json_get(walk.value, "seen")) != 0;
	if (count == 0 || count != coding->input_count)
		return count ? bad(from, "seen") : HEBB_OK;
	coding->seen = calloc((size_t)count, sizeof *coding->seen);
	if (!coding->seen)
		return hb_out_of_memory(from.error);
	for (hb_json_walk walk = hb_json_begin(array); !status && hb_json_next(&walk); i++)
		status = read_seen(from, hb_json_get(walk.value, "seen"), &coding->inputs[i],
				   &coding->seen[i]);
	return status;
}

static hebb_status read_both_columns(source from, hb_json json, hebb_coding *coding)
{
	hebb_status status = read_columns(from, json, "inputs", &coding->input_count,
					  &coding->inputs, &coding->input_at);
	if (!status)
		status = read_columns(from, json, "targets", &coding->target_count,
				      &coding->targets, &coding->target_at);
	if (!status)
		status = hb_columns_check(coding, HEBB_BAD_FORMAT, from.name, from.error);
	return status;
}

static hebb_status read_coding(source from, hb_json json, hebb_coding *coding)
{
	char named = hb_json_kind(hb_json_get(json, "named"));
	hebb_task task = hebb_task_find(word_of(json, "task").text);
	hebb_missing missing = hebb_missing_find(word_of(json, "missing").text);

	if (!task || task == HEBB_TASK_AUTO)
		return bad(from, "task");
	if (!missing)
		return bad(from, "missing");
	if (named != 't' && named != 'f')
		return bad(from, "named");
	coding->task = task;
	coding->missing = missing;
	coding->named = named == 't';
	hebb_status status = read_int(from, json, "columns", 1, INT_MAX, &coding->columns);
	if (!status)
		status = read_int(from, json, "height", 0, INT_MAX, &coding->height);
	if (!status)
		status = read_int(from, json, "width", 0, INT_MAX, &coding->width_of_image);
	if (!status)
		status = read_both_columns(from, json, coding);
	if (!status)
		status = read_encodings(from, json, coding);
	if (!status)
		status = read_indicators(from, hb_json_get(json, "inputs"), coding);
	if (!status)
		status = make_arrays(from, coding);
	if (!status)
		status = make_doubles(from, json, coding);
	if (!status)
		status = read_transform(from, json, coding);
	if (!status)
		status = read_fills(from, json, coding);
	if (!status)
		status = read_forms(from, hb_json_get(json, "inputs"), coding->input_count,
				    &coding->form);
	if (!status)
		status = read_forms(from, hb_json_get(json, "targets"), coding->target_count,
				    &coding->target_form);
	if (!status)
		status = read_all_seen(from, hb_json_get(json, "inputs"), coding);
	return status;
}

void hb_description_clear(hb_description *description)
{
	hebb_coding_free(description->coding);
	hebb_conformal_free(description->conformal);
	free(description->layer);
	*description = (hb_description){0};
}

int hb_description_version(hb_json json)
{
	long long version;

	if (!hb_json_integer(hb_json_get(json, "format"), 1, LLONG_MAX, &version))
		return 0;
	return version > INT_MAX ? INT_MAX : (int)version;
}

hebb_status hb_description_parse(hb_json json, size_t graph, const char *name,
				 hb_description *description, hebb_error *error)
{
	source from = {name, graph, error};
	hb_description made = {0};
	int format;
	hebb_status status = read_int(from, json, "format", HB_FORMAT_FLOATS, HB_FORMAT, &format);

	made.loss = hebb_loss_find(word_of(json, "loss").text);
	made.coding = calloc(1, sizeof *made.coding);
	if (!status && !made.loss)
		status = bad(from, "loss");
	if (!status && !made.coding)
		status = hb_out_of_memory(error);
	if (!status)
		status = read_graph(from, json, &made.graph);
	if (!status)
		status = read_layers(from, hb_json_get(json, "layers"), &made);
	if (!status)
		status = read_coding(from, json, made.coding);
	if (!status) {
		int outputs = made.layer[made.layers - 1].units, width = made.coding->width;
		status = hb_coding_check(made.coding, width, outputs ? outputs : width,
					 HEBB_BAD_FORMAT, name, error);
	}
	if (!status)
		status = hb_conformal_parse(hb_json_get(json, "conformal"), made.coding, name,
					    &made.conformal, error);
	if (status)
		hb_description_clear(&made);
	else
		*description = made;
	return status;
}
