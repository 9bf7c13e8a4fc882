/* SPDX-License-Identifier: MIT */
/*
 * search.c - tries many settings of a study, and scores each on rows that it is not trained on
 *
 * The attempts and their order depend only on the study and the scores. So a stopped search
 * continues: it takes known attempts from search->known() and does not train them.
 */
#define _POSIX_C_SOURCE 200809L

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "study.h"

/* A search while it runs. */
typedef struct search_run {
	const hebb_search *search;
	const hebb_study *base;
	const hebb_coding *coding;
	hebb_found *found;
	double began;
} search_run;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* ---- Metrics ---- */

double hebb_metric_of(hebb_metric metric, const hebb_score *score)
{
	if (score->rows == 0)
		return NAN;
	switch (metric) {
	case HEBB_METRIC_ACCURACY:
		return score->classes || score->labels ? score->accuracy : NAN;
	case HEBB_METRIC_BALANCED_ACCURACY:
		return score->each ? score->detail.balanced_accuracy : NAN;
	case HEBB_METRIC_LOG_LOSS:
		return score->each || score->labels ? score->detail.log_loss : NAN;
	case HEBB_METRIC_RMSE:
		return score->targets ? score->mean.rmse : NAN;
	case HEBB_METRIC_LOSS:
		break;
	}
	return score->loss;
}

int hebb_metric_rises(hebb_metric metric)
{
	return metric == HEBB_METRIC_ACCURACY || metric == HEBB_METRIC_BALANCED_ACCURACY;
}

/* ---- Ranks ---- */

/* The numbers of an attempt that qsort() compares. */
typedef struct rank {
	int index, rung, trial;
	double key; /* a lower one is better */
} rank;

static int by_rank(const void *a, const void *b)
{
	const rank *x = a, *y = b;

	if (x->rung != y->rung)
		return x->rung > y->rung ? -1 : 1;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->trial > y->trial) - (x->trial < y->trial);
}

static rank rank_of(const hebb_found *found, int index)
{
	const hebb_attempt *attempt = &found->attempt[index];

	return (rank){index, attempt->rung, attempt->trial,
		      hebb_metric_rises(found->metric) ? -attempt->score : attempt->score};
}

/* Whether an attempt is better than the best so far. */
static int is_best(const hebb_found *found, int index)
{
	if (found->attempt[index].diverged)
		return 0;
	if (found->best < 0)
		return 1;
	rank x = rank_of(found, index), y = rank_of(found, found->best);
	return by_rank(&x, &y) < 0;
}

int *hebb_found_order(const hebb_found *found, int rung, int *count)
{
	rank *list = malloc(sizeof *list * (size_t)(found->attempts + 1));
	int *order = malloc(sizeof *order * (size_t)(found->attempts + 1));

	*count = 0;
	for (int i = 0; i < found->attempts && list && order; i++) {
		const hebb_attempt *attempt = &found->attempt[i];
		if (!attempt->diverged && (rung < 0 || attempt->rung == rung))
			list[(*count)++] = rank_of(found, i);
	}
	if (list && order)
		qsort(list, (size_t)*count, sizeof *list, by_rank);
	for (int i = 0; i < *count; i++)
		order[i] = list[i].index;
	if (!list) {
		free(order);
		order = NULL;
	}
	free(list);
	return order;
}

/* ---- One attempt ---- */

/* Trains a study on its validation part or its folds: `runs` results. */
static hebb_status train(const hebb_study *study, int runs, hebb_result *result, hebb_error *error)
{
	hebb_status status = HEBB_OK;

	for (int i = 0; i < runs && status == HEBB_OK; i++) {
		hebb_trial *trial =
			hebb_trial_new(study, study->seed, study->folds ? i : -1, error);
		status = trial ? hebb_trial_train(trial, &result[i], error) : error->status;
		hebb_trial_free(trial);
	}
	return status;
}

hebb_status hebb_attempt_score(const hebb_study *study, hebb_metric metric, int runs,
			       const hebb_result *result, hebb_attempt *attempt, hebb_error *error)
{
	double *value = malloc(sizeof *value * (size_t)runs);

	if (!value)
		return hebb_fail(error, HEBB_NO_MEMORY, "search: out of memory");
	attempt->parameters = result->parameters;
	for (int i = 0; i < runs; i++) {
		const hebb_result *run = &result[i];

		attempt->seconds += run->seconds;
		attempt->diverged |= run->ending == HEBB_ENDED_DIVERGED ||
				     run->validation.without.count || run->test.without.count;
		value[i] = hebb_metric_of(metric, study->folds ? &run->test : &run->validation);
	}
	hebb_spread spread = hebb_spread_of(runs, value);
	free(value);
	attempt->diverged |= !isfinite(spread.mean);
	attempt->score = attempt->diverged ? NAN : spread.mean;
	attempt->sd = attempt->diverged || !study->folds ? NAN : spread.sd;
	return HEBB_OK;
}

