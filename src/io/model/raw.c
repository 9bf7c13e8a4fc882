/* SPDX-License-Identifier: MIT */
/*
 * raw.c - the part of a full graph that makes the inputs of the network of the columns of a table,
 * and the one that names the likeliest class (model.h)
 *
 * Texts are compared by LabelEncoder, which gives the number of a level, -1 for "" and -2 for a
 * text that is none of them. Equal makes one-hot numbers of it: none of these is 1 then. Where puts
 * the fill in the place of what is missing, or NaN if the model drops such rows: NaN goes through
 * every operator of a network.
 */
#include "raw.h"
#include "../io.h"
#include "../coding/transform.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { IS_MISSING = -1, IS_UNKNOWN = -2 }; /* in place of the number of a level */

/* ---- Names of inputs ---- */

/* The values and constants of a graph, which no text input may be called, but for the matrix, which
 * gives way; and those that are numbered. */
static const char *const taken[] = {
	"missing", "filled",     "gaps",    "fill",      "order",  "joined",   "raw",
	"none",    "nothing",    "mean",    "scale",     "x",      "centered", "rounded",
	"scaled",  "widened",    "y",       "target_sd", "output", "half",     "target_mean",
	"sqrt2",   "one",        "low",     "high",      "label",  "class",    "probabilities",
	"best",    "unanswered", "average",
};
static const char *const numbered[] = {
	"level", "levels", "is",   "coded", "missing", "filled", "gap", "fill",     "W", "b",
	"gamma", "beta",   "mean", "h",     "z",       "u",      "e",   "variance", "s", "p"};

static const char *const taken_by_encoder[] = {
	"linear", "raised", "lowered", "odd",    "bounded", "thirds", "squares",
	"sums",   "roots",  "clipped", "angles", "sines",   "waves",  "kept",
	"least",  "most",   "third",   "unit",   "phase",   "wave",   "still"};

static const char *const taken_by_transform[] = {
	"placed",   "risen",    "clipped", "beyond",       "outside",     "lifted", "apart",
	"distance", "nearness", "share",   "part",         "inside",      "zero",   "last",
	"unity",    "axis",     "places",  "target_slope", "target_value"};

static int is_among(const char *text, size_t size, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(list[i]) == size && !memcmp(list[i], text, size))
			return 1;
	return 0;
}

/* 1 if the graph may have a value of that name. Only a model that encodes numbers, or transforms
 * targets, has the names of that: columns of other models may be called so. */
static int is_taken(const char *name, const hebb_coding *coding)
{
	size_t size = strlen(name), letters = strcspn(name, "0123456789"),
	       digits = strspn(name + letters, "0123456789");

	return is_among(name, size, taken, sizeof taken / sizeof *taken) ||
	       (coding->encoding && is_among(name, size, taken_by_encoder,
					     sizeof taken_by_encoder / sizeof *taken_by_encoder)) ||
	       (hb_transforms(coding) &&
		is_among(name, size, taken_by_transform,
			 sizeof taken_by_transform / sizeof *taken_by_transform)) ||
	       (digits > 0 && letters + digits == size &&
		is_among(name, letters, numbered, sizeof numbered / sizeof *numbered));
}

/* The name of a column as UTF-8, a byte that is none being '?'. */
static char *copy_name(const char *name)
{
	size_t bytes, left = strlen(name);
	char shown[HEBB_SHOWN_MOST], *copy = malloc(left + 1), *to = copy;

	for (; copy && left > 0; name += bytes, to += bytes, left -= bytes) {
		bytes = hebb_show_character(name, left, shown);
		memcpy(to, name, bytes);
		if (bytes == 1 && (unsigned char)*name >= 0x80)
			*to = '?';
	}
	if (copy)
		*to = 0;
	return copy;
}

/* Gives up the name. */
static char *append_number(char *name, int number)
{
	enum { SUFFIX = 16 };
	size_t length = strlen(name);
	char *longer = realloc(name, length + SUFFIX);

	if (longer)
		snprintf(longer + length, SUFFIX, "_%d", number);
	else
		free(name);
	return longer;
}

