/* SPDX-License-Identifier: MIT */
/*
 * test_search.c - ranges, draws, the schedule of halving, and the table of trials
 */
#define _POSIX_C_SOURCE 200809L
#include "test.h"
#include <unistd.h>
#include "study/study.h"
#include "cli/option/space.h"
#include "cli/file/trials.h"

static const command searching = {.name = "search", .bit = SEARCH, .operands_most = 2};

/* Reads options as the command does, separated by blanks. */
static int parse(const char *line, options *o)
{
	static char text[400];
	char *argv[20] = {"search"};
	int argc = 1;

	snprintf(text, sizeof text, "%s", line);
	for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	return options_parse(&searching, argc, argv, o);
}

/* The space of a command line, which must be right. */
static void open_space(const char *line, options *o, space *result)
{
	const struct hb_facts data = {.task = HEBB_CLASSIFICATION};

	assert_int_equal(parse(line, o), 0);
	options_blank(o);
	hb_choose_defaults(&o->study, &data);
	assert_int_equal(space_open(o, result), 0);
}

/* ---- Ranges ---- */

/* How many options have ranges. */
static int ranged(const options *o)
{
	int count = 0;

	for (int id = 0; id < OPTION_COUNT; id++)
		count += option_ranged(o, (option_id)id);
	return count;
}

static void ranges_are_told_from_values(void **state)
{
	options o;

	(void)state;
	assert_int_equal(parse("--rate 0.001..0.1 --layers 64,30 --batch 16/32 --test a/b", &o), 0);
	assert_int_equal(ranged(&o), 2);
	assert_true(option_ranged(&o, OPT_RATE) && option_ranged(&o, OPT_BATCH));
	assert_true(option_given(&o, OPT_LAYERS) && option_given(&o, OPT_TEST));
	assert_false(option_given(&o, OPT_RATE) || option_given(&o, OPT_BATCH));
	/* The last one counts, as with other options. */
	assert_int_equal(parse("--rate 0.001..0.1 --rate 0.5", &o), 0);
	assert_true(ranged(&o) == 0 && !options_ranged(&o));
	assert_true(option_given(&o, OPT_RATE) && o.study.rate == 0.5);
	assert_int_equal(parse("--rate 0.5 --rate 0.001..0.1", &o), 0);
	assert_true(ranged(&o) == 1 && options_ranged(&o));
	assert_true(option_ranged(&o, OPT_RATE) && !option_given(&o, OPT_RATE));
	/* What is no setting of training takes none. */
	assert_int_not_equal(parse("--seed 1..5", &o), 0);
	assert_int_not_equal(parse("--task classification/regression", &o), 0);
	assert_int_not_equal(parse("--trials 1..5", &o), 0);
}

static void wrong_ranges_are_refused(void **state)
{
	static const char *const wrong[] = {
		"--rate 0.1..0.01", "--rate 0.1..0.1",      "--rate 0.1..",
		"--rate ..0.1",     "--rate 0.1..x",        "--rate -1..1",
		"--rate 0.1/",      "--rate 0.1//0.2",      "--batch all..64",
		"--batch 0/32",     "--batch 1.5..3",       "--layers 16..64",
		"--layers 64/x",    "--optimizer adam/x",   "--optimizer adam..x",
		"--dropout 0.5..2", "--loss huber/poisson", "--output linear/exp"};
	const struct hb_facts data = {.task = HEBB_CLASSIFICATION};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		options o;
		space s;

		assert_int_equal(parse(wrong[i], &o), 0);
		options_blank(&o);
		hb_choose_defaults(&o.study, &data);
		if (space_open(&o, &s) == 0)
			fail_msg("%s is taken", wrong[i]);
		space_close(&s);
	}
}

static void the_usual_space_leaves_out_what_is_given(void **state)
{
	options o;
	space s;

	(void)state;
	open_space("", &o, &s);
	assert_int_equal(s.count, 4);
	assert_string_equal(s.range[1].text, "0.0005..0.05");
	space_close(&s);
	open_space("--optimizer sgd --layers none", &o, &s);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.range[0].id, OPT_RATE);
	assert_string_equal(s.range[0].text, "0.01..1");
	assert_int_equal(s.range[1].id, OPT_BATCH);
	space_close(&s);
	open_space("--optimizer lbfgs", &o, &s); /* neither a rate, nor batches, nor dropout */
	assert_int_equal(s.count, 1);
	assert_int_equal(s.range[0].id, OPT_LAYERS);
	space_close(&s);
	open_space("--l2 0..1", &o, &s);
	assert_int_equal(s.count, 1);
	space_close(&s);
}

