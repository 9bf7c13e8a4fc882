/* SPDX-License-Identifier: MIT */
/*
 * make_tables - models of tables with texts and gaps, with rows and what hebb answers for them
 *
 *     make_tables FOLDER
 *
 * writes for each table NAME.onnx and NAME.json, and prints a line NAME. The JSON has the inputs of
 * the graph, row by row as another program gives them: numbers, null where there is none, and texts
 * as they stand in the file; and what hebb says: outputs, null for NaN, and of classes a label.
 * accept.sh has other programs run them.
 */
#include "hebb_io.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LAYERS = 3 };

/* A table to train on, and one to answer; NULL: the same. */
typedef struct plan {
	const char *name, *train, *test;
	hebb_task task;
	hebb_missing missing; /* 0: the default */
	hebb_graph graph;     /* 0: the default */
	hebb_scaling scaling; /* 0: the default */
	hebb_scaling joined;  /* 0: none beside it */
	int has_norm, targets;
	const char *text_columns;
	hebb_target_transform transform; /* 0: the default */
} plan;

#define MIXED \
	"age,color,income,\"a \"\"name\"\"\",sort\n" \
	"1,red,10,a,p\n2,\"blue, " \
	"\"\"dark\"\"\",,b,q\n,red,30,a,p\n4,,40,b,r\n5,gr\xc3\xbcn,50,a,q\n" \
	"6,red,60,,p\n7,gr\xc3\xbcn,70,b,q\n8,red,80,a,r\n9,\"blue, \"\"dark\"\"\",90,b,p\n"
#define MIXED_TEST \
	"age,color,income,\"a \"\"name\"\"\",sort\n" \
	"3,red,20,b,p\n,,,,\n5,unheard of,1e9,A,q\nodd,red,15,\xc3\xa9,p\n-2,gr\xc3\xbcn,,b,r\n" \
	"7,\"blue, \"\"dark\"\"\",33,a,p\n"

/* Rows that are near, far, at the ends and missing. */
#define NUMBERS "a,b,sort\n1,20,p\n2,30,q\n3,10,p\n4,0,q\n7,50,p\n11,-5,q\n12,2,p\n"
#define NUMBERS_TEST \
	"a,b,sort\n1,,p\n,,q\n3,2,p\n0,0,p\n1e30,-1e30,p\n3e38,-3e38,q\n5.5,17,q\n12,50,q\n"
#define TIMES \
	"time,color,amount\n1700000000.5,red,100000000.25\n1700000060.25,green,100000001.5\n" \
	"1700000123,,100000003.125\n1700000180,red,100000004\n,green,100000002\n1700000250,red," \
	"100000004.5\n"
#define TIMES_TEST \
	"time,color,amount\n1700000030.5,green,1\n,red,2\n1700000200.125,,3\n" \
	"1700000100,blue,4\n1e12,red,5\n-1,red,6\n"

