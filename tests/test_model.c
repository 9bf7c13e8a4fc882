/* SPDX-License-Identifier: MIT */
/*
 * test_model.c - model files: what is written comes back to the bit, and nothing else is believed
 */
#define _POSIX_C_SOURCE 200809L
#include "hebb_io.h"
#include "../src/io/model/description.h"
#include "../src/io/model/onnx.h"

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- Models to write ---- */

static const char *const plain_classes[] = {"no", "yes"};
static const char *const awkward_classes[] = {"", "a\"quote\"", "line\nbreak", "\xc3\xa9t\xc3\xa9",
					      "latin-1 \xe9t\xe9"};
static const char *const colors[] = {"blue", "green", "red, dark"};

/* Anything but a simple number, so that a lost bit is seen. */
static float odd_number(int i)
{
	return (float)((i % 7 - 3) / 3.0 + 1e-7 * i);
}

static float *odd_numbers(int count)
{
	float *values = malloc((size_t)count * sizeof *values);
	for (int i = 0; i < count; i++)
		values[i] = odd_number(i);
	return values;
}

static float *same_numbers(int count, float value)
{
	float *values = malloc((size_t)count * sizeof *values);
	for (int i = 0; i < count; i++)
		values[i] = value;
	return values;
}

static void set_column(hebb_column *column, const char *name, int levels, const char *const *level)
{
	*column = (hebb_column){.name = strdup(name), .kind = levels ? HEBB_TEXT : HEBB_NUMBER};
	column->level_count = levels;
	column->levels = levels ? malloc((size_t)levels * sizeof *column->levels) : NULL;
	for (int i = 0; i < levels; i++)
		column->levels[i] = strdup(level[i]);
}

/* Two numbers and perhaps a text as inputs, in a table with a column that is not used. */
static void set_inputs(hebb_coding *coding, int with_text)
{
	coding->named = 1;
	coding->columns = 6;
	coding->input_count = 2 + with_text;
	coding->inputs = calloc(3, sizeof *coding->inputs);
	coding->input_at = calloc(3, sizeof *coding->input_at);
	set_column(&coding->inputs[0], "length [mm]", 0, NULL);
	set_column(&coding->inputs[1], "\xc3\xbc, \"\xe2\x82\xac\"", 0, NULL);
	if (with_text)
		set_column(&coding->inputs[2], "color", 3, colors);
	coding->inputs[1].missing = 12;
	for (int i = 0; i < 3; i++)
		coding->input_at[i] = i;
	coding->width = with_text ? 5 : 2;
	coding->mean = odd_numbers(coding->width);
	coding->scale = odd_numbers(coding->width);
	coding->fill = odd_numbers(coding->width);
}

/* classes = 0: a regression with two targets. */
static hebb_coding *make_coding(int with_text, int classes, const char *const *class)
{
	hebb_coding *coding = calloc(1, sizeof *coding);
	set_inputs(coding, with_text);
	coding->task = classes ? HEBB_CLASSIFICATION : HEBB_REGRESSION;
	coding->missing = classes ? HEBB_MISSING_MEAN : HEBB_MISSING_DROP;
	coding->target_count = classes ? 1 : 2;
	coding->outputs = classes ? classes : 2;
	coding->targets = calloc(2, sizeof *coding->targets);
	coding->target_at = calloc(2, sizeof *coding->target_at);
	for (int i = 0; i < coding->target_count; i++) {
		set_column(&coding->targets[i], i ? "weight [kg]" : "sort", classes, class);
		coding->target_at[i] = 4 + i;
	}
	coding->target_mean = classes ? same_numbers(classes, 0) : odd_numbers(2);
	coding->target_sd = classes ? same_numbers(classes, 1) : odd_numbers(2);
	return coding;
}

/* A model around `coding` with `layers` layers, the hidden ones of 3 units; takes the coding. */
static hebb_model *make_model(hebb_coding *coding, int layers, hebb_activation hidden,
			      hebb_activation output, const char *record)
{
	hebb_layer layer[4];
	hebb_model *model = calloc(1, sizeof *model);
	for (int l = 0; l < layers; l++)
		layer[l] = l + 1 < layers ? hebb_dense(3, hidden)
					  : hebb_dense(coding->outputs, output);
	model->net = hebb_net_new(coding->width, layers, layer, 7, NULL, NULL);
	assert_non_null(model->net);
	float b[8] = {0.1F, -0.2F, 1e-30F, -1e30F, 3, 4, 5, 6};
	for (int l = 0; l < layers; l++)
		assert_int_equal(hebb_net_set(model->net, l, NULL, b, NULL), HEBB_OK);
	model->coding = coding;
	model->loss = output == HEBB_SOFTMAX ? HEBB_CROSS_ENTROPY : HEBB_SQUARED;
	model->record = record ? strdup(record) : NULL;
	return model;
}

static hebb_model *small_model(void)
{
	hebb_model *model = make_model(make_coding(0, 2, plain_classes), 2, HEBB_TANH, HEBB_SOFTMAX,
				       "{\"seed\": 1}");

	model->graph = HEBB_GRAPH_NUMERIC;
	return model;
}

