/* SPDX-License-Identifier: MIT */
/*
 * train.c - hebb train: split, scale, train, evaluate on the held-out part, save the model
 *
 * The model is written last, after all runs of --repeat.  If one of them fails or is stopped, the
 * complete ones are still reported, and the model of the first is written.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw/calibrated.h"
#include "draw/choice.h"
#include "draw/score.h"
#include "draw/unanswered.h"
#include "file/checkpoint.h"
#include "commands.h"
#include "file/destination.h"
#include "draw/findings.h"
#include "file/files.h"
#include "hebb_advanced.h"
#include "option/job.h"
#include "draw/progress.h"
#include "file/replaced.h"
#include "draw/report.h"
#include "draw/task_text.h"
#include "file/signals.h"
#include "draw/terminal.h"
#include "train.h"

/* "64-30-10" */
static void shape_text(const hebb_net *net, char *text, size_t size)
{
	size_t length = (size_t)snprintf(text, size, "%d", hebb_net_inputs(net));

	for (int l = 0; l < hebb_net_layers(net) && length < size; l++)
		if (hebb_kind_about(hebb_net_layer(net, l)->kind)->units)
			length += (size_t)snprintf(text + length, size - length, "-%d",
						   hebb_net_layer(net, l)->units);
}

/* Prints on standard error what will be trained. */
static void announce(const job *setup, const hebb_trial *run)
{
	const options *o = setup->options;
	const char *output = run->coding->task == HEBB_CLASSIFICATION ? "class"
			     : run->coding->task == HEBB_LABELS       ? "label"
								      : "output";
	int constant = o->study.schedule == HEBB_CONSTANT;
	int networks = o->study.members > 1 ? o->study.members : 1;
	int early = o->study.patience || o->study.time > 0 || o->study.optimizer == HEBB_LBFGS;
	char test[32], batch[32], shape[60], hidden[80], rate[60] = "", members[48] = "network";

	tell_task(setup->table, run->coding, o->study.target != NULL,
		  o->study.task != HEBB_TASK_AUTO);
	release_notes();
	inform("%s: %s to train on, %s to test; %s, %s", setup->table->name,
	       hebb_show_count(run->train->rows, "row").text,
	       count_text(run->test ? run->test->rows : 0, test),
	       hebb_show_count(run->coding->width, "input").text,
	       hebb_show_count(run->coding->outputs, output).text);
	calibration_announce(o, run);
	shape_text(run->net, shape, sizeof shape);
	snprintf(hidden, sizeof hidden, "hidden %s%s%s, ",
		 o->study.norm == HEBB_NORM_BATCH   ? "batch norm and "
		 : o->study.norm == HEBB_NORM_LAYER ? "layer norm and "
						    : "",
		 hebb_activation_name((hebb_activation)o->study.activation),
		 o->study.shortcuts ? " with shortcuts" : "");
	if (o->study.members > 1)
		snprintf(members, sizeof members, "mean of %d networks%s", o->study.members,
			 o->study.mate ? ", the first:" : "");
	inform("%s %s, %soutput %s, %s%s", members, shape, o->study.hidden ? hidden : "",
	       hebb_activation_name((hebb_activation)o->study.output),
	       hebb_show_count(networks * hebb_net_parameters(run->net), "parameter").text,
	       networks > 1 && !o->study.mate ? " in all" : "");
	snprintf(batch, sizeof batch, o->study.batch ? "batches of %d%s" : "full batch",
		 o->study.batch, o->study.in_order ? " in order" : "");
	if (o->study.optimizer != HEBB_LBFGS)
		snprintf(rate, sizeof rate, "rate %s%s%s, ",
			 hebb_show_number(o->study.rate, 4).text, constant ? "" : " ",
			 constant ? "" : hebb_schedule_name((hebb_schedule)o->study.schedule));
	inform("loss %s%s, %s, %s%s, %s%s%s", hebb_loss_name((hebb_loss)o->study.loss),
	       o->study.class_weights == HEBB_WEIGHTS_BALANCED ? " with balanced classes" : "",
	       hebb_rule_name((hebb_rule)o->study.optimizer), rate, batch, early ? "at most " : "",
	       hebb_show_count(o->study.epochs, "epoch").text,
	       o->study.precision == HEBB_BFLOAT16 ? ", bf16" : "");
}

/* Warns of the rows for which the network has no answer. file: their table; NULL: that of the
 * job. */
static void warn_unanswered(const job *setup, const hebb_score *score, const hebb_table *file)
{
	unanswered_warn(&score->without, file ? file : setup->table,
			unanswered_counts(score->task));
}