static const plan plans[] = {
	{.name = "mixed", .train = MIXED, .test = MIXED_TEST},
	{.name = "mixed-mean", .train = MIXED, .test = MIXED_TEST, .missing = HEBB_MISSING_MEAN},
	{.name = "mixed-drop", .train = MIXED, .test = MIXED_TEST, .missing = HEBB_MISSING_DROP},
	{.name = "mixed-norm", .train = MIXED, .test = MIXED_TEST, .has_norm = 1},
	{.name = "texts-alone",
	 .train = "one,two,sort\na,x,p\nb,y,q\na,,p\nb,x,q\nc,y,p\n",
	 .test = "one,two,sort\nb,,p\n,,q\nd,x,p\nc,y,q\n"},
	{.name = "one-text",
	 .train = "one,sort\na,p\nb,q\na,p\nb,q\nc,p\n",
	 .test = "one,sort\nb,p\n,q\nd,p\n"},
	{.name = "numbers-with-gaps",
	 .train = "a,b,y\n1,2,3.5\n2,,5\n3,1,4\n4,0,8\n5,2,7\n6,1,6\n",
	 .test = "a,b,y\n1,,3\n,,5\n3,NA,4\n2.5,0.5,1\n",
	 .task = HEBB_REGRESSION},
	{.name = "numbers-full",
	 .train = "a,b,sort\n1,2,p\n2,3,q\n3,1,p\n4,0,q\n",
	 .test = "a,b,sort\n1,,p\n,,q\n3,2,p\n",
	 .graph = HEBB_GRAPH_FULL},
	{.name = "numbers-full-drop",
	 .train = "a,b,sort\n1,2,p\n2,3,q\n3,1,p\n4,0,q\n",
	 .test = "a,b,sort\n1,,p\n,,q\n3,2,p\n",
	 .graph = HEBB_GRAPH_FULL,
	 .missing = HEBB_MISSING_DROP},
	{.name = "numbers-numeric", /* which fills in nothing: a gap gives NaN */
	 .train = "a,b,sort\n1,2,p\n2,3,q\n3,1,p\n4,0,q\n",
	 .test = "a,b,sort\n1,,p\n,,q\n3,2,p\n",
	 .graph = HEBB_GRAPH_NUMERIC,
	 .missing = HEBB_MISSING_DROP,
	 .has_norm = 1},
	{.name = "doubles",
	 .train = "time,color,amount\n1700000000.5,red,100000000.25\n1700000060.25,green,"
		  "100000001.5\n1700000123,,100000003.125\n1700000180,red,100000004\n"
		  ",green,100000002\n1700000250,red,100000004.5\n",
	 .test = "time,color,amount\n1700000030.5,green,1\n,red,2\n1700000200.125,,3\n"
		 "1700000100,blue,4\n",
	 .task = HEBB_REGRESSION},
	{.name = "doubles-drop",
	 .train = "time,color,sort\n1700000000.5,red,p\n1700000060.25,green,q\n1700000123,,p\n"
		  "1700000180,red,q\n1700000250,green,p\n",
	 .test = "time,color,sort\n1700000030.5,green,p\n,red,q\n1700000200.125,,p\n"
		 "1700000100,blue,q\n",
	 .missing = HEBB_MISSING_DROP},
	{.name = "robust", .train = MIXED, .test = MIXED_TEST, .scaling = HEBB_SCALING_ROBUST},
	{.name = "piecewise",
	 .train = MIXED,
	 .test = MIXED_TEST,
	 .scaling = HEBB_SCALING_PIECEWISE},
	{.name = "periodic", .train = MIXED, .test = MIXED_TEST, .scaling = HEBB_SCALING_PERIODIC},
	{.name = "joined",
	 .train = MIXED,
	 .test = MIXED_TEST,
	 .missing = HEBB_MISSING_MEAN,
	 .scaling = HEBB_SCALING_PIECEWISE,
	 .joined = HEBB_SCALING_PERIODIC},
	{.name = "joined-doubles",
	 .train = TIMES,
	 .test = TIMES_TEST,
	 .scaling = HEBB_SCALING_STANDARD,
	 .joined = HEBB_SCALING_ROBUST,
	 .task = HEBB_REGRESSION},
	{.name = "robust-drop",
	 .train = MIXED,
	 .test = MIXED_TEST,
	 .scaling = HEBB_SCALING_ROBUST,
	 .missing = HEBB_MISSING_DROP},
	{.name = "piecewise-drop",
	 .train = MIXED,
	 .test = MIXED_TEST,
	 .scaling = HEBB_SCALING_PIECEWISE,
	 .missing = HEBB_MISSING_DROP},
	{.name = "periodic-drop",
	 .train = MIXED,
	 .test = MIXED_TEST,
	 .scaling = HEBB_SCALING_PERIODIC,
	 .missing = HEBB_MISSING_DROP},
	{.name = "robust-numeric",
	 .train = NUMBERS,
	 .test = NUMBERS_TEST,
	 .scaling = HEBB_SCALING_ROBUST,
	 .graph = HEBB_GRAPH_NUMERIC,
	 .missing = HEBB_MISSING_DROP},
	{.name = "piecewise-numeric",
	 .train = NUMBERS,
	 .test = NUMBERS_TEST,
	 .scaling = HEBB_SCALING_PIECEWISE,
	 .graph = HEBB_GRAPH_NUMERIC,
	 .missing = HEBB_MISSING_DROP},
	{.name = "periodic-numeric",
	 .train = NUMBERS,
	 .test = NUMBERS_TEST,
	 .scaling = HEBB_SCALING_PERIODIC,
	 .graph = HEBB_GRAPH_NUMERIC,
	 .missing = HEBB_MISSING_DROP},
	{.name = "robust-doubles",
	 .train = TIMES,
	 .test = TIMES_TEST,
	 .scaling = HEBB_SCALING_ROBUST,
	 .task = HEBB_REGRESSION},
	{.name = "piecewise-doubles",
	 .train = TIMES,
	 .test = TIMES_TEST,
	 .scaling = HEBB_SCALING_PIECEWISE,
	 .task = HEBB_REGRESSION},
	{.name = "periodic-doubles",
	 .train = TIMES,
	 .test = TIMES_TEST,
	 .scaling = HEBB_SCALING_PERIODIC,
	 .task = HEBB_REGRESSION},
	{.name = "labels",
	 .train = "a,tag,u,v\n1,s,0,1\n2,t,1,1\n3,,1,0\n4,s,0,0\n5,t,1,1\n6,s,0,0\n",
	 .test = "a,tag,u,v\n1,t,0,1\n,s,1,1\n3,,1,0\n4,x,0,0\n",
	 .task = HEBB_LABELS,
	 .targets = 2},
	{.name = "several-targets",
	 .train = "a,tag,u,v\n1,s,0.5,10\n2,t,1.5,20\n3,,1,40\n4,s,2.5,30\n5,t,1,10\n",
	 .test = "a,tag,u,v\n1,t,0,1\n,s,1,1\n3,,1,0\n4,x,0,0\n",
	 .task = HEBB_REGRESSION,
	 .targets = 2},
	{.name = "log",
	 .train = "a,tag,y\n1,s,0.5\n2,t,15\n3,,100\n4,s,2.5e4\n5,t,1\n,s,30\n",
	 .test = "a,tag,y\n1,t,1\n,s,1\n3,,1\n4,x,1\n1e9,s,1\n",
	 .task = HEBB_REGRESSION,
	 .transform = HEBB_TARGET_LOG},
	{.name = "quantile",
	 .train = "a,tag,y\n1,s,-5\n2,t,15\n3,,20\n4,s,36\n5,t,7\n,s,15\n6,t,15\n7,s,0\n",
	 .test = "a,tag,y\n1,t,1\n,s,1\n3,,1\n4,x,1\n9,s,1\n",
	 .task = HEBB_REGRESSION,
	 .transform = HEBB_TARGET_QUANTILE},
	{.name = "quantile-drop", /* which has rows without an answer */
	 .train = "a,b,y\n1,2,-5\n2,5,15\n3,1,20\n4,3,36\n5,7,7\n6,0,15\n7,2,0\n",
	 .test = "a,b,y\n1,2,1\n,3,1\n3,,1\n1e30,1,1\n3e38,3e38,1\n",
	 .task = HEBB_REGRESSION,
	 .graph = HEBB_GRAPH_NUMERIC,
	 .missing = HEBB_MISSING_DROP,
	 .transform = HEBB_TARGET_QUANTILE},
	{.name = "quantile-several",
	 .train = "a,tag,u,v\n1,s,0.5,10\n2,t,1.5,20\n3,,1,40\n4,s,2.5,30\n5,t,1,1000\n",
	 .test = "a,tag,u,v\n1,t,0,1\n,s,1,1\n3,,1,0\n4,x,0,0\n",
	 .task = HEBB_REGRESSION,
	 .targets = 2,
	 .transform = HEBB_TARGET_QUANTILE},
	{.name = "log-several",
	 .train = "a,tag,u,v\n1,s,0.5,10\n2,t,1.5,20\n3,,1,40\n4,s,2.5,30\n5,t,1,1000\n",
	 .test = "a,tag,u,v\n1,t,1,1\n,s,1,1\n3,,1,2\n4,x,2,2\n",
	 .task = HEBB_REGRESSION,
	 .targets = 2,
	 .transform = HEBB_TARGET_LOG},
	{.name = "names-of-values",
	 .train = "input,label,h1,W1,level1,missing,x,sort\n"
		  "a,b,c,d,1,e,f,p\nb,c,d,a,2,f,e,q\nb,b,c,d,3,e,e,p\na,c,c,a,4,f,f,q\n",
	 .test = "input,label,h1,W1,level1,missing,x,sort\n"
		 "a,c,d,d,,e,e,p\n,,,,2,,,q\nb,z,c,d,3,e,e,p\n"},
	{.name = "names-as-classes",
	 .train = "a,sort\n1,NaN?\n2,\" \"\"\"\n3,-\n4,\xe2\x82\xac\n5,NaN?\n6,\" \"\"\"\n7,-\n"
		  "8,\xe2\x82\xac\n",
	 .test = "a,sort\n1,-\n2,-\n,-\n6,-\n8,-\n",
	 .graph = HEBB_GRAPH_FULL},
	{.name = "numbers-as-classes",
	 .train = "a,b,sort\n1,x,01\n2,y,1.50\n3,x,-7\n4,y,01\n5,x,1.50\n6,y,-7\n",
	 .test = "a,b,sort\n1,x,01\n2,,01\n,y,01\n6,x,01\n",
	 .task = HEBB_CLASSIFICATION},
	{.name = "codes-as-texts",
	 .train = "a,zip,sort\n1,01,p\n2,02,q\n3,01,p\n4,10,q\n",
	 .test = "a,zip,sort\n1,01,p\n2,02,q\n3,10,p\n4,77,p\n4,,q\n",
	 .text_columns = "zip"},
};

