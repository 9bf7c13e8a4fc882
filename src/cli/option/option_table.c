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
OF_LIBRARY(norm)
OF_LIBRARY(preset)
OF_LIBRARY(weights)
OF_LIBRARY(strategy)
OF_LIBRARY(metric)

/* The names of one of the command's own, by value. */
#define OF_COMMAND(type, ...) \
	static const char *type##_choice(int value) \
	{ \
		static const char *const name[] = {__VA_ARGS__}; \
\
		return value > 0 && value < (int)(sizeof name / sizeof *name) ? name[value] \
									      : NULL; \
	}
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
		"256,128; more than 256 inputs: up to 1024,512",
		LEARN, GROUP_NETWORK, KIND_LAYERS, FIELD(study.units), .recorded = 1,
		.common = LEARN,
		.brief = "widths of hidden layers, such as 30,20, or none"},
	[OPT_ACTIVATION] = {"activation", 'a', "NAME",
		"activation of the hidden layers: ",
		"gelu; in the tutorial sigmoid, for all nodes",
		LEARN | TUTORIAL, GROUP_NETWORK,
		KIND_CHOICE, FIELD(study.activation), .choice = activation_choice,
		.takes = is_for_hidden, .recorded = 1, .common = CHECK | TUTORIAL,
		.brief = "f of the hidden layers: gelu, relu, tanh, ..."},
	[OPT_OUTPUT] = {"output", 0, "NAME",
		"activation of the last layer: ", "softmax for classes, linear for numbers, exp "
		"for counts",
		LEARN, GROUP_NETWORK,
		KIND_CHOICE, FIELD(study.output), .choice = activation_choice,
		.takes = is_for_output, .recorded = 1},
	[OPT_LOSS] = {"loss", 0, "NAME",
		"what training minimizes; poisson is for counts and predicts the expected number: ",
		"cross-entropy for classes, squared for numbers and a linear output",
		LEARN, GROUP_NETWORK,
		KIND_CHOICE, FIELD(study.loss), .choice = loss_choice, .recorded = 1},
	[OPT_INIT] = {"init", 0, "NAME",
		"how the weights start: ",
		"auto: lecun for selu, he for others like relu, else glorot",
		LEARN, GROUP_NETWORK,
		KIND_CHOICE, FIELD(study.init), .choice = start_choice, .recorded = 1},
	[OPT_NORM] = {"norm", 0, "NAME",
		"normalization of each hidden layer before its activation; batch: each unit over "
		"the rows of a batch; layer: each row over the units: ",
		"none",
		LEARN, GROUP_NETWORK,
		KIND_CHOICE, FIELD(study.norm), .choice = norm_choice, .recorded = 1},
	[OPT_SHORTCUTS] = {"shortcuts", 0, NULL,
		"adds to each hidden layer's output its input, where both are equally wide", NULL,
		LEARN, GROUP_NETWORK, KIND_FLAG, FIELD(study.shortcuts), .recorded = 1},

	[OPT_OPTIMIZER] = {"optimizer", 0, "NAME",
		"the rule that updates the weights: ",
		"adamw",
		LEARN, GROUP_TRAINING,
		KIND_CHOICE, FIELD(study.optimizer), .choice = rule_choice, .recorded = 1,
		.common = CHECK,
		.brief = "how weights move: sgd, adam, lbfgs, ..."},
	[OPT_RATE] = {"rate", 'r', "X",
		"learning rate", "0.005, constant and plateau 0.001; rmsprop and adam 0.001; "
		"momentum and nesterov 0.02; sgd 0.1; lion 0.0001; rprop 0.01, its first step; "
		"lbfgs none",
		LEARN, GROUP_TRAINING, KIND_NUMBER, FIELD(study.rate), 0, 1e6, .recorded = 1,
		.common = LEARN},
	[OPT_SCHEDULE] = {"schedule", 0, "NAME",
		"how the rate changes over the run: ",
		"one-cycle; with --warmup cosine; with --patience, rprop and lbfgs constant",
		LEARN, GROUP_TRAINING,
		KIND_CHOICE, FIELD(study.schedule), .choice = schedule_choice, .recorded = 1},
	[OPT_WARMUP] = {"warmup", 0, "X",
		"the rate rises from 0 over this share of the run", "0",
		LEARN, GROUP_TRAINING, KIND_NUMBER, FIELD(study.warmup), 0, 0.999, .recorded = 1},
	[OPT_DECAY] = {"decay", 0, "X",
		"the rate's factor from stage to stage with --schedule step and exponential, and "
		"after each wait of plateau", "0.1",
		LEARN, GROUP_TRAINING, KIND_NUMBER, FIELD(study.decay), 1e-6, 0.999999,
		.recorded = 1},
	[OPT_STAGES] = {"stages", 0, "N",
		"equal parts of the run for --schedule step, exponential and warm-restarts", "3",
		LEARN, GROUP_TRAINING, KIND_COUNT, FIELD(study.stages), 1, INT_MAX, .recorded = 1},
	[OPT_PLATEAU] = {"plateau", 0, "N",
		"epochs without a lower loss that --schedule plateau waits for", "10",
		LEARN, GROUP_TRAINING, KIND_COUNT, FIELD(study.plateau), 1, INT_MAX, .recorded = 1},
	[OPT_L1] = {"l1", 0, "X",
		"penalty X times the sum of the weights' sizes", "0",
		LEARN, GROUP_TRAINING, KIND_NUMBER, FIELD(study.l1), 0, 1e6, .recorded = 1},
	[OPT_L2] = {"l2", 0, "X",
		"penalty X/2 times the sum of the squared weights", "0",
		LEARN, GROUP_TRAINING, KIND_NUMBER, FIELD(study.l2), 0, 1e6, .recorded = 1},
	[OPT_WEIGHT_DECAY] = {"weight-decay", 0, "X",
		"weights shrink by rate times X at each update",
		"1200 / (n log2 K) with n rows to train on and K classes, 600 / n for numbers, at "
		"most 2; a tenth of that with --augment; 0 with --l1, --l2, sigmoid units or no "
		"hidden layer, and with any optimizer but adamw",
		LEARN, GROUP_TRAINING, KIND_NUMBER, FIELD(study.weight_decay), 0, 1e6,
		.recorded = 1},
	[OPT_DROPOUT] = {"dropout", 0, "X",
		"share of each hidden layer's outputs that training sets to 0, drawn anew for "
		"each row and update; below 1", "0.2; rprop and lbfgs 0",
		LEARN, GROUP_TRAINING, KIND_NUMBER, FIELD(study.dropout), 0, 0.99, .recorded = 1},
	[OPT_CLIP] = {"clip", 0, "X",
		"a gradient whose norm is above X is scaled down to it; 0: never", "0",
		LEARN, GROUP_TRAINING, KIND_NUMBER, FIELD(study.clip), 0, 1e6, .recorded = 1},
	[OPT_MAX_NORM] = {"max-norm", 0, "X",
		"the weights into a unit whose norm is above X are scaled down to it; 0: never",
		"0",
		LEARN, GROUP_TRAINING, KIND_NUMBER, FIELD(study.max_norm), 0, 1e6, .recorded = 1},
	[OPT_AVERAGE] = {"average", 0, "X",
		"decay of a moving average of the weights, which is validated and saved, such as "
		"0.999; 1: their mean (SWA); 0: none", "0",
		LEARN, GROUP_TRAINING, KIND_NUMBER, FIELD(study.average), 0, 1, .recorded = 1},
	[OPT_AVERAGE_FROM] = {"average-from", 0, "X",
		"the share of the run after which the average begins", "0; with --average 1 0.75",
		LEARN, GROUP_TRAINING, KIND_NUMBER, FIELD(study.average_from), 0, 0.999,
		.recorded = 1},
	[OPT_LABEL_SMOOTHING] = {"label-smoothing", 0, "X",
		"the class of a row counts 1 - X in the training loss and all classes share X; "
		"not in the validation loss and the report", "0",
		LEARN, GROUP_TRAINING, KIND_NUMBER, FIELD(study.label_smoothing), 0, 0.999,
		.recorded = 1},
	[OPT_CLASS_WEIGHTS] = {"class-weights", 0, "NAME",
		"weights of the training rows; balanced: all classes count the same, a row n / (K "
		"n_k) for K classes with n_k of the n rows; not in the validation loss and the "
		"report: ",
		"none",
		LEARN, GROUP_TRAINING,
		KIND_CHOICE, FIELD(study.class_weights), .choice = weights_choice, .recorded = 1,
		.common = CHECK,
		.brief = "balanced: all classes count alike"},
	[OPT_BATCH] = {"batch", 'b', "N|all",
		"rows in an update",
		"32; from 8,192 rows on 64, 32,768 128, 131,072 256; rprop and lbfgs all",
		LEARN, GROUP_TRAINING,
		KIND_COUNT, FIELD(study.batch), 1, INT_MAX, .word = "all", .recorded = 1},
	[OPT_ACCUMULATE] = {"accumulate", 0, "N",
		"batches per update: the same as one batch N times as large, with the memory of "
		"one", "1",
		LEARN, GROUP_TRAINING, KIND_COUNT, FIELD(study.accumulate), 1, INT_MAX,
		.recorded = 1},
	[OPT_IN_ORDER] = {"in-order", 0, NULL,
		"rows in their order; else they are shuffled anew in every epoch", NULL,
		TRAIN | BENCH | SEARCH, GROUP_TRAINING, KIND_FLAG, FIELD(study.in_order),
		.recorded = 1, .common = BENCH,
		.brief = "rows in their order, not shuffled"},
	[OPT_EPOCHS] = {"epochs", 'e', "N",
		"how often every training row is seen",
		"2500 / the square root of the rows to train on, at least 3; with --augment 3.2 "
		"times that; rprop and lbfgs 100",
		LEARN, GROUP_TRAINING, KIND_COUNT, FIELD(study.epochs), 0, INT_MAX, .recorded = 1,
		.common = TRAIN | CHECK},
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
		"stop training after 60s, 5m, 1h, ...; a search begins no new trial after that",
		"none",
		LEARN, GROUP_TRAINING, KIND_TIME, FIELD(study.time), .recorded = 1,
		.common = SEARCH,
		.brief = "begin no trial after 60s, 5m, 1h, ..."},
	[OPT_RECIPE] = {"recipe", 0, "NAME",
		"other defaults: those of the tutorial's program (30 sigmoid units, squared "
		"error, uniform [0,1) start, 3000 full-batch iterations of sgd at rate 0.25, "
		"scaling over all rows, 40 % held out at random): ",
		"none",
		LEARN, GROUP_TRAINING,
		KIND_CHOICE, FIELD(study.recipe), .choice = preset_choice, .recorded = 1},
	[OPT_REPEAT] = {"repeat", 0, "N",
		"N runs with the seeds S, S+1, ..., each with its own split and start; mean with "
		"its 95 % interval, sd and range are printed, after Ctrl-C of the runs that "
		"ended, and train saves the model of the first", "1",
		TRAIN | CHECK | TUTORIAL, GROUP_TRAINING, KIND_COUNT, FIELD(study.repeat), 1,
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
		"settings to try; fewer if the lists have fewer combinations", "30",
		SEARCH, GROUP_TRAINING, KIND_COUNT, FIELD(trials), 1, 1000000, .recorded = 0,
		.common = SEARCH,
		.brief = "settings to try"},
	[OPT_STRATEGY] = {"strategy", 0, "NAME",
		"random: every trial has all epochs; halving: all trials have few epochs, then "
		"the best third three times as many, trained again, and so on up to --epochs: ",
		"random",
		SEARCH, GROUP_TRAINING,
		KIND_CHOICE, FIELD(strategy), .choice = strategy_choice, .recorded = 0,
		.common = SEARCH,
		.brief = "random or halving"},
	[OPT_METRIC] = {"metric", 0, "NAME",
		"the score of a trial, on rows that it was not trained on: ",
		"loss",
		SEARCH, GROUP_TRAINING,
		KIND_CHOICE, FIELD(metric), .choice = metric_choice, .recorded = 0,
		.common = SEARCH,
		.brief = "how trials are scored: accuracy, rmse, ..."},
	[OPT_SEED] = {"seed", 's', "S",
		"of split, start and shuffling: equal seeds give equal networks, to the bit", "1",
		LEARN | TUTORIAL, GROUP_TRAINING, KIND_SEED, FIELD(study.seed), .recorded = 1,
		.common = TRAIN | TUTORIAL,
		.brief = "equal seeds give equal networks"},
	[OPT_PRECISION] = {"precision", 0, "NAME",
		"type of the numbers that training multiplies; bf16 has 8 significant bits and "
		"trains larger networks up to twice as fast where the CPU has AVX512_BF16; sums "
		"and weights stay f32: ",
		"f32",
		TRAIN | BENCH | SEARCH, GROUP_TRAINING,
		KIND_CHOICE, FIELD(study.precision), .choice = precision_choice, .recorded = 1,
		.common = BENCH,
		.brief = "multiply f32 or bf16 numbers"},
	[OPT_THREADS] = {"threads", 'j', "N",
		"at most N threads; the result is the same for any number",
		"as many as the machine has; in bench 1",
		LEARN | PREDICT | BENCH, GROUP_TRAINING, KIND_COUNT, FIELD(study.threads), 1, 4096,
		.recorded = 0, .common = PREDICT | BENCH,
		.brief = "threads at most"},

	[OPT_TARGET] = {"target", 0, "COLUMN[,...]",
		"what to predict, by name or by number from 1; several numeric columns make a "
		"regression with several outputs",
		"the last column",
		LEARN, GROUP_DATA, KIND_TEXT, FIELD(study.target), .recorded = 1, .common = LEARN,
		.brief = "what to predict, name or number"},
	[OPT_LABELS] = {"labels", 0, "COLUMN[,...]",
		"what to predict, in place of --target: columns with two values each, such as 0 and "
		"1 or no and yes; a row has any of these labels, and each gets a probability",
		"none",
		LEARN, GROUP_DATA, KIND_TEXT, FIELD(study.labels), .recorded = 1, .before = "null"},
	[OPT_TASK] = {"task", 0, "NAME",
		"", "auto: classification if the target is text or at most 20 distinct integers",
		LEARN, GROUP_DATA, KIND_CHOICE, FIELD(study.task), .choice = task_choice,
		.recorded = 1},
	[OPT_HEADER] = {"header", 0, "NAME",
		"whether the first line of a CSV file holds names: ",
		"auto: if a field is not a number and the column below it is",
		WITH_DATA, GROUP_DATA,
		KIND_CHOICE, FIELD(study.header), .choice = header_choice, .recorded = 1,
		.common = EVALUATE | PREDICT | INSPECT,
		.brief = "whether a CSV file has a header: auto, yes, no"},
	[OPT_MISSING] = {"missing", 0, "NAME",
		"refuse missing values, replace them by the mean, or drop their rows: ",
		"error",
		LEARN, GROUP_DATA,
		KIND_CHOICE, FIELD(study.missing), .choice = missing_choice, .recorded = 1,
		.common = CHECK,
		.brief = "missing values: error, mean or drop"},
	[OPT_TEST] = {"test", 0, "FRACTION|FILE|last:N",
		"the part that is held out to measure the result; 0: none",
		"the data's own test set, else 0.2; digits 0.4; in train with --folds none",
		LEARN, GROUP_DATA, KIND_PART, FIELD(study.test), .recorded = 1, .common = TRAIN,
		.brief = "rows held out to measure it: a share, file, last:N"},
	[OPT_VALIDATION] = {"validation", 0, "FRACTION|FILE|last:N",
		"the part of the training rows that is held out to watch the training",
		"none; 0.1 with --patience; in search 0.2 without --folds",
		LEARN, GROUP_DATA, KIND_PART, FIELD(study.validation), .recorded = 1,
		.common = TRAIN,
		.brief = "rows watched while training, likewise"},
	[OPT_PART] = {"part", 0, "NAME",
		"score all rows, or only those that training held out: ",
		"all",
		EVALUATE, GROUP_DATA,
		KIND_CHOICE, FIELD(part), .choice = part_choice, .recorded = 0, .common = EVALUATE,
		.brief = "all rows, or test: those held out in training"},

	[OPT_CLASSES_ONLY] = {"classes-only", 0, NULL,
		"the class alone, without the probabilities", NULL,
		PREDICT, GROUP_RESULT, KIND_FLAG, FIELD(classes_only), .recorded = 0,
		.common = PREDICT},
	[OPT_KEEP] = {"keep", 0, "COLUMN[,...]",
		"columns of a CSV file to copy unchanged before the prediction, by name or by "
		"number from 1", "none",
		PREDICT, GROUP_RESULT, KIND_TEXTS, FIELD(keep), .recorded = 0, .common = PREDICT,
		.brief = "columns of DATA before each answer"},
	[OPT_PREDICTION] = {"prediction", 'o', "FILE",
		"where the prediction goes, whole or not at all; - is standard output", "-",
		PREDICT, GROUP_RESULT, KIND_TEXT, FIELD(prediction), .recorded = 0,
		.common = PREDICT,
		.brief = "where the answers go"},
	[OPT_MODEL] = {"model", 'o', "FILE",
		"file for the ONNX model; - is standard output",
		"DATA's name .onnx, in this directory",
		LEARN, GROUP_RESULT, KIND_TEXT, FIELD(model), .recorded = 0,
		.common = TRAIN | SEARCH,
		.brief = "where the ONNX model goes"},
	[OPT_TABLE] = {"table", 0, "FILE",
		"file for the trials, as CSV, written after each; the same command again "
		"continues from it",
		"DATA's name -search.csv, in this directory",
		SEARCH, GROUP_RESULT, KIND_TEXT, FIELD(trial_table), .recorded = 0},
	[OPT_CHECKPOINT] = {"checkpoint", 0, "FILE",
		"also write the state of the training to this file, at intervals and at the end: "
		"safetensors",
		"none; after Ctrl-C the model's name .safetensors, or -2.safetensors, ... if that "
		"is taken",
		TRAIN, GROUP_RESULT, KIND_TEXT, FIELD(checkpoint), .recorded = 0},
	[OPT_EVERY] = {"every", 0, "N|LIMIT",
		"how often: after every N epochs, or after every 60s, 5m, ...",
		"60s",
		TRAIN, GROUP_RESULT, KIND_EVERY, FIELD(every), .recorded = 0},
	[OPT_RESUME] = {"resume", 0, "FILE",
		"continue the training of that checkpoint, to the same bits; its options apply, "
		"and only --epochs and --time may be changed; the file is written again",
		"none",
		TRAIN, GROUP_RESULT, KIND_TEXT, FIELD(resume), .recorded = 0},
	[OPT_FORCE] = {"force", 0, NULL,
		"write over files that hold something else: texts, models of other programs, "
		"other trainings' checkpoints, other searches' tables; never over a file that is "
		"read", NULL,
		LEARN | PREDICT | TUTORIAL, GROUP_RESULT, KIND_FLAG, FIELD(force), .recorded = 0,
		.common = TUTORIAL,
		.brief = "write over files that hold something else"},
	[OPT_FIGURES] = {"figures", 0, "DIR",
		"also write the figures as SVG files into this folder", NULL,
		TUTORIAL, GROUP_RESULT, KIND_TEXT, FIELD(figures), .recorded = 0,
		.common = TUTORIAL},
	[OPT_STEP] = {"step", 0, NULL,
		"wait for a key between the steps; q ends it", NULL,
		TUTORIAL, GROUP_RESULT, KIND_FLAG, FIELD(step), .recorded = 0, .common = TUTORIAL},
	[OPT_FULL] = {"full", 0, NULL,
		"all workloads with whole epochs of 60,000 rows; takes minutes", NULL,
		BENCH, GROUP_RESULT, KIND_FLAG, FIELD(full), .recorded = 0, .common = BENCH,
		.brief = "all workloads; takes minutes"},
	[OPT_JSON] = {"json", 0, NULL,
		"one JSON object on standard output, and nothing else there; in predict one a row",
		NULL,
		EVERY, GROUP_RESULT,
		KIND_FLAG, FIELD(json), .recorded = 0, .common = EVERY,
		.brief = "JSON on standard output"},
	[OPT_QUIET] = {"quiet", 'q', NULL,
		"no progress and no notes; warnings stay", NULL,
		EVERY, GROUP_RESULT, KIND_FLAG, FIELD(quiet), .recorded = 0,
		.common = PREDICT | EVALUATE | TUTORIAL | BENCH | INSPECT},
	[OPT_HELP] = {"help", 'h', NULL,
		"this page, all of it; -h: the short one", NULL,
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
