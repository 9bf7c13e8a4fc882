/* SPDX-License-Identifier: MIT */
/*
 * train.c - hebb train: split, scale, train, evaluate on the held-out part, save the model
 *
 * The model is written last, after all runs of --repeat: whatever fails before leaves an older
 * model as it was.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "augment.h"
#include "checkpoint.h"
#include "commands.h"
#include "destination.h"
#include "job.h"
#include "json.h"
#include "progress.h"
#include "record.h"
#include "score.h"
#include "terminal.h"
#include "weighted.h"

/* Where the report goes: to standard error if the model itself goes to standard output. */
static FILE *report_stream(const options *o)
{
	return strcmp(o->model, "-") == 0 ? stderr : stdout;
}

/* "64-30-10" */
static void shape_text(const hebb_net *net, char *text, size_t size)
{
	size_t length = (size_t)snprintf(text, size, "%d", hebb_net_inputs(net));

	for (int l = 0; l < hebb_net_layers(net) && length < size; l++)
		if (hebb_net_layer(net, l)->kind == HEBB_DENSE)
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

/* In detail what was not trained on. */
static int evaluate_part_of(const job *from, const trial *run, const hebb_dataset *data,
			    score *result)
{
	hebb_error error;

	if (!data || score_dataset(run->net, run->coding, (hebb_loss)from->options->loss, data,
				   data != run->train, result, &error) == HEBB_OK)
		return EXIT_DONE;
	return fail_error("evaluation", &error);
}

/* The training loop itself, with its progress; `saved` goes with a single run, else it is NULL. */
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
		if (status == HEBB_STOPPED)
			result = saver_stopped(saved);
	}
	hebb_trainer_free(trainer);
	weighted_close(&rows);
	hebb_augmented_free(augmented);
	progress_end(shown);
	if (result != EXIT_DONE)
		return result;
	if (status == HEBB_OK && saved && saved->status != EXIT_DONE)
		warn("the model is whole, but %s is not that of the end", saved->path);
	return status == HEBB_OK ? EXIT_DONE : fail_error("training", &error);
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

static int run_trial(const job *from, const trial *run, int number, saver *saved,
		     const resumed *begun, outcome *result)
{
	const options *o = from->options;
	progress shown;
	int status;

	progress_begin(&shown, run->train->rows, number, o->repeat);
	shown.rates = o->schedule != HEBB_CONSTANT || o->warmup > 0;
	status = train_net(from, run, &shown, saved, begun);
	*result = (outcome){.seed = run->seed,
			    .train_rows = run->train->rows,
			    .seen = shown.seen,
			    .validation_rows = run->validation ? run->validation->rows : 0,
			    .test_rows = run->test ? run->test->rows : 0,
			    .epochs = shown.epochs,
			    .best_epoch = shown.best_epoch,
			    .seconds = shown.seconds,
			    .curve = shown.curve,
			    .parameters = hebb_net_parameters(run->net)};
	if (status == EXIT_DONE && result->epochs < o->epochs)
		note_early_end(o, result);
	if (status == EXIT_DONE)
		status = evaluate_part_of(from, run, run->train, &result->train);
	if (status == EXIT_DONE)
		status = evaluate_part_of(from, run, run->validation, &result->validation);
	if (status == EXIT_DONE)
		status = evaluate_part_of(from, run, run->test, &result->test);
	return status;
}

static void outcome_free(outcome *done)
{
	score_free(&done->train);
	score_free(&done->validation);
	score_free(&done->test);
	curve_free(&done->curve);
}

/* ---- Several runs ---- */

typedef struct spread {
	double mean, sd, least, most;
	double low, high; /* the 95 % interval of the mean */
} spread;

static double pick_accuracy(const score *from)
{
	return from->accuracy;
}

static double pick_balanced(const score *from)
{
	return from->detail.balanced_accuracy;
}

static double pick_f1(const score *from)
{
	return from->detail.f1;
}

