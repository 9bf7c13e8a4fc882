/* SPDX-License-Identifier: MIT */
/*
 * bench.c - hebb bench: speed of this machine and build
 *
 * Training is timed as hebb_train() does it, shuffling (without --in-order) and gathering included,
 * on data in memory: the digits for W1 and W2, made-up numbers of the size of MNIST for the others
 * (dense products take the same time for any numbers).  Operations are counted as 6 for each weight
 * and row, less 2 for those of the first layer, which passes nothing further down.  The median of
 * several runs is shown, with the fastest and the slowest.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "draw/json.h"
#include "option/nearest.h"
#include "peak.h"
#include "draw/terminal.h"

enum {
	LAYERS_MOST = 6,
	RUNS = 5,
	SYNTHETIC_INPUTS = 784,
	SYNTHETIC_CLASSES = 10,
	DIGITS_TRAIN = 1078
};
enum { ROWS_FULL = 60000, ROWS_SHORT = 12800 };

typedef struct workload {
	const char *name, *what;
	int layers, sizes[LAYERS_MOST + 1];
	hebb_activation hidden, output;
	hebb_loss loss;
	hebb_rule rule;
	double rate;
	int batch, epochs;
	int rows, short_rows; /* of made-up data; 0: the digits */
	int in_short;         /* part of the short form */
	int runs;
} workload;

/* clang-format off */
static const workload workloads[] = { /* two lines each */
	{"W1", "64-30-10 sigmoid, 3,000 full batches of 1,078", 2, {64, 30, 10}, HEBB_SIGMOID,
		HEBB_SIGMOID,
	 HEBB_SQUARED, HEBB_SGD, 0.25, 0, 3000, 0, 0, 1, RUNS},
	{"W2", "64-30-10 sigmoid, batches of 32, 100 epochs", 2, {64, 30, 10}, HEBB_SIGMOID,
		HEBB_SIGMOID,
	 HEBB_SQUARED, HEBB_SGD, 0.25, 32, 100, 0, 0, 1, 2 * RUNS + 1},
	{"W3", "784-30-10 sigmoid, batches of 10", 2, {784, 30, 10}, HEBB_SIGMOID, HEBB_SIGMOID,
	 HEBB_SQUARED, HEBB_SGD, 0.1, 10, 1, ROWS_FULL, ROWS_SHORT, 0, 2 * RUNS + 1},
	{"W4", "784-800-10 relu, batches of 128, sgd", 2, {784, 800, 10}, HEBB_RELU, HEBB_SOFTMAX,
	 HEBB_CROSS_ENTROPY, HEBB_SGD, 0.05, 128, 1, ROWS_FULL, ROWS_SHORT, 1, RUNS},
	{"W4a", "the same with adam", 2, {784, 800, 10}, HEBB_RELU, HEBB_SOFTMAX,
	 HEBB_CROSS_ENTROPY, HEBB_ADAM, 0.001, 128, 1, ROWS_FULL, ROWS_SHORT, 1, RUNS},
	{"W5", "784-2500-2000-1500-1000-500-10 tanh, 128, sgd", 6, {784, 2500, 2000, 1500, 1000,
		500, 10},
	 HEBB_TANH, HEBB_SOFTMAX, HEBB_CROSS_ENTROPY, HEBB_SGD, 0.05, 128, 1, ROWS_FULL, 5120, 0,
		3},
};
/* clang-format on */

enum { WORKLOADS = sizeof workloads / sizeof *workloads };

/* ---- Data ------------------------------------------------------------------------------------ */

/* Numbers in [-0.5, 0.5) that look irregular, higher in a tenth of the columns that belongs to the
 * class, so that there is something to learn. */
static hebb_dataset *make_rows(long long count, hebb_error *error)
{
	uint32_t state = 1;
	hebb_dataset *data = calloc(1, sizeof *data);
	float *x = malloc((size_t)count * SYNTHETIC_INPUTS * sizeof *x);
	float *y = calloc((size_t)count * SYNTHETIC_CLASSES, sizeof *y);

	if (!data || !x || !y) {
		free(data);
		free(x);
		free(y);
		hebb_fail(error, HEBB_NO_MEMORY, "out of memory for %lld rows", count);
		return NULL;
	}
	for (long long i = 0; i < count * SYNTHETIC_INPUTS; i++) {
		state = state * 1664525 + 1013904223;
		x[i] = (float)(state >> 8) * 0x1p-24f - 0.5f;
	}
	for (long long i = 0; i < count; i++) {
		int k = (int)(i * 7 % SYNTHETIC_CLASSES);

		y[i * SYNTHETIC_CLASSES + k] = 1;
		for (int j = 0; j < SYNTHETIC_INPUTS / SYNTHETIC_CLASSES; j++)
			x[i * SYNTHETIC_INPUTS + k * (SYNTHETIC_INPUTS / SYNTHETIC_CLASSES) + j] +=
				0.5f;
	}
	data->rows = count;
	data->inputs = SYNTHETIC_INPUTS;
	data->outputs = SYNTHETIC_CLASSES;
	data->x = x;
	data->y = y;
	return data;
}

