/* SPDX-License-Identifier: MIT */
/*
 * test_held.c - what reading a model or a checkpoint holds in memory: at most 4 times the file and
 * 1 MB
 *
 * Files of hebb's with much of one thing are read; files that somebody made to use up memory are
 * refused, with a sentence.
 */
#define _POSIX_C_SOURCE 200809L
#include "test.h"
#include <jansson.h>
#include "hebb_io.h"
#include "held.h"
#include "seal.h"

/* ---- A text or file in the making ---- */

typedef struct buffer {
	char *at;
	size_t size, room;
} buffer;

static void add(buffer *to, const void *bytes, size_t size)
{
	if (to->room - to->size <= size) {
		to->room = 2 * to->room + size + 1;
		to->at = realloc(to->at, to->room);
		assert_non_null(to->at);
	}
	memcpy(to->at + to->size, bytes, size);
	to->size += size;
	to->at[to->size] = 0;
}

static void put(buffer *to, const char *text)
{
	add(to, text, strlen(text));
}

/* The text again and again, until there are `size` bytes of it. */
static void repeat(buffer *to, const char *text, size_t size)
{
	for (size_t k = 0; k < size; k += strlen(text))
		put(to, text);
}

/* `count` different short strings, with commas; not sorted. */
static void put_different(buffer *to, int count, const char *before, const char *behind)
{
	static const char letter[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

	for (int i = 0; i < count; i++) {
		char text[8];
		int at = 0;
		for (int left = i; left > 0 || at == 0; left /= 62)
			text[at++] = letter[left % 62];
		text[at++] = '"';
		text[at] = 0;
		put(to, i ? ",\"" : "\"");
		put(to, before);
		put(to, text);
		put(to, behind);
	}
}

/* ---- What is held while a file is read ---- */

/* Bytes beside the times; the rule has 1 MB, which would hide much for files of 1 MB. */
enum { SPARE = 1 << 16 };

static void say(const char *what, size_t size)
{
	print_message("%-44s %8zu bytes, %5.2f times\n", what, size, (double)most / (double)size);
}

/* Reads a model within `times` its size; NULL if it is refused. */
static hebb_model *read_within(size_t times, const char *what, const void *bytes, size_t size)
{
	hebb_error error = {.message = ""};

	count_from_here();
	hebb_model *model = hebb_model_parse(bytes, size, "it", &error);
	say(what, size);
	if (most > times * size + SPARE)
		fail_msg("%s: %zu bytes for a file of %zu", what, most, size);
	if (!model && (!error.status || !error.message[0] || strchr(error.message, '\n')))
		fail_msg("%s: no sentence", what);
	if (!model && held)
		fail_msg("%s: %zu bytes are not freed", what, held);
	return model;
}

static void free_columns(hebb_column *columns, int count)
{
	for (int i = 0; i < count; i++) {
		for (int k = 0; k < columns[i].level_count; k++)
			free(columns[i].levels[k]);
		free(columns[i].levels);
		free(columns[i].name);
	}
	free(columns);
}

static hebb_column *number_columns(int count)
{
	hebb_column *columns = test_memory((size_t)count * sizeof *columns);
	char name[24];

	for (int i = 0; i < count; i++) {
		snprintf(name, sizeof name, "column %d", i);
		columns[i] = (hebb_column){.name = strdup(name), .kind = HEBB_NUMBER};
	}
	return columns;
}

/* A regression from `numbers` columns or, if levels > 0, a text. */
static hebb_coding *make_coding(int numbers, int levels, int outputs)
{
	hebb_coding *c = test_memory(sizeof *c);
	int inputs = levels ? 1 : numbers;
	char level[24];

	*c = (hebb_coding){.task = HEBB_REGRESSION, .missing = HEBB_MISSING_MEAN, .named = 1};
	c->columns = inputs + outputs;
	c->input_count = inputs;
	c->target_count = c->outputs = outputs;
	c->width = levels ? levels : inputs;
	c->inputs = number_columns(inputs);
	c->targets = number_columns(outputs);
	c->input_at = test_memory((size_t)inputs * sizeof(int));
	c->target_at = test_memory((size_t)outputs * sizeof(int));
	for (int i = 0; i < inputs; i++)
		c->input_at[i] = i;
	for (int i = 0; i < outputs; i++)
		c->target_at[i] = inputs + i;
	c->mean = test_floats(1, (size_t)c->width, -1, 1);
	c->scale = test_floats(2, (size_t)c->width, 0.5, 2);
	c->fill = test_floats(3, (size_t)c->width, -1, 1);
	c->target_mean = test_floats(4, (size_t)outputs, -1, 1);
	c->target_sd = test_floats(5, (size_t)outputs, 0.5, 2);
	if (levels) {
		c->inputs[0].kind = HEBB_TEXT;
		c->inputs[0].levels = test_memory((size_t)levels * sizeof(char *));
		c->inputs[0].level_count = levels;
	}
	for (int i = 0; i < levels; i++) {
		snprintf(level, sizeof level, "level %06d", i);
		c->inputs[0].levels[i] = strdup(level);
	}
	return c;
}

/* So many columns of texts with two levels each, and an input that says where one is missing. */
static hebb_coding *make_text_columns(int count)
{
	hebb_coding *c = make_coding(3 * count, 0, 2);

	for (int i = 0; i < count; i++) {
		c->inputs[i].kind = HEBB_TEXT;
		c->inputs[i].level_count = 2;
		c->inputs[i].levels = test_memory(2 * sizeof(char *));
		c->inputs[i].levels[0] = strdup("no");
		c->inputs[i].levels[1] = strdup("yes");
	}
	for (int i = count; i < 3 * count; i++)
		free(c->inputs[i].name);
	c->input_count = count;
	c->indicator_count = count;
	c->indicator = test_memory((size_t)count * sizeof *c->indicator);
	for (int i = 0; i < count; i++) {
		c->indicator[i] = i;
		c->mean[2 * count + i] = 0;
		c->scale[2 * count + i] = 1;
	}
	return c;
}

static void free_coding(hebb_coding *c)
{
	free_columns(c->inputs, c->input_count);
	free_columns(c->targets, c->target_count);
	free(c->input_at);
	free(c->target_at);
	free(c->indicator);
	free(c->mean);
	free(c->scale);
	free(c->fill);
	free(c->target_mean);
	free(c->target_sd);
	free(c);
}

/* Writes a model of these layers and reads it again. */
static void read_back(size_t times, const char *what, hebb_coding *coding, int L,
		      const hebb_layer *layers, char *record)
{
	hebb_error error;
	hebb_model model = {.net = hebb_net_new(coding->width, L, layers, 1, NULL, &error),
			    .coding = coding,
			    .loss = HEBB_SQUARED,
			    .record = record};
	unsigned char *bytes;
	size_t size;

	if (!model.net)
		fail_msg("%s: %s", what, error.message);
	test_ok(hebb_model_format(&model, &bytes, &size, &error), &error);
	hebb_net_free(model.net);
	free_coding(coding);
	hebb_model *read = read_within(times, what, bytes, size);
	if (!read)
		fail_msg("%s: refused", what);
	assert_int_equal(hebb_net_layers(read->net), L);
	if (record)
		assert_string_equal(read->record, record);
	hebb_model_free(read);
	free(bytes);
}

/* As `hebb train digits` writes it: 64 pixels, 30 units, 10 classes. */
static void digits(void **state)
{
	const hebb_layer layers[] = {hebb_dense(30, HEBB_GELU), hebb_dense(10, HEBB_SOFTMAX)};
	hebb_table *table = hebb_table_digits(NULL);
	long long *row = test_memory((size_t)table->rows * sizeof *row);
	hebb_model model = {.loss = HEBB_CROSS_ENTROPY, .record = strdup("{}")};
	unsigned char *bytes;
	size_t size;
	hebb_error error;

	(void)state;
	for (long long i = 0; i < table->rows; i++)
		row[i] = i;
	model.coding = hebb_coding_fit(table, NULL, table->rows, row, &error);
	model.net = test_net(model.coding->width, 2, layers, 1);
	test_ok(hebb_model_format(&model, &bytes, &size, &error), &error);
	hebb_model *read = read_within(4, "digits", bytes, size);
	assert_non_null(read);
	hebb_model_free(read);
	hebb_net_free(model.net);
	hebb_coding_free(model.coding);
	hebb_table_free(table);
	free(model.record);
	free(bytes);
	free(row);
}

static void models(void **state)
{
	hebb_layer *many = test_memory(1024 * sizeof *many);
	const hebb_layer one = hebb_dense(2, HEBB_LINEAR),
			 wide[] = {hebb_dense(1000, HEBB_RELU), hebb_dense(1000, HEBB_RELU),
				   hebb_dense(2, HEBB_LINEAR)};
	hebb_layer orthogonal[] = {wide[0], wide[1], wide[2]};

	(void)state;
	read_back(4, "4 MB of weights", make_coding(10, 0, 2), 3, wide, NULL);
	orthogonal[1].units = 300;
	orthogonal[1].start = HEBB_START_ORTHOGONAL;
	read_back(3, "an orthogonal start", make_coding(10, 0, 2), 3, orthogonal, NULL);
	read_back(4, "20,000 named columns, one layer", make_coding(20000, 0, 2), 1, &one, NULL);
	read_back(4, "a text of 100,000 levels", make_coding(0, 100000, 2), 1, &one, NULL);
	read_back(4, "5,000 columns of texts", make_text_columns(5000), 1, &one, NULL);
	for (int l = 0; l < 500; l++)
		many[l] = hebb_dense(4, HEBB_RELU);
	read_back(4, "500 layers of 4 units", make_coding(4, 0, 4), 500, many, NULL);
	for (int l = 0; l < 1000; l++)
		many[l] = l % 2 ? hebb_shortcut(-1, HEBB_RELU) : hebb_dropout(0.25);
	read_back(4, "1,000 layers of dropout and shortcuts", make_coding(4, 0, 4), 1000, many,
		  NULL);
	for (int l = 0; l < 1000; l++)
		many[l] = l % 2 ? hebb_batch_norm(HEBB_TANH) : hebb_layer_norm(HEBB_TANH);
	read_back(4, "1,000 norms of 4 units", make_coding(4, 0, 4), 1000, many, NULL);
	read_back(4, "200 norms of 1,000 units", make_coding(1000, 0, 1000), 200, many, NULL);
	free(many);
}

/* 2 x 100,000 losses. */
static void a_long_record(void **state)
{
	const hebb_layer one = hebb_dense(2, HEBB_LINEAR);
	buffer record = {0};

	(void)state;
	put(&record, "{\"seed\":1,\"losses\":[");
	repeat(&record, "0.12345,", 800000);
	put(&record, "0],\"validation\":[");
	repeat(&record, "3.5e-05,", 800000);
	put(&record, "0]}");
	read_back(4, "a record of 200,000 losses", make_coding(3, 0, 2), 1, &one, record.at);
	free(record.at);
}

/* ---- Files made to use up memory ---- */

enum { MUCH = 1000000 }; /* bytes */

/* A file whose seal holds, of a description, a record or NULL, and a graph of W1 (units x inputs)
 * and b1; 0: none. */
static void refuse(const char *what, buffer *description, const char *record)
{
	hb_onnx_end end[] = {{"input", HB_ONNX_FLOAT, 1}, {"output", HB_ONNX_FLOAT, 1}};
	hb_onnx_graph graph = {.inputs = 1, .outputs = 1, .end = end};
	const hb_onnx_entry entry[] = {{HB_DESCRIPTION, description->at}, {HB_RECORD, record}};
	unsigned char *bytes;
	size_t size;
	hebb_error error;

	test_ok(hb_onnx_format(&graph, record ? 2 : 1, entry, &bytes, &size, &error), &error);
	if (read_within(4, what, bytes, size))
		fail_msg("%s: read", what);
	free(bytes);
	free(description->at);
	*description = (buffer){0};
}

static void refuse_repeated(const char *what, const char *before, const char *text,
			    const char *after)
{
	buffer description = {0};

	put(&description, before);
	repeat(&description, text, MUCH);
	put(&description, after);
	refuse(what, &description, NULL);
}

/* A description up to its columns, and a column of texts up to its levels. */
#define HEAD_WITH(layer) \
	"{\"format\":1,\"task\":\"regression\",\"loss\":\"squared\",\"missing\":\"mean\"," \
	"\"layers\":[{" layer "}],\"named\":true," \
	"\"columns\":9,\"height\":0,\"width\":0,"
#define HEAD_OF HEAD_WITH("\"kind\":\"add\",\"activation\":\"linear\",\"from\":-1")
#define COLUMN "{\"name\":\"a\",\"kind\":\"text\",\"at\":0,\"missing\":0,\"levels\":["

/* A file of next to nothing but levels of a few letters and one weight for each. */
static void levels_to_one_unit(int count)
{
	float *weights = test_floats(1, (size_t)count, -1, 1), bias = 0;
	hb_onnx_tensor tensor[] = {
		{.name = "W1",
		 .type = HB_ONNX_FLOAT,
		 .rank = 2,
		 .dims = {1, count},
		 .values = weights},
		{.name = "b1", .type = HB_ONNX_FLOAT, .rank = 1, .dims = {1}, .values = &bias}};
	hb_onnx_node node = {.op = "Gemm",
			     .input = {"input", "W1", "b1"},
			     .output = "output",
			     .attribute = {{.name = "transB", .kind = HB_ONNX_IS_INT, .i = 1}}};
	hb_onnx_end end[] = {{"input", HB_ONNX_FLOAT, count}, {"output", HB_ONNX_FLOAT, 1}};
	hb_onnx_graph graph = {.inputs = 1,
			       .outputs = 1,
			       .end = end,
			       .nodes = 1,
			       .node = &node,
			       .tensors = 2,
			       .tensor = tensor};
	buffer text = {0}, names = {0};
	unsigned char *bytes;
	size_t size;
	hebb_error error;

	put(&text, HEAD_WITH("\"kind\":\"dense\",\"units\":1,\"activation\":\"linear\","
			     "\"start\":\"auto\"") "\"inputs\":[" COLUMN);
	put_different(&text, count, "", "");
	put(&text, "],\"fill\":[0");
	repeat(&text, ",0", 2 * (size_t)count - 2);
	put(&text, "]}],\"targets\":[{\"name\":\"\",\"kind\":\"number\",\"at\":0,\"missing\":0}]}");
	put(&names, "[");
	put_different(&names, count, "a=", "");
	put(&names, "]");
	const hb_onnx_entry entry[] = {
		{"inputs", names.at}, {"outputs", "[\"\"]"}, {HB_DESCRIPTION, text.at}};
	test_ok(hb_onnx_format(&graph, 3, entry, &bytes, &size, &error), &error);
	hebb_model *read = read_within(5, "100,000 levels of 3 letters, one unit", bytes, size);
	assert_non_null(read);
	hebb_model_free(read);
	free(bytes);
	free(names.at);
	free(text.at);
	free(weights);
}

/* Each number of a layer with one unit stands for 16 in memory: a network of hardly anything else
 * takes more, as itself. */
static void narrow_layers(void **state)
{
	const hebb_layer neck[] = {hebb_dense(100000, HEBB_TANH), hebb_dense(1, HEBB_LINEAR)};

	(void)state;
	read_back(8, "1 - 100,000 - 1", make_coding(1, 0, 1), 2, neck, NULL);
	levels_to_one_unit(100000);
}

static void texts_that_are_no_description(void **state)
{
	(void)state;
	refuse_repeated("[[[", "", "[", "");
	refuse_repeated("{\"a\":{\"a\":", "", "{\"a\":", "");
	refuse_repeated("{\"\":{{", "", "{\"\":{", "");
	refuse_repeated("[],[],", "[", "[],", "[]]");
	refuse_repeated("1,1,1", "[", "1,", "1]");
	refuse_repeated("an empty key", "{", "\"\":0,", "\"\":0}");
	refuse_repeated("a key twice", "{", "\"ab\":0,", "\"ab\":0}");
	refuse_repeated("escapes", "[\"", "\\n", "\"]");
	refuse_repeated("a long number", "[", "1", "]");
	refuse_repeated("a long real", "[1.", "1", "e5]");
	refuse_repeated("an array for a key", "{\"a\":1,[", "[],", "[]]:1}");
	refuse_repeated("an object for a key", "{\"a\":1,{\"a\":[", "{},", "{}]}:1}");
	refuse_repeated("an object of objects", "[", "{\"a\":{}},", "0]");
	refuse_repeated("layers", "{\"format\":1,\"loss\":\"squared\",\"layers\":[", "{},", "0]}");
	refuse_repeated("a layer's kind",
			"{\"format\":1,\"loss\":\"squared\",\"layers\":[{\"kind\":[", "[],",
			"0]}]}");
	refuse_repeated("inputs", HEAD_OF "\"inputs\":[", "0,", "0]}");
	refuse_repeated("inputs without a name", HEAD_OF "\"inputs\":[",
			"{\"kind\":\"number\",\"at\":0,\"missing\":0,\"fill\":[0]},", "0]}");
	refuse_repeated("levels that are numbers", HEAD_OF "\"inputs\":[" COLUMN, "0,", "0]}]}");
	refuse_repeated("a name in escapes",
			HEAD_OF "\"inputs\":[{\"kind\":\"number\",\"at\":0,"
				"\"missing\":0,\"fill\":[0],\"name\":\"",
			"\\t", "\"}]}");
}

static void different_keys(void **state)
{
	buffer text = {0};

	(void)state;
	put(&text, "{");
	put_different(&text, MUCH / 8, "", ":0");
	put(&text, "}");
	refuse("many keys", &text, NULL);
	put(&text, "{");
	put_different(&text, MUCH / 8, "", ":0");
	put(&text, ",\"a\":0}");
	refuse("many keys, one of them twice", &text, NULL);
}

/* What follows the levels: as many fills, and a target of `levels` more. */
static void levels_of(const char *what, int count, int doubled, int with_target)
{
	buffer text = {0};

	put(&text, HEAD_OF "\"inputs\":[" COLUMN);
	if (doubled) {
		for (int i = 0; i < count; i++)
			put(&text, i % 2 ? ",\"\"" : &",\"a\""[!i]);
	} else {
		put_different(&text, count, "", "");
	}
	put(&text, "],\"fill\":[0");
	repeat(&text, ",0", 2 * (size_t)count - 2);
	put(&text, "]}],\"targets\":[");
	if (with_target) {
		put(&text, COLUMN);
		put_different(&text, count, "", "");
		put(&text, "]}");
	} else {
		put(&text, "{\"name\":\"\",\"kind\":\"number\",\"at\":0,\"missing\":0}");
	}
	put(&text, "]}");
	refuse(what, &text, NULL);
}

static void many_levels(void **state)
{
	(void)state;
	levels_of("levels of a few letters", MUCH / 8, 0, 0);
	levels_of("levels that are doubled", MUCH / 6, 1, 0);
	levels_of("levels of an input and of classes", MUCH / 14, 0, 1);
}

static void records(void **state)
{
	buffer text = {0}, record = {0};

	(void)state;
	put(&text, HEAD_OF "\"inputs\":[]}");
	put(&record, "{\"a\":[");
	repeat(&record, "[],", MUCH);
	put(&record, "0]}");
	refuse("a record of [],[],", &text, record.at);
	record.size = 0;
	put(&text, HEAD_OF "\"inputs\":[]}");
	repeat(&record, "{\"\":", MUCH);
	refuse("a record of {\"\":{\"\":", &text, record.at);
	free(record.at);
}

static void add_varint(buffer *to, size_t value)
{
	for (; value > 127; value >>= 7)
		add(to, &(char){(char)(value | 128)}, 1);
	add(to, &(char){(char)value}, 1);
}

static void add_field(buffer *to, int number, const char *bytes, size_t size)
{
	add_varint(to, (size_t)number << 3 | 2);
	add_varint(to, size);
	add(to, bytes, size);
}

static void add_entry(buffer *to, const char *key, const char *value)
{
	buffer part = {0};

	add_field(&part, 1, key, strlen(key));
	add_field(&part, 2, value, strlen(value));
	add_field(to, 14, part.at, part.size);
	free(part.at);
}

/* The graph of a network that adds its only input to itself. */
static buffer graph_of_a_shortcut(void)
{
	hb_onnx_node node = {.op = "Add", .input = {"input", "input"}, .output = "output"};
	hb_onnx_end end[] = {{"input", HB_ONNX_FLOAT, 1}, {"output", HB_ONNX_FLOAT, 1}};
	hb_onnx_graph graph = {.inputs = 1, .outputs = 1, .end = end, .nodes = 1, .node = &node};
	unsigned char *bytes;
	buffer copy = {0};
	size_t size;
	hb_onnx onnx;

	assert_int_equal(hb_onnx_format(&graph, 0, NULL, &bytes, &size, NULL), HEBB_OK);
	assert_int_equal(hb_onnx_open(&onnx, bytes, size, "it", NULL), HEBB_OK);
	add(&copy, onnx.graph.at, onnx.graph.size);
	free(bytes);
	return copy;
}

/* Fields without bytes in the graph, or as metadata. */
static void empty_fields(void **state)
{
	static const struct {
		const char *what, *in_graph, *in_file;
	} cases[] = {{"empty nodes", "\x0a", ""},
		     {"empty tensors", "\x2a", ""},
		     {"empty metadata", "", "\x72"}};
	static const char text[] = HEAD_OF
		"\"inputs\":[{\"name\":\"a\",\"kind\":\"number\",\"at\":0,\"missing\":0,\"fill\":["
		"0]}],"
		"\"targets\":[{\"name\":\"b\",\"kind\":\"number\",\"at\":1,\"missing\":0}]}";

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		buffer file = {0}, graph = graph_of_a_shortcut();
		const char empty[2] = {cases[i].in_graph[0], 0},
			   other[2] = {cases[i].in_file[0], 0};

		for (int k = 0; k < MUCH / 2 && empty[0]; k++)
			add(&graph, empty, 2);
		put(&file, "\x08\x07\x12\x04hebb");
		add_field(&file, 7, graph.at, graph.size);
		put(&file, "\x42\x02\x10\x0d"); /* opset 13 */
		add_entry(&file, "inputs", "[\"a\"]");
		add_entry(&file, "outputs", "[\"b\"]");
		add_entry(&file, HB_DESCRIPTION, text);
		add_entry(&file, "hebb.hash", "0000000000000000");
		for (int k = 0; k < MUCH / 2 && other[0]; k++)
			add(&file, other, 2);
		seal((unsigned char *)file.at, file.size);
		hebb_model *model = read_within(4, cases[i].what, file.at, file.size);
		assert_true(!model == (empty[0] != 0)); /* metadata are of anybody */
		hebb_model_free(model);
		free(file.at);
		free(graph.at);
	}
}

