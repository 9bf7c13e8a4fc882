/* SPDX-License-Identifier: MIT */
/*
 * train.c - the training of a trial, and its result
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ensemble.h"
#include "trial.h"

/* Records the progress, calls the callback of the study, and stops if the callback or `cancel` asks
 * for it. */
static int watch(void *self, const hebb_progress *progress)
{
	hebb_trial *trial = self;
	const hebb_study *study = trial->study;
	int stop = 0;

	trial->seconds = progress->seconds;
	trial->seen = progress->rows;
	if (progress->epoch_ended) {
		trial->epochs = progress->epoch;
		trial->inside->lost |=
			!hebb_curve_add(&trial->curve, progress->loss, progress->validation_loss);
		if (progress->validation_loss < trial->inside->best_validation) {
			trial->inside->best_validation = progress->validation_loss;
			trial->best_epoch = progress->epoch;
		}
	}
	if (study->progress)
		stop = study->progress(study->self, progress);
	stop |= study->cancel && hebb_cancel_asked(study->cancel) && !progress->run_ends;
	return stop || trial->inside->lost;
}

hebb_status hb_trial_weigh(const hebb_trial *trial, hebb_source *rows, hb_weighted *weighted,
			   hebb_error *error)
{
	const hebb_study *study = trial->study;
	int balanced = study->class_weights == HEBB_WEIGHTS_BALANCED, column = -1;

	if (study->weight)
		column = hebb_table_find(study->table, study->weight, error);
	if (study->weight && column < 0)
		return hb_where("--weight", HEBB_BAD_ARGUMENT, error);
	if (!balanced && column < 0)
		return HEBB_OK;
	if (!hb_weighted_open(trial->train, *rows, balanced, study->table, column, weighted))
		return hebb_fail(error, HEBB_NO_MEMORY, "%s: out of memory",
				 balanced ? "--class-weights" : "--weight");
	*rows = hb_weighted_source(weighted);
	return HEBB_OK;
}

/* Makes the source of the training rows, with augmentation and weights. */
static hebb_status make_source(hebb_trial *trial, hebb_error *error)
{
	const hebb_study *study = trial->study;
	struct hebb_trial_inside *in = trial->inside;

	in->train = hebb_dataset_source(trial->train);
	if (trial->validation)
		in->validation = hebb_dataset_source(trial->validation);
	if (study->augment) {
		hebb_augmentation changes = hebb_augmentation_default(
			trial->coding->height, trial->coding->width_of_image);

		if (hebb_augmentation_read(study->augment, &changes, error) != HEBB_OK)
			return hb_where("--augment", HEBB_BAD_ARGUMENT, error);
		changes.seed = trial->seed;
		in->augmented = hebb_augmented_new(trial->train, trial->coding, &changes, error);
		if (!in->augmented)
			return hb_where("--augment", error->status, error);
		in->train = hebb_augmented_source(in->augmented);
	}
	return hb_trial_weigh(trial, &in->train, &in->weighted, error);
}

void hb_trial_end(hebb_trial *trial)
{
	hebb_trainer_free(trial->trainer);
	trial->trainer = NULL;
	hb_weighted_close(&trial->inside->weighted);
	hebb_augmented_free(trial->inside->augmented);
	trial->inside->augmented = NULL;
}

hebb_recipe hb_trial_recipe(const hebb_trial *trial)
{
	hebb_recipe recipe = hebb_study_recipe(trial->study, trial->seed);

	if (trial->train->gaps > 0 || (trial->validation && trial->validation->gaps > 0))
		recipe.gaps = 1;
	return recipe;
}

/* Of several networks each has its share of the time. */
static double time_of_one(const hebb_study *study)
{
	return study->members > 1 ? study->time / study->members : study->time;
}

