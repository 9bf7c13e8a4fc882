/**
 * @file
 * hebb_study.h - an experiment: from a table to a trained and scored model
 *
 * A complete program:
 *
 *     #include <stdio.h>
 *     #include "hebb_study.h"
 *
 *     int main(void)
 *     {
 *         hebb_table *table = hebb_table_read("iris.csv", HEBB_HEADER_AUTO, NULL);
 *         hebb_study study = hebb_study_of(table);
 *         hebb_result result;
 *         if (hebb_study_run(&study, &result, NULL) == HEBB_OK) {
 *             printf("accuracy %.3f on %lld rows held out\n", result.test.accuracy,
 *                    result.test.rows);
 *             hebb_model_write(result.model, "iris.onnx", NULL);
 *         }
 *         hebb_result_free(&result);
 *         hebb_table_free(table);
 *     }
 *
 * Read it from top to bottom. A study describes what is trained, on which rows, and how. A result
 * holds the model and its scores. A trial is one training of a study, for programs that need its
 * rows, its network or its trainer. The `hebb` command uses these functions.
 *
 * A setting has the name of the command's option: `--weight-decay` is the field weight_decay,
 * `--layers` is hidden and units. Messages name settings as options: "--batch: ...".
 *
 * Structs that the library fills in grow only in minor versions, each of which has its own soname.
 * The conventions of hebb.h and hebb_io.h hold. Everything is allocated with malloc(). Nothing is
 * printed. Several threads may run studies at the same time, even on the same table.
 */
/* SPDX-License-Identifier: MIT */
#ifndef HEBB_STUDY_H
#define HEBB_STUDY_H

