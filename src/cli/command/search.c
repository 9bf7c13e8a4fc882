/* SPDX-License-Identifier: MIT */
/*
 * search.c - hebb search: tries settings of the options of train, and trains the best
 *
 * Trials are scored on rows that they are not trained on, the validation part or each of the folds
 * in turn; nobody looks at the test part until the best is known.  What is tried, and in which
 * order, follows from the options and the scores alone, so that a search that was stopped goes on
 * by reading its table in place of training.
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
#include "draw/spread.h"
#include "draw/terminal.h"
#include "train.h"

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* ---- One trial ---- */

/* Draws the options of a trial; with `epochs` as many in place of its own.  `whose`
 * defaults complete them: those of SEARCH or of TRAIN. */
static int vary(search *s, int which, int epochs, unsigned whose)
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
		status = job_vary(&s->base, &s->varied, &s->from);
	if (epochs)
		s->varied.study.epochs = epochs;
	return status;
}

/* Trains the trial at hand on the validation part or the folds. */
static int train_varied(search *s, int number, hebb_result *result)
{
	int status = EXIT_FAILED, done = 0;

	if (s->given->study.folds)
		return run_folds(&s->from, number * s->given->study.folds + 1, 0, result, &done);
	hebb_trial *run = job_trial(&s->from, s->given->study.seed, -1);
	if (run)
		status = run_trial(&s->from, run, number + 1, NULL, NULL, result);
	hebb_trial_free(run);
	return status;
}

/* The same, and its score. */
static int try_varied(search *s, int number, trial_row *row)
{
	int folds = s->given->study.folds, runs = folds ? folds : 1;
	hebb_result *result = calloc((size_t)runs, sizeof *result);
	double (*figure)(const hebb_score *from) = figure_of((metric)s->given->metric);
	int status = result ? train_varied(s, number, result) : fail("search", "out of memory");

	row->sd = NAN;
	for (int i = 0; i < runs && result; i++)
		s->stopped |= result[i].ending == HEBB_ENDED_STOPPED;
	for (int i = 0; i < runs && status == EXIT_DONE; i++) {
		row->seconds += result[i].seconds;
		row->diverged |= (result[i].ending == HEBB_ENDED_DIVERGED) ||
				 result[i].validation.without.count || result[i].test.without.count;
	}
	if (status == EXIT_DONE && !row->diverged) {
		hebb_spread all = spread_of(result, runs, figure);
		row->score = folds ? all.mean : figure(&result->validation);
		row->sd = folds ? all.sd : NAN;
		row->diverged = !isfinite(row->score);
	}
	if (status == EXIT_DONE)
		row->parameters = result->parameters;
	for (int i = 0; i < runs && result; i++)
		hebb_result_free(&result[i]);
	free(result);
	return status;
}

/* ---- All trials ---- */

static int keep(search *s, const trial_row *row)
{
	if (s->rows == s->room) {
		int room = 2 * s->room + 16;
		trial_row *more = realloc(s->row, sizeof *more * (size_t)room);
		if (!more)
			return fail("search", "out of memory");
		s->row = more;
		s->room = room;
	}
	s->row[s->rows] = *row;
	s->diverged += row->diverged;
	s->tried += row->rung == 0;
	if (s->best < 0 ? !row->diverged : is_better(s, row, &s->row[s->best]))
		s->best = s->rows;
	s->rows++;
	return EXIT_DONE;
}

