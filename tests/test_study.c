/* SPDX-License-Identifier: MIT */
/*
 * test_study.c - an experiment from a table to a scored model, as a C program sees it
 */
#define _POSIX_C_SOURCE 200809L
#include "test.h"
#include "hebb_advanced.h"
#include "hebb_study.h"

#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

enum { ROWS = 240, CLASSES = 3 };

/* Three clouds of points, classes by name. */
static hebb_table *clouds(void)
{
	static const char *const names[] = {"x", "y"}, *const target = "kind";
	static const char *const kind[CLASSES] = {"red", "green", "blue"};
	float point[ROWS][2];
	const char *label[ROWS];
	hebb_error error;

	hebb_uniform(2 * ROWS, point[0], 7, 0);
	for (int i = 0; i < ROWS; i++) {
		point[i][0] += 0.8f * (float)(i % CLASSES);
		label[i] = kind[i % CLASSES];
	}
	const hebb_block columns[] = {hebb_floats(2, point[0], names),
				      hebb_texts(1, label, &target)};
	hebb_table *table = hebb_table_from_arrays("clouds", ROWS, 2, columns, &error);
	assert_non_null(table);
	return table;
}

/* Two numbers to predict from two others. */
static hebb_table *numbers(void)
{
	float value[ROWS][4];
	hebb_error error;

	hebb_uniform(4 * ROWS, value[0], 8, 0);
	for (int i = 0; i < ROWS; i++) {
		value[i][2] = 3 * value[i][0] - value[i][1] + 5;
		value[i][3] = value[i][0] * value[i][1];
	}
	const hebb_block columns[] = {hebb_floats(4, value[0], NULL)};
	hebb_table *table = hebb_table_from_arrays("numbers", ROWS, 1, columns, &error);
	assert_non_null(table);
	return table;
}

static hebb_study quick(const hebb_table *table)
{
	hebb_study study = hebb_study_of(table);

	study.hidden = 1;
	study.units[0] = 16;
	study.epochs = 20;
	return study;
}

static void run(const hebb_study *study, hebb_result *result)
{
	hebb_error error;

	test_ok(hebb_study_run(study, result, &error), &error);
	assert_non_null(result->model);
}

/* That both have the same bytes as files. */
static void assert_same_model(const hebb_model *a, const hebb_model *b)
{
	unsigned char *bytes[2];
	size_t size[2];

	assert_int_equal(hebb_model_format(a, &bytes[0], &size[0], NULL), HEBB_OK);
	assert_int_equal(hebb_model_format(b, &bytes[1], &size[1], NULL), HEBB_OK);
	assert_int_equal(size[0], size[1]);
	assert_memory_equal(bytes[0], bytes[1], size[0]);
	free(bytes[0]);
	free(bytes[1]);
}

/* ---- Defaults ---- */

/* The rule of the head of src/study/defaults.c, for tables whose numbers it gives by hand. */
static void defaults(void **state)
{
	hebb_table *digits = hebb_table_digits(NULL), *table = numbers();
	hebb_study study = hebb_study_of(digits);
	hebb_error error;

	(void)state;
	test_ok(hebb_study_default(&study, &error), &error);
	assert_true(study.hidden == 2 && study.units[0] == 512 && study.units[1] == 256);
	assert_true(study.activation == HEBB_GELU && study.output == HEBB_SOFTMAX);
	assert_true(study.loss == HEBB_CROSS_ENTROPY && study.optimizer == HEBB_ADAMW);
	assert_true(study.rate == 0.005 && study.schedule == HEBB_ONE_CYCLE);
	assert_true(study.test.kind == HEBB_PART_FRACTION && study.test.fraction == 0.4);
	assert_true(study.batch == 32 && study.dropout == 0.2 && study.patience == 0);
	assert_int_equal(study.epochs, 76); /* 2500 / sqrt(1078) */
	assert_true(study.weight_decay == 0.2 && study.label_smoothing == 0.01); /* images */
	assert_true(study.inputs == 64 && study.outputs == 10);

	hebb_study again = study;
	test_ok(hebb_study_default(&again, &error), &error);
	assert_memory_equal(&again, &study, sizeof study); /* complete is complete */

	study = hebb_study_of(table);
	study.target = "3,4";
	study.batch = 0;
	study.l2 = 0.5;
	test_ok(hebb_study_default(&study, &error), &error);
	assert_true(study.found_task == HEBB_REGRESSION && study.outputs == 2 && study.inputs == 2);
	assert_true(study.output == HEBB_LINEAR && study.loss == HEBB_SQUARED);
	assert_true(study.batch == 0 && study.l2 == 0.5 && study.weight_decay == 0);
	assert_true(study.test.fraction == 0.2);
	hebb_table_free(digits);
	hebb_table_free(table);
}

