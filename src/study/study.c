/* SPDX-License-Identifier: MIT */
/*
 * study.c - a study: its checks and its run
 */
#define _POSIX_C_SOURCE 200809L

#include "effort.h"
#include "study.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "trial.h"

/* ---- Cancelling ---- */

struct hebb_cancel {
	atomic_int asked;
};

hebb_cancel *hebb_cancel_new(hebb_error *error)
{
	hebb_cancel *cancel = malloc(sizeof *cancel);

	if (cancel)
		atomic_init(&cancel->asked, 0);
	else
		hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
	return cancel;
}

void hebb_cancel_free(hebb_cancel *cancel)
{
	free(cancel);
}

void hebb_cancel_set(hebb_cancel *cancel)
{
	atomic_store(&cancel->asked, 1);
}

int hebb_cancel_asked(const hebb_cancel *cancel)
{
	return atomic_load(&((hebb_cancel *)cancel)->asked);
}

/* ---- A study ---- */

void hebb_study_init(hebb_study *study, size_t size, const hebb_table *table)
{
	hebb_study blank = {.size = size, .table = table, .seed = 1};
	double *const numbers[] = {&blank.dropout,      &blank.rate,         &blank.warmup,
				   &blank.decay,        &blank.l1,           &blank.l2,
				   &blank.weight_decay, &blank.clip,         &blank.max_norm,
				   &blank.average,      &blank.average_from, &blank.label_smoothing,
				   &blank.time};
	int *const counts[] = {&blank.hidden,     &blank.stages,    &blank.plateau,    &blank.batch,
			       &blank.epochs,     &blank.patience,  &blank.repeat,     &blank.folds,
			       &blank.accumulate, &blank.conformal, &blank.temperature};

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		*numbers[i] = NAN;
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		*counts[i] = -1;
	memcpy(study, &blank, size < sizeof blank ? size : sizeof blank);
}

static hebb_status check_study(const hebb_study *study, hebb_error *error)
{
	if (!study || !study->table)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "there is no %s to study",
				 study ? "table" : "study");
	if (study->size != sizeof *study)
		return hebb_fail(error,
				 study->size > sizeof *study ? HEBB_UNSUPPORTED : HEBB_BAD_ARGUMENT,
				 "the study's size is %zu, not %zu; begin with hebb_study_of()",
				 study->size, sizeof *study);
	if (study->table->rows < 1)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s: there are no rows",
				 study->table->name);
	if (study->graph && !hebb_graph_name(study->graph))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--graph: is none of auto, numeric and full");
	if (study->scaling && !hebb_scaling_name(study->scaling))
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "--scaling: %d is not a hebb_scaling",
				 (int)study->scaling);
	if (study->target_transform && !hebb_target_transform_name(study->target_transform))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--target-transform: %d is not a hebb_target_transform",
				 (int)study->target_transform);
	if (study->effort && !hebb_effort_name(study->effort))
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "--effort: %d is not a hebb_effort",
				 (int)study->effort);
	if (study->members < 0 || study->members > HEBB_MEMBERS_MOST)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "--members: %d is not between 1 and %d",
				 study->members, HEBB_MEMBERS_MOST);
	if (study->bins && (study->bins < 2 || study->bins > HEBB_BINS_MOST))
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "--bins: %d is not between 2 and %d",
				 study->bins, HEBB_BINS_MOST);
	return HEBB_OK;
}

/* The columns of the labels, in the order of the table, to be freed; NULL after an error. */
static int *select_labels(const hebb_study *study, int *count, hebb_error *error)
{
	int columns = study->table->columns;

	if (!*study->labels) {
		hebb_fail(error, HEBB_BAD_ARGUMENT,
			  "--labels: is empty; name columns, or leave it out");
		return NULL;
	}
	unsigned char *chosen = hb_select_columns(study->table, study->labels, "--labels", error);
	if (!chosen)
		return NULL;
	int *label = malloc(((size_t)columns + 1) * sizeof *label);
	if (!label)
		hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
	*count = 0;
	for (int c = 0; c < columns && label; c++)
		if (chosen[c])
			label[(*count)++] = c;
	free(chosen);
	return label;
}

