/* SPDX-License-Identifier: MIT */
/*
 * checkpoint.c - checkpoints: the state of a training, as safetensors
 *
 * The file holds the arrays and counters of the trainer under their names, a counter as a double
 * called "counter.NAME". The metadata say what they belong to: "hebb" the version, "hebb_format"
 * the number of the format (hebb_io.h has what it promises), "network" the layers as in a model's
 * description, "recipe" the fields of hebb_recipe that may not change, "record" the caller's text.
 *
 * Format 1 is the first with a number. The format of hebb 0.1.0 has no number and is otherwise the
 * same. A new field of hebb_recipe needs no new format if its default trains as before: a file
 * without the field means the default.
 */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/description.h"
#include "io.h"
#include "safetensors.h"

#define COUNTER "counter."

/* The texts of a checkpoint; the first is always there. */
enum { VERSION, FORMAT, NETWORK, RECIPE, RECORD, TEXTS };
static const char *const text_name[TEXTS] = {"hebb", "hebb_format", "network", "recipe", "record"};

/* The latest format, and the version whose files have no number. */
enum { LATEST = 1 };
static const char BEFORE_FORMATS[] = "0.1.0";

struct hebb_checkpoint {
	char *name;
	unsigned char *bytes;
	hb_tensor_list list;
	char *text[TEXTS]; /* NULL: there is none */
};

/* ---- The recipe as JSON ---------------------------------------------------------------------- */

static json_t *field_json(const hebb_recipe *recipe, const hebb_field *f)
{
	const void *at = (const char *)recipe + f->at;
	uint64_t seed = 0;
	double real = 0;
	int value = 0;

	if (f->at == offsetof(hebb_recipe, loss) && recipe->loss_function)
		return json_string(recipe->loss_function->name);
	if (f->type == HEBB_FIELD_REAL) {
		memcpy(&real, at, f->bytes);
		return json_real(real);
	}
	if (f->type == HEBB_FIELD_SEED) { /* the bits of 64, which a JSON integer has */
		memcpy(&seed, at, f->bytes);
		return json_integer((json_int_t)seed);
	}
	memcpy(&value, at, f->bytes);
	return f->type == HEBB_FIELD_NAME ? json_string(f->text(value)) : json_integer(value);
}

/* All fields that may not change. */
static char *recipe_text(const hebb_recipe *recipe)
{
	json_t *object = json_object();
	const hebb_field *f;
	char *text = NULL;
	int failed = !object;

	for (int i = 0; (f = hebb_recipe_field(i)); i++)
		if (f->resumes)
			failed |= json_object_set_new(object, f->name, field_json(recipe, f)) != 0;
	if (!failed)
		text = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(17));
	json_decref(object);
	return text;
}

/* ---- Writing --------------------------------------------------------------------------------- */

static void add_counters(hb_tensors *to, const hebb_trainer *trainer)
{
	int count = hebb_trainer_counters(trainer, NULL);
	hebb_counter *list = malloc((size_t)count * sizeof *list);
	char name[80];

	to->failed |= !list;
	if (list) {
		list[0] = hebb_counter_default();
		hebb_trainer_counters(trainer, list);
	}
	for (int i = 0; list && i < count; i++) {
		snprintf(name, sizeof name, COUNTER "%s", list[i].name);
		hb_tensors_double(to, name, list[i].value);
	}
	free(list);
}

static hebb_status add_arrays(hb_tensors *to, const hebb_trainer *trainer, hebb_error *error)
{
	hebb_status status = HEBB_OK;

	for (int i = 0; i < hebb_trainer_arrays(trainer) && !status && !to->failed; i++) {
		hebb_array about = hebb_array_default();
		float *values;

		status = hebb_trainer_get_array(trainer, i, &about, NULL, error);
		if (status)
			break;
		values = hb_tensors_floats(to, about.name, about.rows, about.columns);
		if (values)
			status = hebb_trainer_get_array(trainer, i, NULL, values, error);
	}
	return status;
}

static int is_utf8(const char *text)
{
	char shown[HEBB_SHOWN_MOST];
	size_t left = strlen(text), bytes;

	for (; (bytes = hebb_show_character(text, left, shown)); text += bytes, left -= bytes)
		if (bytes == 1 && (unsigned char)*text >= 0x80)
			return 0;
	return 1;
}

