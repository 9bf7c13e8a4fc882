/* SPDX-License-Identifier: MIT */
/*
 * defaults.c - the default settings of a study
 *
 * This is the complete rule. It is the same for all tables, and should work well for many kinds of
 * data. It was chosen by cross-validation on ten tables (docs/accuracy.md). n is the number of rows
 * to train on.
 *
 *   inputs      of a table with at most 256 inputs the numbers are cut into 8 bins each, --scaling
 *               piecewise: a network then sees steps and tails, as trees do. Of others, of images,
 *               and to predict counts, they are standardized, unless --bins asks for bins
 *   network     two hidden layers, 256 and 128 units, to predict numbers from a table 128 and 64;
 *               with more than 256 inputs the first has as many as the next power of two, at most
 *               1024, and the second half of it, and for images at least 512: a wide layer costs
 *               little accuracy where few units would do, a narrow one much where many are needed.
 *               gelu, automatic start, dropout 0.2, to predict numbers from a table 0.1
 *   output      a classification: softmax with cross-entropy; with --output linear, squared error.
 *               A regression: linear with squared error; with one of --loss poisson and --output
 *               exp the other too, and targets as they are. Label smoothing 0.01 for images, which
 *               are hardly ever ambiguous; none for tables: it makes probabilities too modest
 *   training    adamw. Weight decay 1200 / (n log2 K) with K classes, 600 / n for numbers, at most
 *               2: what is believed before the data counts less the more these tell, as a prior
 *               does, and a row tells at most log2 K bits; none where --l1 or --l2 take its place,
 *               nor without hidden layers, for that is logistic or linear regression as books have
 *               it, nor with sigmoid and hard-sigmoid, which say nothing while weights are small.
 *               2500 / sqrt(n) epochs, at least 3, so that the updates grow with the rows, but more
 *               slowly. Batches of 32 rows, which double whenever the rows quadruple from 8,192 on,
 *               up to 256. No penalties, no clipping, no bound of norms, no averaging, no limit of
 *               time
 *   classes     of a table are noisier than most numbers and images: three times the decay, with up
 *               to two hidden layers, as more would fall silent, and 0.3 times the epochs
 *   images      have a decay of 0.2 for any n: there is little noise that more rows could average.
 *               With --augment no image comes twice, and n rows are as good as 10 n: a tenth of the
 *               decay of tables, sqrt(10) times the epochs, and nothing else of what is said of
 *               images
 *   few inputs  to predict numbers from fewer than 8, the decay falls with them: there is less to
 *               learn by mistake
 *   few rows    from 50 down to 10 rows dropout and decay fall to 0: so few are to be learned by
 *               heart, as the four of XOR are
 *   --layers none  lbfgs up to 2,000 rows, unless a setting of another optimizer is given: it finds
 *               the minimum, of which other rules stay short in few epochs
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
 *   validation  none; 10 % of the training rows if --patience needs it; in a search without folds,
 *               and where --conformal or --temperature need it, 20 %
 *
 * Inputs are counted before they are encoded. The rules for tables hold where the defaults do:
 * with another optimizer than adamw, without hidden layers, with --l1, --l2 or sigmoid units, a
 * table is treated as images are.
 *
 * --recipe tutorial replaces it by the tutorial's program, item by item; an option given beside it
 * counts more.
 */
#include <math.h>

#include "effort.h"
#include "study.h"

enum { UNITS_LEAST = 256, UNITS_MOST = 1024, BATCH_LEAST = 32, BATCH_MOST = 256 };
enum { NOISY_LAYERS = 2, UNITS_OF_IMAGES = 512, ENCODED_MOST = 256, ROWS_OF_LBFGS = 2000 };
enum { FULL_BATCHES = 100, EPOCHS_LEAST = 3, ROWS_OF_LEAST_BATCH = 8192 };
static const double EPOCHS = 2500, DECAY = 1200, DECAY_MOST = 2, BITS_OF_NUMBER = 2, AUGMENTED = 10,
		    DROPOUT = 0.2, DROPOUT_OF_NUMBERS = 0.1, NOISE = 3, EPOCHS_OF_NOISE = 0.3,
		    DECAY_OF_IMAGES = 0.2, SMOOTHING_OF_IMAGES = 0.01;