/* ---- Results ---- */

/* Scores computed from the predictions of the model, in double. */
static void check_scores(const hebb_table *table, const hebb_result *result)
{
	const hebb_score *score = &result->test;
	long long confusion[CLASSES][CLASSES] = {{0}}, right = 0;
	float output[ROWS * CLASSES];
	hebb_prediction prediction = hebb_prediction_default();
	double log_loss = 0;
	hebb_parts parts;
	hebb_error error;

	test_ok(hebb_model_parts(result->model, table, &parts, &error), &error);
	assert_int_equal(parts.test, result->test_rows);
	assert_int_equal(parts.train, result->train_rows);
	prediction.output = output;
	const long long *row = parts.row + parts.train + parts.validation;
	test_ok(hebb_model_predict_table(result->model, table, parts.test, row, &prediction,
					 &error),
		&error);
	for (long long i = 0; i < parts.test; i++) {
		const float *p = output + i * CLASSES;
		int truth = (int)hebb_table_value(table, row[i], 2);
		int said = hebb_largest(p, CLASSES);

		confusion[truth][said]++;
		right += truth == said;
		log_loss -= log((double)p[truth]) / (double)parts.test;
	}
	assert_int_equal(score->right, right);
	test_near(score->accuracy, (double)right / (double)parts.test, 1e-15, "accuracy");
	assert_memory_equal(score->confusion, confusion, sizeof confusion);
	test_near(score->loss, log_loss, 1e-6, "loss");
	test_near(score->detail.log_loss, log_loss, 1e-6, "log loss");
	for (int k = 0; k < CLASSES; k++)
		test_near(score->each[k].recall,
			  (double)confusion[k][k] /
				  (double)(confusion[k][0] + confusion[k][1] + confusion[k][2]),
			  1e-15, "recall");
	double low, high;
	hebb_share_interval(right, parts.test, &low, &high);
	assert_true(score->accuracy_low == low && score->accuracy_high == high);
	assert_true(low < score->accuracy && score->accuracy < high);

	hebb_score again;
	test_ok(hebb_model_score(result->model, table, parts.test, row, &again, &error), &error);
	assert_true(again.right == right && again.loss == score->loss);
	hebb_score_free(&again);
	free(parts.row);
}

static void scores_are_right(void **state)
{
	hebb_table *table = clouds();
	hebb_study study = quick(table);
	hebb_result result;

	(void)state;
	study.validation = (hebb_part){.kind = HEBB_PART_LAST, .rows = 20};
	run(&study, &result);
	assert_true(result.train_rows == 172 && result.validation_rows == 20 &&
		    result.test_rows == 48);
	assert_int_equal(result.ending, HEBB_ENDED_EPOCHS);
	assert_true(result.epochs == 20 && result.curve.count == 20 && result.runs == 0);
	assert_int_equal(result.seen, 20 * 172);
	assert_true(result.best_epoch >= 1 && result.curve.loss[19] < result.curve.loss[0]);
	assert_true(result.test.accuracy > 0.6 && result.train.rows == 172 && !result.train.each);
	assert_true(hebb_model_knows(result.model, table));
	check_scores(table, &result);
	hebb_result_free(&result);
	hebb_table_free(table);
}

static void numbers_are_scored(void **state)
{
	hebb_table *table = numbers();
	hebb_study study = quick(table);
	hebb_result result;

	(void)state;
	study.target = "x3,x4";
	study.epochs = 200;
	run(&study, &result);
	assert_true(result.test.targets == 2 && result.test.classes == 0);
	assert_true(result.test.mean.r2 > 0.7 && result.test.target[0].r2 > 0.8);
	test_near(result.test.mean.rmse,
		  (result.test.target[0].rmse + result.test.target[1].rmse) / 2, 1e-12, "rmse");
	hebb_result_free(&result);
	hebb_table_free(table);
}

