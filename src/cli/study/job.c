/* SPDX-License-Identifier: MIT */
/*
 * job.c - data and network as the options of train ask for them
 *
 * A coding is fitted twice.  First on all rows, which settles the task (and with it the defaults
 * and whether the split is stratified) and finds what is wrong anywhere in the data; then, for each
 * trial, on its training rows only, so that nothing is learned from rows that are held out.  The
 * tutorial's program scaled over all rows; its recipe keeps that.
 */
#define _POSIX_C_SOURCE 200809L

#include "job.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "defaults.h"
#include "option/layers.h"
#include "draw/terminal.h"

int machine_threads(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count < 1 ? 1 : (int)count;
}

/* Bytes of memory, or 0 if the system does not tell. */
static double machine_memory(void)
{
#ifdef _SC_PHYS_PAGES
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

	return pages > 0 && size > 0 ? (double)pages * (double)size : 0;
#else
	return 0;
#endif
}

/* ---- Jobs ---- */

int job_targets(const options *given, const hebb_table *table, job *result)
{
	const char *text = option_given(given, OPT_TARGET) ? given->target : "";
	char *name = malloc(strlen(text) + 1);
	hebb_error error;
	int count = 0, column = 0;

	result->targets = malloc(sizeof(int) * (strlen(text) / 2 + 1));
	if (!name || !result->targets) {
		free(name);
		return fail(NULL, "out of memory");
	}
	/* A name may itself hold a comma, so the whole text is tried as one name first. */
	int whole = strchr(text, ',') ? hebb_table_find(table, text, NULL) : -1;
	if (whole >= 0) {
		result->targets[count++] = whole;
		text = "";
	}
	while (*text && column >= 0) {
		size_t length = strcspn(text, ",");
		memcpy(name, text, length);
		name[length] = '\0';
		column = hebb_table_find(table, name, &error);
		result->targets[count++] = column;
		text += length + (text[length] == ',');
	}
	free(name);
	if (column < 0)
		return fail_error("--target", &error);
	result->coding_options = hebb_coding_options_default();
	result->coding_options.task = given->task;
	if (wants_counts(given) && !option_given(given, OPT_TASK))
		result->coding_options.task = HEBB_REGRESSION;
	result->coding_options.raw_targets = wants_counts(given);
	result->coding_options.missing = given->missing;
	result->coding_options.target_count = count;
	result->coding_options.targets = result->targets;
	result->coding_options.pixels_alike = given->recipe != RECIPE_TUTORIAL;
	return EXIT_DONE;
}

/* What the task makes impossible. */
static int check_task(const options *o, const hebb_coding *coding, const char *data)
{
	if (o->label_smoothing > 0 && o->loss != HEBB_CROSS_ENTROPY)
		return fail("--label-smoothing",
			    "moves the probabilities of classes towards each other and needs "
			    "cross-entropy; the loss is %s",
			    hebb_loss_name((hebb_loss)o->loss));
	if (coding->task == HEBB_CLASSIFICATION && o->output == HEBB_EXP)
		return fail("--loss",
			    "poisson and exp are for counts, and '%s' is a class here; classes "
			    "need cross-entropy and softmax",
			    coding->targets[0].name);
	if (coding->task == HEBB_CLASSIFICATION)
		return EXIT_DONE;
	if (o->class_weights == WEIGHTS_BALANCED)
		return fail("--class-weights",
			    "'%s' is a number to predict and has no classes to balance; --task "
			    "classification takes its values as classes",
			    coding->targets[0].name);
	if (o->recipe == RECIPE_TUTORIAL)
		return fail(
			data,
			"the tutorial's recipe is for classes, but '%s' is a number to predict; "
			"--task classification takes its values as classes",
			coding->targets[0].name);
	if (o->output != HEBB_LINEAR && o->output != HEBB_EXP)
		return fail("--output",
			    "numbers need a linear output, or exp for counts, not %s; --task "
			    "classification predicts "
			    "classes",
			    hebb_activation_name(o->output));
	if (o->loss == HEBB_CROSS_ENTROPY)
		return fail("--loss", "cross-entropy is for classes; numbers need squared, "
				      "absolute, huber or poisson, or --task classification");
	return EXIT_DONE;
}

