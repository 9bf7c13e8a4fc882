/* SPDX-License-Identifier: MIT */
/*
 * test_resume.c - options that a checkpoint's record holds: those that were written are read, and
 * no others are taken for them
 */
#define _POSIX_C_SOURCE 200809L
#include "test.h"
#include <jansson.h>
#include <sys/stat.h>
#include <unistd.h>
#include "study/study.h"
#include "cli/option/option_table.h"

static const command training = {
	.name = "train", .bit = TRAIN, .operands_least = 1, .operands_most = 1};

static void parse(const char *line, options *o)
{
	static char text[400];
	char *argv[30] = {"train"};
	int argc = 1;

	snprintf(text, sizeof text, "%s", line);
	for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	assert_int_equal(options_parse(&training, argc, argv, o), 0);
}

static json_t *record_of(const char *line)
{
	const struct hb_facts data = {
		.task = HEBB_CLASSIFICATION, .rows = 100, .inputs = 4, .outputs = 3};
	options o;

	parse(line, &o);
	options_blank(&o);
	hb_choose_defaults(&o.study, &data);
	json_t *record = options_json(&o);
	assert_non_null(record);
	return record;
}

static char said[1000]; /* what the last call printed */

/* options_resume() of a call with these arguments; what it says goes to `said`. */
static int resume(const char *line, json_t *record, options *o)
{
	FILE *log = tmpfile();
	int old = dup(2), status;

	assert_non_null(log);
	parse(line, o);
	fflush(stderr);
	dup2(fileno(log), 2);
	status = options_resume(o, record, "c.st");
	fflush(stderr);
	dup2(old, 2);
	close(old);
	rewind(log);
	said[fread(said, 1, sizeof said - 1, log)] = '\0';
	fclose(log);
	return status;
}

static const char *const lines[] = {
	"x",
	"x -l none --optimizer lbfgs --test 0",
	"x -l 7,8,9 --batch all --optimizer rprop --patience 5 --validation last:9",
	"x --augment --target kind --seed 18446744073709551615 --time 5m --in-order -l 8,8 "
	"--shortcuts",
	"x --scaling piecewise --bins 5",
	"x --augment=shift=2,mixup=0.2 --recipe tutorial --test nowhere.csv --average 0.9 "
	"--accumulate 4",
};

/* What was written comes back the same. */
static void comes_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		json_t *record = record_of(lines[i]);
		options o;

		if (resume("x", record, &o) != 0)
			fail_msg("%s: %s", lines[i], said);
		json_t *again = options_json(&o);
		assert_true(json_equal(record, again));
		json_decref(again);
		json_decref(record);
	}
}

/* One value in the place of another is refused, and the sentence names file and option. */
static void refuse(const char *line, const char *key, const char *text)
{
	json_t *record = record_of(line), *value = json_loads(text, JSON_DECODE_ANY, NULL);
	char name[48];
	options o;

	assert_non_null(value);
	snprintf(name, sizeof name, "--%s", key);
	for (char *at = strchr(name, '_'); at; at = strchr(at, '_'))
		*at = '-';
	json_object_set_new(record, key, value);
	if (resume("x", record, &o) != 1)
		fail_msg("%s: %s %s was taken", line, key, text);
	if (!strstr(said, "c.st") || !strstr(said, name))
		fail_msg("%s: %s %s: '%s'", line, key, text, said);
	assert_true(strchr(said, '\n') == said + strlen(said) - 1);
	/* also where the call has another value */
	json_decref(record);
}

/* Every option, with each type of JSON but its own. */
static void other_types(void **state)
{
	static const struct {
		json_type type;
		const char *text;
	} values[] = {
		{JSON_NULL, "null"},
		{JSON_TRUE, "true"},
		{JSON_FALSE, "false"},
		{JSON_INTEGER, "3"},
		{JSON_REAL, "0.5"},
		{JSON_STRING, "\"some\\nthing\""},
		{JSON_STRING, "\"\""},
		{JSON_ARRAY, "[\"a\"]"},
		{JSON_ARRAY, "[null]"},
		{JSON_ARRAY, "[1,[2]]"},
		{JSON_OBJECT, "{}"},
		{JSON_OBJECT, "{\"a\":1}"},
		{JSON_INTEGER, "-1"},
		{JSON_REAL, "-0.5"},
		{JSON_INTEGER, "9223372036854775807"},
		{JSON_REAL, "1e308"},
	};

	(void)state;
	for (int id = 0; id < OPTION_COUNT; id++) {
		const option_row *row = &option_table[id];
		char key[40];
		int refused = 0;

		if (!row->recorded)
			continue;
		option_key((option_id)id, key);
		for (size_t i = 0; i < COUNT_OF(values); i++) {
			json_type type = values[i].type;
			int number = type == JSON_INTEGER || type == JSON_REAL,
			    truth = type == JSON_TRUE || type == JSON_FALSE;
			int fits =
				row->kind == KIND_FLAG   ? truth
				: row->kind == KIND_SEED ? type == JSON_INTEGER
				: row->kind == KIND_TEXT ? type == JSON_NULL || type == JSON_STRING
				: row->kind == KIND_CHARACTER ? type == JSON_NULL
				: row->kind == KIND_AUGMENT || id == OPT_RECIPE
					? type == JSON_NULL || strcmp(values[i].text, "\"\"") == 0
				: id == OPT_GRAPH || id == OPT_SCALING || id == OPT_EFFORT ||
						id == OPT_TARGET_TRANSFORM
					? type == JSON_NULL
				: id == OPT_BINS || id == OPT_MEMBERS
					? type == JSON_NULL || type == JSON_INTEGER
				: row->kind == KIND_NUMBER || row->kind == KIND_TIME ? number
				: row->kind == KIND_COUNT ? type == JSON_INTEGER
				: row->kind == KIND_PART  ? type == JSON_STRING
							  : 0;

			if (!fits) {
				refuse("x", key, values[i].text);
				refused++;
			}
		}
		assert_true(refused >= 8);
		/* and if it is not there, unless older checkpoints lack it */
		json_t *record = record_of("x");
		options o;
		json_object_del(record, key);
		assert_int_equal(resume("x", record, &o), row->before ? 0 : 1);
		assert_true(row->before || strstr(said, row->name));
		json_decref(record);
	}
}

