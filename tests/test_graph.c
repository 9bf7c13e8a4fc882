/* SPDX-License-Identifier: MIT */
/*
 * test_graph.c - a model file whose graph is not that of its description: refused, or answered as
 * its graph says
 *
 * Other programs run the graph.  Models of every kind are written, each part of their graphs is
 * changed in each way of a table, and the seal is made to hold again, as somebody does who means
 * harm.  What hebb still reads must give what graph_run.h, which knows the graph alone, computes.
 */
#define _POSIX_C_SOURCE 200809L
#include "test.h"
#include "graph_compare.h"
#include "seal.h"

#include <float.h>

/* ---- Bytes in the making ---- */

typedef struct buffer {
	unsigned char *at;
	size_t size, room;
} buffer;

static void add(buffer *to, const void *bytes, size_t size)
{
	if (to->room - to->size < size) {
		to->room = 2 * to->room + size;
		to->at = realloc(to->at, to->room);
		assert_non_null(to->at);
	}
	if (size)
		memcpy(to->at + to->size, bytes, size);
	to->size += size;
}

static void add_varint(buffer *to, uint64_t value)
{
	for (; value > 127; value >>= 7)
		add(to, &(unsigned char){(unsigned char)(value | 128)}, 1);
	add(to, &(unsigned char){(unsigned char)value}, 1);
}

static void add_field(buffer *to, graph_field f)
{
	add_varint(to, (uint64_t)f.number << 3 | (uint64_t)f.wire);
	if (f.wire == 0) {
		add_varint(to, f.value);
		return;
	}
	if (f.wire == 2)
		add_varint(to, f.bytes.size);
	add(to, f.bytes.at, f.bytes.size);
}

static graph_field number_field(int number, uint64_t value)
{
	return (graph_field){.number = number, .value = value};
}

static graph_field bytes_field(int number, const void *bytes, size_t size)
{
	return (graph_field){.number = number, .wire = 2, .bytes = {bytes, size}};
}

static graph_field text_field(int number, const char *text)
{
	return bytes_field(number, text, strlen(text));
}

/* ---- Messages as lists of fields, which can be changed ---- */

enum { FIELDS = 2048 };

typedef struct message {
	int count;
	graph_field field[FIELDS];
} message;

static message open_message(graph_bytes bytes)
{
	message m = {.count = 0};
	graph_field f;

	while (graph_next(&bytes, &f) > 0) {
		assert_true(m.count < FIELDS - 1);
		m.field[m.count++] = f;
	}
	return m;
}

static void insert(message *m, int at, graph_field f)
{
	assert_true(m->count < FIELDS);
	for (int i = m->count++; i > at; i--)
		m->field[i] = m->field[i - 1];
	m->field[at] = f;
}

static void take_out(message *m, int at)
{
	for (int i = at; i + 1 < m->count; i++)
		m->field[i] = m->field[i + 1];
	m->count--;
}

static buffer close_message(const message *m)
{
	buffer bytes = {0};

	for (int i = 0; i < m->count; i++)
		add_field(&bytes, m->field[i]);
	return bytes;
}

/* The place of the `nth` field of a number; -1: there are not so many. */
static int field_at(const message *m, int number, int nth)
{
	for (int i = 0; i < m->count; i++)
		if (m->field[i].number == number && nth-- == 0)
			return i;
	return -1;
}

/* ---- A file and one change of it ---- */

enum { NODE = 1, GRAPH_NAMED = 2, INITIALIZER = 5, INPUT = 11, OUTPUT = 12 };
enum { NODE_ATTRIBUTE = 5, NODE_DOMAIN = 7 };
enum { MODEL_HAS_GRAPH = 7, MODEL_OPSET = 8, MODEL_ENTRY = 14 };
enum { INPUTS = 4, OUTPUTS = 3 };
enum { EXACT = 4 };  /* with what is scaled: in double */
#define OFFSET 1.7e9 /* of what is exact */

typedef struct file {
	message model, graph,
		part; /* part: the field of the graph, or of the model, that is changed */
	int at;       /* its place */
} file;

static unsigned char *original;
static size_t original_size;
static int read_count, refused_count;

static file open_file(void)
{
	file f;

	f.model = open_message((graph_bytes){original, original_size});
	f.graph = open_message(f.model.field[field_at(&f.model, MODEL_HAS_GRAPH, 0)].bytes);
	f.at = -1;
	return f;
}

/* Reads a file; where that succeeds, hebb and the graph must agree on some rows. */
static void check_bytes(const char *what, int at, int variant, const unsigned char *bytes,
			size_t size)
{
	hebb_error error = {.message = ""};
	hebb_model *model = hebb_model_parse(bytes, size, "it.onnx", &error);
	const char *differs;
	char why[128];

	if (!model) {
		if (!error.status || strncmp(error.message, "it.onnx: ", 9) != 0 ||
		    strchr(error.message, '\n'))
			fail_msg("%s, part %d, variant %d: '%s'", what, at, variant, error.message);
		refused_count++;
		return;
	}
	read_count++;
	differs = graph_compare(model, bytes, size, why);
	if (differs)
		fail_msg("%s, part %d, variant %d: %s", what, at, variant, differs);
	hebb_model_free(model);
}

static void check_file(const char *what, const file *f, int variant)
{
	message model = f->model;
	buffer body = close_message(&f->graph);

	model.field[field_at(&model, MODEL_HAS_GRAPH, 0)].bytes = (graph_bytes){body.at, body.size};
	buffer bytes = close_message(&model);
	seal(bytes.at, bytes.size);
	check_bytes(what, f->at, variant, bytes.at, bytes.size);
	free(bytes.at);
	free(body.at);
}

/* ---- Changes.  Each is 0 where there is no such variant of it, 1 where the change is made, 2
 * where there is nothing to change  */

