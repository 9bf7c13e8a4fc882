/* SPDX-License-Identifier: MIT */
/*
 * make_models - models of every kind, with inputs and the outputs that hebb has for them
 *
 *     make_models FOLDER
 *
 * writes for each model NAME.onnx, NAME.x (the raw inputs of all rows) and NAME.y (the outputs),
 * both little-endian float64 by rows, and prints a line `NAME rows inputs outputs TYPE TYPE`, with
 * the types of the graph's input and output, float32 or float64.  accept.sh has other programs run
 * them.
 */
#include "hebb_io.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the targets are; raw: nothing is standardized, so that the graph has no scaling. */
typedef enum targets { CLASSES = 1, RAW_CLASSES, NUMBERS, RAW_NUMBERS } targets;

/* A network to train on a table. */
typedef struct plan {
	const char *name;
	targets targets;
	int layers;
	hebb_layer layer[8]; /* the units of the last are set by the coding */
} plan;

static void give_up(const char *what, const hebb_error *error)
{
	fprintf(stderr, "make_models: %s: %s\n", what, error->message);
	exit(1);
}

static void *memory(size_t bytes)
{
	void *made = malloc(bytes ? bytes : 1);
	hebb_error error = {.message = "out of memory"};
	if (!made)
		give_up("memory", &error);
	return made;
}

/* What the graph is given: numbers as they stand in the table, texts one-hot. */
static double *raw_inputs(const hebb_table *table, const hebb_coding *coding)
{
	double *x = memory((size_t)table->rows * coding->width * sizeof *x), *at = x;
	for (long long row = 0; row < table->rows; row++)
		for (int i = 0; i < coding->input_count; i++) {
			double value = hebb_table_value(table, row, coding->input_at[i]);
			const hebb_column *column = &coding->inputs[i];
			if (column->kind == HEBB_NUMBER)
				*at++ = value;
			for (int k = 0; column->kind == HEBB_TEXT && k < column->level_count; k++)
				*at++ = (int)value == k;
		}
	return x;
}

/* The outputs of the network for a dataset, in the units of the targets. */
static double *outputs_of(const hebb_model *model, const hebb_dataset *data)
{
	hebb_error error;
	int rows = (int)data->rows, outputs = model->coding->outputs;
	hebb_work *work = hebb_work_new(model->net, rows, NULL, &error);
	if (!work)
		give_up("work", &error);
	const float *h = hebb_forward(work, rows, data->x);
	double *y = memory((size_t)rows * outputs * sizeof *y);
	for (int i = 0; i < rows; i++)
		for (int k = 0; k < outputs; k++)
			y[i * outputs + k] =
				hebb_in_units(model->coding, h + (size_t)i * outputs, k);
	hebb_work_free(work);
	return y;
}

static void write_doubles(const char *folder, const char *name, char what, const double *values,
			  size_t count)
{
	char path[4096];
	hebb_error error;
	unsigned char *bytes = memory(8 * count);
	for (size_t i = 0; i < count; i++) {
		uint64_t bits;
		memcpy(&bits, &values[i], sizeof bits);
		for (int k = 0; k < 8; k++)
			bytes[8 * i + (size_t)k] = (unsigned char)(bits >> 8 * k);
	}
	snprintf(path, sizeof path, "%s/%s.%c", folder, name, what);
	if (hebb_file_write(path, bytes, 8 * count, &error))
		give_up(path, &error);
	free(bytes);
}

static hebb_loss loss_of(const plan *wanted)
{
	hebb_activation last = wanted->layer[wanted->layers - 1].activation;
	return last == HEBB_SOFTMAX ? HEBB_CROSS_ENTROPY
	       : last == HEBB_EXP   ? HEBB_POISSON
				    : HEBB_SQUARED;
}

/* A network for the plan, a little trained, so that its weights look like weights. */
static hebb_net *make_net(const plan *wanted, const hebb_coding *coding, const hebb_dataset *data)
{
	hebb_error error;
	hebb_layer layer[8];
	memcpy(layer, wanted->layer, sizeof layer);
	for (int l = 0; l < wanted->layers; l++)
		if (layer[l].kind == HEBB_DENSE && layer[l].units == 1)
			layer[l].units = coding->outputs;
	hebb_net *net = hebb_net_new(coding->width, wanted->layers, layer, 1, NULL, &error);
	if (!net)
		give_up(wanted->name, &error);
	hebb_recipe recipe = hebb_recipe_default();
	recipe.loss = loss_of(wanted);
	recipe.epochs = 3;
	hebb_trainer *trainer = hebb_trainer_new(net, &recipe, NULL, &error);
	hebb_source source = hebb_dataset_source(data);
	if (!trainer || hebb_train(trainer, &source, NULL, &error))
		give_up(wanted->name, &error);
	hebb_trainer_free(trainer);
	return net;
}

