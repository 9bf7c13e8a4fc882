/* SPDX-License-Identifier: MIT */
/* run.c - a training run on the digits, for chapters 5 and 6 */
#include "tutorial/run.h"

void set_tutorial(hebb_study *study)
{
	study->recipe = HEBB_PRESET_TUTORIAL;
}

/* The reader's own numbers: those of chapter 5, whichever of its sections comes first; the penalty
 * of section 6 where there is one. */
static void take_knobs(const lesson *l, hebb_study *study)
{
	const options *given = l->given;

	if (l->section[0] != '5') {
		study->l2 = study->l2 > 0 ? knob_value(given, OPT_OWN_L2, study->l2) : study->l2;
		return;
	}
	if (option_given(given, OPT_OWN_RATE))
		study->rate = knob_value(given, OPT_OWN_RATE, 0.25);
	if (option_given(given, OPT_OWN_ITERATIONS))
		study->epochs = (int)knob_value(given, OPT_OWN_ITERATIONS, ITERATIONS_MOST);
	if (option_given(given, OPT_OWN_HIDDEN)) {
		study->hidden = 1;
		study->units[0] = (int)knob_value(given, OPT_OWN_HIDDEN, 30);
	}
	if (option_given(given, OPT_OWN_TEST)) {
		study->test.kind = HEBB_PART_FRACTION;
		study->test.fraction = knob_value(given, OPT_OWN_TEST, 0.4);
	}
}

int run_begin(const lesson *l, void (*set)(hebb_study *study), run *result)
{
	hebb_error error;

	*result = (run){.table = hebb_table_digits(&error)};
	if (!result->table)
		return fail_error("tutorial", &error);
	result->study = hebb_study_of(result->table);
	set(&result->study);
	take_knobs(l, &result->study);
	if (option_given(l->given, OPT_SEED))
		result->study.seed = l->given->study.seed;
	if (hebb_study_default(&result->study, &error) != HEBB_OK)
		return fail_error("tutorial", &error);
	return EXIT_DONE;
}

int run_trial_of(run *r, uint64_t seed)
{
	hebb_error error;

	r->trial = hebb_trial_new(&r->study, seed, -1, &error);
	return r->trial ? EXIT_DONE : fail_error("tutorial", &error);
}

int run_open(const lesson *l, void (*set)(hebb_study *study), run *result)
{
	int status = run_begin(l, set, result);

	return status == EXIT_DONE ? run_trial_of(result, result->study.seed) : status;
}

void run_close(run *training)
{
	hebb_trial_free(training->trial);
	hebb_table_free(training->table);
}

int run_score(const run *r, const hebb_dataset *data, hebb_score *result)
{
	hebb_error error;

	if (hebb_score_dataset(r->trial->net, r->trial->coding, r->study.loss, data, 0,
			       r->study.threads, result, &error) == HEBB_OK)
		return EXIT_DONE;
	return fail_error("tutorial", &error);
}
