/* SPDX-License-Identifier: MIT */
/*
 * defaults.c - the options that nobody gave
 *
 * The rule, complete.  It aims at what works best over many data sets:
 *
 *   network     one hidden layer of 128 units, relu, automatic start
 *   output      a classification: softmax with cross-entropy; with --output linear, squared
 *               error.  A regression: linear with squared error; with one of --loss poisson and
 *               --output exp the other too, and targets as they are
 *   training    adam, rate 0.001, batches of 32 rows (rprop, lbfgs: all), 100 epochs, no penalties, no weight decay
 *               (adamw: 0.01), no clipping, no bound of norms, no averaging, no limit of time
 *   rate        by optimizer: sgd 0.1, momentum and nesterov 0.02, rmsprop, adam and adamw 0.001,
 *               rprop 0.01, lion 0.0001;
 *               constant; a schedule of stages has 3 and the factor 0.1, a plateau 10 epochs
 *   test        the data's own test set if it has one; else 20 % of the rows; of the embedded
 *               digits 40 %, as the tutorial; with the folds of train no other than its own
 *   validation  none; 10 % of the training rows if --patience needs it; in a search without folds
 *               20 %
 *   search      30 trials, random, by the loss
 *
 * --recipe tutorial replaces it by the tutorial's program, item by item; an option given beside it
 * counts more.
 */
#include "defaults.h"

enum { HIDDEN_UNITS = 128, BATCH = 32, EPOCHS = 100 };
enum { TUTORIAL_UNITS = 30, TUTORIAL_EPOCHS = 3000 };

static double usual_rate(int optimizer)
{
	switch (optimizer) {
	case HEBB_SGD:
		return 0.1;
	case HEBB_MOMENTUM:
	case HEBB_NESTEROV:
		return 0.02;
	case HEBB_RPROP:
		return 0.01;
	case HEBB_LION:
		return 0.0001;
	default:
		return 0.001;
	}
}

static void set_int(const options *given, option_id id, int *field, int value)
{
	if (!option_given(given, id))
		*field = value;
}

static void set_double(const options *given, option_id id, double *field, double value)
{
	if (!option_given(given, id))
		*field = value;
}

int wants_counts(const options *given)
{
	return (option_given(given, OPT_LOSS) && given->loss == HEBB_POISSON) ||
	       (option_given(given, OPT_OUTPUT) && given->output == HEBB_EXP);
}

static void choose_network(options *o, const facts *data)
{
	int tutorial = o->recipe == RECIPE_TUTORIAL, classes = data->task == HEBB_CLASSIFICATION;
	int counts = wants_counts(o);

	if (!option_given(o, OPT_LAYERS)) {
		o->hidden = 1;
		o->units[0] = tutorial ? TUTORIAL_UNITS : HIDDEN_UNITS;
	}
	set_int(o, OPT_ACTIVATION, &o->activation, tutorial ? HEBB_SIGMOID : HEBB_RELU);
	set_int(o, OPT_INIT, &o->init, tutorial ? HEBB_START_UNIFORM01 : HEBB_START_AUTO);
	set_int(o, OPT_OUTPUT, &o->output,
		counts     ? HEBB_EXP
		: !classes ? HEBB_LINEAR
		: tutorial ? HEBB_SIGMOID
			   : HEBB_SOFTMAX);
	int squared = tutorial || !classes || o->output == HEBB_LINEAR;
	set_int(o, OPT_LOSS, &o->loss,
		counts    ? HEBB_POISSON
		: squared ? HEBB_SQUARED
			  : HEBB_CROSS_ENTROPY);
}

static void choose_training(options *o)
{
	int tutorial = o->recipe == RECIPE_TUTORIAL, full_batch;

	set_int(o, OPT_OPTIMIZER, &o->optimizer, tutorial ? HEBB_SGD : HEBB_ADAM);
	full_batch = o->optimizer == HEBB_RPROP || o->optimizer == HEBB_LBFGS;
	set_double(o, OPT_RATE, &o->rate,
		   tutorial && o->optimizer == HEBB_SGD ? 0.25 : usual_rate(o->optimizer));
	set_int(o, OPT_SCHEDULE, &o->schedule, HEBB_CONSTANT);
	set_double(o, OPT_WARMUP, &o->warmup, 0);
	set_double(o, OPT_DECAY, &o->decay, 0.1);
	set_int(o, OPT_STAGES, &o->stages, 3);
	set_int(o, OPT_PLATEAU, &o->plateau, 10);
	set_double(o, OPT_L1, &o->l1, 0);
	set_double(o, OPT_L2, &o->l2, 0);
	set_double(o, OPT_CLIP, &o->clip, 0);
	set_double(o, OPT_MAX_NORM, &o->max_norm, 0);
	set_double(o, OPT_AVERAGE, &o->average, 0);
	set_double(o, OPT_AVERAGE_FROM, &o->average_from, o->average == 1 ? 0.75 : 0);
	set_double(o, OPT_TIME, &o->time, 0);
	set_double(o, OPT_WEIGHT_DECAY, &o->weight_decay, o->optimizer == HEBB_ADAMW ? 0.01 : 0);
	set_double(o, OPT_DROPOUT, &o->dropout, 0);
	set_int(o, OPT_NORM, &o->norm, NORM_NONE);
	set_double(o, OPT_LABEL_SMOOTHING, &o->label_smoothing, 0);
	set_int(o, OPT_CLASS_WEIGHTS, &o->class_weights, WEIGHTS_NONE);
	set_int(o, OPT_BATCH, &o->batch, tutorial || full_batch ? 0 : BATCH);
	set_int(o, OPT_ACCUMULATE, &o->accumulate, 1);
	set_int(o, OPT_EPOCHS, &o->epochs, tutorial ? TUTORIAL_EPOCHS : EPOCHS);
	set_int(o, OPT_PATIENCE, &o->patience, 0);
	set_int(o, OPT_REPEAT, &o->repeat, 1);
	set_int(o, OPT_FOLDS, &o->folds, 0);
	set_int(o, OPT_TRIALS, &o->trials, 30);
	set_int(o, OPT_STRATEGY, &o->strategy, STRATEGY_RANDOM);
	set_int(o, OPT_METRIC, &o->metric, METRIC_LOSS);
	set_int(o, OPT_PRECISION, &o->precision, HEBB_FLOAT32);
	set_int(o, OPT_THREADS, &o->threads, 0);
	if (!option_given(o, OPT_SEED))
		o->seed = 1;
}

static void choose_parts(options *o, const facts *data)
{
	int tutorial = o->recipe == RECIPE_TUTORIAL;
	part fraction = {.kind = PART_FRACTION,
			 .fraction = tutorial || data->is_digits ? 0.4 : 0.2};
	part own = {.kind = PART_OWN}, none = {.kind = PART_NONE};
	part tenth = {.kind = PART_FRACTION, .fraction = 0.1};
	part fifth = {.kind = PART_FRACTION, .fraction = 0.2};
	int folded = o->folds > 0 && o->command != SEARCH,
	    scored = o->command == SEARCH && !o->folds;

	if (!option_given(o, OPT_TEST))
		o->test = data->has_own_test ? own : folded ? none : fraction;
	if (!option_given(o, OPT_VALIDATION))
		o->validation = scored ? fifth : o->patience > 0 ? tenth : none;
}

void choose_defaults(options *given, const facts *data)
{
	set_int(given, OPT_RECIPE, &given->recipe, 0);
	choose_network(given, data);
	choose_training(given);
	choose_parts(given, data);
}
