/* SPDX-License-Identifier: MIT */
/*
 * doctor.h - what the files of the doctor share: why a network does not learn, or learns wrong
 * things
 *
 * A check does not change its arguments and cannot fail: if it is out of memory, or the library
 * fails, it finds nothing.
 */
#ifndef HEBB_STUDY_DOCTOR_H
#define HEBB_STUDY_DOCTOR_H

#include <string.h>

#include "hebb_advanced.h"
#include "study.h"

/* hb_found() adds a finding with a sentence, as by printf(). hb_advise() adds to the last finding
 * what to try. */
void hb_found(hebb_findings *findings, const char *code, hebb_severity severity, const char *format,
	      ...) HEBB_PRINTF(4, 5);
void hb_advise(hebb_findings *findings, const char *format, ...) HEBB_PRINTF(2, 3);

/* A thing to try, such as "--dropout 0.3"; open: it is not in use already. hb_advise_ways() advises
 * those that are open; at least one is. */
typedef struct hb_way {
	int open;
	const char *text;
} hb_way;
void hb_advise_ways(hebb_findings *findings, const hb_way *way, int count);

/* How to leave out a column: "--ignore wage", or "--ignore 3" if the name would not be taken for
 * one; "--inputs without wage" if that list (NULL: there is none) names it. */
enum { HB_IGNORE_MOST = 96 };
const char *hb_ignore_text(const hebb_table *table, const char *inputs, int column,
			   char text[HB_IGNORE_MOST]);

/* Inputs that name the rows: numbers of rows, codes, texts that are too many; equal names of
 * columns. */
void hb_check_identity(const hebb_table *table, const hebb_coding *coding, const char *inputs,
		       const hebb_column_facts *facts, hebb_findings *findings);

/* The number of updates of a whole run on this number of rows. */
long long hb_updates_of(const hebb_study *o, long long rows);

/* Checks hidden layers for dead or saturated units, on some rows of the data. `moment` ends the
 * sentence. fresh: the network is untrained, so the rate is not the cause. */
void hb_check_units(const hebb_net *net, hebb_loss loss, const hebb_dataset *data,
		    const char *moment, int fresh, hebb_findings *findings);

/* Checks for a layer norm of one unit, whose output is always the shift. */
void hb_check_norms(const hebb_net *net, hebb_findings *findings);

/* The activation of a simple network for a task. */
hebb_activation hb_plain_output(hebb_task task);

/* hb_linear_fit() fits a logistic or linear regression: a network without hidden layers, by lbfgs,
 * with a limit of seconds (0: no limit) and threads. NULL: out of memory, or it diverged.
 * hb_linear_operations() is the number of multiplications and additions of a fit. */
hebb_net *hb_linear_fit(hebb_task task, const hebb_source *source, int inputs, int outputs,
			double seconds, int threads);
double hb_linear_operations(long long rows, int inputs, int outputs);

/* Checks whether the network is better than a guess on rows that it was not trained on; `name` is
 * the name of these rows. */
void hb_check_score(const hebb_study *o, const hebb_score *held_out, const char *name,
		    hebb_findings *findings);

/* Checks whether scores are much better on the training rows. */
void hb_check_fit(const hebb_study *o, const hebb_score *train, const hebb_score *held_out,
		  hebb_findings *findings);

#endif
