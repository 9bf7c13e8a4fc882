/* SPDX-License-Identifier: MIT */
/*
 * weighted.h - examples that weigh what their class weighs
 */
#ifndef HEBB_STUDY_WEIGHTED_H
#define HEBB_STUDY_WEIGHTED_H

#include "hebb_study.h"

/* The examples of a dataset and the weight of each class. */
typedef struct hb_weighted {
	hebb_source rows;
	int classes;
	double *weight;
} hb_weighted;

/* Weighs `rows` by the classes of the dataset that they come from; borrows both.  0 without
 * memory. */
int hb_weighted_open(const hebb_dataset *data, hebb_source rows, hb_weighted *result);
void hb_weighted_close(hb_weighted *done);

/* Its examples for hebb_train(), which borrow it. */
hebb_source hb_weighted_source(hb_weighted *from);

#endif