static const char *const operators[] = {"Add",
					"Sub",
					"Mul",
					"Div",
					"Relu",
					"Sigmoid",
					"Tanh",
					"Softplus",
					"Erf",
					"Exp",
					"LeakyRelu",
					"Elu",
					"Selu",
					"HardSigmoid",
					"Gemm",
					"MatMul",
					"Clip",
					"Softmax",
					"LogSoftmax",
					"BatchNormalization",
					"LayerNormalization",
					"Identity",
					"Gelu",
					"Pow",
					"IsNaN",
					"IsInf",
					"Where",
					"Equal",
					"Cast",
					"Concat",
					"Gather",
					"ArgMax",
					"ArgMin",
					"ReduceMean",
					"LabelEncoder",
					"OneHotEncoder",
					"add",
					""};
static const char *const names[] = {
	"input",   "output", "probabilities", "x",      "W1",      "b1",   "h1",     "z1",
	"h4",      "mean",   "scale",         "half",   "nowhere", "",     "color",  "filled",
	"missing", "fill",   "fill1",         "level1", "levels1", "none", "coded2", "label"};

static int change_operator(message *node, int variant)
{
	int at = field_at(node, 4, 0);

	if (variant >= (int)COUNT_OF(operators))
		return 0;
	if (graph_is(node->field[at].bytes, operators[variant]))
		return 2;
	node->field[at] = text_field(4, operators[variant]);
	return 1;
}

/* Of the inputs one after the other; the last names are what the node computes, so that it is a
 * cycle. */
static int change_input(message *node, int variant)
{
	int per_input = (int)COUNT_OF(names) + 1, name = variant % per_input,
	    at = field_at(node, 1, variant / per_input);

	if (at < 0)
		return 0;
	graph_field f = name == (int)COUNT_OF(names) ? node->field[field_at(node, 2, 0)]
						     : text_field(1, names[name]);
	f.number = 1;
	if (graph_same(f.bytes, node->field[at].bytes))
		return 2;
	node->field[at] = f;
	return 1;
}

static int swap_inputs(message *node, int variant)
{
	int a = field_at(node, 1, 0), b = field_at(node, 1, variant + 1);

	if (b < 0)
		return 0;
	graph_field f = node->field[a];
	node->field[a] = node->field[b];
	node->field[b] = f;
	return 1;
}

static int change_output(message *node, int variant)
{
	if (variant >= (int)COUNT_OF(names))
		return 0;
	node->field[field_at(node, 2, 0)] = text_field(2, names[variant]);
	return 1;
}

static int add_to_node(message *node, int variant)
{
	graph_field more[] = {text_field(1, "input"),
			      text_field(1, ""),
			      text_field(2, "other"),
			      text_field(3, "other name"),
			      text_field(4, "Tanh"),
			      text_field(6, "a note"),
			      text_field(7, "com.microsoft"),
			      text_field(7, "ai.onnx"),
			      text_field(8, "overload"),
			      text_field(5, "\n\005alpha\025\000\000\000?\240\001\001")};
	if (variant >= 2 * (int)COUNT_OF(more))
		return 0;
	insert(node, variant % 2 ? 0 : node->count, more[variant / 2]);
	return 1;
}

static int remove_from_node(message *node, int variant)
{
	if (variant >= node->count)
		return 0;
	take_out(node, variant);
	return 1;
}

static buffer attribute(const char *name, int is_float, float f, int64_t i)
{
	buffer made = {0};
	unsigned char bytes[4];

	memcpy(bytes, &f, 4); /* of any byte order: any other number will do */
	add_field(&made, text_field(1, name));
	if (is_float)
		add_field(&made, (graph_field){2, 5, 0, {bytes, 4}});
	else
		add_field(&made, number_field(3, (uint64_t)i));
	add_field(&made, number_field(20, is_float ? 1 : 2));
	return made;
}

/* Sets an attribute that some operator has, in the place of one there or beside it. */
static int change_attribute(message *node, int variant)
{
	static const struct {
		const char *name;
		int is_float;
		float f;
		int64_t i;
	} to[] = {{"alpha", 1, 0.5F, 0}, {"beta", 1, 2, 0},         {"gamma", 1, 2, 0},
		  {"axis", 0, 0, 0},     {"axis", 0, 0, -1},        {"epsilon", 1, 0.1F, 0},
		  {"transA", 0, 0, 1},   {"transB", 0, 0, 0},       {"training_mode", 0, 0, 1},
		  {"momentum", 1, 0, 0}, {"stash_type", 0, 0, 0},   {"to", 0, 0, 1},
		  {"to", 0, 0, 11},      {"keepdims", 0, 0, 1},     {"default_int64", 0, 0, 0},
		  {"axis", 0, 0, 1},     {"default_float", 1, 1, 0}};
	static buffer made; /* until the next one */
	int at = field_at(node, 5, 0);

	free(made.at);
	made.at = NULL;
	if (variant >= 2 * (int)COUNT_OF(to))
		return 0;
	made = attribute(to[variant / 2].name, to[variant / 2].is_float, to[variant / 2].f,
			 to[variant / 2].i);
	if (variant % 2 == 0 && at < 0)
		return 2;
	if (variant % 2 == 0)
		take_out(node, at);
	insert(node, node->count, bytes_field(5, made.at, made.size));
	return 1;
}

/* A change of the fields of a tensor, an input or an output. */
static int change_fields(message *m, int variant)
{
	int at = variant / 6;
	graph_field *f = &m->field[at];

	if (at >= m->count)
		return 0;
	switch (variant % 6) {
	case 0:
		take_out(m, at);
		return 1;
	case 1:
		insert(m, at, *f);
		return 1;
	case 2:
		f->number += 1;
		return 1;
	case 3:
		f->value += 1;
		return f->wire == 0 ? 1 : 2;
	case 4:
		f->bytes.size -= f->bytes.size > 0;
		return f->wire == 2 ? 1 : 2;
	default:
		*f = text_field(f->number, "other");
		return 1;
	}
}

