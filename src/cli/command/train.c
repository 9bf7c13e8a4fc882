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

#include "option/augment.h"
#include "file/checkpoint.h"
#include "commands.h"
#include "file/destination.h"
#include "study/doctor.h"
#include "file/files.h"
#include "hebb_advanced.h"
#include "study/job.h"
#include "draw/progress.h"
#include "file/replaced.h"
#include "draw/report.h"
#include "file/signals.h"
#include "draw/terminal.h"
#include "train.h"
#include "study/weighted.h"

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
static void announce(const job *from, const trial *run)
{
	const options *o = from->options;
	int classes = run->coding->task == HEBB_CLASSIFICATION,
	    constant = o->schedule == HEBB_CONSTANT;
	int early = o->patience || o->time > 0 || o->optimizer == HEBB_LBFGS;
	char train[32], test[32], parameters[32], batch[32], shape[60], hidden[80], rate[60] = "";

	inform("%s: %s rows to train on, %s to test; %d inputs, %d %s", from->table->name,
	       count_text(run->train->rows, train),
	       count_text(run->test ? run->test->rows : 0, test), run->coding->width,
	       run->coding->outputs, classes ? "classes" : "to predict");
	shape_text(run->net, shape, sizeof shape);
	snprintf(hidden, sizeof hidden, "hidden %s%s%s, ",
		 o->norm == NORM_BATCH   ? "batch norm and "
		 : o->norm == NORM_LAYER ? "layer norm and "
					 : "",
		 hebb_activation_name((hebb_activation)o->activation),
		 o->shortcuts ? " with shortcuts" : "");
	inform("network %s, %soutput %s, %s parameters", shape, o->hidden ? hidden : "",
	       hebb_activation_name((hebb_activation)o->output),
	       count_text(hebb_net_parameters(run->net), parameters));
	snprintf(batch, sizeof batch, o->batch ? "batches of %d%s" : "full batch", o->batch,
		 o->in_order ? " in order" : "");
	if (o->optimizer != HEBB_LBFGS)
		snprintf(rate, sizeof rate, "rate %g%s%s, ", o->rate, constant ? "" : " ",
			 constant ? "" : hebb_schedule_name((hebb_schedule)o->schedule));
	inform("%s%s, %s, %s%s, %s%d epochs%s", hebb_loss_name((hebb_loss)o->loss),
	       o->class_weights == WEIGHTS_BALANCED ? " of balanced classes" : "",
	       hebb_rule_name((hebb_rule)o->optimizer), rate, batch, early ? "at most " : "",
	       o->epochs, o->precision == HEBB_BFLOAT16 ? ", bf16" : "");
}

/* In detail what was not trained on.  file: where the rows come from, NULL: the table of the
 * job. */
static int evaluate_part_of(const job *from, const trial *run, const hebb_dataset *data,
			    const hebb_table *file, score *result)
{
	hebb_error error;

	if (!data)
		return EXIT_DONE;
	if (score_dataset(run->net, run->coding, (hebb_loss)from->options->loss, data,
			  data != run->train, result, &error) != HEBB_OK)
		return fail_error("evaluation", &error);
	if (!from->blind)
		unanswered_warn(&result->without, file ? file : from->table,
				unanswered_counts(result->task));
	return EXIT_DONE;
}

