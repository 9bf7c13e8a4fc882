/* SPDX-License-Identifier: MIT */
/*
 * doctor.c - all checks of a study before it runs
 */
#include <math.h>

#include "doctor.h"

/* A trial like this one, trained; NULL: the time was not enough, or it failed. */
static hebb_trial *trained_like(const hebb_trial *trial, hebb_study *study, double *seconds)
{
	const double most = 3;
	hebb_result result = {.size = sizeof result};

	*study = *trial->study;
	study->progress = NULL;
	study->members = study->conformal = study->temperature = 0;
	study->time = study->time > 0 ? fmin(study->time, most) : most;
	hebb_trial *made = hebb_trial_new(study, trial->seed, trial->fold, NULL);
	int is_done = made && hebb_trial_train(made, &result, NULL) == HEBB_OK &&
		      (result.ending != HEBB_ENDED_TIME || study->time < most);

	*seconds = result.seconds;
	hebb_result_free(&result);
	if (is_done)
		return made;
	hebb_trial_free(made);
	return NULL;
}

/* Scores simple predictors and, before an effort, compares the network with them. */
static hebb_baselines compare(const hebb_trial *trial, hebb_findings *findings)
{
	const hebb_dataset *test = trial->test ? trial->test : trial->validation;
	hebb_study study;
	double seconds = 0;
	int is_effort = trial->study->effort > HEBB_EFFORT_QUICK;
	hebb_trial *trained = test && is_effort ? trained_like(trial, &study, &seconds) : NULL;
	hebb_baselines result =
		hebb_check_baselines(trial->coding->task, trained ? trained->net : NULL,
				     trial->train, test, hb_threads_of(trial->study), findings);

	result.seconds = trained ? seconds : 0;
	hebb_trial_free(trained);
	return result;
}

void hebb_check_trial(const hebb_trial *trial, hebb_missing missing, hebb_findings *findings,
		      hebb_rehearsal *rehearsal, hebb_baselines *baselines)
{
	hebb_check_table(trial->study->table, trial->coding, missing, trial->study->input_columns,
			 1, findings);
	hebb_check_rows(trial, 1, findings);
	hebb_check_settings(trial, findings);
	hebb_rehearsal of_trial = hebb_rehearse(trial, findings);
	hebb_baselines of_test_rows = compare(trial, findings);

	if (rehearsal)
		*rehearsal = of_trial;
	if (baselines)
		*baselines = of_test_rows;
}

hebb_status hebb_study_check(const hebb_study *study, hebb_findings *findings,
			     hebb_rehearsal *rehearsal, hebb_baselines *baselines,
			     hebb_error *error)
{
	hebb_error local;

	error = error ? error : &local;
	if (!study || !findings)
		return hebb_fail(error, HEBB_BAD_ARGUMENT, "there is no %s",
				 study ? "list of findings" : "study to check");
	hebb_study complete = *study;
	if (study->missing == HEBB_MISSING_ERROR)
		complete.missing = HEBB_MISSING_DROP;
	if (hebb_study_default(&complete, error) != HEBB_OK)
		return error->status;
	hebb_trial *trial = hebb_trial_new(&complete, complete.seed, -1, error);
	if (!trial)
		return error->status;
	hebb_check_trial(trial, study->missing ? study->missing : HEBB_MISSING_INDICATOR, findings,
			 rehearsal, baselines);
	hebb_trial_free(trial);
	return HEBB_OK;
}