/* 1 if the name was added, 0 if it is that of something else; negative: no memory. */
static int try_name(hb_levels *names, const char *name, const hebb_coding *coding)
{
	int before = names->count, at;

	if (is_taken(name, coding))
		return 0;
	at = hb_levels_add(names, name, strlen(name));
	return at < 0 ? at : at == before;
}

/* Adds the name of a column or, where that is none or something else's, one with "_N" behind it, N
 * being the number of the column, as often as it takes. */
static hebb_status add_name(hb_levels *names, const char *column, int number,
			    const hebb_coding *coding)
{
	char *name = copy_name(column[0] ? column : "column");
	int added = name && column[0] ? try_name(names, name, coding) : 0;

	while (name && added == 0) {
		name = append_number(name, number);
		added = name ? try_name(names, name, coding) : 0;
	}
	free(name);
	return added == 1 ? HEBB_OK : HEBB_NO_MEMORY;
}

/* ---- What stands where ---- */

/* Numbers that a graph holds: as exact as the inputs of the model. */
static void *number_fills(const hebb_coding *coding, int numbers)
{
	size_t each = coding->exact_fill ? sizeof(double) : sizeof(float);
	char *fills = malloc(each * (size_t)numbers + 1), *to = fills;

	for (int i = 0, at = 0; fills && i < coding->input_count; i++) {
		const void *from = coding->exact_fill ? (const void *)&coding->exact_fill[at]
						      : &coding->fill[at];

		if (coding->inputs[i].kind == HEBB_NUMBER) {
			memcpy(to, from, each);
			to += each;
		}
		at += hb_input_width(coding, i);
	}
	return fills;
}

static void add_part(hb_raw *raw, hb_onnx_name name)
{
	raw->part[raw->parts++] = name;
}

/* Lists what is joined: the numbers, what says which of them are missing, and of each text its
 * levels and the same. */
static void list_parts(hb_raw *raw, const hebb_coding *coding)
{
	if (raw->numbers > 0)
		add_part(raw, raw->fills ? (hb_onnx_name){"filled"} : raw->matrix);
	if (raw->has_gaps)
		add_part(raw, (hb_onnx_name){"gaps"});
	raw->joined = raw->numbers * (1 + raw->has_gaps);
	for (int t = 0; t < raw->texts; t++) {
		struct hb_raw_text *text = &raw->text[t];

		text->at = raw->joined;
		add_part(raw, hb_numbered_name("filled", t + 1));
		if (text->has_gap)
			add_part(raw, hb_numbered_name("gap", t + 1));
		raw->joined += coding->inputs[text->column].level_count + text->has_gap;
	}
}

/* For each input of the network its place in what is joined. */
static void fill_order(hb_raw *raw, const hebb_coding *coding)
{
	int64_t *order = raw->order;
	int numbers = 0, texts = 0, indicators = 0;
	int64_t *indicator = order + coding->width - coding->indicator_count;

	for (int i = 0; i < coding->input_count; i++) {
		int is_number = coding->inputs[i].kind == HEBB_NUMBER,
		    width = hb_input_width(coding, i),
		    at = is_number ? numbers : raw->text[texts].at,
		    gap = is_number ? raw->numbers + numbers : at + width;

		for (int k = 0; k < width; k++)
			*order++ = is_number ? at : at + k;
		if (indicators < coding->indicator_count && coding->indicator[indicators] == i)
			indicator[indicators++] = gap;
		numbers += is_number;
		texts += !is_number;
	}
}

/* 1 if what is joined is the inputs of the network. */
static int is_in_order(const hb_raw *raw, int width)
{
	for (int i = 0; i < width; i++)
		if (raw->order[i] != i)
			return 0;
	return raw->joined == width;
}