static const double ROWS_BY_HEART = 10, ROWS_ENOUGH = 50, INPUTS_ENOUGH = 8;
enum { TUTORIAL_UNITS = 30, TUTORIAL_EPOCHS = 3000 };

double hb_usual_rate(const hebb_study *o)
{
	int falls = o->schedule != HEBB_CONSTANT && o->schedule != HEBB_PLATEAU;

	return o->optimizer == HEBB_ADAMW && falls ? 0.005 : hebb_rule_rate(o->optimizer);
}

static void set_int(int *field, int value)
{
	if (*field < 0)
		*field = value;
}

static void set_double(double *field, double value)
{
	if (isnan(*field))
		*field = value;
}

/* Sets a field unless it was given; 0 means not given. */
#define SET(field, value) ((field) = (field) ? (field) : (value))

int hb_wants_counts(const hebb_study *study)
{
	return study->loss == HEBB_POISSON || study->output == HEBB_EXP;
}

/* ---- Defaults that depend on the data ---- */

/* About the number of rows that there will be to train on. */
static double rows_to_train(const hebb_study *o, const struct hb_facts *data)
{
	const hebb_part *part[] = {&o->test, &o->validation};
	double rows = (double)data->rows;

	for (int i = 0; i < 2; i++) {
		if (part[i]->kind == HEBB_PART_FRACTION)
			rows -= part[i]->fraction * rows;
		if (part[i]->kind == HEBB_PART_LAST)
			rows -= (double)part[i]->rows;
	}
	if (o->folds > 0)
		rows -= rows / o->folds;
	return fmax(round(rows), 1);
}

static int is_sigmoid(const hebb_study *o)
{
	return o->activation == HEBB_SIGMOID || o->activation == HEBB_HARD_SIGMOID;
}

/* Whether the rules hold for the network that the defaults make. */
static int is_usual(const hebb_study *o)
{
	return o->recipe != HEBB_PRESET_TUTORIAL && o->hidden != 0 && o->optimizer == HEBB_ADAMW &&
	       !(o->l1 > 0) && !(o->l2 > 0) && !is_sigmoid(o);
}

static int is_table(const hebb_study *o, const struct hb_facts *data)
{
	return !data->is_images && is_usual(o);
}

/* Images as they are: each is seen again and again. */
static int has_plain_images(const hebb_study *o, const struct hb_facts *data)
{
	return data->is_images && is_usual(o) && !o->augment;
}

static int is_noisy(const hebb_study *o, const struct hb_facts *data)
{
	return is_table(o, data) && data->task != HEBB_REGRESSION;
}

static int has_plain_numbers(const hebb_study *o, const struct hb_facts *data)
{
	return is_table(o, data) && data->task == HEBB_REGRESSION && !hb_wants_counts(o);
}

/* 0 for rows that are to be learned by heart, 1 for enough rows. */
static double share_of_prior(double rows)
{
	return fmin(fmax((rows - ROWS_BY_HEART) / (ROWS_ENOUGH - ROWS_BY_HEART), 0), 1);
}

static int usual_units(const hebb_study *o, const struct hb_facts *data)
{
	int units = has_plain_images(o, data) ? UNITS_OF_IMAGES : UNITS_LEAST,
	    inputs = data->inputs;

	if (has_plain_numbers(o, data) && inputs <= UNITS_LEAST)
		return UNITS_LEAST / 2;
	while (units < inputs && units < UNITS_MOST)
		units *= 2;
	return units;
}

static int usual_batch(double rows)
{
	int batch = BATCH_LEAST;

	for (double next_size = ROWS_OF_LEAST_BATCH; rows >= next_size && batch < BATCH_MOST;
	     next_size *= 4)
		batch *= 2;
	return batch;
}

/* The effective number of rows: more with augmentation, where no image comes twice. */
static double worth(const hebb_study *o, double rows)
{
	return o->augment ? AUGMENTED * rows : rows;
}

