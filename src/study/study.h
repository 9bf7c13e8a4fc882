/* SPDX-License-Identifier: MIT */
/*
 * study.h - what the files of src/study/ share
 */
#ifndef HEBB_STUDY_STUDY_H
#define HEBB_STUDY_STUDY_H

#include <string.h>

#include "hebb_advanced.h"
#include "hebb_study.h"
#include "roles.h"

/* A name for a sentence, by hebb_show(); a long name is cut. It is valid in the enclosing block. */
enum { HB_NAME_MOST = 64 };
#define SHORT_NAME(name) hebb_show(name, strlen(name), (char[HB_NAME_MOST]){0}, HB_NAME_MOST)

/* Labels: adds a row, h NULL: without an answer; what follows from the counts; the areas, from all
 * outputs (NaN: no answer) and targets, 0 without memory. */
void hb_score_labels_add(hebb_score *result, const float *h, const float *y);
void hb_score_labels_finish(hebb_score *result);
int hb_score_labels_areas(long long rows, const float *p, const float *y, hebb_score *result);

/* The facts that the defaults depend on. */
struct hb_facts {
	hebb_task task;   /* not HEBB_TASK_AUTO */
	int is_digits;    /* the embedded digits, whose customary split is the tutorial's */
	int is_images;    /* the inputs are pixels */
	int has_own_test; /* the data have a test set of their own */
	long long rows;   /* without that test set */
	int inputs;       /* of the network, before they are encoded */
	int outputs;      /* its classes or labels, or the numbers it predicts */
};

/* Fills in the fields that were not given; cannot fail. defaults.c has the rule. */
void hb_choose_defaults(hebb_study *o, const struct hb_facts *data);

/* The default rate of a study. */
double hb_usual_rate(const hebb_study *o);

/* Whether the targets of a study are counts: its loss is poisson or its output exp. */
int hb_wants_counts(const hebb_study *study);

/* Whether a study has calibration rows: it wants a temperature or scores for intervals. */
int hb_wants_calibration(const hebb_study *study);

/* Refuses a calibration that the settings or the task do not allow. */
hebb_status hb_check_calibration(const hebb_study *o, const hebb_coding *coding, hebb_error *error);

/* Where a row stands: "line 7" of its file, or "row 6" of arrays.  Returns `text`. */
enum { HB_PLACE_MOST = 32 };
const char *hb_place_text(const hebb_table *table, long long row, char text[HB_PLACE_MOST]);

/* Begins the message of an error with "WHERE: ", and returns its status. */
hebb_status hb_where(const char *place, hebb_status status, hebb_error *error);

/* The target columns that the study names, *count of them, to be freed; NULL after an error. */
int *hb_targets(const hebb_study *study, int *count, hebb_error *error);

/* As many threads as a table or a coding takes. */
int hb_threads_of(const hebb_study *study);

/* The options of the study's codings; borrows the columns. */
hebb_coding_options hb_coding_options(const hebb_study *study, const hb_roles *roles);

/*
 * The layers, *count of them, to be freed; NULL: no memory.
 *
 *     {dense, [norm,] activation [+ input] [, dropout]}... dense, output
 *
 * A norm stands between a hidden layer's sum and its activation.  A shortcut adds the input of a
 * hidden layer to its output where both are equally wide.
 */
hebb_layer *hb_layers_make(const hebb_study *o, int outputs, int *count);

/* The number of parameters and running statistics. */
double hb_layers_parameters(const hebb_study *o, int inputs, int outputs);

/* How rows are split. The split depends only on this struct and the table, so it can be
 * repeated. */
struct hb_split {
	hebb_part test, validation;
	int column; /* stratified by this column; -1: not stratified */
	/* Columns counted from 1 that keep rows together and order them; 0: none.  Not both, and
	 * neither with a column to stratify by. */
	int group, time;
	uint64_t seed;
	/* With parts >= 2 the validation part is one of so many, counted from 0, into which the
	 * other rows are divided. */
	struct hb_validation_part {
		int part, parts;
	} in_parts;
	int folds, fold; /* with `folds`, what the test part leaves is divided, and a fold, counted
			  * from 0, stands in for the test part */
};

/* The split of a trial. HEBB_BAD_ARGUMENT: the target is not found. */
hebb_status hb_split_of(const hebb_study *study, uint64_t seed, int fold, struct hb_split *result,
			hebb_error *error);

/* Fills in `result`, whose rows are to be freed with free(). */
hebb_status hb_split_rows(const hebb_table *table, const struct hb_split *split, hebb_parts *result,
			  hebb_error *error);

/* The mean of output i of a dataset over the rows that have it; 0 if none has. */
double hb_mean_target(const hebb_dataset *data, int i);

/* The memory that a study may take; 0: not known. */
double hb_memory_of(const hebb_study *study);

/* Refuses a training for which there is too little memory. */
hebb_status hb_check_memory(const hebb_study *study, hebb_error *error);

/* The recipe of a trial: that of its study, with gaps where its rows lack targets. */
hebb_recipe hb_trial_recipe(const hebb_trial *trial);

/* The record of a model, to be freed; NULL: no memory. */
char *hb_record_make(const hebb_trial *run, const hebb_result *result);

/* What a model's record says of the settings that the doctor advises; else they are not used. */
hebb_study hb_study_of_model(const hebb_model *model);

#endif