/* A line a trial: where the search is, the score, the best, the draw. */
static void tell(const search *s, const trial_row *row, int number, int of)
{
	const char *name = option_table[OPT_METRIC].choice(s->given->metric);
	char text[600], came_to[40] = "diverged", best[80] = "";
	size_t length = 0;

	text[0] = '\0';
	for (int i = 0; i < s->space.count && length < sizeof text; i++)
		length +=
			(size_t)snprintf(text + length, sizeof text - length, " --%s %s",
					 option_table[s->space.range[i].id].name, s->draw.text[i]);
	if (!row->diverged)
		snprintf(came_to, sizeof came_to, "%s %.4g", name, row->score);
	if (s->best >= 0)
		snprintf(best, sizeof best, "  best %.4g (%d)", s->row[s->best].score,
			 s->row[s->best].trial + 1);
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

/* Takes a trial from the table or trains it. */
static int do_trial(search *s, int r, int which, int number, int of)
{
	int halving = s->rungs > 1;
	trial_row row = {.trial = which, .rung = r};
	int status = vary(s, which, halving ? s->rung[r].epochs : 0, SEARCH);

	row.epochs = s->varied.study.epochs;
	if (status == EXIT_DONE && trials_left(&s->table)) {
		s->taken++;
		status = trials_read(&s->table, &row);
		return status == EXIT_DONE ? keep(s, &row) : status;
	}
	if (status != EXIT_DONE)
		return status;
	s->over = s->limit > 0 && now() - s->began >= s->limit && s->best >= 0;
	if (s->over)
		return EXIT_DONE;
	if (stop_asked()) {
		s->stopped = 1;
		return EXIT_FAILED;
	}
	s->from.runs = of * (s->given->study.folds ? s->given->study.folds : 1);
	if (s->taken && s->rows == s->taken)
		note_taken(s);
	status = try_varied(s, number, &row);
	if (status == EXIT_DONE)
		status = trials_add(&s->table, &row);
	if (status == EXIT_DONE)
		status = keep(s, &row);
	if (status == EXIT_DONE)
		tell(s, &row, number, of);
	return status;
}

/* The trials of a rung: those that `order` holds.  A random search also takes what more the table
 * has. */
static int do_rung(search *s, int r, const int *order, int count)
{
	int status = EXIT_DONE;

	for (int i = 0; status == EXIT_DONE && !s->over; i++) {
		if (i >= count && (s->rungs > 1 || !trials_left(&s->table)))
			break;
		status = do_trial(s, r, i < count ? order[i] : i, i, count);
	}
	return status;
}

static int do_rungs(search *s)
{
	int count = s->rung[0].trials, status = EXIT_DONE;
	int *order = malloc(sizeof *order * (size_t)count);

	for (int i = 0; i < count && order; i++)
		order[i] = i;
	for (int r = 0; r < s->rungs && status == EXIT_DONE && count > 0 && !s->over; r++) {
		if (r > 0) {
			free(order);
			order = ranked_rows(s, r - 1, &count);
			count = count < s->rung[r].trials ? count : s->rung[r].trials;
			for (int i = 0; i < count && order; i++)
				order[i] = s->row[order[i]].trial;
		}
		status = order ? do_rung(s, r, order, count) : fail("search", "out of memory");
	}
	free(order);
	if (status == EXIT_DONE && trials_left(&s->table))
		return fail(s->table.path,
			    "line %lld: the search ends before this row; repair the "
			    "table, delete it, or name another with --table",
			    s->table.line + 1);
	return status;
}

/* Every draw goes through the checks of the command line before anything is trained. */
static int check_draws(search *s)
{
	int status = EXIT_DONE;

	for (int i = 0; i < s->rung[0].trials && status == EXIT_DONE; i++) {
		status = vary(s, i, 0, SEARCH);
		if (status == EXIT_DONE && s->given->metric == METRIC_LOG_LOSS &&
		    s->varied.study.output == HEBB_LINEAR)
			return fail("--metric", "log-loss is of probabilities, which --output "
						"linear does not give");
	}
	return status;
}

/* ---- The search ---- */

static void set_fingerprint(json_t *object, const char *key, const hebb_table *table)
{
	if (table)
		json_object_set_new(object, key, fingerprint_json(hebb_table_fingerprint(table)));
}

/* What decides the scores. */
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
	if (o->strategy == STRATEGY_HALVING) /* a random search may go on with more */
		json_object_set_new(object, "trials", json_integer(s->rung[0].trials));
	json_object_set_new(object, "options", values);
	return object;
}

/* Saves and reports the final model; that it could not be saved where it should does not end the
 * report. */
