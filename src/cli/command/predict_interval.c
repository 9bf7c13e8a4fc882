/* SPDX-License-Identifier: MIT */
/*
 * predict_interval.c - intervals around predicted numbers and sets of classes, as parts of a line
 *
 *     price,price_low,price_high        class,no,maybe,yes,set
 *     231,198.5,263.5                   yes,0.03,0.42,0.55,maybe|yes
 *
 * The classes of a set stand in the order of the columns, with | between them; a | or a \ of a name
 * has a \ before it.
 */
#include "predict_interval.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw/terminal.h"

int intervals_open(const options *given, const hebb_model *model, intervals *result)
{
	int parts = model->conformal ? model->conformal->count : 1;
	hebb_error error;

	*result = (intervals){.model = NULL};
	if (!option_given(given, OPT_INTERVAL))
		return EXIT_DONE;
	result->threshold = malloc(sizeof *result->threshold * (size_t)parts);
	if (!result->threshold)
		return fail("--interval", "out of memory");
	if (hebb_model_thresholds(model, given->interval, result->threshold, &error) != HEBB_OK)
		return fail_error("--interval", &error);
	result->model = model;
	return EXIT_DONE;
}

void intervals_close(intervals *asked)
{
	free(asked->threshold);
}

/* ---- Names ---- */

/* Adds a comma and a field of three pieces. */
static void add_joined(const char *before, const char *name, const char *after, int for_people,
		       text *buffer)
{
	text whole = {.size = 0};

	text_put(&whole, before);
	text_put(&whole, name);
	text_put(&whole, after);
	text_add(&whole, "", 1);
	text_put(buffer, ",");
	if (!whole.failed)
		text_add_csv(buffer, whole.bytes, for_people);
	buffer->failed |= whole.failed;
	text_free(&whole);
}

void interval_head(const char *target, int for_people, text *buffer)
{
	add_joined("", target, "_low", for_people, buffer);
	add_joined("", target, "_high", for_people, buffer);
}

void sets_head(const intervals *asked, int for_people, text *buffer)
{
	const hebb_coding *coding = asked->model->coding;

	if (coding->task == HEBB_CLASSIFICATION)
		text_put(buffer, ",set");
	for (int i = 0; i < coding->outputs && coding->task == HEBB_LABELS; i++)
		add_joined("set(", coding->targets[i].name, ")", for_people, buffer);
}

/* ---- Numbers ---- */

/* Adds an end of an interval; JSON has no infinity. */
static void add_end(const intervals *asked, double end, int json, text *buffer)
{
	char number[32];

	if (isnan(end) || isinf(end))
		text_put(buffer, json ? "null" : isnan(end) ? "NaN" : end < 0 ? "-inf" : "inf");
	else if (asked->model->coding->exact_target_mean)
		text_put(buffer, hebb_format_double(end, number));
	else
		text_put(buffer, hebb_format_float((float)end, number));
}

static void find_ends(const intervals *asked, const float *h, int i, double *low, double *high)
{
	double value = h ? hebb_in_units(asked->model->coding, h, i) : (double)NAN;

	hebb_model_interval(asked->model, value, asked->threshold[i], low, high);
}

void interval_fields(const intervals *asked, const float *h, int i, text *buffer)
{
	double low, high;

	find_ends(asked, h, i, &low, &high);
	text_put(buffer, ",");
	add_end(asked, low, 0, buffer);
	text_put(buffer, ",");
	add_end(asked, high, 0, buffer);
}

void interval_list(const intervals *asked, const float *h, int i, text *buffer)
{
	double low, high;

	find_ends(asked, h, i, &low, &high);
	text_put(buffer, "[");
	add_end(asked, low, 1, buffer);
	text_put(buffer, ", ");
	add_end(asked, high, 1, buffer);
	text_put(buffer, "]");
}

/* ---- Sets ---- */

/* A set: hebb_class_set() one class after the other, as there may be thousands. */
typedef struct class_set {
	const float *p;
	float pair[2];
	int count, largest;
	float threshold;
	char **levels;
} class_set;

static void find_set(const intervals *asked, const float *h, int i, class_set *result)
{
	const hebb_coding *coding = asked->model->coding;
	int labels = coding->task == HEBB_LABELS;

	*result = (class_set){.count = labels ? 2 : coding->outputs,
			      .threshold = asked->threshold[i],
			      .levels = coding->targets[i].levels};
	result->pair[0] = 1 - h[i];
	result->pair[1] = h[i];
	result->p = labels ? result->pair : h;
	result->largest = hebb_largest(result->p, result->count);
}

static int is_in(const class_set *set, int k)
{
	return k == set->largest || hebb_class_score_of(set->p[k]) <= (double)set->threshold;
}

static void add_escaped(const char *name, text *buffer)
{
	for (; *name; name++) {
		if (*name == '|' || *name == '\\')
			text_put(buffer, "\\");
		text_add(buffer, name, 1);
	}
}

/* Whether there is an answer to make a set of. */
static int is_answer(const float *h, int i)
{
	return h && isfinite(h[i]);
}

void set_field(const intervals *asked, const float *h, int i, int for_people, text *buffer)
{
	class_set set;
	text field = {.size = 0};
	const char *gap = "";

	if (!is_answer(h, i)) {
		text_put(buffer, "NaN");
		return;
	}
	find_set(asked, h, i, &set);
	for (int k = 0; k < set.count; k++) {
		if (!is_in(&set, k))
			continue;
		text_put(&field, gap);
		add_escaped(set.levels[k], &field);
		gap = "|";
	}
	text_add(&field, "", 1);
	if (!field.failed)
		text_add_csv(buffer, field.bytes, for_people);
	buffer->failed |= field.failed;
	text_free(&field);
}

void set_list(const intervals *asked, const float *h, int i, text *buffer)
{
	class_set set;
	const char *gap = "[";

	if (!is_answer(h, i)) {
		text_put(buffer, "null");
		return;
	}
	find_set(asked, h, i, &set);
	for (int k = 0; k < set.count; k++) {
		if (!is_in(&set, k))
			continue;
		text_put(buffer, gap);
		text_add_json(buffer, set.levels[k]);
		gap = ", ";
	}
	text_put(buffer, "]");
}