/* Data of another kind: float_data, external data, a note, a segment. */
static int add_to_tensor(message *tensor, int variant)
{
	graph_field more[] = {bytes_field(4, "\0\0\0\0", 4),
			      text_field(12, "a note"),
			      text_field(13, "\n\10location\22\6a file"),
			      number_field(14, 1),
			      bytes_field(3, "\10\0\20\1", 4),
			      bytes_field(9, "\0\0\0\0", 4),
			      text_field(8, "W1"),
			      number_field(2, 10),
			      number_field(1, 1)};
	if (variant >= 2 * (int)COUNT_OF(more))
		return 0;
	insert(tensor, variant % 2 ? 0 : tensor->count, more[variant / 2]);
	return 1;
}

/* Each bit of a value of no dimensions, such as the square root of 2. */
static int change_constant(message *tensor, int variant)
{
	static unsigned char bytes[8];
	int at = field_at(tensor, 9, 0), size = (int)tensor->field[at].bytes.size;

	if (variant >= 8 * size || field_at(tensor, 1, 0) >= 0)
		return 0;
	memcpy(bytes, tensor->field[at].bytes.at, (size_t)size);
	bytes[variant / 8] ^= (unsigned char)(1 << variant % 8);
	tensor->field[at].bytes.at = bytes;
	return 1;
}

/* Each field of an attribute, such as a key in a list of them: it is gone, is there twice or is
 * another. */
static int change_list(message *node, int variant)
{
	static buffer made; /* until the next one */
	int at = field_at(node, NODE_ATTRIBUTE, variant / 60), field = variant % 60 / 3;

	free(made.at);
	made = (buffer){0};
	if (at < 0)
		return 0;
	message list = open_message(node->field[at].bytes);
	if (field >= list.count)
		return 2;
	graph_field *f = &list.field[field];
	if (variant % 3 == 0)
		take_out(&list, field);
	else if (variant % 3 == 1)
		insert(&list, field, *f);
	else if (f->wire == 0)
		f->value++;
	else if (f->wire == 2)
		*f = text_field(f->number, "other");
	made = close_message(&list);
	node->field[at].bytes = (graph_bytes){made.at, made.size};
	return 1;
}

/* Each value of a list of them, such as an order or fills. */
static int change_value(message *tensor, int variant)
{
	static buffer made;
	int at = field_at(tensor, 9, 0), dims = field_at(tensor, 1, 0);

	free(made.at);
	made = (buffer){0};
	if (variant >= (int)tensor->field[at].bytes.size || dims < 0)
		return 0;
	add(&made, tensor->field[at].bytes.at, tensor->field[at].bytes.size);
	made.at[variant] ^= 1;
	tensor->field[at].bytes = (graph_bytes){made.at, made.size};
	return 1;
}

typedef int change(message *part, int variant);

static const struct {
	const char *what;
	int number; /* of the field of a graph */
	change *change;
} changes[] = {{"another operator", NODE, change_operator},
	       {"another input", NODE, change_input},
	       {"swapped inputs", NODE, swap_inputs},
	       {"another output", NODE, change_output},
	       {"more in a node", NODE, add_to_node},
	       {"less in a node", NODE, remove_from_node},
	       {"another attribute", NODE, change_attribute},
	       {"fields of a node", NODE, change_fields},
	       {"fields of a tensor", INITIALIZER, change_fields},
	       {"more in a tensor", INITIALIZER, add_to_tensor},
	       {"another constant", INITIALIZER, change_constant},
	       {"another value", INITIALIZER, change_value},
	       {"another list", NODE, change_list},
	       {"fields of the input", INPUT, change_fields},
	       {"fields of the output", OUTPUT, change_fields}};

/* Each change, of each part that it is for, in each variant. */
static void change_each_part(void)
{
	for (size_t c = 0; c < COUNT_OF(changes); c++)
		for (int nth = 0;; nth++) {
			file f = open_file();
			int at = field_at(&f.graph, changes[c].number, nth), made = at >= 0;
			if (at < 0)
				break;
			for (int variant = 0; made; variant++) {
				message part = open_message(f.graph.field[at].bytes);
				file changed = f;
				changed.at = at;
				made = changes[c].change(&part, variant);
				if (made != 1)
					continue;
				buffer bytes = close_message(&part);
				changed.graph.field[at].bytes = (graph_bytes){bytes.at, bytes.size};
				check_file(changes[c].what, &changed, variant);
				free(bytes.at);
			}
		}
}

/* ---- Changes of the graph as a list ---- */

static void change_order(void)
{
	int count = open_file().graph.count;

	for (int at = 0; at < count; at++)
		for (int other = -2; other < count; other++) {
			file f = open_file();
			graph_field field = f.graph.field[at];
			f.at = at;
			if (other == -2) { /* is there twice */
				insert(&f.graph, at, field);
			} else { /* is not there, or elsewhere */
				take_out(&f.graph, at);
				if (other == at)
					continue;
				if (other >= 0)
					insert(&f.graph, other, field);
			}
			check_file("another order", &f, other);
		}
	for (int number = 1; number <= 20; number++) {
		file f = open_file();
		for (int at = f.graph.count - 1; at >= 0; at--)
			if (f.graph.field[at].number == number)
				take_out(&f.graph, at);
		check_file("none of a kind", &f, number);
		f = open_file();
		insert(&f.graph, f.graph.count, text_field(number, "\n\5other"));
		check_file("more of a kind", &f, number);
		f = open_file();
		insert(&f.graph, 0, text_field(number, ""));
		check_file("an empty one more of a kind", &f, number);
	}
}

/* ---- Changes beside the graph ---- */

static void change_versions(void)
{
	file f = open_file();

	for (int number = 1; number <= 30; number++) {
		file more = f;
		insert(&more.model, more.model.count, text_field(number, "\n\5other"));
		check_file("more in the file", &more, number);
		more = f;
		insert(&more.model, 1, text_field(number, ""));
		check_file("an empty one more in the file", &more, number);
		more = f;
		insert(&more.model, 1, number_field(number, 1));
		check_file("a number more in the file", &more, number);
	}
	for (int version = 0; version < 30; version++) {
		file other = f;
		unsigned char opset[] = {0x10, (unsigned char)version};
		other.model.field[field_at(&f.model, MODEL_OPSET, 0)].bytes.at = opset;
		check_file("another opset", &other, version);
		other = f;
		insert(&other.model, other.model.count, bytes_field(MODEL_OPSET, opset, 2));
		check_file("one more opset", &other, version);
		other = f;
		other.model.field[field_at(&f.model, 1, 0)].value = (uint64_t)version;
		check_file("another IR version", &other, version);
	}
	take_out(&f.model, field_at(&f.model, MODEL_OPSET, 0));
	check_file("no opset", &f, 0);
}

