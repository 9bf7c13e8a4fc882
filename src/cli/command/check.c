/* SPDX-License-Identifier: MIT */
/*
 * check.c - hebb check: whether the gradient of this network is right, and whether it will learn
 *
 * It compares backpropagation with central differences, both in double, and the float32 engine with
 * backpropagation in double, on a few rows spread over the training part, each with the targets of
 * the row before.  The bounds are those of the project's own tests.  The doctor finds what may keep
 * the network from learning, and compares it with simple predictors. With --effort it says what
 * would be tried.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "draw/findings.h"
#include "file/files.h"
#include "file/missing.h"
#include "file/tables.h"
#include "option/job.h"
#include "draw/json.h"
#include "draw/terminal.h"
#include "picture/activity.h"

enum { ROWS_MOST = 16, SAMPLES_MOST = 1000, SAMPLES_LEAST = 10 };
static const double DIFFERENCES_MOST = 1e-7, ENGINE_MOST = 1e-4;
static const double OPERATIONS = 2e9; /* a few seconds of plain double arithmetic */

/* The results of a check. */
typedef struct checked {
	hebb_gradient_check gradient;
	int rows; /* of the gradient check */
	hebb_rehearsal trial;
	hebb_baselines baselines;
	hebb_findings findings;
	const hebb_table *table;
	int options;      /* 1 if the options were checked too */
	hebb_choice plan; /* of --effort; count 0: nothing is tried */
	double work;      /* in trainings with the defaults */
	const char *effort;
} checked;

/* As many parameters of a layer as a few seconds allow; the check takes rows x parameters for
 * each. */
static int affordable_samples(const hebb_net *net, int rows)
{
	double one = 2.0 * rows * (double)hebb_net_parameters(net) * hebb_net_layers(net);
	double samples = OPERATIONS / one;

	return samples > SAMPLES_MOST    ? SAMPLES_MOST
	       : samples < SAMPLES_LEAST ? SAMPLES_LEAST
					 : (int)samples;
}

/* Where units are saturated or the gradient vanishes, float32 rounds the gradient away. The network
 * is the cause, and a finding says so; backpropagation is not wrong. */
static int is_lost(const checked *result)
{
	return hebb_findings_have(&result->findings, "vanishing_gradient") ||
	       hebb_findings_have(&result->findings, "saturated_units");
}

static int is_right(const checked *result)
{
	return is_lost(result) || (result->gradient.differences <= DIFFERENCES_MOST &&
				   result->gradient.engine <= ENGINE_MOST);
}

/* ---- The report ---- */

static json_t *gradient_json(const checked *check)
{
	const hebb_gradient_check *result = &check->gradient;
	json_t *gradient = json_object();

	json_object_set_new(gradient, "max_error", number_json(result->max_error));
	json_object_set_new(gradient, "differences", number_json(result->differences));
	json_object_set_new(gradient, "engine", number_json(result->engine));
	json_object_set_new(gradient, "layer", json_integer(result->layer + 1));
	json_object_set_new(gradient, "checked", json_integer(result->checked));
	json_object_set_new(gradient, "rows", json_integer(check->rows));
	json_object_set_new(gradient, "ok", json_boolean(is_right(check)));
	return gradient;
}

static json_t *trial_json(const hebb_rehearsal *rehearsal)
{
	json_t *object = json_object();

	json_object_set_new(object, "updates", json_integer(rehearsal->updates));
	json_object_set_new(object, "batch", json_integer(rehearsal->rows));
	json_object_set_new(object, "cost_before", number_json(rehearsal->before));
	json_object_set_new(object, "cost_first", number_json(rehearsal->first));
	json_object_set_new(object, "cost_after", number_json(rehearsal->after));
	return object;
}

static json_t *baselines_json(const hebb_baselines *baselines)
{
	json_t *object = json_object();

	json_object_set_new(object, "train_rows", json_integer(baselines->train_rows));
	json_object_set_new(object, "test_rows", json_integer(baselines->test_rows));
	json_object_set_new(object, "nothing", number_json(baselines->nothing));
	json_object_set_new(object, "linear", number_json(baselines->linear));
	json_object_set_new(object, "neighbor", number_json(baselines->neighbor));
	json_object_set_new(object, "trees", number_json(baselines->trees));
	json_object_set_new(object, "network", number_json(baselines->net));
	return object;
}

/* About how long an effort takes; NaN: not known, as the network took too long to train here. */
static double plan_seconds(const checked *result)
{
	return result->baselines.seconds > 0 ? result->work * result->baselines.seconds
					     : (double)NAN;
}

