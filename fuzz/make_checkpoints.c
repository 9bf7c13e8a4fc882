/* SPDX-License-Identifier: MIT */
/*
 * make_checkpoints.c - writes the seeds of fuzz_checkpoint
 *
 *     cc -Iinclude fuzz/make_checkpoints.c build/libhebb_io.a build/libhebb.a -lz -ljansson \
 *         -lm -lpthread -o build/make_checkpoints
 *     build/make_checkpoints fuzz/corpus/checkpoint
 *
 * Of each training one before its first update, one after an epoch and one within an epoch; and one
 * with counters as large as they go.
 */
#include <math.h>
#include <stdio.h>

#include "checkpoint_ways.h"
#include "hebb_advanced.h"

static int stop(void *self, const hebb_progress *now)
{
	(void)self;
	return now->epoch_ended;
}

static void put(way w, const char *folder, const char *name, const char *kind)
{
	hebb_error error;
	char path[300];

	snprintf(path, sizeof path, "%s/%s-%s", folder, name, kind);
	if (hebb_checkpoint_write(w.trainer, "{}", path, &error)) {
		fprintf(stderr, "%s\n", error.message);
		exit(1);
	}
}

static double *find(hebb_counter *list, int count, const char *name)
{
	for (int i = 0; i < count; i++)
		if (strcmp(list[i].name, name) == 0)
			return &list[i].value;
	abort();
}

/* As if a batch of two rows more had been seen. */
static void go_on(way w, hebb_counter *list, int count)
{
	*find(list, count, "run.next") = 2;
	*find(list, count, "run.rows") += 2;
	*find(list, count, "run.sum") = 1;
	*find(list, count, "run.weights") = 2;
	if (hebb_trainer_recipe(w.trainer)->accumulate > 1) {
		*find(list, count, "run.collected") = 1;
		*find(list, count, "run.collected_weight") = *find(list, count, "run.ahead") = 2;
	} else {
		*find(list, count, "run.update") += 1;
		*find(list, count, "updates") += 1;
	}
}

int main(int argc, char **argv)
{
	hebb_recipe recipe = hebb_recipe_default();
	hebb_error error;

	if (argc != 2)
		return 2;
	recipe.progress = stop;
	for (int i = 0; i < WAYS; i++) {
		way w = way_begin(i, &recipe);
		hebb_counter list[64] = {hebb_counter_default()};

		put(w, argv[1], way_name[i], "fresh");
		if (way_train(w, &error) != HEBB_STOPPED)
			return 1;
		put(w, argv[1], way_name[i], "epoch");
		int count = hebb_trainer_counters(w.trainer, list);
		if (hebb_trainer_recipe(w.trainer)->batch > 0) {
			go_on(w, list, count);
			if (hebb_trainer_set_counters(w.trainer, count, list, &error)) {
				fprintf(stderr, "%s\n", error.message);
				return 1;
			}
			put(w, argv[1], way_name[i], "within");
		}
		*find(list, count, "epochs") = *find(list, count, "best_epoch") = 2147483647;
		*find(list, count, "plateau.waited") = i == 5 ? 0 : 2147483647;
		*find(list, count, "updates") = 9007199254740991;
		if (hebb_trainer_set_counters(w.trainer, count, list, &error)) {
			fprintf(stderr, "%s: %s\n", way_name[i], error.message);
			return 1;
		}
		put(w, argv[1], way_name[i], "largest");
		way_end(w);
	}
	return 0;
}
