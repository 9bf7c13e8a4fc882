/* SPDX-License-Identifier: MIT */
/*
 * train.c - hebb train: split, scale, train, evaluate on the held-out part, save the model
 *
 * The model is written last, after all runs of --repeat.  If one of them fails or is stopped, those
 * that ended are reported all the same, and the model of the first is written.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* Says on standard error what is about to happen. */
static void announce(const job *from, const hebb_trial *run)
{
	const options *o = from->options;
	const char *outputs = run->coding->task == HEBB_CLASSIFICATION ? "classes"
			      : run->coding->task == HEBB_LABELS       ? "labels"
								       : "to predict";
	int constant = o->study.schedule == HEBB_CONSTANT;
	int early = o->study.patience || o->study.time > 0 || o->study.optimizer == HEBB_LBFGS;
	char train[32], test[32], parameters[32], batch[32], shape[60], hidden[80], rate[60] = "";

	tell_task(run->coding);
	inform("%s: %s rows to train on, %s to test; %d inputs, %d %s", from->table->name,
	       count_text(run->train->rows, train),
	       count_text(run->test ? run->test->rows : 0, test), run->coding->width,
	       run->coding->outputs, outputs);
	shape_text(run->net, shape, sizeof shape);
	snprintf(hidden, sizeof hidden, "hidden %s%s%s, ",
		 o->study.norm == HEBB_NORM_BATCH   ? "batch norm and "
		 : o->study.norm == HEBB_NORM_LAYER ? "layer norm and "
						    : "",
		 hebb_activation_name((hebb_activation)o->study.activation),
		 o->study.shortcuts ? " with shortcuts" : "");
	inform("network %s, %soutput %s, %s parameters", shape, o->study.hidden ? hidden : "",
	       hebb_activation_name((hebb_activation)o->study.output),
	       count_text(hebb_net_parameters(run->net), parameters));
	snprintf(batch, sizeof batch, o->study.batch ? "batches of %d%s" : "full batch",
		 o->study.batch, o->study.in_order ? " in order" : "");
	if (o->study.optimizer != HEBB_LBFGS)
		snprintf(rate, sizeof rate, "rate %s%s%s, ",
			 hebb_show_number(o->study.rate, 4).text, constant ? "" : " ",
			 constant ? "" : hebb_schedule_name((hebb_schedule)o->study.schedule));
	inform("%s%s, %s, %s%s, %s%d epochs%s", hebb_loss_name((hebb_loss)o->study.loss),
	       o->study.class_weights == HEBB_WEIGHTS_BALANCED ? " of balanced classes" : "",
	       hebb_rule_name((hebb_rule)o->study.optimizer), rate, batch, early ? "at most " : "",
	       o->study.epochs, o->study.precision == HEBB_BFLOAT16 ? ", bf16" : "");
}

/* Names the rows of a part without an answer.  file: where they come from, NULL: the job's table.
 */
static void warn_unanswered(const job *from, const hebb_score *of, const hebb_table *file)
{
	unanswered_warn(&of->without, file ? file : from->table, unanswered_counts(of->task));
}

/* The training itself, with its progress. */
static int train_net(const job *from, hebb_trial *run, progress *shown, saver *saved,
		     const resumed *begun, hebb_result *result)
{
	hebb_study *study = &from->options->study;
	hebb_error error;
	hebb_status status = hebb_trial_start(run, &error);
	int done = status == HEBB_OK ? EXIT_DONE : fail_error(NULL, &error);

	study->progress = saved ? saver_progress : progress_show;
	study->self = saved ? (void *)saved : shown;
	if (saved && done == EXIT_DONE) {
		saved->run = run;
		saved->shown = shown;
		done = saver_resume(saved, run, begun);
	}
	if (done == EXIT_DONE) {
		status = hebb_trial_train(run, result, &error);
		if (status == HEBB_STOPPED)
			done = saved ? saver_stopped(saved) : EXIT_FAILED;
	}
	progress_end(shown);
	if (done != EXIT_DONE || status == HEBB_OK || (status == HEBB_DIVERGED && from->quiet))
		return done;
	return fail_error(NULL, &error);
}