static void same_bits(void **state)
{
	hebb_table *table = clouds();
	hebb_study study = quick(table);
	hebb_result a, b;

	(void)state;
	study.test = (hebb_part){.kind = HEBB_PART_LAST, .rows = 50}; /* classes of 64, 63, 63 */
	study.class_weights = HEBB_WEIGHTS_BALANCED;
	study.threads = 1;
	run(&study, &a);
	study.threads = 3;
	run(&study, &b);
	assert_same_model(a.model, b.model);
	hebb_result_free(&b);
	study.class_weights = HEBB_WEIGHTS_NONE;
	run(&study, &b);
	assert_true(a.train.loss != b.train.loss);
	hebb_result_free(&b);
	study.seed = 2;
	run(&study, &b);
	assert_string_not_equal(a.model->record, b.model->record);
	hebb_result_free(&a);
	hebb_result_free(&b);
	hebb_table_free(table);
}

static double accuracy_of(const hebb_score *score)
{
	return score->accuracy;
}

static void folds(void **state)
{
	hebb_table *table = clouds();
	hebb_study study = quick(table);
	hebb_result result;
	long long rows = 0;
	double sum = 0;

	(void)state;
	study.folds = 5;
	run(&study, &result);
	assert_int_equal(result.runs, 5);
	for (int i = 0; i < 5; i++) {
		rows += result.run[i].test_rows;
		sum += result.run[i].test.accuracy / 5;
		assert_int_equal(result.run[i].train_rows + result.run[i].test_rows, ROWS);
		assert_null(result.run[i].model);
	}
	assert_int_equal(rows, ROWS);
	assert_true(result.train_rows == ROWS && result.test_rows == 0); /* the model's */
	hebb_spread all = hebb_result_spread(&result, accuracy_of);
	test_near(all.mean, sum, 1e-12, "mean");
	test_near(all.high - all.mean, 2.776445 * all.sd / sqrt(5), 1e-6, "interval");
	hebb_result_free(&result);

	study.test =
		(hebb_part){.kind = HEBB_PART_LAST, .rows = 40}; /* in no fold, nor looked at */
	run(&study, &result);
	assert_true(result.run[0].train_rows + result.run[0].test_rows == 200);
	assert_true(result.train_rows == 200 && result.test_rows == 0);
	hebb_result_free(&result);
	hebb_table_free(table);
}

static void repeats(void **state)
{
	hebb_table *table = clouds();
	hebb_study study = quick(table);
	hebb_result result, one;

	(void)state;
	run(&study, &one);
	study.repeat = 3;
	run(&study, &result);
	assert_int_equal(result.runs, 3);
	assert_same_model(result.model, one.model);
	for (int i = 0; i < 3; i++)
		assert_int_equal(result.run[i].seed, 1 + i);
	assert_true(result.run[0].test.loss == one.test.loss);
	assert_true(result.test.loss == one.test.loss && result.run[1].test.loss != one.test.loss);
	hebb_result_free(&result);
	hebb_result_free(&one);
	hebb_table_free(table);
}

/* Of a long curve the record keeps the first, the last, the best and some between. */
static void record_is_thin(void **state)
{
	hebb_table *table = clouds();
	hebb_study study = quick(table);
	hebb_result result;

	(void)state;
	study.batch = 0;
	study.validation = (hebb_part){.kind = HEBB_PART_FRACTION, .fraction = 0.2};
	for (int epochs = 1000; epochs <= 2500; epochs += 1500) {
		study.epochs = epochs;
		run(&study, &result);
		json_t *record = json_loads(result.model->record, 0, NULL);
		const json_t *curve = json_object_get(record, "curve");
		const json_t *epoch = json_object_get(curve, "epoch");
		size_t count = json_array_size(json_object_get(curve, "loss"));

		assert_int_equal(json_array_size(json_object_get(curve, "validation_loss")), count);
		assert_int_equal(result.curve.count, epochs);
		if (epochs == 1000) {
			assert_true(!epoch && count == 1000);
		} else {
			int best = 0;
			assert_true(json_array_size(epoch) == count && count < 1000 && count > 500);
			assert_int_equal(json_integer_value(json_array_get(epoch, 0)), 1);
			assert_int_equal(json_integer_value(json_array_get(epoch, count - 1)),
					 2500);
			for (size_t i = 0; i < count; i++) {
				int at = (int)json_integer_value(json_array_get(epoch, i));
				double loss = json_number_value(
					json_array_get(json_object_get(curve, "loss"), i));
				best += at == result.best_epoch;
				test_near(loss, result.curve.loss[at - 1], 1e-5 * loss, "loss");
			}
			assert_int_equal(best, 1);
		}
		json_decref(record);
		hebb_result_free(&result);
	}
	hebb_table_free(table);
}

