/* SPDX-License-Identifier: MIT */
/*
 * inspect_checkpoint.c - what is in a checkpoint
 */
#include "hebb_advanced.h"
#include "inspect_checkpoint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw/json.h"
#include "draw/terminal.h"

enum { LISTED = 12 };

static json_t *text_of(const hebb_checkpoint *c, const char *name)
{
	const char *text = hebb_checkpoint_text(c, name);
	json_t *json = text ? json_loads(text, 0, NULL) : NULL;

	return json ? json : json_null();
}

/* 0 for hebb 0.1.0, whose checkpoints do not contain the number. */
static json_t *format_json(const hebb_checkpoint *c)
{
	const char *text = hebb_checkpoint_text(c, "hebb_format");

	return json_integer(text ? atoi(text) : 0);
}

static json_t *checkpoint_json(const hebb_checkpoint *c)
{
	json_t *object = json_object(), *list = json_array();

	json_object_set_new(object, "kind", json_string("checkpoint"));
	json_object_set_new(object, "hebb", text_json(hebb_checkpoint_text(c, "hebb")));
	json_object_set_new(object, "format", format_json(c));
	json_object_set_new(object, "epochs", number_json(hebb_checkpoint_counter(c, "run.epoch")));
	json_object_set_new(object, "updates", number_json(hebb_checkpoint_counter(c, "updates")));
	json_object_set_new(object, "seconds",
			    number_json(hebb_checkpoint_counter(c, "run.seconds")));
	json_object_set_new(object, "layers", text_of(c, "network"));
	json_object_set_new(object, "recipe", text_of(c, "recipe"));
	json_object_set_new(object, "training", text_of(c, "record"));
	for (int i = 0; i < hebb_checkpoint_arrays(c, 0, NULL); i++) {
		json_t *one = json_object(), *shape = json_array();
		hebb_array about = hebb_array_default();

		hebb_checkpoint_arrays(c, i, &about);
		json_object_set_new(one, "name", text_json(about.name));
		json_array_append_new(shape, json_integer(about.rows));
		if (about.columns > 0)
			json_array_append_new(shape, json_integer(about.columns));
		json_object_set_new(one, "shape", shape);
		json_array_append_new(list, one);
	}
	json_object_set_new(object, "arrays", list);
	return object;
}

static void print_arrays(const hebb_checkpoint *c)
{
	int count = hebb_checkpoint_arrays(c, 0, NULL);
	char shape[40];

	printf("\n  %sarray                            shape%s\n", dim(stdout), plain(stdout));
	for (int i = 0; i < count && (count <= LISTED || i < LISTED - 1); i++) {
		hebb_array about = hebb_array_default();

		hebb_checkpoint_arrays(c, i, &about);
		snprintf(shape, sizeof shape, about.columns ? "%d x %d" : "%d", about.rows,
			 about.columns);
		printf("  ");
		print_field(stdout, about.name, -32);
		printf(" %s\n", shape);
	}
	if (count > LISTED)
		printf("  %s...  %d more arrays%s\n", dim(stdout), count - LISTED + 1,
		       plain(stdout));
}

static void print_checkpoint(const char *name, const hebb_checkpoint *c)
{
	json_t *record = text_of(c, "record"), *recipe = text_of(c, "recipe");
	const char *data = json_string_value(json_object_get(record, "data")),
		   *rule = json_string_value(json_object_get(recipe, "rule"));
	double epochs =
		json_number_value(json_object_get(json_object_get(record, "options"), "epochs"));
	double loss = hebb_checkpoint_counter(c, "run.loss");

	printf("%s", bold(stdout));
	print_field(stdout, name, 0);
	printf("%s: checkpoint of hebb ", plain(stdout));
	print_shown(stdout, hebb_checkpoint_text(c, "hebb"));
	if (data) {
		printf(", data ");
		print_field(stdout, data, 0);
	}
	printf("\n\n  %s", hebb_show_number(hebb_checkpoint_counter(c, "run.epoch"), 4).text);
	if (epochs > 0)
		printf(" of %s", hebb_show_number(epochs, 4).text);
	printf(" epochs complete, %s updates, %.1f s of training",
	       hebb_show_number(hebb_checkpoint_counter(c, "updates"), 4).text,
	       hebb_checkpoint_counter(c, "run.seconds"));
	if (isfinite(loss))
		printf(", loss %s", hebb_show_number(loss, 4).text);
	fputs("\n  optimizer ", stdout);
	print_shown(stdout, rule ? rule : "?");
	printf(", learning rate %s now\n",
	       hebb_show_number(hebb_checkpoint_counter(c, "rate"), 4).text);
	print_arrays(c);
	json_decref(record);
	json_decref(recipe);
}

int inspect_checkpoint(const options *given, const hebb_checkpoint *c)
{
	if (given->json)
		return print_json(checkpoint_json(c));
	print_checkpoint(given->operand[0], c);
	return EXIT_DONE;
}
