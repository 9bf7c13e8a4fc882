/* SPDX-License-Identifier: MIT */
/*
 * trial.c - one training of a study: its rows, their coding, its network
 *
 * A coding is fitted twice. The first fit, on all rows, finds the task (which the defaults and the
 * stratification of the split depend on) and errors anywhere in the data. The second fit, for each
 * trial, uses its training rows only, so that nothing is learned from rows that are held out. The
 * program of the tutorial scaled over all rows; its recipe does so too.
 */
#include "trial.h"
#include "effort.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *hb_place_text(const hebb_table *table, long long row, char text[HB_PLACE_MOST])
{
	snprintf(text, HB_PLACE_MOST, table->line ? "line %lld" : "row %lld",
		 table->line ? (long long)table->line[row] : row + 1);
	return text;
}

hebb_status hb_where(const char *place, hebb_status status, hebb_error *error)
{
	char message[sizeof error->message];

	if (!error)
		return status;
	snprintf(message, sizeof message, "%s: %.480s", place, error->message);
	memcpy(error->message, message, sizeof message);
	return status;
}

/* ---- The rows ---- */

hebb_status hb_split_of(const hebb_study *study, uint64_t seed, int fold, struct hb_split *result,
			hebb_error *error)
{
	hb_roles roles;
	hebb_status status = hb_roles_find(study, &roles, error);
	int stratified = study->found_task == HEBB_CLASSIFICATION &&
			 study->recipe != HEBB_PRESET_TUTORIAL && roles.group < 0 && roles.time < 0;

	*result = (struct hb_split){.test = study->test,
				    .validation = study->validation,
				    .seed = seed,
				    .folds = fold < 0 ? 0 : study->folds,
				    .fold = fold,
				    .group = roles.group + 1,
				    .time = roles.time + 1,
				    .column = !status && stratified ? roles.target[0] : -1};
	if (!status)
		status = hb_roles_check_part(study, &roles, &study->test, "--test", error);
	if (!status)
		status = hb_roles_check_part(study, &roles, &study->validation, "--validation",
					     error);
	hb_roles_free(&roles);
	return status;
}

/* Fits the coding on the rows that a training may use. */
static hebb_coding *fit(const hebb_study *study, const hebb_parts *p, hebb_error *error)
{
	int scale_all = study->recipe == HEBB_PRESET_TUTORIAL;
	long long rows = scale_all ? p->train + p->validation + p->test : p->train;
	hebb_coding *coding = NULL;
	hb_roles roles;

	if (hb_roles_find(study, &roles, error) == HEBB_OK) {
		hebb_coding_options options = hb_coding_options(study, &roles);
		coding = hebb_coding_fit(study->table, &options, rows, p->row, error);
	}
	hb_roles_free(&roles);
	return coding;
}

/* Checks that the targets are valid for the loss poisson. */
static hebb_status check_counts(const hebb_coding *coding, const hebb_table *table,
				const hebb_dataset *data, hebb_error *error)
{
	long long values = data->rows * data->outputs, i = 0;
	char place[HB_PLACE_MOST], text[32];

	while (i < values && !(data->y[i] < 0)) /* NaN is missing */
		i++;
	if (i == values)
		return HEBB_OK;
	return hebb_fail(error, HEBB_BAD_ARGUMENT,
			 "%s: %s: '%s' is %s, but poisson's loss is for counts, 0 or more; try "
			 "--loss squared, absolute or huber",
			 table->name, hb_place_text(table, data->row[i / data->outputs], place),
			 coding->targets[i % data->outputs].name,
			 hebb_format_float(data->y[i], text));
}

void hb_meter_rows(const hebb_trial *run, int part)
{
	const hebb_part *validation = &run->study->validation, *test = &run->study->test;
	const double rows[] = {(double)run->parts.train,
			       validation->kind == HEBB_PART_TABLE && validation->table
				       ? (double)validation->table->rows
				       : (double)run->parts.validation,
			       test->kind == HEBB_PART_TABLE && test->table
				       ? (double)test->table->rows
				       : (double)run->parts.test};
	double all = rows[0] + rows[1] + rows[2], before = 0;

	for (int i = 0; i < part; i++)
		before += rows[i];
	hebb_meter_range(run->study->meter, before / all, (before + rows[part]) / all);
}

