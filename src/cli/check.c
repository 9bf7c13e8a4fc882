/* SPDX-License-Identifier: MIT */
/*
 * check.c - hebb check: is the gradient of this very network right, and what is odd about the data
 *
 * Backpropagation is compared with central differences, both in double, and the float32 engine with
 * backpropagation in double, on the first rows of the training part.  The bounds are those of the
 * project's own tests.
 */
#include <stdlib.h>
#include <string.h>

#include "columns.h"
#include "commands.h"
#include "job.h"
#include "json.h"
#include "source.h"
#include "terminal.h"

enum { ROWS_MOST = 16, SAMPLES_MOST = 1000, SAMPLES_LEAST = 10 };
static const double DIFFERENCES_MOST = 1e-7, ENGINE_MOST = 1e-4;
static const double OPERATIONS = 2e9; /* a few seconds of plain double arithmetic */

typedef struct finding {
	const char *code, *severity, *advice;
	char message[200];
} finding;

typedef struct findings {
	int count, errors;
	finding list[2];
} findings;

/* Adds a finding whose message is still to be written. */
static finding *add_finding(findings *to, const char *code, const char *severity,
			    const char *advice)
{
	finding *added = &to->list[to->count++];

	*added = (finding){.code = code, .severity = severity, .advice = advice};
	to->errors += strcmp(severity, "error") == 0;
	return added;
}

/* What can be told of the columns for certain. */
static int look_at_columns(const hebb_table *table, hebb_missing missing, findings *found)
{
	column_facts *facts = column_facts_of(table);
	int constant = 0, first = 0, lacking = 0;
	long long values = 0;

	if (!facts)
		return fail(table->name, "out of memory");
	for (int i = table->columns - 1; i >= 0; i--) {
		constant += facts[i].constant;
		first = facts[i].constant ? i : first;
		lacking += table->column[i].missing > 0;
		values += table->column[i].missing;
	}
	if (constant > 0)
		snprintf(add_finding(found, "constant_inputs", "info",
				     "they become 0 and do no harm")
				 ->message,
			 200, "%d of %d columns never change, %.60s first", constant,
			 table->columns, table->column[first].name);
	if (lacking > 0 && missing == HEBB_MISSING_ERROR)
		snprintf(add_finding(found, "missing_values", "error",
				     "use --missing mean or --missing drop")
				 ->message,
			 200, "%lld values are missing, in %d columns", values, lacking);
	else if (lacking > 0)
		snprintf(add_finding(found, "missing_values", "info", "nothing")->message, 200,
			 "%lld values are missing, in %d columns", values, lacking);
	free(facts);
	return EXIT_DONE;
}

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

static int is_right(const hebb_gradient_check *result)
{
	return result->differences <= DIFFERENCES_MOST && result->engine <= ENGINE_MOST;
}

static json_t *report_json(const hebb_gradient_check *result, int rows, const findings *found)
{
	json_t *object = json_object(), *gradient = json_object(), *list = json_array();

	json_object_set_new(gradient, "max_error", number_json(result->max_error));
	json_object_set_new(gradient, "differences", number_json(result->differences));
	json_object_set_new(gradient, "engine", number_json(result->engine));
	json_object_set_new(gradient, "layer", json_integer(result->layer + 1));
	json_object_set_new(gradient, "checked", json_integer(result->checked));
	json_object_set_new(gradient, "rows", json_integer(rows));
	json_object_set_new(gradient, "ok", json_boolean(is_right(result)));
	json_object_set_new(object, "gradient_check", gradient);
	for (int i = 0; i < found->count; i++) {
		json_t *one = json_object();
		json_object_set_new(one, "code", json_string(found->list[i].code));
		json_object_set_new(one, "severity", json_string(found->list[i].severity));
		json_object_set_new(one, "message", text_json(found->list[i].message));
		json_object_set_new(one, "advice", json_string(found->list[i].advice));
		json_array_append_new(list, one);
	}
	json_object_set_new(object, "findings", list);
	return object;
}

static const char *verdict(int right)
{
	return right ? "ok" : "TOO LARGE";
}

