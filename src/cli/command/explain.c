/* SPDX-License-Identifier: MIT */
/*
 * explain.c - hebb explain: which columns a model uses, and how
 *
 * Without an option, the importance of each column. Importance needs targets, the others do not.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "draw/json.h"
#include "draw/terminal.h"
#include "explain/explanation.h"
#include "file/figure_folder.h"
#include "file/files.h"
#include "file/missing.h"
#include "file/signals.h"
#include "file/tables.h"
#include "option/command_line.h"
#include "option/job.h"
#include "picture/activity.h"

/* ---- Progress ---- */

/* The callback of hebb_explain: 1 ends it. */
static int show_progress(void *self, double done)
{
	(void)self;
	hebb_meter_part(activity_meter(), done, 1, 1);
	return stop_asked();
}

/* ---- What is asked for ---- */

static int is_any_asked(const options *given)
{
	return given->dependence || given->shapley || given->gradients;
}

static int asks_importance(const options *given)
{
	return given->importance || !is_any_asked(given);
}

static void take_options(explanation *e)
{
	const options *given = e->given;
	int threads = given->study.threads;

	e->how = hebb_explain_default();
	e->how.seed = option_given(given, OPT_SEED) ? given->study.seed : e->how.seed;
	e->how.threads = threads < HEBB_MAX_THREADS ? threads : HEBB_MAX_THREADS;
	e->how.how = how_to_apply(given) & (HEBB_APPLY_STRICT | HEBB_APPLY_ANYWAY);
	e->how.progress = show_progress;
	if (option_given(given, OPT_ROWS))
		e->how.rows = given->rows;
	if (option_given(given, OPT_REPEAT))
		e->how.repeats = given->study.repeat;
	if (option_given(given, OPT_METRIC))
		e->how.metric = (hebb_metric)given->metric;
	if (option_given(given, OPT_GRID))
		e->how.points = given->grid;
	if (option_given(given, OPT_BACKGROUND))
		e->how.background = given->background;
	if (option_given(given, OPT_WALKS))
		e->how.walks = given->walks;
	if (option_given(given, OPT_STEPS))
		e->how.steps = given->steps;
	if (option_given(given, OPT_BASELINE))
		e->how.baseline = (hebb_baseline)given->baseline;
}

/* Notes options that change nothing. */
static void note_idle(const options *given)
{
	const struct {
		option_id id;
		const char *name;
		int is_used;
	} rows[] = {
		{OPT_REPEAT, "--repeat", asks_importance(given)},
		{OPT_METRIC, "--metric", asks_importance(given)},
		{OPT_GRID, "--grid", given->dependence != NULL},
		{OPT_BACKGROUND, "--background", given->shapley != NULL},
		{OPT_WALKS, "--walks", given->shapley != NULL},
		{OPT_STEPS, "--steps", given->gradients != NULL},
		{OPT_BASELINE, "--baseline", given->gradients != NULL},
		{OPT_OUTPUTS, "--outputs", is_any_asked(given)},
		{OPT_ROWS, "--rows", asks_importance(given) || given->dependence},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (option_given(given, rows[i].id) && !rows[i].is_used)
			note("%s changes nothing in what was asked for", rows[i].name);
}

/* The figures that will be written, as far as their names are known now. */
static int prepare_figures(const options *given)
{
	if (!given->figures)
		return EXIT_DONE;
	if (strcmp(given->figures, "-") == 0)
		return misuse("--figures", "the figures are several files, and standard output "
					   "takes one; name a folder");
	return figure_folder(given->figures);
}

/* ---- The whole ---- */

typedef struct explainer {
	int is_asked;
	int (*check)(explanation *e, const char *argument);
	int (*run)(explanation *e, const char *argument);
	const char *argument;
} explainer;

enum { EXPLAINERS = 4 };

static int explain_all(explanation *e)
{
	const options *given = e->given;
	const explainer list[EXPLAINERS] = {
		{asks_importance(given), check_importance, explain_importance, NULL},
		{given->dependence != NULL, check_dependence, explain_dependence,
		 given->dependence},
		{given->shapley != NULL, check_shapley, explain_shapley, given->shapley},
		{given->gradients != NULL, check_gradients, explain_gradients, given->gradients},
	};
	int status = EXIT_DONE;

	for (int i = 0; i < EXPLAINERS && status == EXIT_DONE; i++)
		if (list[i].is_asked)
			status = list[i].check(e, list[i].argument);
	for (int i = 0; i < EXPLAINERS && status == EXIT_DONE; i++)
		if (list[i].is_asked)
			status = list[i].run(e, list[i].argument);
	return status;
}

static int explain_model(explanation *e)
{
	int status = EXIT_DONE;

	take_options(e);
	if (e->given->outputs)
		status = find_outputs(e, e->given->outputs);
	if (status == EXIT_DONE)
		status = explain_all(e);
	if (status == EXIT_DONE && e->json) {
		json_t *all = e->json;

		e->json = NULL;
		return print_json(all);
	}
	if (status == EXIT_DONE && !is_quiet())
		print_next_explanations(stdout, e->given, e->next, has_targets(e));
	return status;
}

/* The rows of --part. */
static int find_part(explanation *e, hebb_parts *parts)
{
	hebb_error error;

	e->rows = e->table->rows;
	if (e->given->part != EVALUATE_TEST) {
		if (hebb_model_knows(e->model, e->table) && asks_importance(e->given))
			note("%s: the model was trained on rows of it; --part test looks only at "
			     "the rows held out",
			     e->table->name);
		return EXIT_DONE;
	}
	if (hebb_model_parts(e->model, e->table, parts, &error) != HEBB_OK)
		return fail_error("--part", &error);
	e->rows = parts->test;
	e->row = parts->row + parts->train + parts->validation;
	return EXIT_DONE;
}

static int explain(const options *given, const hebb_model *model, const hebb_table *table)
{
	explanation e = {.given = given, .model = model, .table = table};
	hebb_parts parts = {.row = NULL};
	int status = find_part(&e, &parts);

	e.json = given->json ? json_object() : NULL;
	if (status == EXIT_DONE)
		status = explain_model(&e);
	json_decref(e.json);
	free(parts.row);
	free(e.output);
	free(e.next);
	return status;
}

int run_explain(options *given)
{
	hebb_error error;
	hebb_model *model;
	hebb_table *table;
	int status;

	if (files_check(given) != EXIT_DONE)
		return EXIT_FAILED;
	status = prepare_figures(given);
	if (status != EXIT_DONE)
		return status;
	note_idle(given);
	model = hebb_model_read(given->operand[0], &error);
	table = model ? table_read_for(given->operand[1], &given->study, model, &error) : NULL;
	catch_signals();
	status = table ? explain(given, model, table)
		       : fail_read(given->operand[model != NULL], &error);
	hebb_table_free(table);
	hebb_model_free(model);
	pass_on_signal();
	return status;
}
