/* SPDX-License-Identifier: MIT */
/*
 * test_temperature.c - the temperature of a network: the least log loss, a known scaling found
 * again, what has no minimum, and what it makes of the last layer
 */
#include "hebb_study.h"
#include "study/metrics.h"
#include "study/temperature.h"
#include "test.h"

enum { CLASSES = 3, ROWS = 8000 };

/* Sums and targets, drawn so that the probabilities of softmax(factor z) are right. */
typedef struct sample {
	float *z, *y;
	hb_logits sums;
} sample;

static void normalize(const float *z, int count, double factor, double *p)
{
	double sum = 0, top = -INFINITY;

	for (int k = 0; k < count; k++)
		top = fmax(top, factor * (double)z[k]);
	for (int k = 0; k < count; k++)
		sum += p[k] = exp(factor * (double)z[k] - top);
	for (int k = 0; k < count; k++)
		p[k] /= sum;
}

static sample draw(hebb_task task, double factor)
{
	sample s = {.z = test_floats(11, (size_t)ROWS * CLASSES, -3, 3),
		    .y = test_memory(sizeof(float) * ROWS * CLASSES)};
	float *u = test_floats(12, (size_t)ROWS * CLASSES, 0, 1);
	double p[CLASSES];

	for (int row = 0; row < ROWS; row++) {
		float *y = s.y + row * CLASSES, *z = s.z + row * CLASSES;

		if (task == HEBB_LABELS) {
			for (int k = 0; k < CLASSES; k++)
				y[k] = (double)u[row * CLASSES + k] <
				       1 / (1 + exp(-factor * (double)z[k]));
			continue;
		}
		normalize(z, CLASSES, factor, p);
		int k = 0;
		for (double at = (double)u[row] - p[0]; at > 0 && k < CLASSES - 1; at -= p[k])
			k++;
		y[k] = 1;
	}
	free(u);
	s.sums = (hb_logits){.task = task, .rows = ROWS, .outputs = CLASSES, .z = s.z, .y = s.y};
	return s;
}

static void let_go(sample *s)
{
	free(s->z);
	free(s->y);
}

/* The log loss at a temperature, plainly. */
static double loss_at(const hb_logits *sums, double temperature)
{
	double loss = 0, p[CLASSES], right;
	long long count = 0;

	for (long long i = 0; i < sums->rows * CLASSES; i++) {
		const float *z = sums->z + i, *y = sums->y + i;

		if (isnan(*y))
			continue;
		if (sums->task == HEBB_LABELS) {
			right = 1 / (1 + exp((*y > 0 ? -1 : 1) * (double)*z / temperature));
		} else if (*y > 0) {
			normalize(sums->z + i / CLASSES * CLASSES, CLASSES, 1 / temperature, p);
			right = p[i % CLASSES];
		} else {
			continue;
		}
		loss -= log(right);
		count++;
	}
	return loss / (double)count;
}

/* A known scaling is found again, 1 where the probabilities are right, and no other temperature
 * nearby has less loss. */
static void scaling_is_found(void **state)
{
	static const double factors[] = {0.25, 0.5, 1, 2};
	static const hebb_task tasks[] = {HEBB_CLASSIFICATION, HEBB_LABELS};

	(void)state;
	for (size_t t = 0; t < COUNT_OF(tasks); t++)
		for (size_t f = 0; f < COUNT_OF(factors); f++) {
			sample s = draw(tasks[t], factors[f]);
			hebb_tempered found = hb_temper(&s.sums);

			test_near(found.temperature * factors[f], 1, 0.1, "the temperature");
			test_near(found.log_loss, loss_at(&s.sums, found.temperature), 1e-12,
				  "the loss");
			test_near(found.log_loss_before, loss_at(&s.sums, 1), 1e-12,
				  "the loss before");
			assert_true(found.log_loss <= found.log_loss_before);
			for (int i = -3; i <= 3; i++)
				assert_true(loss_at(&s.sums, found.temperature * (1 + i * 1e-3)) >
					    found.log_loss - 1e-10);
			test_below(found.ece, 0.02, "the error after");
			let_go(&s);
		}
}

/* Sums times c have c times the temperature. */
static void scaling_is_exact(void **state)
{
	sample s = draw(HEBB_CLASSIFICATION, 1);
	double before = hb_temper(&s.sums).temperature;

	(void)state;
	for (int i = 0; i < ROWS * CLASSES; i++)
		s.z[i] *= 4;
	test_near(hb_temper(&s.sums).temperature, 4 * before, 3e-6, "four times");
	let_go(&s);
}