/* An entry with its value changed; `to` takes the new one. */
static message changed_entry(graph_bytes entry, int variant, buffer *to)
{
	message part = open_message(entry);
	graph_bytes value = part.field[1].bytes;
	static const char *const fixed[] = {"[]", "[\"a\"]", "", "null"};

	if (variant < (int)value.size) {
		add(to, value.at, value.size);
		to->at[variant] ^= 1;
	} else if (variant < (int)value.size + 4) {
		add(to, fixed[variant - (int)value.size], strlen(fixed[variant - (int)value.size]));
	} else if (variant == (int)value.size + 4) {
		add(to, value.at, value.size);
		add(to, " ", 1);
	} else {
		part.count = 0;
	}
	if (part.count)
		part.field[1].bytes = (graph_bytes){to->at, to->size};
	return part;
}

/* The names that other programs read: every change is refused, so that hebb never calls a class
 * otherwise. */
static void change_names(void)
{
	static const char *const keys[] = {"inputs", "classes", "outputs", "texts"};

	for (size_t k = 0; k < COUNT_OF(keys); k++) { /* twice, or of the other task */
		file f = open_file();
		buffer entry = {0};
		int before = read_count;
		add_field(&entry, text_field(1, keys[k]));
		add_field(&entry, text_field(2, "[\"a\",\"b\",\"c\"]"));
		insert(&f.model, f.model.count, bytes_field(MODEL_ENTRY, entry.at, entry.size));
		check_file("one more entry of names", &f, (int)k);
		assert_int_equal(read_count, before);
		free(entry.at);
	}

	for (int nth = 0;; nth++) {
		file f = open_file();
		int at = field_at(&f.model, MODEL_ENTRY, nth), known = 0;
		if (at < 0)
			break;
		message part = open_message(f.model.field[at].bytes);
		for (size_t k = 0; k < COUNT_OF(keys); k++)
			known |= graph_is(part.field[0].bytes, keys[k]);
		int variants = known ? (int)part.field[1].bytes.size + 6 : 0, before = read_count;
		for (int variant = 0; variant < variants; variant++) {
			buffer value = {0};
			part = changed_entry(f.model.field[at].bytes, variant, &value);
			buffer bytes = close_message(&part);
			file changed = f;
			changed.at = at;
			changed.model.field[at].bytes = (graph_bytes){bytes.at, bytes.size};
			if (!graph_same(changed.model.field[at].bytes, f.model.field[at].bytes))
				check_file("another entry of names", &changed, variant);
			free(bytes.at);
			free(value.at);
		}
		if (read_count != before)
			fail_msg("%s", "names that are not those of the description are read");
	}
}

/* Each letter of the description: where it is read, names and graph are as they were. */
static void change_description(void)
{
	file f = open_file();
	size_t size = 0;
	int at = -1;

	for (int nth = 0; (at = field_at(&f.model, MODEL_ENTRY, nth)) >= 0; nth++) {
		message part = open_message(f.model.field[at].bytes);
		if (!graph_is(part.field[0].bytes, HB_DESCRIPTION))
			continue;
		size = part.field[1].bytes.size;
		for (size_t i = 0; i < 4 * size; i++) {
			buffer value = {0};
			add(&value, part.field[1].bytes.at, size);
			value.at[i / 4] ^= (unsigned char)"\1\2\4\20"[i % 4];
			message entry = part;
			entry.field[1].bytes = (graph_bytes){value.at, size};
			buffer bytes = close_message(&entry);
			file changed = f;
			changed.at = (int)(i / 4);
			changed.model.field[at].bytes = (graph_bytes){bytes.at, bytes.size};
			check_file("a letter of the description", &changed, (int)(i % 4));
			free(bytes.at);
			free(value.at);
		}
	}
	assert_true(size > 0);
}

static void flip_every_bit(void)
{
	unsigned char *copy = test_memory(original_size);

	for (size_t bit = 0; bit < 8 * original_size; bit++) {
		memcpy(copy, original, original_size);
		copy[bit / 8] ^= (unsigned char)(1 << bit % 8);
		seal(copy, original_size);
		check_bytes("a flipped bit", (int)(bit / 8), (int)(bit % 8), copy, original_size);
	}
	free(copy);
}

/* ---- Models of every kind ---- */

/* Files that version 0.1.0 wrote, with all kinds of layers and most activations: they are read, as
 * they will be later on. */
static void models_of_version_0_1_0(void **state)
{
	static const char *const paths[] = {HEBB_SOURCE "/tests/fixtures/models-0.1.0/norms.onnx",
					    HEBB_SOURCE "/tests/fixtures/models-0.1.0/maps.onnx"};
	hebb_error error;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		unsigned char *bytes;
		size_t size;
		int before = read_count;
		test_ok(hebb_file_read(paths[i], &bytes, &size, &error), &error);
		check_bytes(paths[i], 0, 0, bytes, size);
		assert_int_equal(read_count, before + 1);
		free(bytes);
	}
}

/* `count` doubles about `mean` that are no floats. */
static double *make_doubles(int count, double mean)
{
	double *made = malloc((size_t)count * sizeof *made);

	assert_non_null(made);
	for (int i = 0; i < count; i++)
		made[i] = mean + 0.1 * i;
	return made;
}

