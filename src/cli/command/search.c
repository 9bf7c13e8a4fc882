/* SPDX-License-Identifier: MIT */
/*
 * search.c - hebb search: tries settings of the options of train, and trains the best
 *
 * Trials are scored on rows that they are not trained on: the validation part, or each fold in
 * turn. The test part is not used until the best trial is known.  The trials and their order depend
 * only on the options and the scores.  So a search that was stopped goes on by reading the scores
 * of finished trials from its table.
 */
#define _POSIX_C_SOURCE 200809L

#include "search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands.h"
#include "file/destination.h"
#include "file/files.h"
#include "draw/json.h"
#include "option/option_table.h"
#include "file/replaced.h"
#include "draw/report.h"
#include "file/signals.h"
#include "draw/terminal.h"
#include "train.h"

/* ---- One trial ---- */

/* Draws the options of a trial. `whose`: SEARCH or TRAIN, whose defaults complete them. */
static int vary(search *s, int which, unsigned whose)
{
	int status = EXIT_DONE;

	s->varied = *s->given;
	s->varied.command = whose;
	space_draw(&s->space, s->given->study.seed, which, &s->draw);
	for (int i = 0; i < s->space.count && status == EXIT_DONE; i++)
		status = option_read(s->space.range[i].id, s->draw.text[i], &s->varied);
	if (whose != SEARCH)
		option_unset(&s->varied, OPT_FOLDS);
	if (whose != SEARCH && !s->varied.study.patience)
		option_unset(&s->varied, OPT_VALIDATION);
	if (status == EXIT_DONE)
		status = options_check(&s->varied);
	if (status == EXIT_DONE)
		status = job_vary(&s->base, &s->varied, &s->setup);
	return status;
}

/* Trains the current trial, scored on the validation part or the folds. */
static int train_varied(search *s, int number, hebb_result *result)
{
	int status = EXIT_FAILED, done = 0;

	if (s->given->study.folds)
		return run_folds(&s->setup, number * s->given->study.folds + 1, 0, result, &done);
	hebb_trial *run = job_trial(&s->setup, s->given->study.seed, -1);
	if (run)
		status = run_trial(&s->setup, run, number + 1, NULL, NULL, result);
	hebb_trial_free(run);
	return status;
}

/* Trains the current trial and fills in its score. */
static int try_varied(search *s, int number, trial_row *row)
{
	const hebb_study *study = &s->given->study;
	int runs = study->folds ? study->folds : 1;
	hebb_result *result = calloc((size_t)runs, sizeof *result);
	int status = result ? train_varied(s, number, result) : fail("search", "out of memory");
	hebb_error error;

	for (int i = 0; i < runs && result; i++)
		s->stopped |= result[i].ending == HEBB_ENDED_STOPPED;
	if (status == EXIT_DONE &&
	    hebb_attempt_score(study, s->given->metric, runs, result, row, &error) != HEBB_OK)
		status = fail_error(NULL, &error);
	for (int i = 0; i < runs && result; i++)
		hebb_result_free(&result[i]);
	free(result);
	return status;
}

/* ---- All trials ---- */

/* Prints a line for a trial: its number, its score, the best score, its settings. */
static void tell(void *self, const hebb_study *study, const hebb_found *found)
{
	const search *s = self;
	const trial_row *row = &found->attempt[found->attempts - 1];
	int number = found->number, of = found->of;
	const char *name = option_table[OPT_METRIC].choice(s->given->metric);
	char text[600], came_to[40] = "diverged", best[80] = "";
	size_t length = 0;

	(void)study;
	text[0] = '\0';
	for (int i = 0; i < s->space.count && length < sizeof text; i++)
		length +=
			(size_t)snprintf(text + length, sizeof text - length, " --%s %s",
					 option_table[s->space.range[i].id].name, s->draw.text[i]);
	if (!row->diverged)
		snprintf(came_to, sizeof came_to, "%s %s", name,
			 hebb_show_number(row->score, 4).text);
	if (found->best >= 0)
		snprintf(best, sizeof best, "  best %s (trial %d)",
			 hebb_show_number(found->attempt[found->best].score, 4).text,
			 found->attempt[found->best].trial + 1);
	if (s->rungs > 1)
		inform("%d epoch%s, %d/%d  trial %d  %s%s %s", row->epochs,
		       row->epochs == 1 ? "" : "s", number + 1, of, row->trial + 1, came_to, best,
		       text);
	else
		inform("trial %d/%d  %s%s %s", number + 1, of, came_to, best, text);
}

static void note_taken(const search *s)
{
	note("%d finished trial%s taken from %s", s->taken, s->taken == 1 ? " is" : "s are",
	     s->table.path);
}

