/* SPDX-License-Identifier: MIT */
/*
 * test_conformal.c - intervals and sets of classes: the rank of the threshold, coverage against the
 * exact bound, ties, rounding, files, and the scores of a study against a reference in double
 */
#include "hebb_study.h"
#include "test.h"

#include <float.h>

enum { CLASSES = 3 };

static const double levels[] = {0.05, 0.07, 0.5, 0.8, 0.9, 0.95, 0.99};

/* A model that answers 0, or a third for each class. */
static hebb_model *flat_model(hebb_task task)
{
	int outputs = task == HEBB_CLASSIFICATION ? CLASSES : 1;
	hebb_layer layer = hebb_dense(outputs, outputs > 1 ? HEBB_SOFTMAX : HEBB_LINEAR);
	hebb_error error;
	hebb_net *net = hebb_net_blank(1, 1, &layer, NULL, &error);
	hebb_coding *coding = hebb_coding_plain(task, 1, outputs, &error);
	hebb_model *model = hebb_model_new(
		net, coding, outputs > 1 ? HEBB_CROSS_ENTROPY : HEBB_SQUARED, NULL, &error);

	assert_non_null(model);
	hebb_net_free(net);
	hebb_coding_free(coding);
	return model;
}

/* Gives a model these scores. */
static void set_scores(hebb_model *model, long long rows, const double *score)
{
	hebb_error error;
	hebb_conformal *conformal = hebb_conformal_new(0, 1, &error);

	assert_non_null(conformal);
	test_ok(hebb_conformal_set(conformal, 0, rows, score, &error), &error);
	test_ok(hebb_model_set_conformal(model, conformal, &error), &error);
	hebb_conformal_free(conformal);
}

/* ---- Thresholds ---- */

/* Of the scores 1, ..., n the k-th is k; the least n for which there is one is named. */
static void rank_is_exact(void **state)
{
	hebb_model *model = flat_model(HEBB_REGRESSION);
	double score[300];
	hebb_error error;
	float q;

	(void)state;
	for (int n = 0; n < 300; n++) {
		for (int i = 0; i < n; i++)
			score[i] = n - i;
		set_scores(model, n, score);
		for (size_t l = 0; l < COUNT_OF(levels); l++) {
			int hundredths = (int)lround(100 * levels[l]),
			    k = ((n + 1) * hundredths + 99) / 100;
			hebb_status status = hebb_model_thresholds(model, levels[l], &q, &error);
			char needed[100];
			int least = 1;

			if (k <= n) {
				test_ok(status, &error);
				assert_true(q == (float)k);
				continue;
			}
			while (((least + 1) * hundredths + 99) / 100 > least)
				least++;
			snprintf(needed, sizeof needed, "needs %s or more",
				 hebb_show_count(least, "calibration row").text);
			test_failed(status, &error, HEBB_BAD_ARGUMENT, needed);
			assert_true(
				isnan(hebb_conformal_threshold(model->conformal, 0, levels[l])));
		}
	}
	hebb_model_free(model);
}

/* Of many scores a thousand are kept: the threshold is at least the exact one, by at most so many
 * ranks more as lie between two that are kept. */
static void many_scores_are_thinned(void **state)
{
	static const int sizes[] = {999, 1000, 1001, 1999, 2000, 12345};
	hebb_model *model = flat_model(HEBB_REGRESSION);
	double *score = test_doubles(12345);
	hebb_error error;

	(void)state;
	for (size_t s = 0; s < COUNT_OF(sizes); s++) {
		int n = sizes[s], gap = (n + HEBB_CONFORMAL_MOST - 1) / HEBB_CONFORMAL_MOST;
		float q, before = 0;

		for (int i = 0; i < n; i++)
			score[i] = n - i;
		set_scores(model, n, score);
		assert_true(model->conformal->part[0].rows == n);
		assert_int_equal(model->conformal->part[0].count, n < 1000 ? n : 1000);
		for (int l = 1; l < 999; l++) {
			double k = ceil((n + 1) * (l / 1000.0) * (1 - 1e-13));

			if (k > n)
				continue;
			test_ok(hebb_model_thresholds(model, l / 1000.0, &q, &error), &error);
			assert_true((double)q >= k && (double)q < k + gap);
			assert_true(q >= before);
			before = q;
		}
	}
	free(score);
	hebb_model_free(model);
}