static void give_up(const char *what, const hebb_error *error)
{
	fprintf(stderr, "make_tables: %s: %s\n", what, error->message);
	exit(1);
}

static void *memory(size_t bytes)
{
	void *made = calloc(bytes ? bytes : 1, 1);
	hebb_error error = {.message = "out of memory"};

	if (!made)
		give_up("memory", &error);
	return made;
}

static hebb_table *parse(const plan *is, const char *text)
{
	hebb_table_options options = hebb_table_options_default();
	hebb_error error;

	options.header = HEBB_HEADER_YES;
	options.text = is->text_columns;
	hebb_table *table = hebb_table_parse_with(text, strlen(text), is->name, &options, &error);
	if (!table)
		give_up(is->name, &error);
	return table;
}

/* One coding of two, which it frees. */
static hebb_coding *join(const plan *is, hebb_coding *a, hebb_coding *b)
{
	enum { WIDTH = 100 };
	int room[2][WIDTH], *place[] = {room[0], room[1]};
	const hebb_coding *both[] = {a, b};
	hebb_error error = {.message = "they cannot be joined"};
	hebb_coding *joined = a && b && a->width <= WIDTH && b->width <= WIDTH
				      ? hebb_coding_join(2, both, place, &error)
				      : NULL;

	if (!joined)
		give_up(is->name, &error);
	hebb_coding_free(b);
	hebb_coding_free(a);
	return joined;
}

