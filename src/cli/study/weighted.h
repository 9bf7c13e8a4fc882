/* SPDX-License-Identifier: MIT */
/*
 * weighted.h - examples that weigh what their class weighs
 */
#ifndef HEBB_CLI_WEIGHTED_H
#define HEBB_CLI_WEIGHTED_H

#include "hebb.h"
#include "hebb_io.h"

/* The examples of a dataset and the weight of each class. */
typedef struct weighted {
	hebb_source rows;
	int classes;
	double *weight;
} weighted;

/* The weight of class k is  n / (K n_k),  n_k of the n rows and K the classes that have rows (King
 *                           & Zeng 2001): each class
 * weighs as much as another, and the mean weight of a row is 1.  0 for a class without rows.
 * weight: data->outputs. */
void balanced_weights(const hebb_dataset *data, double *weight);

/* Weighs `rows` by the classes of the dataset that they come from; borrows both.  0 without
 * memory. */
int weighted_open(const hebb_dataset *data, hebb_source rows, weighted *result);
void weighted_close(weighted *done);

/* Its examples for hebb_train(), which borrow it. */
hebb_source weighted_source(weighted *from);

#endif
