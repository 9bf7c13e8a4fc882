/* SPDX-License-Identifier: MIT */
/*
 * parallel.c - a pool of threads that share the parts of one task and wait for the next
 *
 * A task is divided into parts, and each free thread takes the next part. The caller takes parts
 * too, all of them if no other thread is free. So a suspended thread delays the task only by the
 * one part that it has, and on a busy machine a task takes little longer than with the caller
 * alone. The result does not depend on which thread does which part. A task of some microseconds
 * ends before a sleeping thread would wake, so a thread without work spins for a while before it
 * sleeps.
 *
 * With HEBB_NO_THREADS there is only the caller. Threads start with the first task that needs them;
 * until then the process may fork. If the system refuses some threads, the others do their parts.
 * After a later fork the child has no threads, and may only free the pool.
 */
#ifdef __linux__
#define _GNU_SOURCE /* sched_getaffinity() */
#endif
#define _POSIX_C_SOURCE 200809L
#include "core.h"

/* Whether a pool of so many threads is possible. */
static int is_count(int threads, hebb_error *error)
{
	if (threads >= 0 && threads <= HEBB_MAX_THREADS)
		return 1;
	hebb_fail(error, HEBB_BAD_ARGUMENT,
		  "%d threads; 0 to %d are possible, 0 for all processors", threads,
		  HEBB_MAX_THREADS);
	return 0;
}

#ifdef HEBB_NO_THREADS

struct hebb_pool {
	hebb_allocator allocator;
	int threads;
};

size_t hb_pool_bytes(const hebb_pool *pool)
{
	return sizeof *pool;
}

int hb_cores(void)
{
	return 1;
}

hebb_pool *hebb_pool_new(int threads, const hebb_allocator *allocator, hebb_error *error)
{
	hebb_pool *pool;

	if (!is_count(threads, error))
		return NULL;
	pool = hb_allocate(allocator, sizeof *pool, error);
	if (!pool)
		return NULL;
	pool->allocator = hb_allocator_of(allocator);
	pool->threads = 1;
	return pool;
}

void hebb_pool_free(hebb_pool *pool)
{
	hebb_allocator allocator;

	if (!pool)
		return;
	allocator = pool->allocator;
	hb_release(&allocator, pool, sizeof *pool);
}

int hebb_pool_threads(const hebb_pool *pool)
{
	return pool->threads;
}

void hebb_pool_run(hebb_pool *pool, int parts, void (*task)(void *self, int part, int parts),
		   void *self)
{
	(void)pool;
	for (int part = 0; part < parts; part++)
		task(self, part, parts);
}

#else

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

enum {
	SPINS = 2000, /* tries: about 20 to 50 microseconds */
	FEW_SPINS = 50,
	MOST_PARTS = 1 << 15
};

/* The current task in one word, so that one atomic exchange takes a part: its number, and the parts
 * that are left, first .. end - 1. The caller takes the first part, the other threads the last one.
 * So from one task to the next most rows stay with the processor that has them in its cache. */
typedef uint64_t ticket;

static ticket ticket_of(uint32_t number, int first, int end)
{
	return (ticket)number << 32 | (ticket)first << 16 | (ticket)end;
}

static uint32_t number_of(ticket t)
{
	return (uint32_t)(t >> 32);
}

static int first_of(ticket t)
{
	return (int)(t >> 16 & 0xffff);
}

static int end_of(ticket t)
{
	return (int)(t & 0xffff);
}

struct hebb_pool {
	hebb_allocator allocator;
	int threads;   /* with the caller */
	int started;   /* the number of threads started; 0: none yet */
	pid_t process; /* the process that started them */
	int cores;
	int spins; /* tries before sleeping; fewer if there are more threads than processors */
	void (*task)(void *self, int part, int parts);
	void *self;
	int parts;
	_Alignas(64) _Atomic ticket current;
	_Alignas(64) atomic_int finished; /* the finished parts of this task */
	_Alignas(64) atomic_int sleepers, caller_sleeps, stop;
	pthread_mutex_t lock;
	pthread_cond_t begin, end;
	pthread_t thread[];
};

static size_t bytes_for(int threads)
{
	return sizeof(struct hebb_pool) + (size_t)threads * sizeof(pthread_t);
}

size_t hb_pool_bytes(const hebb_pool *pool)
{
	return bytes_for(pool->threads);
}

int hb_cores(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
#ifdef __linux__
	cpu_set_t allowed; /* the process may be restricted to some processors */

	if (sched_getaffinity(0, sizeof allowed, &allowed) == 0)
		cores = CPU_COUNT(&allowed);
#endif
	return cores < 1 ? 1 : cores > HEBB_MAX_THREADS ? HEBB_MAX_THREADS : (int)cores;
}

static void pause_briefly(void)
{
#if defined __x86_64__ || defined __i386__
	__builtin_ia32_pause();
#elif defined __aarch64__
	__asm__ volatile("yield");
#endif
}