/* The error is that of the scores. */
static void error_is_that_of_metrics(void **state)
{
	sample s = draw(HEBB_CLASSIFICATION, 0.5);
	hebb_tempered found = hb_temper(&s.sums);
	float *p = test_memory(sizeof *p * ROWS * CLASSES);
	int *truth = test_memory(sizeof *truth * ROWS);

	(void)state;
	for (int after = 0; after < 2; after++) {
		hebb_class_score each[CLASSES];
		hebb_class_metrics all;

		for (int row = 0; row < ROWS; row++) {
			hb_temper_row(&s.sums, s.z + row * CLASSES, after ? found.temperature : 1,
				      p + row * CLASSES);
			truth[row] = hebb_largest(s.y + row * CLASSES, CLASSES);
		}
		assert_true(hb_metrics_of(ROWS, CLASSES, p, truth, 1, &all, each));
		test_near(after ? found.ece : found.ece_before, all.ece, 1e-6, "the error");
		test_near(after ? found.log_loss : found.log_loss_before, all.log_loss, 1e-6,
			  "the loss");
	}
	free(p);
	free(truth);
	let_go(&s);
}

/* All right, all wrong, one row, equal sums, no sums that are finite: 1. */
static void without_minimum_it_is_1(void **state)
{
	const float right[] = {2, 0, 0, 1, 3, 0}, wrong[] = {0, 2, 2, 3, 1, 3},
		    equal[] = {1, 1, 1, 2, 2, 2}, infinite[] = {INFINITY, 0, 0, NAN, 0, 0},
		    y[] = {1, 0, 0, 0, 1, 0}, *const sums[] = {right, wrong, equal, infinite};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(sums); i++)
		for (int rows = 1; rows <= 2; rows++) {
			hb_logits s = {HEBB_CLASSIFICATION, rows, CLASSES, sums[i], y};
			hebb_tempered found = hb_temper(&s);

			assert_true(found.temperature == 1);
			assert_true(found.rows == rows);
			assert_true(found.log_loss == found.log_loss_before || i == 3);
		}
}

/* Labels that are missing do not count. */
static void gaps_do_not_count(void **state)
{
	sample s = draw(HEBB_LABELS, 0.5);
	hb_logits fewer = s.sums;

	(void)state;
	fewer.rows = ROWS / 2;
	hebb_tempered expected = hb_temper(&fewer);
	for (int i = ROWS / 2 * CLASSES; i < ROWS * CLASSES; i++)
		s.y[i] = NAN;
	hebb_tempered found = hb_temper(&s.sums);
	assert_true(found.temperature == expected.temperature);
	assert_true(found.log_loss == expected.log_loss && found.ece == expected.ece);
	let_go(&s);
}

/* Neither do rows of a class that training did not have. */
static void unseen_classes_do_not_count(void **state)
{
	sample s = draw(HEBB_CLASSIFICATION, 0.5);
	hb_logits fewer = s.sums;

	(void)state;
	fewer.rows = ROWS / 2;
	hebb_tempered expected = hb_temper(&fewer);
	memset(s.y + ROWS / 2 * CLASSES, 0, sizeof *s.y * ROWS / 2 * CLASSES);
	hebb_tempered found = hb_temper(&s.sums);
	assert_true(found.temperature == expected.temperature);
	assert_true(found.log_loss == expected.log_loss && found.ece == expected.ece);
	let_go(&s);
}

/* ---- Studies ---- */

static hebb_study digits_study(hebb_table *table)
{
	hebb_study study = hebb_study_of(table);

	study.hidden = 1;
	study.units[0] = 20;
	study.epochs = 15;
	study.validation = (hebb_part){.kind = HEBB_PART_FRACTION, .fraction = 0.3};
	return study;
}

static void run(const hebb_study *study, hebb_result *result)
{
	hebb_error error;

	test_ok(hebb_study_run(study, result, &error), &error);
}