/* Finds the columns of numbers and of texts, and who has an indicator. */
static void find_columns(hb_raw *raw, const hebb_coding *coding)
{
	int indicators = 0, first = 0;

	for (int i = 0; i < coding->input_count; i++) {
		int is_text = coding->inputs[i].kind == HEBB_TEXT,
		    has_gap = indicators < coding->indicator_count &&
			      coding->indicator[indicators] == i;

		indicators += has_gap;
		if (is_text)
			raw->text[raw->texts++] = (struct hb_raw_text){
				.column = i, .first = first, .has_gap = has_gap};
		raw->numbers += !is_text;
		raw->has_gaps |= !is_text && has_gap;
		first += hb_input_width(coding, i);
	}
}

/* Names of the inputs: those of the columns first. */
static hebb_status name_inputs(hb_raw *raw, const hebb_coding *coding)
{
	hebb_status status = HEBB_OK;
	int is_new = 0;

	for (int t = 0; t < raw->texts && !status; t++)
		status = add_name(&raw->names, coding->inputs[raw->text[t].column].name,
				  raw->text[t].column + 1, coding);
	snprintf(raw->matrix.text, HB_ONNX_NAME, HB_INPUT);
	for (int i = 2; raw->texts > 0 && !status && !is_new; i++) {
		int at = hb_levels_add(&raw->names, raw->matrix.text, strlen(raw->matrix.text));

		is_new = at == raw->texts;
		status = at < 0 ? HEBB_NO_MEMORY : HEBB_OK;
		if (!is_new)
			snprintf(raw->matrix.text, HB_ONNX_NAME, HB_INPUT "_%d", i);
	}
	hb_levels_close(&raw->names);
	return status;
}

static int64_t *count_up(const hebb_coding *coding)
{
	int most = 0;
	int64_t *number;

	for (int i = 0; i < coding->input_count; i++)
		most = coding->inputs[i].level_count > most ? coding->inputs[i].level_count : most;
	number = malloc((size_t)most * sizeof *number + 1);
	for (int i = 0; number && i < most; i++)
		number[i] = i;
	return number;
}

hebb_status hb_raw_make(const hebb_coding *coding, hb_raw *raw, hebb_error *error)
{
	int drops = coding->missing == HEBB_MISSING_DROP;

	*raw = (hb_raw){.drops = drops};
	raw->text = malloc((size_t)coding->input_count * sizeof *raw->text);
	raw->order = malloc((size_t)coding->width * sizeof *raw->order);
	raw->number = count_up(coding);
	if (!raw->text || !raw->order || !raw->number)
		return hb_out_of_memory(error);
	find_columns(raw, coding);
	raw->part = malloc((2 * (size_t)raw->texts + 2) * sizeof *raw->part);
	raw->fills = raw->numbers > 0 && !drops ? number_fills(coding, raw->numbers) : NULL;
	if (!raw->part || (raw->numbers > 0 && !drops && !raw->fills) || name_inputs(raw, coding))
		return hb_out_of_memory(error);
	list_parts(raw, coding);
	fill_order(raw, coding);
	if (!is_in_order(raw, coding->width))
		return HEBB_OK;
	free(raw->order);
	raw->order = NULL;
	return HEBB_OK;
}

void hb_raw_clear(hb_raw *raw)
{
	hb_levels_clear(&raw->names);
	free(raw->text);
	free(raw->order);
	free(raw->number);
	free(raw->part);
	free(raw->fills);
	*raw = (hb_raw){0};
}

/* ---- Nodes ---- */

static hb_onnx_attribute integers(const char *name, int first, int count)
{
	return (hb_onnx_attribute){
		.name = name, .kind = HB_ONNX_IS_INTS, .i = first, .count = count};
}

/* `first` unless it is NULL, then the levels of a column. */
static hb_onnx_attribute levels(const char *name, const char *first, const hebb_column *column)
{
	return (hb_onnx_attribute){.name = name,
				   .kind = HB_ONNX_IS_TEXTS,
				   .text = first,
				   .texts = column->levels,
				   .count = column->level_count};
}

static hb_onnx_type type_of(const hebb_coding *coding)
{
	return coding->exact_mean ? HB_ONNX_DOUBLE : HB_ONNX_FLOAT;
}

