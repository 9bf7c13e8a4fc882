/* SPDX-License-Identifier: MIT */
/*
 * learner.c - what hebb play trains: points in the plane, a network, and the settings of both
 */
#define _POSIX_C_SOURCE 200809L

#include "learner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw/terminal.h"
#include "file/destination.h"
#include "hebb_advanced.h"
#include "option/command_line.h"
#include "play/points.h"

/* What play has where train has other defaults: small, fast to see, and steady. */
static const struct {
	option_id id;
	const char *text;
} usual[] = {
	{OPT_LAYERS, "16,16"}, {OPT_ACTIVATION, "tanh"},  {OPT_RATE, "0.01"},
	{OPT_DROPOUT, "0"},    {OPT_WEIGHT_DECAY, "0"},   {OPT_BATCH, "16"},
	{OPT_TEST, "0.3"},     {OPT_OPTIMIZER, "adamw"},  {OPT_SCHEDULE, "constant"},
	{OPT_SEED, "1"},       {OPT_SCALING, "standard"}, {OPT_EPOCHS, "300"},
};

/* ---- Settings -------------------------------------------------------------------------------- */

/* The room for the text of a setting that keys change. */
static char *text_of(learner *l, option_id id)
{
	static const option_id kept[] = {OPT_LAYERS,  OPT_ACTIVATION,   OPT_RATE,
					 OPT_DROPOUT, OPT_WEIGHT_DECAY, OPT_SEED};
	int i = 0;

	while (i < (int)(sizeof kept / sizeof *kept) && kept[i] != id)
		i++;
	return l->text[i];
}

void learner_set(learner *l, option_id id, const char *words)
{
	char *room = text_of(l, id);

	snprintf(room, sizeof l->text[0], "%s", words);
	option_read(id, room, &l->settings);
	l->changed |= l->epochs > 0;
}

static int set_usual(options *settings)
{
	int status = EXIT_DONE;

	for (size_t i = 0; i < sizeof usual / sizeof *usual && status == EXIT_DONE; i++)
		if (!option_given(settings, usual[i].id))
			status = option_read(usual[i].id, usual[i].text, settings);
	return status;
}

/* Dropout is for hidden layers; without them it is 0. */
static void match_dropout(learner *l)
{
	if (l->settings.study.hidden == 0 && l->settings.study.dropout > 0)
		learner_set(l, OPT_DROPOUT, "0");
}

/* ---- Training -------------------------------------------------------------------------------- */

static int watch(void *self, const hebb_progress *now)
{
	learner *l = self;

	if (now->epoch_ended) {
		hebb_curve_add(&l->curve, now->loss, now->validation_loss);
		l->epochs++;
		return 0;
	}
	return l->interrupt && l->interrupt(l->self);
}

/* The trainer of the trial's network by the settings: one epoch a call. */
static hebb_trainer *new_trainer(learner *l, hebb_trial *trial)
{
	hebb_recipe recipe = hebb_study_recipe(&l->settings.study, l->settings.study.seed);

	recipe.epochs = 1;
	recipe.progress = watch;
	recipe.self = l;
	return hebb_trainer_new(trial->net, &recipe, NULL, &l->error);
}

/* Completes the settings and makes their trial. */
static hebb_trial *new_trial(learner *l)
{
	match_dropout(l);
	if (options_complete(&l->settings, l->job.coding, &l->error) != HEBB_OK)
		return NULL;
	return hebb_trial_new(&l->settings.study, l->settings.study.seed, -1, &l->error);
}

/* Takes over a trial and its trainer; NULL: frees what is there, and fails. */
static int take_over(learner *l, hebb_trial *trial, hebb_trainer *trainer)
{
	if (!trial || !trainer) {
		hebb_trainer_free(trainer);
		hebb_trial_free(trial);
		return 0;
	}
	hebb_trainer_free(l->trainer);
	hebb_trial_free(l->trial);
	l->trial = trial;
	l->trainer = trainer;
	l->train = hebb_dataset_source(trial->train);
	l->held_out = trial->test ? hebb_dataset_source(trial->test) : hebb_source_default();
	return 1;
}