/* ---- Comparing ---- */

static void assert_same_columns(int count, const hebb_column *a, const hebb_column *b)
{
	for (int i = 0; i < count; i++) {
		assert_string_equal(a[i].name, b[i].name);
		assert_int_equal(a[i].kind, b[i].kind);
		assert_int_equal(a[i].missing, b[i].missing);
		assert_int_equal(a[i].level_count, b[i].level_count);
		for (int k = 0; k < a[i].level_count; k++)
			assert_string_equal(a[i].levels[k], b[i].levels[k]);
	}
}

static void assert_same_floats(const float *a, const float *b, size_t count)
{
	assert_memory_equal(a, b, count * sizeof *a);
}

static void assert_same_coding(const hebb_coding *a, const hebb_coding *b)
{
	assert_int_equal(a->task, b->task);
	assert_int_equal(a->missing, b->missing);
	assert_int_equal(a->named, b->named);
	assert_int_equal(a->columns, b->columns);
	assert_int_equal(a->input_count, b->input_count);
	assert_int_equal(a->target_count, b->target_count);
	assert_same_columns(a->input_count, a->inputs, b->inputs);
	assert_same_columns(a->target_count, a->targets, b->targets);
	assert_memory_equal(a->input_at, b->input_at, (size_t)a->input_count * sizeof(int));
	assert_memory_equal(a->target_at, b->target_at, (size_t)a->target_count * sizeof(int));
	assert_int_equal(a->width, b->width);
	assert_int_equal(a->outputs, b->outputs);
	assert_same_floats(a->mean, b->mean, (size_t)a->width);
	assert_same_floats(a->scale, b->scale, (size_t)a->width);
	assert_same_floats(a->fill, b->fill, (size_t)a->width);
	assert_same_floats(a->target_mean, b->target_mean, (size_t)a->outputs);
	assert_same_floats(a->target_sd, b->target_sd, (size_t)a->outputs);
	assert_int_equal(a->height, b->height);
	assert_int_equal(a->width_of_image, b->width_of_image);
}

static void assert_same_net(const hebb_net *a, const hebb_net *b)
{
	int inputs = hebb_net_inputs(a);
	assert_int_equal(inputs, hebb_net_inputs(b));
	assert_int_equal(hebb_net_layers(a), hebb_net_layers(b));
	for (int l = 0; l < hebb_net_layers(a); l++) {
		const hebb_layer *layer = hebb_net_layer(a, l), *other = hebb_net_layer(b, l);
		float Wa[64], ba[64], Wb[64], bb[64];
		assert_int_equal(layer->kind, other->kind);
		assert_int_equal(layer->activation, other->activation);
		assert_int_equal(layer->start, other->start);
		assert_int_equal(layer->units, other->units);
		assert_true(layer->rate == other->rate);
		assert_int_equal(layer->from, other->from);
		assert_memory_equal(&layer->in, &other->in, sizeof layer->in);
		if (layer->kind == HEBB_DROPOUT || layer->kind == HEBB_ADD)
			continue;
		assert_int_equal(hebb_net_get(a, l, Wa, ba, NULL), HEBB_OK);
		assert_int_equal(hebb_net_get(b, l, Wb, bb, NULL), HEBB_OK);
		assert_same_floats(Wa, Wb,
				   (size_t)layer->units *
					   (layer->kind == HEBB_DENSE ? (size_t)inputs : 1));
		assert_same_floats(ba, bb, (size_t)layer->units);
		inputs = layer->units;
		if (layer->kind != HEBB_BATCH_NORM)
			continue;
		assert_int_equal(hebb_net_get_statistics(a, l, Wa, ba, NULL), HEBB_OK);
		assert_int_equal(hebb_net_get_statistics(b, l, Wb, bb, NULL), HEBB_OK);
		assert_same_floats(Wa, Wb, (size_t)layer->units);
		assert_same_floats(ba, bb, (size_t)layer->units);
	}
}

static void assert_same_model(const hebb_model *a, const hebb_model *b)
{
	assert_same_net(a->net, b->net);
	assert_same_coding(a->coding, b->coding);
	assert_int_equal(a->loss, b->loss);
	assert_int_equal(a->record != NULL, b->record != NULL);
	if (a->record)
		assert_string_equal(a->record, b->record);
}

/* Writes, reads, compares, writes again: the same bytes. */
static void round_trip(hebb_model *model, hebb_graph graph)
{
	unsigned char *bytes, *again;
	size_t size, again_size;
	hebb_error error = {0};

	model->graph = graph;
	if (hebb_model_format(model, &bytes, &size, &error))
		fail_msg("%s", error.message);
	assert_true(hebb_model_probe(bytes, size));
	assert_true(hebb_model_is_ours(bytes, size < HEBB_BEGINNING ? size : HEBB_BEGINNING));
	hebb_model *read = hebb_model_parse(bytes, size, "it", &error);
	if (!read)
		fail_msg("%s", error.message);
	assert_same_model(model, read);
	assert_true(read->graph == HEBB_GRAPH_NUMERIC || read->graph == HEBB_GRAPH_FULL);
	assert_true(graph == HEBB_GRAPH_AUTO || read->graph == graph);
	assert_int_equal(hebb_model_format(read, &again, &again_size, NULL), HEBB_OK);
	assert_int_equal(size, again_size);
	assert_memory_equal(bytes, again, size);
	free(again);
	free(bytes);
	hebb_model_free(read);
}