/* The training loop itself, with its progress. */
static int train_net(const job *from, const trial *run, progress *shown, saver *saved,
		     const resumed *begun)
{
	hebb_recipe recipe = job_recipe(from->options, run->seed);
	hebb_source train = hebb_dataset_source(run->train), validation;
	hebb_augmented *augmented = NULL;
	weighted rows = {.weight = NULL};
	hebb_error error;
	hebb_status status = HEBB_NO_MEMORY;
	int result = EXIT_DONE;

	recipe.progress = saved ? saver_progress : progress_show;
	recipe.self = saved ? (void *)saved : shown;
	if (run->validation)
		validation = hebb_dataset_source(run->validation);
	if (from->options->augment) {
		hebb_augmentation is = augment_of(from->options->augment, run->coding->height,
						  run->coding->width_of_image, run->seed);
		augmented = hebb_augmented_new(run->train, run->coding, &is, &error);
		if (!augmented)
			return fail_error("--augment", &error);
		train = hebb_augmented_source(augmented);
	}
	if (from->options->class_weights == WEIGHTS_BALANCED) {
		if (!weighted_open(run->train, train, &rows)) {
			hebb_augmented_free(augmented);
			return fail("--class-weights", "out of memory");
		}
		train = weighted_source(&rows);
	}
	hebb_trainer *trainer = hebb_trainer_new(run->net, &recipe, NULL, &error);
	if (trainer && saved) {
		saved->run = run;
		saved->trainer = trainer;
		saved->shown = shown;
		result = saver_resume(saved, begun);
	}
	if (trainer && result == EXIT_DONE) {
		status = hebb_train(trainer, &train, run->validation ? &validation : NULL, &error);
		shown->stopped = status == HEBB_STOPPED;
		if (shown->stopped)
			result = saved ? saver_stopped(saved) : EXIT_FAILED;
	}
	hebb_trainer_free(trainer);
	weighted_close(&rows);
	hebb_augmented_free(augmented);
	progress_end(shown);
	if (result != EXIT_DONE)
		return result;
	shown->diverged = status == HEBB_DIVERGED;
	if (status == HEBB_OK || (shown->diverged && from->quiet))
		return EXIT_DONE;
	return fail_error("training", &error);
}

/* Why there were fewer epochs than asked for. */
static void note_early_end(const options *o, const outcome *result)
{
	int late = o->time > 0 && result->seconds >= o->time;

	if (late && (o->patience == 0 || result->epochs == 0))
		note("stopped by --time after %d of %d epochs", result->epochs, o->epochs);
	else if (late)
		note("stopped by --time after %d of %d epochs; the weights are those of epoch %d",
		     result->epochs, o->epochs, result->best_epoch);
	else if (o->patience == 0 || result->epochs - result->best_epoch < o->patience)
		note("converged after %d of %d epochs: no step lowers the cost any further",
		     result->epochs, o->epochs);
	else
		note("stopped after epoch %d, without a lower validation loss for %d; the weights "
		     "are those of epoch %d",
		     result->epochs, o->patience, result->best_epoch);
}

int run_trial(const job *from, const trial *run, int number, saver *saved, const resumed *begun,
	      outcome *result)
{
	const options *o = from->options;
	progress shown;
	int status;

	progress_begin(&shown, run->train->rows, number, from->runs);
	shown.lines = shown.lines && !from->quiet;
	shown.rates = o->schedule != HEBB_CONSTANT || o->warmup > 0;
	status = train_net(from, run, &shown, saved, begun);
	*result = (outcome){.seed = run->seed,
			    .train_rows = run->train->rows,
			    .seen = shown.seen,
			    .validation_rows = run->validation ? run->validation->rows : 0,
			    .test_rows = run->test ? run->test->rows : 0,
			    .epochs = shown.epochs,
			    .best_epoch = shown.best_epoch,
			    .diverged = shown.diverged,
			    .stopped = shown.stopped,
			    .seconds = shown.seconds,
			    .curve = shown.curve,
			    .parameters = hebb_net_parameters(run->net)};
	if (status != EXIT_DONE || shown.diverged)
		return status;
	if (result->epochs < o->epochs && !from->quiet)
		note_early_end(o, result);
	status = evaluate_part_of(from, run, run->train, NULL, &result->train);
	if (status == EXIT_DONE)
		status = evaluate_part_of(from, run, run->validation, from->validation_table,
					  &result->validation);
	if (status == EXIT_DONE)
		status =
			evaluate_part_of(from, run, run->test,
					 run->split.folds ? NULL : from->test_table, &result->test);
	return status;
}

void outcome_free(outcome *done)
{
	score_free(&done->train);
	score_free(&done->validation);
	score_free(&done->test);
	curve_free(&done->curve);
}

/* Whether the run after the first ones should not begin, which is then noted in its outcome. */
static int stops_before(outcome *next, int number)
{
	next->stopped = number > 0 && stop_asked();
	return next->stopped;
}