static void forget_epochs(learner *l)
{
	hebb_curve_free(&l->curve);
	l->epochs = l->changed = 0;
}

static int begin_anew(learner *l)
{
	hebb_trial *trial = new_trial(l);

	if (!take_over(l, trial, trial ? new_trainer(l, trial) : NULL))
		return 0;
	forget_epochs(l);
	return 1;
}

/* Copies the moments and counters of a trainer to another one of the same network and rule. */
static hebb_status copy_state(const hebb_trainer *from, hebb_trainer *to, hebb_error *error)
{
	int count = hebb_trainer_counters(from, NULL);
	hebb_status status = HEBB_OK;
	hebb_counter *list = calloc((size_t)count + 1, sizeof *list);

	if (!list)
		return hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
	for (int i = 0; i < hebb_trainer_arrays(from) && status == HEBB_OK; i++) {
		hebb_array about = hebb_array_default();

		status = hebb_trainer_get_array(from, i, &about, NULL, error);
		size_t size = (size_t)about.rows * (size_t)(about.columns ? about.columns : 1);
		float *values = status == HEBB_OK ? malloc(size * sizeof *values) : NULL;
		if (status == HEBB_OK && !values)
			status = hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
		if (values)
			status = hebb_trainer_get_array(from, i, NULL, values, error);
		if (status == HEBB_OK)
			status = hebb_trainer_set_array(to, i, values, error);
		free(values);
	}
	list[0] = hebb_counter_default();
	hebb_trainer_counters(from, list);
	for (int i = 0; i < count; i++)
		if (strcmp(list[i].name, "rate") == 0)
			list[i].value = hebb_trainer_recipe(to)->rate;
	if (status == HEBB_OK)
		status = hebb_trainer_set_counters(to, count, list, error);
	free(list);
	return status;
}

int learner_retune(learner *l)
{
	if (options_complete(&l->settings, l->job.coding, &l->error) != HEBB_OK)
		return 0;
	hebb_trainer *next = new_trainer(l, l->trial);
	if (!next)
		return 0;
	if (copy_state(l->trainer, next, &l->error) != HEBB_OK) {
		hebb_trainer_free(next);
		return 0;
	}
	hebb_trainer_free(l->trainer);
	l->trainer = next;
	return 1;
}

/* Copies the dense layers of a network to those of another, which has others between them. */
static hebb_status copy_weights(const hebb_net *from, hebb_net *to, hebb_error *error)
{
	hebb_status status = HEBB_OK;
	int at = 0;

	for (int k = 0; k < hebb_net_layers(from) && status == HEBB_OK; k++) {
		int units = hebb_net_layer(from, k)->units;
		int inputs = k ? hebb_net_shape(from, k - 1).channels : hebb_net_inputs(from);

		if (hebb_net_layer(from, k)->kind != HEBB_DENSE)
			continue;
		while (hebb_net_layer(to, at)->kind != HEBB_DENSE)
			at++;
		float *W = malloc(((size_t)units * (size_t)inputs + (size_t)units) * sizeof *W);
		if (!W)
			return hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
		float *b = W + (size_t)units * (size_t)inputs;
		status = hebb_net_get(from, k, W, b, error);
		if (status == HEBB_OK)
			status = hebb_net_set(to, at++, W, b, error);
		free(W);
	}
	return status;
}

int learner_replace(learner *l)
{
	hebb_trial *trial = new_trial(l);

	if (trial && copy_weights(l->trial->net, trial->net, &l->error) != HEBB_OK) {
		hebb_trial_free(trial);
		return 0;
	}
	return take_over(l, trial, trial ? new_trainer(l, trial) : NULL);
}

int learner_epoch(learner *l)
{
	hebb_status status = hebb_train(l->trainer, &l->train,
					l->held_out.rows ? &l->held_out : NULL, &l->error);

	return status == HEBB_OK || status == HEBB_STOPPED;
}