/* Trains the network and shows the progress. */
static int train_net(const job *setup, hebb_trial *run, progress *shown, saver *checkpoints,
		     const resumed *start, hebb_result *result)
{
	hebb_study *study = &setup->options->study;
	hebb_error error;
	hebb_status status = hebb_trial_start(run, &error);
	int status_of_training = status == HEBB_OK ? EXIT_DONE : fail_error(NULL, &error);

	study->progress = checkpoints ? saver_progress : progress_show;
	study->self = checkpoints ? (void *)checkpoints : shown;
	if (checkpoints && status_of_training == EXIT_DONE) {
		checkpoints->run = run;
		checkpoints->shown = shown;
		status_of_training = saver_resume(checkpoints, run, start);
	}
	if (status_of_training == EXIT_DONE) {
		status = hebb_trial_train(run, result, &error);
		if (status == HEBB_STOPPED)
			status_of_training = checkpoints ? saver_stopped(checkpoints) : EXIT_FAILED;
	}
	progress_end(shown);
	if (status_of_training != EXIT_DONE || status == HEBB_OK ||
	    (status == HEBB_DIVERGED && setup->quiet))
		return status_of_training;
	return fail_error(NULL, &error);
}

/* Says why training ended before the last epoch. */
static void note_early_end(const options *o, const hebb_result *result)
{
	const hebb_study *study = &o->study;
	hebb_counted asked = hebb_show_count(study->epochs, "epoch");

	if (result->ending == HEBB_ENDED_TIME && (study->patience == 0 || result->epochs == 0))
		note("stopped by --time after %d of %s", result->epochs, asked.text);
	else if (result->ending == HEBB_ENDED_TIME)
		note("stopped by --time after %d of %s; the weights are those of epoch %d",
		     result->epochs, asked.text, result->best_epoch);
	else if (result->ending == HEBB_ENDED_CONVERGED)
		note("converged after %d of %s: no step lowers the cost any further",
		     result->epochs, asked.text);
	else
		note("stopped after epoch %d: the validation loss did not fall for %s; the "
		     "weights are those of epoch %d",
		     result->epochs, hebb_show_count(study->patience, "epoch").text,
		     result->best_epoch);
}

/* Whether no other run's curves follow: not before the training that comes after the folds. */
static int is_last(const job *setup, int number)
{
	return setup->runs == 1 ||
	       (setup->curves && number == setup->runs && !setup->options->study.folds);
}

int run_trial(const job *setup, hebb_trial *run, int number, saver *checkpoints,
	      const resumed *start, hebb_result *result)
{
	const options *o = setup->options;
	progress shown;
	int status;

	progress_begin(&shown, &setup->options->study, run->train->rows, number, setup->runs);
	shown.lines = shown.lines && !setup->quiet;
	shown.curves = setup->quiet ? NULL : setup->curves;
	shown.draws = is_last(setup, number) && !setup->quiet && (setup->curves || !o->json);
	shown.classes = run->coding->task == HEBB_CLASSIFICATION;
	shown.members = o->study.members;
	shown.rates = o->study.schedule != HEBB_CONSTANT || o->study.warmup > 0;
	status = train_net(setup, run, &shown, checkpoints, start, result);
	if (shown.curves)
		curves_keep(setup->curves, &shown.curve);
	hebb_curve_free(&shown.curve);
	if (status != EXIT_DONE || result->ending == HEBB_ENDED_DIVERGED)
		return status;
	if (result->epochs < o->study.epochs && !setup->quiet)
		note_early_end(o, result);
	if (o->study.blind)
		return status;
	warn_unanswered(setup, &result->train, NULL);
	warn_unanswered(setup, &result->validation, setup->validation_table);
	warn_unanswered(setup, &result->test, run->fold < 0 ? setup->test_table : NULL);
	return status;
}

/* Chooses the settings of the next training, as --effort wants it. A Ctrl-C ends the choice alone,
 * if there is something to choose from. */
static int choose_settings(const job *setup, int fold, hebb_choice *choice)
{
	hebb_study *study = &setup->options->study;
	hebb_error error;
	hebb_cancel *cancel = hebb_cancel_new(&error);
	choice_shown shown = {.lines = 0};

	*choice = (hebb_choice){.count = 0};
	if (!cancel)
		return fail_error(NULL, &error);
	if (study->effort > HEBB_EFFORT_QUICK)
		release_notes();
	if ((fold == 0 || !study->folds) && study->effort > HEBB_EFFORT_QUICK)
		inform("--effort %s: tries recipes on rows of the training part; Ctrl-C takes the "
		       "best so far",
		       hebb_effort_name(study->effort));
	study->cancel = cancel;
	signals_cancel(cancel);
	hebb_status status =
		hebb_study_choose(study, study->seed, fold, choice_show, &shown, choice, &error);
	signals_cancel(NULL);
	study->cancel = NULL;
	hebb_cancel_free(cancel);
	if (status != HEBB_OK) {
		choice_forget();
		return fail_error(NULL, &error);
	}
	if (choice->count > 0)
		release_notes();
	if (fold < 0)
		choice_print(study, choice);
	else
		choice_forget();
	if (choice->over && forgive_interrupt())
		note("Ctrl-C again stops the training too");
	return EXIT_DONE;
}