static hebb_status make_attempt(const hebb_study *study, hebb_metric metric, hebb_attempt *attempt,
				hebb_error *error)
{
	int runs = study->folds ? study->folds : 1;
	hebb_result *result = calloc((size_t)runs, sizeof *result);
	hebb_status status = result ? train(study, runs, result, error)
				    : hebb_fail(error, HEBB_NO_MEMORY, "search: out of memory");

	if (status == HEBB_OK || status == HEBB_DIVERGED)
		status = hebb_attempt_score(study, metric, runs, result, attempt, error);
	for (int i = 0; i < runs && result; i++)
		hebb_result_free(&result[i]);
	free(result);
	return status;
}

/* ---- All of them ---- */

static hebb_status keep(hebb_found *found, const hebb_attempt *attempt, hebb_error *error)
{
	if (found->attempts == found->room) {
		int room = 2 * found->room + 16;
		hebb_attempt *larger = realloc(found->attempt, sizeof *larger * (size_t)room);
		if (!larger)
			return hebb_fail(error, HEBB_NO_MEMORY, "search: out of memory");
		found->attempt = larger;
		found->room = room;
	}
	found->attempt[found->attempts] = *attempt;
	found->diverged += attempt->diverged;
	found->tried += attempt->rung == 0;
	if (is_best(found, found->attempts))
		found->best = found->attempts;
	found->attempts++;
	return HEBB_OK;
}

/* Whether the time is over; it never is before an attempt has a score. */
static int is_over(const search_run *r)
{
	return r->search->seconds > 0 && now() - r->began >= r->search->seconds &&
	       r->found->best >= 0;
}

/* Takes a known result of a trial, or trains it. */
static hebb_status do_trial(search_run *r, int rung, int number, hebb_error *error)
{
	const hebb_search *search = r->search;
	hebb_found *found = r->found;
	hebb_attempt attempt = {.trial = number, .rung = rung, .score = NAN, .sd = NAN};
	hebb_study study = *r->base;
	int known = 0;
	hebb_status status = search->vary(search->self, number, &study, error);

	if (status == HEBB_OK)
		status = hebb_study_complete(&study, r->coding, error);
	if (status != HEBB_OK)
		return status;
	if (!search->train && !study.folds && study.validation.kind == HEBB_PART_NONE)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "--validation: the trials are scored on it and 0 leaves no rows; "
				 "or give --folds");
	if (found->rungs > 1)
		study.epochs = found->rung[rung].epochs;
	attempt.epochs = study.epochs;
	if (search->known)
		status = search->known(search->self, &attempt, &known, error);
	if (status != HEBB_OK || known)
		return status == HEBB_OK ? keep(found, &attempt, error) : status;
	found->over = is_over(r);
	if (found->over)
		return HEBB_OK;
	if (study.cancel && hebb_cancel_asked(study.cancel))
		return hebb_fail(error, HEBB_STOPPED, "search: stopped after %d trainings",
				 found->attempts);
	status = search->train ? search->train(search->self, &study, found, &attempt, error)
			       : make_attempt(&study, search->metric, &attempt, error);
	if (status == HEBB_OK)
		status = keep(found, &attempt, error);
	if (status == HEBB_OK && search->tried)
		search->tried(search->self, &study, found);
	return status;
}

/* The trials of a rung: those in `order`, and in a random search further known ones. */
static hebb_status do_rung(search_run *r, int rung, const int *order, int count, hebb_error *error)
{
	const hebb_search *search = r->search;
	hebb_found *found = r->found;
	hebb_status status = HEBB_OK;

	found->of = count;
	for (int i = 0; status == HEBB_OK && !found->over; i++) {
		if (i >= count &&
		    (found->rungs > 1 || !search->more || !search->more(search->self)))
			break;
		found->number = i;
		status = do_trial(r, rung, i < count ? order[i] : i, error);
	}
	return status;
}