int *hb_targets(const hebb_study *study, int *count, hebb_error *error)
{
	if (study->labels)
		return select_labels(study, count, error);
	*count = 0;
	if (!study->target) {
		int *none = malloc(sizeof *none);
		if (!none)
			hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
		return none;
	}
	if (!*study->target) {
		hebb_fail(error, HEBB_BAD_ARGUMENT,
			  "--target: is empty; name a column, or leave it out for the last one");
		return NULL;
	}
	int *target = hebb_table_list(study->table, study->target, count, error);
	if (!target)
		hb_where("--target", error->status, error);
	return target;
}

int hb_threads_of(const hebb_study *study)
{
	return study->threads < HEBB_MAX_THREADS ? study->threads : HEBB_MAX_THREADS;
}

hebb_table_options hebb_study_table_options(const hebb_study *study)
{
	const char *const named[] = {study->target,       study->labels,      study->weight,
				     study->group,        study->time_column, study->ignore,
				     study->input_columns};
	hebb_table_options options = hebb_table_options_default();

	if (study->header)
		options.header = study->header;
	options.skip = study->skip;
	options.separator = study->separator;
	options.decimal = study->decimal;
	options.thousands = study->thousands;
	options.missing = study->na;
	options.text = study->text_columns;
	options.numeric = study->numeric_columns;
	options.encoding = study->encoding;
	options.threads = hb_threads_of(study);
	for (size_t i = 0; i < sizeof named / sizeof *named && !options.names; i++)
		options.names = named[i];
	return options;
}

hebb_coding_options hb_coding_options(const hebb_study *study, const hb_roles *roles)
{
	hebb_coding_options options = hebb_coding_options_default();
	int counts = hb_wants_counts(study),
	    no_task = !study->task || study->task == HEBB_TASK_AUTO;

	options.task = counts && no_task ? HEBB_REGRESSION : no_task ? HEBB_TASK_AUTO : study->task;
	if (study->labels)
		options.task = HEBB_LABELS;
	options.target_transform = counts ? HEBB_TARGET_NONE : study->target_transform;
	if (study->missing)
		options.missing = study->missing;
	if (study->scaling)
		options.scaling = study->scaling;
	if (study->bins)
		options.bins = study->bins;
	options.seed = study->seed;
	options.target_count = roles->target_count;
	options.targets = roles->target;
	options.input_count = roles->input_count;
	options.inputs = roles->input;
	options.pixels_alike = study->recipe != HEBB_PRESET_TUTORIAL;
	options.threads = hb_threads_of(study);
	return options;
}

/* What does not go with labels. */
static hebb_status check_labels(const hebb_study *study, hebb_error *error)
{
	if (study->labels && study->target)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--labels: takes the place of --target; give one of them");
	if (study->labels && study->task && study->task != HEBB_TASK_AUTO &&
	    study->task != HEBB_LABELS)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--labels: are no %s; leave out --task, or name columns with "
				 "--target",
				 hebb_task_name(study->task));
	return HEBB_OK;
}

hebb_coding *hebb_study_coding(const hebb_study *study, hebb_error *error)
{
	hebb_coding *coding = NULL;
	hb_roles roles;

	if (check_study(study, error) != HEBB_OK)
		return NULL;
	if (check_labels(study, error) != HEBB_OK)
		return NULL;
	hebb_status status = hb_roles_find(study, &roles, error);
	if (!status)
		status = hb_roles_check(study, &roles, error);
	if (!status) {
		hebb_coding_options options = hb_coding_options(study, &roles);
		options.keep_seen = 0;
		if (options.scaling != HEBB_SCALING_NONE) /* only names and the task matter */
			options.scaling = HEBB_SCALING_STANDARD;
		coding = hebb_coding_fit(study->table, &options, study->table->rows, NULL, error);
	}
	hb_roles_free(&roles);
	return coding;
}

/* ---- Settings that do not fit each other ---- */