hebb_status hebb_checkpoint_format(const hebb_trainer *trainer, const char *record,
				   unsigned char **bytes, size_t *size, hebb_error *error)
{
	char *recipe, *network = NULL;
	hebb_status status;
	hb_tensors to;
	char format[16];

	if (!trainer || !bytes || !size)
		return hb_absent(trainer ? "where to put the bytes" : "the trainer", error);
	if (record && !is_utf8(record))
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "the record is not a text in UTF-8");
	recipe = recipe_text(hebb_trainer_recipe(trainer));
	status = hb_layers_format(hebb_trainer_net(trainer), &network, error);
	if (!status && !recipe)
		status = hb_out_of_memory(error);
	if (!status) {
		snprintf(format, sizeof format, "%d", LATEST);
		hb_tensors_begin(&to);
		hb_tensors_text(&to, text_name[VERSION], hebb_version());
		hb_tensors_text(&to, text_name[FORMAT], format);
		hb_tensors_text(&to, text_name[NETWORK], network);
		hb_tensors_text(&to, text_name[RECIPE], recipe);
		if (record)
			hb_tensors_text(&to, text_name[RECORD], record);
		add_counters(&to, trainer);
		status = add_arrays(&to, trainer, error);
		if (!status)
			status = hb_tensors_format(&to, bytes, size, error);
		hb_tensors_end(&to);
	}
	free(network);
	free(recipe);
	return status;
}

hebb_status hebb_checkpoint_write(const hebb_trainer *trainer, const char *record, const char *path,
				  hebb_error *error)
{
	unsigned char *bytes;
	size_t size;
	hebb_status status = hebb_checkpoint_format(trainer, record, &bytes, &size, error);

	if (status)
		return status;
	status = hebb_file_write(path, bytes, size, error);
	free(bytes);
	return status;
}

/* ---- Reading --------------------------------------------------------------------------------- */

int hebb_checkpoint_probe(const void *bytes, size_t size)
{
	return hb_tensors_probe(bytes, size);
}

/* Within a text of JSON a quote has a backslash before it, so that this is the key of a text of its
 * own. */
int hebb_checkpoint_is_ours(const void *bytes, size_t size)
{
	static const char key[] = "\"hebb\":\"";
	const char *text = bytes;
	size_t length = sizeof key - 1, at = 0;

	if (!hb_tensors_probe(bytes, size))
		return 0;
	while (at + length <= size && memcmp(text + at, key, length) != 0)
		at++;
	return at + length <= size;
}

/* Arrays are of finite floats, counters single doubles. */
static hebb_status check_tensors(const hebb_checkpoint *c, hebb_error *error)
{
	char shown[HB_SHOWN];

	for (int i = 0; i < c->list.count; i++) {
		const hb_tensor *tensor = &c->list.tensor[i];
		int counter = strncmp(tensor->name, COUNTER, strlen(COUNTER)) == 0, fine;

		fine = counter ? tensor->is_double && tensor->dimensions == 0
			       : !tensor->is_double && tensor->dimensions > 0;
		for (size_t k = 0; fine && !counter && k < tensor->count; k++)
			fine = (tensor->data[4 * k + 3] & 0x7f) != 0x7f ||
			       !(tensor->data[4 * k + 2] & 0x80); /* an exponent of ones */
		if (!fine)
			return hebb_fail(error, HEBB_BAD_FORMAT,
					 "%s: the tensor '%s' is no part of a checkpoint, or holds "
					 "a value that is not finite",
					 c->name, hb_show(tensor->name, shown));
	}
	return HEBB_OK;
}

/* The number of a format; 0: the text is none. */
static int format_number(const char *text)
{
	int number = 0;

	for (; *text >= '0' && *text <= '9'; text++)
		number = number < 1000000 ? 10 * number + (*text - '0') : number;
	return *text ? 0 : number;
}

