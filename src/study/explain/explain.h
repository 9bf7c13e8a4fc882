/* SPDX-License-Identifier: MIT */
/*
 * explain.h - what the files of src/study/explain/ share
 *
 * An explanation predicts many rows that differ from rows of the data in the inputs of some
 * columns. It is a list of items: each is a task that writes to a slot of its own, and slots are
 * added up in the order of the items, so that the bits do not depend on the threads.
 */
#ifndef HEBB_STUDY_EXPLAIN_H
#define HEBB_STUDY_EXPLAIN_H

#include <stdatomic.h>

#include "../study.h"

/* Random numbers of an explanation: index i of a use. */
enum hb_use { HB_USE_ROWS = 1, HB_USE_BACKGROUND, HB_USE_PERMUTATION, HB_USE_ORDER };
#define HB_STREAM_EXPLAIN(use, i) ((uint64_t)1 << 62 | (uint64_t)(use) << 48 | (uint64_t)(i))

/* What a thread needs to predict. */
struct hb_runner {
	atomic_flag is_taken;
	hebb_work *work;
	float *x;    /* the inputs of job->slice rows */
	void *extra; /* job->extra bytes for the task */
};

struct hb_explaining {
	const hebb_model *model;
	const hebb_coding *coding;
	hebb_explain o;     /* the caller's, as this version knows it */
	int width, outputs; /* of the network */
	int columns;        /* input columns of the coding */
	int *first;         /* columns + 1: inputs first[c] to first[c + 1] - 1 are of column c */
	int *indicator;     /* by column: the input that says whether it is missing; -1: none */
	hebb_activation ending; /* of the last layer */
	hebb_pool *pool;
	int runners, slice; /* slice: rows that a runner predicts at once */
	struct hb_runner *runner;
};

/* Checks the model and the options, and finds the inputs of each column. */
hebb_status hb_explain_open(const hebb_model *model, const hebb_explain *given,
			    struct hb_explaining *job, hebb_error *error);
/* Makes the runners: `slice` rows at once at most, `extra` bytes for a task, and with `back` works
 * of hebb_work_new_backward(). */
hebb_status hb_explain_start(struct hb_explaining *job, int slice, size_t extra, int back,
			     hebb_error *error);
void hb_explain_close(struct hb_explaining *job);

/* ---- rows.c ---- */

/* At most `most` of n rows (row: their indices, NULL: 0 to n - 1), coded, with or without targets.
 * `what` is what they are for. */
hebb_dataset *hb_explain_rows(const struct hb_explaining *job, const hebb_table *table, long long n,
			      const long long *row, long long most, enum hb_use use,
			      int with_targets, hebb_error *error);
/* The rows that are explained singly; fails if one of them cannot be coded. */
hebb_dataset *hb_explain_singly(const struct hb_explaining *job, const hebb_table *table, int count,
				const long long *row, hebb_error *error);
/* How many rows a call takes if nobody says: fewer, if each costs many predictions. */
long long hb_explain_usual_rows(const struct hb_explaining *job, double predictions);

/* ---- columns.c: a column as inputs of the network ---- */

/* Copies the inputs of a column from one coded row to another. */
void hb_copy_column(const struct hb_explaining *job, int column, const float *from, float *to);
int hb_is_same_column(const struct hb_explaining *job, int column, const float *a, const float *b);
/* The column of the table that an input column of the coding is; -1: none. */
int hb_table_column(const hebb_coding *coding, const hebb_table *table, int column);
/* Codes rows whose column has these values, the others any: x is count x width. Of a column of
 * texts a value is the index of a level.  column -1: all numbers are 0. */
hebb_status hb_code_values(const struct hb_explaining *job, int column, int count,
			   const double *value, float *x, hebb_error *error);

/* ---- items ---- */

struct hb_items {
	long long count;
	int slots; /* items at the same time, at most */
	void (*task)(void *self, struct hb_runner *runner, long long item, int slot);
	void (*merge)(void *self, long long first, int count); /* NULL: nothing is added up */
	void *self;
	double begun, share; /* which part of the call they are, for progress */
};

/* Slots that keep all threads busy. */
int hb_explain_slots(const struct hb_explaining *job);
hebb_status hb_explain_items(struct hb_explaining *job, const struct hb_items *items,
			     hebb_error *error);

/* ---- outputs ---- */

/* The outputs to explain, ascending and each once, *count of them, to be freed.  Of none given
 * those of `usual`, or all if it is NULL.  NULL: no memory. */
int *hb_explain_outputs(const struct hb_explaining *job, int usual_count, const int *usual,
			int *count, hebb_error *error);
/* Whether the outputs are probabilities of classes or labels. */
int hb_are_probabilities(const struct hb_explaining *job);
/* The probability of class k, h a row of outputs of classes. */
double hb_probability_of(const struct hb_explaining *job, const float *h, int k);

#endif
