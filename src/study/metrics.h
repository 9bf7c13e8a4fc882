/* SPDX-License-Identifier: MIT */
/*
 * metrics.h - scores of a classifier, and intervals of a mean
 */
#ifndef HEBB_STUDY_METRICS_H
#define HEBB_STUDY_METRICS_H

#include "hebb_study.h"

/* a / b; NaN if b is 0. */
double hb_ratio(long long a, long long b);

/* The bins of the calibration error: p is in bin b, from 0, if b / 15 < p <= (b + 1) / 15. */
enum { HB_BINS = 15 };
int hb_bin_of(double p);

/* log p; an output that has become 0 in float32 counts as the smallest normal float32. */
double hb_log_of(double p);

/* The class that y is 1 of; -1: it is none that training had. */
int hb_class_of(const float *y, int classes);

/* Scores from outputs p (rows x classes; NaN in a row without an answer), the class of each row
 * (-1: training did not have it; no class is right then, and the log loss leaves the row out), and
 * whether the outputs are probabilities. A row without an answer counts for its class as
 * predicted as no class, and is left out of the areas and of the means of probabilities.
 * class_score has `classes` elements. Returns 0 if out of memory. */
int hb_metrics_of(long long rows, int classes, const float *p, const int *truth, int probabilities,
		  hebb_class_metrics *result, hebb_class_score *class_score);

/* The area under the ROC curve of a label; p and y: of each row, `stride` apart, NaN where there is
 * none.  NaN without both values, or for too many rows.  Returns 0 without memory. */
int hb_label_area(long long rows, int stride, const float *p, const float *y, double *area);

/* The number t for which a t-distributed variable with n - 1 degrees of freedom is in [-t, t] with
 * a probability of 95 % (Student 1908). The interval of a mean of n values is mean +- t sd /
 * sqrt(n). NaN for n < 2. */
double hb_student_t(int n);

#endif