/* ---- Checkpoints ---- */

/* Reads one, and gives a trainer all of it if there is one. */
static hebb_error restore_within(const char *what, const void *bytes, size_t size,
				 hebb_trainer *trainer)
{
	hebb_error error = {.message = ""};

	count_from_here();
	hebb_checkpoint *c = hebb_checkpoint_parse(bytes, size, "it", &error);
	if (c && trainer)
		hebb_checkpoint_restore(c, trainer, &error);
	hebb_checkpoint_free(c);
	say(what, size);
	if (most > 4 * size + SPARE)
		fail_msg("%s: %zu bytes for a file of %zu", what, most, size);
	if (held)
		fail_msg("%s: %zu bytes are not freed", what, held);
	if ((!c || error.status) && (!error.message[0] || strchr(error.message, '\n')))
		fail_msg("%s: no sentence", what);
	return error;
}

static void go_on(const char *what, int inputs, int L, const hebb_layer *layers, hebb_rule rule,
		  double average, const char *record)
{
	hebb_recipe recipe = hebb_recipe_default();
	hebb_net *net = test_net(inputs, L, layers, 1);
	hebb_trainer *trainer;
	unsigned char *bytes;
	size_t size;
	hebb_error error;

	recipe.rule = rule;
	recipe.average = average;
	recipe.threads = 1;
	trainer = test_trainer(net, &recipe);
	test_ok(hebb_checkpoint_format(trainer, record, &bytes, &size, &error), &error);
	if (restore_within(what, bytes, size, trainer).status)
		fail_msg("%s: refused", what);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	free(bytes);
}

