/* SPDX-License-Identifier: MIT */
/*
 * job.c - the tables of a study, as the options of train name them
 */
#define _POSIX_C_SOURCE 200809L

#include "job.h"

#include <stdlib.h>
#include <unistd.h>

#include "draw/terminal.h"
#include "draw/unlike.h"
#include "file/missing.h"
#include "file/tables.h"
#include "picture/activity.h"
#include "picture/canvas.h"

int machine_threads(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count < 1 ? 1 : (int)count;
}

/* Reads the table of a part, if the part is a file. */
static int read_part_file(hebb_part *which, const job *setup, hebb_table **result)
{
	hebb_table_options how = hebb_study_table_options(&setup->options->study);
	hebb_error error;

	if (which->kind != HEBB_PART_TABLE)
		return EXIT_DONE;
	how.coding = setup->coding;
	*result = table_read(which->name, &how, &error);
	which->table = *result;
	return *result ? EXIT_DONE : fail_read(which->name, &error);
}

/* Completes the options. */
static int complete(job *result)
{
	options *o = result->options;
	hebb_error error;

	if (options_complete(o, result->coding, &error) != HEBB_OK)
		return fail_error(NULL, &error);
	result->runs = o->study.folds ? o->study.folds : o->study.repeat;
	return EXIT_DONE;
}

/* Fits on every row and completes the options. */
static int settle(job *result)
{
	const hebb_table *table = result->table;
	options *o = result->options;
	long long own = table->rows - table->test_from;
	hebb_error error;

	activity_begin("looking at the columns");
	result->coding = hebb_study_coding(&o->study, &error);
	activity_end();
	if (!result->coding)
		return fail_error(NULL, &error);
	int status = complete(result);
	if (own > 0 && o->study.test.kind != HEBB_PART_OWN)
		note("the %s that came with %s %s not used, because --test was given",
		     hebb_show_count(own, "test row").text, table->name, own == 1 ? "is" : "are");
	return status;
}

int job_vary(const job *base, options *given, job *result)
{
	*result = *base;
	result->options = given;
	return complete(result);
}

int job_open(options *given, job *result)
{
	hebb_study *study = &given->study;
	hebb_error error;
	int status;

	*result = (job){.options = given};
	if (given->plot && !canvas_style_known())
		return fail("HEBB_PLOT", "'%s' is none of auto, braille, blocks and ascii",
			    getenv("HEBB_PLOT"));
	if (given->plot && !(result->curves = curves_new()))
		return fail(NULL, "out of memory");
	hebb_table_options how = hebb_study_table_options(study);
	result->table = table_read(given->operand[0], &how, &error);
	if (!result->table)
		return fail_read(given->operand[0], &error);
	study->table = result->table;
	status = settle(result);
	if (status == EXIT_DONE)
		status = read_part_file(&study->test, result, &result->test_table);
	if (status == EXIT_DONE)
		status = read_part_file(&study->validation, result, &result->validation_table);
	return status;
}

void job_close(job *setup)
{
	curves_free(setup->curves);
	hebb_calibration_free(setup->calibration);
	hebb_coding_free(setup->coding);
	hebb_table_free(setup->table);
	hebb_table_free(setup->test_table);
	hebb_table_free(setup->validation_table);
}

void note_ignored(const hebb_coding *coding, const hebb_dataset *data, const hebb_table *table)
{
	int left_out = coding->columns - coding->input_count - coding->target_count;

	if (data && table && data->ignored > left_out)
		note("%s: %s that the network does not use %s ignored", table->name,
		     hebb_show_count(data->ignored, "column").text,
		     data->ignored == 1 ? "is" : "are");
}