/* Codes `count` rows of a table; row = NULL means all rows. */
static hebb_status code_part(const hebb_trial *run, const hebb_table *table, long long count,
			     const long long *row, const char *name, hebb_dataset **result,
			     hebb_error *error)
{
	int how = HEBB_APPLY_TARGETS | HEBB_APPLY_THREADS(hb_threads_of(run->study)) |
		  (run->study->missing == HEBB_MISSING_ERROR  ? HEBB_APPLY_STRICT
		   : run->study->missing == HEBB_MISSING_MEAN ? HEBB_APPLY_ANYWAY
							      : 0);

	hb_meter_rows(run, result == &run->train ? 0 : result == &run->validation ? 1 : 2);
	*result = hebb_coding_view_metered(run->coding, table, how, count, row, run->study->meter,
					   error);
	hebb_meter_range(run->study->meter, 0, 1);
	if (!*result)
		return error->status;
	if ((*result)->rows == 0)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s: no rows are left to %s on",
				 table->name, name);
	return run->study->loss == HEBB_POISSON ? check_counts(run->coding, table, *result, error)
						: HEBB_OK;
}

/* The table of a part; NULL if its rows are in the study's table. */
static hebb_status table_of(const hebb_part *part, const char *option, const hebb_table **result,
			    hebb_error *error)
{
	*result = part->kind == HEBB_PART_TABLE ? part->table : NULL;
	if (part->kind == HEBB_PART_TABLE && !part->table)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s: there is no table", option);
	return HEBB_OK;
}

static hebb_status code_parts(hebb_trial *run, hebb_error *error)
{
	const hebb_study *study = run->study;
	const hebb_parts *p = &run->parts;
	const hebb_table *validation, *test;
	hebb_status status = table_of(&study->validation, "--validation", &validation, error);

	if (status == HEBB_OK)
		status = table_of(&study->test, "--test", &test, error);
	if (status == HEBB_OK && p->train == 0)
		status = hebb_fail(error, HEBB_BAD_ARGUMENT, "%s: no rows are left to train on",
				   study->table->name);
	if (status == HEBB_OK)
		status =
			code_part(run, study->table, p->train, p->row, "train", &run->train, error);
	if (status == HEBB_OK && validation)
		status = code_part(run, validation, validation->rows, NULL, "validate",
				   &run->validation, error);
	else if (status == HEBB_OK && p->validation > 0)
		status = code_part(run, study->table, p->validation, p->row + p->train, "validate",
				   &run->validation, error);
	run->unseen = hebb_dataset_drop_unseen(run->validation);
	if (status == HEBB_OK && run->unseen > 0 && run->validation->rows == 0)
		status = hebb_fail(error, HEBB_BAD_ARGUMENT,
				   "%s: no row has a class that was there in training, so none is "
				   "left to validate on",
				   validation ? validation->name : study->table->name);
	if (status != HEBB_OK || (run->fold < 0 && study->blind))
		return status;
	if (run->fold < 0 && test)
		return code_part(run, test, test->rows, NULL, "test", &run->test, error);
	return p->test == 0
		       ? HEBB_OK
		       : code_part(run, study->table, p->test, p->row + p->train + p->validation,
				   "test", &run->test, error);
}

hebb_status hb_trial_recode(hebb_trial *run, hebb_error *error)
{
	hebb_dataset_free(run->train);
	hebb_dataset_free(run->validation);
	hebb_dataset_free(run->test);
	hebb_coding_free(run->coding);
	run->train = run->validation = run->test = NULL;
	run->coding = run->inside->joined;
	run->inside->joined = NULL;
	return code_parts(run, error);
}

/* ---- The network ---- */

double hb_mean_target(const hebb_dataset *data, int i)
{
	long long count = 0;
	double sum = 0;

	for (long long k = i; k < data->rows * data->outputs; k += data->outputs) {
		if (isnan(data->y[k]))
			continue;
		sum += (double)data->y[k];
		count++;
	}
	return count > 0 ? sum / (double)count : 0;
}

/* An output of exp starts at the mean over the training rows, because training would need many
 * steps to get there. */
