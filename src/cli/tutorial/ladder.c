/* SPDX-License-Identifier: MIT */
/*
 * ladder.c - the article's network on the digits, changed one thing at a time: chapter 7
 */
#include "tutorial/ladder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tutorial/sections.h"

enum { USUAL_RUNS = 5 };

struct ladder {
	measured rung[RUNGS];
};

/* ---- The rungs ------------------------------------------------------------------------------- */

static void set_article(hebb_study *study)
{
	study->recipe = HEBB_PRESET_TUTORIAL;
}

static void set_start(hebb_study *study)
{
	set_article(study);
	study->init = HEBB_START_GLOROT;
}

static void set_softmax(hebb_study *study)
{
	set_start(study);
	study->output = HEBB_SOFTMAX;
	study->loss = HEBB_CROSS_ENTROPY;
}

static void set_batches(hebb_study *study)
{
	set_softmax(study);
	study->batch = 10;
	study->epochs = 50;
}

static void set_adam(hebb_study *study)
{
	set_batches(study);
	study->optimizer = HEBB_ADAM;
	study->rate = 0.001;
}

static void set_relu(hebb_study *study)
{
	set_adam(study);
	study->activation = HEBB_RELU;
}

static void set_wide(hebb_study *study)
{
	set_relu(study);
	study->hidden = 1;
	study->units[0] = 300;
}

static void set_dropout(hebb_study *study)
{
	set_wide(study);
	study->dropout = 0.5;
}

static void set_nothing(hebb_study *study)
{
	(void)study;
}

/* cost: what the curve shows.  The flags are those that are added to the rung before. */
static const struct {
	const char *key, *title, *flags, *cost;
	void (*set)(hebb_study *study);
} rungs[RUNGS] = {
	[RUNG_ARTICLE] = {"article", "the article's program", " --recipe tutorial", "½‖y − h‖²",
			  set_article},
	[RUNG_START] = {"start", "a start around 0", " --init glorot", "½‖y − h‖²", set_start},
	[RUNG_SOFTMAX] = {"softmax", "softmax, cross-entropy",
			  " --output softmax --loss cross-entropy", "−Σ y log h", set_softmax},
	[RUNG_BATCHES] = {"batches", "mini-batches", " -b 10 -e 50", "−Σ y log h", set_batches},
	[RUNG_ADAM] = {"adam", "Adam", " --optimizer adam -r 0.001", "−Σ y log h", set_adam},
	[RUNG_RELU] = {"relu", "relu", " -a relu", "−Σ y log h", set_relu},
	[RUNG_WIDE] = {"wide", "300 hidden nodes", " -l 300", "−Σ y log h", set_wide},
	[RUNG_DROPOUT] = {"dropout", "dropout", " --dropout 0.5", "−Σ y log h", set_dropout},
	[RUNG_DEFAULTS] = {"defaults", "hebb's defaults", "", "−Σ y log h", set_nothing},
};

const char *rung_title(rung which)
{
	return rungs[which].title;
}

const char *rung_flags(rung which)
{
	return rungs[which].flags;
}

int ladder_runs(const lesson *l)
{
	return option_given(l->given, OPT_REPEAT) ? l->given->study.repeat : USUAL_RUNS;
}

/* ---- Training -------------------------------------------------------------------------------- */

int rung_study(const lesson *l, rung which, hebb_table **table, hebb_study *study)
{
	hebb_error error;

	*table = hebb_table_digits(&error);
	if (!*table)
		return fail_error("tutorial", &error);
	*study = hebb_study_of(*table);
	rungs[which].set(study);
	if (option_given(l->given, OPT_SEED))
		study->seed = l->given->study.seed;
	if (hebb_study_default(study, &error) == HEBB_OK)
		return EXIT_DONE;
	return fail_error("tutorial", &error);
}

/* Trains with one seed.  The curve of the first is kept. */
static int train_one(const hebb_study *study, uint64_t seed, measured *into, double *test,
		     double *train)
{
	hebb_result result = {.size = sizeof result};
	hebb_error error;
	hebb_trial *trial = hebb_trial_new(study, seed, -1, &error);
	int trained = trial && hebb_trial_train(trial, &result, &error) == HEBB_OK;

	if (trained) {
		*test = result.test.accuracy;
		*train = result.train.accuracy;
	}
	if (trained && into->runs == 0) {
		into->curve = result.curve;
		into->epochs = result.epochs;
		result.curve = (hebb_curve){.count = 0};
	}
	into->runs += trained;
	hebb_result_free(&result);
	hebb_trial_free(trial);
	return trained ? EXIT_DONE : fail_error("tutorial", &error);
}

static int train_all(const lesson *l, rung which, measured *into)
{
	int runs = ladder_runs(l), status;
	double *test = calloc((size_t)runs, sizeof *test), sum = 0, train = 0;
	hebb_table *table = NULL;
	hebb_study study;

	status = test ? rung_study(l, which, &table, &study) : fail("tutorial", "out of memory");
	for (int i = 0; i < runs && status == EXIT_DONE; i++) {
		status = train_one(&study, study.seed + (uint64_t)i, into, &test[i], &train);
		sum += train;
	}
	if (status == EXIT_DONE) {
		hebb_spread spread = hebb_spread_of(runs, test);

		into->test = spread.mean;
		into->test_sd = spread.sd;
		into->train = sum / runs;
		into->J_start = into->curve.loss[0];
		into->J_end = into->curve.loss[into->curve.count - 1];
	}
	hebb_table_free(table);
	free(test);
	return status;
}