/* ---- Stopping and going on ---- */

static int stop_at_7(void *self, const hebb_progress *now)
{
	(void)self;
	return now->epoch_ended && now->epoch == 7;
}

static void goes_on_to_the_same_bits(void **state)
{
	hebb_table *table = clouds();
	hebb_study study = quick(table);
	hebb_result whole, part;
	unsigned char *bytes;
	size_t size;
	hebb_error error;

	(void)state;
	run(&study, &whole);
	test_ok(hebb_study_default(&study, &error), &error);
	study.progress = stop_at_7;
	hebb_trial *trial = hebb_trial_new(&study, study.seed, -1, &error);
	assert_non_null(trial);
	assert_int_equal(hebb_trial_train(trial, &part, &error), HEBB_STOPPED);
	assert_true(part.ending == HEBB_ENDED_STOPPED && part.epochs == 7 && part.curve.count == 7);
	hebb_result_free(&part);
	char *record = hebb_trial_record(trial, 0);
	test_ok(hebb_checkpoint_format(trial->trainer, record, &bytes, &size, &error), &error);
	free(record);
	hebb_trial_free(trial);

	study.progress = NULL;
	hebb_checkpoint *checkpoint = hebb_checkpoint_parse(bytes, size, "c", &error);
	trial = hebb_trial_new(&study, study.seed, -1, &error);
	test_ok(hebb_trial_resume(trial, checkpoint, "c", &error), &error);
	test_ok(hebb_trial_train(trial, &part, &error), &error);
	hebb_model *model = hebb_trial_model(trial, &part, &error);
	assert_same_model(model, whole.model);
	hebb_model_free(model);
	hebb_result_free(&part);
	hebb_result_free(&whole);
	hebb_trial_free(trial);
	hebb_checkpoint_free(checkpoint);
	free(bytes);
	hebb_table_free(table);
}

/* A checkpoint whose curve is thinned: unknown losses are NaN, the training is the same. */
static void goes_on_from_a_thin_curve(void **state)
{
	hebb_table *table = clouds();
	hebb_study study = quick(table);
	hebb_result result;
	unsigned char *bytes;
	size_t size;
	hebb_error error;

	(void)state;
	test_ok(hebb_study_default(&study, &error), &error);
	study.progress = stop_at_7;
	hebb_trial *trial = hebb_trial_new(&study, study.seed, -1, &error);
	assert_int_equal(hebb_trial_train(trial, &result, &error), HEBB_STOPPED);
	char *whole = hebb_trial_record(trial, 0), *thin = hebb_curve_json(&trial->curve, 3, 0);
	json_t *record = json_loads(whole, 0, NULL);
	json_object_set_new(record, "curve", json_loads(thin, 0, NULL));
	char *text = json_dumps(record, 0);
	test_ok(hebb_checkpoint_format(trial->trainer, text, &bytes, &size, &error), &error);
	hebb_trial_free(trial);

	study.progress = NULL;
	hebb_checkpoint *checkpoint = hebb_checkpoint_parse(bytes, size, "c", &error);
	trial = hebb_trial_new(&study, study.seed, -1, &error);
	test_ok(hebb_trial_resume(trial, checkpoint, "c", &error), &error);
	assert_int_equal(trial->curve.count, 7);
	test_near(trial->curve.loss[5], result.curve.loss[5], 1e-5, "epoch 6"); /* six digits */
	assert_true(isnan(trial->curve.loss[4]) && !isnan(trial->curve.loss[0]));
	hebb_result_free(&result);
	test_ok(hebb_trial_train(trial, &result, &error), &error);
	assert_true(result.epochs == 20 && result.curve.count == 20);
	hebb_result_free(&result);
	hebb_trial_free(trial);
	hebb_checkpoint_free(checkpoint);
	json_decref(record);
	free(whole);
	free(thin);
	free(text);
	free(bytes);
	hebb_table_free(table);
}