hebb_status hebb_trial_start(hebb_trial *trial, hebb_error *error)
{
	hebb_error local;
	hebb_status status;

	error = error ? error : &local;
	if (!trial)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "there is no trial");
	if (trial->trainer)
		return HEBB_OK;
	hebb_recipe recipe = hb_trial_recipe(trial);
	recipe.seconds = time_of_one(trial->study);
	recipe.progress = watch;
	recipe.self = trial;
	trial->inside->best_validation = INFINITY;
	status = make_source(trial, error);
	if (status == HEBB_OK) {
		trial->trainer = hebb_trainer_new(trial->net, &recipe, NULL, error);
		if (!trial->trainer)
			status = hb_where("training", error->status, error);
	}
	if (status != HEBB_OK)
		hb_trial_end(trial);
	return status;
}

/* ---- The result ---- */

/* The seconds of the network whose curve is shown, the first. */
static double own_seconds(const hebb_trial *trial)
{
	return trial->seconds - trial->inside->members.before;
}

static hebb_ending ending_of(const hebb_trial *trial, hebb_status status)
{
	const hebb_study *study = trial->study;

	if (status == HEBB_STOPPED)
		return HEBB_ENDED_STOPPED;
	if (status == HEBB_DIVERGED)
		return HEBB_ENDED_DIVERGED;
	if (trial->epochs >= study->epochs)
		return HEBB_ENDED_EPOCHS;
	if (study->time > 0 && own_seconds(trial) >= time_of_one(study))
		return HEBB_ENDED_TIME;
	if (study->patience == 0 || trial->epochs - trial->best_epoch < study->patience)
		return HEBB_ENDED_CONVERGED;
	return HEBB_ENDED_PATIENCE;
}

static hebb_status copy_curve(const hebb_curve *curve, hebb_curve *result, hebb_error *error)
{
	for (int i = 0; i < curve->count; i++)
		if (!hebb_curve_add(result, curve->loss[i], curve->validation[i]))
			return hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
	return HEBB_OK;
}

static hebb_status take_result(const hebb_trial *trial, hebb_status status, hebb_result *result,
			       hebb_error *error)
{
	long long members = trial->inside->members.parameters;

	*result = (hebb_result){.size = sizeof *result,
				.ending = ending_of(trial, status),
				.seed = trial->seed,
				.train_rows = trial->train ? trial->train->rows : 0,
				.seen = trial->seen,
				.validation_rows = trial->validation ? trial->validation->rows : 0,
				.test_rows = trial->test ? trial->test->rows : 0,
				.epochs = trial->epochs,
				.best_epoch = trial->best_epoch,
				.seconds = trial->seconds,
				.tempered = trial->tempered,
				.parameters =
					members > 0 ? members : hebb_net_parameters(trial->net)};
	return copy_curve(&trial->curve, &result->curve, error);
}

/* Part 0 are the rows of training, part 1 of validation, part 2 of the test. */
static hebb_status score_part(const hebb_trial *trial, int part, const hebb_dataset *data,
			      hebb_score *score, hebb_error *error)
{
	const hebb_study *study = trial->study;

	if (!data)
		return HEBB_OK;
	hb_meter_rows(trial, part);
	hebb_status status = hebb_score_dataset_metered(trial->net, trial->coding, study->loss,
							data, data != trial->train, study->threads,
							study->meter, score, error);
	hebb_meter_range(study->meter, 0, 1);
	if (status == HEBB_OK)
		return HEBB_OK;
	return hb_where("evaluation", error->status, error);
}

hebb_status hb_trial_result(const hebb_trial *trial, hebb_status status, hebb_result *result,
			    hebb_error *error)
{
	hebb_status copied = take_result(trial, status, result, status == HEBB_OK ? error : NULL);

	if (status == HEBB_OK)
		status = copied;
	if (status == HEBB_OK)
		status = score_part(trial, 0, trial->train, &result->train, error);
	if (status == HEBB_OK)
		status = score_part(trial, 1, trial->validation, &result->validation, error);
	return status == HEBB_OK ? score_part(trial, 2, trial->test, &result->test, error) : status;
}