/* Quantiles for several targets, with some values that are equal. */
static void make_quantiles(hebb_coding *coding)
{
	coding->target_transform = HEBB_TARGET_QUANTILE;
	coding->target_value = malloc(OUTPUTS * HEBB_TARGET_VALUES * sizeof(float));
	coding->target_slope = malloc(OUTPUTS * sizeof(float));
	assert_true(coding->target_value && coding->target_slope);
	for (int i = 0; i < OUTPUTS; i++) {
		coding->target_mean[i] = HEBB_TARGET_PARTS / 2.0F;
		coding->target_sd[i] = 7;
		coding->target_slope[i] = 0.5F + (float)i;
		for (int k = 0; k < HEBB_TARGET_VALUES; k++)
			coding->target_value[i * HEBB_TARGET_VALUES + k] =
				(float)(i - 1) * 10 + (float)(k / 3) * 1.5F;
	}
}

/* A coding that is plain, or scales inputs, targets or both; EXACT: in double. */
static hebb_coding *make_coding(hebb_task task, int scales)
{
	hebb_error error;
	hebb_coding *coding = hebb_coding_plain(task, INPUTS, OUTPUTS, &error);

	assert_non_null(coding);
	for (int i = 0; i < INPUTS && (scales & 1); i++) {
		coding->mean[i] = 0.25F * (float)i - 0.3F;
		coding->scale[i] = 0.5F + 0.7F * (float)i;
	}
	for (int i = 0; i < OUTPUTS && (scales & 2) && task == HEBB_REGRESSION; i++) {
		coding->target_mean[i] = (float)i - 7;
		coding->target_sd[i] = 3.5F - (float)i;
	}
	if (scales & 1 && scales & EXACT) {
		coding->exact_mean = make_doubles(INPUTS, OFFSET);
		coding->exact_fill = make_doubles(INPUTS, OFFSET);
	}
	if (scales & 2 && scales & EXACT && task == HEBB_REGRESSION)
		coding->exact_target_mean = make_doubles(OUTPUTS, OFFSET);
	else if (scales & EXACT && task == HEBB_REGRESSION)
		make_quantiles(coding);
	return coding;
}

/* Numbers for all that a network has, so that no part of it does nothing. */
static void set_parameters(hebb_net *net)
{
	for (int l = 0; l < hebb_net_layers(net); l++) {
		const hebb_layer *layer = hebb_net_layer(net, l);
		size_t units = (size_t)layer->units;
		float *W = test_floats(20 + (uint64_t)l, units, 0.5, 1.5),
		      *b = test_floats(40 + (uint64_t)l, units, -0.5, 0.5),
		      *mean = test_floats(60 + (uint64_t)l, units, -0.5, 0.5),
		      *variance = test_floats(80 + (uint64_t)l, units, 0.5, 2);
		if (layer->kind == HEBB_DENSE)
			assert_int_equal(hebb_net_set(net, l, NULL, b, NULL), HEBB_OK);
		else if (layer->kind != HEBB_DROPOUT && layer->kind != HEBB_ADD)
			assert_int_equal(hebb_net_set(net, l, W, b, NULL), HEBB_OK);
		if (layer->kind == HEBB_BATCH_NORM)
			hebb_net_set_statistics(net, l, mean, variance, NULL);
		free(W);
		free(b);
		free(mean);
		free(variance);
	}
}

static void write_model(hebb_task task, int scales, int layers, const hebb_layer *layer)
{
	hebb_model model = {.coding = make_coding(task, scales), .loss = HEBB_SQUARED};
	char record[] = "{\"seed\": 1}";
	hebb_error error;

	model.record = scales ? record : NULL;
	model.net = hebb_net_new(INPUTS, layers, layer, 5, NULL, &error);
	if (!model.net)
		fail_msg("%s", error.message);
	set_parameters(model.net);
	test_ok(hebb_model_format(&model, &original, &original_size, &error), &error);
	hebb_net_free(model.net);
	hebb_coding_free(model.coding);
	int before = read_count;
	check_bytes("nothing changed", 0, 0, original, original_size);
	assert_int_equal(read_count, before + 1);
}

/* ---- Full graphs ---- */

/* Columns of each kind: a text between numbers, with gaps and without, names that values have. */
static const char table_of_columns[] =
	"color,size,h1,input,weight,sort\n"
	"red,1,a,x,0.5,p\nblue,2,b,y,1.5,q\n,3,,x,2,r\nred,,a,\"\xc3\xa9, \"\"\",2.5,p\n"
	"green,5,b,y,3,q\nblue,6,a,x,3.5,r\n";

typedef struct full {
	hebb_missing missing;
	hebb_graph graph;
	int is_exact, is_regression, no_numbers, no_texts, is_raw;
	hebb_scaling scaling; /* 0: standard */
	hebb_scaling joined;  /* 0: none beside it */
	hebb_target_transform transform;
} full;