static void make_model(const char *folder, const hebb_table *table, const plan *wanted)
{
	hebb_error error;
	hebb_coding_options options = hebb_coding_options_default();
	char path[4096];

	options.task = wanted->targets < NUMBERS ? HEBB_CLASSIFICATION : HEBB_REGRESSION;
	options.scaling = wanted->targets == CLASSES || wanted->targets == NUMBERS
				  ? HEBB_SCALING_STANDARD
				  : HEBB_SCALING_NONE;
	hebb_coding *coding = hebb_coding_fit(table, &options, table->rows, NULL, &error);
	if (!coding)
		give_up(wanted->name, &error);
	hebb_dataset *data = hebb_coding_apply(coding, table, 1, table->rows, NULL, &error);
	if (!data)
		give_up(wanted->name, &error);
	hebb_net *net = make_net(wanted, coding, data);
	hebb_model *model = hebb_model_new(net, coding, loss_of(wanted),
					   "{\"made_by\": \"make_models\"}", &error);
	if (!model)
		give_up(wanted->name, &error);
	model->graph = HEBB_GRAPH_NUMERIC; /* make_tables has the others */

	snprintf(path, sizeof path, "%s/%s.onnx", folder, wanted->name);
	if (hebb_model_write(model, path, &error))
		give_up(path, &error);
	double *x = raw_inputs(table, model->coding), *y = outputs_of(model, data);
	size_t rows = (size_t)table->rows;
	write_doubles(folder, wanted->name, 'x', x, rows * (size_t)model->coding->width);
	write_doubles(folder, wanted->name, 'y', y, rows * (size_t)model->coding->outputs);
	printf("%s %zu %d %d %s %s\n", wanted->name, rows, model->coding->width,
	       model->coding->outputs, model->coding->exact_mean ? "float64" : "float32",
	       model->coding->exact_target_mean ? "float64" : "float32");

	free(x);
	free(y);
	hebb_dataset_free(data);
	hebb_model_free(model);
	hebb_net_free(net);
	hebb_coding_free(coding);
}

#define DENSE(m, f) \
	{ \
		.size = sizeof(hebb_layer), .kind = HEBB_DENSE, .activation = HEBB_##f, \
		.start = HEBB_START_AUTO, .units = m \
	}

#define OTHER(k, f, l) \
	{ \
		.size = sizeof(hebb_layer), .kind = HEBB_##k, .activation = HEBB_##f, \
		.start = HEBB_START_AUTO, .from = l \
	}

/* The digits: each activation hidden and at the end, depths 1 to 4, with and without scaling, and
 * as a regression.  Raw pixels (up to 16) go to units whose outputs are bounded: else z is so large
 * that the rounding of float32 alone comes to 1e-6. */
