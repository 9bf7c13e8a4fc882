/* SPDX-License-Identifier: MIT */
/*
 * description_write.c - a description as JSON (the format is in description.h)
 *
 * jansson makes each value, which is then added to the text; a tree of all values would take ten
 * times as much memory. float32 numbers are written with nine digits, which read back to the same
 * float.
 */
#define _POSIX_C_SOURCE 200809L
#include "conformal.h"
#include "description.h"
#include "../coding/encode.h"
#include "model.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* ---- A text in the making ---- */

typedef struct writer {
	char *text;
	size_t size, room;
	const char *same; /* not NULL: nothing is kept, but compared with these `room` bytes */
	int failed;       /* no memory */
	int differs;
	int has_names; /* the array has begun */
} writer;

static int compare(const char *bytes, size_t size, writer *to)
{
	if (to->room - to->size < size || memcmp(to->same + to->size, bytes, size) != 0) {
		to->differs = 1;
		return -1;
	}
	to->size += size;
	return 0;
}

/* Adds bytes; what json_dump_callback() calls. */
static int add(const char *bytes, size_t size, void *self)
{
	writer *to = self;

	if (to->same)
		return compare(bytes, size, to);
	if (to->room - to->size <= size) {
		size_t room = 2 * to->room + size + 1;
		char *text = realloc(to->text, room);
		if (!text) {
			to->failed = 1;
			return -1;
		}
		to->text = text;
		to->room = room;
	}
	memcpy(to->text + to->size, bytes, size);
	to->size += size;
	to->text[to->size] = 0;
	return 0;
}

static void put(writer *to, const char *text)
{
	add(text, strlen(text), to);
}

/* Adds a text and a value, which is given up; NULL: there was no memory for it. */
static void put_value(writer *to, const char *before, json_t *value)
{
	put(to, before);
	int failed = !value ||
		     json_dump_callback(value, add, to,
					JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(9));
	to->failed |= failed && !to->differs;
	json_decref(value);
}

static hebb_status finish(writer *from, char **text, hebb_error *error)
{
	if (!from->failed) {
		*text = from->text;
		return HEBB_OK;
	}
	free(from->text);
	return hb_out_of_memory(error);
}

/* ---- The parts of a description ---- */

/* Adds what a kind of layer has. */
static int add_fields(json_t *json, const hebb_layer *layer)
{
	const hebb_kind_fields *has = hebb_kind_about(layer->kind);
	const char *activation =
		layer->function ? "custom" : hebb_activation_name(layer->activation);
	int failed = 0;

	if (has->units)
		failed |= json_object_set_new(json, "units", json_integer(layer->units));
	if (has->rate)
		failed |= json_object_set_new(json, "rate", json_real(layer->rate));
	if (has->activation)
		failed |= json_object_set_new(json, "activation", json_string(activation));
	if (has->start)
		failed |= json_object_set_new(json, "start",
					      json_string(hebb_start_name(layer->start)));
	if (has->from)
		failed |= json_object_set_new(json, "from", json_integer(layer->from));
	return failed;
}

static json_t *layer_json(const hebb_layer *layer)
{
	json_t *json = json_pack("{s:s}", "kind", hebb_kind_name(layer->kind));
	int failed = !json || add_fields(json, layer);

	if (layer->function)
		failed |= json_object_set_new(json, "function", text_json(layer->function->name));
	if (layer->in.height)
		failed |= json_object_set_new(json, "in",
					      json_pack("[i, i, i]", layer->in.height,
							layer->in.width, layer->in.channels));
	if (layer->frozen)
		failed |= json_object_set_new(json, "frozen", json_true());
	if (!failed)
		return json;
	json_decref(json);
	return NULL;
}

static void put_layers(writer *to, const hebb_net *net)
{
	for (int l = 0; l < hebb_net_layers(net); l++)
		put_value(to, l ? "," : "[", layer_json(hebb_net_layer(net, l)));
	put(to, "]");
}

/* What an input or a target has beside its column. */
struct more {
	hebb_form form;
	const float *fill;     /* of each input of the network that it becomes; NULL: a target */
	const double *doubles; /* in place of fill of a number, or NULL */
	const hebb_seen *seen; /* NULL: it is not known */
	int has_indicator;
	const hebb_encoding *encoding; /* NULL: it is not encoded */
};

static void put_fills(writer *to, const hebb_column *column, const struct more *more)
{
	char number[32];

	put(to, ",\"fill\":[");
	if (more->doubles && column->kind == HEBB_NUMBER)
		put(to, hebb_format_double(more->doubles[0], number));
	else
		for (int i = 0; i < hb_column_width(column); i++)
			put_value(to, i ? "," : "", json_real(more->fill[i]));
	put(to, "]");
}