static hebb_dataset *take_digits(hebb_error *error)
{
	hebb_coding_options standard = hebb_coding_options_default();
	long long row[DIGITS_TRAIN];
	hebb_table *table = hebb_table_digits(error);
	hebb_coding *coding = NULL;
	hebb_dataset *digits = NULL;

	standard.pixels_alike = 0; /* as in the other programs of the comparison */
	for (int i = 0; i < DIGITS_TRAIN; i++)
		row[i] = i;
	if (table && (coding = hebb_coding_fit(table, &standard, DIGITS_TRAIN, row, error)))
		digits = hebb_coding_apply(coding, table, 1, DIGITS_TRAIN, row, error);
	hebb_coding_free(coding);
	hebb_table_free(table);
	return digits;
}

/* ---- Measuring ------------------------------------------------------------------------------- */

typedef struct bench {
	const options *given;
	double peak; /* of one thread, in float32 */
	int threads;
	hebb_precision precision;
	json_t *object; /* NULL: for people */
} bench;

typedef struct timing {
	int runs;
	double seconds[4 * RUNS]; /* sorted */
	double before, after;     /* J of the first batch, of the last run */
} timing;

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(const timing *t)
{
	return (t->seconds[(t->runs - 1) / 2] + t->seconds[t->runs / 2]) / 2;
}

static double operations(const workload *w, double count)
{
	double weights = 0;

	for (int l = 0; l < w->layers; l++)
		weights += 6.0 * w->sizes[l] * w->sizes[l + 1];
	return (weights - 2.0 * w->sizes[0] * w->sizes[1]) * count * w->epochs;
}

static hebb_net *make_net(const workload *w, hebb_error *error)
{
	hebb_layer layer[LAYERS_MOST];

	for (int l = 0; l < w->layers; l++)
		layer[l] = hebb_dense(w->sizes[l + 1], l + 1 < w->layers ? w->hidden : w->output);
	return hebb_net_new(w->sizes[0], w->layers, layer, 1, NULL, error);
}

/* J of the first batch, which shows that training works. */
static double cost(const workload *w, hebb_trainer *trainer, const hebb_dataset *data)
{
	hebb_error error;
	double J = NAN;

	hebb_trainer_cost(trainer, w->batch ? w->batch : (int)data->rows, data->x, data->y, NULL,
			  &J, &error);
	return J;
}

static int train_once(const bench *b, const workload *w, const hebb_dataset *data, double *seconds,
		      timing *result)
{
	hebb_recipe recipe = hebb_recipe_default();
	hebb_source source = hebb_dataset_source(data);
	hebb_error error;
	hebb_net *net = make_net(w, &error);
	hebb_status status = HEBB_NO_MEMORY;

	recipe.loss = w->loss;
	recipe.rule = w->rule;
	recipe.rate = w->rate;
	recipe.batch = w->batch;
	recipe.epochs = w->epochs;
	recipe.threads = b->threads;
	recipe.precision = b->precision;
	recipe.shuffle = !b->given->study.in_order;
	hebb_trainer *trainer = net ? hebb_trainer_new(net, &recipe, NULL, &error) : NULL;
	if (trainer) {
		double begin;

		result->before = cost(w, trainer, data);
		begin = now_seconds();
		status = hebb_train(trainer, &source, NULL, &error);
		*seconds = now_seconds() - begin;
		result->after = cost(w, trainer, data);
	}
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return status == HEBB_OK ? EXIT_DONE : fail_error(w->name, &error);
}

static int time_training(const bench *b, const workload *w, const hebb_dataset *data,
			 timing *result)
{
	double warm_up;
	int status = w->rows ? EXIT_DONE : train_once(b, w, data, &warm_up, result);

	result->runs = w->runs;
	for (int i = 0; i < w->runs && status == EXIT_DONE; i++)
		status = train_once(b, w, data, &result->seconds[i], result);
	qsort(result->seconds, (size_t)result->runs, sizeof *result->seconds, by_value);
	return status;
}

/* ---- Latency and throughput ------------------------------------------------------------------ */

