/* SPDX-License-Identifier: MIT */
/*
 * attribution.h - what Shapley values and integrated gradients share
 */
#ifndef HEBB_STUDY_ATTRIBUTION_H
#define HEBB_STUDY_ATTRIBUTION_H

#include "explain.h"

/* Room for `count` attributions, without outputs yet. NO_MEMORY. */
hebb_status hb_attributions_open(const struct hb_explaining *job, int count,
				 hebb_attributions *result, hebb_error *error);

/* Begins the attribution of a coded row x of the table: its outputs to explain and the answers.
 * has_errors: room for standard errors too.  BAD_ARGUMENT: an answer is not finite. */
hebb_status hb_attribution_begin(const struct hb_explaining *job, const hebb_table *table,
				 long long row, const float *x, int has_errors,
				 hebb_attribution *one, hebb_error *error);

/* The gap of each output; BAD_ARGUMENT if a value is not finite. */
hebb_status hb_attribution_end(const struct hb_explaining *job, const hebb_table *table,
			       hebb_attribution *one, hebb_error *error);

#endif
