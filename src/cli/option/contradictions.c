/* SPDX-License-Identifier: MIT */
/*
 * contradictions.c - given options that contradict each other
 */
#include "options.h"

#include <stdio.h>
#include <string.h>

#include "draw/terminal.h"

/* Refuses options that the chosen schedule does not have. */
static int contradictions_of_schedule(const options *o)
{
	int schedule = option_given(o, OPT_SCHEDULE) ? o->study.schedule : 0;
	int falls = schedule == HEBB_STEP || schedule == HEBB_EXPONENTIAL;
	char end[40] = "; none was given";

	if (schedule)
		snprintf(end, sizeof end, ", not %s", hebb_schedule_name((hebb_schedule)schedule));
	if (option_given(o, OPT_DECAY) && !falls && schedule != HEBB_PLATEAU)
		return misuse("--decay", "is for --schedule step, exponential and plateau%s", end);
	if (option_given(o, OPT_STAGES) && !falls && schedule != HEBB_WARM_RESTARTS)
		return misuse("--stages", "is for --schedule step, exponential and warm-restarts%s",
			      end);
	if (option_given(o, OPT_PLATEAU) && schedule != HEBB_PLATEAU)
		return misuse("--plateau", "is for --schedule plateau%s", end);
	if (option_given(o, OPT_WARMUP) && o->study.warmup > 0 && schedule == HEBB_ONE_CYCLE)
		return misuse("--warmup", "the one-cycle schedule has a warm-up of its own");
	return EXIT_DONE;
}

/* Refuses --dropout, --norm and --shortcuts if other given options contradict them. */
static int contradictions_of_layers(const options *o)
{
	int norm = option_given(o, OPT_NORM) ? o->study.norm : HEBB_NORM_NONE, bridged = 0;

	if (option_given(o, OPT_DROPOUT) && o->study.dropout > 0 && option_given(o, OPT_LAYERS) &&
	    o->study.hidden == 0)
		return misuse("--dropout",
			      "sets outputs of hidden layers to 0, but --layers none has no "
			      "hidden layer");
	if (norm != HEBB_NORM_NONE && option_given(o, OPT_LAYERS) && o->study.hidden == 0)
		return misuse("--norm", "is for hidden layers, and --layers none has none");
	if (norm == HEBB_NORM_BATCH && option_given(o, OPT_BATCH) && o->study.batch == 1)
		return misuse("--norm", "batch normalization needs several rows in a batch, and "
					"--batch 1 has one; try 16 or more, or --norm layer");
	if (norm == HEBB_NORM_BATCH && option_given(o, OPT_OPTIMIZER) &&
	    o->study.optimizer == HEBB_LBFGS)
		return misuse("--norm", "batch normalization does not work with lbfgs, which needs "
					"the same cost in training and in use; try --norm layer");
	if (!o->study.shortcuts)
		return EXIT_DONE;
	for (int l = 1; l < o->study.hidden && option_given(o, OPT_LAYERS); l++)
		bridged += o->study.units[l] == o->study.units[l - 1];
	if (!bridged)
		return misuse("--shortcuts",
			      "needs two neighboring hidden layers of equal width, such as "
			      "--layers 64,64");
	return EXIT_DONE;
}

/* Refuses options of checkpoints that cannot take effect. */
static int contradictions_of_checkpoints(const options *o)
{
	const char *name = o->checkpoint ? "--checkpoint" : "--resume";

	if ((o->checkpoint || o->resume) && option_given(o, OPT_REPEAT) && o->study.repeat > 1)
		return misuse(name, "is for one run, not the %d of --repeat", o->study.repeat);
	if ((o->checkpoint || o->resume) && option_given(o, OPT_FOLDS))
		return misuse(name, "is for one run, not for those of --folds");
	if ((o->checkpoint || o->resume) &&
	    (o->study.effort > HEBB_EFFORT_QUICK || o->study.members > 1))
		return misuse(name, "is for one training, not for the several of %s",
			      o->study.members > 1 ? "--members" : "--effort good and best");
	if (o->checkpoint && strcmp(o->checkpoint, "-") == 0)
		return misuse("--checkpoint", "needs a file, because it is rewritten many times");
	if (o->resume && strcmp(o->resume, "-") == 0)
		return misuse("--resume", "needs a file, because it is read and rewritten");
	if (option_given(o, OPT_EVERY) && !o->checkpoint && !o->resume)
		return misuse("--every",
			      "says how often a checkpoint is written; --checkpoint FILE "
			      "says where");
	if (o->checkpoint && o->model && strcmp(o->checkpoint, o->model) == 0)
		return misuse("--checkpoint",
			      "is the file of the model too; each needs its own file");
	return EXIT_DONE;
}

/* Refuses options that the given update rule does not have. */
static int contradictions_of_optimizer(const options *o)
{
	int lbfgs = option_given(o, OPT_OPTIMIZER) && o->study.optimizer == HEBB_LBFGS;
	int full_batch =
		lbfgs || (option_given(o, OPT_OPTIMIZER) && o->study.optimizer == HEBB_RPROP);

	if (lbfgs && option_given(o, OPT_RATE))
		return misuse("--rate", "lbfgs finds the length of each step itself");
	if (full_batch && option_given(o, OPT_BATCH) && o->study.batch != 0)
		return misuse("--batch",
			      "%s compares successive gradients, and those of batches differ by "
			      "chance; use --batch all",
			      hebb_rule_name((hebb_rule)o->study.optimizer));
	if (option_given(o, OPT_AVERAGE_FROM) &&
	    !(option_given(o, OPT_AVERAGE) && o->study.average > 0))
		return misuse("--average-from", "says where the average begins, and there is no "
						"average; give --average too");
	return EXIT_DONE;
}