static const full fulls[] = {
	{.missing = HEBB_MISSING_INDICATOR},
	{.missing = HEBB_MISSING_INDICATOR, .is_exact = 1},
	{.missing = HEBB_MISSING_INDICATOR, .is_raw = 1, .is_regression = 1},
	{.missing = HEBB_MISSING_MEAN, .is_regression = 1},
	{.missing = HEBB_MISSING_DROP},
	{.missing = HEBB_MISSING_DROP, .is_exact = 1, .is_regression = 1},
	{.missing = HEBB_MISSING_MEAN, .no_numbers = 1},
	{.missing = HEBB_MISSING_INDICATOR, .no_texts = 1},
	{.missing = HEBB_MISSING_MEAN, .no_texts = 1, .graph = HEBB_GRAPH_FULL},
	{.missing = HEBB_MISSING_MEAN, .no_texts = 1, .graph = HEBB_GRAPH_FULL, .is_regression = 1},
	{.missing = HEBB_MISSING_DROP, .no_texts = 1, .graph = HEBB_GRAPH_FULL, .is_exact = 1},
	{.missing = HEBB_MISSING_INDICATOR, .scaling = HEBB_SCALING_PIECEWISE},
	{.missing = HEBB_MISSING_INDICATOR, .scaling = HEBB_SCALING_ROBUST, .is_exact = 1},
	{.missing = HEBB_MISSING_DROP, .scaling = HEBB_SCALING_PERIODIC},
	{.missing = HEBB_MISSING_DROP, .scaling = HEBB_SCALING_PIECEWISE, .is_exact = 1},
	{.missing = HEBB_MISSING_MEAN,
	 .scaling = HEBB_SCALING_PIECEWISE,
	 .graph = HEBB_GRAPH_NUMERIC},
	{.missing = HEBB_MISSING_DROP,
	 .scaling = HEBB_SCALING_PIECEWISE,
	 .no_texts = 1,
	 .graph = HEBB_GRAPH_NUMERIC},
	{.missing = HEBB_MISSING_DROP,
	 .scaling = HEBB_SCALING_ROBUST,
	 .no_texts = 1,
	 .graph = HEBB_GRAPH_FULL,
	 .is_regression = 1},
	{.missing = HEBB_MISSING_MEAN,
	 .scaling = HEBB_SCALING_PERIODIC,
	 .no_texts = 1,
	 .graph = HEBB_GRAPH_NUMERIC,
	 .is_exact = 1},
	{.missing = HEBB_MISSING_INDICATOR,
	 .scaling = HEBB_SCALING_ROBUST,
	 .joined = HEBB_SCALING_PERIODIC},
	{.missing = HEBB_MISSING_MEAN,
	 .scaling = HEBB_SCALING_STANDARD,
	 .joined = HEBB_SCALING_PIECEWISE,
	 .no_texts = 1,
	 .graph = HEBB_GRAPH_NUMERIC},
	{.missing = HEBB_MISSING_MEAN, .is_regression = 1, .transform = HEBB_TARGET_LOG},
	{.missing = HEBB_MISSING_DROP, .is_regression = 1, .transform = HEBB_TARGET_QUANTILE},
	{.missing = HEBB_MISSING_INDICATOR,
	 .scaling = HEBB_SCALING_PIECEWISE,
	 .is_regression = 1,
	 .is_exact = 1,
	 .transform = HEBB_TARGET_LOG},
	{.missing = HEBB_MISSING_DROP,
	 .scaling = HEBB_SCALING_ROBUST,
	 .no_texts = 1,
	 .graph = HEBB_GRAPH_FULL,
	 .is_regression = 1,
	 .transform = HEBB_TARGET_QUANTILE},
	{.missing = HEBB_MISSING_DROP,
	 .no_texts = 1,
	 .graph = HEBB_GRAPH_NUMERIC,
	 .is_regression = 1,
	 .transform = HEBB_TARGET_QUANTILE},
};

/* The coding of a table with these options, and beside it the other scaling. */
static hebb_coding *fit_columns(const full *is, const hebb_table *table,
				hebb_coding_options *options)
{
	enum { WIDTH = 100 };
	hebb_error error;
	hebb_coding *coding = hebb_coding_fit(table, options, table->rows, NULL, &error);

	if (!coding)
		fail_msg("%s", error.message);
	if (!is->joined)
		return coding;
	options->scaling = is->joined;
	hebb_coding *other = hebb_coding_fit(table, options, table->rows, NULL, &error);
	assert_non_null(other);
	assert_true(coding->width <= WIDTH && other->width <= WIDTH);
	int room[2][WIDTH], *place[] = {room[0], room[1]};
	const hebb_coding *both[] = {coding, other};
	hebb_coding *joined = hebb_coding_join(2, both, place, &error);
	if (!joined)
		fail_msg("%s", error.message);
	hebb_coding_free(other);
	hebb_coding_free(coding);
	return joined;
}

static hebb_coding *code_columns(const full *is)
{
	static const int texts[] = {0, 2, 3}, numbers[] = {1, 4}, size[] = {4};
	hebb_coding_options options = hebb_coding_options_default();
	hebb_error error;
	hebb_table *table = hebb_table_parse(table_of_columns, sizeof table_of_columns - 1, "it",
					     HEBB_HEADER_YES, &error);

	if (!table)
		fail_msg("%s", error.message);
	options.missing = is->missing;
	options.scaling = is->scaling  ? is->scaling
			  : is->is_raw ? HEBB_SCALING_NONE
				       : HEBB_SCALING_STANDARD;
	options.target_transform = is->transform;
	options.inputs = is->no_numbers ? texts : is->no_texts ? numbers : NULL;
	options.input_count = is->no_numbers ? 3 : is->no_texts ? 2 : 0;
	if (is->is_regression) {
		options.target_count = 1;
		options.targets = size;
		options.inputs = is->no_texts ? &numbers[0] : NULL;
		options.input_count = is->no_texts;
	}
	options.task = is->is_regression ? HEBB_REGRESSION : HEBB_CLASSIFICATION;
	hebb_coding *coding = fit_columns(is, table, &options);
	hebb_table_free(table);
	if (is->is_exact) {
		coding->exact_mean = make_doubles(coding->width, OFFSET);
		coding->exact_fill = make_doubles(coding->width, OFFSET);
		for (int i = 0; i < coding->width; i++)
			if (coding->mean[i] == 0) { /* a text's */
				coding->exact_mean[i] = 0;
				coding->exact_fill[i] = (double)coding->fill[i];
			}
	}
	return coding;
}

static void write_full(const full *is)
{
	hebb_coding *coding = code_columns(is);
	const hebb_layer layer[] = {
		hebb_shortcut(-1, HEBB_TANH),
		hebb_dense(coding->outputs, is->is_regression ? HEBB_LINEAR : HEBB_SOFTMAX)};
	hebb_model model = {.coding = coding, .loss = HEBB_SQUARED, .graph = is->graph};
	hebb_error error;

	model.net = hebb_net_new(coding->width, 2, layer, 5, NULL, &error);
	if (!model.net)
		fail_msg("%s", error.message);
	set_parameters(model.net);
	test_ok(hebb_model_format(&model, &original, &original_size, &error), &error);
	hebb_net_free(model.net);
	hebb_coding_free(coding);
	int before = read_count;
	check_bytes("nothing changed", 0, 0, original, original_size);
	assert_int_equal(read_count, before + 1);
}