static void scores_are_rounded_up(void **state)
{
	hebb_model *model = flat_model(HEBB_REGRESSION);
	double score[] = {0.1, NAN, 1e-50, 1e300, 0.2, 0};
	const hebb_conformal_scores *part;

	(void)state;
	set_scores(model, 6, score);
	part = &model->conformal->part[0];
	assert_true(part->rows == 5); /* NaN: the row lacks the target */
	assert_true(part->score[0] == 0);
	assert_true(part->score[1] > 0 && part->score[1] < FLT_MIN);
	assert_true((double)part->score[2] >= 0.1 && (double)part->score[2] < 0.1 + 1e-8);
	assert_true((double)part->score[3] >= 0.2 && (double)part->score[3] < 0.2 + 2e-8);
	assert_true(part->score[4] == FLT_MAX);
	hebb_model_free(model);
}

/* ---- Intervals ---- */

static void ends_go_outwards(void **state)
{
	hebb_model *model = flat_model(HEBB_REGRESSION);
	double low, high;

	(void)state;
	for (int i = 1; i < 1000; i++) {
		double value = i / 7.0;
		float q = (float)i / 1000;

		hebb_model_interval(model, value, q, &low, &high);
		assert_true(low <= value - (double)q && high >= value + (double)q);
		assert_true((double)(float)low == low && (double)(float)high == high);
		test_near(high - low, 2 * (double)q, 1e-4, "width");
	}
	hebb_model_interval(model, 1, FLT_MAX, &low, &high);
	assert_true(isinf(low) && low < 0 && isinf(high) && high > 0);
	hebb_model_interval(model, NAN, 1, &low, &high);
	assert_true(isnan(low) && isnan(high));
	hebb_model_free(model);
}

/* Targets from one distribution: the share of intervals that contain a new one is k / (n + 1), with
 * ties of a coarse grid at least that. */
static void coverage_is_exact(void **state)
{
	enum { TRIES = 20000 };
	static const int sizes[] = {9, 19, 50};
	hebb_model *model = flat_model(HEBB_REGRESSION);
	float *y = test_floats(5, TRIES * 51, -1, 1);
	double score[50], low, high;
	hebb_error error;

	(void)state;
	for (size_t s = 0; s < COUNT_OF(sizes); s++) {
		for (int coarse = 0; coarse < 2; coarse++) {
			int n = sizes[s], covered = 0;
			double exact = ceil((n + 1) * 0.9 * (1 - 1e-13)) / (n + 1),
			       sd = sqrt(exact * (1 - exact) / TRIES);

			for (int t = 0; t < TRIES; t++) {
				float q, *own = y + t * 51, fresh = own[n];

				if (coarse)
					fresh = floorf(4 * fresh);
				for (int i = 0; i < n; i++)
					score[i] = fabs(
						(double)(coarse ? floorf(4 * own[i]) : own[i]));
				set_scores(model, n, score);
				test_ok(hebb_model_thresholds(model, 0.9, &q, &error), &error);
				hebb_model_interval(model, 0, q, &low, &high);
				covered += low <= (double)fresh && (double)fresh <= high;
			}
			double share = (double)covered / TRIES;
			if (coarse)
				assert_true(share > exact - 4 * sd);
			else
				test_near(share, exact, 4 * sd, "coverage");
		}
	}
	free(y);
	hebb_model_free(model);
}

/* ---- Sets ---- */