/* Checks the settings that are wrong for classes. */
static hebb_status check_classes(const hebb_study *o, const char *target, hebb_error *error)
{
	if (o->output == HEBB_EXP)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--loss: poisson and exp are for counts, and '%s' is a class "
				 "here; classes need cross-entropy and softmax",
				 target);
	return HEBB_OK;
}

/* Checks the settings that are wrong for numbers. */
static hebb_status check_numbers(const hebb_study *o, const char *target, hebb_error *error)
{
	if (o->class_weights == HEBB_WEIGHTS_BALANCED)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--class-weights: '%s' is a number to predict and has no classes "
				 "to balance; --task classification takes its values as classes",
				 target);
	if (o->recipe == HEBB_PRESET_TUTORIAL)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "%s: the tutorial's recipe is for classes, but '%s' is a number "
				 "to predict; --task classification takes its values as classes",
				 o->table->name, target);
	if (o->output != HEBB_LINEAR && o->output != HEBB_EXP)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--output: numbers need a linear output, or exp for counts, not "
				 "%s; --task classification predicts classes",
				 hebb_activation_name(o->output));
	if (hb_wants_counts(o) && o->target_transform > HEBB_TARGET_NONE)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--target-transform: %s changes the targets, and counts, for the "
				 "loss poisson or the output exp, stay as they are; leave out one",
				 hebb_target_transform_name(o->target_transform));
	if (o->loss == HEBB_CROSS_ENTROPY)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--loss: cross-entropy is for classes; numbers need squared, "
				 "absolute, huber or poisson, or --task classification");
	return HEBB_OK;
}

/* What labels cannot have. */
static hebb_status check_label_settings(const hebb_study *o, hebb_error *error)
{
	if (o->class_weights == HEBB_WEIGHTS_BALANCED)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--class-weights: a row has several labels, so that no class of "
				 "it could weigh; leave it out");
	if (o->recipe == HEBB_PRESET_TUTORIAL)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--recipe: the tutorial's is for classes, not for labels");
	if (o->output != HEBB_SIGMOID)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--output: each label is a probability of its own and needs "
				 "sigmoid, not %s",
				 hebb_activation_name(o->output));
	return HEBB_OK;
}

static hebb_status check_task(const hebb_study *o, const hebb_coding *coding, hebb_error *error)
{
	const char *target = coding->targets[0].name;

	if (o->label_smoothing > 0 && o->loss != HEBB_CROSS_ENTROPY)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--label-smoothing: moves the probabilities of classes towards "
				 "each other and needs cross-entropy; the loss is %s",
				 hebb_loss_name(o->loss));
	if (coding->task != HEBB_REGRESSION && o->target_transform)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--target-transform: is for numbers to predict, and '%s' is a %s; "
				 "leave it out, or give --task regression",
				 target, coding->task == HEBB_LABELS ? "label" : "class");
	if (coding->task == HEBB_LABELS)
		return check_label_settings(o, error);
	return coding->task == HEBB_CLASSIFICATION ? check_classes(o, target, error)
						   : check_numbers(o, target, error);
}

/* A file of 2 GB, which protobuf ends at, has half a billion parameters. */
static const double JOINED_MOST = 4e8;

/* The parameters of the one network that the members become. */
static double joined_parameters(const hebb_study *o)
{
	double count = o->members, parameters = 0, n = o->inputs;

	for (int l = 0; l < o->hidden; l++) {
		parameters += (n + 1) * o->units[l] * count;
		n = o->units[l] * count;
	}
	return parameters + (n + 1) * o->outputs;
}

static hebb_status check_members(const hebb_study *o, hebb_error *error)
{
	double parameters = o->members > 1 ? joined_parameters(o) : 0;

	if (o->members > 1 && o->norm == HEBB_NORM_LAYER)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--members: networks with layer normalization cannot become one; "
				 "try --norm batch");
	if (parameters > JOINED_MOST)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--members: %d networks of these layers become one of %s; try "
				 "fewer, or narrower --layers",
				 o->members,
				 hebb_show_count((long long)parameters, "parameter").text);
	return HEBB_OK;
}

