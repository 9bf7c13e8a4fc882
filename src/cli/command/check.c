/* SPDX-License-Identifier: MIT */
/*
 * check.c - hebb check: is the gradient of this very network right, and will it learn
 *
 * Backpropagation is compared with central differences, both in double, and the float32 engine with
 * backpropagation in double, on a few rows from all over the training part, each with the targets
 * of the one before.  The bounds are those of the project's own tests.  What may keep the network
 * from learning is found by the doctor.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "draw/findings.h"
#include "file/files.h"
#include "option/job.h"
#include "draw/json.h"
#include "draw/terminal.h"

enum { ROWS_MOST = 16, SAMPLES_MOST = 1000, SAMPLES_LEAST = 10 };
static const double DIFFERENCES_MOST = 1e-7, ENGINE_MOST = 1e-4;
static const double OPERATIONS = 2e9; /* a few seconds of plain double arithmetic */

/* What a check came to. */
typedef struct checked {
	hebb_gradient_check gradient;
	int rows; /* of the gradient check */
	hebb_rehearsal trial;
	hebb_baselines beside;
	hebb_findings found;
	const hebb_table *table;
	int options; /* they were looked at, too */
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

/* Where units are saturated or a gradient vanishes, float32 has no digits of it left: that is the
 * network's fault, and found, but not backpropagation's. */
static int is_lost(const checked *result)
{
	return hebb_findings_have(&result->found, "vanishing_gradient") ||
	       hebb_findings_have(&result->found, "saturated_units");
}

static int is_right(const checked *result)
{
	return is_lost(result) || (result->gradient.differences <= DIFFERENCES_MOST &&
				   result->gradient.engine <= ENGINE_MOST);
}

/* ---- The report ---- */

static json_t *gradient_json(const checked *from)
{
	const hebb_gradient_check *result = &from->gradient;
	json_t *gradient = json_object();

	json_object_set_new(gradient, "max_error", number_json(result->max_error));
	json_object_set_new(gradient, "differences", number_json(result->differences));
	json_object_set_new(gradient, "engine", number_json(result->engine));
	json_object_set_new(gradient, "layer", json_integer(result->layer + 1));
	json_object_set_new(gradient, "checked", json_integer(result->checked));
	json_object_set_new(gradient, "rows", json_integer(from->rows));
	json_object_set_new(gradient, "ok", json_boolean(is_right(from)));
	return gradient;
}

static json_t *trial_json(const hebb_rehearsal *is)
{
	json_t *object = json_object();

	json_object_set_new(object, "updates", json_integer(is->updates));
	json_object_set_new(object, "batch", json_integer(is->rows));
	json_object_set_new(object, "cost_before", number_json(is->before));
	json_object_set_new(object, "cost_first", number_json(is->first));
	json_object_set_new(object, "cost_after", number_json(is->after));
	return object;
}

static json_t *baselines_json(const hebb_baselines *from)
{
	json_t *object = json_object();

	json_object_set_new(object, "train_rows", json_integer(from->train_rows));
	json_object_set_new(object, "test_rows", json_integer(from->test_rows));
	json_object_set_new(object, "nothing", number_json(from->nothing));
	json_object_set_new(object, "linear", number_json(from->linear));
	json_object_set_new(object, "neighbor", number_json(from->neighbor));
	json_object_set_new(object, "network", number_json(from->net));
	return object;
}

static json_t *report_json(const checked *result)
{
	json_t *object = json_object();

	json_object_set_new(object, "gradient_check", gradient_json(result));
	if (result->trial.updates > 0)
		json_object_set_new(object, "trial", trial_json(&result->trial));
	if (result->beside.test_rows > 0)
		json_object_set_new(object, "baselines", baselines_json(&result->beside));
	json_object_set_new(object, "findings", findings_json(&result->found));
	return object;
}

static const char *verdict(double error, double most, int lost)
{
	return error <= most ? "ok" : lost ? "lost in rounding" : "TOO LARGE";
}

static void print_gradient(const checked *from, const hebb_net *net)
{
	const hebb_gradient_check *result = &from->gradient;
	int rows = from->rows, lost = is_lost(from);
	char count[32], all[32];

	if (rows == 0) {
		printf("%sGradient%s not checked: the network overflows on every row\n",
		       bold(stdout), plain(stdout));
		return;
	}
	printf("%sGradient%s of %s of the %s parameters on %d row%s\n\n", bold(stdout),
	       plain(stdout), count_text(result->checked, count),
	       count_text(hebb_net_parameters(net), all), rows, rows == 1 ? "" : "s");
	printf("  %slargest relative error |g - g'| / (|g| + |g'|) of a layer%s\n", dim(stdout),
	       plain(stdout));
	printf("  backpropagation against central differences   %8.1e  (at most %.0e)  %s\n",
	       result->differences, DIFFERENCES_MOST,
	       verdict(result->differences, DIFFERENCES_MOST, lost));
	printf("  float32 engine against double precision       %8.1e  (at most %.0e)  %s\n",
	       result->engine, ENGINE_MOST, verdict(result->engine, ENGINE_MOST, lost));
}

static void print_baselines(const hebb_baselines *from, hebb_task task)
{
	int classes = task != HEBB_REGRESSION;
	const struct {
		const char *name;
		double value;
	} line[] = {{classes ? "always the largest class" : "always the mean", from->nothing},
		    {classes ? "logistic regression" : "linear regression", from->linear},
		    {"the nearest training row", from->neighbor},
		    {"this network", from->net}};
	char train[32], test[32];

	printf("\n%sBeside it%s: %s of %s test rows, from %s training rows\n\n", bold(stdout),
	       plain(stdout), classes ? "accuracy" : "r2", count_text(from->test_rows, test),
	       count_text(from->train_rows, train));
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

/* What was looked at without finding anything that may spoil the result. */
static void print_all_well(const checked *from)
{
	int updates = from->trial.updates;
	char rows[32], columns[32], last[64] = "", text[240];

	if (updates > 0)
		snprintf(last, sizeof last, ", the gradient and a trial of %d update%s", updates,
			 updates == 1 ? "" : "s");
	else
		snprintf(last, sizeof last, " and the gradient");
	snprintf(text, sizeof text, " was found: looked at %s rows, %s columns%s%s.",
		 count_text(from->table->rows, rows), count_text(from->table->columns, columns),
		 from->options ? ", the options" : "", last);
	printf("\n%sNothing wrong%s", bold(stdout), plain(stdout));
	print_words(stdout, text, 13, 0);
}

static void print_report(const checked *result, const hebb_net *net, hebb_task task)
{
	const hebb_rehearsal *is = &result->trial;

	print_gradient(result, net);
	if (is->updates > 0)
		printf("\n%sTrial%s of %d update%s of %d rows each\n\n"
		       "  cost %s, after the first %s, at the end %s\n",
		       bold(stdout), plain(stdout), is->updates, is->updates == 1 ? "" : "s",
		       is->rows, hebb_show_number(is->before, 4).text,
		       hebb_show_number(is->first, 4).text, hebb_show_number(is->after, 4).text);
	if (result->beside.test_rows > 0)
		print_baselines(&result->beside, task);
	if (result->found.count > 0)
		printf("\n%sFindings%s\n\n", bold(stdout), plain(stdout));
	findings_print(stdout, &result->found);
	if (is_right(result) && result->rows > 0 &&
	    hebb_findings_count(&result->found, HEBB_SEVERITY_WARNING) == 0)
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
		return fail("gradient check", "the error %.1e of layer %d is too large",
			    gradient->max_error, gradient->layer + 1);
	if (status == EXIT_DONE && hebb_findings_count(&result->found, HEBB_SEVERITY_ERROR) > 0)
		return fail("check", "training on this data fails; the findings say why");
	return status;
}

/* ---- The check ---- */

/* Puts the rows first on which the network has a gradient: values far from those of training
 * overflow.  Returns their number. */
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

/* The gradient on rows of which some may be too far out: these are left out. */
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

/* On rows from all over the data, each with the targets of the one before: a trained network has
 * nothing left to learn of its own, and of a gradient that small float32 keeps few digits. */
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

/* The network that `hebb train` would begin with. */
static int check_trial(const job *from, const hebb_trial *run, hebb_missing missing)
{
	const options *o = from->options;
	checked result = {.found = hebb_findings_default(), .table = from->table, .options = 1};
	int status = check_net(run->net, o->study.loss, run->train, &result);

	if (status != EXIT_DONE)
		return status;
	hebb_check_trial(run, missing, &result.found, &result.trial, &result.beside);
	return report(o, &result, run->net, run->coding->task);
}

static int check_data(options *given)
{
	hebb_missing asked = given->study.missing;
	hebb_trial *run = NULL;
	job from;
	int status;

	/* Missing values are a finding here, not the end of the check. */
	given->study.missing = asked == HEBB_MISSING_ERROR ? HEBB_MISSING_DROP : asked;
	status = job_open(given, &from);
	if (status == EXIT_DONE) {
		run = job_trial(&from, given->study.seed, -1);
		status = run ? check_trial(&from, run, asked) : EXIT_FAILED;
	}
	hebb_trial_free(run);
	job_close(&from);
	return status;
}

static int check_model(const options *given, const hebb_model *model)
{
	hebb_error error;
	hebb_table *table = hebb_table_read(given->operand[1], given->study.header, &error);
	hebb_dataset *data = table ? code_table(model->coding, table, 1) : NULL;
	checked result = {.found = hebb_findings_default(), .table = table};
	int status = EXIT_FAILED;

	if (!table)
		fail_error(NULL, &error);
	else if (data && data->rows == 0)
		fail(table->name, "no rows are left to check");
	else if (data)
		status = check_net(model->net, model->loss, data, &result);
	if (status == EXIT_DONE) {
		hebb_check_table(table, NULL, model->coding->missing, 1, &result.found);
		hebb_check_model(model, table, data, &result.beside, &result.found);
		status = report(given, &result, model->net, model->coding->task);
	}
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
	status = model ? check_model(given, model) : fail_error(NULL, &error);
	hebb_model_free(model);
	return status;
}
