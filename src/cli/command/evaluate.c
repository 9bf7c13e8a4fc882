/* SPDX-License-Identifier: MIT */
/*
 * evaluate.c - hebb evaluate: metrics of a model on labelled data
 *
 * The model's record has the fingerprint of its training data.  With it, --part test finds the rows
 * that were held out, and a warning says when a score includes rows of the training.
 */
#include <stdlib.h>

#include "draw/unanswered.h"
#include "draw/worst.h"
#include "commands.h"
#include "hebb_advanced.h"
#include "file/files.h"
#include "file/missing.h"
#include "file/tables.h"
#include "option/job.h"
#include "draw/drift.h"
#include "draw/json.h"
#include "draw/page_file.h"
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

/* The rows of --worst; without it an empty list. */
static int find_worst(const options *given, const hebb_model *model, const hebb_dataset *data,
		      hebb_worst *worst)
{
	hebb_error error;

	*worst = (hebb_worst){.count = 0};
	if (!option_given(given, OPT_WORST))
		return EXIT_DONE;
	return hebb_model_worst(model, data, given->worst, given->study.threads, worst, &error) ==
			       HEBB_OK
		       ? EXIT_DONE
		       : fail_error("--worst", &error);
}

/* What was measured. */
typedef struct evaluation {
	const options *given;
	const hebb_model *model;
	const hebb_table *table;
	const hebb_dataset *data;
	const hebb_drift *drift;
	hebb_score score;
	hebb_worst worst;
} evaluation;

static json_t *report_json(const evaluation *all)
{
	const hebb_coding *coding = all->model->coding;
	json_t *object = json_object();

	set_task(object, coding);
	json_object_set_new(object, "rows", json_integer(all->score.rows));
	score_json(&all->score, coding, object);
	if (all->score.task == HEBB_CLASSIFICATION) {
		json_object_set_new(object, "confusion", confusion_json(&all->score));
		json_object_set_new(object, "classes",
				    texts_json(all->score.classes, coding->targets[0].levels));
		json_object_set_new(object, "per_class", classes_json(&all->score, coding));
	}
	json_object_set_new(object, "outside", outside_json(coding, all->drift));
	json_object_set_new(object, "drift", drift_json(coding, all->drift));
	if (option_given(all->given, OPT_WORST))
		json_object_set_new(object, "worst", worst_json(&all->worst, coding, all->table));
	return object;
}

static void print_report(const evaluation *all)
{
	char text[200];

	printf("%s%s: %s%s\n", bold(stdout), hebb_show_count(all->score.rows, "row").text,
	       score_text(&all->score, text, sizeof text), plain(stdout));
	print_score(stdout, &all->score, all->model->coding);
	print_drift(stdout, all->model->coding, all->drift);
	if (option_given(all->given, OPT_WORST))
		print_worst(&all->worst, all->model->coding, all->table);
}

/* The page of --report. */
static int write_page(const evaluation *all)
{
	static hebb_findings findings; /* too large for some stacks */
	hebb_report page = hebb_report_default();
	hebb_baselines baselines;

	if (!all->given->report)
		return EXIT_DONE;
	findings = hebb_findings_default();
	hebb_check_model(all->model, all->table, all->data, all->given->study.threads, &baselines,
			 &findings);
	page.model = all->model;
	page.table = all->table;
	page.data = all->data;
	page.score = &all->score;
	page.seen = all->given->part == EVALUATE_ALL && hebb_model_knows(all->model, all->table);
	page.findings = &findings;
	return page_file_write(all->given, &page, report_json(all));
}

/* Scores the rows, and finds the worst ones. */
static int measure(evaluation *all)
{
	hebb_error error;

	if (find_worst(all->given, all->model, all->data, &all->worst) != EXIT_DONE)
		return EXIT_FAILED;
	activity_begin("scoring");
	hebb_status scored = hebb_score_dataset_metered(
		all->model->net, all->model->coding, all->model->loss, all->data, 1,
		all->given->study.threads, activity_meter(), &all->score, &error);
	activity_end();
	if (scored != HEBB_OK)
		return fail_error("evaluation", &error);
	unanswered_warn(&all->score.without, all->table, unanswered_counts(all->score.task));
	outside_note(all->model->coding, all->drift, all->table->name);
	return EXIT_DONE;
}

static int report(evaluation *all)
{
	int status = measure(all), page_status;

	if (status == EXIT_DONE && all->given->json)
		status = print_json(report_json(all));
	else if (status == EXIT_DONE)
		print_report(all);
	if (all->score.rows > 0) {
		page_status = write_page(all);
		status = status == EXIT_DONE ? page_status : status;
	}
	hebb_worst_free(&all->worst);
	hebb_score_free(&all->score);
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
		status = report(&(evaluation){.given = given,
					      .model = model,
					      .table = table,
					      .data = data,
					      .drift = drift});
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
