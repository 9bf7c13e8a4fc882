/* SPDX-License-Identifier: MIT */
/*
 * study.h - what the files of src/study/ share
 */
#ifndef HEBB_STUDY_STUDY_H
#define HEBB_STUDY_STUDY_H

#include "hebb_study.h"

/* Labels: adds a row, h NULL: without an answer; what follows from the counts; the areas, from all
 * outputs (NaN: no answer) and targets, 0 without memory. */
void hb_score_labels_add(hebb_score *result, const float *h, const float *y);
void hb_score_labels_finish(hebb_score *result);
int hb_score_labels_areas(long long rows, const float *p, const float *y, hebb_score *result);

/* What the defaults may depend on. */
struct hb_facts {
	hebb_task task;   /* CLASSIFICATION or REGRESSION */
	int is_digits;    /* the embedded digits, whose customary split is the tutorial's */
	int has_own_test; /* the data came with a test set */
	long long rows;   /* without that */
	int inputs;       /* of the network */
	int outputs;      /* its classes, or the numbers it predicts */
};

/* Fills in what was not given; cannot fail.  The rule stands in defaults.c. */
void hb_choose_defaults(hebb_study *o, const struct hb_facts *data);

/* The rate that a study has where none is given. */
double hb_usual_rate(const hebb_study *o);

/* Whether a study asks for the expected number of counts: poisson or exp. */
int hb_wants_counts(const hebb_study *given);

/* Begins the message of an error with "WHERE: ", and returns its status. */
hebb_status hb_where(const char *where, hebb_status status, hebb_error *error);

/* The target columns, *count of them, to be freed; NULL after an error. */
int *hb_targets(const hebb_study *study, int *count, hebb_error *error);

/* The options of the study's codings; borrows the targets. */
hebb_coding_options hb_coding_options(const hebb_study *study, int count, const int *targets);

/*
 * The layers, *count of them, to be freed; NULL: no memory.
 *
 *     {dense, [norm,] activation [+ what came in] [, dropout]}... dense, output
 *
 * A norm stands between a hidden layer's sum and its activation.  A shortcut adds the input of a
 * hidden layer to its output where both are equally wide.
 */
hebb_layer *hb_layers_make(const hebb_study *o, int outputs, int *count);

/* Parameters, and what norms keep beside them. */
double hb_layers_parameters(const hebb_study *o, int inputs, int outputs);

/* How rows are parted.  A pure function of this and the table, so that the rows can be found
 * again. */
struct hb_split {
	hebb_part test, validation;
	int column; /* stratified by this column; -1: not stratified */
	uint64_t seed;
	int folds, fold; /* with `folds`, what the test part leaves is divided, and a fold, counted
			  * from 0, stands in for the test part */
};

/* How a trial is parted; HEBB_BAD_ARGUMENT: the target is not found. */
hebb_status hb_split_of(const hebb_study *study, uint64_t seed, int fold, struct hb_split *result,
			hebb_error *error);

/* Fills in `result`, whose rows are to be freed with free(). */
hebb_status hb_split_rows(const hebb_table *table, const struct hb_split *how, hebb_parts *result,
			  hebb_error *error);

/* Refuses a training for which there is too little memory. */
hebb_status hb_check_memory(const hebb_study *study, hebb_error *error);

/* The recipe of a trial: that of its study, with gaps where its rows lack targets. */
hebb_recipe hb_trial_recipe(const hebb_trial *trial);

/* The record of a model, to be freed; NULL: no memory. */
char *hb_record_make(const hebb_trial *run, const hebb_result *result);

#endif
