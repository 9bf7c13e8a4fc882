/* SPDX-License-Identifier: MIT */
/*
 * test_threads.c - the pool of threads, and training as people do it with any number of them
 *
 * The workloads W1, W2 and W4 (docs/performance.md), shortened: a small network on all rows at once
 * and in small batches, and a wide one on images, with sgd and with adam.  Their weights are the
 * same bits with 1, 2, 3, 4, 8 and 16 threads, more than this machine has cores, and with each set
 * of kernels; and their gradient is right. So they are beside other programs, when the pace of
 * steps decides about the number of threads. scripts/ci.sh runs this under ThreadSanitizer.
 */
#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "test.h"

static const int thread_counts[] = {1, 2, 3, 4, 8, 16};

/* ---- The pool ---- */

enum { MOST_THREADS = 16, TASKS = 120 };

/* Plain numbers: only the pool orders those who write them. */
struct tally {
	int calls[MOST_THREADS];
	int parts, wrong;
	long long given, taken[MOST_THREADS];
};

static void count_call(void *self, int part, int parts)
{
	struct tally *tally = self;

	tally->calls[part]++;
	tally->taken[part] += tally->given;
	if (parts != tally->parts)
		tally->wrong = 1;
}

/* Every part of every task is done once, sees what the caller wrote before, and is seen by him
 * after. */
static void try_pool(int threads, int pause)
{
	const struct timespec two_milliseconds = {.tv_nsec = 2000000};
	hebb_pool *pool = hebb_pool_new(threads, NULL, NULL);
	struct tally tally = {0};
	int expected[MOST_THREADS] = {0};
	long long sum[MOST_THREADS] = {0};

	assert_non_null(pool);
	for (int task = 0; task < TASKS; task++) {
		tally.parts = 1 + task % hebb_pool_threads(pool);
		tally.given = task;
		hebb_pool_run(pool, tally.parts, count_call, &tally);
		for (int part = 0; part < tally.parts; part++) {
			expected[part]++;
			sum[part] += task;
		}
		assert_memory_equal(tally.calls, expected, sizeof expected);
		assert_memory_equal(tally.taken, sum, sizeof sum);
		if (pause && task % 30 == 0)
			nanosleep(&two_milliseconds, NULL); /* so that the others go to sleep */
	}
	assert_false(tally.wrong);
	hebb_pool_free(pool);
}

static void pools(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(thread_counts); i++)
		try_pool(thread_counts[i], i % 2);
}

/* Pools come and go, used or not. */
static void short_lives(void **state)
{
	(void)state;
	for (int i = 0; i < 50; i++) {
		hebb_pool *pool = hebb_pool_new(8, NULL, NULL);
		struct tally tally = {0};

		assert_non_null(pool);
		tally.parts = hebb_pool_threads(pool);
		if (i % 2)
			hebb_pool_run(pool, tally.parts, count_call, &tally);
		hebb_pool_free(pool);
	}
}

/* ---- The workloads ---- */

static const struct workload {
	const char *name;
	int inputs, hidden, batch, rows, epochs;
	hebb_activation activation;
	hebb_rule rule;
} workloads[] = {
	{"W1, all rows at once", 64, 30, 0, 1500, 2, HEBB_SIGMOID, HEBB_SGD},
	{"W2, batches of 32", 64, 30, 32, 500, 1, HEBB_SIGMOID, HEBB_MOMENTUM},
	{"W4 with sgd", 784, 800, 128, 256, 1, HEBB_RELU, HEBB_SGD},
	{"W4 with adam", 784, 800, 128, 256, 1, HEBB_RELU, HEBB_ADAM},
};
enum { MOST_ROWS = 1500, MOST_INPUTS = 784, CLASSES = 10 };

static float x[MOST_ROWS * MOST_INPUTS], y[MOST_ROWS * CLASSES];

static void make_data(const struct workload *w)
{
	hebb_uniform((long long)w->rows * w->inputs, x, 3, 77);
	memset(y, 0, sizeof y);
	for (int i = 0; i < w->rows; i++)
		y[i * CLASSES + i * 7 % CLASSES] = 1;
}

static hebb_net *net_of(const struct workload *w)
{
	const hebb_layer layers[] = {hebb_dense(w->hidden, w->activation),
				     hebb_dense(CLASSES, HEBB_SOFTMAX)};

	return test_net(w->inputs, 2, layers, 1);
}

static hebb_trainer *trainer_of(const struct workload *w, hebb_net *net, int threads)
{
	hebb_recipe recipe = hebb_recipe_default();

	recipe.loss = HEBB_CROSS_ENTROPY;
	recipe.rule = w->rule;
	recipe.rate = w->rule == HEBB_ADAM ? 0.001 : 0.05;
	recipe.batch = w->batch;
	recipe.epochs = w->epochs;
	recipe.threads = threads;
	return test_trainer(net, &recipe);
}