/* Checks the ranges of settings. The command refuses most wrong values earlier. */
static hebb_status check_ranges(const hebb_study *o, hebb_error *error)
{
	const hebb_part *part[] = {&o->test, &o->validation};
	static const char *const name[] = {"--test", "--validation"};

	if (o->folds == 1 || o->folds < 0)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--folds: %d cannot be held out in turn; give 2 or more, or 0 for "
				 "none",
				 o->folds);
	if (o->repeat < 1 || (o->repeat > 1 && o->folds > 0))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 o->repeat < 1 ? "--repeat: %d is not 1 or more"
					       : "--repeat: %d runs and folds are two ways to "
						 "train several times; give one",
				 o->repeat);
	if (o->effort > HEBB_EFFORT_QUICK && (o->repeat > 1 || o->recipe))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--effort: %s chooses settings for one training; leave out %s",
				 hebb_effort_name(o->effort),
				 o->repeat > 1 ? "--repeat" : "--recipe");
	if (check_members(o, error) != HEBB_OK)
		return HEBB_BAD_ARGUMENT;
	if (o->hidden >= HEBB_MAX_LAYERS)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "--layers: more than %d hidden layers",
				 HEBB_MAX_LAYERS - 1);
	if (!(o->dropout >= 0 && o->dropout < 1))
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "--dropout: %g is not in [0, 1)",
				 o->dropout);
	for (int i = 0; i < 2; i++) {
		if (part[i]->kind == HEBB_PART_FRACTION &&
		    !(part[i]->fraction > 0 && part[i]->fraction < 1))
			return hebb_fail(error, HEBB_BAD_ARGUMENT,
					 "%s: %g is not a fraction between 0 and 1", name[i],
					 part[i]->fraction);
		if (part[i]->kind == HEBB_PART_LAST && part[i]->rows < 1)
			return hebb_fail(error, HEBB_BAD_ARGUMENT, "%s: last:%lld has no rows",
					 name[i], part[i]->rows);
	}
	if (o->patience > 0 && o->validation.kind == HEBB_PART_NONE)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--patience: watches the validation loss, but --validation 0 "
				 "holds no rows for it");
	return HEBB_OK;
}

/* The inputs before they are encoded, of which the defaults depend: a column of numbers is one. */
static int plain_inputs(const hebb_coding *coding)
{
	int inputs = coding->width;

	for (int i = 0; i < coding->input_count && coding->encoding; i++)
		if (coding->inputs[i].kind == HEBB_NUMBER)
			inputs += 1 - coding->encoding[i].inputs;
	return inputs;
}

/* The inputs of the network: at most so many, as a column may have fewer values than bins. */
static int inputs_of(const hebb_study *o, const hebb_coding *coding)
{
	int each = o->scaling == HEBB_SCALING_PIECEWISE  ? (o->bins ? o->bins : HEBB_BINS)
		   : o->scaling == HEBB_SCALING_PERIODIC ? 2 * HEBB_WAVES
							 : 1;
	int inputs = plain_inputs(coding);

	for (int i = 0; i < coding->input_count; i++)
		inputs += coding->inputs[i].kind == HEBB_NUMBER ? each - 1 : 0;
	return coding->encoding ? coding->width : inputs;
}

hebb_status hebb_study_complete(hebb_study *study, const hebb_coding *coding, hebb_error *error)
{
	hebb_status status = check_study(study, error);

	if (status == HEBB_OK && !coding)
		status = hebb_fail(error, HEBB_BAD_ARGUMENT, "there is no coding");
	if (status != HEBB_OK)
		return status;
	const hebb_table *table = study->table;
	struct hb_facts data = {.task = coding->task,
				.is_digits = strcmp(table->format, "digits") == 0,
				.is_images = coding->height > 0,
				.has_own_test = table->test_from < table->rows,
				.rows = table->test_from,
				.inputs = plain_inputs(coding),
				.outputs = coding->outputs};
	hebb_study complete = *study;
	if (!complete.found_task)
		complete.open = hb_effort_open(study, coding->task);
	if (complete.effort == HEBB_EFFORT_QUICK)
		complete.effort = 0; /* what the default is called */
	if (complete.members == 1)
		complete.members = 0;
	if (complete.effort && !complete.recipe && !complete.found_task &&
	    !hb_effort_chooses(&complete)) {
		if (complete.effort == HEBB_EFFORT_BEST && !complete.members)
			complete.members = HB_BEST_MEMBERS;
		complete.effort = 0; /* nothing is left to choose */
	}
	hb_choose_defaults(&complete, &data);
	complete.found_task = coding->task;
	complete.found_images = data.is_images;
	complete.inputs = inputs_of(&complete, coding);
	complete.outputs = coding->outputs;
	status = check_ranges(&complete, error);
	if (status == HEBB_OK)
		status = check_task(&complete, coding, error);
	if (status == HEBB_OK)
		status = hb_check_calibration(&complete, coding, error);
	if (status != HEBB_OK)
		return status;
	if (!complete.fingerprint)
		complete.fingerprint = hebb_table_fingerprint(table);
	*study = complete;
	return HEBB_OK;
}