static void checkpoints(void **state)
{
	hebb_layer *many = test_memory(501 * sizeof *many);
	const hebb_layer wide[] = {hebb_dense(1000, HEBB_RELU), hebb_dense(1000, HEBB_RELU),
				   hebb_dense(2, HEBB_LINEAR)},
			 digits[] = {hebb_dense(30, HEBB_TANH), hebb_dense(10, HEBB_SOFTMAX)};
	buffer record = {0};

	(void)state;
	for (int l = 0; l < 501; l++)
		many[l] = hebb_dense(4, HEBB_RELU);
	go_on("16 MB of a checkpoint", 10, 3, wide, HEBB_ADAM, 0, NULL);
	go_on("30-10 units", 64, 2, digits, HEBB_SGD, 0, "{}");
	go_on("501 layers of 4 units, sgd", 4, 501, many, HEBB_SGD, 0, NULL);
	go_on("501 layers of 4 units, adam, averaged", 4, 501, many, HEBB_ADAM, 0.9, NULL);
	put(&record, "{\"losses\":[");
	repeat(&record, "\"0.1\",", 1600000);
	put(&record, "0]}");
	go_on("a record of 1.6 MB", 64, 2, digits, HEBB_SGD, 0, record.at);
	free(record.at);
	free(many);
}