static hebb_table *read_part_file(const part *which, hebb_header header, hebb_error *error)
{
	return which->kind == PART_FILE ? hebb_table_read(which->file, header, error) : NULL;
}

/* The tables that --test and --validation name. */
static int read_parts(job *result)
{
	const options *o = result->options;
	hebb_error error = {.status = HEBB_OK};

	result->test_table = read_part_file(&o->test, o->header, &error);
	if (o->test.kind == PART_FILE && !result->test_table)
		return fail_error(NULL, &error);
	result->validation_table = read_part_file(&o->validation, o->header, &error);
	if (o->validation.kind == PART_FILE && !result->validation_table)
		return fail_error(NULL, &error);
	return EXIT_DONE;
}

/* Completes the options. */
static int complete(job *result)
{
	const hebb_table *table = result->table;
	options *o = result->options;
	facts data = {.task = result->whole->task,
		      .is_digits = strcmp(table->format, "digits") == 0,
		      .has_own_test = table->test_from < table->rows,
		      .rows = table->test_from,
		      .inputs = result->whole->width,
		      .outputs = result->whole->outputs};

	choose_defaults(o, &data);
	result->runs = o->folds ? o->folds : o->repeat;
	return check_task(o, result->whole, table->name);
}

/* Fits on every row and completes the options. */
static int settle(job *result)
{
	const hebb_table *table = result->table;
	long long *row = all_rows(table->rows);
	hebb_error error;

	if (!row)
		return fail(table->name, "no memory for %lld rows", table->rows);
	result->whole = hebb_coding_fit(table, &result->coding_options, table->rows, row, &error);
	free(row);
	if (!result->whole)
		return fail_error(NULL, &error);
	int status = complete(result);
	if (table->test_from < table->rows && result->options->test.kind != PART_OWN)
		note("the %lld test rows that came with %s are not used, because --test was given",
		     table->rows - table->test_from, table->name);
	return status;
}

int job_vary(const job *base, options *given, job *result)
{
	*result = *base;
	result->options = given;
	return complete(result);
}

int job_open(options *given, job *result)
{
	hebb_error error;
	int status;

	*result = (job){.options = given};
	result->table = hebb_table_read(given->operand[0], given->header, &error);
	if (!result->table)
		return fail_error(NULL, &error);
	status = job_targets(given, result->table, result);
	if (status == EXIT_DONE)
		status = settle(result);
	if (status == EXIT_DONE)
		status = read_parts(result);
	result->fingerprint = hebb_table_fingerprint(result->table);
	return status;
}

void job_close(job *done)
{
	hebb_coding_free(done->whole);
	hebb_table_free(done->table);
	hebb_table_free(done->test_table);
	hebb_table_free(done->validation_table);
	free(done->targets);
}

/* ---- Trials ---- */

static hebb_dataset *code_rows(const hebb_coding *coding, const hebb_table *table, int with_targets,
			       long long n, const long long *row)
{
	hebb_error error;
	hebb_dataset *dataset = hebb_coding_view(coding, table, with_targets, n, row, &error);

	if (!dataset)
		fail_error(NULL, &error);
	return dataset;
}

hebb_dataset *code_table(const hebb_coding *coding, const hebb_table *table, int with_targets)
{
	long long *row = all_rows(table->rows);
	hebb_dataset *dataset = NULL;

	if (!row)
		fail(table->name, "no memory for %lld rows", table->rows);
	else
		dataset = code_rows(coding, table, with_targets, table->rows, row);
	free(row);
	if (dataset && dataset->ignored > 0)
		note("%s: %d column%s that the network does not know %s ignored", table->name,
		     dataset->ignored, dataset->ignored == 1 ? "" : "s",
		     dataset->ignored == 1 ? "is" : "are");
	return dataset;
}

