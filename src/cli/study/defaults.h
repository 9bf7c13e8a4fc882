/* SPDX-License-Identifier: MIT */
/*
 * defaults.h - the options that nobody gave
 */
#ifndef HEBB_CLI_DEFAULTS_H
#define HEBB_CLI_DEFAULTS_H

#include "option/options.h"

/* What the choice may depend on. */
typedef struct facts {
	hebb_task task;   /* CLASSIFICATION or REGRESSION */
	int is_digits;    /* the embedded digits, whose customary split is the tutorial's */
	int has_own_test; /* the data came with a test set */
	long long rows;   /* without that */
	int inputs;       /* of the network */
	int outputs;      /* its classes, or the numbers it predicts */
} facts;

/* Fills in every option of training that was not given; cannot fail.  The rule stands in
 * defaults.c. */
void choose_defaults(options *given, const facts *data);

/* Whether the options ask for the expected number of counts: poisson or exp. */
int wants_counts(const options *given);

#endif