struct canceling {
	hebb_cancel *cancel;
	atomic_int begun;
};

static int has_begun(void *self, const hebb_progress *now)
{
	struct canceling *c = self;

	if (now->epoch_ended)
		atomic_store(&c->begun, 1);
	return 0;
}

static void *cancel_soon(void *self)
{
	struct canceling *c = self;

	while (!atomic_load(&c->begun))
		nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	hebb_cancel_set(c->cancel);
	return NULL;
}

static void is_cancelled(void **state)
{
	hebb_table *table = clouds();
	hebb_study study = quick(table);
	struct canceling c = {.cancel = hebb_cancel_new(NULL)};
	hebb_result result;
	hebb_error error;
	pthread_t other;

	(void)state;
	study.epochs = 100000000;
	study.progress = has_begun;
	study.self = &c;
	study.cancel = c.cancel;
	assert_int_equal(pthread_create(&other, NULL, cancel_soon, &c), 0);
	assert_int_equal(hebb_study_run(&study, &result, &error), HEBB_STOPPED);
	pthread_join(other, NULL);
	assert_true(result.ending == HEBB_ENDED_STOPPED && result.epochs > 0 && !result.model);
	assert_int_equal(result.curve.count, result.epochs);
	hebb_result_free(&result);
	assert_int_equal(hebb_study_run(&study, &result, &error), HEBB_STOPPED); /* is set still */
	assert_int_equal(result.epochs, 0);
	hebb_result_free(&result);
	hebb_cancel_free(c.cancel);
	hebb_table_free(table);
}

static void *run_in_thread(void *self)
{
	hebb_result *result = self;
	const hebb_table *table = (const hebb_table *)result->run;
	hebb_study study = quick(table);

	study.threads = 2;
	if (hebb_study_run(&study, result, NULL) != HEBB_OK)
		hebb_result_free(result);
	return NULL;
}

static void two_at_once(void **state)
{
	hebb_table *table = clouds();
	hebb_result result[2];
	pthread_t other[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		result[i].run = (hebb_result *)table; /* what to run on, until it runs */
		assert_int_equal(pthread_create(&other[i], NULL, run_in_thread, &result[i]), 0);
	}
	for (int i = 0; i < 2; i++)
		pthread_join(other[i], NULL);
	assert_non_null(result[0].model);
	assert_non_null(result[1].model);
	assert_same_model(result[0].model, result[1].model);
	hebb_result_free(&result[0]);
	hebb_result_free(&result[1]);
	hebb_table_free(table);
}

/* ---- Search ---- */

/* Trial 2 learns, the others hardly. */
static hebb_status vary(void *self, int trial, hebb_study *study, hebb_error *error)
{
	static const double rate[] = {1e-7, 1e-6, 0.02, 1e-5, 2e-7, 2e-6, 2e-5, 3e-7, 3e-6};

	(void)self;
	if (trial == 100)
		return hebb_fail(error, HEBB_UNSUPPORTED, "no more");
	study->rate = rate[trial % 9];
	return HEBB_OK;
}

static hebb_status vary_to_death(void *self, int trial, hebb_study *study, hebb_error *error)
{
	(void)self;
	(void)trial;
	(void)error;
	study->rate = 1e20;
	study->optimizer = HEBB_SGD;
	study->schedule = HEBB_CONSTANT;
	study->activation = study->output = HEBB_LINEAR;
	return HEBB_OK;
}

static hebb_status fail_to_vary(void *self, int trial, hebb_study *study, hebb_error *error)
{
	return vary(self, trial == 1 ? 100 : trial, study, error);
}

