/* SPDX-License-Identifier: MIT */
/*
 * inspect.c - hebb inspect: what is in a model, a checkpoint, the trials of a search or data
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "draw/calibrated.h"
#include "file/files.h"
#include "hebb_advanced.h"
#include "inspect_checkpoint.h"
#include "inspect_encoding.h"
#include "inspect_ranges.h"
#include "inspect_table.h"
#include "inspect_trials.h"
#include "draw/json.h"
#include "file/record.h"
#include "file/source.h"
#include "draw/terminal.h"
#include "picture/network.h"
#include "picture/pixels.h"

enum { NAMES = 6, NARROW = 60 /* columns of a page */ };

/* ---- Models ---- */

static json_t *layers_json(const hebb_net *net)
{
	json_t *list = json_array();

	for (int l = 0; l < hebb_net_layers(net); l++) {
		const hebb_layer *layer = hebb_net_layer(net, l);
		const hebb_kind_fields *has = hebb_kind_about(layer->kind);
		json_t *one = json_object();
		json_object_set_new(one, "kind", json_string(hebb_kind_name(layer->kind)));
		json_object_set_new(one, "units", json_integer(layer->units));
		if (has->rate)
			json_object_set_new(one, "rate", number_json(layer->rate));
		if (has->from) /* 0: the input */
			json_object_set_new(one, "from", json_integer(layer->from + 1));
		json_object_set_new(one, "activation",
				    json_string(hebb_activation_name(layer->activation)));
		json_object_set_new(one, "init", json_string(hebb_start_name(layer->start)));
		json_object_set_new(one, "frozen", json_boolean(layer->frozen));
		json_array_append_new(list, one);
	}
	return list;
}

/* The memory of the library's objects for this network; they allocate all of it at creation. */
typedef struct memory {
	double parameters, one_row, many_rows,
		training; /* bytes; 0 if there was no memory to find out */
} memory;

enum { MANY_ROWS = 256 };

/* training: of a trainer with the optimizer and batch of the record, or else the library's
 * defaults. */
static memory memory_of(const hebb_model *model)
{
	memory m = {.parameters = 4.0 * (double)hebb_net_parameters(model->net)};
	hebb_work *one = hebb_work_new(model->net, 1, NULL, NULL),
		  *many = hebb_work_new(model->net, MANY_ROWS, NULL, NULL);
	hebb_recipe recipe = hebb_recipe_default();
	json_t *record = record_read(model), *given = json_object_get(record, "options");
	const json_t *batch = json_object_get(given, "batch");
	const json_t *average = json_object_get(given, "average");
	const char *rule = json_string_value(json_object_get(given, "optimizer"));
	hebb_net *copy = hebb_net_copy(model->net, NULL, NULL);

	recipe.loss = model->loss;
	recipe.threads = 1;
	if (rule && hebb_rule_find(rule))
		recipe.rule = hebb_rule_find(rule);
	recipe.average = json_number_value(average);
	if (json_is_string(batch)) /* all */
		recipe.batch = 0;
	if (json_is_integer(batch) && json_integer_value(batch) > 0 &&
	    json_integer_value(batch) < 1 << 20)
		recipe.batch = (int)json_integer_value(batch);
	hebb_trainer *trainer = copy ? hebb_trainer_new(copy, &recipe, NULL, NULL) : NULL;
	m.one_row = one ? (double)hebb_work_bytes(one) : 0;
	m.many_rows = many ? (double)hebb_work_bytes(many) : 0;
	m.training = trainer ? (double)hebb_trainer_bytes(trainer) : 0;
	hebb_trainer_free(trainer);
	hebb_net_free(copy);
	hebb_work_free(one);
	hebb_work_free(many);
	json_decref(record);
	return m;
}

static void print_memory(const hebb_model *model)
{
	memory m = memory_of(model);

	printf("%s%-10s%s %s of parameters, %s to train, %s to predict a row\n", bold(stdout),
	       "memory", plain(stdout), hebb_show_bytes(m.parameters).text,
	       hebb_show_bytes(m.training).text, hebb_show_bytes(m.one_row).text);
}