/* Does parts of the task `number` until none is left. */
static void take_parts(hebb_pool *pool, uint32_t number, int is_caller)
{
	ticket current = atomic_load(&pool->current);
	int parts;

	while (number_of(current) == number && first_of(current) < end_of(current)) {
		int first = first_of(current) + is_caller, end = end_of(current) - !is_caller;

		if (!atomic_compare_exchange_weak(&pool->current, &current,
						  ticket_of(number, first, end)))
			continue;
		parts = pool->parts; /* read before this part is counted */
		pool->task(pool->self, is_caller ? first - 1 : end, parts);
		if (atomic_fetch_add(&pool->finished, 1) + 1 == parts &&
		    atomic_load(&pool->caller_sleeps)) {
			pthread_mutex_lock(&pool->lock);
			pthread_cond_signal(&pool->end);
			pthread_mutex_unlock(&pool->lock);
		}
		current = atomic_load(&pool->current);
	}
}

/* Returns when there is a task with another number than `seen`, or when the pool stops. */
static uint32_t wait_for_task(hebb_pool *pool, uint32_t seen)
{
	for (int i = 0; i < pool->spins; i++) {
		if (number_of(atomic_load_explicit(&pool->current, memory_order_relaxed)) != seen)
			return number_of(atomic_load(&pool->current));
		pause_briefly();
	}
	pthread_mutex_lock(&pool->lock);
	atomic_fetch_add(&pool->sleepers, 1);
	while (number_of(atomic_load(&pool->current)) == seen)
		pthread_cond_wait(&pool->begin, &pool->lock);
	atomic_fetch_sub(&pool->sleepers, 1);
	pthread_mutex_unlock(&pool->lock);
	return number_of(atomic_load(&pool->current));
}

static void *work(void *argument)
{
	hebb_pool *pool = argument;
	uint32_t number = 0;

	for (;;) {
		number = wait_for_task(pool, number);
		if (atomic_load(&pool->stop))
			return NULL;
		take_parts(pool, number, 0);
	}
}

/* Wakes as many sleeping threads as are useful: the caller needs one processor and one part for
 * itself. */
static void wake(hebb_pool *pool, int parts)
{
	int useful = parts < pool->cores ? parts : pool->cores;

	pthread_mutex_lock(&pool->lock);
	if (useful >= pool->threads || atomic_load(&pool->stop))
		pthread_cond_broadcast(&pool->begin);
	else
		for (int i = 1; i < useful; i++)
			pthread_cond_signal(&pool->begin);
	pthread_mutex_unlock(&pool->lock);
}

/* Publishes the next task; returns its number. */
static uint32_t announce(hebb_pool *pool, int parts)
{
	uint32_t number = number_of(atomic_load(&pool->current)) + 1;

	atomic_store(&pool->finished, 0);
	atomic_store(&pool->current, ticket_of(number, 0, parts));
	if (atomic_load(&pool->sleepers) > 0)
		wake(pool, parts);
	return number;
}

/* Waits until the parts of other threads are done. A thread with such a part may be waiting for
 * this processor. */
static void wait_for_end(hebb_pool *pool, int parts)
{
	for (int i = 0; i < pool->spins; i++) {
		if (atomic_load(&pool->finished) == parts)
			return;
		pause_briefly();
	}
	pthread_mutex_lock(&pool->lock);
	atomic_store(&pool->caller_sleeps, 1);
	while (atomic_load(&pool->finished) < parts)
		pthread_cond_wait(&pool->end, &pool->lock);
	atomic_store(&pool->caller_sleeps, 0);
	pthread_mutex_unlock(&pool->lock);
}

static void start_workers(hebb_pool *pool)
{
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->begin, NULL);
	pthread_cond_init(&pool->end, NULL);
	pool->process = getpid();
	pool->started = 1;
	while (pool->started < pool->threads &&
	       pthread_create(&pool->thread[pool->started], NULL, work, pool) == 0)
		pool->started++;
}

static void stop_workers(hebb_pool *pool)
{
	atomic_store(&pool->stop, 1);
	announce(pool, 0);
	for (int i = 1; i < pool->started; i++)
		pthread_join(pool->thread[i], NULL);
	pthread_cond_destroy(&pool->begin);
	pthread_cond_destroy(&pool->end);
	pthread_mutex_destroy(&pool->lock);
}

hebb_pool *hebb_pool_new(int threads, const hebb_allocator *allocator, hebb_error *error)
{
	hebb_pool *pool;

	if (!is_count(threads, error))
		return NULL;
	threads = threads ? threads : hb_cores();
	pool = hb_allocate(allocator, bytes_for(threads), error);
	if (!pool)
		return NULL;
	pool->allocator = hb_allocator_of(allocator);
	pool->threads = threads;
	pool->cores = hb_cores();
	pool->spins = threads > pool->cores ? FEW_SPINS : SPINS;
	return pool;
}

void hebb_pool_free(hebb_pool *pool)
{
	hebb_allocator allocator;

	if (!pool)
		return;
	allocator = pool->allocator;
	if (pool->process == getpid())
		stop_workers(pool);
	hb_release(&allocator, pool, hb_pool_bytes(pool));
}

int hebb_pool_threads(const hebb_pool *pool)
{
	return pool->threads;
}

void hebb_pool_run(hebb_pool *pool, int parts, void (*task)(void *self, int part, int parts),
		   void *self)
{
	if (parts <= 1 || pool->threads == 1 || parts > MOST_PARTS) {
		for (int part = 0; part < parts; part++)
			task(self, part, parts);
		return;
	}
	if (!pool->started)
		start_workers(pool);
	pool->task = task;
	pool->self = self;
	pool->parts = parts;
	take_parts(pool, announce(pool, parts), 1);
	wait_for_end(pool, parts);
}

#endif