static hebb_coding *fit(const plan *is, const hebb_table *table)
{
	hebb_coding_options options = hebb_coding_options_default();
	int targets[] = {table->columns - 2, table->columns - 1};
	hebb_error error;

	options.task = is->task ? is->task : HEBB_TASK_AUTO;
	if (is->missing)
		options.missing = is->missing;
	if (is->scaling)
		options.scaling = is->scaling;
	options.target_transform = is->transform;
	options.targets = is->targets == 2 ? targets : targets + 1;
	options.target_count = is->targets == 2 ? 2 : 1;
	hebb_coding *coding = hebb_coding_fit(table, &options, table->rows, NULL, &error);
	if (!coding)
		give_up(is->name, &error);
	if (!is->joined)
		return coding;
	options.scaling = is->joined;
	return join(is, coding, hebb_coding_fit(table, &options, table->rows, NULL, &error));
}

/* A model with random weights. */
static hebb_model *make_model(const plan *is, const hebb_table *table)
{
	hebb_coding *coding = fit(is, table);
	hebb_activation last = coding->task == HEBB_REGRESSION ? HEBB_LINEAR
			       : coding->task == HEBB_LABELS   ? HEBB_SIGMOID
							       : HEBB_SOFTMAX;
	const hebb_layer layer[LAYERS] = {hebb_dense(9, HEBB_TANH), hebb_layer_norm(HEBB_RELU),
					  hebb_dense(coding->outputs, last)};
	const hebb_layer plain[] = {layer[0], layer[2]};
	hebb_error error;
	hebb_net *net = hebb_net_new(coding->width, is->has_norm ? LAYERS : 2,
				     is->has_norm ? layer : plain, 5, NULL, &error);
	hebb_model *model = net ? hebb_model_new(net, coding, HEBB_SQUARED, NULL, &error) : NULL;

	if (!model)
		give_up(is->name, &error);
	if (is->graph)
		model->graph = is->graph;
	hebb_net_free(net);
	hebb_coding_free(coding);
	return model;
}

/* A field as another program has it: a number, or null where it is none. */
static json_t *number_json(const char *field)
{
	char *end;
	double value = strtod(field, &end);

	return *field && !*end && isfinite(value) ? json_real(value) : json_null();
}