static void finds_the_best(void **state)
{
	hebb_table *table = clouds();
	hebb_study study = quick(table), best;
	hebb_search search = hebb_search_default();
	hebb_found found;
	hebb_result result;
	hebb_error error;
	int count;

	(void)state;
	search.vary = vary;
	search.trials = 9;
	search.metric = HEBB_METRIC_ACCURACY;
	for (int folds = 0; folds <= 3; folds += 3) {
		study.folds = folds ? folds : -1;
		test_ok(hebb_study_search(&study, &search, &best, &found, &error), &error);
		assert_true(found.attempts == 9 && found.tried == 9 && found.rungs == 1);
		assert_int_equal(found.attempt[found.best].trial, 2);
		assert_true(isnan(found.attempt[0].sd) == !folds && found.attempt[0].seconds > 0);
		int *order = hebb_found_order(&found, -1, &count);
		assert_true(count == 9 && order[0] == found.best);
		for (int i = 1; i < 9; i++)
			assert_true(found.attempt[order[i - 1]].score >=
				    found.attempt[order[i]].score);
		free(order);
		hebb_found_free(&found);
		assert_true(best.rate == 0.02 && best.folds == 0 && !best.blind);
		assert_int_equal(best.validation.kind, HEBB_PART_NONE);
		run(&best, &result); /* on all rows outside the test part */
		assert_true(result.train_rows == 192 && result.test_rows == 48);
		hebb_result_free(&result);
	}
	study.folds = -1;
	search.strategy = HEBB_STRATEGY_HALVING;
	test_ok(hebb_study_search(&study, &search, NULL, &found, &error), &error);
	assert_true(found.rungs == 3 && found.attempts == 9 + 3 + 1 && found.tried == 9);
	assert_true(found.attempt[0].epochs == 2 && found.attempt[12].epochs == 20);
	assert_true(found.best == 12 && found.attempt[12].trial == 2);
	hebb_found_free(&found);
	hebb_table_free(table);
}

static void bad_searches(void **state)
{
	hebb_table *table = clouds();
	hebb_study study = quick(table);
	hebb_search search = hebb_search_default();
	hebb_found found;
	hebb_error error;

	(void)state;
	assert_int_equal(hebb_study_search(&study, &search, NULL, &found, &error),
			 HEBB_BAD_ARGUMENT); /* no vary */
	hebb_found_free(&found);
	search.vary = vary;
	search.trials = 0;
	assert_int_equal(hebb_study_search(&study, &search, NULL, &found, &error),
			 HEBB_BAD_ARGUMENT);
	hebb_found_free(&found);
	search.trials = 2;
	search.metric = HEBB_METRIC_RMSE;
	assert_int_equal(hebb_study_search(&study, &search, NULL, &found, &error),
			 HEBB_BAD_ARGUMENT);
	assert_non_null(strstr(error.message, "rmse is for numbers"));
	hebb_found_free(&found);
	search.metric = HEBB_METRIC_LOSS;
	study.validation.kind = HEBB_PART_NONE;
	assert_int_equal(hebb_study_search(&study, &search, NULL, &found, &error),
			 HEBB_BAD_ARGUMENT); /* nothing to score the trials on */
	assert_non_null(strstr(error.message, "--validation: "));
	hebb_found_free(&found);
	study.validation = (hebb_part){.kind = 0};
	search.size = 0;
	assert_int_equal(hebb_study_search(&study, &search, NULL, &found, &error),
			 HEBB_BAD_ARGUMENT);
	assert_non_null(strstr(error.message, "hebb_search_default"));
	hebb_found_free(&found);
	search.size = sizeof search;
	search.vary = fail_to_vary;
	assert_int_equal(hebb_study_search(&study, &search, NULL, &found, &error),
			 HEBB_UNSUPPORTED);
	assert_int_equal(found.attempts, 1);
	hebb_found_free(&found);
	search.vary = vary_to_death;
	assert_int_equal(hebb_study_search(&study, &search, NULL, &found, &error), HEBB_DIVERGED);
	assert_true(found.diverged == 2 && found.best == -1 && isnan(found.attempt[1].score));
	hebb_found_free(&found);
	hebb_table_free(table);
}

/* ---- Findings ---- */

