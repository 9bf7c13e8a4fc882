/* SPDX-License-Identifier: MIT */
/*
 * calibrated.c - the temperature and the scores for intervals, for people and as JSON
 */
#include "calibrated.h"

#include <math.h>
#include <stdio.h>

#include "json.h"
#include "terminal.h"

enum { PARTS = 4, TITLE = 11, TEXT_MOST = 600, FEW = 100 };

/* ---- Before training ---- */

/* The only class of the rows; -1: there are several. */
static int only_class(const hebb_dataset *data)
{
	int first = hebb_largest(data->y, data->outputs);

	for (long long row = 1; row < data->rows; row++)
		if (hebb_largest(data->y + row * data->outputs, data->outputs) != first)
			return -1;
	return first;
}

void calibration_announce(const options *o, const hebb_trial *run)
{
	const hebb_study *study = &o->study;
	const hebb_dataset *data = run->validation;
	const char *option = study->conformal ? "--conformal" : "--temperature";
	const char *are = data && data->rows == 1 ? "is" : "are";

	if (!(study->conformal || study->temperature) || study->folds || !data)
		return;
	if (!option_given(o, OPT_VALIDATION))
		inform("%s: %s, a fifth, %s held out for it, and %s not trained on; "
		       "--validation holds out others",
		       option, hebb_show_count(data->rows, "row").text, are, are);
	if (data->rows < FEW)
		warn("%s: %s say%s little; %d or more are better", option,
		     hebb_show_count(data->rows, "validation row").text, data->rows == 1 ? "s" : "",
		     FEW);
	int only = run->coding->task == HEBB_CLASSIFICATION ? only_class(data) : -1;
	if (only >= 0)
		warn("%s: all validation rows are of class '%s', so that they say nothing about "
		     "the others",
		     option, short_name(run->coding->targets[0].levels[only]));
}

/* ---- For people ---- */

char *tempered_text(const hebb_tempered *tempered, char *text, size_t size)
{
	hebb_counted rows = hebb_show_count(tempered->rows, "row");

	if (tempered->temperature == 1)
		snprintf(text, size,
			 "temperature 1: for %s no other has the least log loss, as "
			 "happens if all of them are right; log loss %s, calibration error %s",
			 rows.text, hebb_show_number(tempered->log_loss, 3).text,
			 hebb_show_number(tempered->ece, 3).text);
	else
		snprintf(text, size,
			 "temperature %s from %s: log loss %s, before %s; calibration error "
			 "%s, before %s",
			 hebb_show_number(tempered->temperature, 4).text, rows.text,
			 hebb_show_number(tempered->log_loss, 3).text,
			 hebb_show_number(tempered->log_loss_before, 3).text,
			 hebb_show_number(tempered->ece, 3).text,
			 hebb_show_number(tempered->ece_before, 3).text);
	return text;
}

/* "price -+ 1.23", "sets have 1.08 classes on average". */
static void part_text(const hebb_conformal *conformal, const hebb_coding *coding, int i, char *text,
		      size_t size)
{
	double width = (double)hebb_conformal_threshold(conformal, i, HEBB_CONFORMAL_LEVEL);
	double mean = conformal->part[i].mean_set;

	if (coding->task == HEBB_REGRESSION)
		snprintf(text, size, "%s -+ %s", short_name(coding->targets[i].name),
			 hebb_show_number(width, 4).text);
	else if (coding->task == HEBB_LABELS)
		snprintf(text, size, "sets of %s have %s value%s on average",
			 short_name(coding->targets[i].name), hebb_show_number(mean, 3).text,
			 mean == 1 ? "" : "s");
	else
		snprintf(text, size, "sets have %s class%s on average",
			 hebb_show_number(mean, 3).text, mean == 1 ? "" : "es");
}

char *conformal_text(const hebb_conformal *conformal, const hebb_coding *coding, char *text,
		     size_t size)
{
	long long rows = 0;
	size_t length;

	for (int i = 0; i < conformal->count; i++)
		rows = conformal->part[i].rows > rows ? conformal->part[i].rows : rows;
	length = (size_t)snprintf(text, size,
				  "%s%s; %.0f %%: ", hebb_show_count(rows, "calibration row").text,
				  conformal->folds ? " in folds" : "", 100 * HEBB_CONFORMAL_LEVEL);
	for (int i = 0; i < conformal->count && i < PARTS && length < size; i++) {
		char part[200];
		float width = hebb_conformal_threshold(conformal, i, HEBB_CONFORMAL_LEVEL);

		part_text(conformal, coding, i, part, sizeof part);
		length += (size_t)snprintf(text + length, size - length, "%s%s", i ? ", " : "",
					   isnan(width) ? "too few rows" : part);
	}
	if (conformal->count > PARTS && length < size)
		snprintf(text + length, size - length, " and %d more", conformal->count - PARTS);
	return text;
}

static void print_titled(FILE *out, const char *title, const char *text)
{
	fprintf(out, "%s%-*s%s", bold(out), TITLE, title, plain(out));
	print_words(out, text, TITLE, TITLE);
}

void calibrated_print(FILE *out, const hebb_trial *run)
{
	char text[TEXT_MOST];

	if (run->tempered.rows > 0)
		print_titled(out, "Calibrated", tempered_text(&run->tempered, text, sizeof text));
	if (run->conformal)
		print_titled(out, "Intervals",
			     conformal_text(run->conformal, run->coding, text, sizeof text));
}

/* ---- JSON ---- */

json_t *tempered_json(const hebb_tempered *tempered)
{
	json_t *object;

	if (tempered->rows == 0)
		return json_null();
	object = json_object();
	json_object_set_new(object, "value", number_json(tempered->temperature));
	json_object_set_new(object, "rows", json_integer(tempered->rows));
	json_object_set_new(object, "log_loss_before", number_json(tempered->log_loss_before));
	json_object_set_new(object, "log_loss", number_json(tempered->log_loss));
	json_object_set_new(object, "ece_before", number_json(tempered->ece_before));
	json_object_set_new(object, "ece", number_json(tempered->ece));
	return object;
}

static json_t *part_json(const hebb_conformal *conformal, const hebb_coding *coding, int i)
{
	float width = hebb_conformal_threshold(conformal, i, HEBB_CONFORMAL_LEVEL);
	json_t *object = json_object();

	json_object_set_new(object, "name", text_json(coding->targets[i].name));
	json_object_set_new(object, "rows", json_integer(conformal->part[i].rows));
	if (coding->task == HEBB_REGRESSION)
		json_object_set_new(object, "half_width", number_json((double)width));
	else
		json_object_set_new(object, "mean_set", number_json(conformal->part[i].mean_set));
	return object;
}

json_t *conformal_json(const hebb_conformal *conformal, const hebb_coding *coding)
{
	json_t *object, *list;

	if (!conformal)
		return json_null();
	object = json_object();
	list = json_array();
	for (int i = 0; i < conformal->count; i++)
		json_array_append_new(list, part_json(conformal, coding, i));
	json_object_set_new(object, "folds", json_integer(conformal->folds));
	json_object_set_new(object, "level", number_json(HEBB_CONFORMAL_LEVEL));
	json_object_set_new(object, "targets", list);
	return object;
}