/* What poisson's loss cannot be asked of. */
static int check_counts(const hebb_coding *coding, const hebb_table *table,
			const hebb_dataset *data)
{
	long long values = data->rows * data->outputs, i = 0;
	char place[32], text[32];

	while (i < values && data->y[i] >= 0)
		i++;
	if (i == values)
		return EXIT_DONE;
	long long row = data->row[i / data->outputs];
	snprintf(place, sizeof place, table->line ? "line %lld" : "row %lld",
		 table->line ? table->line[row] : row + 1);
	return fail(table->name,
		    "%s: '%s' is %s, but poisson's loss is for counts, 0 or more; try --loss "
		    "squared, absolute or huber",
		    place, coding->targets[i % data->outputs].name,
		    hebb_format_float(data->y[i], text));
}

/* The rows of one part: of the table itself, or of a file. */
static int code_part(const job *from, const trial *run, const hebb_table *file, long long first,
		     long long count, const char *name, hebb_dataset **result)
{
	if (!file && count == 0)
		return EXIT_DONE;
	*result = file ? code_table(run->coding, file, 1)
		       : code_rows(run->coding, from->table, 1, count, run->parts.row + first);
	if (!*result)
		return EXIT_FAILED;
	if ((*result)->rows == 0)
		return fail(file ? file->name : from->table->name, "no rows are left to %s on",
			    name);
	return from->options->loss == HEBB_POISSON
		       ? check_counts(run->coding, file ? file : from->table, *result)
		       : EXIT_DONE;
}

static int code_parts(const job *from, trial *run)
{
	const parts *p = &run->parts;
	int status = code_part(from, run, NULL, 0, p->train, "train", &run->train);

	if (status == EXIT_DONE)
		status = code_part(from, run, from->validation_table, p->train, p->validation,
				   "validate", &run->validation);
	if (status == EXIT_DONE && (run->split.folds || !from->blind))
		status = code_part(from, run, run->split.folds ? NULL : from->test_table,
				   p->train + p->validation, p->test, "test", &run->test);
	if (status == EXIT_DONE && !run->train)
		return fail(from->table->name, "no rows are left to train on");
	return status;
}

enum { OF_LBFGS = 2 * 10 + 3 }; /* blocks: ten pairs, the direction, the start and its gradient */

/* Refuses a network that the machine has no memory for, before anything is allocated. */
static int check_memory(const options *o, const hebb_coding *coding)
{
	double parameters = layers_parameters(o, coding->width, coding->outputs), bytes,
	       memory = machine_memory();
	int two = o->optimizer == HEBB_ADAM || o->optimizer == HEBB_ADAMW ||
		  o->optimizer == HEBB_RPROP;
	int moments = o->optimizer == HEBB_SGD     ? 0
		      : o->optimizer == HEBB_LBFGS ? OF_LBFGS
		      : two                        ? 2
						   : 1;
	char need[32], have[32];

	/* The weights, their gradient, the last good ones, their average and the optimizer's
	 * moments. */
	bytes = parameters * (double)sizeof(float) * (3 + (o->average > 0) + moments);
	if (memory == 0 || bytes <= memory)
		return EXIT_DONE;
	return fail("--layers",
		    "training %.0f parameters takes about %s of memory, this machine has %s",
		    parameters, bytes_text(bytes, need), bytes_text(memory, have));
}