static hebb_status check_format(const hebb_checkpoint *c, hebb_error *error)
{
	const char *version = c->text[VERSION], *format = c->text[FORMAT];
	char shown[HB_SHOWN], number[HB_SHOWN];

	if (!version)
		return hebb_fail(error, HEBB_BAD_FORMAT,
				 "%s holds tensors of another program, no checkpoint of hebb",
				 c->name);
	if (!format && strcmp(version, BEFORE_FORMATS) == 0)
		return HEBB_OK;
	if (!format || format_number(format) == 0)
		return hebb_fail(
			error, HEBB_BAD_FORMAT,
			"%s: the checkpoint says it is of hebb %s, but not in which format; "
			"the file is damaged",
			c->name, hb_show(version, shown));
	if (format_number(format) <= LATEST)
		return HEBB_OK;
	return hebb_fail(error, HEBB_UNSUPPORTED,
			 "%s is a checkpoint of format %s, written by hebb %s; this is hebb %s, "
			 "which reads formats up to %d: go on with hebb %s or later",
			 c->name, hb_show(format, number), hb_show(version, shown), hebb_version(),
			 LATEST, shown);
}

static hebb_status take_texts(hebb_checkpoint *c, hebb_error *error)
{
	for (int i = 0; i < TEXTS; i++)
		if (hb_tensor_list_text(&c->list, text_name[i], &c->text[i]))
			return hb_out_of_memory(error);
	return HEBB_OK;
}

/* Takes the bytes over. */
static hebb_checkpoint *take(unsigned char *bytes, size_t size, const char *name, hebb_error *error)
{
	hebb_checkpoint *c = calloc(1, sizeof *c);

	if (!c)
		free(bytes);
	else
		*c = (hebb_checkpoint){.name = strdup(name), .bytes = bytes};
	if (!c || !c->name)
		hb_out_of_memory(error);
	else if (!hb_tensors_parse(bytes, size, name, &c->list, error) && !take_texts(c, error) &&
		 !check_format(c, error) && !check_tensors(c, error))
		return c;
	hebb_checkpoint_free(c);
	return NULL;
}

hebb_checkpoint *hebb_checkpoint_parse(const void *bytes, size_t size, const char *name,
				       hebb_error *error)
{
	unsigned char *copy = name && (bytes || !size) ? malloc(size + 1) : NULL;

	if (!name || (!bytes && size)) {
		hb_absent(name ? "the bytes of the checkpoint" : "the name of the checkpoint",
			  error);
		return NULL;
	}
	if (!copy) {
		hb_out_of_memory(error);
		return NULL;
	}
	if (size > 0)
		memcpy(copy, bytes, size);
	return take(copy, size, name, error);
}

hebb_checkpoint *hebb_checkpoint_read(const char *path, hebb_error *error)
{
	unsigned char *bytes;
	size_t size;

	if (hb_file_read_if(hebb_checkpoint_probe, path, &bytes, &size, error))
		return NULL;
	return take(bytes, size, path, error);
}

void hebb_checkpoint_free(hebb_checkpoint *c)
{
	if (!c)
		return;
	for (int i = 0; i < TEXTS; i++)
		free(c->text[i]);
	hb_tensor_list_clear(&c->list);
	free(c->bytes);
	free(c->name);
	free(c);
}

const char *hebb_checkpoint_text(const hebb_checkpoint *c, const char *name)
{
	for (int i = 0; i < TEXTS && c && name; i++)
		if (strcmp(name, text_name[i]) == 0)
			return c->text[i];
	return NULL;
}

int hebb_checkpoint_arrays(const hebb_checkpoint *c, int array, hebb_array *about)
{
	hebb_array known;
	int count = 0;

	if (about &&
	    hebb_sized_copy(&known, sizeof known, about, "about", "hebb_array_default()", NULL))
		return -1;
	for (int i = 0; i < c->list.count; i++) {
		const hb_tensor *tensor = &c->list.tensor[i];

		if (tensor->is_double)
			continue;
		if (about && count == array) {
			known = hebb_array_default();
			snprintf(known.name, sizeof known.name, "%s", tensor->name);
			known.rows = tensor->size[0];
			known.columns = tensor->size[1];
			hebb_sized_fill(about, about->size, &known);
		}
		count++;
	}
	return count;
}

static const hb_tensor *find(const hebb_checkpoint *c, const char *prefix, const char *name)
{
	size_t length = strlen(prefix);

	for (int i = 0; i < c->list.count; i++) {
		const char *at = c->list.tensor[i].name;

		if (strncmp(at, prefix, length) == 0 && strcmp(at + length, name) == 0)
			return &c->list.tensor[i];
	}
	return NULL;
}