const measured *ladder_measure(lesson *l, rung which)
{
	if (!l->ladder && !(l->ladder = calloc(1, sizeof *l->ladder))) {
		fail("tutorial", "out of memory");
		return NULL;
	}
	measured *m = &l->ladder->rung[which];
	if (m->runs == 0 && train_all(l, which, m) != EXIT_DONE)
		return NULL;
	return m;
}

void ladder_free(struct ladder *lesson_ladder)
{
	for (int i = 0; lesson_ladder && i < RUNGS; i++)
		hebb_curve_free(&lesson_ladder->rung[i].curve);
	free(lesson_ladder);
}

/* ---- Showing --------------------------------------------------------------------------------- */

/* The costs by epoch, both on a logarithmic scale: the runs differ much in both. */
static plot *plot_costs(lesson *l, int count, const rung *which)
{
	double low = 1, high = 0, epochs = 10;

	for (int i = 0; i < count; i++) {
		const hebb_curve *curve = &l->ladder->rung[which[i]].curve;

		for (int e = 0; e < curve->count; e++) {
			low = fmin(low, curve->loss[e]);
			high = fmax(high, curve->loss[e]);
		}
		epochs = fmax(epochs, curve->count);
	}
	low = fmax(pow(10, floor(log10(fmax(low, 1e-300)))), 1e-5);
	plot *p = lesson_plot(l, "The cost J of training", (axis){"epoch", 1, epochs, 1},
			      (axis){"J", low, pow(10, ceil(log10(fmax(high, 2 * low)))), 1});
	for (int i = 0; p && i < count; i++) {
		const hebb_curve *curve = &l->ladder->rung[which[i]].curve;
		double *epoch = calloc((size_t)curve->count, sizeof *epoch);
		char name[96];

		for (int e = 0; epoch && e < curve->count; e++)
			epoch[e] = e + 1;
		/* The legend has room for four names only if they are short. */
		snprintf(name, sizeof name, "%s%s%s", rungs[which[i]].title, count > 3 ? "" : ": ",
			 count > 3 ? "" : rungs[which[i]].cost);
		if (epoch)
			plot_curve(p, (ink)(INK_1 + i % 4), name, curve->count, epoch, curve->loss);
		free(epoch);
	}
	return p;
}

/* Its numbers for --json, each with the key of the rung in front. */
static void tell_numbers(lesson *l, rung which)
{
	const measured *m = &l->ladder->rung[which];
	const struct {
		const char *name;
		double value;
	} each[] = {{"accuracy", m->test},           {"sd", m->test_sd},
		    {"training_accuracy", m->train}, {"epochs", m->epochs},
		    {"J_at_start", m->J_start},      {"J_at_end", m->J_end}};
	char key[64];

	for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
		snprintf(key, sizeof key, "%s_%s", rungs[which].key, each[i].name);
		number(l, key, each[i].value);
	}
}

/* The command line of a rung, over some lines: its own flags after those of the rungs below. */
static void tell_command(lesson *l, rung which)
{
	char words[256] = "hebb train digits";

	for (int i = 0; i <= (int)which; i++) {
		size_t length = strlen(words);

		if (length + strlen(rungs[i].flags) > 74) {
			line(l, "%s \\", words);
			length = (size_t)snprintf(words, sizeof words, "     ");
		}
		snprintf(words + length, sizeof words - length, "%s", rungs[i].flags);
	}
	line(l, "%s", words);
}

static int measure_some(lesson *l, int count, const rung *which)
{
	for (int i = 0; i < count; i++)
		if (!ladder_measure(l, which[i]))
			return EXIT_FAILED;
	return EXIT_DONE;
}

/* Accuracies as rows of a table, each with its gain over the one before. */
static void tell_accuracies(lesson *l, int shown, const rung *which)
{
	char head[128];

	line(l, "%s %9s %9s %7s %8s %7s", cell("", 24, head), "training", "held out", "sd", "gain",
	     "epochs");
	for (int i = 0; i < shown; i++) {
		const measured *m = &l->ladder->rung[which[i]];
		char sd[16] = "", gain[16] = "", title[128];

		if (m->runs > 1)
			snprintf(sd, sizeof sd, "%.2f", 100 * m->test_sd);
		if (i > 0)
			snprintf(gain, sizeof gain, "%+.2f",
				 100 * (m->test - l->ladder->rung[which[i - 1]].test));
		line(l, "%s %7.2f %% %7.2f %% %7s %8s %7d", cell(rungs[which[i]].title, 24, title),
		     100 * m->train, 100 * m->test, sd, gain, m->epochs);
		tell_numbers(l, which[i]);
	}
	if (ladder_runs(l) > 1)
		line(l, "means over %d seeds, each with its own split and start", ladder_runs(l));
	else
		line(l, "one run each (--repeat 20: means of 20)");
	count(l, "runs", ladder_runs(l));
}

int ladder_show(lesson *l, int count, const rung *which)
{
	if (measure_some(l, count, which) != EXIT_DONE ||
	    show_plot(l, "cost", plot_costs(l, count, which)) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, RESULT);
	tell_accuracies(l, count, which);
	blank(l);
	tell_command(l, which[count - 1]);
	return EXIT_DONE;
}

int ladder_show_all(lesson *l)
{
	rung all[RUNGS];

	for (int i = 0; i < RUNGS; i++)
		all[i] = (rung)i;
	if (measure_some(l, RUNGS, all) != EXIT_DONE)
		return EXIT_FAILED;
	static const rung ends[] = {RUNG_ARTICLE, RUNG_START, RUNG_SOFTMAX, RUNG_WIDE};
	if (show_plot(l, "cost", plot_costs(l, 4, ends)) != EXIT_DONE)
		return EXIT_FAILED;
	begin_part(l, RESULT);
	tell_accuracies(l, RUNGS, all);
	return EXIT_DONE;
}