/* ---- Draws ---- */

enum { DRAWS = 3000 };

/* Which shares of the draws of an interval lie below `middle`. */
static double share_below(const char *line, double low, double high, double middle)
{
	options o;
	space s;
	int below = 0;

	open_space(line, &o, &s);
	for (int i = 0; i < DRAWS; i++) {
		draw values;
		double value;

		space_draw(&s, 1, i, &values);
		assert_true(number_parse(values.text[0], &value));
		if (value < low || value > high)
			fail_msg("%s gave %s", line, values.text[0]);
		below += value < middle;
	}
	space_close(&s);
	return (double)below / DRAWS;
}

static void draws_are_even(void **state)
{
	(void)state;
	/* Five standard deviations of 3,000 draws are less than 0.05. */
	test_near(share_below("--rate 0.0001..0.01", 0.0001, 0.01, 0.001), 0.5, 0.05,
		  "by the logarithm");
	test_near(share_below("--dropout 0..0.5", 0, 0.5, 0.25), 0.5, 0.05, "uniform from 0");
	test_near(share_below("--rate 0.1..0.9", 0.1, 0.9, 0.5), 0.5, 0.05,
		  "uniform below a factor of 10");
	test_near(share_below("--average 0.9990..0.9999", 0.999, 0.9999, 0.99945), 0.5, 0.05,
		  "narrow");
	test_near(share_below("--stages 2..4", 2, 4, 2.5), 1.0 / 3, 0.05, "the lowest of three");
	test_near(share_below("--stages 2..4", 2, 4, 3.5), 2.0 / 3, 0.05, "the lower two of three");
	test_near(share_below("--epochs 1..1000", 1, 1000, 31.5), 0.5, 0.05,
		  "whole, by the logarithm");
}

static void draws_are_of_seed_and_number(void **state)
{
	options o;
	space s, other;
	draw a, b;
	int same = 0;

	(void)state;
	open_space("--rate 0.0001..0.01 --layers 64/30,20/none --batch 16/32", &o, &s);
	open_space("--batch 16/32 --layers 64/30,20/none --rate 0.0001..0.01", &o, &other);
	for (int i = 0; i < 50; i++) {
		space_draw(&s, 7, i, &a);
		space_draw(&other, 7, i, &b);
		for (int k = 0; k < s.count; k++)
			assert_string_equal(a.text[k], b.text[k]);
		space_draw(&s, 8, i, &b);
		same += strcmp(a.text[1], b.text[1]) == 0;
		space_draw(&s, 7, i + 1, &b);
		same += strcmp(a.text[1], b.text[1]) == 0;
	}
	assert_in_range(same, 0, 5);
	space_close(&s);
	space_close(&other);
}

static void lists_alone_come_once_each(void **state)
{
	options o;
	space s;
	int seen[12] = {0};

	(void)state;
	open_space("--layers 64/30,20/none --batch 16/32 --l2 0/0.1", &o, &s);
	assert_int_equal(s.combinations, 12);
	for (int i = 0; i < 12; i++) {
		draw d;

		space_draw(&s, 1, i, &d);
		int layers = strcmp(d.text[0], "64") == 0     ? 0
			     : strcmp(d.text[0], "none") == 0 ? 1
							      : 2;
		int l2 = strcmp(d.text[1], "0") == 0, batch = strcmp(d.text[2], "16") == 0;
		assert_int_equal(seen[layers * 4 + l2 * 2 + batch]++, 0);
	}
	space_close(&s);
	open_space("--layers 64/30 --rate 0.1..0.2", &o, &s);
	assert_int_equal(s.combinations, 0);
	space_close(&s);
}

/* ---- Halving ---- */