double hebb_checkpoint_counter(const hebb_checkpoint *c, const char *name)
{
	const hb_tensor *tensor = find(c, COUNTER, name);

	return tensor ? hb_tensor_double(tensor) : (double)NAN;
}

/* ---- Restoring ------------------------------------------------------------------------------- */

enum { SHOWN = 120 }; /* bytes for a value in a message */

static const char *show(hb_json value, char text[SHOWN])
{
	return value.at ? hebb_show(value.at, value.size, text, SHOWN) : "missing";
}

/* A text that is to be compared, as JSON; BAD_FORMAT: it is none. */
static hebb_status read_json(const char *text, hb_json *json)
{
	*json = (hb_json){0};
	return text ? hb_json_check(text, strlen(text), json) : HEBB_BAD_FORMAT;
}

/* A text of the checkpoint, and that of the training it is to go on in. */
struct texts {
	const char *what; /* the kind of thing that has them */
	const char *there, *here;
	const char
		*before; /* where a member is missing there, it is as here; NULL: it must not be */
};

struct parsed {
	hb_json there, here, before;
};

static hebb_status parse_texts(const struct texts *of, struct parsed *json, hebb_error *error)
{
	*json = (struct parsed){.there = {0}};
	if (read_json(of->here, &json->here) ||
	    (of->before && read_json(of->before, &json->before)) ||
	    read_json(of->there, &json->there) == HEBB_NO_MEMORY)
		return hb_out_of_memory(error);
	if (hb_json_kind(json->there) != hb_json_kind(json->here))
		json->there = (hb_json){0};
	return HEBB_OK;
}

/* What stands there for the member or element at which a walk is, and its name. */
static hb_json counterpart(const struct parsed *json, hb_json_walk *there, const hb_json_walk *here,
			   int l, char name[40])
{
	if (here->has_keys) {
		const char *key = hb_json_word(here->key, name, 40);
		hb_json value = hb_json_get(json->there, key);

		return value.at || !json->there.at ? value : hb_json_get(json->before, key);
	}
	snprintf(name, 40, "layer %d", l);
	return hb_json_next(there) ? there->value : (hb_json){0};
}

/* What is there must be known here. */
static hebb_status check_known(const hebb_checkpoint *c, const struct texts *of,
			       const struct parsed *json, hebb_error *error)
{
	char name[SHOWN];

	for (hb_json_walk walk = hb_json_begin(json->there); walk.has_keys && hb_json_next(&walk);)
		if (!hb_json_get(json->here, hb_json_word(walk.key, name, SHOWN)).at)
			return hebb_fail(error, HEBB_BAD_SHAPE,
					 "%s is of another %s: %s is not known here", c->name,
					 of->what, show(walk.key, name));
	if (hb_json_kind(json->here) == '[' &&
	    hb_json_count(json->there) != hb_json_count(json->here))
		return hebb_fail(error, HEBB_BAD_SHAPE,
				 "%s is of another %s, with %zu layers, not %zu", c->name, of->what,
				 hb_json_count(json->there), hb_json_count(json->here));
	return HEBB_OK;
}

/* BAD_SHAPE, naming the first value of two JSON texts that differs. */
static hebb_status compare(const hebb_checkpoint *c, const struct texts *of, hebb_error *error)
{
	struct parsed json;
	char name[40], a[SHOWN], b[SHOWN];
	int l = 1;

	if (parse_texts(of, &json, error))
		return HEBB_NO_MEMORY;
	hb_json_walk there = hb_json_begin(json.there), here = hb_json_begin(json.here);
	for (; hb_json_next(&here); l++) {
		hb_json match = counterpart(&json, &there, &here, l, name);
		int same = hb_json_same(match, here.value);
		if (same < 0)
			return hb_out_of_memory(error);
		if (!same)
			return hebb_fail(error, HEBB_BAD_SHAPE,
					 "%s is of another %s: %s is %s there and %s here", c->name,
					 of->what, name, show(match, a), show(here.value, b));
	}
	return check_known(c, of, &json, error);
}

