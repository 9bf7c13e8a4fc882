/* SPDX-License-Identifier: MIT */
/*
 * trial.h - a trial from inside
 */
#ifndef HEBB_STUDY_TRIAL_H
#define HEBB_STUDY_TRIAL_H

#include "study.h"
#include "weighted.h"

/* What a trainer borrows while it trains. */
struct hebb_trial_inside {
	hebb_augmented *augmented; /* NULL: images stay as they are */
	hb_weighted weighted;      /* if rows do not all weigh the same */
	hebb_source train, validation;
	double best_validation;
	int lost; /* losses of an epoch, for want of memory */
};

/* What training came to, with `status`: curve, counts and, if it is HEBB_OK, scores. */
hebb_status hb_trial_result(const hebb_trial *trial, hebb_status status, hebb_result *result,
			    hebb_error *error);

/* Weighs the rows to train on as the study wants: *rows becomes their source, which borrows what it
 * was and *weighted. */
hebb_status hb_trial_weigh(const hebb_trial *trial, hebb_source *rows, hb_weighted *weighted,
			   hebb_error *error);

/* Frees the trainer and what it borrows. */
void hb_trial_end(hebb_trial *trial);

#endif
