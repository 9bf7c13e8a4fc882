/* SPDX-License-Identifier: MIT */
/* threads.c - four threads share one const network, without locks or copies */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include "hebb_advanced.h"

enum { THREADS = 4, QUESTIONS = 1000, INPUTS = 16, OUTPUTS = 3 };

struct job {
	const hebb_net *net;
	const float *x;
	float h[QUESTIONS][OUTPUTS];
	hebb_error error;
};

static void *answer(void *self)
{
	struct job *job = self;

	for (int i = 0; i < QUESTIONS; i++)
		if (hebb_predict(job->net, job->x + i * INPUTS, job->h[i], &job->error))
			break;
	return NULL;
}

int main(void)
{
	static float x[QUESTIONS * INPUTS];
	static struct job job[THREADS];
	const hebb_layer layers[] = {hebb_dense(40, HEBB_GELU), hebb_dense(OUTPUTS, HEBB_SOFTMAX)};
	pthread_t thread[THREADS];
	hebb_error error;
	hebb_net *net = hebb_net_new(INPUTS, 2, layers, 1, NULL, &error);
	int same = 0, started = 0;

	if (!net) {
		fprintf(stderr, "%s\n", error.message);
		return 1;
	}
	hebb_uniform(QUESTIONS * INPUTS, x, 1, 1);
	for (; started < THREADS; started++) {
		job[started].net = net;
		job[started].x = x;
		if (pthread_create(&thread[started], NULL, answer, &job[started]))
			break;
	}
	for (int i = 0; i < started; i++) {
		pthread_join(thread[i], NULL);
		same += !job[i].error.status && !memcmp(job[i].h, job[0].h, sizeof job[0].h);
	}
	printf("%d of %d threads have the same %d answers, to the bit\n", same, THREADS, QUESTIONS);
	hebb_net_free(net);
	return same != THREADS;
}