/* The library's status for a failure whose message was printed already. */
static hebb_status told(int status, hebb_error *error)
{
	return status == EXIT_DONE ? HEBB_OK : hebb_fail(error, HEBB_IO, "%s", "");
}

/* ---- What the library calls ---- */

static hebb_status vary_trial(void *self, int which, hebb_study *study, hebb_error *error)
{
	search *s = self;
	int status = vary(s, which, SEARCH);

	*study = s->varied.study;
	return told(status, error);
}

static hebb_status take_trial(void *self, trial_row *row, int *known, hebb_error *error)
{
	search *s = self;

	*known = trials_left(&s->table);
	s->taken += *known;
	return *known ? told(trials_read(&s->table, row), error) : HEBB_OK;
}

static int has_more(void *self)
{
	const search *s = self;

	return trials_left(&s->table);
}

static hebb_status train_trial(void *self, const hebb_study *study, const hebb_found *found,
			       trial_row *row, hebb_error *error)
{
	search *s = self;

	(void)study;
	if (stop_asked()) {
		s->stopped = 1;
		return told(EXIT_FAILED, error);
	}
	s->varied.study.epochs = row->epochs;
	s->setup.runs = found->of * (s->given->study.folds ? s->given->study.folds : 1);
	if (s->taken && found->attempts == s->taken)
		note_taken(s);
	int status = try_varied(s, found->number, row);
	return told(status == EXIT_DONE ? trials_add(&s->table, row) : status, error);
}

/* Every draw goes through the checks of the command line before anything is trained. */
static int check_draws(search *s)
{
	int status = EXIT_DONE;

	for (int i = 0; i < s->rung[0].trials && status == EXIT_DONE; i++) {
		status = vary(s, i, SEARCH);
		if (status == EXIT_DONE && s->given->metric == HEBB_METRIC_LOG_LOSS &&
		    s->varied.study.output == HEBB_LINEAR)
			return fail("--metric",
				    "log-loss needs probabilities, and --output linear gives none");
	}
	return status;
}

/* ---- The search ---- */

static void set_fingerprint(json_t *object, const char *key, const hebb_table *table)
{
	if (table)
		json_object_set_new(object, key, fingerprint_json(hebb_table_fingerprint(table)));
}

/* All settings and data that the scores depend on. */
static json_t *identity_of(const search *s)
{
	const options *o = s->given;
	json_t *object = json_object(), *values = options_json(o);

	for (int i = 0; i < s->space.count; i++) {
		const range *one = &s->space.range[i];
		json_object_set_new(values, option_key(one->id, (char[40]){0}),
				    text_json(one->text));
	}
	json_object_set_new(object, "hebb", json_string(hebb_version()));
	json_object_set_new(object, "fingerprint", fingerprint_json(s->given->study.fingerprint));
	set_fingerprint(object, "test_fingerprint", s->base.test_table);
	set_fingerprint(object, "validation_fingerprint", s->base.validation_table);
	json_object_set_new(object, "strategy",
			    json_string(option_table[OPT_STRATEGY].choice(o->strategy)));
	json_object_set_new(object, "metric",
			    json_string(option_table[OPT_METRIC].choice(o->metric)));
	json_object_set_new(object, "folds", json_integer(o->study.folds));
	if (o->strategy == HEBB_STRATEGY_HALVING) /* a random search may go on with more */
		json_object_set_new(object, "trials", json_integer(s->rung[0].trials));
	json_object_set_new(object, "options", values);
	return object;
}

/* Saves the final model and reports on it. The report is printed even if the model could not be
 * saved at its path. */
static int finish(search *s, const hebb_trial *final, const hebb_result *result)
{
	char *where;
	int saved, status;

	s->before = replaced_record(s->given);
	saved = save_model(&s->setup, final, result, &where);
	if (saved != EXIT_DONE) { /* then nothing is replaced */
		json_decref(s->before);
		s->before = NULL;
	}
	s->seconds = seconds_now() - s->began;
	status = search_report(s, final, result, where);
	json_decref(s->before);
	free(where);
	return saved == EXIT_DONE ? status : saved;
}

