/* SPDX-License-Identifier: MIT */
/*
 * metrics.c - scores of a classifier, and intervals of a mean
 *
 * The predicted class of a row is the first one with the largest output.  TP is the number of rows
 * of a class that were predicted as this class:
 *
 *     precision = TP / rows predicted      recall = TP / rows
 *     F1 = 2 TP / (rows predicted + rows)
 *
 *     balanced accuracy = mean recall, over classes that have rows
 *     macro F1 (precision, recall) = mean over classes that have rows or were predicted; a class
 *         without a value counts as 0
 *     log loss = mean - log p_truth
 *     ECE = sum over 15 bins of p_max of  rows of the bin / rows  |mean p_max - accuracy|
 *         (Guo et al. 2017, eq. 3)
 *     ROC AUC of a class = (R - n (n + 1) / 2) / (n (rows - n))
 *         R is the sum of the ranks of the n rows of the class; equal p share their mean
 *         rank (Hanley & McNeil 1982).  It is the probability that a row of the class has a larger
 *         p than a row of another class; equal p count half.  With two classes it is that of the
 *         second.  With more it is the mean of each class against the rest (Provost & Domingos
 *         2000), without classes that have all rows or none.
 *
 * scikit-learn's metrics of the same names give the same numbers.
 */
#include "metrics.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { AUC_MOST = 1 << 25 }; /* the most outputs to sort: a few seconds */

static const double NORMAL_95 = 1.959963984540054; /* Phi(1.96) = 0.975 */

int hebb_largest(const float *values, int count)
{
	int best = 0;

	for (int i = 1; i < count; i++)
		best = values[i] > values[best] ? i : best;
	return best;
}

int hb_class_of(const float *y, int classes)
{
	int largest = hebb_largest(y, classes);

	return y[largest] > 0 ? largest : -1;
}

/* ---- Counts ---- */

static void count_classes(long long rows, int classes, const float *p, const int *truth,
			  hebb_class_score *class_score)
{
	for (int i = 0; i < classes; i++)
		class_score[i] = (hebb_class_score){.rows = 0};
	for (long long row = 0; row < rows; row++, p += classes) {
		int predicted = hebb_largest(p, classes);

		if (truth[row] >= 0)
			class_score[truth[row]].rows++;
		if (isnan(p[0]))
			continue;
		class_score[predicted].predicted++;
		class_score[predicted].right += predicted == truth[row];
	}
}

double hb_ratio(long long a, long long b)
{
	return b > 0 ? (double)a / (double)b : NAN;
}

static double or_zero(double value)
{
	return isnan(value) ? 0 : value;
}

/* Computes the scores from the counts. */
static void finish_classes(int classes, hebb_class_score *class_score, hebb_class_metrics *result)
{
	int with_rows = 0, with_any = 0;

	for (int i = 0; i < classes; i++) {
		hebb_class_score *score = &class_score[i];

		score->precision = hb_ratio(score->right, score->predicted);
		score->recall = hb_ratio(score->right, score->rows);
		score->f1 = hb_ratio(2 * score->right, score->predicted + score->rows);
		with_rows += score->rows > 0;
		with_any += score->rows + score->predicted > 0;
	}
	for (int i = 0; i < classes; i++) {
		result->balanced_accuracy += or_zero(class_score[i].recall) / with_rows;
		result->precision += or_zero(class_score[i].precision) / with_any;
		result->recall += or_zero(class_score[i].recall) / with_any;
		result->f1 += or_zero(class_score[i].f1) / with_any;
	}
}

/* ---- Ranks ---- */

typedef struct ranked {
	uint32_t p; /* as key_of() has it */
	int is_of_class;
} ranked;

/* An integer that grows with p; the same for 0 and -0. */
static uint32_t key_of(float p)
{
	float value = p + 0.0f;
	uint32_t bits;

	memcpy(&bits, &value, sizeof bits);
	return bits >> 31 ? ~bits : bits | 0x80000000;
}

/* Goes over the bytes of p, the lowest first, and keeps the order of equal ones. */
static void sort(long long rows, ranked *list, ranked *spare)
{
	for (int shift = 0; shift < 32; shift += 8) {
		long long next[257] = {0};
		ranked *sorted = spare;

		for (long long i = 0; i < rows; i++)
			next[(list[i].p >> shift & 255) + 1]++;
		for (int byte = 0; byte < 255; byte++)
			next[byte + 1] += next[byte];
		for (long long i = 0; i < rows; i++)
			sorted[next[list[i].p >> shift & 255]++] = list[i];
		spare = list;
		list = sorted;
	}
}

/* Room to list and sort rows. */
static ranked *make_list(long long rows)
{
	return malloc(2 * sizeof(ranked) * (size_t)(rows > 0 ? rows : 1));
}

/* The area under the ROC curve of a class with n rows, 0 < n < rows; list: of make_list(). */
static double area(long long rows, long long n, ranked *list)
{
	double sum = 0, of_class = (double)n; /* sum is that of the ranks, from 1 */

	sort(rows, list, list + rows);
	for (long long first = 0, next; first < rows; first = next) {
		long long count = 0;

		for (next = first; next < rows && list[next].p == list[first].p; next++)
			count += list[next].is_of_class;
		sum += (double)count * ((double)(first + 1) + (double)next) / 2;
	}
	return (sum - of_class * (of_class + 1) / 2) / (of_class * (double)(rows - n));
}

/* Lists the rows that have outputs for class k and returns their number; *of_class becomes the
 * number of those that belong to the class. */
