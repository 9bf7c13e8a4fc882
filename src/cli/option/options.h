/* SPDX-License-Identifier: MIT */
/*
 * options.h - the commands and their options, as data
 *
 * One table of commands and one of options; parsing, --help and the training record are made from
 * them.
 */
#ifndef HEBB_CLI_OPTIONS_H
#define HEBB_CLI_OPTIONS_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "hebb_study.h"

/* Commands as bits, for the sets in the table of options. */
enum {
	TRAIN = 1,
	EVALUATE = 2,
	PREDICT = 4,
	INSPECT = 8,
	CHECK = 16,
	TUTORIAL = 32,
	BENCH = 64,
	SEARCH = 128,
	REPORT = 1024,
	EXPLAIN = 256,
	PLAY = 512,
	WITH_DATA = TRAIN | EVALUATE | PREDICT | INSPECT | CHECK | SEARCH | EXPLAIN | PLAY,
	EVERY = WITH_DATA | TUTORIAL | BENCH | REPORT
};

typedef enum option_id {
	OPT_LAYERS,
	OPT_ACTIVATION,
	OPT_OUTPUT,
	OPT_LOSS,
	OPT_INIT,
	OPT_NORM,
	OPT_SHORTCUTS,
	OPT_EFFORT,
	OPT_MEMBERS,
	OPT_OPTIMIZER,
	OPT_RATE,
	OPT_SCHEDULE,
	OPT_WARMUP,
	OPT_DECAY,
	OPT_STAGES,
	OPT_PLATEAU,
	OPT_L1,
	OPT_L2,
	OPT_WEIGHT_DECAY,
	OPT_DROPOUT,
	OPT_CLIP,
	OPT_MAX_NORM,
	OPT_AVERAGE,
	OPT_AVERAGE_FROM,
	OPT_LABEL_SMOOTHING,
	OPT_CLASS_WEIGHTS,
	OPT_BATCH,
	OPT_ACCUMULATE,
	OPT_IN_ORDER,
	OPT_EPOCHS,
	OPT_PATIENCE,
	OPT_AUGMENT,
	OPT_TIME,
	OPT_RECIPE,
	OPT_REPEAT,
	OPT_FOLDS,
	OPT_TRIALS,
	OPT_STRATEGY,
	OPT_METRIC,
	OPT_SEED,
	OPT_PRECISION,
	OPT_THREADS,
	OPT_TARGET,
	OPT_LABELS,
	OPT_TASK,
	OPT_IGNORE,
	OPT_INPUTS,
	OPT_WEIGHT,
	OPT_GROUP,
	OPT_TIME_COLUMN,
	OPT_HEADER,
	OPT_SEPARATOR,
	OPT_SKIP,
	OPT_ENCODING,
	OPT_DECIMAL,
	OPT_THOUSANDS,
	OPT_NA,
	OPT_TEXT,
	OPT_NUMERIC,
	OPT_MISSING,
	OPT_SCALING,
	OPT_BINS,
	OPT_TARGET_TRANSFORM,
	OPT_TEST,
	OPT_VALIDATION,
	OPT_PART,
	OPT_CONFORMAL,
	OPT_TEMPERATURE,
	OPT_CLASSES_ONLY,
	OPT_INTERVAL,
	OPT_STRICT,
	OPT_KEEP,
	OPT_OUTSIDE,
	OPT_DRIFT,
	OPT_WORST,
	OPT_IMPORTANCE,
	OPT_DEPENDENCE,
	OPT_SHAPLEY,
	OPT_GRADIENTS,
	OPT_OUTPUTS,
	OPT_ROWS,
	OPT_GRID,
	OPT_BACKGROUND,
	OPT_WALKS,
	OPT_STEPS,
	OPT_BASELINE,
	OPT_PREDICTION,
	OPT_PAGE,
	OPT_MODEL,
	OPT_GRAPH,
	OPT_REPORT,
	OPT_TABLE,
	OPT_CHECKPOINT,
	OPT_EVERY,
	OPT_RESUME,
	OPT_POINTS,
	OPT_NOISE,
	OPT_SAVE,
	/* The numbers of the sections of the tutorial; their texts are in `argument`. */
	OPT_OWN_X,
	OPT_OWN_Y,
	OPT_OWN_W,
	OPT_OWN_B,
	OPT_OWN_VALUES,
	OPT_OWN_SIZES,
	OPT_OWN_RATE,
	OPT_OWN_START,
	OPT_OWN_PRECISION,
	OPT_OWN_ITERATIONS,
	OPT_OWN_CHANGE,
	OPT_OWN_TEST,
	OPT_OWN_HIDDEN,
	OPT_OWN_L2,
	OPT_FORCE,
	OPT_FIGURES,
	OPT_STEP,
	OPT_ANSWERS,
	OPT_CODE,
	OPT_FULL,
	OPT_PLOT,
	OPT_JSON,
	OPT_QUIET,
	OPT_HELP,
	OPTION_COUNT
} option_id;