static double pick_auc(const score *from)
{
	return from->detail.roc_auc;
}

static double pick_log_loss(const score *from)
{
	return from->detail.log_loss;
}

static double pick_ece(const score *from)
{
	return from->detail.ece;
}

static double pick_loss(const score *from)
{
	return from->loss;
}

static double pick_rmse(const score *from)
{
	return from->mean.rmse;
}

static double pick_mae(const score *from)
{
	return from->mean.mae;
}

static double pick_r2(const score *from)
{
	return from->mean.r2;
}

/* The figures of a score that are summed up over runs. */
static const struct figure {
	hebb_task task;
	const char *key, *name; /* in JSON and for people */
	int percent;
	double (*pick)(const score *from);
} figures[] = {
	{HEBB_CLASSIFICATION, "accuracy", "accuracy", 1, pick_accuracy},
	{HEBB_CLASSIFICATION, "balanced_accuracy", "balanced", 1, pick_balanced},
	{HEBB_CLASSIFICATION, "macro_f1", "macro F1", 0, pick_f1},
	{HEBB_CLASSIFICATION, "roc_auc", "ROC AUC", 0, pick_auc},
	{HEBB_CLASSIFICATION, "log_loss", "log loss", 0, pick_log_loss},
	{HEBB_CLASSIFICATION, "ece", "ECE", 0, pick_ece},
	{HEBB_REGRESSION, "rmse", "rmse", 0, pick_rmse},
	{HEBB_REGRESSION, "mae", "mae", 0, pick_mae},
	{HEBB_REGRESSION, "r2", "r2", 0, pick_r2},
	{HEBB_CLASSIFICATION, "loss", "loss", 0, pick_loss},
	{HEBB_REGRESSION, "loss", "loss", 0, pick_loss},
};

enum { FIGURES = sizeof figures / sizeof *figures };

/* sd with n - 1; of one run it is NaN.  The interval of the mean is that of Student's t: of other seeds on this data, not of
 * other data, for the runs share their rows. */
static spread spread_of(const outcome *result, int runs, double (*pick)(const score *from))
{
	spread all = {.least = INFINITY, .most = -INFINITY};
	double squares = 0;

	for (int i = 0; i < runs; i++) {
		double value = pick(&result[i].test);
		all.mean += value / runs;
		all.least = fmin(all.least, value);
		all.most = fmax(all.most, value);
	}
	for (int i = 0; i < runs; i++) {
		double off = pick(&result[i].test) - all.mean;
		squares += off * off;
	}
	all.sd = runs > 1 ? sqrt(squares / (runs - 1)) : NAN;
	all.low = all.mean - student_t(runs) * all.sd / sqrt(runs);
	all.high = all.mean + student_t(runs) * all.sd / sqrt(runs);
	return all;
}

static void set_named(json_t *object, const char *name, const char *ending, json_t *value)
{
	char key[40];

	snprintf(key, sizeof key, "%s_%s", name, ending);
	json_object_set_new(object, key, value);
}

static void spread_json(const outcome *result, int runs, json_t *test)
{
	for (int i = 0; i < FIGURES; i++) {
		if (figures[i].task != result->test.task)
			continue;
		spread all = spread_of(result, runs, figures[i].pick);
		set_named(test, figures[i].key, "mean", number_json(all.mean));
		set_named(test, figures[i].key, "mean_ci", interval_json(all.low, all.high));
		set_named(test, figures[i].key, "sd", number_json(all.sd));
		set_named(test, figures[i].key, "min", number_json(all.least));
		set_named(test, figures[i].key, "max", number_json(all.most));
	}
}