int learner_judge(learner *l)
{
	const hebb_trial *t = l->trial;
	const hebb_study *study = &l->settings.study;

	hebb_score_free(&l->score);
	hebb_score_free(&l->tested);
	if (hebb_score_dataset(t->net, t->coding, study->loss, t->train, 0, study->threads,
			       &l->score, &l->error) != HEBB_OK)
		return 0;
	return !t->test || hebb_score_dataset(t->net, t->coding, study->loss, t->test, 0,
					      study->threads, &l->tested, &l->error) == HEBB_OK;
}

double learner_quality(const hebb_score *score)
{
	if (score->rows == 0)
		return NAN;
	return score->task == HEBB_CLASSIFICATION ? score->accuracy : score->mean.r2;
}

/* ---- Points ---------------------------------------------------------------------------------- */

void learner_write(const learner *l, text *csv)
{
	cloud_write(l->cloud, points_count(&l->settings), l->noise, l->settings.study.seed, csv);
}

/* The table of a cloud, as if its CSV had been read. */
static hebb_table *draw_table(learner *l)
{
	text csv = {.size = 0};
	hebb_table *table = NULL;

	learner_write(l, &csv);
	if (csv.failed)
		hebb_fail(&l->error, HEBB_NO_MEMORY, "out of memory");
	else
		table = hebb_table_parse(csv.bytes, csv.size, l->cloud->name, HEBB_HEADER_AUTO,
					 &l->error);
	text_free(&csv);
	return table;
}

/* Puts a table, and the coding that is fitted on it, into the job. */
static int take_table(learner *l, hebb_table *table)
{
	hebb_study *study = &l->settings.study;

	if (!table)
		return 0;
	study->table = table;
	study->fingerprint = 0;
	hebb_coding *coding = hebb_study_coding(study, &l->error);
	if (!coding) {
		hebb_table_free(table);
		study->table = l->job.table;
		return 0;
	}
	l->job.table = table;
	l->job.coding = coding;
	return 1;
}

int learner_restart(learner *l, int redraw)
{
	job before = l->job;
	int drawn = redraw && l->cloud;

	if (drawn && !take_table(l, draw_table(l)))
		return 0;
	int done = begin_anew(l);
	if (drawn) {
		job unused = done ? before : l->job;

		if (!done)
			l->job = before;
		l->settings.study.table = l->job.table;
		hebb_coding_free(unused.coding);
		hebb_table_free(unused.table);
	}
	if (done)
		points_range(l);
	return done;
}

/* ---- Opening --------------------------------------------------------------------------------- */

/* Draws the points of a cloud, or reads those of a file. */
static int open_points(learner *l, const options *given)
{
	if (!l->cloud)
		return job_open(&l->settings, &l->job);
	if (l->settings.study.test.kind == HEBB_PART_TABLE)
		return misuse("--test", "prepared points have no file for the test; give a share, "
					"such as 0.3");
	l->noise = option_given(given, OPT_NOISE) ? given->noise : l->cloud->noise;
	return take_table(l, draw_table(l)) ? EXIT_DONE : fail_error(NULL, &l->error);
}

int learner_open(const options *given, learner *result)
{
	learner *l = result;
	int status;

	*l = (learner){.settings = *given, .cloud = cloud_find(given->operand[0])};
	l->job.options = &l->settings;
	status = set_usual(&l->settings);
	if (status == EXIT_DONE)
		status = open_points(l, given);
	if (status == EXIT_DONE)
		status = points_check(l);
	if (status == EXIT_DONE && !learner_restart(l, 0))
		status = fail_error(NULL, &l->error);
	return status;
}

void learner_close(learner *l)
{
	hebb_score_free(&l->score);
	hebb_score_free(&l->tested);
	hebb_curve_free(&l->curve);
	hebb_trainer_free(l->trainer);
	hebb_trial_free(l->trial);
	job_close(&l->job);
}

char *learner_command(const learner *l, const char *csv)
{
	options o = l->settings;
	char epochs[32], *const operand[] = {(char *)csv};

	snprintf(epochs, sizeof epochs, "%d", l->epochs);
	o.operand = operand;
	option_read(OPT_EPOCHS, epochs, &o);
	char *model = default_destination(csv, ".onnx");
	o.model = model;
	char *line = model ? command_to_repeat(&o) : NULL;
	free(model);
	return line;
}
