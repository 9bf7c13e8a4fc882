/* SPDX-License-Identifier: MIT */
/*
 * test_model_threads.c - one model and one table for many threads: hebb_model_predict_table() and
 * its sisters change neither, and all answers have the same bits
 *
 * scripts/ci.sh runs this under ThreadSanitizer too.
 */
#include <pthread.h>
#include "hebb_io.h"
#include "predict_one.h"
#include "test.h"

enum { THREADS = 6, ROUNDS = 3, ROWS = 300, PIXELS = 64, CLASSES = 10 };

/* What one thread asks, and its answers. */
struct job {
	const hebb_model *model;
	const hebb_table *table;
	float output[ROWS * CLASSES], one[CLASSES];
	int label[ROWS];
	double accuracy;
	hebb_error error;
};

static hebb_status ask(struct job *job)
{
	hebb_prediction prediction = hebb_prediction_default();
	hebb_evaluation evaluation = hebb_evaluation_default();
	float raw[PIXELS];
	hebb_status status;

	prediction.output = job->output;
	prediction.label = job->label;
	for (int i = 0; i < PIXELS; i++)
		raw[i] = hebb_table_value(job->table, 7, i);
	status = hebb_model_predict_table(job->model, job->table, ROWS, NULL, &prediction,
					  &job->error);
	if (!status)
		status = predict_floats(job->model, raw, job->one, &job->error);
	if (!status)
		status = hebb_model_evaluate(job->model, job->table, ROWS, NULL, &evaluation,
					     &job->error);
	job->accuracy = evaluation.accuracy;
	return status;
}

static void *run(void *self)
{
	struct job *job = self;

	for (int i = 0; i < ROUNDS; i++)
		if (ask(job))
			break;
	return NULL;
}

static hebb_model *digits_model(const hebb_table *table)
{
	const hebb_layer layers[] = {hebb_dense(20, HEBB_GELU), hebb_batch_norm(HEBB_RELU),
				     hebb_dense(CLASSES, HEBB_SOFTMAX)};
	hebb_coding *coding = hebb_coding_fit(table, NULL, ROWS, NULL, NULL);
	hebb_net *net = test_net(PIXELS, 3, layers, 1);
	hebb_model *model = hebb_model_new(net, coding, HEBB_CROSS_ENTROPY, NULL, NULL);

	assert_non_null(model);
	hebb_net_free(net);
	hebb_coding_free(coding);
	return model;
}

static void the_same_answers(void **state)
{
	static struct job alone, jobs[THREADS];
	pthread_t threads[THREADS];
	hebb_table *table = hebb_table_digits(NULL);
	hebb_model *model = digits_model(table);

	(void)state;
	alone.model = model;
	alone.table = table;
	test_ok(ask(&alone), &alone.error);
	assert_memory_equal(alone.one, alone.output + 7 * CLASSES, sizeof alone.one);
	for (int i = 0; i < THREADS; i++) {
		jobs[i].model = model;
		jobs[i].table = table;
		assert_int_equal(pthread_create(&threads[i], NULL, run, &jobs[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		test_ok(jobs[i].error.status, &jobs[i].error);
		assert_memory_equal(jobs[i].output, alone.output, sizeof alone.output);
		assert_memory_equal(jobs[i].label, alone.label, sizeof alone.label);
		assert_memory_equal(jobs[i].one, alone.one, sizeof alone.one);
		assert_true(jobs[i].accuracy == alone.accuracy);
	}
	hebb_model_free(model);
	hebb_table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_same_answers)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