/* Refuses a loss with an output that it is not for. */
static int contradictions_of_loss(const options *o)
{
	const char *output = hebb_activation_name((hebb_activation)o->study.output);

	if (!option_given(o, OPT_LOSS) || !option_given(o, OPT_OUTPUT))
		return EXIT_DONE;
	if (o->study.loss == HEBB_CROSS_ENTROPY &&
	    (o->study.output == HEBB_LINEAR || o->study.output == HEBB_EXP))
		return misuse("--loss", "cross-entropy needs --output softmax or sigmoid, not %s",
			      output);
	if (o->study.loss == HEBB_POISSON && o->study.output != HEBB_EXP)
		return misuse("--loss", "poisson needs --output exp, a rate, not %s", output);
	return EXIT_DONE;
}

/* Refuses options of runs and rows that cannot take effect. */
static int contradictions_of_rows(const options *o)
{
	if (option_given(o, OPT_PATIENCE) && o->study.patience > 0 &&
	    option_given(o, OPT_VALIDATION) && o->study.validation.kind == HEBB_PART_NONE)
		return misuse(
			"--patience",
			"watches the validation loss, but --validation 0 holds no rows for it");
	if (o->study.decimal && o->study.decimal == o->study.thousands)
		return misuse("--decimal", "and --thousands are the same character");
	if (o->study.encoding && strcmp(o->study.encoding, "utf-8") != 0 &&
	    strcmp(o->study.encoding, "latin-1") != 0)
		return misuse("--encoding", "'%s' is not utf-8 or latin-1", o->study.encoding);
	if (option_given(o, OPT_FOLDS) && option_given(o, OPT_REPEAT))
		return misuse("--folds",
			      "cannot be combined with --repeat, because both train several times");
	return EXIT_DONE;
}

/* Refuses levels that no interval has, and calibration without rows. */
static int contradictions_of_intervals(const options *o)
{
	const char *name = o->study.conformal > 0 ? "--conformal" : "--temperature";

	if (option_given(o, OPT_INTERVAL) && !(o->interval > 0 && o->interval < 1))
		return misuse("--interval", "a level is above 0 and below 1, such as 0.9, not %s",
			      hebb_show_number(o->interval, 6).text);
	if ((o->study.conformal > 0 || o->study.temperature > 0) && !option_given(o, OPT_FOLDS) &&
	    option_given(o, OPT_VALIDATION) && o->study.validation.kind == HEBB_PART_NONE)
		return misuse(name, "needs rows that are not trained on, but --validation 0 holds "
				    "none out; leave it out for a fifth of the rows");
	return EXIT_DONE;
}

/* Refuses two uses of one stream. */
static int contradictions_of_streams(const options *o)
{
	if (o->report && strcmp(o->report, "-") == 0)
		return misuse("--report", "needs a file, because standard output has the scores");
	if (o->json && o->model && strcmp(o->model, "-") == 0)
		return misuse("--json", "standard output takes the model or the JSON, not both; "
					"give --model a file");
	if (o->json && o->page && strcmp(o->page, "-") == 0)
		return misuse("--json", "standard output takes the page or the JSON, not both; "
					"give --page a file");
	if (o->command != REPORT && o->operands == 2 && strcmp(o->operand[0], "-") == 0 &&
	    strcmp(o->operand[1], "-") == 0)
		return misuse("-", "standard input can be the model or the data, not both");
	return EXIT_DONE;
}

/* Refuses what predict and evaluate cannot do about missing values. */
static int contradictions_of_missing(const options *o)
{
	if (!(o->command & (PREDICT | EVALUATE | EXPLAIN)) || !option_given(o, OPT_MISSING))
		return EXIT_DONE;
	if (o->study.missing != HEBB_MISSING_MEAN)
		return misuse("--missing",
			      "a trained model fills missing values as it learned to; mean, the "
			      "only choice here, answers even if no value of a column fits%s",
			      o->study.missing == HEBB_MISSING_ERROR
				      ? "; --strict refuses missing values"
				      : "");
	if (o->strict)
		return misuse("--strict", "contradicts --missing mean");
	return EXIT_DONE;
}

/* Refuses --bins where there are none. */
static int contradictions_of_scaling(const options *o)
{
	if (option_given(o, OPT_BINS) && option_given(o, OPT_SCALING) && !o->resume &&
	    o->study.scaling != HEBB_SCALING_PIECEWISE)
		return misuse("--bins", "is for --scaling piecewise, not %s",
			      hebb_scaling_name(o->study.scaling));
	return EXIT_DONE;
}

int options_check(const options *o)
{
	int (*const check[])(const options *) = {
		contradictions_of_optimizer, contradictions_of_streams,
		contradictions_of_loss,      contradictions_of_rows,
		contradictions_of_layers,    contradictions_of_checkpoints,
		contradictions_of_schedule,  contradictions_of_missing,
		contradictions_of_intervals, contradictions_of_scaling};

	for (size_t i = 0; i < sizeof check / sizeof *check; i++)
		if (check[i](o) != EXIT_DONE)
			return EXIT_MISUSED;
	return EXIT_DONE;
}