static const plan of_digits[] = {
	{"sigmoid", CLASSES, 2, {DENSE(30, SIGMOID), DENSE(1, SIGMOID)}},
	{"tanh", CLASSES, 2, {DENSE(30, TANH), DENSE(1, TANH)}},
	{"relu", CLASSES, 2, {DENSE(30, RELU), DENSE(1, SOFTMAX)}},
	{"relu-last", CLASSES, 2, {DENSE(30, TANH), DENSE(1, RELU)}},
	{"leaky-relu", CLASSES, 2, {DENSE(30, LEAKY_RELU), DENSE(1, LEAKY_RELU)}},
	{"gelu", CLASSES, 2, {DENSE(30, GELU), DENSE(1, SOFTMAX)}},
	{"gelu-twice", CLASSES, 3, {DENSE(20, GELU), DENSE(20, GELU), DENSE(1, GELU)}},
	{"elu", CLASSES, 2, {DENSE(30, ELU), DENSE(1, ELU)}},
	{"selu", CLASSES, 3, {DENSE(20, SELU), DENSE(20, SELU), DENSE(1, SELU)}},
	{"silu", CLASSES, 3, {DENSE(20, SILU), DENSE(20, SILU), DENSE(1, SILU)}},
	{"softplus", CLASSES, 2, {DENSE(30, SOFTPLUS), DENSE(1, SOFTPLUS)}},
	{"hard-sigmoid", CLASSES, 2, {DENSE(30, HARD_SIGMOID), DENSE(1, HARD_SIGMOID)}},
	{"hard-tanh", CLASSES, 3, {DENSE(20, HARD_TANH), DENSE(20, GELU), DENSE(1, HARD_TANH)}},
	{"softmax", CLASSES, 2, {DENSE(30, SOFTMAX), DENSE(1, SOFTMAX)}},
	{"exp", CLASSES, 2, {DENSE(30, TANH), DENSE(1, EXP)}},
	{"linear", CLASSES, 2, {DENSE(30, LINEAR), DENSE(1, LINEAR)}},
	{"one-layer", CLASSES, 1, {DENSE(1, SOFTMAX)}},
	{"one-linear-layer", RAW_CLASSES, 1, {DENSE(1, LINEAR)}},
	{"three-layers", CLASSES, 3, {DENSE(30, RELU), DENSE(20, TANH), DENSE(1, SOFTMAX)}},
	{"four-layers",
	 CLASSES,
	 4,
	 {DENSE(30, GELU), DENSE(20, LEAKY_RELU), DENSE(10, SIGMOID), DENSE(1, SOFTMAX)}},
	{"raw-inputs", RAW_CLASSES, 2, {DENSE(30, TANH), DENSE(1, SOFTMAX)}},
	{"regression", NUMBERS, 2, {DENSE(30, RELU), DENSE(1, LINEAR)}},
	{"batch-norm",
	 CLASSES,
	 5,
	 {OTHER(BATCH_NORM, LINEAR, 0), DENSE(30, LINEAR), OTHER(BATCH_NORM, GELU, 0),
	  DENSE(20, TANH), DENSE(1, SOFTMAX)}},
	{"layer-norm",
	 RAW_NUMBERS,
	 4,
	 {OTHER(LAYER_NORM, LINEAR, 0), DENSE(30, LINEAR), OTHER(LAYER_NORM, RELU, 0),
	  DENSE(1, LINEAR)}},
	{"shortcuts",
	 CLASSES,
	 6,
	 {DENSE(64, TANH), OTHER(ADD, LINEAR, -1), OTHER(DROPOUT, LINEAR, 0), DENSE(64, RELU),
	  OTHER(ADD, SIGMOID, 2), DENSE(1, SOFTMAX)}},
	{"shortcut-of-raw-inputs",
	 RAW_CLASSES,
	 3,
	 {DENSE(64, TANH), OTHER(ADD, TANH, -1), DENSE(1, SOFTMAX)}},
	{"residual-blocks",
	 NUMBERS,
	 8,
	 {DENSE(24, LINEAR), OTHER(BATCH_NORM, RELU, 0), DENSE(24, LINEAR),
	  OTHER(BATCH_NORM, LINEAR, 0), OTHER(ADD, SILU, 1), OTHER(LAYER_NORM, HARD_TANH, 0),
	  DENSE(1, LINEAR), OTHER(BATCH_NORM, LINEAR, 0)}},
	{"raw-regression", RAW_NUMBERS, 1, {DENSE(1, SIGMOID)}},
};

static const plan of_texts = {"texts", CLASSES, 2, {DENSE(5, TANH), DENSE(1, SOFTMAX)}};

static const char texts[] =
	"length,color,sort\n1,red,a\n2,\"blue, \"\"dark\"\"\",b\n3,red,\xc3\xa9\n"
	"4,green,a\n2.5,green,b\n-1,red,a\n";

/* Times and amounts that float32 does not hold: in and out, in alone, out alone. */
static const struct {
	plan plan;
	const char *text;
} exact[] = {{{"times", NUMBERS, 2, {DENSE(5, TANH), DENSE(1, LINEAR)}},
	      "time,color,amount\n1700000000.5,red,100000000.25\n1700000060.25,green,100000001.5\n"
	      "1700000123,red,100000003.125\n1700000180,red,100000004\n"},
	     {{"times-to-classes", CLASSES, 2, {DENSE(5, TANH), DENSE(1, SOFTMAX)}},
	      "time,sort\n1700000000,a\n1700000060,b\n1700000123,a\n1700000180,c\n"},
	     {{"amounts", NUMBERS, 1, {DENSE(1, LINEAR)}},
	      "x,amount\n1,100000000.25\n2,100000001.5\n4,100000003.125\n5,100000004\n"}};

int main(int count, char **argument)
{
	hebb_error error;
	if (count != 2) {
		fprintf(stderr, "make_models: usage: make_models FOLDER\n");
		return 2;
	}
	hebb_table *table = hebb_table_digits(&error);
	if (!table)
		give_up("digits", &error);
	for (size_t i = 0; i < sizeof of_digits / sizeof of_digits[0]; i++)
		make_model(argument[1], table, &of_digits[i]);
	hebb_table_free(table);
	table = hebb_table_parse(texts, sizeof texts - 1, "texts", HEBB_HEADER_AUTO, &error);
	if (!table)
		give_up("texts", &error);
	make_model(argument[1], table, &of_texts);
	hebb_table_free(table);
	for (size_t i = 0; i < sizeof exact / sizeof exact[0]; i++) {
		table = hebb_table_parse(exact[i].text, strlen(exact[i].text), exact[i].plan.name,
					 HEBB_HEADER_YES, &error);
		if (!table)
			give_up(exact[i].plan.name, &error);
		make_model(argument[1], table, &exact[i].plan);
		hebb_table_free(table);
	}
	return 0;
}
