/* SPDX-License-Identifier: MIT */
/*
 * choice.c - what --effort tried, for people and as JSON
 */
#include "choice.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "draw/json.h"
#include "draw/progress.h"
#include "draw/terminal.h"
#include "file/signals.h"

enum { LINES = 4 }; /* about so many where there is no live line */

/* The time left is that of trainings as long as those that are done. */
static void show_live(const hebb_choice *choice, double seconds)
{
	int left = choice->trainings - choice->done;
	char time[32];

	fprintf(stderr, "\rtrying recipes: training %d of %d", choice->done, choice->trainings);
	if (choice->done > 0 && left > 0 && seconds > 0)
		fprintf(stderr, "  %s left",
			time_text(seconds / choice->done * left, time, sizeof time));
	fputs(" \033[K", stderr);
}

int choice_show(void *self, const hebb_choice *choice)
{
	choice_shown *shown = self;
	int due = 1 + LINES * choice->done / choice->trainings;
	double seconds = seconds_now();

	if (shown->lines == 0)
		shown->began = seconds;
	if (!is_quiet() && is_live(stderr))
		show_live(choice, seconds - shown->began);
	else if (shown->lines < due)
		inform("trying recipes: training %d of %d", choice->done, choice->trainings);
	shown->lines = due;
	return stop_asked();
}

static const char *metric_of(const hebb_choice *choice)
{
	return strcmp(choice->metric, "log_loss") == 0  ? "log loss"
	       : strcmp(choice->metric, "squares") == 0 ? "mean squared distance"
							: choice->metric;
}

/* The recipes, the one that was taken first, then by trainings and score. */
static void sort_tried(const hebb_choice *choice, int *which)
{
	for (int i = 0; i < choice->count; i++) {
		const hebb_tried *one = &choice->tried[i];
		int k = i;

		for (; k > 0; k--) {
			const hebb_tried *other = &choice->tried[which[k - 1]];
			int is_before = i == choice->best ||
					(which[k - 1] != choice->best &&
					 (one->trainings > other->trainings ||
					  (one->trainings == other->trainings &&
					   (one->score < other->score || isnan(other->score)))));

			if (!is_before)
				break;
			which[k] = which[k - 1];
		}
		which[k] = i;
	}
}

/* Whether networks of recipe i become the model. */
static int is_taken(const hebb_choice *choice, int i)
{
	for (int k = 0; k < choice->members; k++)
		if (choice->member[k] == i)
			return 1;
	return 0;
}

static int recipes_of(const hebb_choice *choice)
{
	int recipes = 0;

	for (int i = 0; i < choice->count; i++)
		recipes += is_taken(choice, i);
	return recipes;
}

static double seconds_of(const hebb_choice *choice)
{
	double seconds = 0;

	for (int i = 0; i < choice->count; i++)
		seconds += choice->tried[i].seconds;
	return seconds;
}

void choice_forget(void)
{
	if (!is_quiet() && is_live(stderr))
		fputs("\r\033[K", stderr);
}

void choice_print(const hebb_study *study, const hebb_choice *choice)
{
	int which[HEBB_TRIED_MOST];

	if (choice->count == 0 || is_quiet())
		return;
	choice_forget();
	sort_tried(choice, which);
	if (study->effort <= HEBB_EFFORT_QUICK)
		note("with the defaults the network learns little of these few rows, which may "
		     "also be learned by heart");
	inform("tried %s in %s, %s s: %s on %s not trained on",
	       hebb_show_count(choice->count, "recipe").text,
	       hebb_show_count(choice->done, "training").text,
	       hebb_show_number(seconds_of(choice), 2).text, metric_of(choice),
	       hebb_show_count(choice->rows, "row").text);
	for (int i = 0; i < choice->count; i++) {
		const hebb_tried *one = &choice->tried[which[i]];
		const char *score = one->trainings == 0    ? "not tried"
				    : isfinite(one->score) ? hebb_show_number(one->score, 4).text
							   : "diverged";

		inform("  %-10s %s%s%s", score, one->recipe,
		       one->trainings > 1 ? ", judged again" : "",
		       is_taken(choice, which[i]) ? "  <- taken" : "");
	}
	if (recipes_of(choice) > 1)
		inform("  the mean of the networks of those taken is better than each alone");
	if (choice->over)
		note("not all recipes were tried; the best so far is trained");
}

void choice_count(choices *all, const hebb_choice *choice)
{
	const char *taken = choice->count > 0 ? choice->tried[choice->best].recipe : NULL;
	int i = 0;

	if (!taken)
		return;
	while (i < all->recipes && strcmp(all->recipe[i], taken) != 0)
		i++;
	if (i == HEBB_TRIED_MOST)
		return;
	if (i == all->recipes)
		all->recipe[all->recipes++] = taken;
	all->taken[i]++;
	all->folds++;
	all->trainings += choice->done;
	all->seconds += seconds_of(choice);
}

/* The recipe that most folds took among those that are left; -1: none is. */
static int next_taken(const choices *all, const int *is_told)
{
	int most = -1;

	for (int i = 0; i < all->recipes; i++)
		if (!is_told[i] && (most < 0 || all->taken[i] > all->taken[most]))
			most = i;
	return most;
}

void choice_print_folds(const choices *all)
{
	int is_told[HEBB_TRIED_MOST] = {0};

	if (all->folds == 0 || is_quiet())
		return;
	inform("recipes taken in %s, each by rows of its own that were not trained on; %s, %s s:",
	       hebb_show_count(all->folds, "fold").text,
	       hebb_show_count(all->trainings, "training").text,
	       hebb_show_number(all->seconds, 2).text);
	for (int i = next_taken(all, is_told); i >= 0; i = next_taken(all, is_told)) {
		inform("  %-10d %s", all->taken[i], all->recipe[i]);
		is_told[i] = 1;
	}
}

static json_t *one_json(const hebb_tried *tried)
{
	json_t *object = json_object();

	json_object_set_new(object, "recipe", json_string(tried->recipe));
	json_object_set_new(object, "trainings", json_integer(tried->trainings));
	json_object_set_new(object, "score", number_json(tried->score));
	json_object_set_new(object, "seconds", number_json(tried->seconds));
	return object;
}

/* The recipe of each network of the model. */
static json_t *members_json(const hebb_choice *choice)
{
	json_t *list = json_array();

	for (int k = 0; k < choice->members; k++)
		json_array_append_new(list, json_string(choice->tried[choice->member[k]].recipe));
	return list;
}

json_t *choice_json(const hebb_choice *choice)
{
	json_t *object, *list;

	if (choice->count == 0)
		return json_null();
	object = json_object();
	list = json_array();
	for (int i = 0; i < choice->count; i++)
		json_array_append_new(list, one_json(&choice->tried[i]));
	json_object_set_new(object, "recipe", json_string(choice->tried[choice->best].recipe));
	json_object_set_new(object, "members", members_json(choice));
	json_object_set_new(object, "metric", json_string(choice->metric));
	json_object_set_new(object, "rows", json_integer(choice->rows));
	json_object_set_new(object, "tried", list);
	return object;
}
