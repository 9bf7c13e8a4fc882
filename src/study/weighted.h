/* SPDX-License-Identifier: MIT */
/*
 * weighted.h - examples that weigh what their class or a column says
 */
#ifndef HEBB_STUDY_WEIGHTED_H
#define HEBB_STUDY_WEIGHTED_H

#include "hebb_study.h"

/* The examples of a dataset, the weight of each class and that of each row; either may be NULL. */
typedef struct hb_weighted {
	hebb_source rows;
	int classes;
	double *by_class;
	float *by_row;
} hb_weighted;

/* Weighs `rows` by the classes of the dataset that they come from, if they are balanced, and by a
 * column of the dataset's table, -1: by none; borrows what it is given.  0 without memory. */
int hb_weighted_open(const hebb_dataset *data, hebb_source rows, int balanced,
		     const hebb_table *table, int column, hb_weighted *result);
void hb_weighted_close(hb_weighted *done);

/* Its examples for hebb_train(), which borrow it. */
hebb_source hb_weighted_source(hb_weighted *from);

#endif