static void put_seen(writer *to, const hebb_column *column, const hebb_seen *seen)
{
	char number[32];

	put_value(to, ",\"seen\":{\"rows\":", json_integer(seen->rows));
	put_value(to, ",\"missing\":", json_integer(seen->missing));
	if (column->kind == HEBB_NUMBER)
		put(to, ",\"quantiles\":");
	for (int i = 0; i <= HEBB_PARTS && column->kind == HEBB_NUMBER; i++) {
		put(to, i ? "," : "[");
		put(to, hebb_format_double(seen->quantile[i], number));
	}
	put(to, column->kind == HEBB_NUMBER ? "],\"counts\":" : ",\"counts\":");
	for (int i = 0; i < hb_seen_counts(column); i++)
		put_value(to, i ? "," : "[", json_integer(seen->count[i]));
	put(to, "]}");
}

static void put_way(writer *to, const char *before, const hebb_way *way)
{
	put(to, before);
	put_value(to, "\"scaling\":", json_string(hebb_scaling_name(way->scaling)));
	put_value(to, ",\"inputs\":", json_integer(way->inputs));
}

static void put_column(writer *to, const hebb_column *column, int at, const struct more *more)
{
	put_value(to, "{\"name\":", text_json(column->name));
	put_value(to, ",\"kind\":", json_string(hebb_column_kind_name(column->kind)));
	if (more->form != HEBB_FORM_PLAIN)
		put_value(to, ",\"form\":", json_string(hebb_form_name(more->form)));
	put_value(to, ",\"at\":", json_integer(at));
	put_value(to, ",\"missing\":", json_integer(column->missing));
	if (more->has_indicator)
		put(to, ",\"indicator\":true");
	if (more->encoding && more->encoding->ways == 1)
		put_way(to, ",", &more->encoding->way[0]);
	for (int w = 0; more->encoding && w < more->encoding->ways && more->encoding->ways > 1; w++)
		put_way(to, w ? "},{" : ",\"ways\":[{", &more->encoding->way[w]);
	if (more->encoding && more->encoding->ways > 1)
		put(to, "}]");
	if (column->kind == HEBB_TEXT) {
		put(to, ",\"levels\":");
		for (int i = 0; i < column->level_count; i++)
			put_value(to, i ? "," : "[", text_json(column->levels[i]));
		put(to, "]");
	}
	if (more->fill)
		put_fills(to, column, more);
	if (more->seen)
		put_seen(to, column, more->seen);
	put(to, "}");
}

static void put_inputs(writer *to, const hebb_coding *coding)
{
	struct more more = {.fill = coding->fill, .doubles = coding->exact_fill};
	int indicators = 0;

	for (int i = 0; i < coding->input_count; i++) {
		int width = hb_input_width(coding, i);

		put(to, i ? "," : "[");
		more.form = coding->form ? coding->form[i] : HEBB_FORM_PLAIN;
		more.seen = coding->seen ? &coding->seen[i] : NULL;
		more.has_indicator =
			indicators < coding->indicator_count && coding->indicator[indicators] == i;
		indicators += more.has_indicator;
		more.encoding = hb_is_encoded(coding, i) ? &coding->encoding[i] : NULL;
		put_column(to, &coding->inputs[i], coding->input_at[i], &more);
		more.fill += width;
		more.doubles = more.doubles ? more.doubles + width : NULL;
	}
	put(to, "]");
}

static void put_targets(writer *to, const hebb_coding *coding)
{
	struct more more = {0};

	for (int i = 0; i < coding->target_count; i++) {
		put(to, i ? "," : "[");
		more.form = coding->target_form ? coding->target_form[i] : HEBB_FORM_PLAIN;
		put_column(to, &coding->targets[i], coding->target_at[i], &more);
	}
	put(to, "]");
}

/* Adds the scores of the calibration rows, if there are any. */
static void put_conformal(writer *to, const hebb_conformal *conformal)
{
	char *text = NULL;

	if (!conformal)
		return;
	to->failed |= hb_conformal_format(conformal, &text, NULL) != HEBB_OK;
	put(to, ",\"conformal\":");
	put(to, text ? text : "");
	free(text);
}

hebb_status hb_description_format(const hebb_model *model, char **text, hebb_error *error)
{
	const hebb_coding *coding = model->coding;
	writer to = {0};

	int exact_inputs = coding->exact_mean != NULL,
	    exact_targets = coding->exact_target_mean != NULL, is_full = hb_model_is_full(model);

	put_value(&to, "{\"format\":",
		  json_integer(coding->target_transform        ? HB_FORMAT_TRANSFORMED
			       : coding->encoding              ? HB_FORMAT_ENCODED
			       : is_full                       ? HB_FORMAT_FULL_GRAPH
			       : coding->indicator_count > 0   ? HB_FORMAT_INDICATORS
			       : exact_inputs || exact_targets ? HB_FORMAT_DOUBLES
							       : HB_FORMAT_FLOATS));
	put_value(&to, ",\"task\":", json_string(hebb_task_name(coding->task)));
	put_value(&to, ",\"loss\":", json_string(hebb_loss_name(model->loss)));
	put_value(&to, ",\"missing\":", json_string(hebb_missing_name(coding->missing)));
	if (is_full)
		put_value(&to, ",\"graph\":", json_string(hebb_graph_name(HEBB_GRAPH_FULL)));
	if (coding->target_transform)
		put_value(&to, ",\"target_transform\":",
			  json_string(hebb_target_transform_name(coding->target_transform)));
	if (exact_inputs)
		put(&to, ",\"exact_inputs\":true");
	if (exact_targets)
		put(&to, ",\"exact_targets\":true");
	put(&to, ",\"layers\":");
	put_layers(&to, model->net);
	put_value(&to, ",\"named\":", json_boolean(coding->named));
	put_value(&to, ",\"columns\":", json_integer(coding->columns));
	put_value(&to, ",\"height\":", json_integer(coding->height));
	put_value(&to, ",\"width\":", json_integer(coding->width_of_image));
	put(&to, ",\"inputs\":");
	put_inputs(&to, coding);
	put(&to, ",\"targets\":");
	put_targets(&to, coding);
	put_conformal(&to, model->conformal);
	put(&to, "}");
	return finish(&to, text, error);
}