static int usual_epochs(const hebb_study *o, const struct hb_facts *data, double rows)
{
	double factor = is_noisy(o, data) ? EPOCHS_OF_NOISE : 1;

	return (int)fmax(round(factor * EPOCHS * sqrt(worth(o, rows)) / rows), EPOCHS_LEAST);
}

/* The logarithm is rounded to hundredths, so that the weights do not depend on the last bit of a
 * libm. The result is rounded to nine decimals, so that a record or checkpoint in text gives
 * exactly the same number. */
static double usual_decay(const hebb_study *o, const struct hb_facts *data, double rows)
{
	int penalty = o->l1 > 0 || o->l2 > 0, classes = data->task != HEBB_REGRESSION;
	int values = data->task == HEBB_LABELS ? 2 : data->outputs; /* of a class, or a label */
	double bits = classes ? round(100 * log2(fmax(values, 2))) / 100 : BITS_OF_NUMBER;

	double decay = fmin(DECAY / (worth(o, rows) * bits), DECAY_MOST);
	if (is_noisy(o, data) && o->hidden <= NOISY_LAYERS)
		decay *= NOISE;
	if (has_plain_numbers(o, data))
		decay *= fmin(data->inputs / INPUTS_ENOUGH, 1);
	if (has_plain_images(o, data))
		decay = DECAY_OF_IMAGES;
	decay *= share_of_prior(rows);
	return o->optimizer == HEBB_ADAMW && o->hidden > 0 && !penalty && !is_sigmoid(o)
		       ? round(1e9 * decay) / 1e9
		       : 0;
}

static double usual_dropout(const hebb_study *o, const struct hb_facts *data, double rows)
{
	double dropout = has_plain_numbers(o, data) ? DROPOUT_OF_NUMBERS : DROPOUT;

	return round(1e9 * dropout * share_of_prior(rows)) / 1e9;
}

static double usual_smoothing(const hebb_study *o, const struct hb_facts *data)
{
	return has_plain_images(o, data) && data->task == HEBB_CLASSIFICATION &&
			       o->loss == HEBB_CROSS_ENTROPY
		       ? SMOOTHING_OF_IMAGES
		       : 0;
}

/* Whether lbfgs finds the weights of a linear model: nothing was given that it does not have. */
static int suits_lbfgs(const hebb_study *o, double rows)
{
	return o->hidden == 0 && rows <= ROWS_OF_LBFGS && isnan(o->rate) && !o->schedule &&
	       isnan(o->warmup) && o->batch < 0 && o->accumulate < 0 && o->epochs < 0 &&
	       o->patience <= 0 && !(o->l1 > 0) && !o->precision && !(o->average > 0);
}

/* ---- The choice ---- */

static void choose_network(hebb_study *o, const struct hb_facts *data)
{
	int tutorial = o->recipe == HEBB_PRESET_TUTORIAL, classes = data->task != HEBB_REGRESSION,
	    labels = data->task == HEBB_LABELS;
	int counts = hb_wants_counts(o);

	SET(o->activation, tutorial ? HEBB_SIGMOID : HEBB_GELU);
	if (o->hidden < 0) {
		o->units[0] = tutorial ? TUTORIAL_UNITS : usual_units(o, data);
		o->units[1] = o->units[0] / 2;
		o->hidden = tutorial ? 1 : 2;
	}
	int is_encoded = is_table(o, data) && !counts && data->inputs <= ENCODED_MOST;
	SET(o->scaling, is_encoded || o->bins > 0 ? HEBB_SCALING_PIECEWISE : HEBB_SCALING_STANDARD);
	SET(o->init, tutorial ? HEBB_START_UNIFORM01 : HEBB_START_AUTO);
	SET(o->output, counts               ? HEBB_EXP
		       : !classes           ? HEBB_LINEAR
		       : tutorial || labels ? HEBB_SIGMOID
					    : HEBB_SOFTMAX);
	int squared = tutorial || !classes || o->output == HEBB_LINEAR;
	SET(o->loss, counts ? HEBB_POISSON : squared ? HEBB_SQUARED : HEBB_CROSS_ENTROPY);
}