/* With each graph.  Frees the model. */
static void assert_round_trip(hebb_model *model)
{
	for (hebb_graph graph = HEBB_GRAPH_AUTO; hebb_graph_name(graph); graph++)
		round_trip(model, graph);
	hebb_model_free(model);
}

/* ---- Round trips ---- */

static void every_activation_and_depth_comes_back(void **state)
{
	(void)state;
	for (hebb_activation f = HEBB_LINEAR; hebb_activation_name(f); f++)
		for (int layers = 1; layers <= 4; layers++) {
			hebb_coding *coding = make_coding(0, 2, plain_classes);
			assert_round_trip(make_model(coding, layers, f, HEBB_SOFTMAX, "{}"));
			assert_round_trip(
				make_model(make_coding(1, 0, NULL), layers, HEBB_RELU, f, NULL));
		}
}

/* Dropout stands in the description alone: the graph has the operators of the dense layers. */
static void dropout_comes_back(void **state)
{
	(void)state;
	hebb_model *model = make_model(make_coding(0, 2, plain_classes), 2, HEBB_RELU, HEBB_SOFTMAX,
				       NULL),
		   *plain = make_model(make_coding(0, 2, plain_classes), 2, HEBB_RELU, HEBB_SOFTMAX,
				       NULL);
	const hebb_layer layers[] = {hebb_dropout(0.25), *hebb_net_layer(model->net, 0),
				     hebb_dropout(0.1 + 0.2), *hebb_net_layer(model->net, 1)};
	unsigned char *bytes, *plain_bytes;
	size_t size, plain_size;
	hb_onnx onnx, plain_onnx;
	hebb_net *net = hebb_net_new(hebb_net_inputs(model->net), 4, layers, 1, NULL, NULL);

	assert_non_null(net);
	hebb_net_free(model->net);
	model->net = net;
	assert_int_equal(hebb_model_format(model, &bytes, &size, NULL), HEBB_OK);
	assert_int_equal(hebb_model_format(plain, &plain_bytes, &plain_size, NULL), HEBB_OK);
	assert_int_equal(hb_onnx_open(&onnx, bytes, size, "it", NULL), HEBB_OK);
	assert_int_equal(hb_onnx_open(&plain_onnx, plain_bytes, plain_size, "it", NULL), HEBB_OK);
	assert_int_equal(onnx.graph.size, plain_onnx.graph.size);
	free(bytes);
	free(plain_bytes);
	hebb_model_free(plain);
	assert_round_trip(model);
}

/* A network for small_model() with every kind of layer; `norm` in the place of layer norm. */
static hebb_model *normed_model(hebb_kind norm, hebb_activation f)
{
	hebb_model *model = small_model();
	hebb_layer layers[] = {hebb_batch_norm(HEBB_LINEAR),
			       hebb_shortcut(-1, f),
			       hebb_dropout(0.5),
			       hebb_dense(hebb_net_outputs(model->net), HEBB_LINEAR),
			       hebb_layer_norm(f),
			       hebb_shortcut(2, HEBB_RELU),
			       hebb_batch_norm(HEBB_SOFTMAX)};
	int inputs = hebb_net_inputs(model->net);
	float values[] = {1.5F, -2, 1e-30F, 0.1F, 3, 4, 5, 6};

	layers[4].kind = norm;
	hebb_net_free(model->net);
	model->net = hebb_net_new(inputs, 7, layers, 1, NULL, NULL);
	assert_non_null(model->net);
	for (int l = 0; l < 7; l++) {
		if (layers[l].kind != HEBB_DENSE)
			hebb_net_set(model->net, l, values + 1, values, NULL);
		hebb_net_set_statistics(model->net, l, values, values + 2, NULL);
	}
	return model;
}

static void norms_and_shortcuts_come_back(void **state)
{
	(void)state;
	for (hebb_activation f = HEBB_LINEAR; hebb_activation_name(f); f++) {
		assert_round_trip(normed_model(HEBB_LAYER_NORM, f));
		assert_round_trip(normed_model(HEBB_BATCH_NORM, f));
	}
	hebb_layer layers[] = {hebb_layer_norm(HEBB_TANH), hebb_shortcut(-1, HEBB_LINEAR)};
	hebb_model *model = make_model(make_coding(0, 0, NULL), 1, HEBB_RELU, HEBB_LINEAR, NULL);
	hebb_net_free(model->net); /* and without a dense layer */
	model->net = hebb_net_new(model->coding->width, 2, layers, 1, NULL, NULL);
	assert_non_null(model->net);
	assert_round_trip(model);
}