#include "hebb_io.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @defgroup study Studies
 * What is trained on which rows, and how.
 * @{
 */

/** Which rows are held out. */
typedef enum hebb_part_kind {
	HEBB_PART_NONE = 1, /**< none */
	HEBB_PART_FRACTION, /**< a random part of the rows, `fraction` of them */
	HEBB_PART_LAST,     /**< the last `rows` rows */
	HEBB_PART_TABLE,    /**< the rows of another table */
	HEBB_PART_OWN       /**< the test set of the data (hebb_table.test_from); only as `test` */
} hebb_part_kind;

/** The name of a value, such as "fraction", or NULL if there is none. */
const char *hebb_part_kind_name(hebb_part_kind kind);

/** The value of a name, or 0 if there is none. */
hebb_part_kind hebb_part_kind_find(const char *name);

/** Rows that are held out. All 0: not given. */
typedef struct hebb_part {
	hebb_part_kind kind; /**< which rows */
	double fraction;     /**< HEBB_PART_FRACTION: in (0, 1) */
	long long rows;      /**< HEBB_PART_LAST: at least 1 */
	/** HEBB_PART_TABLE: the table, with the same columns as the study's; borrowed */
	const hebb_table *table;
	/** HEBB_PART_TABLE: its name in records, such as a path; NULL: table->name; borrowed */
	const char *name;
} hebb_part;

/** How the sums of hidden layers are normalized, before their activation. */
typedef enum hebb_norm {
	HEBB_NORM_NONE = 1, /**< none */
	HEBB_NORM_BATCH,    /**< HEBB_BATCH_NORM: each unit over the rows of a batch */
	HEBB_NORM_LAYER     /**< HEBB_LAYER_NORM: each row over the units */
} hebb_norm;

/** The name of a value, such as "batch", or NULL if there is none. */
const char *hebb_norm_name(hebb_norm norm);

/** The value of a name, or 0 if there is none. */
hebb_norm hebb_norm_find(const char *name);

/** The weights of training rows. */
typedef enum hebb_weights {
	/** all rows have the same weight */
	HEBB_WEIGHTS_NONE = 1,
	/**
	 * n / (K n_k) for a row of class k: n rows, n_k of them of this class, K classes that have
	 * rows (King & Zeng 2001). All classes then have the same total weight.
	 */
	HEBB_WEIGHTS_BALANCED
} hebb_weights;

/** The name of a value, such as "balanced", or NULL if there is none. */
const char *hebb_weights_name(hebb_weights weights);

/** The value of a name, or 0 if there is none. */
hebb_weights hebb_weights_find(const char *name);

/** Sets of defaults other than the usual ones. */
typedef enum hebb_preset {
	/**
	 * those of the tutorial's program: 30 sigmoid units, squared error, a start in [0, 1), 3000
	 * updates of sgd with all rows at rate 0.25, scaling over all rows, 40 % held out
	 */
	HEBB_PRESET_TUTORIAL = 1
} hebb_preset;

/** The name of a value, such as "tutorial", or NULL if there is none. */
const char *hebb_preset_name(hebb_preset preset);

/** The value of a name, or 0 if there is none. */
hebb_preset hebb_preset_find(const char *name);

/** How much is tried to find good settings (hebb_study_choose()). */
typedef enum hebb_effort {
	/**
	 * one training with the defaults; only of a table with 20 to 500 rows to train on, of which
	 * these learn next to nothing, one recipe more, to learn them by heart
	 */
	HEBB_EFFORT_QUICK = 1,
	/**
	 * some recipes, each judged once on rows that it was not trained on; the model is the best
	 * one, or the mean of up to three networks with different recipes, if that is better
	 */
	HEBB_EFFORT_GOOD,
	/** more recipes, the better ones judged several times; the model is a mean of five */
	HEBB_EFFORT_BEST
} hebb_effort;

/** The name of a value, such as "quick", or NULL if there is none. */
const char *hebb_effort_name(hebb_effort effort);

/** The value of a name, or 0 if there is none. */
hebb_effort hebb_effort_find(const char *name);

/** The most networks of a model. */
#define HEBB_MEMBERS_MOST 20

/** A cancellation flag. Any thread may set it. */
typedef struct hebb_cancel hebb_cancel;

/** Makes a flag that is not set. Free it with hebb_cancel_free(). HEBB_NO_MEMORY. */
hebb_cancel *hebb_cancel_new(hebb_error *error);

/** Frees it, or does nothing with NULL. */
void hebb_cancel_free(hebb_cancel *cancel);

/**
 * Ends the studies that have this flag as `cancel`, as soon as possible. Any thread may call it, at
 * any time.
 */
void hebb_cancel_set(hebb_cancel *cancel);

/** 1 if hebb_cancel_set() was called; else 0. Any thread may call it. */
int hebb_cancel_asked(const hebb_cancel *cancel);

/**
 * An experiment. Begin with hebb_study_of() and change what differs. hebb_study_of() marks fields
 * as not given: enums are 0, doubles NAN, ints -1 and pointers NULL. hebb_study_default() replaces
 * them by the defaults; hebb_study_run() does this in a copy. These fields are 0 at first: decimal,
 * thousands, skip, separator, units, blind, shortcuts, in_order, threads, search, memory. Pointers
 * are borrowed and must stay valid until the study and its results are no longer used.
 *
 * The defaults are one rule for all tables, chosen by cross-validation on ten tables
 * (docs/accuracy.md). n is the number of rows to train on. Each comment has the default.
 */
typedef struct hebb_study {
	size_t size; /**< sizeof(hebb_study) */

	const hebb_table *table; /**< the data */
	/**
	 * the column to predict, by name or by number from 1; several numeric columns are a list as
	 * hebb_table_select() takes it, whose order is that of the outputs. NULL: the last column
	 * that no other setting names.
	 */
	const char *target;
	/**
	 * NULL. Columns to predict as labels, in place of `target`: a list as hebb_table_select()
	 * takes it. Each has two values and stands alone (HEBB_LABELS). The outputs are in the
	 * order of the table.
	 */
	const char *labels;
	hebb_task task;       /**< HEBB_TASK_AUTO; with `labels` HEBB_LABELS */
	hebb_missing missing; /**< HEBB_MISSING_INDICATOR */
	hebb_graph graph;     /**< HEBB_GRAPH_AUTO: what the graph of the model's file takes */
	/**
	 * what numeric inputs become: HEBB_SCALING_PIECEWISE for tables with at most 256 inputs
	 * (defaults.c has the whole rule), else HEBB_SCALING_STANDARD
	 */
	hebb_scaling scaling;
	int bins; /**< 0: HEBB_BINS. HEBB_SCALING_PIECEWISE: the most bins of a column. */
	/**
	 * 0: HEBB_TARGET_STANDARD; with the loss poisson, the output exp or HEBB_SCALING_NONE
	 * HEBB_TARGET_NONE
	 */
	hebb_target_transform target_transform;
	/**
	 * NULL. Columns that are no inputs. This is a list as hebb_table_select() takes it, of
	 * names, numbers, ranges and patterns: "id,3-12,pixel_*". What they hold does not matter.
	 */
	const char *ignore;
	/**
	 * NULL: all columns without another role. Else a list of the inputs; those of `ignore` are
	 * taken out of it.
	 */
	const char *input_columns;
	/**
	 * NULL. A column with the weight of each row, a number of 0 or more: the loss of training
	 * is sum w J / sum w of each batch. Multiplied by class_weights. It is no input. Means and
	 * deviations, the validation loss and all scores count each row once, as scikit-learn's
	 * metrics do by default.
	 */
	const char *weight;
	/**
	 * NULL. A column whose equal values are a group, such as a patient: test and validation
	 * parts and folds hold out whole groups (hebb_split_groups()). They are not stratified
	 * then. It is no input. A part that is a table of its own must have other groups.
	 */
	const char *group;
	/**
	 * NULL. A column by which rows are ordered: a fraction or a number of rows that is held out
	 * is the last ones. Of K folds, n rows are cut into blocks of n / (K + 1) at the end, and
	 * fold k (from 0) trains on all rows before block k and is measured on it. Nothing is
	 * stratified then. It is no input, unless input_columns names it. Not with `group`.
	 */
	const char *time_column;
	/**
	 * How the table was read, for the record and for hebb_study_table_options(); as the fields
	 * of hebb_table_options that the comments name. HEBB_HEADER_AUTO
	 */
	hebb_header header;
	char decimal;                /**< 0; as decimal */
	char thousands;              /**< 0; as thousands */
	const char *na;              /**< NULL; as missing */
	const char *text_columns;    /**< NULL; as text */
	const char *numeric_columns; /**< NULL; as numeric */
	const char *encoding;        /**< NULL; as encoding */
	int skip;                    /**< 0; as skip */
	char separator;              /**< 0; as separator */
	/**
	 * the part held out to measure the result. Default: the data's own test set if there is
	 * one, otherwise 20 % of the rows (40 % for the built-in digits). With folds: none.
	 */
	hebb_part test;
	/**
	 * the part of the training rows that is held out for validation: none; 10 % with patience;
	 * 20 % with conformal or temperature, unless there are folds
	 */
	hebb_part validation;
	int blind; /**< 0. 1: the test part is held out, but neither coded nor scored */
	/**
	 * 0. 1: the model gets the scores of its calibration rows (hebb_conformal), for intervals.
	 * These are the validation rows; with folds, the rows of all folds, each with the network
	 * that was not trained on it. The validation part is then a fifth, unless it is given.
	 */
	int conformal;
	/**
	 * 0. 1: the last layer is divided by a temperature (hebb_tempered), fitted on the same
	 * calibration rows, before their scores are taken. Only for outputs of HEBB_SOFTMAX, and
	 * for labels.
	 */
	int temperature;

	/**
	 * how much is tried before the training; 0, the default, is HEBB_EFFORT_QUICK. More is not
	 * for repeat, for `recipe` and for a search.
	 */
	hebb_effort effort;
	/**
	 * 0, as 1: the model is one network. Else so many, trained with different seeds: the sums
	 * before the last activation are the means of theirs, and the model is one wider network.
	 * At most HEBB_MEMBERS_MOST; not with HEBB_NORM_LAYER. With HEBB_EFFORT_BEST 5, with
	 * HEBB_EFFORT_GOOD up to 3.
	 */
	int members;

	/**
	 * the number of hidden layers: 2, of 256 and 128 units, for numbers of a table 128 and 64.
	 * Of images they are at least 512 and 256. With more than 256 inputs, before they are
	 * encoded, the first has the next power of two of units, at most 1024, and the second has
	 * half of that.
	 */
	int hidden;
	/**
	 * the units of each hidden layer; required with `hidden`, without a default
	 */
	int units[HEBB_MAX_LAYERS];
	hebb_activation activation; /**< of hidden layers: HEBB_GELU */
	/**
	 * of the last layer: HEBB_SOFTMAX for classes, HEBB_SIGMOID for labels, HEBB_LINEAR for
	 * numbers
	 */
	hebb_activation output;
	/**
	 * HEBB_CROSS_ENTROPY for classes and labels, HEBB_SQUARED for numbers. With output HEBB_EXP
	 * the default loss is HEBB_POISSON, and with loss HEBB_POISSON the default output is
	 * HEBB_EXP. The targets are then counts and are not scaled.
	 */
	hebb_loss loss;
	hebb_start init; /**< HEBB_START_AUTO */
	hebb_norm norm;  /**< HEBB_NORM_NONE */
	/** 0. 1: a hidden layer adds its input to its output if both have equal width */
	int shortcuts;
	/**
	 * after each hidden layer: 0.2, for numbers of a table 0.1, less for fewer than 50 rows; 0
	 * with HEBB_RPROP and HEBB_LBFGS
	 */
	double dropout;

	/** HEBB_ADAMW; HEBB_LBFGS without hidden layers and up to 2,000 rows */
	hebb_rule optimizer;
	/**
	 * 0.005 with adamw, 0.001 with a constant or plateau schedule; rmsprop and adam 0.001,
	 * momentum and nesterov 0.02, sgd 0.1, lion 0.0001, rprop 0.01
	 */
	double rate;
	/**
	 * HEBB_ONE_CYCLE; HEBB_COSINE with warmup; HEBB_CONSTANT with patience, HEBB_RPROP and
	 * HEBB_LBFGS
	 */
	hebb_schedule schedule;
	double warmup; /**< 0; as in hebb_recipe */
	double decay;  /**< 0.1; as in hebb_recipe */
	int stages;    /**< 3; as in hebb_recipe */
	int plateau;   /**< 10; as in hebb_recipe */
	double l1;     /**< 0; as in hebb_recipe */
	double l2;     /**< 0; as in hebb_recipe */
	/**
	 * 1200 / (n log2 K) for K classes (2 for labels) and 600 / n for numbers, at most 2; three
	 * times that for classes and labels of a table with up to two hidden layers; for images
	 * 0.2, with augment a tenth of the former; less for fewer than 50 rows. 0 if the optimizer
	 * is not adamw, there is no hidden layer, l1 or l2 is given, or the units are sigmoid or
	 * hard-sigmoid.
	 */
	double weight_decay;
	double clip;                /**< 0; as in hebb_recipe */
	double max_norm;            /**< 0; as in hebb_recipe */
	double average;             /**< 0; as in hebb_recipe */
	double average_from;        /**< 0; 0.75 with average = 1 */
	double label_smoothing;     /**< 0.01 for classes of images without augment, else 0 */
	hebb_weights class_weights; /**< HEBB_WEIGHTS_NONE */
	/** 32; 64 from 8,192 rows on, 128 from 32,768, 256 from 131,072; 0: all rows in a batch */
	int batch;
	int accumulate; /**< 1; as in hebb_recipe */
	int in_order;   /**< 0. 1: the order of the rows is the same in each epoch */
	/**
	 * 2500 / sqrt(n), for classes and labels of a table 750 / sqrt(n), at least 3; with augment
	 * sqrt(10) times as many
	 */
	int epochs;
	int patience; /**< 0; as in hebb_recipe */
	/**
	 * NULL: no augmentation. How images are changed: "" for hebb_augmentation_default(), or a
	 * list of fields of hebb_augmentation such as "shift=2,rotation=10"
	 */
	const char *augment;
	double time;              /**< 0: no limit; else seconds for each training */
	hebb_preset recipe;       /**< 0: the defaults of these comments */
	hebb_precision precision; /**< HEBB_FLOAT32 */
	int threads;              /**< 0: as many as the machine has */
	uint64_t seed;            /**< 1; of split, start and shuffling */

	/**
	 * 1. The number of trainings, with the seeds seed, seed + 1, ..., each with its own split.
	 */
	int repeat;
	/**
	 * 0: none. Otherwise at least 2: the rows outside the test part are divided into this
	 * number of folds, and each fold is held out once. The model is then trained on all these
	 * rows. Not with repeat.
	 */
	int folds;
	/**
	 * 0. 1: this study is a trial of a search. Its validation part is then 20 % of the rows,
	 * unless given or with folds.
	 */
	int search;

	/**
	 * NULL. A recipe for the fields that a study does not have, such as momentum. Its other
	 * fields are ignored.
	 */
	const hebb_recipe *base;
	/** NULL. Called in each training, as in hebb_recipe. */
	int (*progress)(void *self, const hebb_progress *progress);
	void *self;                /**< NULL. The first argument of `progress`. */
	const hebb_cancel *cancel; /**< NULL. Ends the study with HEBB_STOPPED when it is set. */
	hebb_meter *meter;         /**< NULL. Learns how far coding the rows and scoring them is. */
	double memory; /**< 0: the memory of the machine; else the limit for the study in bytes */

	/** private: the settings that were not given, which an effort may choose */
	int open;
	/**
	 * private: the settings of the other members - 1 networks, which an effort chose; NULL:
	 * those of this study
	 */
	const struct hebb_study *mate;
	int found_images;     /**< filled in by hebb_study_default(): the inputs are pixels */
	hebb_task found_task; /**< filled in by hebb_study_default(): what the task is */
	int inputs;           /**< filled in by hebb_study_default(): inputs of the network */
	int outputs;          /**< filled in by hebb_study_default(): outputs of the network */
	/**
	 * filled in by hebb_study_default() if it is 0: hebb_table_fingerprint(); set it to 0 if
	 * the table changes
	 */
	uint64_t fingerprint;
} hebb_study;

/** Makes a study of this size in which only the table is given; hebb_study_of() calls it. */
void hebb_study_init(hebb_study *study, size_t size, const hebb_table *table);

/** A study of a table. */
static inline hebb_study hebb_study_of(const hebb_table *table)
{
	hebb_study study;

	hebb_study_init(&study, sizeof study, table);
	return study;
}

/**
 * How a study's table is to be read: its header, decimal, thousands, na, text_columns,
 * numeric_columns, encoding, skip and separator. A column that the study names, its target first,
 * tells a header. Borrows the texts of the study. The study needs no table for this. Cannot fail.
 */
hebb_table_options hebb_study_table_options(const hebb_study *study);

/**
 * Fills in the fields that were not given. Fails with HEBB_BAD_ARGUMENT if there is no table, a
 * column is unknown, a setting does not fit the data or another setting (the message names it), or
 * as hebb_coding_fit() does; with HEBB_NO_MEMORY. The study is then unchanged.
 */
hebb_status hebb_study_default(hebb_study *study, hebb_error *error);

/**
 * The coding of a study, fitted on all rows, with its task, classes and names. Each training fits
 * another coding on its training rows. The study need not be complete. Free it with
 * hebb_coding_free(). Fails as hebb_study_default() does.
 */
hebb_coding *hebb_study_coding(const hebb_study *study, hebb_error *error);

/**
 * As hebb_study_default(), for many studies of one table with the same columns, task and missing:
 * it uses their coding (hebb_study_coding()) and does not fit it again.
 */
hebb_status hebb_study_complete(hebb_study *study, const hebb_coding *coding, hebb_error *error);

/** A recipe that hebb_study_choose() tried. */
typedef struct hebb_tried {
	const char *recipe; /**< what it changes in the defaults, such as "12 bins"; constant */
	int trainings;      /**< how many were judged; 0: none, as time was over */
	/**
	 * the log loss of classes and labels, each with the best temperature, or the rmse of
	 * numbers, a geometric mean over them in their units, on all rows that judged it; NaN: a
	 * training diverged
	 */
	double score;
	double seconds; /**< the sum over its trainings, some of which ran side by side */
} hebb_tried;

/** The most recipes. */
#define HEBB_TRIED_MOST 32

/** What hebb_study_choose() tried, and which recipe it took. The library fills it in. */
typedef struct hebb_choice {
	size_t size; /**< sizeof(hebb_choice), as the library knows it */
	/** what the scores are: "log_loss", "rmse", or "squares", the mean (h - y)^2; constant */
	const char *metric;
	int count; /**< the number of recipes; 0: nothing was to be chosen */
	hebb_tried tried[HEBB_TRIED_MOST]; /**< in the order of trying; the first is the defaults */
	int best;                          /**< the one that was taken */
	/**
	 * the networks of whose mean the model is made; 1: of one. Of networks with several
	 * recipes, those are taken whose mean is better on the rows that judge than without them
	 */
	int members;
	int member[HEBB_MEMBERS_MOST]; /**< the recipe of each; the first is `best` */
	int trainings;                 /**< all that will be needed, at most */
	int done;                      /**< those that were made */
	long long rows;                /**< rows that judge a training */
	int over; /**< 1: time, or a wish to stop, ended it before all were tried */
	/**
	 * the outputs of the best recipe, or of the mean, on the rows that judged it, for
	 * hebb_trial_calibrate_with(); NULL: none
	 */
	struct hebb_calibration *calibration;
	hebb_study *mate; /**< private: what the study borrows as `mate` */
} hebb_choice;

/**
 * Chooses settings of a complete study by its effort, for the training with this seed and fold: it
 * trains recipes on a part of the training rows, judges them on the rest (a fifth; or on the
 * validation rows, if there are any), and sets what the best one has in *study. What was given is
 * kept. Nothing sees the test part. Its trial is then trained as any other; for classes and labels
 * it wants a temperature, which choice->calibration has the rows for, but not with
 * HEBB_EFFORT_QUICK. A study that is already chosen for, or has nothing open, is left as it is.
 *
 * `tried` is called after some trainings, in this thread; if it returns a number other than 0, or
 * study->cancel is set, no more are begun, and the best so far is taken. NULL: nobody is told. With
 * study->time, the trainings may take half of it, and the study keeps the rest. Trainings run side
 * by side, one in each of study->threads; their number never changes the choice, unless time ends
 * it. Free *choice with hebb_choice_free() after the trial is trained.
 *
 * Fails as hebb_study_run() does; with HEBB_STOPPED if it was stopped before a recipe was judged;
 * with HEBB_BAD_ARGUMENT if there are too few rows to judge by. *study is then unchanged.
 */
hebb_status hebb_study_choose(hebb_study *study, uint64_t seed, int fold,
			      int (*tried)(void *self, const hebb_choice *choice), void *self,
			      hebb_choice *choice, hebb_error *error);

/**
 * What hebb_study_choose() would try with a complete study, and trains nothing: in *choice its
 * recipes, without scores, the number of its trainings, and in rows those of the training part;
 * count is 0 if nothing would be tried. *work: about how long all of it would take, with the
 * training that follows, in trainings with the defaults. Free *choice with hebb_choice_free().
 * Fails as hebb_study_choose() does.
 */
hebb_status hebb_study_plan(const hebb_study *study, uint64_t seed, hebb_choice *choice,
			    double *work, hebb_error *error);

/** Frees what a choice holds and empties it. */
void hebb_choice_free(hebb_choice *choice);

/**
 * The recipe of a complete study, as its trainings use it, without a progress callback. The fields
 * that a study does not have are those of study->base. Cannot fail.
 */
hebb_recipe hebb_study_recipe(const hebb_study *study, uint64_t seed);

/**
 * Reads the field `augment` of a study. "" leaves *augmentation unchanged. A list such as
 * "shift=2,rotation=10" sets the fields that it names, and sets shift, rotation, scaling and shear
 * to 0 if it does not name them. Fails with HEBB_BAD_ARGUMENT; *augmentation is then unchanged.
 */
hebb_status hebb_augmentation_read(const char *text, hebb_augmentation *augmentation,
				   hebb_error *error);

/**
 * About how many bytes a training of a complete study takes besides the table: coded rows, the
 * network, and what the trainer keeps. hebb_study_run() fails at once if the machine has less
 * memory, or study->memory is less.
 */
double hebb_study_bytes(const hebb_study *study);

/**
 * The settings of a complete study as a JSON object, with the names of the command's options. A
 * record contains it as "options". Free it with free(). NULL: no memory.
 */
char *hebb_study_settings(const hebb_study *study);

/** @} */

/**
 * @defgroup scored Scores with intervals
 * How good a network is on rows whose targets are known.
 * @{
 */

/** Scores of one class. A division by zero gives NaN. */
typedef struct hebb_class_score {
	long long rows;      /**< its rows */
	long long predicted; /**< rows that were predicted as this class */
	long long right;     /**< its rows that were predicted as this class */
	double precision;    /**< right / predicted */
	double recall;       /**< right / rows */
	double f1;           /**< 2 right / (predicted + rows) */
} hebb_class_score;

/**
 * The quality of a classifier's outputs; the same numbers as scikit-learn's metrics of these names.
 */
typedef struct hebb_class_metrics {
	double balanced_accuracy; /**< the mean recall of the classes that have rows */
	double precision;         /**< mean over classes that have rows or were predicted */
	double recall;            /**< likewise */
	double f1;                /**< likewise */
	/**
	 * the area under the ROC curve (Hanley & McNeil 1982): with two classes that of the second,
	 * with more classes the mean of one-against-the-rest; NaN if fewer than two classes have
	 * rows, or for more than 2^25 outputs
	 */
	double roc_auc;
	double log_loss; /**< mean - log p of the right class; NaN: no probabilities */
	/** sum over 15 bins of |mean p_max - accuracy| of the bin (Guo et al. 2017, eq. 3) */
	double ece;
} hebb_class_metrics;

/** Scores of one numeric target, in its units. */
typedef struct hebb_target_score {
	double rmse; /**< sqrt(mean (h - y)^2) */
	double mae;  /**< mean |h - y| */
	/**
	 * 1 - sum (h - y)^2 / sum (y - mean y)^2; where y never changes 0, or 1 if each h is y; NaN
	 * for fewer than two rows
	 */
	double r2;
} hebb_target_score;

/**
 * Scores of one label, over the rows that have it. What would divide by zero is NaN. A row without
 * an answer is one that was predicted as neither value.
 */
typedef struct hebb_label_score {
	long long rows;      /**< rows that have the label */
	long long answered;  /**< those with a finite output */
	long long positives; /**< those of which it is 1 */
	long long predicted; /**< those of which 1 was predicted: an output above a half */
	long long hits;      /**< both */
	long long right;     /**< those whose value was predicted */
	double accuracy;     /**< right / rows */
	double precision;    /**< hits / predicted */
	double recall;       /**< hits / positives */
	double f1;           /**< 2 hits / (predicted + positives) */
	double roc_auc;      /**< the area under the ROC curve; NaN in the training part */
	double log_loss;     /**< mean - log of the probability of the right value */
} hebb_label_score;

/** The largest number of rows without an answer that are listed. */
#define HEBB_UNANSWERED_NAMED 3

/** Rows for which the output is not finite, because they are too far from the training rows. */
typedef struct hebb_unanswered {
	long long count;                      /**< how many */
	long long row[HEBB_UNANSWERED_NAMED]; /**< the first ones, as rows of the table */
} hebb_unanswered;

/** The largest number of classes for which there is a confusion matrix. */
#define HEBB_CONFUSION_MOST 1000

/**
 * Scores. The library fills them in; free them with hebb_score_free(), unless a result has them.
 */
typedef struct hebb_score {
	hebb_task task; /**< what the network is for; not HEBB_TASK_AUTO */
	long long rows; /**< 0: there is no such part, and the other fields are undefined */
	double loss;    /**< mean J of the rows with an answer, without l1, l2, label smoothing */
	hebb_loss loss_function; /**< whose J that is */
	/**
	 * Rows without a finite output. For classes they count as wrong. They are not in the means
	 * of losses, probabilities and numbers.
	 */
	hebb_unanswered without;
	int classes;          /**< the number of classes; 0 for numbers and labels */
	long long right;      /**< rows whose class, or every label, was predicted */
	double accuracy;      /**< right / rows */
	double accuracy_low;  /**< lower end of its 95 % interval (hebb_share_interval()) */
	double accuracy_high; /**< upper end */
	/** classes x classes: [true class][predicted class]; NULL: too many classes */
	long long *confusion;
	/**
	 * set if `each` is not NULL; of labels the means over them, with NaN in balanced_accuracy
	 * and ece
	 */
	hebb_class_metrics detail;
	hebb_class_score *each; /**< classes; NULL for the training part */
	int targets;            /**< the number of numeric targets; 0 for classes and labels */
	/** each the mean over the targets, without those that have none */
	hebb_target_score mean;
	hebb_target_score *target; /**< targets */
	int labels;                /**< the number of labels; 0 for classes and numbers */
	hebb_label_score *label;   /**< labels */
	/**
	 * rows with an answer whose class is none of those that training had: they count as wrong
	 * and are not in the means of losses, nor in `confusion`
	 */
	long long unseen;
} hebb_score;

/**
 * Scores a network on a dataset that `coding` made. With `detail`, a classification also gets the
 * fields `detail` and `each`, and labels their roc_auc; this needs memory for all outputs during
 * the call. `threads` share the rows; 0: as many as the process may use processors. Their number
 * does not change a bit. Any number of threads may call it on one network. Fails with
 * HEBB_BAD_ARGUMENT if the dataset has no rows or no targets or `threads` is negative,
 * HEBB_NO_MEMORY; *score is then empty.
 */
hebb_status hebb_score_dataset(const hebb_net *net, const hebb_coding *coding, hebb_loss loss,
			       const hebb_dataset *data, int detail, int threads, hebb_score *score,
			       hebb_error *error);

/** hebb_score_dataset(), whose progress a meter learns; NULL: none. */
hebb_status hebb_score_dataset_metered(const hebb_net *net, const hebb_coding *coding,
				       hebb_loss loss, const hebb_dataset *data, int detail,
				       int threads, hebb_meter *meter, hebb_score *score,
				       hebb_error *error);

/**
 * Scores a model on n rows of a table, in detail. `row` holds their indices, or is NULL for the
 * rows 0 to n - 1. All processors share the rows. Fails as hebb_coding_apply() and
 * hebb_score_dataset() do.
 */
hebb_status hebb_model_score(const hebb_model *model, const hebb_table *table, long long n,
			     const long long *row, hebb_score *score, hebb_error *error);

/** Frees what a score holds and empties it. */
void hebb_score_free(hebb_score *score);

/**
 * A score as a JSON object: accuracy, loss and metrics, or rmse, mae, r2 and loss. The coding has
 * the names. Free it with free(). NULL: no memory.
 */
char *hebb_score_json(const hebb_score *score, const hebb_coding *coding);

/** The 95 % interval of the share right / rows (Wilson 1927). */
void hebb_share_interval(long long right, long long rows, double *low, double *high);

/** Mean, deviation, range and interval of several values. */
typedef struct hebb_spread {
	double mean;  /**< their mean */
	double sd;    /**< with n - 1; NaN for one value */
	double least; /**< the least one */
	double most;  /**< the largest one */
	/**
	 * lower end of the 95 % interval of the mean, mean -+ t sd / sqrt(n) with Student's t. It
	 * covers other seeds or folds, but not other data, because the runs share their rows
	 */
	double low;
	double high; /**< upper end of this interval */
} hebb_spread;

/** The spread of n >= 1 values. */
hebb_spread hebb_spread_of(int n, const double *value);

/**
 * A spread whose interval ends where the figure does: an accuracy at 1, an rmse at 0. A figure
 * without an end has -INFINITY or INFINITY there.
 */
hebb_spread hebb_spread_within(hebb_spread spread, double least, double most);

/** 1 if all outputs h of a network, coding->outputs of them, are finite in their units; else 0. */
int hebb_is_answer(const hebb_coding *coding, const float *h);

/**
 * The index of the largest of `count` values (the first one if several are equal): the predicted
 * class.
 */
int hebb_largest(const float *value, int count);

/**
 * The weight of each class of a dataset with one-hot targets for HEBB_WEIGHTS_BALANCED; 0 for a
 * class without rows. `weight` has room for data->outputs.
 */
void hebb_balanced_weights(const hebb_dataset *data, double *weight);

/** @} */

/**
 * @defgroup results Results
 * The model of a study, its scores and its training curve.
 * @{
 */

/** The losses after each epoch. */
typedef struct hebb_curve {
	int count;          /**< the number of epochs */
	int room;           /**< how many the arrays have room for */
	double *loss;       /**< mean J of the training rows, each before its update */
	double *validation; /**< mean J of the validation rows; NaN without them */
} hebb_curve;

/** Appends the losses of an epoch. Returns 1, or 0 if out of memory. */
int hebb_curve_add(hebb_curve *curve, double loss, double validation);

/** Frees the arrays and empties the curve. */
void hebb_curve_free(hebb_curve *curve);

/**
 * A curve as a JSON object of lists, to six digits: "loss" and, if there is one, "validation_loss".
 * most = 0: all epochs. Otherwise a curve with more than `most` epochs is thinned to about `most`
 * evenly spaced ones, and the first, the last and epoch `best` (from 1; 0: none) are kept; "epoch"
 * then lists their numbers. Free it with free(). NULL: no memory.
 */
char *hebb_curve_json(const hebb_curve *curve, int most, int best);

/**
 * A temperature T and what it changes (Guo et al. 2017): the last layer's weights and biases are
 * divided by T, which minimizes the log loss of the calibration rows. No prediction changes its
 * class. The calibration error is that of hebb_class_metrics.ece; of labels, each label of a row is
 * a prediction between two classes, and both measures are means over all of these.
 */
typedef struct hebb_tempered {
	long long rows; /**< calibration rows; 0: no temperature was fitted, and the rest is
			   undefined */
	/**
	 * T, from 0.01 to 100. 1 if the log loss has no minimum there, for example because all rows
	 * are right and it falls with T
	 */
	double temperature;
	double log_loss_before; /**< mean - log p of the right class, with T = 1 */
	double log_loss;        /**< with T */
	double ece_before;      /**< expected calibration error, with T = 1 */
	double ece;             /**< with T */
} hebb_tempered;

/** Why a training ended. */
typedef enum hebb_ending {
	HEBB_ENDED_EPOCHS = 1, /**< all epochs were made */
	HEBB_ENDED_PATIENCE,   /**< no lower validation loss for `patience` epochs */
	HEBB_ENDED_TIME,       /**< study.time has passed */
	HEBB_ENDED_CONVERGED,  /**< no step lowers the cost (HEBB_LBFGS) */
	HEBB_ENDED_STOPPED,    /**< the progress callback or study.cancel asked for it */
	HEBB_ENDED_DIVERGED    /**< the cost was not finite (HEBB_DIVERGED) */
} hebb_ending;

/** The name of a value, such as "patience", or NULL if there is none. */
const char *hebb_ending_name(hebb_ending ending);

/** The value of a name, or 0 if there is none. */
hebb_ending hebb_ending_find(const char *name);

/**
 * The result of a training. If a study has several trainings, it is the result of the one that
 * made `model`, and `run` has the results of all repeats or folds.
 */
typedef struct hebb_result {
	size_t size;               /**< sizeof(hebb_result), as the library knows it */
	hebb_ending ending;        /**< why it ended; 0: it did not begin */
	uint64_t seed;             /**< its seed */
	long long parameters;      /**< of the network; of several members all of theirs */
	long long train_rows;      /**< rows to train on */
	long long validation_rows; /**< rows held out for validation; 0: none */
	long long test_rows;       /**< rows held out for the test; 0: none */
	long long seen;            /**< examples trained on, over all epochs */
	int epochs;                /**< complete epochs */
	int best_epoch;         /**< the one with the lowest validation loss, from 1; 0: unknown */
	double seconds;         /**< duration of the training loop */
	hebb_score train;       /**< scores on the training rows */
	hebb_score validation;  /**< on the validation rows */
	hebb_score test;        /**< on the rows held out */
	hebb_curve curve;       /**< the losses by epoch */
	hebb_tempered tempered; /**< the temperature, if the study wants one; else its rows are 0 */
	hebb_model *model;      /**< ready for hebb_model_write(), with its training record */
	/**
	 * what hebb_check_table(), _rows(), _settings() and _result() found; NULL without a model
	 */
	struct hebb_findings *findings;
	/**
	 * the complete trainings of repeat or folds, without models; NULL if there was one training
	 */
	struct hebb_result *run;
	int runs; /**< their number */
} hebb_result;

/**
 * Runs a study: splits, codes, trains and scores. Completes a copy of the study. The same study
 * gives the same model to the bit, for any number of threads, unless `time` ends it.
 *
 * *result is filled in, whatever the status; free it with hebb_result_free(). After HEBB_STOPPED
 * and HEBB_DIVERGED it has the curve so far; with repeat or folds, the complete trainings.
 *
 * Fails as hebb_study_default(), hebb_split(), hebb_net_new(), hebb_trainer_new() and hebb_train()
 * do; with HEBB_STOPPED if `progress` or `cancel` asked for it; with HEBB_NO_MEMORY, before it
 * begins, if the memory of the machine or study->memory is less than hebb_study_bytes().
 */
hebb_status hebb_study_run(const hebb_study *study, hebb_result *result, hebb_error *error);

/** Frees what a result holds, its model too, and empties it. */
void hebb_result_free(hebb_result *result);

/**
 * The spread of the test scores of result->run. `pick` returns the number of a score to compare.
 * All numbers are NaN if there are no runs, or if out of memory.
 */
hebb_spread hebb_result_spread(const hebb_result *result, double (*pick)(const hebb_score *score));

/** @} */

/**
 * @defgroup trials Trials
 * One training of a study in separate steps: look at its rows and its network before it trains,
 * restore a checkpoint, or train it yourself.
 * @{
 */

/** Rows of a table in the order train, validation, test. A part that is a table has none here. */
typedef struct hebb_parts {
	long long *row;       /**< their indices; free them with free(), unless a trial has them */
	long long train;      /**< the number of training rows */
	long long validation; /**< the number of validation rows */
	long long test;       /**< the number of test rows */
} hebb_parts;

/** One training. The library fills it in. */
typedef struct hebb_trial {
	const hebb_study *study;  /**< complete; it must outlive the trial */
	uint64_t seed;            /**< of split, start and shuffling */
	int fold;                 /**< the fold that is held out, from 0; -1: none */
	hebb_parts parts;         /**< the rows */
	hebb_coding *coding;      /**< fitted on the training rows */
	hebb_dataset *train;      /**< the training rows, coded */
	hebb_dataset *validation; /**< NULL: none */
	long long unseen;      /**< validation rows left out because training had not their class */
	hebb_dataset *test;    /**< NULL: none, or the study is blind */
	hebb_net *net;         /**< the network, untrained at first */
	hebb_trainer *trainer; /**< NULL before hebb_trial_start() */
	hebb_curve curve;      /**< the losses so far */
	int best_epoch;        /**< the one with the lowest validation loss, from 1; 0: unknown */
	int epochs;            /**< complete epochs */
	long long seen;        /**< examples so far */
	double seconds;        /**< of training so far */
	hebb_tempered tempered; /**< after training, if the study wants it; else its rows are 0 */
	hebb_conformal *conformal;        /**< after training, if the study wants it; else NULL */
	struct hebb_trial_inside *inside; /**< private */
} hebb_trial;

/**
 * Makes a trial of a complete study: splits, codes, makes the network. With fold >= 0 this fold,
 * one of study->folds, is held out in place of the test part. Free it with hebb_trial_free(). Fails
 * as hebb_study_run() does.
 */
hebb_trial *hebb_trial_new(const hebb_study *study, uint64_t seed, int fold, hebb_error *error);

/** Frees a trial, or does nothing with NULL. */
void hebb_trial_free(hebb_trial *trial);

/**
 * Makes trial->trainer, if there is none yet; hebb_trial_train() calls it. Fails as
 * hebb_trainer_new() and hebb_augmented_new() do.
 */
hebb_status hebb_trial_start(hebb_trial *trial, hebb_error *error);

/**
 * Restores a checkpoint into a trial that has not trained yet. Training then continues with
 * bit-identical results. The checkpoint must contain a record of hebb_trial_record(). `name` is for
 * messages. Fails as hebb_checkpoint_restore() does; with HEBB_BAD_FORMAT if the record is missing,
 * damaged, or has other numbers of rows.
 */
hebb_status hebb_trial_resume(hebb_trial *trial, const hebb_checkpoint *checkpoint,
			      const char *name, hebb_error *error);

/**
 * Trains and scores. *result is filled in on success and on failure; its model stays NULL.
 * Free it with hebb_result_free(). Fails as hebb_train() does; after HEBB_STOPPED a second call
 * continues.
 */
hebb_status hebb_trial_train(hebb_trial *trial, hebb_result *result, hebb_error *error);

/** Outputs for rows of folds, for the calibration of a model that is trained on all of them. */
typedef struct hebb_calibration hebb_calibration;

/**
 * Begins without rows, for the folds of a complete study. Free it with hebb_calibration_free().
 * Fails with HEBB_BAD_ARGUMENT if the study is not complete; with HEBB_NO_MEMORY.
 */
hebb_calibration *hebb_calibration_new(const hebb_study *study, hebb_error *error);

/**
 * Adds the test rows of a trial that has trained: those of its fold. Fails with HEBB_BAD_ARGUMENT
 * if it has none; with HEBB_BAD_SHAPE if it is of another study, with another task or other
 * outputs; with HEBB_NO_MEMORY.
 */
hebb_status hebb_calibration_add(hebb_calibration *calibration, const hebb_trial *trial,
				 hebb_error *error);

/** Frees it, or does nothing with NULL. */
void hebb_calibration_free(hebb_calibration *calibration);

/**
 * hebb_trial_train() will take temperature and scores, as far as the study wants them, from these
 * rows in place of the validation rows. Borrows the calibration until that call returns. NULL:
 * none. For a trial with fold -1 of a study with folds; hebb_study_run() does this itself.
 * hebb_trial_train() fails with HEBB_BAD_SHAPE if the calibration is of a study with another task,
 * other outputs, or no temperature where this one wants it.
 */
void hebb_trial_calibrate_with(hebb_trial *trial, const hebb_calibration *calibration);

/**
 * The model of a trial that has trained, with its training record. Free it with hebb_model_free().
 * HEBB_NO_MEMORY.
 */
hebb_model *hebb_trial_model(const hebb_trial *trial, const hebb_result *result, hebb_error *error);

/**
 * The record of a trial during training, for hebb_checkpoint_write(): data, split, settings, the
 * whole curve so far, and `ended`, which is 1 if the training is complete. The progress callback
 * may call it. Free it with free(). NULL: no memory.
 */
char *hebb_trial_record(const hebb_trial *trial, int ended);

/**
 * The part of such a record that a study without a trial has, for comparing. Free it with free().
 * NULL: no memory.
 */
char *hebb_study_record(const hebb_study *study);

/** 1 if the model's record has the fingerprint of this table; else 0. */
int hebb_model_knows(const hebb_model *model, const hebb_table *table);

/**
 * Finds which rows of a table the training of a model used to train, to validate and to test. Fails
 * with HEBB_BAD_ARGUMENT if the model has no record of its split, was trained on another table, or
 * has no test rows in this table; with HEBB_NO_MEMORY. Free parts->row with free().
 */
hebb_status hebb_model_parts(const hebb_model *model, const hebb_table *table, hebb_parts *parts,
			     hebb_error *error);

/**
 * Makes text valid in a JSON record: a byte that is not UTF-8, and a backslash before an x, become
 * `\x` and two hexadecimal digits. Free it with free(). NULL: no memory.
 */
char *hebb_record_text(const char *text);

/** @} */

/**
 * @defgroup findings Findings
 * Why a network does not learn, or learns the wrong thing. The checks do not change their arguments
 * and cannot fail; a check that is out of memory finds nothing. docs/doctor.md has all codes.
 * @{
 */

/** How bad a finding is. */
typedef enum hebb_severity {
	HEBB_SEVERITY_INFO = 1, /**< normal for such data */
	HEBB_SEVERITY_WARNING,  /**< it probably spoils the result */
	HEBB_SEVERITY_ERROR     /**< it makes training fail */
} hebb_severity;

/** The name of a value, such as "warning", or NULL if there is none. */
const char *hebb_severity_name(hebb_severity severity);

/** The value of a name, or 0 if there is none. */
hebb_severity hebb_severity_find(const char *name);

/** One problem that the checks found. */
typedef struct hebb_finding {
	const char *code; /**< a stable name for programs, such as "class_imbalance"; constant */
	hebb_severity severity; /**< how bad it is */
	char message[320];      /**< what was seen, with its numbers: a sentence without a period */
	char advice[200];       /**< what to try */
	int more;               /**< how many further findings of this code were left out */
} hebb_finding;

/** The largest number of findings: more than can occur at once. */
#define HEBB_FINDINGS_MOST 60

/**
 * A list of findings. Begin with hebb_findings_default(); the checks add to it. It needs no free.
 */
typedef struct hebb_findings {
	size_t size;  /**< sizeof(hebb_findings) */
	int count;    /**< how many there are */
	int left_out; /**< private: 1 if the last finding was left out, and so its advice too */
	hebb_finding list[HEBB_FINDINGS_MOST]; /**< the findings, in the order of the checks */
} hebb_findings;

/** An empty list of findings. */
static inline hebb_findings hebb_findings_default(void)
{
	hebb_findings findings;

	hebb_sized(&findings, sizeof findings);
	return findings;
}

/** The number of findings with at least this severity. */
int hebb_findings_count(const hebb_findings *findings, hebb_severity least);

/** 1 if a finding has this code; else 0. */
int hebb_findings_have(const hebb_findings *findings, const char *code);

/**
 * Checks the columns of a table. `coding` tells inputs from targets; NULL if it belongs to another
 * table. `missing` is what will be done with missing values. `input_columns` is that of the study,
 * or NULL: a column that it names is to be taken out of it; others are to be ignored. thorough = 0
 * skips checks that only give information; 1: all checks.
 */
void hebb_check_table(const hebb_table *table, const hebb_coding *coding, hebb_missing missing,
		      const char *input_columns, int thorough, hebb_findings *findings);

/**
 * Checks the rows of a trial: repeated rows, classes, sizes. thorough = 0 skips the slow checks on
 * large data.
 */
void hebb_check_rows(const hebb_trial *trial, int thorough, hebb_findings *findings);

/**
 * Checks for classes with fewer rows than study->folds; hebb_check_rows() does so too. Finds
 * nothing without folds, and for numbers and labels.
 */
void hebb_check_folds(const hebb_trial *trial, hebb_findings *findings);

/** Checks settings that do not fit each other, or the amount of data. */
void hebb_check_settings(const hebb_trial *trial, hebb_findings *findings);

/**
 * Checks a trained trial and its result: is the network better than a guess on rows that it was not
 * trained on, are its scores much better on the training rows, are units dead.
 */
void hebb_check_result(const hebb_trial *trial, const hebb_result *result, hebb_findings *findings);

/** A short training on a copy of the network. */
typedef struct hebb_rehearsal {
	int updates;   /**< the number of updates made; 0: none */
	int rows;      /**< rows of an update */
	double before; /**< the cost before training, on rows of the training part */
	double first;  /**< the cost after the first update */
	double after;  /**< the cost after the last update */
} hebb_rehearsal;

/** Rehearses the training of a trial for a second or two: rate, gradients, start, units. */
hebb_rehearsal hebb_rehearse(const hebb_trial *trial, hebb_findings *findings);

/**
 * Scores of simple predictors on the same rows: the accuracy or, for numbers, the mean squared
 * error divided by that of always predicting the mean. NaN: not known.
 */
typedef struct hebb_baselines {
	long long train_rows; /**< rows that they were fitted on */
	long long test_rows;  /**< rows that they were measured on; 0: none were computed */
	double nothing;       /**< the largest class, or the mean */
	double linear;        /**< logistic or linear regression */
	double neighbor;      /**< the target of the nearest training row */
	double net;           /**< the network on the same rows */
	double trees;         /**< a random forest of 30 trees */
	double seconds; /**< of training the network, where the check has trained it; else 0 */
} hebb_baselines;

/**
 * Fits the predictors on up to 2,000 rows of `train` and scores them on up to 500 rows of `test`.
 * It does nothing if `test` is NULL or a part has fewer than 10 rows. net = NULL, for a network
 * that is not trained yet, adds no findings. `threads`, 0 to HEBB_MAX_THREADS, train the linear
 * predictor; 0: as many as the process may use processors. Their number changes nothing.
 */
hebb_baselines hebb_check_baselines(hebb_task task, const hebb_net *net, const hebb_dataset *train,
				    const hebb_dataset *test, int threads, hebb_findings *findings);

/** Scores of simple predictors on the test rows of a trial. A score with `rows` = 0 is missing. */
typedef struct hebb_simple_scores {
	size_t size;         /**< sizeof(hebb_simple_scores), as the library knows it */
	int commonest;       /**< for classes: the index of the class with most training rows */
	hebb_score constant; /**< always the commonest class, or the means of the targets */
	hebb_score linear;   /**< logistic or linear regression */
	int too_long;        /**< 1: the linear model would take more than about a second */
} hebb_simple_scores;

/**
 * Fits simple predictors on all training rows of a trial and scores them on its test rows, as the
 * network is scored. Scores are missing if the trial has no test rows, or if out of memory.
 * `linear` is missing if the study has no hidden layers, because its network is a linear model
 * itself. Free the result with hebb_simple_scores_free().
 */
hebb_simple_scores hebb_trial_simple(const hebb_trial *trial);

/** Frees the scores, or does nothing with NULL. */
void hebb_simple_scores_free(hebb_simple_scores *simple);

/**
 * All checks of a trial that has not trained: columns (thorough, with `missing` as the user asked
 * for it), rows (thorough), settings, a rehearsal, and baselines on its test or validation rows.
 * `rehearsal` and `baselines` may be NULL. Before HEBB_EFFORT_GOOD or BEST a network is trained
 * with the defaults, for three seconds at most, and compared with the baselines; if these are not
 * enough, with none.
 */
void hebb_check_trial(const hebb_trial *trial, hebb_missing missing, hebb_findings *findings,
		      hebb_rehearsal *rehearsal, hebb_baselines *baselines);

/**
 * Checks a study before it runs: hebb_check_trial() of its first trial. Missing values are a
 * finding, not a failure. `rehearsal` and `baselines` may be NULL. Takes some seconds. Fails as
 * hebb_study_run() does; *findings is then unchanged.
 */
hebb_status hebb_study_check(const hebb_study *study, hebb_findings *findings,
			     hebb_rehearsal *rehearsal, hebb_baselines *baselines,
			     hebb_error *error);

/**
 * Checks a trained model on a table; `data` has the rows of the table, coded by the model's coding.
 * If the model was trained on this table, *baselines is set; otherwise it is unchanged. `baselines`
 * is required. `threads`, 0 to HEBB_MAX_THREADS, share the rows; 0: as many as the process may use
 * processors. Their number changes nothing.
 */
void hebb_check_model(const hebb_model *model, const hebb_table *table, const hebb_dataset *data,
		      int threads, hebb_baselines *baselines, hebb_findings *findings);

/** @} */

/**
 * @defgroup search Search
 * Tries many settings of a study and scores each on rows that it is not trained on. The test part
 * is not used before the best settings are known.
 * @{
 */

/** How the trials share the epochs. */
typedef enum hebb_strategy {
	/** every trial has all epochs */
	HEBB_STRATEGY_RANDOM = 1,
	/**
	 * successive halving (Jamieson & Talwalkar 2016) with a factor of three: all trials begin
	 * with few epochs; the best third is trained again from the start with three times as many
	 */
	HEBB_STRATEGY_HALVING
} hebb_strategy;

/** The name of a value, such as "halving", or NULL if there is none. */
const char *hebb_strategy_name(hebb_strategy strategy);

/** The value of a name, or 0 if there is none. */
hebb_strategy hebb_strategy_find(const char *name);

/** The score of a trial. */
typedef enum hebb_metric {
	HEBB_METRIC_LOSS = 1,          /**< hebb_score.loss */
	HEBB_METRIC_ACCURACY,          /**< hebb_score.accuracy */
	HEBB_METRIC_BALANCED_ACCURACY, /**< hebb_class_metrics.balanced_accuracy */
	HEBB_METRIC_LOG_LOSS,          /**< hebb_class_metrics.log_loss */
	HEBB_METRIC_RMSE               /**< hebb_target_score.rmse, the mean over targets */
} hebb_metric;

/** The name of a value, such as "log-loss", or NULL if there is none. */
const char *hebb_metric_name(hebb_metric metric);

/** The value of a name, or 0 if there is none. */
hebb_metric hebb_metric_find(const char *name);

/** The value of this metric in a score. NaN if the score does not have it. */
double hebb_metric_of(hebb_metric metric, const hebb_score *score);

/** 1 if a higher value is better (accuracies); 0 if a lower one is. */
int hebb_metric_rises(hebb_metric metric);

/** How many trials train, and for how many epochs. */
typedef struct hebb_rung {
	int trials; /**< how many */
	int epochs; /**< epochs of each */
} hebb_rung;

/** The largest number of rungs. */
#define HEBB_RUNGS_MOST 20
/** The next rung has this many times the epochs, and 1 / this of the trials. */
#define HEBB_RUNG_FACTOR 3

/**
 * Fills in the rungs of a search and returns their number: 1 for a random search. For halving, the
 * last rung has all epochs, and there are as many rungs as possible with at least one trial in the
 * last and one epoch in the first.
 */
int hebb_rungs(hebb_strategy strategy, int trials, int epochs, hebb_rung rung[HEBB_RUNGS_MOST]);

/** A trial of a search, trained on a rung. */
typedef struct hebb_attempt {
	int trial;            /**< its number, from 0 */
	int epochs;           /**< its epochs */
	int rung;             /**< its rung, from 0 */
	int diverged;         /**< 1: it has no score */
	double score;         /**< the metric; with folds their mean */
	double sd;            /**< the standard deviation over the folds; NaN without folds */
	double seconds;       /**< duration of its training loops */
	long long parameters; /**< the parameters of its network */
} hebb_attempt;

/** The attempts of a search so far. The library fills it in; free it with hebb_found_free(). */
typedef struct hebb_found {
	size_t size;           /**< sizeof(hebb_found), as the library knows it */
	hebb_attempt *attempt; /**< the attempts, in their order */
	int attempts;          /**< their number */
	int room;              /**< private: how many `attempt` has room for */
	int tried;             /**< trials: attempts of the first rung */
	int diverged;          /**< attempts that diverged */
	int best;              /**< the best attempt; -1: none */
	int over;              /**< 1: the search ended because its `seconds` have passed */
	int rungs;             /**< the number of rungs */
	hebb_rung rung[HEBB_RUNGS_MOST]; /**< the rungs */
	hebb_metric metric;              /**< the metric of the search */
	int number;                      /**< the current attempt on its rung, from 0 */
	int of;                          /**< the number of attempts on this rung */
} hebb_found;

/** A search. Begin with hebb_search_default(). Each comment begins with the default. */
typedef struct hebb_search {
	size_t size;            /**< sizeof(hebb_search) */
	int trials;             /**< 30; at least 1 */
	hebb_strategy strategy; /**< HEBB_STRATEGY_RANDOM */
	hebb_metric metric;     /**< HEBB_METRIC_LOSS */
	/**
	 * 0: no limit. Else no attempt begins after this number of seconds, once an attempt has a
	 * score.
	 */
	double seconds;
	/**
	 * NULL: the search fits it. Else the coding of the study (hebb_study_coding()); borrowed.
	 */
	const hebb_coding *coding;
	void *self; /**< NULL. The first argument of the functions below. */
	/**
	 * Required. Sets the settings of trial 0, 1, ... in `study`; it must set the same in each
	 * call, because it is called again for each rung and for *best. Memory that it points to
	 * stays yours. This function and those below may fail with any status, which ends the
	 * search.
	 */
	hebb_status (*vary)(void *self, int trial, hebb_study *study, hebb_error *error);
	/**
	 * NULL. Trains and scores in place of the library; *attempt has trial, epochs and rung. If
	 * the training diverges, it sets attempt->diverged and returns HEBB_OK.
	 */
	hebb_status (*train)(void *self, const hebb_study *study, const hebb_found *found,
			     hebb_attempt *attempt, hebb_error *error);
	/**
	 * NULL. If an earlier search has made this attempt, it sets *known to 1 and fills in the
	 * rest of *attempt.
	 */
	hebb_status (*known)(void *self, hebb_attempt *attempt, int *known, hebb_error *error);
	/**
	 * NULL. Called after the last of `trials` trials of a random search. 1: the search
	 * continues with the next trial, for example because an earlier search already has its
	 * score.
	 */
	int (*more)(void *self);
	/** NULL. Called after each attempt that was trained; it is the last of found->attempt. */
	void (*tried)(void *self, const hebb_study *study, const hebb_found *found);
} hebb_search;

/** Fills in the defaults of a search of this size; hebb_search_default() calls it. */
void hebb_search_init(hebb_search *search, size_t size);

/** A search of defaults. */
static inline hebb_search hebb_search_default(void)
{
	hebb_search search;

	hebb_search_init(&search, sizeof search);
	return search;
}

/**
 * Searches. A trial is a copy of the study, changed by search->vary() and completed by
 * hebb_study_complete(). Its score is that of its validation part or, with folds, the mean over
 * them. The test part is held out and not used. The attempts and their order depend only on study,
 * search and scores.
 *
 * *best, if it is not NULL, becomes the study of the best trial. hebb_study_run() of it trains on
 * all rows outside the test part and scores on the test part. *found is filled in, whatever the
 * status.
 *
 * Fails as hebb_study_run() and the functions of `search` do; with HEBB_BAD_ARGUMENT if `trials`
 * is below 1, there is no `vary`, the metric does not fit the task, or a trial has neither
 * validation rows nor folds; with HEBB_DIVERGED if all trials diverged. *best borrows what the
 * study and vary() gave it.
 */
hebb_status hebb_study_search(const hebb_study *study, const hebb_search *search, hebb_study *best,
			      hebb_found *found, hebb_error *error);

/**
 * Fills in an attempt, except trial, epochs and rung, from the results of its `runs` trainings:
 * one, or one for each fold. Use it in a `train` of your own. Fails with HEBB_NO_MEMORY.
 */
hebb_status hebb_attempt_score(const hebb_study *study, hebb_metric metric, int runs,
			       const hebb_result *result, hebb_attempt *attempt, hebb_error *error);

/**
 * Indices of the attempts on a rung, or of all if `rung` is -1, from the best to the worst, without
 * those that diverged. A higher rung is better, then a better score, then an earlier trial. *count
 * is set to their number. Free them with free(). NULL: no memory.
 */
int *hebb_found_order(const hebb_found *found, int rung, int *count);

/** Frees the attempts and empties the struct. */
void hebb_found_free(hebb_found *found);

/** @} */

/**
 * @defgroup report Reports
 * A result as one page of HTML, which a browser shows without a network.
 * @{
 */

/**
 * What a page shows. Begin with hebb_report_default() and set what there is; all else is left out
 * of the page. Everything is borrowed. A page is at most about 500 kB, whatever the number of rows,
 * columns, classes, layers, trainings and attempts: what has many parts is counted, sampled or cut
 * before it is drawn, and the page says so.
 */
typedef struct hebb_report {
	size_t size; /**< sizeof(hebb_report) */
	/** NULL. The command or program that made the result, for people. */
	const char *command;
	/**
	 * NULL. The result as a JSON object, for programs; the page has it as the script element
	 * "hebb-numbers". Of lists that would make it too long some items are kept, evenly spaced;
	 * a key "thinned" then has the largest number of items of a list.
	 */
	const char *numbers;
	/**
	 * NULL. A trial that has trained: its network, rows, coding and settings. The charts are of
	 * its test rows, else of its validation rows, else of its training rows.
	 */
	const hebb_trial *trial;
	/** NULL. The result of this trial: its scores and its curve. */
	const hebb_result *result;
	/** NULL. The results of repeats or folds, with their test scores. */
	const hebb_result *run;
	int runs;                         /**< 0. Their number. */
	int runs_asked;                   /**< 0. How many were wanted; more if some are missing. */
	const hebb_simple_scores *simple; /**< NULL. hebb_trial_simple() of the trial */
	const hebb_findings *findings;    /**< NULL. What the doctor found. */
	const hebb_choice *choice;        /**< NULL. What hebb_study_choose() tried. */
	/** NULL. In place of a trial: a model, whose charts are of `data`. */
	const hebb_model *model;
	const hebb_table *table;  /**< NULL. With `model`: the table of `data`. */
	const hebb_dataset *data; /**< NULL. With `model`: rows with targets, coded by it. */
	const hebb_score *score;  /**< NULL. With `model`: its score on these rows. */
	/** 0. With `model`: 1 if it was trained on some of these rows, so that the score flatters.
	 */
	int seen;
	/** NULL. A search; the trial, if there is one, is that of its best settings. */
	const hebb_found *found;
	int settings; /**< 0. With `found`: how many settings it varied. */
	/** NULL. With `found`: their names, `settings` of them. */
	const char *const *setting;
	/** NULL. With `found`: the values, found->attempts x settings, of each attempt in order. */
	const char *const *value;
	const char *again; /**< NULL. A command that trains the best settings again. */
	const char *saved; /**< NULL. The file of the model. */
	const char *place; /**< NULL. The data as a command names them, for the next commands. */
	/**
	 * 0. So many threads compute what the page shows; 0: as many as the process may use
	 * processors. Their number changes nothing.
	 */
	int threads;
} hebb_report;

/** Fills in the defaults of a report of this size; hebb_report_default() calls it. */
void hebb_report_init(hebb_report *report, size_t size);

/** A report of nothing. */
static inline hebb_report hebb_report_default(void)
{
	hebb_report report;

	hebb_report_init(&report, sizeof report);
	return report;
}

/**
 * Makes the page. It takes up to some seconds: the network runs once more on rows of the report.
 * *text is to be freed with free(), and has *size bytes and a zero byte. Fails with
 * HEBB_BAD_ARGUMENT if there is neither a trial with a result, nor a model with its table, data and
 * score, nor runs, nor a search, if the data have no targets, or if `numbers` is no JSON object;
 * with HEBB_BAD_SHAPE if data and model do not fit; with HEBB_NO_MEMORY.
 */
hebb_status hebb_report_format(const hebb_report *report, char **text, size_t *size,
			       hebb_error *error);

/**
 * Makes the page and writes it as hebb_file_write() does. Fails as both do.
 */
hebb_status hebb_report_write(const hebb_report *report, const char *path, hebb_error *error);

/**
 * Makes a page that puts models side by side, at most about 500 kB. `comparison` is a JSON object
 * as `hebb report --json` prints it: "models" is a list, the best first, of objects with "name",
 * "scores", "run" and "options"; "differing" lists the options that differ; "same" has those that
 * do not; "sorted_by" names the score by which they are sorted; "same_rows" is false if the scores
 * are of different rows. Of very many models the first are shown, which the page says. *text is to
 * be freed with free(), and has *size bytes and a zero byte. Fails with HEBB_BAD_ARGUMENT if there
 * are no models, with HEBB_NO_MEMORY.
 */
hebb_status hebb_comparison_format(const char *comparison, char **text, size_t *size,
				   hebb_error *error);

/** 1 if the first bytes of a file are those of a page of Hebb; else 0. */
int hebb_report_is_ours(const void *bytes, size_t size);

/** @} */

/**
 * @defgroup columns Columns
 * Simple statistics of the columns of a table.
 * @{
 */

/** A column of numbers, missing values left out; NaN if all are missing. */
typedef struct hebb_column_facts {
	double least; /**< the least value */
	double mean;  /**< the mean */
	double most;  /**< the largest value */
	double sd;    /**< the standard deviation of the population */
	int constant; /**< 1: all values that are not missing are equal */
} hebb_column_facts;

/** The facts of each column of a table. Free them with free(). NULL: no memory. */
hebb_column_facts *hebb_table_facts(const hebb_table *table);

/** @} */

/**
 * @defgroup explain Explanations
 * Which columns a model uses, and how: for all rows (importance, dependence) and for single rows
 * (Shapley values, integrated gradients, the rows it was most wrong about). docs/explain.md says
 * how to read them. A column is an input column of the model's coding; all inputs of the network
 * that it becomes are changed together. An output is a probability of a class or a label, or a
 * number in its units. The same options give the same bits for any number of threads.
 * @{
 */

/** Where the path of integrated gradients begins. */
typedef enum hebb_baseline {
	/**
	 * each input of the network at 0: for scaled numbers their mean in training, for a column
	 * of texts none of them
	 */
	HEBB_BASELINE_MEAN = 1,
	/** the raw value 0 of each number: a black image; of a column of texts none of them */
	HEBB_BASELINE_BLACK
} hebb_baseline;

/** The name of a value, such as "black", or NULL if there is none. */
const char *hebb_baseline_name(hebb_baseline baseline);

/** The value of a name, or 0 if there is none. */
hebb_baseline hebb_baseline_find(const char *name);

/** How to explain. Begin with hebb_explain_default(). Each comment begins with the default. */
typedef struct hebb_explain {
	size_t size;   /**< sizeof(hebb_explain) */
	uint64_t seed; /**< 1; of rows that are drawn and of all permutations */
	int threads;   /**< 0: as many as the process may use processors */
	/**
	 * 0; as hebb_prediction.how: HEBB_APPLY_STRICT and HEBB_APPLY_ANYWAY. Rows that are
	 * explained singly are always coded with HEBB_APPLY_ANYWAY.
	 */
	int how;
	/**
	 * importance and dependence: the most rows, drawn without replacement. 0: 5,000, but for
	 * many columns and large networks fewer, at least 100
	 */
	long long rows;
	int repeats; /**< 5. importance: permutations of each column, 1 to 10,000 */
	/**
	 * 0: HEBB_METRIC_ACCURACY for classes and labels, HEBB_METRIC_RMSE for numbers. importance:
	 * the score. The rmse of one number is in its units. Of several numbers it is the mean over
	 * them of rmse / sd, the sd of training; of transformed targets both are those of the
	 * transformed numbers. HEBB_METRIC_BALANCED_ACCURACY is not possible.
	 */
	hebb_metric metric;
	int points;      /**< 20. dependence: values of the grid, 2 to 1,000 */
	int individuals; /**< 0. dependence: so many rows are returned singly */
	int outputs;     /**< 0. The number of outputs to explain; 0: the usual ones */
	/**
	 * NULL. Those outputs, by their index. The usual ones are all numbers and labels, of a
	 * single row the predicted class, and for dependence all classes up to 10, of more the 10
	 * most likely on average
	 */
	const int *output;
	long long background; /**< 100. Shapley: rows drawn to compare with, 1 to 10,000 */
	/**
	 * 0. Shapley: walks for each row, in pairs; a multiple of 2 x background, up to which it is
	 * rounded. 0: as many as take about 260,000 predictions
	 */
	long long walks;
	int steps; /**< 0. Gradients: points of the path; 0: 32 and more until the gap is 1 % */
	hebb_baseline baseline; /**< 0: BLACK for images, else MEAN. Gradients: where they begin */
	/**
	 * NULL. Called in the thread of the caller, with the share that is done, 0 to 1; another
	 * result than 0 ends the call with HEBB_STOPPED
	 */
	int (*progress)(void *self, double done);
	void *self; /**< NULL. The first argument of `progress`. */
} hebb_explain;

/** Fills in the defaults of a struct of this size; hebb_explain_default() calls it. */
void hebb_explain_init(hebb_explain *explain, size_t size);

/** The defaults. */
static inline hebb_explain hebb_explain_default(void)
{
	hebb_explain explain;

	hebb_explain_init(&explain, sizeof explain);
	return explain;
}

/** How much a score gets worse if a column is permuted. */
typedef struct hebb_column_importance {
	/**
	 * over the permutations: mean, deviation and 95 % interval of the drop, positive if the
	 * column helps: score - permuted score for accuracies, the reverse for losses and errors.
	 * The interval covers other permutations, not other rows; with one permutation it is NaN.
	 */
	hebb_spread drop;
} hebb_column_importance;

/** The importance of each column. The library fills it in. */
typedef struct hebb_importance {
	size_t size;        /**< sizeof(hebb_importance), as the library knows it */
	hebb_metric metric; /**< the score */
	int is_scaled;      /**< 1: the rmse is a mean over several numbers, each / sd */
	double score;       /**< of the rows as they are */
	long long rows;     /**< rows that were scored */
	long long of;       /**< rows that they were drawn from */
	int repeats;        /**< permutations of each column */
	int columns;        /**< coding->input_count */
	hebb_column_importance *column; /**< columns, in the order of the coding */
	int *order;                     /**< columns: indices, from the largest mean drop on */
} hebb_importance;

/**
 * Permutation importance (Breiman 2001; Fisher, Rudin & Dominici 2019) on n rows of a table with
 * targets: the values of one column are permuted over the rows, and the score is compared with that
 * of the rows as they are. `row` holds the indices of the rows, or is NULL for the rows 0 to n - 1.
 * `explain` may be NULL for the defaults. Free *result with hebb_importance_free().
 *
 * Fails as hebb_coding_apply() does, also if the table has no targets; with HEBB_BAD_ARGUMENT if an
 * option is out of its range, the metric does not fit the task, or fewer than 2 rows are left; with
 * HEBB_STOPPED or HEBB_NO_MEMORY. *result is then empty.
 */
hebb_status hebb_model_importance(const hebb_model *model, const hebb_table *table, long long n,
				  const long long *row, const hebb_explain *explain,
				  hebb_importance *result, hebb_error *error);

/** Frees what it holds and empties it. */
void hebb_importance_free(hebb_importance *importance);

/** The partial dependence of outputs on a column. The library fills it in. */
typedef struct hebb_dependence {
	size_t size;    /**< sizeof(hebb_dependence), as the library knows it */
	int column;     /**< the input column of the coding */
	long long rows; /**< rows that the means are over */
	long long of;   /**< rows that they were drawn from */
	int points;     /**< values of the grid */
	/**
	 * points, ascending: numbers, or of a column of texts indices of its levels. Numbers: the
	 * different values of the rows if they are few, else equally spaced between their 5 % and
	 * 95 % quantiles
	 */
	double *value;
	int outputs; /**< outputs that are explained */
	int *output; /**< outputs: their indices, ascending */
	/** points x outputs: the mean output over the rows if all had this value */
	double *mean;
	double *low;          /**< points x outputs: the 10 % quantile over the rows */
	double *high;         /**< points x outputs: the 90 % quantile over the rows */
	int individuals;      /**< rows that are returned singly */
	long long *row;       /**< individuals: their indices in the table */
	double *single;       /**< individuals x points x outputs: their outputs */
	double *average;      /**< outputs: the mean output over the rows as they are */
	long long unanswered; /**< outputs that were not finite; the means are without these rows */
} hebb_dependence;

/**
 * Partial dependence (Friedman 2001): the outputs, averaged over n rows of a table, as a function
 * of one column, the others staying as they are. `row` and `explain` are as for
 * hebb_model_importance(); no targets are needed. Free *result with hebb_dependence_free().
 *
 * Fails as hebb_coding_apply() does; with HEBB_BAD_ARGUMENT if there is no such column or output,
 * an option is out of its range, the column has no value, or no row has an answer; with
 * HEBB_STOPPED or HEBB_NO_MEMORY. *result is then empty.
 */
hebb_status hebb_model_dependence(const hebb_model *model, const hebb_table *table, long long n,
				  const long long *row, int column, const hebb_explain *explain,
				  hebb_dependence *result, hebb_error *error);

/** Frees what it holds and empties it. */
void hebb_dependence_free(hebb_dependence *dependence);

/** What the columns contribute to the outputs of a row. */
typedef struct hebb_attribution {
	long long row;  /**< its index in the table */
	int outputs;    /**< outputs that are explained */
	int *output;    /**< outputs: their indices, ascending */
	double *answer; /**< outputs: the model's, for this row */
	double *base;   /**< outputs: the mean of the background rows, or that of the baseline */
	double *value;  /**< outputs x columns: what each column adds to `base` */
	/** outputs x columns: the standard error of `value`; NULL: it is exact or not known */
	double *error;
	/** outputs: answer - base - the sum of `value`: rounding, or what the steps left out */
	double *gap;
	int steps; /**< gradients: points of the path */
} hebb_attribution;

/** Attributions of rows. The library fills it in. */
typedef struct hebb_attributions {
	size_t size;            /**< sizeof(hebb_attributions), as the library knows it */
	int columns;            /**< coding->input_count */
	int count;              /**< the number of rows */
	hebb_attribution *of;   /**< count */
	int is_exact;           /**< Shapley: 1: all subsets of the columns; 0: walks */
	long long background;   /**< Shapley: rows to compare with */
	long long walks;        /**< Shapley: walks of each row; 0 if exact */
	hebb_baseline baseline; /**< gradients: where the path begins; else 0 */
} hebb_attributions;

/**
 * Shapley values (Shapley 1953; Strumbelj & Kononenko 2014) of `count` rows of a table, whose
 * indices are `explained`. What a column adds is its mean change of the output when it comes to the
 * columns before it in a random order; columns that have not come have the value of a background
 * row, drawn from n rows of `row`. A walk is an order with a background row, and each order is also
 * walked backwards (antithetic). All background rows have equally many walks, so that the values
 * add up to answer - base exactly, up to rounding (hebb_attribution.gap). With so few columns that
 * all subsets take no more predictions than the walks, the values are exact.
 *
 * Free *result with hebb_attributions_free(). Fails as hebb_coding_apply() does; with
 * HEBB_BAD_ARGUMENT if an option or an index is out of its range, a row lacks a value and the
 * coding drops such rows, or an output is not finite; with HEBB_STOPPED or HEBB_NO_MEMORY. *result
 * is then empty.
 */
hebb_status hebb_model_shapley(const hebb_model *model, const hebb_table *table, long long n,
			       const long long *row, int count, const long long *explained,
			       const hebb_explain *explain, hebb_attributions *result,
			       hebb_error *error);

/**
 * Integrated gradients (Sundararajan, Taly & Yan 2017) of `count` rows of a table, whose indices
 * are `explained`: (x_i - x'_i) times the mean of dh/dx_i over a straight path from a baseline x'
 * to x, both inputs of the network; the inputs of a column are added up. h is the output in its
 * units, also if the target was transformed. The path has `steps` equal parts, each with its
 * gradient in the middle, by backpropagation. The values add up to answer - base up to the gap that
 * is reported.
 *
 * Free *result with hebb_attributions_free(). Fails as hebb_model_shapley() does.
 */
hebb_status hebb_model_gradients(const hebb_model *model, const hebb_table *table, int count,
				 const long long *explained, const hebb_explain *explain,
				 hebb_attributions *result, hebb_error *error);

/** Frees what it holds and empties it. */
void hebb_attributions_free(hebb_attributions *attributions);

/** A row and how wrong its prediction is. */
typedef struct hebb_worst_row {
	long long row; /**< its index in the table */
	/**
	 * classes: - log of the probability of the right class, or J if outputs are no
	 * probabilities; labels: the mean of that over the
	 * labels; numbers: the mean of |h - y| / sd, the sd of training; of what is not missing.
	 * INFINITY: no finite output, or a class that training did not have
	 */
	double wrong;
	int truth; /**< classes: the right one; -1: training did not have it. Else 0. */
	/** classes: the predicted one; -1: the row has no answer. Else 0. */
	int predicted;
	/** outputs: probabilities, or numbers in their units; NaN without an answer */
	double *output;
	/** outputs: the right numbers in their units, or 0 and 1; NaN: missing */
	double *target;
} hebb_worst_row;

/** The rows that a model was most wrong about. The library fills it in. */
typedef struct hebb_worst {
	size_t size;         /**< sizeof(hebb_worst), as the library knows it */
	long long rows;      /**< rows that were looked at */
	int outputs;         /**< outputs of the model */
	int count;           /**< rows in the list */
	hebb_worst_row *row; /**< count, from the most wrong one on; equal ones by their index */
} hebb_worst;

/**
 * Finds the `most` rows of a dataset with targets, coded by the model's coding, that the model was
 * most wrong about; fewer if it has fewer rows. `threads` are as for hebb_score_dataset(). Free
 * *result with hebb_worst_free(). Fails with HEBB_BAD_ARGUMENT if most < 1, or as
 * hebb_score_dataset() does; *result is then empty.
 */
hebb_status hebb_model_worst(const hebb_model *model, const hebb_dataset *data, int most,
			     int threads, hebb_worst *result, hebb_error *error);

/** Frees what it holds and empties it. */
void hebb_worst_free(hebb_worst *worst);

/** @} */

#ifdef __cplusplus
}
#endif
#endif /* HEBB_STUDY_H */
