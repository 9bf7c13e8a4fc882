/* SPDX-License-Identifier: MIT */
/*
 * temperature.h - one temperature for the probabilities of a network
 */
#ifndef HEBB_STUDY_TEMPERATURE_H
#define HEBB_STUDY_TEMPERATURE_H

#include "hebb_study.h"

/* The sums z of the last layer, before softmax or sigmoid, of some rows, and their targets. */
typedef struct hb_logits {
	hebb_task task; /* HEBB_CLASSIFICATION: softmax; HEBB_LABELS: a sigmoid for each output */
	long long rows;
	int outputs;
	const float *z; /* rows x outputs */
	const float *y; /* rows x outputs: one-hot; labels 0, 1 or NaN: missing */
} hb_logits;

/* Fits a temperature and measures the probabilities with and without it. */
hebb_tempered hb_temper(const hb_logits *sums);

/* The outputs h of a row with sums z at a temperature. */
void hb_temper_row(const hb_logits *sums, const float *z, double temperature, float *h);

#endif