static void sets_are_never_empty(void **state)
{
	float *p = test_floats(9, 3000, 0, 1);
	unsigned char chosen[CLASSES], before[CLASSES];

	(void)state;
	for (int row = 0; row < 1000; row++) {
		const float *one = p + row * CLASSES;
		int largest = hebb_largest(one, CLASSES), last = 0;

		memset(before, 0, sizeof before);
		for (int q = 0; q <= 20; q++) {
			float threshold = (float)q / 20;
			int count = hebb_class_set(CLASSES, one, threshold, chosen), sum = 0;

			for (int k = 0; k < CLASSES; k++) {
				int wanted =
					k == largest || 1 - (double)one[k] <= (double)threshold;

				assert_int_equal(chosen[k], wanted);
				assert_true(chosen[k] >= before[k]); /* monotone */
				sum += chosen[k];
			}
			assert_int_equal(count, sum);
			assert_true(count >= 1 && count >= last);
			last = count;
			memcpy(before, chosen, sizeof chosen);
		}
		assert_int_equal(last, CLASSES);
	}
	free(p);
}

/* Equal probabilities: the first class if none is near enough, else all. */
static void ties_are_all_in(void **state)
{
	const float p[CLASSES] = {0.25f, 0.25f, 0.25f};
	unsigned char chosen[CLASSES];

	(void)state;
	assert_int_equal(hebb_class_set(CLASSES, p, 0.5f, chosen), 1);
	assert_int_equal(chosen[0], 1);
	assert_int_equal(hebb_class_set(CLASSES, p, 0.75f, chosen), 3);
	assert_true(isinf(hebb_class_score_of(NAN)) && isinf(hebb_class_score_of(INFINITY)));
}

/* ---- Files ---- */

static void format(const hebb_model *model, unsigned char **bytes, size_t *size)
{
	hebb_error error;

	test_ok(hebb_model_format(model, bytes, size, &error), &error);
}

static void files_keep_scores(void **state)
{
	hebb_model *model = flat_model(HEBB_CLASSIFICATION), *back;
	double *score = test_doubles(1500);
	unsigned char *without, *with, *again;
	size_t size_without, size_with, size_again;
	hebb_error error;

	(void)state;
	format(model, &without, &size_without);
	for (int i = 0; i < 1500; i++)
		score[i] = (i * 0.6180339887) - floor(i * 0.6180339887);
	set_scores(model, 1500, score);
	model->conformal->folds = 5;
	model->conformal->part[0].mean_set = 1.25;
	format(model, &with, &size_with);
	back = hebb_model_parse(with, size_with, "model", &error);
	if (!back)
		fail_msg("%s", error.message);
	assert_non_null(back->conformal);
	assert_int_equal(back->conformal->folds, 5);
	assert_true(back->conformal->part[0].rows == 1500);
	assert_true(back->conformal->part[0].mean_set == 1.25);
	assert_memory_equal(back->conformal->part[0].score, model->conformal->part[0].score,
			    sizeof(float) * HEBB_CONFORMAL_MOST);
	test_ok(hebb_model_set_conformal(back, NULL, &error), &error);
	format(back, &again, &size_again);
	assert_int_equal(size_again, size_without);
	assert_memory_equal(again, without, size_without);
	with[size_with / 2] ^= 1; /* the scores are under the seal */
	assert_null(hebb_model_parse(with, size_with, "model", &error));
	hebb_model_free(back);
	hebb_model_free(model);
	free(score);
	free(without);
	free(with);
	free(again);
}

static void bad_arguments(void **state)
{
	static const double bad[] = {0, 1, 1.5, -0.1, NAN, INFINITY};
	hebb_model *model = flat_model(HEBB_REGRESSION);
	hebb_conformal *two = hebb_conformal_new(0, 2, NULL);
	const double score[] = {1, 2, 3};
	hebb_error error;
	float q;

	(void)state;
	test_failed(hebb_model_thresholds(model, 0.9, &q, &error), &error, HEBB_BAD_ARGUMENT,
		    "--conformal");
	test_failed(hebb_model_set_conformal(model, two, &error), &error, HEBB_BAD_ARGUMENT,
		    "not valid");
	set_scores(model, 3, score);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		test_failed(hebb_model_thresholds(model, bad[i], &q, &error), &error,
			    HEBB_BAD_ARGUMENT, "above 0 and below 1");
	model->conformal->part[0].score[0] = 9; /* not ascending */
	test_failed(hebb_model_set_conformal(model, model->conformal, &error), &error,
		    HEBB_BAD_ARGUMENT, "not valid");
	assert_null(hebb_conformal_new(0, 0, &error));
	test_failed(hebb_conformal_set(two, 2, 3, score, &error), &error, HEBB_BAD_ARGUMENT,
		    "part");
	hebb_conformal_free(two);
	hebb_conformal_free(NULL);
	hebb_model_free(model);
}

