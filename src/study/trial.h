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
	hb_weighted weighted;      /* if rows do not all weigh the same */
	hebb_source train, validation;
	const hebb_calibration *calibration; /* out-of-fold rows; NULL: the validation rows */
	double best_validation;
	struct hb_members {           /* of several networks */
		double before;        /* seconds of those that have ended */
		long long seen;       /* rows that these saw */
		double now;           /* seconds of the one that trains */
		long long sees;       /* likewise */
		long long parameters; /* of all */
	} members;
	struct hb_validation_part part; /* parts 0: the study's validation rows */
	int lost;                       /* the losses of an epoch were lost: out of memory */
	hebb_coding *joined; /* of the members' mean; NULL: they have the trial's coding */
};

/* The seed of member k: they lie 2^64 / the golden ratio apart, so that no seeds that people choose
 * meet. */
static inline uint64_t hb_member_seed(uint64_t seed, int k)
{
	return seed + (uint64_t)k * 0x9e3779b97f4a7c15;
}

/* The progress callback of member k, whose `self` is the trial: its training asks whether to go on,
 * and tells how far all of them are; the curve is that of the first. */
int hb_watch_member(void *self, const hebb_progress *progress);

/* Trains the study's mates, each with its own coding, and makes one network of all, which is
 * trial->net; their coding is then trial->inside->joined. */
hebb_status hb_trial_add_mates(hebb_trial *trial, hebb_error *error);

/* Codes the rows by the joined coding, which becomes the trial's. */
hebb_status hb_trial_recode(hebb_trial *trial, hebb_error *error);

/* From now on the meter of the study tells of the rows of a part: 0 those of training, 1 of
 * validation, 2 of the test. */
void hb_meter_rows(const hebb_trial *trial, int part);

/* A network of the trial's layers, as it is before training; NULL after an error. */
hebb_net *hb_trial_net(const hebb_trial *trial, uint64_t seed, hebb_error *error);

/* The result of a training that returned `status`: curve, counts and, for HEBB_OK, scores. */
hebb_status hb_trial_result(const hebb_trial *trial, hebb_status status, hebb_result *result,
			    hebb_error *error);

/* Weighs the rows to train on as the study wants: *rows becomes their source, which borrows what it
 * was and *weighted. */
hebb_status hb_trial_weigh(const hebb_trial *trial, hebb_source *rows, hb_weighted *weighted,
			   hebb_error *error);

/* Gives a trained network its temperature and the trial its scores, if the study wants them. */
hebb_status hb_trial_calibrate(hebb_trial *trial, hebb_error *error);

/* Frees the trainer and the objects that it borrows. */
void hb_trial_end(hebb_trial *trial);

#endif