/* The network gives softmax(z / T), and the same bits with any number of threads. */
static void last_layer_is_divided(void **state)
{
	hebb_error error;
	hebb_table *table = hebb_table_digits(&error);
	hebb_study study = digits_study(table);
	hebb_result plain, warm, other;
	hebb_prediction a = hebb_prediction_default(), b = a;
	unsigned char *one, *two;
	size_t size_one, size_two;

	(void)state;
	study.threads = 1;
	run(&study, &plain);
	study.temperature = 1;
	run(&study, &warm);
	study.threads = 3;
	run(&study, &other);
	assert_true(plain.tempered.rows == 0);
	assert_true(warm.tempered.rows == warm.validation_rows);
	double temperature = warm.tempered.temperature;
	assert_true(temperature != 1);
	assert_true(warm.tempered.log_loss < warm.tempered.log_loss_before);
	test_near(warm.tempered.log_loss, warm.validation.detail.log_loss, 1e-5, "validation");
	test_near(warm.tempered.log_loss_before, plain.validation.detail.log_loss, 1e-5, "before");
	test_near(warm.tempered.ece, warm.validation.detail.ece, 1e-4, "its error");
	assert_true(warm.test.right == plain.test.right);
	a.output = test_memory(sizeof(float) * 100 * 10);
	b.output = test_memory(sizeof(float) * 100 * 10);
	test_ok(hebb_model_predict_table(plain.model, table, 100, NULL, &a, &error), &error);
	test_ok(hebb_model_predict_table(warm.model, table, 100, NULL, &b, &error), &error);
	for (int row = 0; row < 100; row++) {
		double p[10];
		float z[10];

		for (int k = 0; k < 10; k++)
			z[k] = logf(a.output[10 * row + k]);
		normalize(z, 10, 1 / temperature, p);
		for (int k = 0; k < 10; k++)
			test_near((double)b.output[10 * row + k], p[k], 1e-5, "softmax(z / T)");
	}
	test_ok(hebb_model_format(warm.model, &one, &size_one, &error), &error);
	test_ok(hebb_model_format(other.model, &two, &size_two, &error), &error);
	assert_int_equal(size_one, size_two);
	assert_memory_equal(one, two, size_one);
	free(one);
	free(two);
	free(a.output);
	free(b.output);
	hebb_result_free(&plain);
	hebb_result_free(&warm);
	hebb_result_free(&other);
	hebb_table_free(table);
}

/* With repeat each run has its own; with folds it comes from all rows. */
static void several_runs(void **state)
{
	hebb_table *table = hebb_table_digits(NULL);
	hebb_study study = digits_study(table);
	hebb_result result;

	(void)state;
	study.temperature = 1;
	study.epochs = 4;
	study.repeat = 2;
	run(&study, &result);
	assert_int_equal(result.runs, 2);
	assert_true(result.tempered.temperature == result.run[0].tempered.temperature);
	assert_true(result.run[0].tempered.temperature != result.run[1].tempered.temperature);
	test_near(result.tempered.log_loss, result.validation.detail.log_loss, 1e-5, "once");
	hebb_result_free(&result);
	study.repeat = 1;
	study.folds = 3;
	study.validation = (hebb_part){.kind = 0};
	run(&study, &result);
	assert_true(result.tempered.rows == 1797);
	assert_true(result.validation_rows == 0);
	hebb_result_free(&result);
	hebb_table_free(table);
}

static void refused(void **state)
{
	hebb_table *table = hebb_table_digits(NULL);
	hebb_study study = digits_study(table), changed;
	hebb_result result;
	hebb_error error;

	(void)state;
	study.temperature = 1;
	changed = study;
	changed.task = HEBB_REGRESSION;
	test_failed(hebb_study_run(&changed, &result, &error), &error, HEBB_BAD_ARGUMENT,
		    "--temperature");
	changed = study;
	changed.output = HEBB_SIGMOID;
	test_failed(hebb_study_run(&changed, &result, &error), &error, HEBB_BAD_ARGUMENT,
		    "sigmoid");
	changed = study;
	changed.validation.kind = HEBB_PART_NONE;
	test_failed(hebb_study_run(&changed, &result, &error), &error, HEBB_BAD_ARGUMENT,
		    "--validation 0");
	hebb_table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scaling_is_found),
		cmocka_unit_test(scaling_is_exact),
		cmocka_unit_test(error_is_that_of_metrics),
		cmocka_unit_test(without_minimum_it_is_1),
		cmocka_unit_test(gaps_do_not_count),
		cmocka_unit_test(unseen_classes_do_not_count),
		cmocka_unit_test(last_layer_is_divided),
		cmocka_unit_test(several_runs),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