static void print_spread(FILE *out, const outcome *result, int runs)
{
	for (int i = 0; i < FIGURES; i++) {
		if (figures[i].task != result->test.task)
			continue;
		spread all = spread_of(result, runs, figures[i].pick);
		int digits = figures[i].percent ? 2 : 4;
		double unit = figures[i].percent ? 100 : 1;
		if (isnan(all.mean))
			continue;
		fprintf(out, "  %-9s %smean %.*f%s%s (%.*f to %.*f), sd %.*f, min %.*f, max %.*f\n",
			figures[i].name, bold(out), digits, unit * all.mean,
			figures[i].percent ? " %" : "", plain(out), digits, unit * all.low, digits,
			unit * all.high, digits, unit * all.sd, digits, unit * all.least, digits,
			unit * all.most);
	}
	fprintf(out, "  %sin brackets the 95 %% interval of the mean of %d runs (Student's t)%s\n",
		dim(out), runs, plain(out));
}

/* ---- The report ---- */

static void set_part(json_t *object, const char *key, const score *from, const hebb_coding *coding,
		     json_t *scores)
{
	if (from->rows > 0)
		score_json(from, coding, scores);
	if (json_object_size(scores) > 0)
		json_object_set_new(object, key, scores);
	else
		json_decref(scores);
}