enum { PREDICTED_ROWS = 10000, LATENCY_NETS = 3 };

static const workload predicted[LATENCY_NETS] = {
	{.name = "3-3-1",
	 .layers = 2,
	 .sizes = {3, 3, 1},
	 .hidden = HEBB_SIGMOID,
	 .output = HEBB_SIGMOID},
	{.name = "64-30-10",
	 .layers = 2,
	 .sizes = {64, 30, 10},
	 .hidden = HEBB_SIGMOID,
	 .output = HEBB_SIGMOID},
	{.name = "784-800-10",
	 .layers = 2,
	 .sizes = {784, 800, 10},
	 .hidden = HEBB_RELU,
	 .output = HEBB_SOFTMAX},
};

/* Seconds for one call of hebb_predict(), and for one of hebb_forward() over PREDICTED_ROWS
 * rows. */
static int time_predictions(const workload *w, const float *x, timing *one, timing *many)
{
	hebb_error error;
	hebb_net *net = make_net(w, &error);
	hebb_work *work = net ? hebb_work_new(net, PREDICTED_ROWS, NULL, &error) : NULL;
	int calls = (int)(4e6 / (double)(w->sizes[0] * w->sizes[1])) + 20;
	float h[SYNTHETIC_CLASSES];

	one->runs = many->runs = 2 * RUNS + 1;
	for (int i = 0; i < one->runs && work; i++) {
		double begin = now_seconds(), middle;

		for (int k = 0; k < calls; k++)
			hebb_predict(net, x + (ptrdiff_t)(k % 64) * w->sizes[0], h, NULL);
		middle = now_seconds();
		hebb_forward(work, PREDICTED_ROWS, x);
		one->seconds[i] = (middle - begin) / calls;
		many->seconds[i] = now_seconds() - middle;
	}
	hebb_work_free(work);
	hebb_net_free(net);
	if (!work)
		return fail_error("bench", &error);
	qsort(one->seconds, (size_t)one->runs, sizeof *one->seconds, by_value);
	qsort(many->seconds, (size_t)many->runs, sizeof *many->seconds, by_value);
	return EXIT_DONE;
}

/* ---- The report ------------------------------------------------------------------------------ */

static void tell_training(const bench *b, const workload *w, const hebb_dataset *data,
			  const timing *t)
{
	double work = operations(w, (double)data->rows), middle = median(t),
	       rate = work / middle * 1e-9,
	       of_peak = b->peak > 0 ? 100 * rate / (b->peak * b->threads) : NAN;

	if (b->object) {
		json_t *one = json_object();
		json_object_set_new(one, "seconds", number_json(middle));
		json_object_set_new(one, "seconds_min", number_json(t->seconds[0]));
		json_object_set_new(one, "seconds_max", number_json(t->seconds[t->runs - 1]));
		json_object_set_new(one, "rows", json_integer(data->rows));
		json_object_set_new(one, "loss_before", number_json(t->before));
		json_object_set_new(one, "loss_after", number_json(t->after));
		json_object_set_new(one, "gflops", number_json(rate));
		json_object_set_new(one, "percent_of_peak", number_json(of_peak));
		json_object_set_new(b->object, w->name, one);
		return;
	}
	printf("%-4s %-47s %8.4f  %7.4f-%-7.4f %6.1f  ", w->name, w->what, middle, t->seconds[0],
	       t->seconds[t->runs - 1], rate);
	printf(b->peak > 0 ? "%3.0f %%\n" : "  -\n", of_peak);
	fflush(stdout);
}

static void tell_predictions(const bench *b, const workload *w, const timing *one,
			     const timing *many)
{
	double us = 1e6 * median(one), rows_a_second = PREDICTED_ROWS / median(many);
	char count[32];

	if (b->object) {
		json_t *object = json_object_get(b->object, "latency"), *entry = json_object();
		if (!object)
			json_object_set_new(b->object, "latency", object = json_object());
		json_object_set_new(entry, "microseconds", number_json(us));
		json_object_set_new(entry, "rows_per_second", number_json(rows_a_second));
		json_object_set_new(object, w->name, entry);
		return;
	}
	printf("%-12s %14.3f %20s\n", w->name, us, count_text((long long)rows_a_second, count));
	fflush(stdout);
}

/* Whether to run a workload: the named one, or those of the short or full form. */
static int is_wanted(const bench *b, const char *name, int in_form)
{
	return b->given->operands > 0 ? strcmp(b->given->operand[0], name) == 0 : in_form;
}