/* "float32", or what else goes into an input of the graph. */
static const char *type_of(const hebb_graph_input *input)
{
	return input->kind == HEBB_TEXT ? "string" : input->is_double ? "float64" : "float32";
}

/* Which graph the file has and what it takes; null without memory. */
static json_t *graph_json(const hebb_model *model)
{
	json_t *list = json_array();
	int count = 0;
	hebb_graph_input *input = hebb_model_graph_inputs(model, &count, NULL);

	for (int i = 0; i < count && input; i++)
		json_array_append_new(list,
				      json_pack("{s:s, s:s, s:i}", "name", input[i].name, "type",
						type_of(&input[i]), "columns", input[i].columns));
	free(input);
	return json_pack("{s:s, s:o}", "kind", hebb_graph_name(model->graph), "inputs", list);
}

static void print_name(const char *name)
{
	fputs(list_quote(name), stdout);
	print_cut(stdout, name, 20);
	fputs(list_quote(name), stdout);
}

/* The same in a line: the matrix, then the texts. */
static void print_graph(const hebb_model *model)
{
	int count = 0;
	hebb_graph_input *input = hebb_model_graph_inputs(model, &count, NULL);

	printf("%s%-10s%s %s; takes ", bold(stdout), "graph", plain(stdout),
	       hebb_graph_name(model->graph));
	for (int i = 0; i < count && i < NAMES && input; i++) {
		fputs(i > 0 ? ", " : "", stdout);
		print_name(input[i].name);
		printf(" (%s", type_of(&input[i]));
		if (input[i].kind == HEBB_NUMBER)
			printf(", %d column%s", input[i].columns, input[i].columns == 1 ? "" : "s");
		putchar(')');
	}
	if (count > NAMES)
		printf(" %sand %d more%s", dim(stdout), count - NAMES, plain(stdout));
	putchar('\n');
	free(input);
}

static json_t *model_json(const hebb_model *model)
{
	const hebb_coding *coding = model->coding;
	json_t *object = json_object(), *record = record_read(model);
	memory m = memory_of(model);

	json_object_set_new(object, "kind", json_string("model"));
	json_object_set_new(object, "task", json_string(hebb_task_name(coding->task)));
	json_object_set_new(object, "layers", layers_json(model->net));
	json_object_set_new(object, "parameters", json_integer(hebb_net_parameters(model->net)));
	json_object_set_new(object, "inputs", json_integer(hebb_net_inputs(model->net)));
	json_object_set_new(object, "outputs", json_integer(hebb_net_outputs(model->net)));
	json_object_set_new(object, "input_names", names_json(coding->input_count, coding->inputs));
	json_object_set_new(object, "target_names",
			    names_json(coding->target_count, coding->targets));
	json_object_set_new(object, "classes",
			    coding->task == HEBB_CLASSIFICATION
				    ? texts_json(coding->outputs, coding->targets[0].levels)
				    : json_null());
	json_object_set_new(object, "graph", graph_json(model));
	json_object_set_new(object, "encoding", encoding_json(coding));
	json_object_set_new(object, "target_transform", transform_json(coding));
	json_object_set_new(object, "ranges", ranges_json(coding));
	json_object_set_new(object, "loss", json_string(hebb_loss_name(model->loss)));
	json_object_set_new(object, "conformal", conformal_json(model->conformal, coding));
	json_object_set_new(object, "work_bytes_1_row", json_integer((json_int_t)m.one_row));
	json_object_set_new(object, "work_bytes_256_rows", json_integer((json_int_t)m.many_rows));
	json_object_set_new(object, "trainer_bytes", json_integer((json_int_t)m.training));
	json_object_set_new(object, "record", record ? record : json_null());
	return object;
}