/* A layer that reads its input in a shape, and one that reads an earlier layer by its index. */
static void shapes_and_indices_come_back(void **state)
{
	hebb_model *model = small_model();
	int outputs = hebb_net_outputs(model->net), inputs = hebb_net_inputs(model->net);
	hebb_layer layers[] = {hebb_layer_norm(HEBB_TANH), hebb_dense(6, HEBB_RELU),
			       hebb_layer_norm(HEBB_LINEAR), hebb_shortcut(1, HEBB_LINEAR),
			       hebb_dense(outputs, HEBB_SOFTMAX)};
	unsigned char *bytes;
	size_t size;

	(void)state;
	layers[0].in = (hebb_shape){1, inputs, 1};
	layers[2].in = (hebb_shape){3, 1, 2};
	layers[3].in = (hebb_shape){1, 1, 6};
	hebb_net_free(model->net);
	model->net = hebb_net_new(inputs, 5, layers, 1, NULL, NULL);
	assert_non_null(model->net);
	assert_int_equal(hebb_model_format(model, &bytes, &size, NULL), HEBB_OK);
	hebb_model *read = hebb_model_parse(bytes, size, "it", NULL);
	assert_non_null(read);
	assert_int_equal(hebb_net_layer(read->net, 3)->from, 1);
	assert_int_equal(hebb_net_layer(read->net, 2)->in.height, 3);
	assert_int_equal(hebb_net_shape(read->net, 2).channels, 2);
	assert_int_equal(hebb_net_shape(read->net, -1).width, inputs);
	hebb_model_free(read);
	free(bytes);
	assert_round_trip(model);
}

static void awkward_names_come_back(void **state)
{
	(void)state;
	hebb_coding *coding = make_coding(1, 5, awkward_classes);
	assert_round_trip(make_model(coding, 2, HEBB_GELU, HEBB_SIGMOID, "{\"a\": [1, \"\\n\"]}"));
}

static void scaling_that_changes_nothing_comes_back(void **state)
{
	(void)state;
	for (int negative = 0; negative < 2; negative++) {
		hebb_coding *coding = make_coding(0, 0, NULL);
		for (int i = 0; i < 2; i++) {
			coding->mean[i] = coding->target_mean[i] = negative ? -0.0F : 0.0F;
			coding->scale[i] = coding->target_sd[i] = 1;
		}
		assert_round_trip(make_model(coding, 1, HEBB_LINEAR, HEBB_LINEAR, NULL));
	}
}

static void images_and_positions_come_back(void **state)
{
	(void)state;
	hebb_coding *coding = make_coding(0, 2, plain_classes);
	coding->named = 0;
	coding->height = 1;
	coding->width_of_image = 2;
	coding->fill[0] = 3.40282347e38F;
	coding->fill[1] = 1e-45F;
	assert_round_trip(make_model(coding, 1, HEBB_LINEAR, HEBB_SOFTMAX, NULL));
}

static void a_file_comes_back(void **state)
{
	(void)state;
	char path[] = "/tmp/hebb-test-XXXXXX";
	int file = mkstemp(path);
	hebb_model *model = small_model();
	hebb_error error = {0};

	assert_true(file >= 0);
	close(file);
	assert_int_equal(hebb_model_write(model, path, &error), HEBB_OK);
	hebb_model *read = hebb_model_read(path, &error);
	assert_non_null(read);
	assert_same_model(model, read);
	hebb_model_free(read);
	hebb_model_free(model);
	remove(path);
}

static void assert_entry(const hb_onnx *onnx, const char *key, const char *value)
{
	hb_span found;
	assert_int_equal(hb_onnx_find(onnx, key, &found, NULL), HEBB_OK);
	assert_int_equal(found.size, strlen(value));
	assert_memory_equal(found.at, value, found.size);
}

static void other_programs_find_names(void **state)
{
	static const char classes[] =
		"[\"\",\"a\\\"quote\\\"\",\"line\\nbreak\",\"\xc3\xa9t\xc3\xa9\","
		"\"latin-1 ?t?\"]";
	hebb_model *model =
		make_model(make_coding(1, 5, awkward_classes), 1, HEBB_LINEAR, HEBB_SOFTMAX, NULL);
	(void)state;
	for (hebb_graph graph = HEBB_GRAPH_NUMERIC; hebb_graph_name(graph); graph++) {
		int is_full = graph == HEBB_GRAPH_FULL;
		unsigned char *bytes;
		size_t size;
		hb_onnx onnx;
		hb_span found;
		model->graph = graph;
		assert_int_equal(hebb_model_format(model, &bytes, &size, NULL), HEBB_OK);
		assert_int_equal(hb_onnx_open(&onnx, bytes, size, "it", NULL), HEBB_OK);
		assert_entry(&onnx, "inputs",
			     is_full ? "[\"length [mm]\",\"\xc3\xbc, \\\"\xe2\x82\xac\\\"\"]"
				     : "[\"length [mm]\",\"\xc3\xbc, \\\"\xe2\x82\xac\\\"\","
				       "\"color=blue\",\"color=green\",\"color=red, dark\"]");
		assert_entry(&onnx, "classes", classes);
		assert_int_equal(hb_onnx_find(&onnx, "texts", &found, NULL), HEBB_OK);
		if (is_full)
			assert_entry(&onnx, "texts", "[\"color\"]");
		else
			assert_null(found.at);
		free(bytes);
	}
	hebb_model_free(model);
}

