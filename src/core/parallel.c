/* SPDX-License-Identifier: MIT */
/*
 * parallel.c - a pool of threads that do the parts of one task and wait for the next
 *
 * A task of some microseconds is done by all threads before a sleeping one would have woken, so a thread spins for a
 * while before it sleeps, the workers for the next task and the caller for the last part; on a busy machine everyone soon
 * sleeps and nobody's time is burnt.  With HEBB_NO_THREADS there is only the caller.
 */
#define _POSIX_C_SOURCE 200809L
#include "core.h"

#ifdef HEBB_NO_THREADS

struct hb_pool {
	int threads;
};

size_t hb_pool_bytes(const struct hb_pool *pool)
{
	return sizeof *pool;
}

int hb_cores(void)
{
	return 1;
}

struct hb_pool *hb_pool_new(int threads, const hebb_allocator *allocator, hebb_error *error)
{
	struct hb_pool *pool = hb_allocate(allocator, sizeof *pool, error);

	(void)threads;
	if (pool)
		pool->threads = 1;
	return pool;
}

void hb_pool_free(struct hb_pool *pool, const hebb_allocator *allocator)
{
	if (pool)
		hb_release(allocator, pool, sizeof *pool);
}

int hb_pool_threads(const struct hb_pool *pool)
{
	return pool->threads;
}

void hb_pool_run(struct hb_pool *pool, int parts, void (*task)(void *self, int part, int parts),
		 void *self)
{
	(void)pool;
	for (int part = 0; part < parts; part++)
		task(self, part, parts);
}

#else

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { SPINS = 4000 }; /* looks before sleeping: about 20 to 50 microseconds */

struct worker {
	struct hb_pool *pool;
	pthread_t thread;
	int part;
};

struct hb_pool {
	int threads; /* the caller counted */
	atomic_uint task_number;
	atomic_int unfinished;
	atomic_int stop;
	pthread_mutex_t lock;
	pthread_cond_t begin, end;
	void (*task)(void *self, int part, int parts);
	void *self;
	int parts;
	struct worker worker[];
};

static size_t bytes_for(int threads)
{
	return sizeof(struct hb_pool) + (size_t)threads * sizeof(struct worker);
}

size_t hb_pool_bytes(const struct hb_pool *pool)
{
	return bytes_for(pool->threads);
}

int hb_cores(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	return cores < 1 ? 1 : cores > 1024 ? 1024 : (int)cores;
}

static void pause_briefly(void)
{
#if defined __x86_64__ || defined __i386__
	__builtin_ia32_pause();
#endif
}

/* Returns when there is a task after number `seen`, or when the pool is to stop. */
static unsigned wait_for_task(struct hb_pool *pool, unsigned seen)
{
	for (int i = 0; i < SPINS; i++) {
		unsigned number = atomic_load_explicit(&pool->task_number, memory_order_acquire);

		if (number != seen)
			return number;
		pause_briefly();
	}
	pthread_mutex_lock(&pool->lock);
	while (atomic_load(&pool->task_number) == seen)
		pthread_cond_wait(&pool->begin, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
	return atomic_load(&pool->task_number);
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	struct hb_pool *pool = worker->pool;
	unsigned seen = 0;

	for (;;) {
		seen = wait_for_task(pool, seen);
		if (atomic_load(&pool->stop))
			return NULL;
		if (worker->part < pool->parts)
			pool->task(pool->self, worker->part, pool->parts);
		if (atomic_fetch_sub(&pool->unfinished, 1) == 1) {
			pthread_mutex_lock(&pool->lock);
			pthread_cond_signal(&pool->end);
			pthread_mutex_unlock(&pool->lock);
		}
	}
}

static void announce(struct hb_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	atomic_fetch_add_explicit(&pool->task_number, 1, memory_order_release);
	pthread_cond_broadcast(&pool->begin);
	pthread_mutex_unlock(&pool->lock);
}

static void wait_for_end(struct hb_pool *pool)
{
	for (int i = 0; i < SPINS; i++) {
		if (atomic_load(&pool->unfinished) == 0)
			return;
		pause_briefly();
	}
	pthread_mutex_lock(&pool->lock);
	while (atomic_load(&pool->unfinished) > 0)
		pthread_cond_wait(&pool->end, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
}

static void stop_workers(struct hb_pool *pool, int started)
{
	atomic_store(&pool->stop, 1);
	announce(pool);
	for (int i = 1; i < started; i++)
		pthread_join(pool->worker[i].thread, NULL);
	pthread_cond_destroy(&pool->begin);
	pthread_cond_destroy(&pool->end);
	pthread_mutex_destroy(&pool->lock);
}

struct hb_pool *hb_pool_new(int threads, const hebb_allocator *allocator, hebb_error *error)
{
	struct hb_pool *pool = hb_allocate(allocator, bytes_for(threads), error);

	if (!pool)
		return NULL;
	pool->threads = threads;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->begin, NULL);
	pthread_cond_init(&pool->end, NULL);
	for (int i = 1; i < threads; i++) {
		pool->worker[i] = (struct worker){.pool = pool, .part = i};
		if (pthread_create(&pool->worker[i].thread, NULL, work, &pool->worker[i])) {
			stop_workers(pool, i);
			hb_release(allocator, pool, bytes_for(threads));
			hebb_fail(error, HEBB_NO_MEMORY,
				  "thread %d of %d could not be started; ask for fewer", i + 1,
				  threads);
			return NULL;
		}
	}
	return pool;
}

void hb_pool_free(struct hb_pool *pool, const hebb_allocator *allocator)
{
	if (!pool)
		return;
	stop_workers(pool, pool->threads);
	hb_release(allocator, pool, hb_pool_bytes(pool));
}

int hb_pool_threads(const struct hb_pool *pool)
{
	return pool->threads;
}

void hb_pool_run(struct hb_pool *pool, int parts, void (*task)(void *self, int part, int parts),
		 void *self)
{
	if (parts <= 1) {
		task(self, 0, 1);
		return;
	}
	pool->task = task;
	pool->self = self;
	pool->parts = parts;
	atomic_store(&pool->unfinished, pool->threads - 1);
	announce(pool);
	task(self, 0, parts);
	wait_for_end(pool);
}

#endif