static void out_of_range(void **state)
{
	static const char *const cases[][2] = {
		{"accumulate", "0"},
		{"accumulate", "2147483648"},
		{"accumulate", "-1"},
		{"batch", "0"},
		{"batch", "-1"},
		{"batch", "\"none\""},
		{"epochs", "-1"},
		{"epochs", "1e3"},
		{"stages", "0"},
		{"plateau", "0"},
		{"patience", "-1"},
		{"patience", "4294967296"},
		{"rate", "-0.1"},
		{"rate", "1e300"},
		{"warmup", "1"},
		{"decay", "0"},
		{"decay", "1"},
		{"dropout", "1"},
		{"average", "1.5"},
		{"average_from", "1"},
		{"time", "-1"},
		{"time", "-1e-9"},
		{"seed", "-1"},
		{"seed", "\"-1\""},
		{"seed", "\"18446744073709551616\""},
		{"seed", "\"x\""},
		{"layers", "[0]"},
		{"layers", "[-1]"},
		{"layers", "[1e3]"},
		{"layers", "[9223372036854775807]"},
		{"layers", "[true]"},
		{"activation", "\"softmax\""},
		{"activation", "\"\""},
		{"recipe", "\"\""},
		{"loss", "\"none\""},
		{"test", "\"\""},
		{"test", "\"last:0\""},
		{"test", "\"1.5\""},
		{"validation", "\"-1\""},
		{"target", "\"\""},
		{"augment", "\"shift\""},
		{"augment", "\"other=1\""},
		{"in_order", "1"},
		{"shortcuts", "\"true\""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		refuse("x", cases[i][0], cases[i][1]);
}

/* The test rows that came with the data are no argument, but stand in a record; validation has
 * none. */
static void own_test_rows(void **state)
{
	json_t *record = record_of("x");
	options o;

	(void)state;
	json_object_set_new(record, "test", json_string("own"));
	json_object_set_new(record, "validation", json_string("own"));
	assert_int_equal(resume("x", record, &o), 0);
	assert_int_equal(o.study.test.kind, HEBB_PART_OWN);
	assert_int_equal(o.study.validation.kind, HEBB_PART_TABLE);
	json_decref(record);
}

/* More widths than a network can have layers, whatever the buffer for their text holds. */
static void many_layers(void **state)
{
	json_t *record = record_of("x"), *list = json_array();
	options o;

	(void)state;
	for (int i = 0; i < 20000; i++)
		json_array_append_new(list, json_integer(HEBB_MAX_UNITS));
	json_object_set_new(record, "layers", list);
	assert_int_equal(resume("x", record, &o), 1);
	assert_non_null(strstr(said, "--layers"));
	json_decref(record);
}

/* Devices, pipes and standard input are read only if the call names them. */
static void what_never_ends(void **state)
{
	char folder[] = "/tmp/hebb_resume_XXXXXX", path[60], quoted[80];
	const char *names[] = {"/dev/zero", "-", path};
	json_t *record;
	options o;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/pipe", folder);
	assert_int_equal(mkfifo(path, 0600), 0);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		for (int held = 0; held < 2; held++) {
			const char *key = held ? "validation" : "test";
			char line[100];

			snprintf(quoted, sizeof quoted, "\"%s\"", names[i]);
			refuse("x", key, quoted);
			assert_non_null(strstr(said, "not a regular file"));
			record = record_of("x");
			json_object_set_new(record, key, json_string(names[i]));
			snprintf(line, sizeof line, "x --%s %s", key, names[i]);
			assert_int_equal(resume(line, record, &o), 0);
			json_decref(record);
		}
	record = record_of("x");
	json_object_set_new(record, "test", json_string(folder)); /* as of IDX */
	assert_int_equal(resume("x", record, &o), 0);
	json_decref(record);
	unlink(path);
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back),      cmocka_unit_test(other_types),
		cmocka_unit_test(out_of_range),    cmocka_unit_test(many_layers),
		cmocka_unit_test(what_never_ends), cmocka_unit_test(own_test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