/* ---- Bytes to break ---- */

typedef struct bytes {
	unsigned char *at;
	size_t size;
} bytes;

static bytes small_file(void)
{
	hebb_model *model = small_model();
	bytes file;
	assert_int_equal(hebb_model_format(model, &file.at, &file.size, NULL), HEBB_OK);
	hebb_model_free(model);
	return file;
}

/* A copy of exactly the size, so that a sanitizer sees a byte too many being read. */
static hebb_model *parse_copy(const unsigned char *at, size_t size, hebb_error *error)
{
	unsigned char *copy = malloc(size ? size : 1);
	memcpy(copy, at, size);
	*error = (hebb_error){0};
	hebb_model *model = hebb_model_parse(copy, size, "it.onnx", error);
	free(copy);
	return model;
}

static void assert_refused(const unsigned char *at, size_t size, hebb_status status,
			   const char *sentence)
{
	hebb_error error;
	hebb_model *model = parse_copy(at, size, &error);
	assert_null(model);
	if (!strstr(error.message, sentence) || !strstr(error.message, "it.onnx: "))
		fail_msg("\"%s\" does not say \"%s\"", error.message, sentence);
	assert_int_equal(error.status, status);
}

static void every_truncation_is_refused(void **state)
{
	(void)state;
	bytes file = small_file();
	for (size_t size = 0; size < file.size; size++)
		assert_refused(file.at, size, HEBB_BAD_FORMAT, size < 4 ? "" : "truncated");
	free(file.at);
}

static void every_flip_is_refused_or_harmless(void **state)
{
	(void)state;
	static const int flips[] = {1, 2, 8, 128, 255};
	bytes file = small_file();
	hebb_model *model = small_model();
	int harmless = 0;

	for (size_t i = 0; i < file.size; i++)
		for (int k = 0; k < 5; k++) {
			hebb_error error;
			file.at[i] ^= (unsigned char)flips[k];
			hebb_model *read = parse_copy(file.at, file.size, &error);
			file.at[i] ^= (unsigned char)flips[k];
			if (read)
				assert_same_model(model, read);
			else
				assert_true(error.status && error.message[0]);
			harmless += read != NULL;
			hebb_model_free(read);
		}
	/* Only what hebb does not read may change: versions and the names for other programs. */
	assert_true(harmless < 600);
	hebb_model_free(model);
	free(file.at);
}

/* ---- Deceit: changed, and the seal made to hold ---- */

static uint64_t fnv(uint64_t hash, hb_span span)
{
	for (size_t i = 0; i < span.size; i++)
		hash = (hash ^ span.at[i]) * 0x100000001b3u;
	return hash;
}

static void seal_again(bytes file)
{
	hb_onnx onnx;
	hb_span description, record, seal;
	char text[17];
	assert_int_equal(hb_onnx_open(&onnx, file.at, file.size, "it", NULL), HEBB_OK);
	assert_int_equal(hb_onnx_find(&onnx, HB_DESCRIPTION, &description, NULL), HEBB_OK);
	assert_int_equal(hb_onnx_find(&onnx, HB_RECORD, &record, NULL), HEBB_OK);
	assert_int_equal(hb_onnx_find(&onnx, "hebb.hash", &seal, NULL), HEBB_OK);
	uint64_t hash = fnv(fnv(fnv(0xcbf29ce484222325u, onnx.graph), description), record);
	snprintf(text, sizeof text, "%016" PRIx64, hash);
	assert_int_equal(seal.size, 16);
	memcpy(file.at + (seal.at - file.at), text, 16);
}

/* The first place of some bytes after the first place of others. */
static unsigned char *find(bytes file, const char *after, const char *what, size_t size)
{
	size_t i = 0;
	while (i + strlen(after) <= file.size && memcmp(file.at + i, after, strlen(after)) != 0)
		i++;
	for (; i + size <= file.size; i++)
		if (!memcmp(file.at + i, what, size))
			return file.at + i;
	fail_msg("\"%s\" is not there", what);
	return NULL;
}

/* Replaces bytes, first found after others, by as many others. */
static void assert_change_of_file_refused(bytes file, const char *after, const char *what,
					  const char *by, size_t size, const char *sentence)
{
	memcpy(find(file, after, what, size), by, size);
	assert_refused(file.at, file.size, HEBB_BAD_FORMAT, "altered after hebb wrote it");
	seal_again(file);
	assert_refused(file.at, file.size, HEBB_BAD_FORMAT, sentence);
	free(file.at);
}

static void assert_change_refused(const char *after, const char *what, const char *by, size_t size,
				  const char *sentence)
{
	assert_change_of_file_refused(small_file(), after, what, by, size, sentence);
}

static bytes normed_file(hebb_kind norm)
{
	hebb_model *model = normed_model(norm, HEBB_TANH);
	bytes file;
	assert_int_equal(hebb_model_format(model, &file.at, &file.size, NULL), HEBB_OK);
	hebb_model_free(model);
	return file;
}

