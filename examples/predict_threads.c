/* SPDX-License-Identifier: MIT */
/* predict_threads.c - texts, numbers and gaps to answers, in four threads with one const model */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include "hebb_study.h"
enum { THREADS = 4, HOMES = 3 };
static const char csv[] = "city,rooms,price\nOslo,1,300\nOslo,2,410\nOslo,4,640\nRome,1,180\n"
			  "Rome,2,270\nRome,5,590\nRome,,350\nOslo,3,530\nRome,3,400\n";
static const char *const names[] = {"city", "rooms"}, *const city[] = {"Rome", "Oslo", "Lima"};
static const float rooms[HOMES] = {4, NAN, 9};

struct job {
	const hebb_model *model;
	float price[HOMES];
	unsigned char outside[HOMES];
	hebb_unlike unlike[2]; /* by input column */
};

static void *answer(void *self)
{
	struct job *job = self;
	const hebb_block homes[] = {hebb_texts(1, city, names), hebb_floats(1, rooms, names + 1)};
	hebb_prediction prediction = hebb_prediction_default();

	prediction.output = job->price;
	prediction.outside = job->outside;
	prediction.unlike = job->unlike;
	hebb_model_predict(job->model, HOMES, 2, homes, &prediction, NULL);
	return NULL;
}

int main(void)
{
	hebb_error error = {.status = HEBB_OK};
	hebb_table *table = hebb_table_parse(csv, strlen(csv), "homes", HEBB_HEADER_YES, &error);
	hebb_study study = hebb_study_of(table);
	hebb_result result = {.size = sizeof result};
	static struct job job[THREADS];
	pthread_t thread[THREADS];
	int started = 0, same = 0;

	study.test.kind = study.validation.kind = HEBB_PART_NONE;
	if (!table || hebb_study_run(&study, &result, &error))
		return fprintf(stderr, "%s\n", error.message), 1;
	for (int i = 0; i < THREADS; i++)
		job[i].model = result.model;
	while (started < THREADS && !pthread_create(&thread[started], NULL, answer, &job[started]))
		started++;
	for (int i = 0; i < started && !pthread_join(thread[i], NULL); i++)
		same += !memcmp(job[i].price, job[0].price, sizeof job[0].price);
	for (int i = 0; i < HOMES; i++)
		printf("%s: %.0f%s\n", city[i], job[0].price[i], job[0].outside[i] ? ", far" : "");
	printf("%lld city is unknown, %lld size is missing; %d of %d threads answer the same\n",
	       job[0].unlike[0].unknown, job[0].unlike[1].missing, same, THREADS);
	hebb_result_free(&result), hebb_table_free(table);
	return same != THREADS;
}