/* Runs all trials of --repeat; keeps the first open. */
static int run_seeds(const job *from, trial *first, saver *saved, const resumed *begun,
		     results *all)
{
	const options *o = from->options;
	char text[200];
	int status = EXIT_DONE;

	for (int i = 0; i < o->repeat && status == EXIT_DONE; i++) {
		trial other, *run = i == 0 ? first : &other;
		outcome *result = &all->run[i];

		if (stops_before(result, i))
			return EXIT_FAILED;
		status = trial_open(from, o->seed + (uint64_t)i, run);
		if (status == EXIT_DONE && i == 0) {
			announce(from, run);
			doctor_before(from, run);
		}
		if (status == EXIT_DONE)
			status = run_trial(from, run, i + 1, i == 0 ? saved : NULL, begun, result);
		if (status == EXIT_DONE && i == 0)
			doctor_after(from, run, result);
		if (status == EXIT_DONE && o->repeat > 1 && run->test)
			inform("seed %llu: %s", (unsigned long long)run->seed,
			       score_text(&result->test, text, sizeof text));
		all->done += status == EXIT_DONE;
		if (i > 0)
			trial_close(run);
	}
	return status;
}

int run_folds(const job *from, int number, int tell, outcome *result, int *done)
{
	const options *o = from->options;
	char text[200];
	int status = EXIT_DONE;

	for (int i = 0; i < o->folds && status == EXIT_DONE && !(i > 0 && result[i - 1].diverged);
	     i++) {
		trial run;

		if (stops_before(&result[i], i))
			return EXIT_FAILED;
		status = trial_open_fold(from, o->seed, i, &run);
		if (status == EXIT_DONE && i == 0 && tell)
			announce(from, &run);
		if (status == EXIT_DONE)
			status = run_trial(from, &run, number + i, NULL, NULL, &result[i]);
		if (status == EXIT_DONE && tell)
			inform("fold %d: %s", i + 1,
			       score_text(&result[i].test, text, sizeof text));
		*done += status == EXIT_DONE;
		trial_close(&run);
	}
	return status;
}

/* Cross-validation, then a model of all rows that the folds divided. */
static int run_validation(job *from, trial *model, saver *saved, const resumed *begun, results *all)
{
	int status = run_folds(from, 1, 1, all->run, &all->done);

	if (status != EXIT_DONE)
		return status;
	from->blind = from->runs = 1;
	status = trial_open(from, from->options->seed, model);
	if (status == EXIT_DONE && model->parts.test > 0)
		note("the %lld test rows were in no fold and are not looked at; evaluate --part "
		     "test does",
		     model->parts.test);
	if (status == EXIT_DONE)
		note("the model is trained on all %lld rows that the folds divided; the mean over "
		     "the folds is what to expect of it",
		     model->parts.train + model->parts.validation);
	if (status == EXIT_DONE) {
		doctor_before(from, model);
		status = run_trial(from, model, 1, saved, begun, all->model);
	}
	if (status == EXIT_DONE)
		doctor_after(from, model, all->model);
	return status;
}

/* That a signal ended the runs before all were done, after those that are reported. */
static void tell_stopped(const options *o, const results *all)
{
	const char *what = o->folds ? "fold" : "run";

	if (all->done == all->asked || !all->run[all->done].stopped ||
	    (!o->folds && all->done == 0)) /* what saver_stopped() says */
		return;
	if (all->done == 0)
		fail("training", "stopped in %s 1 of %d, and nothing is finished", what,
		     all->asked);
	else
		fail("training", "stopped in %s %d of %d; the report covers those that ended; %s",
		     what, all->done + 1, all->asked,
		     o->folds ? "the model was not trained" : "the model is that of the first run");
}

/* Runs all and reports those that ended. */
static int run_all(job *from, saver *saved, const resumed *begun, results *all)
{
	trial model = {.seed = 0};
	int status = from->options->folds ? run_validation(from, &model, saved, begun, all)
					  : run_seeds(from, &model, saved, begun, all);

	all->whole = status == EXIT_DONE || (!from->options->folds && all->done > 0);
	if (all->done > 0) {
		int reported = report(from, &model, all);
		status = status == EXIT_DONE ? reported : status;
	}
	trial_close(&model);
	return status;
}

static int train_job(job *from, const resumed *begun)
{
	int folds = from->options->folds, asked = folds ? folds : from->options->repeat;
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
		outcome_free(&all.run[i]);
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
		from.blind = record_blind(begun->record);
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
