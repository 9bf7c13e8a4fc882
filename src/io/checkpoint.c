/* SPDX-License-Identifier: MIT */
/*
 * checkpoint.c - a training that can go on, as safetensors
 *
 * The arrays and counters of the trainer under their names, a counter as a double called "counter.NAME".  The metadata say what they
 * belong to: "hebb" the version, "network" the layers as in a model's description, "recipe" the fields of hebb_recipe that may not
 * change, "record" what the caller adds.
 */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "description.h"
#include "io.h"
#include "safetensors.h"

#define COUNTER "counter."

/* The texts of a checkpoint; the first is always there. */
enum { VERSION, NETWORK, RECIPE, RECORD, TEXTS };
static const char *const text_name[TEXTS] = {"hebb", "network", "recipe", "record"};

struct hebb_checkpoint {
	char *name;
	unsigned char *bytes;
	hb_tensor_list list;
	char *text[TEXTS]; /* NULL: there is none */
};

/* ---- The recipe as JSON ------------------------------------------------------------------------- */

enum type { INT, REAL, SEED, LOSS, RULE, PRECISION, SCHEDULE };

/* All fields but those that may change: epochs, threads, seconds, the callback. */
static const struct field {
	const char *name;
	size_t at;
	enum type type;
} fields[] = {
#define FIELD(name, type) \
	{ \
#name, offsetof(hebb_recipe, name), type \
	}
	FIELD(loss, LOSS),         FIELD(rule, RULE),
	FIELD(rate, REAL),         FIELD(momentum, REAL),
	FIELD(beta1, REAL),        FIELD(beta2, REAL),
	FIELD(rho, REAL),          FIELD(epsilon, REAL),
	FIELD(l1, REAL),           FIELD(l2, REAL),
	FIELD(weight_decay, REAL), FIELD(batch, INT),
	FIELD(shuffle, INT),       FIELD(patience, INT),
	FIELD(seed, SEED),         FIELD(precision, PRECISION),
	FIELD(warmup, REAL),       FIELD(decay, REAL),
	FIELD(schedule, SCHEDULE), FIELD(stages, INT),
	FIELD(plateau, INT),       FIELD(accumulate, INT),
	FIELD(clip, REAL),         FIELD(max_norm, REAL),
	FIELD(average, REAL),      FIELD(average_from, REAL),
	FIELD(huber_delta, REAL),  FIELD(label_smoothing, REAL),
};

static json_t *field_json(const hebb_recipe *recipe, const struct field *f)
{
	const void *at = (const char *)recipe + f->at;

	switch (f->type) {
	case REAL:
		return json_real(*(const double *)at);
	case SEED: /* the bits of 64, which a JSON integer has */
		return json_integer((json_int_t) * (const uint64_t *)at);
	case LOSS:
		return json_string(hebb_loss_name(recipe->loss));
	case RULE:
		return json_string(hebb_rule_name(recipe->rule));
	case PRECISION:
		return json_string(hebb_precision_name(recipe->precision));
	case SCHEDULE:
		return json_string(hebb_schedule_name(recipe->schedule));
	case INT:
		break;
	}
	return json_integer(*(const int *)at);
}

static char *recipe_text(const hebb_recipe *recipe)
{
	json_t *object = json_object();
	char *text = NULL;
	int failed = !object;

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		failed |= json_object_set_new(object, fields[i].name,
					      field_json(recipe, &fields[i])) != 0;
	if (!failed)
		text = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(17));
	json_decref(object);
	return text;
}

/* ---- Writing ------------------------------------------------------------------------------------ */

