/* SPDX-License-Identifier: MIT */
/*
 * settings.c - the settings of a study in its record
 *
 * The names are those of the command's options, in their order, with _ for -.  What stands there is
 * what the command line would say.  The model's path and the number of threads change nothing and
 * are left out, so that equal runs have equal records.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "study.h"

/* The names of an enum as a function of int. */
#define NAMED(type) \
	static const char *type##_of(int value) \
	{ \
		return hebb_##type##_name((hebb_##type)value); \
	}
NAMED(activation)
NAMED(loss)
NAMED(start)
NAMED(norm)
NAMED(rule)
NAMED(schedule)
NAMED(weights)
NAMED(preset)
NAMED(precision)
NAMED(task)
NAMED(header)
NAMED(missing)

typedef enum value_kind { FLAG, COUNT, NUMBER, CHOICE, SEED, TEXT, LAYERS, PART } value_kind;

#define AT(field) offsetof(hebb_study, field)

static const struct setting {
	const char *name;
	value_kind kind;
	size_t field;
	const char *(*choice)(int value);
	const char *zero; /* of a COUNT: what 0 is called */
} settings[] = {
	{"layers", LAYERS, AT(units), NULL, NULL},
	{"activation", CHOICE, AT(activation), activation_of, NULL},
	{"output", CHOICE, AT(output), activation_of, NULL},
	{"loss", CHOICE, AT(loss), loss_of, NULL},
	{"init", CHOICE, AT(init), start_of, NULL},
	{"norm", CHOICE, AT(norm), norm_of, NULL},
	{"shortcuts", FLAG, AT(shortcuts), NULL, NULL},
	{"optimizer", CHOICE, AT(optimizer), rule_of, NULL},
	{"rate", NUMBER, AT(rate), NULL, NULL},
	{"schedule", CHOICE, AT(schedule), schedule_of, NULL},
	{"warmup", NUMBER, AT(warmup), NULL, NULL},
	{"decay", NUMBER, AT(decay), NULL, NULL},
	{"stages", COUNT, AT(stages), NULL, NULL},
	{"plateau", COUNT, AT(plateau), NULL, NULL},
	{"l1", NUMBER, AT(l1), NULL, NULL},
	{"l2", NUMBER, AT(l2), NULL, NULL},
	{"weight_decay", NUMBER, AT(weight_decay), NULL, NULL},
	{"dropout", NUMBER, AT(dropout), NULL, NULL},
	{"clip", NUMBER, AT(clip), NULL, NULL},
	{"max_norm", NUMBER, AT(max_norm), NULL, NULL},
	{"average", NUMBER, AT(average), NULL, NULL},
	{"average_from", NUMBER, AT(average_from), NULL, NULL},
	{"label_smoothing", NUMBER, AT(label_smoothing), NULL, NULL},
	{"class_weights", CHOICE, AT(class_weights), weights_of, NULL},
	{"batch", COUNT, AT(batch), NULL, "all"},
	{"accumulate", COUNT, AT(accumulate), NULL, NULL},
	{"in_order", FLAG, AT(in_order), NULL, NULL},
	{"epochs", COUNT, AT(epochs), NULL, NULL},
	{"patience", COUNT, AT(patience), NULL, NULL},
	{"augment", TEXT, AT(augment), NULL, NULL},
	{"time", NUMBER, AT(time), NULL, NULL},
	{"recipe", CHOICE, AT(recipe), preset_of, NULL},
	{"seed", SEED, AT(seed), NULL, NULL},
	{"precision", CHOICE, AT(precision), precision_of, NULL},
	{"target", TEXT, AT(target), NULL, NULL},
	{"labels", TEXT, AT(labels), NULL, NULL},
	{"task", CHOICE, AT(task), task_of, NULL},
	{"header", CHOICE, AT(header), header_of, NULL},
	{"missing", CHOICE, AT(missing), missing_of, NULL},
	{"test", PART, AT(test), NULL, NULL},
	{"validation", PART, AT(validation), NULL, NULL},
};

/* Writes the fewest of 15 digits, with a point in every locale. */
static void fraction_text(double fraction, char *text, size_t size)
{
	size_t to = 0;

	snprintf(text, size, "%.15g", fraction);
	for (size_t at = 0; text[at]; at++) {
		int known = strchr("0123456789e+-", text[at]) != NULL;

		if (known || to == 0 || text[to - 1] != '.')
			text[to++] = known ? text[at] : '.';
	}
	text[to] = '\0';
}

/* A part as the command's --test takes it. */
static json_t *part_json(const hebb_part *which)
{
	const char *name = which->name ? which->name : which->table ? which->table->name : "";
	char text[64];

	switch (which->kind) {
	case HEBB_PART_FRACTION:
		fraction_text(which->fraction, text, sizeof text);
		return json_string(text);
	case HEBB_PART_LAST:
		snprintf(text, sizeof text, "last:%lld", which->rows);
		return json_string(text);
	case HEBB_PART_TABLE:
		return hb_text_json(name);
	case HEBB_PART_OWN:
		return json_string("own");
	case HEBB_PART_NONE:
		break;
	}
	return json_string("0");
}

static json_t *layers_json(const hebb_study *study)
{
	json_t *list = json_array();

	for (int i = 0; i < study->hidden; i++)
		json_array_append_new(list, json_integer(study->units[i]));
	return list;
}

static json_t *value_json(const hebb_study *study, const struct setting *row)
{
	const void *field = (const char *)study + row->field;
	int integer = row->kind == FLAG || row->kind == COUNT || row->kind == CHOICE
			      ? *(const int *)field
			      : 0;

	switch (row->kind) {
	case COUNT:
		return row->zero && integer == 0 ? json_string(row->zero) : json_integer(integer);
	case NUMBER:
		return hb_number_json(*(const double *)field);
	case CHOICE:
		return integer ? json_string(row->choice(integer)) : json_null();
	case SEED:
		return hb_seed_json(*(const uint64_t *)field);
	case TEXT:
		return *(const char *const *)field ? hb_text_json(*(const char *const *)field)
						   : json_null();
	case LAYERS:
		return layers_json(study);
	case PART:
		return part_json(field);
	case FLAG:
		break;
	}
	return json_boolean(integer);
}

json_t *hb_settings_json(const hebb_study *study)
{
	json_t *object = json_object();

	size_t count = 0;

	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
		if (settings[i].field == AT(labels) && !study->labels) /* as older records are */
			continue;
		json_object_set_new(object, settings[i].name, value_json(study, &settings[i]));
		count++;
	}
	if (json_object_size(object) == count)
		return object;
	json_decref(object); /* without memory */
	return NULL;
}

char *hebb_study_settings(const hebb_study *study)
{
	return hb_json_line(hb_settings_json(study), 17);
}