static hebb_status check_arrays(const hebb_checkpoint *c, const hebb_trainer *trainer,
				hebb_error *error)
{
	int count = hebb_trainer_arrays(trainer), there = hebb_checkpoint_arrays(c, 0, NULL);

	for (int i = 0; i < count; i++) {
		hebb_array about = hebb_array_default();
		const hb_tensor *tensor;

		if (hebb_trainer_get_array(trainer, i, &about, NULL, error))
			return HEBB_BAD_ARGUMENT;
		tensor = find(c, "", about.name);
		if (!tensor)
			return hebb_fail(error, HEBB_BAD_FORMAT, "%s lacks the array %s", c->name,
					 about.name);
		if (tensor->size[0] != about.rows || tensor->size[1] != about.columns)
			return hebb_fail(
				error, HEBB_BAD_SHAPE,
				"%s is of another network: %s is %d x %d there and %d x %d here",
				c->name, about.name, tensor->size[0], tensor->size[1], about.rows,
				about.columns);
	}
	if (there > count)
		return hebb_fail(error, HEBB_BAD_FORMAT,
				 "%s holds %d arrays, of which this training knows %d", c->name,
				 there, count);
	return HEBB_OK;
}

static hebb_status set_counters(const hebb_checkpoint *c, hebb_trainer *trainer, hebb_error *error)
{
	int count = hebb_trainer_counters(trainer, NULL);
	hebb_counter *list = malloc((size_t)count * sizeof *list);
	hebb_error why;
	hebb_status status = HEBB_OK;

	if (!list)
		return hb_out_of_memory(error);
	list[0] = hebb_counter_default();
	hebb_trainer_counters(trainer, list);
	for (int i = 0; i < count && !status; i++) {
		const hb_tensor *tensor = find(c, COUNTER, list[i].name);

		if (tensor)
			list[i].value = hb_tensor_double(tensor);
		else
			status = hebb_fail(error, HEBB_BAD_FORMAT, "%s lacks the counter %s",
					   c->name, list[i].name);
	}
	if (!status && hebb_trainer_set_counters(trainer, count, list, &why))
		status = hebb_fail(error, HEBB_BAD_FORMAT, "%s: %s", c->name, why.message);
	free(list);
	return status;
}

static hebb_status set_arrays(const hebb_checkpoint *c, hebb_trainer *trainer, hebb_error *error)
{
	hebb_status status = HEBB_OK;

	for (int i = 0; i < hebb_trainer_arrays(trainer) && !status; i++) {
		hebb_array about = hebb_array_default();
		hebb_error why;
		const hb_tensor *tensor;
		float *values;

		if (hebb_trainer_get_array(trainer, i, &about, NULL, error))
			return HEBB_BAD_ARGUMENT;
		tensor = find(c, "", about.name); /* check_arrays() found it */
		values = malloc(tensor->count * sizeof *values);
		if (!values)
			return hb_out_of_memory(error);
		hb_tensor_floats(tensor, values);
		if (hebb_trainer_set_array(trainer, i, values, &why))
			status = hebb_fail(error, HEBB_BAD_FORMAT, "%s: %s: %s", c->name,
					   about.name, why.message);
		free(values);
	}
	return status;
}

/* Whether the checkpoint is of the trainer's network and recipe. */
static hebb_status check_texts(const hebb_checkpoint *c, const hebb_trainer *trainer,
			       hebb_error *error)
{
	hebb_recipe usual = hebb_recipe_default();
	char *recipe = recipe_text(hebb_trainer_recipe(trainer)), *before = recipe_text(&usual),
	     *network = NULL;
	hebb_status status = hb_layers_format(hebb_trainer_net(trainer), &network, error);
	const struct texts networks = {"network", c->text[NETWORK], network, NULL},
			   recipes = {"recipe", c->text[RECIPE], recipe, before};

	if (!status && (!recipe || !before))
		status = hb_out_of_memory(error);
	if (!status)
		status = compare(c, &networks, error);
	if (!status)
		status = compare(c, &recipes, error);
	free(network);
	free(before);
	free(recipe);
	return status;
}

hebb_status hebb_checkpoint_restore(const hebb_checkpoint *c, hebb_trainer *trainer,
				    hebb_error *error)
{
	hebb_status status;

	if (!c || !trainer)
		return hb_absent(c ? "the trainer" : "the checkpoint", error);
	status = check_texts(c, trainer, error);
	if (!status)
		status = check_arrays(c, trainer, error);
	if (!status)
		status = set_counters(c, trainer, error);
	if (!status)
		status = set_arrays(c, trainer, error);
	return status;
}
