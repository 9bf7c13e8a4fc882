/* SPDX-License-Identifier: MIT */
/*
 * sweep_numbers.c - hebb_format_float() of all floats > 0 and hebb_format_double() of drawn doubles
 * against the slow way of decimals.h
 *
 * `make sweep` runs it on all cores, some hours on one.  sweep_numbers EVERY DOUBLES looks at every
 * EVERYth chunk of floats alone, and at as many doubles.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>
#include "decimals.h"
#include "hebb_io.h"

enum { MOST_THREADS = 256, CHUNK = 1 << 14, CHUNKS = 1 << 17 }; /* CHUNKS CHUNK = 2^31 */

static atomic_int next_chunk;
static atomic_llong doubles_left = 100000000;
static atomic_int wrong;
static int every = 1;

static void compare(const char *text, double value, const struct manner *how)
{
	char expected[64];

	write_slowly(value, how, expected);
	if (strcmp(text, expected) != 0 && atomic_fetch_add(&wrong, 1) < 20)
		printf("%a: %s, but it is %s\n", value, text, expected);
}

static void sweep_floats(uint32_t first)
{
	char text[32];

	for (uint32_t bits = first; bits < first + CHUNK; bits++)
		if (bits > 0 && bits < 0x7f800000)
			compare(hebb_format_float(float_of(bits), text), (double)float_of(bits),
				&float_manner);
}

static void sweep_doubles(uint64_t seed)
{
	char text[32];

	for (int i = 0; i < CHUNK; i++) {
		seed = seed * 6364136223846793005U + 1442695040888963407U;
		uint64_t bits = (seed ^ seed >> 29) >> 1;

		if (bits > 0 && bits < (uint64_t)0x7ff << 52)
			compare(hebb_format_double(double_of(bits), text), double_of(bits),
				&double_manner);
	}
}

static void *sweep(void *argument)
{
	(void)argument;
	for (int chunk; (chunk = atomic_fetch_add(&next_chunk, every)) < CHUNKS;)
		sweep_floats((uint32_t)chunk * CHUNK);
	for (long long left; (left = atomic_fetch_sub(&doubles_left, CHUNK)) > 0;)
		sweep_doubles((uint64_t)left * 0x9e3779b97f4a7c15U);
	return NULL;
}

int main(int argc, char **argv)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	pthread_t thread[MOST_THREADS];
	int count = cores < 1 ? 1 : cores > MOST_THREADS ? MOST_THREADS : (int)cores, started = 0;

	if (argc > 1)
		every = atoi(argv[1]);
	if (argc > 2)
		doubles_left = atoll(argv[2]);
	every = every > 0 ? every : 1;
	while (started < count && pthread_create(&thread[started], NULL, sweep, NULL) == 0)
		started++;
	if (started == 0)
		sweep(NULL);
	while (started > 0)
		pthread_join(thread[--started], NULL);
	printf("%d numbers are written otherwise\n", wrong);
	return wrong > 0;
}