/* How often a checkpoint is written: epochs or, if that is 0, seconds. */
typedef struct every {
	int epochs;
	double seconds;
} every;

/* An option that may be given several times. */
enum { TEXTS_MOST = 64 };

typedef struct texts {
	int count;
	const char *text[TEXTS_MOST];
} texts;

typedef enum code_language { CODE_PYTHON = 1, CODE_C } code_language;
typedef enum evaluate_part { EVALUATE_ALL = 1, EVALUATE_TEST } evaluate_part;

/* How an option was given: as a value, or as an interval or list from which search draws. */
enum { GIVEN = 1, RANGED };

/* Which page of help was asked for. */
enum { HELP_FULL = 1, HELP_SHORT };

/* The options of one call. Fields of options that were not given are undefined until
 * options_complete(). */
typedef struct options {
	unsigned command;                   /* the bit of the command whose defaults apply */
	unsigned char how[OPTION_COUNT];    /* of each option: 0, GIVEN or RANGED */
	const char *argument[OPTION_COUNT]; /* the argument of each option, as it was given */
	int operands;
	char *const *operand; /* in argv, which options_parse() puts in order */

	hebb_study study; /* what is trained, on which data, and how */
	int trials, strategy, metric;

	int part; /* evaluate_part */
	int classes_only, strict, outside, drift, worst;
	int importance, rows, grid, background, walks, steps, baseline;
	const char *dependence, *shapley, *gradients, *outputs;
	double interval; /* the level; 0: none */
	texts keep;
	const char *own; /* the last number that was given for a section of the tutorial */
	int answers, code;
	const char *model, *prediction, *page, *report, *trial_table, *figures;
	const char *line; /* the command as it was given, as a shell reads it; or NULL */
	const char *checkpoint, *resume; /* files, or NULL */
	every every;
	int points; /* of play */
	double noise;
	const char *save;
	int force, step, full, plot, json, quiet, help;
} options;

typedef struct command {
	const char *name;
	unsigned bit;
	int operands_least, operands_most;
	const char *usage;               /* the operands */
	const char *summary;             /* one line */
	const char *text;                /* paragraphs of --help */
	const char *const (*example)[2]; /* command lines and what they do, ended by NULL */
	int (*run)(options *given);      /* returns the exit status */
} command;

/* The commands, ended by a row whose name is NULL (main.c). */
extern const command commands[];

/* Parses argv[1 ...], argv[0] being the name of the command; returns EXIT_DONE or, after a
 * message, EXIT_MISUSED.  With --help it returns at once and only `help` counts.  The operands are
 * moved to argv[1 ...], which must outlive the options. */
int options_parse(const command *which, int argc, char **argv, options *result);

int option_given(const options *given, option_id id);
int option_ranged(const options *given, option_id id);
int options_ranged(const options *given); /* whether any option is ranged */

/* Marks an option as given, with the value of its field. */
void option_give(options *given, option_id id);

/* Marks an option as not given. */
void option_unset(options *given, option_id id);

/* Resets the settings of the study that were not given, so that the library completes them again;
 * fills in those that only the command has. */
void options_blank(options *given);

/* Fills in what was not given. The library refuses settings that do not fit the table that `coding`
 * was fitted on. */
hebb_status options_complete(options *given, const hebb_coding *coding, hebb_error *error);

/* Refuses options that contradict each other, whatever the data. */
int options_check(const options *given);

/* The options that the trained network depends on, by name, for the training record; NULL if memory
 * runs out. The path of the model and the number of threads are left out, because they do not
 * change the network: equal runs have equal records. */
json_t *options_json(const options *given);

/* An option's name there: weight_decay; returns `key`. */
char *option_key(option_id id, char key[40]);
/* Completes the options from the record of the checkpoint `name`, an object of options_json(),
 * which must outlive them. Returns EXIT_FAILED after a message if a given option differs from the
 * record, if a value of the record has a wrong type or range, or if a file named there is not a
 * regular file. */
int options_resume(options *given, json_t *record, const char *name);

/* Reads the argument of an option (NULL or "" if it takes none) into its field. The text must
 * outlive the options. EXIT_MISUSED after a message. */
int option_read(option_id id, const char *text, options *result);
/* The same for an option that is not from the command line: messages begin with `where`. */
int option_read_at(const char *where, option_id id, const char *text, options *result);

/* Reads a seed, a whole number below 2^64; returns 0 if the text is not one. */
int seed_parse(const char *text, uint64_t *seed);
int number_parse(const char *text, double *value);

#endif
