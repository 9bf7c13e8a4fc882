/* SPDX-License-Identifier: MIT */
/*
 * option_table.c - the options as rows of one table
 *
 * The names of activations, losses and so on come from the library, so the command has every one.
 */
#include "option_table.h"

#include <limits.h>
#include <stdio.h>

/* The names of an enum of the library. */
#define OF_LIBRARY(type) \
	static const char *type##_choice(int value) \
	{ \
		return hebb_##type##_name((hebb_##type)value); \
	}
OF_LIBRARY(activation)
OF_LIBRARY(loss)
OF_LIBRARY(start)
OF_LIBRARY(rule)
OF_LIBRARY(schedule)
OF_LIBRARY(precision)
OF_LIBRARY(task)
OF_LIBRARY(header)
OF_LIBRARY(missing)
OF_LIBRARY(graph)
OF_LIBRARY(scaling)
OF_LIBRARY(target_transform)
OF_LIBRARY(effort)
OF_LIBRARY(norm)
OF_LIBRARY(preset)
OF_LIBRARY(weights)
OF_LIBRARY(strategy)
OF_LIBRARY(metric)
OF_LIBRARY(baseline)

/* The names of one of the command's own, by value. */
#define OF_COMMAND(type, ...) \
	static const char *type##_choice(int value) \
	{ \
		static const char *const name[] = {__VA_ARGS__}; \
\
		return value > 0 && value < (int)(sizeof name / sizeof *name) ? name[value] \
									      : NULL; \
	}
OF_COMMAND(code, [CODE_PYTHON] = "python", [CODE_C] = "c")
OF_COMMAND(part, [EVALUATE_ALL] = "all", [EVALUATE_TEST] = "test")

static int is_for_hidden(int value)
{
	return value != HEBB_SOFTMAX && value != HEBB_EXP;
}

static int is_for_output(int value)
{
	return value == HEBB_SOFTMAX || value == HEBB_SIGMOID || value == HEBB_LINEAR ||
	       value == HEBB_EXP;
}

enum { LEARN = TRAIN | CHECK | SEARCH };

#define FIELD(name) offsetof(options, name)

