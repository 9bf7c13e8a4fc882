/* SPDX-License-Identifier: MIT */
/*
 * weighted.h - examples with the weights of their classes or of a column
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

/* Multiplies the weights of `rows` by those of the classes of the dataset, if `balanced`, and by a
 * column of the dataset's table, -1: none; borrows its arguments. Returns 0 if out of memory. */
int hb_weighted_open(const hebb_dataset *data, hebb_source rows, int balanced,
		     const hebb_table *table, int column, hb_weighted *result);
void hb_weighted_close(hb_weighted *weighted);

/* The source of these examples, for hebb_train(); it borrows `weighted`. */
hebb_source hb_weighted_source(hb_weighted *weighted);

#endif
