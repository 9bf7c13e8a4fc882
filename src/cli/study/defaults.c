/* SPDX-License-Identifier: MIT */
/*
 * defaults.c - the options that nobody gave
 *
 * The rule, complete.  It aims at what works best over many data sets, was chosen by
 * cross-validation over ten tables (docs/accuracy.md) and is one for all of them; n is the number
 * of rows to train on.
 *
 *   network     two hidden layers, 256 and 128 units; with more than 256 inputs the first has as
 *               many as the next power of two, at most 1024, and the second half of it: a wide
 *               layer costs little accuracy where few units would do, a narrow one much where many
 *               are needed. gelu, automatic start, dropout 0.2
 *   output      a classification: softmax with cross-entropy; with --output linear, squared error.
 *               A regression: linear with squared error; with one of --loss poisson and --output
 *               exp the other too, and targets as they are. No label smoothing: it makes
 *               probabilities too modest
 *   training    adamw. Weight decay 1200 / (n log2 K) with K classes, 600 / n for numbers, at most
 *               2: what is believed before the data counts less the more these tell, as a prior
 *               does, and a row tells at most log2 K bits; none where --l1 or --l2 take its place,
 *               nor without hidden layers, for that is logistic or linear regression as books have
 *               it, nor with sigmoid and hard-sigmoid, which say nothing while weights are small.
 *               2500 / sqrt(n) epochs, at least 3, so that the updates grow with the rows, but more
 *               slowly. With --augment no image comes twice, and n rows are as good as 10 n: a
 *               tenth of the decay, and sqrt(10) times the epochs. Batches of 32 rows, which double
 *               whenever the rows quadruple from 8,192 on, up to 256. No penalties, no clipping, no
 *               bound of norms, no averaging, no limit of time
 *   rate        by optimizer: sgd 0.1, momentum and nesterov 0.02, rmsprop and adam 0.001, adamw
 *               0.005 where a schedule brings it down again, else 0.001, rprop 0.01, lion 0.0001;
 *               one-cycle, with --warmup cosine, whose rise is then the warm-up; with --patience
 *               constant, for nobody knows when such a run ends; a schedule of stages has 3 and the
 *               factor 0.1, a plateau 10 epochs
 *   rprop, lbfgs  choose their own steps, from all rows and without noise: all rows in a batch,
 *                 constant, no dropout, 100 epochs
 *   others than adamw  no weight decay, for it is scaled for adamw's steps
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

#include <math.h>

enum { UNITS_LEAST = 256, UNITS_MOST = 1024, BATCH_LEAST = 32, BATCH_MOST = 256 };
enum { FULL_BATCHES = 100, EPOCHS_LEAST = 3, ROWS_OF_LEAST_BATCH = 8192 };
static const double EPOCHS = 2500, DECAY = 1200, DECAY_MOST = 2, BITS_OF_NUMBER = 2, AUGMENTED = 10,
		    DROPOUT = 0.2;
enum { TUTORIAL_UNITS = 30, TUTORIAL_EPOCHS = 3000 };

static double usual_rate(const options *o)
{
	switch (o->optimizer) {
	case HEBB_SGD:
		return 0.1;
	case HEBB_MOMENTUM:
	case HEBB_NESTEROV:
		return 0.02;
	case HEBB_RPROP:
		return 0.01;
	case HEBB_LION:
		return 0.0001;
	case HEBB_ADAMW:
		return o->schedule == HEBB_CONSTANT || o->schedule == HEBB_PLATEAU ? 0.001 : 0.005;
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

/* ---- What depends on the data ---- */

/* How many rows there will be to train on, about. */
static double rows_to_train(const options *o, const facts *data)
{
	const part *held[] = {&o->test, &o->validation};
	double rows = (double)data->rows;

	for (int i = 0; i < 2; i++) {
		if (held[i]->kind == PART_FRACTION)
			rows -= held[i]->fraction * rows;
		if (held[i]->kind == PART_LAST)
			rows -= (double)held[i]->rows;
	}
	if (o->folds > 0)
		rows -= rows / o->folds;
	return fmax(round(rows), 1);
}

static int usual_units(int inputs)
{
	int units = UNITS_LEAST;

	while (units < inputs && units < UNITS_MOST)
		units *= 2;
	return units;
}

static int usual_batch(double rows)
{
	int batch = BATCH_LEAST;

	for (double most = ROWS_OF_LEAST_BATCH; rows >= most && batch < BATCH_MOST; most *= 4)
		batch *= 2;
	return batch;
}

/* What the rows tell, as a number of rows: more if no image comes twice. */
static double worth(const options *o, double rows)
{
	return o->augment ? AUGMENTED * rows : rows;
}