/* "a, b, c and 61 more" */
static void print_names(const char *title, int count, const char *(*name)(const void *self, int i),
			const void *self)
{
	printf("%s%-10s%s %d: ", bold(stdout), title, plain(stdout), count);
	for (int i = 0; i < count && i < NAMES; i++) {
		fputs(i > 0 ? ", " : "", stdout);
		print_name(name(self, i));
	}
	if (count > NAMES)
		printf(" %sand %d more%s", dim(stdout), count - NAMES, plain(stdout));
	putchar('\n');
}

static const char *column_name(const void *self, int i)
{
	return ((const hebb_column *)self)[i].name;
}

static const char *level_name(const void *self, int i)
{
	return ((const hebb_column *)self)->levels[i];
}

/* Prints the rest of a layer's line, after its number, inputs and units. */
static void print_layer(const hebb_net *net, int l)
{
	const hebb_layer *layer = hebb_net_layer(net, l);
	const hebb_kind_fields *has = hebb_kind_about(layer->kind);
	const hebb_parameter *parameter;
	long long learned = 0;
	char count[32];

	for (int i = 0; (parameter = hebb_net_parameter(net, l, i)); i++)
		learned += parameter->running ? 0 : parameter->count;
	if (has->rate)
		printf("%s %s", hebb_kind_name(layer->kind), hebb_show_number(layer->rate, 4).text);
	else if (has->from)
		printf("%-11s", hebb_activation_name(layer->activation));
	else
		printf("%-11s %10s", hebb_activation_name(layer->activation),
		       learned > 0 ? count_text(learned, count) : "");
	if (has->from && layer->from < 0)
		printf("  adds the inputs");
	else if (has->from)
		printf("  adds layer %d", layer->from + 1);
	else if (!has->units && !has->rate)
		printf("  %s", hebb_kind_name(layer->kind));
	puts(layer->frozen ? "  frozen" : "");
}

/* On a narrow page without the inputs of each layer, which are the units before it. */
static void print_layers(const hebb_net *net)
{
	int inputs = hebb_net_inputs(net), is_narrow = terminal_width(stdout) < NARROW;

	printf("\n  %slayer %s  units  activation  parameters%s\n", dim(stdout),
	       is_narrow ? "" : "  inputs  ", plain(stdout));
	for (int l = 0; l < hebb_net_layers(net); l++) {
		printf("  %5d ", l + 1);
		if (!is_narrow)
			printf("%8d ", inputs);
		printf("%*d  ", is_narrow ? 6 : 8, hebb_net_layer(net, l)->units);
		print_layer(net, l);
		inputs = hebb_net_layer(net, l)->units;
	}
	putchar('\n');
}

/* A value of the record as text: a number, a text, or the list of the hidden layers. */
static void print_value(const json_t *value)
{
	const json_t *item;
	size_t i;

	if (json_is_string(value))
		print_field(stdout, json_string_value(value), 0);
	else if (json_is_integer(value))
		printf("%lld", (long long)json_integer_value(value));
	else if (json_is_real(value))
		fputs(hebb_show_number(json_real_value(value), 4).text, stdout);
	else if (json_is_array(value) && json_array_size(value) == 0)
		printf("none");
	json_array_foreach(value, i, item)
	{
		fputs(i > 0 ? "," : "", stdout);
		print_value(item);
	}
}

/* The options in effect as "optimizer adam, rate 0.001, ...", wrapped. */
static void print_options(const json_t *settings)
{
	static const char *const shown[] = {
		"optimizer", "rate",         "batch",           "epochs",        "loss",
		"l2",        "weight_decay", "label_smoothing", "class_weights", "seed"};
	const char *gap = "";

	printf("%s%-10s%s ", bold(stdout), "settings", plain(stdout));
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
		const json_t *value = json_object_get(settings, shown[i]);
		if (!value || json_is_null(value) ||
		    (json_is_real(value) && json_real_value(value) == 0) ||
		    (json_is_string(value) && strcmp(json_string_value(value), "none") == 0))
			continue;
		printf("%s%s ", gap, shown[i]);
		print_value(value);
		gap = ", ";
	}
	putchar('\n');
}

