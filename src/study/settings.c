/* SPDX-License-Identifier: MIT */
/*
 * settings.c - the settings of a study in its record
 *
 * The names are those of the command's options, in their order, with _ for -.  The values are those
 * of the command line. The path of the model and the number of threads do not change the result and
 * are left out, so that equal runs have equal records. Settings of version 0.2 and later are left
 * out if they are not given, as the records of 0.1 lack them.
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
NAMED(graph)
NAMED(scaling)
NAMED(effort)
NAMED(target_transform)

typedef enum value_kind {
	FLAG,
	COUNT,
	NUMBER,
	CHOICE,
	SEED,
	TEXT,
	CHARACTER, /* as a text of one; null: none */
	LAYERS,
	PART
} value_kind;

#define AT(field) offsetof(hebb_study, field)

static const struct setting {
	const char *name;
	value_kind kind;
	size_t field;
	const char *(*choice)(int value);
	const char *zero; /* for a COUNT: the text for 0 */
	int since_2;      /* version 0.1 does not have it */
} settings[] = {
	{"effort", CHOICE, AT(effort), effort_of, NULL, 1},
	{"members", COUNT, AT(members), NULL, NULL, 1},
	{"layers", LAYERS, AT(units), NULL, NULL, 0},
	{"activation", CHOICE, AT(activation), activation_of, NULL, 0},
	{"output", CHOICE, AT(output), activation_of, NULL, 0},
	{"loss", CHOICE, AT(loss), loss_of, NULL, 0},
	{"init", CHOICE, AT(init), start_of, NULL, 0},
	{"norm", CHOICE, AT(norm), norm_of, NULL, 0},
	{"shortcuts", FLAG, AT(shortcuts), NULL, NULL, 0},
	{"optimizer", CHOICE, AT(optimizer), rule_of, NULL, 0},
	{"rate", NUMBER, AT(rate), NULL, NULL, 0},
	{"schedule", CHOICE, AT(schedule), schedule_of, NULL, 0},
	{"warmup", NUMBER, AT(warmup), NULL, NULL, 0},
	{"decay", NUMBER, AT(decay), NULL, NULL, 0},
	{"stages", COUNT, AT(stages), NULL, NULL, 0},
	{"plateau", COUNT, AT(plateau), NULL, NULL, 0},
	{"l1", NUMBER, AT(l1), NULL, NULL, 0},
	{"l2", NUMBER, AT(l2), NULL, NULL, 0},
	{"weight_decay", NUMBER, AT(weight_decay), NULL, NULL, 0},
	{"dropout", NUMBER, AT(dropout), NULL, NULL, 0},
	{"clip", NUMBER, AT(clip), NULL, NULL, 0},
	{"max_norm", NUMBER, AT(max_norm), NULL, NULL, 0},
	{"average", NUMBER, AT(average), NULL, NULL, 0},
	{"average_from", NUMBER, AT(average_from), NULL, NULL, 0},
	{"label_smoothing", NUMBER, AT(label_smoothing), NULL, NULL, 0},
	{"class_weights", CHOICE, AT(class_weights), weights_of, NULL, 0},
	{"batch", COUNT, AT(batch), NULL, "all", 0},
	{"accumulate", COUNT, AT(accumulate), NULL, NULL, 0},
	{"in_order", FLAG, AT(in_order), NULL, NULL, 0},
	{"epochs", COUNT, AT(epochs), NULL, NULL, 0},
	{"patience", COUNT, AT(patience), NULL, NULL, 0},
	{"augment", TEXT, AT(augment), NULL, NULL, 0},
	{"time", NUMBER, AT(time), NULL, NULL, 0},
	{"recipe", CHOICE, AT(recipe), preset_of, NULL, 0},
	{"seed", SEED, AT(seed), NULL, NULL, 0},
	{"precision", CHOICE, AT(precision), precision_of, NULL, 0},
	{"target", TEXT, AT(target), NULL, NULL, 0},
	{"labels", TEXT, AT(labels), NULL, NULL, 1},
	{"task", CHOICE, AT(task), task_of, NULL, 0},
	{"ignore", TEXT, AT(ignore), NULL, NULL, 1},
	{"inputs", TEXT, AT(input_columns), NULL, NULL, 1},
	{"weight", TEXT, AT(weight), NULL, NULL, 1},
	{"group", TEXT, AT(group), NULL, NULL, 1},
	{"time_column", TEXT, AT(time_column), NULL, NULL, 1},
	{"header", CHOICE, AT(header), header_of, NULL, 0},
	{"decimal", CHARACTER, AT(decimal), NULL, NULL, 1},
	{"thousands", CHARACTER, AT(thousands), NULL, NULL, 1},
	{"na", TEXT, AT(na), NULL, NULL, 1},
	{"text", TEXT, AT(text_columns), NULL, NULL, 1},
	{"numeric", TEXT, AT(numeric_columns), NULL, NULL, 1},
	{"encoding", TEXT, AT(encoding), NULL, NULL, 1},
	{"skip", COUNT, AT(skip), NULL, NULL, 1},
	{"separator", CHARACTER, AT(separator), NULL, NULL, 1},
	{"missing", CHOICE, AT(missing), missing_of, NULL, 0},
	{"scaling", CHOICE, AT(scaling), scaling_of, NULL, 1},
	{"bins", COUNT, AT(bins), NULL, NULL, 1},
	{"target_transform", CHOICE, AT(target_transform), target_transform_of, NULL, 1},
	{"graph", CHOICE, AT(graph), graph_of, NULL, 1},
	{"test", PART, AT(test), NULL, NULL, 0},
	{"validation", PART, AT(validation), NULL, NULL, 0},
	{"conformal", FLAG, AT(conformal), NULL, NULL, 1},
	{"temperature", FLAG, AT(temperature), NULL, NULL, 1},
};

/* Writes the fewest of 15 digits, with a point in every locale. */
static void fraction_text(double fraction, char *text, size_t size)
{
	size_t length = 0;

	snprintf(text, size, "%.15g", fraction);
	for (size_t i = 0; text[i]; i++) {
		int is_digit = strchr("0123456789e+-", text[i]) != NULL;

		if (is_digit || length == 0 || text[length - 1] != '.')
			text[length++] = is_digit ? text[i] : '.';
	}
	text[length] = '\0';
}

/* A part as the command's --test takes it. */
static json_t *part_json(const hebb_part *part)
{
	const char *name = part->name ? part->name : part->table ? part->table->name : "";
	char text[64];

	switch (part->kind) {
	case HEBB_PART_FRACTION:
		fraction_text(part->fraction, text, sizeof text);
		return json_string(text);
	case HEBB_PART_LAST:
		snprintf(text, sizeof text, "last:%lld", part->rows);
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

static json_t *character_json(char character)
{
	const char text[] = {character, '\0'};

	return character ? hb_text_json(text) : json_null();
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
	case CHARACTER:
		return character_json(*(const char *)field);
	case LAYERS:
		return layers_json(study);
	case PART:
		return part_json(field);
	case FLAG:
		break;
	}
	return json_boolean(integer);
}

/* Whether a value is what stands where nothing was given: null, false or 0. */
static int is_nothing(const json_t *value)
{
	return json_is_null(value) || json_is_false(value) ||
	       (json_is_integer(value) && json_integer_value(value) == 0);
}

json_t *hb_settings_json(const hebb_study *study)
{
	json_t *object = json_object();
	size_t count = 0;

	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
		json_t *value = value_json(study, &settings[i]);

		if (settings[i].since_2 && is_nothing(value)) {
			json_decref(value);
			continue;
		}
		json_object_set_new(object, settings[i].name, value);
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