/* The weights after training, in canonical order. */
static float *train(const struct workload *w, int threads)
{
	struct test_rows rows = {w->inputs, CLASSES, x, y};
	hebb_source source = test_source(&rows, w->rows);
	hebb_net *net = net_of(w);
	hebb_trainer *trainer = trainer_of(w, net, threads);
	hebb_error error;
	float *p;

	test_ok(hebb_train(trainer, &source, NULL, &error), &error);
	p = test_canonical(net, NULL);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
	return p;
}

static size_t parameters_of(const struct workload *w)
{
	return (size_t)(w->inputs + 1) * (size_t)w->hidden + (size_t)(w->hidden + 1) * CLASSES;
}

static void same_bits(const struct workload *w, const float *p, const float *expected,
		      const char *what)
{
	for (size_t i = 0; i < parameters_of(w); i++)
		if (memcmp(&p[i], &expected[i], sizeof *p) != 0)
			fail_msg("%s, %s: parameter %zu is %.9g, with one thread %.9g", w->name,
				 what, i, (double)p[i], (double)expected[i]);
}

static void any_number_of_threads(void **state)
{
	(void)state;
	for (size_t k = 0; k < COUNT_OF(workloads); k++) {
		float *expected;

		make_data(&workloads[k]);
		expected = train(&workloads[k], 1);
		for (size_t i = 1; i < COUNT_OF(thread_counts); i++) {
			char what[32];
			float *p = train(&workloads[k], thread_counts[i]);

			snprintf(what, sizeof what, "%d threads", thread_counts[i]);
			same_bits(&workloads[k], p, expected, what);
			free(p);
		}
		free(expected);
	}
}

/* ---- The sets of kernels, each in a process of its own, for a process chooses once ---- */

/* Writes a hash of all workloads' weights; of the wide ones' after a single step, as scalar kernels
 * are slow. */
static void tell_hash(int to)
{
	uint64_t hash = 0xCBF29CE484222325;

	for (size_t k = 0; k < COUNT_OF(workloads); k++) {
		struct workload w = workloads[k];
		const float *p;

		if (w.hidden > 100)
			w.rows = w.batch = 16;
		make_data(&w);
		p = train(&w, 2);
		for (size_t i = 0; i < parameters_of(&w); i++) {
			uint32_t bits;

			memcpy(&bits, &p[i], sizeof bits);
			hash = (hash ^ bits) * 0x100000001B3;
		}
	}
	_exit(write(to, &hash, sizeof hash) != sizeof hash);
}

static uint64_t hash_with(const char *kernels)
{
	uint64_t hash = 0;
	int ends[2], status;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		setenv("HEBB_KERNELS", kernels, 1);
		tell_hash(ends[1]);
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &hash, sizeof hash), sizeof hash);
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	return hash;
}

static void any_set_of_kernels(void **state)
{
	uint64_t expected = hash_with("scalar");

	(void)state;
	for (const struct hb_kernels *const *set = hb_kernel_sets; *set; set++)
		if ((*set)->available() && (hash_with((*set)->name) == expected) != (*set)->fused)
			fail_msg("%s: the weights of scalar or not", (*set)->name);
}

/* ---- Right, not only alike ---- */

/* The gradient of the first rows by 16 threads against the reference in double. */
static void sixteen_threads_are_right(void **state)
{
	enum { ROWS = 48 };

	(void)state;
	for (size_t k = 0; k < COUNT_OF(workloads); k++) {
		const struct workload *w = &workloads[k];
		hebb_net *net = net_of(w);
		hebb_trainer *trainer = trainer_of(w, net, 16);
		size_t n = (size_t)hebb_net_parameters(net);
		double J, expected_J, *g, *expected = test_doubles(n);
		float *gradient;

		make_data(w);
		assert_int_equal(hebb_trainer_gradient(trainer, ROWS, x, y, NULL, &J, NULL),
				 HEBB_OK);
		gradient = test_canonical(net, trainer);
		g = test_widen(n, gradient);
		test_reference(net, HEBB_CROSS_ENTROPY, ROWS, x, y, NULL, &expected_J, expected,
			       NULL);
		test_below(test_normwise(n, g, expected), 1e-6, w->name);
		test_near(J, expected_J, 1e-6 * expected_J, w->name);
		free(g);
		free(gradient);
		free(expected);
		hebb_trainer_free(trainer);
		hebb_net_free(net);
	}
}

/* ---- How many threads are faster ---- */

/* Tells the pace of `steps` steps that take this long with one thread and with all; returns how
 * many of them had all. */
static int steps_with_all(struct hb_pace *pace, int steps, double one, double all)
{
	int count = 0;

	for (int i = 0; i < steps; i++) {
		int has_all = pace->threads == pace->all;

		assert_true(has_all || pace->threads == 1);
		count += has_all;
		hb_pace_count(pace, has_all ? all : one, 32);
	}
	return count;
}

/* Steps of 0.1 ms, faster with 4 threads, then beside a busy program, then faster again; each time
 * the better number is found after some steps and is kept, but for few trials. */