static void print_record(const hebb_model *model)
{
	json_t *record = record_read(model), *value;
	const char *data = json_string_value(json_object_get(record, "data"));
	char used[32];
	const json_t *test = json_object_get(record, "test");

	if (record && data) {
		printf("%s%-10s%s ", bold(stdout), "trained on", plain(stdout));
		print_field(stdout, data, 0);
		printf(", %s of its %s, %s\n",
		       count_text(json_integer_value(json_object_get(record, "train_rows")), used),
		       hebb_show_count(json_integer_value(json_object_get(record, "rows")), "row")
			       .text,
		       hebb_show_count(json_integer_value(json_object_get(record, "epochs")),
				       "epoch")
			       .text);
	}
	if (json_is_object(json_object_get(record, "options")))
		print_options(json_object_get(record, "options"));
	if ((value = json_object_get(test, "accuracy")))
		printf("%s%-10s%s accuracy %.2f %%\n", bold(stdout), "held out", plain(stdout),
		       100 * json_number_value(value));
	else if ((value = json_object_get(test, "rmse")))
		printf("%s%-10s%s rmse %s, r2 %.4f\n", bold(stdout), "held out", plain(stdout),
		       hebb_show_number(json_number_value(value), 4).text,
		       json_number_value(json_object_get(test, "r2")));
	json_decref(record);
}

/* The temperature of the record, and the scores for intervals. */
static void print_calibration(const hebb_model *model)
{
	json_t *record = record_read(model);
	const json_t *tempered = json_object_get(record, "temperature");
	char text[600];

	if (json_is_object(tempered))
		printf("%s%-10s%s temperature %s from %s\n", bold(stdout), "calibrated",
		       plain(stdout),
		       hebb_show_number(json_number_value(json_object_get(tempered, "value")), 4)
			       .text,
		       hebb_show_count(json_integer_value(json_object_get(tempered, "rows")), "row")
			       .text);
	if (model->conformal)
		printf("%s%-10s%s %s\n", bold(stdout), "intervals", plain(stdout),
		       conformal_text(model->conformal, model->coding, text, sizeof text));
	json_decref(record);
}

static int inspect_model(const options *given, const hebb_model *model)
{
	const hebb_coding *coding = model->coding;
	char count[32];

	if (given->json)
		return print_json(model_json(model));
	printf("%s", bold(stdout));
	print_field(stdout, given->operand[0], 0);
	printf("%s: a model for %s, %s parameters, loss %s\n", plain(stdout),
	       hebb_task_name(coding->task), count_text(hebb_net_parameters(model->net), count),
	       hebb_loss_name(model->loss));
	putchar('\n');
	network_print(stdout, model->net, coding);
	print_layers(model->net);
	weights_print(stdout, model);
	print_names("inputs", coding->input_count, column_name, coding->inputs);
	print_names("target", coding->target_count, column_name, coding->targets);
	if (coding->task == HEBB_CLASSIFICATION)
		print_names("classes", coding->outputs, level_name, &coding->targets[0]);
	print_encoding(coding);
	print_transform(coding);
	print_graph(model);
	print_memory(model);
	print_record(model);
	print_calibration(model);
	print_ranges(coding);
	return EXIT_DONE;
}

int run_inspect(options *given)
{
	source content;
	int status;

	if (files_check(given) != EXIT_DONE)
		return EXIT_FAILED;
	hebb_table_options how = hebb_study_table_options(&given->study);
	status = source_read(given->operand[0], &how, &content);
	if (content.model)
		status = inspect_model(given, content.model);
	else if (content.checkpoint)
		status = inspect_checkpoint(given, content.checkpoint);
	else if (content.trials)
		status = inspect_trials(given, content.trials, content.size);
	else if (content.table)
		status = inspect_table(given, content.table);
	source_close(&content);
	return status;
}
