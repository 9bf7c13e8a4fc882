/* SPDX-License-Identifier: MIT */
/*
 * sweep_functions.c - the errors of exp, Phi, the activations and of f' over all 2^32 floats
 *
 * `make sweep` runs it: on all cores, some minutes.  Prints the worst error of each and where it
 * is, and whether the other sets of kernels of its family have the bits of the best; fails if an
 * error is above its bound.  What is measured and how: functions.h.  sweep_functions EVERY looks at
 * every EVERYth chunk of floats alone.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "functions.h"

enum { MOST_THREADS = 256, CHUNKS = 1 << 18 }; /* CHUNKS CHUNK = 2^32 */

static atomic_int next_chunk;
static int every = 1;

static void *sweep(void *argument)
{
	struct findings *found = argument;
	float z[CHUNK];

	for (int chunk; (chunk = atomic_fetch_add(&next_chunk, every)) < CHUNKS;) {
		for (uint32_t i = 0; i < CHUNK; i++)
			z[i] = float_of((uint32_t)chunk * CHUNK + i);
		measure_chunk(z, found);
	}
	return NULL;
}

static void merge(struct family *all, const struct family *some)
{
	for (int i = 0; i < MEASURES; i++)
		note(&all->worst[i], some->worst[i].error, some->worst[i].at);
	for (int i = 0; i < MOST_SETS; i++) {
		if (some->different[i] && !all->different[i])
			all->different_at[i] = some->different_at[i];
		all->different[i] += some->different[i];
	}
}

/* Returns 1 if all is within its bound. */
static int print(int fused, const struct family *found)
{
	const struct hb_kernels *sets[MOST_SETS];
	int n = sets_alike(fused, sets), good = 1;

	printf("%-12s %-24s %-12s %-16s %s\n", "kernels", "function", "worst", "at", "bound");
	for (int i = 0; i < MEASURES; i++) {
		const struct worst *w = &found->worst[i];
		int within = w->error < measures[i].bound;

		printf("%-12s %-24s %-12.4g %-16.9g %g%s\n", sets[0]->name, measures[i].name,
		       w->error, (double)w->at, measures[i].bound, within ? "" : "  EXCEEDED");
		good &= within;
	}
	for (int i = 1; i < n; i++)
		if (found->different[i])
			printf("%-12s %lld results with other bits, the first at %.9g\n",
			       sets[i]->name, found->different[i], (double)found->different_at[i]);
		else
			printf("%-12s the same bits\n", sets[i]->name);
	for (int i = 1; i < n; i++)
		good &= found->different[i] == 0;
	return good;
}

int main(int argc, char **argv)
{
	static struct findings found[MOST_THREADS];
	pthread_t thread[MOST_THREADS];
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	int threads = cores < 1 ? 1 : cores > MOST_THREADS ? MOST_THREADS : (int)cores, good;

	if (argc > 1 && (every = atoi(argv[1])) < 1) {
		fprintf(stderr, "usage: sweep_functions [EVERY]\n");
		return 2;
	}
	for (int i = 1; i < threads; i++)
		if (pthread_create(&thread[i], NULL, sweep, &found[i])) {
			perror("sweep_functions");
			return 2;
		}
	sweep(&found[0]);
	for (int i = 1; i < threads; i++) {
		pthread_join(thread[i], NULL);
		for (int fused = 0; fused <= 1; fused++)
			merge(&found[0].of[fused], &found[i].of[fused]);
	}
	good = print(1, &found[0].of[1]) & print(0, &found[0].of[0]);
	if (every > 1)
		printf("only every %dth chunk of floats was looked at\n", every);
	return !good;
}
