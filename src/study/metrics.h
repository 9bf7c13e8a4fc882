/* SPDX-License-Identifier: MIT */
/*
 * metrics.h - what a classifier's probabilities are worth, and how sure a mean is
 */
#ifndef HEBB_STUDY_METRICS_H
#define HEBB_STUDY_METRICS_H

#include "hebb_study.h"

/* log p; an output that has become 0 in float32 counts as the smallest number above. */
double hb_log_of(double p);

/* Outputs p (rows x classes; a row without an answer: NaN), the class of each row, and whether the
 * outputs are probabilities.  A row without an answer is one of its class that was predicted as
 * none, and out of the areas and the means of probabilities.  each: `classes` of them.  Returns 0
 * without memory. */
int hb_metrics_of(long long rows, int classes, const float *p, const int *truth, int probabilities,
		  hebb_class_metrics *result, hebb_class_score *each);

/* The area under the ROC curve of a label; p and y: of each row, `stride` apart, NaN where there is
 * none.  NaN without both values, or for too many rows.  Returns 0 without memory. */
int hb_label_area(long long rows, int stride, const float *p, const float *y, double *area);

/* The number t that a t-distributed number of n - 1 degrees of freedom stays within, +-t, with a
 * probability of 95 % (Student 1908): the interval of a mean of n values is mean +- t sd / sqrt(n).
 * NaN for n < 2. */
double hb_student_t(int n);

#endif