/* clang-format off */
const option_row option_table[OPTION_COUNT] = {
	[OPT_LAYERS] = {"layers", 'l', "N[,N...]|none",
		"widths of the hidden layers; none: logistic or linear regression",
		"256,128; to predict numbers from a table 128,64; for images at least 512,256; more "
		"than 256 inputs: up to 1024,512",
		LEARN | PLAY, GROUP_NETWORK, KIND_LAYERS, FIELD(study.units), .recorded = 1,
		.common = LEARN | PLAY,
		.brief = "widths of hidden layers, such as 30,20, or none"},
	[OPT_ACTIVATION] = {"activation", 'a', "NAME",
		"activation of the hidden layers: ",
		"gelu; in hebb tutorial, sigmoid for all nodes",
		LEARN | TUTORIAL | PLAY, GROUP_NETWORK,
		KIND_CHOICE, FIELD(study.activation), .choice = activation_choice,
		.takes = is_for_hidden, .recorded = 1, .common = CHECK | TUTORIAL | PLAY,
		.brief = "f of the hidden layers: gelu, relu, tanh, ..."},
	[OPT_OUTPUT] = {"output", 0, "NAME",
		"activation of the last layer: ", "softmax for classes, linear for numbers, exp "
		"for counts",
		LEARN, GROUP_NETWORK,
		KIND_CHOICE, FIELD(study.output), .choice = activation_choice,
		.takes = is_for_output, .recorded = 1},
	[OPT_LOSS] = {"loss", 0, "NAME",
		"the function that training minimizes; poisson is for counts and predicts the "
		"expected count; one of: ",
		"cross-entropy for classes, squared for numbers and a linear output",
		LEARN, GROUP_NETWORK,
		KIND_CHOICE, FIELD(study.loss), .choice = loss_choice, .recorded = 1},
	[OPT_INIT] = {"init", 0, "NAME",
		"the initial weights: ",
		"auto: lecun for selu, he for relu and similar ones, else glorot",
		LEARN, GROUP_NETWORK,
		KIND_CHOICE, FIELD(study.init), .choice = start_choice, .recorded = 1},
	[OPT_NORM] = {"norm", 0, "NAME",
		"normalization in each hidden layer, before the activation; batch: of each unit "
		"over the rows of a batch; layer: of each row over the units; one of: ",
		"none",
		LEARN, GROUP_NETWORK,
		KIND_CHOICE, FIELD(study.norm), .choice = norm_choice, .recorded = 1},
	[OPT_SHORTCUTS] = {"shortcuts", 0, NULL,
		"adds the input of each hidden layer to its output, where both have the same width", NULL,
		LEARN, GROUP_NETWORK, KIND_FLAG, FIELD(study.shortcuts), .recorded = 1},

	[OPT_EFFORT] = {"effort", 0, "NAME",
		"how much is tried to find good settings; quick: nothing, but of few rows that the "
		"defaults do not learn; good and best try recipes on a fifth of the "
		"training rows, then train the best one on all, or the mean of up to 3 (good) or of 5 "
		"networks (best); what is given is kept; check says what would be tried; one of: ",
		"quick",
		TRAIN | CHECK, GROUP_TRAINING,
		KIND_CHOICE, FIELD(study.effort), .choice = effort_choice, .recorded = 1,
		.before = "null", .common = TRAIN,
		.brief = "quick, good, best: what is tried"},
	[OPT_MEMBERS] = {"members", 0, "N",
		"trains N networks with different seeds; the model is their mean, as one network",
		"1; with --effort good up to 3, with best 5",
		TRAIN | CHECK, GROUP_TRAINING, KIND_COUNT, FIELD(study.members), 1, HEBB_MEMBERS_MOST,
		.recorded = 1, .before = "null"},
	[OPT_OPTIMIZER] = {"optimizer", 0, "NAME",
		"the rule that updates the weights: ",
		"adamw; lbfgs with --layers none and up to 2,000 training rows",
		LEARN, GROUP_TRAINING,
		KIND_CHOICE, FIELD(study.optimizer), .choice = rule_choice, .recorded = 1,
		.common = CHECK,
		.brief = "how weights move: sgd, adam, lbfgs, ..."},
	[OPT_RATE] = {"rate", 'r', "X",
		"learning rate", "adamw 0.005, but 0.001 with the schedules constant and plateau; "
				 "rmsprop and adam 0.001; momentum and nesterov 0.02; sgd 0.1; "
				 "lion 0.0001; rprop 0.01 (its first step); lbfgs has none",
		LEARN | PLAY, GROUP_TRAINING, KIND_NUMBER, FIELD(study.rate), 0, 1e6, .recorded = 1,
		.common = LEARN | PLAY},
	[OPT_SCHEDULE] = {"schedule", 0, "NAME",
		"how the rate changes over the run: ",
		"one-cycle; with --warmup, cosine; with --patience, rprop or lbfgs, constant",
		LEARN, GROUP_TRAINING,
		KIND_CHOICE, FIELD(study.schedule), .choice = schedule_choice, .recorded = 1},
	[OPT_WARMUP] = {"warmup", 0, "X",
		"the share of the run, at its start, in which the rate rises from 0", "0",
		LEARN, GROUP_TRAINING, KIND_NUMBER, FIELD(study.warmup), 0, 0.999, .recorded = 1},
	[OPT_DECAY] = {"decay", 0, "X",
		"--schedule step and exponential multiply the rate by X from stage to stage; "
		"plateau does so after each wait", "0.1",
		LEARN, GROUP_TRAINING, KIND_NUMBER, FIELD(study.decay), 1e-6, 0.999999,
		.recorded = 1},
	[OPT_STAGES] = {"stages", 0, "N",
		"number of equal parts of the run, for --schedule step, exponential and "
		"warm-restarts", "3",
		LEARN, GROUP_TRAINING, KIND_COUNT, FIELD(study.stages), 1, INT_MAX, .recorded = 1},
	[OPT_PLATEAU] = {"plateau", 0, "N",
		"--schedule plateau lowers the rate after N epochs without a lower loss", "10",
		LEARN, GROUP_TRAINING, KIND_COUNT, FIELD(study.plateau), 1, INT_MAX, .recorded = 1},
	[OPT_L1] = {"l1", 0, "X",
		"penalty: X times the sum of the absolute weights", "0",
		LEARN, GROUP_TRAINING, KIND_NUMBER, FIELD(study.l1), 0, 1e6, .recorded = 1},
	[OPT_L2] = {"l2", 0, "X",
		"penalty: X/2 times the sum of the squared weights", "0",
		LEARN, GROUP_TRAINING, KIND_NUMBER, FIELD(study.l2), 0, 1e6, .recorded = 1},
	[OPT_WEIGHT_DECAY] = {"weight-decay", 0, "X",
		"weights shrink by rate times X at each update",
		"1200 / (n log2 K) for n training rows and K classes, 600 / n for numbers, at "
		"most 2; three times that for classes of a table with up to two hidden "
		"layers; 0.2 for images; a tenth of that with --augment; less "
		"for fewer than 50 rows; 0 with --l1, --l2, sigmoid units or no hidden layer, and with "
		"optimizers other than adamw",
		LEARN | PLAY, GROUP_TRAINING, KIND_NUMBER, FIELD(study.weight_decay), 0, 1e6,
		.recorded = 1},
	[OPT_DROPOUT] = {"dropout", 0, "X",
		"the share of each hidden layer's outputs that training sets to 0, chosen at "
		"random for each row and update; below 1",
		"0.2, to predict numbers from a table 0.1; less for fewer than 50 rows; rprop and lbfgs 0",
		LEARN | PLAY, GROUP_TRAINING, KIND_NUMBER, FIELD(study.dropout), 0, 0.99, .recorded = 1},
	[OPT_CLIP] = {"clip", 0, "X",
		"if the norm of the gradient is above X, it is scaled down to X; 0: never", "0",
		LEARN, GROUP_TRAINING, KIND_NUMBER, FIELD(study.clip), 0, 1e6, .recorded = 1},
	[OPT_MAX_NORM] = {"max-norm", 0, "X",
		"if the norm of a unit's incoming weights is above X, they are scaled down to it; "
		"0: never",
		"0",
		LEARN, GROUP_TRAINING, KIND_NUMBER, FIELD(study.max_norm), 0, 1e6, .recorded = 1},
	[OPT_AVERAGE] = {"average", 0, "X",
		"decay of a moving average of the weights, such as 0.999; the average is "
		"validated and saved; 1: the mean of the weights (SWA); 0: no average", "0",
		LEARN, GROUP_TRAINING, KIND_NUMBER, FIELD(study.average), 0, 1, .recorded = 1},
	[OPT_AVERAGE_FROM] = {"average-from", 0, "X",
		"the share of the run after which the average begins", "0; with --average 1, 0.75",
		LEARN, GROUP_TRAINING, KIND_NUMBER, FIELD(study.average_from), 0, 0.999,
		.recorded = 1},
	[OPT_LABEL_SMOOTHING] = {"label-smoothing", 0, "X",
		"in the training loss, the class of a row counts 1 - X, and all classes share X; "
		"the validation loss and the report are not smoothed",
		"0.01 for classes of images, without --augment; else 0",
		LEARN, GROUP_TRAINING, KIND_NUMBER, FIELD(study.label_smoothing), 0, 0.999,
		.recorded = 1},
	[OPT_CLASS_WEIGHTS] = {"class-weights", 0, "NAME",
		"weights of the training rows; balanced: all classes have the same total weight: "
		"a row of class k weighs n / (K n_k), with K classes and n_k of the n rows in "
		"class k; the validation loss and the report are not weighted; one of: ",
		"none",
		LEARN, GROUP_TRAINING,
		KIND_CHOICE, FIELD(study.class_weights), .choice = weights_choice, .recorded = 1,
		.common = CHECK,
		.brief = "balanced: classes have equal weight"},
	[OPT_BATCH] = {"batch", 'b', "N|all",
		"rows per update",
		"32; from 8,192 rows on 64, from 32,768 on 128, from 131,072 on 256; rprop and "
		"lbfgs all",
		LEARN | PLAY, GROUP_TRAINING,
		KIND_COUNT, FIELD(study.batch), 1, INT_MAX, .word = "all", .recorded = 1},
	[OPT_ACCUMULATE] = {"accumulate", 0, "N",
		"batches per update: the same as one batch N times as large, with the memory of "
		"one", "1",
		LEARN, GROUP_TRAINING, KIND_COUNT, FIELD(study.accumulate), 1, INT_MAX,
		.recorded = 1},
	[OPT_IN_ORDER] = {"in-order", 0, NULL,
		"take the rows in their order, instead of shuffling them in every epoch", NULL,
		TRAIN | BENCH | SEARCH, GROUP_TRAINING, KIND_FLAG, FIELD(study.in_order),
		.recorded = 1, .common = BENCH,
		.brief = "rows in their order, not shuffled"},
	[OPT_EPOCHS] = {"epochs", 'e', "N",
		"how many times training goes through all training rows",
		"2500 / the square root of the number of training rows, for classes of a table 0.3 "
		"times that, at least 3; with --augment 3.2 times that; rprop and lbfgs 100",
		LEARN | PLAY, GROUP_TRAINING, KIND_COUNT, FIELD(study.epochs), 0, INT_MAX, .recorded = 1,
		.common = TRAIN | CHECK | PLAY,
		.brief = "passes through the training rows"},
	[OPT_PATIENCE] = {"patience", 0, "N",
		"stop after N epochs without a lower validation loss, and keep the best weights; "
		"0: never",
		"0",
		LEARN, GROUP_TRAINING, KIND_COUNT, FIELD(study.patience), 0, INT_MAX, .recorded = 1,
		.common = TRAIN,
		.brief = "stop after N epochs without progress"},
	[OPT_AUGMENT] = {"augment", 0, "[=NAME=X,...]",
		"images change a little each time they are seen: shift (pixels), rotation "
		"(degrees), scaling and shear (shares), elastic with sigma (34 and 4 for MNIST), "
		"cutout (side), mixup (share); without a list shift 1/14 of the side, rotation "
		"10, scaling 0.1, shear 0.1",
		"none",
		TRAIN | SEARCH, GROUP_TRAINING, KIND_AUGMENT, FIELD(study.augment), .recorded = 1},
	[OPT_TIME] = {"time", 0, "LIMIT",
		"stop training after this time: 60s, 5m, 1h, ...; a search begins no new trial "
		"after that",
		"none",
		LEARN, GROUP_TRAINING, KIND_TIME, FIELD(study.time), .recorded = 1,
		.common = SEARCH,
		.brief = "start no trial after 60s, 5m, 1h, ..."},
	[OPT_RECIPE] = {"recipe", 0, "NAME",
		"other defaults: those of the tutorial's program (30 sigmoid units, squared "
		"error, uniform [0,1) start, 3000 full-batch iterations of sgd at rate 0.25, "
		"scaling over all rows, 40 % held out at random); only: ",
		"none",
		LEARN, GROUP_TRAINING,
		KIND_CHOICE, FIELD(study.recipe), .choice = preset_choice, .recorded = 1},
	[OPT_REPEAT] = {"repeat", 0, "N",
		"N runs with the seeds S, S+1, ..., each with its own split and initial weights; "
		"prints mean, its 95 % interval, sd and range (after Ctrl-C, of the runs that "
		"ended); train saves the model of the first run; explain: permutations of each "
		"column", "1; in explain, 5",
		TRAIN | CHECK | TUTORIAL | EXPLAIN, GROUP_TRAINING, KIND_COUNT, FIELD(study.repeat), 1,
		1000000, .recorded = 0, .common = TUTORIAL,
		.brief = "results over N seeds: mean and range"},
	[OPT_FOLDS] = {"folds", 0, "K",
		"cross-validation: the rows outside the test part are divided into K folds, and "
		"each fold is held out once; train then saves a model trained on all these rows; "
		"search scores a trial by the mean of its folds", "none",
		TRAIN | SEARCH, GROUP_TRAINING, KIND_COUNT, FIELD(study.folds), 2, 1000000,
		.recorded = 0, .common = SEARCH,
		.brief = "score a trial by cross-validation over K folds"},
	[OPT_TRIALS] = {"trials", 0, "N",
		"number of settings to try; fewer if the lists have fewer combinations", "30",
		SEARCH, GROUP_TRAINING, KIND_COUNT, FIELD(trials), 1, 1000000, .recorded = 0,
		.common = SEARCH,
		.brief = "settings to try"},
	[OPT_STRATEGY] = {"strategy", 0, "NAME",
		"random: every trial is trained for all epochs; halving: all trials are trained "
		"for a few epochs, the best third again for three times as many, and so on up to "
		"--epochs; one of: ",
		"random",
		SEARCH, GROUP_TRAINING,
		KIND_CHOICE, FIELD(strategy), .choice = strategy_choice, .recorded = 0,
		.common = SEARCH,
		.brief = "random or halving"},
	[OPT_METRIC] = {"metric", 0, "NAME",
		"the score of a trial, on rows that it was not trained on; in explain, the score "
		"whose drop is the importance (not balanced-accuracy); in report, the score by which "
		"models are sorted: ",
		"loss; in explain and report accuracy, for numbers rmse",
		SEARCH | EXPLAIN | REPORT, GROUP_TRAINING,
		KIND_CHOICE, FIELD(metric), .choice = metric_choice, .recorded = 0,
		.common = SEARCH | REPORT,
		.brief = "score to go by: accuracy, rmse, loss, ..."},
	[OPT_SEED] = {"seed", 's', "S",
		"seed of split, initial weights and shuffling; equal seeds give equal networks, "
		"bit for bit; in explain, of permutations and rows that are drawn", "1",
		LEARN | TUTORIAL | EXPLAIN | PLAY, GROUP_TRAINING, KIND_SEED, FIELD(study.seed),
		.recorded = 1, .common = TRAIN | TUTORIAL | PLAY,
		.brief = "equal seeds give equal networks"},
	[OPT_PRECISION] = {"precision", 0, "NAME",
		"type of the numbers that training multiplies; bf16 has 8 significant bits and "
		"trains larger networks up to twice as fast on CPUs with AVX512_BF16; sums and "
		"weights are always f32; one of: ",
		"f32",
		TRAIN | BENCH | SEARCH, GROUP_TRAINING,
		KIND_CHOICE, FIELD(study.precision), .choice = precision_choice, .recorded = 1,
		.common = BENCH,
		.brief = "multiply f32 or bf16 numbers"},
	[OPT_THREADS] = {"threads", 'j', "N",
		"at most N threads; the result is the same for any number",
		"as many as the machine has; in bench, 1",
		LEARN | EVALUATE | PREDICT | EXPLAIN | BENCH | PLAY, GROUP_TRAINING, KIND_COUNT,
		FIELD(study.threads), 1, 4096, .recorded = 0, .common = PREDICT | BENCH,
		.brief = "largest number of threads"},

	[OPT_TARGET] = {"target", 0, "COLUMN[,...]",
		"the column to predict, by name or by number from 1; several numeric columns, "
		"listed as for --ignore, make a regression with several outputs",
		"the last column, or the last that no other option names",
		LEARN | PLAY, GROUP_DATA, KIND_TEXT, FIELD(study.target), .recorded = 1, .common = LEARN,
		.brief = "column to predict"},
	[OPT_LABELS] = {"labels", 0, "COLUMN[,...]",
		"columns to predict instead of --target, with two values each, such as 0 and 1 or "
		"no and yes: names, numbers, ranges 2-5, patterns x*; each gets a probability",
		"none",
		LEARN, GROUP_DATA, KIND_TEXT, FIELD(study.labels), .recorded = 1, .before = "null"},
	[OPT_TASK] = {"task", 0, "NAME",
		"",
		"auto: classification if the target is text, or integers of which at most 20 "
		"differ, each in 5 rows on average",
		LEARN | PLAY, GROUP_DATA, KIND_CHOICE, FIELD(study.task), .choice = task_choice,
		.recorded = 1},
	[OPT_IGNORE] = {"ignore", 0, "COLUMN[,...]",
		"columns to leave out, whatever they hold: names, numbers from 1, ranges such as "
		"3-12, and patterns such as 'pixel_*'; predict and evaluate then ignore them, too",
		"none",
		LEARN | PLAY, GROUP_DATA, KIND_TEXT, FIELD(study.ignore), .recorded = 1, .before = "null",
		.brief = "columns to leave out, such as id,3-12"},
	[OPT_INPUTS] = {"inputs", 0, "COLUMN[,...]",
		"the inputs, as --ignore lists columns; the others are left out",
		"all columns that no other option names",
		LEARN | PLAY, GROUP_DATA, KIND_TEXT, FIELD(study.input_columns), .recorded = 1,
		.before = "null", .common = PLAY,
		.brief = "columns to learn from; the others are left out"},
	[OPT_WEIGHT] = {"weight", 0, "COLUMN",
		"a column of numbers, 0 or more, that says how much each row counts in the "
		"training loss; it is no input; not in the validation loss and the report",
		"all rows count the same",
		LEARN, GROUP_DATA, KIND_TEXT, FIELD(study.weight), .recorded = 1, .before = "null",
		.brief = "column with the weights of the training rows"},
	[OPT_GROUP] = {"group", 0, "COLUMN",
		"rows with the same value in this column, such as those of a patient, are never on "
		"both sides of a split or a fold; it is no input; parts are not stratified then",
		"none",
		LEARN, GROUP_DATA, KIND_TEXT, FIELD(study.group), .recorded = 1, .before = "null",
		.brief = "column whose equal values stay on one side of a split"},
	[OPT_TIME_COLUMN] = {"time-column", 0, "COLUMN",
		"a column that orders the rows: the last part is held out, and each fold is "
		"predicted from the rows before it; it is no input unless --inputs names it",
		"none: parts are drawn at random",
		LEARN, GROUP_DATA, KIND_TEXT, FIELD(study.time_column), .recorded = 1,
		.before = "null",
		.brief = "column that orders the rows; the last are held out"},
	[OPT_HEADER] = {"header", 0, "NAME",
		"whether the first line of a CSV file has column names: ",
		"auto: by what stands in it and below it",
		WITH_DATA, GROUP_DATA,
		KIND_CHOICE, FIELD(study.header), .choice = header_choice, .recorded = 1,
		.common = EVALUATE | PREDICT | INSPECT,
		.brief = "whether a CSV file has a header: auto, yes, no"},
	[OPT_SEPARATOR] = {"separator", 0, "CHARACTER",
		"what stands between the columns of a CSV file: , ; | or a word: comma, semicolon, "
		"bar, tab, space (any number of blanks)",
		"what makes columns of equal number",
		WITH_DATA, GROUP_DATA, KIND_CHARACTER, FIELD(study.separator), .word = ",;|\t ",
		.recorded = 1, .before = "null",
		.brief = "between columns: tab, space, or a character"},
	[OPT_SKIP] = {"skip", 0, "N",
		"lines at the beginning of a CSV file that are not read", "0",
		WITH_DATA, GROUP_DATA, KIND_COUNT, FIELD(study.skip), 0, INT_MAX, .recorded = 1,
		.before = "0"},
	[OPT_ENCODING] = {"encoding", 0, "NAME",
		"the characters of a CSV file: utf-8, latin-1",
		"utf-8, else latin-1",
		WITH_DATA, GROUP_DATA, KIND_TEXT, FIELD(study.encoding), .recorded = 1,
		.before = "null"},
	[OPT_DECIMAL] = {"decimal", 0, "CHARACTER",
		"the decimal sign of all numbers: . or , (point, comma)", "decided by column",
		WITH_DATA, GROUP_DATA, KIND_CHARACTER, FIELD(study.decimal), .word = ".,",
		.recorded = 1, .before = "null"},
	[OPT_THOUSANDS] = {"thousands", 0, "CHARACTER",
		"what may stand between thousands: . , ' or space (point, comma, apostrophe)",
		"decided by column",
		WITH_DATA, GROUP_DATA, KIND_CHARACTER, FIELD(study.thousands), .word = ".,' ",
		.recorded = 1, .before = "null"},
	[OPT_NA] = {"na", 0, "TEXT[,...]",
		"texts that are missing values, beside an empty field, NA, nan, null, ? and the "
		"like; predict and evaluate remember those of training", "none",
		WITH_DATA, GROUP_DATA, KIND_TEXT, FIELD(study.na), .recorded = 1, .before = "null",
		.brief = "texts that are missing values, such as -999"},
	[OPT_TEXT] = {"text", 0, "COLUMN[,...]",
		"columns that hold texts, although all of them look like numbers; a list as for "
		"--ignore", "none",
		WITH_DATA, GROUP_DATA, KIND_TEXT, FIELD(study.text_columns), .recorded = 1,
		.before = "null",
		.brief = "columns that hold texts, such as codes"},
	[OPT_NUMERIC] = {"numeric", 0, "COLUMN[,...]",
		"columns that hold numbers, listed as for --ignore; another text in them is an "
		"error", "none",
		WITH_DATA, GROUP_DATA, KIND_TEXT, FIELD(study.numeric_columns), .recorded = 1,
		.before = "null",
		.brief = "columns that hold numbers; texts are an error"},
	[OPT_MISSING] = {"missing", 0, "NAME",
		"refuse missing values, replace them with the column's mean, leave their rows out, "
		"or replace them and tell the network so by one more input a column; predict and "
		"evaluate take mean alone: answer even if no value of a column fits; one of: ",
		"indicator",
		LEARN | PREDICT | EVALUATE | EXPLAIN, GROUP_DATA,
		KIND_CHOICE, FIELD(study.missing), .choice = missing_choice, .recorded = 1,
		.common = CHECK,
		.brief = "missing values: indicator, mean, drop or error"},
	[OPT_SCALING] = {"scaling", 0, "NAME",
		"what a column of numbers becomes; standard: (x - mean) / deviation; robust: "
		"median and quartiles in their place, and far values drawn in to 3; piecewise: an "
		"input for each bin between quantiles, how far the value has come in it; periodic: "
		"sines and cosines of random waves; none: x; one of: ",
		"piecewise for a table with at most 256 inputs; standard for counts, with sigmoid units, --l1, --l2, "
		"without hidden layers, and with optimizers other than adamw",
		LEARN, GROUP_DATA,
		KIND_CHOICE, FIELD(study.scaling), .choice = scaling_choice, .recorded = 1,
		.before = "\"standard\"",
		.brief = "of numbers: standard, robust, piecewise, ..."},
	[OPT_BINS] = {"bins", 0, "N",
		"the most bins of a column with --scaling piecewise, 2 to 64", "8",
		LEARN, GROUP_DATA,
		KIND_COUNT, FIELD(study.bins), 2, HEBB_BINS_MOST, .recorded = 1,
		.before = "null",
		.brief = "bins of a column with --scaling piecewise"},
	[OPT_TARGET_TRANSFORM] = {"target-transform", 0, "NAME",
		"what the network learns of a number to predict; standard: (y - mean) / deviation; "
		"log: the same of log y, for numbers above 0 whose errors grow with them; quantile: "
		"a normal deviate, by the share of the training rows below y; none: y; predictions "
		"and scores are in units of y in any case; one of: ",
		"standard; none for counts and with --scaling none",
		LEARN, GROUP_DATA,
		KIND_CHOICE, FIELD(study.target_transform), .choice = target_transform_choice,
		.recorded = 1, .before = "null",
		.brief = "learn log or quantiles of the target"},
	[OPT_TEST] = {"test", 0, "FRACTION|FILE|last:N",
		"the rows that are held out to measure the result: a share, a file, or the last N "
		"rows; 0: none",
		"the data's own test set, else 0.2; digits 0.4; in train with --folds, none",
		LEARN | PLAY, GROUP_DATA, KIND_PART, FIELD(study.test), .recorded = 1, .common = TRAIN,
		.brief = "rows held out for the score: share, file, last:N"},
	[OPT_VALIDATION] = {"validation", 0, "FRACTION|FILE|last:N",
		"the training rows that are held out to follow the loss during training; given as "
		"for --test",
		"none; with --patience, 0.1; in search without --folds, and with --conformal and "
		"--temperature, 0.2",
		LEARN, GROUP_DATA, KIND_PART, FIELD(study.validation), .recorded = 1},
	[OPT_PART] = {"part", 0, "NAME",
		"look at all rows, or only at those that training held out: ",
		"all",
		EVALUATE | EXPLAIN, GROUP_DATA,
		KIND_CHOICE, FIELD(part), .choice = part_choice, .recorded = 0,
		.common = EVALUATE | EXPLAIN,
		.brief = "all rows, or test: rows held out in training"},

	[OPT_CONFORMAL] = {"conformal", 0, NULL,
		"keep in the model how wrong it was on rows that it was not trained on, those of "
		"--validation or of --folds, so that 'hebb predict --interval' can give intervals "
		"and sets of classes; --validation is then 0.2 unless given, with --folds none",
		NULL,
		TRAIN | CHECK, GROUP_RESULT, KIND_FLAG, FIELD(study.conformal), .recorded = 1,
		.before = "false",
		.brief = "keep what 'predict --interval' needs"},
	[OPT_TEMPERATURE] = {"temperature", 0, NULL,
		"divide the last layer by one number that gives the rows of --validation or "
		"--folds the least log loss: the probabilities become more honest, the classes "
		"stay; for classes and labels; --validation as for --conformal",
		NULL,
		TRAIN | CHECK, GROUP_RESULT, KIND_FLAG, FIELD(study.temperature), .recorded = 1,
		.before = "false",
		.brief = "calibrate the probabilities"},

	[OPT_CLASSES_ONLY] = {"classes-only", 0, NULL,
		"only the class, without the probabilities", NULL,
		PREDICT, GROUP_RESULT, KIND_FLAG, FIELD(classes_only), .recorded = 0,
		.common = PREDICT},
	[OPT_INTERVAL] = {"interval", 0, "LEVEL",
		"add intervals around numbers, or sets of classes, that contain the truth with "
		"this probability, such as 0.9; the model was trained with --conformal", "none",
		PREDICT, GROUP_RESULT, KIND_NUMBER, FIELD(interval), 0, 1, .recorded = 0,
		.common = PREDICT,
		.brief = "add intervals or sets of this level, such as 0.9"},
	[OPT_STRICT] = {"strict", 0, NULL,
		"refuse DATA with a value that is missing or that training did not have, instead "
		"of answering all the same", NULL,
		PREDICT | EVALUATE | EXPLAIN, GROUP_DATA, KIND_FLAG, FIELD(strict), .recorded = 0,
		.brief = "refuse missing and new values"},
	[OPT_KEEP] = {"keep", 0, "COLUMN[,...]",
		"columns of a CSV file to copy unchanged before the prediction: names, numbers "
		"from 1, ranges 2-5, patterns x*", "none",
		PREDICT, GROUP_RESULT, KIND_TEXTS, FIELD(keep), .recorded = 0, .common = PREDICT,
		.brief = "columns of DATA to copy to the output"},
	[OPT_OUTSIDE] = {"outside", 0, NULL,
		"a last column, outside, with the inputs of the row that lie outside of what the "
		"model was trained on: a number beyond those of training, or a text that no row "
		"of training had; their names have | between them", NULL,
		PREDICT, GROUP_RESULT, KIND_FLAG, FIELD(outside), .recorded = 0,
		.common = PREDICT,
		.brief = "column with the inputs outside of training"},
	[OPT_DRIFT] = {"drift", 0, NULL,
		"after the predictions, a table on standard error: how much each input column "
		"differs from training (population stability index); with --json, an object", NULL,
		PREDICT, GROUP_RESULT, KIND_FLAG, FIELD(drift), .recorded = 0, .common = PREDICT,
		.brief = "table: how inputs differ from training"},
	[OPT_WORST] = {"worst", 0, "N",
		"list the N rows that the model was most wrong about, with truth, prediction and "
		"probability; of images, draw them", "none",
		EVALUATE, GROUP_RESULT, KIND_COUNT, FIELD(worst), 1, 1000000, .recorded = 0,
		.common = EVALUATE,
		.brief = "list the N rows it was most wrong about"},
	[OPT_IMPORTANCE] = {"importance", 0, NULL,
		"how much worse the score gets if a column is permuted over the rows, for each "
		"column; this is what explain shows without another option", NULL,
		EXPLAIN, GROUP_RESULT, KIND_FLAG, FIELD(importance), .recorded = 0,
		.common = EXPLAIN,
		.brief = "how much each column helps (the default)"},
	[OPT_DEPENDENCE] = {"dependence", 0, "COLUMN[,...]",
		"partial dependence: the mean output if all rows had the same value in a column, "
		"for the values of that column; a list as for --ignore", "none",
		EXPLAIN, GROUP_RESULT, KIND_TEXT, FIELD(dependence), .recorded = 0,
		.common = EXPLAIN,
		.brief = "how the outputs depend on a column"},
	[OPT_SHAPLEY] = {"shapley", 0, "ROW[,...]",
		"Shapley values: what each column adds to the outputs of these rows, compared with "
		"other rows of DATA; rows are numbers from 1 and ranges, such as 3,7-9", "none",
		EXPLAIN, GROUP_RESULT, KIND_TEXT, FIELD(shapley), .recorded = 0,
		.common = EXPLAIN,
		.brief = "what each column adds to the outputs of rows"},
	[OPT_GRADIENTS] = {"gradients", 0, "ROW[,...]",
		"integrated gradients of these rows: the same question, answered by the slopes of "
		"the network on the way from a baseline; for images and single rows", "none",
		EXPLAIN, GROUP_RESULT, KIND_TEXT, FIELD(gradients), .recorded = 0,
		.common = EXPLAIN,
		.brief = "the same by slopes, quick for images"},
	[OPT_OUTPUTS] = {"outputs", 0, "NAME[,...]",
		"the classes, targets or labels whose outputs are explained, by name or by number "
		"from 1", "all targets or labels; of a row the predicted class; for --dependence "
		"all classes, at most 10",
		EXPLAIN, GROUP_RESULT, KIND_TEXT, FIELD(outputs), .recorded = 0,
		.common = EXPLAIN,
		.brief = "classes or targets to explain"},
	[OPT_ROWS] = {"rows", 0, "N",
		"look at N rows, drawn at random, for --importance and --dependence",
		"at most 5,000, fewer for many columns and large networks",
		EXPLAIN, GROUP_DATA, KIND_COUNT, FIELD(rows), 2, INT_MAX, .recorded = 0},
	[OPT_GRID] = {"grid", 0, "N",
		"values of a column for --dependence", "20",
		EXPLAIN, GROUP_RESULT, KIND_COUNT, FIELD(grid), 2, 1000, .recorded = 0},
	[OPT_BACKGROUND] = {"background", 0, "N",
		"rows that --shapley compares with, drawn at random", "100",
		EXPLAIN, GROUP_DATA, KIND_COUNT, FIELD(background), 1, 10000, .recorded = 0},
	[OPT_WALKS] = {"walks", 0, "N",
		"orders of the columns that --shapley tries for a row, a multiple of twice "
		"--background; few columns are computed exactly instead",
		"as many as take about 260,000 predictions",
		EXPLAIN, GROUP_RESULT, KIND_COUNT, FIELD(walks), 1, 100000000, .recorded = 0},
	[OPT_STEPS] = {"steps", 0, "N",
		"points on the way for --gradients", "32 and more, until the gap is 1 %",
		EXPLAIN, GROUP_RESULT, KIND_COUNT, FIELD(steps), 1, 100000, .recorded = 0},
	[OPT_BASELINE] = {"baseline", 0, "NAME",
		"where the way of --gradients begins; mean: the mean of training, of texts none; "
		"black: 0 in each column of numbers; one of: ", "black for images, else mean",
		EXPLAIN, GROUP_RESULT, KIND_CHOICE, FIELD(baseline), .choice = baseline_choice,
		.recorded = 0},
	[OPT_PREDICTION] = {"prediction", 'o', "FILE",
		"file for the predictions, written completely or not at all; - is standard output", "-",
		PREDICT, GROUP_RESULT, KIND_TEXT, FIELD(prediction), .recorded = 0,
		.common = PREDICT,
		.brief = "file for the predictions"},
	[OPT_PAGE] = {"page", 'o', "FILE",
		"file for the comparison as a page of HTML, whose table sorts and filters; - is "
		"standard output", "none; the comparison is printed",
		REPORT, GROUP_RESULT, KIND_TEXT, FIELD(page), .recorded = 0, .common = REPORT,
		.brief = "file for the comparison as a page"},
	[OPT_MODEL] = {"model", 'o', "FILE",
		"file for the ONNX model; - is standard output",
		"DATA's name with .onnx, in the current folder",
		LEARN, GROUP_RESULT, KIND_TEXT, FIELD(model), .recorded = 0,
		.common = TRAIN | SEARCH,
		.brief = "file for the ONNX model"},
	[OPT_GRAPH] = {"graph", 0, "NAME",
		"what the graph of the model takes when other programs run it; numeric: one matrix "
		"of the network's inputs; full: the columns of DATA, gaps and texts included, and "
		"it names the class; auto: full if an input is text or had gaps; one of: ",
		"auto",
		LEARN, GROUP_RESULT,
		KIND_CHOICE, FIELD(study.graph), .choice = graph_choice, .recorded = 1,
		.before = "null",
		.brief = "what the model's graph takes: numeric or full"},
	[OPT_REPORT] = {"report", 0, "FILE",
		"also write the results as a page of HTML, which a browser shows without a network: "
		"scores and their intervals, curves, confusion, ROC, calibration, residuals, columns, "
		"the most wrong rows, the layers, the doctor's findings, and all numbers as JSON",
		"none",
		TRAIN | EVALUATE | SEARCH, GROUP_RESULT, KIND_TEXT, FIELD(report), .recorded = 0,
		.common = EVALUATE,
		.brief = "file for the results as a page, .html"},
	[OPT_TABLE] = {"table", 0, "FILE",
		"file for the trials, as CSV, written after each; the same command again "
		"continues from it",
		"DATA's name with -search.csv, in the current folder",
		SEARCH, GROUP_RESULT, KIND_TEXT, FIELD(trial_table), .recorded = 0},
	[OPT_CHECKPOINT] = {"checkpoint", 0, "FILE",
		"also write the state of the training to this file, in safetensors format, at "
		"intervals and at the end",
		"none; after Ctrl-C the model's name with .safetensors or, if that file exists, "
		"with -2.safetensors, ...",
		TRAIN, GROUP_RESULT, KIND_TEXT, FIELD(checkpoint), .recorded = 0},
	[OPT_EVERY] = {"every", 0, "N|LIMIT",
		"how often a checkpoint is written: after every N epochs, or every 60s, 5m, ...",
		"60s",
		TRAIN, GROUP_RESULT, KIND_EVERY, FIELD(every), .recorded = 0},
	[OPT_RESUME] = {"resume", 0, "FILE",
		"continue the training of this checkpoint; the result is bit-identical to that of "
		"an uninterrupted run; the options of the checkpoint apply, and only --epochs and "
		"--time may be changed; new checkpoints go to the same file",
		"none",
		TRAIN, GROUP_RESULT, KIND_TEXT, FIELD(resume), .recorded = 0},
	[OPT_POINTS] = {"points", 0, "N",
		"how many prepared points are drawn", "400",
		PLAY, GROUP_DATA, KIND_COUNT, FIELD(points), 10, 100000, .recorded = 0,
		.common = PLAY},
	[OPT_NOISE] = {"noise", 0, "X",
		"how far the prepared points are from their places, as a standard deviation; the "
		"places lie between -1 and 1",
		"spirals 0.02, moons 0.15, gaussian 0.2, the others 0.05",
		PLAY, GROUP_DATA, KIND_NUMBER, FIELD(noise), 0, 10, .recorded = 0,
		.common = PLAY, .brief = "how far the points are from their places"},
	[OPT_SAVE] = {"save", 0, "FILE",
		"write the prepared points as CSV; -: to standard output, and nothing else is done",
		NULL,
		PLAY, GROUP_RESULT, KIND_TEXT, FIELD(save), .recorded = 0, .common = PLAY,
		.brief = "write the points as CSV"},
	[OPT_OWN_X] = {"x", 'x', "X[,X...]",
		"inputs, or places at which f is shown",
		"the section's",
		TUTORIAL, GROUP_NUMBERS, KIND_TEXT, FIELD(own), .recorded = 0},
	[OPT_OWN_Y] = {"y", 'y', "Y[,Y...]",
		"wanted outputs",
		"the section's",
		TUTORIAL, GROUP_NUMBERS, KIND_TEXT, FIELD(own), .recorded = 0},
	[OPT_OWN_W] = {"w", 'w', "W[,W...]",
		"weights of the node",
		"the section's",
		TUTORIAL, GROUP_NUMBERS, KIND_TEXT, FIELD(own), .recorded = 0},
	[OPT_OWN_B] = {"b", 'b', "B[,B...]",
		"biases of the node",
		"the section's",
		TUTORIAL, GROUP_NUMBERS, KIND_TEXT, FIELD(own), .recorded = 0},
	[OPT_OWN_VALUES] = {"values", 0, "FILE",
		"your own x, y, W1, b1, W2, b2, ... from a small text file: lines such as x = "
		"1.5 2 3, a line for each pair or row of a matrix; # begins a comment",
		"the section's",
		TUTORIAL, GROUP_NUMBERS, KIND_TEXT, FIELD(own), .recorded = 0},
	[OPT_OWN_SIZES] = {"sizes", 0, "N,N[,N...]",
		"nodes of the layers, the input first",
		"the section's",
		TUTORIAL, GROUP_NUMBERS, KIND_TEXT, FIELD(own), .recorded = 0},
	[OPT_OWN_RATE] = {"rate", 'r', "X[,X...]",
		"step size alpha",
		"the section's",
		TUTORIAL, GROUP_NUMBERS, KIND_TEXT, FIELD(own), .recorded = 0},
	[OPT_OWN_START] = {"start", 0, "X[,X]",
		"where the descent starts",
		"the section's",
		TUTORIAL, GROUP_NUMBERS, KIND_TEXT, FIELD(own), .recorded = 0},
	[OPT_OWN_PRECISION] = {"precision", 0, "X",
		"the descent ends when a step is not above it",
		"the section's",
		TUTORIAL, GROUP_NUMBERS, KIND_TEXT, FIELD(own), .recorded = 0},
	[OPT_OWN_ITERATIONS] = {"iterations", 0, "N",
		"steps, or the most of them",
		"the section's",
		TUTORIAL, GROUP_NUMBERS, KIND_TEXT, FIELD(own), .recorded = 0},
	[OPT_OWN_CHANGE] = {"change", 0, "X",
		"by how much a weight is moved",
		"the section's",
		TUTORIAL, GROUP_NUMBERS, KIND_TEXT, FIELD(own), .recorded = 0},
	[OPT_OWN_TEST] = {"test", 0, "SHARE",
		"the share of the rows that are held out",
		"the section's",
		TUTORIAL, GROUP_NUMBERS, KIND_TEXT, FIELD(own), .recorded = 0},
	[OPT_OWN_HIDDEN] = {"hidden", 0, "N",
		"hidden nodes of the network for digits",
		"the section's",
		TUTORIAL, GROUP_NUMBERS, KIND_TEXT, FIELD(own), .recorded = 0},
	[OPT_OWN_L2] = {"l2", 0, "X",
		"the penalty lambda of section 6",
		"the section's",
		TUTORIAL, GROUP_NUMBERS, KIND_TEXT, FIELD(own), .recorded = 0},
	[OPT_FORCE] = {"force", 0, NULL,
		"overwrite files that hold something else: texts, models of other programs, "
		"checkpoints of other trainings, tables of other searches; input files are never "
		"overwritten", NULL,
		LEARN | EVALUATE | PREDICT | EXPLAIN | TUTORIAL | PLAY | REPORT, GROUP_RESULT, KIND_FLAG,
		FIELD(force),
		.recorded = 0,
		.common = TUTORIAL,
		.brief = "overwrite files that hold something else"},
	[OPT_FIGURES] = {"figures", 0, "DIR",
		"also write the figures as SVG files into this folder", NULL,
		TUTORIAL | EXPLAIN, GROUP_RESULT, KIND_TEXT, FIELD(figures), .recorded = 0,
		.common = TUTORIAL | EXPLAIN},
	[OPT_STEP] = {"step", 0, NULL,
		"stop after each step: Enter goes on, b back, n and p to the next and the previous "
		"section, c shows the contents, a the answers, q quits; without a terminal, "
		"standard input has a line for each", NULL,
		TUTORIAL, GROUP_RESULT, KIND_FLAG, FIELD(step), .recorded = 0, .common = TUTORIAL,
		.brief = "stop after each step; ? lists the keys"},
	[OPT_ANSWERS] = {"answers", 0, NULL,
		"also print the answers of the exercises at the end of each section", NULL,
		TUTORIAL, GROUP_RESULT, KIND_FLAG, FIELD(answers), .recorded = 0,
		.common = TUTORIAL, .brief = "answers of the exercises"},
	[OPT_CODE] = {"code", 0, "NAME",
		"print only the program of a section, ready to run: ", NULL,
		TUTORIAL, GROUP_RESULT, KIND_CHOICE, FIELD(code), .choice = code_choice,
		.recorded = 0},
	[OPT_FULL] = {"full", 0, NULL,
		"all workloads with whole epochs of 60,000 rows; takes minutes", NULL,
		BENCH, GROUP_RESULT, KIND_FLAG, FIELD(full), .recorded = 0, .common = BENCH,
		.brief = "all workloads; takes minutes"},
	[OPT_PLOT] = {"plot", 0, NULL,
		"draw the losses of training while it runs, and leave the plot on standard error, if "
		"that is a terminal; with --quiet only at the end; the environment variable "
		"HEBB_PLOT chooses auto, braille, blocks or ascii, for pipes and files too",
		NULL,
		TRAIN | SEARCH, GROUP_RESULT, KIND_FLAG, FIELD(plot), .recorded = 0,
		.brief = "draw the losses while it trains"},
	[OPT_JSON] = {"json", 0, NULL,
		"print one JSON object on standard output, and nothing else there; predict prints "
		"one per row",
		NULL,
		EVERY, GROUP_RESULT,
		KIND_FLAG, FIELD(json), .recorded = 0, .common = EVERY & ~(TRAIN | SEARCH),
		.brief = "JSON on standard output"},
	[OPT_QUIET] = {"quiet", 'q', NULL,
		"no progress and no notes; warnings stay", NULL,
		EVERY, GROUP_RESULT, KIND_FLAG, FIELD(quiet), .recorded = 0,
		.common = PREDICT | EVALUATE | TUTORIAL | BENCH | INSPECT | REPORT},
	[OPT_HELP] = {"help", 'h', NULL,
		"print this complete page; -h prints a short one", NULL,
		EVERY, GROUP_RESULT, KIND_FLAG, FIELD(help), .recorded = 0},
};
/* clang-format on */

int choice_next(const option_row *row, int value)
{
	while (row->choice(++value))
		if (!row->takes || row->takes(value))
			return value;
	return 0;
}

char *choice_list(const option_row *row, char *text, size_t size)
{
	size_t length = 0;

	text[0] = '\0';
	for (int i = choice_next(row, 0); i && length < size; i = choice_next(row, i))
		length += (size_t)snprintf(text + length, size - length, "%s%s", length ? ", " : "",
					   row->choice(i));
	return text;
}
