/* SPDX-License-Identifier: MIT */
/*
 * search_rank.c - which trials of a search are better than others
 */
#include "search.h"

#include <stdlib.h>

#include "draw/spread.h"

/* A row as qsort() can compare it. */
typedef struct rank {
	int row, rung, trial;
	double key; /* less is better */
} rank;

static int by_rank(const void *a, const void *b)
{
	const rank *x = a, *y = b;

	if (x->rung != y->rung)
		return x->rung > y->rung ? -1 : 1;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->trial > y->trial) - (x->trial < y->trial);
}

static rank rank_of(const search *s, const trial_row *row, int index)
{
	int less = is_less_better((metric)s->given->metric);

	return (rank){index, row->rung, row->trial, less ? row->score : -row->score};
}

int is_better(const search *s, const trial_row *a, const trial_row *b)
{
	rank x = rank_of(s, a, 0), y = rank_of(s, b, 0);

	if (a->diverged || b->diverged)
		return b->diverged && !a->diverged;
	return by_rank(&x, &y) < 0;
}

int *ranked_rows(const search *s, int on, int *count)
{
	rank *list = malloc(sizeof *list * (size_t)(s->rows + 1));
	int *order = malloc(sizeof *order * (size_t)(s->rows + 1));

	*count = 0;
	for (int i = 0; i < s->rows && list && order; i++) {
		const trial_row *row = &s->row[i];
		if (!row->diverged && (on < 0 || row->rung == on))
			list[(*count)++] = rank_of(s, row, i);
	}
	if (list && order)
		qsort(list, (size_t)*count, sizeof *list, by_rank);
	for (int i = 0; i < *count; i++)
		order[i] = list[i].row;
	if (!list) {
		free(order);
		order = NULL;
	}
	free(list);
	return order;
}
