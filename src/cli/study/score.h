/* SPDX-License-Identifier: MIT */
/*
 * score.h - how good a network is on rows whose targets are known
 */
#ifndef HEBB_CLI_SCORE_H
#define HEBB_CLI_SCORE_H

#include <jansson.h>
#include <stdio.h>

#include "hebb.h"
#include "hebb_io.h"
#include "metrics.h"
#include "unanswered.h"

/* Of one numeric target, in its own units. */
typedef struct target_score {
	double rmse, mae, r2; /* r2 is NaN if the target never changes */
} target_score;

typedef struct score {
	hebb_task task;
	long long rows;
	double loss; /* mean J, the loss that was trained, of the rows with an answer */
	/* Rows without a finite answer: of classes they are wrong, and known as no class; means of
	 * losses, of probabilities and of numbers are of the other rows, NaN if there are none. */
	unanswered without;
	/* Classes. */
	int classes;
	long long right;
	double accuracy, accuracy_low, accuracy_high; /* and its 95 % interval */
	long long *confusion; /* [true][predicted]; NULL beyond CONFUSION_MOST classes */
	metrics detail;       /* with `each`, which is NULL without detail */
	class_metrics *each;
	/* Numbers: the means over the targets, rmse of the mean of the squares. */
	int targets;
	target_score mean, *target;
} score;

enum { CONFUSION_MOST = 1000 };

/* Runs the network over the dataset; with `detail`, which keeps all outputs and sorts them, of
 * classes the metrics too.  The score is to be released with score_free(), and holds nothing on
 * failure. */
hebb_status score_dataset(const hebb_net *net, const hebb_coding *coding, hebb_loss loss,
			  const hebb_dataset *data, int detail, score *result, hebb_error *error);
void score_free(score *done);

/* Adds accuracy, loss and the metrics, or rmse, mae, r2 and loss, to an object. */
void score_json(const score *from, const hebb_coding *coding, json_t *object);

/* The metrics of each class of a detailed score as a list; and the confusion matrix, null if there
 * is none. */
json_t *classes_json(const score *from, const hebb_coding *coding);
json_t *confusion_json(const score *from);

/* "accuracy 97.64 % (702 of 719 right), loss 0.0912"; at least 160 bytes. */
char *score_text(const score *from, char *text, size_t size);

/* The metrics, and the confusion matrix with those of each class, or the most confused pairs if it
 * would be wider than a page; for several numbers a table; after an empty line, if there is
 * anything to print. */
void print_score(FILE *stream, const score *from, const hebb_coding *coding);

#endif