/* Whether a signal asks to stop before this run; its result then says so. The first run always
 * begins. */
static int stops_before(hebb_result *next, int number)
{
	if (number == 0 || !stop_asked())
		return 0;
	next->ending = HEBB_ENDED_STOPPED;
	return 1;
}

/* Runs all trials of --repeat; keeps the first open. */
static int run_seeds(const job *setup, hebb_trial **first, saver *checkpoints, const resumed *start,
		     results *all)
{
	const hebb_study *study = &setup->options->study;
	char text[200];
	int status = EXIT_DONE;

	for (int i = 0; i < study->repeat && status == EXIT_DONE; i++) {
		hebb_result *result = &all->run[i];

		if (stops_before(result, i))
			return EXIT_FAILED;
		if (i == 0 && choose_settings(setup, -1, &all->choice) != EXIT_DONE)
			return EXIT_FAILED;
		hebb_trial *run = job_trial(setup, study->seed + (uint64_t)i, -1);
		if (i == 0)
			*first = run;
		status = run ? EXIT_DONE : EXIT_FAILED;
		if (run && all->choice.calibration)
			hebb_trial_calibrate_with(run, all->choice.calibration);
		if (run && i == 0) {
			job_note_trial(setup, run, -1);
			announce(setup, run);
			doctor_before(run, &all->findings);
		}
		if (run)
			status = run_trial(setup, run, i + 1, i == 0 ? checkpoints : NULL, start,
					   result);
		if (status == EXIT_DONE && i == 0)
			doctor_after(run, result, &all->findings);
		if (status == EXIT_DONE && study->repeat > 1 && run->test)
			inform("seed %llu: %s", (unsigned long long)run->seed,
			       score_text(&result->test, text, sizeof text));
		all->done += status == EXIT_DONE;
		if (i > 0)
			hebb_trial_free(run);
	}
	return status;
}

/* Adds the rows of a fold to those from which the model is calibrated. */
static int add_fold(hebb_calibration *calibration, const hebb_trial *run)
{
	hebb_error error;

	return hebb_calibration_add(calibration, run, &error) == HEBB_OK
		       ? EXIT_DONE
		       : fail_error("calibration", &error);
}

int run_folds(const job *setup, int number, int tell, hebb_result *result, int *done)
{
	hebb_study *study = &setup->options->study;
	choices chosen = {.folds = 0};
	char text[200];
	int status = EXIT_DONE;

	for (int i = 0; i < study->folds && status == EXIT_DONE &&
			!(i > 0 && result[i - 1].ending == HEBB_ENDED_DIVERGED);
	     i++) {
		if (stops_before(&result[i], i))
			return EXIT_FAILED;
		const hebb_study given = *study;
		hebb_choice choice;
		if (choose_settings(setup, i, &choice) != EXIT_DONE)
			return EXIT_FAILED;
		choice_count(&chosen, &choice);
		hebb_trial *run = job_trial(setup, study->seed, i);
		status = run ? EXIT_DONE : EXIT_FAILED;
		if (run && choice.calibration)
			hebb_trial_calibrate_with(run, choice.calibration);
		if (run && i == 0 && tell) {
			job_note_trial(setup, run, i);
			announce(setup, run);
		}
		if (run && i == 0 && number == 1 && !tell) /* the doctor reports on a training */
			doctor_folds(run);
		if (run)
			status = run_trial(setup, run, number + i, NULL, NULL, &result[i]);
		if (status == EXIT_DONE && setup->calibration)
			status = add_fold(setup->calibration, run);
		if (status == EXIT_DONE && tell)
			inform("fold %d: %s", i + 1,
			       score_text(&result[i].test, text, sizeof text));
		*done += status == EXIT_DONE;
		hebb_trial_free(run);
		hebb_choice_free(&choice);
		*study = given;
	}
	choice_print_folds(&chosen);
	return status;
}

