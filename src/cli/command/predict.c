/* SPDX-License-Identifier: MIT */
/*
 * predict.c - hebb predict: a row of output for each row of input, CSV on standard output
 *
 *     class,setosa,versicolor,virginica          MedHouseVal
 *     setosa,0.9981,0.0019,1.2e-09               2.31
 *
 * The header holds `class` and the classes, whose columns are the outputs of the network
 * (probabilities, after softmax), or the names of the numeric targets, in their units.  Where there
 * is no answer, since the coding drops a row for a missing value or the network overflows, it is
 * NaN, so that row i of the output always belongs to row i of the input.
 *
 * Names are data for programs, and go out as they are; only a terminal gets them escaped.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "file/files.h"
#include "hebb_advanced.h"
#include "option/job.h"
#include "draw/terminal.h"
#include "draw/unanswered.h"

enum { SLICE = 256 }; /* rows at once */

/* A field as RFC 4180 wants it: quoted if it holds a comma, a quote or a line break. */
static void print_quoted(const char *text)
{
	static int for_people = -1;
	int quoted = text[strcspn(text, ",\"\r\n")] != 0;
	char shown[HEBB_SHOWN_MOST];
	size_t left = strlen(text), bytes;

	if (for_people < 0)
		for_people = isatty(STDOUT_FILENO);
	if (quoted)
		putchar('"');
	for (; (bytes = hebb_show_character(text, left, shown)); text += bytes, left -= bytes) {
		if (*text == '"')
			putchar('"');
		if (for_people)
			fputs(shown, stdout);
		else
			fwrite(text, 1, bytes, stdout);
	}
	if (quoted)
		putchar('"');
}

static void print_head(const hebb_coding *coding, int classes_only)
{
	int classes = coding->task == HEBB_CLASSIFICATION;

	if (classes)
		fputs("class", stdout);
	for (int i = 0; i < coding->outputs && !(classes && classes_only); i++) {
		if (classes || i > 0)
			putchar(',');
		print_quoted(classes ? coding->targets[0].levels[i] : coding->targets[i].name);
	}
	putchar('\n');
}

static void print_number(float value)
{
	char text[32];

	fputs(isnan(value) ? "NaN" : hebb_format_float(value, text), stdout);
}

/* One row; h is NULL for a row without a prediction. */
static void print_row(const hebb_coding *coding, int classes_only, const float *h)
{
	int classes = coding->task == HEBB_CLASSIFICATION;

	if (classes && h && !hebb_is_answer(coding, h))
		h = NULL;
	if (classes && h)
		print_quoted(coding->targets[0].levels[hebb_largest(h, coding->outputs)]);
	else if (classes)
		fputs("NaN", stdout);
	for (int i = 0; i < coding->outputs && !(classes && classes_only); i++) {
		if (classes || i > 0)
			putchar(',');
		print_number(h ? hebb_in_units(coding, h, i) : NAN);
	}
	putchar('\n');
}

static int lost_output(void)
{
	return ferror(stdout) ? fail("standard output", "%s",
				     errno ? system_reason(errno) : "writing failed")
			      : EXIT_DONE;
}

/* x: room for the inputs of SLICE rows. */
static int print_all(const options *given, const hebb_model *model, const hebb_dataset *data,
		     const hebb_table *table, hebb_work *work, float *x)
{
	const hebb_coding *coding = model->coding;
	hebb_unanswered without = {.count = 0};
	long long printed = 0;

	errno = 0;
	print_head(coding, given->classes_only);
	for (long long from = 0; from < data->rows && !ferror(stdout); from += SLICE) {
		int slice = data->rows - from < SLICE ? (int)(data->rows - from) : SLICE;
		hebb_dataset_get(data, from, slice, x);
		const float *h = hebb_forward(work, slice, x);
		for (int i = 0; i < slice; i++, h += coding->outputs) {
			for (; printed < data->row[from + i]; printed++)
				print_row(coding, given->classes_only, NULL);
			print_row(coding, given->classes_only, h);
			if (!hebb_is_answer(coding, h))
				unanswered_add(&without, data->row[from + i]);
			printed++;
		}
	}
	for (; printed < table->rows && !ferror(stdout); printed++)
		print_row(coding, given->classes_only, NULL);
	unanswered_warn(&without, table, "it is NaN");
	return lost_output();
}

static int predict(const options *given, const hebb_model *model, const hebb_table *table)
{
	hebb_error error;
	hebb_dataset *data = code_table(model->coding, table, 0);
	hebb_work *work;
	float *x;
	int status;

	if (!data)
		return EXIT_FAILED;
	if (data->rows < table->rows)
		note("%s: %lld rows with missing values have no prediction", table->name,
		     table->rows - data->rows);
	work = hebb_work_new(model->net, SLICE, NULL, &error);
	x = malloc(sizeof *x * SLICE * (size_t)data->inputs);
	if (work && x)
		status = print_all(given, model, data, table, work, x);
	else
		status = work ? fail("prediction", "out of memory")
			      : fail_error("prediction", &error);
	free(x);
	hebb_work_free(work);
	hebb_dataset_free(data);
	return status;
}

int run_predict(options *given)
{
	hebb_error error;
	hebb_model *model;
	hebb_table *table;
	int status;

	if (files_check(given) != EXIT_DONE)
		return EXIT_FAILED;
	model = hebb_model_read(given->operand[0], &error);
	table = model ? hebb_table_read(given->operand[1], given->study.header, &error) : NULL;
	if (!table)
		status = fail_error(NULL, &error);
	else if (given->classes_only && model->coding->task == HEBB_REGRESSION)
		status = fail("--classes-only", "%s predicts numbers, not classes",
			      given->operand[0]);
	else
		status = predict(given, model, table);
	hebb_table_free(table);
	hebb_model_free(model);
	return status;
}
