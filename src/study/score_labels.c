/* SPDX-License-Identifier: MIT */
/*
 * score_labels.c - how good a network is at several labels, each of which is 0 or 1
 *
 * A label is predicted where its output is above a half.  Of each label, over the rows that have
 * it,
 *
 *     accuracy = rows whose value was predicted / rows
 *     precision = hits / predicted     recall = hits / positives     F1 = 2 hits / (both)
 *     log loss = mean - y log h - (1 - y) log(1 - h)
 *     ROC AUC as in metrics.c
 *
 * and of all
 *
 *     accuracy = rows of which every label was predicted / rows      (subset accuracy)
 *     macro F1 (precision, recall) = mean over the labels; 0 for a label that has no value
 *     ROC AUC, log loss = mean over the labels that have a value
 *
 * These are the numbers of scikit-learn's metrics of the same names, of a matrix of labels.
 */
#include <math.h>
#include <stdlib.h>

#include "metrics.h"
#include "study.h"

/* h: NULL if there is no answer, which counts as wrong. */
void hb_score_labels_add(hebb_score *result, const float *h, const float *y)
{
	int all_right = 1;

	for (int i = 0; i < result->labels; i++) {
		hebb_label_score *one = &result->label[i];
		int is = y[i] > 0.5f, predicted = h && h[i] > 0.5f, right = h && predicted == is;

		if (isnan(y[i]))
			continue;
		one->rows++;
		one->positives += is;
		one->predicted += predicted;
		one->hits += predicted && is;
		one->right += right;
		all_right &= right;
		if (!h)
			continue;
		one->answered++;
		one->log_loss -= hb_log_of(is ? (double)h[i] : 1 - (double)h[i]);
	}
	result->right += all_right;
}

/* Adds a share of a score, 0 where it has no value. */
static void add(double *mean, double score, int count)
{
	*mean += isnan(score) ? 0 : score / count;
}

void hb_score_labels_finish(hebb_score *result)
{
	hebb_class_metrics *all = &result->detail;
	int with_loss = 0;

	all->balanced_accuracy = all->ece = all->roc_auc = NAN;
	for (int i = 0; i < result->labels; i++) {
		hebb_label_score *one = &result->label[i];

		one->accuracy = hb_ratio(one->right, one->rows);
		one->precision = hb_ratio(one->hits, one->predicted);
		one->recall = hb_ratio(one->hits, one->positives);
		one->f1 = hb_ratio(2 * one->hits, one->predicted + one->positives);
		one->log_loss = one->answered > 0 ? one->log_loss / (double)one->answered : NAN;
		one->roc_auc = NAN;
		add(&all->precision, one->precision, result->labels);
		add(&all->recall, one->recall, result->labels);
		add(&all->f1, one->f1, result->labels);
		with_loss += !isnan(one->log_loss);
	}
	for (int i = 0; i < result->labels; i++)
		add(&all->log_loss, result->label[i].log_loss, with_loss);
	all->log_loss = with_loss > 0 ? all->log_loss : NAN;
}

int hb_score_labels_areas(long long rows, const float *p, const float *y, hebb_score *result)
{
	double sum = 0;
	int count = 0;

	for (int i = 0; i < result->labels; i++) {
		double *auc = &result->label[i].roc_auc;

		if (!hb_label_area(rows, result->labels, p + i, y + i, auc))
			return 0;
		sum += isnan(*auc) ? 0 : *auc;
		count += !isnan(*auc);
	}
	result->detail.roc_auc = count > 0 ? sum / count : NAN;
	return 1;
}
