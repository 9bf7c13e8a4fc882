/* SPDX-License-Identifier: MIT */
/*
 * test_sharing.c - one network for many threads, trainers across fork(), and a training that
 * another thread cancels
 *
 * scripts/ci.sh runs this under ThreadSanitizer too.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "test.h"

#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined __SANITIZE_THREAD__ || __has_feature(thread_sanitizer)
#define UNDER_TSAN 1
#else
#define UNDER_TSAN 0
#endif

/* ---- The system's threads and clock, which can be refused and hurried ---- */

enum { MANY = 1 << 30 };
static int threads_left = MANY, is_hurried;
static atomic_llong looks;

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*run)(void *),
			  void *argument);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*run)(void *),
			  void *argument);
int __real_clock_gettime(clockid_t id, struct timespec *t);
int __wrap_clock_gettime(clockid_t id, struct timespec *t);

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*run)(void *),
			  void *argument)
{
	return threads_left-- > 0 ? __real_pthread_create(thread, how, run, argument) : EAGAIN;
}

/* Hurried, a second passes between two looks, so that every update is reported. */
int __wrap_clock_gettime(clockid_t id, struct timespec *t)
{
	if (!is_hurried)
		return __real_clock_gettime(id, t);
	*t = (struct timespec){.tv_sec = (time_t)++looks};
	return 0;
}

/* ---- One network, many threads ---- */

enum {
	THREADS = 8,
	PREDICTIONS = 1000000,
	EXAMPLES = 250,
	INPUTS = 5,
	OUTPUTS = 3,
	WIDE = 4200 /* takes memory to predict */
};

struct shared {
	const hebb_net *net;
	const float *x, *expected;
	int predictions;
	pthread_barrier_t begin;
};

/* Predicts at its own pace, one by one and by rows; NULL: all as expected. */
static void *predict(void *self)
{
	struct shared *s = self;
	hebb_work *work = hebb_work_new(s->net, EXAMPLES, NULL, NULL);
	float h[OUTPUTS];
	const char *wrong = NULL;

	pthread_barrier_wait(&s->begin);
	for (int i = 0; i < s->predictions && !wrong; i++) {
		int row = i % EXAMPLES;

		if (hebb_predict(s->net, s->x + row * INPUTS, h, NULL) ||
		    memcmp(h, s->expected + row * OUTPUTS, sizeof h) != 0)
			wrong = "a prediction";
		if (i % 1000 == 0 && memcmp(hebb_forward(work, EXAMPLES, s->x), s->expected,
					    EXAMPLES * OUTPUTS * sizeof(float)) != 0)
			wrong = "rows";
	}
	hebb_work_free(work);
	return (void *)(uintptr_t)wrong;
}

static void share(const hebb_net *net, int predictions)
{
	float *x = test_floats(1, EXAMPLES * INPUTS, -2, 2), expected[EXAMPLES * OUTPUTS];
	struct shared s = {
		.net = net, .x = x, .expected = expected, .predictions = predictions / THREADS};
	pthread_t thread[THREADS];

	for (int i = 0; i < EXAMPLES; i++)
		test_ok(hebb_predict(net, x + i * INPUTS, expected + i * OUTPUTS, NULL), NULL);
	assert_int_equal(pthread_barrier_init(&s.begin, NULL, THREADS), 0);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, predict, &s), 0);
	for (int i = 0; i < THREADS; i++) {
		void *wrong;

		assert_int_equal(pthread_join(thread[i], &wrong), 0);
		if (wrong)
			fail_msg("thread %d: %s differed", i, (const char *)wrong);
	}
	pthread_barrier_destroy(&s.begin);
	free(x);
}

static void a_million_predictions(void **state)
{
	const hebb_layer layers[] = {hebb_dense(6, HEBB_TANH), hebb_batch_norm(HEBB_RELU),
				     hebb_shortcut(0, HEBB_LINEAR), hebb_dropout(0.5),
				     hebb_dense(OUTPUTS, HEBB_SOFTMAX)},
			 wide[] = {hebb_dense(WIDE, HEBB_SIGMOID),
				   hebb_dense(OUTPUTS, HEBB_SOFTMAX)};
	hebb_net *net = test_net(INPUTS, 5, layers, 1);

	(void)state;
	share(net, PREDICTIONS);
	hebb_net_free(net);
	net = test_net(INPUTS, 2, wide, 1);
	share(net, 400);
	hebb_net_free(net);
}

/* ---- Training, also in two processes ---- */

enum { ROWS = 512, WIDTH = 96 };

static float x[ROWS * WIDTH], y[ROWS * OUTPUTS];

struct training {
	hebb_net *net;
	hebb_trainer *trainer;
	float *weights;
};

/* Work enough for four threads, not begun. */
static struct training training_of(int threads)
{
	const hebb_layer layers[] = {hebb_dense(WIDTH, HEBB_RELU),
				     hebb_dense(OUTPUTS, HEBB_SOFTMAX)};
	hebb_recipe recipe = hebb_recipe_default();
	struct training s = {.net = test_net(WIDTH, 2, layers, 1)};

	hebb_uniform(ROWS * WIDTH, x, 3, 77);
	for (int i = 0; i < ROWS; i++)
		for (int j = 0; j < OUTPUTS; j++)
			y[i * OUTPUTS + j] = j == i % OUTPUTS;
	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.batch = 128;
	recipe.epochs = 2;
	recipe.threads = threads;
	s.trainer = test_trainer(s.net, &recipe);
	return s;
}

