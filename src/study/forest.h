/* SPDX-License-Identifier: MIT */
/*
 * forest.h - a small random forest (Breiman 2001), to tell tables that suit trees
 */
#ifndef HEBB_STUDY_FOREST_H
#define HEBB_STUDY_FOREST_H

#include "hebb_study.h"

enum { HB_TREES = 30 };

/* Rows to fit on, and rows to answer. */
struct hb_forest {
	hebb_task task;
	int inputs, outputs;
	long long train_rows, test_rows;
	const float *x, *const *y; /* of training; y by row */
	const float *test_x;
};

/* The answers, test_rows x outputs: the means of what the trees answer.  NO_MEMORY. */
hebb_status hb_forest_answer(const struct hb_forest *forest, float *h);

#endif