/* A rate starts at its mean over the training rows: exp would be long on its way there. */
static hebb_status start_at_means(const trial *run, hebb_error *error)
{
	int last = hebb_net_layers(run->net) - 1, outputs = run->train->outputs;
	float *b = malloc(sizeof *b * (size_t)outputs);
	hebb_status status;

	if (!b)
		return hebb_fail(error, HEBB_NO_MEMORY, "out of memory");
	for (int j = 0; j < outputs; j++) {
		double sum = 0;

		for (long long i = j; i < run->train->rows * outputs; i += outputs)
			sum += (double)run->train->y[i];
		b[j] = sum > 0 ? (float)log(sum / (double)run->train->rows) : 0;
	}
	status = hebb_net_set(run->net, last, NULL, b, error);
	free(b);
	return status;
}

static int make_net(const job *from, trial *run)
{
	const options *o = from->options;
	int layers, status = check_memory(o, run->coding);
	hebb_layer *layer = layers_make(o, run->coding->outputs, &layers);
	hebb_error error;

	if (!layer)
		return fail(NULL, "out of memory");
	if (status == EXIT_DONE) {
		run->net = hebb_net_new(run->coding->width, layers, layer, run->seed, NULL, &error);
		if (!run->net)
			status = fail_error("--layers", &error);
	}
	if (status == EXIT_DONE && o->output == HEBB_EXP && start_at_means(run, &error) != HEBB_OK)
		status = fail_error("--output", &error);
	free(layer);
	return status;
}

int trial_open(const job *from, uint64_t seed, trial *result)
{
	return trial_open_fold(from, seed, -1, result);
}

int trial_open_fold(const job *from, uint64_t seed, int fold, trial *result)
{
	const options *o = from->options;
	int stratified = from->whole->task == HEBB_CLASSIFICATION && o->recipe != RECIPE_TUTORIAL;
	hebb_error error;

	*result = (trial){.seed = seed, .found = calloc(1, sizeof(findings))};
	result->split = (split){.test = o->test,
				.validation = o->validation,
				.seed = seed,
				.folds = fold < 0 ? 0 : o->folds,
				.fold = fold,
				.column = stratified ? from->whole->target_at[0] : -1};
	if (split_rows(from->table, &result->split, &result->parts, &error) != HEBB_OK)
		return fail_error(NULL, &error);
	int scale_all = o->recipe == RECIPE_TUTORIAL;
	const parts *p = &result->parts;
	result->coding = hebb_coding_fit(from->table, &from->coding_options,
					 scale_all ? p->train + p->validation + p->test : p->train,
					 p->row, &error);
	if (!result->coding)
		return fail_error(NULL, &error);
	int status = code_parts(from, result);
	return status == EXIT_DONE ? make_net(from, result) : status;
}

void trial_close(trial *done)
{
	free(done->parts.row);
	hebb_coding_free(done->coding);
	hebb_dataset_free(done->train);
	hebb_dataset_free(done->validation);
	hebb_dataset_free(done->test);
	hebb_net_free(done->net);
	free(done->found);
	*done = (trial){.seed = done->seed};
}

hebb_recipe job_recipe(const options *given, uint64_t seed)
{
	hebb_recipe recipe = hebb_recipe_default();

	recipe.loss = given->loss;
	recipe.rule = given->optimizer;
	recipe.rate = given->rate;
	recipe.schedule = given->schedule;
	recipe.warmup = given->warmup;
	recipe.decay = given->decay;
	recipe.stages = given->stages;
	recipe.plateau = given->plateau;
	recipe.l1 = given->l1;
	recipe.l2 = given->l2;
	recipe.clip = given->clip;
	recipe.max_norm = given->max_norm;
	recipe.average = given->average;
	recipe.average_from = given->average_from;
	recipe.seconds = given->time;
	recipe.weight_decay = given->weight_decay;
	recipe.label_smoothing = given->label_smoothing;
	recipe.epochs = given->epochs;
	recipe.batch = given->batch;
	recipe.accumulate = given->accumulate;
	recipe.shuffle = !given->in_order;
	recipe.patience = given->patience;
	recipe.precision = given->precision;
	recipe.threads = given->threads;
	recipe.seed = seed;
	return recipe;
}
