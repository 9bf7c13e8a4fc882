/* SPDX-License-Identifier: MIT */
/*
 * shapley.h - what sampled and exact Shapley values share
 *
 * v(S) is the mean output over the background rows if the columns of S have the values of the row
 * that is explained, and the others those of the background row.
 */
#ifndef HEBB_STUDY_SHAPLEY_H
#define HEBB_STUDY_SHAPLEY_H

#include "attribution.h"

struct hb_shapley {
	struct hb_explaining *job;
	const hebb_dataset *background;
	const float *h;       /* background rows x outputs of the network: their outputs */
	const float *x;       /* the row that is explained */
	hebb_attribution *of; /* its attribution */
	long long pairs;      /* of walks, for each background row */
	double begun, share;  /* for progress */
};

/* Output k of those explained, in units, of the outputs h of the network. */
static inline double hb_explained(const struct hb_shapley *s, const float *h, int k)
{
	return hebb_in_units(s->job->coding, h, s->of->output[k]);
}

/* walks.c: the values and their errors from random orders. */
hebb_status hb_shapley_walk(struct hb_shapley *s, hebb_error *error);
/* subsets.c: the values from all subsets of the columns. */
hebb_status hb_shapley_subsets(struct hb_shapley *s, hebb_error *error);

#endif