/* {"effort": "good", "recipes": [...], "trainings": 11, "seconds": 2.3} */
static json_t *plan_json(const checked *result)
{
	json_t *object = json_object(), *list = json_array();

	for (int i = 0; i < result->plan.count; i++)
		json_array_append_new(list, json_string(result->plan.tried[i].recipe));
	json_object_set_new(object, "effort", json_string(result->effort));
	json_object_set_new(object, "recipes", list);
	json_object_set_new(object, "trainings", json_integer(result->plan.trainings));
	json_object_set_new(object, "seconds", number_json(plan_seconds(result)));
	return object;
}

static json_t *report_json(const checked *result)
{
	json_t *object = json_object();

	json_object_set_new(object, "gradient_check", gradient_json(result));
	if (result->trial.updates > 0)
		json_object_set_new(object, "trial", trial_json(&result->trial));
	if (result->baselines.test_rows > 0)
		json_object_set_new(object, "baselines", baselines_json(&result->baselines));
	if (result->plan.count > 0)
		json_object_set_new(object, "effort", plan_json(result));
	json_object_set_new(object, "findings", findings_json(&result->findings));
	return object;
}

static const char *verdict(double error, double most, int lost)
{
	return error <= most ? "ok" : lost ? "lost in rounding" : "TOO LARGE";
}

static void print_gradient(const checked *check, const hebb_net *net)
{
	const hebb_gradient_check *result = &check->gradient;
	int rows = check->rows, lost = is_lost(check);
	char count[32], all[32];

	if (rows == 0) {
		printf("%sGradient%s not checked: the network overflows on every row\n",
		       bold(stdout), plain(stdout));
		return;
	}
	printf("%sGradient%s of %s of the %s parameters on %s\n\n", bold(stdout), plain(stdout),
	       count_text(result->checked, count), count_text(hebb_net_parameters(net), all),
	       hebb_show_count(rows, "row").text);
	printf("  %slargest relative error |g - g'| / (|g| + |g'|) of a layer%s\n", dim(stdout),
	       plain(stdout));
	printf("  backpropagation against central differences   %8.1e  (at most %.0e)  %s\n",
	       result->differences, DIFFERENCES_MOST,
	       verdict(result->differences, DIFFERENCES_MOST, lost));
	printf("  float32 engine against double precision       %8.1e  (at most %.0e)  %s\n",
	       result->engine, ENGINE_MOST, verdict(result->engine, ENGINE_MOST, lost));
}

static void print_baselines(const hebb_baselines *baselines, hebb_task task)
{
	int classes = task != HEBB_REGRESSION;
	const struct {
		const char *name;
		double value;
	} line[] = {{classes ? "always the largest class" : "always the mean", baselines->nothing},
		    {classes ? "logistic regression" : "linear regression", baselines->linear},
		    {"the nearest training row", baselines->neighbor},
		    {"a forest of 30 trees", baselines->trees},
		    {baselines->seconds > 0 ? "this network, trained" : "this network",
		     baselines->net}};

	printf("\n%sBaselines%s: %s on %s, fitted to %s\n\n", bold(stdout), plain(stdout),
	       classes ? "accuracy" : "r2", hebb_show_count(baselines->test_rows, "test row").text,
	       hebb_show_count(baselines->train_rows, "training row").text);
	for (size_t i = 0; i < sizeof line / sizeof *line; i++) {
		if (isnan(line[i].value))
			continue;
		printf("  %-26s", line[i].name);
		if (classes)
			printf("%6.1f %%\n", 100 * line[i].value);
		else
			printf("%8.3f\n", 1 - line[i].value);
	}
}

/* Prints what --effort would try, and about how long that takes. */
static void print_plan(const checked *result)
{
	double seconds = plan_seconds(result);

	printf("\n%sEffort%s %s: %s in %s on parts of %s", bold(stdout), plain(stdout),
	       result->effort, hebb_show_count(result->plan.count, "recipe").text,
	       hebb_show_count(result->plan.trainings, "training").text,
	       hebb_show_count(result->plan.rows, "training row").text);
	if (isfinite(seconds))
		printf(", about %s s with the last training",
		       hebb_show_number(seconds, seconds < 10 ? 1 : 2).text);
	printf("\n\n");
	for (int i = 0; i < result->plan.count; i++)
		printf("  %s\n", result->plan.tried[i].recipe);
}