static void rungs_shrink_and_lengthen_by_three(void **state)
{
	static const struct {
		int trials, epochs, count;
		hebb_rung rung[5];
	} known[] = {
		{27, 27, 4, {{27, 1}, {9, 3}, {3, 9}, {1, 27}}},
		{30, 100, 4, {{30, 4}, {10, 11}, {3, 33}, {1, 100}}},
		{100, 10, 3, {{100, 1}, {33, 3}, {11, 10}}}, /* no rung of less than an epoch */
		{4, 1000, 2, {{4, 333}, {1, 1000}}},
		{2, 1000, 1, {{2, 1000}}},
		{50, 2, 1, {{50, 2}}},
	};
	hebb_rung got[HEBB_RUNGS_MOST];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(known); i++) {
		assert_int_equal(
			hebb_rungs(HEBB_STRATEGY_HALVING, known[i].trials, known[i].epochs, got),
			known[i].count);
		for (int r = 0; r < known[i].count; r++) {
			assert_int_equal(got[r].trials, known[i].rung[r].trials);
			assert_int_equal(got[r].epochs, known[i].rung[r].epochs);
		}
	}
	assert_int_equal(hebb_rungs(HEBB_STRATEGY_RANDOM, 30, 100, got), 1);
	assert_true(got[0].trials == 30 && got[0].epochs == 100);
	int count = hebb_rungs(HEBB_STRATEGY_HALVING, 2147483647, 2147483647, got);
	assert_true(count == HEBB_RUNGS_MOST && got[0].epochs == 2 &&
		    got[count - 1].epochs == 2147483647);
}

/* ---- The table ---- */

static char *path;
static space searched;

static int open_table(void **state)
{
	static char name[] = "/tmp/hebb-trials-XXXXXX";
	static options o;
	int file = mkstemp(name);

	(void)state;
	path = name;
	open_space("--rate 0.0001..0.01 --layers 64/30,20/none", &o, &searched);
	return file < 0 || close(file) || unlink(path);
}

static int close_table(void **state)
{
	(void)state;
	space_close(&searched);
	return unlink(path);
}

static json_t *identity(double l2, const char *layers)
{
	return json_pack("{s:s, s:s, s:{s:f, s:s}}", "hebb", "1.0", "fingerprint", "0f", "options",
			 "l2", l2, "layers", layers);
}

static const trial_row made[] = {
	{.trial = 0,
	 .epochs = 4,
	 .score = 0.12345678901,
	 .sd = NAN,
	 .seconds = 0.5,
	 .parameters = 10},
	{.trial = 1, .epochs = 4, .diverged = 1, .score = NAN, .sd = NAN, .parameters = 20},
	{.trial = 2, .epochs = 4, .score = -1e-9, .sd = 0.25, .parameters = 12345678901},
};

static void write_table(void)
{
	trial_table t;

	unlink(path);
	assert_int_equal(trials_open(path, identity(1.0 / 3, "64"), &searched, 1, 0, &t), 0);
	assert_false(trials_left(&t));
	assert_int_equal(access(path, F_OK), -1); /* nothing is written before a trial ended */
	for (size_t i = 0; i < COUNT_OF(made); i++) {
		trial_row row = made[i];
		assert_int_equal(trials_add(&t, &row), 0);
		assert_false(trials_left(&t));
	}
	trials_close(&t);
}

static void a_table_is_read_back(void **state)
{
	trial_table t;

	(void)state;
	write_table();
	assert_int_equal(trials_open(path, identity(1.0 / 3, "64"), &searched, 1, 0, &t), 0);
	for (size_t i = 0; i < COUNT_OF(made); i++) {
		trial_row row = {.trial = made[i].trial, .epochs = made[i].epochs};

		assert_true(trials_left(&t));
		assert_int_equal(trials_read(&t, &row), 0);
		assert_int_equal(row.diverged, made[i].diverged);
		if (!row.diverged)
			test_near(row.score, made[i].score, 1e-6, "score");
		assert_true(isnan(row.sd) == isnan(made[i].sd));
		assert_true(row.parameters == made[i].parameters);
	}
	assert_false(trials_left(&t));
	trials_close(&t);
}

/* A search decides by what stands in the table, not by what it measured: else one that goes on
 * would decide otherwise. */
static void scores_are_those_of_the_table(void **state)
{
	trial_row row = made[0];
	trial_table t;

	(void)state;
	unlink(path);
	assert_int_equal(trials_open(path, identity(0, "64"), &searched, 1, 0, &t), 0);
	assert_int_equal(trials_add(&t, &row), 0);
	assert_true(row.score == 0.123457);
	trials_close(&t);
}