hebb_status hb_layers_format(const hebb_net *net, char **text, hebb_error *error)
{
	writer to = {0};

	put_layers(&to, net);
	return finish(&to, text, error);
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

/* "column is missing", the name of an indicator. */
static json_t *indicator_json(const char *column)
{
	size_t room = strlen(column) + sizeof " is missing";
	char *name = malloc(room);
	if (!name)
		return NULL;
	snprintf(name, room, "%s is missing", column);
	json_t *json = plain_json(name);
	free(name);
	return json;
}

const char *const hb_names_key[HB_NAMES] = {[HB_NAMES_INPUTS] = "inputs",
					    [HB_NAMES_CLASSES] = "classes",
					    [HB_NAMES_OUTPUTS] = "outputs",
					    [HB_NAMES_TEXTS] = "texts"};

int hb_has_names(const hebb_coding *coding, int is_full, int which)
{
	int is_class = coding->task == HEBB_CLASSIFICATION, texts = 0;

	for (int i = 0; i < coding->input_count && which == HB_NAMES_TEXTS; i++)
		texts += coding->inputs[i].kind == HEBB_TEXT;
	return which == HB_NAMES_INPUTS    ? 1
	       : which == HB_NAMES_CLASSES ? is_class
	       : which == HB_NAMES_OUTPUTS ? !is_class
					   : is_full && texts > 0;
}

/* A name behind those before; an array is to be closed with ']'. */
static void put_name(writer *to, json_t *name)
{
	put_value(to, to->has_names ? "," : "[", name);
	to->has_names = 1;
}

static int is_at_end(const writer *to)
{
	return to->differs || to->failed;
}

/* Of the inputs of a network: a column of numbers, each level of a text, then the indicators. */
static void put_network_inputs(writer *to, const hebb_coding *coding)
{
	for (int c = 0; c < coding->input_count && !is_at_end(to); c++) {
		const hebb_column *column = &coding->inputs[c];

		if (column->kind == HEBB_NUMBER)
			put_name(to, plain_json(column->name));
		for (int i = 0; i < column->level_count && !is_at_end(to); i++)
			put_name(to, pair_json(column->name, column->levels[i]));
	}
	for (int i = 0; i < coding->indicator_count && !is_at_end(to); i++)
		put_name(to, indicator_json(coding->inputs[coding->indicator[i]].name));
}

/* Of the columns of a kind. */
static void put_columns(writer *to, int count, const hebb_column *column, hebb_column_kind kind)
{
	for (int i = 0; i < count && !is_at_end(to); i++)
		if (column[i].kind == kind)
			put_name(to, plain_json(column[i].name));
}

static void put_names(writer *to, const hebb_coding *coding, int is_full, int which)
{
	const hebb_column *target = coding->targets;

	if (which == HB_NAMES_INPUTS && !is_full)
		put_network_inputs(to, coding);
	else if (which == HB_NAMES_INPUTS || which == HB_NAMES_TEXTS)
		put_columns(to, coding->input_count, coding->inputs,
			    which == HB_NAMES_TEXTS ? HEBB_TEXT : HEBB_NUMBER);
	else if (which == HB_NAMES_OUTPUTS)
		put_columns(to, coding->target_count, target, target->kind);
	for (int i = 0; i < target->level_count && which == HB_NAMES_CLASSES && !is_at_end(to); i++)
		put_name(to, plain_json(target->levels[i]));
	put(to, to->has_names ? "]" : "[]");
}

hebb_status hb_names_format(const hebb_coding *coding, int is_full, int which, char **text,
			    hebb_error *error)
{
	writer to = {0};

	put_names(&to, coding, is_full, which);
	return finish(&to, text, error);
}

int hb_names_are(const hebb_coding *coding, int is_full, int which, const void *text, size_t size,
		 int *no_memory)
{
	writer to = {.same = text, .room = size};

	put_names(&to, coding, is_full, which);
	*no_memory = to.failed;
	return !to.failed && !to.differs && to.size == size;
}