static json_t *runs_json(const outcome *result, int runs, const hebb_coding *coding)
{
	json_t *list = json_array();

	for (int i = 0; i < runs; i++) {
		json_t *one = json_object();
		json_object_set_new(one, "seed", seed_json(result[i].seed));
		json_object_set_new(one, "epochs", json_integer(result[i].epochs));
		json_object_set_new(one, "loss", number_json(result[i].train.loss));
		json_object_set_new(one, "seconds", number_json(result[i].seconds));
		set_part(one, "test", &result[i].test, coding, json_object());
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *report_json(const job *from, const trial *first, const outcome *result)
{
	const options *o = from->options;
	json_t *object = json_object(), *test = json_object();

	json_object_set_new(object, "train_rows", json_integer(result->train_rows));
	json_object_set_new(object, "validation_rows", json_integer(result->validation_rows));
	json_object_set_new(object, "test_rows", json_integer(result->test_rows));
	json_object_set_new(object, "parameters", json_integer(result->parameters));
	json_object_set_new(object, "epochs", json_integer(result->epochs));
	json_object_set_new(object, "loss", number_json(result->train.loss));
	json_object_set_new(object, "seconds", number_json(result->seconds));
	json_object_set_new(object, "samples_per_second",
			    number_json((double)result->seen / result->seconds));
	json_object_set_new(object, "curve", curve_json(&result->curve));
	set_part(object, "train", &result->train, first->coding, json_object());
	set_part(object, "validation", &result->validation, first->coding, json_object());
	if (o->repeat > 1 && result->test_rows > 0)
		spread_json(result, o->repeat, test);
	if (result->test.each)
		json_object_set_new(test, "classes", classes_json(&result->test, first->coding));
	set_part(object, "test", &result->test, first->coding, test);
	if (o->repeat > 1)
		json_object_set_new(object, "runs", runs_json(result, o->repeat, first->coding));
	json_object_set_new(object, "model", text_json(o->model));
	json_object_set_new(object, "seed", seed_json(o->seed));
	json_object_set_new(object, "threads",
			    json_integer(o->threads ? o->threads : machine_threads()));
	json_object_set_new(object, "kernels", json_string(hebb_kernels(NULL)));
	return object;
}

static void print_report(const job *from, const trial *first, const outcome *result)
{
	FILE *out = report_stream(from->options);
	char text[200], rows[32];

	if (from->options->repeat > 1 && result->test_rows > 0) {
		fprintf(out, "%sHeld out%s %s rows, over %d runs\n", bold(out), plain(out),
			count_text(result->test_rows, rows), from->options->repeat);
		print_spread(out, result, from->options->repeat);
		return;
	}
	fprintf(out, "%sTraining%s   %s\n", bold(out), plain(out),
		score_text(&result->train, text, sizeof text));
	fprintf(out, "           %d epochs in %.*f s, %s samples/s\n", result->epochs,
		result->seconds < 1 ? 3 : 1, result->seconds,
		count_text(result->seconds > 0 ? (long long)((double)result->seen / result->seconds)
					       : 0,
			   rows));
	if (result->validation_rows > 0)
		fprintf(out, "%sValidation%s %s\n", bold(out), plain(out),
			score_text(&result->validation, text, sizeof text));
	if (result->test_rows > 0) {
		fprintf(out, "%sHeld out   %s%s\n", bold(out),
			score_text(&result->test, text, sizeof text), plain(out));
		print_score(out, &result->test, first->coding);
	}
}

/* Writes the model of a trial, which stays the owner of its parts. */
static int save(const job *from, const trial *run, const outcome *result)
{
	const options *o = from->options;
	hebb_model model = {.net = run->net, .coding = run->coding, .loss = (hebb_loss)o->loss};
	hebb_error error;
	hebb_status status;

	model.record = record_make(from, run, result);
	if (!model.record)
		return fail(o->model, "out of memory");
	status = hebb_model_write(&model, o->model, &error);
	free(model.record);
	return status == HEBB_OK ? EXIT_DONE : fail_error(NULL, &error);
}

static int report(const job *from, const trial *first, const outcome *result)
{
	int status = save(from, first, result);

	if (status != EXIT_DONE)
		return status;
	if (from->options->json)
		return print_json(report_json(from, first, result));
	print_report(from, first, result);
	FILE *out = report_stream(from->options);
	fprintf(out, "\nSaved %s", out == stderr ? "the model" : from->options->model);
	fprintf(out, from->options->repeat > 1 ? ", the model of seed %llu\n" : "\n",
		(unsigned long long)from->options->seed);
	return EXIT_DONE;
}

/* Runs all trials; keeps the first open. */
static int run_all(const job *from, trial *first, saver *saved, const resumed *begun,
		   outcome *result)
{
	const options *o = from->options;
	char text[200];
	int status = EXIT_DONE;

	for (int i = 0; i < o->repeat && status == EXIT_DONE; i++) {
		trial other, *run = i == 0 ? first : &other;
		status = trial_open(from, o->seed + (uint64_t)i, run);
		if (status == EXIT_DONE && i == 0)
			announce(from, run);
		if (status == EXIT_DONE)
			status = run_trial(from, run, i + 1, saved, begun, &result[i]);
		if (status == EXIT_DONE && o->repeat > 1 && run->test)
			inform("seed %llu: %s", (unsigned long long)run->seed,
			       score_text(&result[i].test, text, sizeof text));
		if (i > 0)
			trial_close(run);
	}
	return status;
}

static int train_job(const job *from, const resumed *begun)
{
	trial first = {.seed = 0};
	int runs = from->options->repeat, status = EXIT_DONE;
	outcome *result = calloc((size_t)runs, sizeof *result);
	saver saved = {.path = NULL};

	if (runs == 1) {
		status = saver_open(from, &saved);
		catch_signals();
	}
	if (status == EXIT_DONE)
		status = result ? run_all(from, &first, runs == 1 ? &saved : NULL, begun, result)
				: fail(NULL, "out of memory");
	if (status == EXIT_DONE)
		status = report(from, &first, result);
	for (int i = 0; i < runs && result; i++)
		outcome_free(&result[i]);
	free(result);
	trial_close(&first);
	saver_close(&saved);
	return status;
}

int run_train(options *given)
{
	char *standard = default_destination(given->operand[0]);
	resumed begun;
	job from;
	int status;

	if (!option_given(given, OPT_MODEL))
		given->model = standard;
	status = standard ? check_destination(given->model, given->operand[0])
			  : fail(NULL, "out of memory");
	if (status == EXIT_DONE) {
		status = resumed_open(given, &begun);
		if (status == EXIT_DONE) {
			status = job_open(given, &from);
			if (status == EXIT_DONE)
				status = resumed_check(&begun, &from);
			if (status == EXIT_DONE)
				status = train_job(&from, &begun);
			job_close(&from);
		}
		resumed_close(&begun);
	}
	free(standard);
	pass_on_signal();
	return status;
}