static void norms_that_contradict_are_refused(void **state)
{
	static const struct {
		const char *after, *what, *by, *sentence;
		size_t size;
	} changes[] = {
		{"\"add\"", "\"from\":-1", "\"from\":-2", "\"from\"", 9},
		{"\"from\":-1", "\"from\":2", "\"from\":5", "\"from\"", 8},
		{"\"from\":-1", "\"from\":2", "\"fron\":2", "\"from\"", 8},
		{"\"kind\"", "batch-norm", "batch-nrom", "\"kind\"", 10},
		{"\"batch-norm\"", "\"activation\":\"l", "\"aktivation\":\"l", "\"activation\"",
		 15},
		{"\"kind\"", "batch-norm", "layer-norm", "node 3 is BatchNormalization", 10},
		{"\"from\":-1", "layer-norm", "batch-norm", "is LayerNormalization", 10},
		{"", "\x42\x06gamma5", "\x42\x06gamma9", "\"gamma5\" is missing", 8},
	};
	(void)state;
	for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++)
		assert_change_of_file_refused(normed_file(HEBB_LAYER_NORM), changes[i].after,
					      changes[i].what, changes[i].by, changes[i].size,
					      changes[i].sentence);
	bytes file = normed_file(HEBB_LAYER_NORM); /* a variance below 0 */
	static const char name[] = "variance7\x4a\x08";
	find(file, "", name, sizeof name - 1)[sizeof name - 1 + 3] |= 0x80;
	seal_again(file);
	assert_refused(file.at, file.size, HEBB_BAD_FORMAT, "below 0");
	free(file.at);
}

static int has_bytes(bytes file, const char *text)
{
	for (size_t i = 0; i + strlen(text) <= file.size; i++)
		if (!memcmp(file.at + i, text, strlen(text)))
			return 1;
	return 0;
}

/* Layer norm came with opset 17; without it a file stays what older programs read. */
static void a_graph_of_norms(void **state)
{
	(void)state;
	bytes with = normed_file(HEBB_LAYER_NORM), without = normed_file(HEBB_BATCH_NORM);
	assert_int_equal(with.at[1], 8);
	assert_int_equal(without.at[1], 7);
	assert_true(has_bytes(with, "\x42\x02\x10\x11") && !has_bytes(with, "\x42\x02\x10\x0d"));
	assert_true(has_bytes(without, "\x42\x02\x10\x0d"));
	assert_true(has_bytes(with, "\x22\x12"
				    "LayerNormalization"));
	assert_true(has_bytes(with, "\x22\x12"
				    "BatchNormalization"));
	/* h6 = h5 + h2, as dropout, layer 3, hands h2 on */
	assert_true(has_bytes(with, "\x0a\x02h5\x0a\x02h2\x12\x02z6"));
	/* the first one adds what comes into the network, scaled */
	assert_true(has_bytes(with, "\x0a\x02h1\x0a\x01x\x12\x02z2"));
	free(with.at);
	free(without.at);
}

static void a_file_that_contradicts_itself_is_refused(void **state)
{
	(void)state;
	const char *misfit = "does not fit the description";
	/* In the tensor of W1: dims 3 x 2, data_type 1, name "W1", raw_data of 24 bytes. */
	const char *W1 = "\x08\x03\x08\x02\x10\x01\x42\x02W1\x4a\x18";
	assert_change_refused("", W1, "\x08\x04\x08\x02\x10\x01\x42\x02W1\x4a\x18", 12, misfit);
	assert_change_refused("", W1, "\x08\x03\x18\x02\x10\x01\x42\x02W1\x4a\x18", 12, misfit);
	assert_change_refused("", W1, "\x08\x03\x08\x02\x10\x0b\x42\x02W1\x4a\x18", 12, misfit);
	assert_change_refused("", W1, "\x08\x03\x08\x02\x10\x01\x42\x02W1\x6a\x18", 12, misfit);
	assert_change_refused("", W1, "\x08\x03\x08\x02\x10\x01\x42\x02W1\x4a\x17", 12, misfit);
	assert_change_refused("", W1, "\x08\x03\x08\x02\x10\x01\x42\x02V1\x4a\x18", 12, "missing");
	assert_change_refused("", W1, "\x08\x03\x08\x02\x10\x01\x42\x02W2\x4a\x18", 12, "missing");
	assert_change_refused("\x42\x02W2",
			      "\x42\x02"
			      "b2",
			      "\x42\x02"
			      "b1",
			      4, "\"b2\" is missing");
	/* A group where the first tensor was. */
	assert_change_refused("", "\x12\x04hebb\x2a", "\x12\x04hebb\x2b", 7, "node 1 is Sub");
	assert_change_refused("\"units\":", "3", "4", 1, misfit);
	assert_change_refused("\"units\":", "3", "0", 1, "\"units\"");
	assert_change_refused("\"kind\":", "\"dense\"", "\"dance\"", 7, "\"kind\"");
	assert_change_refused("\"activation\":", "tanh", "tank", 4, "\"activation\"");
	assert_change_refused("\"activation\":", "tanh", "gelu", 4, "is Tanh");
	assert_change_refused("\"start\":", "auto", "otto", 4, "\"start\"");
	assert_change_refused("\"task\":", "classification", "classificatiom", 14, "\"task\"");
	assert_change_refused("\"missing\":", "mean", "meam", 4, "\"missing\"");
	assert_change_refused("\"columns\":", "6", "4", 1, "outside the table");
	assert_change_refused("\"height\":", "0", "9", 1, "images");
	assert_change_refused("", "\"at\":1", "\"at\":7", 6, "outside the table");
	assert_change_refused("", "\"fill\":[-1.0]", "\"fill\":[-1,0]", 13, "\"fill\"");
	assert_change_refused("", "\"fill\":[-1.0]", "\"fill\":[    ]", 13, "\"fill\"");
	assert_change_refused("", "\"fill\":[-1.0]", "\"fill\":[true]", 13, "\"fill\"");
	assert_change_refused("", "\"fill\":[-1.0]", "\"fill\":[1e99]", 13, "\"fill\"");
	assert_change_refused("\"levels\":", "\"no\",\"yes\"", "\"a\",   \"a\"", 10, "twice");
	assert_change_refused("{\"seed\"", "1}", "1]", 2, "record is not a JSON object");
	assert_change_refused("{\"format\"", "1", "0", 1, "\"format\"");
	assert_change_refused("{\"format\"", "1", "x", 1, "\"format\"");
}