static void pace_finds_the_better_number(void **state)
{
	struct hb_pace pace = hb_pace_begin(4);

	(void)state;
	assert_int_equal(pace.threads, 4);
	steps_with_all(&pace, 1000, 1e-4, 5e-5);
	assert_in_range(steps_with_all(&pace, 40000, 1e-4, 5e-5), 39000, 39999);
	steps_with_all(&pace, 40000, 1e-4, 3e-4);
	assert_in_range(steps_with_all(&pace, 40000, 1e-4, 3e-4), 1, 400);
	steps_with_all(&pace, 40000, 1e-4, 5e-5);
	assert_in_range(steps_with_all(&pace, 40000, 1e-4, 5e-5), 39000, 39999);
	/* as fast with one: the others are left to other programs */
	steps_with_all(&pace, 40000, 1e-4, 1e-4);
	assert_in_range(steps_with_all(&pace, 40000, 1e-4, 1e-4), 1, 1000);
}

/* A program that computes, one for each processor, until it is ended. */
static int start_busy(pid_t *child)
{
	int count = hb_cores() < MOST_THREADS ? hb_cores() : MOST_THREADS;

	for (int i = 0; i < count; i++) {
		child[i] = fork();
		assert_true(child[i] >= 0);
		for (volatile int counter = 0; child[i] == 0;)
			counter = !counter;
	}
	return count;
}

static void end_busy(int count, const pid_t *child)
{
	for (int i = 0; i < count; i++) {
		kill(child[i], SIGKILL);
		assert_int_equal(waitpid(child[i], NULL, 0), child[i]);
	}
}

/* So many steps that both numbers are tried. */
static void same_bits_beside_busy_programs(void **state)
{
	struct workload w = workloads[0];
	float *p[4];
	pid_t child[MOST_THREADS];
	int busy;

	(void)state;
	w.epochs = 300;
	make_data(&w);
	p[1] = train(&w, 1);
	busy = start_busy(child);
	for (int threads = 2; threads <= 3; threads++)
		p[threads] = train(&w, threads);
	end_busy(busy, child); /* before a comparison fails and leaves them */
	for (int threads = 2; threads <= 3; threads++)
		same_bits(&w, p[threads], p[1], "beside busy programs");
	for (int threads = 1; threads <= 3; threads++)
		free(p[threads]);
}

/* ---- Gathering ---- */

/* A source that takes its time. */
struct slow {
	struct test_rows rows;
	hebb_source fast;
	const void *caller;  /* an address that only the calling thread has */
	atomic_int smallest; /* number of rows of a call */
	atomic_int others;   /* calls by other threads */
};

static _Thread_local char mine;

static hebb_status gather_slowly(void *self, int count, const long long *index, float *to_x,
				 float *to_y, float *weight, hebb_error *error)
{
	struct slow *slow = self;
	double begin = hb_seconds();

	while (hb_seconds() - begin < 2e-6 * count)
		;
	slow->others += &mine != slow->caller;
	int smallest = atomic_load(&slow->smallest);
	while (count < smallest && !atomic_compare_exchange_weak(&slow->smallest, &smallest, count))
		continue;
	return slow->fast.gather(slow->fast.self, count, index, to_x, to_y, weight, error);
}

static void gather_with(struct slow *slow, int parallel)
{
	const struct workload w = {"", 64, 30, 32, 320, 3, HEBB_SIGMOID, HEBB_SGD};
	hebb_net *net = net_of(&w);
	hebb_trainer *trainer = trainer_of(&w, net, 2);
	hebb_source source;
	hebb_error error;

	make_data(&w);
	slow->rows = (struct test_rows){w.inputs, CLASSES, x, y};
	slow->caller = &mine;
	atomic_init(&slow->smallest, 32);
	atomic_init(&slow->others, 0);
	slow->fast = test_source(&slow->rows, w.rows);
	source = slow->fast;
	source.self = slow;
	source.gather = gather_slowly;
	source.parallel = parallel;
	test_ok(hebb_train(trainer, &source, NULL, &error), &error);
	hebb_trainer_free(trainer);
	hebb_net_free(net);
}

/* A gather that may not be called by several threads is called by that of hebb_train(), for whole
 * batches. */
static void a_gather_of_one_thread(void **state)
{
	struct slow slow;

	(void)state;
	gather_with(&slow, 0);
	assert_int_equal(atomic_load(&slow.others), 0);
	assert_int_equal(atomic_load(&slow.smallest), 32);
}

/* A batch of 32 rows is shared if its rows take time. */
static void a_slow_gather_is_shared(void **state)
{
	hebb_pool *pool = hebb_pool_new(2, NULL, NULL);
	struct slow slow;

	(void)state;
	assert_non_null(pool);
	gather_with(&slow, 1);
	assert_int_equal(atomic_load(&slow.smallest),
			 32 / hebb_pool_threads(pool)); /* one without threads */
	hebb_pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_set_of_kernels), /* first: forks before there are threads */
		cmocka_unit_test(pools),
		cmocka_unit_test(short_lives),
		cmocka_unit_test(any_number_of_threads),
		cmocka_unit_test(sixteen_threads_are_right),
		cmocka_unit_test(pace_finds_the_better_number),
		cmocka_unit_test(same_bits_beside_busy_programs),
		cmocka_unit_test(a_gather_of_one_thread),
		cmocka_unit_test(a_slow_gather_is_shared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