/* Why there were fewer epochs than asked for. */
static void note_early_end(const options *o, const hebb_result *result)
{
	const hebb_study *study = &o->study;

	if (result->ending == HEBB_ENDED_TIME && (study->patience == 0 || result->epochs == 0))
		note("stopped by --time after %d of %d epochs", result->epochs, study->epochs);
	else if (result->ending == HEBB_ENDED_TIME)
		note("stopped by --time after %d of %d epochs; the weights are those of epoch %d",
		     result->epochs, study->epochs, result->best_epoch);
	else if (result->ending == HEBB_ENDED_CONVERGED)
		note("converged after %d of %d epochs: no step lowers the cost any further",
		     result->epochs, study->epochs);
	else
		note("stopped after epoch %d, without a lower validation loss for %d; the weights "
		     "are those of epoch %d",
		     result->epochs, study->patience, result->best_epoch);
}

int run_trial(const job *from, hebb_trial *run, int number, saver *saved, const resumed *begun,
	      hebb_result *result)
{
	const options *o = from->options;
	progress shown;
	int status;

	progress_begin(&shown, run->train->rows, number, from->runs);
	shown.lines = shown.lines && !from->quiet;
	shown.draws = from->runs == 1 && !from->quiet && !o->json;
	shown.rates = o->study.schedule != HEBB_CONSTANT || o->study.warmup > 0;
	status = train_net(from, run, &shown, saved, begun, result);
	hebb_curve_free(&shown.curve);
	if (status != EXIT_DONE || result->ending == HEBB_ENDED_DIVERGED)
		return status;
	if (result->epochs < o->study.epochs && !from->quiet)
		note_early_end(o, result);
	if (o->study.blind)
		return status;
	warn_unanswered(from, &result->train, NULL);
	warn_unanswered(from, &result->validation, from->validation_table);
	warn_unanswered(from, &result->test, run->fold < 0 ? from->test_table : NULL);
	return status;
}

/* Whether the run after the first ones should not begin, which is then noted in its result. */
static int stops_before(hebb_result *next, int number)
{
	if (number == 0 || !stop_asked())
		return 0;
	next->ending = HEBB_ENDED_STOPPED;
	return 1;
}

/* Runs all trials of --repeat; keeps the first open. */
static int run_seeds(const job *from, hebb_trial **first, saver *saved, const resumed *begun,
		     results *all)
{
	const hebb_study *study = &from->options->study;
	char text[200];
	int status = EXIT_DONE;

	for (int i = 0; i < study->repeat && status == EXIT_DONE; i++) {
		hebb_result *result = &all->run[i];

		if (stops_before(result, i))
			return EXIT_FAILED;
		hebb_trial *run = job_trial(from, study->seed + (uint64_t)i, -1);
		if (i == 0)
			*first = run;
		status = run ? EXIT_DONE : EXIT_FAILED;
		if (run && i == 0) {
			announce(from, run);
			doctor_before(run, &all->found);
		}
		if (run)
			status = run_trial(from, run, i + 1, i == 0 ? saved : NULL, begun, result);
		if (status == EXIT_DONE && i == 0)
			doctor_after(run, result, &all->found);
		if (status == EXIT_DONE && study->repeat > 1 && run->test)
			inform("seed %llu: %s", (unsigned long long)run->seed,
			       score_text(&result->test, text, sizeof text));
		all->done += status == EXIT_DONE;
		if (i > 0)
			hebb_trial_free(run);
	}
	return status;
}

int run_folds(const job *from, int number, int tell, hebb_result *result, int *done)
{
	const hebb_study *study = &from->options->study;
	char text[200];
	int status = EXIT_DONE;

	for (int i = 0; i < study->folds && status == EXIT_DONE &&
			!(i > 0 && result[i - 1].ending == HEBB_ENDED_DIVERGED);
	     i++) {
		if (stops_before(&result[i], i))
			return EXIT_FAILED;
		hebb_trial *run = job_trial(from, study->seed, i);
		status = run ? EXIT_DONE : EXIT_FAILED;
		if (run && i == 0 && tell)
			announce(from, run);
		if (run && i == 0 && number == 1 && !tell) /* the doctor tells of a training */
			doctor_folds(run);
		if (run)
			status = run_trial(from, run, number + i, NULL, NULL, &result[i]);
		if (status == EXIT_DONE && tell)
			inform("fold %d: %s", i + 1,
			       score_text(&result[i].test, text, sizeof text));
		*done += status == EXIT_DONE;
		hebb_trial_free(run);
	}
	return status;
}