/* Levels in any order, of which two are the same or none. */
static void doubled_levels_are_found(void **state)
{
	(void)state;
	for (int i = 0; i < 300; i++) {
		int count = 2 + i % 40, doubled = 0;
		char text[42][8], *levels[42];
		hebb_column target = {.name = text[41],
				      .kind = HEBB_TEXT,
				      .level_count = count,
				      .levels = levels};
		hebb_coding coding = {.target_count = 1, .targets = &target, .columns = 1};
		int at = 0;
		for (int k = 0; k < count; k++) {
			snprintf(text[k], sizeof text[k], "%d",
				 (k * 7 + i * i) % (count + 3 - i % 5));
			levels[k] = text[k];
			for (int before = 0; before < k; before++)
				doubled |= !strcmp(text[before], text[k]);
		}
		coding.target_at = &at;
		assert_int_equal(hb_columns_check(&coding, HEBB_BAD_FORMAT, "it", NULL),
				 doubled ? HEBB_BAD_FORMAT : HEBB_OK);
	}
}

static void weights_that_are_not_finite_are_refused(void **state)
{
	(void)state;
	/* The names of tensors with what follows them: the head of raw_data and its length. */
	static const char *const names[] = {"mean\x4a\x08", "scale\x4a\x08", "W1\x4a\x18",
					    "b2\x4a\x08"};
	static const char *const values[] = {"\0\0\x80\x7f", "\0\0\x80\xff", "\0\0\xc0\x7f"};
	for (int i = 0; i < 4; i++)
		for (int k = 0; k < 3; k++) {
			bytes file = small_file();
			unsigned char *name = find(file, "", names[i], strlen(names[i]));
			memcpy(name + strlen(names[i]) + 4, values[k], 4);
			seal_again(file);
			assert_refused(file.at, file.size, HEBB_BAD_FORMAT, "not finite");
			free(file.at);
		}
}

static void a_newer_format_is_named(void **state)
{
	(void)state;
	bytes file = small_file();
	char wanted[160];

	*find(file, "\"format\":", "1", 1) = '9';
	snprintf(wanted, sizeof wanted,
		 "was written by hebb %s in format 9; this is hebb %s, which reads formats up to "
		 "%d",
		 HEBB_VERSION, HEBB_VERSION, HB_FORMAT);
	assert_refused(file.at, file.size, HEBB_UNSUPPORTED, wanted);
	free(file.at);
}

/* ---- Other files ---- */

static void a_foreign_file_is_refused_with_its_producer(void **state)
{
	(void)state;
	const char *path = HEBB_SOURCE "/tests/onnx/foreign.onnx";
	hebb_error error = {0};
	assert_null(hebb_model_read(path, &error));
	assert_int_equal(error.status, HEBB_UNSUPPORTED);
	assert_non_null(strstr(error.message, "was written by onnx-example 1.0"));
	assert_non_null(strstr(error.message, path));
}