/* ---- Studies ---- */

enum { ROWS = 200 };

/* Two numbers, "a" and "b", of which b has gaps; or a class that x tells in most rows. */
static hebb_table *make_table(int classes)
{
	float *x = test_floats(3, 2 * ROWS, -1, 1), *noise = test_floats(4, ROWS, -1, 1),
	      *values = test_memory(sizeof *values * 2 * ROWS);
	const char *texts[ROWS], *const inputs[] = {"x", "z"}, *const numbers[] = {"a", "b"},
					*const kind[] = {"kind"};
	hebb_error error;

	for (int i = 0; i < ROWS; i++) {
		values[2 * i] = 10 * x[2 * i] + noise[i];
		values[2 * i + 1] = i % 9 == 0 ? NAN : 5 + x[2 * i + 1] * x[2 * i];
		texts[i] = x[2 * i] + noise[i] / 2 < -0.3f ? "low"
			   : x[2 * i] < 0.3f               ? "middle"
							   : "high";
	}
	const hebb_block blocks[] = {hebb_floats(2, x, inputs),
				     classes ? hebb_texts(1, texts, kind)
					     : hebb_floats(2, values, numbers)};
	hebb_table *table = hebb_table_from_arrays("table", ROWS, 2, blocks, &error);
	if (!table)
		fail_msg("%s", error.message);
	free(x);
	free(noise);
	free(values);
	return table;
}