/* Changes node `nth`, or takes out all nodes, and asserts the sentence. */
static void refused_with(const char *sentence, int nth, change *make, int variant)
{
	file f = open_file();
	message node = open_message(f.graph.field[nth].bytes);
	hebb_error error = {.message = ""};
	buffer part = {0};

	if (make) {
		assert_int_equal(make(&node, variant), 1);
		part = close_message(&node);
		f.graph.field[nth].bytes = (graph_bytes){part.at, part.size};
	}
	while (!make && f.graph.field[0].number == NODE)
		take_out(&f.graph, 0);
	buffer body = close_message(&f.graph);
	f.model.field[field_at(&f.model, MODEL_HAS_GRAPH, 0)].bytes =
		(graph_bytes){body.at, body.size};
	buffer bytes = close_message(&f.model);
	seal(bytes.at, bytes.size);
	assert_null(hebb_model_parse(bytes.at, bytes.size, "it.onnx", &error));
	test_failed(error.status, &error, HEBB_BAD_FORMAT, sentence);
	free(bytes.at);
	free(body.at);
	free(part.at);
}

static void sentences(void **state)
{
	const hebb_layer layer[] = {hebb_dense(3, HEBB_TANH), hebb_dense(OUTPUTS, HEBB_SOFTMAX)};

	(void)state;
	write_model(HEBB_CLASSIFICATION, 1, 2, layer);
	refused_with("node 2 is Div \"x\" in the graph and Mul \"x\" by the description", 1,
		     change_operator, 3);
	refused_with("node 1 of the description, Sub \"centered\", is missing in the graph", 0,
		     NULL, 0);
	refused_with("node 1, Sub \"centered\", has other inputs in the graph", 0, change_input,
		     (int)COUNT_OF(names)); /* a cycle */
	refused_with("node 3, Gemm \"z1\", has other attributes in the graph", 2, change_attribute,
		     14);
	free(original);
}

/* The graph says nothing of the loss, by which a file is scored. */
static void a_loss_of_other_outputs(void **state)
{
	static const char before[] = "\"loss\":\"squared\"", after[] = "\"loss\":\"poisson\"";
	const hebb_layer layer = hebb_dense(OUTPUTS, HEBB_TANH);
	hebb_error error = {.message = ""};
	size_t length = sizeof before - 1, at = 0;

	(void)state;
	write_model(HEBB_REGRESSION, 0, 1, &layer);
	while (at + length <= original_size && memcmp(original + at, before, length) != 0)
		at++;
	assert_true(at + length <= original_size);
	memcpy(original + at, after, length);
	seal(original, original_size);
	assert_null(hebb_model_parse(original, original_size, "it.onnx", &error));
	test_failed(error.status, &error, HEBB_BAD_FORMAT,
		    "the loss poisson is not defined for outputs of tanh");
	free(original);
}

/* The interpreter tells: its bounds of the error are small, and one weight changed is seen. */
static void the_graph_is_run(void **state)
{
	double x[INPUTS] = {0.5, -1, 2, 0.1};
	size_t outputs;

	(void)state;
	for (hebb_activation f = HEBB_LINEAR; hebb_activation_name(f); f++) {
		hebb_activation last =
			f == HEBB_EXP ? HEBB_LINEAR : f; /* exp(exp(z)) is too large */
		const hebb_layer layer[] = {hebb_dense(INPUTS, f), hebb_batch_norm(HEBB_LINEAR),
					    hebb_layer_norm(HEBB_LINEAR), hebb_shortcut(0, last),
					    hebb_dense(OUTPUTS, last)};
		graph_number *y;
		write_model(HEBB_REGRESSION, 3, 5, layer);
		assert_null(graph_run(original, original_size, x, INPUTS, &y, &outputs));
		for (int i = 0; i < OUTPUTS; i++) {
			double size = 1 + fabs(y[i].v);
			if (!(y[i].e < 1e-2 * size))
				fail_msg("%s: %g +- %g", hebb_activation_name(f), y[i].v, y[i].e);
			assert_false(graph_agrees(y[i], (float)(y[i].v + 0.05 * size)));
			assert_false(graph_agrees(y[i], NAN));
		}
		free(y);
		free(original);
	}
}

static void every_activation(void **state)
{
	(void)state;
	for (hebb_activation f = HEBB_LINEAR; hebb_activation_name(f); f++) {
		const hebb_layer layer[] = {hebb_dense(3, f), hebb_dropout(0.5),
					    hebb_dense(OUTPUTS, f)};
		write_model(f % 2 ? HEBB_REGRESSION : HEBB_CLASSIFICATION, f % 8, 3, layer);
		change_each_part();
		change_order();
		free(original);
	}
}

static void every_kind_of_layer(void **state)
{
	const hebb_layer layer[] = {hebb_batch_norm(HEBB_LINEAR),  hebb_shortcut(-1, HEBB_TANH),
				    hebb_dense(INPUTS, HEBB_GELU), hebb_layer_norm(HEBB_LINEAR),
				    hebb_shortcut(2, HEBB_LINEAR), hebb_dense(OUTPUTS, HEBB_LINEAR),
				    hebb_batch_norm(HEBB_SOFTMAX)};
	(void)state;
	for (int scales = 0; scales < 8; scales++) {
		write_model(scales % 2 ? HEBB_CLASSIFICATION : HEBB_REGRESSION, scales, 7, layer);
		change_each_part();
		change_order();
		change_versions();
		change_names();
		free(original);
	}
}

static void every_letter_and_bit(void **state)
{
	const hebb_layer layer[] = {hebb_dense(3, HEBB_GELU), hebb_shortcut(0, HEBB_LINEAR),
				    hebb_dense(OUTPUTS, HEBB_SOFTMAX)};
	const hebb_layer others[] = {hebb_layer_norm(HEBB_HARD_TANH),
				     hebb_dense(OUTPUTS, HEBB_LEAKY_RELU)};
	(void)state;
	write_model(HEBB_CLASSIFICATION, 1, 3, layer);
	change_description();
	flip_every_bit();
	free(original);
	write_model(HEBB_REGRESSION, 2, 2, others);
	change_description();
	flip_every_bit();
	free(original);
	print_message("%d files are refused, %d read\n", refused_count, read_count);
}