static void what_is_no_model_is_refused(void **state)
{
	(void)state;
	static const char csv[] = "x1,x2,y\n1,2,no\n3,4,yes\n";
	hebb_error error = {0};
	assert_refused((const unsigned char *)csv, sizeof csv - 1, HEBB_BAD_FORMAT,
		       "is not an ONNX model");
	assert_refused((const unsigned char *)csv, 0, HEBB_BAD_FORMAT, "is empty");
	assert_false(hebb_model_probe(csv, sizeof csv - 1));
	assert_false(hebb_model_probe("\0\0\x08\x03", 4));
	assert_false(hebb_model_probe("\x1f\x8b\x08\x00", 4));
	assert_false(hebb_model_probe(NULL, 0));
	assert_false(hebb_model_is_ours(NULL, 0));
	assert_true(hebb_model_is_ours("\x08\x07\x12\x04hebb", 8));
	assert_false(hebb_model_is_ours("\x08\x07\x12\x04hebb", 7));
	assert_false(hebb_model_is_ours("\x08\x07\x12\x05hebbs", 9));
	assert_null(hebb_model_read("/tmp", &error));
	assert_int_equal(error.status, HEBB_IO);
	assert_null(hebb_model_read("/tmp/there is no such file", &error));
	assert_int_equal(error.status, HEBB_IO);
	assert_null(hebb_model_read("/tmp/there is no such file", NULL));
}

static void bad_protobuf_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *at;
		size_t size;
	} wire[] = {
		{"\x08\x07\x12\x00\x0b\x0c", 6},                              /* a group */
		{"\x08\x07\x12\x00\x00\x00", 6},                              /* field 0 */
		{"\x08\x07\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 13}, /* 2^64 - 1 bytes */
		{"\x08\x07\x12\x00\x28\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 15}, /* 65 bits */
		{"\x08\x07\x12\x00\x2f\x00", 6},         /* wire type 7 */
		{"\x08\x07\x12\x00\x3a\x00\x3a\x00", 8}, /* two graphs */
	};
	for (size_t i = 0; i < sizeof wire / sizeof wire[0]; i++)
		assert_refused((const unsigned char *)wire[i].at, wire[i].size, HEBB_BAD_FORMAT,
			       "");
}

/* ---- Models that cannot be written ---- */

static void assert_unwritable(const hebb_model *model, hebb_status status)
{
	unsigned char *at = NULL;
	size_t size;
	hebb_error error = {0};
	assert_int_equal(hebb_model_format(model, &at, &size, &error), status);
	assert_null(at);
	assert_true(error.message[0]);
}

static void models_that_make_no_sense_are_not_written(void **state)
{
	(void)state;
	hebb_model *model = small_model();
	model->coding->mean[1] = NAN;
	assert_unwritable(model, HEBB_BAD_ARGUMENT);
	model->coding->mean[1] = 0;
	model->record[0] = '[';
	assert_unwritable(model, HEBB_BAD_ARGUMENT);
	model->record[0] = '{';
	model->coding->width = 3;
	assert_unwritable(model, HEBB_BAD_ARGUMENT);
	model->coding->width = 2;
	model->coding->targets[0].levels[0][0] = 'y'; /* "yo" and "yes" */
	model->coding->targets[0].levels[0][1] = 0;
	model->coding->targets[0].levels[1][1] = 0; /* "y" and "y" */
	assert_unwritable(model, HEBB_BAD_ARGUMENT);
	hebb_model_free(model);
	hebb_model_free(NULL);
}

static void more_than_two_gigabytes_are_refused(void **state)
{
	(void)state;
	hb_onnx_node node = {.op = "Gemm", .output = "y"};
	hb_onnx_tensor tensor = {
		.name = "W1", .type = HB_ONNX_FLOAT, .rank = 2, .dims = {1 << 15, 1 << 14}};
	hb_onnx_end end[] = {{"x", HB_ONNX_FLOAT, 1}, {"y", HB_ONNX_FLOAT, 1}};
	hb_onnx_graph graph = {.inputs = 1, .outputs = 1, .end = end};
	unsigned char *at = NULL;
	size_t size;
	hebb_error error = {0};

	graph.node = &node;
	graph.tensor = &tensor;
	graph.nodes = graph.tensors = 1;
	assert_int_equal(hb_onnx_format(&graph, 0, NULL, &at, &size, &error), HEBB_UNSUPPORTED);
	assert_non_null(strstr(error.message, "2 GB"));
	assert_null(at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_activation_and_depth_comes_back),
		cmocka_unit_test(dropout_comes_back),
		cmocka_unit_test(norms_and_shortcuts_come_back),
		cmocka_unit_test(a_graph_of_norms),
		cmocka_unit_test(norms_that_contradict_are_refused),
		cmocka_unit_test(shapes_and_indices_come_back),
		cmocka_unit_test(awkward_names_come_back),
		cmocka_unit_test(scaling_that_changes_nothing_comes_back),
		cmocka_unit_test(images_and_positions_come_back),
		cmocka_unit_test(a_file_comes_back),
		cmocka_unit_test(other_programs_find_names),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(every_flip_is_refused_or_harmless),
		cmocka_unit_test(a_file_that_contradicts_itself_is_refused),
		cmocka_unit_test(doubled_levels_are_found),
		cmocka_unit_test(weights_that_are_not_finite_are_refused),
		cmocka_unit_test(a_newer_format_is_named),
		cmocka_unit_test(a_foreign_file_is_refused_with_its_producer),
		cmocka_unit_test(what_is_no_model_is_refused),
		cmocka_unit_test(bad_protobuf_is_refused),
		cmocka_unit_test(models_that_make_no_sense_are_not_written),
		cmocka_unit_test(more_than_two_gigabytes_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