static hebb_status start_at_means(const hebb_trial *run, hebb_net *net, hebb_error *error)
{
	int last = hebb_net_layers(net) - 1, outputs = run->train->outputs;
	float *b = malloc(sizeof *b * (size_t)outputs);
	hebb_status status;

	if (!b)
		return hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
	for (int j = 0; j < outputs; j++) {
		double mean = hb_mean_target(run->train, j);

		b[j] = mean > 0 ? (float)log(mean) : 0;
	}
	status = hebb_net_set(net, last, NULL, b, error);
	free(b);
	return status;
}

hebb_net *hb_trial_net(const hebb_trial *run, uint64_t seed, hebb_error *error)
{
	const hebb_study *study = run->study;
	int layers;
	hebb_layer *layer = hb_layers_make(study, run->coding->outputs, &layers);

	if (!layer) {
		hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
		return NULL;
	}
	hebb_net *net = hebb_net_new(run->coding->width, layers, layer, seed, NULL, error);
	free(layer);
	if (!net) {
		hb_where("--layers", error->status, error);
		return NULL;
	}
	if (study->output != HEBB_EXP || start_at_means(run, net, error) == HEBB_OK)
		return net;
	hb_where("--output", error->status, error);
	hebb_net_free(net);
	return NULL;
}

/* ---- The trial ---- */

static hebb_status open_trial(hebb_trial *run, hebb_error *error)
{
	const hebb_study *study = run->study;
	struct hb_split split;
	hebb_status status = hb_check_memory(study, error);

	if (status == HEBB_OK)
		status = hb_split_of(study, run->seed, run->fold, &split, error);
	split.in_parts = run->inside->part;
	if (status == HEBB_OK)
		status = hb_split_rows(study->table, &split, &run->parts, error);
	if (status != HEBB_OK)
		return status;
	run->coding = fit(study, &run->parts, error);
	if (!run->coding)
		return error->status;
	status = code_parts(run, error);
	if (status == HEBB_OK)
		run->net = hb_trial_net(run, run->seed, error);
	return status || run->net ? status : error->status;
}

hebb_trial *hebb_trial_new(const hebb_study *study, uint64_t seed, int fold, hebb_error *error)
{
	return hb_trial_of_part(study, seed, fold, (struct hb_validation_part){0}, error);
}

hebb_trial *hb_trial_of_part(const hebb_study *study, uint64_t seed, int fold,
			     struct hb_validation_part part, hebb_error *error)
{
	hebb_error local;
	hebb_trial *run = calloc(1, sizeof *run);

	error = error ? error : &local;
	if (run)
		run->inside = calloc(1, sizeof *run->inside);
	if (!run || !run->inside) {
		free(run);
		hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
		return NULL;
	}
	run->study = study;
	run->seed = seed;
	run->fold = fold;
	run->inside->part = part;
	if (!study || !study->table || !study->found_task || fold >= study->folds)
		hebb_fail(error, HEBB_BAD_ARGUMENT,
			  !study || !study->table ? "there is no table"
			  : !study->found_task ? "the study is not complete; hebb_study_default() "
						 "completes it"
					       : "there is no such fold");
	else if (open_trial(run, error) == HEBB_OK)
		return run;
	hebb_trial_free(run);
	return NULL;
}

void hebb_trial_free(hebb_trial *trial)
{
	if (!trial)
		return;
	hb_trial_end(trial);
	hebb_coding_free(trial->inside->joined);
	free(trial->inside);
	free(trial->parts.row);
	hebb_coding_free(trial->coding);
	hebb_dataset_free(trial->train);
	hebb_dataset_free(trial->validation);
	hebb_dataset_free(trial->test);
	hebb_net_free(trial->net);
	hebb_curve_free(&trial->curve);
	hebb_conformal_free(trial->conformal);
	free(trial);
}

hebb_model *hebb_trial_model(const hebb_trial *trial, const hebb_result *result, hebb_error *error)
{
	char *record = trial && result ? hb_record_make(trial, result) : NULL;
	hebb_model *model = NULL;

	if (!trial || !result)
		hebb_fail(error, HEBB_BAD_ARGUMENT, "there is no %s", trial ? "result" : "trial");
	else if (record)
		model = hebb_model_new(trial->net, trial->coding, trial->study->loss, record,
				       error);
	else
		hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
	if (model && trial->study->graph)
		model->graph = trial->study->graph;
	free(record);
	if (model && hebb_model_set_conformal(model, trial->conformal, error) != HEBB_OK) {
		hebb_model_free(model);
		return NULL;
	}
	return model;
}