static void print_report(const hebb_gradient_check *result, const hebb_net *net, int rows,
			 const findings *found)
{
	char count[32], all[32];

	printf("%sGradient%s of %s of the %s parameters on %d row%s\n\n", bold(stdout),
	       plain(stdout), count_text(result->checked, count),
	       count_text(hebb_net_parameters(net), all), rows, rows == 1 ? "" : "s");
	printf("  %slargest relative error |g - g'| / (|g| + |g'|) of a layer%s\n", dim(stdout),
	       plain(stdout));
	printf("  backpropagation against central differences   %8.1e  (at most %.0e)  %s\n",
	       result->differences, DIFFERENCES_MOST,
	       verdict(result->differences <= DIFFERENCES_MOST));
	printf("  float32 engine against double precision       %8.1e  (at most %.0e)  %s\n",
	       result->engine, ENGINE_MOST, verdict(result->engine <= ENGINE_MOST));
	if (found->count > 0)
		printf("\n%sFindings%s\n\n", bold(stdout), plain(stdout));
	for (int i = 0; i < found->count; i++) {
		printf("  %-8s %s: ", found->list[i].severity, found->list[i].code);
		print_field(stdout, found->list[i].message, 0);
		printf("\n           %s%s%s\n", dim(stdout), found->list[i].advice, plain(stdout));
	}
}

static int check_net(const options *given, const hebb_net *net, hebb_loss loss,
		     const hebb_dataset *data, const findings *found)
{
	int rows = data->rows < ROWS_MOST ? (int)data->rows : ROWS_MOST;
	hebb_gradient_check result;
	hebb_error error;
	float *x = malloc(sizeof *x * (size_t)rows * (size_t)data->inputs);
	int status = EXIT_DONE;

	if (!x)
		return fail("gradient check", "out of memory");
	hebb_dataset_get(data, 0, rows, x);
	if (hebb_check_gradient(net, loss, rows, x, data->y, affordable_samples(net, rows), &result,
				&error) != HEBB_OK)
		status = fail_error("gradient check", &error);
	free(x);
	if (status != EXIT_DONE)
		return status;
	if (given->json)
		status = print_json(report_json(&result, rows, found));
	else
		print_report(&result, net, rows, found);
	if (status == EXIT_DONE && !is_right(&result))
		return fail("gradient check", "the error %.1e of layer %d is too large",
			    result.max_error, result.layer + 1);
	if (status == EXIT_DONE && found->errors > 0)
		return fail("check", "training on this data fails; the findings say why");
	return status;
}

/* The network that `hebb train` would begin with. */
static int check_data(options *given)
{
	findings found = {.count = 0};
	hebb_missing asked = given->missing;
	job from;
	trial run = {.seed = 0};
	int status;

	/* Missing values are a finding here, not the end of the check. */
	given->missing = asked == HEBB_MISSING_ERROR ? HEBB_MISSING_DROP : asked;
	status = job_open(given, &from);
	if (status == EXIT_DONE)
		status = look_at_columns(from.table, asked, &found);
	if (status == EXIT_DONE)
		status = trial_open(&from, given->seed, &run);
	if (status == EXIT_DONE)
		status = check_net(given, run.net, (hebb_loss)given->loss, run.train, &found);
	trial_close(&run);
	job_close(&from);
	return status;
}

static int check_model(const options *given, const hebb_model *model)
{
	findings found = {.count = 0};
	hebb_error error;
	hebb_table *table = hebb_table_read(given->operand[1], given->header, &error);
	hebb_dataset *data;
	int status;

	if (!table)
		return fail_error(NULL, &error);
	status = look_at_columns(table, model->coding->missing, &found);
	data = status == EXIT_DONE ? code_table(model->coding, table, 1) : NULL;
	if (!data)
		status = EXIT_FAILED;
	else if (data->rows == 0)
		status = fail(table->name, "no rows are left to check");
	else
		status = check_net(given, model->net, model->loss, data, &found);
	hebb_dataset_free(data);
	hebb_table_free(table);
	return status;
}

int run_check(options *given)
{
	hebb_error error;
	hebb_model *model;
	int status;

	if (given->operands == 1)
		return check_data(given);
	model = hebb_model_read(given->operand[0], &error);
	status = model ? check_model(given, model) : fail_error(NULL, &error);
	hebb_model_free(model);
	return status;
}