static void every_full_graph(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(fulls); i++) {
		write_full(&fulls[i]);
		change_each_part();
		change_names();
		if (i < 2) { /* which takes long */
			change_order();
			change_versions();
		}
		free(original);
	}
}

/* ---- Columns that are called as the values of a graph are ---- */

enum { NAMED = 100 };

static void append(float **values, int count, int more, float value)
{
	*values = realloc(*values, (size_t)(count + more) * sizeof **values);
	assert_non_null(*values);
	for (int i = count; i < count + more; i++)
		(*values)[i] = value;
}

/* Makes the last two columns robust and periodic. */
static void encode_last(hebb_coding *coding)
{
	const int more = 2 * HEBB_WAVES - 1;

	append(&coding->mean, NAMED, more, 0.25F);
	append(&coding->scale, NAMED, more, 0.5F);
	append(&coding->fill, NAMED, more, 0);
	coding->encoding = test_memory(NAMED * sizeof *coding->encoding);
	for (int i = 0; i < NAMED; i++)
		coding->encoding[i] = (hebb_encoding){1, 1, {{HEBB_SCALING_STANDARD, 1}}};
	coding->encoding[NAMED - 2].way[0].scaling = HEBB_SCALING_ROBUST;
	coding->encoding[NAMED - 1] =
		(hebb_encoding){1 + more, 1, {{HEBB_SCALING_PERIODIC, 1 + more}}};
	coding->width += more;
	for (int i = 0; i < coding->width; i++) {
		float most = i < NAMED - 2 ? FLT_MAX : 0x1p20F;
		append(&coding->least, i, 1, -most);
		append(&coding->most, i, 1, most);
	}
}

/* A model of text columns of these names, with two numbers, and with norms and activations of many
 * operators. */
static void write_named(char *const *name, hebb_task task)
{
	const hebb_layer layer[] = {hebb_dense(4, HEBB_GELU), hebb_batch_norm(HEBB_HARD_TANH),
				    hebb_layer_norm(HEBB_SILU), hebb_shortcut(0, HEBB_LINEAR),
				    hebb_dense(2, HEBB_LINEAR)};
	hebb_coding *coding = hebb_coding_plain(task, NAMED, 2, NULL);
	hebb_model model = {.coding = coding, .loss = HEBB_SQUARED, .graph = HEBB_GRAPH_FULL};
	hebb_error error;

	for (int i = 0; i < NAMED - 2; i++) { /* of one level, so that the width stays */
		free(coding->inputs[i].name);
		coding->inputs[i].name = strdup(name[i]);
		coding->inputs[i].kind = HEBB_TEXT;
		coding->inputs[i].levels = test_memory(sizeof(char *));
		coding->inputs[i].levels[0] = strdup("one");
		coding->inputs[i].level_count = 1;
	}
	coding->mean[NAMED - 2] = 0.5F;
	encode_last(coding);
	if (task == HEBB_REGRESSION)
		coding->target_mean[0] = 0.5F;
	model.net = hebb_net_new(coding->width, 5, layer, 5, NULL, &error);
	test_ok(hebb_model_format(&model, &original, &original_size, &error), &error);
	hebb_net_free(model.net);
	hebb_coding_free(coding);
}

/* The names of the values and constants of the file, those of later columns left out. */
static void collect_names(char **name)
{
	file f = open_file();
	int count = 0;

	for (int i = 0; i < f.graph.count && count < NAMED; i++) {
		int number = f.graph.field[i].number, at = number == NODE ? 2 : 8;
		if (number != NODE && number != INITIALIZER)
			continue;
		message part = open_message(f.graph.field[i].bytes);
		graph_bytes text = part.field[field_at(&part, at, 0)].bytes;
		size_t digits = strcspn((const char *)text.at, "0123456789");
		if (digits < text.size && atoi((const char *)text.at + digits) > 5)
			continue;
		free(name[count]);
		name[count] = strndup((const char *)text.at, text.size);
		count++;
	}
	assert_true(count > 60 && count < NAMED);
}

static void columns_are_called_as_values(void **state)
{
	static char *name[NAMED];

	(void)state;
	for (hebb_task task = HEBB_CLASSIFICATION; task <= HEBB_REGRESSION; task++) {
		hebb_error error;
		for (int i = 0; i < NAMED; i++)
			name[i] = strdup(i % 3 ? "input" : ""); /* many times */
		write_named(name, task);
		collect_names(name);
		free(original);
		write_named(name, task);
		hebb_model *read = hebb_model_parse(original, original_size, "it", &error);
		if (!read)
			fail_msg("%s", error.message);
		char room[128];
		const char *why = graph_compare(read, original, original_size, room);
		if (why)
			fail_msg("%s", why);
		hebb_model_free(read);
		free(original);
		for (int i = 0; i < NAMED; i++)
			free(name[i]);
	}
}

static void every_letter_and_bit_of_full_graphs(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(fulls); i++) {
		int has_bins = fulls[i].scaling == HEBB_SCALING_PIECEWISE ||
			       fulls[i].joined == HEBB_SCALING_PIECEWISE;
		int is_told = fulls[i].transform ? fulls[i].graph == HEBB_GRAPH_NUMERIC
						 : i < 2 || has_bins;

		if (!is_told)
			continue;
		write_full(&fulls[i]);
		change_description();
		flip_every_bit();
		free(original);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(models_of_version_0_1_0),
		cmocka_unit_test(sentences),
		cmocka_unit_test(a_loss_of_other_outputs),
		cmocka_unit_test(the_graph_is_run),
		cmocka_unit_test(every_activation),
		cmocka_unit_test(every_kind_of_layer),
		cmocka_unit_test(every_letter_and_bit),
		cmocka_unit_test(every_full_graph),
		cmocka_unit_test(columns_are_called_as_values),
		cmocka_unit_test(every_letter_and_bit_of_full_graphs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
