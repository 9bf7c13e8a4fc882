/* SPDX-License-Identifier: MIT */
/*
 * effort.h - what an effort needs of the rest
 */
#ifndef HEBB_STUDY_EFFORT_H
#define HEBB_STUDY_EFFORT_H

#include "study.h"

/* ---- recipes.c ---- */

/* Labels are as classes. */
enum { HB_FOR_CLASSES = 1, HB_FOR_NUMBERS = 2, HB_FOR_IMAGES = 4, HB_FOR_FEW_ROWS = 8 };

/* What a recipe changes: 0 and NULL leave the default. */
struct hb_recipe {
	const char *name;
	int tasks;
	hebb_effort least; /* the effort from which on it is tried */
	hebb_scaling scaling;
	int bins;
	double width;               /* factor of the units */
	int layers;                 /* only so many */
	double decay, epochs, rate; /* factors */
	double dropout;             /* below 0: none */
	double smoothing;
	double l1; /* times the rows to train on; it takes the place of the decay */
	hebb_activation activation;
	hebb_target_transform transform; /* LOG: only of targets that are skewed, and above 0 */
};

extern const struct hb_recipe hb_recipes[];
extern const int hb_recipe_count;

/* ---- effort_recipes.c ---- */

/* Which settings an effort may choose. */
enum {
	HB_OPEN_SCALING = 1,
	HB_OPEN_LAYERS = 2,
	HB_OPEN_DECAY = 4,
	HB_OPEN_DROPOUT = 8,
	HB_OPEN_EPOCHS = 16,
	HB_OPEN_RATE = 32,
	HB_OPEN_ACTIVATION = 64,
	HB_OPEN_SMOOTHING = 128,
	HB_OPEN_MEMBERS = 256,
	HB_OPEN_L1 = 512,
	HB_OPEN_TARGET = 1024
};

/* So few rows may be learned by heart. */
enum { HB_ROWS_BY_HEART = 500 };

/* Changes the settings of a study that are open. */
void hb_recipe_apply(const struct hb_recipe *is, long long rows, hebb_study *study);

/* Whether two studies have the same in all that recipes change. */
int hb_recipes_agree(const hebb_study *a, const hebb_study *b);

/* Whether a recipe is to be tried for a complete study with so many rows to train on. */
int hb_recipe_suits(const struct hb_recipe *is, const hebb_study *base, long long rows,
		    int are_skewed);

/* The settings that an effort may choose, as bits: those that were not given. */
int hb_effort_open(const hebb_study *given, hebb_task task);

/* ---- skew.c ---- */

/* Whether the targets of a regression may be easier to learn as logarithms; row: those to train on.
 */
int hb_are_skewed(const hebb_study *study, long long n, const long long *row);

/* ---- effort.c ---- */

/* Whether hebb_study_choose() will try recipes for a study with HEBB_EFFORT_GOOD or BEST, complete
 * or not. */
int hb_effort_chooses(const hebb_study *study);

/* The networks of the mean that HEBB_EFFORT_BEST makes, and the most that HEBB_EFFORT_GOOD does. */
enum { HB_BEST_MEMBERS = 5, HB_GOOD_MEMBERS = 3 };

/* ---- trial.c ---- */

/* As hebb_trial_new(), with this part of its training rows to validate on. */
hebb_trial *hb_trial_of_part(const hebb_study *study, uint64_t seed, int fold,
			     struct hb_validation_part part, hebb_error *error);

/* ---- calibrate.c ---- */

/* Whether the network of a study has probabilities that a temperature suits. */
int hb_has_temperature(const hebb_study *study);

/* The outputs of a trained trial on its validation rows; to be freed. */
hebb_status hb_calibration_of(const hebb_trial *trial, hebb_calibration **result,
			      hebb_error *error);

/* Adds the rows of *from to *to, either of which may be NULL. */
hebb_status hb_calibration_join(hebb_calibration **to, hebb_calibration **from, hebb_error *error);

/* The outputs of the mean of networks, which are linear or sums for a temperature, from those of
 * each on the same rows; to be freed. */
hebb_calibration *hb_calibration_mean(int count, const hebb_calibration *const *of,
				      hebb_error *error);

long long hb_calibration_rows(const hebb_calibration *calibration);

/* How good the outputs are; less is better.  Classes and labels: the log loss with the best
 * temperature, or without probabilities the mean squared distance.  Numbers: the geometric mean of
 * the targets' rmse. */
double hb_calibration_loss(const hebb_calibration *calibration);

#endif