/* Prints what was checked if nothing may spoil the result. */
static void print_all_well(const checked *check)
{
	int updates = check->trial.updates;
	char last[96] = "", text[300];

	if (updates > 0)
		snprintf(last, sizeof last, ", the gradient and %s",
			 hebb_show_count(updates, "trial update").text);
	else
		snprintf(last, sizeof last, " and the gradient");
	snprintf(text, sizeof text, " was found in %s, %s%s%s.",
		 hebb_show_count(check->table->rows, "row").text,
		 hebb_show_count(check->table->columns, "column").text,
		 check->options ? ", the options" : "", last);
	printf("\n%sNothing wrong%s", bold(stdout), plain(stdout));
	print_words(stdout, text, 13, 0);
}

static void print_report(const checked *result, const hebb_net *net, hebb_task task)
{
	const hebb_rehearsal *rehearsal = &result->trial;

	print_gradient(result, net);
	if (rehearsal->updates > 0)
		printf("\n%sTrial%s of %s of %s each\n\n  cost %s before, %s after "
		       "the first update, %s at the end\n",
		       bold(stdout), plain(stdout),
		       hebb_show_count(rehearsal->updates, "update").text,
		       hebb_show_count(rehearsal->rows, "row").text,
		       hebb_show_number(rehearsal->before, 4).text,
		       hebb_show_number(rehearsal->first, 4).text,
		       hebb_show_number(rehearsal->after, 4).text);
	if (result->baselines.test_rows > 0)
		print_baselines(&result->baselines, task);
	if (result->plan.count > 0)
		print_plan(result);
	if (result->findings.count > 0)
		printf("\n%sFindings%s\n\n", bold(stdout), plain(stdout));
	findings_print(stdout, &result->findings);
	if (is_right(result) && result->rows > 0 &&
	    hebb_findings_count(&result->findings, HEBB_SEVERITY_WARNING) == 0)
		print_all_well(result);
}

static int report(const options *given, const checked *result, const hebb_net *net, hebb_task task)
{
	const hebb_gradient_check *gradient = &result->gradient;
	int status = EXIT_DONE;

	if (given->json)
		status = print_json(report_json(result));
	else
		print_report(result, net, task);
	if (status == EXIT_DONE && !is_right(result))
		return fail("gradient check",
			    "the relative error of layer %d is %.1e, which is too large",
			    gradient->layer + 1, gradient->max_error);
	if (status == EXIT_DONE && hebb_findings_count(&result->findings, HEBB_SEVERITY_ERROR) > 0)
		return fail("check", "training on this data would fail; the findings say why");
	return status;
}

/* ---- The check ---- */

/* Moves the rows with a finite gradient to the front and returns their number. Values far from the
 * training values overflow. */
static int keep_near(const hebb_net *net, hebb_loss loss, int rows, float *x, float *y)
{
	size_t inputs = (size_t)hebb_net_inputs(net), outputs = (size_t)hebb_net_outputs(net);
	int kept = 0;

	for (int i = 0; i < rows; i++) {
		float *from_x = x + (size_t)i * inputs, *from_y = y + (size_t)i * outputs;
		hebb_gradient_check one = hebb_gradient_check_default();

		if (hebb_check_gradient(net, loss, 1, from_x, from_y, 1, &one, NULL) != HEBB_OK ||
		    one.engine >= 1)
			continue;
		memmove(x + (size_t)kept * inputs, from_x, inputs * sizeof *x);
		memmove(y + (size_t)kept * outputs, from_y, outputs * sizeof *y);
		kept++;
	}
	return kept;
}

/* Checks the gradient without the rows on which it overflows. */
static hebb_status check_near(const hebb_net *net, hebb_loss loss, float *x, float *y,
			      checked *result, hebb_error *error)
{
	int samples = affordable_samples(net, result->rows);
	hebb_status status = hebb_check_gradient(net, loss, result->rows, x, y, samples,
						 &result->gradient, error);
	int near = result->rows, diverged = status == HEBB_DIVERGED;

	if (diverged || (status == HEBB_OK && result->gradient.engine >= 1))
		near = keep_near(net, loss, result->rows, x, y);
	if (near == result->rows || (near == 0 && !diverged))
		return status;
	result->rows = near;
	if (near == 0)
		return HEBB_OK;
	return hebb_check_gradient(net, loss, near, x, y, samples, &result->gradient, error);
}

/* Checks rows spread over the data, each with the targets of the row before. With its own targets a
 * trained network has a gradient so small that float32 keeps few digits. */