static int number_nodes(const hb_raw *raw, const hebb_coding *coding, hb_onnx_node *node)
{
	const char *matrix = raw->matrix.text;
	int nodes = 0;

	if (raw->fills || raw->has_gaps)
		hb_add_node(node, &nodes, "IsNaN", (hb_onnx_name){"missing"}, matrix, "", "");
	if (raw->fills)
		hb_add_node(node, &nodes, "Where", (hb_onnx_name){"filled"}, "missing", "fill",
			    matrix);
	if (raw->has_gaps)
		hb_add_node(node, &nodes, "Cast", (hb_onnx_name){"gaps"}, "missing", "", "")
			->attribute[0] = hb_onnx_integer("to", (int)type_of(coding));
	return nodes;
}

/* Of text t, from 0 on. */
static int text_nodes(const hb_raw *raw, const hebb_coding *coding, int t, hb_onnx_node *node)
{
	const struct hb_raw_text *text = &raw->text[t];
	const hebb_column *column = &coding->inputs[text->column];
	hb_onnx_name level = hb_numbered_name("level", t + 1), is = hb_numbered_name("is", t + 1),
		     coded = hb_numbered_name("coded", t + 1),
		     missing = hb_numbered_name("missing", t + 1),
		     all = hb_numbered_name("levels", t + 1),
		     fill = hb_numbered_name("fill", t + 1);
	int nodes = 0;

	hb_onnx_node *made = hb_add_node(node, &nodes, "LabelEncoder", level, "", "", "");
	made->given = raw->names.text[t];
	made->domain = HB_ONNX_ML;
	made->attribute[0] = hb_onnx_integer("default_int64", IS_UNKNOWN);
	made->attribute[1] = levels("keys_strings", "", column);
	made->attribute[2] = integers("values_int64s", IS_MISSING, 1 + column->level_count);
	hb_add_node(node, &nodes, "Equal", is, level.text, all.text, "");
	hb_add_node(node, &nodes, "Cast", coded, is.text, "", "")->attribute[0] =
		hb_onnx_integer("to", (int)type_of(coding));
	hb_add_node(node, &nodes, "Equal", missing, level.text, "none", "");
	hb_add_node(node, &nodes, "Where", hb_numbered_name("filled", t + 1), missing.text,
		    raw->drops ? "nothing" : fill.text, coded.text);
	if (text->has_gap)
		hb_add_node(node, &nodes, "Cast", hb_numbered_name("gap", t + 1), missing.text, "",
			    "")
			->attribute[0] = hb_onnx_integer("to", (int)type_of(coding));
	return nodes;
}

/* Side by side, in the order of the network. */
static int join_nodes(const hb_raw *raw, hb_onnx_node *node)
{
	int nodes = 0;

	if (raw->parts > 1) {
		hb_onnx_node *made =
			hb_add_node(node, &nodes, "Concat", (hb_onnx_name){"joined"}, "", "", "");
		made->more = raw->part;
		made->more_count = raw->parts;
		made->attribute[0] = hb_onnx_integer("axis", 1);
	}
	if (raw->order)
		hb_add_node(node, &nodes, "Gather", (hb_onnx_name){"raw"},
			    raw->parts > 1 ? "joined" : raw->part[0].text, "order", "")
			->attribute[0] = hb_onnx_integer("axis", 1);
	return nodes;
}

int hb_raw_stages(const hb_raw *raw)
{
	return raw->texts + 2;
}

int hb_raw_nodes(const hb_raw *raw, const hebb_coding *coding, int stage, hb_onnx_node *node)
{
	return stage == 0            ? number_nodes(raw, coding, node)
	       : stage <= raw->texts ? text_nodes(raw, coding, stage - 1, node)
				     : join_nodes(raw, node);
}

hb_onnx_name hb_raw_value(const hb_raw *raw)
{
	return raw->order       ? (hb_onnx_name){"raw"}
	       : raw->parts > 1 ? (hb_onnx_name){"joined"}
				: raw->part[0];
}