/* A header of these bytes, and a little data. */
static void refuse_header(const char *what, const char *before, const char *text, const char *after)
{
	buffer file = {0};

	add(&file, "\0\0\0\0\0\0\0\0", 8);
	put(&file, before);
	repeat(&file, text, MUCH);
	put(&file, after);
	for (int i = 0; i < 8; i++)
		file.at[i] = (char)((file.size - 8) >> 8 * i & 0xff);
	add(&file, "\0\0\0\0\0\0\0\0", 8);
	if (!restore_within(what, file.at, file.size, NULL).status)
		fail_msg("%s: read", what);
	free(file.at);
}

static void headers(void **state)
{
	(void)state;
	refuse_header("{\"a\":{\"a\":", "", "{\"a\":", "");
	refuse_header("{\"a\":[[[", "{\"a\":", "[", "");
	refuse_header("{\"a\":[[],[],", "{\"a\":[", "[],", "0]}");
	refuse_header("no name, again and again", "{", "\"\":0,", "\"\":0}");
	refuse_header("an array for a name", "{\"x\":1,[", "[],", "[]]:1}");
	refuse_header("a tensor twice", "{", "\"ab\":0,", "\"ab\":0}");
	refuse_header("no tensor", "{\"a\":[", "0,", "0]}");
	refuse_header("a shape of many numbers", "{\"a\":{\"dtype\":\"F32\",\"shape\":[", "1,",
		      "1]}}");
	refuse_header("texts", "{\"__metadata__\":{\"hebb\":\"", "\\n", "\"}}");
	refuse_header("texts in texts", "{\"__metadata__\":{\"hebb\":\"x\",\"network\":\"", "[],",
		      "\"}}");
}

