/* SPDX-License-Identifier: MIT */
/*
 * evaluate.c - hebb evaluate: metrics of a model on labelled data
 *
 * The model's record has the fingerprint of its training data.  With it, --part test finds the rows
 * that were held out, and a warning says when a score includes rows of the training.
 */
#include <stdlib.h>

#include "draw/unanswered.h"
#include "commands.h"
#include "hebb_advanced.h"
#include "file/files.h"
#include "file/missing.h"
#include "file/tables.h"
#include "option/job.h"
#include "draw/drift.h"
#include "draw/json.h"
#include "file/record.h"
#include "draw/score.h"
#include "draw/task_text.h"
#include "draw/terminal.h"
#include "picture/activity.h"

enum {
	PARTS_MOST = 64,   /* shared by the threads */
	ROWS_LEAST = 1024, /* of a part */
};

static void warn_if_seen(const hebb_model *model, const hebb_table *table)
{
	if (hebb_model_knows(model, table))
		warn("%s: the model was trained on rows of it, so these scores are too good; "
		     "--part test scores only the rows held out",
		     table->name);
}

static hebb_dataset *code_test_part(const hebb_model *model, const hebb_table *table, int how)
{
	hebb_parts parts = {.row = NULL};
	hebb_dataset *data = NULL;
	hebb_error error;

	if (hebb_model_parts(model, table, &parts, &error) != HEBB_OK) {
		fail_error("--part", &error);
		return NULL;
	}
	activity_begin("coding the rows");
	data = hebb_coding_view_metered(model->coding, table, how, parts.test,
					parts.row + parts.train + parts.validation,
					activity_meter(), &error);
	activity_end();
	if (!data)
		fail_error(NULL, &error);
	else
		note_coded(model->coding, data, table, parts.test, "test");
	free(parts.row);
	return data;
}

/* The rows, which parts of a pool count. */
typedef struct comparison {
	const hebb_dataset *data;
	hebb_limits *limits;
	hebb_pool *pool;
	int parts;
	hebb_drift *drift[PARTS_MOST];
} comparison;

/* A task of the pool. */
static void compare_part(void *self, int part, int parts)
{
	const comparison *all = self;
	long long first = all->data->rows * part / parts,
		  end = all->data->rows * (part + 1) / parts;

	hebb_drift_add_rows(all->drift[part], all->limits, end - first, all->data->row + first, 0);
}

/* 0 if something is missing. */
static int open_comparison(const hebb_coding *coding, const hebb_table *table, int threads,
			   comparison *all, hebb_error *error)
{
	all->limits = hebb_limits_new(coding, table, error);
	all->pool = all->limits ? hebb_pool_new(threads < PARTS_MOST ? threads : PARTS_MOST, NULL,
						error)
				: NULL;
	if (!all->pool)
		return 0;
	int parts = all->data->rows / ROWS_LEAST < PARTS_MOST
			    ? (int)(all->data->rows / ROWS_LEAST) + 1
			    : PARTS_MOST;
	for (; all->parts < parts; all->parts++)
		if (!(all->drift[all->parts] = hebb_drift_new(coding, error)))
			return 0;
	return 1;
}

/* Compares the rows with those of training; *drift stays NULL if the model does not know them. */
static int compare_rows(const hebb_coding *coding, const hebb_table *table,
			const hebb_dataset *data, int threads, hebb_drift **drift)
{
	comparison all = {.data = data};
	hebb_error error;

	*drift = NULL;
	if (!coding->seen)
		return EXIT_DONE;
	if (open_comparison(coding, table, threads, &all, &error)) {
		hebb_pool_run(all.pool, all.parts, compare_part, &all);
		for (int i = 1; i < all.parts; i++)
			hebb_drift_join(all.drift[0], all.drift[i]);
		*drift = all.drift[0];
		all.drift[0] = NULL;
	}
	for (int i = 0; i < all.parts; i++)
		hebb_drift_free(all.drift[i]);
	hebb_pool_free(all.pool);
	hebb_limits_free(all.limits);
	return *drift ? EXIT_DONE : fail_error(NULL, &error);
}

static int report(const options *given, const hebb_model *model, const hebb_table *table,
		  const hebb_dataset *data, const hebb_drift *drift)
{
	char text[200];
	hebb_error error;
	hebb_score result;
	int status = EXIT_DONE;

	activity_begin("scoring");
	hebb_status scored =
		hebb_score_dataset_metered(model->net, model->coding, model->loss, data, 1,
					   given->study.threads, activity_meter(), &result, &error);
	activity_end();
	if (scored != HEBB_OK)
		return fail_error("evaluation", &error);
	unanswered_warn(&result.without, table, unanswered_counts(result.task));
	outside_note(model->coding, drift, table->name);
	if (given->json) {
		json_t *object = json_object();
		set_task(object, model->coding);
		json_object_set_new(object, "rows", json_integer(result.rows));
		score_json(&result, model->coding, object);
		if (result.task == HEBB_CLASSIFICATION) {
			json_object_set_new(object, "confusion", confusion_json(&result));
			json_object_set_new(
				object, "classes",
				texts_json(result.classes, model->coding->targets[0].levels));
			json_object_set_new(object, "per_class",
					    classes_json(&result, model->coding));
		}
		json_object_set_new(object, "outside", outside_json(model->coding, drift));
		json_object_set_new(object, "drift", drift_json(model->coding, drift));
		status = print_json(object);
	} else {
		printf("%s%s: %s%s\n", bold(stdout), hebb_show_count(result.rows, "row").text,
		       score_text(&result, text, sizeof text), plain(stdout));
		print_score(stdout, &result, model->coding);
		print_drift(stdout, model->coding, drift);
	}
	hebb_score_free(&result);
	return status;
}

static int evaluate(const options *given, const hebb_model *model, const hebb_table *table)
{
	hebb_dataset *data;
	hebb_drift *drift = NULL;
	int status, how = HEBB_APPLY_TARGETS | how_to_apply(given);

	if (given->part == EVALUATE_ALL)
		warn_if_seen(model, table);
	data = given->part == EVALUATE_TEST ? code_test_part(model, table, how)
					    : code_table(model->coding, table, how);
	if (!data)
		return EXIT_FAILED;
	activity_begin("comparing with training");
	status = data->rows > 0
			 ? compare_rows(model->coding, table, data, given->study.threads, &drift)
			 : fail(table->name, "no rows are left to evaluate");
	activity_end();
	if (status == EXIT_DONE)
		status = report(given, model, table, data, drift);
	hebb_drift_free(drift);
	hebb_dataset_free(data);
	return status;
}

int run_evaluate(options *given)
{
	hebb_error error;
	hebb_model *model;
	hebb_table *table;
	int status;

	if (files_check(given) != EXIT_DONE)
		return EXIT_FAILED;
	model = hebb_model_read(given->operand[0], &error);
	table = model ? table_read_for(given->operand[1], &given->study, model, &error) : NULL;
	status = table ? evaluate(given, model, table)
		       : fail_read(given->operand[model != NULL], &error);
	hebb_table_free(table);
	hebb_model_free(model);
	return status;
}
