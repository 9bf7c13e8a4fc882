/* SPDX-License-Identifier: MIT */
/*
 * doctor.c - all checks of a study before it runs
 */
#include "doctor.h"

void hebb_check_trial(const hebb_trial *trial, hebb_missing missing, hebb_findings *findings,
		      hebb_rehearsal *rehearsal, hebb_baselines *baselines)
{
	hebb_check_table(trial->study->table, trial->coding, missing, trial->study->input_columns,
			 1, findings);
	hebb_check_rows(trial, 1, findings);
	hebb_check_settings(trial, findings);
	hebb_rehearsal of_trial = hebb_rehearse(trial, findings);
	hebb_baselines of_test_rows =
		hebb_check_baselines(trial->coding->task, NULL, trial->train,
				     trial->test ? trial->test : trial->validation,
				     hb_threads_of(trial->study), findings);
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