/* Trains the best on all rows but the test part, which is seen for the first time. */
static int train_best(search *s)
{
	int trial_of_best = s->found.attempt[s->found.best].trial;
	hebb_result result = {.seed = 0};
	hebb_trial *final = NULL;
	saver checkpoints = {.path = NULL};
	int status = vary(s, trial_of_best, TRAIN);

	s->varied.study.blind = s->setup.quiet = 0;
	s->setup.runs = 1;
	if (s->varied.study.validation.kind != HEBB_PART_TABLE)
		s->setup.validation_table = NULL;
	if (status == EXIT_DONE && !(final = job_trial(&s->setup, s->given->study.seed, -1)))
		status = EXIT_FAILED;
	if (status == EXIT_DONE)
		job_note_trial(&s->setup, final, -1);
	if (status == EXIT_DONE)
		inform("training the best settings, those of trial %d, on the %s outside the "
		       "test part",
		       trial_of_best + 1,
		       hebb_show_count(final->parts.train + final->parts.validation, "row").text);
	if (status == EXIT_DONE)
		status = saver_open(&s->setup, &checkpoints);
	if (status == EXIT_DONE)
		status = run_trial(&s->setup, final, 1, &checkpoints,
				   &(resumed){.checkpoint = NULL}, &result);
	if (status == EXIT_DONE)
		status = finish(s, final, &result);
	saver_close(&checkpoints);
	hebb_result_free(&result);
	hebb_trial_free(final);
	return status;
}

/* Says that a signal ended the search; the table has the finished trials. */
static int tell_stopped(const search *s)
{
	char best[40] = "";

	if (s->found.attempts == 0)
		return fail("search", "stopped in the first trial; no trial is complete");
	if (s->found.best >= 0)
		snprintf(best, sizeof best, ", the best so far is trial %d",
			 s->found.attempt[s->found.best].trial + 1);
	return fail("search",
		    "stopped after %d finished trial%s%s; the same command goes on from %s",
		    s->found.attempts, s->found.attempts == 1 ? "" : "s", best, s->table.path);
}

static int search_all(search *s)
{
	hebb_search how = hebb_search_default();
	hebb_error error;

	how.trials = s->rung[0].trials;
	how.strategy = s->given->strategy;
	how.metric = s->given->metric;
	how.seconds = s->limit;
	how.coding = s->base.coding;
	how.self = s;
	how.vary = vary_trial;
	how.train = train_trial;
	how.known = take_trial;
	how.more = has_more;
	how.tried = tell;
	catch_signals();
	hebb_status status = hebb_study_search(&s->given->study, &how, NULL, &s->found, &error);
	if (s->stopped)
		return tell_stopped(s);
	if (status != HEBB_OK && status != HEBB_DIVERGED)
		return error.message[0] ? fail_error(NULL, &error) : EXIT_FAILED;
	if (trials_left(&s->table))
		return fail(s->table.path,
			    "line %lld: the search ends before this row; repair the "
			    "table, delete it, or name another with --table",
			    s->table.line + 1);
	if (s->taken && s->found.attempts == s->taken && !s->found.over)
		note_taken(s);
	if (s->found.over)
		note("stopped by --time after %d trial%s; the same command with more time goes on "
		     "from %s",
		     s->found.attempts, s->found.attempts == 1 ? "" : "s", s->table.path);
	return status == HEBB_OK ? train_best(s) : fail_error(NULL, &error);
}

/* Decides what is searched and how. */
static int plan(search *s)
{
	options *o = s->given;
	int status = space_open(o, &s->space), count = o->trials;

	if (s->space.combinations && s->space.combinations < count)
		count = (int)s->space.combinations;
	s->rungs = hebb_rungs(o->strategy, count, o->study.epochs, s->rung);
	if (status == EXIT_DONE)
		status = search_check_job(s);
	if (status == EXIT_DONE)
		status = check_draws(s);
	if (status == EXIT_DONE)
		status = trials_open(o->trial_table, identity_of(s), &s->space, o->study.seed,
				     o->force, &s->table);
	return status;
}

static int open_and_search(search *s)
{
	int status;

	if (option_given(s->given, OPT_TIME))
		s->limit = s->given->study.time;
	option_unset(s->given, OPT_TIME); /* --time limits the search, not a trial */
	s->began = seconds_now();
	status = job_open(s->given, &s->base);
	s->given->study.blind = s->base.quiet = 1;
	if (status == EXIT_DONE)
		status = plan(s);
	if (status == EXIT_DONE)
		status = search_all(s);
	trials_close(&s->table);
	space_close(&s->space);
	hebb_found_free(&s->found);
	job_close(&s->base);
	return status;
}

int run_search(options *given)
{
	static search s; /* too large for some stacks */
	char *model = default_destination(given->operand[0], ".onnx");
	char *table = default_destination(given->operand[0], "-search.csv");
	int status = model && table ? EXIT_DONE : fail(NULL, "out of memory");

	s = (search){.given = given, .found.best = -1};
	if (!option_given(given, OPT_MODEL))
		given->model = model;
	if (!option_given(given, OPT_TABLE))
		given->trial_table = table;
	if (status == EXIT_DONE)
		status = search_check_options(given);
	if (status == EXIT_DONE)
		status = files_check(given);
	if (status == EXIT_DONE)
		status = open_and_search(&s);
	free(model);
	free(table);
	pass_on_signal();
	return status;
}
