/* SPDX-License-Identifier: MIT */
/*
 * test_report.c - the page of a result: its charts have the numbers of the model, its edges, and
 * what it refuses
 *
 * tests/cli/report.sh looks at whole pages; here the numbers behind the charts are compared with
 * those that the library computes elsewhere.
 */
#include <jansson.h>

#include "hebb_advanced.h"
#include "hebb_study.h"
#include "test.h"

enum { ROWS = 200, TEST = 60 };

/* ---- A study and its page ---- */

typedef struct scene {
	hebb_table *table;
	hebb_study study;
	hebb_trial *trial;
	hebb_result result;
	char *page;
	size_t size;
	json_t *charts;
} scene;

/* The JSON of a script element. */
static json_t *json_in(const char *page, const char *id)
{
	char mark[80];

	snprintf(mark, sizeof mark, "<script type=\"application/json\" id=\"%s\">", id);
	const char *begin = strstr(page, mark);
	assert_non_null(begin);
	begin += strlen(mark);
	json_t *value = json_loadb(begin, (size_t)(strstr(begin, "</script>") - begin), 0, NULL);
	assert_non_null(value);
	return value;
}

/* Two numbers and a target: a number, or one of `classes` classes. */
static hebb_table *make_table(int classes)
{
	static char text[ROWS * 64];
	char *to = text;
	hebb_error error;

	to += sprintf(to, "a,b,y\n");
	for (int i = 0; i < ROWS; i++) {
		int a = i * 37 % 101, b = i * 53 % 89, noise = i * i % 17;

		if (classes)
			to += sprintf(to, "%d,%d,class %d\n", a, b, (a + noise) * classes / 120);
		else
			to += sprintf(to, "%d,%d,%d\n", a, b, 3 * a - b + noise);
	}
	hebb_table *table =
		hebb_table_parse(text, (size_t)(to - text), "made.csv", HEBB_HEADER_YES, &error);
	assert_non_null(table);
	return table;
}

static hebb_report report_of(const scene *s)
{
	hebb_report report = hebb_report_default();

	report.trial = s->trial;
	report.result = &s->result;
	return report;
}

static void open_scene(scene *s, int classes)
{
	hebb_error error = {.status = HEBB_OK};

	*s = (scene){.table = make_table(classes)};
	s->study = hebb_study_of(s->table);
	s->study.test = (hebb_part){.kind = HEBB_PART_LAST, .rows = TEST};
	s->study.hidden = 1;
	s->study.units[0] = 5;
	s->study.epochs = 8;
	test_ok(hebb_study_default(&s->study, &error), &error);
	s->trial = hebb_trial_new(&s->study, 1, -1, &error);
	assert_non_null(s->trial);
	test_ok(hebb_trial_train(s->trial, &s->result, &error), &error);
	hebb_report report = report_of(s);
	test_ok(hebb_report_format(&report, &s->page, &s->size, &error), &error);
	assert_int_equal(s->size, strlen(s->page));
	s->charts = json_in(s->page, "hebb-charts");
}

static void close_scene(scene *s)
{
	json_decref(s->charts);
	free(s->page);
	hebb_result_free(&s->result);
	hebb_trial_free(s->trial);
	hebb_table_free(s->table);
}

/* ---- The numbers of charts ---- */

static const char *title_of(const json_t *chart, const char *axis)
{
	return json_string_value(json_object_get(json_object_get(chart, axis), "title"));
}

/* Series `which` of the chart whose y axis has this title. */
static const json_t *series_of(const scene *s, const char *title, size_t which)
{
	for (size_t i = 0; i < json_array_size(s->charts); i++) {
		const json_t *chart = json_array_get(s->charts, i);

		if (strcmp(title_of(chart, "y"), title) == 0)
			return json_array_get(json_object_get(chart, "series"), which);
	}
	fail_msg("no chart of '%s'", title);
	return NULL;
}

static double number(const json_t *series, const char *axis, size_t i)
{
	return json_number_value(json_array_get(json_object_get(series, axis), i));
}

static size_t count_of(const json_t *series)
{
	size_t count = json_array_size(json_object_get(series, "x"));

	assert_int_equal(count, json_array_size(json_object_get(series, "y")));
	return count;
}

/* Numbers in a page have five digits. */
static void near(double value, double expected, const char *what)
{
	test_near(value, expected, 1e-4 * fabs(expected) + 1e-9, what);
}

/* The outputs of a row of the test part. */
static void output_of(const scene *s, long long row, float *h)
{
	float x[64];
	hebb_error error;

	assert_true(s->trial->test->inputs <= 64);
	hebb_dataset_get(s->trial->test, row, 1, x);
	test_ok(hebb_predict(s->trial->net, x, h, &error), &error);
}