static long long list_rows(long long rows, int classes, int k, const float *p, const int *truth,
			   ranked *list, long long *of_class)
{
	long long count = 0;

	*of_class = 0;
	for (long long row = 0; row < rows; row++) {
		float value = p[row * classes + k];

		if (isnan(value))
			continue;
		list[count++] = (ranked){key_of(value), truth[row] == k};
		*of_class += truth[row] == k;
	}
	return count;
}

/* The mean over the classes of the area of each; 0 without memory. */
static int mean_area(long long rows, int classes, const float *p, const int *truth, double *mean)
{
	ranked *list;
	double sum = 0;
	int count = 0;

	*mean = NAN;
	if (rows > AUC_MOST / classes)
		return 1;
	list = make_list(rows);
	if (!list)
		return 0;
	for (int k = classes == 2 ? 1 : 0; k < classes; k++) {
		long long n, listed = list_rows(rows, classes, k, p, truth, list, &n);

		if (n == 0 || n == listed)
			continue;
		sum += area(listed, n, list);
		count++;
	}
	free(list);
	*mean = count > 0 ? sum / count : NAN;
	return 1;
}

int hb_label_area(long long rows, int stride, const float *p, const float *y, double *result)
{
	long long count = 0, positives = 0;

	*result = NAN;
	if (rows > AUC_MOST)
		return 1;
	ranked *list = make_list(rows);
	if (!list)
		return 0;
	for (long long at = 0; at < rows * stride; at += stride) {
		if (isnan(p[at]) || isnan(y[at]))
			continue;
		list[count++] = (ranked){key_of(p[at]), y[at] > 0.5f};
		positives += y[at] > 0.5f;
	}
	if (positives > 0 && positives < count)
		*result = area(count, positives, list);
	free(list);
	return 1;
}

/* ---- Probabilities ---- */

double hb_log_of(double p)
{
	return log(p > (double)FLT_MIN ? p : (double)FLT_MIN);
}

int hb_bin_of(double p)
{
	int bin = (int)ceil(p * HB_BINS) - 1;

	return bin < 0 ? 0 : bin < HB_BINS ? bin : HB_BINS - 1;
}

static void judge_probabilities(long long rows, int classes, const float *p, const int *truth,
				hebb_class_metrics *result)
{
	double off[HB_BINS] = {
		0}; /* sums of p_max - 1 for right rows and of p_max for the others */
	long long answered = 0, known = 0; /* known: those whose class training had */

	for (long long row = 0; row < rows; row++) {
		answered += !isnan(p[row * classes]);
		known += !isnan(p[row * classes]) && truth[row] >= 0;
	}
	result->log_loss = known > 0 ? 0 : NAN;
	result->ece = answered > 0 ? 0 : NAN;
	for (long long row = 0; row < rows; row++, p += classes) {
		int predicted = hebb_largest(p, classes);
		double confidence = (double)p[predicted];

		if (isnan(p[0]))
			continue;
		if (truth[row] >= 0)
			result->log_loss -= hb_log_of((double)p[truth[row]]) / (double)known;
		off[hb_bin_of(confidence)] += confidence - (predicted == truth[row]);
	}
	for (int bin = 0; bin < HB_BINS; bin++)
		result->ece += fabs(off[bin]) / (double)answered;
}

int hb_metrics_of(long long rows, int classes, const float *p, const int *truth, int probabilities,
		  hebb_class_metrics *result, hebb_class_score *class_score)
{
	*result = (hebb_class_metrics){.balanced_accuracy = 0};
	count_classes(rows, classes, p, truth, class_score);
	finish_classes(classes, class_score, result);
	if (probabilities)
		judge_probabilities(rows, classes, p, truth, result);
	else
		result->log_loss = result->ece = NAN;
	return mean_area(rows, classes, p, truth, &result->roc_auc);
}

/* ---- Intervals ---- */

/* (p + z^2/2n +- z sqrt(p (1 - p) / n + z^2/4n^2)) / (1 + z^2/n): unlike p +- z sqrt(p (1 - p) / n)
 * it is right for few rows and stays within 0 and 1. */
void hebb_share_interval(long long right, long long rows, double *low, double *high)
{
	double n = (double)rows, p = (double)right / n, z = NORMAL_95, z2 = z * z;
	double middle = (p + z2 / (2 * n)) / (1 + z2 / n);
	double half = z * sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n);

	*low = right > 0 ? fmax(middle - half, 0) : 0;
	*high = right < rows ? fmin(middle + half, 1) : 1;
}

/* For v >= 10 degrees of freedom it has four terms of the Cornish-Fisher expansion (Abramowitz &
 * Stegun 26.7.5), error below 1e-5; for fewer there is a table. */
double hb_student_t(int n)
{
	static const double table[] = {NAN,      12.706205, 4.302653, 3.182446, 2.776445,
				       2.570582, 2.446912,  2.364624, 2.306004, 2.262157};
	double x = NORMAL_95, x2 = x * x, v = n - 1;

	if (n < 2)
		return NAN;
	if (v < 10)
		return table[n - 1];
	return x + x * (x2 + 1) / (4 * v) + x * ((5 * x2 + 16) * x2 + 3) / (96 * v * v) +
	       x * (((3 * x2 + 19) * x2 + 17) * x2 - 15) / (384 * v * v * v) +
	       x * ((((79 * x2 + 776) * x2 + 1482) * x2 - 1920) * x2 - 945) / (92160 * pow(v, 4));
}