/* Of each input of the graph its name, type and values, row by row. */
static json_t *inputs_json(const hebb_model *model, const hebb_table *table, const char *text)
{
	const hebb_coding *coding = model->coding;
	int count, columns = coding->input_count, texts = 0;
	hebb_error error;
	hebb_graph_input *input = hebb_model_graph_inputs(model, &count, &error);
	hebb_csv_rows *rows = hebb_csv_rows_new(text, strlen(text), table, &error);
	const char **field = memory((size_t)columns * sizeof *field);
	json_t *list = json_array(), **values = memory((size_t)count * sizeof *values);

	if (!input || !rows)
		give_up("inputs", &error);
	for (int i = 0; i < count; i++) {
		values[i] = json_array();
		json_array_append_new(
			list, json_pack("{s:s, s:s, s:i, s:o}", "name", input[i].name, "type",
					input[i].kind == HEBB_TEXT ? "string"
					: input[i].is_double       ? "float64"
								   : "float32",
					"columns", input[i].columns, "values", values[i]));
	}
	for (long long row = 0; row < table->rows; row++, texts = 0) {
		if (hebb_csv_rows_next(rows, columns, coding->input_at, field, &error))
			give_up("rows", &error);
		for (int i = 0; i < columns; i++)
			if (coding->inputs[i].kind == HEBB_NUMBER)
				json_array_append_new(values[0], number_json(field[i]));
			else
				json_array_append_new(
					values[(input[0].kind == HEBB_NUMBER) + texts++],
					json_string(field[i]));
	}
	hebb_csv_rows_free(rows);
	free(field);
	free(values);
	free(input);
	return list;
}

/* What hebb answers. */
static void add_answers(json_t *all, const hebb_model *model, const hebb_table *table)
{
	const hebb_coding *coding = model->coding;
	size_t cells = (size_t)table->rows * (size_t)coding->outputs;
	hebb_prediction prediction = hebb_prediction_default();
	double *values = memory(cells * sizeof *values);
	int *label = memory((size_t)table->rows * sizeof *label);
	prediction.values = values;
	prediction.label = coding->task == HEBB_CLASSIFICATION ? label : NULL;
	int has_label = prediction.label && model->graph != HEBB_GRAPH_NUMERIC;
	json_t *outputs = json_array(), *labels = has_label ? json_array() : json_null();
	hebb_error error;

	if (hebb_model_predict_table(model, table, table->rows, NULL, &prediction, &error))
		give_up(table->name, &error);
	for (size_t i = 0; i < cells; i++)
		json_array_append_new(outputs,
				      isnan(values[i]) ? json_null() : json_real(values[i]));
	for (long long row = 0; row < table->rows && has_label; row++)
		json_array_append_new(labels,
				      json_string(label[row] < 0
							  ? "NaN"
							  : coding->targets[0].levels[label[row]]));
	json_object_set_new(all, "rows", json_integer(table->rows));
	json_object_set_new(all, "outputs", outputs);
	json_object_set_new(all, "labels", labels);
	json_object_set_new(all, "type",
			    json_string(coding->exact_target_mean ? "float64" : "float32"));
	free(values);
	free(label);
}

static void make(const char *folder, const plan *is)
{
	const char *text = is->test ? is->test : is->train;
	hebb_table *train = parse(is, is->train), *test = parse(is, text);
	hebb_model *model = make_model(is, train);
	json_t *all = json_object();
	hebb_error error;
	char path[4096];

	snprintf(path, sizeof path, "%s/%s.onnx", folder, is->name);
	if (hebb_model_write(model, path, &error))
		give_up(path, &error);
	json_object_set_new(all, "inputs", inputs_json(model, test, text));
	add_answers(all, model, test);
	snprintf(path, sizeof path, "%s/%s.json", folder, is->name);
	if (json_dump_file(all, path, JSON_REAL_PRECISION(17)))
		give_up(path, &(hebb_error){.message = "cannot be written"});
	printf("%s\n", is->name);
	json_decref(all);
	hebb_model_free(model);
	hebb_table_free(train);
	hebb_table_free(test);
}

/* Many levels, of a column between two of numbers; the names of columns are empty, or one is
 * there twice, as arrays cannot have them. */
static void make_many_levels(const char *folder)
{
	enum { LEVELS = 900 };
	char *train = memory(LEVELS * 64), *at = train;

	at += sprintf(at, "a,level,b,level,,sort\n");
	for (int i = 0; i < LEVELS; i++)
		at += sprintf(at, "%d,level %d,%d,%c,%s,%c\n", i % 7, i, i % 5, 'a' + i % 3,
			      i % 10 ? "k" : "", 'p' + i % 2);
	const plan is = {.name = "many-levels", .train = train};
	make(folder, &is);
	free(train);
}

int main(int count, char **argument)
{
	if (count != 2) {
		fprintf(stderr, "make_tables: usage: make_tables FOLDER\n");
		return 2;
	}
	for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++)
		make(argument[1], &plans[i]);
	make_many_levels(argument[1]);
	return 0;
}