static void curves_are_those_of_the_result(void **state)
{
	scene s;

	(void)state;
	open_scene(&s, 3);
	const json_t *loss = series_of(&s, "loss", 0);
	assert_int_equal(count_of(loss), s.result.curve.count);
	for (int i = 0; i < s.result.curve.count; i++)
		near(number(loss, "y", (size_t)i), s.result.curve.loss[i], "loss");
	close_scene(&s);
}

static void predictions_are_those_of_the_network(void **state)
{
	scene s;

	(void)state;
	open_scene(&s, 0);
	const json_t *dots = series_of(&s, "predicted", 0);
	assert_int_equal(count_of(dots), TEST);
	for (int i = 0; i < TEST; i++) {
		float h;

		output_of(&s, i, &h);
		near(number(dots, "y", (size_t)i), hebb_in_units(s.trial->coding, &h, 0), "h");
		near(number(dots, "x", (size_t)i),
		     hebb_in_units(s.trial->coding, s.trial->test->y + i, 0), "y");
	}
	close_scene(&s);
}

/* The area below the curve is the ROC AUC of the score. */
static void roc_has_the_area(void **state)
{
	scene s;
	double area = 0;

	(void)state;
	open_scene(&s, 2);
	const json_t *roc = series_of(&s, "share found, true positives", 0);
	for (size_t i = 1; i < count_of(roc); i++)
		area += (number(roc, "x", i) - number(roc, "x", i - 1)) *
			(number(roc, "y", i) + number(roc, "y", i - 1)) / 2;
	test_near(area, s.result.test.detail.roc_auc, 0.005, "area");
	close_scene(&s);
}

/* The counts of the bins are those of the rows. */
static void calibration_counts_rows(void **state)
{
	scene s;
	double counted[15] = {0};

	(void)state;
	open_scene(&s, 3);
	for (int i = 0; i < TEST; i++) {
		float h[3];

		output_of(&s, i, h);
		double p = fmax(fmax(h[0], h[1]), h[2]);
		counted[(int)ceil(p * 15) - 1]++;
	}
	for (size_t c = 0; c < json_array_size(s.charts); c++) {
		const json_t *chart = json_array_get(s.charts, c);
		const json_t *bars = json_array_get(json_object_get(chart, "series"), 0);

		if (strcmp(title_of(chart, "x"), "probability of the predicted class") != 0 ||
		    strcmp(title_of(chart, "y"), "rows") != 0)
			continue;
		for (size_t i = 0; i < 15; i++)
			test_near(number(bars, "y", i), counted[i], 0, "rows of a bin");
		close_scene(&s);
		return;
	}
	fail_msg("no counts of probabilities");
}

/* ---- The rate ---- */

static double seen_rate[64];

static int keep_rate(void *self, const hebb_progress *progress)
{
	(void)self;
	if (progress->epoch_ended)
		seen_rate[progress->epoch] = progress->rate;
	return 0;
}

static void rates_are_those_of_training(void **state)
{
	scene s;
	hebb_error error;

	(void)state;
	open_scene(&s, 3);
	for (int schedule = 1; hebb_schedule_name((hebb_schedule)schedule); schedule++) {
		hebb_recipe recipe = hebb_recipe_default();
		hebb_source rows = hebb_dataset_source(s.trial->train);

		recipe.loss = HEBB_CROSS_ENTROPY;
		recipe.schedule = (hebb_schedule)schedule;
		recipe.epochs = 12;
		recipe.batch = 32;
		recipe.plateau = 100;
		recipe.warmup = schedule == HEBB_ONE_CYCLE ? 0 : 0.2;
		recipe.progress = keep_rate;
		hebb_trainer *trainer = hebb_trainer_new(s.trial->net, &recipe, NULL, &error);
		assert_non_null(trainer);
		test_ok(hebb_train(trainer, &rows, NULL, &error), &error);
		double updates = ceil((double)s.trial->train->rows / recipe.batch);
		for (int epoch = 1; epoch <= recipe.epochs; epoch++)
			test_near(hebb_recipe_rate(&recipe, epoch * updates - 1,
						   updates * recipe.epochs),
				  seen_rate[epoch], 1e-12, hebb_schedule_name(recipe.schedule));
		assert_true(hebb_recipe_rate(&recipe, -1, updates) == 0);
		assert_true(hebb_recipe_rate(&recipe, updates, updates) == 0);
		hebb_trainer_free(trainer);
	}
	close_scene(&s);
}

/* ---- The page ---- */