/* Cross-validation, then a model of all rows that the folds divided. */
static int run_validation(job *from, hebb_trial **model, saver *saved, const resumed *begun,
			  results *all)
{
	int status = run_folds(from, 1, 1, all->run, &all->done);
	hebb_study *study = &from->options->study;

	if (status != EXIT_DONE)
		return status;
	study->blind = from->runs = 1;
	hebb_trial *run = *model = job_trial(from, study->seed, -1);
	if (!run)
		return EXIT_FAILED;
	if (run->parts.test > 0)
		note("the %lld test rows were in no fold and are not looked at; evaluate --part "
		     "test does",
		     run->parts.test);
	note("the model is trained on all %lld rows that the folds divided; the mean over the "
	     "folds is what to expect of it",
	     run->parts.train + run->parts.validation);
	doctor_before(run, &all->found);
	status = run_trial(from, run, 1, saved, begun, all->model);
	if (status == EXIT_DONE)
		doctor_after(run, all->model, &all->found);
	return status;
}

/* That a signal ended the runs before all were done, after those that are reported. */
static void tell_stopped(const options *o, const results *all)
{
	const char *what = o->study.folds ? "fold" : "run";

	if (all->done == all->asked || all->run[all->done].ending != HEBB_ENDED_STOPPED ||
	    (!o->study.folds && all->done == 0)) /* what saver_stopped() says */
		return;
	if (all->done == 0)
		fail("training", "stopped in %s 1 of %d, and nothing is finished", what,
		     all->asked);
	else
		fail("training", "stopped in %s %d of %d; the report covers those that ended; %s",
		     what, all->done + 1, all->asked,
		     o->study.folds ? "the model was not trained"
				    : "the model is that of the first run");
}

/* Runs all and reports those that ended. */
static int run_all(job *from, saver *saved, const resumed *begun, results *all)
{
	hebb_trial *model = NULL;
	int status = from->options->study.folds ? run_validation(from, &model, saved, begun, all)
						: run_seeds(from, &model, saved, begun, all);

	all->whole = status == EXIT_DONE || (!from->options->study.folds && all->done > 0);
	if (all->done > 0) {
		int reported = report(from, model, all);
		status = status == EXIT_DONE ? reported : status;
	}
	hebb_trial_free(model);
	return status;
}

static int train_job(job *from, const resumed *begun)
{
	int folds = from->options->study.folds, asked = folds ? folds : from->options->study.repeat;
	results all = {.run = calloc((size_t)asked + 1, sizeof *all.run), .asked = asked};
	saver saved;
	int status = saver_open(from, &saved);

	if (status == EXIT_DONE && !all.run)
		status = fail(NULL, "out of memory");
	if (status == EXIT_DONE) {
		all.model = folds ? &all.run[folds] : &all.run[0];
		catch_signals();
		status = run_all(from, &saved, begun, &all);
		tell_stopped(from->options, &all);
		saver_remind(&saved);
	}
	for (int i = 0; i <= asked && all.run; i++)
		hebb_result_free(&all.run[i]);
	free(all.run);
	saver_close(&saved);
	return status;
}

/* Everything after the options are known. */
static int train_given(options *given, const resumed *begun)
{
	job from;
	int status = files_check(given);

	if (status == EXIT_DONE)
		status = replaced_check(given, NULL);
	if (status != EXIT_DONE)
		return status;
	status = job_open(given, &from);
	if (status == EXIT_DONE)
		status = resumed_check(begun, &from);
	if (status == EXIT_DONE) {
		given->study.blind = record_blind(begun->record);
		status = train_job(&from, begun);
	}
	job_close(&from);
	return status;
}

int run_train(options *given)
{
	char *standard = default_destination(given->operand[0], ".onnx");
	resumed begun;
	int status;

	if (!standard)
		return fail(NULL, "out of memory");
	if (!option_given(given, OPT_MODEL))
		given->model = standard;
	status = resumed_open(given, &begun);
	if (status == EXIT_DONE)
		status = train_given(given, &begun);
	resumed_close(&begun);
	free(standard);
	pass_on_signal();
	return status;
}