static int usual_epochs(const options *o, double rows)
{
	return (int)fmax(round(EPOCHS * sqrt(worth(o, rows)) / rows), EPOCHS_LEAST);
}

/* The logarithm is rounded to hundredths, so that no library's last bit reaches the weights; the
 * result to nine decimals, so that a record or a checkpoint in text gives it back exactly. */
static double usual_decay(const options *o, const facts *data, double rows)
{
	int sigmoid = o->activation == HEBB_SIGMOID || o->activation == HEBB_HARD_SIGMOID;
	int penalty = o->l1 > 0 || o->l2 > 0, classes = data->task == HEBB_CLASSIFICATION;
	double bits = classes ? round(100 * log2(fmax(data->outputs, 2))) / 100 : BITS_OF_NUMBER;

	double decay = fmin(DECAY / (worth(o, rows) * bits), DECAY_MOST);

	return o->optimizer == HEBB_ADAMW && o->hidden > 0 && !penalty && !sigmoid
		       ? round(1e9 * decay) / 1e9
		       : 0;
}

/* ---- The choice ---- */

static void choose_network(options *o, const facts *data)
{
	int tutorial = o->recipe == RECIPE_TUTORIAL, classes = data->task == HEBB_CLASSIFICATION;
	int counts = wants_counts(o);

	if (!option_given(o, OPT_LAYERS)) {
		o->hidden = tutorial ? 1 : 2;
		o->units[0] = tutorial ? TUTORIAL_UNITS : usual_units(data->inputs);
		o->units[1] = o->units[0] / 2;
	}
	set_int(o, OPT_ACTIVATION, &o->activation, tutorial ? HEBB_SIGMOID : HEBB_GELU);
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

static void choose_steps(options *o, double rows)
{
	int tutorial = o->recipe == RECIPE_TUTORIAL, all, steady;

	set_int(o, OPT_OPTIMIZER, &o->optimizer, tutorial ? HEBB_SGD : HEBB_ADAMW);
	all = o->optimizer == HEBB_RPROP || o->optimizer == HEBB_LBFGS;
	steady = tutorial || all || o->patience > 0;
	set_double(o, OPT_WARMUP, &o->warmup, 0);
	set_int(o, OPT_SCHEDULE, &o->schedule,
		steady          ? HEBB_CONSTANT
		: o->warmup > 0 ? HEBB_COSINE
				: HEBB_ONE_CYCLE);
	set_double(o, OPT_RATE, &o->rate,
		   tutorial && o->optimizer == HEBB_SGD ? 0.25 : usual_rate(o));
	set_double(o, OPT_DECAY, &o->decay, 0.1);
	set_int(o, OPT_STAGES, &o->stages, 3);
	set_int(o, OPT_PLATEAU, &o->plateau, 10);
	set_int(o, OPT_BATCH, &o->batch, tutorial || all ? 0 : usual_batch(rows));
	set_int(o, OPT_ACCUMULATE, &o->accumulate, 1);
	set_int(o, OPT_EPOCHS, &o->epochs,
		tutorial ? TUTORIAL_EPOCHS
		: all    ? FULL_BATCHES
			 : usual_epochs(o, rows));
	set_double(o, OPT_DROPOUT, &o->dropout, tutorial || all ? 0 : DROPOUT);
}

static void choose_penalties(options *o, const facts *data, double rows)
{
	set_double(o, OPT_L1, &o->l1, 0);
	set_double(o, OPT_L2, &o->l2, 0);
	set_double(o, OPT_CLIP, &o->clip, 0);
	set_double(o, OPT_MAX_NORM, &o->max_norm, 0);
	set_double(o, OPT_AVERAGE, &o->average, 0);
	set_double(o, OPT_AVERAGE_FROM, &o->average_from, o->average == 1 ? 0.75 : 0);
	set_double(o, OPT_WEIGHT_DECAY, &o->weight_decay, usual_decay(o, data, rows));
	set_int(o, OPT_NORM, &o->norm, NORM_NONE);
	set_double(o, OPT_LABEL_SMOOTHING, &o->label_smoothing, 0);
	set_int(o, OPT_CLASS_WEIGHTS, &o->class_weights, WEIGHTS_NONE);
}

static void choose_training(options *o)
{
	set_double(o, OPT_TIME, &o->time, 0);
	set_int(o, OPT_REPEAT, &o->repeat, 1);
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
	set_int(given, OPT_PATIENCE, &given->patience, 0);
	set_int(given, OPT_FOLDS, &given->folds, 0);
	choose_parts(given, data);
	double rows = rows_to_train(given, data);
	choose_network(given, data);
	choose_steps(given, rows);
	choose_penalties(given, data, rows);
	choose_training(given);
}