static void same_again(void **state)
{
	scene s;
	hebb_error error;
	char *again;
	size_t size;

	(void)state;
	open_scene(&s, 3);
	hebb_report report = report_of(&s);
	test_ok(hebb_report_format(&report, &again, &size, &error), &error);
	assert_int_equal(size, s.size);
	assert_memory_equal(again, s.page, size);
	assert_true(hebb_report_is_ours(again, size) && !hebb_report_is_ours(again, 20) &&
		    !hebb_report_is_ours("<!DOCTYPE html>\n<html>", 22) &&
		    !hebb_report_is_ours(NULL, 0));
	free(again);
	close_scene(&s);
}

/* A list that is too long keeps its first and its last item. */
static void long_numbers_are_thinned(void **state)
{
	enum { ITEMS = 100000 };
	scene s;
	hebb_error error;
	char *text = test_memory(16 * ITEMS), *to = text, *page;
	size_t size;

	(void)state;
	open_scene(&s, 2);
	to += sprintf(to, "{\"a\": {\"list\": [");
	for (int i = 0; i < ITEMS; i++)
		to += sprintf(to, "%s%d", i ? "," : "", i);
	sprintf(to, "]}, \"short\": [1, 2, 3]}");
	hebb_report report = report_of(&s);
	report.numbers = text;
	test_ok(hebb_report_format(&report, &page, &size, &error), &error);
	json_t *numbers = json_in(page, "hebb-numbers");
	const json_t *list = json_object_get(json_object_get(numbers, "a"), "list");
	size_t most = (size_t)json_integer_value(json_object_get(numbers, "thinned"));
	assert_true(size < 500000 && most > 0 && json_array_size(list) == most);
	assert_int_equal(json_integer_value(json_array_get(list, 0)), 0);
	assert_int_equal(json_integer_value(json_array_get(list, most - 1)), ITEMS - 1);
	assert_int_equal(json_array_size(json_object_get(numbers, "short")), 3);
	json_decref(numbers);
	free(page);
	free(text);
	close_scene(&s);
}

static void refuses(void **state)
{
	scene s;
	hebb_error error;
	hebb_report report = hebb_report_default();
	char *text;
	size_t size;

	(void)state;
	open_scene(&s, 2);
	test_failed(hebb_report_format(NULL, &text, &size, &error), &error, HEBB_BAD_ARGUMENT,
		    "no report");
	test_failed(hebb_report_format(&report, &text, &size, &error), &error, HEBB_BAD_ARGUMENT,
		    "nothing to report on");
	assert_null(text);
	report.trial = s.trial; /* without its result */
	assert_int_equal(hebb_report_format(&report, &text, &size, NULL), HEBB_BAD_ARGUMENT);
	report = report_of(&s);
	report.numbers = "[1, 2]";
	test_failed(hebb_report_format(&report, &text, &size, &error), &error, HEBB_BAD_ARGUMENT,
		    "no JSON object");
	report.numbers = "{\"open\": ";
	test_failed(hebb_report_format(&report, &text, &size, &error), &error, HEBB_BAD_ARGUMENT,
		    "no JSON object");
	hebb_model *model = hebb_trial_model(s.trial, &s.result, &error);
	hebb_dataset rows = *s.trial->test;
	report = hebb_report_default();
	report.model = model;
	report.table = s.table;
	report.data = &rows;
	report.score = &s.result.test;
	test_ok(hebb_report_format(&report, &text, &size, &error), &error);
	free(text);
	rows.y = NULL;
	test_failed(hebb_report_format(&report, &text, &size, &error), &error, HEBB_BAD_ARGUMENT,
		    "no rows with targets");
	rows = *s.trial->test;
	rows.inputs++;
	test_failed(hebb_report_format(&report, &text, &size, &error), &error, HEBB_BAD_SHAPE,
		    "inputs");
	hebb_model_free(model);
	report = report_of(&s);
	report.size = 0;
	test_failed(hebb_report_format(&report, &text, &size, &error), &error, HEBB_BAD_ARGUMENT,
		    "hebb_report_default()");
	report = report_of(&s);
	test_failed(hebb_report_write(&report, "nowhere/page.html", &error), &error, HEBB_IO,
		    "nowhere");
	close_scene(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(curves_are_those_of_the_result),
		cmocka_unit_test(predictions_are_those_of_the_network),
		cmocka_unit_test(roc_has_the_area),
		cmocka_unit_test(calibration_counts_rows),
		cmocka_unit_test(rates_are_those_of_training),
		cmocka_unit_test(same_again),
		cmocka_unit_test(long_numbers_are_thinned),
		cmocka_unit_test(refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