/* The weights after training, by the end of which the training is. */
static float *train(struct training *s)
{
	struct test_rows rows = {WIDTH, OUTPUTS, x, y};
	hebb_source source = test_source(&rows, ROWS);
	hebb_error error;

	test_ok(hebb_train(s->trainer, &source, NULL, &error), &error);
	return s->weights = test_canonical(s->net, NULL);
}

static size_t weights_bytes(const struct training *s)
{
	return (size_t)hebb_net_parameters(s->net) * sizeof(float);
}

static void end(struct training *s)
{
	hebb_trainer_free(s->trainer);
	hebb_net_free(s->net);
	free(s->weights);
}

/* Both of two processes go on with the trainer that was there before, to the same bits. */
static void forked_before_training(void **state)
{
	struct training alone = training_of(1), s = training_of(4);
	size_t size = weights_bytes(&alone), got = 0;
	char *child_weights = test_memory(size);
	const float *expected = train(&alone);
	int ends[2], status;
	ssize_t part;
	pid_t child;

	(void)state;
	assert_int_equal(threads_left, MANY); /* none has been asked for */
	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		const char *weights = (const char *)train(&s);

		alarm(60);
		for (size_t at = 0; at < size; at += (size_t)part)
			if ((part = write(ends[1], weights + at, size - at)) <= 0)
				_exit(1);
		end(&s);
		_exit(0);
	}
	close(ends[1]);
	assert_memory_equal(train(&s), expected, size);
	while (got < size && (part = read(ends[0], child_weights + got, size - got)) > 0)
		got += (size_t)part;
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(got, size);
	assert_memory_equal(child_weights, expected, size);
	free(child_weights);
	end(&s);
	end(&alone);
}

/* A child that came later, without the trainer's threads, can free what it has and leave. */
static void forked_after_training(void **state)
{
	struct training s = training_of(4);
	int status;
	pid_t child;

	(void)state;
	train(&s);
	if (UNDER_TSAN) { /* which forbids it */
		end(&s);
		skip();
	}
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		alarm(20);
		end(&s);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	end(&s);
}

/* A system that gives three threads, one, or none delays training and does not change it. */
static void threads_refused(void **state)
{
	struct training alone = training_of(1);
	const float *expected = train(&alone);

	(void)state;
	for (int given = 0; given <= 3; given++) {
		struct training s = training_of(6);

		threads_left = given;
		train(&s);
#ifndef HEBB_NO_THREADS
		assert_true(threads_left < 0);
#endif
		threads_left = MANY;
		assert_memory_equal(s.weights, expected, weights_bytes(&s));
		end(&s);
	}
	end(&alone);
}

/* ---- Cancelled ---- */

enum { CANCELLED_AT = 6 };

/* Another thread cancels while batch `at` is fetched. */
struct cancel {
	struct test_rows rows;
	int batches, at;
	atomic_int asked, flag;
};

static hebb_status fetch(void *self, int count, const long long *index, float *to_x, float *to_y,
			 float *weight, hebb_error *error)
{
	struct cancel *c = self;

	if (++c->batches == c->at) {
		atomic_store(&c->asked, 1);
		while (!atomic_load(&c->flag))
			sched_yield();
	}
	return test_gather(&c->rows, count, index, to_x, to_y, weight, error);
}

static void *cancel(void *self)
{
	struct cancel *c = self;

	while (!atomic_load(&c->asked))
		sched_yield();
	atomic_store(&c->flag, 1);
	return NULL;
}

static int is_cancelled(void *self, const hebb_progress *now)
{
	struct cancel *c = self;

	(void)now;
	return atomic_load(&c->flag);
}

/* The update in hand is the last; afterwards training goes on as if nothing had happened. */
static void cancelled_by_another_thread(void **state)
{
	struct cancel c = {.rows = {WIDTH, OUTPUTS, x, y}, .at = CANCELLED_AT};
	hebb_source source = {
		.size = sizeof(hebb_source), .self = &c, .rows = ROWS, .gather = fetch};
	struct training s = training_of(2), other = training_of(2);
	hebb_recipe recipe = *hebb_trainer_recipe(s.trainer);
	hebb_error error;
	pthread_t thread;

	(void)state;
	hebb_trainer_free(s.trainer);
	recipe.progress = is_cancelled;
	recipe.self = &c;
	s.trainer = test_trainer(s.net, &recipe);
	is_hurried = 1;
	assert_int_equal(pthread_create(&thread, NULL, cancel, &c), 0);
	test_failed(hebb_train(s.trainer, &source, NULL, &error), &error, HEBB_STOPPED, "stopped");
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(c.batches, CANCELLED_AT);
	atomic_store(&c.flag, 0);
	test_ok(hebb_train(s.trainer, &source, NULL, &error), &error);
	is_hurried = 0;
	assert_int_equal(c.batches, ROWS / 128 * 2);
	s.weights = test_canonical(s.net, NULL);
	assert_memory_equal(s.weights, train(&other), weights_bytes(&s));
	end(&s);
	end(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forked_before_training), /* first: there are no threads yet */
		cmocka_unit_test(a_million_predictions),
		cmocka_unit_test(threads_refused),
		cmocka_unit_test(cancelled_by_another_thread),
		cmocka_unit_test(forked_after_training),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