hebb_status hebb_study_default(hebb_study *study, hebb_error *error)
{
	hebb_error local;
	hebb_coding *coding;
	hebb_status status;

	error = error ? error : &local;
	coding = hebb_study_coding(study, error);
	if (!coding)
		return error->status;
	status = hebb_study_complete(study, coding, error);
	hebb_coding_free(coding);
	return status;
}

hebb_recipe hebb_study_recipe(const hebb_study *study, uint64_t seed)
{
	hebb_recipe recipe = study->base ? *study->base : hebb_recipe_default();

	recipe.loss = study->loss;
	recipe.rule = study->optimizer;
	recipe.rate = study->rate;
	recipe.schedule = study->schedule;
	recipe.warmup = study->warmup;
	recipe.decay = study->decay;
	recipe.stages = study->stages;
	recipe.plateau = study->plateau;
	recipe.l1 = study->l1;
	recipe.l2 = study->l2;
	recipe.clip = study->clip;
	recipe.max_norm = study->max_norm;
	recipe.average = study->average;
	recipe.average_from = study->average_from;
	recipe.seconds = study->time;
	recipe.weight_decay = study->weight_decay;
	recipe.label_smoothing = study->label_smoothing;
	recipe.epochs = study->epochs;
	recipe.batch = study->batch;
	recipe.accumulate = study->accumulate;
	recipe.shuffle = !study->in_order;
	recipe.patience = study->patience;
	recipe.precision = study->precision;
	recipe.threads = hb_threads_of(study);
	recipe.seed = seed;
	recipe.progress = NULL;
	recipe.self = NULL;
	return recipe;
}

/* ---- The run ---- */

/* A trial whose model will be made, and the choice that its study borrows from. */
struct kept {
	hebb_trial *trial;
	hebb_choice choice;
};

/* Trains what was chosen. If `trial_kept` is not NULL, it becomes the trial, for its model. Folds
 * go to `calibration`, unless it is NULL, and the model takes it. */
static hebb_status run_chosen(const hebb_study *study, uint64_t seed, int fold,
			      const hebb_choice *choice, hebb_calibration *calibration,
			      hebb_trial **trial_kept, hebb_result *result, hebb_error *error)
{
	hebb_trial *trial = hebb_trial_new(study, seed, fold, error);

	if (!trial)
		return error->status;
	hebb_trial_calibrate_with(trial,
				  fold < 0 && calibration ? calibration : choice->calibration);
	hebb_status status = hebb_trial_train(trial, result, error);
	if (fold >= 0 && calibration && status == HEBB_OK)
		status = hebb_calibration_add(calibration, trial, error);
	if (trial_kept && status == HEBB_OK)
		*trial_kept = trial;
	else
		hebb_trial_free(trial);
	return status;
}

/* Chooses settings and trains: each fold has its own, the model's become those of *study. */
static hebb_status run_one(hebb_study *study, uint64_t seed, int fold,
			   hebb_calibration *calibration, struct kept *kept, hebb_result *result,
			   hebb_error *error)
{
	hebb_study of_fold = *study, *used = fold < 0 ? study : &of_fold;
	hebb_choice choice;

	if (study->cancel && hebb_cancel_asked(study->cancel))
		return hebb_fail(error, HEBB_STOPPED, "training: stopped before it began");
	hebb_status status = hebb_study_choose(used, seed, fold, NULL, NULL, &choice, error);
	if (!status)
		status = run_chosen(used, seed, fold, &choice, calibration,
				    kept ? &kept->trial : NULL, result, error);
	if (kept)
		kept->choice = choice;
	else
		hebb_choice_free(&choice);
	return status;
}

