/* SPDX-License-Identifier: MIT */
/*
 * variants.c - chapter 6 of the tutorial: what the article does not say about its result
 */
#include <math.h>
#include <string.h>

#include "tutorial/run.h"
#include "tutorial/sections.h"

static void set_l2(hebb_study *study)
{
	set_tutorial(study);
	study->l2 = 0.001;
}

static void set_glorot(hebb_study *study)
{
	set_tutorial(study);
	study->init = HEBB_START_GLOROT;
}

static void set_batches(hebb_study *study)
{
	set_glorot(study);
	study->batch = 10;
	study->epochs = 100;
}

static void set_regression(hebb_study *study)
{
	study->hidden = 0;
	study->l2 = 0.001;
}

static void set_nothing(hebb_study *study)
{
	(void)study;
}

typedef struct variant {
	const char *key, *title, *flags; /* flags: the same as options of hebb train */
	void (*set)(hebb_study *study);
} variant;

static const variant variants[] = {
	{"tutorial", "the article's program", " --recipe tutorial", set_tutorial},
	{"l2", "weights held small", " --recipe tutorial --l2 0.001", set_l2},
	{"glorot", "a start around 0", " --recipe tutorial --init glorot", set_glorot},
	{"mini_batches", "and mini-batches", " --recipe tutorial --init glorot -b 10 -e 100",
	 set_batches},
	{"logistic_regression", "no hidden layer at all", " -l none --l2 0.001", set_regression},
	{"defaults", "hebb's defaults", "", set_nothing},
};

enum { VARIANTS = sizeof variants / sizeof *variants };

/* Accuracy on the test part, one run for each seed: mean and standard deviation. */
static int measure(const lesson *l, const variant *v, int repeat, double *mean, double *sd)
{
	double sum = 0, squares = 0;
	run r;
	int status = run_begin(l, v->set, &r);
	hebb_error error;

	for (int i = 0; i < repeat && status == EXIT_DONE; i++) {
		hebb_result result = {.size = sizeof result};

		status = run_trial_of(&r, r.study.seed + (uint64_t)i);
		if (status == EXIT_DONE && hebb_trial_train(r.trial, &result, &error) != HEBB_OK)
			status = fail_error("tutorial", &error);
		sum += result.test.accuracy;
		squares += result.test.accuracy * result.test.accuracy;
		hebb_result_free(&result);
		hebb_trial_free(r.trial);
		r.trial = NULL;
	}
	run_close(&r);
	*mean = sum / repeat;
	*sd = repeat > 1 ? sqrt(fmax(0, squares - sum * sum / repeat) / (repeat - 1)) : NAN;
	return status;
}

/* The options of a variant, with the penalty of the reader. */
static const char *flags_of(const lesson *l, const variant *v, char text[96])
{
	const char *penalty = strstr(v->flags, "0.001");

	if (!penalty)
		return v->flags;
	snprintf(text, 96, "%.*s%g%s", (int)(penalty - v->flags), v->flags,
		 knob_or(l, OPT_OWN_L2, 0.001), penalty + strlen("0.001"));
	return text;
}

static int measure_all(lesson *l, int repeat, double *mean)
{
	for (int k = 0; k < VARIANTS; k++) {
		const variant *v = &variants[k];
		double sd;
		char key[48], spread[32] = "", flags[96];

		if (measure(l, v, repeat, &mean[k], &sd) != EXIT_DONE)
			return EXIT_FAILED;
		if (repeat > 1)
			snprintf(spread, sizeof spread, "sd %.2f", 100 * sd);
		line(l, "%-24s %6.2f %%  %s", v->title, 100 * mean[k], spread);
		line(l, "    hebb train digits%s", flags_of(l, v, flags));
		number(l, v->key, mean[k]);
		snprintf(key, sizeof key, "%s_sd", v->key);
		number(l, key, sd);
	}
	return EXIT_DONE;
}

/* The accuracy of a variant less that of the article's program, in points. */
static double gain(const double *mean, const char *key)
{
	int k = 0;

	while (strcmp(variants[k].key, key) != 0)
		k++;
	return 100 * (mean[k] - mean[0]);
}

int section_6(lesson *l)
{
	int repeat = option_given(l->given, OPT_REPEAT) ? l->given->study.repeat : 1;
	double mean[VARIANTS];

	begin_part(l, FORMULA);
	line(l, "L2:       J + λ/2 Σ w², λ = %g", knob_or(l, OPT_OWN_L2, 0.001));
	line(l, "          so that W −= α ((1/m) ΔW + λ W)");
	line(l, "Glorot:   W uniform in ±√(6 / (n + m)), b = 0,  instead of all in [0, 1)");
	line(l, "batches:  a step after every 10 rows, not after all");
	begin_part(l, COMPUTATION);
	line(l, "Accuracy on the held-out digits, %s:",
	     repeat > 1 ? "mean over the seeds" : "one run each (--repeat 20: mean of 20)");
	blank(l);
	if (measure_all(l, repeat, mean) != EXIT_DONE)
		return EXIT_FAILED;
	count(l, "repeat", repeat);
	begin_part(l, RESULT);
	line(l, "Against the article's program, in points:");
	line(l, "  the penalty that its follow-up adds   %+.1f", gain(mean, "l2"));
	line(l, "  a better start, and no other change   %+.1f", gain(mean, "glorot"));
	line(l, "  no hidden layer, logistic regression  %+.1f", gain(mean, "logistic_regression"));
	prose(l, "With --recipe tutorial, the rows are split at random and scaled over all rows, "
		 "as in the article's program. The last two networks have a stratified split, and "
		 "scaling by the training rows.");
	take_away(
		l,
		"If a network is not accurate, first check the initial weights and the scaling of "
		"the inputs. A network that is worse than a linear model has a problem in its "
		"training, not in its size.");
	return EXIT_DONE;
}