static void finds(void **state)
{
	float value[ROWS][3];
	const char *label[ROWS];
	hebb_findings findings = hebb_findings_default();
	hebb_rehearsal rehearsal;
	hebb_baselines baselines;
	hebb_result result;
	hebb_error error;

	(void)state;
	hebb_uniform(3 * ROWS, value[0], 9, 0);
	for (int i = 0; i < ROWS; i++) {
		value[i][1] = 4; /* constant */
		label[i] = i % 60 == 0 ? "rare" : "usual";
	}
	const hebb_block columns[] = {hebb_floats(3, value[0], NULL), hebb_texts(1, label, NULL)};
	hebb_table *table = hebb_table_from_arrays("odd", ROWS, 2, columns, &error);
	hebb_study study = quick(table);

	test_ok(hebb_study_check(&study, &findings, &rehearsal, &baselines, &error), &error);
	assert_true(hebb_findings_have(&findings, "class_imbalance"));
	assert_true(hebb_findings_have(&findings, "constant_inputs") ||
		    hebb_findings_have(&findings, "constant_columns"));
	assert_true(hebb_findings_count(&findings, HEBB_SEVERITY_WARNING) >= 1);
	assert_true(rehearsal.updates > 0 && isfinite(rehearsal.after));
	assert_true(baselines.test_rows > 0 && baselines.nothing > 0.9);
	for (int i = 0; i < findings.count; i++)
		assert_true(findings.list[i].message[0] && findings.list[i].severity);
	run(&study, &result);
	assert_non_null(result.findings);
	assert_true(hebb_findings_have(result.findings, "class_imbalance"));
	hebb_result_free(&result);
	hebb_table_free(table);
}

/* ---- What is refused ---- */

static void refuse(const hebb_study *study, hebb_status status, const char *sentence)
{
	hebb_error error = {.status = HEBB_OK};
	hebb_result result;

	if (hebb_study_run(study, &result, &error) != status || !strstr(error.message, sentence))
		fail_msg("'%s' (%s) does not say '%s'", error.message, hebb_strerror(error.status),
			 sentence);
	assert_null(result.model);
	hebb_result_free(&result);
	assert_int_equal(hebb_study_run(study, &result, NULL), status);
	hebb_result_free(&result);
}

static void bad_studies(void **state)
{
	hebb_table *table = clouds(), empty = {.name = (char *)"empty", .columns = 2};
	const hebb_study usual = quick(table);
	hebb_study study = quick(NULL);
	float one[4] = {1, 2, 3, 4};
	const char *same[2] = {"a", "a"};
	const hebb_block columns[] = {hebb_floats(2, one, NULL), hebb_texts(1, same, NULL)};
	hebb_table *one_class = hebb_table_from_arrays("one", 2, 2, columns, NULL);

	(void)state;
	refuse(&study, HEBB_BAD_ARGUMENT, "no table");
	study = quick(&empty);
	refuse(&study, HEBB_BAD_ARGUMENT, "no rows");
	study = quick(one_class);
	refuse(&study, HEBB_BAD_ARGUMENT, "class");
	study = usual;
	study.size = 8;
	refuse(&study, HEBB_BAD_ARGUMENT, "hebb_study_of");
	study = usual;
	study.target = "color";
	refuse(&study, HEBB_BAD_ARGUMENT, "--target: ");
	study.target = "";
	refuse(&study, HEBB_BAD_ARGUMENT, "--target: is empty");
	study = usual;
	study.test = (hebb_part){.kind = HEBB_PART_FRACTION, .fraction = 1};
	refuse(&study, HEBB_BAD_ARGUMENT, "--test: 1 is not");
	study.test = (hebb_part){.kind = HEBB_PART_LAST, .rows = ROWS};
	refuse(&study, HEBB_BAD_ARGUMENT, "--test: last:240 leaves no rows");
	study.test = (hebb_part){.kind = HEBB_PART_TABLE};
	refuse(&study, HEBB_BAD_ARGUMENT, "--test: there is no table");
	study = usual;
	study.folds = 1;
	refuse(&study, HEBB_BAD_ARGUMENT, "--folds: 1 ");
	study.folds = 100;
	refuse(&study, HEBB_BAD_ARGUMENT, "folds");
	study.folds = 3;
	study.repeat = 2;
	refuse(&study, HEBB_BAD_ARGUMENT, "--repeat: ");
	study = usual;
	study.dropout = 1;
	refuse(&study, HEBB_BAD_ARGUMENT, "--dropout: ");
	study = usual;
	study.augment = "shift=x";
	refuse(&study, HEBB_BAD_ARGUMENT, "--augment: ");
	study = usual;
	study.loss = HEBB_POISSON;
	study.task = HEBB_CLASSIFICATION;
	refuse(&study, HEBB_BAD_ARGUMENT, "--loss: ");
	study = usual;
	study.units[0] = -4;
	refuse(&study, HEBB_BAD_ARGUMENT, "--layers: ");
	study = usual;
	study.rate = 1e20;
	study.optimizer = HEBB_SGD;
	study.schedule = HEBB_CONSTANT;
	study.activation = HEBB_LINEAR;
	study.output = HEBB_LINEAR;
	refuse(&study, HEBB_DIVERGED, "training: ");
	hebb_table_free(one_class);
	hebb_table_free(table);
}