static hebb_study study_of(const hebb_table *table, int classes)
{
	hebb_study study = hebb_study_of(table);

	study.target = classes ? "kind" : "a,b";
	study.hidden = 1;
	study.units[0] = 8;
	study.epochs = 20;
	study.conformal = 1;
	return study;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The sorted scores of target i on the validation rows, from predictions; returns their number. */
static int reference(const hebb_model *model, const hebb_table *table, int i, double *score)
{
	const hebb_coding *coding = model->coding;
	hebb_prediction answers = hebb_prediction_default();
	hebb_parts parts;
	hebb_error error;
	int n = 0, outputs = coding->outputs;

	test_ok(hebb_model_parts(model, table, &parts, &error), &error);
	answers.output = test_memory(sizeof(float) * (size_t)(parts.validation * outputs));
	test_ok(hebb_model_predict_table(model, table, parts.validation, parts.row + parts.train,
					 &answers, &error),
		&error);
	for (long long r = 0; r < parts.validation; r++) {
		const float *h = answers.output + r * outputs;
		double y =
			hebb_table_value(table, parts.row[parts.train + r], coding->target_at[i]);

		if (!isnan(y))
			score[n++] = coding->task == HEBB_CLASSIFICATION ? 1 - (double)h[(int)y]
									 : fabs(y - (double)h[i]);
	}
	qsort(score, (size_t)n, sizeof *score, compare);
	free(answers.output);
	free(parts.row);
	return n;
}

static void run(const hebb_study *study, hebb_result *result)
{
	hebb_error error;

	test_ok(hebb_study_run(study, result, &error), &error);
}

static void scores_are_those_of_the_model(void **state)
{
	(void)state;
	for (int classes = 0; classes < 2; classes++) {
		hebb_table *table = make_table(classes);
		hebb_study study = study_of(table, classes);
		hebb_result result;
		double score[ROWS];

		study.temperature = classes;
		run(&study, &result);
		assert_true(result.validation_rows == 32); /* a fifth of 160 */
		const hebb_conformal *conformal = result.model->conformal;
		assert_non_null(conformal);
		assert_int_equal(conformal->count, classes ? 1 : 2);
		assert_int_equal(conformal->folds, 0);
		for (int i = 0; i < conformal->count; i++) {
			int n = reference(result.model, table, i, score);

			assert_true(conformal->part[i].rows == n);
			assert_true(classes || i == 0 || n < 32); /* b has gaps */
			for (int j = 0; j < n; j++)
				test_near((double)conformal->part[i].score[j], score[j], 1e-5,
					  "a score");
			assert_true(isnan(conformal->part[i].mean_set) == !classes);
		}
		hebb_result_free(&result);
		hebb_table_free(table);
	}
}

/* Every row of the folds has a score, and the network is the one without. */
static void folds_give_all_rows(void **state)
{
	hebb_table *table = make_table(1);
	hebb_study study = study_of(table, 1);
	hebb_result with, without;
	float w[1000], v[1000];

	(void)state;
	study.folds = 4;
	run(&study, &with);
	study.conformal = 0;
	run(&study, &without);
	assert_null(without.model->conformal);
	assert_int_equal(with.model->conformal->folds, 4);
	assert_true(with.model->conformal->part[0].rows == ROWS);
	assert_true(with.model->conformal->part[0].mean_set >= 1);
	test_ok(hebb_net_get(with.model->net, 0, w, NULL, NULL), NULL);
	test_ok(hebb_net_get(without.model->net, 0, v, NULL, NULL), NULL);
	assert_memory_equal(w, v, sizeof *w * 2 * 8);
	hebb_result_free(&with);
	hebb_result_free(&without);
	hebb_table_free(table);
}

/* The rows that calibrate are whole groups, or later than those that train. */
static void rows_follow_groups_and_times(void **state)
{
	float value[ROWS][3];
	const char *const names[] = {"x", "when", "y"};
	hebb_error error;

	(void)state;
	hebb_uniform(3 * ROWS, value[0], 6, 0);
	for (int i = 0; i < ROWS; i++)
		value[i][1] = (float)(i * 7 % 40);
	const hebb_block block = hebb_floats(3, value[0], names);
	hebb_table *table = hebb_table_from_arrays("times", ROWS, 1, &block, &error);
	for (int times = 0; times < 2; times++) {
		hebb_study study = study_of(table, 0);
		hebb_result result;
		hebb_parts parts;

		study.target = "y";
		study.group = times ? NULL : "when";
		study.time_column = times ? "when" : NULL;
		run(&study, &result);
		test_ok(hebb_model_parts(result.model, table, &parts, &error), &error);
		assert_true(parts.validation == result.model->conformal->part[0].rows);
		for (long long v = parts.train; v < parts.train + parts.validation; v++)
			for (long long t = 0; t < parts.train; t++) {
				float held = value[parts.row[v]][1],
				      trained = value[parts.row[t]][1];

				assert_true(times ? held >= trained : held != trained);
			}
		free(parts.row);
		hebb_result_free(&result);
	}
	hebb_table_free(table);
}

static void refused(void **state)
{
	hebb_table *table = make_table(0);
	hebb_study study = study_of(table, 0);
	hebb_result result;
	hebb_error error;

	(void)state;
	study.validation.kind = HEBB_PART_NONE;
	test_failed(hebb_study_run(&study, &result, &error), &error, HEBB_BAD_ARGUMENT,
		    "--validation 0");
	study.validation = (hebb_part){.kind = HEBB_PART_LAST, .rows = 1};
	run(&study, &result);
	assert_true(result.model->conformal->part[0].rows == 1);
	float q[2];
	test_failed(hebb_model_thresholds(result.model, 0.9, q, &error), &error, HEBB_BAD_ARGUMENT,
		    "needs 9 calibration rows");
	assert_false(isnan(hebb_conformal_threshold(result.model->conformal, 0, 0.5)));
	hebb_result_free(&result);
	hebb_table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rank_is_exact),
		cmocka_unit_test(many_scores_are_thinned),
		cmocka_unit_test(scores_are_rounded_up),
		cmocka_unit_test(ends_go_outwards),
		cmocka_unit_test(coverage_is_exact),
		cmocka_unit_test(sets_are_never_empty),
		cmocka_unit_test(ties_are_all_in),
		cmocka_unit_test(files_keep_scores),
		cmocka_unit_test(bad_arguments),
		cmocka_unit_test(scores_are_those_of_the_model),
		cmocka_unit_test(folds_give_all_rows),
		cmocka_unit_test(rows_follow_groups_and_times),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