static int finish(search *s, const hebb_trial *final, const hebb_result *result)
{
	char *where;
	int saved, status;

	s->before = replaced_record(s->given);
	saved = save_model(&s->from, final, result, &where);
	if (saved != EXIT_DONE) { /* then nothing is replaced */
		json_decref(s->before);
		s->before = NULL;
	}
	s->seconds = now() - s->began;
	status = search_report(s, final, result, where);
	json_decref(s->before);
	free(where);
	return saved == EXIT_DONE ? status : saved;
}

/* Trains the best on all rows but the test part, which is seen for the first time. */
static int train_best(search *s)
{
	int trial_of_best = s->row[s->best].trial;
	hebb_result result = {.seed = 0};
	hebb_trial *final = NULL;
	saver saved = {.path = NULL};
	char rows[32];
	int status = vary(s, trial_of_best, 0, TRAIN);

	s->varied.study.blind = s->from.quiet = 0;
	s->from.runs = 1;
	if (s->varied.study.validation.kind != HEBB_PART_TABLE)
		s->from.validation_table = NULL;
	if (status == EXIT_DONE && !(final = job_trial(&s->from, s->given->study.seed, -1)))
		status = EXIT_FAILED;
	if (status == EXIT_DONE)
		inform("the best, trial %d, trains on the %s rows outside the test part",
		       trial_of_best + 1,
		       count_text(final->parts.train + final->parts.validation, rows));
	if (status == EXIT_DONE)
		status = saver_open(&s->from, &saved);
	if (status == EXIT_DONE)
		status = run_trial(&s->from, final, 1, &saved, &(resumed){.checkpoint = NULL},
				   &result);
	if (status == EXIT_DONE)
		status = finish(s, final, &result);
	saver_close(&saved);
	hebb_result_free(&result);
	hebb_trial_free(final);
	return status;
}

/* That a signal ended it; the table has what ended before. */
static int tell_stopped(const search *s)
{
	char best[40] = "";

	if (s->rows == 0)
		return fail("search", "stopped in the first trial, and nothing is finished");
	if (s->best >= 0)
		snprintf(best, sizeof best, ", the best so far is trial %d",
			 s->row[s->best].trial + 1);
	return fail("search",
		    "stopped after %d finished trial%s%s; the same command goes on from %s",
		    s->rows, s->rows == 1 ? "" : "s", best, s->table.path);
}

static int search_all(search *s)
{
	int status;

	catch_signals();
	status = do_rungs(s);
	if (s->stopped)
		return tell_stopped(s);
	if (status != EXIT_DONE)
		return status;
	if (s->taken && s->rows == s->taken && !s->over)
		note_taken(s);
	if (s->over)
		note("stopped by --time after %d trial%s; the same command with more time goes on "
		     "from %s",
		     s->rows, s->rows == 1 ? "" : "s", s->table.path);
	if (s->best < 0)
		return fail("search",
			    "all %d trials diverged: no cost stayed finite; try lower "
			    "rates, or --clip 1",
			    s->rows);
	return train_best(s);
}

/* Settles what is searched and how. */
static int plan(search *s)
{
	options *o = s->given;
	int status = space_open(o, &s->space), count = o->trials;

	if (s->space.combinations && s->space.combinations < count)
		count = (int)s->space.combinations;
	s->rungs = rungs_make(o->strategy == STRATEGY_HALVING, count, o->study.epochs, s->rung);
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
	option_unset(s->given, OPT_TIME); /* of the search, not of a hebb_trial */
	s->began = now();
	status = job_open(s->given, &s->base);
	s->given->study.blind = s->base.quiet = 1;
	if (status == EXIT_DONE)
		status = plan(s);
	if (status == EXIT_DONE)
		status = search_all(s);
	trials_close(&s->table);
	space_close(&s->space);
	free(s->row);
	job_close(&s->base);
	return status;
}

int run_search(options *given)
{
	static search s; /* too large for some stacks */
	char *model = default_destination(given->operand[0], ".onnx");
	char *table = default_destination(given->operand[0], "-search.csv");
	int status = model && table ? EXIT_DONE : fail(NULL, "out of memory");

	s = (search){.given = given, .best = -1};
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