static hebb_status do_rungs(search_run *r, hebb_error *error)
{
	hebb_found *found = r->found;
	int count = found->rung[0].trials;
	int *order = malloc(sizeof *order * (size_t)count);
	hebb_status status = HEBB_OK;

	for (int i = 0; i < count && order; i++)
		order[i] = i;
	for (int k = 0; k < found->rungs && status == HEBB_OK && count > 0 && !found->over; k++) {
		if (k > 0) {
			free(order);
			order = hebb_found_order(found, k - 1, &count);
			count = count < found->rung[k].trials ? count : found->rung[k].trials;
			for (int i = 0; i < count && order; i++)
				order[i] = found->attempt[order[i]].trial;
		}
		status = order ? do_rung(r, k, order, count, error)
			       : hebb_fail(error, HEBB_NO_MEMORY, "search: out of memory");
	}
	free(order);
	if (status == HEBB_OK && found->best < 0)
		return hebb_fail(error, HEBB_DIVERGED,
				 "search: all %d trials diverged: no cost stayed finite; try lower "
				 "rates, or --clip 1",
				 found->attempts);
	return status;
}

static hebb_status check_search(const hebb_search *search, const hebb_coding *coding,
				hebb_error *error)
{
	int classes = coding->task != HEBB_REGRESSION;

	if (search->size != sizeof *search)
		return hebb_fail(
			error, HEBB_BAD_ARGUMENT,
			"the search's size is %zu, not %zu; begin with hebb_search_default()",
			search->size, sizeof *search);
	if (search->trials < 1 || !search->vary)
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 search->vary
					 ? "--trials: %d is not 1 or more"
					 : "search: there is no function that varies %d trials",
				 search->trials);
	if (!hebb_metric_name(search->metric) || !hebb_strategy_name(search->strategy))
		return hebb_fail(error, HEBB_BAD_ARGUMENT,
				 "search: metric %d or strategy %d is unknown; begin with "
				 "hebb_search_default()",
				 (int)search->metric, (int)search->strategy);
	if (search->metric != HEBB_METRIC_LOSS && classes == (search->metric == HEBB_METRIC_RMSE))
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "--metric: %s is for %s, and '%s' is %s",
				 hebb_metric_name(search->metric), classes ? "numbers" : "classes",
				 coding->targets[0].name, classes ? "a class" : "a number");
	return HEBB_OK;
}

/* The study of the best trial, which is to be trained on all rows outside the test part. */
static hebb_status make_best(const search_run *r, const hebb_study *study, hebb_study *best,
			     hebb_error *error)
{
	const hebb_search *search = r->search;
	hebb_study result = *study;
	hebb_status status =
		search->vary(search->self, r->found->attempt[r->found->best].trial, &result, error);

	result.search = 0;
	result.folds = 0;
	if (result.patience <= 0 && result.validation.kind != HEBB_PART_TABLE)
		result.validation = (hebb_part){.kind = HEBB_PART_NONE};
	if (status == HEBB_OK)
		status = hebb_study_complete(&result, r->coding, error);
	if (status == HEBB_OK)
		*best = result;
	return status;
}

/* Computes the rungs and runs them. */
static hebb_status run_search(search_run *r, const hebb_study *study, hebb_study *best,
			      hebb_error *error)
{
	const hebb_search *search = r->search;
	hebb_study base = *study, complete;
	hebb_status status = check_search(search, r->coding, error);

	base.search = base.blind = 1;
	complete = base;
	if (status == HEBB_OK)
		status = hebb_study_complete(&complete, r->coding, error);
	if (status != HEBB_OK)
		return status;
	base.fingerprint = complete.fingerprint;
	r->base = &base;
	r->found->rungs =
		hebb_rungs(search->strategy, search->trials, complete.epochs, r->found->rung);
	status = do_rungs(r, error);
	return status == HEBB_OK && best ? make_best(r, study, best, error) : status;
}

hebb_status hebb_study_search(const hebb_study *study, const hebb_search *search, hebb_study *best,
			      hebb_found *found, hebb_error *error)
{
	search_run r = {.search = search, .found = found, .began = now()};
	hebb_coding *fitted = NULL;
	hebb_error local;
	hebb_status status;

	error = error ? error : &local;
	*found = (hebb_found){.size = sizeof *found, .best = -1};
	if (!study || !search)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "there is no %s to search",
				 search ? "study" : "search");
	found->metric = search->metric;
	if (!search->coding && !(fitted = hebb_study_coding(study, error)))
		return error->status;
	r.coding = search->coding ? search->coding : fitted;
	status = run_search(&r, study, best, error);
	hebb_coding_free(fitted);
	return status;
}

void hebb_search_init(hebb_search *search, size_t size)
{
	const hebb_search usual = {.size = size,
				   .trials = 30,
				   .strategy = HEBB_STRATEGY_RANDOM,
				   .metric = HEBB_METRIC_LOSS};

	memcpy(search, &usual, size < sizeof usual ? size : sizeof usual);
}

void hebb_found_free(hebb_found *found)
{
	free(found->attempt);
	*found = (hebb_found){.size = sizeof *found, .best = -1};
}