static void differences_are_named(void **state)
{
	json_t *ours = identity(0.5, "64/30"), *other = identity(0.5, "64/20");
	char text[200];

	(void)state;
	assert_null(trials_difference(ours, ours, text, sizeof text));
	assert_string_equal(trials_difference(other, ours, text, sizeof text),
			    "it has layers \"64/20\", this search has \"64/30\"");
	json_object_set_new(other, "fingerprint", json_string("10"));
	assert_non_null(strstr(trials_difference(other, ours, text, sizeof text), "other data"));
	json_object_set_new(other, "hebb", json_string("0.9"));
	assert_string_equal(trials_difference(other, ours, text, sizeof text),
			    "it has hebb \"0.9\", this search has \"1.0\"");
	json_object_update(other, ours);
	json_object_set_new(other, "trials", json_integer(3));
	assert_string_equal(trials_difference(other, ours, text, sizeof text),
			    "it has trials 3, this search has none");
	json_decref(ours);
	json_decref(other);
}

/* The table with a text in place of another is refused, when it is opened or at the row. */
static void try_damage(const char *from, const char *to)
{
	unsigned char *bytes;
	size_t size;
	hebb_error error;
	trial_table t;
	int status;

	write_table();
	test_ok(hebb_file_read(path, &bytes, &size, &error), &error);
	char *at = strstr((char *)bytes, from), *text = test_memory(size + strlen(to) + 1);
	assert_non_null(at);
	snprintf(text, size + strlen(to) + 1, "%.*s%s%s", (int)(at - (char *)bytes), (char *)bytes,
		 to, at + strlen(from));
	test_ok(hebb_file_write(path, text, strlen(text), &error), &error);
	status = trials_open(path, identity(1.0 / 3, "64"), &searched, 1, 0, &t);
	for (size_t i = 0; i < COUNT_OF(made) && status == 0; i++) {
		trial_row row = {.trial = made[i].trial, .epochs = made[i].epochs};
		status = trials_left(&t) ? trials_read(&t, &row) : 1;
	}
	if (status == 0)
		fail_msg("'%s' in place of '%s' is taken", to, from);
	trials_close(&t);
	free(bytes);
	free(text);
}

static void damage_is_refused(void **state)
{
	static const char *const damage[][2] = {
		{"# hebb", "# dobb"},        {"{\"hebb\"", "{hebb"}, {"0.333", "0.334"},
		{"trial,epochs", "trial"},   {"\n1,4", "\n2,4"},     {"\n2,4", "\n2,5"},
		{"0.123457", "0.12x"},       {"0.123457", "nan"},    {"diverged", "Diverged"},
		{"diverged,", "diverged,1"}, {",10\n", "\n"},        {",10\n", ",10,1\n"},
		{",10\n", ",-1\n"},          {",10\n", ",10"},       {"0.500", "-1"},
		{"12345678901\n", "123456"}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(damage); i++)
		try_damage(damage[i][0], damage[i][1]);
}

/* JSON that is far longer than that of this search is not read at all: space would do no harm,
 * brackets take memory. */
static void a_long_first_line_is_refused(void **state)
{
	char *text = test_memory(10000);

	(void)state;
	snprintf(text, 10000, "# hebb search %9000s", "");
	try_damage("# hebb search ", text);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges_are_told_from_values),
		cmocka_unit_test(wrong_ranges_are_refused),
		cmocka_unit_test(the_usual_space_leaves_out_what_is_given),
		cmocka_unit_test(draws_are_even),
		cmocka_unit_test(draws_are_of_seed_and_number),
		cmocka_unit_test(lists_alone_come_once_each),
		cmocka_unit_test(rungs_shrink_and_lengthen_by_three),
		cmocka_unit_test(a_table_is_read_back),
		cmocka_unit_test(scores_are_those_of_the_table),
		cmocka_unit_test(differences_are_named),
		cmocka_unit_test(damage_is_refused),
		cmocka_unit_test(a_long_first_line_is_refused),
	};

	return cmocka_run_group_tests(tests, open_table, close_table);
}
