/* SPDX-License-Identifier: MIT */
/*
 * trial.h - the private part of a trial
 */
#ifndef HEBB_STUDY_TRIAL_H
#define HEBB_STUDY_TRIAL_H

#include "study.h"
#include "weighted.h"

/* The objects that a trainer borrows during training. */
struct hebb_trial_inside {
	hebb_augmented *augmented; /* NULL: images stay as they are */
	hb_weighted weighted;      /* weight NULL: all rows weigh the same */
	hebb_source train, validation;
	double best_validation;
	int lost; /* the losses of an epoch were lost: out of memory */
};

/* The result of a training that returned `status`: curve, counts and, for HEBB_OK, scores. */
hebb_status hb_trial_result(const hebb_trial *trial, hebb_status status, hebb_result *result,
			    hebb_error *error);

/* Frees the trainer and the objects that it borrows. */
void hb_trial_end(hebb_trial *trial);

#endif