/* Notes what becomes of missing targets in rows of a table. */
static void note_gaps(const hebb_dataset *data, const hebb_table *table, const char *part)
{
	char rows[32];

	snprintf(rows, sizeof rows, "%s row", part);
	if (data && data->without_target > 0)
		note("%s: %s %s no target and %s left out", table->name,
		     hebb_show_count(data->without_target, rows).text,
		     data->without_target == 1 ? "has" : "have",
		     data->without_target == 1 ? "is" : "are");
	if (data && data->gaps > 0)
		note("%s: %s %s missing in the %s; each row counts with those that it has",
		     table->name, hebb_show_count(data->gaps, "target").text,
		     data->gaps == 1 ? "is" : "are", hebb_show_count(data->rows, rows).text);
}

/* Notes how many rows have a class that training did not have. */
static void note_unseen(long long rows, const hebb_table *table, const char *consequence)
{
	if (rows > 0)
		note("%s: %s %s a class that was not there in training; %s", table->name,
		     hebb_show_count(rows, "row").text, rows == 1 ? "has" : "have", consequence);
}

void note_coded(const hebb_coding *coding, const hebb_dataset *data, const hebb_table *table,
		long long rows, const char *what)
{
	note_ignored(coding, data, table);
	note_gaps(data, table, what);
	note_unseen(data->unseen, table, "this counts as wrong");
	unlike_note(coding, table->name, rows, data->unlike);
}

/* Notes what is left out of a part that is `given` rows of the study's table. */
static void note_part(const hebb_dataset *data, long long given, const hebb_table *table,
		      const char *part)
{
	long long dropped = data ? given - data->rows - data->without_target : 0;
	char rows[32];

	snprintf(rows, sizeof rows, "%s row", part);
	note_gaps(data, table, part);
	if (dropped > 0)
		note("%s: %s %s missing values and %s left out (--missing drop)", table->name,
		     hebb_show_count(dropped, rows).text, dropped == 1 ? "has" : "have",
		     dropped == 1 ? "is" : "are");
}

hebb_trial *job_trial(const job *setup, uint64_t seed, int fold)
{
	hebb_study *study = &setup->options->study;
	hebb_error error;

	activity_begin("coding the rows");
	study->meter = activity_meter();
	hebb_trial *run = hebb_trial_new(study, seed, fold, &error);
	study->meter = NULL;
	activity_end();
	if (!run)
		fail_error(NULL, &error);
	return run;
}

void job_note_trial(const job *setup, const hebb_trial *run, int fold)
{
	const hebb_table *test_file = fold < 0 ? setup->test_table : NULL,
			 *validation_file = setup->validation_table;

	note_gaps(run->train, setup->table, "training");
	gaps_note(run->coding, setup->table->name, run->train);
	if (!validation_file)
		note_part(run->validation, run->parts.validation - run->unseen, setup->table,
			  "validation");
	if (!test_file)
		note_part(run->test, run->parts.test, setup->table, "test");
	if (validation_file)
		note_coded(run->coding, run->validation, validation_file, validation_file->rows,
			   "validation");
	if (validation_file)
		note_unseen(run->unseen, validation_file, "they are left out of the validation");
	if (test_file && run->test)
		note_coded(run->coding, run->test, test_file, test_file->rows, "test");
}

hebb_dataset *code_table(const hebb_coding *coding, const hebb_table *table, int how)
{
	hebb_error error;

	activity_begin("coding the rows");
	hebb_dataset *data = hebb_coding_view_metered(coding, table, how, table->rows, NULL,
						      activity_meter(), &error);
	activity_end();
	if (!data)
		fail_error(NULL, &error);
	else
		note_coded(coding, data, table, table->rows, "labelled");
	return data;
}

int threads_to_apply(const options *given)
{
	return HEBB_APPLY_THREADS(hebb_study_table_options(&given->study).threads);
}

int how_to_apply(const options *given)
{
	return threads_to_apply(given) | (given->strict ? HEBB_APPLY_STRICT : 0) |
	       (option_given(given, OPT_MISSING) ? HEBB_APPLY_ANYWAY : 0);
}