/* An object that is missing is refused, as everywhere. */
static void nothing_given(void **state)
{
	hebb_table *table = clouds();
	hebb_study study = quick(table);
	hebb_search search = hebb_search_default();
	hebb_findings findings = hebb_findings_default();
	hebb_result result = {.size = sizeof result};
	hebb_score score;
	hebb_found found;
	hebb_parts parts;

	(void)state;
	assert_int_equal(hebb_study_run(NULL, &result, NULL), HEBB_BAD_ARGUMENT);
	assert_int_equal(hebb_study_default(NULL, NULL), HEBB_BAD_ARGUMENT);
	assert_int_equal(hebb_study_complete(&study, NULL, NULL), HEBB_BAD_ARGUMENT);
	assert_int_equal(hebb_study_check(NULL, &findings, NULL, NULL, NULL), HEBB_BAD_ARGUMENT);
	assert_int_equal(hebb_study_search(NULL, &search, NULL, &found, NULL), HEBB_BAD_ARGUMENT);
	assert_int_equal(hebb_study_search(&study, NULL, NULL, &found, NULL), HEBB_BAD_ARGUMENT);
	assert_null(hebb_trial_new(NULL, 1, -1, NULL));
	assert_null(hebb_trial_new(&study, 1, -1, NULL)); /* not complete */
	assert_int_equal(hebb_trial_start(NULL, NULL), HEBB_BAD_ARGUMENT);
	assert_int_equal(hebb_trial_train(NULL, &result, NULL), HEBB_BAD_ARGUMENT);
	assert_int_equal(hebb_trial_resume(NULL, NULL, "x", NULL), HEBB_BAD_ARGUMENT);
	assert_null(hebb_trial_model(NULL, &result, NULL));
	assert_int_equal(hebb_model_parts(NULL, table, &parts, NULL), HEBB_BAD_ARGUMENT);
	assert_int_equal(hebb_model_score(NULL, table, 1, NULL, &score, NULL), HEBB_BAD_ARGUMENT);
	assert_int_equal(hebb_score_dataset(NULL, NULL, HEBB_SQUARED, NULL, 0, 0, &score, NULL),
			 HEBB_BAD_ARGUMENT);
	hebb_trial_free(NULL);
	hebb_cancel_free(NULL);
	hebb_table_free(table);
}

static void memory_is_said(void **state)
{
	hebb_table *table = clouds();
	hebb_study study = quick(table);
	hebb_error error;

	(void)state;
	test_ok(hebb_study_default(&study, &error), &error);
	double small = hebb_study_bytes(&study);
	study.units[0] = 1000;
	assert_true(hebb_study_bytes(&study) > small && small > ROWS * 5 * sizeof(float));
	study.memory = small;
	refuse(&study, HEBB_NO_MEMORY, "--layers: training 20,003 parameters takes about");
	study.units[0] = 16;
	study.memory = small - 1;
	refuse(&study, HEBB_NO_MEMORY, "clouds: training on 240 rows of 16 inputs takes about");
	hebb_table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(scores_are_right),
		cmocka_unit_test(numbers_are_scored),
		cmocka_unit_test(same_bits),
		cmocka_unit_test(folds),
		cmocka_unit_test(repeats),
		cmocka_unit_test(record_is_thin),
		cmocka_unit_test(goes_on_to_the_same_bits),
		cmocka_unit_test(goes_on_from_a_thin_curve),
		cmocka_unit_test(is_cancelled),
		cmocka_unit_test(two_at_once),
		cmocka_unit_test(finds_the_best),
		cmocka_unit_test(bad_searches),
		cmocka_unit_test(finds),
		cmocka_unit_test(bad_studies),
		cmocka_unit_test(nothing_given),
		cmocka_unit_test(memory_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