static int run_workloads(const bench *b, const hebb_dataset *digits, const hebb_dataset *synthetic)
{
	int full = b->given->full;

	for (int i = 0; i < WORKLOADS; i++) {
		const workload *w = &workloads[i];
		hebb_dataset data = w->rows ? *synthetic : *digits;
		timing t;

		if (!is_wanted(b, w->name, full || w->in_short))
			continue;
		if (w->rows)
			data.rows = full ? w->rows : w->short_rows;
		if (time_training(b, w, &data, &t) != EXIT_DONE)
			return EXIT_FAILED;
		tell_training(b, w, &data, &t);
	}
	return EXIT_DONE;
}

static int run_predictions(const bench *b, const hebb_dataset *synthetic)
{
	timing one, many;

	if (!b->object)
		printf("\n%-12s %14s %20s\n", "", "microseconds", "rows per second");
	if (!b->object)
		printf("%-12s %14s %20s\n", "prediction", "for one row", "in 10,000 rows");
	for (int i = 0; i < LATENCY_NETS; i++) {
		if (time_predictions(&predicted[i], synthetic->x, &one, &many) != EXIT_DONE)
			return EXIT_FAILED;
		tell_predictions(b, &predicted[i], &one, &many);
	}
	return EXIT_DONE;
}

static int check_name(const options *given)
{
	nearest suggestions = {.typed = given->operands ? given->operand[0] : ""};

	if (given->operands == 0 || strcmp(given->operand[0], "W6") == 0)
		return EXIT_DONE;
	for (int i = 0; i < WORKLOADS; i++) {
		if (strcmp(given->operand[0], workloads[i].name) == 0)
			return EXIT_DONE;
		nearest_compare(&suggestions, workloads[i].name);
	}
	nearest_compare(&suggestions, "W6");
	if (suggestions.count)
		return misuse(given->operand[0], "there is no such workload; did you mean %s?",
			      suggestions.name[0]);
	return misuse(given->operand[0],
		      "there is no such workload; there are W1 W2 W3 W4 W4a W5 W6");
}

/* Finds out whether this machine can train with the precision, before measuring. */
static int check_precision(const bench *b)
{
	hebb_recipe recipe = hebb_recipe_default();
	hebb_error error;
	hebb_net *net = make_net(&workloads[0], &error);

	recipe.precision = b->precision;
	hebb_trainer *trainer = net ? hebb_trainer_new(net, &recipe, NULL, &error) : NULL;
	int status = trainer ? EXIT_DONE : fail_error("bench", &error);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return status;
}

static void head(const bench *b)
{
	const char *kernels = hebb_kernels(NULL);

	if (b->object) {
		json_object_set_new(b->object, "hebb", json_string(hebb_version()));
		json_object_set_new(b->object, "kernels", json_string(kernels));
		json_object_set_new(b->object, "precision",
				    json_string(hebb_precision_name(b->precision)));
		json_object_set_new(b->object, "threads", json_integer(b->threads));
		json_object_set_new(b->object, "peak_gflops", number_json(b->peak));
		return;
	}
	printf("hebb %s, kernels %s, %s, %d thread%s; ", hebb_version(), kernels,
	       hebb_precision_name(b->precision), b->threads, b->threads == 1 ? "" : "s");
	printf(b->peak > 0 ? "float32 peak of one thread %.1f GFLOP/s\n\n"
			   : "the peak is not measured\n\n",
	       b->peak);
	printf("%-4s %-47s %8s  %15s %6s  %s\n", "", "training", "seconds", "fastest-slowest",
	       "GFLOP/s", "of peak");
}

int run_bench(options *given)
{
	bench b = {.given = given,
		   .threads = option_given(given, OPT_THREADS) ? given->study.threads : 1,
		   .precision = option_given(given, OPT_PRECISION) ? given->study.precision
								   : HEBB_FLOAT32};
	hebb_dataset *digits, *made = NULL;
	hebb_error error;
	int status = check_name(given);

	if (status == EXIT_DONE)
		status = check_precision(&b);
	if (status != EXIT_DONE)
		return status;
	b.peak = peak_gflops(hebb_kernels(NULL));
	b.object = given->json ? json_object() : NULL;
	head(&b);
	digits = take_digits(&error);
	if (digits)
		made = make_rows(given->full ? ROWS_FULL : ROWS_SHORT, &error);
	status = made ? run_workloads(&b, digits, made) : fail_error("bench", &error);
	if (status == EXIT_DONE && is_wanted(&b, "W6", 1))
		status = run_predictions(&b, made);
	hebb_dataset_free(digits);
	hebb_dataset_free(made);
	if (status == EXIT_DONE && b.object)
		return print_json(b.object);
	json_decref(b.object);
	return status;
}
