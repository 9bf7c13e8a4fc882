/* SPDX-License-Identifier: MIT */
/*
 * job.c - the tables of a study, as the options of train name them
 */
#define _POSIX_C_SOURCE 200809L

#include "job.h"

#include <unistd.h>

#include "draw/terminal.h"

int machine_threads(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count < 1 ? 1 : (int)count;
}

/* Reads the table that a part is. */
static int read_part_file(hebb_part *which, hebb_header header, hebb_table **result)
{
	hebb_error error;

	if (which->kind != HEBB_PART_TABLE)
		return EXIT_DONE;
	*result = hebb_table_read(which->name, header, &error);
	which->table = *result;
	return *result ? EXIT_DONE : fail_error(NULL, &error);
}

/* Completes the options. */
static int complete(job *result)
{
	options *o = result->options;
	hebb_error error;

	if (options_complete(o, result->whole, &error) != HEBB_OK)
		return fail_error(NULL, &error);
	result->runs = o->study.folds ? o->study.folds : o->study.repeat;
	return EXIT_DONE;
}

/* Fits on every row and completes the options. */
static int settle(job *result)
{
	const hebb_table *table = result->table;
	options *o = result->options;
	hebb_error error;

	result->whole = hebb_study_coding(&o->study, &error);
	if (!result->whole)
		return fail_error(NULL, &error);
	int status = complete(result);
	if (table->test_from < table->rows && o->study.test.kind != HEBB_PART_OWN)
		note("the %lld test rows that came with %s are not used, because --test was given",
		     table->rows - table->test_from, table->name);
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
	result->table = hebb_table_read(given->operand[0], study->header, &error);
	if (!result->table)
		return fail_error(NULL, &error);
	study->table = result->table;
	status = settle(result);
	if (status == EXIT_DONE)
		status = read_part_file(&study->test, study->header, &result->test_table);
	if (status == EXIT_DONE)
		status = read_part_file(&study->validation, study->header,
					&result->validation_table);
	return status;
}

void job_close(job *done)
{
	hebb_coding_free(done->whole);
	hebb_table_free(done->table);
	hebb_table_free(done->test_table);
	hebb_table_free(done->validation_table);
}

/* Mentions columns that were given in vain. */
static void note_ignored(const hebb_dataset *data, const hebb_table *table)
{
	if (data && table && data->ignored > 0)
		note("%s: %d column%s that the network does not know %s ignored", table->name,
		     data->ignored, data->ignored == 1 ? "" : "s",
		     data->ignored == 1 ? "is" : "are");
}

/* What becomes of targets that are missing. */
static void note_gaps(const hebb_dataset *data, const char *where, const char *part)
{
	if (data && data->without_target > 0)
		note("%s: %lld %s rows have no target at all and are left out", where,
		     data->without_target, part);
	if (data && data->gaps > 0)
		note("%s: %lld targets are missing in the %lld %s rows; each row counts with those "
		     "that it has",
		     where, data->gaps, data->rows, part);
}

hebb_trial *job_trial(const job *from, uint64_t seed, int fold)
{
	hebb_error error;
	hebb_trial *run = hebb_trial_new(&from->options->study, seed, fold, &error);

	if (!run) {
		fail_error(NULL, &error);
		return NULL;
	}
	note_ignored(run->validation, from->validation_table);
	if (!from->quiet) {
		note_gaps(run->train, from->table->name, "training");
		note_gaps(run->validation, from->table->name, "validation");
		note_gaps(run->test, from->table->name, "test");
	}
	note_ignored(fold < 0 ? run->test : NULL, from->test_table);
	return run;
}

hebb_dataset *code_table(const hebb_coding *coding, const hebb_table *table, int with_targets)
{
	hebb_error error;
	hebb_dataset *data =
		hebb_coding_view(coding, table, with_targets, table->rows, NULL, &error);

	if (!data)
		fail_error(NULL, &error);
	note_ignored(data, table);
	note_gaps(data, table->name, "labelled");
	return data;
}