int hb_watch_member(void *self, const hebb_progress *progress)
{
	hebb_trial *trial = self;
	struct hb_members *members = &trial->inside->members;
	const hebb_study *study = trial->study;
	hebb_progress quiet = *progress;
	int stop = study->cancel && hebb_cancel_asked(study->cancel) && !progress->run_ends;

	members->now = progress->seconds;
	members->sees = progress->rows;
	quiet.seconds += trial->seconds + members->before;
	quiet.rows += trial->seen + members->seen;
	quiet.epoch_ended = quiet.run_ends = 0;
	return stop || (study->progress && study->progress(study->self, &quiet));
}

/* Trains member k on the rows of the trial. NULL after an error. */
static hebb_net *train_member(hebb_trial *trial, int k, hebb_error *error)
{
	hebb_recipe recipe = hb_trial_recipe(trial);
	hebb_net *net = hb_trial_net(trial, hb_member_seed(trial->seed, k), error);

	recipe.seed = hb_member_seed(trial->seed, k);
	recipe.seconds = time_of_one(trial->study);
	recipe.progress = hb_watch_member;
	recipe.self = trial;
	hebb_trainer *trainer = net ? hebb_trainer_new(net, &recipe, NULL, error) : NULL;
	hebb_status status =
		trainer ? hebb_train(trainer, &trial->inside->train,
				     trial->validation ? &trial->inside->validation : NULL, error)
			: HEBB_NO_MEMORY;
	hebb_trainer_free(trainer);
	if (!status)
		return net;
	hebb_net_free(net);
	return NULL;
}

/* Trains the other members and makes one network of all. */
static hebb_status add_members(hebb_trial *trial, hebb_error *error)
{
	int count = trial->study->members, made = 1;
	hebb_net *all = NULL;
	struct hb_member member[HEBB_MEMBERS_MOST] = {{.net = trial->net}};
	hebb_net *own[HEBB_MEMBERS_MOST] = {NULL};
	struct hb_members *members = &trial->inside->members;

	for (; made < count; made++) {
		own[made] = train_member(trial, made, error);
		members->before += members->now;
		members->seen += members->sees;
		if (!own[made])
			break;
		member[made].net = own[made];
	}
	trial->seconds += members->before;
	trial->seen += members->seen;
	members->parameters = count * hebb_net_parameters(trial->net);
	if (made == count)
		all = hb_ensemble(count, member, hebb_net_inputs(trial->net), error);
	for (int k = 1; k < made; k++)
		hebb_net_free(own[k]);
	if (!all)
		return error->status;
	hebb_net_free(trial->net);
	trial->net = all;
	return HEBB_OK;
}

hebb_status hebb_trial_train(hebb_trial *trial, hebb_result *result, hebb_error *error)
{
	hebb_error local;
	hebb_status status;

	error = error ? error : &local;
	*result = (hebb_result){.size = sizeof *result};
	status = hebb_trial_start(trial, error);
	if (status != HEBB_OK)
		return status;
	status = hebb_train(trial->trainer, &trial->inside->train,
			    trial->validation ? &trial->inside->validation : NULL, error);
	if (trial->inside->lost)
		status = hebb_fail(error, HEBB_NO_MEMORY, "no memory for the losses of %d epochs",
				   trial->epochs);
	if (status != HEBB_OK)
		hb_where("training", status, error);
	if (status == HEBB_OK && trial->study->members > 1)
		status = trial->study->mate ? hb_trial_add_mates(trial, error)
					    : add_members(trial, error);
	if (status != HEBB_STOPPED)
		hb_trial_end(trial);
	if (trial->inside->joined && !status)
		status = hb_trial_recode(trial, error);
	if (status == HEBB_OK && hb_trial_calibrate(trial, error) != HEBB_OK)
		status = hb_where("calibration", error->status, error);
	return hb_trial_result(trial, status, result, error);
}