static int check_net(const hebb_net *net, hebb_loss loss, const hebb_dataset *data, checked *result)
{
	int rows = data->rows < ROWS_MOST ? (int)data->rows : ROWS_MOST;
	size_t inputs = (size_t)data->inputs, outputs = (size_t)data->outputs;
	hebb_error error;
	float *x = malloc(sizeof *x * (size_t)rows * inputs);
	float *y = malloc(sizeof *y * (size_t)rows * outputs);
	int status = x && y ? EXIT_DONE : fail("gradient check", "out of memory");

	for (int i = 0; i < rows && status == EXIT_DONE; i++) {
		long long row = i * data->rows / rows, next = (i + 1) % rows;

		hebb_dataset_get(data, row, 1, x + (size_t)i * inputs);
		memcpy(y + (size_t)next * outputs, data->y + (size_t)row * outputs,
		       outputs * sizeof *y);
	}
	result->rows = rows;
	result->gradient = hebb_gradient_check_default();
	result->gradient.gaps = data->gaps > 0;
	if (status == EXIT_DONE && check_near(net, loss, x, y, result, &error) != HEBB_OK)
		status = fail_error("gradient check", &error);
	free(x);
	free(y);
	return status;
}

/* Checks the untrained network of `hebb train`. */
static int check_trial(const job *setup, const hebb_trial *run, hebb_missing missing)
{
	const options *o = setup->options;
	checked result = {.findings = hebb_findings_default(), .table = setup->table, .options = 1};

	activity_begin("checking data, options and network");
	int status = check_net(run->net, o->study.loss, run->train, &result);
	if (status == EXIT_DONE)
		hebb_check_trial(run, missing, &result.findings, &result.trial, &result.baselines);
	activity_end();
	if (status != EXIT_DONE)
		return status;
	hebb_error error;
	if (hebb_study_plan(&o->study, o->study.seed, &result.plan, &result.work, &error) !=
	    HEBB_OK)
		return fail_error(NULL, &error);
	result.effort = hebb_effort_name(o->study.effort ? o->study.effort : HEBB_EFFORT_QUICK);
	status = report(o, &result, run->net, run->coding->task);
	hebb_choice_free(&result.plan);
	return status;
}

static int check_data(options *given)
{
	hebb_missing missing = given->study.missing;
	hebb_trial *run = NULL;
	job setup;
	int status;

	/* Missing values are a finding here and do not end the check. */
	given->study.missing = missing == HEBB_MISSING_ERROR ? HEBB_MISSING_DROP : missing;
	status = job_open(given, &setup);
	if (status == EXIT_DONE) {
		run = job_trial(&setup, given->study.seed, -1);
		if (run)
			job_note_trial(&setup, run, -1);
		status = run ? check_trial(&setup, run, missing) : EXIT_FAILED;
	}
	hebb_trial_free(run);
	job_close(&setup);
	return status;
}

static int check_model(const options *given, const hebb_model *model)
{
	hebb_error error;
	hebb_table *table = table_read_for(given->operand[1], &given->study, model, &error);
	hebb_dataset *data = table ? code_table(model->coding, table,
						HEBB_APPLY_TARGETS | threads_to_apply(given))
				   : NULL;
	checked result = {.findings = hebb_findings_default(), .table = table};
	int status = EXIT_FAILED;

	activity_begin("checking data and network");
	if (!table)
		fail_read(given->operand[1], &error);
	else if (data && data->rows == 0)
		fail(table->name, "no rows are left to check");
	else if (data)
		status = check_net(model->net, model->loss, data, &result);
	if (status == EXIT_DONE) {
		hebb_check_table(table, NULL, model->coding->missing, NULL, 1, &result.findings);
		hebb_check_model(model, table, data,
				 hebb_study_table_options(&given->study).threads, &result.baselines,
				 &result.findings);
	}
	activity_end();
	if (status == EXIT_DONE)
		status = report(given, &result, model->net, model->coding->task);
	hebb_dataset_free(data);
	hebb_table_free(table);
	return status;
}

int run_check(options *given)
{
	hebb_error error;
	hebb_model *model;
	int status;

	if (files_check(given) != EXIT_DONE)
		return EXIT_FAILED;
	if (given->operands == 1)
		return check_data(given);
	model = hebb_model_read(given->operand[0], &error);
	status = model ? check_model(given, model) : fail_read(given->operand[0], &error);
	hebb_model_free(model);
	return status;
}
