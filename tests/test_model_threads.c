/* SPDX-License-Identifier: MIT */
/*
 * test_model_threads.c - one model, and one table or arrays, for many threads:
 * hebb_model_predict_table() and its sisters change neither, and all answers have the same bits
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

/* ---- Texts and numbers ---- */

static const char csv[] = "city,rooms,price\nOslo,1,300\nOslo,2,410\nOslo,4,640\nRome,1,180\n"
			  "Rome,2,270\nRome,5,590\nRome,,350\nOslo,3,530\nRome,3,400\n";

struct homes {
	const hebb_model *model;
	const char *city[ROWS];
	double rooms[ROWS];
	float together[ROWS], alone[ROWS];
	hebb_unlike unlike[2];
	hebb_status status;
};

static void *predict_homes(void *self)
{
	struct homes *homes = self;
	hebb_prediction prediction = hebb_prediction_default();

	for (int i = 0; i < ROWS; i++) {
		homes->city[i] = i % 7 == 0 ? "Lima" : i % 3 ? "Oslo" : "Rome";
		homes->rooms[i] = i % 11 == 0 ? (double)NAN : i % 9 * 0.5;
	}
	const hebb_block block[] = {hebb_texts(1, homes->city, NULL),
				    hebb_doubles(1, homes->rooms, NULL)};
	prediction.output = homes->together;
	prediction.unlike = homes->unlike;
	homes->status = hebb_model_predict(homes->model, ROWS, 2, block, &prediction, NULL);
	prediction.unlike = NULL;
	for (int i = 0; i < ROWS && !homes->status; i++) {
		const hebb_block row[] = {hebb_texts(1, homes->city + i, NULL),
					  hebb_doubles(1, homes->rooms + i, NULL)};

		prediction.output = &homes->alone[i];
		homes->status = hebb_model_predict(homes->model, 1, 2, row, &prediction, NULL);
	}
	return NULL;
}

static hebb_model *homes_model(void)
{
	const hebb_layer layers[] = {hebb_dense(9, HEBB_TANH), hebb_dense(1, HEBB_LINEAR)};
	hebb_table *table = hebb_table_parse(csv, sizeof csv - 1, "homes", HEBB_HEADER_YES, NULL);
	hebb_coding *coding = hebb_coding_fit(table, NULL, table->rows, NULL, NULL);
	hebb_net *net = test_net(coding->width, 2, layers, 1);
	hebb_model *model = hebb_model_new(net, coding, HEBB_SQUARED, NULL, NULL);

	assert_non_null(model);
	hebb_net_free(net);
	hebb_coding_free(coding);
	hebb_table_free(table);
	return model;
}

static void arrays_of_texts(void **state)
{
	static struct homes homes[THREADS];
	pthread_t threads[THREADS];
	hebb_model *model = homes_model();

	(void)state;
	for (int i = 0; i < THREADS; i++) {
		homes[i].model = model;
		assert_int_equal(pthread_create(&threads[i], NULL, predict_homes, &homes[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(homes[i].status, HEBB_OK);
		assert_memory_equal(homes[i].together, homes->together, sizeof homes->together);
		assert_memory_equal(homes[i].alone, homes->together, sizeof homes->alone);
		assert_memory_equal(homes[i].unlike, homes->unlike, sizeof homes->unlike);
	}
	assert_true(homes->unlike[0].unknown > 0 && homes->unlike[1].missing > 0);
	hebb_model_free(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_same_answers),
					   cmocka_unit_test(arrays_of_texts)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