static void choose_steps(hebb_study *o, const struct hb_facts *data, double rows)
{
	int tutorial = o->recipe == HEBB_PRESET_TUTORIAL, all_rows, steady;

	all_rows = o->optimizer == HEBB_RPROP || o->optimizer == HEBB_LBFGS;
	steady = tutorial || all_rows || o->patience > 0;
	set_double(&o->warmup, 0);
	SET(o->schedule, steady ? HEBB_CONSTANT : o->warmup > 0 ? HEBB_COSINE : HEBB_ONE_CYCLE);
	set_double(&o->rate, tutorial && o->optimizer == HEBB_SGD ? 0.25 : hb_usual_rate(o));
	set_double(&o->decay, 0.1);
	set_int(&o->stages, 3);
	set_int(&o->plateau, 10);
	set_int(&o->batch, tutorial || all_rows ? 0 : usual_batch(rows));
	set_int(&o->accumulate, 1);
	set_int(&o->epochs, tutorial   ? TUTORIAL_EPOCHS
			    : all_rows ? FULL_BATCHES
				       : usual_epochs(o, data, rows));
	set_double(&o->dropout, tutorial || all_rows ? 0 : usual_dropout(o, data, rows));
}

static void choose_penalties(hebb_study *o, const struct hb_facts *data, double rows)
{
	set_double(&o->l1, 0);
	set_double(&o->l2, 0);
	set_double(&o->clip, 0);
	set_double(&o->max_norm, 0);
	set_double(&o->average, 0);
	set_double(&o->average_from, o->average == 1 ? 0.75 : 0);
	set_double(&o->weight_decay, usual_decay(o, data, rows));
	SET(o->norm, HEBB_NORM_NONE);
	set_double(&o->label_smoothing, usual_smoothing(o, data));
	SET(o->class_weights, HEBB_WEIGHTS_NONE);
}

static void choose_training(hebb_study *o)
{
	set_double(&o->time, 0);
	set_int(&o->repeat, 1);
	SET(o->precision, HEBB_FLOAT32);
}

static void choose_parts(hebb_study *o, const struct hb_facts *data)
{
	int tutorial = o->recipe == HEBB_PRESET_TUTORIAL;
	hebb_part fraction = {.kind = HEBB_PART_FRACTION,
			      .fraction = tutorial || data->is_digits ? 0.4 : 0.2};
	hebb_part own = {.kind = HEBB_PART_OWN}, none = {.kind = HEBB_PART_NONE};
	hebb_part tenth = {.kind = HEBB_PART_FRACTION, .fraction = 0.1};
	hebb_part fifth = {.kind = HEBB_PART_FRACTION, .fraction = 0.2};
	int folded = o->folds > 0 && !o->search, scored = o->search && !o->folds;
	int calibrated = hb_wants_calibration(o) && !o->folds && !hb_effort_chooses(o);

	if (!o->test.kind)
		o->test = data->has_own_test ? own : folded ? none : fraction;
	if (!o->validation.kind)
		o->validation = scored || calibrated ? fifth : o->patience > 0 ? tenth : none;
}

void hb_choose_defaults(hebb_study *o, const struct hb_facts *data)
{
	SET(o->task, HEBB_TASK_AUTO);
	SET(o->missing, HEBB_MISSING_INDICATOR);
	SET(o->header, HEBB_HEADER_AUTO);
	set_int(&o->patience, 0);
	set_int(&o->folds, 0);
	set_int(&o->conformal, 0);
	set_int(&o->temperature, 0);
	choose_parts(o, data);
	double rows = rows_to_train(o, data);
	int tutorial = o->recipe == HEBB_PRESET_TUTORIAL;
	SET(o->optimizer, tutorial ? HEBB_SGD : suits_lbfgs(o, rows) ? HEBB_LBFGS : HEBB_ADAMW);
	choose_network(o, data);
	choose_steps(o, data, rows);
	choose_penalties(o, data, rows);
	choose_training(o);
}