#define LAYER \
	"{\\\"kind\\\":\\\"dense\\\",\\\"units\\\":1,\\\"activation\\\":\\\"linear\\\"," \
	"\\\"start\\\":\\\"auto\\\"}"

/* Many tensors of a few bytes; and a network that is no JSON, is another, or is longer. */
static void tensors_and_networks(void **state)
{
	static const struct {
		const char *what, *before, *text, *after, *mentioned;
	} networks[] = {
		{"a network of [[[", "", "[", "", "layer 1 is missing there"},
		{"a network of {},{},", "[", "{},", "{}]", "layer 1 is {} there"},
		{"a network of long texts", "[\\\"\\\\n", "a", "\\\"]", "aaa... there"},
		{"a network of many keys", "[{", "\\\"ab\\\":0,", "\\\"x\\\":0}]",
		 "layer 1 is missing there"},
		{"a network of empty keys", "[{", "\\\"\\\":0,", "\\\"x\\\":0}]",
		 "layer 1 is missing there"},
		{"a network with more layers", "[" LAYER, ",0", "]", "500001 layers, not 1"},
		{"a network of another kind", "{\\\"a\\\":" LAYER, "  ", "}",
		 "layer 1 is missing there"}};
	const hebb_layer layer = hebb_dense(1, HEBB_LINEAR);
	hebb_net *net = test_net(1, 1, &layer, 1);
	hebb_recipe recipe = hebb_recipe_default();
	buffer file = {0};
	char text[160];

	(void)state;
	for (size_t i = 0; i <= COUNT_OF(networks); i++) {
		hebb_trainer *trainer = test_trainer(net, &recipe);
		file.size = 0;
		add(&file, "\0\0\0\0\0\0\0\0", 8);
		put(&file, "{\"__metadata__\":{\"hebb\":\"" HEBB_VERSION
			   "\",\"hebb_format\":\"1\",\"network\":\"");
		if (i < COUNT_OF(networks)) {
			put(&file, networks[i].before);
			repeat(&file, networks[i].text, MUCH);
			put(&file, networks[i].after);
		}
		put(&file, "\"}");
		int tensors = i < COUNT_OF(networks) ? 1 : MUCH / 60;
		for (int k = 0; k < tensors; k++) {
			snprintf(text, sizeof text,
				 ",\"%x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[%d,%d]"
				 "}",
				 k, 4 * k, 4 * k + 4);
			put(&file, text);
		}
		put(&file, "}");
		for (int k = 0; k < 8; k++)
			file.at[k] = (char)((uint64_t)(file.size - 8) >> 8 * k & 0xff);
		for (int k = 0; k < tensors; k++)
			add(&file, "\0\0\0\0", 4);
		int named = i < COUNT_OF(networks);
		hebb_error error = restore_within(named ? networks[i].what : "many tensors",
						  file.at, file.size, trainer);
		test_failed(error.status, &error, HEBB_BAD_SHAPE,
			    named ? networks[i].mentioned : "layer 1 is missing there");
		hebb_trainer_free(trainer);
	}
	free(file.at);
	hebb_net_free(net);
}

int main(void)
{
	json_set_alloc_funcs(__wrap_malloc, __wrap_free);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digits),
		cmocka_unit_test(models),
		cmocka_unit_test(a_long_record),
		cmocka_unit_test(narrow_layers),
		cmocka_unit_test(texts_that_are_no_description),
		cmocka_unit_test(different_keys),
		cmocka_unit_test(many_levels),
		cmocka_unit_test(records),
		cmocka_unit_test(empty_fields),
		cmocka_unit_test(checkpoints),
		cmocka_unit_test(headers),
		cmocka_unit_test(tensors_and_networks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
