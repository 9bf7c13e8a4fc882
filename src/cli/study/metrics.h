/* SPDX-License-Identifier: MIT */
/*
 * metrics.h - what a classifier's probabilities are worth, and how sure a mean is
 */
#ifndef HEBB_CLI_METRICS_H
#define HEBB_CLI_METRICS_H

/* The first of the largest: the class that outputs predict, or that targets are. */
int largest(const float *values, int count);

/* log p; an output that has become 0 in float32 counts as the smallest number above. */
double log_of(double p);

/* Of one class.  What would divide by zero is NaN. */
typedef struct class_metrics {
	long long rows, predicted, right; /* right: both */
	double precision, recall, f1;
} class_metrics;

typedef struct metrics {
	double balanced_accuracy;     /* the mean recall of the classes that have rows */
	double precision, recall, f1; /* means over the classes that have rows or were predicted */
	double roc_auc;       /* NaN if no class can be told from another, or for too much data */
	double log_loss, ece; /* NaN if the outputs are no probabilities */
} metrics;

/* Outputs p (rows x classes; a row without an answer: NaN), the class of each row, and whether the
 * outputs are probabilities.  A row without an answer is one of its class that was predicted as
 * none, and out of the areas and the means of probabilities.  each: `classes` of them.  Returns 0
 * without memory. */
int metrics_of(long long rows, int classes, const float *p, const int *truth, int probabilities,
	       metrics *result, class_metrics *each);

/* The 95 % interval of a share of which `right` of `rows` were counted (Wilson 1927). */
void share_interval(long long right, long long rows, double *low, double *high);

/* The number t that a t-distributed number of n - 1 degrees of freedom stays within, +-t, with a
 * probability of 95 % (Student 1908): the interval of a mean of n values is mean +- t sd / sqrt(n).
 * NaN for n < 2. */
double student_t(int n);

#endif