static void add_counters(hb_tensors *to, const hebb_trainer *trainer)
{
	int count = hebb_trainer_counters(trainer, NULL);
	hebb_counter *list = malloc((size_t)count * sizeof *list);
	char name[80];

	to->failed |= !list;
	if (list)
		hebb_trainer_counters(trainer, list);
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
		hebb_array about;
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

hebb_status hebb_checkpoint_format(const hebb_trainer *trainer, const char *record,
				   unsigned char **bytes, size_t *size, hebb_error *error)
{
	char *recipe, *network = NULL;
	hebb_status status;
	hb_tensors to;

	if (!trainer || !bytes || !size)
		return hb_absent(trainer ? "where to put the bytes" : "the trainer", error);
	recipe = recipe_text(hebb_trainer_recipe(trainer));
	status = hb_layers_format(hebb_trainer_net(trainer), &network, error);
	if (!status && !recipe)
		status = hb_out_of_memory(error);
	if (!status) {
		hb_tensors_begin(&to);
		hb_tensors_text(&to, text_name[VERSION], hebb_version());
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

/* ---- Reading ------------------------------------------------------------------------------------ */

int hebb_checkpoint_probe(const void *bytes, size_t size)
{
	return hb_tensors_probe(bytes, size);
}

/* Within a text of JSON a quote has a backslash before it, so that this is the key of a text of its own. */
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

static hebb_status check_version(const hebb_checkpoint *c, hebb_error *error)
{
	const char *version = c->text[VERSION];
	char shown[HB_SHOWN];

	if (!version)
		return hebb_fail(error, HEBB_BAD_FORMAT,
				 "%s holds tensors of another program, no checkpoint of hebb",
				 c->name);
	if (strcmp(version, hebb_version()) != 0)
		return hebb_fail(error, HEBB_UNSUPPORTED,
				 "%s was written by hebb %s, this is %s; another version may not "
				 "go on with the same bits",
				 c->name, hb_show(version, shown), hebb_version());
	return HEBB_OK;
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
		 !check_version(c, error) && !check_tensors(c, error))
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

	if (hebb_file_read(path, &bytes, &size, error))
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
	int count = 0;

	for (int i = 0; i < c->list.count; i++) {
		const hb_tensor *tensor = &c->list.tensor[i];

		if (tensor->is_double)
			continue;
		if (about && count == array) {
			snprintf(about->name, sizeof about->name, "%s", tensor->name);
			about->rows = tensor->size[0];
			about->columns = tensor->size[1];
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

/* ---- Restoring ---------------------------------------------------------------------------------- */

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

/* What stands in `old` for the member or element at which a walk is, and its name. */
static hb_json counterpart(hb_json old, hb_json_walk *in_old, const hb_json_walk *now, int l,
			   char name[40])
{
	if (now->has_keys)
		return hb_json_get(old, hb_json_word(now->key, name, 40));
	snprintf(name, 40, "layer %d", l);
	return hb_json_next(in_old) ? in_old->value : (hb_json){0};
}

/* BAD_SHAPE, naming the first value of two JSON texts that differs; `what` is the kind of thing that has them. */
static hebb_status compare(const hebb_checkpoint *c, const char *there, const char *here,
			   const char *what, hebb_error *error)
{
	hb_json old, now;
	char name[40], a[SHOWN], b[SHOWN];
	int l = 1;

	if (read_json(here, &now) || read_json(there, &old) == HEBB_NO_MEMORY)
		return hb_out_of_memory(error);
	if (hb_json_kind(old) != hb_json_kind(now))
		old = (hb_json){0};
	hb_json_walk in_old = hb_json_begin(old), walk = hb_json_begin(now);
	for (; hb_json_next(&walk); l++) {
		hb_json match = counterpart(old, &in_old, &walk, l, name);
		int same = hb_json_same(match, walk.value);
		if (same < 0)
			return hb_out_of_memory(error);
		if (!same)
			return hebb_fail(error, HEBB_BAD_SHAPE,
					 "%s is of another %s: %s is %s there and %s here", c->name,
					 what, name, show(match, a), show(walk.value, b));
	}
	if (hb_json_count(old) != hb_json_count(now))
		return hebb_fail(error, HEBB_BAD_SHAPE, "%s is of another %s, with %zu %s, not %zu",
				 c->name, what, hb_json_count(old),
				 walk.has_keys ? "values" : "layers", hb_json_count(now));
	return HEBB_OK;
}

static hebb_status check_arrays(const hebb_checkpoint *c, const hebb_trainer *trainer,
				hebb_error *error)
{
	int count = hebb_trainer_arrays(trainer), there = hebb_checkpoint_arrays(c, 0, NULL);

	for (int i = 0; i < count; i++) {
		hebb_array about;
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
		hebb_array about;
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

hebb_status hebb_checkpoint_restore(const hebb_checkpoint *c, hebb_trainer *trainer,
				    hebb_error *error)
{
	char *recipe, *network = NULL;
	hebb_status status;

	if (!c || !trainer)
		return hb_absent(c ? "the trainer" : "the checkpoint", error);
	recipe = recipe_text(hebb_trainer_recipe(trainer));
	status = hb_layers_format(hebb_trainer_net(trainer), &network, error);
	if (!status && !recipe)
		status = hb_out_of_memory(error);
	if (!status)
		status = compare(c, c->text[NETWORK], network, "network", error);
	if (!status)
		status = compare(c, c->text[RECIPE], recipe, "recipe", error);
	if (!status)
		status = check_arrays(c, trainer, error);
	if (!status)
		status = set_counters(c, trainer, error);
	if (!status)
		status = set_arrays(c, trainer, error);
	free(network);
	free(recipe);
	return status;
}
