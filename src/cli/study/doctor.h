/* SPDX-License-Identifier: MIT */
/*
 * doctor.h - why a network does not learn, or learns the wrong thing
 *
 * Each function looks at one side and adds what it finds.  None of them changes what it looks at,
 * and none can fail: without memory, or where the library has no answer, it stays silent.
 */
#ifndef HEBB_CLI_DOCTOR_H
#define HEBB_CLI_DOCTOR_H

#include "findings.h"
#include "job.h"
#include "record.h"

/* The columns of a table.  `coding` says what they are for; NULL if it is that of another table.
 * thorough: what is only information too. */
void doctor_table(const hebb_table *table, const hebb_coding *coding, hebb_missing missing,
		  int thorough, findings *to);

/* The rows: repeated ones, classes, sizes.  thorough: of large data, too. */
void doctor_rows(const job *from, const trial *run, int thorough, findings *to);

/* Options that do not go together, or with the amount of data. */
void doctor_options(const job *from, const trial *run, findings *to);

/* How many updates a whole run makes on so many rows. */
long long updates_of(const options *o, long long rows);

/* The units of hidden layers on some rows of the data: dead or saturated.  `when` ends the
 * sentence.  fresh: the network is untrained, so that its rate is not to blame. */
void doctor_units(const hebb_net *net, hebb_loss loss, const hebb_dataset *data, const char *when,
		  int fresh, findings *to);

/* A short training on a copy of the network, and the gradients it starts from. */
typedef struct rehearsal {
	int updates, rows;           /* made, of so many rows; 0: none was made */
	double before, first, after; /* the cost on rows of the training part */
} rehearsal;

rehearsal doctor_rehearse(const job *from, const trial *run, findings *to);

/* Simple predictors, fitted on rows of `train` and measured on rows of `test`, the network beside
 * them (NULL: it is not trained yet, and nothing is found).  Accuracy, or the mean squared error
 * over that of the mean. */
typedef struct baselines {
	long long train_rows, test_rows; /* 0: none were computed */
	double nothing, linear, neighbor, net;
} baselines;

baselines doctor_baselines(hebb_task task, const hebb_net *net, const hebb_dataset *train,
			   const hebb_dataset *test, findings *to);

/* What scores tell: whether the network is of any use on rows that were not trained on, `name`
 * them; and whether it knows its training rows much better. */
void doctor_score(const score *held_out, const char *name, findings *to);
void doctor_fit(const score *train, const score *held_out, findings *to);

/* A trained network on the rows of a table, coded as its own. */
void doctor_model(const hebb_model *model, const hebb_table *table, const hebb_dataset *data,
		  baselines *beside, findings *to);

/* Before and after the training of `hebb train`; what they find is run->found, and told. */
void doctor_before(const job *from, const trial *run);
void doctor_after(const job *from, const trial *run, const outcome *result);

#endif