/* Cross-validation; then the model is trained on all rows of the folds. */
static int run_validation(job *setup, hebb_trial **model, saver *checkpoints, const resumed *start,
			  results *all)
{
	hebb_study *study = &setup->options->study;
	hebb_error error;

	if (study->conformal || study->temperature)
		setup->calibration = hebb_calibration_new(study, &error);
	if ((study->conformal || study->temperature) && !setup->calibration)
		return fail_error("calibration", &error);
	int status = run_folds(setup, 1, 1, all->run, &all->done);

	if (status != EXIT_DONE)
		return status;
	study->blind = setup->runs = 1;
	if (choose_settings(setup, -1, &all->choice) != EXIT_DONE)
		return EXIT_FAILED;
	hebb_trial *run = *model = job_trial(setup, study->seed, -1);
	if (!run)
		return EXIT_FAILED;
	hebb_trial_calibrate_with(run, setup->calibration ? setup->calibration
							  : all->choice.calibration);
	int one = run->parts.test == 1;
	if (run->parts.test > 0)
		note("the %s %s in no fold and not used; 'hebb evaluate --part test' scores %s",
		     hebb_show_count(run->parts.test, "test row").text, one ? "is" : "are",
		     one ? "it" : "them");
	note("the model is now trained on all %s of the folds; the mean over the folds "
	     "estimates its score",
	     hebb_show_count(run->parts.train + run->parts.validation, "row").text);
	doctor_before(run, &all->findings);
	status = run_trial(setup, run, 1, checkpoints, start, all->model);
	if (status == EXIT_DONE)
		doctor_after(run, all->model, &all->findings);
	return status;
}

/* Says that a signal ended the runs, after the report on the complete ones. */
static void tell_stopped(const options *o, const results *all)
{
	const char *what = o->study.folds ? "fold" : "run";

	if (all->done == all->asked || all->run[all->done].ending != HEBB_ENDED_STOPPED ||
	    (!o->study.folds && all->done == 0)) /* saver_stopped() has said it */
		return;
	if (all->done == 0)
		fail("training", "stopped in %s 1 of %d; nothing is complete", what, all->asked);
	else
		fail("training", "stopped in %s %d of %d; the report covers the complete ones; %s",
		     what, all->done + 1, all->asked,
		     o->study.folds ? "the model was not trained"
				    : "the model is that of the first run");
}

/* Runs all trainings and reports the complete ones. */
static int run_all(job *setup, saver *checkpoints, const resumed *start, results *all)
{
	hebb_trial *model = NULL;
	int status = setup->options->study.folds
			     ? run_validation(setup, &model, checkpoints, start, all)
			     : run_seeds(setup, &model, checkpoints, start, all);

	all->trained = status == EXIT_DONE || (!setup->options->study.folds && all->done > 0);
	if (all->done > 0) {
		int reported = report(setup, model, all);
		status = status == EXIT_DONE ? reported : status;
	}
	hebb_trial_free(model);
	return status;
}

static int train_job(job *setup, const resumed *start)
{
	int folds = setup->options->study.folds,
	    asked = folds ? folds : setup->options->study.repeat;
	results all = {.run = calloc((size_t)asked + 1, sizeof *all.run), .asked = asked};
	saver checkpoints;
	int status = saver_open(setup, &checkpoints);

	if (status == EXIT_DONE && !all.run)
		status = fail(NULL, "out of memory");
	if (status == EXIT_DONE) {
		all.model = folds ? &all.run[folds] : &all.run[0];
		catch_signals();
		status = run_all(setup, &checkpoints, start, &all);
		tell_stopped(setup->options, &all);
		saver_remind(&checkpoints);
	}
	for (int i = 0; i <= asked && all.run; i++)
		hebb_result_free(&all.run[i]);
	free(all.run);
	hebb_choice_free(&all.choice);
	saver_close(&checkpoints);
	return status;
}

/* All that follows once the options are complete. */
static int train_given(options *given, const resumed *start)
{
	job setup;
	int status = files_check(given);

	if (status == EXIT_DONE)
		status = replaced_check(given, NULL);
	if (status != EXIT_DONE)
		return status;
	hold_notes(); /* what is predicted comes first */
	status = job_open(given, &setup);
	if (status == EXIT_DONE)
		status = resumed_check(start, &setup);
	if (status == EXIT_DONE) {
		given->study.blind = record_blind(start->record);
		status = train_job(&setup, start);
	}
	release_notes();
	job_close(&setup);
	return status;
}

/* A checkpoint of the training behind --folds does not have the rows of the folds: without a
 * validation part there is nothing to calibrate with. */
static void forgo_folds(options *given)
{
	hebb_study *study = &given->study;

	if (!given->resume || study->validation.kind != HEBB_PART_NONE ||
	    !(study->conformal > 0 || study->temperature > 0))
		return;
	warn("%s does not have the rows of the folds, so that the model gets neither intervals nor "
	     "a temperature; train again without --resume for them",
	     given->resume);
	study->conformal = study->temperature = 0;
}

int run_train(options *given)
{
	char *standard = default_destination(given->operand[0], ".onnx");
	resumed start;
	int status;

	if (!standard)
		return fail(NULL, "out of memory");
	if (!option_given(given, OPT_MODEL))
		given->model = standard;
	status = resumed_open(given, &start);
	if (status == EXIT_DONE)
		forgo_folds(given);
	if (status == EXIT_DONE)
		status = train_given(given, &start);
	resumed_close(&start);
	free(standard);
	pass_on_signal();
	return status;
}