/* Runs the trainings of folds or repeat. The complete ones are in result->run. */
static hebb_status run_all(hebb_study *study, hebb_calibration *calibration, struct kept *first,
			   hebb_result *result, hebb_error *error)
{
	int count = study->folds ? study->folds : study->repeat;
	hebb_status status = HEBB_OK;

	result->run = calloc((size_t)count, sizeof *result->run);
	if (!result->run)
		return hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
	for (int i = 0; i < count && status == HEBB_OK; i++) {
		uint64_t seed = study->folds ? study->seed : study->seed + (uint64_t)i;
		hebb_result *run = &result->run[i];

		status = run_one(study, seed, study->folds ? i : -1, calibration,
				 study->folds || i > 0 ? NULL : first, run, error);
		if (status == HEBB_OK)
			result->runs++;
		else
			hebb_result_free(run);
	}
	return status;
}

/* Makes the model and its findings. */
static hebb_status finish(const hebb_trial *trial, hebb_result *result, hebb_error *error)
{
	const hebb_study *study = trial->study;

	result->model = hebb_trial_model(trial, result, error);
	if (!result->model)
		return error->status;
	result->findings = malloc(sizeof *result->findings);
	if (!result->findings)
		return hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
	*result->findings = hebb_findings_default();
	hebb_check_table(study->table, trial->coding, study->missing, study->input_columns, 0,
			 result->findings);
	hebb_check_rows(trial, 0, result->findings);
	hebb_check_settings(trial, result->findings);
	hebb_check_result(trial, result, result->findings);
	return HEBB_OK;
}

/* Moves the result of the model's trial to a result that may already have runs. */
static void take(hebb_result *result, hebb_result *of_model)
{
	of_model->run = result->run;
	of_model->runs = result->runs;
	*result = *of_model;
}

hebb_status hebb_study_run(const hebb_study *study, hebb_result *result, hebb_error *error)
{
	hebb_result of_model = {.size = sizeof of_model};
	struct kept kept = {.choice.size = sizeof kept.choice};
	hebb_calibration *calibration = NULL;
	hebb_error local;
	hebb_status status;

	*result = of_model;
	error = error ? error : &local;
	status = check_study(study, error);
	if (status != HEBB_OK)
		return status;
	hebb_study complete = *study;
	status = hebb_study_default(&complete, error);
	if (status == HEBB_OK && complete.folds && hb_wants_calibration(&complete)) {
		calibration = hebb_calibration_new(&complete, error);
		status = calibration ? HEBB_OK : error->status;
	}
	if (status == HEBB_OK && (complete.folds || complete.repeat > 1))
		status = run_all(&complete, calibration, &kept, result, error);
	if (status == HEBB_OK && kept.trial)
		status = hb_trial_result(kept.trial, HEBB_OK, &of_model, error);
	else if (status == HEBB_OK) {
		complete.blind |= complete.folds > 0; /* the folds have replaced the test part */
		status =
			run_one(&complete, complete.seed, -1, calibration, &kept, &of_model, error);
	}
	if (status == HEBB_OK)
		status = finish(kept.trial, &of_model, error);
	take(result, &of_model);
	hebb_trial_free(kept.trial);
	hebb_choice_free(&kept.choice);
	hebb_calibration_free(calibration);
	return status;
}

void hebb_result_free(hebb_result *result)
{
	for (int i = 0; i < result->runs; i++)
		hebb_result_free(&result->run[i]);
	free(result->run);
	hebb_score_free(&result->train);
	hebb_score_free(&result->validation);
	hebb_score_free(&result->test);
	hebb_curve_free(&result->curve);
	hebb_model_free(result->model);
	free(result->findings);
	*result = (hebb_result){.size = sizeof *result};
}