int hb_label_nodes(const hebb_coding *coding, hb_onnx_node *node)
{
	int nodes = 0;
	hb_onnx_node *made;

	made = hb_add_node(node, &nodes, "ArgMax", (hb_onnx_name){"best"}, HB_PROBABILITIES, "",
			   "");
	made->attribute[0] = hb_onnx_integer("axis", 1);
	made->attribute[1] = hb_onnx_integer("keepdims", 0);
	made = hb_add_node(node, &nodes, "ReduceMean", (hb_onnx_name){"average"}, HB_PROBABILITIES,
			   "", "");
	made->attribute[0] = integers("axes", 1, 1);
	made->attribute[1] = hb_onnx_integer("keepdims", 0);
	hb_add_node(node, &nodes, "IsNaN", (hb_onnx_name){"unanswered"}, "average", "", "");
	hb_add_node(node, &nodes, "Where", (hb_onnx_name){"class"}, "unanswered", "none", "best");
	made = hb_add_node(node, &nodes, "LabelEncoder", (hb_onnx_name){HB_LABEL}, "class", "", "");
	made->domain = HB_ONNX_ML;
	made->attribute[0] = (hb_onnx_attribute){
		.name = "default_string", .kind = HB_ONNX_IS_TEXT, .text = "NaN"};
	made->attribute[1] = integers("keys_int64s", 0, coding->outputs);
	made->attribute[2] = levels("values_strings", NULL, &coding->targets[0]);
	return nodes;
}

/* ---- Constants, all of which are known ---- */

static int text_tensors(const hb_raw *raw, const hebb_coding *coding, int t, hb_onnx_tensor *tensor)
{
	const struct hb_raw_text *text = &raw->text[t];
	int tensors = 0, count = coding->inputs[text->column].level_count;
	const void *fill = coding->exact_fill ? (const void *)&coding->exact_fill[text->first]
					      : &coding->fill[text->first];

	hb_add_known(tensor, &tensors, hb_numbered_name("levels", t + 1), HB_ONNX_INT64, count,
		     raw->number);
	if (!raw->drops)
		hb_add_known(tensor, &tensors, hb_numbered_name("fill", t + 1), type_of(coding),
			     count, fill);
	return tensors;
}

/* Those that several nodes use, and the order. */
static int join_tensors(const hb_raw *raw, const hebb_coding *coding, hb_onnx_tensor *tensor)
{
	static const int64_t none = IS_MISSING;
	static const float nothing = NAN;
	static const double nothing_exact = NAN;
	int tensors = 0;

	if (raw->texts > 0 || coding->task == HEBB_CLASSIFICATION)
		hb_add_known(tensor, &tensors, (hb_onnx_name){"none"}, HB_ONNX_INT64, 0, &none);
	if (raw->texts > 0 && raw->drops)
		hb_add_known(tensor, &tensors, (hb_onnx_name){"nothing"}, type_of(coding), 0,
			     coding->exact_mean ? (const void *)&nothing_exact : &nothing);
	if (raw->order)
		hb_add_known(tensor, &tensors, (hb_onnx_name){"order"}, HB_ONNX_INT64,
			     coding->width, raw->order);
	return tensors;
}

int hb_raw_tensors(const hb_raw *raw, const hebb_coding *coding, int stage, hb_onnx_tensor *tensor)
{
	int tensors = 0;

	if (stage == 0 && raw->fills)
		hb_add_known(tensor, &tensors, (hb_onnx_name){"fill"}, type_of(coding),
			     raw->numbers, raw->fills);
	if (stage == 0)
		return tensors;
	return stage <= raw->texts ? text_tensors(raw, coding, stage - 1, tensor)
				   : join_tensors(raw, coding, tensor);
}

/* ---- Inputs of the graph ---- */

int hb_raw_ends(const hb_raw *raw)
{
	return raw->texts + (raw->numbers > 0);
}

hb_onnx_end hb_raw_end(const hb_raw *raw, const hebb_coding *coding, int i)
{
	int has_matrix = raw->numbers > 0;

	if (has_matrix && i == 0)
		return (hb_onnx_end){raw->matrix.text, type_of(coding), raw->numbers};
	return (hb_onnx_end){raw->names.text[i - has_matrix], HB_ONNX_STRING, 1};
}
